/* SPDX-License-Identifier: MIT */
/* One machine twice: an SMMU of the library, and the obvious walker.  Both are asked for the same
 * accesses; the first difference is printed and ends the process. */
#ifndef SMMU_TEST_FUZZ_DIFFER_H
#define SMMU_TEST_FUZZ_DIFFER_H

#include "obvious/obvious.h"
#include "stalled.h"

#include <smmu/inspect.h>
#include <smmu/smmu.h>

/* One read of the SMMU's own, and how memory answered.  Of an update of a descriptor, what it would
 * have written: memory stays what it is. */
struct fetch {
	struct smmu3_mem_access access;
	bool ok;
	uint64_t word[8]; /* zero where memory did not answer */
};

/* Two stages of 5 levels and two levels of each table: at most 49 reads; with updates each walk of
 * stage 2 is 10 of both, and each descriptor of stage 1 has two of these. */
enum { FETCHES_MOST = 192 };

struct fetches {
	struct fetch fetch[FETCHES_MOST];
	unsigned count;
};

/* Memory that the library may read without asking; the machine's read must answer the same. */
struct ram {
	uint64_t base, size;
	void *host;
};

struct differ {
	struct obvious_machine machine; /* registers and memory as the caller described them */
	struct ram ram;
	struct smmu3 *smmu;
	struct stalled stalled;
	struct fetches asked; /* of the library, by its callback */
	struct fetches steps; /* of the library, as smmu3_explain tells them */
	struct fetches obvious;
	struct fetches swapped, foretold, written; /* updates: of the same three */
};

/* An SMMU, in reset and then programmed through its registers.  False: its ID registers are
 * refused.  ram may be NULL. */
bool differ_open(struct differ *differ, const struct obvious_machine *machine,
		 const struct ram *ram);

/* Resets it: what is stalled comes back. */
void differ_close(struct differ *differ);

/* Asks both for one well-formed Non-secure access. */
void differ_ask(struct differ *differ, const struct smmu3_txn *txn);

#endif
