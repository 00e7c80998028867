/* SPDX-License-Identifier: MIT */
/*
 * Requests for address translation, of the register groups GATOS and VATOS of a bank.
 *
 * RUN is the state: while it is 1 the group is locked, and the request is due.  Requests are acts
 * like all that the SMMU does (work.h), so that none is under way while a command is, and one that
 * software makes in a callback is done when that is over.  Chapter 9
 */
#ifndef SMMU_PROG_ATOS_H
#define SMMU_PROG_ATOS_H

#include "prog/work.h"

/* The bits that cannot be written now: of a group that runs, all; and RUN while the SMMU is not
 * enabled, in SMMUv3.1 and before, too.  For rows.c. */
uint64_t gatos_locked(const struct prog *prog, uint64_t written);
uint64_t vatos_locked(const struct prog *prog, uint64_t written);
uint64_t gatos_run_locked(const struct prog *prog, uint64_t written);
uint64_t vatos_run_locked(const struct prog *prog, uint64_t written);

/* The next request that is due, now in flight. */
bool next_lookup(const struct prog *prog, struct work *work, struct act *act);

/* It has its answer; ok: no invalidation has overtaken it, or else it is due again.  One that is
 * overtaken again and again ends in INTERNAL_ERR.  3.21.1 */
void lookup_done(struct prog *prog, struct work *work, const struct act *act, bool ok);

/* SMMUEN may be 0, or that of the state asked of: requests that are due end in INTERNAL_ERR, but
 * for one in flight.  6.3.37 */
void end_lookups_of_disabled(struct prog *prog, struct work *work);

/* Results that the registers can hold, and no request of an SMMU that is disabled. */
bool lookups_fit(const struct prog *prog, const struct work *work, const struct features *features);

#endif
