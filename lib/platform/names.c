/* SPDX-License-Identifier: MIT */
#include "platform/names.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int names_add(struct names *names, const char *name, void *item)
{
	if (!name)
		return 0;
	if (names->count == names->room) {
		const size_t room = names->room ? names->room * 2 : 16;
		struct named_item *const entry = realloc(names->entry, room * sizeof(*entry));

		if (!entry)
			return -1;
		names->entry = entry;
		names->room = room;
	}
	names->entry[names->count++] = (struct named_item){ name, item };
	return 0;
}

/* By name, then by place: items stand in arrays in the order of the file. */
static int compare(const void *a, const void *b)
{
	const struct named_item *const left = a, *const right = b;
	const int order = strcmp(left->name, right->name);

	return order ? order :
		       ((uintptr_t)left->item > (uintptr_t)right->item) -
			       ((uintptr_t)left->item < (uintptr_t)right->item);
}

void names_sort(struct names *names, void (*twin)(void *context, void *first, void *second),
		void *context)
{
	if (!names->count)
		return;
	qsort(names->entry, names->count, sizeof(*names->entry), compare);
	for (size_t i = 1; twin && i < names->count; i++) {
		if (!strcmp(names->entry[i - 1].name, names->entry[i].name))
			twin(context, names->entry[i - 1].item, names->entry[i].item);
	}
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct named_item *)entry)->name);
}

void *names_find(const struct names *names, const char *name)
{
	const struct named_item *const found = names->count ?
						       bsearch(name, names->entry, names->count,
							       sizeof(*names->entry),
							       compare_name) :
						       NULL;

	return found ? found->item : NULL;
}

void names_free(struct names *names)
{
	free(names->entry);
	*names = (struct names){ 0 };
}
