/* SPDX-License-Identifier: MIT */
/* Queues whose indexes contradict each other, commands about what there is not, and transactions
 * that are resumed as they must not be, of an SMMU that does what docs/choices.md says is also
 * allowed.  smmu/adversity.h */
#include "adverse.h"
#include "pages.h"
#include "run.h"
#include "stalls.h"
#include "waiting.h"

/* A StreamID of 17 bits, where IDR1 has 16 of them; one of 5 bits of SubstreamID, likewise 4. */
#define SID_BEYOND UINT64_C(0x10001)
#define SSID_BEYOND UINT64_C(0x11)
#define SIZES UINT32_C(0x110)

static struct machine *of_sizes(void)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[1] = (m->config.idr[1] & ~UINT32_C(0x7ff)) | SIZES;
	m->config.idr[0] |= IDR0_ATS_PRI;
	return m;
}

/* ---- Indexes ---- */

/* Nine commands that are legal, in the eight places there are: PROD is one too far. */
static void contradict(struct machine *m)
{
	for (uint32_t i = 0; i < 8; i++)
		*ram_at(m, command_at(m, i)) = CFGI_ALL.word[0],
					 *(ram_at(m, command_at(m, i)) + 1) = CFGI_ALL.word[1];
	set_reg(m, CMDQ_PROD, 9);
}

/* Q-005, CMDQ-010: the queue stands until it has been disabled, whatever PROD says then.  3.21.2 */
START_TEST(contradicting_indexes_stop_the_command_queue)
{
	struct machine *m = running(machine("generic-3.1"), "cmdq-contradicting-indexes=stopped");

	contradict(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	set_reg(m, CMDQ_PROD, 2);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 0);
	set_reg(m, CR0, EVENTQEN | SMMUEN);
	set_reg(m, CR0, EVENTQEN | SMMUEN | CMDQEN);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 2);
	*ram_at(m, command_at(m, 2)) = ILLEGAL.word[0];
	set_reg(m, CMDQ_PROD, 3);
	ck_assert_uint_eq(error_of(m), CERROR_ILL);
	set_reg(m, CMDQ_PROD, 15); /* which is allowed while an error is active */
	set_reg(m, CMDQ_PROD, 2);
	set_reg(m, GERRORN, CMDQ_ERR);
	set_reg(m, CMDQ_PROD, 2);
	*ram_at(m, command_at(m, 2)) = CFGI_ALL.word[0];
	set_reg(m, CMDQ_PROD, 4);
	ck_assert_uint_eq(reg(m, CMDQ_CONS) & 0xfffff, 4);
	close_machine(m);
}
END_TEST

/* Q-005, CMDQ-010: or what stands there is executed: once around, and on to PROD */
START_TEST(contradicting_indexes_execute_any_commands)
{
	for (unsigned ahead = 0; ahead < 2; ahead++) {
		struct machine *m = running(machine("generic-3.1"),
					    "cmdq-contradicting-indexes=executed");

		demand(m, ahead ? "cmdq-fetch=ahead" : "commands=0");
		contradict(m);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 9);
		ck_assert_uint_eq(count(m, INVALIDATES), 9);
		close_machine(m);
	}
}
END_TEST

/* Q-005, EVTQ-003: records go to the place of PROD all the same, or nothing is produced and nothing
 * told */
START_TEST(contradicting_indexes_of_an_event_queue)
{
	for (unsigned written = 0; written < 2; written++) {
		struct machine *m = running(machine("linux-session"),
					    written ? "eventq-contradicting-indexes=written" :
						      "eventq-contradicting-indexes=nothing");

		set_reg(m, EVENTQ_CONS, 1); /* PROD < CONS with the same wrap flag */
		fault(m, 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), written);
		ck_assert_uint_eq(count(m, WRITES), written);
		set_reg(m, EVENTQ_CONS, 0);
		fault(m, 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), written + 1);
		for (unsigned i = reg(m, EVENTQ_PROD); i < 129; i++)
			fault(m, 1); /* one that is full overflows as ever */
		ck_assert_uint_eq(reg(m, EVENTQ_PROD) & OVFLG, OVFLG);
		close_machine(m);
	}
}
END_TEST

/* Q-005, PRIQ-005: likewise page requests; the queue takes one more than it has room for */
START_TEST(contradicting_indexes_of_a_page_queue)
{
	for (unsigned written = 0; written < 2; written++) {
		struct machine *m = pri_started();

		if (written)
			demand(m, "eventq-contradicting-indexes=written");
		set_reg(m, PRIQ_CONS, 1);
		expect_taken(m, R);
		ck_assert_uint_eq(reg(m, PRIQ_PROD), written ? 1 : OVFLG);
		close_machine(m);
	}
}
END_TEST

/* ---- What there is not ---- */

/* CMDQ-014, CMD-009: commands by StreamID and SubstreamID do nothing, or mean what is left of the
 * number */
static const struct {
	struct command command;
	enum happening_kind kind;
	bool in_range;
} beyond[] = {
	{ { { 0x03 | SID_BEYOND << 32, 1 } }, INVALIDATES, false },
	{ { { 0x04 | SID_BEYOND << 32, 3 } }, INVALIDATES, false },
	{ { { 0x04 | SID_BEYOND << 32, 31 } }, INVALIDATES, true }, /* CMD_CFGI_ALL */
	{ { { 0x05 | SID_BEYOND << 32, 1 } }, INVALIDATES, false },
	{ { { 0x05 | SSID_BEYOND << 12 | UINT64_C(1) << 32, 1 } }, INVALIDATES, false },
	{ { { 0x05 | UINT64_C(0x1) << 12 | UINT64_C(1) << 32, 1 } }, INVALIDATES, true },
	{ { { 0x06 | SID_BEYOND << 32, 0 } }, INVALIDATES, false },
	{ { { 0x12, 0 } }, INVALIDATES, true },
	{ { { 0x40 | SID_BEYOND << 32, 52 } }, INVALIDATES_ATC, false },
	{ { { 0x40 | SSID_BEYOND << 12 | UINT64_C(1) << 32, 52 } },
	  INVALIDATES_ATC,
	  true }, /* without SSV */
	{ { { 0x40 | 1 << 11 | SSID_BEYOND << 12 | UINT64_C(1) << 32, 52 } },
	  INVALIDATES_ATC,
	  false },
	{ { { 0x41 | SID_BEYOND << 32, 0 } }, ANSWERS_PAGE, false },
	{ { { 0x41 | 1 << 11 | SSID_BEYOND << 12 | UINT64_C(1) << 32, 0 } }, ANSWERS_PAGE, false },
};

START_TEST(commands_about_what_there_is_not)
{
	static const char *const words[] = { "commands=0", "command-out-of-range=void",
					     "command-out-of-range=cut" };

	for (unsigned i = 0; i < 3; i++) {
		struct machine *m = running(of_sizes(), words[i]);
		const bool cut = i == 2;

		submit(m, beyond[_i].command);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		ck_assert_uint_eq(count(m, beyond[_i].kind), i != 1 || beyond[_i].in_range);
		if (i == 1 || beyond[_i].in_range) {
			close_machine(m);
			continue;
		}
		const struct happening *done = first(m, beyond[_i].kind);
		const uint32_t sid = beyond[_i].kind == INVALIDATES     ? done->scope.sid :
				     beyond[_i].kind == INVALIDATES_ATC ? done->atc.sid :
									  done->response.sid;
		const uint32_t ssid = beyond[_i].kind == INVALIDATES     ? done->scope.ssid :
				      beyond[_i].kind == INVALIDATES_ATC ? done->atc.ssid :
									   done->response.ssid;

		ck_assert_uint_eq(sid >= 0x10000 || ssid == SSID_BEYOND, !cut);
		ck_assert_uint_eq(sid <= 1 && ssid <= 1, cut);
		close_machine(m);
	}
}
END_TEST

/* CMDQ-014, CMD-RESUME, CMD-STALL-TERM: of stalls, too */
START_TEST(commands_about_stalls_of_what_there_is_not)
{
	for (unsigned cut = 0; cut < 2; cut++) {
		struct machine *m = started_stalling(4);

		demand(m, cut ? "command-out-of-range=cut" : "command-out-of-range=void");
		const uint16_t stag = stall(m, 1, 7);

		submit(m, resume((uint32_t)SID_BEYOND, stag, ABORT));
		ck_assert_uint_eq(count(m, ENDED), cut);
		(void)stall(m, 3, 8);
		submit(m, stall_term(0x10003));
		ck_assert_uint_eq(count(m, ENDED), 2 * cut);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
		close_machine(m);
	}
}
END_TEST

/* ---- Stalls ---- */

/* CMD-RESUME-2: a transaction whose record software has not seen is resumed, and is not retried
 * beside that */
START_TEST(a_resume_finds_the_unrecorded)
{
	struct machine *m = started_stalling(8);

	demand(m, "resume-unrecorded=resumed");
	set_reg(m, CR0, CMDQEN | SMMUEN);
	for (unsigned i = 0; i < 3; i++)
		(void)ask(m, 1, i, 0);
	submit(m, resume(1, 1, ABORT));
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	submit(m, resume(3, 0, ABORT)); /* of another stream */
	ck_assert_uint_eq(count(m, ENDED), 1);
	set_reg(m, CR0, CMDQEN | SMMUEN | EVENTQEN);
	ck_assert_uint_eq(count(m, ENDED), 3);
	expect_end(m, 1, 0, SMMU3_STALL_RETRY);
	expect_end(m, 2, 2, SMMU3_STALL_RETRY);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-2: of two commands for one transaction the second says how it ends; others end as
 * theirs said, and all when no command waits */
START_TEST(the_second_resume_says_how_it_ends)
{
	struct machine *m = started_stalling(8);
	uint16_t stags[3];

	demand(m, "resume-twice=second");
	for (unsigned i = 0; i < 3; i++)
		stags[i] = stall(m, 1, i);
	queue_command(m, resume(1, stags[0], RETRY));
	queue_command(m, resume(1, stags[1], RAZ_WI));
	queue_command(m, resume(1, stags[0], ABORT));
	queue_command(m, resume(3, stags[0], RETRY)); /* of another stream */
	queue_command(m, resume(1, stags[1], RETRY));
	ring(m);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(count(m, ENDED), 2);
	expect_end(m, 0, 0, SMMU3_STALL_ABORT);
	expect_end(m, 1, 1, SMMU3_STALL_RETRY);
	submit(m, resume(1, stags[0], RETRY)); /* it is over */
	ck_assert_uint_eq(count(m, ENDED), 2);
	queue_command(m, resume(1, stags[2], RETRY));
	queue_command(m, stall_term(1));
	ring(m);
	expect_end(m, 2, 2, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(count(m, ENDED), 3);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-2, CR-016: with both choices also where there is no record; and SMMUEN ends what is
 * marked as what is not */
START_TEST(what_is_resumed_but_not_over_ends_with_smmuen)
{
	struct machine *m = started_stalling(8);

	demand(m, "resume-twice=second");
	demand(m, "resume-unrecorded=resumed");
	set_reg(m, CR0, CMDQEN | SMMUEN);
	(void)ask(m, 1, 5, 0);
	(void)ask(m, 1, 6, 0);
	(void)ask(m, 1, 7, 0);
	submit(m, resume(1, 0, RAZ_WI));
	ck_assert_uint_eq(count(m, ENDED), 1);
	set_reg(m, CR0, CMDQEN | SMMUEN | EVENTQEN); /* the others are retried */
	ck_assert_uint_eq(count(m, ENDED), 3);
	expect_end(m, 1, 6, SMMU3_STALL_RETRY);
	set_reg(m, CR0, CMDQEN | SMMUEN);
	look_away(m);
	(void)ask(m, 1, 8, 0); /* with the STAG that has been free longest */
	(void)ask(m, 1, 9, 0);
	queue_command(m, resume(1, 3, RETRY));
	queue_command(m, resume(1, 3, RAZ_WI));
	pause_work(m);
	ring(m);
	do_acts(m, 4);
	set_reg(m, CR0, CMDQEN);
	ck_assert_uint_eq(count(m, ENDED), 2);
	ck_assert_uint_eq(end_of(m, 1)->end, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, CR0ACK), CMDQEN);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-2: where nothing stalls there is nothing to choose */
START_TEST(without_stalls_nothing_is_resumed)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] = (m->config.idr[0] & ~UINT32_C(0x03000000)) | 1u << 24;
	m->config.idr[5] &= 0xffff; /* STALL_MAX */
	create_machine(m);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "resume-twice=second", NULL),
			 -SMMU3_E_INCONSISTENT);
	ck_assert_int_eq(smmu3_adversity_ask(m->smmu, "resume-unrecorded=resumed", NULL),
			 -SMMU3_E_INCONSISTENT);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, contradicting_indexes_stop_the_command_queue);
	tcase_add_test(tests, contradicting_indexes_execute_any_commands);
	tcase_add_test(tests, contradicting_indexes_of_an_event_queue);
	tcase_add_test(tests, contradicting_indexes_of_a_page_queue);
	tcase_add_loop_test(tests, commands_about_what_there_is_not, 0, COUNT(beyond));
	tcase_add_test(tests, commands_about_stalls_of_what_there_is_not);
	tcase_add_test(tests, a_resume_finds_the_unrecorded);
	tcase_add_test(tests, the_second_resume_says_how_it_ends);
	tcase_add_test(tests, what_is_resumed_but_not_over_ends_with_smmuen);
	tcase_add_test(tests, without_stalls_nothing_is_resumed);
}

int main(void)
{
	return run("adverse queues", add);
}
