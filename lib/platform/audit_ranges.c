/* SPDX-License-Identifier: MIT */
/* Ranges: joined where they follow each other, clipped, cut where memory begins and ends. */
#include "platform/audit.h"

#include "base/bits.h"

#include <stdlib.h>

static bool same_properties(const struct smmu3_audit_range *first,
			    const struct smmu3_audit_range *next)
{
	const struct smmu3_reach *const a = &first->reach, *const b = &next->reach;

	return a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh && a->perm == b->perm &&
	       a->pas == b->pas && a->stages == b->stages && first->denied == next->denied &&
	       first->region == next->region;
}

bool audit_join(struct smmu3_audit_range *first, const struct smmu3_audit_range *next)
{
	struct smmu3_reach *const a = &first->reach;
	const struct smmu3_reach *const b = &next->reach;

	if (a->input + a->size != b->input || a->pa + a->size != b->pa ||
	    !same_properties(first, next))
		return false;
	a->size += b->size;
	return true;
}

bool audit_clip(struct smmu3_reach *reach, unsigned bus_width)
{
	const uint64_t last = low_bits(bus_width);

	if (reach->input > last)
		return false;
	if (reach->size - 1 > last - reach->input)
		reach->size = last - reach->input + 1;
	return true;
}

static int by_value(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int by_base(const void *a, const void *b)
{
	return by_value(&((const struct audit_span *)a)->base,
			&((const struct audit_span *)b)->base);
}

/* The span that holds an address, or the number of spans before which it lies. */
static size_t span_at(const struct audit_span *spans, size_t count, uint64_t pa)
{
	size_t low = 0;

	while (count) {
		const size_t half = count / 2;

		if (spans[low + half].end <= pa) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low;
}

size_t audit_spans(const struct list *memory, struct audit_span *spans, uint64_t *edges)
{
	size_t count = 0, used = 0;

	for (size_t i = 0; i < memory->count; i++) {
		const struct memory_spec *const one = ITEM(*memory, struct memory_spec, i);

		edges[count++] = one->base;
		edges[count++] = one->base + one->size;
	}
	qsort(edges, count, sizeof(*edges), by_value);
	for (size_t i = 0; i + 1 < count; i++)
		if (edges[i] != edges[i + 1])
			spans[used++] = (struct audit_span){ edges[i], edges[i + 1], 0 };
	qsort(spans, used, sizeof(*spans), by_base);
	for (size_t i = 0; i < memory->count; i++) {
		const struct memory_spec *const one = ITEM(*memory, struct memory_spec, i);

		for (size_t at = span_at(spans, used, one->base);
		     at < used && spans[at].base < one->base + one->size; at++)
			spans[at].spaces |= SMMU3_PAS_BIT(one->pas);
	}
	return used;
}

struct audit_piece audit_cut(const struct audit_span *spans, size_t count,
			     const struct smmu3_reach *reach)
{
	const size_t at = span_at(spans, count, reach->pa);
	struct audit_piece piece = { .reach = *reach, .judged = count > 0 };
	uint64_t end = 0;

	if (at < count && spans[at].base <= reach->pa) {
		piece.spaces = spans[at].spaces;
		end = spans[at].end;
	} else if (at < count) {
		end = spans[at].base;
	}
	if (end && end - reach->pa < reach->size)
		piece.reach.size = end - reach->pa;
	return piece;
}

struct smmu3_reach audit_part(const struct smmu3_reach *reach, uint64_t pa, uint64_t end)
{
	struct smmu3_reach part = *reach;
	const uint64_t from = pa > reach->pa ? pa : reach->pa;
	const uint64_t to = end < reach->pa + reach->size ? end : reach->pa + reach->size;

	part.input += from - reach->pa;
	part.pa = from;
	part.size = to - from;
	return part;
}

void *audit_add(struct audit_list *list)
{
	if (list->count == list->most) {
		list->cut = true;
		return NULL;
	}
	if (list->count == list->room) {
		const size_t room = list->room ? list->room * 2 : 64;
		void *const item = realloc(list->item, room * list->size);

		if (!item) {
			list->broken = true;
			return NULL;
		}
		list->item = item;
		list->room = room;
	}
	return (char *)list->item + list->count++ * list->size;
}
