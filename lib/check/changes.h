/* SPDX-License-Identifier: MIT */
/* What is wrong with a change of a structure that was in use, however well it is invalidated: pure.
 */
#ifndef SMMU_CHECK_CHANGES_H
#define SMMU_CHECK_CHANGES_H

#include "walk/indirect1.h"
#include "walk/indirect2.h"

#include <smmu/check.h>
#include <stdbool.h>

/* What a change of a descriptor is judged by, besides. */
struct change_rules {
	unsigned bbml; /* IDR3.BBML */
	/* Of VMSAv8-64, by the CD or STE: addresses of 52 bits with 4KB and 16KB, no SH (DS);
	 * AttrIndx of four bits (AIE); indirect permissions, as VMSAv9-128 always has */
	bool ds, aie, indirect;
	/* Of these: what an index grants, of the descriptor's stage, and what becomes dirty */
	struct s1_codes s1;
	struct perm_s1_config perm;
	struct s2_codes s2;
	bool dirty; /* hardware makes pages dirty: HD */
};

/* Of a translation table descriptor that went from one valid form to another, with no invalid one
 * invalidated in between.  3.21.1, D8.17.1, D8.17.2 */
enum smmu3_break change_breaks(const struct smmu3_changed *change,
			       const struct change_rules *rules);

/* Of an STE or CD that stayed valid: more than one of its 64-bit words has changed in bits that
 * count before or after, so that the SMMU may read some of the old and some of the new.  3.21.3 */
bool change_tears(const struct smmu3_changed *change);

#endif
