/* SPDX-License-Identifier: MIT */
/* The end of all stalls: disabling, reset, destroy; and what software does inside the callbacks of
 * stalls.  3.12.2, 6.3.9.6 */
#include "inside.h"
#include "run.h"
#include "stalls.h"

#include <check.h>

/* ---- Disabling ---- */

/* CR-016, STALL-15, FLTI-014, RST-007: CR0.SMMUEN = 0 aborts every stall of every stream; then
 * nothing stalls, accesses bypass, no STAG means anybody; and all places are free */
START_TEST(disabling_aborts_every_stall)
{
	struct machine *m = started_stalling(4);

	for (uint32_t sid = 1; sid <= 4; sid++)
		stall(m, sid, sid);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	ck_assert_uint_eq(count(m, ENDED), 4);
	for (uint32_t i = 0; i < 4; i++) {
		expect_end(m, i, i + 1, SMMU3_STALL_ABORT);
		ck_assert_uint_eq(end_of(m, i)->stag, stag_of(m, i));
		ck_assert_uint_eq(first(m, ENDED)->eventq_prod, 4);
	}
	ck_assert_uint_eq(ask(m, 1, 0, 0).verdict, SMMU3_OK);
	for (uint32_t i = 0; i < 4; i++)
		submit(m, resume(i + 1, stag_of(m, i), RETRY));
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint32_t i = 0; i < 4; i++)
		submit(m, resume(i + 1, stag_of(m, i), RETRY));
	ck_assert_uint_eq(count(m, ENDED), 4);
	for (uint32_t sid = 1; sid <= 4; sid++)
		stall(m, sid, sid);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8);
	close_machine(m);
}
END_TEST

static void look_at_cr0ack(struct machine *m, const struct happening *now)
{
	unsigned *seen = m->context;

	if (now->kind != ENDED)
		return;
	ck_assert_uint_eq(reg(m, CR0), CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK) & SMMUEN, SMMUEN);
	/* though not acknowledged, nobody stalls any more */
	ck_assert_uint_ne(ask(m, 1, 100, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_ne(ask(m, 1, 100, 0).verdict, SMMU3_BUSY);
	(*seen)++;
}

/* CR-016, STALL-15, CR-006: the update is acknowledged when all have been told */
START_TEST(disabling_is_acknowledged_when_no_stall_is_left)
{
	struct machine *m = started_stalling(4);
	unsigned seen = 0;

	for (unsigned i = 0; i < 4; i++)
		stall(m, 1, i);
	m->context = &seen;
	m->inside = look_at_cr0ack;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(seen, 4);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	close_machine(m);
}
END_TEST

/* CR-016: other enables end nothing */
START_TEST(only_smmuen_ends_stalls)
{
	struct machine *m = started_stalling(4);

	stall(m, 1, 1);
	set_reg(m, CR0, SMMUEN | EVENTQEN);
	set_reg(m, CR0, SMMUEN);
	set_reg(m, CR0, SMMUEN | CMDQEN | EVENTQEN);
	set_reg(m, CR0, SMMUEN | CMDQEN | EVENTQEN); /* no change */
	ck_assert_uint_eq(count(m, ENDED), 0);
	submit(m, resume(1, stag_of(m, 0), ABORT));
	ck_assert_uint_eq(count(m, ENDED), 1);
	close_machine(m);
}
END_TEST

static void disable(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
}

static struct machine *stalling_with(struct inside *inside, unsigned most)
{
	struct machine *m = stalling(most);

	m->context = inside;
	start_machine(m);
	m->inside = run_inside;
	return m;
}

/* STALL-15, CR-016, CR-017: disabled while its STE is read, an access stalls before or bypasses
 * after, but is not left behind */
START_TEST(an_access_that_is_overtaken_by_disabling_is_not_left_stalled)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_S1_TTD, .times = 1, .act = disable
	};
	struct machine *m = stalling_with(&inside, 4);
	const struct smmu3_outcome outcome = ask(m, 1, 1, 0);

	ck_assert_uint_eq(inside.done, 1);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	if (outcome.verdict == SMMU3_STALLED) {
		ck_assert_uint_eq(count(m, ENDED), 1);
		expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	} else {
		ck_assert_uint_eq(count(m, ENDED), 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	}
	close_machine(m);
}
END_TEST

/* ---- Reset and destroy ---- */

/* RST-001, STALL-08, 3.11: a reset aborts every stall, recorded or not, before it returns; what was
 * given out before means nobody */
START_TEST(a_reset_aborts_every_stall)
{
	struct machine *m = started_stalling(4);

	stall(m, 1, 1);
	set_reg(m, CR0, SMMUEN | CMDQEN);
	stall(m, 2, 2);
	m->quiet = true;
	smmu3_reset(m->smmu);
	m->quiet = false;
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	expect_end(m, 1, 2, SMMU3_STALL_ABORT);
	m->prod = 0;
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint32_t i = 0; i < 4; i++)
		submit(m, resume(1, (uint16_t)i, RETRY));
	ck_assert_uint_eq(count(m, ENDED), 2); /* nor is anything retried */
	for (uint32_t sid = 1; sid <= 4; sid++)
		stall(m, sid, sid);
	close_machine(m);
}
END_TEST

/* RST-001: an SMMU in reset is as one that was just made: the same software gets the same STAGs,
 * whatever it was used for before */
START_TEST(a_reset_forgets_in_which_order_tags_were_given_out)
{
	struct machine *m = started_stalling(4);
	uint16_t first[2], again[2];

	for (uint32_t i = 0; i < 2; i++)
		stall(m, 1 + i, 1 + i), first[i] = stag_of(m, i);
	stall(m, 3, 3);
	m->quiet = true;
	smmu3_reset(m->smmu);
	m->quiet = false;
	m->prod = 0;
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint32_t i = 0; i < 2; i++)
		stall(m, 1 + i, 1 + i), again[i] = stag_of(m, i);
	ck_assert_mem_eq(again, first, sizeof(first));
	close_machine(m);
}
END_TEST

/* 3.12.2: no client waits for an SMMU that has gone */
START_TEST(destroy_aborts_every_stall)
{
	struct machine *m = started_stalling(4);

	stall(m, 1, 1);
	stall(m, 3, 3);
	m->quiet = true;
	smmu3_destroy(m->smmu);
	m->smmu = NULL;
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	expect_end(m, 1, 3, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* ---- Inside callbacks ---- */

enum { AGAIN = 5 };

static void ask_again(struct machine *m, unsigned n)
{
	stall(m, 1, n + 2);
}

/* STALL-10, EVTQ-010: a host that asks again inside stall_ended has the access stalled anew */
START_TEST(a_retry_may_be_asked_for_inside_the_callback)
{
	struct inside inside = { .at = ENDED, .reason = -1, .times = AGAIN, .act = ask_again };
	struct machine *m = stalling_with(&inside, 1); /* the place is free inside */

	stall(m, 1, 1);
	for (unsigned i = 0; i < AGAIN; i++) {
		submit(m, resume(1, stag_of(m, i), RETRY));
		ck_assert_uint_eq(count(m, ENDED), i + 1);
		expect_end(m, i, i + 1, SMMU3_STALL_RETRY);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), i + 2);
	}
	close_ended(m);
}
END_TEST

/* STALL-19, EVTQ-004: likewise one that waits for room: it takes it, and the others wait on */
START_TEST(a_retry_inside_the_callback_takes_the_room_there_is)
{
	struct inside inside = { .at = ENDED, .reason = -1, .times = 3, .act = ask_again };
	struct machine *m = stalling_with(&inside, 16);

	for (unsigned i = 0; i < 8; i++)
		fault(m, 0);
	for (unsigned i = 0; i < 3; i++)
		stall(m, 1, 100 + i);
	set_reg(m, EVENTQ_CONS, 1); /* one place */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 9);
	ck_assert_uint_eq(count(m, ENDED), 1);
	set_reg(m, EVENTQ_CONS, 9);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 11);
	ck_assert_uint_eq(count(m, ENDED), 3);
	for (unsigned i = 0; i < 3; i++)
		expect_end(m, i, 100 + i, SMMU3_STALL_RETRY);
	close_ended(m);
}
END_TEST

static void resume_next(struct machine *m, unsigned n)
{
	submit(m, resume(1, stag_of(m, n + 1), ABORT));
}

/* CMDQ-001, CMDQ-004: a doorbell rung inside stall_ended is answered after it, in order */
START_TEST(a_resume_may_be_written_inside_the_callback)
{
	struct inside inside = { .at = ENDED, .reason = -1, .times = 3, .act = resume_next };
	struct machine *m = stalling_with(&inside, 4);

	for (unsigned i = 0; i < 4; i++)
		stall(m, 1, i);
	submit(m, resume(1, stag_of(m, 0), ABORT));
	ck_assert_uint_eq(count(m, ENDED), 4);
	for (unsigned i = 0; i < 4; i++)
		expect_end(m, i, i, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	close_ended(m);
}
END_TEST

static void take_all(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
}

static void expect_all_retried(struct machine *m, unsigned n)
{
	ck_assert_uint_eq(count(m, ENDED), n);
	for (unsigned i = 0; i < n; i++)
		expect_end(m, i, i, SMMU3_STALL_RETRY);
}

/* STALL-19: room made inside a callback counts */
START_TEST(room_may_be_made_inside_a_callback)
{
	static const struct inside where[] = {
		{ .at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = take_all },
		{ .at = INVALIDATES, .reason = -1, .times = 1, .act = take_all },
		{ .at = WRITES, .reason = SMMU3_REASON_MSI, .times = 1, .act = take_all },
	};

	for (int i = 0; i < COUNT(where); i++) {
		struct inside inside = where[i];
		struct machine *m = stalling(4);

		m->config.idr[0] |= 1 << 13; /* MSI */
		m->context = &inside;
		start_machine(m);
		for (unsigned n = 0; n < 8; n++)
			fault(m, 0);
		stall(m, 1, 0);
		stall(m, 3, 1);
		m->inside = run_inside;
		submit(m, CFGI_ALL);
		submit(m, sync_irq(DOORBELL, 1));
		expect_all_retried(m, 2);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
		close_ended(m);
	}
}
END_TEST

static void stall_inside(struct machine *m, unsigned n)
{
	stall(m, 3, 10 + n);
}

/* EVTQ-009, STALL-17, Q-013: an access inside the write of a stall's record stalls, too, and is
 * recorded after it */
START_TEST(an_access_may_stall_inside_the_write_of_a_record)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 3, .act = stall_inside
	};
	struct machine *m = stalling_with(&inside, 4);

	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	ck_assert_uint_eq(sid_of(m, 0), 1);
	for (uint32_t i = 1; i < 4; i++) {
		ck_assert_uint_eq(sid_of(m, i), 3);
		submit(m, resume(3, stag_of(m, i), ABORT));
		expect_end(m, i - 1, 9 + i, SMMU3_STALL_ABORT);
	}
	close_ended(m);
}
END_TEST

static void disable_eventq(struct machine *m, unsigned n)
{
	(void)n;
	stall(m, 3, 3);
	set_reg(m, CR0, SMMUEN | CMDQEN);
}

/* EVTQ-004, EVTQ-009, STALL-19: EVENTQEN = 0 inside the write of a record: that one is committed,
 * and one that waits behind it is not, but its transaction is held, and retried */
START_TEST(a_stall_whose_record_waits_outlives_the_enable_of_its_queue)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = disable_eventq
	};
	struct machine *m = stalling_with(&inside, 4);

	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN | CMDQEN);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(count(m, ENDED), 0);
	set_reg(m, CR0, SMMUEN | CMDQEN | EVENTQEN);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 3, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_ended(m);
}
END_TEST

static void term_inside(struct machine *m, unsigned n)
{
	(void)n;
	stall(m, 3, 3);
	submit(m, stall_term(3));
}

/* STALL-12, STALL-20, CMD-STALL-TERM-1: a stall whose record waits when CMD_STALL_TERM is rung for:
 * it is aborted once, and its record, if any, is one of it alone */
START_TEST(a_stall_whose_record_waits_is_terminated_once)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = term_inside
	};
	struct machine *m = stalling_with(&inside, 4);

	stall(m, 1, 1);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 3, SMMU3_STALL_ABORT);
	ck_assert_uint_le(reg(m, EVENTQ_PROD), 2);
	submit(m, resume(1, stag_of(m, 0), ABORT));
	expect_end(m, 1, 1, SMMU3_STALL_ABORT);
	close_ended(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, disabling_aborts_every_stall);
	tcase_add_test(tests, disabling_is_acknowledged_when_no_stall_is_left);
	tcase_add_test(tests, only_smmuen_ends_stalls);
	tcase_add_test(tests, an_access_that_is_overtaken_by_disabling_is_not_left_stalled);
	tcase_add_test(tests, a_reset_aborts_every_stall);
	tcase_add_test(tests, a_reset_forgets_in_which_order_tags_were_given_out);
	tcase_add_test(tests, destroy_aborts_every_stall);
	tcase_add_test(tests, a_retry_may_be_asked_for_inside_the_callback);
	tcase_add_test(tests, a_retry_inside_the_callback_takes_the_room_there_is);
	tcase_add_test(tests, a_resume_may_be_written_inside_the_callback);
	tcase_add_test(tests, room_may_be_made_inside_a_callback);
	tcase_add_test(tests, an_access_may_stall_inside_the_write_of_a_record);
	tcase_add_test(tests, a_stall_whose_record_waits_outlives_the_enable_of_its_queue);
	tcase_add_test(tests, a_stall_whose_record_waits_is_terminated_once);
}

int main(void)
{
	return run("stall-ends", add);
}
