/* SPDX-License-Identifier: MIT */
/* Numbers, from 1 in the order in which they come, of what findings are about. */
#ifndef SMMU_CHECK_CAUSES_H
#define SMMU_CHECK_CAUSES_H

#include "check/ledger.h"

/* Zero: there is none yet. */
struct causes {
	struct cause {
		uint64_t what; /* a hash of it */
		uint32_t number;
	} * slot; /* by hash, the next that is free if another's is there; number 0: free */
	uint32_t slots, count;
};

void causes_free(struct causes *causes);

/* What is the same mistake has one number: that of the structure that changed, or, with words 0, of
 * the register, or, with bytes 0, of what was used.  0: there is no memory. */
uint32_t cause_number(struct causes *causes, const struct kept_key *key,
		      const struct smmu3_changed *changed,
		      const struct smmu3_changed_register *changed_register);

#endif
