/* SPDX-License-Identifier: MIT */
/*
 * Whole walks from every row of start-level.csv: through the first and the last entry of each of
 * its tables to a page, and past its end.  Rows of formats that are not there are illegal.
 */
#include "start_levels.h"

#define LOWER_TABLE(level) S1_TABLE(level)
#define FIRST_TABLE (RAM_BASE + 0x400000)
#define PAGE UINT64_C(0xabcd00000000)
#define LOWER_INDEX UINT64_C(5) /* at every level below the start */

static unsigned page_lg2(const struct start_row *row)
{
	return row->granule == G4K ? 12 : row->granule == G16K ? 14 : 16;
}

/* Bits that an entry of a level maps. */
static unsigned entry_lg2(const struct start_row *row, int level)
{
	return page_lg2(row) + (page_lg2(row) - 3) * (unsigned)(3 - level);
}

/* At an odd multiple of its alignment: aligning it too much would show. */
static uint64_t first_table(const struct start_row *row)
{
	return FIRST_TABLE + row->align;
}

/* The 52-bit descriptors of 4KB and 16KB granules: CD.DS, STE.S2DS with S2SL0_2. */
static void want_52_bits(struct world *w, const struct start_row *row)
{
	w->cd[2] |= BIT(58);
	w->ste[3] |= BIT(3) | (row->sl0 & 4 && row->sl0 != NO_SL0 ? BIT(2) : 0);
}

/* A world that starts there, every bit of the base set that does not count. */
static struct world row_world(const struct start_row *row)
{
	const uint64_t ttb = first_table(row) + row->align - 16;

	return start_world(row->stage, row->granule, row->txsz, row->sl0 & 3, ttb);
}

/* A leaf that leads to the page; with DS its bits 9:8 are bits 51:50 of the address. */
static uint64_t leaf_of(const struct start_row *row)
{
	return PAGE | ((row->stage == 1 ? S1_PAGE : S2_PAGE) & ~(row->ds ? UINT64_C(3) << 8 : 0));
}

/* The same on a machine that has all that a row can ask for. */
static struct world full_world(const struct start_row *row)
{
	struct world w = row_world(row);

	if (row->ds) {
		make_lpa2(&w);
		want_52_bits(&w, row);
	}
	return w;
}

/* Tables from below the start level down to a page. */
static void put_lower_tables(struct world *w, const struct start_row *row)
{
	for (int level = row->level + 1; level <= 3; level++)
		put(w, LOWER_TABLE(level) + 8 * LOWER_INDEX,
		    level < 3 ? LOWER_TABLE(level + 1) | TABLE : leaf_of(row));
}

/* The address that goes through an entry of the start level, and LOWER_INDEX below it. */
static uint64_t address_of(const struct start_row *row, uint64_t entry)
{
	uint64_t address = entry << entry_lg2(row, row->level) | OFFSET;

	for (int level = row->level + 1; level <= 3; level++)
		address |= LOWER_INDEX << entry_lg2(row, level);
	return address;
}

static void expect_reads(const struct world *w, const struct start_row *row, uint64_t entry)
{
	const struct smmu3_mem_access *read = &w->seen[w->seen_count - (unsigned)(4 - row->level)];

	ck_assert_uint_eq(read->pa, first_table(row) + 8 * entry);
	for (int level = row->level + 1; level <= 3; level++)
		ck_assert_uint_eq((++read)->pa, LOWER_TABLE(level) + 8 * LOWER_INDEX);
}

/* The one valid entry of the tables leads to the page; its neighbour does not. */
static void expect_entry(struct world *w, const struct start_row *row, uint64_t entry)
{
	const uint64_t at = first_table(row) + 8 * entry, address = address_of(row, entry);
	const uint64_t neighbour = BIT(entry_lg2(row, row->level));

	put(w, at, row->level < 3 ? LOWER_TABLE(row->level + 1) | TABLE : leaf_of(row));
	open_world(w);
	expect_pa(w, address, 0, PAGE | OFFSET);
	ck_assert_uint_eq(w->out.span, BIT(page_lg2(row)));
	expect_reads(w, row, entry);
	expect_event(w, address ^ neighbour, 0, F_TRANSLATION, row->stage, row->level);
	put(w, at, 0);
}

/* What one table holds, and what the column says of all of them. */
static uint64_t entries_of_a_table(const struct start_row *row)
{
	const uint64_t entries = BIT(row->resolved) / row->tables;

	ck_assert_uint_le(entries, BIT(page_lg2(row) - 3));
	ck_assert(row->tables == 1 || entries == BIT(page_lg2(row) - 3));
	ck_assert_uint_eq(row->bytes, 8 * BIT(row->resolved));
	return entries;
}

/* WALK-02, WALK-03, WALK-04, WALK-10, WALK-28, WALK4K-01, WALK4K-02, WALK4K-04, WALK4K-05,
 * WALK16K-01, WALK16K-02, WALK16K-04, WALK16K-05, WALK64K-01, WALK64K-04, S2-01, S2-02, S2-04,
 * S2-05, CD-21, STE-35, STE-66 */
START_TEST(a_walk_goes_through_each_table_of_its_start_level)
{
	read_start_rows();
	const struct start_row *row = &start_rows[_i];

	const uint64_t entries = entries_of_a_table(row);
	struct world w = full_world(row);

	put_lower_tables(&w, row);
	for (unsigned table = 0; table < row->tables; table++) {
		expect_entry(&w, row, table * entries);
		expect_entry(&w, row, table * entries + entries - 1);
	}
	close_world(&w);
}
END_TEST

/* ADR-07, ADR-16, S2-05: no table has the entry after the last; 52 bits of stage 2 are all that
 * there are */
START_TEST(an_address_past_the_tables_is_a_translation_fault_without_a_walk)
{
	read_start_rows();
	const struct start_row *row = &start_rows[_i];

	if (row->stage == 2 && row->input_bits == 52)
		return;
	struct world w = full_world(row);

	expect_event(&w, BIT(row->input_bits), 0, F_TRANSLATION, row->stage, NO_WALK);
	close_world(&w);
}
END_TEST

/* WALK-10, WALK-28, WALK4K-01, WALK16K-01, S2-01, S2-02, S2-04, CD-37, STE-66: among them every row
 * of level -1 */
START_TEST(a_row_that_needs_ds_is_illegal_where_there_is_none_whatever_ds_says)
{
	read_start_rows();
	const struct start_row *row = &start_rows[_i];

	if (!row->ds)
		return;
	struct world w = row_world(row);

	for (unsigned ds = 0; ds < 2; ds++) {
		if (ds)
			want_52_bits(&w, row);
		open_world(&w);
		expect_event(&w, 0, 0, row->stage == 1 ? C_BAD_CD : C_BAD_STE, 0, NO_WALK);
	}
	close_world(&w);
}
END_TEST

/* CD-33, STE-62: AA64 = 0 means VMSAv8-32 LPAE or VMSAv9-128, and there is neither */
START_TEST(no_size_is_legal_in_a_format_that_is_not_there)
{
	const unsigned stage = 1 + (unsigned)_i % 2, granule = (unsigned)_i / 2;

	for (unsigned n = 0; n < 4 * 64; n++) {
		struct world w = start_world(stage, granule, n % 64, n / 64, FIRST_TABLE);

		w.cd[0] &= ~BIT(41);
		w.ste[2] &= ~BIT(51);
		expect_event(&w, 0, 0, stage == 1 ? C_BAD_CD : C_BAD_STE, 0, NO_WALK);
		close_world(&w);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_walk_goes_through_each_table_of_its_start_level, 0,
			    START_ROWS);
	tcase_add_loop_test(tests, an_address_past_the_tables_is_a_translation_fault_without_a_walk,
			    0, START_ROWS);
	tcase_add_loop_test(tests,
			    a_row_that_needs_ds_is_illegal_where_there_is_none_whatever_ds_says, 0,
			    START_ROWS);
	tcase_add_loop_test(tests, no_size_is_legal_in_a_format_that_is_not_there, 0, 8);
}

int main(void)
{
	return run_suite("start walks", add);
}
