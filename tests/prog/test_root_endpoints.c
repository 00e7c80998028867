/* SPDX-License-Identifier: MIT */
/* Granule protection of what endpoints ask, of ATOS, and of the Device Permission Table.  3.9,
 * 3.24.4, 3.25.2, 9.1.4 */
#include "atos.h"
#include "pages.h"
#include "permitted.h"
#include "rooted.h"
#include "run.h"

#include <smmu/decode.h>

#define PAGE (RAM_AT + 0x123000)
#define IDR0_ATS (1u << 10)
#define IDR0_ATSRECERR (1u << 23)
#define CR2_REC_CFG_ATS (1u << 3)

enum { FULL_ATS = 1, SPLIT_ATS = 2 };

static struct machine *with_ats(unsigned eats, unsigned cr0)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] |= IDR0_ATS;
	start_rooted_machine(m);
	make_streams(m);
	for (uint32_t sid = 1; sid <= 3; sid++)
		ram_at(m, STREAMS_AT + 64 * (uint64_t)sid)[1] |= STE1_EATS(eats);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN | cr0);
	return m;
}

static struct smmu3_outcome of_ats(struct machine *m, uint32_t sid, uint64_t addr,
				   enum smmu3_ats ats)
{
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 4, .sid = sid, .flags = SMMU3_TXN_WRITE, .ats = (uint8_t)ats
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

static void expect_untold(struct machine *m)
{
	ck_assert_uint_eq(root_reg64(m, GPF_FAR) | root_reg64(m, GPT_CFG_FAR), 0);
}

/* ---- Translation Requests ---- */

/* RME-019, ATS-08, ORD-12: Completer Abort for an output address that may not be accessed, no
 * record; the FAR as of any client */
START_TEST(a_request_for_what_may_not_be_accessed_is_completer_abort)
{
	struct machine *m = with_ats(FULL_ATS, 0);

	set_gpi(m, PAGE, GPI_REALM);
	const struct smmu3_outcome outcome = of_ats(m, 1 + (uint32_t)_i, PAGE, SMMU3_ATS_REQUEST);

	ck_assert_uint_eq(outcome.verdict, SMMU3_CA);
	ck_assert_uint_eq(outcome.event, 0);
	ck_assert_uint_eq(outcome.recorded, 0);
	ck_assert_uint_eq(outcome.ats, 0);
	ck_assert_uint_eq(outcome.decider, SMMU3_BY_GPC);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	close_machine(m);
}
END_TEST

/* RME-019: so it is while a structure for it is read; with REC_CFG_ATS that is recorded */
START_TEST(a_request_whose_structures_are_stopped_is_completer_abort)
{
	static const struct {
		uint64_t at;
		unsigned event;
	} rows[] = { { STREAMS_AT, 0x03 }, { CDS_AT, 0x09 }, { S1_TABLE_AT, 0x0b } };
	struct machine *m = rooted_machine();

	m->config.idr[0] |= IDR0_ATS | IDR0_ATSRECERR;
	start_rooted_machine(m);
	make_streams(m);
	ram_at(m, STREAMS_AT + 64)[1] |= STE1_EATS(FULL_ATS);
	set_reg(m, CR0, 0);
	set_reg(m, CR2, 2 | CR2_REC_CFG_ATS);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_gpi(m, rows[_i].at, GPI_NONE);
	const struct smmu3_outcome outcome = of_ats(m, 1, PAGE, SMMU3_ATS_REQUEST);

	ck_assert_uint_eq(outcome.verdict, SMMU3_CA);
	ck_assert_uint_eq(outcome.event, rows[_i].event);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_uint_eq(ram_at(m, EVENTS_AT)[1] >> 16 & 1, 1); /* GPCF */
	expect_told(m, GPF_FAR, FAR_TRANSLATION(rows[_i].event) | rows[_i].at | FPAS_NS);
	close_machine(m);
}
END_TEST

/* RME-019, ATS-08: the completion is for what passes throughout: a granule of a block of 1GB, or
 * all of it; checked without RME_IMPL, too */
START_TEST(a_completion_reaches_as_far_as_what_passes)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] |= IDR0_ATS;
	if (_i)
		m->config.idr[0] &= ~RME_IMPL;
	start_rooted_machine(m);
	make_streams(m);
	ram_at(m, STREAMS_AT + 64)[1] |= STE1_EATS(FULL_ATS);
	put_descriptor(m, S1_TABLE_AT, 1, s1_block(GB));
	set_gpi(m, PAGE, GPI_NONE);
	ck_assert_uint_eq(of_ats(m, 1, PAGE, SMMU3_ATS_REQUEST).verdict, SMMU3_CA);
	const struct smmu3_outcome granule = of_ats(m, 1, PAGE + 0x1000, SMMU3_ATS_REQUEST);
	const struct smmu3_outcome block = of_ats(m, 1, GB + 0x5000, SMMU3_ATS_REQUEST);

	ck_assert_uint_eq(granule.verdict, SMMU3_OK);
	ck_assert_uint_eq(granule.span, 0x1000);
	ck_assert_uint_eq(granule.ats, SMMU3_ATS_R | SMMU3_ATS_W);
	ck_assert_uint_eq(block.span, GB);
	close_machine(m);
}
END_TEST

/* ATS-08: a completion that grants nothing has no address to be checked */
START_TEST(a_completion_without_access_is_not_checked)
{
	struct machine *m = with_ats(FULL_ATS, 0);

	/* AP: privileged only */
	put_descriptor(m, S1_TABLE_AT, 2, s1_block(RAM_AT) & ~TTD_AP(1));
	set_gpi(m, PAGE, GPI_NONE);
	ck_assert_uint_eq(of_ats(m, 1, PAGE, SMMU3_ATS_REQUEST).verdict, SMMU3_NO_ACCESS);
	put_descriptor(m, S1_TABLE_AT, 2, 0);
	ck_assert_uint_eq(of_ats(m, 1, PAGE, SMMU3_ATS_REQUEST).verdict, SMMU3_NO_ACCESS);
	expect_untold(m);
	close_machine(m);
}
END_TEST

/* RME-019: split-stage ATS completes with an IPA, which is none to be checked; what is translated
 * with it is, and a Translated transaction of full ATS, whatever ATSCHK is */
START_TEST(translated_transactions_are_checked)
{
	const bool split = _i == 2;
	struct machine *m = rooted_machine();
	const uint32_t sid = split ? 3 : 1;

	m->config.idr[0] |= IDR0_ATS | 1u << 11; /* NS1ATS */
	m->config.idr[0] = split ? m->config.idr[0] & ~(1u << 11) : m->config.idr[0];
	start_rooted_machine(m);
	make_streams(m);
	ram_at(m, STREAMS_AT + 64 * (uint64_t)sid)[1] |= STE1_EATS(split ? SPLIT_ATS : FULL_ATS);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN | (_i ? ATSCHK : 0));
	set_gpi(m, PAGE, GPI_NONE);
	if (split) {
		ck_assert_uint_eq(of_ats(m, 3, PAGE, SMMU3_ATS_REQUEST).verdict, SMMU3_OK);
		expect_untold(m);
	}
	const struct smmu3_outcome outcome = of_ats(m, sid, PAGE, SMMU3_ATS_TRANSLATED);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | PAGE | FPAS_NS);
	ck_assert_uint_eq(of_ats(m, sid, PAGE + 0x1000, SMMU3_ATS_TRANSLATED).verdict, SMMU3_OK);
	close_machine(m);
}
END_TEST

/* ---- ATOS ---- */

/* ATO-020: what is read for a request is checked; PAR as of an external abort there, 9.1.4:
 * F_STE_FETCH 0x03, F_CD_FETCH 0x09, F_WALK_EABT 0x0b of class TT or IN of stage 2; the FAR says
 * TRANSLATION */
START_TEST(what_atos_reads_is_checked)
{
	static const struct {
		uint64_t sid, at;
		unsigned code;
	} rows[] = {
		{ 1, STREAMS_AT, 0x03 },
		{ 1, CDS_AT, 0x09 },
		{ 1, S1_ALONE_AT, 0x0b },
	};
	struct machine *m = rooted_machine();

	m->config.idr[0] |= 1u << 15; /* ATOS */
	start_rooted_machine(m);
	put_atos_streams(m);
	set_gpi(m, rows[_i].at, GPI_S);
	ck_assert_uint_eq(par_of(m, &gatos, rows[_i].sid, STAGE1_OF(0)) & 0xff1,
			  PAR_FAULT(rows[_i].code, 0));
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	expect_told(m, GPF_FAR, FAR_TRANSLATION(rows[_i].code) | rows[_i].at | FPAS_NS);
	close_machine(m);
}
END_TEST

/* ATO-020: where the translation goes is not */
START_TEST(what_atos_answers_is_not_checked)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] |= 1u << 15;
	start_rooted_machine(m);
	put_atos_streams(m);
	set_gpi(m, GB, GPI_NONE);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)) & 1, 0);
	expect_untold(m);
	close_machine(m);
}
END_TEST

/* ---- The Device Permission Table ---- */

/* DPTI-007, DPT-07, DPTI-004: DPT_GPC_FAULT of level 0 and of level 1, before an abort of memory;
 * and the FAR, as of a walk */
START_TEST(a_dpt_lookup_that_is_stopped_is_told_in_both_registers)
{
	struct machine *m = rooted_machine();
	const uint64_t at = _i ? LEVEL1_AT : LEVEL0_AT;
	const uint64_t entry = _i ? LEVEL1_AT : LEVEL0_AT + 8;

	m->config.idr[0] |= IDR0_ATS;
	m->config.idr[0] &= ~(1u << 11); /* NS1ATS */
	m->config.idr[3] |= 1u << 15;    /* DPT */
	start_rooted_machine(m);
	put_endpoint(m, 1, 3, 0);
	put_descriptor(m, S2_TABLE_AT, 1, s2_block(GB1));
	put_level0(m, 1, LEVEL1_AT | 3);
	put_level1(m, 0, GRANT_ANY | 1);
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 0));
	set_reg(m, CR0, ALL_CHECKED);
	set_gpi(m, at, GPI_ROOT);
	m->aborts[0] = entry;
	m->spared = SMMU3_PAS_BIT(SMMU3_PAS_ROOT);
	expect_forbidden(m, GB1, 0, GB1 | 0x21 | (_i ? 2u : 0u));
	ck_assert_uint_eq(reg(m, GERROR), DPT_ERR);
	expect_told(m, GPF_FAR, FAR_TRANSLATION(0x0b) | at | FPAS_NS);
	/* and where it leads, if it is found */
	m->aborts[0] = 0;
	set_reg64(m, DPT_CFG_FAR, 0);
	set_gpi(m, at, GPI_NS);
	expect_passes(m, GB1, 0);
	set_gpi(m, GB1, GPI_S);
	ck_assert_uint_eq(translated(m, GB1, 0).decider, SMMU3_BY_GPC);
	expect_told(m, GPF_FAR, FAR_TRANSACTION | GB1 | FPAS_NS);
	close_machine(m);
}
END_TEST

/* ---- Page requests ---- */

/* RME-011, RME-016: a page request that cannot be written: GERROR.PRIQ_ABT_ERR, or that of its
 * message */
START_TEST(page_requests_and_their_messages_are_checked)
{
	struct machine *m = rooted_machine();

	m->config.idr[0] |= IDR0_ATS_PRI | IDR0_MSI;
	m->config.idr[1] = (m->config.idr[1] & ~(0x1fu << 11)) | 2u << 11;
	start_rooted_machine(m);
	set_reg64(m, PRIQ_BASE, PAGES_AT | 2);
	set_reg64(m, PRIQ_IRQ_CFG0, DOORBELL);
	set_reg(m, IRQ_CTRL, PRIQ_IRQEN);
	set_reg(m, CR0, ALL_ON);
	set_gpi(m, _i ? DOORBELL : PAGES_AT, GPI_NONE);
	expect_taken(m, R);
	ck_assert_uint_eq(reg(m, GERROR), _i ? MSI_PRIQ_ABT_ERR : PRIQ_ABT_ERR);
	expect_told(m, GPF_FAR,
		    FAR_GERROR(_i ? 0x06 : 0x03) | (_i ? DOORBELL : PAGES_AT) | FPAS_NS);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_request_for_what_may_not_be_accessed_is_completer_abort, 0, 3);
	tcase_add_loop_test(tests, a_request_whose_structures_are_stopped_is_completer_abort, 0, 3);
	tcase_add_loop_test(tests, a_completion_reaches_as_far_as_what_passes, 0, 2);
	tcase_add_test(tests, a_completion_without_access_is_not_checked);
	tcase_add_loop_test(tests, translated_transactions_are_checked, 0, 3);
	tcase_add_loop_test(tests, what_atos_reads_is_checked, 0, 3);
	tcase_add_test(tests, what_atos_answers_is_not_checked);
	tcase_add_loop_test(tests, a_dpt_lookup_that_is_stopped_is_told_in_both_registers, 0, 2);
	tcase_add_loop_test(tests, page_requests_and_their_messages_are_checked, 0, 2);
}

int main(void)
{
	return run("root-endpoints", add);
}
