/* SPDX-License-Identifier: MIT */
/* The streams of a machine: STEs, CDs, translation tables. */
#include "machine_parts.h"

#include <smmu/decode.h>

#include <stdbool.h>
#include <string.h>

/* ---- Memory for tables ---- */

static int allocate(void *context, uint64_t bytes, uint64_t *at)
{
	struct machine *machine = context;
	const uint64_t start = (machine->used + bytes - 1) & ~(bytes - 1);

	if (start + bytes > MACHINE_RAM_BYTES)
		return -SMMU3_E_MEMORY;
	machine->used = start + bytes;
	*at = MACHINE_RAM + start;
	return 0;
}

static int read_word(void *context, uint64_t at, uint64_t *word)
{
	const struct machine *machine = context;

	memcpy(word, machine->ram + (at - MACHINE_RAM), sizeof(*word));
	return 0;
}

static int write_word(void *context, uint64_t at, uint64_t word)
{
	struct machine *machine = context;

	memcpy(machine->ram + (at - MACHINE_RAM), &word, sizeof(word));
	return 0;
}

struct smmu3_builder machine_builder(struct machine *machine)
{
	return (struct smmu3_builder){ machine, allocate, read_word, write_word };
}

static void set(const char *layout, uint64_t *words, const char *field, uint64_t value)
{
	(void)smmu3_field_set(words, smmu3_field(smmu3_layout(layout), field), value);
}

/* ---- One stream ---- */

/* A stream that is being built. */
struct stream {
	struct machine *machine;
	struct smmu3_builder builder;
	uint32_t number;
	uint64_t from; /* bytes of RAM that were used before it */
	uint64_t ste[8];
};

/* Maps every page from one address space to the next, page by page. */
static int map_pages(const struct stream *stream, const struct smmu3_table *table,
		     uint64_t attributes)
{
	const struct shape *shape = stream->machine->shape;
	int code = 0;

	for (uint32_t i = 0; i < shape->pages && !code; i++) {
		const uint64_t ipa = machine_ipa(stream->machine, stream->number, i);
		const bool first = table->stage == 1 || !shape->s1_granule_lg2;
		const struct smmu3_map map = {
			.input = first ? machine_input(shape, i) : ipa,
			.output = table->stage == 1 ?
					  ipa :
					  machine_pa(stream->machine, stream->number, i),
			.size = UINT64_C(1) << machine_page_lg2(shape),
			.block = UINT64_C(1) << table->granule_lg2,
			.attributes = attributes,
		};

		code = smmu3_table_map(&stream->builder, table, &map);
	}
	return code;
}

static int map_blocks(const struct stream *stream, const struct smmu3_table *table,
		      uint64_t attributes)
{
	const struct window window = machine_blocks(stream->machine);
	const uint32_t pages_lg2 = MACHINE_BLOCK_LG2 - window.lg2;
	int code = 0;

	for (uint32_t i = 0; i < window.places >> pages_lg2 && !code; i++) {
		const uint32_t place = i << pages_lg2;
		const struct smmu3_map map = {
			.input = window.input + ((uint64_t)place << window.lg2),
			.output = window.output + stream->number * window.stride +
				  ((uint64_t)(place ^ window.flip) << window.lg2),
			.size = UINT64_C(1) << MACHINE_BLOCK_LG2,
			.block = UINT64_C(1) << MACHINE_BLOCK_LG2,
			.attributes = attributes,
		};

		code = smmu3_table_map(&stream->builder, table, &map);
	}
	return code;
}

static int write_context(struct stream *stream, const struct smmu3_table *table)
{
	struct smmu3_cd_table contexts = { 0 };
	uint64_t cd[8] = { 0 };
	int code = smmu3_cd_stage1(cd, table);

	code = code ? code : smmu3_cd_table_create(&stream->builder, &contexts);
	if (code)
		return code;
	set("CD", cd, "V", 1);
	set("CD", cd, "A", 1);
	set("CD", cd, "R", 1);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	set("CD", cd, "ASID", stream->number);
	code = smmu3_cd_table_set(&stream->builder, &contexts, 0, cd);
	return code ? code : smmu3_ste_cd_table(stream->ste, &contexts);
}

static int build_stage1(struct stream *stream)
{
	const struct shape *shape = stream->machine->shape;
	const struct smmu3_s1_attributes attributes = {
		.sh = SMMU3_ISH, .ap = 1, .ng = 1, .af = 1
	};
	struct smmu3_table table = {
		.stage = 1,
		.granule_lg2 = shape->s1_granule_lg2,
		.input_bits = shape->input_bits,
		.output_bits = 48,
	};
	int code = smmu3_table_create(&stream->builder, &table);

	code = code ? code : map_pages(stream, &table, smmu3_s1_leaf(&attributes));
	code = code ? code : map_blocks(stream, &table, smmu3_s1_leaf(&attributes));
	stream->machine->root[stream->number].stage1 = table.root;
	return code ? code : write_context(stream, &table);
}

/* Stage 2 must also map what stage 1 is made of: what it took of RAM, onto itself, page by page. */
static int map_stage1(const struct stream *stream, const struct smmu3_table *table,
		      uint64_t attributes)
{
	const uint64_t granule = UINT64_C(1) << table->granule_lg2;
	const uint64_t from = stream->from & ~(granule - 1);
	const uint64_t to = (stream->machine->used + granule - 1) & ~(granule - 1);
	const struct smmu3_map map = {
		.input = MACHINE_RAM + from,
		.output = MACHINE_RAM + from,
		.size = to - from,
		.block = granule,
		.attributes = attributes,
	};

	return smmu3_table_map(&stream->builder, table, &map);
}

static int build_stage2(struct stream *stream)
{
	const struct shape *shape = stream->machine->shape;
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
	int code = smmu3_table_create(&stream->builder, &table);

	if (shape->s1_granule_lg2)
		code = code ? code : map_stage1(stream, &table, leaf);
	code = code ? code : map_pages(stream, &table, leaf);
	stream->machine->root[stream->number].stage2 = table.root;
	return code ? code : smmu3_ste_stage2(stream->ste, &table);
}

static int build_stream(struct machine *machine, const struct smmu3_stream_table_shape *streams,
			uint32_t number)
{
	const struct shape *shape = machine->shape;
	struct stream stream = { .machine = machine,
				 .builder = machine_builder(machine),
				 .number = number,
				 .from = machine->used };
	int code = shape->s1_granule_lg2 ? build_stage1(&stream) : 0;

	if (shape->s2_granule_lg2)
		code = code ? code : build_stage2(&stream);
	set("STE", stream.ste, "V", 1);
	set("STE", stream.ste, "SHCFG", 1);
	set("STE", stream.ste, "EATS", shape->eats);
	set("STE", stream.ste, "S2VMID", shape->s2_granule_lg2 ? number : 0);
	set("STE", stream.ste, "Config",
	    4u | (shape->s1_granule_lg2 ? 1u : 0) | (shape->s2_granule_lg2 ? 2u : 0));
	return code ? code :
		      smmu3_stream_table_set(&stream.builder, streams, MACHINE_SID + number,
					     stream.ste);
}

int machine_build_streams(struct machine *machine, struct smmu3_stream_table_shape *streams)
{
	const struct smmu3_builder builder = machine_builder(machine);
	int code = smmu3_stream_table_create(&builder, streams);

	for (uint32_t i = 0; i < machine->fleet->streams && !code; i++)
		code = build_stream(machine, streams, i);
	return code;
}

/* Stage 2 sends tables nowhere else. */
uint64_t *machine_leaf(const struct machine *machine, uint32_t stream, uint32_t index)
{
	const uint64_t input = machine_input(machine->shape, index);
	uint64_t at = machine->root[stream].stage1;

	for (unsigned shift = 39;; shift -= 9) {
		uint64_t *descriptor = (uint64_t *)(void *)(machine->ram + (at - MACHINE_RAM)) +
				       (input >> shift & 0x1ff);

		if (shift == 12)
			return descriptor;
		at = *descriptor & UINT64_C(0xfffffffff000);
	}
}
