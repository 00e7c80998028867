/* SPDX-License-Identifier: MIT */
/* Bits, and the few things every room says to the compiler. */
#ifndef SMMU_BASE_BITS_H
#define SMMU_BASE_BITS_H

#include <stdbool.h>
#include <stdint.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define COLD __attribute__((cold, noinline))
#define NOINLINE __attribute__((noinline))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The low n bits set; n is 0 to 64. */
ALWAYS_INLINE uint64_t low_bits(unsigned n)
{
	return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

/* Bits msb to lsb of value, moved down to bit 0. */
ALWAYS_INLINE uint64_t bits(uint64_t value, unsigned msb, unsigned lsb)
{
	return value >> lsb & low_bits(msb - lsb + 1);
}

ALWAYS_INLINE bool bit(uint64_t value, unsigned n)
{
	return value >> n & 1;
}

/* The number of the lowest bit that is set; one is. */
ALWAYS_INLINE unsigned lowest_bit(unsigned value)
{
	return (unsigned)__builtin_ctz(value);
}

/* value with its low n bits cleared. */
ALWAYS_INLINE uint64_t align_down(uint64_t value, unsigned n)
{
	return value & ~low_bits(n);
}

/* Bytes from addr to the end of its 2^size_lg2 block, at most `bytes`, which is not 0. */
ALWAYS_INLINE uint64_t bytes_within(uint64_t addr, uint64_t bytes, unsigned size_lg2)
{
	const uint64_t more = bytes - 1, most = ~addr & low_bits(size_lg2);

	return (more < most ? more : most) + 1;
}

/* A word with its bytes in the other order. */
ALWAYS_INLINE uint64_t swap64(uint64_t word)
{
	return __builtin_bswap64(word);
}

/* A little-endian word of memory as a number. */
ALWAYS_INLINE uint64_t from_le64(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

/* And as it is to stand there. */
ALWAYS_INLINE uint64_t to_le64(uint64_t word)
{
	return from_le64(word);
}

ALWAYS_INLINE uint32_t to_le32(uint32_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap32(word);
#else
	return word;
#endif
}

#endif
