/* SPDX-License-Identifier: MIT */
/* Looking a PA up in the Device Permission Table, or in what is kept of it.  3.24.2, 3.24.3 */
#include "walk/dpt.h"

#include "base/bits.h"
#include "mem/guard.h"
#include "mem/pa_cache.h"

#include <smmu/inspect.h>

/* A lookup under way. */
struct lookup {
	const struct mem_view *view;
	const struct dpt *dpt;
	uint64_t addr;
	struct smmu3_mpam mpam;
};

static struct fault forbidden(enum why why, int level)
{
	struct fault fault = config_fault(F_TRANSL_FORBIDDEN, why);

	fault.level = (int8_t)level;
	return fault;
}

static struct fault aborted(enum why why, int level, uint64_t at)
{
	struct fault fault = forbidden(why, level);

	fault.addr = at;
	return fault;
}

/* ---- Descriptors ---- */

static COLD void tell(const struct lookup *lookup, const struct mem_read *read, int level,
		      uint64_t descriptor, bool ok)
{
	const struct smmu3_step step = {
		.pa = read->at.addr,
		.input = lookup->addr,
		.word = { descriptor },
		.reason = SMMU3_REASON_DPT,
		.words = 1,
		.pas = (uint8_t)read->at.pas,
		.aborted = !ok,
		.level = (int8_t)level,
		.granule_lg2 = lookup->dpt->granule_lg2,
		.attr = read->attr,
		.mecid = mecid_of(read),
		.mpam = read->mpam,
	};

	lookup->view->step(lookup->view->step_context, &step);
}

static bool fetch(const struct lookup *lookup, uint64_t at, int level, uint64_t *descriptor)
{
	const struct dpt *dpt = lookup->dpt;
	const struct mem_read read = {
		{ at, (enum smmu3_pas)dpt->sec_sid },
		SMMU3_REASON_DPT,
		dpt->attr,
		dpt->mecid,
		lookup->mpam,
	};
	const bool ok = guarded_read(lookup->view, &read, descriptor, 1);

	if (unlikely(lookup->view->step))
		tell(lookup, &read, level, *descriptor, ok);
	return ok;
}

/* By granule protection, and not by memory. */
static bool stopped(const struct lookup *lookup)
{
	return guarded_why(lookup->view, WHY_NONE) != WHY_NONE;
}

static void keep(const struct lookup *lookup, const struct pa_region *region)
{
	const struct mem_view *view = lookup->view;

	if (view->dpt && view->keeps)
		pa_cache_keep_for(view->dpt, view->dpt_age, view->watch, region);
}

/* A Table that is kept leads on only if it is as large as they are now. */
static bool find(const struct lookup *lookup, bool leads_on, struct pa_region *region)
{
	const struct pa_key key = { .addr = lookup->addr,
				    .sec_sid = lookup->dpt->sec_sid,
				    .leads_on = leads_on,
				    .counted = lookup->view->step };

	return lookup->view->dpt && pa_cache_find_for(lookup->view->dpt, &key, lookup->view->watch, region) &&
	       (!leads_on || region->size_lg2 == lookup->dpt->level0_bits);
}

/* ---- Levels ---- */

static struct fault read_level0(const struct lookup *lookup, struct pa_region *region)
{
	const uint64_t at = dpt_level0_at(lookup->dpt, lookup->addr);
	uint64_t descriptor;

	if (!fetch(lookup, at, 0, &descriptor))
		return stopped(lookup) ? aborted(WHY_DPT_L0_GPC, 0, at) :
					 aborted(WHY_DPT_L0_FETCH, 0, at);
	switch (dpt_level0(lookup->dpt, lookup->addr, descriptor, region)) {
	case DPT_INVALID:
		return forbidden(WHY_DPT_L0_INVALID, 0);
	case DPT_NO_ACCESS:
		return forbidden(WHY_DPT_NO_ACCESS, 0);
	default:
		keep(lookup, region);
		return NO_FAULT;
	}
}

static struct fault read_level1(const struct lookup *lookup, struct pa_region *region)
{
	const uint64_t at = dpt_level1_at(lookup->dpt, region->table, lookup->addr);
	uint64_t descriptor;

	if (!fetch(lookup, at, 1, &descriptor))
		return stopped(lookup) ? aborted(WHY_DPT_L1_GPC, 1, at) :
					 aborted(WHY_DPT_L1_FETCH, 1, at);
	switch (dpt_level1(lookup->dpt, lookup->addr, descriptor, region)) {
	case DPT_INVALID:
		return forbidden(WHY_DPT_L1_INVALID, 1);
	case DPT_NO_ACCESS:
		return forbidden(WHY_DPT_NO_ACCESS, 1);
	default:
		keep(lookup, region);
		return NO_FAULT;
	}
}

/* Faults in the order of their priority.  3.24.4 */
static struct fault look_up(const struct lookup *lookup, struct pa_region *region)
{
	const struct dpt *dpt = lookup->dpt;

	if (!dpt->walks)
		return forbidden(WHY_DPT_DISABLED, 0);
	if (!dpt->valid)
		return forbidden(WHY_DPT_CONFIG, 0);
	if (lookup->addr >> dpt->size_bits)
		return forbidden(WHY_DPT_RANGE, LEVEL_NONE);
	if (!find(lookup, true, region)) {
		const struct fault fault = read_level0(lookup, region);

		if (faulted(fault))
			return fault;
	}
	return region->leads_on ? read_level1(lookup, region) : NO_FAULT;
}

/* What is kept answers first, whatever the registers say; all of it comes from the table, so that
 * it may refuse, too.  3.24.2.1, 6.3.9 */
struct fault dpt_check(const struct mem_view *view, const struct dpt *dpt,
		       const struct dpt_request *request, struct pa_region *region)
{
	const struct lookup lookup = { view, dpt, request->addr, request->mpam };

	if (!find(&lookup, false, region)) {
		const struct fault fault = look_up(&lookup, region);

		if (faulted(fault))
			return fault;
	}
	const enum why why = dpt_refuses(region, request);

	return why ? forbidden(why, LEVEL_NONE) : NO_FAULT;
}
