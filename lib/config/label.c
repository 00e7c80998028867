/* SPDX-License-Identifier: MIT */
#include "config/label.h"

/* Of a Non-secure stream the own space is the Non-secure one. */
static bool leaves_own_space(const struct features *features, bool mpam_ns)
{
	return mpam_ns && features->mpam_ns;
}

static unsigned partid_max(const struct features *features, bool mpam_ns)
{
	return leaves_own_space(features, mpam_ns) ? features->ns_labels.partid_max :
						     features->own_labels.partid_max;
}

static unsigned pmg_max(const struct features *features, bool mpam_ns)
{
	return leaves_own_space(features, mpam_ns) ? features->ns_labels.pmg_max :
						     features->own_labels.pmg_max;
}

struct smmu3_mpam label_effective(const struct features *features, struct label label)
{
	const bool ns = label.mpam_ns;

	if (!features->mpam)
		return (struct smmu3_mpam){ .space = SMMU3_PAS_NS };
	return (struct smmu3_mpam){
		.partid = label.partid > partid_max(features, ns) ? 0 : (uint16_t)label.partid,
		.pmg = label.pmg > pmg_max(features, ns) ? 0 : (uint8_t)label.pmg,
		.space = leaves_own_space(features, ns) ? SMMU3_PAS_NS : features->sec_sid,
	};
}

bool vms_supported(const struct features *features)
{
	return features->mpam && features->s1p && features->s2p &&
	       (partid_max(features, false) || partid_max(features, true));
}

bool vms_enabled(const struct features *features, const struct ste *ste)
{
	return vms_supported(features) && ste_get(ste, STE_CONFIG) == STE_CONFIG_NESTED &&
	       ste_get(ste, STE_S1MPAM) && partid_max(features, ste_get(ste, STE_MPAM_NS));
}
