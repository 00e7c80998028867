/* SPDX-License-Identifier: MIT */
#include "platform/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- Regions ---- */

static int room_for_region(struct memory *memory)
{
	const size_t room = memory->room ? memory->room * 2 : 16;
	struct region **region;

	if (memory->count < memory->room)
		return 0;
	region = realloc(memory->region, room * sizeof(struct region *));
	if (!region)
		return -SMMU3_E_MEMORY;
	memory->region = region;
	memory->room = room;
	return 0;
}

int memory_add(struct memory *memory, const char *name, uint64_t base, uint64_t size, unsigned pas)
{
	struct region *region;

	if (size > MEMORY_BYTES_MOST - memory->total || memory->count == REGIONS_MOST)
		return -SMMU3_E_LIMIT;
	if (room_for_region(memory))
		return -SMMU3_E_MEMORY;
	region = malloc(sizeof(*region));
	if (!region)
		return -SMMU3_E_MEMORY;
	*region = (struct region){
		.name = name, .base = base, .size = size, .pas = pas, .top = base + size
	};
	region->host = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (region->host == MAP_FAILED) {
		free(region);
		return -SMMU3_E_MEMORY;
	}
	memory->region[memory->count++] = region;
	memory->total += size;
	return 0;
}

static int compare_regions(const void *a, const void *b)
{
	const struct region *const left = *(const struct region *const *)a;
	const struct region *const right = *(const struct region *const *)b;

	if (left->pas != right->pas)
		return left->pas < right->pas ? -1 : 1;
	return (left->base > right->base) - (left->base < right->base);
}

void memory_sort(struct memory *memory)
{
	if (memory->count)
		qsort(memory->region, memory->count, sizeof(struct region *), compare_regions);
}

void memory_free(struct memory *memory)
{
	for (size_t i = 0; i < memory->count; i++) {
		(void)munmap(memory->region[i]->host, memory->region[i]->size);
		free(memory->region[i]);
	}
	free(memory->region);
	free(memory->reserved);
	*memory = (struct memory){ 0 };
}

struct region *memory_find(const struct memory *memory, unsigned pas, uint64_t pa)
{
	size_t low = 0, high = memory->count;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		struct region *const region = memory->region[middle];

		if (region->pas == pas && pa >= region->base && pa - region->base < region->size)
			return region;
		if (region->pas < pas || (region->pas == pas && region->base < pa))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

uint64_t memory_edge(const struct memory *memory, unsigned pas, uint64_t pa)
{
	const struct region *const here = memory_find(memory, pas, pa);
	size_t low = 0, high = memory->count;

	if (here)
		return here->base + here->size;
	while (low < high) {
		const size_t middle = (low + high) / 2;
		const struct region *const region = memory->region[middle];

		if (region->pas < pas || (region->pas == pas && region->base <= pa))
			low = middle + 1;
		else
			high = middle;
	}
	return low < memory->count && memory->region[low]->pas == pas ? memory->region[low]->base :
									UINT64_MAX;
}

bool memory_holds(const struct memory *memory, unsigned pas, uint64_t pa, uint64_t size)
{
	while (size) {
		const struct region *const region = memory_find(memory, pas, pa);
		uint64_t here;

		if (!region)
			return false;
		here = region->base + region->size - pa;
		if (here >= size)
			return true;
		pa += here;
		size -= here;
	}
	return true;
}

void *memory_at(const struct memory *memory, unsigned pas, uint64_t pa, uint64_t size)
{
	const struct region *const region = memory_find(memory, pas, pa);

	if (!region || size > region->base + region->size - pa)
		return NULL;
	return (char *)region->host + (pa - region->base);
}

/* ---- What tables take ---- */

/* The first reserved range that ends above pa. */
static size_t reserved_above(const struct memory *memory, uint64_t pa)
{
	size_t low = 0, high = memory->reserved_count;

	while (low < high) {
		const size_t middle = (low + high) / 2;

		if (memory->reserved[middle].end > pa)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int room_for_reserved(struct memory *memory)
{
	const size_t room = memory->reserved_room ? memory->reserved_room * 2 : 64;
	struct reserved *reserved;

	if (memory->reserved_count < memory->reserved_room)
		return 0;
	reserved = realloc(memory->reserved, room * sizeof(*reserved));
	if (!reserved)
		return -SMMU3_E_MEMORY;
	memory->reserved = reserved;
	memory->reserved_room = room;
	return 0;
}

/* Is a byte of the range taken, by tables from the top or by what was reserved?  at:
 * reserved_above. */
static bool is_taken(const struct memory *memory, const struct region *region, size_t at,
		     uint64_t base, uint64_t size)
{
	return (at < memory->reserved_count && memory->reserved[at].base < base + size) ||
	       base + size > region->top;
}

int memory_reserve(struct memory *memory, const struct region *region, uint64_t base, uint64_t size)
{
	const size_t at = reserved_above(memory, base);

	if (is_taken(memory, region, at, base, size))
		return -SMMU3_E_OVERLAP;
	if (at > 0 && memory->reserved[at - 1].end == base) {
		memory->reserved[at - 1].end = base + size;
		return 0;
	}
	if (room_for_reserved(memory))
		return -SMMU3_E_MEMORY;
	memmove(&memory->reserved[at + 1], &memory->reserved[at],
		(memory->reserved_count - at) * sizeof(*memory->reserved));
	memory->reserved[at] = (struct reserved){ base, base + size };
	memory->reserved_count++;
	return 0;
}

/* The highest aligned address below top that is free, or UINT64_MAX. */
static uint64_t place_below(const struct memory *memory, const struct region *region,
			    uint64_t bytes)
{
	uint64_t top = region->top;

	while (top - region->base >= bytes) {
		const uint64_t at = (top - bytes) & ~(bytes - 1);
		const size_t next = reserved_above(memory, at);

		if (at < region->base)
			break;
		if (next == memory->reserved_count || memory->reserved[next].base >= at + bytes)
			return at;
		top = memory->reserved[next].base;
		if (top < region->base)
			break;
	}
	return UINT64_MAX;
}

int memory_count(struct memory *memory, uint64_t bytes)
{
	if (bytes > TABLE_BYTES_MOST - memory->tables)
		return -SMMU3_E_LIMIT;
	memory->tables += bytes;
	return 0;
}

int memory_take(struct memory *memory, struct region *region, uint64_t bytes, uint64_t *pa)
{
	uint64_t at;

	if (memory_count(memory, bytes))
		return -SMMU3_E_LIMIT;
	at = place_below(memory, region, bytes);
	if (at == UINT64_MAX)
		return -SMMU3_E_NOT_FOUND;
	region->top = at;
	*pa = at;
	return 0;
}
