/* SPDX-License-Identifier: MIT */
/* Which of several faults of one access is reported: 7.3.22. */
#include "support/walk_world.h"

#define FAR BIT(44)               /* beyond an output size of 44 bits */
#define BAD_TYPE_PAGE UINT64_C(2) /* cleared in a page: reserved at level 3 */

/* A world with one stage of 44-bit outputs, all else below that, whose leaf is at level 3. */
static struct world narrow(unsigned stage)
{
	struct world w = world(stage == 1 ? S1_ONLY : S2_ONLY);

	w.behind_host = true;
	set_field(&w.cd[0], 32, 3, 4);
	set_field(&w.ste[2], 48, 3, 4);
	return w;
}

/* What is wrong with a level 3 descriptor, and which fault wins. */
static const struct leaf_row {
	uint64_t set, clear[2]; /* bits changed; clear[] by stage, the permissions differ */
	unsigned event;
} leaves[] = {
	/* everything: invalid first, then reserved type */
	{ FAR, { 1 | BAD_TYPE_PAGE | AF | 0x40, 1 | BAD_TYPE_PAGE | AF | 0xc0 }, F_TRANSLATION },
	{ FAR, { BAD_TYPE_PAGE | AF | 0x40, BAD_TYPE_PAGE | AF | 0xc0 }, F_TRANSLATION },
	/* then the output size, the Access flag, permissions */
	{ FAR, { AF | 0x40, AF | 0xc0 }, F_ADDR_SIZE },
	{ FAR, { 0x40, 0xc0 }, F_ADDR_SIZE },
	{ 0, { AF | 0x40, AF | 0xc0 }, F_ACCESS },
	{ 0, { 0x40, 0xc0 }, F_PERMISSION },
};

/* ORD-05, ORD-06, ORD-10, EVT-P2 */
START_TEST(of_one_leaf_translation_beats_size_beats_access_flag_beats_permission)
{
	const struct leaf_row *row = &leaves[_i / 2];
	const unsigned stage = 1 + (unsigned)_i % 2;
	struct world w = narrow(stage);
	const uint64_t leaf = (stage == 1 ? S1_PAGE : S2_PAGE) | RAM_BASE;

	put(&w, stage == 1 ? slot1(3) : slot2(3), (leaf | row->set) & ~row->clear[stage - 1]);
	expect_event(&w, stage == 1 ? VA : IPA_PAGE, 0, row->event, stage, 3);
	close_world(&w);
}
END_TEST

/* ORD-05, EVT-P2: a fault of a level comes before any of the next, where it is read */
START_TEST(a_fault_at_a_level_is_found_before_those_of_deeper_levels)
{
	const unsigned stage = 1 + (unsigned)_i % 2;
	const int level = _i / 2;
	struct world w = narrow(stage);

	for (int deeper = level; deeper < 4; deeper++)
		put(&w, stage == 1 ? slot1(deeper) : slot2(deeper), 0);
	expect_event(&w, stage == 1 ? VA : IPA_PAGE, 0, F_TRANSLATION, stage, level);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, stage == 1 ? slot1(level) : slot2(level));
	close_world(&w);
}
END_TEST

/* ORD-05, EVT-P2: the abort of a fetch against what the descriptor would have said */
START_TEST(an_aborted_fetch_beats_what_the_descriptor_holds)
{
	const unsigned stage = 1 + (unsigned)_i % 2;
	struct world w = narrow(stage);

	w.abort_at = stage == 1 ? slot1(1) : slot2(1);
	w.answer = SMMU3_MEM_ABORT;
	put(&w, w.abort_at, 0);
	expect_event(&w, stage == 1 ? VA : IPA_PAGE, 0, F_WALK_EABT, stage, 1);
	close_world(&w);
}
END_TEST

/* ORD-05, EVT-P2: no descriptor is read, though every table would abort */
START_TEST(a_range_or_epd_fault_beats_every_fetch)
{
	struct world w = narrow(1);

	w.cd[1] = 0x1000;
	if (_i == 0)
		w.cd[0] |= BIT(14);
	expect_event(&w, _i == 0 ? VA : BIT(48), 0, F_TRANSLATION, 1, NO_WALK);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].reason, SMMU3_REASON_CD);
	close_world(&w);
}
END_TEST

/* ORD-06, PERM-06: a read-only table and a page without Access flag */
START_TEST(hierarchical_permissions_are_judged_at_the_leaf_after_its_access_flag)
{
	struct world w = world(S1_ONLY);

	*word_at(&w, slot1(0)) |= UINT64_C(2) << 61;
	*word_at(&w, slot1(3)) &= ~AF;
	expect_event(&w, VA, SMMU3_TXN_WRITE, F_ACCESS, 1, 3);
	close_world(&w);
	w = world(S1_ONLY);
	*word_at(&w, slot1(0)) |= UINT64_C(2) << 61;
	expect_event(&w, VA, SMMU3_TXN_WRITE, F_PERMISSION, 1, 3);
	close_world(&w);
}
END_TEST

/* ORD-08: the level 3 table is through IPA_PAGE, and its descriptor, were it seen, is invalid */
START_TEST(stage_2_of_a_descriptor_is_found_before_the_descriptor)
{
	static const uint64_t leaves_of_tt[] = { 0, S2_PAGE & ~AF, S2_PAGE & ~S2AP(3),
						 S2_PAGE | FAR };
	static const unsigned found[] = { F_TRANSLATION, F_ACCESS, F_PERMISSION, F_ADDR_SIZE };
	struct world w = nested_through(SMMU3_CLASS_TT);

	set_field(&w.ste[2], 48, 3, 4);
	put(&w, slot1(3), 0);
	put(&w, slot2(3), S1_TABLE(3) | leaves_of_tt[_i]);
	expect_event(&w, VA, 0, found[_i], 2, 3);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	close_world(&w);
}
END_TEST

/* ORD-08: at level 1 the descriptor is bad; at level 2 its table is not mapped at stage 2 */
START_TEST(a_stage_1_fault_at_a_level_is_found_before_stage_2_of_the_next_table)
{
	static const uint64_t descriptors[] = { 0, FAR | IPA_PAGE | TABLE, IPA_PAGE | TABLE };
	static const unsigned found[] = { F_TRANSLATION, F_ADDR_SIZE, F_TRANSLATION };
	struct world w = world(NESTED);

	set_field(&w.cd[0], 32, 3, 4);
	put(&w, slot1(1), descriptors[_i]);
	put(&w, slot2(3), 0);
	expect_event(&w, VA, 0, found[_i], _i < 2 ? 1 : 2, _i < 2 ? 1 : 3);
	ck_assert_uint_eq(w.out.fault_class, _i < 2 ? SMMU3_CLASS_IN : SMMU3_CLASS_TT);
	close_world(&w);
}
END_TEST

/* ORD-08: stage 2 succeeds, then the read of the descriptor aborts */
START_TEST(the_fetch_of_a_stage_1_descriptor_aborts_after_its_stage_2)
{
	struct world w = nested_through(SMMU3_CLASS_TT);

	put(&w, slot2(3), UINT64_C(0x7fff0000) | S2_PAGE);
	expect_event(&w, VA, 0, F_WALK_EABT, 1, 3);
	expect_record(&w, VA, RNW | CLASS(1), UINT64_C(0x7fff0028));
	close_world(&w);
}
END_TEST

/* ORD-09, ORD-06, NEST-11: the output of stage 1 is too far for stage 1 and outside stage 2 */
START_TEST(the_size_of_a_stage_1_output_is_found_before_the_range_of_stage_2)
{
	struct world w = world(NESTED);

	set_field(&w.cd[0], 32, 3, 4);
	set_field(&w.ste[2], 32, 6, 20);
	put(&w, slot1(3), FAR | S1_PAGE);
	expect_event(&w, VA, 0, F_ADDR_SIZE, 1, 3);
	close_world(&w);
	w = world(NESTED);
	set_field(&w.ste[2], 32, 6, 20);
	put(&w, slot1(3), FAR | S1_PAGE);
	expect_event(&w, VA, 0, F_TRANSLATION, 2, NO_WALK);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	close_world(&w);
}
END_TEST

/* ORD-01, ORD-02: each cause of the list together with all later ones */
START_TEST(configuration_errors_come_before_translation_and_in_their_order)
{
	static const unsigned found[] = { F_STE_FETCH, C_BAD_STE, F_TRANSLATION,
					  F_CD_FETCH,  C_BAD_CD,  F_TRANSLATION };
	struct world w = nested_through(SMMU3_CLASS_CD);

	w.behind_host = true;
	w.abort_at = _i == 0 ? STE_AT : _i <= 3 ? CD_AT : 0;
	w.answer = SMMU3_MEM_ABORT;
	if (_i <= 1)
		w.ste[0] &= ~BIT(0);
	if (_i <= 2)
		put(&w, slot2(3), 0);
	if (_i <= 4)
		w.cd[0] &= ~BIT(31);
	put(&w, slot1(3), 0);
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.event, found[_i]);
	ck_assert_uint_eq(w.out.fault_stage, _i == 2 ? 2 : _i == 5 ? 1 : 0);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    of_one_leaf_translation_beats_size_beats_access_flag_beats_permission,
			    0, 12);
	tcase_add_loop_test(tests, a_fault_at_a_level_is_found_before_those_of_deeper_levels, 0, 8);
	tcase_add_loop_test(tests, an_aborted_fetch_beats_what_the_descriptor_holds, 0, 2);
	tcase_add_loop_test(tests, a_range_or_epd_fault_beats_every_fetch, 0, 2);
	tcase_add_test(tests,
		       hierarchical_permissions_are_judged_at_the_leaf_after_its_access_flag);
	tcase_add_loop_test(tests, stage_2_of_a_descriptor_is_found_before_the_descriptor, 0, 4);
	tcase_add_loop_test(tests,
			    a_stage_1_fault_at_a_level_is_found_before_stage_2_of_the_next_table, 0,
			    3);
	tcase_add_test(tests, the_fetch_of_a_stage_1_descriptor_aborts_after_its_stage_2);
	tcase_add_test(tests, the_size_of_a_stage_1_output_is_found_before_the_range_of_stage_2);
	tcase_add_loop_test(tests, configuration_errors_come_before_translation_and_in_their_order,
			    0, 6);
}

int main(void)
{
	return run_suite("order", add);
}
