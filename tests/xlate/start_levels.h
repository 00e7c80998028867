/* SPDX-License-Identifier: MIT */
/* The rows of start-level.csv: where a walk begins, by granule, TxSZ and SL0, for both stages. */
#ifndef SMMU_TEST_START_LEVELS_H
#define SMMU_TEST_START_LEVELS_H

#include "support/walk_world.h"

enum { START_ROWS = 256, NO_SL0 = 8 };

struct start_row {
	unsigned stage, granule, txsz, sl0; /* granule as CD.TG0 encodes it; stage 1 has no sl0 */
	int level;
	unsigned input_bits, resolved; /* resolved: at the start level */
	unsigned tables;               /* side by side */
	uint64_t bytes, align;         /* of all of them */
	unsigned oas;                  /* least output size */
	bool ds, stt, wide; /* needs 52-bit descriptors, small tables, a VA above 48 bits */
};

extern struct start_row start_rows[START_ROWS];

/* Fills start_rows. */
void read_start_rows(void);

/* A world whose one stage has this size and begins at ttb, whose output has 48 bits, on a machine
 * of 52 bits with small tables; memory tells what is read. */
struct world start_world(unsigned stage, unsigned granule, unsigned txsz, unsigned sl0,
			 uint64_t ttb);

#endif
