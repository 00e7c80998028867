/* SPDX-License-Identifier: MIT */
/* Granule protection of everything that accesses memory, by the Root registers as they stand. */
#ifndef SMMU_GUARDING_H
#define SMMU_GUARDING_H

#include "smmu_state.h"

/* Is any access checked?  Of an SMMU without Root registers none ever is. */
ALWAYS_INLINE bool smmu_guards(const struct smmu3 *smmu)
{
	return atomic_load_explicit(&smmu->guards, memory_order_acquire);
}

/* What looks through the view is checked, if anything is; *guard says of the last access whether
 * it was stopped.  Before the registers are looked at, or memory. */
void guard_view(struct smmu3 *smmu, struct mem_view *view, struct guard *guard);

/* Shows the Root registers to those that access memory, and S_INIT whether it acts.  Under the
 * lock. */
void smmu_publish_root(struct smmu3 *smmu);

/* Tells Root software what guard says, if the last access was stopped; and drains. */
void smmu_report_guard(struct smmu3 *smmu, const struct guard *guard);

#endif
