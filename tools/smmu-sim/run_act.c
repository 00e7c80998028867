/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <smmu/decode.h>

#include "json.h"
#include "run.h"
#include "say.h"
#include "text.h"

/* ---- What the SMMU did of its own accord ---- */

static void tell_act(struct run *run, const struct smmu3_own_act *act)
{
	const bool ns = act->pas == SMMU3_PAS_NS;
	struct smmu3_own_act plain = *act;
	char text[SMMU3_ACT_TEXT];

	plain.pas = SMMU3_PAS_NS; /* whose it is stands before "expect" */
	smmu3_own_act_text(&plain, text, sizeof(text));
	printf("        ! %s%sexpect %s\n", ns ? "" : smmu3_pas_name(act->pas), ns ? "" : ": ",
	       text);
	if (++run->told == SMMU3_OWN_MOST)
		printf("        # more than %d acts are not remembered: what follows is not told until "
		       "! expect lines name some\n",
		       SMMU3_OWN_MOST);
}

void run_tell(struct run *run)
{
	const struct smmu3_own_act *act;

	if (!run->verbose || !run->shown || run->json)
		return;
	while ((act = smmu3_machine_own(run->machine, run->told)))
		tell_act(run, act);
}

/* ---- Acts ---- */

static void print_text(const struct run *run, const struct smmu3_trace_op *op, const char *act)
{
	const struct smmu3_trace_result *result = &op->result;

	if (run->shown)
		printf("%6u  %s%s%s\n", op->line, act, *result->text ? " -> " : "", result->text);
	if (!result->failed)
		return;
	print_plain(stdout, run->file);
	printf(":%u: failed: %s: %s%s%s\n", op->line, act, result->difference,
	       *result->text ? "; got " : "", result->text);
}

static bool is_stated(const struct smmu3_trace_op *op)
{
	return op->answer_given || op->mask || op->expect.present || op->busy.present ||
	       op->kind == SMMU3_TRACE_EXPECT || op->kind == SMMU3_TRACE_STATS;
}

static void print_json(struct run *run, const struct smmu3_trace_op *op, const char *act)
{
	json_object *object = json_new();

	json_text(object, "file", run->file);
	json_number(object, "line", op->line);
	json_text(object, "act", act);
	if (*op->result.text)
		json_text(object, "result", op->result.text);
	if (op->kind == SMMU3_TRACE_COMMAND)
		json_words(object, "words", op->command, 2);
	if (is_stated(op) || op->result.failed)
		json_flag(object, "failed", op->result.failed);
	if (op->result.failed)
		json_text(object, "difference", op->result.difference);
	json_print_row(object, !run->begun);
	run->begun = true;
}

static void print_act(struct run *run, const struct smmu3_trace_op *op)
{
	char act[SMMU3_ACT_TEXT];

	smmu3_trace_act_text(op, act, sizeof(act));
	if (run->json && (run->shown || op->result.failed))
		print_json(run, op, act);
	else if (!run->json)
		print_text(run, op, act);
}

static enum status perform(struct run *run, struct smmu3_trace_op *op)
{
	struct smmu3_error error = { 0 };
	const int code = smmu3_machine_perform(run->machine, op, NULL, &error);

	if (code < 0)
		return run_refused(run, op, code, error.text);
	if (run->silent)
		return STATUS_OK;
	tally_act(run->tally, is_stated(op), op->result.failed);
	print_act(run, op);
	return op->result.failed ? STATUS_FINDING : STATUS_OK;
}

enum status run_act(struct run *run, const struct smmu3_trace_op *line)
{
	struct smmu3_trace_op op = *line;

	if (op.kind == SMMU3_TRACE_EXPECT) {
		run->expecting = true;
		op.strict = run->strict;
	}
	return perform(run, &op);
}

/* ---- The end of a block of expectations ---- */

void print_failure(struct run *run, const char *file, unsigned line, const char *difference)
{
	json_object *object;

	if (!run->json) {
		print_plain(stdout, file);
		printf(":%u: failed: %s\n", line, difference);
		return;
	}
	object = json_new();
	json_text(object, "file", file);
	json_number(object, "line", line);
	json_flag(object, "failed", true);
	json_text(object, "difference", difference);
	json_print_row(object, !run->begun);
	run->begun = true;
}

static enum status fail_left(struct run *run, size_t left, const struct smmu3_own_act *first)
{
	char act[SMMU3_ACT_TEXT], difference[SMMU3_ACT_TEXT + 80];

	smmu3_own_act_text(first, act, sizeof(act));
	snprintf(difference, sizeof(difference),
		 "%zu more of the SMMU's own acts after this line (--strict): %s", left, act);
	tally_failure(run->tally);
	print_failure(run, run->file, run->line, difference);
	return STATUS_FINDING;
}

/* Records that are consumed then may let an access go on. */
static enum status end_block(struct run *run)
{
	const struct smmu3_trace_op line = { .kind = SMMU3_TRACE_EXPECT, .line = run->line };
	struct smmu3_own_act first;
	enum status status = STATUS_OK;

	run->expecting = false;
	run->told = 0;
	const size_t left = smmu3_machine_settle(run->machine, &first);

	if (left && run->strict)
		status = fail_left(run, left, &first);
	return worse(status, run_resumed(run, &line));
}

enum status run_settle(struct run *run)
{
	return run->expecting ? end_block(run) : STATUS_OK;
}
