/* SPDX-License-Identifier: MIT */
/* Statistics of a machine's SMMU, looked at.  stats.h */
#ifndef TESTS_PROG_COUNTED_H
#define TESTS_PROG_COUNTED_H

#include "driver.h"

#include <smmu/stats.h>

struct smmu3_stats stats_of(struct machine *m);
void expect_cache(struct machine *m, enum smmu3_cache cache, unsigned lookups, unsigned hits,
		  unsigned fills, unsigned evictions, unsigned removed);

#endif
