/* SPDX-License-Identifier: MIT */
#ifndef SMMU_TEST_CORE_LOCK_H
#define SMMU_TEST_CORE_LOCK_H

struct smmu3;

/* Takes and gives back the lock that register accesses take. */
void lock_registers(struct smmu3 *smmu);
void unlock_registers(struct smmu3 *smmu);

#endif
