/* SPDX-License-Identifier: MIT */
#include "platform/held.h"

#include <stdlib.h>
#include <string.h>

void held_init(struct held *held)
{
	*held = (struct held){ .free = HELD_NONE, .first_ended = HELD_NONE };
}

void held_free(struct held *held)
{
	free(held->slot);
	free(held->busy);
	held_init(held);
}

/* ---- Accesses, kept short ---- */

static struct held_access kept(const struct smmu3_trace_op *op)
{
	struct held_access access = { .txn = op->txn, .line = op->line, .op = (char)op->op };

	memcpy(access.master, op->master, sizeof(access.master));
	return access;
}

static void give_back(const struct held_access *access, struct smmu3_trace_op *op)
{
	*op = (struct smmu3_trace_op){
		.kind = SMMU3_TRACE_ACCESS,
		.line = access->line,
		.op = (uint8_t)access->op,
		.performed = 1,
		.txn = access->txn,
	};
	memcpy(op->master, access->master, sizeof(op->master));
}

/* ---- Stalled ---- */

static bool grow(struct held *held)
{
	const uint32_t room = held->room ? held->room * 2 : 16;
	struct held_slot *const slot = realloc(held->slot, room * sizeof(*slot));

	if (!slot)
		return false;
	held->slot = slot;
	held->room = room;
	return true;
}

/* Cookies of nobody else: who translates on the machine's SMMU directly has his own. */
#define COOKIES (UINT64_C(0x68656c64) << 32)

static uint32_t place_of(uint64_t cookie)
{
	return (uint32_t)(cookie & UINT32_MAX);
}

static bool is_ours(const struct held *held, uint64_t cookie)
{
	return cookie - COOKIES < held->slots && held->slot[place_of(cookie)].used;
}

bool held_begin(struct held *held, struct smmu3_trace_op *op)
{
	struct held_slot *slot;

	if (held->free == HELD_NONE) {
		if (held->slots == held->room && !grow(held))
			return false;
		held->slot[held->slots] = (struct held_slot){ .next = HELD_NONE };
		held->free = held->slots++;
	}
	op->txn.cookie = COOKIES | held->free;
	slot = &held->slot[held->free];
	held->free = slot->next;
	*slot = (struct held_slot){ .access = kept(op), .next = HELD_NONE, .used = true };
	held->used++;
	held->ends_before = held->ends;
	return true;
}

void held_keep(struct held *held, const struct smmu3_trace_op *op)
{
	held->slot[place_of(op->txn.cookie)].access = kept(op);
}

static void release(struct held *held, uint32_t at)
{
	held->slot[at] = (struct held_slot){ .next = held->free };
	held->free = at;
	held->used--;
}

void held_drop(struct held *held, const struct smmu3_trace_op *op)
{
	release(held, place_of(op->txn.cookie));
}

static void make_busy_due(struct held *held)
{
	for (unsigned i = 0; i < held->busy_count; i++)
		held->busy[i].due = true;
}

void held_ended(struct held *held, const struct smmu3_stall *stall)
{
	const uint32_t at = place_of(stall->cookie);

	make_busy_due(held);
	held->ends++;
	if (!is_ours(held, stall->cookie) || held->slot[at].ended)
		return;
	held->slot[at].ended = true;
	held->slot[at].stall = *stall;
	held->slot[at].next = HELD_NONE;
	if (held->first_ended == HELD_NONE)
		held->first_ended = at;
	else
		held->slot[held->last_ended].next = at;
	held->last_ended = at;
}

static void next_ended(struct held *held, struct smmu3_trace_op *op, struct smmu3_stall *stall)
{
	const uint32_t at = held->first_ended;
	struct held_slot *const slot = &held->slot[at];

	held->first_ended = slot->next;
	give_back(&slot->access, op);
	*stall = slot->stall;
	release(held, at);
}

/* ---- Busy ---- */

bool held_wait(struct held *held, const struct smmu3_trace_op *op)
{
	if (!held->busy)
		held->busy = calloc(BUSY_MOST, sizeof(*held->busy));
	if (!held->busy || held->busy_count == BUSY_MOST)
		return false;
	held->busy[held->busy_count++] = (struct held_busy){ kept(op),
							     held->ends != held->ends_before };
	return true;
}

/* As one that has just arrived. */
static bool next_busy(struct held *held, struct smmu3_trace_op *op, struct smmu3_stall *stall)
{
	unsigned i = 0;

	while (i < held->busy_count && !held->busy[i].due)
		i++;
	if (i == held->busy_count)
		return false;
	give_back(&held->busy[i].access, op);
	op->was_busy = 1;
	*stall = (struct smmu3_stall){ .sid = op->txn.sid,
				       .sec_sid = op->txn.sec_sid,
				       .end = SMMU3_STALL_RETRY };
	held->busy_count--;
	memmove(&held->busy[i], &held->busy[i + 1], (held->busy_count - i) * sizeof(*held->busy));
	return true;
}

bool held_next(struct held *held, struct smmu3_trace_op *op, struct smmu3_stall *stall)
{
	if (held->first_ended == HELD_NONE)
		return next_busy(held, op, stall);
	next_ended(held, op, stall);
	return true;
}

/* ---- Those that still wait ---- */

size_t held_count(const struct held *held)
{
	return held->used + held->busy_count;
}

bool held_at(const struct held *held, size_t index, struct smmu3_trace_op *op)
{
	for (uint32_t i = 0; i < held->slots; i++) {
		if (!held->slot[i].used || index--)
			continue;
		give_back(&held->slot[i].access, op);
		return true;
	}
	if (index >= held->busy_count)
		return false;
	give_back(&held->busy[index].access, op);
	return true;
}
