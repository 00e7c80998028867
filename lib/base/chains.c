/* SPDX-License-Identifier: MIT */
#include "base/chains.h"

#include <stdlib.h>
#include <string.h>

enum { CHAINS_LEAST = 64 };

#define CHAINS_MOST (UINT32_C(1) << 30)

void chains_free(struct chains *chains)
{
	free(chains->first);
	free(chains->link);
	*chains = (struct chains){ .things = 0 };
}

static void append(struct chains *chains, uint32_t number)
{
	struct chain_link *link = &chains->link[number - 1];
	uint32_t *first = &chains->first[link->hash & (chains->heads - 1)];

	link->after = 0;
	link->before = number;
	if (*first) {
		struct chain_link *head = &chains->link[*first - 1];

		link->before = head->before;
		chains->link[head->before - 1].after = number;
		head->before = number;
	} else {
		*first = number;
	}
}

/* Those of one chain keep their order. */
static void append_all(struct chains *chains, const uint32_t *first, uint32_t heads)
{
	for (uint32_t head = 0; head < heads; head++)
		for (uint32_t number = first[head], after; number; number = after) {
			after = chains->link[number - 1].after;
			append(chains, number);
		}
}

/* A chain for each thing, about: where there is no memory, those that there are, if any. */
static bool room_for_heads(struct chains *chains)
{
	const uint32_t heads = chains->heads;
	uint32_t *was = chains->first, *first;

	if (chains->things < heads || heads == CHAINS_MOST)
		return true;
	const uint32_t more = heads ? 2 * heads : CHAINS_LEAST;

	first = calloc(more, sizeof(*first));
	if (!first)
		return heads;
	chains->first = first;
	chains->heads = more;
	append_all(chains, was, heads);
	free(was);
	return true;
}

static bool room_for_link(struct chains *chains, uint32_t number)
{
	uint32_t links = chains->links ? chains->links : CHAINS_LEAST;
	struct chain_link *larger;

	if (number <= chains->links)
		return true;
	if (number > CHAINS_MOST)
		return false;
	while (links < number)
		links *= 2;
	larger = realloc(chains->link, links * sizeof(*larger));
	if (!larger)
		return false;
	memset(&larger[chains->links], 0, (links - chains->links) * sizeof(*larger));
	chains->link = larger;
	chains->links = links;
	return true;
}

bool chains_put(struct chains *chains, uint32_t number, uint32_t hash)
{
	if (!room_for_link(chains, number) || !room_for_heads(chains))
		return false;
	chains->link[number - 1].hash = hash;
	append(chains, number);
	chains->things++;
	return true;
}

void chains_take(struct chains *chains, uint32_t number)
{
	if (number > chains->links || !chains->link[number - 1].before)
		return;
	struct chain_link *link = &chains->link[number - 1];
	uint32_t *first = &chains->first[link->hash & (chains->heads - 1)];

	/* The last is the one before the first */
	if (link->after)
		chains->link[link->after - 1].before = link->before;
	else
		chains->link[*first - 1].before = link->before;
	if (*first == number)
		*first = link->after;
	else
		chains->link[link->before - 1].after = link->after;
	link->before = 0;
	chains->things--;
}
