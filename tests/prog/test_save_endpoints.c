/* SPDX-License-Identifier: MIT */
/* What is saved of ATS invalidations and page requests, and what comes of it where it is loaded.
 * docs/save.md */
#include "blob.h"
#include "pages.h"
#include "run.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* CMD_ATC_INV of a page of stream 3, CMD_PRI_RESP, 4.5 */
#define ATC_PAGE ((struct command){ { 0x40 | UINT64_C(3) << 32, 0x7000 } })
#define PRI_INVALID \
	((struct command){ { 0x41 | 1 << 11 | 0x54321u << 12 | UINT64_C(3) << 32, 0x11aa } })

static int complete(struct machine *m, uint64_t tag)
{
	return smmu3_atc_complete(m->smmu, tag, SMMU3_ATC_DONE);
}

static unsigned error_of(struct machine *m)
{
	return reg(m, CMDQ_CONS) >> 24 & 0x7f;
}

/* ---- Page requests ---- */

/* One has been written, and its interrupt waits; another came before a command, one after it. */
static struct machine *with_pages(void)
{
	struct machine *m = pri_started();

	pause_work(m);
	ck_assert_int_eq(request(m, R, 1), 0);
	ck_assert_int_eq(request(m, R, 2), 0);
	submit(m, CFGI_ALL);
	do_acts(m, 1);
	pause_work(m);
	ck_assert_int_eq(request(m, R | LAST, 3), 0);
	do_acts(m, 0);
	return m;
}

/* PRIQ-004, PRIQ-005: StreamID 3, R 60, Last 62, PRGIndex 72:64, address 127:76 */
START_TEST(page_requests_have_these_bytes)
{
	/* clang-format off */
	static const uint8_t bytes[13 + 32] = {
		[11] = 1, 2, /* before the command, of */
		[13] = 3, 0, 0, 0, 0, 0, 0, 0x10, 2, 0x30, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
		[29] = 3, 0, 0, 0, 0, 0, 0, 0x50, 3, 0x30, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
	};
	/* clang-format on */
	struct machine *m = with_pages();

	expect_section(m, "PCIE", bytes, sizeof(bytes));
	close_machine(m);
}
END_TEST

/* PRIQ-005, IRQ-003, CMD-SYNC-10: the interrupt, and requests in their order, each on its side of
 * the command */
START_TEST(page_requests_are_written_where_they_are_loaded)
{
	struct machine *m = with_pages();

	reload(m);
	look_away(m);
	m->quiet = true;
	reg(m, CR0);
	ck_assert_uint_eq(nth(m, 0, INTERRUPT)->about, SMMU3_INTERRUPT_PRIQ);
	ck_assert_uint_eq(nth(m, 1, WRITES)->data[1] & 0x1ff, 2);
	nth(m, 2, READS);
	nth(m, 3, INVALIDATES);
	ck_assert_uint_eq(nth(m, 4, WRITES)->data[1] & 0x1ff, 3);
	ck_assert_uint_eq(m->seen_count, 5);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 3);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP: software has answered, and the endpoint has not been told */
START_TEST(an_answer_that_is_due_is_given_where_it_is_loaded)
{
	static const uint8_t bytes[] = {
		[10] = 1, 1, 1, 0xaa, 1, 3, 0, 0, 0, 0x21, 0x43, 5, 0, 0, 0
	};
	struct machine *m = pri_started();

	pause_work(m);
	submit(m, PRI_INVALID);
	do_acts(m, 1);
	expect_section(m, "PCIE", bytes, sizeof(bytes));
	reload(m);
	look_away(m);
	reg(m, CR0);
	expect_answer(m, INVALID, true);
	reg(m, CR0);
	expect_no_answer(m);
	close_machine(m);
}
END_TEST

/* PRIQ-009: an aborted write has stopped the queue, and goes on stopping it */
START_TEST(an_error_of_the_queue_survives)
{
	struct machine *m = pri_started();

	m->aborts[0] = PAGES_AT;
	expect_taken(m, R);
	m->aborts[0] = 0;
	ck_assert_uint_eq(reg(m, GERROR), PRIQ_ABT_ERR);
	reload(m);
	look_away(m);
	ck_assert_uint_eq(reg(m, GERROR), PRIQ_ABT_ERR);
	expect_taken(m, R | LAST);
	expect_answer(m, FAILURE, false);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* ---- ATS invalidations ---- */

/* Two are asked for, a CMD_SYNC waits, and a command behind it. */
static struct machine *with_sync(void)
{
	struct machine *m = pri_started();

	submit(m, ATC_PAGE);
	submit(m, ATC_PAGE);
	submit(m, sync_irq(DOORBELL, 7));
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	return m;
}

START_TEST(a_sync_that_waits_has_these_bytes)
{
	static const uint8_t bytes[13 + 16] = { [0] = 2, [9] = 2, [10] = 1, [18] = 2 };
	const struct command sync = sync_irq(DOORBELL, 7);
	uint8_t work[38] = { [24] = 4 };
	struct machine *m = with_sync();

	put_at(&work[0], sync.word[0], 8);
	put_at(&work[8], sync.word[1], 8);
	expect_section(m, "WORK", work, sizeof(work));
	expect_section(m, "PCIE", bytes, sizeof(bytes));
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5, CR-008: it waits for both, and CMDQEN stays acknowledged until then */
START_TEST(a_sync_goes_on_waiting_where_it_is_loaded)
{
	struct machine *m = with_sync();

	set_reg(m, CR0, ALL_ON & ~(unsigned)CMDQEN);
	reload(m);
	look_away(m);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_ON);
	ck_assert_int_eq(complete(m, 3), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(complete(m, 2), 0);
	ck_assert_int_eq(complete(m, 2), -SMMU3_E_NOT_FOUND);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	reload(m);
	look_away(m);
	ck_assert_int_eq(complete(m, 1), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 7);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_ON & ~(unsigned)CMDQEN);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-14: a time-out fails it; the error and its reason survive, and so does what the next try
 * waits for */
START_TEST(a_sync_fails_where_it_is_loaded)
{
	struct machine *m = with_sync();

	reload(m);
	look_away(m);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, 2, SMMU3_ATC_TIMED_OUT), 0);
	ck_assert_uint_eq(error_of(m), CERROR_ATC_INV_SYNC);
	reload(m);
	look_away(m);
	ck_assert_uint_eq(error_of(m), CERROR_ATC_INV_SYNC);
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_int_eq(complete(m, 1), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-14: what failed before there was a CMD_SYNC */
START_TEST(a_time_out_is_not_forgotten)
{
	struct machine *m = pri_started();

	submit(m, ATC_PAGE);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, 1, SMMU3_ATC_TIMED_OUT), 0);
	reload(m);
	look_away(m);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(error_of(m), CERROR_ATC_INV_SYNC);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5: answers are told apart */
START_TEST(tags_are_not_given_again_where_they_are_loaded)
{
	struct machine *m = pri_started();

	submit(m, ATC_PAGE);
	submit(m, ATC_PAGE);
	ck_assert_int_eq(complete(m, 1), 0);
	reload(m);
	look_away(m);
	submit(m, ATC_PAGE);
	ck_assert_uint_eq(first(m, INVALIDATES_ATC)->atc.tag, 3);
	close_machine(m);
}
END_TEST

/* Of 33 the last is not asked for yet, CMDQEN not acknowledged as gone.  CR-008 */
START_TEST(a_command_that_waits_for_room_goes_on)
{
	struct machine *m = pri_machine();

	m->cmdq_lg2 = 6;
	start(m);
	for (unsigned i = 0; i < 33; i++)
		submit(m, ATC_PAGE);
	set_reg(m, CR0, ALL_ON & ~(unsigned)CMDQEN);
	reload(m);
	look_away(m);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_ON);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_int_eq(complete(m, 20), 0);
	ck_assert_uint_eq(first(m, INVALIDATES_ATC)->atc.tag, 33);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 33);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_ON & ~(unsigned)CMDQEN);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5: the host of an SMMU cannot be told that an ATC is to be invalidated */
START_TEST(a_host_without_endpoints_gets_no_invalidations)
{
	struct machine *m = with_sync();
	const struct blob blob = saved(m);

	m->no_atc = true;
	renew(m);
	expect_refused(m, &blob, SMMU3_E_ARGUMENT, "host.atc_invalidate is not set");
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, page_requests_have_these_bytes);
	tcase_add_test(tests, page_requests_are_written_where_they_are_loaded);
	tcase_add_test(tests, an_answer_that_is_due_is_given_where_it_is_loaded);
	tcase_add_test(tests, an_error_of_the_queue_survives);
	tcase_add_test(tests, a_sync_that_waits_has_these_bytes);
	tcase_add_test(tests, a_sync_goes_on_waiting_where_it_is_loaded);
	tcase_add_test(tests, a_sync_fails_where_it_is_loaded);
	tcase_add_test(tests, a_time_out_is_not_forgotten);
	tcase_add_test(tests, tags_are_not_given_again_where_they_are_loaded);
	tcase_add_test(tests, a_command_that_waits_for_room_goes_on);
	tcase_add_test(tests, a_host_without_endpoints_gets_no_invalidations);
}

int main(void)
{
	return run("save-endpoints", add);
}
