/* SPDX-License-Identifier: MIT */
/* Sizes that more than one field encodes: of a code, log2 or bits of an address.  0 where the code
 * is reserved; a code has no bits beyond those of its field. */
#ifndef SMMU_ARCH_ENCODED_H
#define SMMU_ARCH_ENCODED_H

#include "arch/cd.h"
#include "arch/gpt.h"
#include "base/bits.h"

/* IDR5.OAS, CD.IPS, STE.S2PS.  3.4 */
static inline unsigned address_size(uint64_t code)
{
	static const uint8_t size[8] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return size[code % ARRAY_SIZE(size)];
}

/* The same where 52 are the most: DPTPS, PPS.  6.3.47, 6.3.115 */
static inline unsigned address_size_to_52(uint64_t code)
{
	return address_size(code) <= 52 ? address_size(code) : 0;
}

/* CD.TG0, STE.S2TG; DPTGS; PGS.  6.3.47, 6.3.115 */
static inline unsigned tg0_granule(uint64_t code)
{
	static const uint8_t size[4] = { [TG0_4K] = 12, [TG0_64K] = 16, [TG0_16K] = 14 };

	return size[code % ARRAY_SIZE(size)];
}

/* L0DPTSZ and L0GPTSZ: what an entry of level 0 is of. */
static inline unsigned level0_lg2_of(uint64_t code)
{
	static const uint8_t size[16] = { [0] = 30, [4] = 34, [6] = 36, [9] = 39 };

	return size[code % ARRAY_SIZE(size)];
}

/* Contig of the Device Permission Table.  3.24.3.1.4 */
static inline unsigned dpt_contig_lg2(uint64_t code)
{
	static const uint8_t size[16] = { 0, 16, 21, 25, 29, 30, 34, 36 };

	return size[code % ARRAY_SIZE(size)];
}

/* And of the granule protection table.  D9.6.4 */
static inline unsigned gpt_contig_lg2(uint64_t code)
{
	static const uint8_t size[4] = {
		[GPT_CONTIG_2M] = 21,
		[GPT_CONTIG_32M] = 25,
		[GPT_CONTIG_512M] = 29,
	};

	return size[code % ARRAY_SIZE(size)];
}

/* SIZE of CMD_DPTI_PA, ROOT_TLBI and RPAOS, which invalidate by PA.  4.6.2, 6.3.118, C5.5.28 */
static inline unsigned by_pa_lg2(uint64_t code)
{
	static const uint8_t size[16] = { 12, 14, 16, 21, 25, 29, 30, 34, 36, 39 };

	return size[code % ARRAY_SIZE(size)];
}

/* The first code, of at most 16, that means a size; -1: none does. */
static inline int code_of(unsigned (*size_of)(uint64_t code), unsigned size)
{
	for (int code = 0; size && code < 16; code++)
		if (size_of((uint64_t)code) == size)
			return code;
	return -1;
}

#endif
