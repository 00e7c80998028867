/* SPDX-License-Identifier: MIT */
/*
 * What an SMMU may have kept: every word that accesses have read on their way, and for whom.  A
 * word that has changed since is out of date where it is kept, and its users say which
 * invalidations it takes.  3.21, 4.3, 4.4
 */
#ifndef SMMU_TESTS_RANDOM_KEPT_H
#define SMMU_TESTS_RANDOM_KEPT_H

#include "duel.h"
#include "memory.h"
#include "world.h"

#include <smmu/inspect.h>

enum { KEPT_USERS = 16384, KEPT_ACCESSES = 128 };

/* A word that was read for an access. */
struct user {
	uint64_t pa, value; /* as memory has it */
	uint64_t input;     /* of a translation table descriptor: what it translates */
	uint32_t sid, ssid;
	uint16_t vmid, asid;
	uint8_t sec_sid;     /* enum smmu3_pas */
	uint8_t world;       /* enum obvious_world */
	uint8_t reason;      /* enum smmu3_reason */
	uint8_t part;        /* which word of its structure */
	uint8_t fault_class; /* of stage 2's: what its IPA is for */
	uint8_t granule_lg2;
	int8_t level;
	bool nested;
	bool d128;      /* a half of a descriptor of VMSAv9-128 */
	bool high;      /* bits 127:64 of it */
	bool table;     /* a Table descriptor */
	bool big;       /* a descriptor with its bytes in the other order */
	bool apart;     /* of stage 1 with CD.PnCH or DisCH, where nothing is contiguous */
	bool ns_ipa;    /* of a Secure stream's stage 2: it translates Non-secure IPAs */
	bool ns;        /* it was read from Non-secure memory, or at a Non-secure IPA */
	bool global;    /* the access has read a leaf of stage 1 that is of every ASID */
	uint8_t access; /* which one */
};

struct kept {
	struct user user[KEPT_USERS];
	unsigned users;
	struct smmu3_txn txn[KEPT_ACCESSES];
	unsigned txns;
};

void kept_clear(struct kept *kept);

/* Is there room for what so many more accesses may read? */
bool kept_takes(const struct kept *kept, unsigned accesses);

/* Notes what an access is about to read. */
void kept_note(struct kept *kept, struct world *world, struct duel *duel,
	       const struct smmu3_txn *txn);

/* What the library has updated since: it is noted as it is now.  false: a structure is another by
 * that. */
bool kept_follow(struct kept *kept, const struct duel *duel);

bool user_is_ttd(const struct user *user);

/* Of a translation table descriptor. */
bool user_is_table(const struct user *user);
unsigned user_block_lg2(const struct user *user);

/* Has its word changed? */
bool user_is_stale(const struct user *user, const struct memory *memory);

/* Is its word kept by the library?  An access that needs it comes through without reading it. */
bool user_is_kept(const struct user *user, const struct kept *kept, struct duel *duel);

#endif
