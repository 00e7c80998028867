/* SPDX-License-Identifier: MIT */
/* Both queues at every place of their indexes and every filling, and every error that software can
 * make, with each style of acknowledging it.  3.5.1, 7.1, 7.2, 7.4, 7.5 */
#include "driver.h"
#include "run.h"

#include <check.h>

enum { ENTRIES = 8, INDEXES = 2 * ENTRIES };

/* ---- Filled from anywhere ---- */

static struct machine *starting_at(uint32_t index)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg(m, CMDQ_PROD, index);
	set_reg(m, CMDQ_CONS, index);
	set_reg(m, EVENTQ_PROD, index);
	set_reg(m, EVENTQ_CONS, index);
	m->prod = index;
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

/* CMDQ-003, CMDQ-004: one to all of the entries, from each index with each
 * wrap flag, rung once; each is read once, in order, and none beyond */
START_TEST(commands_of_any_number_are_consumed_from_anywhere)
{
	for (uint32_t n = 1; n <= ENTRIES; n++) {
		struct machine *m = starting_at((uint32_t)_i);

		for (unsigned i = 0; i < ENTRIES; i++) /* what stands beyond is not read */
			*ram_at(m, COMMANDS_AT + 16 * (uint64_t)i) = ILLEGAL.word[0];
		for (uint32_t i = 0; i < n; i++)
			queue_command(m, (struct command){ { 0x03 | (uint64_t)i << 32, 0 } });
		ring(m);
		for (uint32_t i = 0; i < n; i++) {
			ck_assert_uint_eq(nth(m, 2 * i, READS)->access.pa,
					  command_at(m, (uint32_t)_i + i));
			ck_assert_uint_eq(nth(m, 2 * i + 1, INVALIDATES)->scope.sid, i);
		}
		ck_assert_uint_eq(m->seen_count, 2 * n);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), ((uint32_t)_i + n) % INDEXES);
		ck_assert_uint_eq(reg(m, GERROR), 0);
		close_machine(m);
	}
}
END_TEST

/* Takes n events, as a driver does: CONS with OVACKFLG as OVFLG is. */
static void take(struct machine *m, uint32_t n)
{
	const uint32_t prod = reg(m, EVENTQ_PROD), cons = reg(m, EVENTQ_CONS);

	set_reg(m, EVENTQ_CONS, (prod & UINT32_C(1) << 31) | ((cons + n) % INDEXES));
}

/* EVTQ-003 to EVTQ-007: as many records as there is room for, from each index with
 * each wrap flag; full is no overflow, what comes then is, once, whichever way OVFLG stood */
START_TEST(records_of_any_number_fill_the_queue_from_anywhere)
{
	struct machine *m = starting_at((uint32_t)_i);
	uint32_t prod = (uint32_t)_i, flag = 0;

	for (uint32_t room = 1; room <= ENTRIES; room++) {
		const uint32_t before = ENTRIES - room; /* which are not taken yet */

		for (uint32_t i = 0; i < before; i++)
			fault(m, 0);
		prod = (prod + before) % INDEXES;
		for (uint32_t i = 0; i < room; i++) {
			fault(m, i);
			ck_assert_uint_eq(*ram_at(m, event_at(m, prod)), (uint64_t)i << 32 | 0x04);
			prod = (prod + 1) % INDEXES;
			ck_assert_uint_eq(reg(m, EVENTQ_PROD), flag | prod);
		}
		look_away(m);
		fault(m, 7);
		flag ^= UINT32_C(1) << 31;
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), flag | prod);
		fault(m, 7);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), flag | prod);
		ck_assert_uint_eq(count(m, WRITES), 0);
		take(m, ENTRIES);
	}
	close_machine(m);
}
END_TEST

/* what stands in a queue when it is enabled: nothing, some, all */
START_TEST(a_queue_that_is_not_empty_may_be_enabled)
{
	for (uint32_t n = 0; n <= ENTRIES; n++) {
		struct machine *m = machine("linux-session");
		const uint32_t end = ((uint32_t)_i + n) % INDEXES;

		open_machine(m);
		for (unsigned i = 0; i < ENTRIES; i++)
			*ram_at(m, COMMANDS_AT + 16 * (uint64_t)i) = SYNC_NONE.word[0];
		set_reg(m, CMDQ_PROD, end);
		set_reg(m, CMDQ_CONS, (uint32_t)_i);
		set_reg(m, EVENTQ_PROD, end);
		set_reg(m, EVENTQ_CONS, (uint32_t)_i);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), n);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), end);
		fault(m, 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD),
				  n == ENTRIES ? UINT32_C(1) << 31 | end : (end + 1) % INDEXES);
		close_machine(m);
	}
}
END_TEST

/* ---- A bad command anywhere ---- */

/* CMDQ-005, CMDQ-008, CMDQ-009, Q-015, GER-004: in a queue that is full, at each place of it: the
 * ones before are done, it is patched with a CMD_SYNC, acknowledged, read again from its own place,
 * and the rest done.  Patching alone, and ringing, do nothing */
START_TEST(a_bad_command_is_patched_in_place_wherever_it_stands)
{
	for (uint32_t bad = 0; bad < ENTRIES; bad++) {
		struct machine *m = starting_at((uint32_t)_i);
		const uint32_t at = ((uint32_t)_i + bad) % INDEXES;

		for (uint32_t i = 0; i < ENTRIES; i++)
			queue_command(m, i == bad ? ILLEGAL : CFGI_ALL);
		ring(m);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | at);
		ck_assert_uint_eq(count(m, INVALIDATES), bad);
		*ram_at(m, command_at(m, at)) = 0x46;
		look_away(m);
		ring(m);
		ck_assert_uint_eq(m->seen_count, 0);
		set_reg(m, GERRORN, reg(m, GERROR));
		ck_assert_uint_eq(nth(m, 0, READS)->access.pa, command_at(m, at));
		ck_assert_uint_eq(count(m, INVALIDATES), ENTRIES - 1 - bad);
		ck_assert_uint_eq(count(m, READS), ENTRIES - bad);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
		close_machine(m);
	}
}
END_TEST

/* ---- Errors, one and several ---- */

enum {
	EVERY_ERROR = CMDQ_ERR | EVENTQ_ABT_ERR | MSI_CMDQ_ABT_ERR | MSI_EVENTQ_ABT_ERR |
		      MSI_GERROR_ABT_ERR,
};

/* Makes each of them: the messages of a CMD_SYNC, of GERROR and of the Event queue abort, then a
 * record; and a command is illegal. */
static void make_every_error(struct machine *m)
{
	m->aborts[0] = DOORBELL;
	submit(m, sync_irq(DOORBELL, 1));
	submit(m, ILLEGAL);
	fault(m, 1);
	m->aborts[1] = event_at(m, reg(m, EVENTQ_PROD));
	fault(m, 2);
}

/* And mends what made them, so that acknowledging is all that is left. */
static void mend_every_error(struct machine *m)
{
	m->aborts[0] = m->aborts[1] = 0;
	*ram_at(m, command_at(m, m->prod - 1)) = 0x46;
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
}

static struct machine *with_messages(void)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL);
	set_reg64(m, EVENTQ_IRQ_CFG0, DOORBELL);
	update(m, IRQ_CTRL, EVENTQ_IRQEN | GERROR_IRQEN);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	return m;
}

static uint32_t active(struct machine *m)
{
	return reg(m, GERROR) ^ reg(m, GERRORN);
}

/* What goes on once an error is acknowledged does. */
static void expect_going_on(struct machine *m, uint32_t errors)
{
	const uint32_t prod = reg(m, EVENTQ_PROD);

	ck_assert_uint_eq(reg(m, CMDQ_CONS) == m->prod, !(errors & CMDQ_ERR));
	fault(m, 3);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD) != prod, !(errors & EVENTQ_ABT_ERR));
}

/* GER-001, GER-004, GER-005, GER-008, CMDQ-008, EVTQ-008, IRQ-009: five errors are active at once;
 * software acknowledges any of them by toggling their bits in GERRORN, which nobody else changes;
 * the others stay.  Twice, so that bits are seen in either sense */
START_TEST(any_errors_of_several_are_acknowledged_by_their_bits)
{
	const uint32_t all = EVERY_ERROR;

	for (uint32_t some = 0; some <= 0xff; some++) {
		if (some & ~all)
			continue;
		struct machine *m = with_messages();

		for (unsigned turn = 0; turn < 2; turn++) {
			const uint32_t before = turn ? all : 0;

			make_every_error(m);
			ck_assert_uint_eq(active(m), all);
			ck_assert_uint_eq(reg(m, GERRORN), before);
			mend_every_error(m);
			set_reg(m, GERRORN, reg(m, GERRORN) ^ some);
			ck_assert_uint_eq(active(m), all & ~some);
			ck_assert_uint_eq(reg(m, GERRORN), before ^ some);
			expect_going_on(m, all & ~some);
			set_reg(m, GERRORN, reg(m, GERROR));
			ck_assert_uint_eq(active(m), 0);
			ck_assert_uint_eq(reg(m, GERRORN), before ^ all);
			expect_going_on(m, 0);
			set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
		}
		close_machine(m);
	}
}
END_TEST

/* GER-004, GER-005: a driver that copies those it knows, and leaves one alone */
START_TEST(errors_are_acknowledged_by_a_copy_with_a_mask)
{
	const uint32_t masks[] = { EVERY_ERROR, EVERY_ERROR & ~MSI_GERROR_ABT_ERR, CMDQ_ERR,
				   0x1fd };

	for (int i = 0; i < COUNT(masks); i++) {
		struct machine *m = with_messages();

		make_every_error(m);
		mend_every_error(m);
		set_reg(m, GERRORN, reg(m, GERROR) & masks[i]);
		ck_assert_uint_eq(active(m), EVERY_ERROR & ~masks[i]);
		expect_going_on(m, EVERY_ERROR & ~masks[i]);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, commands_of_any_number_are_consumed_from_anywhere, 0, INDEXES);
	tcase_add_loop_test(tests, records_of_any_number_fill_the_queue_from_anywhere, 0, INDEXES);
	tcase_add_loop_test(tests, a_queue_that_is_not_empty_may_be_enabled, 0, INDEXES);
	tcase_add_loop_test(tests, a_bad_command_is_patched_in_place_wherever_it_stands, 0,
			    INDEXES);
	tcase_add_test(tests, any_errors_of_several_are_acknowledged_by_their_bits);
	tcase_add_test(tests, errors_are_acknowledged_by_a_copy_with_a_mask);
}

int main(void)
{
	return run("driver-queues", add);
}
