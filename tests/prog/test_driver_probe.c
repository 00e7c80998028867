/* SPDX-License-Identifier: MIT */
/* How a driver finds an SMMU, what it concludes from the identification registers and then gets,
 * and how it enables it.  6.3.1 to 6.3.10 */
#include "driver.h"
#include "run.h"

#include <check.h>

/* ---- What the identification registers offer ---- */

static uint32_t bits(struct machine *m, uint64_t offset, unsigned msb, unsigned lsb)
{
	return reg(m, offset) >> lsb & ((2u << (msb - lsb)) - 1);
}

/* What a driver decides, by hand from the registers that the profile is made of. */
struct offer {
	const char *profile;
	uint32_t minor;
	uint32_t stages; /* S2P, S1P */
	bool msi, sev, two_levels, cd2l, ril;
	unsigned sids, ssids, commands, events; /* bits, and queues by their logarithm */
	uint32_t oas;
};

static const struct offer offers[] = {
	{ "linux-session", 1, 2, true, false, true, false, true, 16, 0, 19, 19, 4 },
	{ "linux-capture", 1, 3, false, false, true, false, true, 16, 0, 19, 19, 4 },
	{ "generic-3.1", 1, 3, false, false, true, true, true, 16, 20, 19, 19, 6 },
	{ "minimal-3.0", 0, 2, false, false, false, false, false, 6, 0, 8, 7, 2 },
};

/* IDR-001, IDR-014, IDR-019, IDR-026, IDR-034, REG-003, REG-013: before anything is written, and
 * again when all is enabled */
START_TEST(a_driver_reads_what_there_is)
{
	const struct offer *offer = &offers[_i];
	struct machine *m = machine(offer->profile);

	create_machine(m);
	for (unsigned turn = 0; turn < 2; turn++) {
		ck_assert_uint_eq(reg(m, AIDR), offer->minor);
		ck_assert_uint_eq(reg(m, IIDR), 0);
		ck_assert_uint_eq(bits(m, IDR0, 1, 0), offer->stages);
		ck_assert_uint_eq(bits(m, IDR0, 3, 2), 2);   /* VMSAv8-64 */
		ck_assert_uint_eq(bits(m, IDR0, 22, 21), 2); /* little-endian tables */
		ck_assert_uint_eq(bits(m, IDR0, 13, 13), offer->msi);
		ck_assert_uint_eq(bits(m, IDR0, 14, 14), offer->sev);
		ck_assert_uint_eq(bits(m, IDR0, 28, 27), offer->two_levels);
		ck_assert_uint_eq(bits(m, IDR0, 19, 19), offer->cd2l);
		ck_assert_uint_eq(bits(m, IDR1, 5, 0), offer->sids);
		ck_assert_uint_eq(bits(m, IDR1, 10, 6), offer->ssids);
		ck_assert_uint_eq(bits(m, IDR1, 20, 16), offer->events);
		ck_assert_uint_eq(bits(m, IDR1, 25, 21), offer->commands);
		ck_assert_uint_eq(bits(m, IDR1, 31, 28), 0); /* what drivers refuse: preset, REL */
		ck_assert_uint_eq(bits(m, IDR3, 10, 10), offer->ril);
		ck_assert_uint_eq(bits(m, IDR5, 2, 0), offer->oas);
		ck_assert_uint_eq(bits(m, IDR5, 4, 4), 1); /* 4KB */
		open_queues(m);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	}
	close_machine(m);
}
END_TEST

/* The Command queue has its last entry, and the one after it is the first. */
static void expect_commands(struct machine *m, const struct offer *offer)
{
	m->cmdq_lg2 = offer->commands;
	m->prod = (1u << offer->commands) - 1;
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_reg(m, CMDQ_PROD, m->prod);
	set_reg(m, CMDQ_CONS, m->prod);
	update(m, CR0, CMDQEN);
	queue_command(m, CFGI_ALL);
	queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa,
			  COMMANDS_AT + (16ull << offer->commands) - 16);
	ck_assert_uint_eq(nth(m, 2, READS)->access.pa, COMMANDS_AT);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), (1u << offer->commands) + 1);
}

/* A signal of each kind comes if it is offered; CONS can be polled in any case. */
static void expect_signals(struct machine *m, const struct offer *offer)
{
	look_away(m);
	submit(m, sync_irq(DOORBELL, 0x7e57));
	ck_assert_uint_eq(*ram_at(m, DOORBELL), offer->msi ? 0x7e57 : 0);
	submit(m, SYNC_SEV);
	ck_assert_uint_eq(count(m, EVENT), offer->sev);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
}

/* NUM 3, SCALE 1: eight pages of 4KB, where there are ranges; else one */
static void expect_ranges(struct machine *m, const struct offer *offer)
{
	look_away(m);
	submit(m, (struct command){ { 0x12 | 3 << 12 | 1 << 20, 0x5000 | 1 << 10 } });
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.bytes, offer->ril ? 0x8000 : 0x1000);
}

/* The last stream has a place in a table of all of them, the one after it has none; and the Event
 * queue has its last entry. */
static void expect_streams(struct machine *m, const struct offer *offer)
{
	m->eventq_lg2 = offer->events;
	set_reg64(m, EVENTQ_BASE, EVENTS_AT | m->eventq_lg2);
	set_reg(m, EVENTQ_PROD, (1u << offer->events) - 1);
	set_reg(m, EVENTQ_CONS, (1u << offer->events) - 1);
	set_reg(m, STRTAB_BASE_CFG, offer->sids);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(read_by(m, (1u << offer->sids) - 1, 0).event, 0x04);
	ck_assert_uint_eq(read_by(m, 1u << offer->sids, 0).event, 0x02);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT + (32ull << offer->events) - 32) & 0xff, 0x04);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT) & 0xff, 0x02);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), (1u << offer->events) + 1);
}

/* IDR-014, IDR-015, Q-001, STR-005, CMD-SYNC-2, CMD-SYNC-3, RIL-001: what is offered can be had, in
 * full, and no more than it */
START_TEST(a_driver_gets_what_it_read)
{
	const struct offer *offer = &offers[_i];
	struct machine *m = machine(offer->profile);

	open_machine(m);
	expect_commands(m, offer);
	expect_signals(m, offer);
	expect_ranges(m, offer);
	expect_streams(m, offer);
	close_machine(m);
}
END_TEST

/* ---- Enabling ---- */

/* Does what CR0 says, and nothing that it does not say: a command is consumed, an access is judged,
 * its event is recorded. */
static void expect_enabled(struct machine *m, uint32_t cr0)
{
	const uint32_t before = reg(m, EVENTQ_PROD);
	const bool recorded = cr0 & EVENTQEN && cr0 & SMMUEN;

	if (cr0 & CMDQEN) /* what waited is done */
		ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	if (reg(m, CMDQ_CONS) == m->prod)
		submit(m, CFGI_ALL);
	ck_assert_uint_eq(reg(m, CMDQ_CONS) == m->prod, !!(cr0 & CMDQEN));
	const struct smmu3_outcome outcome = read_by(m, 1, 0x1234);

	ck_assert_uint_eq(outcome.verdict, cr0 & SMMUEN ? SMMU3_ABORT : SMMU3_OK);
	ck_assert_uint_eq(outcome.pa, cr0 & SMMUEN ? 0 : 0x1234);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), (before + recorded) % 16);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
}

/* The three enables as a number from 0 to 7. */
static uint32_t enables(unsigned set)
{
	static const uint32_t each[] = { SMMUEN, EVENTQEN, CMDQEN };

	return (set & 1 ? each[0] : 0) | (set & 2 ? each[1] : 0) | (set & 4 ? each[2] : 0);
}

/* CR-004 to CR-006, CR-008 to CR-010, CR-013: from any set of enables to any other by one write */
START_TEST(cr0_goes_from_any_set_of_enables_to_any_other)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (unsigned from = 0; from < 8; from++) {
		for (unsigned to = 0; to < 8; to++) {
			update(m, CR0, enables(from));
			expect_enabled(m, enables(from));
			update(m, CR0, enables(to));
			expect_enabled(m, enables(to));
		}
	}
	close_machine(m);
}
END_TEST

static const uint32_t orders[6][3] = {
	{ SMMUEN, EVENTQEN, CMDQEN }, { SMMUEN, CMDQEN, EVENTQEN }, { EVENTQEN, SMMUEN, CMDQEN },
	{ EVENTQEN, CMDQEN, SMMUEN }, { CMDQEN, SMMUEN, EVENTQEN }, { CMDQEN, EVENTQEN, SMMUEN },
};

/* CR-004 to CR-006, CR-008 to CR-010, CR-013: one after the other in each order, as a driver does
 * by reading CR0, and off again in each order */
START_TEST(cr0_is_enabled_and_disabled_in_every_order)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (unsigned i = 0; i < 3; i++) {
		update(m, CR0, reg(m, CR0) | orders[_i / 6][i]);
		expect_enabled(m, reg(m, CR0));
	}
	for (unsigned i = 0; i < 3; i++) {
		update(m, CR0, reg(m, CR0) & ~orders[_i % 6][i]);
		expect_enabled(m, reg(m, CR0));
	}
	close_machine(m);
}
END_TEST

/* CR-004, CR-005: bits of features that are absent, which drivers set without asking and wait for;
 * but no bit that is reserved.  They change nothing */
START_TEST(bits_of_absent_features_are_acknowledged)
{
	static const uint32_t absent[] = { ATSCHK, 0x2, 0x1c0, 0x1d2 };
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (int i = 0; i < COUNT(absent); i++) {
		update(m, CR0, absent[i]);
		expect_enabled(m, absent[i]);
		update(m, CR0, absent[i] | enables(7));
		expect_enabled(m, enables(7));
		update(m, CR0, 0);
	}
	set_reg(m, CR0, ~UINT32_C(0x1df));
	ck_assert_uint_eq(reg64(m, CR0), 0);
	close_machine(m);
}
END_TEST

/* ---- Interrupts, enabled early and late ---- */

/* IRC-001, IRC-002, IRQ-002: before the queues, between, after; an event that came before is not
 * told, the first after it is */
START_TEST(interrupts_may_be_enabled_before_or_after_the_queues)
{
	for (unsigned before = 0; before < 2; before++) {
		struct machine *m = machine("linux-session");

		open_machine(m);
		if (before)
			update(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		fault(m, 1);
		submit(m, ILLEGAL);
		ck_assert_uint_eq(count(m, INTERRUPT), before ? 2 : 0);
		if (!before)
			update(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
		ck_assert_uint_eq(count(m, INTERRUPT), before ? 2 : 0);
		set_reg(m, EVENTQ_CONS, 1);
		*ram_at(m, COMMANDS_AT) = 0x46;
		set_reg(m, GERRORN, CMDQ_ERR);
		look_away(m);
		fault(m, 1);
		submit(m, ILLEGAL);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), 1);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_GERROR), 1);
		close_machine(m);
	}
}
END_TEST

/* IRC-001: from any set of enables to any other; PRIQ_IRQEN is RES0 without PRI */
START_TEST(irq_ctrl_goes_from_any_set_of_enables_to_any_other)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (unsigned pair = 0; pair < 16; pair++) {
		update(m, IRQ_CTRL, (pair & 1) | (pair & 2) << 1);
		update(m, IRQ_CTRL, (pair >> 2 & 1) | (pair >> 2 & 2) << 1);
	}
	set_reg(m, IRQ_CTRL, ~UINT32_C(0));
	ck_assert_uint_eq(reg64(m, IRQ_CTRL), UINT64_C(0x0000000500000005));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_driver_reads_what_there_is, 0, COUNT(offers));
	tcase_add_loop_test(tests, a_driver_gets_what_it_read, 0, COUNT(offers));
	tcase_add_test(tests, cr0_goes_from_any_set_of_enables_to_any_other);
	tcase_add_loop_test(tests, cr0_is_enabled_and_disabled_in_every_order, 0, 36);
	tcase_add_test(tests, bits_of_absent_features_are_acknowledged);
	tcase_add_test(tests, interrupts_may_be_enabled_before_or_after_the_queues);
	tcase_add_test(tests, irq_ctrl_goes_from_any_set_of_enables_to_any_other);
}

int main(void)
{
	return run("driver-probe", add);
}
