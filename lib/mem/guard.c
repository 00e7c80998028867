/* SPDX-License-Identifier: MIT */
#include "mem/guard.h"

#include "arch/regs.h"
#include "base/bits.h"

#include <string.h>

enum { REASON_TRANSLATION = 1, REASON_GERROR = 2, REASON_TRANSACTION = 3 };

/* ---- Who, 6.3.116 ---- */

static const struct told {
	uint8_t reason, faultcode;
} told[] = {
	[OF_CLIENT] = { REASON_TRANSACTION, 0 },
	[OF_STE] = { REASON_TRANSLATION, 0x03 },
	[OF_CD] = { REASON_TRANSLATION, 0x09 },
	[OF_WALK] = { REASON_TRANSLATION, 0x0b },
	[OF_VMS] = { REASON_TRANSLATION, 0x25 },
	[OF_COMMAND_QUEUE] = { REASON_GERROR, 0x00 },
	[OF_EVENT_QUEUE] = { REASON_GERROR, 0x02 },
	[OF_PRI_QUEUE] = { REASON_GERROR, 0x03 },
	[OF_SYNC_MESSAGE] = { REASON_GERROR, 0x04 },
	[OF_EVENT_QUEUE_MESSAGE] = { REASON_GERROR, 0x05 },
	[OF_PRI_QUEUE_MESSAGE] = { REASON_GERROR, 0x06 },
	[OF_ERROR_MESSAGE] = { REASON_GERROR, 0x07 },
	[OF_OTHERS] = { REASON_GERROR, 0x10 },
};

/* Of what is read. */
static enum guard_origin origin_of(enum smmu3_reason reason)
{
	static const uint8_t origins[] = {
		[SMMU3_REASON_L1STD] = OF_STE,
		[SMMU3_REASON_STE] = OF_STE,
		[SMMU3_REASON_L1CD] = OF_CD,
		[SMMU3_REASON_CD] = OF_CD,
		[SMMU3_REASON_S1_TTD] = OF_WALK,
		[SMMU3_REASON_S2_TTD] = OF_WALK,
		[SMMU3_REASON_CMDQ] = OF_COMMAND_QUEUE,
		[SMMU3_REASON_DPT] = OF_WALK,
		[SMMU3_REASON_VMS] = OF_VMS,
	};

	return (enum guard_origin)origins[reason];
}

/* ---- What is told, 6.3.116, 6.3.117 ---- */

/* A PA space as FPAS has it. */
static uint64_t fpas_of(enum smmu3_pas pas)
{
	static const uint8_t fpas[] = { [SMMU3_PAS_SECURE] = 0,
					[SMMU3_PAS_NS] = 1,
					[SMMU3_PAS_ROOT] = 2,
					[SMMU3_PAS_REALM] = 3 };

	return fpas[pas];
}

static uint64_t far_of(const struct gpc_verdict *verdict, struct pa at, enum guard_origin origin)
{
	return field_mask(GPF_FAR_FAULT) |
	       (uint64_t)told[origin].reason << field_lsb(GPF_FAR_REASON) |
	       (uint64_t)told[origin].faultcode << field_lsb(GPF_FAR_FAULTCODE) |
	       (at.addr & field_mask(GPF_FAR_FADDR)) |
	       (uint64_t)verdict->cfg_err << field_lsb(GPF_FAR_CFG_ERR) |
	       fpas_of(at.pas) << field_lsb(GPF_FAR_FPAS);
}

bool guard_tells(uint64_t far, bool lookup_error)
{
	const uint64_t bits = field_mask(GPF_FAR_FAULT) | field_mask(GPF_FAR_REASON) |
			      field_mask(GPF_FAR_FAULTCODE) | field_mask(GPF_FAR_FADDR) |
			      field_mask(GPF_FAR_FPAS) |
			      (lookup_error ? field_mask(GPF_FAR_CFG_ERR) : 0);
	unsigned origin = 0;

	while (origin < ARRAY_SIZE(told) &&
	       (told[origin].reason != field_value(&far, GPF_FAR_REASON) ||
		told[origin].faultcode != field_value(&far, GPF_FAR_FAULTCODE)))
		origin++;
	return origin < ARRAY_SIZE(told) && !(far & ~bits) && far & field_mask(GPF_FAR_FAULT) &&
	       field_value(&far, GPF_FAR_CFG_ERR) <= GPT_CFG_ERR_TABLE;
}

static enum why why_of(const struct guard *guard, const struct gpc_verdict *verdict)
{
	if (!guard->gpc.access)
		return WHY_GPC_DISABLED;
	return verdict->result == GPC_DENIED ? WHY_GPC_DENIED : WHY_GPC_LOOKUP;
}

bool guard_passes(const struct mem_view *view, const struct guarded *access, unsigned *span_lg2)
{
	struct guard *guard = view->guard;
	const struct gpc_verdict verdict = gpc_check(view, &guard->gpc, access->at, access->mpam);

	*span_lg2 = verdict.span_lg2;
	guard->why = WHY_NONE;
	if (likely(verdict.result == GPC_PASSES))
		return true;
	guard->why = why_of(guard, &verdict);
	guard->lookup_error = verdict.result == GPC_LOOKUP_ERROR;
	guard->far = far_of(&verdict, access->at, access->origin);
	return false;
}

/* ---- Memory ---- */

/* No structure, and no access of the SMMU's own, is larger than a granule or straddles two. */
static bool passes(const struct mem_view *view, const struct mem_read *at, enum guard_origin origin)
{
	const struct guarded access = { at->at, origin, at->mpam };
	unsigned span_lg2;

	return guard_passes(view, &access, &span_lg2);
}

bool guard_read(const struct mem_view *view, const struct mem_read *read, uint64_t *word,
		unsigned words)
{
	if (passes(view, read, origin_of(read->reason)))
		return mem_read(view->mem, read, word, words);
	memset(word, 0, words * sizeof(*word));
	return false;
}

bool guarded_write(const struct mem_view *view, const struct mem_read *write,
		   enum guard_origin origin, const void *data, unsigned bytes)
{
	if (unlikely(view->guard) && !passes(view, write, origin))
		return false;
	return mem_write(view->mem, write, data, bytes);
}

enum mem_swapped guarded_swap(const struct mem_view *view, const struct mem_read *at,
			      uint64_t expected, uint64_t desired)
{
	if (unlikely(view->guard) && !passes(view, at, origin_of(at->reason)))
		return SWAP_ABORTED;
	if (view->updates != UPDATES_DONE)
		return mem_swaps(view->mem, at->at) ? SWAP_DONE : SWAP_ABORTED;
	return mem_swap(view->mem, at, expected, desired);
}

bool guarded_read_pair(const struct mem_view *view, const struct mem_read *read, uint64_t *word)
{
	if (likely(!view->guard) || passes(view, read, origin_of(read->reason)))
		return mem_read_pair(view->mem, read, word);
	word[0] = word[1] = 0;
	return false;
}

enum mem_swapped guarded_swap_pair(const struct mem_view *view, const struct mem_read *at,
				   const uint64_t *expected, const uint64_t *desired)
{
	if (unlikely(view->guard) && !passes(view, at, origin_of(at->reason)))
		return SWAP_ABORTED;
	if (view->updates == UPDATES_DONE)
		return mem_swap_pair(view->mem, at, expected, desired);
	return mem_swaps_pair(view->mem, at->at) ? SWAP_DONE : SWAP_ABORTED;
}
