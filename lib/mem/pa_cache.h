/* SPDX-License-Identifier: MIT */
/*
 * Regions of a table by PA that are kept, and level 0 Tables on the way to them: of a Device
 * Permission Table, or of the granule protection table, of which those that deny are kept like
 * those that permit.  Whose access read them does not matter; only an invalidation by PA of that
 * table removes them.  Ages are as in tlb/tlb.h.  3.24.2, D9.5
 */
#ifndef SMMU_MEM_PA_CACHE_H
#define SMMU_MEM_PA_CACHE_H

#include "base/bits.h"
#include "base/sets.h"
#include "mem/pa_region.h"

#include <smmu/smmu.h>
#include <smmu/stats.h>

#include <pthread.h>
#include <stdatomic.h>

struct pa_place {
	struct pa_region region;
	uint64_t age; /* it was kept at this one */
	bool kept;
};

struct pa_cache {
	pthread_mutex_t lock;
	atomic_uint_fast64_t age; /* how often something was forgotten */
	struct sets sets;
	struct pa_place *place;
	uint64_t sizes;                    /* 1 << size_lg2 of all that may be in it */
	enum smmu3_invalidation_kind kind; /* of what removes them.  Const after init */
	/* Const after what sets them */
	bool counts;                         /* what is kept and forgotten */
	bool grows;                          /* nothing makes room for anything else */
	struct smmu3_cache_stats counted[2]; /* of what is said; of Tables */
};

/* What is looked up. */
struct pa_key {
	uint64_t addr;
	uint8_t sec_sid; /* as of regions */
	bool leads_on;   /* a Table */
	bool counted;
};

/* SMMU3_INVALIDATES_DPT or SMMU3_INVALIDATES_GPT is what removes a region.  Places, a power of two
 * or 0.  false: out of memory. */
bool pa_cache_init(struct pa_cache *cache, enum smmu3_invalidation_kind kind, uint32_t places);
void pa_cache_free(struct pa_cache *cache);

/* To be read before memory is. */
ALWAYS_INLINE uint64_t pa_cache_age(struct pa_cache *cache)
{
	return atomic_load_explicit(&cache->age, memory_order_acquire);
}

/* The smallest region with this address, or the Table that leads on to it. */
bool pa_cache_find(struct pa_cache *cache, const struct pa_key *key, struct pa_region *found);

/* Keeps a region, unless something has been forgotten since the age: false. */
bool pa_cache_keep(struct pa_cache *cache, uint64_t age, const struct pa_region *region);

/* The same for a view, of which somebody is told: watch.h. */
struct watch;
bool pa_cache_find_for(struct pa_cache *cache, const struct pa_key *key, struct watch *watch,
		       struct pa_region *found);
void pa_cache_keep_for(struct pa_cache *cache, uint64_t age, struct watch *watch,
		       const struct pa_region *region);

/* As tlb_announce and tlb_forget_older. */
uint64_t pa_cache_announce(struct pa_cache *cache);
void pa_cache_forget_older(struct pa_cache *cache, const struct smmu3_invalidation *scope,
			   uint64_t age);

/* Everything that is meant. */
void pa_cache_forget(struct pa_cache *cache, const struct smmu3_invalidation *scope);
void pa_cache_forget_all(struct pa_cache *cache);

/* What has been counted since pa_cache_stats_reset: of what is said, and of Tables. */
void pa_cache_stats(struct pa_cache *cache, struct smmu3_cache_stats *said,
		    struct smmu3_cache_stats *tables);
void pa_cache_stats_reset(struct pa_cache *cache);

/*
 * Does this invalidation mean it?  Pure.  A Table goes by any address in its region, unless only
 * what ends a lookup is meant; so does one granule.  A block or a contiguous region goes when all
 * of it is meant: for less the architecture promises nothing, and libsmmu keeps it.  3.24.5, 4.6.2,
 * D9.5, D9.6
 */
bool pa_region_is_meant(const struct pa_region *region, const struct smmu3_invalidation *scope);

#endif
