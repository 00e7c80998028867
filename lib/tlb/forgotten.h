/* SPDX-License-Identifier: MIT */
/*
 * What was forgotten of whole regimes, without looking at what is kept: of a StreamWorld, of a
 * VMID, of an ASID.  A tag asks since when what has it counts; what is older is as good as free.
 *
 * ASIDs that follow each other have places of their own, and so have VMIDs: FORGOTTEN_ASIDS and
 * FORGOTTEN_VMIDS of them.  Where names share a place, each counts from when any of them was
 * forgotten: what was not meant may go, never the other way round.  ASIDs never cost what is
 * global, nor what is of stage 2.
 */
#ifndef SMMU_TLB_FORGOTTEN_H
#define SMMU_TLB_FORGOTTEN_H

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

enum { FORGOTTEN_ASIDS = 4096, FORGOTTEN_VMIDS = 1024 }; /* powers of two */

/* Ages; 0: never. */
struct forgotten {
	uint64_t newest; /* when anything was, as below */
	uint64_t all;
	uint64_t of_world[TLB_STAGE2_NS + 1][STREAM_WORLDS]; /* by enum tlb_kind */
	uint64_t newest_of_asids[ASID_FORMS];
	/* By Security state: none costs another */
	uint64_t vmids[STATES][FORGOTTEN_VMIDS], asids[STATES][FORGOTTEN_ASIDS];
};

/* All that an invalidation means is forgotten at this age, the highest so far.  false: it means
 * something that cannot be said so, and nothing has been done. */
bool forgotten_note(struct forgotten *forgotten, const struct smmu3_invalidation *scope,
		    tag_meant_fn *meant, uint64_t age);

/* The age that what has this tag must have been kept at, or a higher one. */
uint64_t forgotten_since(const struct forgotten *forgotten, const struct tlb_tag *tag);

#endif
