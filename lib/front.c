/* SPDX-License-Identifier: MIT */
#include "front.h"

#include "counting.h"

#include "xlate/classes.h"

#include <stdlib.h>

bool front_init(struct front *front, uint32_t entries, uint32_t streams)
{
	*front = (struct front){ .seen = 0 };
	front->stream = streams ? calloc(streams, sizeof(*front->stream)) : NULL;
	if ((front->stream || !streams) && micro_init(&front->micro, entries, streams))
		return true;
	free(front->stream);
	return false;
}

void front_free(struct front *front)
{
	micro_free(&front->micro);
	free(front->stream);
}

static bool read_back(struct front *front, const struct journal *journal, uint64_t count)
{
	struct smmu3_invalidation scope;

	if (count - front->seen >= JOURNAL_SCOPES)
		return false;
	for (uint64_t number = front->seen; number != count; number++) {
		if (!journal_read(journal, number, &scope))
			return false;
		micro_forget(&front->micro, &scope);
	}
	return true;
}

void front_forget(struct front *front, const struct journal *journal, uint64_t count)
{
	if (!read_back(front, journal, count))
		micro_forget_all(&front->micro);
	front->seen = count;
}

bool front_serves(const struct smmu3 *smmu)
{
	return !smmu->rooted && !counters_on(smmu);
}

/* ---- Answers ---- */

enum smmu3_verdict front_answer_far(uint64_t common, uint64_t data, const struct smmu3_txn *txn,
				    struct smmu3_outcome *outcome)
{
	const unsigned size_lg2 = data >> SMMU3_HIT_SIZE & 0x3f;
	const bool translated = size_lg2 != SMMU3_HIT_NOT_TRANSLATED;

	outcome->bytes = bytes_within(txn->addr, txn->bytes,
				      translated ? size_lg2 : common >> COMMON_REACH & 0x3f);
	outcome->mpam = (struct smmu3_mpam){
		.partid = (uint16_t)(common >> COMMON_PARTID),
		.pmg = (uint8_t)(common >> COMMON_PMG),
		.space = bit(common, COMMON_NS) ? SMMU3_PAS_NS : txn->sec_sid,
	};
	if (outcome->pas == SMMU3_PAS_REALM)
		outcome->mecid = (uint16_t)(common >> COMMON_MECID);
	return SMMU3_OK;
}

/* ---- What is learnt ---- */

/* Each of the accesses that a stream may make. */
static void say_accesses(const struct smmu3_txn *txn, const struct stream *stream,
			 struct micro_manner *manner)
{
	enum { ACCESSES = SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED };
	struct smmu3_txn like = *txn;

	for (unsigned i = 0; i < 8; i++) {
		like.flags = (uint16_t)((txn->flags & ~(unsigned)ACCESSES) | i << 1);
		const struct access access = access_after(&like, stream->privcfg, stream->instcfg);

		manner->access[i].needs = access.needs;
		manner->access[i].who = (uint8_t)((access.instruction ? MICRO_INSTRUCTION : 0) |
						  (access.privileged ? MICRO_PRIVILEGED : 0));
	}
}

/* Stage 1's tags are of VAs, also where stage 2 follows; of what nothing translates there are none.
 */
static struct tlb_tag tag_of(const struct path *path)
{
	const bool both = !path->skip && path->stream.stage2.on;

	if (!path->skip)
		return (struct tlb_tag){ .regime = path->context.stage1.regime,
					 .kind = TLB_STAGE1,
					 .both = both };
	return (struct tlb_tag){ .regime = path->stream.stage2.regime,
				 .kind = path->stream.stage2.on ? TLB_STAGE2 : TLB_FREE };
}

static uint64_t common_of(const struct smmu3_txn *txn, const struct features *features,
			  const struct path *path, const struct smmu3_outcome *outcome)
{
	const struct smmu3_mpam mpam = outcome->mpam;
	const bool far = mpam.partid || mpam.pmg || mpam.space || path->stream.mecid;

	return (uint64_t)outcome->stages << COMMON_STAGES |
	       (uint64_t)outcome->decider << COMMON_DECIDER |
	       (uint64_t)features->oas_bits << COMMON_REACH | (uint64_t)far << COMMON_FAR |
	       (uint64_t)(mpam.space != txn->sec_sid) << COMMON_NS |
	       (uint64_t)mpam.pmg << COMMON_PMG | (uint64_t)path->stream.mecid << COMMON_MECID |
	       (uint64_t)mpam.partid << COMMON_PARTID;
}

static struct micro_context *meet(struct front *front, const struct smmu3_txn *txn,
				  const struct features *features, const struct path *path,
				  const struct smmu3_outcome *outcome)
{
	struct micro_manner manner = {
		.common = common_of(txn, features, path, outcome),
		.tag = tag_of(path),
		.sid = txn->sid,
		.index = path->skip ? 0 : path->index,
		.sec_sid = txn->sec_sid,
	};

	say_accesses(txn, &path->stream, &manner);
	struct micro_context *context = micro_take(&front->micro, micro_key_of(txn), &manner);

	brief_meet(&front->stream[context->number], path, txn);
	return context;
}

/* The block or group that the input is in: what an invalidation of any byte of it is about. */
static unsigned origin_lg2(const struct path *path)
{
	if (!path->skip)
		return tlb_origin_lg2(&path->s1.leaves.first);
	return path->stream.stage2.on ? tlb_origin_lg2(&path->s1.leaves.second) :
					SMMU3_HIT_NOT_TRANSLATED;
}

static bool is_global(const struct path *path)
{
	return !path->skip && !ttd_get(path->s1.leaves.first.descriptor, TTD_NG);
}

void front_learn(struct front *front, const struct smmu3 *smmu, const struct smmu3_txn *txn,
		 const struct path *path, const struct smmu3_outcome *outcome)
{
	struct micro_context *context = micro_context_of(&front->micro, micro_key_of(txn));
	const bool fits = !(outcome->pa >> 52);
	const unsigned size_lg2 = outcome->span ? (unsigned)__builtin_ctzll(outcome->span) :
						  SMMU3_HIT_NOT_TRANSLATED;

	if (!front->micro.streams || !fits || outcome->decider == SMMU3_BY_GBPA || is_special(txn))
		return;
	if (!context && !micro_has_room(&front->micro, micro_key_of(txn)))
		return;
	if (!context)
		context = meet(front, txn, &smmu->interface[txn->sec_sid].features, path, outcome);
	micro_fill(context, txn->addr,
		   micro_word(outcome->pa, outcome->attr, outcome->pas, outcome->perm, size_lg2),
		   origin_lg2(path), is_global(path));
	if (front->stream[context->number].serves)
		brief_note(path, front_ways(context), txn, &smmu->mem);
}
