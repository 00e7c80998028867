/* SPDX-License-Identifier: MIT */
/* Formats of tables: VMSAv8-64, VMSAv9-128 and VMSAv8-32 in either endianness, one over the other;
 * and where translations of VMSAv8-32 end.  5.2, 5.4, DDI 0487 G5.5 */
#include "cells.h"

enum { NONE, V8_LITTLE, V8_BIG, LPAE_LITTLE, LPAE_BIG, D128_LITTLE, D128_BIG, FORMATS };

static const char *const format_name[FORMATS] = { "nothing",
						  "VMSAv8-64",
						  "big-endian VMSAv8-64",
						  "VMSAv8-32",
						  "big-endian VMSAv8-32",
						  "VMSAv9-128",
						  "big-endian VMSAv9-128" };

static bool is_lpae(unsigned format)
{
	return format == LPAE_LITTLE || format == LPAE_BIG;
}

/* A 64-bit stage 1 does not stand on a 32-bit stage 2, and VMSAv9-128 and VMSAv8-32 are never
 * together.  5.4 AA64, 6.3.6 */
static bool goes_over(unsigned first, unsigned second)
{
	const bool v8 = first == V8_LITTLE || first == V8_BIG;
	const bool d128 = first >= D128_LITTLE || second >= D128_LITTLE;

	return first + second > 0 && !(v8 && is_lpae(second)) &&
	       !(d128 && (is_lpae(first) || is_lpae(second)));
}

static void name_formats(unsigned index, struct cell *cell)
{
	const unsigned first = index / FORMATS, second = index % FORMATS;

	cell_name(cell, goes_over(first, second), "%s over %s", format_name[first],
		  format_name[second]);
}

static unsigned format_of(const struct obvious_stage *stage)
{
	if (!stage->leaf)
		return NONE;
	return (stage->lpae ? LPAE_LITTLE :
		stage->d128 ? D128_LITTLE :
			      V8_LITTLE) +
	       (stage->big_endian ? 1u : 0u);
}

static unsigned find_formats(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			     unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;

	(void)txn;
	*index = format_of(&notes->stage1) * FORMATS + format_of(&notes->stage2);
	return *index && answer->verdict == SMMU3_OK;
}

const struct cell_group cells_of_formats = { "formats: stage 1 x stage 2", FORMATS *FORMATS,
					     name_formats, find_formats };

/* ---- VMSAv8-32 ---- */

enum {
	PLACES = 3, /* TTB0, TTB1, stage 2 */
	MODES = 2,  /* one stage, both */
	STARTS = 2, /* levels 1 and 2 */
	LEVELS = 3, /* 1 to 3 */
	LEAVES = PLACES * MODES * STARTS * LEVELS,
	REFUSALS = OBVIOUS_LPAE_REFUSALS,
};

static void name_lpae(unsigned index, struct cell *cell)
{
	static const char *const place[PLACES] = { "TTB0", "TTB1", "stage 2" };
	static const char *const size[LEVELS] = { "1G block", "2M block", "4K page" };
	static const char *const refusal[REFUSALS] = { "never", "an address above 32 bits",
						       "an address between the regions",
						       "a block in both regions" };
	const unsigned level = index % LEVELS, start = index / LEVELS % STARTS;
	const unsigned mode = index / LEVELS / STARTS % MODES;

	if (index >= LEAVES)
		cell_name(cell, index > LEAVES, "VMSAv8-32: %s", refusal[index - LEAVES]);
	else
		cell_name(cell, level >= start, "%s%s from level %u, %s",
			  place[index / LEVELS / STARTS / MODES], mode ? " of both stages" : "",
			  start + 1, size[level]);
}

static unsigned lpae_index(const struct obvious_stage *stage, unsigned place, bool both)
{
	return ((place * MODES + both) * STARTS + (unsigned)stage->start_level - 1) * LEVELS +
	       (unsigned)stage->leaf_level - 1;
}

static unsigned find_lpae(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			  unsigned *index)
{
	const struct obvious_notes *notes = &answer->notes;
	const bool both = cell_streams(answer) == 3;
	unsigned count = 0;

	(void)txn;
	if (notes->stage1.leaf && notes->stage1.lpae)
		index[count++] = lpae_index(&notes->stage1, notes->stage1.upper, both);
	if (notes->stage2.leaf && notes->stage2.lpae)
		index[count++] = lpae_index(&notes->stage2, 2, both);
	if (notes->lpae_refusal)
		index[count++] = LEAVES + notes->lpae_refusal;
	return count;
}

const struct cell_group cells_of_lpae = {
	"VMSAv8-32: table x stages x start level x block or page, and what is refused",
	LEAVES + REFUSALS, name_lpae, find_lpae
};
