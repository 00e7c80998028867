/* SPDX-License-Identifier: MIT */
/*
 * Level 1 Stream table descriptors, STEs and CDs that are kept: those that led on, or are legal;
 * where everything is kept, those that are not, and level 1 CDs, too.  Ages are as in
 * tlb/tlb.h.  3.21.3, 4.3
 */
#ifndef SMMU_CONFIG_STRUCTURES_H
#define SMMU_CONFIG_STRUCTURES_H

#include "base/chains.h"
#include "base/floors.h"
#include "base/sets.h"
#include "config/context.h"
#include "config/structure_name.h"

#include <pthread.h>
#include <smmu/stats.h>
#include <stdatomic.h>

struct structure {
	struct structure_name name;
	bool kept;
	uint64_t age;     /* it was kept at this one */
	enum why illegal; /* of an STE or CD that is: nothing else of it counts */
	union {
		uint64_t l1std;
		struct l1cd_found l1cd;
		struct stream stream;
		struct context context;
	};
};

struct structures {
	pthread_mutex_t lock;
	atomic_uint_fast64_t age; /* how often something was forgotten */
	struct structure_array {
		struct sets sets;
		struct structure *structure;
	} array[STRUCTURE_KINDS];
	/* Since when what is kept counts; what is older is as good as free.  Ages; 0: never. */
	struct {
		uint64_t newest; /* of those below */
		uint64_t all[STRUCTURE_KINDS][SMMU3_PAS_ROOT + 1];
		/* By Security state and stream: of very many, others of the state go, too. */
		struct floors contexts[SMMU3_PAS_REALM + 1];
	} forgotten;
	/* Where it grows, places of CDs from 1 on by stream.  lost: there was no memory for one. */
	struct chains of_streams;
	bool lost;
	uint64_t splits;  /* 1 << index of all L1STDs that may be there */
	uint32_t indexes; /* every bit of those of CDs */
	/* Const once it is used */
	bool counts; /* what is looked up, kept and forgotten */
	bool grows;  /* nothing makes room for anything else, and what is forgotten is so one by
		      * one, and nothing else with it */
	struct smmu3_cache_stats counted[STRUCTURE_KINDS];
};

/* Places for each kind, a power of two or 0.  false: out of memory. */
bool structures_init(struct structures *structures, const uint32_t places[STRUCTURE_KINDS]);
void structures_free(struct structures *structures);

/* To be read before memory is. */
ALWAYS_INLINE uint64_t structures_age(struct structures *structures)
{
	return atomic_load_explicit(&structures->age, memory_order_acquire);
}

bool structure_find(struct structures *structures, enum structure_kind kind,
		    struct structure_name name, struct structure *found);

/* For a view that is listened to: counted, and told of. */
COLD bool structure_find_told(const struct mem_view *view, enum structure_kind kind,
			      struct structure_name name, struct structure *found);

/* For a view. */
ALWAYS_INLINE bool structure_find_for(const struct mem_view *view, enum structure_kind kind,
				      struct structure_name name, struct structure *found)
{
	return likely(!view->step) ? structure_find(view->structures, kind, name, found) :
				     structure_find_told(view, kind, name, found);
}

/* What a view has read, if it keeps anything. */
void structure_keep_for(const struct mem_view *view, enum structure_kind kind,
			const struct structure *structure);

/* false: it is not kept, for something has been forgotten since that age. */
bool structure_keep(struct structures *structures, uint64_t age, enum structure_kind kind,
		    const struct structure *structure);

/* As tlb_announce, tlb_forget_older and tlb_keep_everything. */
uint64_t structures_announce(struct structures *structures);
void structures_forget_older(struct structures *structures, const struct smmu3_invalidation *scope,
			     uint64_t age);
void structures_keep_everything(struct structures *structures);

/* Everything that is meant.  4.3 */
void structures_forget(struct structures *structures, const struct smmu3_invalidation *scope);
void structures_forget_all(struct structures *structures);

/* What has been counted since structures_stats_reset, into those of enum smmu3_cache that are of
 * structures. */
void structures_stats(struct structures *structures, struct smmu3_cache_stats cache[SMMU3_CACHES]);
void structures_stats_reset(struct structures *structures);

#endif
