/* SPDX-License-Identifier: MIT */
/* Callbacks that call back: registers and accesses from inside take effect, and what follows from
 * them happens after the callback, in order.  3.5 */
#include "inside.h"
#include "run.h"

#include <check.h>

/* ---- Doorbells and faults inside ---- */

static void submit_another(struct machine *m, unsigned n)
{
	submit(m, (struct command){ { 0x03 | (uint64_t)(n + 1) << 32, 0 } });
}

static void fault_there(struct machine *m, unsigned n)
{
	fault(m, n + 1);
}

/* Callbacks that the work of one_of_each() calls. */
static const struct {
	enum happening_kind at;
	int reason;
} callbacks[] = {
	{ READS, SMMU3_REASON_STE }, /* no act of the queues' */
	{ READS, SMMU3_REASON_CMDQ }, { INVALIDATES, -1 }, { WRITES, SMMU3_REASON_EVENTQ },
	{ WRITES, SMMU3_REASON_MSI }, { INTERRUPT, -1 },   { EVENT, -1 },
};

static void one_of_each(struct machine *m)
{
	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	submit(m, CFGI_ALL);
	submit(m, SYNC_SEV);
	submit(m, sync_irq(DOORBELL + 8, 1));
	fault(m, 0);
}

/* CMDQ-001, CMDQ-004: a doorbell rung in any callback is answered, in order */
START_TEST(a_doorbell_may_be_rung_in_every_callback)
{
	struct inside inside = { .at = callbacks[_i].at,
				 .reason = callbacks[_i].reason,
				 .times = 3,
				 .act = submit_another };
	struct machine *m = with(&inside);
	uint32_t next = 1;

	while (inside.done < inside.times) {
		one_of_each(m);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES && m->seen[i].scope.sids == 1)
			ck_assert_uint_eq(m->seen[i].scope.sid, next++);
	ck_assert_uint_eq(next, 4);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_ended(m);
}
END_TEST

/* EVTQ-009, Q-013: a fault inside any of them is recorded, in order */
START_TEST(a_fault_inside_a_callback_is_recorded)
{
	struct inside inside = { .at = callbacks[_i].at,
				 .reason = callbacks[_i].reason,
				 .times = 3,
				 .act = fault_there };
	struct machine *m = with(&inside);
	uint32_t next = 1;

	for (unsigned i = 0; i < 4; i++) {
		one_of_each(m);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == WRITES && m->seen[i].access.bytes == 32 &&
		    m->seen[i].data[0] != 0x04) /* stream 0: of one_of_each() */
			ck_assert_uint_eq(m->seen[i].data[0], (uint64_t)next++ << 32 | 0x04);
	ck_assert_uint_eq(next, 4);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4 + 3);
	close_ended(m);
}
END_TEST

static void fault_other(struct machine *m, unsigned n)
{
	(void)n;
	fault(m, 7);
}

/* An access inside the fetch for another access is one of its own, and recorded first. */
START_TEST(an_access_inside_a_fetch_is_recorded_first)
{
	struct inside inside = {
		.at = READS, .reason = SMMU3_REASON_STE, .times = 1, .act = fault_other
	};
	struct machine *m = with(&inside);

	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 0)) >> 32, 7);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 1)) >> 32, 2);
	close_machine(m);
}
END_TEST

static void fault_many(struct machine *m, unsigned n)
{
	(void)n;
	for (uint32_t i = 0; i < m->prod; i++) /* as many as the doorbell said */
		fault(m, i % 8);
}

/* As many records as smmu.h says wait for a callback to return; one more is an overflow. */
START_TEST(records_of_one_callback_wait_for_its_end)
{
	static const struct {
		uint32_t faults, eventq_prod;
	} rows[] = { { 64, 64 }, { 65, 0x80000000 | 64 } };

	for (int i = 0; i < COUNT(rows); i++) {
		struct inside inside = {
			.at = READS, .reason = SMMU3_REASON_CMDQ, .times = 1, .act = fault_many
		};
		struct machine *m = machine("linux-session");

		m->cmdq_lg2 = m->eventq_lg2 = 7;
		m->context = &inside;
		m->inside = run_inside;
		start_machine(m);
		for (uint32_t n = 0; n < rows[i].faults; n++)
			queue_command(m, PREFETCH);
		ring(m);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), rows[i].eventq_prod);
		for (uint32_t n = 0; n < 64; n++)
			ck_assert_uint_eq(*ram_at(m, event_at(m, n)) >> 32, n % 8);
		close_ended(m);
	}
}
END_TEST

static void ring_next(struct machine *m, unsigned n)
{
	submit(m, sync_irq(DOORBELL, n + 2));
}

/* CMD-SYNC-11: a message whose write rings the bell, again and again */
START_TEST(a_message_may_ring_the_bell)
{
	struct inside inside = {
		.at = WRITES, .reason = SMMU3_REASON_MSI, .times = 100, .act = ring_next
	};
	struct machine *m = with(&inside);
	uint32_t data = 1;

	submit(m, sync_irq(DOORBELL, 1));
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 101);
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == WRITES)
			ck_assert_uint_eq(m->seen[i].data[0], data++);
	ck_assert_uint_eq(data, 102);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 101 % 16);
	close_ended(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_doorbell_may_be_rung_in_every_callback, 0, COUNT(callbacks));
	tcase_add_loop_test(tests, a_fault_inside_a_callback_is_recorded, 1, COUNT(callbacks));
	tcase_add_test(tests, an_access_inside_a_fetch_is_recorded_first);
	tcase_add_test(tests, records_of_one_callback_wait_for_its_end);
	tcase_add_test(tests, a_message_may_ring_the_bell);
}

int main(void)
{
	return run("reentrancy", add);
}
