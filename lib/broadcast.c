/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast.  3.17 */
#include "checking.h"
#include "smmu_state.h"

#include "prog/command.h"
#include "prog/ident.h"
#include "prog/scopes.h"
#include "tlb/hint.h"

static bool broadcast_legal(const struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	return scope->kind <= SMMU3_INVALIDATES_STAGES && has_state(smmu, scope->sec_sid) &&
	       !(scope->worlds & ~state_worlds[scope->sec_sid].bits);
}

/* What is no level to this SMMU is no hint; of one address none of a granule either.  4.4.1.1,
 * D8.17.5 */
static void hear_hint(const struct features *features, struct smmu3_invalidation *scope)
{
	enum { GRANULE_LG2 = 14, LEVEL_1 = 1 + 1 };

	if (scope->hint_level != LEVEL_1 ||
	    scope_ttl(features, scope->hint_granule_lg2 == GRANULE_LG2, 1))
		return;
	scope->hint_level = 0;
	if (scope->bytes && scope->bytes <= UINT64_C(1) << GRANULE_LG2)
		scope->hint_granule_lg2 = 0;
}

/* Of a size of tags that is smaller than the CPUs' the bits above do not count, and of those that
 * there are not none; how many VMIDs are meant is CR0.VMW's to say.  3.17.4, 3.10.2.2, 6.3.9.1 */
static COLD struct smmu3_invalidation heard_in_part(const struct features *features, unsigned vmw,
						    const struct smmu3_invalidation *scope)
{
	struct smmu3_invalidation heard = *scope;

	heard.asid &= (uint16_t)low_bits(features->asid16 ? 16 : 8);
	heard.vmid &= (uint16_t)low_bits(features->vmid16 ? 16 : 8);
	heard.any_vmid |= scope->sec_sid == SMMU3_PAS_SECURE && !features->sel2;
	scope_widen_vmid(features, vmw, &heard);
	hear_hint(features, &heard);
	return heard;
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

/* What is kept goes only if it must. */
static void forget_checked(struct smmu3 *smmu, const struct smmu3_invalidation *heard)
{
	const uint64_t moment = check_moment(smmu);

	tlb_forget_and_tell(&smmu->tlb, heard, tag_must_go_by_cpus, &smmu->journal, true);
	check_forgotten(smmu, heard, tag_must_go_by_cpus, moment);
}

static void forget(struct smmu3 *smmu, const struct smmu3_invalidation *heard)
{
	tlb_forget_and_tell(&smmu->tlb, heard, tag_is_meant_by_cpus, &smmu->journal, true);
}

static COLD void forget_in_part(struct smmu3 *smmu, const struct interface *interface,
				unsigned hearing, const struct smmu3_invalidation *scope)
{
	const struct smmu3_invalidation heard = heard_in_part(&interface->features,
							      hearing >> HEARS_VMW, scope);

	if (smmu->check)
		forget_checked(smmu, &heard);
	else
		forget(smmu, &heard);
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
	if (likely(!(hearing & HEARS_IN_PART) && scope->vmids == 1 && !smmu->check))
		forget(smmu, scope);
	else
		forget_in_part(smmu, interface, hearing, scope);
	return 0;
}
