/* SPDX-License-Identifier: MIT */
/* PA spaces of translation tables: where their pages are, and what they map.  A table in Secure
 * memory says of each page whether it is Non-secure; one that is read from Non-secure memory says
 * nothing: all of it is.  3.10.2.2, D8.4 */
#include "platform/machine.h"

#include <inttypes.h>

/* ---- Memories for tables ---- */

static const char *const space_names[] = { "Non-secure", "Secure", "Realm", "Root" };

/* Is it one that tables of those spaces may be in? */
static bool takes_tables(const struct memory_spec *memory, unsigned spaces)
{
	return spaces & SMMU3_PAS_BIT(memory->pas);
}

static void no_such_memory(struct build *build, const struct node *item, const char *name,
			   unsigned spaces)
{
	const bool both = spaces == SMMU3_PAS_BIT(SMMU3_PAS_NS) + SMMU3_PAS_BIT(SMMU3_PAS_SECURE);
	const char *const space = space_names[__builtin_ctz(spaces)];

	COMPLAIN(&build->loader, key_node(item, "tables_in"), "there is no %s%s memory '%.64s'",
		 space, both ? " or Secure" : "", name);
}

struct region *tables_region(struct build *build, const struct node *item, const char *name,
			     unsigned spaces, unsigned pas)
{
	const struct smmu3_machine *const machine = build->machine;
	const struct memory_spec *const named = name ? names_find(&machine->memories, name) : NULL;

	if (name && (!named || !takes_tables(named, spaces))) {
		no_such_memory(build, item, name, spaces);
		return NULL;
	}
	for (size_t i = 0; i < machine->spec.memory.count; i++) {
		const struct memory_spec *const memory = ITEM(machine->spec.memory,
							      struct memory_spec, i);

		if (name ? memory == named : memory->pas == pas)
			return memory_find(&machine->memory, (unsigned)memory->pas, memory->base);
	}
	COMPLAIN(&build->loader, item, "there is no %s memory for the tables", space_names[pas]);
	return NULL;
}

struct region *interface_region(struct build *build, const struct interface_spec *interface)
{
	return tables_region(build, interface->at ? interface->at : interface->of->at,
			     interface->tables_in, SMMU3_PAS_BIT(interface->pas), interface->pas);
}

/* ---- Translation tables ---- */

static bool is_secure(const struct table_spec *table)
{
	return table->user[SMMU3_PAS_SECURE] != NULL;
}

/* Which spaces all of its masters can read, a mask. */
static unsigned readable(const struct table_spec *table)
{
	const unsigned ns = SMMU3_PAS_BIT(SMMU3_PAS_NS), secure = SMMU3_PAS_BIT(SMMU3_PAS_SECURE);

	return is_secure(table) && !table->user[SMMU3_PAS_NS] ? ns | secure : ns;
}

static unsigned default_space(const struct table_spec *table)
{
	return readable(table) & SMMU3_PAS_BIT(SMMU3_PAS_SECURE) ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

static void complain_of_reader(struct build *build, const struct table_spec *table)
{
	const struct node *const reader = table->user[SMMU3_PAS_NS];

	COMPLAIN(&build->loader, key_node(table->at, "tables_in"),
		 "'%.64s' is Secure memory: only tables that Secure masters alone use may be there",
		 table->tables_in);
	if (reader)
		remark(build->loader.complaints, node_place(build->loader.source, reader),
		       "a Non-secure master that uses it");
}

/* Where its pages are. */
static void judge_place(struct build *build, struct table_spec *table)
{
	const struct memory_spec *const memory = table->tables_in ?
							 names_find(&build->machine->memories,
								    table->tables_in) :
							 NULL;

	table->pas = default_space(table);
	if (!memory || memory->pas >= INTERFACES) /* build_table will say so */
		return;
	table->pas = (unsigned)memory->pas;
	if (!(readable(table) & SMMU3_PAS_BIT(table->pas)))
		complain_of_reader(build, table);
}

static bool holds(const struct build *build, unsigned pas, const struct mapping_spec *map)
{
	return memory_holds(&build->machine->memory, pas, map->output, map->size);
}

/* What it maps is there, and NS says in which space. */
static void judge_output(struct build *build, const struct table_spec *table,
			 struct mapping_spec *map)
{
	const bool checked = map->fault == UNSET && map->pa != UNSET;
	const bool in_ns = checked && holds(build, SMMU3_PAS_NS, map);
	const bool in_secure = checked && is_secure(table) && holds(build, SMMU3_PAS_SECURE, map);

	if (checked && !in_ns && !in_secure)
		COMPLAIN(&build->loader, key_node(map->at, "pa"),
			 "0x%" PRIx64 " to 0x%" PRIx64 " is not all in Non-secure memory%s",
			 map->pa, map->pa + map->size - 1,
			 is_secure(table) ? ", nor all in Secure memory" : "");
	if (table->stage == 1 && map->ns == UNSET)
		map->ns = table->pas == SMMU3_PAS_SECURE && in_ns && !in_secure;
}

static void judge_table_space(struct build *build, struct table_spec *table)
{
	judge_place(build, table);
	for (size_t i = 0; i < table->map.count && !complaints_full(build->loader.complaints); i++)
		judge_output(build, table, ITEM(table->map, struct mapping_spec, i));
}

/* A table that has no name is in no list but that of its master. */
static void judge_own_table(struct build *build, struct table_spec *table)
{
	if (table && !table->name)
		judge_table_space(build, table);
}

void judge_spaces(struct build *build)
{
	const struct spec *const spec = &build->machine->spec;

	for (size_t i = 0; i < spec->tables.count; i++)
		judge_table_space(build, ITEM(spec->tables, struct table_spec, i));
	for (size_t i = 0; i < spec->masters.count; i++) {
		const struct master_spec *const master = ITEM(spec->masters, struct master_spec, i);

		judge_own_table(build, master->context.lower);
		for (size_t j = 0; j < master->substreams.count; j++)
			judge_own_table(build,
					ITEM(master->substreams, struct context_spec, j)->lower);
	}
}
