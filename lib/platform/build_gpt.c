/* SPDX-License-Identifier: MIT */
/* Granule protection tables: judged, put into Root memory, and made known to the SMMU, as firmware
 * does.  3.25, D9 */
#include "platform/features.h"
#include "platform/space.h"

#include "arch/encoded.h"
#include "arch/features.h"
#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"

#include <inttypes.h>

enum {
	DEFAULT_BITS = 40,
	LEVEL0_BITS = 30,       /* L0GPTSZ, which the library does not let a configuration choose */
	MOST_ENTRIES = 1 << 24, /* written for a map: what takes seconds is a mistake */
};

/* What the ID registers say of a table. */
static struct features features_of(const struct smmu_spec *smmu)
{
	const uint64_t idr5 = smmu->config.idr[5];

	return (struct features){
		.oas_bits = (uint8_t)address_size(field_value(&idr5, IDR5_OAS)),
		.gran4k = field_value(&idr5, IDR5_GRAN4K),
		.gran16k = field_value(&idr5, IDR5_GRAN16K),
		.gran64k = field_value(&idr5, IDR5_GRAN64K),
	};
}

/* ---- What is wrong ---- */

static void fill_defaults(struct gpt_spec *gpt, const struct features *features)
{
	if (gpt->bits == UNSET)
		gpt->bits = features->oas_bits < DEFAULT_BITS ? features->oas_bits : DEFAULT_BITS;
	if (gpt->granule == UNSET)
		gpt->granule = features->gran4k ? 12 : features->gran16k ? 14 : 16;
}

static void judge_shape(struct build *build, const struct gpt_spec *gpt,
			const struct features *features)
{
	if (gpt->bits > features->oas_bits)
		COMPLAIN(&build->loader, key_node(gpt->at, "bits"),
			 "%" PRIu64 " bits are more than IDR5.OAS has", gpt->bits);
	if (!has_granule(features, (unsigned)gpt->granule))
		COMPLAIN(&build->loader, key_node(gpt->at, "granule"),
			 "the SMMU does not have this granule");
}

static void judge_range(struct build *build, const struct gpt_spec *gpt,
			const struct gpt_range_spec *range)
{
	const uint64_t within = (UINT64_C(1) << gpt->granule) - 1, all = UINT64_C(1) << gpt->bits;

	if ((range->pa | range->size) & within)
		COMPLAIN(&build->loader, range->at, "pa and size must be multiples of the granule");
	if (range->pa >= all || range->size > all - range->pa)
		COMPLAIN(&build->loader, range->at, "the table has addresses of %" PRIu64 " bits",
			 gpt->bits);
}

/* That are written for a range that is right: blocks, and for what is beside them entries of 16
 * granules. */
static uint64_t entries_of(const struct gpt_spec *gpt, const struct gpt_range_spec *range)
{
	const uint64_t more = (UINT64_C(1) << LEVEL0_BITS) - 1, end = range->pa + range->size;
	const uint64_t first_block = (range->pa + more) >> LEVEL0_BITS;
	const uint64_t end_block = end >> LEVEL0_BITS;
	const uint64_t blocks = first_block < end_block ? end_block - first_block : 0;

	return blocks + ((range->size - (blocks << LEVEL0_BITS)) >> (gpt->granule + 4)) + 1;
}

/* Up to the first mistake. */
static void judge_map(struct build *build, const struct gpt_spec *gpt)
{
	const unsigned before = build->loader.complaints->count;
	uint64_t entries = 0;

	for (size_t i = 0; build->loader.complaints->count == before && i < gpt->map.count; i++) {
		const struct gpt_range_spec *const range = ITEM(gpt->map, struct gpt_range_spec, i);

		judge_range(build, gpt, range);
		if (build->loader.complaints->count == before)
			entries += entries_of(gpt, range);
		if (entries > MOST_ENTRIES)
			COMPLAIN(&build->loader, range->at,
				 "the ranges up to this one take more than %d entries, of which a "
				 "block of 1G is one",
				 MOST_ENTRIES);
	}
}

/* Is there a table, and nothing wrong with it? */
static bool judge(struct build *build, struct smmu_spec *smmu)
{
	const struct features features = features_of(smmu);
	const unsigned before = build->loader.complaints->count;
	struct gpt_spec *const gpt = &smmu->gpt;

	if (!has_root(&smmu->config)) {
		COMPLAIN(&build->loader, gpt->at,
			 "the SMMU has no granule protection; one that has says so: "
			 "features: {root: true}");
		return false;
	}
	fill_defaults(gpt, &features);
	judge_shape(build, gpt, &features);
	if (build->loader.complaints->count == before)
		judge_map(build, gpt);
	return build->loader.complaints->count == before;
}

/* ---- The table ---- */

static void set_all(struct space *space, const struct gpt_spec *gpt)
{
	int code = 0;

	for (size_t i = 0; !code && i < gpt->map.count && !space->complained; i++) {
		const struct gpt_range_spec *const spec = ITEM(gpt->map, struct gpt_range_spec, i);
		const struct smmu3_gpt_range range = { .addr = spec->pa,
						       .size = spec->size,
						       .gpi = (uint8_t)spec->pas,
						       .contiguous = (uint8_t)spec->contiguous };

		space->node = spec->at;
		code = smmu3_gpt_set(&space->builder, &gpt->table, &range);
		if (code)
			space_failed(space, code, spec->at);
	}
}

static void build_gpt(struct build *build, struct smmu_spec *smmu)
{
	struct gpt_spec *const gpt = &smmu->gpt;
	struct region *const region = tables_region(build, gpt->at, gpt->tables_in,
						    SMMU3_PAS_BIT(SMMU3_PAS_ROOT), SMMU3_PAS_ROOT);
	struct space space;

	if (!region)
		return;
	gpt->table = (struct smmu3_gpt){ .size_bits = (uint8_t)gpt->bits,
					 .level0_bits = LEVEL0_BITS,
					 .granule_lg2 = (uint8_t)gpt->granule };
	space_open(&space, build, region, gpt->at);
	const int code = smmu3_gpt_create(&space.builder, &gpt->table, (enum smmu3_gpi)gpt->rest);

	if (code)
		space_failed(&space, code, gpt->at);
	else
		set_all(&space, gpt);
	space_close(&space);
}

void build_gpts(struct build *build)
{
	const struct list *const list = &build->machine->spec.smmu;

	for (size_t i = 0; i < list->count && !complaints_full(build->loader.complaints); i++) {
		struct smmu_spec *const smmu = ITEM(*list, struct smmu_spec, i);

		if (smmu->gpt.at && !smmu->registers && judge(build, smmu))
			build_gpt(build, smmu);
	}
}

/* ---- Registers ---- */

static uint64_t read_root(const struct smmu_spec *smmu, uint64_t offset)
{
	uint64_t value = 0;

	(void)smmu3_mmio_read(smmu->smmu, SMMU3_PAS_ROOT, offset, 4, &value);
	return value;
}

static void write_root(const struct smmu_spec *smmu, uint64_t offset, unsigned size, uint64_t value)
{
	(void)smmu3_mmio_write(smmu->smmu, SMMU3_PAS_ROOT, offset, size, value);
}

/* Sets bits of ROOT_CR0, and waits. */
static bool enable(const struct smmu_spec *smmu, uint64_t bits)
{
	write_root(smmu, REG_ROOT_CR0, 4, read_root(smmu, REG_ROOT_CR0) | bits);
	return (read_root(smmu, REG_ROOT_CR0ACK) & bits) == bits;
}

/* All that may be kept of another table; where only PEs can, there is nothing yet. */
static bool invalidate(const struct smmu_spec *smmu)
{
	const uint64_t root_idr0 = smmu->config.root_idr0;

	if (!field_value(&root_idr0, ROOT_IDR0_RGPTM))
		return true;
	write_root(smmu, REG_ROOT_TLBI, 8, field_mask(ROOT_TLBI_ALL));
	write_root(smmu, REG_ROOT_TLBI_CTRL, 4, field_mask(ROOT_TLBI_CTRL_RUN));
	return !read_root(smmu, REG_ROOT_TLBI_CTRL);
}

static bool start_checks(const struct smmu_spec *smmu)
{
	uint64_t base, config;

	if (!smmu->gpt.at)
		return true;
	smmu3_gpt_registers(&smmu->gpt.table, &base, &config);
	write_root(smmu, REG_ROOT_GPT_BASE, 8, base);
	write_root(smmu, REG_ROOT_GPT_BASE_CFG, 8, config);
	return invalidate(smmu) && enable(smmu, field_mask(ROOT_CR0_GPCEN));
}

bool start_root(const struct smmu_spec *smmu)
{
	return !has_root(&smmu->config) ||
	       (start_checks(smmu) && enable(smmu, field_mask(ROOT_CR0_ACCESSEN)));
}
