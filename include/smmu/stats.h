/* SPDX-License-Identifier: MIT */
/*
 * Statistics of an SMMU: what it was asked, what it read, what its caches held.  They are the
 * host's, not a driver's: the architecture's own counters are the performance monitor group
 * (smmu3_config.pmcg_cfgr), which counts the same happenings, of Non-secure streams.  10.6
 *
 * Nothing is counted unless smmu3_config.statistics is 1.  Probes, smmu3_explain and transactions
 * that are malformed are not counted.  What a transaction comes to is counted when it ends; one
 * that is retried counts again.  What requests of ATOS read is counted, but they are no
 * transactions.  Saving and loading leave statistics as they are.
 */
#ifndef SMMU3_STATS_H
#define SMMU3_STATS_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is kept, by what it is.  smmu3_caches */
enum smmu3_cache {
	SMMU3_CACHE_L1STD,
	SMMU3_CACHE_STE,
	SMMU3_CACHE_CD,
	SMMU3_CACHE_TLB_STAGE1,    /* from a VA through stage 1 alone */
	SMMU3_CACHE_TLB_STAGE2,    /* from an IPA */
	SMMU3_CACHE_TLB_BOTH,      /* from a VA through both stages */
	SMMU3_CACHE_TABLES_STAGE1, /* tables on the way */
	SMMU3_CACHE_TABLES_STAGE2,
	SMMU3_CACHE_DPT,        /* what the Device Permission Table grants */
	SMMU3_CACHE_TABLES_DPT, /* its level 0 Tables on the way */
	SMMU3_CACHE_GPT,        /* what the granule protection table says */
	SMMU3_CACHE_TABLES_GPT, /* its level 0 Tables on the way */
	SMMU3_CACHES,
};

/* One of them.  Without places nothing is looked up. */
struct smmu3_cache_stats {
	uint64_t lookups;
	uint64_t hits;
	uint64_t misses;    /* lookups that are no hits */
	uint64_t fills;     /* kept, be it in place of the same */
	uint64_t evictions; /* went to make room for another */
	uint64_t removed;   /* by invalidations, smmu3_reset and smmu3_load */
};

#define SMMU3_STATS_VERDICTS 9 /* of enum smmu3_verdict; ERROR stays 0, NO_OP is no_ops */
#define SMMU3_STATS_REASONS 13 /* of enum smmu3_reason */
#define SMMU3_STATS_EVENTS 64  /* numbers of events that an SMMU has of its own.  7.3 */

/* The whole SMMU: of all Security states together.  Members may be added at the end. */
struct smmu3_stats {
	uint64_t transactions; /* of every kind, ATS too */
	uint64_t verdicts[SMMU3_STATS_VERDICTS];
	uint64_t ats_requests;   /* Translation Requests among them */
	uint64_t ats_translated; /* Translated transactions */
	uint64_t tlb_misses;     /* transactions that read translation tables or the DPT */
	uint64_t config_misses;  /* transactions that read STEs, CDs, or tables of them */
	uint64_t s1_walks;       /* of translation tables, from the first descriptor that is read */
	uint64_t s2_walks;
	uint64_t accesses[SMMU3_STATS_REASONS]; /* of memory, aborted ones too */
	/* Transactions that did not go on, by the event they met, recorded or not; 0: without one
	 */
	uint64_t faults[SMMU3_STATS_EVENTS];
	uint64_t events_lost;   /* records that an Event queue did not take.  7.2.1, 7.4 */
	uint64_t other_streams; /* transactions of streams that have no row of their own */
	struct smmu3_cache_stats cache[SMMU3_CACHES];
	struct smmu3_cache_stats tlb; /* the three kinds of translations together */
	uint64_t no_ops;              /* SMMU3_NO_OP, which is no fault: hints without effect */
};

/* One StreamID of a Security state. */
struct smmu3_stream_stats {
	uint64_t sid;
	uint64_t transactions;
	uint64_t faults; /* those that did not go on */
	uint64_t ats_requests;
	uint64_t ats_translated;
	uint64_t tlb_misses;
	uint64_t config_misses;
	uint64_t table_accesses;  /* of translation tables and the DPT */
	uint64_t config_accesses; /* of STEs, CDs, and tables of them */
	uint64_t sec_sid;         /* enum smmu3_pas: whose StreamID it is */
};

/* Reads the statistics; each figure is whole, but they need not be of one moment while others call.
 * 0, or -SMMU3_E_UNSUPPORTED with all of *stats 0: smmu3_config.statistics is 0.  Any thread. */
SMMU3_API int smmu3_stats_read(struct smmu3 *smmu, struct smmu3_stats *stats);

/*
 * One StreamID's.  0; -SMMU3_E_NOT_FOUND: it has no row; -SMMU3_E_UNSUPPORTED.  Any thread.
 *
 * There are smmu3_config.stats_streams rows, made with the SMMU.  A StreamID gets one with its
 * first transaction, of the four that it may have (all, where there are fewer), and keeps it until
 * smmu3_stats_reset; one that finds those four taken has none, and its transactions count in
 * other_streams alone: however many StreamIDs arrive, memory does not grow.  The same number of
 * another Security state is another stream, with a row of its own.
 */
SMMU3_API int smmu3_stats_stream(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid,
				 struct smmu3_stream_stats *stats);

/* Calls fn with each row in use, in no order, until it returns non-zero, which is then returned; 0
 * at the end; -SMMU3_E_UNSUPPORTED.  Any thread. */
typedef int smmu3_stream_stats_fn(void *context, const struct smmu3_stream_stats *stats);
SMMU3_API int smmu3_stats_streams(struct smmu3 *smmu, smmu3_stream_stats_fn *fn, void *context);

/* Puts all figures to 0 and gives the rows of streams back.  Not together with any other call on
 * this SMMU, or what a call under way counts may go to another StreamID. */
SMMU3_API void smmu3_stats_reset(struct smmu3 *smmu);

/* ---- By name ---- */

/* A figure of struct smmu3_stats, or of struct smmu3_stream_stats, by its place in the list, from
 * 0: "transactions", "ok", "tlb-misses", "accesses.ste", "faults.F_TRANSLATION", "tlb.hits",
 * "tlb.stage1.hits", ... NULL past the end.  Any thread. */
struct smmu3_figure {
	const char *name;
	size_t offset; /* of its uint64_t */
};
SMMU3_API const struct smmu3_figure *smmu3_stats_figure(size_t index);
SMMU3_API const struct smmu3_figure *smmu3_stream_figure(size_t index);

#ifdef __cplusplus
}
#endif

#endif
