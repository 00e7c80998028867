/* SPDX-License-Identifier: MIT */
/*
 * What software and devices do to a board, one step after the other, as bytes say it.
 *
 * A step is a byte that says what, three small operands, and as many numbers as it takes.  A number
 * is a byte whose low three bits say what follows: nothing, 1, 2, 4 or 8 bytes; a place in memory
 * or among the registers, in 2 bytes; or one bit.
 */
#ifndef SMMU_TEST_FUZZ_SOFTWARE_H
#define SMMU_TEST_FUZZ_SOFTWARE_H

#include "board.h"
#include "bytes.h"

enum what {
	ARM,            /* the step that follows is done in a callback: which, how often */
	WRITE_KNOWN,    /* a register that there is: which; its value */
	WRITE_ANY,      /* size, PA space; offset, value */
	READ_ANY,       /* size, PA space; offset */
	COMMAND,        /* opcode, how many and whether the doorbell waits; operands */
	RING,           /* the doorbell */
	RESUME,         /* which stall, how; or CMD_STALL_TERM */
	TRANSLATE,      /* StreamID, flags, class; address, bytes, SubstreamID */
	RETRY,          /* whether stalls that are to be retried are at once; or now */
	EXPLAIN,        /* as TRANSLATE */
	ACKNOWLEDGE,    /* records, errors */
	FLIP_STRUCTURE, /* which, and which word; bits */
	FLIP_WORD,      /* address, bits */
	PUT_WORD,       /* address, value */
	TROUBLE,        /* which accesses of the SMMU fail, when, how */
	INSPECT,        /* what, StreamID, stage */
	WINDOW,         /* which half of memory, whether */
	RESET,
	BRING_UP,
	FLOOD, /* as TRANSLATE, again and again */
	ASK,   /* ATOS: which group, StreamID, what; address, SubstreamID and more */
	PAGE, /* an endpoint asks: StreamID, flags, how often, Security state; address, group, PASID
	       */
	ANSWER,     /* one answers an ATS invalidation: which, how, once more; or a tag */
	MANNER,     /* endpoints answer at once, or not */
	MONITOR,    /* a register of the performance monitors: which; its value */
	STATISTICS, /* are read, or begin anew; StreamID */
	BROADCAST,  /* a CPU invalidates: kind, what it is limited to, worlds; address, bytes, ASID
		     * and VMID */
	PORT,       /* whether a section begins or ends, or another port is opened, and of what
		     * size; the way of TRANSLATE */
	HANDLE,     /* as TRANSLATE: the accesses of a handle are like that */
	STEPS
};

/* The driver's own: Stream table, CD, translation tables and queues in memory, programmed, and
 * everything enabled.  software_tables.c */
void software_bring_up(struct board *board);

/* A word of the structures that it makes. */
uint64_t software_structure(unsigned which);

/* Takes a step, with the one that it puts into a callback, and does it. */
void software_take(struct board *board, struct bytes *bytes);

/* Does a step in a callback. */
void software_step(struct board *board, const struct step *step);

#endif
