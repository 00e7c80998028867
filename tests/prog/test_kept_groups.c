/* SPDX-License-Identifier: MIT */
/* Contiguous groups that are kept as one translation, where they meet the end of what a stage puts
 * out, and where the bit says nothing.  caches.contiguous, D8.7.1 */
#include "keeping.h"
#include "run.h"

#include <check.h>

#define CONTIGUOUS (UINT64_C(1) << 52)
#define TB4 (UINT64_C(1) << 42)

static const struct space one = { 1, STAGE_1, 3, 5 }, two = { 2, STAGE_2, 4, 6 };

static struct machine *grouping(const struct space *space)
{
	struct machine *m = keeping(64);

	m->config.caches.contiguous = 1;
	start_machine(m);
	put_space(m, space);
	return m;
}

/* 16 blocks of 1GB to the outputs from 0 on, of which 4 are below 2^32. */
static void put_group(struct machine *m, uint64_t table, uint64_t block)
{
	for (unsigned i = 0; i < 16; i++)
		put_descriptor(m, table, 16 + i, (block + i * GB) | CONTIGUOUS);
}

static void expect_end_of_outputs(struct machine *m, uint32_t sid)
{
	ck_assert_uint_eq(reached(m, sid, 17 * GB + 8), GB + 8);
	ck_assert_uint_eq(reached(m, sid, 19 * GB), 3 * GB);
	for (unsigned i = 4; i < 16; i++)
		ck_assert_uint_eq(access_by(m, sid, (16 + i) * GB, 0).event, 0x11);
	ck_assert_uint_eq(reached(m, sid, 16 * GB), 0);
}

/* WALK-19, WALK-20: D8.7.1.2 (RXFDVL): what is above the outputs of CD.IPS, 32 bits, is an Address
 * Size fault, though the bit joins it to a block below that is kept */
START_TEST(a_group_does_not_reach_beyond_the_outputs_of_stage_1)
{
	struct machine *m = grouping(&one);

	*ram_at(m, cd_at(&one, 0)) &= ~CD0_IPS(7);
	put_group(m, table1(&one, 1), s1_block(0) | NG);
	expect_end_of_outputs(m, 1);
	close_machine(m);
}
END_TEST

/* WALK-19, WALK-20: D8.7.1.2: likewise of STE.S2PS, 32 bits */
START_TEST(a_group_does_not_reach_beyond_the_outputs_of_stage_2)
{
	struct machine *m = grouping(&two);

	put_group(m, table2(&two, 1), s2_block(0));
	expect_end_of_outputs(m, 2);
	close_machine(m);
}
END_TEST

/* WALK-19: D8.7.1: of a level 1 block of 64KB granules the bit is RES0, and joins nothing: the next
 * is another, and goes apart */
START_TEST(blocks_of_4tb_are_no_group)
{
	struct machine *m = grouping(&one);
	uint64_t *cd = ram_at(m, cd_at(&one, 0));
	const uint64_t table = RAM_AT + 0x10000;

	/* T0SZ 16, TG0 64KB, IPS 52 bits */
	*cd = (*cd & ~(UINT64_C(0x3f) | UINT64_C(3) << 6 | CD0_IPS(7))) | 16 | 1 << 6 | CD0_IPS(6);
	cd[1] = table;
	put_descriptor(m, table, 0, s1_block(0) | NG | CONTIGUOUS);
	put_descriptor(m, table, 1, 0);
	put_descriptor(m, table, 2, s1_block(7 * TB4) | NG | CONTIGUOUS);
	ck_assert_uint_eq(reached(m, 1, HERE), HERE);
	ck_assert_uint_eq(access_by(m, 1, TB4, 0).event, 0x10);
	ck_assert_uint_eq(reached(m, 1, 2 * TB4), 7 * TB4);
	put_descriptor(m, table, 0, s1_block(5 * TB4) | NG);
	finish(m, nh_va(3, 5, 2 * TB4, 1));
	ck_assert_uint_eq(reached(m, 1, HERE), HERE);
	finish(m, nh_va(3, 5, TB4 - PAGE(1), 1));
	ck_assert_uint_eq(reached(m, 1, HERE), 5 * TB4 + HERE);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_group_does_not_reach_beyond_the_outputs_of_stage_1);
	tcase_add_test(tests, a_group_does_not_reach_beyond_the_outputs_of_stage_2);
	tcase_add_test(tests, blocks_of_4tb_are_no_group);
}

int main(void)
{
	return run("kept_groups", add);
}
