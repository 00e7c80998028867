/* SPDX-License-Identifier: MIT */
#include "walk/indirect1.h"

/* For the unprivileged side; codes that are reserved no legal CD has.  5.4 PIIU, PIIP */
static unsigned code_grants(uint64_t codes, unsigned index)
{
	static const uint8_t grants[8] = {
		[1] = SMMU3_PERM_UR,
		[2] = SMMU3_PERM_UX,
		[3] = SMMU3_PERM_UR | SMMU3_PERM_UX,
		[5] = SMMU3_PERM_UR | SMMU3_PERM_UW,
		[7] = PERM_UNPRIVILEGED,
	};

	return grants[bits(codes, 3 * index + 2, 3 * index)];
}

/* Without PAN.  With one privilege level both sides get what that level has. */
static unsigned base_grants(const struct s1_codes *codes, unsigned index, bool two)
{
	const unsigned privileged = code_grants(codes->privileged, index);

	return privileged << 3 | (two ? code_grants(codes->unprivileged, index) : privileged);
}

unsigned s1_codes_grant(const struct s1_codes *codes, unsigned index,
			const struct perm_s1_config *config)
{
	const unsigned perm = base_grants(codes, index, config->two_privileges);
	const bool never = config->two_privileges && config->pan && perm & PERM_UNPRIVILEGED;

	return never ? perm & ~(unsigned)(SMMU3_PERM_PR | SMMU3_PERM_PW) : perm;
}

bool s1_pan_denies(const struct s1_codes *codes, unsigned index,
		   const struct perm_s1_config *config, unsigned needed)
{
	const unsigned missing = needed & ~s1_codes_grant(codes, index, config);

	return missing && !(needed & ~base_grants(codes, index, config->two_privileges));
}
