/* SPDX-License-Identifier: MIT */
/* From a SubstreamID to its CD: which are refused, S1DSS, linear and two-level CD tables, what
 * cannot be read. */
#include "support/conf_world.h"

#define SSV SMMU3_TXN_SSV
#define CDS FREE_AREA               /* CD table, or its level 1 */
#define LEAF (FREE_AREA + 0x200000) /* leaves of a two-level table */

/* A stream with 2^cdmax substreams; memory is seen to be read. */
static struct world substreams(unsigned config, unsigned fmt, unsigned cdmax)
{
	struct world w = stream(config);

	w.ste[0] = BIT(0) | (uint64_t)config << 1 | (uint64_t)fmt << 4 | CDS |
		   (uint64_t)cdmax << 59;
	w.behind_host = true;
	return w;
}

static void set_s1dss(struct world *w, unsigned s1dss)
{
	change(w->ste, S1DSS, s1dss);
}

/* The access goes through, by the CD at `pa`, or without one if `pa` is 0. */
static void expect_cd(struct world *w, uint64_t address, uint32_t ssid, unsigned flags, uint64_t pa)
{
	w->txn.ssid = ssid;
	expect_reaches(w, address, flags, NEAR_PA);
	ck_assert_uint_eq(fetched(w, SMMU3_REASON_CD), pa);
}

static void expect_refused(struct world *w, uint64_t address, uint32_t ssid, unsigned flags,
			   unsigned event)
{
	w->txn.ssid = ssid;
	expect_error(w, address, flags, event, 0);
	ck_assert_uint_eq(fetched(w, SMMU3_REASON_CD), 0);
}

/* SUB-01, SUB-02, SUB-03, SUB-15, SUB-20, FLT-03, STE-14: no substreams, because of what */
START_TEST(a_substreamid_where_there_are_no_substreams_is_c_bad_substreamid)
{
	static const struct {
		uint8_t config, ssidsize, cdmax;
	} rows[] = { { BYPASS, 20, 0 }, { BYPASS, 20, 4 },  { S2_ONLY, 20, 0 }, { S2_ONLY, 20, 4 },
		     { S2_ONLY, 0, 0 }, { S1_ONLY, 20, 0 }, { NESTED, 20, 0 },  { S1_ONLY, 0, 0 },
		     { S1_ONLY, 0, 4 }, { NESTED, 0, 31 } };
	struct world w = substreams(rows[_i].config, 0, rows[_i].cdmax);

	change_id(&w, SSIDSIZE, rows[_i].ssidsize);
	set_s1dss(&w, 2);
	open_world(&w);
	put_structure(&w, CDS, w.cd);
	expect_refused(&w, input_of(rows[_i].config), 0, SSV, C_BAD_SUBSTREAMID);
	expect_refused(&w, input_of(rows[_i].config), 0xfffff, SSV | SMMU3_TXN_WRITE,
		       C_BAD_SUBSTREAMID);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x5fffff008));
	/* SUB-01, SUB-02: without one, S1DSS does not count and the only CD is used */
	if (!(CONFIGS_S1 & 1 << rows[_i].config) || rows[_i].ssidsize == 0 || rows[_i].cdmax == 0)
		expect_unchanged(&w, rows[_i].config);
	close_world(&w);
}
END_TEST

/* SUB-04, SUB-09, STE-57: linear, also with the reserved format, up to the largest table */
START_TEST(a_linear_cd_table_is_indexed_by_64_bytes_and_ends_with_s1cdmax)
{
	static const uint8_t cdmaxs[] = { 1, 2, 6, 10, 16 };
	const unsigned fmt = _i & 1 ? 3 : 0, cdmax = cdmaxs[_i / 2];
	const uint32_t last = (uint32_t)BIT(cdmax) - 1;
	struct world w = substreams(S1_ONLY, fmt, cdmax);

	open_world(&w);
	put_structure(&w, CDS, w.cd);
	put_structure(&w, CDS + 64 * last, w.cd);
	expect_cd(&w, VA, 0, SSV, CDS);
	expect_cd(&w, VA, last, SSV, CDS + 64 * last);
	expect_refused(&w, VA, last + 1, SSV, C_BAD_SUBSTREAMID);
	expect_refused(&w, VA, 0xfffff, SSV, C_BAD_SUBSTREAMID);
	close_world(&w);
}
END_TEST

/* SUB-05, SUB-07, SUB-08, FLT-03, FLT-15 */
START_TEST(s1dss_decides_for_accesses_without_a_substream_and_for_substream_0)
{
	const unsigned s1dss = (unsigned)_i % 4, config = _i < 4 ? S1_ONLY : NESTED;
	struct world w = substreams(config, 0, 2);

	set_s1dss(&w, s1dss);
	open_world(&w);
	for (uint64_t i = 0; i < 4; i++)
		put_structure(&w, CDS + 64 * i, w.cd);
	expect_cd(&w, VA, 3, SSV, CDS + 64 * 3);
	if (s1dss == 2) {
		expect_cd(&w, VA, 3, 0, CDS);
		expect_refused(&w, VA, 0, SSV, F_STREAM_DISABLED);
	} else {
		expect_cd(&w, VA, 0, SSV, CDS);
		if (s1dss != 1)
			expect_refused(&w, VA, 3, 0, F_STREAM_DISABLED);
	}
	close_world(&w);
}
END_TEST

/* SUB-06, ATTR-25: without a look at the CD, which is not even there */
START_TEST(s1dss_1_bypasses_stage_1_without_a_cd)
{
	const unsigned fmt = (unsigned)_i;
	struct world w = substreams(S1_ONLY, fmt, 8);

	set_s1dss(&w, 1);
	w.abort_at = CDS;
	expect_reaches(&w, VA, 0, VA);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_CD) | fetched(&w, SMMU3_REASON_L1CD), 0);
	ck_assert_uint_eq(w.out.stages, 0);
	w.ste[0] |= NESTED << 1;
	open_world(&w);
	expect_cd(&w, IPA_PAGE | OFFSET, 0, 0, 0);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1CD), 0);
	ck_assert_uint_eq(w.out.stages, 2);
	close_world(&w);
}
END_TEST

/* SUB-10, SUB-11, SUB-12, SUB-04, B23: the L1CD has every RES0 bit set */
START_TEST(a_two_level_cd_table_has_leaves_of_64_or_1024_cds)
{
	static const struct {
		uint8_t fmt, cdmax;
		uint32_t ssid, l1, l2;
	} rows[] = {
		{ 1, 20, 0xabcde, 0x2af3, 0x1e },
		{ 2, 20, 0xabcde, 0x2af, 0xde },
		{ 1, 20, 0xfffff, 0x3fff, 0x3f },
		{ 2, 20, 0xfffff, 0x3ff, 0x3ff },
		{ 1, 7, 0x7f, 1, 0x3f },
		{ 2, 11, 0x7ff, 1, 0x3ff },
		{ 1, 6, 0x3f, 0, 0x3f },
		{ 2, 10, 0x3ff, 0, 0x3ff },
		{ 1, 1, 1, 0, 1 },
		{ 2, 1, 1, 0, 1 },
		{ 2, 9, 0x1ff, 0, 0x1ff },
		{ 1, 20, 0, 0, 0 },
		{ 2, 20, 0x400, 1, 0 },
		{ 1, 20, 0x40, 1, 0 },
	};
	const uint64_t res0 = UINT64_C(0xff00000000000ffe) | (rows[_i].fmt == 2 ? 0xf000 : 0);
	struct world w = substreams(S1_ONLY, rows[_i].fmt, rows[_i].cdmax);

	open_world(&w);
	put(&w, CDS + 8 * rows[_i].l1, LEAF | 1 | res0);
	put_structure(&w, LEAF + 64 * rows[_i].l2, w.cd);
	expect_cd(&w, VA, rows[_i].ssid, SSV, LEAF + 64 * rows[_i].l2);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1CD), CDS + 8 * rows[_i].l1);
	if (rows[_i].cdmax < 20)
		expect_refused(&w, VA, (uint32_t)BIT(rows[_i].cdmax), SSV, C_BAD_SUBSTREAMID);
	close_world(&w);
}
END_TEST

/* STE-16: bits of the pointer below the size of the table are taken as zero */
START_TEST(a_cd_table_is_aligned_to_its_size)
{
	static const struct {
		uint8_t fmt, cdmax;
		uint64_t pointer, used;
	} rows[] = {
		{ 0, 0, 0x80400fc0, 0x80400fc0 },  { 0, 1, 0x80400fc0, 0x80400f80 },
		{ 0, 6, 0x80400fc0, 0x80400000 },  { 0, 10, 0x8040ffc0, 0x80400000 },
		{ 1, 9, 0x80400fc0, 0x80400fc0 },  { 1, 10, 0x80400fc0, 0x80400f80 },
		{ 1, 20, 0x8041ffc0, 0x80400000 }, { 2, 13, 0x80400fc0, 0x80400fc0 },
		{ 2, 14, 0x80400fc0, 0x80400f80 }, { 2, 20, 0x80401fc0, 0x80400000 },
		{ 3, 10, 0x8040ffc0, 0x80400000 },
	};
	const bool two_level = rows[_i].fmt == 1 || rows[_i].fmt == 2;
	struct world w = substreams(S1_ONLY, rows[_i].fmt, rows[_i].cdmax);

	w.ste[0] = (w.ste[0] & ~CDS) | rows[_i].pointer;
	set_s1dss(&w, 2);
	reach(&w, VA, 0);
	ck_assert_uint_eq(fetched(&w, two_level ? SMMU3_REASON_L1CD : SMMU3_REASON_CD),
			  rows[_i].used);
	close_world(&w);
}
END_TEST

/* SUB-13, SUB-15, L1CD.V, B23 */
START_TEST(an_l1cd_that_is_not_valid_is_c_bad_substreamid)
{
	struct world w = substreams(_i & 1 ? NESTED : S1_ONLY, _i & 2 ? 1 : 2, 20);

	set_s1dss(&w, 2);
	open_world(&w);
	put(&w, CDS, LEAF);
	expect_refused(&w, VA, 5, SSV, C_BAD_SUBSTREAMID);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1CD), CDS);
	expect_refused(&w, VA, 0xabcde, 0, C_BAD_SUBSTREAMID); /* through S1DSS: SubstreamID 0 */
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500000008));
	close_world(&w);
}
END_TEST

/* SUB-14: OAS 44, stage 1 alone.  A pointer inside it that leads nowhere is F_CD_FETCH */
START_TEST(an_l2ptr_beyond_oas_is_c_bad_substreamid)
{
	struct world w = substreams(S1_ONLY, 1, 20);

	change_id(&w, OAS, OAS_44);
	set_s1dss(&w, 2);
	open_world(&w);
	put(&w, CDS, BIT(44) | LEAF | 1);
	expect_refused(&w, VA, 5, SSV, C_BAD_SUBSTREAMID);
	expect_refused(&w, VA, 5, 0, C_BAD_SUBSTREAMID);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500000008));
	put(&w, CDS, BIT(43) | LEAF | 1);
	w.txn.ssid = 5;
	expect_error(&w, VA, SSV, F_CD_FETCH, BIT(43) | (LEAF + 64 * 5));
	close_world(&w);
}
END_TEST

/* SUB-14 with both stages, SUB-16: libsmmu hands the pointer to stage 2, whole */
START_TEST(an_l2ptr_beyond_the_ipa_range_is_a_stage_2_translation_fault)
{
	struct world w = substreams(NESTED, 1, 20);

	open_world(&w);
	put(&w, CDS, BIT(55) | LEAF | 1);
	w.txn.ssid = 5;
	ck_assert_uint_eq(reach(&w, VA, SSV), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, F_TRANSLATION);
	ck_assert_uint_eq(w.out.fault_stage, 2);
	ck_assert_uint_eq(w.out.fault_addr, BIT(55) | (LEAF + 64 * 5));
	expect_words(&w, UINT64_C(0x500005810), RNW | S2 | CLASS(0), VA, LEAF); /* FLT-13 */
	close_world(&w);
}
END_TEST

/* STE-15, SUB-12: S1ContextPtr and L2Ptr are IPAs, each of a page that stage 2 moves; nothing lies
 * at the same PAs */
START_TEST(an_l1cd_and_its_leaf_are_read_where_stage_2_puts_them)
{
	struct world w = substreams(NESTED, 1, 7);
	const uint64_t l1 = LEAF + 0x3000, leaf = LEAF + 0x5000;

	change(w.ste, AT(0, 55, 6), IPA_PAGE >> 6);
	open_world(&w);
	put(&w, slot2(3), l1 | S2_PAGE);
	put(&w, slot2(3) + 8, leaf | S2_PAGE);
	put(&w, slot1(3), RAM_BASE | S1_PAGE);
	put(&w, l1 + 8, (IPA_PAGE + 0x1000) | 1);
	put_structure(&w, leaf + 64 * 6, w.cd);
	w.txn.ssid = 70; /* descriptor 1, CD 6 of its leaf */
	expect_reaches(&w, VA, SSV, RAM_BASE | OFFSET);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_L1CD), l1 + 8);
	ck_assert_uint_eq(fetched(&w, SMMU3_REASON_CD), leaf + 64 * 6);
	close_world(&w);
}
END_TEST

/* SUB-16: a CD at an IPA of 41 bits, with IPS of 32 */
START_TEST(the_address_of_a_cd_takes_no_stage_1_size_check)
{
	struct world w = nested_through(SMMU3_CLASS_CD);

	change(w.cd, IPS, 0);
	expect_reaches(&w, VA, 0, RAM_BASE | OFFSET);
	close_world(&w);
}
END_TEST

/* SUB-17, B12: L1CD and CD, stage 1 alone and both; the PA of the read, and nothing of it stays */
START_TEST(an_aborted_fetch_is_f_cd_fetch_with_its_physical_address_and_the_next_access_reads_again)
{
	const bool descriptor = _i & 1;
	struct world w = substreams(_i & 2 ? NESTED : S1_ONLY, 1, 20);

	open_world(&w);
	put(&w, CDS, LEAF | 1);
	put_structure(&w, LEAF + 64 * 5, w.cd);
	w.answer = _i & 4 ? SMMU3_MEM_POISON : SMMU3_MEM_ABORT;
	w.abort_at = descriptor ? CDS : LEAF + 64 * 5;
	w.txn.ssid = 5;
	expect_error(&w, VA, SSV | SMMU3_TXN_WRITE, F_CD_FETCH, w.abort_at);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500005809));
	w.abort_at = 0;
	expect_cd(&w, VA, 5, SSV, LEAF + 64 * 5);
	close_world(&w);
}
END_TEST

/* SUB-17: the CD lies at an IPA that stage 2 moves */
START_TEST(the_fetch_address_of_a_nested_cd_is_where_stage_2_put_it)
{
	struct world w = nested_through(SMMU3_CLASS_CD);

	w.behind_host = true;
	w.abort_at = CD_AT;
	w.answer = SMMU3_MEM_ABORT;
	expect_error(&w, VA, 0, F_CD_FETCH, CD_AT);
	close_world(&w);
}
END_TEST

/* ST-11, STE-17: S1CIR, S1COR, S1CSH; Non-cacheable both ways is Outer Shareable, SH 0b01 is
 * Non-shareable */
START_TEST(both_levels_of_a_cd_table_are_read_with_the_attributes_of_their_stream)
{
	static const struct {
		uint8_t ir, or, sh, type, shown; /* type without allocation hints */
	} rows[] = {
		{ 1, 1, 3, 0xcc, SMMU3_ISH }, { 1, 1, 2, 0xcc, SMMU3_OSH },
		{ 1, 1, 1, 0xcc, SMMU3_NSH }, { 3, 1, 0, 0xcc, SMMU3_NSH },
		{ 2, 1, 3, 0xc8, SMMU3_ISH }, { 1, 2, 3, 0x8c, SMMU3_ISH },
		{ 2, 3, 3, 0xc8, SMMU3_ISH }, { 0, 1, 3, 0xc4, SMMU3_ISH },
		{ 1, 0, 0, 0x4c, SMMU3_NSH }, { 0, 0, 0, 0x44, SMMU3_OSH },
		{ 0, 0, 3, 0x44, SMMU3_OSH },
	};
	struct world w = substreams(S1_ONLY, 1, 20);

	change(w.ste, S1CIR, rows[_i].ir);
	change(w.ste, S1COR, rows[_i].or);
	change(w.ste, S1CSH, rows[_i].sh);
	open_world(&w);
	put(&w, CDS, LEAF | 1);
	put_structure(&w, LEAF, w.cd);
	expect_cd(&w, VA, 0, SSV, LEAF);
	for (unsigned i = 0; i < w.seen_count; i++)
		if (w.seen[i].reason == SMMU3_REASON_CD || w.seen[i].reason == SMMU3_REASON_L1CD) {
			ck_assert_uint_eq(w.seen[i].attr.mair & 0xcc, rows[_i].type);
			ck_assert_uint_eq(w.seen[i].attr.sh, rows[_i].shown);
			ck_assert_uint_eq(w.seen[i].pas, SMMU3_PAS_NS);
		}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_substreamid_where_there_are_no_substreams_is_c_bad_substreamid,
			    0, 10);
	tcase_add_loop_test(tests, a_linear_cd_table_is_indexed_by_64_bytes_and_ends_with_s1cdmax,
			    0, 10);
	tcase_add_loop_test(tests,
			    s1dss_decides_for_accesses_without_a_substream_and_for_substream_0, 0,
			    8);
	tcase_add_loop_test(tests, s1dss_1_bypasses_stage_1_without_a_cd, 0, 4);
	tcase_add_loop_test(tests, a_two_level_cd_table_has_leaves_of_64_or_1024_cds, 0, 14);
	tcase_add_loop_test(tests, a_cd_table_is_aligned_to_its_size, 0, 11);
	tcase_add_loop_test(tests, an_l1cd_that_is_not_valid_is_c_bad_substreamid, 0, 4);
	tcase_add_test(tests, an_l2ptr_beyond_oas_is_c_bad_substreamid);
	tcase_add_test(tests, an_l2ptr_beyond_the_ipa_range_is_a_stage_2_translation_fault);
	tcase_add_test(tests, an_l1cd_and_its_leaf_are_read_where_stage_2_puts_them);
	tcase_add_test(tests, the_address_of_a_cd_takes_no_stage_1_size_check);
	tcase_add_loop_test(
		tests,
		an_aborted_fetch_is_f_cd_fetch_with_its_physical_address_and_the_next_access_reads_again,
		0, 8);
	tcase_add_test(tests, the_fetch_address_of_a_nested_cd_is_where_stage_2_put_it);
	tcase_add_loop_test(tests,
			    both_levels_of_a_cd_table_are_read_with_the_attributes_of_their_stream,
			    0, 11);
}

int main(void)
{
	return run_suite("substreams", add);
}
