/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast.  3.17 */
#include "checking.h"
#include "smmu_state.h"

#include "prog/command.h"
#include "prog/ident.h"
#include "tlb/hint.h"

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

/* A level 1 of 16KB has no leaf without DS, and is no hint: of one address, none of a granule
 * either.  4.4.1.1, D8.17.5 */
static void hear_hint(const struct features *features, struct smmu3_invalidation *scope)
{
	enum { GRANULE_LG2 = 14, LEVEL_1 = 1 + 1 };

	if (features->ds || scope->hint_granule_lg2 != GRANULE_LG2 || scope->hint_level != LEVEL_1)
		return;
	scope->hint_level = 0;
	if (scope->bytes && scope->bytes <= UINT64_C(1) << GRANULE_LG2)
		scope->hint_granule_lg2 = 0;
}

/* Of a size of tags that is smaller than the CPUs' the bits above do not count, and of those that
 * there are not none.  3.17.4, 3.10.2.2 */
static void hear(const struct features *features, unsigned vmw, struct smmu3_invalidation *scope)
{
	scope->asid &= (uint16_t)low_bits(features->asid16 ? 16 : 8);
	scope->vmid &= (uint16_t)low_bits(features->vmid16 ? 16 : 8);
	scope->any_vmid |= scope->sec_sid == SMMU3_PAS_SECURE && !features->sel2;
	scope_widen_vmid(features, vmw, scope);
	hear_hint(features, scope);
}

/* Of granule protection, by EL3 alone.  3.17.7 */
static int broadcast_by_pa(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	if (scope->sec_sid != SMMU3_PAS_ROOT || scope->addr & low_bits(12))
		return -SMMU3_E_ARGUMENT;
	if (!ID_FIELD(&smmu->config, ROOT_IDR0, BGPTM))
		return 0;
	pa_cache_forget(&smmu->gpt, scope);
	check_forgotten(smmu, scope, tag_is_meant_by_cpus);
	return 0;
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
	tag_meant_fn *const meant = unlikely(smmu->check) ? tag_must_go_by_cpus :
							    tag_is_meant_by_cpus;
	struct smmu3_invalidation heard = *scope;

	hear(&interface->features, hearing >> HEARS_VMW, &heard);
	tlb_forget_and_tell(&smmu->tlb, &heard, meant, &smmu->journal, true);
	check_forgotten(smmu, &heard, meant);
	return 0;
}
