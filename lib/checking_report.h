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
	struct version version; /* the first of it, */
	unsigned of_key;        /* which this was made of */
	/* And what is no part of the walk any more, if freed_is says so */
	enum smmu3_freed freed_is;
	struct version freed;
	/* A register has changed instead, if there are bytes; and it says where a table is */
	struct smmu3_changed_register reg;
	bool moved;
};

/* In memory as it stands.  false: memory aborts. */
bool check_read_again(const struct smmu3 *smmu, const struct version *version, uint64_t *word);

/* The first of what something kept was made of that is not what it was.  false: all of it is. */
bool check_has_changed(struct smmu3 *smmu, const struct kept_key *key, struct version *version);

/* A list of structures as they were read; `version` is to be freed.  What something kept was made
 * of is added to it, or what an access has read itself, in order. */
struct versions {
	struct version *version;
	uint32_t count, room;
};
void check_add_made_of(struct smmu3 *smmu, const struct kept_key *key, struct versions *versions);
void check_add_read(struct smmu3 *smmu, const struct trail *trail, struct versions *versions);

/* Is a version not what memory has any more? */
bool check_differs(const struct smmu3 *smmu, const struct version *version);

/* What each of what is to blame was made of, and which of it the walk of memory as it stands reads,
 * too. */
struct leads {
	struct versions of[REMEDY_KEYS];
	bool *to[REMEDY_KEYS];
	unsigned keys;
};

/* A register that explains what is to blame, instead of what has changed: where nothing that memory
 * as it stands leads to has. */
void check_find_register(struct smmu3 *smmu, const struct leads *leads, struct blame *blame);

/* What has changed so that something kept is out of date: in memory, or a register.  txn: the walk
 * in question. */
void check_find_cause(struct smmu3 *smmu, const struct smmu3_txn *txn, struct blame *blame);

/* Is it of configuration, as which it is kept beside what is found through it? */
bool check_is_structure(const struct version *version);

/* Whose streams something is of; of the GPT SMMU3_PAS_ROOT. */
unsigned check_state_of(const struct kept_key *key);

/* What is on its way to remove each of what is to blame. */
void check_pending(struct smmu3 *smmu, const struct blame *blame, uint8_t pending[REMEDY_KEYS]);

/* The STE or CD that something kept was made of; the last, for one in front of it may be of
 * another. */
bool check_structure_of(struct check *check, const struct kept_key *key, enum smmu3_reason reason,
			uint64_t *word);

/* An access of an endpoint with ATS has been answered. */
void check_ats(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
	       const struct smmu3_outcome *outcome);

/* Of what an access has used and read: is some of it no part of the walk any more?  txn: the walk
 * in question. */
void check_find_freed(struct smmu3 *smmu, const struct smmu3_txn *txn,
		      const struct checked *checked, struct blame *blame);

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
