/* SPDX-License-Identifier: MIT */
/* Stalled transactions at work: how they come to be, what commands and queues do to them, and the
 * acts that end them.  3.12.2, 4.7.1, 4.7.2, 7.2.1 */
#ifndef SMMU_PROG_STALLING_H
#define SMMU_PROG_STALLING_H

#include "prog/work.h"

/* A transaction is to stall, with this record, which gets its STAG: SMMU3_STALLED; SMMU3_BUSY,
 * where as many are stalled as may be; SMMU3_ABORT, where SMMUEN became 0 while it was translated.
 * 6.3.6, 6.3.9.6 */
enum smmu3_verdict begin_stall(struct prog *prog, struct work *work, const struct smmu3_txn *txn,
			       struct smmu3_event *event);

/* The verdict that begin_stall would give, without effect. */
enum smmu3_verdict would_stall(const struct prog *prog, const struct work *work);

/* The record of an event did not get into the queue: a stalled transaction waits for its chance.
 * false: the event is another's.  7.2.1 */
bool keep_stall(struct work *work, const struct smmu3_event *event);

/* The record of an event is in the queue. */
void stall_seen(struct work *work, const struct smmu3_event *event);

/* A record of an event; and whether what it tells of still stands. */
struct record record_of(const struct work *work, const struct smmu3_event *event);
bool record_stands(const struct work *work, const struct record *record);

/* CMD_RESUME, for a stream of this Security state.  One that matches no transaction has no effect.
 * 4.7.1 */
void resume_stall(struct work *work, const struct features *features, const struct cmd *cmd,
		  enum bank target);

/* The end of the transaction that it names, which has this cookie. */
struct smmu3_stall resumed_by(const struct features *features, const struct cmd *cmd,
			      enum bank target, uint64_t cookie);

/* CMD_STALL_TERM: it is consumed when work->terminate is no longer on.  4.7.2 */
void terminate_stalls(struct work *work, const struct cmd *cmd, enum bank target);

/* SMMUEN is 0: all end.  6.3.9.6 */
void end_stalls_of_disabled(const struct prog *prog, struct work *work);

/* The end of a stall that a command or SMMUEN made due. */
bool next_stall_end(struct work *work, struct act *act);

/* The Event queue takes records: one that found it not writable is retried. */
bool next_stall_retry(struct work *work, struct act *act);

/* Nothing else is due: one ends that a command has marked. */
bool next_marked_stall(struct work *work, struct act *act);

/* The next transaction that is resumed, or that a search finds stalled, is aborted: no longer so;
 * false: there is none left. */
bool end_any_stall(struct stalls *stalls, struct stall_search *search, struct smmu3_stall *stall);

/* Is something on that CR0ACK.SMMUEN has to wait for? */
bool stalls_hold_smmuen(const struct work *work);

#endif
