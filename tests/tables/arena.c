/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <check.h>
#include <stdlib.h>

static int take(void *context, uint64_t bytes, uint64_t *at)
{
	struct arena *const arena = context;
	const uint64_t start = (arena->used + bytes - 1) & ~(bytes - 1);

	ck_assert(bytes && !(bytes & (bytes - 1)));
	if (!arena->left || start + bytes > (uint64_t)ARENA_WORDS * 8)
		return -SMMU3_E_LIMIT;
	arena->left--;
	arena->used = start + bytes;
	*at = ARENA_BASE + start;
	return 0;
}

static uint64_t *at(const struct arena *arena, uint64_t address)
{
	ck_assert_uint_ge(address, ARENA_BASE);
	ck_assert_uint_lt(address, ARENA_BASE + arena->used);
	ck_assert_uint_eq(address % 8, 0);
	return &arena->word[(address - ARENA_BASE) / 8];
}

static int get(void *context, uint64_t address, uint64_t *word)
{
	*word = *at(context, address);
	return 0;
}

static int set(void *context, uint64_t address, uint64_t word)
{
	struct arena *const arena = context;

	arena->writes++;
	*at(arena, address) = word;
	return 0;
}

void arena_open(struct arena *arena)
{
	*arena = (struct arena){
		.word = calloc(ARENA_WORDS, 8),
		.left = 1000,
		.builder = { arena, take, get, set },
	};
	ck_assert_ptr_nonnull(arena->word);
}

void arena_close(struct arena *arena)
{
	free(arena->word);
}

uint64_t arena_word(const struct arena *arena, uint64_t address)
{
	return *at(arena, address);
}
