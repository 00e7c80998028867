/* SPDX-License-Identifier: MIT */
/* Granule protection tables: what each granule is, in the largest entries that fit.  D9.6 */
#include <smmu/tables.h>

#include "arch/attr.h"
#include "arch/encoded.h"
#include "arch/gpt.h"
#include "arch/regs.h"
#include "base/bits.h"
#include "tables_put.h"

enum { ENTRY_LG2 = 3, LEAST_TABLE_LG2 = 12 };

/* ---- Shape ---- */

static int size_code(const struct smmu3_gpt *gpt)
{
	return code_of(address_size_to_52, gpt->size_bits);
}

static int level0_code(const struct smmu3_gpt *gpt)
{
	return code_of(level0_lg2_of, gpt->level0_bits);
}

static int granule_code(const struct smmu3_gpt *gpt)
{
	return code_of(tg0_granule, gpt->granule_lg2);
}

static bool legal(const struct smmu3_gpt *gpt)
{
	return size_code(gpt) >= 0 && level0_code(gpt) >= 0 && granule_code(gpt) >= 0;
}

static bool legal_gpi(unsigned gpi)
{
	return gpi == SMMU3_GPI_NONE || (gpi >= SMMU3_GPI_SECURE && gpi <= SMMU3_GPI_REALM) ||
	       gpi == SMMU3_GPI_ANY;
}

/* Of what a level 0 entry protects: there may be less than it could. */
static unsigned block_lg2(const struct smmu3_gpt *gpt)
{
	return gpt->level0_bits < gpt->size_bits ? gpt->level0_bits : gpt->size_bits;
}

/* Of what a level 1 entry of granules protects: 16 of them. */
static unsigned entry_lg2(const struct smmu3_gpt *gpt)
{
	return gpt->granule_lg2 + 4u;
}

static uint64_t block(unsigned gpi)
{
	return GPT_BLOCK | (uint64_t)gpi << field_lsb(GPT_GPI);
}

/* A level 1 entry that says the same of all that it is of: 16 granules, or a contiguous region. */
static uint64_t uniform(unsigned gpi, unsigned lg2)
{
	const int contig = code_of(gpt_contig_lg2, lg2);
	uint64_t entry = GPT_CONTIGUOUS;

	if (contig < 0)
		return gpi * UINT64_C(0x1111111111111111);
	put(&entry, GPT_GPI, gpi);
	put(&entry, GPT_CONTIG, (uint64_t)contig);
	return entry;
}

int smmu3_gpt_create(const struct smmu3_builder *builder, struct smmu3_gpt *gpt, enum smmu3_gpi gpi)
{
	if (!legal(gpt) || !legal_gpi(gpi))
		return -SMMU3_E_ARGUMENT;
	const unsigned lg2 = (unsigned)gpt->size_bits - block_lg2(gpt) + ENTRY_LG2;
	int code = builder->allocate(builder->context,
				     UINT64_C(1) << (lg2 > LEAST_TABLE_LG2 ? lg2 : LEAST_TABLE_LG2),
				     &gpt->base);

	for (uint64_t i = 0; !code && i < UINT64_C(1) << (lg2 - ENTRY_LG2); i++)
		code = builder->write(builder->context, gpt->base + (i << ENTRY_LG2), block(gpi));
	return code;
}

void smmu3_gpt_registers(const struct smmu3_gpt *gpt, uint64_t *base, uint64_t *config)
{
	*base = *config = 0;
	put_address(base, GPT_BASE_ADDR, gpt->base);
	put(config, GPT_BASE_CFG_PPS, (uint64_t)size_code(gpt));
	put(config, GPT_BASE_CFG_IRGN, WALK_WB_RA_WA);
	put(config, GPT_BASE_CFG_ORGN, WALK_WB_RA_WA);
	put(config, GPT_BASE_CFG_SH, SMMU3_ISH);
	put(config, GPT_BASE_CFG_PGS, (uint64_t)granule_code(gpt));
	put(config, GPT_BASE_CFG_L0GPTSZ, (uint64_t)level0_code(gpt));
}

/* ---- Setting ---- */

struct setting {
	const struct smmu3_builder *builder;
	const struct smmu3_gpt *gpt;
	const struct smmu3_gpt_range *range;
};

/* A piece of it: [addr, addr + 2^lg2). */
struct piece {
	uint64_t addr;
	unsigned lg2;
};

static int look(const struct setting *setting, uint64_t at, uint64_t *word)
{
	return setting->builder->read(setting->builder->context, at, word);
}

static int store(const struct setting *setting, uint64_t at, uint64_t word)
{
	return setting->builder->write(setting->builder->context, at, word);
}

/* The same word in every entry of a run of level 1, of so many bytes of PA. */
static int fill(const struct setting *setting, uint64_t at, unsigned lg2, uint64_t word)
{
	const uint64_t entries = UINT64_C(1) << (lg2 - entry_lg2(setting->gpt));
	int code = 0;

	for (uint64_t i = 0; !code && i < entries; i++)
		code = store(setting, at + (i << ENTRY_LG2), word);
	return code;
}

/* The largest contiguous region below a size, if they are wanted; else 16 granules. */
static unsigned next_smaller(const struct setting *setting, unsigned lg2)
{
	for (unsigned i = GPT_CONTIG_512M; setting->range->contiguous && i > 0; i--)
		if (gpt_contig_lg2(i) < lg2)
			return gpt_contig_lg2(i);
	return entry_lg2(setting->gpt);
}

static uint64_t level0_at(const struct setting *setting, uint64_t addr)
{
	return setting->gpt->base + (addr >> setting->gpt->level0_bits << ENTRY_LG2);
}

/* The level 1 table of an address, which is made where a block stands. */
static int level1_table(const struct setting *setting, uint64_t addr, uint64_t *table)
{
	const struct smmu3_gpt *gpt = setting->gpt;
	const unsigned lg2 = gpt->level0_bits - entry_lg2(gpt) + ENTRY_LG2;
	uint64_t entry = 0;
	int code = look(setting, level0_at(setting, addr), &entry);

	*table = gpt_address(entry, GPT_ADDR);
	if (code || gpt_get(entry, GPT_TYPE) == GPT_TABLE)
		return code;
	code = setting->builder->allocate(setting->builder->context, UINT64_C(1) << lg2, table);
	if (!code)
		code = fill(setting, *table, gpt->level0_bits,
			    uniform((unsigned)gpt_get(entry, GPT_GPI),
				    next_smaller(setting, gpt->level0_bits)));
	if (code)
		return code;
	entry = GPT_TABLE;
	put_address(&entry, GPT_ADDR, *table);
	return store(setting, level0_at(setting, addr), entry);
}

static uint64_t level1_at(const struct setting *setting, uint64_t table, uint64_t addr)
{
	return table + ((addr & low_bits(setting->gpt->level0_bits)) >> entry_lg2(setting->gpt)
										<< ENTRY_LG2);
}

/* Contiguous regions that hold more than the piece become smaller ones, of the same GPI. */
static int split(const struct setting *setting, uint64_t table, struct piece piece)
{
	for (;;) {
		uint64_t entry;
		const int code = look(setting, level1_at(setting, table, piece.addr), &entry);

		if (code || gpt_get(entry, GPT_TYPE) != GPT_CONTIGUOUS)
			return code;
		const unsigned lg2 = gpt_contig_lg2(gpt_get(entry, GPT_CONTIG));

		if (lg2 <= piece.lg2)
			return 0;
		const int filled = fill(setting,
					level1_at(setting, table, align_down(piece.addr, lg2)), lg2,
					uniform((unsigned)gpt_get(entry, GPT_GPI),
						next_smaller(setting, lg2)));

		if (filled)
			return filled;
	}
}

static int set_granule(const struct setting *setting, uint64_t at, uint64_t addr)
{
	const unsigned lsb = 4 * ((unsigned)(addr >> setting->gpt->granule_lg2) % GPT_GRANULES);
	uint64_t entry;
	const int code = look(setting, at, &entry);

	if (code)
		return code;
	entry &= ~(UINT64_C(0xf) << lsb);
	return store(setting, at, entry | (uint64_t)setting->range->gpi << lsb);
}

static int set_piece(const struct setting *setting, struct piece piece)
{
	const unsigned gpi = setting->range->gpi;
	uint64_t table;

	if (piece.lg2 == block_lg2(setting->gpt))
		return store(setting, level0_at(setting, piece.addr), block(gpi));
	int code = level1_table(setting, piece.addr, &table);

	if (!code)
		code = split(setting, table, piece);
	if (code)
		return code;
	const uint64_t at = level1_at(setting, table, piece.addr);

	return piece.lg2 == setting->gpt->granule_lg2 ?
		       set_granule(setting, at, piece.addr) :
		       fill(setting, at, piece.lg2, uniform(gpi, piece.lg2));
}

static bool fits(const struct smmu3_gpt_range *range, uint64_t addr, unsigned lg2)
{
	return !(addr & low_bits(lg2)) && range->addr + range->size - addr >= UINT64_C(1) << lg2;
}

/* The largest piece that begins here: a block, a contiguous region if they are wanted, 16 granules,
 * one. */
static struct piece piece_at(const struct setting *setting, uint64_t addr)
{
	const struct smmu3_gpt *gpt = setting->gpt;
	unsigned lg2 = block_lg2(gpt);

	while (!fits(setting->range, addr, lg2))
		lg2 = lg2 == entry_lg2(gpt) ? gpt->granule_lg2 : next_smaller(setting, lg2);
	return (struct piece){ addr, lg2 };
}

int smmu3_gpt_set(const struct smmu3_builder *builder, const struct smmu3_gpt *gpt,
		  const struct smmu3_gpt_range *range)
{
	const struct setting setting = { builder, gpt, range };
	const uint64_t all = legal(gpt) ? UINT64_C(1) << gpt->size_bits : 0;
	int code = 0;

	if (!range->size || (range->addr | range->size) & low_bits(gpt->granule_lg2) ||
	    range->addr >= all || range->size > all - range->addr || !legal_gpi(range->gpi))
		return -SMMU3_E_ARGUMENT;
	for (uint64_t addr = range->addr; !code && addr < range->addr + range->size;) {
		const struct piece piece = piece_at(&setting, addr);

		code = set_piece(&setting, piece);
		addr += UINT64_C(1) << piece.lg2;
	}
	return code;
}
