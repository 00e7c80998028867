/* SPDX-License-Identifier: MIT */
/* Requests of ATOS about streams of EL2, with E2H and without.  5.2 STRW, 9.1.6 */
#include "atos.h"
#include "run.h"

#include <check.h>

enum { E2H = 1, STREAM = 1 };

/* The machine of atos.h as one of SMMUv3.2 with Hyp, whose stream 1 is the hypervisor's: STRW 0b10.
 * Its VMID is that of VATOS_SEL, if it had one.  Its leaf is a block of 1GB; AP[2:1] as given, and
 * nG. */
static struct machine *hypervisors_machine(bool e2h, unsigned ap)
{
	struct machine *m = machine("generic-3.1");

	m->config.aidr = 2;
	m->config.idr[0] |= 1 << 9 | 1 << 15 | 1 << 20; /* Hyp, ATOS, VATOS */
	open_machine(m);
	set_reg(m, CR2, e2h ? E2H : 0);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	put_atos_streams(m);
	ram_at(m, STREAMS_AT + 64 * STREAM)[1] |= STE1_STRW(2);
	put_descriptor(m, S1_ALONE_AT, 0, (s1_block(GB) & ~(UINT64_C(3) << 6)) | ap << 6);
	set_reg(m, VATOS_SEL, 3);
	maintain(m);
	look_away(m);
	return m;
}

static uint64_t asked(struct machine *m, uint64_t addr)
{
	return par_of(m, &gatos, STREAM, STAGE1_OF(addr));
}

/* ATO-007, SW-05: EL2 has one range, every access of which is privileged: AP[1] says nothing, and
 * the upper half translates nothing.  With E2H there are two privileges.  13.4.1 */
START_TEST(a_request_translates_by_the_world_of_its_stream)
{
	const bool e2h = _i;
	struct machine *m = hypervisors_machine(e2h, 0);
	const uint64_t found = 0xff00000060000b00;

	ck_assert_uint_eq(asked(m, 0x1000), e2h ? PAR_FAULT(0x13, 0) : found);
	ck_assert_uint_eq(asked(m, ATOS_PRIVILEGED | 0x1000), found);
	ck_assert_uint_eq(asked(m, ATOS_PRIVILEGED | UINT64_C(0xffffff8000001000)),
			  PAR_FAULT(0x10, 0));
	close_machine(m);
}
END_TEST

/* ATO-009: it has no stage 2 */
START_TEST(a_request_for_a_stage_2_that_el2_has_not_is_of_the_wrong_stage)
{
	struct machine *m = hypervisors_machine(_i, 1);

	ck_assert_uint_eq(par_of(m, &gatos, STREAM, STAGE2_OF(GB)), INV_STAGE);
	ck_assert_uint_eq(par_of(m, &gatos, STREAM, BOTH_OF(0x1000)), INV_STAGE);
	close_machine(m);
}
END_TEST

/* ATO-018: translations of EL2 have no VMID, so S2VMID is none to compare: C_BAD_STE.  A guest's
 * stream of that VMID is answered.  9.1.6 */
START_TEST(vatos_is_answered_nothing_of_the_hypervisor)
{
	struct machine *m = hypervisors_machine(_i, 1);

	ck_assert_uint_eq(asked(m, 0x1000), 0xff00000060000b00);
	ck_assert_uint_eq(par_of(m, &vatos, STREAM, STAGE1_OF(0x1000)), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(par_of(m, &vatos, 3, STAGE1_OF(0x1000)), 0xff00000060000b00);
	set_reg(m, VATOS_SEL, 0);
	ck_assert_uint_eq(par_of(m, &vatos, STREAM, STAGE1_OF(0x1000)), PAR_FAULT(0x04, 0));
	close_machine(m);
}
END_TEST

/* ATO-018, SW-02: STRW of a nested stream says nothing; it is of EL1 */
START_TEST(vatos_is_answered_of_a_nested_stream_whatever_strw_is)
{
	struct machine *m = hypervisors_machine(_i, 1);

	ram_at(m, STREAMS_AT + 64 * 3)[1] |= STE1_STRW(2);
	maintain(m);
	ck_assert_uint_eq(par_of(m, &vatos, 3, STAGE1_OF(0x1000)), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

/* PERM-14: with CD.E0PD0 users find nothing in the half, privileged requests do.  5.4 */
START_TEST(a_request_is_privileged_for_e0pd_too)
{
	struct machine *m = machine("generic-3.1");

	m->config.aidr = 2;
	m->config.idr[0] |= 1 << 9 | 1 << 15; /* Hyp, ATOS */
	m->config.idr[3] |= 1 << 13;          /* E0PD */
	start_machine(m);
	put_atos_streams(m);
	ram_at(m, CD_1)[1] |= 4; /* E0PD0 */
	look_away(m);
	ck_assert_uint_eq(asked(m, 0x1000), PAR_FAULT(0x10, 0));
	ck_assert_uint_eq(asked(m, ATOS_PRIVILEGED | 0x1000), 0xff00000060000b00);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_request_translates_by_the_world_of_its_stream, 0, 2);
	tcase_add_loop_test(tests, a_request_for_a_stage_2_that_el2_has_not_is_of_the_wrong_stage,
			    0, 2);
	tcase_add_loop_test(tests, vatos_is_answered_nothing_of_the_hypervisor, 0, 2);
	tcase_add_test(tests, a_request_is_privileged_for_e0pd_too);
	tcase_add_loop_test(tests, vatos_is_answered_of_a_nested_stream_whatever_strw_is, 0, 2);
}

int main(void)
{
	return run("atos_hypervisors", add);
}
