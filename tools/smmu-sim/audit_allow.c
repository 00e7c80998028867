/* SPDX-License-Identifier: MIT */
/* Findings that are accepted: a line each, `RULE MASTER [FIRST-LAST]`. */
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "input.h"
#include "json.h"
#include "say.h"
#include "text.h"

enum { ENTRIES_MOST = 10000, WORDS = 3 };

struct entry {
	const struct smmu3_audit_rule *rule; /* NULL: any */
	char *master;                        /* a name; NULL: see below */
	bool any_master;                     /* *, else StreamIDs that no master has */
	bool secure;
	uint64_t sid, last_sid;
	uint64_t first, last; /* PAs */
	unsigned line;
	bool used;
	char *text;
};

struct allow {
	char *name;
	struct entry *entry;
	size_t count;
	bool wrong; /* a complaint has been made */
};

/* A word of a line, and where it stands. */
struct word {
	char *text; /* NULL: there is none */
	unsigned column;
};

struct reading {
	struct allow *allow;
	const struct lines *lines;
	struct word word[WORDS + 1];
};

static void complain(struct reading *reading, const struct word *word, const char *message)
{
	const struct smmu3_diagnostic diagnostic = {
		.file = reading->allow->name,
		.line = reading->lines->number,
		.column = word->column,
		.length = word->text ? (unsigned)strlen(word->text) : 1,
		.code = -SMMU3_E_FORMAT,
		.message = message,
		.source = reading->lines->line,
	};

	say_diagnostic(NULL, &diagnostic);
	reading->allow->wrong = true;
}

static const struct smmu3_audit_rule *find_rule(struct reading *reading, const struct word *word)
{
	const struct smmu3_audit_rule *rule;
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;
	char message[128] = "";

	for (size_t i = 0; (rule = smmu3_audit_rule(i)); i++) {
		if (!strcmp(rule->name, word->text))
			return rule;
		suggest(word->text, rule->name, &nearest, &distance);
	}
	append(message, sizeof(message), "no rule '%.40s'", word->text);
	if (nearest)
		append(message, sizeof(message), "; did you mean '%s'?", nearest);
	complain(reading, word, message);
	return NULL;
}

/* FIRST-LAST, or one number: in place. */
static bool parse_span(char *text, uint64_t *first, uint64_t *last)
{
	char *const dash = strchr(text, '-');
	bool ok = true;

	if (dash)
		*dash = 0;
	ok = parse_number(text, first) && parse_number(dash ? dash + 1 : text, last);
	if (dash)
		*dash = '-';
	return ok && *first <= *last;
}

static void take_master(struct reading *reading, const struct word *word, struct entry *entry)
{
	static const char secure[] = "secure:";
	char *text = word->text;

	entry->any_master = !strcmp(text, "*");
	if (entry->any_master)
		return;
	entry->secure = !strncmp(text, secure, sizeof(secure) - 1);
	if (entry->secure)
		text += sizeof(secure) - 1;
	if (text[0] < '0' || text[0] > '9') {
		if (entry->secure)
			complain(reading, word, "'secure:' stands before StreamIDs");
		entry->master = strdup(text);
		if (!entry->master)
			out_of_memory();
	} else if (!parse_span(text, &entry->sid, &entry->last_sid)) {
		complain(reading, word, "neither a master's name nor StreamIDs, FIRST-LAST");
	}
}

static void take_words(struct reading *reading)
{
	const struct word *const word = reading->word;
	struct entry *const entry = &reading->allow->entry[reading->allow->count];

	*entry = (struct entry){ .last = UINT64_MAX, .line = reading->lines->number };
	entry->text = strdup(reading->lines->line);
	if (!entry->text)
		out_of_memory();
	reading->allow->count++;
	if (strcmp(word[0].text, "*") != 0)
		entry->rule = find_rule(reading, &word[0]);
	if (!word[1].text) {
		complain(reading, &word[1], "whose? RULE MASTER [FIRST-LAST]; * is any master");
		return;
	}
	take_master(reading, &word[1], entry);
	if (word[2].text && !parse_span(word[2].text, &entry->first, &entry->last))
		complain(reading, &word[2], "addresses are FIRST-LAST, both within");
	if (word[3].text)
		complain(reading, &word[3], "more than RULE MASTER FIRST-LAST");
}

/* Cuts a copy of the line into words; a comment ends it. */
static void cut_words(struct reading *reading, char *copy)
{
	char *at = copy;

	copy[strcspn(copy, "#")] = 0;
	for (size_t i = 0; i <= WORDS; i++) {
		at += strspn(at, " \t");
		reading->word[i] = (struct word){ *at ? at : NULL, (unsigned)(at - copy) + 1 };
		at += strcspn(at, " \t");
		if (*at)
			*at++ = 0;
	}
}

static void read_line(struct reading *reading)
{
	struct allow *const allow = reading->allow;
	char *const copy = strdup(reading->lines->line);

	if (!copy)
		out_of_memory();
	cut_words(reading, copy);
	if (reading->word[0].text && allow->count == ENTRIES_MOST)
		complain(reading, &reading->word[0], "more than 10000 entries");
	else if (reading->word[0].text) {
		struct entry *const grown = realloc(allow->entry,
						    (allow->count + 1) * sizeof(*grown));

		if (!grown)
			out_of_memory();
		allow->entry = grown;
		take_words(reading);
	}
	free(copy);
}

struct allow *allow_read(const char *path, enum status *status)
{
	struct lines *const lines = lines_open(path);
	struct allow *const allow = calloc(1, sizeof(*allow));
	struct reading reading = { .allow = allow, .lines = lines };
	int code = lines ? 1 : -SMMU3_E_IO;

	if (!allow || !(allow->name = strdup(path)))
		out_of_memory();
	while (code > 0 && !allow->wrong && (code = lines_next(lines)) > 0)
		read_line(&reading);
	if (lines)
		lines_close(lines);
	*status = code < 0 ? STATUS_INPUT : allow->wrong ? STATUS_USAGE : STATUS_OK;
	if (*status == STATUS_OK)
		return allow;
	allow_free(allow);
	return NULL;
}

void allow_free(struct allow *allow)
{
	for (size_t i = 0; allow && i < allow->count; i++) {
		free(allow->entry[i].master);
		free(allow->entry[i].text);
	}
	if (allow) {
		free(allow->entry);
		free(allow->name);
	}
	free(allow);
}

/* ---- Asking ---- */

static bool about(const struct entry *entry, const struct smmu3_audit_subject *subject)
{
	if (entry->any_master)
		return true;
	if (entry->master || subject->master)
		return entry->master && subject->master && !strcmp(entry->master, subject->master);
	return entry->secure == (subject->sec_sid == SMMU3_PAS_SECURE) &&
	       subject->sid >= entry->sid &&
	       (uint64_t)subject->sid + subject->count - 1 <= entry->last_sid;
}

/* Whole: an entry that is about addresses accepts what lies within them. */
static bool within(const struct entry *entry, const struct smmu3_audit_finding *finding)
{
	if (!finding->size)
		return entry->first == 0 && entry->last == UINT64_MAX;
	return finding->pa >= entry->first && finding->pa + (finding->size - 1) <= entry->last;
}

bool allow_finding(struct allow *allow, const struct smmu3_audit_subject *subject,
		   const struct smmu3_audit_finding *finding)
{
	bool accepted = false;

	for (size_t i = 0; allow && i < allow->count; i++) {
		struct entry *const entry = &allow->entry[i];

		if ((entry->rule && entry->rule != finding->rule) || !about(entry, subject) ||
		    !within(entry, finding))
			continue;
		entry->used = true;
		accepted = true;
	}
	return accepted;
}

json_object *allow_unused(const struct allow *allow)
{
	json_object *const list = json_list();

	for (size_t i = 0; allow && i < allow->count; i++) {
		const struct entry *const entry = &allow->entry[i];

		if (entry->used)
			continue;
		json_object *const row = json_new();

		json_text(row, "file", allow->name);
		json_count(row, "line", entry->line);
		json_text(row, "entry", entry->text);
		json_append(list, row);
	}
	return list;
}
