/* SPDX-License-Identifier: MIT */
/*
 * Places for what is kept, in sets.  Of each set one word says which ways may hold what is asked
 * for, so that most places are passed by without being looked at.
 *
 * What goes with all of its regime goes when somebody meets it: forgotten.h.  What goes by address
 * is looked for where it would be found; all places are looked at only where that is less.
 *
 * A table that grows loses nothing but what is invalidated, as long as there is memory.
 */
#ifndef SMMU_TLB_ARRAY_H
#define SMMU_TLB_ARRAY_H

#include "base/sets.h"
#include "tlb/forgotten.h"
#include "tlb/leaf.h"
#include "tlb/tag.h"

#include <smmu/stats.h>

struct tlb_entry {
	struct tlb_tag tag;
	uint64_t age; /* it was kept at this one, or proved true since */
	union {
		struct leaves leaves;
		struct table_found table;
	};
};

/* What is counted apart. */
enum tlb_counted {
	TLB_COUNTS_STAGE1,
	TLB_COUNTS_STAGE2,
	TLB_COUNTS_BOTH,
	TLB_COUNTED,
};

/* Of a kind, all that may be there. */
struct tlb_held {
	uint64_t sizes;     /* 1 << size_lg2 */
	uint16_t vmids;     /* every bit of them */
	uint8_t origin[64]; /* by size_lg2, the largest origin_lg2 */
};

struct tlb_array {
	struct sets sets;
	struct tlb_entry *entry;
	uint32_t *marks; /* of a set, 8 bits for each way: of the tag that is or was there; 0: none
			  * was, as in ways that a small table has not */
	const struct forgotten *forgotten;
	struct tlb_held held[TLB_STAGE2_NS + 1]; /* by enum tlb_kind */
	struct smmu3_cache_stats counted[TLB_COUNTED];
	/* Nothing makes room for anything else: there are more places when they are needed, and
	 * what its set has no place for, however many there are, stands beside.  Const after what
	 * sets it */
	bool grows;
	struct tlb_entry *beside;
	uint32_t besides, room_beside;
};

/* What is looked up. */
struct tlb_key {
	enum tlb_kind kind;
	const struct regime *regime;
	uint64_t input;
};

/* Places, a power of two or 0.  false: out of memory; tlb_array_free is due all the same. */
bool tlb_array_init(struct tlb_array *array, uint32_t places, const struct forgotten *forgotten);
void tlb_array_free(struct tlb_array *array);

/* Of several the smallest.  NULL: none is kept. */
struct tlb_entry *tlb_array_find(struct tlb_array *array, const struct tlb_key *key);

/* Of those that are larger the smallest.  NULL: there is none. */
struct tlb_entry *tlb_array_find_larger(struct tlb_array *array, const struct tlb_key *key,
					unsigned size_lg2);

/* Where there are places.  Fills and evictions are counted, if they are. */
void tlb_array_put(struct tlb_array *array, const struct tlb_entry *entry, bool counts);

/* What is forgotten. */
struct tlb_forgetting {
	const struct smmu3_invalidation *scope;
	tag_meant_fn *meant;
	uint64_t before; /* an age: what was kept at it, or later, stays */
};

/* Everything that is meant, one by one.  What is removed is counted, if it is. */
void tlb_array_forget(struct tlb_array *array, const struct tlb_forgetting *forgetting,
		      bool counts);

#endif
