/* SPDX-License-Identifier: MIT */
/*
 * The state of what is in this room, as bytes and back.  docs/save.md has the bytes.
 *
 * What is read may be anything.  Each function refuses what this SMMU could not have come to by
 * itself, so that what it accepts is written again as the same bytes, and what follows from it is
 * bounded as ever.  What follows from other state is not in the bytes: identification registers,
 * and acknowledgements.
 */
#ifndef SMMU_PROG_SAVE_H
#define SMMU_PROG_SAVE_H

#include "base/blob.h"
#include "prog/regs.h"
#include "prog/work.h"

#include <smmu/smmu.h>

/* The identification registers; reading them refuses others, and names the first. */
void config_save(const struct smmu3_config *config, struct blob_out *out);
int config_load(const struct smmu3_config *config, struct blob_in *in, struct smmu3_error *error);

/* Those of them that only an SMMU with MPAM has: S_MPAMIDR, R_MPAMIDR. */
void labels_save(const struct smmu3_config *config, struct blob_out *out);
int labels_load(const struct smmu3_config *config, struct blob_in *in, struct smmu3_error *error);

/* The registers of all banks that are not as at reset, in ascending order.  Reading puts the others
 * at reset. */
void registers_save(const struct prog prog[BANKS], const struct smmu3_config *config,
		    struct blob_out *out);
int registers_load(struct prog prog[BANKS], const struct smmu3_config *config, struct blob_in *in,
		   struct smmu3_error *error);

/* The counters of the performance monitors; reading them refuses another group. */
struct pmcg;
void pmcg_save(const struct pmcg *pmcg, const struct smmu3_config *config, struct blob_out *out);
int pmcg_load(struct pmcg *pmcg, const struct smmu3_config *config, struct blob_in *in,
	      struct smmu3_error *error);

/* What is due, but for the stalled transactions, which are in a table of their own. */
void work_save(const struct work *work, struct blob_out *out);
int work_load(struct work *work, const struct features *features, struct blob_in *in,
	      struct smmu3_error *error);

/* What is due to and from endpoints, of a work whose own bytes have been read before. */
void endpoints_save(const struct work *work, struct blob_out *out);
int endpoints_load(struct work *work, const struct features *features, struct blob_in *in,
		   struct smmu3_error *error);

/* Can this be together?  When it can, acknowledgements are made to say what is due.  work->stalls
 * are those that belong to it. */
int work_judge(struct prog *prog, struct work *work, const struct features *features,
	       struct smmu3_error *error);

#endif
