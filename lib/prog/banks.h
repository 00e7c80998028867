/* SPDX-License-Identifier: MIT */
/* Which of the register files has what, and who reaches it. */
#ifndef SMMU_PROG_BANKS_H
#define SMMU_PROG_BANKS_H

#include "prog/regs.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* Where an access arrives. */
struct place {
	enum bank bank;
	uint64_t offset; /* from the bank's Page 0 */
};

/* The place that an access from a PA space reaches; its offset is from Page 0.  What it may not
 * reach, and what is not there, is a place without a register: RAZ/WI.  6.2, 6.2.1, 6.2.7 */
struct place bank_at(const struct smmu3_config *config, enum smmu3_pas from, uint64_t offset);

/* Is there a Security state that has it? */
bool bank_present(const struct smmu3_config *config, enum bank bank);

/* Bits that a bank has not, or not with these identification registers: RES0.  6.2 */
uint64_t bank_res0(const struct smmu3_config *config, enum bank bank, enum prog_register reg);

/* Bits of a bank that software cannot clear: 1 from reset on. */
uint64_t bank_res1(const struct smmu3_config *config, enum bank bank, enum prog_register reg);

#endif
