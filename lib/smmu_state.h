/* SPDX-License-Identifier: MIT */
/* What an SMMU is made of, for the files that stand behind the public headers. */
#ifndef SMMU_SMMU_STATE_H
#define SMMU_SMMU_STATE_H

#include "arch/features.h"
#include "base/stats.h"
#include "config/structures.h"
#include "mem/mem.h"
#include "mem/pa_cache.h"
#include "prog/adversity.h"
#include "prog/pmcg.h"
#include "prog/root.h"
#include "prog/sections.h"
#include "prog/work.h"
#include "tlb/journal.h"
#include "tlb/micro.h"
#include "tlb/tlb.h"
#include "xlate/brief.h"
#include "xlate/gate.h"

#include <smmu/inspect.h>
#include <smmu/smmu.h>

#include <pthread.h>

/* A programming interface: what a Security state has of its own. */
struct interface {
	bool present;                   /* const after create: there is such a state */
	struct features features;       /* const after create */
	struct features without_stalls; /* likewise: Non-secure, with S_CR0.NSSTALLD */
	struct prog prog;
	struct work work;
	struct gate_cell gate; /* what transactions see of prog */
	/* And what counts of it for what CPUs broadcast: enum hearing. */
	atomic_uint hearing;
};

/* Whether it is heard; whether less of it than was said; and the place of CR0.VMW. */
enum hearing { HEARS = 1 << 0, HEARS_IN_PART = 1 << 1, HEARS_VMW = 2 };

/* Streams that were met, and what is known of them: front.h. */
struct front {
	struct micro micro;
	uint64_t seen;               /* scopes of the journal, which are forgotten */
	struct brief_stream *stream; /* by number of the micro's contexts */
};

/* The front of all those who come without a port. */
struct shared_front {
	struct front front;
	atomic_uint_fast64_t version; /* odd: it is being written */
	atomic_uint_fast64_t seen;    /* as the front's */
	pthread_mutex_t lock;         /* of who writes */
};

struct smmu3 {
	struct smmu3_config config; /* const after create */
	struct check *check;        /* likewise; NULL: nobody checks */
	struct mem mem;
	bool keeps;                   /* what it reads: there are caches */
	struct tlb tlb;               /* with a lock of its own */
	struct structures structures; /* likewise */
	struct pa_cache dpt;          /* likewise */
	struct pa_cache gpt;          /* likewise */
	struct journal journal;       /* likewise: of what these forget */
	struct shared_front shared;   /* likewise */
	struct stats stats;           /* any thread adds to them */
	atomic_uint counting;         /* enum counters: what happens is noted for them */
	/* Transactions that may walk the DPT; and whether software is told when there are none: the
	 * one is counted down before the other is read, and set before the other is read.  6.3.9 */
	atomic_uint dpt_walks;
	atomic_bool dpt_awaited;
	/* Granule protection: whether anything is checked, and how. */
	bool rooted; /* const after create: there are Root registers, by which it may be */
	atomic_bool guards;
	struct gpc_cell gpc;
	/* Of an SMMU with Root registers, transactions by the generation in which they began, which
	 * takes turns: a new one begins when Root software asks for the end of those that there
	 * are; and whether it is told of their end.  6.3.112 */
	atomic_uint generation;
	atomic_uint under_way[2];
	atomic_bool end_awaited;
	pthread_mutex_t lock; /* over all below but features and gates, and over publishing those */
	struct interface interface[BANKS];
	struct stalls stalls;
	struct sections sections;
	struct pmcg pmcg;
	struct root root;
	enum bank turn; /* whose the last act was */
	bool draining;  /* a thread does what is due: drainer */
	bool stuck;     /* in an act whose end is not waited for any more */
	pthread_t drainer;
	pthread_cond_t room; /* for records */
	/* What has been asked for besides kindness; NULL: nothing.  Under the lock but for what is
	 * chosen, which changes while nothing else runs. */
	struct adversity *adversity;
	uint64_t ste_minded[8], cd_minded[8], ste_compared[8]; /* features */
};

/* Is there such a Security state, whatever number it is?  3.10.1 */
static inline bool has_state(const struct smmu3 *smmu, unsigned sec_sid)
{
	return sec_sid < BANKS && smmu->interface[sec_sid].present;
}

/* The programming interface of one that there is. */
static inline struct interface *interface_of(struct smmu3 *smmu, unsigned sec_sid)
{
	return &smmu->interface[sec_sid];
}

/* What it has, by the registers that its gate is of. */
static inline const struct features *features_seen(const struct interface *interface,
						   const struct gate *gate)
{
	return unlikely(gate->no_stalls) ? &interface->without_stalls : &interface->features;
}

/* What is kept is looked at and added to, as old as it is now: before memory is read. */
static inline void view_what_is_kept(struct smmu3 *smmu, struct mem_view *view)
{
	view->tlb = &smmu->tlb;
	view->structures = &smmu->structures;
	view->tlb_age = tlb_age(&smmu->tlb);
	view->structures_age = structures_age(&smmu->structures);
	view->keeps = true;
}

/* The same of the DPT, of which few ask. */
static inline void view_what_is_kept_of_dpt(struct smmu3 *smmu, struct mem_view *view)
{
	view->dpt = &smmu->dpt;
	view->dpt_age = pa_cache_age(&smmu->dpt);
}

/* And of the GPT, which only an SMMU with granule protection checks asks. */
static inline void view_what_is_kept_of_gpt(struct smmu3 *smmu, struct mem_view *view)
{
	view->gpt = &smmu->gpt;
	view->gpt_age = pa_cache_age(&smmu->gpt);
}

/* Another state begins, which owes nothing to what was read in this one. */
static inline void forget_what_is_kept(struct smmu3 *smmu)
{
	tlb_forget_all(&smmu->tlb);
	structures_forget_all(&smmu->structures);
	pa_cache_forget_all(&smmu->dpt);
	pa_cache_forget_all(&smmu->gpt);
	journal_change(&smmu->journal);
}

/* What an interface has, by the registers as they stand.  Under the lock. */
const struct features *smmu_features_now(const struct smmu3 *smmu, enum bank bank);

/* Fills *error, unless it is NULL; code 0: nothing went wrong. */
void smmu_explain_error(struct smmu3_error *error, int code, const char *text);

/* Around a change of registers that transactions see, with what follows from it: the first says
 * whether SMMUEN was 1.  Under the lock. */
bool smmu_begin_change(struct smmu3 *smmu, enum bank bank);
void smmu_end_change(struct smmu3 *smmu, enum bank bank, bool was_enabled);

/* Shows the registers of all interfaces to transactions.  Under the lock. */
void smmu_publish(struct smmu3 *smmu);

/* smmu3_translate and smmu3_explain in one: step is NULL or told of each structure read. */
enum smmu3_verdict smmu_translate(struct smmu3 *smmu, const struct smmu3_txn *txn,
				  smmu3_step_fn *step, void *step_context,
				  struct smmu3_outcome *outcome);

#endif
