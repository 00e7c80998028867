/* SPDX-License-Identifier: MIT */
/* Sizes as fields encode them, in effective values.  Pure. */
#ifndef SMMU_CONFIG_SIZES_H
#define SMMU_CONFIG_SIZES_H

#include "arch/encoded.h"
#include "arch/features.h"
#include "base/bits.h"
#include "walk/descriptor128.h"

enum {
	OUTPUT_52_BITS = 52,
	MIN_ROOT_LG2 = 4,    /* what TTB fields resolve */
	MIN_ROOT_52_LG2 = 6, /* with 52-bit outputs.  5.4 TTB0, 5.2 S2TTB */
	MIN_ROOT128_LG2 = 5, /* VMSAv9-128 */
};

/* Effective CD.IPS or STE.S2PS in bits, capped to OAS.  A value this revision reserves means the
 * largest it has: 48 in SMMUv3.0, 52 up to v3.3, 56 from v3.4. */
ALWAYS_INLINE unsigned effective_output_bits(const struct features *features, unsigned code)
{
	const unsigned most = features->minor == 0 ? 48 : features->minor < 4 ? 52 : 56;
	const unsigned size_bits = address_size(code) < most ? address_size(code) : most;

	return size_bits < features->oas_bits ? size_bits : features->oas_bits;
}

/* log2 of the granule that CD.TG1 names, whose encoding differs; 0 if reserved. */
ALWAYS_INLINE unsigned tg1_granule(unsigned tg)
{
	return tg == TG1_4K ? 12 : tg == TG1_16K ? 14 : tg == TG1_64K ? 16 : 0;
}

/* The largest T0SZ, T1SZ or S2T0SZ, that small tables (IDR3.STT) raise; VMSAv9-128 has them always.
 * 5.2, 5.4 */
ALWAYS_INLINE unsigned largest_tsz(const struct features *features, bool v9, unsigned granule_lg2)
{
	const unsigned small = granule_lg2 == 16 ? 47 : 48;

	return v9 || features->stt ? small : 39;
}

/* Where a stage 1 walk starts: at level -1 with more than 48 bits and 4KB.  D8.2.8 to D8.2.10 */
ALWAYS_INLINE int s1_start_level(unsigned granule_lg2, unsigned input_bits)
{
	return LAST_LEVEL - (int)((input_bits - 1 - granule_lg2) / (granule_lg2 - DESCRIPTOR_LG2));
}

/* Likewise of either stage in VMSAv9-128, with skl levels skipped.  D8.2.11.1 */
ALWAYS_INLINE int d128_start_level(unsigned granule_lg2, unsigned input_bits, unsigned skl)
{
	const unsigned stride = granule_lg2 - DESCRIPTOR128_LG2;
	const unsigned resolved = input_bits - 1 - granule_lg2;

	return LAST_LEVEL - (int)(resolved / stride) + (int)skl;
}

/* CD.DS or STE.S2DS as a tree of this granule has it: one of 64KB has none.  5.2, 5.4 */
ALWAYS_INLINE bool effective_ds(const struct features *features, uint64_t field,
				unsigned granule_lg2)
{
	return features->ds && field && granule_lg2 != 16;
}

/* The highest level that may hold a block: 1GB and 2MB, with DS 512GB; 32MB, with DS 64GB; 512MB,
 * and 4TB where 52-bit outputs exist.  D8.2.8 to D8.2.10 */
ALWAYS_INLINE int block_level(const struct features *features, unsigned granule_lg2, bool ds)
{
	if (granule_lg2 == 12)
		return ds ? 0 : 1;
	return ds || (granule_lg2 == 16 && features->oas_bits >= OUTPUT_52_BITS) ? 1 : 2;
}

/* The base of an initial table: its low bits, below the size of the table or the least alignment,
 * do not count. */
ALWAYS_INLINE uint64_t table_root(uint64_t ttb, unsigned index_bits, unsigned output_bits)
{
	const unsigned least = output_bits == OUTPUT_52_BITS ? MIN_ROOT_52_LG2 : MIN_ROOT_LG2;
	const unsigned size_lg2 = index_bits + DESCRIPTOR_LG2;

	return align_down(ttb, size_lg2 > least ? size_lg2 : least);
}

/* Likewise of VMSAv9-128: bits 55:5 of the field at most. */
ALWAYS_INLINE uint64_t d128_root(uint64_t ttb, unsigned granule_lg2, unsigned input_bits, int start)
{
	const unsigned index_bits = input_bits -
				    level_of_lg2(granule_lg2, DESCRIPTOR128_LG2, start);
	const unsigned size_lg2 = index_bits + DESCRIPTOR128_LG2;

	return align_down(ttb, size_lg2 > MIN_ROOT128_LG2 ? size_lg2 : MIN_ROOT128_LG2);
}

/* The address bits of TTB0, TTB1 and S2TTB for VMSAv8-64: [51:4], in SMMUv3.0 [47:4]. */
ALWAYS_INLINE uint64_t ttb_address(const struct features *features, uint64_t ttb)
{
	return ttb & low_bits(features->minor == 0 ? 48 : OUTPUT_52_BITS);
}

/* Is a translation table base unreachable: beyond the output size, or beyond what descriptors of
 * this granule can say? */
ALWAYS_INLINE bool ttb_out_of_range(uint64_t ttb, unsigned granule_lg2, unsigned output_bits,
				    bool ds)
{
	const unsigned reach = granule_lg2 < 16 && !ds && output_bits > 48 ? 48 : output_bits;

	return ttb >> reach != 0;
}

#endif
