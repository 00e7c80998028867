/* SPDX-License-Identifier: MIT */
/* An index of named things, since a configuration may have a hundred thousand of them. */
#ifndef SMMU_PLATFORM_NAMES_H
#define SMMU_PLATFORM_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct named_item {
	const char *name;
	void *item;
};

/* Zero it, add, then sort; find only after that. */
struct names {
	struct named_item *entry;
	size_t count, room;
	uint32_t *slot; /* 1 + index into entry, or 0, by hash; NULL: names are searched for */
	size_t slots;   /* a power of two */
};

/* name must outlive the index; NULL is passed over.  -1 when memory runs out. */
int names_add(struct names *names, const char *name, void *item);
/* Calls twin for each item whose name another one, added before it, has. */
void names_sort(struct names *names, void (*twin)(void *context, void *first, void *second),
		void *context);
void *names_find(const struct names *names, const char *name);
void names_free(struct names *names);

#endif
