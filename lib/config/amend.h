/* SPDX-License-Identifier: MIT */
/* What an SMMUv3.0 may take an ILLEGAL structure for: the nearest that is not.  None of it is done
 * unless <smmu/adversity.h> asks for it. */
#ifndef SMMU_CONFIG_AMEND_H
#define SMMU_CONFIG_AMEND_H

#include "arch/cd.h"
#include "config/stream.h"

/* Of what is ILLEGAL for this reason what is made, and what is still ILLEGAL of it: WHY_NONE. */
enum why ste_amend(const struct features *features, struct ste *ste, enum why illegal);
enum why cd_amend(const struct features *features, const struct stream *stream, struct cd *cd,
		  enum why illegal);

#endif
