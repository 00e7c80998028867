/* SPDX-License-Identifier: MIT */
/* What an access has reached, told to libFuzzer. */
#ifndef SMMU_TEST_FUZZ_REACH_H
#define SMMU_TEST_FUZZ_REACH_H

#include "obvious/obvious.h"

void reach(const struct smmu3_txn *txn, const struct smmu3_outcome *outcome,
	   const struct obvious_notes *notes);

#endif
