/* SPDX-License-Identifier: MIT */
/* Traffic and what disturbs it: invalidations, streams that no cache has, faults. */
#include "side.h"

/* ---- Invalidations among accesses ---- */

static void synchronise(struct bed *bed)
{
	enum { CMD_SYNC = 0x46 };

	machine_queue(bed->machine, CMD_SYNC, 0);
	machine_ring(bed->machine);
}

/* By the call, with a CMD_SYNC for each 16.  A page goes as drivers take it away: its last level
 * alone. */
void invalidate_before(struct bed *bed, struct access access, bool whole)
{
	enum { SYNC_EVERY = 16 };
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
						  .sec_sid = SMMU3_PAS_NS,
						  .worlds = SMMU3_WORLD_EL1,
						  .asid = (uint16_t)access.stream,
						  .vmids = 1,
						  .addr = whole ? 0 :
								  access.addr & ~UINT64_C(0xfff),
						  .bytes = whole ? 0 : 0x1000,
						  .leaf = !whole };

	(void)smmu3_broadcast_tlbi(bed->machine->smmu, &scope);
	if (++bed->turn % SYNC_EVERY == 0)
		synchronise(bed);
}

ALWAYS_INLINE uint64_t ask_smmu(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_outcome outcome;

	describe(txn, access);
	(void)smmu3_translate(bed->machine->smmu, txn, &outcome);
	return outcome.pa;
}

LOOP_DISTURBED(pages_invalidated, ask_smmu, false)
LOOP_DISTURBED(streams_invalidated, ask_smmu, true)
LOOP_DISTURBED(pages_invalidated_by_port, ask_port, false)
LOOP_DISTURBED(pages_invalidated_of_hits, ask_hit, false)
LOOP_DISTURBED(streams_invalidated_of_hits, ask_hit, true)

/* ---- Streams that no cache has ---- */

#define STREAM_CACHES(places)                                                                 \
	{                                                                                     \
		.l1stds = 64, .stes = (places), .cds = (places), .tlb = 8192, .tables = 4096, \
		.micro = 256, .micro_streams = 64                                             \
	}

static const struct smmu3_caches few_streams = STREAM_CACHES(16),
				 many_streams = STREAM_CACHES(4096);
static const struct shape thousand_shape = { "1024 streams", 12, 0, 48, 1, 1, 0, 0, 0, 0 };
static const struct fleet thousand_missed = { 1024, 0, 1, &few_streams };
static const struct fleet thousand_kept = { 1024, 0, 1, &many_streams };
static const struct fleet thousand_uncached = { 1024, 0, 1, NULL };

LOOP_LISTED(of_thousand, ask_smmu)
LOOP_LISTED(of_thousand_by_port, ask_port)

/* ---- Faults ---- */

/* Each is recorded; software takes the records when the queue is half full. */
ALWAYS_INLINE uint64_t fault(struct bed *bed, unsigned times,
			     enum smmu3_verdict (*ask)(struct bed *bed, const struct smmu3_txn *txn,
						       struct smmu3_outcome *outcome))
{
	enum { TAKEN_EVERY = 1 << (MACHINE_QUEUE_LG2 - 1) };
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 64, .sid = MACHINE_SID };
	struct smmu3_outcome outcome;
	uint64_t recorded = 0;

	for (unsigned i = 0; i < times; i++) {
		recorded += ask(bed, &txn, &outcome) == SMMU3_ABORT && outcome.recorded;
		if (++bed->turn % TAKEN_EVERY == 0)
			(void)machine_take_events(bed->machine);
	}
	return recorded;
}

static enum smmu3_verdict translate(struct bed *bed, const struct smmu3_txn *txn,
				    struct smmu3_outcome *outcome)
{
	return smmu3_translate(bed->machine->smmu, txn, outcome);
}

static enum smmu3_verdict port_translate(struct bed *bed, const struct smmu3_txn *txn,
					 struct smmu3_outcome *outcome)
{
	return smmu3_port_translate(bed->side->port, txn, outcome);
}

static uint64_t faults(struct bed *bed, unsigned times)
{
	return fault(bed, times, translate);
}

static uint64_t port_faults(struct bed *bed, unsigned times)
{
	return fault(bed, times, port_translate);
}

static uint64_t each_recorded(struct bed *bed, unsigned times)
{
	(void)bed;
	return times;
}

/* Two faults are two records: of translations that were not there. */
static bool records(struct bed *bed)
{
	(void)machine_take_events(bed->machine);
	(void)bed->row->run(bed, 2);
	return machine_take_events(bed->machine) == 2;
}

/* ---- Rows ---- */

#define DISTURBED(name, run, open, close)                                                 \
	{                                                                                 \
		name, &shape_b, &fleet_b, run, bed_listed_sum, NULL, 0, open, close, NULL \
	}

static const struct row rows[] = {
	DISTURBED("b/tlbi_va/shared", pages_invalidated, NULL, NULL),
	DISTURBED("b/tlbi_asid/shared", streams_invalidated, NULL, NULL),
	DISTURBED("b/tlbi_va/port", pages_invalidated_by_port, side_open, side_close),
	DISTURBED("b/tlbi_va/hit", pages_invalidated_of_hits, side_open, side_close),
	DISTURBED("b/tlbi_asid/hit", streams_invalidated_of_hits, side_open, side_close),
	{ "streams/walks", &thousand_shape, &thousand_uncached, of_thousand, bed_listed_sum, NULL,
	  0, NULL, NULL, NULL },
	{ "streams/kept", &thousand_shape, &thousand_kept, of_thousand, bed_listed_sum, NULL, 0,
	  NULL, NULL, NULL },
	{ "streams/missed", &thousand_shape, &thousand_missed, of_thousand, bed_listed_sum, NULL, 0,
	  NULL, NULL, NULL },
	{ "streams/port", &thousand_shape, &thousand_kept, of_thousand_by_port, bed_listed_sum,
	  NULL, 0, side_open, side_close, NULL },
	{ "faults/port", &shape_a, &fleet_a, port_faults, each_recorded, NULL, 0, side_open,
	  side_close, records },
	{ "faults/shared", &shape_a, &fleet_a, faults, each_recorded, NULL, 0, NULL, NULL,
	  records },
};

struct rows disturbed_rows(void)
{
	return ROWS(rows);
}
