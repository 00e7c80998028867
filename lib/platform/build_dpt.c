/* SPDX-License-Identifier: MIT */
/* Device Permission Tables: judged, put into memory, and made known to the SMMU.  3.24 */
#include "platform/interface.h"
#include "platform/space.h"

#include "arch/dpt.h"
#include "arch/encoded.h"
#include "arch/features.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"

#include <inttypes.h>

enum { DEFAULT_BITS = 40, VMID8_MOST = 0xff };

/* What the ID registers say of a table. */
static struct features features_of(const struct smmu_spec *smmu)
{
	const uint64_t idr0 = smmu->config.idr[0], idr3 = smmu->config.idr[3];
	const uint64_t idr5 = smmu->config.idr[5];

	return (struct features){
		.vmid16 = field_value(&idr0, IDR0_VMID16),
		.dpt = field_value(&idr3, IDR3_DPT),
		.oas_bits = (uint8_t)address_size(field_value(&idr5, IDR5_OAS)),
		.gran4k = field_value(&idr5, IDR5_GRAN4K),
		.gran16k = field_value(&idr5, IDR5_GRAN16K),
		.gran64k = field_value(&idr5, IDR5_GRAN64K),
	};
}

/* ---- What is wrong ---- */

static uint64_t default_granule(const struct features *features)
{
	return features->gran4k ? 12 : features->gran16k ? 14 : 16;
}

static void fill_defaults(struct dpt_spec *dpt, const struct features *features)
{
	if (dpt->bits == UNSET)
		dpt->bits = features->oas_bits < DEFAULT_BITS ? features->oas_bits : DEFAULT_BITS;
	if (dpt->granule == UNSET)
		dpt->granule = default_granule(features);
}

static void judge_shape(struct build *build, const struct dpt_spec *dpt,
			const struct features *features)
{
	if (dpt->bits > features->oas_bits)
		COMPLAIN(&build->loader, key_node(dpt->at, "bits"),
			 "%" PRIu64 " bits are more than IDR5.OAS has", dpt->bits);
	if (dpt->region > dpt->bits)
		COMPLAIN(&build->loader, key_node(dpt->at, "region"),
			 "a region is larger than the table of %" PRIu64 " bits", dpt->bits);
	if (!has_granule(features, (unsigned)dpt->granule))
		COMPLAIN(&build->loader, key_node(dpt->at, "granule"),
			 "the SMMU does not have this granule");
}

static void judge_grant(struct build *build, const struct dpt_spec *dpt,
			const struct dpt_grant_spec *grant, const struct features *features)
{
	const uint64_t within = (UINT64_C(1) << dpt->granule) - 1, all = UINT64_C(1) << dpt->bits;

	if ((grant->pa | grant->size) & within)
		COMPLAIN(&build->loader, grant->at, "pa and size must be multiples of the granule");
	if (grant->pa >= all || grant->size > all - grant->pa)
		COMPLAIN(&build->loader, grant->at, "the table has addresses of %" PRIu64 " bits",
			 dpt->bits);
	if (grant->perm != PERM_RO && grant->perm != PERM_RW)
		COMPLAIN(&build->loader, key_node(grant->at, "perm"),
			 "a Device Permission Table grants ro or rw");
	if (grant->shared && grant->vmid == UNSET)
		COMPLAIN(&build->loader, key_node(grant->at, "shared"),
			 "without 'vmid' it is of every VMID");
	if (grant->vmid != UNSET && grant->vmid > VMID8_MOST && !features->vmid16)
		COMPLAIN(&build->loader, key_node(grant->at, "vmid"),
			 "without IDR0.VMID16 a VMID has 8 bits");
}

/* Is there a table, and nothing wrong with it? */
static bool judge(struct build *build, struct smmu_spec *smmu)
{
	const struct features features = features_of(smmu);
	const unsigned before = build->loader.complaints->count;
	struct dpt_spec *const dpt = &smmu->dpt;

	if (!features.dpt) {
		COMPLAIN(&build->loader, dpt->at,
			 "the SMMU has no Device Permission Table: IDR3.DPT is 0");
		return false;
	}
	fill_defaults(dpt, &features);
	judge_shape(build, dpt, &features);
	for (size_t i = 0; build->loader.complaints->count == before && i < dpt->map.count; i++)
		judge_grant(build, dpt, ITEM(dpt->map, struct dpt_grant_spec, i), &features);
	return build->loader.complaints->count == before;
}

/* ---- The table ---- */

static struct smmu3_dpt_grant grant_of(const struct dpt_grant_spec *spec)
{
	const bool any = spec->vmid == UNSET;

	return (struct smmu3_dpt_grant){
		.addr = spec->pa,
		.size = spec->size,
		.writable = spec->perm == PERM_RW,
		.ac = any          ? DPT_AC_ANY :
		      spec->shared ? DPT_AC_VMID_OR_01 :
				     DPT_AC_VMID,
		.vmid = any ? 0 : (uint16_t)spec->vmid,
		.contiguous = (uint8_t)spec->contiguous,
	};
}

static void grant_all(struct space *space, const struct dpt_spec *dpt)
{
	int code = 0;

	for (size_t i = 0; !code && i < dpt->map.count && !space->complained; i++) {
		const struct dpt_grant_spec *const spec = ITEM(dpt->map, struct dpt_grant_spec, i);
		const struct smmu3_dpt_grant grant = grant_of(spec);

		space->node = spec->at;
		code = smmu3_dpt_grant(&space->builder, &dpt->table, &grant);
		if (code)
			space_failed(space, code, spec->at);
	}
}

static void build_dpt(struct build *build, struct smmu_spec *smmu)
{
	struct region *const region = interface_region(build, &smmu->interface[SMMU3_PAS_NS]);
	struct dpt_spec *const dpt = &smmu->dpt;
	struct space space;

	if (!region)
		return;
	dpt->table = (struct smmu3_dpt){ .size_bits = (uint8_t)dpt->bits,
					 .level0_bits = (uint8_t)dpt->region,
					 .granule_lg2 = (uint8_t)dpt->granule };
	space_open(&space, build, region, dpt->at);
	const int code = smmu3_dpt_create(&space.builder, &dpt->table);

	if (code)
		space_failed(&space, code, dpt->at);
	else
		grant_all(&space, dpt);
	space_close(&space);
}

void build_dpts(struct build *build)
{
	const struct list *const list = &build->machine->spec.smmu;

	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);

		if (!smmu->dpt.at || smmu->registers)
			continue;
		if (judge(build, smmu))
			build_dpt(build, smmu);
	}
}

/* ---- Registers ---- */

bool start_dpt(const struct smmu_spec *smmu)
{
	const uint64_t bits = field_mask(CR0_DPT_WALK_EN) | field_mask(CR0_ATSCHK);
	uint64_t base;
	uint32_t config;

	if (!smmu->dpt.at)
		return true;
	smmu3_dpt_registers(&smmu->dpt.table, &base, &config);
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_NS, REG_DPT_BASE, 8, base);
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_NS, REG_DPT_BASE_CFG, 4, config);
	return interface_enable(&smmu->interface[SMMU3_PAS_NS], bits);
}
