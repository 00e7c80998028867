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
		{ UINT64_C(0x1000000000), 0, SMMU3_CLASS_ORDINARY, -2 },
		{ 7 * GB + 0x123, 0, SMMU3_CLASS_ORDINARY, 0 },
		{ GB1 + 0x8000, WRITE, SMMU3_CLASS_ORDINARY, 1 },
		{ GB1 + 0x4004, WRITE, SMMU3_CLASS_ORDINARY, -2 },
		{ GB1 + 0x4004, 0, SMMU3_CLASS_ATOMIC, -2 },
		{ GB1 + 0x5000, 0, SMMU3_CLASS_ORDINARY, -2 },
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

/* ---- What software is told ---- */

/* DPTI-003, DPTI-005, GER-001: of many faults the first is told, until DPT_CFG_FAR is cleared; then
 * GERROR tells of a new one only if the last has been acknowledged */
START_TEST(the_first_lookup_fault_is_told)
{
	struct machine *m = dpt_started();

	put_level1(m, 0, 0xf0);
	put_level1(m, 1, 0xf0);
	expect_forbidden(m, GB1 + 0x1000, 0, (GB1 + 0x1000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x1000) | 0x13);
	/* acknowledged, but not cleared: nothing new is told */
	set_reg(m, GERRORN, DPT_ERR);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x1000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	set_reg64(m, DPT_CFG_FAR, 0);
	expect_forbidden(m, GB1 + 0x2000, 0, (GB1 + 0x2000) | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	/* cleared, but not acknowledged: a new syndrome, the same error */
	set_reg64(m, DPT_CFG_FAR, 0);
	expect_forbidden(m, GB1, 0, GB1 | 0x13);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	close_machine(m);
}
END_TEST

static void look(struct machine *m, const struct happening *now)
{
	uint64_t *far = m->context;

	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GERROR)
		far[0] = reg64(m, DPT_CFG_FAR);
	if (now->kind == WRITES && now->access.reason == SMMU3_REASON_EVENTQ)
		far[1] = reg64(m, DPT_CFG_FAR);
}

/* DPTI-006: DPT_CFG_FAR before GERROR.DPT_ERR, that before the record */
START_TEST(the_syndrome_comes_before_the_error_and_that_before_the_record)
{
	uint64_t far[2] = { 0 };
	struct machine *m = dpt_started();

	put_level0(m, 5, 2);
	m->inside = look;
	m->context = far;
	expect_forbidden(m, 5 * GB, 0, (5 * GB) | 0x11);
	ck_assert_uint_eq(far[0], (5 * GB) | 0x11);
	ck_assert_uint_eq(far[1], (5 * GB) | 0x11);
	ck_assert_uint_eq(first(m, INTERRUPT)->about, SMMU3_INTERRUPT_GERROR);
	ck_assert_uint_eq(first(m, INTERRUPT)->eventq_prod, 0);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_EVENTQ)->gerror, DPT_ERR);
	close_machine(m);
}
END_TEST

/* DPTI-003: only a write that clears FAULT counts, and it clears everything; one of half the
 * register does if it is the lower.  6.3.48 */
START_TEST(dpt_cfg_far_is_cleared_by_a_write_of_fault_0)
{
	const uint64_t far = (3 * GB) | 0x11;
	struct machine *m = dpt_started();

	put_level0(m, 3, 2);
	set_reg64(m, DPT_CFG_FAR, UINT64_C(0x00ffffff000000f3)); /* makes none */
	expect_forbidden(m, 3 * GB, 0, far);
	set_reg64(m, DPT_CFG_FAR, 1);
	expect_far(m, far);
	set_reg64(m, DPT_CFG_FAR, UINT64_MAX);
	expect_far(m, far);
	set_reg(m, DPT_CFG_FAR + 4, 0);
	expect_far(m, far);
	if (_i == 0)
		set_reg64(m, DPT_CFG_FAR, ~UINT64_C(1));
	else
		set_reg(m, DPT_CFG_FAR, 0xfffffffe);
	expect_far(m, 0);
	close_machine(m);
}
END_TEST

/* A probe tells nobody. */
START_TEST(a_probe_of_a_bad_table_tells_nothing)
{
	struct machine *m = dpt_started();

	put_level0(m, 3, 2);
	ck_assert_uint_eq(translated(m, 3 * GB, SMMU3_TXN_PROBE).verdict, SMMU3_ABORT);
	expect_far(m, 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* ---- Registers ---- */

/* DPTI-001, IDR-019: BADDR[55:12] below OAS, RA; DPTPS, DPTGS, L0DPTSZ; RO while DPT_WALK_EN is 1.
 * 6.3.46, 6.3.47 */
START_TEST(the_registers_are_locked_while_walks_are_enabled)
{
	struct machine *m = dpt_machine();

	open_machine(m);
	set_reg64(m, DPT_BASE, UINT64_MAX);
	set_reg(m, DPT_BASE_CFG, UINT32_MAX);
	ck_assert_uint_eq(reg64(m, DPT_BASE), UINT64_C(0x400ffffffffff000)); /* OAS 52 */
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0x00f0c007);
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	update(m, CR0, DPT_WALK_EN);
	set_reg64(m, DPT_BASE, 0);
	set_reg(m, DPT_BASE_CFG, 0);
	ck_assert_uint_eq(reg64(m, DPT_BASE), LEVEL0_AT);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0x00f0c007);
	update(m, CR0, 0);
	set_reg64(m, DPT_BASE, 0);
	set_reg(m, DPT_BASE_CFG, 0);
	ck_assert_uint_eq(reg64(m, DPT_BASE), 0);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0);
	close_machine(m);
}
END_TEST

/* DPTI-001, CR-001, GER-003: without IDR3.DPT the registers, DPT_WALK_EN and DPT_ERR are RES0 */
START_TEST(without_a_table_there_are_no_registers_of_it)
{
	struct machine *m = dpt_machine();

	m->config.idr[3] &= ~(1u << 15);
	open_machine(m);
	set_reg64(m, DPT_BASE, UINT64_MAX);
	set_reg(m, DPT_BASE_CFG, UINT32_MAX);
	set_reg(m, CR0, DPT_WALK_EN);
	set_reg(m, GERRORN, DPT_ERR);
	ck_assert_uint_eq(reg64(m, DPT_BASE), 0);
	ck_assert_uint_eq(reg(m, DPT_BASE_CFG), 0);
	ck_assert_uint_eq(reg(m, CR0), 0);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(reg(m, GERRORN), 0);
	close_machine(m);
}
END_TEST

/* CR-025, DPT-01: fetches have the attributes of CR1.TABLE_*, with read-allocation by DPT_BASE.RA,
 * and are of Non-secure memory.  3.24.3, 13.8 */
START_TEST(the_table_is_read_with_the_attributes_of_cr1)
{
	struct machine *m = dpt_machine();

	open_dpt_machine(m);
	set_reg64(m, DPT_BASE, LEVEL0_AT | (_i ? UINT64_C(1) << 62 : 0));
	set_reg(m, CR1, 1u << 6 | 2u << 8 | 2u << 10); /* TABLE_IC WB, TABLE_OC WT, TABLE_SH OSH */
	update(m, CR0, ALL_CHECKED);
	look_away(m);
	expect_forbidden(m, GB1, 0, 0);
	const struct smmu3_mem_access *level0 = &first_for(m, SMMU3_REASON_DPT)->access;

	ck_assert_uint_eq(level0->pa, LEVEL0_AT + 8);
	ck_assert_uint_eq(level0->bytes, 8);
	ck_assert_uint_eq(level0->pas, SMMU3_PAS_NS);
	/* outer Write-Through 10RW, inner Write-Back 11RW */
	ck_assert_uint_eq(level0->attr.mair, _i ? 0xae : 0x8c);
	ck_assert_uint_eq(level0->attr.sh, SMMU3_OSH);
	close_machine(m);
}
END_TEST

/* What happens while a descriptor is read: walks are disabled, and enabled again at once. */
struct switching {
	bool on;
	uint32_t off_ack, on_value;
};

static void switch_off(struct machine *m, const struct happening *now)
{
	struct switching *switching = m->context;

	if (switching->on || now->access.reason != SMMU3_REASON_DPT)
		return;
	switching->on = true;
	set_reg(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	switching->off_ack = reg(m, CR0ACK);
	set_reg(m, CR0, ALL_CHECKED);
	switching->on_value = reg(m, CR0);
}

/* CR-021: while a fetch is outstanding 1 -> 0 is not acknowledged, and DPT_WALK_EN is RO.
 * Afterwards there are no walks.  6.3.9 */
START_TEST(disabling_walks_is_acknowledged_when_none_is_under_way)
{
	struct switching switching = { false, 0, 0 };
	struct machine *m = dpt_started();

	put_level1(m, 0, 1 | GRANT_ANY);
	m->inside = switch_off;
	m->context = &switching;
	expect_passes(m, GB1, 0);
	ck_assert_uint_eq(switching.off_ack, ALL_CHECKED);
	ck_assert_uint_eq(switching.on_value, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	ck_assert_uint_eq(reg(m, CR0ACK), ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	maintain(m);
	look_away(m);
	expect_forbidden(m, GB1, 0, GB1 | 0x01);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 0);
	update(m, CR0, ALL_CHECKED);
	expect_passes(m, GB1, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_table_grants_what_it_says);
	tcase_add_test(tests, the_table_is_asked_of_translated_transactions_alone);
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
	tcase_add_test(tests, the_first_lookup_fault_is_told);
	tcase_add_test(tests, the_syndrome_comes_before_the_error_and_that_before_the_record);
	tcase_add_loop_test(tests, dpt_cfg_far_is_cleared_by_a_write_of_fault_0, 0, 2);
	tcase_add_test(tests, a_probe_of_a_bad_table_tells_nothing);
	tcase_add_test(tests, the_registers_are_locked_while_walks_are_enabled);
	tcase_add_test(tests, without_a_table_there_are_no_registers_of_it);
	tcase_add_loop_test(tests, the_table_is_read_with_the_attributes_of_cr1, 0, 2);
	tcase_add_test(tests, disabling_walks_is_acknowledged_when_none_is_under_way);
}

int main(void)
{
	return run("dpt", add);
}
