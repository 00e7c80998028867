/* SPDX-License-Identifier: MIT */
/* What PCIe endpoints tell the SMMU, besides their transactions. */
#ifndef SMMU_ENDPOINTS_H
#define SMMU_ENDPOINTS_H

#include "smmu_state.h"

/* Whether the stream of a page request to a Security state's queue has a legal STE, what that says
 * of PPAR, and the event if there is none.  Without the lock.  8.1 */
void smmu_check_page(struct smmu3 *smmu, unsigned sec_sid, struct page_check *check);

#endif
