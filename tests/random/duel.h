/* SPDX-License-Identifier: MIT */
/* The library and the obvious walker, given the same machine and the same access: do they agree on
 * everything, to the last fetch? */
#ifndef SMMU_TESTS_RANDOM_DUEL_H
#define SMMU_TESTS_RANDOM_DUEL_H

#include "memory.h"
#include "setup.h"
#include "software.h"

#include "obvious/obvious.h"

#include <smmu/check.h>
#include <smmu/smmu.h>

enum { DUEL_FETCHES = 160, DUEL_UPDATES = 1024 };

/* A descriptor that one side has written, in order.  What else it wrote is not noted. */
struct updates_made {
	struct {
		uint64_t pa, before, after;
	} update[DUEL_UPDATES];
	unsigned count;
};

/* One side's reads, in order. */
struct fetches {
	struct memory *memory;
	struct updates_made made; /* since both sides began */
	const struct protection *protection;
	struct aborts aborts;    /* the obvious walker's: the library is asked for its own */
	uint64_t meant, aborted; /* of these accesses */
	bool spaces;             /* it is Secure or Realm memory, too: memory_seen */
	struct smmu3_mem_access access[DUEL_FETCHES];
	unsigned count; /* may exceed DUEL_FETCHES: the rest was not noted */
};

struct duel {
	unsigned findings; /* of the checker, of the access; and the last of them */
	struct smmu3_finding finding;
	bool allowed; /* a difference that need not be one, what is kept of a clean page */
	struct software software; /* of the library's SMMU */
	struct obvious_machine machine;
	struct windows_added windows;
	struct fetches library, obvious;
	struct smmu3_outcome outcome; /* of a stall without its STAG */
	struct obvious_answer answer;
};

/* From now on SMMUs are checked: smmu/check.h.  How much has been found since. */
void duel_check(void);
uint64_t duel_findings(void);

/* Both sides in their initial state, for this setup; NULL when the library refuses it.  The memory
 * may change between accesses. */
struct duel *duel_open(const struct setup *setup, struct memory *memory, struct smmu3_error *error);

/* From now on GMPAM and GBPMPAM of a Security state are as this setup has them. */
void duel_label(struct duel *duel, const struct setup *setup, unsigned state);

/* Registers of a Security state, R_GMECID with them, are as this setup has them; software has yet
 * to write them. */
void duel_program(struct duel *duel, const struct setup *setup, unsigned state);

/* NULL, or what the library did wrong while it was destroyed. */
const char *duel_close(struct duel *duel);

/* One access on both sides, each of which finds memory as it was, and leaves the same in it.  NULL
 * if they agree, else the name of the first member, or "fetches", in which they do not; or what the
 * library did wrong with its queues and with stalls. */
const char *duel_run(struct duel *duel, const struct smmu3_txn *txn);

enum { DUEL_BATCH = 64 };

/* So many accesses in one batch, in a section or not; none is QUEUE_OPENED, and stalls of all are
 * left to be. */
struct batch {
	struct smmu3_txn txn[DUEL_BATCH];
	struct smmu3_outcome outcome[DUEL_BATCH];
	unsigned count;
	bool section;
};

/* The library's answers to all of them, after which memory is as it was; then the other's to each,
 * from the first: as duel_run; and what comes after the last: likewise. */
void duel_ask(struct duel *duel, struct batch *batch);
const char *duel_compare(struct duel *duel, const struct batch *batch, unsigned number);
const char *duel_end(struct duel *duel, const struct batch *batch);

/* From now on the library's answers are distorted in the way that a name says, to see that this is
 * found.  False: there is no such way. */
bool duel_distort(const char *name);

#endif
