/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast.  3.17 */
#include "checking.h"
#include "smmu_state.h"

#include "prog/command.h"
#include "prog/ident.h"

/* StreamWorlds of a Security state. */
static unsigned worlds_of(unsigned sec_sid)
{
	unsigned worlds = 0;

	for (unsigned i = 0; i < STREAM_WORLDS; i++)
		if (stream_worlds[i].sec_sid == sec_sid)
			worlds |= stream_worlds[i].bit;
	return worlds;
}

static bool broadcast_legal(const struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	return scope->kind <= SMMU3_INVALIDATES_STAGES && has_state(smmu, scope->sec_sid) &&
	       !(scope->worlds & ~worlds_of(scope->sec_sid));
}

/* Of a size of tags that is smaller than the CPUs' the bits above do not count, and of those that
 * there are not none.  3.17.4, 3.10.2.2 */
static void hear(const struct features *features, unsigned vmw, struct smmu3_invalidation *scope)
{
	scope->asid &= (uint16_t)low_bits(features->asid16 ? 16 : 8);
	scope->vmid &= (uint16_t)low_bits(features->vmid16 ? 16 : 8);
	scope->any_vmid |= scope->sec_sid == SMMU3_PAS_SECURE && !features->sel2;
	scope_widen_vmid(features, vmw, scope);
}

/* Of granule protection, by EL3 alone.  3.17.7 */
static int broadcast_by_pa(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	if (scope->sec_sid != SMMU3_PAS_ROOT || scope->addr & low_bits(12))
		return -SMMU3_E_ARGUMENT;
	if (!ID_FIELD(&smmu->config, ROOT_IDR0, BGPTM))
		return 0;
	const uint64_t moment = smmu->check ? check_moment(smmu) : 0;

	pa_cache_forget(&smmu->gpt, scope);
	if (smmu->check)
		check_forgotten(smmu, scope, tag_is_meant_by_cpus, moment);
	return 0;
}

static void forget(struct smmu3 *smmu, const struct smmu3_invalidation *heard)
{
	tlb_forget_and_tell(&smmu->tlb, heard, tag_is_meant_by_cpus, &smmu->journal, true);
}

static COLD void forget_checked(struct smmu3 *smmu, const struct smmu3_invalidation *heard)
{
	const uint64_t moment = check_moment(smmu);

	forget(smmu, heard);
	check_forgotten(smmu, heard, tag_is_meant_by_cpus, moment);
}

int smmu3_broadcast_tlbi(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	if (scope->kind == SMMU3_INVALIDATES_GPT)
		return broadcast_by_pa(smmu, scope);
	if (!broadcast_legal(smmu, scope))
		return -SMMU3_E_ARGUMENT;
	const struct interface *interface = interface_of(smmu, scope->sec_sid);
	const unsigned hearing = atomic_load_explicit(&interface->hearing, memory_order_acquire);

	if (!(hearing & HEARS))
		return 0;
	struct smmu3_invalidation heard = *scope;

	hear(&interface->features, hearing >> HEARS_VMW, &heard);
	if (unlikely(smmu->check))
		forget_checked(smmu, &heard);
	else
		forget(smmu, &heard);
	return 0;
}
