/* SPDX-License-Identifier: MIT */
/* What software must not do with registers, and what an SMMU may then do. */
#include "prog/adversity.h"

#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/queue_regs.h"

#include "arch/idregs.h"

static struct adverse_bank *own(const struct prog *prog)
{
	return &prog->adversity->bank[prog->bank];
}

/* ---- Errors that there are not ---- */

uint64_t adverse_unnoticed(const struct prog *prog)
{
	return own(prog)->unnoticed;
}

/* 6.3.20 */
static void toggle_inactive(const struct prog *prog, uint64_t mask, uint64_t written)
{
	const uint64_t toggled = (prog->value[PROG_GERRORN] ^ written) & mask;
	const uint64_t inactive = toggled & ~errors_active(prog);

	own(prog)->raised |= inactive && CHOSEN(prog, GERRORN_INACTIVE) == GERRORN_RAISED;
	if (CHOSEN(prog, GERRORN_INACTIVE) == GERRORN_UNNOTICED)
		own(prog)->unnoticed ^= (uint32_t)inactive;
}

/* ---- ATOS ---- */

/* 1 << the group that a register is of. */
static uint8_t group_of(enum prog_register reg)
{
	return reg == PROG_GATOS_CTRL || reg == PROG_GATOS_SID || reg == PROG_GATOS_ADDR ? 1 : 2;
}

/* RUN after SMMUEN has been written to 0.  6.3.37 */
static void store_run(const struct prog *prog, enum prog_register reg, uint64_t set)
{
	if (set & REG_MASK(ATOS_CTRL_RUN) && !adverse_enabled(prog))
		own(prog)->run_stored |= group_of(reg);
}

/* What is to be translated, while it is. */
static void spoil(const struct prog *prog, enum prog_register reg, uint64_t mask)
{
	const enum prog_register ctrl = group_of(reg) == 1 ? PROG_GATOS_CTRL : PROG_VATOS_CTRL;

	if (mask && prog_get(prog, ctrl, ATOS_CTRL_RUN))
		own(prog)->run_spoilt |= group_of(reg) & ~own(prog)->run_stored;
}

bool adverse_run_stored(const struct prog *prog, unsigned group)
{
	return own(prog)->run_stored & 1u << group;
}

uint8_t adverse_end_stored(const struct prog *prog)
{
	const uint8_t stored = own(prog)->run_stored;

	if (adverse_enabled(prog))
		own(prog)->run_stored = 0;
	return stored & ~own(prog)->run_stored;
}

uint64_t adverse_par(const struct prog *prog, unsigned group, uint64_t par)
{
	return own(prog)->run_spoilt & 1u << group ? scrambled(prog->adversity->seed ^ par) : par;
}

void adverse_answered(const struct prog *prog, unsigned group)
{
	own(prog)->run_spoilt = own(prog)->run_spoilt & ~(1u << group) & 3;
}

/* ---- Indexes ---- */

/* Nothing is consumed any more, until the queue has been disabled.  3.21.2 */
static bool stops(const struct prog *prog)
{
	const unsigned most = (unsigned)reg_get(prog->idr1, IDR1_CMDQS);
	const struct queue queue = queue_at(prog, &cmdq_regs, most);

	return CHOSEN(prog, CMDQ_CONTRADICTING_INDEXES) == CMDQ_STOPPED &&
	       queue_contradicts(&queue) && !error_active(prog, REG_MASK(GERROR_CMDQ_ERR));
}

uint32_t adverse_waiting(const struct work *work, const struct queue *queue)
{
	return CHOSEN(work, CMDQ_CONTRADICTING_INDEXES) == CMDQ_EXECUTED ? queue_filled(queue) :
									   queue_waiting(queue);
}

bool adverse_queue_full(const struct prog *prog, const struct queue *queue)
{
	return queue_full(queue) &&
	       !(CHOSEN(prog, EVENTQ_CONTRADICTING_INDEXES) == EVENTQ_WRITTEN &&
		 queue_contradicts(queue));
}

bool adverse_silent(const struct prog *prog, const struct queue *queue)
{
	return CHOSEN(prog, EVENTQ_CONTRADICTING_INDEXES) == EVENTQ_NOTHING &&
	       queue_contradicts(queue);
}

/* ---- Writes ---- */

void adverse_misuse(const struct prog *prog, enum prog_register reg, uint64_t mask,
		    uint64_t written)
{
	switch (reg) {
	case PROG_GERRORN:
		toggle_inactive(prog, mask, written);
		break;
	case PROG_GATOS_CTRL:
	case PROG_VATOS_CTRL:
		store_run(prog, reg, mask & written);
		break;
	case PROG_GATOS_SID:
	case PROG_GATOS_ADDR:
	case PROG_VATOS_SEL:
	case PROG_VATOS_SID:
	case PROG_VATOS_ADDR:
		spoil(prog, reg, mask);
		break;
	default:
		break;
	}
}

void adverse_written(struct prog *prog, struct work *work)
{
	struct adverse_bank *const of = own(prog);

	if (!prog_get(prog, PROG_CR0, CR0_CMDQEN)) {
		adverse_forget_commands(work);
		of->cmdq_stopped = false;
	} else {
		of->cmdq_stopped |= stops(prog);
	}
	if (of->raised)
		raise_interrupt(prog, work, SMMU3_INTERRUPT_GERROR);
	of->raised = false;
}
