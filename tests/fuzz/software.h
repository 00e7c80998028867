/* SPDX-License-Identifier: MIT */
/*
 * What software and devices do to a board, one step after the other, as bytes say it.
 *
 * A step is a byte that says what, three small operands, and as many numbers as it takes.  A number
 * is a byte whose low three bits say what follows: nothing, 1, 2, 4 or 8 bytes; a place in memory
 * or among the registers, in 2 bytes; or one bit.
 */
#ifndef SMMU_TEST_FUZZ_SOFTWARE_H
#define SMMU_TEST_FUZZ_SOFTWARE_H

#include "board.h"
#include "bytes.h"

/* The driver's own: Stream table, CD, translation tables and queues in memory, programmed, and
 * everything enabled.  software_tables.c */
void software_bring_up(struct board *board);

/* A word of the structures that it makes. */
uint64_t software_structure(unsigned which);

/* Takes a step, with the one that it puts into a callback, and does it. */
void software_take(struct board *board, struct bytes *bytes);

/* Does a step in a callback. */
void software_step(struct board *board, const struct step *step);

#endif
