/* SPDX-License-Identifier: MIT */
/* What a VMSAv8-64 descriptor is, and where it points: pure.  D8.3 */
#ifndef SMMU_WALK_DESCRIPTOR_H
#define SMMU_WALK_DESCRIPTOR_H

#include "arch/ttd.h"
#include "base/bits.h"

enum descriptor_kind {
	DESCRIPTOR_INVALID,  /* bit 0 is 0 */
	DESCRIPTOR_RESERVED, /* a block where none can be */
	DESCRIPTOR_TABLE,
	DESCRIPTOR_LEAF, /* block or page */
};

enum { DESCRIPTOR_LG2 = 3, LAST_LEVEL = 3 };

/* log2 of the bytes that one descriptor of a level maps. */
ALWAYS_INLINE unsigned level_lg2(unsigned granule_lg2, int level)
{
	return granule_lg2 + (granule_lg2 - DESCRIPTOR_LG2) * (unsigned)(LAST_LEVEL - level);
}

/* Likewise of a format with descriptors of 2^descriptor_lg2 bytes, of VMSAv9-128 16. */
ALWAYS_INLINE unsigned level_of_lg2(unsigned granule_lg2, unsigned descriptor_lg2, int level)
{
	return granule_lg2 + (granule_lg2 - descriptor_lg2) * (unsigned)(LAST_LEVEL - level);
}

/* log2 of the bytes that a leaf of 2^lsb bytes maps, as far as outputs of this size go: a block of
 * 4TB may pass them. */
ALWAYS_INLINE unsigned leaf_lg2(unsigned lsb, unsigned output_bits)
{
	return lsb < output_bits ? lsb : output_bits;
}

/* block_level is the highest level that may hold a block. */
ALWAYS_INLINE enum descriptor_kind descriptor_kind(uint64_t descriptor, int level, int block_level)
{
	if (!ttd_get(descriptor, TTD_VALID))
		return DESCRIPTOR_INVALID;
	if (level == LAST_LEVEL)
		return ttd_get(descriptor, TTD_TYPE) ? DESCRIPTOR_LEAF : DESCRIPTOR_RESERVED;
	if (ttd_get(descriptor, TTD_TYPE))
		return DESCRIPTOR_TABLE;
	return level < block_level ? DESCRIPTOR_RESERVED : DESCRIPTOR_LEAF;
}

/* The address in a descriptor that points at 2^size_lg2 bytes.  With a 64KB granule bits 51:48
 * stand in bits 15:12, whatever the output size: one that is too large faults; with DS, which those
 * of 4KB and 16KB have, bits 51:50 in 9:8, and 49:48 in place.  D8.3.1 */
ALWAYS_INLINE uint64_t descriptor_address(unsigned granule_lg2, bool ds, uint64_t descriptor,
					  unsigned size_lg2)
{
	const uint64_t low = align_down(descriptor & low_bits(48), size_lg2);

	if (unlikely(ds))
		return low | ttd_address(descriptor, TTD_ADDR_49_48) |
		       ttd_get(descriptor, TTD_ADDR_51_50) << 50;
	return granule_lg2 == 16 ? low | ttd_get(descriptor, TTD_ADDR_51_48) << 48 : low;
}

/* A leaf with DS as one without: with the shareability that all leaves of its tree have.  5.2 S2DS,
 * 5.4 DS */
ALWAYS_INLINE uint64_t leaf_with_sh(uint64_t descriptor, unsigned sh)
{
	return (descriptor & ~field_mask(TTD_SH)) | (uint64_t)sh << field_lsb(TTD_SH);
}

#endif
