/* SPDX-License-Identifier: MIT */
/* TLB invalidations that CPUs broadcast, as traces spell them.  DDI 0487 D8.17 */
#ifndef SMMU_PLATFORM_TRACE_DVM_H
#define SMMU_PLATFORM_TRACE_DVM_H

#include "platform/trace_line.h"

/* ! dvm ...: what stands behind it.  1, or negative after a complaint. */
int trace_dvm_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* The operation as trace_dvm_parse takes it. */
void trace_dvm_text(unsigned pas, const uint64_t packed[2], char *text, size_t size);

/* What it means, of CPUs in that state, enum smmu3_pas; false: it is no operation. */
bool dvm_scope(unsigned pas, const uint64_t packed[2], struct smmu3_invalidation *scope);

#endif
