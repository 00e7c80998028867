/* SPDX-License-Identifier: MIT */
/* Stream tables and CD tables, and the fields of STEs and CDs that follow from translation
 * tables.  5.1 to 5.4, 6.3.24, 6.3.25 */
#include <smmu/tables.h>

#include "arch/cd.h"
#include "arch/regs.h"
#include "arch/ste.h"
#include "tables_put.h"
#include "tables_shape.h"

enum {
	LEAST_TABLE_BYTES = 64, /* a first-level table is aligned to at least this */
	CDMAX_LARGEST = 20,
	LEAF_4K_LG2 = 6, /* CDs in a leaf table, in bits */
	LEAF_64K_LG2 = 10,
};

/* TG0, S2TG; TG1 has another order. */
static unsigned tg0_code(unsigned granule_lg2)
{
	return granule_lg2 == 12 ? TG0_4K : granule_lg2 == 14 ? TG0_16K : TG0_64K;
}

static unsigned tg1_code(unsigned granule_lg2)
{
	return granule_lg2 == 12 ? TG1_4K : granule_lg2 == 14 ? TG1_16K : TG1_64K;
}

/* S2SL0: with 4KB levels 2, 1, 0, 3 are 0 to 3; otherwise 3, 2, 1, 0 are.  Level -1 is 0 with
 * S2SL0_2.  D8.2.8.2 */
static unsigned sl0_code(const struct smmu3_table *table)
{
	if (table->start_level < 0)
		return 0;
	return (unsigned)(table->granule_lg2 == 12 ? 2 - table->start_level :
						     3 - table->start_level) &
	       3;
}

/* TxSZ and S2T0SZ; of VMSAv8-32 what does not fit its four bits is the sign. */
static unsigned tsz_code(const struct smmu3_table *table)
{
	return is_lpae(table) ? ((unsigned)LPAE_REGION_BITS - table->input_bits) & 0xf :
				64u - table->input_bits;
}

/* S2DS, and the start level's high bit, which counts with it alone. */
static void put_ds(uint64_t ste[8], int sl0_2, const struct smmu3_table *table)
{
	if (!table->ds)
		return;
	put(ste, STE_S2DS, 1);
	put(ste, sl0_2, table->start_level < 0);
}

/* Where a walk begins: of VMSAv9-128 where the size says, but for what is skipped. */
static void put_start(uint64_t ste[8], int sl0, int sl0_2, int skl, const struct smmu3_table *table)
{
	if (is_d128(table)) {
		put(ste, sl0, 0);
		put(ste, skl, table->skip);
		return;
	}
	put(ste, sl0, sl0_code(table));
	put_ds(ste, sl0_2, table);
}

/* The format of a CD or an STE. */
static bool is_aa64(const struct smmu3_table *table)
{
	return table->format == SMMU3_TABLE_AA64;
}

int smmu3_ste_stage2(uint64_t ste[8], const struct smmu3_table *table)
{
	if (table->stage != 2)
		return -SMMU3_E_ARGUMENT;
	put(ste, STE_S2T0SZ, tsz_code(table));
	put_start(ste, STE_S2SL0, STE_S2SL0_2, STE_S2SKL, table);
	put(ste, STE_S2TG, tg0_code(table->granule_lg2));
	put(ste, STE_S2PS, (uint64_t)output_size_code(table->output_bits));
	put(ste, STE_S2AA64, is_aa64(table));
	put(ste, STE_S2ENDI, table->big_endian);
	put_address(ste, STE_S2TTB, table->root);
	return 0;
}

/* Both trees share S2PS.  5.2 S_S2TTB */
int smmu3_ste_secure_stage2(uint64_t ste[8], const struct smmu3_table *table)
{
	const int ps = output_size_code(table->output_bits);

	if (table->stage != 2 || is_lpae(table))
		return -SMMU3_E_ARGUMENT;
	put(ste, STE_S_S2T0SZ, 64u - table->input_bits);
	put_start(ste, STE_S_S2SL0, STE_S_S2SL0_2, STE_S_S2SKL, table);
	put(ste, STE_S_S2TG, tg0_code(table->granule_lg2));
	put_address(ste, STE_S_S2TTB, table->root);
	if (ps > (int)field_value(ste, STE_S2PS))
		put(ste, STE_S2PS, (uint64_t)ps);
	put(ste, STE_S2AA64, is_aa64(table));
	put(ste, STE_S2ENDI, table->big_endian);
	return 0;
}

static int cd_ips(const uint64_t cd[8])
{
	return (int)field_value(cd, CD_IPS);
}

int smmu3_cd_stage1(uint64_t cd[8], const struct smmu3_table *table)
{
	const bool upper = table->upper;
	const int ips = output_size_code(table->output_bits);

	if (table->stage != 1)
		return -SMMU3_E_ARGUMENT;
	put(cd, upper ? CD_T1SZ : CD_T0SZ, tsz_code(table));
	put(cd, upper ? CD_TG1 : CD_TG0,
	    upper ? tg1_code(table->granule_lg2) : tg0_code(table->granule_lg2));
	put_address(cd, upper ? CD_TTB1 : CD_TTB0, table->root);
	if (table->ds)
		put(cd, CD_DS, 1);
	if (is_d128(table))
		put(cd, upper ? CD_SKL1 : CD_SKL0, table->skip);
	if (ips > cd_ips(cd)) /* the other half may reach farther */
		put(cd, CD_IPS, (uint64_t)ips);
	put(cd, CD_AA64, is_aa64(table));
	put(cd, CD_ENDI, table->big_endian);
	return 0;
}

/* ---- Tables of 64-byte structures, one or two levels ---- */

static int allocate_table(const struct smmu3_builder *builder, uint64_t bytes, uint64_t *at)
{
	return builder->allocate(builder->context,
				 bytes < LEAST_TABLE_BYTES ? LEAST_TABLE_BYTES : bytes, at);
}

/* Word 0 holds the valid bit, so it comes last: nobody sees half a structure. */
static int write_structure(const struct smmu3_builder *builder, uint64_t at, const uint64_t word[8])
{
	for (unsigned i = 8; i-- > 0;) {
		const int code = builder->write(builder->context, at + 8 * i, word[i]);

		if (code)
			return code;
	}
	return 0;
}

/* A first-level entry, whose leaf is allocated when it has none: `leaf` returns where it is.  fresh
 * is the entry to write with the leaf's address in field. */
static int leaf_of(const struct smmu3_builder *builder, uint64_t entry_at, uint64_t leaf_bytes,
		   uint64_t fresh, int field, uint64_t *leaf)
{
	uint64_t entry;
	int code = builder->read(builder->context, entry_at, &entry);

	if (code)
		return code;
	if (entry) {
		*leaf = field_in_place(&entry, field);
		return 0;
	}
	code = builder->allocate(builder->context, leaf_bytes, leaf);
	if (code)
		return code;
	put_address(&fresh, field, *leaf);
	return builder->write(builder->context, entry_at, fresh);
}

/* ---- Stream table ---- */

static unsigned above(unsigned size, unsigned split)
{
	return size > split ? size - split : 0;
}

int smmu3_stream_table_create(const struct smmu3_builder *builder,
			      struct smmu3_stream_table_shape *table)
{
	const bool split_exists = table->split == 6 || table->split == 8 || table->split == 10;

	if (table->log2size > 32 || (table->two_level && !split_exists))
		return -SMMU3_E_ARGUMENT;
	if (table->two_level)
		return allocate_table(builder,
				      (uint64_t)L1STD_BYTES << above(table->log2size, table->split),
				      &table->base);
	return allocate_table(builder, (uint64_t)STE_BYTES << table->log2size, &table->base);
}

/* A leaf is full: 2^split STEs, or as many as the Stream table has. */
static int ste_at(const struct smmu3_builder *builder, const struct smmu3_stream_table_shape *table,
		  uint32_t sid, uint64_t *at)
{
	const unsigned leaf_lg2 = table->log2size < table->split ? table->log2size : table->split;
	uint64_t l1std = 0;
	int code;

	put(&l1std, L1STD_SPAN, leaf_lg2 + 1);
	code = leaf_of(builder, table->base + L1STD_BYTES * (uint64_t)(sid >> leaf_lg2),
		       (uint64_t)STE_BYTES << leaf_lg2, l1std, L1STD_L2PTR, at);
	*at += STE_BYTES * (sid & low_bits(leaf_lg2));
	return code;
}

int smmu3_stream_table_set(const struct smmu3_builder *builder,
			   const struct smmu3_stream_table_shape *table, uint32_t sid,
			   const uint64_t ste[8])
{
	uint64_t at = table->base + (uint64_t)STE_BYTES * sid;
	int code = 0;

	if (sid > low_bits(table->log2size))
		return -SMMU3_E_ARGUMENT;
	if (table->two_level)
		code = ste_at(builder, table, sid, &at);
	return code ? code : write_structure(builder, at, ste);
}

void smmu3_stream_table_registers(const struct smmu3_stream_table_shape *table, uint64_t *base,
				  uint32_t *config)
{
	uint64_t value = 0;

	*base = 0;
	put_address(base, STRTAB_BASE_ADDR, table->base);
	put(base, STRTAB_BASE_RA, 1);
	put(&value, STRTAB_BASE_CFG_LOG2SIZE, table->log2size);
	put(&value, STRTAB_BASE_CFG_FMT, table->two_level);
	if (table->two_level)
		put(&value, STRTAB_BASE_CFG_SPLIT, table->split);
	*config = (uint32_t)value;
}

/* ---- CD table ---- */

/* CDs in a leaf table, in bits; 0: one level.  A table of one CD has no levels, whatever its
 * format. */
static unsigned cd_leaf_lg2(const struct smmu3_cd_table *table)
{
	if (!table->cdmax || table->format == STE_S1FMT_LINEAR)
		return 0;
	return table->format == STE_S1FMT_4K_L2 ? LEAF_4K_LG2 : LEAF_64K_LG2;
}

int smmu3_cd_table_create(const struct smmu3_builder *builder, struct smmu3_cd_table *table)
{
	const unsigned leaf_lg2 = cd_leaf_lg2(table);

	if (table->format > STE_S1FMT_64K_L2 || table->cdmax > CDMAX_LARGEST)
		return -SMMU3_E_ARGUMENT;
	if (leaf_lg2)
		return allocate_table(builder,
				      (uint64_t)L1CD_BYTES << above(table->cdmax, leaf_lg2),
				      &table->base);
	return allocate_table(builder, (uint64_t)CD_BYTES << table->cdmax, &table->base);
}

int smmu3_cd_table_set(const struct smmu3_builder *builder, const struct smmu3_cd_table *table,
		       uint32_t ssid, const uint64_t cd[8])
{
	const unsigned leaf_lg2 = cd_leaf_lg2(table);
	uint64_t at = table->base + (uint64_t)CD_BYTES * ssid;
	int code = 0;

	if (ssid > low_bits(table->cdmax))
		return -SMMU3_E_ARGUMENT;
	if (leaf_lg2) {
		code = leaf_of(builder, table->base + L1CD_BYTES * (uint64_t)(ssid >> leaf_lg2),
			       (uint64_t)CD_BYTES << leaf_lg2, field_mask(L1CD_V), L1CD_L2PTR, &at);
		at += CD_BYTES * (ssid & low_bits(leaf_lg2));
	}
	return code ? code : write_structure(builder, at, cd);
}

int smmu3_ste_cd_table(uint64_t ste[8], const struct smmu3_cd_table *table)
{
	if (table->format > STE_S1FMT_64K_L2 || table->cdmax > CDMAX_LARGEST)
		return -SMMU3_E_ARGUMENT;
	put_address(ste, STE_S1CONTEXTPTR, table->base);
	put(ste, STE_S1FMT, table->format);
	put(ste, STE_S1CDMAX, table->cdmax);
	return 0;
}
