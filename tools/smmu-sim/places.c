/* SPDX-License-Identifier: MIT */
#include "places.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>

#include "say.h"

/* Accesses of an SMMU that were made one after the other, each a line further; or all of one line.
 */
struct accesses {
	uint64_t first, count;
	struct place place; /* of the first */
	bool one_line;
};

/* All of an SMMU, in order. */
struct numbered {
	struct accesses *accesses;
	size_t count, room;
	uint64_t seen; /* the last that has been numbered */
};

/* A word of memory, and the line that wrote it last. */
struct written {
	uint64_t word;
	struct place place;
};

struct places {
	struct place here;
	void *written;             /* a tree of struct written */
	struct numbered *numbered; /* by SMMU */
	size_t numbered_count;
};

struct places *places_new(void)
{
	struct places *places = calloc(1, sizeof(*places));

	if (!places)
		out_of_memory();
	return places;
}

void places_free(struct places *places)
{
	if (!places)
		return;
	tdestroy(places->written, free);
	for (size_t i = 0; i < places->numbered_count; i++)
		free(places->numbered[i].accesses);
	free(places->numbered);
	free(places);
}

/* Room for one more. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 64;
	items = realloc(items, *room * size);
	if (!items)
		out_of_memory();
	return items;
}

void places_at(struct places *places, const char *file, unsigned line)
{
	places->here = (struct place){ file, line };
}

struct place places_here(const struct places *places)
{
	return places->here;
}

static int by_word(const void *one, const void *other)
{
	const struct written *a = one, *b = other;

	return (a->word > b->word) - (a->word < b->word);
}

static void wrote_word(struct places *places, uint64_t word)
{
	struct written *written = malloc(sizeof(*written));
	struct written **found;

	if (!written)
		out_of_memory();
	*written = (struct written){ word, places->here };
	found = tsearch(written, &places->written, by_word);
	if (!found)
		out_of_memory();
	if (*found == written)
		return;
	(*found)->place = places->here;
	free(written);
}

void places_wrote(struct places *places, uint64_t pa, unsigned bytes)
{
	for (uint64_t word = pa / 8; word <= (pa + bytes - 1) / 8; word++)
		wrote_word(places, word);
}

/* Of the first word that is another. */
struct place place_of_change(const struct places *places, const struct smmu3_changed *changed)
{
	for (unsigned i = 0; i < changed->words; i++) {
		const struct written wanted = { changed->pa / 8 + i, { NULL, 0 } };
		struct written *const *found = (changed->was[i] == changed->now[i] &&
						changed->readable) ?
						       NULL :
						       tfind(&wanted, &places->written, by_word);

		if (found)
			return (*found)->place;
	}
	return (struct place){ NULL, 0 };
}

struct place place_of_write(const struct places *places, const struct smmu3_changed *structure)
{
	struct smmu3_changed any = *structure;
	const struct place place = place_of_change(places, structure);

	any.readable = 0; /* all of its words */
	return place.file ? place : place_of_change(places, &any);
}

static struct numbered *numbered_of(struct places *places, size_t smmu)
{
	if (smmu >= places->numbered_count) {
		places->numbered = realloc(places->numbered,
					   (smmu + 1) * sizeof(*places->numbered));
		if (!places->numbered)
			out_of_memory();
		while (places->numbered_count <= smmu)
			places->numbered[places->numbered_count++] = (struct numbered){ NULL, 0, 0,
											0 };
	}
	return &places->numbered[smmu];
}

/* Is it one line behind the last of these? */
static bool goes_on(const struct accesses *before, const struct accesses *next)
{
	return !before->one_line && next->count == 1 && before->place.file == next->place.file &&
	       before->place.line + before->count == next->place.line;
}

void places_accessed(struct places *places, size_t smmu, uint64_t access)
{
	struct numbered *of = numbered_of(places, smmu);
	const struct accesses next = { of->seen + 1, access - of->seen, places->here,
				       access - of->seen > 1 };
	struct accesses *last = of->count ? &of->accesses[of->count - 1] : NULL;

	if (access <= of->seen)
		return;
	of->seen = access;
	if (last && goes_on(last, &next)) {
		last->count++;
		return;
	}
	of->accesses = grow(of->accesses, of->count, &of->room, sizeof(*of->accesses));
	of->accesses[of->count++] = next;
}

/* Those that hold an access; each SMMU's are in order. */
static const struct accesses *accesses_of(const struct places *places, size_t smmu, uint64_t access)
{
	const struct numbered *of = smmu < places->numbered_count ? &places->numbered[smmu] : NULL;
	size_t first = 0, end = of ? of->count : 0;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		const struct accesses *at = &of->accesses[middle];

		if (access >= at->first && access - at->first < at->count)
			return at;
		if (access < at->first)
			end = middle;
		else
			first = middle + 1;
	}
	return NULL;
}

struct place place_of_access(const struct places *places, size_t smmu, uint64_t access)
{
	const struct accesses *at = accesses_of(places, smmu, access);

	if (!at)
		return (struct place){ NULL, 0 };
	return (struct place){
		at->place.file, at->place.line + (at->one_line ? 0 : (unsigned)(access - at->first))
	};
}
