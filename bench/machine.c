/* SPDX-License-Identifier: MIT */
#include "machine_parts.h"

#include <smmu/decode.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tables live in RAM; what devices reach lies above it and is not backed: nothing reads it. */
static const uint64_t INPUT_BASE = UINT64_C(0x40000000), IPA_BASE = UINT64_C(0x1000000000);
static const uint64_t PA_BASE = UINT64_C(0x2000000000);
static const uint64_t BLOCKS_INPUT = UINT64_C(0x10000000000), BLOCKS_PA = UINT64_C(0x4000000000);

/* ---- Addresses ---- */

unsigned machine_page_lg2(const struct shape *shape)
{
	return shape->s1_granule_lg2 ? shape->s1_granule_lg2 :
	       shape->s2_granule_lg2 ? shape->s2_granule_lg2 :
				       12;
}

uint64_t machine_input(const struct shape *shape, uint32_t index)
{
	return INPUT_BASE + ((uint64_t)index << machine_page_lg2(shape));
}

static uint64_t offset_of(const struct shape *shape, uint32_t stream, uint32_t index)
{
	/* Neighbours are sent apart, so that no block could hold them. */
	return ((uint64_t)stream * shape->pages + (index ^ (shape->pages - 1)))
	       << machine_page_lg2(shape);
}

uint64_t machine_ipa(const struct machine *machine, uint32_t stream, uint32_t index)
{
	return IPA_BASE + offset_of(machine->shape, stream, index);
}

uint64_t machine_pa(const struct machine *machine, uint32_t stream, uint32_t index)
{
	return PA_BASE + offset_of(machine->shape, stream, index);
}

static uint64_t output_base(const struct shape *shape)
{
	return shape->s2_granule_lg2 ? PA_BASE : shape->s1_granule_lg2 ? IPA_BASE : INPUT_BASE;
}

static bool translates(const struct shape *shape)
{
	return shape->s1_granule_lg2 || shape->s2_granule_lg2;
}

uint64_t machine_output(const struct shape *shape, uint32_t index)
{
	return translates(shape) ? output_base(shape) + offset_of(shape, 0, index) :
				   machine_input(shape, index);
}

struct window machine_pages(const struct machine *machine)
{
	const struct shape *shape = machine->shape;
	const uint8_t lg2 = (uint8_t)machine_page_lg2(shape);

	return (struct window){ .input = INPUT_BASE,
				.output = output_base(shape),
				.stride = translates(shape) ? (uint64_t)shape->pages << lg2 : 0,
				.places = shape->pages,
				.flip = translates(shape) ? shape->pages - 1 : 0,
				.lg2 = lg2 };
}

struct window machine_blocks(const struct machine *machine)
{
	const uint32_t blocks = machine->fleet->blocks;
	const unsigned pages_lg2 = MACHINE_BLOCK_LG2 - 12;

	return (struct window){ .input = BLOCKS_INPUT,
				.output = BLOCKS_PA,
				.stride = (uint64_t)blocks << MACHINE_BLOCK_LG2,
				.places = blocks << pages_lg2,
				.flip = blocks ? (blocks - 1) << pages_lg2 : 0,
				.lg2 = 12 };
}

/* ---- Registers ---- */

int machine_write(struct machine *machine, const char *name, unsigned size, uint64_t value)
{
	return smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, smmu3_register_layout(name)->offset,
				size, value);
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
	code = machine_write(machine, "PMCG_CNTENSET0", 8, 0xf);
	return code ? code : machine_write(machine, "PMCG_CR", 4, 1);
}

/* Both are of the same length. */
static int open_queues(struct machine *machine)
{
	const struct smmu3_builder builder = machine_builder(machine);
	uint64_t events = 0;
	int code = builder.allocate(machine, UINT64_C(16) << MACHINE_QUEUE_LG2, &machine->queue_at);

	code = code ? code : builder.allocate(machine, UINT64_C(32) << MACHINE_QUEUE_LG2, &events);
	code = code ? code : machine_write(machine, "CR2", 4, 0);
	code = code ? code :
		      machine_write(machine, "CMDQ_BASE", 8, machine->queue_at | MACHINE_QUEUE_LG2);
	return code ? code : machine_write(machine, "EVENTQ_BASE", 8, events | MACHINE_QUEUE_LG2);
}

static int enable(struct machine *machine)
{
	const uint64_t cr0 = machine->shape->enabled | (machine->shape->eats ? 0x410 : 0) |
			     (machine->fleet->queues ? 12 : 0);

	return machine_write(machine, "CR0", 4, cr0);
}

static int program(struct machine *machine)
{
	struct smmu3_stream_table_shape streams = { .log2size = 12 };
	uint64_t base;
	uint32_t config;
	int code = machine_build_streams(machine, &streams);

	if (code)
		return code;
	smmu3_stream_table_registers(&streams, &base, &config);
	code = machine_write(machine, "STRTAB_BASE", 8, base);
	code = code ? code : machine_write(machine, "STRTAB_BASE_CFG", 4, config);
	if (machine->shape->eats)
		code = code ? code : machine_build_dpt(machine);
	if (machine->fleet->queues)
		code = code ? code : open_queues(machine);
	code = code ? code : enable_monitors(machine);
	return code ? code : enable(machine);
}

void machine_queue(struct machine *machine, uint64_t low, uint64_t high)
{
	enum { ENTRY_MASK = (1 << MACHINE_QUEUE_LG2) - 1, INDEX_MASK = 2 * ENTRY_MASK + 1 };
	unsigned char *entry = machine->ram + (machine->queue_at - MACHINE_RAM) +
			       (size_t)16 * (machine->prod & ENTRY_MASK);

	memcpy(entry, &low, sizeof(low));
	memcpy(entry + 8, &high, sizeof(high));
	machine->prod = (machine->prod + 1) & INDEX_MASK;
}

void machine_ring(struct machine *machine)
{
	enum { CMDQ_PROD = 0x98, CMDQ_CONS = 0x9c };
	uint64_t cons;

	(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, CMDQ_PROD, 4, machine->prod);
	do
		(void)smmu3_mmio_read(machine->smmu, SMMU3_PAS_NS, CMDQ_CONS, 4, &cons);
	while (cons != machine->prod);
}

uint32_t machine_take_events(struct machine *machine)
{
	enum {
		EVENTQ_PROD = 0x100a8,
		EVENTQ_CONS = 0x100ac,
		INDEX_MASK = (2 << MACHINE_QUEUE_LG2) - 1
	};
	const uint32_t before = machine->taken;
	uint64_t prod;

	(void)smmu3_mmio_read(machine->smmu, SMMU3_PAS_NS, EVENTQ_PROD, 4, &prod);
	machine->taken = (uint32_t)prod;
	(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, EVENTQ_CONS, 4, prod);
	return (machine->taken - before) & INDEX_MASK;
}

/* ---- Life ---- */

static struct smmu3_caches same_places(uint32_t places)
{
	return (struct smmu3_caches){ .l1stds = places,
				      .stes = places,
				      .cds = places,
				      .tlb = places,
				      .tables = places,
				      .dpt = places,
				      .gpt = places };
}

static struct smmu3 *create_smmu(const struct machine *machine, struct smmu3_error *error)
{
	const struct shape *shape = machine->shape;
	const struct fleet *fleet = machine->fleet;
	struct smmu3_config config;

	if (smmu3_config_init(&config, shape->guarded ? "generic-3.3" : "generic-3.1", error))
		return NULL;
	config.idr[0] |= 1u << 15 | 1u << 5; /* ATOS, BTM */
	config.gbpa_reset = 0x1000;          /* pass through, attributes as they come */
	config.caches = fleet->caches ? *fleet->caches : same_places(shape->kept);
	if (shape->eats)
		machine_give_dpt(&config);
	if (shape->guarded)
		machine_give_root(&config);
	config.statistics = shape->counts == COUNTS_STATISTICS;
	config.stats_streams = config.statistics ? 16 : 0;
	if (shape->counts >= HAS_MONITORS) /* four counters of 64 bits, in Page 1 */
		config.pmcg_cfgr = 3 | 63 << 8 | 1 << 20;
	return smmu3_create(&config, NULL, error);
}

/* Fresh pages are zero: what no table takes costs nothing. */
static bool make_ram(struct machine *machine)
{
	enum { ALIGNED = 65536 };

	machine->root = calloc(machine->fleet->streams, sizeof(*machine->root));
	machine->memory = calloc(1, MACHINE_RAM_BYTES + ALIGNED);
	if (!machine->memory || !machine->root)
		return false;
	machine->ram = machine->memory;
	machine->ram += -(uintptr_t)machine->ram & (ALIGNED - 1);
	return true;
}

static int put_together(struct machine *machine, struct smmu3_error *error)
{
	if (!make_ram(machine))
		return -SMMU3_E_MEMORY;
	machine->smmu = create_smmu(machine, error);
	if (!machine->smmu)
		return error->code;
	int code = smmu3_add_ram(machine->smmu, MACHINE_RAM, MACHINE_RAM_BYTES,
				 SMMU3_PAS_BIT(SMMU3_PAS_NS), machine->ram);

	code = code ? code : machine_open_root(machine);
	return code ? code : program(machine);
}

struct machine *machine_create_fleet(const struct shape *shape, const struct fleet *fleet)
{
	struct machine *machine = calloc(1, sizeof(*machine));
	struct smmu3_error error = { 0 };

	if (!machine)
		return NULL;
	machine->shape = shape;
	machine->fleet = fleet;
	const int code = put_together(machine, &error);

	if (!code)
		return machine;
	(void)fprintf(stderr, "%s: cannot be built: %s (%d)\n", shape->name, error.text, code);
	machine_free(machine);
	return NULL;
}

struct machine *machine_create(const struct shape *shape)
{
	static const struct fleet one = { .streams = 1 };

	return machine_create_fleet(shape, &one);
}

void machine_free(struct machine *machine)
{
	if (!machine)
		return;
	smmu3_destroy(machine->smmu);
	free(machine->memory);
	free(machine->root);
	free(machine->gpt);
	free(machine);
}
