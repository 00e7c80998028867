/* SPDX-License-Identifier: MIT */
#include "pattern.h"

#include <stdlib.h>
#include <string.h>

#include "say.h"

enum { DESCRIPTOR = 16, RING_PARTS = 3 };

#define STREAMS_MOST UINT64_C(65536)
#define PAGES_MOST (UINT64_C(1) << 20)
#define PAGE UINT64_C(4096)

struct pattern {
	const struct pattern_shape *shape;
	uint64_t random;   /* state */
	uint64_t turn;     /* accesses made */
	uint64_t *made;    /* of each stream of each access */
	uint64_t *weights; /* zipf: those of the pages up to each; NULL otherwise */
	uint64_t pages;
};

const char *const pattern_names[] = {
	[PATTERN_STREAM] = "stream",
	[PATTERN_STRIDE] = "stride",
	[PATTERN_RANDOM] = "random",
	[PATTERN_ZIPF] = "zipf",
	[PATTERN_RING] = "ring",
	[PATTERN_INTERLEAVED] = "interleaved",
	NULL,
};

int pattern_named(const char *name)
{
	for (int i = 0; pattern_names[i]; i++)
		if (!strcmp(name, pattern_names[i]))
			return i;
	return -1;
}

/* ---- What goes together ---- */

/* The descriptors, then the buffers at the next page. */
static uint64_t buffers_at(const struct pattern_shape *shape)
{
	return (shape->slots * DESCRIPTOR + PAGE - 1) / PAGE * PAGE;
}

/* None of the factors is large. */
static uint64_t reach(const struct pattern_shape *shape)
{
	return shape->kind == PATTERN_RING ? buffers_at(shape) + shape->slots * shape->page :
					     shape->span;
}

static bool passes_end(const struct pattern_shape *shape, const struct smmu3_txn *txn)
{
	const uint64_t steps = shape->streams - 1;

	if (steps && shape->apart > (UINT64_MAX - reach(shape)) / steps)
		return true;
	return txn->addr > UINT64_MAX - reach(shape) - steps * shape->apart;
}

static const char *access_wrong(const struct pattern_shape *shape, const struct smmu3_trace_op *op)
{
	const bool ring = shape->kind == PATTERN_RING;

	if (op->kind != SMMU3_TRACE_ACCESS || op->expect.present)
		return "an ACCESS is one without an expectation";
	if (op->txn.bytes > (ring || shape->kind == PATTERN_ZIPF ? shape->page : shape->span))
		return "an ACCESS has more bytes than --span, or than --page";
	if (ring && op->op != 'R' && op->op != 'W')
		return "of a ring an ACCESS is R or W";
	if (passes_end(shape, &op->txn))
		return "addresses pass 2^64";
	if (op->txn.sid > UINT32_MAX - (shape->streams - 1))
		return "StreamIDs pass 2^32";
	return NULL;
}

static const char *numbers_wrong(const struct pattern_shape *shape)
{
	if (!shape->streams || shape->streams > STREAMS_MOST)
		return "--streams is from 1 to 65536";
	if (!shape->span || !shape->stride)
		return "--span and --stride are at least 1";
	if (!shape->page || shape->page > UINT64_C(1) << 30)
		return "--page is from 1 to 1G";
	if (!shape->slots || shape->slots > PAGES_MOST)
		return "--slots is from 1 to 1M";
	if (shape->writes > 100)
		return "--writes is from 0 to 100";
	if (shape->kind == PATTERN_ZIPF &&
	    (shape->span < shape->page || shape->span / shape->page > PAGES_MOST))
		return "--span is from 1 to 1M times --page";
	return NULL;
}

const char *pattern_wrong(const struct pattern_shape *shape)
{
	const char *wrong = numbers_wrong(shape);

	for (unsigned i = 0; i < shape->accesses && !wrong; i++)
		wrong = access_wrong(shape, &shape->access[i]);
	return wrong;
}

/* ---- Chance ---- */

/* splitmix64 */
static uint64_t draw(struct pattern *pattern)
{
	uint64_t value = pattern->random += UINT64_C(0x9e3779b97f4a7c15);

	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

static uint64_t draw_below(struct pattern *pattern, uint64_t most)
{
	return draw(pattern) % most;
}

/* In whole numbers, which are the same everywhere: 2^40 / n, added up. */
static void weigh_pages(struct pattern *pattern)
{
	uint64_t sum = 0;

	pattern->pages = pattern->shape->span / pattern->shape->page;
	pattern->weights = calloc(pattern->pages, sizeof(*pattern->weights));
	if (!pattern->weights)
		out_of_memory();
	for (uint64_t i = 0; i < pattern->pages; i++)
		pattern->weights[i] = sum += (UINT64_C(1) << 40) / (i + 1);
}

static uint64_t draw_page(struct pattern *pattern)
{
	const uint64_t at = draw_below(pattern, pattern->weights[pattern->pages - 1]);
	uint64_t low = 0, high = pattern->pages - 1;

	while (low < high) {
		const uint64_t middle = (low + high) / 2;

		if (pattern->weights[middle] > at)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* ---- The next access ---- */

struct pattern *pattern_new(const struct pattern_shape *shape)
{
	struct pattern *pattern = calloc(1, sizeof(*pattern));

	if (!pattern)
		out_of_memory();
	pattern->shape = shape;
	pattern->random = shape->seed;
	pattern->made = calloc(shape->accesses * shape->streams, sizeof(*pattern->made));
	if (!pattern->made)
		out_of_memory();
	if (shape->kind == PATTERN_ZIPF)
		weigh_pages(pattern);
	return pattern;
}

void pattern_free(struct pattern *pattern)
{
	free(pattern->weights);
	free(pattern->made);
	free(pattern);
}

static void make(struct smmu3_trace_op *op, char letter)
{
	op->op = (uint8_t)letter;
	op->txn.flags &= (uint16_t)~SMMU3_TXN_WRITE;
	op->txn.flags |= letter == 'W' ? SMMU3_TXN_WRITE : 0;
}

/* Its three accesses follow each other: the device reads a descriptor, uses the buffer, and writes
 * the descriptor back. */
static uint64_t ring_offset(const struct pattern_shape *shape, uint64_t made,
			    struct smmu3_trace_op *op)
{
	const uint64_t slot = made / RING_PARTS % shape->slots;

	if (made % RING_PARTS == 1)
		return buffers_at(shape) + slot * shape->page;
	make(op, made % RING_PARTS ? 'W' : 'R');
	op->txn.bytes = DESCRIPTOR;
	return slot * DESCRIPTOR;
}

static uint64_t offset_of(struct pattern *pattern, uint64_t made, struct smmu3_trace_op *op)
{
	const struct pattern_shape *shape = pattern->shape;
	const uint64_t bytes = op->txn.bytes, page = shape->page;

	switch (shape->kind) {
	case PATTERN_STRIDE:
		return made % ((shape->span - bytes) / shape->stride + 1) * shape->stride;
	case PATTERN_RANDOM:
		return draw_below(pattern, shape->span / bytes) * bytes;
	case PATTERN_ZIPF:
		return draw_page(pattern) * page + draw_below(pattern, page / bytes) * bytes;
	case PATTERN_RING:
		return ring_offset(shape, made, op);
	case PATTERN_STREAM:
	case PATTERN_INTERLEAVED:
		break;
	}
	return made % (shape->span / bytes) * bytes;
}

/* Those that go by chance take a stream by chance, the others take turns; a ring has its three
 * accesses first. */
static uint64_t stream_of(struct pattern *pattern)
{
	const struct pattern_shape *shape = pattern->shape;
	const uint64_t count = shape->accesses * shape->streams;
	const uint64_t turn = pattern->turn++ / (shape->kind == PATTERN_RING ? RING_PARTS : 1);

	if (shape->kind == PATTERN_STREAM || shape->kind == PATTERN_STRIDE ||
	    shape->kind == PATTERN_RING)
		return turn % count;
	return draw_below(pattern, count);
}

void pattern_next(struct pattern *pattern, struct smmu3_trace_op *op)
{
	const struct pattern_shape *shape = pattern->shape;
	const uint64_t which = stream_of(pattern);
	const uint64_t stream = which / shape->accesses;

	*op = shape->access[which % shape->accesses];
	op->line = 0;
	op->txn.addr += stream * shape->apart + offset_of(pattern, pattern->made[which]++, op);
	op->txn.sid += (uint32_t)stream;
	if (shape->kind != PATTERN_RING && op->op == 'R' && shape->writes &&
	    draw_below(pattern, 100) < shape->writes)
		make(op, 'W');
}
