/* SPDX-License-Identifier: MIT */
#include "check/ledger.h"

#include <stdlib.h>
#include <string.h>

void ledger_free(struct ledger *ledger)
{
	free(ledger->version);
	free(ledger->record);
	free(ledger->pool);
	free(ledger->version_chain);
	free(ledger->record_chain);
	free(ledger->collection);
	for (unsigned way = 0; way < KEPT_WAYS; way++)
		chains_free(&ledger->way[way]);
	*ledger = (struct ledger){ .era = ledger->era + 1 };
}

struct kept_key kept_key_of(const struct watched *watched)
{
	struct kept_key key;

	memset(&key, 0, sizeof(key));
	key.kind = watched->kind;
	switch (watched->kind) {
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE: {
		const struct tlb_tag *tag = watched->name;

		key.tag.input = tag->input;
		key.tag.regime.vmid = tag->regime.vmid;
		key.tag.regime.asid = tag->regime.asid;
		key.tag.regime.aset = tag->regime.aset;
		key.tag.regime.world = tag->regime.world;
		key.tag.kind = tag->kind;
		key.tag.size_lg2 = tag->size_lg2;
		key.tag.origin_lg2 = tag->origin_lg2;
		key.tag.global = tag->global;
		key.tag.both = tag->both;
		key.tag.maps_lg2 = tag->maps_lg2;
		key.tag.granule_lg2 = tag->granule_lg2;
		key.tag.level = tag->level;
		key.tag.d128 = tag->d128;
		break;
	}
	case SMMU3_KEPT_DPT:
	case SMMU3_KEPT_GPT: {
		const struct pa_region *region = watched->name;

		key.region.first = region->first;
		key.region.size_lg2 = region->size_lg2;
		key.region.sec_sid = region->sec_sid;
		key.region.leads_on = region->leads_on;
		key.region.granule = region->granule;
		break;
	}
	default: {
		const struct structure_name *name = watched->name;

		key.name.sid = name->sid;
		key.name.index = name->index;
		key.name.sec_sid = name->sec_sid;
	}
	}
	return key;
}

/* ---- Room ---- */

/* A power of two that can be doubled. */
#define LEDGER_MOST (UINT32_C(1) << 30)

bool ledger_room(void **array, uint32_t *room, uint32_t wanted, size_t bytes)
{
	uint32_t more = *room ? *room : 256;
	void *larger;

	if (wanted <= *room)
		return true;
	if (wanted > LEDGER_MOST)
		return false;
	while (more < wanted)
		more *= 2;
	larger = realloc(*array, more * bytes);
	if (!larger)
		return false;
	*array = larger;
	*room = more;
	return true;
}

uint64_t ledger_hash(const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < count; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint32_t ledger_hash32(const void *bytes, size_t count)
{
	const uint64_t hash = ledger_hash(bytes, count);

	return (uint32_t)(hash >> 32 ^ hash);
}

bool ledger_chains(uint32_t **chain, uint32_t *chains, uint32_t things)
{
	uint32_t more = *chains ? *chains : 256, *made;

	if ((*chains && things <= *chains) || things > LEDGER_MOST / 2)
		return false;
	while (more < 2 * things)
		more *= 2;
	made = calloc(more, sizeof(*made));
	if (!made)
		return false;
	free(*chain);
	*chain = made;
	*chains = more;
	return true;
}

/* ---- Records ---- */

const struct kept_record *ledger_record(const struct ledger *ledger, uint32_t number)
{
	return &ledger->record[number - 1];
}

const struct version *ledger_made_of(const struct ledger *ledger, uint32_t record, uint32_t index)
{
	return ledger_version(ledger, ledger->pool[ledger_record(ledger, record)->made_of + index]);
}

static uint32_t *chain_of_key(const struct ledger *ledger, const struct kept_key *key)
{
	return &ledger->record_chain[ledger_hash32(key, sizeof(*key)) &
				     (ledger->record_chains - 1)];
}

static void chain_record(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	uint32_t *chain = chain_of_key(ledger, &record->key);

	record->next = *chain;
	*chain = number;
}

/* ---- Names ---- */

static bool room_for_record(struct ledger *ledger)
{
	if (!ledger_room((void **)&ledger->record, &ledger->record_room, ledger->records + 1,
			 sizeof(*ledger->record)))
		return false;
	if (ledger_chains(&ledger->record_chain, &ledger->record_chains, ledger->records + 1))
		for (uint32_t i = 1; i <= ledger->records; i++)
			if (!ledger->record[i - 1].free)
				chain_record(ledger, i);
	return ledger->record_chain;
}

uint32_t ledger_find(const struct ledger *ledger, const struct kept_key *key)
{
	if (!ledger->record_chain)
		return 0;
	for (uint32_t i = *chain_of_key(ledger, key); i; i = ledger->record[i - 1].next)
		if (!memcmp(&ledger->record[i - 1].key, key, sizeof(*key)))
			return i;
	return 0;
}

/* One that is free, whose room is its next owner's; or one more, for which there is room. */
static uint32_t take_record(struct ledger *ledger)
{
	const uint32_t number = ledger->free_record ? ledger->free_record : ++ledger->records;
	struct kept_record *record = &ledger->record[number - 1];

	if (ledger->free_record) {
		ledger->free_record = record->next;
		record->free = false;
	} else {
		*record = (struct kept_record){ .count = 0 };
	}
	return number;
}

void ledger_hold_record(struct ledger *ledger, uint32_t number)
{
	ledger->record[number - 1].holds++;
}

void ledger_release_record(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];

	if (!--record->holds && !record->live)
		ledger_free_record(ledger, number);
}

void ledger_free_record(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	uint32_t *link = chain_of_key(ledger, &record->key);

	while (*link != number)
		link = &ledger->record[*link - 1].next;
	*link = record->next;
	record->next = ledger->free_record;
	record->free = true;
	ledger->free_record = number;
}

static struct kept_record *record_for(struct ledger *ledger, const struct kept_key *key)
{
	const uint32_t found = ledger_find(ledger, key);

	if (found)
		return &ledger->record[found - 1];
	if (!ledger->free_record && !room_for_record(ledger))
		return NULL;
	const uint32_t number = take_record(ledger);
	struct kept_record *record = &ledger->record[number - 1];

	memcpy(&record->key, key, sizeof(*key));
	chain_record(ledger, number);
	return record;
}

/* What it had before is lost: so it takes twice as much each time, and all of that is no more than
 * what it has then. */
static bool room_in_pool(struct ledger *ledger, struct kept_record *record, unsigned count)
{
	uint32_t room = record->room ? 2 * record->room : 8;

	if (count <= record->room)
		return true;
	while (room < count)
		room *= 2;
	if (!ledger_room((void **)&ledger->pool, &ledger->pool_room, ledger->pooled + room,
			 sizeof(*ledger->pool)))
		return false;
	record->made_of = ledger->pooled;
	record->room = room;
	ledger->pooled += room;
	return true;
}

void ledger_release_made_of(struct ledger *ledger, struct kept_record *record)
{
	for (uint32_t i = 0; i < record->count; i++)
		ledger_release(ledger, ledger->pool[record->made_of + i]);
	record->count = 0;
}

/* Of what has been collected, which is held before what it was made of is let go: that may be the
 * same. */
static bool make_anew(struct ledger *ledger, struct kept_record *record, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		ledger_hold(ledger, ledger->collection[i]);
	ledger_release_made_of(ledger, record);
	if (!room_in_pool(ledger, record, count)) {
		for (uint32_t i = 0; i < count; i++)
			ledger_release(ledger, ledger->collection[i]);
		return false;
	}
	if (count)
		memcpy(&ledger->pool[record->made_of], ledger->collection,
		       count * sizeof(*ledger->collection));
	record->count = count;
	return true;
}

void ledger_collect(struct ledger *ledger, uint32_t version)
{
	for (uint32_t i = 0; i < ledger->collected; i++)
		if (ledger->collection[i] == version)
			return;
	if (ledger_room((void **)&ledger->collection, &ledger->collection_room,
			ledger->collected + 1, sizeof(*ledger->collection)))
		ledger->collection[ledger->collected++] = version;
	else
		ledger->lost++;
}

/* There was no memory: what cannot be known is as good as gone. */
static void lose(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];

	ledger->lost++;
	ledger_release_made_of(ledger, record);
	if (!record->live && !record->holds)
		ledger_free_record(ledger, number);
}

void ledger_keep(struct ledger *ledger, const struct kept_key *key, const struct kept_when *when)
{
	struct kept_record *record = record_for(ledger, key);

	if (!record) {
		ledger->lost++;
		return;
	}
	const uint32_t number = (uint32_t)(record - ledger->record) + 1;

	if (make_anew(ledger, record, ledger->collected) &&
	    (record->live || ledger_enlist(ledger, number))) {
		record->when = *when;
		record->passed_by = record->going = false;
	} else {
		lose(ledger, number);
	}
}
