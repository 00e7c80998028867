/* SPDX-License-Identifier: MIT */
/* ATS Translation Requests: who is served, and how those that are not are answered.  3.9.1.2 */
#include "support/ats_world.h"

enum { ALL_RIGHTS = GETS_R | GETS_W };

#define NO_FLAGS 0u

static uint64_t queued_events(struct world *w)
{
	uint64_t prod;

	ck_assert_int_eq(smmu3_mmio_read(w->smmu, SMMU3_PAS_NS, 0x100a8, 4, &prod), 0);
	return prod;
}

/* ATS-10, ATS-14: the PA of both stages, everything that the page allows; N, U and Global have no
 * bit */
START_TEST(a_request_gets_the_address_and_the_rights_of_its_page)
{
	static const unsigned configs[] = { S1_ONLY, S2_ONLY, NESTED };
	struct world w = ats_world(configs[_i], EATS_FULL);
	const uint64_t address = configs[_i] == S2_ONLY ? IPA_PAGE | OFFSET : VA;

	expect_pa(&w, address, NW0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.ats, ALL_RIGHTS);
	ck_assert_uint_eq(w.out.span, 4096);
	close_world(&w);
}
END_TEST

/* ATS-18, ATS-17: a 2MB block at stage 1 over pages is pages; over a block as large it is a block
 */
START_TEST(the_span_is_the_smaller_of_both_stages)
{
	const uint64_t block = IPA_PAGE & ~UINT64_C(0x1fffff);
	struct world w = ats_world(NESTED, EATS_FULL);

	put(&w, slot1(2), block | S1_BLOCK);
	put(&w, S2_TABLE(3) + 8 * 5, (PA_PAGE - 0x2000) | S2_PAGE); /* VA is page 5 of the block */
	expect_pa(&w, VA, NO_FLAGS, (PA_PAGE - 0x2000) | OFFSET);
	ck_assert_uint_eq(w.out.span, 4096);
	put(&w, slot2(2), UINT64_C(0x123456600000) | S2_BLOCK);
	expect_pa(&w, VA, NO_FLAGS, UINT64_C(0x123456605000) | OFFSET);
	ck_assert_uint_eq(w.out.span, 0x200000);
	close_world(&w);
}
END_TEST

/* ATS-17: 13.6.3: the address of stage 1, with the rights of both */
START_TEST(split_stage_ats_gives_the_ipa)
{
	struct world w = ats_world(NESTED, EATS_SPLIT);

	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(1));
	check_translated(&w);
	expect_pa(&w, VA, NW0, IPA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.ats, GETS_R);
	ck_assert_uint_eq(w.out.span, 4096);
	close_world(&w);
}
END_TEST

/* ATS-01, EVT-ATS-3, EVT-05, FLT-16, CR-014: bytes from the middle of a page to the third after it;
 * with a PASID, Exe, Priv, and W = !NW */
START_TEST(a_disabled_smmu_supports_no_request)
{
	struct world w = ats_world(NESTED, EATS_FULL);

	reopen(&w, 4, 0);
	w.txn.ssid = 0x2345;
	w.txn.bytes = 0x3000;
	ck_assert_uint_eq(ask(&w, VA, PASID | NW0 | EXE | PRIV), SMMU3_UR);
	ck_assert_uint_eq(w.out.recorded, 1);
	ck_assert_uint_eq(w.out.record.word[0], 5 | BIT(11) | 0x2345 << 12 | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1], 4 | UINT64_C(0xf) << 28);
	ck_assert_uint_eq(w.out.record.word[2], VA & ~UINT64_C(0xfff));
	ck_assert_uint_eq(w.out.record.word[3], 0);
	ck_assert_uint_eq(w.out.ats, 0);
	ck_assert_uint_eq(queued_events(&w), 1);
	close_world(&w);
}
END_TEST

/* FLT-16: before overrides; without a PASID there is neither Exe nor Priv, R is always asked for */
START_TEST(the_record_of_a_request_says_what_was_asked)
{
	struct world w = ats_world(NESTED, EATS_NONE);

	w.ste[1] |= UINT64_C(3) << 48 | UINT64_C(3) << 50; /* PRIVCFG, INSTCFG */
	ck_assert_uint_eq(ask(&w, VA, EXE | PRIV), SMMU3_UR);
	ck_assert_uint_eq(w.out.record.word[0], 5 | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1], 1 | BIT(31));
	w.txn.bytes = 0x100000;
	ck_assert_uint_eq(ask(&w, VA, NW0), SMMU3_UR);
	ck_assert_uint_eq(w.out.record.word[1], 15 | BIT(31) | BIT(30));
	close_world(&w);
}
END_TEST

/* ATS-02, ATS-03, EVT-ATS-3, STE-47, CR-019 */
START_TEST(a_stream_without_ats_supports_no_request)
{
	static const struct {
		uint8_t config, eats, event;
		unsigned cr0;
	} rows[] = {
		{ ABORT_ALL, EATS_FULL, 0, CR0_OPEN },
		{ BYPASS, EATS_FULL, F_BAD_ATS_TREQ, CR0_OPEN },
		{ S1_ONLY, EATS_NONE, F_BAD_ATS_TREQ, CR0_OPEN },
		{ NESTED, EATS_SPLIT, F_BAD_ATS_TREQ, CR0_OPEN },
		{ NESTED, EATS_DPT, F_BAD_ATS_TREQ, CR0_OPEN | CR0_ATSCHK },
	};
	struct world w = ats_world(rows[_i].config, rows[_i].eats);

	reopen(&w, rows[_i].cr0, CR2_RECINVSID);
	expect_end(&w, VA, SMMU3_UR, rows[_i].event, rows[_i].event != 0);
	close_world(&w);
}
END_TEST

/* ATS-03: a stream whose Config is 0b100 has no ATS; EATS is not judged there.  STE-53 */
START_TEST(a_bypassing_stream_may_have_any_eats)
{
	struct world w = ats_world(BYPASS, EATS_SPLIT);

	check_translated(&w);
	expect_end(&w, VA, SMMU3_UR, F_BAD_ATS_TREQ, 1);
	w.txn.ats = SMMU3_ATS_UNTRANSLATED;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	close_world(&w);
}
END_TEST

/* STE-47, STE-48: with ATS the STE is judged, for every transaction */
START_TEST(eats_that_contradicts_the_stream_makes_the_ste_illegal)
{
	static const struct {
		uint8_t config, eats, s2s, ns1ats, illegal;
	} rows[] = {
		{ S1_ONLY, EATS_SPLIT, 0, 0, 1 }, { S2_ONLY, EATS_SPLIT, 0, 0, 1 },
		{ NESTED, EATS_SPLIT, 1, 0, 1 },  { NESTED, EATS_SPLIT, 0, 1, 1 },
		{ NESTED, EATS_SPLIT, 0, 0, 0 },  { NESTED, EATS_FULL, 1, 0, 1 },
		{ NESTED, EATS_FULL, 0, 1, 0 },   { S1_ONLY, EATS_FULL, 1, 0, 0 },
	};
	struct world w = ats_world(rows[_i].config, rows[_i].eats);

	w.ste[2] |= rows[_i].s2s ? BIT(57) : 0;
	set_id(&w, 0, 11, 1, rows[_i].ns1ats);
	check_translated(&w);
	w.txn.ats = SMMU3_ATS_UNTRANSLATED;
	ck_assert_uint_eq(ask(&w, rows[_i].config == S2_ONLY ? IPA_PAGE : VA, 0),
			  rows[_i].illegal ? SMMU3_ABORT : SMMU3_OK);
	ck_assert_uint_eq(w.out.event, rows[_i].illegal ? C_BAD_STE : 0);
	close_world(&w);
}
END_TEST

/* Something wrong with the configuration of a stage 1 stream, and what an ordinary transaction
 * would meet. */
static void spoil(struct world *w, unsigned event)
{
	switch (event) {
	case C_BAD_STREAMID:
		w->txn.sid = 64;
		break;
	case F_STE_FETCH:
		w->abort_at = STE_AT;
		break;
	case C_BAD_STE:
		w->ste[0] &= ~BIT(0);
		break;
	case F_STREAM_DISABLED:
		give_substreams(w, 0);
		break;
	case C_BAD_SUBSTREAMID:
		w->txn.flags |= PASID;
		break;
	case F_CD_FETCH:
		w->abort_at = CD_AT;
		break;
	case C_BAD_CD:
		w->cd[0] &= ~BIT(31);
		break;
	case F_WALK_EABT:
		w->abort_at = slot1(2);
		break;
	}
}

static const uint8_t errors[] = { C_BAD_STREAMID,    F_STE_FETCH, C_BAD_STE, F_STREAM_DISABLED,
				  C_BAD_SUBSTREAMID, F_CD_FETCH,  C_BAD_CD,  F_WALK_EABT };

/* ATS-04, ATS-05, EVT-ATS-1, EVT-ATS-2 */
START_TEST(a_request_that_meets_an_error_is_a_completer_abort)
{
	struct world w = ats_recording_world(S1_ONLY, EATS_FULL);
	const unsigned event = errors[_i];

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	spoil(&w, event);
	expect_end(&w, VA, SMMU3_CA, event, 0);
	ck_assert_uint_eq(queued_events(&w), 0);
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS);
	expect_end(&w, VA, SMMU3_CA, event, event != C_BAD_STREAMID);
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS | CR2_RECINVSID);
	expect_end(&w, VA, SMMU3_CA, event, 1);
	close_world(&w);
}
END_TEST

/* ATS-05: RnW is 1 whatever NW is */
START_TEST(the_record_of_a_request_that_met_an_aborted_walk_is_a_read)
{
	struct world w = ats_recording_world(S1_ONLY, EATS_FULL);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = slot1(2);
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS);
	ck_assert_uint_eq(ask(&w, VA, NW0), SMMU3_CA);
	ck_assert_uint_eq(w.out.record.word[1], RNW | CLASS(1));
	close_world(&w);
}
END_TEST

/* ATS-05, EVT-ATS-2: 6.3.12: without IDR0.ATSRECERR the bit of CR2 is none */
START_TEST(without_atsrecerr_no_error_is_recorded)
{
	struct world w = ats_recording_world(S1_ONLY, EATS_FULL);

	set_id(&w, 0, 23, 1, 0);
	w.cd[0] &= ~BIT(31);
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS | CR2_RECINVSID);
	expect_end(&w, VA, SMMU3_CA, C_BAD_CD, 0);
	close_world(&w);
}
END_TEST

/* ATS-06, ATS-07, EVT-ATS-1, STALL-06: A = 0, R = 1, S = 1 count for nothing; of the CD and of
 * stage 1 tables, too */
START_TEST(a_request_that_meets_a_fault_gets_no_access_and_is_not_recorded)
{
	static const uint64_t leaves[] = { 0, PA_PAGE | (S2_PAGE & ~AF),
					   PA_PAGE | (S2_PAGE & ~S2AP(3)),
					   BIT(48) | S2_PAGE /* 52-bit bit of 4KB: reserved */ };
	static const unsigned events[] = { F_TRANSLATION, F_ACCESS, F_PERMISSION };
	const unsigned class = (unsigned)_i / 3;
	struct world w = nested_through(class);
	const uint64_t leaf = leaves[_i % 3];

	set_id(&w, 0, 10, 1, 1);
	make_faults_stall(&w);
	w.ste[1] |= (uint64_t)EATS_FULL << 28;
	w.txn.ats = SMMU3_ATS_REQUEST;
	put(&w, slot2(3), leaf);
	reopen(&w, CR0_OPEN, CR2_RECINVSID);
	expect_no_access(&w, VA, NW0);
	ck_assert_uint_eq(w.out.span, 4096);
	ck_assert_uint_eq(w.out.event, events[_i % 3]);
	ck_assert_uint_eq(w.out.fault_stage, 2);
	ck_assert_uint_eq(queued_events(&w), 0);
	close_world(&w);
}
END_TEST

/* ATS-06, STALL-06: a stage 1 fault with CD.A = 0, or CD.S = 1 */
START_TEST(a_stage_1_fault_of_a_request_neither_stalls_nor_reads_as_zero)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	make_faults_stall(&w);
	w.cd[0] = (w.cd[0] & ~BIT(44)) | (_i ? BIT(44) : 0);
	put(&w, slot1(3), 0);
	expect_no_access(&w, VA, 0);
	close_world(&w);
}
END_TEST

/* ATS-06: 64KB is the least granule, so the STU */
START_TEST(no_access_is_of_the_smallest_translation_unit)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	set_id(&w, 5, 4, 3, 4);
	w.cd[0] |= 1 << 6;  /* TG0: 64KB */
	w.cd[0] += 32 - 16; /* T0SZ */
	w.txn.bytes = 0x20000;
	expect_no_access(&w, 0x12345000, 0);
	ck_assert_uint_eq(w.out.span, 0x10000);
	ck_assert_uint_eq(w.out.bytes, 0x10000 - 0x5000);
	close_world(&w);
}
END_TEST

/* ATS-09: page 7 of stage 2 is not even read */
START_TEST(what_stage_1_does_not_grant_is_not_looked_up_in_stage_2)
{
	struct world w = ats_world(NESTED, EATS_FULL);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = slot2(3);
	put(&w, slot1(3), IPA_PAGE | PAGE_BITS | AP(0)); /* privileged alone */
	expect_no_access(&w, VA, NW0);
	ck_assert_uint_eq(w.out.fault_stage, 1);
	put(&w, slot1(3), IPA_PAGE | PAGE_BITS | AP(1));
	expect_end(&w, VA, SMMU3_CA, F_WALK_EABT, 0);
	close_world(&w);
}
END_TEST

/* ATS-16: 5.2 S1DSS = 0b01: what has no PASID passes stage 1; 52 bits of address */
START_TEST(a_request_that_skips_the_only_stage_gets_all_addresses_as_they_are)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	give_substreams(&w, 1);
	expect_pa(&w, 0x123456789, NO_FLAGS, 0x123456789);
	ck_assert_uint_eq(w.out.ats, ALL_RIGHTS);
	ck_assert_uint_eq(w.out.span, BIT(52));
	w.txn.ssid = 1;
	expect_pa(&w, VA, PASID, PA_PAGE | OFFSET);
	expect_no_access(&w, BIT(52), 0);
	close_world(&w);
}
END_TEST

/* ATS-16, ATS-17: over stage 2 the PA, or with split-stage ATS the address itself; the rights are
 * those of stage 2 */
START_TEST(a_request_that_skips_stage_1_gets_what_stage_2_says)
{
	const unsigned eats = _i ? EATS_SPLIT : EATS_FULL;
	struct world w = ats_world(NESTED, eats);

	give_substreams(&w, 1);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(1));
	check_translated(&w);
	expect_pa(&w, IPA_PAGE | OFFSET, NW0, (_i ? IPA_PAGE : PA_PAGE) | OFFSET);
	ck_assert_uint_eq(w.out.ats, GETS_R);
	ck_assert_uint_eq(w.out.span, 4096);
	close_world(&w);
}
END_TEST

/* ATS-19: 3.9.3 */
START_TEST(a_cxl_device_is_sent_to_cxl_io_where_memory_is_not_write_back_and_shared)
{
	static const struct {
		uint8_t config, eats, index, sh, cxl, io;
	} rows[] = {
		{ S1_ONLY, EATS_FULL, 0, 3, 1, 0 }, { S1_ONLY, EATS_FULL, 0, 3, 0, 0 },
		{ S1_ONLY, EATS_FULL, 0, 2, 1, 0 }, { S1_ONLY, EATS_FULL, 0, 0, 1, 1 },
		{ S1_ONLY, EATS_FULL, 1, 3, 1, 1 }, { S1_ONLY, EATS_FULL, 3, 3, 1, 1 },
		{ S1_ONLY, EATS_FULL, 5, 3, 1, 1 }, { S1_ONLY, EATS_FULL, 6, 3, 1, 1 },
		{ S1_ONLY, EATS_FULL, 1, 3, 0, 0 }, { NESTED, EATS_SPLIT, 0, 3, 1, 1 },
		{ NESTED, EATS_FULL, 0, 3, 1, 0 },
	};
	struct world w = ats_world(rows[_i].config, rows[_i].eats);
	const uint64_t output = rows[_i].config == NESTED ? IPA_PAGE : PA_PAGE;

	put(&w, slot1(3),
	    output | (S1_PAGE & ~(UINT64_C(3) << 8)) | (uint64_t)rows[_i].index << 2 |
		    (uint64_t)rows[_i].sh << 8);
	check_translated(&w);
	ck_assert_uint_eq(ask(&w, VA, rows[_i].cxl ? SMMU3_TXN_SOURCE_CXL : 0), SMMU3_OK);
	ck_assert_uint_eq(w.out.ats & SMMU3_ATS_CXL_IO, rows[_i].io ? SMMU3_ATS_CXL_IO : 0);
	close_world(&w);
}
END_TEST

/* ATS-19: without attributes of its own a request counts as Write-Back and shared.  3.9.3 */
START_TEST(a_cxl_request_that_nothing_translates_is_not_sent_to_cxl_io)
{
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	give_substreams(&w, 1);
	expect_completion(&w, SMMU3_TXN_SOURCE_CXL, ALL_RIGHTS);
	drive(&w, 0x44, SMMU3_OSH);
	expect_completion(&w, SMMU3_TXN_SOURCE_CXL, ALL_RIGHTS | SMMU3_ATS_CXL_IO);
	close_world(&w);
}
END_TEST

/* ATS-01: a probe of it records nothing */
START_TEST(a_probe_of_a_request_records_nothing)
{
	struct world w = ats_world(S1_ONLY, EATS_NONE);

	ck_assert_uint_eq(ask(&w, VA, SMMU3_TXN_PROBE), SMMU3_UR);
	ck_assert_uint_eq(w.out.recorded, 0);
	ck_assert_uint_eq(queued_events(&w), 0);
	close_world(&w);
}
END_TEST

START_TEST(ats_is_for_an_smmu_that_has_it)
{
	static const struct {
		uint8_t has, ats, txn_class;
		bool fits;
	} rows[] = {
		{ 0, SMMU3_ATS_UNTRANSLATED, SMMU3_CLASS_ORDINARY, true },
		{ 0, SMMU3_ATS_REQUEST, SMMU3_CLASS_ORDINARY, false },
		{ 0, SMMU3_ATS_TRANSLATED, SMMU3_CLASS_ORDINARY, false },
		{ 1, SMMU3_ATS_REQUEST, SMMU3_CLASS_ATOMIC, false },
		{ 1, SMMU3_ATS_TRANSLATED, SMMU3_CLASS_ATOMIC, true },
		{ 1, SMMU3_ATS_TRANSLATED + 1, SMMU3_CLASS_ORDINARY, false },
	};
	struct world w = ats_world(S1_ONLY, EATS_FULL);

	set_id(&w, 0, 10, 1, rows[_i].has);
	w.txn.ats = rows[_i].ats;
	w.txn.txn_class = rows[_i].txn_class;
	ck_assert_int_eq(ask(&w, VA, 0) != SMMU3_ERROR, rows[_i].fits);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_request_gets_the_address_and_the_rights_of_its_page, 0, 3);
	tcase_add_test(tests, the_span_is_the_smaller_of_both_stages);
	tcase_add_test(tests, split_stage_ats_gives_the_ipa);
	tcase_add_test(tests, a_disabled_smmu_supports_no_request);
	tcase_add_test(tests, the_record_of_a_request_says_what_was_asked);
	tcase_add_loop_test(tests, a_stream_without_ats_supports_no_request, 0, 5);
	tcase_add_test(tests, a_bypassing_stream_may_have_any_eats);
	tcase_add_loop_test(tests, eats_that_contradicts_the_stream_makes_the_ste_illegal, 0, 8);
	tcase_add_loop_test(tests, a_request_that_meets_an_error_is_a_completer_abort, 0, 8);
	tcase_add_test(tests, the_record_of_a_request_that_met_an_aborted_walk_is_a_read);
	tcase_add_test(tests, without_atsrecerr_no_error_is_recorded);
	tcase_add_loop_test(tests, a_request_that_meets_a_fault_gets_no_access_and_is_not_recorded,
			    0, 9);
	tcase_add_loop_test(tests, a_stage_1_fault_of_a_request_neither_stalls_nor_reads_as_zero, 0,
			    2);
	tcase_add_test(tests, no_access_is_of_the_smallest_translation_unit);
	tcase_add_test(tests, what_stage_1_does_not_grant_is_not_looked_up_in_stage_2);
	tcase_add_test(tests, a_request_that_skips_the_only_stage_gets_all_addresses_as_they_are);
	tcase_add_loop_test(tests, a_request_that_skips_stage_1_gets_what_stage_2_says, 0, 2);
	tcase_add_loop_test(
		tests, a_cxl_device_is_sent_to_cxl_io_where_memory_is_not_write_back_and_shared, 0,
		11);
	tcase_add_test(tests, a_cxl_request_that_nothing_translates_is_not_sent_to_cxl_io);
	tcase_add_test(tests, a_probe_of_a_request_records_nothing);
	tcase_add_loop_test(tests, ats_is_for_an_smmu_that_has_it, 0, 6);
}

int main(void)
{
	return run_suite("ats_requests", add);
}
