/* SPDX-License-Identifier: MIT */
/* The Event queue: what waits for it, what it refuses.  3.5, 7.2, 7.4 */
#ifndef SMMU_PROG_EVENTQ_H
#define SMMU_PROG_EVENTQ_H

#include "prog/work.h"

/* Is there room for an event among those that wait? */
bool eventq_takes(const struct work *work);

/* An event for which there was none is lost, as one that found the queue full. */
void eventq_lose(struct prog *prog, struct work *work);

/* An event is to be recorded; one that finds the queue disabled or in error is dropped.  7.2.1 */
void eventq_record(const struct prog *prog, struct work *work, const struct smmu3_event *event);

/* Is the queue enabled, and not in error? */
bool events_accepted(const struct prog *prog);

/* What waits is dropped, but for stalls. */
void drop_events(struct work *work);

/* The next record to write. */
bool next_event(struct prog *prog, struct work *work, const struct features *features,
		struct act *act);
void event_done(struct prog *prog, struct work *work, const struct features *features,
		const struct act *act, bool ok);

/* Stalls that found no room are retried while there is some. */
bool next_retry(const struct prog *prog, struct work *work, const struct features *features,
		struct act *act);

#endif
