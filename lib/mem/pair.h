/* SPDX-License-Identifier: MIT */
/*
 * Two words of memory as one atomic access to 16 aligned bytes, as descriptors of VMSAv9-128 are
 * read and updated.  3.21.3
 *
 * C11 promises this of no type without a lock that others would have to take, too, so it is the
 * processor's: of x86-64 CMPXCHG16B, and MOVDQA, which is atomic wherever there is AVX; of AArch64
 * a pair of LDXP and STXP, which every one has.  Elsewhere, and on an x86-64 that lacks one of the
 * two, there is none, and no SMMU with VMSAv9-128.
 */
#ifndef SMMU_MEM_PAIR_H
#define SMMU_MEM_PAIR_H

#include <stdbool.h>
#include <stdint.h>

/* Is there such an access here?  The others are called where there is. */
bool pair_exists(void);

/* Both words, as they stand in memory. */
void pair_load(const void *from, uint64_t word[2]);

/* Puts `desired` where `expected` stands, all as in memory.  false: something else did. */
bool pair_swap(void *at, const uint64_t expected[2], const uint64_t desired[2]);

#endif
