/* SPDX-License-Identifier: MIT */
/* What an SMMU is told before the first access: identification and registers. */
#ifndef SMMU_TESTS_RANDOM_SETUP_H
#define SMMU_TESTS_RANDOM_SETUP_H

#include "protection.h"

#include "obvious/obvious.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum { STATES = 3 }; /* Security states, by enum smmu3_pas */

/* The programming interface of a Security state: CR0 and so on, S_CR0 or R_CR0; of the Realm state
 * without GBPA. */
struct registers {
	bool there;
	uint32_t cr0, cr1, cr2, gbpa, strtab_base_cfg;
	uint64_t strtab_base;
	uint64_t s2pii;          /* with IDR3.S2PI */
	uint32_t gmpam, gbpmpam; /* with IDR3.MPAM, without Update */
};

/* Reads and updates for these reasons that end in an abort: the first that is meant, and every n-th
 * after it.  reasons 0: none does. */
struct aborts {
	uint32_t reasons; /* 1 << enum smmu3_reason */
	uint32_t first, every;
	bool poisoned; /* the data is, instead */
};

struct setup {
	struct smmu3_config config;
	struct registers of[STATES];
	uint32_t gmecid; /* R_GMECID */
	struct protection protection;
	unsigned window_lg2; /* of RAM windows; 0: the host answers for memory.  memory_clear */
	uint8_t chosen[OBVIOUS_CHOICE_COUNT]; /* alternatives of what is left open */
	struct aborts aborts;
	bool adverse;    /* some are asked for */
	uint64_t unseen; /* of choices that software does not see: adverse.c */
	bool waits;      /* the host has smmu3_host.stall_ended */
};

/* Is there memory beside Non-secure memory? */
static inline bool setup_has_spaces(const struct setup *setup)
{
	return setup->of[SMMU3_PAS_SECURE].there || setup->of[SMMU3_PAS_REALM].there;
}

#endif
