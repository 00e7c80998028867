/* SPDX-License-Identifier: MIT */
/* ATS Translated transactions.  3.9.1.3 */
#include "support/ats_world.h"

static struct world translated_world(unsigned config, unsigned eats)
{
	struct world w = ats_world(config, eats);

	w.txn.ats = SMMU3_ATS_TRANSLATED;
	return w;
}

#define PA_52 ((UINT64_C(1) << 52) - 0x1000)

/* ATS-20, EVT-ATS-6, CR-019: no STE is read, so that one that is ILLEGAL does not matter; nothing
 * says how large the translation is */
START_TEST(unchecked_traffic_passes_whatever_its_stream_says)
{
	struct world w = translated_world(NESTED, EATS_NONE);

	w.behind_host = true;
	w.ste[0] = 0;
	w.txn.sid = 1000;
	drive(&w, 0x44, SMMU3_OSH);
	expect_pa(&w, PA_52, NW0, PA_52);
	ck_assert_uint_eq(w.seen_count, 0);
	ck_assert_uint_eq(w.out.span, 0);
	ck_assert_uint_eq(w.out.attr.mair, 0x44);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_OSH);
	ck_assert_uint_eq(w.out.stages, 0);
	close_world(&w);
}
END_TEST

/* ATS-26: silently, checked or not; 52 bits of address */
START_TEST(an_address_that_is_too_large_aborts_without_an_event)
{
	struct world w = translated_world(S1_ONLY, EATS_FULL);

	reopen(&w, _i ? CR0_OPEN | CR0_ATSCHK : CR0_OPEN, CR2_RECINVSID);
	expect_pa(&w, PA_52, 0, PA_52);
	expect_end(&w, UINT64_C(1) << 52, SMMU3_ABORT, 0, 0);
	expect_end(&w, VA | UINT64_C(1) << 63, SMMU3_ABORT, 0, 0);
	close_world(&w);
}
END_TEST

/* ATS-20, EVT-ATS-6, EVT-07, FLT-17, CR-014: whether it is checked or not; a read, a write, and an
 * atomic, which is a write.  No SubstreamID */
START_TEST(a_disabled_smmu_forbids_translated_traffic)
{
	static const struct {
		unsigned flags, txn_class;
		uint64_t rnw;
	} rows[] = {
		{ PASID | PRIV, SMMU3_CLASS_ORDINARY, RNW },
		{ NW0, SMMU3_CLASS_ORDINARY, 0 },
		{ 0, SMMU3_CLASS_ATOMIC, 0 },
	};
	struct world w = translated_world(NESTED, EATS_FULL);

	w.txn.ssid = 9;
	w.txn.txn_class = (uint8_t)rows[_i].txn_class;
	reopen(&w, 4, 0);
	ck_assert_uint_eq(ask(&w, PA_52 | OFFSET, rows[_i].flags), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_TRANSL_FORBIDDEN);
	expect_record(&w, PA_52 | OFFSET, rows[_i].rnw, 0);
	reopen(&w, 4 | CR0_ATSCHK, 0);
	expect_end(&w, VA, SMMU3_ABORT, F_TRANSL_FORBIDDEN, 1);
	close_world(&w);
}
END_TEST

/* ATS-03, ATS-21, EVT-ATS-5 */
START_TEST(a_checked_stream_without_ats_forbids_translated_traffic)
{
	static const struct {
		uint8_t config, eats, event;
	} rows[] = {
		{ ABORT_ALL, EATS_FULL, 0 },
		{ BYPASS, EATS_FULL, F_TRANSL_FORBIDDEN },
		{ S1_ONLY, EATS_NONE, F_TRANSL_FORBIDDEN },
		{ NESTED, EATS_DPT, F_TRANSL_FORBIDDEN },
	};
	struct world w = translated_world(rows[_i].config, rows[_i].eats);

	check_translated(&w);
	expect_end(&w, VA, SMMU3_ABORT, rows[_i].event, rows[_i].event != 0);
	close_world(&w);
}
END_TEST

/* ATS-24, ATS-25: nothing is translated, no CD is read; the stream's attributes count for nothing.
 * Without a PASID that counts neither S1DSS nor S1CDMax does */
START_TEST(full_ats_passes_a_physical_address)
{
	struct world w = translated_world(_i ? NESTED : S1_ONLY, EATS_FULL);

	w.behind_host = true;
	give_substreams(&w, 0);
	w.ste[1] |= BIT(36) | UINT64_C(5) << 32 | UINT64_C(2) << 44; /* MTCFG, MemAttr, SHCFG */
	w.ste[1] &= ~BIT(44);
	w.txn.ssid = 0xfffff;
	drive(&w, 0xff, SMMU3_ISH);
	check_translated(&w);
	expect_pa(&w, PA_52, PASID | NW0, PA_52);
	ck_assert_uint_eq(w.seen_count, 1); /* the STE */
	ck_assert_uint_eq(w.out.attr.mair, 0xff);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(w.out.stages, 0);
	close_world(&w);
}
END_TEST

/* ATS-24: an IPA, with the attributes that it came with, MemAttr 0b1111 of the page keeps */
START_TEST(split_stage_ats_passes_through_stage_2)
{
	struct world w = translated_world(NESTED, EATS_SPLIT);

	w.behind_host = true;
	w.cd[0] = 0;
	w.ste[1] |= BIT(36); /* MTCFG: Device-nGnRnE */
	check_translated(&w);
	expect_pa(&w, IPA_PAGE | OFFSET, NW0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.stages, 2);
	ck_assert_uint_eq(w.out.span, 4096);
	ck_assert_uint_eq(w.out.attr.mair, 0xff);
	close_world(&w);
}
END_TEST

/* ATS-24, ATS-23, EVT-ATS-7, STALL-06: with S2R; S2 = 1 and CLASS = IN */
START_TEST(a_stage_2_fault_of_split_stage_ats_is_as_of_any_transaction)
{
	struct world w = translated_world(NESTED, EATS_SPLIT);

	make_faults_stall(&w);
	w.ste[2] |= _i ? 0 : BIT(58);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~AF));
	check_translated(&w);
	ck_assert_uint_eq(ask(&w, IPA_PAGE | OFFSET, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_ACCESS);
	if (_i)
		ck_assert_uint_eq(w.out.recorded, 0);
	else
		expect_record(&w, IPA_PAGE | OFFSET, RNW | S2 | CLASS(2), IPA_PAGE);
	close_world(&w);
}
END_TEST

/* ATS-24: whatever S2R is */
START_TEST(an_aborted_stage_2_walk_of_split_stage_ats_is_recorded)
{
	struct world w = translated_world(NESTED, EATS_SPLIT);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = slot2(2);
	w.ste[2] &= ~BIT(58);
	check_translated(&w);
	expect_end(&w, IPA_PAGE, SMMU3_ABORT, F_WALK_EABT, 1);
	close_world(&w);
}
END_TEST

/* ATS-23, ATS-24, EVT-ATS-5: IAS is 52 bits; it is as of a stage 1 that is passed by */
START_TEST(an_ipa_that_is_too_large_is_a_fault_of_stage_1)
{
	struct world w = translated_world(NESTED, EATS_SPLIT);

	check_translated(&w);
	ck_assert_uint_eq(ask(&w, UINT64_C(1) << 52, NW0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_ADDR_SIZE);
	expect_record(&w, UINT64_C(1) << 52, CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* ATS-24, ATS-25: XN[1:0] of stage 2: 0b10 nobody executes, 0b01 only users.  Neither Exe nor Priv
 * of what arrives counts, the overrides of the stream do */
START_TEST(split_stage_ats_is_data_of_users_unless_overridden)
{
	static const struct {
		uint8_t privcfg, instcfg, xn;
		bool passes;
	} rows[] = {
		{ 0, 0, 2, true }, { 0, 3, 2, false }, { 0, 3, 0, true },
		{ 0, 3, 1, true }, { 3, 3, 1, false }, { 3, 3, 3, true },
	};
	struct world w = translated_world(NESTED, EATS_SPLIT);

	w.ste[1] |= (uint64_t)rows[_i].privcfg << 48 | (uint64_t)rows[_i].instcfg << 50;
	put(&w, slot2(3), PA_PAGE | S2_PAGE | (uint64_t)rows[_i].xn << 53);
	check_translated(&w);
	ck_assert_uint_eq(ask(&w, IPA_PAGE, PASID | EXE | PRIV),
			  rows[_i].passes ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, rows[_i].passes ? 0 : F_PERMISSION);
	ck_assert_uint_eq(w.out.privileged, rows[_i].privcfg == 3);
	close_world(&w);
}
END_TEST

/* ATS-22, EVT-ATS-4: RECINVSID has no say */
START_TEST(a_checked_transaction_that_finds_no_stream_aborts)
{
	static const uint8_t events[] = { C_BAD_STREAMID, F_STE_FETCH, C_BAD_STE };
	struct world w = ats_recording_world(S1_ONLY, EATS_FULL);
	const unsigned event = events[_i];

	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.txn.sid = event == C_BAD_STREAMID ? 64 : SID;
	w.abort_at = event == F_STE_FETCH ? STE_AT : 0;
	w.ste[0] &= event == C_BAD_STE ? ~BIT(0) : UINT64_MAX;
	check_translated(&w);
	expect_end(&w, VA, SMMU3_ABORT, event, 0);
	reopen(&w, CR0_OPEN | CR0_ATSCHK, CR2_REC_CFG_ATS);
	expect_end(&w, VA, SMMU3_ABORT, event, 1);
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS);
	expect_pa(&w, VA, 0, VA);
	close_world(&w);
}
END_TEST

/* ATS-23, EVT-ATS-5: what is wrong with the STE is told before what it says of ATS */
START_TEST(an_illegal_ste_is_told_before_that_ats_is_disabled)
{
	struct world w = translated_world(S1_ONLY, EATS_NONE);

	w.ste[0] &= ~BIT(0);
	check_translated(&w);
	expect_end(&w, VA, SMMU3_ABORT, C_BAD_STE, 0);
	close_world(&w);
}
END_TEST

/* CR-019, ATS-27: a change of ATSCHK counts at once */
START_TEST(atschk_counts_from_its_acknowledgement)
{
	struct world w = translated_world(S1_ONLY, EATS_NONE);

	expect_pa(&w, VA, 0, VA);
	mmio(&w, 0x20, 4, CR0_OPEN | CR0_ATSCHK);
	expect_end(&w, VA, SMMU3_ABORT, F_TRANSL_FORBIDDEN, 1);
	mmio(&w, 0x20, 4, CR0_OPEN);
	expect_pa(&w, VA, 0, VA);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, unchecked_traffic_passes_whatever_its_stream_says);
	tcase_add_loop_test(tests, an_address_that_is_too_large_aborts_without_an_event, 0, 2);
	tcase_add_loop_test(tests, a_disabled_smmu_forbids_translated_traffic, 0, 3);
	tcase_add_loop_test(tests, a_checked_stream_without_ats_forbids_translated_traffic, 0, 4);
	tcase_add_loop_test(tests, full_ats_passes_a_physical_address, 0, 2);
	tcase_add_test(tests, split_stage_ats_passes_through_stage_2);
	tcase_add_loop_test(tests, a_stage_2_fault_of_split_stage_ats_is_as_of_any_transaction, 0,
			    2);
	tcase_add_test(tests, an_aborted_stage_2_walk_of_split_stage_ats_is_recorded);
	tcase_add_test(tests, an_ipa_that_is_too_large_is_a_fault_of_stage_1);
	tcase_add_loop_test(tests, split_stage_ats_is_data_of_users_unless_overridden, 0, 6);
	tcase_add_loop_test(tests, a_checked_transaction_that_finds_no_stream_aborts, 0, 3);
	tcase_add_test(tests, an_illegal_ste_is_told_before_that_ats_is_disabled);
	tcase_add_test(tests, atschk_counts_from_its_acknowledgement);
}

int main(void)
{
	return run_suite("ats_translated", add);
}
