/* SPDX-License-Identifier: MIT */
/*
 * Sparse memory.  A page of 4KB exists once something in it was written; reading one that does not
 * is an external abort, and so is reading a line of 64 bytes that is poisoned.  What was not
 * written in a page that exists is 0, or noise where the memory has a noise seed.
 */
#ifndef SMMU_TESTS_RANDOM_MEMORY_H
#define SMMU_TESTS_RANDOM_MEMORY_H

#include "windows.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEMORY_SLOTS = 1 << 16, MEMORY_PAGE_LG2 = 12, MEMORY_LINE_LG2 = 6 };

/* One entry of an open hash table; it is used if its turn is the memory's. */
struct memory_slot {
	uint64_t key, value;
	uint32_t turn;
};

struct memory {
	struct memory_slot word[MEMORY_SLOTS]; /* by address */
	struct memory_slot page[MEMORY_SLOTS]; /* by address >> MEMORY_PAGE_LG2; poisoned lines
						  by LINE_KEY */
	struct memory_slot watched[MEMORY_SLOTS];
	struct memory_slot place[MEMORY_SLOTS]; /* of windows: index, by address >> size_lg2 */
	struct windows windows;
	uint32_t turn;
	size_t words, pages, watches;
	bool touched;   /* something was written that is watched */
	uint64_t noise; /* 0: none */
};

/* Nothing exists; windows are to have so many bytes, as log2, or 0: there are none.  No SMMU has
 * them any more. */
void memory_clear(struct memory *memory, uint64_t noise, unsigned window_lg2);

/* Too much was written for another machine's work to be sure of its place. */
bool memory_full(const struct memory *memory);

bool memory_has_page(const struct memory *memory, uint64_t addr);

/* The line at addr answers with an abort from now on. */
void memory_poison(struct memory *memory, uint64_t addr);
bool memory_poisoned(const struct memory *memory, uint64_t addr);

/* Is a word written, or poisoned?  touched says so from now on, until it is taken back. */
void memory_watch(struct memory *memory, uint64_t addr);

/* The word that was written at addr, a multiple of 8. */
bool memory_written(const struct memory *memory, uint64_t addr, uint64_t *value);

/* Where there is Secure or Realm memory, Non-secure memory has the same in it, but for bit 54, UXN
 * or XN, of descriptors. */
#define MEMORY_OTHERWISE (UINT64_C(1) << 54)

/* What is read of words of the memory in a space, a whole structure; and the words, of what is
 * read: in place.  Of a descriptor of two words the second differs.  spaces: there is Secure or
 * Realm memory. */
void memory_seen(bool spaces, enum smmu3_pas space, enum smmu3_reason reason, uint64_t *word,
		 unsigned words);

/* What stands in the window of an address; false: it has none. */
bool memory_window_word(const struct memory *memory, uint64_t addr, uint64_t *value);

/* What a read finds; false: abort. */
bool memory_read(const struct memory *memory, uint64_t addr, uint64_t *value);

void memory_write(struct memory *memory, uint64_t addr, uint64_t value);
void memory_write_words(struct memory *memory, uint64_t addr, const uint64_t *word, size_t count);

#endif
