/* SPDX-License-Identifier: MIT */
/* The registers as rows, one for all banks: where they lie, and what a write may change. */
#ifndef SMMU_PROG_ROWS_H
#define SMMU_PROG_ROWS_H

#include "prog/regs.h"

#include <smmu/smmu.h>
#include <stddef.h>
#include <stdint.h>

/* These bits of an enable register and of its acknowledgement, the register after it. */
struct guard {
	enum prog_register enable;
	uint64_t bits;
};

struct reg_row {
	uint32_t offset; /* from the bank's Page 0 */
	uint8_t bytes;
	size_t reset[BANKS]; /* member of struct smmu3_config with the value at reset; 0: 0 */
	uint64_t writable;   /* in any bank, with every feature */
	/* Less the bits beyond a size that the configuration gives. */
	uint64_t (*within)(const struct smmu3_config *config, enum bank bank);
	struct guard guard; /* writes are ignored while any of these bits is 1, before v3.2 too */
	/* Further bits that cannot be written now; written is what software writes, in place. */
	uint64_t (*locked)(const struct prog *prog, uint64_t written);
	enum prog_register ack; /* takes the value at once; 0: none */
};

extern const struct reg_row register_rows[PROG_REGISTERS];

/* The bits of a register that keep their value when this is written now. */
uint64_t row_locked(const struct reg_row *row, const struct prog *prog, uint64_t written);

#endif
