/* SPDX-License-Identifier: MIT */
/* What a VMSAv8-64 descriptor means at each level, and which of its bits mean nothing: all
 * granules, both stages. */
#include "support/walk_granules.h"

/* Output with every address bit from 48 down to the page set in turn with its neighbours:
 * 0xabcd....; block-aligned on use. */
#define OUTPUT UINT64_C(0xabcdef120000)

/* WALK-01, WALK-02, WALK-03, WALK-05, WALK-08, WALK4K-02, WALK16K-02, WALK64K-02, B24 */
START_TEST(a_walk_reads_one_descriptor_a_level_at_the_index_of_its_address_bits)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);
	struct world w = granule_world(g, stage, 5);
	const struct smmu3_mem_access *read;

	w.behind_host = true;
	put(&w, slot_of(g, stage, 3), OUTPUT | leaf_of(stage, 3));
	expect_pa(&w, g->input, 0, OUTPUT | 0x234);
	read = &w.seen[w.seen_count - (unsigned)(4 - g->start)];
	for (int level = g->start; level <= 3; level++, read++) {
		ck_assert_uint_eq(read->pa, slot_of(g, stage, level));
		ck_assert_uint_eq(read->bytes, 8);
		ck_assert_uint_eq(read->pas, SMMU3_PAS_NS);
		ck_assert_uint_eq(read->reason,
				  stage == 1 ? SMMU3_REASON_S1_TTD : SMMU3_REASON_S2_TTD);
	}
	ck_assert_uint_eq(w.out.span, g->size[3]);
	ck_assert_uint_eq(w.out.stages, stage);
	close_world(&w);
}
END_TEST

/* WALK-07, WALK-09, WALK4K-03, WALK4K-07, WALK16K-03, WALK64K-03, WALK64K-06, B4: first level with
 * blocks, OAS 52 or 48 */
static int first_block_level(const struct granule *g, bool oas52)
{
	return g->code == G4K ? 1 : g->code == G16K ? 2 : oas52 ? 1 : 2;
}

static void try_block(const struct granule *g, unsigned stage, int level, bool oas52)
{
	struct world w = granule_world(g, stage, 5);
	const uint64_t block = OUTPUT & ~(g->size[level] - 1);

	set_id(&w, 5, 0, 3, oas52 ? 6 : 5);
	set_id(&w, 5, 10, 2, oas52);
	put(&w, slot_of(g, stage, level), block | leaf_of(stage, 2));
	if (level < 3 && level >= first_block_level(g, oas52)) {
		expect_pa(&w, g->input, 0, block | (g->input & (g->size[level] - 1)));
		ck_assert_uint_eq(w.out.span, g->size[level]);
	} else {
		expect_event(&w, g->input, 0, F_TRANSLATION, stage, level);
	}
	close_world(&w);
}

START_TEST(type_01_is_a_block_where_the_granule_has_blocks_and_a_translation_fault_elsewhere)
{
	for (int level = granule_of(_i)->start; level <= 3; level++) {
		try_block(granule_of(_i), stage_of(_i), level, true);
		try_block(granule_of(_i), stage_of(_i), level, false);
	}
}
END_TEST

/* WALK-06 */
START_TEST(a_descriptor_with_bit_0_clear_is_a_translation_fault_whatever_its_other_bits)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (int level = g->start; level <= 3; level++) {
		struct world w = granule_world(g, stage, 5);

		put(&w, slot_of(g, stage, 3), OUTPUT | leaf_of(stage, 3));
		put(&w, slot_of(g, stage, level), ~UINT64_C(1));
		expect_event(&w, g->input, 0, F_TRANSLATION, stage, level);
		close_world(&w);
	}
}
END_TEST

/* WALK-11, WALK-22: bits below the block's size, from 17 or from the page, and nT (16); 64KB bits
 * 15:12 are address. */
START_TEST(address_bits_below_the_size_of_a_block_are_ignored)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (int level = first_block_level(g, true); level < 3; level++) {
		struct world w = granule_world(g, stage, 5);
		const uint64_t block = OUTPUT & ~(g->size[level] - 1);
		const uint64_t low = (g->size[level] - 1) &
				     ~(g->code == G64K ? UINT64_C(0xffff) : UINT64_C(0xfff));

		put(&w, slot_of(g, stage, level), block | low | leaf_of(stage, level));
		expect_pa(&w, g->input, 0, block | (g->input & (g->size[level] - 1)));
		close_world(&w);
	}
}
END_TEST

/* WALK-05, WALK-14, WALK-15, WALK16K-04, S2-11: bits 58:50, 49:48 and 11:2, below the granule, and
 * at stage 2 63:59 */
START_TEST(bits_of_a_table_descriptor_that_are_not_address_or_permission_are_ignored)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);
	const uint64_t low = g->code == G16K ? 0x3ffc : 0xffc;
	const uint64_t high = BIT(63) | UINT64_C(0x7ff) << 48 |
			      (stage == 2 ? UINT64_C(0xf) << 59 : 0);

	for (int level = g->start; level < 3; level++) {
		struct world w = granule_world(g, stage, 5);

		put(&w, slot_of(g, stage, 3), OUTPUT | leaf_of(stage, 3));
		*word_at(&w, slot_of(g, stage, level)) |= low | high;
		expect_pa(&w, g->input, 0, OUTPUT | 0x234);
		expect_pa(&w, g->input, SMMU3_TXN_WRITE, OUTPUT | 0x234);
		expect_pa(&w, g->input, SMMU3_TXN_INSTRUCTION, OUTPUT | 0x234);
		close_world(&w);
	}
}
END_TEST

/* WALK-14, WALK-16, WALK-17, WALK-18, WALK-19, WALK-20, ADR-13: one ignored bit of a page at a time
 */
START_TEST(bits_of_a_page_that_mean_nothing_to_the_smmu_are_ignored)
{
	static const uint8_t stage1[] = { 5,  11, 48, 49, 50, 51, 52, 53, 55,
					  56, 57, 58, 59, 60, 61, 62, 63 };
	static const uint8_t stage2[] = {
		11, 48, 49, 50, 51, 52, 55, 56, 57, 58, 59, 60, 61, 62, 63
	};
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);
	const uint8_t *bits = stage == 1 ? stage1 : stage2;
	const size_t count = stage == 1 ? sizeof(stage1) : sizeof(stage2);

	for (size_t i = 0; i < count; i++) {
		struct world w = granule_world(g, stage, 5);

		put(&w, slot_of(g, stage, 3), (OUTPUT | leaf_of(stage, 3)) ^ BIT(bits[i]));
		expect_pa(&w, g->input, 0, OUTPUT | 0x234);
		expect_pa(&w, g->input, SMMU3_TXN_WRITE, OUTPUT | 0x234);
		expect_pa(&w, g->input, SMMU3_TXN_INSTRUCTION, OUTPUT | 0x234);
		close_world(&w);
	}
}
END_TEST

/* WALK-19, WALK-20: every level with leaves; the neighbour in a group is translated by its own
 * descriptor. */
START_TEST(the_contiguous_bit_does_not_change_where_an_access_goes)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (int level = first_block_level(g, true); level <= 3; level++) {
		struct world w = granule_world(g, stage, 5);
		const uint64_t size = g->size[level], at = OUTPUT & ~(2 * size - 1);
		const uint64_t leaf = leaf_of(stage, level) | BIT(52);

		put(&w, slot_of(g, stage, level), at | leaf);
		put(&w, slot_of(g, stage, level) + 8, (at + size) | leaf);
		expect_pa(&w, g->input, 0, at | (g->input & (size - 1)));
		expect_pa(&w, g->input + size, 0, (at + size) | (g->input & (size - 1)));
		close_world(&w);
	}
}
END_TEST

/* WALK-21: 64KB pages, an input of 17 bits: two entries, where a group has 32. */
START_TEST(a_contiguous_group_larger_than_its_table_is_no_fault)
{
	struct world w = granule_world(&granules[2], 1, 5);

	set_field(&w.cd[0], 0, 6, 47);
	w.cd[1] = S1_TABLE(3);
	put(&w, S1_TABLE(3) + 8, OUTPUT | leaf_of(1, 3) | BIT(52));
	expect_pa(&w, 0x10abc, 0, OUTPUT | 0xabc);
	close_world(&w);
}
END_TEST

/* WALK-22, 3.21.1.2: at every level of break-before-make support */
START_TEST(nt_of_a_block_is_no_fault)
{
	for (unsigned bbml = 0; bbml < 3; bbml++) {
		struct world w = granule_world(granule_of(_i), stage_of(_i), 5);
		const uint64_t size = granule_of(_i)->size[2];

		set_id(&w, 3, 11, 2, bbml);
		put(&w, slot_of(granule_of(_i), stage_of(_i), 2),
		    (OUTPUT & ~(size - 1)) | BIT(16) | leaf_of(stage_of(_i), 2));
		expect_pa(&w, granule_of(_i)->input, 0,
			  (OUTPUT & ~(size - 1)) | (granule_of(_i)->input & (size - 1)));
		close_world(&w);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    a_walk_reads_one_descriptor_a_level_at_the_index_of_its_address_bits, 0,
			    CASES);
	tcase_add_loop_test(
		tests,
		type_01_is_a_block_where_the_granule_has_blocks_and_a_translation_fault_elsewhere,
		0, CASES);
	tcase_add_loop_test(
		tests, a_descriptor_with_bit_0_clear_is_a_translation_fault_whatever_its_other_bits,
		0, CASES);
	tcase_add_loop_test(tests, address_bits_below_the_size_of_a_block_are_ignored, 0, CASES);
	tcase_add_loop_test(
		tests, bits_of_a_table_descriptor_that_are_not_address_or_permission_are_ignored, 0,
		CASES);
	tcase_add_loop_test(tests, bits_of_a_page_that_mean_nothing_to_the_smmu_are_ignored, 0,
			    CASES);
	tcase_add_loop_test(tests, the_contiguous_bit_does_not_change_where_an_access_goes, 0,
			    CASES);
	tcase_add_test(tests, a_contiguous_group_larger_than_its_table_is_no_fault);
	tcase_add_loop_test(tests, nt_of_a_block_is_no_fault, 0, CASES);
}

int main(void)
{
	return run_suite("descriptors", add);
}
