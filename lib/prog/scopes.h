/* SPDX-License-Identifier: MIT */
/* What the parameters of an invalidation command say of its scope: each fills in what the command
 * limits.  features are those of the Security state acted upon.  Pure.  4.3, 4.4, 4.6 */
#ifndef SMMU_PROG_SCOPES_H
#define SMMU_PROG_SCOPES_H

#include "arch/cmd.h"
#include "arch/features.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

typedef void scope_fn(const struct features *features, const struct cmd *cmd,
		      struct smmu3_invalidation *scope);

scope_fn scope_all;        /* no parameters: all there are */
scope_fn scope_vmid;       /* by VMID, where there is stage 2 */
scope_fn scope_asid;       /* by VMID and ASID */
scope_fn scope_va;         /* by VMID, ASID and VA */
scope_fn scope_vaa;        /* by VMID and VA */
scope_fn scope_ipa;        /* by VMID and IPA */
scope_fn scope_secure_ipa; /* and by which of the two IPA spaces.  4.4.3.3 */
scope_fn scope_address;    /* by VA: of EL2 and EL3, which have no VMID */
scope_fn scope_el2_asid;
scope_fn scope_el2_va; /* by VA, and with E2H by ASID */
scope_fn scope_stream;
scope_fn scope_range; /* of streams */
scope_fn scope_cd;
scope_fn scope_cd_all;
scope_fn scope_pa;

/* SCALE of a range. */
uint64_t scope_scale(const struct features *features, const struct cmd *cmd);

/* The level that a TTL says, 0: none.  Level 1 of 16KB has no leaf without DS, and is none. 4.4.1.1
 */
static inline uint64_t scope_ttl(const struct features *features, bool of_16k, uint64_t ttl)
{
	return of_16k && ttl == 1 && !features->ds ? 0 : ttl;
}

/* A command that, by its parameters, need not invalidate anything, and does not. */
bool scope_misses(const struct features *features, const struct cmd *cmd);

#endif
