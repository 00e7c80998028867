/* SPDX-License-Identifier: MIT */
/*
 * Translations by a port.  `hit` and `stream` ask for hits alone, by IDs and by a handle, and
 * translate what is none; `port` translates at once, `batch` 32 at a time.
 */
#include "side.h"

/* ---- Who is asked ---- */

/* Out of the way of hits. */
static __attribute__((noinline, cold)) uint64_t stream_missed(struct smmu3_stream *stream,
							      struct access access)
{
	const struct smmu3_txn txn = { .addr = access.addr,
				       .bytes = 64,
				       .sid = MACHINE_SID + access.stream,
				       .flags = access.flags };
	struct smmu3_outcome outcome;

	(void)smmu3_stream_translate(stream, &txn, &outcome);
	return outcome.pa;
}

ALWAYS_INLINE uint64_t ask_stream(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_stream *stream = bed->side->stream[access.stream];
	const struct smmu3_hit hit = smmu3_stream_hit(stream, access.addr, access.flags);

	(void)txn;
	return __builtin_expect(hit.word != 0, 1) ? hit.pa : stream_missed(stream, access);
}

ALWAYS_INLINE uint64_t hit_nothing(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	const struct nothing hit = nothing_hit(bed->side->port, ids_of(access), access.addr,
					       access.flags);

	if (__builtin_expect(hit.second == 0, 1))
		return hit.first;
	describe(txn, access);
	return side_missed(bed, txn);
}

ALWAYS_INLINE uint64_t hit_no_stream(struct bed *bed, struct smmu3_txn *txn, struct access access)
{
	struct smmu3_stream *stream = bed->side->stream[access.stream];
	const struct nothing hit = nothing_hit_at(stream, access.addr, access.flags);

	(void)txn;
	return __builtin_expect(hit.second == 0, 1) ? hit.first : stream_missed(stream, access);
}

static uint64_t batches(struct bed *bed, unsigned times)
{
	struct traffic traffic = bed->traffic;
	struct side *side = bed->side;
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i += SIDE_BATCH) {
		for (unsigned n = 0; n < SIDE_BATCH; n++)
			describe(&side->txn[n], traffic_next(&traffic));
		smmu3_port_translate_batch(side->port, side->txn, side->outcome, SIDE_BATCH);
		for (unsigned n = 0; n < SIDE_BATCH; n++)
			sum += side->outcome[n].pa;
	}
	bed->traffic = traffic;
	return sum;
}

/* Accesses that were described long before: nothing has to wait for what has just been stored. */
static uint64_t described_hits(struct bed *bed, unsigned times)
{
	struct side *side = bed->side;
	uint64_t sum = 0;

	for (unsigned i = 0; i < SIDE_BATCH; i++)
		describe(&side->txn[i], bed->list->access[i]);
	for (unsigned i = 0; i < times; i++) {
		const struct smmu3_txn *txn = &side->txn[i % SIDE_BATCH];
		const struct smmu3_hit hit = smmu3_port_hit(side->port, txn);

		sum += __builtin_expect(hit.word != 0, 1) ? hit.pa : side_missed(bed, txn);
	}
	return sum;
}

static uint64_t described_sum(struct bed *bed, unsigned times)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++)
		sum += bed->list->goes[i % SIDE_BATCH];
	return sum;
}

LOOP(through_port, ask_port)
LOOP_LISTED(listed_port, ask_port)
LOOP_LISTED(listed_hit, ask_hit)
LOOP_LISTED(listed_stream, ask_stream)
LOOP_LISTED(listed_hit_nothing, hit_nothing)
LOOP_LISTED(listed_hit_no_stream, hit_no_stream)

/* ---- Rows ---- */

#define HIT(name, shape, fleet, run, open)                                                 \
	{                                                                                  \
		name, &shape, &fleet, run, bed_listed_sum, NULL, 0, open, side_close, NULL \
	}
#define MISS(name, shape, fleet, run)                                                    \
	{                                                                                \
		name, &shape, &fleet, run, bed_sum, NULL, 0, side_open, side_close, NULL \
	}
#define NOTHING(name, run)                                                                        \
	{                                                                                         \
		name, &shape_a, &fleet_a, run, NULL, NULL, 0, side_open_streams, side_close, NULL \
	}

static const struct row rows[] = {
	NOTHING("nothing/hit", listed_hit_nothing),
	NOTHING("nothing/stream", listed_hit_no_stream),
	HIT("a/hit", shape_a, fleet_a, listed_hit, side_open),
	{ "a/hit_described", &shape_a, &fleet_a, described_hits, described_sum, NULL, 0, side_open,
	  side_close, NULL },
	HIT("a/stream", shape_a, fleet_a, listed_stream, side_open_streams),
	HIT("a/port", shape_a, fleet_a, listed_port, side_open),
	HIT("b/hit", shape_b, fleet_b, listed_hit, side_open),
	HIT("b/stream", shape_b, fleet_b, listed_stream, side_open_streams),
	HIT("b/port", shape_b, fleet_b, listed_port, side_open),
	HIT("b_nested/hit", shape_b_nested, fleet_b, listed_hit, side_open),
	HIT("b_nested/stream", shape_b_nested, fleet_b, listed_stream, side_open_streams),
	HIT("b_nested/port", shape_b_nested, fleet_b, listed_port, side_open),
	MISS("c/port", shape_c, fleet_c, through_port),
	MISS("c/batch", shape_c, fleet_c, batches),
	MISS("d/port", shape_d, fleet_c, through_port),
	MISS("d/batch", shape_d, fleet_c, batches),
	MISS("e/port", shape_e, fleet_e, through_port),
	MISS("e/batch", shape_e, fleet_e, batches),
};

struct rows port_rows(void)
{
	return ROWS(rows);
}
