/* SPDX-License-Identifier: MIT */
#include "endpoints.h"

#include "checking.h"
#include "counting.h"
#include "drain.h"
#include "guarding.h"

#include "config/stream.h"
#include "prog/cmdq.h"
#include "prog/priq.h"
#include "xlate/response.h"

int smmu3_atc_complete(struct smmu3 *smmu, uint64_t tag, enum smmu3_atc_result result)
{
	const unsigned bank = (unsigned)(tag >> ATC_TAG_BITS);

	if (bank >= BANKS)
		return -SMMU3_E_NOT_FOUND;
	struct interface *interface = &smmu->interface[bank];

	pthread_mutex_lock(&smmu->lock);
	const bool known = atc_ended(&interface->prog, &interface->work, &interface->features,
				     tag & low_bits(ATC_TAG_BITS), result);

	if (known && result != SMMU3_ATC_DONE)
		check_atc_failed(smmu, bank, tag & low_bits(ATC_TAG_BITS));
	smmu_drain_unlock(smmu);
	return known ? 0 : -SMMU3_E_NOT_FOUND;
}

/* ---- Page requests ---- */

/* Those of Secure streams come where there are Non-secure ones: to be answered.  8.2 */
static bool has_pages(const struct smmu3 *smmu, unsigned sec_sid)
{
	const struct interface *interface = &smmu->interface[sec_sid % BANKS];

	return has_state(smmu, sec_sid) &&
	       features_of_ats(&interface->work, &interface->features)->pri;
}

static int page_refused(const struct smmu3 *smmu, const struct smmu3_page_request *request)
{
	enum { KNOWN_FLAGS = (SMMU3_PAGE_LAST << 1) - 1 };

	if (!has_pages(smmu, request->sec_sid))
		return -SMMU3_E_UNSUPPORTED;
	return request->flags & ~KNOWN_FLAGS || request->prgindex >> 9 || request->ssid >> 20 ?
		       -SMMU3_E_ARGUMENT :
		       0;
}

static uint64_t flag(const struct smmu3_page_request *request, enum smmu3_page_flags which)
{
	return (request->flags & which) != 0;
}

/* Without substreams there is no PASID, and without a PASID neither X nor Priv.  8 */
static struct pri entry_of(const struct features *features,
			   const struct smmu3_page_request *request)
{
	const bool ssv = features->ssidsize && flag(request, SMMU3_PAGE_SSV);
	struct pri page = { { 0 } };

	pri_put(&page, PRI_STREAMID, request->sid);
	pri_put(&page, PRI_SSV, ssv);
	pri_put(&page, PRI_SUBSTREAMID, ssv ? request->ssid : 0);
	pri_put(&page, PRI_PRIV, ssv && flag(request, SMMU3_PAGE_PRIVILEGED));
	pri_put(&page, PRI_X, ssv && flag(request, SMMU3_PAGE_EXECUTE));
	pri_put(&page, PRI_R, flag(request, SMMU3_PAGE_READ));
	pri_put(&page, PRI_W, flag(request, SMMU3_PAGE_WRITE));
	pri_put(&page, PRI_LAST, flag(request, SMMU3_PAGE_LAST));
	pri_put(&page, PRI_PRGINDEX, request->prgindex);
	pri_put(&page, PRI_PAGEADDR, request->addr >> 12);
	return page;
}

int smmu3_page_request(struct smmu3 *smmu, const struct smmu3_page_request *request)
{
	const int refused = page_refused(smmu, request);

	if (refused)
		return refused;
	struct interface *interface = interface_of(smmu, request->sec_sid);
	const struct pri page = entry_of(&interface->features, request);

	pthread_mutex_lock(&smmu->lock);
	const bool taken = priq_request(&interface->work, &page);

	smmu_drain_unlock(smmu);
	return taken ? 0 : -SMMU3_E_LIMIT;
}

/* ---- The answer to one that overflowed the queue, 8.1 ---- */

static void check_failed(const struct interface *interface, const struct gate *gate,
			 const struct fault *fault, struct page_check *check)
{
	const struct smmu3_txn txn = {
		.sid = (uint32_t)pri_get(&check->page, PRI_STREAMID),
		.ssid = (uint32_t)pri_get(&check->page, PRI_SUBSTREAMID),
		.sec_sid = interface->features.sec_sid,
		.flags = SMMU3_TXN_SSV,
	};
	const struct access access = { 0 };

	check->recorded = gate->rec_cfg_ats && (fault->event != C_BAD_STREAMID || gate->recinvsid);
	check->event = event_record(fault, &txn, &access, &interface->features);
}

/* Its STE, whose fetch is counted as any other.  10.3 event 5 */
static struct fault check_stream(struct smmu3 *smmu, const struct features *features,
				 const struct gate *gate, uint32_t sid, struct stream *stream)
{
	struct tally tally;
	struct mem_view view = tallied_view(smmu, &tally);
	struct guard guard;

	guard_view(smmu, &view, &guard);
	const struct fault fault = stream_fetch(&view, features, &gate->streams, sid, stream);

	smmu_report_guard(smmu, &guard);
	if (view.step)
		count_reads(smmu, features->sec_sid, sid, &tally);
	return fault;
}

void smmu_check_page(struct smmu3 *smmu, unsigned sec_sid, struct page_check *check)
{
	const struct interface *interface = interface_of(smmu, sec_sid);
	struct gate gate;
	struct stream stream;

	gate_load(&interface->gate, &gate);
	if (!gate.smmuen)
		return;
	const struct fault fault = check_stream(smmu, &interface->features, &gate,
						(uint32_t)pri_get(&check->page, PRI_STREAMID),
						&stream);

	check->found = !faulted(fault);
	if (check->found)
		check->ppar = stream.ppar;
	else
		check_failed(interface, &gate, &fault, check);
}
