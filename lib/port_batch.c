/* SPDX-License-Identifier: MIT */
/*
 * Batches: what each of them reads is asked for before the first is waited for.
 *
 * Nobody is called back on the short way, so that contexts stay where they are until all who are on
 * it have arrived; those who need the long way go last, in their order, for each may record an
 * event.
 */
#include "ports.h"

enum { BATCH_MOST = 64 };

/* One of a batch that is on the short way. */
struct walker {
	struct micro_context *context;
	struct brief_walk walk;
};

struct batch {
	struct smmu3_port *port;
	const struct smmu3_txn *txn;
	struct smmu3_outcome *outcome;
	uint64_t on_the_way, left_behind; /* by 1 << index */
	struct walker walker[BATCH_MOST];
};

ALWAYS_INLINE void set_out(struct batch *batch, unsigned index, struct micro_key key)
{
	struct front *front = &batch->port->front;
	const struct smmu3_txn *txn = &batch->txn[index];
	struct walker *walker = &batch->walker[index];

	walker->context = micro_context_of(&front->micro, key);
	if (unlikely(!walker->context || !front_takes(txn) || !front_learns_of(txn) ||
		     front_begin(front, walker->context, txn->addr, &walker->walk) !=
			     BRIEF_READS)) {
		batch->left_behind |= UINT64_C(1) << index;
		return;
	}
	__builtin_prefetch(walker->walk.at);
	batch->on_the_way |= UINT64_C(1) << index;
}

/* Hits are answered at once, and who misses sets out. */
static void begin_batch(struct batch *batch, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct smmu3_txn *txn = &batch->txn[i];
		const struct micro_key key = micro_key_of(txn);
		const struct micro_line *line;
		const uint64_t data = port_find(batch->port, key, txn->addr, txn->flags, &line);

		if (data && front_takes(txn))
			(void)front_answer(line, data, txn, &batch->outcome[i], false);
		else
			set_out(batch, i, key);
	}
}

ALWAYS_INLINE void arrive(struct batch *batch, unsigned index)
{
	struct walker *walker = &batch->walker[index];
	const struct smmu3_txn *txn = &batch->txn[index];
	const uint64_t data = front_end(&batch->port->front, walker->context, txn->flags,
					&walker->walk);

	if (likely(data))
		(void)front_answer(walker->context->line, data, txn, &batch->outcome[index], false);
	else
		batch->left_behind |= UINT64_C(1) << index;
}

/* One step of each who is on the way. */
static void go_on(struct batch *batch)
{
	uint64_t walking = batch->on_the_way;

	for (; walking; walking &= walking - 1) {
		const unsigned index = (unsigned)__builtin_ctzll(walking);
		struct walker *walker = &batch->walker[index];
		const enum brief_state state = front_go_on(&batch->port->front, walker->context,
							   &walker->walk);

		if (state == BRIEF_READS) {
			__builtin_prefetch(walker->walk.at);
			continue;
		}
		batch->on_the_way &= ~(UINT64_C(1) << index);
		if (state == BRIEF_DONE)
			arrive(batch, index);
		else
			batch->left_behind |= UINT64_C(1) << index;
	}
}

static void end_batch(const struct batch *batch)
{
	for (uint64_t left = batch->left_behind; left; left &= left - 1) {
		const unsigned index = (unsigned)__builtin_ctzll(left);

		(void)smmu3_port_translate(batch->port, &batch->txn[index], &batch->outcome[index]);
	}
}

static void translate_some(struct smmu3_port *port, const struct smmu3_txn *txn,
			   struct smmu3_outcome *outcome, unsigned n)
{
	struct batch batch;

	batch.port = port;
	batch.txn = txn;
	batch.outcome = outcome;
	batch.on_the_way = batch.left_behind = 0;
	if (!port_is_current(port))
		port_catch_up(port);
	begin_batch(&batch, n);
	while (batch.on_the_way)
		go_on(&batch);
	end_batch(&batch);
}

void smmu3_port_translate_batch(struct smmu3_port *port, const struct smmu3_txn *txn,
				struct smmu3_outcome *outcome, size_t n)
{
	for (size_t done = 0; done < n; done += BATCH_MOST)
		translate_some(port, &txn[done], &outcome[done],
			       (unsigned)(n - done < BATCH_MOST ? n - done : BATCH_MOST));
}
