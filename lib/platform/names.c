/* SPDX-License-Identifier: MIT */
#include "platform/names.h"

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

/* ---- Finding ---- */

static size_t hash_of(const char *name)
{
	uint32_t hash = 0;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT32_C(0x01000193);
	return hash ^ hash >> 15;
}

/* Where a name is, or would be. */
static uint32_t *slot_of(const struct names *names, const char *name)
{
	for (size_t i = hash_of(name);; i++) {
		uint32_t *const slot = &names->slot[i & (names->slots - 1)];

		if (!*slot || !strcmp(names->entry[*slot - 1].name, name))
			return slot;
	}
}

/* Without memory for it they are found, too, only later. */
static void make_slots(struct names *names)
{
	size_t slots = 16;

	while (slots < 2 * names->count)
		slots *= 2;
	free(names->slot);
	names->slot = names->count < UINT32_MAX ? calloc(slots, sizeof(*names->slot)) : NULL;
	names->slots = slots;
	for (size_t i = 0; names->slot && i < names->count; i++) {
		uint32_t *const slot = slot_of(names, names->entry[i].name);

		*slot = *slot ? *slot : (uint32_t)i + 1;
	}
}

void names_sort(struct names *names, void (*twin)(void *context, void *first, void *second),
		void *context)
{
	if (!names->count)
		return;
	qsort(names->entry, names->count, sizeof(*names->entry), compare);
	make_slots(names);
	for (size_t i = 1; twin && i < names->count; i++) {
		if (!strcmp(names->entry[i - 1].name, names->entry[i].name))
			twin(context, names->entry[i - 1].item, names->entry[i].item);
	}
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct named_item *)entry)->name);
}

static struct named_item *search(const struct names *names, const char *name)
{
	return names->count ? bsearch(name, names->entry, names->count, sizeof(*names->entry),
				      compare_name) :
			      NULL;
}

void *names_find(const struct names *names, const char *name)
{
	const uint32_t *const slot = names->slot ? slot_of(names, name) : NULL;
	const struct named_item *const found = slot ? (*slot ? &names->entry[*slot - 1] : NULL) :
						      search(names, name);

	return found ? found->item : NULL;
}

void names_free(struct names *names)
{
	free(names->entry);
	free(names->slot);
	*names = (struct names){ 0 };
}
