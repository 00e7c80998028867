/* SPDX-License-Identifier: MIT */
#include "check/users.h"

#include "check/below.h"

#include <stdlib.h>
#include <string.h>

void users_free(struct users *users)
{
	free(users->table);
	free(users->chain);
	*users = (struct users){ .tables = 0 };
}

static bool is_translation_table(unsigned reason)
{
	return reason == SMMU3_REASON_S1_TTD || reason == SMMU3_REASON_S2_TTD;
}

/* Where a table begins with a descriptor at this address. */
static struct table_place place_of(uint64_t pa, uint8_t pas, uint8_t reason, unsigned granule_lg2)
{
	return (struct table_place){ is_translation_table(reason) ? align_down(pa, granule_lg2) :
								    pa,
				     pas, reason };
}

struct table_place place_of_step(const struct smmu3_step *step)
{
	return place_of(step->pa, step->pas, step->reason, step->granule_lg2);
}

struct table_place place_of_version(const struct version *version)
{
	return place_of(version->at.addr, (uint8_t)version->at.pas, version->reason,
			version->granule_lg2);
}

bool same_table(const struct table_place *a, const struct table_place *b)
{
	return a->pa == b->pa && a->pas == b->pas && a->reason == b->reason;
}

/* ---- Where a table is noted ---- */

static uint32_t *chain_of(const struct users *users, const struct table_place *place)
{
	const uint64_t what[2] = { place->pa, (uint64_t)place->pas << 8 | place->reason };

	return &users->chain[ledger_hash(what, sizeof(what)) % users->chains];
}

static struct table_users *find(const struct users *users, const struct table_place *place)
{
	if (!users->chain)
		return NULL;
	for (uint32_t i = *chain_of(users, place); i; i = users->table[i - 1].next)
		if (same_table(&users->table[i - 1].place, place))
			return &users->table[i - 1];
	return NULL;
}

static void put_into_chain(struct users *users, uint32_t number)
{
	struct table_users *table = &users->table[number - 1];
	uint32_t *chain = chain_of(users, &table->place);

	table->next = *chain;
	*chain = number;
}

/* As many chains as there is room for tables. */
static bool make_room(struct users *users)
{
	if (users->tables < users->room)
		return true;
	const uint32_t room = users->room;

	if (!ledger_room((void **)&users->table, &users->room, users->tables + 1,
			 sizeof(*users->table)))
		return false;
	uint32_t *chain = calloc(users->room, sizeof(*chain));

	if (!chain) {
		users->room = room;
		return false;
	}
	free(users->chain);
	users->chain = chain;
	users->chains = users->room;
	for (uint32_t number = 1; number <= users->tables; number++)
		put_into_chain(users, number);
	return true;
}

static struct table_users *find_or_make(struct users *users, const struct table_place *place)
{
	struct table_users *table = find(users, place);

	if (table || !make_room(users))
		return table;
	table = &users->table[users->tables++];
	*table = (struct table_users){ .place = *place };
	put_into_chain(users, users->tables);
	return table;
}

/* ---- By whom ---- */

/* Of a translation table the first that all of it maps. */
static uint64_t input_of(const struct smmu3_step *step)
{
	const unsigned lg2 = is_translation_table(step->reason) ?
				     ttd_maps_lg2(step->granule_lg2, step->words, step->level - 1) :
				     0;

	return lg2 < 64 ? align_down(step->input, lg2) : 0;
}

static bool is_same_user(const struct table_user *a, uint64_t input, const struct smmu3_txn *txn)
{
	return a->input == input && a->txn.sid == txn->sid && a->txn.sec_sid == txn->sec_sid &&
	       a->txn.ssid == txn->ssid && !((a->txn.flags ^ txn->flags) & SMMU3_TXN_SSV);
}

static struct table_user *slot_of(struct table_users *table, uint64_t input,
				  const struct smmu3_txn *txn)
{
	for (unsigned i = 0; i < table->count; i++)
		if (is_same_user(&table->user[i], input, txn))
			return &table->user[i];
	if (table->count < TABLE_USERS)
		return &table->user[table->count++];
	const unsigned oldest = table->oldest;

	table->oldest = (uint8_t)((oldest + 1) % TABLE_USERS);
	return &table->user[oldest];
}

void users_note(struct users *users, const struct smmu3_step *step, const struct smmu3_txn *txn)
{
	const struct table_place place = place_of_step(step);
	const uint64_t input = input_of(step);
	struct table_users *table = find_or_make(users, &place);

	if (table)
		*slot_of(table, input, txn) = (struct table_user){ input, *txn };
	else
		users->lost++;
}

unsigned users_of(const struct users *users, const struct table_place *place,
		  struct table_user found[TABLE_USERS])
{
	const struct table_users *table = find(users, place);

	if (!table)
		return 0;
	memcpy(found, table->user, table->count * sizeof(*found));
	return table->count;
}
