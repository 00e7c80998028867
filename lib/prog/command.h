/* SPDX-License-Identifier: MIT */
/* Commands of each Security state's queue: which are legal, on whose state they act, and what they
 * ask for.  Pure.  Chapter 4 */
#ifndef SMMU_PROG_COMMAND_H
#define SMMU_PROG_COMMAND_H

#include "arch/cmd.h"
#include "arch/features.h"
#include "prog/regs.h"

#include <smmu/smmu.h>
#include <stdbool.h>

/* Whose queue a command stands on, and what there is for the states that commands of this queue act
 * on: its own, and of the Secure queue the Non-secure one, too.  What is not one of them is not
 * looked at. */
struct command_rules {
	enum bank queue;
	const struct features *of[BANKS];
};

/* What a command does besides being consumed. */
enum command_effect {
	EFFECT_ILLEGAL,        /* CERROR_ILL */
	EFFECT_NONE,           /* nothing that is to be seen */
	EFFECT_INVALIDATE,     /* command_scope */
	EFFECT_INVALIDATE_ATC, /* command_atc, if the queue's state has SMMUEN = 1 */
	EFFECT_ANSWER_PAGE,    /* CMD_PRI_RESP, if the queue's state has SMMUEN = 1 */
	EFFECT_SYNC,           /* CMD_SYNC: what it signals is in it */
	EFFECT_RESUME,         /* of the target's stalled transaction with its StreamID and STAG */
	EFFECT_TERMINATE,      /* the target's stalled transactions of its StreamID */
};

enum command_effect command_effect(const struct command_rules *rules, const struct cmd *cmd);

/* On which state a legal command acts: whose streams, translations, stalls it names, and whose
 * registers command_controls are.  4.1.6, 4.4.2, 4.5.1, 4.6.1 */
enum bank command_target(const struct command_rules *rules, const struct cmd *cmd);

/* Registers of the target that commands depend on, as they stand. */
struct command_controls {
	unsigned vmw; /* CR0.VMW.  6.3.9.1 */
	bool e2h;     /* CR2.E2H.  4.4.2.8, 4.4.2.9 */
};

/* The scope of a command with EFFECT_INVALIDATE.  4.3, 4.4, 4.6 */
struct smmu3_invalidation command_scope(const struct command_rules *rules,
					struct command_controls controls, const struct cmd *cmd);

/* VMID[VMW-1:0] do not count, in commands and in what CPUs broadcast.  6.3.9.1 */
void scope_widen_vmid(const struct features *features, unsigned vmw,
		      struct smmu3_invalidation *scope);

/* The request of a command with EFFECT_INVALIDATE_ATC.  4.5.1 */
struct smmu3_atc_invalidation command_atc(const struct command_rules *rules, const struct cmd *cmd);

/* The PA space that the message of a CMD_SYNC goes to.  4.7.3 */
enum smmu3_pas command_message_pas(enum bank queue, const struct cmd *cmd);

#endif
