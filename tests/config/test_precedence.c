/* SPDX-License-Identifier: MIT */
/* Which of several errors is found, how a stream's faults end, and what only a caller can get
 * wrong. */
#include "support/conf_world.h"

#define SSV SMMU3_TXN_SSV

/* ---- Order of events.  7.3.22 */

enum step {
	DISABLED,
	STREAM_RANGE,
	STE_ABORT,
	STE_INVALID,
	SUBSTREAM_RANGE,
	NO_SUBSTREAM,
	CD_UNMAPPED,
	CD_ABORT,
	CD_INVALID,
	PAGE_UNMAPPED,
	NOTHING_WRONG,
	STEPS,
};

static const unsigned found[STEPS] = {
	[STREAM_RANGE] = C_BAD_STREAMID,
	[STE_ABORT] = F_STE_FETCH,
	[STE_INVALID] = C_BAD_STE,
	[SUBSTREAM_RANGE] = C_BAD_SUBSTREAMID,
	[NO_SUBSTREAM] = F_STREAM_DISABLED,
	[CD_UNMAPPED] = F_TRANSLATION,
	[CD_ABORT] = F_CD_FETCH,
	[CD_INVALID] = C_BAD_CD,
	[PAGE_UNMAPPED] = F_TRANSLATION,
};

/* Two stages and four substreams; the CD that accesses use comes through IPA_PAGE.  Everything from
 * `first` on is wrong. */
static struct world wrong_from(enum step first)
{
	struct world w = nested_through(SMMU3_CLASS_CD);
	const uint64_t cd = IPA_PAGE + 64 * 2;

	w.behind_host = true;
	w.ste[0] = BIT(0) | NESTED << 1 | (cd & ~UINT64_C(0xff)) |
		   UINT64_C(2) << 59; /* S1CDMax 2, S1DSS 0 */
	w.ste[2] &= ~BIT(
		58); /* S2R, A and R of the CD have no say in what is no fault of translation */
	change(w.cd, CD_R_A, 0);
	put_structure(&w, CD_PAGE + 64 * 2, w.cd);
	w.txn.ssid = 2;
	w.txn.sid = SID;
	w.answer = SMMU3_MEM_ABORT;
	if (first <= STREAM_RANGE)
		w.txn.sid = 64;
	if (first <= STE_INVALID)
		w.ste[0] &= ~BIT(0);
	if (first <= SUBSTREAM_RANGE)
		w.txn.ssid = 4;
	if (first <= CD_UNMAPPED)
		put(&w, slot2(3), 0);
	if (first <= CD_ABORT)
		w.abort_at = first <= STE_ABORT ? STE_AT : CD_PAGE + 64 * 2;
	if (first <= CD_INVALID)
		*word_at(&w, CD_PAGE + 64 * 2) &= ~BIT(31);
	if (first <= PAGE_UNMAPPED)
		put(&w, slot1(3), 0);
	return w;
}

/* ORD-01, ORD-02, ORD-03, SUB-18, FLT-03, EVT-P1: each error together with all that come later */
START_TEST(of_several_errors_the_first_in_the_order_of_the_architecture_is_found)
{
	const enum step first = (enum step)_i;
	const unsigned flags = first == NO_SUBSTREAM ? 0 : SSV;
	struct world w = wrong_from(first);

	open_world(&w);
	if (first == DISABLED)
		mmio(&w, 0x20, 4, 0);
	reach(&w, VA, flags);
	ck_assert_uint_eq(w.out.event, found[first]);
	ck_assert_uint_eq(w.out.fault_stage, first == CD_UNMAPPED   ? 2 :
					     first == PAGE_UNMAPPED ? 1 :
								      0);
	if (found[first])
		ck_assert_uint_eq(w.out.record.word[0], word0(&w, found[first], flags));
	if (found[first] && found[first] != F_TRANSLATION) {
		ck_assert_uint_eq(w.out.verdict, SMMU3_ABORT); /* STALL-01 */
		ck_assert_uint_eq(w.out.recorded, 1);
		ck_assert_uint_eq(w.out.record.word[1] | w.out.record.word[2], 0);
	}
	if (!found[first])
		ck_assert_uint_eq(w.out.verdict, SMMU3_OK);
	close_world(&w);
}
END_TEST

/* SUB-20, ORD-01: the abort of Config 0b000 comes before the substream, and that before an address
 * that cannot bypass */
START_TEST(a_disabled_stream_is_silent_and_a_bypassing_one_refuses_substreams_first)
{
	struct world w = stream(0);

	w.txn.ssid = 7;
	expect_silence(&w, UINT64_MAX - 7, SSV);
	change(w.ste, CONFIG, _i ? S2_ONLY : BYPASS);
	open_world(&w);
	expect_error(&w, UINT64_MAX - 7, SSV, C_BAD_SUBSTREAMID, 0);
	close_world(&w);
}
END_TEST

/* ORD-01: the STE is judged whole, also what this access would not use */
START_TEST(an_illegal_ste_is_found_before_the_substream_and_the_address)
{
	struct world w = stream(S2_ONLY);

	change(w.ste, S2TG, 3);
	w.txn.ssid = 7;
	expect_error(&w, UINT64_MAX - 7, SSV, C_BAD_STE, 0);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500007804));
	close_world(&w);
}
END_TEST

/* ---- How faults end.  5.5 */

enum fault { STAGE_1, STAGE_2_TT, STAGE_2_IN, FAULTS };

/* STALL-01, STALL-02, STALL-03: the stage at fault alone decides */
START_TEST(cd_a_and_r_speak_for_stage_1_and_s2r_for_stage_2)
{
	const enum fault fault = (enum fault)(_i / 8);
	const bool a = _i & 1, r = _i & 2, s2r = _i & 4;
	struct world w = nested_through(fault == STAGE_2_TT ? SMMU3_CLASS_TT : SMMU3_CLASS_IN);

	change(w.cd, CD_A, a);
	change(w.cd, CD_R, r);
	change(w.ste, S2R, s2r);
	put(&w, fault == STAGE_1 ? slot1(3) : slot2(3), 0);
	ck_assert_uint_eq(reach(&w, VA, 0), fault == STAGE_1 && !a ? SMMU3_RAZ_WI : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_TRANSLATION);
	ck_assert_uint_eq(w.out.fault_stage, fault == STAGE_1 ? 1 : 2);
	ck_assert_uint_eq(w.out.recorded, fault == STAGE_1 ? r : s2r);
	ck_assert_uint_eq(w.out.record.word[1] & BIT(31), 0); /* Stall */
	close_world(&w);
}
END_TEST

/* CD-30, STALL-03: with TERM_MODEL = 1 A is 1, and faults abort */
START_TEST(term_model_1_knows_aborts_only)
{
	struct world w = stream(S1_ONLY);

	change_id(&w, TERM_MODEL, 1);
	put(&w, slot1(3), 0);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, 3);
	change(w.cd, CD_A, 0);
	open_world(&w);
	expect_error(&w, VA, 0, C_BAD_CD, 0);
	close_world(&w);
}
END_TEST

/* STE-19: libsmmu never merges, so MEV = 1 gets no fewer records than MEV = 0 */
START_TEST(every_one_of_several_equal_faults_is_recorded)
{
	struct world w = stream(S1_ONLY);

	change(w.ste, MEV, (uint64_t)_i);
	put(&w, slot1(3), 0);
	for (unsigned turn = 0; turn < 3; turn++) {
		expect_event(&w, VA, 0, F_TRANSLATION, 1, 3);
		expect_record(&w, VA, RNW | CLASS(2), 0);
	}
	close_world(&w);
}
END_TEST

/* ---- Mistakes of the caller */

static const struct mistake {
	struct smmu3_txn txn;
	const char *why;
} mistakes[] = {
	{ { .addr = 0, .bytes = 0, .sid = SID }, "txn-bytes" },
	{ { .addr = UINT64_MAX, .bytes = 0, .sid = SID }, "txn-bytes" },
	{ { .addr = UINT64_MAX - 3, .bytes = 5, .sid = SID }, "txn-wrap" },
	{ { .addr = 1, .bytes = UINT64_MAX, .sid = SID, .flags = SMMU3_TXN_PROBE }, "" },
	{ { .addr = 2, .bytes = UINT64_MAX, .sid = SID }, "txn-wrap" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .sec_sid = SMMU3_PAS_SECURE }, "txn-sec-sid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .sec_sid = SMMU3_PAS_REALM }, "txn-sec-sid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .sec_sid = SMMU3_PAS_ROOT }, "txn-sec-sid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .sec_sid = 4 }, "txn-sec-sid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .sec_sid = 255 }, "txn-sec-sid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .txn_class = 14 }, "txn-class" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .txn_class = 255 }, "txn-class" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .flags = SSV, .ssid = 0x100000 }, "txn-ssid" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .flags = SSV, .ssid = UINT32_MAX }, "txn-ssid" },
	{ { .addr = 0, .bytes = 1, .sid = UINT32_MAX, .ssid = UINT32_MAX }, "" },
	{ { .addr = 0, .bytes = 1, .sid = SID, .flags = SMMU3_TXN_NS }, "" },
};

/* ST-01: enabled, and disabled, where nothing else could refuse it.  why "" is no mistake */
START_TEST(a_mistake_of_the_caller_is_an_error_that_nobody_else_sees)
{
	const struct mistake *row = &mistakes[_i / 2];
	struct world w = world(BYPASS);

	w.behind_host = true;
	open_world(&w);
	if (_i % 2)
		mmio(&w, 0x20, 4, 0);
	w.seen_count = 0;
	memset(&w.out, 0xa5, sizeof(w.out));
	smmu3_translate(w.smmu, &row->txn, &w.out);
	if (*row->why) {
		ck_assert_uint_eq(w.out.verdict, SMMU3_ERROR);
		ck_assert_str_eq(smmu3_why(w.out.why)->name, row->why);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_CALLER);
		ck_assert_uint_eq(w.out.event | w.out.recorded | w.seen_count, 0);
		expect_words(&w, 0, 0, 0, 0);
	} else {
		ck_assert_uint_ne(w.out.verdict, SMMU3_ERROR);
	}
	close_world(&w);
}
END_TEST

/* NS-01: TXN_NS is for streams of other states */
START_TEST(an_access_of_a_non_secure_stream_is_non_secure_whatever_it_says)
{
	static const unsigned configs[] = { BYPASS, S1_ONLY, S2_ONLY, NESTED };
	struct world w = stream(configs[_i / 2]);

	w.txn.flags = _i % 2 ? SMMU3_TXN_NS : 0;
	change(w.ste, NSCFG, 2);
	expect_unchanged(&w, configs[_i / 2]);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    of_several_errors_the_first_in_the_order_of_the_architecture_is_found,
			    0, STEPS);
	tcase_add_loop_test(
		tests, a_disabled_stream_is_silent_and_a_bypassing_one_refuses_substreams_first, 0,
		2);
	tcase_add_test(tests, an_illegal_ste_is_found_before_the_substream_and_the_address);
	tcase_add_loop_test(tests, cd_a_and_r_speak_for_stage_1_and_s2r_for_stage_2, 0, 8 * FAULTS);
	tcase_add_test(tests, term_model_1_knows_aborts_only);
	tcase_add_loop_test(tests, every_one_of_several_equal_faults_is_recorded, 0, 2);
	tcase_add_loop_test(tests, a_mistake_of_the_caller_is_an_error_that_nobody_else_sees, 0,
			    2 * ROWS(mistakes));
	tcase_add_loop_test(tests, an_access_of_a_non_secure_stream_is_non_secure_whatever_it_says,
			    0, 8);
}

int main(void)
{
	return run_suite("precedence", add);
}
