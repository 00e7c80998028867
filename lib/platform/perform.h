/* SPDX-License-Identifier: MIT */
/* Carrying out the lines of a trace, between the files that do it. */
#ifndef SMMU_PLATFORM_PERFORM_H
#define SMMU_PLATFORM_PERFORM_H

#include "platform/machine.h"

/* Fills *error, which may be NULL; returns code. */
__attribute__((format(printf, 3, 4))) int perform_fail(struct smmu3_error *error, int code,
						       const char *format, ...);

/* The master that a line names, or NULL. */
struct master_spec *perform_master(const struct smmu3_machine *machine,
				   const struct smmu3_trace_op *op, struct smmu3_error *error);

/* As smmu3_machine_perform, of an act of an endpoint. */
int perform_endpoint(struct smmu3_machine *machine, struct smmu3_trace_op *op,
		     struct smmu3_error *error);

int perform_page_request(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			 struct smmu3_error *error);

/* What the line leaves to its master: which StreamID, and whether it can drive that. */
int perform_requester(const struct master_spec *master, struct smmu3_trace_op *op,
		      struct smmu3_error *error);

/* Whether a master behind no SMMU can make such an access or request: 0, or negative with the
 * sentence; and what its access comes to. */
int direct_refuse(const struct master_spec *master, const struct smmu3_trace_op *op,
		  struct smmu3_error *error);
void direct_answer(const struct smmu3_trace_op *op, struct smmu3_outcome *outcome);

/* smmu3_translate, or what smmu3_machine_use_ports has in its place. */
void machine_translate(const struct smmu_spec *smmu, const struct smmu3_txn *txn,
		       struct smmu3_outcome *outcome);

/* As smmu3_machine_perform, of an access. */
int perform_access(struct smmu3_machine *machine, struct smmu3_trace_op *op,
		   struct smmu3_outcome *outcome, struct smmu3_error *error);

#endif
