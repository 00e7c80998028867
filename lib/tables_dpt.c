/* SPDX-License-Identifier: MIT */
/* Device Permission Tables: what is granted of a range, in the largest descriptors that
 * fit.  3.24.3 */
#include <smmu/tables.h>

#include "arch/dpt.h"
#include "arch/encoded.h"
#include "arch/regs.h"
#include "base/bits.h"
#include "tables_put.h"

enum { ENTRY_LG2 = 3, LEAST_TABLE_LG2 = 12 };

/* ---- Shape ---- */

static int size_code(const struct smmu3_dpt *dpt)
{
	return code_of(address_size_to_52, dpt->size_bits);
}

static int level0_code(const struct smmu3_dpt *dpt)
{
	return code_of(level0_lg2_of, dpt->level0_bits);
}

static int granule_code(const struct smmu3_dpt *dpt)
{
	return code_of(tg0_granule, dpt->granule_lg2);
}

static bool legal(const struct smmu3_dpt *dpt)
{
	return size_code(dpt) >= 0 && level0_code(dpt) >= 0 && granule_code(dpt) >= 0 &&
	       dpt->level0_bits <= dpt->size_bits;
}

int smmu3_dpt_create(const struct smmu3_builder *builder, struct smmu3_dpt *dpt)
{
	if (!legal(dpt))
		return -SMMU3_E_ARGUMENT;
	const unsigned lg2 = (unsigned)(dpt->size_bits - dpt->level0_bits) + ENTRY_LG2;

	return builder->allocate(builder->context,
				 UINT64_C(1) << (lg2 > LEAST_TABLE_LG2 ? lg2 : LEAST_TABLE_LG2),
				 &dpt->base);
}

void smmu3_dpt_registers(const struct smmu3_dpt *dpt, uint64_t *base, uint32_t *config)
{
	uint64_t cfg = 0;

	*base = 0;
	put_address(base, DPT_BASE_BADDR, dpt->base);
	put(base, DPT_BASE_RA, 1);
	put(&cfg, DPT_BASE_CFG_DPTPS, (uint64_t)size_code(dpt));
	put(&cfg, DPT_BASE_CFG_DPTGS, (uint64_t)granule_code(dpt));
	put(&cfg, DPT_BASE_CFG_L0DPTSZ, (uint64_t)level0_code(dpt));
	*config = (uint32_t)cfg;
}

/* ---- Granting ---- */

/* A grant under way: twice, so that nothing is changed where something stands already. */
struct granting {
	const struct smmu3_builder *builder;
	const struct smmu3_dpt *dpt;
	const struct smmu3_dpt_grant *grant;
	bool writes;
};

/* A piece of it: [addr, addr + 2^lg2). */
struct piece {
	uint64_t addr;
	unsigned lg2;
};

static int look(const struct granting *granting, uint64_t at, uint64_t *word)
{
	return granting->builder->read(granting->builder->context, at, word);
}

static int store(const struct granting *granting, uint64_t at, uint64_t word)
{
	return granting->writes ? granting->builder->write(granting->builder->context, at, word) :
				  0;
}

static uint64_t level0_at(const struct granting *granting, uint64_t addr)
{
	return granting->dpt->base + (addr >> granting->dpt->level0_bits << ENTRY_LG2);
}

/* The three fields, as a block and a lower granule have them; an upper one's stand 32 bits above.
 */
static uint64_t fields(const struct smmu3_dpt_grant *grant)
{
	uint64_t word = 0;

	put(&word, DPT_AC0, grant->ac);
	put(&word, DPT_W0, grant->writable);
	put(&word, DPT_VMID0, grant->ac == DPT_AC_ANY ? 0 : grant->vmid);
	return word;
}

static int grant_block(const struct granting *granting, struct piece piece)
{
	const uint64_t at = level0_at(granting, piece.addr);
	uint64_t word;
	const int code = look(granting, at, &word);

	if (code || word)
		return code ? code : -SMMU3_E_OVERLAP;
	return store(granting, at, DPT_TYPE_BLOCK | fields(granting->grant));
}

/* Where the level 1 table of an address is; 0: there is none, and none is made yet. */
static int level1_table(const struct granting *granting, uint64_t addr, uint64_t *table)
{
	const struct smmu3_dpt *dpt = granting->dpt;
	const unsigned lg2 = (unsigned)(dpt->level0_bits - dpt->granule_lg2 - 1) + ENTRY_LG2;
	uint64_t word;
	int code = look(granting, level0_at(granting, addr), &word);

	*table = field_in_place(&word, DPT_TABLE_ADDR);
	if (code)
		return code;
	if (word)
		return field_value(&word, DPT_TYPE) == DPT_TYPE_TABLE ? 0 : -SMMU3_E_OVERLAP;
	if (!granting->writes)
		return 0;
	code = granting->builder->allocate(granting->builder->context, UINT64_C(1) << lg2, table);
	if (code)
		return code;
	word = DPT_TYPE_TABLE;
	put_address(&word, DPT_TABLE_ADDR, *table);
	return store(granting, level0_at(granting, addr), word);
}

static uint64_t level1_at(const struct granting *granting, uint64_t table, uint64_t addr)
{
	const struct smmu3_dpt *dpt = granting->dpt;

	return table + ((addr & low_bits(dpt->level0_bits)) >> (dpt->granule_lg2 + 1) << ENTRY_LG2);
}

static int grant_granule(const struct granting *granting, uint64_t at, uint64_t addr)
{
	const bool upper = bit(addr, granting->dpt->granule_lg2);
	uint64_t word;
	const int code = look(granting, at, &word);

	if (code)
		return code;
	if (field_value(&word, DPT_CONTIG) || word & (upper ? 2 : 1))
		return -SMMU3_E_OVERLAP;
	word |= fields(granting->grant) << (upper ? 32 : 0) | (upper ? 2 : 1);
	return store(granting, at, word);
}

/* Each descriptor of a contiguous region says the same. */
static int grant_contiguous(const struct granting *granting, uint64_t at, unsigned lg2)
{
	const uint64_t count = UINT64_C(1) << (lg2 - granting->dpt->granule_lg2 - 1);
	uint64_t descriptor = 3 | fields(granting->grant), word;
	int code = 0;

	put(&descriptor, DPT_CONTIG, (uint64_t)code_of(dpt_contig_lg2, lg2));
	for (uint64_t i = 0; !code && i < count; i++) {
		code = look(granting, at + (i << ENTRY_LG2), &word);
		if (!code && word)
			code = -SMMU3_E_OVERLAP;
		if (!code)
			code = store(granting, at + (i << ENTRY_LG2), descriptor);
	}
	return code;
}

static int grant_piece(const struct granting *granting, struct piece piece)
{
	uint64_t table;

	if (piece.lg2 == granting->dpt->level0_bits)
		return grant_block(granting, piece);
	const int code = level1_table(granting, piece.addr, &table);

	if (code || !table)
		return code;
	const uint64_t at = level1_at(granting, table, piece.addr);

	return piece.lg2 == granting->dpt->granule_lg2 ? grant_granule(granting, at, piece.addr) :
							 grant_contiguous(granting, at, piece.lg2);
}

static bool fits(const struct smmu3_dpt_grant *grant, uint64_t addr, unsigned lg2)
{
	return !(addr & low_bits(lg2)) && grant->addr + grant->size - addr >= UINT64_C(1) << lg2;
}

/* The largest piece that begins here: a block, a contiguous region if they are wanted, a granule.
 */
static struct piece piece_at(const struct granting *granting, uint64_t addr)
{
	static const uint8_t sizes[] = { 36, 34, 30, 29, 25, 21, 16 };
	const struct smmu3_dpt *dpt = granting->dpt;

	if (fits(granting->grant, addr, dpt->level0_bits))
		return (struct piece){ addr, dpt->level0_bits };
	for (size_t i = 0; granting->grant->contiguous && i < ARRAY_SIZE(sizes); i++)
		if (sizes[i] < dpt->level0_bits && sizes[i] > dpt->granule_lg2 &&
		    fits(granting->grant, addr, sizes[i]))
			return (struct piece){ addr, sizes[i] };
	return (struct piece){ addr, dpt->granule_lg2 };
}

static int grant_all(const struct granting *granting)
{
	const uint64_t end = granting->grant->addr + granting->grant->size;
	int code = 0;

	for (uint64_t addr = granting->grant->addr; !code && addr < end;) {
		const struct piece piece = piece_at(granting, addr);

		code = grant_piece(granting, piece);
		addr += UINT64_C(1) << piece.lg2;
	}
	return code;
}

int smmu3_dpt_grant(const struct smmu3_builder *builder, const struct smmu3_dpt *dpt,
		    const struct smmu3_dpt_grant *grant)
{
	struct granting granting = { builder, dpt, grant, false };
	const uint64_t all = legal(dpt) ? UINT64_C(1) << dpt->size_bits : 0;

	if (!grant->size || (grant->addr | grant->size) & low_bits(dpt->granule_lg2) ||
	    grant->addr >= all || grant->size > all - grant->addr || grant->ac > DPT_AC_ANY)
		return -SMMU3_E_ARGUMENT;
	const int code = grant_all(&granting);

	granting.writes = true;
	return code ? code : grant_all(&granting);
}
