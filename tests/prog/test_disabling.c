/* SPDX-License-Identifier: MIT */
/* Queues and interrupts that are disabled while something is under way or pending: what is waited
 * for, and what is dropped.  6.3.9.3, 6.3.9.4, 6.3.16 */
#include "inside.h"
#include "run.h"
#include "waiting.h"

#include <check.h>

/* ---- What is under way ---- */

static void disable_all(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, 0);
	set_reg(m, IRQ_CTRL, 0);
}

/* CR-008: the command that is under way is consumed before the ACK falls, and no other is fetched
 */
START_TEST(disabling_the_command_queue_waits_for_its_command)
{
	static const struct {
		enum happening_kind at;
		int reason;
		struct command first;
	} rows[] = {
		{ READS, SMMU3_REASON_CMDQ, { { 0x04, 31 } } },
		{ READS, SMMU3_REASON_CMDQ, { { 0x01, 0 } } },
		{ INVALIDATES, -1, { { 0x04, 31 } } },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct inside inside = {
			.at = rows[i].at, .reason = rows[i].reason, .times = 1, .act = disable_all
		};
		struct machine *m = with(&inside);

		queue_command(m, rows[i].first);
		queue_command(m, CFGI_ALL);
		ring(m);
		ck_assert_uint_eq(inside.cr0, 0);
		ck_assert_uint_eq(inside.cr0ack, CMDQEN); /* EVENTQEN and SMMUEN have fallen */
		ck_assert_uint_eq(reg(m, CR0ACK), 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		ck_assert_uint_eq(count(m, READS), 1);
		ck_assert_uint_eq(count(m, INVALIDATES), rows[i].first.word[0] == 0x04);
		close_ended(m);
	}
}
END_TEST

/* CR-008: nor does the ACK wait for another act: that one may be left to the next access, which
 * reads it */
START_TEST(an_ack_falls_with_its_act_though_it_was_the_last_of_a_call)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = disable_all
	};
	struct machine *m = with(&inside);

	pause_work(m);
	submit(m, PREFETCH);
	do_acts(m, 1);
	ck_assert_uint_eq(inside.cr0ack, CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	close_ended(m);
}
END_TEST

static void disable_when_read(struct machine *m, const struct happening *now)
{
	if (now->kind == READS)
		set_reg(m, CR0, 0);
	if (now->kind == INVALIDATES)
		*(uint32_t *)m->context = reg(m, CR0ACK);
}

/* CR-008: from its fetch until it is consumed, what it announces included */
START_TEST(a_command_is_under_way_until_it_is_consumed)
{
	struct machine *m = started("linux-session");
	uint32_t cr0ack = 0;

	m->context = &cr0ack;
	m->inside = disable_when_read;
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(cr0ack, CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

static void move_queue(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, 0);
	set_reg64(m, CMDQ_BASE, COMMANDS_AT + 0x1000);
	set_reg(m, CMDQ_CONS, 5);
}

/* REG-016, Q-010, CMDQ-002: until then it is in use, and its registers are locked */
START_TEST(a_queue_is_locked_until_its_ack_has_fallen)
{
	struct inside inside = { .at = INVALIDATES, .reason = -1, .times = 1, .act = move_queue };
	struct machine *m = with(&inside);

	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), COMMANDS_AT | 3);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	move_queue(m, 0);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), COMMANDS_AT + 0x1000);
	close_ended(m);
}
END_TEST

/* CR-008: the message of a CMD_SYNC is not waited for */
START_TEST(disabling_the_command_queue_does_not_wait_for_a_message)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_MSI, .times = 1, .act = disable_all
	};
	struct machine *m = with(&inside);

	submit(m, sync_irq(DOORBELL, 7));
	ck_assert_uint_eq(inside.cr0ack, 0);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 7);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1); /* no enable of its own */
	close_ended(m);
}
END_TEST

/* CR-010, EVTQ-008, EVTQ-009: the record that is being written becomes visible, or its abort,
 * before the ACK falls */
START_TEST(disabling_the_event_queue_waits_for_its_record)
{
	for (unsigned aborts = 0; aborts < 2; aborts++) {
		struct inside inside = {
			.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = disable_all
		};
		struct machine *m = with(&inside);

		m->aborts[0] = aborts ? event_at(m, 0) : 0;
		fault(m, 0);
		ck_assert_uint_eq(inside.cr0ack, EVENTQEN);
		ck_assert_uint_eq(reg(m, CR0ACK), 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), !aborts);
		ck_assert_uint_eq(reg(m, GERROR), aborts ? EVENTQ_ABT_ERR : 0);
		close_ended(m);
	}
}
END_TEST

static void disable_and_enable(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, CR0, CMDQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	set_reg(m, CR0, EVENTQEN | SMMUEN); /* CMDQEN is another field, and not delayed */
	ck_assert_uint_eq(reg(m, CR0), SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
}

/* CR-006, CR-007: what is written to a field whose Update is pending is ignored, and the Update
 * completes; then it can be written again */
START_TEST(a_pending_update_is_completed)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_EVENTQ, .times = 1, .act = disable_and_enable
	};
	struct machine *m = with(&inside);

	fault(m, 0);
	ck_assert_uint_eq(reg(m, CR0), SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	close_ended(m);
}
END_TEST

static void cycle_interrupts(struct machine *m, unsigned n)
{
	(void)n;
	set_reg(m, IRQ_CTRL, 0);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
}

/* IRC-001, CR-007: likewise an enable whose message is under way; the other is not delayed */
START_TEST(a_pending_update_of_an_interrupt_is_completed)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_MSI, .times = 1, .act = cycle_interrupts
	};
	struct machine *m = with(&inside);

	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	fault(m, 0);
	ck_assert_uint_eq(inside.irq_ctrlack, EVENTQ_IRQEN | GERROR_IRQEN);
	ck_assert_uint_eq(reg(m, IRQ_CTRL), GERROR_IRQEN);
	ck_assert_uint_eq(reg(m, IRQ_CTRLACK), GERROR_IRQEN);
	close_ended(m);
}
END_TEST

/* IRC-003, IRQ-009, IRQ-014: likewise the message, or its abort; the pulse that would follow is
 * none */
START_TEST(disabling_an_interrupt_waits_for_its_message)
{
	for (unsigned aborts = 0; aborts < 2; aborts++) {
		struct inside inside = {
			.at = WRITES, .reason = SMMU3_REASON_MSI, .times = 1, .act = disable_all
		};
		struct machine *m = with(&inside);

		set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
		set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
		m->aborts[0] = aborts ? DOORBELL : 0;
		fault(m, 0);
		ck_assert_uint_eq(inside.irq_ctrlack, EVENTQ_IRQEN);
		ck_assert_uint_eq(reg(m, IRQ_CTRLACK), 0);
		ck_assert_uint_eq(count(m, INTERRUPT), 0);
		ck_assert_uint_eq(reg(m, GERROR), aborts ? MSI_EVENTQ_ABT_ERR : 0);
		close_ended(m);
	}
}
END_TEST

/* IRC-003: and the pulse, so that there is none from the source once the ACK has fallen */
START_TEST(disabling_an_interrupt_waits_for_its_pulse)
{
	struct inside inside = { .at = INTERRUPT, .reason = -1, .times = 1, .act = disable_all };
	struct machine *m = with(&inside);

	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	fault(m, 0);
	ck_assert_uint_eq(inside.irq_ctrlack, EVENTQ_IRQEN);
	ck_assert_uint_eq(reg(m, IRQ_CTRLACK), 0);
	ck_assert_uint_eq(count(m, INTERRUPT), 1);
	close_ended(m);
}
END_TEST

/* ---- What is pending ---- */

static void fault_and_cycle_the_queue(struct machine *m, unsigned n)
{
	fault(m, n + 1);
	set_reg(m, CR0, CMDQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | SMMUEN);
	set_reg(m, CR0, CMDQEN | SMMUEN | EVENTQEN);
}

static void fault_while_disabled(struct machine *m, unsigned n)
{
	set_reg(m, CR0, CMDQEN | SMMUEN);
	fault(m, n + 1);
	set_reg(m, CR0, CMDQEN | SMMUEN | EVENTQEN);
}

/* CR-010, EVTQ-004: a record that has not been committed when the queue is disabled, or that finds
 * it so, is dropped, though the queue is enabled again before it could have been written */
START_TEST(a_record_does_not_outlive_the_enable_of_its_queue)
{
	void (*const acts[])(struct machine *, unsigned) = { fault_and_cycle_the_queue,
							     fault_while_disabled };

	for (int i = 0; i < COUNT(acts); i++) {
		struct inside inside = {
			.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = acts[i]
		};
		struct machine *m = with(&inside);

		submit(m, PREFETCH);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
		ck_assert_uint_eq(count(m, WRITES), 0);
		fault(m, 3);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
		close_ended(m);
	}
}
END_TEST

/* IRC-002: an occurrence before an enable raises nothing after it, though the source was enabled
 * when it occurred: the pulse of a message under way; both, of an error that its message found */
START_TEST(an_interrupt_does_not_outlive_its_enable)
{
	for (unsigned aborts = 0; aborts < 2; aborts++) {
		struct inside inside = { .at = WRITES,
					 .reason = SMMU3_REASON_MSI,
					 .times = 1,
					 .act = cycle_interrupts };
		struct machine *m = with(&inside);

		set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
		set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
		m->aborts[0] = aborts ? DOORBELL : 0;
		fault(m, 0);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 0);
		/* the abort itself comes after */
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), aborts);
		close_ended(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, disabling_the_command_queue_waits_for_its_command);
	tcase_add_test(tests, an_ack_falls_with_its_act_though_it_was_the_last_of_a_call);
	tcase_add_test(tests, a_command_is_under_way_until_it_is_consumed);
	tcase_add_test(tests, a_queue_is_locked_until_its_ack_has_fallen);
	tcase_add_test(tests, disabling_the_command_queue_does_not_wait_for_a_message);
	tcase_add_test(tests, disabling_the_event_queue_waits_for_its_record);
	tcase_add_test(tests, a_pending_update_is_completed);
	tcase_add_test(tests, a_pending_update_of_an_interrupt_is_completed);
	tcase_add_test(tests, disabling_an_interrupt_waits_for_its_message);
	tcase_add_test(tests, disabling_an_interrupt_waits_for_its_pulse);
	tcase_add_test(tests, a_record_does_not_outlive_the_enable_of_its_queue);
	tcase_add_test(tests, an_interrupt_does_not_outlive_its_enable);
}

int main(void)
{
	return run("disabling", add);
}
