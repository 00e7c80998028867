/* SPDX-License-Identifier: MIT */
/*
 * The checker, behind smmu/check.h: invalidations wait for their CMD_SYNC, and what an access was
 * answered from what is kept is compared with what memory says.
 */
#ifndef SMMU_CHECKING_H
#define SMMU_CHECKING_H

#include "counting.h"
#include "smmu_state.h"

#include "check/causes.h"
#include "check/registers.h"
#include "check/trail.h"
#include "check/users.h"
#include "xlate/translate.h"

/* An invalidation that has been consumed, and what is kept that is older than it. */
struct pending {
	bool of_atc;
	struct smmu3_invalidation scope;   /* if it is not */
	struct smmu3_atc_invalidation atc; /* if it is */
	uint64_t tlb_age, structures_age, dpt_age;
	uint64_t moment; /* the last before it */
};

enum { PENDING_MOST = 4096 };

/* What is counted of what could not be done: smmu3_check_missed. */
enum check_missed {
	CHECK_HURRIED,
	CHECK_UNEXPLAINED,
	CHECK_NO_MEMORY, /* elsewhere than in the ledger */
	CHECK_MISSED,
};

enum { CHECKED_REGISTERS = 18 };

struct check {
	pthread_mutex_t lock; /* over all below */
	struct ledger ledger;
	uint64_t accesses;
	uint64_t moments; /* whatever begins that is told what it uses, and whatever is kept */
	uint64_t removed; /* the moment when something last went */
	struct pending_list {
		struct pending *pending;
		uint32_t count, room;
	} of[BANKS];                       /* by queue */
	struct smmu3_check_cost cost[256]; /* by opcode */
	uint64_t missed[CHECK_MISSED];
	struct causes causes;
	struct users users;
	struct register_log registers[CHECKED_REGISTERS]; /* checking_registers.c says which */
};

/* As smmu3_config.check says; smmu->check stays NULL where it is off.  false: out of memory. */
bool check_init(struct smmu3 *smmu);
void check_free(struct smmu3 *smmu);

void check_miss(struct check *check, enum check_missed what);

/* Everything has been forgotten. */
void check_restart(struct smmu3 *smmu);

/* Registers may have changed that something is kept by.  Under the lock of the registers. */
void check_registers(struct smmu3 *smmu);

/* A command with this scope comes: what is wrong of what it is about, and what it costs. */
void check_command(struct smmu3 *smmu, unsigned opcode, const struct smmu3_invalidation *scope);

/* By a command of this queue an endpoint is asked to drop what it was given: it has when a CMD_SYNC
 * of the queue completes.  And it does not answer, by the tag of the request: nothing is said of
 * what it has dropped then.  3.9.1.4, 4.5.1 */
void check_atc(struct smmu3 *smmu, enum bank queue, const struct smmu3_atc_invalidation *request);
void check_atc_failed(struct smmu3 *smmu, enum bank queue, uint64_t tag);

/* What is forgotten at once, as CPUs have broadcast or registers say: the moment is asked for
 * before, and it is told after.  What was kept in between is known on, whether it has gone or not;
 * so nothing is there that is not known. */
uint64_t check_moment(struct smmu3 *smmu);
void check_forgotten(struct smmu3 *smmu, const struct smmu3_invalidation *scope,
		     tag_meant_fn *meant, uint64_t moment);

/* A command of this queue invalidates: when a CMD_SYNC of the queue completes. */
void check_invalidate(struct smmu3 *smmu, enum bank queue, const struct smmu3_invalidation *scope);
void check_synced(struct smmu3 *smmu, enum bank queue);

/* Has a command been consumed that removes it, but no CMD_SYNC after it?  Under the lock. */
bool check_waits_for_sync(const struct check *check, const struct kept_key *key);

/* One access: who listens to it and is told what it uses. */
struct checked {
	struct watch watch; /* first */
	struct smmu3 *smmu;
	struct tally tally;
	struct trail trail;
	struct kept_when now;
	/* Keys that are to be passed by, and those that were met */
	const struct kept_key *hidden;
	unsigned hiddens;
	struct kept_key *met;
	uint32_t mets, met_room;
	bool looks;   /* it is looked up twice: SMMU3_CHECK_ON */
	bool updates; /* it has updated a descriptor, the last here: */
	struct pa updated;
	struct smmu3_outcome fresh; /* what memory said when it began */
};

/* What memory says: nothing that is kept, and no update, changes it; who listens hears of each
 * structure that is read. */
void check_look_up_afresh(struct smmu3 *smmu, const struct smmu3_txn *txn, smmu3_step_fn *step,
			  void *context, struct smmu3_outcome *outcome);

smmu3_step_fn check_ignore_step; /* for who need not hear */

void check_begin(struct smmu3 *smmu, const struct smmu3_txn *txn, struct checked *checked);

/* Somebody is listened to who is no access, and is compared with nothing: what is kept for it is
 * known as any.  What is read is noted in the tally that is answered, the caller's if nothing is
 * checked. */
struct tally *check_listen(struct smmu3 *smmu, enum smmu3_kept_for kept_for, struct mem_view *view,
			   struct checked *checked, struct tally *tally);

/* It is over, however it ended: as what check_listen began is to be, too. */
void check_leave(struct smmu3 *smmu, struct checked *checked);

/* Listens: its context is a struct checked. */
smmu3_step_fn check_step;

/* The access has been answered.  It is to be left then. */
void check_end(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
	       const struct smmu3_outcome *outcome);

#endif
