/* SPDX-License-Identifier: MIT */
#include "prog/regs.h"
#include "prog/adversity.h"
#include "prog/banks.h"
#include "prog/fields.h"
#include "prog/ident.h"
#include "prog/queue.h"
#include "prog/rows.h"

#include "arch/idregs.h"
#include "arch/offsets.h"

#include <string.h>

/* ---- Accesses ---- */

bool prog_access_legal(uint64_t offset, unsigned size)
{
	return (size == 4 || size == 8) && offset % size == 0;
}

/* Where Page 0 shows a register of Page 1: there.  6.2.1 */
static uint64_t without_alias(uint64_t offset)
{
	static const uint32_t aliased[] = { REG_EVENTQ_PROD, REG_EVENTQ_CONS, REG_PRIQ_PROD,
					    REG_PRIQ_CONS };

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
		const struct reg_row *row = &register_rows[middle];

		if (offset < row->offset)
			high = middle;
		else if (offset >= row->offset + row->bytes)
			low = middle + 1;
		else
			return (enum prog_register)middle;
	}
	return PROG_REGISTERS;
}

bool prog_is_register(uint64_t offset)
{
	return register_at(offset) != PROG_REGISTERS;
}

bool prog_is_pair(uint64_t offset)
{
	return register_at(without_alias(offset)) != register_at(without_alias(offset + 4));
}

static bool hides(const struct prog *prog, uint64_t offset)
{
	return unlikely(prog->adversity) && adverse_hides(prog, offset);
}

static uint64_t value_seen(const struct prog *prog, enum prog_register reg)
{
	return unlikely(prog->adversity) ? adverse_read(prog, reg) : prog->value[reg];
}

static uint64_t read_word(const struct prog *prog, uint64_t offset)
{
	uint64_t at = without_alias(offset);
	enum prog_register reg = register_at(at);

	if (reg == PROG_REGISTERS || hides(prog, offset))
		return 0;
	return value_seen(prog, reg) >> (8 * (at - register_rows[reg].offset)) & low_bits(32);
}

/* An acknowledgement follows its register, but what is held stays 1. */
static void acknowledge(struct prog *prog, enum prog_register reg)
{
	const enum prog_register ack = register_rows[reg].ack;

	const uint64_t now = prog->value[reg] | (prog->value[ack] & prog->held[reg]);

	prog->value[ack] = unlikely(prog->adversity) ?
				   adverse_acknowledged(prog, reg, prog->value[ack], now) :
				   now;
}

void prog_hold(struct prog *prog, enum prog_register enable, uint64_t bits)
{
	prog->held[enable] = bits;
	acknowledge(prog, enable);
}

void prog_show_stall_model(struct prog *prog, unsigned stall_model)
{
	prog_put(prog, PROG_IDR0, IDR0_STALL_MODEL, stall_model);
}

void prog_begin_init(struct prog *prog)
{
	prog->init_asked = false;
}

void prog_end_init(struct prog *prog)
{
	prog_put(prog, PROG_INIT, S_INIT_INV_ALL, prog->init_asked);
}

/* CMDQ_CONS.ERR reads 0 when there is no error: drivers compare all of CMDQ_CONS with CMDQ_PROD.
 * 6.3.28 */
static void forget_reason(struct prog *prog)
{
	if (!((prog->value[PROG_GERROR] ^ prog->value[PROG_GERRORN]) & REG_MASK(GERROR_CMDQ_ERR)) &&
	    !CHOSEN(prog, CMDQ_ERR_WITHOUT_ERROR))
		prog->value[PROG_CMDQ_CONS] &= ~REG_MASK(CMDQ_CONS_ERR);
}

/* A write that clears DPT_CFG_FAR.FAULT clears all of it; any other changes nothing.  6.3.48 */
static void forget_dpt_fault(struct prog *prog, unsigned shift, uint64_t written)
{
	if (shift == 0 && !(written & REG_MASK(DPT_CFG_FAR_FAULT)))
		prog->value[PROG_DPT_CFG_FAR] = 0;
}

/* An index that the SMMU owns, of a queue with at most 2^most entries. */
struct owned_index {
	enum prog_register index;
	uint64_t field;
	enum prog_register base;
	int most; /* field of IDR1 */
};

/* Its bits that the queue does not have read 0.  6.3.28, 6.3.95, 6.3.97 */
static void trim(struct prog *prog, const struct owned_index *owned)
{
	uint64_t size = reg_get(prog->value[owned->base], QUEUE_BASE_LOG2SIZE);
	uint64_t most = reg_get(prog->idr1, owned->most);

	size = size < most ? size : most;
	prog->value[owned->index] &= ~owned->field | queue_index_mask((unsigned)size);
}

static void trim_indexes(struct prog *prog)
{
	static const struct owned_index owned[] = {
		{ PROG_CMDQ_CONS, REG_MASK(CMDQ_CONS_RD), PROG_CMDQ_BASE, IDR1_CMDQS },
		{ PROG_EVENTQ_PROD, REG_MASK(EVENTQ_PROD_WR), PROG_EVENTQ_BASE, IDR1_EVENTQS },
		{ PROG_PRIQ_PROD, REG_MASK(EVENTQ_PROD_WR), PROG_PRIQ_BASE, IDR1_PRIQS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		trim(prog, &owned[i]);
}

bool prog_indexes_fit(const struct prog *prog)
{
	struct prog trimmed = *prog;

	trim_indexes(&trimmed);
	return !memcmp(trimmed.value, prog->value, sizeof(trimmed.value));
}

/* ---- Reset ---- */

static uint64_t reset_value(const struct smmu3_config *config, size_t member)
{
	uint32_t value = 0;

	if (member)
		memcpy(&value, (const char *)config + member, sizeof(value));
	return value;
}

static uint64_t writable_bits(const struct smmu3_config *config, enum bank bank,
			      enum prog_register reg)
{
	const struct reg_row *row = &register_rows[reg];
	const uint64_t writable = row->writable & ~bank_res0(config, bank, reg);

	return row->within ? writable & row->within(config, bank) : writable;
}

void prog_reset(struct prog *prog, enum bank bank, const struct smmu3_config *config)
{
	prog->bank = bank;
	prog->adversity = NULL;
	prog->init_asked = prog->init_ignored = false;
	prog->idr1 = id_read(config, ID_IDR1);
	for (enum prog_register i = 0; i < PROG_REGISTERS; i++) {
		const struct reg_row *row = &register_rows[i];

		prog->value[i] = reset_value(config, row->reset[bank]) | bank_res1(config, bank, i);
		prog->held[i] = 0;
		prog->writable[i] = writable_bits(config, bank, i);
	}
}

void prog_limit(struct prog *prog, const struct smmu3_config *config)
{
	for (enum prog_register i = 0; i < PROG_REGISTERS; i++) {
		const uint64_t before = prog->writable[i];

		prog->writable[i] = writable_bits(config, prog->bank, i);
		if (prog->adversity)
			prog->writable[i] = adverse_writable(prog, i, prog->writable[i]);
		prog->value[i] &= ~before | prog->writable[i];
		if (register_rows[i].ack)
			prog_hold(prog, i, prog->held[i]);
	}
}

/* Indexes fit their queues, whatever these are. */
void prog_reset_adversely(struct prog *prog, const struct smmu3_config *config,
			  struct adversity *adversity)
{
	prog->adversity = adversity;
	prog_limit(prog, config);
	adverse_forget(prog->adversity, prog->bank);
	for (enum prog_register i = 0; i < PROG_REGISTERS; i++)
		prog->value[i] = adverse_reset(prog, i, prog->value[i]);
	trim_indexes(prog);
}

/* ---- Writes ---- */

static void write_word(struct prog *prog, uint64_t offset, uint64_t value)
{
	uint64_t at = without_alias(offset);
	enum prog_register reg = register_at(at);

	if (reg == PROG_REGISTERS || hides(prog, offset))
		return;

	const struct reg_row *row = &register_rows[reg];
	unsigned shift = (unsigned)(8 * (at - row->offset));
	uint64_t written = (value & low_bits(32)) << shift;
	uint64_t locked = row_locked(row, prog, written);
	const uint64_t reach = low_bits(32) << shift & ~locked;
	uint64_t mask = reach & prog->writable[reg];

	if (unlikely(prog->adversity))
		mask = adverse_write(prog, reg, reach, mask, written);
	prog->value[reg] = (prog->value[reg] & ~mask) | (written & mask);
	if (row->ack)
		acknowledge(prog, reg);
	if (reg == PROG_GERRORN)
		forget_reason(prog);
	if (reg == PROG_INIT)
		prog->init_asked |= (written & mask) != 0;
	if (reg == PROG_DPT_CFG_FAR)
		forget_dpt_fault(prog, shift, written);
	trim_indexes(prog);
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
