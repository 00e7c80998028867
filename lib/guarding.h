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

/*
 * The same for a transaction of an SMMU with Root registers, which ends with guard_end, checked or
 * not.  CR0ACK does not follow while one is under way that may have begun by what CR0 said before:
 * each counts itself before it looks at the registers, and the last of its generation says that it
 * is done.  Those that begin later are of another generation, and nobody waits for them.
 */
void guard_begin(struct smmu3 *smmu, struct mem_view *view, struct guard *guard);
void guard_end(struct smmu3 *smmu, const struct guard *guard);

/* Root software writes its registers, of which CR0 may be one.  Under the lock. */
void smmu_write_root(struct smmu3 *smmu, uint64_t offset, unsigned size, uint64_t value);

/* What Root software asks for is done, if it waits for no transaction any more: after what it has
 * written is published, or what is kept is gone.  Under the lock. */
void smmu_await_transactions(struct smmu3 *smmu);

/* Shows the Root registers to those that access memory, and S_INIT whether it acts.  Under the
 * lock. */
void smmu_publish_root(struct smmu3 *smmu);

/* Tells Root software what guard says, if the last access was stopped; and drains. */
void smmu_report_guard(struct smmu3 *smmu, const struct guard *guard);

#endif
