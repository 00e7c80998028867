/* SPDX-License-Identifier: MIT */
/* The rows of each file. */
#ifndef SMMU_BENCH_ROWS_H
#define SMMU_BENCH_ROWS_H

void register_walks(void);
void register_queues(void);
void register_lookups(void);
void register_reach(void);
void register_invalidations(void);

#endif
