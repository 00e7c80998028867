/* SPDX-License-Identifier: MIT */
#include "guarding.h"
#include "checking.h"

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

static bool any_of_before(const struct smmu3 *smmu)
{
	return atomic_load(&smmu->under_way[(atomic_load(&smmu->generation) + 1) % 2]) != 0;
}

/* What waits for the generation before is done with it; then the one that there is becomes that, if
 * anything is asked of it. */
void smmu_await_transactions(struct smmu3 *smmu)
{
	struct root *root = &smmu->root;

	while (!root->awaited || !any_of_before(smmu)) {
		root_awaited(root);
		if (!root->asked) {
			atomic_store(&smmu->end_awaited, false);
			return;
		}
		root_await(root);
		atomic_store(&smmu->end_awaited, true);
		atomic_fetch_add(&smmu->generation, 1);
	}
}

static void leave(struct smmu3 *smmu, unsigned generation)
{
	if (atomic_fetch_sub(&smmu->under_way[generation % 2], 1) > 1 ||
	    !atomic_load(&smmu->end_awaited))
		return;
	pthread_mutex_lock(&smmu->lock);
	smmu_await_transactions(smmu);
	pthread_mutex_unlock(&smmu->lock);
}

/* In the generation that there still is when it is counted: so it is awaited, or sees what has been
 * published before the next one began. */
static unsigned enter(struct smmu3 *smmu)
{
	for (;;) {
		const unsigned generation = atomic_load(&smmu->generation);

		atomic_fetch_add(&smmu->under_way[generation % 2], 1);
		if (likely(atomic_load(&smmu->generation) == generation))
			return generation;
		leave(smmu, generation);
	}
}

void guard_begin(struct smmu3 *smmu, struct mem_view *view, struct guard *guard)
{
	guard->generation = enter(smmu);
	guard_view(smmu, view, guard);
}

void guard_end(struct smmu3 *smmu, const struct guard *guard)
{
	leave(smmu, guard->generation);
}

void smmu_write_root(struct smmu3 *smmu, uint64_t offset, unsigned size, uint64_t value)
{
	root_write(&smmu->root, offset, size, value);
	smmu_publish_root(smmu);
	smmu_await_transactions(smmu);
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
	check_registers(smmu);
}

void smmu_report_guard(struct smmu3 *smmu, const struct guard *guard)
{
	if (!guard->why)
		return;
	pthread_mutex_lock(&smmu->lock);
	root_report(&smmu->root, guard);
	smmu_drain_unlock(smmu);
}
