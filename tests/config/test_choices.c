/* SPDX-License-Identifier: MIT */
/* Choices of docs/choices.md that Stream tables and Context descriptors show. */
#include "stream_table.h"

#define LEAF_CDS (FREE_AREA + 0x200000)

/* ST-13: the index leads beyond OAS, not the base.  OAS 32: entry 2^25 is at 2^31, entry 2^26 at
 * 2^32. */
START_TEST(an_entry_beyond_oas_is_f_ste_fetch)
{
	struct world w = no_stream();

	change_id(&w, OAS, OAS_32);
	change_id(&w, SIDSIZE, 32);
	put_bypass(&w, RAM_BASE);
	use_stream_table(&w, 0, LINEAR(32));
	expect_ste(&w, BIT(25), RAM_BASE);
	w.txn.sid = (uint32_t)BIT(26);
	ck_assert_uint_eq(reach(&w, ADDRESS, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_STE_FETCH);
	ck_assert_uint_eq(w.out.fault_addr, BIT(32));
	ck_assert_uint_eq(w.seen_count, 0);
	expect_words(&w, UINT64_C(0x0400000000000003), 0, 0, 0); /* FLT-13 */
	close_world(&w);
}
END_TEST

/* STE-21: CONT reaches 8 StreamIDs, the array of level 2 has 2; and each of the 2 speaks for
 * itself. */
START_TEST(a_contiguous_span_makes_no_entries_where_there_are_none)
{
	struct world w = no_stream();

	change(w.ste, CONT, 3);
	put(&w, L1, L1STD(2, L2));
	put_bypass(&w, L2);
	put(&w, L2 + 64, 1); /* V, Config 0b000 */
	use_stream_table(&w, L1, TWO_LEVEL(16, 6));
	expect_ste(&w, 0, L2);
	w.txn.sid = 1;
	expect_silence(&w, ADDRESS, 0);
	w.txn.sid = 2;
	expect_error(&w, ADDRESS, 0, C_BAD_STREAMID, 0);
	close_world(&w);
}
END_TEST

/* A fault of stage 2 on a CD whose IPA has bit 48 set, as SMMUv3.0 records it: IPA bits at and
 * above OAS, 48, are 0. */
static void expect_cd_out_of_range(struct world *w, unsigned flags, uint64_t ipa)
{
	ck_assert_uint_eq(reach(w, VA, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, F_TRANSLATION);
	ck_assert_uint_eq(w->out.fault_addr, ipa);
	expect_words(w, word0(w, F_TRANSLATION, flags), RNW | S2 | CLASS(0), VA,
		     ipa & UINT64_C(0xfffffffff000));
}

/* STE-59, 3.4.3 notes 1, 2: SMMUv3.0 may also cut the address, or say F_CD_FETCH. */
START_TEST(a_cd_pointer_out_of_range_fares_in_smmuv3_0_as_later)
{
	struct world w = stream(_i ? NESTED : S1_ONLY);

	make_version_30(&w);
	w.ste[0] |= BIT(48);
	if (_i)
		expect_cd_out_of_range(&w, 0, BIT(48) | CD_AT);
	else
		expect_error(&w, VA, 0, C_BAD_STE, 0);
	close_world(&w);
}
END_TEST

/* SUB-14, 3.4.3 notes 3, 4: likewise. */
START_TEST(an_l2ptr_out_of_range_fares_in_smmuv3_0_as_later)
{
	const unsigned config = _i ? NESTED : S1_ONLY;
	struct world w = stream(config);

	make_version_30(&w);
	w.ste[0] = BIT(0) | config << 1 | 1 << 4 | FREE_AREA | UINT64_C(8) << 59;
	put(&w, FREE_AREA, BIT(48) | LEAF_CDS | 1);
	w.txn.ssid = 5;
	if (_i)
		expect_cd_out_of_range(&w, SMMU3_TXN_SSV, BIT(48) | (LEAF_CDS + 64 * 5));
	else
		expect_error(&w, VA, SMMU3_TXN_SSV, C_BAD_SUBSTREAMID, 0);
	close_world(&w);
}
END_TEST

/* STE-68, CD-39: SMMUv3.0 may also take the nearest size.  OAS 48. */
START_TEST(an_input_size_out_of_range_is_illegal_in_smmuv3_0_too)
{
	static const struct {
		unsigned config;
		struct change ste, cd;
		unsigned event;
		const char *field;
	} rows[] = {
		{ S1_ONLY, { 0 }, { T0SZ, 15 }, C_BAD_CD, "T0SZ" },
		{ S1_ONLY, { 0 }, { T0SZ, 40 }, C_BAD_CD, "T0SZ" },
		{ S1_ONLY, { 0 }, { T1SZ, 15 }, C_BAD_CD, "T1SZ" },
		{ S1_ONLY, { 0 }, { T1SZ, 40 }, C_BAD_CD, "T1SZ" },
		{ S2_ONLY, { S2T0SZ, 15 }, { 0 }, C_BAD_STE, "S2T0SZ" },
		{ S2_ONLY, { S2T0SZ, 40 }, { 0 }, C_BAD_STE, "S2T0SZ" },
	};
	struct world w = stream(rows[_i].config);

	make_version_30(&w);
	change(w.cd, AT(0, 30, 30), 0); /* EPD1 */
	change(w.cd, TG1, 2);           /* 4KB */
	change(w.cd, T1SZ, 16);
	expect_unchanged(&w, rows[_i].config);
	change(w.ste, rows[_i].ste.at, rows[_i].ste.value);
	change(w.cd, rows[_i].cd.at, rows[_i].cd.value);
	open_world(&w);
	expect_error(&w, input_of(rows[_i].config), 0, rows[_i].event, 0);
	expect_because(&w, rows[_i].field);
	close_world(&w);
}
END_TEST

/* Tables of a level each, from `at` on, that take input_of(config) to `page`. */
static void put_tables_at(struct world *w, unsigned config, uint64_t at, uint64_t page)
{
	static const uint64_t index[2][4] = { { 2, 3, 4, 5 }, { 2, 3, 6, 7 } };
	const uint64_t *const i = index[config == S2_ONLY];

	for (uint64_t level = 0; level < 3; level++)
		put(w, at + 0x1000 * level + 8 * i[level], (at + 0x1000 * (level + 1)) | TABLE);
	put(w, at + 0x3000 + 8 * i[3], page | (config == S2_ONLY ? S2_PAGE : S1_PAGE));
}

/* NEST-17: software must not let such streams differ.  Stream 6 has tables of its own, and
 * the ASID and VMID of stream 5.  5.2.1, 5.4.1 */
START_TEST(streams_of_one_address_space_that_differ_keep_their_own_tables)
{
	const unsigned config = _i ? S2_ONLY : S1_ONLY;
	const uint64_t other = FREE_AREA + 0x10000, cd = FREE_AREA + 0x1000, page = 0xa0000000;
	struct world w = stream(config);
	uint64_t words[8];

	without_caches(&w.config, "software must not do so, and would meet what was kept");
	open_world(&w);
	put_tables_at(&w, config, other, page);
	memcpy(words, w.cd, sizeof(words));
	words[1] = other;
	put_structure(&w, cd, words);
	memcpy(words, w.ste, sizeof(words));
	words[0] = BIT(0) | config << 1 | cd;
	words[3] = other;
	put_structure(&w, STE_AT + 64, words);
	for (unsigned turn = 0; turn < 2; turn++) {
		w.txn.sid = SID;
		expect_reaches(&w, input_of(config), 0, NEAR_PA);
		w.txn.sid = SID + 1;
		expect_reaches(&w, input_of(config), 0, page | OFFSET);
	}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_entry_beyond_oas_is_f_ste_fetch);
	tcase_add_test(tests, a_contiguous_span_makes_no_entries_where_there_are_none);
	tcase_add_loop_test(tests, a_cd_pointer_out_of_range_fares_in_smmuv3_0_as_later, 0, 2);
	tcase_add_loop_test(tests, an_l2ptr_out_of_range_fares_in_smmuv3_0_as_later, 0, 2);
	tcase_add_loop_test(tests, an_input_size_out_of_range_is_illegal_in_smmuv3_0_too, 0, 6);
	tcase_add_loop_test(tests, streams_of_one_address_space_that_differ_keep_their_own_tables,
			    0, 2);
}

int main(void)
{
	return run_suite("choices", add);
}
