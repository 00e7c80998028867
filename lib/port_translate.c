/* SPDX-License-Identifier: MIT */
/* Translations through ports.  The way of a hit is the first half of this file. */
#include "ports.h"

#include "arch/why.h"

/* ---- Hits ---- */

/* An entry of what a line has, if that is of today. */
ALWAYS_INLINE uint64_t find(const struct smmu3_port *port, const struct micro_line *line,
			    uint64_t addr, uint64_t flags)
{
	return port_is_current(port) ? micro_data(line, addr, flags, false) : 0;
}

/* The same, once the line has been found. */
ALWAYS_INLINE uint64_t find_line(const struct smmu3_port *port, const struct smmu3_txn *txn,
				 const struct micro_line **line)
{
	const struct micro_key key = micro_key_of(txn);

	*line = micro_slot(&port->front.micro, key, false);
	return micro_line_is(*line, key, false) ? find(port, *line, txn->addr, txn->flags) : 0;
}

ALWAYS_INLINE struct smmu3_hit hit_of(uint64_t data, uint64_t addr)
{
	return (struct smmu3_hit){ micro_pa(data, addr), data };
}

struct smmu3_hit smmu3_port_hit(const struct smmu3_port *port, const struct smmu3_txn *txn)
{
	const struct micro_line *line;

	return hit_of(find_line(port, txn, &line), txn->addr);
}

struct smmu3_hit smmu3_stream_hit(const struct smmu3_stream *stream, uint64_t addr, unsigned flags)
{
	return hit_of(find(stream->port, stream->line, addr, flags), addr);
}

/* ---- Misses ---- */

/* A path is copied: who is called back meanwhile may do with the port what it must not. */
static COLD enum smmu3_verdict translate_long(struct smmu3_port *port, struct front *front,
					      const struct smmu3_txn *txn,
					      struct smmu3_outcome *outcome)
{
	struct smmu3 *smmu = port->smmu;
	struct path path = { .known = false };

	port_catch_up(port);
	const uint64_t seen = front->seen;
	const struct micro_context *context = micro_context_of(&front->micro, micro_key_of(txn));

	if (context)
		path = front->stream[context->number].path;
	const enum smmu3_verdict verdict = smmu_translate_along(smmu, txn, &path, outcome);

	if (verdict == SMMU3_OK && front_learns_of(txn) && front_serves(smmu) &&
	    front->seen == seen && journal_count(&smmu->journal) == seen)
		front_learn(front, smmu, txn, &path, outcome);
	return verdict;
}

static __attribute__((noinline)) enum smmu3_verdict translate_missed(struct smmu3_port *port,
								     struct front *front,
								     const struct smmu3_txn *txn,
								     struct smmu3_outcome *outcome)
{
	if (unlikely(!port_is_current(port)))
		port_catch_up(port);
	struct micro_context *context = micro_context_of(&front->micro, micro_key_of(txn));
	const bool brief = context && front_takes(txn) && front_learns_of(txn);
	const uint64_t data = likely(brief) ? front_find(front, context, txn) : 0;

	return likely(data) ? front_answer(context->line, data, txn, outcome, false) :
			      translate_long(port, front, txn, outcome);
}

enum smmu3_verdict smmu3_port_translate(struct smmu3_port *port, const struct smmu3_txn *txn,
					struct smmu3_outcome *outcome)
{
	const struct micro_line *line;
	const uint64_t data = find_line(port, txn, &line);

	return likely(data && front_takes(txn)) ?
		       front_answer(line, data, txn, outcome, false) :
		       translate_missed(port, &port->front, txn, outcome);
}

static enum smmu3_verdict refuse(struct smmu3_outcome *outcome)
{
	*outcome = (struct smmu3_outcome){ .verdict = SMMU3_ERROR,
					   .decider = SMMU3_BY_CALLER,
					   .why = WHY_TXN_STREAM,
					   .fault_level = LEVEL_NONE };
	return SMMU3_ERROR;
}

enum smmu3_verdict smmu3_stream_translate(struct smmu3_stream *stream, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome)
{
	const struct micro_key key = micro_key_of(txn);
	const uint64_t data = find(stream->port, stream->line, txn->addr, txn->flags);

	if (unlikely(key.stream != stream->key.stream || key.kind != stream->key.kind))
		return refuse(outcome);
	return likely(data && front_takes(txn)) ?
		       front_answer(stream->line, data, txn, outcome, false) :
		       translate_missed(stream->port, &stream->front, txn, outcome);
}

/* ---- Batches ---- */

enum { BATCH_MOST = 64 };

/* One of a batch that is on the short way. */
struct walker {
	uint32_t index; /* in the batch */
	struct micro_context *context;
	struct brief_walk walk;
};

struct batch {
	struct smmu3_port *port;
	const struct smmu3_txn *txn;
	struct smmu3_outcome *outcome;
	uint64_t left; /* by 1 << index: those who need the long way */
	struct walker walker[BATCH_MOST];
	unsigned walkers;
};

static void set_out(struct batch *batch, uint32_t index)
{
	struct front *front = &batch->port->front;
	const struct smmu3_txn *txn = &batch->txn[index];
	struct walker *walker = &batch->walker[batch->walkers];

	walker->index = index;
	walker->context = micro_context_of(&front->micro, micro_key_of(txn));
	if (!walker->context || !front_takes(txn) || !front_learns_of(txn) ||
	    front_begin(front, walker->context, txn->addr, &walker->walk) != BRIEF_READS) {
		batch->left |= UINT64_C(1) << index;
		return;
	}
	__builtin_prefetch(walker->walk.at);
	batch->walkers++;
}

/* Hits are answered at once, and who misses sets out. */
static void begin_batch(struct batch *batch, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct smmu3_txn *txn = &batch->txn[i];
		const struct micro_line *line;
		const uint64_t data = find_line(batch->port, txn, &line);

		if (likely(data && front_takes(txn)))
			(void)front_answer(line, data, txn, &batch->outcome[i], false);
		else
			set_out(batch, i);
	}
}

/* One step of each who is on the way; who has another one to do stays among them. */
static void go_on(struct batch *batch)
{
	const unsigned walkers = batch->walkers;

	batch->walkers = 0;
	for (unsigned i = 0; i < walkers; i++) {
		struct walker *walker = &batch->walker[i];
		const struct smmu3_txn *txn = &batch->txn[walker->index];
		const struct front *front = &batch->port->front;
		const enum brief_state state = front_go_on(front, walker->context, &walker->walk);
		const uint64_t data = state == BRIEF_DONE ? front_end(front, walker->context,
								      txn->flags, &walker->walk) :
							    0;

		if (data)
			(void)front_answer(walker->context->line, data, txn,
					   &batch->outcome[walker->index], false);
		else if (state != BRIEF_READS)
			batch->left |= UINT64_C(1) << walker->index;
		if (state != BRIEF_READS)
			continue;
		__builtin_prefetch(walker->walk.at);
		batch->walker[batch->walkers++] = *walker;
	}
}

/* The rest in its order, for each may record an event. */
static void end_batch(struct batch *batch)
{
	for (; batch->left; batch->left &= batch->left - 1) {
		const unsigned index = (unsigned)__builtin_ctzll(batch->left);

		(void)smmu3_port_translate(batch->port, &batch->txn[index], &batch->outcome[index]);
	}
}

static void translate_some(struct smmu3_port *port, const struct smmu3_txn *txn,
			   struct smmu3_outcome *outcome, uint32_t n)
{
	struct batch batch;

	batch.port = port;
	batch.txn = txn;
	batch.outcome = outcome;
	batch.left = 0;
	batch.walkers = 0;
	if (!port_is_current(port))
		port_catch_up(port);
	begin_batch(&batch, n);
	while (batch.walkers)
		go_on(&batch);
	end_batch(&batch);
}

void smmu3_port_translate_batch(struct smmu3_port *port, const struct smmu3_txn *txn,
				struct smmu3_outcome *outcome, size_t n)
{
	for (size_t done = 0; done < n; done += BATCH_MOST)
		translate_some(port, &txn[done], &outcome[done],
			       (uint32_t)(n - done < BATCH_MOST ? n - done : BATCH_MOST));
}
