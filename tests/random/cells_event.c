/* SPDX-License-Identifier: MIT */
/* How accesses end: events by class, stage and level, 7.3; and what permissions made of every kind
 * of access. */
#include "cells.h"

#include <stdio.h>

enum {
	CLASSES = 3,
	STAGES = 3,
	LEVELS = 4,
	EVENT_LEVELS = LEVELS + 2, /* the last: no level, and level -1 */
	EVENTS = 0x15,             /* the last: F_VMS_FETCH */
};

enum {
	C_BAD_STREAMID = 0x02,
	F_STE_FETCH = 0x03,
	C_BAD_STE = 0x04,
	F_STREAM_DISABLED = 0x06,
	C_BAD_SUBSTREAMID = 0x08,
	F_CD_FETCH = 0x09,
	C_BAD_CD = 0x0a,
	F_WALK_EABT = 0x0b,
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
	LAST_EVENT = 0x14,
	F_VMS_FETCH = 0x25,
};

static const char *const event_name[EVENTS] = {
	[0] = "abort without event",
	[C_BAD_STREAMID] = "C_BAD_STREAMID",
	[F_STE_FETCH] = "F_STE_FETCH",
	[C_BAD_STE] = "C_BAD_STE",
	[F_STREAM_DISABLED] = "F_STREAM_DISABLED",
	[C_BAD_SUBSTREAMID] = "C_BAD_SUBSTREAMID",
	[F_CD_FETCH] = "F_CD_FETCH",
	[C_BAD_CD] = "C_BAD_CD",
	[F_WALK_EABT] = "F_WALK_EABT",
	[F_TRANSLATION] = "F_TRANSLATION",
	[F_ADDR_SIZE] = "F_ADDR_SIZE",
	[F_ACCESS] = "F_ACCESS",
	[F_PERMISSION] = "F_PERMISSION",
	[LAST_EVENT] = "F_VMS_FETCH",
};

struct where {
	unsigned event, fault_class, stage, level, streams;
};

static unsigned event_index(const struct where *where)
{
	const unsigned place = (where->event * CLASSES + where->fault_class) * STAGES +
			       where->stage;

	return (place * EVENT_LEVELS + where->level) * STREAMS + where->streams;
}

static struct where event_at(unsigned index)
{
	return (struct where){
		.streams = index % STREAMS,
		.level = index / STREAMS % EVENT_LEVELS,
		.stage = index / STREAMS / EVENT_LEVELS % STAGES,
		.fault_class = index / STREAMS / EVENT_LEVELS / STAGES % CLASSES,
		.event = index / STREAMS / EVENT_LEVELS / STAGES / CLASSES,
	};
}

enum { CD, TT, IN };                                   /* classes */
enum { NEITHER = 1, S1 = 2, S2 = 4, BOTH = 8 };        /* streams */
enum { NO_LEVEL = 0x10, FROM_0 = 0xf, TABLES = 0x2f }; /* levels */

/* What can happen, where, to which streams.  Blocks and pages stand at levels 0 to 3. */
static const struct {
	uint8_t event, fault_class, stage, levels, streams;
} possible[] = {
	/* No stage is at fault */
	{ 0, 0, 0, NO_LEVEL, NEITHER },
	{ C_BAD_STREAMID, 0, 0, NO_LEVEL, NEITHER },
	{ F_STE_FETCH, 0, 0, NO_LEVEL, NEITHER },
	{ C_BAD_STE, 0, 0, NO_LEVEL, NEITHER },
	{ LAST_EVENT, 0, 0, NO_LEVEL, NEITHER },
	{ F_STREAM_DISABLED, 0, 0, NO_LEVEL, S1 | BOTH },
	{ C_BAD_SUBSTREAMID, 0, 0, NO_LEVEL, NEITHER | S1 | S2 | BOTH },
	{ F_CD_FETCH, 0, 0, NO_LEVEL, S1 | BOTH },
	{ C_BAD_CD, 0, 0, NO_LEVEL, S1 | BOTH },
	/* Stage 1, also where it is passed by */
	{ F_WALK_EABT, TT, 1, TABLES, S1 | BOTH },
	{ F_TRANSLATION, IN, 1, TABLES | NO_LEVEL, S1 | BOTH },
	{ F_ADDR_SIZE, IN, 1, TABLES, S1 | BOTH },
	{ F_ADDR_SIZE, IN, 1, NO_LEVEL, NEITHER | S1 | S2 | BOTH },
	{ F_ACCESS, IN, 1, FROM_0, S1 | BOTH },
	{ F_PERMISSION, IN, 1, FROM_0, S1 | BOTH },
	/* Stage 2, for CDs, for stage 1 tables, and for the transaction's own address */
	{ F_WALK_EABT, CD, 2, FROM_0, BOTH },
	{ F_TRANSLATION, CD, 2, FROM_0 | NO_LEVEL, BOTH },
	{ F_ADDR_SIZE, CD, 2, FROM_0, BOTH },
	{ F_ACCESS, CD, 2, FROM_0, BOTH },
	{ F_PERMISSION, CD, 2, FROM_0, BOTH },
	{ F_WALK_EABT, TT, 2, FROM_0, BOTH },
	{ F_TRANSLATION, TT, 2, FROM_0 | NO_LEVEL, BOTH },
	{ F_ADDR_SIZE, TT, 2, FROM_0, BOTH },
	{ F_ACCESS, TT, 2, FROM_0, BOTH },
	{ F_PERMISSION, TT, 2, FROM_0, BOTH },
	{ F_WALK_EABT, IN, 2, TABLES, S2 | BOTH },
	{ F_TRANSLATION, IN, 2, TABLES | NO_LEVEL, S2 | BOTH },
	{ F_ADDR_SIZE, IN, 2, TABLES, S2 | BOTH },
	{ F_ACCESS, IN, 2, FROM_0, S2 | BOTH },
	{ F_PERMISSION, IN, 2, FROM_0, S2 | BOTH },
};

static bool event_possible(const struct where *where)
{
	for (unsigned i = 0; i < sizeof(possible) / sizeof(*possible); i++)
		if (possible[i].event == where->event && possible[i].stage == where->stage &&
		    possible[i].fault_class == where->fault_class &&
		    possible[i].levels >> where->level & 1 &&
		    possible[i].streams >> where->streams & 1)
			return true;
	return false;
}

static void name_event(unsigned index, struct cell *cell)
{
	static const char *const class_name[CLASSES] = { "CD", "TT", "IN" };
	static const char *const level_name[EVENT_LEVELS] = {
		", level 0", ", level 1", ", level 2", ", level 3", "", ", level -1"
	};
	const struct where where = event_at(index);
	const char *event = event_name[where.event] ? event_name[where.event] : "?";
	char place[40] = "";

	if (where.stage)
		(void)snprintf(place, sizeof(place), ", class %s of stage %u",
			       class_name[where.fault_class], where.stage);
	cell_name(cell, event_possible(&where), "%s%s%s, %s", event, place, level_name[where.level],
		  cell_streams_name[where.streams]);
}

/* Level -2 counts as level -1; of what stage 2 has for CDs and tables both count as level 0: in its
 * few entries such faults are too rare to be told apart. */
static unsigned event_level(const struct obvious_answer *answer)
{
	const bool below = answer->fault_stage == 2 && answer->fault_class != SMMU3_CLASS_IN;

	if (answer->fault_level == -1 || answer->fault_level == -2)
		return below ? 0 : LEVELS + 1;
	return answer->fault_level < 0 ? LEVELS : (unsigned)answer->fault_level;
}

static unsigned find_event(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			   unsigned *index)
{
	const struct where where = {
		.event = answer->event == F_VMS_FETCH ? LAST_EVENT : answer->event % EVENTS,
		.fault_class = answer->fault_stage ? answer->fault_class : 0,
		.stage = answer->fault_stage,
		.level = event_level(answer),
		.streams = cell_streams(answer),
	};

	*index = event_index(&where);
	return answer->verdict != SMMU3_OK && answer->verdict != SMMU3_NO_OP && !txn->ats;
}

const struct cell_group cells_of_events = { "events: event x class x stage x level x streams",
					    EVENTS *CLASSES *STAGES *EVENT_LEVELS *STREAMS,
					    name_event, find_event };

/* ---- What permissions make of each kind of access ---- */

enum { KINDS = 4, PRIVILEGES = 2, ENDS = 7 };

enum {
	END_OK,
	END_S1_ABORT,
	END_S1_RAZ_WI,
	END_S1_STALL,
	END_S2_ABORT,
	END_S2_STALL,
	END_NEVER,
};

static void name_access(unsigned index, struct cell *cell)
{
	static const char *const kind[KINDS] = { "read", "write", "instruction", "atomic" };
	static const char *const end[ENDS] = {
		"passes",
		"refused by stage 1, abort",
		"refused by stage 1, RAZ/WI",
		"refused by stage 1, stall",
		"refused by stage 2, abort",
		"refused by stage 2, stall",
		"never",
	};
	const unsigned ended = index % ENDS, streams = index / ENDS % STREAMS;
	const unsigned privileged = index / ENDS / STREAMS % PRIVILEGES;
	const bool has_s1 = streams & 1, has_s2 = streams & 2;

	const bool of_s1 = ended >= END_S1_ABORT && ended <= END_S1_STALL;
	const bool of_s2 = ended == END_S2_ABORT || ended == END_S2_STALL;

	cell_name(cell, ended == END_OK || (of_s1 && has_s1) || (of_s2 && has_s2), "%s %s, %s: %s",
		  privileged ? "privileged" : "user", kind[index / ENDS / STREAMS / PRIVILEGES],
		  cell_streams_name[streams], end[ended]);
}

static unsigned kind_of(const struct smmu3_txn *txn, const struct obvious_answer *answer)
{
	if (txn->txn_class == SMMU3_CLASS_ATOMIC)
		return 3;
	return txn->flags & SMMU3_TXN_WRITE ? 1 : answer->instruction ? 2 : 0;
}

static bool holds_up(const struct obvious_answer *answer)
{
	return answer->verdict == SMMU3_STALLED || answer->verdict == SMMU3_BUSY;
}

static unsigned end_of(const struct obvious_answer *answer)
{
	if (answer->verdict == SMMU3_OK)
		return END_OK;
	if (answer->event != F_PERMISSION || answer->fault_class != IN)
		return END_NEVER;
	if (answer->fault_stage == 2)
		return holds_up(answer) ? END_S2_STALL : END_S2_ABORT;
	if (holds_up(answer))
		return END_S1_STALL;
	return answer->verdict == SMMU3_RAZ_WI ? END_S1_RAZ_WI : END_S1_ABORT;
}

static unsigned find_access(const struct smmu3_txn *txn, const struct obvious_answer *answer,
			    unsigned *index)
{
	const unsigned end = end_of(answer);
	const unsigned who = kind_of(txn, answer) * PRIVILEGES + answer->privileged;

	*index = (who * STREAMS + cell_streams(answer)) * ENDS + end;
	return end != END_NEVER && !txn->ats;
}

const struct cell_group cells_of_accesses = {
	"accesses: privilege x kind x streams x what permissions make of it",
	KINDS *PRIVILEGES *STREAMS *ENDS, name_access, find_access
};
