/* SPDX-License-Identifier: MIT */
/* What an SMMU is told before the first access: identification and registers. */
#ifndef SMMU_TESTS_RANDOM_SETUP_H
#define SMMU_TESTS_RANDOM_SETUP_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum { STATES = 2 }; /* Security states, by enum smmu3_pas */

/* The programming interface of a Security state: CR0 and so on, or S_CR0. */
struct registers {
	bool there;
	uint32_t cr0, cr1, cr2, gbpa, strtab_base_cfg;
	uint64_t strtab_base;
};

struct setup {
	struct smmu3_config config;
	struct registers of[STATES];
	bool waits; /* the host has smmu3_host.stall_ended */
};

#endif
