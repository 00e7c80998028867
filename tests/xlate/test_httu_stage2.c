/* SPDX-License-Identifier: MIT */
/* Hardware update of the Access flag and of the dirty state: by stage 2, of what clients access, of
 * CDs, and of the tables of a stage 1 that hardware updates itself. */
#include "httu_world.h"

#define LEAF slot2(3)
#define CLEAN2 (PA_PAGE | (S2_PAGE & ~S2AP1) | DBM) /* readable; writable, but for S2AP[1] */

/* Stage 2 alone, a STE with this of S2HA and S2HD. */
static struct world updating(uint64_t bits, uint64_t leaf)
{
	struct world w = httu_world(S2_ONLY);

	w.ste[2] |= bits;
	put(&w, LEAF, leaf);
	return w;
}

static void expect_refused(struct world *w, unsigned flags, unsigned event)
{
	const uint64_t before = now(w, LEAF);

	expect_event(w, IPA_PAGE, flags, event, 2, 3);
	ck_assert_uint_eq(now(w, LEAF), before);
}

/* HTTU-01, STE-37 */
START_TEST(an_access_sets_the_access_flag_where_s2ha_says_so)
{
	static const unsigned flags[] = { 0, W, X, P };
	struct world w = updating(S2HA, (PA_PAGE | S2_PAGE) & ~AF);

	expect_pa(&w, IPA_PAGE, flags[_i], PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), PA_PAGE | S2_PAGE);
	ck_assert_uint_eq(w.written, 1);
	expect_pa(&w, IPA_PAGE, flags[_i], PA_PAGE);
	ck_assert_uint_eq(w.written, 1);
	close_world(&w);
}
END_TEST

/* HTTU-08, STE-37: S2HD without S2HA is as neither */
START_TEST(without_s2ha_nothing_is_updated)
{
	struct world w = updating(_i & 1 ? S2HD : 0, CLEAN2 & ~(_i & 2 ? AF : 0));

	expect_refused(&w, W, _i & 2 ? F_ACCESS : F_PERMISSION);
	close_world(&w);
}
END_TEST

/* STE-36 */
START_TEST(s2affd_does_not_keep_the_flag_from_being_set)
{
	struct world w = updating(S2HA | BIT(53), (PA_PAGE | S2_PAGE) & ~AF);

	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), PA_PAGE | S2_PAGE);
	close_world(&w);
}
END_TEST

/* HTTU-06, HTTU-08: S2AP 01 becomes 11, and 00 becomes 10; DBM stays */
START_TEST(a_write_makes_a_clean_page_dirty)
{
	const uint64_t clean = CLEAN2 & ~(_i & 2 ? S2AP(1) : 0);
	struct world w = updating(S2HA | S2HD, clean & ~(_i & 1 ? AF : 0));

	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), clean | S2AP1);
	ck_assert_uint_eq(w.out.perm & WRITES, WRITES);
	ck_assert_uint_eq(w.written, 1);
	close_world(&w);
}
END_TEST

/* HTTU-06, HTTU-21 */
START_TEST(a_read_leaves_a_clean_page_clean)
{
	struct world w = updating(S2HA | S2HD, CLEAN2);

	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN2);
	ck_assert_uint_eq(w.out.perm & WRITES, 0);
	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN2 | S2AP1);
	close_world(&w);
}
END_TEST

/* HTTU-08: DBM = 0, and S2HD = 0 */
START_TEST(a_write_to_what_is_not_clean_but_read_only_is_refused)
{
	struct world w = updating(_i & 1 ? S2HA : S2HA | S2HD, CLEAN2 & ~(_i & 1 ? 0 : DBM));

	expect_refused(&w, W, F_PERMISSION);
	close_world(&w);
}
END_TEST

/* HTTU-04, HTTU-07: a read of what only may be written, an instruction where XN is 1, an atomic
 * that may not read: its record is of a read */
START_TEST(what_is_refused_for_another_reason_updates_nothing)
{
	struct world w = updating(S2HA | S2HD, (CLEAN2 & ~AF & ~(_i == 1 ? 0 : S2AP(1))) |
						       (_i == 1 ? BIT(54) : 0));

	if (_i == 2)
		w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	expect_refused(&w, _i == 1 ? X : 0, F_PERMISSION);
	ck_assert_uint_eq(w.out.record.word[1] & RNW, RNW);
	close_world(&w);
}
END_TEST

/* STE-72 */
START_TEST(big_endian_descriptors_are_updated_in_their_own_order)
{
	struct world w = updating(S2HA | S2HD | BIT(52), 0);

	set_id(&w, 0, 21, 2, 0); /* TTENDIAN: either */
	for (int level = 0; level < 3; level++)
		put(&w, slot2(level), __builtin_bswap64(S2_TABLE(level + 1) | TABLE));
	put(&w, LEAF, __builtin_bswap64(CLEAN2 & ~AF));
	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), __builtin_bswap64(CLEAN2 | S2AP1));
	close_world(&w);
}
END_TEST

/* WALK-25: of class IN, with the descriptor's PA */
START_TEST(an_update_that_memory_aborts_is_an_external_abort_of_the_walk)
{
	struct world w = updating(S2HA, CLEAN2 & ~AF);

	w.behind_host = w.swaps = true;
	w.swap_answer = SMMU3_MEM_ABORT;
	expect_refused(&w, 0, F_WALK_EABT);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	ck_assert_uint_eq(w.swapped.reason, SMMU3_REASON_S2_TTD);
	ck_assert_uint_eq(w.out.record.word[3], LEAF);
	close_world(&w);
}
END_TEST

/* HTTU-02 */
START_TEST(who_changes_a_descriptor_first_is_heeded)
{
	struct world w = updating(S2HA | S2HD, CLEAN2 & ~AF);

	w.behind_host = w.swaps = true;
	w.lost_to = _i ? CLEAN2 & ~DBM : (PA_PAGE + 0x1000) | (CLEAN2 ^ PA_PAGE);
	if (_i) {
		ask(&w, IPA_PAGE, W);
		ck_assert_uint_eq(w.out.event, F_PERMISSION);
		ck_assert_uint_eq(now(&w, LEAF), CLEAN2 & ~DBM);
	} else {
		expect_pa(&w, IPA_PAGE, W, PA_PAGE + 0x1000);
		ck_assert_uint_eq(now(&w, LEAF), (PA_PAGE + 0x1000) | (CLEAN2 ^ PA_PAGE) | S2AP1);
	}
	close_world(&w);
}
END_TEST

/* ---- Structures ---- */

/* A nested stream of which the CD, or the last table of stage 1, is in IPA_PAGE, mapped by this. */
static struct world nested(unsigned class, uint64_t bits, uint64_t flags)
{
	struct world w = nested_through(class);

	set_id(&w, 0, 6, 2, 2);
	w.ste[2] |= bits;
	put(&w, LEAF, (class == SMMU3_CLASS_CD ? CD_PAGE : S1_TABLE(3)) | flags);
	return w;
}

enum { RO2 = 0x77f }; /* S2_PAGE with S2AP = 01 */

/* NEST-04, HTTU-03: of the page that holds a CD or a stage 1 table */
START_TEST(a_fetch_of_a_structure_sets_the_access_flag)
{
	struct world w = nested((unsigned)_i, S2HA, S2_PAGE & ~AF);

	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF) & AF, AF);
	ck_assert_uint_eq(w.written, 1);
	close_world(&w);
}
END_TEST

/* NEST-05, HTTU-19: nor where it is a write that needs them */
START_TEST(a_fetch_of_a_structure_makes_nothing_dirty)
{
	struct world w = nested((unsigned)_i, S2HA | S2HD, RO2 | DBM);

	expect_pa(&w, VA, W, RAM_BASE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF) & S2AP1, 0);
	close_world(&w);
}
END_TEST

/* HTTU-19, NEST-03: the page of the table becomes dirty, though the client reads */
START_TEST(an_update_of_a_stage_1_descriptor_makes_its_page_dirty)
{
	struct world w = nested(SMMU3_CLASS_TT, S2HA | S2HD, RO2 | DBM);

	w.cd[0] |= CD_HA;
	*word_at(&w, slot1(3)) &= ~AF;
	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(3)), RAM_BASE | S1_PAGE);
	ck_assert_uint_eq(now(&w, LEAF), S1_TABLE(3) | RO2 | DBM | S2AP1);
	close_world(&w);
}
END_TEST

/* NEST-03, FLT-13: a write of the table: TTRnW is 0, and RnW the client's; nothing is updated */
START_TEST(an_update_that_stage_2_does_not_let_through_is_a_write_that_it_refuses)
{
	struct world w = nested(SMMU3_CLASS_TT, _i & 1 ? S2HA | S2HD : S2HA,
				_i & 1 ? RO2 : RO2 | DBM);

	w.cd[0] |= CD_HA | CD_HD;
	put(&w, slot1(3), RAM_BASE | PAGE_BITS | AP(3) | DBM);
	if (!(_i & 2))
		*word_at(&w, slot1(3)) &= ~AF;
	const uint64_t before = now(&w, slot1(3));

	expect_event(&w, VA, _i & 2 ? W : 0, F_PERMISSION, 2, 3);
	expect_record(&w, VA, (_i & 2 ? 0 : RNW) | S2 | CLASS(SMMU3_CLASS_TT), IPA_PAGE);
	ck_assert_uint_eq(w.out.fault_addr, IPA_PAGE + 8 * 5);
	ck_assert_uint_eq(now(&w, slot1(3)), before);
	ck_assert_uint_eq(now(&w, LEAF) & S2AP1, 0);
	close_world(&w);
}
END_TEST

/* NEST-03: what needs no update is only read, and needs read permission alone */
START_TEST(a_stage_1_descriptor_that_is_up_to_date_may_be_read_only_at_stage_2)
{
	struct world w = nested(SMMU3_CLASS_TT, S2HA, RO2);

	w.cd[0] |= CD_HA | CD_HD;
	expect_pa(&w, VA, W, RAM_BASE | OFFSET);
	close_world(&w);
}
END_TEST

/* HTTU-19: three descriptors for one write: of stage 1, of its table at stage 2, and of the data */
START_TEST(a_nested_write_updates_the_leaves_of_all_stages)
{
	struct world w = httu_world(NESTED);
	const uint64_t tables = S2_TABLE(1) + 8 * 2;

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, slot1(3), (IPA_PAGE | PAGE_BITS | AP(3) | DBM) & ~AF);
	put(&w, tables, RAM_BASE | (S2_BLOCK & ~S2AP1 & ~AF) | DBM);
	put(&w, LEAF, CLEAN2 & ~AF);
	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(3)), IPA_PAGE | PAGE_BITS | AP(1) | DBM);
	ck_assert_uint_eq(now(&w, tables), RAM_BASE | S2_BLOCK | DBM);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN2 | S2AP1);
	ck_assert_uint_eq(w.written, 4); /* the block twice: accessed for the CD, then dirty */
	close_world(&w);
}
END_TEST

/* HTTU-21, HTTU-06: whatever is kept of both stages, a write after a read updates what it must */
START_TEST(a_nested_write_after_a_read_updates_what_is_clean)
{
	struct world w = httu_world(NESTED);

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, slot1(3), IPA_PAGE | PAGE_BITS | (_i & 1 ? AP(3) | DBM : AP(1)));
	put(&w, LEAF, _i & 2 ? CLEAN2 : CLEAN2 | S2AP1);
	for (unsigned i = 0; i < 3; i++)
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.written, 0);
	ck_assert_uint_eq(w.out.perm & WRITES, _i ? 0 : WRITES);
	for (unsigned i = 0; i < 3; i++)
		expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.written, ((unsigned)_i & 1) + (unsigned)_i / 2);
	ck_assert_uint_eq(now(&w, slot1(3)) & AP2, 0);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN2 | S2AP1);
	ck_assert_uint_eq(w.out.perm & WRITES, WRITES);
	close_world(&w);
}
END_TEST

/* NEST-11, NEST-14: what stage 1 refuses is no access of stage 2; what stage 2 refuses has been one
 * of stage 1: libsmmu's choice */
START_TEST(a_stage_that_is_not_reached_is_not_updated)
{
	struct world w = httu_world(NESTED);

	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, slot1(3), (IPA_PAGE | PAGE_BITS | AP(3) | (_i ? DBM : 0)) & ~AF);
	put(&w, LEAF, CLEAN2 & ~AF & ~(_i ? DBM : 0));
	expect_event(&w, VA, W, F_PERMISSION, _i ? 2 : 1, 3);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN2 & ~AF & ~(_i ? DBM : 0));
	ck_assert_uint_eq(now(&w, slot1(3)) & AP2, _i ? 0 : AP2);
	close_world(&w);
}
END_TEST

/* HTTU-15, NEST-03: a probe says what an access would meet */
START_TEST(a_probe_asks_stage_2_whether_the_update_may_be)
{
	struct world w = nested(SMMU3_CLASS_TT, S2HA | S2HD, _i ? RO2 | DBM : RO2);

	w.cd[0] |= CD_HA;
	*word_at(&w, slot1(3)) &= ~AF;
	w.txn.flags = SMMU3_TXN_PROBE;
	ck_assert_uint_eq(ask(&w, VA, 0), _i ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, _i ? 0 : F_PERMISSION);
	ck_assert_uint_eq(w.written, 0);
	ck_assert_uint_eq(now(&w, LEAF) & S2AP1, 0);
	close_world(&w);
}
END_TEST

/* HTTU-19, 5.2 S2PTW: a structure that is refused for what its memory is leaves no trace */
START_TEST(a_structure_in_device_memory_that_s2ptw_refuses_updates_nothing)
{
	struct world w = nested((unsigned)_i, S2HA | BIT(54), (S2_PAGE & ~AF) & ~UINT64_C(0x3c));
	const uint64_t before = now(&w, LEAF);

	expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&w, LEAF), before);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_access_sets_the_access_flag_where_s2ha_says_so, 0, 4);
	tcase_add_loop_test(tests, without_s2ha_nothing_is_updated, 0, 4);
	tcase_add_test(tests, s2affd_does_not_keep_the_flag_from_being_set);
	tcase_add_loop_test(tests, a_write_makes_a_clean_page_dirty, 0, 4);
	tcase_add_test(tests, a_read_leaves_a_clean_page_clean);
	tcase_add_loop_test(tests, a_write_to_what_is_not_clean_but_read_only_is_refused, 0, 2);
	tcase_add_loop_test(tests, what_is_refused_for_another_reason_updates_nothing, 0, 3);
	tcase_add_test(tests, big_endian_descriptors_are_updated_in_their_own_order);
	tcase_add_test(tests, an_update_that_memory_aborts_is_an_external_abort_of_the_walk);
	tcase_add_loop_test(tests, who_changes_a_descriptor_first_is_heeded, 0, 2);
	tcase_add_loop_test(tests, a_fetch_of_a_structure_sets_the_access_flag, 0, 2);
	tcase_add_loop_test(tests, a_fetch_of_a_structure_makes_nothing_dirty, 0, 2);
	tcase_add_test(tests, an_update_of_a_stage_1_descriptor_makes_its_page_dirty);
	tcase_add_loop_test(tests,
			    an_update_that_stage_2_does_not_let_through_is_a_write_that_it_refuses,
			    0, 4);
	tcase_add_test(tests, a_stage_1_descriptor_that_is_up_to_date_may_be_read_only_at_stage_2);
	tcase_add_test(tests, a_nested_write_updates_the_leaves_of_all_stages);
	tcase_add_loop_test(tests, a_nested_write_after_a_read_updates_what_is_clean, 0, 4);
	tcase_add_loop_test(tests, a_stage_that_is_not_reached_is_not_updated, 0, 2);
	tcase_add_loop_test(tests, a_probe_asks_stage_2_whether_the_update_may_be, 0, 2);
	tcase_add_loop_test(tests, a_structure_in_device_memory_that_s2ptw_refuses_updates_nothing,
			    0, 2);
}

int main(void)
{
	return run_suite("httu_stage2", add);
}
