/* SPDX-License-Identifier: MIT */
/* Accesses that are stalled, or find the SMMU busy, in a machine: held, and gone on with once. */
#include "load.h"
#include "platform/held.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* Two may wait; the Event queue has one entry.  CD.S = 1. */
static const char machine_text[] =
	"version: 1\n"
	"smmu: [{features: {stall_model: 0, stall_max: 2}, event_queue: {log2size: 2}}]\n"
	"memory: [{name: ram, base: 0x80000000, size: 16M}, "
	"{name: tables, base: 0x70000000, size: 64K}]\n"
	"tables: {t: {stage: 1, va_bits: 39, tables_in: tables, map: [{va: 0x1000, pa: 0x80001000, "
	"size: 4K}]}}\n"
	"masters:\n"
	"  - {name: acc, stream_id: 9, table: t, cd: {S: 1}}\n"
	"  - {name: pcie, stream_id: 10, table: t, cd: {S: 1}, can_stall: false}\n";

/* The next access that goes on: its line's number, or 0. */
static unsigned resumed(struct loading *loading, struct smmu3_outcome *outcome,
			struct smmu3_stall *stall)
{
	struct smmu3_trace_op op;
	const int code = smmu3_machine_resume(loading->machine, &op, outcome, stall);

	ck_assert_int_ge(code, 0);
	return code ? op.line : 0;
}

static struct smmu3_outcome carry_out(struct loading *loading, unsigned number, const char *line)
{
	struct smmu3_outcome outcome = { 0 };
	struct smmu3_trace_op op;
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_trace_parse(line, "t", number, &op, NULL, NULL), 1);
	ck_assert_msg(smmu3_machine_perform(loading->machine, &op, &outcome, &error) >= 0, "%s: %s",
		      line, error.text);
	ck_assert_msg(!op.result.failed, "%s: %s", line, op.result.difference);
	return outcome;
}

static size_t waiting(const struct loading *loading)
{
	struct smmu3_trace_op op;
	size_t count = 0;

	while (smmu3_machine_waiting(loading->machine, count, &op))
		count++;
	return count;
}

/* Retried, aborted, read as zero.  4.7.1 */
START_TEST(a_resumed_access_goes_on_once)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;

	outcome = carry_out(&loading, 7, "R acc 0x2010 64");
	ck_assert_int_eq(outcome.verdict, SMMU3_STALLED);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	ck_assert_uint_eq(waiting(&loading), 1);
	carry_out(&loading, 8, "! w64 0x7000d010 0x0060000080002f43"); /* level 3, entry 2 */
	carry_out(&loading, 9, "! resume sid=9 stag=0 retry");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 7);
	ck_assert_int_eq(stall.end, SMMU3_STALL_RETRY);
	ck_assert_int_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, 0x80002010);
	ck_assert_uint_eq(outcome.bytes, 64);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	ck_assert_uint_eq(waiting(&loading), 0);
	carry_out(&loading, 10, "R acc 0x3000 64");
	carry_out(&loading, 11, "W acc 0x4000 64");
	carry_out(&loading, 12, "! resume sid=9 stag=1 abort");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 10);
	ck_assert_int_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.recorded, 0);
	carry_out(&loading, 13, "! resume sid=9 stag=0 razwi");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 11);
	ck_assert_int_eq(outcome.verdict, SMMU3_RAZ_WI);
	unload(&loading);
}
END_TEST

/* Who translates on a machine's SMMU itself has cookies of his own. */
START_TEST(a_stall_of_somebody_else_ends_no_access)
{
	const struct smmu3_txn txn = { .addr = 0x3000, .bytes = 8, .sid = 10, .cookie = 0 };
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;

	carry_out(&loading, 1, "R acc 0x2000 8");
	ck_assert_int_eq(smmu3_translate(smmu3_machine_smmu(loading.machine, 0), &txn, &outcome),
			 SMMU3_STALLED);
	carry_out(&loading, 2, "! stall_term sid=10");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	carry_out(&loading, 3, "! stall_term sid=9");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 1);
	unload(&loading);
}
END_TEST

/* STALL-22: a client that cannot wait is aborted, and so recorded.  3.12 */
START_TEST(what_cannot_stall_does_not)
{
	struct loading loading = load_good(machine_text);

	ck_assert_int_eq(carry_out(&loading, 1, "R pcie 0x2000 64").verdict, SMMU3_ABORT);
	ck_assert_int_eq(carry_out(&loading, 1, "R acc 0x2000 64 nostall").verdict, SMMU3_ABORT);
	ck_assert_int_eq(carry_out(&loading, 1, "R 10 0x2000 64").verdict, SMMU3_STALLED);
	ck_assert_int_eq(carry_out(&loading, 1, "R acc 0x2000 64 probe").verdict, SMMU3_STALLED);
	ck_assert_uint_eq(waiting(&loading), 1); /* a probe is not held */
	unload(&loading);
}
END_TEST

/* IDR5.STALL_MAX = 2: the third waits before the SMMU, and is asked for when a place is
 * free.  6.3.6 */
START_TEST(a_busy_access_is_asked_for_again_after_a_stall_ended)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;
	struct smmu3_trace_op op;

	carry_out(&loading, 1, "R acc 0x2000 8");
	carry_out(&loading, 2, "R acc 0x3000 8");
	ck_assert_int_eq(carry_out(&loading, 3, "R acc 0x4000 8").verdict, SMMU3_BUSY);
	ck_assert_int_eq(carry_out(&loading, 4, "R acc 0x5000 8").verdict, SMMU3_BUSY);
	ck_assert_uint_eq(waiting(&loading), 4);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	carry_out(&loading, 5, "! resume sid=9 stag=0 abort");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 1);
	ck_assert_int_eq(smmu3_machine_resume(loading.machine, &op, &outcome, &stall), 1);
	ck_assert_uint_eq(op.line, 3);
	ck_assert_uint_eq(op.was_busy, 1);
	ck_assert_int_eq(outcome.verdict, SMMU3_STALLED);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0); /* line 4 is busy still */
	ck_assert_uint_eq(waiting(&loading), 3);
	carry_out(&loading, 6, "! stall_term sid=9");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 3);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 2);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 4);
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	ck_assert_uint_eq(waiting(&loading), 1);
	unload(&loading);
}
END_TEST

/* STALL-19: what finds the Event queue full waits without a record, and is retried when there is
 * room.  7.2.1 */
START_TEST(an_access_whose_record_found_no_room_is_retried)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;

	for (unsigned i = 0; i < 4; i++)
		carry_out(&loading, 1, "R pcie 0x2000 8");
	ck_assert_int_eq(carry_out(&loading, 2, "R acc 0x3000 8").verdict, SMMU3_STALLED);
	carry_out(&loading, 3, "! w64 0x7000d018 0x0060000080003f43");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 0);
	carry_out(&loading, 4, "! expect event F_TRANSLATION sid=10");
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 2);
	ck_assert_int_eq(stall.end, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(outcome.pa, 0x80003000);
	unload(&loading);
}
END_TEST

START_TEST(a_machine_may_be_freed_or_reset_while_accesses_wait)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;

	carry_out(&loading, 1, "R acc 0x2000 8");
	smmu3_reset(smmu3_machine_smmu(loading.machine, 0));
	ck_assert_uint_eq(resumed(&loading, &outcome, &stall), 1);
	ck_assert_int_eq(outcome.verdict, SMMU3_ABORT);
	unload(&loading);
	loading = load_good(machine_text);
	carry_out(&loading, 1, "R acc 0x2000 8");
	carry_out(&loading, 2, "R acc 0x2000 8");
	carry_out(&loading, 3, "R acc 0x2000 8");
	unload(&loading);
}
END_TEST

static struct smmu3_trace_op begun(struct held *held, unsigned line)
{
	struct smmu3_trace_op op = { .kind = SMMU3_TRACE_ACCESS, .line = line };

	op.txn.bytes = 16;
	ck_assert(held_begin(held, &op));
	return op;
}

/* What a call of the SMMU leaves undone the next does: an access may find the commands that end its
 * own stall, or those of others. */
START_TEST(a_stall_may_end_before_the_outcome_of_its_access_is_there)
{
	struct held held;
	struct smmu3_trace_op op, next;
	struct smmu3_stall stall = { .end = SMMU3_STALL_ABORT };

	held_init(&held);
	op = begun(&held, 1);
	stall.cookie = op.txn.cookie;
	held_ended(&held, &stall);
	op.txn.bytes = 4;
	held_keep(&held, &op);
	ck_assert_uint_eq(held_count(&held), 1);
	ck_assert(held_next(&held, &next, &stall));
	ck_assert_uint_eq(next.line, 1);
	ck_assert_uint_eq(next.txn.bytes, 4);
	ck_assert_int_eq(stall.end, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(held_count(&held), 0);
	held_free(&held);
}
END_TEST

START_TEST(a_busy_access_is_asked_for_again_when_a_stall_ended_meanwhile)
{
	struct held held;
	struct smmu3_trace_op op, busy, next;
	struct smmu3_stall stall = { .end = SMMU3_STALL_ABORT };

	held_init(&held);
	op = begun(&held, 1);
	held_keep(&held, &op);
	busy = begun(&held, 2);
	stall.cookie = op.txn.cookie;
	held_ended(&held, &stall);
	held_drop(&held, &busy);
	ck_assert(held_wait(&held, &busy));
	busy = begun(&held, 3);
	held_drop(&held, &busy);
	ck_assert(held_wait(&held, &busy)); /* none since this began */
	ck_assert(held_next(&held, &next, &stall));
	ck_assert_uint_eq(next.line, 1);
	ck_assert(held_next(&held, &next, &stall));
	ck_assert_uint_eq(next.line, 2);
	ck_assert(!held_next(&held, &next, &stall));
	ck_assert_uint_eq(held_count(&held), 1);
	held_free(&held);
}
END_TEST

START_TEST(only_so_many_may_be_busy)
{
	struct loading loading = load_good(machine_text);
	struct smmu3_outcome outcome;
	struct smmu3_trace_op op;
	struct smmu3_error error;

	for (unsigned i = 0; i < 2 + 1024; i++)
		carry_out(&loading, i + 1, "R acc 0x2000 8");
	ck_assert_uint_eq(waiting(&loading), 1026);
	ck_assert_int_eq(smmu3_trace_parse("R acc 0x2000 8", "t", 1, &op, NULL, NULL), 1);
	ck_assert_int_eq(smmu3_machine_perform(loading.machine, &op, &outcome, &error),
			 -SMMU3_E_LIMIT);
	ck_assert_str_eq(error.text, "more than 1024 accesses wait for a stall to end");
	unload(&loading);
}
END_TEST

/* Where stalls are forced a machine has them, too.  6.3.1 */
START_TEST(a_machine_that_only_stalls_stalls)
{
	struct loading loading = load_good(
		"version: 1\n"
		"smmu: [{features: {stall_model: 2, stall_max: 1}}]\n"
		"masters: [{name: acc, stream_id: 9, map: [{va: 0x1000, pa: 0x80001000, "
		"size: 4K}]}]\n");

	ck_assert_int_eq(carry_out(&loading, 1, "R acc 0x2000 8").verdict, SMMU3_STALLED);
	ck_assert_int_eq(carry_out(&loading, 1, "R acc 0x2000 8").verdict, SMMU3_BUSY);
	unload(&loading);
}
END_TEST

/* ---- The grammar ---- */

START_TEST(an_act_may_say_what_it_lets_go_on_comes_to)
{
	static const char *const lines[] = {
		"! resume sid=9 stag=0 retry expect=pa:0x1000,pas:ns,attr:wb",
		"! stall_term sid=9 expect=pa:0x1000 expect=consumed",
		"! stall_term sid=9 busy=abort expect=pa:0x1000",
		"! mmio w32 CR0 0 expect=pa:0x1000 busy=abort",
		"! expect event F_TRANSLATION sid=1 expect=pa:0x1000 busy=abort",
	};

	for (unsigned i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct smmu3_trace_op op;

		ck_assert_int_eq(smmu3_trace_parse(lines[i], "t", 1, &op, NULL, NULL), 1);
		ck_assert_uint_eq(op.expect.present, 1);
		ck_assert_uint_eq(op.expect.pa, 0x1000);
		ck_assert_uint_eq(op.busy.present, i > 1);
		ck_assert_uint_eq(op.answer_given, i == 1);
	}
}
END_TEST

static const struct line_mistake mistakes[] = {
	{ "! sync expect=abort",
	  "1:15: 'abort' is no answer: consumed, waiting, full, CERROR_ILL, CERROR_ABT or CERROR_ATC_INV_SYNC\n" },
	{ "! sync busy=abort", "1:8: 'sync' has no parameter 'busy'\n" },
	{ "! stall_term sid=9 expect=abort expect=abort", "1:33: 'expect' is said already\n" },
	{ "! stall_term sid=9 expect=aboard",
	  "1:27: 'aboard' is no expectation and no event; did you mean 'abort'?\n" },
	{ "! stall_term sid=9 busy=", "1:25: an expectation is missing\n" },
	{ "! mmio w32 CR0 0 expect=ok expect=ok", "1:28: 'expect' is said already\n" },
	{ "! mmio w32 CR0 0 expekt=ok",
	  "1:18: nothing more is expected on the line: 'expekt=ok'\n" },
	{ "! w64 0 0 expect=ok", "1:11: nothing more is expected on the line: 'expect=ok'\n" },
	{ "R 1 0 1 nostall nostall", "1:17: 'nostall' is said already, or its opposite\n" },
};

START_TEST(a_wrong_consequence_is_refused_at_its_place)
{
	expect_mistake(&mistakes[_i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: accesses that wait");
	TCase *const tests = tcase_create("waiting");

	tcase_add_test(tests, a_resumed_access_goes_on_once);
	tcase_add_test(tests, a_stall_of_somebody_else_ends_no_access);
	tcase_add_test(tests, what_cannot_stall_does_not);
	tcase_add_test(tests, a_busy_access_is_asked_for_again_after_a_stall_ended);
	tcase_add_test(tests, an_access_whose_record_found_no_room_is_retried);
	tcase_add_test(tests, a_machine_may_be_freed_or_reset_while_accesses_wait);
	tcase_add_test(tests, a_stall_may_end_before_the_outcome_of_its_access_is_there);
	tcase_add_test(tests, a_busy_access_is_asked_for_again_when_a_stall_ended_meanwhile);
	tcase_add_test(tests, only_so_many_may_be_busy);
	tcase_add_test(tests, a_machine_that_only_stalls_stalls);
	tcase_add_test(tests, an_act_may_say_what_it_lets_go_on_comes_to);
	tcase_add_loop_test(tests, a_wrong_consequence_is_refused_at_its_place, 0,
			    (int)(sizeof(mistakes) / sizeof(mistakes[0])));
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
