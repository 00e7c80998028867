/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "outcome.h"
#include "run.h"
#include "say.h"
#include "text.h"

/* Translations that one access may cross: 4 GiB of 4 KiB pages. */
#define PARTS_MAX (UINT64_C(1) << 20)

/* Accesses that wait at the end, of those that are named. */
enum { WAITING_SHOWN = 20 };

/* One answered part of an access. */
struct part {
	struct smmu3_trace_op *op; /* its address and bytes are the part's */
	struct smmu3_outcome outcome;
	char difference[256]; /* from the expectation, or empty */
	unsigned at;          /* the line at which it came: its own, or where its wait ended */
	const char *end;      /* how that ended, or NULL */
	uint8_t terminated, stated; /* stated: there is an expectation */
};

/* What an expectation asks of the part that begins `done` bytes into the access: every byte of it
 * is meant.  An IPA at fault is stated for the first part only. */
static struct smmu3_expect expectation_at(const struct smmu3_expect *whole, uint64_t done)
{
	struct smmu3_expect expect = *whole;

	expect.pa += done;
	expect.has_ipa = whole->has_ipa && !done;
	return expect;
}

/* An ATC may hide what the SMMU would say now: which of the two spoke belongs to it.  So does what
 * the firewall says: that it lets pass, or which region does not. */
static bool is_complete(const struct part *part, const struct smmu3_expect *expect)
{
	const bool passes = expect->has_firewall && expect->firewall == SMMU3_FIREWALL_ALLOWS;

	return smmu3_expect_complete(expect) && (!part->op->atc || expect->has_atc) &&
	       (!part->op->guard.firewall || passes || expect->has_blocker);
}

/* The difference from what is expected of an ATC and behind the SMMU. */
static void judge_beside(struct part *part, const struct smmu3_expect *expect)
{
	if (smmu3_expect_atc_met(expect, part->op, part->difference, sizeof(part->difference)))
		smmu3_expect_guard_met(expect, part->op, part->difference,
				       sizeof(part->difference));
}

static void judge_expected(const struct run *run, struct part *part,
			   const struct smmu3_expect *whole, uint64_t done)
{
	const struct smmu3_expect expect = expectation_at(whole, done);

	if (expect.present &&
	    !smmu3_expect_met(&expect, &part->outcome, part->difference,
			      sizeof(part->difference)) &&
	    !part->difference[0])
		snprintf(part->difference, sizeof(part->difference), "the outcome differs");
	else if (!part->difference[0] && run->strict && !is_complete(part, whole))
		snprintf(part->difference, sizeof(part->difference),
			 "no complete expectation (--strict)");
	else if (!part->difference[0])
		judge_beside(part, &expect);
}

/* Of most accesses nothing is expected. */
static bool is_judged(const struct run *run, const struct smmu3_expect *expect)
{
	return !run->silent && (expect->present || run->strict);
}

static void judge(const struct run *run, struct part *part, const struct smmu3_expect *whole,
		  uint64_t done)
{
	part->difference[0] = 0;
	part->stated = whole->present;
	if (is_judged(run, whole))
		judge_expected(run, part, whole, done);
}

static void print_text(const struct run *run, const struct part *part)
{
	char access[ACCESS_TEXT], outcome[OUTCOME_TEXT];

	access_text(run->machine, part->op, access, sizeof(access));
	if (part->end)
		append(access, sizeof(access), " of line %u, %s", part->op->line, part->end);
	if (part->terminated)
		snprintf(outcome, sizeof(outcome), "%s: ended while stalled [3.12.2]",
			 smmu3_verdict_name(part->outcome.verdict));
	else
		outcome_text(&part->outcome, outcome, sizeof(outcome));
	atc_text(part->op, &part->outcome, outcome, sizeof(outcome));
	guard_text(&part->op->guard, outcome, sizeof(outcome));
	if (run->shown)
		printf("%6u  %s -> %s\n", part->at, access, outcome);
	if (!part->difference[0])
		return;
	print_plain(stdout, run->file);
	printf(":%u: failed: %s: %s; got %s\n", part->at, access, part->difference, outcome);
}

static void print_json(struct run *run, const struct part *part)
{
	json_object *object = json_new(), *outcome = outcome_json(&part->outcome);

	json_text(object, "file", run->file);
	json_number(object, "line", part->at);
	json_add(object, "access", access_json(run->machine, part->op));
	if (part->end) {
		json_number(object, "line_of_access", part->op->line);
		json_text(object, "stall_ended", part->end);
	}
	if (part->op->atc)
		json_text(object, "atc", atc_name(part->op));
	guard_json(outcome, &part->op->guard);
	json_add(object, "outcome", outcome);
	if (part->stated || part->difference[0])
		json_flag(object, "failed", part->difference[0]);
	if (part->difference[0])
		json_text(object, "difference", part->difference);
	json_print_row(object, !run->begun);
	run->begun = true;
}

static void print_part(struct run *run, struct part *part)
{
	if (!run->shown && !part->difference[0])
		return;
	if (part->outcome.bytes)
		part->op->txn.bytes = part->outcome.bytes;
	if (run->json)
		print_json(run, part);
	else
		print_text(run, part);
}

/* Where a line names what the machine refused, in what a trace says as text; 0: nowhere, as in a
 * list of expected answers.  A record has no columns: those of its text count. */
static unsigned column_of(const struct run *run, const struct smmu3_trace_op *op, int code,
			  const char **source)
{
	struct smmu3_trace_op again;

	*source = run->trace ? smmu3_trace_text(run->trace) : NULL;
	if (*source && !op->who_column && op->kind == SMMU3_TRACE_ACCESS &&
	    smmu3_trace_parse(*source, run->file, op->line, &again, NULL, NULL) == 1)
		op = &again;
	return code == -SMMU3_E_NOT_FOUND ? op->who_column : op->address_column;
}

enum status run_refused(const struct run *run, const struct smmu3_trace_op *op, int code,
			const char *why)
{
	const char *text;
	const unsigned column = column_of(run, op, code, &text);
	const char *source = column ? text : NULL;
	const struct smmu3_diagnostic diagnostic = {
		.file = run->file,
		.line = op->line,
		.column = column ? column : 1,
		.length = source ? (unsigned)strcspn(source + column - 1, " \t") : 0,
		.code = code,
		.message = why,
		.source = source,
	};

	say_diagnostic(NULL, &diagnostic);
	return status_of(code, STATUS_INPUT);
}

/* Performs what is left of the access, or as much of it as one translation has. */
static enum status perform(struct run *run, struct part *part)
{
	struct smmu3_error error;
	const int code = smmu3_machine_perform(run->machine, part->op, &part->outcome, &error);

	return code >= 0 ? STATUS_OK : run_refused(run, part->op, code, error.text);
}

static enum status out_of_parts(const struct run *run, const struct smmu3_trace_op *op)
{
	say_at(run->file, op->line, 1, "the access crosses more than %" PRIu64 " translations",
	       PARTS_MAX);
	return STATUS_CANNOT;
}

static enum status run_access(struct run *run, struct smmu3_trace_op *op)
{
	const uint64_t addr = op->txn.addr, bytes = op->txn.bytes;
	struct part part;
	uint64_t done = 0, parts = 0;
	bool failed = false, refused = false;

	part.op = op;
	part.at = op->line;
	part.end = NULL;
	part.terminated = 0;
	do {
		op->txn.addr = addr + done;
		op->txn.bytes = bytes - done;
		const enum status status = perform(run, &part);

		if (status)
			return status;
		judge(run, &part, &op->expect, done);
		tally_part(run->tally, op, &part.outcome, !done);
		failed |= part.difference[0] != 0;
		refused |= part.outcome.verdict == SMMU3_ERROR && !op->expect.present;
		done += part.outcome.bytes;
		print_part(run, &part);
		if (++parts == PARTS_MAX && done < bytes)
			return out_of_parts(run, op);
	} while (part.outcome.bytes && done < bytes);
	tally_expectation(run->tally, op->expect.present, failed);
	return refused ? STATUS_CANNOT : failed ? STATUS_FINDING : STATUS_OK;
}

/* ---- Accesses whose wait is over ---- */

static const char *const ends[] = {
	[SMMU3_STALL_RETRY] = "retried",
	[SMMU3_STALL_ABORT] = "aborted",
	[SMMU3_STALL_RAZ_WI] = "ended as RAZ/WI",
};

/* Each is judged by what the line expects that let it go on. */
static enum status run_resumed_access(struct run *run, const struct smmu3_trace_op *line,
				      struct part *part, const struct smmu3_stall *stall)
{
	static const struct smmu3_expect none;
	const struct smmu3_expect *expect = part->op->was_busy ? &line->busy : &line->expect;

	part->at = line->line;
	part->end = part->op->was_busy ? "asked for again" : ends[stall->end];
	part->terminated = stall->end != SMMU3_STALL_RETRY;
	judge(run, part, line->kind == SMMU3_TRACE_ACCESS ? &none : expect, 0);
	tally_part(run->tally, part->op, &part->outcome, false);
	tally_resumed(run->tally, part->difference[0]);
	print_part(run, part);
	return part->difference[0] ? STATUS_FINDING : STATUS_OK;
}

static enum status none_resumed(struct run *run, const struct smmu3_trace_op *line)
{
	tally_failure(run->tally);
	print_failure(run, run->file, line->line,
		      "an outcome is expected, but no stalled access went on");
	return STATUS_FINDING;
}

/* What the line expects of one that none of them was. */
static enum status run_all_resumed(struct run *run, const struct smmu3_trace_op *line,
				   unsigned ended, unsigned busy)
{
	const bool missing = (!ended && line->expect.present) || (!busy && line->busy.present);

	return !run->silent && line->kind != SMMU3_TRACE_ACCESS && missing ?
		       none_resumed(run, line) :
		       STATUS_OK;
}

enum status run_resumed(struct run *run, const struct smmu3_trace_op *line)
{
	enum status status = STATUS_OK;
	struct smmu3_stall stall;
	struct smmu3_trace_op op;
	struct part part;
	unsigned ended = 0, busy = 0;
	int code;

	part.op = &op;
	while ((code = smmu3_machine_resume(run->machine, &op, &part.outcome, &stall)) > 0) {
		status = worse(status, run_resumed_access(run, line, &part, &stall));
		busy += op.was_busy;
		ended += !op.was_busy;
	}
	if (code < 0)
		return run_refused(run, line, code, "out of memory");
	return worse(status, run_all_resumed(run, line, ended, busy));
}

/* ---- A line ---- */

/* What is counted may be asked for anywhere: such a line neither begins a block nor ends one. */
static bool run_in_block(const struct smmu3_trace_op *op)
{
	return op->kind == SMMU3_TRACE_EXPECT || op->kind == SMMU3_TRACE_STATS;
}

static enum status run_one(struct run *run, struct smmu3_trace_op *op)
{
	enum status status = run_in_block(op) ? STATUS_OK : run_settle(run);

	status = worse(status,
		       op->kind == SMMU3_TRACE_ACCESS ? run_access(run, op) : run_act(run, op));
	return status > STATUS_FINDING ? status : worse(status, run_resumed(run, op));
}

/* What a line has done, for what is found later. */
static void note_line(struct run *run, const struct smmu3_trace_op *op)
{
	struct smmu3 *smmu;

	if (op->kind == SMMU3_TRACE_MEM_WRITE)
		places_wrote(findings_places(run->findings), op->offset, op->size);
	for (size_t i = 0; (smmu = smmu3_machine_smmu(run->machine, i)); i++)
		places_accessed(findings_places(run->findings), i, smmu3_check_accesses(smmu));
}

enum status run_line(struct run *run, struct smmu3_trace_op *op)
{
	if (run->findings)
		places_at(findings_places(run->findings), run->file, op->line);
	const enum status status = run_one(run, op);

	if (run->findings)
		note_line(run, op);
	run->line = op->line;
	if (!run_in_block(op))
		run_tell(run);
	return status;
}

/* ---- The end ---- */

static void print_waiting(struct run *run, const struct smmu3_trace_op *op)
{
	char access[ACCESS_TEXT];

	access_text(run->machine, op, access, sizeof(access));
	printf("%6u  %s: still waits\n", op->line, access);
}

enum status run_waiting(struct run *run)
{
	struct smmu3_trace_op op;
	char difference[80];
	size_t count = 0;

	for (; smmu3_machine_waiting(run->machine, count, count < WAITING_SHOWN ? &op : NULL);
	     count++)
		if (run->shown && !run->json && count < WAITING_SHOWN)
			print_waiting(run, &op);
	tally_waiting(run->tally, count);
	if (!count || !run->strict)
		return STATUS_OK;
	snprintf(difference, sizeof(difference), "%zu accesses still wait (--strict)", count);
	print_failure(run, run->file, run->line, difference);
	return STATUS_FINDING;
}
