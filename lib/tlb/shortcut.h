/* SPDX-License-Identifier: MIT */
/* Shortcuts: where in host memory the table is that has an input's leaf, for one stream and stage.
 * Direct-mapped; an entry is another's once its owner has another name. */
#ifndef SMMU_TLB_SHORTCUT_H
#define SMMU_TLB_SHORTCUT_H

#include "base/bits.h"

#include <stddef.h>
#include <stdint.h>

struct shortcut {
	uint64_t tag;
	const uint64_t *table;
	uint64_t hierarchy; /* OR of bits 63:59 of the descriptors above, in place */
};

struct shortcuts {
	struct shortcut *entry; /* NULL: there are none */
	uint64_t last;          /* number of entries less 1 */
	uint64_t name;
	uint64_t sizes; /* 1 << log2 of what the tables there are map */
};

/* log2 of what its table maps names it, too: tables of two levels may hold leaves. */
ALWAYS_INLINE uint64_t shortcut_tag(const struct shortcuts *shortcuts, uint64_t input,
				    unsigned size_lg2)
{
	return input >> size_lg2 << 18 | shortcuts->name << 6 | size_lg2;
}

ALWAYS_INLINE struct shortcut *shortcut_place(const struct shortcuts *shortcuts, uint64_t input,
					      unsigned size_lg2)
{
	return &shortcuts->entry[(input >> size_lg2) & shortcuts->last];
}

/* Are these the same addresses, of tables that map as much?  The byte above 56 bits is a copy, or
 * ignored, whatever the name is. */
ALWAYS_INLINE bool shortcut_is_of(const struct shortcut *place, uint64_t input, unsigned size_lg2)
{
	return (place->tag & 0x3f) == size_lg2 &&
	       !((place->tag >> 18 ^ input >> size_lg2) & low_bits(56 - size_lg2));
}

ALWAYS_INLINE const struct shortcut *shortcut_find(const struct shortcuts *shortcuts,
						   uint64_t input, unsigned size_lg2)
{
	const struct shortcut *place = shortcut_place(shortcuts, input, size_lg2);

	return place->tag == shortcut_tag(shortcuts, input, size_lg2) ? place : NULL;
}

#endif
