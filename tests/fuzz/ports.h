/* SPDX-License-Identifier: MIT */
/* The ways of a board's devices into its SMMU: without a port, through one, by a handle of it,
 * several accesses at once. */
#ifndef SMMU_TEST_FUZZ_PORTS_H
#define SMMU_TEST_FUZZ_PORTS_H

#include "board.h"

enum { BATCH = FLYING_AT_ONCE };

/* The board has a port from here on; no more from there on. */
void ports_open(struct board *board);
void ports_close(struct board *board);

/* smmu3_translate, the way that has been chosen. */
enum smmu3_verdict ports_translate(struct board *board, const struct smmu3_txn *txn,
				   struct smmu3_outcome *outcome);

/* Are several to be asked for at once? */
bool ports_gather(const struct board *board);
void ports_translate_batch(struct board *board, const struct smmu3_txn txn[BATCH],
			   struct smmu3_outcome outcome[BATCH]);

/* A section begins or ends, or the port is another; and which way is to be taken. */
void ports_step(struct board *board, const struct step *step);

/* The handle is for accesses like this. */
void ports_handle(struct board *board, const struct smmu3_txn *like);

#endif
