/* SPDX-License-Identifier: MIT */
/* Commands of the Non-secure queue: which are legal, and what they ask for.  Pure.  Chapter 4 */
#ifndef SMMU_PROG_COMMAND_H
#define SMMU_PROG_COMMAND_H

#include "arch/cmd.h"
#include "arch/features.h"

#include <smmu/smmu.h>
#include <stdbool.h>

/* What a command does besides being consumed. */
enum command_effect {
	EFFECT_ILLEGAL,        /* CERROR_ILL */
	EFFECT_NONE,           /* nothing that is to be seen */
	EFFECT_INVALIDATE,     /* command_scope */
	EFFECT_INVALIDATE_ATC, /* command_atc, if the SMMU is enabled */
	EFFECT_ANSWER_PAGE,    /* CMD_PRI_RESP, if the SMMU is enabled */
	EFFECT_SYNC,           /* CMD_SYNC: what it signals is in it */
	EFFECT_RESUME,         /* of the stalled transaction with its StreamID and STAG */
	EFFECT_TERMINATE,      /* the stalled transactions of its StreamID */
};

enum command_effect command_effect(const struct features *features, const struct cmd *cmd);

/* Registers that commands depend on, as they stand. */
struct command_controls {
	unsigned vmw; /* CR0.VMW.  6.3.9.1 */
	bool e2h;     /* CR2.E2H.  4.4.2.8, 4.4.2.9 */
};

/* The scope of a command with EFFECT_INVALIDATE.  4.3, 4.4, 4.6 */
struct smmu3_invalidation command_scope(const struct features *features,
					struct command_controls controls, const struct cmd *cmd);

/* VMID[VMW-1:0] do not count, in commands and in what CPUs broadcast.  6.3.9.1 */
void scope_widen_vmid(const struct features *features, unsigned vmw,
		      struct smmu3_invalidation *scope);

/* The request of a command with EFFECT_INVALIDATE_ATC.  4.5.1 */
struct smmu3_atc_invalidation command_atc(const struct features *features, const struct cmd *cmd);

#endif
