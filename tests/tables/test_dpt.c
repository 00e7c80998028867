/* SPDX-License-Identifier: MIT */
/* The builder's Device Permission Tables: words by hand from IHI 0070 3.24.3.1, 6.3.46, 6.3.47. */
#include "arena.h"
#include "support/suite.h"

#include <check.h>

#define GB UINT64_C(0x40000000)

static struct arena arena;

static void setup(void)
{
	arena_open(&arena);
}

static void teardown(void)
{
	arena_close(&arena);
}

#define word(address) arena_word(&arena, address)

static struct smmu3_dpt dpt_of(uint8_t size_bits, uint8_t level0_bits, uint8_t granule_lg2)
{
	struct smmu3_dpt dpt = { .size_bits = size_bits,
				 .level0_bits = level0_bits,
				 .granule_lg2 = granule_lg2 };

	ck_assert_int_eq(smmu3_dpt_create(&arena.builder, &dpt), 0);
	return dpt;
}

static int grant(const struct smmu3_dpt *dpt, uint64_t addr, uint64_t size, uint8_t contiguous)
{
	const struct smmu3_dpt_grant all = { .addr = addr,
					     .size = size,
					     .writable = 1,
					     .ac = 1,
					     .vmid = 0xabcd,
					     .contiguous = contiguous };

	return smmu3_dpt_grant(&arena.builder, dpt, &all);
}

/* DPT-02: 2^(36 - 30) descriptors of 8 bytes, aligned to a page; DPTPS 1, DPTGS 0, L0DPTSZ 0; RA */
START_TEST(a_table_of_64gb_is_a_page)
{
	const struct smmu3_dpt dpt = dpt_of(36, 30, 12);
	uint64_t base;
	uint32_t config;

	ck_assert_uint_eq(arena.used, 0x1000);
	smmu3_dpt_registers(&dpt, &base, &config);
	ck_assert_uint_eq(base, UINT64_C(0x4000000080000000));
	ck_assert_uint_eq(config, 0x1);
}
END_TEST

/* DPTI-002 */
START_TEST(sizes_have_their_codes)
{
	static const struct {
		uint8_t size, level0, granule;
		uint32_t config;
	} rows[] = {
		{ 32, 30, 14, 0x008000 }, { 40, 34, 16, 0x404002 }, { 42, 36, 12, 0x600003 },
		{ 44, 39, 12, 0x900004 }, { 48, 39, 12, 0x900005 }, { 52, 39, 12, 0x900006 },
	};
	const struct smmu3_dpt dpt = dpt_of(rows[_i].size, rows[_i].level0, rows[_i].granule);
	uint64_t base;
	uint32_t config;

	smmu3_dpt_registers(&dpt, &base, &config);
	ck_assert_uint_eq(config, rows[_i].config);
}
END_TEST

/* 3.24.3.1.2: Type 01, AC 01 << 2, W << 4, VMID << 16 */
START_TEST(a_whole_region_is_a_block)
{
	const struct smmu3_dpt dpt = dpt_of(36, 30, 12);

	ck_assert_int_eq(grant(&dpt, 2 * GB, 2 * GB, 0), 0);
	ck_assert_uint_eq(word(dpt.base + 8), 0);
	ck_assert_uint_eq(word(dpt.base + 16), 0xabcd0015);
	ck_assert_uint_eq(word(dpt.base + 24), 0xabcd0015);
	ck_assert_uint_eq(word(dpt.base + 32), 0);
	ck_assert_uint_eq(arena.used, 0x1000);
}
END_TEST

/* 3.24.3.1.4: two granules in a descriptor, in a level 1 table of 1MB */
START_TEST(granules_are_halves_of_descriptors)
{
	const struct smmu3_dpt dpt = dpt_of(36, 30, 12);
	const struct smmu3_dpt_grant all = {
		.addr = GB + 0x6000, .size = 0x1000, .ac = 2, .vmid = 9
	};

	ck_assert_int_eq(grant(&dpt, GB + 0x3000, 0x2000, 1), 0);
	const uint64_t level1 = word(dpt.base + 8) - 3;

	ck_assert_uint_eq(level1 & 0xfffff, 0);
	ck_assert_uint_eq(word(level1), 0);
	ck_assert_uint_eq(word(level1 + 8), UINT64_C(0xabcd001400000002));
	ck_assert_uint_eq(word(level1 + 16), 0xabcd0015);
	ck_assert_int_eq(grant(&dpt, GB + 0x2000, 0x1000, 0), 0);
	ck_assert_uint_eq(word(level1 + 8), UINT64_C(0xabcd0014abcd0017));
	/* of every VMID: VMID is RES0 then, W is 0 */
	ck_assert_int_eq(smmu3_dpt_grant(&arena.builder, &dpt, &all), 0);
	ck_assert_uint_eq(word(level1 + 24), 0x9);
}
END_TEST

/* DPT-04: 64KB are 8 descriptors, Contig 1; 2MB 256, Contig 2; each as the others; what is left is
 * of granules */
START_TEST(contiguous_regions_are_runs_of_descriptors)
{
	const struct smmu3_dpt dpt = dpt_of(36, 30, 12);

	ck_assert_int_eq(grant(&dpt, 0x1f0000, 0x221000, 1), 0);
	const uint64_t level1 = word(dpt.base) - 3;

	ck_assert_uint_eq(word(level1 + 8 * 0xf7), 0);
	for (unsigned i = 0xf8; i < 0x100; i++)
		ck_assert_uint_eq(word(level1 + 8 * i), 0xabcd0117);
	for (unsigned i = 0x100; i < 0x200; i++)
		ck_assert_uint_eq(word(level1 + 8 * i), 0xabcd0217);
	ck_assert_uint_eq(word(level1 + 8 * 0x200), 0xabcd0117);
	ck_assert_uint_eq(word(level1 + 8 * 0x208), 0xabcd0015);
	ck_assert_uint_eq(word(level1 + 8 * 0x209), 0);
}
END_TEST

/* Nothing is changed where something is granted already. */
START_TEST(what_is_granted_is_not_granted_again)
{
	const struct smmu3_dpt dpt = dpt_of(36, 30, 12);
	unsigned writes;

	ck_assert_int_eq(grant(&dpt, GB + 0x5000, 0x1000, 0), 0);
	ck_assert_int_eq(grant(&dpt, 2 * GB, GB, 0), 0);
	ck_assert_int_eq(grant(&dpt, 3 * GB, 0x10000, 1), 0);
	writes = arena.writes;
	ck_assert_int_eq(grant(&dpt, GB + 0x4000, 0x3000, 0), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(grant(&dpt, GB, GB, 0), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(grant(&dpt, GB, 0x10000, 1), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(grant(&dpt, 2 * GB, 0x1000, 0), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(grant(&dpt, 3 * GB + 0xf000, 0x1000, 0), -SMMU3_E_OVERLAP);
	ck_assert_uint_eq(arena.writes, writes);
}
END_TEST

START_TEST(what_the_format_does_not_have_is_refused)
{
	static const struct smmu3_dpt wrong[] = {
		{ .size_bits = 33, .level0_bits = 30, .granule_lg2 = 12 },
		{ .size_bits = 56, .level0_bits = 30, .granule_lg2 = 12 },
		{ .size_bits = 36, .level0_bits = 31, .granule_lg2 = 12 },
		{ .size_bits = 36, .level0_bits = 39, .granule_lg2 = 12 },
		{ .size_bits = 36, .level0_bits = 30, .granule_lg2 = 13 },
		{ .size_bits = 0 },
	};
	const struct smmu3_dpt dpt = dpt_of(36, 30, 14);

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct smmu3_dpt copy = wrong[i];

		ck_assert_int_eq(smmu3_dpt_create(&arena.builder, &copy), -SMMU3_E_ARGUMENT);
	}
	ck_assert_int_eq(grant(&dpt, 0, 0, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(grant(&dpt, 0x1000, 0x4000, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(grant(&dpt, 0, 0x5000, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(grant(&dpt, 64 * GB, 0x4000, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(grant(&dpt, 63 * GB, 2 * GB, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(smmu3_dpt_grant(&arena.builder, &dpt,
					 &(struct smmu3_dpt_grant){ .size = 0x4000, .ac = 3 }),
			 -SMMU3_E_ARGUMENT);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("dpt");
	TCase *tests = tcase_create("dpt");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_table_of_64gb_is_a_page);
	tcase_add_loop_test(tests, sizes_have_their_codes, 0, 6);
	tcase_add_test(tests, a_whole_region_is_a_block);
	tcase_add_test(tests, granules_are_halves_of_descriptors);
	tcase_add_test(tests, contiguous_regions_are_runs_of_descriptors);
	tcase_add_test(tests, what_is_granted_is_not_granted_again);
	tcase_add_test(tests, what_the_format_does_not_have_is_refused);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
