/* SPDX-License-Identifier: MIT */
/* Page requests that overflow the queue, and how endpoints are answered.  8.1, 4.5.2 */
#include "pages.h"
#include "run.h"

#include <check.h>

/* PRIQ-006, PRIQ-007: OVFLG turns over once; room does not end an overflow, software does */
START_TEST(an_overflow_lasts_until_it_is_acknowledged)
{
	struct machine *m = pri_started();

	fill(m);
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 4);
	expect_taken(m, R | LAST);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 4);
	set_reg(m, PRIQ_CONS, 3);
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 4);
	set_reg(m, PRIQ_CONS, OVFLG | 4);
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 5);
	close_machine(m);
}
END_TEST

/* PRIQ-006: acknowledged while it is full still, the next overflows it again */
START_TEST(a_queue_that_is_still_full_overflows_again)
{
	struct machine *m = pri_started();

	fill(m);
	expect_taken(m, R);
	set_reg(m, PRIQ_CONS, OVFLG);
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 4);
	close_machine(m);
}
END_TEST

/* PRIQ-007, PRIQ-008, PRIQ-013, ATS-28: also the one that caused the overflow; a Stop Marker and
 * what is not the last of its group are dropped silently */
START_TEST(an_overflow_answers_the_last_of_a_group)
{
	static const struct {
		unsigned flags;
		bool answered;
	} rows[] = {
		{ R, false },
		{ R | LAST, true },
		{ LAST, true },
		{ STOP_MARKER, false },
	};
	struct machine *m = pri_started();

	fill(m);
	for (unsigned i = 0; i < 2; i++) {
		expect_taken(m, rows[_i].flags);
		if (rows[_i].answered)
			expect_answer(m, SUCCESS, false);
		else
			expect_no_answer(m);
	}
	ck_assert_uint_eq(reg(m, PRIQ_PROD), OVFLG | 4);
	close_machine(m);
}
END_TEST

static void put_ste(struct machine *m, uint64_t word0, uint64_t word1)
{
	ram_at(m, STREAMS_AT + UINT64_C(3) * 64)[0] = word0;
	ram_at(m, STREAMS_AT + UINT64_C(3) * 64)[1] = word1;
}

/* PRIQ-008, ATS-28: with a PASID PPAR, bit 82, decides, if there is a legal STE; Config 0b000 is
 * one */
START_TEST(ppar_decides_whether_the_pasid_goes_back)
{
	static const struct {
		uint64_t word0, word1;
		unsigned code;
		bool pasid;
	} rows[] = {
		{ 1, UINT64_C(1) << 18, SUCCESS, true },
		{ 1, 0, SUCCESS, false },
		{ 9, UINT64_C(1) << 18, SUCCESS, true },
		{ 0, UINT64_C(1) << 18, FAILURE, false },
	};
	struct machine *m = pri_started();

	put_ste(m, rows[_i].word0, rows[_i].word1);
	fill(m);
	expect_taken(m, SSV | R | LAST);
	expect_answer(m, rows[_i].code, rows[_i].pasid);
	expect_taken(m, R | LAST);
	expect_answer(m, SUCCESS, false);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* PRIQ-008, ATS-28: IDR3.PPS: no STE is read */
START_TEST(with_pps_the_pasid_goes_back)
{
	struct machine *m = pri_machine();

	m->config.idr[3] |= IDR3_PPS;
	start(m);
	fill(m);
	expect_taken(m, SSV | R | LAST);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_STE), 0);
	expect_answer(m, SUCCESS, true);
	close_machine(m);
}
END_TEST

/* PRIQ-009, ATS-28: C_BAD_STREAMID with both, F_STE_FETCH and C_BAD_STE with REC_CFG_ATS; ATSRECERR
 * is of SMMUv3.2, which has both stages only with Hyp */
START_TEST(what_is_wrong_with_the_stream_is_recorded_with_rec_cfg_ats)
{
	enum { REC_CFG_ATS = 8, RECINVSID = 2 };
	static const uint8_t events[] = { 0x02, 0x03, 0x04 };
	static const uint8_t cr2[] = { 0, RECINVSID, REC_CFG_ATS, REC_CFG_ATS | RECINVSID };
	const unsigned event = events[_i / 4], allows = cr2[_i % 4];
	const bool recorded = allows & REC_CFG_ATS && (event != 2 || allows & RECINVSID);
	struct machine *m = pri_machine();

	m->config.idr[0] = (m->config.idr[0] & ~1u) | 1u << 23;
	m->config.aidr = 2;
	open_machine(m);
	set_reg(m, CR2, allows);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg(m, STRTAB_BASE_CFG, event == 2 ? 1 : 3);
	m->aborts[0] = event == 3 ? STREAMS_AT + UINT64_C(3) * 64 : 0;
	set_reg(m, CR0, ALL_ON);
	fill(m);
	expect_taken(m, SSV | R | LAST);
	expect_answer(m, FAILURE, false);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), recorded);
	if (recorded)
		ck_assert_uint_eq(ram_at(m, EVENTS_AT)[0],
				  event | 1 << 11 | UINT64_C(0x54321) << 12 | UINT64_C(3) << 32);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP, PRIQ-014: opcode 0x41, SSV 11, SubstreamID, StreamID, PRGIndex 72:64, Resp 77:76 */
START_TEST(software_answers_by_command)
{
	static const uint8_t codes[] = { FAILURE, INVALID, SUCCESS };
	const uint64_t ssv = (uint64_t)_i % 2, resp = (uint64_t)_i / 2;
	struct machine *m = pri_started();

	submit(m,
	       (struct command){ { 0x41 | ssv << 11 | UINT64_C(0x54321) << 12 | UINT64_C(3) << 32,
				   0x1aa | resp << 12 } });
	submit(m, SYNC_NONE);
	expect_answer(m, codes[resp], ssv);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP */
START_TEST(without_substreams_an_answer_has_no_pasid)
{
	struct machine *m = pri_machine();

	m->config.idr[1] &= ~(0x1fu << 6);
	start(m);
	submit(m, (struct command){ { 0x41 | 1 << 11 | UINT64_C(0x54321) << 12 | UINT64_C(3) << 32,
				      0x1aa | 2 << 12 } });
	expect_answer(m, SUCCESS, false);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP, CMD-PRI-RESP-1: Resp 0b11, and without PRI */
START_TEST(an_answer_that_is_none_is_illegal)
{
	struct machine *m = pri_machine();

	m->config.idr[0] &= _i ? ~(1u << 16) : UINT32_MAX;
	start(m);
	submit(m, (struct command){ { 0x41 | UINT64_C(3) << 32, _i ? 0 : 3 << 12 } });
	ck_assert_uint_eq(reg(m, CMDQ_CONS) >> 24, CERROR_ILL);
	expect_no_answer(m);
	close_machine(m);
}
END_TEST

/* CMD-PRI-RESP-1, CR-014 */
START_TEST(while_the_smmu_is_disabled_answers_are_ignored)
{
	struct machine *m = pri_started();

	update(m, CR0, CMDQEN | PRIQEN);
	submit(m, (struct command){ { 0x41 | UINT64_C(3) << 32, 0 } });
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	expect_no_answer(m);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_overflow_lasts_until_it_is_acknowledged);
	tcase_add_test(tests, a_queue_that_is_still_full_overflows_again);
	tcase_add_loop_test(tests, an_overflow_answers_the_last_of_a_group, 0, 4);
	tcase_add_loop_test(tests, ppar_decides_whether_the_pasid_goes_back, 0, 4);
	tcase_add_test(tests, with_pps_the_pasid_goes_back);
	tcase_add_loop_test(tests, what_is_wrong_with_the_stream_is_recorded_with_rec_cfg_ats, 0,
			    12);
	tcase_add_loop_test(tests, software_answers_by_command, 0, 6);
	tcase_add_test(tests, without_substreams_an_answer_has_no_pasid);
	tcase_add_loop_test(tests, an_answer_that_is_none_is_illegal, 0, 2);
	tcase_add_test(tests, while_the_smmu_is_disabled_answers_are_ignored);
}

int main(void)
{
	return run("priq_answers", add);
}
