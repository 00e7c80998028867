/* SPDX-License-Identifier: MIT */
/* Where translation table descriptors stand, and what stands where in them: of VMSAv8-64 and
 * VMSAv8-32, which have 8 bytes, and of VMSAv9-128, which have 16.  DDI 0487 D8.2, D8.3 */
#include "words.h"
#include "world.h"

unsigned ttd_lg2(const struct tree *tree)
{
	return tree->d128 ? 4 : 3;
}

unsigned tree_lsb(const struct tree *tree, int level)
{
	const unsigned stride = tree->granule_lg2 - ttd_lg2(tree);

	return tree->granule_lg2 + stride * (unsigned)(LAST_LEVEL - level);
}

int block_level(const struct traits *traits, const struct tree *tree)
{
	if (tree->granule_lg2 == 12)
		return tree->ds || tree->d128 ? 0 : 1;
	return tree->ds || tree->d128 || (tree->granule_lg2 == 16 && traits->oas_bits >= 52) ? 1 :
											       2;
}

unsigned sayable_bits(const struct tree *tree)
{
	return tree->d128 ? 56 : tree->granule_lg2 == 16 || tree->ds ? 52 : 48;
}

/* ---- In memory ---- */

static uint64_t swapped(const struct tree *tree, uint64_t word)
{
	return tree->big ? __builtin_bswap64(word) : word;
}

bool ttd_written(const struct world *world, const struct tree *tree, uint64_t pa, struct ttd *ttd)
{
	uint64_t word[2] = { 0, 0 };
	bool there = false;

	for (unsigned i = 0; i < 1u << (ttd_lg2(tree) - 3); i++) {
		there |= memory_written(&world->memory, pa + 8 * i, &word[i]);
		(void)memory_read(&world->memory, pa + 8 * i, &word[i]);
		word[i] = swapped(tree, word[i]);
	}
	*ttd = tree->d128 && tree->big ? (struct ttd){ word[1], word[0] } :
					 (struct ttd){ word[0], word[1] };
	return there;
}

void ttd_write(struct world *world, const struct tree *tree, uint64_t pa, struct ttd ttd)
{
	const bool big = tree->big;

	if (!tree->d128) {
		memory_write(&world->memory, pa, swapped(tree, ttd.low));
		return;
	}
	memory_write(&world->memory, pa, swapped(tree, big ? ttd.high : ttd.low));
	memory_write(&world->memory, pa + 8, swapped(tree, big ? ttd.low : ttd.high));
}

/* ---- Addresses ---- */

/* D8.3.1, D8.3.2 */
uint64_t address_field(const struct tree *tree, uint64_t address)
{
	const uint64_t low = address & mask_of(48) & ~mask_of(tree->granule_lg2);

	if (tree->d128)
		return address & mask_of(56) & ~mask_of(12);
	if (tree->ds)
		return low | get(&address, 49, 48) << 48 | get(&address, 51, 50) << 8;
	return tree->granule_lg2 == 16 ? low | (address >> 48 & 0xf) << 12 : low;
}

uint64_t address_of(const struct tree *tree, struct ttd ttd, unsigned lg2)
{
	const uint64_t low = aligned_down(ttd.low & mask_of(48), lg2);

	if (tree->d128)
		return aligned_down(ttd.low & mask_of(56), lg2);
	if (tree->ds)
		return low | get(&ttd.low, 49, 48) << 48 | get(&ttd.low, 9, 8) << 50;
	return tree->granule_lg2 == 16 ? low | (ttd.low >> 12 & 0xf) << 48 : low;
}

unsigned next_table_lg2(const struct tree *tree, unsigned skipped)
{
	return tree->d128 ? 4 + (tree->granule_lg2 - 4u) * (1 + skipped) : tree->granule_lg2;
}

/* ---- What it is ---- */

enum { SKL = 45 }; /* <110:109>, of the high half */

unsigned ttd_skips(const struct tree *tree, struct ttd ttd)
{
	return tree->d128 ? ttd.high >> SKL & 3 : 0;
}

void ttd_skip(struct ttd *ttd, unsigned levels)
{
	put(&ttd->high, SKL + 1, SKL, levels);
}

unsigned most_skipped(const struct tree *tree)
{
	return !tree->d128 ? 0 : tree->granule_lg2 == 12 ? 3 : 2;
}

bool ttd_is_table(const struct tree *tree, struct ttd ttd, int level)
{
	if (tree->d128)
		return ttd_skips(tree, ttd) <= most_skipped(tree) &&
		       level + (int)ttd_skips(tree, ttd) < LAST_LEVEL;
	return level < LAST_LEVEL && ttd.low & 2;
}

bool ttd_is_leaf(const struct traits *traits, const struct tree *tree, struct ttd ttd, int level)
{
	if (tree->d128)
		return ttd_skips(tree, ttd) <= most_skipped(tree) &&
		       level + (int)ttd_skips(tree, ttd) == LAST_LEVEL;
	return level == LAST_LEVEL ? ttd.low & 2 :
				     !(ttd.low & 2) && level >= block_level(traits, tree);
}

bool ttd_ns(const struct tree *tree, struct ttd ttd)
{
	return tree->d128 ? ttd.high >> 63 : ttd.low >> 5 & 1;
}

bool ttd_nstable(const struct tree *tree, struct ttd ttd)
{
	return (tree->d128 ? ttd.high : ttd.low) >> 63;
}

void ttd_make_contiguous(const struct tree *tree, struct ttd *ttd)
{
	if (tree->d128)
		put(&ttd->high, 47, 47, 1);
	else
		put(&ttd->low, 52, 52, 1);
}

/* D8-104, D8-105 */
unsigned group_of_lg2(bool d128, unsigned granule_lg2, int level)
{
	static const uint8_t of_8[GRANULES][LAST_LEVEL + 1] = { { 0, 4, 4, 4 },
								{ 0, 0, 5, 7 },
								{ 0, 0, 5, 5 } };
	static const uint8_t of_16[GRANULES][LAST_LEVEL + 1] = { { 0, 2, 4, 4 },
								 { 0, 2, 4, 6 },
								 { 0, 0, 6, 4 } };

	return level < 0 ? 0 : (d128 ? of_16 : of_8)[(granule_lg2 - 12) / 2][level];
}
