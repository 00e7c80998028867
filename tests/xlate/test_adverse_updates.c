/* SPDX-License-Identifier: MIT */
/* Hardware updates by accesses that are refused, of an SMMU that makes them when it is asked to.
 * D8.5.1, D8.5.2 */
#include "httu_world.h"

#include <smmu/adversity.h>

#define LEAF1 slot1(3)
#define LEAF2 slot2(3)
#define CLEAN2 (PA_PAGE | (S2_PAGE & ~S2AP1) | DBM) /* readable; writable, but for S2AP[1] */
#define S2AP0 BIT(6)                                /* readable */

static void demand(struct world *w, const char *word)
{
	if (!w->smmu)
		open_world(w);
	ck_assert_int_eq(smmu3_adversity_ask(w->smmu, word, NULL), 0);
}

/* HTTU-04: the Access flag is set by a write that stage 1 refuses, and nothing else is; by what is
 * not permitted at all without HA nothing is */
START_TEST(a_refused_access_sets_the_flag_of_stage_1)
{
	for (unsigned ha = 0; ha < 2; ha++) {
		struct world w = httu_world(S1_ONLY);
		const uint64_t leaf = (PA_PAGE | PAGE_BITS | AP(3)) & ~AF; /* read-only */

		w.cd[0] |= ha ? CD_HA | CD_HD : 0;
		put(&w, LEAF1, leaf);
		demand(&w, "update-of-what-is-refused=accessed");
		expect_event(&w, VA, W, ha ? F_PERMISSION : F_ACCESS, 1, 3);
		ck_assert_uint_eq(now(&w, LEAF1), ha ? leaf | AF : leaf);
		expect_event(&w, VA, W, ha ? F_PERMISSION : F_ACCESS, 1, 3);
		ck_assert_uint_eq(now(&w, LEAF1), ha ? leaf | AF : leaf);
		close_world(&w);
	}
}
END_TEST

/* HTTU-04: likewise of stage 2, whose leaf stays clean */
START_TEST(a_refused_access_sets_the_flag_of_stage_2)
{
	struct world w = httu_world(S2_ONLY);

	w.ste[2] |= S2HA | S2HD;
	put(&w, LEAF2, CLEAN2 & ~(AF | S2AP0));
	demand(&w, "update-of-what-is-refused=accessed");
	expect_event(&w, IPA_PAGE, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2 & ~S2AP0);
	close_world(&w);
}
END_TEST

/* HTTU-07: an atomic that stage 2 refuses for its read alone makes the leaf dirty; one that may not
 * write either, a read, and one of stage 1 do not */
START_TEST(an_atomic_that_may_not_read_makes_stage_2_dirty)
{
	static const struct {
		uint64_t ste, leaf;
		bool atomic, dirty;
	} rows[] = {
		{ S2HA | S2HD, CLEAN2 & ~S2AP0, true, true },
		{ S2HA | S2HD, CLEAN2 & ~(S2AP0 | DBM), true, false },
		{ S2HA, CLEAN2 & ~S2AP0, true, false },
		{ S2HA | S2HD, CLEAN2 & ~S2AP0, false, false },
	};
	struct world w = httu_world(S2_ONLY);

	w.ste[2] |= rows[_i].ste;
	put(&w, LEAF2, rows[_i].leaf);
	if (rows[_i].atomic)
		w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	expect_event(&w, IPA_PAGE, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&w, LEAF2), rows[_i].leaf);
	demand(&w, "update-by-unreadable-atomics=dirty");
	expect_event(&w, IPA_PAGE, 0, F_PERMISSION, 2, 3);
	ck_assert_uint_eq(now(&w, LEAF2), rows[_i].leaf | (rows[_i].dirty ? S2AP1 : 0));
	close_world(&w);
}
END_TEST

/* HTTU-01: an SMMU that updates nothing has no choice */
START_TEST(without_updates_nothing_is_chosen)
{
	struct world w = world(S1_ONLY);

	set_id(&w, 0, 6, 2, (uint32_t)_i);
	open_world(&w);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, "update-of-what-is-refused=accessed", NULL),
			 _i ? 0 : -SMMU3_E_INCONSISTENT);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, "update-by-unreadable-atomics=dirty", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_refused_access_sets_the_flag_of_stage_1);
	tcase_add_test(tests, a_refused_access_sets_the_flag_of_stage_2);
	tcase_add_loop_test(tests, an_atomic_that_may_not_read_makes_stage_2_dirty, 0, 4);
	tcase_add_loop_test(tests, without_updates_nothing_is_chosen, 0, 2);
}

int main(void)
{
	return run_suite("adverse-updates", add);
}
