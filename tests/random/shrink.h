/* SPDX-License-Identifier: MIT */
/* A single access with all it needs, and how to make it smaller while the two sides still differ.
 */
#ifndef SMMU_TESTS_RANDOM_SHRINK_H
#define SMMU_TESTS_RANDOM_SHRINK_H

#include "duel.h"
#include "memory.h"
#include "setup.h"

enum { SCENE_WORDS = 1024, SCENE_POISONED = 2 };

struct scene {
	struct setup setup;
	struct smmu3_txn txn;
	unsigned stalls; /* so many like it, which stall, come before it */
	struct scene_word {
		uint64_t addr, value;
	} word[SCENE_WORDS];
	unsigned words;
	uint64_t poisoned[SCENE_POISONED]; /* lines that answer with an abort: one a side */
	unsigned poisoned_lines;
};

/* The scene of an access that a duel has just run: what either side fetched, how many were stalled,
 * and nothing else. */
void scene_of(struct scene *scene, const struct setup *setup, const struct smmu3_txn *txn,
	      const struct duel *duel);

/* One that comes before it, by its number from 0: it is not probed, and its stall is left to be. */
struct smmu3_txn scene_before(const struct scene *scene, unsigned number);

/* Runs a scene on a fresh pair.  As duel_run; duel is the caller's to close, and NULL where the
 * library refuses the setup. */
const char *scene_run(const struct scene *scene, struct memory *memory, struct duel **duel);

/* Takes away whatever the difference does not need. */
void scene_shrink(struct scene *scene, struct memory *memory);

#endif
