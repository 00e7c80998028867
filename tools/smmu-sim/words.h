/* SPDX-License-Identifier: MIT */
/* Words of structures as people paste them: numbers, or lines of a kernel log or a debugger around
 * them. */
#ifndef SMMU_SIM_WORDS_H
#define SMMU_SIM_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WORDS_MAX = 8192 };

struct words {
	size_t count;
	bool wide; /* one at least is written with more than 8 digits */
	uint64_t value[WORDS_MAX];
};

/* Adds the words of a pasted line: hexadecimal numbers of exactly 8 or 16 digits that follow its
 * last colon (time stamp, device and address stand before it); in a line without a colon also
 * shorter ones with 0x.  Anything else is passed over.  False when there are too many. */
bool words_of_line(struct words *words, const char *line);

/* Adds one word that must be a number; false when it is none, or one too many. */
bool words_of_number(struct words *words, const char *text);

/* Joins 32-bit words, the lower first, where the words are those of structures of `bits` bits.
 * False when the count fits neither 32- nor 64-bit words. */
bool words_join(struct words *words, unsigned bits);

#endif
