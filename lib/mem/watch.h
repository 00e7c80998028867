/* SPDX-License-Identifier: MIT */
/*
 * Who is told, beside the structures that are read, which of what is kept an access uses, and what
 * is kept of what it reads; and may have it pass by what is kept, as if it were not there.
 */
#ifndef SMMU_MEM_WATCH_H
#define SMMU_MEM_WATCH_H

#include "base/bits.h"

#include <smmu/check.h>
#include <stdbool.h>
#include <stdint.h>

/* Something that is kept: its kind and what it is kept as. */
struct watched {
	uint8_t kind;     /* enum smmu3_kept_kind */
	const void *name; /* of translations and tables a struct tlb_tag, of structures a struct
			   * structure_name, of the DPT and the GPT a struct pa_region */
};

struct watch {
	/* An access has found it.  false: it is to go on as if it had not. */
	bool (*uses)(struct watch *watch, const struct watched *watched);
	/* It is kept, made of what has been read and used so far. */
	void (*keeps)(struct watch *watch, const struct watched *watched);
	/* It has used what an invalidation under way removes: what is made of that must not outlive
	 * it, and is not kept.  3.21.1, 3.21.3 */
	bool made_of_removed;
	bool uncounted; /* it is no access of anybody's: what it looks up is not counted */
};

ALWAYS_INLINE bool watch_counts(const struct watch *watch)
{
	return likely(!watch) || !watch->uncounted;
}

ALWAYS_INLINE bool watch_may_keep(const struct watch *watch)
{
	return likely(!watch) || !watch->made_of_removed;
}

ALWAYS_INLINE bool watch_uses(struct watch *watch, const struct watched *watched)
{
	return likely(!watch) || watch->uses(watch, watched);
}

ALWAYS_INLINE void watch_keeps(struct watch *watch, const struct watched *watched)
{
	if (unlikely(watch))
		watch->keeps(watch, watched);
}

#endif
