/* SPDX-License-Identifier: MIT */
/* Checking a PA against the granule protection table, or what is kept of it.  3.25.4, D9.4 */
#include "mem/gpc.h"

#include "base/bits.h"
#include "mem/pa_cache.h"

#include <smmu/inspect.h>

enum { EVERYWHERE = 64 };

/* A lookup under way. */
struct lookup {
	const struct mem_view *view;
	const struct gpc *gpc;
	uint64_t addr;
	struct smmu3_mpam mpam;
};

static struct gpc_verdict passes(unsigned span_lg2)
{
	return (struct gpc_verdict){ .result = GPC_PASSES, .span_lg2 = (uint8_t)span_lg2 };
}

static struct gpc_verdict denied(unsigned level, unsigned span_lg2)
{
	return (struct gpc_verdict){ .result = GPC_DENIED,
				     .level = (uint8_t)level,
				     .span_lg2 = (uint8_t)span_lg2 };
}

/* Of the address alone: its neighbours are not asked about. */
static struct gpc_verdict lookup_error(enum gpt_cfg_err cfg_err, unsigned level)
{
	return (struct gpc_verdict){ .result = GPC_LOOKUP_ERROR,
				     .cfg_err = (uint8_t)cfg_err,
				     .level = (uint8_t)level };
}

/* ---- Entries ---- */

static COLD void tell(const struct lookup *lookup, const struct mem_read *read, unsigned level,
		      uint64_t entry, bool ok)
{
	const struct smmu3_step step = {
		.pa = read->at.addr,
		.input = lookup->addr,
		.word = { entry },
		.reason = SMMU3_REASON_GPT,
		.words = 1,
		.pas = (uint8_t)read->at.pas,
		.aborted = !ok,
		.level = (int8_t)level,
		.granule_lg2 = lookup->gpc->granule_lg2,
		.attr = read->attr,
		.mpam = read->mpam,
	};

	lookup->view->step(lookup->view->step_context, &step);
}

/* In the Root space, and without a check of its own.  3.25.1, D9.1 */
static bool fetch(const struct lookup *lookup, uint64_t at, unsigned level, uint64_t *entry)
{
	const struct mem_read read = { .at = { at, SMMU3_PAS_ROOT },
				       .reason = SMMU3_REASON_GPT,
				       .attr = lookup->gpc->attr,
				       .mpam = lookup->mpam };
	const bool ok = mem_read(lookup->view->mem, &read, entry, 1);

	if (unlikely(lookup->view->step))
		tell(lookup, &read, level, *entry, ok);
	return ok;
}

static void keep(const struct lookup *lookup, const struct pa_region *region)
{
	const struct mem_view *view = lookup->view;

	if (view->gpt && view->keeps)
		pa_cache_keep_for(view->gpt, view->gpt_age, view->watch, region);
}

static bool find(const struct lookup *lookup, bool leads_on, struct pa_region *region)
{
	const struct pa_key key = { .addr = lookup->addr,
				    .sec_sid = SMMU3_PAS_ROOT,
				    .leads_on = leads_on,
				    .counted = lookup->view->step };

	return lookup->view->gpt &&
	       pa_cache_find_for(lookup->view->gpt, &key, lookup->view->watch, region);
}

/* ---- Levels: true where *region is what the entry says, else *verdict is its fault ---- */

static bool read_level0(const struct lookup *lookup, struct pa_region *region,
			struct gpc_verdict *verdict)
{
	uint64_t entry;

	if (!fetch(lookup, gpt_level0_at(lookup->gpc, lookup->addr), 0, &entry)) {
		*verdict = lookup_error(GPT_CFG_ERR_FETCH, 0);
		return false;
	}
	switch (gpt_level0(lookup->gpc, lookup->addr, entry, region)) {
	case GPT_INVALID:
		*verdict = lookup_error(GPT_CFG_ERR_ENTRY, 0);
		return false;
	case GPT_BEYOND:
		*verdict = lookup_error(GPT_CFG_ERR_TABLE, 0);
		return false;
	default:
		keep(lookup, region);
		return true;
	}
}

/* A range of which entries differ may be taken for what any of them says.  D9.6.4 */
static COLD void ask_first(const struct lookup *lookup, uint64_t table, struct pa_region *region)
{
	const uint64_t at = gpt_level1_at(lookup->gpc, table, region->first);
	struct pa_region first;
	uint64_t entry;

	if (fetch(lookup, at, 1, &entry) &&
	    gpt_level1(lookup->gpc, region->first, entry, &first) == GPT_SAYS)
		region->gpi = first.gpi;
}

static bool read_level1(const struct lookup *lookup, struct pa_region *region,
			struct gpc_verdict *verdict)
{
	const uint64_t table = region->table;
	const uint64_t at = gpt_level1_at(lookup->gpc, table, lookup->addr);
	uint64_t entry;

	if (!fetch(lookup, at, 1, &entry)) {
		*verdict = lookup_error(GPT_CFG_ERR_FETCH, 1);
		return false;
	}
	if (gpt_level1(lookup->gpc, lookup->addr, entry, region) == GPT_INVALID) {
		*verdict = lookup_error(GPT_CFG_ERR_ENTRY, 1);
		return false;
	}
	if (unlikely(lookup->gpc->first) && !region->granule)
		ask_first(lookup, table, region);
	keep(lookup, region);
	return true;
}

/* What is kept answers before memory does. */
static bool look_up(const struct lookup *lookup, struct pa_region *region,
		    struct gpc_verdict *verdict)
{
	if (find(lookup, false, region))
		return true;
	if (!find(lookup, true, region) && !read_level0(lookup, region, verdict))
		return false;
	return !region->leads_on || read_level1(lookup, region, verdict);
}

/* ---- The check, in the order of Table D9-2 ---- */

static struct gpc_verdict check(const struct mem_view *view, const struct gpc *gpc, struct pa pa,
				struct smmu3_mpam mpam)
{
	const struct lookup lookup = { view, gpc, pa.addr, mpam };
	struct pa_region region;
	struct gpc_verdict verdict;

	if (!gpc->valid)
		return lookup_error(GPT_CFG_ERR_REGISTERS, 0);
	if (pa.addr >> gpc->size_bits)
		return pa.pas == SMMU3_PAS_NS ? passes(gpc->size_bits) : denied(0, gpc->size_bits);
	if (gpc->base >> gpc->size_bits)
		return lookup_error(GPT_CFG_ERR_BASE, 0);
	if (!look_up(&lookup, &region, &verdict))
		return verdict;
	const unsigned span = region.size_lg2 < gpc->size_bits ? region.size_lg2 : gpc->size_bits;

	return gpi_permits(region.gpi, pa.pas) ? passes(span) : denied(region.level, span);
}

struct gpc_verdict gpc_check(const struct mem_view *view, const struct gpc *gpc, struct pa pa,
			     struct smmu3_mpam mpam)
{
	if (unlikely(!gpc->access))
		return denied(0, EVERYWHERE);
	return gpc->checks ? check(view, gpc, pa, mpam) : passes(EVERYWHERE);
}
