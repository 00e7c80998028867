/* SPDX-License-Identifier: MIT */
/* Translation tables into memory, as a configuration describes them. */
#include "platform/space.h"

#include "arch/ttd.h"

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
		.dbm = (uint8_t)map->dbm,
	};

	return smmu3_s2_leaf(&attributes);
}

/* Bytes that the leaves alone take, at least: they are no larger than input and output are in step.
 */
static uint64_t leaf_bytes(const struct mapping_spec *map)
{
	const uint64_t apart = (map->input ^ map->output) | (UINT64_C(1) << 42);
	const uint64_t step = apart & -apart;
	const uint64_t largest = map->block < step ? map->block : step;

	return map->size / largest * 8;
}

static void map_one(struct space *space, struct table_spec *table, const struct mapping_spec *spec)
{
	const uint64_t attributes = table->stage == 1 ? s1_attributes(table, spec) :
							s2_attributes(spec);
	const struct smmu3_map map = {
		.input = spec->input,
		.output = spec->output,
		.size = spec->size,
		.block = spec->block == UNSET ? 0 : spec->block,
		.contiguous = spec->contiguous == 1,
		.attributes = spec->raw == UNSET ? attributes : spec->raw,
		.table_attributes = spec->table_bits,
	};
	int code;

	if (spec->fault != UNSET)
		return;
	if (leaf_bytes(spec) > TABLE_BYTES_MOST) {
		complain(space->build->loader.complaints, -SMMU3_E_LIMIT,
			 node_place(space->build->loader.source, spec->at),
			 "the mapping needs more than 256M of tables: larger blocks take less");
		space->complained = true;
		return;
	}
	code = smmu3_table_map(&space->builder, &table->table, &map);
	if (code)
		space_failed(space, code, spec->at);
}

static void build_in(struct space *space, struct table_spec *table)
{
	const int code = smmu3_table_create(&space->builder, &table->table);

	if (code) {
		space_failed(space, code, table->at);
		return;
	}
	if (table->stage == 2)
		table->start_level = (uint64_t)table->table.start_level;
	for (size_t i = 0; i < table->map.count && !space->complained; i++) {
		space->node = table->sorted[i]->at;
		map_one(space, table, table->sorted[i]);
	}
	table->built = !space->complained;
}

static void build_table(struct build *build, struct table_spec *table)
{
	struct region *const region = tables_region(build, table->at, table->tables_in);
	struct space space;

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

static void build_context_tables(struct build *build, const struct context_spec *context)
{
	if (context->lower)
		build_table(build, context->lower);
	if (context->upper)
		build_table(build, context->upper);
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

		build_context_tables(build, &master->context);
		for (size_t j = 0; j < master->substreams.count; j++)
			build_context_tables(build,
					     ITEM(master->substreams, struct context_spec, j));
	}
}
