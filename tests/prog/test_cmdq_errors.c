/* SPDX-License-Identifier: MIT */
/* Commands that cannot be consumed, and how software goes on.  7.1, 7.5 */
#include "driver.h"
#include "run.h"

#include <check.h>

/* CMDQ_CONS with an error: ERR [30:24], RD [19:0]. */
static uint32_t stopped_at(unsigned error, uint32_t rd)
{
	return (uint32_t)error << 24 | rd;
}

static void acknowledge(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERROR));
}

/* A queue that stopped at its third command of five. */
static struct machine *stopped(struct command third)
{
	struct machine *m = started("linux-session");

	queue_command(m, CFGI_ALL);
	queue_command(m, NSNH_ALL);
	queue_command(m, third);
	queue_command(m, CFGI_ALL);
	queue_command(m, sync_irq(DOORBELL, 0x99));
	ring(m);
	return m;
}

static void expect_stopped(struct machine *m)
{
	ck_assert_uint_eq(reg(m, CMDQ_CONS), stopped_at(CERROR_ILL, 2));
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(count(m, READS), 3);
	ck_assert_uint_eq(count(m, INVALIDATES), 2); /* the earlier ones, and they alone */
	ck_assert_uint_eq(count(m, WRITES), 0);
}

/* CMDQ-005, CMDQ-006, GER-004 */
START_TEST(an_illegal_command_stops_the_queue_where_it_stands)
{
	struct machine *m = stopped(ILLEGAL);

	expect_stopped(m);
	close_machine(m);
}
END_TEST

/* CMDQ-008, GER-004: neither a doorbell nor CMDQEN starts it again; the error is told once */
START_TEST(only_acknowledging_the_error_resumes)
{
	struct machine *m = stopped(ILLEGAL);

	*ram_at(m, command_at(m, 2)) = 0x46;
	ring(m);
	expect_stopped(m);
	submit(m, CFGI_ALL);
	expect_stopped(m);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), stopped_at(CERROR_ILL, 2));
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	expect_stopped(m);
	set_reg(m, GERRORN, EVENTQ_ABT_ERR); /* another's */
	expect_stopped(m);
	set_reg(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 6);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x99);
	close_machine(m);
}
END_TEST

/* CMDQ-008, CMDQ-009, Q-015: patched in place and fetched again, without a doorbell; ERR reads 0 */
START_TEST(a_patched_command_is_fetched_again)
{
	struct machine *m = stopped(ILLEGAL);

	*ram_at(m, command_at(m, 2)) = 0x46; /* CMD_SYNC, SIG_NONE */
	look_away(m);
	acknowledge(m);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa, command_at(m, 2));
	ck_assert_uint_eq(count(m, READS), 3);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x99);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 5);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(reg(m, GERRORN), CMDQ_ERR);
	close_machine(m);
}
END_TEST

/* CMDQ-005, CMDQ-008, GER-004: left as it is it stops again, and GERROR toggles back */
START_TEST(an_illegal_command_that_stays_stops_again)
{
	struct machine *m = stopped(ILLEGAL);

	acknowledge(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), stopped_at(CERROR_ILL, 2));
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, GERRORN), CMDQ_ERR);
	ck_assert_uint_eq(count(m, READS), 4);
	acknowledge(m);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(reg(m, GERRORN), 0);
	close_machine(m);
}
END_TEST

/* CMDQ-009: while the error is active PROD may go back as far as CONS */
START_TEST(what_was_queued_may_be_withdrawn)
{
	struct machine *m = stopped(ILLEGAL);

	set_reg(m, CMDQ_PROD, 2);
	look_away(m);
	acknowledge(m);
	ck_assert_uint_eq(m->seen_count, 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	m->prod = 2;
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	close_machine(m);
}
END_TEST

/* CMDQ-008, Q-015: the queue may also be disabled, moved and filled anew, and the error
 * acknowledged then */
START_TEST(a_stopped_queue_may_be_set_up_anew)
{
	struct machine *m = stopped(ILLEGAL);

	set_reg(m, CR0, 0);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	set_reg64(m, CMDQ_BASE, (COMMANDS_AT + 0x1000) | 3);
	*ram_at(m, COMMANDS_AT + 0x1000) = 0x46;
	set_reg(m, CMDQ_PROD, 1);
	set_reg(m, CMDQ_CONS, 0);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	look_away(m);
	set_reg(m, CR0, CMDQEN);
	ck_assert_uint_eq(m->seen_count, 0);
	acknowledge(m);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa, COMMANDS_AT + 0x1000);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* CMDQ-006, CMDQ-007, CMDQ-008: a fetch that aborts, or whose data is poisoned */
START_TEST(an_abort_of_a_fetch_is_an_error_and_may_pass)
{
	static const enum smmu3_mem_result answers[] = { SMMU3_MEM_ABORT, SMMU3_MEM_POISON };

	for (int i = 0; i < COUNT(answers); i++) {
		struct machine *m = machine("linux-session");

		m->answer = answers[i];
		m->aborts[0] = COMMANDS_AT + 16;
		start_machine(m);
		queue_command(m, CFGI_ALL);
		queue_command(m, CFGI_ALL);
		queue_command(m, SYNC_NONE);
		ring(m);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), stopped_at(CERROR_ABT, 1));
		ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
		ck_assert_uint_eq(count(m, INVALIDATES), 1);
		m->aborts[0] = 0;
		acknowledge(m);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
		ck_assert_uint_eq(count(m, INVALIDATES), 2);
		close_machine(m);
	}
}
END_TEST

/* CMDQ-007, Q-017: no memory there at all; the address ends at OAS, 44 bits */
START_TEST(a_queue_outside_of_memory_aborts)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg64(m, CMDQ_BASE, UINT64_C(0x00fff00000000000) | 0x1000 | 3);
	set_reg(m, CR0, CMDQEN);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(first(m, READS)->access.pa, 0x1000);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), stopped_at(CERROR_ABT, 0));
	close_machine(m);
}
END_TEST

static void note_error(struct machine *m, const struct happening *now)
{
	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GERROR)
		*(uint32_t *)m->context = now->cmdq_cons;
}

/* CMDQ-005, IRQ-004, IRQ-008: with GERROR the reason and the place are there */
START_TEST(the_reason_is_there_before_the_error)
{
	struct machine *m = machine("linux-session");
	uint32_t cons = 0;

	m->context = &cons;
	m->inside = note_error;
	start_machine(m);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	queue_command(m, CFGI_ALL);
	queue_command(m, ILLEGAL);
	ring(m);
	ck_assert_uint_eq(cons, stopped_at(CERROR_ILL, 1));
	ck_assert_uint_eq(first(m, INTERRUPT)->gerror, CMDQ_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	close_machine(m);
}
END_TEST

/* CMDQ-006: without an error ERR is 0, and drivers compare all 32 bits */
START_TEST(without_an_error_cons_equals_prod_in_all_its_bits)
{
	struct machine *m = stopped(ILLEGAL);

	*ram_at(m, command_at(m, 2)) = 0x46;
	acknowledge(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), reg(m, CMDQ_PROD));
	for (unsigned i = 0; i < 7; i++)
		queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), reg(m, CMDQ_PROD));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 12);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_illegal_command_stops_the_queue_where_it_stands);
	tcase_add_test(tests, only_acknowledging_the_error_resumes);
	tcase_add_test(tests, a_patched_command_is_fetched_again);
	tcase_add_test(tests, an_illegal_command_that_stays_stops_again);
	tcase_add_test(tests, what_was_queued_may_be_withdrawn);
	tcase_add_test(tests, a_stopped_queue_may_be_set_up_anew);
	tcase_add_test(tests, an_abort_of_a_fetch_is_an_error_and_may_pass);
	tcase_add_test(tests, a_queue_outside_of_memory_aborts);
	tcase_add_test(tests, the_reason_is_there_before_the_error);
	tcase_add_test(tests, without_an_error_cons_equals_prod_in_all_its_bits);
}

int main(void)
{
	return run("cmdq-errors", add);
}
