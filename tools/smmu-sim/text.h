/* SPDX-License-Identifier: MIT */
/* Pieces of text: what may be shown, numbers as people write them, the nearest of some names. */
#ifndef SMMU_SIM_TEXT_H
#define SMMU_SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A character that a terminal or a JSON reader takes as it is, or '?'. */
static inline char printable(char c)
{
	return c >= ' ' && c <= '~' ? c : c == '\t' ? ' ' : '?';
}

/* Prints a text, or a name that people chose, without control characters: '?' in their place.
 * UTF-8 stays as it is. */
void print_plain(FILE *file, const char *text);

/* Appends to a text of `size` bytes, as printf; what does not fit is left out. */
__attribute__((format(printf, 3, 4))) void append(char *text, size_t size, const char *format, ...);

/* A whole word as a number: decimal or 0x, no sign, no leading zero before a decimal.  False when
 * it is none or does not fit 64 bits. */
bool parse_number(const char *word, uint64_t *value);

/* The same, with K, M, G or T behind it for 2^10 to 2^40. */
bool parse_size(const char *word, uint64_t *value);

/* Bytes with the largest binary suffix that leaves no remainder: "4K", "2M", "100". */
void size_text(uint64_t bytes, char *text, size_t size);

/* Keeps in *best the candidate nearest to word, when it is near enough to be meant; *distance
 * begins at SUGGEST_NONE. */
enum { SUGGEST_NONE = 1000 };
void suggest(const char *word, const char *candidate, const char **best, unsigned *distance);

#endif
