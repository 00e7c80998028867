/* SPDX-License-Identifier: MIT */
/*
 * What stands in front of translation: streams that were met, what is known of each, and their
 * micro-TLBs.  One for each port, one for each stream that has a handle, and one for all those who
 * come without a port.  A front answers what it knows; what it does not know is learnt from what
 * the long way came to.
 */
#ifndef SMMU_FRONT_H
#define SMMU_FRONT_H

#include "smmu_state.h"

#include "xlate/brief.h"
#include "xlate/translate.h"

bool front_init(struct front *front, uint32_t entries, uint32_t streams);
void front_free(struct front *front);

/* Forgets what has been forgotten by everybody else since it was last done, up to a count. */
COLD void front_forget(struct front *front, const struct journal *journal, uint64_t count);

/* The count is read in the one order of sections: who has opened one sees what was written before
 * somebody found none open. */
ALWAYS_INLINE void front_catch_up(struct front *front, const struct journal *journal)
{
	const uint64_t count = atomic_load(&journal->count);

	if (unlikely(count != front->seen))
		front_forget(front, journal, count);
}

/* Whether anything may be known: nobody counts, and no granule is protected. */
bool front_serves(const struct smmu3 *smmu);

/* What all answers of a line have in common: stages and decider as they stand in an outcome, how
 * far they reach where nothing translates, the label of MPAM, and the MECID of what is in Realm
 * memory.  FAR: there is one of the last two.  NS: the label is of the Non-secure PARTID space, and
 * not of the stream's own. */
enum {
	COMMON_STAGES = 0,
	COMMON_DECIDER = 8,
	COMMON_REACH = 16, /* 6 bits */
	COMMON_FAR = 22,
	COMMON_NS = 23,
	COMMON_PMG = 24,
	COMMON_MECID = 32,
	COMMON_PARTID = 48
};

/* Bytes, where they are not those of one page; the label, and the MECID. */
COLD enum smmu3_verdict front_answer_far(uint64_t common, uint64_t data,
					 const struct smmu3_txn *txn,
					 struct smmu3_outcome *outcome);

/* Answers from an entry: bytes are at least 1, and do not wrap. */
ALWAYS_INLINE enum smmu3_verdict front_answer(const struct micro_line *line, uint64_t data,
					      const struct smmu3_txn *txn,
					      struct smmu3_outcome *outcome, bool shared)
{
	const struct smmu3_hit hit = { micro_pa(data, txn->addr), data };
	const uint64_t common = MICRO_READ(shared, line->common);
	const unsigned who = MICRO_READ(shared, micro_access(line, txn->flags)->who);
	const unsigned size_lg2 = data >> SMMU3_HIT_SIZE & 0x3f;

	outcome->pa = hit.pa;
	outcome->bytes = txn->bytes;
	outcome->span = UINT64_C(2) << size_lg2 >> 1; /* 0: nothing translates */
	memset(&outcome->attr, 0, sizeof(*outcome) - offsetof(struct smmu3_outcome, attr));
	outcome->attr = smmu3_hit_attr(hit);
	outcome->pas = (uint8_t)smmu3_hit_pas(hit);
	outcome->perm = (uint8_t)smmu3_hit_perm(hit);
	outcome->stages = (uint8_t)(common >> COMMON_STAGES);
	outcome->decider = (uint8_t)(common >> COMMON_DECIDER);
	outcome->instruction = who & MICRO_INSTRUCTION;
	outcome->privileged = (uint8_t)(who / MICRO_PRIVILEGED);
	outcome->fault_level = LEVEL_NONE;
	if (likely(txn->bytes - 1 <= (~txn->addr & low_bits(MICRO_PAGE_LG2)) &&
		   !bit(common, COMMON_FAR)))
		return SMMU3_OK;
	return front_answer_far(common, data, txn, outcome);
}

ALWAYS_INLINE struct brief_ways front_ways(struct micro_context *context)
{
	return (struct brief_ways){ &context->stage1, &context->stage2 };
}

/* The short way, step by step: as brief_begin and brief_go_on. */
ALWAYS_INLINE enum brief_state front_begin(const struct front *front, struct micro_context *context,
					   uint64_t addr, struct brief_walk *walk)
{
	const struct brief_stream *stream = &front->stream[context->number];

	return likely(stream->serves) ? brief_begin(stream, front_ways(context), addr, walk) :
					BRIEF_FAILS;
}

ALWAYS_INLINE enum brief_state front_go_on(const struct front *front, struct micro_context *context,
					   struct brief_walk *walk)
{
	return brief_go_on(&front->stream[context->number], front_ways(context), walk);
}

/* It is done: what has been found is kept.  The data of the entry, if it lets the access through.
 */
ALWAYS_INLINE uint64_t front_end(const struct front *front, struct micro_context *context,
				 uint64_t flags, const struct brief_walk *walk)
{
	const struct brief_verdict *verdict = brief_verdict(&front->stream[context->number], walk);

	if (unlikely(!verdict))
		return 0;
	const uint64_t data = micro_address(walk->output) | verdict->word;

	micro_fill(context, walk->va, data, verdict->origin_lg2, verdict->global);
	return data & micro_access(context->line, flags)->needs ? 0 : data;
}

/* All of it: the entry; 0: the long way is needed.  A stream without a slot may have it already. */
ALWAYS_INLINE uint64_t front_find(const struct front *front, struct micro_context *context,
				  const struct smmu3_txn *txn)
{
	struct brief_walk walk;

	if (unlikely(context->line == &context->own)) {
		const uint64_t data = micro_data(context->line, txn->addr, txn->flags, false);

		if (data)
			return data;
	}
	enum brief_state state = front_begin(front, context, txn->addr, &walk);

	while (state == BRIEF_READS)
		state = front_go_on(front, context, &walk);
	return state == BRIEF_DONE ? front_end(front, context, txn->flags, &walk) : 0;
}

/* May the outcome of such a transaction be learnt from? */
ALWAYS_INLINE bool front_learns_of(const struct smmu3_txn *txn)
{
	return !txn->ats && !(txn->flags & SMMU3_TXN_PROBE);
}

/* What the long way came to, along this path.  front->seen is the count of the journal before the
 * first byte of it was read, and still is the count. */
void front_learn(struct front *front, const struct smmu3 *smmu, const struct smmu3_txn *txn,
		 const struct path *path, const struct smmu3_outcome *outcome);

/* Well formed, as far as an entry does not tell: neither no bytes nor a wrap, and no access to the
 * last byte that there is. */
ALWAYS_INLINE bool front_takes(const struct smmu3_txn *txn)
{
	return txn->bytes - 1 < ~txn->addr;
}

/* ---- Of all those who come without a port ---- */

bool shared_front_init(struct shared_front *shared, const struct smmu3_caches *caches);
void shared_front_free(struct shared_front *shared);

/* smmu3_translate of an SMMU whose shared front has entries. */
enum smmu3_verdict shared_front_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
					  struct smmu3_outcome *outcome);

#endif
