/* SPDX-License-Identifier: MIT */
/*
 * The performance monitor group: one, for all of the SMMU, for events of Non-secure streams.
 * Chapter 10
 *
 * Its control registers are rows of the Non-secure register file; here are its counters and what
 * decides what they count.  All of it is used under the lock of the registers.
 */
#ifndef SMMU_PROG_PMCG_H
#define SMMU_PROG_PMCG_H

#include "prog/regs.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum { PMCG_COUNTERS = 64, PMCG_EVENTS = 8 };

struct pmcg {
	uint64_t counter[PMCG_COUNTERS]; /* EVCNTRn */
	uint64_t shadow[PMCG_COUNTERS];  /* SVRn */
	uint32_t evtyper[PMCG_COUNTERS];
	uint32_t smr[PMCG_COUNTERS];
	uint64_t enabled;    /* CNTEN */
	uint64_t interrupts; /* INTEN */
	uint64_t overflowed; /* OVS */
};

/* What one transaction comes to: how often each event of 10.3 occurs. */
struct pmcg_events {
	uint32_t sid;
	uint32_t n[PMCG_EVENTS];
};

/* Is this an offset in a page of the group, and is there one? */
bool pmcg_at(const struct smmu3_config *config, uint64_t offset);

/* A legal access to such an offset; 8 bytes are twice 4.  10.5 */
uint64_t pmcg_read(struct pmcg *pmcg, const struct prog *prog, const struct smmu3_config *config,
		   uint64_t offset, unsigned size);
void pmcg_write(struct pmcg *pmcg, struct prog *prog, const struct smmu3_config *config,
		uint64_t offset, unsigned size, uint64_t value);

/* Does any counter count?  10.5.2.5, 10.5.2.14 */
bool pmcg_counts(const struct pmcg *pmcg, const struct prog *prog);

/* Counts.  true: the interrupt is triggered.  10.2.1, 10.4 */
bool pmcg_count(struct pmcg *pmcg, const struct prog *prog, const struct smmu3_config *config,
		const struct pmcg_events *events);

/* Bits that a counter's registers have. */
uint64_t pmcg_counter_bits(const struct smmu3_config *config);
uint32_t pmcg_evtyper_bits(const struct smmu3_config *config, unsigned n);
uint32_t pmcg_smr_bits(const struct smmu3_config *config, unsigned n);
unsigned pmcg_counters(const struct smmu3_config *config);

#endif
