/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 1 beside what else decides: E0PD, HAD, stage 2, ATS.  3.26.1 */
#include "httu_world.h"
#include "support/ats_world.h"
#include "support/permission_tables.h"

/* Bits of word 1 of a STE, of words 0 to 2 of a CD, of word 1 of a record */
#define S1PIE BIT(24)
#define PAN BIT(40)
#define HAD0 BIT(1)
#define E0PD0 BIT(2)
#define PIE BIT(59)
#define DIRTYBIT BIT(42)

#define NDIRTY BIT(7)
#define LEAF slot1(3)
#define LEAF2 slot2(3)

/* PIIndex 6 = {0, 1, 1, 0}: bits 53 and 51; dirty: AF, nG, ISH, AttrIndx 0 */
#define PI6 (PAGE_BITS | BIT(53) | BIT(51))

/* Makes stage 1 of the world's page indirect, with these codes. */
static void make_indirect(struct world *w, unsigned config, unsigned p, unsigned u)
{
	w->config.aidr = 3;
	set_id(w, 0, 6, 2, 2);
	set_id(w, 0, 9, 1, 1);  /* Hyp */
	set_id(w, 3, 2, 1, 1);  /* HAD */
	set_id(w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	set_id(w, 3, 18, 1, 1); /* S1PI */
	w->ste[1] |= S1PIE;
	w->cd[2] |= PIE;
	w->cd[6] = (uint64_t)u << 18;
	w->cd[7] = (uint64_t)p << 18;
	put(w, LEAF, (config == NESTED ? IPA_PAGE : PA_PAGE) | PI6);
}

static struct world indirect(unsigned config, unsigned p, unsigned u)
{
	struct world w = world(config);

	make_indirect(&w, config, p, u);
	return w;
}

static struct world asking(unsigned config, unsigned p, unsigned u)
{
	struct world w = ats_world(config, EATS_FULL);

	make_indirect(&w, config, p, u);
	return w;
}

/* PERM-26, PERM-14: PIIU counts for PAN although E0PD keeps everybody out whom it concerns */
START_TEST(e0pd_changes_nothing_about_pan)
{
	struct world w = indirect(S1_ONLY, 3, 1);

	w.cd[0] |= PAN;
	w.cd[1] |= E0PD0;
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_event(&w, VA, P, F_PERMISSION, 1, 3);
	expect_pa(&w, VA, P | X, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("X"));
	close_world(&w);
}
END_TEST

/* PERM-26: hierarchical bits are unused with HAD0 and without */
START_TEST(had_changes_nothing_about_codes)
{
	struct world w = indirect(S1_ONLY, 3, 3);

	w.cd[1] |= _i & 1 ? HAD0 : 0;
	if (_i & 2)
		*word_at(&w, slot1(1)) |= UINT64_C(15) << 59;
	expect_pa(&w, VA, X, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("rxRX"));
	close_world(&w);
}
END_TEST

/* ---- Stage 2 behind it */

/* NEST-13, PERM-25, FLT-14: all codes that both sides can have, over every S2AP, without execution */
START_TEST(both_stages_grant_what_codes_and_stage_2_do)
{
	static const unsigned code[4] = { 0, 1, 5, 7 };
	static const char *const s1[4] = { "", "rR", "rRwW", "rRwWx" };
	static const char *const s2[4] = { "", "rR", "wW", "rRwW" };
	const unsigned c = (unsigned)_i / 4, s2ap = (unsigned)_i % 4;
	const unsigned first = letters(s1[c]), both = first & letters(s2[s2ap]);
	static const unsigned kinds[4] = { 0, W, P, P | W };
	static const unsigned needs[4] = { SMMU3_PERM_UR, SMMU3_PERM_UW, SMMU3_PERM_PR,
					   SMMU3_PERM_PW };
	/* Execution by one side and writes by the other are illegal */
	struct world w = indirect(NESTED, code[c] == 7 ? 5 : code[c], code[c]);

	put(&w, LEAF2, PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(s2ap) | BIT(54)); /* XN */
	for (unsigned i = 0; i < 4; i++) {
		if (both & needs[i]) {
			expect_pa(&w, VA, kinds[i], PA_PAGE | OFFSET);
			ck_assert_uint_eq(w.out.perm, both);
		} else {
			expect_event(&w, VA, kinds[i], F_PERMISSION, first & needs[i] ? 2 : 1, 3);
			ck_assert_uint_eq(w.out.record.word[1] & DIRTYBIT, 0);
		}
	}
	close_world(&w);
}
END_TEST

/* FLT-14, HTTU-11: DirtyBit is of the stage that refuses: stage 1 while it is clean for good; then
 * stage 2, whose permissions are direct */
START_TEST(dirtybit_is_of_the_stage_that_refuses)
{
	struct world w = indirect(NESTED, 5, 5);

	put(&w, LEAF, IPA_PAGE | PI6 | (_i ? 0 : NDIRTY));
	put(&w, LEAF2, PA_PAGE | (S2_PAGE & ~S2AP1) | DBM); /* clean, likewise */
	expect_event(&w, VA, W, F_PERMISSION, _i ? 2 : 1, 3);
	ck_assert_uint_eq(w.out.record.word[1] & DIRTYBIT, _i ? 0 : DIRTYBIT);
	close_world(&w);
}
END_TEST

/* HTTU-11, HTTU-05: both are marked, each in its own way */
START_TEST(a_write_marks_an_indirect_stage_1_and_a_direct_stage_2)
{
	struct world w = indirect(NESTED, 5, 5);

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, LEAF, IPA_PAGE | PI6 | NDIRTY);
	put(&w, LEAF2, PA_PAGE | (S2_PAGE & ~S2AP1) | DBM);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), IPA_PAGE | PI6 | NDIRTY);
	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), IPA_PAGE | PI6);
	ck_assert_uint_eq(now(&w, LEAF2), PA_PAGE | S2_PAGE | DBM);
	close_world(&w);
}
END_TEST

/* ---- ATS */

/* ATS-10, PERM-25: of users, who have PIIU; read-only, read-write, nothing, execution alone */
START_TEST(a_completion_grants_what_piiu_does)
{
	static const struct {
		unsigned u, gets;
	} row[] = {
		{ 1, GETS_R }, { 5, GETS_R | GETS_W }, { 3, GETS_R }, { 0, 0 }, { 2, 0 },
	};
	struct world w = asking(S1_ONLY, 5, row[_i].u);

	if (row[_i].gets)
		expect_completion(&w, NW0, row[_i].gets);
	else
		expect_no_access(&w, VA, NW0);
	close_world(&w);
}
END_TEST

/* ATS-13, HTTU-11: W where hardware marks the page, or it is dirty; nothing is recorded of a clean
 * one */
START_TEST(a_request_to_write_marks_a_clean_page_or_gets_a_read)
{
	struct world w = asking(S1_ONLY, 5, 5);

	w.cd[0] |= CD_HA | (_i & 1 ? CD_HD : 0);
	put(&w, LEAF, PA_PAGE | PI6 | NDIRTY);
	expect_completion(&w, _i & 2 ? 0 : NW0, GETS_R | (_i == 1 ? GETS_W : 0));
	ck_assert_uint_eq(now(&w, LEAF), PA_PAGE | PI6 | (_i == 1 ? 0 : NDIRTY));
	put(&w, LEAF, PA_PAGE | PI6);
	expect_completion(&w, 0, GETS_R | GETS_W);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, e0pd_changes_nothing_about_pan);
	tcase_add_loop_test(tests, had_changes_nothing_about_codes, 0, 4);
	tcase_add_loop_test(tests, both_stages_grant_what_codes_and_stage_2_do, 0, 16);
	tcase_add_loop_test(tests, dirtybit_is_of_the_stage_that_refuses, 0, 2);
	tcase_add_test(tests, a_write_marks_an_indirect_stage_1_and_a_direct_stage_2);
	tcase_add_loop_test(tests, a_completion_grants_what_piiu_does, 0, 5);
	tcase_add_loop_test(tests, a_request_to_write_marks_a_clean_page_or_gets_a_read, 0, 4);
}

int main(void)
{
	return run_suite("indirect1_paths", add);
}
