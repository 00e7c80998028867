/* SPDX-License-Identifier: MIT */
#include "walk/indirect2.h"

enum {
	MOSTLY_READ = PERM_READ | S2_WALKER_WRITES,
	READ_WRITE = PERM_READ | PERM_WRITE | S2_WALKER_WRITES,
	TOP_LEVELS = S2_TOP_LEVEL_0 | S2_TOP_LEVEL_1,
};

unsigned s2_code_grants(unsigned code)
{
	static const uint16_t grants[16] = {
		[2] = MOSTLY_READ,                  /* MRO */
		[3] = MOSTLY_READ | S2_TOP_LEVEL_1, /* MRO-TL1 */
		[4] = PERM_WRITE,                   /* WO: no walker writes */
		[6] = MOSTLY_READ | S2_TOP_LEVEL_0, /* MRO-TL0 */
		[7] = MOSTLY_READ | TOP_LEVELS,     /* MRO-TL01 */
		[8] = PERM_READ,                    /* RO */
		[9] = PERM_READ | SMMU3_PERM_UX,
		[10] = PERM_READ | SMMU3_PERM_PX,
		[11] = PERM_READ | PERM_EXECUTE,
		[12] = READ_WRITE, /* RW */
		[13] = READ_WRITE | SMMU3_PERM_UX,
		[14] = READ_WRITE | SMMU3_PERM_PX,
		[15] = READ_WRITE | PERM_EXECUTE,
	};

	return grants[code & 15];
}

/* Of what only the walker writes, a walk may begin with what either says. */
unsigned s2_combined(unsigned base, unsigned overlay)
{
	const unsigned both = base & overlay & ~(unsigned)TOP_LEVELS;
	const bool mostly_read = s2_is_mostly_read(both);

	return mostly_read ? both | ((base | overlay) & TOP_LEVELS) : both;
}

static unsigned grants_of(uint64_t codes, unsigned index)
{
	return s2_code_grants((unsigned)bits(codes, 4 * index + 3, 4 * index));
}

unsigned s2_codes_grant(const struct s2_codes *codes, struct s2_indices indices)
{
	const unsigned base = grants_of(codes->base, indices.pi);

	return codes->overlaid ? s2_combined(base, grants_of(codes->overlay, indices.po)) : base;
}

/* What is the other's alone is not this one's, even where this one's are not checked. */
bool s2_top_level_denies(unsigned granted, unsigned checked, unsigned top_level)
{
	const unsigned held = granted & TOP_LEVELS, other = TOP_LEVELS & ~top_level;

	return (checked & top_level && !(held & top_level)) || (checked & other && held == other);
}

bool s2_overlay_denies(const struct s2_codes *codes, struct s2_indices indices, bool walker,
		       unsigned needed)
{
	const unsigned granted = s2_codes_grant(codes, indices);
	const unsigned overlay = grants_of(codes->overlay, indices.po);
	unsigned missing = needed & ~(walker ? s2_walker_has(granted) : granted);

	if (missing & PERM_WRITE)
		missing &= PERM_WRITE;
	return codes->overlaid && missing & ~(walker ? s2_walker_has(overlay) : overlay);
}
