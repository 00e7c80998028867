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

/* ---- Sizes ---- */

/* Of a table that is the first and the last of its walk.  Table D8-104 */
static const struct shape {
	unsigned tg, tsz, sl0; /* TG0, S2TG; T0SZ, S2T0SZ; S2SL0 */
	unsigned lsb, group;   /* log2 of what a descriptor maps, of what a group has */
	bool pages;
} shapes[] = {
	{ 0, 34, 0, 21, 4, false },                            /* 4KB: levels 2, 1 */
	{ 0, 25, 1, 30, 4, false }, { 2, 39, 0, 14, 7, true }, /* 16KB: levels 3, 2 */
	{ 2, 28, 1, 25, 5, false }, { 1, 35, 0, 16, 5, true }, /* 64KB: likewise */
	{ 1, 22, 1, 29, 5, false },
};

#define TABLE (RAM_AT + 0x600000)
#define LOW (UINT64_C(1) << 41)
#define HIGH (UINT64_C(1) << 42)

static void shape_stage1(struct machine *m, const struct shape *shape)
{
	uint64_t *cd = ram_at(m, cd_at(&one, 0));

	cd[0] = (cd[0] & ~(UINT64_C(0xff) | CD0_IPS(7))) | shape->tsz | shape->tg << 6 | CD0_IPS(5);
	cd[1] = TABLE;
}

static void shape_stage2(struct machine *m, const struct shape *shape)
{
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 2);
	const uint64_t fields = UINT64_C(0xff) << 32 | UINT64_C(0x1f) << 46;

	ste[2] = (ste[2] & ~fields) | (uint64_t)shape->tsz << 32 | (uint64_t)shape->sl0 << 38 |
		 (uint64_t)shape->tg << 46 | UINT64_C(5) << 48;
	ste[3] = TABLE;
}

/* Two groups and one descriptor beside them. */
static void fill(struct machine *m, const struct shape *shape, bool stage2, uint64_t output)
{
	const unsigned count = 2u << shape->group;

	for (uint64_t i = 0; i <= count; i++) {
		const uint64_t at = output + (i << shape->lsb);

		put_descriptor(m, TABLE, (unsigned)i,
			       (stage2 ? s2_block(at) : s1_block(at) | NG) | CONTIGUOUS |
				       (shape->pages ? 2 : 0));
	}
}

/* TLB-28, TLB-38: D8.7.1: a group of any granule and level is kept whole by one access, ends where
 * the next begins, and goes whole by any of its addresses; of stage 1 and of stage 2 */
START_TEST(a_group_of_each_size_comes_and_goes_whole)
{
	const struct shape *shape = &shapes[_i / 2];
	const bool stage2 = _i % 2;
	const uint32_t sid = stage2 ? 2 : 1;
	const uint64_t part = UINT64_C(1) << shape->lsb, whole = part << shape->group;
	const uint64_t asked[] = { 0, whole - part, whole / 2 + 0x1000 };

	for (int i = 0; i < COUNT(asked); i++) {
		struct machine *m = grouping(stage2 ? &two : &one);
		const uint64_t meant = asked[(i + 1) % 3] & ~UINT64_C(0xfff);

		if (stage2)
			shape_stage2(m, shape);
		else
			shape_stage1(m, shape);
		fill(m, shape, stage2, LOW);
		ck_assert_uint_eq(reached(m, sid, asked[i]), LOW + asked[i]);
		ck_assert_uint_eq(reached(m, sid, 2 * whole), LOW + 2 * whole);
		fill(m, shape, stage2, HIGH);
		for (uint64_t at = 0x38; at < whole; at += part)
			ck_assert_uint_eq(reached(m, sid, at), LOW + at);
		ck_assert_uint_eq(reached(m, sid, whole), HIGH + whole);
		finish(m, stage2 ? s2_ipa(4, meant, 1) : nh_va(3, 5, meant, 1));
		for (uint64_t at = 0x38; at < whole; at += part)
			ck_assert_uint_eq(reached(m, sid, at), HIGH + at);
		ck_assert_uint_eq(reached(m, sid, 2 * whole), LOW + 2 * whole);
		close_machine(m);
	}
}
END_TEST

/* ---- Regions smaller than a group ---- */

/* Stage 2 of few descriptors, all Contiguous, under a block of stage 1 of 1GB. */
static const struct region {
	unsigned tg, tsz, sl0; /* S2TG, S2T0SZ, S2SL0 */
	unsigned lsb;          /* log2 of what a descriptor maps */
	bool pages;
	uint64_t output, cd; /* of IPA 0; the IPA of the CD, and of a table behind it */
} regions[] = {
	{ 0, 42, 0, 21, false, RAM_AT, 0x3f0000 },         /* 4KB, level 2: 2 of a group of 16 */
	{ 2, 38, 1, 25, false, RAM_AT, 0x3f0000 },         /* 16KB, level 2: 2 of 32 */
	{ 2, 48, 0, 14, true, RAM_AT + 0x800000, 0x8000 }, /* 16KB, level 3: 4 of 128 */
	{ 1, 47, 0, 16, true, RAM_AT + 0x800000, 0x8000 }, /* 64KB, level 3: 2 of 32 */
	{ 0, 48, 3, 12, true, RAM_AT + 0x800000, 0x8000 }, /* 4KB, level 3: 16 of 16 */
};

static void put_region(struct machine *m, const struct region *region)
{
	struct ste ste = ste_of(BOTH_STAGES, region->cd);
	const uint64_t s1_table = region->cd + 0x1000;
	const unsigned count = 1u << (64 - region->tsz - region->lsb);

	ste.word[2] = (ste.word[2] & ~(UINT64_C(0xff) << 32)) | (uint64_t)region->tsz << 32 |
		      (uint64_t)region->sl0 << 38 | (uint64_t)region->tg << 46 | UINT64_C(5) << 48;
	ste.word[3] = TABLE;
	put_ste(m, 1, ste);
	put_cd(m, region->output + region->cd, cd_of(s1_table));
	put_descriptor(m, region->output + s1_table, 0, s1_block(0) | NG);
	for (uint64_t i = 0; i < 128; i++) {
		const uint64_t at = region->output + (i << region->lsb);
		const uint64_t leaf = s2_block(at) | CONTIGUOUS | (region->pages ? 2 : 0);

		put_descriptor(m, TABLE, (unsigned)i, i < count ? leaf : s2_block(THERE) | 3);
	}
}

/* WALK-20, WALK-21, ADR-16: D8.7.1.3: a group that is larger than the region of stage 2 does not
 * make the region larger, though stage 1 maps more: what is behind its end is looked up by no
 * descriptor */
START_TEST(a_group_does_not_reach_beyond_the_region_of_stage_2)
{
	const struct region *region = &regions[_i];
	const uint64_t end = UINT64_C(1) << (64 - region->tsz);
	struct machine *m = grouping(&one);

	put_region(m, region);
	ck_assert_uint_eq(reached(m, 1, 0x18), region->output + 0x18);
	ck_assert_uint_eq(reached(m, 1, end - 8), region->output + end - 8);
	for (uint64_t beyond = end; beyond < GB; beyond *= 2) {
		const struct smmu3_outcome outcome = access_by(m, 1, beyond, 0);

		ck_assert_uint_eq(outcome.event, 0x10);
		ck_assert_uint_eq(outcome.fault_stage, 2);
		ck_assert_uint_eq(outcome.fault_addr, beyond);
	}
	ck_assert_uint_eq(reached(m, 1, 0x18), region->output + 0x18);
	close_machine(m);
}
END_TEST

/* TLB-28: D8.7.1: 16 pages of 4KB are all of a region of 16 bits, and one translation: what is
 * rewritten behind the first of them is not seen until an address of theirs is invalidated */
START_TEST(a_group_that_is_all_of_a_small_region_is_kept_whole)
{
	static const struct shape shape = { 0, 48, 3, 12, 4, true };
	const bool stage2 = _i;
	const uint32_t sid = stage2 ? 2 : 1;
	struct machine *m = grouping(stage2 ? &two : &one);

	if (stage2)
		shape_stage2(m, &shape);
	else
		shape_stage1(m, &shape);
	fill(m, &shape, stage2, LOW);
	ck_assert_uint_eq(reached(m, sid, 0x8), LOW + 0x8);
	fill(m, &shape, stage2, HIGH);
	ck_assert_uint_eq(reached(m, sid, 0xfff8), LOW + 0xfff8);
	ck_assert_uint_eq(access_by(m, sid, 0x10000, 0).event, 0x10);
	finish(m, stage2 ? s2_ipa(4, 0x5000, 1) : nh_va(3, 5, 0x5000, 1));
	ck_assert_uint_eq(reached(m, sid, 0xfff8), HIGH + 0xfff8);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_group_does_not_reach_beyond_the_outputs_of_stage_1);
	tcase_add_test(tests, a_group_does_not_reach_beyond_the_outputs_of_stage_2);
	tcase_add_test(tests, blocks_of_4tb_are_no_group);
	tcase_add_loop_test(tests, a_group_of_each_size_comes_and_goes_whole, 0, 2 * COUNT(shapes));
	tcase_add_loop_test(tests, a_group_does_not_reach_beyond_the_region_of_stage_2, 0,
			    COUNT(regions));
	tcase_add_loop_test(tests, a_group_that_is_all_of_a_small_region_is_kept_whole, 0, 2);
}

int main(void)
{
	return run("kept_groups", add);
}
