/* SPDX-License-Identifier: MIT */
/* Reserved bits, registers that are absent, and what the architecture leaves open. */
#include "config.h"
#include "run.h"

#include <check.h>
#include <stdio.h>

/* Bits the architecture defines in each register, read off its section; the others are RES0.
 * IDR-001, IDR-014, IDR-018, IDR-019, IDR-026, IDR-032, IDR-033, IDR-034, IDR-035, IDR-037,
 * IDR-038, IDR-039, IDR-040, IDR-041, IDR-043, IDR-044 */
static const struct {
	struct edit defined; /* in set */
	const char *name, *section;
} registers[] = {
	{ EDIT(idr[0], 0, 0x5fffffff), "IDR0", "6.3.1" },
	{ EDIT(idr[1], 0, 0xffffffff), "IDR1", "6.3.2" },
	{ EDIT(idr[2], 0, 0x000003ff), "IDR2", "6.3.3" },
	{ EDIT(idr[3], 0, 0x00ffffbc), "IDR3", "6.3.4" },
	{ EDIT(idr[4], 0, 0xffffffff), "IDR4", "6.3.5" },
	{ EDIT(idr[5], 0, 0xffff0df7), "IDR5", "6.3.6" },
	{ EDIT(idr[6], 0, 0x0f0f0000), "IDR6", "6.3.45" },
	{ EDIT(iidr, 0, 0xffffffff), "IIDR", "6.3.7" },
	{ EDIT(aidr, 0, 0x000000ff), "AIDR", "6.3.8" },
	{ EDIT(s_idr[0], 0, 0x83002000), "S_IDR0", "6.3.52" },
	{ EDIT(s_idr[1], 0, 0xa000003f), "S_IDR1", "6.3.53" },
	{ EDIT(s_idr[2], 0, 0x000003ff), "S_IDR2", "6.3.54" },
	{ EDIT(s_idr[3], 0, 0x00000040), "S_IDR3", "6.3.55" },
	{ EDIT(s_idr[4], 0, 0xffffffff), "S_IDR4", "6.3.56" },
	{ EDIT(s_idr[5], 0, 0x00000000), "S_IDR5", "6.2" },
	{ EDIT(s_idr[6], 0, 0x0f0f0000), "S_IDR6", "6.3.91" },
	{ EDIT(r_idr[0], 0, 0x83012400), "R_IDR0", "6.3.122" },
	{ EDIT(r_idr[1], 0, 0x80000000), "R_IDR1", "6.3.123" },
	{ EDIT(r_idr[2], 0, 0x00000000), "R_IDR2", "6.3.124" },
	{ EDIT(r_idr[3], 0, 0x00038000), "R_IDR3", "6.3.125" },
	{ EDIT(r_idr[4], 0, 0x00000000), "R_IDR4", "6.3.126" },
	{ EDIT(r_idr[5], 0, 0x00000000), "R_IDR5", "6.2" },
	{ EDIT(r_idr[6], 0, 0x0f0f0000), "R_IDR6", "6.3.157" },
	{ EDIT(root_idr0, 0, 0xffc0000f), "ROOT_IDR0", "6.3.110" },
	{ EDIT(mpamidr, 0, 0x00ffffff), "MPAMIDR", "6.3.41" },
	{ EDIT(s_mpamidr, 0, 0x02ffffff), "S_MPAMIDR", "6.3.87" },
	{ EDIT(r_mpamidr, 0, 0x02ffffff), "R_MPAMIDR", "6.3.155" },
	{ EDIT(r_mecidr, 0, 0x0000000f), "R_MECIDR", "6.3.161" },
	{ EDIT(gbpa_reset, 0, 0x801f3f1f), "GBPA", "6.3.14" },
};

START_TEST(a_reserved_bit_is_refused_and_a_defined_one_is_not_called_reserved)
{
	struct smmu3_config config = profile_config("max-realm");
	struct smmu3_error error;
	char text[128];

	for (unsigned bit = 0; bit < 32; bit++) {
		struct edit edit = { registers[_i].defined.at, ALL, UINT32_C(1) << bit };

		apply(&config, &edit, 1);
		smmu3_config_check(&config, &error);
		snprintf(text, sizeof(text),
			 "%s is 0x%08x, but its bits 0x%08x are reserved and must be 0",
			 registers[_i].name, edit.set, edit.set);
		if (edit.set & registers[_i].defined.set) {
			ck_assert_str_ne(error.text, text);
			continue;
		}
		ck_assert_int_eq(error.code, -SMMU3_E_INCONSISTENT);
		ck_assert_str_eq(error.text, text);
		ck_assert_str_eq(error.section, registers[_i].section);
	}
}
END_TEST

/* REG-014, REG-019, IDR-025, IDR-035, IDR-039, IDR-041, IDR-043, IDR-044 */
static const struct broken absent[] = {
	{ "generic-3.1",
	  { EDIT(idr[6], 0, 0x10000) },
	  "6.3.45",
	  "IDR6 is 0x00010000, but must be 0 when IDR1.ECMDQ is 0" },
	{ "generic-3.1",
	  { EDIT(mpamidr, 0, 1) },
	  "6.3.41",
	  "MPAMIDR is 0x00000001, but must be 0 when IDR3.MPAM is 0" },
	{ "secure-3.3",
	  { EDIT(s_mpamidr, 0, 1) },
	  "6.3.87",
	  "S_MPAMIDR is 0x00000001, but must be 0 when IDR3.MPAM is 0" },
	{ "generic-3.3",
	  { EDIT(idr[3], 0, 0x80), EDIT(s_mpamidr, 0, 1) },
	  "6.3.87",
	  "S_MPAMIDR is 0x00000001, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "realm-3.3",
	  { EDIT(r_mpamidr, 0, 1) },
	  "6.3.155",
	  "R_MPAMIDR is 0x00000001, but must be 0 when IDR3.MPAM is 0" },
	{ "secure-3.3",
	  { EDIT(idr[3], 0, 0x80), EDIT(r_mpamidr, 0, 1) },
	  "6.3.155",
	  "R_MPAMIDR is 0x00000001, but must be 0 when ROOT_IDR0.REALM_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[0], 0, 0x2000) },
	  "6.3.52",
	  "S_IDR0 is 0x00002000, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[1], 0, 1) },
	  "6.3.53",
	  "S_IDR1 is 0x00000001, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[2], 0, 1) },
	  "6.3.54",
	  "S_IDR2 is 0x00000001, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[3], 0, 0x40) },
	  "6.3.55",
	  "S_IDR3 is 0x00000040, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[4], 0, 1) },
	  "6.3.56",
	  "S_IDR4 is 0x00000001, but must be 0 when S_IDR1.SECURE_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(s_idr[6], 0, 0x10000) },
	  "6.3.91",
	  "S_IDR6 is 0x00010000, but must be 0 when S_IDR0.ECMDQ is 0" },
	{ "generic-3.1",
	  { EDIT(root_idr0, 0, 4) },
	  "6.3.110",
	  "ROOT_IDR0 is 0x00000004, but must be 0 when ROOT_IDR0.ROOT_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(r_idr[0], 0, 0x01000000) },
	  "6.3.122",
	  "R_IDR0 is 0x01000000, but must be 0 when ROOT_IDR0.REALM_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(r_idr[1], 0, 0x80000000) },
	  "6.3.123",
	  "R_IDR1 is 0x80000000, but must be 0 when ROOT_IDR0.REALM_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(r_idr[3], 0, 0x10000) },
	  "6.3.125",
	  "R_IDR3 is 0x00010000, but must be 0 when ROOT_IDR0.REALM_IMPL is 0" },
	{ "generic-3.1",
	  { EDIT(r_idr[6], 0, 0x10000) },
	  "6.3.157",
	  "R_IDR6 is 0x00010000, but must be 0 when R_IDR0.ECMDQ is 0" },
	{ "generic-3.1",
	  { EDIT(r_mecidr, 0, 1) },
	  "6.3.161",
	  "R_MECIDR is 0x00000001, but must be 0 when R_IDR3.MEC is 0" },
};

START_TEST(a_register_without_its_feature_must_be_zero)
{
	struct smmu3_config config = profile_config(absent[_i].profile);
	struct smmu3_error error;

	apply(&config, absent[_i].edits, EDITS);
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_INCONSISTENT);
	ck_assert_str_eq(error.text, absent[_i].text);
	ck_assert_str_eq(error.section, absent[_i].section);
}
END_TEST

/* What the architecture leaves open: edits of a consistent profile.  IDR-011, IDR-015, IDR-036 */
static const struct broken allowed[] = {
	{ "generic-3.1", { EDIT(idr[1], 0, 0xf800) }, NULL, "PRIQS says nothing without PRI" },
	{ "generic-3.1", { EDIT(idr[0], 0, 0x200) }, NULL, "Hyp before v3.2" },
	{ "generic-3.1", { EDIT(idr[0], 0x2, 0), EDIT(idr[3], 0x4, 0) }, NULL, "stage 2 alone" },
	{ "generic-3.1", { EDIT(idr[4], 0, ALL) }, NULL, "IDR4 is implementation defined" },
	{ "generic-3.1", { EDIT(idr[3], 0x1f00, 0) }, NULL, "v3.1 without anything of v3.2" },
	{ "hafnium", { EDIT(idr[3], 0, 0x6000) }, NULL, "v3.2 with features of v3.3" },
	{ "minimal-3.0", { EDIT(idr[3], 0, 0x4) }, NULL, "HAD in v3.0" },
	{ "minimal-3.0", { EDIT(idr[1], 0x3f, 0) }, NULL, "a single stream" },
	{ "max", { EDIT(root_idr0, 0x2, 0) }, NULL, "RGPTM alone" },
	{ "generic-3.1", { EDIT(gbpa_reset, ALL, 0x001f3f1f) }, NULL, "any attributes at reset" },
	{ "generic-3.1", { EDIT(iidr, ALL, 0x4832143b) }, NULL, "an implementer's code" },
};

START_TEST(what_the_architecture_leaves_open_is_consistent)
{
	struct smmu3_config config = profile_config(allowed[_i].profile);
	struct smmu3_error error;

	apply(&config, allowed[_i].edits, EDITS);
	ck_assert_msg(smmu3_config_check(&config, &error) != -SMMU3_E_INCONSISTENT, "%s: %s",
		      allowed[_i].text, error.text);
}
END_TEST

START_TEST(a_caller_without_a_configuration_is_told)
{
	struct smmu3_config config = profile_config("generic-3.1");
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_config_check(NULL, &error), -SMMU3_E_ARGUMENT);
	config.size = 4;
	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_ARGUMENT);
	config.size = sizeof(config);
	config.aidr = 9;
	ck_assert_int_eq(smmu3_config_check(&config, NULL), -SMMU3_E_INCONSISTENT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    a_reserved_bit_is_refused_and_a_defined_one_is_not_called_reserved, 0,
			    COUNT(registers));
	tcase_add_loop_test(tests, a_register_without_its_feature_must_be_zero, 0, COUNT(absent));
	tcase_add_loop_test(tests, what_the_architecture_leaves_open_is_consistent, 0,
			    COUNT(allowed));
	tcase_add_test(tests, a_caller_without_a_configuration_is_told);
}

int main(void)
{
	return run("reserved", add);
}
