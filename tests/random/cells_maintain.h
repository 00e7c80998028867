/* SPDX-License-Identifier: MIT */
/* Which cell of cells_of_edits a change is. */
#ifndef SMMU_TESTS_RANDOM_CELLS_MAINTAIN_H
#define SMMU_TESTS_RANDOM_CELLS_MAINTAIN_H

#include "cells.h"
#include "edits.h"

unsigned cell_of_edit(const struct edit *edit);

/* Cells of cells_of_secure_edits that a change is in: at most two. */
unsigned cells_of_secure_edit(const struct edit *edit, unsigned *index);

/* What is changed, how far the invalidations reach, and whether they can, in the Secure state. */
const char *cell_edit_name(unsigned kind);
const char *cell_reach_name(unsigned kind, unsigned reach);
bool cell_edit_reaches(unsigned kind, unsigned reach);

#endif
