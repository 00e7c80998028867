/* SPDX-License-Identifier: MIT */
/* Which addresses a stage accepts, and which half of stage 1 takes them: TxSZ, TBI, EPD; S2T0SZ;
 * sizes of bypassed stages. */
#include "support/walk_world.h"

#define LOW_TABLE S1_TABLE(0)
#define HIGH_TABLE S2_TABLE(0)

enum half { LOW, HIGH, OUTSIDE };

static struct world two_halves(unsigned t0sz, unsigned t1sz, unsigned tbi)
{
	struct world w = world(S1_ONLY);

	w.behind_host = true;
	w.txn.bytes = 1;
	set_field(&w.cd[0], 0, 6, t0sz);
	set_field(&w.cd[0], 16, 6, t1sz);
	set_field(&w.cd[0], 6, 2, t0sz < 16 ? G64K : G4K);
	set_field(&w.cd[0], 22, 2, t1sz < 16 ? 3 : 2);
	set_field(&w.cd[0], 24, 6, 0x35);
	set_field(&w.cd[0], 30, 1, 0);
	set_field(&w.cd[0], 38, 2, tbi);
	w.cd[2] = HIGH_TABLE;
	return w;
}

/* Where the first descriptor of the walk of `va` was read. */
static enum half half_taken(struct world *w, uint64_t va)
{
	const struct smmu3_mem_access *read;

	ask(w, va, 0);
	for (read = w->seen; read < w->seen + w->seen_count; read++)
		if (read->reason == SMMU3_REASON_S1_TTD)
			return read->pa < HIGH_TABLE ? LOW : HIGH;
	ck_assert_uint_eq(w->out.event, F_TRANSLATION);
	ck_assert_uint_eq(w->out.fault_stage, 1);
	ck_assert_uint_eq(w->out.fault_class, SMMU3_CLASS_IN);
	ck_assert_int_eq(w->out.fault_level, NO_WALK);
	ck_assert_uint_eq(w->out.record.word[2], va);
	return OUTSIDE;
}

static const struct range_row {
	uint8_t t0sz, t1sz, tbi; /* tbi: bit 0 TBI0, bit 1 TBI1 */
	uint64_t va;
	enum half half;
} ranges[] = {
	{ 16, 16, 0, UINT64_C(0x0000000000000000), LOW },
	{ 16, 16, 0, UINT64_C(0x0000ffffffffffff), LOW },
	{ 16, 16, 0, UINT64_C(0x0001000000000000), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0x007fffffffffffff), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0x0080000000000000), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0x0100000000000000), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0x8000000000000000), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0xfeffffffffffffff), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0xfffeffffffffffff), OUTSIDE },
	{ 16, 16, 0, UINT64_C(0xffff000000000000), HIGH },
	{ 16, 16, 0, UINT64_C(0xffffffffffffffff), HIGH },
	/* sizes differ by half */
	{ 39, 16, 0, UINT64_C(0x0000000001ffffff), LOW },
	{ 39, 16, 0, UINT64_C(0x0000000002000000), OUTSIDE },
	{ 39, 16, 0, UINT64_C(0xffff000000000000), HIGH },
	{ 16, 39, 0, UINT64_C(0xfffffffffe000000), HIGH },
	{ 16, 39, 0, UINT64_C(0xfffffffffdffffff), OUTSIDE },
	{ 16, 39, 0, UINT64_C(0x0000ffffffffffff), LOW },
	{ 25, 25, 0, UINT64_C(0x0000007fffffffff), LOW },
	{ 25, 25, 0, UINT64_C(0x0000008000000000), OUTSIDE },
	{ 25, 25, 0, UINT64_C(0xffffff8000000000), HIGH },
	{ 25, 25, 0, UINT64_C(0xffffff7fffffffff), OUTSIDE },
	/* 52 bits */
	{ 12, 12, 0, UINT64_C(0x000fffffffffffff), LOW },
	{ 12, 12, 0, UINT64_C(0x0010000000000000), OUTSIDE },
	{ 12, 12, 0, UINT64_C(0xfff0000000000000), HIGH },
	{ 12, 12, 0, UINT64_C(0xffefffffffffffff), OUTSIDE },
	/* top byte ignored, in its half alone: bit 55 selects the half and its setting */
	{ 16, 16, 1, UINT64_C(0x5a00ffffffffffff), LOW },
	{ 16, 16, 1, UINT64_C(0xff00000000000000), LOW },
	{ 16, 16, 1, UINT64_C(0x5a01000000000000), OUTSIDE },
	{ 16, 16, 1, UINT64_C(0x5affffffffffffff), OUTSIDE },
	{ 16, 16, 1, UINT64_C(0xffffffffffffffff), HIGH },
	{ 16, 16, 2, UINT64_C(0x5affffffffffffff), HIGH },
	{ 16, 16, 2, UINT64_C(0x00ff000000000000), HIGH },
	{ 16, 16, 2, UINT64_C(0x5afeffffffffffff), OUTSIDE },
	{ 16, 16, 2, UINT64_C(0x5a00000000000000), OUTSIDE },
	{ 16, 16, 2, UINT64_C(0x0000000000000000), LOW },
	{ 39, 39, 3, UINT64_C(0x5a00000001ffffff), LOW },
	{ 39, 39, 3, UINT64_C(0x5a00000002000000), OUTSIDE },
	{ 39, 39, 3, UINT64_C(0x5afffffffe000000), HIGH },
	{ 39, 39, 3, UINT64_C(0x5afffffffdffffff), OUTSIDE },
	{ 12, 12, 3, UINT64_C(0x5a0fffffffffffff), LOW },
	{ 12, 12, 3, UINT64_C(0x5af0000000000000), HIGH },
};

/* ADR-07, ADR-08, CD-17, WALK-28, B1 */
START_TEST(bit_55_selects_the_half_and_the_bits_above_its_range_must_repeat_it)
{
	const struct range_row *row = &ranges[_i];
	struct world w = two_halves(row->t0sz, row->t1sz, row->tbi);

	ck_assert_uint_eq(half_taken(&w, row->va), row->half);
	close_world(&w);
}
END_TEST

#define HIGH_VA (UINT64_C(0xffff000000000000) | IPA_PAGE)

/* ADR-08: each half with its own table, and back */
START_TEST(each_half_translates_by_its_own_table)
{
	struct world w = two_halves(16, 16, 3);

	put(&w, slot2(3), UINT64_C(0xabcdef000) | S1_PAGE);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_pa(&w, HIGH_VA | 0x123, 0, UINT64_C(0xabcdef123));
	expect_pa(&w, VA | UINT64_C(0xa5) << 56, 0, PA_PAGE | OFFSET);
	expect_pa(&w, (HIGH_VA | 0x123) ^ UINT64_C(0xa5) << 56, 0, UINT64_C(0xabcdef123));
	close_world(&w);
}
END_TEST

/* CD-09, CD-11, B25: T0SZ 63, TG0 reserved, TTB0 out of range */
START_TEST(a_disabled_lower_half_is_a_translation_fault_and_its_fields_are_ignored)
{
	struct world w = two_halves(16, 16, 0);

	w.cd[0] |= BIT(14) | 0x3f | 0xc0;
	w.cd[1] = UINT64_C(0xffffffffffff0);
	put(&w, slot2(3), PA_PAGE | S1_PAGE);
	ck_assert_uint_eq(half_taken(&w, VA), OUTSIDE);
	expect_pa(&w, HIGH_VA, 0, PA_PAGE);
	close_world(&w);
}
END_TEST

START_TEST(a_disabled_upper_half_is_a_translation_fault_and_its_fields_are_ignored)
{
	struct world w = two_halves(16, 16, 0);

	w.cd[0] |= BIT(30);
	set_field(&w.cd[0], 16, 6, 0x3f);
	set_field(&w.cd[0], 22, 2, 0);
	w.cd[2] = UINT64_C(0xffffffffffff0);
	ck_assert_uint_eq(half_taken(&w, HIGH_VA), OUTSIDE);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* CD-09 */
START_TEST(with_both_halves_disabled_every_address_is_a_translation_fault)
{
	struct world w = two_halves(16, 16, 3);

	w.cd[0] |= BIT(14) | BIT(30);
	ck_assert_uint_eq(half_taken(&w, VA), OUTSIDE);
	ck_assert_uint_eq(half_taken(&w, HIGH_VA), OUTSIDE);
	ck_assert_uint_eq(half_taken(&w, 0), OUTSIDE);
	ck_assert_uint_eq(half_taken(&w, UINT64_MAX), OUTSIDE);
	close_world(&w);
}
END_TEST

/* CD-11, CD-37, CD-40, CD-41, ORD-13 */
START_TEST(an_illegal_enabled_half_spoils_the_context_for_both)
{
	struct world w = two_halves(16, 16, 0);

	if (_i == 0)
		set_field(&w.cd[0], 16, 6, 49);
	else if (_i == 1)
		set_field(&w.cd[0], 22, 2, 0);
	else
		w.cd[2] = BIT(48);
	expect_event(&w, VA, 0, C_BAD_CD, 0, NO_WALK);
	close_world(&w);
}
END_TEST

/* ORD-13: TTB1 points to where memory aborts */
START_TEST(nothing_is_read_from_the_half_that_is_not_used)
{
	struct world w = two_halves(16, 16, 0);

	w.cd[2] = 0x1000;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_event(&w, HIGH_VA, 0, F_WALK_EABT, 1, 0);
	close_world(&w);
}
END_TEST

/* ORD-13, nested: TTB1 is beyond what stage 2 accepts */
START_TEST(an_unmapped_root_of_the_unused_half_never_faults)
{
	struct world w = world(NESTED);

	set_field(&w.cd[0], 16, 6, 16);
	set_field(&w.cd[0], 22, 2, 2);
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[2] = UINT64_C(0xff0000000000);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_event(&w, HIGH_VA, 0, F_TRANSLATION, 2, 0);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	close_world(&w);
}
END_TEST

/* ADR-05, ADR-16, ADR-11: 40 bits of IPA */
START_TEST(an_ipa_outside_s2t0sz_is_a_stage_2_translation_fault_before_any_walk)
{
	struct world w = world(S2_ONLY);

	w.behind_host = true;
	set_field(&w.ste[2], 32, 6, 24);
	put(&w, S2_TABLE(0) + 8, S2_TABLE(1) | TABLE);
	put(&w, S2_TABLE(1) + 8 * 511, UINT64_C(0x7fc0000000) | S2_BLOCK);
	expect_pa(&w, UINT64_C(0xffffffff00), 0, UINT64_C(0x7fffffff00));
	afresh(&w);
	expect_event(&w, UINT64_C(0x10000000123), 0, F_TRANSLATION, 2, NO_WALK);
	ck_assert_uint_eq(w.seen_count, 1);
	expect_record(&w, UINT64_C(0x10000000123), RNW | S2 | CLASS(2), UINT64_C(0x10000000000));
	ck_assert_uint_eq(w.out.fault_addr, UINT64_C(0x10000000123));
	close_world(&w);
}
END_TEST

/* ADR-04, ADR-11, FLT-11: a tag is not ignored where stage 1 is off */
START_TEST(an_address_beyond_the_intermediate_size_is_a_stage_1_size_fault_where_stage_1_is_off)
{
	static const uint64_t addresses[] = { BIT(52), UINT64_C(0x5a00000000001000),
					      UINT64_C(0xfffffffffffff000) };
	struct world w = world(S2_ONLY);

	ask(&w, addresses[_i], 0);
	ck_assert_uint_eq(w.out.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_ADDR_SIZE);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	expect_record(&w, addresses[_i], RNW | CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* ADR-17 */
START_TEST(the_alignment_of_an_access_is_not_checked)
{
	static const unsigned configs[] = { S1_ONLY, S2_ONLY, NESTED, BYPASS };
	const uint64_t address = configs[_i] == S2_ONLY ? IPA_PAGE : VA - OFFSET;
	struct world w = world(configs[_i]);

	w.txn.bytes = 8;
	for (uint64_t offset = 1; offset < 8; offset++)
		expect_pa(&w, address + offset, 0,
			  (configs[_i] == BYPASS ? address : PA_PAGE) + offset);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    bit_55_selects_the_half_and_the_bits_above_its_range_must_repeat_it, 0,
			    sizeof(ranges) / sizeof(ranges[0]));
	tcase_add_test(tests, each_half_translates_by_its_own_table);
	tcase_add_test(tests,
		       a_disabled_lower_half_is_a_translation_fault_and_its_fields_are_ignored);
	tcase_add_test(tests,
		       a_disabled_upper_half_is_a_translation_fault_and_its_fields_are_ignored);
	tcase_add_test(tests, with_both_halves_disabled_every_address_is_a_translation_fault);
	tcase_add_loop_test(tests, an_illegal_enabled_half_spoils_the_context_for_both, 0, 3);
	tcase_add_test(tests, nothing_is_read_from_the_half_that_is_not_used);
	tcase_add_test(tests, an_unmapped_root_of_the_unused_half_never_faults);
	tcase_add_test(tests, an_ipa_outside_s2t0sz_is_a_stage_2_translation_fault_before_any_walk);
	tcase_add_loop_test(
		tests,
		an_address_beyond_the_intermediate_size_is_a_stage_1_size_fault_where_stage_1_is_off,
		0, 3);
	tcase_add_loop_test(tests, the_alignment_of_an_access_is_not_checked, 0, 4);
}

int main(void)
{
	return run_suite("range", add);
}
