/* SPDX-License-Identifier: MIT */
/* Requests of ATOS, as acts. */
#ifndef SMMU_LOOKUPS_H
#define SMMU_LOOKUPS_H

#include "smmu_state.h"

/* Finds the answer.  Without the lock.  Chapter 9 */
void smmu_look_up(struct smmu3 *smmu, struct lookup *lookup);

/* Was something invalidated since it was begun, so that its answer may be out of date?  Under the
 * lock that makes the answer visible: what is invalidated later may have come after it.  Commands
 * are acts, too, and wait; only what CPUs broadcast does not.  3.21.1 */
bool smmu_overtaken(struct smmu3 *smmu, const struct act *act);

#endif
