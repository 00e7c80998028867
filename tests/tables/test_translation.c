/* SPDX-License-Identifier: MIT */
/*
 * The builder's translation tables: words worked out by hand from DDI 0487 D8.2 and D8.3.  The
 * memory of a test begins at 0x80000000; the root is the first thing taken, tables follow it.
 */
#include "arena.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>

static struct arena arena;

static void setup(void)
{
	arena_open(&arena);
}

static void teardown(void)
{
	arena_close(&arena);
}

static struct smmu3_table table(unsigned stage, unsigned granule_lg2, unsigned input_bits,
				unsigned output_bits)
{
	const struct smmu3_table made = {
		.stage = (uint8_t)stage,
		.granule_lg2 = (uint8_t)granule_lg2,
		.input_bits = (uint8_t)input_bits,
		.output_bits = (uint8_t)output_bits,
		.start_level = SMMU3_LEVEL_AUTO,
	};

	return made;
}

static struct smmu3_table created(unsigned stage, unsigned granule_lg2, unsigned input_bits,
				  unsigned output_bits)
{
	struct smmu3_table made = table(stage, granule_lg2, input_bits, output_bits);

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	return made;
}

static int map(const struct smmu3_table *into, uint64_t input, uint64_t output, uint64_t size)
{
	const struct smmu3_map wanted = { .input = input, .output = output, .size = size };

	return smmu3_table_map(&arena.builder, into, &wanted);
}

#define word(address) arena_word(&arena, address)

/* ---- Start levels ---- */

struct start {
	unsigned stage, granule_lg2, input_bits;
	int level;
	uint64_t bytes; /* of the initial tables */
};

/* conformance start-level table: rows of each granule, first and last sizes of a level */
static const struct start starts[] = {
	{ 1, 12, 48, 0, 4096 },  { 1, 12, 40, 0, 64 },      { 1, 12, 39, 1, 4096 },
	{ 1, 12, 31, 1, 64 },    { 1, 12, 30, 2, 4096 },    { 1, 12, 22, 2, 64 },
	{ 1, 12, 21, 3, 4096 },  { 1, 12, 16, 3, 128 },     { 1, 14, 48, 0, 64 },
	{ 1, 14, 47, 1, 16384 }, { 1, 14, 36, 2, 16384 },   { 1, 14, 25, 3, 16384 },
	{ 1, 16, 52, 1, 8192 },  { 1, 16, 43, 1, 64 },      { 1, 16, 42, 2, 65536 },
	{ 1, 16, 29, 3, 65536 }, { 2, 12, 48, 0, 4096 },    { 2, 12, 44, 0, 256 },
	{ 2, 12, 43, 1, 65536 }, { 2, 12, 40, 1, 8192 },    { 2, 12, 34, 2, 65536 },
	{ 2, 12, 25, 2, 128 },   { 2, 12, 22, 2, 64 },      { 2, 12, 21, 3, 4096 },
	{ 2, 14, 48, 1, 32768 }, { 2, 14, 40, 2, 262144 },  { 2, 14, 29, 3, 262144 },
	{ 2, 16, 52, 1, 8192 },  { 2, 16, 46, 2, 1048576 }, { 2, 16, 33, 3, 1048576 },
};

/* WALK-02, S2-01 to S2-05 */
START_TEST(a_table_begins_at_the_level_its_size_asks_for)
{
	const struct start *const want = &starts[_i];
	const struct smmu3_table made = created(want->stage, want->granule_lg2, want->input_bits,
						want->granule_lg2 == 16 ? 52 : 48);

	ck_assert_int_eq(made.start_level, want->level);
	ck_assert_uint_eq(arena.used, want->bytes);
	ck_assert_uint_eq(made.root % want->bytes, 0);
}
END_TEST

struct stage2_start {
	unsigned granule_lg2, input_bits;
	int level;
	int legal;
};

/* S2-04: 4K level 0 has T0SZ 16-24, 1 21-33, 2 30-42, 3 39-48; 16K 1 16-27, 2 24-38, 3 35-48; 64K 1
 * 12-21, 2 18-34, 3 31-47 */
static const struct stage2_start stage2_starts[] = {
	{ 12, 40, 0, 1 },  { 12, 39, 0, 0 }, { 12, 43, 1, 1 }, { 12, 44, 1, 0 }, { 12, 31, 1, 1 },
	{ 12, 30, 1, 0 },  { 12, 34, 2, 1 }, { 12, 35, 2, 0 }, { 12, 22, 2, 1 }, { 12, 21, 2, 0 },
	{ 12, 25, 3, 1 },  { 12, 26, 3, 0 }, { 14, 48, 0, 0 }, { 14, 48, 1, 1 }, { 14, 37, 1, 1 },
	{ 14, 36, 1, 0 },  { 14, 40, 2, 1 }, { 14, 41, 2, 0 }, { 14, 26, 2, 1 }, { 14, 25, 2, 0 },
	{ 14, 29, 3, 1 },  { 14, 30, 3, 0 }, { 16, 52, 1, 1 }, { 16, 43, 1, 1 }, { 16, 42, 1, 0 },
	{ 16, 46, 2, 1 },  { 16, 47, 2, 0 }, { 16, 30, 2, 1 }, { 16, 29, 2, 0 }, { 16, 33, 3, 1 },
	{ 16, 34, 3, 0 },  { 16, 17, 3, 1 }, { 16, 16, 3, 0 }, { 12, 16, 3, 1 }, { 12, 15, 3, 0 },
	{ 12, 48, -1, 0 }, { 12, 40, 4, 0 },
};

/* S2-03, S2-04 */
START_TEST(stage_2_begins_where_asked_if_the_format_has_it)
{
	const struct stage2_start *const row = &stage2_starts[_i];
	struct smmu3_table made = table(2, row->granule_lg2, row->input_bits,
					row->granule_lg2 == 16 ? 52 : 48);

	made.start_level = (int8_t)row->level;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made),
			 row->legal ? 0 : -SMMU3_E_ARGUMENT);
}
END_TEST

static struct smmu3_table with_ds(struct smmu3_table table)
{
	table.ds = 1;
	return table;
}

/* WALK4K-01, WALK16K-01, S2-01, S2-02, S2-04: with DS 4K begins at level -1 with 49 bits or more,
 * 16K at level 0; stage 2 concatenates up to 16 tables of the level below: AUTO is -8 */
static const struct {
	unsigned stage, granule_lg2, input_bits;
	int asked, level; /* level -8: refused */
	uint64_t bytes;
} ds_starts[] = {
	{ 1, 12, 52, 0, -1, 128 },    { 1, 12, 49, 0, -1, 64 }, { 1, 12, 48, 0, 0, 4096 },
	{ 1, 14, 52, 0, 0, 256 },     { 1, 14, 48, 0, 0, 64 },  { 2, 12, 52, -8, 0, 65536 },
	{ 2, 12, 52, -1, -1, 128 },   { 2, 12, 48, -1, -8, 0 }, { 2, 14, 52, -8, 0, 256 },
	{ 2, 14, 51, -8, 1, 262144 }, { 2, 14, 48, 0, 0, 64 },  { 2, 14, 52, -1, -8, 0 },
	{ 1, 12, 53, 0, -8, 0 },      { 1, 16, 48, 0, -8, 0 },
};

START_TEST(with_ds_a_table_may_have_52_bits)
{
	struct smmu3_table made = with_ds(table(ds_starts[_i].stage, ds_starts[_i].granule_lg2,
						ds_starts[_i].input_bits, 52));

	made.start_level = (int8_t)ds_starts[_i].asked;
	if (ds_starts[_i].level == -8) {
		ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), -SMMU3_E_ARGUMENT);
		return;
	}
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	ck_assert_int_eq(made.start_level, ds_starts[_i].level);
	ck_assert_uint_eq(arena.used, ds_starts[_i].bytes);
}
END_TEST

/* WALK-13: bits 51:50 of 0xa000000002000 are 0b10, 49:48 0b10; what would be SH of the attributes
 * is not there.  Input 0x9000000001000: entry 9 of level -1, and 1 of level 3 */
START_TEST(a_page_with_ds_folds_bits_51_and_50)
{
	struct smmu3_table made = with_ds(table(1, 12, 52, 52));
	const struct smmu3_map wanted = { .input = 0x9000000001000,
					  .output = 0xa000000002000,
					  .size = 0x1000,
					  .attributes = 0x700 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &wanted), 0);
	ck_assert_uint_eq(word(0x80000048), 0x80001003);
	ck_assert_uint_eq(word(0x80001000), 0x80002003);
	ck_assert_uint_eq(word(0x80002000), 0x80003003);
	ck_assert_uint_eq(word(0x80003000), 0x80004003);
	ck_assert_uint_eq(word(0x80004008), 0x2000000002603);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x9000000001000), 0);
	ck_assert_uint_eq(word(0x80004008), 0);
}
END_TEST

/* WALK4K-03, WALK16K-03: 512GB and 64GB, the first at entry 2 of level 0, below the second of level
 * -1; Contiguous is not for them */
START_TEST(with_ds_there_are_blocks_of_512gb_and_64gb)
{
	struct smmu3_table small = with_ds(table(1, 12, 52, 52));
	struct smmu3_table large = with_ds(table(1, 14, 47, 52));
	const struct smmu3_map of_small = { .input = 0x1010000000000,
					    .output = 0x8000000000000,
					    .size = 0x8000000000,
					    .contiguous = 1 };

	ck_assert_int_eq(smmu3_table_create(&arena.builder, &small), 0);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &small, &of_small), 0);
	ck_assert_uint_eq(word(0x80000008), 0x80001003);
	ck_assert_uint_eq(word(0x80001010), 0x201);
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &large), 0);
	ck_assert_int_eq(map(&large, 0x1000000000, 0x5000000000000, 0x1000000000), 0);
	ck_assert_uint_eq(word(large.root + 8), 0x1000000000101);
}
END_TEST

START_TEST(sizes_that_no_format_has_are_refused)
{
	const struct smmu3_table wrong[] = {
		table(0, 12, 39, 48),
		table(3, 12, 39, 48),
		table(1, 13, 39, 48),
		table(1, 12, 49, 48),
		table(1, 12, 15, 48),
		table(1, 12, 39, 49),
		table(1, 12, 39, 31),
		table(1, 16, 16, 48),
		table(1, 16, 53, 52),
		table(1, 16, 42, 53),
		table(1, 14, 52, 48),
		table(2, 12, 0, 48),
		{ .stage = 2,
		  .granule_lg2 = 12,
		  .input_bits = 39,
		  .output_bits = 48,
		  .upper = 1,
		  .start_level = SMMU3_LEVEL_AUTO },
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct smmu3_table made = wrong[i];

		ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), -SMMU3_E_ARGUMENT);
	}
	ck_assert_uint_eq(arena.used, 0);
}
END_TEST

/* ---- Descriptors ---- */

/* WALK4K-03; D8.3.1: page 0b11, table 0b11.  VA 0x1000 of 39 bits: index 0, 0, 1. */
START_TEST(a_page_of_4k_hangs_on_two_tables)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	ck_assert_int_eq(map(&made, 0x1000, 0x90000000, 0x1000), 0);
	ck_assert_uint_eq(word(0x80000000), 0x80001003);
	ck_assert_uint_eq(word(0x80001000), 0x80002003);
	ck_assert_uint_eq(word(0x80002008), 0x90000003);
	ck_assert_uint_eq(word(0x80002000), 0);
	ck_assert_uint_eq(word(0x80002010), 0);
	ck_assert_uint_eq(arena.writes, 3);
}
END_TEST

/* WALK-09: 1 GB at level 1, 2 MB at level 2, then pages; each as soon as both addresses allow */
START_TEST(the_largest_blocks_that_fit_are_chosen)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	/* 0x3fdff000: one page, then 2M, then 1G, then 2M, then one page */
	ck_assert_int_eq(map(&made, 0x3fdff000, 0x13fdff000,
			     0x1000 + 0x200000 + 0x40000000 + 0x200000 + 0x1000),
			 0);
	ck_assert_uint_eq(word(0x80000000), 0x80001003); /* the first GB: a table */
	ck_assert_uint_eq(word(0x80001000 + 8 * 510),
			  0x80002003); /* its 2 MB at 0x3fc00000: a table */
	ck_assert_uint_eq(word(0x80002000 + 8 * 511), 0x13fdff003); /* page 0x3fdff000 */
	ck_assert_uint_eq(word(0x80001000 + 8 * 511), 0x13fe00001); /* block of 2 MB: 0b01 */
	ck_assert_uint_eq(word(0x80000008), 0x140000001);           /* block of 1 GB */
	ck_assert_uint_eq(word(0x80000010), 0x80003003);
	ck_assert_uint_eq(word(0x80003000), 0x180000001);
	ck_assert_uint_eq(word(0x80003008), 0x80004003);
	ck_assert_uint_eq(word(0x80004000), 0x180200003);
}
END_TEST

START_TEST(no_block_larger_than_asked_for_is_used)
{
	const struct smmu3_table made = created(1, 12, 39, 48);
	const struct smmu3_map pages = { .size = 0x200000, .block = 0x1000 };
	const struct smmu3_map blocks = {
		.input = 0x40000000, .output = 0x40000000, .size = 0x40000000, .block = 0x200000
	};

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &pages), 0);
	ck_assert_uint_eq(word(0x80002000), 0x3);
	ck_assert_uint_eq(word(0x80002000 + 8 * 511), 0x1ff003);
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &blocks), 0);
	ck_assert_uint_eq(word(0x80000008), 0x80003003);
	ck_assert_uint_eq(word(0x80003000 + 8 * 511), 0x7fe00001);
}
END_TEST

START_TEST(an_output_out_of_step_with_its_input_gets_pages)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	ck_assert_int_eq(map(&made, 0x40000000, 0x40001000, 0x200000), 0);
	ck_assert_uint_eq(word(0x80002000), 0x40001003);
	ck_assert_uint_eq(word(0x80002000 + 8 * 511), 0x40200003);
}
END_TEST

/* WALK16K-03: block of 32 MB at level 2; VA of 36 bits begins there */
START_TEST(a_block_of_16k_tables_has_32_megabytes)
{
	const struct smmu3_table made = created(1, 14, 36, 48);

	ck_assert_int_eq(map(&made, 0x2000000, 0x4000000, 0x2000000 + 0x4000), 0);
	ck_assert_uint_eq(word(0x80000008), 0x4000001);
	ck_assert_uint_eq(word(0x80000010), 0x80004003);
	ck_assert_uint_eq(word(0x80004000), 0x6000003);
}
END_TEST

/* WALK16K-03: no block at level 1, 64 GB, without DS */
START_TEST(a_16k_table_has_no_block_at_level_1)
{
	const struct smmu3_table made = created(1, 14, 47, 48);

	ck_assert_int_eq(map(&made, 0x1000000000, 0x1000000000, 0x1000000000), 0);
	ck_assert_uint_eq(word(0x80000008), 0x80004003);
	ck_assert_uint_eq(word(0x80004000), 0x1000000001);
	ck_assert_uint_eq(word(0x80004000 + 8 * 2047), 0x1ffe000001);
}
END_TEST

/* WALK-12: with 64 KB, address bits 51:48 stand in 15:12 */
START_TEST(a_64k_page_beyond_48_bits_folds_its_top_bits)
{
	const struct smmu3_table made = created(1, 16, 42, 52);

	ck_assert_int_eq(map(&made, 0x10000, 0xf000000020000, 0x10000), 0);
	ck_assert_uint_eq(word(0x80000000), 0x80010003);
	ck_assert_uint_eq(word(0x80010008), 0x2f003);
}
END_TEST

/* WALK64K-03: block of 512 MB at level 2, and of 4 TB at level 1 with 52-bit outputs alone */
START_TEST(blocks_of_4_terabytes_need_52_bit_outputs)
{
	const struct smmu3_table wide = created(1, 16, 48, 52);
	const struct smmu3_table narrow = created(1, 16, 48, 48);

	ck_assert_int_eq(map(&wide, 0x40000000000, 0x8000000000000, 0x40000000000), 0);
	ck_assert_uint_eq(word(wide.root + 8), 0x8001);
	ck_assert_int_eq(map(&narrow, 0x40000000000, 0x40000000000, 0x40000000000), 0);
	ck_assert_uint_eq(word(narrow.root + 8), 0x80010003);
	ck_assert_uint_eq(word(0x80010008), 0x40020000001);
}
END_TEST

/* S2-05: 40 bits with 4 KB begin at level 1 in two concatenated tables: 1024 entries of 1 GB */
START_TEST(concatenated_tables_are_indexed_as_one)
{
	const struct smmu3_table made = created(2, 12, 40, 48);

	ck_assert_int_eq(map(&made, 0x8000000000, 0x40000000, 0x40000000), 0);
	ck_assert_int_eq(map(&made, 0xffc0000000, 0x80000000, 0x40000000), 0);
	ck_assert_uint_eq(word(0x80000000 + 8 * 512), 0x40000001);
	ck_assert_uint_eq(word(0x80000000 + 8 * 1023), 0x80000001);
}
END_TEST

/* The upper half of 39 bits begins at 0xffffff8000000000; D8.2.4 */
START_TEST(the_upper_half_ends_at_the_end_of_addresses)
{
	struct smmu3_table made = table(1, 12, 39, 48);

	made.upper = 1;
	ck_assert_int_eq(smmu3_table_create(&arena.builder, &made), 0);
	ck_assert_int_eq(map(&made, 0xfffffffffffff000, 0x90000000, 0x1000), 0);
	ck_assert_int_eq(map(&made, 0xffffff8000000000, 0x90001000, 0x1000), 0);
	ck_assert_uint_eq(word(0x80000000 + 8 * 511), 0x80001003);
	ck_assert_uint_eq(word(0x80002000 + 8 * 511), 0x90000003);
	ck_assert_uint_eq(word(0x80000000), 0x80003003);
	ck_assert_uint_eq(word(0x80004000), 0x90001003);
	ck_assert_int_eq(map(&made, 0x1000, 0x90000000, 0x1000), -SMMU3_E_ARGUMENT);
	ck_assert_int_eq(map(&made, 0xffffff7ffffff000, 0x90000000, 0x1000), -SMMU3_E_ARGUMENT);
}
END_TEST

struct run {
	unsigned granule_lg2, level_lg2; /* size of a leaf */
	uint64_t entries;
};

/* WALK-19 */
static const struct run runs[] = {
	{ 12, 12, 16 }, { 12, 21, 16 }, { 12, 30, 16 }, { 14, 14, 128 },
	{ 14, 25, 32 }, { 16, 16, 32 }, { 16, 29, 32 },
};

/* WALK-19: bit 52 in every entry of a whole, aligned run and in no other */
START_TEST(contiguous_marks_whole_runs)
{
	const struct run *const run = &runs[_i];
	const struct smmu3_table made = created(1, run->granule_lg2, 48, 48);
	const uint64_t leaf = UINT64_C(1) << run->level_lg2;
	const uint64_t start = run->entries / 2 * leaf; /* half a run, a whole one, half a run */
	const struct smmu3_map wanted = { .input = start,
					  .output = start,
					  .size = 2 * run->entries * leaf,
					  .block = leaf,
					  .contiguous = 1 };
	uint64_t before = 0, inside = 0, marked = 0, plain = 0;

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &wanted), 0);
	for (uint64_t at = ARENA_BASE; at < ARENA_BASE + arena.used; at += 8) {
		const uint64_t value = word(at);
		const uint64_t output = value & 0xfffffffff000 & ~(leaf - 1);
		const int is_leaf = run->level_lg2 == run->granule_lg2 ?
					    (value & 3) == 3 && output < 0x80000000 :
					    (value & 3) == 1;

		if (!is_leaf)
			continue;
		marked += value >> 52 & 1;
		plain += !(value >> 52 & 1);
		before += output == start && !(value >> 52 & 1);
		inside += output == run->entries * leaf && value >> 52 & 1;
	}
	ck_assert_uint_eq(marked, run->entries);
	ck_assert_uint_eq(plain, run->entries);
	ck_assert_uint_eq(before, 1);
	ck_assert_uint_eq(inside, 1);
}
END_TEST

START_TEST(a_run_whose_outputs_are_out_of_step_is_not_contiguous)
{
	const struct smmu3_table made = created(1, 12, 39, 48);
	const struct smmu3_map wanted = { .output = 0x90001000, .size = 0x10000, .contiguous = 1 };

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &wanted), 0);
	ck_assert_uint_eq(word(0x80002000), 0x90001003);
}
END_TEST

START_TEST(bits_for_leaves_and_for_new_tables_go_where_they_belong)
{
	const struct smmu3_table made = created(1, 12, 39, 48);
	const struct smmu3_map wanted = {
		.input = 0x200000,
		.output = 0x90000000,
		.size = 0x1000,
		.attributes = 0x0060000000000f44,
		.table_attributes = UINT64_C(1) << 62,
	};

	ck_assert_int_eq(map(&made, 0, 0x91000000, 0x1000),
			 0); /* makes the level 2 table without them */
	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &wanted), 0);
	ck_assert_uint_eq(word(0x80000000), 0x80001003);
	ck_assert_uint_eq(word(0x80001008), 0x4000000080003003);
	ck_assert_uint_eq(word(0x80003000), 0x0060000090000f47);
}
END_TEST

/* ---- Refusals ---- */

struct refusal {
	uint64_t input, output, size, block;
};

static const struct refusal refusals[] = {
	{ 0x800, 0, 0x1000, 0 },
	{ 0, 0x800, 0x1000, 0 },
	{ 0, 0, 0x800, 0 },
	{ 0, 0, 0, 0 },
	{ 0x8000000000, 0, 0x1000, 0 },
	{ 0x7ffffff000, 0, 0x2000, 0 },
	{ 0, 0x1000000000000, 0x1000, 0 },
	{ 0, 0xfffffffff000, 0x2000, 0 },
	{ 0, 0, 0x1000, 0x800 },
	{ 0xfffffffffffff000, 0, 0x2000, 0 },
};

START_TEST(a_mapping_that_does_not_fit_changes_nothing)
{
	const struct refusal *const row = &refusals[_i];
	const struct smmu3_table made = created(1, 12, 39, 48);
	const struct smmu3_map wanted = {
		.input = row->input, .output = row->output, .size = row->size, .block = row->block
	};

	ck_assert_int_eq(smmu3_table_map(&arena.builder, &made, &wanted), -SMMU3_E_ARGUMENT);
	ck_assert_uint_eq(arena.writes, 0);
}
END_TEST

START_TEST(an_overlap_changes_nothing)
{
	const struct smmu3_table made = created(1, 12, 39, 48);
	unsigned writes;

	ck_assert_int_eq(map(&made, 0x200000, 0x200000, 0x200000), 0);
	ck_assert_int_eq(map(&made, 0x401000, 0, 0x1000), 0);
	writes = arena.writes;
	ck_assert_int_eq(map(&made, 0x3ff000, 0, 0x2000), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(map(&made, 0, 0, 0x201000), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(map(&made, 0x400000, 0, 0x200000), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(map(&made, 0, 0, 0x40000000), -SMMU3_E_OVERLAP);
	ck_assert_uint_eq(arena.writes, writes);
	ck_assert_int_eq(map(&made, 0x402000, 0, 0x1000), 0);
}
END_TEST

START_TEST(what_is_unmapped_can_be_mapped_again)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	ck_assert_int_eq(map(&made, 0x1000, 0x90000000, 0x2000), 0);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x1fff), 0);
	ck_assert_uint_eq(word(0x80002008), 0);
	ck_assert_uint_eq(word(0x80002010), 0x90001003);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x1000), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x40000000), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x8000000000),
			 -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(map(&made, 0x1000, 0x91000000, 0x1000), 0);
	ck_assert_uint_eq(word(0x80002008), 0x91000003);
}
END_TEST

/* Where an empty table stands, a block would have to take its place while others walk it: pages do.
 */
START_TEST(an_empty_table_is_filled_with_pages)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	ck_assert_int_eq(map(&made, 0x200000, 0x90000000, 0x1000), 0);
	ck_assert_int_eq(smmu3_table_unmap(&arena.builder, &made, 0x200000), 0);
	ck_assert_int_eq(map(&made, 0x200000, 0x40000000, 0x200000), 0);
	ck_assert_uint_eq(word(0x80001008), 0x80002003);
	ck_assert_uint_eq(word(0x80002000 + 8 * 511), 0x401ff003);
}
END_TEST

START_TEST(a_failed_allocation_is_passed_on)
{
	const struct smmu3_table made = created(1, 12, 39, 48);

	arena.left = 1;
	ck_assert_int_eq(map(&made, 0, 0, 0x1000), -SMMU3_E_LIMIT);
}
END_TEST

/* ---- Attributes ---- */

/* WALK-16: AttrIndx 4:2, NS 5, AP 7:6, SH 9:8, AF 10, nG 11, DBM 51, PXN 53, UXN 54 */
START_TEST(stage_1_attributes_are_where_the_format_has_them)
{
	const struct smmu3_s1_attributes each[] = {
		{ .attr_index = 7 }, { .ns = 1 },  { .ap = 3 },  { .sh = SMMU3_ISH }, { .af = 1 },
		{ .ng = 1 },         { .dbm = 1 }, { .pxn = 1 }, { .uxn = 1 },
	};
	const uint64_t bits[] = { 0x1c,
				  0x20,
				  0xc0,
				  0x300,
				  0x400,
				  0x800,
				  0x0008000000000000,
				  0x0020000000000000,
				  0x0040000000000000 };

	for (unsigned i = 0; i < 9; i++)
		ck_assert_uint_eq(smmu3_s1_leaf(&each[i]), bits[i]);
}
END_TEST

/* PERM-25: PIIndex 54, 53, 51, 6, nDirty 7; AP, PXN, UXN and DBM are not there */
START_TEST(stage_1_attributes_may_be_indices)
{
	const struct smmu3_s1_attributes each[] = {
		{ .pi = 1 },
		{ .pi = 2 },
		{ .pi = 4 },
		{ .pi = 8 },
		{ .ap = 3, .pxn = 1, .uxn = 1, .dbm = 1 },
		{ .attr_index = 7 },
	};
	const uint64_t bits[] = {
		0x40, 0x0008000000000000, 0x0020000000000000, 0x0040000000000000, 0, 0x1c,
	};

	for (unsigned i = 0; i < 6; i++) {
		struct smmu3_s1_attributes attributes = each[i];

		attributes.indirect = 1;
		ck_assert_uint_eq(smmu3_s1_leaf(&attributes), bits[i] | 0x80);
		attributes.dirty = 1;
		ck_assert_uint_eq(smmu3_s1_leaf(&attributes), bits[i]);
	}
}
END_TEST

/* WALK-16, WALK-17: Protected 52, AssuredOnly 58, beside direct permissions and indices */
START_TEST(attributes_of_translation_hardening_are_where_the_format_has_them)
{
	struct smmu3_s1_attributes first = { .is_protected = 1, .indirect = _i == 1, .dirty = 1 };
	struct smmu3_s2_attributes second = { .assured_only = 1, .indirect = _i == 1 };

	ck_assert_uint_eq(smmu3_s1_leaf(&first), 0x0010000000000000);
	ck_assert_uint_eq(smmu3_s2_leaf(&second), 0x0400000000000000);
}
END_TEST

/* WALK-17: MemAttr 5:2, S2AP 7:6, SH 9:8, AF 10, DBM 51, XN 54:53 */
START_TEST(stage_2_attributes_are_where_the_format_has_them)
{
	const struct smmu3_s2_attributes each[] = {
		{ .memattr = 15 }, { .s2ap = 3 }, { .sh = SMMU3_OSH },
		{ .af = 1 },       { .dbm = 1 },  { .xn = 2 },
	};
	const uint64_t bits[] = {
		0x3c, 0xc0, 0x200, 0x400, 0x0008000000000000, 0x0040000000000000
	};

	for (unsigned i = 0; i < 6; i++)
		ck_assert_uint_eq(smmu3_s2_leaf(&each[i]), bits[i]);
}
END_TEST

/* PERM-27: PIIndex 54, 53, 51, 6, POIndex 62:59, Dirty 7; S2AP, XN and DBM are not there */
START_TEST(stage_2_attributes_may_be_indices)
{
	const struct smmu3_s2_attributes each[] = {
		{ .pi = 1 },       { .pi = 2 }, { .pi = 4 },    { .pi = 8 },
		{ .po = 1 },       { .po = 8 }, { .dirty = 1 }, { .s2ap = 3, .xn = 3, .dbm = 1 },
		{ .memattr = 15 },
	};
	const uint64_t bits[] = {
		0x40,
		0x0008000000000000,
		0x0020000000000000,
		0x0040000000000000,
		0x0800000000000000,
		0x4000000000000000,
		0x80,
		0,
		0x3c,
	};

	for (unsigned i = 0; i < 9; i++) {
		struct smmu3_s2_attributes attributes = each[i];

		attributes.indirect = 1;
		ck_assert_uint_eq(smmu3_s2_leaf(&attributes), bits[i]);
	}
	ck_assert_uint_eq(smmu3_s2_leaf(&each[0]) | smmu3_s2_leaf(&each[4]) |
				  smmu3_s2_leaf(&each[6]),
			  0);
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("tables: translation");
	TCase *const tests = tcase_create("translation");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, a_table_begins_at_the_level_its_size_asks_for, 0,
			    (int)(sizeof(starts) / sizeof(starts[0])));
	tcase_add_loop_test(tests, stage_2_begins_where_asked_if_the_format_has_it, 0,
			    (int)(sizeof(stage2_starts) / sizeof(stage2_starts[0])));
	tcase_add_loop_test(tests, with_ds_a_table_may_have_52_bits, 0,
			    sizeof(ds_starts) / sizeof(ds_starts[0]));
	tcase_add_test(tests, a_page_with_ds_folds_bits_51_and_50);
	tcase_add_test(tests, with_ds_there_are_blocks_of_512gb_and_64gb);
	tcase_add_test(tests, sizes_that_no_format_has_are_refused);
	tcase_add_test(tests, a_page_of_4k_hangs_on_two_tables);
	tcase_add_test(tests, the_largest_blocks_that_fit_are_chosen);
	tcase_add_test(tests, no_block_larger_than_asked_for_is_used);
	tcase_add_test(tests, an_output_out_of_step_with_its_input_gets_pages);
	tcase_add_test(tests, a_block_of_16k_tables_has_32_megabytes);
	tcase_add_test(tests, a_16k_table_has_no_block_at_level_1);
	tcase_add_test(tests, a_64k_page_beyond_48_bits_folds_its_top_bits);
	tcase_add_test(tests, blocks_of_4_terabytes_need_52_bit_outputs);
	tcase_add_test(tests, concatenated_tables_are_indexed_as_one);
	tcase_add_test(tests, the_upper_half_ends_at_the_end_of_addresses);
	tcase_add_loop_test(tests, contiguous_marks_whole_runs, 0,
			    (int)(sizeof(runs) / sizeof(runs[0])));
	tcase_add_test(tests, a_run_whose_outputs_are_out_of_step_is_not_contiguous);
	tcase_add_test(tests, bits_for_leaves_and_for_new_tables_go_where_they_belong);
	tcase_add_loop_test(tests, a_mapping_that_does_not_fit_changes_nothing, 0,
			    (int)(sizeof(refusals) / sizeof(refusals[0])));
	tcase_add_test(tests, an_overlap_changes_nothing);
	tcase_add_test(tests, what_is_unmapped_can_be_mapped_again);
	tcase_add_test(tests, an_empty_table_is_filled_with_pages);
	tcase_add_test(tests, a_failed_allocation_is_passed_on);
	tcase_add_test(tests, stage_1_attributes_are_where_the_format_has_them);
	tcase_add_loop_test(tests, attributes_of_translation_hardening_are_where_the_format_has_them,
			    0, 2);
	tcase_add_test(tests, stage_2_attributes_are_where_the_format_has_them);
	tcase_add_test(tests, stage_1_attributes_may_be_indices);
	tcase_add_test(tests, stage_2_attributes_may_be_indices);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
