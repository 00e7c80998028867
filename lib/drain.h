/* SPDX-License-Identifier: MIT */
/* Doing what is due, by one thread at a time. */
#ifndef SMMU_DRAIN_H
#define SMMU_DRAIN_H

#include "smmu_state.h"

/* Does what is due until nothing is left, or another thread is at it, or the calling thread itself
 * further up: whoever is at it goes on with what came in the meantime.  A call does DRAIN_MOST acts
 * at most; what is left then is done with the next register access.  Under the lock, which it gives
 * back. */
enum { DRAIN_MOST = 1 << 21 };
void smmu_drain_unlock(struct smmu3 *smmu);

/* The next act, by the one thread that is at it; false: nothing is due.  Under the lock, which it
 * gives back for as long as the host is called. */
bool smmu_do_act(struct smmu3 *smmu);

/*
 * DPT_WALK_EN stays acknowledged while a transaction may walk the DPT that began before software
 * could be sure.  A transaction counts itself before it looks at the registers; the last one that
 * software may be waiting for says that it is done.  6.3.9
 */
void smmu_begin_walk(struct smmu3 *smmu);
void smmu_end_walk(struct smmu3 *smmu);
/* As many as are under way, after the registers have been published.  Under the lock. */
void smmu_await_walks(struct smmu3 *smmu);

/* Reports a DPT lookup fault, and drains. */
void smmu_report_dpt(struct smmu3 *smmu, struct interface *interface, uint64_t syndrome);

/* Records an event, and drains. */
void smmu_record(struct smmu3 *smmu, struct interface *interface, const struct smmu3_event *event);

/* Holds a transaction that stalls, records the event with its STAG, and drains: begin_stall. */
enum smmu3_verdict smmu_stall(struct smmu3 *smmu, struct interface *interface,
			      const struct smmu3_txn *txn, struct smmu3_event *event);
enum smmu3_verdict smmu_would_stall(struct smmu3 *smmu, const struct interface *interface);

/* Tells the host that every stalled transaction is aborted.  Nothing else may run. */
void smmu_end_stalls(struct smmu3 *smmu);

#endif
