/* SPDX-License-Identifier: MIT */
/* VMSAv9-128: where translations begin and end, what is skipped on the way, and what is refused.
 * DDI 0487 D8.2.11, D8.3.2, D8.7.1 */
#include "cells.h"

enum {
	PLACES = 3, /* TTB0, TTB1, stage 2 */
	GRANULES = 3,
	FIRST = -2,
	STARTS = 3 - FIRST + 1,
	LEVELS = 4,
	CONTIGUOUS = 2,
	LEAVES = PLACES * GRANULES * STARTS * LEVELS * CONTIGUOUS,
	SKIPPED = 3, /* one level, two, three */
	SKIPS = PLACES * GRANULES * SKIPPED,
	STAGES = 2,
	REFUSALS = STAGES * OBVIOUS_D128_REFUSALS,
	BEYOND = LEAVES + SKIPS,
};

static const char *const place_name[PLACES] = { "TTB0", "TTB1", "stage 2" };
static const char *const granule_name[GRANULES] = { "4K", "16K", "64K" };
static const char *const leaf_size[GRANULES][LEVELS] = {
	{ "64G", "256M", "1M", "4K" },
	{ "-", "16G", "16M", "16K" },
	{ "-", "1T", "256M", "64K" },
};

/* 56 bits begin at level -2 with 4KB, at level -1 with 16KB, at level 0 with 64KB. */
static bool starts(unsigned granule, int start)
{
	return start >= (int)granule - 2;
}

/* SKL = 3 is reserved but with 4KB. */
static bool has_leaves(unsigned granule, unsigned level)
{
	return level > 0 || granule == 0;
}

/* Of a table: what it skips to is level 3 at most. */
static bool skips(unsigned granule, unsigned levels)
{
	return levels < 3 || granule == 0;
}

static void name_leaf(unsigned index, struct cell *cell)
{
	const unsigned contiguous = index % CONTIGUOUS, level = index / CONTIGUOUS % LEVELS;
	const int start = (int)(index / CONTIGUOUS / LEVELS % STARTS) + FIRST;
	const unsigned granule = index / CONTIGUOUS / LEVELS / STARTS % GRANULES;
	const unsigned place = index / CONTIGUOUS / LEVELS / STARTS / GRANULES;

	cell_name(cell, starts(granule, start) && (int)level >= start && has_leaves(granule, level),
		  "VMSAv9-128: %s, %s from level %d, %s %s%s", place_name[place],
		  granule_name[granule], start, leaf_size[granule][level],
		  level == LEVELS - 1 ? "page" : "block", contiguous ? ", contiguous" : "");
}

static void name_skip(unsigned index, struct cell *cell)
{
	const unsigned levels = index % SKIPPED + 1, granule = index / SKIPPED % GRANULES;

	cell_name(cell, skips(granule, levels), "VMSAv9-128: %s, %s, a table skips %u",
		  place_name[index / SKIPPED / GRANULES], granule_name[granule], levels);
}

static void name_d128(unsigned index, struct cell *cell)
{
	static const char *const refusal[OBVIOUS_D128_REFUSALS] = {
		"never", "SKL is reserved", "the initial table is too large", "a table is too large"
	};

	if (index < LEAVES)
		name_leaf(index, cell);
	else if (index < BEYOND)
		name_skip(index - LEAVES, cell);
	else
		cell_name(cell, (index - BEYOND) % OBVIOUS_D128_REFUSALS,
			  "VMSAv9-128: stage %u, %s", (index - BEYOND) / OBVIOUS_D128_REFUSALS + 1,
			  refusal[(index - BEYOND) % OBVIOUS_D128_REFUSALS]);
}

static unsigned find_stage(const struct obvious_stage *stage, unsigned place, unsigned *index)
{
	const unsigned granule = (stage->granule_lg2 - 12u) / 2,
		       start = (unsigned)(stage->start_level - FIRST);
	const unsigned table = (place * GRANULES + granule) * STARTS + start;

	if (!stage->leaf || !stage->d128)
		return 0;
	index[0] = (table * LEVELS + (unsigned)stage->leaf_level) * CONTIGUOUS + stage->contiguous;
	if (!stage->skipped)
		return 1;
	index[1] = LEAVES + (place * GRANULES + granule) * SKIPPED + stage->skipped - 1u;
	return 2;
}

static unsigned find_d128(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	unsigned count = find_stage(&notes->stage1, notes->stage1.upper, index);

	(void)txn;
	count += find_stage(&notes->stage2, 2, index + count);
	for (unsigned stage = 0; stage < STAGES; stage++)
		if (notes->d128_refusal[stage])
			index[count++] = BEYOND + stage * OBVIOUS_D128_REFUSALS +
					 notes->d128_refusal[stage];
	return count;
}

const struct cell_group cells_of_d128 = {
	"VMSAv9-128: table x granule x start level x block or page, what is skipped and refused",
	LEAVES + SKIPS + REFUSALS, name_d128, find_d128
};
