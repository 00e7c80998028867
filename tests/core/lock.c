/* SPDX-License-Identifier: MIT */
#include "lock.h"

#include "smmu_state.h"

void lock_registers(struct smmu3 *smmu)
{
	pthread_mutex_lock(&smmu->lock);
}

void unlock_registers(struct smmu3 *smmu)
{
	pthread_mutex_unlock(&smmu->lock);
}
