/* SPDX-License-Identifier: MIT */
/* Hardware update of the Access flag of table descriptors: which tables a walk marks, in which
 * order, and what becomes of those that it cannot mark. */
#include "httu_world.h"

/* Stage 1 alone, a CD with HA and HAFT. */
static struct world marking1(void)
{
	struct world w = haft_world(S1_ONLY);

	w.cd[0] |= CD_HA;
	w.cd[1] |= CD_HAFT;
	return w;
}

/* Stage 2 alone, a STE with S2HA and S2HAFT. */
static struct world marking2(void)
{
	struct world w = haft_world(S2_ONLY);

	w.ste[2] |= S2HA | S2HAFT;
	return w;
}

static uint64_t table1(int level, uint64_t flag)
{
	return S1_TABLE(level + 1) | TABLE | flag;
}

static uint64_t table2(int level, uint64_t flag)
{
	return S2_TABLE(level + 1) | TABLE | flag;
}

/* The tables above this level are marked, and no others. */
static void expect_marked1(const struct world *w, int above)
{
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(w, slot1(level)), table1(level, level < above ? AF : 0));
}

static void expect_marked2(const struct world *w, int above)
{
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(w, slot2(level)), table2(level, level < above ? AF : 0));
}

/* ---- What is marked ---- */

/* HTTU-12, HTTU-01, CD-25: bit 10 of each, and no other; once */
START_TEST(each_table_of_a_walk_of_stage_1_is_marked)
{
	static const unsigned flags[] = { 0, W, X, P };
	struct world w = marking1();

	expect_pa(&w, VA, flags[_i], PA_PAGE | OFFSET);
	expect_marked1(&w, 3);
	ck_assert_uint_eq(w.written, 3);
	ck_assert_uint_eq(now(&w, slot1(3)), PA_PAGE | S1_PAGE);
	afresh(&w);
	expect_pa(&w, VA, flags[_i], PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.written, 3);
	close_world(&w);
}
END_TEST

/* HTTU-12 */
START_TEST(each_table_of_a_walk_of_stage_2_is_marked)
{
	struct world w = marking2();

	expect_pa(&w, IPA_PAGE, _i ? W : 0, PA_PAGE);
	expect_marked2(&w, 3);
	ck_assert_uint_eq(w.written, 3);
	afresh(&w);
	expect_pa(&w, IPA_PAGE, _i ? W : 0, PA_PAGE);
	ck_assert_uint_eq(w.written, 3);
	close_world(&w);
}
END_TEST

/* HTTU-12, WALK-16: with HAFT = 0, and with HAFT = 1 where IDR0.HTTU is 2, it is no flag, and
 * nobody minds what it is */
START_TEST(without_haft_a_table_has_no_access_flag)
{
	struct world w = _i & 1 ? haft_world(S1_ONLY) : httu_world(S1_ONLY);

	w.cd[0] |= CD_HA;
	w.cd[1] |= _i & 1 ? 0 : CD_HAFT;
	put(&w, slot1(1), table1(1, _i & 2 ? AF : 0));
	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(0)), table1(0, 0));
	ck_assert_uint_eq(now(&w, slot1(1)), table1(1, _i & 2 ? AF : 0));
	ck_assert_uint_eq(w.written, 0);
	close_world(&w);
}
END_TEST

/* HTTU-12, STE-37, of stage 2 */
START_TEST(without_s2haft_a_table_has_no_access_flag)
{
	struct world w = _i ? haft_world(S2_ONLY) : httu_world(S2_ONLY);

	w.ste[2] |= S2HA | (_i ? 0 : S2HAFT);
	expect_pa(&w, IPA_PAGE, W, PA_PAGE);
	expect_marked2(&w, 0);
	close_world(&w);
}
END_TEST

/* CD-35, STE-63: it goes with HA alone */
START_TEST(haft_without_ha_is_illegal)
{
	struct world w = _i ? marking2() : marking1();

	w.cd[0] &= ~CD_HA;
	w.ste[2] &= ~S2HA;
	ck_assert_uint_eq(ask(&w, _i ? IPA_PAGE : VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, _i ? C_BAD_STE : C_BAD_CD);
	ck_assert_uint_eq(w.written, 0);
	close_world(&w);
}
END_TEST

/* HTTU-12: a block at level 2 has two tables above it */
START_TEST(a_block_has_the_tables_above_it_marked)
{
	struct world w = marking1();

	put(&w, slot1(2), UINT64_C(0x40000000) | (S1_BLOCK & ~AF));
	expect_pa(&w, VA, 0, UINT64_C(0x40000000) | (VA & 0x1fffff));
	ck_assert_uint_eq(now(&w, slot1(2)), UINT64_C(0x40000000) | S1_BLOCK);
	ck_assert_uint_eq(now(&w, slot1(0)), table1(0, AF));
	ck_assert_uint_eq(now(&w, slot1(1)), table1(1, AF));
	ck_assert_uint_eq(w.written, 3);
	close_world(&w);
}
END_TEST

/* CD-12, HTTU-12: the word that memory holds has its bytes the other way round */
START_TEST(big_endian_tables_are_marked_in_their_own_order)
{
	struct world w = marking1();

	w.cd[0] |= BIT(15);
	set_id(&w, 0, 21, 2, 0); /* TTENDIAN: either */
	for (int level = 0; level < 3; level++)
		put(&w, slot1(level), __builtin_bswap64(table1(level, 0)));
	put(&w, slot1(3), __builtin_bswap64(PA_PAGE | S1_PAGE));
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(&w, slot1(level)), __builtin_bswap64(table1(level, AF)));
	close_world(&w);
}
END_TEST

/* ---- In which order ---- */

/* HTTU-13, HTTU-12: by the host: each before what is below it, the leaf last */
START_TEST(a_table_is_marked_before_what_is_below_it)
{
	struct world w = marking1();

	w.behind_host = w.swaps = true;
	*word_at(&w, slot1(3)) &= ~AF;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.swap_count, 4);
	for (int level = 0; level < 4; level++)
		ck_assert_uint_eq(w.swapped_at[level], slot1(level));
	close_world(&w);
}
END_TEST

/* HTTU-13, R_XYNNS: what cannot be marked is not gone through, and nothing below it is marked;
 * WALK-25: its abort is of class TT */
START_TEST(below_what_cannot_be_marked_nothing_is)
{
	struct world w = marking1();

	w.behind_host = w.swaps = true;
	w.swap_answer = SMMU3_MEM_ABORT;
	*word_at(&w, slot1(3)) &= ~AF;
	for (int level = 0; level < _i; level++)
		put(&w, slot1(level), table1(level, AF));
	expect_event(&w, VA, 0, F_WALK_EABT, 1, _i);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	ck_assert_uint_eq(w.out.record.word[3], slot1(_i));
	ck_assert_uint_eq(w.swap_count, 1);
	expect_marked1(&w, _i);
	close_world(&w);
}
END_TEST

/* WALK-25 of stage 2: of class IN, at the table's PA */
START_TEST(a_table_of_stage_2_that_cannot_be_marked_is_an_abort_of_the_walk)
{
	struct world w = marking2();

	w.behind_host = w.swaps = true;
	w.swap_answer = SMMU3_MEM_ABORT;
	expect_event(&w, IPA_PAGE, 0, F_WALK_EABT, 2, 0);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	ck_assert_uint_eq(w.out.record.word[3], slot2(0));
	ck_assert_uint_eq(w.swapped.reason, SMMU3_REASON_S2_TTD);
	close_world(&w);
}
END_TEST

/* HTTU-12, R_ZGNSH: libsmmu marks the tables that lead to a fault, too: an invalid descriptor, a
 * page that may not be written */
START_TEST(tables_above_a_fault_are_marked)
{
	struct world w = marking1();
	const uint64_t leaf = _i ? PA_PAGE | PAGE_BITS | AP(3) : 0;

	put(&w, slot1(3), leaf & ~AF);
	expect_event(&w, VA, W, _i ? F_PERMISSION : F_TRANSLATION, 1, 3);
	expect_marked1(&w, 3);
	ck_assert_uint_eq(now(&w, slot1(3)), leaf & ~AF);
	close_world(&w);
}
END_TEST

/* HTTU-12, HTTU-04: a table at an address too large is none that the walk goes through */
START_TEST(a_table_that_leads_nowhere_is_not_marked)
{
	struct world w = marking1();
	const uint64_t wide = table1(1, 0) | BIT(47);

	w.cd[0] &= ~(UINT64_C(7) << 32);
	w.cd[0] |= UINT64_C(4) << 32; /* IPS 44 bits */
	put(&w, slot1(1), wide);
	expect_event(&w, VA, 0, F_ADDR_SIZE, 1, 1);
	ck_assert_uint_eq(now(&w, slot1(0)), table1(0, AF));
	ck_assert_uint_eq(now(&w, slot1(1)), wide);
	close_world(&w);
}
END_TEST

/* HTTU-02: another table; marked already; gone */
START_TEST(who_changes_a_table_first_is_heeded)
{
	static const uint64_t lost_to[] = { S1_TABLE(4) | TABLE, S1_TABLE(1) | TABLE | AF,
					    S1_TABLE(1) };
	struct world w = marking1();

	w.behind_host = w.swaps = true;
	w.lost_to = lost_to[_i];
	put(&w, S1_TABLE(4) + 8 * 3, table1(1, 0));
	if (_i == 2)
		expect_event(&w, VA, 0, F_TRANSLATION, 1, 0);
	else
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(0)), _i == 2 ? lost_to[_i] : lost_to[_i] | AF);
	ck_assert_uint_eq(now(&w, slot1(1)), table1(1, _i == 1 ? AF : 0));
	close_world(&w);
}
END_TEST

/* HTTU-02: a call ends, whatever others do: libsmmu's choice */
START_TEST(a_mark_that_is_always_too_late_is_given_up)
{
	struct world w = marking1();

	w.behind_host = w.swaps = w.always_lost = true;
	expect_event(&w, VA, 0, F_WALK_EABT, 1, 0);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	ck_assert_uint_eq(w.swap_count, 256);
	close_world(&w);
}
END_TEST

/* ---- Both stages ---- */

/* A nested stream of which the CD, or the last table of stage 1, is in IPA_PAGE. */
static struct world marking_through(unsigned class)
{
	struct world w = nested_through(class);
	const struct world haft = haft_world(NESTED);

	w.config = haft.config;
	munmap(haft.ram, RAM_SIZE);
	w.ste[2] |= S2HA | S2HAFT;
	return w;
}

/* HTTU-12, HTTU-03, NEST-04: of the walks for a CD, a stage 1 table and what is accessed */
START_TEST(tables_of_stage_2_are_marked_whatever_they_are_walked_for)
{
	struct world w = marking_through((unsigned)_i);

	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.verdict, SMMU3_OK);
	expect_marked2(&w, 3);
	for (int level = 0; level < 3; level++)
		ck_assert_uint_eq(now(&w, slot1(level)) & AF, 0);
	ck_assert_uint_eq(now(&w, S2_TABLE(0)), table2(0, AF));
	close_world(&w);
}
END_TEST

enum { RO2 = 0x77f }; /* S2_PAGE with S2AP = 01 */

/* NEST-03, I_VPNMG, FLT-13: a mark is a write of the table's page: stage 2 refuses it, with TTRnW =
 * 0, or becomes dirty */
START_TEST(a_table_of_stage_1_is_marked_through_stage_2)
{
	struct world w = marking_through(SMMU3_CLASS_TT);

	/* The table of level 2 is in IPA_PAGE */
	put(&w, slot1(2), table1(2, 0));
	put(&w, slot1(1), IPA_PAGE | TABLE);
	put(&w, slot2(3), S1_TABLE(2) | RO2 | DBM);
	w.cd[0] |= CD_HA;
	w.cd[1] |= CD_HAFT;
	w.ste[2] |= _i ? S2HD : 0;
	if (_i) {
		expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
		ck_assert_uint_eq(now(&w, slot1(2)), table1(2, AF));
		ck_assert_uint_eq(now(&w, slot2(3)), S1_TABLE(2) | RO2 | DBM | S2AP1);
	} else {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		expect_record(&w, VA, RNW | S2 | CLASS(SMMU3_CLASS_TT), IPA_PAGE);
		ck_assert_uint_eq(now(&w, slot1(2)), table1(2, 0));
		ck_assert_uint_eq(now(&w, slot1(1)), IPA_PAGE | TABLE | AF);
	}
	close_world(&w);
}
END_TEST

/* NEST-03: what is marked already is only read */
START_TEST(a_table_that_is_marked_may_be_read_only_at_stage_2)
{
	struct world w = marking_through(SMMU3_CLASS_TT);

	put(&w, slot2(3), S1_TABLE(3) | RO2);
	w.cd[0] |= CD_HA;
	w.cd[1] |= CD_HAFT;
	expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	close_world(&w);
}
END_TEST

/* ---- What looks without an access ---- */

/* HTTU-15: and says what an access would meet */
START_TEST(a_probe_marks_nothing)
{
	struct world w = _i & 1 ? marking2() : marking1();

	w.behind_host = true;
	w.swaps = !(_i & 2);
	w.txn.flags = SMMU3_TXN_PROBE;
	ck_assert_uint_eq(ask(&w, _i & 1 ? IPA_PAGE : VA, W), _i & 2 ? SMMU3_ABORT : SMMU3_OK);
	ck_assert_uint_eq(w.out.event, _i & 2 ? F_WALK_EABT : 0);
	expect_marked1(&w, 0);
	expect_marked2(&w, 0);
	ck_assert_uint_eq(w.swap_count, 0);
	close_world(&w);
}
END_TEST

/* ---- What is kept ---- */

/* HTTU-12, R_JFCYB: a table that a probe met without its flag is not kept: the access marks it; and
 * one that is kept is not read, so that its flag is set anew when nothing is kept any more */
START_TEST(a_table_is_kept_with_its_flag_alone)
{
	struct world w = marking1();

	w.config.caches.tlb = w.config.caches.tables = 64;
	w.txn.flags = SMMU3_TXN_PROBE;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	w.txn.flags = 0;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_marked1(&w, 3);
	put(&w, slot1(1), table1(1, 0));
	w.edited = false;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(1)), table1(1, 0));
	open_world(&w);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_marked1(&w, 3);
	close_world(&w);
}
END_TEST

/* HTTU-12: another page of a table that is kept goes through no other, and marks none */
START_TEST(a_walk_that_begins_at_a_table_that_is_kept_marks_what_it_reads)
{
	struct world w = marking1();

	w.config.caches.tlb = w.config.caches.tables = 64;
	put(&w, slot1(3) + 8, (PA_PAGE + 0x1000) | (S1_PAGE & ~AF));
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.written, 3);
	expect_pa(&w, VA + 0x1000, 0, (PA_PAGE + 0x1000) | OFFSET);
	ck_assert_uint_eq(w.written, 4);
	ck_assert_uint_eq(now(&w, slot1(3) + 8), (PA_PAGE + 0x1000) | S1_PAGE);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_table_of_a_walk_of_stage_1_is_marked, 0, 4);
	tcase_add_loop_test(tests, each_table_of_a_walk_of_stage_2_is_marked, 0, 2);
	tcase_add_loop_test(tests, without_haft_a_table_has_no_access_flag, 0, 4);
	tcase_add_loop_test(tests, without_s2haft_a_table_has_no_access_flag, 0, 2);
	tcase_add_loop_test(tests, haft_without_ha_is_illegal, 0, 2);
	tcase_add_test(tests, a_block_has_the_tables_above_it_marked);
	tcase_add_test(tests, big_endian_tables_are_marked_in_their_own_order);
	tcase_add_test(tests, a_table_is_marked_before_what_is_below_it);
	tcase_add_loop_test(tests, below_what_cannot_be_marked_nothing_is, 0, 3);
	tcase_add_test(tests, a_table_of_stage_2_that_cannot_be_marked_is_an_abort_of_the_walk);
	tcase_add_loop_test(tests, tables_above_a_fault_are_marked, 0, 2);
	tcase_add_test(tests, a_table_that_leads_nowhere_is_not_marked);
	tcase_add_loop_test(tests, who_changes_a_table_first_is_heeded, 0, 3);
	tcase_add_test(tests, a_mark_that_is_always_too_late_is_given_up);
	tcase_add_loop_test(tests, tables_of_stage_2_are_marked_whatever_they_are_walked_for, 0, 3);
	tcase_add_loop_test(tests, a_table_of_stage_1_is_marked_through_stage_2, 0, 2);
	tcase_add_test(tests, a_table_that_is_marked_may_be_read_only_at_stage_2);
	tcase_add_loop_test(tests, a_probe_marks_nothing, 0, 4);
	tcase_add_test(tests, a_table_is_kept_with_its_flag_alone);
	tcase_add_test(tests, a_walk_that_begins_at_a_table_that_is_kept_marks_what_it_reads);
}

int main(void)
{
	return run_suite("httu_tables", add);
}
