/* SPDX-License-Identifier: MIT */
/* What the granule says of a translation table.  D8.2 */
#ifndef SMMU_TABLES_SHAPE_H
#define SMMU_TABLES_SHAPE_H

#include <smmu/tables.h>

enum { LAST_LEVEL = 3 };

/* Address bits that one table resolves: 8-byte descriptors fill a granule. */
static inline unsigned stride(const struct smmu3_table *table)
{
	return table->granule_lg2 - 3u;
}

/* Size that one entry of a level maps, in bits. */
static inline unsigned entry_lg2(const struct smmu3_table *table, int level)
{
	return table->granule_lg2 + stride(table) * (unsigned)(LAST_LEVEL - level);
}

#endif
