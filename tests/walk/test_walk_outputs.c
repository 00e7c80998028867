/* SPDX-License-Identifier: MIT */
/* How far the outputs of a stage reach: 52-bit addresses with 64KB tables, and the effective IPS
 * and S2PS at every level. */
#include "support/walk_granules.h"

static const unsigned size_bits[] = { 32, 36, 40, 42, 44, 48, 52 };

/* Lowest level with a leaf where outputs have 52 bits. */
static int first_leaf(const struct granule *g)
{
	return g->code == G16K ? 2 : 1;
}

/* Address bit `bit` as it stands in a descriptor: bits 51:48 in 15:12, which only a 64KB granule
 * has.  D8.3.1 */
static uint64_t output_bit(unsigned bit)
{
	return bit < 48 ? BIT(bit) : BIT(bit - 36);
}

/* WALK-12, WALK-28, S2-09: pages, and blocks of 512MB and 4TB */
START_TEST(a_64kb_leaf_has_output_bits_51_to_48_in_its_bits_15_to_12)
{
	const unsigned stage = 1 + (unsigned)_i % 2;
	const int level = 1 + _i / 2;
	const struct granule *g = &granules[2];
	struct world w = granule_world(g, stage, 6);

	put(&w, slot_of(g, stage, level), UINT64_C(0x80000000d000) | leaf_of(stage, level));
	expect_pa(&w, g->input, 0, UINT64_C(0xd800000000000) | (g->input & (g->size[level] - 1)));
	close_world(&w);
}
END_TEST

/* WALK-12 */
START_TEST(a_64kb_table_pointer_has_address_bits_51_to_48_in_its_bits_15_to_12)
{
	const unsigned stage = 1 + (unsigned)_i % 2;
	const int level = 1 + _i / 2;
	const struct granule *g = &granules[2];
	struct world w = granule_world(g, stage, 6);

	put(&w, slot_of(g, stage, level), UINT64_C(0x123456785000) | TABLE);
	expect_event(&w, g->input, 0, F_WALK_EABT, stage, level + 1);
	ck_assert_uint_eq(w.out.record.word[3], UINT64_C(0x5123456780000) + g->slot[level + 1]);
	close_world(&w);
}
END_TEST

/* WALK-14, ADR-13: whatever the effective size, a 4KB or 16KB output has 48 bits, and nothing
 * faults. */
START_TEST(bits_49_and_48_of_4kb_and_16kb_descriptors_are_no_address)
{
	const struct granule *g = &granules[_i % 2];
	const unsigned stage = 1 + (unsigned)_i / 2;
	struct world w = granule_world(g, stage, 6);

	for (int level = g->start; level < 3; level++)
		*word_at(&w, slot_of(g, stage, level)) |= UINT64_C(3) << 48;
	put(&w, slot_of(g, stage, 3),
	    UINT64_C(3) << 48 | UINT64_C(0xabcdef120000) | leaf_of(stage, 3));
	expect_pa(&w, g->input, 0, UINT64_C(0xabcdef120234));
	close_world(&w);
}
END_TEST

/* A leaf at `level` whose output has only bit `bit` set. */
static struct world leaf_world(const struct granule *g, unsigned stage, int level, unsigned bit,
			       unsigned output)
{
	struct world w = granule_world(g, stage, output);

	put(&w, slot_of(g, stage, level), output_bit(bit) | leaf_of(stage, level));
	return w;
}

/* ADR-12, ADR-14, CD-13, CD-14, STE-33, S2-09 */
START_TEST(the_output_of_a_leaf_may_not_have_bits_at_or_above_the_effective_size)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (unsigned output = 0; output < (g->code == G64K ? 6 : 5); output++) {
		for (int level = first_leaf(g); level <= 3; level++) {
			const unsigned bits = size_bits[output];
			struct world w;

			if (g->size[level] < BIT(bits)) {
				w = leaf_world(g, stage, level, bits - 1, output);
				expect_pa(&w, g->input, 0,
					  BIT(bits - 1) | (g->input & (g->size[level] - 1)));
				close_world(&w);
			}
			if (g->size[level] <= BIT(bits)) {
				w = leaf_world(g, stage, level, bits, output);
				expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, level);
				close_world(&w);
			}
		}
	}
}
END_TEST

/* ADR-12, CD-14, S2-09: a block of 4TB is larger than outputs of 32, 36 and 40 bits.  The bits that
 * it takes from the input are bits of the output, too.  3.4, 5.4 (IPS), 5.2 (S2PS) */
START_TEST(an_access_within_a_block_may_not_pass_the_effective_size_either)
{
	const struct granule *g = &granules[2];
	const unsigned stage = 1 + (unsigned)_i % 2, output = (unsigned)_i / 2;
	const unsigned bits = size_bits[output];
	const uint64_t block = g->input & ~(g->size[1] - 1);
	struct world w = granule_world(g, stage, output);

	put(&w, slot_of(g, stage, 1), leaf_of(stage, 1));
	expect_pa(&w, block | 0x1234, 0, 0x1234);
	ck_assert_uint_eq(w.out.span, BIT(bits));
	expect_pa(&w, block | (BIT(bits) - 1), 0, BIT(bits) - 1);
	ck_assert_uint_eq(w.out.bytes, 1);
	for (unsigned bit = bits; bit < 42; bit++)
		expect_event(&w, block | BIT(bit) | 0x1234, 0, F_ADDR_SIZE, stage, 1);
	close_world(&w);
}
END_TEST

/* ORD-06: and does so before the Access flag is looked at */
START_TEST(a_block_that_passes_the_effective_size_faults_before_its_access_flag)
{
	const struct granule *g = &granules[2];
	const unsigned stage = 1 + (unsigned)_i;
	const uint64_t block = g->input & ~(g->size[1] - 1);
	struct world w = granule_world(g, stage, 0);

	put(&w, slot_of(g, stage, 1), leaf_of(stage, 1) & ~AF);
	expect_event(&w, block | (BIT(32) - 4), 0, F_ACCESS, stage, 1);
	expect_event(&w, block | BIT(32), 0, F_ADDR_SIZE, stage, 1);
	close_world(&w);
}
END_TEST

/* ADR-12, CD-14, ORD-07: and the next table is not read */
START_TEST(the_address_of_a_next_table_may_not_have_bits_at_or_above_the_effective_size)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);

	for (unsigned output = 0; output < (g->code == G64K ? 6 : 5); output++) {
		for (int level = g->start; level < 3; level++) {
			struct world w = granule_world(g, stage, output);

			w.behind_host = true;
			put(&w, slot_of(g, stage, 3), leaf_of(stage, 3));
			*word_at(&w, slot_of(g, stage, level)) |= output_bit(size_bits[output]);
			expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, level);
			ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, slot_of(g, stage, level));
			close_world(&w);
		}
	}
}
END_TEST

/* CD-13, STE-33: OAS 44 caps 48 and 52; ADR-14: OAS 48 with 64KB descriptor bits 15:12 */
START_TEST(the_effective_size_is_capped_by_the_output_size_of_the_smmu)
{
	static const struct {
		unsigned oas, output, bit;
	} rows[] = { { 4, 5, 44 }, { 4, 6, 45 }, { 4, 7, 47 },
		     { 5, 6, 48 }, { 5, 7, 51 }, { 0, 5, 32 } };
	const struct granule *g = &granules[2];
	const unsigned stage = 1 + (unsigned)_i % 2;
	struct world w = leaf_world(g, stage, 3, rows[_i / 2].bit, rows[_i / 2].output);

	set_id(&w, 5, 0, 3, rows[_i / 2].oas);
	set_id(&w, 5, 10, 2, 0);
	if (stage == 2 && rows[_i / 2].oas == 0) { /* 32 bits of IPA, from level 2 */
		set_field(&w.ste[2], 32, 6, 32);
		set_field(&w.ste[2], 38, 2, 1);
		w.ste[3] = S2_TABLE(2);
		expect_event(&w, g->input & 0xffffffff, 0, F_ADDR_SIZE, stage, 3);
	} else if (stage == 2 && rows[_i / 2].oas == 4) {
		set_field(&w.ste[2], 32, 6, 20);
		expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, 3);
	} else {
		expect_event(&w, g->input, 0, F_ADDR_SIZE, stage, 3);
	}
	close_world(&w);
}
END_TEST

/* CD-13, STE-33: before SMMUv3.4 the encoding 7 means 52 bits */
START_TEST(the_reserved_output_size_means_52_bits)
{
	struct world w = leaf_world(&granules[2], 1 + (unsigned)_i, 3, 51, 7);

	expect_pa(&w, granules[2].input, 0, BIT(51) | 0x234);
	close_world(&w);
}
END_TEST

/* WALK-28, ADR-07: stage 1 from level 1 with 10 index bits; the upper half the same */
START_TEST(a_52_bit_va_is_translated_with_64kb_tables)
{
	struct world w = granule_world(&granules[2], 1, 6);
	const uint64_t va = UINT64_C(0xffffe0bbcd129);

	set_field(&w.cd[0], 0, 6, 12);
	put(&w, S1_TABLE(1) + 8 * (va >> 42), S1_TABLE(2) | TABLE);
	put(&w, S1_TABLE(2) + 8 * (va >> 29 & 0x1fff), S1_TABLE(3) | TABLE);
	put(&w, S1_TABLE(3) + 8 * (va >> 16 & 0x1fff), UINT64_C(0x12340003000) | S1_PAGE);
	expect_pa(&w, va, 0, UINT64_C(0x301234000d129));
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_64kb_leaf_has_output_bits_51_to_48_in_its_bits_15_to_12, 0, 6);
	tcase_add_loop_test(tests,
			    a_64kb_table_pointer_has_address_bits_51_to_48_in_its_bits_15_to_12, 0,
			    4);
	tcase_add_loop_test(tests, bits_49_and_48_of_4kb_and_16kb_descriptors_are_no_address, 0, 4);
	tcase_add_loop_test(tests,
			    the_output_of_a_leaf_may_not_have_bits_at_or_above_the_effective_size,
			    0, CASES);
	tcase_add_loop_test(tests, an_access_within_a_block_may_not_pass_the_effective_size_either,
			    0, 8);
	tcase_add_loop_test(tests,
			    a_block_that_passes_the_effective_size_faults_before_its_access_flag, 0,
			    2);
	tcase_add_loop_test(
		tests, the_address_of_a_next_table_may_not_have_bits_at_or_above_the_effective_size,
		0, CASES);
	tcase_add_loop_test(tests, the_effective_size_is_capped_by_the_output_size_of_the_smmu, 0,
			    12);
	tcase_add_loop_test(tests, the_reserved_output_size_means_52_bits, 0, 2);
	tcase_add_test(tests, a_52_bit_va_is_translated_with_64kb_tables);
}

int main(void)
{
	return run_suite("outputs", add);
}
