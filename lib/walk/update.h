/* SPDX-License-Identifier: MIT */
/*
 * Hardware update of the Access flag and of the dirty state: which leaf wants what, and how it is
 * written.  Of stage 1 a leaf is clean whose AP[2] alone keeps writes out, of stage 2 one whose
 * S2AP[1] does: both are bit 7, which an update turns.  Where permissions are indirect, bit 7 alone
 * is the dirty state: nDirty, or Dirty of stage 2.  3.13, D8.5
 */
#ifndef SMMU_WALK_UPDATE_H
#define SMMU_WALK_UPDATE_H

#include "mem/guard.h"
#include "walk/stage.h"

/* How often an access walks again because somebody else has changed its leaf meanwhile.  Then the
 * update has failed as one that memory aborts. */
enum { UPDATE_TRIES = 256 };

/* Writable, but for the dirty state that it does not have yet. */
ALWAYS_INLINE bool leaf_is_clean(struct leaf_updates updates, unsigned stage, uint64_t descriptor)
{
	return unlikely(updates.dirty) && (updates.indirect || ttd_get(descriptor, TTD_DBM)) &&
	       ttd_get(descriptor, TTD_AP2) == (stage == 1);
}

/* What counts for permissions: a clean leaf is as good as a writable one.  D8.5.2, 3.13.8 */
ALWAYS_INLINE uint64_t leaf_as_writable(struct leaf_updates updates, unsigned stage,
					uint64_t descriptor)
{
	return leaf_is_clean(updates, stage, descriptor) ? descriptor ^ field_mask(TTD_AP2) :
							   descriptor;
}

/* What of that goes without an update: nobody may write to a clean leaf, as long as it is clean. */
ALWAYS_INLINE unsigned leaf_permits(struct leaf_updates updates, unsigned stage,
				    uint64_t descriptor, unsigned perm)
{
	return leaf_is_clean(updates, stage, descriptor) ? perm & ~(unsigned)PERM_WRITE : perm;
}

/* The leaf as this access leaves it, where perm is what it grants as a writable one.  libsmmu
 * updates nothing where the stage refuses the access.  3.13.2, 3.13.3.1 */
COLD uint64_t leaf_updated(struct leaf_updates updates, unsigned stage, uint64_t descriptor,
			   unsigned perm, const struct access *access);

/* A leaf that is to be written. */
struct update {
	const struct mem_view *view;
	const struct table *table;
	struct leaf_place place;
	struct mem_read at; /* where it is written */
	uint64_t before, after;
	uint64_t input;
	enum smmu3_fault_class fault_class;
	enum smmu3_pas ipa_pas; /* stage 2: where the input is */
	int level;
	bool has_ipa; /* it is addressed by IPA */
};

/* Writes it, if it is what it was, and tells who listens. */
COLD enum mem_swapped leaf_update(const struct update *update);

#endif
