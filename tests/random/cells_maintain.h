/* SPDX-License-Identifier: MIT */
/* Which cell of cells_of_edits a change is. */
#ifndef SMMU_TESTS_RANDOM_CELLS_MAINTAIN_H
#define SMMU_TESTS_RANDOM_CELLS_MAINTAIN_H

#include "cells.h"
#include "edits.h"

unsigned cell_of_edit(const struct edit *edit);

#endif
