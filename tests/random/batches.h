/* SPDX-License-Identifier: MIT */
/* Batches of accesses: new ones, and such as have succeeded, for ports keep what those found. */
#ifndef SMMU_TESTS_RANDOM_BATCHES_H
#define SMMU_TESTS_RANDOM_BATCHES_H

#include "duel.h"
#include "world.h"

enum { GOOD_MOST = 64 };

/* The last accesses of a machine that succeeded. */
struct goods {
	struct smmu3_txn txn[GOOD_MOST];
	unsigned noted;
};

void goods_note(struct goods *goods, const struct smmu3_txn *txn);

/* One that may stall as often as there is room. */
void batch_draw(struct batch *batch, struct world *world, const struct goods *goods, unsigned room);

#endif
