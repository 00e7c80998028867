/* SPDX-License-Identifier: MIT */
#ifndef SMMU_PROG_REFUSE_H
#define SMMU_PROG_REFUSE_H

#include "base/bits.h"

#include <smmu/smmu.h>

/* Fills *error (which may be NULL) with a code, a section and a sentence, and returns the code,
 * negated. */
COLD __attribute__((format(printf, 4, 5))) int refuse(struct smmu3_error *error,
						      enum smmu3_code code, const char *section,
						      const char *format, ...);

#endif
