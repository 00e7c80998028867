/* SPDX-License-Identifier: MIT */
/* Translation tables and their mappings: what a configuration says is legal, complete and does not
 * overlap. */
#include "platform/machine.h"

#include "arch/attr.h"
#include "base/bits.h"

#include <inttypes.h>
#include <stdlib.h>

#define ADDRESS_BITS (low_bits(50) & ~low_bits(12)) /* of a descriptor: not for `raw` */
#define TABLE_BITS (~low_bits(59))                  /* of a table descriptor, for `table_bits` */

/* ---- One mapping ---- */

static const struct stage_key mapping_keys[] = {
	{ "va", 1 }, { "user", 1 },      { "attr_index", 1 },   { "ng", 1 }, { "memattr", 2 },
	{ "po", 2 }, { "protected", 1 }, { "assured_only", 2 }, { NULL, 0 },
};

/* Where input and output come from: va, ipa and pa have other parts at each stage. */
static int take_addresses(struct build *build, const struct table_spec *table,
			  struct mapping_spec *map)
{
	const char *const input = table->stage == 1 ? "va" : "ipa";
	const bool two_outputs = table->stage == 1 && map->ipa != UNSET && map->pa != UNSET;

	map->input = table->stage == 1 ? map->va : map->ipa;
	map->output = table->stage == 1 && map->pa == UNSET ? map->ipa : map->pa;
	if (!is_given(map->at, input)) {
		COMPLAIN(&build->loader, map->at, "a mapping of stage %u needs '%s'",
			 (unsigned)table->stage, input);
		return -1;
	}
	if (two_outputs || (map->fault != UNSET && map->output != UNSET)) {
		COMPLAIN(&build->loader, key_node(map->at, "pa"), "%s",
			 two_outputs ? "'pa' and 'ipa' are both outputs: give one" :
				       "a hole has no output address");
		return -1;
	}
	if (map->fault == UNSET && map->output == UNSET) {
		COMPLAIN(&build->loader, map->at, "a mapping needs 'pa'%s",
			 table->stage == 1 ? " or 'ipa'" : "");
		return -1;
	}
	if (map->fault != UNSET)
		map->output = 0;
	return 0;
}

static void check_alignment(struct build *build, const struct table_spec *table,
			    const struct mapping_spec *map)
{
	const struct {
		const char *key;
		uint64_t value;
	} part[] = {
		{ table->stage == 1 ? "va" : "ipa", map->input },
		{ table->stage == 1 && map->pa == UNSET ? "ipa" : "pa", map->output },
		{ "size", map->size },
	};

	for (size_t i = 0; i < ARRAY_SIZE(part); i++) {
		if (part[i].value & low_bits((unsigned)table->granule))
			COMPLAIN(&build->loader, key_node(map->at, part[i].key),
				 "0x%" PRIx64 " is no multiple of the granule, %uK", part[i].value,
				 1u << (table->granule - 10));
	}
}

/* Does [start, start + size) lie below 2^bits? */
static bool below(uint64_t start, uint64_t size, unsigned bits_)
{
	return start <= low_bits(bits_) && size - 1 <= low_bits(bits_) - start;
}

static void check_ranges(struct build *build, const struct table_spec *table,
			 const struct mapping_spec *map)
{
	const struct smmu3_table *const shape = &table->table;
	const unsigned most = shape->format == SMMU3_TABLE_LPAE ? 32 : 64;
	const uint64_t first = shape->upper ? low_bits(most) & ~low_bits(shape->input_bits) : 0;
	const bool inside = map->input >= first &&
			    below(map->input - first, map->size, shape->input_bits);
	const char *const output = table->stage == 1 && map->pa == UNSET ? "ipa" : "pa";

	if (!inside)
		COMPLAIN(&build->loader, key_node(map->at, table->stage == 1 ? "va" : "ipa"),
			 "the mapping leaves the table, whose addresses are 0x%" PRIx64
			 " to 0x%" PRIx64,
			 first, first + low_bits(shape->input_bits));
	if (map->fault != UNSET)
		return;
	if (!below(map->output, map->size, shape->output_bits))
		COMPLAIN(&build->loader, key_node(map->at, output),
			 "the mapping's output passes %u bits (output_bits)",
			 (unsigned)shape->output_bits);
}

static bool block_exists(const struct table_spec *table, uint64_t block)
{
	static const uint8_t size_lg2[3][3] = { { 12, 21, 30 }, { 14, 25, 14 }, { 16, 29, 42 } };
	static const uint8_t with_ds_lg2[] = { 39, 36 };
	const unsigned granule = (unsigned)(table->granule - 12) / 2;
	static const uint8_t of_d128_lg2[3][4] = { { 12, 20, 28, 36 },
						   { 14, 24, 34, 14 },
						   { 16, 28, 40, 16 } };
	const uint8_t *const sizes = size_lg2[granule];

	if (table->table.format == SMMU3_TABLE_D128) {
		for (unsigned i = 0; i < 4; i++)
			if (block == UINT64_C(1) << of_d128_lg2[granule][i])
				return true;
		return false;
	}

	if (table->table.ds && granule < 2 && block == UINT64_C(1) << with_ds_lg2[granule])
		return true;
	for (unsigned i = 0; i < 3; i++) {
		if (block == UINT64_C(1) << sizes[i])
			return true;
	}
	return false;
}

/* A half of a MAIR byte in the two bits of stage 2, which have no hints; -1: none. */
static int memattr_half(unsigned half)
{
	return half == 0x4 ? MEMATTR_HALF_NC :
	       half == 0xb ? MEMATTR_HALF_WT :
	       half == 0xf ? MEMATTR_HALF_WB :
			     -1;
}

static int memattr_of(uint8_t mair)
{
	const int outer = memattr_half(mair_outer(mair)), inner = memattr_half(mair_inner(mair));

	if (mair_is_device(mair))
		return mair & 3 ? -1 : mair >> 2;
	return outer < 0 || inner < 0 ? -1 : outer << 2 | inner;
}

static uint64_t usual_sh(const struct mapping_spec *map)
{
	return mair_is_always_osh((uint8_t)map->attr) ? SMMU3_OSH : SMMU3_ISH;
}

static void check_attributes(struct build *build, struct table_spec *table,
			     struct mapping_spec *map)
{
	if (map->sh == UNSET)
		map->sh = usual_sh(map);
	if (table->stage == 1 && map->attr_index == UNSET &&
	    mair_index(table, (uint8_t)map->attr) < 0)
		COMPLAIN(&build->loader, key_node(map->at, "attr"),
			 "more than 8 memory types in one table: CD.MAIR is full");
	if (table->stage == 2 && map->memattr == UNSET && memattr_of((uint8_t)map->attr) < 0)
		COMPLAIN(&build->loader, key_node(map->at, "attr"),
			 "stage 2 has no encoding for this memory type");
	if (table->stage == 2 && map->memattr == UNSET)
		map->memattr = (uint64_t)memattr_of((uint8_t)map->attr) & 15;
	if (table->stage == 1 && map->perm != PERM_RO && map->perm != PERM_RW)
		COMPLAIN(&build->loader, key_node(map->at, "perm"),
			 "stage 1 has no such permission: ro or rw");
}

/* Of VMSAv9-128 permissions are indirect, and there are two words.  D8.3.2 */
static void check_d128(struct build *build, const struct table_spec *table,
		       const struct mapping_spec *map)
{
	if (table->table.format != SMMU3_TABLE_D128)
		return;
	if (map->pi == UNSET && map->fault == UNSET)
		COMPLAIN(&build->loader, map->at, "a mapping of 'format: d128' needs 'pi'");
	if (map->raw != UNSET)
		COMPLAIN(&build->loader, key_node(map->at, "raw"),
			 "'raw' is not of 'format: d128'");
	if (map->table_bits)
		COMPLAIN(&build->loader, key_node(map->at, "table_bits"),
			 "'table_bits' is not of 'format: d128'");
}

static void check_indices(struct build *build, const struct mapping_spec *map)
{
	static const char *const with_pi[] = { "po", "dirty" };

	for (size_t i = 0; i < ARRAY_SIZE(with_pi); i++)
		if (map->pi == UNSET && is_given(map->at, with_pi[i]))
			COMPLAIN(&build->loader, key_node(map->at, with_pi[i]), "'%s' needs 'pi'",
				 with_pi[i]);
}

static void check_bits(struct build *build, const struct table_spec *table,
		       const struct mapping_spec *map)
{
	if (map->block != UNSET && !block_exists(table, map->block))
		COMPLAIN(&build->loader, key_node(map->at, "block"),
			 "the granule has no blocks of 0x%" PRIx64 " bytes", map->block);
	if (table->ds && map->sh != usual_sh(map))
		COMPLAIN(
			&build->loader, key_node(map->at, "sh"),
			"with 'ds' no mapping has a shareability: that of the CD or STE is all tables'");
	if (map->is_protected == 1 && map->contiguous == 1)
		COMPLAIN(&build->loader, key_node(map->at, "contiguous"),
			 "with CD.PnCH a descriptor is Protected in place of Contiguous");
	if (map->raw != UNSET && map->raw & (ADDRESS_BITS | 3))
		COMPLAIN(&build->loader, key_node(map->at, "raw"),
			 "bits 49:12 are the address's, bits 1:0 the type's");
	if (map->table_bits & ~TABLE_BITS)
		COMPLAIN(&build->loader, key_node(map->at, "table_bits"),
			 "only bits 63 to 59 of a table descriptor are free");
}

/* False: not fit to be compared with others. */
static bool judge_mapping(struct build *build, struct table_spec *table, struct mapping_spec *map)
{
	const unsigned before = build->loader.complaints->count;

	check_stage_keys(build, map->at, (unsigned)table->stage, mapping_keys);
	if (map->size == UNSET || take_addresses(build, table, map))
		return false;
	map->user = map->user == UNSET && table->stage == 1 ? true : map->user;
	map->ng = map->ng == UNSET && table->stage == 1 ? true : map->ng;
	check_alignment(build, table, map);
	check_ranges(build, table, map);
	check_attributes(build, table, map);
	check_bits(build, table, map);
	check_indices(build, map);
	check_d128(build, table, map);
	return build->loader.complaints->count == before;
}

/* ---- All of them ---- */

static int compare_mappings(const void *a, const void *b)
{
	const struct mapping_spec *const left = *(struct mapping_spec *const *)a;
	const struct mapping_spec *const right = *(struct mapping_spec *const *)b;

	return (left->input > right->input) - (left->input < right->input);
}

/* The one that stands later in the file is at fault. */
static void complain_of_overlap(struct build *build, const struct mapping_spec *a,
				const struct mapping_spec *b)
{
	const struct mapping_spec *const first = a < b ? a : b, *const second = a < b ? b : a;

	COMPLAIN(&build->loader, second->at, "the mapping overlaps that of line %u",
		 first->at->line);
	remark(build->loader.complaints, node_place(build->loader.source, first->at),
	       "the other mapping");
}

void judge_mappings(struct build *build, struct table_spec *table)
{
	const size_t count = table->map.count;
	size_t sorted = 0;

	table->sorted = arena_take(&build->machine->arena,
				   (count + 1) * sizeof(struct mapping_spec *));
	if (!table->sorted) {
		complain_memory(&build->loader, table->at);
		return;
	}
	for (size_t i = 0; i < count && !complaints_full(build->loader.complaints); i++) {
		struct mapping_spec *const map = ITEM(table->map, struct mapping_spec, i);

		if (judge_mapping(build, table, map))
			table->sorted[sorted++] = map;
	}
	qsort(table->sorted, sorted, sizeof(struct mapping_spec *), compare_mappings);
	for (size_t i = 1; i < sorted; i++) {
		if (table->sorted[i]->input - table->sorted[i - 1]->input <
		    table->sorted[i - 1]->size)
			complain_of_overlap(build, table->sorted[i - 1], table->sorted[i]);
	}
	if (!build->loader.complaints->count)
		table->map.count = sorted;
}

const struct mapping_spec *mapping_at(const struct table_spec *table, uint64_t input)
{
	size_t low = 0, high = table->map.count;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const struct mapping_spec *const map = table->sorted[middle];

		if (input >= map->input && input - map->input < map->size)
			return map;
		if (map->input <= input)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int mair_index(struct table_spec *table, uint8_t mair)
{
	for (int i = 0; i < table->mairs; i++) {
		if (table->mair[i] == mair)
			return i;
	}
	if (table->mairs == MAIR_ENTRIES)
		return -1;
	table->mair[table->mairs] = mair;
	return table->mairs++;
}
