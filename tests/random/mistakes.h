/* SPDX-License-Identifier: MIT */
/* Mistakes of software in its invalidations, to see them found where translations and structures
 * are kept. */
#ifndef SMMU_TESTS_RANDOM_MISTAKES_H
#define SMMU_TESTS_RANDOM_MISTAKES_H

#include <stdbool.h>
#include <stdint.h>

/* From now on software makes the mistake that a name says; false: there is no such mistake. */
bool software_errs(const char *name);

/* Does it make one? */
bool software_is_wrong(void);

/* What the next commands are about is a change of STE.EATS, or of labels, or it is not. */
void software_changes_eats(bool eats);
void software_changes_labels(bool labels);

/* Makes of a command what software in error does. */
void software_err(uint64_t *word);

#endif
