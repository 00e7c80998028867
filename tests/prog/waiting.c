/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include "drain.h"

void pause_work(struct machine *m)
{
	m->smmu->draining = true; /* as if another thread did it */
	m->smmu->drainer = pthread_self();
}

bool do_acts(struct machine *m, unsigned count)
{
	struct smmu3 *smmu = m->smmu;
	bool more = true;

	pause_work(m);
	pthread_mutex_lock(&smmu->lock);
	while (more && count--)
		more = smmu_do_act(smmu);
	smmu->draining = false;
	pthread_mutex_unlock(&smmu->lock);
	return more;
}

uint64_t last_tag(const struct machine *m)
{
	return m->smmu->interface[BANK_NS].work.atcs.last;
}

uint64_t last_secure_tag(const struct machine *m)
{
	return UINT64_C(1) << 62 | m->smmu->interface[BANK_S].work.atcs.last;
}

uint64_t last_realm_tag(const struct machine *m)
{
	return UINT64_C(2) << 62 | m->smmu->interface[BANK_R].work.atcs.last;
}
