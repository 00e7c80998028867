/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <inttypes.h>
#include <smmu/decode.h>
#include <stdbool.h>
#include <stdio.h>

#include "facts.h"
#include "fields.h"
#include "json.h"
#include "machine.h"
#include "text.h"
#include "view.h"

json_object *story_node(json_object *story, const char *title, const char *where,
			const char *meaning, const char *section)
{
	json_object *node = json_new();

	json_text(node, "title", title);
	json_text(node, "where", where);
	json_text(node, "meaning", meaning);
	json_text(node, "section", section);
	json_append(story, node);
	return node;
}

/* A register and those of its fields that are named, up to a NULL. */
static void add_register(json_object *story, struct smmu3 *smmu, const char *name,
			 const char *const *fields)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);

	if (!layout)
		return;
	const uint64_t value = machine_register(smmu, name);
	char where[32], meaning[160];

	snprintf(where, sizeof(where), "offset 0x%" PRIx32, layout->offset);
	fields_set(layout, &value, meaning, sizeof(meaning));
	json_object *node = story_node(story, layout->name, where, meaning, layout->section);
	json_object *rows = json_list();

	json_text(node, "structure", layout->name);
	json_hex(node, "value", value);
	json_words(node, "words", &value, 1);
	for (; *fields; fields++)
		if (smmu3_field(layout, *fields))
			json_append(rows,
				    field_of(layout, smmu3_field(layout, *fields), &value, NULL));
	json_add(node, "fields", rows);
}

/* Likewise, of the programming interface of a Security state: what is after "SMMU_", or "SMMU_S_".
 */
static void add_own_register(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn,
			     const char *name, const char *const *fields)
{
	char own[32];

	facts_register(txn, name, own, sizeof(own));
	add_register(story, smmu, own, fields);
}

/* Where there is a DPT, and who may be checked against it asks. */
static void add_dpt_registers(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	static const char *const base[] = { "BADDR", NULL };
	static const char *const config[] = { "DPTPS", "DPTGS", "L0DPTSZ", NULL };
	const uint64_t idr3 = machine_register(smmu, "SMMU_IDR3");

	if (txn->ats != SMMU3_ATS_TRANSLATED || !field_get("SMMU_IDR3", "DPT", &idr3))
		return;
	add_register(story, smmu, "SMMU_DPT_BASE", base);
	add_register(story, smmu, "SMMU_DPT_BASE_CFG", config);
}

/* Where there is granule protection, all is asked for that it lets through. */
static void add_root_registers(json_object *story, struct smmu3 *smmu)
{
	static const char *const cr0[] = { "ACCESSEN", "GPCEN", NULL };
	static const char *const base[] = { "ADDR", NULL };
	static const char *const config[] = { "PPS", "PGS", "L0GPTSZ", NULL };
	const uint64_t idr0 = machine_register(smmu, "SMMU_ROOT_IDR0");
	const uint64_t enabled = machine_register(smmu, "SMMU_ROOT_CR0");

	if (!field_get("SMMU_ROOT_IDR0", "ROOT_IMPL", &idr0))
		return;
	add_register(story, smmu, "SMMU_ROOT_CR0", cr0);
	if (!field_get("SMMU_ROOT_CR0", "GPCEN", &enabled))
		return;
	add_register(story, smmu, "SMMU_ROOT_GPT_BASE", base);
	add_register(story, smmu, "SMMU_ROOT_GPT_BASE_CFG", config);
}

void story_registers(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn)
{
	static const char *const cr0[] = { "SIF", "SMMUEN", NULL };
	static const char *const gbpa[] = { "ABORT",    "INSTCFG", "PRIVCFG", "NSCFG", "SHCFG",
					    "ALLOCCFG", "MTCFG",   "MemAttr", NULL };
	static const char *const base[] = { "ADDR", NULL };
	static const char *const config[] = { "FMT", "SPLIT", "LOG2SIZE", NULL };
	char name[32];
	const uint64_t enabled = machine_register(smmu,
						  facts_register(txn, "CR0", name, sizeof(name)));

	add_root_registers(story, smmu);
	add_own_register(story, smmu, txn, "CR0", cr0);
	if (!field_get("SMMU_CR0", "SMMUEN", &enabled)) {
		add_own_register(story, smmu, txn, "GBPA", gbpa);
		return;
	}
	add_own_register(story, smmu, txn, "STRTAB_BASE", base);
	add_own_register(story, smmu, txn, "STRTAB_BASE_CFG", config);
	add_dpt_registers(story, smmu, txn);
}

struct teller {
	json_object *story;
	struct facts facts;
};

static void step_title(const struct facts *facts, const struct smmu3_step *step, char *text,
		       size_t size)
{
	static const char *const names[] = { "L1STD", "STE", "L1CD", "CD" };
	const uint64_t index = facts_index(facts, step);

	if (step->reason == SMMU3_REASON_DPT)
		snprintf(text, size, "DPT L%d[0x%" PRIx64 "]", step->level, index);
	else if (step->reason == SMMU3_REASON_GPT)
		snprintf(text, size, "GPT L%d[0x%" PRIx64 "]", step->level, index);
	else if (step->reason == SMMU3_REASON_VMS)
		snprintf(text, size, "VMS");
	else if (!facts->stage)
		snprintf(text, size, "%s[0x%" PRIx64 "]", names[step->reason], index);
	else if (step->updates)
		snprintf(text, size, "S%u L%d update", facts->stage, step->level);
	else
		snprintf(text, size, "S%u L%d[0x%" PRIx64 "]", facts->stage, step->level, index);
}

/* An address with its space, which goes without saying where it is Non-secure. */
static void append_address(char *text, size_t size, unsigned pas, const char *what,
			   uint64_t address)
{
	const bool ns = pas == SMMU3_PAS_NS;

	append(text, size, "%s%s%s 0x%" PRIx64, ns ? "" : smmu3_pas_name(pas), ns ? "" : " ", what,
	       address);
}

static void step_where(const struct smmu3_step *step, char *text, size_t size)
{
	text[0] = 0;
	if (step->has_ipa) {
		append_address(text, size, step->ipa_pas, "ipa", step->ipa);
		append(text, size, ", ");
	}
	append_address(text, size, step->pas, "pa", step->pa);
}

static void descriptor_meaning(const struct facts *facts, uint64_t word, char *text, size_t size)
{
	const uint64_t target = facts_target(facts, word);
	const char *space = facts->stage == 1 && (field_get("STE", "Config", facts->ste) & 2) ?
				    "ipa " :
				    "";
	char bytes[16];

	switch (facts_kind(facts, word)) {
	case TTD_KIND_INVALID:
		snprintf(text, size, "invalid");
		return;
	case TTD_KIND_RESERVED:
		snprintf(text, size, "reserved: acts as invalid");
		return;
	case TTD_KIND_TABLE:
		snprintf(text, size, "table at %s0x%" PRIx64, space, target);
		return;
	case TTD_KIND_LEAF:
		size_text(UINT64_C(1) << facts_leaf_lg2(facts), bytes, sizeof(bytes));
		snprintf(text, size, "%s of %s at %s0x%" PRIx64,
			 facts->level == 3 ? "page" : "block", bytes, space, target);
	}
}

static void ste_meaning(const struct facts *facts, char *text, size_t size)
{
	const uint64_t *ste = facts->ste;
	static const char *const configs[] = { "aborts", "bypasses", "translates by stage 1",
					       "translates by stage 2",
					       "translates by stage 1 and stage 2" };
	const unsigned config = (unsigned)field_get("STE", "Config", ste);

	if (!field_get("STE", "V", ste))
		snprintf(text, size, "not valid");
	else
		snprintf(text, size, "the stream %s%s", configs[config & 4 ? (config & 3) + 1 : 0],
			 facts_el3(facts)  ? ", of EL3" :
			 !facts_el2(facts) ? "" :
			 facts->e2h        ? ", of EL2-E2H" :
					     ", of EL2");
}

/* What a level 1 descriptor says is in its fields. */
static void dpt_meaning(const struct smmu3_step *step, char *text, size_t size)
{
	static const char *const level0[] = { "no access", "a block", "invalid", "table at" };
	static const char *const level1[] = { "no access to either granule",
					      "access to the lower granule",
					      "access to the upper granule",
					      "access to both granules" };
	const uint64_t word = step->word[0];

	if (step->level)
		snprintf(text, size, "%s",
			 (word & 3) == 3 && word >> 8 & 0xf ? "access to a contiguous region" :
							      level1[word & 3]);
	else
		snprintf(text, size, "%s", level0[word & 3]);
	if (!step->level && (word & 3) == 3)
		append(text, size, " 0x%" PRIx64, field_get("DPT_L0_TABLE", "Address", &word));
}

/* Which PA space a granule is of. */
static const char *gpi_name(uint64_t gpi)
{
	static const char *const names[16] = {
		[0] = "no space", [8] = "Secure", [9] = "Non-secure",
		[10] = "Root",    [11] = "Realm", [15] = "any space"
	};

	return names[gpi] ? names[gpi] : "reserved";
}

static void gpt_meaning(const struct facts *facts, const struct smmu3_step *step, char *text,
			size_t size)
{
	static const char *const regions[] = { "reserved", "2MB", "32MB", "512MB" };
	const uint64_t word = step->word[0];
	const unsigned type = word & 0xf;

	snprintf(text, size, "pa 0x%" PRIx64 ": ", step->input);
	if (!step->level && type == 3)
		append(text, size, "table at 0x%" PRIx64, field_get("GPT_TABLE", "Address", &word));
	else if (!step->level && type != 1)
		append(text, size, "invalid");
	else if (!step->level)
		append(text, size, "a block of %s", gpi_name(word >> 4 & 0xf));
	else if (type == 1)
		append(text, size, "%s of %s", regions[word >> 8 & 3], gpi_name(word >> 4 & 0xf));
	else
		append(text, size, "a granule of %s",
		       gpi_name(word >> 4 * facts_granule(facts) & 0xf));
}

/* A Translated access needs one, and passes it by.  3.9.1.3 */
static void cd_meaning(const struct facts *facts, char *text, size_t size)
{
	if (facts->txn->ats == SMMU3_ATS_TRANSLATED)
		snprintf(text, size, "of the PASID; translates nothing here");
	else if (facts_one_range(facts))
		snprintf(text, size, "%s has TTB0 alone", facts_el3(facts) ? "EL3" : "EL2");
	else if (facts_lpae(facts))
		snprintf(text, size, "T0SZ and T1SZ give the address to TTB%d", facts_upper(facts));
	else
		snprintf(text, size, "bit 55 of the address is %d: TTB%d", facts_upper(facts),
			 facts_upper(facts));
}

/* Whose IPA a stage 2 descriptor is for. */
static void append_purpose(const struct facts *facts, const struct smmu3_step *step, char *text,
			   size_t size)
{
	append(text, size, ", for %s",
	       step->fault_class == SMMU3_CLASS_CD ? "the CD" :
	       step->fault_class == SMMU3_CLASS_TT ? "a stage 1 descriptor" :
						     "the address");
	if (facts->secure)
		append(text, size, ", a %s IPA",
		       step->ipa_pas == SMMU3_PAS_SECURE ? "Secure" : "Non-secure");
}

/* What hardware turns, of a descriptor that was fetched before.  3.13 */
static const char *dirty_meaning(const struct facts *facts)
{
	if (facts->stage == 1)
		return facts->wide || facts_indirect1(facts) ? "nDirty to 0: written to" :
							       "AP[2] to 0: written to";
	return facts->wide || facts_indirect2(facts) ? "Dirty to 1: written to" :
						       "S2AP[1] to 1: written to";
}

static void update_meaning(const struct facts *facts, const struct smmu3_step *step, char *text,
			   size_t size)
{
	const uint64_t turned = step->word[0] ^ step->word[facts->wide ? 2 : 1];
	const bool accessed = turned >> 10 & 1, dirty = turned >> 7 & 1;

	snprintf(text, size, "hardware sets %s%s%s", accessed ? "AF" : "",
		 accessed && dirty ? ", and " : "", !dirty ? "" : dirty_meaning(facts));
}

static void step_meaning(const struct facts *facts, const struct smmu3_step *step, char *text,
			 size_t size)
{
	const uint64_t *word = step->word;
	const unsigned span = (unsigned)field_get("L1STD", "Span", word);

	text[0] = 0;
	if (step->updates)
		update_meaning(facts, step, text, size);
	else if (step->aborted)
		snprintf(text, size, "memory answered with an abort");
	else if (step->reason == SMMU3_REASON_STE)
		ste_meaning(facts, text, size);
	else if (step->reason == SMMU3_REASON_DPT)
		dpt_meaning(step, text, size);
	else if (step->reason == SMMU3_REASON_GPT)
		gpt_meaning(facts, step, text, size);
	else if (step->reason == SMMU3_REASON_VMS)
		snprintf(text, size, "32 PARTIDs, of virtual ones in CDs");
	else if (step->reason == SMMU3_REASON_L1STD && span)
		snprintf(text, size, "Span %u: table at 0x%" PRIx64, span,
			 field_get("L1STD", "L2Ptr", word));
	else if (step->reason == SMMU3_REASON_L1STD)
		snprintf(text, size, "no table: Span is 0");
	else if (step->reason == SMMU3_REASON_L1CD && *word & 1)
		snprintf(text, size, "table at 0x%" PRIx64, field_get("L1CD", "L2Ptr", word));
	else if (step->reason == SMMU3_REASON_CD && field_get("CD", "V", word))
		cd_meaning(facts, text, size);
	else if (!facts->stage)
		snprintf(text, size, "not valid");
	else
		descriptor_meaning(facts, *word, text, size);
	if (step->reason == SMMU3_REASON_S2_TTD)
		append_purpose(facts, step, text, size);
}

static void json_place(json_object *node, const struct facts *facts, const struct smmu3_step *step)
{
	const struct smmu3_layout *layout = facts_layout(facts, step);

	json_text(node, "structure", layout ? layout->name : "");
	if (facts->stage)
		json_number(node, "stage", facts->stage);
	if (facts->stage || step->reason == SMMU3_REASON_DPT || step->reason == SMMU3_REASON_GPT)
		json_number(node, "level", step->level);
	if (!step->updates)
		json_hex(node, "index", facts_index(facts, step));
	json_hex(node, "input", step->input);
	json_hex(node, "pa", step->pa);
	json_text(node, "pas", smmu3_pas_name(step->pas));
	if (step->has_ipa)
		json_hex(node, "ipa", step->ipa);
	if (facts->secure && (step->has_ipa || facts->stage == 2))
		json_text(node, "ipa_pas", smmu3_pas_name(step->ipa_pas));
	json_flag(node, "aborted", step->aborted);
	if (step->updates)
		json_flag(node, "updates", true);
}

/* Rows for the words of a structure that has eight, as far as they are not 0. */
static void add_words(json_object *rows, const struct smmu3_step *step)
{
	for (unsigned i = 1; i < step->words; i++) {
		char name[16];

		if (!step->word[i] || step->aborted)
			continue;
		snprintf(name, sizeof(name), "word %u", i);
		json_append(rows, field_row(name, 64 * i + 63, 64 * i, step->word[i], "", ""));
	}
}

static json_object *step_fields(const struct facts *facts, const struct smmu3_step *step)
{
	json_object *rows = json_list();
	json_object *fields = facts_fields(facts, step);

	add_words(rows, step);
	for (size_t i = 0; i < json_object_array_length(fields); i++)
		json_append(rows, json_object_get(json_object_array_get_idx(fields, i)));
	json_object_put(fields);
	return rows;
}

static void tell(void *context, const struct smmu3_step *step)
{
	struct teller *teller = context;
	char title[48], where[64], meaning[128];

	facts_learn(&teller->facts, step);
	const struct smmu3_layout *layout = facts_layout(&teller->facts, step);

	step_title(&teller->facts, step, title, sizeof(title));
	step_where(step, where, sizeof(where));
	step_meaning(&teller->facts, step, meaning, sizeof(meaning));
	json_object *node = story_node(teller->story, title, where, meaning,
				       step->updates ? "3.13" :
				       layout        ? layout->section :
						       "");

	json_place(node, &teller->facts, step);
	if (!step->aborted) {
		json_hex(node, "value", step->word[0]);
		json_words(node, "words", step->word, step->words);
	}
	json_add(node, "fields", step_fields(&teller->facts, step));
}

void story_fetches(json_object *story, struct smmu3 *smmu, const struct smmu3_txn *txn,
		   struct smmu3_outcome *outcome)
{
	struct teller teller = { .story = story };

	facts_init(&teller.facts, smmu, txn);
	smmu3_explain(smmu, txn, outcome, tell, &teller);
}

void story_print(json_object *story)
{
	static const struct view_column columns[] = {
		{ "STEP", "title", "name", VIEW_TREE }, { "WHERE", "where", "bits", 0 },
		{ "VALUE", "value", NULL, 0 },          { "MEANING", "meaning", NULL, 0 },
		{ "SECTION", "section", NULL, 0 },
	};

	view_rows(story, columns, sizeof(columns) / sizeof(columns[0]), "fields");
}
