/* SPDX-License-Identifier: MIT */
/*
 * Indirect permissions of stage 1: what codes of CD.PIIP and CD.PIIU grant.  Pure, and of no
 * format: where the index stands in a descriptor is for the caller.  3.26.1, 5.4
 */
#ifndef SMMU_WALK_INDIRECT1_H
#define SMMU_WALK_INDIRECT1_H

#include "arch/ttd.h"
#include "walk/permission.h"

/* Code i at bits 3i + 2 to 3i. */
struct s1_codes {
	uint64_t privileged;   /* CD.PIIP */
	uint64_t unprivileged; /* CD.PIIU, which means nothing where there is one privilege */
};

/* What codes grant both sides, PAN included: it takes data access from the privileged side where
 * the other has any, whatever EPAN says.  WXN and hierarchical permissions have no effect. */
unsigned s1_codes_grant(const struct s1_codes *codes, unsigned index,
			const struct perm_s1_config *config);

/* Is it PAN, and not the codes, that keeps an access from what it needs? */
COLD bool s1_pan_denies(const struct s1_codes *codes, unsigned index,
			const struct perm_s1_config *config, unsigned needed);

/* PIIndex of a VMSAv8-64 leaf: {54, 53, 51, 6}.  D8.3.1.2 */
ALWAYS_INLINE unsigned s1_index_of(uint64_t leaf)
{
	return (unsigned)(ttd_get(leaf, TTD_PIINDEX3) << 3 | ttd_get(leaf, TTD_PIINDEX2) << 2 |
			  ttd_get(leaf, TTD_PIINDEX1) << 1 | ttd_get(leaf, TTD_PIINDEX0));
}

#endif
