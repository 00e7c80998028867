/* SPDX-License-Identifier: MIT */
#include "permitted.h"

#include <check.h>

/* ---- The machine ---- */

/* SMMUv3.2 with ATS and DPT: AIDR; S1P or S2P, ATS; FWB, RIL, BBML 1, DPT. */
static struct machine *with_dpt(uint32_t without)
{
	struct machine *m = machine("generic-3.1");

	m->config.aidr = 2;
	m->config.idr[0] = (m->config.idr[0] & ~without) | 1u << 10;
	m->config.idr[3] = (m->config.idr[3] & ~(3u << 11)) | 1u << 8 | 1u << 10 | 1u << 11 |
			   1u << 15;
	return m;
}

struct machine *dpt_machine(void)
{
	struct machine *m = with_dpt(1u << 1 | 1u << 19); /* S1P, CD2L */

	m->config.idr[1] &= ~(0x1fu << 6); /* SSIDSIZE */
	m->config.idr[3] &= ~(1u << 2);    /* HAD */
	put_endpoint(m, 1, 3, 0);
	put_descriptor(m, S2_TABLE_AT, 1, s2_block(GB1));
	return m;
}

struct machine *dpt_machine_of_stage1(void)
{
	struct machine *m = with_dpt(1u << 0); /* S2P */
	struct ste ste = ste_of(STAGE_1, CDS_AT);

	ste.word[1] |= STE1_EATS(3);
	put_ste(m, 1, ste);
	put_cd(m, CDS_AT, cd_of(S1_TABLE_AT));
	put_descriptor(m, S1_TABLE_AT, 1, s1_block(GB1));
	return m;
}

void put_endpoint(struct machine *m, uint32_t sid, uint16_t vmid, unsigned vmatch)
{
	struct ste ste = ste_of(STAGE_2, 0);

	ste.word[1] |= STE1_EATS(3);
	ste.word[2] = (ste.word[2] & ~UINT64_C(0xffff)) | vmid | (uint64_t)vmatch << 62;
	put_ste(m, sid, ste);
}

void open_dpt_machine(struct machine *m)
{
	open_machine(m);
	put_level0(m, 1, LEVEL1_AT | 3);
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 0));
	set_reg(m, IRQ_CTRL, GERROR_IRQEN | EVENTQ_IRQEN);
}

void start_dpt_machine(struct machine *m)
{
	open_dpt_machine(m);
	update(m, CR0, ALL_CHECKED);
	look_away(m);
}

struct machine *dpt_started(void)
{
	struct machine *m = dpt_machine();

	start_dpt_machine(m);
	return m;
}

void put_level0(struct machine *m, unsigned gb, uint64_t descriptor)
{
	put_descriptor(m, LEVEL0_AT, gb, descriptor);
}

void put_level1(struct machine *m, unsigned pair, uint64_t descriptor)
{
	put_descriptor(m, LEVEL1_AT, pair, descriptor);
}

/* ---- Accesses ---- */

struct smmu3_outcome translated_by(struct machine *m, uint32_t sid, uint64_t addr, unsigned flags)
{
	const struct smmu3_txn txn = { .addr = addr,
				       .bytes = 4,
				       .sid = sid,
				       .flags = (uint16_t)flags,
				       .ats = SMMU3_ATS_TRANSLATED };
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

struct smmu3_outcome translated(struct machine *m, uint64_t addr, unsigned flags)
{
	return translated_by(m, 1, addr, flags);
}

void expect_passes(struct machine *m, uint64_t addr, unsigned flags)
{
	const struct smmu3_outcome outcome = translated(m, addr, flags);

	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, addr);
	ck_assert_uint_eq(outcome.pas, SMMU3_PAS_NS);
}

void expect_forbidden(struct machine *m, uint64_t addr, unsigned flags, uint64_t far)
{
	const struct smmu3_outcome outcome = translated(m, addr, flags);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_TRANSL_FORBIDDEN);
	ck_assert_uint_eq(outcome.recorded, 1);
	ck_assert_uint_eq(reg64(m, DPT_CFG_FAR), far);
}

/* ---- Commands, 4.6 ---- */

struct command dpti_all(void)
{
	return (struct command){ { 0x70, 0 } };
}

struct command dpti_pa(uint64_t addr, unsigned size, unsigned leaf)
{
	return (struct command){ { 0x73, addr | (uint64_t)size << 8 | leaf } };
}
