/* SPDX-License-Identifier: MIT */
/* What stands between two acts of a session, recorded and replayed: what the SMMU wrote and pulsed,
 * in order, and what it announced. */
#ifndef SMMU_SIM_GAP_H
#define SMMU_SIM_GAP_H

#include <smmu/smmu.h>

#include "session.h"

struct gap_lines {
	struct session_line *line;
	size_t count, room;
};

struct gap {
	struct gap_lines expected; /* D and I lines of the recording */
	struct gap_lines came;     /* likewise from the replay; number is that of the act's line */
	struct gap_lines claims;   /* V lines of the recording; see gap_expect */
	struct gap_announced {
		struct smmu3_invalidation scope;
		uint64_t command[2]; /* that asked for it */
		size_t before;       /* lines that came earlier */
	} * announced;
	size_t announced_count, announced_room;
};

void gap_free(struct gap *gap);

/* A D, I or V line of the recording.  False: there are more than anyone has between two acts. */
enum { GAP_MOST = 1 << 16 };
bool gap_expect(struct gap *gap, const struct session_line *line);

/* What the SMMU did. */
void gap_came(struct gap *gap, const struct session_line *line);
void gap_announce(struct gap *gap, const struct smmu3_invalidation *scope,
		  const uint64_t command[2]);

/* A line of the recording and what came in its place; one of them may be NULL, then the other has
 * none.  A V line has itself, or NULL. */
typedef void gap_report_fn(void *context, const struct session_line *expected,
			   const struct session_line *came);

/* Empties it. */
void gap_clear(struct gap *gap);

/* Compares, reports every line once, and empties the gap. */
void gap_compare(struct gap *gap, gap_report_fn *report, void *context);

#endif
