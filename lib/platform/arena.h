/* SPDX-License-Identifier: MIT */
/* Memory for what lives as long as a machine: taken piece by piece, given back at once. */
#ifndef SMMU_PLATFORM_ARENA_H
#define SMMU_PLATFORM_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest */
	size_t used, size;         /* of the newest */
};

/* Zeroed bytes, aligned for anything; NULL when memory runs out. */
void *arena_take(struct arena *arena, size_t bytes);

/* A copy of bytes, NUL-terminated; NULL when memory runs out. */
char *arena_copy(struct arena *arena, const char *text, size_t bytes);

void arena_free(struct arena *arena);

#endif
