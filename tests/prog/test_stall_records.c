/* SPDX-License-Identifier: MIT */
/* Stalls whose records find no room: held, and retried when the Event queue takes records again.
 * 3.12.2, 4.7.3, 7.2.1 */
#include "run.h"
#include "stalls.h"

#include <check.h>

#define OVFLG (UINT32_C(1) << 31)
#define ELSEWHERE (RAM_AT + 0x1800000) /* of another Event queue */

/* ---- Why a queue takes no records ---- */

static void disable(struct machine *m)
{
	set_reg(m, CR0, SMMUEN | CMDQEN);
}

static void enable(struct machine *m)
{
	set_reg(m, CR0, SMMUEN | CMDQEN | EVENTQEN);
}

static void fill(struct machine *m)
{
	for (unsigned i = 0; i < 8; i++)
		fault(m, 0);
}

static void empty(struct machine *m)
{
	set_reg(m, EVENTQ_CONS, (reg(m, EVENTQ_PROD) & ~OVFLG) | (reg(m, EVENTQ_CONS) & OVFLG));
}

/* A record is lost by an abort. */
static void abort_one(struct machine *m)
{
	m->aborts[0] = event_at(m, reg(m, EVENTQ_PROD));
	fault(m, 0);
	m->aborts[0] = 0;
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), EVENTQ_ABT_ERR);
}

static void acknowledge(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERROR));
}

static const struct {
	void (*unwritable)(struct machine *m), (*writable)(struct machine *m);
} ways[] = { { disable, enable }, { fill, empty }, { abort_one, acknowledge } };

/* ---- Held and retried ---- */

/* STALL-19, FLTI-011, EVTQ-003, EVTQ-004, EVTQ-005, EVTQ-009: disabled, full, or after an abort, a
 * queue takes no record of a stall, nor loses one, nor overflows: the transaction is held without.
 * When the queue takes records again it is retried, and then recorded, once */
START_TEST(a_stall_without_a_record_is_retried_when_there_is_room)
{
	struct machine *m = started_stalling(4);

	ways[_i].unwritable(m);
	const uint32_t prod = reg(m, EVENTQ_PROD);

	look_away(m);
	ck_assert_uint_eq(ask(m, 1, 7, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(count(m, WRITES), 0);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 7, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod); /* not recorded stale */
	stall(m, 1, 7);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod + 1);
	ck_assert_uint_eq(count(m, ENDED), 1);
	submit(m, resume(1, stag_of(m, prod), ABORT));
	expect_end(m, 1, 7, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* STALL-19, FLTI-011, CMD-SYNC-10: what is invalidated meanwhile is never recorded as it was: the
 * retry passes, or faults as the tables then say */
START_TEST(a_retry_finds_the_tables_as_they_then_are)
{
	struct machine *m = started_stalling(4);

	ways[_i].unwritable(m);
	const uint32_t prod = reg(m, EVENTQ_PROD);

	stall(m, 1, 1);
	stall(m, 3, 3);
	stall(m, 4, 4);
	mend(m, 1);
	*slot1(m, 3) = RAM_AT | (BLOCK1 & ~(UINT64_C(1) << 10)); /* AF is 0 */
	*cd(m, 4, 0) &= ~CD_S;
	submit(m, CFGI_ALL);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 3);
	pass(m, 1);
	stall(m, 3, 3);
	ck_assert_uint_eq(ask(m, 4, 4, 0).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod + 2);
	ck_assert_uint_eq(*ram_at(m, event_at(m, prod)), F_ACCESS | UINT64_C(3) << 32);
	ck_assert_uint_eq(*ram_at(m, event_at(m, prod + 1)), F_TRANSLATION | UINT64_C(4) << 32);
	ck_assert_uint_eq(ram_at(m, event_at(m, prod + 1))[1] & STALL, 0);
	close_machine(m);
}
END_TEST

/* STALL-19, EVTQ-004: all that are held without a record, in the order in which they came; those
 * with a record are not retried: FLTI-008 */
START_TEST(the_unrecorded_are_retried_in_their_order)
{
	struct machine *m = started_stalling(16);

	stall(m, 1, 100);
	ways[_i].unwritable(m);
	for (unsigned i = 0; i < 10; i++)
		stall(m, 1 + i % 4, i);
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 10);
	for (unsigned i = 0; i < 10; i++) {
		expect_end(m, i, i, SMMU3_STALL_RETRY);
		ck_assert_uint_eq(end_of(m, i)->sid, 1 + i % 4);
	}
	ways[_i].unwritable(m); /* again: nobody is left */
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 10);
	set_reg(m, CR0, 0);
	expect_end(m, 10, 100, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* EVTQ-005, EVTQ-004: an overflow is of a record that is not of a stall */
START_TEST(only_other_events_overflow_a_full_queue)
{
	struct machine *m = started_stalling(4);

	fill(m);
	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8);
	fault(m, 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 8);
	stall(m, 1, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 8);
	set_reg(m, EVENTQ_CONS, 1); /* one place, not acknowledged: EVTQ-007 */
	ck_assert_uint_eq(count(m, ENDED), 2);
	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 9);
	stall(m, 1, 2); /* and full again */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 9);
	ck_assert_uint_eq(count(m, ENDED), 2);
	set_reg(m, EVENTQ_CONS, OVFLG | 9);
	expect_end(m, 2, 2, SMMU3_STALL_RETRY);
	close_machine(m);
}
END_TEST

/* EVTQ-003: two reasons, of which one has gone, are a reason */
START_TEST(a_queue_is_writable_when_nothing_speaks_against_it)
{
	struct machine *m = started_stalling(4);

	abort_one(m);
	disable(m);
	stall(m, 1, 1);
	enable(m);
	ck_assert_uint_eq(count(m, ENDED), 0);
	disable(m);
	acknowledge(m);
	ck_assert_uint_eq(count(m, ENDED), 0);
	enable(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	close_machine(m);
}
END_TEST

/* STALL-19: the queue may be moved meanwhile, as a driver does that begins anew */
START_TEST(a_retry_is_recorded_in_the_queue_of_the_day)
{
	struct machine *m = started_stalling(4);

	disable(m);
	stall(m, 1, 1);
	set_reg64(m, EVENTQ_BASE, ELSEWHERE | 3);
	set_reg(m, EVENTQ_PROD, 0);
	set_reg(m, EVENTQ_CONS, 0);
	enable(m);
	expect_end(m, 0, 1, SMMU3_STALL_RETRY);
	stall(m, 1, 1);
	ck_assert_uint_eq(*ram_at(m, ELSEWHERE), F_TRANSLATION | UINT64_C(1) << 32);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), 0);
	close_machine(m);
}
END_TEST

/* EVTQ-008, EVTQ-009, STALL-19: a record whose own write aborts is lost, its transaction is not: it
 * is retried once the error has been acknowledged */
START_TEST(a_stall_whose_record_aborts_is_retried)
{
	struct machine *m = started_stalling(4);

	m->aborts[0] = event_at(m, 0);
	ck_assert_uint_eq(ask(m, 1, 1, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	stall(m, 3, 3); /* finds the error */
	m->aborts[0] = 0;
	ck_assert_uint_eq(count(m, ENDED), 0);
	acknowledge(m);
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 0, 1, SMMU3_STALL_RETRY);
	expect_end(m, 1, 3, SMMU3_STALL_RETRY);
	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(sid_of(m, 0), 1);
	close_machine(m);
}
END_TEST

/* ---- Ends before the record ---- */

/* STALL-12, CMD-STALL-TERM-1, CMD-STALL-TERM-2: a transaction that is terminated before its record
 * had room leaves none, and is not retried */
START_TEST(stall_term_ends_the_unrecorded_too)
{
	struct machine *m = started_stalling(8);

	stall(m, 1, 0);
	ways[_i].unwritable(m);
	const uint32_t prod = reg(m, EVENTQ_PROD);

	stall(m, 1, 1);
	stall(m, 3, 3);
	stall(m, 1, 2);
	submit(m, stall_term(1));
	ck_assert_uint_eq(count(m, ENDED), 3);
	for (unsigned i = 0; i < 3; i++)
		expect_end(m, i, i, SMMU3_STALL_ABORT);
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 4);
	expect_end(m, 3, 3, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-2: no STAG that software could guess resumes what has no record yet */
START_TEST(a_resume_does_not_find_the_unrecorded)
{
	struct machine *m = started_stalling(8);

	ways[_i].unwritable(m);
	for (unsigned i = 0; i < 3; i++)
		stall(m, 1, i);
	for (uint16_t stag = 0; stag < 16; stag++)
		submit(m, resume(1, stag, ABORT));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ways[_i].writable(m);
	ck_assert_uint_eq(count(m, ENDED), 3);
	expect_end(m, 0, 0, SMMU3_STALL_RETRY);
	close_machine(m);
}
END_TEST

/* STALL-21, IDR-031: those without a record count, too */
START_TEST(the_unrecorded_take_room_among_stall_max)
{
	struct machine *m = started_stalling(3);
	const uint16_t outstanding = stall(m, 1, 0);

	ways[_i].unwritable(m);
	const uint32_t prod = reg(m, EVENTQ_PROD);

	stall(m, 1, 1);
	stall(m, 1, 2);
	ck_assert_uint_eq(ask(m, 1, 3, 0).verdict, SMMU3_BUSY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	ways[_i].writable(m);
	for (unsigned i = 1; i < 3; i++) {
		expect_end(m, i - 1, i, SMMU3_STALL_RETRY);
		ck_assert_uint_ne(stall(m, 1, i), outstanding);
	}
	ck_assert_uint_eq(ask(m, 1, 3, 0).verdict, SMMU3_BUSY);
	close_machine(m);
}
END_TEST

/* STALL-15, CR-016, FLTI-014: disabling ends them with an abort, not with a retry */
START_TEST(disabling_ends_the_unrecorded_too)
{
	struct machine *m = started_stalling(4);

	ways[_i].unwritable(m);
	const uint32_t prod = reg(m, EVENTQ_PROD);

	stall(m, 1, 1);
	set_reg(m, CR0, reg(m, CR0) & ~(uint32_t)SMMUEN);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, GERRORN, reg(m, GERROR));
	empty(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	const int n = COUNT(ways);

	tcase_add_loop_test(tests, a_stall_without_a_record_is_retried_when_there_is_room, 0, n);
	tcase_add_loop_test(tests, a_retry_finds_the_tables_as_they_then_are, 0, n);
	tcase_add_loop_test(tests, the_unrecorded_are_retried_in_their_order, 0, n);
	tcase_add_test(tests, only_other_events_overflow_a_full_queue);
	tcase_add_test(tests, a_queue_is_writable_when_nothing_speaks_against_it);
	tcase_add_test(tests, a_retry_is_recorded_in_the_queue_of_the_day);
	tcase_add_test(tests, a_stall_whose_record_aborts_is_retried);
	tcase_add_loop_test(tests, stall_term_ends_the_unrecorded_too, 0, n);
	tcase_add_loop_test(tests, a_resume_does_not_find_the_unrecorded, 0, n);
	tcase_add_loop_test(tests, the_unrecorded_take_room_among_stall_max, 0, n);
	tcase_add_loop_test(tests, disabling_ends_the_unrecorded_too, 0, n);
}

int main(void)
{
	return run("stall-records", add);
}
