/* SPDX-License-Identifier: MIT */
#ifndef SMMU_TRANSACTIONS_H
#define SMMU_TRANSACTIONS_H

#include "smmu_state.h"

#include "xlate/translate.h"

/* smmu3_translate the long way, along a path that is known or found. */
enum smmu3_verdict smmu_translate_along(struct smmu3 *smmu, const struct smmu3_txn *txn,
					struct path *path, struct smmu3_outcome *outcome);

/* What the caller has got wrong, or WHY_NONE. */
enum why txn_malformed(const struct smmu3 *smmu, const struct smmu3_txn *txn);

/* Says so. */
enum smmu3_verdict refuse_txn(enum why why, struct smmu3_outcome *outcome);

/* A probe, watched: checking.h. */
struct checked;
void smmu_translate_watched(struct smmu3 *smmu, const struct smmu3_txn *txn,
			    struct checked *checked, struct smmu3_outcome *outcome);

#endif
