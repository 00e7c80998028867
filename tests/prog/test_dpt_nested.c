/* SPDX-License-Identifier: MIT */
/* A Device Permission Table for streams of both stages, of EL2, and with PASIDs: SMMUv3.3.  3.24,
 * 5.2 EATS */
#include "permitted.h"
#include "run.h"

#include <check.h>

enum { C_BAD_STE = 0x04, C_BAD_SUBSTREAMID = 0x08, C_BAD_CD = 0x0a, E2H = 1 };
enum { WORLD_EL1 = 0, WORLD_EL2 = 2 }; /* STRW */

/* StreamID 1 as Config says, with EATS 0b11, its CD, and both tables: VA 0 goes to IPA GB1, and
 * this to GB1. */
static void put_nested(struct machine *m, unsigned config, uint64_t ste1, uint64_t ste2)
{
	struct ste ste = ste_of(config, CDS_AT);

	ste.word[1] |= STE1_EATS(3) | ste1;
	ste.word[2] |= ste2;
	put_ste(m, 1, ste);
	put_cd(m, CDS_AT, cd_of(S1_TABLE_AT));
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(GB1));
	put_descriptor(m, S2_TABLE_AT, 1, s2_block(GB1));
	put_descriptor(m, S2_TABLE_AT, 2, s2_block(2 * GB));
}

static struct machine *nested_machine(unsigned config, uint64_t ste1, uint64_t ste2)
{
	struct machine *m = machine("generic-3.3");

	put_nested(m, config, ste1, ste2);
	start_dpt_machine(m);
	return m;
}

/* ---- Which stream may have one ---- */

/* STE-49, SW-02: EATS 0b11 with a StreamWorld of EL2 is ILLEGAL, with E2H and without; STRW counts
 * for stage 1 alone, and other modes of ATS are for every StreamWorld */
START_TEST(a_table_is_for_streams_of_el1)
{
	static const struct {
		unsigned config, strw, eats;
		bool legal;
	} rows[] = {
		{ STAGE_1, WORLD_EL1, 3, true },     { STAGE_1, WORLD_EL2, 3, false },
		{ STAGE_1, WORLD_EL2, 1, true },     { STAGE_2, WORLD_EL2, 3, true },
		{ BOTH_STAGES, WORLD_EL2, 3, true },
	};
	struct machine *m = machine("generic-3.3");

	open_dpt_machine(m);
	set_reg(m, CR2, _i ? E2H : 0);
	update(m, CR0, ALL_CHECKED);
	put_level1(m, 0, 1 | GRANT_ANY);
	for (int i = 0; i < COUNT(rows); i++) {
		put_nested(m, rows[i].config, STE1_STRW(rows[i].strw), 0);
		ram_at(m, STREAMS_AT + 64)[1] ^= STE1_EATS(3 ^ rows[i].eats);
		maintain(m);
		const struct smmu3_outcome outcome = translated(m, GB1, 0);

		ck_assert_uint_eq(outcome.event, rows[i].legal ? 0 : C_BAD_STE);
		ck_assert_uint_eq(outcome.verdict, rows[i].legal ? SMMU3_OK : SMMU3_ABORT);
	}
	close_machine(m);
}
END_TEST

/* ---- Both stages ---- */

/* ATS-17, DPT-01, STE-51: a request is answered with the PA of both stages, which the table then
 * has to grant: PAs are not translated again */
START_TEST(what_both_stages_translate_the_table_grants)
{
	struct machine *m = nested_machine(BOTH_STAGES, 0, 0);
	const struct smmu3_txn request = {
		.addr = 0x1010, .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST
	};
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_translate(m->smmu, &request, &outcome), SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, GB1 + 0x1010);
	ck_assert_uint_eq(outcome.stages, 3);
	expect_forbidden(m, outcome.pa, 0, 0);
	put_level1(m, 0, 3 | GRANT_VMID(3) | UPPER(GRANT_VMID(3)));
	maintain(m);
	expect_passes(m, outcome.pa, 0);
	ck_assert_uint_eq(translated(m, outcome.pa, 0).stages, 0);
	expect_forbidden(m, outcome.pa, SMMU3_TXN_WRITE, 0);
	close_machine(m);
}
END_TEST

/* DPT-05: of a stream of both stages, too, VMID and DPT_VMATCH decide who may use a page of another
 * VMID; 0b11 as 0b00.  VMID 3 of the stream, 4 of the table */
START_TEST(a_nested_stream_uses_pages_of_other_vmids_as_it_and_the_table_say)
{
	static const uint8_t passes[4][3] = { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 1, 1 }, { 0, 0, 1 } };
	struct machine *m = nested_machine(BOTH_STAGES, 0, (uint64_t)_i << 62);

	put_level1(m, 0, 3 | GRANT_VMID(4) | UPPER(GRANT_01(4)));
	put_level1(m, 1, 1 | GRANT_ANY);
	put_level1(m, 2, 3 | GRANT_VMID(3) | UPPER(GRANT_01(3)));
	for (unsigned ac = 0; ac < 3; ac++)
		if (passes[_i][ac])
			expect_passes(m, GB1 + 0x1000 * ac, 0);
		else
			expect_forbidden(m, GB1 + 0x1000 * ac, 0, 0);
	expect_passes(m, GB1 + 0x4000, 0);
	expect_passes(m, GB1 + 0x5000, 0);
	close_machine(m);
}
END_TEST

/* ---- PASIDs ---- */

static struct smmu3_outcome with_pasid(struct machine *m, uint32_t ssid)
{
	const struct smmu3_txn txn = { .addr = 7 * GB,
				       .bytes = 4,
				       .sid = 1,
				       .ssid = ssid,
				       .flags = SMMU3_TXN_SSV,
				       .ats = SMMU3_ATS_TRANSLATED };
	struct smmu3_outcome outcome;

	(void)smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

/* ATS-23, EVT-ATS-5: the substream and its CD are before the table, which comes last.  CDs 0 and 1
 * are there, 2 and 3 are not */
START_TEST(a_pasid_is_looked_at_before_the_table)
{
	struct machine *m = nested_machine(BOTH_STAGES, 0, 0);

	ram_at(m, STREAMS_AT + 64)[0] |= STE0_S1CDMAX(2);
	put_cd(m, CDS_AT + 64, cd_of(S1_TABLE_AT));
	maintain(m);
	look_away(m);
	ck_assert_uint_eq(with_pasid(m, 4).event, C_BAD_SUBSTREAMID);
	ck_assert_uint_eq(with_pasid(m, 2).event, C_BAD_CD);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	ck_assert_uint_eq(with_pasid(m, 1).event, F_TRANSL_FORBIDDEN);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_table_is_for_streams_of_el1, 0, 2);
	tcase_add_test(tests, what_both_stages_translate_the_table_grants);
	tcase_add_loop_test(tests,
			    a_nested_stream_uses_pages_of_other_vmids_as_it_and_the_table_say, 0,
			    4);
	tcase_add_test(tests, a_pasid_is_looked_at_before_the_table);
}

int main(void)
{
	return run("dpt_nested", add);
}
