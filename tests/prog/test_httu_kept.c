/* SPDX-License-Identifier: MIT */
/* What is kept of clean pages, in every cache that there is, by every way in: a write that follows
 * reads marks what it must, once.  3.13, D8.5.2.1, D8.5.5 */
#include "ported.h"
#include "run.h"

#include <check.h>
#include <smmu/stats.h>

#define AF (UINT64_C(1) << 10)
#define BIT7 (UINT64_C(1) << 7) /* AP[2], S2AP[1] */
#define DBM (UINT64_C(1) << 51)
#define CONTIGUOUS (UINT64_C(1) << 52)

enum { STREAM_1, STREAM_2, STREAM_BOTH, CACHES = 64 };

static uint64_t *leaf1(const struct ported *p, int space, unsigned page)
{
	return ram_at(p->m, table1(&ported_spaces[space], 3) + 8 * page);
}

static uint64_t *leaf2(const struct ported *p, int space, unsigned page)
{
	return ram_at(p->m, table2(&ported_spaces[space], 3) + 8 * page);
}

static void make_clean(struct ported *p, int space, unsigned page)
{
	if (space != STREAM_2)
		*leaf1(p, space, page) = (*leaf1(p, space, page) | DBM | BIT7) & ~AF;
	if (space != STREAM_1)
		*leaf2(p, space, page) = (*leaf2(p, space, page) | DBM) & ~BIT7 & ~AF;
}

/* Hardware updates both stages of all streams, whose pages are clean. */
static struct ported updating(bool window, bool contiguous)
{
	struct machine *m = portable(CACHES, window);

	m->config.idr[0] |= 2 << 6; /* HTTU */
	m->config.caches.contiguous = contiguous;
	start_machine(m);
	struct ported p = open_ported(m);

	for (int i = 0; i < SPACES; i++) {
		const struct space *space = &ported_spaces[i];

		ram_at(m, STREAMS_AT + 64 * space->sid)[2] |= UINT64_C(3) << 55; /* S2HA, S2HD */
		if (i != STREAM_2)
			ram_at(m, cd_at(space, 0))[0] |= UINT64_C(3) << 42; /* HD, HA */
		for (unsigned page = 1; page <= 3; page++)
			make_clean(&p, i, page);
	}
	return p;
}

static bool is_dirty1(const struct ported *p, int space)
{
	return !(*leaf1(p, space, 1) & BIT7);
}

static bool is_dirty2(const struct ported *p, int space)
{
	return *leaf2(p, space, 1) & BIT7;
}

static struct smmu3_outcome ask(struct ported *p, int space, unsigned flags, enum way way)
{
	const struct smmu3_txn txn = { .addr = PAGE(1),
				       .bytes = 4,
				       .sid = ported_spaces[space].sid,
				       .flags = (uint16_t)flags };
	const struct smmu3_outcome outcome = outcome_of(p, &txn, way);

	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, HERE + PAGE(1));
	return outcome;
}

/* HTTU-21, HTTU-05, HTTU-06: by the same way as the reads, and by each other */
START_TEST(a_write_after_reads_is_seen_by_both_stages)
{
	const enum way reads = (enum way)(_i % WAYS), writes = (enum way)(_i / WAYS % WAYS);

	for (int space = 0; space < SPACES; space++) {
		struct ported p = updating(true, false);

		for (unsigned i = 0; i < 3; i++)
			(void)ask(&p, space, 0, reads);
		ck_assert(space == STREAM_2 || !is_dirty1(&p, space));
		ck_assert(space == STREAM_1 || !is_dirty2(&p, space));
		(void)ask(&p, space, SMMU3_TXN_WRITE, writes);
		ck_assert(space == STREAM_2 || is_dirty1(&p, space));
		ck_assert(space == STREAM_1 || is_dirty2(&p, space));
		close_ported(&p);
	}
}
END_TEST

/* HTTU-21: of both stages stage 2 alone is clean */
START_TEST(a_stage_2_that_is_clean_is_made_dirty_behind_a_stage_1_that_is_dirty)
{
	struct ported p = updating(true, false);

	*leaf1(&p, STREAM_BOTH, 1) = (*leaf1(&p, STREAM_BOTH, 1) & ~BIT7) | AF;
	(void)ask(&p, STREAM_BOTH, 0, (enum way)_i);
	ck_assert(!is_dirty2(&p, STREAM_BOTH));
	(void)ask(&p, STREAM_BOTH, SMMU3_TXN_WRITE, (enum way)_i);
	ck_assert(is_dirty2(&p, STREAM_BOTH));
	close_ported(&p);
}
END_TEST

/* HTTU-21, I_WZRPC: so that many writes make one update; in the TLB, without micro-TLBs */
START_TEST(once_it_is_dirty_nothing_is_read_again)
{
	const struct space *space = &ported_spaces[STREAM_BOTH];
	struct machine *m = keeping(CACHES);
	struct ported p = { .m = m };

	m->config.idr[0] |= 2 << 6;
	m->windows = true;
	start_machine(m);
	put_space(m, space);
	ram_at(m, STREAMS_AT + 64 * space->sid)[2] |= UINT64_C(3) << 55;
	put_s1(m, space, 1, s1_page(PAGE(1)));
	put_s2(m, space, 1, (s2_page(HERE + PAGE(1)) | DBM) & ~BIT7);
	ck_assert_uint_eq(access_by(m, space->sid, PAGE(1), 0).pa, HERE + PAGE(1));
	ck_assert_uint_eq(access_by(m, space->sid, PAGE(1), SMMU3_TXN_WRITE).pa, HERE + PAGE(1));
	ck_assert(is_dirty2(&p, STREAM_BOTH));
	*leaf1(&p, STREAM_BOTH, 1) = *leaf2(&p, STREAM_BOTH, 1) = 0;
	*ram_at(m, table2(space, 2)) = 0;
	ck_assert_uint_eq(access_by(m, space->sid, PAGE(1), SMMU3_TXN_WRITE).pa, HERE + PAGE(1));
	ck_assert_uint_eq(access_by(m, space->sid, PAGE(1), 0).perm & 2, 2); /* UW */
	close_machine(m);
}
END_TEST

/* stats.h: an update is an access of memory, and no walk */
START_TEST(an_update_is_counted_as_an_access)
{
	struct machine *m = keeping(0);
	const struct space *space = &ported_spaces[STREAM_1];
	struct smmu3_stats stats;

	m->config.idr[0] |= 2 << 6;
	m->config.statistics = 1;
	m->windows = true;
	start_machine(m);
	put_space(m, space);
	ram_at(m, cd_at(space, 0))[0] |= UINT64_C(3) << 42;
	put_s1(m, space, 1, s1_page(HERE + PAGE(1)) & ~AF);
	ck_assert_uint_eq(access_by(m, space->sid, PAGE(1), 0).pa, HERE + PAGE(1));
	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), 0);
	ck_assert_uint_eq(stats.s1_walks, 1);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S1_TTD], 3 + 1); /* three levels */
	close_machine(m);
}
END_TEST

/* HTTU-10: pages 0 to 15, also where what the bit joins is kept as one */
START_TEST(each_page_of_a_contiguous_group_is_marked)
{
	struct ported p = updating(true, true);

	for (unsigned page = 0; page < 16; page++)
		*leaf1(&p, STREAM_1, page) = (s1_page(HERE + PAGE(page)) | DBM | BIT7 | CONTIGUOUS);
	for (unsigned page = 0; page < 16; page++) {
		const struct smmu3_txn txn = { .addr = PAGE(page),
					       .bytes = 4,
					       .sid = ported_spaces[STREAM_1].sid,
					       .flags = SMMU3_TXN_WRITE };

		ck_assert_uint_eq(outcome_of(&p, &txn, (enum way)_i).pa, HERE + PAGE(page));
		for (unsigned other = 0; other < 16; other++)
			ck_assert_uint_eq(!(*leaf1(&p, STREAM_1, other) & BIT7), other <= page);
	}
	close_ported(&p);
}
END_TEST

/* ---- Races ---- */

/* Makes stage 1's descriptor invalid when stage 2 has been told that it is to be written. */
static void change_when_written(struct machine *m, const struct happening *now)
{
	const struct space *space = &ported_spaces[STREAM_BOTH];

	if (now->kind == WRITTEN && now->access.reason == SMMU3_REASON_S2_TTD)
		*ram_at(m, table1(space, 3) + 8) = 0;
}

/* HTTU-02: software is faster, between the walk and the update of what it found */
START_TEST(what_software_changes_under_a_walk_is_heeded)
{
	struct ported p = updating(true, false);
	const struct space *space = &ported_spaces[STREAM_BOTH];
	const struct smmu3_txn txn = { .addr = PAGE(1), .bytes = 4, .sid = space->sid };
	uint64_t *tables = ram_at(p.m, table2(space, 1) + 8 * (RAM_AT / GB));

	*tables = (*tables | DBM) & ~BIT7;
	p.m->inside = change_when_written;
	ck_assert_uint_eq(outcome_of(&p, &txn, BY_NO_PORT).event, 0x10); /* F_TRANSLATION */
	ck_assert_uint_eq(*tables & BIT7, BIT7);
	ck_assert_uint_eq(*leaf1(&p, STREAM_BOTH, 1), 0);
	p.m->inside = NULL;
	close_ported(&p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_write_after_reads_is_seen_by_both_stages, 0, WAYS * WAYS);
	tcase_add_loop_test(tests,
			    a_stage_2_that_is_clean_is_made_dirty_behind_a_stage_1_that_is_dirty, 0,
			    WAYS);
	tcase_add_test(tests, an_update_is_counted_as_an_access);
	tcase_add_test(tests, once_it_is_dirty_nothing_is_read_again);
	tcase_add_loop_test(tests, each_page_of_a_contiguous_group_is_marked, 0, WAYS);
	tcase_add_test(tests, what_software_changes_under_a_walk_is_heeded);
}

int main(void)
{
	return run("httu_kept", add);
}
