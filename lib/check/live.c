/* SPDX-License-Identifier: MIT */
/* Which records are of what may be there still: in lists, and by place. */
#include "check/ledger.h"

static enum kept_class class_of(const struct kept_key *key)
{
	static const uint8_t classes[] = {
		[SMMU3_KEPT_L1STD] = KEPT_STRUCTURES,
		[SMMU3_KEPT_STE] = KEPT_STRUCTURES,
		[SMMU3_KEPT_CD] = KEPT_STRUCTURES,
		[SMMU3_KEPT_TRANSLATION] = KEPT_TRANSLATIONS,
		[SMMU3_KEPT_TABLE] = KEPT_TRANSLATIONS,
		[SMMU3_KEPT_DPT] = KEPT_REGIONS,
		[SMMU3_KEPT_GPT] = KEPT_REGIONS,
		[SMMU3_KEPT_ATC] = KEPT_ATCS,
		[SMMU3_KEPT_L1CD] = KEPT_STRUCTURES,
	};

	return (enum kept_class)classes[key->kind];
}

uint32_t *ledger_chain_of_place(const struct ledger *ledger, unsigned kind, uint64_t input,
				unsigned size_lg2)
{
	const uint64_t place[2] = { input, kind << 8 | size_lg2 };

	return &ledger->place_chain[ledger_hash(place, sizeof(place)) % ledger->place_chains];
}

static uint32_t *chain_of_tag(const struct ledger *ledger, const struct tlb_tag *tag)
{
	return ledger_chain_of_place(ledger, tag->kind, tag->input, tag->size_lg2);
}

void ledger_chain_there(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	uint32_t *chain = chain_of_tag(ledger, &record->key.tag);

	record->next_there = *chain;
	*chain = number;
}

static void unchain_there(struct ledger *ledger, uint32_t number)
{
	const struct kept_record *record = &ledger->record[number - 1];
	uint32_t *link = chain_of_tag(ledger, &record->key.tag);

	while (*link != number)
		link = &ledger->record[*link - 1].next_there;
	*link = record->next_there;
}

void ledger_enlist(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	const enum kept_class class = class_of(&record->key);

	record->live = true;
	record->after = 0;
	record->before = ledger->last[class];
	*(record->before ? &ledger->record[record->before - 1].after :
			   &ledger->first[class]) = number;
	ledger->last[class] = number;
	ledger->live[class]++;
	if (class != KEPT_TRANSLATIONS)
		return;
	const struct tlb_tag *tag = &record->key.tag;
	struct kept_sizes *sizes = &ledger->sizes[tag->kind];

	ledger_chain_there(ledger, number);
	sizes->live[tag->size_lg2]++;
	if (sizes->origin_lg2[tag->size_lg2] < tag->origin_lg2)
		sizes->origin_lg2[tag->size_lg2] = tag->origin_lg2;
}

void ledger_forget(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	const enum kept_class class = class_of(&record->key);

	if (!record->live)
		return;
	ledger_release_made_of(ledger, record);
	record->live = false;
	*(record->before ? &ledger->record[record->before - 1].after :
			   &ledger->first[class]) = record->after;
	*(record->after ? &ledger->record[record->after - 1].before :
			  &ledger->last[class]) = record->before;
	ledger->live[class]--;
	if (class == KEPT_ATCS)
		ledger_free_record(ledger, number);
	if (class != KEPT_TRANSLATIONS)
		return;
	unchain_there(ledger, number);
	ledger->sizes[record->key.tag.kind].live[record->key.tag.size_lg2]--;
}
