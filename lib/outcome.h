/* SPDX-License-Identifier: MIT */
/* How far an answer reaches. */
#ifndef SMMU_OUTCOME_H
#define SMMU_OUTCOME_H

#include "base/bits.h"

/* Bytes from addr to the end of its 2^size_lg2 block, at most `bytes`, which is not 0. */
ALWAYS_INLINE uint64_t bytes_within(uint64_t addr, uint64_t bytes, unsigned size_lg2)
{
	const uint64_t left = ~addr & low_bits(size_lg2);

	return (bytes - 1 < left ? bytes - 1 : left) + 1;
}

#endif
