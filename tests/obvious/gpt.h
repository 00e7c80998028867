/* SPDX-License-Identifier: MIT */
/* The granule protection check a second time: slow and plain, in the order and the words of the
 * pseudocode of J1.3.5 (GranuleProtectionCheck, GPTWalk), and with the registers of 6.3.114 and
 * 6.3.115.  It shares nothing with the library but public types. */
#ifndef SMMU_TESTS_OBVIOUS_GPT_H
#define SMMU_TESTS_OBVIOUS_GPT_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

struct obvious_gpt {
	uint32_t idr5;
	uint64_t gpt_base, gpt_base_cfg;
	/* Reads the entry at a PA of the Root space; false: external abort. */
	bool (*read)(void *context, uint64_t at, uint64_t *entry);
	void *context;
};

enum obvious_gpcf {
	OBVIOUS_GPCF_NONE,
	OBVIOUS_GPCF_FAIL,     /* a granule protection fault */
	OBVIOUS_GPCF_REGISTER, /* walk fault: the registers */
	OBVIOUS_GPCF_BASE,     /* address size fault: the base */
	OBVIOUS_GPCF_EABT,
	OBVIOUS_GPCF_ENTRY, /* walk fault: an entry */
	OBVIOUS_GPCF_TABLE, /* address size fault: an entry */
};

struct obvious_gpc {
	enum obvious_gpcf gpcf;
	unsigned level;
	unsigned reads;
	uint64_t read[2];  /* where */
	uint64_t gpi;      /* of what was found */
	unsigned size_lg2; /* of the region that the entry is of; 0: none was found */
};

struct obvious_gpc obvious_gpc(const struct obvious_gpt *gpt, enum smmu3_pas pas, uint64_t pa);

#endif
