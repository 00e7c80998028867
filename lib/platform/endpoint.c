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

/* ---- Page requests, 8 ---- */

static int page_refused(const struct smmu_spec *smmu, int code, struct smmu3_error *error)
{
	return code == -SMMU3_E_UNSUPPORTED ?
		       perform_fail(error, code, "SMMU '%s' has no PRI (IDR0.PRI = 0)",
				    smmu->name) :
		       perform_fail(error, code, "SMMU '%s' does not take the request", smmu->name);
}

int perform_page_request(struct smmu3_machine *machine, struct smmu3_trace_op *op,
			 struct smmu3_error *error)
{
	const bool named = op->master[0];
	const struct master_spec *const master = named ? perform_master(machine, op, error) : NULL;
	const struct smmu_spec *const smmu = smmu_at(machine, master ? master->seen.smmu : 0);
	struct smmu3_trace_op asked = *op; /* the line stays as it is told */
	int code = named && !master ? -SMMU3_E_NOT_FOUND : 0;

	if (master)
		code = perform_requester(master, &asked, error);
	if (!code && master && master->direct)
		code = direct_refuse(master, op, error);
	if (code)
		return code;
	op->page.sec_sid = asked.txn.sec_sid;
	op->page.sid = asked.txn.sid;
	op->page.ssid = asked.txn.ssid;
	code = smmu3_page_request(smmu->smmu, &op->page);
	return code ? page_refused(smmu, code, error) : 0;
}
