/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h, between a command and its CMD_SYNC; and what is counted of it. */
#include "keeping.h"
#include "run.h"

#include <smmu/stats.h>

#include <check.h>
#include <string.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };

/* Both pages of one table. */
static struct machine *opened(enum smmu3_check check)
{
	struct machine *m = keeping(0);

	m->config.check = check;
	m->config.statistics = 1;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	put_s1(m, &ONE, 2, s1_page(THERE));
	return m;
}

/* TLB-35: a page that is found through a table, a command for which waits for its CMD_SYNC, is
 * found so no more when that has completed. */
START_TEST(what_is_found_through_something_removed_goes_with_it)
{
	struct machine *m = opened(SMMU3_CHECK_ON);

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	submit(m, nh_asid(3, 5));
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kepts, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_TABLE);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_SYNC);
	ck_assert_uint_eq(m->found[0].commands, 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), NOWHERE);
	ck_assert_uint_eq(m->found_count, 1);
	close_machine(m);
}
END_TEST

static struct smmu3_stats counted(enum smmu3_check check)
{
	struct machine *m = opened(check);
	struct smmu3_stats stats;

	(void)reached(m, 1, PAGE(1));
	put_s1(m, &ONE, 1, 0);
	(void)reached(m, 1, PAGE(1));
	(void)reached(m, 1, PAGE(2));
	ck_assert_uint_eq(m->found_count, check == SMMU3_CHECK_ON);
	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), 0);
	close_machine(m);
	return stats;
}

/* TLB-35, check.h: accesses are answered alike, whether they are looked up twice or not. */
START_TEST(the_same_goes_without_the_second_look)
{
	struct machine *m = opened(SMMU3_CHECK_KEEPS);

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_descriptor(m, table1(&ONE, 2), 0, 0);
	submit(m, nh_asid(3, 5));
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), THERE);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reached(m, 1, PAGE(2)), NOWHERE);
	close_machine(m);
}
END_TEST

/* stats.h: what is looked up once more, to see what is stale, is no access of anybody's. */
START_TEST(what_the_checker_looks_up_is_not_counted)
{
	const struct smmu3_stats keeps = counted(SMMU3_CHECK_KEEPS), on = counted(SMMU3_CHECK_ON);

	ck_assert_mem_eq(&keeps, &on, sizeof(on));
}
END_TEST

/* Accesses are numbered from 1, where they are looked up twice. */
START_TEST(accesses_are_numbered)
{
	for (enum smmu3_check check = SMMU3_CHECK_OFF; check <= SMMU3_CHECK_ON; check++) {
		struct machine *m = opened(check);

		ck_assert_uint_eq(smmu3_check_accesses(m->smmu), 0);
		(void)reached(m, 1, PAGE(1));
		(void)reached(m, 1, PAGE(3));
		ck_assert_uint_eq(smmu3_check_accesses(m->smmu), check == SMMU3_CHECK_ON ? 2 : 0);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_same_goes_without_the_second_look);
	tcase_add_test(tests, what_is_found_through_something_removed_goes_with_it);
	tcase_add_test(tests, what_the_checker_looks_up_is_not_counted);
	tcase_add_test(tests, accesses_are_numbered);
}

int main(void)
{
	return run("checked_sync", add);
}
