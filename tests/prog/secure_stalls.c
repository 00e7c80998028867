/* SPDX-License-Identifier: MIT */
#include "secure_stalls.h"

#include "drain.h"

#include <check.h>

enum smmu3_verdict hold_secure(struct machine *m, uint32_t sid, uint64_t cookie, uint16_t *stag)
{
	const struct smmu3_txn txn = { .addr = 0x1000,
				       .bytes = 4,
				       .sid = sid,
				       .sec_sid = SMMU3_PAS_SECURE,
				       .cookie = cookie };
	/* F_TRANSLATION with Stall = 1, a read.  7.3.13 */
	struct smmu3_event event = { { 0x10 | (uint64_t)sid << 32,
				       UINT64_C(1) << 31 | UINT64_C(1) << 35, txn.addr, 0 } };
	const enum smmu3_verdict verdict = smmu_stall(m->smmu,
						      interface_of(m->smmu, SMMU3_PAS_SECURE), &txn,
						      &event);

	*stag = (uint16_t)event.word[1];
	return verdict;
}

uint16_t secure_stall(struct machine *m, uint32_t sid, uint64_t cookie)
{
	uint16_t stag;

	if (hold_secure(m, sid, cookie, &stag) != SMMU3_STALLED)
		ck_abort_msg("Secure stream %u is not held", sid);
	return stag;
}
