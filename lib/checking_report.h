/* SPDX-License-Identifier: MIT */
/* What the checker has found, put into words of smmu/check.h. */
#ifndef SMMU_CHECKING_REPORT_H
#define SMMU_CHECKING_REPORT_H

#include "checking.h"

#include "check/remedy.h"

/* What is to blame: what is kept that is to go, so that the access comes out as memory has it. */
struct blame {
	struct kept_key key[REMEDY_KEYS];
	unsigned keys;
	bool changed;           /* something did: */
	struct version version; /* the first of it */
};

/* In memory as it stands.  false: memory aborts. */
bool check_read_again(const struct smmu3 *smmu, const struct version *version, uint64_t *word);

/* The first of what something kept was made of that is not what it was.  false: all of it is. */
bool check_has_changed(struct smmu3 *smmu, const struct kept_key *key, struct version *version);

/* What a version has become. */
struct smmu3_changed check_change(struct smmu3 *smmu, const struct version *version);

/* Does it lack a break-before-make?  key: something kept that was made of it. */
enum smmu3_break check_breaks(struct smmu3 *smmu, const struct kept_key *key,
			      const struct smmu3_changed *change);

/* Tells the host of a stale use. */
void check_report(struct smmu3 *smmu, const struct smmu3_txn *txn, uint64_t access,
		  const struct smmu3_outcome *outcome, const struct smmu3_outcome *fresh,
		  const struct blame *blame);

/* And of a change that is wrong in itself, of something kept that was made of it. */
void check_report_change(struct smmu3 *smmu, enum smmu3_finding_kind kind,
			 const struct kept_key *key, const struct smmu3_changed *change);

#endif
