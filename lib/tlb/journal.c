/* SPDX-License-Identifier: MIT */
#include "tlb/journal.h"

#include <string.h>

void journal_init(struct journal *journal, pthread_mutex_t *lock)
{
	journal->lock = lock;
	atomic_init(&journal->count, 0);
	atomic_init(&journal->changes, 0);
	for (unsigned i = 0; i < JOURNAL_SCOPES; i++)
		for (unsigned k = 0; k < SCOPE_WORDS; k++)
			atomic_init(&journal->slot[i][k], 0);
}

/* Words are stored with release order, after the count that says that their slot's scope of before
 * is gone: who reads one of them reads that count, too.  Of S_INIT, which means everything, no
 * CMD_SYNC says when it is done: that counts at once, too. */
void journal_append(struct journal *journal, const struct smmu3_invalidation *scope, bool broadcast)
{
	const uint64_t number = atomic_load_explicit(&journal->count, memory_order_relaxed);
	const uint64_t changes = atomic_load_explicit(&journal->changes, memory_order_relaxed);
	uint64_t word[SCOPE_WORDS] = { 0 };

	memcpy(word, scope, sizeof(*scope));
	for (unsigned i = 0; i < SCOPE_WORDS; i++)
		atomic_store_explicit(&journal->slot[number % JOURNAL_SCOPES][i], word[i],
				      memory_order_release);
	atomic_store_explicit(&journal->count, number + 1, memory_order_release);
	if (broadcast || scope->kind == SMMU3_INVALIDATES_ALL)
		atomic_store_explicit(&journal->changes, changes + 1, memory_order_release);
}

void journal_write(struct journal *journal, const struct smmu3_invalidation *scope)
{
	pthread_mutex_lock(journal->lock);
	journal_append(journal, scope, false);
	pthread_mutex_unlock(journal->lock);
}

void journal_change(struct journal *journal)
{
	static const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	journal_write(journal, &everything);
}

bool journal_read(const struct journal *journal, uint64_t number, struct smmu3_invalidation *scope)
{
	uint64_t word[SCOPE_WORDS];

	for (unsigned i = 0; i < SCOPE_WORDS; i++)
		word[i] = atomic_load_explicit(&journal->slot[number % JOURNAL_SCOPES][i],
					       memory_order_acquire);
	memcpy(scope, word, sizeof(*scope));
	return atomic_load_explicit(&journal->count, memory_order_relaxed) - number <
	       JOURNAL_SCOPES;
}
