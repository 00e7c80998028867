/* SPDX-License-Identifier: MIT */
/* What PCIe endpoints tell the SMMU, besides their transactions. */
#include "drain.h"

#include "prog/cmdq.h"

int smmu3_atc_complete(struct smmu3 *smmu, uint64_t tag, enum smmu3_atc_result result)
{
	pthread_mutex_lock(&smmu->lock);
	const bool known = atc_ended(&smmu->prog, &smmu->work, &smmu->features, tag, result);

	smmu_drain_unlock(smmu);
	return known ? 0 : -SMMU3_E_NOT_FOUND;
}
