/* SPDX-License-Identifier: MIT */
#include "memory.h"

#include "rng.h"

#include <stdlib.h>
#include <string.h>

void memory_clear(struct memory *memory, uint64_t noise, unsigned window_lg2)
{
	windows_free(&memory->windows);
	if (++memory->turn == 0) {
		memset(memory, 0, sizeof(*memory));
		memory->turn = 1;
	}
	memory->words = 0;
	memory->pages = 0;
	memory->watches = 0;
	memory->touched = false;
	memory->noise = noise;
	memory->windows.size_lg2 = window_lg2;
}

bool memory_full(const struct memory *memory)
{
	return memory->words > MEMORY_SLOTS / 2 || memory->pages > MEMORY_SLOTS / 2;
}

/* The slot that holds key, or the free one where it would go. */
static size_t find(const struct memory_slot *slot, uint32_t turn, uint64_t key)
{
	size_t at = rng_mix(key) % MEMORY_SLOTS;

	while (slot[at].turn == turn && slot[at].key != key)
		at = (at + 1) % MEMORY_SLOTS;
	return at;
}

bool memory_has_page(const struct memory *memory, uint64_t addr)
{
	return memory->page[find(memory->page, memory->turn, addr >> MEMORY_PAGE_LG2)].turn ==
	       memory->turn;
}

/* Lines share the table of the pages: no page has this bit. */
static uint64_t line_key(uint64_t addr)
{
	return addr >> MEMORY_LINE_LG2 | UINT64_C(1) << 63;
}

static uint64_t aligned_line(uint64_t addr)
{
	return addr >> MEMORY_LINE_LG2 << MEMORY_LINE_LG2;
}

bool memory_poisoned(const struct memory *memory, uint64_t addr)
{
	return memory->page[find(memory->page, memory->turn, line_key(addr))].turn == memory->turn;
}

bool memory_written(const struct memory *memory, uint64_t addr, uint64_t *value)
{
	const struct memory_slot *slot = &memory->word[find(memory->word, memory->turn, addr)];

	if (slot->turn != memory->turn)
		return false;
	*value = slot->value;
	return true;
}

bool memory_read(const struct memory *memory, uint64_t addr, uint64_t *value)
{
	const bool written = memory_written(memory, addr, value);

	if (!written)
		*value = memory->noise ? rng_mix(addr ^ memory->noise) : 0;
	return (written || memory_has_page(memory, addr)) && !memory_poisoned(memory, addr);
}

/* Sets key in a table; true if it is new.  A table that is about to fill up would make every search
 * endless: callers ask memory_full long before. */
static bool set(struct memory_slot *slots, uint32_t turn, uint64_t key, uint64_t value)
{
	struct memory_slot *slot = &slots[find(slots, turn, key)];
	const bool new = slot->turn != turn;

	*slot = (struct memory_slot){ key, value, turn };
	return new;
}

void memory_watch(struct memory *memory, uint64_t addr)
{
	if (memory->watches + 1 >= MEMORY_SLOTS)
		abort();
	memory->watches += set(memory->watched, memory->turn, addr, 0);
}

static void touch(struct memory *memory, uint64_t addr)
{
	memory->touched |= memory->watches &&
			   memory->watched[find(memory->watched, memory->turn, addr)].turn ==
				   memory->turn;
}

/* ---- Windows ---- */

static uint64_t unwritten(const void *context, uint64_t addr)
{
	const struct memory *memory = context;

	return memory->noise ? rng_mix(addr ^ memory->noise) : 0;
}

static struct window *make_window(struct memory *memory, uint64_t addr)
{
	struct windows *windows = &memory->windows;
	struct window *window = windows_make(windows, addr, unwritten, memory);
	const uint64_t pages = UINT64_C(1) << (windows->size_lg2 - MEMORY_PAGE_LG2);

	if (!window)
		return NULL;
	(void)set(memory->place, memory->turn, addr >> windows->size_lg2, windows->count - 1);
	for (uint64_t i = 0; i < pages; i++)
		memory->pages += set(memory->page, memory->turn,
				     (window->base >> MEMORY_PAGE_LG2) + i, 0);
	return window;
}

/* The window of an address; NULL: it has none. */
static struct window *window_of(struct memory *memory, uint64_t addr)
{
	struct windows *windows = &memory->windows;

	if (!windows->size_lg2)
		return NULL;
	const struct memory_slot *place =
		&memory->place[find(memory->place, memory->turn, addr >> windows->size_lg2)];

	return place->turn == memory->turn ? &windows->window[place->value] :
					     make_window(memory, addr);
}

bool memory_window_word(const struct memory *memory, uint64_t addr, uint64_t *value)
{
	const struct windows *windows = &memory->windows;

	for (unsigned i = 0; i < windows->count; i++)
		if (addr >> windows->size_lg2 == windows->window[i].base >> windows->size_lg2) {
			const uint64_t at = (addr - windows->window[i].base) / 8;
			unsigned char byte[8];

			memcpy(byte, &windows->window[i].host[at], sizeof(byte));
			*value = 0;
			for (unsigned n = 0; n < 8; n++)
				*value |= (uint64_t)byte[n] << 8 * n;
			return true;
		}
	return false;
}

/* ---- Writing ---- */

void memory_write(struct memory *memory, uint64_t addr, uint64_t value)
{
	enum { PAGES_OF_WINDOW = 16 };

	if (memory->words + 1 >= MEMORY_SLOTS || memory->pages + PAGES_OF_WINDOW >= MEMORY_SLOTS)
		abort();
	touch(memory, addr);
	memory->words += set(memory->word, memory->turn, addr, value);
	memory->pages += set(memory->page, memory->turn, addr >> MEMORY_PAGE_LG2, 0);
	const struct window *window = window_of(memory, addr);

	if (window)
		window_write(window, addr, value);
}

void memory_poison(struct memory *memory, uint64_t addr)
{
	if (memory->pages + 1 >= MEMORY_SLOTS)
		abort();
	memory->pages += set(memory->page, memory->turn, line_key(addr), 0);
	struct window *window = window_of(memory, addr);

	if (window)
		window->poisoned = true;
	for (unsigned i = 0; i < 1u << (MEMORY_LINE_LG2 - 3); i++)
		touch(memory, aligned_line(addr) + 8 * i);
}

void memory_write_words(struct memory *memory, uint64_t addr, const uint64_t *word, size_t count)
{
	for (size_t i = 0; i < count; i++)
		memory_write(memory, addr + 8 * i, word[i]);
}

void memory_seen(bool spaces, enum smmu3_pas space, enum smmu3_reason reason, uint64_t *word,
		 unsigned words)
{
	const bool ttd = reason == SMMU3_REASON_S1_TTD || reason == SMMU3_REASON_S2_TTD;

	if (spaces && space == SMMU3_PAS_NS && ttd && word[0] & 1)
		word[words - 1] ^= MEMORY_OTHERWISE;
}
