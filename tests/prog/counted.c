/* SPDX-License-Identifier: MIT */
#include "counted.h"

#include <check.h>

struct smmu3_stats stats_of(struct machine *m)
{
	struct smmu3_stats stats;

	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), 0);
	return stats;
}

void expect_cache(struct machine *m, enum smmu3_cache cache, unsigned lookups, unsigned hits,
		  unsigned fills, unsigned evictions, unsigned removed)
{
	const struct smmu3_stats stats = stats_of(m);
	const struct smmu3_cache_stats *got = &stats.cache[cache];

	ck_assert_uint_eq(got->lookups, lookups);
	ck_assert_uint_eq(got->hits, hits);
	ck_assert_uint_eq(got->misses, lookups - hits);
	ck_assert_uint_eq(got->fills, fills);
	ck_assert_uint_eq(got->evictions, evictions);
	ck_assert_uint_eq(got->removed, removed);
}
