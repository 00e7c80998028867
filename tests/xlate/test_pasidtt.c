/* SPDX-License-Identifier: MIT */
/* Translated transactions with a PASID: IDR3.PASIDTT.  3.9.1.3, 13.7 */
#include "support/ats_world.h"

/* With IDR3.PASIDTT, which SMMUv3.4 brought and SMMUv3.3 may have; that has E0PD and, for stage 2,
 * PTWNNC; FWB, RIL and BBML are of v3.2.  2.8, 2.9 */
static struct world tagged_world(unsigned config, unsigned eats)
{
	struct world w = ats_recording_world(config, eats);

	w.config.aidr = 3;
	set_id(&w, 0, 0, 2, 3);
	set_id(&w, 0, 9, 1, 1);
	set_id(&w, 3, 13, 2, 3);
	set_id(&w, 3, 16, 1, 1);
	w.txn.ats = SMMU3_ATS_TRANSLATED;
	w.txn.ssid = 1;
	return w;
}

/* Checked, with such a CR2. */
static void checked(struct world *w, unsigned cr2)
{
	reopen(w, CR0_OPEN | CR0_ATSCHK, cr2);
}

static void expect_refused(struct world *w, uint64_t address, unsigned flags, unsigned event,
			   unsigned recorded)
{
	ck_assert_uint_eq(ask(w, address, flags), SMMU3_ABORT);
	ck_assert_uint_eq(w->out.event, event);
	ck_assert_uint_eq(w->out.recorded, recorded);
}

/* SubstreamID 1, SSV and StreamID 5, as word 0 of an event has them.  7.3 */
#define SSV_1 (BIT(11) | UINT64_C(1) << 12)
#define OF_STREAM(event) ((uint64_t)(event) | SID << 32)

/* ---- The substream ---- */

/* ATS-23, ATS-24, ATS-25, EVT-ATS-5: the CD of the PASID is read, and what it says of translations
 * does not matter: its tables are not read */
START_TEST(a_pasid_leads_to_a_context_descriptor_and_no_further)
{
	struct world w = tagged_world(_i ? NESTED : S1_ONLY, EATS_FULL);

	w.behind_host = true;
	give_substreams(&w, 0);
	put(&w, slot1(0), 0);
	checked(&w, 0);
	expect_pa(&w, PA_PAGE, PASID | NW0, PA_PAGE);
	ck_assert_uint_eq(w.seen[0].reason, SMMU3_REASON_STE);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].reason, SMMU3_REASON_CD);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, CD_AT);
	ck_assert_uint_eq(w.seen_count, _i ? 4 : 2); /* two levels of stage 2 for a block of 1GB */
	ck_assert_uint_eq(w.out.stages, 0);
	ck_assert_uint_eq(w.out.span, 0);
	close_world(&w);
}
END_TEST

/* ATS-22, ATS-23, EVT-ATS-4, EVT-ATS-5: of no stage 1, of no substreams, beyond S1CDMax; recorded
 * with REC_CFG_ATS.  The record has the SubstreamID, and no SSV.  7.3.9 */
START_TEST(a_pasid_that_the_stream_has_not_is_an_error)
{
	static const struct {
		uint8_t config;
		bool substreams;
		uint32_t ssid;
	} rows[] = {
		{ S2_ONLY, false, 1 },
		{ S1_ONLY, false, 1 },
		{ S1_ONLY, true, 4 },
		{ NESTED, true, 0xfffff },
	};
	struct world w = tagged_world(rows[_i].config, EATS_FULL);

	w.txn.ssid = rows[_i].ssid;
	if (rows[_i].substreams)
		give_substreams(&w, 0);
	checked(&w, 0);
	expect_refused(&w, PA_PAGE, PASID, C_BAD_SUBSTREAMID, 0);
	checked(&w, CR2_REC_CFG_ATS);
	expect_refused(&w, PA_PAGE, PASID, C_BAD_SUBSTREAMID, 1);
	ck_assert_uint_eq(w.out.record.word[0],
			  OF_STREAM(C_BAD_SUBSTREAMID) | (uint64_t)rows[_i].ssid << 12);
	ck_assert_uint_eq(w.out.stages, 0);
	close_world(&w);
}
END_TEST

/* ATS-22, ATS-23, ATS-25, EVT-ATS-5: S1DSS of traffic without a PASID: 0b00 and 0b11 end it, with
 * 0b01 and 0b10 it passes, and no CD is read; with 0b10 SubstreamID 0 is not for a PASID.  7.3.7 */
START_TEST(a_stream_that_disables_traffic_without_a_pasid_disables_it_here)
{
	static const struct {
		uint8_t s1dss, ssid;
		unsigned flags;
		bool disabled;
	} rows[] = {
		{ 0, 0, 0, true },      { 3, 0, 0, true },     { 1, 0, 0, false },
		{ 2, 0, 0, false },     { 2, 0, PASID, true }, { 2, 1, PASID, false },
		{ 1, 1, PASID, false },
	};
	struct world w = tagged_world(NESTED, EATS_FULL);

	w.behind_host = true;
	give_substreams(&w, rows[_i].s1dss);
	w.txn.ssid = rows[_i].ssid;
	checked(&w, CR2_REC_CFG_ATS);
	if (rows[_i].disabled) {
		expect_refused(&w, PA_PAGE, rows[_i].flags, F_STREAM_DISABLED, 1);
		ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(F_STREAM_DISABLED));
	} else {
		expect_pa(&w, PA_PAGE, rows[_i].flags, PA_PAGE);
		ck_assert_uint_eq(w.seen_count, rows[_i].flags ? 4 : 1);
	}
	checked(&w, 0);
	if (rows[_i].disabled)
		expect_refused(&w, PA_PAGE, rows[_i].flags, F_STREAM_DISABLED, 0);
	close_world(&w);
}
END_TEST

/* ATS-23, EVT-ATS-5: an aborted fetch, and what it reads, are told with REC_CFG_ATS; both with the
 * SubstreamID */
START_TEST(an_error_of_the_context_descriptor_is_told_as_one_of_the_stream)
{
	struct world w = tagged_world(S1_ONLY, EATS_FULL);
	const unsigned event = _i ? F_CD_FETCH : C_BAD_CD;

	w.behind_host = true;
	give_substreams(&w, 0);
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = _i ? CD_AT : 0;
	w.cd[0] &= _i ? UINT64_MAX : ~BIT(31); /* V */
	checked(&w, 0);
	expect_refused(&w, PA_PAGE, PASID, event, 0);
	checked(&w, CR2_REC_CFG_ATS);
	expect_refused(&w, PA_PAGE, PASID, event, 1);
	ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(event) | SSV_1);
	ck_assert_uint_eq(w.out.record.word[3], _i ? CD_AT : 0);
	close_world(&w);
}
END_TEST

/* ATS-23, EVT-ATS-5: what stage 2 has against the fetch of the CD is told as of any transaction:
 * F_ACCESS with S2R, CLASS = CD; an aborted walk always.  CR2 does not matter.  The CD is within a
 * block of 1GB at S2_TABLE(1) + 16 */
START_TEST(a_stage_2_fault_of_the_context_descriptor_is_recorded)
{
	struct world w = tagged_world(NESTED, EATS_FULL);

	give_substreams(&w, 0);
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | (S2_BLOCK & ~AF));
	w.ste[2] &= _i ? ~BIT(58) : UINT64_MAX; /* S2R */
	checked(&w, 0);
	expect_refused(&w, PA_PAGE | OFFSET, PASID, F_ACCESS, !_i);
	ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(F_ACCESS) | SSV_1);
	ck_assert_uint_eq(w.out.record.word[1], RNW | S2 | CLASS(0));
	ck_assert_uint_eq(w.out.record.word[2], PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.record.word[3], CD_PAGE);
	ck_assert_uint_eq(w.out.stages, 2);
	close_world(&w);
}
END_TEST

/* ATS-22, ATS-23, EVT-ATS-4: of a two-level table the L1CD, too: V = 0 is C_BAD_SUBSTREAMID, and
 * its aborted fetch F_CD_FETCH.  SubstreamIDs to 127, tables of 64 CDs.  3.9.1.3, 5.2 S1Fmt, 7.3.9
 */
START_TEST(an_error_of_a_level_1_descriptor_is_told_as_one_of_the_stream)
{
	struct world w = tagged_world(S1_ONLY, EATS_FULL);
	const unsigned event = _i ? F_CD_FETCH : C_BAD_SUBSTREAMID;

	set_id(&w, 0, 19, 1, 1); /* CD2L */
	w.behind_host = true;
	give_substreams(&w, 0);
	set_field(&w.ste[0], 4, 2, 1);  /* S1Fmt */
	set_field(&w.ste[0], 59, 5, 7); /* S1CDMax */
	put(&w, CD_PAGE + 8, CD_PAGE);
	w.txn.ssid = 65;
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = _i ? CD_PAGE + 8 : 0;
	checked(&w, 0);
	expect_refused(&w, PA_PAGE, PASID, event, 0);
	checked(&w, CR2_REC_CFG_ATS);
	expect_refused(&w, PA_PAGE, PASID, event, 1);
	ck_assert_uint_eq(w.out.record.word[0],
			  OF_STREAM(event) | (uint64_t)w.txn.ssid << 12 | (_i ? BIT(11) : 0));
	w.abort_at = 0;
	put(&w, CD_PAGE + 8, CD_PAGE | 1); /* CD 1 of the table is that of the world */
	expect_pa(&w, PA_PAGE, PASID, PA_PAGE);
	close_world(&w);
}
END_TEST

/* ATS-22, ATS-25, EVT-ATS-4: with the PASID as SubstreamID, and SSV; without IDR3.PASIDTT there is
 * none.  7.3.3, 7.3.5 */
START_TEST(an_error_of_the_stream_is_told_with_the_pasid)
{
	struct world w = tagged_world(S1_ONLY, EATS_FULL);
	const uint64_t pasid = _i ? SSV_1 : 0;

	set_id(&w, 3, 16, 1, (uint32_t)_i);
	w.ste[0] &= ~BIT(0); /* V */
	checked(&w, CR2_REC_CFG_ATS);
	expect_refused(&w, PA_PAGE, PASID, C_BAD_STE, 1);
	ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(C_BAD_STE) | pasid);
	w.txn.sid = 64;
	expect_refused(&w, PA_PAGE, PASID, C_BAD_STREAMID, 1);
	ck_assert_uint_eq(w.out.record.word[0], C_BAD_STREAMID | UINT64_C(64) << 32 | pasid);
	close_world(&w);
}
END_TEST

/* ATS-23: whatever S2R and REC_CFG_ATS are */
START_TEST(an_aborted_walk_for_the_context_descriptor_is_recorded)
{
	struct world w = tagged_world(NESTED, EATS_FULL);

	w.behind_host = true;
	give_substreams(&w, 0);
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = S2_TABLE(1) + 8 * 2;
	w.ste[2] &= ~BIT(58);
	checked(&w, 0);
	expect_refused(&w, PA_PAGE, PASID, F_WALK_EABT, 1);
	close_world(&w);
}
END_TEST

/* ---- Which comes first ---- */

/* ATS-21, ATS-23, EVT-ATS-5: that ATS is disabled is told before the substream, this before the CD,
 * the CD before the size of the address and before stage 2 of split-stage ATS */
START_TEST(the_substream_is_between_ats_and_the_address)
{
	struct world w = tagged_world(NESTED, _i ? EATS_SPLIT : EATS_NONE);

	give_substreams(&w, 0);
	w.cd[0] &= ~BIT(31);
	put(&w, slot2(3), 0);
	w.txn.ssid = 4;
	checked(&w, CR2_REC_CFG_ATS);
	if (_i == 0) {
		expect_refused(&w, IPA_PAGE, PASID, F_TRANSL_FORBIDDEN, 1);
		ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(F_TRANSL_FORBIDDEN));
		close_world(&w);
		return;
	}
	expect_refused(&w, UINT64_C(1) << 52, PASID, C_BAD_SUBSTREAMID, 1);
	w.txn.ssid = 1;
	expect_refused(&w, UINT64_C(1) << 52, PASID, C_BAD_CD, 1);
	expect_refused(&w, IPA_PAGE, PASID, C_BAD_CD, 1);
	put(&w, CD_AT, w.cd[0] | BIT(31));
	expect_refused(&w, UINT64_C(1) << 52, PASID, F_ADDR_SIZE, 1);
	expect_refused(&w, IPA_PAGE, PASID, F_TRANSLATION, 1);
	ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(F_TRANSLATION) | SSV_1);
	close_world(&w);
}
END_TEST

/* ATS-20, ATS-23: nobody asks where nothing is checked; SMMUEN = 0 comes before everything */
START_TEST(unchecked_traffic_may_have_any_pasid)
{
	struct world w = tagged_world(S1_ONLY, EATS_FULL);

	w.behind_host = true;
	w.txn.ssid = 0xfffff;
	reopen(&w, CR0_OPEN, CR2_REC_CFG_ATS);
	expect_pa(&w, PA_PAGE, PASID, PA_PAGE);
	ck_assert_uint_eq(w.seen_count, 0);
	reopen(&w, 4 | CR0_ATSCHK, CR2_REC_CFG_ATS);
	expect_refused(&w, PA_PAGE, PASID, F_TRANSL_FORBIDDEN, 1);
	close_world(&w);
}
END_TEST

/* ---- Priv and Exe ---- */

/* ATS-24, ATS-25, PERM-32: XN[1:0] of stage 2, 0b10 nobody executes, 0b01 users alone, 0b11
 * privileged alone.  Priv and Exe come with the PASID, and without one there are none; what the
 * stream overrides overrides them */
START_TEST(split_stage_ats_with_a_pasid_is_checked_as_what_it_says_it_is)
{
	static const struct {
		unsigned flags;
		uint8_t privcfg, instcfg, xn;
		bool passes;
	} rows[] = {
		{ PASID, 0, 0, 2, true },
		{ PASID | EXE, 0, 0, 2, false },
		{ PASID | EXE, 0, 0, 1, true },
		{ PASID | EXE | PRIV, 0, 0, 1, false },
		{ PASID | EXE | PRIV, 0, 0, 3, true },
		{ PASID | EXE, 0, 0, 3, false },
		{ PASID | EXE | PRIV, 2, 0, 1, true }, /* PRIVCFG: unprivileged */
		{ PASID | EXE | PRIV, 0, 2, 2, true }, /* INSTCFG: data */
		{ PASID | EXE | NW0, 0, 0, 2, true },  /* a write is data */
		{ EXE | PRIV, 0, 0, 2, true },         /* no PASID: data */
		{ EXE | PRIV, 0, 3, 1, true },         /* and unprivileged */
	};
	struct world w = tagged_world(NESTED, EATS_SPLIT);

	give_substreams(&w, 1);
	w.ste[1] |= (uint64_t)rows[_i].privcfg << 48 | (uint64_t)rows[_i].instcfg << 50;
	put(&w, slot2(3), PA_PAGE | S2_PAGE | (uint64_t)rows[_i].xn << 53);
	checked(&w, 0);
	ck_assert_uint_eq(ask(&w, IPA_PAGE, rows[_i].flags),
			  rows[_i].passes ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(w.out.event, rows[_i].passes ? 0 : F_PERMISSION);
	ck_assert_uint_eq(w.out.stages, 2);
	if (!rows[_i].passes)
		ck_assert_uint_eq(w.out.record.word[1],
				  RNW | IND | S2 | CLASS(2) | (rows[_i].flags & PRIV ? PNU : 0));
	close_world(&w);
}
END_TEST

/* ATS-25, PERM-32: of full ATS they change nothing but what the outcome says of the access, and the
 * stream overrides them.  13.1.4 Table 13.4 */
START_TEST(full_ats_passes_whatever_the_access_is)
{
	static const struct {
		uint8_t privcfg, instcfg, privileged, instruction;
	} rows[] = { { 0, 0, 1, 1 }, { 2, 0, 0, 1 }, { 0, 2, 1, 0 } };
	struct world w = tagged_world(S1_ONLY, EATS_FULL);

	give_substreams(&w, 0);
	w.ste[1] |= (uint64_t)rows[_i].privcfg << 48 | (uint64_t)rows[_i].instcfg << 50;
	checked(&w, 0);
	expect_pa(&w, PA_PAGE, PASID | EXE | PRIV, PA_PAGE);
	ck_assert_uint_eq(w.out.instruction, rows[_i].instruction);
	ck_assert_uint_eq(w.out.privileged, rows[_i].privileged);
	close_world(&w);
}
END_TEST

/* ---- Stage 1 does not translate ---- */

/* ATS-23, ATS-24: an IPA that is too large is a fault of stage 1, with which CD.A and CD.R have
 * nothing to do: it aborts, and is recorded.  3.9.1.3 item 10, 3.4 */
START_TEST(the_context_descriptor_does_not_say_how_a_fault_ends)
{
	struct world w = tagged_world(NESTED, EATS_SPLIT);

	give_substreams(&w, 0);
	w.cd[0] &= ~(BIT(46) | BIT(45)); /* A, R */
	checked(&w, 0);
	expect_refused(&w, UINT64_C(1) << 52, PASID, F_ADDR_SIZE, 1);
	ck_assert_uint_eq(w.out.record.word[0], OF_STREAM(F_ADDR_SIZE) | SSV_1);
	ck_assert_uint_eq(w.out.record.word[1], RNW | CLASS(2));
	expect_pa(&w, IPA_PAGE, PASID, PA_PAGE);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_pasid_leads_to_a_context_descriptor_and_no_further, 0, 2);
	tcase_add_loop_test(tests, a_pasid_that_the_stream_has_not_is_an_error, 0, 4);
	tcase_add_loop_test(tests, a_stream_that_disables_traffic_without_a_pasid_disables_it_here,
			    0, 7);
	tcase_add_loop_test(tests, an_error_of_the_context_descriptor_is_told_as_one_of_the_stream,
			    0, 2);
	tcase_add_loop_test(tests, a_stage_2_fault_of_the_context_descriptor_is_recorded, 0, 2);
	tcase_add_test(tests, an_aborted_walk_for_the_context_descriptor_is_recorded);
	tcase_add_loop_test(tests, an_error_of_a_level_1_descriptor_is_told_as_one_of_the_stream, 0,
			    2);
	tcase_add_loop_test(tests, an_error_of_the_stream_is_told_with_the_pasid, 0, 2);
	tcase_add_loop_test(tests, the_substream_is_between_ats_and_the_address, 0, 2);
	tcase_add_test(tests, unchecked_traffic_may_have_any_pasid);
	tcase_add_loop_test(tests, split_stage_ats_with_a_pasid_is_checked_as_what_it_says_it_is, 0,
			    11);
	tcase_add_loop_test(tests, full_ats_passes_whatever_the_access_is, 0, 3);
	tcase_add_test(tests, the_context_descriptor_does_not_say_how_a_fault_ends);
}

int main(void)
{
	return run_suite("pasidtt", add);
}
