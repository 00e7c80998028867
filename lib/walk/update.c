/* SPDX-License-Identifier: MIT */
#include "walk/update.h"

/* A write that only its read keeps from being permitted.  D8.5.2 */
static bool is_unread(unsigned stage, unsigned perm, const struct access *access)
{
	return stage == 2 && perm & access->dirties &&
	       !(access->needs & ~perm & ~(unsigned)PERM_READ);
}

static uint64_t of_refused(struct leaf_updates updates, unsigned stage, uint64_t descriptor,
			   unsigned perm, const struct access *access)
{
	const bool dirties = updates.by_unread && ttd_get(descriptor, TTD_AF) &&
			     is_unread(stage, perm, access);

	return (dirties ? leaf_as_writable(updates, stage, descriptor) : descriptor) |
	       (updates.of_refused ? field_mask(TTD_AF) : 0);
}

uint64_t leaf_updated(struct leaf_updates updates, unsigned stage, uint64_t descriptor,
		      unsigned perm, const struct access *access)
{
	const bool refused = access->needs & ~perm;
	const bool useless = access->wants && !(access->wants & perm);

	if (!updates.accessed)
		return descriptor;
	if (refused || useless)
		return of_refused(updates, stage, descriptor, perm, access);
	if (perm & access->dirties)
		descriptor = leaf_as_writable(updates, stage, descriptor);
	return descriptor | field_mask(TTD_AF);
}

/* Where and for what a descriptor is written. */
struct writing {
	const struct walk_context *context;
	const struct table *table;
	struct mem_read at;
	uint64_t before, after;
};

static bool has_ipa(const struct writing *writing)
{
	return writing->context->place->stage == 1 && writing->context->stage2->on;
}

static void tell(const struct writing *writing)
{
	const struct walk_context *context = writing->context;
	const struct ttd_place *place = context->place;
	const bool first = place->stage == 1;
	struct smmu3_step step = {
		.pa = writing->at.at.addr,
		.ipa = has_ipa(writing) ? place->ipa.addr : 0,
		.input = context->input,
		.word = { writing->after, writing->before },
		.reason = (uint8_t)writing->at.reason,
		.words = 1,
		.pas = (uint8_t)writing->at.at.pas,
		.has_ipa = has_ipa(writing),
		.ipa_pas = (uint8_t)(first ? place->ipa.pas : context->ipa_pas),
		.fault_class = first ? SMMU3_CLASS_IN : (uint8_t)context->fault_class,
		.level = place->level,
		.granule_lg2 = writing->table->granule_lg2,
		.attr = writing->at.attr,
		.mecid = mecid_of(&writing->at),
		.mpam = writing->at.mpam,
		.updates = true,
	};

	if (writing->table->d128) {
		step.words = 2;
		step.word[1] = step.word[3] = place->high;
		step.word[2] = writing->before;
	}
	context->view->step(context->view->step_context, &step);
}

/* Of stage 1 it is of class TT, whatever the access.  7.3.12 */
static struct fault update_fault(const struct writing *writing)
{
	const struct walk_context *context = writing->context;
	const bool first = context->place->stage == 1;

	return (struct fault){
		.why = guarded_why(context->view, first ? WHY_S1_UPDATE : WHY_S2_UPDATE),
		.event = F_WALK_EABT,
		.fault_class = first ? SMMU3_CLASS_TT : (uint8_t)context->fault_class,
		.stage = context->place->stage,
		.level = context->place->level,
		.ipa_pas = (uint8_t)context->ipa_pas,
		.addr = writing->at.at.addr,
	};
}

/* Stage 2 is asked anew, for it must let a write through.  3.13.5 */
static struct fault find_place(struct writing *writing)
{
	const struct walk_context *context = writing->context;
	struct s2_result s2;

	if (!has_ipa(writing) || context->view->updates == UPDATES_INHIBITED)
		return NO_FAULT;
	const struct fault fault = ipa_to_pa_for_update(context->view, context->stage2,
							context->place->ipa, writing->table->attr,
							&s2);

	writing->at.at = s2.pa;
	writing->at.attr = s2.attr;
	return fault;
}

static uint64_t as_stored(const struct writing *writing, uint64_t descriptor)
{
	return writing->table->big_endian ? swap64(descriptor) : descriptor;
}

/* Of VMSAv9-128 all that is updated stands in the low half. */
static enum mem_swapped swap_pair(const struct writing *writing)
{
	const bool big = writing->table->big_endian;
	const uint64_t high = as_stored(writing, writing->context->place->high);
	const uint64_t before = as_stored(writing, writing->before);
	const uint64_t after = as_stored(writing, writing->after);

	return guarded_swap_pair(writing->context->view, &writing->at,
				 (const uint64_t[]){ big ? high : before, big ? before : high },
				 (const uint64_t[]){ big ? high : after, big ? after : high });
}

static enum mem_swapped swap(const struct writing *writing)
{
	if (writing->table->d128)
		return swap_pair(writing);
	return guarded_swap(writing->context->view, &writing->at,
			    as_stored(writing, writing->before),
			    as_stored(writing, writing->after));
}

struct fault ttd_update(const struct walk_context *context, const struct table *table,
			uint64_t after)
{
	struct ttd_place *place = context->place;
	struct writing writing = { context, table, place->read, place->descriptor, after };
	const struct fault fault = find_place(&writing);

	if (faulted(fault))
		return fault;
	const enum mem_swapped swapped = swap(&writing);

	place->lost = swapped == SWAP_LOST;
	if (swapped != SWAP_DONE)
		return update_fault(&writing);
	if (context->view->step)
		tell(&writing);
	return NO_FAULT;
}

/* One walk.  In memory a leaf may have other bits, and the same of these. */
static struct fault try_update(const struct walk_context *context, const struct table *table,
			       updated_fn *updated, const void *asker, struct leaf *leaf)
{
	struct ttd_place *place = context->place;

	place->lost = false;
	const struct fault fault = table->walk(table, context, leaf);

	if (faulted(fault))
		return fault;
	const uint64_t changes = updated(asker, leaf) ^ leaf->descriptor;

	leaf->descriptor ^= changes;
	return changes ? ttd_update(context, table, place->descriptor ^ changes) : NO_FAULT;
}

struct fault walk_and_update(const struct walk_context *context, const struct table *table,
			     updated_fn *updated, const void *asker, struct leaf *leaf)
{
	struct fault fault = NO_FAULT;
	unsigned tries = 0;

	do
		fault = try_update(context, table, updated, asker, leaf);
	while (context->place->lost && ++tries < UPDATE_TRIES);
	return fault;
}
