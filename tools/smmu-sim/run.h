/* SPDX-License-Identifier: MIT */
/* A run: accesses from traces and from lists of expected answers, through one machine. */
#ifndef SMMU_SIM_RUN_H
#define SMMU_SIM_RUN_H

#include <json-c/json.h>
#include <smmu/platform.h>
#include <stdbool.h>

#include "findings.h"
#include "status.h"
#include "tally.h"
#include "verb.h"

struct run {
	struct smmu3_machine *machine;
	struct tally *tally;
	char *beside;              /* the trace beside the configuration, or NULL */
	const char *file;          /* being read */
	struct smmu3_trace *trace; /* if that is a trace; its line at hand is the last */
	struct findings *findings; /* of checkers; NULL: there is none */
	bool silent; /* expectations are not judged, and nothing of lines is printed */
	bool json, strict;
	bool shown;     /* every access is printed, not only those that fail */
	bool verbose;   /* so is what the SMMU does of its own accord */
	unsigned line;  /* the last one */
	bool begun;     /* something stands in the JSON array already */
	size_t told;    /* of the SMMU's own acts that no line has expected */
	bool expecting; /* a block of expectations has begun */
};

/* Performs one line: an access, with its expectation, or an act, which is completed for it.  Prints
 * what is to be seen.  STATUS_FINDING when the expectation fails; above that, the input cannot go
 * on. */
enum status run_line(struct run *run, struct smmu3_trace_op *op);

/* Performs an act. */
enum status run_act(struct run *run, const struct smmu3_trace_op *op);

/* Performs the stalled accesses whose wait a line has ended, and judges them by what it expects. */
enum status run_resumed(struct run *run, const struct smmu3_trace_op *line);

/* Ends a block of expectations, at the next line that is none or at the end of all: with --strict
 * what it has not named fails. */
enum status run_settle(struct run *run);

/* Names the accesses that wait still, at the end of all; with --strict they are a failure. */
enum status run_waiting(struct run *run);

/* A failure that is no line's own. */
void print_failure(struct run *run, const char *file, unsigned line, const char *difference);

/* With --verbose, prints what the SMMU did since the last time, as lines that would expect it. */
void run_tell(struct run *run);

/* Complains of a line that the machine cannot carry out. */
enum status run_refused(const struct run *run, const struct smmu3_trace_op *op, int code,
			const char *why);

/* What each SMMU has counted, as a list; and that list as text.  What is 0 is left out. */
json_object *run_stats(const struct run *run);
void run_stats_print(json_object *stats);

/* The verb check, of a configuration: traces, or none for the one beside it, and nothing but what
 * the checker finds. */
enum status run_checked(const struct common *common, char **traces, int count);

/* Performs every line of a trace. */
enum status run_trace(struct run *run, const char *path);

/* Asks for every row of a CSV: sid, ssid, addr, rw, outcome, pa. */
enum status run_expected(struct run *run, const char *path);

#endif
