/* SPDX-License-Identifier: MIT */
/* Queues and messages whose memory is the SMMU's own registers, software that never stops, and the
 * bound of one call: each ends. */
#include "driver.h"
#include "run.h"

#include <check.h>

#define OWN(offset) (REGISTERS_AT + (offset))

/* CMDQ-005: commands read from the identification registers: opcode 0x1a */
START_TEST(commands_may_come_from_registers)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg64(m, CMDQ_BASE, OWN(0) | 3);
	set_reg(m, CR0, CMDQEN);
	set_reg(m, CMDQ_PROD, 4);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	close_machine(m);
}
END_TEST

/* CMDQ-001: a message that is a doorbell */
START_TEST(a_message_may_be_a_doorbell)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 5; i++)
		queue_command(m, sync_irq(OWN(CMDQ_PROD), i + 2));
	set_reg(m, CMDQ_PROD, 1);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 5);
	ck_assert_uint_eq(reg(m, CMDQ_PROD), 6);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 5); /* opcode 0 */
	close_machine(m);
}
END_TEST

/* CR-008: a message that disables everything, and one that is written to CONS */
START_TEST(a_message_may_disable_the_queue)
{
	struct machine *m = started("linux-session");

	queue_command(m, sync_irq(OWN(CMDQ_CONS), 0)); /* ignored: the queue is enabled */
	queue_command(m, sync_irq(OWN(CR0), 0));
	queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(reg64(m, CR0), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	close_machine(m);
}
END_TEST

/* GER-004, IRQ-004: a GERROR message that acknowledges the error; the second time it writes what
 * GERRORN already is */
START_TEST(a_message_may_acknowledge_its_error)
{
	struct machine *m = started("linux-session");

	set_reg64(m, GERROR_IRQ_CFG0, OWN(GERRORN));
	set_reg(m, GERROR_IRQ_CFG1, CMDQ_ERR);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	submit(m, ILLEGAL);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), 2);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 2);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, GERRORN), CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24);
	close_machine(m);
}
END_TEST

/* EVTQ-001: records over registers: what is guarded keeps its value, the rest is written.  The
 * record of stream 7 over 0x80 to 0x9f puts its word 3, 0, into CMDQ_PROD */
START_TEST(records_may_go_to_registers)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg64(m, EVENTQ_BASE, OWN(STRTAB_BASE));
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	fault(m, 7);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), STREAMS_AT);
	ck_assert_uint_eq(reg64(m, CMDQ_BASE), COMMANDS_AT | 3);
	ck_assert_uint_eq(reg64(m, CMDQ_PROD), UINT64_C(1) << 32); /* contradicts CONS: nothing */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* EVTQ-009: a record over its own indexes in Page 1: PROD is guarded, CONS becomes the record's */
START_TEST(a_record_may_go_to_its_own_indexes)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg64(m, EVENTQ_BASE, OWN(0x100a0));
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	fault(m, 7);
	ck_assert_uint_eq(reg64(m, EVENTQ_PROD), 1);
	fault(m, 7); /* one entry, full */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0x80000001);
	close_machine(m);
}
END_TEST

static void acknowledge_always(struct machine *m, const struct happening *now)
{
	if (now->kind == INTERRUPT)
		set_reg(m, GERRORN, reg(m, GERROR));
}

/* Software that acknowledges an error again and again without mending it: a call does so many acts
 * and returns, and the next goes on. */
START_TEST(a_call_returns_though_software_never_stops)
{
	struct machine *m = started("linux-session");

	m->quiet = true;
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	m->inside = acknowledge_always;
	submit(m, ILLEGAL); /* returns */
	ck_assert_uint_gt(count(m, INTERRUPT), 1000);
	m->inside = NULL;
	look_away(m);
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_gt(count(m, READS), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24);
	close_machine(m);
}
END_TEST

/* RST-001: what such a call has left, here a pulse, goes with a reset */
START_TEST(reset_forgets_what_a_call_has_left)
{
	struct machine *m = started("linux-session");

	m->quiet = true;
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	m->inside = acknowledge_always;
	queue_command(m,
		      PREFETCH); /* so that the last act is a fetch: the acts are an even number */
	queue_command(m, ILLEGAL);
	ring(m);
	m->inside = NULL;
	smmu3_reset(m->smmu);
	look_away(m);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(m->seen_count, 0);
	close_machine(m);
}
END_TEST

/* CMDQ-003, Q-001: the longest queue, filled exactly with the commands that take most: all of them
 * are consumed by one write of PROD, each fetched once */
START_TEST(the_longest_queue_is_consumed_in_one_call)
{
	struct machine *m = machine("linux-session");
	const unsigned entries = 1u << 19;

	m->cmdq_lg2 = 19;
	m->quiet = true;
	start_machine(m);
	for (unsigned i = 0; i < entries; i++)
		queue_command(m, sync_irq(DOORBELL, i));
	ring(m);
	ck_assert_uint_eq(count(m, READS), entries);
	ck_assert_uint_eq(count(m, WRITES), entries);
	ck_assert_uint_eq(count(m, INTERRUPT), entries);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), entries);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), entries - 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, commands_may_come_from_registers);
	tcase_add_test(tests, a_message_may_be_a_doorbell);
	tcase_add_test(tests, a_message_may_disable_the_queue);
	tcase_add_test(tests, a_message_may_acknowledge_its_error);
	tcase_add_test(tests, records_may_go_to_registers);
	tcase_add_test(tests, a_record_may_go_to_its_own_indexes);
	tcase_add_test(tests, a_call_returns_though_software_never_stops);
	tcase_add_test(tests, reset_forgets_what_a_call_has_left);
	tcase_add_test(tests, the_longest_queue_is_consumed_in_one_call);
}

int main(void)
{
	return run("own-registers", add);
}
