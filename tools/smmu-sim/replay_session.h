/* SPDX-License-Identifier: MIT */
/* A session as input: first what its SMMU was, where it says so, then what it met and did. */
#ifndef SMMU_SIM_REPLAY_SESSION_H
#define SMMU_SIM_REPLAY_SESSION_H

#include "progress.h"
#include "replay.h"

struct replay_session {
	struct lines *lines;
	bool told; /* it begins with C lines, which made config */
	struct smmu3_config config;
	uint64_t members, count;  /* a bit for each that they name, and how many */
	struct session_line next; /* the first line behind them */
	bool has_next;
	enum status status; /* what ended the reading of them, after a complaint */
};

/* Opens a file and reads its C lines.  profile: the caller has one in mind, or NULL.  Complaints
 * are kept in session->status for replay_session, but for that against C lines with a profile:
 * STATUS_USAGE. */
enum status replay_session_open(struct replay_session *session, const char *path,
				const char *profile);
void replay_session_close(struct replay_session *session);

/* The rest. */
enum status replay_session(struct replay *replay, struct replay_session *session,
			   struct progress *progress);

#endif
