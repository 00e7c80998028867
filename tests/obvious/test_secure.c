/* SPDX-License-Identifier: MIT */
/* The obvious walker in the Secure state, against values that were worked out by hand: 3.10.2, 5.2
 * (NSCFG, STRW), 5.4 (NSCFG0), 6.3.57 (SIF). */
#include "array.h"
#include "support/suite.h"

enum { NS = SMMU3_PAS_NS, S = SMMU3_PAS_SECURE, C_BAD_STE = 0x04, F_PERMISSION = 0x13 };
#define NSTABLE (UINT64_C(1) << 63)
#define NS_LEAF (UINT64_C(1) << 5)
#define SIF (1u << 5)

/* Stage 1 alone of what nested() has, by the registers of the Secure programming interface. */
static void secure(void)
{
	nested();
	stage1();
	w.machine.s_idr0 = 1u << 24;
	w.machine.s_idr1 = 1u << 31 | 16u;
	w.machine.s_cr0 = 1;
	w.machine.s_cr1 = w.machine.cr1;
	w.machine.s_strtab_base = w.machine.strtab_base;
	w.machine.s_strtab_base_cfg = w.machine.strtab_base_cfg;
	w.machine.cr0 = 0;
	w.machine.strtab_base = 0;
	w.txn.sec_sid = S;
}

/* The spaces of STE, CD, three descriptors; and the output */
static void expect_spaces(unsigned l1, unsigned l2, unsigned l3, unsigned out)
{
	const unsigned space[] = { S, S, l1, l2, l3 };

	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.fetches, 5);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_uint_eq(w.fetch[i].pas, space[i]);
	ck_assert_uint_eq(w.answer.pas, out);
}

/* NS-04, NS-05, NS-06 */
START_TEST(nscfg_nstable_and_ns_choose_the_spaces)
{
	secure();
	expect_spaces(S, S, S, S);
	put(&w, L3_ENTRY, PAGE | NS_LEAF);
	expect_spaces(S, S, S, NS);
	put(&w, L3_ENTRY, PAGE);
	put(&w, L2_ENTRY, L3 | 3 | NSTABLE);
	expect_spaces(S, S, NS, NS);
	put(&w, L1_ENTRY, L2 | 3 | NSTABLE);
	expect_spaces(S, NS, NS, NS);
	put(&w, CD_TABLE + 8, L1 | 1);
	expect_spaces(NS, NS, NS, NS);
}
END_TEST

/* STE-26: 0b00 and 0b01 leave what came, 0b10 is Secure, 0b11 Non-secure */
START_TEST(nscfg_of_the_ste_is_for_what_bypasses)
{
	const unsigned code = (unsigned)_i & 3, ns = (unsigned)_i >> 2;
	const unsigned space = code == 3 || (code < 2 && ns) ? NS : S;

	secure();
	w.machine.idr1 |= 1u << 26; /* ATTR_PERMS_OVR */
	ste(v_config(4), SHCFG_AND_S1C | (uint64_t)code << 46, 0, 0);
	w.txn.flags = ns ? SMMU3_TXN_NS : 0;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.pas, space);
}
END_TEST

/* SMMUEN = 0: S_GBPA.NSCFG in the same way; SIF aborts without a record */
START_TEST(s_gbpa_is_for_what_no_table_is_asked_about)
{
	secure();
	w.machine.s_cr0 = SIF;
	w.machine.s_gbpa = 3u << 14;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.pas, NS);
	w.txn.flags = SMMU3_TXN_INSTRUCTION;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.recorded, false);
}
END_TEST

START_TEST(sif_refuses_instructions_from_non_secure_memory)
{
	secure();
	w.machine.s_cr0 |= SIF;
	w.txn.flags = SMMU3_TXN_INSTRUCTION;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	put(&w, L3_ENTRY, PAGE | NS_LEAF);
	go();
	ck_assert_uint_eq(w.answer.event, F_PERMISSION);
	ck_assert_uint_eq(w.answer.fault_stage, 1);
	ck_assert_int_eq(w.answer.fault_level, 3);
	ste(v_config(4), SHCFG_AND_S1C | UINT64_C(3) << 46, 0, 0);
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.event, F_PERMISSION);
	ck_assert_uint_eq(w.answer.recorded, true);
}
END_TEST

/* 0b00, 0b01 (EL3); 0b10 is Secure EL2, of which there may be none; 0b11 is reserved.  Without
 * SEL2 there is no stage 2 either. */
START_TEST(strw_and_config_are_illegal_without_secure_el2)
{
	const bool sel2 = _i >> 2;
	const unsigned strw = (unsigned)_i & 3;

	secure();
	w.machine.s_idr1 |= (unsigned)sel2 << 29;
	ste(v_config(5) | CD_TABLE, SHCFG_AND_S1C | (uint64_t)strw << 30, 0, 0);
	go();
	ck_assert_uint_eq(w.answer.event, strw == 3 || (strw == 2 && !sel2) ? C_BAD_STE : 0);
	if (sel2)
		return;
	ste(v_config(7) | CD_TABLE, SHCFG_AND_S1C, STE_WORD_2, S2_L1);
	go();
	ck_assert_uint_eq(w.answer.event, C_BAD_STE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("obvious, Secure");
	TCase *tests = tcase_create("secure");

	tcase_add_test(tests, nscfg_nstable_and_ns_choose_the_spaces);
	tcase_add_loop_test(tests, nscfg_of_the_ste_is_for_what_bypasses, 0, 8);
	tcase_add_test(tests, s_gbpa_is_for_what_no_table_is_asked_about);
	tcase_add_test(tests, sif_refuses_instructions_from_non_secure_memory);
	tcase_add_loop_test(tests, strw_and_config_are_illegal_without_secure_el2, 0, 8);
	suite_add_tcase(all, tests);
	return all;
}

int main(void)
{
	return run_checks(suite());
}
