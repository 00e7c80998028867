/* SPDX-License-Identifier: MIT */
/* What endpoints were given: found by where it leads, and by what an endpoint is asked to drop. */
#include "check/ledger.h"

/* ---- By where it leads ---- */

/* The next of a place from a number on; 0: there is none. */
static uint32_t next_there(const struct ledger *ledger, uint32_t number,
			   const struct kept_place *place)
{
	for (; number; number = chains_after(&ledger->way[BY_TARGET], number)) {
		const struct kept_place its = ledger_target_of(&ledger_record(ledger, number)->key);

		if (ledger_same_place(&its, place))
			break;
	}
	return number;
}

/* Of one size. */
static uint32_t find_there(const struct ledger *ledger, const struct kept_place *place,
			   unsigned *others)
{
	const struct chains *chains = &ledger->way[BY_TARGET];
	uint32_t number = next_there(ledger, chains_first(chains, ledger_hash_of_place(place)),
				     place);

	for (; number && *others; --*others)
		number = next_there(ledger, chains_after(chains, number), place);
	return number;
}

uint32_t ledger_find_atc(const struct ledger *ledger, unsigned others, const struct smmu3_txn *txn)
{
	uint32_t number = 0;

	for (uint8_t lg2 = 0; lg2 < 64 && !number; lg2++) {
		const struct kept_place place = { align_down(txn->addr, lg2),
						  ledger_stream(txn->sec_sid, txn->sid),
						  SPACE_OF_ATCS, lg2 };

		if (ledger->sizes[SPACE_OF_ATCS].live[lg2])
			number = find_there(ledger, &place, &others);
	}
	return number;
}

/* ---- By what is to be dropped ---- */

/* Without a PASID of all that there are, and with the Global flag of every PASID. */
bool atc_is_meant(const struct kept_key *key, const struct smmu3_atc_invalidation *request)
{
	const struct kept_atc *atc = &key->atc;
	const uint64_t last = atc->addr + low_bits(atc->size_lg2);

	if (key->kind != SMMU3_KEPT_ATC || atc->sid != request->sid ||
	    atc->sec_sid != request->sec_sid)
		return false;
	if (request->ssv && (!atc->ssv || (!request->global && atc->ssid != request->ssid)))
		return false;
	return !request->bytes ||
	       (atc->addr <= request->addr + (request->bytes - 1) && request->addr <= last);
}

struct dropping {
	struct ledger *ledger;
	const struct smmu3_atc_invalidation *request;
	uint64_t moment;
};

static void drop_one(const struct dropping *dropping, uint32_t number)
{
	const struct kept_record *record = ledger_record(dropping->ledger, number);

	if (record->when.kept <= dropping->moment && atc_is_meant(&record->key, dropping->request))
		ledger_forget(dropping->ledger, number);
}

/* All that is in a chain: those of others are not meant. */
static void drop_chain(const struct dropping *dropping, enum kept_way way, uint32_t hash)
{
	const struct chains *chains = &dropping->ledger->way[way];

	for (uint32_t number = chains_first(chains, hash), after; number; number = after) {
		after = chains_after(chains, number);
		drop_one(dropping, number);
	}
}

static void drop_size(const struct dropping *dropping, uint8_t lg2)
{
	const struct smmu3_atc_invalidation *request = dropping->request;
	const uint64_t last = (request->addr + request->bytes - 1) >> lg2;

	for (uint64_t i = request->addr >> lg2; i <= last; i++) {
		const struct kept_place place = { i << lg2,
						  ledger_stream(request->sec_sid, request->sid),
						  SPACE_OF_ATCS, lg2 };

		drop_chain(dropping, BY_PLACE, ledger_hash_of_place(&place));
	}
}

/* At how many places what is meant may begin; UINT64_MAX: at every one. */
static uint64_t places_of(const struct dropping *dropping)
{
	const struct smmu3_atc_invalidation *request = dropping->request;
	const uint64_t last = request->addr + (request->bytes - 1);
	uint64_t places = 0;

	if (!request->bytes || last < request->addr)
		return UINT64_MAX;
	for (unsigned lg2 = 0; lg2 < 64; lg2++)
		if (dropping->ledger->sizes[SPACE_OF_ATCS].live[lg2])
			places += (last >> lg2) - (request->addr >> lg2) + 1;
	return places;
}

/* Is there no more of the stream than so much? */
static bool are_few(const struct chains *chains, uint32_t hash, uint64_t most)
{
	uint32_t number = chains_first(chains, hash);

	for (uint64_t i = 0; number && i < most; i++)
		number = chains_after(chains, number);
	return !number;
}

void ledger_drop_atc(struct ledger *ledger, const struct smmu3_atc_invalidation *request,
		     uint64_t moment)
{
	const struct dropping dropping = { ledger, request, moment };
	const uint32_t stream = ledger_hash_of_stream(KEPT_ATCS, request->sec_sid, request->sid);

	if (are_few(&ledger->way[BY_STREAM], stream, places_of(&dropping))) {
		drop_chain(&dropping, BY_STREAM, stream);
		return;
	}
	for (uint8_t lg2 = 0; lg2 < 64; lg2++)
		if (ledger->sizes[SPACE_OF_ATCS].live[lg2])
			drop_size(&dropping, lg2);
}
