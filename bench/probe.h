/* SPDX-License-Identifier: MIT */
/*
 * What other times are multiples of: one probe of a hash table that stays in the first cache of the
 * processor, behind a call into a shared library; and calls that do nothing, which are taken off
 * where instructions are counted.  A library of its own, so that nobody sees into the calls.
 */
#ifndef SMMU_BENCH_PROBE_H
#define SMMU_BENCH_PROBE_H

#include <stdint.h>

#define PROBE_API __attribute__((visibility("default")))

enum { PROBE_LG2 = 8 };

struct probe {
	struct probe_entry {
		uint64_t key, value;
	} entry[1 << PROBE_LG2];
};

/* Puts a value where its key belongs, in place of what was there. */
PROBE_API void probe_put(struct probe *probe, uint64_t key, uint64_t value);

/* The value of a key, or 0. */
PROBE_API uint64_t probe_find(const struct probe *probe, uint64_t key);

/* Nothing, with the arguments of a function that is measured, and its results where they are looked
 * for. */
struct nothing {
	uint64_t first, second;
};
PROBE_API uint64_t nothing_found(const struct probe *probe, uint64_t key);
PROBE_API unsigned nothing_translated(void *who, const void *what, void *outcome);
PROBE_API struct nothing nothing_hit(const void *who, uint64_t what, uint64_t addr, uint32_t how);
PROBE_API struct nothing nothing_hit_at(const void *who, uint64_t addr, unsigned flags);

#endif
