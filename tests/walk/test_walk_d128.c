/* SPDX-License-Identifier: MIT */
/* Walks of VMSAv9-128: where they begin, how they go on, and how they end.  D8.2.11, D8.3.2 */
#include "d128_tree.h"

enum { STAGES = 2 };

static unsigned stage_of(int i)
{
	return 1 + (unsigned)i % STAGES;
}

/* ---- Beginning ---- */

/* D8-44: the largest and smallest size of the inputs of each start level, as TxSZ */
static const struct {
	uint8_t granule_lg2, most, least;
	int8_t level;
} starts[] = {
	{ 12, 11, 8, -2 }, { 12, 19, 12, -1 }, { 12, 27, 20, 0 }, { 12, 35, 28, 1 },
	{ 12, 43, 36, 2 }, { 12, 48, 44, 3 },  { 14, 9, 8, -1 },  { 14, 19, 10, 0 },
	{ 14, 29, 20, 1 }, { 14, 39, 30, 2 },  { 14, 48, 40, 3 }, { 16, 11, 8, 0 },
	{ 16, 23, 12, 1 }, { 16, 35, 24, 2 },  { 16, 47, 36, 3 },
};

/* D128-01, D128-02 */
START_TEST(each_input_size_begins_at_its_regular_level_and_skl_adds_to_it)
{
	for (unsigned tsz = starts[_i].least; tsz <= starts[_i].most; tsz++)
		for (unsigned skl = 0; skl < 4; skl++)
			ck_assert_int_eq(d128_start_level(starts[_i].granule_lg2, 64 - tsz, skl),
					 starts[_i].level + (int)skl);
}
END_TEST

/* STE-39, CD-20: bits 4:0 never count; nor what lies below the size of the table, 2^Z times 16
 * bytes */
START_TEST(a_base_is_aligned_to_its_table_and_to_32_bytes_at_least)
{
	const uint64_t ttb = UINT64_C(0xfedcba987654f0);

	/* 4KB, level 3: 2, 4, 8 and 256 entries; of 28 bits that skip a level 2^16 */
	ck_assert_uint_eq(d128_root(ttb, 12, 13, 3), UINT64_C(0xfedcba987654e0));
	ck_assert_uint_eq(d128_root(ttb, 12, 14, 3), UINT64_C(0xfedcba987654c0));
	ck_assert_uint_eq(d128_root(ttb, 12, 12, 3), UINT64_C(0xfedcba987654e0));
	ck_assert_uint_eq(d128_root(ttb, 12, 20, 3), UINT64_C(0xfedcba98765000));
	ck_assert_uint_eq(d128_root(ttb, 12, 28, 3), UINT64_C(0xfedcba98700000));
}
END_TEST

/* ---- Going on ---- */

/* 4KB: 52 bits begin at level -1 with 8 bits of index a level.  Indices 0xfe, 0xdc, 0xba, 0x98,
 * 0x76, offset 0x543 */
#define IA UINT64_C(0xfedcba9876543)
#define OA UINT64_C(0xabcdef12345000)

/* D128-01, D128-04, D128-05, D128-06: five tables, and a page */
START_TEST(every_level_takes_eight_bits_of_a_4kb_granule)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	tree_put(&t, TABLE_AT(1), 0xfe, TABLE_AT(2) | VALID, 0);
	tree_put(&t, TABLE_AT(2), 0xdc, TABLE_AT(3) | VALID, 0);
	tree_put(&t, TABLE_AT(3), 0xba, TABLE_AT(4) | VALID, 0);
	tree_put(&t, TABLE_AT(4), 0x98, TABLE_AT(5) | VALID, 0);
	tree_put(&t, TABLE_AT(5), 0x76, OA | LEAF_LOW, 0);
	expect_leaf(&t, IA, OA, 3, 12);
	ck_assert_uint_eq(t.leaf.read_at, TABLE_AT(5) + 0x760);
	tree_free(&t);
}
END_TEST

/* D128-02: 56 bits begin at level -2 with 4 bits of index */
START_TEST(level_minus_2_is_walked)
{
	struct tree t = tree_of(stage_of(_i), 12, 56, 0);

	ck_assert_int_eq(t.table.start_level, -2);
	tree_put(&t, TABLE_AT(1), 0xc, TABLE_AT(2) | VALID, SKL(3));
	expect_fault(&t, UINT64_C(0xdfedcba9876543), F_TRANSLATION,
		     t.stage == 1 ? WHY_S1_INVALID : WHY_S2_INVALID, -2);
	expect_fault(&t, UINT64_C(0xcfedcba9876543), F_WALK_EABT,
		     t.stage == 1 ? WHY_S1_FETCH : WHY_S2_FETCH, 2);
	tree_free(&t);
}
END_TEST

/* D128-04: SKL = 1 at level -1 leads to level 1, whose table has 2^16 entries, 1MB */
START_TEST(a_table_that_skips_levels_resolves_their_bits)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	tree_put(&t, TABLE_AT(1), 0xfe, TABLE_AT(2) | VALID, SKL(1));
	tree_put(&t, TABLE_AT(2), 0xdcba, TABLE_AT(3) | VALID, SKL(1));
	tree_put(&t, TABLE_AT(3), 0x9876, OA | LEAF_LOW, 0);
	expect_leaf(&t, IA, OA, 3, 12);
	ck_assert_uint_eq(t.leaf.read_at, TABLE_AT(3) + 0x98760);
	/* bits 19:12 of the address of such a table do not count */
	*tree_word(&t, TABLE_AT(1) + 0xfe0) |= 0xff000;
	expect_leaf(&t, IA, OA, 3, 12);
	tree_free(&t);
}
END_TEST

/* D128-01, D128-04 of 16KB, ten bits: 54 bits begin at level 0; of 64KB, twelve: level 1 of 52 */
START_TEST(levels_take_ten_bits_of_16kb_and_twelve_of_64kb)
{
	struct tree t = tree_of(stage_of(_i), 14, 54, 0);

	/* 0x155 << 44 | 0x2aa << 34 | 0x3c3 << 24 | 0x0f0 << 14 | 0x1234 */
	tree_put(&t, TABLE_AT(1), 0x155, TABLE_AT(2) | VALID, 0);
	tree_put(&t, TABLE_AT(2), 0x2aa, TABLE_AT(3) | VALID, 0);
	tree_put(&t, TABLE_AT(3), 0x3c3, TABLE_AT(4) | VALID, 0);
	tree_put(&t, TABLE_AT(4), 0x0f0, UINT64_C(0xabcdef12347000) | LEAF_LOW, 0);
	expect_leaf(&t, UINT64_C(0x155aabc33c1234), UINT64_C(0xabcdef12344000), 3, 14);
	tree_free(&t);

	t = tree_of(stage_of(_i), 16, 52, 0);
	ck_assert_int_eq(t.table.start_level, 1);
	tree_put(&t, TABLE_AT(1), 0xfed, TABLE_AT(2) | VALID, 0);
	tree_put(&t, TABLE_AT(2), 0xcba, TABLE_AT(3) | VALID, 0);
	tree_put(&t, TABLE_AT(3), 0x987, UINT64_C(0xabcdef1234f000) | LEAF_LOW, 0);
	expect_leaf(&t, IA, UINT64_C(0xabcdef12340000), 3, 16);
	tree_free(&t);
}
END_TEST

/* D128-01: SKL of the CD or STE: 36 bits, level 2 in place of 1, 16 bits of index */
START_TEST(an_initial_table_that_skips_is_as_large_as_what_it_skips)
{
	struct tree t = tree_of(stage_of(_i), 12, 36, 1);

	ck_assert_int_eq(t.table.start_level, 2);
	tree_put(&t, TABLE_AT(1), 0xcba9, TABLE_AT(2) | VALID, 0);
	tree_put(&t, TABLE_AT(2), 0x87, OA | LEAF_LOW, 0);
	expect_leaf(&t, UINT64_C(0xcba987654), OA, 3, 12);
	tree_free(&t);
}
END_TEST

/* ---- Types ---- */

/* D128-03, D128-05 */
static const struct {
	uint8_t granule_lg2, size_lg2;
	int8_t level;
} leaves[] = {
	{ 12, 36, 0 }, { 12, 28, 1 }, { 12, 20, 2 }, { 12, 12, 3 }, { 14, 34, 1 },
	{ 14, 24, 2 }, { 14, 14, 3 }, { 16, 40, 1 }, { 16, 28, 2 }, { 16, 16, 3 },
};

/* Inputs for which the initial table is of this level. */
static unsigned input_bits_for(unsigned granule_lg2, int level)
{
	return granule_lg2 + (granule_lg2 - 4) * (unsigned)(3 - level) + 2;
}

/* D128-03, D128-05, D128-06, STE-35: an address of 56 bits; what the size of the block leaves to
 * the input does not count */
START_TEST(a_leaf_skips_to_level_3_and_is_as_large_as_its_level)
{
	const unsigned granule_lg2 = leaves[_i / STAGES].granule_lg2;
	const unsigned size_lg2 = leaves[_i / STAGES].size_lg2;
	const int level = leaves[_i / STAGES].level;
	struct tree t = tree_of(stage_of(_i), granule_lg2, input_bits_for(granule_lg2, level), 0);
	const uint64_t all = UINT64_C(0xfffffffffff000);

	ck_assert_int_eq(t.table.start_level, level);
	tree_put(&t, TABLE_AT(1), 1, all | LEAF_LOW, SKL(3 - level));
	expect_leaf(&t, BIT(size_lg2) | 0x128, all & ~(BIT(size_lg2) - 1), level, size_lg2);
	tree_free(&t);
}
END_TEST

/* D128-03: without bit 0; past level 3; SKL = 3 of 16KB and 64KB, be the level as it may */
static const struct {
	uint8_t granule_lg2, input_bits, skl, valid;
	int8_t level;
} no_types[] = {
	{ 12, 52, 0, 0, -1 }, { 12, 20, 1, 1, 3 }, { 12, 28, 2, 1, 2 },
	{ 12, 36, 3, 1, 1 },  { 14, 24, 1, 1, 3 }, { 14, 54, 3, 1, 0 },
	{ 14, 55, 3, 1, -1 }, { 16, 28, 1, 1, 3 }, { 16, 56, 3, 1, 0 },
};

START_TEST(what_skips_too_far_is_no_descriptor)
{
	struct tree t = tree_of(stage_of(_i), no_types[_i / 2].granule_lg2,
				no_types[_i / 2].input_bits, 0);
	const bool valid = no_types[_i / 2].valid;
	const enum why invalid = t.stage == 1 ? WHY_S1_INVALID : WHY_S2_INVALID;
	const enum why skips = t.stage == 1 ? WHY_S1_SKL : WHY_S2_SKL;

	tree_put(&t, TABLE_AT(1), 0, TABLE_AT(2) | (valid ? VALID : 0), SKL(no_types[_i / 2].skl));
	expect_fault(&t, 0x128, F_TRANSLATION, valid ? skips : invalid, no_types[_i / 2].level);
	tree_free(&t);
}
END_TEST

/* D128-03, D128-04: with 4KB a table of 64GB, and of 2^32 entries */
START_TEST(with_4kb_a_table_may_skip_three_levels)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	tree_put(&t, TABLE_AT(1), 0xfe, VALID, SKL(3));
	tree_put(&t, TABLE_AT(0), 0, 0, 0);
	/* entry 0x08000001 of the table at 0 is at 0x80000010 */
	tree_put(&t, TREE_BASE, 1, OA | LEAF_LOW, 0);
	expect_leaf(&t, UINT64_C(0xfe08000001abc), OA, 3, 12);
	tree_free(&t);
}
END_TEST

/* ---- Sizes of outputs ---- */

#define SIZE_WHY(t, what) ((t).stage == 1 ? WHY_S1_##what : WHY_S2_##what)

/* D8.2.11.2: what leads there is at fault */
START_TEST(a_table_beyond_the_output_size_faults_where_it_is_named)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	t.table.output_bits = 44;
	tree_put(&t, TABLE_AT(1), 0xfe, BIT(44) | VALID, 0);
	expect_fault(&t, IA, F_ADDR_SIZE, SIZE_WHY(t, TABLE_SIZE), -1);
	tree_free(&t);
}
END_TEST

/* D128-04: a table of 64GB at 0, of which a size of 32 bits has the first 4GB: 2^28 entries */
START_TEST(of_a_table_that_passes_the_output_size_the_entries_within_it_are_there)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	t.table.output_bits = 32;
	tree_put(&t, TABLE_AT(1), 0xfe, VALID, SKL(3));
	expect_fault(&t, UINT64_C(0xfe0ffffffffff), F_WALK_EABT, SIZE_WHY(t, FETCH), 3);
	ck_assert_uint_eq(t.fault.addr, UINT64_C(0xfffffff0));
	expect_fault(&t, UINT64_C(0xfe10000000000), F_ADDR_SIZE, SIZE_WHY(t, TABLE_SIZE), -1);
	tree_free(&t);
}
END_TEST

/* D8.2.11.1: the initial table itself, 2^28 entries of 16 bytes, which is 4GB at 2^32; level 0 */
START_TEST(of_an_initial_table_likewise)
{
	struct tree t = tree_of(stage_of(_i), 12, 56, 3);

	ck_assert_int_eq(t.table.start_level, 1);
	t.table.output_bits = 32;
	t.table.root = 0;
	expect_fault(&t, UINT64_C(0xffffffffffffff), F_WALK_EABT, SIZE_WHY(t, FETCH), 1);
	t.table.output_bits = 31;
	expect_fault(&t, UINT64_C(0xffffffffffffff), F_ADDR_SIZE, SIZE_WHY(t, TABLE_SIZE), 0);
	tree_free(&t);
}
END_TEST

/* D8.2.11.3 */
START_TEST(a_leaf_beyond_the_output_size_faults)
{
	struct tree t = tree_of(stage_of(_i), 12, 20, 0);

	t.table.output_bits = 52;
	tree_put(&t, TABLE_AT(1), 0, BIT(52) | LEAF_LOW, 0);
	expect_fault(&t, 0x128, F_ADDR_SIZE, SIZE_WHY(t, OUTPUT_SIZE), 3);
	t.table.output_bits = 56;
	expect_leaf(&t, 0x128, BIT(52), 3, 12);
	tree_free(&t);
}
END_TEST

/* ---- Memory ---- */

/* CD-12, D128-01: of a big-endian descriptor all 16 bytes stand the other way round */
START_TEST(a_big_endian_descriptor_is_one_number_of_128_bits)
{
	struct tree t = tree_of(stage_of(_i), 12, 52, 0);

	t.table.big_endian = true;
	tree_put(&t, TABLE_AT(1), 0xfe, __builtin_bswap64(SKL(3)),
		 __builtin_bswap64(VALID | UINT64_C(0x80000000000)));
	expect_fault(&t, UINT64_C(0xfe00000001abc), F_WALK_EABT, SIZE_WHY(t, FETCH), 3);
	ck_assert_uint_eq(t.fault.addr, UINT64_C(0x80000000010));
	tree_free(&t);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_input_size_begins_at_its_regular_level_and_skl_adds_to_it,
			    0, (int)ARRAY_SIZE(starts));
	tcase_add_test(tests, a_base_is_aligned_to_its_table_and_to_32_bytes_at_least);
	tcase_add_loop_test(tests, every_level_takes_eight_bits_of_a_4kb_granule, 0, STAGES);
	tcase_add_loop_test(tests, level_minus_2_is_walked, 0, STAGES);
	tcase_add_loop_test(tests, a_table_that_skips_levels_resolves_their_bits, 0, STAGES);
	tcase_add_loop_test(tests, levels_take_ten_bits_of_16kb_and_twelve_of_64kb, 0, STAGES);
	tcase_add_loop_test(tests, an_initial_table_that_skips_is_as_large_as_what_it_skips, 0,
			    STAGES);
	tcase_add_loop_test(tests, a_leaf_skips_to_level_3_and_is_as_large_as_its_level, 0,
			    STAGES * (int)ARRAY_SIZE(leaves));
	tcase_add_loop_test(tests, what_skips_too_far_is_no_descriptor, 0,
			    STAGES * (int)ARRAY_SIZE(no_types));
	tcase_add_loop_test(tests, with_4kb_a_table_may_skip_three_levels, 0, STAGES);
	tcase_add_loop_test(tests, a_table_beyond_the_output_size_faults_where_it_is_named, 0,
			    STAGES);
	tcase_add_loop_test(tests,
			    of_a_table_that_passes_the_output_size_the_entries_within_it_are_there,
			    0, STAGES);
	tcase_add_loop_test(tests, of_an_initial_table_likewise, 0, STAGES);
	tcase_add_loop_test(tests, a_leaf_beyond_the_output_size_faults, 0, STAGES);
	tcase_add_loop_test(tests, a_big_endian_descriptor_is_one_number_of_128_bits, 0, STAGES);
}

int main(void)
{
	return run_suite("walk_d128", add);
}
