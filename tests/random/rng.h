/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same everywhere for the same seed. */
#ifndef SMMU_TESTS_RANDOM_RNG_H
#define SMMU_TESTS_RANDOM_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

/* One number made of another, every bit of which depends on all of it: the mixer of SplitMix64. */
static inline uint64_t rng_mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

static inline uint64_t rng_next(struct rng *rng)
{
	rng->state += UINT64_C(0x9e3779b97f4a7c15);
	return rng_mix(rng->state);
}

/* Below n, which is not 0. */
static inline unsigned rng_below(struct rng *rng, unsigned n)
{
	return (unsigned)((rng_next(rng) >> 32) * n >> 32);
}

/* From first to last, both included. */
static inline unsigned rng_from(struct rng *rng, unsigned first, unsigned last)
{
	return first + rng_below(rng, last - first + 1);
}

/* True n times in a thousand. */
static inline bool rng_chance(struct rng *rng, unsigned n)
{
	return rng_below(rng, 1000) < n;
}

/* That many random bits, at most 64. */
static inline uint64_t rng_bits(struct rng *rng, unsigned count)
{
	return count ? rng_next(rng) >> (64 - count) : 0;
}

#endif
