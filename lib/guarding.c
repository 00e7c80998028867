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
