/* SPDX-License-Identifier: MIT */
/* A recorded session beside the obvious walker: registers and memory as they stand after each line,
 * and whether what the line says came of an access is what the walker says. */
#ifndef SMMU_TESTS_OBVIOUS_SESSION_H
#define SMMU_TESTS_OBVIOUS_SESSION_H

#include "obvious/obvious.h"
#include "obvious/words.h"

enum { SESSION_RECORD = 32 };

struct session_run {
	struct smmu3_config config;
	bool told;              /* C lines have said what it was */
	struct words registers; /* by their offsets, two of 32 bits a word */
	struct words memory;
	uint32_t event_prod; /* SMMU_EVENTQ_PROD without OVFLG */
	unsigned written;    /* records since the last act, */
	uint64_t written_at; /* and the last of them */
	unsigned char record[SESSION_RECORD];
	unsigned accesses, records;
	char wrong[512]; /* what differs, or empty */
};

/* Before the first line, of an SMMU as linux-session; C lines may say otherwise. */
void session_begin(struct session_run *run);
void session_end(struct session_run *run);

/* The next line, without its end. */
void session_take(struct session_run *run, const char *line);

#endif
