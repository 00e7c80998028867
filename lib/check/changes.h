/* SPDX-License-Identifier: MIT */
/* What is wrong with a change of a structure that was in use, however well it is invalidated: pure.
 */
#ifndef SMMU_CHECK_CHANGES_H
#define SMMU_CHECK_CHANGES_H

#include <smmu/check.h>
#include <stdbool.h>

/* Of a translation table descriptor that went from one valid form to another, with no invalid one
 * invalidated in between; bbml is IDR3.BBML.  SMMU3_BREAK_NONE also of VMSAv9-128, which is not
 * judged.  3.21.1, D8.17.1, D8.17.2 */
enum smmu3_break change_breaks(const struct smmu3_changed *change, unsigned bbml);

/* Of an STE or CD that stayed valid: more than one of its 64-bit words has changed in bits that
 * count before or after, so that the SMMU may read some of the old and some of the new.  3.21.3 */
bool change_tears(const struct smmu3_changed *change);

#endif
