/* SPDX-License-Identifier: MIT */
#include "tlb/dpt_tlb.h"

#include <stdlib.h>

bool dpt_tlb_init(struct dpt_tlb *tlb, uint32_t places)
{
	*tlb = (struct dpt_tlb){ .place = NULL };
	atomic_init(&tlb->age, 0);
	const bool sets_made = sets_init(&tlb->sets, places);

	tlb->place = places ? calloc(places, sizeof(*tlb->place)) : NULL;
	if (sets_made && (!places || tlb->place) && !pthread_mutex_init(&tlb->lock, NULL))
		return true;
	sets_free(&tlb->sets);
	free(tlb->place);
	return false;
}

void dpt_tlb_free(struct dpt_tlb *tlb)
{
	sets_free(&tlb->sets);
	free(tlb->place);
	pthread_mutex_destroy(&tlb->lock);
}

static struct dpt_place *places_of(const struct dpt_tlb *tlb, uint64_t addr, unsigned size_lg2)
{
	return &tlb->place[sets_first(&tlb->sets, addr >> size_lg2 << 6 | size_lg2)];
}

/* A region of this size with the address, of one kind, in this place? */
static bool holds(const struct dpt_place *place, uint8_t sec_sid, uint64_t addr, bool leads_on,
		  unsigned size_lg2)
{
	const struct dpt_region *region = &place->region;

	return place->kept && region->sec_sid == sec_sid && region->leads_on == leads_on &&
	       region->size_lg2 == size_lg2 && region->first == align_down(addr, size_lg2);
}

static const struct dpt_region *find(const struct dpt_tlb *tlb, uint8_t sec_sid, uint64_t addr,
				     bool leads_on)
{
	for (uint64_t left = tlb->sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);
		const struct dpt_place *place = places_of(tlb, addr, size_lg2);

		for (uint32_t i = 0; i < tlb->sets.ways; i++)
			if (holds(&place[i], sec_sid, addr, leads_on, size_lg2))
				return &place[i].region;
	}
	return NULL;
}

bool dpt_tlb_find(struct dpt_tlb *tlb, uint8_t sec_sid, uint64_t addr, bool leads_on,
		  struct dpt_region *found)
{
	pthread_mutex_lock(&tlb->lock);
	const struct dpt_region *region = find(tlb, sec_sid, addr, leads_on);

	if (region)
		*found = *region;
	pthread_mutex_unlock(&tlb->lock);
	return region != NULL;
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct dpt_place *place_for(struct dpt_tlb *tlb, const struct dpt_region *region)
{
	struct dpt_place *place = places_of(tlb, region->first, region->size_lg2);
	struct dpt_place *free_place = NULL;

	for (uint32_t i = 0; i < tlb->sets.ways; i++) {
		if (holds(&place[i], region->sec_sid, region->first, region->leads_on,
			  region->size_lg2))
			return &place[i];
		if (!place[i].kept)
			free_place = &place[i];
	}
	return free_place ? free_place :
			    &place[sets_victim(&tlb->sets, (uint32_t)(place - tlb->place))];
}

void dpt_tlb_keep(struct dpt_tlb *tlb, uint64_t age, const struct dpt_region *region)
{
	if (!tlb->sets.places)
		return;
	pthread_mutex_lock(&tlb->lock);
	if (dpt_tlb_age(tlb) == age) {
		*place_for(tlb, region) = (struct dpt_place){ *region, true };
		tlb->sizes |= UINT64_C(1) << region->size_lg2;
	}
	pthread_mutex_unlock(&tlb->lock);
}

/* ---- What an invalidation means ---- */

bool dpt_region_is_meant(const struct dpt_region *region, const struct smmu3_invalidation *scope)
{
	const uint64_t first = region->first, last = first + low_bits(region->size_lg2);
	const uint64_t from = scope->addr, to = from + (scope->bytes - 1);

	if (scope->kind != SMMU3_INVALIDATES_DPT || scope->sec_sid != region->sec_sid ||
	    (region->leads_on && scope->leaf))
		return false;
	if (!scope->bytes)
		return true;
	return region->leads_on || region->granule ? from <= last && first <= to :
						     from <= first && last <= to;
}

static void forget(struct dpt_tlb *tlb, const struct smmu3_invalidation *scope)
{
	for (uint32_t i = 0; i < tlb->sets.places; i++)
		if (dpt_region_is_meant(&tlb->place[i].region, scope))
			tlb->place[i].kept = false;
}

void dpt_tlb_forget(struct dpt_tlb *tlb, const struct smmu3_invalidation *scope)
{
	if (scope->kind != SMMU3_INVALIDATES_DPT)
		return;
	pthread_mutex_lock(&tlb->lock);
	atomic_fetch_add_explicit(&tlb->age, 1, memory_order_acq_rel);
	forget(tlb, scope);
	pthread_mutex_unlock(&tlb->lock);
}

void dpt_tlb_forget_all(struct dpt_tlb *tlb)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_DPT,
						       .sec_sid = SMMU3_PAS_NS };

	dpt_tlb_forget(tlb, &everything);
}
