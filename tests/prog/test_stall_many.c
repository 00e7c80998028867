/* SPDX-License-Identifier: MIT */
/* As many stalls as there can be: 65535.  3.12.2, 6.3.6 */
#include "run.h"
#include "stalls.h"

#include "prog/stalling.h"

#include <check.h>
#include <stdlib.h>

enum { MOST = 0xffff, FEW = 3 };

/* How often each cookie has been ended, how, and who was last. */
struct ends {
	uint8_t times[MOST + 1];
	uint8_t how[MOST + 1];
	uint32_t total, out_of_order;
	uint64_t last;
};

static void keep_end(struct machine *m, const struct happening *now)
{
	struct ends *ends = m->context;

	if (now->kind != ENDED)
		return;
	ends->times[now->stall.cookie]++;
	ends->how[now->stall.cookie] = now->stall.end;
	ends->out_of_order += ends->total && now->stall.cookie <= ends->last;
	ends->last = now->stall.cookie;
	ends->total++;
}

/* Stream 3 stalls at cookies 100, 30000 and MOST - 1, stream 1 at all others. */
static uint32_t sid_for(uint32_t cookie)
{
	return cookie == 100 || cookie == 30000 || cookie == MOST - 1 ? 3 : 1;
}

static struct machine *full_table(bool recorded)
{
	struct machine *m = stalling(MOST);

	m->eventq_lg2 = 17;
	m->windows = true;
	m->quiet = true;
	m->context = calloc(1, sizeof(struct ends));
	m->inside = keep_end;
	start_machine(m);
	if (!recorded)
		set_reg(m, CR0, SMMUEN | CMDQEN);
	for (uint32_t i = 0; i < MOST; i++)
		stall(m, sid_for(i), i);
	if (ask(m, 1, MOST, 0).verdict != SMMU3_BUSY)
		ck_abort_msg("more than STALL_MAX");
	return m;
}

static void close_table(struct machine *m)
{
	free(m->context);
	close_machine(m);
}

static void expect_each_once(const struct ends *ends)
{
	ck_assert_uint_eq(ends->total, MOST);
	for (uint32_t i = 0; i < MOST; i++)
		if (ends->times[i] != 1)
			ck_abort_msg("%u ended %u times", i, ends->times[i]);
	ck_assert_uint_eq(ends->times[MOST], 0);
}

/* STALL-07, STALL-21, FLTI-008, IDR-031: 65535 stalls have 65535 tags and records */
START_TEST(every_stall_of_a_full_table_has_its_own_tag)
{
	struct machine *m = full_table(true);
	uint8_t *seen = calloc(1, MOST + 1);

	ck_assert_uint_eq(reg(m, EVENTQ_PROD), MOST);
	for (uint32_t i = 0; i < MOST; i++) {
		if (sid_of(m, i) != sid_for(i) || seen[(uint16_t)ram_at(m, event_at(m, i))[1]]++)
			ck_abort_msg("record %u", i);
	}
	free(seen);
	close_table(m);
}
END_TEST

/* STALL-12, CMD-STALL-TERM: the few of a stream among the many of another, first and last included;
 * then the many, all with one command; and their places can be used again */
START_TEST(stall_term_finds_few_among_many_and_many)
{
	struct machine *m = full_table(true);
	const struct ends *ends = m->context;

	submit(m, stall_term(3));
	ck_assert_uint_eq(ends->total, FEW);
	ck_assert(ends->times[100] && ends->times[30000] && ends->times[MOST - 1]);
	submit(m, stall_term(1));
	expect_each_once(ends);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	for (uint32_t i = 0; i < MOST; i++)
		if (ends->how[i] != SMMU3_STALL_ABORT)
			ck_abort_msg("%u ended with %u", i, ends->how[i]);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	for (uint32_t i = 0; i < MOST; i++)
		stall(m, 1, i);
	ck_assert_uint_eq(ends->total, MOST);
	close_table(m);
}
END_TEST

/* STALL-09, CMD-RESUME-2: each by its tag, from the last to the first */
START_TEST(a_full_table_is_resumed_backwards)
{
	struct machine *m = full_table(true);

	for (uint32_t i = MOST; i-- > 0;) {
		submit(m, resume(sid_for(i), stag_of(m, i), RETRY));
		if (((struct ends *)m->context)->times[i] != 1)
			ck_abort_msg("%u has not ended", i);
	}
	expect_each_once(m->context);
	close_table(m);
}
END_TEST

/* CR-016, STALL-15: disabling, also of this many, is acknowledged when the write returns */
START_TEST(disabling_ends_a_full_table)
{
	struct machine *m = full_table(true);

	set_reg(m, CR0, 0);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	expect_each_once(m->context);
	close_table(m);
}
END_TEST

/* STALL-19, EVTQ-004: 65535 without a record, retried in their order when the queue is enabled */
START_TEST(a_full_table_without_records_is_retried_in_order)
{
	struct machine *m = full_table(false);
	const struct ends *ends = m->context;

	set_reg(m, CR0, SMMUEN | CMDQEN | EVENTQEN);
	expect_each_once(ends);
	ck_assert_uint_eq(ends->out_of_order, 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_table(m);
}
END_TEST

/* 3.12.2: so does destroying */
START_TEST(destroy_ends_a_full_table)
{
	struct machine *m = full_table(true);

	smmu3_destroy(m->smmu);
	m->smmu = NULL;
	expect_each_once(m->context);
	close_table(m);
}
END_TEST

/* 3.12.2: and looks at each place once: what takes the place of one that has ended is behind the
 * search */
START_TEST(one_search_ends_a_full_table)
{
	const struct smmu3_txn txn = { .sid = 1 };
	struct stall_search search = { .on = true, .all = true };
	struct smmu3_stall stall;
	struct stalls stalls;
	uint16_t stag;

	ck_assert(stalls_init(&stalls, MOST));
	for (unsigned i = 0; i < MOST; i++)
		ck_assert(stall_begin(&stalls, &txn, &stag));
	for (unsigned i = 0; i < MOST; i++) {
		ck_assert(end_any_stall(&stalls, &search, &stall));
		ck_assert_uint_eq(stall.stag, i);
		ck_assert(stall_begin(&stalls, &txn, &stag));
		ck_assert_uint_eq(stag, i);
	}
	ck_assert(!end_any_stall(&stalls, &search, &stall));
	stalls_free(&stalls);
}
END_TEST

/* RST-001, CMD-RESUME-4: a reset tells the end of a stall too that was resumed by the last act of a
 * call, so that the host has not heard of it yet */
START_TEST(a_reset_tells_an_end_that_is_due)
{
	enum { COMMANDS = 2046, LOOKS = 1024, ACTS = 1 << 21 }; /* of one call, lib/drain.h */
	struct machine *m = full_table(true);
	const struct ends *ends = m->context;

	/* each command is fetched, and looks 1024 times at 64 places */
	ck_assert_int_eq(COMMANDS * (LOOKS + 1) + 2, ACTS);
	set_reg(m, CR0, SMMUEN | EVENTQEN);
	m->cmdq_lg2 = 12;
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_reg(m, CR0, SMMUEN | EVENTQEN | CMDQEN);
	for (uint32_t i = 0; i < COMMANDS; i++)
		queue_command(m, stall_term(100));
	queue_command(m, PREFETCH);
	queue_command(m, resume(1, stag_of(m, 7), RETRY));
	ring(m);
	ck_assert_uint_eq(ends->total, 0);
	smmu3_reset(m->smmu);
	expect_each_once(ends);
	ck_assert_uint_eq(ends->how[7], SMMU3_STALL_ABORT);
	close_table(m);
}
END_TEST

/* CMDQ-003, STALL-12: many CMD_STALL_TERM, each of which looks at a full table in vain, are more
 * than one call does; register accesses do the rest */
START_TEST(stall_terms_without_end_do_not_hold_up_a_call)
{
	enum { COMMANDS = 2500 }; /* of 65535 / 64 acts each */
	struct machine *m = full_table(true);

	set_reg(m, CR0, SMMUEN | EVENTQEN);
	m->cmdq_lg2 = 12;
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_reg(m, CR0, SMMUEN | EVENTQEN | CMDQEN);
	for (uint32_t i = 1; i < COMMANDS; i++)
		queue_command(m, stall_term(100 + i));
	queue_command(m, stall_term(3));
	ring(m);
	for (unsigned i = 0; i < 2; i++)
		set_reg(m, EVENTQ_CONS, 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(((struct ends *)m->context)->total, FEW);
	close_table(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, every_stall_of_a_full_table_has_its_own_tag);
	tcase_add_test(tests, stall_term_finds_few_among_many_and_many);
	tcase_add_test(tests, a_full_table_is_resumed_backwards);
	tcase_add_test(tests, disabling_ends_a_full_table);
	tcase_add_test(tests, a_full_table_without_records_is_retried_in_order);
	tcase_add_test(tests, a_reset_tells_an_end_that_is_due);
	tcase_add_test(tests, destroy_ends_a_full_table);
	tcase_add_test(tests, one_search_ends_a_full_table);
	tcase_add_test(tests, stall_terms_without_end_do_not_hold_up_a_call);
}

int main(void)
{
	return run("stall-many", add);
}
