/* SPDX-License-Identifier: MIT */
/*
 * Times that can be compared although the machine is shared: what is compared runs in turns, in
 * samples that are shorter than what the system lets run, on the thread's own clock; of each the
 * least counts, which is the time without whoever else is there.
 */
#ifndef SMMU_BENCH_TIMING_H
#define SMMU_BENCH_TIMING_H

#include <stdbool.h>
#include <stdint.h>

struct timed {
	void *context;
	/* Does it so many times, and returns something that depends on every answer */
	uint64_t (*run)(void *context, unsigned times);
	/* What the same call should have returned: not timed.  NULL: it is not checked */
	uint64_t (*expected)(void *context, unsigned times);
	/* Before each sample, not timed.  NULL: the sample itself, once */
	void (*prepare)(void *context, unsigned times);
	unsigned times; /* of a sample; 0: as many as take 100 to 200 us */
	/* Results */
	double ns;  /* the least for one time */
	bool wrong; /* some answers were */
};

/* Of the calling thread, and of everybody, in ns. */
double timing_thread(void);
double timing_wall(void);

/* Runs each of them in turn, round by round, until no least has fallen by a hundredth for so many
 * rounds, or it has taken fifteen seconds. */
void timing_compare(struct timed *timed, unsigned count, unsigned rounds);

#endif
