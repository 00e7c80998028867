/* SPDX-License-Identifier: MIT */
/* From a StreamID to its STE through an L1STD: splits, spans, alignment, what cannot be read. */
#include "stream_table.h"

/* ST-07, ST-08, B8: which bits of the StreamID 0xabcd select in which table, by every SPLIT */
START_TEST(split_is_6_8_or_10_and_otherwise_6)
{
	const unsigned split = _i == 8 || _i == 10 ? (unsigned)_i : 6;
	const uint64_t l1 = split == 8 ? 0xab : split == 10 ? 0x2a : 0x2af;
	const uint64_t l2 = split == 8 ? 0xcd : split == 10 ? 0x3cd : 0x0d;
	struct world w = no_stream();

	put(&w, L1 + 8 * l1, L1STD(split + 1, L2));
	put_bypass(&w, L2 + 64 * l2);
	use_stream_table(&w, L1, TWO_LEVEL(16, _i));
	expect_ste(&w, 0xabcd, L2 + 64 * l2);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1STD), L1 + 8 * l1);
	expect_no_ste(&w, 0x10000);
	close_world(&w);
}
END_TEST

/* ST-08, ST-03: eight bytes for each descriptor, at least 64; LOG2SIZE as programmed */
START_TEST(the_base_of_a_level_1_table_is_aligned_to_its_size)
{
	static const struct {
		uint8_t log2size, split;
		uint64_t base, used, of_255; /* of_255: offset of the descriptor of StreamID 255 */
	} rows[] = {
		{ 8, 6, 0x80401fc0, 0x80401fc0, 24 },  { 9, 6, 0x80401fc0, 0x80401fc0, 24 },
		{ 10, 6, 0x80401fc0, 0x80401f80, 24 }, { 16, 6, 0x80401fc0, 0x80400000, 24 },
		{ 16, 8, 0x80401fc0, 0x80401800, 0 },  { 16, 10, 0x80401fc0, 0x80401e00, 0 },
		{ 16, 7, 0x80401fc0, 0x80400000, 24 }, { 20, 6, 0x8041ffc0, 0x80400000, 24 },
		{ 25, 6, 0x803fffc0, 0x80000000, 24 },
	};
	struct world w = no_stream();

	use_stream_table(&w, rows[_i].base, TWO_LEVEL(rows[_i].log2size, rows[_i].split));
	expect_fetch_at(&w, 0, SMMU3_REASON_L1STD, rows[_i].used);
	expect_fetch_at(&w, 255, SMMU3_REASON_L1STD, rows[_i].used + rows[_i].of_255);
	close_world(&w);
}
END_TEST

/* ST-09: also where they are equal; a second descriptor, and STEs beyond the size, are there in
 * vain */
START_TEST(a_table_not_larger_than_its_split_has_one_descriptor_and_ends_with_its_size)
{
	static const struct {
		uint8_t log2size, split;
	} rows[] = { { 4, 8 }, { 8, 8 }, { 0, 6 }, { 5, 6 }, { 6, 6 }, { 9, 10 }, { 10, 10 } };
	const unsigned log2size = rows[_i].log2size, split = rows[_i].split;
	const uint64_t end = BIT(log2size);
	struct world w = no_stream();

	put(&w, L1, L1STD(split + 1, L2));
	put(&w, L1 + 8, L1STD(split + 1, L2));
	put_bypass(&w, L2 + 64 * (end - 1));
	put_bypass(&w, L2 + 64 * end);
	put_bypass(&w, L2);
	use_stream_table(&w, L1, TWO_LEVEL(log2size, split));
	expect_ste(&w, end - 1, L2 + 64 * (end - 1));
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1STD), L1);
	expect_no_ste(&w, end);
	expect_no_ste(&w, BIT(split));
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1STD), 0);
	close_world(&w);
}
END_TEST

/* L1STD-02, L1STD-03, L1STD-04, B7: every Span under every split */
START_TEST(a_span_reaches_half_its_power_of_two_and_no_further_than_its_split_allows)
{
	const unsigned span = (unsigned)_i % 32, split = 6 + 2 * ((unsigned)_i / 32);
	const uint64_t last = span ? BIT(span - 1) - 1 : 0, under = UINT64_C(3) << split;
	struct world w = no_stream();

	put(&w, L1 + 8 * 3, L1STD(span, L2));
	put_bypass(&w, L2);
	use_stream_table(&w, L1, TWO_LEVEL(16, split));
	if (span >= 1 && span <= split + 1) {
		put_bypass(&w, L2 + 64 * last);
		expect_ste(&w, under, L2);
		expect_ste(&w, under + last, L2 + 64 * last);
		if (span <= split)
			expect_no_ste(&w, under + last + 1);
	} else {
		expect_no_ste(&w, under);
		expect_no_ste(&w, under + 1);
		ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1STD), L1 + 8 * 3);
	}
	close_world(&w);
}
END_TEST

/* L1STD-05, L1STD-01: to 64 bytes for each of its 2^(Span - 1) entries; RES0 bits are ignored */
START_TEST(a_level_2_pointer_is_aligned_to_the_size_of_its_table)
{
	const unsigned span = (unsigned)_i;
	const uint64_t below = 64 * BIT(span - 1) - 64;
	struct world w = no_stream();

	put(&w, L1, L1STD(span, L2 + below) | BIT(5) | UINT64_C(0xff) << 56);
	put_bypass(&w, L2);
	use_stream_table(&w, L1, TWO_LEVEL(16, 10));
	expect_ste(&w, 0, L2);
	close_world(&w);
}
END_TEST

/* L1STD-06: the example of 3.3.1.2, with the third pointer not aligned to its four entries */
START_TEST(the_example_of_the_architecture_reaches_0_to_259_and_768)
{
	struct world w = no_stream();

	put(&w, L1, L1STD(9, RAM_BASE + 0x300000));
	put(&w, L1 + 8, L1STD(3, RAM_BASE + 0x310f40));
	put(&w, L1 + 16, L1STD(0, RAM_BASE + 0x320000));
	put(&w, L1 + 24, L1STD(1, RAM_BASE + 0x330000));
	for (uint64_t i = 0; i < 260; i++)
		put_bypass(&w, i < 256 ? RAM_BASE + 0x300000 + 64 * i :
					 RAM_BASE + 0x310f00 + 64 * (i - 256));
	put_bypass(&w, RAM_BASE + 0x330000);
	use_stream_table(&w, L1, TWO_LEVEL(10, 8));
	for (uint64_t sid = 0; sid < 1030; sid++)
		if (sid < 256)
			expect_ste(&w, sid, RAM_BASE + 0x300000 + 64 * sid);
		else if (sid < 260)
			expect_ste(&w, sid, RAM_BASE + 0x310f00 + 64 * (sid - 256));
		else if (sid == 768)
			expect_ste(&w, sid, RAM_BASE + 0x330000);
		else
			expect_no_ste(&w, sid);
	close_world(&w);
}
END_TEST

/* ST-14, B12: an abort and poison, at the L1STD and at the STE; nothing of it stays */
START_TEST(an_aborted_fetch_is_f_ste_fetch_with_its_address_and_the_next_access_reads_again)
{
	const bool descriptor = _i & 1;
	struct world w = no_stream();

	put(&w, L1, L1STD(7, L2));
	put_bypass(&w, L2 + 64 * 5);
	use_stream_table(&w, L1, TWO_LEVEL(16, 6));
	w.txn.sid = 5;
	w.txn.ssid = 9;
	w.answer = _i & 2 ? SMMU3_MEM_POISON : SMMU3_MEM_ABORT;
	w.abort_at = descriptor ? L1 : L2 + 64 * 5;
	expect_error(&w, ADDRESS, SMMU3_TXN_WRITE, F_STE_FETCH, w.abort_at);
	expect_error(&w, ADDRESS, SMMU3_TXN_SSV, F_STE_FETCH, w.abort_at);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500009803));
	w.abort_at = 0;
	expect_ste(&w, 5, L2 + 64 * 5);
	close_world(&w);
}
END_TEST

/* STE-20, STE-21: libsmmu refuses what CONT promises beyond the level 2 table, or uses each
 * stream's own */
START_TEST(a_contiguous_entry_does_not_reach_beyond_its_level_2_table)
{
	struct world w = no_stream();

	change(w.ste, CONT, 15);
	put(&w, L1, L1STD(2, L2));
	put_bypass(&w, L2);
	put_bypass(&w, L2 + 64 * 2);
	use_stream_table(&w, L1, TWO_LEVEL(7, 6));
	expect_ste(&w, 0, L2);
	w.txn.sid = 1;
	expect_error(&w, ADDRESS, 0, C_BAD_STE, 0);
	expect_no_ste(&w, 2);
	expect_no_ste(&w, 64);
	expect_no_ste(&w, 128);
	close_world(&w);
}
END_TEST

/* ST-13, FLT-13: libsmmu picks F_STE_FETCH; FetchAddr has no bits at and above OAS */
START_TEST(a_level_2_pointer_beyond_oas_is_f_ste_fetch)
{
	struct world w = no_stream();

	change_id(&w, OAS, OAS_44);
	put(&w, L1, L1STD(7, L2 | BIT(44)));
	put_bypass(&w, L2 + 64 * 3);
	use_stream_table(&w, L1, TWO_LEVEL(16, 6));
	w.txn.sid = 3;
	reach(&w, ADDRESS, 0);
	ck_assert_uint_eq(w.out.event, F_STE_FETCH);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_STE), 0);
	expect_words(&w, UINT64_C(0x300000003), 0, 0, L2 + 64 * 3);
	put(&w, L1, L1STD(7, BIT(44) - 0x1000)); /* the last table that OAS reaches is read */
	expect_fetch_at(&w, 63, SMMU3_REASON_STE, BIT(44) - 64);
	close_world(&w);
}
END_TEST

/* ST-11: Non-cacheable both ways is Outer Shareable; reserved values act as Non-cacheable and
 * Non-shareable */
START_TEST(both_levels_of_the_stream_table_are_read_with_the_attributes_of_cr1)
{
	static const struct {
		uint32_t ic, oc, sh;
		uint8_t type, shown; /* without allocation hints */
	} rows[] = {
		{ 1, 1, 3, 0xcc, SMMU3_ISH }, { 1, 1, 2, 0xcc, SMMU3_OSH },
		{ 1, 1, 0, 0xcc, SMMU3_NSH }, { 2, 1, 3, 0xc8, SMMU3_ISH },
		{ 1, 2, 3, 0x8c, SMMU3_ISH }, { 0, 1, 3, 0xc4, SMMU3_ISH },
		{ 1, 0, 0, 0x4c, SMMU3_NSH }, { 0, 0, 0, 0x44, SMMU3_OSH },
		{ 0, 0, 3, 0x44, SMMU3_OSH }, { 3, 3, 3, 0x44, SMMU3_OSH },
		{ 1, 1, 1, 0xcc, SMMU3_NSH },
	};
	struct world w = no_stream();

	w.cr1 = rows[_i].sh << 10 | rows[_i].oc << 8 | rows[_i].ic << 6;
	put(&w, L1, L1STD(7, L2));
	put_bypass(&w, L2);
	use_stream_table(&w, L1, TWO_LEVEL(16, 6));
	expect_ste(&w, 0, L2);
	for (unsigned i = 0; i < w.seen_count; i++) {
		ck_assert_uint_eq(w.seen[i].attr.mair & 0xcc, rows[_i].type);
		ck_assert_uint_eq(w.seen[i].attr.sh, rows[_i].shown);
		ck_assert_uint_eq(w.seen[i].pas, SMMU3_PAS_NS);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, split_is_6_8_or_10_and_otherwise_6, 0, 32);
	tcase_add_loop_test(tests, the_base_of_a_level_1_table_is_aligned_to_its_size, 0, 9);
	tcase_add_loop_test(
		tests, a_table_not_larger_than_its_split_has_one_descriptor_and_ends_with_its_size,
		0, 7);
	tcase_add_test(tests, a_contiguous_entry_does_not_reach_beyond_its_level_2_table);
	tcase_add_loop_test(
		tests, a_span_reaches_half_its_power_of_two_and_no_further_than_its_split_allows, 0,
		96);
	tcase_add_loop_test(tests, a_level_2_pointer_is_aligned_to_the_size_of_its_table, 1, 12);
	tcase_add_test(tests, the_example_of_the_architecture_reaches_0_to_259_and_768);
	tcase_add_loop_test(
		tests,
		an_aborted_fetch_is_f_ste_fetch_with_its_address_and_the_next_access_reads_again, 0,
		4);
	tcase_add_test(tests, a_level_2_pointer_beyond_oas_is_f_ste_fetch);
	tcase_add_loop_test(tests,
			    both_levels_of_the_stream_table_are_read_with_the_attributes_of_cr1, 0,
			    11);
}

int main(void)
{
	return run_suite("level-1-stream-table", add);
}
