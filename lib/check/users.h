/* SPDX-License-Identifier: MIT */
/*
 * Who has been led to which table lately by memory as it stood: of each table some accesses, one of
 * each stream and each place in its address space where the table is.  Of so many tables: one more
 * takes the place of that to which nobody has been led for longest.  Its owner keeps others out.
 */
#ifndef SMMU_CHECK_USERS_H
#define SMMU_CHECK_USERS_H

#include "base/chains.h"
#include "check/ledger.h"

enum {
	TABLE_USERS = 4,
	USERS_TABLES = 1 << 16, /* 15MB: the tables of 128GB in pages of 4KB */
	USERS_UNKNOWN = TABLE_USERS + 1,
};

/* A translation table, or an STE, a CD or another structure by itself. */
struct table_place {
	uint64_t pa;
	uint8_t pas, reason;
};

struct table_place place_of_step(const struct smmu3_step *step);
struct table_place place_of_version(const struct version *version);
bool same_table(const struct table_place *a, const struct table_place *b);

/* The first that a table maps, of others what was looked up; and by whom. */
struct table_user {
	uint64_t input;
	struct smmu3_txn txn;
};

/* Zero: nobody has been met. */
struct users {
	struct table_users {
		struct table_place place;
		uint8_t count, oldest;
		struct table_user user[TABLE_USERS];
		uint32_t before, after; /* to which somebody was led, numbers from 1 */
	} * table;
	uint32_t tables, room;
	uint32_t first, last; /* the one that goes next, and the one to which somebody was last */
	struct chains places; /* of tables */
	uint64_t dropped;     /* tables that have gone */
	uint64_t lost;        /* how often there was no memory */
};

void users_free(struct users *users);

/* An access was led there; who comes last is known, of so many. */
void users_note(struct users *users, const struct smmu3_step *step, const struct smmu3_txn *txn);

/* Of a table, into `found`: how many; USERS_UNKNOWN: it may be one that has gone. */
unsigned users_of(const struct users *users, const struct table_place *place,
		  struct table_user found[TABLE_USERS]);

#endif
