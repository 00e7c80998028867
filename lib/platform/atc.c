/* SPDX-License-Identifier: MIT */
#include "platform/atc.h"

#include "base/bits.h"

#include <string.h>

/* ---- What is kept ---- */

unsigned atc_needs(const struct smmu3_txn *txn)
{
	const bool pasid = txn->flags & SMMU3_TXN_SSV;
	const bool atomic = txn->txn_class == SMMU3_CLASS_ATOMIC;
	const bool writes = txn->flags & SMMU3_TXN_WRITE,
		   fetches = txn->flags & SMMU3_TXN_INSTRUCTION;

	return (writes && !atomic ? 0u : SMMU3_ATS_R) | (writes || atomic ? SMMU3_ATS_W : 0u) |
	       (pasid && fetches && !writes && !atomic ? SMMU3_ATS_EXE : 0u);
}

/* Whose it is: without a PASID a request is unprivileged.  13.7 */
static struct atc_entry tag_of(const struct smmu3_txn *txn)
{
	const bool ssv = txn->flags & SMMU3_TXN_SSV;

	return (struct atc_entry){
		.sid = txn->sid,
		.ssid = ssv ? txn->ssid : 0,
		.ssv = ssv,
		.priv = ssv && txn->flags & SMMU3_TXN_PRIVILEGED,
	};
}

static bool same_tag(const struct atc_entry *a, const struct atc_entry *b)
{
	return a->sid == b->sid && a->ssv == b->ssv && a->ssid == b->ssid && a->priv == b->priv;
}

/* Two ranges of powers of two, each aligned to itself.  bytes = 0: every address. */
static bool overlap(uint64_t addr_a, uint64_t bytes_a, uint64_t addr_b, uint64_t bytes_b)
{
	const uint64_t larger = bytes_a - 1 > bytes_b - 1 ? bytes_a : bytes_b;

	return !((addr_a ^ addr_b) & ~(larger - 1));
}

const struct atc_entry *atc_find(const struct atc *atc, const struct smmu3_txn *txn)
{
	const struct atc_entry tag = tag_of(txn);
	const unsigned needs = atc_needs(txn);

	for (unsigned i = 0; i < atc->places; i++) {
		const struct atc_entry *const entry = &atc->entry[i];

		if (entry->used && same_tag(entry, &tag) && !(needs & ~entry->rights) &&
		    overlap(entry->addr, entry->bytes, txn->addr, 1))
			return entry;
	}
	return NULL;
}

struct smmu3_txn atc_request(const struct smmu3_txn *txn)
{
	const unsigned needs = atc_needs(txn);
	struct smmu3_txn request = *txn;

	request.ats = SMMU3_ATS_REQUEST;
	request.txn_class = SMMU3_CLASS_ORDINARY;
	request.flags &= (uint16_t) ~(SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION);
	request.flags |= needs & SMMU3_ATS_W ? SMMU3_TXN_WRITE : 0;
	request.flags |= needs & SMMU3_ATS_EXE ? SMMU3_TXN_INSTRUCTION : 0;
	return request;
}

/* Its place: a free one, or that of the oldest. */
static struct atc_entry *place(struct atc *atc)
{
	struct atc_entry *oldest = atc->entry;

	for (unsigned i = 0; i < atc->places; i++) {
		struct atc_entry *const entry = &atc->entry[i];

		if (!entry->used)
			return entry;
		if (entry->number < oldest->number)
			oldest = entry;
	}
	return oldest;
}

static void forget_page(struct atc *atc, const struct atc_entry *page)
{
	for (unsigned i = 0; i < atc->places; i++) {
		struct atc_entry *const entry = &atc->entry[i];

		if (same_tag(entry, page) &&
		    overlap(entry->addr, entry->bytes, page->addr, page->bytes))
			entry->used = 0;
	}
}

void atc_keep(struct atc *atc, const struct smmu3_txn *request,
	      const struct smmu3_outcome *completion)
{
	struct atc_entry page = tag_of(request);

	if (completion->verdict != SMMU3_OK && completion->verdict != SMMU3_NO_ACCESS)
		return;
	page.bytes = completion->span;
	page.addr = request->addr & ~(page.bytes - 1);
	forget_page(atc, &page);
	if (completion->verdict != SMMU3_OK)
		return;
	page.used = 1;
	page.to = completion->pa & ~(page.bytes - 1);
	page.rights = completion->ats & (SMMU3_ATS_R | SMMU3_ATS_W | SMMU3_ATS_EXE);
	page.number = atc->kept++;
	*place(atc) = page;
}

/* Without its PASID nothing but its address goes with it: neither Priv nor Exe.  3.9.1.3 */
struct smmu3_txn atc_translated(const struct atc_entry *entry, const struct smmu3_txn *txn,
				bool pasids)
{
	const uint64_t in = txn->addr - entry->addr, left = entry->bytes - in;
	struct smmu3_txn translated = *txn;

	translated.ats = SMMU3_ATS_TRANSLATED;
	translated.addr = entry->to + in;
	translated.bytes = txn->bytes < left ? txn->bytes : left;
	if (pasids && txn->flags & SMMU3_TXN_SSV)
		return translated;
	translated.ssid = 0;
	translated.flags &= (uint16_t) ~(SMMU3_TXN_SSV | SMMU3_TXN_PRIVILEGED |
					 SMMU3_TXN_INSTRUCTION);
	return translated;
}

void atc_clear(struct atc *atc)
{
	memset(atc->entry, 0, atc->places * sizeof(atc->entry[0]));
}

/* ---- Invalidations ---- */

/* Without a PASID the request is about all of them; with one about its own, or where it is global
 * about every PASID.  PCIe ATS, Invalidate Request */
static bool names(const struct smmu3_atc_invalidation *request, const struct atc_entry *entry)
{
	const bool pasid = !request->ssv ||
			   (entry->ssv && (request->global || entry->ssid == request->ssid));

	return pasid && entry->sid == request->sid &&
	       overlap(entry->addr, entry->bytes, request->addr, request->bytes);
}

static void drop(struct atc *atc, const struct smmu3_atc_invalidation *request)
{
	for (unsigned i = 0; i < atc->places; i++) {
		if (names(request, &atc->entry[i]))
			atc->entry[i].used = 0;
	}
}

static struct atc *atc_of(const struct atcs_behind *behind, unsigned sec_sid, uint32_t sid)
{
	struct atc *atc = behind->first;

	while (atc && (sec_sid != atc->sec_sid || sid - atc->sid >= atc->count))
		atc = atc->next;
	return atc;
}

/* What the endpoint says now: whoever keeps nothing has nothing to drop; who times out has not
 * dropped it. */
static bool answer(const struct atcs_behind *behind, const struct smmu3_atc_invalidation *request,
		   enum smmu3_atc_result *result)
{
	struct atc *const atc = atc_of(behind, request->sec_sid, request->sid);

	if (atc && atc->answers == SMMU3_ENDPOINT_WAITS)
		return false;
	*result = atc && atc->answers == SMMU3_ENDPOINT_TIMES_OUT ? SMMU3_ATC_TIMED_OUT :
								    SMMU3_ATC_DONE;
	if (atc && *result == SMMU3_ATC_DONE)
		drop(atc, request);
	return true;
}

static void take_out(struct atcs_behind *behind, unsigned at)
{
	behind->count--;
	memmove(&behind->waiting[at], &behind->waiting[at + 1],
		(behind->count - at) * sizeof(behind->waiting[0]));
}

/* Those of before a reset of the SMMU are over, and may stand here still: the oldest go. */
bool atc_invalidate(struct atcs_behind *behind, const struct smmu3_atc_invalidation *request,
		    enum smmu3_atc_result *result)
{
	if (answer(behind, request, result))
		return true;
	if (behind->count == ATC_WAITING_MOST)
		take_out(behind, 0);
	behind->waiting[behind->count++] = *request;
	return false;
}

bool atc_answered(struct atcs_behind *behind, struct smmu3_atc_invalidation *request,
		  enum smmu3_atc_result *result)
{
	for (unsigned i = 0; i < behind->count; i++) {
		*request = behind->waiting[i];
		if (answer(behind, request, result)) {
			take_out(behind, i);
			return true;
		}
	}
	return false;
}
