/* SPDX-License-Identifier: MIT */
/* Fields of words by the bits that the architecture prints. */
#ifndef SMMU_TEST_FIELDS_H
#define SMMU_TEST_FIELDS_H

#include <stdint.h>

#define BIT(n) (UINT64_C(1) << (n))

/* A field of a structure or of the ID registers by the word that it is in, or the register, and its
 * bits there. */
#define AT(word, msb, lsb) ((word) << 16 | (lsb) << 8 | ((msb) - (lsb) + 1))

/* One field and its value; zeroed: no change. */
struct change {
	unsigned at;
	uint64_t value;
};

static inline void set_field(uint64_t *word, unsigned lsb, unsigned width, uint64_t value)
{
	*word = (*word & ~((BIT(width) - 1) << lsb)) | value << lsb;
}

static inline void change(uint64_t *words, unsigned at, uint64_t value)
{
	if (at)
		set_field(&words[at >> 16], at >> 8 & 0xff, at & 0xff, value);
}

#endif
