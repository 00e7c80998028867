/* SPDX-License-Identifier: MIT */
/*
 * Translations that are kept, and tables on the way to them.  One tag, one rule for what an
 * invalidation means, for both.
 *
 * Any thread may look up, fill and forget.  What a walk has read may be out of date when it is to
 * be kept: a fill names the age at which its walk began, and counts only if nothing was forgotten
 * since.  So once something has been forgotten, nothing read from memory before comes back.
 */
#ifndef SMMU_TLB_TLB_H
#define SMMU_TLB_TLB_H

#include "tlb/array.h"
#include "tlb/forgotten.h"
#include "tlb/journal.h"

#include <pthread.h>
#include <smmu/stats.h>
#include <stdatomic.h>

struct tlb {
	pthread_mutex_t lock;
	atomic_uint_fast64_t age; /* how often something was forgotten */
	struct tlb_array leaves, tables;
	struct forgotten forgotten; /* of both */
	/* const after tlb_init and what sets them */
	bool counts;     /* what is looked up, kept and forgotten */
	bool exact;      /* what is forgotten is so one by one, and nothing else with it */
	bool contiguous; /* contiguous groups are one translation.  D8.7.1 */
	/* Whether it is told of conflicts, and of which: by IDR3.BBML.  While nothing else runs */
	bool conflicts;
	uint8_t bbml;
};

/* Places for translations and for tables, each a power of two or 0.  false: out of memory. */
bool tlb_init(struct tlb *tlb, uint32_t leaves, uint32_t tables);
void tlb_free(struct tlb *tlb);

/* To be read before memory is. */
ALWAYS_INLINE uint64_t tlb_age(struct tlb *tlb)
{
	return atomic_load_explicit(&tlb->age, memory_order_acquire);
}

/* Those that are counted say as what it is kept.  A translation of the input.  Of several that
 * overlap, which software has then mapped wrongly, the smallest.  3.21.1 */
bool tlb_find(struct tlb *tlb, const struct tlb_key *key, struct leaves *leaves);
bool tlb_find_counted(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
		      struct leaves *leaves, struct tlb_tag *tag);

/* The table nearest to the leaf that is known. */
bool tlb_find_table(struct tlb *tlb, const struct tlb_key *key, struct table_found *table);
bool tlb_find_table_counted(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
			    struct table_found *table, struct tlb_tag *tag);

/* What it is kept as. */
struct tlb_tag tlb_tag_of(const struct tlb *tlb, const struct tlb_key *key,
			  const struct leaves *leaves);
struct tlb_tag tlb_tag_of_table(const struct tlb_key *key, unsigned size_lg2,
				const struct table_found *table);

/* false: something has been forgotten since that age, or there is no place; it is not kept. */
bool tlb_keep(struct tlb *tlb, uint64_t age, const struct tlb_key *key,
	      const struct leaves *leaves);

/* log2 of the block, page or contiguous group that a leaf is of.  D8.7.1 */
unsigned tlb_origin_lg2(const struct leaf *leaf);

/* The table that a descriptor for 2^size_lg2 bytes of input points at, likewise. */
bool tlb_keep_table(struct tlb *tlb, uint64_t age, const struct tlb_key *key, unsigned size_lg2,
		    const struct table_found *table);

/* Everything that is meant; tables too, unless it is about leaves alone.  4.4 */
void tlb_forget(struct tlb *tlb, const struct smmu3_invalidation *scope, tag_meant_fn *meant);

/* The same, and then tells of it in the journal, whose lock is the TLB's. */
void tlb_forget_and_tell(struct tlb *tlb, const struct smmu3_invalidation *scope,
			 tag_meant_fn *meant, struct journal *journal, bool broadcast);

/* What is meant, but only later: no walk that is under way is kept.  The age to give to
 * tlb_forget_older. */
uint64_t tlb_announce(struct tlb *tlb);
/* Of one that is exact, what had been kept before the age, and must go: hint.h. */
void tlb_forget_older(struct tlb *tlb, const struct smmu3_invalidation *scope, uint64_t age);
/* No entry makes room for another, and what is forgotten is so exactly.  Once, before it is used.
 */
void tlb_keep_everything(struct tlb *tlb);
/* Everything, and whose turn it is to make room. */
void tlb_forget_all(struct tlb *tlb);

/* From now on what is found may be in conflict.  While nothing else runs.  3.20.1 */
void tlb_tell_conflicts(struct tlb *tlb, bool tell, unsigned bbml);

/* What has been counted since tlb_stats_reset, into those of enum smmu3_cache that are of TLBs. */
void tlb_stats(struct tlb *tlb, struct smmu3_cache_stats cache[SMMU3_CACHES]);
void tlb_stats_reset(struct tlb *tlb);

#endif
