/* SPDX-License-Identifier: MIT */
#include "prog/atc.h"

/* The place of a tag, 0 for a free one; ATC_MOST: there is none. */
static unsigned find(const struct atcs *atcs, uint64_t tag)
{
	unsigned i = 0;

	while (i < ATC_MOST && atcs->tag[i] != tag)
		i++;
	return i;
}

bool atc_room(const struct atcs *atcs)
{
	return atcs->live < ATC_MOST;
}

uint64_t atc_begin(struct atcs *atcs)
{
	const unsigned place = find(atcs, 0);

	if (place == ATC_MOST)
		return 0;
	atcs->live++;
	return atcs->tag[place] = ++atcs->last;
}

bool atc_end(struct atcs *atcs, uint64_t tag, enum smmu3_atc_result result)
{
	const unsigned place = tag ? find(atcs, tag) : ATC_MOST;

	if (place == ATC_MOST)
		return false;
	atcs->tag[place] = 0;
	atcs->live--;
	atcs->failed |= result != SMMU3_ATC_DONE;
	return true;
}

void atc_forget(struct atcs *atcs)
{
	*atcs = (struct atcs){ .last = atcs->last };
}
