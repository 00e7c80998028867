/* SPDX-License-Identifier: MIT */
#include "guarding.h"

#include "arch/why.h"
#include "drain.h"

void guard_view(struct smmu3 *smmu, struct mem_view *view, struct guard *guard)
{
	guard->why = WHY_NONE;
	if (!smmu_guards(smmu))
		return;
	if (view->tlb)
		view_what_is_kept_of_gpt(smmu, view);
	gpc_load(&smmu->gpc, &guard->gpc);
	view->guard = guard;
}

/* ---- Transactions ---- */

/* As many as are under way, after the registers have been published.  Under the lock. */
static void await_checked(struct smmu3 *smmu)
{
	const bool checking = atomic_load(&smmu->checked) != 0;

	root_hold_for_checks(&smmu->root, checking);
	if (!checking)
		atomic_store(&smmu->checked_awaited, false);
}

void guard_begin(struct smmu3 *smmu, struct mem_view *view, struct guard *guard)
{
	atomic_fetch_add(&smmu->checked, 1);
	guard_view(smmu, view, guard);
	if (!view->guard)
		guard_end(smmu);
}

void guard_end(struct smmu3 *smmu)
{
	if (atomic_fetch_sub(&smmu->checked, 1) > 1 || !atomic_load(&smmu->checked_awaited))
		return;
	pthread_mutex_lock(&smmu->lock);
	await_checked(smmu);
	pthread_mutex_unlock(&smmu->lock);
}

void smmu_write_root(struct smmu3 *smmu, uint64_t offset, unsigned size, uint64_t value)
{
	atomic_store(&smmu->checked_awaited, true);
	root_hold_for_checks(&smmu->root, true);
	root_write(&smmu->root, offset, size, value);
	smmu_publish_root(smmu);
	atomic_thread_fence(memory_order_seq_cst);
	await_checked(smmu);
}

/* ---- The registers ---- */

/* With the checks first, who sees that there are some sees which. */
void smmu_publish_root(struct smmu3 *smmu)
{
	const struct gpc gpc = root_gpc(&smmu->root, &smmu->config,
					&smmu->interface[BANK_NS].features);

	gpc_publish(&smmu->gpc, &gpc);
	atomic_store_explicit(&smmu->guards, !gpc.access || gpc.checks, memory_order_release);
	smmu->interface[BANK_S].prog.init_ignored = root_checks(&smmu->root);
}

void smmu_report_guard(struct smmu3 *smmu, const struct guard *guard)
{
	if (!guard->why)
		return;
	pthread_mutex_lock(&smmu->lock);
	root_report(&smmu->root, guard);
	smmu_drain_unlock(smmu);
}
