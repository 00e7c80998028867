/* SPDX-License-Identifier: MIT */
/* Memory that fails when it is asked to: <smmu/adversity.h>.  It stands in front of all windows,
 * which are out of sight meanwhile, and of the host. */
#ifndef SMMU_MEM_MISCHIEF_H
#define SMMU_MEM_MISCHIEF_H

#include "mem/mem.h"

#include <pthread.h>
#include <smmu/adversity.h>

struct mischief_rule {
	struct smmu3_mem_rule rule;
	uint64_t seen; /* accesses that it is about */
	uint64_t met;  /* of them those that it meant */
};

struct mischief {
	struct mem behind;    /* what there is */
	pthread_mutex_t lock; /* over all below: accesses come from any thread */
	struct mischief_rule rule[SMMU3_MEM_RULES];
	size_t rules;
};

/* Is every member in its domain? */
bool mischief_legal(const struct smmu3_mem_rule *rule);

/* Puts one in front of memory, which is not accessed meanwhile; NULL: out of memory.  And takes it
 * away. */
struct mischief *mischief_begin(struct mem *mem);
void mischief_end(struct mem *mem);

/* False: there are as many as may be. */
bool mischief_add(struct mischief *mischief, const struct smmu3_mem_rule *rule);
uint64_t mischief_met(struct mischief *mischief, size_t rule);

/* The accesses of mem.h, of memory that has one in front of it. */
bool mischief_read(struct mischief *mischief, const struct mem_read *read, uint64_t *word,
		   unsigned words);
bool mischief_write(struct mischief *mischief, const struct mem_read *write, const void *data,
		    unsigned bytes);
enum mem_swapped mischief_swap(struct mischief *mischief, const struct mem_read *at,
			       uint64_t expected, uint64_t desired);
bool mischief_read_pair(struct mischief *mischief, const struct mem_read *read, uint64_t *word);
enum mem_swapped mischief_swap_pair(struct mischief *mischief, const struct mem_read *at,
				    const uint64_t *expected, const uint64_t *desired);

#endif
