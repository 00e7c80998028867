/* SPDX-License-Identifier: MIT */
/* ATOS of the Secure bank, which asks of streams of both states.  6.3.83 to 6.3.86, 9 */
#include "atos.h"
#include "blob.h"
#include "run.h"
#include "secure.h"
#include "waiting.h"

#include "support/cached.h"

#include <check.h>

#define INTERNAL_ERR PAR_FAULT(0xfd, 0)
#define OF_NS (UINT64_C(1) << 10) /* PAR.NS */

/* What streams 1 and 3 of put_atos_streams answer. */
#define PAR_1 UINT64_C(0xff00000060000b00)
#define PAR_3 UINT64_C(0xff000000e0000b00)

/* The group at 0x8100; SSEC */
enum { CTRL = 0x100, SID = 0x108, ADDR = 0x110, PAR = 0x118 };
#define OF_SECURE (UINT64_C(1) << 53)

static struct machine *secure_atos_machine(void)
{
	struct machine *m = secure_machine();

	m->config.idr[0] |= 1u << 15; /* ATOS */
	start_secure_machine(m);
	put_atos_streams(m);
	return m;
}

/* Asks, and waits as software does. */
static uint64_t secure_par_of(struct machine *m, uint64_t sid, uint64_t addr)
{
	set_secure64(m, SID, sid);
	set_secure64(m, ADDR, addr);
	set_secure(m, CTRL, 1);
	ck_assert_uint_eq(secure_reg(m, CTRL), 0);
	return secure_reg64(m, PAR);
}

/* ATO-001, ATO-005, ATO-010, ATO-019: a Non-secure stream asked of by Secure software; the same
 * answer as by the Non-secure group, and that the address is Non-secure */
START_TEST(secure_software_asks_of_non_secure_streams)
{
	struct machine *m = secure_atos_machine();

	ck_assert_uint_eq(secure_par_of(m, 3, BOTH_OF(0)), PAR_3 | OF_NS);
	ck_assert_uint_eq(secure_par_of(m, 1, STAGE1_OF(0)), PAR_1 | OF_NS);
	ck_assert_uint_eq(secure_par_of(m, 4, STAGE1_OF(0)), INV_STAGE);
	ck_assert_uint_eq(secure_par_of(m, 6, STAGE1_OF(0)), PAR_FAULT(0x04, 0));
	ck_assert_uint_eq(reg64(m, gatos.par), 0);
	ck_assert_uint_eq(reg64(m, gatos.sid), 0);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), PAR_3);
	close_machine(m);
}
END_TEST

/* ATO-010, ATO-019: a Secure stream, whose answer says whether the address is Secure; the
 * Non-secure group finds the Non-secure stream of the same number */
START_TEST(secure_software_asks_of_secure_streams)
{
	/* 2MB at RAM_AT: attributes of MAIR 0xff, and SH of the descriptor, Inner Shareable */
	const uint64_t par = UINT64_C(0xff00000000000b00) | RAM_AT | UINT64_C(1) << 20;
	struct machine *m = secure_atos_machine();

	make_secure_stream(m, 1);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE1_OF(0)), PAR_FAULT(0x10, 0));
	mend_secure(m, 1);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE1_OF(0)), par);
	*secure_at(m, TABLE1_AT(1)) |= 1 << 5; /* NS */
	submit_secure(m, (struct command){ { 0x10, 0 } });
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE1_OF(0)), par | OF_NS);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)), PAR_1);
	update_secure(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(par_of(m, &gatos, 1, STAGE1_OF(0)), PAR_1);
	update_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	update(m, CR0, 0);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE1_OF(0)), par | OF_NS);
	close_machine(m);
}
END_TEST

/* ATO-009, ATO-008: without Secure stage 2, which libsmmu says before it looks at a StreamID */
START_TEST(secure_streams_have_no_stage_2)
{
	struct machine *m = secure_atos_machine();

	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE2_OF(0)), INV_STAGE);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, BOTH_OF(0)), INV_STAGE);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 0xffff, STAGE2_OF(0)), INV_STAGE);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | ATOS_SSID(1) | 1, STAGE2_OF(0)), INV_REQ);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, ATOS_READ), INV_REQ);
	ck_assert_uint_eq(secure_par_of(m, 2, STAGE2_OF(GB)), UINT64_C(0xff000000e0000b00) | OF_NS);
	close_machine(m);
}
END_TEST

/* ATO-008: and where no stream has stage 2, the request is invalid */
START_TEST(without_stage_2_nobody_asks_for_it)
{
	struct machine *m = secure_machine();
	const uint32_t s_idr1 = m->config.s_idr[1];

	ck_assert_int_eq(smmu3_config_init(&m->config, "linux-session", NULL), 0);
	ck_assert_uint_eq(m->config.idr[0] & 1, 0);       /* S2P */
	m->config.idr[0] |= 1u << 15;                     /* ATOS */
	m->config.s_idr[0] = m->config.idr[0] & 3u << 24; /* STALL_MODEL */
	m->config.s_idr[1] = s_idr1;
	start_secure_machine(m);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, STAGE2_OF(0)), INV_REQ);
	ck_assert_uint_eq(secure_par_of(m, OF_SECURE | 1, BOTH_OF(0)), INV_REQ);
	ck_assert_uint_eq(secure_par_of(m, 1, STAGE2_OF(0)), INV_REQ);
	close_machine(m);
}
END_TEST

/* ---- Enables ---- */

/* ATO-002, ATO-019: RUN is guarded by S_CR0.SMMUEN; a request of a Non-secure stream needs
 * CR0.SMMUEN, too, or it fails; S_CR0.SMMUEN is nothing to the Non-secure group */
START_TEST(requests_need_the_enables_of_both_states)
{
	static const struct {
		uint32_t secure, other;
		uint64_t par;
	} rows[] = {
		{ 0, 0, 0 },
		{ 0, SMMUEN, 0 },
		{ SMMUEN, 0, INTERNAL_ERR },
		{ SMMUEN, SMMUEN, PAR_3 | OF_NS },
	};
	struct machine *m = secure_atos_machine();

	update_secure(m, CR0, rows[_i].secure);
	update(m, CR0, rows[_i].other);
	ck_assert_uint_eq(secure_par_of(m, 3, BOTH_OF(0)), rows[_i].par);
	ck_assert_uint_eq(par_of(m, &gatos, 3, BOTH_OF(0)), rows[_i].other ? PAR_3 : 0);
	close_machine(m);
}
END_TEST

static void ask_of(struct machine *m, uint64_t sid)
{
	set_secure64(m, SID, sid);
	set_secure64(m, ADDR, BOTH_OF(0));
	set_secure(m, CTRL, 1);
}

/* ATO-003, ATO-019: while it runs its registers cannot be written, and those of the other group can
 */
START_TEST(a_group_that_runs_is_locked_alone)
{
	struct machine *m = secure_atos_machine();

	pause_work(m);
	ask_of(m, 3);
	set_secure64(m, SID, 1);
	set_secure64(m, ADDR, 0);
	set_secure(m, CTRL, 0);
	set_reg64(m, gatos.sid, 1);
	set_reg64(m, gatos.addr, STAGE1_OF(0));
	set_reg(m, gatos.ctrl, 1);
	ck_assert_uint_eq(secure_reg64(m, SID), 3);
	ck_assert_uint_eq(secure_reg64(m, ADDR), BOTH_OF(0));
	ck_assert_uint_eq(secure_reg(m, CTRL), 1);
	do_acts(m, 2);
	ck_assert_uint_eq(secure_reg(m, CTRL), 0);
	ck_assert(!running(m, &gatos));
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_3 | OF_NS);
	ck_assert_uint_eq(reg64(m, gatos.par), PAR_1);
	close_machine(m);
}
END_TEST

/* ATO-004, ATO-019: a request that is due when either is disabled ends without a translation */
START_TEST(a_request_ends_with_either_enable)
{
	struct machine *m = secure_atos_machine();

	pause_work(m);
	ask_of(m, 3);
	if (_i)
		set_secure(m, CR0, 0);
	else
		set_reg(m, CR0, 0);
	ck_assert_uint_eq(secure_reg(m, CTRL), 0); /* and that is acknowledged */
	ck_assert_uint_eq(secure_reg64(m, PAR), INTERNAL_ERR);
	look_away(m);
	do_acts(m, 2);
	ck_assert_uint_eq(secure_reg64(m, PAR), INTERNAL_ERR);
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

static void disable(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	set_secure(m, CR0, 0);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), SMMUEN);
	ck_assert_uint_eq(secure_reg(m, CTRL), 1);
}

/* ATO-004, CR-016: S_CR0ACK.SMMUEN waits for the request in flight */
START_TEST(smmuen_is_acknowledged_when_the_request_is_done)
{
	struct machine *m = secure_atos_machine();

	without_caches(&m->config, "requests are seen by what they read");
	m->inside = disable;
	ask_of(m, 3);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), 0);
	ck_assert_uint_eq(secure_reg(m, CTRL), 0);
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_3 | OF_NS);
	close_machine(m);
}
END_TEST

static void disable_other(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN); /* holds nothing more */
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
}

/* ATO-004, ATO-019, 6.3.9.6: so does CR0ACK.SMMUEN, where the request is for a Non-secure stream */
START_TEST(non_secure_smmuen_is_acknowledged_when_the_request_is_done)
{
	struct machine *m = secure_atos_machine();

	without_caches(&m->config, "requests are seen by what they read");
	m->inside = disable_other;
	ask_of(m, 3);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN);
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_3 | OF_NS);
	close_machine(m);
}
END_TEST

/* ---- Saved ---- */

/* ATO-010, ATO-002: results of the Secure group and what is due of it */
START_TEST(secure_requests_and_results_are_loaded)
{
	struct machine *m = secure_atos_machine();

	(void)secure_par_of(m, 3, BOTH_OF(0));
	reload(m);
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_3 | OF_NS);
	ck_assert_uint_eq(secure_reg64(m, SID), 3);
	pause_work(m);
	set_secure64(m, SID, 6);
	set_secure(m, CTRL, 1);
	do_acts(m, 0);
	const struct blob due = saved(m);

	renew(m);
	load(m, &due);
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_3 | OF_NS); /* and then it is done */
	ck_assert_uint_eq(secure_reg64(m, PAR), PAR_FAULT(0x04, 0));
	close_machine(m);
}
END_TEST

/* ATO-004, ATO-019: none that is due survives an enable that it needs */
START_TEST(a_request_that_is_due_has_both_enables)
{
	struct machine *m = secure_atos_machine();

	pause_work(m);
	ask_of(m, 3);
	do_acts(m, 0);
	struct blob due = saved(m);
	uint8_t *cr0 = section(&due, "REGS");

	for (; number_at(cr0, 4) != SMMU3_PAS_NS || number_at(cr0 + 4, 4) != CR0; cr0 += 16)
		;
	put_at(cr0 + 8, CMDQEN | EVENTQEN, 4);
	seal(&due);
	renew(m);
	expect_refused(m, &due, SMMU3_E_FORMAT, "ATOS runs although");
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, secure_software_asks_of_non_secure_streams);
	tcase_add_test(tests, secure_software_asks_of_secure_streams);
	tcase_add_test(tests, secure_streams_have_no_stage_2);
	tcase_add_test(tests, without_stage_2_nobody_asks_for_it);
	tcase_add_loop_test(tests, requests_need_the_enables_of_both_states, 0, 4);
	tcase_add_test(tests, a_group_that_runs_is_locked_alone);
	tcase_add_loop_test(tests, a_request_ends_with_either_enable, 0, 2);
	tcase_add_test(tests, smmuen_is_acknowledged_when_the_request_is_done);
	tcase_add_test(tests, non_secure_smmuen_is_acknowledged_when_the_request_is_done);
	tcase_add_test(tests, secure_requests_and_results_are_loaded);
	tcase_add_test(tests, a_request_that_is_due_has_both_enables);
}

int main(void)
{
	return run("secure-atos", add);
}
