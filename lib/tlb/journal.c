/* SPDX-License-Identifier: MIT */
#include "tlb/journal.h"

void journal_init(struct journal *journal, pthread_mutex_t *lock)
{
	journal->lock = lock;
	atomic_init(&journal->count, 0);
	atomic_init(&journal->changes, 0);
	for (unsigned i = 0; i < JOURNAL_SCOPES; i++)
		for (unsigned k = 0; k < SCOPE_WORDS; k++)
			atomic_init(&journal->slot[i][k], 0);
}

/* ---- Scopes as words ---- */

/* With release order, after the count that says that their slot's scope of before is gone: who
 * reads one of the words reads that count, too. */
static void put(_Atomic uint64_t *word, uint64_t value)
{
	atomic_store_explicit(word, value, memory_order_release);
}

/* In an order that is not the fields': what has just been written field by field is slow to read
 * together. */
static void put_scope(_Atomic uint64_t word[SCOPE_WORDS], const struct smmu3_invalidation *scope)
{
	put(&word[0], (uint64_t)scope->kind | (uint64_t)scope->any_asid << 8 |
			      (uint64_t)scope->leaf << 16 | (uint64_t)scope->sec_sid << 24 |
			      (uint64_t)scope->any_ssid << 32 | (uint64_t)scope->worlds << 40 |
			      (uint64_t)scope->any_vmid << 48 | (uint64_t)scope->ipa_pas << 56);
	put(&word[1],
	    (uint64_t)scope->vmid | (uint64_t)scope->asid << 16 | (uint64_t)scope->vmids << 32);
	put(&word[2], scope->addr);
	put(&word[3], scope->bytes);
	put(&word[4], scope->sids);
	put(&word[5], scope->ssid | (uint64_t)scope->sid << 32);
}

static struct smmu3_invalidation scope_from(const uint64_t word[SCOPE_WORDS])
{
	return (struct smmu3_invalidation){
		.kind = (uint8_t)word[0],
		.any_asid = (uint8_t)(word[0] >> 8),
		.leaf = (uint8_t)(word[0] >> 16),
		.sec_sid = (uint8_t)(word[0] >> 24),
		.any_ssid = (uint8_t)(word[0] >> 32),
		.worlds = (uint8_t)(word[0] >> 40),
		.any_vmid = (uint8_t)(word[0] >> 48),
		.ipa_pas = (uint8_t)(word[0] >> 56),
		.vmid = (uint16_t)word[1],
		.asid = (uint16_t)(word[1] >> 16),
		.vmids = (uint16_t)(word[1] >> 32),
		.addr = word[2],
		.bytes = word[3],
		.sids = word[4],
		.ssid = (uint32_t)word[5],
		.sid = (uint32_t)(word[5] >> 32),
	};
}

/* ---- The journal ---- */

/* Written by one at a time. */
static void add_one(atomic_uint_fast64_t *count)
{
	atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + 1,
			      memory_order_release);
}

/* Of S_INIT, which means everything, no CMD_SYNC says when it is done: that counts at once, as what
 * CPUs broadcast does. */
void journal_append(struct journal *journal, const struct smmu3_invalidation *scope, bool broadcast)
{
	const uint64_t number = atomic_load_explicit(&journal->count, memory_order_relaxed);

	put_scope(journal->slot[number % JOURNAL_SCOPES], scope);
	add_one(&journal->count);
	if (broadcast || scope->kind == SMMU3_INVALIDATES_ALL)
		add_one(&journal->changes);
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
	*scope = scope_from(word);
	return atomic_load_explicit(&journal->count, memory_order_relaxed) - number <
	       JOURNAL_SCOPES;
}
