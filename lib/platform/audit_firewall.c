/* SPDX-License-Identifier: MIT */
/* What a firewall leaves of what masters reach. */
#include "platform/audit.h"

enum {
	READS = SMMU3_PERM_UR | SMMU3_PERM_UX | SMMU3_PERM_PR | SMMU3_PERM_PX,
	WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW,
};

static uint8_t denied(const struct firewall *firewall, const struct firewall_access *access,
		      unsigned perm)
{
	const unsigned granted = firewall_grants(firewall, access);

	return (uint8_t)(perm & ((granted & FIREWALL_READ ? 0u : READS) |
				 (granted & FIREWALL_WRITE ? 0u : WRITES)));
}

struct smmu3_audit_range audit_guard(const struct firewall *firewall,
				     const struct firewall_who *who,
				     const struct smmu3_reach *reach)
{
	struct smmu3_audit_range range = { .reach = *reach };
	struct firewall_access access = {
		.pa = reach->pa, .bytes = 1, .pas = reach->pas, .who = *who
	};

	if (!firewall)
		return range;
	const uint64_t next = firewall_next(firewall, reach->pas, reach->pa);

	if (next - reach->pa < reach->size)
		range.reach.size = next - reach->pa;
	range.denied = denied(firewall, &access, reach->perm);
	range.reach.perm = (uint8_t)(reach->perm & ~range.denied);
	access.wants = (range.denied & READS ? FIREWALL_READ : 0u) |
		       (range.denied & WRITES ? FIREWALL_WRITE : 0u);
	if (range.denied)
		range.region = firewall_judge(firewall, &access).region;
	return range;
}
