/* SPDX-License-Identifier: MIT */
/* What a Translation Request updates: it stands for the accesses that its endpoint will make. */
#include "httu_world.h"
#include "support/ats_world.h"

#define LEAF1 slot1(3)
#define LEAF2 slot2(3)
#define CLEAN1 (PAGE_BITS | AP(3) | DBM)
#define CLEAN2 (PA_PAGE | (S2_PAGE & ~S2AP1) | DBM)

/* A stream with ATS; stage 1 is mapped by this leaf, whose address is put in. */
static struct world asking(unsigned config, uint64_t leaf)
{
	struct world w = ats_world(config, EATS_FULL);

	set_id(&w, 0, 6, 2, 2);
	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, LEAF1, (config == NESTED ? IPA_PAGE : PA_PAGE) | leaf);
	return w;
}

/* HTTU-03, ATS-13: with NW = 0 it is taken to write, with NW = 1 to read */
START_TEST(a_request_updates_what_the_accesses_that_it_asks_for_would)
{
	struct world w = asking(S1_ONLY, CLEAN1 & ~(_i & 1 ? AF : 0));

	expect_completion(&w, _i & 2 ? NW0 : 0, GETS_R | (_i & 2 ? GETS_W : 0));
	ck_assert_uint_eq(now(&w, LEAF1), PA_PAGE | (CLEAN1 & ~(_i & 2 ? AP2 : 0)));
	close_world(&w);
}
END_TEST

/* ATS-13: with NW = 1, too, W is granted where the page is dirty already */
START_TEST(a_request_to_read_is_granted_a_write_of_what_is_dirty)
{
	struct world w = asking(S1_ONLY, PAGE_BITS | AP(1) | DBM);

	expect_completion(&w, 0, GETS_R | GETS_W);
	close_world(&w);
}
END_TEST

/* ATS-13, 3.13.7.2: HA alone; then neither */
START_TEST(without_hd_a_request_to_write_is_granted_a_read)
{
	struct world w = asking(S1_ONLY, CLEAN1 & ~AF);

	w.cd[0] &= ~(_i ? CD_HA | CD_HD : CD_HD);
	if (_i) {
		expect_no_access(&w, VA, NW0);
		ck_assert_uint_eq(now(&w, LEAF1), PA_PAGE | (CLEAN1 & ~AF));
	} else {
		expect_completion(&w, NW0, GETS_R);
		ck_assert_uint_eq(now(&w, LEAF1), PA_PAGE | CLEAN1);
	}
	close_world(&w);
}
END_TEST

/* ATS-13, HTTU-04: a page of privileged accesses alone, for a user */
START_TEST(a_request_that_is_granted_nothing_updates_nothing)
{
	struct world w = asking(S1_ONLY, (CLEAN1 & ~AP(1)) & ~AF);

	expect_no_access(&w, VA, NW0);
	ck_assert_uint_eq(now(&w, LEAF1), PA_PAGE | ((CLEAN1 & ~AP(1)) & ~AF));
	close_world(&w);
}
END_TEST

/* HTTU-03: where stage 1 does not let it write, stage 2 stays clean; and where it does, both
 * become dirty */
START_TEST(stage_2_becomes_dirty_where_stage_1_lets_it_write)
{
	struct world w = asking(NESTED, _i ? CLEAN1 : CLEAN1 & ~DBM);

	put(&w, LEAF2, CLEAN2 & ~AF);
	expect_completion(&w, NW0, GETS_R | (_i ? GETS_W : 0));
	ck_assert_uint_eq(now(&w, LEAF1) & AP2, _i ? 0 : AP2);
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2 | (_i ? S2AP1 : 0));
	close_world(&w);
}
END_TEST

/* ATS-09: stage 1 grants nothing, and stage 2 is not asked */
START_TEST(stage_2_is_not_updated_for_what_stage_1_does_not_grant)
{
	struct world w = asking(NESTED, CLEAN1 & ~AP(1));

	put(&w, LEAF2, CLEAN2 & ~AF);
	expect_no_access(&w, VA, NW0);
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2 & ~AF);
	close_world(&w);
}
END_TEST

/* ATS-17: libsmmu updates stage 2 with the request; what is translated with it finds it so */
START_TEST(a_split_stage_request_updates_both_stages)
{
	struct world w = ats_world(NESTED, EATS_SPLIT);

	set_id(&w, 0, 6, 2, 2);
	set_id(&w, 0, 13, 1, 1);
	w.cd[0] |= CD_HA | CD_HD;
	w.ste[2] |= S2HA | S2HD;
	put(&w, LEAF1, IPA_PAGE | (CLEAN1 & ~AF));
	put(&w, LEAF2, CLEAN2 & ~AF);
	check_translated(&w);
	expect_completion(&w, NW0, GETS_R | GETS_W);
	ck_assert_uint_eq(w.out.pa, IPA_PAGE | OFFSET);
	ck_assert_uint_eq(now(&w, LEAF1), IPA_PAGE | (CLEAN1 & ~AP2));
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2 | S2AP1);
	close_world(&w);
}
END_TEST

/* ATS-17: a Translated access through stage 2 is one of a client */
START_TEST(a_translated_write_makes_stage_2_dirty)
{
	struct world w = ats_world(NESTED, EATS_SPLIT);

	set_id(&w, 0, 6, 2, 2);
	w.ste[2] |= S2HA | S2HD;
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	put(&w, LEAF2, CLEAN2 & ~AF);
	check_translated(&w);
	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2);
	expect_pa(&w, IPA_PAGE, SMMU3_TXN_WRITE, PA_PAGE);
	ck_assert_uint_eq(now(&w, LEAF2), CLEAN2 | S2AP1);
	close_world(&w);
}
END_TEST

/* HTTU-12, HTTU-03: those of both stages, by a request that is granted nothing, too: libsmmu's
 * choice */
START_TEST(a_request_marks_the_tables_that_it_goes_through)
{
	struct world w = asking(NESTED, CLEAN1 & ~(_i ? AP(1) : 0));
	const struct world haft = haft_world(NESTED);

	w.config.aidr = haft.config.aidr;
	set_id(&w, 0, 6, 2, 3);
	set_id(&w, 0, 9, 1, 1);  /* Hyp */
	set_id(&w, 3, 13, 2, 3); /* E0PD, PTWNNC */
	munmap(haft.ram, RAM_SIZE);
	w.cd[1] |= CD_HAFT;
	w.ste[2] |= S2HAFT;
	if (_i)
		expect_no_access(&w, VA, NW0);
	else
		expect_completion(&w, NW0, GETS_R | GETS_W);
	for (int level = 0; level < 3; level++) {
		ck_assert_uint_eq(now(&w, slot1(level)), S1_TABLE(level + 1) | TABLE | AF);
		ck_assert_uint_eq(now(&w, slot2(level)),
				  S2_TABLE(level + 1) | TABLE | (_i ? 0 : AF));
	}
	ck_assert_uint_eq(now(&w, S2_TABLE(0)), S2_TABLE(1) | TABLE | AF);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_request_updates_what_the_accesses_that_it_asks_for_would, 0,
			    4);
	tcase_add_test(tests, a_request_to_read_is_granted_a_write_of_what_is_dirty);
	tcase_add_loop_test(tests, without_hd_a_request_to_write_is_granted_a_read, 0, 2);
	tcase_add_test(tests, a_request_that_is_granted_nothing_updates_nothing);
	tcase_add_loop_test(tests, stage_2_becomes_dirty_where_stage_1_lets_it_write, 0, 2);
	tcase_add_test(tests, stage_2_is_not_updated_for_what_stage_1_does_not_grant);
	tcase_add_test(tests, a_split_stage_request_updates_both_stages);
	tcase_add_test(tests, a_translated_write_makes_stage_2_dirty);
	tcase_add_loop_test(tests, a_request_marks_the_tables_that_it_goes_through, 0, 2);
}

int main(void)
{
	return run_suite("httu_ats", add);
}
