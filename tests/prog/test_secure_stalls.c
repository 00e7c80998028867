/* SPDX-License-Identifier: MIT */
/* Stalls of two Security states: one table, and each state's ends, records and acknowledgements for
 * itself.  3.12.2, 4.7.1, 6.3.6, 6.3.9.6 */
#include "run.h"
#include "secure.h"
#include "secure_stalls.h"
#include "waiting.h"

#include <check.h>

enum { ENABLES = CMDQEN | EVENTQEN | SMMUEN };

/* Room for `most` of both states. */
static struct machine *with_room_for(unsigned most)
{
	struct machine *m = secure_machine();

	m->config.idr[5] = (m->config.idr[5] & 0xffff) | most << 16;
	for (uint32_t sid = 1; sid <= 4; sid++)
		make_stream(m, sid, S1_ONLY);
	start_secure_machine(m);
	return m;
}

static bool acknowledged(struct machine *m, enum smmu3_pas sec_sid)
{
	return (sec_sid == SMMU3_PAS_SECURE ? secure_reg(m, CR0 + 4) : reg(m, CR0ACK)) & SMMUEN;
}

/* ---- One table ---- */

/* STALL-21, SEC-018: STALL_MAX counts those of both states; room that the one makes is the other's
 */
START_TEST(stall_max_is_of_both_states)
{
	struct machine *m = with_room_for(3);
	uint16_t stag;

	(void)stall(m, 1, 10);
	(void)secure_stall(m, 1, 11);
	const uint16_t last = stall(m, 2, 12);

	ck_assert_int_eq(hold_secure(m, 1, 13, &stag), SMMU3_BUSY);
	ck_assert_uint_eq(ask(m, 3, 14, 0).verdict, SMMU3_BUSY);
	submit(m, resume(2, last, ABORT));
	ck_assert_int_eq(hold_secure(m, 1, 15, &stag), SMMU3_STALLED);
	ck_assert_uint_eq(stag, last);
	ck_assert_uint_eq(ask(m, 3, 16, 0).verdict, SMMU3_BUSY);
	close_machine(m);
}
END_TEST

/* SEC-002, SEC-004, STALL-07: the record of a Secure stall, with its STAG, is in the Secure queue
 */
START_TEST(a_secure_stall_is_recorded_in_the_secure_queue)
{
	struct machine *m = with_room_for(4);
	const uint16_t ns = stall(m, 1, 10), stag = secure_stall(m, 1, 11);

	ck_assert_uint_ne(ns, stag);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(secure_at(m, EVENTS_AT)[0], 0x10 | UINT64_C(1) << 32);
	ck_assert_uint_eq(secure_at(m, EVENTS_AT)[1], STALL | RNW | stag);
	ck_assert_uint_eq(stag_of(m, 0), ns);
	close_machine(m);
}
END_TEST

/* ---- Ends ---- */

/* CR-016, CR-018, STALL-12: SMMUEN of a state ends its stalls, and no other's; each acknowledgement
 * waits for its own */
START_TEST(smmuen_ends_the_stalls_of_its_state)
{
	const bool secure = _i;
	const enum smmu3_pas own = secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
	const enum smmu3_pas other = secure ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
	struct machine *m = with_room_for(8);

	for (unsigned i = 0; i < 2; i++) {
		(void)stall(m, 1, 10 + i);
		(void)secure_stall(m, 1, 20 + i);
	}
	pause_work(m);
	if (secure)
		set_secure(m, CR0, CMDQEN | EVENTQEN);
	else
		set_reg(m, CR0, CMDQEN | EVENTQEN);
	ck_assert(acknowledged(m, own) && acknowledged(m, other));
	do_acts(m, 1);
	ck_assert(acknowledged(m, own));
	do_acts(m, 100);
	ck_assert(!acknowledged(m, own) && acknowledged(m, other));
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end_of(m, 0, own, secure ? 20 : 10, SMMU3_STALL_ABORT);
	expect_end_of(m, 1, own, secure ? 21 : 11, SMMU3_STALL_ABORT);

	set_secure(m, CR0, 0);
	set_reg(m, CR0, 0);
	ck_assert_uint_eq(count(m, ENDED), 4);
	expect_end_of(m, 2, other, secure ? 10 : 20, SMMU3_STALL_ABORT);
	expect_end_of(m, 3, other, secure ? 11 : 21, SMMU3_STALL_ABORT);
	ck_assert(!acknowledged(m, other));
	close_machine(m);
}
END_TEST

/* CR-018: without SMMUEN of its own state nothing is held, whatever the other's is */
START_TEST(nothing_is_held_for_a_state_that_is_disabled)
{
	struct machine *m = with_room_for(4);
	uint16_t stag;

	update_secure(m, CR0, CMDQEN | EVENTQEN);
	ck_assert_int_eq(hold_secure(m, 1, 1, &stag), SMMU3_ABORT);
	(void)stall(m, 1, 2);
	update_secure(m, CR0, ENABLES);
	update(m, CR0, CMDQEN | EVENTQEN);
	(void)secure_stall(m, 1, 3);
	ck_assert_uint_eq(count(m, ENDED), 1);
	close_machine(m);
}
END_TEST

/* STALL-19, Q-018: a stall without room for its record waits for room in the queue of its state */
START_TEST(a_stall_waits_for_room_in_its_own_queue)
{
	struct machine *m = with_room_for(32);

	m->quiet = true;
	for (unsigned i = 0; i < 8; i++)
		secure_fault(m, 0);
	(void)secure_stall(m, 1, 7);
	for (unsigned i = 0; i < 8; i++)
		fault(m, 0);
	ck_assert_uint_eq(ask(m, 1, 8, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(count(m, ENDED), 0);
	set_reg(m, EVENTQ_CONS, 1);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end_of(m, 0, SMMU3_PAS_NS, 8, SMMU3_STALL_RETRY);
	set_secure(m, S_EVENTQ_CONS, 1);
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end_of(m, 1, SMMU3_PAS_SECURE, 7, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8); /* no OVFLG */
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), 8);
	close_machine(m);
}
END_TEST

/* STALL-15: a reset ends those of both, and tells whose they were */
START_TEST(a_reset_ends_stalls_of_both_states)
{
	struct machine *m = with_room_for(8);

	(void)secure_stall(m, 1, 20);
	(void)stall(m, 1, 10);
	(void)secure_stall(m, 2, 21);
	m->quiet = true;
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(count(m, ENDED), 3);
	expect_end_of(m, 0, SMMU3_PAS_NS, 10, SMMU3_STALL_ABORT);
	expect_end_of(m, 1, SMMU3_PAS_SECURE, 20, SMMU3_STALL_ABORT);
	expect_end_of(m, 2, SMMU3_PAS_SECURE, 21, SMMU3_STALL_ABORT);
	ck_assert(!acknowledged(m, SMMU3_PAS_NS) && !acknowledged(m, SMMU3_PAS_SECURE));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, stall_max_is_of_both_states);
	tcase_add_test(tests, a_secure_stall_is_recorded_in_the_secure_queue);
	tcase_add_loop_test(tests, smmuen_ends_the_stalls_of_its_state, 0, 2);
	tcase_add_test(tests, nothing_is_held_for_a_state_that_is_disabled);
	tcase_add_test(tests, a_stall_waits_for_room_in_its_own_queue);
	tcase_add_test(tests, a_reset_ends_stalls_of_both_states);
}

int main(void)
{
	return run("secure-stalls", add);
}
