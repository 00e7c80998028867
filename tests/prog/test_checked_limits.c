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

/* One access that finds several things that are out of date, with a queue of 600 commands that is
 * not consumed: how often a command is read. */
static unsigned commands_read(struct machine *m)
{
	look_away(m);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	return count_for(m, SMMU3_REASON_CMDQ);
}

/* check.h: however much is out of date, each command that stands in a queue is read once for an
 * access, and none that need not be. */
START_TEST(commands_are_read_once)
{
	enum { COMMANDS = 600 };

	for (unsigned last = 0; last < 2; last++) {
		struct machine *m = opened(10);

		ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
		put_descriptor(m, table1(&ONE, 2), 0, 0);
		update(m, CR0, SMMUEN | EVENTQEN);
		queue_command(m, last ? PREFETCH : nh_asid(3, 5));
		for (unsigned i = 2; i < COMMANDS; i++)
			queue_command(m, PREFETCH);
		submit(m, last ? nh_asid(3, 5) : PREFETCH);
		ck_assert_uint_eq(commands_read(m), last ? COMMANDS : 1);
		ck_assert_uint_eq(m->found[0].kepts, 2);
		for (unsigned i = 0; i < 2; i++)
			ck_assert_uint_eq(m->found[0].kept[i].pending, SMMU3_PENDING_QUEUED);
		close_machine(m);
	}
}
END_TEST

/* check.h: what a command that is under way is about is not asked of the queue. */
START_TEST(of_changes_no_command_is_read)
{
	struct machine *m = opened(10);
	const unsigned commands = 16;

	for (unsigned page = 1; page < 9; page++) {
		put_s1(m, &ONE, page, s1_page(HERE + PAGE(page)));
		ck_assert_uint_eq(reached(m, 1, PAGE(page)), HERE + PAGE(page));
		put_s1(m, &ONE, page, s1_page(THERE + PAGE(page)));
	}
	update(m, CR0, SMMUEN | EVENTQEN);
	queue_command(m, nh_asid(3, 5));
	for (unsigned i = 1; i < commands; i++)
		queue_command(m, PREFETCH);
	ring(m);
	look_away(m);
	update(m, CR0, SMMUEN | EVENTQEN | CMDQEN);
	ck_assert_uint_eq(m->found_count, 8);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), commands);
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

/* A CMD_SYNC completes when an access that has used what it removes is looked into. */
static void sync_at_third(struct machine *m, const struct happening *now)
{
	unsigned *reads = m->context;

	if (now->kind == READS && now->access.pa == table1(&ONE, 3) + 8 && ++*reads == 2)
		submit(m, SYNC_NONE);
}

/* CMD-SYNC-2, check.h: an access that used what was removed while it was under way has used it
 * rightly: it is not one that cannot be explained. */
START_TEST(what_was_removed_meanwhile_need_not_be_explained)
{
	struct machine *m = opened(3);
	unsigned reads = 0;

	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	submit(m, nh_va(3, 5, PAGE(1), 1));
	m->context = &reads;
	m->inside = sync_at_third;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	m->inside = NULL;
	ck_assert_uint_ge(reads, 2);
	ck_assert_uint_eq(m->found_count, 0);
	ck_assert_uint_eq(missed(m).unexplained, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), NOWHERE);
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
	tcase_add_test(tests, commands_are_read_once);
	tcase_add_test(tests, of_changes_no_command_is_read);
	tcase_add_test(tests, what_cannot_be_explained_is_counted);
	tcase_add_test(tests, what_was_removed_meanwhile_need_not_be_explained);
	tcase_add_test(tests, what_is_not_kept_is_not_noted);
	tcase_add_test(tests, an_smmu_that_is_not_checked_misses_nothing);
}

int main(void)
{
	return run("checked_limits", add);
}
