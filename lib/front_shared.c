/* SPDX-License-Identifier: MIT */
/*
 * The front of all those who come without a port.  Who finds what is wanted takes no lock: it reads
 * the version, then the entry, then the version again, which is odd while a thread writes.
 */
#include "front.h"

#include "transactions.h"

bool shared_front_init(struct shared_front *shared, const struct smmu3_caches *caches)
{
	atomic_init(&shared->version, 0);
	atomic_init(&shared->seen, 0);
	if (!front_init(&shared->front, caches->micro, caches->micro_streams))
		return false;
	if (!pthread_mutex_init(&shared->lock, NULL))
		return true;
	front_free(&shared->front);
	return false;
}

void shared_front_free(struct shared_front *shared)
{
	pthread_mutex_destroy(&shared->lock);
	front_free(&shared->front);
}

static void begin_writing(struct smmu3 *smmu)
{
	struct shared_front *shared = &smmu->shared;

	pthread_mutex_lock(&shared->lock);
	(void)atomic_fetch_add_explicit(&shared->version, 1, memory_order_acq_rel);
	front_catch_up(&shared->front, &smmu->journal);
	/* who reads it sees what has been forgotten, and that the version is odd */
	atomic_store_explicit(&shared->seen, shared->front.seen, memory_order_release);
}

static void end_writing(struct smmu3 *smmu)
{
	struct shared_front *shared = &smmu->shared;

	(void)atomic_fetch_add_explicit(&shared->version, 1, memory_order_release);
	pthread_mutex_unlock(&shared->lock);
}

/* Everything in between is read with acquire order, and so before the version is read again. */
ALWAYS_INLINE bool find(const struct smmu3 *smmu, const struct smmu3_txn *txn,
			struct smmu3_outcome *outcome)
{
	const struct shared_front *shared = &smmu->shared;
	const struct micro_key key = micro_key_of(txn);
	const uint64_t version = atomic_load_explicit(&shared->version, memory_order_acquire);
	const struct micro_line *line = micro_slot(&shared->front.micro, key, true);

	if (version & 1 ||
	    atomic_load_explicit(&shared->seen, memory_order_acquire) !=
		    journal_count(&smmu->journal) ||
	    !micro_line_is(line, key, true) || !front_takes(txn))
		return false;
	const uint64_t data = micro_data(line, txn->addr, txn->flags, true);

	if (!data)
		return false;
	(void)front_answer(line, data, txn, outcome, true);
	return atomic_load_explicit(&shared->version, memory_order_relaxed) == version;
}

/* On the short way nobody is called back, so that the lock may be held. */
static bool find_on_short_way(struct smmu3 *smmu, const struct smmu3_txn *txn, uint64_t *seen,
			      struct smmu3_outcome *outcome)
{
	struct front *front = &smmu->shared.front;
	uint64_t data = 0;

	begin_writing(smmu);
	struct micro_context *context = micro_context_of(&front->micro, micro_key_of(txn));

	if (context && front_learns_of(txn) && front_takes(txn))
		data = front_find(front, context, txn);
	if (data)
		(void)front_answer(context->line, data, txn, outcome, false);
	*seen = front->seen;
	end_writing(smmu);
	return data;
}

static void learn(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct path *path,
		  uint64_t seen, const struct smmu3_outcome *outcome)
{
	begin_writing(smmu);
	if (smmu->shared.front.seen == seen)
		front_learn(&smmu->shared.front, smmu, txn, path, outcome);
	end_writing(smmu);
}

static COLD enum smmu3_verdict translate_and_learn(struct smmu3 *smmu, const struct smmu3_txn *txn,
						   struct smmu3_outcome *outcome)
{
	struct path path = { .known = false };
	uint64_t seen;

	if (!front_serves(smmu))
		return smmu_translate_along(smmu, txn, &path, outcome);
	if (find_on_short_way(smmu, txn, &seen, outcome))
		return SMMU3_OK;
	const enum smmu3_verdict verdict = smmu_translate_along(smmu, txn, &path, outcome);

	if (verdict == SMMU3_OK && front_learns_of(txn) && front_serves(smmu))
		learn(smmu, txn, &path, seen, outcome);
	return verdict;
}

enum smmu3_verdict shared_front_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome)
{
	return likely(find(smmu, txn, outcome)) ? SMMU3_OK :
						  translate_and_learn(smmu, txn, outcome);
}
