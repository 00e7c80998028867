/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h: what it cannot look at it says. */
#include "keeping.h"
#include "run.h"

#include <check.h>

static const struct space ONE = { 1, STAGE_1, 3, 5 };

static struct machine *opened(unsigned cmdq_lg2)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->cmdq_lg2 = cmdq_lg2;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	return m;
}

static struct smmu3_check_missed missed(struct machine *m)
{
	struct smmu3_check_missed missed;

	ck_assert_int_eq(smmu3_check_missed(m->smmu, &missed), 0);
	ck_assert_uint_eq(missed.size, sizeof(missed));
	ck_assert_uint_eq(missed.memory, 0);
	return missed;
}

/* check.h: as many commands wait as there may be, and then one more: the first is done at once. */
START_TEST(commands_that_cannot_wait_are_counted)
{
	struct machine *m = opened(3);

	m->quiet = true;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	for (unsigned i = 1; i < 4096; i++)
		submit(m, nh_va(3, 5, PAGE(2), 1));
	ck_assert_uint_eq(missed(m).hurried, 0);
	ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), HERE);
	submit(m, nh_va(3, 5, PAGE(2), 1));
	ck_assert_uint_eq(missed(m).hurried, 1);
	ck_assert_uint_eq(would_reach(m, 1, PAGE(1)), NOWHERE);
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(missed(m).hurried, 0);
	close_machine(m);
}
END_TEST

/* check.h: it is found wherever it stands in a queue. */
START_TEST(a_command_behind_many_is_seen)
{
	struct machine *m = opened(10);

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	update(m, CR0, SMMUEN | EVENTQEN);
	for (unsigned i = 0; i < 600; i++)
		queue_command(m, PREFETCH);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].pending, SMMU3_PENDING_QUEUED);
	close_machine(m);
}
END_TEST

/* Whenever it is read, page 1 is another. */
static void move_on(struct machine *m, const struct happening *now)
{
	static unsigned pages;

	if (now->kind == READS && now->access.pa == table1(&ONE, 3) + 8)
		put_s1(m, &ONE, 1, s1_page(HERE + PAGE(++pages)));
}

/* check.h: memory that is never the same twice: nothing that is kept is to blame, and no finding
 * says that it is. */
START_TEST(what_cannot_be_explained_is_counted)
{
	struct machine *m = opened(3);

	ck_assert_uint_eq(reached(m, 1, PAGE(2)), NOWHERE);
	m->inside = move_on;
	(void)reached(m, 1, PAGE(1));
	m->inside = NULL;
	ck_assert_uint_eq(m->found_count, 0);
	ck_assert_uint_eq(missed(m).unexplained, 1);
	close_machine(m);
}
END_TEST

/* A TLBI comes while the walk of an access is under way, after the second look; and its CMD_SYNC.
 */
static void invalidate_once(struct machine *m, const struct happening *now)
{
	unsigned *reads = m->context;

	if (now->kind == READS && now->access.pa == table1(&ONE, 3) + 8 && ++*reads == 2)
		submit(m, nh_va(3, 5, PAGE(1), 1));
}

/* TLB-35, check.h: what a walk has found that began before an invalidation is not kept, and is not
 * taken for kept: a command that comes later has nothing of it to remove. */
START_TEST(what_is_not_kept_is_not_noted)
{
	struct machine *m = opened(3);
	struct smmu3_check_cost cost;
	unsigned reads = 0;

	m->context = &reads;
	m->inside = invalidate_once;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	m->inside = NULL;
	ck_assert_uint_gt(reads, 2);
	finish(m, nh_va(3, 5, PAGE(1), 1));
	ck_assert_int_eq(smmu3_check_cost(m->smmu, 0x12, &cost), 0);
	ck_assert_uint_eq(cost.commands, 2);
	ck_assert_uint_eq(cost.removed, 0);
	close_machine(m);
}
END_TEST

START_TEST(an_smmu_that_is_not_checked_misses_nothing)
{
	struct machine *m = keeping(0);
	struct smmu3_check_missed missed;

	start_machine(m);
	ck_assert_int_eq(smmu3_check_missed(m->smmu, &missed), -SMMU3_E_UNSUPPORTED);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, commands_that_cannot_wait_are_counted);
	tcase_add_test(tests, a_command_behind_many_is_seen);
	tcase_add_test(tests, what_cannot_be_explained_is_counted);
	tcase_add_test(tests, what_is_not_kept_is_not_noted);
	tcase_add_test(tests, an_smmu_that_is_not_checked_misses_nothing);
}

int main(void)
{
	return run("checked_limits", add);
}
