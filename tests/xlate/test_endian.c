/* SPDX-License-Identifier: MIT */
/* Big-endian tables: CD.ENDI, STE.S2ENDI, IDR0.TTENDIAN.  5.2, 5.4, 6.3.1 */
#include "lpae_world.h"

#include <smmu/inspect.h>

/* The bytes of a word of memory, the other way round. */
static void turn(struct world *w, uint64_t at)
{
	uint64_t word = *word_at(w, at), turned = 0;

	for (unsigned byte = 0; byte < 8; byte++)
		turned |= (word >> 8 * byte & 0xff) << 8 * (7 - byte);
	put(w, at, turned);
}

static void turn_stage1(struct world *w, bool lpae)
{
	for (int level = lpae; level <= 3; level++)
		turn(w, lpae ? lpae_slot1(level) : slot1(level));
}

static void turn_stage2(struct world *w, bool lpae)
{
	for (int level = lpae; level <= 3; level++)
		turn(w, lpae ? lpae_slot2(level) : slot2(level));
	if (!lpae)
		turn(w, S2_TABLE(0));
	turn(w, S2_TABLE(1) + 8 * 2);
}

static struct world either(bool lpae, unsigned config)
{
	struct world w = lpae ? lpae_world(config) : world(config);

	TTENDIAN(MIXED);
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | S2_BLOCK);
	return w;
}

/* CD-32, STE-72: each stage by a bit of its own, both formats */
START_TEST(each_stage_has_an_endianness_of_its_own)
{
	const bool lpae = _i & 1, first = _i & 2, second = _i & 4;
	const uint64_t va = lpae ? VA32 : VA;
	struct world w = either(lpae, NESTED);

	w.cd[0] |= first ? BIT(15) : 0;
	w.ste[2] |= second ? BIT(52) : 0;
	if (first)
		turn_stage1(&w, lpae);
	if (second)
		turn_stage2(&w, lpae);
	expect_pa(&w, va, 0, (lpae ? PA40 : PA_PAGE) | OFFSET);
	turn_stage2(&w, lpae);
	ask(&w, va, 0);
	ck_assert_uint_eq(w.out.fault_stage, 2);
	turn_stage2(&w, lpae);
	turn_stage1(&w, lpae);
	expect_event(&w, va, 0, F_TRANSLATION, 1, lpae);
	close_world(&w);
}
END_TEST

/* CD-32: ENDI is of both halves, and of no Context descriptor */
START_TEST(the_upper_half_is_of_the_same_endianness)
{
	struct world w = world(S1_ONLY);

	TTENDIAN(BIG);
	set_field(&w.cd[0], 30, 1, 0);
	set_field(&w.cd[0], 16, 8, 2 << 6 | 16);
	w.cd[0] |= BIT(15);
	w.cd[2] = w.cd[1];
	turn_stage1(&w, false);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_pa(&w, UINT64_C(0xffff000000000000) | VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* CD-32, STE-72: TTENDIAN says which there are */
START_TEST(an_endianness_that_is_not_there_is_illegal)
{
	static const unsigned endian[] = { MIXED, LITTLE, BIG };
	const unsigned has = endian[_i % 3];
	const bool big = _i >= 3, legal = has == MIXED || (has == BIG) == big;
	struct world w = world(S2_ONLY);

	TTENDIAN(has);
	w.ste[2] |= big ? BIT(52) : 0;
	if (big)
		turn_stage2(&w, false);
	if (legal)
		expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	else
		expect_event(&w, IPA_PAGE, 0, C_BAD_STE, 0, NO_WALK);
	close_world(&w);
	w = world(S1_ONLY);
	TTENDIAN(has);
	w.cd[0] |= big ? BIT(15) : 0;
	if (big)
		turn_stage1(&w, false);
	if (legal)
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	else
		expect_event(&w, VA, 0, C_BAD_CD, 0, NO_WALK);
	close_world(&w);
}
END_TEST

/* ---- What is told of such tables ---- */

static void take_step(void *context, const struct smmu3_step *step)
{
	if (step->reason == SMMU3_REASON_S1_TTD)
		*(uint64_t *)context = step->word[0];
}

static int take_mapping(void *context, const struct smmu3_mapping *mapping)
{
	*(struct smmu3_mapping *)context = *mapping;
	return 0;
}

/* inspect.h: a descriptor is told as a number, whatever its bytes are */
START_TEST(a_descriptor_is_told_as_a_number)
{
	struct world w = world(S1_ONLY);
	struct smmu3_mapping mapping = { 0 };
	uint64_t last = 0;

	TTENDIAN(MIXED);
	w.cd[0] |= BIT(15);
	turn_stage1(&w, false);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	w.txn.addr = VA;
	smmu3_explain(w.smmu, &w.txn, &w.out, take_step, &last);
	ck_assert_uint_eq(last, PA_PAGE | S1_PAGE);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, 1 << 16,
						take_mapping, &mapping),
			 0);
	ck_assert_uint_eq(mapping.output, PA_PAGE);
	ck_assert_uint_eq(mapping.descriptor, PA_PAGE | S1_PAGE);
	close_world(&w);
}
END_TEST

struct listed {
	uint64_t input[8];
	unsigned count;
};

static int list(void *context, const struct smmu3_mapping *mapping)
{
	struct listed *listed = context;

	listed->input[listed->count++ % 8] = mapping->input;
	return 0;
}

/* inspect.h, ADR-10: mappings of VMSAv8-32 are those that its regions let be reached: TTB0 has the
 * first 512MB, of 1GB that TTB1's first entry maps none; addresses of TTB1 have 32 bits */
START_TEST(mappings_are_of_their_region)
{
	struct world w = lpae_world(S1_ONLY);
	struct listed listed = { .count = 0 };

	use_lpae_stage1(&w, 3, 0);
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[1] = S1_TABLE(2);
	w.cd[2] = S2_TABLE(1);
	memset(word_at(&w, S2_TABLE(1)), 0, 32);
	put(&w, slot1(2), 0);
	put(&w, lpae_slot1(2), S1_BLOCK);
	put(&w, S2_TABLE(1), S1_BLOCK);
	put(&w, S2_TABLE(1) + 24, S1_BLOCK);
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, 1 << 16, list,
						&listed),
			 0);
	ck_assert_uint_eq(listed.count, 2);
	ck_assert_uint_eq(listed.input[0], 0x600000);
	ck_assert_uint_eq(listed.input[1], UINT64_C(0xc0000000));
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_stage_has_an_endianness_of_its_own, 0, 8);
	tcase_add_test(tests, the_upper_half_is_of_the_same_endianness);
	tcase_add_loop_test(tests, an_endianness_that_is_not_there_is_illegal, 0, 6);
	tcase_add_test(tests, a_descriptor_is_told_as_a_number);
	tcase_add_test(tests, mappings_are_of_their_region);
}

int main(void)
{
	return run_suite("endian", add);
}
