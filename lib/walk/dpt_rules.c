/* SPDX-License-Identifier: MIT */
/* The Device Permission Table as its registers and descriptors say it is.  Pure. */
#include "walk/dpt.h"

#include "arch/encoded.h"
#include "arch/regs.h"
#include "base/bits.h"

/* ---- The registers ---- */

enum { ENTRY_LG2 = 3, LEAST_TABLE_LG2 = 12 };
#define BAD 0u /* a size that there is not */

/* DPTPS: OAS must have so many.  6.3.47 */
static unsigned size_bits(const struct features *features, unsigned code)
{
	const unsigned in_bits = address_size_to_52(code);

	return in_bits <= features->oas_bits ? in_bits : BAD;
}

/* DPTGS has the encoding of CD.TG0. */
static unsigned granule(const struct features *features, unsigned code)
{
	const unsigned lg2 = tg0_granule(code);

	return has_granule(features, lg2) ? lg2 : BAD;
}

/* The bytes of the level 0 table, log2. */
static unsigned level0_lg2(const struct dpt *dpt)
{
	return ENTRY_LG2 + (unsigned)(dpt->size_bits - dpt->level0_bits);
}

/* Of a level 1 table: a descriptor for each two granules. */
static unsigned level1_lg2(const struct dpt *dpt)
{
	return ENTRY_LG2 + (unsigned)(dpt->level0_bits - dpt->granule_lg2 - 1);
}

static uint64_t aligned_base(const struct dpt *dpt, uint64_t base)
{
	const unsigned lg2 = level0_lg2(dpt);

	return align_down(reg_address(base, DPT_BASE_BADDR) & low_bits(dpt->oas_bits),
			  lg2 > LEAST_TABLE_LG2 ? lg2 : LEAST_TABLE_LG2);
}

struct dpt dpt_from(const struct features *features, const struct dpt_registers *registers)
{
	struct dpt dpt = {
		.attr = registers->attr,
		.mecid = registers->mecid,
		.sec_sid = (uint8_t)registers->sec_sid,
		.size_bits = (uint8_t)size_bits(features, (unsigned)reg_get(registers->cfg,
									    DPT_BASE_CFG_DPTPS)),
		.level0_bits = (uint8_t)level0_lg2_of(
			(unsigned)reg_get(registers->cfg, DPT_BASE_CFG_L0DPTSZ)),
		.granule_lg2 = (uint8_t)granule(features, (unsigned)reg_get(registers->cfg,
									    DPT_BASE_CFG_DPTGS)),
		.oas_bits = features->oas_bits,
		.vmid16 = features->vmid16,
		.walks = registers->walks,
	};

	dpt.valid = dpt.size_bits && dpt.level0_bits && dpt.granule_lg2 &&
		    dpt.level0_bits <= dpt.size_bits;
	if (dpt.valid)
		dpt.base = aligned_base(&dpt, registers->base);
	return dpt;
}

/* ---- The lookup ---- */

uint64_t dpt_level0_at(const struct dpt *dpt, uint64_t addr)
{
	return dpt->base | addr >> dpt->level0_bits << ENTRY_LG2;
}

uint64_t dpt_level1_at(const struct dpt *dpt, uint64_t table, uint64_t addr)
{
	const uint64_t index = (addr & low_bits(dpt->level0_bits)) >> (dpt->granule_lg2 + 1);

	return align_down(table, level1_lg2(dpt)) | index << ENTRY_LG2;
}

/* What a descriptor grants: of each level and half the same three fields, in their words. */
struct grant {
	unsigned ac, w, vmid;
};

/* Is a field reserved, or has the VMID a bit that is RES0? */
static bool malformed(const struct dpt *dpt, struct grant grant)
{
	return grant.ac == DPT_AC_RESERVED || (grant.ac == DPT_AC_ANY && grant.vmid) ||
	       (!dpt->vmid16 && grant.vmid >> 8);
}

static struct pa_region region_of(const struct dpt *dpt, uint64_t addr, unsigned size_lg2,
				  struct grant grant)
{
	return (struct pa_region){
		.first = align_down(addr, size_lg2),
		.size_lg2 = (uint8_t)size_lg2,
		.sec_sid = dpt->sec_sid,
		.granule = size_lg2 == dpt->granule_lg2,
		.writable = grant.w,
		.ac = (uint8_t)grant.ac,
		.vmid = (uint16_t)grant.vmid,
	};
}

#define GET(descriptor, field) ((unsigned)field_value(&(descriptor), field))

static enum dpt_meaning level0_block(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
				     struct pa_region *region)
{
	const uint64_t has = field_mask(DPT_TYPE) | field_mask(DPT_BLOCK_AC) |
			     field_mask(DPT_BLOCK_W) | field_mask(DPT_BLOCK_VMID);
	const struct grant grant = { GET(descriptor, DPT_BLOCK_AC), GET(descriptor, DPT_BLOCK_W),
				     GET(descriptor, DPT_BLOCK_VMID) };

	if (descriptor & ~has || malformed(dpt, grant))
		return DPT_INVALID;
	*region = region_of(dpt, addr, dpt->level0_bits, grant);
	return DPT_GRANTS;
}

static enum dpt_meaning level0_table(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
				     struct pa_region *region)
{
	const uint64_t table = field_in_place(&descriptor, DPT_TABLE_ADDR);
	const uint64_t has = field_mask(DPT_TYPE) | field_mask(DPT_TABLE_ADDR);

	if (descriptor & ~has || table >> dpt->oas_bits)
		return DPT_INVALID;
	*region = (struct pa_region){
		.first = align_down(addr, dpt->level0_bits),
		.table = table,
		.size_lg2 = dpt->level0_bits,
		.sec_sid = dpt->sec_sid,
		.leads_on = true,
	};
	return DPT_LEADS_ON;
}

enum dpt_meaning dpt_level0(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
			    struct pa_region *region)
{
	switch (GET(descriptor, DPT_TYPE)) {
	case DPT_TYPE_NO_ACCESS:
		return descriptor ? DPT_INVALID : DPT_NO_ACCESS;
	case DPT_TYPE_BLOCK:
		return level0_block(dpt, addr, descriptor, region);
	case DPT_TYPE_TABLE:
		return level0_table(dpt, addr, descriptor, region);
	default:
		return DPT_INVALID;
	}
}

/* log2 of the region that Contig names; BAD: reserved.  3.24.3.1.4 */
static unsigned contiguous_lg2(const struct dpt *dpt, unsigned contig)
{
	const unsigned lg2 = dpt_contig_lg2(contig);

	return lg2 > dpt->granule_lg2 && lg2 <= dpt->level0_bits ? lg2 : BAD;
}

/* Bits of a level 1 descriptor that say something: of a granule that cannot be accessed none do,
 * of a contiguous region those of the upper one neither. */
static uint64_t level1_bits(unsigned a, bool contiguous)
{
	const uint64_t lower = field_mask(DPT_AC0) | field_mask(DPT_W0) | field_mask(DPT_VMID0);
	const uint64_t upper = field_mask(DPT_AC1) | field_mask(DPT_W1) | field_mask(DPT_VMID1);

	return field_mask(DPT_A) | (a & 1 ? lower : 0) | (a & 2 && !contiguous ? upper : 0) |
	       (a == 3 ? field_mask(DPT_CONTIG) : 0);
}

static struct grant grant_of(uint64_t descriptor, bool upper)
{
	if (upper)
		return (struct grant){ GET(descriptor, DPT_AC1), GET(descriptor, DPT_W1),
				       GET(descriptor, DPT_VMID1) };
	return (struct grant){ GET(descriptor, DPT_AC0), GET(descriptor, DPT_W0),
			       GET(descriptor, DPT_VMID0) };
}

/* A descriptor is judged as a whole, whichever granule is asked for. */
enum dpt_meaning dpt_level1(const struct dpt *dpt, uint64_t addr, uint64_t descriptor,
			    struct pa_region *region)
{
	const unsigned a = GET(descriptor, DPT_A), contig = GET(descriptor, DPT_CONTIG);
	const bool contiguous = a == 3 && contig;
	const bool upper = !contiguous && bit(addr, dpt->granule_lg2);
	const unsigned size_lg2 = contiguous ? contiguous_lg2(dpt, contig) : dpt->granule_lg2;

	if (descriptor & ~level1_bits(a, contiguous) || size_lg2 == BAD ||
	    malformed(dpt, grant_of(descriptor, false)) ||
	    malformed(dpt, grant_of(descriptor, true)))
		return DPT_INVALID;
	if (!(a & (upper ? 2 : 1)))
		return DPT_NO_ACCESS;
	*region = region_of(dpt, addr, size_lg2, grant_of(descriptor, upper));
	return DPT_GRANTS;
}

/* ---- The check ---- */

/* Must the VMIDs be the same?  3.24.1 */
static bool of_one_vmid(unsigned vmatch, unsigned ac)
{
	switch (ac) {
	case DPT_AC_VMID:
		return vmatch != DPT_VMATCH_NEVER;
	case DPT_AC_VMID_OR_01:
		return vmatch == DPT_VMATCH_VMID;
	default:
		return false;
	}
}

enum why dpt_refuses(const struct pa_region *region, const struct dpt_request *request)
{
	if (of_one_vmid(request->vmatch, region->ac) && region->vmid != request->vmid)
		return WHY_DPT_VMID;
	return request->write && !region->writable ? WHY_DPT_WRITE : WHY_NONE;
}

enum smmu3_pas dpt_output(enum smmu3_pas sec_sid, unsigned ac)
{
	return sec_sid == SMMU3_PAS_REALM && ac == DPT_AC_VMID ? SMMU3_PAS_REALM : SMMU3_PAS_NS;
}

/* ---- What is told ---- */

static const struct report {
	uint8_t faultcode, level;
	bool told;
} reports[] = {
	[WHY_DPT_DISABLED - WHY_DPT_DISABLED] = { DPT_DISABLED, 0, true },
	[WHY_DPT_CONFIG - WHY_DPT_DISABLED] = { DPT_WALK_FAULT, 0, true },
	[WHY_DPT_L0_GPC - WHY_DPT_DISABLED] = { DPT_GPC_FAULT, 0, true },
	[WHY_DPT_L0_FETCH - WHY_DPT_DISABLED] = { DPT_EABT, 0, true },
	[WHY_DPT_L0_INVALID - WHY_DPT_DISABLED] = { DPT_WALK_FAULT, 0, true },
	[WHY_DPT_L1_GPC - WHY_DPT_DISABLED] = { DPT_GPC_FAULT, 1, true },
	[WHY_DPT_L1_FETCH - WHY_DPT_DISABLED] = { DPT_EABT, 1, true },
	[WHY_DPT_L1_INVALID - WHY_DPT_DISABLED] = { DPT_WALK_FAULT, 1, true },
	[WHY_DPT_WRITE - WHY_DPT_DISABLED] = { .told = false },
};

uint64_t dpt_syndrome(enum why why, uint64_t addr)
{
	const struct report *report = dpt_decided(why) ? &reports[why - WHY_DPT_DISABLED] : NULL;

	if (!report || !report->told)
		return 0;
	return UINT64_C(1) << field_lsb(DPT_CFG_FAR_FAULT) |
	       (uint64_t)report->level << field_lsb(DPT_CFG_FAR_LEVEL) |
	       (uint64_t)report->faultcode << field_lsb(DPT_CFG_FAR_DPT_FAULTCODE) |
	       (addr & field_mask(DPT_CFG_FAR_FADDR));
}
