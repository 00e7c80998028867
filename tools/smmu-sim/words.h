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

/* Adds the words of a pasted line: what follows a colon and a blank (time stamp, device and address
 * stand before it), if that is hexadecimal numbers of 8 or 16 digits to the end of the line or to
 * the text column of a memory dump; in a line without a colon, the whole line, where shorter ones
 * with 0x count, too.  A line that says anything else has no words. False when there are too many.
 */
bool words_of_line(struct words *words, const char *line);

/* Adds one word that must be a number; false when it is none, or one too many. */
bool words_of_number(struct words *words, const char *text);

/* Joins 32-bit words, the lower first, where the words are those of structures of `bits` bits.
 * False when the count fits neither 32- nor 64-bit words. */
bool words_join(struct words *words, unsigned bits);

#endif
