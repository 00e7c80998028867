/* SPDX-License-Identifier: MIT */
#include "waiting.h"

#include "endpoints.h"
#include "lookups.h"

#include <string.h>

void pause_work(struct machine *m)
{
	m->smmu->draining = true; /* as if another thread did it */
	m->smmu->drainer = pthread_self();
}

static bool read_command(struct smmu3 *smmu, struct act *act)
{
	const struct mem_read read = { act->at, SMMU3_REASON_CMDQ, act->attr };

	return mem_read(&smmu->mem, &read, act->cmd.word, 2);
}

static bool write_bytes(struct smmu3 *smmu, const struct act *act, enum smmu3_reason reason,
			const void *data, uint32_t bytes)
{
	const struct mem_read write = { act->at, reason, act->attr };

	return mem_write(&smmu->mem, &write, data, bytes);
}

static bool perform(struct smmu3 *smmu, struct act *act)
{
	const struct smmu3_host *host = &smmu->mem.host;

	switch (act->kind) {
	case ACT_INVALIDATE_ALL:
		return true;
	case ACT_READ_COMMAND:
		return read_command(smmu, act);
	case ACT_WRITE_EVENT:
		return write_bytes(smmu, act, SMMU3_REASON_EVENTQ, &act->event, 32);
	case ACT_WRITE_MSI:
		return write_bytes(smmu, act, SMMU3_REASON_MSI, &act->data, 4);
	case ACT_WRITE_PAGE:
		return write_bytes(smmu, act, SMMU3_REASON_PRIQ, &act->page, 16);
	case ACT_CHECK_PAGE:
		smmu_check_page(smmu, &act->check);
		return true;
	case ACT_LOOK_UP:
		smmu_look_up(smmu, &act->lookup);
		return true;
	case ACT_ANSWER_PAGE:
		host->page_response(host->context, &act->response);
		return true;
	case ACT_INVALIDATE_ATC:
		host->atc_invalidate(host->context, &act->atc);
		return true;
	case ACT_INVALIDATE:
		host->invalidate(host->context, &act->scope);
		return true;
	case ACT_PULSE:
		host->interrupt(host->context, act->interrupt);
		return true;
	case ACT_SEND_EVENT:
		host->send_event(host->context);
		return true;
	case ACT_END_STALL:
		host->stall_ended(host->context, &act->stall);
		return true;
	case ACT_NONE:
		return true;
	}
	return true;
}

bool do_acts(struct machine *m, unsigned count)
{
	struct smmu3 *smmu = m->smmu;
	struct interface *interface = &smmu->interface[BANK_NS];
	struct act act;
	bool more = true;

	pause_work(m);
	while (more && count--) {
		more = work_next(&interface->prog, &interface->work, &interface->features, &act);
		if (more)
			work_done(&interface->prog, &interface->work, &interface->features, &act,
				  perform(smmu, &act) && !smmu_overtaken(smmu, &act));
	}
	smmu->draining = false;
	return more;
}

uint64_t last_tag(const struct machine *m)
{
	return m->smmu->interface[BANK_NS].work.atcs.last;
}
