/* SPDX-License-Identifier: MIT */
#ifndef SMMU_PROG_IDREGS_H
#define SMMU_PROG_IDREGS_H

#include "arch/features.h"
#include "prog/regs.h"

#include <smmu/smmu.h>

/* What an implementation with these identification registers has for one Security state: what that
 * state has not is false, even if another has it.  Means what it says only for a configuration that
 * smmu3_config_check finds consistent; gives bounded values for any. */
struct features features_from(const struct smmu3_config *config, enum bank bank);

/* The same for Non-secure streams while Secure software forbids them to stall.  6.3.57 NSSTALLD */
struct features features_without_stalls(const struct features *features);

/* Output address size in bits from IDR5.OAS, 0 to 7.  6.3.6 */
unsigned oas_bits(unsigned oas);

/* Intermediate address size in bits.  ttf is IDR0.TTF.  3.4 */
unsigned ias_bits(unsigned ttf, unsigned oas_bits);

#endif
