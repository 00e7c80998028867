/* SPDX-License-Identifier: MIT */
/* Structures as they were read, each known as long as somebody holds it. */
#include "check/ledger.h"

#include "check/below.h"

#include <string.h>

static uint32_t hash_of_place(uint64_t pa, uint8_t pas)
{
	const uint64_t place = pa ^ (uint64_t)pas << 61;

	return ledger_hash32(&place, sizeof(place));
}

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
	if (ledger->free_version)
		return true;
	if (!ledger_room((void **)&ledger->version, &ledger->version_room, ledger->versions + 1,
			 sizeof(*ledger->version)))
		return false;
	if (ledger_chains(&ledger->version_chain, &ledger->version_chains, ledger->versions + 1))
		for (uint32_t i = 1; i <= ledger->versions; i++)
			if (ledger->version[i - 1].holds)
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

/* One that is free, or one more.  There is room. */
static uint32_t take_version(struct ledger *ledger)
{
	const uint32_t number = ledger->free_version;

	if (!number)
		return ++ledger->versions;
	ledger->free_version = ledger->version[number - 1].next;
	return number;
}

static void unchain_version(struct ledger *ledger, uint32_t number)
{
	const struct version *version = &ledger->version[number - 1];
	uint32_t *link = chain_of_place(ledger, version->at.addr, (uint8_t)version->at.pas);

	while (*link != number)
		link = &ledger->version[*link - 1].next;
	*link = version->next;
}

void ledger_hold(struct ledger *ledger, uint32_t number)
{
	ledger->version[number - 1].holds++;
}

void ledger_release(struct ledger *ledger, uint32_t number)
{
	struct version *version = &ledger->version[number - 1];

	if (--version->holds)
		return;
	unchain_version(ledger, number);
	version->next = ledger->free_version;
	ledger->free_version = number;
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
		if (is_version(&ledger->version[i - 1], step, input, word)) {
			ledger_hold(ledger, i);
			return i;
		}
	const uint32_t number = take_version(ledger);
	struct version *version = &ledger->version[number - 1];

	*version = (struct version){
		.holds = 1,
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
	chain_version(ledger, number);
	return number;
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
		    version_number(version, version->word, 0) == step->word[step->words]) {
			put_number(version, 0, step->word[0]);
			version->updated = true;
		}
	}
}

bool ledger_was_updated(const struct ledger *ledger, const struct kept_key *key)
{
	const uint32_t number = ledger_find(ledger, key);
	const uint32_t count = number ? ledger_record(ledger, number)->count : 0;
	bool updated = false;

	for (uint32_t i = 0; i < count && !updated; i++)
		updated = ledger_made_of(ledger, number, i)->updated;
	return updated;
}
