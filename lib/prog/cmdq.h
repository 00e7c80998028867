/* SPDX-License-Identifier: MIT */
/* The Command queue: commands fetched, judged, done, consumed.  4.1, 4.7, 7.1 */
#ifndef SMMU_PROG_CMDQ_H
#define SMMU_PROG_CMDQ_H

#include "prog/work.h"

/* Which commands the queue takes; features are those of its own state, as they are now. */
struct command_rules commands_of(const struct work *work, const struct features *features);

/* What registers have to say of what commands mean. */
struct command_controls controls_of(const struct prog *prog);

/* Before a command come the records that wait when it is its turn, CMD_SYNC's promise, and no more:
 * faults without end do not keep it waiting.  4.7.3 */
void take_turns(const struct prog *prog, struct work *work, const struct features *features);

/* The fetch of the next command. */
bool next_command(const struct prog *prog, const struct work *work, const struct features *features,
		  struct act *act);
void command_recalled(struct prog *prog, struct work *work, const struct features *features);
void command_done(struct prog *prog, struct work *work, const struct features *features,
		  const struct act *act, bool ok);

/* What a command invalidates is announced before it is consumed; an ATC begins to. */
bool next_announcement(const struct prog *prog, struct work *work, const struct features *features,
		       struct act *act);
void announcement_done(struct prog *prog, struct work *work, const struct features *features);

/* An ATC has been invalidated, or has not: a CMD_SYNC may have waited for it.  false: none is of
 * this tag.  3.9.1.4 */
bool atc_ended(struct prog *prog, struct work *work, const struct features *features, uint64_t tag,
	       enum smmu3_atc_result result);

/* A CMD_SYNC that waits goes on if what it waits for has ended: sections say nothing of it. */
void resume_sync(struct prog *prog, struct work *work, const struct features *features);

/* CMD_STALL_TERM is consumed when it has found all there is.  4.7.2 */
void finish_termination(struct prog *prog, struct work *work, const struct features *features);

#endif
