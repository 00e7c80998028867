/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h, when something else goes on while it looks: the SMMU consumes
 * commands, software uses their places anew, others invalidate. */
#include "adverse.h"
#include "keeping.h"
#include "run.h"

#include <check.h>

enum { ON = SMMUEN | EVENTQEN, COMMANDS_LG2 = 10 };

static const struct space ONE = { 1, STAGE_1, 3, 5 };

static struct machine *opened(void)
{
	struct machine *m = keeping(0);

	m->config.check = SMMU3_CHECK_ON;
	m->cmdq_lg2 = COMMANDS_LG2;
	start_machine(m);
	put_space(m, &ONE);
	put_s1(m, &ONE, 1, s1_page(HERE));
	return m;
}

/* A page that is kept is gone from memory, and commands stand in the queue that is not consumed. */
static struct machine *with_a_queue(void)
{
	struct machine *m = opened();

	m->quiet = true;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	put_s1(m, &ONE, 1, 0);
	update(m, CR0, ON);
	return m;
}

/* ---- Commands are consumed while they are read ---- */

/* Where software writes what means everything when the SMMU has consumed that. */
struct reuse {
	unsigned reads, at; /* it happens with the at-th command that the checker reads */
	uint32_t index;
	struct command command; /* in place of that of the index */
};

static void consume(struct machine *m, const struct happening *now)
{
	struct reuse *reuse = m->context;
	uint64_t *place = ram_at(m, command_at(m, reuse->index));

	if (now->kind != READS || now->access.reason != SMMU3_REASON_CMDQ ||
	    reuse->reads++ != reuse->at)
		return;
	m->inside = NULL;
	update(m, CR0, ON | CMDQEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	place[0] = reuse->command.word[0];
	place[1] = reuse->command.word[1];
}

static unsigned pending_when(struct machine *m, struct reuse *reuse)
{
	m->context = reuse;
	m->inside = consume;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert(!m->inside);
	ck_assert_uint_eq(m->found_count, 1);
	return m->found[0].kept[0].pending;
}

/* 3.5.1, check.h: the SMMU consumes all commands while the first is read, and software puts at the
 * place of the second what means the page.  It does not stand in the queue: PROD says so. */
START_TEST(what_is_put_where_a_command_was_is_none)
{
	struct machine *m = with_a_queue();
	struct reuse reuse = { .at = 0, .index = m->prod + 1, .command = nh_asid(3, 5) };

	queue_command(m, PREFETCH);
	queue_command(m, PREFETCH);
	submit(m, PREFETCH);
	ck_assert_uint_eq(pending_when(m, &reuse), SMMU3_PENDING_NONE);
	ck_assert_uint_eq(m->found[0].commands, 1);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-2, check.h: the command that means the page is consumed while it is read, and its place
 * used anew: it waits for its CMD_SYNC by then.  Behind many commands, too. */
START_TEST(what_was_consumed_meanwhile_waits_for_its_sync)
{
	static const unsigned before[] = { 0, 100, 600 };
	struct machine *m = with_a_queue();
	struct reuse reuse = { .at = before[_i],
			       .index = m->prod + before[_i],
			       .command = PREFETCH };

	for (unsigned i = 0; i < before[_i]; i++)
		queue_command(m, PREFETCH);
	queue_command(m, nh_asid(3, 5));
	submit(m, PREFETCH);
	ck_assert_uint_eq(pending_when(m, &reuse), SMMU3_PENDING_SYNC);
	ck_assert_uint_eq(m->found[0].commands, 0);
	close_machine(m);
}
END_TEST

/* ---- Commands as the SMMU takes them ---- */

/* 4.1.7, check.h: of an SMMU that leaves away the bits of a StreamID that it does not have, such a
 * command in the queue is on its way to what it means then; of another it means nothing. */
START_TEST(a_stream_of_too_many_bits_in_the_queue)
{
	static const char *const words[] = { "command-out-of-range=cut",
					     "command-out-of-range=void" };
	struct machine *m = opened();
	struct ste ste = ste_of(STAGE_1, cd_at(&ONE, 0));

	demand(m, words[_i]);
	m->quiet = true;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ste.word[0] = 0;
	put_ste(m, 1, ste);
	update(m, CR0, ON);
	submit(m, cfgi_ste(1 | UINT32_C(1) << (m->config.idr[1] & 0x3f), 1));
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_STE);
	ck_assert_uint_eq(m->found[0].kept[0].pending,
			  _i ? SMMU3_PENDING_NONE : SMMU3_PENDING_QUEUED);
	close_machine(m);
}
END_TEST

/* ---- What is kept when something is invalidated ---- */

/* At the second look, with which an access begins: it has read nothing for itself yet. */
static void invalidate_first(struct machine *m, const struct happening *now)
{
	if (now->kind != READS || now->access.pa != table1(&ONE, 3) + 8)
		return;
	m->inside = NULL;
	submit(m, nh_va(3, 5, PAGE(1), 1));
}

/* CMD-SYNC-2, 3.21.1, check.h: an access has begun when the command comes, but reads, and is kept,
 * only after it: that stays when the CMD_SYNC completes, and is known. */
START_TEST(what_is_kept_after_a_command_stays_known)
{
	struct machine *m = opened();
	struct smmu3_check_missed missed;

	m->inside = invalidate_first;
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert(!m->inside);
	submit(m, SYNC_NONE);
	put_s1(m, &ONE, 1, 0);
	ck_assert_uint_eq(reached(m, 1, PAGE(1)), HERE);
	ck_assert_int_eq(smmu3_check_missed(m->smmu, &missed), 0);
	ck_assert_uint_eq(missed.unexplained, 0);
	ck_assert_uint_eq(m->found_count, 1);
	ck_assert_uint_eq(m->found[0].kept[0].kind, SMMU3_KEPT_TRANSLATION);
	ck_assert_uint_eq(m->found[0].kept[0].access, 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_is_put_where_a_command_was_is_none);
	tcase_add_loop_test(tests, what_was_consumed_meanwhile_waits_for_its_sync, 0, 3);
	tcase_add_loop_test(tests, a_stream_of_too_many_bits_in_the_queue, 0, 2);
	tcase_add_test(tests, what_is_kept_after_a_command_stays_known);
}

int main(void)
{
	return run("checked_races", add);
}
