/* SPDX-License-Identifier: MIT */
/* Bits of numbers, written as the specification writes them: <msb:lsb>.  Defined for every value
 * of every argument, so that no content of a register or of memory can make a shift undefined. */
#ifndef SMMU_TESTS_OBVIOUS_BITS_H
#define SMMU_TESTS_OBVIOUS_BITS_H

#include <stdbool.h>
#include <stdint.h>

/* 2^n - 1, or all ones. */
static inline uint64_t below(unsigned n)
{
	return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

static inline uint64_t bits(uint64_t value, unsigned msb, unsigned lsb)
{
	return lsb >= 64 ? 0 : (value >> lsb) & below(msb - lsb + 1);
}

static inline bool bit(uint64_t value, unsigned n)
{
	return bits(value, n, n) != 0;
}

/* The field where it stands, for addresses. */
static inline uint64_t in_place(uint64_t value, unsigned msb, unsigned lsb)
{
	return value & below(msb + 1) & ~below(lsb);
}

/* Align(value, 2^n) */
static inline uint64_t align(uint64_t value, unsigned n)
{
	return value & ~below(n);
}

/* Whether value can be said in n bits. */
static inline bool fits(uint64_t value, unsigned n)
{
	return (value & ~below(n)) == 0;
}

static inline unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static inline unsigned most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

#endif
