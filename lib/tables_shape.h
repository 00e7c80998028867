/* SPDX-License-Identifier: MIT */
/* What granule and sizes say of a translation table.  D8.2 */
#ifndef SMMU_TABLES_SHAPE_H
#define SMMU_TABLES_SHAPE_H

#include "arch/encoded.h"
#include "walk/descriptor128.h"

#include <smmu/tables.h>

/* VMSAv9-128? */
static inline bool is_d128(const struct smmu3_table *table)
{
	return table->format == SMMU3_TABLE_D128;
}

/* log2 of the bytes of a descriptor. */
static inline unsigned descriptor_lg2(const struct smmu3_table *table)
{
	return is_d128(table) ? DESCRIPTOR128_LG2 : DESCRIPTOR_LG2;
}

/* Address bits that one table resolves: descriptors fill a granule. */
static inline unsigned stride(const struct smmu3_table *table)
{
	return table->granule_lg2 - descriptor_lg2(table);
}

/* Size that one entry of a level maps, in bits. */
static inline unsigned entry_lg2(const struct smmu3_table *table, int level)
{
	return level_of_lg2(table->granule_lg2, descriptor_lg2(table), level);
}

enum { LPAE_LEAST_BITS = 25, LPAE_REGION_BITS = 32, LPAE_IPA_BITS = 40 };

/* VMSAv8-32? */
static inline bool is_lpae(const struct smmu3_table *table)
{
	return table->format == SMMU3_TABLE_LPAE;
}

/* Are there addresses of 52 bits? */
static inline bool is_wide(const struct smmu3_table *table)
{
	return table->granule_lg2 == 16 || table->ds;
}

/* CD.IPS and STE.S2PS for a size in bits, or -1: there is none. */
static inline int output_size_code(unsigned output_bits)
{
	return code_of(address_size, output_bits);
}

#endif
