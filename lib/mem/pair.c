/* SPDX-License-Identifier: MIT */
#include "mem/pair.h"

#if defined(__x86_64__) && defined(__GNUC__)

/* Leaf 1 of CPUID is always there; its ECX says. */
bool pair_exists(void)
{
	const uint32_t cmpxchg16b = UINT32_C(1) << 13, avx = UINT32_C(1) << 28;
	uint32_t a = 1, b, c = 0, d;

	__asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return c & cmpxchg16b && c & avx;
}

void pair_load(const void *from, uint64_t word[2])
{
	struct {
		uint64_t word[2];
	} __attribute__((aligned(16))) read;

	__asm__ volatile("movdqa %1, %%xmm0\n\t"
			 "movdqa %%xmm0, %0"
			 : "=m"(read)
			 : "m"(*(const uint64_t(*)[2])from)
			 : "xmm0", "memory");
	word[0] = read.word[0];
	word[1] = read.word[1];
}

bool pair_swap(void *at, const uint64_t expected[2], const uint64_t desired[2])
{
	uint64_t low = expected[0], high = expected[1];
	bool done;

	__asm__ volatile("lock cmpxchg16b %1\n\t"
			 "sete %0"
			 : "=q"(done), "+m"(*(uint64_t(*)[2])at), "+a"(low), "+d"(high)
			 : "b"(desired[0]), "c"(desired[1])
			 : "cc", "memory");
	return done;
}

#elif defined(__aarch64__) && defined(__GNUC__)

bool pair_exists(void)
{
	return true;
}

/* What was read was one access only if the same can be stored in its place. */
void pair_load(const void *from, uint64_t word[2])
{
	uint64_t low, high;
	uint32_t failed;

	__asm__ volatile("1:\tldaxp %0, %1, [%3]\n\t"
			 "stxp %w2, %0, %1, [%3]\n\t"
			 "cbnz %w2, 1b"
			 : "=&r"(low), "=&r"(high), "=&r"(failed)
			 : "r"(from)
			 : "memory");
	word[0] = low;
	word[1] = high;
}

/* Likewise: where something else stands, it is put back. */
bool pair_swap(void *at, const uint64_t expected[2], const uint64_t desired[2])
{
	uint64_t low, high, new_low, new_high;
	uint32_t failed;

	__asm__ volatile("1:\tldaxp %0, %1, [%5]\n\t"
			 "cmp %0, %6\n\t"
			 "ccmp %1, %7, #0, eq\n\t"
			 "csel %2, %8, %0, eq\n\t"
			 "csel %3, %9, %1, eq\n\t"
			 "stlxp %w4, %2, %3, [%5]\n\t"
			 "cbnz %w4, 1b"
			 : "=&r"(low), "=&r"(high), "=&r"(new_low), "=&r"(new_high), "=&r"(failed)
			 : "r"(at), "r"(expected[0]), "r"(expected[1]), "r"(desired[0]),
			   "r"(desired[1])
			 : "cc", "memory");
	return low == expected[0] && high == expected[1];
}

#else

bool pair_exists(void)
{
	return false;
}

/* Nobody comes here. */
void pair_load(const void *from, uint64_t word[2])
{
	(void)from;
	word[0] = word[1] = 0;
}

bool pair_swap(void *at, const uint64_t expected[2], const uint64_t desired[2])
{
	(void)at;
	return expected == desired;
}

#endif
