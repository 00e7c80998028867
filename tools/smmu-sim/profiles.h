/* SPDX-License-Identifier: MIT */
#ifndef SMMU_SIM_PROFILES_H
#define SMMU_SIM_PROFILES_H

#include <smmu/smmu.h>

/* A profile by its name; NULL after a complaint. */
const struct smmu3_profile *profile_find(const char *name);

#endif
