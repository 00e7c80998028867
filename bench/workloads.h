/* SPDX-License-Identifier: MIT */
/* The workloads: how many streams, with how many pages, and the caches in front of them. */
#ifndef SMMU_BENCH_WORKLOADS_H
#define SMMU_BENCH_WORKLOADS_H

#include "bed.h"

/* Caches as docs/performance.md recommends them, and larger ones in which 64K translations stay. */
extern const struct smmu3_caches workload_caches, workload_large_caches;

/* a: 1 stream, 1 page.  b: 64 streams of 64 pages.  c: 8 streams of 128K pages.  d: the same, of
 * both stages.  e: 8 streams of 512 pages and of 64 blocks of 2MB. */
extern const struct shape shape_a, shape_b, shape_b_nested, shape_c, shape_d, shape_e;
extern const struct fleet fleet_a, fleet_b, fleet_c, fleet_e;
/* The same without caches. */
extern const struct fleet uncached_a, uncached_b, uncached_c, uncached_e;

/* A loop over accesses, of which ask says where they go: those that come next, or those of the
 * list. */
typedef uint64_t ask_fn(struct bed *bed, struct smmu3_txn *txn, struct access access);

ALWAYS_INLINE uint64_t loop(struct bed *bed, unsigned times, ask_fn *ask)
{
	struct traffic traffic = bed->traffic;
	struct smmu3_txn txn = { .bytes = 64 };
	uint64_t sum = 0;

	for (unsigned i = 0; i < times; i++)
		sum += ask(bed, &txn, traffic_next(&traffic));
	bed->traffic = traffic;
	return sum;
}

ALWAYS_INLINE uint64_t loop_listed(struct bed *bed, unsigned times, ask_fn *ask)
{
	const struct access *access = bed->list->access;
	const unsigned from = bed->listed, to = from + times;
	struct smmu3_txn txn = { .bytes = 64 };
	uint64_t sum = 0;

	for (unsigned i = from; i != to; i++)
		sum += ask(bed, &txn, access[i % LISTED]);
	bed->listed = to;
	return sum;
}

/* The same, and of each hundredth access the page, or all of its stream, is invalidated before. */
void invalidate_before(struct bed *bed, struct access access, bool whole);

ALWAYS_INLINE uint64_t loop_disturbed(struct bed *bed, unsigned times, ask_fn *ask, bool whole)
{
	enum { EVERY = 100 };
	const struct access *access = bed->list->access;
	const unsigned from = bed->listed, to = from + times;
	struct smmu3_txn txn = { .bytes = 64 };
	unsigned left = EVERY;
	uint64_t sum = 0;

	for (unsigned i = from; i != to; i++) {
		if (--left == 0) {
			invalidate_before(bed, access[i % LISTED], whole);
			left = EVERY;
		}
		sum += ask(bed, &txn, access[i % LISTED]);
	}
	bed->listed = to;
	return sum;
}

/* Functions of rows: a loop with its own ask. */
#define LOOP(name, ask)                                       \
	static uint64_t name(struct bed *bed, unsigned times) \
	{                                                     \
		return loop(bed, times, ask);                 \
	}
#define LOOP_LISTED(name, ask)                                \
	static uint64_t name(struct bed *bed, unsigned times) \
	{                                                     \
		return loop_listed(bed, times, ask);          \
	}

#define LOOP_DISTURBED(name, ask, whole)                       \
	static uint64_t name(struct bed *bed, unsigned times)  \
	{                                                      \
		return loop_disturbed(bed, times, ask, whole); \
	}

/* As a device model does: what is the same of all its accesses it has written before. */
ALWAYS_INLINE void describe(struct smmu3_txn *txn, struct access access)
{
	txn->addr = access.addr;
	txn->sid = MACHINE_SID + access.stream;
	txn->flags = access.flags;
}

struct rows workload_rows(void);
struct rows tlbi_rows(void);
struct rows disturbed_rows(void);
struct rows port_rows(void);
struct rows recorded_rows(void); /* only with libsmmu_platform */

#endif
