/* SPDX-License-Identifier: MIT */
/* Whose turn it is: ends of stalls, records, commands, interrupts, and what comes inside them.
 * 3.5, 4.7.3, 7.2 */
#include "inside.h"
#include "run.h"
#include "stalls.h"

#include <check.h>

static struct machine *stalling_with(struct inside *inside, unsigned most)
{
	struct machine *m = stalling(most);

	m->config.idr[0] |= 1 << 13 | 1 << 14; /* MSI, SEV */
	m->eventq_lg2 = 7;
	m->context = inside;
	start_machine(m);
	m->inside = inside ? run_inside : NULL;
	return m;
}

static unsigned place_of(const struct machine *m, enum happening_kind kind, unsigned n)
{
	unsigned i = 0;

	while (i < m->seen_count && (m->seen[i].kind != kind || n-- > 0))
		i++;
	ck_assert_uint_lt(i, m->seen_count);
	return i;
}

/* ---- Commands ---- */

/* CMDQ-004, CMDQ-017, STALL-20: what commands end, the host hears of before a later command; a
 * CMD_SYNC waits for no stall that software has not ended */
START_TEST(a_resume_is_done_before_the_next_command)
{
	struct machine *m = stalling_with(NULL, 4);

	for (uint32_t sid = 1; sid <= 4; sid++)
		stall(m, sid, sid);
	queue_command(m, resume(1, stag_of(m, 0), RETRY));
	queue_command(m, CFGI_ALL);
	queue_command(m, stall_term(2));
	queue_command(m, SYNC_SEV);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	ck_assert_uint_eq(count(m, ENDED), 2); /* 3 and 4 are left */
	ck_assert_uint_lt(place_of(m, ENDED, 0), place_of(m, INVALIDATES, 0));
	ck_assert_uint_lt(place_of(m, INVALIDATES, 0), place_of(m, ENDED, 1));
	ck_assert_uint_lt(place_of(m, ENDED, 1), place_of(m, EVENT, 0));
	close_machine(m);
}
END_TEST

static void stall_there(struct machine *m, unsigned n)
{
	stall(m, 1, n);
}

/* STALL-20, EVTQ-009, CMD-SYNC-10: a stall that happens while commands are fetched is recorded, and
 * its record visible, before the CMD_SYNC that comes after completes */
START_TEST(a_sync_completes_after_the_records_of_stalls)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = stall_there
	};
	struct machine *m = stalling_with(&inside, 4);

	queue_command(m, PREFETCH);
	queue_command(m, SYNC_SEV);
	ring(m);
	ck_assert_uint_lt(place_of(m, WRITES, 0), place_of(m, EVENT, 0));
	ck_assert_uint_eq(first(m, EVENT)->eventq_prod, 1);
	ck_assert_uint_eq(stag_of(m, 0), (uint16_t)ram_at(m, EVENTS_AT)[1]);
	close_ended(m);
}
END_TEST

/* ---- Interrupts ---- */

/* IRQ-002, EVTQ-009: the record of a stall into an empty queue interrupts, by wire and by message,
 * when it is visible; that of a second, into a queue that is not empty, does not */
START_TEST(the_record_of_a_stall_interrupts)
{
	struct machine *m = stalling_with(NULL, 4);

	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	set_reg(m, EVENTQ_IRQ_CFG1, 0x57a11);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	stall(m, 1, 1);
	stall(m, 1, 2);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x57a11);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->eventq_prod, 1);
	close_machine(m);
}
END_TEST

static void answer(struct machine *m, const struct happening *now)
{
	if (now->kind != INTERRUPT)
		return;
	const uint32_t prod = reg(m, EVENTQ_PROD);

	for (uint32_t i = reg(m, EVENTQ_CONS); i != prod; i++)
		submit(m, resume(sid_of(m, i), stag_of(m, i), ABORT));
	set_reg(m, EVENTQ_CONS, prod);
}

/* STALL-10, CMD-RESUME-4: a handler inside the interrupt ends a stall before the access that made
 * it has returned; and that says all the same that it was stalled */
START_TEST(a_stall_may_end_before_its_access_returns)
{
	struct machine *m = stalling_with(NULL, 1);

	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	m->inside = answer;
	for (unsigned i = 0; i < 20; i++) {
		stall(m, 1 + i % 4, i);
		ck_assert_uint_eq(count(m, ENDED), i + 1);
		expect_end(m, i, i, SMMU3_STALL_ABORT);
	}
	close_machine(m);
}
END_TEST

/* ---- Many at once ---- */

enum { WAITING = 70 }; /* more than the 64 records that wait for a callback */

static void stall_many(struct machine *m, unsigned n)
{
	(void)n;
	for (unsigned i = 0; i < WAITING; i++)
		stall(m, 1, i);
}

/* STALL-19, EVTQ-004, EVTQ-005: of stalls inside one callback, those beyond the records that can
 * wait for it are not lost, nor an overflow: they are retried after it */
START_TEST(stalls_of_one_callback_are_not_lost)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = stall_many
	};
	struct machine *m = stalling_with(&inside, 100);

	submit(m, PREFETCH);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 64);
	ck_assert_uint_eq(count(m, ENDED), WAITING - 64);
	for (unsigned i = 64; i < WAITING; i++)
		expect_end(m, i - 64, i, SMMU3_STALL_RETRY);
	for (unsigned i = 0; i < 64; i++)
		stag_of(m, i);
	close_ended(m);
}
END_TEST

static void term_those(struct machine *m, unsigned n)
{
	(void)n;
	for (unsigned i = 0; i < 3; i++)
		stall(m, i == 1 ? 3 : 1, 10 + i);
	set_reg(m, CR0, CMDQEN | EVENTQEN); /* SMMUEN */
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

/* CR-016, STALL-15: disabled inside a callback while records wait: those stalls end with the others
 * and are not recorded, or before; a STAG is not told that is free again */
START_TEST(a_stall_that_is_over_is_not_recorded_afterwards)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = term_those
	};
	struct machine *m = stalling_with(&inside, 4);

	stall(m, 2, 1);
	ck_assert_uint_eq(count(m, ENDED), 4);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(end_of(m, i)->end, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 1)), 0);
	close_ended(m);
}
END_TEST

static void enable_again(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0), CMDQEN | EVENTQEN);
	ck_assert_uint_eq(ask(m, 1, 50, 0).verdict, SMMU3_OK);
}

/* CR-007, CR-016, STALL-15: written 1 while stalls are being ended, SMMUEN stays 0: all end,
 * nothing stalls meanwhile, and the next write enables */
START_TEST(disabling_is_not_taken_back)
{
	struct inside inside = { .at = ENDED, .reason = -1, .times = 4, .act = enable_again };
	struct machine *m = stalling_with(&inside, 4);

	for (unsigned i = 0; i < 4; i++)
		stall(m, 1, i);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	for (unsigned i = 0; i < 4; i++)
		expect_end(m, i, i, SMMU3_STALL_ABORT);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	stall(m, 1, 50);
	close_ended(m);
}
END_TEST

static void disable_inside(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK) & SMMUEN, SMMUEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN); /* which does not undo it */
	set_reg(m, CR0, CMDQEN | EVENTQEN);
}

/* CR-016, STALL-10, STALL-12: software disables the SMMU when a CMD_RESUME has been consumed but
 * its access not yet been retried, as the queue that is no longer full is told of before: it ends
 * with an abort, not with a retry that would pass by translation; a termination stays what it is.
 * 3.12.2, 6.3.9.6 */
START_TEST(disabling_aborts_what_has_not_been_retried)
{
	static const enum smmu3_stall_end ends[] = { SMMU3_STALL_ABORT, SMMU3_STALL_RAZ_WI };
	static const uint32_t actions[] = { RETRY, RAZ_WI };
	struct inside inside = { .at = EVENT, .reason = -1, .times = 1, .act = disable_inside };
	struct machine *m = stalling_with(&inside, 4);

	stall(m, 1, 5);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	queue_command(m, resume(1, stag_of(m, 0), actions[_i]));
	for (unsigned i = 1; i < 8; i++)
		queue_command(m, SYNC_NONE);
	ring(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(inside.done, 1);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 5, ends[_i]);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_resume_is_done_before_the_next_command);
	tcase_add_loop_test(tests, disabling_aborts_what_has_not_been_retried, 0, 2);
	tcase_add_test(tests, a_sync_completes_after_the_records_of_stalls);
	tcase_add_test(tests, the_record_of_a_stall_interrupts);
	tcase_add_test(tests, a_stall_may_end_before_its_access_returns);
	tcase_add_test(tests, stalls_of_one_callback_are_not_lost);
	tcase_add_test(tests, a_stall_that_is_over_is_not_recorded_afterwards);
	tcase_add_test(tests, disabling_is_not_taken_back);
}

int main(void)
{
	return run("stall-turns", add);
}
