/* SPDX-License-Identifier: MIT */
/* The obvious walker's ATS, on cases worked by hand.  3.9.1, 5.2 (EATS), 13.6, 13.7 */
#include "array.h"
#include "support/suite.h"

enum { ATS = 1 << 10, ATSRECERR = 1 << 23, ATSCHK = 1 << 4, REC_CFG_ATS = 1 << 3 };
enum { R = SMMU3_ATS_R, W = SMMU3_ATS_W, X = SMMU3_ATS_EXE, PRIV = SMMU3_ATS_PRIV };

#define EATS(n) ((uint64_t)(n) << 28) /* of word 1 */

static void ask(enum smmu3_ats ats, unsigned eats, unsigned cr0)
{
	w.machine.idr0 |= ATS;
	w.machine.cr0 = cr0;
	w.txn.ats = (uint8_t)ats;
	put(&w, STE + 8, SHCFG_AND_S1C | EATS(eats));
	go();
}

static void ends(enum smmu3_verdict verdict, unsigned event, bool recorded)
{
	ck_assert_uint_eq(w.answer.verdict, verdict);
	ck_assert_uint_eq(w.answer.event, event);
	ck_assert_uint_eq(w.answer.recorded, recorded);
}

/* ---- Requests ---- */

/* The page: U RWX; P RW.  With NW = 1, too, W is granted.  13.7.1 */
START_TEST(a_request_is_granted_what_the_page_allows)
{
	stage1();
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.pa, 0x7654123);
	ck_assert_uint_eq(w.answer.span, 0x1000);
	ck_assert_uint_eq(w.answer.ats, R | W);
	put(&w, L3_ENTRY, PAGE | 1u << 7); /* AP<2>: read only; then P executes, too */
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ck_assert_uint_eq(w.answer.ats, R);
	w.txn.flags = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED;
	ask(SMMU3_ATS_REQUEST, 1, 1); /* without a PASID neither counts */
	ck_assert_uint_eq(w.answer.ats, R);
}
END_TEST

/* With a PASID: one of two CDs. */
START_TEST(exe_and_priv_come_with_a_pasid)
{
	stage1();
	ste(v_config(5) | CD_TABLE | UINT64_C(1) << 59, 0, 0, 0);
	put(&w, CD_TABLE + 64, CD_WORD_0);
	put(&w, CD_TABLE + 72, L1);
	put(&w, CD_TABLE + 88, UINT64_C(0xff) << 8);
	w.txn.ssid = 1;
	w.txn.flags = SMMU3_TXN_SSV | SMMU3_TXN_INSTRUCTION;
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ck_assert_uint_eq(w.answer.ats, R | W | X);
	w.txn.flags |= SMMU3_TXN_PRIVILEGED; /* P may not run what U may write */
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ck_assert_uint_eq(w.answer.ats, R | W | PRIV);
	put(&w, L3_ENTRY, 0);
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_NO_ACCESS, 0x10, false);
	ck_assert_uint_eq(w.answer.ats, PRIV);
	ck_assert_uint_eq(w.answer.span, 0x1000);
}
END_TEST

/* Execute-only, stage 2's: nothing, unless STE.INSTCFG makes fetches of reads.  13.7 */
START_TEST(execute_only_is_no_access_unless_reads_are_fetches)
{
	machine();
	ste(v_config(6), 0, STE_WORD_2, S2_L1);
	put(&w, S2_L1 + 5 * 8, BLOCK & ~UINT64_C(0xc0)); /* S2AP = 00 */
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_NO_ACCESS, 0x13, false);
	put(&w, STE + 8, SHCFG_AND_S1C | EATS(1) | UINT64_C(3) << 50);
	go();
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.ats, R);
}
END_TEST

/* 13.6.3: the IPA, with what both stages grant; without ATSCHK it is off. */
START_TEST(split_stage_gives_the_ipa)
{
	nested();
	put(&w, L3_ENTRY, PAGE | UINT64_C(0x80000000)); /* IPA 0x87654000, a third block: */
	put(&w, S2_L1 + 2 * 8, UINT64_C(0x40000000) | (BLOCK & ~UINT64_C(0x80))); /* read only */
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.pa, 0x47654123);
	ck_assert_uint_eq(w.answer.ats, R);
	ask(SMMU3_ATS_REQUEST, 2, 1 | ATSCHK);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.pa, 0x87654123);
	ck_assert_uint_eq(w.answer.ats, R);
	ask(SMMU3_ATS_REQUEST, 2, 1);
	ends(SMMU3_UR, 0x05, true);
}
END_TEST

/* 3.9.1.2, 7.3.6 */
START_TEST(requests_without_ats_are_unsupported)
{
	stage1();
	w.txn.bytes = 0x2000;
	ask(SMMU3_ATS_REQUEST, 0, 1);
	ends(SMMU3_UR, 0x05, true);
	ck_assert_uint_eq(w.answer.record.word[0], (uint64_t)SID << 32 | 0x05);
	ck_assert_uint_eq(w.answer.record.word[1], 3 | UINT64_C(1) << 31); /* three pages; R */
	ck_assert_uint_eq(w.answer.record.word[2], 0x140203000);
	ask(SMMU3_ATS_REQUEST, 1, 0);
	ends(SMMU3_UR, 0x05, true);
	ask(SMMU3_ATS_REQUEST, 3, 1 | ATSCHK);
	ends(SMMU3_UR, 0x05, true);
	put(&w, STE, v_config(0));
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_UR, 0, false);
}
END_TEST

START_TEST(requests_that_meet_an_error_are_aborted_and_recorded_where_software_asks_for_that)
{
	stage1();
	put(&w, CD_TABLE, 0);
	w.machine.cr2 = REC_CFG_ATS;
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_CA, 0x0a, false); /* no IDR0.ATSRECERR: CR2 has no such field */
	w.machine.idr0 |= ATSRECERR;
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_CA, 0x0a, true);
	w.txn.sid = 16;
	ask(SMMU3_ATS_REQUEST, 1, 1);
	ends(SMMU3_CA, 0x02, false); /* RECINVSID = 0 */
	ask(SMMU3_ATS_TRANSLATED, 1, 1 | ATSCHK);
	ends(SMMU3_ABORT, 0x02, true); /* which counts for requests alone */
}
END_TEST

/* ---- Translated ---- */

/* 3.9.1.1, 3.9.1.3 */
START_TEST(translated_addresses_pass_where_nobody_checks_or_eats_allows_it)
{
	stage1();
	w.txn.flags = SMMU3_TXN_WRITE;
	ask(SMMU3_ATS_TRANSLATED, 0, 1);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.pa, VA);
	ck_assert_uint_eq(w.fetches, 0);
	ask(SMMU3_ATS_TRANSLATED, 1, 1 | ATSCHK);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.fetches, 1);
	ask(SMMU3_ATS_TRANSLATED, 0, 1 | ATSCHK);
	ends(SMMU3_ABORT, 0x07, true);
	ck_assert_uint_eq(w.answer.record.word[1], 0); /* RnW = 0 */
	ck_assert_uint_eq(w.answer.record.word[2], VA);
	ask(SMMU3_ATS_TRANSLATED, 1, 0);
	ends(SMMU3_ABORT, 0x07, true);
	w.txn.addr = UINT64_C(1) << 44;
	ask(SMMU3_ATS_TRANSLATED, 1, 1);
	ends(SMMU3_ABORT, 0, false);
}
END_TEST

/* 13.6.3: of the rights of stage 2, recorded by S2R. */
START_TEST(split_stage_has_stage_2_left_to_do)
{
	nested();
	put(&w, S2_L1 + 5 * 8, UINT64_C(0x80000000) | (BLOCK & ~UINT64_C(0x80)));
	ask(SMMU3_ATS_TRANSLATED, 2, 1 | ATSCHK);
	ends(SMMU3_OK, 0, false);
	ck_assert_uint_eq(w.answer.pa, 0x80203123);
	w.txn.flags = SMMU3_TXN_WRITE;
	ask(SMMU3_ATS_TRANSLATED, 2, 1 | ATSCHK);
	ends(SMMU3_ABORT, 0x13, true);
	ck_assert_uint_eq(w.answer.fault_stage, 2);
	put(&w, STE + 16, STE_WORD_2 & ~(UINT64_C(1) << 58));
	ask(SMMU3_ATS_TRANSLATED, 2, 1 | ATSCHK);
	ends(SMMU3_ABORT, 0x13, false);
}
END_TEST

/* 5.2.2 */
START_TEST(eats_that_contradicts_the_stream_is_illegal)
{
	stage1();
	ask(SMMU3_ATS_UNTRANSLATED, 2, 1 | ATSCHK);
	ends(SMMU3_ABORT, 0x04, true);
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_STE_EATS_SPLIT);
	nested();
	w.machine.idr0 &= ~(3u << 24); /* STALL_MODEL = 0 */
	put(&w, STE + 16, STE_WORD_2 | UINT64_C(1) << 57);
	ask(SMMU3_ATS_UNTRANSLATED, 1, 1);
	ends(SMMU3_ABORT, 0x04, true);
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_STE_EATS_STALL);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("obvious: ATS");
	TCase *const tests = tcase_create("ats");

	tcase_add_test(tests, a_request_is_granted_what_the_page_allows);
	tcase_add_test(tests, exe_and_priv_come_with_a_pasid);
	tcase_add_test(tests, execute_only_is_no_access_unless_reads_are_fetches);
	tcase_add_test(tests, split_stage_gives_the_ipa);
	tcase_add_test(tests, requests_without_ats_are_unsupported);
	tcase_add_test(
		tests,
		requests_that_meet_an_error_are_aborted_and_recorded_where_software_asks_for_that);
	tcase_add_test(tests, translated_addresses_pass_where_nobody_checks_or_eats_allows_it);
	tcase_add_test(tests, split_stage_has_stage_2_left_to_do);
	tcase_add_test(tests, eats_that_contradicts_the_stream_is_illegal);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
