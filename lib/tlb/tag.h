/* SPDX-License-Identifier: MIT */
/* Whose translations they are, and which of them an invalidation means: pure.  3.17, 4.4 */
#ifndef SMMU_TLB_TAG_H
#define SMMU_TLB_TAG_H

#include "arch/streamworld.h"
#include "base/bits.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

/* What a StreamWorld has no tag for is 0.  Of stage 2's only the VMID counts. */
struct regime {
	uint16_t vmid, asid;
	bool aset;     /* the ASID is not shared with CPUs: CD.ASET */
	uint8_t world; /* enum stream_world */
};

enum tlb_kind {
	TLB_FREE,
	TLB_STAGE1,    /* from a VA, through stage 1 or through both */
	TLB_STAGE2,    /* from an IPA, through stage 2 */
	TLB_STAGE2_NS, /* from an IPA that a Secure stream has in the Non-secure space.  3.10.2.2 */
};

struct tlb_tag {
	uint64_t input; /* the first address of what it translates */
	struct regime regime;
	uint8_t kind; /* enum tlb_kind */
	uint8_t size_lg2;
	uint8_t origin_lg2; /* of the block or contiguous group that it is a part of */
	bool global;        /* of every ASID of its ASET.  3.17.1 */
	bool both;          /* from a VA, through both stages */
	/* What it was read from: of both stages the first's descriptor */
	uint8_t maps_lg2;    /* what that maps */
	uint8_t granule_lg2; /* of a table; 0: of a leaf, whose level says it */
	int8_t level;        /* of a leaf */
	bool d128;           /* of VMSAv9-128 */
};

/* Bits of an address that count: the byte above is a copy of bit 55, or ignored.  3.4.1 */
ALWAYS_INLINE uint64_t tlb_input(uint64_t address)
{
	return address & low_bits(56);
}

/* Stage 2 of a regime has a tree of IPAs for each space that they may be in. */
ALWAYS_INLINE enum tlb_kind tlb_kind_of_ipa(const struct regime *regime, enum smmu3_pas pas)
{
	return pas == (enum smmu3_pas)stream_worlds[regime->world].sec_sid ? TLB_STAGE2 :
									     TLB_STAGE2_NS;
}

/* Does it translate this input for this regime? */
ALWAYS_INLINE bool tag_translates(const struct tlb_tag *tag, enum tlb_kind kind,
				  const struct regime *regime, uint64_t input)
{
	if (tag->kind != kind || tag->regime.world != regime->world ||
	    tag->regime.vmid != regime->vmid || (tag->input ^ input) >> tag->size_lg2)
		return false;
	if (kind != TLB_STAGE1)
		return true;
	return tag->global ? tag->regime.aset == regime->aset : tag->regime.asid == regime->asid;
}

/* enum smmu3_worlds that an invalidation is of. */
ALWAYS_INLINE unsigned worlds_meant(const struct smmu3_invalidation *scope)
{
	return scope->worlds ? scope->worlds : SMMU3_WORLD_EL1;
}

/* Is this StreamWorld among them? */
ALWAYS_INLINE bool world_is_of(unsigned world, const struct smmu3_invalidation *scope)
{
	const struct stream_world_facts *facts = &stream_worlds[world];

	return facts->sec_sid == scope->sec_sid && worlds_meant(scope) & facts->bit;
}

/* Does this invalidation mean it?  4.4.2, 4.4.3 */
typedef bool tag_meant_fn(const struct tlb_tag *tag, const struct smmu3_invalidation *scope);
tag_meant_fn tag_is_meant;

/* As CPUs broadcast it: an ASID that is not shared with them is not theirs, nor, where there are no
 * ASIDs, an address that is not.  3.17, 16.7.7 */
tag_meant_fn tag_is_meant_by_cpus;

#endif
