/* SPDX-License-Identifier: MIT */
/*
 * What happens is noted here, once, for all who count: a transaction when it has ended, with what
 * was read for it, and what the SMMU reads and writes of its own accord.
 *
 * Who counts nothing pays one test for each transaction: a tally is a listener like that of
 * smmu3_explain, which the fetches look for anyway.
 */
#ifndef SMMU_COUNTING_H
#define SMMU_COUNTING_H

#include "smmu_state.h"

enum counters {
	COUNT_STATISTICS = 1 << 0, /* smmu3_config.statistics */
	COUNT_MONITORS = 1 << 1,   /* a counter of the performance monitor group is enabled */
	COUNT_CHECK = 1 << 2,      /* the checker sees each access: smmu3_config.check */
};

/* Looks at who counts.  Under the lock. */
void counters_choose(struct smmu3 *smmu);

/* Whether anything is counted, and by whom. */
ALWAYS_INLINE unsigned counters_on(const struct smmu3 *smmu)
{
	return atomic_load_explicit(&smmu->counting, memory_order_relaxed);
}

/* What is read for one transaction. */
struct tally {
	uint32_t accesses[SMMU3_STATS_REASONS];
	uint32_t walks[2]; /* by stage */
	struct {
		uint64_t input;
		int next; /* level of the descriptor that goes on with it */
	} walk[2];
};

struct tally tally_new(void);

/* Listens: its context is a struct tally. */
smmu3_step_fn tally_step;

/* Memory, as one sees it who is no transaction: what is read is noted in the tally, if anybody
 * counts.  To be told by count_reads. */
struct mem_view tallied_view(const struct smmu3 *smmu, struct tally *tally);

/* A transaction has ended. */
void count_transaction(struct smmu3 *smmu, const struct smmu3_txn *txn,
		       const struct smmu3_outcome *outcome, const struct tally *tally);

/* What was read for a stream, but no transaction. */
void count_reads(struct smmu3 *smmu, unsigned sec_sid, uint32_t sid, const struct tally *tally);

/* What was read of the GPT for an access that is no stream's. */
void count_protection(struct smmu3 *smmu, const struct tally *tally);

/* An act has been done. */
void count_act(struct smmu3 *smmu, const struct act *act);

#endif
