/* SPDX-License-Identifier: MIT */
/* Software asks where an address goes: ATOS. */
#ifndef SMMU_TEST_FUZZ_LOOKUPS_H
#define SMMU_TEST_FUZZ_LOOKUPS_H

#include "board.h"

/* A request of one of the groups, and what comes of it; if nothing was done meanwhile, it is what
 * an access would have met. */
void software_ask(struct board *board, const struct step *step);

/* Nothing runs any more, and results are words that there are.  6.3.40 */
void board_check_lookups(struct board *board);

#endif
