/* SPDX-License-Identifier: MIT */
/* Which sizes of caches a configuration may have, and how others are refused. */
#include "config.h"
#include "run.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define PLACE(member) offsetof(struct smmu3_config, caches.member)

static const struct {
	size_t at;
	const char *name;
} caches[] = {
	{ PLACE(l1stds), "l1stds" }, { PLACE(stes), "stes" },     { PLACE(cds), "cds" },
	{ PLACE(tlb), "tlb" },       { PLACE(tables), "tables" }, { PLACE(dpt), "dpt" },
	{ PLACE(gpt), "gpt" },
};

static struct smmu3_config with(size_t at, uint32_t places)
{
	struct smmu3_config config = profile_config("generic-3.1");

	memcpy((char *)&config + at, &places, sizeof(places));
	return config;
}

/* TLB-11: every profile keeps nothing */
START_TEST(no_profile_has_caches)
{
	static const char *const profiles[] = { "generic-3.1", "minimal-3.0", "linux-session",
						"max-realm" };

	for (int i = 0; i < COUNT(profiles); i++) {
		const struct smmu3_config config = profile_config(profiles[i]);
		const struct smmu3_caches none = { 0 };

		ck_assert_int_eq(memcmp(&config.caches, &none, sizeof(none)), 0);
	}
}
END_TEST

START_TEST(each_cache_has_0_or_a_power_of_two_of_places)
{
	for (unsigned lg2 = 0; lg2 <= 20; lg2++) {
		const struct smmu3_config config = with(caches[_i].at, UINT32_C(1) << lg2);
		struct smmu3_error error;
		struct smmu3 *smmu = smmu3_create(&config, NULL, &error);

		ck_assert_msg(smmu != NULL, "%s", error.text);
		smmu3_destroy(smmu);
	}
}
END_TEST

START_TEST(a_cache_of_another_size_is_refused_by_its_name)
{
	static const struct {
		uint32_t places;
		const char *text;
	} wrong[] = {
		{ 3, "3, but must be 0 or a power of two up to 1048576" },
		{ 65, "65, but must be 0 or a power of two up to 1048576" },
		{ 1u << 21, "2097152, but must be 0 or a power of two up to 1048576" },
		{ UINT32_MAX, "4294967295, but must be 0 or a power of two up to 1048576" },
	};

	for (int i = 0; i < COUNT(wrong); i++) {
		const struct smmu3_config config = with(caches[_i].at, wrong[i].places);
		char text[128];
		struct smmu3_error error;

		snprintf(text, sizeof(text), "caches.%s is %s", caches[_i].name, wrong[i].text);
		ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_ARGUMENT);
		ck_assert_str_eq(error.text, text);
		ck_assert_ptr_null(smmu3_create(&config, NULL, &error));
		ck_assert_str_eq(error.text, text);
	}
}
END_TEST

START_TEST(contiguous_is_0_or_1)
{
	const struct smmu3_config config = with(PLACE(contiguous), 2);
	struct smmu3_error error;

	ck_assert_int_eq(smmu3_config_check(&config, &error), -SMMU3_E_ARGUMENT);
	ck_assert_str_eq(error.text, "caches.contiguous must be 0 or 1");
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, no_profile_has_caches);
	tcase_add_loop_test(tests, each_cache_has_0_or_a_power_of_two_of_places, 0, COUNT(caches));
	tcase_add_loop_test(tests, a_cache_of_another_size_is_refused_by_its_name, 0,
			    COUNT(caches));
	tcase_add_test(tests, contiguous_is_0_or_1);
}

int main(void)
{
	return run("cache_sizes", add);
}
