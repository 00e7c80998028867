/* SPDX-License-Identifier: MIT */
/* Masters of a configuration: what they refer to, which stages they have, and that no two are the
 * same stream. */
#include "platform/features.h"
#include "platform/judge.h"

#include "arch/idregs.h"
#include "arch/ste.h"
#include "base/bits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- References ---- */

static void unknown_name(struct build *build, const struct node *node, const char *what,
			 const char *name, const struct names *names)
{
	struct guess guess = { .text = name, .length = strlen(name) };
	char text[80];

	for (size_t i = 0; i < names->count && i < 1000; i++)
		guess_offer(&guess, names->entry[i].name);
	COMPLAIN(&build->loader, node, "there is no %s '%.64s'%s", what, name,
		 guess_text(&guess, text, sizeof(text)));
}

/* A table by name, of that stage and half; NULL when none is named, or after a complaint. */
static struct table_spec *find_table(struct build *build, const struct node *item, const char *key,
				     const char *name, unsigned stage, bool upper)
{
	struct table_spec *const table = name ? names_find(&build->machine->tables, name) : NULL;

	if (name && !table)
		unknown_name(build, key_node(item, key), "table", name, &build->machine->tables);
	if (!table)
		return NULL;
	if (table->stage == stage && (table->upper == 1) == upper)
		return table;
	COMPLAIN(&build->loader, key_node(item, key),
		 "'%s' takes a %s; table '%s' (line %u) is none", key,
		 stage == 2 ? "stage 2 table" :
		 upper      ? "stage 1 table with 'upper: true'" :
			      "stage 1 table without 'upper'",
		 name, table->at->line);
	return NULL;
}

/* Whose streams read the table: the first master of each Security state. */
static void note_user(struct table_spec *table, const struct master_spec *master)
{
	if (master->security < INTERFACES && !table->user[master->security])
		table->user[master->security] = master->at;
}

/* The stage 2 table whose IPAs a stage 1 table of a master has; NULL: it has PAs.  Secure streams
 * have two, and those of Secure IPAs are meant where nothing is said. */
static struct table_spec *home_of(const struct table_spec *table, const struct master_spec *master)
{
	const bool ns = table->in && master->s2_ns && !strcmp(table->in, master->s2_ns->name);

	return ns && strcmp(table->in, master->s2->name) != 0 ? master->s2_ns : master->s2;
}

/* A stage 1 table lives where its masters look: at PAs, or at the IPAs of one stage 2 table. */
static void place_table(struct build *build, struct table_spec *table,
			const struct master_spec *master)
{
	const char *const name = table && table->name ? table->name : "";

	if (!table)
		return;
	struct table_spec *const home = home_of(table, master);

	if (table->in && (!home || strcmp(table->in, home->name) != 0)) {
		COMPLAIN(&build->loader, master->at,
			 "table '%s' lives in '%s', which is not the stage2 of this master", name,
			 table->in);
	} else if (table->used_by && table->stage2 != home) {
		COMPLAIN(
			&build->loader, master->at,
			"table '%s' would live at two places: the master of line %u has another stage2",
			name, table->used_by->line);
		remark(build->loader.complaints, node_place(build->loader.source, table->used_by),
		       "the other master");
	}
	table->stage2 = home;
	table->used_by = master->at;
	table->of_el2 |= master->security == SMMU3_PAS_REALM && master->world == STE_STRW_EL2;
	note_user(table, master);
}

/* ---- Contexts ---- */

/* The table of a master's or substream's own map. */
static struct table_spec *own_table(struct build *build, const struct node *at,
				    const struct list *map)
{
	struct table_spec *const table = arena_take(&build->machine->arena, sizeof(*table));

	if (!table) {
		complain_memory(&build->loader, at);
		return NULL;
	}
	shape_defaults(&table_shape, table);
	table->at = at;
	table->map = *map;
	judge_table(build, table);
	judge_mappings(build, table);
	return table;
}

static void judge_context(struct build *build, const struct node *item,
			  struct context_spec *context, const struct master_spec *master)
{
	context->at = item;
	if (is_given(item, "map") && context->table)
		COMPLAIN(&build->loader, key_node(item, "map"),
			 "'map' makes a table: with 'table' there are two");
	if (context->cd_raw &&
	    (is_given(item, "table") || is_given(item, "map") || is_given(item, "table_upper") ||
	     is_given(item, "cd") || is_given(item, "asid")))
		COMPLAIN(&build->loader, key_node(item, "cd_raw"),
			 "'cd_raw' is the whole CD: no other key may describe it");
	context->lower = is_given(item, "map") ?
				 own_table(build, node_value(item, "map"), &context->map) :
				 find_table(build, item, "table", context->table, 1, false);
	context->upper = find_table(build, item, "table_upper", context->table_upper, 1, true);
	place_table(build, context->lower, master);
	place_table(build, context->upper, master);
	if (context->asid == UNSET && !context->cd_raw)
		context->asid = 0;
}

/* Is CD 0 described by the master itself? */
static bool has_cd0(const struct master_spec *master)
{
	return is_given(master->at, "table") || is_given(master->at, "map") ||
	       is_given(master->at, "table_upper") || master->context.cd_raw;
}

static int compare_ssids(const void *a, const void *b)
{
	const struct context_spec *const left = *(struct context_spec *const *)a;
	const struct context_spec *const right = *(struct context_spec *const *)b;

	return (left->ssid > right->ssid) - (left->ssid < right->ssid);
}

static void check_ssids(struct build *build, const struct master_spec *master)
{
	const size_t count = master->substreams.count;
	struct context_spec **const sorted = arena_take(&build->machine->arena,
							(count + 1) *
								sizeof(struct context_spec *));

	if (!sorted) {
		complain_memory(&build->loader, master->at);
		return;
	}
	for (size_t i = 0; i < count; i++)
		sorted[i] = ITEM(master->substreams, struct context_spec, i);
	qsort(sorted, count, sizeof(struct context_spec *), compare_ssids);
	for (size_t i = 0; i < count; i++) {
		const struct node *const node = key_node(sorted[i]->at, "ssid");

		if (i && sorted[i]->ssid == sorted[i - 1]->ssid)
			COMPLAIN(&build->loader, node,
				 "two substreams have the SubstreamID 0x%" PRIx64 " (line %u)",
				 sorted[i]->ssid, sorted[i - 1]->at->line);
		if (!sorted[i]->ssid && has_cd0(master))
			COMPLAIN(&build->loader, node,
				 "CD 0 is that of the master's own 'table' or 'map'");
		if (sorted[i]->ssid >> master->cdmax)
			COMPLAIN(&build->loader, node, "a CD table of 2^%u has no CD 0x%" PRIx64,
				 (unsigned)master->cdmax, sorted[i]->ssid);
	}
}

static void judge_substreams(struct build *build, struct master_spec *master)
{
	uint64_t most = master->substreams.count ? 1 : 0;

	for (size_t i = 0;
	     i < master->substreams.count && !complaints_full(build->loader.complaints); i++) {
		struct context_spec *const context = ITEM(master->substreams, struct context_spec,
							  i);

		judge_context(build, context->at, context, master);
		if (!context->lower && !context->upper && !context->cd_raw)
			COMPLAIN(&build->loader, context->at,
				 "a substream needs 'table', 'table_upper', 'map' or 'cd_raw'");
		most = context->ssid > most ? context->ssid : most;
	}
	for (unsigned lg2 = 0; master->cdmax == UNSET; lg2++)
		master->cdmax = most >> lg2 ? UNSET : lg2;
	if (master->s1dss == UNSET)
		master->s1dss = has_cd0(master) ? 2 : 0;
	if (master->cd_format == UNSET)
		master->cd_format = 0;
	check_ssids(build, master);
}

/* ---- A master ---- */

static const char *const stage_keys[] = { "table",  "table_upper", "map",       "substreams",
					  "cd_raw", "stage2",      "asid",      "s1dss",
					  "cdmax",  "cd_format",   "cd_at_ipa", "cd_s2_perm",
					  "cd",     "world",       "stage2_ns" };

/* Complains of each key that may not be there; says why. */
static void forbid(struct build *build, const struct node *item, const char *const *key,
		   size_t count, const char *why)
{
	for (size_t i = 0; i < count; i++) {
		if (is_given(item, key[i]))
			COMPLAIN(&build->loader, key_node(item, key[i]), "'%s' does not go with %s",
				 key[i], why);
	}
}

#define FORBID(build, item, keys, why) forbid(build, item, keys, ARRAY_SIZE(keys), why)

static bool has_stage1(const struct master_spec *master)
{
	return has_cd0(master) || is_given(master->at, "substreams");
}

/* The stage 2 tables of a master.  Without one of their own Non-secure IPAs have that of Secure
 * ones. */
static void find_stage2s(struct build *build, struct master_spec *master)
{
	master->s2 = find_table(build, master->at, "stage2", master->stage2, 2, false);
	master->s2_ns = find_table(build, master->at, "stage2_ns", master->stage2_ns, 2, false);
	if (!master->s2)
		master->s2_ns = NULL;
	else if (!master->s2_ns && master->security == SMMU3_PAS_SECURE)
		master->s2_ns = master->s2;
	if (master->s2)
		note_user(master->s2, master);
	if (master->s2_ns) {
		master->s2_ns->of_ns_ipas = !master->s2_ns->user[SMMU3_PAS_SECURE];
		note_user(master->s2_ns, master);
	}
	judge_stage2s(build, master);
}

/* STRW counts where stage 1 stands alone, and there is an EL2.  5.2 */
static void check_world(struct build *build, const struct master_spec *master)
{
	const struct node *const at = key_node(master->at, "world");

	if (!is_given(master->at, "world"))
		return;
	if (!has_stage1(master) || is_given(master->at, "stage2"))
		COMPLAIN(&build->loader, at, "'world' is of masters that have stage 1 alone");
	else if (master->on && master->security != SMMU3_PAS_SECURE &&
		 master->world == STE_STRW_EL2 && !has_hyp(&master->on->config))
		COMPLAIN(&build->loader, at, "an SMMU with EL2 says so: features: {hyp: true}");
	else if (master->security != SMMU3_PAS_SECURE && master->world == STE_STRW_EL3)
		COMPLAIN(&build->loader, at, "streams of EL3 are Secure: 'security: secure'");
}

static void check_form(struct build *build, const struct master_spec *master)
{
	static const char *const more[] = { "mode", "ste" };
	static const char *const one_stage[] = { "cd_at_ipa", "cd_s2_perm" };
	static const char *const no_cd[] = { "asid", "s1dss", "cdmax", "cd_format", "cd" };

	if (master->on && master->on->registers) {
		FORBID(build, master->at, stage_keys, "an SMMU that has 'registers'");
		FORBID(build, master->at, more, "an SMMU that has 'registers'");
	} else if (master->ste_raw) {
		FORBID(build, master->at, stage_keys, "'ste_raw', which is the whole STE");
		FORBID(build, master->at, more, "'ste_raw', which is the whole STE");
	} else if (master->mode != UNSET) {
		FORBID(build, master->at, stage_keys, "'mode'");
	} else if (!has_stage1(master) && !is_given(master->at, "stage2")) {
		COMPLAIN(
			&build->loader, master->at,
			"master '%s' needs 'map', 'table', 'substreams', 'stage2', 'mode' or 'ste_raw'",
			master->name ? master->name : "");
	} else if (!has_stage1(master)) {
		FORBID(build, master->at, no_cd, "a master without stage 1");
	}
	if (!has_stage1(master) || !is_given(master->at, "stage2"))
		FORBID(build, master->at, one_stage, "a master that has not both stages");
	check_world(build, master);
}

/* ---- The whole ---- */

static void judge_master(struct build *build, struct master_spec *master, uint64_t *places)
{
	struct smmu3_machine *const machine = build->machine;

	if (master->smmu && !strcmp(master->smmu, SMMU_NONE)) {
		judge_direct(build, master);
		return;
	}
	if (master->stream_id == UNSET) {
		COMPLAIN(&build->loader, master->at, "a master needs 'stream_id'");
		return;
	}
	master->on = master->smmu ? names_find(&machine->smmus, master->smmu) :
				    ITEM(machine->spec.smmu, struct smmu_spec, 0);
	if (!master->on)
		unknown_name(build, key_node(master->at, "smmu"), "SMMU", master->smmu,
			     &machine->smmus);
	else
		master->smmu = master->on->name;
	judge_security(build, master);
	if (master->stream_id + master->count - 1 > UINT32_MAX)
		COMPLAIN(&build->loader, key_node(master->at, "count"),
			 "the last StreamID passes 32 bits");
	check_form(build, master);
	find_stage2s(build, master);
	if (has_stage1(master)) {
		judge_context(build, master->at, &master->context, master);
		judge_substreams(build, master);
	}
	judge_atc(build, master, places);
}

/* ---- All of them ---- */

static void complain_of_twin(void *context, void *first, void *second)
{
	struct build *const build = context;
	const struct master_spec *const a = first, *const b = second;

	COMPLAIN(&build->loader, key_node(b->at, "name"), "the name is taken (line %u)",
		 a->at->line);
}

static int compare_streams(const void *a, const void *b)
{
	const struct master_spec *const left = *(struct master_spec *const *)a;
	const struct master_spec *const right = *(struct master_spec *const *)b;

	if (left->interface != right->interface)
		return left->interface < right->interface ? -1 : 1;
	return (left->stream_id > right->stream_id) - (left->stream_id < right->stream_id);
}

static void check_streams(struct build *build, struct master_spec **sorted, size_t count)
{
	qsort(sorted, count, sizeof(struct master_spec *), compare_streams);
	for (size_t i = 1; i < count; i++) {
		const struct master_spec *const below = sorted[i - 1], *const above = sorted[i];
		const struct master_spec *const later = below > above ? below : above;
		const struct master_spec *const first = below > above ? above : below;

		if (below->interface != above->interface ||
		    above->stream_id - below->stream_id >= below->count)
			continue;
		COMPLAIN(&build->loader, key_node(later->at, "stream_id"),
			 "StreamID 0x%" PRIx64 " is already that of master '%s' (line %u)",
			 above->stream_id, first->name ? first->name : "", first->at->line);
		remark(build->loader.complaints,
		       node_place(build->loader.source, key_node(first->at, "stream_id")),
		       "the other master");
	}
}

/* What the library's users see of it. */
static void show_master(const struct smmu3_machine *machine, struct master_spec *master)
{
	master->seen = (struct smmu3_master){
		.name = master->name,
		.smmu = (size_t)(master->on - ITEM(machine->spec.smmu, struct smmu_spec, 0)),
		.sid = (uint32_t)master->stream_id,
		.count = (uint32_t)master->count,
		.sec_sid = (uint8_t)master->security,
		.bus_width = (uint8_t)master->bus_width,
		.attr = { (uint8_t)master->attr, (uint8_t)master->sh },
	};
}

void judge_masters(struct build *build)
{
	struct smmu3_machine *const machine = build->machine;
	const size_t count = machine->spec.masters.count;
	struct master_spec **const sorted = arena_take(&machine->arena,
						       (count + 1) * sizeof(struct master_spec *));
	size_t known = 0;
	uint64_t places = 0;

	for (size_t i = 0; sorted && i < count && !complaints_full(build->loader.complaints); i++) {
		struct master_spec *const master = ITEM(machine->spec.masters, struct master_spec,
							i);

		judge_master(build, master, &places);
		if (master->interface) {
			sorted[known++] = master;
			show_master(machine, master);
		}
		if (names_add(&machine->masters, master->name, master))
			complain_memory(&build->loader, master->at);
	}
	names_sort(&machine->masters, complain_of_twin, build);
	if (sorted)
		check_streams(build, sorted, known);
}
