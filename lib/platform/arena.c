/* SPDX-License-Identifier: MIT */
#include "platform/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* AddressSanitizer, as gcc says and as clang does. */
#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

/* Watched, each piece is a chunk of its own, so that reaching past it is seen. */
#ifdef WATCHED
enum { CHUNK_BYTES = 0 };
#else
enum { CHUNK_BYTES = 64 * 1024 };
#endif

struct arena_chunk {
	struct arena_chunk *older;
	alignas(max_align_t) char bytes[];
};

static int arena_grow(struct arena *arena, size_t bytes)
{
	const size_t size = bytes > CHUNK_BYTES ? bytes : CHUNK_BYTES;
	struct arena_chunk *const chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		return -1;
	chunk->older = arena->chunk;
	*arena = (struct arena){ .chunk = chunk, .size = size };
	return 0;
}

void *arena_take(struct arena *arena, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	void *taken;

	if (bytes > SIZE_MAX / 2)
		return NULL;
	bytes = (bytes + align - 1) & ~(align - 1);
	if (bytes > arena->size - arena->used && arena_grow(arena, bytes))
		return NULL;
	taken = arena->chunk->bytes + arena->used;
	arena->used += bytes;
	return taken;
}

char *arena_copy(struct arena *arena, const char *text, size_t bytes)
{
	char *const copy = arena_take(arena, bytes + 1);

	if (copy)
		memcpy(copy, text, bytes);
	return copy;
}

void arena_free(struct arena *arena)
{
	struct arena_chunk *older;

	for (struct arena_chunk *chunk = arena->chunk; chunk; chunk = older) {
		older = chunk->older;
		free(chunk);
	}
	*arena = (struct arena){ 0 };
}
