/* SPDX-License-Identifier: MIT */
/*
 * The short way: a translation along a path that is known, with one read of each stage's last
 * table, found by a shortcut.  It can only succeed: whatever is not as it should be is left to
 * translate(), which says why.
 */
#ifndef SMMU_XLATE_BRIEF_H
#define SMMU_XLATE_BRIEF_H

#include "tlb/shortcut.h"
#include "xlate/translate.h"

/* What a page is translated to, for whatever access its permissions allow. */
struct brief {
	uint64_t pa; /* of the access */
	struct smmu3_attr attr;
	uint8_t perm, size_lg2;
	uint8_t origin_lg2; /* of what the input is in: tlb_origin_lg2 */
	bool global;        /* of every ASID */
};

/* The stages' last tables, of one stream. */
struct brief_ways {
	const struct shortcuts *stage1, *stage2;
};

/* May accesses of this stream go the short way?  Those of Non-secure streams that are translated.
 */
bool brief_serves(const struct path *path);

/* One that is under way: it is to read a descriptor. */
struct brief_walk {
	const uint64_t *at; /* in host memory */
	uint64_t hierarchy; /* of the tables above it */
	int8_t level;
	uint8_t stage;
	struct s1_result s1; /* of stage 1, or what stands for it */
	struct brief brief;
};

enum brief_state {
	BRIEF_READS, /* what walk->at says, next */
	BRIEF_DONE,  /* walk->brief is the answer */
	BRIEF_FAILS,
};

/* The first step, which knows what to read, and those that read it.  attr is what comes in, after
 * overrides. */
enum brief_state brief_begin(const struct path *path, struct brief_ways ways,
			     const struct smmu3_txn *txn, struct smmu3_attr attr,
			     struct brief_walk *walk);
enum brief_state brief_go_on(const struct path *path, struct brief_ways ways,
			     const struct smmu3_txn *txn, struct brief_walk *walk);

/* Notes the ways that a translation took, if they can be had again: in RAM windows. */
void brief_note(const struct path *path, struct brief_ways ways, const struct smmu3_txn *txn,
		const struct mem *mem);

#endif
