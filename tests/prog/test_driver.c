/* SPDX-License-Identifier: MIT */
/* What drivers in use do to the programming interface, and what they then wait for. */
#include "driver.h"
#include "run.h"

#include <check.h>

/* ---- Enabling ---- */

/* A CMD_SYNC whose message goes to its own slot; drivers wait for the first word to become 0 and
 * never look at CONS. */
static void sync_by_message(struct machine *m)
{
	const uint32_t slot = m->prod;

	submit(m, sync_irq(command_at(m, slot), 0));
	ck_assert_uint_eq((uint32_t)*ram_at(m, command_at(m, slot)), 0);
}

/* CMD_SYNC by event, and CONS polled. */
static void sync_by_event(struct machine *m)
{
	submit(m, SYNC_SEV);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
}

static void probe(struct machine *m, void (*sync)(struct machine *))
{
	update(m, CR0, 0);
	set_reg(m, CR1, 0xd75);
	set_reg(m, CR2, 6);
	set_reg64(m, STRTAB_BASE, STREAMS_AT | UINT64_C(1) << 62);
	set_reg(m, STRTAB_BASE_CFG, 3);
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | UINT64_C(1) << 62 | m->cmdq_lg2);
	set_reg(m, CMDQ_PROD, 0);
	set_reg(m, CMDQ_CONS, 0);
	update(m, CR0, 0x8);
	submit(m, CFGI_ALL);
	sync(m);
	submit(m, NSNH_ALL);
	sync(m);
	set_reg64(m, EVENTQ_BASE, EVENTS_AT | UINT64_C(1) << 62 | m->eventq_lg2);
	set_reg(m, EVENTQ_PROD, 0);
	set_reg(m, EVENTQ_CONS, 0);
	update(m, CR0, 0xc);
	update(m, IRQ_CTRL, 0);
	set_reg64(m, GERROR_IRQ_CFG0, 0);
	set_reg64(m, EVENTQ_IRQ_CFG0, 0);
	update(m, IRQ_CTRL, 5);
	update(m, CR0, 0xd);
}

/* CR-004, CR-009, CMDQ-001, CMD-CFGI-ALL, CMD-TLBI-NSNH-ALL, CMD-SYNC: what Linux does to an SMMU
 * until it is enabled, and then an event */
START_TEST(linux_probes_and_handles_an_event)
{
	static const struct {
		const char *profile;
		void (*sync)(struct machine *);
	} rows[] = {
		{ "linux-session", sync_by_message }, { "linux-session", sync_by_event },
		{ "linux-capture", sync_by_event },   { "generic-3.1", sync_by_event },
		{ "minimal-3.0", sync_by_event },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine(rows[i].profile);

		open_machine(m);
		probe(m, rows[i].sync);
		ck_assert_uint_eq(count(m, INVALIDATES), 2);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
		ck_assert_uint_eq(reg(m, GERROR), 0); /* read raw by some */
		fault(m, 6);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
		ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(6) << 32 | 0x04);
		set_reg(m, EVENTQ_CONS, 1);
		close_machine(m);
	}
}
END_TEST

/* CMDQ-002: CONS before PROD, or PROD before CONS, and any start that is empty */
START_TEST(a_queue_may_start_anywhere)
{
	static const uint32_t starts[] = { 0, 3, 7, 8, 15 };

	for (int i = 0; i < COUNT(starts); i++) {
		struct machine *m = machine("linux-session");

		open_machine(m);
		set_reg(m, i % 2 ? CMDQ_PROD : CMDQ_CONS, starts[i]);
		set_reg(m, i % 2 ? CMDQ_CONS : CMDQ_PROD, starts[i]);
		set_reg(m, EVENTQ_PROD, starts[i]);
		set_reg(m, EVENTQ_CONS, starts[i]);
		update(m, CR0, 0xd);
		ck_assert_uint_eq(m->seen_count, 0);
		m->prod = starts[i];
		submit(m, SYNC_NONE);
		ck_assert_uint_eq(nth(m, 0, READS)->access.pa, command_at(m, starts[i]));
		ck_assert_uint_eq(reg(m, CMDQ_CONS), (starts[i] + 1) % 16);
		fault(m, 2);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), (starts[i] + 1) % 16);
		ck_assert_uint_eq(*ram_at(m, event_at(m, starts[i])), UINT64_C(2) << 32 | 0x04);
		close_machine(m);
	}
}
END_TEST

/* CMDQ-003, CMDQ-006: some wait after every command for CONS to be PROD, whole, and PROD to read as
 * it was written */
START_TEST(indexes_compare_whole_after_every_command)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 40; i++) {
		submit(m, i % 3 ? CFGI_ALL : SYNC_NONE);
		ck_assert_uint_eq(reg(m, CMDQ_PROD), m->prod);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
		ck_assert_uint_eq(reg64(m, CMDQ_PROD), (uint64_t)m->prod << 32 | m->prod);
	}
	close_machine(m);
}
END_TEST

/* ---- Errors ---- */

static void copy(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERROR));
}

static void copy_masked(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERROR) & 0x1fd);
}

static void toggle_one(struct machine *m)
{
	set_reg(m, GERRORN, reg(m, GERRORN) ^ CMDQ_ERR);
}

/* GER-004, GER-005, CMDQ-008: each style of acknowledging, twice, so that the bits are seen both
 * ways */
START_TEST(gerror_is_acknowledged_in_three_styles)
{
	void (*const styles[])(struct machine *) = { copy, copy_masked, toggle_one };

	for (int i = 0; i < COUNT(styles); i++) {
		struct machine *m = started("linux-session");

		for (unsigned n = 0; n < 4; n++) {
			const uint32_t slot = m->prod;

			submit(m, ILLEGAL);
			ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), CMDQ_ERR);
			ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | slot);
			*ram_at(m, command_at(m, slot)) = 0x46; /* a CMD_SYNC in its place */
			styles[i](m);
			ck_assert_uint_eq(reg(m, GERROR), reg(m, GERRORN));
			ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
		}
		close_machine(m);
	}
}
END_TEST

static void handle_gerror(struct machine *m, const struct happening *now)
{
	if (now->kind != INTERRUPT || now->about != SMMU3_INTERRUPT_GERROR)
		return;
	*ram_at(m, command_at(m, reg(m, CMDQ_CONS))) = 0x46;
	copy(m);
}

/* CMDQ-008, Q-015: the handler runs inside the interrupt, patches the command and acknowledges */
START_TEST(a_handler_inside_the_interrupt_mends_the_queue)
{
	struct machine *m = started("linux-session");

	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	m->inside = handle_gerror;
	queue_command(m, CFGI_ALL);
	queue_command(m, ILLEGAL);
	queue_command(m, CFGI_ALL);
	queue_command(m, ILLEGAL);
	queue_command(m, sync_irq(DOORBELL, 0x600d));
	ring(m);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x600d);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 5);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 2);
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	close_machine(m);
}
END_TEST

/* ---- Events ---- */

/* Takes every event that is there; the number of them.  PROD and CONS are read at once, and
 * OVACKFLG becomes OVFLG. */
static unsigned take_events(struct machine *m, uint32_t *overflows)
{
	const uint64_t both = reg64(m, EVENTQ_PROD);
	const uint32_t prod = (uint32_t)both, cons = (uint32_t)(both >> 32);

	*overflows += prod >> 31 != cons >> 31;
	set_reg(m, EVENTQ_CONS, prod);
	return (prod - cons) & 0xf;
}

/* EVTQ-002, EVTQ-005, EVTQ-007, Q-002, REG-007: a driver that takes events in time loses none; one
 * that does not learns so, once each time */
START_TEST(a_driver_takes_events_and_sees_overflows)
{
	struct machine *m = started("linux-session");
	uint32_t overflows = 0;
	unsigned taken = 0;

	for (unsigned i = 0; i < 30; i++) {
		for (unsigned n = 0; n <= i % 8; n++)
			fault(m, 0);
		taken += take_events(m, &overflows);
	}
	ck_assert_uint_eq(overflows, 0);
	ck_assert_uint_eq(taken, 3 * 36 + 21); /* 1 to 8, three times, and 1 to 6 */
	for (unsigned i = 1; i <= 4; i++) {
		for (unsigned n = 0; n < 10; n++)
			fault(m, 0);
		ck_assert_uint_eq(take_events(m, &overflows), 8);
		ck_assert_uint_eq(overflows, i);
	}
	close_machine(m);
}
END_TEST

static void handle_events(struct machine *m, const struct happening *now)
{
	if (now->kind == INTERRUPT)
		*(unsigned *)m->context += take_events(m, &(uint32_t){ 0 });
}

/* IRQ-002, IRQ-008: a handler inside the interrupt that empties the queue sees each event */
START_TEST(a_handler_inside_the_interrupt_takes_every_event)
{
	struct machine *m = started("linux-session");
	unsigned taken = 0;

	m->context = &taken;
	m->inside = handle_events;
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	for (unsigned i = 0; i < 50; i++)
		fault(m, i % 8);
	ck_assert_uint_eq(taken, 50);
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 50);
	close_machine(m);
}
END_TEST

/* REG-020: whoever may access them, they are the same registers */
START_TEST(every_pa_space_sees_the_same_registers)
{
	struct machine *m = started("linux-session");

	for (unsigned from = SMMU3_PAS_NS; from <= SMMU3_PAS_ROOT; from++) {
		uint64_t value;

		queue_command(m, CFGI_ALL);
		ck_assert_int_eq(smmu3_mmio_write(m->smmu, (enum smmu3_pas)from, CMDQ_PROD, 4,
						  m->prod),
				 0);
		for (unsigned reader = SMMU3_PAS_NS; reader <= SMMU3_PAS_ROOT; reader++) {
			ck_assert_int_eq(smmu3_mmio_read(m->smmu, (enum smmu3_pas)reader, CMDQ_CONS,
							 4, &value),
					 0);
			ck_assert_uint_eq(value, m->prod);
		}
	}
	ck_assert_uint_eq(count(m, INVALIDATES), 4);
	close_machine(m);
}
END_TEST

/* RST-001, CR-009: after a reset nothing of before is left: no error, no pending work, no queue */
START_TEST(reset_forgets_queues_and_errors)
{
	struct machine *m = started("linux-session");

	submit(m, ILLEGAL);
	fault(m, 1);
	smmu3_reset(m->smmu);
	look_away(m);
	for (uint64_t offset = CR0; offset < 0x100; offset += 4)
		if (offset != 0x44) /* GBPA */
			ck_assert_uint_eq(reg(m, offset), 0);
	ck_assert_uint_eq(reg64(m, EVENTQ_PROD), 0);
	m->prod = 0;
	open_queues(m);
	update(m, CR0, 0xd);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(m->seen_count, 2);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, linux_probes_and_handles_an_event);
	tcase_add_test(tests, a_queue_may_start_anywhere);
	tcase_add_test(tests, indexes_compare_whole_after_every_command);
	tcase_add_test(tests, gerror_is_acknowledged_in_three_styles);
	tcase_add_test(tests, a_handler_inside_the_interrupt_mends_the_queue);
	tcase_add_test(tests, a_driver_takes_events_and_sees_overflows);
	tcase_add_test(tests, a_handler_inside_the_interrupt_takes_every_event);
	tcase_add_test(tests, every_pa_space_sees_the_same_registers);
	tcase_add_test(tests, reset_forgets_queues_and_errors);
}

int main(void)
{
	return run("driver", add);
}
