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

/* ---- Where it is ---- */

struct kept_place ledger_place_of(const struct kept_key *key)
{
	const struct kept_atc *atc = &key->atc;

	switch (key->kind) {
	case SMMU3_KEPT_ATC:
		return (struct kept_place){ atc->addr, ledger_stream(atc->sec_sid, atc->sid),
					    SPACE_OF_ATCS, atc->size_lg2 };
	case SMMU3_KEPT_L1STD:
		return (struct kept_place){ key->name.sid, ledger_stream(key->name.sec_sid, 0),
					    SPACE_OF_L1STDS, (uint8_t)key->name.index };
	default:
		return (struct kept_place){ key->tag.input, 0, key->tag.kind, key->tag.size_lg2 };
	}
}

struct kept_place ledger_target_of(const struct kept_key *key)
{
	struct kept_place place = ledger_place_of(key);

	place.addr = key->atc.to;
	return place;
}

uint32_t ledger_hash_of_place(const struct kept_place *place)
{
	const uint64_t what[] = { place->addr, place->stream,
				  (uint64_t)place->space << 8 | place->size_lg2 };

	return ledger_hash32(what, sizeof(what));
}

bool ledger_same_place(const struct kept_place *a, const struct kept_place *b)
{
	return a->addr == b->addr && a->stream == b->stream && a->space == b->space &&
	       a->size_lg2 == b->size_lg2;
}

uint32_t ledger_hash_of_stream(enum kept_class class, uint8_t sec_sid, uint32_t sid)
{
	const uint64_t what[] = { ledger_stream(sec_sid, sid), class };

	return ledger_hash32(what, sizeof(what));
}

/* ---- By which ways it is found ---- */

static const bool has_way[][KEPT_WAYS] = {
	[SMMU3_KEPT_L1STD] = { [BY_PLACE] = true },
	[SMMU3_KEPT_STE] = { [BY_STREAM] = true },
	[SMMU3_KEPT_CD] = { [BY_STREAM] = true },
	[SMMU3_KEPT_L1CD] = { [BY_STREAM] = true },
	[SMMU3_KEPT_TRANSLATION] = { [BY_PLACE] = true },
	[SMMU3_KEPT_TABLE] = { [BY_PLACE] = true },
	[SMMU3_KEPT_DPT] = { false },
	[SMMU3_KEPT_GPT] = { false },
	[SMMU3_KEPT_ATC] = { true, true, true },
};

static uint32_t hash_of_way(enum kept_way way, const struct kept_key *key)
{
	const struct kept_place place = way == BY_TARGET ? ledger_target_of(key) :
							   ledger_place_of(key);

	if (way != BY_STREAM)
		return ledger_hash_of_place(&place);
	return key->kind == SMMU3_KEPT_ATC ?
		       ledger_hash_of_stream(KEPT_ATCS, key->atc.sec_sid, key->atc.sid) :
		       ledger_hash_of_stream(KEPT_STRUCTURES, key->name.sec_sid, key->name.sid);
}

static void take_ways(struct ledger *ledger, uint32_t number)
{
	for (unsigned way = 0; way < KEPT_WAYS; way++)
		chains_take(&ledger->way[way], number);
}

static bool put_ways(struct ledger *ledger, uint32_t number)
{
	const struct kept_key *key = &ledger->record[number - 1].key;
	bool put = true;

	for (enum kept_way way = 0; way < KEPT_WAYS && put; way++)
		put = !has_way[key->kind][way] ||
		      chains_put(&ledger->way[way], number, hash_of_way(way, key));
	if (!put)
		take_ways(ledger, number);
	return put;
}

/* Of what has a place: one more, or one less. */
static void count_place(struct ledger *ledger, const struct kept_key *key, int more)
{
	const bool translation = class_of(key) == KEPT_TRANSLATIONS;
	const struct kept_place place = ledger_place_of(key);
	struct kept_sizes *sizes = &ledger->sizes[place.space];
	const uint8_t origin_lg2 = translation ? key->tag.origin_lg2 : place.size_lg2;

	sizes->live[place.size_lg2] += (uint32_t)more;
	if (sizes->origin_lg2[place.size_lg2] < origin_lg2)
		sizes->origin_lg2[place.size_lg2] = origin_lg2;
}

/* ---- What may be there ---- */

bool ledger_enlist(struct ledger *ledger, uint32_t number)
{
	struct kept_record *record = &ledger->record[number - 1];
	const enum kept_class class = class_of(&record->key);

	if (!put_ways(ledger, number))
		return false;
	record->live = true;
	record->after = 0;
	record->before = ledger->last[class];
	*(record->before ? &ledger->record[record->before - 1].after :
			   &ledger->first[class]) = number;
	ledger->last[class] = number;
	ledger->live[class]++;
	if (has_way[record->key.kind][BY_PLACE])
		count_place(ledger, &record->key, 1);
	return true;
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
	take_ways(ledger, number);
	if (has_way[record->key.kind][BY_PLACE])
		count_place(ledger, &record->key, -1);
	if (!record->holds)
		ledger_free_record(ledger, number);
}
