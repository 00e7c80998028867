/* SPDX-License-Identifier: MIT */
/* Where translations of 64-bit descriptors end: granule, start level, Block or Page, contiguous.
 * DDI 0487 D8.2 */
#include "cells.h"

enum {
	MODES = 4, /* of a leaf: bit 0 stage 2, bit 1 one of both stages */
	GRANULES = 3,
	LEVELS = 4,
	STARTS = LEVELS + 1, /* from level -1 on */
	CONTIGUOUS = 2,
	KINDS = GRANULES * LEVELS,
};

static const char *const mode_name[MODES] = { "stage 1", "stage 2", "stage 1 of both",
					      "stage 2 of both" };
static const char *const granule_name[GRANULES] = { "4K", "16K", "64K" };
static const char *const leaf_size[GRANULES][LEVELS] = {
	{ "512G", "1G", "2M", "4K" },
	{ "128T", "64G", "32M", "16K" },
	{ "-", "4T", "512M", "64K" },
};

/* Blocks stand at level 1 and below with 4KB, at level 2 with 16KB, at level 1 and below with 64KB
 * where OAS is 52; with DS also at the level above. */
static bool has_leaves(unsigned granule, unsigned level)
{
	static const unsigned first[GRANULES] = { 0, 1, 1 };

	return level >= first[granule];
}

/* At level -1 with 4KB alone, at level 0 not with 64KB. */
static bool starts(unsigned granule, int start)
{
	return start > 0 || granule == 0 || (granule == 1 && start == 0);
}

static void name_leaf(unsigned index, struct cell *cell)
{
	const unsigned contiguous = index % CONTIGUOUS, level = index / CONTIGUOUS % LEVELS;
	const int start = (int)(index / CONTIGUOUS / LEVELS % STARTS) - 1;
	const unsigned granule = index / CONTIGUOUS / LEVELS / STARTS % GRANULES;
	const unsigned mode = index / CONTIGUOUS / LEVELS / STARTS / GRANULES;

	cell_name(cell, (int)level >= start && has_leaves(granule, level) && starts(granule, start),
		  "%s, %s from level %d, %s %s%s", mode_name[mode], granule_name[granule], start,
		  leaf_size[granule][level], level == LEVELS - 1 ? "page" : "block",
		  contiguous ? ", contiguous" : "");
}

static unsigned granule_index(const struct obvious_stage *stage)
{
	return (stage->granule_lg2 - 12u) / 2;
}

static unsigned leaf_index(const struct obvious_stage *stage, unsigned mode)
{
	const unsigned table = (mode * GRANULES + granule_index(stage)) * STARTS;

	return ((table + (unsigned)(stage->start_level + 1)) * LEVELS +
		(unsigned)stage->leaf_level) *
		       CONTIGUOUS +
	       stage->contiguous;
}

static unsigned find_leaves(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const unsigned both = cell_streams(answer) == 3 ? 2 : 0;
	unsigned count = 0;

	(void)txn;
	if (notes->stage1.leaf && !notes->stage1.d128)
		index[count++] = leaf_index(&notes->stage1, both);
	if (notes->stage2.leaf && !notes->stage2.d128)
		index[count++] = leaf_index(&notes->stage2, both + 1);
	return count;
}

const struct cell_group cells_of_leaves = {
	"leaves: stage mode x granule x start level x block or page x contiguous",
	MODES *GRANULES *STARTS *LEVELS *CONTIGUOUS, name_leaf, find_leaves
};

/* ---- A leaf of stage 1 over a leaf of stage 2 ---- */

static void name_pair(unsigned index, struct cell *cell)
{
	const unsigned g1 = index / KINDS / LEVELS, l1 = index / KINDS % LEVELS;
	const unsigned g2 = index % KINDS / LEVELS, l2 = index % LEVELS;

	cell_name(cell, has_leaves(g1, l1) && has_leaves(g2, l2), "%s %s over %s %s",
		  granule_name[g1], leaf_size[g1][l1], granule_name[g2], leaf_size[g2][l2]);
}

static unsigned kind_of(const struct obvious_stage *stage)
{
	return granule_index(stage) * LEVELS + (unsigned)stage->leaf_level;
}

static unsigned find_pair(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;

	(void)txn;
	if (!notes->stage1.leaf || !notes->stage2.leaf || notes->stage1.d128 || notes->stage2.d128)
		return 0;
	*index = kind_of(&notes->stage1) * KINDS + kind_of(&notes->stage2);
	return 1;
}

const struct cell_group cells_of_pairs = { "nested leaves: stage 1 x stage 2", KINDS *KINDS,
					   name_pair, find_pair };

/* ---- What needs small tables: inputs below 25 bits, and level 3 of 4KB in stage 2 ---- */

enum {
	STAGES = 2,
	SMALL_STARTS = 2, /* levels 2 and 3 */
	SMALLEST = 16,    /* bits */
	SMALL_SIZES = 10,
};

/* Tables D8-16, D8-20 to D8-24 and their like for 16KB and 64KB. */
static bool has_small(bool stage2, unsigned granule, unsigned start, unsigned bits)
{
	if (start == 2)
		return granule == 0 && bits >= 22 && bits <= 24;
	if (granule == 0)
		return bits <= (stage2 ? 25 : 21);
	return bits >= (granule == 2 ? 17 : 16) && bits <= 24;
}

static void name_small(unsigned index, struct cell *cell)
{
	const unsigned bits = index % SMALL_SIZES + SMALLEST;
	const unsigned start = index / SMALL_SIZES % SMALL_STARTS + 2;
	const unsigned granule = index / SMALL_SIZES / SMALL_STARTS % GRANULES;
	const unsigned stage2 = index / SMALL_SIZES / SMALL_STARTS / GRANULES;

	cell_name(cell, has_small(stage2, granule, start, bits),
		  "stage %u, %s from level %u, %u bits", stage2 + 1, granule_name[granule], start,
		  bits);
}

static unsigned note_small(const struct obvious_stage *stage, bool stage2, unsigned *index)
{
	const bool level_3 = stage2 && stage->granule_lg2 == 12 && stage->start_level == 3;

	if (!stage->leaf || stage->d128 || (stage->input_bits > 24 && !level_3))
		return 0;
	*index = ((stage2 * GRANULES + granule_index(stage)) * SMALL_STARTS +
		  (unsigned)stage->start_level - 2) *
			 SMALL_SIZES +
		 stage->input_bits - SMALLEST;
	return 1;
}

static unsigned find_small(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const unsigned first = note_small(&answer->notes.stage1, false, index);

	(void)txn;
	return first + note_small(&answer->notes.stage2, true, index + first);
}

const struct cell_group cells_of_small_tables = {
	"small tables: stage x granule x start level x size",
	STAGES *GRANULES *SMALL_STARTS *SMALL_SIZES, name_small, find_small
};
