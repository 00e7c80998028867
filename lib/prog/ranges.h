/* SPDX-License-Identifier: MIT */
/* Parameters of commands that the SMMU does not have.  Pure.  4.1.7 */
#ifndef SMMU_PROG_RANGES_H
#define SMMU_PROG_RANGES_H

#include "arch/cmd.h"
#include "arch/features.h"

#include <stdbool.h>

/* Has it a StreamID or a SubstreamID that is larger than those of the state that it acts on? */
bool command_out_of_range(const struct features *features, const struct cmd *cmd);

/* Then it means those of the bits that there are. */
void command_cut(const struct features *features, struct cmd *cmd);

#endif
