/* SPDX-License-Identifier: MIT */
/* What Realm software and devices do to twins. */
#include "realm.h"
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
	const uint32_t cons = realm_reg(m, CMDQ_CONS) & mask_of(m->cmdq_lg2);

	return ((m->r_prod - cons) & mask_of(m->cmdq_lg2)) + commands <= 1u << m->cmdq_lg2;
}

static void act_fault(struct machine *m, const struct step *step)
{
	(void)realm_read(m, step->sid);
}

static void act_command(struct machine *m, const struct step *step)
{
	const struct command commands[] = {
		CFGI_ALL,
		NSNH_ALL,
		PREFETCH,
		SYNC_SEV,
		sync_irq(DOORBELL, step->number),
		sync_irq(RAM_AT + RAM_BYTES, 1), /* aborts */
		{ { 0x28 | (uint64_t)step->sid << 32, 0 } },
		{ { 0x40 | (uint64_t)step->sid << 32, 52 } },
		{ { 0x41 | (uint64_t)step->sid << 32, step->number & 0x1ff } },
		{ { 0x70, 0 } },
	};

	if (has_room(m, 1))
		submit_realm(
			m,
			step->number % 32 == 31 ?
				ILLEGAL :
				commands[step->number % (sizeof(commands) / sizeof(commands[0]))]);
}

/* Several, with one doorbell; the CMD_SYNC waits for endpoints. */
static void act_batch(struct machine *m, const struct step *step)
{
	if (!has_room(m, 6))
		return;
	for (unsigned i = 0; i < 1 + step->number % 5; i++)
		queue_realm(m,
			    i % 2 ? (struct command){ { 0x40 | (uint64_t)step->sid << 32, 52 } } :
				    CFGI_ALL);
	queue_realm(m, sync_irq(DOORBELL + 8, step->number));
	ring_realm(m);
}

static void act_enables(struct machine *m, const struct step *step)
{
	static const uint32_t changed[] = { 0, 0, 0, SMMUEN, EVENTQEN, CMDQEN, PRIQEN, 1 << 10 };

	set_realm(m, CR0, REALM_ON ^ changed[step->number % 8]);
}

static void act_interrupts(struct machine *m, const struct step *step)
{
	set_realm(m, IRQ_CTRL, step->number & 1 ? step->number & 7 : 7);
}

static void take(struct machine *m, const struct step *step, uint64_t prod_at, unsigned lg2)
{
	const uint32_t prod = realm_reg(m, prod_at), cons = realm_reg(m, prod_at + 4);
	const uint32_t waiting = (prod - cons) & mask_of(lg2);
	const uint32_t taken = cons + step->number % (waiting + 1);

	set_realm(m, prod_at + 4, (prod & 1u << 31) | (taken & mask_of(lg2)));
}

static void act_take(struct machine *m, const struct step *step)
{
	take(m, step, EVENTQ_PROD, m->eventq_lg2);
}

static void act_take_pages(struct machine *m, const struct step *step)
{
	take(m, step, PRIQ_PROD, 2);
}

/* Software skips what it should not have written. */
static void act_skip(struct machine *m, const struct step *step)
{
	const uint32_t mask = mask_of(m->cmdq_lg2);

	(void)step;
	for (uint32_t i = realm_reg(m, CMDQ_CONS) & mask; i != m->r_prod; i = (i + 1) & mask)
		memcpy(realm_at(m, command_at(m, i)), PREFETCH.word, 16);
	set_realm(m, GERRORN, realm_reg(m, GERROR));
}

static void act_registers(struct machine *m, const struct step *step)
{
	static const uint16_t offsets[] = {
		CR1, CR2, R_GMECID, GERRORN, GERROR_IRQ_CFG1, 0x74, 0xdc
	};

	set_realm(m, offsets[step->number % 7], 0x80100000 + step->sid);
}

static void act_complete(struct machine *m, const struct step *step)
{
	smmu3_atc_complete(m->smmu, last_realm_tag(m) - step->number % 4,
			   step->number % 8 ? SMMU3_ATC_DONE : SMMU3_ATC_TIMED_OUT);
}

static void act_page(struct machine *m, const struct step *step)
{
	const struct smmu3_page_request page = { .addr = step->number,
						 .sid = step->sid,
						 .ssid = step->number & SMMU3_PAGE_SSV ? 3 : 0,
						 .prgindex = (uint16_t)(step->number & 0x1ff),
						 .flags = (uint16_t)(step->number & 0x3f),
						 .sec_sid = SMMU3_PAS_REALM };

	(void)smmu3_page_request(m->smmu, &page);
}

static step_act *const acts[] = {
	act_fault,    act_fault,      act_fault, act_command, act_command,    act_command,
	act_batch,    act_batch,      act_batch, act_enables, act_interrupts, act_take,
	act_take,     act_take_pages, act_skip,  act_skip,    act_registers,  act_complete,
	act_complete, act_complete,   act_page,  act_page,    act_page,
};

step_act *realm_act(unsigned chance)
{
	return acts[chance % (sizeof(acts) / sizeof(acts[0]))];
}

void compare_realm(struct machine *a, struct machine *b)
{
	for (uint64_t offset = 0; offset < 0x230; offset += 4)
		if (realm_reg(a, offset) != realm_reg(b, offset))
			ck_abort_msg("Realm register 0x%x is 0x%x, and 0x%x after a load",
				     (unsigned)offset, realm_reg(a, offset), realm_reg(b, offset));
	ck_assert(!memcmp(realm_at(a, EVENTS_AT), realm_at(b, EVENTS_AT),
			  (size_t)32 << a->eventq_lg2));
	ck_assert(!memcmp(realm_at(a, REALM_PAGES_AT), realm_at(b, REALM_PAGES_AT), 64));
	ck_assert(!memcmp(realm_at(a, DOORBELL), realm_at(b, DOORBELL), 64));
}
