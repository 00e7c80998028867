/* SPDX-License-Identifier: MIT */
/* CMD_SYNC: what it completes, and how it says so.  4.7.3 */
#include "driver.h"
#include "run.h"

#include <check.h>

/* CMD-SYNC, CMD-SYNC-2, CMD-SYNC-5, CMD-SYNC-15, IRQ-008, IRQ-012: the message is 4 bytes of
 * MSIData to MSIAddress; CONS is past the command inside it and inside the pulse */
START_TEST(a_sync_by_interrupt_writes_its_data_and_pulses)
{
	struct machine *m = started("linux-session");

	*ram_at(m, DOORBELL) = ~UINT64_C(0);
	queue_command(m, CFGI_ALL);
	queue_command(m, sync_irq(DOORBELL + 4, 0x89abcdef));
	ring(m);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), UINT64_C(0x89abcdefffffffff));
	const struct happening *message = nth(m, 3, WRITES);

	ck_assert_uint_eq(message->access.pa, DOORBELL + 4);
	ck_assert_uint_eq(message->access.bytes, 4);
	ck_assert_uint_eq(message->access.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(message->access.reason, SMMU3_REASON_MSI);
	ck_assert_uint_eq(message->cmdq_cons, 2);
	ck_assert_uint_eq(nth(m, 4, INTERRUPT)->about, SMMU3_INTERRUPT_CMD_SYNC);
	ck_assert_uint_eq(nth(m, 4, INTERRUPT)->cmdq_cons, 2);
	ck_assert_uint_eq(m->seen_count, 5);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-1 to CMD-SYNC-3, IRQ-005: no signal of another kind than CS says; IRQ_CTRL has no say */
START_TEST(each_signal_is_the_one_asked_for)
{
	static const struct {
		unsigned cs, sev;
		unsigned messages, pulses, events;
	} rows[] = {
		{ 0, 1, 0, 0, 0 }, { 1, 1, 1, 1, 0 }, { 2, 1, 0, 0, 1 },
		{ 0, 0, 0, 0, 0 }, { 1, 0, 1, 1, 0 }, { 2, 0, 0, 0, 0 },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine("linux-session");

		m->config.idr[0] = (m->config.idr[0] & ~(1u << 14)) | rows[i].sev << 14;
		start_machine(m);
		submit(m, (struct command){ { 0x46 | rows[i].cs << 12, DOORBELL } });
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), rows[i].messages);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), rows[i].pulses);
		ck_assert_uint_eq(count(m, EVENT), rows[i].events);
		ck_assert_uint_eq(count(m, INTERRUPT), rows[i].pulses);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		if (rows[i].events)
			ck_assert_uint_eq(first(m, EVENT)->cmdq_cons, 1);
		close_machine(m);
	}
}
END_TEST

/* CMD-SYNC-2, IRQ-012: any bit of MSIAddress [55:2] asks for a message; where it goes ends at OAS,
 * 44 bits; the command's other bits of that word are no address */
START_TEST(a_message_address_is_judged_whole_and_cut_to_oas)
{
	static const struct {
		uint64_t field, pa;
		bool sent;
	} rows[] = {
		{ 0, 0, false },
		{ 3, 0, false },                            /* bits below */
		{ UINT64_C(0xff00000000000000), 0, false }, /* bits above */
		{ UINT64_C(1) << 44, 0, true },
		{ UINT64_C(1) << 51, 0, true },
		{ UINT64_C(1) << 48 | DOORBELL, DOORBELL, true },
		{ UINT64_C(0xff00000000000003) | DOORBELL, DOORBELL, true },
		{ UINT64_C(0xffffffffffc), UINT64_C(0xffffffffffc), true },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = started("linux-session");

		submit(m, (struct command){ { 0x46 | 1 << 12, rows[i].field } });
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), rows[i].sent);
		if (rows[i].sent)
			ck_assert_uint_eq(first_for(m, SMMU3_REASON_MSI)->access.pa, rows[i].pa);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 1);
		close_machine(m);
	}
}
END_TEST

/* CMD-SYNC-6 to CMD-SYNC-8, CMD-SYNC-11, CMD-005, CMDQ-004, CMDQ-017: earlier invalidations have
 * been announced and earlier messages written when a CMD_SYNC is fetched; nothing later has begun
 * when it signals */
START_TEST(a_sync_stands_between_what_is_before_and_after)
{
	static const enum happening_kind order[] = {
		READS, INVALIDATES, READS,     INVALIDATES, /* two invalidations */
		READS, WRITES,      INTERRUPT,              /* a CMD_SYNC */
		READS, WRITES,      INTERRUPT,              /* another */
		READS, INVALIDATES,                         /* an invalidation */
	};
	struct machine *m = started("linux-session");

	queue_command(m, CFGI_ALL);
	queue_command(m, NSNH_ALL);
	queue_command(m, sync_irq(DOORBELL, 1));
	queue_command(m, sync_irq(DOORBELL + 8, 2));
	queue_command(m, CFGI_ALL);
	ring(m);
	for (int i = 0; i < COUNT(order); i++)
		nth(m, (unsigned)i, order[i]);
	ck_assert_uint_eq(m->seen_count, COUNT(order));
	ck_assert_uint_eq(nth(m, 5, WRITES)->access.pa, DOORBELL);
	ck_assert_uint_eq(nth(m, 8, WRITES)->access.pa, DOORBELL + 8);
	close_machine(m);
}
END_TEST

/* CMD-SYNC-8: that an earlier message aborted is in GERROR before the next command is fetched */
START_TEST(an_aborted_message_is_in_gerror_before_the_next_sync)
{
	struct machine *m = started("linux-session");

	m->aborts[0] = DOORBELL;
	queue_command(m, sync_irq(DOORBELL, 1));
	queue_command(m, sync_irq(DOORBELL + 8, 2));
	ring(m);
	ck_assert_uint_eq(nth(m, 3, READS)->gerror, MSI_CMDQ_ABT_ERR);
	ck_assert_uint_eq(*ram_at(m, DOORBELL + 8), 2);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* What a driver polls: CMD_SYNC after CMD_SYNC, each message to the slot of its own command, 100
 * times around a queue of 8.  Q-014, CMD-SYNC-5 */
START_TEST(messages_to_their_own_slots_go_around_the_queue)
{
	struct machine *m = started("linux-session");

	m->quiet = true;
	for (unsigned i = 0; i < 100; i++) {
		const uint32_t slot = m->prod;

		queue_command(m, CFGI_ALL);
		queue_command(m, sync_irq(command_at(m, slot + 1), 0));
		ring(m);
		ck_assert_uint_eq((uint32_t)*ram_at(m, command_at(m, slot + 1)), 0);
	}
	ck_assert_uint_eq(count(m, INVALIDATES), 100);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 200 % 16);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* In a RAM window what the SMMU writes stands there, and the host is told where.  3.5.2, 3.18 */
START_TEST(a_write_to_a_ram_window_is_told)
{
	struct machine *m = machine("linux-session");

	m->windows = true;
	start_machine(m);
	submit(m, sync_irq(DOORBELL, 0xabc));
	fault(m, 3);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0xabc);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(3) << 32 | 0x04);
	ck_assert_uint_eq(count(m, READS) + count(m, WRITES), 0);
	const struct happening *message = nth(m, 0, WRITTEN);

	ck_assert_uint_eq(message->access.pa, DOORBELL);
	ck_assert_uint_eq(message->access.bytes, 4);
	ck_assert_uint_eq(message->access.reason, SMMU3_REASON_MSI);
	ck_assert_uint_eq(message->cmdq_cons, 1);
	const struct happening *record = nth(m, 2, WRITTEN);

	ck_assert_uint_eq(record->access.pa, EVENTS_AT);
	ck_assert_uint_eq(record->access.bytes, 32);
	ck_assert_uint_eq(record->access.reason, SMMU3_REASON_EVENTQ);
	ck_assert_uint_eq(record->eventq_prod, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_sync_by_interrupt_writes_its_data_and_pulses);
	tcase_add_test(tests, each_signal_is_the_one_asked_for);
	tcase_add_test(tests, a_message_address_is_judged_whole_and_cut_to_oas);
	tcase_add_test(tests, a_sync_stands_between_what_is_before_and_after);
	tcase_add_test(tests, an_aborted_message_is_in_gerror_before_the_next_sync);
	tcase_add_test(tests, messages_to_their_own_slots_go_around_the_queue);
	tcase_add_test(tests, a_write_to_a_ram_window_is_told);
}

int main(void)
{
	return run("syncs", add);
}
