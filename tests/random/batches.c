/* SPDX-License-Identifier: MIT */
#include "batches.h"

void goods_note(struct goods *goods, const struct smmu3_txn *txn)
{
	goods->txn[goods->noted++ % GOOD_MOST] = *txn;
}

/* As one that succeeded, mostly at an address of the same page, else in one beside it or far off.
 */
static struct smmu3_txn draw_good(struct world *world, const struct goods *goods)
{
	struct rng *rng = &world->rng;
	const unsigned count = goods->noted < GOOD_MOST ? goods->noted : GOOD_MOST;
	struct smmu3_txn txn = goods->txn[rng_below(rng, count)];

	txn.addr ^= rng_bits(rng, 4) << (rng_chance(rng, 700) ? 4 : rng_from(rng, 12, 32));
	txn.bytes = 1;
	return txn;
}

/* New ones may change memory, so that less is kept: most batches have none. */
void batch_draw(struct batch *batch, struct world *world, const struct goods *goods, unsigned room)
{
	struct rng *rng = &world->rng;
	const unsigned new = rng_chance(rng, 300) ? 400 : 0;

	batch->count = rng_from(rng, 1, DUEL_BATCH);
	batch->section = rng_chance(rng, 500);
	if (batch->count > room)
		batch->count = room;
	for (unsigned i = 0; i < batch->count; i++) {
		if (!goods->noted || rng_chance(rng, new))
			world_access(world, &batch->txn[i]);
		else
			batch->txn[i] = draw_good(world, goods);
		batch->txn[i].cookie = cookie_of_left((unsigned)rng_next(rng));
	}
}
