/* SPDX-License-Identifier: MIT */
/* Physical memory of a machine: regions, backed only where they are written, and the part of them
 * that tables take. */
#ifndef SMMU_PLATFORM_MEMORY_H
#define SMMU_PLATFORM_MEMORY_H

#include <smmu/smmu.h>
#include <stdbool.h>

enum {
	MEMORY_PAGE = 4096,
	REGIONS_MOST = 16384,
};
#define MEMORY_BYTES_MOST (UINT64_C(1) << 40)  /* of all regions */
#define TABLE_BYTES_MOST (UINT64_C(256) << 20) /* of all tables */

struct region {
	const char *name; /* NULL: pages of an image */
	uint64_t base, size;
	unsigned pas;
	void *host;
	uint64_t top; /* tables have been taken from here up */
};

/* Addresses that are not free for tables, in order, none touching another. */
struct reserved {
	uint64_t base, end;
};

struct memory {
	struct region **region; /* by PA space and base, when memory_sort has been called */
	size_t count, room;
	struct reserved *reserved;
	size_t reserved_count, reserved_room;
	uint64_t total, tables;
};

/* Adds a region that overlaps no other.  0, -SMMU3_E_LIMIT beyond MEMORY_BYTES_MOST,
 * -SMMU3_E_MEMORY. */
int memory_add(struct memory *memory, const char *name, uint64_t base, uint64_t size, unsigned pas);
void memory_sort(struct memory *memory);
void memory_free(struct memory *memory);

/* The region that holds an address, or NULL. */
struct region *memory_find(const struct memory *memory, unsigned pas, uint64_t pa);

/* The nearest address above pa at which a region of a PA space begins or ends; UINT64_MAX: none. */
uint64_t memory_edge(const struct memory *memory, unsigned pas, uint64_t pa);

/* Is every byte of the range in memory? */
bool memory_holds(const struct memory *memory, unsigned pas, uint64_t pa, uint64_t size);

/* Where `size` bytes at pa are in the host, or NULL when not all are in one region. */
void *memory_at(const struct memory *memory, unsigned pas, uint64_t pa, uint64_t size);

/* Keeps tables out of a range.  -SMMU3_E_OVERLAP: part of it is taken; -SMMU3_E_MEMORY. */
int memory_reserve(struct memory *memory, const struct region *region, uint64_t base,
		   uint64_t size);

/* Counts bytes among those of all tables.  -SMMU3_E_LIMIT: that would pass TABLE_BYTES_MOST. */
int memory_count(struct memory *memory, uint64_t bytes);

/* Counts and takes bytes, a power of two, aligned to it, from the top of a region.  -SMMU3_E_LIMIT,
 * or -SMMU3_E_NOT_FOUND: the region has no such place left. */
int memory_take(struct memory *memory, struct region *region, uint64_t bytes, uint64_t *pa);

#endif
