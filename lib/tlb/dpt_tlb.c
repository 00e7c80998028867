/* SPDX-License-Identifier: MIT */
#include "tlb/dpt_tlb.h"

#include <stdlib.h>
#include <string.h>

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

static const struct dpt_region *find(const struct dpt_tlb *tlb, const struct dpt_key *key)
{
	for (uint64_t left = tlb->sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);
		const struct dpt_place *place = places_of(tlb, key->addr, size_lg2);

		for (uint32_t i = 0; i < tlb->sets.ways; i++)
			if (holds(&place[i], key->sec_sid, key->addr, key->leads_on, size_lg2))
				return &place[i].region;
	}
	return NULL;
}

static void count_lookup(struct dpt_tlb *tlb, bool leads_on, bool hit)
{
	if (!tlb->sets.places)
		return;
	tlb->counted[leads_on].lookups++;
	tlb->counted[leads_on].hits += hit;
}

bool dpt_tlb_find(struct dpt_tlb *tlb, const struct dpt_key *key, struct dpt_region *found)
{
	pthread_mutex_lock(&tlb->lock);
	const struct dpt_region *region = find(tlb, key);

	if (key->counted)
		count_lookup(tlb, key->leads_on, region != NULL);
	if (region)
		*found = *region;
	pthread_mutex_unlock(&tlb->lock);
	return region != NULL;
}

static bool holds_same(const struct dpt_place *place, const struct dpt_region *region)
{
	return holds(place, region->sec_sid, region->first, region->leads_on, region->size_lg2);
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct dpt_place *place_for(struct dpt_tlb *tlb, const struct dpt_region *region)
{
	struct dpt_place *place = places_of(tlb, region->first, region->size_lg2);
	struct dpt_place *free_place = NULL;

	for (uint32_t i = 0; i < tlb->sets.ways; i++) {
		if (holds_same(&place[i], region))
			return &place[i];
		if (!place[i].kept)
			free_place = &place[i];
	}
	return free_place ? free_place :
			    &place[sets_victim(&tlb->sets, (uint32_t)(place - tlb->place))];
}

/* What stood in its place was nothing, the same, or is no longer kept. */
static void count_fill(struct dpt_tlb *tlb, const struct dpt_place *before,
		       const struct dpt_region *region)
{
	tlb->counted[region->leads_on].fills++;
	tlb->counted[before->region.leads_on].evictions += before->kept &&
							   !holds_same(before, region);
}

void dpt_tlb_keep(struct dpt_tlb *tlb, uint64_t age, const struct dpt_region *region)
{
	if (!tlb->sets.places)
		return;
	pthread_mutex_lock(&tlb->lock);
	if (dpt_tlb_age(tlb) == age) {
		struct dpt_place *place = place_for(tlb, region);

		if (tlb->counts)
			count_fill(tlb, place, region);
		*place = (struct dpt_place){ *region, true };
		tlb->sizes |= UINT64_C(1) << region->size_lg2;
	}
	pthread_mutex_unlock(&tlb->lock);
}

/* ---- What an invalidation means ---- */

bool dpt_region_is_meant(const struct dpt_region *region, const struct smmu3_invalidation *scope)
{
	const uint64_t first = region->first, last = first + low_bits(region->size_lg2);
	const uint64_t from = scope->addr, to = from + (scope->bytes - 1);

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
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
	for (uint32_t i = 0; i < tlb->sets.places; i++) {
		struct dpt_place *place = &tlb->place[i];

		if (!dpt_region_is_meant(&place->region, scope))
			continue;
		tlb->counted[place->region.leads_on].removed += tlb->counts && place->kept;
		place->kept = false;
	}
}

void dpt_tlb_forget(struct dpt_tlb *tlb, const struct smmu3_invalidation *scope)
{
	if (scope->kind != SMMU3_INVALIDATES_DPT && scope->kind != SMMU3_INVALIDATES_ALL)
		return;
	pthread_mutex_lock(&tlb->lock);
	atomic_fetch_add_explicit(&tlb->age, 1, memory_order_acq_rel);
	forget(tlb, scope);
	pthread_mutex_unlock(&tlb->lock);
}

void dpt_tlb_forget_all(struct dpt_tlb *tlb)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	dpt_tlb_forget(tlb, &everything);
}

/* ---- Statistics ---- */

void dpt_tlb_stats(struct dpt_tlb *tlb, struct smmu3_cache_stats cache[SMMU3_CACHES])
{
	pthread_mutex_lock(&tlb->lock);
	cache[SMMU3_CACHE_DPT] = tlb->counted[false];
	cache[SMMU3_CACHE_TABLES_DPT] = tlb->counted[true];
	pthread_mutex_unlock(&tlb->lock);
}

void dpt_tlb_stats_reset(struct dpt_tlb *tlb)
{
	pthread_mutex_lock(&tlb->lock);
	memset(tlb->counted, 0, sizeof(tlb->counted));
	pthread_mutex_unlock(&tlb->lock);
}
