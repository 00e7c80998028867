/* SPDX-License-Identifier: MIT */
/* The Secure Command and Event queues, beside the Non-secure ones: each in its own PA space, and
 * none hinders the other.  3.5, 3.10.2.1 */
#include "run.h"
#include "secure.h"

#include <check.h>
#include <string.h>

enum { C_BAD_STREAMID = 0x02, C_BAD_STE = 0x04 };
#define OVFLG UINT32_C(0x80000000)     /* EVENTQ_PROD */
#define ABORT_ALL UINT32_C(0x80100000) /* GBPA.Update, ABORT */

/* ---- Each in its own PA space ---- */

/* SEC-002, SEC-004: what stands at the same address of the other PA space is not looked at */
START_TEST(commands_are_fetched_from_the_secure_pa_space)
{
	struct machine *m = secure_started();

	memcpy(ram_at(m, COMMANDS_AT), ILLEGAL.word, 16);
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(m->seen_count, 1);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa, COMMANDS_AT);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pas, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(nth(m, 0, READS)->access.attr.mair, 0xcc); /* S_CR1; RA = 0 */

	memcpy(secure_at(m, COMMANDS_AT), ILLEGAL.word, 16);
	submit(m, PREFETCH);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(nth(m, 1, READS)->access.pas, SMMU3_PAS_NS);
	close_machine(m);
}
END_TEST

/* SEC-002, SEC-004, REG-026: STEs of Secure streams are read from the Secure PA space, and their
 * records written to it; the indexes of that queue are at 0x80a8 and 0x80ac */
START_TEST(records_of_secure_streams_are_written_to_the_secure_pa_space)
{
	struct machine *m = secure_started();

	secure_fault(m, 3);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_STE)->access.pas, SMMU3_PAS_SECURE);
	const struct happening *record = first_for(m, SMMU3_REASON_EVENTQ);

	ck_assert_uint_eq(record->access.pa, EVENTS_AT);
	ck_assert_uint_eq(record->access.pas, SMMU3_PAS_SECURE);
	ck_assert_uint_eq(*secure_at(m, EVENTS_AT), C_BAD_STE | UINT64_C(3) << 32);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), 0);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);

	look_away(m);
	fault(m, 5);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_EVENTQ), "n");
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), C_BAD_STE | UINT64_C(5) << 32);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* SEC-002: SEC_SID selects CR2, here RECINVSID; the StreamID is judged by the table of its state */
START_TEST(each_state_has_its_recinvsid)
{
	for (unsigned secure = 0; secure < 2; secure++) {
		struct machine *m = secure_machine();

		open_secure_machine(m);
		set_secure(m, CR2, secure ? 2 : 0);
		set_secure(m, STRTAB_BASE_CFG, 2);
		set_reg(m, CR2, secure ? 0 : 2);
		set_reg(m, CR0, EVENTQEN | SMMUEN);
		set_secure(m, CR0, EVENTQEN | SMMUEN);

		const struct smmu3_outcome own = secure_read(m, 4), other = read_by(m, 8, 0);

		ck_assert_uint_eq(own.event, C_BAD_STREAMID);
		ck_assert_uint_eq(own.recorded, secure);
		ck_assert_uint_eq(other.event, C_BAD_STREAMID);
		ck_assert_uint_eq(other.recorded, !secure);
		ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), secure);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), !secure);
		fault(m, 4); /* in the Non-secure table, of 8 */
		close_machine(m);
	}
}
END_TEST

/* SEC-001: 0 and 1 are SEC_SIDs of an SMMU with a Secure state, 2 needs a Realm one, 3 is reserved;
 * without a Secure state there is 0 alone */
START_TEST(sec_sid_is_of_a_state_that_there_is)
{
	struct machine *m = _i ? secure_started() : started("generic-3.3");

	for (unsigned sec_sid = 0; sec_sid < 5; sec_sid++) {
		const struct smmu3_txn txn = { .bytes = 1, .sec_sid = (uint8_t)sec_sid };
		struct smmu3_outcome outcome;
		const bool there = sec_sid <= (unsigned)_i;

		ck_assert_int_eq(smmu3_translate(m->smmu, &txn, &outcome) != SMMU3_ERROR, there);
	}
	close_machine(m);
}
END_TEST

/* ---- Enabled and disabled each by itself ---- */

/* SEC-002, CR-018: SMMUEN and GBPA of each state are for its own streams; bit 20 of GBPA aborts */
START_TEST(each_state_is_enabled_by_itself)
{
	struct machine *m = secure_machine();

	open_secure_machine(m);
	set_secure(m, GBPA, ABORT_ALL);
	ck_assert_uint_eq(secure_read(m, 1).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(secure_read(m, 1).event, 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(read_by(m, 1, 0).decider, SMMU3_BY_GBPA);

	set_reg(m, GBPA, ABORT_ALL);
	update_secure(m, CR0, SMMUEN | EVENTQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0);
	secure_fault(m, 1);

	update_secure(m, CR0, 0);
	update(m, CR0, SMMUEN | EVENTQEN);
	ck_assert_uint_eq(secure_reg(m, CR0 + 4), 0);
	ck_assert_uint_eq(secure_read(m, 1).event, 0);
	fault(m, 1);
	close_machine(m);
}
END_TEST

/* CR-002, CR-018, Q-018: a queue that is disabled is disabled alone */
START_TEST(each_queue_is_enabled_by_itself)
{
	struct machine *m = secure_started();

	update_secure(m, CR0, SMMUEN);
	submit_secure(m, PREFETCH);
	(void)secure_read(m, 1);
	submit(m, PREFETCH);
	fault(m, 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);

	update(m, CR0, SMMUEN);
	update_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	submit(m, PREFETCH);
	(void)read_by(m, 1, 0);
	secure_fault(m, 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* ---- Turns ---- */

static void fill_both(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	for (unsigned i = 0; i < 4; i++) {
		queue_command(m, PREFETCH);
		queue_secure(m, PREFETCH);
	}
	ring(m);
	ring_secure(m);
}

/* SEC-019, SEC-010, 4.7.3: while commands wait on both queues neither waits for the other to be
 * empty */
START_TEST(the_queues_take_turns)
{
	struct machine *m = secure_started();

	m->inside = fill_both;
	submit(m, PREFETCH);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_CMDQ), "nsnsnsnsn");
	m->inside = fill_both;
	look_away(m);
	submit_secure(m, PREFETCH);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_CMDQ), "snsnsnsns");
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), m->s_prod);
	close_machine(m);
}
END_TEST

/* SEC-019, CMD-SYNC-14: a CMD_SYNC of the Secure queue does not wait for endpoints that a
 * Non-secure command asked; and the Non-secure one goes on waiting */
START_TEST(a_secure_sync_does_not_wait_for_non_secure_endpoints)
{
	struct machine *m = secure_started();

	submit(m, (struct command){ { 0x40 | UINT64_C(1) << 32, 52 } }); /* CMD_ATC_INV */
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	submit_secure(m, CFGI_ALL);
	submit_secure(m, sync_irq(0, 0));
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_S_CMD_SYNC), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_int_eq(smmu3_atc_complete(m->smmu, first(m, INVALIDATES_ATC)->atc.tag,
					    SMMU3_ATC_DONE),
			 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* ---- Full, overflowed, in error ---- */

/* Q-018, GER-009: records of the one state are written while the other's queue has overflowed */
START_TEST(a_full_event_queue_is_full_for_its_state_alone)
{
	struct machine *m = secure_started();

	for (unsigned i = 0; i < 9; i++)
		fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 8);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	for (unsigned i = 0; i < 8; i++)
		secure_fault(m, i);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 8);
	ck_assert_uint_eq(*secure_at(m, event_at(m, 7)), C_BAD_STE | UINT64_C(7) << 32);

	set_reg(m, EVENTQ_CONS, OVFLG | 8);
	secure_fault(m, 0);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), OVFLG | 8);
	fault(m, 6);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 9);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 8)), C_BAD_STE | UINT64_C(6) << 32);
	close_machine(m);
}
END_TEST

/* Q-018, GER-009: a Command queue in error is in error alone; its reason is in its own CMDQ_CONS,
 * and its GERRORN acknowledges it */
START_TEST(a_command_queue_in_error_stops_alone)
{
	struct machine *m = secure_started();

	submit_secure(m, ILLEGAL);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	submit(m, PREFETCH);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	set_reg(m, GERRORN, CMDQ_ERR); /* acknowledges nothing of the Secure ones */
	set_reg(m, GERRORN, 0);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), CERROR_ILL << 24);

	memcpy(secure_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_secure(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);

	submit(m, ILLEGAL);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(secure_reg(m, GERROR), CMDQ_ERR); /* as it was */
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 2);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 1);
	close_machine(m);
}
END_TEST

/* GER-009, GER-002: a fetch and a record that abort are errors of the state whose queue it is */
START_TEST(aborts_of_queues_are_errors_of_their_state)
{
	struct machine *m = secure_started();

	m->aborts[0] = COMMANDS_AT;
	m->aborts[1] = EVENTS_AT;
	m->spared = SMMU3_PAS_BIT(_i ? SMMU3_PAS_SECURE : SMMU3_PAS_NS);
	fault(m, 1);
	secure_fault(m, 2);
	submit(m, PREFETCH);
	submit_secure(m, PREFETCH);
	const uint32_t errors = CMDQ_ERR | EVENTQ_ABT_ERR;
	const uint32_t ns = !_i, secure = !ns; /* whose do not abort */

	ck_assert_uint_eq(reg(m, GERROR), secure ? errors : 0);
	ck_assert_uint_eq(secure_reg(m, GERROR), secure ? 0 : errors);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), secure ? CERROR_ABT << 24 : 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), secure ? 1 : CERROR_ABT << 24);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), ns);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), secure);

	m->aborts[0] = m->aborts[1] = 0;
	set_reg(m, GERRORN, reg(m, GERROR));
	set_secure(m, GERRORN, secure_reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	fault(m, 1);
	secure_fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1 + ns);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1 + secure);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, commands_are_fetched_from_the_secure_pa_space);
	tcase_add_test(tests, records_of_secure_streams_are_written_to_the_secure_pa_space);
	tcase_add_test(tests, each_state_has_its_recinvsid);
	tcase_add_loop_test(tests, sec_sid_is_of_a_state_that_there_is, 0, 2);
	tcase_add_test(tests, each_state_is_enabled_by_itself);
	tcase_add_test(tests, each_queue_is_enabled_by_itself);
	tcase_add_test(tests, the_queues_take_turns);
	tcase_add_test(tests, a_secure_sync_does_not_wait_for_non_secure_endpoints);
	tcase_add_test(tests, a_full_event_queue_is_full_for_its_state_alone);
	tcase_add_test(tests, a_command_queue_in_error_stops_alone);
	tcase_add_loop_test(tests, aborts_of_queues_are_errors_of_their_state, 0, 2);
}

int main(void)
{
	return run("secure-queues", add);
}
