/* SPDX-License-Identifier: MIT */
/* Which cell of cells_of_registers a change is, by what became of an access. */
#ifndef SMMU_TESTS_RANDOM_CELLS_REPROGRAM_H
#define SMMU_TESTS_RANDOM_CELLS_REPROGRAM_H

#include "cells.h"
#include "reprogram.h"

/* While SMMUEN is 0; and afterwards, of one that was answered before. */
unsigned cell_of_disabled(const struct reprogramming *reprogramming,
			  const struct obvious_answer *answer);
unsigned cell_of_reprogrammed(const struct reprogramming *reprogramming,
			      const struct obvious_answer *before,
			      const struct obvious_answer *after);

#endif
