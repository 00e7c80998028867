/* SPDX-License-Identifier: MIT */
/* What is saved of the Secure programming interface, and what comes of it.  docs/save.md */
#include "blob.h"
#include "run.h"
#include "secure.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

/* Q-018, GER-009: errors, their reason, and what stands still for them */
START_TEST(secure_errors_are_active_after_a_load)
{
	struct machine *m = secure_started();

	m->aborts[0] = EVENTS_AT;
	secure_fault(m, 1);
	m->aborts[0] = 0;
	submit_secure(m, ILLEGAL);
	reload(m);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	(void)secure_read(m, 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	fault(m, 1);
	memcpy(secure_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_secure(m, GERRORN, CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	secure_fault(m, 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* GER-009: what software has acknowledged of errors is its state, too */
START_TEST(acknowledged_errors_are_quiet_after_a_load)
{
	struct machine *m = secure_started();

	submit_secure(m, ILLEGAL);
	memcpy(secure_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_secure(m, GERRORN, CMDQ_ERR);
	reload(m);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, GERRORN), CMDQ_ERR);
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* SEC-016, EVT-05, EVT-07: the two records that ATS is refused to a Secure stream with, although it
 * has none, wait and are written as others are */
START_TEST(refusals_of_ats_are_recorded_after_a_load)
{
	static const struct {
		enum smmu3_ats ats;
		unsigned event;
	} rows[] = { { SMMU3_ATS_REQUEST, 0x05 }, { SMMU3_ATS_TRANSLATED, 0x07 } };
	const struct smmu3_txn txn = { .addr = 0x1000,
				       .bytes = 8,
				       .sid = 1,
				       .sec_sid = SMMU3_PAS_SECURE,
				       .ats = (uint8_t)rows[_i].ats };
	struct machine *m = secure_started();
	struct smmu3_outcome outcome;

	pause_work(m);
	(void)smmu3_translate(m->smmu, &txn, &outcome);
	do_acts(m, 0);
	reload(m);
	(void)secure_reg(m, CR0); /* with which what is due is done */
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	ck_assert_uint_eq(*secure_at(m, EVENTS_AT) & 0xff, rows[_i].event);
	close_machine(m);
}
END_TEST

/* The PA space of the next access. */
static enum smmu3_pas next_of_all(struct machine *m)
{
	look_away(m);
	do_acts(m, 1);
	return (enum smmu3_pas)first_for(m, SMMU3_REASON_CMDQ)->access.pas;
}

/* SEC-019, 4.7.3: whose turn it is */
START_TEST(the_queues_take_turns_where_they_left_off)
{
	struct machine *m = secure_started();

	if (_i)
		submit_secure(m, PREFETCH);
	else
		submit(m, PREFETCH);
	pause_work(m);
	for (unsigned i = 0; i < 3; i++) {
		submit(m, PREFETCH);
		submit_secure(m, PREFETCH);
	}
	for (unsigned i = 0; i < 6; i++) {
		do_acts(m, 0);
		reload(m);
		ck_assert_uint_eq(next_of_all(m),
				  (i + (unsigned)_i) % 2 ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
		pause_work(m);
	}
	do_acts(m, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, refusals_of_ats_are_recorded_after_a_load, 0, 2);
	tcase_add_loop_test(tests, the_queues_take_turns_where_they_left_off, 0, 2);
	tcase_add_test(tests, secure_errors_are_active_after_a_load);
	tcase_add_test(tests, acknowledged_errors_are_quiet_after_a_load);
}

int main(void)
{
	return run("save-secure", add);
}
