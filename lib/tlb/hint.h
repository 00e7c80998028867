/* SPDX-License-Identifier: MIT */
/* Which translations an invalidation must remove, where TG and TTL say which it is about, and no
 * more: what the checker goes by.  Pure.  4.4.1.1 */
#ifndef SMMU_TLB_HINT_H
#define SMMU_TLB_HINT_H

#include "tlb/tag.h"

/* As tag_is_meant and tag_is_meant_by_cpus, whose rules allow for more. */
tag_meant_fn tag_must_go;
tag_meant_fn tag_must_go_by_cpus;

#endif
