/* SPDX-License-Identifier: MIT */
/* Structures to keep, which say who they are. */
#ifndef TESTS_CONFIG_KEPT_STRUCTURES_H
#define TESTS_CONFIG_KEPT_STRUCTURES_H

#include "config/structures.h"

#include <check.h>

/* What is kept here says which it is in its VMID or ASID. */
static inline struct structures *made(uint32_t places)
{
	static struct structures structures;
	const uint32_t of_each[STRUCTURE_KINDS] = { places, places, places };

	ck_assert(structures_init(&structures, of_each));
	return &structures;
}

static inline struct structure structure_of(enum structure_kind kind, uint32_t sid, uint32_t index,
					    uint16_t mark)
{
	struct structure structure = { .name = { .sid = sid, .index = index } };

	if (kind == STRUCTURE_L1STD)
		structure.l1std = mark;
	else if (kind == STRUCTURE_STREAM)
		structure.stream = (struct stream){ .sid = sid, .stage2.regime.vmid = mark };
	else
		structure.context = (struct context){ .stage1.regime.asid = mark };
	return structure;
}

static inline void keep(struct structures *structures, enum structure_kind kind, uint32_t sid,
			uint32_t index, uint16_t mark)
{
	const struct structure structure = structure_of(kind, sid, index, mark);

	structure_keep(structures, structures_age(structures), kind, &structure);
}

/* The mark, or 0. */
static inline unsigned found_by_name(struct structures *structures, enum structure_kind kind,
				     struct structure_name name)
{
	struct structure got;

	if (!structure_find(structures, kind, name, &got))
		return 0;
	return kind == STRUCTURE_L1STD  ? (unsigned)got.l1std :
	       kind == STRUCTURE_STREAM ? got.stream.stage2.regime.vmid :
					  got.context.stage1.regime.asid;
}

static inline unsigned found(struct structures *structures, enum structure_kind kind, uint32_t sid,
			     uint32_t index)
{
	return found_by_name(structures, kind,
			     (struct structure_name){ .sid = sid, .index = index });
}

#endif
