/* SPDX-License-Identifier: MIT */
/* Translation tables into memory, as a configuration describes them. */
#include "platform/space.h"

#include "arch/ttd.h"
#include "base/bits.h"
#include "tables_shape.h"

/* AP[2:1]: bit 0 unprivileged access too, bit 1 read-only. */
static uint64_t s1_attributes(struct table_spec *table, const struct mapping_spec *map)
{
	const struct smmu3_s1_attributes attributes = {
		.attr_index = (uint8_t)(map->attr_index != UNSET ?
						(int)map->attr_index :
						mair_index(table, (uint8_t)map->attr)),
		.sh = (uint8_t)map->sh,
		.ap = (uint8_t)((map->perm == PERM_RO) << 1 | (map->user == 1)),
		.pxn = (map->px == UNSET ? map->exec : map->px) == 0,
		.uxn = (map->ux == UNSET ? map->exec : map->ux) == 0,
		.ng = (uint8_t)map->ng,
		.af = (uint8_t)map->af,
		.ns = (uint8_t)map->ns,
		.dbm = (uint8_t)map->dbm,
		.indirect = map->pi != UNSET,
		.pi = (uint8_t)map->pi,
		.dirty = map->dirty != 0,
		.is_protected = map->is_protected == 1,
	};

	return smmu3_s1_leaf(&attributes);
}

/* XN[1:0] of execution by privilege.  D8.4.2 */
static uint8_t s2_execute_never(const struct mapping_spec *map)
{
	const bool px = (map->px == UNSET ? map->exec : map->px) == 1;
	const bool ux = (map->ux == UNSET ? map->exec : map->ux) == 1;

	if (px)
		return ux ? TTD_S2XN_ALL_X : TTD_S2XN_PRIV_X;
	return ux ? TTD_S2XN_UNPRIV_X : TTD_S2XN_NONE_X;
}

static uint64_t s2_attributes(const struct mapping_spec *map)
{
	const struct smmu3_s2_attributes attributes = {
		.memattr = (uint8_t)map->memattr,
		.sh = (uint8_t)map->sh,
		.s2ap = (uint8_t)map->perm,
		.xn = s2_execute_never(map),
		.af = (uint8_t)map->af,
		.ns = map->ns == 1,
		.dbm = (uint8_t)map->dbm,
		.indirect = map->pi != UNSET,
		.pi = (uint8_t)map->pi,
		.po = map->po == UNSET ? 0 : (uint8_t)map->po,
		.dirty = map->dirty != 0,
		.assured_only = map->assured_only == 1,
	};

	return smmu3_s2_leaf(&attributes);
}

/* Tables that lead to what is Protected are so, too. */
static uint64_t table_attributes(const struct mapping_spec *map)
{
	return map->table_bits | (map->is_protected == 1 ? field_mask(TTD_PROTECTED) : 0);
}

/* Both words. */
static void d128_attributes(struct table_spec *table, const struct mapping_spec *map,
			    uint64_t leaf[2])
{
	const bool first = table->stage == 1;
	const uint64_t index = map->attr_index != UNSET ?
				       map->attr_index :
				       (uint64_t)mair_index(table, (uint8_t)map->attr);
	const struct smmu3_d128_attributes attributes = {
		.attr_index = (uint8_t)(first ? index : map->memattr),
		.sh = (uint8_t)map->sh,
		.pi_index = (uint8_t)map->pi,
		.po_index = map->po == UNSET ? 0 : (uint8_t)map->po,
		.clean = map->dirty == 0,
		.af = (uint8_t)map->af,
		.ng = first && map->ng,
		.ns = (uint8_t)(map->ns == 1),
	};

	smmu3_d128_leaf((unsigned)table->stage, &attributes, leaf);
}

/* A leaf's own bits. */
static void attributes_of(struct table_spec *table, const struct mapping_spec *map,
			  uint64_t leaf[2])
{
	leaf[1] = 0;
	if (table->table.format == SMMU3_TABLE_D128)
		d128_attributes(table, map, leaf);
	else if (map->raw != UNSET)
		leaf[0] = map->raw;
	else
		leaf[0] = table->stage == 1 ? s1_attributes(table, map) : s2_attributes(map);
}

static void map_one(struct space *space, struct table_spec *table, const struct mapping_spec *spec)
{
	uint64_t leaf[2];

	if (spec->fault != UNSET)
		return;
	attributes_of(table, spec, leaf);
	const struct smmu3_map map = {
		.input = spec->input,
		.output = spec->output,
		.size = spec->size,
		.block = spec->block == UNSET ? 0 : spec->block,
		.contiguous = spec->contiguous == 1,
		.attributes = leaf[0],
		.attributes_high = leaf[1],
		.table_attributes = table_attributes(spec),
	};
	const int code = smmu3_table_map(&space->builder, &table->table, &map);
	if (code)
		space_failed(space, code, spec->at);
}

/* ---- How much it will take ---- */

/* Tables of one level, each known by its place among those that the input region can have. */
struct census {
	uint64_t next; /* place of the first not counted, since mappings come in order */
	uint64_t tables;
};

static void count_places(struct census *census, uint64_t first, uint64_t last)
{
	first = first < census->next ? census->next : first;
	if (last < first)
		return;
	census->tables += last - first + 1;
	census->next = last + 1;
}

/* Tables that the mapping needs and that resolve 2^lg2 of input each.  Where a block of that size
 * is possible, only its ends need any.  At most what is built, where the granule has no such block.
 */
static void count_level(struct census *census, unsigned lg2, const struct mapping_spec *map)
{
	const uint64_t mask = low_bits(lg2);
	const uint64_t end = map->input + map->size - 1;
	const bool blocks = !((map->input ^ map->output) & mask) && map->block >> lg2;

	if (!blocks) {
		count_places(census, map->input >> lg2, end >> lg2);
		return;
	}
	if (map->input & mask)
		count_places(census, map->input >> lg2, map->input >> lg2);
	if (~end & mask)
		count_places(census, end >> lg2, end >> lg2);
}

/* Levels below the first that there is: -2, of VMSAv9-128. */
enum { CENSUSES = LAST_LEVEL + 2 };

/* Bytes that the tables of the first mappings, up to one, take; mappings come in order. */
static uint64_t count_tables(struct census census[CENSUSES], const struct space *space,
			     const struct table_spec *table, const struct mapping_spec *map)
{
	const unsigned page = space->stage2 && space->stage2->granule > table->granule ?
				      (unsigned)space->stage2->granule :
				      (unsigned)table->granule;
	uint64_t tables = 0;

	for (int level = table->table.start_level + 1; level <= LAST_LEVEL; level++) {
		if (map->fault == UNSET)
			count_level(&census[level + 1], entry_lg2(&table->table, level - 1), map);
		tables += census[level + 1].tables;
	}
	return tables << page;
}

/* Refuses what cannot be built before it is begun, at the mapping that is too much.  With next_ipa
 * the pages may be elsewhere than in the region. */
static void check_room(struct space *space, const struct table_spec *table)
{
	const uint64_t left = TABLE_BYTES_MOST - space->build->machine->memory.tables;
	const uint64_t room = space->next_ipa == UNSET ? space->region->top - space->region->base :
							 UINT64_MAX;
	struct census census[CENSUSES] = { 0 };

	for (size_t i = 0; i < table->map.count && !space->complained; i++) {
		const uint64_t bytes = count_tables(census, space, table, table->sorted[i]);

		space->node = table->sorted[i]->at;
		if (bytes > left)
			space_too_large(space);
		else if (bytes > room)
			space_full(space);
	}
}

/* ---- Building it ---- */

static void build_in(struct space *space, struct table_spec *table)
{
	const int code = smmu3_table_create(&space->builder, &table->table);

	if (code) {
		space_failed(space, code, table->at);
		return;
	}
	if (table->stage == 2 && table->table.format != SMMU3_TABLE_D128) /* whose sizes say it */
		table->start_level = (uint8_t)table->table.start_level;
	check_room(space, table);
	for (size_t i = 0; i < table->map.count && !space->complained; i++) {
		space->node = table->sorted[i]->at;
		map_one(space, table, table->sorted[i]);
	}
	table->built = !space->complained;
}

static void build_table(struct build *build, struct table_spec *table)
{
	struct region *const region = tables_region(build, table->at, table->tables_in,
						    table_spaces(table), table->pas);
	struct space space;

	table->region = region;
	if (!region || table->built || complaints_full(build->loader.complaints) ||
	    (table->stage2 && !table->stage2->built))
		return;
	space_open(&space, build, region, table->at);
	if (table->stage2) {
		space.stage2 = table->stage2;
		space.next_ipa = table->at_ipa;
		space.perm = table->s2_perm;
	} else if (table->at_ipa != UNSET || table->s2_perm != UNSET) {
		COMPLAIN(
			&build->loader,
			key_node(table->at, table->at_ipa != UNSET ? "at_ipa" : "s2_perm"),
			"no master uses this table behind stage 2, and 'in' names no stage 2 table");
	}
	build_in(&space, table);
	space_close(&space);
}

/* Those of a map of its own; the others have been built by name. */
static void build_own_table(struct build *build, struct table_spec *table)
{
	if (table && !table->name)
		build_table(build, table);
}

/* Stage 2 first: pages of stage 1 tables are added to it. */
void build_tables(struct build *build)
{
	const struct spec *const spec = &build->machine->spec;

	for (unsigned stage = 2; stage >= 1; stage--) {
		for (size_t i = 0; i < spec->tables.count; i++) {
			struct table_spec *const table = ITEM(spec->tables, struct table_spec, i);

			if (table->stage == stage)
				build_table(build, table);
		}
	}
	for (size_t i = 0; i < spec->masters.count; i++) {
		const struct master_spec *const master = ITEM(spec->masters, struct master_spec, i);

		build_own_table(build, master->context.lower);
		for (size_t j = 0; j < master->substreams.count; j++)
			build_own_table(build,
					ITEM(master->substreams, struct context_spec, j)->lower);
	}
}
