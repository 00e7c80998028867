/* SPDX-License-Identifier: MIT */
/*
 * What was forgotten of whole regimes, without looking at what is kept: of a StreamWorld, of a
 * VMID, of an ASID.  A tag asks since when what has it counts; what is older is as good as free.
 *
 * Where very many ASIDs or VMIDs are invalidated, others of them may count from a later age than
 * they should: floors.h.  ASIDs never cost what is global, nor what is of stage 2.
 */
#ifndef SMMU_TLB_FORGOTTEN_H
#define SMMU_TLB_FORGOTTEN_H

#include "base/floors.h"
#include "tlb/tag.h"

/* By ASID: in one VMID or in all, and, told by CPUs, only of those that are shared with them. */
enum asid_form {
	ASID_OF_VMID,
	ASID_OF_ANY_VMID,
	SHARED_ASID_OF_VMID,
	SHARED_ASID_OF_ANY_VMID,
	ASID_FORMS,
};

/* Those that have streams. */
enum { STATES = SMMU3_PAS_REALM + 1 };

/* Ages; 0: never. */
struct forgotten {
	uint64_t newest; /* when anything was, as below */
	uint64_t all;
	uint64_t of_world[TLB_STAGE2_NS + 1][STREAM_WORLDS]; /* by enum tlb_kind */
	uint64_t newest_of_asids[ASID_FORMS];
	struct floors vmids[STATES], asids[STATES]; /* by Security state: none costs another */
};

/* All that an invalidation means is forgotten at this age, the highest so far.  false: it means
 * something that cannot be said so, and nothing has been done. */
bool forgotten_note(struct forgotten *forgotten, const struct smmu3_invalidation *scope,
		    tag_meant_fn *meant, uint64_t age);

/* The age that what has this tag must have been kept at, or a higher one. */
uint64_t forgotten_since(const struct forgotten *forgotten, const struct tlb_tag *tag);

#endif
