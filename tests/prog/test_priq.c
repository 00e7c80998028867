/* SPDX-License-Identifier: MIT */
/* Page requests: what is written to the PRI queue, and what it interrupts.  8 */
#include "pages.h"
#include "run.h"

#include <check.h>

/* PRIQ-001, PRIQ-003, PRIQ-004, PRIQ-005, PRIQ-013: StreamID 3, SubstreamID 51:32, Priv 58, X 59,
 * R 60, W 61, Last 62, SSV 63; PRGIndex 72:64, address 127:76.  A Stop Marker is stored, too */
START_TEST(a_request_is_written_to_the_queue)
{
	static const struct {
		unsigned flags;
		uint64_t word;
	} rows[] = {
		{ R, UINT64_C(1) << 60 },
		{ W | LAST, UINT64_C(3) << 61 },
		{ X | PRIV | R, UINT64_C(1) << 60 }, /* without a PASID */
		{ LAST, UINT64_C(1) << 62 },
		{ SSV | X | R | PRIV, UINT64_C(0x9c05432100000000) },
		{ STOP_MARKER, UINT64_C(0xc005432100000000) },
	};
	struct machine *m = pri_started();

	expect_taken(m, rows[_i].flags);
	ck_assert_uint_eq(ram_at(m, PAGES_AT)[0], rows[_i].word | 3);
	ck_assert_uint_eq(ram_at(m, PAGES_AT)[1], UINT64_C(0xfedcba98765431aa));
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_PRIQ)->access.bytes, 16);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), 1);
	expect_no_answer(m);
	close_machine(m);
}
END_TEST

/* PRIQ-004: SSV is 0 where there are no substreams */
START_TEST(without_substreams_a_request_has_no_pasid)
{
	struct machine *m = pri_machine();

	m->config.idr[1] &= ~(0x1fu << 6);
	start(m);
	expect_taken(m, SSV | R | X);
	ck_assert_uint_eq(ram_at(m, PAGES_AT)[0], UINT64_C(1) << 60 | 3);
	close_machine(m);
}
END_TEST

/* PRIQ-002: PROD is software's while PRIQEN and its acknowledgement are 0, CONS always */
START_TEST(prod_is_written_while_the_queue_is_disabled)
{
	struct machine *m = pri_started();

	set_reg(m, PRIQ_PROD, 3);
	set_reg(m, PRIQ_CONS, OVFLG | 3);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	ck_assert_uint_eq(reg(m, PRIQ_CONS), OVFLG | 3);
	update(m, CR0, ALL_ON & ~(unsigned)PRIQEN);
	set_reg(m, PRIQ_PROD, OVFLG | 3);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 3);
	close_machine(m);
}
END_TEST

/* PRIQ-015: 2^19 entries */
START_TEST(a_queue_has_2_to_the_19_entries_at_most)
{
	struct machine *m = pri_machine();
	struct smmu3_config *config = &m->config;

	config->idr[1] = (config->idr[1] & ~(0x1fu << 11)) | 19u << 11;
	ck_assert_int_eq(smmu3_config_check(config, NULL), 0);
	config->idr[1] += 1u << 11;
	ck_assert_int_eq(smmu3_config_check(config, NULL), -SMMU3_E_INCONSISTENT);
	close_machine(m);
}
END_TEST

/* PRIQ-005: in the order in which they came; PRIQ-002: the index goes round with its wrap bit */
START_TEST(requests_stay_in_order)
{
	struct machine *m = pri_started();

	for (unsigned i = 0; i < 6; i++) {
		ck_assert_int_eq(request(m, R, i), 0);
		set_reg(m, PRIQ_CONS, i + 1 > 4 ? i + 1 : reg(m, PRIQ_CONS));
		if (i == 3)
			set_reg(m, PRIQ_CONS, 2);
	}
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 6);
	ck_assert_uint_eq(ram_at(m, PAGES_AT)[1] & 0x1ff, 4);
	ck_assert_uint_eq(ram_at(m, PAGES_AT + 16)[1] & 0x1ff, 5);
	ck_assert_uint_eq(ram_at(m, PAGES_AT + 32)[1] & 0x1ff, 2);
	close_machine(m);
}
END_TEST

/* PRIQ-010, PRIQ-014, CR-011, CR-014: CR0ACK shows PRIQEN alone; Last or not, never with a PASID */
START_TEST(a_disabled_queue_refuses_every_request)
{
	static const unsigned flags[] = { R, R | LAST, SSV | R | LAST };
	const unsigned enabled = _i / 3 ? PRIQEN | EVENTQEN : ALL_ON & ~(unsigned)PRIQEN;
	struct machine *m = pri_started();

	update(m, CR0, enabled);
	look_away(m);
	ck_assert_uint_eq(reg(m, CR0ACK), enabled);
	expect_taken(m, flags[_i % 3]);
	expect_answer(m, FAILURE, false);
	expect_taken(m, STOP_MARKER);
	expect_no_answer(m);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* PRIQ-010, PRIQ-012: the one that was being written is answered, and all until it is acknowledged
 */
START_TEST(an_aborted_write_stops_the_queue)
{
	struct machine *m = pri_started();

	m->aborts[0] = PAGES_AT;
	expect_taken(m, SSV | R);
	ck_assert_uint_eq((reg(m, GERROR) ^ reg(m, GERRORN)), PRIQ_ABT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	expect_answer(m, FAILURE, false);
	m->aborts[0] = 0;
	expect_taken(m, R);
	expect_answer(m, FAILURE, false);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 0);
	set_reg(m, GERRORN, reg(m, GERROR));
	expect_taken(m, R);
	expect_no_answer(m);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* PRIQ-012: nobody answers a Stop Marker */
START_TEST(an_aborted_write_of_a_stop_marker_is_not_answered)
{
	struct machine *m = pri_started();

	m->aborts[0] = PAGES_AT;
	expect_taken(m, STOP_MARKER);
	expect_no_answer(m);
	ck_assert_uint_eq((reg(m, GERROR) ^ reg(m, GERRORN)), PRIQ_ABT_ERR);
	close_machine(m);
}
END_TEST

/* IRQ-003: LO = 0: when the queue was empty; LO = 1: at the last of a group, written or lost to an
 * overflow, and not otherwise */
START_TEST(lo_chooses_what_interrupts)
{
	struct machine *m = pri_machine();

	open_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg(m, PRIQ_IRQ_CFG2, _i ? LO : 0);
	set_reg(m, IRQ_CTRL, PRIQ_IRQEN);
	set_reg(m, CR0, ALL_ON);
	look_away(m);
	expect_taken(m, R);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), _i ? 0 : 1);
	look_away(m);
	expect_taken(m, R | LAST);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), _i ? 1 : 0);
	expect_taken(m, R);
	expect_taken(m, R);
	look_away(m);
	expect_taken(m, R);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), 0);
	expect_taken(m, STOP_MARKER);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), _i ? 1 : 0);
	look_away(m);
	update(m, CR0, ALL_ON & ~(unsigned)PRIQEN);
	expect_taken(m, R | LAST);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_PRIQ), 0);
	close_machine(m);
}
END_TEST

/* IRQ-003, IRQ-009: its message, and the error where that aborts */
START_TEST(the_interrupt_has_a_message_of_its_own)
{
	struct machine *m = pri_machine();

	open_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg64(m, PRIQ_IRQ_CFG0, DOORBELL);
	set_reg(m, PRIQ_IRQ_CFG1, 0x77);
	set_reg(m, IRQ_CTRL, PRIQ_IRQEN);
	set_reg(m, CR0, ALL_ON);
	m->aborts[0] = _i ? DOORBELL : 0;
	expect_taken(m, R);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), _i ? 0 : 0x77);
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), _i ? MSI_PRIQ_ABT_ERR : 0);
	close_machine(m);
}
END_TEST

static unsigned cr0ack_inside;

static void disable_inside(struct machine *m, const struct happening *now)
{
	if (now->kind != WRITES || now->access.reason != SMMU3_REASON_PRIQ)
		return;
	set_reg(m, CR0, ALL_ON & ~(unsigned)PRIQEN);
	cr0ack_inside = reg(m, CR0ACK);
}

/* CR-012 */
START_TEST(a_request_that_is_being_written_is_visible_before_the_acknowledgement)
{
	struct machine *m = pri_started();

	m->inside = disable_inside;
	expect_taken(m, R);
	ck_assert_uint_eq(cr0ack_inside, ALL_ON);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_ON & ~(unsigned)PRIQEN);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1);
	close_machine(m);
}
END_TEST

static void request_inside(struct machine *m, const struct happening *now)
{
	if (now->kind != INTERRUPT)
		return;
	for (unsigned i = 0; i < 64; i++)
		ck_assert_int_eq(request(m, R | LAST, i), 0);
	ck_assert_int_eq(request(m, R, 0), -SMMU3_E_LIMIT);
}

START_TEST(a_callback_may_request_64_pages)
{
	struct machine *m = pri_started();

	m->inside = request_inside;
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 4);
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 61);
	close_machine(m);
}
END_TEST

START_TEST(a_request_is_judged)
{
	const struct smmu3_page_request requests[] = { { .ssid = 1u << 20 },
						       { .prgindex = 0x200 },
						       { .flags = LAST << 1 },
						       { .sec_sid = SMMU3_PAS_SECURE },
						       { 0 } };
	static const int results[] = { -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT, -SMMU3_E_ARGUMENT,
				       -SMMU3_E_UNSUPPORTED, 0 };
	struct machine *m = pri_started();

	for (int i = 0; i < COUNT(requests); i++)
		ck_assert_int_eq(smmu3_page_request(m->smmu, &requests[i]), results[i]);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1);
	close_machine(m);
}
END_TEST

START_TEST(without_pri_no_request_is_taken)
{
	struct machine *m = started("generic-3.1");

	ck_assert_int_eq(request(m, R, 0), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_request_is_written_to_the_queue, 0, 6);
	tcase_add_test(tests, without_substreams_a_request_has_no_pasid);
	tcase_add_test(tests, prod_is_written_while_the_queue_is_disabled);
	tcase_add_test(tests, a_queue_has_2_to_the_19_entries_at_most);
	tcase_add_test(tests, requests_stay_in_order);
	tcase_add_loop_test(tests, a_disabled_queue_refuses_every_request, 0, 6);
	tcase_add_test(tests, an_aborted_write_stops_the_queue);
	tcase_add_test(tests, an_aborted_write_of_a_stop_marker_is_not_answered);
	tcase_add_loop_test(tests, lo_chooses_what_interrupts, 0, 2);
	tcase_add_loop_test(tests, the_interrupt_has_a_message_of_its_own, 0, 2);
	tcase_add_test(tests,
		       a_request_that_is_being_written_is_visible_before_the_acknowledgement);
	tcase_add_test(tests, a_callback_may_request_64_pages);
	tcase_add_test(tests, a_request_is_judged);
	tcase_add_test(tests, without_pri_no_request_is_taken);
}

int main(void)
{
	return run("priq", add);
}
