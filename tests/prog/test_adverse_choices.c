/* SPDX-License-Identifier: MIT */
/* Queues, records, structures and caches that do what docs/choices.md says is also allowed.
 * smmu/adversity.h */
#include "adverse.h"
#include "keeping.h"
#include "run.h"

#include <string.h>

enum { CHOICES_MOST = 128 };

static const struct space space = { 1, STAGE_1, 0, 1 };

/* Stream 1 has a page at 0, which goes HERE. */
static struct machine *translating(struct machine *m, const char *word)
{
	running(m, word);
	put_space(m, &space);
	put_s1(m, &space, 0, s1_page(HERE));
	return m;
}

/* ---- The list ---- */

/* smmu/adversity.h: each choice has a name, a section and at least one alternative */
START_TEST(choices_are_listed)
{
	const struct smmu3_choice *choice;
	size_t index = 0;

	for (; (choice = smmu3_choice(index)); index++) {
		ck_assert_str_eq(choice->alternative[0], "libsmmu");
		ck_assert_ptr_nonnull(choice->alternative[1]);
		ck_assert_ptr_nonnull(choice->section);
		for (size_t other = 0; other < index; other++)
			ck_assert_str_ne(smmu3_choice(other)->name, choice->name);
	}
	ck_assert_uint_ge(index, 12);
	ck_assert_uint_le(index, CHOICES_MOST);
}
END_TEST

/* smmu/adversity.h: the same number, the same choices; each choice is made by some, and none is
 * that the configuration does not let be made */
START_TEST(a_seed_makes_all_choices)
{
	struct machine *m = machine("generic-3.3"), *n = machine("generic-3.3");
	bool made[CHOICES_MOST][SMMU3_ALTERNATIVES] = { { false } };
	char once[8192], again[8192];

	create_machine(m);
	create_machine(n);
	for (uint64_t seed = 0; seed < 200; seed++) {
		ck_assert_int_eq(smmu3_adversity_seed(m->smmu, seed), 0);
		for (size_t i = 0; smmu3_choice(i); i++)
			made[i][smmu3_adversity_chosen(m->smmu, i)] = true;
	}
	demand(m, "0x7");
	demand(n, "7");
	ck_assert_uint_eq(smmu3_adversity_text(m->smmu, once, sizeof(once)), strlen(once));
	(void)smmu3_adversity_text(n->smmu, again, sizeof(again));
	ck_assert_str_eq(once, again);
	demand(n, "8");
	(void)smmu3_adversity_text(n->smmu, again, sizeof(again));
	ck_assert_str_ne(once, again);
	for (size_t i = 0; smmu3_choice(i); i++) {
		const struct smmu3_choice *const choice = smmu3_choice(i);

		for (unsigned k = 0; choice->alternative[k]; k++) {
			const bool possible = !smmu3_adversity_choose(n->smmu, choice->name,
								      choice->alternative[k], NULL);

			ck_assert_msg(made[i][k] == possible, "%s=%s", choice->name,
				      choice->alternative[k]);
		}
	}
	close_machine(m);
	close_machine(n);
}
END_TEST

/* smmu/adversity.h: with nothing asked for any more everything is as before */
START_TEST(what_is_asked_for_ends)
{
	struct machine *m = translating(machine("generic-3.1"), "cr0-update=late");
	struct smmu3_outcome outcome;
	char text[64];

	ram_at(m, STREAMS_AT + 64)[3] |= UINT64_C(1) << 63;
	demand(m, "ste-reserved-bits=illegal");
	(void)smmu3_adversity_text(m->smmu, text, 24);
	ck_assert_str_eq(text, "cr0-update=late ste-res");
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0x04);
	set_reg(m, CR0, CMDQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | EVENTQEN | SMMUEN);
	demand(m, "none");
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN | SMMUEN);
	outcome = read_by(m, 1, 0);
	ck_assert_uint_eq(outcome.pa, HERE);
	update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	close_machine(m);
}
END_TEST

/* ---- Structures ---- */

/* STE-78, SUB-11: bits of words 1 and 3 of an STE, and of word 2 of a CD, that nothing defines */
static const struct {
	const char *word;
	bool of_cd;
	unsigned at, bit;
	uint8_t event;
} undefined[] = {
	{ "ste-reserved-bits=illegal", false, 3, 63, 0x04 },
	{ "ste-reserved-bits=illegal", false, 1, 43, 0x04 },
	{ "ste-reserved-bits=illegal", false, 1, 60, 0 },
	{ "ste-reserved-bits=illegal", false, 1, 20, 0 }, /* software's own */
	{ "ste-impdef-fields=illegal", false, 1, 60, 0x04 },
	{ "ste-impdef-fields=illegal", false, 3, 63, 0 },
	{ "cd-reserved-bits=illegal", true, 2, 57, 0x0a },
	{ "cd-reserved-bits=illegal", false, 3, 63, 0 },
};

START_TEST(undefined_bits_are_illegal)
{
	struct machine *m = translating(machine("generic-3.1"), "commands=0");
	const uint64_t at = undefined[_i].of_cd ? cd_at(&space, 0) : STREAMS_AT + 64;

	ram_at(m, at)[undefined[_i].at] |= UINT64_C(1) << undefined[_i].bit;
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0);
	demand(m, undefined[_i].word);
	ck_assert_uint_eq(read_by(m, 1, 0).event, undefined[_i].event);
	close_machine(m);
}
END_TEST

/* ---- Records ---- */

/* FLT-20, STE-19: equal records of events before an STE is found are one, while software has not
 * read the first.  7.3.1 */
START_TEST(equal_events_are_merged)
{
	struct machine *m = translating(machine("generic-3.1"), "event-merging=merged");

	fault(m, 2);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	fault(m, 3);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 3);
	set_reg(m, EVENTQ_CONS, 3);
	fault(m, 2);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	ck_assert_uint_eq(read_by(m, 1, 0x1000).event, 0x10);
	ck_assert_uint_eq(read_by(m, 1, 0x1000).event, 0x10); /* F_TRANSLATION, MEV = 0 */
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 6);
	close_machine(m);
}
END_TEST

/* ST-04, CR-029: with RECINVSID, too */
START_TEST(a_bad_streamid_leaves_no_record)
{
	struct machine *m = running(machine("generic-3.1"), "bad-streamid-record=never");

	ck_assert_uint_eq(read_by(m, 8, 0).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	demand(m, "bad-streamid-record=libsmmu");
	ck_assert_uint_eq(read_by(m, 8, 0).verdict, SMMU3_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	close_machine(m);
}
END_TEST

/* EVT-004, FLT-07: SubstreamID, bits 31:12 of word 0, with SSV = 0; IPA, word 3, with S2 = 0 */
START_TEST(fields_of_records_that_mean_nothing_hold_anything)
{
	struct machine *m = translating(machine("generic-3.1"), "record-substreamid=unknown");
	const uint64_t *const record = ram_at(m, event_at(m, 0));

	ck_assert_uint_eq(read_by(m, 1, 0x1000).event, 0x10);
	ck_assert_uint_ne(record[0] & 0xfffff000, 0);
	ck_assert_uint_eq(record[0] & ~UINT64_C(0xfffff000), UINT64_C(1) << 32 | 0x10);
	ck_assert_uint_eq(record[3], 0);
	demand(m, "record-substreamid=libsmmu");
	demand(m, "record-stage-1-ipa=unknown");
	ck_assert_uint_eq(read_by(m, 1, 0x1000).event, 0x10);
	ck_assert_uint_eq(record[4], UINT64_C(1) << 32 | 0x10);
	ck_assert_uint_ne(record[7], 0);
	ck_assert_uint_eq(record[6], 0x1000);
	fault(m, 2); /* C_BAD_STE has none of it */
	ck_assert_uint_eq(record[11], 0);
	close_machine(m);
}
END_TEST

/* EVT-004: what has no SSV: C_BAD_SUBSTREAMID always has a SubstreamID (7.3.9), F_STREAM_DISABLED
 * none, but RES0 (7.3.7); 0b00 of S1DSS disables what comes without one */
START_TEST(records_without_an_ssv_are_as_ever)
{
	struct machine *m = translating(machine("generic-3.3"), "record-substreamid=unknown");
	const uint64_t *const record = ram_at(m, event_at(m, 0));
	const struct smmu3_txn txn = { .sid = 1, .ssid = 5, .flags = SMMU3_TXN_SSV, .bytes = 4 };
	struct smmu3_outcome outcome;

	(void)smmu3_translate(m->smmu, &txn, &outcome);
	ck_assert_uint_eq(record[0], UINT64_C(1) << 32 | 5 << 12 | 0x08);
	ram_at(m, STREAMS_AT + 64)[0] |= UINT64_C(1) << 59; /* S1CDMax = 1 */
	ram_at(m, STREAMS_AT + 64)[1] &= ~UINT64_C(3);      /* S1DSS = 0b00 */
	queue_command(m, CFGI_ALL);
	ring(m);
	ck_assert_uint_eq(read_by(m, 1, 0).event, 0x06);
	ck_assert_uint_eq(record[4], UINT64_C(1) << 32 | 0x06);
	close_machine(m);
}
END_TEST

/* EVTQ-008: PROD has passed the entry that memory did not take.  7.2.2 */
START_TEST(prod_passes_an_entry_that_aborts)
{
	struct machine *m = running(machine("generic-3.1"), "eventq-abort=passed");

	demand(m, "abort=eventq");
	fault(m, 1);
	ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), EVENTQ_ABT_ERR);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	close_machine(m);
}
END_TEST

/* ---- Commands ---- */

/* what has been read ahead is what is done, up to an error.  3.21.2, 7.1 */
START_TEST(commands_are_read_before_their_turn)
{
	struct machine *m = running(machine("generic-3.1"), "cmdq-fetch=ahead");
	const uint64_t ahead = command_at(m, 1), beyond = command_at(m, 4);

	demand(m, "sync=held");
	queue_command(m, SYNC_NONE);
	for (unsigned i = 0; i < 4; i++)
		queue_command(m, CFGI_ALL);
	look_away(m);
	ring(m);
	ck_assert_uint_eq(count(m, READS), 4);
	*ram_at(m, ahead) = 0xff;
	*ram_at(m, beyond) = 0xff;
	demand(m, "release");
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 4);
	ck_assert_uint_eq(count(m, READS), 5);
	*ram_at(m, beyond) = 0x46;
	demand(m, "sync=0");
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 5);
	close_machine(m);
}
END_TEST

/* CMDQ-007, CMDQ-009: an abort counts when it is the turn of the command, which is read again when
 * the error has been acknowledged; a queue that is disabled has none that have been read */
START_TEST(commands_that_were_read_ahead_do_not_outlive_an_error_or_the_enable)
{
	struct machine *m = running(machine("generic-3.1"), "cmdq-fetch=ahead");

	demand(m, "abort=cmdq:2");
	queue_command(m, CFGI_ALL);
	queue_command(m, CFGI_ALL);
	queue_command(m, ILLEGAL);
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ABT << 24 | 1);
	*ram_at(m, command_at(m, 2)) = 0x46;
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 3);
	demand(m, "commands=1");
	queue_command(m, CFGI_ALL);
	queue_command(m, ILLEGAL);
	ring(m);
	*ram_at(m, command_at(m, 4)) = 0x46;
	set_reg(m, CR0, EVENTQEN | SMMUEN); /* a register access: the illegal one has its turn */
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 4);
	set_reg(m, GERRORN, reg(m, GERROR));
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 5);
	close_machine(m);
}
END_TEST

/* CMDQ-006: ERR stays when the error has been acknowledged */
START_TEST(the_reason_of_an_error_outlives_it)
{
	struct machine *m = running(machine("generic-3.1"), "cmdq-err-without-error=stays");

	submit(m, ILLEGAL);
	*ram_at(m, command_at(m, 0)) = 0x46;
	set_reg(m, GERRORN, reg(m, GERROR));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | 1);
	close_machine(m);
}
END_TEST

/* CMDQ-012: bit 20 of CMD_CFGI_STE_RANGE is none of its; of CMD_SYNC bit 15 */
START_TEST(reserved_bits_of_a_command_are_illegal)
{
	struct machine *m = running(machine("generic-3.1"), "command-reserved-bits=illegal");

	submit(m, CFGI_ALL);
	submit(m, SYNC_SEV);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	submit(m, (struct command){ { 0x04 | 1 << 20, 31 } });
	ck_assert_uint_eq(error_of(m), CERROR_ILL);
	close_machine(m);
}
END_TEST

/* CMD-ATC-INV: Size beyond 52.  CMD-ATC-INV-3, CMD-PRI-RESP: SSV where there are no substreams */
START_TEST(commands_of_ats_mind_what_they_need_not)
{
	struct machine *m = machine_with(1u << 10 | 1u << 16);

	m->config.idr[1] = (m->config.idr[1] & ~0x7c0u) | 2u << 11; /* SSIDSIZE 0 */
	running(m, "atc-ssv-without-substreams=void");
	look_away(m);
	submit(m, (struct command){ { 0x40 | 1 << 11, 0 } });
	submit(m, (struct command){ { 0x41 | 1 << 11, 2u << 12 } });
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 0);
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 1);
	demand(m, "pri-resp-ssv-without-substreams=void");
	submit(m, (struct command){ { 0x41 | 1 << 11, 2u << 12 } });
	submit(m, (struct command){ { 0x41, 2u << 12 } });
	ck_assert_uint_eq(count(m, ANSWERS_PAGE), 2);
	submit(m, (struct command){ { 0x40, 53 } });
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 1);
	demand(m, "atc-size=illegal");
	submit(m, (struct command){ { 0x40, 52 } });
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 2);
	submit(m, (struct command){ { 0x40, 53 } });
	ck_assert_uint_eq(count(m, INVALIDATES_ATC), 2);
	ck_assert_uint_eq(error_of(m), CERROR_ILL);
	close_machine(m);
}
END_TEST

static int end_atc(struct machine *m, unsigned n, enum smmu3_atc_result result)
{
	for (unsigned i = 0; i < m->seen_count; i++)
		if (m->seen[i].kind == INVALIDATES_ATC && n-- == 0)
			return smmu3_atc_complete(m->smmu, m->seen[i].atc.tag, result);
	return 1;
}

/* CMD-SYNC-14: a CMD_SYNC fails when the others have ended, or never completes.  3.9.1.4 */
START_TEST(a_sync_after_a_time_out_waits)
{
	for (unsigned never = 0; never < 2; never++) {
		struct machine *m = running(machine_with(1u << 10),
					    never ? "atc-timeout=never" : "atc-timeout=late");

		queue_command(m, (struct command){ { 0x40, 0 } });
		queue_command(m, (struct command){ { 0x40, 0 } });
		queue_command(m, SYNC_NONE);
		look_away(m);
		ring(m);
		ck_assert_int_eq(end_atc(m, 0, SMMU3_ATC_TIMED_OUT), 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
		ck_assert_int_eq(end_atc(m, 1, SMMU3_ATC_DONE), 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), never ? 2 : CERROR_ATC_INV_SYNC << 24 | 2);
		demand(m, "release");
		ck_assert_uint_eq(error_of(m), never ? 0 : CERROR_ATC_INV_SYNC);
		close_machine(m);
	}
}
END_TEST

/* ---- Interrupts ---- */

static void fault_twice(struct machine *m, const struct happening *now)
{
	if (now->kind != READS || now->access.reason != SMMU3_REASON_CMDQ)
		return;
	m->inside = NULL;
	fault(m, 1);
	fault(m, 2);
}

/* IRQ-013: one that is raised again while it waits is sent once, after the records.  Here with
 * every record, two of which become due together */
START_TEST(interrupts_of_a_source_are_one)
{
	for (unsigned coalesced = 0; coalesced < 2; coalesced++) {
		struct machine *m = machine("generic-3.1");

		m->config.interrupt_choices = SMMU3_INTERRUPT_EVERY_EVENT;
		running(m, coalesced ? "interrupt-coalescing=coalesced" : "commands=0");
		set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
		m->inside = fault_twice;
		look_away(m);
		submit(m, CFGI_ALL);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
		ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_EVENTQ), coalesced ? 1 : 2);
		close_machine(m);
	}
}
END_TEST

/* IRQ-009 */
START_TEST(an_aborted_message_goes_unnoticed)
{
	struct machine *m = running(machine("linux-session"), "message-abort=unnoticed");

	demand(m, "abort=msi");
	submit(m, sync_irq(DOORBELL, 5));
	ck_assert_uint_eq(smmu3_adversity_met(m->smmu, 0), 1);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	close_machine(m);
}
END_TEST

/* IRQ-001, CMD-SYNC-2 */
START_TEST(a_sync_has_no_wire)
{
	struct machine *m = running(machine("linux-session"), "cmd-sync-wire=none");

	look_away(m);
	submit(m, sync_irq(DOORBELL, 5));
	ck_assert_uint_eq(pulses(m, SMMU3_INTERRUPT_CMD_SYNC), 0);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_MSI), 1);
	close_machine(m);
}
END_TEST

/* ---- Caches ---- */

static struct machine *caching(const char *word)
{
	struct machine *m = keeping(16);

	m->config.caches.micro = 16;
	m->config.caches.micro_streams = 16;
	translating(m, word);
	ck_assert_uint_eq(reached(m, 1, 0), HERE);
	put_s1(m, &space, 0, s1_page(THERE));
	ck_assert_uint_eq(reached(m, 1, 0), HERE);
	return m;
}

/* RST-004: what stood in caches before reset answers still.  3.11 */
START_TEST(what_is_kept_survives_reset)
{
	for (unsigned kept = 0; kept < 2; kept++) {
		struct machine *m = caching(kept ? "kept-after-reset=kept" : "commands=0");

		smmu3_reset(m->smmu);
		open_queues(m);
		set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		m->prod = 0;
		ck_assert_uint_eq(reached(m, 1, 0), kept ? HERE : THERE);
		finish(m, nh_all(0));
		ck_assert_uint_eq(reached(m, 1, 0), THERE);
		close_machine(m);
	}
}
END_TEST

/* TLB-10: what is kept is gone when SMMUEN has been 0.  3.21.1 */
START_TEST(what_is_kept_does_not_survive_smmuen)
{
	for (unsigned gone = 0; gone < 2; gone++) {
		struct machine *m = caching(gone ? "kept-while-disabled=gone" : "commands=0");

		update(m, CR0, CMDQEN | EVENTQEN);
		update(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
		ck_assert_uint_eq(reached(m, 1, 0), gone ? THERE : HERE);
		close_machine(m);
	}
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, choices_are_listed);
	tcase_add_test(tests, a_seed_makes_all_choices);
	tcase_add_test(tests, what_is_asked_for_ends);
	tcase_add_loop_test(tests, undefined_bits_are_illegal, 0, COUNT(undefined));
	tcase_add_test(tests, equal_events_are_merged);
	tcase_add_test(tests, a_bad_streamid_leaves_no_record);
	tcase_add_test(tests, fields_of_records_that_mean_nothing_hold_anything);
	tcase_add_test(tests, records_without_an_ssv_are_as_ever);
	tcase_add_test(tests, prod_passes_an_entry_that_aborts);
	tcase_add_test(tests, commands_are_read_before_their_turn);
	tcase_add_test(tests, commands_that_were_read_ahead_do_not_outlive_an_error_or_the_enable);
	tcase_add_test(tests, the_reason_of_an_error_outlives_it);
	tcase_add_test(tests, reserved_bits_of_a_command_are_illegal);
	tcase_add_test(tests, commands_of_ats_mind_what_they_need_not);
	tcase_add_test(tests, a_sync_after_a_time_out_waits);
	tcase_add_test(tests, interrupts_of_a_source_are_one);
	tcase_add_test(tests, an_aborted_message_goes_unnoticed);
	tcase_add_test(tests, a_sync_has_no_wire);
	tcase_add_test(tests, what_is_kept_survives_reset);
	tcase_add_test(tests, what_is_kept_does_not_survive_smmuen);
}

int main(void)
{
	return run("adverse choices", add);
}
