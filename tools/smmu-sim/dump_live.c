/* SPDX-License-Identifier: MIT */
/* Streams, contexts and mappings: what the tables in memory describe. */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "dump.h"
#include "fields.h"
#include "json.h"
#include "machine.h"
#include "say.h"
#include "text.h"
#include "view.h"

/* Structures read before a walk is given up: seconds, and enough for a linear table of 22 bits. */
#define BUDGET (UINT64_C(1) << 23)

enum { FULL = 1 }; /* what a callback returns at the limit */

/* What a walk finds, printed as it goes. */
struct collect {
	const struct dump *dump;
	const struct view_column *columns;
	size_t count;        /* of columns */
	json_object *answer; /* what JSON says before the rows; NULL once that is printed */
	struct view *view;   /* of text */
	json_object *row;    /* the last one, which may yet grow */
	uint64_t rows;       /* printed, or in the view */
	bool alone;          /* the last row is of a stream with tables */
	bool hyp, e2h;       /* of the SMMU: IDR0.Hyp, CR2.E2H */
	struct smmu3_stream_entry entry; /* what the last row was made from */
};

/* Puts out the last row. */
static void flush(struct collect *collect)
{
	if (!collect->row)
		return;
	if (collect->answer) {
		json_print_begin(collect->answer, "rows");
		collect->answer = NULL;
	}
	if (collect->dump->json)
		json_print_row(collect->row, !collect->rows);
	else
		view_add(collect->view, collect->row);
	if (!collect->dump->json)
		json_object_put(collect->row);
	collect->row = NULL;
	collect->rows++;
}

/* Adds a row; FULL when there are as many as asked for, and more. */
static int add(struct collect *collect, json_object *row)
{
	flush(collect);
	if (collect->rows < collect->dump->limit) {
		collect->row = row;
		return 0;
	}
	json_object_put(row);
	return FULL;
}

static void json_illegal(json_object *row, const char *what, unsigned why)
{
	char text[256];

	if (why)
		snprintf(text, sizeof(text), "ILLEGAL: %s [%s]", smmu3_why(why)->sentence,
			 smmu3_why(why)->section);
	else
		snprintf(text, sizeof(text), "%s", what);
	json_text(row, "meaning", text);
	json_text(row, "illegal", why ? smmu3_why(why)->name : "");
}

/* The structure itself, which a table of text has no room for. */
static void json_found(const struct collect *collect, json_object *row, const char *layout,
		       const uint64_t *word)
{
	if (!collect->dump->json)
		return;
	json_words(row, "words", word, 8);
	if (smmu3_layout(layout))
		json_add(row, "fields", fields_all(smmu3_layout(layout), word));
}

/* Streams that follow each other with the same STE, and no tables, share a row: drivers fill whole
 * tables with abort. */
static bool continues(const struct collect *collect, const struct smmu3_stream_entry *entry)
{
	return collect->row && !collect->alone && entry->sid == collect->entry.sid + 1 &&
	       entry->why == collect->entry.why &&
	       !memcmp(entry->word, collect->entry.word, sizeof(entry->word));
}

static int extend(struct collect *collect, const struct smmu3_stream_entry *entry)
{
	json_hex(collect->row, "last", entry->sid);
	collect->entry = *entry;
	return 0;
}

/* The StreamWorld of a legal STE, where something translates; STRW counts for stage 1 alone.  5.2
 */
static const char *world_of(const struct collect *collect, const struct smmu3_stream_entry *entry)
{
	const unsigned config = (unsigned)field_get("STE", "Config", entry->word);
	const unsigned strw = config == 5 ? (unsigned)field_get("STE", "STRW", entry->word) : 0;
	const bool el2 = strw == 2;

	if (entry->why || config < 5)
		return "";
	if (strw == 1 && collect->dump->sec_sid == SMMU3_PAS_SECURE)
		return "el3";
	return el2 && collect->hyp ? (collect->e2h ? "el2-e2h" : "el2") : "el1";
}

static int add_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct collect *collect = context;

	if (continues(collect, entry))
		return extend(collect, entry);
	json_object *row = json_new();
	const struct smmu3_layout *layout = smmu3_layout("STE");
	const unsigned config = (unsigned)field_get("STE", "Config", entry->word);
	char meaning[96] = "";

	if (layout && smmu3_field(layout, "Config"))
		smmu3_field_meaning(smmu3_field(layout, "Config"), config, meaning,
				    sizeof(meaning));
	json_hex(row, "sid", entry->sid);
	json_hex(row, "last", entry->sid);
	json_hex(row, "pa", entry->pa);
	json_hex(row, "config", config);
	json_text(row, "world", world_of(collect, entry));
	json_hex(row, "cd", (config & 5) == 5 ? field_get("STE", "S1ContextPtr", entry->word) : 0);
	if (collect->dump->sec_sid == SMMU3_PAS_SECURE)
		json_hex(row, "s_s2ttb",
			 (config & 6) == 6 ? field_get("STE", "S_S2TTB", entry->word) : 0);
	json_hex(row, "s2ttb", (config & 6) == 6 ? field_get("STE", "S2TTB", entry->word) : 0);
	json_hex(row, "vmid", (config & 6) == 6 ? field_get("STE", "S2VMID", entry->word) : 0);
	json_illegal(row, meaning, entry->why);
	json_found(collect, row, "STE", entry->word);
	collect->alone = config & 3;
	collect->entry = *entry;
	return add(collect, row);
}

static int add_context(void *context, const struct smmu3_context_entry *entry)
{
	struct collect *collect = context;
	json_object *row = json_new();

	json_hex(row, "ssid", entry->ssid);
	json_hex(row, "pa", entry->pa);
	if (entry->has_ipa)
		json_hex(row, "ipa", entry->ipa);
	json_hex(row, "asid", field_get("CD", "ASID", entry->word));
	json_hex(row, "ttb0",
		 field_get("CD", "EPD0", entry->word) ? 0 : field_get("CD", "TTB0", entry->word));
	json_hex(row, "t0sz", field_get("CD", "T0SZ", entry->word));
	json_hex(row, "ttb1",
		 field_get("CD", "EPD1", entry->word) ? 0 : field_get("CD", "TTB1", entry->word));
	json_hex(row, "t1sz", field_get("CD", "T1SZ", entry->word));
	json_illegal(row, "", entry->why);
	json_found(collect, row, "CD", entry->word);
	return add(collect, row);
}

static int add_mapping(void *context, const struct smmu3_mapping *mapping)
{
	json_object *row = json_new();
	char text[64], perm[8];

	perms_text(mapping->perm, perm);
	json_hex(row, "input", mapping->input);
	json_hex(row, "output", mapping->output);
	if (mapping->stage == 2 && ((struct collect *)context)->dump->sec_sid == SMMU3_PAS_SECURE)
		json_text(row, "ipa_pas", smmu3_pas_name(mapping->ipa_pas));
	json_text(row, "pas", smmu3_pas_name(mapping->pas));
	json_count(row, "bytes", mapping->size);
	size_text(mapping->size, text, sizeof(text));
	json_text(row, "size", text);
	json_number(row, "level", mapping->level);
	json_text(row, "unprivileged", perm);
	json_text(row, "privileged", perm + 4);
	smmu3_attr_name(mapping->attr, text, sizeof(text));
	json_text(row, "type", text);
	json_text(row, "shareability", smmu3_shareability_name(mapping->attr.sh));
	snprintf(text, sizeof(text), "%s%s%s", mapping->accessed ? "" : "AF=0 ",
		 mapping->contiguous ? "contiguous " : "",
		 mapping->stage == 1 && mapping->global ? "global" : "");
	json_text(row, "notes", text);
	json_hex(row, "descriptor", mapping->descriptor);
	json_hex(row, "descriptor_pa", mapping->descriptor_pa);
	return add(context, row);
}

static struct collect begin(const struct dump *dump, const struct view_column *columns,
			    size_t count)
{
	return (struct collect){
		.dump = dump,
		.columns = columns,
		.count = count,
		.answer = dump->json ? json_answer("dump") : NULL,
		.view = dump->json ? NULL : view_open(columns, count, NULL),
	};
}

static void end_json(struct collect *collect, bool complete)
{
	json_object *rest = json_new();

	flush(collect);
	if (collect->answer)
		json_print_begin(collect->answer, "rows");
	json_flag(rest, "complete", complete);
	json_print_end(rest);
}

static void end_text(struct collect *collect, const char *heading)
{
	flush(collect);
	fputs(heading, stdout);
	view_close(collect->view);
}

static void say_why_cut(const struct dump *dump, int code)
{
	if (code == -SMMU3_E_MEMORY)
		out_of_memory();
	if (code == FULL)
		say_note("only the first %" PRIu64 " rows; --limit N gives more", dump->limit);
	if (code < 0)
		say_error("the walk was given up after %" PRIu64 " structures", (uint64_t)BUDGET);
}

static enum status nothing(struct collect *collect)
{
	say_error("nothing of the kind: the SMMU is disabled, the stream is not valid, the "
		  "stage is off, or the substream has no legal context");
	if (collect->view)
		view_close(collect->view);
	json_object_put(collect->answer);
	return STATUS_FINDING;
}

/* Prints what is not printed yet, and says why it is not whole. */
static enum status finish(struct collect *collect, int code, const char *heading)
{
	if (code == -SMMU3_E_NOT_FOUND)
		return nothing(collect);
	say_why_cut(collect->dump, code);
	if (collect->dump->json)
		end_json(collect, !code);
	else
		end_text(collect, heading);
	return status_of(code < 0 ? code : 0, STATUS_CANNOT);
}

#define BEGIN(dump, columns) begin(dump, columns, sizeof(columns) / sizeof((columns)[0]))

static void json_table(json_object *answer, const struct smmu3_stream_table *table)
{
	json_hex(answer, "base", table->base);
	json_flag(answer, "enabled", table->enabled);
	json_flag(answer, "two_level", table->two_level);
	json_number(answer, "log2size", table->log2size);
	json_number(answer, "split", table->two_level ? table->split : 0);
}

/* Before what is of a Security state; the Non-secure one goes without saying. */
static const char *state_name(const struct dump *dump)
{
	return dump->sec_sid == SMMU3_PAS_SECURE ? "Secure " :
	       dump->sec_sid == SMMU3_PAS_REALM  ? "Realm " :
						   "";
}

static void learn_worlds(struct collect *collect)
{
	const enum smmu3_pas state = collect->dump->sec_sid;
	const bool secure = state == SMMU3_PAS_SECURE;
	const uint64_t idr0 = machine_register(collect->dump->smmu, "SMMU_IDR0");
	const uint64_t s_idr1 = machine_register(collect->dump->smmu, "SMMU_S_IDR1");
	const uint64_t cr2 = machine_register(collect->dump->smmu, secure ? "SMMU_S_CR2" :
								   state == SMMU3_PAS_REALM ?
									    "SMMU_R_CR2" :
									    "SMMU_CR2");

	collect->hyp = secure ? field_get("SMMU_S_IDR1", "SEL2", &s_idr1) :
				field_get("SMMU_IDR0", "Hyp", &idr0);
	collect->e2h = field_get("SMMU_CR2", "E2H", &cr2);
}

enum status dump_streams(const struct dump *dump)
{
	static const struct view_column columns[] = {
		{ "SID", "sid", NULL, VIEW_RIGHT },     { "TO", "last", NULL, VIEW_RIGHT },
		{ "STE AT", "pa", NULL, VIEW_RIGHT },   { "CONFIG", "config", NULL, VIEW_RIGHT },
		{ "WORLD", "world", NULL, 0 },          { "CD", "cd", NULL, VIEW_RIGHT },
		{ "S2TTB", "s2ttb", NULL, VIEW_RIGHT }, { "VMID", "vmid", NULL, VIEW_RIGHT },
		{ "MEANING", "meaning", NULL, 0 },      { "S_S2TTB", "s_s2ttb", NULL, VIEW_RIGHT },
	};
	const bool secure = dump->sec_sid == SMMU3_PAS_SECURE;
	struct collect collect = begin(dump, columns, sizeof(columns) / sizeof(*columns) - !secure);
	struct smmu3_stream_table table = { 0 };
	char heading[96];

	learn_worlds(&collect);
	smmu3_inspect_stream_table(dump->smmu, dump->sec_sid, &table);
	if (collect.answer)
		json_table(collect.answer, &table);
	snprintf(heading, sizeof(heading), "%sStream table at 0x%" PRIx64 ", %s, 2^%u StreamIDs\n",
		 state_name(dump), table.base, table.two_level ? "2-level" : "linear",
		 table.log2size);
	const int code = smmu3_inspect_streams(dump->smmu, dump->sec_sid, BUDGET, add_stream,
					       &collect);

	return finish(&collect, code, heading);
}

enum status dump_contexts(const struct dump *dump)
{
	static const struct view_column columns[] = {
		{ "SSID", "ssid", NULL, VIEW_RIGHT }, { "CD AT", "pa", NULL, VIEW_RIGHT },
		{ "IPA", "ipa", NULL, VIEW_RIGHT },   { "ASID", "asid", NULL, VIEW_RIGHT },
		{ "TTB0", "ttb0", NULL, VIEW_RIGHT }, { "T0SZ", "t0sz", NULL, VIEW_RIGHT },
		{ "TTB1", "ttb1", NULL, VIEW_RIGHT }, { "T1SZ", "t1sz", NULL, VIEW_RIGHT },
		{ "MEANING", "meaning", NULL, 0 },
	};
	struct collect collect = BEGIN(dump, columns);

	if (collect.answer)
		json_hex(collect.answer, "sid", dump->sid);
	const int code = smmu3_inspect_contexts(dump->smmu, dump->sec_sid, dump->sid, BUDGET,
						add_context, &collect);

	return finish(&collect, code, "");
}

/* The stage that is meant: the one given, else stage 1 where the stream has it. */
static unsigned stage_meant(const struct dump *dump)
{
	struct collect none = { 0 };

	if (dump->stage_given)
		return dump->stage;
	/* With nothing to spend, a stream with contexts answers LIMIT. */
	return smmu3_inspect_contexts(dump->smmu, dump->sec_sid, dump->sid, 0, add_context,
				      &none) == -SMMU3_E_NOT_FOUND ?
		       2 :
		       1;
}

static int walk(const struct dump *dump, unsigned stage, struct collect *collect)
{
	if (collect->answer)
		json_number(collect->answer, "stage", stage);
	return smmu3_inspect_mappings(dump->smmu, dump->sec_sid, dump->sid, dump->ssid, stage,
				      BUDGET, add_mapping, collect);
}

enum status dump_mappings(const struct dump *dump)
{
	static const struct view_column columns[] = {
		{ "IPA", "ipa_pas", NULL, 0 }, /* of a Secure stream */
		{ "INPUT", "input", NULL, VIEW_RIGHT },
		{ "OUTPUT", "output", NULL, VIEW_RIGHT },
		{ "SPACE", "pas", NULL, 0 },
		{ "SIZE", "size", NULL, VIEW_RIGHT },
		{ "LEVEL", "level", NULL, VIEW_RIGHT },
		{ "UNPRIV", "unprivileged", NULL, 0 },
		{ "PRIV", "privileged", NULL, 0 },
		{ "TYPE", "type", NULL, 0 },
		{ "SH", "shareability", NULL, 0 },
		{ "DESCRIPTOR", "descriptor", NULL, VIEW_RIGHT },
		{ "AT", "descriptor_pa", NULL, VIEW_RIGHT },
		{ "NOTES", "notes", NULL, 0 },
	};
	const unsigned stage = stage_meant(dump);
	const bool two = stage == 2 && dump->sec_sid == SMMU3_PAS_SECURE;
	struct collect collect = begin(dump, columns + !two,
				       sizeof(columns) / sizeof(*columns) - !two);
	char heading[80];

	if (collect.answer) {
		json_hex(collect.answer, "sid", dump->sid);
		json_hex(collect.answer, "ssid", dump->ssid);
	}
	const int code = walk(dump, stage, &collect);

	snprintf(heading, sizeof(heading),
		 "Stage %u of %sStreamID 0x%" PRIx32 ", SubstreamID 0x%" PRIx32 "\n", stage,
		 state_name(dump), dump->sid, dump->ssid);
	return finish(&collect, code, heading);
}
