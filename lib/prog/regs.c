/* SPDX-License-Identifier: MIT */
#include "prog/regs.h"
#include "prog/queue.h"
#include "prog/rules.h"

#include "arch/idregs.h"
#include "arch/offsets.h"
#include "arch/regs.h"
#include "base/bits.h"

#include <string.h>

#define RO 0
#define ALL_BITS UINT64_MAX
#define CONFIG(member) offsetof(struct smmu3_config, member)

/* These bits of an enable register and of its acknowledgement, the register after it. */
struct guard {
	enum prog_register enable;
	uint64_t bits;
};

#define WHILE(reg, field) { PROG_##reg, REG_MASK(reg##_##field) }

struct reg_row {
	uint32_t offset;
	uint8_t bytes;
	size_t reset;       /* member of struct smmu3_config with the reset value; 0: resets to 0 */
	uint64_t writable;  /* with every feature */
	uint64_t address;   /* bits of an address: those at and above OAS are RES0 */
	struct guard guard; /* writes are ignored while any of these bits is 1, before v3.2 too */
	/* Further bits that cannot be written now; written is what software writes, in place. */
	uint64_t (*locked)(const struct prog *prog, uint64_t written);
	enum prog_register ack; /* takes the value at once; 0: none */
};

static uint64_t locked_while(const struct prog *prog, struct guard guard)
{
	return (prog->value[guard.enable] | prog->value[guard.enable + 1]) & guard.bits ? ALL_BITS : 0;
}

#define CR1_TABLE_BITS (REG_MASK(CR1_TABLE_IC) | REG_MASK(CR1_TABLE_OC) | REG_MASK(CR1_TABLE_SH))
#define CR1_QUEUE_BITS (REG_MASK(CR1_QUEUE_IC) | REG_MASK(CR1_QUEUE_OC) | REG_MASK(CR1_QUEUE_SH))

static const struct guard tables_in_use = WHILE(CR0, SMMUEN);
static const struct guard queues_in_use = {
	PROG_CR0, REG_MASK(CR0_CMDQEN) | REG_MASK(CR0_EVENTQEN) | REG_MASK(CR0_PRIQEN),
};

/* The table attributes while the SMMU is enabled, the queue attributes while any queue is.  6.3.11 */
static uint64_t cr1_locked(const struct prog *prog, uint64_t written)
{
	(void)written;
	return (locked_while(prog, tables_in_use) & CR1_TABLE_BITS) |
	       (locked_while(prog, queues_in_use) & CR1_QUEUE_BITS);
}

/* A write counts only with Update set; it is complete at once, so Update always reads 0.  6.3.14.1 */
static uint64_t without_update(const struct prog *prog, uint64_t written)
{
	(void)prog;
	return written & REG_MASK(GBPA_UPDATE) ? 0 : ALL_BITS;
}

/* ---- The registers ---- */

#define CR0_BITS (REG_MASK(CR0_SMMUEN) | REG_MASK(CR0_PRIQEN) | REG_MASK(CR0_EVENTQEN) | \
		  REG_MASK(CR0_CMDQEN) | REG_MASK(CR0_ATSCHK) | REG_MASK(CR0_VMW) | \
		  REG_MASK(CR0_DPT_WALK_EN))
#define CR2_BITS (REG_MASK(CR2_E2H) | REG_MASK(CR2_RECINVSID) | REG_MASK(CR2_PTM) | REG_MASK(CR2_REC_CFG_ATS))
#define GBPA_BITS (REG_MASK(GBPA_MEMATTR) | REG_MASK(GBPA_MTCFG) | REG_MASK(GBPA_ALLOCCFG) | \
		   REG_MASK(GBPA_SHCFG) | REG_MASK(GBPA_PRIVCFG) | REG_MASK(GBPA_INSTCFG) | \
		   REG_MASK(GBPA_ABORT))
#define IRQ_CTRL_BITS (REG_MASK(IRQ_CTRL_GERROR_IRQEN) | REG_MASK(IRQ_CTRL_PRIQ_IRQEN) | \
		       REG_MASK(IRQ_CTRL_EVENTQ_IRQEN))
#define GERROR_MSI_BITS (REG_MASK(GERROR_MSI_CMDQ_ABT_ERR) | REG_MASK(GERROR_MSI_EVENTQ_ABT_ERR) | \
			 REG_MASK(GERROR_MSI_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_GERROR_ABT_ERR))
#define GERROR_PRI_BITS (REG_MASK(GERROR_PRIQ_ABT_ERR) | REG_MASK(GERROR_MSI_PRIQ_ABT_ERR))
#define GERROR_BITS (REG_MASK(GERROR_CMDQ_ERR) | REG_MASK(GERROR_EVENTQ_ABT_ERR) | GERROR_PRI_BITS | \
		     GERROR_MSI_BITS | REG_MASK(GERROR_SFM_ERR) | REG_MASK(GERROR_CMDQP_ERR) | \
		     REG_MASK(GERROR_DPT_ERR))
#define IRQ_CFG2_BITS (REG_MASK(IRQ_CFG2_MEMATTR) | REG_MASK(IRQ_CFG2_SH))
#define STRTAB_BASE_CFG_LEVEL_BITS (REG_MASK(STRTAB_BASE_CFG_SPLIT) | REG_MASK(STRTAB_BASE_CFG_FMT))
#define STRTAB_BASE_CFG_BITS (REG_MASK(STRTAB_BASE_CFG_LOG2SIZE) | STRTAB_BASE_CFG_LEVEL_BITS)
#define STRTAB_BASE_BITS (REG_MASK(STRTAB_BASE_ADDR) | REG_MASK(STRTAB_BASE_RA))
#define QUEUE_BASE_BITS (REG_MASK(QUEUE_BASE_LOG2SIZE) | REG_MASK(QUEUE_BASE_ADDR) | REG_MASK(QUEUE_BASE_RA))
#define PROD_BITS (REG_MASK(EVENTQ_PROD_WR) | REG_MASK(EVENTQ_PROD_OVFLG))
#define CONS_BITS (REG_MASK(EVENTQ_CONS_RD) | REG_MASK(EVENTQ_CONS_OVACKFLG))

#define ID(reg, member) [PROG_##reg] = { REG_##reg, 4, .reset = CONFIG(member), .writable = RO }
#define QUEUE_BASE(reg, by, field) [PROG_##reg] = { REG_##reg, 8, .writable = QUEUE_BASE_BITS, \
	.address = REG_MASK(QUEUE_BASE_ADDR), .guard = WHILE(by, field) }
#define IRQ_CFG0(reg, by, field) [PROG_##reg] = { REG_##reg, 8, .writable = REG_MASK(IRQ_CFG0_ADDR), \
	.address = REG_MASK(IRQ_CFG0_ADDR), .guard = WHILE(by, field) }
#define IRQ_CFG1(reg, by, field) [PROG_##reg] = { REG_##reg, 4, .writable = REG_MASK(IRQ_CFG1_DATA), \
	.guard = WHILE(by, field) }

static const struct reg_row rows[PROG_REGISTERS] = {
	ID(IDR0, idr[0]), ID(IDR1, idr[1]), ID(IDR2, idr[2]), ID(IDR3, idr[3]), ID(IDR4, idr[4]),
	ID(IDR5, idr[5]), ID(IIDR, iidr), ID(AIDR, aidr),
	[PROG_CR0] = { REG_CR0, 4, .writable = CR0_BITS, .ack = PROG_CR0ACK },
	[PROG_CR0ACK] = { REG_CR0ACK, 4, .writable = RO },
	[PROG_CR1] = { REG_CR1, 4, .writable = CR1_TABLE_BITS | CR1_QUEUE_BITS, .locked = cr1_locked },
	[PROG_CR2] = { REG_CR2, 4, .writable = CR2_BITS, .guard = WHILE(CR0, SMMUEN) },
	[PROG_STATUSR] = { REG_STATUSR, 4, .writable = RO },
	[PROG_GBPA] = { REG_GBPA, 4, .reset = CONFIG(gbpa_reset), .writable = GBPA_BITS,
		.locked = without_update },
	[PROG_IRQ_CTRL] = { REG_IRQ_CTRL, 4, .writable = IRQ_CTRL_BITS, .ack = PROG_IRQ_CTRLACK },
	[PROG_IRQ_CTRLACK] = { REG_IRQ_CTRLACK, 4, .writable = RO },
	[PROG_GERROR] = { REG_GERROR, 4, .writable = RO },
	[PROG_GERRORN] = { REG_GERRORN, 4, .writable = GERROR_BITS },
	IRQ_CFG0(GERROR_IRQ_CFG0, IRQ_CTRL, GERROR_IRQEN),
	IRQ_CFG1(GERROR_IRQ_CFG1, IRQ_CTRL, GERROR_IRQEN),
	[PROG_GERROR_IRQ_CFG2] = { REG_GERROR_IRQ_CFG2, 4, .writable = IRQ_CFG2_BITS,
		.guard = WHILE(IRQ_CTRL, GERROR_IRQEN) },
	[PROG_STRTAB_BASE] = { REG_STRTAB_BASE, 8, .writable = STRTAB_BASE_BITS,
		.address = REG_MASK(STRTAB_BASE_ADDR), .guard = WHILE(CR0, SMMUEN) },
	[PROG_STRTAB_BASE_CFG] = { REG_STRTAB_BASE_CFG, 4, .writable = STRTAB_BASE_CFG_BITS,
		.guard = WHILE(CR0, SMMUEN) },
	QUEUE_BASE(CMDQ_BASE, CR0, CMDQEN),
	[PROG_CMDQ_PROD] = { REG_CMDQ_PROD, 4, .writable = REG_MASK(CMDQ_PROD_WR) },
	[PROG_CMDQ_CONS] = { REG_CMDQ_CONS, 4, .writable = REG_MASK(CMDQ_CONS_RD),
		.guard = WHILE(CR0, CMDQEN) },
	QUEUE_BASE(EVENTQ_BASE, CR0, EVENTQEN),
	IRQ_CFG0(EVENTQ_IRQ_CFG0, IRQ_CTRL, EVENTQ_IRQEN),
	IRQ_CFG1(EVENTQ_IRQ_CFG1, IRQ_CTRL, EVENTQ_IRQEN),
	[PROG_EVENTQ_IRQ_CFG2] = { REG_EVENTQ_IRQ_CFG2, 4, .writable = IRQ_CFG2_BITS,
		.guard = WHILE(IRQ_CTRL, EVENTQ_IRQEN) },
	QUEUE_BASE(PRIQ_BASE, CR0, PRIQEN),
	IRQ_CFG0(PRIQ_IRQ_CFG0, IRQ_CTRL, PRIQ_IRQEN),
	IRQ_CFG1(PRIQ_IRQ_CFG1, IRQ_CTRL, PRIQ_IRQEN),
	[PROG_PRIQ_IRQ_CFG2] = { REG_PRIQ_IRQ_CFG2, 4,
		.writable = IRQ_CFG2_BITS | REG_MASK(IRQ_CFG2_LO), .guard = WHILE(IRQ_CTRL, PRIQ_IRQEN) },
	ID(MPAMIDR, mpamidr), ID(IDR6, idr[6]),
	[PROG_EVENTQ_PROD] = { REG_EVENTQ_PROD, 4, .writable = PROD_BITS, .guard = WHILE(CR0, EVENTQEN) },
	[PROG_EVENTQ_CONS] = { REG_EVENTQ_CONS, 4, .writable = CONS_BITS },
	[PROG_PRIQ_PROD] = { REG_PRIQ_PROD, 4, .writable = PROD_BITS, .guard = WHILE(CR0, PRIQEN) },
	[PROG_PRIQ_CONS] = { REG_PRIQ_CONS, 4, .writable = CONS_BITS },
};

/* Bits that are RES0 unless the identification registers say this.  6.2 */
struct optional {
	enum prog_register reg;
	uint64_t bits;
	struct claim when;
};

/* CR0.PRIQEN, ATSCHK and VMW are not here: they are stored and acknowledged even where PRI, ATS and VMW are absent,
 * since drivers in use set them without asking and wait until all of CR0ACK equals what they wrote.  They then have
 * no effect. */
static const struct optional optionals[] = {
	{ PROG_CR0, REG_MASK(CR0_DPT_WALK_EN), IS(IDR3, DPT, 1) },
	{ PROG_CR2, REG_MASK(CR2_E2H), IS(IDR0, HYP, 1) },
	{ PROG_CR2, REG_MASK(CR2_PTM), IS(IDR0, BTM, 1) },
	{ PROG_CR2, REG_MASK(CR2_REC_CFG_ATS), IS(IDR0, ATSRECERR, 1) },
	{ PROG_IRQ_CTRL, REG_MASK(IRQ_CTRL_PRIQ_IRQEN), IS(IDR0, PRI, 1) },
	{ PROG_GERRORN, GERROR_PRI_BITS, IS(IDR0, PRI, 1) },
	{ PROG_GERRORN, GERROR_MSI_BITS, IS(IDR0, MSI, 1) },
	{ PROG_GERRORN, REG_MASK(GERROR_CMDQP_ERR), IS(IDR1, ECMDQ, 1) },
	{ PROG_GERRORN, REG_MASK(GERROR_DPT_ERR), IS(IDR3, DPT, 1) },
	{ PROG_GERROR_IRQ_CFG0, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_GERROR_IRQ_CFG1, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_GERROR_IRQ_CFG2, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_STRTAB_BASE, ALL_BITS, IS(IDR1, TABLES_PRESET, 0) },
	{ PROG_STRTAB_BASE_CFG, ALL_BITS, IS(IDR1, TABLES_PRESET, 0) },
	{ PROG_STRTAB_BASE_CFG, STRTAB_BASE_CFG_LEVEL_BITS, NOT(IDR0, ST_LEVEL, 0) },
	{ PROG_CMDQ_BASE, ALL_BITS, IS(IDR1, QUEUES_PRESET, 0) },
	{ PROG_EVENTQ_BASE, ALL_BITS, IS(IDR1, QUEUES_PRESET, 0) },
	{ PROG_EVENTQ_IRQ_CFG0, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_EVENTQ_IRQ_CFG1, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_EVENTQ_IRQ_CFG2, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_PRIQ_BASE, ALL_BITS, IS(IDR0, PRI, 1) },
	{ PROG_PRIQ_BASE, ALL_BITS, IS(IDR1, QUEUES_PRESET, 0) },
	{ PROG_PRIQ_IRQ_CFG0, ALL_BITS, IS(IDR0, PRI, 1) },
	{ PROG_PRIQ_IRQ_CFG0, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_PRIQ_IRQ_CFG1, ALL_BITS, IS(IDR0, PRI, 1) },
	{ PROG_PRIQ_IRQ_CFG1, ALL_BITS, IS(IDR0, MSI, 1) },
	{ PROG_PRIQ_IRQ_CFG2, ALL_BITS, IS(IDR0, PRI, 1) },
	{ PROG_PRIQ_IRQ_CFG2, IRQ_CFG2_BITS, IS(IDR0, MSI, 1) }, /* LO is also for wired interrupts */
	{ PROG_PRIQ_PROD, ALL_BITS, IS(IDR0, PRI, 1) },
	{ PROG_PRIQ_CONS, ALL_BITS, IS(IDR0, PRI, 1) },
};

static uint64_t reset_value(const struct smmu3_config *config, const struct reg_row *row)
{
	uint32_t value = 0;

	if (row->reset)
		memcpy(&value, (const char *)config + row->reset, sizeof(value));
	return value;
}

void prog_reset(struct prog *prog, const struct smmu3_config *config, const struct features *features)
{
	uint64_t beyond = ~low_bits(features->oas_bits);

	for (unsigned i = 0; i < PROG_REGISTERS; i++) {
		prog->value[i] = reset_value(config, &rows[i]);
		prog->held[i] = 0;
		prog->writable[i] = rows[i].writable & ~(rows[i].address & beyond);
	}
	for (size_t i = 0; i < ARRAY_SIZE(optionals); i++)
		if (!claim_holds(config, &optionals[i].when))
			prog->writable[optionals[i].reg] &= ~optionals[i].bits;
}

/* ---- Accesses ---- */

bool prog_access_legal(uint64_t offset, unsigned size)
{
	return (size == 4 || size == 8) && offset % size == 0;
}

/* Where Page 0 shows a register of Page 1: there.  6.2.1 */
static uint64_t without_alias(uint64_t offset)
{
	static const uint32_t aliased[] = { REG_EVENTQ_PROD, REG_EVENTQ_CONS, REG_PRIQ_PROD, REG_PRIQ_CONS };

	for (size_t i = 0; i < ARRAY_SIZE(aliased); i++)
		if (offset + PAGE_1 == aliased[i])
			return aliased[i];
	return offset;
}

/* The register that covers this word, or PROG_REGISTERS. */
static enum prog_register register_at(uint64_t offset)
{
	unsigned low = 0;
	unsigned high = PROG_REGISTERS;

	while (low < high) {
		unsigned middle = (low + high) / 2;
		const struct reg_row *row = &rows[middle];

		if (offset < row->offset)
			high = middle;
		else if (offset >= row->offset + row->bytes)
			low = middle + 1;
		else
			return (enum prog_register)middle;
	}
	return PROG_REGISTERS;
}

static uint64_t read_word(const struct prog *prog, uint64_t offset)
{
	uint64_t at = without_alias(offset);
	enum prog_register reg = register_at(at);

	return reg == PROG_REGISTERS ? 0 : prog->value[reg] >> (8 * (at - rows[reg].offset)) & low_bits(32);
}

/* An acknowledgement follows its register, but what is held stays 1. */
static void acknowledge(struct prog *prog, enum prog_register reg)
{
	const enum prog_register ack = rows[reg].ack;

	prog->value[ack] = prog->value[reg] | (prog->value[ack] & prog->held[reg]);
}

void prog_hold(struct prog *prog, enum prog_register enable, uint64_t bits)
{
	prog->held[enable] = bits;
	acknowledge(prog, enable);
}

/* CMDQ_CONS.ERR reads 0 when there is no error: drivers compare all of CMDQ_CONS with CMDQ_PROD.
 * 6.3.28 */
static void forget_reason(struct prog *prog)
{
	if (!((prog->value[PROG_GERROR] ^ prog->value[PROG_GERRORN]) & REG_MASK(GERROR_CMDQ_ERR)))
		prog->value[PROG_CMDQ_CONS] &= ~REG_MASK(CMDQ_CONS_ERR);
}

/* Bits of an index that the SMMU owns and that the queue does not have read 0.  6.3.28, 6.3.95, 6.3.97 */
static void trim_index(struct prog *prog, enum prog_register index, enum prog_register base,
		       unsigned most, uint64_t field)
{
	unsigned size = (unsigned)reg_get(prog->value[base], QUEUE_BASE_LOG2SIZE);

	size = size < most ? size : most;
	prog->value[index] &= ~field | queue_index_mask(size);
}

static void trim(struct prog *prog)
{
	trim_index(prog, PROG_CMDQ_CONS, PROG_CMDQ_BASE,
		   (unsigned)reg_get(prog->value[PROG_IDR1], IDR1_CMDQS), REG_MASK(CMDQ_CONS_RD));
	trim_index(prog, PROG_EVENTQ_PROD, PROG_EVENTQ_BASE,
		   (unsigned)reg_get(prog->value[PROG_IDR1], IDR1_EVENTQS), REG_MASK(EVENTQ_PROD_WR));
	trim_index(prog, PROG_PRIQ_PROD, PROG_PRIQ_BASE,
		   (unsigned)reg_get(prog->value[PROG_IDR1], IDR1_PRIQS), REG_MASK(EVENTQ_PROD_WR));
}

static void write_word(struct prog *prog, uint64_t offset, uint64_t value)
{
	uint64_t at = without_alias(offset);
	enum prog_register reg = register_at(at);

	if (reg == PROG_REGISTERS)
		return;

	const struct reg_row *row = &rows[reg];
	unsigned shift = (unsigned)(8 * (at - row->offset));
	uint64_t written = (value & low_bits(32)) << shift;
	uint64_t locked = locked_while(prog, row->guard) | (row->locked ? row->locked(prog, written) : 0);
	uint64_t mask = low_bits(32) << shift & prog->writable[reg] & ~locked;

	prog->value[reg] = (prog->value[reg] & ~mask) | (written & mask);
	if (row->ack)
		acknowledge(prog, reg);
	if (reg == PROG_GERRORN)
		forget_reason(prog);
	trim(prog);
}

uint64_t prog_read(const struct prog *prog, uint64_t offset, unsigned size)
{
	uint64_t low = read_word(prog, offset);

	return size == 8 ? low | read_word(prog, offset + 4) << 32 : low;
}

void prog_write(struct prog *prog, uint64_t offset, unsigned size, uint64_t value)
{
	write_word(prog, offset, value);
	if (size == 8)
		write_word(prog, offset + 4, value >> 32);
}
