/* SPDX-License-Identifier: MIT */
/*
 * Indirect permissions of stage 2: what codes of S2PII and S2POI grant, and how a base and an
 * overlay go together.  Pure, and of no format: where the indices stand in a descriptor is for the
 * caller.  3.26.2, 6.3.17, D8.4.2.2
 */
#ifndef SMMU_WALK_INDIRECT2_H
#define SMMU_WALK_INDIRECT2_H

#include "arch/ttd.h"
#include "walk/permission.h"

/* Beside enum smmu3_perm, in one mask with it: writes of stage 1's walker, which are updates of its
 * descriptors; and what tables a walk may begin with, of TTB0 and of TTB1.  D8-80, D8-81 */
enum {
	S2_WALKER_WRITES = 1 << 6,
	S2_TOP_LEVEL_0 = 1 << 7,
	S2_TOP_LEVEL_1 = 1 << 8,
};

/* Where the codes are. */
struct s2_codes {
	uint64_t base;    /* SMMU_(S_, R_)S2PII: code i at bits 4i + 3 to 4i */
	uint64_t overlay; /* STE.S2POI, likewise */
	bool overlaid;    /* S2POE */
};

/* Which of them a leaf has. */
struct s2_indices {
	uint8_t pi, po;
};

/* What a code grants on its own; one that is reserved grants nothing. */
unsigned s2_code_grants(unsigned code);

/* What is left of a base under an overlay.  D8-83, D8-84 */
unsigned s2_combined(unsigned base, unsigned overlay);

/* What both grant. */
unsigned s2_codes_grant(const struct s2_codes *codes, struct s2_indices indices);

/* What the walker of stage 1 has of that: its reads and its writes, as those of a client. */
ALWAYS_INLINE unsigned s2_walker_has(unsigned granted)
{
	return (granted & PERM_READ) | (granted & S2_WALKER_WRITES ? (unsigned)PERM_WRITE : 0);
}

/* Does the overlay keep an access from what it needs?  What is missing of both, write permission
 * before read permission, decides: 13.1.1.  walker: it is stage 1's. */
bool s2_overlay_denies(const struct s2_codes *codes, struct s2_indices indices, bool walker,
		       unsigned needed);

/* Of grants: may a client not write, where the walker of stage 1 does?  That is any MRO.  D8-80 */
ALWAYS_INLINE bool s2_is_mostly_read(unsigned granted)
{
	return (granted & S2_WALKER_WRITES) && !(granted & PERM_WRITE);
}

/* May a walk not begin here, in a table of TTB0 or of TTB1, as its top level says?  checked: whose
 * tables are checked.  D8-14, D8-15 */
bool s2_top_level_denies(unsigned granted, unsigned checked, unsigned top_level);

/* The indices of a VMSAv8-64 leaf: PIIndex is {54, 53, 51, 6}.  D8.3.1.2 */
ALWAYS_INLINE struct s2_indices s2_indices_of(uint64_t leaf)
{
	return (struct s2_indices){
		.pi = (uint8_t)(ttd_get(leaf, TTD_PIINDEX3) << 3 |
				ttd_get(leaf, TTD_PIINDEX2) << 2 |
				ttd_get(leaf, TTD_PIINDEX1) << 1 | ttd_get(leaf, TTD_PIINDEX0)),
		.po = (uint8_t)ttd_get(leaf, TTD_POINDEX),
	};
}

#endif
