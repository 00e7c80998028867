/* SPDX-License-Identifier: MIT */
/* One finding of the checker as an object. */
#include <smmu/decode.h>
#include <smmu/inspect.h>
#include <stdlib.h>
#include <string.h>

#include "findings.h"
#include "json.h"
#include "outcome.h"
#include "say.h"

#define NAME_IN(names, index) name_in((names), sizeof(names) / sizeof(*(names)), (index))

static const char *name_in(const char *const *names, size_t count, unsigned index)
{
	return index < count && names[index] ? names[index] : "other";
}

static void add_place(json_object *object, const char *key, struct place place)
{
	json_object *at;

	if (!place.file)
		return;
	at = json_new();
	json_text(at, "file", place.file);
	json_number(at, "line", place.line);
	json_add(object, key, at);
}

/* ---- What was kept ---- */

static const char *const kept_names[] = {
	[SMMU3_KEPT_L1STD] = "l1std", [SMMU3_KEPT_STE] = "ste",
	[SMMU3_KEPT_CD] = "cd",       [SMMU3_KEPT_TRANSLATION] = "translation",
	[SMMU3_KEPT_TABLE] = "table", [SMMU3_KEPT_DPT] = "dpt",
	[SMMU3_KEPT_GPT] = "gpt",     [SMMU3_KEPT_ATC] = "atc",
	[SMMU3_KEPT_L1CD] = "l1cd",
};

static const char *const for_names[] = {
	[SMMU3_KEPT_FOR_ACCESS] = "access",
	[SMMU3_KEPT_FOR_LOOKUP] = "lookup",
	[SMMU3_KEPT_FOR_ITSELF] = "itself",
	[SMMU3_KEPT_FOR_DIRECT] = "direct",
};

static const char *const pending_names[] = {
	[SMMU3_PENDING_NONE] = "none",
	[SMMU3_PENDING_SYNC] = "sync",
	[SMMU3_PENDING_QUEUED] = "queued",
	[SMMU3_PENDING_HINT] = "hint",
};

static const char *world_name(unsigned world)
{
	return world == SMMU3_WORLD_EL1     ? "el1" :
	       world == SMMU3_WORLD_EL2     ? "el2" :
	       world == SMMU3_WORLD_EL2_E2H ? "el2-e2h" :
					      "el3";
}

/* Of translations and tables. */
static void add_tag(json_object *object, const struct smmu3_kept *kept)
{
	json_number(object, "stage", kept->stage);
	json_flag(object, "both_stages", kept->both);
	json_text(object, "world", world_name(kept->world));
	if (kept->stage == 1) {
		json_number(object, "asid", kept->asid);
		json_flag(object, "global", kept->global);
	} else {
		json_text(object, "ipa_space", smmu3_pas_name(kept->ipa_pas));
	}
	json_number(object, "vmid", kept->vmid);
}

static json_object *kept_json(const struct places *places, size_t smmu,
			      const struct smmu3_kept *kept)
{
	json_object *object = json_new();
	const bool of_translation = kept->kind == SMMU3_KEPT_TRANSLATION ||
				    kept->kind == SMMU3_KEPT_TABLE;

	json_text(object, "kind", NAME_IN(kept_names, kept->kind));
	json_text(object, "security", smmu3_pas_name(kept->sec_sid));
	if (kept->bytes) {
		json_hex(object, "addr", kept->addr);
		json_count(object, "bytes", kept->bytes);
	}
	if (of_translation)
		add_tag(object, kept);
	else if (kept->kind != SMMU3_KEPT_DPT && kept->kind != SMMU3_KEPT_GPT)
		json_hex(object, "sid", kept->sid);
	if (kept->kind == SMMU3_KEPT_CD || kept->kind == SMMU3_KEPT_L1CD ||
	    kept->kind == SMMU3_KEPT_ATC)
		json_hex(object, "ssid", kept->ssid);
	json_text(object, "pending", NAME_IN(pending_names, kept->pending));
	json_text(object, "for", NAME_IN(for_names, kept->kept_for));
	json_count(object, "access", kept->access);
	if (kept->kept_for == SMMU3_KEPT_FOR_ACCESS)
		add_place(object, "at", place_of_access(places, smmu, kept->access));
	return object;
}

/* ---- What has changed ---- */

static const char *const structure_names[] = {
	[SMMU3_REASON_L1STD] = "l1std",   [SMMU3_REASON_STE] = "ste",
	[SMMU3_REASON_L1CD] = "l1cd",     [SMMU3_REASON_CD] = "cd",
	[SMMU3_REASON_S1_TTD] = "s1-ttd", [SMMU3_REASON_S2_TTD] = "s2-ttd",
	[SMMU3_REASON_DPT] = "dpt",       [SMMU3_REASON_GPT] = "gpt",
};

static const char *const break_names[] = {
	[SMMU3_BREAK_SIZE] = "size",     [SMMU3_BREAK_OUTPUT] = "output",
	[SMMU3_BREAK_TYPE] = "type",     [SMMU3_BREAK_CONTIGUOUS] = "contiguous",
	[SMMU3_BREAK_GLOBAL] = "global",
};

static const char *const freed_names[] = {
	[SMMU3_FREED_CHANGED] = "changed",
	[SMMU3_FREED_READ] = "read",
	[SMMU3_FREED_WRITTEN] = "written",
};

static bool is_descriptor(const struct smmu3_changed *changed)
{
	return changed->reason == SMMU3_REASON_S1_TTD || changed->reason == SMMU3_REASON_S2_TTD;
}

static json_object *changed_json(const struct smmu3_changed *changed)
{
	json_object *object = json_new();

	json_text(object, "structure", NAME_IN(structure_names, changed->reason));
	json_hex(object, "pa", changed->pa);
	json_text(object, "pas", smmu3_pas_name(changed->pas));
	if (is_descriptor(changed)) {
		json_number(object, "level", changed->level);
		json_hex(object, "input", changed->input);
	}
	json_words(object, "was", changed->was, changed->words);
	if (changed->readable)
		json_words(object, "now", changed->now, changed->words);
	return object;
}

static void add_freed(json_object *object, const struct places *places,
		      const struct smmu3_finding *finding)
{
	json_object *freed = changed_json(&finding->freed);

	json_text(freed, "is", NAME_IN(freed_names, finding->freed_is));
	json_add(object, "freed", freed);
	add_place(object, "freed_at", place_of_write(places, &finding->freed));
}

/* The fields that count and are others. */
static json_object *fields_json(const struct smmu3_layout *layout, uint64_t differs)
{
	json_object *fields = json_list();

	for (unsigned i = 0; layout && i < layout->fields; i++)
		if (smmu3_field_get(&differs, &layout->field[i]))
			json_append(fields, json_object_new_string(layout->field[i].name));
	return fields;
}

static void add_register(json_object *object, const struct places *places, size_t smmu,
			 const struct smmu3_changed_register *reg)
{
	const struct smmu3_layout *layout = smmu3_register_at(reg->offset);
	json_object *said = json_new();

	json_text(said, "name", layout ? layout->name : "other");
	json_text(said, "security", smmu3_pas_name(reg->sec_sid));
	json_hex(said, "was", reg->was);
	json_hex(said, "now", reg->now);
	json_add(said, "fields", fields_json(layout, (reg->was ^ reg->now) & reg->counts));
	json_count(said, "access", reg->access);
	json_add(object, "register", said);
	add_place(object, "changed_after", place_of_access(places, smmu, reg->access));
}

/* ---- What is needed ---- */

static json_object *command_json(const struct smmu3_remedy *remedy)
{
	json_object *object = json_new();
	char text[256];

	(void)smmu3_remedy_text(remedy, text, sizeof(text));
	json_text(object, "queue", smmu3_pas_name(remedy->queue));
	json_text(object, "text", text);
	json_words(object, "words", remedy->word, 2);
	json_flag(object, "alternative", remedy->alternative);
	return object;
}

json_object *finding_commands_json(const struct smmu3_finding *finding)
{
	json_object *commands = json_list();

	for (unsigned i = 0; i < finding->commands; i++)
		json_append(commands, command_json(&finding->command[i]));
	return commands;
}

/* ---- All of it ---- */

static void add_access(json_object *object, const struct smmu3_finding *finding)
{
	const struct smmu3_txn *txn = finding->txn;

	json_text(object, "security", smmu3_pas_name(txn->sec_sid));
	json_hex(object, "sid", txn->sid);
	if (txn->flags & SMMU3_TXN_SSV)
		json_hex(object, "ssid", txn->ssid);
	json_flag(object, "write", txn->flags & SMMU3_TXN_WRITE);
	json_hex(object, "addr", txn->addr);
	json_add(object, "outcome", outcome_json(finding->outcome));
	json_add(object, "fresh", outcome_json(finding->fresh));
}

/* What the library says in words. */
static void add_text(json_object *object, const struct smmu3_finding *finding)
{
	const size_t size = smmu3_finding_text(finding, NULL, 0) + 1;
	char *text = malloc(size);

	if (!text)
		out_of_memory();
	(void)smmu3_finding_text(finding, text, size);
	json_verbatim(object, "text", text);
	free(text);
}

json_object *finding_json(const struct places *places, size_t smmu, const char *name,
			  const struct smmu3_finding *finding)
{
	const struct place place = places_here(places);
	json_object *object = json_new(), *kept = json_list();

	if (name)
		json_text(object, "smmu", name);
	json_text(object, "kind", finding_kinds[finding_kind_index(finding->kind)].name);
	json_count(object, "cause", finding->cause);
	if (place.file) {
		json_text(object, "file", place.file);
		json_number(object, "line", place.line);
	}
	json_count(object, "access", finding->access);
	if (finding->txn)
		add_access(object, finding);
	for (unsigned i = 0; i < finding->kepts; i++)
		json_append(kept, kept_json(places, smmu, &finding->kept[i]));
	json_add(object, "kept", kept);
	if (finding->more_kept)
		json_count(object, "more_kept", finding->more_kept);
	if (finding->changed.words) {
		json_add(object, "changed", changed_json(&finding->changed));
		add_place(object, "changed_at", place_of_change(places, &finding->changed));
	}
	if (finding->changed_register.bytes)
		add_register(object, places, smmu, &finding->changed_register);
	if (finding->freed_is)
		add_freed(object, places, finding);
	if (finding->breaks)
		json_text(object, "breaks", NAME_IN(break_names, finding->breaks));
	json_add(object, "commands", finding_commands_json(finding));
	if (finding->more_commands)
		json_count(object, "more_commands", finding->more_commands);
	add_text(object, finding);
	return object;
}
