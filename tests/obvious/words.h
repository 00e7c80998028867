/* SPDX-License-Identifier: MIT */
/* Memory that knows the 64-bit words it was given, wherever they are; all others are 0. */
#ifndef SMMU_TESTS_OBVIOUS_WORDS_H
#define SMMU_TESTS_OBVIOUS_WORDS_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct words {
	struct one_word {
		uint64_t name; /* the address and 1; 0: nothing is here */
		uint64_t value;
	} * word;
	size_t room, count; /* room is a power of two, more than twice count */
};

/* Where the word at an address is, or would be. */
static inline struct one_word *words_find(const struct words *words, uint64_t at)
{
	size_t i = (size_t)(at / 8 * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (words->room - 1);

	while (words->word[i].name != 0 && words->word[i].name != (at | 1))
		i = (i + 1) & (words->room - 1);
	return &words->word[i];
}

static inline void words_grow(struct words *words)
{
	const struct words old = *words;

	words->room = old.room != 0 ? 2 * old.room : 1024;
	words->word = calloc(words->room, sizeof(*words->word));
	if (words->word == NULL)
		abort();
	for (size_t i = 0; i < old.room; i++)
		if (old.word[i].name != 0)
			*words_find(words, old.word[i].name - 1) = old.word[i];
	free(old.word);
}

static inline void words_put(struct words *words, uint64_t at, uint64_t value)
{
	struct one_word *word;

	if (2 * words->count >= words->room)
		words_grow(words);
	word = words_find(words, at);
	words->count += word->name == 0;
	*word = (struct one_word){ at | 1, value };
}

static inline uint64_t words_get(const struct words *words, uint64_t at)
{
	return words->room != 0 ? words_find(words, at)->value : 0;
}

static inline void words_put_byte(struct words *words, uint64_t at, unsigned char byte)
{
	const unsigned shift = 8 * (unsigned)(at % 8);
	const uint64_t others = words_get(words, at - at % 8) & ~(UINT64_C(0xff) << shift);

	words_put(words, at - at % 8, others | (uint64_t)byte << shift);
}

static inline unsigned char words_get_byte(const struct words *words, uint64_t at)
{
	return (unsigned char)(words_get(words, at - at % 8) >> 8 * (at % 8));
}

#endif
