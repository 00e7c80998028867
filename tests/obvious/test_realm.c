/* SPDX-License-Identifier: MIT */
/* The obvious walker in the Realm state, against values that were worked out by
 * hand: 3.10.3, 3.9.4.3, 5.2 (NSCFG, STRW, MECID), 7.3.16, 18. */
#include "array.h"
#include "support/suite.h"

enum { NS = SMMU3_PAS_NS, R = SMMU3_PAS_REALM };
enum { C_BAD_STE = 0x04, F_TRANSLATION = 0x10, F_PERMISSION = 0x13, MECID = 0x321, GMECID = 0x45 };
#define NS_LEAF (UINT64_C(1) << 5)
#define NS_LEAF_2 (UINT64_C(1) << 55)
#define AMEC (UINT64_C(1) << 63)

/* What nested() has, by the registers of the Realm programming interface; MECIDs of 12 bits. */
static void realm(void (*make)(void))
{
	make();
	w.machine.r_idr0 = 1u << 24;
	w.machine.r_idr3 = 1u << 16;
	w.machine.r_mecidr = 11;
	w.machine.r_gmecid = GMECID;
	w.machine.r_cr0 = 1;
	w.machine.r_cr1 = w.machine.cr1;
	w.machine.r_strtab_base = w.machine.strtab_base;
	w.machine.r_strtab_base_cfg = w.machine.strtab_base_cfg;
	w.machine.cr0 = 0;
	w.machine.strtab_base = 0;
	w.txn.sec_sid = R;
	put(&w, STE + 32, (UINT64_C(0xf000) | MECID) << 48);
}

static void set_nscfg(uint64_t nscfg)
{
	put(&w, STE + 8, SHCFG_AND_S1C | nscfg << 46);
}

static void set_strw(uint64_t strw)
{
	put(&w, STE + 8, SHCFG_AND_S1C | strw << 30);
}

static void expect(unsigned pas)
{
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.pas, pas);
	ck_assert_uint_eq(w.answer.mecid, pas == R ? MECID : 0);
	for (unsigned i = 0; i < w.fetches; i++) {
		ck_assert_uint_eq(w.fetch[i].pas, R);
		ck_assert_uint_eq(w.fetch[i].mecid, i ? MECID : GMECID);
	}
}

static void expect_fault(unsigned event, unsigned stage, unsigned class)
{
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.event, event);
	ck_assert_uint_eq(w.answer.fault_stage, stage);
	ck_assert_uint_eq(w.answer.fault_class, class);
}

/* NS-16, NS-18, STE-42: NS of leaves of hypervisors alone */
START_TEST(leaves_of_realm_stage_1_lead_where_their_world_says)
{
	realm(stage1);
	expect(R);
	put(&w, L3_ENTRY, PAGE | NS_LEAF);
	expect(R);
	set_strw(2);
	expect(NS);
	w.machine.r_cr2 = 1;
	expect(NS);
	put(&w, L3_ENTRY, PAGE);
	expect(R);
	set_strw(1);
	go();
	ck_assert_uint_eq(w.answer.event, C_BAD_STE);
}
END_TEST

/* NS-17, NEST-15, PERM-16: NS of leaves of stage 2; CDs and instructions stay in Realm memory */
START_TEST(leaves_of_realm_stage_2_lead_where_they_say)
{
	realm(nested);
	expect(R);
	put(&w, S2_L1, BLOCK | NS_LEAF_2);
	expect_fault(F_PERMISSION, 2, SMMU3_CLASS_CD);
	put(&w, STE, v_config(6));
	w.txn.addr = 0x123;
	expect(NS);
	ck_assert_uint_eq(w.answer.perm & (SMMU3_PERM_UX | SMMU3_PERM_PX), 0);
	w.txn.flags = SMMU3_TXN_INSTRUCTION;
	expect_fault(F_PERMISSION, 2, SMMU3_CLASS_IN);
}
END_TEST

/* NS-19: the incoming attribute, Realm by default, with NSCFG; instructions stay */
START_TEST(a_realm_bypass_goes_where_nscfg_says)
{
	static const uint8_t to[4][2] = { { R, NS }, { R, NS }, { R, R }, { NS, NS } };

	realm(stage1);
	put(&w, STE, v_config(4));
	set_nscfg((uint64_t)_i % 4);
	w.txn.flags = _i / 4 ? SMMU3_TXN_NS : 0;
	expect(to[_i % 4][_i / 4]);
	w.txn.flags |= SMMU3_TXN_INSTRUCTION;
	if (to[_i % 4][_i / 4] == NS)
		expect_fault(F_PERMISSION, 1, SMMU3_CLASS_IN);
	else
		expect(R);
}
END_TEST

/* WALK-24: with MEC, and NS = 0; of EL1 stage 1 bit 63 is no AMEC */
START_TEST(amec_is_a_translation_fault)
{
	realm(nested);
	put(&w, L3_ENTRY, PAGE | AMEC);
	expect(R);
	put(&w, S2_L1, BLOCK | AMEC);
	expect_fault(F_TRANSLATION, 2, SMMU3_CLASS_CD);
	realm(stage1);
	set_strw(2);
	put(&w, L3_ENTRY, PAGE | AMEC);
	expect_fault(F_TRANSLATION, 1, SMMU3_CLASS_IN);
	put(&w, L3_ENTRY, PAGE | AMEC | NS_LEAF);
	expect(NS);
	put(&w, L3_ENTRY, PAGE | AMEC);
	w.machine.r_idr3 = 0;
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.answer.mecid, 0);
}
END_TEST

/* NS-20: of NSCFG = 0b01 and XT */
START_TEST(an_access_comes_out_where_it_says)
{
	realm(stage1);
	w.machine.r_idr3 |= 1u << 17;
	set_nscfg(1);
	w.txn.flags = SMMU3_TXN_XT;
	expect(R);
	w.txn.flags = SMMU3_TXN_NS;
	expect_fault(F_PERMISSION, 1, SMMU3_CLASS_IN);
	ck_assert_int_eq(w.answer.fault_level, 3);
	w.txn.flags = 0;
	expect(R);
	set_nscfg(0);
	w.txn.flags = SMMU3_TXN_NS;
	expect(R);
}
END_TEST

/* RLM-006: R_CR0.SMMUEN = 0 */
START_TEST(a_disabled_realm_interface_aborts)
{
	realm(stage1);
	w.machine.r_cr0 = 0;
	expect_fault(0, 0, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, leaves_of_realm_stage_1_lead_where_their_world_says);
	tcase_add_test(tests, leaves_of_realm_stage_2_lead_where_they_say);
	tcase_add_loop_test(tests, a_realm_bypass_goes_where_nscfg_says, 0, 8);
	tcase_add_test(tests, amec_is_a_translation_fault);
	tcase_add_test(tests, an_access_comes_out_where_it_says);
	tcase_add_test(tests, a_disabled_realm_interface_aborts);
}

int main(void)
{
	return run_suite("obvious, Realm", add_tests);
}
