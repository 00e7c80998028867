/* SPDX-License-Identifier: MIT */
#include "platform/words.h"

#include "arch/attr.h"
#include "platform/number.h"

#include <smmu/smmu.h>
#include <stdio.h>
#include <string.h>

enum { GUESS_LETTERS = 32 };

const struct word pas_words[] = {
	{ "ns", SMMU3_PAS_NS },
	{ "secure", SMMU3_PAS_SECURE },
	{ "realm", SMMU3_PAS_REALM },
	{ "root", SMMU3_PAS_ROOT },
	{ NULL, 0 },
};

const struct word shareability_words[] = {
	{ "nsh", SMMU3_NSH },
	{ "osh", SMMU3_OSH },
	{ "ish", SMMU3_ISH },
	{ NULL, 0 },
};

const struct word *word_find(const struct word *words, const char *text, size_t length)
{
	for (; words->name; words++) {
		if (strlen(words->name) == length && !memcmp(words->name, text, length))
			return words;
	}
	return NULL;
}

const char *word_name(const struct word *words, uint64_t value)
{
	while (words->name && words->value != value)
		words++;
	return words->name;
}

/* ---- Suggestions ---- */

static char folded(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Letters to insert, remove or replace to make a of b; letter case does not count.  Both have at
 * most GUESS_LETTERS. */
static unsigned edits(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned row[GUESS_LETTERS + 1];

	for (unsigned j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			const unsigned replaced = diagonal + (folded(a[i - 1]) != folded(b[j - 1]));

			diagonal = row[j];
			row[j] = least(least(row[j], row[j - 1]) + 1, replaced);
		}
	}
	return row[b_length];
}

void guess_offer(struct guess *guess, const char *name)
{
	const size_t length = strlen(name);
	unsigned distance;

	if (guess->length > GUESS_LETTERS || length > GUESS_LETTERS)
		return;
	distance = edits(guess->text, guess->length, name, length);
	if (distance <= 1 + guess->length / 4 && distance < length &&
	    (!guess->best || distance < guess->distance)) {
		guess->best = name;
		guess->distance = distance;
	}
}

const char *guess_text(const struct guess *guess, char *text, size_t size)
{
	text[0] = '\0';
	if (guess->best)
		(void)snprintf(text, size, "; did you mean '%s'?", guess->best);
	return text;
}

const char *word_suggestion(const struct word *words, const char *wrong, size_t length, char *text,
			    size_t size)
{
	struct guess guess = { .text = wrong, .length = length };

	for (; words->name; words++)
		guess_offer(&guess, words->name);
	return guess_text(&guess, text, size);
}

/* ---- Memory types ---- */

static const struct word type_words[] = {
	{ "wb", MAIR_NORMAL_WB },       { "wt", MAIR_NORMAL_WT },
	{ "nc", MAIR_NORMAL_NC },       { "nGnRnE", MAIR_DEVICE_NGNRNE },
	{ "nGnRE", MAIR_DEVICE_NGNRE }, { "nGRE", MAIR_DEVICE_NGRE },
	{ "GRE", MAIR_DEVICE_GRE },     { NULL, 0 },
};

/* Inner half and outer half have the same codes. */
static const struct word half_words[] = {
	{ "wb", 0xf }, { "wt", 0xb }, { "nc", 0x4 }, { NULL, 0 }
};

/* iXX-oYY */
static bool halves_parse(const char *text, size_t length, uint8_t *mair)
{
	const struct word *inner, *outer;

	if (length != 7 || text[0] != 'i' || text[3] != '-' || text[4] != 'o')
		return false;
	inner = word_find(half_words, text + 1, 2);
	outer = word_find(half_words, text + 5, 2);
	if (inner && outer)
		*mair = (uint8_t)(outer->value << 4 | inner->value);
	return inner && outer;
}

static bool byte_parse(const char *text, size_t length, uint8_t *mair)
{
	uint64_t value;

	if (number_parse(text, length, &value) || value > 0xff)
		return false;
	*mair = (uint8_t)value;
	return true;
}

bool attr_parse(const char *text, size_t length, uint8_t *mair, bool *exact)
{
	static const char device[] = "device-";
	const size_t prefix = sizeof(device) - 1;
	const bool prefixed = length > prefix && !memcmp(text, device, prefix);
	const struct word *const word = prefixed ? word_find(type_words + 3, text + prefix,
							     length - prefix) :
						   word_find(type_words, text, length);

	*exact = false;
	if (word)
		*mair = (uint8_t)word->value;
	if (word || halves_parse(text, length, mair))
		return true;
	*exact = true;
	return byte_parse(text, length, mair);
}

const char *attr_text(uint8_t mair, char text[16])
{
	const char *const type = word_name(type_words, mair);
	const char *const inner = word_name(half_words, mair_inner(mair));
	const char *const outer = word_name(half_words, mair_outer(mair));

	if (type)
		(void)snprintf(text, 16, "%s", type);
	else if (inner && outer)
		(void)snprintf(text, 16, "i%s-o%s", inner, outer);
	else
		(void)snprintf(text, 16, "0x%02x", mair);
	return text;
}

/* A half of a MAIR byte without its hints. */
static unsigned cacheability(unsigned half)
{
	static const uint8_t by_top_bits[4] = { MAIR_HALF_WT, MAIR_HALF_WB, MAIR_HALF_WT,
						MAIR_HALF_WB };

	return half == MAIR_HALF_NC ? MAIR_HALF_NC : by_top_bits[half >> 2 & 3];
}

bool mair_same_type(uint8_t a, uint8_t b)
{
	if (mair_is_device(a) || mair_is_device(b))
		return a == b;
	return cacheability(mair_outer(a)) == cacheability(mair_outer(b)) &&
	       cacheability(mair_inner(a)) == cacheability(mair_inner(b));
}
