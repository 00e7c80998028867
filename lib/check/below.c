/* SPDX-License-Identifier: MIT */
#include "check/below.h"

#include "base/bits.h"

#define REASON(reason) (1u << SMMU3_REASON_##reason)

/* By reason: what is found through such a structure, and of that what is found through it alone. */
static const struct {
	uint32_t below, alone;
} leads_to[] = {
	[SMMU3_REASON_L1STD] = { REASON(STE) | REASON(L1CD) | REASON(CD) | REASON(S1_TTD) |
					 REASON(S2_TTD),
				 REASON(STE) },
	[SMMU3_REASON_STE] = { REASON(L1CD) | REASON(CD) | REASON(S1_TTD) | REASON(S2_TTD), 0 },
	[SMMU3_REASON_L1CD] = { REASON(CD) | REASON(S1_TTD), REASON(CD) },
	[SMMU3_REASON_CD] = { REASON(S1_TTD), 0 },
};

unsigned ttd_maps_lg2(unsigned granule_lg2, unsigned words, int level)
{
	enum { LAST = 3 };
	/* log2 of the descriptors in a table, of 8 or of 16 bytes */
	const unsigned stride = granule_lg2 - (words == 2 ? 4u : 3u);

	return granule_lg2 + (unsigned)(LAST - level) * stride;
}

/* Those of the DPT and the GPT, of which level 0 alone leads on, map 1GB at least. */
static unsigned maps_lg2(const struct version *version)
{
	enum { REGION = 30 };

	if (version->reason == SMMU3_REASON_DPT || version->reason == SMMU3_REASON_GPT)
		return REGION;
	return ttd_maps_lg2(version->granule_lg2, version->words, version->level);
}

/* Of one tree, and a lower level. */
static bool is_lower(const struct version *above, const struct version *version)
{
	const uint64_t other = (above->input ^ version->input) & low_bits(56);
	const unsigned lg2 = maps_lg2(above);

	return version->level > above->level && (lg2 > 63 || !(other >> lg2));
}

enum below version_below(const struct version *above, const struct version *version)
{
	const uint32_t reason = UINT32_C(1) << version->reason;

	if (above->reason < sizeof(leads_to) / sizeof(*leads_to) && leads_to[above->reason].below)
		return leads_to[above->reason].alone & reason ? BELOW_ALONE :
		       leads_to[above->reason].below & reason ? BELOW :
								NOT_BELOW;
	return above->reason == version->reason && is_lower(above, version) ? BELOW_ALONE :
									      NOT_BELOW;
}
