/* SPDX-License-Identifier: MIT */
/*
 * What has been forgotten, for those who keep copies of their own: scopes in the order in which
 * they were, the last of them to be read back.
 *
 * Their hints are left out: copies drop what they need not, as caches do that are not checked.
 *
 * A reader knows how many it has seen to.  It copies what came since, and drops all it has where
 * that is too much.  What a copy was made from counts only if nothing has been written since the
 * count was read before the first byte of it: docs/concurrency.md.
 */
#ifndef SMMU_TLB_JOURNAL_H
#define SMMU_TLB_JOURNAL_H

#include "base/bits.h"

#include <pthread.h>
#include <smmu/smmu.h>
#include <stdatomic.h>

enum {
	JOURNAL_SCOPES = 64, /* that can be read back */
	SCOPE_WORDS = 6,
};

struct journal {
	/* How many scopes were written; and how many of them are seen at once, in sections too:
	 * nothing waits for those to be closed. */
	atomic_uint_fast64_t count, changes;
	pthread_mutex_t *lock; /* of who writes: the TLB's, which most of it is about */
	_Atomic uint64_t slot[JOURNAL_SCOPES][SCOPE_WORDS];
};

void journal_init(struct journal *journal, pthread_mutex_t *lock);

/* Something has been forgotten by everybody else. */
void journal_write(struct journal *journal, const struct smmu3_invalidation *scope);

/* Likewise, with the lock held; as CPUs have broadcast or not: nobody will wait then until it has
 * been seen. */
void journal_append(struct journal *journal, const struct smmu3_invalidation *scope,
		    bool broadcast);

/* Everything is another: registers or windows have changed. */
void journal_change(struct journal *journal);

ALWAYS_INLINE uint64_t journal_count(const struct journal *journal)
{
	return atomic_load_explicit(&journal->count, memory_order_acquire);
}

/* The scope written when the count was `number`.  false: it can no longer be had. */
bool journal_read(const struct journal *journal, uint64_t number, struct smmu3_invalidation *scope);

#endif
