/* SPDX-License-Identifier: MIT */
/* What an SMMU is made of, for the files that stand behind the public headers. */
#ifndef SMMU_SMMU_STATE_H
#define SMMU_SMMU_STATE_H

#include "arch/features.h"
#include "base/stats.h"
#include "config/structures.h"
#include "mem/mem.h"
#include "prog/pmcg.h"
#include "prog/work.h"
#include "tlb/tlb.h"
#include "xlate/gate.h"

#include <smmu/inspect.h>
#include <smmu/smmu.h>

#include <pthread.h>

struct smmu3 {
	struct smmu3_config config; /* const after create */
	struct features features;   /* const after create */
	struct mem mem;
	bool keeps;                   /* what it reads: there are caches */
	struct tlb tlb;               /* with a lock of its own */
	struct structures structures; /* likewise */
	struct stats stats;           /* any thread adds to them */
	atomic_uint counting;         /* enum counters: what happens is noted for them */
	pthread_mutex_t lock;         /* over all below but the gate, and over publishing it */
	struct prog prog;             /* Non-secure */
	struct prog secure;
	struct prog realm;
	struct pmcg pmcg;
	struct work work;
	bool draining; /* a thread does what is due: drainer */
	bool stuck;    /* in an act whose end is not waited for any more */
	pthread_t drainer;
	pthread_cond_t room;   /* for events in work */
	struct gate_cell gate; /* what transactions see of prog */
};

/* smmu3_translate and smmu3_explain in one: step is NULL or told of each structure read. */
enum smmu3_verdict smmu_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				  smmu3_step_fn *step, void *step_context,
				  struct smmu3_outcome *outcome);

#endif
