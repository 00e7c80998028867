/* SPDX-License-Identifier: MIT */
/*
 * The invalidations that software owes after it has changed what may be kept: no more than it
 * takes, or one that covers more, but never less.  4.3, 4.4
 */
#ifndef SMMU_TESTS_RANDOM_MAINTAIN_H
#define SMMU_TESTS_RANDOM_MAINTAIN_H

#include "kept.h"

/* How far commands reach; each is drawn anew for everything that has changed together. */
enum reach {
	BY_ADDRESS,
	BY_ADDRESS_ANY_ASID,
	BY_RANGE,
	BY_RANGE_ANY_ASID,
	BY_ASID,
	BY_VMID, /* TLBI_NH_ALL */
	BY_BOTH, /* TLBI_S12_VMALL */
	BY_ALL,  /* TLBI_NSNH_ALL */
	TLB_REACHES,
};

enum cfgi {
	CFGI_ONE,    /* CFGI_STE, CFGI_CD */
	CFGI_CDS,    /* CFGI_CD_ALL for a CD */
	CFGI_STREAM, /* CFGI_STE for a CD */
	CFGI_RANGE,
	CFGI_EVERY, /* CFGI_ALL */
	CFGI_REACHES,
};

struct remedy {
	enum reach reach;
	bool leaf; /* Leaf = 1 where a leaf has changed */
	enum cfgi cfgi;
	bool cfgi_leaf;
};

struct remedy draw_remedy(struct world *world);

/* What is drawn, as far as it can be for this user. */
struct remedy remedy_for(const struct world *world, const struct user *user, struct remedy remedy);

/* All that is owed for words that have changed.  group_lg2: leaves have as many neighbours, log2,
 * that were changed with them. */
void maintain(struct kept *kept, struct world *world, struct duel *duel, struct remedy remedy,
	      unsigned group_lg2);

/* Nothing is kept afterwards. */
void maintain_all(struct kept *kept, struct world *world, struct duel *duel);

#endif
