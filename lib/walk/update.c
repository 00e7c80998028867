/* SPDX-License-Identifier: MIT */
#include "walk/update.h"

uint64_t leaf_updated(struct leaf_updates updates, unsigned stage, uint64_t descriptor,
		      unsigned perm, const struct access *access)
{
	const bool refused = access->needs & ~perm;
	const bool useless = access->wants && !(access->wants & perm);

	if (!updates.accessed || refused || useless)
		return descriptor;
	if (perm & access->dirties)
		descriptor = leaf_as_writable(updates, stage, descriptor);
	return descriptor | field_mask(TTD_AF);
}

static void tell(const struct update *update)
{
	const struct smmu3_step step = {
		.pa = update->at.at.addr,
		.ipa = update->has_ipa ? update->place.ipa.addr : 0,
		.input = update->input,
		.word = { update->after, update->before },
		.reason = (uint8_t)update->at.reason,
		.words = 1,
		.pas = (uint8_t)update->at.at.pas,
		.has_ipa = update->has_ipa,
		.ipa_pas = (uint8_t)(update->has_ipa ? update->place.ipa.pas : update->ipa_pas),
		.fault_class = (uint8_t)update->fault_class,
		.level = (int8_t)update->level,
		.granule_lg2 = update->table->granule_lg2,
		.attr = update->at.attr,
		.mecid = mecid_of(&update->at),
		.mpam = update->at.mpam,
		.updates = true,
	};

	update->view->step(update->view->step_context, &step);
}

static uint64_t as_stored(const struct update *update, uint64_t descriptor)
{
	return update->table->big_endian ? swap64(descriptor) : descriptor;
}

enum mem_swapped leaf_update(const struct update *update)
{
	const struct mem_view *view = update->view;
	const enum mem_swapped swapped = guarded_swap(view, &update->at,
						      as_stored(update, update->before),
						      as_stored(update, update->after));

	if (view->step && swapped == SWAP_DONE)
		tell(update);
	return swapped;
}
