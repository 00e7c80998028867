/* SPDX-License-Identifier: MIT */
/* What Secure software and devices do to twins. */
#include "secure.h"
#include "secure_stalls.h"
#include "twins.h"
#include "waiting.h"

#include <check.h>
#include <string.h>

static uint32_t mask_of(unsigned lg2)
{
	return (2u << lg2) - 1;
}

static bool has_room(struct machine *m, unsigned commands)
{
	const uint32_t cons = secure_reg(m, CMDQ_CONS) & mask_of(m->cmdq_lg2);

	return ((m->s_prod - cons) & mask_of(m->cmdq_lg2)) + commands <= 1u << m->cmdq_lg2;
}

static void send(struct machine *m, struct command command)
{
	if (has_room(m, 1))
		submit_secure(m, command);
}

static struct command for_state(struct command command, bool secure)
{
	command.word[0] |= secure ? SSEC : 0;
	return command;
}

static void act_fault(struct machine *m, const struct step *step)
{
	const struct smmu3_txn txn = {
		.addr = INPUT, .bytes = 4, .sid = 6 + step->sid % 3, .sec_sid = SMMU3_PAS_SECURE
	};
	struct smmu3_outcome outcome;

	smmu3_translate(m->smmu, &txn, &outcome);
}

static void act_hold(struct machine *m, const struct step *step)
{
	uint16_t stag;

	(void)hold_secure(m, 1 + step->sid % 3, step->cookie, &stag);
}

/* As some record says, which may be an old one, of either state. */
static void act_resume(struct machine *m, const struct step *step)
{
	static const uint32_t actions[] = { RETRY, ABORT, RAZ_WI };
	const uint64_t at = event_at(m, step->number / 3);
	const bool secure = step->number & 64;
	const uint64_t *record = secure ? secure_at(m, at) : ram_at(m, at);

	send(m, for_state(resume((uint32_t)(record[0] >> 32), (uint16_t)record[1],
				 actions[step->number % 3]),
			  secure != !(step->number & 0x700)));
}

static void act_terminate(struct machine *m, const struct step *step)
{
	send(m, for_state(stall_term(1 + step->sid % 3), step->number & 1));
}

static void act_command(struct machine *m, const struct step *step)
{
	const struct command commands[] = {
		for_state(CFGI_ALL, step->number & 64),
		NSNH_ALL,
		PREFETCH,
		SYNC_SEV,
		sync_irq(DOORBELL, step->number),
		sync_irq(RAM_AT + RAM_BYTES, 1), /* aborts */
		{ { 0x18, 0 } },                 /* EL3_ALL */
		{ { 0x40 | (uint64_t)step->sid << 32, 52 } },
		{ { 0x41 | (uint64_t)step->sid << 32, step->number & 0x1ff } },
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
		queue_secure(m,
			     i % 2 ? for_state(stall_term(step->sid), step->number & 1) : CFGI_ALL);
	queue_secure(m, sync_irq(DOORBELL + 8, step->number));
	ring_secure(m);
}

static void act_enables(struct machine *m, const struct step *step)
{
	static const uint32_t changed[] = { 0,        0,      0,        SMMUEN,
					    EVENTQEN, CMDQEN, NSSTALLD, SMMUEN | EVENTQEN };

	set_secure(m, CR0, (SMMUEN | EVENTQEN | CMDQEN) ^ changed[step->number % 8]);
}

static void act_interrupts(struct machine *m, const struct step *step)
{
	set_secure(m, IRQ_CTRL, step->number & 1 ? step->number & 5 : 5);
}

static void act_take(struct machine *m, const struct step *step)
{
	const uint32_t prod = secure_reg(m, S_EVENTQ_PROD), cons = secure_reg(m, S_EVENTQ_CONS);
	const uint32_t waiting = (prod - cons) & mask_of(m->eventq_lg2);
	const uint32_t taken = cons + step->number % (waiting + 1);

	set_secure(m, S_EVENTQ_CONS, (prod & 1u << 31) | (taken & mask_of(m->eventq_lg2)));
}

/* Software skips what it should not have written. */
static void act_skip(struct machine *m, const struct step *step)
{
	const uint32_t mask = mask_of(m->cmdq_lg2);

	(void)step;
	for (uint32_t i = secure_reg(m, CMDQ_CONS) & mask; i != m->s_prod; i = (i + 1) & mask)
		memcpy(secure_at(m, command_at(m, i)), PREFETCH.word, 16);
	set_secure(m, GERRORN, secure_reg(m, GERROR));
}

static void act_init(struct machine *m, const struct step *step)
{
	set_secure(m, S_INIT, step->number & 1);
}

static void act_registers(struct machine *m, const struct step *step)
{
	static const uint16_t offsets[] = { CR1, CR2, GBPA, GERRORN, GERROR_IRQ_CFG1, 0x74, 0xbc };

	set_secure(m, offsets[step->number % 7], 0x80100000 + step->sid);
}

static void act_complete(struct machine *m, const struct step *step)
{
	smmu3_atc_complete(m->smmu, last_secure_tag(m) - step->number % 4,
			   step->number % 8 ? SMMU3_ATC_DONE : SMMU3_ATC_TIMED_OUT);
}

static step_act *const acts[] = {
	act_fault,      act_fault,     act_hold,     act_hold,     act_hold,   act_hold,
	act_hold,       act_hold,      act_resume,   act_resume,   act_resume, act_terminate,
	act_command,    act_command,   act_command,  act_batch,    act_batch,  act_enables,
	act_interrupts, act_take,      act_take,     act_take,     act_skip,   act_skip,
	act_init,       act_registers, act_complete, act_complete,
};

step_act *secure_act(unsigned chance)
{
	return acts[chance % (sizeof(acts) / sizeof(acts[0]))];
}

void compare_secure(struct machine *a, struct machine *b)
{
	for (uint64_t offset = 0; offset < 0x200; offset += 4)
		if (secure_reg(a, offset) != secure_reg(b, offset))
			ck_abort_msg("Secure register 0x%x is 0x%x, and 0x%x after a load",
				     (unsigned)offset, secure_reg(a, offset),
				     secure_reg(b, offset));
	ck_assert(!memcmp(secure_at(a, EVENTS_AT), secure_at(b, EVENTS_AT),
			  (size_t)32 << a->eventq_lg2));
	ck_assert(!memcmp(secure_at(a, DOORBELL), secure_at(b, DOORBELL), 64));
}
