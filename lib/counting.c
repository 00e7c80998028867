/* SPDX-License-Identifier: MIT */
#include "counting.h"

#include "drain.h"

#include "arch/regs.h"
#include "prog/interrupts.h"

#include <limits.h>

/* ---- What is read ---- */

struct tally tally_new(void)
{
	return (struct tally){ .walk = { { .next = INT_MAX }, { .next = INT_MAX } } };
}

/* A descriptor goes on with a walk if it is the next of the same input; else a walk begins. */
static void follow(struct tally *tally, unsigned stage, const struct smmu3_step *step)
{
	tally->walks[stage - 1] += step->level != tally->walk[stage - 1].next ||
				   step->input != tally->walk[stage - 1].input;
	tally->walk[stage - 1].input = step->input;
	tally->walk[stage - 1].next = step->level + 1;
}

void tally_step(void *context, const struct smmu3_step *step)
{
	struct tally *tally = context;

	tally->accesses[step->reason]++;
	if (step->updates)
		return;
	if (step->reason == SMMU3_REASON_S1_TTD)
		follow(tally, 1, step);
	if (step->reason == SMMU3_REASON_S2_TTD)
		follow(tally, 2, step);
}

struct mem_view tallied_view(const struct smmu3 *smmu, struct tally *tally)
{
	*tally = tally_new();
	return (struct mem_view){
		.mem = &smmu->mem,
		.step = counters_on(smmu) ? tally_step : NULL,
		.step_context = tally,
	};
}

/* Events 2 and 4 count lookups of the DPT and of the GPT, too.  10.3 */
static uint32_t table_accesses(const struct tally *tally)
{
	return tally->accesses[SMMU3_REASON_S1_TTD] + tally->accesses[SMMU3_REASON_S2_TTD] +
	       tally->accesses[SMMU3_REASON_DPT] + tally->accesses[SMMU3_REASON_GPT];
}

static uint32_t config_accesses(const struct tally *tally)
{
	return tally->accesses[SMMU3_REASON_L1STD] + tally->accesses[SMMU3_REASON_STE] +
	       tally->accesses[SMMU3_REASON_L1CD] + tally->accesses[SMMU3_REASON_CD] +
	       tally->accesses[SMMU3_REASON_VMS];
}

/* ---- What happened, for all who count ---- */

/* Of one stream. */
struct happening {
	uint8_t sec_sid;
	uint32_t sid;
	bool transaction, request, translated; /* what it is */
	bool fault;                            /* it did not go on */
	uint32_t table_accesses, config_accesses;
};

static struct happening happening_of(unsigned sec_sid, uint32_t sid, const struct tally *tally)
{
	return (struct happening){
		.sec_sid = (uint8_t)sec_sid,
		.sid = sid,
		.table_accesses = table_accesses(tally),
		.config_accesses = config_accesses(tally),
	};
}

static void add_stream(struct stats *stats, const struct happening *now)
{
	struct stream_row *row = stream_row(stats, stream_row_name(now->sec_sid, now->sid),
					    now->transaction);

	if (!row) {
		counter_add(&stats->count[STAT(other_streams)], now->transaction);
		return;
	}
	const bool asks = now->transaction;

	counter_add(&row->count[STREAM_STAT(transactions)], asks);
	counter_add(&row->count[STREAM_STAT(faults)], now->fault);
	counter_add(&row->count[STREAM_STAT(ats_requests)], now->request);
	counter_add(&row->count[STREAM_STAT(ats_translated)], now->translated);
	counter_add(&row->count[STREAM_STAT(tlb_misses)], asks && now->table_accesses);
	counter_add(&row->count[STREAM_STAT(config_misses)], asks && now->config_accesses);
	counter_add(&row->count[STREAM_STAT(table_accesses)], now->table_accesses);
	counter_add(&row->count[STREAM_STAT(config_accesses)], now->config_accesses);
}

static void add_reads(struct stats *stats, const struct tally *tally)
{
	for (unsigned i = 0; i < SMMU3_STATS_REASONS; i++)
		counter_add(&stats->count[STAT(accesses) + i], tally->accesses[i]);
	counter_add(&stats->count[STAT(s1_walks)], tally->walks[0]);
	counter_add(&stats->count[STAT(s2_walks)], tally->walks[1]);
}

static void add_transaction(struct stats *stats, const struct happening *now,
			    const struct smmu3_outcome *outcome)
{
	counter_add(&stats->count[STAT(transactions)], 1);
	counter_add(
		&stats->count[outcome->verdict == SMMU3_NO_OP ? STAT(no_ops) :
								STAT(verdicts) + outcome->verdict],
		1);
	counter_add(&stats->count[STAT(ats_requests)], now->request);
	counter_add(&stats->count[STAT(ats_translated)], now->translated);
	counter_add(&stats->count[STAT(tlb_misses)], now->table_accesses != 0);
	counter_add(&stats->count[STAT(config_misses)], now->config_accesses != 0);
	counter_add(&stats->count[STAT(faults) + outcome->event], now->fault);
}

/* A cycle of the clock is a transaction, or an access for one: the clock stands while nothing is
 * done.  10.3 */
static struct pmcg_events events_of(const struct happening *now)
{
	const bool asks = now->transaction;

	return (struct pmcg_events){
		.sid = now->sid,
		.n = {
			[PMCG_EVENT_CYCLE] = asks + now->table_accesses + now->config_accesses,
			[PMCG_EVENT_TRANSACTION] = asks,
			[PMCG_EVENT_TLB_MISS] = asks && now->table_accesses,
			[PMCG_EVENT_CONFIG_MISS] = asks && now->config_accesses,
			[PMCG_EVENT_TABLE_ACCESS] = now->table_accesses,
			[PMCG_EVENT_CONFIG_ACCESS] = now->config_accesses,
			[PMCG_EVENT_ATS_REQUEST] = now->request,
			[PMCG_EVENT_ATS_TRANSLATED] = now->translated,
		},
	};
}

/* They do not support Secure state, and observe Non-secure streams alone.  Software may have
 * disabled them since.  10.6 */
static void count_monitors(struct smmu3 *smmu, const struct happening *now)
{
	if (now->sec_sid != SMMU3_PAS_NS)
		return;
	const struct pmcg_events events = events_of(now);
	struct interface *interface = &smmu->interface[BANK_NS];

	pthread_mutex_lock(&smmu->lock);
	if (pmcg_counts(&smmu->pmcg, &interface->prog) &&
	    pmcg_count(&smmu->pmcg, &interface->prog, &smmu->config, &events))
		raise_interrupt(&interface->prog, &interface->work, SMMU3_INTERRUPT_PMCG);
	smmu_drain_unlock(smmu);
}

void counters_choose(struct smmu3 *smmu)
{
	const unsigned statistics = smmu->config.statistics ? COUNT_STATISTICS : 0;
	const struct prog *prog = &smmu->interface[BANK_NS].prog;
	const unsigned monitors = pmcg_counts(&smmu->pmcg, prog) ? COUNT_MONITORS : 0;

	const unsigned check = smmu->config.check ? COUNT_CHECK : 0;

	atomic_store_explicit(&smmu->counting, statistics | monitors | check, memory_order_relaxed);
	journal_change(&smmu->journal);
}

void count_transaction(struct smmu3 *smmu, const struct smmu3_txn *txn,
		       const struct smmu3_outcome *outcome, const struct tally *tally)
{
	struct happening now = happening_of(txn->sec_sid, txn->sid, tally);

	now.transaction = true;
	now.request = txn->ats == SMMU3_ATS_REQUEST;
	now.translated = txn->ats == SMMU3_ATS_TRANSLATED;
	now.fault = outcome->verdict != SMMU3_OK && outcome->verdict != SMMU3_NO_OP;
	if (counters_on(smmu) & COUNT_STATISTICS) {
		add_transaction(&smmu->stats, &now, outcome);
		add_reads(&smmu->stats, tally);
		add_stream(&smmu->stats, &now);
	}
	if (counters_on(smmu) & COUNT_MONITORS)
		count_monitors(smmu, &now);
}

void count_reads(struct smmu3 *smmu, unsigned sec_sid, uint32_t sid, const struct tally *tally)
{
	const struct happening now = happening_of(sec_sid, sid, tally);

	if (counters_on(smmu) & COUNT_STATISTICS) {
		add_reads(&smmu->stats, tally);
		add_stream(&smmu->stats, &now);
	}
	if (counters_on(smmu) & COUNT_MONITORS)
		count_monitors(smmu, &now);
}

void count_protection(struct smmu3 *smmu, const struct tally *tally)
{
	if (counters_on(smmu) & COUNT_STATISTICS)
		add_reads(&smmu->stats, tally);
}

void count_act(struct smmu3 *smmu, const struct act *act)
{
	static const uint8_t reasons[] = {
		[ACT_READ_COMMAND] = SMMU3_REASON_CMDQ,
		[ACT_WRITE_EVENT] = SMMU3_REASON_EVENTQ,
		[ACT_WRITE_MSI] = SMMU3_REASON_MSI,
		[ACT_WRITE_PAGE] = SMMU3_REASON_PRIQ,
		[ACT_NONE] = 0,
	};

	if (counters_on(smmu) & COUNT_STATISTICS && reasons[act->kind])
		counter_add(&smmu->stats.count[STAT(accesses) + reasons[act->kind]], 1);
}
