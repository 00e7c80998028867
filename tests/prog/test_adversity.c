/* SPDX-License-Identifier: MIT */
/* Memory that fails when it is asked to, full queues, and what comes late.  smmu/adversity.h */
#include "adverse.h"
#include "keeping.h"
#include "run.h"

#include <stdlib.h>
#include <string.h>

/* ---- Memory ---- */

/* A stream of stage 1 with a page; m->windows says how memory is reached. */
static struct machine *walking(bool windows)
{
	static const struct space space = { 1, STAGE_1, 0, 1 };
	struct machine *m = keeping(0);

	m->quiet = true;
	m->windows = windows;
	start_machine(m);
	put_space(m, &space);
	put_s1(m, &space, 0, s1_page(HERE));
	return m;
}

static uint8_t event_of(struct machine *m)
{
	return read_by(m, 1, 0).event;
}

/* ST-14, SUB-17, WALK-25: the event of each aborted structure is its own, once; smmu/adversity.h */
static const struct {
	const char *word;
	uint8_t event;
} aborted[] = {
	{ "abort=ste", 0x03 },   { "poison=cd", 0x09 },   { "abort=s1_ttd:3", 0x0b },
	{ "abort=any:5", 0x0b }, { "abort=any:2", 0x09 }, { "abort=cd+ste:2", 0x09 },
};

START_TEST(the_kth_access_of_a_reason_aborts_and_no_other)
{
	struct machine *m = walking(_i % 2);

	const int row = _i / 2;

	demand(m, aborted[row].word);
	ck_assert_uint_eq(event_of(m), aborted[row].event);
	ck_assert_uint_eq(smmu3_adversity_met(m->smmu, 0), 1);
	ck_assert_uint_eq(event_of(m), 0);
	ck_assert_uint_eq(smmu3_adversity_met(m->smmu, 0), 1);
	close_machine(m);
}
END_TEST

/* smmu/adversity.h: FIRST:EVERY:TIMES */
START_TEST(accesses_abort_again_as_often_as_is_said)
{
	static const struct {
		const char *word, *ends; /* of STE reads, one after the other */
	} rows[] = {
		{ "abort=ste:2:1", ".aaaaaa" }, { "abort=ste:1:3", "a..a..a" },
		{ "abort=ste:3:2", "..a.a.a" }, { "abort=ste:2:2:2", ".a.a..." },
		{ "abort=ste:4", "...a..." },   { "lose=ste:1:1", "......." },
	};
	struct machine *m = walking(true);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		demand(m, rows[i].word);
		for (const char *end = rows[i].ends; *end; end++)
			ck_assert_msg(event_of(m) == (*end == 'a' ? 0x03 : 0), "%s, %s",
				      rows[i].word, end);
		demand(m, "none");
	}
	close_machine(m);
}
END_TEST

/* smmu/adversity.h: an access that shares a byte with the range is meant.  The STE of stream 1 has
 * 64 bytes from STREAMS_AT + 64 */
START_TEST(a_range_of_addresses_means_accesses_that_touch_it)
{
	static const struct {
		const char *word;
		uint8_t event;
	} rows[] = {
		{ "abort=any@0x80000000+64", 0 },   { "abort=any@0x8000007f+1", 0x03 },
		{ "abort=any@0x80000080+4096", 0 }, { "abort=any@0x80000000+65", 0x03 },
		{ "abort=cd@0x80000040+64", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct machine *m = walking(i % 2);

		demand(m, rows[i].word);
		ck_assert_msg(event_of(m) == rows[i].event, "%s", rows[i].word);
		close_machine(m);
	}
}
END_TEST

/* smmu/adversity.h: windows that come and go meanwhile, and what stands in them, too */
START_TEST(windows_are_served_behind_the_rules)
{
	struct machine *m = walking(true);
	const unsigned ns = SMMU3_PAS_BIT(SMMU3_PAS_NS);

	demand(m, "abort=ste:2");
	ck_assert_uint_eq(event_of(m), 0);
	ck_assert_uint_eq(count(m, READS), 0); /* none of them is the host's */
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, 64, ns, m->ram), -SMMU3_E_OVERLAP);
	ck_assert_int_eq(smmu3_remove_ram(m->smmu, RAM_AT, ns), 0);
	ck_assert_uint_eq(event_of(m), 0x03);
	ck_assert_uint_eq(event_of(m), 0);
	ck_assert_uint_gt(count(m, READS), 0);
	look_away(m);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, ns, m->ram), 0);
	demand(m, "none");
	ck_assert_uint_eq(event_of(m), 0);
	ck_assert_uint_eq(count(m, READS), 0);
	close_machine(m);
}
END_TEST

/* smmu/adversity.h: what is known of ways to tables is in windows, which a rule takes away */
START_TEST(what_is_kept_of_windows_passes_no_rule_by)
{
	struct machine *m = keeping(16);

	m->quiet = true;
	m->windows = true;
	m->config.caches.micro = 16;
	m->config.caches.micro_streams = 16;
	m->config.caches.tlb = 0;
	start_machine(m);
	static const struct space space = { 1, STAGE_1, 0, 1 };

	put_space(m, &space);
	put_s1(m, &space, 0, s1_page(HERE));
	put_s1(m, &space, 1, s1_page(HERE + 0x1000));
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0);
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0);
	demand(m, "abort=s1_ttd:1:1");
	ck_assert_uint_eq(read_by(m, 1, 0x1000).event, 0x0b);
	demand(m, "none");
	ck_assert_uint_eq(read_by(m, 1, 0x1000).pa, HERE + 0x1000);
	close_machine(m);
}
END_TEST

/* CMDQ-007, EVTQ-008, IRQ-009 */
START_TEST(queues_and_messages_abort_as_memory_does)
{
	struct machine *m = machine("linux-session");

	running(m, "abort=cmdq:2");
	submit(m, CFGI_ALL);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(error_of(m), CERROR_ABT);
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	demand(m, "abort=msi");
	submit(m, sync_irq(DOORBELL, 5));
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), MSI_CMDQ_ABT_ERR);
	set_reg(m, GERRORN, reg(m, GERROR));
	demand(m, "abort=eventq");
	fault(m, 1);
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), EVENTQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	close_machine(m);
}
END_TEST

/* HTTU-02: an update that finds another value walks again; here the Access flag is set at the third
 * try.  smmu/adversity.h */
START_TEST(an_update_is_lost_as_often_as_is_said)
{
	static const struct space space = { 1, STAGE_1, 0, 1 };
	struct machine *m = keeping(0);
	uint64_t *const cd = ram_at(m, cd_at(&space, 0));

	m->quiet = true;
	m->windows = true;
	m->config.idr[0] |= 1u << 6; /* HTTU: Access flag */
	start_machine(m);
	put_space(m, &space);
	cd[0] |= UINT64_C(1) << 43; /* HA */
	put_s1(m, &space, 0, s1_page(HERE) & ~TTD_AF);
	demand(m, "lose=s1_ttd:1:1:2");
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_OK);
	ck_assert_uint_eq(smmu3_adversity_met(m->smmu, 0), 2);
	ck_assert_uint_ne(*ram_at(m, table1(&space, 3)) & TTD_AF, 0);
	put_s1(m, &space, 0, s1_page(HERE) & ~TTD_AF);
	demand(m, "lose=any:1:1"); /* without end: given up */
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0x0b);
	ck_assert_uint_eq(*ram_at(m, table1(&space, 3)) & TTD_AF, 0);
	close_machine(m);
}
END_TEST

/* ---- Queues ---- */

/* EVTQ-005: records that find the queue full are lost, and overflow it once.  7.4 */
START_TEST(the_event_queue_is_full_for_the_next_records)
{
	struct machine *m = running(machine("generic-3.1"), "full=eventq:2");

	fault(m, 1);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1u << 31);
	fault(m, 3);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1u << 31 | 1);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 0)), UINT64_C(3) << 32 | 0x04);
	close_machine(m);
}
END_TEST

/* STALL-19: a stall is not lost, but retried when there is room.  7.4 */
START_TEST(a_stall_that_finds_the_queue_full_is_retried)
{
	static const struct space space = { 1, STAGE_1, 0, 1 };
	struct machine *m = keeping(0);

	m->quiet = true;
	m->config.idr[0] &= ~(3u << 24);
	m->config.idr[5] |= 8u << 16;
	start_machine(m);
	put_space(m, &space);
	*ram_at(m, cd_at(&space, 0)) |= UINT64_C(1) << 44; /* S */
	demand(m, "full=eventq:1");
	look_away(m);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(count(m, ENDED), 1);
	ck_assert_uint_eq(first(m, ENDED)->stall.end, SMMU3_STALL_RETRY);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	ck_assert_uint_eq(read_by(m, 1, 0).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* PRIQ-008: an overflow lasts until software acknowledges it.  8.1 */
START_TEST(the_pri_queue_is_full_for_the_next_request)
{
	const struct smmu3_page_request request = { .sid = 1,
						    .flags = SMMU3_PAGE_READ | SMMU3_PAGE_LAST };
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1u << 10 | 1u << 16; /* ATS, PRI */
	m->config.idr[1] |= 2u << 11;
	m->quiet = true;
	open_machine(m);
	set_reg64(m, PRIQ_BASE, (RAM_AT + 0x40000) | 2);
	set_reg(m, CR0, CMDQEN | EVENTQEN | PRIQEN | SMMUEN);
	demand(m, "full=priq:1");
	look_away(m);
	ck_assert_int_eq(smmu3_page_request(m->smmu, &request), 0);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1u << 31);
	ck_assert_uint_eq(first(m, ANSWERS_PAGE)->response.code, SMMU3_PAGE_SUCCESS);
	set_reg(m, PRIQ_CONS, 1u << 31);
	ck_assert_int_eq(smmu3_page_request(m->smmu, &request), 0);
	ck_assert_uint_eq(reg(m, PRIQ_PROD), 1u << 31 | 1);
	close_machine(m);
}
END_TEST

/* ---- Time ---- */

/* Nothing says when a CMD_SYNC completes: the third access after it sees it.  4.7.3;
 * smmu/adversity.h */
START_TEST(a_sync_completes_some_accesses_later)
{
	struct machine *m = running(machine("generic-3.1"), "sync=2");

	queue_command(m, CFGI_ALL);
	queue_command(m, SYNC_NONE);
	queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	close_machine(m);
}
END_TEST

/* smmu/adversity.h */
START_TEST(a_sync_that_is_held_completes_when_it_is_released)
{
	struct machine *m = running(machine("generic-3.1"), "sync=held");

	submit(m, SYNC_NONE);
	for (unsigned i = 0; i < 100; i++)
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	look_away(m);
	fault(m, 1); /* others go on */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	demand(m, "none");
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	close_machine(m);
}
END_TEST

/* CMDQ-001: commands are consumed any time later.  4.1.2 */
START_TEST(commands_are_consumed_piece_by_piece)
{
	struct machine *m = running(machine("generic-3.1"), "commands=2");

	for (unsigned i = 0; i < 5; i++)
		queue_command(m, CFGI_ALL);
	look_away(m);
	ring(m);
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	fault(m, 1); /* is recorded before those that wait */
	ck_assert_uint_eq(count(m, INVALIDATES), 2);
	ck_assert_uint_eq(count(m, WRITES), 1);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 4);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 5);
	close_machine(m);
}
END_TEST

/* ---- Words, and what is no state ---- */

/* smmu/adversity.h: the grammar */
START_TEST(words_that_ask_for_nothing_are_refused)
{
	static const struct {
		const char *word;
		int code;
	} rows[] = {
		{ "", SMMU3_E_FORMAT },
		{ "abort", SMMU3_E_FORMAT },
		{ "abort=", SMMU3_E_FORMAT },
		{ "abort=std", SMMU3_E_FORMAT },
		{ "abort=ste+", SMMU3_E_FORMAT },
		{ "abort=ste:", SMMU3_E_FORMAT },
		{ "abort=ste:010", SMMU3_E_FORMAT }, /* neither 8 nor 10 */
		{ "abort=ste@00+64", SMMU3_E_FORMAT },
		{ "007", SMMU3_E_FORMAT },
		{ "abort=ste:1:2:3:4", SMMU3_E_FORMAT },
		{ "abort=ste@1", SMMU3_E_FORMAT },
		{ "abort=ste@1+0", SMMU3_E_FORMAT },
		{ "abort=ste@0xffffffffffffffff+2", SMMU3_E_ARGUMENT },
		{ "abort=ste:99999999999999999999", SMMU3_E_FORMAT },
		{ "full=cmdq:1", SMMU3_E_FORMAT },
		{ "full=priq:1", SMMU3_E_ARGUMENT },
		{ "full=secure.eventq:1", SMMU3_E_ARGUMENT },
		{ "full=eventq:", SMMU3_E_FORMAT },
		{ "sync=soon", SMMU3_E_FORMAT },
		{ "sync=-1", SMMU3_E_FORMAT },
		{ "commands=held", SMMU3_E_FORMAT },
		{ "1x", SMMU3_E_FORMAT },
		{ "gbpa-update=never", SMMU3_E_NOT_FOUND },
		{ "gbpa=late", SMMU3_E_NOT_FOUND },
		{ "s-init-while-enabled=ignored", SMMU3_E_INCONSISTENT },
	};
	struct machine *m = machine("generic-3.1");
	struct smmu3_error error;
	char text[16];

	create_machine(m);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ck_assert_msg(smmu3_adversity_ask(m->smmu, rows[i].word, &error) == -rows[i].code,
			      "%s", rows[i].word);
		ck_assert_int_eq(error.code, -rows[i].code);
		ck_assert_str_ne(error.text, "");
	}
	for (unsigned i = 0; i < SMMU3_MEM_RULES; i++)
		demand(m, "abort=gpt");
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "abort=gpt", NULL), -SMMU3_E_LIMIT);
	ck_assert_uint_eq(smmu3_adversity_text(m->smmu, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
	close_machine(m);
}
END_TEST

/* smmu/adversity.h: it is no state, and neither saved nor loaded */
START_TEST(an_smmu_of_which_adversity_is_asked_is_not_saved)
{
	struct machine *m = running(machine("generic-3.1"), "gbpa-update=late");
	struct smmu3_error error;
	size_t size = 0;

	ck_assert_int_eq(smmu3_save(m->smmu, NULL, &size, &error), -SMMU3_E_UNSUPPORTED);
	demand(m, "none");
	ck_assert_int_eq(smmu3_save(m->smmu, NULL, &size, &error), 0);
	void *const blob = malloc(size);

	ck_assert_ptr_nonnull(blob);
	ck_assert_int_eq(smmu3_save(m->smmu, blob, &size, &error), 0);
	demand(m, "sync=1");
	ck_assert_int_eq(smmu3_load(m->smmu, blob, size, &error), -SMMU3_E_UNSUPPORTED);
	demand(m, "none");
	ck_assert_int_eq(smmu3_load(m->smmu, blob, size, &error), 0);
	free(blob);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_kth_access_of_a_reason_aborts_and_no_other, 0,
			    2 * COUNT(aborted));
	tcase_add_test(tests, accesses_abort_again_as_often_as_is_said);
	tcase_add_test(tests, a_range_of_addresses_means_accesses_that_touch_it);
	tcase_add_test(tests, windows_are_served_behind_the_rules);
	tcase_add_test(tests, what_is_kept_of_windows_passes_no_rule_by);
	tcase_add_test(tests, queues_and_messages_abort_as_memory_does);
	tcase_add_test(tests, an_update_is_lost_as_often_as_is_said);
	tcase_add_test(tests, the_event_queue_is_full_for_the_next_records);
	tcase_add_test(tests, a_stall_that_finds_the_queue_full_is_retried);
	tcase_add_test(tests, the_pri_queue_is_full_for_the_next_request);
	tcase_add_test(tests, a_sync_completes_some_accesses_later);
	tcase_add_test(tests, a_sync_that_is_held_completes_when_it_is_released);
	tcase_add_test(tests, commands_are_consumed_piece_by_piece);
	tcase_add_test(tests, words_that_ask_for_nothing_are_refused);
	tcase_add_test(tests, an_smmu_of_which_adversity_is_asked_is_not_saved);
}

int main(void)
{
	return run("adversity", add);
}
