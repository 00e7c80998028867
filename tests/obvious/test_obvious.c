/* SPDX-License-Identifier: MIT */
/* The obvious walker itself, on cases worked by hand: what it answers, and what it fetches. */
#include "array.h"
#include "support/suite.h"

/* ---- What passes ---- */

static void passes(uint64_t pa, unsigned stages, uint64_t span, unsigned perm)
{
	go();
	ck_assert_uint_eq(w.answer.event, 0);
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.pa, pa);
	ck_assert_uint_eq(w.answer.stages, stages);
	ck_assert_uint_eq(w.answer.span, span);
	ck_assert_uint_eq(w.answer.perm, perm);
	ck_assert_int_eq(w.answer.fault_level, -3);
}

enum { S2 = 1 << 7, TT = 1 << 8, IN = 2 << 8, RNW = 1 << 3, TTRNW = 1 << 12 };

/* Bits 127:96 of the record are in `flags`. */
static void fails(unsigned event, unsigned stage, int level, unsigned flags, uint64_t word3)
{
	go();
	ck_assert_uint_eq(w.answer.event, event);
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.recorded, 1);
	ck_assert_uint_eq(w.answer.fault_stage, stage);
	ck_assert_int_eq(w.answer.fault_level, level);
	ck_assert_uint_eq(w.answer.record.word[0], (uint64_t)w.txn.sid << 32 | event);
	ck_assert_uint_eq(w.answer.record.word[1], (uint64_t)flags << 32);
	ck_assert_uint_eq(w.answer.record.word[2], flags ? w.txn.addr : 0);
	ck_assert_uint_eq(w.answer.record.word[3], word3);
}

static void fetched(unsigned n, unsigned reason, uint64_t pa, unsigned mair, unsigned sh)
{
	ck_assert_uint_eq(w.fetch[n].reason, reason);
	ck_assert_uint_eq(w.fetch[n].pa, pa);
	ck_assert_uint_eq(w.fetch[n].bytes,
			  reason == SMMU3_REASON_STE || reason == SMMU3_REASON_CD ? 64 : 8);
	ck_assert_uint_eq(w.fetch[n].attr.mair, mair);
	ck_assert_uint_eq(w.fetch[n].attr.sh, sh);
}

/* ADR-02, ATTR-24: SHCFG = 0 is Non-shareable. */
START_TEST(a_disabled_smmu_passes_addresses_below_2_to_the_oas)
{
	machine();
	w.machine.cr0 = 0;
	passes(VA, 0, 0, 0x3f);
	ck_assert_uint_eq(w.answer.attr.mair, 0xff);
	ck_assert_uint_eq(w.fetches, 0);
	w.txn.addr = UINT64_C(1) << 44;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.event, 0);
	ck_assert_uint_eq(w.answer.recorded, 0);
}
END_TEST

/* ST-06, ST-11, STE-12, ADR-03 */
START_TEST(a_bypassing_ste_passes_what_it_gets)
{
	machine();
	ste(v_config(4), SHCFG_AND_S1C, 0, 0);
	w.txn.addr = (UINT64_C(1) << 44) - 16;
	passes(w.txn.addr, 0, 0, 0x3f);
	ck_assert_uint_eq(w.answer.bytes, 16);
	ck_assert_uint_eq(w.answer.attr.mair, 0xff);
	ck_assert_uint_eq(w.answer.attr.sh, SMMU3_NSH);
	ck_assert_uint_eq(w.fetches, 1);
	fetched(0, SMMU3_REASON_STE, STE, 0xee, SMMU3_ISH);
}
END_TEST

/* WALK-02, WALK-03, PERM-04, PERM-07, ATTR-08: U RWX; P RW, for what U may write P may not run. */
START_TEST(stage_1_reaches_a_4k_page)
{
	stage1();
	passes(0x7654123, 1, 0x1000, 0x1f);
	ck_assert_uint_eq(w.answer.attr.mair, 0xff);
	ck_assert_uint_eq(w.answer.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(w.fetches, 5);
	fetched(1, SMMU3_REASON_CD, CD_TABLE, 0xee, SMMU3_ISH);
	fetched(2, SMMU3_REASON_S1_TTD, L1_ENTRY, 0xff, SMMU3_ISH);
	fetched(3, SMMU3_REASON_S1_TTD, L2_ENTRY, 0xff, SMMU3_ISH);
	fetched(4, SMMU3_REASON_S1_TTD, L3_ENTRY, 0xff, SMMU3_ISH);
}
END_TEST

/* NEST-01, NEST-12, NEST-13, ORD-08, S2-05 */
START_TEST(nested_every_address_of_stage_1_goes_through_stage_2)
{
	const uint64_t own[] = { CD_TABLE, L1_ENTRY, L2_ENTRY, L3_ENTRY };

	nested();
	passes(0x7654123, 3, 0x1000, 0x1f);
	ck_assert_uint_eq(w.answer.attr.mair, 0xff);
	ck_assert_uint_eq(w.answer.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(w.fetches, 10);
	for (unsigned i = 0; i < 4; i++) {
		fetched(2 * i + 1, SMMU3_REASON_S2_TTD, S2_L1, 0xff, SMMU3_ISH);
		ck_assert_uint_eq(w.fetch[2 * i + 2].pa, own[i]);
	}
	fetched(9, SMMU3_REASON_S2_TTD, S2_L1, 0xff, SMMU3_ISH);
}
END_TEST

/* ATTR-13, ATTR-14, ATTR-15, ATTR-21: stage 2 Device-nGnRE (0001) makes Device of a Write-Back
 * access; iWT-oNC (0110) leaves the hints that came. */
START_TEST(stage_2_alone_combines_with_what_comes_in)
{
	machine();
	ste(v_config(6), SHCFG_AND_S1C, STE_WORD_2, S2_L1);
	put(&w, S2_L1 + 5 * 8, UINT64_C(0x80000000) | 0x4c1 | 1u << 2);
	passes(0x80203123, 2, 0x40000000, 0x3f);
	ck_assert_uint_eq(w.answer.attr.mair, 0x04);
	ck_assert_uint_eq(w.answer.attr.sh, SMMU3_OSH);
	put(&w, S2_L1 + 5 * 8, UINT64_C(0x80000000) | 0x4c1 | 6u << 2); /* iWT-oNC */
	passes(0x80203123, 2, 0x40000000, 0x3f);
	ck_assert_uint_eq(w.answer.attr.mair, 0x4b);
	ck_assert_uint_eq(w.answer.attr.sh, SMMU3_NSH);
}
END_TEST

/* ADR-07, ADR-08, CD-07, CD-17 */
START_TEST(the_upper_half_is_translated_by_ttb1)
{
	stage1();
	/* EPD0; T1SZ = 25, TG1 = 2 (4K), IR1, OR1 = 1, SH1 = 3; TBI1 */
	put(&w, CD_TABLE,
	    (CD_WORD_0 & ~UINT64_C(0x40000000)) | 1u << 14 | 25u << 16 | 2u << 22 | 1u << 24 |
		    1u << 26 | 3u << 28 | UINT64_C(1) << 39);
	put(&w, CD_TABLE + 16, L1);
	w.txn.addr = UINT64_C(0x5affff8000000000) | VA;
	passes(0x7654123, 1, 0x1000, 0x1f);
	w.txn.addr &= ~(UINT64_C(1) << 54);
	fails(0x10, 1, -3, IN | RNW, 0);
	w.txn.addr = VA;
	fails(0x10, 1, -3, IN | RNW, 0);
}
END_TEST

/* L1STD-05, SUB-10: STE 2 of the second level; SubstreamID 0x43 is entry 1, CD 3. */
START_TEST(two_levels_of_streams_and_of_substreams_are_followed)
{
	stage1();
	memset(w.memory, 0, STREAM_TABLE + 0x1000);
	w.machine.strtab_base_cfg = 1u << 16 | 6u << 6 | 8;
	w.txn.sid = 0x82;
	w.txn.flags = SMMU3_TXN_SSV;
	w.txn.ssid = 0x43;
	put(&w, STREAM_TABLE + 2 * 8, 0x8140 | 3); /* Span: 4 STEs, so at 0x8100 */
	put(&w, 0x8100 + 2 * 64, v_config(5) | 1u << 4 | 0x9000 | UINT64_C(8) << 59);
	put(&w, 0x8100 + 2 * 64 + 8, SHCFG_AND_S1C);
	put(&w, 0x9000 + 1 * 8, 0xa000 | 1);
	memcpy(&w.memory[0xa000 + 3 * 64], &w.memory[CD_TABLE], 64);
	passes(0x7654123, 1, 0x1000, 0x1f);
	fetched(0, SMMU3_REASON_L1STD, STREAM_TABLE + 2 * 8, 0xee, SMMU3_ISH);
	fetched(1, SMMU3_REASON_STE, 0x8100 + 2 * 64, 0xee, SMMU3_ISH);
	fetched(2, SMMU3_REASON_L1CD, 0x9000 + 1 * 8, 0xee, SMMU3_ISH);
	fetched(3, SMMU3_REASON_CD, 0xa000 + 3 * 64, 0xee, SMMU3_ISH);
}
END_TEST

/* ---- What does not: one fault of each event ---- */

/* STE-11 */
START_TEST(a_disabled_stream_aborts_in_silence)
{
	machine();
	ste(v_config(0), 0, 0, 0);
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.event, 0);
}
END_TEST

/* ST-04: recorded if CR2.RECINVSID.  ST-14: the address of the STE.  STE-43, SUB-05, SUB-02 */
START_TEST(streams_and_substreams_fail)
{
	machine();
	w.txn.sid = 16;
	w.machine.cr2 = 2;
	fails(0x02, 0, -3, 0, 0);
	machine();
	w.aborting = STE;
	fails(0x03, 0, -3, 0, STE);
	ck_assert_uint_eq(w.answer.fault_addr, STE);
	machine();
	fails(0x04, 0, -3, 0, 0);
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_STE_V);
	stage1();
	ste(v_config(5) | CD_TABLE | UINT64_C(2) << 59, SHCFG_AND_S1C, 0, 0);
	fails(0x06, 0, -3, 0, 0);
	stage1();
	w.txn.flags = SMMU3_TXN_SSV;
	fails(0x08, 0, -3, 0, 0);
}
END_TEST

/* SUB-17, CD-28, CD-37 */
START_TEST(contexts_fail)
{
	stage1();
	w.aborting = CD_TABLE;
	fails(0x09, 0, -3, 0, CD_TABLE);
	stage1();
	put(&w, CD_TABLE, 0);
	fails(0x0a, 0, -3, 0, 0);
	stage1();
	put(&w, CD_TABLE, CD_WORD_0 + 15); /* T0SZ = 40, without IDR3.STT */
	fails(0x0a, 0, -3, 0, 0);
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_CD_T0SZ);
}
END_TEST

/* FLT-07, FLT-10, CD-09, ADR-07, WALK-06, ADR-12, WALK-23, PERM-08 */
START_TEST(stage_1_fails)
{
	stage1();
	w.aborting = L2_ENTRY;
	fails(0x0b, 1, 2, TT | RNW, L2_ENTRY);
	ck_assert_uint_eq(w.answer.bytes, 64);
	stage1();
	w.txn.addr = UINT64_C(1) << 39;
	fails(0x10, 1, -3, IN | RNW, 0);
	stage1();
	w.txn.addr = ~UINT64_C(0);
	w.txn.bytes = 1;
	fails(0x10, 1, -3, IN | RNW, 0);
	stage1();
	put(&w, L2_ENTRY, 0);
	fails(0x10, 1, 2, IN | RNW, 0);
	stage1();
	put(&w, L2_ENTRY, UINT64_C(1) << 44 | 3);
	fails(0x11, 1, 2, IN | RNW, 0);
	stage1();
	put(&w, L3_ENTRY, PAGE & ~UINT64_C(0x400));
	fails(0x12, 1, 3, IN | RNW, 0);
	stage1();
	put(&w, L3_ENTRY, PAGE & ~UINT64_C(0x40));
	fails(0x13, 1, 3, IN | RNW, 0);
}
END_TEST

/* STALL-03: CD.A = 0 reads as zero; CD.R = 0 is not recorded. */
START_TEST(a_context_may_ask_for_zeros_and_silence)
{
	stage1();
	put(&w, CD_TABLE, CD_WORD_0 & ~(UINT64_C(3) << 45));
	put(&w, L3_ENTRY, 0);
	go();
	ck_assert_uint_eq(w.answer.event, 0x10);
	ck_assert_uint_eq(w.answer.verdict, SMMU3_RAZ_WI);
	ck_assert_uint_eq(w.answer.recorded, 0);
}
END_TEST

/* FLT-08, NEST-02, NEST-10, PERM-17, ADR-16 */
START_TEST(stage_2_fails)
{
	nested();
	w.aborting = S2_L1;
	fails(0x0b, 2, 1, S2 | RNW, S2_L1); /* CLASS = CD: 0 */
	ck_assert_uint_eq(w.answer.fault_class, SMMU3_CLASS_CD);
	nested();
	put(&w, S2_L1, BLOCK & ~UINT64_C(0x400));
	fails(0x12, 2, 1, S2 | RNW, CD_TABLE);
	ck_assert_uint_eq(w.answer.fault_addr, CD_TABLE);
	nested();
	put(&w, L1_ENTRY, UINT64_C(0x40000000) | 3);
	fails(0x10, 2, 1, S2 | TT | RNW, UINT64_C(0x40000000));
	ck_assert_uint_eq(w.answer.fault_addr, UINT64_C(0x40000008));
	nested();
	put(&w, S2_L1 + 8, BLOCK & ~UINT64_C(0x40));
	put(&w, L1_ENTRY, UINT64_C(0x40000000) | 3);
	fails(0x13, 2, 1, S2 | TT | RNW | TTRNW, UINT64_C(0x40000000));
	nested();
	put(&w, S2_L1, BLOCK & ~UINT64_C(0x80));
	w.txn.flags = SMMU3_TXN_WRITE;
	fails(0x13, 2, 1, S2 | IN, 0x7654000);
	ck_assert_uint_eq(w.answer.fault_addr, 0x7654123);
	nested();
	put(&w, L3_ENTRY, PAGE | UINT64_C(1) << 40);
	fails(0x10, 2, -3, S2 | IN | RNW, UINT64_C(1) << 40 | 0x7654000);
}
END_TEST

/* ADR-12: OAS 52, a block of 4 TB at 0 in entry 1 of level 1, outputs of 32 bits */
START_TEST(a_block_larger_than_the_outputs_ends_with_them)
{
	const bool second = _i;
	const uint64_t input = UINT64_C(1) << 42;

	machine();
	w.machine.idr5 = 6u | 7u << 4;
	ste(v_config(second ? 6 : 5) | CD_TABLE, SHCFG_AND_S1C,
	    /* S2T0SZ = 16, S2SL0 = 2, S2TG = 1, S2PS = 0, S2AA64, S2R */
	    UINT64_C(16) << 32 | UINT64_C(2) << 38 | UINT64_C(1) << 46 | UINT64_C(1) << 51 |
		    UINT64_C(1) << 58,
	    S2_L1);
	/* T0SZ = 16, TG0 = 1, IPS = 0 */
	put(&w, CD_TABLE, (CD_WORD_0 & ~(UINT64_C(4) << 32 | 0x3f)) | 16 | 1 << 6);
	put(&w, CD_TABLE + 8, L1);
	put(&w, L1 + 8, PAGE & 0xffd);
	put(&w, S2_L1 + 8, BLOCK);
	w.txn.addr = input | 0xffffffff;
	passes(0xffffffff, second ? 2 : 1, UINT64_C(1) << 32, second ? 0x3f : 0x1f);
	ck_assert_uint_eq(w.answer.bytes, 1);
	w.txn.addr = input | UINT64_C(1) << 32;
	fails(0x11, second ? 2 : 1, 1, (second ? S2 : 0) | IN | RNW, second ? w.txn.addr : 0);
	w.txn.addr = input | UINT64_C(1) << 41;
	fails(0x11, second ? 2 : 1, 1, (second ? S2 : 0) | IN | RNW, second ? w.txn.addr : 0);
}
END_TEST

/* PERM-21, PERM-22: what may be written but not read fails as a read; otherwise as a write. */
START_TEST(an_atomic_access_asks_for_writing_first)
{
	machine();
	ste(v_config(6), SHCFG_AND_S1C, STE_WORD_2, S2_L1);
	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	put(&w, S2_L1 + 5 * 8, BLOCK & ~UINT64_C(0x40));
	fails(0x13, 2, 1, S2 | IN | RNW, VA & ~UINT64_C(0xfff));
	put(&w, S2_L1 + 5 * 8, BLOCK & ~UINT64_C(0xc0));
	fails(0x13, 2, 1, S2 | IN, VA & ~UINT64_C(0xfff));
}
END_TEST

/* ADR-04, FLT-11: stage 1 is at fault, and the record says S2 = 0. */
START_TEST(an_address_too_large_for_a_stage_passed_by_is_recorded)
{
	machine();
	ste(v_config(6), SHCFG_AND_S1C, STE_WORD_2 & ~(UINT64_C(1) << 58), S2_L1);
	w.txn.addr = UINT64_C(1) << 44;
	fails(0x11, 1, -3, IN | RNW, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("obvious");
	TCase *tests = tcase_create("tests");

	tcase_add_test(tests, a_disabled_smmu_passes_addresses_below_2_to_the_oas);
	tcase_add_test(tests, a_bypassing_ste_passes_what_it_gets);
	tcase_add_test(tests, stage_1_reaches_a_4k_page);
	tcase_add_test(tests, nested_every_address_of_stage_1_goes_through_stage_2);
	tcase_add_test(tests, stage_2_alone_combines_with_what_comes_in);
	tcase_add_test(tests, the_upper_half_is_translated_by_ttb1);
	tcase_add_test(tests, two_levels_of_streams_and_of_substreams_are_followed);
	tcase_add_test(tests, a_disabled_stream_aborts_in_silence);
	tcase_add_test(tests, streams_and_substreams_fail);
	tcase_add_test(tests, contexts_fail);
	tcase_add_test(tests, stage_1_fails);
	tcase_add_test(tests, a_context_may_ask_for_zeros_and_silence);
	tcase_add_test(tests, stage_2_fails);
	tcase_add_loop_test(tests, a_block_larger_than_the_outputs_ends_with_them, 0, 2);
	tcase_add_test(tests, an_atomic_access_asks_for_writing_first);
	tcase_add_test(tests, an_address_too_large_for_a_stage_passed_by_is_recorded);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
