/* SPDX-License-Identifier: MIT */
/* Accesses that wait: those that the SMMU has stalled, by the cookie that names them to it, and
 * those that found it busy. */
#ifndef SMMU_PLATFORM_HELD_H
#define SMMU_PLATFORM_HELD_H

#include <smmu/trace.h>
#include <stdbool.h>

enum { BUSY_MOST = 1024 }; /* accesses that may wait for a place */

/* What is kept of an access. */
struct held_access {
	struct smmu3_txn txn;
	unsigned line;
	char op, master[64];
};

struct held_slot {
	struct held_access access;
	struct smmu3_stall stall; /* how it ended */
	uint32_t next;            /* free, or ended after this one */
	bool used, ended;
};

struct held_busy {
	struct held_access access;
	bool due; /* a stall has ended since it was last asked for */
};

struct held {
	struct held_slot *slot; /* a cookie ends in an index */
	uint32_t slots, room;
	uint32_t free, first_ended, last_ended; /* HELD_NONE: there is none */
	uint32_t used; /* slots of accesses that are stalled, or whose end nobody has taken up */
	uint64_t ends, ends_before; /* how many stalls have ended, and had when an access began */
	struct held_busy *busy;
	unsigned busy_count;
};

#define HELD_NONE UINT32_MAX

void held_init(struct held *held);
void held_free(struct held *held);

/* An access is about to be asked for, and gets its cookie: its stall may end before its outcome is
 * there.  False: out of memory. */
bool held_begin(struct held *held, struct smmu3_trace_op *op);

/* It was stalled: as much of it as op says.  Or it was not. */
void held_keep(struct held *held, const struct smmu3_trace_op *op);
void held_drop(struct held *held, const struct smmu3_trace_op *op);

/* It found the SMMU busy; a stall that has ended since it began counts.  False: too many do, or
 * memory ran out. */
bool held_wait(struct held *held, const struct smmu3_trace_op *op);

/* The SMMU says that a stall is over. */
void held_ended(struct held *held, const struct smmu3_stall *stall);

/* False: there is none whose wait is over. */
static inline bool held_may_end(const struct held *held)
{
	return held->first_ended != HELD_NONE || held->busy_count;
}

/* The next access whose wait is over: true, and it is no longer held. */
bool held_next(struct held *held, struct smmu3_trace_op *op, struct smmu3_stall *stall);

size_t held_count(const struct held *held);

/* An access that waits, by index from 0; false past the end. */
bool held_at(const struct held *held, size_t index, struct smmu3_trace_op *op);

#endif
