/* SPDX-License-Identifier: MIT */
/* A recorded session, replayed: the acts of software and devices go to an SMMU, and what it does is
 * compared with what was recorded. */
#ifndef SMMU_SIM_REPLAY_H
#define SMMU_SIM_REPLAY_H

#include <smmu/record.h>
#include <smmu/smmu.h>
#include <stdbool.h>

#include "findings.h"
#include "gap.h"
#include "output.h"
#include "recall.h"
#include "session.h"
#include "status.h"
#include "verb.h"

enum { REPLAY_BATCH = 64 };

struct replay {
	const char *file;
	bool json;
	struct findings *findings; /* of the checker; NULL: there is none */
	bool silent;               /* differences are counted and not shown */
	struct smmu3_config config;
	bool told; /* the session says what its SMMU was, whose events it has too */
	uint64_t save_every, records; /* the SMMU is saved after so many records; 0: never */
	struct smmu3 *smmu;
	const char *recording; /* a file, or NULL */
	struct output *output;
	struct smmu3_record *record; /* NULL: acts are not recorded */
	struct ports_option ports;
	struct smmu3_port *port; /* NULL: accesses go through none */
	struct replay_batch {
		struct session_line line[REPLAY_BATCH];
		const char *file[REPLAY_BATCH]; /* where each line is */
		unsigned count;
	} batch; /* of accesses that are to be made */
	struct recall memory;
	struct gap gap;           /* after the last act */
	struct session_line held; /* a W whose words of memory may still follow */
	bool holds;
	/* Of a capture */
	bool accesses_only;  /* what else the SMMU does was not recorded, but that */
	bool consumes;       /* it has consumed the commands that the held W made visible */
	const char *writes;  /* the file of such a W */
	const char *words;   /* that of words of memory */
	unsigned act;        /* line of the act under way */
	uint64_t command[2]; /* that the SMMU read last */
	struct replay_count {
		uint64_t lines, equal, covered, different;
	} count[SESSION_KINDS];
	uint64_t different; /* in all */
};

/* The host of its SMMU. */
struct smmu3_host replay_host(struct replay *replay);

/* Makes the SMMU that the session meets.  STATUS_USAGE and above after a complaint. */
enum status replay_begin(struct replay *replay, const struct smmu3_config *config);
void replay_free(struct replay *replay);

/* One line.  False: there are more lines between two acts than GAP_MOST. */
bool replay_line(struct replay *replay, const struct session_line *line);

/* Accesses that wait for others are made. */
void replay_flush(struct replay *replay);

/* A record has been taken: the SMMU is saved, and goes on in another, if it is time. */
enum status replay_recorded(struct replay *replay);

/* The recording that it makes is begun, and ended: a file when whole is true and all was recorded.
 * STATUS_USAGE and above after a complaint. */
enum status replay_record_begin(struct replay *replay, const struct smmu3_host *host);
enum status replay_record_end(struct replay *replay, bool whole);

/* The verb check, of a session or a capture; profile: or NULL. */
enum status replay_checked(const char *session, const char *profile, bool json);

/* After the last line: what was held is done and compared. */
void replay_end(struct replay *replay);

/* Counts a line, and shows it when it is among the first that differ.  One of the two may be NULL:
 * what was recorded did not come, or the other way round.  context is the struct replay. */
void replay_report(void *context, const struct session_line *expected,
		   const struct session_line *came);

#endif
