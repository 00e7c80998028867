/* SPDX-License-Identifier: MIT */
/*
 * Stalled transactions, 3.12.2: what the SMMU keeps of each until software resumes or terminates
 * it.  A transaction's place in the table is its STAG; places are given out again as late as can
 * be, so that a CMD_RESUME that comes twice seldom meets another transaction.
 */
#ifndef SMMU_PROG_STALL_H
#define SMMU_PROG_STALL_H

#include "base/blob.h"
#include "prog/regs.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum stall_state {
	STALL_FREE,
	STALL_COMMITTED,  /* its record is about to be written */
	STALL_UNRECORDED, /* its record found the Event queue not writable */
	STALL_RECORDED,   /* software has seen it, and may resume it */
	STALL_MARKED,     /* a command has said how it ends, and another may yet say otherwise */
};

struct stall {
	uint64_t cookie;
	uint32_t sid;
	uint16_t next, before; /* in the list of its state: free, or unrecorded */
	uint16_t turn;         /* how often the place was given out */
	uint8_t sec_sid;       /* enum smmu3_pas, of the stream */
	uint8_t state;         /* enum stall_state */
	uint8_t end;           /* enum smmu3_stall_end, of one that is marked */
};

enum { STALL_NONE = 0xffff };

struct stall_list {
	uint16_t first, last; /* STALL_NONE: empty */
};

/* Those of all Security states: STALL_MAX is the SMMU's.  6.3.6 */
struct stalls {
	struct stall *stall;                       /* STALL_MAX of them */
	struct stall_list free, unrecorded[BANKS]; /* oldest first */
	uint16_t most, live, live_of[BANKS], marked;
	bool resumed;              /* one that is over, of which the host is to be told */
	struct smmu3_stall resume; /* that one */
	enum bank resumer;         /* whose command it was */
};

/* Allocates a table of `most` places, all free.  false: out of memory. */
bool stalls_init(struct stalls *stalls, uint16_t most);
void stalls_free(struct stalls *stalls);

/* All that stalled are over: STAGs are given out from 0 on again. */
void stalls_reset(struct stalls *stalls);

/* A transaction stalls, its record committed.  false: as many are stalled as may be.  6.3.6 */
bool stall_begin(struct stalls *stalls, const struct smmu3_txn *txn, uint16_t *stag);

/* What became of its record. */
void stall_recorded(struct stalls *stalls, uint16_t stag);
void stall_unrecorded(struct stalls *stalls, uint16_t stag);

/* The state of the transaction of that stream that this STAG names; STALL_FREE: it names none.
 * 4.7.1 */
enum stall_state stall_named(const struct stalls *stalls, enum bank bank, uint32_t sid,
			     uint16_t stag);

/* It is to end so, but has not; and one of a state that is marked, or STALL_NONE. */
void stall_mark(struct stalls *stalls, uint16_t stag, enum smmu3_stall_end end);
uint16_t stall_marked(const struct stalls *stalls, enum bank bank);

/* Is it still the transaction, and one whose record is to be written, that the place was given to
 * at this turn? */
bool stall_awaits_record(const struct stalls *stalls, uint16_t stag, uint16_t turn);

/* It is over: its place is free. */
struct smmu3_stall stall_finish(struct stalls *stalls, uint16_t stag, enum smmu3_stall_end end);

/* The live ones and the order of the lists as bytes, and back, into a table of `most` places that
 * it allocates, also when it refuses, in->wrong: what no such table could have come to.  What is
 * resumed stays as it was.  false: out of memory. */
void stalls_save(const struct stalls *stalls, struct blob_out *out);
bool stalls_load(struct stalls *stalls, uint16_t most, struct blob_in *in);

/* A search for transactions to terminate, a stretch of the table at a time. */
struct stall_search {
	bool on;
	bool all;        /* of every stream, or of sid */
	uint8_t sec_sid; /* enum smmu3_pas, of either */
	uint32_t sid;
	uint16_t at;
};

/* The next it finds within STALL_STRETCH places; STALL_NONE: not there.  When it has come to the
 * end, it is no longer on. */
enum { STALL_STRETCH = 64 };
uint16_t stall_search(const struct stalls *stalls, struct stall_search *search);

#endif
