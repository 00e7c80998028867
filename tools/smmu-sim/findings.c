/* SPDX-License-Identifier: MIT */
#include "findings.h"

#include <inttypes.h>
#include <search.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "say.h"
#include "text.h"
#include "view.h"

enum { PA_SPACES = 4 };

/* Accesses of an SMMU that were made one after the other, each a line further; or all of one line.
 */
struct accesses {
	uint64_t first, count;
	struct place place; /* of the first */
	bool one_line;
};

/* All of an SMMU, in order. */
struct numbered {
	struct accesses *accesses;
	size_t count, room;
	uint64_t seen; /* the last that has been numbered */
};

/* A word of memory, and the line that wrote it last. */
struct written {
	uint64_t word;
	struct place place;
};

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
	struct place place;
	void *written;             /* a tree of struct written */
	struct numbered *numbered; /* by SMMU */
	size_t numbered_count;
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

/* Room for one more. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 64;
	items = realloc(items, *room * size);
	if (!items)
		out_of_memory();
	return items;
}

struct findings *findings_new(void)
{
	struct findings *findings = calloc(1, sizeof(*findings));

	if (!findings)
		out_of_memory();
	findings->rows = json_list();
	findings->costs = json_list();
	return findings;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	tdestroy(findings->written, free);
	for (size_t i = 0; i < findings->numbered_count; i++)
		free(findings->numbered[i].accesses);
	free(findings->numbered);
	tdestroy(findings->causes, free);
	json_object_put(findings->rows);
	json_object_put(findings->costs);
	free(findings);
}

/* ---- Where ---- */

void findings_at(struct findings *findings, const char *file, unsigned line)
{
	findings->place = (struct place){ file, line };
}

struct place findings_place(const struct findings *findings)
{
	return findings->place;
}

static int by_word(const void *one, const void *other)
{
	const struct written *a = one, *b = other;

	return (a->word > b->word) - (a->word < b->word);
}

static void wrote_word(struct findings *findings, uint64_t word)
{
	struct written *written = malloc(sizeof(*written));
	struct written **found;

	if (!written)
		out_of_memory();
	*written = (struct written){ word, findings->place };
	found = tsearch(written, &findings->written, by_word);
	if (!found)
		out_of_memory();
	if (*found == written)
		return;
	(*found)->place = findings->place;
	free(written);
}

void findings_wrote(struct findings *findings, uint64_t pa, unsigned bytes)
{
	for (uint64_t word = pa / 8; word <= (pa + bytes - 1) / 8; word++)
		wrote_word(findings, word);
}

/* Of the first word that is another. */
struct place findings_place_of_change(const struct findings *findings,
				      const struct smmu3_changed *changed)
{
	for (unsigned i = 0; i < changed->words; i++) {
		const struct written wanted = { changed->pa / 8 + i, { NULL, 0 } };
		struct written *const *found = (changed->was[i] == changed->now[i] &&
						changed->readable) ?
						       NULL :
						       tfind(&wanted, &findings->written, by_word);

		if (found)
			return (*found)->place;
	}
	return (struct place){ NULL, 0 };
}

struct place findings_place_of_write(const struct findings *findings,
				     const struct smmu3_changed *structure)
{
	struct smmu3_changed any = *structure;
	const struct place place = findings_place_of_change(findings, structure);

	any.readable = 0; /* all of its words */
	return place.file ? place : findings_place_of_change(findings, &any);
}

static struct numbered *numbered_of(struct findings *findings, size_t smmu)
{
	if (smmu >= findings->numbered_count) {
		findings->numbered = realloc(findings->numbered,
					     (smmu + 1) * sizeof(*findings->numbered));
		if (!findings->numbered)
			out_of_memory();
		while (findings->numbered_count <= smmu)
			findings->numbered[findings->numbered_count++] = (struct numbered){ NULL, 0,
											    0, 0 };
	}
	return &findings->numbered[smmu];
}

/* Is it one line behind the last of these? */
static bool goes_on(const struct accesses *before, const struct accesses *next)
{
	return !before->one_line && next->count == 1 && before->place.file == next->place.file &&
	       before->place.line + before->count == next->place.line;
}

void findings_accessed(struct findings *findings, size_t smmu, uint64_t access)
{
	struct numbered *of = numbered_of(findings, smmu);
	const struct accesses next = { of->seen + 1, access - of->seen, findings->place,
				       access - of->seen > 1 };
	struct accesses *last = of->count ? &of->accesses[of->count - 1] : NULL;

	if (access <= of->seen)
		return;
	of->seen = access;
	if (last && goes_on(last, &next)) {
		last->count++;
		return;
	}
	of->accesses = grow(of->accesses, of->count, &of->room, sizeof(*of->accesses));
	of->accesses[of->count++] = next;
}

/* Those that hold an access; each SMMU's are in order. */
static const struct accesses *accesses_of(const struct findings *findings, size_t smmu,
					  uint64_t access)
{
	const struct numbered *of = smmu < findings->numbered_count ? &findings->numbered[smmu] :
								      NULL;
	size_t first = 0, end = of ? of->count : 0;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		const struct accesses *at = &of->accesses[middle];

		if (access >= at->first && access - at->first < at->count)
			return at;
		if (access < at->first)
			end = middle;
		else
			first = middle + 1;
	}
	return NULL;
}

struct place findings_place_of_access(const struct findings *findings, size_t smmu, uint64_t access)
{
	const struct accesses *at = accesses_of(findings, smmu, access);

	if (!at)
		return (struct place){ NULL, 0 };
	return (struct place){
		at->place.file, at->place.line + (at->one_line ? 0 : (unsigned)(access - at->first))
	};
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
static json_object *place_json(const struct place *place)
{
	json_object *object = json_new();

	if (place->file) {
		json_text(object, "file", place->file);
		json_number(object, "line", place->line);
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
	json_object *also = json_array(cause->row, "also"), *row = place_json(&findings->place);

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
	cause->row = finding_json(findings, cause->smmu, name, finding);
	if (cause->count)
		json_add(cause->row, "first", place_json(&cause->first));
	else
		cause->first = findings->place;
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
		json_add(cause->row, "last", place_json(&findings->place));
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

static void print_place(json_object *row, const char *key, const char *words)
{
	json_object *place;

	if (!json_object_object_get_ex(row, key, &place))
		return;
	printf("%s ", words);
	print_plain(stdout, json_string(place, "file"));
	printf(":%s", json_string(place, "line"));
}

static void print_place_line(json_object *row, const char *key, const char *words)
{
	if (!json_object_object_get_ex(row, key, NULL))
		return;
	print_place(row, key, words);
	putchar('\n');
}

/* The first that was kept before the line itself. */
static void print_kept(json_object *row)
{
	json_object *kept = json_array(row, "kept");
	const size_t count = kept ? json_object_array_length(kept) : 0;

	for (size_t i = 0; i < count; i++) {
		json_object *one = json_object_array_get_idx(kept, i);

		if (json_object_object_get_ex(one, "at", NULL)) {
			print_place_line(one, "at", "  kept at");
			return;
		}
	}
}

static void print_times(json_object *row)
{
	if (!strcmp(json_string(row, "count"), "1"))
		return;
	printf("  %s times", json_string(row, "count"));
	print_place(row, "first", ", the first at");
	print_place(row, "last", ", the last at");
	putchar('\n');
}

/* Commands as the library says them. */
static void print_also(json_object *also)
{
	json_object *commands = json_array(also, "commands");
	const size_t count = json_object_array_length(commands);

	printf("  needed beside, at ");
	print_plain(stdout, json_string(also, "file"));
	printf(":%s: ", json_string(also, "line"));
	for (size_t i = 0; i < count; i++) {
		json_object *command = json_object_array_get_idx(commands, i);
		const bool other = !strcmp(json_string(command, "alternative"), "true");

		printf("%s%s", !i ? "" : other ? " or " : ", ", json_string(command, "text"));
	}
	puts(", then CMD_SYNC");
}

static void print_all_also(json_object *row)
{
	json_object *also = json_array(row, "also");
	const size_t count = also ? json_object_array_length(also) : 0;

	for (size_t i = 0; i < count; i++)
		print_also(json_object_array_get_idx(also, i));
}

static void print_row(json_object *row)
{
	const char *file = json_string(row, "file"), *smmu = json_string(row, "smmu");

	if (*file) {
		print_plain(stdout, file);
		printf(":%s: ", json_string(row, "line"));
	}
	if (*smmu)
		printf("%s: ", smmu);
	fputs(json_string(row, "text"), stdout);
	print_all_also(row);
	print_kept(row);
	print_place_line(row, "changed_at", "  changed at");
	print_place_line(row, "changed_after", "  changed after");
	print_place_line(row, "freed_at", "  written at");
	print_times(row);
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
		print_row(json_object_array_get_idx(findings->rows, i));
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
