/* SPDX-License-Identifier: MIT */
/* Statistics as the host reads them: sums of what each room has counted. */
#include "counting.h"

#include "arch/event.h"

/* ---- Reading ---- */

static void add_cache(struct smmu3_cache_stats *sum, const struct smmu3_cache_stats *cache)
{
	sum->lookups += cache->lookups;
	sum->hits += cache->hits;
	sum->misses += cache->misses;
	sum->fills += cache->fills;
	sum->evictions += cache->evictions;
	sum->removed += cache->removed;
}

static void read_caches(struct smmu3 *smmu, struct smmu3_stats *stats)
{
	tlb_stats(&smmu->tlb, stats->cache);
	structures_stats(&smmu->structures, stats->cache);
	pa_cache_stats(&smmu->dpt, &stats->cache[SMMU3_CACHE_DPT],
		       &stats->cache[SMMU3_CACHE_TABLES_DPT]);
	pa_cache_stats(&smmu->gpt, &stats->cache[SMMU3_CACHE_GPT],
		       &stats->cache[SMMU3_CACHE_TABLES_GPT]);
	for (unsigned i = 0; i < SMMU3_CACHES; i++)
		stats->cache[i].misses = stats->cache[i].lookups - stats->cache[i].hits;
	for (unsigned i = SMMU3_CACHE_TLB_STAGE1; i <= SMMU3_CACHE_TLB_BOTH; i++)
		add_cache(&stats->tlb, &stats->cache[i]);
}

int smmu3_stats_read(struct smmu3 *smmu, struct smmu3_stats *stats)
{
	*stats = (struct smmu3_stats){ 0 };
	if (!smmu->config.statistics)
		return -SMMU3_E_UNSUPPORTED;
	counters_read(smmu->stats.count, STATS, stats);
	read_caches(smmu, stats);
	pthread_mutex_lock(&smmu->lock);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		stats->events_lost += smmu->interface[bank].work.events_lost;
	pthread_mutex_unlock(&smmu->lock);
	return 0;
}

static void read_row(const struct stream_row *row, struct smmu3_stream_stats *stats)
{
	counters_read(row->count, STREAM_STATS, stats);
	stats->sec_sid = stats->sid >> 33;
	stats->sid &= UINT32_MAX;
}

int smmu3_stats_stream(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid,
		       struct smmu3_stream_stats *stats)
{
	const struct stream_row *row = stream_row(&smmu->stats, stream_row_name(sec_sid, sid),
						  false);

	*stats = (struct smmu3_stream_stats){ .sid = sid, .sec_sid = sec_sid };
	if (!smmu->config.statistics)
		return -SMMU3_E_UNSUPPORTED;
	if (!row)
		return -SMMU3_E_NOT_FOUND;
	read_row(row, stats);
	return 0;
}

int smmu3_stats_streams(struct smmu3 *smmu, smmu3_stream_stats_fn *fn, void *context)
{
	int code = smmu->config.statistics ? 0 : -SMMU3_E_UNSUPPORTED;

	for (uint32_t i = 0; i < smmu->stats.sets.places && !code; i++) {
		const struct stream_row *row = &smmu->stats.row[i];
		struct smmu3_stream_stats stats;

		if (!atomic_load_explicit(&row->count[0], memory_order_relaxed))
			continue;
		read_row(row, &stats);
		code = fn(context, &stats);
	}
	return code;
}

void smmu3_stats_reset(struct smmu3 *smmu)
{
	counters_reset(smmu->stats.count, STATS);
	for (uint32_t i = 0; i < smmu->stats.sets.places; i++)
		counters_reset(smmu->stats.row[i].count, STREAM_STATS);
	tlb_stats_reset(&smmu->tlb);
	structures_stats_reset(&smmu->structures);
	pa_cache_stats_reset(&smmu->dpt);
	pa_cache_stats_reset(&smmu->gpt);
	pthread_mutex_lock(&smmu->lock);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		smmu->interface[bank].work.events_lost = 0;
	pthread_mutex_unlock(&smmu->lock);
}

/* ---- By name ---- */

#define FIGURE(name, member)                               \
	{                                                  \
		name, offsetof(struct smmu3_stats, member) \
	}
#define FAULT(event) FIGURE("faults." #event, faults[event])
#define CACHE(name, member)                                                                 \
	FIGURE(name ".lookups", member.lookups), FIGURE(name ".hits", member.hits),         \
		FIGURE(name ".misses", member.misses), FIGURE(name ".fills", member.fills), \
		FIGURE(name ".evictions", member.evictions),                                \
		FIGURE(name ".removed", member.removed)

static const struct smmu3_figure figures[] = {
	FIGURE("transactions", transactions),
	FIGURE("ok", verdicts[SMMU3_OK]),
	FIGURE("abort", verdicts[SMMU3_ABORT]),
	FIGURE("raz-wi", verdicts[SMMU3_RAZ_WI]),
	FIGURE("stalled", verdicts[SMMU3_STALLED]),
	FIGURE("busy", verdicts[SMMU3_BUSY]),
	FIGURE("no-access", verdicts[SMMU3_NO_ACCESS]),
	FIGURE("ur", verdicts[SMMU3_UR]),
	FIGURE("ca", verdicts[SMMU3_CA]),
	FIGURE("no-op", no_ops),
	FIGURE("ats-requests", ats_requests),
	FIGURE("ats-translated", ats_translated),
	FIGURE("tlb-misses", tlb_misses),
	FIGURE("config-misses", config_misses),
	FIGURE("walks.stage1", s1_walks),
	FIGURE("walks.stage2", s2_walks),
	FIGURE("accesses.l1std", accesses[SMMU3_REASON_L1STD]),
	FIGURE("accesses.ste", accesses[SMMU3_REASON_STE]),
	FIGURE("accesses.l1cd", accesses[SMMU3_REASON_L1CD]),
	FIGURE("accesses.cd", accesses[SMMU3_REASON_CD]),
	FIGURE("accesses.s1-ttd", accesses[SMMU3_REASON_S1_TTD]),
	FIGURE("accesses.s2-ttd", accesses[SMMU3_REASON_S2_TTD]),
	FIGURE("accesses.command", accesses[SMMU3_REASON_CMDQ]),
	FIGURE("accesses.event", accesses[SMMU3_REASON_EVENTQ]),
	FIGURE("accesses.msi", accesses[SMMU3_REASON_MSI]),
	FIGURE("accesses.page-request", accesses[SMMU3_REASON_PRIQ]),
	FIGURE("accesses.dpt", accesses[SMMU3_REASON_DPT]),
	FIGURE("accesses.gpt", accesses[SMMU3_REASON_GPT]),
	FIGURE("accesses.vms", accesses[SMMU3_REASON_VMS]),
	FIGURE("events-lost", events_lost),
	FIGURE("other-streams", other_streams),
	FIGURE("faults.none", faults[EVENT_NONE]),
	FAULT(F_UUT),
	FAULT(C_BAD_STREAMID),
	FAULT(F_STE_FETCH),
	FAULT(C_BAD_STE),
	FAULT(F_BAD_ATS_TREQ),
	FAULT(F_STREAM_DISABLED),
	FAULT(F_TRANSL_FORBIDDEN),
	FAULT(C_BAD_SUBSTREAMID),
	FAULT(F_CD_FETCH),
	FAULT(C_BAD_CD),
	FAULT(F_WALK_EABT),
	FAULT(F_TRANSLATION),
	FAULT(F_ADDR_SIZE),
	FAULT(F_ACCESS),
	FAULT(F_PERMISSION),
	FAULT(F_TLB_CONFLICT),
	FAULT(F_CFG_CONFLICT),
	FAULT(E_PAGE_REQUEST),
	FAULT(F_VMS_FETCH),
	CACHE("l1std", cache[SMMU3_CACHE_L1STD]),
	CACHE("ste", cache[SMMU3_CACHE_STE]),
	CACHE("cd", cache[SMMU3_CACHE_CD]),
	CACHE("tlb", tlb),
	CACHE("tlb.stage1", cache[SMMU3_CACHE_TLB_STAGE1]),
	CACHE("tlb.stage2", cache[SMMU3_CACHE_TLB_STAGE2]),
	CACHE("tlb.both", cache[SMMU3_CACHE_TLB_BOTH]),
	CACHE("tables.stage1", cache[SMMU3_CACHE_TABLES_STAGE1]),
	CACHE("tables.stage2", cache[SMMU3_CACHE_TABLES_STAGE2]),
	CACHE("dpt", cache[SMMU3_CACHE_DPT]),
	CACHE("tables.dpt", cache[SMMU3_CACHE_TABLES_DPT]),
	CACHE("gpt", cache[SMMU3_CACHE_GPT]),
	CACHE("tables.gpt", cache[SMMU3_CACHE_TABLES_GPT]),
};

#undef FIGURE
#define FIGURE(name, member)                                      \
	{                                                         \
		name, offsetof(struct smmu3_stream_stats, member) \
	}

static const struct smmu3_figure stream_figures[] = {
	FIGURE("transactions", transactions),     FIGURE("faults", faults),
	FIGURE("ats-requests", ats_requests),     FIGURE("ats-translated", ats_translated),
	FIGURE("tlb-misses", tlb_misses),         FIGURE("config-misses", config_misses),
	FIGURE("table-accesses", table_accesses), FIGURE("config-accesses", config_accesses),
};

const struct smmu3_figure *smmu3_stats_figure(size_t index)
{
	return index < ARRAY_SIZE(figures) ? &figures[index] : NULL;
}

const struct smmu3_figure *smmu3_stream_figure(size_t index)
{
	return index < ARRAY_SIZE(stream_figures) ? &stream_figures[index] : NULL;
}
