/* SPDX-License-Identifier: MIT */
/* A few megabytes of memory at 0x80000000 for a builder, taken upward, each piece aligned to its
 * size. */
#ifndef TESTS_TABLES_ARENA_H
#define TESTS_TABLES_ARENA_H

#include <smmu/tables.h>

enum { ARENA_WORDS = 1 << 20 }; /* 8 MiB */
#define ARENA_BASE UINT64_C(0x80000000)

struct arena {
	uint64_t *word;
	uint64_t used;   /* bytes */
	unsigned writes; /* so far */
	unsigned left;   /* allocations until it fails */
	struct smmu3_builder builder;
};

void arena_open(struct arena *arena);
void arena_close(struct arena *arena);

/* The word at an address. */
uint64_t arena_word(const struct arena *arena, uint64_t at);

#endif
