/* SPDX-License-Identifier: MIT */
/*
 * The builder's VMSAv9-128 tables: words worked out by hand from DDI 0487 D8.2.11 and D8.3.2.  The
 * memory of a test begins at 0x80000000; the root is the first thing taken, tables follow it.
 */
#include "arena.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>

#define SKL(n) ((uint64_t)(n) << (109 - 64))

static struct arena arena;

static void setup(void)
{
	arena_open(&arena);
}

static void teardown(void)
{
	arena_close(&arena);
}

static struct smmu3_table table(unsigned stage, unsigned granule_lg2, unsigned input_bits,
				unsigned skip)
{
	return (struct smmu3_table){
		.stage = (uint8_t)stage,
		.granule_lg2 = (uint8_t)granule_lg2,
		.input_bits = (uint8_t)input_bits,
		.output_bits = 56,
		.start_level = SMMU3_LEVEL_AUTO,
		.format = SMMU3_TABLE_D128,
		.skip = (uint8_t)skip,
	};
}

static struct smmu3_table created(unsigned granule_lg2, unsigned input_bits, unsigned skip)
{
	struct smmu3_table made = table(1, granule_lg2, input_bits, skip);

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	return made;
}

static void expect_entry(uint64_t at, uint64_t low, uint64_t high)
{
	ck_assert_uint_eq(arena_word(&arena, at), low);
	ck_assert_uint_eq(arena_word(&arena, at + 8), high);
}

/* D128-01, D128-02: regular start levels of both stages, and what is skipped; bytes of the root */
static const struct {
	unsigned granule_lg2, input_bits, skip;
	int level; /* -9: there is none */
	unsigned bytes;
} shapes[] = {
	{ 12, 56, 0, -2, 256 },  { 12, 52, 0, -1, 4096 },   { 12, 48, 0, -1, 256 },
	{ 12, 44, 0, 0, 4096 },  { 12, 36, 1, 2, 1 << 20 }, { 12, 16, 0, 3, 256 },
	{ 12, 20, 1, -9, 0 },    { 12, 48, 4, -9, 0 },      { 12, 15, 0, -9, 0 },
	{ 12, 57, 0, -9, 0 },    { 14, 54, 0, 0, 16384 },   { 14, 55, 0, -1, 64 },
	{ 16, 52, 0, 1, 65536 }, { 16, 16, 0, -9, 0 },      { 16, 17, 0, 3, 64 },
	{ 12, 44, 4, -9, 0 },
};

START_TEST(a_table_begins_where_its_size_says)
{
	for (unsigned stage = 1; stage <= 2; stage++) {
		struct smmu3_table made = table(stage, shapes[_i].granule_lg2,
						shapes[_i].input_bits, shapes[_i].skip);
		const uint64_t before = arena.used;
		const int code = smmu3_table_create(&arena.builder, &made);

		if (shapes[_i].level == -9) {
			ck_assert_int_eq(code, -SMMU3_E_ARGUMENT);
			continue;
		}
		ck_assert_int_eq(code, 0);
		ck_assert_int_eq(made.start_level, shapes[_i].level);
		ck_assert_uint_ge(arena.used - before, shapes[_i].bytes);
		ck_assert_uint_eq(made.root % shapes[_i].bytes, 0);
	}
}
END_TEST

/* With DS there is no such table. */
START_TEST(there_is_no_ds)
{
	struct smmu3_table made = table(1, 12, 48, 0);

	made.ds = 1;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), -SMMU3_E_ARGUMENT);
}
END_TEST

/* D128-04, D128-06: 28 bits, levels 2 and 3 */
START_TEST(a_page_is_a_table_and_a_leaf_of_16_bytes)
{
	const struct smmu3_table made = created(12, 28, 0);
	const struct smmu3_map map = {
		.input = 0x5607000,
		.output = UINT64_C(0xabcdef12345000),
		.size = 0x1000,
		.attributes = 0xf00,
		.attributes_high = UINT64_C(0xb) << 51,
		.table_attributes_high = UINT64_C(1) << 48,
	};

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	/* index 0x56 of the root at 0x80000000, 0x07 of the next table at 0x80001000 */
	expect_entry(0x80000560, 0x80001001, UINT64_C(1) << 48);
	expect_entry(0x80001070, UINT64_C(0xabcdef12345f01), UINT64_C(0xb) << 51);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x5607000), 0);
	expect_entry(0x80001070, 0, 0);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x5607000), -SMMU3_E_NOT_FOUND);
}
END_TEST

/* D128-05: leaves skip what tables below would resolve */
static const struct {
	unsigned granule_lg2, size_lg2, skl;
} blocks[] = {
	{ 12, 36, 3 }, { 12, 28, 2 }, { 12, 20, 1 }, { 12, 12, 0 }, { 14, 34, 2 },
	{ 14, 24, 1 }, { 16, 40, 2 }, { 16, 28, 1 }, { 16, 16, 0 },
};

START_TEST(a_leaf_is_the_largest_that_fits)
{
	const struct smmu3_table made = created(blocks[_i].granule_lg2,
						blocks[_i].size_lg2 < 15 ? 17 :
									   blocks[_i].size_lg2 + 2,
						0);
	const uint64_t size = UINT64_C(1) << blocks[_i].size_lg2;
	const struct smmu3_map map = { .input = size, .output = 3 * size, .size = size };

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	expect_entry(made.root + 16, 3 * size | 1, SKL(blocks[_i].skl));
}
END_TEST

/* D8-46: 16KB and 64KB have no block at level 0 */
START_TEST(level_0_has_blocks_with_4kb_alone)
{
	const struct smmu3_table made = created(14, 46, 0);
	const uint64_t size = UINT64_C(1) << 44;
	const struct smmu3_map map = { .size = size };

	ck_assert_int_eq(made.start_level, 0);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	ck_assert_uint_eq(arena_word(&arena, made.root + 8), 0); /* a table, SKL 0 */
	ck_assert_uint_ne(arena_word(&arena, made.root), 1);
}
END_TEST

/* D128-01: a root of 64K entries */
START_TEST(a_root_that_skips_has_an_entry_for_each_page)
{
	const struct smmu3_table made = created(12, 28, 1);
	const struct smmu3_map map = { .input = 0xfff7000, .output = 0x3000, .size = 0x2000 };

	ck_assert_int_eq(made.start_level, 3);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	expect_entry(made.root + 16 * 0xfff7, 0x3001, 0);
	expect_entry(made.root + 16 * 0xfff8, 0x4001, 0);
}
END_TEST

/* D8-105, of tables.h what contiguous means */
static const struct {
	unsigned granule_lg2, size_lg2, run;
} runs[] = {
	{ 12, 28, 4 },  { 12, 20, 16 }, { 12, 12, 16 }, { 14, 34, 4 }, { 14, 24, 16 },
	{ 14, 14, 64 }, { 16, 28, 64 }, { 16, 16, 16 }, { 16, 40, 0 }, { 12, 36, 0 },
};

START_TEST(a_run_is_contiguous_if_all_of_it_is_mapped)
{
	const unsigned granule_lg2 = runs[_i].granule_lg2, run = runs[_i].run;
	const struct smmu3_table made = created(granule_lg2,
						runs[_i].size_lg2 + 8 > 56 ? 56 :
									     runs[_i].size_lg2 + 8,
						0);
	const uint64_t size = UINT64_C(1) << runs[_i].size_lg2;
	const unsigned count = run ? 2 * run - 1 : 3;
	const struct smmu3_map map = { .size = count * size, .block = size, .contiguous = 1 };

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	for (unsigned i = 0; i < count; i++)
		ck_assert_uint_eq(arena_word(&arena, made.root + 16 * i + 8) >> 47 & 1, i < run);
}
END_TEST

/* CD-12: all 16 bytes the other way round */
START_TEST(big_endian_tables_are_written_and_read_as_such)
{
	struct smmu3_table made = table(2, 12, 28, 0);
	const struct smmu3_map map = { .input = 0x1000,
				       .output = 0x3000,
				       .size = 0x1000,
				       .attributes_high = UINT64_C(0xb) << 51 };

	made.big_endian = 1;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &map), 0);
	expect_entry(made.root, 0, __builtin_bswap64(0x80001001));
	expect_entry(0x80001010, __builtin_bswap64(UINT64_C(0xb) << 51), __builtin_bswap64(0x3001));
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x1000), 0);
	expect_entry(0x80001010, 0, 0);
}
END_TEST

/* D128-06 */
START_TEST(attributes_stand_where_the_format_has_them)
{
	const struct smmu3_d128_attributes all = { .attr_index = 0xd,
						   .sh = 2,
						   .pi_index = 0xb,
						   .po_index = 9,
						   .clean = 1,
						   .af = 1,
						   .ng = 1,
						   .ns = 1,
						   .hardened = 1 };
	const struct smmu3_d128_attributes none = { 0 };
	uint64_t leaf[2];

	smmu3_d128_leaf(1, &all, leaf);
	ck_assert_uint_eq(leaf[0], 0xd << 2 | 1 << 7 | 2 << 8 | 1 << 10 | 1 << 11);
	ck_assert_uint_eq(leaf[1], UINT64_C(1) << 50 | UINT64_C(0xb) << 51 | UINT64_C(1) << 63);
	smmu3_d128_leaf(2, &all, leaf);
	ck_assert_uint_eq(leaf[0], 0xd << 2 | 2 << 8 | 1 << 10);
	ck_assert_uint_eq(leaf[1], UINT64_C(1) << 50 | UINT64_C(0xb) << 51 | UINT64_C(9) << 57 |
					   UINT64_C(1) << 63);
	smmu3_d128_leaf(1, &none, leaf);
	ck_assert_uint_eq(leaf[0] | leaf[1], 0);
	smmu3_d128_leaf(2, &none, leaf);
	ck_assert_uint_eq(leaf[0], 1 << 7);
}
END_TEST

/* STE-34, CD-27, IDR-027: AA64 = 0, SKL1, TTB of 56 bits, IPS 7; S2SKL, S_S2SKL, no S2SL0 */
START_TEST(a_cd_and_an_ste_say_what_follows_from_a_table)
{
	struct smmu3_table made = table(1, 12, 36, 1);
	uint64_t cd[8] = { UINT64_C(1) << 41 }, ste[8] = { 0 };

	made.root = UINT64_C(0xab000000100000);
	made.upper = 1;
	made.start_level = 2;
	ck_assert_int_eq(smmu3_cd_stage1(cd, &made), 0);
	/* T1SZ 28, TG1 10, IPS 111 */
	ck_assert_uint_eq(cd[0], 28 << 16 | 2 << 22 | UINT64_C(7) << 32);
	ck_assert_uint_eq(cd[2], UINT64_C(0xab000000100000) | UINT64_C(1) << 62);

	made.stage = 2;
	made.upper = 0;
	ste[2] = UINT64_C(1) << 51 | UINT64_C(3) << 38;
	ste[4] = UINT64_C(3) << 38;
	ck_assert_int_eq(smmu3_ste_stage2(ste, &made), 0);
	ck_assert_uint_eq(ste[2], UINT64_C(28) << 32 | UINT64_C(7) << 48);
	ck_assert_uint_eq(ste[3], UINT64_C(0xab000000100000) | UINT64_C(1) << 61);
	ck_assert_int_eq(smmu3_ste_secure_stage2(ste, &made), 0);
	ck_assert_uint_eq(ste[4], UINT64_C(28) << 32);
	ck_assert_uint_eq(ste[6], UINT64_C(0xab000000100000) | UINT64_C(1) << 61);
	ck_assert_uint_eq(ste[2] >> 51 & 1, 0);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, a_table_begins_where_its_size_says, 0,
			    (int)(sizeof(shapes) / sizeof(shapes[0])));
	tcase_add_test(tests, there_is_no_ds);
	tcase_add_test(tests, a_page_is_a_table_and_a_leaf_of_16_bytes);
	tcase_add_loop_test(tests, a_leaf_is_the_largest_that_fits, 0,
			    (int)(sizeof(blocks) / sizeof(blocks[0])));
	tcase_add_test(tests, level_0_has_blocks_with_4kb_alone);
	tcase_add_test(tests, a_root_that_skips_has_an_entry_for_each_page);
	tcase_add_loop_test(tests, a_run_is_contiguous_if_all_of_it_is_mapped, 0,
			    (int)(sizeof(runs) / sizeof(runs[0])));
	tcase_add_test(tests, big_endian_tables_are_written_and_read_as_such);
	tcase_add_test(tests, attributes_stand_where_the_format_has_them);
	tcase_add_test(tests, a_cd_and_an_ste_say_what_follows_from_a_table);
}

int main(void)
{
	return run_suite("d128", add);
}
