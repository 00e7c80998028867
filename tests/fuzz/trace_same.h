/* SPDX-License-Identifier: MIT */
/* Operations of traces, compared. */
#ifndef SMMU_TEST_FUZZ_TRACE_SAME_H
#define SMMU_TEST_FUZZ_TRACE_SAME_H

#include <smmu/trace.h>
#include <stdbool.h>

bool same_txn(const struct smmu3_txn *a, const struct smmu3_txn *b);
bool same_act(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b);
bool same_stats(const struct smmu3_stats_said *a, const struct smmu3_stats_said *b);

/* All that they say; and where, too. */
bool same_meaning(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b);
bool same_op(const struct smmu3_trace_op *a, const struct smmu3_trace_op *b);

#endif
