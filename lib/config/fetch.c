/* SPDX-License-Identifier: MIT */
#include "config/fetch.h"

#include "mem/guard.h"
#include "walk/fault.h"

#include <string.h>

static COLD void tell(const struct mem_view *view, const struct fetch *fetch, const uint64_t *word,
		      bool ok)
{
	struct smmu3_step step = {
		.pa = fetch->read.at.addr,
		.ipa = fetch->ipa.addr,
		.input = fetch->input,
		.reason = (uint8_t)fetch->read.reason,
		.words = (uint8_t)fetch->words,
		.pas = (uint8_t)fetch->read.at.pas,
		.has_ipa = fetch->has_ipa,
		.ipa_pas = (uint8_t)fetch->ipa.pas,
		.aborted = !ok,
		.level = LEVEL_NONE,
		.attr = fetch->read.attr,
		.mecid = mecid_of(&fetch->read),
		.mpam = fetch->read.mpam,
	};

	memcpy(step.word, word, fetch->words * sizeof(*word));
	view->step(view->step_context, &step);
}

bool fetch_structure(const struct mem_view *view, const struct fetch *fetch, uint64_t *word)
{
	const bool ok = guarded_read(view, &fetch->read, word, fetch->words);

	if (unlikely(view->step))
		tell(view, fetch, word, ok);
	return ok;
}
