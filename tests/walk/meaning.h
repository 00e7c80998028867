/* SPDX-License-Identifier: MIT */
/*
 * What attributes mean, for tests to reason in words instead of encodings: written from 5.4 (MAIR)
 * and 13.1 alone, with its own bit numbers, so that it shares no mistake with the library.
 */
#ifndef TEST_WALK_MEANING_H
#define TEST_WALK_MEANING_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* One level of cache.  cache: 'N' Non-cacheable, 'T' Write-Through, 'B' Write-Back. */
struct level {
	char cache;
	bool ra, wa, tr;
};

struct meaning {
	int device; /* 0 nGnRnE, 1 nGnRE, 2 nGRE, 3 GRE; -1 Normal */
	struct level outer, inner;
	unsigned sh;
};

/* Half a MAIR byte, 5.4: 0100 NC, 00RW WT transient, 01RW WB transient, 10RW WT, 11RW WB. */
static inline struct level level_of(unsigned half)
{
	if (half == 4)
		return (struct level){ .cache = 'N' };
	return (struct level){ .cache = half / 4 % 2 ? 'B' : 'T',
			       .ra = half / 2 % 2,
			       .wa = half % 2,
			       .tr = half < 8 };
}

/* 13.1.7, rule by rule. */
static inline struct level settled_level(struct level level)
{
	if (level.cache == 'N')
		level.ra = level.wa = level.tr = false;
	if (!level.ra && !level.wa)
		level.tr = false;
	return level;
}

static inline struct meaning settled(struct meaning m)
{
	if (m.device >= 0)
		m.outer = m.inner = level_of(4);
	m.outer = settled_level(m.outer);
	m.inner = settled_level(m.inner);
	if (m.outer.cache == 'N' && m.inner.cache == 'N')
		m.sh = 2;
	if (m.sh == 1)
		m.sh = 0;
	return m;
}

/* Any MAIR byte, with the table of reserved encodings in 5.4. */
static inline struct meaning meaning_of(uint8_t mair, unsigned sh)
{
	const unsigned outer = mair / 16, inner = mair % 16;

	if (outer == 0)
		return settled((struct meaning){ .device = (int)inner / 4, .sh = sh });
	return settled((struct meaning){ .device = -1,
					 .outer = level_of(outer),
					 .inner = level_of(inner ? inner : 3),
					 .sh = sh });
}

static inline bool same_level(struct level a, struct level b)
{
	return a.cache == b.cache && a.ra == b.ra && a.wa == b.wa && a.tr == b.tr;
}

/* One encoding for one meaning: no reserved value, no transient half that allocates nothing. */
static inline bool is_canonical(struct smmu3_attr attr)
{
	if (attr.mair < 16)
		return attr.mair % 4 == 0 && attr.sh == 2;
	return attr.mair % 16 != 0 && attr.sh != 1 && attr.sh < 4;
}

static inline bool means(struct smmu3_attr attr, struct meaning m)
{
	const struct meaning got = meaning_of(attr.mair, attr.sh);

	return is_canonical(attr) && got.device == m.device && same_level(got.outer, m.outer) &&
	       same_level(got.inner, m.inner) && got.sh == m.sh && attr.sh == m.sh;
}

#endif
