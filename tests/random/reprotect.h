/* SPDX-License-Identifier: MIT */
/* Changes of the granule protection table while its entries are kept. */
#ifndef SMMU_TESTS_RANDOM_REPROTECT_H
#define SMMU_TESTS_RANDOM_REPROTECT_H

#include "kept.h"

/* Has the entry that the last access came to another content, and invalidates by PA what was kept
 * of it, and of translations everything; false: there is none, or enough were changed. */
bool reprotect(struct kept *kept, struct world *world, struct duel *duel);

#endif
