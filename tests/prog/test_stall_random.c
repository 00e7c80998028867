/* SPDX-License-Identifier: MIT */
/* Whatever software does by chance, in whatever order: every transaction that is held ends once, as
 * it was told to, and none is left.  3.12.2 */
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <stdlib.h>

enum { MOST = 5, STEPS = 4000, STREAMS = 4 };

/* What the test knows of the transactions, by their cookies. */
struct knowledge {
	uint64_t chance;
	bool held[STEPS];
	uint8_t sid[STEPS];
	unsigned live, next, ends;
	uint32_t enables; /* of CR0 */
};

static unsigned by_chance(struct knowledge *k, unsigned below)
{
	k->chance = k->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(k->chance >> 33) % below;
}

static void note_end(struct machine *m, const struct happening *now)
{
	struct knowledge *k = m->context;
	const struct smmu3_stall *stall = &now->stall;

	if (now->kind != ENDED)
		return;
	if (stall->cookie >= k->next || !k->held[stall->cookie] ||
	    k->sid[stall->cookie] != stall->sid)
		ck_abort_msg("cookie %u ends, which is not held", (unsigned)stall->cookie);
	k->held[stall->cookie] = false;
	k->live--;
	k->ends++;
}

/* ---- Steps ---- */

static void step_stall(struct machine *m, struct knowledge *k)
{
	const uint32_t sid = 1 + by_chance(k, STREAMS), cookie = k->next++;
	const unsigned live = k->live;

	k->sid[cookie] = (uint8_t)sid;
	k->held[cookie] = true; /* before the call: it may end inside */
	k->live++;
	const struct smmu3_outcome outcome = ask(m, sid, cookie, 0);

	if (outcome.verdict == SMMU3_STALLED) {
		ck_assert_uint_lt(live, MOST);
		return;
	}
	ck_assert_uint_eq(outcome.verdict, k->enables & SMMUEN ? SMMU3_BUSY : SMMU3_OK);
	ck_assert(!(k->enables & SMMUEN) || live == MOST);
	k->held[cookie] = false;
	k->live--;
}

static void step_resume(struct machine *m, struct knowledge *k)
{
	static const uint32_t actions[] = { RETRY, ABORT, RAZ_WI };
	const unsigned ends = k->ends;

	submit(m, resume(1 + by_chance(k, STREAMS), (uint16_t)by_chance(k, MOST + 1),
			 actions[by_chance(k, 3)]));
	if (k->enables & CMDQEN)
		ck_assert_uint_le(k->ends - ends, 1);
}

static void step_term(struct machine *m, struct knowledge *k)
{
	const uint32_t sid = 1 + by_chance(k, STREAMS);

	submit(m, stall_term(sid));
	for (unsigned i = 0; i < k->next && k->enables & CMDQEN; i++)
		if (k->held[i] && k->sid[i] == sid)
			ck_abort_msg("cookie %u outlives CMD_STALL_TERM", i);
}

static void step_take(struct machine *m, struct knowledge *k)
{
	const uint32_t size = 1u << m->eventq_lg2, cons = reg(m, EVENTQ_CONS);
	const uint32_t waiting = (reg(m, EVENTQ_PROD) - cons) & (2 * size - 1);

	set_reg(m, EVENTQ_CONS, (cons + by_chance(k, waiting + 1)) & (2 * size - 1));
}

static void step_enables(struct machine *m, struct knowledge *k)
{
	static const uint32_t bits[] = { SMMUEN, EVENTQEN, EVENTQEN, CMDQEN };

	if (k->enables == (SMMUEN | EVENTQEN | CMDQEN))
		k->enables &= ~bits[by_chance(k, COUNT(bits))];
	else
		k->enables = SMMUEN | EVENTQEN | CMDQEN;
	set_reg(m, CR0, k->enables);
	ck_assert_uint_eq(reg(m, CR0ACK), k->enables);
	if (!(k->enables & SMMUEN))
		ck_assert_uint_eq(k->live, 0);
}

static void step_abort(struct machine *m, struct knowledge *k)
{
	m->aborts[0] = by_chance(k, 2) ? event_at(m, reg(m, EVENTQ_PROD)) : 0;
}

static void step_acknowledge(struct machine *m, struct knowledge *k)
{
	(void)k;
	set_reg(m, GERRORN, reg(m, GERROR));
}

/* Stalls and resumes are the most frequent. */
static void (*const steps[])(struct machine *m, struct knowledge *k) = {
	step_stall,       step_stall,  step_stall,  step_stall,   step_stall, step_stall,
	step_resume,      step_resume, step_resume, step_resume,  step_take,  step_take,
	step_acknowledge, step_abort,  step_term,   step_enables,
};

/* All is enabled and in order: what is left without a record is retried, and the rest ended by its
 * STAG.  Nobody remains. */
static void settle(struct machine *m, struct knowledge *k)
{
	m->aborts[0] = 0;
	set_reg(m, CR0, SMMUEN | EVENTQEN | CMDQEN);
	step_acknowledge(m, k);
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	for (uint32_t sid = 1; sid <= STREAMS; sid++)
		for (uint16_t stag = 0; stag < MOST; stag++)
			submit(m, resume(sid, stag, ABORT));
	ck_assert_uint_eq(k->live, 0);
	ck_assert_uint_eq(reg(m, CMDQ_CONS), m->prod);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD) >> 31, 0); /* and no stall has overflowed it */
	ck_assert_uint_gt(k->ends, STEPS / 16);
}

/* STALL-08, STALL-12, STALL-15, STALL-19, STALL-21, CMD-RESUME-2, CR-016, EVTQ-004, EVTQ-005,
 * EVTQ-009, FLTI-008 */
START_TEST(whatever_software_does_every_stall_ends_once)
{
	struct machine *m = stalling(MOST);
	struct knowledge *k = calloc(1, sizeof(*k));

	k->chance = (uint64_t)_i;
	k->enables = SMMUEN | EVENTQEN | CMDQEN;
	m->eventq_lg2 = 2;
	m->cmdq_lg2 = 12; /* commands may wait for their enable */
	m->context = k;
	start_machine(m);
	m->inside = note_end;
	for (unsigned i = 0; i < STEPS; i++)
		steps[by_chance(k, COUNT(steps))](m, k);
	settle(m, k);
	free(k);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, whatever_software_does_every_stall_ends_once, 0, 20);
}

int main(void)
{
	return run("stall-random", add);
}
