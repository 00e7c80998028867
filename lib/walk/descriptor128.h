/* SPDX-License-Identifier: MIT */
/*
 * What a VMSAv9-128 descriptor is, and where it points: pure.  D8.2.11, D8.3.2
 *
 * What it says of a leaf is what a VMSAv8-64 leaf with permission indirection says, in other
 * places. So a leaf is put into those, once, where it is read: everything behind the walk knows one
 * format.
 */
#ifndef SMMU_WALK_DESCRIPTOR128_H
#define SMMU_WALK_DESCRIPTOR128_H

#include "walk/descriptor.h"

enum { DESCRIPTOR128_LG2 = 4, MOST_SKIPPED = 2 };

/* By SKL and level.  What skips beyond the last level, or to a table that is too large, is
 * reserved: with 4KB there are tables of 64GB.  D8-45 */
ALWAYS_INLINE enum descriptor_kind descriptor128_kind(const struct ttd128 *ttd, int level,
						      unsigned granule_lg2)
{
	const int skl = (int)ttd128_get(ttd, TTD128_SKL);

	if (!ttd128_get(ttd, TTD128_VALID))
		return DESCRIPTOR_INVALID;
	if (level + skl > LAST_LEVEL || (granule_lg2 > 12 && skl > MOST_SKIPPED))
		return DESCRIPTOR_RESERVED;
	return level + skl == LAST_LEVEL ? DESCRIPTOR_LEAF : DESCRIPTOR_TABLE;
}

/* The address in a descriptor that points at 2^size_lg2 bytes. */
ALWAYS_INLINE uint64_t descriptor128_address(const struct ttd128 *ttd, unsigned size_lg2)
{
	return align_down(ttd->word[0] & field_mask(TTD128_ADDR), size_lg2);
}

/* log2 of the bytes of the table that a table descriptor points at: what it skips, that table
 * resolves. */
ALWAYS_INLINE unsigned next_table128_lg2(const struct ttd128 *ttd, unsigned granule_lg2)
{
	const unsigned stride = granule_lg2 - DESCRIPTOR128_LG2;

	return DESCRIPTOR128_LG2 + stride * (1 + (unsigned)ttd128_get(ttd, TTD128_SKL));
}

/* A field of one format where it stands in the other. */
#define TTD_FROM_128(ttd, from, to) (ttd128_get(ttd, from) << field_lsb(to))

/* AF, SH, nG, the dirty state, and bits 5:2 of stage 2. */
enum { TTD128_IN_PLACE_MSB = 11, TTD128_IN_PLACE_LSB = 7 };

ALWAYS_INLINE uint64_t leaf128_common(const struct ttd128 *ttd)
{
	const uint64_t index = ttd128_get(ttd, TTD128_PIINDEX);
	const uint64_t in_place = low_bits(TTD128_IN_PLACE_MSB + 1) &
				  ~low_bits(TTD128_IN_PLACE_LSB);

	return field_mask(TTD_VALID) | (ttd->word[0] & in_place) |
	       (uint64_t)bit(index, 0) << field_lsb(TTD_PIINDEX0) |
	       (uint64_t)bit(index, 1) << field_lsb(TTD_PIINDEX1) |
	       (uint64_t)bit(index, 2) << field_lsb(TTD_PIINDEX2) |
	       (uint64_t)bit(index, 3) << field_lsb(TTD_PIINDEX3) |
	       TTD_FROM_128(ttd, TTD128_CONTIGUOUS, TTD_CONTIGUOUS) |
	       TTD_FROM_128(ttd, TTD128_AMEC, TTD_AMEC);
}

/* A leaf as VMSAv8-64 has it, without an address. */
ALWAYS_INLINE uint64_t leaf128_as_64(const struct ttd128 *ttd, unsigned stage)
{
	const uint64_t common = leaf128_common(ttd);

	if (stage == 1)
		return common | TTD_FROM_128(ttd, TTD128_ATTRINDX, TTD_ATTRINDX) |
		       TTD_FROM_128(ttd, TTD128_ATTRINDX3, TTD_ATTRINDX3) |
		       TTD_FROM_128(ttd, TTD128_NS, TTD_NS);
	return common | TTD_FROM_128(ttd, TTD128_MEMATTR, TTD_MEMATTR) |
	       TTD_FROM_128(ttd, TTD128_NS, TTD_S2NS) |
	       TTD_FROM_128(ttd, TTD128_ASSUREDONLY, TTD_ASSUREDONLY) |
	       TTD_FROM_128(ttd, TTD128_POINDEX, TTD_POINDEX);
}

#endif
