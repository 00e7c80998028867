/* SPDX-License-Identifier: MIT */
#include "check/users.h"

#include "check/below.h"

#include <stdlib.h>
#include <string.h>

void users_free(struct users *users)
{
	free(users->table);
	chains_free(&users->places);
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

static uint32_t hash_of(const struct table_place *place)
{
	const uint64_t what[2] = { place->pa, (uint64_t)place->pas << 8 | place->reason };

	return ledger_hash32(what, sizeof(what));
}

/* 0: nobody was led there. */
static uint32_t find(const struct users *users, const struct table_place *place)
{
	uint32_t number = chains_first(&users->places, hash_of(place));

	while (number && !same_table(&users->table[number - 1].place, place))
		number = chains_after(&users->places, number);
	return number;
}

/* ---- Who was led there last ---- */

static void enlist(struct users *users, uint32_t number)
{
	struct table_users *table = &users->table[number - 1];

	table->after = 0;
	table->before = users->last;
	*(users->last ? &users->table[users->last - 1].after : &users->first) = number;
	users->last = number;
}

static void unlist(struct users *users, uint32_t number)
{
	const struct table_users *table = &users->table[number - 1];

	*(table->before ? &users->table[table->before - 1].after : &users->first) = table->after;
	*(table->after ? &users->table[table->after - 1].before : &users->last) = table->before;
}

/* The place of the first, that nobody has any more. */
static uint32_t drop_first(struct users *users)
{
	const uint32_t number = users->first;

	unlist(users, number);
	chains_take(&users->places, number);
	users->dropped++;
	return number;
}

/* For one more table; 0: there is no memory. */
static uint32_t take_place(struct users *users)
{
	if (users->tables == USERS_TABLES)
		return drop_first(users);
	return ledger_room((void **)&users->table, &users->room, users->tables + 1,
			   sizeof(*users->table)) ?
		       users->tables + 1 :
		       0;
}

static uint32_t make(struct users *users, const struct table_place *place)
{
	const uint32_t number = take_place(users);

	if (!number || !chains_put(&users->places, number, hash_of(place)))
		return 0;
	users->table[number - 1] = (struct table_users){ .place = *place };
	if (number > users->tables)
		users->tables = number;
	enlist(users, number);
	return number;
}

/* It is the last now. */
static struct table_users *find_or_make(struct users *users, const struct table_place *place)
{
	const uint32_t found = find(users, place);

	if (found) {
		unlist(users, found);
		enlist(users, found);
		return &users->table[found - 1];
	}
	const uint32_t made = make(users, place);

	return made ? &users->table[made - 1] : NULL;
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
	const uint32_t number = find(users, place);

	if (!number)
		return users->dropped ? USERS_UNKNOWN : 0;
	const struct table_users *table = &users->table[number - 1];

	memcpy(found, table->user, table->count * sizeof(*found));
	return table->count;
}
