/* SPDX-License-Identifier: MIT */
/* Translation tables, VMSAv8-64 and VMSAv9-128, D8.2 and D8.3, and VMSAv8-32, G5.5: the shape of a
 * table, its leaves, mapping and unmapping. */
#include <smmu/tables.h>

#include "arch/ttd.h"
#include "tables_put.h"
#include "tables_shape.h"

enum { CONCATENATED_LG2 = 4 }; /* a stage 2 start level has at most 16 tables.  D8.2.2 */

/* ---- Shape ---- */

/* Bits resolved by the start level, which may be fewer than a whole table resolves or,
 * concatenated, more. */
static int start_bits(const struct smmu3_table *table, int level)
{
	return (int)table->input_bits - (int)entry_lg2(table, level);
}

static bool granule_exists(unsigned granule_lg2)
{
	return granule_lg2 == 12 || granule_lg2 == 14 || granule_lg2 == 16;
}

/* TxSZ is 0 to 7, S2T0SZ -8 to 7, and outputs have 40 bits.  G5.5.7 */
static bool lpae_sizes_exist(const struct smmu3_table *table)
{
	const unsigned most = table->stage == 1 ? LPAE_REGION_BITS : LPAE_IPA_BITS;

	return table->granule_lg2 == 12 && !table->ds && table->input_bits >= LPAE_LEAST_BITS &&
	       table->input_bits <= most && table->output_bits == LPAE_IPA_BITS;
}

/* TxSZ is 8 to 48, with 64KB to 47. */
static bool d128_sizes_exist(const struct smmu3_table *table)
{
	return !table->ds && table->input_bits >= (table->granule_lg2 == 16 ? 17 : 16) &&
	       table->input_bits <= 56 && output_size_code(table->output_bits) >= 0;
}

/* TxSZ is 12 or 16 to 48, with 64KB to 47, which has no DS.  D8.2.8 to D8.2.10 */
static bool sizes_exist(const struct smmu3_table *table)
{
	const bool large = table->granule_lg2 == 16;
	const unsigned most = is_wide(table) ? 52 : 48;

	if (is_lpae(table))
		return lpae_sizes_exist(table);
	if (is_d128(table))
		return d128_sizes_exist(table);
	return !(large && table->ds) && table->input_bits >= (large ? 17 : 16) &&
	       table->input_bits <= most && output_size_code(table->output_bits) >= 0 &&
	       table->output_bits <= most;
}

/* Level 0 exists with 4KB only, as long as addresses have 48 bits; with DS with 16KB, too, and
 * level -1 with 4KB.  D8.2.8.2 to D8.2.10.2 */
static int stage2_first(const struct smmu3_table *table)
{
	return (table->granule_lg2 == 12 ? 0 : 1) - (table->ds != 0);
}

/* Stage 2 chooses where the walk starts: as long as at least one bit is resolved there, and not
 * more than 16 tables.  D8.2.8 to D8.2.10 */
static bool stage2_start_legal(const struct smmu3_table *table, int level)
{
	const int resolved = start_bits(table, level);

	if (is_lpae(table) && level != 1 && level != 2)
		return false;
	return level >= stage2_first(table) && level <= LAST_LEVEL && resolved >= 1 &&
	       resolved <= (int)stride(table) + CONCATENATED_LG2;
}

static int stage1_start(const struct smmu3_table *table)
{
	return LAST_LEVEL - (int)((table->input_bits - 1u - table->granule_lg2) / stride(table));
}

/* The level with the shortest walk; but 4KB level 3 only where there is no other, since it needs
 * small tables (IDR3.STT). */
static int stage2_start(const struct smmu3_table *table)
{
	const bool need_not_be_small = table->granule_lg2 == 12 && stage2_start_legal(table, 2);
	int level = need_not_be_small ? 2 : LAST_LEVEL;

	while (level > stage2_first(table) && !stage2_start_legal(table, level))
		level--;
	return level;
}

static int choose_start_128(struct smmu3_table *table)
{
	const int level = stage1_start(table) + table->skip;

	if (table->skip > 3 || level > LAST_LEVEL)
		return -SMMU3_E_ARGUMENT;
	table->start_level = (int8_t)level;
	return 0;
}

static int choose_start(struct smmu3_table *table)
{
	if (is_d128(table))
		return choose_start_128(table);
	if (table->stage == 1)
		table->start_level = (int8_t)stage1_start(table);
	else if (table->start_level == SMMU3_LEVEL_AUTO)
		table->start_level = (int8_t)stage2_start(table);
	if (table->stage == 2 && !stage2_start_legal(table, table->start_level))
		return -SMMU3_E_ARGUMENT;
	return 0;
}

/* A table base has at least bits 5:0 clear, the most any format asks of a short one. */
static uint64_t root_bytes(const struct smmu3_table *table)
{
	const uint64_t bytes = UINT64_C(1) << (descriptor_lg2(table) +
					       (unsigned)start_bits(table, table->start_level));

	return bytes < 64 ? 64 : bytes;
}

int smmu3_table_create(const struct smmu3_builder *builder, struct smmu3_table *table)
{
	if (table->format > SMMU3_TABLE_D128 || (table->stage != 1 && table->stage != 2) ||
	    (table->stage == 2 && table->upper) || !granule_exists(table->granule_lg2) ||
	    !sizes_exist(table) || choose_start(table))
		return -SMMU3_E_ARGUMENT;
	return builder->allocate(builder->context, root_bytes(table), &table->root);
}

/* ---- Leaves ---- */

static void put_pi(uint64_t *leaf, unsigned pi)
{
	put(leaf, TTD_PIINDEX0, pi);
	put(leaf, TTD_PIINDEX1, pi >> 1);
	put(leaf, TTD_PIINDEX2, pi >> 2);
	put(leaf, TTD_PIINDEX3, pi >> 3);
}

static void put_s1_direct(uint64_t *leaf, const struct smmu3_s1_attributes *attributes)
{
	put(leaf, TTD_AP, attributes->ap);
	put(leaf, TTD_PXN, attributes->pxn);
	put(leaf, TTD_UXN, attributes->uxn);
	put(leaf, TTD_DBM, attributes->dbm);
}

static void put_s1_indirect(uint64_t *leaf, const struct smmu3_s1_attributes *attributes)
{
	put_pi(leaf, attributes->pi);
	put(leaf, TTD_NDIRTY, !attributes->dirty);
}

uint64_t smmu3_s1_leaf(const struct smmu3_s1_attributes *attributes)
{
	uint64_t leaf = 0;

	put(&leaf, TTD_ATTRINDX, attributes->attr_index);
	put(&leaf, TTD_SH, attributes->sh);
	if (attributes->indirect)
		put_s1_indirect(&leaf, attributes);
	else
		put_s1_direct(&leaf, attributes);
	put(&leaf, TTD_NG, attributes->ng);
	put(&leaf, TTD_AF, attributes->af);
	put(&leaf, TTD_NS, attributes->ns);
	put(&leaf, TTD_PROTECTED, attributes->is_protected);
	return leaf;
}

static void put_s2_direct(uint64_t *leaf, const struct smmu3_s2_attributes *attributes)
{
	put(leaf, TTD_S2AP, attributes->s2ap);
	put(leaf, TTD_S2XN, attributes->xn);
	put(leaf, TTD_DBM, attributes->dbm);
}

static void put_s2_indirect(uint64_t *leaf, const struct smmu3_s2_attributes *attributes)
{
	put_pi(leaf, attributes->pi);
	put(leaf, TTD_POINDEX, attributes->po);
	put(leaf, TTD_DIRTY, attributes->dirty);
}

uint64_t smmu3_s2_leaf(const struct smmu3_s2_attributes *attributes)
{
	uint64_t leaf = 0;

	put(&leaf, TTD_MEMATTR, attributes->memattr);
	put(&leaf, TTD_SH, attributes->sh);
	if (attributes->indirect)
		put_s2_indirect(&leaf, attributes);
	else
		put_s2_direct(&leaf, attributes);
	put(&leaf, TTD_AF, attributes->af);
	put(&leaf, TTD_S2NS, attributes->ns);
	put(&leaf, TTD_ASSUREDONLY, attributes->assured_only);
	return leaf;
}

void smmu3_d128_leaf(unsigned stage, const struct smmu3_d128_attributes *attributes,
		     uint64_t leaf[2])
{
	const bool clean = attributes->clean;

	leaf[0] = leaf[1] = 0;
	put(leaf, TTD128_MEMATTR, attributes->attr_index); /* where AttrIndx is, too */
	put(leaf, TTD128_SH, attributes->sh);
	put(leaf, TTD128_AF, attributes->af);
	put(leaf, TTD128_NDIRTY, stage == 1 ? clean : !clean);
	put(leaf, TTD128_PIINDEX, attributes->pi_index);
	put(leaf, TTD128_NS, attributes->ns);
	put(leaf, stage == 1 ? TTD128_PROTECTED : TTD128_ASSUREDONLY, attributes->hardened);
	if (stage == 1)
		put(leaf, TTD128_NG, attributes->ng);
	else
		put(leaf, TTD128_POINDEX, attributes->po_index);
}
