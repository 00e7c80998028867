/* SPDX-License-Identifier: MIT */
/* Commands of the Secure queue at work: on Secure state and, by SSec, on Non-secure state; and that
 * the Non-secure queue reaches nothing Secure.  4.1.6, 4.7.1, 4.7.2, 3.10.2.1 */
#include "blob.h"
#include "run.h"
#include "secure.h"
#include "secure_stalls.h"
#include "waiting.h"

#include <check.h>

enum { ENABLES = CMDQEN | EVENTQEN | SMMUEN };

static struct command of_secure(struct command command)
{
	command.word[0] |= SSEC;
	return command;
}

static struct machine *with_streams(void)
{
	struct machine *m = secure_machine();

	for (uint32_t sid = 1; sid <= 4; sid++)
		make_stream(m, sid, S1_ONLY);
	start_secure_machine(m);
	return m;
}

/* ---- CMD_RESUME and CMD_STALL_TERM ---- */

/* CMD-RESUME, SEC-009, SEC-018: on the Secure queue SSec says whose stall a StreamID and a STAG
 * name */
START_TEST(a_resume_of_the_secure_queue_is_for_the_state_that_it_says)
{
	struct machine *m = with_streams();
	const uint16_t ns = stall(m, 1, 10), secure = secure_stall(m, 1, 20);

	submit_secure(m, resume(1, secure, ABORT));
	submit_secure(m, of_secure(resume(1, ns, ABORT)));
	submit(m, resume(1, secure, ABORT));
	ck_assert_uint_eq(count(m, ENDED), 0);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	submit_secure(m, of_secure(resume(1, secure, RETRY)));
	expect_end_of(m, 0, SMMU3_PAS_SECURE, 20, SMMU3_STALL_RETRY);
	submit_secure(m, resume(1, ns, ABORT));
	expect_end_of(m, 1, SMMU3_PAS_NS, 10, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(count(m, ENDED), 2);
	close_machine(m);
}
END_TEST

/* SEC-002, SEC-018, STALL-07, CMD-RESUME: a Secure stream and a Non-secure one of the same number,
 * as their devices see it: both stall, each is told to its own software, and resumed by it */
START_TEST(streams_of_one_number_stall_each_for_itself)
{
	struct machine *m = secure_machine();

	make_stream(m, 1, S1_ONLY);
	make_secure_stream(m, 1);
	start_secure_machine(m);
	const uint16_t ns = stall(m, 1, 10);
	const struct smmu3_outcome outcome = secure_read(m, 1);

	ck_assert_uint_eq(outcome.verdict, SMMU3_STALLED);
	ck_assert_uint_eq(outcome.event, F_TRANSLATION);
	const uint16_t secure = (uint16_t)secure_at(m, EVENTS_AT)[1];

	ck_assert_uint_eq(secure_at(m, EVENTS_AT)[1], STALL | RNW | CLASS(2) | secure);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	mend_secure(m, 1);
	submit_secure(m, of_secure(resume(1, secure, RETRY)));
	expect_end_of(m, 0, SMMU3_PAS_SECURE, 0, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_OK);
	ck_assert_uint_eq(secure_read(m, 1).pas, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(ask(m, 1, 11, 0).verdict, SMMU3_STALLED);
	submit(m, resume(1, ns, ABORT));
	expect_end_of(m, 1, SMMU3_PAS_NS, 10, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* CMD-STALL-TERM, SEC-009, SEC-010: likewise, of streams of the same number */
START_TEST(a_termination_is_for_the_state_that_it_says)
{
	struct machine *m = with_streams();

	(void)stall(m, 1, 10);
	(void)secure_stall(m, 1, 20);
	(void)secure_stall(m, 1, 21);
	(void)secure_stall(m, 2, 22);
	(void)stall(m, 1, 11);
	submit_secure(m, of_secure(stall_term(1)));
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end_of(m, 0, SMMU3_PAS_SECURE, 20, SMMU3_STALL_ABORT);
	expect_end_of(m, 1, SMMU3_PAS_SECURE, 21, SMMU3_STALL_ABORT);
	submit_secure(m, stall_term(1));
	ck_assert_uint_eq(count(m, ENDED), 4);
	expect_end_of(m, 2, SMMU3_PAS_NS, 10, SMMU3_STALL_ABORT);
	expect_end_of(m, 3, SMMU3_PAS_NS, 11, SMMU3_STALL_ABORT);
	submit(m, stall_term(2));
	ck_assert_uint_eq(count(m, ENDED), 4);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* SEC-010, CMD-RESUME, CMD-STALL-TERM, CMD-CFGI-SEC: SSec = 1 is CERROR_ILL on the Non-secure
 * queue, and changes nothing */
START_TEST(the_non_secure_queue_names_nothing_secure)
{
	struct machine *m = with_streams();
	const uint16_t secure = secure_stall(m, 1, 20);
	const struct command commands[] = { resume(1, secure, ABORT), stall_term(1), CFGI_ALL,
					    PREFETCH };

	look_away(m);
	submit(m, of_secure(commands[_i]));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(m->seen_count, 1); /* its fetch */
	close_machine(m);
}
END_TEST

/* SEC-009, CMD-RESUME-1: with NSSTALLD Secure software still ends the Non-secure stalls that there
 * are */
START_TEST(secure_software_ends_stalls_that_it_has_forbidden)
{
	struct machine *m = with_streams();
	const uint16_t stag = stall(m, 1, 10);

	(void)stall(m, 2, 11);
	update_secure(m, CR0, ENABLES | NSSTALLD);
	submit_secure(m, resume(1, stag, ABORT));
	submit_secure(m, stall_term(2));
	ck_assert_uint_eq(count(m, ENDED), 2);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* CR-016, CR-018: a Non-secure stall that Secure software ends lets go of CR0ACK.SMMUEN */
START_TEST(acknowledgements_follow_who_is_stalled_and_not_who_ends_it)
{
	struct machine *m = with_streams();

	(void)stall(m, 1, 10);
	pause_work(m);
	submit_secure(m, stall_term(1));
	do_acts(m, 100);
	update(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), ENABLES);
	close_machine(m);
}
END_TEST

/* ---- Invalidations ---- */

/* Of which state each is.  4.3.6, 4.4 */
static const struct {
	struct command command;
	uint8_t kind, sec_sid;
} invalidations[] = {
	{ { { 0x04, 31 } }, SMMU3_INVALIDATES_STREAM, SMMU3_PAS_NS },            /* CFGI_ALL */
	{ { { 0x04 | SSEC, 31 } }, SMMU3_INVALIDATES_STREAM, SMMU3_PAS_SECURE }, /* with SSec */
	{ { { 0x06 | SSEC, 0 } }, SMMU3_INVALIDATES_CONTEXT, SMMU3_PAS_SECURE }, /* CFGI_CD_ALL */
	{ { { 0x10, 0 } }, SMMU3_INVALIDATES_STAGE1, SMMU3_PAS_SECURE },         /* NH_ALL */
	{ { { 0x12, 0x1000 } }, SMMU3_INVALIDATES_STAGE1, SMMU3_PAS_SECURE },    /* NH_VA */
	{ { { 0x18, 0 } }, SMMU3_INVALIDATES_STAGE1, SMMU3_PAS_SECURE },         /* EL3_ALL */
	{ { { 0x20, 0 } }, SMMU3_INVALIDATES_STAGE1, SMMU3_PAS_NS },             /* EL2_ALL */
	{ { { 0x28, 0 } }, SMMU3_INVALIDATES_STAGES, SMMU3_PAS_NS },             /* S12_VMALL */
	{ { { 0x30, 0 } }, SMMU3_INVALIDATES_STAGES, SMMU3_PAS_NS },             /* NSNH_ALL */
};

/* SEC-009, CMD-TLBI-S, CMD-CFGI-SEC, TLB-21: what the Secure queue invalidates; a CMD_SYNC after it
 * signals when it is done, CMD-SYNC-13 */
START_TEST(an_invalidation_of_the_secure_queue_is_of_one_state)
{
	struct machine *m = secure_started();

	queue_secure(m, invalidations[_i].command);
	queue_secure(m, sync_irq(DOORBELL, 1));
	ring_secure(m);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.kind, invalidations[_i].kind);
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.sec_sid, invalidations[_i].sec_sid);
	ck_assert_uint_eq(nth(m, 3, WRITES)->access.reason, SMMU3_REASON_MSI);
	close_machine(m);
}
END_TEST

/* CR-028, 4.4.2.9, 6.3.9.1: registers that a command depends on are those of the state that it acts
 * upon: here EL2_VA by CR2.E2H, and the VMIDs of S12_VMALL by CR0.VMW */
START_TEST(an_invalidation_reads_the_registers_of_its_target)
{
	enum { VMW_2 = 2 << 6, E2H = 1 };
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_reg(m, CR2, E2H);
	set_reg(m, CR0, ENABLES | VMW_2);
	set_secure(m, CR0, ENABLES | 1 << 6);
	look_away(m);
	submit_secure(m, (struct command){ { 0x22, 0x1000 } });
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.worlds, SMMU3_WORLD_EL2_E2H);
	submit_secure(m, (struct command){ { 0x28 | UINT64_C(6) << 32, 0 } });
	ck_assert_uint_eq(nth(m, 3, INVALIDATES)->scope.vmids, 4);
	ck_assert_uint_eq(nth(m, 3, INVALIDATES)->scope.vmid, 4);
	close_machine(m);
}
END_TEST

/* ---- Endpoints ---- */

static struct command atc_inv(uint32_t sid)
{
	return (struct command){ { 0x40 | (uint64_t)sid << 32, 52 } };
}

static const struct smmu3_atc_invalidation *nth_atc(const struct machine *m, unsigned n)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES_ATC && n-- == 0)
			return &m->seen[i].atc;
	ck_abort_msg("fewer ATCs were asked");
	return NULL;
}

/* SEC-017, CMD-SYNC-14, SEC-019: with SAMS = 0 Secure software asks Non-secure endpoints; each
 * CMD_SYNC waits for those that its own queue asked, and no two have one tag */
START_TEST(each_queue_waits_for_the_endpoints_that_it_asked)
{
	struct machine *m = secure_started();

	submit(m, atc_inv(1));
	submit_secure(m, atc_inv(2));
	submit(m, SYNC_NONE);
	submit_secure(m, SYNC_NONE);
	ck_assert_uint_eq(nth_atc(m, 1)->sid, 2);
	ck_assert_uint_eq(nth_atc(m, 1)->sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_ne(nth_atc(m, 0)->tag, nth_atc(m, 1)->tag);
	reload(m);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 1)->tag, SMMU3_ATC_DONE), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 1)->tag, SMMU3_ATC_DONE),
			 -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 0)->tag, SMMU3_ATC_DONE), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-14, GER-009: one that times out fails the CMD_SYNC of the queue that asked */
START_TEST(an_endpoint_that_times_out_fails_the_queue_that_asked)
{
	struct machine *m = secure_started();

	submit_secure(m, atc_inv(2));
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, nth_atc(m, 0)->tag, SMMU3_ATC_TIMED_OUT), 0);
	submit(m, SYNC_NONE);
	submit_secure(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ATC_INV_SYNC << 24 | 1);
	reload(m);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ATC_INV_SYNC << 24 | 1);
	close_machine(m);
}
END_TEST

/* SEC-017, 4.5.1: an endpoint is asked while the state of the queue is enabled */
START_TEST(endpoints_are_asked_while_the_queues_state_is_enabled)
{
	struct machine *m = secure_started();

	update_secure(m, CR0, CMDQEN | EVENTQEN);
	submit_secure(m, atc_inv(1));
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	update_secure(m, CR0, ENABLES);
	update(m, CR0, CMDQEN | EVENTQEN);
	submit_secure(m, atc_inv(1));
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 1);
	close_machine(m);
}
END_TEST

/* ---- Saved ---- */

/* CMD-RESUME, CMD-STALL-TERM, SEC-018: a command under way acts on the same state where it is
 * loaded, though the stalls of both have been of one stream */
START_TEST(a_command_under_way_is_for_the_same_state_after_a_load)
{
	const bool resumes = _i & 1, secure = _i & 2;
	struct machine *m = with_streams();
	const uint16_t ns = stall(m, 1, 10), of_s = secure_stall(m, 1, 20);
	const struct command command = resumes ? resume(1, secure ? of_s : ns, RETRY) :
						 stall_term(1);

	pause_work(m);
	submit_secure(m, secure ? of_secure(command) : command);
	do_acts(m, 1);
	reload(m);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), ENABLES); /* and it goes on */
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end_of(m, 0, secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS, secure ? 20 : 10,
		      resumes ? SMMU3_STALL_RETRY : SMMU3_STALL_ABORT);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_resume_of_the_secure_queue_is_for_the_state_that_it_says);
	tcase_add_test(tests, streams_of_one_number_stall_each_for_itself);
	tcase_add_test(tests, a_termination_is_for_the_state_that_it_says);
	tcase_add_loop_test(tests, the_non_secure_queue_names_nothing_secure, 0, 4);
	tcase_add_test(tests, secure_software_ends_stalls_that_it_has_forbidden);
	tcase_add_test(tests, acknowledgements_follow_who_is_stalled_and_not_who_ends_it);
	tcase_add_loop_test(tests, an_invalidation_of_the_secure_queue_is_of_one_state, 0,
			    COUNT(invalidations));
	tcase_add_test(tests, an_invalidation_reads_the_registers_of_its_target);
	tcase_add_test(tests, each_queue_waits_for_the_endpoints_that_it_asked);
	tcase_add_test(tests, an_endpoint_that_times_out_fails_the_queue_that_asked);
	tcase_add_test(tests, endpoints_are_asked_while_the_queues_state_is_enabled);
	tcase_add_loop_test(tests, a_command_under_way_is_for_the_same_state_after_a_load, 0, 4);
}

int main(void)
{
	return run("secure-commands", add);
}
