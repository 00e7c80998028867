/* SPDX-License-Identifier: MIT */
/* Translated transactions that a Device Permission Table judges, and what software is told.  3.24
 */
#include "permitted.h"
#include "run.h"

#include <check.h>

#define WRITE SMMU3_TXN_WRITE

static void expect_far(struct machine *m, uint64_t far)
{
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), far);
}

/* Software clears DPT_CFG_FAR, then acknowledges.  3.24.6.4 */
static void clear_fault(struct machine *m)
{
	set_reg64(m, DPT_CFG_FAR, 0);
	set_reg(m, GERRORN, reg(m, GERROR));
	expect_far(m, 0);
}

/* ---- What is granted ---- */

/* DPT-01, DPT-03, ATS-24: of level 1, the pages that it names; of a block, all of it.  What the
 * answer reaches is what the descriptor says; nothing has been translated */
START_TEST(the_table_grants_what_it_says)
{
	struct machine *m = dpt_started();

	put_level1(m, 2, 3 | GRANT_VMID(3) | GRANT_W | UPPER(GRANT_ANY));
	put_level0(m, 2, 1 | GRANT_ANY | GRANT_W);
	expect_passes(m, GB1 + 0x4ffc, WRITE);
	expect_passes(m, GB1 + 0x5000, 0);
	expect_forbidden(m, GB1 + 0x5000, WRITE, 0);
	expect_forbidden(m, GB1 + 0x6000, 0, 0);
	expect_passes(m, 3 * GB - 4, WRITE);
	expect_forbidden(m, 3 * GB, 0, 0);

	const struct smmu3_txn long_read = {
		.addr = GB1 + 0x4010, .bytes = 0x10000, .sid = 1, .ats = SMMU3_ATS_TRANSLATED
	};
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_translate(m->smmu, &long_read, &outcome), SMMU3_OK);
	ck_assert_uint_eq(outcome.bytes, 0xff0);
	ck_assert_uint_eq(outcome.span, 0);
	ck_assert_uint_eq(outcome.stages, 0);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_DPT);
	ck_assert_uint_eq(outcome.perm, 0x3f);
	outcome = translated(m, GB1 + 0x5000, 0);
	ck_assert_uint_eq(outcome.perm, 0x2d); /* no UW, no PW */
	close_machine(m);
}
END_TEST

/* DPT-01, STE-51: the table is asked of Translated transactions with EATS 0b11 alone: not of
 * untranslated ones, of Translation Requests, nor with full ATS */
START_TEST(the_table_is_asked_of_translated_transactions_alone)
{
	struct machine *m = dpt_started();
	struct ste full = ste_of(STAGE_2, 0);
	struct smmu3_txn request = { .addr = GB1, .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST };
	struct smmu3_outcome outcome;

	full.word[1] |= STE1_EATS(1);
	put_ste(m, 2, full);
	ck_assert_uint_eq(read_by(m, 1, GB1).verdict, SMMU3_OK);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &request, &outcome), SMMU3_OK);
	ck_assert_uint_eq(outcome.ats, SMMU3_ATS_R | SMMU3_ATS_W);
	ck_assert_uint_eq(outcome.pa, GB1);
	ck_assert_uint_eq(translated_by(m, 2, GB1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	expect_forbidden(m, GB1, 0, 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 2);
	close_machine(m);
}
END_TEST

/* ATS-03, STE-51: with ATSCHK = 0 EATS 0b11 is as 0b00: requests are unsupported, Translated
 * transactions pass unchecked.  3.9.1.3 */
START_TEST(without_atschk_nothing_is_checked)
{
	struct machine *m = dpt_started();
	struct smmu3_txn request = { .addr = GB1, .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST };
	struct smmu3_outcome outcome;

	update(m, CR0, ALL_CHECKED & ~(unsigned)ATSCHK);
	expect_passes(m, 5 * GB, WRITE);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &request, &outcome), SMMU3_UR);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	close_machine(m);
}
END_TEST

/* STE-50: with stalls at stage 2 EATS 0b11 is ILLEGAL.  5.2 */
START_TEST(a_stream_with_a_table_and_stalls_is_illegal)
{
	struct machine *m = dpt_machine();
	struct ste ste = ste_of(STAGE_2, 0);

	m->config.idr[0] &= ~(3u << 24); /* stalls may be */
	m->config.idr[5] |= 16u << 16;
	start_dpt_machine(m);
	ste.word[1] |= STE1_EATS(3);
	put_ste(m, 1, ste);
	ck_assert_uint_eq(translated(m, GB1, 0).event, F_TRANSL_FORBIDDEN);
	ste.word[2] |= STE2_S2S;
	put_ste(m, 1, ste);
	maintain(m);
	ck_assert_uint_eq(translated(m, GB1, 0).event, 0x04); /* C_BAD_STE */
	close_machine(m);
}
END_TEST

/* DPT-05: by AC and DPT_VMATCH, 0b11 as 0b00; VMID 3 of the stream, 4 of the table */
START_TEST(other_vmids_are_refused_unless_the_stream_or_the_table_is_for_all)
{
	static const uint8_t passes[4][3] = { { 0, 0, 1 }, { 0, 1, 1 }, { 1, 1, 1 }, { 0, 0, 1 } };
	const unsigned vmatch = (unsigned)_i;
	struct machine *m = dpt_started();

	put_level1(m, 0, 3 | GRANT_VMID(4) | UPPER(GRANT_01(4)));
	put_level1(m, 1, 1 | GRANT_ANY);
	put_level1(m, 2, 3 | GRANT_VMID(3) | UPPER(GRANT_01(3)));
	put_endpoint(m, 1, 3, vmatch);
	for (unsigned ac = 0; ac < 3; ac++)
		if (passes[vmatch][ac])
			expect_passes(m, GB1 + 0x1000 * ac, 0);
		else
			expect_forbidden(m, GB1 + 0x1000 * ac, 0, 0);
	expect_passes(m, GB1 + 0x4000, 0);
	expect_passes(m, GB1 + 0x5000, 0);
	close_machine(m);
}
END_TEST

/* DPT-05: without stage 2 STE.S2VMID is ignored, and streams are of VMID 0.  5.2 */
START_TEST(without_stage_2_streams_are_of_vmid_0)
{
	struct machine *m = dpt_machine_of_stage1();

	ram_at(m, STREAMS_AT)[8 + 2] |= 3; /* S2VMID of StreamID 1 */
	start_dpt_machine(m);
	put_level1(m, 0, 3 | GRANT_VMID(0) | UPPER(GRANT_VMID(3)));
	expect_passes(m, GB1, 0);
	expect_forbidden(m, GB1 + 0x1000, 0, 0);
	close_machine(m);
}
END_TEST

/* TXN-03, TXN-06, 5.2 DRE, DCP: of a Translated transaction what the table lets be written counts:
 * it is 0x4000 that it does, and 0x5000 that it does not */
START_TEST(what_can_be_destroyed_is_what_the_table_lets_be_written)
{
	static const struct {
		unsigned txn_class, offset, dre, verdict, becomes;
	} rows[] = {
		{ SMMU3_CLASS_DESTRUCTIVE_READ, 0x4000, 1, SMMU3_OK, SMMU3_CLASS_DESTRUCTIVE_READ },
		{ SMMU3_CLASS_DESTRUCTIVE_READ, 0x5000, 1, SMMU3_OK, SMMU3_CLASS_ORDINARY },
		{ SMMU3_CLASS_DESTRUCTIVE_READ, 0x4000, 0, SMMU3_OK, SMMU3_CLASS_ORDINARY },
		{ SMMU3_CLASS_INVALIDATE, 0x5000, 1, SMMU3_OK, SMMU3_CLASS_CLEAN_INVALIDATE },
		{ SMMU3_CLASS_DESTRUCTIVE_HINT, 0x4000, 1, SMMU3_OK, SMMU3_CLASS_DESTRUCTIVE_HINT },
		{ SMMU3_CLASS_DESTRUCTIVE_HINT, 0x5000, 1, SMMU3_NO_OP, 0 },
		{ SMMU3_CLASS_DESTRUCTIVE_HINT, 0x4000, 0, SMMU3_NO_OP, 0 },
		{ SMMU3_CLASS_WRITE_PREFETCH, 0x5000, 1, SMMU3_ABORT, 0 },
	};
	struct machine *m = dpt_started();
	const struct smmu3_txn txn = { .addr = GB1 + rows[_i].offset,
				       .bytes = 4,
				       .sid = 1,
				       .txn_class = (uint8_t)rows[_i].txn_class,
				       .ats = SMMU3_ATS_TRANSLATED };
	struct ste ste = ste_of(STAGE_2, 0);
	struct smmu3_outcome outcome;

	put_level1(m, 2, 3 | GRANT_VMID(3) | GRANT_W | UPPER(GRANT_ANY));
	ste.word[1] |= STE1_EATS(3) | (uint64_t)rows[_i].dre << 12;
	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | 3;
	put_ste(m, 1, ste);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), rows[_i].verdict);
	ck_assert_uint_eq(outcome.becomes, rows[_i].becomes);
	close_machine(m);
}
END_TEST

/* ---- What is refused ---- */

/* DPT-06, DPT-02, DPTI-005, EVT-07: an address beyond DPTPS, no access at level 0 and 1, a write,
 * an atomic, another VMID.  The record says who and where; nothing else is told */
START_TEST(a_device_access_fault_is_an_event_alone)
{
	static const struct {
		uint64_t addr;
		unsigned flags, txn_class;
		int level;
	} rows[] = {
		{ UINT64_C(0x1000000000), 0, SMMU3_CLASS_ORDINARY, SMMU3_NO_LEVEL },
		{ 7 * GB + 0x123, 0, SMMU3_CLASS_ORDINARY, 0 },
		{ GB1 + 0x8000, WRITE, SMMU3_CLASS_ORDINARY, 1 },
		{ GB1 + 0x4004, WRITE, SMMU3_CLASS_ORDINARY, SMMU3_NO_LEVEL },
		{ GB1 + 0x4004, 0, SMMU3_CLASS_ATOMIC, SMMU3_NO_LEVEL },
		{ GB1 + 0x5000, 0, SMMU3_CLASS_ORDINARY, SMMU3_NO_LEVEL },
	};
	struct machine *m = dpt_started();
	const struct smmu3_txn txn = { .addr = rows[_i].addr,
				       .bytes = 0x2000,
				       .sid = 1,
				       .flags = (uint16_t)rows[_i].flags,
				       .txn_class = (uint8_t)rows[_i].txn_class,
				       .ats = SMMU3_ATS_TRANSLATED };
	const bool reads = !rows[_i].flags && rows[_i].txn_class == SMMU3_CLASS_ORDINARY;
	struct smmu3_outcome outcome;

	put_level1(m, 2, 3 | GRANT_VMID(3) | UPPER(GRANT_VMID(4)));
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_DPT);
	ck_assert_int_eq(outcome.fault_level, rows[_i].level);
	ck_assert_uint_eq(outcome.bytes, 0x1000 - (rows[_i].addr & 0xfff)); /* its page */
	const uint64_t *record = ram_at(m, event_at(m, 0));

	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(record[0], F_TRANSL_FORBIDDEN | UINT64_C(1) << 32);
	ck_assert_uint_eq(record[1], reads ? UINT64_C(1) << 35 : 0);
	ck_assert_uint_eq(record[2], rows[_i].addr);
	ck_assert_uint_eq(record[3], 0);
	expect_far(m, 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* DPT-07, DPTI-004: what is wrong from the first to the last, put right one after the other.  No
 * granule protection is implemented, hence no GPC faults */
START_TEST(lookup_faults_have_an_order)
{
	const uint64_t addr = GB1 + 0x4000, first = LEVEL0_AT + 8, second = LEVEL1_AT + 16;
	struct machine *m = dpt_machine();

	open_dpt_machine(m);
	set_reg(m, DPT_BASE_CFG, CFG_OF(7, 0, 0)); /* reserved DPTPS */
	m->aborts[0] = first;
	m->aborts[1] = second;
	put_level0(m, 1, 2);
	put_level1(m, 2, 4);
	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	expect_forbidden(m, addr + 0xabc, 0, addr | 0x01); /* DPT_DISABLED */
	clear_fault(m);
	update(m, CR0, ALL_CHECKED);
	expect_forbidden(m, addr, 0, addr | 0x11); /* DPT_WALK_FAULT */
	clear_fault(m);
	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 0));
	update(m, CR0, ALL_CHECKED);
	expect_forbidden(m, addr, 0, addr | 0x31); /* DPT_EABT */
	clear_fault(m);
	m->aborts[0] = 0;
	expect_forbidden(m, addr, 0, addr | 0x11); /* DPT_WALK_FAULT */
	clear_fault(m);
	put_level0(m, 1, LEVEL1_AT | 3);
	expect_forbidden(m, addr, 0, addr | 0x33); /* DPT_EABT at level 1 */
	clear_fault(m);
	m->aborts[1] = 0;
	expect_forbidden(m, addr, 0, addr | 0x13);
	clear_fault(m);
	put_level1(m, 2, 1 | GRANT_ANY);
	expect_passes(m, addr, 0);
	close_machine(m);
}
END_TEST

/* DPT-07, DPTI-002: each way of 3.24.4 in which the registers are no valid configuration, in an
 * SMMU with OAS 48 that has 4KB alone */
START_TEST(an_invalid_configuration_is_a_walk_fault)
{
	static const uint32_t cfg[] = {
		CFG_OF(7, 0, 0), CFG_OF(6, 0, 0),                   /* reserved; beyond OAS */
		CFG_OF(5, 1, 0), CFG_OF(5, 2, 0),  CFG_OF(5, 3, 0), /* 64KB, 16KB, reserved */
		CFG_OF(5, 0, 1), CFG_OF(5, 0, 15), CFG_OF(0, 0, 4), /* reserved; beyond DPTPS */
	};
	struct machine *m = dpt_machine();

	m->config.idr[5] = (m->config.idr[5] & ~UINT32_C(0x67)) | 5; /* OAS, GRAN64K, GRAN16K */
	m->config.idr[5] &= ~(3u << 10);                             /* VAX */
	open_dpt_machine(m);
	set_reg(m, DPT_BASE_CFG, cfg[_i]);
	update(m, CR0, ALL_CHECKED);
	look_away(m);
	expect_forbidden(m, GB1, 0, GB1 | 0x11);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	close_machine(m);
}
END_TEST

/* DPT-02: the address decides after the registers, and before the table */
START_TEST(an_address_beyond_the_table_is_refused_before_it_is_walked)
{
	struct machine *m = dpt_started();

	put_level0(m, 0, 1 | GRANT_ANY);
	expect_passes(m, 0x1000, 0);
	look_away(m);
	expect_forbidden(m, UINT64_C(1) << 36, 0, 0);
	expect_forbidden(m, UINT64_C(1) << 51, 0, 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_table_grants_what_it_says);
	tcase_add_test(tests, the_table_is_asked_of_translated_transactions_alone);
	tcase_add_loop_test(tests, what_can_be_destroyed_is_what_the_table_lets_be_written, 0, 8);
	tcase_add_test(tests, without_atschk_nothing_is_checked);
	tcase_add_test(tests, a_stream_with_a_table_and_stalls_is_illegal);
	tcase_add_loop_test(tests,
			    other_vmids_are_refused_unless_the_stream_or_the_table_is_for_all, 0,
			    4);
	tcase_add_test(tests, without_stage_2_streams_are_of_vmid_0);
	tcase_add_loop_test(tests, a_device_access_fault_is_an_event_alone, 0, 6);
	tcase_add_test(tests, lookup_faults_have_an_order);
	tcase_add_loop_test(tests, an_invalid_configuration_is_a_walk_fault, 0, 8);
	tcase_add_test(tests, an_address_beyond_the_table_is_refused_before_it_is_walked);
}

int main(void)
{
	return run("dpt", add);
}
