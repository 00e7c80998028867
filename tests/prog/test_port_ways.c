/* SPDX-License-Identifier: MIT */
/* The short way to a page, by the place of its table: what it comes to is what a walk comes to, and
 * it is there as long as no table on it is removed.  D8.3, 4.4.2 */
#include "ported.h"
#include "run.h"

#include <check.h>
#include <smmu/inspect.h>
#include <string.h>

static uint64_t goes(struct ported *p, int space, unsigned page, enum way way)
{
	const struct smmu3_txn txn = { .addr = PAGE(page),
				       .bytes = 4,
				       .sid = ported_spaces[space].sid };
	const struct smmu3_outcome outcome = outcome_of(p, &txn, way);

	return outcome.verdict == SMMU3_OK ? outcome.pa : NOWHERE;
}

/* ---- What it comes to ---- */

static void ignore_step(void *context, const struct smmu3_step *step)
{
	(void)context;
	(void)step;
}

static uint64_t next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 16;
}

#define SH_BITS UINT64_C(0x300)

/* A leaf by chance: bits that say who may do what, and how, some of them as in every good one; and
 * now and then none, a table, or one that leads too far. */
static uint64_t some_leaf(uint64_t good, uint64_t *random, bool ds)
{
	const uint64_t counts = UINT64_C(0x07fc000000000ffc);
	uint64_t leaf = (ds ? good & ~SH_BITS : good) ^
			(next(random) & next(random) & next(random) & counts);

	if (next(random) % 8)
		leaf |= TTD_AF;
	if (next(random) % 32 == 0)
		leaf ^= 1 + next(random) % 3;
	if (next(random) % 32 == 0)
		leaf |= UINT64_C(1) << (36 + next(random) % 12);
	return leaf;
}

/* Each kind of access, the first of which meets it: by a port and without one. */
static void expect_as_by_a_walk(struct ported *p, int space, uint64_t addr)
{
	for (unsigned i = 0; i < 16; i++) {
		const struct smmu3_txn txn = { .addr = addr + 8 * i,
					       .bytes = 4,
					       .sid = ported_spaces[space].sid,
					       .flags = (uint16_t)((i & 7) << 1) };
		struct smmu3_outcome afresh,
			now = outcome_of(p, &txn, i & 8 ? BY_NO_PORT : BY_PORT);

		memset(&afresh, 0, sizeof(afresh));
		(void)smmu3_explain(p->m->smmu, &txn, &afresh, ignore_step, NULL);
		afresh.recorded = now.recorded;
		ck_assert_mem_eq(&now, &afresh, sizeof(now));
	}
}

/* Pages and blocks of 2MB at the places 16 to 511 of their tables. */
static void put_leaves(struct machine *m, int space, uint64_t *random, bool ds)
{
	const struct space *at = &ported_spaces[space];
	const bool first = at->config & 1;

	for (unsigned n = 16; n < 512; n++) {
		const uint64_t page = first ? s1_page(HERE + PAGE(n)) : s2_page(HERE + PAGE(n));
		const uint64_t block = first ? s1_block(n * MB2) | NG : s2_block(n * MB2);

		put_descriptor(m, first ? table1(at, 3) : table2(at, 3), n,
			       some_leaf(page, random, ds));
		put_descriptor(m, first ? table1(at, 2) : table2(at, 2), n,
			       some_leaf(block, random, ds));
	}
}

/* Of both stages: what stage 1 leads to by its pages and blocks. */
static void put_second_leaves(struct machine *m, uint64_t *random, bool ds)
{
	const struct space *at = &ported_spaces[2];

	for (unsigned n = 16; n < 512; n++) {
		put_descriptor(m, table1(at, 3), n, some_leaf(s1_page(PAGE(n)), random, ds));
		put_s2(m, at, n, some_leaf(s2_page(HERE + PAGE(n)), random, ds));
		put_descriptor(m, table2(at, 2), n, some_leaf(s2_block(n * MB2), random, ds));
	}
}

static void expect_short_ways(struct ported *p, int space, uint64_t random, bool ds)
{
	put_leaves(p->m, space, &random, ds);
	if (space == 2)
		put_second_leaves(p->m, &random, ds);
	for (unsigned n = 16; n < 512; n++) {
		for (enum way way = 0; way < WAYS; way++)
			(void)goes(p, space, 1, way);
		expect_as_by_a_walk(p, space, PAGE(n));
		expect_as_by_a_walk(p, space, n * MB2 + PAGE(n));
	}
}

/* PERM-01, ATTR-01, TLB-11: leaves by chance, of stage 1, of stage 2, of both: each outcome is that
 * of a walk, byte for byte */
START_TEST(the_short_way_comes_to_what_a_walk_comes_to)
{
	for (int space = 0; space < SPACES; space++) {
		struct ported p = ported(0, true);

		expect_short_ways(&p, space, 1000 * (uint64_t)_i + (uint64_t)space, false);
		close_ported(&p);
	}
}
END_TEST

/* IDR5.DS, and what SMMUv3.3 has always: Hyp, E0PD, PTWNNC. */
static struct ported ported_with_ds(void)
{
	struct machine *m = portable(0, true);

	m->config.aidr = 3;
	m->config.idr[0] |= 1u << 9;
	m->config.idr[3] |= 3u << 13;
	m->config.idr[5] |= 1u << 7;
	start_machine(m);
	return open_ported(m);
}

/* CD.DS with SH0 = OSH and 52 bits, S2DS with S2SH0 = NSH and 52 bits; page 1 as before. */
static void want_ds(struct machine *m, int space)
{
	const struct space *at = &ported_spaces[space];
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * at->sid);

	if (at->config & 1) {
		uint64_t *cd = ram_at(m, cd_at(at, 0));

		cd[0] = (cd[0] & ~(UINT64_C(3) << 12 | CD0_IPS(7))) | 2 << 12 | CD0_IPS(6);
		cd[2] |= UINT64_C(1) << 58;
		*ram_at(m, table1(at, 3) + 8) &= ~SH_BITS;
	}
	if (at->config & 2) {
		ste[2] = (ste[2] & ~(UINT64_C(3) << 44 | UINT64_C(7) << 48)) | UINT64_C(6) << 48;
		ste[3] |= 1 << 3;
		*ram_at(m, table2(at, 3) + 8) &= ~SH_BITS;
	}
}

/* WALK-13, CD-21, STE-35, TLB-11: the same with DS, where bits 9:8 lead beyond 2^50 */
START_TEST(the_short_way_with_ds_comes_to_what_a_walk_comes_to)
{
	for (int space = 0; space < SPACES; space++) {
		struct ported p = ported_with_ds();

		want_ds(p.m, space);
		expect_short_ways(&p, space, 1000 * (uint64_t)_i + (uint64_t)space, true);
		close_ported(&p);
	}
}
END_TEST

/* ---- How long it is there ---- */

static void submit_all(struct machine *m, const struct command *commands)
{
	for (; commands->word[0]; commands++)
		queue_command(m, *commands);
	submit(m, SYNC_NONE);
	ck_assert(consumed(m));
}

static const struct {
	int space;
	struct command stays[2], goes[3];
} rows[] = {
	{ 0,
	  { { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) | 1 } } },
	  { { { 0x12 | UINT64_C(0x50003) << 32, PAGE(1) } } } },
	{ 0,
	  { { { 0x13 | UINT64_C(3) << 32, PAGE(1) | 1 } } },
	  { { { 0x11 | UINT64_C(0x50003) << 32, 0 } } } },
	{ 1,
	  { { { 0x2a | UINT64_C(4) << 32, PAGE(1) | 1 } } },
	  { { { 0x2a | UINT64_C(4) << 32, PAGE(1) } } } },
	{ 2,
	  { { { 0x12 | UINT64_C(0x60005) << 32, PAGE(1) | 1 } } },
	  { { { 0x10 | UINT64_C(5) << 32, 0 } } } },
	{ 2,
	  { { { 0x2a | UINT64_C(5) << 32, PAGE(1) | 1 } } },
	  { { { 0x28 | UINT64_C(5) << 32, 0 } } } },
};

/* A table that is taken out of the tree above it. */
static void unlink_table(struct machine *m, int space)
{
	const struct space *at = &ported_spaces[space];

	__atomic_store_n(ram_at(m, at->config & 1 ? table1(at, 2) : table2(at, 2)), 0,
			 __ATOMIC_RELEASE);
}

/* TLB-27, TLB-35: a table that was taken out of the tree may be used until an invalidation means
 * tables; after it, pages that nobody has asked for are not found by it */
START_TEST(ways_go_with_their_tables)
{
	for (enum way way = 0; way < WAYS; way++) {
		struct ported p = ported(0, true);
		const int space = rows[_i].space;

		for (unsigned page = 4; page < 8; page++) {
			put_s1(p.m, &ported_spaces[0], page, s1_page(HERE + PAGE(page)));
			put_s2(p.m, &ported_spaces[1], page, s2_page(HERE + PAGE(page)));
			put_s1(p.m, &ported_spaces[2], page, s1_page(PAGE(page)));
			put_s2(p.m, &ported_spaces[2], page, s2_page(HERE + PAGE(page)));
		}
		ck_assert_uint_eq(goes(&p, space, 1, way), HERE + PAGE(1));
		unlink_table(p.m, space);
		ck_assert_uint_eq(goes(&p, space, 2, way), HERE + PAGE(2));
		submit_all(p.m, rows[_i].stays);
		ck_assert_uint_eq(goes(&p, space, 3, way), HERE + PAGE(3));
		submit_all(p.m, rows[_i].goes);
		for (unsigned page = 4; page < 8; page++) /* the others may be kept */
			ck_assert_uint_eq(goes(&p, space, page, way), NOWHERE);
		close_ported(&p);
	}
}
END_TEST

/* port.h, 4.7.3: while a section is open, tables that have been taken out may be used, since
 * CMD_SYNC, after which their memory is used again, is not consumed */
START_TEST(a_way_may_be_gone_in_a_section)
{
	struct ported p = ported(0, true);

	smmu3_port_begin(p.port);
	ck_assert_uint_eq(goes(&p, 0, 1, BY_PORT), HERE + PAGE(1));
	unlink_table(p.m, 0);
	submit_with_sync(p.m, nh_all(3));
	ck_assert_uint_eq(goes(&p, 0, 2, BY_PORT), HERE + PAGE(2));
	ck_assert(!consumed(p.m));
	smmu3_port_end(p.port);
	ck_assert(consumed(p.m));
	for (unsigned page = 1; page < 4; page++)
		ck_assert_uint_eq(goes(&p, 0, page, BY_PORT), NOWHERE);
	close_ported(&p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, the_short_way_comes_to_what_a_walk_comes_to, 0, 4);
	tcase_add_loop_test(tests, the_short_way_with_ds_comes_to_what_a_walk_comes_to, 0, 4);
	tcase_add_loop_test(tests, ways_go_with_their_tables, 0, COUNT(rows));
	tcase_add_test(tests, a_way_may_be_gone_in_a_section);
}

int main(void)
{
	return run("port_ways", add);
}
