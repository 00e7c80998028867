/* SPDX-License-Identifier: MIT */
/* The narrowest commands that remove what is out of date: pure.  3.17, 4.3, 4.4, 4.6 */
#ifndef SMMU_CHECK_REMEDY_H
#define SMMU_CHECK_REMEDY_H

#include "check/ledger.h"

enum { REMEDY_KEYS = 48 };

/* What is out of date, and because of what. */
struct remedy_case {
	const struct kept_key *key[REMEDY_KEYS];
	unsigned keys;
	bool changed; /* something in memory did: */
	enum smmu3_reason reason;
	bool freed; /* a table is no part of the walk any more: what led to it goes, too */
	bool wide;  /* no addresses: there would be too many */
};

/* Into `remedy` of SMMU3_FINDING_COMMANDS.  How many; none where only a register can. */
unsigned remedies_of(const struct remedy_case *what, struct smmu3_remedy *remedy);

#endif
