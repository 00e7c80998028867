/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <smmu/decode.h>
#include <smmu/tables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tables live at RAM_BASE; what devices reach lies above them and is not backed: nothing reads
 * it. */
static const uint64_t RAM_BASE = UINT64_C(0x80000000), RAM_SIZE = UINT64_C(1) << 28;
static const uint64_t INPUT_BASE = UINT64_C(0x40000000), IPA_BASE = UINT64_C(0x1000000000);
static const uint64_t PA_BASE = UINT64_C(0x2000000000);

static int allocate(void *context, uint64_t bytes, uint64_t *at)
{
	struct machine *machine = context;
	const uint64_t start = (machine->used + bytes - 1) & ~(bytes - 1);

	if (start + bytes > RAM_SIZE)
		return -SMMU3_E_MEMORY;
	machine->used = start + bytes;
	*at = RAM_BASE + start;
	return 0;
}

static int read_word(void *context, uint64_t at, uint64_t *word)
{
	const struct machine *machine = context;

	memcpy(word, machine->ram + (at - RAM_BASE), sizeof(*word));
	return 0;
}

static int write_word(void *context, uint64_t at, uint64_t word)
{
	struct machine *machine = context;

	memcpy(machine->ram + (at - RAM_BASE), &word, sizeof(word));
	return 0;
}

static unsigned page_lg2(const struct shape *shape)
{
	return shape->s1_granule_lg2 ? shape->s1_granule_lg2 :
	       shape->s2_granule_lg2 ? shape->s2_granule_lg2 :
				       12;
}

uint64_t machine_input(const struct shape *shape, uint32_t index)
{
	return INPUT_BASE + ((uint64_t)index << page_lg2(shape));
}

static uint64_t offset_of(const struct shape *shape, uint32_t index)
{
	/* Neighbours are sent apart, so that no block could hold them. */
	return (uint64_t)(index ^ (shape->pages - 1)) << page_lg2(shape);
}

uint64_t machine_output(const struct shape *shape, uint32_t index)
{
	if (shape->s2_granule_lg2)
		return PA_BASE + offset_of(shape, index);
	return shape->s1_granule_lg2 ? IPA_BASE + offset_of(shape, index) :
				       machine_input(shape, index);
}

/* Maps every page of the shape from one address space to the next, page by page. */
static int map_pages(const struct smmu3_builder *builder, const struct smmu3_table *table,
		     const struct shape *shape, uint64_t attributes)
{
	for (uint32_t i = 0; i < shape->pages; i++) {
		const uint64_t ipa = IPA_BASE + offset_of(shape, i);
		struct smmu3_map map = {
			.input = table->stage == 1 || !shape->s1_granule_lg2 ?
					 machine_input(shape, i) :
					 ipa,
			.output = table->stage == 1 ? ipa : PA_BASE + offset_of(shape, i),
			.size = UINT64_C(1) << page_lg2(shape),
			.block = UINT64_C(1) << table->granule_lg2,
			.attributes = attributes,
		};
		const int code = smmu3_table_map(builder, table, &map);

		if (code)
			return code;
	}
	return 0;
}

static void set(const char *layout, uint64_t *words, const char *field, uint64_t value)
{
	(void)smmu3_field_set(words, smmu3_field(smmu3_layout(layout), field), value);
}

static int build_stage1(const struct smmu3_builder *builder, const struct shape *shape,
			uint64_t ste[8])
{
	const struct smmu3_s1_attributes attributes = {
		.sh = SMMU3_ISH, .ap = 1, .ng = 1, .af = 1
	};
	struct smmu3_table table = {
		.stage = 1,
		.granule_lg2 = shape->s1_granule_lg2,
		.input_bits = shape->input_bits,
		.output_bits = 48,
	};
	struct smmu3_cd_table contexts = { 0 };
	uint64_t cd[8] = { 0 };
	int code = smmu3_table_create(builder, &table);

	code = code ? code : map_pages(builder, &table, shape, smmu3_s1_leaf(&attributes));
	code = code ? code : smmu3_cd_stage1(cd, &table);
	code = code ? code : smmu3_cd_table_create(builder, &contexts);
	if (code)
		return code;
	set("CD", cd, "V", 1);
	set("CD", cd, "A", 1);
	set("CD", cd, "R", 1);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	code = smmu3_cd_table_set(builder, &contexts, 0, cd);
	return code ? code : smmu3_ste_cd_table(ste, &contexts);
}

/* Stage 2 must also map what stage 1 is made of: everything in RAM, onto itself. */
static int map_ram(const struct smmu3_builder *builder, const struct smmu3_table *table,
		   uint64_t attributes)
{
	const struct smmu3_map map = {
		.input = RAM_BASE,
		.output = RAM_BASE,
		.size = RAM_SIZE,
		.block = UINT64_C(1) << table->granule_lg2,
		.attributes = attributes,
	};

	return smmu3_table_map(builder, table, &map);
}

static int build_stage2(const struct smmu3_builder *builder, const struct shape *shape,
			uint64_t ste[8])
{
	const struct smmu3_s2_attributes attributes = {
		.memattr = 0xf, .sh = SMMU3_ISH, .s2ap = 3, .af = 1
	};
	struct smmu3_table table = {
		.stage = 2,
		.granule_lg2 = shape->s2_granule_lg2,
		.input_bits = shape->input_bits,
		.output_bits = 48,
		.start_level = SMMU3_LEVEL_AUTO,
	};
	const uint64_t leaf = smmu3_s2_leaf(&attributes);
	int code = smmu3_table_create(builder, &table);

	code = code ? code : map_pages(builder, &table, shape, leaf);
	if (shape->s1_granule_lg2)
		code = code ? code : map_ram(builder, &table, leaf);
	return code ? code : smmu3_ste_stage2(ste, &table);
}

static int build_tables(struct machine *machine, struct smmu3_stream_table_shape *streams)
{
	const struct smmu3_builder builder = { machine, allocate, read_word, write_word };
	const struct shape *shape = machine->shape;
	uint64_t ste[8] = { 0 };
	int code = shape->s1_granule_lg2 ? build_stage1(&builder, shape, ste) : 0;

	if (shape->s2_granule_lg2)
		code = code ? code : build_stage2(&builder, shape, ste);
	set("STE", ste, "V", 1);
	set("STE", ste, "SHCFG", 1);
	set("STE", ste, "EATS", shape->eats);
	set("STE", ste, "Config",
	    4u | (shape->s1_granule_lg2 ? 1u : 0) | (shape->s2_granule_lg2 ? 2u : 0));
	code = code ? code : smmu3_stream_table_create(&builder, streams);
	return code ? code : smmu3_stream_table_set(&builder, streams, MACHINE_SID, ste);
}

static int write_register(struct smmu3 *smmu, const char *name, unsigned size, uint64_t value)
{
	return smmu3_mmio_write(smmu, SMMU3_PAS_NS, smmu3_register_layout(name)->offset, size,
				value);
}

/* What it grants are the pages that the tables put out, one by one. */
static int build_dpt(struct machine *machine)
{
	const struct smmu3_builder builder = { machine, allocate, read_word, write_word };
	const struct smmu3_dpt_grant grant = { .addr = PA_BASE,
					       .size = (uint64_t)machine->shape->pages << 12,
					       .writable = 1 };
	struct smmu3_dpt dpt = { .size_bits = 40, .level0_bits = 30, .granule_lg2 = 12 };
	uint64_t base;
	uint32_t config;
	int code = smmu3_dpt_create(&builder, &dpt);

	code = code ? code : smmu3_dpt_grant(&builder, &dpt, &grant);
	if (code)
		return code;
	smmu3_dpt_registers(&dpt, &base, &config);
	code = write_register(machine->smmu, "DPT_BASE", 8, base);
	return code ? code : write_register(machine->smmu, "DPT_BASE_CFG", 4, config);
}

/* Counters 0 to 3 count events 1 to 4 of one StreamID. */
static int enable_monitors(struct machine *machine)
{
	enum { SMR0 = 0xb0a00, EVTYPER0 = 0xb0400 };
	int code = 0;

	if (machine->shape->counts != COUNTS_MONITORS)
		return 0;
	for (uint64_t n = 0; n < 4; n++) {
		(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, SMR0 + 4 * n, 4, MACHINE_SID);
		(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, EVTYPER0 + 4 * n, 4, n + 1);
	}
	code = write_register(machine->smmu, "PMCG_CNTENSET0", 8, 0xf);
	return code ? code : write_register(machine->smmu, "PMCG_CR", 4, 1);
}

static int program(struct machine *machine)
{
	struct smmu3_stream_table_shape streams = { .log2size = 8 };
	uint64_t base;
	uint32_t config;
	int code = build_tables(machine, &streams);

	if (code)
		return code;
	smmu3_stream_table_registers(&streams, &base, &config);
	code = write_register(machine->smmu, "STRTAB_BASE", 8, base);
	code = code ? code : write_register(machine->smmu, "STRTAB_BASE_CFG", 4, config);
	if (machine->shape->eats)
		code = code ? code : build_dpt(machine);
	code = code ? code : enable_monitors(machine);
	return code ? code :
		      write_register(machine->smmu, "CR0", 4,
				     machine->shape->enabled | (machine->shape->eats ? 0x410 : 0));
}

/* SMMUv3.2 with stage 2 alone, ATS and a Device Permission Table: two stages of v3.2 need
 * Hyp.  2.9, 6.3.1 */
static void give_dpt(struct smmu3_config *config)
{
	config->aidr = 2;
	config->idr[0] = (config->idr[0] & ~(1u << 1 | 1u << 19)) | 1u << 10;
	config->idr[1] &= ~(0x1fu << 6);
	config->idr[3] = (config->idr[3] & ~(1u << 2 | 3u << 11)) | 1u << 8 | 1u << 10 | 1u << 11 |
			 1u << 15;
}

/* ---- Granule protection ---- */

enum { GPT_BYTES = 0x40000, GPT_LEVEL1 = 0x20000, GB_LG2 = 30, ROOT_PAGE = 0xa0000 };
#define GPT_BASE_OF_ROOT UINT64_C(0x40000000)

static void give_root(struct smmu3_config *config)
{
	config->root_idr0 = 5; /* ROOT_IMPL, RGPTM */
	config->idr[0] |= 1u << 30;
}

static void write_root(struct machine *machine, uint64_t offset, uint64_t value)
{
	(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_ROOT, ROOT_PAGE + offset, 8, value);
}

/* Of 40 bits, 1GB a level 0 entry: all is any space's; the GB of RAM, and that where pages go, say
 * so of each granule.  D9.6 */
static int build_gpt(struct machine *machine)
{
	enum { ANY_BLOCK = 0xf1, TABLE = 3, ENTRIES = 1024, CR0 = 0x20, BASE = 0x28, CFG = 0x30 };
	const uint64_t level1 = GPT_BASE_OF_ROOT + GPT_LEVEL1;

	machine->gpt = aligned_alloc(65536, GPT_BYTES);
	if (!machine->gpt)
		return -SMMU3_E_MEMORY;
	memset(machine->gpt, 0xff, GPT_BYTES);
	for (unsigned gb = 0; gb < ENTRIES; gb++)
		machine->gpt[gb] = gb == RAM_BASE >> GB_LG2 ||
						   gb == machine_output(machine->shape, 0) >>
								   GB_LG2 ?
					   level1 | TABLE :
					   ANY_BLOCK;
	const int code = smmu3_add_ram(machine->smmu, GPT_BASE_OF_ROOT, GPT_BYTES,
				       SMMU3_PAS_BIT(SMMU3_PAS_ROOT), machine->gpt);

	write_root(machine, BASE, GPT_BASE_OF_ROOT);
	write_root(machine, CFG, 0x3502);
	write_root(machine, CR0, 3);
	return code;
}

static int open_root(struct machine *machine)
{
	if (machine->shape->guarded == 1)
		write_root(machine, 0x20, 1);
	return machine->shape->guarded == 2 ? build_gpt(machine) : 0;
}

struct machine *machine_create(const struct shape *shape)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	struct smmu3_config config;
	struct smmu3_error error = { 0 };
	int code = 0;

	if (!machine)
		return NULL;
	machine->shape = shape;
	machine->ram = aligned_alloc(65536, RAM_SIZE);
	if (!smmu3_config_init(&config, shape->guarded ? "generic-3.3" : "generic-3.1", &error)) {
		config.idr[0] |= 1 << 15 | 1 << 5; /* ATOS, BTM */
		config.gbpa_reset = 0x1000;        /* pass through, attributes as they come */
		config.caches = (struct smmu3_caches){ shape->kept, shape->kept,
						       shape->kept, shape->kept,
						       shape->kept, shape->kept,
						       shape->kept, 0, 0, 0 };
		if (shape->eats)
			give_dpt(&config);
		if (shape->guarded)
			give_root(&config);
		config.statistics = shape->counts == COUNTS_STATISTICS;
		config.stats_streams = config.statistics ? 16 : 0;
		if (shape->counts >= HAS_MONITORS) /* four counters of 64 bits, in Page 1 */
			config.pmcg_cfgr = 3 | 63 << 8 | 1 << 20;
		machine->smmu = smmu3_create(&config, NULL, &error);
	}
	if (machine->ram && machine->smmu) {
		memset(machine->ram, 0, RAM_SIZE);
		code = smmu3_add_ram(machine->smmu, RAM_BASE, RAM_SIZE, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				     machine->ram);
		code = code ? code : open_root(machine);
		code = code ? code : program(machine);
		if (!code)
			return machine;
	}
	(void)fprintf(stderr, "%s: cannot be built: %s (%d)\n", shape->name, error.text, code);
	machine_free(machine);
	return NULL;
}

void machine_free(struct machine *machine)
{
	if (!machine)
		return;
	smmu3_destroy(machine->smmu);
	free(machine->ram);
	free(machine->gpt);
	free(machine);
}
