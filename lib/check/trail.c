/* SPDX-License-Identifier: MIT */
#include "check/trail.h"

#include <stdlib.h>

static enum trail_part part_of_reason(enum smmu3_reason reason)
{
	switch (reason) {
	case SMMU3_REASON_L1STD:
	case SMMU3_REASON_STE:
	case SMMU3_REASON_VMS: /* is kept with it */
		return PART_STREAM;
	case SMMU3_REASON_S1_TTD:
		return PART_STAGE1;
	case SMMU3_REASON_S2_TTD:
		return PART_STAGE2;
	case SMMU3_REASON_DPT:
		return PART_DPT;
	case SMMU3_REASON_GPT:
		return PART_GPT;
	default:
		return PART_CONTEXT;
	}
}

static enum trail_part part_of_key(const struct kept_key *key)
{
	switch (key->kind) {
	case SMMU3_KEPT_L1STD:
	case SMMU3_KEPT_STE:
		return PART_STREAM;
	case SMMU3_KEPT_CD:
	case SMMU3_KEPT_L1CD:
		return PART_CONTEXT;
	case SMMU3_KEPT_DPT:
		return PART_DPT;
	case SMMU3_KEPT_GPT:
		return PART_GPT;
	case SMMU3_KEPT_ATC:
		return PART_STAGE1; /* of all that came before */
	default:
		return key->tag.kind == TLB_STAGE1 ? PART_STAGE1 : PART_STAGE2;
	}
}

void trail_free(struct trail *trail, struct ledger *ledger)
{
	for (uint32_t i = 0; i < trail->items && trail_is_of(trail, ledger); i++)
		(trail->item[i].used ? ledger_release_record :
				       ledger_release)(ledger, trail->item[i].number);
	free(trail->item);
	*trail = (struct trail){ .items = 0 };
}

bool trail_is_of(const struct trail *trail, const struct ledger *ledger)
{
	return !trail->items || trail->era == ledger->era;
}

/* Of what nobody has seen there is nothing to say.  What is of another era goes. */
static bool add(struct trail *trail, const struct ledger *ledger, struct trail_item item)
{
	if (!item.number)
		return true;
	if (!trail_is_of(trail, ledger))
		trail->items = 0;
	trail->era = ledger->era;
	if (!ledger_room((void **)&trail->item, &trail->room, trail->items + 1,
			 sizeof(*trail->item)))
		return false;
	trail->item[trail->items++] = item;
	return true;
}

bool trail_read(struct trail *trail, struct ledger *ledger, const struct smmu3_step *step,
		uint32_t version)
{
	const struct trail_item item = { part_of_reason((enum smmu3_reason)step->reason),
					 step->input, false, version };

	if (add(trail, ledger, item))
		return true;
	ledger_release(ledger, version);
	return false;
}

bool trail_use(struct trail *trail, struct ledger *ledger, const struct kept_key *key,
	       uint32_t record)
{
	const enum trail_part part = part_of_key(key);
	const struct trail_item item = { part, part == PART_STAGE2 ? key->tag.input : 0, true,
					 record };

	if (!add(trail, ledger, item))
		return false;
	if (record)
		ledger_hold_record(ledger, record);
	return true;
}

/* ---- What is made of it ---- */

static void add_item(struct ledger *ledger, const struct trail_item *item)
{
	if (!item->used) {
		ledger_collect(ledger, item->number);
		return;
	}
	const struct kept_record *record = ledger_record(ledger, item->number);

	for (uint32_t i = 0; i < record->count; i++)
		ledger_collect(ledger, ledger->pool[record->made_of + i]);
}

/* Of the walk of this IPA, or of a table or page that holds it. */
static bool is_of_ipa(const struct trail_item *item, const struct ledger *ledger,
		      const struct tlb_tag *tag)
{
	const unsigned lg2 = item->used ? ledger_record(ledger, item->number)->key.tag.size_lg2 :
					  tag->size_lg2;
	const unsigned larger = lg2 > tag->size_lg2 ? lg2 : tag->size_lg2;

	return !((item->input ^ tag->input) >> larger);
}

/* The last walk begins where something else comes before it. */
static unsigned first_of_walk(const struct trail *trail, const struct ledger *ledger,
			      const struct tlb_tag *tag)
{
	unsigned first = trail->items;

	while (first && trail->item[first - 1].part == PART_GPT)
		first--;
	while (first && (trail->item[first - 1].part == PART_GPT ||
			 (trail->item[first - 1].part == PART_STAGE2 &&
			  is_of_ipa(&trail->item[first - 1], ledger, tag))))
		first--;
	return first;
}

/* Is an item among what is made of everything that came before? */
static bool counts_for(enum trail_part made, enum trail_part part)
{
	switch (made) {
	case PART_DPT:
	case PART_GPT:
		return part == made;
	case PART_STAGE2:
	case PART_STREAM:
		return part == PART_STREAM;
	default:
		return part != PART_DPT && part != PART_GPT;
	}
}

void trail_makes(const struct trail *trail, const struct kept_key *key, struct ledger *ledger)
{
	const enum trail_part made = part_of_key(key);

	ledger->collected = 0;
	if (!trail_is_of(trail, ledger))
		return;
	const unsigned walk = made == PART_STAGE2 ? first_of_walk(trail, ledger, &key->tag) :
						    trail->items;

	for (unsigned i = 0; i < trail->items; i++) {
		const enum trail_part part = trail->item[i].part;

		if (counts_for(made, part) || (i >= walk && part == PART_STAGE2))
			add_item(ledger, &trail->item[i]);
	}
}
