/* SPDX-License-Identifier: MIT */
#include "windows.h"

#include <stdlib.h>

enum { QUEUES_LG2 = 16 }; /* from 0: software.c */

struct window *windows_make(struct windows *windows, uint64_t addr,
			    uint64_t (*word)(const void *context, uint64_t addr),
			    const void *context)
{
	const uint64_t size = UINT64_C(1) << windows->size_lg2;

	if (windows->count == WINDOWS_MOST || !(addr >> QUEUES_LG2))
		return NULL;
	struct window *window = &windows->window[windows->count++];

	*window = (struct window){ .base = addr & ~(size - 1), .host = aligned_alloc(64, size) };
	if (!window->host)
		abort();
	for (uint64_t at = window->base; at - window->base < size; at += 8)
		window_write(window, at, word(context, at));
	return window;
}

void windows_free(struct windows *windows)
{
	for (unsigned i = 0; i < windows->count; i++)
		free(windows->window[i].host);
	windows->count = 0;
	windows->size_lg2 = 0;
}

void windows_add(const struct windows *windows, struct windows_added *added, struct smmu3 *smmu)
{
	enum { NS = SMMU3_PAS_BIT(SMMU3_PAS_NS) };
	const uint64_t size = UINT64_C(1) << windows->size_lg2;

	for (; added->seen < windows->count; added->seen++) {
		const struct window *window = &windows->window[added->seen];

		added->there[added->seen] = !window->poisoned;
		if (!window->poisoned && smmu3_add_ram(smmu, window->base, size, NS, window->host))
			abort();
	}
	for (unsigned i = 0; i < added->seen; i++) {
		if (!windows->window[i].poisoned || !added->there[i])
			continue;
		added->there[i] = false;
		if (smmu3_remove_ram(smmu, windows->window[i].base, NS))
			abort();
	}
}
