/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct row {
	bool fails;
	char line[300];
	const char *part; /* behind the bar, or NULL */
};

static struct row cut(const char *text)
{
	const char *const bar = strchr(text, '|');
	struct row row = { .fails = text[0] == '-', .part = bar ? bar + 1 : NULL };

	(void)snprintf(row.line, sizeof(row.line), "%.*s",
		       (int)(bar ? bar - text : (long)strlen(text)) - row.fails, text + row.fails);
	return row;
}

static void judge(const struct row *row, const char *difference, const char *came)
{
	ck_assert_msg(row->fails == (difference[0] != '\0'), "%s: '%s', '%s'", row->line,
		      difference, came);
	if (row->part)
		ck_assert_msg(strstr(row->fails ? difference : came, row->part) != NULL,
			      "%s: '%s', '%s'", row->line, difference, came);
}

static void judge_access(const struct row *row, const struct smmu3_trace_op *op,
			 const struct smmu3_outcome *outcome)
{
	char difference[200];

	if (smmu3_expect_met(&op->expect, outcome, difference, sizeof(difference)) &&
	    smmu3_expect_atc_met(&op->expect, op, difference, sizeof(difference)))
		(void)smmu3_expect_guard_met(&op->expect, op, difference, sizeof(difference));
	judge(row, difference, "an outcome");
}

static void carry_out(struct loading *loading, const struct row *row)
{
	struct smmu3_outcome outcome = { 0 };
	struct smmu3_error error;
	struct smmu3_trace_op op;
	struct loading said = { 0 };

	ck_assert_msg(smmu3_trace_parse(row->line, "t", 1, &op, collect, &said) == 1, "%s: %s",
		      row->line, said.said);
	op.strict = 1;
	const int code = smmu3_machine_perform(loading->machine, &op, &outcome, &error);

	if (code < 0)
		judge(row, error.text, "");
	else if (code)
		judge_access(row, &op, &outcome);
	else
		judge(row, op.result.difference, op.result.text);
}

void story_told(const char *machine, const char *const *rows, size_t count)
{
	struct loading loading = load_good(machine);

	for (size_t i = 0; i < count; i++) {
		const struct row row = cut(rows[i]);

		carry_out(&loading, &row);
	}
	unload(&loading);
}

void story_refused(const char *const *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct row row = cut(rows[i]);
		struct loading said = { 0 };
		struct smmu3_trace_op op;
		char text[300];

		(void)snprintf(text, sizeof(text), "1:%s\n", row.part);
		ck_assert_msg(smmu3_trace_parse(row.line, "t", 1, &op, collect, &said) ==
				      -SMMU3_E_FORMAT,
			      "%s", row.line);
		ck_assert_str_eq(said.said, text);
	}
}
