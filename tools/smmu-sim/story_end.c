/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "json.h"
#include "machine.h"
#include "outcome.h"
#include "story.h"
#include "text.h"

/* Does a rule's name of a field ("AP", "bit 0", "TBI") mean the field of a row ("AP[2:1]", "Valid",
 * "TBI0")? */
static bool means(const char *wanted, const char *name)
{
	const size_t length = strlen(wanted);

	if (!strcmp(wanted, "bit 0"))
		return !strcmp(name, "Valid");
	if (!strcmp(wanted, "bit 1"))
		return !strcmp(name, "Type");
	if (!strncmp(wanted, "AP[", 3))
		return !strcmp(name, "AP");
	return !strncmp(wanted, name, length) &&
	       (!name[length] || isdigit((unsigned char)name[length]));
}

/* A register that the Secure or the Realm interface has as the Non-secure one has it. */
static bool is_twin(const char *name)
{
	return machine_is_secure_register(name) || machine_is_realm_register(name);
}

/* Is a node the structure that a rule names: "STE", "CD", "SMMU_GBPA", or "descriptor" of the stage
 * at fault? */
static bool of_structure(json_object *node, const char *structure, size_t length, unsigned stage)
{
	static const char prefix[] = "SMMU_";
	const char *shown = json_string(node, "structure");
	const size_t common = sizeof(prefix) - 1;
	json_object *own;

	if (is_twin(shown) && length > common && !is_twin(structure) &&
	    !strncmp(structure, prefix, common)) {
		shown += common + 2; /* behind "S_" or "R_" */
		structure += common;
		length -= common;
	}
	if (strncmp(structure, "descriptor", length) || length != 10)
		return strlen(shown) == length && !strncmp(shown, structure, length);
	return json_object_object_get_ex(node, "stage", &own) &&
	       (unsigned)json_object_get_int(own) == stage;
}

static void mark(json_object *row)
{
	char meaning[192];

	snprintf(meaning, sizeof(meaning), "%s%s<== decided", json_string(row, "meaning"),
		 *json_string(row, "meaning") ? "  " : "");
	json_text(row, "meaning", meaning);
	json_flag(row, "decided", true);
}

/* Marks the last row with a name in a node; of limits in table descriptors only one that is set. */
static bool mark_in(json_object *node, const char *name)
{
	json_object *rows = json_array(node, "fields");
	const bool limit = strlen(name) > 5 && !strcmp(name + strlen(name) - 5, "Table");

	for (size_t i = rows ? json_object_array_length(rows) : 0; i-- > 0;) {
		json_object *row = json_object_array_get_idx(rows, i);

		if (!means(name, json_string(row, "name")) ||
		    (limit && !strcmp(json_string(row, "value"), "0x0")))
			continue;
		mark(row);
		return true;
	}
	return false;
}

static void words_of(json_object *node, uint64_t *word)
{
	json_object *words = json_array(node, "words");

	for (size_t i = 0; words && i < 8 && i < json_object_array_length(words); i++)
		parse_number(json_object_get_string(json_object_array_get_idx(words, i)), &word[i]);
}

/* A field that decides although no row of facts_rows.c has it. */
static bool add_and_mark(json_object *node, const char *name)
{
	const struct smmu3_layout *layout = smmu3_layout(json_string(node, "structure"));
	const struct smmu3_field *field = layout ? smmu3_field(layout, name) : NULL;
	uint64_t word[8] = { 0 };

	if (!field || !json_array(node, "words"))
		return false;
	words_of(node, word);
	json_append(json_array(node, "fields"), field_of(layout, field, word, NULL));
	return mark_in(node, name);
}

/* Marks one name of a rule, "STE.V" or "descriptor AP", in the last node that has it; with
 * `adding`, also where the node does not show the field yet. */
static bool mark_name(json_object *story, const char *name, unsigned stage, bool adding)
{
	const size_t length = strcspn(name, ". ");

	if (!name[length])
		return false;
	for (size_t i = json_object_array_length(story); i-- > 0;) {
		json_object *node = json_object_array_get_idx(story, i);

		if (!of_structure(node, name, length, stage))
			continue;
		if (mark_in(node, name + length + 1) ||
		    (adding && add_and_mark(node, name + length + 1)))
			return true;
	}
	return false;
}

static bool is_gpt_entry(const char *structure)
{
	return !strncmp(structure, "GPT_", 4);
}

/* A node counted from the last, 0; or NULL. */
static json_object *node_before_end(json_object *story, size_t count)
{
	const size_t nodes = json_object_array_length(story);

	return nodes > count ? json_object_array_get_idx(story, nodes - 1 - count) : NULL;
}

static bool was_aborted(json_object *node)
{
	json_object *aborted;

	return json_object_object_get_ex(node, "aborted", &aborted) &&
	       json_object_get_boolean(aborted);
}

/* The entry of the granule protection table that was read last, before what it stopped; or "". */
static const char *deciding_entry(json_object *story)
{
	json_object *last = node_before_end(story, 0);

	if (last && was_aborted(last) && !is_gpt_entry(json_string(last, "structure")))
		last = node_before_end(story, 1);
	return last && is_gpt_entry(json_string(last, "structure")) ?
		       json_string(last, "structure") :
		       "";
}

/* Such an entry decides alone: neither those that let other accesses through before, nor the size
 * of the table. */
static bool may_decide(const char *entry, const char *name)
{
	const size_t length = strlen(entry);

	return length ? !strncmp(name, entry, length) && name[length] == '.' : !is_gpt_entry(name);
}

/* Marks what a rule names; fields that no row shows only where none of its fields is shown. */
static void mark_decided(json_object *story, const struct smmu3_outcome *outcome)
{
	const char *entry = deciding_entry(story);
	bool marked = !outcome->why;

	for (int adding = 0; adding < 2 && !marked; adding++) {
		char names[128], *rest = names, *name;

		snprintf(names, sizeof(names), "%s", smmu3_why(outcome->why)->field);
		while ((name = strsep(&rest, ","))) {
			name += strspn(name, " ");
			marked |= may_decide(entry, name) &&
				  mark_name(story, name, outcome->fault_stage, adding);
		}
	}
}

/* A structure that memory was not asked for. */
static void mark_stopped(json_object *story, const struct smmu3_outcome *outcome)
{
	json_object *last = node_before_end(story, 0);

	if (last && was_aborted(last) && outcome->why &&
	    !strncmp(smmu3_why(outcome->why)->name, "gpc-", 4))
		json_text(last, "meaning", "granule protection does not let it through");
}

static json_object *plain_row(const char *name, const char *value, const char *meaning,
			      const char *section)
{
	json_object *row = json_new();

	json_text(row, "name", name);
	json_text(row, "value", value);
	json_text(row, "meaning", meaning);
	json_text(row, "section", section);
	return row;
}

static void json_copy_row(json_object *rows, json_object *data, const char *key, const char *name,
			  const char *section)
{
	json_append(rows, plain_row(name, json_string(data, key), "", section));
}

/* Where the attributes of an outcome are settled. */
static const char *attribute_section(const struct smmu3_outcome *outcome)
{
	if (outcome->stages)
		return "13.4";
	return outcome->decider == SMMU3_BY_GBPA ? "13.2" : "13.3";
}

/* What becomes of a class that is neither ordinary nor atomic. */
static void class_row(json_object *rows, const struct smmu3_txn *txn,
		      const struct smmu3_outcome *outcome)
{
	const bool maintains = txn->txn_class >= SMMU3_CLASS_CLEAN;
	const bool same = outcome->becomes == txn->txn_class;

	json_append(rows, plain_row("goes on as", smmu3_class_name(outcome->becomes),
				    same ? "as it came" : "it may not be more",
				    maintains ? "16.7.2" : "3.22"));
}

static void translated_rows(json_object *rows, json_object *data,
			    const struct smmu3_outcome *outcome)
{
	char text[96], bytes[24];

	json_copy_row(rows, data, "pa", "PA", "");
	json_copy_row(rows, data, "pas", "PA space", "3.10");
	json_copy_row(rows, data, "type", "memory type", attribute_section(outcome));
	json_copy_row(rows, data, "shareability", "shareability", "13.1");
	if (outcome->stages) {
		json_copy_row(rows, data, "unprivileged", "unprivileged may", "D8.4");
		json_copy_row(rows, data, "privileged", "privileged may", "D8.4");
	}
	size_text(outcome->span, bytes, sizeof(bytes));
	snprintf(text, sizeof(text),
		 outcome->span ? "of a translation of %s" : "nothing was translated", bytes);
	json_copy_row(rows, data, "bytes", "bytes", "");
	json_text(json_object_array_get_idx(rows, json_object_array_length(rows) - 1), "meaning",
		  text);
}

static void event_rows(json_object *rows, const struct smmu3_outcome *outcome)
{
	const struct smmu3_layout *layout = smmu3_event_layout(outcome->event);

	for (unsigned i = 0; i < 4; i++) {
		char name[24];

		snprintf(name, sizeof(name), "record word %u", i);
		json_append(rows, field_row(name, 64 * i + 63, 64 * i, outcome->record.word[i], "",
					    "7.3"));
	}
	for (unsigned i = 0; layout && i < layout->fields; i++)
		if (strcmp(layout->field[i].name, "RES0") != 0)
			json_append(rows, field_of(layout, &layout->field[i], outcome->record.word,
						   NULL));
}

static void fault_rows(json_object *rows, const struct smmu3_outcome *outcome)
{
	const struct smmu3_rule *rule = smmu3_why(outcome->why);

	json_append(rows, plain_row("rule", rule->name, rule->sentence, rule->section));
	if (*rule->field)
		json_append(rows, plain_row("decided by", rule->field, "", rule->section));
	if (outcome->event)
		event_rows(rows, outcome);
}

void story_decision(json_object *story, const struct smmu3_txn *txn,
		    const struct smmu3_outcome *outcome)
{
	const bool ok = outcome->verdict == SMMU3_OK;
	json_object *data = outcome_json(outcome);
	json_object *rows = json_list();

	mark_decided(story, outcome);
	mark_stopped(story, outcome);
	json_object *node = story_node(story, smmu3_verdict_name(outcome->verdict), "",
				       ok             ? json_string(data, "via") :
				       outcome->event ? smmu3_event_name(outcome->event) :
							"no event",
				       smmu3_why(outcome->why)->section);

	if (ok && txn->txn_class > SMMU3_CLASS_ATOMIC)
		class_row(rows, txn, outcome);
	if (ok)
		translated_rows(rows, data, outcome);
	else
		fault_rows(rows, outcome);
	json_add(node, "fields", rows);
	json_add(node, "outcome", data);
}

void story_firewall(json_object *story, const struct smmu3_guard *guard,
		    const struct smmu3_outcome *outcome)
{
	const bool fetch = !guard->firewall && guard->blocker == SMMU3_BLOCKER_FIREWALL;
	const bool allows = guard->firewall == SMMU3_FIREWALL_ALLOWS;
	const char *region = guard->region ? guard->region : "";
	char where[64];

	if (!guard->firewall && !fetch)
		return;
	snprintf(where, sizeof(where), "0x%" PRIx64, fetch ? outcome->fault_addr : outcome->pa);
	json_object *node = story_node(story, "firewall", where,
				       allows ? "lets pass" :
				       fetch  ? "denied this fetch, no event of its own" :
						"denies, no event",
				       "");
	json_object *rows = json_list();

	json_append(rows, plain_row("region", region, allows ? "" : "<== blocked", ""));
	json_add(node, "fields", rows);
	guard_json(node, guard);
}
