/* SPDX-License-Identifier: MIT */
/*
 * The suite's third pass: with SMMU_TEST_PORTS=1 in the environment, beside SMMU_TEST_CACHES, every
 * smmu3_translate of a test program goes through a port of its SMMU and thread, which is opened for
 * it and closed by smmu3_destroy: the linker puts what is here in place of both.  Ways through take
 * turns: the port, a batch, a batch within a section, a stream of the port, and that within one.  A
 * hit of the port or stream must be what the answer is.  A call from a callback of the same port's
 * goes past it.
 */
#ifndef SMMU_TEST_PORTED_H
#define SMMU_TEST_PORTED_H

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stddef.h>

/* Ways through a port, in turn: an odd number, for who asks twice each time. */
enum ported_way { WAY_PORT, WAY_BATCH, WAY_SECTION, WAY_STREAM, WAY_STREAM_SECTION, PORTED_WAYS };

/* What was asked since ported_begin, in all processes of the program. */
struct ported_counts {
	unsigned asked[PORTED_WAYS]; /* each way */
	unsigned batched;            /* accesses, by ported_batch */
	unsigned hits;               /* that were compared with answers */
	unsigned past;               /* from callbacks of the same port's */
};

bool ported_pass(void);

/* So many accesses as one batch through this thread's port, in a section or not; hits of the port
 * are compared before and after.  In any pass; from no callback. */
void ported_batch(struct smmu3 *smmu, const struct smmu3_txn *txn, struct smmu3_outcome *outcome,
		  size_t n, bool section);

struct ported_counts ported_counts(void);

/* Before the tests of a program are run; after them: false if no SMMU was asked through a port, so
 * that the pass proved nothing. */
void ported_begin(void);
bool ported_end(void);

#endif
