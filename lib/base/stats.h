/* SPDX-License-Identifier: MIT */
/*
 * Counters of the whole SMMU and of StreamIDs, each of which any thread may add to.  What a cache
 * counts of itself is not here: it has a lock, and counters of its own.
 *
 * A counter is named by the member of smmu/stats.h that it becomes.
 */
#ifndef SMMU_BASE_STATS_H
#define SMMU_BASE_STATS_H

#include "base/bits.h"
#include "base/sets.h"

#include <smmu/stats.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Which counter: STAT(faults[1]), STREAM_STAT(faults). */
#define STAT(member) (offsetof(struct smmu3_stats, member) / sizeof(uint64_t))
#define STREAM_STAT(member) (offsetof(struct smmu3_stream_stats, member) / sizeof(uint64_t))

enum {
	STATS = sizeof(struct smmu3_stats) / sizeof(uint64_t),
	STREAM_STATS = sizeof(struct smmu3_stream_stats) / sizeof(uint64_t),
};

/* A StreamID's row.  Its first counter holds its name, and 0 where it is free. */
struct stream_row {
	_Atomic uint64_t count[STREAM_STATS];
};

#define STREAM_ROW_TAKEN (UINT64_C(1) << 32)

/* The name of a StreamID of a Security state, enum smmu3_pas. */
static inline uint64_t stream_row_name(unsigned sec_sid, uint32_t sid)
{
	return (uint64_t)sec_sid << 33 | STREAM_ROW_TAKEN | sid;
}

struct stats {
	_Atomic uint64_t count[STATS];
	struct sets sets;
	struct stream_row *row;
};

/* Rows for StreamIDs, a power of two or 0.  false: out of memory. */
static inline bool stats_init(struct stats *stats, uint32_t rows)
{
	const bool made = sets_init(&stats->sets, rows);

	stats->row = rows ? calloc(rows, sizeof(*stats->row)) : NULL;
	return made && (!rows || stats->row);
}

static inline void stats_free(struct stats *stats)
{
	sets_free(&stats->sets);
	free(stats->row);
}

/* Nobody reads one counter to judge another: no order is asked for. */
ALWAYS_INLINE void counter_add(_Atomic uint64_t *counter, uint64_t n)
{
	if (n)
		atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

/* Copies counters out, or puts them to 0. */
static inline void counters_read(const _Atomic uint64_t *counter, unsigned counters, void *to)
{
	uint64_t *figure = to;

	for (unsigned i = 0; i < counters; i++)
		figure[i] = atomic_load_explicit(&counter[i], memory_order_relaxed);
}

static inline void counters_reset(_Atomic uint64_t *counter, unsigned counters)
{
	for (unsigned i = 0; i < counters; i++)
		atomic_store_explicit(&counter[i], 0, memory_order_relaxed);
}

/* The row of that name, or NULL; with `take` a free one becomes its own. */
static inline struct stream_row *stream_row(struct stats *stats, uint64_t wanted, bool take)
{
	const uint32_t first = stats->sets.places ?
				       sets_first(&stats->sets, wanted & ~STREAM_ROW_TAKEN) :
				       0;

	for (uint32_t i = 0; i < stats->sets.ways; i++) {
		_Atomic uint64_t *const name = stats->row[first + i].count;
		uint64_t found = atomic_load_explicit(name, memory_order_relaxed);

		if (!found && take &&
		    atomic_compare_exchange_strong_explicit(name, &found, wanted,
							    memory_order_relaxed,
							    memory_order_relaxed))
			return &stats->row[first + i];
		if (found == wanted)
			return &stats->row[first + i];
	}
	return NULL;
}

#endif
