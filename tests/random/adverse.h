/* SPDX-License-Identifier: MIT */
/*
 * What the architecture leaves open is as a seed of the machine has it: what shows in an access, as
 * the obvious walker does it, too; and what software that does as it should never sees.
 * docs/choices.md
 */
#ifndef SMMU_TESTS_RANDOM_ADVERSE_H
#define SMMU_TESTS_RANDOM_ADVERSE_H

#include "world.h"

/* Alternatives for a machine, into its setup. */
void adverse_draw(struct world *world);

/* Asks an SMMU that has not been programmed for them.  Where its configuration leaves no choice the
 * setup has none either. */
void adverse_ask(struct setup *setup, struct smmu3 *smmu);

/* Which accesses of the SMMU's own abort, and an SMMU that has them do so. */
void adverse_draw_aborts(struct world *world);
void adverse_abort(const struct aborts *aborts, struct smmu3 *smmu);

#endif
