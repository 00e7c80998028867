/* SPDX-License-Identifier: MIT */
#include "check/ledger.h"

#include "check/below.h"

#include <stdlib.h>
#include <string.h>

void ledger_free(struct ledger *ledger)
{
	free(ledger->version);
	free(ledger->record);
	free(ledger->pool);
	free(ledger->version_chain);
	free(ledger->record_chain);
	free(ledger->place_chain);
	free(ledger->collection);
	*ledger = (struct ledger){ .versions = 0 };
}

void ledger_begin(struct ledger *ledger)
{
	const uint64_t begins = ledger->begins + 1;

	ledger_free(ledger);
	ledger->begins = begins;
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

static uint32_t hash_of(const void *bytes, size_t count)
{
	const uint64_t hash = ledger_hash(bytes, count);

	return (uint32_t)(hash >> 32 ^ hash);
}

static uint32_t hash_of_place(uint64_t pa, uint8_t pas)
{
	const uint64_t place = pa ^ (uint64_t)pas << 61;

	return hash_of(&place, sizeof(place));
}

/* A chain for each thing, about; `rehash` puts all there are into new ones. */
static bool make_chains(uint32_t **chain, uint32_t *chains, uint32_t things)
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

/* ---- Versions ---- */

const struct version *ledger_version(const struct ledger *ledger, uint32_t number)
{
	return &ledger->version[number - 1];
}

static uint32_t *chain_of_place(const struct ledger *ledger, uint64_t pa, uint8_t pas)
{
	return &ledger->version_chain[hash_of_place(pa, pas) & (ledger->version_chains - 1)];
}

static void chain_version(struct ledger *ledger, uint32_t number)
{
	struct version *version = &ledger->version[number - 1];
	uint32_t *chain = chain_of_place(ledger, version->at.addr, (uint8_t)version->at.pas);

	version->next = *chain;
	*chain = number;
}

static bool room_for_version(struct ledger *ledger)
{
	if (!ledger_room((void **)&ledger->version, &ledger->version_room, ledger->versions + 1,
			 sizeof(*ledger->version)))
		return false;
	if (make_chains(&ledger->version_chain, &ledger->version_chains, ledger->versions + 1))
		for (uint32_t i = 1; i <= ledger->versions; i++)
			chain_version(ledger, i);
	return ledger->version_chain;
}

static bool is_of_place(const struct version *version, uint64_t pa, uint8_t pas)
{
	return version->at.addr == pa && (uint8_t)version->at.pas == pas;
}

/* Of a translation table descriptor the first of what it maps: it is one, whatever is looked up. */
static uint64_t input_of(const struct smmu3_step *step)
{
	const unsigned lg2 = ttd_maps_lg2(step->granule_lg2, step->words, step->level);

	if (step->reason != SMMU3_REASON_S1_TTD && step->reason != SMMU3_REASON_S2_TTD)
		return step->input;
	return lg2 < 64 ? align_down(step->input, lg2) : 0;
}

static bool is_version(const struct version *version, const struct smmu3_step *step, uint64_t input,
		       const uint64_t *word)
{
	return is_of_place(version, step->pa, step->pas) && version->reason == step->reason &&
	       version->words == step->words && version->level == step->level &&
	       version->input == input && !memcmp(version->word, word, step->words * sizeof(*word));
}

uint32_t ledger_read(struct ledger *ledger, const struct smmu3_step *step, const uint64_t *word)
{
	const uint64_t input = input_of(step);

	if (!room_for_version(ledger)) {
		ledger->lost++;
		return 0;
	}
	for (uint32_t i = *chain_of_place(ledger, step->pa, step->pas); i;
	     i = ledger->version[i - 1].next)
		if (is_version(&ledger->version[i - 1], step, input, word))
			return i;
	struct version *version = &ledger->version[ledger->versions++];

	*version = (struct version){
		.at = { step->pa, (enum smmu3_pas)step->pas },
		.attr = step->attr,
		.mecid = step->mecid,
		.mpam = step->mpam,
		.reason = step->reason,
		.words = step->words,
		.level = step->level,
		.granule_lg2 = step->granule_lg2,
		.big = word[0] != step->word[0],
		.input = input,
	};
	memcpy(version->word, word, step->words * sizeof(*word));
	chain_version(ledger, ledger->versions);
	return ledger->versions;
}

uint64_t version_number(const struct version *version, const uint64_t *word, unsigned index)
{
	if (!version->big)
		return word[index];
	return __builtin_bswap64(word[version->words == 2 ? 1 - index : index]);
}

static void put_number(struct version *version, unsigned index, uint64_t number)
{
	if (version->big)
		version->word[version->words == 2 ? 1 - index : index] = __builtin_bswap64(number);
	else
		version->word[index] = number;
}

/* As many words as the descriptor has are what it is to be, and as many more what it was. */
void ledger_update(struct ledger *ledger, const struct smmu3_step *step)
{
	if (!ledger->version_chain)
		return;
	for (uint32_t i = *chain_of_place(ledger, step->pa, step->pas); i;
	     i = ledger->version[i - 1].next) {
		struct version *version = &ledger->version[i - 1];

		if (is_of_place(version, step->pa, step->pas) && version->words == step->words &&
		    version_number(version, version->word, 0) == step->word[step->words])
			put_number(version, 0, step->word[0]);
	}
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
	return &ledger->record_chain[hash_of(key, sizeof(*key)) & (ledger->record_chains - 1)];
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
	if (make_chains(&ledger->record_chain, &ledger->record_chains, ledger->records + 1))
		for (uint32_t i = 1; i <= ledger->records; i++)
			chain_record(ledger, i);
	if (make_chains(&ledger->place_chain, &ledger->place_chains, ledger->records + 1))
		for (uint32_t i = ledger->first[KEPT_TRANSLATIONS]; i;
		     i = ledger->record[i - 1].after)
			ledger_chain_there(ledger, i);
	return ledger->record_chain && ledger->place_chain;
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

static struct kept_record *record_for(struct ledger *ledger, const struct kept_key *key)
{
	const uint32_t found = ledger_find(ledger, key);

	if (found)
		return &ledger->record[found - 1];
	if (!room_for_record(ledger))
		return NULL;
	struct kept_record *record = &ledger->record[ledger->records++];

	*record = (struct kept_record){ .count = 0 };
	memcpy(&record->key, key, sizeof(*key));
	chain_record(ledger, ledger->records);
	return record;
}

static bool room_in_pool(struct ledger *ledger, struct kept_record *record, unsigned count)
{
	if (count <= record->room)
		return true;
	if (!ledger_room((void **)&ledger->pool, &ledger->pool_room, ledger->pooled + count,
			 sizeof(*ledger->pool)))
		return false;
	record->made_of = ledger->pooled;
	record->room = count;
	ledger->pooled += count;
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

void ledger_keep(struct ledger *ledger, const struct kept_key *key, const struct kept_when *when)
{
	const uint32_t count = ledger->collected;
	struct kept_record *record = record_for(ledger, key);

	if (!record || !room_in_pool(ledger, record, count)) {
		ledger->lost++;
		return;
	}
	if (!record->live)
		ledger_enlist(ledger, (uint32_t)(record - ledger->record) + 1);
	record->when = *when;
	record->count = count;
	if (count)
		memcpy(&ledger->pool[record->made_of], ledger->collection,
		       count * sizeof(*ledger->collection));
}
