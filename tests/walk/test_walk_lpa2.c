/* SPDX-License-Identifier: MIT */
/* LPA2, CD.DS and STE.S2DS: 52 bits of input and output with 4KB and 16KB granules.  D8.2.8,
 * D8.2.9, D8.3.1, 5.2, 5.4 */
#include "support/walk_granules.h"

enum { LPA2_CASES = 4 }; /* 4KB and 16KB x 2 stages */

#define SH_BITS (UINT64_C(3) << 8)

static const struct granule *granule_of_case(int i)
{
	return &granules[i % 2];
}

static unsigned stage_of_case(int i)
{
	return 1 + (unsigned)i / 2 % 2;
}

/* Bit 58 of word 2 of a CD; of a STE bit 3 of word 3, with S2SL0_2 in bit 2. */
static void want_ds(struct world *w)
{
	w->cd[2] |= BIT(58);
	w->ste[3] |= BIT(3);
}

static struct world lpa2_world(const struct granule *g, unsigned stage, unsigned output)
{
	struct world w = granule_world(g, stage, output);

	make_lpa2(&w);
	want_ds(&w);
	return w;
}

/* A leaf whose bits 9:8 are address. */
static uint64_t leaf_bits(unsigned stage, int level)
{
	return leaf_of(stage, level) & ~SH_BITS;
}

/* The first level with leaves: 512GB and 64GB. */
static int first_leaf(const struct granule *g)
{
	return g->code == G4K ? 0 : 1;
}

/* Address bit `bit` as it stands in a descriptor.  D8.3.1 */
static uint64_t output_bit(unsigned bit)
{
	return bit < 50 ? BIT(bit) : BIT(bit - 42);
}

/* ---- Addresses in descriptors ---- */

/* WALK-13, WALK-28, S2-09, CD-21, STE-35: bits 51:50 are 0b10, bits 49:48 are 0b01; pages, and
 * blocks of every size */
START_TEST(a_leaf_has_output_bits_51_50_in_its_bits_9_8_and_49_48_in_place)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);

	for (int level = first_leaf(g); level <= 3; level++) {
		struct world w = lpa2_world(g, stage, 6);

		put(&w, slot_of(g, stage, level),
		    UINT64_C(0x1800000000200) | leaf_bits(stage, level));
		expect_pa(&w, g->input, 0,
			  UINT64_C(0x9800000000000) | (g->input & (g->size[level] - 1)));
		ck_assert_uint_eq(w.out.span, g->size[level]);
		close_world(&w);
	}
}
END_TEST

/* WALK-13, WALK4K-06: a table at 0x6123456780000 + what the index adds, where there is no memory */
START_TEST(a_table_pointer_has_address_bits_51_50_in_its_bits_9_8_and_49_48_in_place)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);

	for (int level = g->start; level < 3; level++) {
		struct world w = lpa2_world(g, stage, 6);

		put(&w, slot_of(g, stage, level), UINT64_C(0x2123456780103));
		expect_event(&w, g->input, 0, F_WALK_EABT, stage, level + 1);
		ck_assert_uint_eq(w.out.record.word[3],
				  UINT64_C(0x6123456780000) + g->slot[level + 1]);
		close_world(&w);
	}
}
END_TEST

/* WALK-05, WALK-15: bits 7:2, 11 and 58:50 of a table, and of 16KB 13:12 */
START_TEST(other_bits_of_a_table_pointer_are_ignored)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);
	struct world w = lpa2_world(g, stage, 6);
	const uint64_t noise = UINT64_C(0x07fc000000000cfc) | (g->code == G16K ? 0x3000 : 0);

	for (int level = g->start; level < 3; level++)
		*word_at(&w, slot_of(g, stage, level)) |= noise;
	put(&w, slot_of(g, stage, 3), UINT64_C(0xabcdef120000) | leaf_bits(stage, 3));
	expect_pa(&w, g->input, 0, UINT64_C(0xabcdef120234));
	close_world(&w);
}
END_TEST

/* ---- Blocks ---- */

/* WALK-09, WALK4K-03, WALK4K-07, WALK16K-03: with DS alone; the lower bits of the block are ignored
 */
START_TEST(blocks_of_512gb_and_64gb_are_there_with_ds_alone)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i), ds = (unsigned)_i / 4;
	const int level = first_leaf(g);
	const uint64_t low = (g->size[level] - 1) & ~UINT64_C(0xffff);
	struct world w = granule_world(g, stage, 6);

	make_lpa2(&w);
	if (ds)
		want_ds(&w);
	put(&w, slot_of(g, stage, level), UINT64_C(0xa00000000000) | low | leaf_bits(stage, 2));
	if (ds)
		expect_pa(&w, g->input, 0,
			  UINT64_C(0xa00000000000) | (g->input & (g->size[level] - 1)));
	else
		expect_event(&w, g->input, 0, F_TRANSLATION, stage, level);
	close_world(&w);
}
END_TEST

/* A 52-bit input of one stage: 4KB from level -1, 16KB from level 0, at the entry 9; 0x9020... */
static struct world whole_world(const struct granule *g, unsigned stage)
{
	struct world w = lpa2_world(g, stage, 6);

	set_field(&w.cd[0], 0, 6, 12);
	set_field(&w.ste[2], 32, 6, 12);
	if (g->code == G4K) {
		set_field(&w.ste[2], 38, 2, 0);
		w.ste[3] |= BIT(2); /* S2SL0_2: level -1 */
	} else {
		set_field(&w.ste[2], 38, 2, 3); /* level 0 */
	}
	w.cd[1] = S1_TABLE(0) + 0x10000;
	w.ste[3] = (w.ste[3] & 0xf) | (S2_TABLE(0) + 0x10000);
	return w;
}

static uint64_t whole_slot(unsigned stage)
{
	return table_of(stage, 0) + 0x10000 + 8 * 9;
}

static uint64_t whole_input(const struct granule *g)
{
	return g->input | UINT64_C(9) << (g->code == G4K ? 48 : 47);
}

static int top_level(const struct granule *g)
{
	return g->code == G4K ? -1 : 0;
}

/* WALK-10, WALK-28, WALK4K-02, WALK16K-02, ADR-08: five levels, or four */
START_TEST(an_input_of_52_bits_is_translated)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);
	struct world w = whole_world(g, stage);

	put(&w, whole_slot(stage), table_of(stage, top_level(g) + 1) | TABLE);
	put(&w, slot_of(g, stage, 3), UINT64_C(0x2bcdef120100) | leaf_bits(stage, 3));
	expect_pa(&w, whole_input(g), 0, UINT64_C(0x42bcdef120234));
	expect_event(&w, whole_input(g) ^ BIT(51), 0, F_TRANSLATION, stage, top_level(g));
	close_world(&w);
}
END_TEST

/* WALK-09: level -1 has no block, nor has level 0 with 16KB */
START_TEST(the_level_above_the_largest_blocks_has_none)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);
	struct world w = whole_world(g, stage);

	put(&w, whole_slot(stage), leaf_bits(stage, 2));
	expect_event(&w, whole_input(g), 0, F_TRANSLATION, stage, top_level(g));
	close_world(&w);
}
END_TEST

/* ADR-07, ADR-08: all bits above repeat bit 55, which chose the half */
START_TEST(an_upper_half_of_52_bits_begins_at_fff0_0000_0000_0000)
{
	struct world w = whole_world(&granules[0], 1);

	set_field(&w.cd[0], 16, 6, 12);
	set_field(&w.cd[0], 22, 2, 2); /* TG1: 4KB */
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[2] |= w.cd[1];
	put(&w, S1_TABLE(0) + 0x10000, S1_TABLE(0) | TABLE);
	put(&w, slot_of(&granules[0], 1, 3), UINT64_C(0x12340000000) | leaf_bits(1, 3));
	expect_pa(&w, UINT64_C(0xfff00100c0805234), 0, UINT64_C(0x12340000234));
	expect_event(&w, UINT64_C(0xffe00100c0805234), 0, F_TRANSLATION, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* ---- How far outputs reach ---- */

static const unsigned size_bits[] = { 32, 36, 40, 42, 44, 48, 52 };

/* ADR-12, ADR-13, CD-14, STE-33, S2-09: the first bit that is too large, and the last that is not
 */
START_TEST(the_output_of_a_leaf_may_not_pass_the_effective_size)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i), output = (unsigned)_i / 4;
	const unsigned bits = size_bits[output];

	for (int level = first_leaf(g); level <= 3; level++) {
		struct world w = lpa2_world(g, stage, output);

		put(&w, slot_of(g, stage, level), output_bit(bits) | leaf_bits(stage, level));
		if (g->size[level] <= BIT(bits))
			expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, level);
		put(&w, slot_of(g, stage, level), output_bit(51) | leaf_bits(stage, level));
		expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, level);
		put(&w, slot_of(g, stage, level), output_bit(bits - 1) | leaf_bits(stage, level));
		if (g->size[level] < BIT(bits))
			expect_pa(&w, g->input, 0,
				  BIT(bits - 1) | (g->input & (g->size[level] - 1)));
		close_world(&w);
	}
}
END_TEST

/* ADR-12, CD-14: a block of 512GB or 64GB is larger than 32 and 36 bits, as that of 4TB */
START_TEST(an_access_within_a_block_may_not_pass_the_effective_size_either)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i), output = (unsigned)_i / 4;
	const unsigned bits = size_bits[output];
	const int level = first_leaf(g);
	const uint64_t block = g->input & ~(g->size[level] - 1);
	struct world w = lpa2_world(g, stage, output);

	put(&w, slot_of(g, stage, level), leaf_bits(stage, level));
	expect_pa(&w, block | (BIT(bits) - 1), 0, BIT(bits) - 1);
	ck_assert_uint_eq(w.out.span, BIT(bits));
	if (BIT(bits) < g->size[level])
		expect_event(&w, block | BIT(bits), 0, F_ADDR_SIZE, stage, level);
	close_world(&w);
}
END_TEST

/* ADR-12, ORD-07: level -1 among them; and the next table is not read */
START_TEST(the_address_of_a_next_table_may_not_pass_the_effective_size)
{
	static const unsigned too_large[] = { 44, 48, 49, 50, 51 };
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i);

	for (unsigned i = 0; i < 5; i++) {
		struct world w = whole_world(g, stage);

		set_field(&w.cd[0], 32, 3, 4); /* 44 bits */
		set_field(&w.ste[2], 48, 3, 4);
		w.behind_host = true;
		put(&w, whole_slot(stage),
		    table_of(stage, top_level(g) + 1) | output_bit(too_large[i]) | TABLE);
		expect_event(&w, whole_input(g), 0, F_ADDR_SIZE, stage, top_level(g));
		ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, whole_slot(stage));
		close_world(&w);
	}
}
END_TEST

/* CD-41, STE-65: TTB0 and S2TTB have bits 51:48 with DS, as far as the effective size goes */
START_TEST(a_first_table_may_be_above_48_bits)
{
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i), ds = (unsigned)_i / 4 % 2,
		       wide = (unsigned)_i / 8;
	struct world w = granule_world(g, stage, wide ? 6 : 5);
	const uint64_t table = UINT64_C(0xc123456780000);

	make_lpa2(&w);
	if (ds)
		want_ds(&w);
	w.cd[1] = table;
	w.ste[3] = (w.ste[3] & 0xf) | table;
	if (ds && wide) {
		expect_event(&w, g->input, 0, F_WALK_EABT, stage, g->start);
		ck_assert_uint_eq(w.out.record.word[3], table + g->slot[g->start]);
	} else {
		expect_event(&w, g->input, 0, stage == 1 ? C_BAD_CD : C_BAD_STE, 0, NO_WALK);
	}
	close_world(&w);
}
END_TEST

/* ---- Shareability ---- */

/* CD-21, STE-35, ATTR-06: SH0 and S2SH0, whatever bits 9:8 of the leaf are; 0b01 is reserved, and
 * is Non-shareable as in a descriptor */
START_TEST(with_ds_shareability_comes_from_the_configuration)
{
	static const uint8_t meant[] = { SMMU3_NSH, SMMU3_NSH, SMMU3_OSH, SMMU3_ISH };
	const struct granule *g = granule_of_case(_i);
	const unsigned stage = stage_of_case(_i), sh = (unsigned)_i / 4;

	for (unsigned bits = 0; bits < 4; bits++) {
		struct world w = lpa2_world(g, stage, 6);

		set_field(&w.cd[0], 12, 2, sh);
		set_field(&w.ste[2], 44, 2, sh);
		put(&w, slot_of(g, stage, 3), (uint64_t)bits << 8 | leaf_bits(stage, 3));
		expect_pa(&w, g->input, 0, (uint64_t)bits << 50 | 0x234);
		ck_assert_uint_eq(w.out.attr.mair, 0xff);
		ck_assert_uint_eq(w.out.attr.sh, meant[sh]);
		close_world(&w);
	}
}
END_TEST

/* CD-21: SH0 of TTB0, SH1 of TTB1 */
START_TEST(each_half_has_its_own_shareability_with_ds)
{
	const struct granule *g = &granules[0];
	struct world w = lpa2_world(g, 1, 6);

	set_field(&w.cd[0], 12, 2, SMMU3_OSH);
	set_field(&w.cd[0], 28, 2, SMMU3_ISH);
	set_field(&w.cd[0], 16, 6, g->txsz);
	set_field(&w.cd[0], 22, 2, 2); /* TG1: 4KB */
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[2] |= w.cd[1];
	put(&w, slot_of(g, 1, 3), leaf_bits(1, 3));
	expect_pa(&w, g->input, 0, 0x234);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_OSH);
	expect_pa(&w, g->input | UINT64_MAX << 48, 0, 0x234);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_ISH);
	close_world(&w);
}
END_TEST

/* CD-21: TTB0 of 4KB has SH0, TTB1 of 64KB what its leaf says, and bits 51:48 of it in 15:12 */
START_TEST(a_half_of_64kb_beside_one_with_ds_is_as_without)
{
	const struct granule *g = &granules[0], *large = &granules[2];
	struct world w = lpa2_world(g, 1, 6);

	set_field(&w.cd[0], 12, 2, SMMU3_OSH);
	set_field(&w.cd[0], 28, 2, SMMU3_OSH);
	set_field(&w.cd[0], 16, 6, large->txsz);
	set_field(&w.cd[0], 22, 2, 3); /* TG1: 64KB */
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[2] |= RAM_BASE + 0x600000;
	put(&w, slot_of(g, 1, 3), leaf_bits(1, 3) | SH_BITS);
	put(&w, RAM_BASE + 0x600000, UINT64_C(0x40000000d000) | leaf_of(1, 1));
	expect_pa(&w, g->input, 0, UINT64_C(0xc000000000234));
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_OSH);
	expect_pa(&w, UINT64_C(0xffff000000000234), 0, UINT64_C(0xd400000000234));
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_ISH);
	close_world(&w);
}
END_TEST

/* WALK64K-05, STE-35: S2DS is nothing to a tree of 64KB */
START_TEST(a_stage_2_of_64kb_is_the_same_with_s2ds)
{
	const struct granule *large = &granules[2];
	struct world w = lpa2_world(large, 2, 6);

	set_field(&w.ste[2], 44, 2, SMMU3_OSH);
	put(&w, slot_of(large, 2, 3), UINT64_C(0x40000000d000) | leaf_of(2, 3));
	expect_pa(&w, large->input, 0, UINT64_C(0xd400000000234));
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_ISH);
	set_id(&w, 5, 0, 3, 5); /* without 52 bits of OAS there is no block of 4TB */
	put(&w, slot_of(large, 2, 1), leaf_of(2, 1));
	open_world(&w);
	expect_event(&w, large->input, 0, F_TRANSLATION, 2, 1);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_leaf_has_output_bits_51_50_in_its_bits_9_8_and_49_48_in_place,
			    0, LPA2_CASES);
	tcase_add_loop_test(
		tests, a_table_pointer_has_address_bits_51_50_in_its_bits_9_8_and_49_48_in_place, 0,
		LPA2_CASES);
	tcase_add_loop_test(tests, other_bits_of_a_table_pointer_are_ignored, 0, LPA2_CASES);
	tcase_add_loop_test(tests, blocks_of_512gb_and_64gb_are_there_with_ds_alone, 0,
			    2 * LPA2_CASES);
	tcase_add_loop_test(tests, an_input_of_52_bits_is_translated, 0, LPA2_CASES);
	tcase_add_loop_test(tests, the_level_above_the_largest_blocks_has_none, 0, LPA2_CASES);
	tcase_add_test(tests, an_upper_half_of_52_bits_begins_at_fff0_0000_0000_0000);
	tcase_add_loop_test(tests, the_output_of_a_leaf_may_not_pass_the_effective_size, 0,
			    6 * LPA2_CASES);
	tcase_add_loop_test(tests, an_access_within_a_block_may_not_pass_the_effective_size_either,
			    0, 2 * LPA2_CASES);
	tcase_add_loop_test(tests, the_address_of_a_next_table_may_not_pass_the_effective_size, 0,
			    LPA2_CASES);
	tcase_add_loop_test(tests, a_first_table_may_be_above_48_bits, 0, 4 * LPA2_CASES);
	tcase_add_loop_test(tests, with_ds_shareability_comes_from_the_configuration, 0,
			    4 * LPA2_CASES);
	tcase_add_test(tests, each_half_has_its_own_shareability_with_ds);
	tcase_add_test(tests, a_half_of_64kb_beside_one_with_ds_is_as_without);
	tcase_add_test(tests, a_stage_2_of_64kb_is_the_same_with_s2ds);
}

int main(void)
{
	return run_suite("lpa2", add);
}
