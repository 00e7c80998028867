/* SPDX-License-Identifier: MIT */
/* How far a long run has come: on stderr, on a terminal only, after the first second. */
#ifndef SMMU_SIM_PROGRESS_H
#define SMMU_SIM_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
	const char *file;
	bool wanted, shown;
	struct timespec begin;
	uint64_t lines;
};

/* Begins; quiet: nothing is to be shown, since stdout writes to the same terminal. */
void progress_begin(struct progress *progress, const char *file, bool quiet);
/* One more line is done. */
void progress_step(struct progress *progress);
/* Wipes what was shown. */
void progress_end(struct progress *progress);

#endif
