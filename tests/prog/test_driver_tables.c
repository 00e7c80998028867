/* SPDX-License-Identifier: MIT */
/* Stream tables as drivers lay them out: linear and of two levels, with each SPLIT, sizes below and
 * above IDR1.SIDSIZE, leaves that are shared, and what a StreamID without a place gets.  3.3.1,
 * 6.3.24, 6.3.25, 7.3.3 */
#include "run.h"
#include "streams.h"

#include <check.h>
#include <string.h>

#define L1_AT (RAM_AT + 0x180000) /* aligned to 64KB at least */

/* LOG2SIZE, SPLIT and FMT of STRTAB_BASE_CFG */
static uint32_t two_levels(unsigned log2size, unsigned split)
{
	return log2size | split << 6 | 1 << 16;
}

static void use_table(struct machine *m, uint64_t base, uint32_t cfg)
{
	update(m, CR0, 0);
	set_reg64(m, STRTAB_BASE, base);
	set_reg(m, STRTAB_BASE_CFG, cfg);
	ck_assert_uint_eq(reg64(m, STRTAB_BASE), base);
	ck_assert_uint_eq(reg(m, STRTAB_BASE_CFG), cfg);
	update(m, CR0, EVENTQEN | SMMUEN);
}

/* Where stream sid of a table with this split has its STE: leaves one after the other. */
static uint64_t ste_at(uint32_t sid)
{
	return L2_STREAMS_AT + 64 * (uint64_t)sid;
}

/* The n-th L1STD: 2^(span - 1) STEs */
static void put_l1std(struct machine *m, uint32_t n, uint64_t leaf, unsigned span)
{
	*ram_at(m, L1_AT + 8 * (uint64_t)n) = leaf | span;
}

/* Which STE answers, and by what: bypassing streams go through, others end as events. */
static void expect_ste_fetch(struct machine *m, uint32_t sid, uint64_t at)
{
	maintain(m);
	look_away(m);
	ck_assert_int_eq(read_by(m, sid, 0x1000).verdict, SMMU3_OK);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_STE)->access.pa, at);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_STE), 1);
}

static void expect_no_place(struct machine *m, uint32_t sid)
{
	const uint32_t at = reg(m, EVENTQ_PROD);

	maintain(m);
	look_away(m);
	ck_assert_int_eq(read_by(m, sid, 0x1000).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_STE), 0);
	ck_assert_uint_ne(reg(m, EVENTQ_PROD), at);
	ck_assert_uint_eq(*ram_at(m, event_at(m, at)), (uint64_t)sid << 32 | 0x02);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
}

static void put_bypass(struct machine *m, uint64_t at)
{
	const struct ste ste = ste_of(BYPASSES, 0);

	memcpy(ram_at(m, at), ste.word, sizeof(ste.word));
}

/* ---- Two levels ---- */

/* STR-003 to STR-005, STR-007, STR-008, EVT-02, ST-07, ST-08: leaves of 2^SPLIT STEs, each the
 * first and the last, and those next to the border between two; beyond LOG2SIZE no L1STD is read */
START_TEST(each_stream_of_two_levels_has_its_own_ste)
{
	static const unsigned splits[] = { 6, 8, 10 };
	const unsigned split = splits[_i];
	const uint32_t leaf = 1u << split, streams = 4u << split;
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (uint32_t n = 0; n < 4; n++)
		put_l1std(m, n, ste_at(n * leaf), split + 1);
	use_table(m, L1_AT, two_levels(split + 2, split));
	for (uint32_t n = 0; n < 4; n++) {
		const uint32_t sids[] = { n * leaf, n * leaf + 1, n * leaf + leaf / 2,
					  n * leaf + leaf - 1 };

		for (int i = 0; i < COUNT(sids); i++) {
			ck_assert_uint_eq(read_by(m, sids[i], 0).event, 0x04); /* V = 0 */
			set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
			put_bypass(m, ste_at(sids[i]));
			expect_ste_fetch(m, sids[i], ste_at(sids[i]));
			ck_assert_uint_eq(first_for(m, SMMU3_REASON_L1STD)->access.pa,
					  L1_AT + 8 * (uint64_t)n);
		}
	}
	expect_no_place(m, streams);
	ck_assert_uint_eq(m->seen[0].access.reason, SMMU3_REASON_EVENTQ); /* no L1STD */
	expect_no_place(m, 0xffffffff);
	close_machine(m);
}
END_TEST

/* STR-004, ST-07: what is no SPLIT is 6, and reads back as it was written */
START_TEST(a_reserved_split_is_6)
{
	static const unsigned reserved[] = { 0, 1, 5, 7, 9, 11, 16, 31 };
	struct machine *m = machine("linux-session");

	open_machine(m);
	put_l1std(m, 0, ste_at(0), 7);
	put_l1std(m, 1, ste_at(64), 7);
	put_bypass(m, ste_at(63));
	put_bypass(m, ste_at(64));
	for (int i = 0; i < COUNT(reserved); i++) {
		use_table(m, L1_AT, two_levels(7, reserved[i]));
		expect_ste_fetch(m, 63, ste_at(63));
		expect_ste_fetch(m, 64, ste_at(64));
		expect_no_place(m, 128);
	}
	close_machine(m);
}
END_TEST

/* STR-009, ST-09: one L1STD; LOG2SIZE is the limit, whatever its leaf holds */
START_TEST(a_table_no_larger_than_its_split_has_one_leaf)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	put_l1std(m, 0, ste_at(0), 11);
	for (uint32_t sid = 0; sid < 1024; sid++)
		put_bypass(m, ste_at(sid));
	for (unsigned log2size = 0; log2size <= 10; log2size++) {
		use_table(m, L1_AT, two_levels(log2size, 10));
		expect_ste_fetch(m, (1u << log2size) - 1, ste_at((1u << log2size) - 1));
		expect_no_place(m, 1u << log2size);
	}
	close_machine(m);
}
END_TEST

/* EVT-02: Span says how much of a leaf there is: nothing with 0 and with reserved values, nothing
 * with more than SPLIT allows, else half of 2^Span */
START_TEST(a_stream_without_a_place_in_its_leaf_is_recorded)
{
	static const struct {
		unsigned span;
		uint32_t streams;
	} rows[] = { { 0, 0 },   { 1, 1 },  { 2, 2 },  { 6, 32 }, { 8, 128 },
		     { 9, 256 }, { 10, 0 }, { 11, 0 }, { 12, 0 }, { 31, 0 } };
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (uint32_t sid = 0; sid < 512; sid++)
		put_bypass(m, ste_at(sid));
	use_table(m, L1_AT, two_levels(9, 8));
	for (int i = 0; i < COUNT(rows); i++) {
		const uint32_t streams = rows[i].streams;

		put_l1std(m, 1, ste_at(256), rows[i].span);
		if (streams)
			expect_ste_fetch(m, 256 + streams - 1, ste_at(256 + streams - 1));
		if (streams < 256)
			expect_no_place(m, 256 + streams);
		expect_no_place(m, 0); /* its L1STD has Span 0 */
	}
	close_machine(m);
}
END_TEST

/* What a driver does that keeps one page of invalid STEs for every L1STD and gives a stream a leaf
 * of its own when it needs one.  STR-007, CFG-02: the new leaf counts from the next access on, the
 * others keep the page */
START_TEST(leaves_may_be_one_page_until_a_stream_has_its_own)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (uint32_t n = 0; n < 1024; n++)
		put_l1std(m, n, ste_at(0), 7);
	put_bypass(m, ste_at(64) + 64 * 5);
	use_table(m, L1_AT, two_levels(16, 6));
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint32_t n = 0; n < 1024; n += 93) {
		const uint32_t sid = n * 64 + 5;

		ck_assert_uint_eq(read_by(m, sid, 0).event, 0x04);
		put_l1std(m, n, ste_at(64), 7);
		/* CMD_CFGI_STE_RANGE of SPLIT - 1, CMD_SYNC */
		submit(m, (struct command){ { 0x04 | (uint64_t)sid << 32, 5 } });
		submit(m, SYNC_NONE);
		expect_ste_fetch(m, sid, ste_at(64) + 64 * 5);
		ck_assert_uint_eq(read_by(m, sid ^ 64, 0).event, 0x04);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
	close_machine(m);
}
END_TEST

/* ---- Linear ---- */

/* STR-005, STR-006, STR-008, ST-06: as large as it is said to be, which may be less than IDR1
 * allows; above IDR1.SIDSIZE, 6, the table ends there and its base is aligned to what was written
 */
START_TEST(a_linear_table_ends_with_its_size)
{
	static const struct {
		unsigned log2size;
		uint64_t base, effective;
		uint32_t streams;
	} rows[] = {
		{ 0, RAM_AT + 0x10040, RAM_AT + 0x10040, 1 },
		{ 3, RAM_AT + 0x10040, RAM_AT + 0x10000, 8 },
		{ 5, RAM_AT + 0x11000, RAM_AT + 0x11000, 32 },
		{ 6, RAM_AT + 0x11fc0, RAM_AT + 0x11000, 64 },
		{ 8, RAM_AT + 0x13000, RAM_AT + 0x10000, 64 },
	};
	struct machine *m = machine("minimal-3.0");

	open_machine(m);
	for (int i = 0; i < COUNT(rows); i++) {
		const uint32_t last = rows[i].streams - 1;

		use_table(m, rows[i].base, rows[i].log2size);
		put_bypass(m, rows[i].effective + 64 * (uint64_t)last);
		expect_ste_fetch(m, last, rows[i].effective + 64 * (uint64_t)last);
		expect_no_place(m, rows[i].streams);
	}
	close_machine(m);
}
END_TEST

/* STR-003: without two levels FMT and SPLIT are RES0, and a table is linear */
START_TEST(without_two_levels_a_table_is_linear)
{
	struct machine *m = machine("minimal-3.0");

	open_machine(m);
	set_reg(m, STRTAB_BASE_CFG, two_levels(3, 8));
	ck_assert_uint_eq(reg(m, STRTAB_BASE_CFG), 3);
	update(m, CR0, EVENTQEN | SMMUEN);
	put_bypass(m, STREAMS_AT + 64 * 7);
	expect_ste_fetch(m, 7, STREAMS_AT + 64 * 7);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_L1STD), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, each_stream_of_two_levels_has_its_own_ste, 0, 3);
	tcase_add_test(tests, a_reserved_split_is_6);
	tcase_add_test(tests, a_table_no_larger_than_its_split_has_one_leaf);
	tcase_add_test(tests, a_stream_without_a_place_in_its_leaf_is_recorded);
	tcase_add_test(tests, leaves_may_be_one_page_until_a_stream_has_its_own);
	tcase_add_test(tests, a_linear_table_ends_with_its_size);
	tcase_add_test(tests, without_two_levels_a_table_is_linear);
}

int main(void)
{
	return run("driver-tables", add);
}
