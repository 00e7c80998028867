/* SPDX-License-Identifier: MIT */
/* What waits while a callback runs, and what becomes of it: records before the next command,
 * records after one that aborted, and what a call had to leave.  4.7.3, 6.3.9, 6.3.16, 7.2 */
#include "inside.h"
#include "run.h"

#include <check.h>

static void fault_thrice(struct machine *m, unsigned n)
{
	(void)n;
	for (uint32_t sid = 1; sid <= 3; sid++)
		fault(m, sid);
}

/* A machine that makes three faults inside the fetch of its first command. */
static struct machine *with_three_faults(struct inside *inside)
{
	*inside = (struct inside){
		.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = fault_thrice
	};
	return with(inside);
}

/* ---- Records before commands ---- */

/* CMD-SYNC-9, CMDQ-004: what was terminated while one command was under way is in the queue when
 * the next is fetched, be it a CMD_SYNC or another */
START_TEST(records_of_one_command_come_before_the_next)
{
	static const struct command commands[] = { { { 0x01, 0 } }, { { 0x04, 31 } } };

	for (int i = 0; i < COUNT(commands); i++) {
		struct inside inside;
		struct machine *m = with_three_faults(&inside);
		unsigned fetches = 0;

		queue_command(m, commands[i]);
		queue_command(m, PREFETCH);
		queue_command(m, SYNC_NONE);
		ring(m);
		for (unsigned n = 0; n < m->seen_count; n++) {
			if (!(m->seen[n].kind == READS &&
			      m->seen[n].access.reason == SMMU3_REASON_CMDQ))
				continue;
			ck_assert_uint_eq(m->seen[n].eventq_prod, fetches++ ? 3 : 0);
		}
		ck_assert_uint_eq(fetches, 3);
		close_ended(m);
	}
}
END_TEST

/* CMDQ-005, EVTQ-009: nor are they lost when it is the command that stops its queue */
START_TEST(a_command_that_stops_its_queue_loses_no_record)
{
	struct inside inside;
	struct machine *m = with_three_faults(&inside);

	submit(m, ILLEGAL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 3);
	for (uint32_t i = 0; i < 3; i++)
		ck_assert_uint_eq(*ram_at(m, event_at(m, i)), (uint64_t)(i + 1) << 32 | 0x04);
	close_ended(m);
}
END_TEST

enum { STORM = 50 };

/* Faults whenever a record is written, 50 times; the fetch of a command disables its queue and
 * makes the first fault. */
static void storm(struct machine *m, const struct happening *now)
{
	unsigned *left = m->context;

	if (now->kind == READS && now->access.reason == SMMU3_REASON_CMDQ)
		set_reg(m, CR0, EVENTQEN | SMMUEN);
	else if (now->kind != WRITES || !*left)
		return;
	else
		--*left;
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	fault(m, 1);
}

/* CR-008, CMDQ-001: a command that is under way when its queue is disabled is not kept waiting by
 * faults without end, nor is the acknowledgement */
START_TEST(faults_without_end_do_not_keep_a_queue_from_being_disabled)
{
	struct machine *m = started("linux-session");
	unsigned left = STORM, records = 0;

	m->context = &left;
	m->inside = storm;
	submit(m, CFGI_ALL);
	for (unsigned n = 0; m->seen[n].kind != INVALIDATES; n++)
		records += m->seen[n].kind == WRITES;
	ck_assert_uint_eq(records, 0); /* all came after the fetch */
	ck_assert_uint_eq(count(m, WRITES), STORM + 1);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* ---- Records that are lost ---- */

static void mend(struct machine *m, const struct happening *now)
{
	run_inside(m, now);
	if (now->kind == WRITES)
		m->aborts[0] = 0;
}

/* EVTQ-003, EVTQ-004, EVTQ-008: three records wait and the first aborts: the others are lost,
 * though memory would take them */
START_TEST(records_behind_one_that_aborts_are_lost)
{
	struct inside inside;
	struct machine *m = with_three_faults(&inside);

	m->aborts[0] = event_at(m, 0);
	m->inside = mend;
	submit(m, PREFETCH);
	ck_assert_uint_eq(count(m, WRITES), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	set_reg(m, GERRORN, EVENTQ_ABT_ERR);
	ck_assert_uint_eq(count(m, WRITES), 1);
	fault(m, 5);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(5) << 32 | 0x04);
	close_ended(m);
}
END_TEST

static void disable_events(struct machine *m, const struct happening *now)
{
	run_inside(m, now);
	if (now->kind == WRITES)
		set_reg(m, CR0, CMDQEN | SMMUEN);
}

/* CR-010, EVTQ-004, EVTQ-009: three records wait for a command, and the queue is disabled inside
 * the write of the first, and enabled afterwards: that one is there, the others are not, and
 * nothing else is */
START_TEST(records_that_wait_for_a_command_do_not_outlive_their_queue)
{
	struct inside inside;
	struct machine *m = with_three_faults(&inside);

	m->inside = disable_events;
	queue_command(m, PREFETCH);
	queue_command(m, PREFETCH);
	ring(m);
	ck_assert_uint_eq(count(m, WRITES), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(1) << 32 | 0x04);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	m->inside = run_inside;
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	fault(m, 6);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 1)), UINT64_C(6) << 32 | 0x04);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	close_ended(m);
}
END_TEST

/* ---- Interrupts that a call leaves ---- */

static void acknowledge(struct machine *m, const struct happening *now)
{
	if (now->kind == INTERRUPT)
		set_reg(m, GERRORN, reg(m, GERROR));
}

/* Ends a call by its bound, 2^21 acts, of which each error takes three: fetch, message, pulse.
 * `before` commands come before the first, so that the last act is a message, a pulse, or a fetch.
 */
static struct machine *with_an_interrupt_left(unsigned before)
{
	struct machine *m = started("linux-session");

	m->quiet = true;
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	m->inside = acknowledge;
	for (unsigned i = 0; i < before; i++)
		queue_command(m, PREFETCH);
	queue_command(m, ILLEGAL);
	ring(m);
	m->inside = NULL;
	look_away(m);
	return m;
}

/* IRC-002, IRC-003: the interrupt of an error, or its pulse alone, that is left goes when it is
 * disabled, and does not come when it is enabled again */
START_TEST(what_a_call_has_left_does_not_outlive_its_enable)
{
	struct machine *m = with_an_interrupt_left((unsigned)_i);

	update(m, IRQ_CTRL, 0);
	update(m, IRQ_CTRL, GERROR_IRQEN);
	ck_assert_uint_eq(m->seen_count, 0);
	close_machine(m);
}
END_TEST

/* IRQ-004, CMDQ-003: and comes with the next access if it is not */
START_TEST(what_a_call_has_left_comes_with_the_next_access)
{
	struct machine *m = with_an_interrupt_left((unsigned)_i);

	reg(m, GERROR);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), (unsigned)_i);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	ck_assert_uint_eq(m->seen_count, 1 + (unsigned)_i);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, records_of_one_command_come_before_the_next);
	tcase_add_test(tests, a_command_that_stops_its_queue_loses_no_record);
	tcase_add_test(tests, faults_without_end_do_not_keep_a_queue_from_being_disabled);
	tcase_add_test(tests, records_behind_one_that_aborts_are_lost);
	tcase_add_test(tests, records_that_wait_for_a_command_do_not_outlive_their_queue);
	tcase_add_loop_test(tests, what_a_call_has_left_does_not_outlive_its_enable, 0, 2);
	tcase_add_loop_test(tests, what_a_call_has_left_comes_with_the_next_access, 0, 2);
}

int main(void)
{
	return run("pending", add);
}
