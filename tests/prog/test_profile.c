/* SPDX-License-Identifier: MIT */
/* The named profiles: all consistent, refused only by the name of what is not built. */
#include "config.h"
#include "run.h"

#include <check.h>
#include <string.h>

/* idr is IDR0, IDR1, IDR3, IDR5: as recorded (linux-session, linux-capture, qemu-10.2, hafnium,
 * rmm), or summed up by hand from the fields that the profile names. */
static const struct {
	const char *name;
	uint32_t idr[4], aidr;
	int code;
	const char *refusal; /* the sentence begins so */
} profiles[] = {
	{ "generic-3.1", { 0x094c101b, 0x0e730510, 0x1714, 0x476 }, 1, 0, "" },
	{ "minimal-3.0", { 0x0140000a, 0x01070006, 0, 0x12 }, 0, 0, "" },
	{ "linux-session", { 0x0d40301a, 0x02730010, 0x0404, 0x74 }, 1, 0, "" },
	{ "linux-capture", { 0x0d44101b, 0x02730010, 0x1414, 0x74 }, 1, 0, "" },
	{ "qemu-10.2", { 0x0d44101b, 0x02730010, 0x1414, 0x74 }, 1, 0, "" },
	{ "generic-3.3", { 0x08dff63b, 0x0e739d20, 0x1f73c, 0x01000476 }, 3, 0, "" },
	{ "secure-3.3", { 0x08dff63b, 0x0e739d20, 0x1f73c, 0x01000476 }, 3, 0, "" },
	{ "realm-3.3", { 0x48dff63b, 0x0e739d20, 0x1f73c, 0x01000476 }, 3, 0, "" },
	{ "hafnium", { 0x0046123b, 0x00600002, 0x1714, 0xffff0472 }, 2, 0, "" },
	{ "rmm", { 0x498f769b, 0x0e733d10, 0x773c, 0x4f6 }, 3, 0, "" },
	{ "max",
	  { 0x089ff7ff, 0x8e739d20, 0xff77bc, 0xffff04f6 },
	  4,
	  -SMMU3_E_UNSUPPORTED,
	  "ECMDQ is not built" },
	{ "max-d128",
	  { 0x089ff7fb, 0x8e739d20, 0xfff7bc, 0xffff09f7 },
	  4,
	  -SMMU3_E_UNSUPPORTED,
	  "ECMDQ is not built" },
	{ "max-realm",
	  { 0x489ff7fb, 0x8e739d20, 0xfff7bc, 0xffff09f7 },
	  4,
	  -SMMU3_E_UNSUPPORTED,
	  "ECMDQ is not built" },
};

START_TEST(a_profile_has_its_place_name_and_registers)
{
	static const unsigned number[] = { 0, 1, 3, 5 };
	const struct smmu3_profile *profile = smmu3_profile((size_t)_i);

	ck_assert_ptr_nonnull(profile);
	ck_assert_str_eq(profile->name, profiles[_i].name);
	ck_assert_uint_gt(strlen(profile->summary), 10);
	ck_assert_ptr_null(strchr(profile->summary, '\n'));
	ck_assert_uint_eq(profile->config.size, sizeof(struct smmu3_config));
	ck_assert_uint_eq(profile->config.aidr, profiles[_i].aidr);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(profile->config.idr[number[i]], profiles[_i].idr[i]);
}
END_TEST

START_TEST(a_profile_is_consistent_and_refused_only_for_what_is_not_built)
{
	struct smmu3_config config = profile_config(profiles[_i].name);
	struct smmu3_error error;

	ck_assert_msg(smmu3_config_check(&config, &error) == profiles[_i].code, "%s", error.text);
	ck_assert_msg(!strncmp(error.text, profiles[_i].refusal, strlen(profiles[_i].refusal)),
		      "%s", error.text);
}
END_TEST

START_TEST(the_profiles_of_firmware_have_their_secure_realm_and_root_registers)
{
	struct smmu3_config hafnium = profile_config("hafnium");
	struct smmu3_config rmm = profile_config("rmm");
	struct smmu3_config realm = profile_config("realm-3.3");
	struct smmu3_config secure = profile_config("secure-3.3");

	ck_assert_uint_eq(hafnium.s_idr[1], 0xa0000002);
	ck_assert_uint_eq(secure.s_idr[0], 0x2000);     /* MSI */
	ck_assert_uint_eq(secure.s_idr[1], 0xa0000020); /* SECURE_IMPL, SEL2, S_SIDSIZE 32 */
	ck_assert_uint_eq(secure.s_idr[2], 1);          /* S_VATOS behind VATOS */
	ck_assert_uint_eq(realm.s_idr[1], 0xa0000020);  /* as RME demands: SEL2 */
	ck_assert_uint_eq(realm.root_idr0, 0x0080000f); /* ROOT, BGPTM, RGPTM, REALM, BA_REALM 2 */
	ck_assert_uint_eq(realm.r_idr[0], 0x01012400);  /* no stalls; PRI, MSI, ATS */
	ck_assert_uint_eq(realm.r_idr[1], 0x80000000);  /* RME_DA_IMPL */
	ck_assert_uint_eq(realm.r_idr[3], 0x00018000);  /* MEC, DPT */
	ck_assert_uint_eq(realm.r_mecidr, 0xf);         /* 16 bits */
	ck_assert_uint_eq(rmm.root_idr0, 0x0080000f);
	ck_assert_uint_eq(rmm.r_idr[0], 0x01012400);
	ck_assert_uint_eq(rmm.r_mecidr, 0xf);
}
END_TEST

START_TEST(an_unknown_profile_is_not_found)
{
	struct smmu3_config config;
	struct smmu3_error error;

	ck_assert_ptr_null(smmu3_profile(sizeof(profiles) / sizeof(profiles[0])));
	ck_assert_int_eq(smmu3_config_init(&config, "generic", &error), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(error.code, -SMMU3_E_NOT_FOUND);
	ck_assert_str_eq(error.text, "there is no profile named generic");
	ck_assert_int_eq(smmu3_config_init(&config, NULL, NULL), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_config_init(NULL, "max", NULL), -SMMU3_E_ARGUMENT);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_profile_has_its_place_name_and_registers, 0, COUNT(profiles));
	tcase_add_loop_test(tests, a_profile_is_consistent_and_refused_only_for_what_is_not_built,
			    0, COUNT(profiles));
	tcase_add_test(tests, the_profiles_of_firmware_have_their_secure_realm_and_root_registers);
	tcase_add_test(tests, an_unknown_profile_is_not_found);
}

int main(void)
{
	return run("profile", add);
}
