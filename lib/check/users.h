/* SPDX-License-Identifier: MIT */
/*
 * Who has been led to which table lately by memory as it stood: of each table some accesses, one of
 * each stream and each place in its address space where the table is.  Its owner keeps others out.
 */
#ifndef SMMU_CHECK_USERS_H
#define SMMU_CHECK_USERS_H

#include "check/ledger.h"

enum { TABLE_USERS = 4 };

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
		uint32_t next; /* of a chain */
	} * table;
	uint32_t tables, room, *chain, chains;
	uint64_t lost; /* how often there was no memory */
};

void users_free(struct users *users);

/* An access was led there; who comes last is known, of so many. */
void users_note(struct users *users, const struct smmu3_step *step, const struct smmu3_txn *txn);

/* Of a table, into `found`: how many. */
unsigned users_of(const struct users *users, const struct table_place *place,
		  struct table_user found[TABLE_USERS]);

#endif
