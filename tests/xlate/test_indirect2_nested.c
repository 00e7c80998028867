/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 2 for what stage 1 consists of: CDs, tables, and their updates. */
#include "indirect2_world.h"

/* The CD, or the last table of stage 1, is in IPA_PAGE, whose leaf has both indices 2. */
static struct world structured(unsigned class, uint64_t bits)
{
	struct world w = nested_through(class);
	const struct world like = indirect(NESTED, bits);

	w.config = like.config;
	w.ste[2] = like.ste[2];
	w.ste[7] = like.ste[7] | code_at(2, 15);
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | (leaf_of(15, 15) & ~UINT64_C(2)));
	put(&w, LEAF, (class == SMMU3_CLASS_CD ? CD_PAGE : S1_TABLE(3)) | leaf_of(2, 2));
	munmap(like.ram, RAM_SIZE);
	return w;
}

/* The last descriptor of stage 1 needs its Access flag set. */
static struct world updating(uint64_t bits)
{
	struct world w = structured(SMMU3_CLASS_TT, bits);

	w.cd[0] |= CD_HA;
	*word_at(&w, slot1(3)) &= ~AF;
	return w;
}

/* PERM-29: what may be read, by code */
static bool is_readable(unsigned code)
{
	return code == 2 || code == 3 || code == 6 || code == 7 || code >= 8;
}

/* PERM-27, PERM-29: every code; WO gives a CD or a table to nobody */
START_TEST(what_can_be_read_may_hold_structures)
{
	const unsigned class = (unsigned)_i / 16, code = (unsigned)_i % 16;
	struct world w = structured(class, 0);

	start(&w, code_at(2, code));
	if (is_readable(code)) {
		expect_pa(&w, VA, W, RAM_BASE | OFFSET);
	} else {
		expect_event(&w, VA, W, F_PERMISSION, 2, 3);
		expect_record(&w, VA, (class == SMMU3_CLASS_TT ? TTRNW : 0) | S2 | CLASS(class),
			      IPA_PAGE);
	}
	close_world(&w);
}
END_TEST

/* PERM-29: every code; MRO lets descriptors be updated, RO does not */
START_TEST(stage_1_descriptors_are_updated_where_the_walker_writes)
{
	static const bool writes[16] = { false, false, true,  true,  false, false, true, true,
					 false, false, false, false, true,  true,  true, true };
	const bool read = is_readable((unsigned)_i);
	struct world w = updating(0);

	start(&w, code_at(2, (unsigned)_i));
	if (writes[_i]) {
		expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	} else {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		expect_record(&w, VA, (read ? 0 : TTRNW) | RNW | S2 | CLASS(SMMU3_CLASS_TT),
			      IPA_PAGE);
	}
	ck_assert_uint_eq(now(&w, slot1(3)) & AF, writes[_i] ? AF : 0);
	close_world(&w);
}
END_TEST

/* PERM-29: a client that comes to the same page by its own address */
START_TEST(clients_do_not_write_where_only_the_walker_does)
{
	struct world w = updating(0);

	put(&w, slot1(3), (IPA_PAGE | S1_PAGE) & ~AF);
	start(&w, code_at(2, 2));
	expect_pa(&w, VA, 0, S1_TABLE(3) | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(3)) & AF, AF);
	ck_assert_uint_eq(w.out.perm, SMMU3_PERM_UR | SMMU3_PERM_PR);
	expect_event(&w, VA, W, F_PERMISSION, 2, 3);
	expect_record(&w, VA, S2 | CLASS(SMMU3_CLASS_IN), IPA_PAGE);
	close_world(&w);
}
END_TEST

/* PERM-31: of an update; of a read of a table, of a CD */
START_TEST(an_overlay_keeps_the_walker_out)
{
	static const struct {
		unsigned base, overlay, class;
		uint64_t word1;
	} row[] = {
		{ 2, 8, SMMU3_CLASS_TT, OVERLAY }, /* MRO under RO is RO */
		{ 8, 2, SMMU3_CLASS_TT, 0 },       /* likewise, but it is the base */
		{ 2, 4, SMMU3_CLASS_TT, TTRNW | OVERLAY },
		{ 4, 2, SMMU3_CLASS_TT, TTRNW },
		{ 15, 4, SMMU3_CLASS_CD, OVERLAY },
		{ 4, 15, SMMU3_CLASS_CD, 0 },
	};
	struct world w = row[_i].class == SMMU3_CLASS_TT ? updating(S2POE) :
							   structured(SMMU3_CLASS_CD, S2POE);

	w.ste[7] = code_at(15, 15) | code_at(2, row[_i].overlay);
	start(&w, code_at(2, row[_i].base));
	expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&w, VA, row[_i].word1 | RNW | S2 | CLASS(row[_i].class), IPA_PAGE);
	close_world(&w);
}
END_TEST

/* HTTU-11, FLT-14: of a page that holds a table: MRO, too, has a dirty state */
START_TEST(an_update_of_a_descriptor_marks_its_page)
{
	const bool marks = _i & 1;
	struct world w = updating(S2HA | (marks ? S2HD : 0));
	const uint64_t dirty = S1_TABLE(3) | leaf_of(2, 2);

	put(&w, LEAF, dirty & ~DIRTY);
	start(&w, code_at(2, _i & 2 ? 2 : 12));
	if (marks) {
		expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	} else {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		expect_record(&w, VA, DIRTYBIT | RNW | S2 | CLASS(SMMU3_CLASS_TT), IPA_PAGE);
	}
	ck_assert_uint_eq(now(&w, LEAF), marks ? dirty : dirty & ~DIRTY);
	ck_assert_uint_eq(now(&w, slot1(3)) & AF, marks ? AF : 0);
	close_world(&w);
}
END_TEST

/* HTTU-11: nothing is written */
START_TEST(a_read_of_a_structure_leaves_its_page_clean)
{
	struct world w = structured((unsigned)_i, S2HA | S2HD);

	*word_at(&w, LEAF) &= ~DIRTY;
	start(&w, code_at(2, 12));
	expect_pa(&w, VA, W, RAM_BASE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF) & DIRTY, 0);
	close_world(&w);
}
END_TEST

/* PERM-30: base and overlay, then S2PTW, then the dirty state */
START_TEST(s2ptw_comes_between_permission_and_dirty_state)
{
	static const struct {
		unsigned base;
		uint64_t ptw, word1;
	} row[] = {
		{ 12, 0, DIRTYBIT },
		{ 12, S2PTW, 0 },
	};
	struct world w = updating(row[_i].ptw);

	/* What the walk reads is Write-Back; a clean page with Device memory */
	put(&w, LEAF, (S1_TABLE(3) | leaf_of(2, 2)) & ~DIRTY & ~UINT64_C(0x3c));
	start(&w, code_at(2, row[_i].base));
	expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&w, VA,
		      row[_i].word1 | (row[_i].ptw ? TTRNW : 0) | RNW | S2 | CLASS(SMMU3_CLASS_TT),
		      IPA_PAGE);
	close_world(&w);
}
END_TEST

/* PERM-31, PERM-30: an overlay that refuses comes before S2PTW, which would, too */
START_TEST(the_overlay_comes_before_s2ptw)
{
	struct world w = structured((unsigned)_i, S2POE | S2PTW);
	const unsigned class = (unsigned)_i;

	*word_at(&w, LEAF) &= ~UINT64_C(0x3c);
	w.ste[7] = code_at(15, 15) | code_at(2, 4);
	start(&w, code_at(2, 15));
	expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
	expect_record(&w, VA,
		      OVERLAY | (class == SMMU3_CLASS_TT ? TTRNW : 0) | RNW | S2 | CLASS(class),
		      IPA_PAGE);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_can_be_read_may_hold_structures, 0, 32);
	tcase_add_loop_test(tests, stage_1_descriptors_are_updated_where_the_walker_writes, 0, 16);
	tcase_add_test(tests, clients_do_not_write_where_only_the_walker_does);
	tcase_add_loop_test(tests, an_overlay_keeps_the_walker_out, 0, 6);
	tcase_add_loop_test(tests, an_update_of_a_descriptor_marks_its_page, 0, 4);
	tcase_add_loop_test(tests, a_read_of_a_structure_leaves_its_page_clean, 0, 2);
	tcase_add_loop_test(tests, s2ptw_comes_between_permission_and_dirty_state, 0, 2);
	tcase_add_loop_test(tests, the_overlay_comes_before_s2ptw, 0, 2);
}

int main(void)
{
	return run_suite("indirect2_nested", add);
}
