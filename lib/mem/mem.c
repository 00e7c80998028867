/* SPDX-License-Identifier: MIT */
#include "mem/mem.h"

#include "mem/mischief.h"
#include "mem/pair.h"

#include <stdlib.h>
#include <string.h>

enum { PAS_COUNT = 4, WINDOW_ALIGN = 63 };

void mem_init(struct mem *mem, const struct smmu3_host *host)
{
	*mem = (struct mem){ 0 };
	if (host)
		mem->host = *host;
}

void mem_free(struct mem *mem)
{
	mischief_end(mem);
	for (unsigned pas = 0; pas < PAS_COUNT; pas++)
		free(mem->ram[pas].window);
	*mem = (struct mem){ 0 };
}

static bool overlaps(const struct ram_map *map, const struct ram_window *window)
{
	for (size_t i = 0; i < map->count; i++)
		if (window->base <= map->window[i].last && map->window[i].base <= window->last)
			return true;
	return false;
}

/* Room for one more, so that inserting cannot fail. */
static bool reserve(struct ram_map *map)
{
	struct ram_window *grown = realloc(map->window, (map->count + 1) * sizeof(*grown));

	if (!grown)
		return false;
	map->window = grown;
	return true;
}

static void insert(struct ram_map *map, const struct ram_window *window)
{
	size_t at = 0;

	while (at < map->count && map->window[at].base < window->base)
		at++;
	memmove(&map->window[at + 1], &map->window[at], (map->count - at) * sizeof(*window));
	map->window[at] = *window;
	map->count++;
}

/* What has the windows. */
static struct mem *with_windows(struct mem *mem)
{
	return mem->mischief ? &mem->mischief->behind : mem;
}

int mem_add_ram(struct mem *mem, const struct ram_window *window, unsigned pas_mask)
{
	mem = with_windows(mem);
	if (!pas_mask || pas_mask & ~SMMU3_PAS_ALL || !window->host ||
	    window->last < window->base || window->base & WINDOW_ALIGN ||
	    ~window->last & WINDOW_ALIGN || (uintptr_t)window->host & WINDOW_ALIGN)
		return -SMMU3_E_ARGUMENT;
	for (unsigned pas = 0; pas < PAS_COUNT; pas++)
		if (bit(pas_mask, pas) && overlaps(&mem->ram[pas], window))
			return -SMMU3_E_OVERLAP;
	for (unsigned pas = 0; pas < PAS_COUNT; pas++)
		if (bit(pas_mask, pas) && !reserve(&mem->ram[pas]))
			return -SMMU3_E_MEMORY;
	for (unsigned pas = 0; pas < PAS_COUNT; pas++)
		if (bit(pas_mask, pas))
			insert(&mem->ram[pas], window);
	return 0;
}

/* The place of the window that starts at base, or count. */
static size_t place(const struct ram_map *map, uint64_t base)
{
	size_t at = 0;

	while (at < map->count && map->window[at].base != base)
		at++;
	return at;
}

int mem_remove_ram(struct mem *mem, uint64_t base, unsigned pas_mask)
{
	mem = with_windows(mem);
	if (!pas_mask || pas_mask & ~SMMU3_PAS_ALL)
		return -SMMU3_E_ARGUMENT;
	for (unsigned pas = 0; pas < PAS_COUNT; pas++)
		if (bit(pas_mask, pas) && place(&mem->ram[pas], base) == mem->ram[pas].count)
			return -SMMU3_E_NOT_FOUND;
	for (unsigned pas = 0; pas < PAS_COUNT; pas++) {
		struct ram_map *map = &mem->ram[pas];

		if (!bit(pas_mask, pas))
			continue;
		const size_t at = place(map, base);

		map->count--;
		memmove(&map->window[at], &map->window[at + 1],
			(map->count - at) * sizeof(*map->window));
	}
	return 0;
}

static struct smmu3_mem_access access_of(const struct mem_read *read, uint32_t bytes)
{
	return (struct smmu3_mem_access){
		.pa = read->at.addr,
		.bytes = bytes,
		.pas = (uint8_t)read->at.pas,
		.reason = (uint8_t)read->reason,
		.attr = read->attr,
		.mecid = mecid_of(read),
		.mpam = read->mpam,
	};
}

COLD bool mem_read_host(const struct mem *mem, const struct mem_read *read, uint64_t *word,
			unsigned words)
{
	const struct smmu3_mem_access access = access_of(read, words * (uint32_t)sizeof(*word));

	if (mem->mischief)
		return mischief_read(mem->mischief, read, word, words);
	/* Zero, should the host answer without data. */
	memset(word, 0, words * sizeof(*word));
	if (!mem->host.read || mem->host.read(mem->host.context, &access, word) != SMMU3_MEM_OK)
		return false;
	for (unsigned i = 0; i < words; i++)
		word[i] = from_le64(word[i]);
	return true;
}

/* Word by word, so that who looks sees each whole. */
static void store(unsigned char *to, const void *data, unsigned bytes)
{
	const unsigned char *from = data;

	if (bytes == sizeof(uint32_t)) {
		uint32_t word;

		memcpy(&word, from, sizeof(word));
		__atomic_store_n((uint32_t *)(void *)to, word, __ATOMIC_RELEASE);
		return;
	}
	for (unsigned i = 0; i < bytes; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, from + i, sizeof(word));
		__atomic_store_n((uint64_t *)(void *)(to + i), word, __ATOMIC_RELEASE);
	}
}

bool mem_write(const struct mem *mem, const struct mem_read *write, const void *data,
	       unsigned bytes)
{
	const struct smmu3_host *host = &mem->host;
	const struct smmu3_mem_access access = access_of(write, bytes);
	const struct ram_window *window = ram_find(&mem->ram[write->at.pas], access.pa);

	if (!window && mem->mischief)
		return mischief_write(mem->mischief, write, data, bytes);
	if (!window)
		return host->write && host->write(host->context, &access, data) == SMMU3_MEM_OK;
	store(window->host + (access.pa - window->base), data, bytes);
	if (host->written)
		host->written(host->context, &access);
	return true;
}

/* ---- Atomic accesses ---- */

static enum mem_swapped swap_in_window(unsigned char *host, uint64_t expected, uint64_t desired)
{
	uint64_t found = to_le64(expected);

	return __atomic_compare_exchange_n((uint64_t *)(void *)host, &found, to_le64(desired),
					   false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED) ?
		       SWAP_DONE :
		       SWAP_LOST;
}

static enum mem_swapped swap_host(const struct smmu3_host *host,
				  const struct smmu3_mem_access *access, uint64_t expected,
				  uint64_t desired)
{
	const uint64_t before = to_le64(expected), after = to_le64(desired);
	uint64_t found = ~before;

	if (!host->swap ||
	    host->swap(host->context, access, &before, &after, &found) != SMMU3_MEM_OK)
		return SWAP_ABORTED;
	return found == before ? SWAP_DONE : SWAP_LOST;
}

enum mem_swapped mem_swap(const struct mem *mem, const struct mem_read *at, uint64_t expected,
			  uint64_t desired)
{
	const struct smmu3_host *host = &mem->host;
	const struct smmu3_mem_access access = access_of(at, sizeof(uint64_t));
	const struct ram_window *window = ram_find(&mem->ram[at->at.pas], access.pa);

	if (!window && mem->mischief)
		return mischief_swap(mem->mischief, at, expected, desired);
	if (!window)
		return swap_host(host, &access, expected, desired);
	const enum mem_swapped swapped = swap_in_window(window->host + (access.pa - window->base),
							expected, desired);

	if (swapped == SWAP_DONE && host->written)
		host->written(host->context, &access);
	return swapped;
}

/* What answers an access that nothing happens to. */
static const struct mem *undisturbed(const struct mem *mem)
{
	return mem->mischief ? &mem->mischief->behind : mem;
}

bool mem_swaps(const struct mem *mem, struct pa at)
{
	mem = undisturbed(mem);
	return mem->host.swap || ram_find(&mem->ram[at.pas], at.addr);
}

/* ---- Of two words ---- */

bool mem_read_pair(const struct mem *mem, const struct mem_read *read, uint64_t *word)
{
	const struct ram_window *window = ram_find(&mem->ram[read->at.pas], read->at.addr);

	if (!window && mem->mischief)
		return mischief_read_pair(mem->mischief, read, word);
	if (!window)
		return mem_read_host(mem, read, word, 2);
	pair_load(window->host + (read->at.addr - window->base), word);
	word[0] = from_le64(word[0]);
	word[1] = from_le64(word[1]);
	return true;
}

static enum mem_swapped swap_pair_host(const struct smmu3_host *host,
				       const struct smmu3_mem_access *access,
				       const uint64_t *before, const uint64_t *after)
{
	uint64_t found[2] = { ~before[0], ~before[1] };

	if (!host->swap_pair ||
	    host->swap_pair(host->context, access, before, after, found) != SMMU3_MEM_OK)
		return SWAP_ABORTED;
	return found[0] == before[0] && found[1] == before[1] ? SWAP_DONE : SWAP_LOST;
}

enum mem_swapped mem_swap_pair(const struct mem *mem, const struct mem_read *at,
			       const uint64_t *expected, const uint64_t *desired)
{
	const struct smmu3_host *host = &mem->host;
	const struct smmu3_mem_access access = access_of(at, 2 * sizeof(uint64_t));
	const struct ram_window *window = ram_find(&mem->ram[at->at.pas], access.pa);
	const uint64_t before[2] = { to_le64(expected[0]), to_le64(expected[1]) };
	const uint64_t after[2] = { to_le64(desired[0]), to_le64(desired[1]) };

	if (!window && mem->mischief)
		return mischief_swap_pair(mem->mischief, at, expected, desired);
	if (!window)
		return swap_pair_host(host, &access, before, after);
	const bool done = pair_swap(window->host + (access.pa - window->base), before, after);

	if (done && host->written)
		host->written(host->context, &access);
	return done ? SWAP_DONE : SWAP_LOST;
}

bool mem_swaps_pair(const struct mem *mem, struct pa at)
{
	mem = undisturbed(mem);
	return mem->host.swap_pair || ram_find(&mem->ram[at.pas], at.addr);
}
