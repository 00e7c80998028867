/* SPDX-License-Identifier: MIT */
/* What is saved of stalls and of work that is due, byte by byte, and what comes of it when it is
 * loaded.  docs/save.md */
#include "blob.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* ---- Stalls ---- */

/* STALL-07, CMD-RESUME: of five places 0 was given back before 1, and 2, 3 are stalled: recorded,
 * and without a record; the order in which places are given out is 4, 0, 1 */
static struct machine *with_stalls(void)
{
	struct machine *m = stalling(5);

	m->eventq_lg2 = 1;
	start_machine(m);
	stall(m, 1, 10);
	stall(m, 1, 11);
	set_reg(m, EVENTQ_CONS, 2);
	stall(m, 1, 0x1122334455667788);
	submit(m, resume(1, 0, ABORT));
	submit(m, resume(1, 1, ABORT));
	fault(m, 6);
	ask(m, 3, 0x99, 0); /* the queue is full */
	look_away(m);
	return m;
}

START_TEST(stalls_have_these_bytes)
{
	/* clang-format off */
	static const uint8_t bytes[] = {
		2, 0,             /* live: STAG, state, StreamID and cookie of each */
		2, 0, 3, 0, 1, 0, 0, 0, 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
		3, 0, 2, 0, 3, 0, 0, 0, 0x99, 0, 0, 0, 0, 0, 0, 0,
		3, 0,             /* without a record, oldest first */
		4, 0, 0, 0, 1, 0, /* free, the next first */
	};
	/* clang-format on */
	struct machine *m = with_stalls();

	expect_section(m, "STAL", bytes, sizeof(bytes));
	close_machine(m);
}
END_TEST

/* STALL-07, CMD-RESUME, STALL-19: one is resumed by its STAG and has its cookie; the other is
 * retried when there is room; STAGs are given out in the order in which they would have been */
START_TEST(stalls_go_on_where_they_are_loaded)
{
	struct machine *m = with_stalls();

	reload(m);
	ck_assert_uint_eq(count(m, ENDED), 0);
	submit(m, resume(1, 2, RETRY));
	expect_end(m, 0, 0x1122334455667788, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(end_of(m, 0)->sid, 1);
	ck_assert_uint_eq(end_of(m, 0)->stag, 2);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	expect_end(m, 1, 0x99, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(stall(m, 4, 1), 4);
	ck_assert_uint_eq(stall(m, 4, 2), 0);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	ck_assert_uint_eq(stall(m, 4, 3), 1);
	ck_assert_uint_eq(stall(m, 4, 4), 2);
	close_machine(m);
}
END_TEST

/* CR-016: SMMUEN stays acknowledged for stalls that were loaded, until the host has been told */
START_TEST(stalls_that_were_loaded_end_with_smmuen)
{
	struct machine *m = with_stalls();

	pause_work(m);
	set_reg(m, CR0, EVENTQEN | CMDQEN);
	do_acts(m, 1);
	reload(m);
	pause_work(m);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | CMDQEN | SMMUEN);
	do_acts(m, 0);
	ck_assert_uint_eq(reg(m, CR0), EVENTQEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | CMDQEN);
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 1, 0x99, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* ---- What is due ---- */

/* A record into an empty queue has been written, its interrupts not; another waits, which came
 * before the command. */
static struct machine *with_work(void)
{
	struct machine *m = stalling(3);

	m->config.idr[0] |= 1 << 13; /* MSI */
	start_machine(m);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_reg(m, EVENTQ_CONS, 0);
	pause_work(m);
	read_by(m, 6, 0);
	do_acts(m, 1);
	pause_work(m);
	stall(m, 1, 0xc0);
	submit(m, SYNC_SEV);
	do_acts(m, 1); /* the message, which has no address, and the pulse */
	pause_work(m);
	read_by(m, 7, 0);
	do_acts(m, 0);
	look_away(m);
	return m;
}

/* 7.3.13: F_TRANSLATION of stream 1, STAG 0, Stall, RnW, Class IN, InputAddr 0x1000; 7.3.5:
 * C_BAD_STE of stream 7 */
START_TEST(what_is_due_has_these_bytes)
{
	static const uint8_t bytes[38 + 64] = {
		[28] = 1, /* a command is due */
		[34] = 1, /* and before it, of */
		[36] = 2, /* two records, one */
		[38] = 0x10, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x80, 8, 2, 0, 0, 0, 0x10, /* */
		[70] = 4,    0, 0, 0, 7, 0, 0, 0,
	};
	struct machine *m = with_work();

	expect_section(m, "WORK", bytes, sizeof(bytes));
	close_machine(m);
}
END_TEST

/* EVTQ-009, CMD-SYNC-10: what was due comes with the next register access, the record that came
 * before the CMD_SYNC before it, and the other after */
START_TEST(what_is_due_is_done_where_it_is_loaded)
{
	struct machine *m = with_work();

	reload(m);
	ck_assert_uint_eq(m->seen_count, 0);
	m->quiet = true;
	reg(m, CR0);
	ck_assert_uint_eq(nth(m, 0, WRITES)->data[0], UINT64_C(1) << 32 | 0x10);
	nth(m, 1, READS);
	ck_assert_uint_eq(nth(m, 2, WRITES)->data[0], UINT64_C(7) << 32 | 0x04);
	ck_assert_uint_eq(m->seen_count, 3);
	submit(m, resume(1, 0, RAZ_WI));
	expect_end(m, 0, 0xc0, SMMU3_STALL_RAZ_WI);
	close_machine(m);
}
END_TEST

/* The bytes of WORK up to its records, with a command under way. */
static void expect_under_way(struct machine *m, struct command command, unsigned what)
{
	uint8_t bytes[38] = { [24] = (uint8_t)what, [28] = 1 };

	put_at(&bytes[0], command.word[0], 8);
	put_at(&bytes[8], command.word[1], 8);
	expect_section(m, "WORK", bytes, sizeof(bytes));
}

/* CMDQ-004, CR-008: a command that has been read is announced, and consumed, where it is loaded;
 * CMDQEN stays acknowledged until then */
START_TEST(a_command_under_way_goes_on)
{
	struct machine *m = started_stalling(3);

	pause_work(m);
	submit(m, NSNH_ALL);
	do_acts(m, 1);
	expect_under_way(m, NSNH_ALL, 1);
	reload(m);
	look_away(m);
	pause_work(m);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	do_acts(m, 0);
	reg(m, CR0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

/* CMD-RESUME: what CMD_RESUME ended, and nobody was told of yet, ends where it is loaded */
START_TEST(a_resume_under_way_goes_on)
{
	struct machine *m = started_stalling(3);
	uint8_t bytes[38] = { 0x44, 0x10, 0, 0, 1, [16] = 0xef, 0xbe, [24] = 3 };

	stall(m, 1, 0xbeef);
	pause_work(m);
	submit(m, resume(1, 0, RETRY));
	do_acts(m, 1);
	expect_section(m, "WORK", bytes, sizeof(bytes));
	reload(m);
	reg(m, CR0);
	expect_end(m, 0, 0xbeef, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(end_of(m, 0)->sid, 1);
	ck_assert_uint_eq(end_of(m, 0)->stag, 0);
	close_machine(m);
}
END_TEST

/* CR-016: a retry that SMMUEN has overtaken is told as an abort, where it is loaded, too */
START_TEST(a_resume_that_was_overtaken_ends_with_an_abort)
{
	struct machine *m = started_stalling(3);

	stall(m, 1, 0xbeef);
	pause_work(m);
	submit(m, resume(1, 0, RETRY));
	do_acts(m, 1);
	pause_work(m);
	set_reg(m, CR0, EVENTQEN | CMDQEN);
	do_acts(m, 0);
	reload(m);
	reg(m, CR0);
	expect_end(m, 0, 0xbeef, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | CMDQEN);
	close_machine(m);
}
END_TEST

/* CMD-STALL-TERM: of a table longer than a search looks at once; the search goes on behind what it
 * has looked at */
START_TEST(a_search_under_way_goes_on)
{
	struct machine *m = stalling(200);
	uint8_t bytes[38] = { 0x45, 0, 0, 0, 3, [24] = 2, [28] = 1, [30] = 64 };

	m->eventq_lg2 = 8;
	start_machine(m);
	for (unsigned i = 0; i < 150; i++)
		stall(m, i == 70 || i == 149 ? 3 : 1, i);
	pause_work(m);
	submit(m, stall_term(3));
	do_acts(m, 2);
	expect_section(m, "WORK", bytes, sizeof(bytes));
	reload(m);
	reg(m, CR0);
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 0, 70, SMMU3_STALL_ABORT);
	expect_end(m, 1, 149, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* ---- A call that came to its bound ---- */

static void ring_again(struct machine *m, const struct happening *now)
{
	if (now->kind == INVALIDATES)
		submit(m, NSNH_ALL);
}

/* CMDQ-003, CMDQ-004: software that rings for another command whenever one is announced; the call
 * gives up between reading one and announcing it */
START_TEST(what_a_call_has_left_is_done_where_it_is_loaded)
{
	struct machine *m = started_stalling(3);

	m->quiet = true;
	queue_command(m, PREFETCH); /* one act; each of the others is two, and 2^21 is even */
	queue_command(m, NSNH_ALL);
	m->inside = ring_again;
	ring(m);
	ck_assert_uint_eq(m->seen_count, 1 << 21);
	ck_assert_uint_eq(count(m, READS), (1 << 20) + 1);
	m->inside = NULL;
	expect_under_way(m, NSNH_ALL, 1);
	reload(m);
	look_away(m);
	reg(m, CR0);
	ck_assert_uint_eq(m->seen_count, 1);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, stalls_have_these_bytes);
	tcase_add_test(tests, stalls_go_on_where_they_are_loaded);
	tcase_add_test(tests, stalls_that_were_loaded_end_with_smmuen);
	tcase_add_test(tests, what_is_due_has_these_bytes);
	tcase_add_test(tests, what_is_due_is_done_where_it_is_loaded);
	tcase_add_test(tests, a_command_under_way_goes_on);
	tcase_add_test(tests, a_resume_under_way_goes_on);
	tcase_add_test(tests, a_resume_that_was_overtaken_ends_with_an_abort);
	tcase_add_test(tests, a_search_under_way_goes_on);
	tcase_add_test(tests, what_a_call_has_left_is_done_where_it_is_loaded);
}

int main(void)
{
	return run("save", add);
}
