/* SPDX-License-Identifier: MIT */
/* Secure streams that nothing translates: where they go, and what S_CR0.SIF keeps from them.  5.2
 * NSCFG, 6.3.57, 6.3.63, 13.2, 13.3 */
#include "support/secure_world.h"

enum { INSTRUCTION = SMMU3_TXN_INSTRUCTION, WRITE = SMMU3_TXN_WRITE, IN_NS = SMMU3_TXN_NS };

/* NSCFG as STE and S_GBPA encode it: use incoming, reserved, Secure, Non-secure. */
static const struct {
	unsigned nscfg, flags;
	enum smmu3_pas pas;
} spaces[] = {
	{ 0, 0, S }, { 0, IN_NS, NS }, { 1, 0, S },  { 1, IN_NS, NS },
	{ 2, 0, S }, { 2, IN_NS, S },  { 3, 0, NS }, { 3, IN_NS, NS },
};

/* NS-02, GBP-005, RST-006: S_GBPA.NSCFG */
START_TEST(a_disabled_secure_interface_puts_out_the_space_of_gbpa)
{
	struct secure_world w = secure_world(BYPASS);

	w.gate[S].smmuen = false;
	w.gate[S].bypass.nscfg = (uint8_t)spaces[_i].nscfg;
	expect_pa(&w, 0x1234, spaces[_i].flags, 0x1234, spaces[_i].pas);
	ck_assert_uint_eq(w.out.perm, 0x3f);
	drop(&w);
}
END_TEST

/* NS-03, STE-26, STE-12: STE.NSCFG */
START_TEST(a_secure_stream_that_bypasses_has_the_space_of_its_ste)
{
	struct secure_world w = secure_world(BYPASS);

	set_field(&w.ste[S][1], 46, 2, spaces[_i].nscfg);
	expect_pa(&w, 0x1234, spaces[_i].flags, 0x1234, spaces[_i].pas);
	expect_read(&w, 0, SMMU3_REASON_STE, STE_AT, S);
	ck_assert_uint_eq(w.seen_count, 1);
	drop(&w);
}
END_TEST

/* STE-24: without IDR1.ATTR_PERMS_OVR every NSCFG means the incoming attribute */
START_TEST(nscfg_counts_only_where_overrides_are_implemented)
{
	struct secure_world w = secure_world(BYPASS);

	w.features[S].attr_perms_ovr = false;
	set_field(&w.ste[S][1], 46, 2, spaces[_i].nscfg);
	expect_pa(&w, 0x1234, spaces[_i].flags, 0x1234, spaces[_i].flags & IN_NS ? NS : S);
	drop(&w);
}
END_TEST

/* SEC-003, NS-01: neither NSCFG nor the incoming attribute is anything to a Non-secure stream */
START_TEST(a_non_secure_stream_stays_non_secure)
{
	struct secure_world w = secure_world(BYPASS);

	w.txn.sec_sid = SMMU3_PAS_NS;
	set_field(&w.ste[NS][1], 46, 2, spaces[_i].nscfg);
	w.gate[NS].bypass.nscfg = (uint8_t)spaces[_i].nscfg;
	expect_pa(&w, 0x1234, spaces[_i].flags, 0x1234, NS);
	expect_read(&w, 0, SMMU3_REASON_STE, STE_AT, NS);
	w.gate[NS].smmuen = false;
	expect_pa(&w, 0x1234, spaces[_i].flags, 0x1234, NS);
	drop(&w);
}
END_TEST

/* ---- SIF */

/* RST-008, SEC-007: the abort of a fetch that would leave Non-secure is no event; data go on */
START_TEST(sif_ends_a_non_secure_fetch_of_a_disabled_interface_without_event)
{
	struct secure_world w = secure_world(BYPASS);

	w.gate[S].smmuen = false;
	expect_pa(&w, 0x1234, INSTRUCTION | IN_NS, 0x1234, NS);
	w.gate[S].sif = true;
	expect_fault(&w, 0x1234, INSTRUCTION | IN_NS, 0, WHY_GBPA_SIF);
	ck_assert(!w.response.record);
	expect_pa(&w, 0x1234, INSTRUCTION, 0x1234, S);
	ck_assert_uint_eq(w.out.perm, 0x3f);
	expect_pa(&w, 0x1234, IN_NS, 0x1234, NS);
	ck_assert_uint_eq(w.out.perm, 0x1b); /* no execution, of either privilege */
	expect_pa(&w, 0x1234, INSTRUCTION | WRITE | IN_NS, 0x1234, NS);
	drop(&w);
}
END_TEST

/* SEC-007, TXN-07: maintenance and destructive reads, which may be of instructions; a prefetch is
 * of data */
START_TEST(sif_is_for_every_class_that_can_be_of_an_instruction)
{
	static const uint8_t classes[] = { SMMU3_CLASS_CLEAN, SMMU3_CLASS_INVALIDATE,
					   SMMU3_CLASS_DESTRUCTIVE_READ, SMMU3_CLASS_PREFETCH,
					   SMMU3_CLASS_WRITE_PREFETCH };
	struct secure_world w = secure_world(BYPASS);

	w.txn.txn_class = classes[_i];
	w.gate[S].sif = true;
	if (_i < 3)
		expect_fault(&w, 0x1234, INSTRUCTION | IN_NS, F_PERMISSION, WHY_SIF);
	else
		expect_pa(&w, 0x1234, INSTRUCTION | IN_NS, 0x1234, NS);
	expect_pa(&w, 0x1234, IN_NS, 0x1234, NS);
	w.gate[S].smmuen = false;
	if (_i < 3)
		expect_fault(&w, 0x1234, INSTRUCTION | IN_NS, 0, WHY_GBPA_SIF);
	else
		expect_pa(&w, 0x1234, INSTRUCTION | IN_NS, 0x1234, NS);
	drop(&w);
}
END_TEST

/* RST-008, GBP-005: what INSTCFG and NSCFG of S_GBPA make of it counts */
START_TEST(sif_of_a_disabled_interface_asks_after_overrides)
{
	struct secure_world w = secure_world(BYPASS);

	w.gate[S].smmuen = false;
	w.gate[S].sif = true;
	w.gate[S].bypass.instcfg = 3; /* instruction */
	expect_fault(&w, 0x1234, IN_NS, 0, WHY_GBPA_SIF);
	w.gate[S].bypass.nscfg = 2; /* Secure */
	expect_pa(&w, 0x1234, IN_NS, 0x1234, S);
	w.gate[S].bypass.nscfg = 3;
	expect_fault(&w, 0x1234, 0, 0, WHY_GBPA_SIF);
	w.gate[S].bypass.instcfg = 2; /* data */
	expect_pa(&w, 0x1234, INSTRUCTION, 0x1234, NS);
	drop(&w);
}
END_TEST

/* PERM-15, EVT-21, FLTI-006, STALL-05: F_PERMISSION of stage 1 and class IN, which always
 * aborts and is recorded: InD, RnW, CLASS = 2 */
START_TEST(sif_is_a_permission_fault_of_a_stream_that_bypasses)
{
	struct secure_world w = secure_world(BYPASS);

	expect_pa(&w, 0x1234, INSTRUCTION | IN_NS, 0x1234, NS);
	w.gate[S].sif = true;
	expect_fault(&w, 0x1234, INSTRUCTION | IN_NS, F_PERMISSION, WHY_SIF);
	ck_assert(w.response.record);
	ck_assert_uint_eq(w.fault.stage, 1);
	ck_assert_int_eq(w.fault.level, SMMU3_NO_LEVEL);
	ck_assert_uint_eq(w.record.word[0], 0x13 | SID << 32);
	ck_assert_uint_eq(w.record.word[1], BIT(34) | BIT(35) | UINT64_C(2) << 40);
	ck_assert_uint_eq(w.record.word[2], 0x1234);
	ck_assert_uint_eq(w.record.word[3], 0);
	expect_pa(&w, 0x1234, INSTRUCTION, 0x1234, S);
	expect_pa(&w, 0x1234, IN_NS, 0x1234, NS);
	ck_assert_uint_eq(w.out.perm, 0x1b);
	drop(&w);
}
END_TEST

/* SEC-007: after STE.INSTCFG, and STE.NSCFG */
START_TEST(sif_of_a_stream_asks_after_overrides)
{
	struct secure_world w = secure_world(BYPASS);

	w.gate[S].sif = true;
	set_field(&w.ste[S][1], 50, 2, 3);
	expect_fault(&w, 0x1234, IN_NS, F_PERMISSION, WHY_SIF);
	set_field(&w.ste[S][1], 46, 2, 2);
	expect_pa(&w, 0x1234, IN_NS, 0x1234, S);
	set_field(&w.ste[S][1], 46, 2, 3);
	expect_fault(&w, 0x1234, 0, F_PERMISSION, WHY_SIF);
	set_field(&w.ste[S][1], 50, 2, 2);
	expect_pa(&w, 0x1234, INSTRUCTION, 0x1234, NS);
	drop(&w);
}
END_TEST

/* SEC-007, SUB-06: S1DSS = 1 skips stage 1 (S1CDMax 5), so that no CD says what becomes of the
 * fault */
START_TEST(sif_of_a_skipped_stage_1_always_aborts)
{
	struct secure_world w = secure_world(S1_ONLY);

	w.gate[S].sif = true;
	set_field(&w.ste[S][0], 59, 5, 5);
	set_field(&w.ste[S][1], 0, 2, 1);
	w.cd[S][0] &= ~(BIT(45) | BIT(46)); /* neither R nor A */
	expect_fault(&w, 0x1234, INSTRUCTION | IN_NS, F_PERMISSION, WHY_SIF);
	ck_assert(w.response.record);
	expect_pa(&w, 0x1234, IN_NS, 0x1234, NS);
	ck_assert_uint_eq(w.out.perm, 0x1b);
	expect_pa(&w, 0x1234, INSTRUCTION, 0x1234, S);
	drop(&w);
}
END_TEST

/* Order of 7.3.22: an address that is too large is that first */
START_TEST(an_address_that_is_too_large_is_no_matter_of_sif)
{
	struct secure_world w = secure_world(BYPASS);

	w.gate[S].sif = true;
	expect_fault(&w, BIT(52), INSTRUCTION | IN_NS, F_ADDR_SIZE, WHY_BYPASS_SIZE);
	w.gate[S].smmuen = false;
	expect_fault(&w, BIT(52), INSTRUCTION | IN_NS, 0, WHY_GBPA_SIZE);
	drop(&w);
}
END_TEST

/* ---- ATS */

/* ATS-01, ATS-20, SEC-016, EVT-05, EVT-07: before the StreamID is looked at, whatever SMMUEN is */
START_TEST(a_secure_stream_has_no_ats)
{
	struct secure_world w = secure_world(S1_ONLY);

	for (unsigned smmuen = 0; smmuen < 2; smmuen++) {
		w.gate[S].smmuen = smmuen;
		w.txn.sid = _i ? 0xffff : SID;
		w.txn.ats = SMMU3_ATS_REQUEST;
		ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_UR);
		ck_assert_uint_eq(w.fault.event, F_BAD_ATS_TREQ);
		ck_assert(w.response.record);
		w.txn.ats = SMMU3_ATS_TRANSLATED;
		expect_fault(&w, VA, 0, F_TRANSL_FORBIDDEN, WHY_ATS_SECURE);
		ck_assert(w.response.record);
		ck_assert_uint_eq(w.seen_count, 0);
	}
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	const int all = (int)(sizeof(spaces) / sizeof(spaces[0]));

	tcase_add_loop_test(tests, a_disabled_secure_interface_puts_out_the_space_of_gbpa, 0, all);
	tcase_add_loop_test(tests, a_secure_stream_that_bypasses_has_the_space_of_its_ste, 0, all);
	tcase_add_loop_test(tests, nscfg_counts_only_where_overrides_are_implemented, 0, all);
	tcase_add_loop_test(tests, a_non_secure_stream_stays_non_secure, 0, all);
	tcase_add_test(tests, sif_ends_a_non_secure_fetch_of_a_disabled_interface_without_event);
	tcase_add_loop_test(tests, sif_is_for_every_class_that_can_be_of_an_instruction, 0, 5);
	tcase_add_test(tests, sif_of_a_disabled_interface_asks_after_overrides);
	tcase_add_test(tests, sif_is_a_permission_fault_of_a_stream_that_bypasses);
	tcase_add_test(tests, sif_of_a_stream_asks_after_overrides);
	tcase_add_test(tests, sif_of_a_skipped_stage_1_always_aborts);
	tcase_add_test(tests, an_address_that_is_too_large_is_no_matter_of_sif);
	tcase_add_loop_test(tests, a_secure_stream_has_no_ats, 0, 2);
}

int main(void)
{
	return run_suite("secure bypass", add);
}
