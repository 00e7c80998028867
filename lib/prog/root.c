/* SPDX-License-Identifier: MIT */
#include "prog/root.h"

#include "arch/offsets.h"
#include "arch/regs.h"
#include "base/bits.h"
#include "prog/ident.h"
#include "prog/idregs.h"

#define RO 0

/* ---- What is stored, and when ---- */

static uint64_t root_get(const struct root *root, enum root_register reg, int field)
{
	return field_value(&root->value[reg], field);
}

/* An Update is pending.  6.3.112 */
static bool cr0_locked(const struct root *root)
{
	return root->value[ROOT_CR0] != root->value[ROOT_CR0ACK];
}

/* 6.3.114, 6.3.115 */
static bool while_checked(const struct root *root)
{
	return root_get(root, ROOT_CR0, ROOT_CR0_GPCEN) ||
	       root_get(root, ROOT_CR0ACK, ROOT_CR0_GPCEN);
}

static bool while_invalidating(const struct root *root)
{
	return root_get(root, ROOT_TLBI_CTRL, ROOT_TLBI_CTRL_RUN);
}

/* ---- What a write does besides; written is what software writes, in place ---- */

static void acknowledge(struct root *root)
{
	if (!root->busy && !((root->asked | root->awaited) & WAITS_CR0))
		root->value[ROOT_CR0ACK] = root->value[ROOT_CR0];
}

static void cr0_written(struct root *root, uint64_t written)
{
	(void)written;
	if (cr0_locked(root))
		root->asked |= WAITS_CR0;
}

/* A write that clears FAULT clears the register; any other is ignored.  6.3.116, 6.3.117 */
static void gpf_far_written(struct root *root, uint64_t written)
{
	if (!(written & REG_MASK(GPF_FAR_FAULT)))
		root->value[ROOT_GPF_FAR] = 0;
}

static void gpt_cfg_far_written(struct root *root, uint64_t written)
{
	if (!(written & REG_MASK(GPF_FAR_FAULT)))
		root->value[ROOT_GPT_CFG_FAR] = 0;
}

/* 0 is ignored, and so is 1 while it runs.  6.3.119 */
static void tlbi_ctrl_written(struct root *root, uint64_t written)
{
	root->value[ROOT_TLBI_CTRL] |= written & root->writable[ROOT_TLBI_CTRL];
}

/* 6.3.121 */
static void update_written(struct root *root, uint64_t written)
{
	if (written & REG_MASK(GPT_BASE_UPDATE_UPDATE))
		root->value[ROOT_GPT_BASE] = root->value[ROOT_GPT_BASE2];
}

/* ---- The registers ---- */

#define GPT_BASE_CFG_BITS                                                                         \
	(REG_MASK(GPT_BASE_CFG_PPS) | REG_MASK(GPT_BASE_CFG_IRGN) | REG_MASK(GPT_BASE_CFG_ORGN) | \
	 REG_MASK(GPT_BASE_CFG_SH) | REG_MASK(GPT_BASE_CFG_PGS) | REG_MASK(GPT_BASE_CFG_GPCP))
#define TLBI_BITS                                                                     \
	(REG_MASK(ROOT_TLBI_ALL) | REG_MASK(ROOT_TLBI_L) | REG_MASK(ROOT_TLBI_SIZE) | \
	 REG_MASK(ROOT_TLBI_ADDRESS))

enum row_flags {
	IN_OAS = 1 << 0, /* of an address the bits below OAS are stored */
	WITH_RGPTM = 1 << 1,
	ACTS = 1 << 2, /* a write only does what it does: nothing of it is stored */
};

/* Of FARs and of ROOT_TLBI_CTRL `writable` are the bits that there can be.  L0GPTSZ is 0: a level 0
 * entry is for 1GB.  A write of an upper half alone, or a lower one, does what it does there. */
static const struct root_row {
	uint32_t offset; /* from the page */
	uint8_t bytes;
	uint8_t flags; /* enum row_flags */
	uint64_t writable;
	bool (*locked)(const struct root *root);
	void (*written)(struct root *root, uint64_t written);
} rows[ROOT_REGISTERS] = {
	[ROOT_IDR0] = { REG_ROOT_IDR0 - PAGE_ROOT, 4, .writable = RO },
	[ROOT_IIDR] = { REG_ROOT_IIDR - PAGE_ROOT, 4, .writable = RO },
	[ROOT_CR0] = { REG_ROOT_CR0 - PAGE_ROOT, 4,
		       .writable = REG_MASK(ROOT_CR0_ACCESSEN) | REG_MASK(ROOT_CR0_GPCEN),
		       .locked = cr0_locked, .written = cr0_written },
	[ROOT_CR0ACK] = { REG_ROOT_CR0ACK - PAGE_ROOT, 4, .writable = RO },
	[ROOT_GPT_BASE] = { REG_ROOT_GPT_BASE - PAGE_ROOT, 8, IN_OAS,
			    .writable = REG_MASK(GPT_BASE_ADDR), .locked = while_checked },
	[ROOT_GPT_BASE_CFG] = { REG_ROOT_GPT_BASE_CFG - PAGE_ROOT, 8, .writable = GPT_BASE_CFG_BITS,
				.locked = while_checked },
	[ROOT_GPF_FAR] = { REG_ROOT_GPF_FAR - PAGE_ROOT, 8, ACTS, .written = gpf_far_written },
	[ROOT_GPT_CFG_FAR] = { REG_ROOT_GPT_CFG_FAR - PAGE_ROOT, 8, ACTS,
			       .written = gpt_cfg_far_written },
	[ROOT_TLBI] = { REG_ROOT_TLBI - PAGE_ROOT, 8, WITH_RGPTM, .writable = TLBI_BITS,
			.locked = while_invalidating },
	[ROOT_TLBI_CTRL] = { REG_ROOT_TLBI_CTRL - PAGE_ROOT, 4, WITH_RGPTM | ACTS,
			     .writable = REG_MASK(ROOT_TLBI_CTRL_RUN),
			     .written = tlbi_ctrl_written },
	[ROOT_GPT_BASE2] = { REG_ROOT_GPT_BASE2 - PAGE_ROOT, 8, IN_OAS,
			     .writable = REG_MASK(GPT_BASE_ADDR) },
	[ROOT_GPT_BASE_UPDATE] = { REG_ROOT_GPT_BASE_UPDATE - PAGE_ROOT, 4, ACTS,
				   .written = update_written },
};

bool root_at(const struct smmu3_config *config, uint64_t offset)
{
	return ID_FIELD(config, ROOT_IDR0, ROOT_IMPL) && offset - PAGE_ROOT < PAGE_BYTES;
}

static uint64_t writable_bits(const struct smmu3_config *config, const struct root_row *row)
{
	if (row->flags & WITH_RGPTM && !ID_FIELD(config, ROOT_IDR0, RGPTM))
		return 0;
	return row->flags & IN_OAS ?
		       row->writable & low_bits(oas_bits(ID_FIELD(config, IDR5, OAS))) :
		       row->writable;
}

void root_reset(struct root *root, const struct smmu3_config *config)
{
	*root = (struct root){
		.value = { [ROOT_IDR0] = config->root_idr0, [ROOT_IIDR] = config->iidr }
	};
	for (unsigned reg = 0; reg < ROOT_REGISTERS; reg++)
		root->writable[reg] = writable_bits(config, &rows[reg]);
}

/* ---- Accesses, word by word ---- */

static enum root_register register_at(uint64_t offset)
{
	unsigned reg = 0;

	while (reg < ROOT_REGISTERS && offset - rows[reg].offset >= rows[reg].bytes)
		reg++;
	return (enum root_register)reg;
}

static uint64_t read_word(const struct root *root, uint64_t offset)
{
	const enum root_register reg = register_at(offset);

	return reg == ROOT_REGISTERS ?
		       0 :
		       root->value[reg] >> 8 * (offset - rows[reg].offset) & low_bits(32);
}

uint64_t root_read(const struct root *root, uint64_t offset, unsigned size)
{
	const uint64_t into = offset - PAGE_ROOT;
	const uint64_t low = read_word(root, into);

	return size == 8 ? low | read_word(root, into + 4) << 32 : low;
}

static void store(struct root *root, enum root_register reg, uint64_t mask, uint64_t written)
{
	root->value[reg] = (root->value[reg] & ~mask) | (written & mask);
}

/* What acts, acts by its lower half. */
static void write_word(struct root *root, uint64_t offset, uint64_t value)
{
	const enum root_register reg = register_at(offset);

	if (reg == ROOT_REGISTERS)
		return;
	const struct root_row *row = &rows[reg];
	const unsigned shift = (unsigned)(8 * (offset - row->offset));

	if (row->locked && row->locked(root))
		return;
	if (!(row->flags & ACTS))
		store(root, reg, low_bits(32) << shift & root->writable[reg], value << shift);
	if (row->written && shift == 0)
		row->written(root, value);
}

void root_write(struct root *root, uint64_t offset, unsigned size, uint64_t value)
{
	const uint64_t into = offset - PAGE_ROOT;

	write_word(root, into, value & low_bits(32));
	if (size == 8)
		write_word(root, into + 4, value >> 32);
}

/* ---- What they mean ---- */

struct gpc root_gpc(const struct root *root, const struct smmu3_config *config,
		    const struct features *features)
{
	const bool present = ID_FIELD(config, ROOT_IDR0, ROOT_IMPL);
	const struct gpc_registers registers = {
		.base = root->value[ROOT_GPT_BASE],
		.cfg = root->value[ROOT_GPT_BASE_CFG],
		.access = !present || root_get(root, ROOT_CR0, ROOT_CR0_ACCESSEN),
		.checks = root_checks(root),
	};

	return gpc_decode(features, &registers);
}

void root_report(struct root *root, const struct guard *guard)
{
	const enum root_register far = guard->lookup_error ? ROOT_GPT_CFG_FAR : ROOT_GPF_FAR;

	if (root_get(root, far, GPF_FAR_FAULT))
		return;
	root->value[far] = guard->far;
	root->pulses |= guard->lookup_error ? PULSE_GPT_CFG_FAR : PULSE_GPF_FAR;
}

void root_hold(struct root *root, bool busy)
{
	root->busy = busy;
	acknowledge(root);
}

void root_await(struct root *root)
{
	root->awaited = root->asked;
	root->asked = 0;
}

void root_awaited(struct root *root)
{
	if (root->awaited & WAITS_RUN)
		root->value[ROOT_TLBI_CTRL] = 0;
	root->awaited = 0;
	acknowledge(root);
}

/* ---- Acts ---- */

/* What is not to be invalidated is done at once.  6.3.119 */
static bool next_invalidation(struct root *root, const struct gpc *gpc,
			      const struct features *features, struct act *act)
{
	if (!while_invalidating(root) || (root->asked | root->awaited) & WAITS_RUN)
		return false;
	*act = (struct act){ .kind = ACT_INVALIDATE, .of_root = true };
	if (!gpt_scope(gpc, features, root->value[ROOT_TLBI], &act->scope)) {
		root->value[ROOT_TLBI_CTRL] = 0;
		return false;
	}
	return true;
}

static bool next_pulse_of_root(struct root *root, struct act *act)
{
	const bool gpf = root->pulses & PULSE_GPF_FAR;

	if (!root->pulses)
		return false;
	root->pulses &= (uint8_t) ~(gpf ? PULSE_GPF_FAR : PULSE_GPT_CFG_FAR);
	*act = (struct act){ .kind = ACT_PULSE,
			     .of_root = true,
			     .interrupt = gpf ? SMMU3_INTERRUPT_GPF_FAR :
						SMMU3_INTERRUPT_GPT_CFG_FAR };
	return true;
}

bool root_next(struct root *root, const struct gpc *gpc, const struct features *features,
	       struct act *act)
{
	return next_pulse_of_root(root, act) || next_invalidation(root, gpc, features, act);
}

void root_done(struct root *root, const struct act *act)
{
	if (act->kind == ACT_INVALIDATE)
		root->asked |= WAITS_RUN;
}
