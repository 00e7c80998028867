/* SPDX-License-Identifier: MIT */
#include "platform/space.h"

#include "arch/attr.h"
#include "arch/ttd.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SAY(space, ...) say(space, -SMMU3_E_FORMAT, __VA_ARGS__)
#define say(space, code, ...)                              \
	((space)->complained = true,                       \
	 complain((space)->build->loader.complaints, code, \
		  node_place((space)->build->loader.source, (space)->node), __VA_ARGS__))

/* ---- Reading and writing ---- */

/* The PA of an address that software puts into pointers. */
static uint64_t space_pa(const struct space *space, uint64_t at)
{
	size_t low = 0, high = space->pages;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (space->page[middle].end > at)
			high = middle;
		else
			low = middle + 1;
	}
	if (!space->pages)
		return at;
	return low < space->pages ? space->page[low].pa + (at - space->page[low].ipa) : UINT64_MAX;
}

/* Words of memory are little-endian. */
static uint64_t *space_word(const struct space *space, uint64_t at)
{
	return memory_at(&space->build->machine->memory, space->region->pas, space_pa(space, at),
			 8);
}

static int space_read(void *context, uint64_t at, uint64_t *word)
{
	const uint64_t *const from = space_word(context, at);

	if (from)
		*word = from_le64(*from);
	return from ? 0 : -SMMU3_E_ABORT;
}

static int space_write(void *context, uint64_t at, uint64_t word)
{
	uint64_t *const to = space_word(context, at);

	if (to)
		*to = from_le64(word);
	return to ? 0 : -SMMU3_E_ABORT;
}

/* ---- Allocating ---- */

void space_too_large(struct space *space)
{
	say(space, -SMMU3_E_LIMIT, "all tables together would take more than 256M");
}

void space_full(struct space *space)
{
	SAY(space, "no room for tables in memory '%s'",
	    space->region->name ? space->region->name : "");
}

static int take_page(struct space *space, uint64_t bytes, uint64_t *pa)
{
	const int code = memory_take(&space->build->machine->memory, space->region, bytes, pa);

	if (code == -SMMU3_E_LIMIT)
		space_too_large(space);
	else if (code)
		space_full(space);
	return code;
}

/* Of VMSAv9-128 with the PIIndex that these permissions of VMSAv8-64 are.  D8.4.2.2 */
static void page_leaf_128(uint64_t perm, uint64_t leaf[2])
{
	const struct smmu3_d128_attributes attributes = {
		.attr_index = MEMATTR_NORMAL_WB,
		.sh = SMMU3_ISH,
		.pi_index = (uint8_t)(TTD_S2XN_NONE_X << 2 | (perm & 1)),
		.clean = !(perm & 2),
		.af = 1,
	};

	smmu3_d128_leaf(2, &attributes, leaf);
}

/* Stage 2 of a page of tables: Write-Back, Inner Shareable, not executable. */
static int map_page(struct space *space, uint64_t ipa, uint64_t pa, uint64_t bytes)
{
	const uint64_t perm = space->perm == UNSET ? PERM_RW : space->perm;
	const struct smmu3_s2_attributes attributes = {
		.memattr = MEMATTR_NORMAL_WB,
		.sh = SMMU3_ISH,
		.s2ap = (uint8_t)perm,
		.xn = TTD_S2XN_NONE_X,
		.af = 1,
	};
	uint64_t leaf[2] = { smmu3_s2_leaf(&attributes), 0 };

	if (space->stage2->table.format == SMMU3_TABLE_D128)
		page_leaf_128(perm, leaf);
	const struct smmu3_map map = {
		.input = ipa,
		.output = pa,
		.size = bytes,
		.attributes = leaf[0],
		.attributes_high = leaf[1],
	};
	struct space physical;
	int code;

	if (perm == PERM_NONE)
		return 0;
	space_open(&physical, space->build, space->stage2->region, space->node);
	code = smmu3_table_map(&physical.builder, &space->stage2->table, &map);
	if (physical.complained)
		space->complained = true;
	else if (code == -SMMU3_E_OVERLAP)
		SAY(space,
		    "IPA 0x%" PRIx64 " would hold two tables: another 'at_ipa' keeps them apart",
		    ipa);
	else if (code)
		SAY(space,
		    "IPA 0x%" PRIx64
		    " of the tables does not fit stage 2 table '%s': 'at_ipa' may place them lower",
		    ipa, space->stage2->name);
	space_close(&physical);
	return code;
}

/* A mapping of the file that covers a part of the page, or NULL. */
static const struct mapping_spec *covering(const struct table_spec *stage2, uint64_t ipa,
					   uint64_t bytes)
{
	const uint64_t step = UINT64_C(1) << stage2->granule;

	for (uint64_t done = 0; done < bytes; done += step) {
		const struct mapping_spec *const map = mapping_at(stage2, ipa + done);

		if (map)
			return map;
	}
	return NULL;
}

/* Notes where IPAs are; what goes on where the last ended is one with it. */
static int remember(struct space *space, uint64_t ipa, uint64_t pa, uint64_t bytes)
{
	struct space_page *const last = space->pages ? &space->page[space->pages - 1] : NULL;

	if (last && last->end == ipa && last->pa + (ipa - last->ipa) == pa) {
		last->end += bytes;
		return 0;
	}
	if (space->pages == space->room) {
		const size_t room = space->room ? space->room * 2 : 16;
		struct space_page *const page = realloc(space->page, room * sizeof(*page));

		if (!page) {
			say(space, -SMMU3_E_MEMORY, "out of memory");
			return -SMMU3_E_MEMORY;
		}
		space->page = page;
		space->room = room;
	}
	space->page[space->pages++] = (struct space_page){ ipa, pa, ipa + bytes };
	return 0;
}

/* One granule of stage 2 is where the file's mapping says. */
static int take_covered(struct space *space, const struct mapping_spec *map, uint64_t ipa)
{
	struct memory *const memory = &space->build->machine->memory;
	const uint64_t bytes = UINT64_C(1) << space->stage2->granule;
	const uint64_t pa = map && map->fault == UNSET ? map->output + (ipa - map->input) :
							 UINT64_MAX;
	const struct region *const region = memory_find(memory, space->region->pas, pa);
	int code = -SMMU3_E_ARGUMENT;

	if (!region || !memory_at(memory, space->region->pas, pa, bytes))
		SAY(space,
		    "IPA 0x%" PRIx64 " of the tables is in no mapping, where its neighbours are",
		    ipa);
	else if (space->perm != UNSET)
		SAY(space,
		    "IPA 0x%" PRIx64
		    " of the tables is in the mapping of line %u, whose 'perm' holds",
		    ipa, map->at->line);
	else if (memory_count(memory, bytes))
		space_too_large(space);
	else if ((code = memory_reserve(memory, region, pa, bytes)) == -SMMU3_E_MEMORY)
		say(space, code, "out of memory");
	else if (code)
		SAY(space,
		    "PA 0x%" PRIx64 " of the tables (IPA 0x%" PRIx64 ") is taken by other tables",
		    pa, ipa);
	else
		code = remember(space, ipa, pa, bytes);
	return code;
}

/* Piece by piece: what is one table to stage 1 may be scattered by stage 2. */
static int take_all_covered(struct space *space, uint64_t ipa, uint64_t bytes)
{
	const uint64_t step = UINT64_C(1) << space->stage2->granule;
	int code = 0;

	for (uint64_t done = 0; !code && done < bytes; done += step)
		code = take_covered(space, mapping_at(space->stage2, ipa + done), ipa + done);
	return code;
}

static int take_and_map(struct space *space, uint64_t ipa, uint64_t bytes)
{
	uint64_t pa;
	int code = take_page(space, bytes, &pa);

	if (!code)
		code = map_page(space, ipa, pa, bytes);
	return code ? code : remember(space, ipa, pa, bytes);
}

static int allocate_at_ipa(struct space *space, uint64_t bytes, uint64_t *at)
{
	const uint64_t ipa = (space->next_ipa + bytes - 1) & ~(bytes - 1);

	space->next_ipa = ipa + bytes;
	*at = ipa;
	return covering(space->stage2, ipa, bytes) ? take_all_covered(space, ipa, bytes) :
						     take_and_map(space, ipa, bytes);
}

static bool is_identity(const struct mapping_spec *map, uint64_t ipa, uint64_t bytes)
{
	return map->fault == UNSET && map->input == map->output && ipa >= map->input &&
	       bytes <= map->size && ipa - map->input <= map->size - bytes;
}

/* The IPA is the PA. */
static int allocate_identity(struct space *space, uint64_t bytes, uint64_t *at)
{
	int code = take_page(space, bytes, at);
	const struct mapping_spec *const map = code ? NULL : covering(space->stage2, *at, bytes);

	if (code || !map)
		return code ? code : map_page(space, *at, *at, bytes);
	if (is_identity(map, *at, bytes) && space->perm == UNSET)
		return 0;
	SAY(space,
	    "IPA 0x%" PRIx64
	    " of the tables is in the mapping of line %u: 'at_ipa' can place them elsewhere",
	    *at, map->at->line);
	return -SMMU3_E_ARGUMENT;
}

static int space_allocate(void *context, uint64_t bytes, uint64_t *at)
{
	struct space *const space = context;
	const uint64_t page = space->stage2 ? UINT64_C(1) << space->stage2->granule : 1;

	bytes = bytes < page ? page : bytes;
	if (!space->stage2)
		return take_page(space, bytes, at);
	return space->next_ipa == UNSET ? allocate_identity(space, bytes, at) :
					  allocate_at_ipa(space, bytes, at);
}

void space_open(struct space *space, struct build *build, struct region *region,
		const struct node *node)
{
	*space = (struct space){
		.build = build,
		.region = region,
		.node = node,
		.next_ipa = UNSET,
		.perm = UNSET,
		.builder = { space, space_allocate, space_read, space_write },
	};
}

void space_close(struct space *space)
{
	free(space->page);
}

void space_failed(struct space *space, int code, const struct node *node)
{
	if (space->complained)
		return;
	complain(
		space->build->loader.complaints, -SMMU3_E_FORMAT,
		node_place(space->build->loader.source, node),
		code == -SMMU3_E_ARGUMENT ?
			"tables of these sizes do not exist: granule, input size and start level do not fit" :
			"the tables cannot be written here");
}
