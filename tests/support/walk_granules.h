/* SPDX-License-Identifier: MIT */
/* The three granules, each with a walk through every level it has, for both stages. */
#ifndef SMMU_TEST_WALK_GRANULES_H
#define SMMU_TEST_WALK_GRANULES_H

#include "support/walk_world.h"

/* An input of 48 bits (16KB: 47, so that the walk starts at level 1), with indices 2, 3, 4 (and 5)
 * from the start level down. */
struct granule {
	unsigned code; /* CD.TG0, STE.S2TG */
	unsigned txsz;
	unsigned sl0; /* STE.S2SL0 of its start level */
	int start;
	unsigned page_lg2;
	uint64_t input;   /* offset 0x234 */
	uint64_t slot[4]; /* byte offset of the descriptor in the table of a level */
	uint64_t size[4]; /* bytes that a descriptor of a level maps */
};

static const struct granule granules[] = {
	{ G4K,
	  16,
	  2,
	  0,
	  12,
	  UINT64_C(0x100c0805234),
	  { 0x10, 0x18, 0x20, 0x28 },
	  { BIT(39), BIT(30), BIT(21), BIT(12) } },
	/* 2 << 36 | 3 << 25 | 4 << 14 */
	{ G16K,
	  17,
	  2,
	  1,
	  14,
	  UINT64_C(0x2006010234),
	  { 0, 0x10, 0x18, 0x20 },
	  { 0, BIT(36), BIT(25), BIT(14) } },
	/* 2 << 42 | 3 << 29 | 4 << 16 */
	{ G64K,
	  16,
	  2,
	  1,
	  16,
	  UINT64_C(0x80060040234),
	  { 0, 0x10, 0x18, 0x20 },
	  { 0, BIT(42), BIT(29), BIT(16) } },
};

/* Loop tests run over 3 granules x 2 stages. */
enum { GRANULES = 3, CASES = 2 * GRANULES };

static inline const struct granule *granule_of(int i)
{
	return &granules[i % GRANULES];
}

static inline unsigned stage_of(int i)
{
	return 1 + (unsigned)i / GRANULES;
}

static inline uint64_t table_of(unsigned stage, int level)
{
	return stage == 1 ? S1_TABLE(level) : S2_TABLE(level);
}

static inline uint64_t slot_of(const struct granule *g, unsigned stage, int level)
{
	return table_of(stage, level) + g->slot[level];
}

/* A leaf that everybody may use: page at level 3, block above. */
static inline uint64_t leaf_of(unsigned stage, int level)
{
	return (stage == 1 ? S1_PAGE : S2_PAGE) & ~(level < 3 ? UINT64_C(2) : 0);
}

/* A stream with one stage of this granule, tables down to level 3, no leaf; outputs of `output`
 * (CD.IPS, STE.S2PS). */
static inline struct world granule_world(const struct granule *g, unsigned stage, unsigned output)
{
	struct world w = world(stage == 1 ? S1_ONLY : S2_ONLY);

	memset(word_at(&w, S1_TABLE(0)), 0, 0x80000);
	memset(word_at(&w, S2_TABLE(0)), 0, 0x80000);
	set_field(&w.cd[0], 0, 6, g->txsz);
	set_field(&w.cd[0], 6, 2, g->code);
	set_field(&w.cd[0], 32, 3, output);
	w.cd[1] = S1_TABLE(g->start);
	set_field(&w.ste[2], 32, 6, g->txsz);
	set_field(&w.ste[2], 38, 2, g->sl0);
	set_field(&w.ste[2], 46, 2, g->code);
	set_field(&w.ste[2], 48, 3, output);
	w.ste[3] = S2_TABLE(g->start);
	for (int level = g->start; level < 3; level++)
		put(&w, slot_of(g, stage, level), table_of(stage, level + 1) | TABLE);
	return w;
}

#endif
