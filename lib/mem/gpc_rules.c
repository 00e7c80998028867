/* SPDX-License-Identifier: MIT */
/* Granule protection tables as registers and entries say they are.  Pure.  6.3.114, 6.3.115, D9.6,
 * D9.7 */
#include "mem/gpc.h"

#include "arch/attr.h"
#include "arch/encoded.h"
#include "arch/regs.h"
#include "base/bits.h"

/* ---- The registers ---- */

enum { ENTRY_LG2 = 3, LEAST_TABLE_LG2 = 12 };
#define BAD 0u /* a size that there is not */

/* PPS: OAS must have so many. */
static unsigned size_bits(const struct features *features, unsigned code)
{
	const unsigned in_bits = address_size_to_52(code);

	return in_bits <= features->oas_bits ? in_bits : BAD;
}

/* PGS has the encoding of CD.TG0. */
static unsigned granule(const struct features *features, unsigned code)
{
	const unsigned lg2 = tg0_granule(code);

	return has_granule(features, lg2) ? lg2 : BAD;
}

/* IRGN, ORGN and SH as attributes: there are no others than these. */
static struct smmu3_attr fetch_attr(uint64_t cfg)
{
	static const uint8_t half[4] = {
		[WALK_NC] = MAIR_HALF_NC,
		[WALK_WB_RA_WA] = MAIR_HALF_WB | MAIR_HALF_R | MAIR_HALF_W,
		[WALK_WT_RA] = MAIR_HALF_WT | MAIR_HALF_R,
		[WALK_WB_RA] = MAIR_HALF_WB | MAIR_HALF_R,
	};
	const unsigned outer = half[reg_get(cfg, GPT_BASE_CFG_ORGN)];
	const unsigned inner = half[reg_get(cfg, GPT_BASE_CFG_IRGN)];

	return (struct smmu3_attr){ (uint8_t)(outer << 4 | inner),
				    (uint8_t)reg_get(cfg, GPT_BASE_CFG_SH) };
}

/* Non-cacheable at both levels is Outer Shareable, 1 is reserved. */
static bool attr_valid(struct smmu3_attr attr)
{
	return attr.sh == SMMU3_OSH ||
	       (!mair_is_nc(attr.mair) && (attr.sh == SMMU3_NSH || attr.sh == SMMU3_ISH));
}

/* The bytes of the level 0 table, log2: it has at least one entry. */
static unsigned level0_lg2(const struct gpc *gpc)
{
	const unsigned index_bits = gpc->size_bits > gpc->level0_bits ?
					    (unsigned)(gpc->size_bits - gpc->level0_bits) :
					    0;

	return ENTRY_LG2 + index_bits;
}

/* Of a level 1 table: an entry for each 16 granules. */
static unsigned level1_lg2(const struct gpc *gpc)
{
	return ENTRY_LG2 + (unsigned)(gpc->level0_bits - gpc->granule_lg2 - 4);
}

static uint64_t aligned_base(const struct gpc *gpc, const struct features *features, uint64_t base)
{
	const unsigned lg2 = level0_lg2(gpc);

	return align_down(reg_address(base, GPT_BASE_ADDR) & low_bits(features->oas_bits),
			  lg2 > LEAST_TABLE_LG2 ? lg2 : LEAST_TABLE_LG2);
}

struct gpc gpc_decode(const struct features *features, const struct gpc_registers *registers)
{
	const uint64_t cfg = registers->cfg;
	struct gpc gpc = {
		.attr = fetch_attr(cfg),
		.size_bits = (uint8_t)size_bits(features, (unsigned)reg_get(cfg, GPT_BASE_CFG_PPS)),
		.level0_bits = (uint8_t)level0_lg2_of((unsigned)reg_get(cfg, GPT_BASE_CFG_L0GPTSZ)),
		.granule_lg2 = (uint8_t)granule(features, (unsigned)reg_get(cfg, GPT_BASE_CFG_PGS)),
		.access = registers->access,
		.checks = registers->checks,
		.first = features->gpt_first,
	};

	gpc.valid = gpc.size_bits && gpc.level0_bits && gpc.granule_lg2 && attr_valid(gpc.attr);
	if (gpc.valid)
		gpc.base = aligned_base(&gpc, features, registers->base);
	return gpc;
}

/* ---- The lookup ---- */

uint64_t gpt_level0_at(const struct gpc *gpc, uint64_t addr)
{
	return gpc->base | addr >> gpc->level0_bits << ENTRY_LG2;
}

/* A Table that is kept may be from before PGS changed: what its size does not allow for is 0. */
uint64_t gpt_level1_at(const struct gpc *gpc, uint64_t table, uint64_t addr)
{
	const uint64_t index = (addr & low_bits(gpc->level0_bits)) >> (gpc->granule_lg2 + 4);

	return align_down(table, level1_lg2(gpc)) | index << ENTRY_LG2;
}

/* Secure is never reserved, be there Secure streams or not: PEs read the same table. */
static bool gpi_valid(unsigned gpi)
{
	const unsigned known = 1u << GPI_NONE | 1u << GPI_SECURE | 1u << GPI_NS | 1u << GPI_ROOT |
			       1u << GPI_REALM | 1u << GPI_ANY;

	return bit(known, gpi);
}

bool gpi_permits(unsigned gpi, enum smmu3_pas pas)
{
	static const uint8_t space[4] = {
		[SMMU3_PAS_NS] = GPI_NS,
		[SMMU3_PAS_SECURE] = GPI_SECURE,
		[SMMU3_PAS_REALM] = GPI_REALM,
		[SMMU3_PAS_ROOT] = GPI_ROOT,
	};

	return gpi == GPI_ANY || gpi == space[pas];
}

static struct pa_region region_of(uint64_t addr, unsigned level, unsigned size_lg2, unsigned gpi)
{
	return (struct pa_region){
		.first = align_down(addr, size_lg2),
		.size_lg2 = (uint8_t)size_lg2,
		.sec_sid = SMMU3_PAS_ROOT,
		.level = (uint8_t)level,
		.gpi = (uint8_t)gpi,
	};
}

static enum gpt_meaning level0_block(const struct gpc *gpc, uint64_t addr, uint64_t entry,
				     struct pa_region *region)
{
	const unsigned gpi = (unsigned)gpt_get(entry, GPT_GPI);

	if (entry & ~(field_mask(GPT_TYPE) | field_mask(GPT_GPI)) || !gpi_valid(gpi))
		return GPT_INVALID;
	*region = region_of(addr, 0, gpc->level0_bits, gpi);
	return GPT_SAYS;
}

/* The next table is aligned to its size.  D9.6.1 */
static enum gpt_meaning level0_table(const struct gpc *gpc, uint64_t addr, uint64_t entry,
				     struct pa_region *region)
{
	const uint64_t table = gpt_address(entry, GPT_ADDR);

	if (entry & ~(field_mask(GPT_TYPE) | field_mask(GPT_ADDR)) ||
	    table & low_bits(level1_lg2(gpc)))
		return GPT_INVALID;
	if (table >> gpc->size_bits)
		return GPT_BEYOND;
	*region = region_of(addr, 0, gpc->level0_bits, GPI_NONE);
	region->table = table;
	region->leads_on = true;
	return GPT_LEADS_ON;
}

enum gpt_meaning gpt_level0(const struct gpc *gpc, uint64_t addr, uint64_t entry,
			    struct pa_region *region)
{
	switch (gpt_get(entry, GPT_TYPE)) {
	case GPT_BLOCK:
		return level0_block(gpc, addr, entry, region);
	case GPT_TABLE:
		return level0_table(gpc, addr, entry, region);
	default:
		return GPT_INVALID;
	}
}

static enum gpt_meaning level1_contiguous(uint64_t addr, uint64_t entry, struct pa_region *region)
{
	const uint64_t has = field_mask(GPT_TYPE) | field_mask(GPT_GPI) | field_mask(GPT_CONTIG);
	const unsigned gpi = (unsigned)gpt_get(entry, GPT_GPI);
	const unsigned size_lg2 = gpt_contig_lg2(gpt_get(entry, GPT_CONTIG));

	if (entry & ~has || size_lg2 == BAD || !gpi_valid(gpi))
		return GPT_INVALID;
	*region = region_of(addr, 1, size_lg2, gpi);
	return GPT_SAYS;
}

/* The GPI of one of 16 granules. */
static unsigned gpi_at(uint64_t entry, unsigned granule)
{
	return (unsigned)bits(entry, 4 * granule + 3, 4 * granule);
}

/* An entry is judged as a whole, whichever granule is asked for. */
static enum gpt_meaning level1_granules(const struct gpc *gpc, uint64_t addr, uint64_t entry,
					struct pa_region *region)
{
	const unsigned index = (unsigned)(addr >> gpc->granule_lg2) % GPT_GRANULES;

	for (unsigned i = 0; i < GPT_GRANULES; i++)
		if (!gpi_valid(gpi_at(entry, i)))
			return GPT_INVALID;
	*region = region_of(addr, 1, gpc->granule_lg2, gpi_at(entry, index));
	region->granule = true;
	return GPT_SAYS;
}

enum gpt_meaning gpt_level1(const struct gpc *gpc, uint64_t addr, uint64_t entry,
			    struct pa_region *region)
{
	return gpt_get(entry, GPT_TYPE) == GPT_CONTIGUOUS ?
		       level1_contiguous(addr, entry, region) :
		       level1_granules(gpc, addr, entry, region);
}

/* ---- Invalidation by PA ---- */

bool gpt_scope(const struct gpc *gpc, const struct features *features, uint64_t tlbi,
	       struct smmu3_invalidation *scope)
{
	const uint64_t addr = align_down(reg_address(tlbi, ROOT_TLBI_ADDRESS), gpc->granule_lg2);
	unsigned lg2 = by_pa_lg2(reg_get(tlbi, ROOT_TLBI_SIZE));

	*scope = (struct smmu3_invalidation){ .kind = SMMU3_INVALIDATES_GPT,
					      .sec_sid = SMMU3_PAS_ROOT,
					      .any_asid = 1,
					      .any_vmid = 1,
					      .any_ssid = 1 };
	if (reg_get(tlbi, ROOT_TLBI_ALL))
		return true;
	if (lg2 == BAD || gpc->granule_lg2 == BAD)
		return false;
	if (lg2 < gpc->granule_lg2)
		lg2 = gpc->granule_lg2;
	scope->leaf = (uint8_t)reg_get(tlbi, ROOT_TLBI_L);
	scope->addr = addr;
	scope->bytes = UINT64_C(1) << lg2;
	return !(addr & low_bits(lg2)) && !(addr >> features->oas_bits);
}
