/* SPDX-License-Identifier: MIT */
/* The obvious walker in the Secure state, against values that were worked out by hand: 3.10.2, 5.2
 * (NSCFG, STRW, S2SW), 5.4 (NSCFG0), 6.3.57 (SIF). */
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

/* The same with a stage 2, whose two trees are of one table: S2SW, S2SA, S2NSW, S2NSA. */
static void secure_nested(unsigned sw, unsigned sa, unsigned nsw, unsigned nsa)
{
	secure();
	w.machine.s_idr1 |= 1u << 29; /* SEL2 */
	ste(v_config(7) | CD_TABLE, SHCFG_AND_S1C, STE_WORD_2, S2_L1 | nsa << 1 | nsw);
	put(&w, STE + 32, UINT64_C(24) << 32 | UINT64_C(1) << 38); /* S_S2T0SZ, S_S2SL0 */
	put(&w, STE + 48, S2_L1 | sa << 1 | sw);                   /* S_S2TTB */
	put(&w, S2_L1, BLOCK);
}

/* NS-10, NS-11, NS-12: S2SW says where the tables of Secure IPAs are, and with S2SA where those
 * lead; S2NSW and all four, likewise, of Non-secure IPAs.  CD and tables of stage 1 are at Secure
 * IPAs here. */
START_TEST(stage_2_has_a_tree_for_each_ipa_space)
{
	const unsigned sw = (unsigned)_i & 1, sa = (unsigned)_i >> 1 & 1;
	const unsigned nsw = (unsigned)_i >> 2 & 1, nsa = (unsigned)_i >> 3 & 1;
	const unsigned ns = (unsigned)_i >> 4;
	const unsigned tables = sw ? NS : S, inner = sw || sa ? NS : S;

	secure_nested(sw, sa, nsw, nsa);
	put(&w, L3_ENTRY, PAGE | (ns ? NS_LEAF : 0));
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.fetches, 10);
	ck_assert_uint_eq(w.fetch[0].pas, S);
	for (unsigned i = 1; i < 9; i += 2) { /* CD and three descriptors of stage 1 */
		ck_assert_uint_eq(w.fetch[i].pas, tables);
		ck_assert_uint_eq(w.fetch[i + 1].pas, inner);
	}
	ck_assert_uint_eq(w.fetch[9].pas, (ns ? nsw : sw) ? NS : S);
	ck_assert_uint_eq(w.answer.pas, sw || sa || (ns && (nsw || nsa)) ? NS : S);
}
END_TEST

/* FLT-12: NSIPA, bit 102, where the IPA at fault is Non-secure */
START_TEST(records_say_which_ipa_space_a_fault_is_of)
{
	const unsigned ns = (unsigned)_i;

	secure_nested(0, 0, 0, 0);
	put(&w, L3_ENTRY, (PAGE | (ns ? NS_LEAF : 0)) + (UINT64_C(1) << 30)); /* not mapped */
	go();
	ck_assert_uint_eq(w.answer.fault_stage, 2);
	ck_assert_uint_eq(w.answer.record.word[1] >> 38 & 1, ns);
	put(&w, L2_ENTRY, (L3 + (UINT64_C(1) << 30)) | 3 | (ns ? NSTABLE : 0));
	go();
	ck_assert_uint_eq(w.answer.fault_class, SMMU3_CLASS_TT);
	ck_assert_uint_eq(w.answer.record.word[1] >> 38 & 1, ns);
}
END_TEST

/* STE-71: what is wrong with the tree of Secure IPAs */
START_TEST(either_tree_can_be_illegal)
{
	secure_nested(0, 0, 0, 0);
	put(&w, STE + 32, UINT64_C(24) << 32 | UINT64_C(3) << 46);
	go();
	ck_assert_uint_eq(w.answer.event, C_BAD_STE);
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_STE_S_S2TG_RESERVED);
	put(&w, STE + 32, UINT64_C(24) << 32);
	go();
	ck_assert_uint_eq(w.answer.notes.rule, OBVIOUS_STE_S_S2SL0_INCONSISTENT);
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
	tcase_add_loop_test(tests, stage_2_has_a_tree_for_each_ipa_space, 0, 32);
	tcase_add_loop_test(tests, records_say_which_ipa_space_a_fault_is_of, 0, 2);
	tcase_add_test(tests, either_tree_can_be_illegal);
	suite_add_tcase(all, tests);
	return all;
}

int main(void)
{
	return run_checks(suite());
}
