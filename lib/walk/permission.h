/* SPDX-License-Identifier: MIT */
/*
 * Access permissions: what a leaf descriptor grants, what an access needs, and which control stands
 * between the two.
 *
 * A set of permissions is a mask of enum smmu3_perm.  An access is allowed by a stage when the mask
 * it needs is within the mask the stage grants; by both stages, when it is within their
 * intersection.  Direct permissions only.  D8.4, 13.4.1, 13.4.3
 */
#ifndef SMMU_WALK_PERMISSION_H
#define SMMU_WALK_PERMISSION_H

#include "base/bits.h"

#include <smmu/smmu.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	PERM_READ = SMMU3_PERM_UR | SMMU3_PERM_PR,
	PERM_WRITE = SMMU3_PERM_UW | SMMU3_PERM_PW,
	PERM_EXECUTE = SMMU3_PERM_UX | SMMU3_PERM_PX,
	PERM_UNPRIVILEGED = SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX,
	PERM_ALL = PERM_READ | PERM_WRITE | PERM_EXECUTE,
};

/* What the CD and the stream say about stage 1 permissions.  5.4 */
struct perm_s1_config {
	bool two_privileges; /* StreamWorld EL1, any-EL2-E2H: one side is unprivileged.  13.4.1 */
	bool wxn;            /* CD.WXN */
	bool pan;            /* CD.PAN; without meaning for one privilege */
	bool epan;           /* CD.EPAN */
	bool lpae;           /* VMSAv8-32 */
	bool uwxn;           /* CD.UWXN, of VMSAv8-32 */
};

/*
 * What stage 1 grants, PAN included: it takes data access, and never execution, from the privileged
 * side.  leaf is a Block or Page descriptor; hierarchy is the OR of bits 63:59 of the
 * Table descriptors above it, in place, or 0 where CD.HADx is 1.  With one privilege level both
 * sides get what that level has.  D8.4.1.2, 5.4.  In VMSAv8-32 execution needs read permission, UXN
 * is XN of both sides, and what unprivileged accesses may write is executable unless UWXN.  G5.6.3
 */
unsigned perm_s1(uint64_t leaf, uint64_t hierarchy, const struct perm_s1_config *config);

/* The control that keeps an access from what it needs at stage 1. */
enum s1_denial {
	S1_DENIES_NOTHING,
	S1_DENIES_AP,      /* AP[2:1] of the leaf */
	S1_DENIES_APTABLE, /* APTable of a table above it */
	S1_DENIES_UXN,     /* UXN of the leaf, or XN where there is one privilege level */
	S1_DENIES_PXN,
	S1_DENIES_UXNTABLE, /* UXNTable, or XNTable */
	S1_DENIES_PXNTABLE,
	S1_DENIES_USER_WRITABLE, /* privileged execution of what unprivileged accesses may write */
	S1_DENIES_UWXN,          /* the same, where CD.UWXN says so */
	S1_DENIES_WXN,
	S1_DENIES_PAN,
};

/* The first control, in the order of the enum, that stage 1 needs to refuse an access that needs
 * `needed` (perm_needed).  An atomic that lacks both lacks its write first.  Arguments otherwise as
 * in perm_s1.  13.1.1 */
COLD enum s1_denial perm_s1_denied_by(uint64_t leaf, uint64_t hierarchy,
				      const struct perm_s1_config *config, unsigned needed);

/* What stage 2 grants.  leaf is a VMSAv8-64 stage 2 Block or Page descriptor; xnx is IDR3.XNX:
 * without it XN is bit 54 alone and both privileges fare alike.  Execution does not need S2AP to
 * allow a read.  D8.4.2.1, 13.4.3 */
unsigned perm_s2(uint64_t leaf, bool xnx);

/* What it leaves in VMSAv8-32: there execution does.  G5.6.3 */
ALWAYS_INLINE unsigned perm_s2_lpae(unsigned perm)
{
	return perm & (PERM_READ | PERM_WRITE | (perm & PERM_READ) << 2);
}

/* The control that keeps an access from what it needs at stage 2. */
enum s2_denial {
	S2_DENIES_NOTHING,
	S2_DENIES_S2AP,
	S2_DENIES_XN,
};

COLD enum s2_denial perm_s2_denied_by(uint64_t leaf, bool xnx, unsigned needed);

/* The permissions an access needs, after PRIVCFG and INSTCFG.  An atomic reads and writes; atomics
 * and writes are data, whatever instruction says.  13.1.1, 13.1.2, D8-61 */
ALWAYS_INLINE unsigned perm_needed(bool write, bool instruction, bool privileged, bool atomic)
{
	const unsigned user = atomic      ? SMMU3_PERM_UR | SMMU3_PERM_UW :
			      write       ? SMMU3_PERM_UW :
			      instruction ? SMMU3_PERM_UX :
					    SMMU3_PERM_UR;

	return privileged ? user << 3 : user;
}

/* RnW of the F_PERMISSION record, from needed & ~granted of the stage that refuses: 0 when write
 * permission is missing, since write is checked first; 1 when only read or execute is.  Of an
 * atomic, too: SMMUv3.1 and later demand it, and libsmmu does so in SMMUv3.0.  Other events of
 * atomics have RnW = 0.  13.1.1 */
ALWAYS_INLINE bool perm_missing_rnw(unsigned missing)
{
	return (missing & PERM_WRITE) == 0;
}

#endif
