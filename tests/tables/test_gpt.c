/* SPDX-License-Identifier: MIT */
/* The builder's granule protection tables: words by hand from D9.6, 6.3.114, 6.3.115. */
#include "arena.h"
#include "support/suite.h"

#include <check.h>

#define GB UINT64_C(0x40000000)
#define MB UINT64_C(0x100000)
#define NINES UINT64_C(0x9999999999999999)

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

static struct smmu3_gpt gpt_of(uint8_t size_bits, uint8_t level0_bits, uint8_t granule_lg2)
{
	struct smmu3_gpt gpt = { .size_bits = size_bits,
				 .level0_bits = level0_bits,
				 .granule_lg2 = granule_lg2 };

	ck_assert_int_eq(smmu3_gpt_create(&arena.builder, &gpt, SMMU3_GPI_NS), 0);
	return gpt;
}

static int set(const struct smmu3_gpt *gpt, uint64_t addr, uint64_t size, enum smmu3_gpi gpi,
	       uint8_t contiguous)
{
	const struct smmu3_gpt_range range = {
		.addr = addr, .size = size, .gpi = (uint8_t)gpi, .contiguous = contiguous
	};

	return smmu3_gpt_set(&arena.builder, gpt, &range);
}

/* The level 1 table that an entry of level 0 points to. */
static uint64_t level1(const struct smmu3_gpt *gpt, unsigned index)
{
	const uint64_t entry = word(gpt->base + 8 * index);

	ck_assert_uint_eq(entry & 0xfff, 3);
	return entry - 3;
}

static void expect_run(uint64_t at, unsigned first, unsigned count, uint64_t entry)
{
	for (unsigned i = first; i < first + count; i++)
		ck_assert_msg(word(at + 8 * i) == entry, "entry 0x%x is 0x%016llx", i,
			      (unsigned long long)word(at + 8 * i));
}

/* GPC-03: 2^(36 - 30) entries of 8 bytes, aligned to a page, each a block: type 1, GPI << 4 */
START_TEST(a_new_table_is_blocks_of_one_gpi)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);
	uint64_t base, config;

	ck_assert_uint_eq(arena.used, 0x1000);
	expect_run(gpt.base, 0, 64, 0x91);
	expect_run(gpt.base, 64, 448, 0);
	smmu3_gpt_registers(&gpt, &base, &config);
	ck_assert_uint_eq(base, 0x80000000);
	ck_assert_uint_eq(config, 0x3501);
}
END_TEST

/* RME-006, RME-007: PPS, PGS << 14, L0GPTSZ << 20, and Write-Back, Inner Shareable */
START_TEST(sizes_have_their_codes)
{
	static const struct {
		uint8_t size, level0, granule;
		uint64_t config, bytes;
	} rows[] = {
		{ 32, 30, 14, 0x00b500, 0x1000 }, { 40, 34, 16, 0x407502, 0x1000 },
		{ 42, 36, 12, 0x603503, 0x1000 }, { 44, 30, 12, 0x003504, 0x20000 },
		{ 48, 39, 12, 0x903505, 0x1000 }, { 52, 39, 12, 0x903506, 0x10000 },
		{ 32, 39, 12, 0x903500, 0x1000 },
	};
	const struct smmu3_gpt gpt = gpt_of(rows[_i].size, rows[_i].level0, rows[_i].granule);
	uint64_t base, config;

	smmu3_gpt_registers(&gpt, &base, &config);
	ck_assert_uint_eq(config, rows[_i].config);
	ck_assert_uint_eq(arena.used, rows[_i].bytes);
}
END_TEST

/* GPC-03 */
START_TEST(a_whole_region_is_a_block)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	ck_assert_int_eq(set(&gpt, 2 * GB, 2 * GB, SMMU3_GPI_REALM, 0), 0);
	expect_run(gpt.base, 0, 2, 0x91);
	expect_run(gpt.base, 2, 2, 0xb1);
	expect_run(gpt.base, 4, 60, 0x91);
	ck_assert_uint_eq(arena.used, 0x1000);
}
END_TEST

/* GPC-02: what is set of a block leaves the rest of it as it was, in a table of 128KB */
START_TEST(granules_are_nibbles_of_entries)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	ck_assert_int_eq(set(&gpt, GB + 0x3000, 0x2000, SMMU3_GPI_ROOT, 0), 0);
	const uint64_t table = level1(&gpt, 1);

	ck_assert_uint_eq(table & 0x1ffff, 0);
	ck_assert_uint_eq(word(table), UINT64_C(0x99999999999aa999));
	expect_run(table, 1, 0x3fff, NINES);
	/* to the end of the first entry, all of the second, and the first granule of the third */
	ck_assert_int_eq(set(&gpt, GB + 0xf000, 0x12000, SMMU3_GPI_SECURE, 0), 0);
	ck_assert_uint_eq(word(table), UINT64_C(0x89999999999aa999));
	ck_assert_uint_eq(word(table + 8), UINT64_C(0x8888888888888888));
	ck_assert_uint_eq(word(table + 16), UINT64_C(0x9999999999999998));
	ck_assert_int_eq(set(&gpt, GB, 0x10000, SMMU3_GPI_ANY, 0), 0);
	ck_assert_uint_eq(word(table), UINT64_MAX);
	ck_assert_int_eq(set(&gpt, GB + 0xa000, 0x1000, SMMU3_GPI_NONE, 0), 0);
	ck_assert_uint_eq(word(table), UINT64_C(0xfffff0ffffffffff));
	ck_assert_uint_eq(word(gpt.base), 0x91);
}
END_TEST

/* GPC-02: with granules of 16 and 64KB an entry is of 256KB and 1MB */
START_TEST(an_entry_is_of_16_granules_of_any_size)
{
	const struct smmu3_gpt gpt16 = gpt_of(36, 30, 14), gpt64 = gpt_of(36, 34, 16);

	ck_assert_int_eq(set(&gpt16, 0x44000, 0x4000, SMMU3_GPI_ROOT, 0), 0);
	ck_assert_uint_eq(word(level1(&gpt16, 0) + 8), UINT64_C(0x99999999999999a9));
	ck_assert_int_eq(set(&gpt64, 16 * GB + 3 * MB + 0xf0000, 0x10000, SMMU3_GPI_ROOT, 0), 0);
	ck_assert_uint_eq(level1(&gpt64, 1) & 0x1ffff, 0);
	ck_assert_uint_eq(word(level1(&gpt64, 1) + 24), UINT64_C(0xa999999999999999));
}
END_TEST

/* GPC-03: of 4KB granules 2MB are 32 entries, Contig 1; 32MB 512, Contig 2; 512MB 8192, Contig 3.
 * From 30MB to 545MB, and a granule: what was a block is split as far as it must be */
START_TEST(contiguous_regions_are_runs_of_entries)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	ck_assert_int_eq(set(&gpt, 30 * MB, 515 * MB + 0x1000, SMMU3_GPI_REALM, 1), 0);
	const uint64_t table = level1(&gpt, 0);

	expect_run(table, 0, 0x1e0, 0x191);                  /* to 30MB by 2MB */
	expect_run(table, 0x1e0, 0x20, 0x1b1);               /* 2MB */
	expect_run(table, 0x200, 0x1e00, 0x2b1);             /* 32MB to 512MB by 32MB */
	expect_run(table, 0x2000, 0x200, 0x2b1);             /* 32MB from 512MB */
	expect_run(table, 0x2200, 0x10, 0xbbbbbbbbbbbbbbbb); /* 1MB by 64KB */
	ck_assert_uint_eq(word(table + 8 * 0x2210), UINT64_C(0x999999999999999b));
	expect_run(table, 0x2211, 0xf, NINES);    /* the rest of those 2MB */
	expect_run(table, 0x2220, 0x1e0, 0x191);  /* and of those 32MB */
	expect_run(table, 0x2400, 0x1c00, 0x291); /* and of those 512MB */
}
END_TEST

/* GPC-03: 512MB that are aligned are one region */
START_TEST(half_a_block_is_one_contiguous_region)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	ck_assert_int_eq(set(&gpt, GB, GB / 2, SMMU3_GPI_SECURE, 1), 0);
	expect_run(level1(&gpt, 1), 0, 0x2000, 0x381);
	expect_run(level1(&gpt, 1), 0x2000, 0x2000, 0x391);
	/* in place of which there may be a block again */
	ck_assert_int_eq(set(&gpt, GB, GB, SMMU3_GPI_ANY, 1), 0);
	ck_assert_uint_eq(word(gpt.base + 8), 0xf1);
}
END_TEST

/* GPC-14: a region is never left with a granule that it does not agree with */
START_TEST(a_granule_splits_the_contiguous_region_it_is_in)
{
	const struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	ck_assert_int_eq(set(&gpt, 0, 2 * MB, SMMU3_GPI_SECURE, 1), 0);
	const uint64_t table = level1(&gpt, 0);

	expect_run(table, 0, 0x20, 0x181);
	ck_assert_int_eq(set(&gpt, 0x1ff000, 0x1000, SMMU3_GPI_NONE, 0), 0);
	expect_run(table, 0, 0x1f, UINT64_C(0x8888888888888888));
	ck_assert_uint_eq(word(table + 8 * 0x1f), UINT64_C(0x0888888888888888));
	expect_run(table, 0x20, 0x1e0, 0x191);
	/* and without contiguous regions nothing else is made of what is split */
	ck_assert_int_eq(set(&gpt, 512 * MB, 0x1000, SMMU3_GPI_NONE, 0), 0);
	ck_assert_uint_eq(word(table + 8 * 0x2000), UINT64_C(0x9999999999999990));
	expect_run(table, 0x2001, 0x1fff, NINES);
}
END_TEST

/* GPC-02: an entry larger than what is protected is a block or a table as any other */
START_TEST(one_entry_may_be_larger_than_what_is_protected)
{
	const struct smmu3_gpt gpt = gpt_of(32, 36, 16);

	ck_assert_int_eq(set(&gpt, 0, 4 * GB, SMMU3_GPI_SECURE, 0), 0);
	ck_assert_uint_eq(word(gpt.base), 0x81);
	ck_assert_uint_eq(arena.used, 0x1000);
	ck_assert_int_eq(set(&gpt, 3 * GB, GB, SMMU3_GPI_NS, 0), 0);
	expect_run(level1(&gpt, 0), 0, 0xc00, UINT64_C(0x8888888888888888));
	expect_run(level1(&gpt, 0), 0xc00, 0x400, NINES);
}
END_TEST

START_TEST(what_the_format_does_not_have_is_refused)
{
	static const struct smmu3_gpt wrong[] = {
		{ .size_bits = 33, .level0_bits = 30, .granule_lg2 = 12 },
		{ .size_bits = 56, .level0_bits = 30, .granule_lg2 = 12 },
		{ .size_bits = 36, .level0_bits = 31, .granule_lg2 = 12 },
		{ .size_bits = 36, .level0_bits = 30, .granule_lg2 = 13 },
		{ .size_bits = 0 },
	};
	const struct smmu3_gpt gpt = gpt_of(36, 30, 14);
	struct smmu3_gpt copy = gpt;

	for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		copy = wrong[i];
		ck_assert_int_eq(smmu3_gpt_create(&arena.builder, &copy, SMMU3_GPI_NS),
				 -SMMU3_E_ARGUMENT);
	}
	ck_assert_int_eq(set(&gpt, 0, 0, SMMU3_GPI_NS, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(set(&gpt, 0x1000, 0x4000, SMMU3_GPI_NS, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(set(&gpt, 0, 0x5000, SMMU3_GPI_NS, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(set(&gpt, 64 * GB, 0x4000, SMMU3_GPI_NS, 0), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(set(&gpt, 63 * GB, 2 * GB, SMMU3_GPI_NS, 0), -SMMU3_E_ARGUMENT);
}
END_TEST

/* GPC-04: of 16 encodings the table has six */
START_TEST(a_reserved_gpi_is_refused)
{
	static const uint16_t known = 0x8f01;
	struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	for (unsigned gpi = 0; gpi < 17; gpi++) {
		const int code = known >> gpi & 1 ? 0 : -SMMU3_E_ARGUMENT;

		ck_assert_int_eq(set(&gpt, 0, 0x1000, (enum smmu3_gpi)gpi, 0), code);
		ck_assert_int_eq(smmu3_gpt_create(&arena.builder, &gpt, (enum smmu3_gpi)gpi), code);
	}
}
END_TEST

/* tables.h: what a callback returns is returned */
START_TEST(a_callback_that_fails_ends_it)
{
	struct smmu3_gpt gpt = gpt_of(36, 30, 12);

	arena.left = 0;
	ck_assert_int_lt(set(&gpt, 0, 0x1000, SMMU3_GPI_ROOT, 0), 0);
	ck_assert_uint_eq(word(gpt.base), 0x91);
	ck_assert_int_lt(smmu3_gpt_create(&arena.builder, &gpt, SMMU3_GPI_NS), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("gpt");
	TCase *tests = tcase_create("gpt");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, a_new_table_is_blocks_of_one_gpi);
	tcase_add_loop_test(tests, sizes_have_their_codes, 0, 7);
	tcase_add_test(tests, a_whole_region_is_a_block);
	tcase_add_test(tests, granules_are_nibbles_of_entries);
	tcase_add_test(tests, an_entry_is_of_16_granules_of_any_size);
	tcase_add_test(tests, contiguous_regions_are_runs_of_entries);
	tcase_add_test(tests, half_a_block_is_one_contiguous_region);
	tcase_add_test(tests, a_granule_splits_the_contiguous_region_it_is_in);
	tcase_add_test(tests, one_entry_may_be_larger_than_what_is_protected);
	tcase_add_test(tests, what_the_format_does_not_have_is_refused);
	tcase_add_test(tests, a_reserved_gpi_is_refused);
	tcase_add_test(tests, a_callback_that_fails_ends_it);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
