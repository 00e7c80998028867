/* SPDX-License-Identifier: MIT */
/* Assured translations, and what only they reach: 3.27, D8.2.7.3. */
#include "hardening_world.h"

#define TABLE_AT(level) IPA_OF(OF_TABLE(level)) /* as far as records have it */

/* NEST-18: CD, first table, descriptors and tables of all levels are as they must be */
START_TEST(an_assured_translation_reaches_what_is_assured_only)
{
	struct hardened h = hardened(0);

	expect_data(&h);
	ck_assert_uint_eq(h.w.out.perm,
			  SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_PR | SMMU3_PERM_PW);
	close_world(&h.w);
}
END_TEST

/* Takes away one of the things that make a translation Assured. */
static void break_link(struct hardened *h, unsigned link)
{
	if (link < 4)
		*word_at(&h->w, slot1((int)link)) &= ~PROTECTED;
	else if (link < 7)
		set_code(h, OF_TABLE(link - 3), RW); /* of levels 1 to 3 */
	else if (link < 10)
		set_code(h, OF_TABLE(link - 6), RO);
	else if (link == 10)
		h->w.cd[1] &= ~PNCH;
	else if (link == 11)
		h->w.ste[5] &= ~TL0;
	else
		map(h, OF_CD, CD_PAGE, RO, 0);
}

enum { LINKS = 13 };

/* NEST-18, PERM-31: each of them alone */
START_TEST(one_thing_that_is_missing_unmakes_an_assured_translation)
{
	struct hardened h = hardened(0);

	break_link(&h, (unsigned)_i);
	expect_unassured(&h);
	close_world(&h.w);
}
END_TEST

/* NEST-18: what is not AssuredOnly anybody reaches */
START_TEST(what_is_not_assured_only_is_reached_all_the_same)
{
	struct hardened h = hardened(0);

	break_link(&h, (unsigned)_i);
	map(&h, OF_DATA, PA_PAGE, RW, 0);
	expect_data(&h);
	close_world(&h.w);
}
END_TEST

/* STE-07, TLB-13: with STE.AssuredOnly = 0 bit 58 is software's own */
START_TEST(without_assured_only_in_the_ste_no_leaf_is)
{
	struct hardened h = hardened(0);

	break_link(&h, (unsigned)_i);
	h.w.ste[5] &= ~STE_AO;
	expect_data(&h);
	close_world(&h.w);
}
END_TEST

/* IDR-023, STE-07, CD-03: without THE nothing of it is there */
START_TEST(without_the_no_field_of_it_says_anything)
{
	struct hardened h = hardened(0);

	set_id(&h.w, 3, 21, 1, 0);
	break_link(&h, (unsigned)_i);
	set_code(&h, OF_TABLE(0), RO);
	h.w.ste[5] |= TL0 | TL1;
	expect_data(&h);
	close_world(&h.w);
}
END_TEST

/* NEST-18: any code that is MRO will do, and what base and overlay make of it */
START_TEST(an_overlay_may_make_a_table_mro)
{
	static const struct {
		unsigned base, overlay;
		bool assured;
	} row[] = {
		{ MRO, RW, true },      { RW, MRO, true },      { MRO, MRO_TL1, true },
		{ MRO_TL01, 15, true }, { MRO_TL1, RW, true },  { RW, RW, false },
		{ MRO, RO, false },     { RW, MRO_TL01, true }, { RO, MRO_TL0, false },
	};
	struct hardened h = hardened(S2POE);

	put(&h.w, LEAF_OF(OF_TABLE(2)), S1_TABLE(2) | leaf_of(OF_TABLE(2), 1));
	set_code(&h, OF_TABLE(2), row[_i].base);
	h.w.ste[7] = code_at(15, 15) | code_at(1, row[_i].overlay);
	if (row[_i].assured)
		expect_data(&h);
	else
		expect_unassured(&h);
	close_world(&h.w);
}
END_TEST

/* NEST-18: without stage 2 indirection there is no MRO, and no top level */
START_TEST(with_direct_permissions_no_walk_begins)
{
	struct hardened h = hardened(0);

	h.w.ste[2] &= ~S2PIE;
	put(&h.w, LEAF_OF(OF_CD), CD_PAGE | S2_PAGE | AO);
	put(&h.w, LEAF_OF(OF_TABLE(0)), S1_TABLE(0) | S2_PAGE);
	begin(&h);
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT), TABLE_AT(0));
	close_world(&h.w);
}
END_TEST

/* NEST-18, FLT-05: a table is reached by what leads to it, and not by its own descriptors */
START_TEST(a_table_may_be_assured_only)
{
	const int level = _i % 4;
	struct hardened h = hardened(0);

	map(&h, OF_TABLE(level), S1_TABLE(level), level ? MRO : MRO_TL0, AO);
	if (_i < 4) {
		expect_data(&h);
	} else {
		if (level)
			*word_at(&h.w, slot1(level - 1)) &= ~PROTECTED;
		else
			h.w.ste[5] &= ~TL0;
		begin(&h);
		expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
		expect_record(&h.w, VA, ASSUREDONLY | TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT),
			      TABLE_AT(level));
	}
	close_world(&h.w);
}
END_TEST

/* NEST-18: a CD outside of AssuredOnly memory unmakes the first lookup, too */
START_TEST(a_walk_of_another_cd_does_not_begin_in_assured_only_memory)
{
	struct hardened h = hardened(0);

	map(&h, OF_CD, CD_PAGE, RO, 0);
	map(&h, OF_TABLE(0), S1_TABLE(0), MRO_TL0, AO);
	begin(&h);
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, ASSUREDONLY | TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT),
		      TABLE_AT(0));
	close_world(&h.w);
}
END_TEST

/* NEST-18: of a two-level table, the CD and the L1CD that points to it */
START_TEST(an_l1cd_counts_as_its_cd_does)
{
	struct hardened h = hardened(0);

	give_l1cd(&h, _i & 1 ? AO : 0);
	if (!(_i & 2))
		map(&h, OF_CD, CD_PAGE, RO, 0);
	begin(&h);
	if (_i == 3)
		expect_pa(&h.w, VA, W, PA_PAGE | OFFSET);
	else
		expect_event(&h.w, VA, W, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(h.w.out.record.word[1] & ASSUREDONLY, _i == 3 ? 0 : ASSUREDONLY);
	close_world(&h.w);
}
END_TEST

/* NEST-18: blocks are Protected as pages are, and AssuredOnly */
START_TEST(of_blocks_the_same_is_true)
{
	struct hardened h = hardened(0);

	put(&h.w, S2_TABLE(1) + 8 * 2, RAM_BASE | (leaf_of(OF_DATA, 15) & ~UINT64_C(2)) | AO);
	put(&h.w, slot1(1), RAM_BASE | S1_BLOCK | (_i ? PROTECTED : 0));
	begin(&h);
	if (_i)
		expect_pa(&h.w, VA, 0, RAM_BASE | (VA & (BIT(30) - 1)));
	else
		expect_event(&h.w, VA, 0, F_PERMISSION, 2, 1);
	close_world(&h.w);
}
END_TEST

/* ---- Order ---- */

/* PERM-30, PERM-31: AssuredOnly, then base and overlay */
START_TEST(assured_only_comes_before_permissions)
{
	struct hardened h = hardened(S2POE);

	*word_at(&h.w, slot1(3)) &= ~PROTECTED;
	put(&h.w, LEAF_OF(OF_DATA), PA_PAGE | leaf_of(OF_DATA, 1) | AO);
	h.w.ste[7] = code_at(15, 15) | code_at(1, _i & 1 ? 0 : 15);
	set_code(&h, OF_DATA, _i & 2 ? 0 : RW);
	expect_unassured(&h);
	close_world(&h.w);
}
END_TEST

/* PERM-30, PERM-31: S2PTW and the dirty state are later still */
START_TEST(assured_only_comes_before_s2ptw)
{
	struct hardened h = hardened(S2PTW);

	map(&h, OF_TABLE(2), S1_TABLE(2), RW, AO);
	*word_at(&h.w, LEAF_OF(OF_TABLE(2))) &= ~UINT64_C(0x3c);
	*word_at(&h.w, slot1(1)) &= ~PROTECTED;
	begin(&h);
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, ASSUREDONLY | TTRNW | RNW | S2 | CLASS(SMMU3_CLASS_TT),
		      TABLE_AT(2));
	close_world(&h.w);
}
END_TEST

/* PERM-30: a clean page, which hardware does not mark */
START_TEST(assured_only_comes_before_the_dirty_state)
{
	struct hardened h = hardened(0);

	*word_at(&h.w, LEAF_OF(OF_DATA)) &= ~DIRTY;
	*word_at(&h.w, slot1(3)) &= ~(_i ? PROTECTED : 0);
	begin(&h);
	expect_event(&h.w, VA, W, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, (_i ? ASSUREDONLY : DIRTYBIT) | S2 | CLASS(SMMU3_CLASS_IN),
		      IPA_OF(OF_DATA));
	close_world(&h.w);
}
END_TEST

/* PERM-31: of a Permission fault that is not of AssuredOnly the bit is 0 */
START_TEST(what_is_refused_otherwise_is_told_otherwise)
{
	struct hardened h = hardened(0);

	set_code(&h, OF_DATA, RO);
	begin(&h);
	expect_event(&h.w, VA, W, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, S2 | CLASS(SMMU3_CLASS_IN), IPA_OF(OF_DATA));
	close_world(&h.w);
}
END_TEST

/* FLT-05, PERM-31: an atomic lacks both permissions, and is a write */
START_TEST(an_atomic_that_is_not_assured_is_a_write_in_its_record)
{
	struct hardened h = hardened(0);

	h.w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	*word_at(&h.w, slot1(3)) &= ~PROTECTED;
	set_code(&h, OF_DATA, 4);
	begin(&h);
	expect_event(&h.w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&h.w, VA, ASSUREDONLY | S2 | CLASS(SMMU3_CLASS_IN), IPA_OF(OF_DATA));
	close_world(&h.w);
}
END_TEST

/* ---- Hardware updates ---- */

/* HTTU-04: libsmmu updates nothing of what AssuredOnly refuses */
START_TEST(what_is_refused_is_not_updated)
{
	struct hardened h = hardened(S2HA | S2HD);
	const uint64_t fresh = (PA_PAGE | leaf_of(OF_DATA, 15) | AO) & ~(AF | DIRTY);

	put(&h.w, LEAF_OF(OF_DATA), fresh);
	*word_at(&h.w, slot1(3)) &= ~(_i ? 0 : PROTECTED);
	begin(&h);
	if (_i)
		expect_pa(&h.w, VA, W, PA_PAGE | OFFSET);
	else
		expect_event(&h.w, VA, W, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&h.w, LEAF_OF(OF_DATA)), fresh | (_i ? AF | DIRTY : 0));
	close_world(&h.w);
}
END_TEST

/* HTTU-04: of a table likewise */
START_TEST(a_table_that_is_refused_is_not_updated)
{
	struct hardened h = hardened(S2HA | S2HD);

	map(&h, OF_TABLE(1), S1_TABLE(1), MRO, AO);
	*word_at(&h.w, LEAF_OF(OF_TABLE(1))) &= ~AF;
	*word_at(&h.w, slot1(0)) &= ~(_i ? 0 : PROTECTED);
	begin(&h);
	ask(&h.w, VA, 0);
	ck_assert_uint_eq(h.w.out.verdict, _i ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(now(&h.w, LEAF_OF(OF_TABLE(1))) & AF, _i ? AF : 0);
	close_world(&h.w);
}
END_TEST

/* NEST-18, HTTU-11: descriptors of an Assured translation are updated, in MRO and AssuredOnly pages
 */
START_TEST(an_assured_descriptor_is_updated)
{
	struct hardened h = hardened(0);

	h.w.cd[0] |= CD_HA | CD_HD;
	map(&h, OF_TABLE(3), S1_TABLE(3), MRO, AO);
	put(&h.w, slot1(3), ((IPA_OF(OF_DATA) | S1_PAGE | PROTECTED | DBM) & ~AF) | AP2);
	expect_data(&h);
	ck_assert_uint_eq(now(&h.w, slot1(3)), IPA_OF(OF_DATA) | S1_PAGE | PROTECTED | DBM);
	close_world(&h.w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_assured_translation_reaches_what_is_assured_only);
	tcase_add_loop_test(tests, one_thing_that_is_missing_unmakes_an_assured_translation, 0,
			    LINKS);
	tcase_add_loop_test(tests, what_is_not_assured_only_is_reached_all_the_same, 0, LINKS);
	tcase_add_loop_test(tests, without_assured_only_in_the_ste_no_leaf_is, 0, LINKS);
	tcase_add_loop_test(tests, without_the_no_field_of_it_says_anything, 0, LINKS);
	tcase_add_loop_test(tests, an_overlay_may_make_a_table_mro, 0, 9);
	tcase_add_test(tests, with_direct_permissions_no_walk_begins);
	tcase_add_loop_test(tests, a_table_may_be_assured_only, 0, 8);
	tcase_add_test(tests, a_walk_of_another_cd_does_not_begin_in_assured_only_memory);
	tcase_add_loop_test(tests, an_l1cd_counts_as_its_cd_does, 0, 4);
	tcase_add_loop_test(tests, of_blocks_the_same_is_true, 0, 2);
	tcase_add_loop_test(tests, assured_only_comes_before_permissions, 0, 4);
	tcase_add_test(tests, assured_only_comes_before_s2ptw);
	tcase_add_loop_test(tests, assured_only_comes_before_the_dirty_state, 0, 2);
	tcase_add_test(tests, what_is_refused_otherwise_is_told_otherwise);
	tcase_add_test(tests, an_atomic_that_is_not_assured_is_a_write_in_its_record);
	tcase_add_loop_test(tests, what_is_refused_is_not_updated, 0, 2);
	tcase_add_loop_test(tests, a_table_that_is_refused_is_not_updated, 0, 2);
	tcase_add_test(tests, an_assured_descriptor_is_updated);
}

int main(void)
{
	return run_suite("hardening", add);
}
