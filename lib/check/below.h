/* SPDX-License-Identifier: MIT */
/* Which structures lead to which: pure. */
#ifndef SMMU_CHECK_BELOW_H
#define SMMU_CHECK_BELOW_H

#include "check/ledger.h"

enum below {
	NOT_BELOW,
	BELOW, /* it is found through it, and may be found through others, too: a CD, a tree */
	BELOW_ALONE, /* it is of a table that nothing else leads to */
};

/* log2 of what a translation table descriptor maps, of so many words.  D8.2 */
unsigned ttd_maps_lg2(unsigned granule_lg2, unsigned words, int level);

/* Of two structures that one access has met. */
enum below version_below(const struct version *above, const struct version *version);

#endif
