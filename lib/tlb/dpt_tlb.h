/* SPDX-License-Identifier: MIT */
/* Regions of a Device Permission Table that are kept, and level 0 Tables on the way to them.  Ages
 * are as in tlb.h.  3.24.2 */
#ifndef SMMU_TLB_DPT_TLB_H
#define SMMU_TLB_DPT_TLB_H

#include "base/sets.h"
#include "tlb/region.h"

#include <smmu/smmu.h>
#include <smmu/stats.h>

#include <pthread.h>
#include <stdatomic.h>

struct dpt_place {
	struct dpt_region region;
	bool kept;
};

struct dpt_tlb {
	pthread_mutex_t lock;
	atomic_uint_fast64_t age; /* how often something was forgotten */
	struct sets sets;
	struct dpt_place *place;
	uint64_t sizes; /* 1 << size_lg2 of all that may be in it */
	bool counts;    /* what is kept and forgotten; const after what sets it */
	struct smmu3_cache_stats counted[2]; /* of what is granted; of Tables */
};

/* What is looked up. */
struct dpt_key {
	uint64_t addr;
	uint8_t sec_sid;
	bool leads_on; /* a Table */
	bool counted;
};

/* Places, a power of two or 0.  false: out of memory. */
bool dpt_tlb_init(struct dpt_tlb *tlb, uint32_t places);
void dpt_tlb_free(struct dpt_tlb *tlb);

/* To be read before memory is. */
ALWAYS_INLINE uint64_t dpt_tlb_age(struct dpt_tlb *tlb)
{
	return atomic_load_explicit(&tlb->age, memory_order_acquire);
}

/* The smallest region with this address, or the Table that leads on to it. */
bool dpt_tlb_find(struct dpt_tlb *tlb, const struct dpt_key *key, struct dpt_region *found);
void dpt_tlb_keep(struct dpt_tlb *tlb, uint64_t age, const struct dpt_region *region);

/* Everything that is meant. */
void dpt_tlb_forget(struct dpt_tlb *tlb, const struct smmu3_invalidation *scope);
void dpt_tlb_forget_all(struct dpt_tlb *tlb);

/* What has been counted since dpt_tlb_stats_reset, into those of enum smmu3_cache that are of the
 * DPT. */
void dpt_tlb_stats(struct dpt_tlb *tlb, struct smmu3_cache_stats cache[SMMU3_CACHES]);
void dpt_tlb_stats_reset(struct dpt_tlb *tlb);

/*
 * Does this invalidation mean it?  Pure.  A Table goes by any address in its region, unless only
 * what ends a lookup is meant; so does one granule.  A block or contiguous region goes when all of
 * it is meant: for less the architecture promises nothing, and libsmmu keeps it.  3.24.5, 4.6.2
 */
bool dpt_region_is_meant(const struct dpt_region *region, const struct smmu3_invalidation *scope);

#endif
