/* SPDX-License-Identifier: MIT */
/* What stands behind the SMMUs of a machine: whether the firewall lets an access pass, and who
 * blocked it in the end. */
#ifndef SMMU_PLATFORM_GUARD_H
#define SMMU_PLATFORM_GUARD_H

#include "platform/machine.h"

/* Lets the firewall judge what an access came to, and says who blocked it, in op->guard.  smmu:
 * that it went through, or NULL. */
void guard_access(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
		  struct smmu3_trace_op *op, const struct smmu3_outcome *outcome);

/* Forgets which fetches have been denied: before an access begins. */
void guard_forget(struct smmu_spec *smmu);

/* May the SMMU read (FIREWALL_READ) or write there, as its own? */
bool guard_lets(struct own_log *log, const struct smmu3_mem_access *access, unsigned wants);

/* Lets an SMMU reach memory directly, where the firewall lets it read and write; the rest goes
 * through its host.  0, or what smmu3_add_ram returned. */
int guard_add_ram(const struct smmu3_machine *machine, const struct smmu_spec *smmu,
		  const struct region *region);

#endif
