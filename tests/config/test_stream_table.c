/* SPDX-License-Identifier: MIT */
/* From a StreamID to its STE in a linear table, and what holds of every table. */
#include "stream_table.h"

/* ST-06, ST-04 */
START_TEST(a_linear_table_is_an_array_of_64_byte_entries_that_ends_with_its_size)
{
	static const unsigned log2sizes[] = { 0, 1, 6, 10, 16 };
	const unsigned log2size = log2sizes[_i];
	const uint64_t last = BIT(log2size) - 1;
	struct world w = no_stream();

	put_bypass(&w, FREE_AREA);
	put_bypass(&w, FREE_AREA + 64 * last);
	use_stream_table(&w, FREE_AREA, LINEAR(log2size));
	expect_ste(&w, 0, FREE_AREA);
	expect_ste(&w, last, FREE_AREA + 64 * last);
	expect_no_ste(&w, last + 1);
	expect_no_ste(&w, UINT32_MAX);
	close_world(&w);
}
END_TEST

/* ST-04, 7.3.3 */
START_TEST(a_streamid_out_of_range_aborts_and_is_recorded_if_recinvsid_is_set)
{
	struct world w = no_stream();

	use_stream_table(&w, FREE_AREA, LINEAR(6));
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x2c, 4, 0); /* CR2.RECINVSID = 0 */
	mmio(&w, 0x20, 4, 0xd);
	w.txn.sid = 64;
	w.txn.ssid = 0xabcde;
	ck_assert_uint_eq(reach(&w, ADDRESS, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.recorded, 0);
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x2c, 4, 2);
	mmio(&w, 0x20, 4, 0xd);
	expect_error(&w, ADDRESS, SMMU3_TXN_SSV | SMMU3_TXN_WRITE, C_BAD_STREAMID, 0);
	expect_words(&w, UINT64_C(0x40abcde802), 0, 0, 0);
	close_world(&w);
}
END_TEST

/* ST-03, ST-06: size and index are capped to SIDSIZE, alignment is not.  The base has every bit
 * below its size set */
START_TEST(the_base_of_a_linear_table_is_aligned_to_the_size_that_is_programmed)
{
	static const struct {
		uint8_t sidsize, log2size;
		uint64_t base, used;
		uint32_t last;
	} rows[] = {
		{ 16, 0, 0x80400000, 0x80400000, 0 },
		{ 16, 4, 0x804003c0, 0x80400000, 15 },
		{ 16, 6, 0x80400fc0, 0x80400000, 63 },
		{ 16, 10, 0x8040ffc0, 0x80400000, 1023 },
		{ 16, 16, 0x807fffc0, 0x80400000, 65535 },
		{ 16, 17, 0x807fffc0, 0x80000000, 65535 },
		{ 16, 20, 0x83ffffc0, 0x80000000, 65535 },
		{ 7, 20, 0x83ffffc0, 0x80000000, 127 },
		{ 16, 25, 0x80400000, 0x80000000, 65535 },
	};
	struct world w = no_stream();

	change_id(&w, SIDSIZE, rows[_i].sidsize);
	open_world(&w);
	put_bypass(&w, rows[_i].used);
	put_bypass(&w, rows[_i].used + 64 * (uint64_t)rows[_i].last);
	use_stream_table(&w, rows[_i].base, LINEAR(rows[_i].log2size));
	expect_ste(&w, 0, rows[_i].used);
	expect_ste(&w, rows[_i].last, rows[_i].used + 64 * (uint64_t)rows[_i].last);
	expect_no_ste(&w, rows[_i].last + UINT32_C(1));
	close_world(&w);
}
END_TEST

/* ST-03: the largest LOG2SIZE leaves nothing of the base */
START_TEST(a_size_beyond_every_address_aligns_the_base_to_0)
{
	struct world w = no_stream();

	use_stream_table(&w, RAM_BASE, LINEAR(63));
	w.txn.sid = 5;
	expect_error(&w, ADDRESS, 0, F_STE_FETCH, 64 * 5);
	use_stream_table(&w, RAM_BASE, TWO_LEVEL(63, 6));
	w.txn.sid = 5 << 6;
	expect_error(&w, ADDRESS, 0, F_STE_FETCH, 8 * 5);
	w.txn.sid = 0x10000;
	expect_error(&w, ADDRESS, 0, C_BAD_STREAMID, 0);
	close_world(&w);
}
END_TEST

/* ST-03, ST-06, ST-08: every bit of a StreamID counts, and no index wraps */
START_TEST(streamids_have_up_to_32_bits)
{
	struct world w = no_stream();

	change_id(&w, SIDSIZE, _i ? 32 : 0);
	if (_i) {
		use_stream_table(&w, BIT(38), LINEAR(32));
		w.txn.sid = UINT32_MAX;
		expect_error(&w, ADDRESS, 0, F_STE_FETCH, UINT64_C(0x7fffffffc0));
		use_stream_table(&w, RAM_BASE, TWO_LEVEL(32, 6));
		expect_error(&w, ADDRESS, 0, F_STE_FETCH, UINT64_C(0x9ffffff8));
	} else {
		put_bypass(&w, FREE_AREA);
		change_id(&w, ST_LEVEL, 0);
		use_stream_table(&w, FREE_AREA, LINEAR(0));
		expect_ste(&w, 0, FREE_AREA);
		expect_no_ste(&w, 1);
		use_stream_table(&w, FREE_AREA, LINEAR(5));
		expect_no_ste(&w, 1);
	}
	close_world(&w);
}
END_TEST

/* ST-05, B9 */
START_TEST(every_format_but_two_level_is_linear_and_may_follow_it)
{
	static const uint32_t formats[] = { 0, 2, 3 };
	struct world w = no_stream();

	put(&w, L1, L1STD(7, L2));
	put_bypass(&w, L2 + 64 * 5);
	use_stream_table(&w, L1, TWO_LEVEL(6, 6));
	expect_ste(&w, 5, L2 + 64 * 5);
	put_bypass(&w, L1 + 64 * 5);
	use_stream_table(&w, L1, formats[_i] << 16 | 8 << 6 | LINEAR(6));
	expect_ste(&w, 5, L1 + 64 * 5);
	expect_no_ste(&w, 64);
	close_world(&w);
}
END_TEST

/* ST-05: ST_LEVEL = 0 */
START_TEST(without_two_level_tables_the_format_is_ignored)
{
	struct world w = no_stream();

	change_id(&w, ST_LEVEL, 0);
	change_id(&w, SIDSIZE, 6);
	put_bypass(&w, L1 + 64 * 5);
	use_stream_table(&w, L1, TWO_LEVEL(6, 6));
	expect_ste(&w, 5, L1 + 64 * 5);
	close_world(&w);
}
END_TEST

/* ST-10: those at and above OAS, RA among them, and those below 6; it is Non-secure memory */
START_TEST(bits_of_the_base_that_are_no_address_are_ignored)
{
	struct world w = no_stream();

	change_id(&w, OAS, OAS_44);
	put_bypass(&w, FREE_AREA + 64);
	use_stream_table(&w, (FREE_AREA + 64) | UINT64_C(0xfffff0000000003f), LINEAR(0));
	expect_ste(&w, 0, FREE_AREA + 64);
	ck_assert_uint_eq(w.seen[0].pas, SMMU3_PAS_NS);
	close_world(&w);
}
END_TEST

/* ST-13: libsmmu picks F_STE_FETCH; a table of 2^38 bytes where addresses have 32 bits */
START_TEST(an_ste_beyond_oas_is_f_ste_fetch_and_the_last_below_is_read)
{
	struct world w = no_stream();

	change_id(&w, SIDSIZE, 32);
	change_id(&w, OAS, OAS_32);
	use_stream_table(&w, 0, LINEAR(32));
	w.txn.sid = (uint32_t)BIT(26) - 1;
	expect_error(&w, ADDRESS, 0, F_STE_FETCH, BIT(32) - 64);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_STE), BIT(32) - 64);
	w.txn.sid = (uint32_t)BIT(26) + 1;
	reach(&w, ADDRESS, 0);
	ck_assert_uint_eq(w.seen_count, 0);
	ck_assert_uint_eq(w.out.event, F_STE_FETCH);
	expect_words(&w, word0(&w, F_STE_FETCH, 0), 0, 0, 64); /* FLT-13 */
	close_world(&w);
}
END_TEST

/* STE-20, STE-21: CONT is a promise about other STEs; libsmmu uses each stream's own */
START_TEST(a_contiguous_entry_does_not_speak_for_its_neighbours)
{
	struct world w = no_stream();

	w.ste[1] |= 3 << 13;
	put_bypass(&w, FREE_AREA);
	use_stream_table(&w, FREE_AREA, LINEAR(6));
	expect_ste(&w, 0, FREE_AREA);
	w.txn.sid = 1;
	expect_error(&w, ADDRESS, 0, C_BAD_STE, 0);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    a_linear_table_is_an_array_of_64_byte_entries_that_ends_with_its_size,
			    0, 5);
	tcase_add_test(tests, a_streamid_out_of_range_aborts_and_is_recorded_if_recinvsid_is_set);
	tcase_add_loop_test(tests,
			    the_base_of_a_linear_table_is_aligned_to_the_size_that_is_programmed, 0,
			    9);
	tcase_add_test(tests, a_size_beyond_every_address_aligns_the_base_to_0);
	tcase_add_loop_test(tests, streamids_have_up_to_32_bits, 0, 2);
	tcase_add_loop_test(tests, every_format_but_two_level_is_linear_and_may_follow_it, 0, 3);
	tcase_add_test(tests, without_two_level_tables_the_format_is_ignored);
	tcase_add_test(tests, bits_of_the_base_that_are_no_address_are_ignored);
	tcase_add_test(tests, an_ste_beyond_oas_is_f_ste_fetch_and_the_last_below_is_read);
	tcase_add_test(tests, a_contiguous_entry_does_not_speak_for_its_neighbours);
}

int main(void)
{
	return run_suite("stream-table", add);
}
