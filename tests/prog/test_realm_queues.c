/* SPDX-License-Identifier: MIT */
/* The Realm Command and Event queues, beside those of the other states: each in its own PA space,
 * and none hinders another.  3.5, 3.10.3, 6.2.7 */
#include "realm.h"
#include "run.h"

#include <check.h>
#include <string.h>

enum { C_BAD_STREAMID = 0x02, C_BAD_STE = 0x04 };
#define OVFLG UINT32_C(0x80000000) /* EVENTQ_PROD */

/* ---- Each in its own PA space ---- */

/* RLM-002, RLM-004: what stands at the same address of the other PA spaces is not looked at */
START_TEST(commands_are_fetched_from_the_realm_pa_space)
{
	struct machine *m = realm_started();

	memcpy(ram_at(m, COMMANDS_AT), ILLEGAL.word, 16);
	memcpy(secure_at(m, COMMANDS_AT), ILLEGAL.word, 16);
	submit_realm(m, PREFETCH);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(realm_reg(m, GERROR), 0);
	ck_assert_uint_eq(m->seen_count, 1);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa, COMMANDS_AT);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pas, SMMU3_PAS_REALM);
	ck_assert_uint_eq(nth(m, 0, READS)->access.attr.mair, 0xcc); /* R_CR1; RA = 0 */
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 0);
	close_machine(m);
}
END_TEST

/* RLM-002: STEs of Realm streams are read from the Realm PA space, and their records written to
 * it, at the indexes of Realm Page 1 */
START_TEST(records_of_realm_streams_are_written_to_the_realm_pa_space)
{
	struct machine *m = realm_started();

	realm_fault(m, 3);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_STE)->access.pas, SMMU3_PAS_REALM);
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_EVENTQ)->access.pa, EVENTS_AT);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_EVENTQ), "r");
	ck_assert_uint_eq(*realm_at(m, EVENTS_AT), C_BAD_STE | UINT64_C(3) << 32);
	ck_assert_uint_eq(*secure_at(m, EVENTS_AT), 0);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), 0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	look_away(m);
	fault(m, 5);
	secure_fault(m, 6);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_EVENTQ), "ns");
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* RLM-005, SEC-002: the StreamID is judged by the Realm table, and RECINVSID is R_CR2's */
START_TEST(the_realm_state_has_its_recinvsid_and_its_table)
{
	struct machine *m = realm_machine();

	open_realm_machine(m);
	set_realm(m, CR2, _i ? 2 : 0);
	set_realm(m, STRTAB_BASE_CFG, 2); /* 4 streams */
	set_reg(m, CR2, _i ? 0 : 2);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	set_realm(m, CR0, EVENTQEN | SMMUEN);
	const struct smmu3_outcome own = realm_read(m, 4), other = read_by(m, 8, 0);

	ck_assert_uint_eq(own.event, C_BAD_STREAMID);
	ck_assert_uint_eq(own.recorded, (unsigned)_i);
	ck_assert_uint_eq(other.event, C_BAD_STREAMID);
	ck_assert_uint_eq(other.recorded, !_i);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), (unsigned)_i);
	close_machine(m);
}
END_TEST

/* SEC-001, RLM-001: 2 is the SEC_SID of an SMMU with a Realm state, 3 is nobody's */
START_TEST(realm_streams_need_a_realm_state)
{
	static const char *const profiles[] = { "secure-3.3", "realm-3.3" };
	struct machine *m = machine(profiles[_i]);

	create_machine(m);
	for (unsigned sec_sid = 2; sec_sid < 5; sec_sid++) {
		const struct smmu3_txn txn = { .bytes = 1, .sec_sid = (uint8_t)sec_sid };
		struct smmu3_outcome outcome;

		ck_assert_int_eq(smmu3_translate(m->smmu, &txn, &outcome) != SMMU3_ERROR,
				 _i && sec_sid == 2);
	}
	close_machine(m);
}
END_TEST

/* ---- Enabled and disabled by itself ---- */

/* CR-018, Q-018: a queue that is disabled is disabled alone */
START_TEST(realm_queues_are_enabled_by_themselves)
{
	struct machine *m = realm_started();

	set_realm(m, CR0, SMMUEN);
	submit_realm(m, PREFETCH);
	(void)realm_read(m, 1);
	submit(m, PREFETCH);
	fault(m, 1);
	secure_fault(m, 1);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	set_realm(m, CR0, REALM_ON);
	update(m, CR0, 0);
	set_secure(m, CR0, 0);
	realm_fault(m, 1);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* ---- Turns ---- */

static void fill_all(struct machine *m, const struct happening *now)
{
	(void)now;
	m->inside = NULL;
	for (unsigned i = 0; i < 3; i++) {
		queue_command(m, PREFETCH);
		queue_secure(m, PREFETCH);
		queue_realm(m, PREFETCH);
	}
	ring(m);
	ring_secure(m);
	ring_realm(m);
}

/* SEC-019, RLM-004, 4.7.3: while commands wait on all queues none waits for another to be empty */
START_TEST(three_queues_take_turns)
{
	struct machine *m = realm_started();

	m->inside = fill_all;
	submit(m, PREFETCH);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_CMDQ), "nsrnsrnsrn");
	m->inside = fill_all;
	look_away(m);
	submit_realm(m, PREFETCH);
	ck_assert_str_eq(spaces_of(m, SMMU3_REASON_CMDQ), "rnsrnsrnsr");
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), m->r_prod);
	close_machine(m);
}
END_TEST

/* ---- Full, overflowed, in error ---- */

/* Q-018, GER-009: a full Realm Event queue is full for Realm streams alone */
START_TEST(a_full_realm_event_queue_is_full_alone)
{
	struct machine *m = realm_started();

	for (unsigned i = 0; i < 9; i++)
		realm_fault(m, 1);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), OVFLG | 8);
	fault(m, 1);
	secure_fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	set_realm(m, EVENTQ_CONS, OVFLG | 8);
	realm_fault(m, 6);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), OVFLG | 9);
	ck_assert_uint_eq(*realm_at(m, event_at(m, 8)), C_BAD_STE | UINT64_C(6) << 32);
	close_machine(m);
}
END_TEST

/* Q-018, GER-009: a Realm Command queue in error stops alone, and goes on when R_GERRORN
 * acknowledges */
START_TEST(a_realm_command_queue_in_error_stops_alone)
{
	struct machine *m = realm_started();

	submit_realm(m, ILLEGAL);
	ck_assert_uint_eq(realm_reg(m, GERROR), CMDQ_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(secure_reg(m, GERROR), 0);
	submit(m, PREFETCH);
	submit_secure(m, PREFETCH);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(secure_reg(m, CMDQ_CONS), 1);
	set_reg(m, GERRORN, CMDQ_ERR);
	set_secure(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ILL << 24);
	memcpy(realm_at(m, COMMANDS_AT), PREFETCH.word, 16);
	set_realm(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1); /* without a reason */
	close_machine(m);
}
END_TEST

/* GER-009, GER-002: a fetch and a record that abort are errors of the state whose queue it is */
START_TEST(aborts_of_realm_queues_are_realm_errors)
{
	struct machine *m = realm_started();

	m->aborts[0] = COMMANDS_AT;
	m->aborts[1] = EVENTS_AT;
	m->spared = SMMU3_PAS_BIT(SMMU3_PAS_NS) | SMMU3_PAS_BIT(SMMU3_PAS_SECURE);
	fault(m, 1);
	realm_fault(m, 2);
	submit(m, PREFETCH);
	submit_realm(m, PREFETCH);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(realm_reg(m, GERROR), CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), CERROR_ABT << 24);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	m->aborts[0] = m->aborts[1] = 0;
	set_realm(m, GERRORN, CMDQ_ERR | EVENTQ_ABT_ERR);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 1);
	realm_fault(m, 2);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* RLM-001, RST-003: a reset is one of every interface */
START_TEST(a_reset_disables_the_realm_interface)
{
	struct machine *m = realm_started();

	realm_fault(m, 1);
	submit_realm(m, ILLEGAL);
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(realm_reg64(m, CR0), UINT64_C(0x1000000010));
	ck_assert_uint_eq(realm_reg64(m, CMDQ_BASE), 0);
	ck_assert_uint_eq(realm_reg(m, CMDQ_CONS), 0);
	ck_assert_uint_eq(realm_reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(realm_reg(m, GERROR), 0);
	ck_assert_uint_eq(realm_read(m, 1).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, commands_are_fetched_from_the_realm_pa_space);
	tcase_add_test(tests, records_of_realm_streams_are_written_to_the_realm_pa_space);
	tcase_add_loop_test(tests, the_realm_state_has_its_recinvsid_and_its_table, 0, 2);
	tcase_add_loop_test(tests, realm_streams_need_a_realm_state, 0, 2);
	tcase_add_test(tests, realm_queues_are_enabled_by_themselves);
	tcase_add_test(tests, three_queues_take_turns);
	tcase_add_test(tests, a_full_realm_event_queue_is_full_alone);
	tcase_add_test(tests, a_realm_command_queue_in_error_stops_alone);
	tcase_add_test(tests, aborts_of_realm_queues_are_realm_errors);
	tcase_add_test(tests, a_reset_disables_the_realm_interface);
}

int main(void)
{
	return run("realm-queues", add);
}
