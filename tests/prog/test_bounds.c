/* SPDX-License-Identifier: MIT */
/* The most that software can ask for by one register access, counted: an access does so many acts
 * and no more, later ones do what is left, and nothing is kept for it meanwhile, whatever is kept
 * and whoever holds it up.  An act is a callback. */
#include "ported.h"
#include "run.h"

#include <check.h>
#include <malloc.h>

enum {
	MOST_ACTS = 1 << 21, /* of one register access */
	LG2 = 19,            /* of the longest queues.  6.3.2 */
	ENTRIES = 1 << LG2,
};

static unsigned acts(const struct machine *m)
{
	unsigned sum = 0;

	for (unsigned kind = READS; kind <= INVALIDATES; kind++)
		sum += m->counts[kind];
	return sum;
}

/* The longest Command queue, not rung for yet. */
static struct machine *with_longest_queue(void)
{
	struct machine *m = machine("linux-session");

	m->cmdq_lg2 = LG2;
	m->quiet = true;
	start_machine(m);
	return m;
}

static void fill_with(struct machine *m, struct command command)
{
	for (unsigned i = 0; i < ENTRIES; i++)
		queue_command(m, command);
}

/* Rings; all that is asked for takes this many acts, MOST_ACTS at a time, and no memory. */
static void expect_acts(struct machine *m, unsigned all)
{
	const size_t before = mallinfo2().uordblks;
	unsigned done = 0;

	look_away(m);
	ring(m);
	for (;;) {
		const unsigned now = acts(m);

		ck_assert_uint_eq(now, all - done < MOST_ACTS ? all - done : MOST_ACTS);
		done += now;
		if (!now)
			break;
		look_away(m);
		reg(m, GERRORN); /* any register */
	}
	ck_assert_uint_eq(done, all);
	ck_assert_uint_eq(mallinfo2().uordblks, before);
}

/* ---- Commands ---- */

/* CMDQ-003, RIL-004, CMD-CFGI-STE-RANGE, CMD-CFGI-ALL: the widest ranges: of 32 * 2^31 granules, of
 * all streams, of all translations.  Each is one announcement however much it reaches */
START_TEST(the_widest_ranges_are_one_act_each)
{
	static const struct {
		struct command command;
		uint64_t bytes, sids;
	} rows[] = {
		{ { { 0x12 | 31 << 12 | UINT64_C(31) << 20, 1 << 10 } }, UINT64_C(1) << 48, 0 },
		{ { { 0x13 | 31 << 12 | UINT64_C(31) << 20, 3 << 10 } }, UINT64_C(1) << 52, 0 },
		{ { { 0x04 | UINT64_C(0xffffffff) << 32, 31 } }, 0, UINT64_C(1) << 32 },
		{ { { 0x06 | UINT64_C(0xffffffff) << 32, 0 } }, 0, 1 },
		{ { { 0x30, 0 } }, 0, 0 },
	};
	struct machine *m = with_longest_queue();

	submit(m, rows[_i].command);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.bytes, rows[_i].bytes);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.sids, rows[_i].sids);
	fill_with(m, rows[_i].command);
	expect_acts(m, 2 * ENTRIES);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), ENTRIES + 1);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	close_machine(m);
}
END_TEST

/* The acts of a CMD_SYNC by interrupt with a message. */
enum { FETCH, MESSAGE, PULSE, SYNC_ACTS };

/* CMD-SYNC-8, GER-004, CMDQ-003: every message aborts; the error is told once */
START_TEST(syncs_whose_messages_abort_end_in_one_call)
{
	struct machine *m = with_longest_queue();

	m->aborts[0] = DOORBELL;
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	fill_with(m, sync_irq(DOORBELL, 1));
	expect_acts(m, SYNC_ACTS * ENTRIES + 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), ENTRIES);
	ck_assert_uint_eq(reg(m, GERROR), MSI_CMDQ_ABT_ERR);
	close_machine(m);
}
END_TEST

static void acknowledge(struct machine *m, const struct happening *now)
{
	if (now->kind == INTERRUPT && now->about == SMMU3_INTERRUPT_GERROR)
		set_reg(m, GERRORN, reg(m, GERROR));
}

/* CMD-SYNC-8, GER-004, CMDQ-003: every message aborts, and a handler acknowledges that at once, so
 * each is told anew, by a message of its own and a pulse: more than one call does */
START_TEST(what_is_too_much_for_one_call_is_done_by_the_next)
{
	struct machine *m = with_longest_queue();

	m->aborts[0] = DOORBELL;
	set_reg64(m, GERROR_IRQ_CFG0, DOORBELL + 8);
	set_reg(m, IRQ_CTRL, GERROR_IRQEN);
	m->inside = acknowledge;
	fill_with(m, sync_irq(DOORBELL, 1));
	expect_acts(m, (SYNC_ACTS + 2) * ENTRIES);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), ENTRIES);
	ck_assert_uint_eq(reg(m, GERROR), reg(m, GERRORN));
	close_machine(m);
}
END_TEST

static void ring_again(struct machine *m, const struct happening *now)
{
	if (now->kind == READS)
		submit(m, PREFETCH);
}

/* CMDQ-001, CMDQ-003: software that rings for another command whenever one is read */
START_TEST(software_that_never_stops_is_left_to_its_next_access)
{
	struct machine *m = started("linux-session");

	m->quiet = true;
	m->inside = ring_again;
	submit(m, PREFETCH);
	ck_assert_uint_eq(acts(m), MOST_ACTS);
	look_away(m);
	reg(m, CMDQ_CONS);
	ck_assert_uint_eq(acts(m), MOST_ACTS);
	m->inside = NULL;
	look_away(m);
	reg(m, CMDQ_CONS);
	ck_assert_uint_eq(acts(m), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	close_machine(m);
}
END_TEST

/* ---- Events ---- */

/* EVTQ-003 to EVTQ-005: the longest queue, full: a fault costs the fetch of its STE, and leaves
 * OVFLG once; commands go on, and so does the queue when it has room */
START_TEST(faults_that_find_no_room_leave_nothing)
{
	enum { FAULTS = 50000 };
	struct machine *m = machine("linux-session");

	m->eventq_lg2 = LG2;
	m->quiet = true;
	open_machine(m);
	set_reg(m, EVENTQ_PROD, ENTRIES); /* the wrap flag */
	set_reg(m, EVENTQ_CONS, 0);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	const size_t enabled = mallinfo2().uordblks;

	for (unsigned i = 0; i < FAULTS; i++)
		fault(m, i % 8);
	ck_assert_uint_eq(mallinfo2().uordblks, enabled);
	ck_assert_uint_eq(acts(m), FAULTS);
	ck_assert_uint_eq(count(m, READS), FAULTS);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), UINT32_C(1) << 31 | ENTRIES);
	look_away(m);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(acts(m), 1); /* no record waited for it */
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	fault(m, 5);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT), UINT64_C(5) << 32 | 0x04);
	close_machine(m);
}
END_TEST

static void fault_much(struct machine *m, const struct happening *now)
{
	if (now->kind != READS || now->access.reason != SMMU3_REASON_CMDQ)
		return;
	for (unsigned i = 0; i < 10000; i++)
		fault(m, 1);
}

/* EVTQ-005: faults inside of a callback wait for its end, 64 of them, and the rest are lost */
START_TEST(faults_of_one_callback_are_bounded)
{
	struct machine *m = machine("linux-session");

	m->eventq_lg2 = LG2;
	m->quiet = true;
	start_machine(m);
	m->inside = fault_much;
	look_away(m);
	submit(m, PREFETCH);
	ck_assert_uint_eq(count(m, WRITES), 64);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), UINT32_C(1) << 31 | 64);
	close_machine(m);
}
END_TEST

/* ---- Full caches, and sections ---- */

/* Everything that is kept is full, behind and in front, and the longest queue is empty. */
static struct ported full(void)
{
	struct machine *m = portable(64, false);

	m->cmdq_lg2 = LG2;
	m->quiet = true;
	start_machine(m);
	struct ported p = open_ported(m);

	for (unsigned page = 0; page < 512; page++) {
		put_s1(m, &ported_spaces[0], page, s1_page(HERE + PAGE(page)));
		(void)reached(m, 1, PAGE(page));
	}
	for (int space = 0; space < SPACES; space++)
		expect_goes(&p, space, HERE + PAGE(1));
	return p;
}

/* CMD-SYNC-6, CMD-SYNC-11, CMDQ-003: while sections are open a CMD_SYNC keeps all behind it
 * waiting, and costs no register access anything; when the last is closed all is done, one act for
 * each command and each invalidation, without memory, however much is kept */
START_TEST(sections_and_full_caches_make_no_more_acts)
{
	enum { PORTS = 8, FIRST = 3 };
	struct ported p = full();
	struct smmu3_port *port[PORTS];

	for (int i = 0; i < PORTS; i++) {
		port[i] = smmu3_port_open(p.m->smmu, NULL, NULL);
		smmu3_port_begin(port[i]);
	}
	const size_t before = mallinfo2().uordblks;

	for (unsigned i = 0; i < ENTRIES / 2; i++) {
		queue_command(p.m, nh_all(3));
		queue_command(p.m, SYNC_NONE);
	}
	look_away(p.m);
	ring(p.m);
	for (int i = 0; i < PORTS; i++) {
		for (int again = 0; again < 100; again++)
			reg(p.m, GERRORN); /* any register */
		ck_assert_uint_eq(acts(p.m), FIRST);
		smmu3_port_end(port[i]);
	}
	ck_assert_uint_eq(acts(p.m), ENTRIES + ENTRIES / 2);
	ck_assert(consumed(p.m));
	expect_goes(&p, 0, HERE + PAGE(1));
	ck_assert_uint_eq(mallinfo2().uordblks, before);
	for (int i = 0; i < PORTS; i++)
		smmu3_port_close(port[i]);
	close_ported(&p);
}
END_TEST

/* ---- Garbage ---- */

/* How many entries PROD covers from CONS in a queue of 8: none where the two contradict each other.
 */
static unsigned covered(uint32_t prod, uint32_t cons)
{
	const unsigned filled = (prod - cons) % 16;

	return filled <= 8 ? filled : 0;
}

/* CMDQ-010: each PROD with each CONS, and with every bit above the index set: what is
 * covered is read once, or nothing is */
START_TEST(any_prod_reads_what_it_covers_or_nothing)
{
	for (uint32_t prod = 0; prod < 16; prod++) {
		struct machine *m = machine("linux-session");

		open_machine(m);
		for (unsigned i = 0; i < 8; i++)
			*ram_at(m, COMMANDS_AT + 16 * (uint64_t)i) = PREFETCH.word[0];
		set_reg(m, CMDQ_CONS, (uint32_t)_i);
		set_reg(m, CMDQ_PROD, (uint32_t)_i);
		set_reg(m, CR0, CMDQEN);
		set_reg(m, CMDQ_PROD, prod | 0xfffffff0);
		ck_assert_uint_eq(acts(m), covered(prod, (uint32_t)_i));
		ck_assert_uint_eq(count(m, READS), acts(m));
		ck_assert_uint_eq(reg(m, CMDQ_CONS),
				  covered(prod, (uint32_t)_i) ? prod : (uint32_t)_i);
		ck_assert_uint_eq(reg(m, GERROR), 0);
		close_machine(m);
	}
}
END_TEST

/* Q-005, CMDQ-010: the longest queue and indexes from nowhere, one after the other: never more than
 * is in it */
START_TEST(garbage_in_prod_of_the_longest_queue_is_bounded)
{
	static const struct {
		uint32_t prod, cons; /* written, and where consumption then is */
		unsigned reads;
	} rows[] = {
		{ 0x80001, 0x00000, 0 }, /* an entry more than there are */
		{ 0xfffff, 0x00000, 0 },          { 0xdeadbeef, 0x00000, 0 },    /* 0xdbeef */
		{ 0x00007, 0x00007, 7 },          { 0x00006, 0x00007, 0 },       /* backwards */
		{ 0x80008, 0x00007, 0 },          { 0x80007, 0x80007, ENTRIES }, /* full */
		{ 0x7fffffff, 0xfffff, 0x7fff8 }, { 0xffffffff, 0xfffff, 0 },
		{ 0x00000, 0x00000, 1 },
	};
	struct machine *m = with_longest_queue();

	fill_with(m, PREFETCH);
	for (int i = 0; i < COUNT(rows); i++) {
		look_away(m);
		set_reg(m, CMDQ_PROD, rows[i].prod);
		ck_assert_uint_eq(acts(m), rows[i].reads);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), rows[i].cons);
	}
	close_machine(m);
}
END_TEST

/* the same of EVENTQ_CONS: a record is written where there is room, else it is an overflow
 */
START_TEST(any_cons_leaves_room_or_none)
{
	for (uint32_t cons = 0; cons < 16; cons++) {
		struct machine *m = machine("linux-session");
		const unsigned filled = ((uint32_t)_i - cons) % 16;

		open_machine(m);
		set_reg(m, EVENTQ_PROD, (uint32_t)_i);
		set_reg(m, EVENTQ_CONS, cons | 0x7ffffff0);
		set_reg(m, CR0, EVENTQEN | SMMUEN);
		fault(m, 1);
		ck_assert_uint_eq(count(m, WRITES), filled < 8);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), filled < 8 ?
							       ((uint32_t)_i + 1) % 16 :
							       UINT32_C(1) << 31 | (uint32_t)_i);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, the_widest_ranges_are_one_act_each, 0, 5);
	tcase_add_test(tests, syncs_whose_messages_abort_end_in_one_call);
	tcase_add_test(tests, what_is_too_much_for_one_call_is_done_by_the_next);
	tcase_add_test(tests, software_that_never_stops_is_left_to_its_next_access);
	tcase_add_test(tests, faults_that_find_no_room_leave_nothing);
	tcase_add_test(tests, faults_of_one_callback_are_bounded);
	tcase_add_test(tests, sections_and_full_caches_make_no_more_acts);
	tcase_add_loop_test(tests, any_prod_reads_what_it_covers_or_nothing, 0, 16);
	tcase_add_test(tests, garbage_in_prod_of_the_longest_queue_is_bounded);
	tcase_add_loop_test(tests, any_cons_leaves_room_or_none, 0, 16);
}

int main(void)
{
	return run("bounds", add);
}
