/* SPDX-License-Identifier: MIT */
#include "platform/record.h"

#include <stdlib.h>

void record_words_free(struct record_words *words)
{
	free(words->word);
}

/* Where the word is, or would be. */
static struct record_word *find(const struct record_words *words, uint64_t pa)
{
	const uint64_t name = pa | 1;
	size_t at = (size_t)((pa >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % words->room;

	while (words->word[at].name && words->word[at].name != name)
		at = (at + 1) % words->room;
	return &words->word[at];
}

static bool grow(struct record_words *words)
{
	const struct record_words old = *words;
	const size_t room = old.room ? 2 * old.room : 1024;
	struct record_word *const word = calloc(room, sizeof(*word));

	if (!word)
		return false;
	words->word = word;
	words->room = room;
	for (size_t i = 0; i < old.room; i++)
		if (old.word[i].name)
			*find(words, old.word[i].name & ~UINT64_C(1)) = old.word[i];
	free(old.word);
	return true;
}

struct record_word *record_word_at(struct record_words *words, uint64_t pa)
{
	if (2 * words->count >= words->room && !grow(words))
		return NULL;
	struct record_word *const word = find(words, pa);

	words->count += !word->name;
	word->name = pa | 1;
	return word;
}
