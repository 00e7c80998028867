/* SPDX-License-Identifier: MIT */
/* The Event queue: records in memory, room, overflow, aborts.  3.5, 7.2, 7.4 */
#include "driver.h"
#include "run.h"

#include <check.h>
#include <string.h>

#define OVFLG (1u << 31)
#define OVACKFLG (1u << 31)

/* The StreamID of a record in memory, whose number is C_BAD_STE. */
static uint32_t sid_of(struct machine *m, uint32_t index)
{
	const uint64_t word = *ram_at(m, event_at(m, index));

	ck_assert_uint_eq(word & 0xff, 0x04);
	return (uint32_t)(word >> 32);
}

/* ---- Records ---- */

/* Q-006, EVT-001, EVT-008, EVT-04: 32 bytes, little-endian, written before PROD covers them.  With
 * a SubstreamID: SSV [11], SubstreamID [31:12], StreamID [63:32] */
START_TEST(a_record_stands_in_memory_byte_by_byte)
{
	static const uint8_t bytes[32] = { 0x04, 0xf8, 0xde, 0xbc, 0x06 };
	struct machine *m = started("linux-session");
	const struct smmu3_txn txn = {
		.addr = 0x1000, .bytes = 4, .sid = 6, .ssid = 0xbcdef, .flags = SMMU3_TXN_SSV
	};
	struct smmu3_outcome outcome;

	memset(ram_at(m, EVENTS_AT), 0xa5, 64);
	smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_mem_eq(ram_at(m, EVENTS_AT), bytes, sizeof(bytes));
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT + 32), UINT64_C(0xa5a5a5a5a5a5a5a5));
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	const struct happening *write = first(m, WRITES);

	ck_assert_uint_eq(write->access.pa, EVENTS_AT);
	ck_assert_uint_eq(write->access.bytes, 32);
	ck_assert_uint_eq(write->access.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(write->access.reason, SMMU3_REASON_EVENTQ);
	ck_assert_uint_eq(write->eventq_prod, 0);
	close_machine(m);
}
END_TEST

/* EVT-12, EVT-002, EVT-003, EVT-005, FLTI-003: F_TRANSLATION of stage 2: RnW [99], S2 [103], CLASS
 * = IN [105:104], InputAddr [191:128], IPA [247:204] */
START_TEST(a_translation_fault_is_recorded_with_its_addresses)
{
	static const uint8_t bytes[32] = { 0x10, 0, 0,    0,    0x02, 0,    0,    0,    0,    0,
					   0,    0, 0x88, 0x02, 0,    0,    0x34, 0x52, 0x76, 0x98,
					   0,    0, 0,    0,    0,    0x50, 0x76, 0x98 };
	struct machine *m = machine("generic-3.1");
	const uint64_t ste[4] = {
		1 | 6 << 1, 1 << 2, /* V, Config: stage 2 */
		1 | UINT64_C(32) << 32 | UINT64_C(1) << 38 | UINT64_C(5) << 48 | UINT64_C(1) << 51 |
			UINT64_C(1) << 58, /* T0SZ 32, SL0 1, AA64, R */
		RAM_AT + 0x10000,          /* a table without entries */
	};
	const struct smmu3_txn txn = { .addr = 0x98765234, .bytes = 4, .sid = 2 };
	struct smmu3_outcome outcome;

	memcpy(ram_at(m, STREAMS_AT + 2 * 64), ste, sizeof(ste));
	start_machine(m);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_mem_eq(ram_at(m, EVENTS_AT), bytes, sizeof(bytes));
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	/* S2R = 0: the same, unrecorded */
	*ram_at(m, STREAMS_AT + 2 * 64 + 16) &= ~(UINT64_C(1) << 58);
	maintain(m);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, 0x10);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* EVTQ-010, EVTQ-011, CR-029, CR-032: nothing for what goes well, for a probe, for a StreamID
 * without a place unless RECINVSID; RST-007: nor while the SMMU is disabled */
START_TEST(what_is_not_recorded_leaves_no_record)
{
	struct machine *m = started("linux-session");
	struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4, .sid = 9 };
	struct smmu3_outcome outcome;

	txn.flags = SMMU3_TXN_PROBE;
	smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(outcome.event, 0x02);
	ck_assert_uint_eq(m->counts[WRITES], 0);
	txn.flags = 0;
	smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(9) << 32 | 0x02);
	set_reg(m, CR0, EVENTQEN);
	set_reg(m, CR2, 0);                       /* RECINVSID */
	smmu3_translate(m->smmu, &txn, &outcome); /* bypasses */
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* EVTQ-010, MEV-001, MEV-003: a transaction is a record, however alike */
START_TEST(equal_events_are_not_merged)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 5; i++)
		fault(m, 3);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 5);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_uint_eq(sid_of(m, i), 3);
	close_machine(m);
}
END_TEST

/* CR-025: CR1.QUEUE_*, and the WA hint of the base */
START_TEST(records_are_written_with_the_attributes_of_cr1)
{
	static const struct {
		uint32_t cr1;
		bool wa;
		uint8_t mair, sh;
	} rows[] = {
		{ 0x35, true, 0xdd, SMMU3_ISH }, { 0x35, false, 0xcc, SMMU3_ISH },
		{ 0x2a, true, 0x99, SMMU3_OSH }, { 0x34, true, 0xd4, SMMU3_ISH },
		{ 0x30, true, 0x44, SMMU3_OSH },
	};
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (int i = 0; i < COUNT(rows); i++) {
		set_reg(m, CR0, 0);
		set_reg(m, CR1, rows[i].cr1);
		set_reg64(m, EVENTQ_BASE, EVENTS_AT | 3 | (uint64_t)rows[i].wa << 62);
		set_reg(m, CR0, EVENTQEN | SMMUEN);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
		look_away(m);
		fault(m, 1);
		ck_assert_uint_eq(first(m, WRITES)->access.attr.mair, rows[i].mair);
		ck_assert_uint_eq(first(m, WRITES)->access.attr.sh, rows[i].sh);
	}
	close_machine(m);
}
END_TEST

/* ---- Room ---- */

/* all 8 entries, then around, with OVFLG untouched; bits of CONS
 * above the queue count for nothing */
START_TEST(records_go_around_the_queue)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 40; i++) {
		fault(m, i % 8);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), (i + 1) % 16);
		ck_assert_uint_eq(sid_of(m, i), i % 8);
		if (i % 8 == 7) /* exactly full */
			set_reg(m, EVENTQ_CONS, (i + 1) % 16 | 0x7fff0);
	}
	close_machine(m);
}
END_TEST

/* EVTQ-003 to EVTQ-007, FLT-19: a record that finds the queue full is lost and toggles OVFLG, once,
 * until OVACKFLG is equal; room is room, acknowledged or not */
START_TEST(a_record_that_finds_no_room_overflows_the_queue)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 8; i++)
		fault(m, 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8); /* full is no overflow */
	look_away(m);
	fault(m, 7);
	fault(m, 7);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 8);
	ck_assert_uint_eq(count(m, WRITES), 0);
	set_reg(m, EVENTQ_CONS, 2); /* room for two, not acknowledged */
	fault(m, 1);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 10);
	ck_assert_uint_eq(sid_of(m, 0), 1);
	ck_assert_uint_eq(sid_of(m, 1), 2);
	fault(m, 7); /* full again, an overflow that cannot be told */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 10);
	set_reg(m, EVENTQ_CONS, OVACKFLG | 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 10);
	fault(m, 7); /* and one that is told by toggling back */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 10);
	set_reg(m, EVENTQ_CONS, 10);
	fault(m, 5);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 11);
	ck_assert_uint_eq(sid_of(m, 2), 5);
	close_machine(m);
}
END_TEST

/* indexes that contradict each other are a full queue */
START_TEST(indexes_that_contradict_each_other_leave_no_room)
{
	struct machine *m = started("linux-session");

	set_reg(m, EVENTQ_CONS, 1); /* PROD < CONS with the same wrap flag */
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG);
	ck_assert_uint_eq(count(m, WRITES), 0);
	set_reg(m, EVENTQ_CONS, 0);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | 1);
	close_machine(m);
}
END_TEST

/* one entry; a size beyond IDR1.EVENTQS, 128 entries, is that */
START_TEST(the_queue_has_the_size_that_both_base_and_idr1_allow)
{
	static const struct {
		const char *profile;
		unsigned lg2, entries;
	} rows[] = { { "linux-session", 0, 1 },
		     { "minimal-3.0", 31, 128 },
		     { "minimal-3.0", 5, 32 } };

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine(rows[i].profile);

		m->eventq_lg2 = rows[i].lg2;
		start_machine(m);
		for (unsigned n = 0; n < rows[i].entries; n++)
			fault(m, 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), rows[i].entries);
		fault(m, 0);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), OVFLG | rows[i].entries);
		ck_assert_uint_eq(count(m, WRITES), rows[i].entries);
		close_machine(m);
	}
}
END_TEST

/* EVTQ-001, EVTQ-003 to EVTQ-005, CR-010, Q-010, FLT-19: disabled, records are lost without an
 * overflow, full or not, and PROD may be written */
START_TEST(a_disabled_queue_takes_no_records)
{
	struct machine *m = started("linux-session");

	fault(m, 1);
	set_reg(m, CR0, SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), SMMUEN);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	set_reg(m, EVENTQ_PROD, 8);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 8);
	set_reg(m, EVENTQ_PROD, 4);
	set_reg(m, EVENTQ_CONS, 4);
	set_reg(m, CR0, SMMUEN | EVENTQEN);
	set_reg(m, EVENTQ_PROD, 9);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	ck_assert_uint_eq(count(m, WRITES), 1);
	fault(m, 3);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 5);
	ck_assert_uint_eq(sid_of(m, 4), 3);
	close_machine(m);
}
END_TEST

/* ---- Aborts ---- */

/* EVTQ-003 to EVTQ-005, EVTQ-008, GER-004: PROD stays, the record and those after it are lost
 * without an overflow until the error is acknowledged */
START_TEST(an_abort_of_a_write_is_an_error_until_acknowledged)
{
	struct machine *m = started("linux-session");

	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	m->aborts[0] = event_at(m, 0);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 0); /* still empty */
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
	m->aborts[0] = 0;
	for (unsigned i = 0; i < 9; i++)
		fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(count(m, WRITES), 1);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	set_reg(m, GERRORN, EVENTQ_ABT_ERR);
	fault(m, 3);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	ck_assert_uint_eq(sid_of(m, 0), 3);
	m->aborts[0] = event_at(m, 1);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, GERROR), 0); /* toggled back: active again */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* EVTQ-008: the Command queue goes on meanwhile */
START_TEST(an_abort_of_the_event_queue_does_not_stop_commands)
{
	struct machine *m = started("linux-session");

	m->aborts[0] = event_at(m, 0);
	fault(m, 1);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, GERROR), EVENTQ_ABT_ERR);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-9: what was terminated before a CMD_SYNC is in the queue, or lost, when it is consumed
 */
START_TEST(a_sync_finds_earlier_events_recorded)
{
	struct machine *m = started("linux-session");

	fault(m, 1);
	fault(m, 2);
	submit(m, sync_irq(DOORBELL, 1));
	ck_assert_uint_eq(first_for(m, SMMU3_REASON_CMDQ)->eventq_prod, 2);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_record_stands_in_memory_byte_by_byte);
	tcase_add_test(tests, a_translation_fault_is_recorded_with_its_addresses);
	tcase_add_test(tests, what_is_not_recorded_leaves_no_record);
	tcase_add_test(tests, equal_events_are_not_merged);
	tcase_add_test(tests, records_are_written_with_the_attributes_of_cr1);
	tcase_add_test(tests, records_go_around_the_queue);
	tcase_add_test(tests, a_record_that_finds_no_room_overflows_the_queue);
	tcase_add_test(tests, indexes_that_contradict_each_other_leave_no_room);
	tcase_add_test(tests, the_queue_has_the_size_that_both_base_and_idr1_allow);
	tcase_add_test(tests, a_disabled_queue_takes_no_records);
	tcase_add_test(tests, an_abort_of_a_write_is_an_error_until_acknowledged);
	tcase_add_test(tests, an_abort_of_the_event_queue_does_not_stop_commands);
	tcase_add_test(tests, a_sync_finds_earlier_events_recorded);
}

int main(void)
{
	return run("eventq", add);
}
