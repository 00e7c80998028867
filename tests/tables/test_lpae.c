/* SPDX-License-Identifier: MIT */
/*
 * The builder's VMSAv8-32 tables, and tables of the other endianness: words worked out by hand from
 * DDI 0487 G5.5 and IHI 0070 5.2 and 5.4.  tables.h
 */
#include "arena.h"
#include "support/suite.h"

#include <check.h>

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

static struct smmu3_table lpae(unsigned stage, unsigned input_bits)
{
	return (struct smmu3_table){
		.stage = (uint8_t)stage,
		.granule_lg2 = 12,
		.input_bits = (uint8_t)input_bits,
		.output_bits = 40,
		.start_level = SMMU3_LEVEL_AUTO,
		.format = SMMU3_TABLE_LPAE,
	};
}

static void map_page(const struct smmu3_table *table, uint64_t input, uint64_t output, int code)
{
	const struct smmu3_map map = { .input = input, .output = output, .size = 0x1000 };

	ck_assert_int_eq(smmu3_table_map(&arena.builder, table, &map), code);
}

/* tables.h: sizes of each stage, the start levels that stage 2 gets, and fields of STE and CD */
START_TEST(tables_have_the_levels_and_fields_of_their_sizes)
{
	static const struct {
		unsigned stage, input_bits;
		int level;
		uint64_t field; /* T0SZ, or S2T0SZ and S2SL0 */
	} rows[] = {
		{ 1, 32, 1, 0 },  { 1, 31, 1, 1 },          { 1, 30, 2, 2 },
		{ 1, 25, 2, 7 },  { 2, 40, 1, 1 << 6 | 8 }, { 2, 35, 1, 1 << 6 | 13 },
		{ 2, 34, 2, 14 }, { 2, 32, 2, 0 },          { 2, 25, 2, 7 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct smmu3_table table = lpae(rows[i].stage, rows[i].input_bits);
		uint64_t ste[8] = { 0 }, cd[8] = { [0] = UINT64_C(1) << 41 };

		ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
		if (rows[i].stage == 1) {
			ck_assert_int_eq(table.start_level, rows[i].level);
			ck_assert_int_eq(smmu3_cd_stage1(cd, &table), 0);
			ck_assert_uint_eq(cd[0] & 0x3f, rows[i].field);
			ck_assert_uint_eq(cd[0] >> 41 & 1, 0);
			ck_assert_uint_eq(cd[1], table.root);
			continue;
		}
		ck_assert_int_eq(table.start_level, rows[i].level);
		ck_assert_int_eq(smmu3_ste_stage2(ste, &table), 0);
		ck_assert_uint_eq(ste[2] >> 32 & 0xff, rows[i].field);
		ck_assert_uint_eq(ste[2] >> 51 & 1, 0);
		ck_assert_uint_eq(ste[3], table.root);
	}
}
END_TEST

/* tables.h: what the format does not have */
START_TEST(sizes_that_the_format_does_not_have_are_refused)
{
	struct smmu3_table bad[] = { lpae(1, 33), lpae(1, 24), lpae(2, 41),
				     lpae(2, 24), lpae(1, 32), lpae(1, 32),
				     lpae(2, 25), lpae(2, 40), lpae(1, 32) };
	uint64_t ste[8] = { 0 };

	bad[4].granule_lg2 = 14;
	bad[5].output_bits = 36;
	bad[6].start_level = 3;
	bad[7].start_level = 0;
	bad[8].format = 3;
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_int_eq(smmu3_table_create(&arena.builder, &bad[i]), -SMMU3_E_ARGUMENT);
	bad[0] = lpae(2, 40);
	ck_assert_int_eq(smmu3_ste_secure_stage2(ste, &bad[0]), -SMMU3_E_ARGUMENT);
}
END_TEST

/* tables.h: three levels; the region of TTB1 ends with 32 bits */
START_TEST(a_page_hangs_on_two_tables)
{
	struct smmu3_table table = lpae(1, 31);

	table.upper = 1;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
	map_page(&table, UINT64_C(0xfffff000), UINT64_C(0xff12345000), 0);
	ck_assert_uint_eq(word(table.root + 8), UINT64_C(0x80001003));
	ck_assert_uint_eq(word(UINT64_C(0x80001ff8)), UINT64_C(0x80002003));
	ck_assert_uint_eq(word(UINT64_C(0x80002ff8)), UINT64_C(0xff12345003));
	map_page(&table, UINT64_C(0x7ffff000), 0, -SMMU3_E_ARGUMENT);
	map_page(&table, UINT64_C(0xfffffffffffff000), 0, -SMMU3_E_ARGUMENT);
	map_page(&table, UINT64_C(0x80000000), UINT64_C(0x10000000000), -SMMU3_E_ARGUMENT);
}
END_TEST

/* tables.h: big_endian: every word of the table, and ENDI or S2ENDI; it is read so, too */
START_TEST(descriptors_have_their_bytes_the_other_way_round)
{
	struct smmu3_table table = lpae(1, 32);
	uint64_t cd[8] = { 0 }, ste[8] = { 0 };

	table.big_endian = 1;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &table), 0);
	map_page(&table, 0, UINT64_C(0x1234567000), 0);
	map_page(&table, 0x1000, UINT64_C(0x1234568000), 0);
	map_page(&table, 0, UINT64_C(0x1234567000), -SMMU3_E_OVERLAP);
	ck_assert_uint_eq(word(table.root), UINT64_C(0x0310008000000000));
	ck_assert_uint_eq(word(UINT64_C(0x80002000)), UINT64_C(0x0370563412000000));
	ck_assert_uint_eq(word(UINT64_C(0x80002008)), UINT64_C(0x0380563412000000));
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &table, 0), 0);
	ck_assert_uint_eq(word(UINT64_C(0x80002000)), 0);
	ck_assert_int_eq(smmu3_cd_stage1(cd, &table), 0);
	ck_assert_uint_eq(cd[0] >> 15 & 1, 1);
	table.stage = 2;
	ck_assert_int_eq(smmu3_ste_stage2(ste, &table), 0);
	ck_assert_uint_eq(ste[2] >> 52 & 1, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("tables: lpae");
	TCase *const tests = tcase_create("lpae");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_test(tests, tables_have_the_levels_and_fields_of_their_sizes);
	tcase_add_test(tests, sizes_that_the_format_does_not_have_are_refused);
	tcase_add_test(tests, a_page_hangs_on_two_tables);
	tcase_add_test(tests, descriptors_have_their_bytes_the_other_way_round);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
