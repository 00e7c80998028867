/* SPDX-License-Identifier: MIT */
/* Words that stand for values, and what a mistyped one was meant to be. */
#ifndef SMMU_PLATFORM_WORDS_H
#define SMMU_PLATFORM_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A list ends with a word whose name is NULL. */
struct word {
	const char *name;
	uint64_t value;
};

extern const struct word pas_words[];
extern const struct word shareability_words[];

/* The word spelled so, or NULL. */
const struct word *word_find(const struct word *words, const char *text, size_t length);

/* The name of a value, or NULL. */
const char *word_name(const struct word *words, uint64_t value);

/* The nearest thing so far to a word that is not known. */
struct guess {
	const char *text;
	size_t length;
	const char *best;
	unsigned distance;
};

/* Offers one name that exists.  Start from a guess of { text, length }. */
void guess_offer(struct guess *guess, const char *name);

/* "; did you mean 'x'?" into text, or an empty string if nothing is near. */
const char *guess_text(const struct guess *guess, char *text, size_t size);

/* The same for a list. */
const char *word_suggestion(const struct word *words, const char *wrong, size_t length, char *text,
			    size_t size);

/* A memory type as one byte of CD.MAIR: wb, wt, nc, [device-]nGnRnE, nGnRE, nGRE, GRE, iXX-oYY, or
 * a number up to 0xff (then *exact is true).  False if it is none. */
bool attr_parse(const char *text, size_t length, uint8_t *mair, bool *exact);

/* Are two of them one memory type, hints aside? */
bool mair_same_type(uint8_t a, uint8_t b);

/* Its name as attr_parse takes it, or its byte where it has no name.  text needs 16 bytes. */
const char *attr_text(uint8_t mair, char text[16]);

#endif
