/* SPDX-License-Identifier: MIT */
/* A row, and what it runs on: a machine, the traffic of its devices, and whoever answers them. */
#ifndef SMMU_BENCH_BED_H
#define SMMU_BENCH_BED_H

#include "iotlb.h"
#include "probe.h"
#include "traffic.h"

#include <smmu/smmu.h>
#include <stdbool.h>

/* The first accesses, and where they go, written down: what asks for little time should not wait
 * for them to be thought up. */
enum { LISTED = 1 << 12 };

struct list {
	struct access access[LISTED];
	uint64_t goes[LISTED];
};

struct bed {
	const struct row *row;
	struct shape shape; /* the row's, or smaller */
	bool small;
	struct machine *machine;
	struct traffic traffic; /* where the row's accesses stand */
	struct traffic checked; /* where what is expected of them stands */
	struct list *list;
	unsigned listed, listed_checked; /* the same of rows that go by the list */
	struct probe *probe;             /* what it has room for of the first accesses */
	struct iotlb *iotlb;             /* NULL but for rows that ask it */
	struct side *side;               /* NULL but for rows with a port: side.h */
	struct recorded *recorded;       /* NULL but for rows of recorded accesses */
	unsigned turn;                   /* what the row counts */
};

/* A workload: machines that are alike in all but their caches. */
struct row {
	const char *name;
	const struct shape *shape; /* NULL: it brings its own machine */
	const struct fleet *fleet;
	/* As many times as asked; the sum of the addresses that the accesses go to */
	uint64_t (*run)(struct bed *bed, unsigned times);
	/* The sum that it should be; NULL: nothing is asked */
	uint64_t (*expected)(struct bed *bed, unsigned times);
	/* Before each sample of a fixed length, untimed; NULL: the sample itself */
	void (*prepare)(struct bed *bed, unsigned times);
	unsigned times;             /* of a sample; 0: as many as take long enough */
	bool (*open)(struct bed *); /* what else it needs; NULL: nothing */
	void (*close)(struct bed *);
	bool (*good)(struct bed *); /* is what it did right?  NULL: its sum says so */
};

/* Rows of a file. */
struct rows {
	const struct row *row;
	unsigned count;
};

#define ROWS(array) ((struct rows){ array, sizeof(array) / sizeof((array)[0]) })

/* What the probe knows an access by. */
ALWAYS_INLINE uint64_t probe_key(struct access access)
{
	return access.addr >> 12 ^ (uint64_t)access.stream << 52;
}

/* Builds what a row needs.  false: it cannot be built, with a complaint on stderr.  A small one has
 * 512 pages a stream at most, and does little: enough for answers, not for times. */
bool bed_open(struct bed *bed, const struct row *row);
bool bed_open_small(struct bed *bed, const struct row *row);
void bed_close(struct bed *bed);

/* Are the answers right, each in all that it says?  With a complaint on stderr. */
bool bed_verified(struct bed *bed);

/* expected of rows whose every access is answered: of those that go on with the traffic, and of
 * those that go round the list. */
uint64_t bed_sum(struct bed *bed, unsigned times);
uint64_t bed_listed_sum(struct bed *bed, unsigned times);

#endif
