/* SPDX-License-Identifier: MIT */
/* An Event queue that is full or cannot be written, and a Command queue that meets what it does not
 * know. */
#include "prog/run.h"
#include "prog/stalls.h"

#include <check.h>

#define OVFLG (1u << 31) /* of EVENTQ_PROD; OVACKFLG of EVENTQ_CONS */
#define TLBI_EL2_ALL ((struct command){ { 0x20, 0 } })

enum { ENTRIES = 8, CACHED = 2 };

/* Streams that stall, without caches and with. */
static struct machine *opened(int cached)
{
	struct machine *m = stalling(4);
	const uint32_t places = cached ? 64 : 0;

	m->config.caches = (struct smmu3_caches){ places, places, places, places, places,
						  0,      0,      0,      0,      0 };
	start_machine(m);
	return m;
}

/* Faults, each of which leaves PROD so. */
static void fault_often(struct machine *m, unsigned count, uint32_t prod)
{
	for (unsigned i = 0; i < count; i++) {
		fault(m, 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), prod);
	}
}

/* B10: an overflow toggles OVFLG once, and again only after software has acknowledged it, be the
 * queue still full or full again; it is no global error.  EVTQ-003 to EVTQ-007, FLT-19; 7.4 */
START_TEST(an_overflow_toggles_its_flag_once_for_each_acknowledgement)
{
	struct machine *m = opened(_i);

	for (uint32_t i = 1; i <= ENTRIES; i++)
		fault_often(m, 1, i); /* these have room, and full is no overflow */
	fault_often(m, 3, OVFLG | ENTRIES);

	set_reg(m, EVENTQ_CONS, OVFLG | 0); /* acknowledged, and nothing read */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | ENTRIES);
	fault_often(m, 3, ENTRIES);

	/* acknowledged, and all read: the next ones have room, round to index 0 and the wrap bit 0
	 */
	set_reg(m, EVENTQ_CONS, ENTRIES);
	for (uint32_t i = 1; i < ENTRIES; i++)
		fault_often(m, 1, ENTRIES + i);
	fault_often(m, 1, 0);
	fault_often(m, 3, OVFLG | 0);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* B10: a record of a stall is not lost, and so no overflow: its transaction is held until there is
 * room, and recorded then.  EVTQ-004, EVTQ-005, STALL-19; 7.2.1 */
START_TEST(a_full_queue_loses_no_record_of_a_stall)
{
	struct machine *m = opened(_i);

	for (uint32_t i = 1; i <= ENTRIES; i++)
		fault_often(m, 1, i);
	look_away(m);
	ck_assert_uint_eq(ask(m, 1, 77, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), ENTRIES);
	ck_assert_uint_eq(count(m, ENDED), 0);
	set_reg(m, EVENTQ_CONS, 1); /* room for one */
	expect_end(m, 0, 77, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(ask(m, 1, 77, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), ENTRIES + 1);
	ck_assert_uint_eq(sid_of(m, ENTRIES), 1);
	expect_record(m, ENTRIES,
		      (const uint64_t[4]){ F_TRANSLATION | UINT64_C(1) << 32,
					   stag_of(m, ENTRIES) | STALL | RNW | CLASS(2), INPUT,
					   0 });
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* B11: a record that memory refuses is a global error, not an overflow; PROD stays, and what comes
 * until software acknowledges is lost.  EVTQ-003, EVTQ-008, GER-004; 7.2.2 */
START_TEST(an_event_queue_that_cannot_be_written_is_an_error_and_no_overflow)
{
	struct machine *m = opened(_i);

	fault_often(m, 1, 1);
	m->aborts[0] = event_at(m, 1);
	fault_often(m, 1, 1);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	m->aborts[0] = 0;
	fault_often(m, 2 * ENTRIES, 1);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	set_reg(m, GERRORN, EVENTQ_ABT_ERR);
	fault_often(m, 1, 2);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 1)), 0x04); /* C_BAD_STE of StreamID 0 */
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	close_machine(m);
}
END_TEST

/* B15: a command of EL2 is ILLEGAL where there is none.  CMDQ_CONS stays at it, what follows waits,
 * and goes on where software acknowledges, with what stands there then.  CMD-TLBI-EL2-ALL,
 * CMDQ-005, CMDQ-008, CMDQ-009, TLB-22; 4.4.2.7, 7.1 */
START_TEST(a_command_of_el2_without_el2_stops_the_queue_at_itself)
{
	struct machine *m = opened(_i);

	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	queue_command(m, PREFETCH);
	queue_command(m, TLBI_EL2_ALL);
	queue_command(m, SYNC_NONE);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 2);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 2);

	*ram_at(m, command_at(m, 2)) = SYNC_NONE.word[0];
	set_reg(m, GERRORN, CMDQ_ERR);
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xfffff, 4);
	ck_assert_uint_eq(reg(m, GERROR), CMDQ_ERR); /* as GERRORN: active no more */
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, an_overflow_toggles_its_flag_once_for_each_acknowledgement, 0,
			    CACHED);
	tcase_add_loop_test(tests, a_full_queue_loses_no_record_of_a_stall, 0, CACHED);
	tcase_add_loop_test(tests,
			    an_event_queue_that_cannot_be_written_is_an_error_and_no_overflow, 0,
			    CACHED);
	tcase_add_loop_test(tests, a_command_of_el2_without_el2_stops_the_queue_at_itself, 0,
			    CACHED);
}

int main(void)
{
	return run("mistakes_queues", add);
}
