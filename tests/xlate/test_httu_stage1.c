/* SPDX-License-Identifier: MIT */
/* Hardware update of the Access flag and of the dirty state, by stage 1 alone: which accesses write
 * which bit of a descriptor, and what memory holds afterwards. */
#include "httu_world.h"

#define LEAF slot1(3)
#define CLEAN (PA_PAGE | PAGE_BITS | AP(3) | DBM) /* writable by everybody, but for AP[2] */

/* A CD with this of HA and HD. */
static struct world updating(uint64_t bits, uint64_t leaf)
{
	struct world w = httu_world(S1_ONLY);

	w.cd[0] |= bits;
	put(&w, LEAF, leaf);
	return w;
}

static void expect_refused(struct world *w, unsigned flags, unsigned event)
{
	const uint64_t before = now(w, LEAF);

	expect_event(w, VA, flags, event, 1, 3);
	ck_assert_uint_eq(now(w, LEAF), before);
}

/* HTTU-01, CD-16, WALK-23: bit 10, and no other */
START_TEST(an_access_sets_the_access_flag_where_ha_says_so)
{
	static const unsigned flags[] = { 0, W, X, P, P | W };
	struct world w = updating(CD_HA, (PA_PAGE | S1_PAGE) & ~AF);

	expect_pa(&w, VA, flags[_i], PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), PA_PAGE | S1_PAGE);
	ck_assert_uint_eq(w.written, 1);
	expect_pa(&w, VA, flags[_i], PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.written, 1);
	close_world(&w);
}
END_TEST

/* HTTU-08, CD-16, HTTU-04: HD without HA is as neither */
START_TEST(without_ha_nothing_is_updated)
{
	struct world w = updating(_i & 1 ? CD_HD : 0, CLEAN & ~(_i & 2 ? AF : 0));

	expect_refused(&w, W, _i & 2 ? F_ACCESS : F_PERMISSION);
	close_world(&w);
}
END_TEST

/* STE-36 of stage 1, 5.4 AFFD: what AFFD would let pass is updated */
START_TEST(affd_does_not_keep_the_flag_from_being_set)
{
	struct world w = updating(CD_HA | BIT(35), (PA_PAGE | S1_PAGE) & ~AF);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), PA_PAGE | S1_PAGE);
	close_world(&w);
}
END_TEST

/* HTTU-05, HTTU-08: one write of both bits; DBM stays */
START_TEST(a_write_makes_a_clean_page_dirty)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN & ~(_i & 1 ? AF : 0));

	expect_pa(&w, VA, _i & 2 ? W | P : W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN & ~AP2);
	ck_assert_uint_eq(w.written, 1);
	ck_assert_uint_eq(w.out.perm & (WRITES), WRITES);
	close_world(&w);
}
END_TEST

/* HTTU-05, PERM-32: it writes */
START_TEST(an_atomic_makes_a_clean_page_dirty)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN);

	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN & ~AP2);
	close_world(&w);
}
END_TEST

/* HTTU-05, HTTU-21: and is told that nobody may write there yet; the write that follows does what
 * it does without the read, whatever is kept of it */
START_TEST(a_read_leaves_a_clean_page_clean)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN & ~(_i & 1 ? AF : 0));

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN);
	ck_assert_uint_eq(w.out.perm & WRITES, 0);
	ck_assert_uint_eq(w.out.perm & SMMU3_PERM_UR, SMMU3_PERM_UR);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN & ~AP2);
	close_world(&w);
}
END_TEST

/* HTTU-21: the descriptor has changed since it was kept, and the write takes it as it is */
START_TEST(what_is_to_be_made_dirty_is_read_again)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN);

	w.config.caches.tlb = w.config.caches.tables = 64;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	put(&w, LEAF, (PA_PAGE + 0x1000) | (CLEAN ^ PA_PAGE));
	w.edited = false;
	expect_pa(&w, VA, W, (PA_PAGE + 0x1000) | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), ((PA_PAGE + 0x1000) | (CLEAN ^ PA_PAGE)) & ~AP2);
	put(&w, LEAF, 0);
	w.edited = false;
	expect_pa(&w, VA, W, (PA_PAGE + 0x1000) | OFFSET);
	close_world(&w);
}
END_TEST

/* HTTU-08: DBM = 0, and HD = 0 */
START_TEST(a_write_to_what_is_not_clean_but_read_only_is_refused)
{
	struct world w = updating(_i & 1 ? CD_HA : CD_HA | CD_HD, CLEAN & ~(_i & 1 ? 0 : DBM));

	expect_refused(&w, W, F_PERMISSION);
	close_world(&w);
}
END_TEST

/* HTTU-07, HTTU-04: APTable; PAN; unprivileged where AP[1] is 0; instructions where UXN is 1.  The
 * flag is not set either: libsmmu's choice */
START_TEST(what_is_refused_for_another_reason_updates_nothing)
{
	static const struct {
		uint64_t cd, table, leaf;
		unsigned flags;
	} row[] = {
		{ 0, BIT(62), CLEAN & ~AF, W },
		{ BIT(40), 0, CLEAN & ~AF, W | P },
		{ 0, 0, (CLEAN & ~AP(1)) & ~AF, W },
		{ 0, 0, (CLEAN | UXN) & ~AF, X },
	};
	struct world w = updating(CD_HA | CD_HD | row[_i].cd, row[_i].leaf);

	*word_at(&w, slot1(2)) |= row[_i].table;
	expect_refused(&w, row[_i].flags, F_PERMISSION);
	close_world(&w);
}
END_TEST

/* HTTU-09: with WXN nobody executes it; without, the privileged side does not where the other may
 * write */
START_TEST(a_clean_page_counts_as_writable_for_execution)
{
	struct world w = updating(CD_HA | CD_HD | (_i & 1 ? BIT(36) : 0), CLEAN);

	expect_refused(&w, X | P, F_PERMISSION);
	if (_i & 1)
		expect_refused(&w, X, F_PERMISSION);
	else
		expect_pa(&w, VA, X, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN);
	close_world(&w);
}
END_TEST

/* HTTU-09, HTTU-08: without HD it is read-only, and so executable */
START_TEST(what_hd_does_not_make_writable_is_executable)
{
	struct world w = updating(CD_HA | BIT(36), CLEAN);

	expect_pa(&w, VA, X | P, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* HTTU-12 with HAFT = 0, WALK-16: tables have none */
START_TEST(tables_are_not_updated)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN);
	const uint64_t table = now(&w, slot1(2));

	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, slot1(2)), table);
	ck_assert_uint_eq(now(&w, slot1(0)), S1_TABLE(1) | TABLE);
	close_world(&w);
}
END_TEST

/* HTTU-10: the page that is written, and no other, also where a group is kept as one */
START_TEST(of_a_contiguous_group_one_descriptor_is_updated)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN | BIT(52));

	for (unsigned i = 0; i < 16; i++)
		put(&w, S1_TABLE(3) + 8 * i,
		    ((PA_PAGE & ~UINT64_C(0xffff)) + 0x1000 * i) | (CLEAN ^ PA_PAGE) | BIT(52));
	expect_pa(&w, VA, W, ((PA_PAGE & ~UINT64_C(0xffff)) + 0x5000) | OFFSET);
	for (unsigned i = 0; i < 16; i++)
		ck_assert_uint_eq(!(now(&w, S1_TABLE(3) + 8 * i) & AP2), i == 5);
	expect_pa(&w, VA + 0x1000, W, ((PA_PAGE & ~UINT64_C(0xffff)) + 0x6000) | OFFSET);
	ck_assert_uint_eq(now(&w, S1_TABLE(3) + 8 * 6) & AP2, 0);
	close_world(&w);
}
END_TEST

/* HTTU-05, WALK-16: 2MB at level 2 */
START_TEST(a_block_is_updated_as_a_page_is)
{
	struct world w = updating(CD_HA | CD_HD, 0);
	const uint64_t block = UINT64_C(0x40000000) | ((CLEAN ^ PA_PAGE) & ~BIT(1));

	put(&w, slot1(2), block & ~AF);
	expect_pa(&w, VA, W, UINT64_C(0x40000000) | (VA & 0x1fffff));
	ck_assert_uint_eq(now(&w, slot1(2)), block & ~AP2);
	close_world(&w);
}
END_TEST

/* CD-12: the word that memory holds has its bytes the other way round */
START_TEST(big_endian_descriptors_are_updated_in_their_own_order)
{
	struct world w = updating(CD_HA | CD_HD | BIT(15), 0);

	set_id(&w, 0, 21, 2, 0); /* TTENDIAN: either */
	for (int level = 0; level < 3; level++)
		put(&w, slot1(level), __builtin_bswap64(S1_TABLE(level + 1) | TABLE));
	put(&w, LEAF, __builtin_bswap64(CLEAN & ~AF));
	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), __builtin_bswap64(CLEAN & ~AP2));
	close_world(&w);
}
END_TEST

/* HTTU-15: a probe says what an access would meet, and writes nothing */
START_TEST(a_probe_updates_nothing)
{
	struct world w = updating(CD_HA | CD_HD, CLEAN & ~AF);

	open_world(&w);
	w.txn.flags = SMMU3_TXN_PROBE;
	ck_assert_uint_eq(ask(&w, VA, W), SMMU3_OK);
	ck_assert_uint_eq(w.out.pa, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.perm & SMMU3_PERM_UW, SMMU3_PERM_UW);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN & ~AF);
	ck_assert_uint_eq(w.written, 0);
	close_world(&w);
}
END_TEST

/* ---- Memory behind the host ---- */

static struct world behind_host(uint64_t leaf)
{
	struct world w = updating(CD_HA | CD_HD, leaf);

	w.behind_host = w.swaps = true;
	return w;
}

/* HTTU-01, HTTU-14: 8 bytes, with the attributes of the walk: Write-Back, Inner Shareable */
START_TEST(where_no_window_is_the_host_swaps)
{
	struct world w = behind_host(CLEAN & ~AF);

	expect_pa(&w, VA, W, PA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF), CLEAN & ~AP2);
	ck_assert_uint_eq(w.swap_count, 1);
	ck_assert_uint_eq(w.swapped.pa, LEAF);
	ck_assert_uint_eq(w.swapped.bytes, 8);
	ck_assert_uint_eq(w.swapped.reason, SMMU3_REASON_S1_TTD);
	ck_assert_uint_eq(w.swapped.attr.mair, 0xff);
	ck_assert_uint_eq(w.swapped.attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(w.written, 0);
	close_world(&w);
}
END_TEST

/* WALK-25, HTTU-14: the host cannot, or memory answers with an abort or with poison */
START_TEST(an_update_that_memory_aborts_is_an_external_abort_of_the_walk)
{
	static const enum smmu3_mem_result answers[] = { SMMU3_MEM_OK, SMMU3_MEM_ABORT,
							 SMMU3_MEM_POISON };
	struct world w = behind_host(CLEAN & ~AF);

	w.swaps = _i != 0;
	w.swap_answer = answers[_i];
	expect_refused(&w, W, F_WALK_EABT);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	ck_assert_uint_eq(w.out.record.word[3], LEAF);
	close_world(&w);
}
END_TEST

/* HTTU-15, WALK-25 */
START_TEST(a_probe_knows_that_the_host_cannot)
{
	struct world w = behind_host(CLEAN & ~AF);

	w.swaps = _i != 0;
	w.txn.flags = SMMU3_TXN_PROBE;
	ck_assert_uint_eq(ask(&w, VA, W), _i ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, _i ? 0 : F_WALK_EABT);
	ck_assert_uint_eq(w.swap_count, 0);
	close_world(&w);
}
END_TEST

/* HTTU-02: another page; the same update; none at all; the page is made read-only */
START_TEST(who_changes_a_descriptor_first_is_heeded)
{
	static const struct {
		uint64_t lost_to, left;
		unsigned event;
	} row[] = {
		{ (PA_PAGE + 0x1000) | (CLEAN ^ PA_PAGE), 0, 0 },
		{ CLEAN & ~AP2, 0, 0 },
		{ CLEAN ^ BIT(0), CLEAN ^ BIT(0), F_TRANSLATION },
		{ CLEAN & ~DBM, CLEAN & ~DBM, F_PERMISSION },
	};
	struct world w = behind_host(CLEAN & ~AF);

	w.lost_to = row[_i].lost_to;
	ask(&w, VA, W);
	ck_assert_uint_eq(w.out.event, row[_i].event);
	ck_assert_uint_eq(now(&w, LEAF), row[_i].left ? row[_i].left : row[_i].lost_to & ~AP2);
	if (!row[_i].event)
		ck_assert_uint_eq(w.out.pa, (row[_i].lost_to & 0xfffffffff000) | OFFSET);
	close_world(&w);
}
END_TEST

/* HTTU-02: a call ends, whatever others do: libsmmu's choice */
START_TEST(an_update_that_is_always_too_late_is_given_up)
{
	struct world w = behind_host(CLEAN & ~AF);

	w.always_lost = true;
	expect_event(&w, VA, W, F_WALK_EABT, 1, 3);
	ck_assert_uint_eq(w.swap_count, 256);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_access_sets_the_access_flag_where_ha_says_so, 0, 5);
	tcase_add_loop_test(tests, without_ha_nothing_is_updated, 0, 4);
	tcase_add_test(tests, affd_does_not_keep_the_flag_from_being_set);
	tcase_add_loop_test(tests, a_write_makes_a_clean_page_dirty, 0, 4);
	tcase_add_test(tests, an_atomic_makes_a_clean_page_dirty);
	tcase_add_loop_test(tests, a_read_leaves_a_clean_page_clean, 0, 2);
	tcase_add_test(tests, what_is_to_be_made_dirty_is_read_again);
	tcase_add_loop_test(tests, a_write_to_what_is_not_clean_but_read_only_is_refused, 0, 2);
	tcase_add_loop_test(tests, what_is_refused_for_another_reason_updates_nothing, 0, 4);
	tcase_add_loop_test(tests, a_clean_page_counts_as_writable_for_execution, 0, 2);
	tcase_add_test(tests, what_hd_does_not_make_writable_is_executable);
	tcase_add_test(tests, tables_are_not_updated);
	tcase_add_test(tests, of_a_contiguous_group_one_descriptor_is_updated);
	tcase_add_test(tests, a_block_is_updated_as_a_page_is);
	tcase_add_test(tests, big_endian_descriptors_are_updated_in_their_own_order);
	tcase_add_test(tests, a_probe_updates_nothing);
	tcase_add_test(tests, where_no_window_is_the_host_swaps);
	tcase_add_loop_test(tests, an_update_that_memory_aborts_is_an_external_abort_of_the_walk, 0,
			    3);
	tcase_add_loop_test(tests, a_probe_knows_that_the_host_cannot, 0, 2);
	tcase_add_loop_test(tests, who_changes_a_descriptor_first_is_heeded, 0, 4);
	tcase_add_test(tests, an_update_that_is_always_too_late_is_given_up);
}

int main(void)
{
	return run_suite("httu_stage1", add);
}
