/* SPDX-License-Identifier: MIT */
/* The Command queue: what is fetched when, what is consumed, what stops it.  3.5, 4.1, 6.3.27,
 * 6.3.28, 7.1 */
#include "driver.h"
#include "run.h"

#include <check.h>
#include <string.h>

/* ---- Consumption ---- */

/* CMDQ-001, CMDQ-003, Q-006: a write of PROD is all that it takes; 16 bytes each, the opcode in the
 * first */
START_TEST(a_write_of_prod_starts_consumption)
{
	struct machine *m = started("linux-session");
	const uint8_t bytes[16] = { 0x04, 0, 0, 0, 0, 0, 0, 0, 31 };

	memcpy(ram_at(m, COMMANDS_AT), bytes, sizeof(bytes));
	ck_assert_uint_eq(m->seen_count, 0);
	set_reg(m, CMDQ_PROD, 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	const struct happening *fetch = nth(m, 0, READS);

	ck_assert_uint_eq(fetch->access.pa, COMMANDS_AT);
	ck_assert_uint_eq(fetch->access.bytes, 16);
	ck_assert_uint_eq(fetch->access.pas, SMMU3_PAS_NS);
	ck_assert_uint_eq(fetch->access.reason, SMMU3_REASON_CMDQ);
	ck_assert_uint_eq(nth(m, 1, INVALIDATES)->scope.kind, SMMU3_INVALIDATES_STREAM);
	ck_assert_uint_eq(m->seen_count, 2);
	close_machine(m);
}
END_TEST

/* CMDQ-003, CMDQ-004: in order, to the top and around it, and filled exactly */
START_TEST(commands_are_consumed_in_order_around_the_queue)
{
	struct machine *m = started("linux-session");

	for (unsigned round = 0; round < 5; round++) {
		for (unsigned i = 0; i < 3 + round; i++) /* 3, 4, ... 7: 25 in all, three rounds */
			queue_command(m, (struct command){ { 0x03 | (uint64_t)i << 32, 1 } });
		look_away(m);
		ring(m);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
		ck_assert_uint_eq(count(m, INVALIDATES), 3 + round);
		for (unsigned i = 0; i < 3 + round; i++)
			ck_assert_uint_eq(nth(m, 2 * i + 1, INVALIDATES)->scope.sid, i);
	}
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 25 % 16);
	for (unsigned i = 0; i < 8; i++)
		queue_command(m, NSNH_ALL);
	ck_assert_uint_eq(m->prod, 1); /* (25 + 8) % 16: the index equal, the wrap flag not */
	look_away(m);
	ring(m);
	ck_assert_uint_eq(count(m, READS), 8);
	ck_assert_uint_eq(nth(m, 0, READS)->access.pa, COMMANDS_AT + 16);
	ck_assert_uint_eq(nth(m, 14, READS)->access.pa, COMMANDS_AT);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* CMDQ-003, Q-014, Q-016: what a driver with many processors does: 64 commands and a CMD_SYNC */
START_TEST(a_batch_of_64_and_a_sync_is_one_write_of_prod)
{
	struct machine *m = machine("linux-session");

	m->cmdq_lg2 = 7;
	start_machine(m);
	for (unsigned i = 0; i < 64; i++)
		queue_command(m, (struct command){ { 0x12, (uint64_t)i << 12 | 1 } });
	queue_command(m, sync_irq(DOORBELL, 0x51));
	ring(m);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), 65);
	ck_assert_uint_eq(count(m, INVALIDATES), 64);
	ck_assert_uint_eq(count(m, WRITES), 1); /* the message, none to the queue */
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 65);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x51);
	for (unsigned i = 0; i < 64; i++)
		ck_assert_uint_eq(nth(m, 2 * i + 1, INVALIDATES)->scope.addr, (uint64_t)i << 12);
	close_machine(m);
}
END_TEST

/* a queue of one entry */
START_TEST(a_queue_of_one_entry_has_a_wrap_flag_alone)
{
	struct machine *m = machine("linux-session");

	m->cmdq_lg2 = 0;
	start_machine(m);
	for (unsigned i = 0; i < 5; i++) {
		submit(m, CFGI_ALL);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1 - i % 2);
		ck_assert_uint_eq(m->seen[m->seen_count - 2].access.pa, COMMANDS_AT);
	}
	ck_assert_uint_eq(count(m, INVALIDATES), 5);
	close_machine(m);
}
END_TEST

/* the base is aligned to the queue as used, which IDR1.CMDQS limits; bits of
 * PROD above the queue count for nothing */
START_TEST(the_base_is_aligned_to_the_size_of_the_queue)
{
	static const struct {
		const char *profile;
		uint64_t base;
		uint32_t prod;
		uint64_t first;
	} rows[] = {
		{ "linux-session", 0x80800000 | 3, 1, 0x80800000 },
		{ "linux-session", 0x80800fe0 | 3, 1, 0x80800f80 }, /* 128 bytes */
		{ "linux-session", 0x80800fe0 | 0, 1, 0x80800fe0 }, /* 32 bytes at least */
		{ "linux-session", 0x80800fe0 | 1, 1, 0x80800fe0 },
		{ "linux-session", 0x80ffffe0 | 16, 1, 0x80f00000 },
		{ "minimal-3.0", 0x80ffffe0 | 31, 1, 0x80fff000 }, /* CMDQS: 256 entries */
		{ "linux-session", 0x80800000 | 3, 0xffff1, 0x80800000 },
	};

	for (int i = 0; i < COUNT(rows); i++) {
		struct machine *m = machine(rows[i].profile);

		open_machine(m);
		set_reg64(m, CMDQ_BASE, rows[i].base);
		*ram_at(m, rows[i].first) = 0x46;
		set_reg(m, CR0, CMDQEN);
		set_reg(m, CMDQ_PROD, rows[i].prod);
		ck_assert_uint_eq(first(m, READS)->access.pa, rows[i].first);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		ck_assert_uint_eq(reg(m, GERROR), 0);
		close_machine(m);
	}
}
END_TEST

/* CR-025, CR-022, CR-023: CR1.QUEUE_*, and the RA hint of the base */
START_TEST(commands_are_read_with_the_attributes_of_cr1)
{
	static const struct {
		uint32_t cr1;
		bool ra;
		uint8_t mair, sh;
	} rows[] = {
		{ 0x35, true, 0xee, SMMU3_ISH }, /* Write-Back, Write-Back, ISH; RA */
		{ 0x35, false, 0xcc, SMMU3_ISH },        { 0x05, true, 0xee, SMMU3_NSH },
		{ 0x15, true, 0xee, SMMU3_NSH },         /* reserved SH */
		{ 0x26, true, 0xea, SMMU3_OSH },         /* inner Write-Through, outer Write-Back */
		{ 0x39, true, 0xae, SMMU3_ISH },         /* inner Write-Back, outer Write-Through */
		{ 0x34, true, 0xe4, SMMU3_ISH },         /* inner Non-cacheable, outer Write-Back */
		{ 0x30, true, 0x44, SMMU3_OSH },         /* Non-cacheable is Outer Shareable */
		{ 0x3f, true, 0x44, SMMU3_OSH },         /* reserved: Non-cacheable */
		{ 0xd40 | 0x00, true, 0x44, SMMU3_OSH }, /* TABLE_* is another's */
	};
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (int i = 0; i < COUNT(rows); i++) {
		set_reg(m, CR0, 0);
		set_reg(m, CR1, rows[i].cr1);
		set_reg64(m, CMDQ_BASE, COMMANDS_AT | 3 | (uint64_t)rows[i].ra << 62);
		set_reg(m, CR0, CMDQEN);
		look_away(m);
		submit(m, PREFETCH);
		ck_assert_uint_eq(first(m, READS)->access.attr.mair, rows[i].mair);
		ck_assert_uint_eq(first(m, READS)->access.attr.sh, rows[i].sh);
	}
	close_machine(m);
}
END_TEST

/* Q-005, CMDQ-010: nothing is consumed while the indexes contradict each other; once they agree,
 * consumption goes on */
START_TEST(a_prod_that_contradicts_cons_stops_consumption)
{
	static const uint32_t wrong[] = { 0x9, 0xf, 0xc };
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 2; i++)
		queue_command(m, CFGI_ALL);
	for (int i = 0; i < COUNT(wrong); i++) {
		set_reg(m, CMDQ_PROD, wrong[i]);
		ck_assert_uint_eq(m->seen_count, 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
		ck_assert_uint_eq(reg(m, GERROR), 0);
	}
	ring(m);
	ck_assert_uint_eq(count(m, READS), 2);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* ---- Enabling ---- */

/* CR-008, CR-009, Q-010, CMDQ-002: enabling starts, without a write of PROD; disabled, nothing is
 * fetched and CONS may be written */
START_TEST(only_an_enabled_queue_is_read)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	for (unsigned i = 0; i < 3; i++)
		queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(m->seen_count, 0);
	set_reg(m, CR0, SMMUEN | EVENTQEN);
	ck_assert_uint_eq(m->seen_count, 0);
	set_reg(m, CR0, CMDQEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN);
	ck_assert_uint_eq(count(m, READS), 3);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	set_reg(m, CMDQ_CONS, 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	set_reg(m, CR0, 0);
	ck_assert_uint_eq(reg(m, CR0ACK), 0);
	submit(m, CFGI_ALL);
	ck_assert_uint_eq(count(m, READS), 3);
	set_reg(m, CMDQ_CONS, 2); /* one again */
	set_reg(m, CR0, CMDQEN);
	ck_assert_uint_eq(count(m, READS), 5);
	ck_assert_uint_eq(nth(m, 6, READS)->access.pa, command_at(m, 2));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	close_machine(m);
}
END_TEST

/* RST-005, CMD-008, CR-013: SMMUEN is not asked */
START_TEST(commands_are_executed_while_the_smmu_is_disabled)
{
	struct machine *m = machine("linux-session");

	open_machine(m);
	set_reg(m, CR0, CMDQEN);
	queue_command(m, CFGI_ALL);
	queue_command(m, NSNH_ALL);
	queue_command(m, PREFETCH);
	queue_command(m, sync_irq(DOORBELL, 0x77));
	ring(m);
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	ck_assert_uint_eq(*ram_at(m, DOORBELL), 0x77);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	close_machine(m);
}
END_TEST

/* ---- Each slot once ---- */

/* a CMD_SYNC whose message goes to its own slot, which then begins with opcode 0, has
 * been read for the last time */
START_TEST(a_slot_is_not_read_again_once_consumed)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 8; i++) {
		look_away(m);
		submit(m, sync_irq(command_at(m, m->prod), 0));
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_CMDQ), 1);
		ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
		ck_assert_uint_eq((uint32_t)*ram_at(m, command_at(m, i)), 0);
		ck_assert_uint_eq(reg(m, GERROR), 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), (i + 1) % 16);
	}
	close_machine(m);
}
END_TEST

static void put_next_command(struct machine *m, const struct happening *now)
{
	/* command 3 is written when PROD already covers 0 to 2, which are being consumed */
	if (now->kind == READS && now->access.pa == command_at(m, 2))
		queue_command(m, SYNC_NONE);
}

/* an entry at or beyond PROD is not read, whatever stands there */
START_TEST(nothing_is_read_before_prod_covers_it)
{
	struct machine *m = started("linux-session");

	for (unsigned i = 0; i < 3; i++)
		queue_command(m, CFGI_ALL);
	*ram_at(m, command_at(m, 3)) = 0xff;
	m->inside = put_next_command;
	ring(m);
	ck_assert_uint_eq(count(m, READS), 3);
	ck_assert_uint_eq(m->prod, 4);
	ring(m);
	ck_assert_uint_eq(count(m, READS), 4);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	close_machine(m);
}
END_TEST

/* ---- SEV ---- */

/* CMDQ-011: an event when a full queue is full no longer, once; and only where there are events */
START_TEST(an_event_tells_that_a_full_queue_has_room)
{
	for (unsigned sev = 0; sev < 2; sev++) {
		struct machine *m = machine("linux-session");

		m->config.idr[0] = (m->config.idr[0] & ~(1u << 14)) | sev << 14;
		start_machine(m);
		for (unsigned i = 0; i < 7; i++)
			queue_command(m, PREFETCH);
		ring(m);
		ck_assert_uint_eq(count(m, EVENT), 0);
		for (unsigned i = 0; i < 8; i++)
			queue_command(m, PREFETCH);
		look_away(m);
		ring(m);
		ck_assert_uint_eq(count(m, EVENT), sev);
		if (sev) /* after the first of the eight, and its CONS */
			ck_assert_uint_eq(nth(m, 1, EVENT)->cmdq_cons, 8);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_write_of_prod_starts_consumption);
	tcase_add_test(tests, commands_are_consumed_in_order_around_the_queue);
	tcase_add_test(tests, a_batch_of_64_and_a_sync_is_one_write_of_prod);
	tcase_add_test(tests, a_queue_of_one_entry_has_a_wrap_flag_alone);
	tcase_add_test(tests, the_base_is_aligned_to_the_size_of_the_queue);
	tcase_add_test(tests, commands_are_read_with_the_attributes_of_cr1);
	tcase_add_test(tests, a_prod_that_contradicts_cons_stops_consumption);
	tcase_add_test(tests, only_an_enabled_queue_is_read);
	tcase_add_test(tests, commands_are_executed_while_the_smmu_is_disabled);
	tcase_add_test(tests, a_slot_is_not_read_again_once_consumed);
	tcase_add_test(tests, nothing_is_read_before_prod_covers_it);
	tcase_add_test(tests, an_event_tells_that_a_full_queue_has_room);
}

int main(void)
{
	return run("cmdq", add);
}
