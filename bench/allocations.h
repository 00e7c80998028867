/* SPDX-License-Identifier: MIT */
/* How often, and how much, the program and its libraries have allocated. */
#ifndef SMMU_BENCH_ALLOCATIONS_H
#define SMMU_BENCH_ALLOCATIONS_H

#include <stdbool.h>
#include <stdint.h>

struct allocations {
	uint64_t count, bytes;
};

/* false: it is not known here. */
bool allocations_known(void);
struct allocations allocations_now(void);

#endif
