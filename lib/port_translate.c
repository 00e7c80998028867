/* SPDX-License-Identifier: MIT */
/* Translations through ports.  The way of a hit is the first half of this file. */
#include "ports.h"

/* ---- Hits ---- */

ALWAYS_INLINE struct smmu3_hit hit_of(uint64_t data, uint64_t addr)
{
	return (struct smmu3_hit){ micro_pa(data, addr), data };
}

struct smmu3_hit smmu3_port_hit(const struct smmu3_port *port, const struct smmu3_txn *txn)
{
	const struct micro_line *slot;

	return hit_of(port_find(port, micro_key_of(txn), txn->addr, txn->flags, &slot), txn->addr);
}

struct smmu3_hit smmu3_port_hit_by_ids(const struct smmu3_port *port, uint64_t stream,
				       uint64_t addr, uint32_t how)
{
	const struct micro_line *slot;

	return hit_of(port_find(port, micro_key_by_ids(stream, how), addr, how, &slot), addr);
}

struct smmu3_hit smmu3_stream_hit(const struct smmu3_stream *stream, uint64_t addr, unsigned flags)
{
	return hit_of(port_find_of_line(stream->port, stream->line, addr, flags), addr);
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

/* A stream that was met, with no entry that would do. */
static NOINLINE enum smmu3_verdict translate_met(struct smmu3_port *port, struct front *front,
						 struct micro_context *context,
						 const struct smmu3_txn *txn,
						 struct smmu3_outcome *outcome)
{
	const bool brief = front_takes(txn) && front_learns_of(txn);
	const uint64_t data = likely(brief) ? front_find(front, context, txn) : 0;

	return likely(data) ? front_answer(context->line, data, txn, outcome, false) :
			      translate_long(port, front, txn, outcome);
}

/* What is out of date is looked at again when it no longer is. */
static COLD enum smmu3_verdict translate_again(struct smmu3_port *port, struct front *front,
					       const struct smmu3_txn *txn,
					       struct smmu3_outcome *outcome)
{
	port_catch_up(port);
	struct micro_context *context = micro_context_of(&front->micro, micro_key_of(txn));

	if (!context)
		return translate_long(port, front, txn, outcome);
	const uint64_t data = micro_data(context->line, txn->addr, txn->flags, false);

	return data && front_takes(txn) ? front_answer(context->line, data, txn, outcome, false) :
					  translate_met(port, front, context, txn, outcome);
}

ALWAYS_INLINE enum smmu3_verdict translate_missed(struct smmu3_port *port, struct front *front,
						  const struct micro_line *slot,
						  struct micro_key key, const struct smmu3_txn *txn,
						  struct smmu3_outcome *outcome)
{
	if (likely(port_is_current(port) && micro_line_is(slot, key, false)))
		return translate_met(port, front, micro_owner_of(&front->micro, slot), txn,
				     outcome);
	return translate_again(port, front, txn, outcome);
}

enum smmu3_verdict smmu3_port_translate(struct smmu3_port *port, const struct smmu3_txn *txn,
					struct smmu3_outcome *outcome)
{
	const struct micro_key key = micro_key_of(txn);
	const struct micro_line *slot;
	const uint64_t data = port_find(port, key, txn->addr, txn->flags, &slot);

	return likely(data && front_takes(txn)) ?
		       front_answer(slot, data, txn, outcome, false) :
		       translate_missed(port, &port->front, slot, key, txn, outcome);
}

enum smmu3_verdict smmu3_stream_translate(struct smmu3_stream *stream, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome)
{
	const struct micro_key key = micro_key_of(txn);
	const uint64_t data = port_find_of_line(stream->port, stream->line, txn->addr, txn->flags);

	if (unlikely(key.stream != stream->key.stream || key.kind != stream->key.kind))
		return refuse_txn(WHY_TXN_STREAM, outcome);
	return likely(data && front_takes(txn)) ?
		       front_answer(stream->line, data, txn, outcome, false) :
		       translate_missed(stream->port, &stream->front, stream->line, key, txn,
					outcome);
}
