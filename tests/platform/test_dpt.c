/* SPDX-License-Identifier: MIT */
/* Machines with a Device Permission Table: what the `dpt` key of an SMMU makes, and what is wrong
 * with one.  docs/config.md */
#include "load.h"
#include "support/suite.h"

#include <check.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* SMMUv3.2, which has both stages only with Hyp.  2.9, 6.3.1 */
#define FEATURES                                                                                \
	"features: {minor: 2, s1: false, ssid_bits: 0, two_level_contexts: false, had: false, " \
	"fwb: true, ril: true, bbml: 1, ats: true, dpt: true}"
#define MACHINE(dpt)                                                      \
	"version: 1\nmemory: [{name: ram, base: 0x80000000, size: 1G}]\n" \
	"smmu:\n  - " FEATURES "\n    dpt: " dpt "\n"                     \
	"masters: [{name: a, stream_id: 1, mode: abort}]\n"

/* DPTI-001, CR-021: registers as a driver programs them, CR0.ATSCHK and DPT_WALK_EN enabled.  A
 * table of 1TB has 2^10 descriptors, 8KB.  6.3.46, 6.3.47 */
START_TEST(a_table_is_programmed_and_enabled)
{
	struct loading loading = load_good(MACHINE("{}"));
	const uint64_t base = reg(&loading, 0, 0x200, 8);

	ck_assert_uint_eq(base >> 62, 1);
	ck_assert_uint_eq(base & 0x1fff, 0);
	ck_assert_uint_eq(reg(&loading, 0, 0x208, 4), 2);
	ck_assert_uint_eq(reg(&loading, 0, 0x20, 4), 0x41d);
	ck_assert_uint_eq(reg(&loading, 0, 0x24, 4), 0x41d);
	unload(&loading);
}
END_TEST

START_TEST(sizes_are_as_given)
{
	struct loading loading = load_good(MACHINE("{bits: 48, region: 512G, granule: 64K}"));

	ck_assert_uint_eq(reg(&loading, 0, 0x208, 4), 0x904005);
	unload(&loading);
}
END_TEST

/* DPT-03: AC by vmid and shared, W by perm.  3.24.3.1 */
START_TEST(grants_become_descriptors)
{
	struct loading loading = load_good(
		MACHINE("{map: [{pa: 0x40000000, size: 1G, vmid: 0x1234}, "
			"{pa: 0x80000000, size: 1G, vmid: 7, shared: true, perm: ro}, "
			"{pa: 0xc0000000, size: 1G, perm: rw}, "
			"{pa: 0x200000, size: 2M, contiguous: true}]}"));
	const uint64_t base = reg(&loading, 0, 0x200, 8) & 0xfffffffffff000;
	const uint64_t level1 = word_at(&loading, base) - 3;

	ck_assert_uint_eq(word_at(&loading, base + 8), 0x12340011);
	ck_assert_uint_eq(word_at(&loading, base + 16), 0x00070005);
	ck_assert_uint_eq(word_at(&loading, base + 24), 0x19);
	ck_assert_uint_eq(word_at(&loading, level1 + 8 * 0x100), 0x21b);
	ck_assert_uint_eq(word_at(&loading, level1 + 8 * 0x1ff), 0x21b);
	unload(&loading);
}
END_TEST

static const struct {
	const char *text, *said;
} mistakes[] = {
	{ "version: 1\nsmmu: [{dpt: {}}]\n",
	  "2:14: the SMMU has no Device Permission Table: IDR3.DPT is 0\n" },
	{ MACHINE("{region: 2G}"),
	  "5:19: '2G' is not one of 1G, 16G, 64G, 512G; did you mean '1G'?\n" },
	{ MACHINE("{bits: 32, region: 16G}"),
	  "5:29: a region is larger than the table of 32 bits\n" },
	{ MACHINE("{map: [{pa: 0x1000, size: 1}]}"),
	  "5:17: pa and size must be multiples of the granule\n" },
	{ MACHINE("{map: [{pa: 0x10000000000, size: 4K}]}"),
	  "5:17: the table has addresses of 40 bits\n" },
	{ MACHINE("{map: [{pa: 0, size: 4K, perm: wo}]}"),
	  "5:41: a Device Permission Table grants ro or rw\n" },
	{ MACHINE("{map: [{pa: 0, size: 4K, shared: true}]}"),
	  "5:43: without 'vmid' it is of every VMID\n" },
	{ MACHINE("{map: [{pa: 0, size: 8K}, {pa: 0x1000, size: 4K}]}"), NULL },
};

START_TEST(what_is_wrong_with_a_table_is_said)
{
	struct loading loading = load(mistakes[_i].text);

	ck_assert_ptr_null(loading.machine);
	if (mistakes[_i].said)
		ck_assert_str_eq(loading.said, mistakes[_i].said);
	unload(&loading);
}
END_TEST

/* DPT-05, CMD-DPTI-PA: what a Translated access and a command do to it */
START_TEST(translated_accesses_meet_the_table)
{
	static const char *const lines[] = {
		"TT a 0x80001000 8 write expect=pa:0x80001000,pas:ns",
		"TT a 0x80002000 8 expect=F_TRANSL_FORBIDDEN",
		"! dpti pa pa=0x80001000 size=4K leaf expect=consumed",
		"! dpti all expect=consumed",
		"! expect anything",
	};
	struct loading loading = load_good(
		"version: 1\nmemory: [{name: ram, base: 0x80000000, size: 1G}]\n"
		"smmu:\n  - " FEATURES "\n    dpt: {map: [{pa: 0x80001000, size: 4K, vmid: 3}]}\n"
		"tables: {t: {stage: 2, vmid: 3}}\n"
		"masters: [{name: a, stream_id: 1, stage2: t, ste: {EATS: 3}}]\n");

	ALL(&loading, lines);
	unload(&loading);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("platform: Device Permission Tables");
	TCase *tests = tcase_create("dpt");

	suite_add_tcase(suite, tests);
	tcase_add_test(tests, a_table_is_programmed_and_enabled);
	tcase_add_test(tests, sizes_are_as_given);
	tcase_add_test(tests, grants_become_descriptors);
	tcase_add_loop_test(tests, what_is_wrong_with_a_table_is_said, 0, COUNT(mistakes));
	tcase_add_test(tests, translated_accesses_meet_the_table);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
