/* SPDX-License-Identifier: MIT */
/* The transactions of one machine that stall: each comes back once, at a reset.  What is not so is
 * said, and ends the process. */
#ifndef SMMU_TEST_FUZZ_STALLED_H
#define SMMU_TEST_FUZZ_STALLED_H

#include <smmu/smmu.h>
#include <stdbool.h>

/* As many as accesses of a machine can stall. */
enum { STALLED_MOST = 64 };

struct stalled {
	/* By cookie, from 0 */
	struct {
		uint32_t sid;
		uint16_t stag;
		bool ended;
	} at[STALLED_MOST];
	unsigned count, ended;
};

/* One has stalled, whose cookie is count. */
void stalled_add(struct stalled *stalled, const struct smmu3_txn *txn, uint16_t stag);

/* smmu3_host.stall_ended */
void stalled_end(struct stalled *stalled, const struct smmu3_stall *stall);

/* None is left. */
void stalled_over(const struct stalled *stalled);

#endif
