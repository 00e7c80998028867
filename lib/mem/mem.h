/* SPDX-License-Identifier: MIT */
/* The only door to memory: RAM windows first, else the host. */
#ifndef SMMU_MEM_MEM_H
#define SMMU_MEM_MEM_H

#include "base/addr.h"
#include "base/bits.h"

#include <smmu/inspect.h>
#include <smmu/smmu.h>
#include <stdbool.h>
#include <stddef.h>

/* [base, last] of one PA space, at host. */
struct ram_window {
	uint64_t base, last;
	unsigned char *host;
};

/* The windows of one PA space, ascending and disjoint. */
struct ram_map {
	struct ram_window *window;
	size_t count;
};

struct mischief;

struct mem {
	struct ram_map ram[4]; /* by enum smmu3_pas */
	struct smmu3_host host;
	struct mischief *mischief; /* it has all accesses, and the windows; NULL: nothing does */
};

struct tlb;
struct structures;
struct pa_cache;
struct guard;
struct watch;

/* What becomes of the updates of descriptors that an access makes.  3.13 */
enum mem_updates {
	UPDATES_INHIBITED, /* as if they were done, and nothing stood in their way */
	UPDATES_FORETOLD,  /* as if they were done, if they can be */
	UPDATES_DONE,
};

/* Memory as one transaction sees it: with what is kept of what was read, and with the listener that
 * is told of every structure read, if any. */
struct mem_view {
	const struct mem *mem;
	smmu3_step_fn *step;
	void *step_context;
	struct tlb *tlb;                           /* NULL: nothing is kept */
	struct structures *structures;             /* NULL likewise */
	struct pa_cache *dpt;                      /* and this */
	struct pa_cache *gpt;                      /* and this */
	uint64_t tlb_age, structures_age, dpt_age; /* when the transaction began */
	uint64_t gpt_age;
	struct guard *guard; /* NULL: every access is let through */
	bool keeps;          /* what it reads */
	enum mem_updates updates;
	struct watch
		*watch; /* of one with a step that also wants to know what is kept and used; NULL */
};

/* What is read or written, and why; struct smmu3_mem_access says the rest. */
struct mem_read {
	struct pa at;
	enum smmu3_reason reason;
	struct smmu3_attr attr;
	uint16_t mecid; /* counts where it goes to Realm PA space alone.  18 */
	struct smmu3_mpam mpam;
};

/* Every PA space but Realm has one encryption context.  18 */
ALWAYS_INLINE uint16_t mecid_of(const struct mem_read *read)
{
	return read->at.pas == SMMU3_PAS_REALM ? read->mecid : 0;
}

void mem_init(struct mem *mem, const struct smmu3_host *host);
void mem_free(struct mem *mem);

/* As smmu3_add_ram and smmu3_remove_ram, which see. */
int mem_add_ram(struct mem *mem, const struct ram_window *window, unsigned pas_mask);
int mem_remove_ram(struct mem *mem, uint64_t base, unsigned pas_mask);

/* Asks the host for `words` words: the way of everything that is not RAM. */
bool mem_read_host(const struct mem *mem, const struct mem_read *read, uint64_t *word,
		   unsigned words);

/*
 * Writes 4 or 32 bytes, aligned to their size, as they are to stand in memory; each 32-bit word of
 * a message and each 64-bit word of a record is whole.  False: external abort.  3.5.2, 3.18
 */
bool mem_write(const struct mem *mem, const struct mem_read *write, const void *data,
	       unsigned bytes);

/* How an atomic access ended. */
enum mem_swapped {
	SWAP_DONE,
	SWAP_LOST, /* what was expected did not stand there any more */
	SWAP_ABORTED,
};

/* Puts `desired` where `expected` stands, as one atomic access to 8 aligned bytes; both
 * little-endian words.  3.13 */
enum mem_swapped mem_swap(const struct mem *mem, const struct mem_read *at, uint64_t expected,
			  uint64_t desired);

/* Is there an atomic access to this place? */
bool mem_swaps(const struct mem *mem, struct pa at);

/* The same of 16 aligned bytes, and the read that goes with it.  Two words each.  3.21.3 */
bool mem_read_pair(const struct mem *mem, const struct mem_read *read, uint64_t *word);
enum mem_swapped mem_swap_pair(const struct mem *mem, const struct mem_read *at,
			       const uint64_t *expected, const uint64_t *desired);
bool mem_swaps_pair(const struct mem *mem, struct pa at);

/* The window that holds addr, or NULL. */
ALWAYS_INLINE const struct ram_window *ram_find(const struct ram_map *map, uint64_t addr)
{
	size_t first = 0, end = map->count;

	while (first < end) {
		const size_t middle = first + (end - first) / 2;
		const struct ram_window *window = &map->window[middle];

		if (addr > window->last)
			first = middle + 1;
		else if (addr < window->base)
			end = middle;
		else
			return window;
	}
	return NULL;
}

/*
 * Reads 1, 2 or 8 words, aligned to their size, each word whole: software may be writing them.
 * False: external abort. Windows begin and end on multiples of 64, so a structure never straddles
 * two.  3.15, 3.21.3
 */
ALWAYS_INLINE bool mem_read(const struct mem *mem, const struct mem_read *read, uint64_t *word,
			    unsigned words)
{
	const struct ram_window *window = ram_find(&mem->ram[read->at.pas], read->at.addr);

	if (unlikely(!window))
		return mem_read_host(mem, read, word, words);
	const uint64_t *from = (const uint64_t *)(const void *)(window->host +
								(read->at.addr - window->base));

	for (unsigned i = 0; i < words; i++)
		word[i] = from_le64(__atomic_load_n(&from[i], __ATOMIC_RELAXED));
	return true;
}

#endif
