/* SPDX-License-Identifier: MIT */
/* S_CR0.NSSTALLD: Secure software forbids Non-secure streams to stall.  3.12, 6.3.57.1 */
#include "blob.h"
#include "run.h"
#include "secure.h"
#include "secure_stalls.h"

#include <check.h>

enum { ENABLES = CMDQEN | EVENTQEN | SMMUEN, C_BAD_STE = 0x04, C_BAD_CD = 0x0a };
enum { NO_CD_STALLS = 6 }; /* a stream whose CD and STE say nothing of stalls */

static struct machine *with_streams(void)
{
	struct machine *m = secure_machine();

	make_stream(m, 1, S1_ONLY);
	make_stream(m, 2, S2_ONLY);
	make_stream(m, NO_CD_STALLS, S1_ONLY);
	*cd(m, NO_CD_STALLS, 0) &= ~CD_S;
	*ste(m, NO_CD_STALLS, 2) &= ~S2S;
	start_secure_machine(m);
	return m;
}

/* IDR0.STALL_MODEL */
static unsigned stall_model(struct machine *m)
{
	return reg(m, IDR0) >> 24 & 3;
}

/* Forbids, or allows again, as software must: structures that were read are invalidated. */
static void forbid(struct machine *m, bool forbidden)
{
	update_secure(m, CR0, ENABLES | (forbidden ? NSSTALLD : 0));
	submit(m, CFGI_ALL);
	submit(m, SYNC_NONE);
}

static void expect_event(struct machine *m, uint32_t sid, unsigned event)
{
	const struct smmu3_outcome outcome = ask(m, sid, 0, 0);

	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, event);
}

/* What Non-secure software sees of it. */
static void expect_forbidden(struct machine *m)
{
	ck_assert_uint_eq(stall_model(m), 1);
	expect_event(m, 1, C_BAD_CD);
	expect_event(m, 2, C_BAD_STE);
	expect_event(m, NO_CD_STALLS, F_TRANSLATION);
}

static void expect_allowed(struct machine *m, uint64_t cookie)
{
	ck_assert_uint_eq(stall_model(m), 0);
	const uint16_t stag1 = stall(m, 1, cookie), stag2 = stall(m, 2, cookie + 1);

	submit(m, resume(1, stag1, ABORT));
	submit(m, resume(2, stag2, ABORT));
	ck_assert_uint_eq(reg(m, GERROR), reg(m, GERRORN));
}

/* SEC-006, REG-013, STE-56: when it is acknowledged the Non-secure IDR0 says so, and STEs and CDs
 * that stall are ILLEGAL; the rest of IDR0 and S_IDR0 are as they were; and all of it can be taken
 * back
 */
START_TEST(non_secure_streams_that_would_stall_are_illegal)
{
	struct machine *m = with_streams();
	const uint32_t idr0 = reg(m, IDR0);

	expect_allowed(m, 1);
	forbid(m, true);
	ck_assert_uint_eq(reg(m, IDR0), idr0 | 1u << 24);
	ck_assert_uint_eq(secure_reg(m, IDR0), 1u << 13);
	expect_forbidden(m);
	forbid(m, false);
	ck_assert_uint_eq(reg(m, IDR0), idr0);
	expect_allowed(m, 3);
	close_machine(m);
}
END_TEST

/* SEC-006, CMD-RESUME-1: CERROR_ILL of the Non-secure queue's commands of stalls, while it is so */
START_TEST(non_secure_commands_of_stalls_are_illegal)
{
	const struct command command = _i ? stall_term(1) : resume(1, 0, ABORT);
	struct machine *m = with_streams();

	submit(m, command);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	forbid(m, true);
	submit(m, command);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 3);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	update_secure(m, CR0, ENABLES);
	set_reg(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	close_machine(m);
}
END_TEST

/* SEC-006: the bit is there only where S_IDR0.STALL_MODEL is 0; a reserved bit is not acknowledged
 */
START_TEST(without_both_fault_models_there_is_no_nsstalld)
{
	static const uint32_t models[] = { 0, 1, 2 };
	struct machine *m = secure_machine();

	m->config.idr[0] |= models[_i] << 24;
	m->config.s_idr[0] |= models[_i] << 24;
	m->config.idr[5] = models[_i] == 1 ? m->config.idr[5] & 0xffff : m->config.idr[5];
	open_secure_machine(m);
	set_secure(m, CR0, SMMUEN | NSSTALLD);
	ck_assert_uint_eq(secure_reg(m, CR0), models[_i] ? SMMUEN : SMMUEN | NSSTALLD);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), models[_i] ? SMMUEN : SMMUEN | NSSTALLD);
	ck_assert_uint_eq(stall_model(m), models[_i] ? models[_i] : 1);
	close_machine(m);
}
END_TEST

/* SEC-006, REG-018: Non-secure software can neither forbid nor allow */
START_TEST(non_secure_software_has_no_say)
{
	struct machine *m = with_streams();

	set_reg(m, CR0, ENABLES | NSSTALLD);
	set_reg(m, 0x8020, ENABLES | NSSTALLD);
	expect_allowed(m, 1);
	forbid(m, true);
	set_reg(m, 0x8020, 0);
	set_reg(m, CR0, ENABLES);
	expect_forbidden(m);
	close_machine(m);
}
END_TEST

/* SEC-006: what was saved says it, whatever the SMMU that loads it said; and a reset takes it back
 */
START_TEST(nsstalld_is_loaded_and_reset)
{
	struct machine *m = with_streams();
	const struct blob allowed = saved(m);

	forbid(m, true);
	reload(m);
	expect_forbidden(m);
	load(m, &allowed);
	m->prod = 0;
	expect_allowed(m, 1);
	forbid(m, true);
	m->quiet = true;
	smmu3_reset(m->smmu);
	m->quiet = false;
	ck_assert_uint_eq(stall_model(m), 0);
	close_machine(m);
}
END_TEST

/* SEC-006, CMD-RESUME-1: it is about Non-secure streams: Secure ones stall, and are resumed */
START_TEST(secure_streams_stall_all_the_same)
{
	struct machine *m = with_streams();

	forbid(m, true);
	const uint16_t stag = secure_stall(m, 1, 20);
	struct command command = resume(1, stag, RETRY);

	command.word[0] |= SSEC;
	submit_secure(m, command);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(end_of(m, 0)->cookie, 20);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, secure_streams_stall_all_the_same);
	tcase_add_test(tests, non_secure_streams_that_would_stall_are_illegal);
	tcase_add_loop_test(tests, non_secure_commands_of_stalls_are_illegal, 0, 2);
	tcase_add_loop_test(tests, without_both_fault_models_there_is_no_nsstalld, 0, 3);
	tcase_add_test(tests, non_secure_software_has_no_say);
	tcase_add_test(tests, nsstalld_is_loaded_and_reset);
}

int main(void)
{
	return run("secure-nsstalld", add);
}
