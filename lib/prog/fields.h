/* SPDX-License-Identifier: MIT */
/* Fields of the registers that the SMMU keeps. */
#ifndef SMMU_PROG_FIELDS_H
#define SMMU_PROG_FIELDS_H

#include "arch/regs.h"
#include "base/bits.h"
#include "prog/regs.h"

ALWAYS_INLINE uint64_t prog_get(const struct prog *prog, enum prog_register reg, int field)
{
	return field_value(&prog->value[reg], field);
}

ALWAYS_INLINE void prog_put(struct prog *prog, enum prog_register reg, int field, uint64_t value)
{
	prog->value[reg] = (prog->value[reg] & ~field_mask(field)) |
			   (value << field_lsb(field) & field_mask(field));
}

_Static_assert((int)BANK_NS == SMMU3_PAS_NS && (int)BANK_S == SMMU3_PAS_SECURE &&
		       (int)BANK_R == SMMU3_PAS_REALM,
	       "banks are numbered as Security states are");

/* The PA space that is the interface's own: of its tables, queues and messages.  3.10.2.1 */
ALWAYS_INLINE enum smmu3_pas prog_pas(const struct prog *prog)
{
	return (enum smmu3_pas)prog->bank;
}

/* The encryption context of what is of no stream: 0 but in the Realm bank.  6.3.162 */
ALWAYS_INLINE uint16_t global_mecid(const struct prog *prog)
{
	return (uint16_t)prog_get(prog, PROG_GMECID, GMECID_GMECID);
}

#endif
