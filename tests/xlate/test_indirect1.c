/* SPDX-License-Identifier: MIT */
/* Indirect permissions of stage 1, as clients and their records see them; the dirty state under
 * them; Enhanced PAN; AttrIndx[3].  3.26.1, 5.4 */
#include "httu_world.h"
#include "support/permission_tables.h"

/* Bits of word 1 of a STE, of words 0, 1 and 2 of a CD, and of word 1 of a record */
#define S1PIE BIT(24)
#define PAN BIT(40)
#define WXN BIT(36)
#define EPAN BIT(59)
#define AIE BIT(3)
#define PIE BIT(59)
#define DIRTYBIT BIT(42)
#define RNW BIT(35)

#define NDIRTY BIT(7)
#define LEAF slot1(3)

/* By code, 5.4 PIIU and PIIP; 4 and 6 are reserved */
enum { CODES = 6 };
static const unsigned codes[CODES] = { 0, 1, 2, 3, 5, 7 };
static const char *const unprivileged[8] = { "", "r", "x", "rx", NULL, "rw", NULL, "rwx" };
static const char *const privileged[8] = { "", "R", "X", "RX", NULL, "RW", NULL, "RWX" };

/* In the order of the bits of enum smmu3_perm */
static const unsigned kinds[6] = { 0, W, X, P, W | P, X | P };

/* A VMSAv8-64 page with this PIIndex, dirty: AF, nG, ISH, AttrIndx 0. */
static uint64_t leaf_of(unsigned pi)
{
	return ((PA_PAGE | PAGE_BITS) & ~(BIT(54) | BIT(53) | BIT(51) | BIT(7) | BIT(6))) |
	       (uint64_t)(pi & 1) << 6 | (uint64_t)(pi >> 1 & 1) << 51 |
	       (uint64_t)(pi >> 2 & 3) << 53;
}

/* IDR3.EPAN, S1PI and AIE; stage 1 alone, of a page with this PIIndex and these codes. */
static struct world indirect(unsigned pi, unsigned p, unsigned u)
{
	struct world w = httu_world(S1_ONLY);

	w.config.aidr = 3;
	set_id(&w, 0, 9, 1, 1);  /* Hyp */
	set_id(&w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	set_id(&w, 3, 17, 2, 3);
	set_id(&w, 3, 23, 1, 1);
	w.ste[1] |= S1PIE;
	w.cd[2] |= PIE;
	w.cd[6] = (uint64_t)u << 3 * pi;
	w.cd[7] = (uint64_t)p << 3 * pi;
	put(&w, LEAF, leaf_of(pi));
	return w;
}

static void expect_grants(struct world *w, unsigned perm)
{
	for (unsigned kind = 0; kind < 6; kind++) {
		if (!(perm >> kind & 1)) {
			expect_event(w, VA, kinds[kind], F_PERMISSION, 1, 3);
			ck_assert_uint_eq(w->out.record.word[1] & DIRTYBIT, 0);
			continue;
		}
		expect_pa(w, VA, kinds[kind], PA_PAGE | OFFSET);
		ck_assert_uint_eq(w->out.perm, perm);
	}
}

static bool is_legal(unsigned p, unsigned u)
{
	return !((p & 2) && (u & 4));
}

/* ---- What codes grant ---- */

/* PERM-25, CD-43: each pair of codes at some PIIndex; the other codes are 0 */
START_TEST(piip_and_piiu_say_what_a_page_grants)
{
	const unsigned p = codes[_i / CODES], u = codes[_i % CODES], pi = (unsigned)_i % 16;
	struct world w = indirect(pi, p, u);

	if (is_legal(p, u)) {
		expect_grants(&w, letters(privileged[p]) | letters(unprivileged[u]));
	} else {
		ask(&w, VA, 0);
		ck_assert_uint_eq(w.out.event, C_BAD_CD);
	}
	close_world(&w);
}
END_TEST

/* PERM-25: bits 54, 53, 51 and 6, in this order */
START_TEST(a_page_has_the_code_of_its_index)
{
	struct world w = indirect((unsigned)_i, 5, 1);

	expect_grants(&w, letters("rRW"));
	put(&w, LEAF, leaf_of((unsigned)_i ^ 1));
	expect_grants(&w, 0);
	close_world(&w);
}
END_TEST

/* PERM-25: S1PI, S1PIE and PIE; a direct page of the same bits, PIIndex 3, is AP = 01 with DBM */
START_TEST(without_one_of_its_controls_permissions_are_direct)
{
	struct world w = indirect(3, 1, 0);

	if (_i == 0)
		set_id(&w, 3, 18, 1, 0);
	else if (_i == 1)
		w.ste[1] &= ~S1PIE;
	else
		w.cd[2] &= ~PIE;
	expect_grants(&w, letters("rwxRW"));
	close_world(&w);
}
END_TEST

/* CD-43: reserved codes, of either side, at any index, whether or not a page has it */
START_TEST(a_reserved_code_is_illegal)
{
	struct world w = indirect(2, 1, 1);

	w.cd[_i & 1 ? 7 : 6] |= (uint64_t)(_i & 2 ? 4 : 6) << 3 * (_i / 4 + 3);
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.event, C_BAD_CD);
	close_world(&w);
}
END_TEST

/* STE-77, CD-43: where permissions are direct nobody looks at codes */
START_TEST(codes_without_indirection_are_not_looked_at)
{
	struct world w = indirect(3, 1, 0);

	w.cd[2] &= ~PIE;
	w.cd[6] = w.cd[7] = ~UINT64_C(0);
	expect_grants(&w, letters("rwxRW"));
	close_world(&w);
}
END_TEST

/* PERM-25: one privilege has PIIP; PIIU is RES0, and PAN says nothing */
START_TEST(one_privilege_has_piip_alone)
{
	struct world w = indirect(9, codes[_i], 6);

	w.ste[1] |= UINT64_C(2) << 30; /* STRW: EL2 */
	w.cd[0] |= PAN;
	expect_grants(&w, letters(privileged[codes[_i]]) | letters(unprivileged[codes[_i]]));
	close_world(&w);
}
END_TEST

/* PERM-26: WXN, and APTable, UXNTable and PXNTable of the table above */
START_TEST(wxn_and_tables_take_nothing_away)
{
	struct world w = indirect(4, _i & 1 ? 7 : 1, _i & 1 ? 1 : 7);

	w.cd[0] |= WXN;
	*word_at(&w, slot1(2)) |= BIT(62) | BIT(61) | BIT(60) | BIT(59);
	expect_grants(&w, letters(_i & 1 ? "RWXr" : "Rrwx"));
	close_world(&w);
}
END_TEST

/* PERM-26, PERM-12: where the other side has anything, be it execution, whatever EPAN says */
START_TEST(pan_keeps_data_from_the_privileged_where_the_other_side_has_anything)
{
	const unsigned u = codes[_i / 2];
	struct world w = indirect(7, 5, u);

	w.cd[0] |= PAN;
	w.cd[1] |= _i & 1 ? EPAN : 0;
	expect_grants(&w, letters(unprivileged[u]) | (u ? 0 : letters("RW")));
	close_world(&w);
}
END_TEST

/* PERM-26: execution stays */
START_TEST(pan_leaves_execution)
{
	struct world w = indirect(7, 3, 1);

	w.cd[0] |= PAN;
	expect_grants(&w, letters("rX"));
	close_world(&w);
}
END_TEST

/* PERM-14: E0PD0 is asked before */
START_TEST(e0pd_is_of_indirect_permissions_too)
{
	struct world w = indirect(7, 5, 5);

	w.cd[1] |= BIT(2);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	expect_pa(&w, VA, P | W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("RW"));
	close_world(&w);
}
END_TEST

/* ---- The dirty state ---- */

/* HTTU-11, FLT-14: of a page that is clean for good nobody has a write, and the record says that it
 * was that; RnW is 0, of an atomic too */
START_TEST(a_write_to_a_clean_page_is_refused_for_its_dirty_state)
{
	struct world w = indirect(5, 5, 5);

	if (_i & 1)
		w.cd[0] |= CD_HA;
	put(&w, LEAF, leaf_of(5) | NDIRTY);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("rR"));
	w.txn.txn_class = _i & 2 ? SMMU3_CLASS_ATOMIC : SMMU3_CLASS_ORDINARY;
	expect_event(&w, VA, W, F_PERMISSION, 1, 3);
	ck_assert_uint_eq(w.out.record.word[1] & (DIRTYBIT | RNW), DIRTYBIT);
	ck_assert_uint_eq(now(&w, LEAF), leaf_of(5) | NDIRTY);
	close_world(&w);
}
END_TEST

/* FLT-14: what the codes refuse, a clean page's dirty state did not */
START_TEST(what_codes_refuse_is_not_of_the_dirty_state)
{
	struct world w = indirect(5, 5, _i ? 5 : 1);

	w.cd[0] |= _i ? PAN : 0;
	put(&w, LEAF, leaf_of(5) | NDIRTY);
	expect_event(&w, VA, _i ? W | P : W, F_PERMISSION, 1, 3);
	ck_assert_uint_eq(w.out.record.word[1] & DIRTYBIT, 0);
	close_world(&w);
}
END_TEST

/* HTTU-11: nDirty becomes 0; bit 51 is PIIndex[1], and no DBM */
START_TEST(hardware_marks_a_clean_page_as_dirty)
{
	const unsigned pi = _i & 1 ? 5 : 7;
	struct world w = indirect(pi, 5, 5);

	w.cd[0] |= CD_HA | CD_HD;
	put(&w, LEAF, leaf_of(pi) | NDIRTY);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("rR"));
	ck_assert_uint_eq(now(&w, LEAF), leaf_of(pi) | NDIRTY);
	expect_pa(&w, VA, _i & 2 ? W | P : W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm, letters("rwRW"));
	ck_assert_uint_eq(now(&w, LEAF), leaf_of(pi));
	close_world(&w);
}
END_TEST

/* HTTU-11, HTTU-07: what codes refuse changes nothing */
START_TEST(what_codes_refuse_is_not_marked)
{
	struct world w = indirect(5, 5, 1);

	w.cd[0] |= CD_HA | CD_HD;
	put(&w, LEAF, (leaf_of(5) | NDIRTY) & ~AF);
	expect_event(&w, VA, W, F_PERMISSION, 1, 3);
	ck_assert_uint_eq(w.out.record.word[1] & DIRTYBIT, 0);
	ck_assert_uint_eq(now(&w, LEAF), (leaf_of(5) | NDIRTY) & ~AF);
	close_world(&w);
}
END_TEST

/* ---- Enhanced PAN of direct permissions ---- */

/* PERM-12: a page that the other side may execute, and not read: AP = 00, PXN, UXN = 0 */
START_TEST(epan_counts_execution_of_the_other_side)
{
	struct world w = indirect(0, 0, 0);
	const bool counts = _i == 3;

	w.cd[2] &= ~PIE;
	w.cd[0] |= _i & 1 ? PAN : 0;
	w.cd[1] |= _i & 2 ? EPAN : 0;
	put(&w, LEAF, ((PA_PAGE | PAGE_BITS) & ~(AP(3) | UXN)) | PXN);
	expect_grants(&w, letters(counts ? "x" : "xRW"));
	close_world(&w);
}
END_TEST

/* PERM-12: RES0 without IDR3.EPAN; and of one privilege, which has no PAN */
START_TEST(epan_needs_its_feature_and_two_privileges)
{
	struct world w = indirect(0, 0, 0);

	if (_i)
		w.ste[1] |= UINT64_C(2) << 30; /* STRW: EL2 */
	else
		set_id(&w, 3, 17, 1, 0);
	w.cd[2] &= ~PIE;
	w.cd[0] |= PAN;
	w.cd[1] |= EPAN;
	put(&w, LEAF, ((PA_PAGE | PAGE_BITS) & ~(AP(3) | UXN)) | PXN);
	expect_grants(&w, letters(_i ? "rwxRWX" : "xRW"));
	close_world(&w);
}
END_TEST

/* ---- AttrIndx[3] ---- */

/* CD-24: MAIR[63:56] for every index above 7; with IDR3.AIE and CD.AIE alone */
START_TEST(with_aie_bit_59_chooses_the_last_attribute)
{
	const unsigned index = (unsigned)_i % 8;
	const bool extended = _i / 8 == 0;
	struct world w = indirect(1, 5, 5);

	if (_i / 8 == 1)
		set_id(&w, 3, 23, 1, 0);
	if (_i / 8 != 2)
		w.cd[2] |= AIE;
	w.cd[3] = UINT64_C(0x44ffbb77ff04bb77); /* NC is the last */
	put(&w, LEAF, leaf_of(1) | BIT(59) | (uint64_t)index << 2);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.attr.mair,
			  extended ? 0x44 : (unsigned)(w.cd[3] >> 8 * index & 0xff));
	put(&w, LEAF, leaf_of(1) | (uint64_t)index << 2);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.attr.mair, w.cd[3] >> 8 * index & 0xff);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, piip_and_piiu_say_what_a_page_grants, 0, CODES * CODES);
	tcase_add_loop_test(tests, a_page_has_the_code_of_its_index, 0, 16);
	tcase_add_loop_test(tests, without_one_of_its_controls_permissions_are_direct, 0, 3);
	tcase_add_loop_test(tests, a_reserved_code_is_illegal, 0, 4 * 13);
	tcase_add_test(tests, codes_without_indirection_are_not_looked_at);
	tcase_add_loop_test(tests, one_privilege_has_piip_alone, 0, CODES);
	tcase_add_loop_test(tests, wxn_and_tables_take_nothing_away, 0, 2);
	tcase_add_loop_test(tests,
			    pan_keeps_data_from_the_privileged_where_the_other_side_has_anything, 0,
			    2 * CODES);
	tcase_add_test(tests, pan_leaves_execution);
	tcase_add_test(tests, e0pd_is_of_indirect_permissions_too);
	tcase_add_loop_test(tests, a_write_to_a_clean_page_is_refused_for_its_dirty_state, 0, 4);
	tcase_add_loop_test(tests, what_codes_refuse_is_not_of_the_dirty_state, 0, 2);
	tcase_add_loop_test(tests, hardware_marks_a_clean_page_as_dirty, 0, 4);
	tcase_add_test(tests, what_codes_refuse_is_not_marked);
	tcase_add_loop_test(tests, epan_counts_execution_of_the_other_side, 0, 4);
	tcase_add_loop_test(tests, epan_needs_its_feature_and_two_privileges, 0, 2);
	tcase_add_loop_test(tests, with_aie_bit_59_chooses_the_last_attribute, 0, 24);
}

int main(void)
{
	return run_suite("indirect1", add);
}
