/* SPDX-License-Identifier: MIT */
/* Secure accesses that wait, and the messages of the Secure interface, in traces.  IHI 0070 3.10 */
#include "story.h"
#include "support/suite.h"

#include <check.h>

/* The leaf of 0x5000 is at 0x700ff028; CD.S of both masters is 1. */
#define MACHINE(secure)                                                                            \
	"version: 1\n"                                                                             \
	"smmu: [{features: {secure: true, stall_model: 0, stall_max: 4, msi: true, s_msi: true}, " \
	"secure: {stream_table: {format: linear, log2size: 2}" secure "}}]\n"                      \
	"memory:\n"                                                                                \
	"  - {name: ns_ram, base: 0x80000000, size: 1G}\n"                                         \
	"  - {name: s_ram, base: 0x70000000, size: 1M, pas: secure}\n"                             \
	"tables: {t: {stage: 1, va_bits: 21, map: [{va: 0, pa: 0x80001000, size: 4K}]}}\n"         \
	"masters:\n"                                                                               \
	"  - {name: a, security: secure, stream_id: 0, table: t, cd: {S: 1}}\n"                    \
	"  - {name: b, stream_id: 0, map: [], cd: {S: 1}}\n"

#define STALLS "expect=stalled,F_TRANSLATION,s2:0,class:IN"

/* 4.7.1, 4.7.2: a StreamID and STAG are of the state that the command says; others have no effect
 */
START_TEST(a_secure_access_waits_for_the_secure_queue)
{
	TELL(MACHINE(""), "R a 0x5000 4 " STALLS,
	     "! secure: expect event F_TRANSLATION stall=1 stag=0 rnw=1 class=IN addr=0x5000",
	     "! secure: expect interrupt eventq", "! expect nothing", "! resume sid=0 stag=0 abort",
	     "! secure: resume sid=0 stag=0 abort ssec=0", "! stall_term sid=0",
	     "! secure: w64 0x700ff028 0x60000070002f43",
	     "! secure: resume sid=0 stag=0 retry|consumed");
}
END_TEST

/* The host's own part: the access goes on as the line that resumed it expects */
START_TEST(its_outcome_comes_when_it_goes_on)
{
	struct loading loading = load_good(MACHINE(""));
	struct smmu3_outcome outcome;
	struct smmu3_stall stall;
	struct smmu3_trace_op op;

	ck_assert_int_eq(perform(&loading, "R a 0x5000 4").verdict, SMMU3_STALLED);
	(void)perform(&loading, "! secure: w64 0x700ff028 0x60000070002f43");
	(void)perform(&loading, "! secure: resume sid=0 stag=0 retry");
	ck_assert_int_eq(smmu3_machine_resume(loading.machine, &op, &outcome, &stall), 1);
	ck_assert_uint_eq(stall.sec_sid, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(op.txn.sec_sid, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(outcome.pa, 0x70002000);
	ck_assert_uint_eq(outcome.pas, SMMU3_PAS_SECURE);
	ck_assert_int_eq(smmu3_machine_waiting(loading.machine, 0, NULL), 0);
	unload(&loading);
}
END_TEST

/* SEC-006: with NSSTALLD a Non-secure CD that stalls is ILLEGAL, and a Secure one is not */
START_TEST(secure_accesses_alone_may_stall)
{
	TELL(MACHINE(""), "R b 0x5000 4 " STALLS,
	     "! expect event F_TRANSLATION stall=1 stag=0 rnw=1 class=IN addr=0x5000",
	     "! expect anything");
	TELL(MACHINE(", nsstalld: true"), "R b 0x5000 4 expect=C_BAD_CD", "R a 0x5000 4 " STALLS);
}
END_TEST

/* 3.18, 6.3.80: a message of the Secure interface goes to Secure memory, after record and PROD */
START_TEST(secure_messages_go_to_secure_memory)
{
	TELL(MACHINE(""), "! secure: mmio w32 S_IRQ_CTRL 0",
	     "! secure: mmio w64 S_EVENTQ_IRQ_CFG0 0x70080000",
	     "! secure: mmio w32 S_EVENTQ_IRQ_CFG1 0x23", "! secure: mmio w32 S_IRQ_CTRL 5",
	     "R a 0x7000 4 " STALLS,
	     "! secure: expect event F_TRANSLATION stall=1 stag=0 rnw=1 class=IN addr=0x7000",
	     "! expect no-msi", "! secure: expect prod 1", "! secure: expect msi 0x70080000 0x23",
	     "! secure: expect interrupt eventq", "! expect nothing",
	     "! secure: r32 0x70080000 expect=0x23");
}
END_TEST

static Suite *suite(void)
{
	Suite *const suite = suite_create("platform: Secure accesses that wait");
	TCase *const tests = tcase_create("stalls");

	tcase_add_test(tests, a_secure_access_waits_for_the_secure_queue);
	tcase_add_test(tests, its_outcome_comes_when_it_goes_on);
	tcase_add_test(tests, secure_accesses_alone_may_stall);
	tcase_add_test(tests, secure_messages_go_to_secure_memory);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
