/* SPDX-License-Identifier: MIT */
#include "recall.h"

#include <stdbool.h>
#include <stdlib.h>

#include "say.h"

struct recall_word {
	uint64_t name; /* the address, with bit 0 set; 0: no word here */
	uint64_t value;
};

void recall_free(struct recall *recall)
{
	free(recall->word);
}

/* Where the word is, or would be. */
static struct recall_word *find(const struct recall *recall, uint64_t pa)
{
	const uint64_t name = pa | 1;
	size_t at = (size_t)((pa >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 20) % recall->room;

	while (recall->word[at].name && recall->word[at].name != name)
		at = (at + 1) % recall->room;
	return &recall->word[at];
}

static void grow(struct recall *recall)
{
	const struct recall old = *recall;

	recall->room = old.room ? 2 * old.room : 1024;
	recall->word = calloc(recall->room, sizeof(*recall->word));
	if (!recall->word)
		out_of_memory();
	for (size_t i = 0; i < old.room; i++)
		if (old.word[i].name)
			*find(recall, old.word[i].name & ~UINT64_C(1)) = old.word[i];
	free(old.word);
}

void recall_put(struct recall *recall, uint64_t pa, uint64_t value)
{
	if (2 * recall->count >= recall->room)
		grow(recall);
	struct recall_word *word = find(recall, pa);

	recall->count += !word->name;
	*word = (struct recall_word){ pa | 1, value };
}

uint64_t recall_get(const struct recall *recall, uint64_t pa)
{
	return recall->room ? find(recall, pa)->value : 0;
}

static unsigned shift_of(uint64_t pa)
{
	return 8 * (unsigned)(pa % 8);
}

void recall_write(struct recall *recall, uint64_t pa, const void *data, size_t bytes)
{
	const unsigned char *byte = data;

	for (size_t i = 0; i < bytes; i++, pa++) {
		const uint64_t at = pa - pa % 8;
		const uint64_t rest = recall_get(recall, at) & ~(UINT64_C(0xff) << shift_of(pa));

		recall_put(recall, at, rest | (uint64_t)byte[i] << shift_of(pa));
	}
}

void recall_read(const struct recall *recall, uint64_t pa, void *data, size_t bytes)
{
	unsigned char *byte = data;

	for (size_t i = 0; i < bytes; i++, pa++)
		byte[i] = (unsigned char)(recall_get(recall, pa - pa % 8) >> shift_of(pa));
}
