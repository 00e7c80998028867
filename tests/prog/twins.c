/* SPDX-License-Identifier: MIT */
#include "twins.h"

#include "blob.h"
#include "stalls.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

enum { STREAMS = 8, OF_ENDPOINTS = 9 }; /* acts, the last */

unsigned by_chance(struct twins *twins, unsigned below)
{
	twins->chance = twins->chance * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
	return (unsigned)(twins->chance >> 33) % below;
}

/* ---- Comparison ---- */

static bool same_access(const struct smmu3_mem_access *a, const struct smmu3_mem_access *b)
{
	return a->pa == b->pa && a->bytes == b->bytes && a->pas == b->pas &&
	       a->reason == b->reason && a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh;
}

static bool same_scope(const struct smmu3_invalidation *a, const struct smmu3_invalidation *b)
{
	return a->kind == b->kind && a->sec_sid == b->sec_sid && a->any_asid == b->any_asid &&
	       a->any_vmid == b->any_vmid && a->any_ssid == b->any_ssid && a->leaf == b->leaf &&
	       a->asid == b->asid && a->vmid == b->vmid && a->vmids == b->vmids &&
	       a->addr == b->addr && a->bytes == b->bytes && a->sids == b->sids &&
	       a->sid == b->sid && a->ssid == b->ssid;
}

static bool same_stall(const struct smmu3_stall *a, const struct smmu3_stall *b)
{
	return a->cookie == b->cookie && a->sid == b->sid && a->stag == b->stag &&
	       a->sec_sid == b->sec_sid && a->end == b->end;
}

static bool same_to_endpoint(const struct happening *a, const struct happening *b)
{
	return a->atc.tag == b->atc.tag && a->atc.addr == b->atc.addr &&
	       a->atc.bytes == b->atc.bytes && a->atc.sid == b->atc.sid &&
	       a->atc.ssid == b->atc.ssid && a->atc.ssv == b->atc.ssv &&
	       a->response.sid == b->response.sid && a->response.ssid == b->response.ssid &&
	       a->response.prgindex == b->response.prgindex && a->response.ssv == b->response.ssv &&
	       a->response.code == b->response.code;
}

static bool same_happening(const struct happening *a, const struct happening *b)
{
	return a->kind == b->kind && a->about == b->about && same_access(&a->access, &b->access) &&
	       !memcmp(a->data, b->data, sizeof(a->data)) && same_scope(&a->scope, &b->scope) &&
	       same_stall(&a->stall, &b->stall) && same_to_endpoint(a, b) &&
	       a->cmdq_cons == b->cmdq_cons && a->eventq_prod == b->eventq_prod &&
	       a->gerror == b->gerror && a->s_cmdq_cons == b->s_cmdq_cons &&
	       a->s_eventq_prod == b->s_eventq_prod && a->s_gerror == b->s_gerror &&
	       a->s_init == b->s_init && a->r_cmdq_cons == b->r_cmdq_cons &&
	       a->r_eventq_prod == b->r_eventq_prod && a->r_gerror == b->r_gerror;
}

static void compare_seen(const struct machine *a, const struct machine *b)
{
	if (a->seen_count != b->seen_count)
		ck_abort_msg("%u callbacks, and %u after a load", a->seen_count, b->seen_count);
	for (unsigned i = 0; i < a->seen_count && i < HAPPENINGS; i++)
		if (!same_happening(&a->seen[i], &b->seen[i]))
			ck_abort_msg("callback %u differs: kind %d and %d", i, a->seen[i].kind,
				     b->seen[i].kind);
}

static void compare_registers(struct machine *a, struct machine *b)
{
	for (uint64_t offset = 0; offset < 0x200; offset += 4)
		if (reg(a, offset) != reg(b, offset))
			ck_abort_msg("register 0x%x is 0x%x, and 0x%x after a load",
				     (unsigned)offset, reg(a, offset), reg(b, offset));
	ck_assert(reg64(a, EVENTQ_PROD) == reg64(b, EVENTQ_PROD));
}

/* Where the SMMU writes. */
static void compare_memory(struct machine *a, struct machine *b)
{
	ck_assert(!memcmp(ram_at(a, EVENTS_AT), ram_at(b, EVENTS_AT), (size_t)32 << a->eventq_lg2));
	ck_assert(!memcmp(ram_at(a, DOORBELL), ram_at(b, DOORBELL), 64));
}

void compare_twins(struct twins *twins)
{
	const struct blob one = saved(twins->one), other = saved(twins->other);

	if (!same_blob(&one, &other))
		ck_abort_msg("they save something different");
	compare_seen(twins->one, twins->other);
	compare_registers(twins->one, twins->other);
	compare_seen(twins->one, twins->other); /* what was due came with the first of them */
	compare_memory(twins->one, twins->other);
	if (twins->secure)
		compare_secure(twins->one, twins->other);
	if (twins->realm)
		compare_realm(twins->one, twins->other);
	look_away(twins->one);
	look_away(twins->other);
}

/* ---- Saved and loaded ---- */

static void count_work(struct twins *twins, const uint8_t *work)
{
	twins->under_way[work[24]]++;
	twins->pulses += work[25] != 0;
	twins->messages += work[26] != 0;
	twins->records += work[36] != 0;
}

static void count_endpoints(struct twins *twins, const uint8_t *pcie)
{
	const uint8_t *answer = pcie + 10 + 8 * pcie[9];

	twins->asked += pcie[9] != 0;
	twins->answers += answer[0];
	twins->pages += answer[answer[0] ? 14 : 2] != 0;
}

static void count_stalls(struct twins *twins, const uint8_t *table)
{
	for (unsigned i = 0; i < table[0]; i++) {
		const uint8_t *stall = &table[2 + 16 * i];

		(stall[3] ? twins->s_states : twins->states)[stall[2]]++;
	}
}

static void count_secure(struct twins *twins, const uint8_t *work)
{
	twins->s_under_way[work[24]]++;
	twins->s_due += work[25] || work[26];
	twins->s_records += work[36] != 0;
}

static void count_realm(struct twins *twins, const uint8_t *work, const uint8_t *rpci)
{
	const uint8_t *answer = rpci + 10 + 8 * rpci[9];

	twins->r_under_way[work[24]]++;
	twins->r_due += work[25] || work[26];
	twins->r_records += work[36] != 0;
	twins->r_pages += answer[answer[0] ? 14 : 2] != 0;
}

void load_twin(struct twins *twins)
{
	struct blob before = saved(twins->other);

	count_work(twins, section(&before, "WORK"));
	count_stalls(twins, section(&before, "STAL"));
	count_endpoints(twins, section(&before, "PCIE"));
	if (twins->secure)
		count_secure(twins, section(&before, "SWRK"));
	if (twins->realm)
		count_realm(twins, section(&before, "RWRK"), section(&before, "RPCI"));
	renew(twins->other);
	load(twins->other, &before);
	const struct blob after = saved(twins->other);

	if (!same_blob(&before, &after))
		ck_abort_msg("what was loaded is saved otherwise");
	twins->loads++;
}

/* ---- Steps ---- */

/* As drivers do: never more than the queue has room for. */
static bool has_room(struct machine *m, unsigned commands)
{
	const uint32_t mask = (2u << m->cmdq_lg2) - 1;

	return ((m->prod - reg(m, CMDQ_CONS)) & mask) + commands <= 1u << m->cmdq_lg2;
}

static void send(struct machine *m, struct command command)
{
	if (has_room(m, 1))
		submit(m, command);
}

static void act_access(struct machine *m, const struct step *step)
{
	ask(m, step->sid, step->cookie, step->number & 1 ? SMMU3_TXN_WRITE : 0);
}

/* As some record says, which may be an old one; of stream 1, whatever it says. */
static void act_resume(struct machine *m, const struct step *step)
{
	static const uint32_t actions[] = { RETRY, ABORT, RAZ_WI };
	const uint32_t index = step->number / 3;

	send(m, resume(step->sid == 1 ? 1 : sid_of(m, index),
		       (uint16_t)ram_at(m, event_at(m, index))[1], actions[step->number % 3]));
}

static void act_terminate(struct machine *m, const struct step *step)
{
	send(m, stall_term(step->sid));
}

static void act_command(struct machine *m, const struct step *step)
{
	const struct command commands[] = {
		CFGI_ALL,
		NSNH_ALL,
		PREFETCH,
		SYNC_NONE,
		SYNC_SEV,
		sync_irq(DOORBELL, step->number),
		sync_irq(0, 0),
		sync_irq(RAM_AT + RAM_BYTES, 1), /* aborts */
		{ { 0x11 | (uint64_t)step->number << 48, 0 } },
		{ { 0x12 | UINT64_C(3) << 48, 0x7000 } },
		{ { 0x04 | UINT64_C(8) << 32, 2 } },
	};

	send(m, step->number % 32 == 31 ?
			ILLEGAL :
			commands[step->number % (sizeof(commands) / sizeof(commands[0]))]);
}

/* Several, with one doorbell. */
static void act_batch(struct machine *m, const struct step *step)
{
	if (!has_room(m, 6))
		return;
	for (unsigned i = 0; i < 1 + step->number % 5; i++)
		queue_command(m, i % 2 ? stall_term(step->sid) : CFGI_ALL);
	queue_command(m, sync_irq(DOORBELL + 8, step->number));
	ring(m);
}

static void act_enables(struct machine *m, const struct step *step)
{
	static const uint32_t without[] = { 0,        0,      0,      SMMUEN,
					    EVENTQEN, CMDQEN, PRIQEN, SMMUEN | EVENTQEN };
	const uint32_t all = SMMUEN | EVENTQEN | CMDQEN | PRIQEN | ATSCHK;

	set_reg(m, CR0, all & ~without[step->number % 8]);
}

static void act_interrupts(struct machine *m, const struct step *step)
{
	static const uint32_t enables[] = { 7, 7, 5, 4, 3, 0 };

	set_reg(m, IRQ_CTRL, enables[step->number % 6]);
}

static void act_take(struct machine *m, const struct step *step)
{
	const uint32_t mask = (2u << m->eventq_lg2) - 1;
	const uint32_t prod = reg(m, EVENTQ_PROD), cons = reg(m, EVENTQ_CONS);
	const uint32_t waiting = (prod - cons) & mask;

	set_reg(m, EVENTQ_CONS, (prod & 1u << 31) | ((cons + step->number % (waiting + 1)) & mask));
}

static void act_acknowledge(struct machine *m, const struct step *step)
{
	(void)step;
	set_reg(m, GERRORN, reg(m, GERROR));
}

/* Software skips what it should not have written. */
static void act_skip(struct machine *m, const struct step *step)
{
	const uint32_t cons = reg(m, CMDQ_CONS) & ((2u << m->cmdq_lg2) - 1);

	(void)step;
	for (uint32_t i = cons; i != m->prod; i = (i + 1) & ((2u << m->cmdq_lg2) - 1))
		memcpy(ram_at(m, command_at(m, i)), PREFETCH.word, 16);
	set_reg(m, GERRORN, reg(m, GERROR));
}

static void act_abort(struct machine *m, const struct step *step)
{
	m->aborts[0] = step->number % 3 ? 0 : event_at(m, reg(m, EVENTQ_PROD));
	m->aborts[1] = step->number % 7 ? 0 : DOORBELL;
}

static void act_registers(struct machine *m, const struct step *step)
{
	static const uint16_t offsets[] = { 0x28,
					    CR2,
					    GBPA,
					    GERRORN,
					    GERROR_IRQ_CFG0,
					    GERROR_IRQ_CFG1,
					    0x74,
					    0xb0,
					    EVENTQ_IRQ_CFG1,
					    0xbc };

	set_reg(m, offsets[step->number % 10],
		step->number % 3 ? 0x80100000 + step->sid : (uint32_t)DOORBELL + 16);
}

static void act_mend(struct machine *m, const struct step *step)
{
	if (step->sid && step->sid <= 5)
		*(step->sid == 2 || step->sid == 5 ?
			  slot2(m, step->sid) :
			  slot1(m, step->sid)) ^= 1 << 10; /* AF of what may be a descriptor */
}

/* ---- Endpoints, where there are any ---- */

static void act_atc(struct machine *m, const struct step *step)
{
	send(m, (struct command){ { 0x40 | (uint64_t)step->sid << 32, step->number % 60 } });
}

/* One of those that were asked for lately, which may have been answered. */
static void act_complete(struct machine *m, const struct step *step)
{
	const uint64_t last = last_tag(m);

	smmu3_atc_complete(m->smmu, last - step->number % (step->number & 0x100 ? 4 : 40),
			   step->number % 8 ? SMMU3_ATC_DONE : SMMU3_ATC_TIMED_OUT);
}

static void act_page(struct machine *m, const struct step *step)
{
	const struct smmu3_page_request page = { .addr = step->cookie << 12,
						 .sid = step->sid,
						 .ssid = step->number & 0xff,
						 .prgindex = step->number & 0x1ff,
						 .flags = (uint16_t)(step->number >> 9 & 0x3f) };

	smmu3_page_request(m->smmu, &page);
}

static void act_respond(struct machine *m, const struct step *step)
{
	send(m, (struct command){ { 0x41 | (uint64_t)step->sid << 32,
				    (step->number & 0x1ff) | step->number % 3 << 12 } });
}

static void act_take_pages(struct machine *m, const struct step *step)
{
	if (step->number & 1)
		set_reg(m, PRIQ_CONS, reg(m, PRIQ_PROD));
}

static step_act *const acts[] = {
	act_access,
	act_access,
	act_access,
	act_access,
	act_access,
	act_access,
	act_resume,
	act_resume,
	act_resume,
	act_terminate,
	act_command,
	act_command,
	act_command,
	act_batch,
	act_batch,
	act_enables,
	act_take,
	act_take,
	act_take,
	act_acknowledge,
	act_skip,
	act_abort,
	act_mend,
	act_interrupts,
	act_acknowledge,
	act_registers,
	/* of endpoints */
	act_atc,
	act_atc,
	act_complete,
	act_complete,
	act_complete,
	act_page,
	act_page,
	act_respond,
	act_take_pages,
};

enum { ACTS = sizeof(acts) / sizeof(acts[0]) };

static step_act *draw_act(struct twins *twins)
{
	if (twins->realm && !by_chance(twins, 3))
		return realm_act(by_chance(twins, 1 << 16));
	if (twins->secure && by_chance(twins, 2))
		return secure_act(by_chance(twins, 1 << 16));
	return acts[by_chance(twins, ACTS - (twins->endpoints ? 0 : OF_ENDPOINTS))];
}

static struct step draw(struct twins *twins)
{
	return (struct step){
		.act = draw_act(twins),
		.sid = by_chance(twins, STREAMS + 1), /* the last is beyond the table */
		.number = by_chance(twins, 1 << 16),
		.cookie = twins->cookie++,
	};
}

/* Both do a few steps of which nothing comes yet; then an act at a time, and after each the other
 * goes on in a fresh SMMU; what is left at last stays due. */
static void step_late(struct twins *twins)
{
	pause_work(twins->one);
	pause_work(twins->other);
	for (unsigned i = 1 + by_chance(twins, 4); i; i--) {
		const struct step step = draw(twins);

		step.act(twins->one, &step);
		step.act(twins->other, &step);
	}
	bool more = true;

	for (unsigned i = by_chance(twins, 16); more; i--) {
		more = do_acts(twins->one, i ? 1 : 0);
		ck_assert(more == do_acts(twins->other, i ? 1 : 0));
		load_twin(twins);
		more &= i != 0;
	}
}

void step_twins(struct twins *twins)
{
	const struct step step = draw(twins);

	if (!by_chance(twins, 3)) {
		step_late(twins);
		return;
	}
	step.act(twins->one, &step);
	step.act(twins->other, &step);
}
