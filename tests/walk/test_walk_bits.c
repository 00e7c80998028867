/* SPDX-License-Identifier: MIT */
/* Every bit of an address, on its way through tables: which index it belongs to, where it stands in
 * a descriptor, and that no other bit counts; all granules, both stages, each level. */
#include "support/walk_granules.h"

enum { OUTPUT_48 = 5, OUTPUT_52 = 6 };

/* Lowest bit of the index of a level. */
static unsigned index_lsb(const struct granule *g, int level)
{
	return g->page_lg2 + (g->page_lg2 - 3) * (unsigned)(3 - level);
}

static unsigned input_bits(const struct granule *g)
{
	return 64 - g->txsz;
}

/* First bit above the index of a level. */
static unsigned index_end(const struct granule *g, int level)
{
	return level == g->start ? input_bits(g) : index_lsb(g, level - 1);
}

/* Lowest level with a block, where outputs have 52 bits. */
static int first_leaf(const struct granule *g)
{
	return g->code == G16K ? 2 : 1;
}

#define PAGE UINT64_C(0x123456780000)

/* Tables whose only valid entries are those of `index` at level `of`, and of 0 elsewhere. */
static struct world one_path(const struct granule *g, unsigned stage, int of, uint64_t index)
{
	struct world w = granule_world(g, stage, OUTPUT_48);

	for (int level = g->start; level <= 3; level++) {
		const uint64_t next = level < 3 ? table_of(stage, level + 1) | TABLE :
						  PAGE | leaf_of(stage, 3);

		put(&w, slot_of(g, stage, level), 0);
		put(&w, table_of(stage, level) + (level == of ? 8 * index : 0), next);
	}
	return w;
}

/* WALK-03, WALK4K-02, WALK16K-02, WALK64K-02 */
START_TEST(each_address_bit_above_the_page_is_one_bit_of_one_index)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (int level = g->start; level <= 3; level++)
		for (unsigned bit = index_lsb(g, level); bit < index_end(g, level); bit++) {
			struct world w = one_path(g, stage, level, BIT(bit - index_lsb(g, level)));

			expect_pa(&w, BIT(bit), 0, PAGE);
			expect_event(&w, 0, 0, F_TRANSLATION, stage, level);
			close_world(&w);
		}
}
END_TEST

/* WALK-11: of a page and of blocks */
START_TEST(each_address_bit_below_the_leaf_goes_on_unchanged)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (int level = first_leaf(g); level <= 3; level++) {
		struct world w = granule_world(g, stage, OUTPUT_48);
		const uint64_t leaf = PAGE & ~(g->size[level] - 1);
		const uint64_t start = g->input & ~(g->size[level] - 1);

		put(&w, slot_of(g, stage, level), leaf | leaf_of(stage, level));
		for (unsigned bit = 0; BIT(bit) < g->size[level]; bit++)
			expect_pa(&w, start | BIT(bit), 0, leaf | BIT(bit));
		close_world(&w);
	}
}
END_TEST

/* WALK-11, WALK-12, WALK-14, ADR-13: bits 47 to the size of the leaf in their places, 51:48 in
 * 15:12 of a 64KB granule alone */
START_TEST(each_output_bit_of_a_leaf_stands_in_its_place)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i), top = g->code == G64K ? 52 : 48;

	for (int level = first_leaf(g); level <= 3; level++) {
		struct world w = granule_world(g, stage, OUTPUT_52);
		const uint64_t offset = g->input & (g->size[level] - 1);

		for (unsigned bit = index_lsb(g, level); bit < top; bit++) {
			const uint64_t descriptor = bit < 48 ? BIT(bit) : BIT(bit - 36);

			put(&w, slot_of(g, stage, level), descriptor | leaf_of(stage, level));
			open_world(&w);
			expect_pa(&w, g->input, 0, BIT(bit) | offset);
		}
		close_world(&w);
	}
}
END_TEST

/* Bits of a Table descriptor that are neither its type, an address, nor a permission of stage 1:
 * 58:50, 49:48, all below the granule but 15:12 of 64KB, and 63:59 of stage 2. */
static uint64_t table_noise(const struct granule *g, unsigned stage)
{
	const uint64_t low = g->code == G16K ? 0x3ffc : 0xffc;

	return UINT64_C(0x7ff) << 48 | low | (stage == 2 ? UINT64_C(0x1f) << 59 : BIT(63));
}

/* WALK-05, WALK-12, WALK-14, WALK-15, WALK4K-06, WALK16K-04: with all that does not count set */
START_TEST(each_address_bit_of_a_table_descriptor_stands_in_its_place_and_no_other_counts)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i), top = g->code == G64K ? 52 : 48;

	for (int level = g->start; level < 3; level++) {
		struct world w = granule_world(g, stage, OUTPUT_52);

		w.behind_host = true;
		for (unsigned bit = g->page_lg2; bit < top; bit++) {
			const uint64_t descriptor = bit < 48 ? BIT(bit) : BIT(bit - 36);

			put(&w, slot_of(g, stage, level),
			    descriptor | table_noise(g, stage) | TABLE);
			open_world(&w);
			ask(&w, g->input, 0);
			ck_assert_uint_eq(w.seen[w.seen_count - 1].pa,
					  BIT(bit) | g->slot[level + 1]);
		}
		close_world(&w);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_address_bit_above_the_page_is_one_bit_of_one_index, 0,
			    CASES);
	tcase_add_loop_test(tests, each_address_bit_below_the_leaf_goes_on_unchanged, 0, CASES);
	tcase_add_loop_test(tests, each_output_bit_of_a_leaf_stands_in_its_place, 0, CASES);
	tcase_add_loop_test(
		tests,
		each_address_bit_of_a_table_descriptor_stands_in_its_place_and_no_other_counts, 0,
		CASES);
}

int main(void)
{
	return run_suite("bits", add);
}
