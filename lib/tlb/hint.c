/* SPDX-License-Identifier: MIT */
#include "tlb/hint.h"

enum { LAST_LEVEL = 3, PAGE_LG2 = 12 };

/* log2 of the descriptors in a table, of 8 or of 16 bytes. */
static unsigned stride_of(unsigned granule_lg2, bool d128)
{
	return granule_lg2 - (d128 ? 4u : 3u);
}

static unsigned maps_lg2(unsigned granule_lg2, bool d128, int level)
{
	return granule_lg2 + (unsigned)(LAST_LEVEL - level) * stride_of(granule_lg2, d128);
}

static bool is_table(const struct tlb_tag *tag)
{
	return tag->granule_lg2 != 0;
}

static bool is_of_granule(const struct tlb_tag *tag, unsigned granule_lg2)
{
	if (is_table(tag))
		return tag->granule_lg2 == granule_lg2;
	return maps_lg2(granule_lg2, tag->d128, tag->level) == tag->maps_lg2;
}

/* Of the descriptor: a table may be levels below the one that leads to it.  D8.2.11 */
static int level_of(const struct tlb_tag *tag)
{
	if (!is_table(tag))
		return tag->level;
	return LAST_LEVEL -
	       (int)((tag->maps_lg2 - tag->granule_lg2) / stride_of(tag->granule_lg2, tag->d128));
}

/* Leaves of its level, and tables above. */
static bool is_of_level(const struct tlb_tag *tag, unsigned hint)
{
	const int level = (int)(hint & ~(unsigned)SMMU3_HINT_D128) - 1;

	if (!hint)
		return true;
	if (tag->d128 != ((hint & SMMU3_HINT_D128) != 0))
		return false;
	return is_table(tag) ? level_of(tag) < level : level_of(tag) == level;
}

/* A range that begins within a leaf of the hint's level, or of no level within a page of 64-bit
 * descriptors, may be of any addresses, or of none. */
static bool begins_right(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	const int level = (int)(scope->hint_level & ~(unsigned)SMMU3_HINT_D128) - 1;
	const unsigned lg2 = scope->hint_level ?
				     maps_lg2(scope->hint_granule_lg2, tag->d128, level) :
			     tag->d128 ? PAGE_LG2 :
					 scope->hint_granule_lg2;

	return !(scope->addr & low_bits(lg2));
}

/* A range of one half of the addresses does not reach the other. */
static bool is_of_half(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	enum { HALVES = 55 };
	const bool halved = tag->kind == TLB_STAGE1 && stream_worlds[tag->regime.world].asids;

	return !halved || !((tag->input ^ scope->addr) >> HALVES & 1);
}

static bool fits(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	return is_of_granule(tag, scope->hint_granule_lg2) && is_of_level(tag, scope->hint_level);
}

bool tag_must_go(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	if (!tag_is_meant(tag, scope))
		return false;
	return !scope->hint_granule_lg2 ||
	       (fits(tag, scope) && begins_right(tag, scope) && is_of_half(tag, scope));
}

/* CPUs' ranges are of two pages at least; of one address the bits that it has too many do not
 * count.  D8.17.5 */
bool tag_must_go_by_cpus(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	const bool ranged = !scope->bytes || scope->bytes >> scope->hint_granule_lg2 > 1;

	if (!tag_is_meant_by_cpus(tag, scope))
		return false;
	return !scope->hint_granule_lg2 || (fits(tag, scope) && is_of_half(tag, scope) &&
					    (!ranged || begins_right(tag, scope)));
}
