/* SPDX-License-Identifier: MIT */
#include "tlb/tag.h"

/* An address is of one IPA space.  4.4.3.3 */
static bool stage2_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	if (!scope->bytes)
		return tag->kind == TLB_STAGE2 || tag->kind == TLB_STAGE2_NS;
	return tag->kind == (scope->ipa_pas == scope->sec_sid ? TLB_STAGE2 : TLB_STAGE2_NS);
}

static bool kind_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	switch (scope->kind) {
	case SMMU3_INVALIDATES_STAGE1:
		return tag->kind == TLB_STAGE1;
	case SMMU3_INVALIDATES_STAGE2:
		return stage2_is_meant(tag, scope);
	case SMMU3_INVALIDATES_STAGES:
		return tag->kind != TLB_FREE;
	default:
		return false;
	}
}

static const struct stream_world_facts *facts_of(const struct tlb_tag *tag)
{
	return &stream_worlds[tag->regime.world];
}

static bool vmid_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	return scope->any_vmid || !facts_of(tag)->vmids ||
	       (uint16_t)(tag->regime.vmid - scope->vmid) < scope->vmids;
}

/* By ASID alone global entries stay; by address and ASID those of the address go.  4.4.2.2,
 * 4.4.2.4 */
static bool asid_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	if (scope->any_asid || tag->kind != TLB_STAGE1 || !facts_of(tag)->asids)
		return true;
	return tag->global ? scope->bytes != 0 : tag->regime.asid == scope->asid;
}

/* A range that leaves the 56 bits that count goes all the way.  4.4.1.1 */
static bool address_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	const uint64_t first = tlb_input(scope->addr), last = first + scope->bytes - 1;
	const uint64_t from = align_down(tag->input, tag->origin_lg2);
	const uint64_t to = from + low_bits(tag->origin_lg2);

	if (!scope->bytes || last < first || last >> 56)
		return true;
	return from <= last && first <= to;
}

bool tag_is_meant(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return tag->kind != TLB_FREE;
	return kind_is_meant(tag, scope) && world_is_of(tag->regime.world, scope) &&
	       vmid_is_meant(tag, scope) && asid_is_meant(tag, scope) &&
	       address_is_meant(tag, scope);
}

bool tag_is_meant_by_cpus(const struct tlb_tag *tag, const struct smmu3_invalidation *scope)
{
	const bool shared = facts_of(tag)->asids ? scope->any_asid : !scope->bytes;
	const bool apart = tag->kind == TLB_STAGE1 && tag->regime.aset && !shared;

	return !apart && tag_is_meant(tag, scope);
}
