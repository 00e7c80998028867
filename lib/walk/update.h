/* SPDX-License-Identifier: MIT */
/*
 * Hardware update of the Access flag and of the dirty state: which leaf wants what, and how a
 * descriptor is written.  Of stage 1 a leaf is clean whose AP[2] alone keeps writes out, of stage 2
 * one whose S2AP[1] does: both are bit 7, which an update turns.  Where permissions are indirect,
 * bit 7 alone is the dirty state: nDirty, or Dirty of stage 2.  Of a table the Access flag is all
 * there is, and the walk sets it on its way down.  3.13, D8.5
 */
#ifndef SMMU_WALK_UPDATE_H
#define SMMU_WALK_UPDATE_H

#include "mem/guard.h"
#include "walk/stage.h"

/* How often an access walks again because somebody else has changed a descriptor meanwhile.  Then
 * the update has failed as one that memory aborts. */
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

/* What becomes of the table descriptors of a walk that writes. */
ALWAYS_INLINE uint8_t tables_updated(const struct mem_view *view, struct leaf_updates updates)
{
	return (uint8_t)((view->tlb ? TABLES_ARE_KEPT : 0) |
			 (updates.tables ? TABLES_ARE_MARKED : 0));
}

/* Writes the descriptor that is at the context's place, if it is what it was there, and tells who
 * listens.  If it is not, that is lost, and the fault is what the walk ends with if it is given up.
 * One of stage 1 is written through stage 2, which must let a write through.  3.13.5 */
COLD struct fault ttd_update(const struct walk_context *context, const struct table *table,
			     uint64_t after);

/* The leaf as whoever asks for it leaves it. */
typedef uint64_t updated_fn(const void *asker, const struct leaf *leaf);

/* A walk of a stage that hardware updates; the leaf is then as the asker leaves it, in memory, too.
 * If somebody changes a descriptor meanwhile, it is another, to be found anew.  D8.5.2.1 */
COLD struct fault walk_and_update(const struct walk_context *context, const struct table *table,
				  updated_fn *updated, const void *asker, struct leaf *leaf);

#endif
