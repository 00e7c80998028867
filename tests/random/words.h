/* SPDX-License-Identifier: MIT */
/* Fields of structures in 64-bit words, by the specification's bit numbers: bit 64 is bit 0 of the
 * second word. */
#ifndef SMMU_TESTS_RANDOM_WORDS_H
#define SMMU_TESTS_RANDOM_WORDS_H

#include <stdint.h>

static inline uint64_t mask_of(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static inline void put(uint64_t *word, unsigned msb, unsigned lsb, uint64_t value)
{
	const uint64_t mask = mask_of(msb - lsb + 1) << lsb % 64;

	word[lsb / 64] = (word[lsb / 64] & ~mask) | (value << lsb % 64 & mask);
}

static inline uint64_t get(const uint64_t *word, unsigned msb, unsigned lsb)
{
	return word[lsb / 64] >> lsb % 64 & mask_of(msb - lsb + 1);
}

static inline uint64_t aligned_down(uint64_t value, unsigned lg2)
{
	return value & ~mask_of(lg2);
}

#endif
