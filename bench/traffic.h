/* SPDX-License-Identifier: MIT */
/* Accesses of devices, in an order that neither processor nor caches can guess, and where the
 * tables of a machine send them. */
#ifndef SMMU_BENCH_TRAFFIC_H
#define SMMU_BENCH_TRAFFIC_H

#include "machine.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

struct traffic {
	uint64_t random;
	uint32_t streams;        /* a power of two, up to 1024 */
	uint32_t windows;        /* 1; 2: blocks, too */
	struct window window[2]; /* their places are powers of two, up to 2^20 */
};

struct access {
	uint64_t addr;
	uint32_t stream;
	uint16_t flags; /* SMMU3_TXN_WRITE of every other one */
};

/* All pages and blocks of all streams of a machine. */
struct traffic traffic_of(const struct machine *machine);

/* A generator of full period over 64 bits: what it gives are bits 32 and up. */
ALWAYS_INLINE uint64_t traffic_step(struct traffic *traffic)
{
	traffic->random = traffic->random * UINT64_C(6364136223846793005) +
			  UINT64_C(1442695040888963407);
	return traffic->random >> 32;
}

ALWAYS_INLINE struct access traffic_next(struct traffic *traffic)
{
	const uint64_t random = traffic_step(traffic);
	const struct window *window = &traffic->window[random >> 21 & (traffic->windows - 1)];

	return (struct access){
		.addr = window->input + ((random & (window->places - 1)) << window->lg2) + 0x40,
		.stream = (uint32_t)(random >> 22) & (traffic->streams - 1),
		.flags = random >> 20 & 1 ? SMMU3_TXN_WRITE : 0,
	};
}

/* The sum of the addresses that the next so many accesses go to. */
uint64_t traffic_sum(struct traffic *traffic, unsigned times);

#endif
