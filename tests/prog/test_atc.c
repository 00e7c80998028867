/* SPDX-License-Identifier: MIT */
/* CMD_ATC_INV: which requests go to endpoints, and how CMD_SYNC waits for their answers.  3.9.1.4,
 * 4.5.1, 4.7.3 */
#include "driver.h"
#include "run.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define IDR0_ATS (1u << 10)
#define IDR0_MSI (1u << 13)

/* CMD_ATC_INV, 4.5.1: opcode 0x40, Global 9, SSV 11, SubstreamID 31:12, StreamID 63:32; Size 69:64,
 * Address 127:76 */
#define SSV (UINT64_C(1) << 11)
#define GLOBAL (UINT64_C(1) << 9)

static struct command atc_inv(uint64_t flags, uint64_t second)
{
	return (struct command){ { 0x40 | flags | UINT64_C(0x23) << 12 | UINT64_C(0x1234) << 32,
				   second } };
}

#define ATC_PAGE atc_inv(0, UINT64_C(0x7000))

static struct machine *ats_machine(void)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= IDR0_ATS | IDR0_MSI;
	return m;
}

static struct machine *ats_started(void)
{
	struct machine *m = ats_machine();

	start_machine(m);
	return m;
}

static uint64_t tag(const struct machine *m, unsigned n)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES_ATC && n-- == 0)
			return m->seen[i].atc.tag;
	ck_abort_msg("it was not begun");
	return 0;
}

static int complete(struct machine *m, unsigned n)
{
	return smmu3_atc_complete(m->smmu, tag(m, n), SMMU3_ATC_DONE);
}

static unsigned error_of(struct machine *m)
{
	return reg(m, CMDQ_CONS) >> 24 & 0x7f;
}

static bool cmdq_error(struct machine *m)
{
	return (reg(m, GERROR) ^ reg(m, GERRORN)) & CMDQ_ERR;
}

/* CMD-ATC-INV: 4KB times 2^Size, aligned by the SMMU; 52 is everything, and libsmmu takes more for
 * it.  CMD-ATC-INV-3: Global counts only with a PASID */
START_TEST(a_request_has_the_scope_of_its_command)
{
	static const struct {
		uint64_t flags, second;
		uint64_t addr, bytes;
		uint8_t ssv, global;
	} rows[] = {
		{ 0, UINT64_C(0xffff800012345000), UINT64_C(0xffff800012345000), 0x1000, 0, 0 },
		{ SSV, UINT64_C(0x7000) | 3, 0, 0x8000, 1, 0 },
		{ SSV | GLOBAL, UINT64_C(0x9000) | 1, 0x8000, 0x2000, 1, 1 },
		{ GLOBAL, UINT64_C(0x9000), 0x9000, 0x1000, 0, 0 },
		{ 0, UINT64_MAX << 12 | 51, UINT64_C(1) << 63, UINT64_C(1) << 63, 0, 0 },
		{ 0, UINT64_MAX << 12 | 52, 0, 0, 0, 0 },
		{ 0, UINT64_MAX << 12 | 63, 0, 0, 0, 0 },
	};
	struct machine *m = ats_started();

	submit(m, atc_inv(rows[_i].flags, rows[_i].second));
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 1);
	const struct smmu3_atc_invalidation *atc = &first(m, INVALIDATES_ATC)->atc;

	ck_assert_uint_eq(atc->addr, rows[_i].addr);
	ck_assert_uint_eq(atc->bytes, rows[_i].bytes);
	ck_assert_uint_eq(atc->sid, 0x1234);
	ck_assert_uint_eq(atc->ssid, rows[_i].ssv ? 0x23 : 0);
	ck_assert_uint_eq(atc->ssv, rows[_i].ssv);
	ck_assert_uint_eq(atc->global, rows[_i].global);
	ck_assert_uint_eq(atc->sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_ne(atc->tag, 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1); /* consumed, though not complete */
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	close_machine(m);
}
END_TEST

/* TLB-37: what endpoints keep is theirs: no invalidation of translations reaches it */
START_TEST(invalidations_of_translations_leave_atcs_alone)
{
	struct machine *m = ats_started();

	submit(m, NSNH_ALL);
	submit(m, CFGI_ALL);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-3: without SSIDSIZE */
START_TEST(without_substreams_ssv_counts_as_0)
{
	struct machine *m = ats_machine();

	m->config.idr[1] &= ~(0x1fu << 6);
	start_machine(m);
	submit(m, atc_inv(SSV | GLOBAL, 0));
	ck_assert_uint_eq(first(m, INVALIDATES_ATC)->atc.ssv, 0);
	ck_assert_uint_eq(first(m, INVALIDATES_ATC)->atc.global, 0);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-1 */
START_TEST(without_ats_the_command_is_illegal)
{
	struct machine *m = started("generic-3.1");

	submit(m, ATC_PAGE);
	ck_assert_uint_eq(error_of(m), CERROR_ILL);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-2, CR-014 */
START_TEST(while_the_smmu_is_disabled_the_command_is_ignored)
{
	struct machine *m = ats_machine();

	open_machine(m);
	set_reg(m, CR0, CMDQEN);
	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-2: the host has no callback: the rest of the system has no ATS */
START_TEST(without_endpoints_there_is_nothing_to_wait_for)
{
	struct machine *m = ats_machine();

	m->no_atc = true;
	start_machine(m);
	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5: an answer, UR or not, completes it.  3.9.1.5, 4.5.1: by the next CMD_SYNC, which
 * signals only then; the commands behind it wait */
START_TEST(a_sync_waits_for_every_answer)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	submit(m, ATC_PAGE);
	submit(m, sync_irq(DOORBELL, 7));
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_int_eq(complete(m, 1), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	ck_assert_int_eq(complete(m, 0), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 7);
	ck_assert_uint_eq(count(m, INVALIDATES), 1);
	ck_assert(!cmdq_error(m));
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV-5: one that had been answered is not waited for */
START_TEST(a_sync_after_the_answer_does_not_wait)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	ck_assert_int_eq(complete(m, 0), 0);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

static void answer_inside(struct machine *m, const struct happening *now)
{
	if (now->kind == INVALIDATES_ATC)
		ck_assert_int_eq(smmu3_atc_complete(m->smmu, now->atc.tag, SMMU3_ATC_DONE), 0);
}

/* CMD-ATC-INV-5 */
START_TEST(an_answer_may_come_inside_the_request)
{
	struct machine *m = ats_started();

	m->inside = answer_inside;
	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

static void *answer_from_afar(void *context)
{
	struct machine *m = context;

	ck_assert_int_eq(complete(m, 0), 0);
	return NULL;
}

/* CMD-ATC-INV-5 */
START_TEST(an_answer_may_come_from_another_thread)
{
	struct machine *m = ats_started();
	pthread_t thread;

	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	ck_assert_int_eq(pthread_create(&thread, NULL, answer_from_afar, m), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* The last tag that nobody has answered yet; 0: none. */
static atomic_ullong asked;
static atomic_bool over;

static void ask_the_other(struct machine *m, const struct happening *now)
{
	(void)m;
	if (now->kind == INVALIDATES_ATC)
		atomic_store(&asked, now->atc.tag);
}

static void *answer_all(void *context)
{
	struct machine *m = context;

	while (!atomic_load(&over)) {
		const uint64_t tag = atomic_exchange(&asked, 0);

		if (tag)
			(void)smmu3_atc_complete(m->smmu, tag, SMMU3_ATC_DONE);
		else
			sched_yield();
	}
	return NULL;
}

/* CMD-ATC-INV-5: answers cross with doorbells; a sync that is not carried on with would never be
 * consumed */
START_TEST(answers_and_doorbells_may_cross)
{
	struct machine *m = ats_machine();
	pthread_t thread;

	m->windows = true;
	m->quiet = true;
	m->inside = ask_the_other;
	start_machine(m);
	ck_assert_int_eq(pthread_create(&thread, NULL, answer_all, m), 0);
	for (unsigned i = 0; i < 500; i++) {
		submit(m, ATC_PAGE);
		submit(m, SYNC_NONE);
		while (reg(m, CMDQ_CONS) != reg(m, CMDQ_PROD))
			sched_yield();
		look_away(m);
	}
	atomic_store(&over, true);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert(!cmdq_error(m));
	close_machine(m);
}
END_TEST

/* Acknowledges the command error: the driver goes on at the CMD_SYNC. */
static void acknowledge(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERROR));
}

/* CMD-SYNC-14, CMD-ATC-INV-5, 3.9.1.4: the one that failed is told at once; the sync stays,
 * signals nothing, and when it is tried again it waits for the other */
START_TEST(a_time_out_fails_the_sync_that_waits)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	submit(m, ATC_PAGE);
	submit(m, sync_irq(DOORBELL, 7));
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, tag(m, 0), SMMU3_ATC_TIMED_OUT), 0);
	ck_assert(cmdq_error(m));
	ck_assert_uint_eq(error_of(m), CERROR_ATC_INV_SYNC);
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xff, 2);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 0);
	acknowledge(m);
	ck_assert(!cmdq_error(m));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_int_eq(complete(m, 1), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-14: what failed before there was a CMD_SYNC; it is told once */
START_TEST(a_time_out_fails_the_next_sync)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, tag(m, 0), SMMU3_ATC_TIMED_OUT), 0);
	ck_assert(!cmdq_error(m));
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(error_of(m), CERROR_ATC_INV_SYNC);
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xff, 2);
	acknowledge(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	close_machine(m);
}
END_TEST

/* CR-008: a CMD_SYNC that has begun is consumed before CMDQEN is 0 in CR0ACK */
START_TEST(the_queue_is_not_disabled_while_a_sync_waits)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	submit(m, CFGI_ALL);
	set_reg(m, CR0, SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN | CMDQEN);
	ck_assert_int_eq(complete(m, 0), 0);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	close_machine(m);
}
END_TEST

/* 4.7.3: events go on being recorded while a CMD_SYNC waits.  CMD-SYNC-14 */
START_TEST(events_are_recorded_while_a_sync_waits)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

START_TEST(an_answer_counts_once)
{
	struct machine *m = ats_started();

	submit(m, ATC_PAGE);
	submit(m, ATC_PAGE);
	ck_assert_uint_ne(tag(m, 0), tag(m, 1));
	ck_assert_int_eq(complete(m, 0), 0);
	ck_assert_int_eq(complete(m, 0), -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, 0, SMMU3_ATC_DONE), -SMMU3_E_NOT_FOUND);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

START_TEST(a_reset_forgets_what_was_asked)
{
	struct machine *m = ats_started();
	uint64_t before;

	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	before = tag(m, 0);
	smmu3_reset(m->smmu);
	open_queues(m);
	m->prod = 0;
	set_reg(m, CMDQ_PROD, 0);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	look_away(m);
	submit(m, ATC_PAGE);
	submit(m, SYNC_NONE);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, before, SMMU3_ATC_TIMED_OUT),
			 -SMMU3_E_NOT_FOUND);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_int_eq(complete(m, 0), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	ck_assert(!cmdq_error(m));
	close_machine(m);
}
END_TEST

/* As many as there are ITags, 32; the next command waits, CMDQEN is not acknowledged as gone */
START_TEST(the_33rd_request_waits_for_an_answer)
{
	struct machine *m = ats_machine();

	m->cmdq_lg2 = 6;
	start_machine(m);
	for (unsigned i = 0; i < 34; i++)
		submit(m, ATC_PAGE);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 32);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 32);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_int_eq(complete(m, 20), 0);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 33);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 33);
	ck_assert_uint_eq(reg(m, CR0ACK), EVENTQEN | SMMUEN);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_request_has_the_scope_of_its_command, 0, 7);
	tcase_add_test(tests, invalidations_of_translations_leave_atcs_alone);
	tcase_add_test(tests, without_substreams_ssv_counts_as_0);
	tcase_add_test(tests, without_ats_the_command_is_illegal);
	tcase_add_test(tests, while_the_smmu_is_disabled_the_command_is_ignored);
	tcase_add_test(tests, without_endpoints_there_is_nothing_to_wait_for);
	tcase_add_test(tests, a_sync_waits_for_every_answer);
	tcase_add_test(tests, a_sync_after_the_answer_does_not_wait);
	tcase_add_test(tests, an_answer_may_come_inside_the_request);
	tcase_add_test(tests, an_answer_may_come_from_another_thread);
	tcase_add_test(tests, answers_and_doorbells_may_cross);
	tcase_add_test(tests, a_time_out_fails_the_sync_that_waits);
	tcase_add_test(tests, a_time_out_fails_the_next_sync);
	tcase_add_test(tests, the_queue_is_not_disabled_while_a_sync_waits);
	tcase_add_test(tests, events_are_recorded_while_a_sync_waits);
	tcase_add_test(tests, an_answer_counts_once);
	tcase_add_test(tests, a_reset_forgets_what_was_asked);
	tcase_add_test(tests, the_33rd_request_waits_for_an_answer);
}

int main(void)
{
	return run("atc", add);
}
