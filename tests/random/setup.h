/* SPDX-License-Identifier: MIT */
/* What an SMMU is told before the first access: identification and registers. */
#ifndef SMMU_TESTS_RANDOM_SETUP_H
#define SMMU_TESTS_RANDOM_SETUP_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

struct setup {
	struct smmu3_config config; /* gbpa_reset is what GBPA holds */
	uint32_t cr0, cr1, cr2, strtab_base_cfg;
	uint64_t strtab_base;
	/* The machine is that of the Secure state: the registers are S_CR0 and so on, GBPA is
	 * S_GBPA, and what accesses read is in Secure memory, or in Non-secure */
	bool secure;
	uint32_t s_gbpa;
	/* That of the Realm state, likewise, which has no GBPA */
	bool realm;
	uint32_t gmecid;
	bool waits; /* the host has smmu3_host.stall_ended */
};

/* Whose registers, streams and structures they are. */
static inline enum smmu3_pas setup_space(const struct setup *setup)
{
	return setup->realm ? SMMU3_PAS_REALM : setup->secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

#endif
