/* SPDX-License-Identifier: MIT */
/*
 * Memory that an SMMU reads in RAM windows.  Where a memory has windows, all pages of one exist
 * once something in it was written, and what is written is written there, too.  A window of which a
 * line is poisoned is taken away: only the host can answer with an abort.
 */
#ifndef SMMU_TESTS_RANDOM_WINDOWS_H
#define SMMU_TESTS_RANDOM_WINDOWS_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum { WINDOWS_MOST = 8192 };

struct window {
	uint64_t base;
	uint64_t *host;
	bool poisoned;
};

struct windows {
	unsigned size_lg2; /* of each; 0: there are none */
	unsigned count;
	struct window window[WINDOWS_MOST];
};

/* Which of them an SMMU has. */
struct windows_added {
	unsigned seen; /* so many were looked at */
	bool there[WINDOWS_MOST];
};

/* A new one, full of what a function says of each word, or NULL: there are too many, or it would be
 * where the queues are. */
struct window *windows_make(struct windows *windows, uint64_t addr,
			    uint64_t (*word)(const void *context, uint64_t addr),
			    const void *context);
void windows_free(struct windows *windows);

static inline void window_write(const struct window *window, uint64_t addr, uint64_t value)
{
	unsigned char byte[8];

	for (unsigned i = 0; i < 8; i++)
		byte[i] = (unsigned char)(value >> 8 * i);
	__builtin_memcpy(&window->host[(addr - window->base) / 8], byte, sizeof(byte));
}

/* Gives an SMMU those that it does not have, and takes away those that are poisoned. */
void windows_add(const struct windows *windows, struct windows_added *added, struct smmu3 *smmu);

#endif
