/* SPDX-License-Identifier: MIT */
/* What a run counts.  An access that crosses translations is answered in parts; outcomes are those
 * of parts. */
#ifndef SMMU_SIM_TALLY_H
#define SMMU_SIM_TALLY_H

#include <json-c/json.h>
#include <smmu/platform.h>
#include <stdbool.h>

struct tally_counts {
	uint64_t accesses, parts;
	uint64_t ok, bypass;             /* bypass: of ok, those that nothing translated */
	uint64_t events, aborts, others; /* an event was recorded; aborted without one; the rest */
};

struct tally;

struct tally *tally_new(struct smmu3_machine *machine);
void tally_free(struct tally *tally);

/* Counts one part; first: it begins an access.  op has been completed by the machine. */
void tally_part(struct tally *tally, const struct smmu3_trace_op *op,
		const struct smmu3_outcome *outcome, bool first);

/* Counts an access's expectation: stated or not, complete or not, met or not. */
void tally_expectation(struct tally *tally, bool stated, bool failed);

/* Counts an act of software, and its expectation: stated or not, met or not. */
void tally_act(struct tally *tally, bool stated, bool failed);

/* Counts a stalled access that went on or was ended: as its line expects, or not. */
void tally_resumed(struct tally *tally, bool failed);

/* Those that wait at the end. */
void tally_waiting(struct tally *tally, uint64_t count);

/* Counts what no line has expected. */
void tally_failure(struct tally *tally);

/* Failed expectations so far. */
uint64_t tally_failed(const struct tally *tally);

/* Everything counted, as an object; and that object as text. */
json_object *tally_json(const struct tally *tally);
void tally_print(json_object *summary);

#endif
