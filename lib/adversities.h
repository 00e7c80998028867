/* SPDX-License-Identifier: MIT */
/* What <smmu/adversity.h> makes of register accesses. */
#ifndef SMMU_ADVERSITIES_H
#define SMMU_ADVERSITIES_H

#include "smmu_state.h"

enum arrival {
	ARRIVAL_USUAL,  /* of so many bytes */
	ARRIVAL_RAZ_WI, /* it reads 0, and writes nothing */
	ARRIVAL_ABORTS,
};

/* A legal register access has come to an SMMU that has been asked for something: time passes, and
 * what is late may be done by it.  It may be one to another place, and of less.  Under the lock,
 * which it gives back meanwhile. */
COLD enum arrival smmu_arrive(struct smmu3 *smmu, enum smmu3_pas from, uint64_t *offset,
			      unsigned *size);

#endif
