/* SPDX-License-Identifier: MIT */
/* What endpoints do besides accesses. */
#include "platform/perform.h"

/* Each answer may have the Command queue go on, which may invalidate more. */
static void answer_waiting(struct atcs_behind *atcs)
{
	struct smmu3_atc_invalidation request;
	enum smmu3_atc_result result;

	while (atc_answered(atcs, &request, &result))
		(void)smmu3_atc_complete(atcs->smmu, request.tag, result);
}

static void act(const struct master_spec *master, enum smmu3_endpoint_act act)
{
	struct atc *const atc = master->cache;

	if (act == SMMU3_ENDPOINT_ON || act == SMMU3_ENDPOINT_OFF) {
		atc->off = act == SMMU3_ENDPOINT_OFF;
		atc_clear(atc);
		return;
	}
	atc->answers = (uint8_t)act;
	answer_waiting(&master->on->own->atcs);
}

int perform_endpoint(struct smmu3_machine *machine, struct smmu3_trace_op *op,
		     struct smmu3_error *error)
{
	const struct master_spec *const master = perform_master(machine, op, error);

	if (!master)
		return -SMMU3_E_NOT_FOUND;
	if (!master->cache)
		return perform_fail(error, -SMMU3_E_NOT_FOUND, "master '%s' has no ATC",
				    op->master);
	act(master, (enum smmu3_endpoint_act)op->endpoint);
	return 0;
}
