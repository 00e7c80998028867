/* SPDX-License-Identifier: MIT */
/* The narrowest commands that remove what is out of date: pure.  3.17, 4.3, 4.4, 4.6 */
#ifndef SMMU_CHECK_REMEDY_H
#define SMMU_CHECK_REMEDY_H

#include "check/ledger.h"

/* All that an access through both stages can meet: of each of 6 descriptors of stage 1, the CD and
 * its table, and the output a translation and 4 tables of stage 2, and of all granule protection.
 */
enum { REMEDY_KEYS = 256 };

/* What is out of date, and because of what. */
struct remedy_case {
	const struct kept_key *key[REMEDY_KEYS];
	unsigned keys;
	bool changed; /* something in memory did, or a register by which such a structure is read:
		       */
	enum smmu3_reason reason;
	bool moved; /* by a register all of its table is another */
	bool freed; /* a table is no part of the walk any more: what led to it goes, too */
	bool wide;  /* no addresses: there would be too many */
};

/* Into `remedy` of SMMU3_FINDING_COMMANDS, and *more for which there is no room.  How many; none
 * where only a register can. */
unsigned remedies_of(const struct remedy_case *what, struct smmu3_remedy *remedy, uint32_t *more);

#endif
