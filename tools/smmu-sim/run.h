/* SPDX-License-Identifier: MIT */
/* A run: accesses from traces and from lists of expected answers, through one machine. */
#ifndef SMMU_SIM_RUN_H
#define SMMU_SIM_RUN_H

#include <smmu/platform.h>
#include <stdbool.h>

#include "status.h"
#include "tally.h"

struct run {
	struct smmu3_machine *machine;
	struct tally *tally;
	const char *file;   /* being read */
	const char *source; /* its line at hand, or NULL */
	bool json, strict;
	bool shown; /* every access is printed, not only those that fail */
	bool begun; /* something stands in the JSON array already */
};

/* Performs one line: an access, with its expectation, or an act.  Prints what is to be seen.
 * STATUS_FINDING when the expectation fails; above that, the input cannot go on. */
enum status run_line(struct run *run, const struct smmu3_trace_op *op);

/* Performs every line of a trace. */
enum status run_trace(struct run *run, const char *path);

/* Asks for every row of a CSV: sid, ssid, addr, rw, outcome, pa. */
enum status run_expected(struct run *run, const char *path);

#endif
