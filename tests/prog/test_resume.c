/* SPDX-License-Identifier: MIT */
/* CMD_RESUME and CMD_STALL_TERM: which stalled transactions end, and how.  4.7.1, 4.7.2 */
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <string.h>

static void expect_consumed(struct machine *m)
{
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(reg(m, GERROR), 0);
}

/* ---- How a resumed transaction ends ---- */

struct action {
	bool term_model;
	uint32_t sid, bits;
	enum smmu3_stall_end end;
};

/* STALL-10, STALL-11, CMD-RESUME, CMD-RESUME-4, CMD-RESUME-5: Ac = 1 retries, whatever Ab says;
 * otherwise Ab = 1 aborts, and Ab = 0 is RAZ/WI, at stage 2 too, unless TERM_MODEL is 1 */
static const struct action actions[] = {
	{ false, 1, RETRY, SMMU3_STALL_RETRY },   { false, 1, RETRY | ABORT, SMMU3_STALL_RETRY },
	{ false, 1, ABORT, SMMU3_STALL_ABORT },   { false, 1, RAZ_WI, SMMU3_STALL_RAZ_WI },
	{ false, 2, RETRY, SMMU3_STALL_RETRY },   { false, 2, ABORT, SMMU3_STALL_ABORT },
	{ false, 2, RAZ_WI, SMMU3_STALL_RAZ_WI }, { true, 1, RETRY, SMMU3_STALL_RETRY },
	{ true, 1, ABORT, SMMU3_STALL_ABORT },    { true, 1, RAZ_WI, SMMU3_STALL_ABORT },
	{ true, 2, RAZ_WI, SMMU3_STALL_ABORT },
};

/* STALL-10, STALL-11, CMD-RESUME, CMD-RESUME-4, CMD-RESUME-5: the host hears whose wait is over,
 * once, before the doorbell's write returns */
START_TEST(a_resume_says_how_the_wait_ends)
{
	const struct action *action = &actions[_i];
	struct machine *m = stalling(4);

	m->config.idr[0] |= (uint32_t)action->term_model << 26;
	start_machine(m);
	const uint16_t stag = stall(m, action->sid, UINT64_C(0x123456789abcdef0));

	submit(m, resume(action->sid, stag, action->bits));
	expect_consumed(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, UINT64_C(0x123456789abcdef0), action->end);
	ck_assert_uint_eq(end_of(m, 0)->sid, action->sid);
	ck_assert_uint_eq(end_of(m, 0)->stag, stag);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1); /* the record of the stall alone */
	close_machine(m);
}
END_TEST

/* STALL-10, CMD-RESUME-4, FLTI-013, EVTQ-010: asked again after a retry an access is as a new one,
 * with the tables as they then are: it passes, faults anew with a record of its own, or terminates
 * as the CD then says */
START_TEST(a_retried_transaction_is_as_one_that_has_just_arrived)
{
	struct machine *m = started_stalling(4);

	submit(m, resume(1, stall(m, 1, 1), RETRY));
	stall(m, 1, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	*slot1(m, 1) = RAM_AT | (BLOCK1 & ~(UINT64_C(1) << 10)); /* AF is 0 */
	submit(m, resume(1, stag_of(m, 1), RETRY));
	stall(m, 1, 1);
	ck_assert_uint_eq(*ram_at(m, event_at(m, 2)) & 0xff, F_ACCESS);
	submit(m, resume(1, stag_of(m, 2), RETRY));
	mend(m, 1);
	pass(m, 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 3);
	*slot1(m, 1) = 0;
	maintain(m);
	submit(m, resume(1, stall(m, 1, 1), RETRY));
	*cd(m, 1, 0) &= ~CD_S;
	maintain(m);
	ck_assert_uint_eq(ask(m, 1, 1, 0).verdict, SMMU3_ABORT);
	expect_record(m, 4,
		      (const uint64_t[4]){ F_TRANSLATION | UINT64_C(1) << 32, CLASS(2) | RNW, INPUT,
					   0 });
	ck_assert_uint_eq(count(m, ENDED), 4);
	close_machine(m);
}
END_TEST

/* ---- Whom it means ---- */

/* STALL-09, CMD-RESUME-2: the StreamID of another stream, a STAG of another stream, one that
 * nothing holds, ones beyond STALL_MAX: no effect, and no error */
START_TEST(a_resume_that_matches_nothing_has_no_effect)
{
	struct machine *m = started_stalling(4);
	const uint16_t one = stall(m, 1, 1), three = stall(m, 3, 3);
	uint16_t unused = 0;

	while (unused == one || unused == three)
		unused++;
	const struct command commands[] = {
		resume(3, one, ABORT),
		resume(1, three, ABORT),
		resume(2, one, ABORT),
		resume(1, unused, ABORT),
		resume(1, 4, ABORT),
		resume(1, 0xffff, ABORT),
		resume(1 << 16, one, RETRY),
		resume(UINT32_C(1) << 31 | 1, one, RETRY),
		resume(1, (uint16_t)(one | 0x100), RETRY),
	};

	for (int i = 0; i < COUNT(commands); i++) {
		submit(m, commands[i]);
		expect_consumed(m);
		ck_assert_uint_eq(count(m, ENDED), 0);
	}
	submit(m, resume(1, one, ABORT));
	submit(m, resume(3, three, RAZ_WI));
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	expect_end(m, 1, 3, SMMU3_STALL_RAZ_WI);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-2, STALL-09: a second resume of a STAG means nobody */
START_TEST(a_stag_that_was_resumed_is_nobodys)
{
	struct machine *m = started_stalling(4);
	const uint16_t stag = stall(m, 1, 1);

	stall(m, 1, 2);
	for (unsigned i = 0; i < 3; i++)
		submit(m, resume(1, stag, ABORT));
	expect_consumed(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* STALL-09, CMDQ-012: a transaction with a SubstreamID is resumed by StreamID and STAG; what the
 * command has where others have SSV and SubstreamID is reserved, and ignored */
START_TEST(a_substream_plays_no_role_in_a_resume)
{
	struct machine *m = started_stalling(4);
	const struct smmu3_txn txn = {
		.addr = INPUT, .bytes = 4, .sid = 1, .ssid = 2, .flags = SMMU3_TXN_SSV, .cookie = 5
	};
	struct smmu3_outcome outcome;

	*ste(m, 1, 0) |= UINT64_C(2) << 59; /* S1CDMax */
	memcpy(cd(m, 1, 2 * 8), cd(m, 1, 0), 64);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(smmu3_translate(m->smmu, &txn, &outcome), SMMU3_STALLED);
		submit(m, resume(1, stag_of(m, i), ABORT | (i ? 0x5432c800 : 0)));
		expect_consumed(m);
		ck_assert_uint_eq(count(m, ENDED), i + 1);
		expect_end(m, i, 5, SMMU3_STALL_ABORT);
	}
	close_machine(m);
}
END_TEST

/* STALL-14, CMDQ-016: SSec = 1 is CERROR_ILL on the Non-secure queue; nobody is resumed */
START_TEST(a_non_secure_queue_resumes_no_secure_stream)
{
	struct machine *m = started_stalling(4);
	struct command commands[] = { resume(1, stall(m, 1, 1), ABORT), stall_term(1) };

	for (int i = 0; i < COUNT(commands); i++) {
		commands[i].word[0] |= 1 << 10;
		submit(m, commands[i]);
		ck_assert_uint_eq(reg(m, GERROR) ^ reg(m, GERRORN), CMDQ_ERR);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), CERROR_ILL << 24 | (m->prod - 1));
		*ram_at(m, command_at(m, m->prod - 1)) = 0x46; /* a CMD_SYNC instead */
		set_reg(m, GERRORN, reg(m, GERROR));
	}
	ck_assert_uint_eq(count(m, ENDED), 0);
	close_machine(m);
}
END_TEST

/* STALL-09, CMD-RESUME-2: of several of one stream the one that is meant, in any order */
START_TEST(stalls_are_resumed_in_any_order)
{
	static const uint8_t order[] = { 3, 0, 4, 1, 2 };
	struct machine *m = started_stalling(8);
	uint16_t stags[COUNT(order)];

	for (unsigned i = 0; i < COUNT(order); i++)
		stags[i] = stall(m, 1, 10 + i);
	for (unsigned i = 0; i < COUNT(order); i++) {
		submit(m, resume(1, stags[order[i]], i % 2 ? RETRY : ABORT));
		ck_assert_uint_eq(count(m, ENDED), i + 1);
		expect_end(m, i, 10 + order[i], i % 2 ? SMMU3_STALL_RETRY : SMMU3_STALL_ABORT);
	}
	close_machine(m);
}
END_TEST

/* STALL-08, FLTI-008, CMD-RESUME-3: a STAG is not given to another while it is outstanding, and
 * comes back once its own transaction has been resumed */
START_TEST(a_stag_is_not_used_again_while_it_is_outstanding)
{
	enum { MOST = 5, LONG_AGO = 40 };
	struct machine *m = started_stalling(MOST);
	const uint16_t kept = stall(m, 3, 1000);

	for (unsigned i = 0; i < LONG_AGO; i++) {
		const uint16_t stag = stall(m, 1, i);

		ck_assert_uint_ne(stag, kept);
		submit(m, resume(1, stag, ABORT));
		expect_end(m, i, i, SMMU3_STALL_ABORT);
		set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	}
	submit(m, resume(3, kept, RETRY));
	expect_end(m, LONG_AGO, 1000, SMMU3_STALL_RETRY);
	close_machine(m);
}
END_TEST

/* STALL-08, CMD-RESUME-3: a place that has become free is given out after all that have been free
 * longer, so that a resume that comes twice meets nobody */
START_TEST(a_stag_is_given_out_again_as_late_as_can_be)
{
	struct machine *m = started_stalling(4);
	const uint16_t one = stall(m, 1, 1), two = stall(m, 1, 2);

	submit(m, resume(1, two, ABORT));
	submit(m, resume(1, one, ABORT));
	for (unsigned i = 0; i < 2; i++) {
		const uint16_t stag = stall(m, 1, 3);

		ck_assert(stag != one && stag != two);
		submit(m, resume(1, two, ABORT));
		ck_assert_uint_eq(count(m, ENDED), 2);
	}
	ck_assert_uint_eq(stall(m, 1, 4), two);
	ck_assert_uint_eq(stall(m, 1, 5), one);
	close_machine(m);
}
END_TEST

/* CFG-09, CMD-006, STALL-18, STALL-20: commands that invalidate and synchronise neither end nor
 * retry what is stalled, though its tables have been mended */
START_TEST(invalidations_leave_stalled_transactions_alone)
{
	const struct command commands[] = {
		{ { 0x03 | UINT64_C(1) << 32, 1 } }, /* CMD_CFGI_STE */
		{ { 0x05 | UINT64_C(1) << 32, 1 } }, /* CMD_CFGI_CD */
		CFGI_ALL,
		NSNH_ALL,
		SYNC_NONE,
	};
	struct machine *m = started_stalling(4);
	const uint16_t stag = stall(m, 1, 1);

	mend(m, 1);
	for (int i = 0; i < COUNT(commands); i++)
		submit(m, commands[i]);
	expect_consumed(m);
	ck_assert_uint_eq(count(m, ENDED), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	submit(m, resume(1, stag, RETRY));
	expect_end(m, 0, 1, SMMU3_STALL_RETRY);
	pass(m, 1); /* the new state */
	close_machine(m);
}
END_TEST

/* ---- All of a stream ---- */

/* STALL-12, CMD-STALL-TERM, CMD-STALL-TERM-1: all of its stream, with an abort, also where new ones
 * would stall; none of another, none that comes later; their STAGs are free: CMD-RESUME-3 */
START_TEST(stall_term_aborts_every_stall_of_its_stream)
{
	struct machine *m = started_stalling(6);
	const uint16_t other = stall(m, 3, 30);

	for (unsigned i = 0; i < 5; i++)
		stall(m, 1, i);
	ck_assert_uint_eq(ask(m, 1, 9, 0).verdict, SMMU3_BUSY);
	submit(m, stall_term(4)); /* has none */
	ck_assert_uint_eq(count(m, ENDED), 0);
	submit(m, stall_term(1));
	expect_consumed(m);
	ck_assert_uint_eq(count(m, ENDED), 5);
	for (unsigned i = 0; i < 5; i++) {
		expect_end(m, i, i, SMMU3_STALL_ABORT);
		ck_assert_uint_eq(end_of(m, i)->stag, stag_of(m, 1 + i));
		ck_assert_uint_eq(end_of(m, i)->sid, 1);
	}
	set_reg(m, EVENTQ_CONS, 6);
	for (unsigned i = 0; i < 5; i++) /* room again, and held */
		ck_assert_uint_ne(stall(m, 1, 100 + i), other);
	ck_assert_uint_eq(count(m, ENDED), 5);
	submit(m, resume(3, other, ABORT));
	expect_end(m, 5, 30, SMMU3_STALL_ABORT);
	close_machine(m);
}
END_TEST

/* CMD-STALL-TERM-2: the end of a stream: Config = 0, CFGI_STE, CMD_SYNC, CMD_STALL_TERM: what was
 * stalled is aborted, what comes is aborted, and no record of a stall appears */
START_TEST(a_stream_is_shut_down_without_a_trace)
{
	struct machine *m = started_stalling(4);

	stall(m, 1, 1);
	*ste(m, 1, 0) = 1; /* V, Config 0 */
	submit(m, (struct command){ { 0x03 | UINT64_C(1) << 32, 1 } });
	submit(m, SYNC_NONE);
	ck_assert_uint_eq(ask(m, 1, 2, 0).verdict, SMMU3_ABORT);
	submit(m, stall_term(1));
	expect_consumed(m);
	ck_assert_uint_eq(count(m, ENDED), 1);
	expect_end(m, 0, 1, SMMU3_STALL_ABORT);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
	make_stream(m, 1, S1_ONLY);
	mend(m, 1);
	maintain(m);
	pass(m, 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_resume_says_how_the_wait_ends, 0, COUNT(actions));
	tcase_add_test(tests, a_retried_transaction_is_as_one_that_has_just_arrived);
	tcase_add_test(tests, a_resume_that_matches_nothing_has_no_effect);
	tcase_add_test(tests, a_stag_that_was_resumed_is_nobodys);
	tcase_add_test(tests, a_substream_plays_no_role_in_a_resume);
	tcase_add_test(tests, a_non_secure_queue_resumes_no_secure_stream);
	tcase_add_test(tests, stalls_are_resumed_in_any_order);
	tcase_add_test(tests, a_stag_is_not_used_again_while_it_is_outstanding);
	tcase_add_test(tests, a_stag_is_given_out_again_as_late_as_can_be);
	tcase_add_test(tests, invalidations_leave_stalled_transactions_alone);
	tcase_add_test(tests, stall_term_aborts_every_stall_of_its_stream);
	tcase_add_test(tests, a_stream_is_shut_down_without_a_trace);
}

int main(void)
{
	return run("resume", add);
}
