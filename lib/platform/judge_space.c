/* SPDX-License-Identifier: MIT */
/* PA spaces of translation tables: where their pages are, and what they map.  A table in Secure
 * memory says of each page whether it is Non-secure; one that is read from Non-secure memory says
 * nothing: all of it is.  3.10.2.2, D8.4 */
#include "platform/machine.h"

#include "base/bits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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
	char list[64] = "";

	for (unsigned pas = 0; pas < ARRAY_SIZE(space_names); pas++) {
		const size_t length = strlen(list);

		if (spaces & SMMU3_PAS_BIT(pas))
			(void)snprintf(list + length, sizeof(list) - length, "%s%s",
				       length ? " or " : "", space_names[pas]);
	}
	COMPLAIN(&build->loader, key_node(item, "tables_in"), "there is no %s memory '%.64s'", list,
		 name);
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

static bool is_realm(const struct table_spec *table)
{
	return table->user[SMMU3_PAS_REALM] != NULL;
}

/* Which spaces all of its masters can read, a mask.  Realm streams have all their tables in Realm
 * memory.  3.10.3 */
static unsigned readable(const struct table_spec *table)
{
	const unsigned ns = SMMU3_PAS_BIT(SMMU3_PAS_NS), secure = SMMU3_PAS_BIT(SMMU3_PAS_SECURE);

	if (is_realm(table))
		return SMMU3_PAS_BIT(SMMU3_PAS_REALM);
	return is_secure(table) && !table->user[SMMU3_PAS_NS] ? ns | secure : ns;
}

unsigned table_spaces(const struct table_spec *table)
{
	return is_realm(table) ? SMMU3_PAS_BIT(SMMU3_PAS_REALM) :
				 SMMU3_PAS_BIT(SMMU3_PAS_NS) | SMMU3_PAS_BIT(SMMU3_PAS_SECURE);
}

static unsigned default_space(const struct table_spec *table)
{
	if (is_realm(table))
		return SMMU3_PAS_REALM;
	return readable(table) & SMMU3_PAS_BIT(SMMU3_PAS_SECURE) ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

/* Nobody else looks into Realm memory. */
static void check_readers(struct build *build, const struct table_spec *table)
{
	const struct node *const other = table->user[SMMU3_PAS_NS] ? table->user[SMMU3_PAS_NS] :
								     table->user[SMMU3_PAS_SECURE];

	if (!is_realm(table) || !other)
		return;
	COMPLAIN(&build->loader, other,
		 "table '%.64s' is in Realm memory, for the master of line %u: no other finds it",
		 table->name ? table->name : "", table->user[SMMU3_PAS_REALM]->line);
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

	check_readers(build, table);
	table->pas = table->stage2 ? table->stage2->maps : default_space(table);
	if (!memory || !takes_tables(memory, table_spaces(table))) /* build_table will say so */
		return;
	table->pas = (unsigned)memory->pas;
	if (!(readable(table) & SMMU3_PAS_BIT(table->pas)))
		complain_of_reader(build, table);
	else if (table->stage2 && table->pas != table->stage2->maps)
		COMPLAIN(&build->loader, key_node(table->at, "tables_in"),
			 "'%.64s' is %s memory: what stage 2 table '%s' maps is %s",
			 table->tables_in, space_names[table->pas], table->stage2->name,
			 space_names[table->stage2->maps]);
}

static bool holds(const struct build *build, unsigned pas, const struct mapping_spec *map)
{
	return memory_holds(&build->machine->memory, pas, map->output, map->size);
}

/* The Security state of its masters that has memory of its own, or the Non-secure one. */
static unsigned own_space(const struct table_spec *table)
{
	return is_realm(table)  ? SMMU3_PAS_REALM :
	       is_secure(table) ? SMMU3_PAS_SECURE :
				  SMMU3_PAS_NS;
}

/* Do its leaves say by NS where they lead?  Realm stage 1 of EL1 does not: its IPAs are Realm.
 * D8.3.1.2, D8.4.6 */
static bool leaves_choose(const struct table_spec *table)
{
	if (is_realm(table))
		return table->stage == 2 || table->of_el2;
	return table->stage == 1 && table->pas == SMMU3_PAS_SECURE;
}

/* What it maps is there, and NS says in which space. */
static void judge_output(struct build *build, const struct table_spec *table,
			 struct mapping_spec *map)
{
	const unsigned own = own_space(table);
	const bool checked = map->fault == UNSET && map->pa != UNSET;
	const bool in_ns = checked && holds(build, SMMU3_PAS_NS, map);
	const bool in_own = checked && own != SMMU3_PAS_NS && holds(build, own, map);

	if (checked && !in_ns && !in_own)
		COMPLAIN(&build->loader, key_node(map->at, "pa"),
			 "0x%" PRIx64 " to 0x%" PRIx64 " is not all in Non-secure memory%s%s%s",
			 map->pa, map->pa + map->size - 1, own ? ", nor all in " : "",
			 own ? space_names[own] : "", own ? " memory" : "");
	if (table->stage == 2 && !is_realm(table) && is_given(map->at, "ns"))
		COMPLAIN(&build->loader, key_node(map->at, "ns"),
			 "'ns' of stage 2 is of tables that Realm masters use");
	if (map->ns == UNSET && (table->stage == 1 || is_realm(table)))
		map->ns = leaves_choose(table) && in_ns && !in_own;
}

/* A mapping into one PA space alone, which is that; NULL: there is none. */
static const struct mapping_spec *mapping_into(const struct build *build,
					       const struct table_spec *table, unsigned pas)
{
	for (size_t i = 0; i < table->map.count; i++) {
		const struct mapping_spec *const map = ITEM(table->map, struct mapping_spec, i);

		if (map->fault == UNSET && holds(build, pas, map) && !holds(build, !pas, map))
			return map;
	}
	return NULL;
}

/* A tree maps one PA space, by S2SA or S2NSA; if it is in Non-secure memory, that.  Where its
 * mappings do not tell, it is that of the IPAs.  3.10.2.2 */
static unsigned space_mapped(struct build *build, const struct table_spec *table)
{
	const struct mapping_spec *const ns = mapping_into(build, table, SMMU3_PAS_NS);
	const struct mapping_spec *const secure = mapping_into(build, table, SMMU3_PAS_SECURE);

	if (is_realm(table))
		return SMMU3_PAS_REALM;
	if (!is_secure(table) || table->pas == SMMU3_PAS_NS)
		return SMMU3_PAS_NS;
	if (ns && secure) {
		const struct mapping_spec *const later = ns > secure ? ns : secure;

		COMPLAIN(&build->loader, key_node(later->at, "pa"),
			 "a stage 2 table of a Secure master maps one PA space: this is %s, the "
			 "mapping of line %u not",
			 space_names[later == secure], (later == ns ? secure : ns)->at->line);
	}
	if (ns || secure)
		return ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
	return table->of_ns_ipas ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
}

static void judge_table_space(struct build *build, struct table_spec *table)
{
	judge_place(build, table);
	for (size_t i = 0; i < table->map.count && !complaints_full(build->loader.complaints); i++)
		judge_output(build, table, ITEM(table->map, struct mapping_spec, i));
	if (table->stage == 2)
		table->maps = space_mapped(build, table);
}

/* What stage 2 makes of Secure IPAs decides for the others, too.  3.10.2.2 */
static void check_spaces(struct build *build, const struct master_spec *master)
{
	if (master->s2_ns && master->s2->maps == SMMU3_PAS_NS &&
	    master->s2_ns->maps == SMMU3_PAS_SECURE)
		COMPLAIN(&build->loader, key_node(master->at, "stage2_ns"),
			 "'%s' maps Secure memory, but where Secure IPAs are in Non-secure memory, "
			 "as with 'stage2: %s', so are all others",
			 master->s2_ns->name, master->s2->name);
}

/* A table that has no name is in no list but that of its master. */
static void judge_own_table(struct build *build, struct table_spec *table)
{
	if (table && !table->name)
		judge_table_space(build, table);
}

static void judge_stage(struct build *build, unsigned stage)
{
	const struct list *const tables = &build->machine->spec.tables;

	for (size_t i = 0; i < tables->count; i++) {
		struct table_spec *const table = ITEM(*tables, struct table_spec, i);

		if (table->stage == stage)
			judge_table_space(build, table);
	}
}

/* Stage 2 first: pages of stage 1 tables are where it maps them. */
void judge_spaces(struct build *build)
{
	const struct spec *const spec = &build->machine->spec;

	judge_stage(build, 2);
	judge_stage(build, 1);
	for (size_t i = 0; i < spec->masters.count; i++) {
		const struct master_spec *const master = ITEM(spec->masters, struct master_spec, i);

		check_spaces(build, master);
		judge_own_table(build, master->context.lower);
		for (size_t j = 0; j < master->substreams.count; j++)
			judge_own_table(build,
					ITEM(master->substreams, struct context_spec, j)->lower);
	}
}
