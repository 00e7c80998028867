/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <inttypes.h>
#include <search.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "say.h"
#include "view.h"

enum { PA_SPACES = 4 };

struct cause {
	size_t smmu;
	uint64_t number;
	unsigned kind; /* of its row, the place of which is: */
	size_t place;
	uint64_t count;
	struct place first;
	uint64_t opcodes[PA_SPACES][4]; /* a bit for each of the commands that its row names */
	json_object *row;
};

struct findings {
	struct places *places;
	void *causes; /* a tree of struct cause */
	size_t cause_count;
	uint64_t of_kind[FINDING_KINDS];  /* causes */
	struct smmu3_check_missed missed; /* of all SMMUs */
	json_object *rows, *costs;
};

const struct finding_kind_name finding_kinds[FINDING_KINDS] = {
	[SMMU3_FINDING_STALE] = { "stale", "stale use", "stale uses" },
	[SMMU3_FINDING_NO_BREAK] = { "no-break", "change without break-before-make",
				     "changes without break-before-make" },
	[SMMU3_FINDING_TORN] = { "torn", "torn change", "torn changes" },
	[SMMU3_FINDING_FREED] = { "freed", "use after free", "uses after free" },
	{ "other", "other finding", "other findings" },
};

unsigned finding_kind_index(unsigned kind)
{
	return kind < FINDING_KINDS - 1 ? kind : FINDING_KINDS - 1;
}

struct findings *findings_new(void)
{
	struct findings *findings = calloc(1, sizeof(*findings));

	if (!findings)
		out_of_memory();
	findings->places = places_new();
	findings->rows = json_list();
	findings->costs = json_list();
	return findings;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	places_free(findings->places);
	tdestroy(findings->causes, free);
	json_object_put(findings->rows);
	json_object_put(findings->costs);
	free(findings);
}

/* ---- By cause ---- */

static int by_cause(const void *one, const void *other)
{
	const struct cause *a = one, *b = other;

	if (a->smmu != b->smmu)
		return (a->smmu > b->smmu) - (a->smmu < b->smmu);
	return (a->number > b->number) - (a->number < b->number);
}

static struct cause *cause_of(struct findings *findings, size_t smmu, uint64_t number)
{
	struct cause *cause = malloc(sizeof(*cause));
	struct cause **found;

	if (!cause)
		out_of_memory();
	*cause = (struct cause){ .smmu = smmu, .number = number };
	found = tsearch(cause, &findings->causes, by_cause);
	if (!found)
		out_of_memory();
	if (*found == cause)
		findings->cause_count++;
	else
		free(cause);
	return *found;
}

/* Where the line at hand is, and nothing else. */
static json_object *place_json(struct place place)
{
	json_object *object = json_new();

	if (place.file) {
		json_text(object, "file", place.file);
		json_number(object, "line", place.line);
	}
	return object;
}

/* Notes the commands that a finding names.  True: some are of an opcode, or a queue, that no
 * finding of this cause has named. */
static bool names_others(struct cause *cause, const struct smmu3_finding *finding)
{
	bool others = false;

	for (unsigned i = 0; i < finding->commands; i++) {
		const struct smmu3_remedy *command = &finding->command[i];
		const unsigned opcode = (unsigned)(command->word[0] & 0xff);
		uint64_t *known = &cause->opcodes[command->queue % PA_SPACES][opcode / 64];
		const uint64_t bit = UINT64_C(1) << opcode % 64;

		others |= !(*known & bit);
		*known |= bit;
	}
	return others;
}

/* What a later access would have needed beside. */
static void add_also(struct findings *findings, struct cause *cause,
		     const struct smmu3_finding *finding)
{
	json_object *also = json_array(cause->row, "also"),
		    *row = place_json(places_here(findings->places));

	if (!also) {
		also = json_list();
		json_add(cause->row, "also", also);
	}
	json_add(row, "commands", finding_commands_json(finding));
	json_append(also, row);
}

/* A use that is stale says more than that a change is wrong in itself, and most one of what was
 * freed. */
static bool says_more(const struct cause *cause, const struct smmu3_finding *finding)
{
	static const uint8_t weight[FINDING_KINDS] = {
		[SMMU3_FINDING_STALE] = 1, [SMMU3_FINDING_FREED] = 2
	};

	return !cause->row ||
	       weight[finding_kind_index(finding->kind)] > weight[finding_kind_index(cause->kind)];
}

static void set_row(struct findings *findings, struct cause *cause, const char *name,
		    const struct smmu3_finding *finding)
{
	if (cause->row)
		findings->of_kind[finding_kind_index(cause->kind)]--;
	else
		cause->place = json_object_array_length(findings->rows);
	findings->of_kind[finding_kind_index(finding->kind)]++;
	cause->kind = finding->kind;
	cause->row = finding_json(findings->places, cause->smmu, name, finding);
	if (cause->count)
		json_add(cause->row, "first", place_json(cause->first));
	else
		cause->first = places_here(findings->places);
	if (json_object_array_put_idx(findings->rows, cause->place, cause->row))
		out_of_memory();
	(void)names_others(cause, finding);
}

void findings_add(struct findings *findings, size_t smmu, const char *name,
		  const struct smmu3_finding *finding)
{
	struct cause *cause = cause_of(findings, smmu, finding->cause);

	if (says_more(cause, finding))
		set_row(findings, cause, name, finding);
	else if (names_others(cause, finding))
		add_also(findings, cause, finding);
	json_count(cause->row, "count", ++cause->count);
	if (cause->count > 1)
		json_add(cause->row, "last", place_json(places_here(findings->places)));
}

struct places *findings_places(struct findings *findings)
{
	return findings->places;
}

bool findings_any(const struct findings *findings)
{
	return findings->cause_count != 0;
}

/* ---- What commands cost ---- */

static void add_missed(struct smmu3_check_missed *all, struct smmu3 *smmu)
{
	struct smmu3_check_missed missed;

	if (smmu3_check_missed(smmu, &missed))
		return;
	all->memory += missed.memory;
	all->hurried += missed.hurried;
	all->unexplained += missed.unexplained;
}

void findings_add_costs(struct findings *findings, struct smmu3 *smmu, const char *name)
{
	struct smmu3_check_cost cost;

	add_missed(&findings->missed, smmu);
	for (unsigned opcode = 0; opcode <= 0xff; opcode++) {
		const struct smmu3_layout *layout = smmu3_command_layout(opcode);

		if (!layout || smmu3_check_cost(smmu, opcode, &cost) || !cost.commands)
			continue;
		json_object *row = json_new();

		if (name)
			json_text(row, "smmu", name);
		json_text(row, "command", layout->name);
		json_count(row, "commands", cost.commands);
		json_count(row, "removed", cost.removed);
		json_count(row, "changed", cost.changed);
		json_append(findings->costs, row);
	}
}

/* ---- All of it ---- */

void findings_json(const struct findings *findings, json_object *object)
{
	json_object *found = json_new(), *missed = json_new();

	for (unsigned i = 0; i < FINDING_KINDS; i++)
		if (findings->of_kind[i])
			json_count(found, finding_kinds[i].name, findings->of_kind[i]);
	json_add(object, "findings", json_object_get(findings->rows));
	json_add(object, "costs", json_object_get(findings->costs));
	json_add(object, "found", found);
	json_count(missed, "memory", findings->missed.memory);
	json_count(missed, "hurried", findings->missed.hurried);
	json_count(missed, "unexplained", findings->missed.unexplained);
	json_add(object, "missed", missed);
}

static void print_costs(const struct findings *findings)
{
	static const struct view_column columns[] = {
		{ "SMMU", "smmu", NULL, 0 },
		{ "COMMAND", "command", NULL, 0 },
		{ "COMMANDS", "commands", NULL, VIEW_RIGHT },
		{ "REMOVED", "removed", NULL, VIEW_RIGHT },
		{ "CHANGED", "changed", NULL, VIEW_RIGHT },
	};
	const bool named = json_object_array_length(findings->costs) &&
			   *json_string(json_object_array_get_idx(findings->costs, 0), "smmu");
	const size_t first = named ? 0 : 1;

	if (json_object_array_length(findings->costs))
		view_rows(findings->costs, columns + first,
			  sizeof(columns) / sizeof(columns[0]) - first, NULL);
}

static void print_summary(const struct findings *findings)
{
	const char *between = ": ";

	printf("%zu finding%s", findings->cause_count, findings->cause_count == 1 ? "" : "s");
	for (unsigned i = 0; i < FINDING_KINDS; i++) {
		const uint64_t count = findings->of_kind[i];

		if (!count)
			continue;
		printf("%s%" PRIu64 " %s", between, count,
		       count == 1 ? finding_kinds[i].one : finding_kinds[i].several);
		between = ", ";
	}
	putchar('\n');
}

static void print_missed(const struct smmu3_check_missed *missed)
{
	const struct {
		uint64_t count;
		const char *what;
	} rows[] = {
		{ missed->memory, "times there was no memory to note something" },
		{ missed->hurried, "commands did not wait for their CMD_SYNC, for too many did" },
		{ missed->unexplained,
		  "accesses came out otherwise than memory has it, by nothing that is kept" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].count)
			printf("not looked at: %" PRIu64 " %s\n", rows[i].count, rows[i].what);
}

void findings_print(const struct findings *findings)
{
	const size_t count = json_object_array_length(findings->rows);

	for (size_t i = 0; i < count; i++) {
		finding_print(json_object_array_get_idx(findings->rows, i));
		putchar('\n');
	}
	print_costs(findings);
	print_missed(&findings->missed);
	print_summary(findings);
}

void findings_end(const struct findings *findings, bool json, enum status status)
{
	json_object *answer;

	if (json) {
		answer = json_answer("check");
		json_flag(answer, "complete", status <= STATUS_FINDING);
		findings_json(findings, answer);
		json_print(answer);
		return;
	}
	findings_print(findings);
	if (status > STATUS_FINDING)
		puts("incomplete: the input broke off, or could not be carried out");
}
