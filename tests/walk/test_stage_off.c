/* SPDX-License-Identifier: MIT */
/* Stage 2 that is off: what goes in comes out, cut to the output size.  3.4 */
#include "support/suite.h"
#include "walk/stage.h"

#include <check.h>

static const struct smmu3_attr device = { 0x04, SMMU3_OSH };

static struct s2_result passed(unsigned oas_bits, uint64_t ipa)
{
	const struct stage2 off = { .on = false, .oas_bits = (uint8_t)oas_bits };
	const struct access access = { .needs = PERM_ALL };
	struct s2_result result = { .size_lg2 = 0 };
	struct leaves leaves = { .combined = false };
	const struct fault fault = stage2_translate(NULL, &off, (struct ipa){ ipa, SMMU3_PAS_NS },
						    &access, device, &leaves, &result);

	ck_assert(!faulted(fault));
	return result;
}

/* ADR-06.  Only an IPA size above OAS, VMSAv8-32's 40 bits, could bring such an IPA here. */
START_TEST(an_ipa_above_oas_is_cut_where_stage_2_is_off)
{
	static const struct {
		unsigned oas;
		uint64_t ipa, pa;
	} rows[] = {
		{ 32, UINT64_C(0xff12345678), UINT64_C(0x12345678) },
		{ 32, UINT64_C(0x100000000), 0 },
		{ 36, UINT64_C(0xff12345678), UINT64_C(0xf12345678) },
		{ 40, UINT64_C(0xff12345678), UINT64_C(0xff12345678) },
		{ 52, UINT64_C(0xff12345678), UINT64_C(0xff12345678) },
	};

	ck_assert_uint_eq(passed(rows[_i].oas, rows[_i].ipa).pa.addr, rows[_i].pa);
}
END_TEST

START_TEST(stage_2_that_is_off_grants_everything_and_leaves_the_attributes)
{
	const struct s2_result result = passed(48, 0x1234);

	ck_assert_uint_eq(result.pa.addr, 0x1234);
	ck_assert_uint_eq(result.pa.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(result.attr.mair, device.mair);
	ck_assert_uint_eq(result.attr.sh, device.sh);
	ck_assert_uint_eq(result.perm, PERM_ALL);
	ck_assert_uint_eq(result.size_lg2, NOT_TRANSLATED);
}
END_TEST

/* 3.4.3: descriptors and CDs likewise; S2PTW means nothing then */
START_TEST(a_structure_is_read_at_its_ipa_where_stage_2_is_off)
{
	const struct stage2 off = { .on = false, .ptw = true, .oas_bits = 40 };
	const enum smmu3_fault_class classes[] = { SMMU3_CLASS_CD, SMMU3_CLASS_TT };
	struct s2_result result;

	ck_assert(!faulted(ipa_to_pa(NULL, &off,
				     (struct ipa){ UINT64_C(0x10ff12345678), SMMU3_PAS_NS },
				     classes[_i], device, &result)));
	ck_assert_uint_eq(result.pa.addr, UINT64_C(0xff12345678));
	ck_assert_uint_eq(result.attr.mair, device.mair);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stage off");
	TCase *tcase = tcase_create("stage 2");

	tcase_add_loop_test(tcase, an_ipa_above_oas_is_cut_where_stage_2_is_off, 0, 5);
	tcase_add_test(tcase, stage_2_that_is_off_grants_everything_and_leaves_the_attributes);
	tcase_add_loop_test(tcase, a_structure_is_read_at_its_ipa_where_stage_2_is_off, 0, 2);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
