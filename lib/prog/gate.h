/* SPDX-License-Identifier: MIT */
#ifndef SMMU_PROG_GATE_H
#define SMMU_PROG_GATE_H

#include "arch/features.h"
#include "prog/regs.h"
#include "xlate/gate.h"

/* The registers as transactions see them: effective values, decoded.  6.3.9, 6.3.11
 * to 6.3.14, 6.3.24, 6.3.25 */
struct gate gate_from(const struct prog *prog, const struct features *features);

/* The label of what is of no stream: GMPAM.  6.3.42, 6.3.88, 6.3.156 */
struct smmu3_mpam global_label(const struct prog *prog, const struct features *features);

#endif
