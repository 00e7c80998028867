/* SPDX-License-Identifier: MIT */
/* The structures that are live in memory, read as the SMMU would read them. */
#include "smmu_state.h"

#include "config/amend.h"
#include "config/context.h"
#include "guarding.h"
#include "inspect_view.h"

#include <string.h>

enum smmu3_verdict smmu3_explain(struct smmu3 *smmu, const struct smmu3_txn *txn,
				 struct smmu3_outcome *outcome, smmu3_step_fn *step, void *context)
{
	struct smmu3_txn probe = *txn;

	probe.flags |= SMMU3_TXN_PROBE;
	return smmu_translate(smmu, &probe, step, context, outcome);
}

int inspect_open(struct smmu3 *smmu, enum smmu3_pas sec_sid, struct inspect_view *view)
{
	if (!has_state(smmu, sec_sid))
		return -SMMU3_E_UNSUPPORTED;
	const struct interface *interface = interface_of(smmu, sec_sid);

	*view = (struct inspect_view){ .view = { .mem = &smmu->mem } };
	gate_load(&interface->gate, &view->gate);
	view->features = features_seen(interface, &view->gate);
	guard_view(smmu, &view->view, &view->guard);
	return view->gate.smmuen ? 0 : -SMMU3_E_NOT_FOUND;
}

int smmu3_inspect_stream_table(struct smmu3 *smmu, enum smmu3_pas sec_sid,
			       struct smmu3_stream_table *table)
{
	struct inspect_view view;
	const int code = inspect_open(smmu, sec_sid, &view);

	if (code == -SMMU3_E_UNSUPPORTED)
		return code;
	*table = (struct smmu3_stream_table){
		.base = view.gate.streams.base,
		.enabled = view.gate.smmuen,
		.two_level = view.gate.streams.two_level,
		.log2size = view.gate.streams.log2size,
		.split = view.gate.streams.split,
	};
	return 0;
}

/* The first StreamID that does not fall under the level 1 descriptor of sid. */
static uint64_t next_descriptor(const struct stream_table *table, uint64_t sid)
{
	return (sid | low_bits(table->split)) + 1;
}

/* Of what it is taken for. */
static uint16_t why_not(const struct inspect_view *view, uint32_t sid, struct ste *ste)
{
	struct fault fault = NO_FAULT;

	if (unlikely(view->features->ste_cont))
		fault = ste_mind_span(&view->view, view->features, &view->gate.streams, sid, ste);
	return (uint16_t)(faulted(fault) ? fault.why : ste_still_illegal(view->features, ste));
}

static int show_stream(const struct inspect_view *view, uint32_t sid, uint64_t at,
		       smmu3_stream_fn *fn, void *context)
{
	struct smmu3_stream_entry entry = { .sid = sid, .pa = at };
	struct ste ste;

	if (faulted(stream_read(&view->view, view->features, &view->gate.streams, sid, at, &ste)) ||
	    !ste_get(&ste, STE_V))
		return 0;
	memcpy(entry.word, ste.word, sizeof(entry.word));
	entry.why = why_not(view, sid, &ste);
	return fn(context, &entry);
}

int smmu3_inspect_streams(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint64_t budget,
			  smmu3_stream_fn *fn, void *context)
{
	struct inspect_view view;
	int code = inspect_open(smmu, sec_sid, &view);
	const struct stream_table *table = &view.gate.streams;
	uint64_t at, next;

	if (code)
		return code;
	for (uint64_t sid = 0; !(sid >> table->log2size); sid = next) {
		if (!budget--)
			return -SMMU3_E_LIMIT;
		next = sid + 1;
		if (faulted(stream_locate(&view.view, view.features, table, (uint32_t)sid, &at)))
			next = next_descriptor(table, sid);
		else
			code = show_stream(&view, (uint32_t)sid, at, fn, context);
		if (code)
			return code;
	}
	return 0;
}

int inspect_stream(const struct inspect_view *view, uint32_t sid, struct stream *stream)
{
	const struct fault fault = stream_fetch(&view->view, view->features, &view->gate.streams,
						sid, stream);

	return faulted(fault) || stream->abort ? -SMMU3_E_NOT_FOUND : 0;
}

/* *next: the SubstreamID to go on with, past the leaf table where there is none. */
static int show_context(const struct inspect_view *view, const struct stream *stream, uint32_t ssid,
			uint32_t *next, smmu3_context_fn *fn, void *context)
{
	struct cd cd;
	struct cd_place place;
	const struct fault fault = context_read(&view->view, view->features, stream, ssid, &cd,
						&place);
	const bool no_leaf = fault.event == C_BAD_SUBSTREAMID || fault.why == WHY_L1CD_FETCH;

	*next = (no_leaf ? ssid | (uint32_t)low_bits(stream->cd_leaf_lg2) : ssid) + 1;
	if (faulted(fault) || !cd_get(&cd, CD_V))
		return 0;
	struct smmu3_context_entry entry = {
		.ssid = ssid,
		.has_ipa = stream->stage2.on,
		.ipa = place.ipa,
		.pa = place.at.addr,
	};

	memcpy(entry.word, cd.word, sizeof(entry.word));
	entry.why = (uint16_t)cd_still_illegal(view->features, stream, &cd);
	return fn(context, &entry);
}

int smmu3_inspect_contexts(struct smmu3 *smmu, enum smmu3_pas sec_sid, uint32_t sid,
			   uint64_t budget, smmu3_context_fn *fn, void *context)
{
	struct inspect_view view;
	struct stream stream;
	int code = inspect_open(smmu, sec_sid, &view);

	if (!code)
		code = inspect_stream(&view, sid, &stream);
	if (code)
		return code;
	if (!stream.stage1)
		return -SMMU3_E_NOT_FOUND;
	for (uint32_t ssid = 0, next; !(ssid >> stream.cdmax); ssid = next) {
		if (!budget--)
			return -SMMU3_E_LIMIT;
		code = show_context(&view, &stream, ssid, &next, fn, context);
		if (code)
			return code;
	}
	return 0;
}
