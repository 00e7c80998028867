/* SPDX-License-Identifier: MIT */
/*
 * Entries of the granule protection table that are kept, by PA: whose access read them does not
 * matter.  Those that deny are kept like those that permit.  Only invalidation by PA removes them.
 * Ages are as in tlb/tlb.h.  D9.5
 */
#ifndef SMMU_MEM_GPT_CACHE_H
#define SMMU_MEM_GPT_CACHE_H

#include "base/bits.h"
#include "base/sets.h"
#include "mem/gpt_region.h"

#include <smmu/smmu.h>
#include <smmu/stats.h>

#include <pthread.h>
#include <stdatomic.h>

struct gpt_place {
	struct gpt_region region;
	bool kept;
};

struct gpt_cache {
	pthread_mutex_t lock;
	atomic_uint_fast64_t age; /* how often something was forgotten */
	struct sets sets;
	struct gpt_place *place;
	uint64_t sizes; /* 1 << size_lg2 of all that may be in it */
	bool counts;    /* what is kept and forgotten; const after what sets it */
	struct smmu3_cache_stats counted[2]; /* of what is said; of Tables */
};

/* What is looked up. */
struct gpt_key {
	uint64_t addr;
	bool leads_on; /* a Table */
	bool counted;
};

/* Places, a power of two or 0.  false: out of memory. */
bool gpt_cache_init(struct gpt_cache *cache, uint32_t places);
void gpt_cache_free(struct gpt_cache *cache);

/* To be read before memory is. */
ALWAYS_INLINE uint64_t gpt_cache_age(struct gpt_cache *cache)
{
	return atomic_load_explicit(&cache->age, memory_order_acquire);
}

/* The smallest region with this address, or the Table that leads on to it. */
bool gpt_cache_find(struct gpt_cache *cache, const struct gpt_key *key, struct gpt_region *found);

/* Keeps a region, unless something has been forgotten since the age. */
void gpt_cache_keep(struct gpt_cache *cache, uint64_t age, const struct gpt_region *region);

/* Everything that is meant. */
void gpt_cache_forget(struct gpt_cache *cache, const struct smmu3_invalidation *scope);
void gpt_cache_forget_all(struct gpt_cache *cache);

/* What has been counted since gpt_cache_stats_reset, into those of enum smmu3_cache that are of the
 * GPT. */
void gpt_cache_stats(struct gpt_cache *cache, struct smmu3_cache_stats stats[SMMU3_CACHES]);
void gpt_cache_stats_reset(struct gpt_cache *cache);

/*
 * Does this invalidation mean it?  Pure.  A Table goes by any address in its region, unless only
 * the last level is meant; so does one granule.  A block or a contiguous region goes when all of it
 * is meant: for less the architecture promises nothing, and libsmmu keeps it.  D9.5, D9.6
 */
bool gpt_region_is_meant(const struct gpt_region *region, const struct smmu3_invalidation *scope);

#endif
