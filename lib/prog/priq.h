/* SPDX-License-Identifier: MIT */
/* The PRI queue: page requests of endpoints, what it refuses of them, how they are answered.  8 */
#ifndef SMMU_PROG_PRIQ_H
#define SMMU_PROG_PRIQ_H

#include "prog/work.h"

/* A page request arrives.  false: as many wait as may. */
bool priq_request(struct work *work, const struct pri *page);

/* The next page to write, to answer, or whose STE is to be asked how. */
bool next_page(struct prog *prog, struct work *work, const struct features *features,
	       struct act *act);
void page_done(struct prog *prog, struct work *work, const struct features *features,
	       const struct act *act, bool ok);

/* An STE has been asked about STE.PPAR.  8.1 */
void page_checked(struct prog *prog, struct work *work, const struct act *act);

/* The next answer to an endpoint. */
bool next_response(struct work *work, struct act *act);

/* An answer is to be given: software's, by CMD_PRI_RESP, to an endpoint of the state that the
 * features are of.  4.5.2 */
void respond_by_command(struct work *work, const struct features *features, const struct cmd *cmd);

#endif
