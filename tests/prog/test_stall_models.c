/* SPDX-License-Identifier: MIT */
/* Stall models, how many may stall, and who cannot.  3.12, 5.5, 6.3.1, 6.3.6 */
#include "run.h"
#include "stalls.h"

#include <smmu/inspect.h>

#include <check.h>
#include <string.h>

/* IDR0.STALL_MODEL, 6.3.1 */
enum { BOTH_MODELS, TERMINATE_ONLY, STALL_FORCED };
enum { C_BAD_STE = 0x04, C_BAD_CD = 0x0a };

static struct machine *of_model(unsigned model)
{
	struct machine *m = stalling(model == TERMINATE_ONLY ? 0 : 4);

	m->config.idr[0] |= model << 24;
	return m;
}

/* ---- What the models allow ---- */

struct rule {
	unsigned model;
	uint32_t sid;
	bool s1stalld, s; /* S: S2S of stream 2, CD.S of stream 1 */
	unsigned event;
	enum smmu3_verdict verdict;
};

/* STE-22, STE-55, STE-61, CD-29, CD-31, FLTI-007, STALL-03: the values of S1STALLD, CD.S and S2S
 * that each model refuses, and what the others do */
static const struct rule rules[] = {
	{ BOTH_MODELS, 1, false, false, F_TRANSLATION, SMMU3_ABORT },
	{ BOTH_MODELS, 1, false, true, F_TRANSLATION, SMMU3_STALLED },
	{ BOTH_MODELS, 1, true, false, F_TRANSLATION, SMMU3_ABORT },
	{ BOTH_MODELS, 1, true, true, C_BAD_CD, SMMU3_ABORT },
	{ TERMINATE_ONLY, 1, false, false, F_TRANSLATION, SMMU3_ABORT },
	{ TERMINATE_ONLY, 1, false, true, C_BAD_CD, SMMU3_ABORT },
	{ TERMINATE_ONLY, 1, true, false, C_BAD_STE, SMMU3_ABORT },
	{ TERMINATE_ONLY, 1, true, true, C_BAD_STE, SMMU3_ABORT },
	{ STALL_FORCED, 1, false, false, C_BAD_CD, SMMU3_ABORT },
	{ STALL_FORCED, 1, false, true, F_TRANSLATION, SMMU3_STALLED },
	{ STALL_FORCED, 1, true, false, C_BAD_STE, SMMU3_ABORT },
	{ STALL_FORCED, 1, true, true, C_BAD_STE, SMMU3_ABORT },
	{ BOTH_MODELS, 2, false, false, F_TRANSLATION, SMMU3_ABORT },
	{ BOTH_MODELS, 2, false, true, F_TRANSLATION, SMMU3_STALLED },
	{ BOTH_MODELS, 2, true, true, F_TRANSLATION, SMMU3_STALLED }, /* stage 1 is off */
	{ TERMINATE_ONLY, 2, false, false, F_TRANSLATION, SMMU3_ABORT },
	{ TERMINATE_ONLY, 2, false, true, C_BAD_STE, SMMU3_ABORT },
	{ TERMINATE_ONLY, 2, true, false, F_TRANSLATION, SMMU3_ABORT },
	{ STALL_FORCED, 2, false, false, C_BAD_STE, SMMU3_ABORT },
	{ STALL_FORCED, 2, false, true, F_TRANSLATION, SMMU3_STALLED },
	{ STALL_FORCED, 2, true, true, F_TRANSLATION, SMMU3_STALLED },
};

/* STE-22, STE-55, STE-61, CD-29, CD-31, FLTI-007, IDR-007 */
START_TEST(a_model_refuses_what_it_does_not_have)
{
	const struct rule *rule = &rules[_i];
	struct machine *m = of_model(rule->model);

	*ste(m, rule->sid, 1) |= rule->s1stalld ? S1STALLD : 0;
	*ste(m, rule->sid, 2) &= ~(rule->s ? 0 : S2S);
	*cd(m, rule->sid, 0) &= ~(rule->s ? 0 : CD_S);
	start_machine(m);
	const struct smmu3_outcome outcome = ask(m, rule->sid, 0, 0);

	ck_assert_uint_eq(outcome.event, rule->event);
	ck_assert_uint_eq(outcome.verdict, rule->verdict);
	ck_assert_uint_eq(*ram_at(m, EVENTS_AT) & 0xff, rule->event);
	ck_assert_uint_eq(ram_at(m, EVENTS_AT)[1] & STALL,
			  rule->verdict == SMMU3_STALLED ? STALL : 0);
	close_machine(m);
}
END_TEST

/* CMD-RESUME-1, STALL-13, CMD-STALL-TERM: with terminate only both commands are CERROR_ILL, with
 * the other models neither is; REG-013, IDR-007, IDR-031: the model and STALL_MAX read the same
 * before and after a reset, and whatever is written */
START_TEST(the_model_is_told_and_decides_about_the_commands)
{
	const struct command commands[] = { resume(1, 0, RETRY), stall_term(1) };

	for (int i = 0; i < COUNT(commands); i++) {
		struct machine *m = of_model((unsigned)_i);

		start_machine(m);
		set_reg(m, IDR0, 0);
		set_reg(m, IDR5, 0);
		for (unsigned n = 0; n < 2; n++, smmu3_reset(m->smmu)) {
			ck_assert_int_eq((int)(reg(m, IDR0) >> 24 & 3), _i);
			ck_assert_uint_eq(reg(m, IDR5) >> 16, _i == TERMINATE_ONLY ? 0 : 4);
		}
		m->prod = 0;
		open_queues(m);
		set_reg(m, CR0, CMDQEN);
		submit(m, commands[i]);
		ck_assert_uint_eq(reg(m, GERROR), _i == TERMINATE_ONLY ? CMDQ_ERR : 0);
		ck_assert_uint_eq(reg(m, CMDQ_CONS), _i == TERMINATE_ONLY ? CERROR_ILL << 24 : 1);
		close_machine(m);
	}
}
END_TEST

/* ---- Clients that cannot wait ---- */

/* STALL-22, FLTI-012: an access that cannot wait is as with S = 0, but always aborted and recorded,
 * whatever A and R say, with Stall = 0 and no STAG; at both stages.  The same where the host cannot
 * be told the end, or where STALL_MAX has room for none */
START_TEST(a_client_that_cannot_wait_is_aborted_and_recorded)
{
	const bool deaf = _i == 1, none = _i == 2;

	for (uint32_t sid = 1; sid <= 2; sid++) {
		const bool s2 = sid == 2;
		struct machine *m = stalling(none ? 0 : 4);

		m->deaf = deaf;
		*cd(m, 1, 0) &= ~(CD_A | CD_R);
		*ste(m, 2, 2) &= ~S2R;
		start_machine(m);
		const struct smmu3_outcome outcome = ask(m, sid, 0, _i ? 0 : SMMU3_TXN_NO_STALL);

		ck_assert_uint_eq(outcome.verdict, SMMU3_ABORT);
		ck_assert_uint_eq(outcome.recorded, 1);
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 1);
		expect_record(m, 0,
			      (const uint64_t[4]){ F_TRANSLATION | (uint64_t)sid << 32,
						   CLASS(2) | RNW | (s2 ? OF_S2 : 0), INPUT,
						   s2 ? INPUT : 0 });
		submit(m, resume(sid, 0, RETRY)); /* nothing is held */
		ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
		ck_assert_uint_eq(count(m, ENDED), 0);
		close_machine(m);
	}
}
END_TEST

/* IDR-007: where stalls are forced a host must be able to wait, and is told so */
START_TEST(forced_stalls_need_a_host_that_hears_of_their_end)
{
	struct machine *m = of_model(STALL_FORCED);
	const struct smmu3_host host = { .size = sizeof(host) };
	struct smmu3_error error;

	ck_assert_ptr_null(smmu3_create(&m->config, &host, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	ck_assert_ptr_nonnull(strstr(error.text, "IDR0.STALL_MODEL"));
	ck_assert_ptr_nonnull(strstr(error.text, "stall_ended"));
	ck_assert_ptr_null(smmu3_create(&m->config, NULL, &error));
	ck_assert_int_eq(error.code, -SMMU3_E_ARGUMENT);
	close_machine(m);
}
END_TEST

/* IDR-007, STALL-22: where stalls are forced, no client escapes */
START_TEST(forced_stalls_hold_a_client_that_cannot_wait)
{
	struct machine *m = of_model(STALL_FORCED);

	start_machine(m);
	ck_assert_uint_eq(ask(m, 1, 0, SMMU3_TXN_NO_STALL).verdict, SMMU3_STALLED);
	ck_assert_uint_eq(stag_of(m, 0), (uint16_t)ram_at(m, EVENTS_AT)[1]);
	close_machine(m);
}
END_TEST

/* ---- How many ---- */

static void fill(struct machine *m, unsigned most)
{
	for (unsigned i = 0; i < most; i++)
		stall(m, 1 + i % 4, i);
}

/* STALL-21, IDR-031: STALL_MAX stalls and no more; one beyond is neither held nor recorded nor
 * lost; after any end there is room for one */
START_TEST(as_many_stall_as_stall_max_says)
{
	struct machine *m = stalling(4);

	m->eventq_lg2 = 4;
	start_machine(m);
	fill(m, 4);
	for (unsigned i = 0; i < 3; i++) {
		const uint16_t freed = stag_of(m, i);

		for (uint32_t sid = 1; sid <= 2; sid++) {
			const struct smmu3_outcome busy = ask(m, sid, 99, 0);

			ck_assert_uint_eq(busy.verdict, SMMU3_BUSY);
			ck_assert_uint_eq(busy.recorded, 0);
		}
		ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4 + i);
		submit(m, resume(1 + i % 4, freed, ABORT));
		ck_assert_uint_eq(count(m, ENDED), i + 1);
		expect_end(m, i, i, SMMU3_STALL_ABORT);
		/* the only place there is */
		ck_assert_uint_eq(stall(m, 1, 100 + i), freed);
	}
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 7); /* and no overflow */
	close_machine(m);
}
END_TEST

/* STALL-21: what does not stall does not wait for room */
START_TEST(what_does_not_stall_is_not_busy)
{
	struct machine *m = started_stalling(2);

	fill(m, 2);
	ck_assert_uint_eq(ask(m, 1, 0, SMMU3_TXN_NO_STALL).verdict, SMMU3_ABORT);
	fault(m, 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 4);
	mend(m, 1);
	pass(m, 1);
	close_machine(m);
}
END_TEST

/* ---- Asking without effect ---- */

static void ignore(void *context, const struct smmu3_step *step)
{
	(void)context;
	(void)step;
}

static struct smmu3_outcome without_effect(struct machine *m, unsigned how)
{
	const struct smmu3_txn txn = {
		.addr = INPUT, .bytes = 4, .sid = 1, .flags = how ? 0 : SMMU3_TXN_PROBE
	};
	struct smmu3_outcome outcome;

	if (how)
		smmu3_explain(m->smmu, &txn, &outcome, ignore, NULL);
	else
		smmu3_translate(m->smmu, &txn, &outcome);
	return outcome;
}

/* EVTQ-011, STALL-21: a probe, and an explanation, say what would happen; they hold nothing,
 * record nothing and take no STAG */
START_TEST(a_probe_of_a_stall_holds_nothing)
{
	struct machine *m = started_stalling(2);

	for (unsigned n = 0; n < 6; n++) { /* more than there is room for */
		const struct smmu3_outcome outcome = without_effect(m, n % 2);

		ck_assert_uint_eq(outcome.verdict, SMMU3_STALLED);
		ck_assert_uint_eq(outcome.event, F_TRANSLATION);
		ck_assert_uint_eq(outcome.record.word[1], STALL | CLASS(2) | RNW); /* STAG 0 */
		ck_assert_uint_eq(outcome.recorded, 0);
	}
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 0);
	fill(m, 2);
	for (unsigned n = 0; n < 2; n++) {
		ck_assert_uint_eq(without_effect(m, n).verdict, SMMU3_BUSY);
		ck_assert_uint_eq(without_effect(m, n).recorded, 0);
	}
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), 2);
	set_reg(m, CR0, 0);
	ck_assert_uint_eq(count(m, ENDED), 2);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_model_refuses_what_it_does_not_have, 0, COUNT(rules));
	tcase_add_loop_test(tests, the_model_is_told_and_decides_about_the_commands, 0, 3);
	tcase_add_loop_test(tests, a_client_that_cannot_wait_is_aborted_and_recorded, 0, 3);
	tcase_add_test(tests, forced_stalls_need_a_host_that_hears_of_their_end);
	tcase_add_test(tests, forced_stalls_hold_a_client_that_cannot_wait);
	tcase_add_test(tests, as_many_stall_as_stall_max_says);
	tcase_add_test(tests, what_does_not_stall_is_not_busy);
	tcase_add_test(tests, a_probe_of_a_stall_holds_nothing);
}

int main(void)
{
	return run("stall-models", add);
}
