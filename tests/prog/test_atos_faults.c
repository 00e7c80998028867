/* SPDX-License-Identifier: MIT */
/* What software is told when a request fails: which error, whose, and of which address.  9.1.3 to
 * 9.1.6 */
#include "atos.h"
#include "run.h"

#include <check.h>

/* ---- Invocation ---- */

/* ATO-007, ATO-008, ATO-012: TYPE 0; stage 2 with a SubstreamID; more than stage 1 by VATOS;
 * whatever the stream.  9.1.3 */
START_TEST(a_request_that_cannot_be_is_inv_req)
{
	static const struct {
		const struct atos_group *group;
		uint64_t sid, addr;
	} rows[] = {
		{ &gatos, 1, ATOS_READ },
		{ &gatos, 6, ATOS_READ },
		{ &gatos, 3 | ATOS_SSID(1), STAGE2_OF(GB) },
		{ &gatos, 0xffff | ATOS_SSID(0), STAGE2_OF(GB) },
		{ &vatos, 3, ATOS_READ },
		{ &vatos, 3, STAGE2_OF(GB) },
		{ &vatos, 3, BOTH_OF(0) },
		{ &vatos, 0xffff, BOTH_OF(0) },
	};
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(par_of(m, rows[i].group, rows[i].sid, rows[i].addr), INV_REQ);
	close_machine(m);
}
END_TEST

/* ATO-008: IDR0.S1P, S2P; what is not there cannot be asked for */
START_TEST(a_stage_that_the_smmu_lacks_is_inv_req)
{
	static const struct {
		uint32_t without;
		uint64_t par[3]; /* of stage 1, 2, both; the stream has the stage that there is */
	} rows[] = {
		{ 1, { 0xff00000060000b00, INV_REQ, INV_REQ } }, /* S2P */
		{ 2, { INV_REQ, 0xff000000e0000b00, INV_REQ } }, /* S1P */
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("generic-3.1");
		const uint32_t sid = rows[i].without;

		m->config.idr[0] = (m->config.idr[0] & ~rows[i].without) | 1 << 15;
		m->config.idr[3] &= rows[i].without == 2 ? ~UINT32_C(0x4) : ~UINT32_C(0x10);
		start_machine(m);
		put_atos_streams(m);
		ck_assert_uint_eq(par_of(m, &gatos, sid, STAGE1_OF(0)), rows[i].par[0]);
		ck_assert_uint_eq(par_of(m, &gatos, sid, STAGE2_OF(GB)), rows[i].par[1]);
		ck_assert_uint_eq(par_of(m, &gatos, sid, BOTH_OF(0)), rows[i].par[2]);
		close_machine(m);
	}
}
END_TEST

/* ATO-009, ATO-012: the stream does not have what is asked for; of a stream that aborts or bypasses
 * GATOS says so.  6.3.37, 9.1.3 */
START_TEST(a_stage_that_the_stream_lacks_is_inv_stage)
{
	static const struct {
		uint64_t sid, addr;
	} rows[] = {
		{ 1, STAGE2_OF(GB) },
		{ 1, BOTH_OF(0) },
		{ 2, STAGE1_OF(0) },
		{ 2, BOTH_OF(0) },
		{ 4, STAGE1_OF(0) },
		{ 4, STAGE2_OF(0) },
		{ 4, BOTH_OF(0) },
		{ 5, STAGE1_OF(0) },
		{ 5, STAGE2_OF(0) },
		{ 5, BOTH_OF(0) },
		{ 2 | ATOS_SSID(1), STAGE1_OF(0) },
	};
	struct machine *m = atos_machine();

	for (int i = 0; i < COUNT(rows); i++)
		ck_assert_uint_eq(par_of(m, &gatos, rows[i].sid, rows[i].addr), INV_STAGE);
	ck_assert_uint_eq(par_of(m, &vatos, 2, STAGE1_OF(0)), INV_STAGE); /* of VMID 3, as it is */
	close_machine(m);
}
END_TEST

/* ---- VATOS ---- */

/* ATO-018, ATO-009: C_BAD_STE of a stream of another VM, and of one that has no VMID */
START_TEST(vatos_tells_nothing_of_streams_of_another_vm)
{
	struct machine *m = atos_machine();

	for (uint32_t sid = 1; sid < 8; sid++) {
		const uint64_t ssid = sid == 7 ? ATOS_SSID(1) : 0;

		set_reg(m, VATOS_SEL, 4);
		ck_assert_uint_eq(par_of(m, &vatos, sid | ssid, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
		set_reg(m, VATOS_SEL, 0x103);
		ck_assert_uint_eq(par_of(m, &vatos, sid | ssid, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	}
	set_reg(m, VATOS_SEL, 3);
	ram_at(m, STREAMS_AT + 64 * 4)[2] = 3; /* S2VMID of STEs that do not translate */
	ram_at(m, STREAMS_AT + 64 * 5)[2] = 3;
	ck_assert_uint_eq(par_of(m, &vatos, 4, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(par_of(m, &vatos, 5, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 5, STAGE1_OF(0)), INV_STAGE);
	close_machine(m);
}
END_TEST

/* ATO-018: VMIDs of 16 bits are compared whole, and those of 8 have no others */
START_TEST(vatos_compares_the_vmid_whole)
{
	struct machine *m = atos_machine();

	ram_at(m, STREAMS_AT + 64 * 1)[2] = 0x103;
	ck_assert_uint_eq(par_of(m, &vatos, 1, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	set_reg(m, VATOS_SEL, 0x103);
	ck_assert_uint_eq(par_of(m, &vatos, 1, STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);

	m = machine("generic-3.1");
	m->config.idr[0] = (m->config.idr[0] | 1 << 15 | 1 << 20) & ~(UINT32_C(1) << 18);
	start_machine(m);
	put_atos_streams(m);
	set_reg(m, VATOS_SEL, 0x103);
	ck_assert_uint_eq(reg(m, VATOS_SEL), 3);
	ck_assert_uint_eq(par_of(m, &vatos, 1, STAGE1_OF(0)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* ---- Whose fault ---- */

/* One thing in memory that is wrong: word n of it becomes this. */
struct wrong {
	uint64_t at;
	unsigned n;
	uint64_t value;
};

/* ATO-012, ATO-013, ATO-014: what a request for each set of stages of the nested stream is told of
 * VA 0, whose IPA is 1GB.  The CD is in the third GB, the stage 1 table in the fourth, both read
 * through stage 2.  0: the request succeeds. */
static const struct {
	struct wrong wrong;
	uint64_t stage1, stage2, both;
} faults[] = {
	/* nothing */
	{ { S2_TABLE_AT, 9, 0 }, 0, 0, 0 },
	/* stage 1: no descriptor, another table there is none of, no Access flag, an output beyond
	 * IPS */
	{ { S1_TABLE_AT, 0, 0 }, PAR_FAULT(0x10, 0), 0, PAR_FAULT(0x10, 0) },
	{ { S1_TABLE_AT, 0, 1 << 10 | 1 | UINT64_C(1) << 40 },
	  PAR_FAULT(0x11, 0),
	  0,
	  PAR_FAULT(0x11, 0) },
	{ { S1_TABLE_AT, 0, (GB | 1) }, PAR_FAULT(0x12, 0), 0, PAR_FAULT(0x12, 0) },
	/* stage 2, for the IPA: none of it is met by stage 1 alone */
	{ { S2_TABLE_AT, 1, 0 }, 0, PAR_FAULT(0x10, 3), PAR_FAULT(0x10, 3) | GB },
	{ { S2_TABLE_AT, 1, 1 << 10 | 1 | UINT64_C(1) << 40 },
	  0,
	  PAR_FAULT(0x11, 3),
	  PAR_FAULT(0x11, 3) | GB },
	{ { S2_TABLE_AT, 1, (3 * GB | 1) }, 0, PAR_FAULT(0x12, 3), PAR_FAULT(0x12, 3) | GB },
	{ { S2_TABLE_AT, 1, (3 * GB | 1 << 10 | 1) }, /* S2AP 0 */
	  0,
	  PAR_FAULT(0x13, 3),
	  PAR_FAULT(0x13, 3) | GB },
	{ { S2_TABLE_AT, 1, NO_MEMORY | 3 }, 0, PAR_FAULT(0x0b, 3), PAR_FAULT(0x0b, 3) },
	/* stage 2, for the CD at IPA 3GB + 0x20000 */
	{ { S2_TABLE_AT, 3, 0 }, PAR_FAULT(0x09, 0), 0, PAR_FAULT(0x10, 1) | 0xc0020000 },
	{ { S2_TABLE_AT, 3, (2 * GB | 1) },
	  PAR_FAULT(0x09, 0),
	  0,
	  PAR_FAULT(0x12, 1) | 0xc0020000 },
	{ { S2_TABLE_AT, 3, NO_MEMORY | 3 }, PAR_FAULT(0x09, 0), 0, PAR_FAULT(0x0b, 1) },
	/* stage 2, for the stage 1 table at IPA 4GB + 0x30000 */
	{ { S2_TABLE_AT, 4, 0 }, PAR_FAULT(0x0b, 0), 0, PAR_FAULT(0x10, 2) | 0x100030000 },
	{ { S2_TABLE_AT, 4, (2 * GB | 1 << 10 | 1) },
	  PAR_FAULT(0x0b, 0),
	  0,
	  PAR_FAULT(0x13, 2) | 0x100030000 },
	{ { S2_TABLE_AT, 4, NO_MEMORY | 3 }, PAR_FAULT(0x0b, 0), 0, PAR_FAULT(0x0b, 2) },
	/* aborts of what is read at the end: the CD, a descriptor of stage 1 */
	{ { S2_TABLE_AT, 3, GB | 0x7fd }, PAR_FAULT(0x09, 0), 0, PAR_FAULT(0x09, 0) },
	{ { S2_TABLE_AT, 4, GB | 0x7fd }, PAR_FAULT(0x0b, 0), 0, PAR_FAULT(0x0b, 0) },
	/* the CD */
	{ { CD_3, 0, 0 }, PAR_FAULT(0x0a, 0), 0, PAR_FAULT(0x0a, 0) },
	/* the STE: of stage 2 alone REASON is IN.  9.1.4 */
	{ { STREAMS_AT + 64 * 3, 0, 0 },
	  PAR_FAULT(0x04, 0),
	  PAR_FAULT(0x04, 3),
	  PAR_FAULT(0x04, 0) },
};

/* As a guest has it: CDs and tables are not at their IPAs. */
static struct machine *guest(void)
{
	struct machine *m = atos_machine();

	put_ste(m, 3, ste_of(BOTH_STAGES, 3 * GB + 0x20040));
	put_cd(m, CD_3, cd_of(4 * GB + 0x30000));
	put_descriptor(m, S2_TABLE_AT, 3, s2_block(2 * GB));
	put_descriptor(m, S2_TABLE_AT, 4, s2_block(2 * GB));
	return m;
}

START_TEST(a_fault_is_told_by_the_stages_that_were_asked_for)
{
	static const uint64_t found[] = { 0xff00000060000b00, 0xff000000e0000b00,
					  0xff000000e0000b00 };
	struct machine *m = guest();
	const struct wrong *wrong = &faults[_i].wrong;
	const uint64_t told[] = { faults[_i].stage1, faults[_i].stage2, faults[_i].both };

	ram_at(m, wrong->at)[wrong->n] = wrong->value;
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(0)), told[0] ? told[0] : found[0]);
	ck_assert_uint_eq(par_of(m, &vatos, 3, STAGE1_OF(0)), told[0] ? told[0] : found[0]);
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(GB)), told[1] ? told[1] : found[1]);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), told[2] ? told[2] : found[2]);
	close_machine(m);
}
END_TEST

/* ATO-013: an address that is none, of stage 1's bypass, is an Address Size fault of stage 1;
 * within IAS and beyond S2T0SZ it is a Translation fault of stage 2; one beyond T0SZ of stage 1.
 * 3.4, 9.1.4 */
START_TEST(input_addresses_have_their_ranges)
{
	struct machine *m = atos_machine();

	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(UINT64_C(1) << 52)), PAR_FAULT(0x11, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(UINT64_C(1) << 39)), PAR_FAULT(0x10, 3));
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE1_OF(UINT64_C(1) << 39)), PAR_FAULT(0x10, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(UINT64_C(1) << 63)), PAR_FAULT(0x10, 0));
	close_machine(m);
}
END_TEST

/* ATO-011: FADDR has the bits below OAS.  A level 1 CD table descriptor points beyond it, which
 * stage 2 refuses as an input. */
START_TEST(the_address_at_fault_is_one_below_oas)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1 << 15;
	m->config.idr[5] = (m->config.idr[5] & ~UINT32_C(7)) | 2; /* 40 bits */
	start_machine(m);
	put_atos_streams(m);
	ram_at(m, STREAMS_AT + 64 * 7)[0] |= UINT64_C(1) << 4; /* S1Fmt: 4KB leaves */
	*ram_at(m, CD_7) = UINT64_C(0xff0000005000) | 1;
	ck_assert_uint_eq(par_of(m, &gatos, 7 | ATOS_SSID(1), BOTH_OF(0)),
			  PAR_FAULT(0x10, 1) | 0x5000);
	close_machine(m);
}
END_TEST

/* ---- Which comes first ---- */

/* What has been mended may have been kept as it was. */
static uint64_t mended(struct machine *m, const struct atos_group *group, uint64_t sid,
		       uint64_t addr)
{
	maintain(m);
	return par_of(m, group, sid, addr);
}

/* ATO-015: everything is wrong, and one thing after the other is mended.  Of the nested stream 7,
 * asked for with a SubstreamID beyond its table; first by VATOS. */
START_TEST(errors_come_in_their_order)
{
	struct machine *m = guest();
	uint64_t *ste = ram_at(m, STREAMS_AT + 64 * 7);
	const uint64_t bad_ssid = 7 | ATOS_SSID(2), ssid_0 = 7 | ATOS_SSID(0);
	const uint64_t legal = ste_of(STAGE_2, 0).word[0];

	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, NO_MEMORY);
	set_reg(m, STRTAB_BASE_CFG, 2);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_reg(m, VATOS_SEL, 4);
	ste[0] = 0;
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, BOTH_OF(0)), INV_REQ);
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, STAGE1_OF(0)), PAR_FAULT(0x02, 0));
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, STRTAB_BASE_CFG, 3);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, STAGE1_OF(0)), PAR_FAULT(0x03, 0));
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, STAGE1_OF(0)),
			  PAR_FAULT(0x04, 0)); /* V = 0 */
	ste[0] = legal;
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, STAGE1_OF(0)), PAR_FAULT(0x04, 0)); /* VMID */
	set_reg(m, VATOS_SEL, 3);
	ck_assert_uint_eq(mended(m, &vatos, bad_ssid, STAGE1_OF(0)), INV_STAGE);
	ste[0] = ste_of(BOTH_STAGES, 9 * GB).word[0] | STE0_S1CDMAX(1);
	ste[1] = (ste_of(BOTH_STAGES, 0).word[1]) | STE1_S1DSS(2);
	ck_assert_uint_eq(mended(m, &gatos, bad_ssid, BOTH_OF(0)), PAR_FAULT(0x08, 0));
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x06, 0));
	ste[1] &= ~UINT64_C(3); /* S1DSS 0 */
	ck_assert_uint_eq(mended(m, &gatos, 7, BOTH_OF(0)), PAR_FAULT(0x06, 0));
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x10, 1) | 0x240000000);
	put_descriptor(m, S2_TABLE_AT, 9, s2_block(GB));
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x09, 0));
	put_descriptor(m, S2_TABLE_AT, 9, s2_block(2 * GB));
	put_cd(m, RAM_AT, (struct cd){ { 0 } }); /* where stream 0 would be */
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x0a, 0));
	put_cd(m, RAM_AT, cd_of(4 * GB + 0x30000));
	put_descriptor(m, S1_TABLE_AT, 0, 0);
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x10, 0));
	put_descriptor(m, S1_TABLE_AT, 0, s1_block(5 * GB));
	ck_assert_uint_eq(mended(m, &gatos, ssid_0, BOTH_OF(0)), PAR_FAULT(0x10, 3) | 0x140000000);
	close_machine(m);
}
END_TEST

/* ---- Of nobody's business ---- */

/* ATO-016, STALL-01: a fault of a request is recorded nowhere, and holds nothing, whatever CD.A, R
 * and S and STE.S2R and S2S say.  9 */
START_TEST(faults_are_neither_recorded_nor_stall)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] = (m->config.idr[0] & ~(UINT32_C(3) << 24)) | 1 << 15 | 1 << 20;
	m->config.idr[5] |= 4 << 16; /* STALL_MAX */
	start_machine(m);
	put_atos_streams(m);
	set_reg(m, VATOS_SEL, 3);
	ram_at(m, STREAMS_AT + 64 * 3)[2] |= STE2_S2S;
	ram_at(m, CD_3)[0] |= UINT64_C(1) << 44; /* S, with A and R */
	put_descriptor(m, S1_TABLE_AT, 0, 0);
	look_away(m);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), PAR_FAULT(0x10, 0));
	ck_assert_uint_eq(par_of(m, &vatos, 3, STAGE1_OF(0)), PAR_FAULT(0x10, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 3, STAGE2_OF(0)), PAR_FAULT(0x10, 3));
	ck_assert_uint_eq(par_of(m, &gatos, 6, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(par_of(m, &gatos, 0xffff, STAGE1_OF(0)), PAR_FAULT(0x02, 0));
	/* and CD.A = 0, R = 0 has no access read as zero here */
	ram_at(m, CD_3)[0] &= ~(UINT64_C(1) << 44 | CD0_R | CD0_A);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), PAR_FAULT(0x10, 0));
	ck_assert_uint_eq(count(m, WRITES), 0);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN); /* nothing is held */
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_request_that_cannot_be_is_inv_req);
	tcase_add_test(tests, a_stage_that_the_smmu_lacks_is_inv_req);
	tcase_add_test(tests, a_stage_that_the_stream_lacks_is_inv_stage);
	tcase_add_test(tests, vatos_tells_nothing_of_streams_of_another_vm);
	tcase_add_test(tests, vatos_compares_the_vmid_whole);
	tcase_add_loop_test(tests, a_fault_is_told_by_the_stages_that_were_asked_for, 0,
			    COUNT(faults));
	tcase_add_test(tests, input_addresses_have_their_ranges);
	tcase_add_test(tests, the_address_at_fault_is_one_below_oas);
	tcase_add_test(tests, errors_come_in_their_order);
	tcase_add_test(tests, faults_are_neither_recorded_nor_stall);
}

int main(void)
{
	return run("atos_faults", add);
}
