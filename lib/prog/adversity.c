/* SPDX-License-Identifier: MIT */
/* Registers that are written late, store what they need not, or begin with anything. */
#include "prog/adversity.h"

#include "prog/fields.h"
#include "prog/rows.h"

#include "arch/idregs.h"

#include <string.h>

static struct adverse_bank *own(const struct prog *prog)
{
	return &prog->adversity->bank[prog->bank];
}

/* ---- Late ---- */

static const struct {
	enum prog_register reg;
	enum choice choice;
} lates[LATE_REGISTERS] = {
	[LATE_CR0] = { PROG_CR0, CHOICE_CR0_UPDATE },
	[LATE_IRQ_CTRL] = { PROG_IRQ_CTRL, CHOICE_IRQ_CTRL_UPDATE },
	[LATE_GBPA] = { PROG_GBPA, CHOICE_GBPA_UPDATE },
};

/* What is late of a register; NULL: it never is. */
static struct late *late_of(const struct prog *prog, enum prog_register reg)
{
	for (unsigned i = 0; i < LATE_REGISTERS; i++)
		if (lates[i].reg == reg)
			return &own(prog)->late[i];
	return NULL;
}

static unsigned how_late(const struct prog *prog, const struct late *late)
{
	return prog->adversity->chosen[lates[late - own(prog)->late].choice];
}

/* Of CR0 and IRQ_CTRL what changes; GBPA as a whole, whatever is written. */
static void begin_late(const struct prog *prog, struct late *late, uint64_t bits, uint64_t written)
{
	if (!late->on)
		*late = (struct late){ .left = prog->adversity->pace.update };
	late->on = true;
	late->bits |= bits;
	late->wanted = (late->wanted & ~bits) | (written & bits);
}

uint64_t adverse_alterable(const struct prog *prog, enum prog_register reg)
{
	const struct late *const late = late_of(prog, reg);

	if (!late || !late->on)
		return 0;
	if (reg == PROG_GBPA)
		return CHOSEN(prog, GBPA_ALTERED) ? UINT64_MAX : 0;
	return reg == PROG_CR0 && CHOSEN(prog, CR0_ALTERED) ? late->bits : 0;
}

/* The bits of them that are again as they were before; of VMW all or none. */
static uint64_t taken_back(const struct prog *prog, uint64_t bits, uint64_t written)
{
	const uint64_t differ = prog->value[PROG_CR0ACK] ^ written;

	return bits & ~(differ & REG_MASK(CR0_VMW) ? differ | REG_MASK(CR0_VMW) : differ);
}

/* Bits of CR0 that are under way are written again; those that are to be stored at once.  6.3.9 */
static uint64_t alter_late(const struct prog *prog, struct late *late, uint64_t bits,
			   uint64_t written)
{
	if (CHOSEN(prog, CR0_ALTERED) == ALTERED_TAKEN) {
		late->wanted = (late->wanted & ~bits) | (written & bits);
		return how_late(prog, late) == CR0_ACKNOWLEDGED_LATE ? bits : 0;
	}
	const uint64_t back = taken_back(prog, bits, written);

	late->bits &= ~back;
	late->on = late->bits != 0;
	return back;
}

/* Fields of CR0 and IRQ_CTRL that are written otherwise: VMW as a whole. */
static uint64_t changed(const struct prog *prog, enum prog_register reg, uint64_t mask,
			uint64_t written)
{
	const uint64_t differ = (prog->value[reg] ^ written) & mask;
	const uint64_t vmw = reg == PROG_CR0 ? REG_MASK(CR0_VMW) & mask : 0;

	return differ & vmw ? differ | vmw : differ;
}

/* Bits that are to be stored at once. */
static uint64_t write_late(const struct prog *prog, enum prog_register reg, uint64_t mask,
			   uint64_t written)
{
	struct late *const late = late_of(prog, reg);
	const bool whole = reg == PROG_GBPA;

	if (!late || !how_late(prog, late))
		return mask;
	const uint64_t again = late->on && !whole ? mask & late->bits : 0;

	if (again)
		return alter_late(prog, late, again, written) |
		       write_late(prog, reg, mask & ~again, written);
	const uint64_t bits = whole ? mask : changed(prog, reg, mask, written);

	if (bits)
		begin_late(prog, late, bits, written);
	return reg == PROG_CR0 && how_late(prog, late) == CR0_ACKNOWLEDGED_LATE ? mask :
										  mask & ~bits;
}

uint64_t adverse_locked(const struct prog *prog, enum prog_register reg)
{
	const struct late *const late = late_of(prog, reg);

	if (!late || !late->on)
		return 0;
	return reg == PROG_GBPA ? UINT64_MAX : late->bits;
}

bool adverse_enabled(const struct prog *prog)
{
	const struct late *const late = &own(prog)->late[LATE_CR0];
	const uint64_t cleared = late->on ? late->bits & ~late->wanted : 0;

	return prog->value[PROG_CR0] & ~cleared & REG_MASK(CR0_SMMUEN);
}

uint64_t adverse_guard(const struct prog *prog, enum prog_register enable, uint64_t either)
{
	const struct late *const late = late_of(prog, enable);

	if (prog->adversity->before_3_2 && CHOSEN(prog, GUARDED_WRITES))
		return 0;
	return late && late->on ? either | late->wanted : either;
}

uint64_t adverse_acknowledged(const struct prog *prog, enum prog_register enable, uint64_t before,
			      uint64_t now)
{
	const struct late *const late = late_of(prog, enable);

	return late && late->on ? (now & ~late->bits) | (before & late->bits) : now;
}

bool adverse_due(const struct prog *prog, enum late_register which)
{
	const struct late *const late = &own(prog)->late[which];

	return late->on && !late->left;
}

void adverse_do(struct prog *prog, enum late_register which)
{
	const enum prog_register reg = lates[which].reg;
	struct late *const late = &own(prog)->late[which];

	late->on = false;
	prog->value[reg] = (prog->value[reg] & ~late->bits) | (late->wanted & late->bits);
	if (register_rows[reg].ack)
		prog_hold(prog, reg, prog->held[reg]);
}

static void pass(uint32_t *left)
{
	*left -= *left && *left != SMMU3_HELD;
}

void adverse_tick(struct adversity *adversity)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct adverse_bank *const of = &adversity->bank[bank];

		for (unsigned i = 0; i < LATE_REGISTERS; i++)
			pass(&of->late[i].left);
		pass(&of->sync_left);
		of->commands_left = adversity->pace.commands;
	}
}

void adverse_release(struct adversity *adversity)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct adverse_bank *const of = &adversity->bank[bank];

		for (unsigned i = 0; i < LATE_REGISTERS; i++)
			of->late[i].left = 0;
		of->sync_left = 0;
		of->commands_left = UINT32_MAX;
	}
}

/* ---- What is read and stored ---- */

/* RES0 bits of a register that may store some: neither Update, which is one of its functions, nor
 * CMDQ_CONS.ERR, which is no reserved field. */
static uint64_t reserved_bits(const struct prog *prog, enum prog_register reg)
{
	const uint64_t functions = reg == PROG_CMDQ_CONS ? REG_MASK(CMDQ_CONS_ERR) :
				   reg == PROG_GBPA || reg == PROG_GMPAM || reg == PROG_GBPMPAM ?
							   REG_MASK(GBPA_UPDATE) :
							   0;

	return prog->writable[reg] && reg != PROG_INIT ? ~prog->writable[reg] & ~functions : 0;
}

uint64_t adverse_write(const struct prog *prog, enum prog_register reg, uint64_t reach,
		       uint64_t mask, uint64_t written)
{
	if (CHOSEN(prog, REGISTER_RESERVED_BITS)) {
		uint64_t *const reserved = &own(prog)->reserved[reg];
		const uint64_t stored = reach & reserved_bits(prog, reg);

		*reserved = (*reserved & ~stored) | (written & stored);
	}
	adverse_misuse(prog, reg, mask, written);
	return write_late(prog, reg, mask, written);
}

static uint64_t dormant(const struct prog *prog)
{
	const bool given = prog_get(prog, PROG_IDR0, IDR0_DORMHINT) &&
			   prog->adversity->keeps_nothing && CHOSEN(prog, DORMANT_HINT);

	return given ? REG_MASK(STATUSR_DORMANT) : 0;
}

uint64_t adverse_read(const struct prog *prog, enum prog_register reg)
{
	const struct late *const late = late_of(prog, reg);
	uint64_t value = prog->value[reg] | own(prog)->reserved[reg];

	if (late && late->on)
		value = (value & ~late->bits) | (late->wanted & late->bits) |
			(reg == PROG_GBPA ? REG_MASK(GBPA_UPDATE) : 0);
	return reg == PROG_STATUSR ? value | dormant(prog) : value;
}

/* It is the only way there where there is no Page 1. */
bool adverse_hides(const struct prog *prog, uint64_t offset)
{
	const bool index = offset == 0xa8 || offset == 0xac || offset == 0xc8 || offset == 0xcc;

	return index && prog->bank != BANK_S && CHOSEN(prog, PAGE_0_QUEUE_INDEXES);
}

bool adverse_init(const struct prog *prog)
{
	bool enabled = false;

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		enabled |= prog_get(prog->adversity->bank[bank].prog, PROG_CR0, CR0_SMMUEN);
	return enabled && CHOSEN(prog, S_INIT_WHILE_ENABLED);
}

/* ---- What there is ---- */

/* CR0 bits of features that are absent: banks.c says why libsmmu stores them. */
static uint64_t absent_of_cr0(const struct prog *prog)
{
	if (prog->bank != BANK_NS)
		return 0;
	return (prog_get(prog, PROG_IDR0, IDR0_PRI) ? 0 : REG_MASK(CR0_PRIQEN)) |
	       (prog_get(prog, PROG_IDR0, IDR0_ATS) ? 0 : REG_MASK(CR0_ATSCHK)) |
	       (prog_get(prog, PROG_IDR0, IDR0_VMW) ? 0 : REG_MASK(CR0_VMW));
}

/* 6.3.14 */
static uint64_t absent_overrides(const struct prog *prog)
{
	const uint64_t types = REG_MASK(GBPA_MEMATTR) | REG_MASK(GBPA_MTCFG) |
			       REG_MASK(GBPA_ALLOCCFG) | REG_MASK(GBPA_SHCFG);
	const uint64_t perms = REG_MASK(GBPA_INSTCFG) | REG_MASK(GBPA_PRIVCFG);

	return (reg_get(prog->idr1, IDR1_ATTR_TYPES_OVR) ? 0 : types) |
	       (reg_get(prog->idr1, IDR1_ATTR_PERMS_OVR) ? 0 : perms);
}

uint64_t adverse_writable(const struct prog *prog, enum prog_register reg, uint64_t writable)
{
	if (reg == PROG_CR0 && CHOSEN(prog, CR0_ABSENT_FEATURES))
		return writable & ~absent_of_cr0(prog);
	if (reg == PROG_GBPA && CHOSEN(prog, GBPA_WITHOUT_OVERRIDES))
		return writable & ~absent_overrides(prog);
	return writable;
}

/* Registers whose reset value is UNKNOWN, all of them or but for a field.  6.3 */
static uint64_t unknown_at_reset(enum prog_register reg)
{
	switch (reg) {
	case PROG_CR2:
		return ~REG_MASK(CR2_PTM);
	case PROG_PRIQ_PROD:
		return ~REG_MASK(EVENTQ_PROD_OVFLG);
	case PROG_CR1:
	case PROG_S2PII:
	case PROG_GERROR_IRQ_CFG0:
	case PROG_GERROR_IRQ_CFG1:
	case PROG_GERROR_IRQ_CFG2:
	case PROG_STRTAB_BASE:
	case PROG_STRTAB_BASE_CFG:
	case PROG_CMDQ_BASE:
	case PROG_CMDQ_PROD:
	case PROG_CMDQ_CONS:
	case PROG_EVENTQ_BASE:
	case PROG_EVENTQ_PROD:
	case PROG_EVENTQ_CONS:
	case PROG_EVENTQ_IRQ_CFG0:
	case PROG_EVENTQ_IRQ_CFG1:
	case PROG_EVENTQ_IRQ_CFG2:
	case PROG_PRIQ_BASE:
	case PROG_PRIQ_CONS:
	case PROG_PRIQ_IRQ_CFG0:
	case PROG_PRIQ_IRQ_CFG1:
	case PROG_PRIQ_IRQ_CFG2:
	case PROG_GATOS_SID:
	case PROG_GATOS_ADDR:
	case PROG_VATOS_SEL:
	case PROG_VATOS_SID:
	case PROG_VATOS_ADDR:
	case PROG_DPT_BASE:
	case PROG_DPT_BASE_CFG:
		return UINT64_MAX;
	default:
		return 0;
	}
}

uint64_t adverse_reset(const struct prog *prog, enum prog_register reg, uint64_t value)
{
	const uint64_t unknown = CHOSEN(prog, RESET_VALUES) ?
					 unknown_at_reset(reg) & prog->writable[reg] :
					 0;
	const uint64_t any = scrambled(prog->adversity->seed + (uint64_t)reg * BANKS + prog->bank);

	value = (value & ~unknown) | (any & unknown);
	if (reg == PROG_CR2 && CHOSEN(prog, PTM_RESET))
		value |= REG_MASK(CR2_PTM) & prog->writable[reg];
	if (reg == PROG_GBPA && CHOSEN(prog, GBPA_RESET))
		value |= REG_MASK(GBPA_ABORT) & prog->writable[reg];
	return value;
}

void adverse_forget(struct adversity *adversity, enum bank bank)
{
	struct adverse_bank *const of = &adversity->bank[bank];

	*of = (struct adverse_bank){ .prog = of->prog,
				     .events_full = of->events_full,
				     .pages_full = of->pages_full };
}
