/* SPDX-License-Identifier: MIT */
#include "mem/pa_cache.h"

#include "mem/watch.h"

#include <stdlib.h>
#include <string.h>

bool pa_cache_init(struct pa_cache *cache, enum smmu3_invalidation_kind kind, uint32_t places)
{
	*cache = (struct pa_cache){ .kind = kind };
	atomic_init(&cache->age, 0);
	const bool sets_made = sets_init(&cache->sets, places);

	cache->place = places ? calloc(places, sizeof(*cache->place)) : NULL;
	if (sets_made && (!places || cache->place) && !pthread_mutex_init(&cache->lock, NULL))
		return true;
	sets_free(&cache->sets);
	free(cache->place);
	return false;
}

void pa_cache_free(struct pa_cache *cache)
{
	sets_free(&cache->sets);
	free(cache->place);
	pthread_mutex_destroy(&cache->lock);
}

static struct pa_place *places_of(const struct pa_cache *cache, uint64_t addr, unsigned size_lg2)
{
	return &cache->place[sets_first(&cache->sets, addr >> size_lg2 << 6 | size_lg2)];
}

/* A region of this size with what is looked up, in this place? */
static bool holds(const struct pa_place *place, const struct pa_key *key, unsigned size_lg2)
{
	const struct pa_region *region = &place->region;

	return place->kept && region->sec_sid == key->sec_sid &&
	       region->leads_on == key->leads_on && region->size_lg2 == size_lg2 &&
	       region->first == align_down(key->addr, size_lg2);
}

static const struct pa_region *find(const struct pa_cache *cache, const struct pa_key *key)
{
	for (uint64_t left = cache->sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);
		const struct pa_place *place = places_of(cache, key->addr, size_lg2);

		for (uint32_t i = 0; i < cache->sets.ways; i++)
			if (holds(&place[i], key, size_lg2))
				return &place[i].region;
	}
	return NULL;
}

static void count_lookup(struct pa_cache *cache, bool leads_on, bool hit)
{
	if (!cache->sets.places)
		return;
	cache->counted[leads_on].lookups++;
	cache->counted[leads_on].hits += hit;
}

bool pa_cache_find(struct pa_cache *cache, const struct pa_key *key, struct pa_region *found)
{
	pthread_mutex_lock(&cache->lock);
	const struct pa_region *region = find(cache, key);

	if (key->counted)
		count_lookup(cache, key->leads_on, region != NULL);
	if (region)
		*found = *region;
	pthread_mutex_unlock(&cache->lock);
	return region != NULL;
}

bool pa_cache_find_for(struct pa_cache *cache, const struct pa_key *key, struct watch *watch,
		       struct pa_region *found)
{
	const struct watched watched = { cache->kind == SMMU3_INVALIDATES_DPT ? SMMU3_KEPT_DPT :
										SMMU3_KEPT_GPT,
					 found };

	struct pa_key asked = *key;

	asked.counted = key->counted && watch_counts(watch);
	return pa_cache_find(cache, &asked, found) && watch_uses(watch, &watched);
}

static bool holds_same(const struct pa_place *place, const struct pa_region *region)
{
	const struct pa_key key = { .addr = region->first,
				    .sec_sid = region->sec_sid,
				    .leads_on = region->leads_on };

	return holds(place, &key, region->size_lg2);
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct pa_place *place_for(struct pa_cache *cache, const struct pa_region *region)
{
	struct pa_place *place = places_of(cache, region->first, region->size_lg2);
	struct pa_place *free_place = NULL;

	for (uint32_t i = 0; i < cache->sets.ways; i++) {
		if (holds_same(&place[i], region))
			return &place[i];
		if (!place[i].kept)
			free_place = &place[i];
	}
	return free_place ? free_place :
			    &place[sets_victim(&cache->sets, (uint32_t)(place - cache->place))];
}

/* What stood in its place was nothing, the same, or is no longer kept. */
static void count_fill(struct pa_cache *cache, const struct pa_place *before,
		       const struct pa_region *region)
{
	cache->counted[region->leads_on].fills++;
	cache->counted[before->region.leads_on].evictions += before->kept &&
							     !holds_same(before, region);
}

/* Would somebody have to go for it? */
static bool is_crowded(const struct pa_cache *cache, const struct pa_region *region)
{
	const struct pa_place *place = places_of(cache, region->first, region->size_lg2);

	for (uint32_t i = 0; i < cache->sets.ways; i++)
		if (!place[i].kept || holds_same(&place[i], region))
			return false;
	return true;
}

/* All that is kept, in a table of twice as many places.  false: as sets_double. */
static bool double_places(struct pa_cache *cache)
{
	struct pa_place *was = cache->place;
	struct sets were;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < cache->sets.places; i++)
		kept += was[i].kept;
	struct pa_place *place = sets_double(&cache->sets, sizeof(*place), kept, &were);

	if (!place)
		return false;
	cache->place = place;
	for (uint32_t i = 0; i < were.places; i++)
		if (was[i].kept)
			*place_for(cache, &was[i].region) = was[i];
	sets_free(&were);
	free(was);
	return true;
}

bool pa_cache_keep(struct pa_cache *cache, uint64_t age, const struct pa_region *region)
{
	if (!cache->sets.places)
		return false;
	pthread_mutex_lock(&cache->lock);
	const bool holds = pa_cache_age(cache) == age;

	if (holds) {
		while (unlikely(cache->grows) && is_crowded(cache, region) && double_places(cache))
			;
		struct pa_place *place = place_for(cache, region);

		if (cache->counts)
			count_fill(cache, place, region);
		*place = (struct pa_place){ *region, age, true };
		cache->sizes |= UINT64_C(1) << region->size_lg2;
	}
	pthread_mutex_unlock(&cache->lock);
	return holds;
}

void pa_cache_keep_for(struct pa_cache *cache, uint64_t age, struct watch *watch,
		       const struct pa_region *region)
{
	const struct watched watched = { cache->kind == SMMU3_INVALIDATES_DPT ? SMMU3_KEPT_DPT :
										SMMU3_KEPT_GPT,
					 region };

	if (!watch_may_keep(watch))
		return;
	if (pa_cache_keep(cache, age, region))
		watch_keeps(watch, &watched);
}

/* ---- What an invalidation means ---- */

/* Of a scope that has some; one that reaches past the last address ends there.  Too much may go,
 * but not too little. */
static uint64_t last_of(const struct smmu3_invalidation *scope)
{
	const uint64_t more = scope->bytes - 1;

	return more < ~scope->addr ? scope->addr + more : UINT64_MAX;
}

/* What removes it, of its table. */
static enum smmu3_invalidation_kind kind_of(const struct pa_region *region)
{
	return region->sec_sid == SMMU3_PAS_ROOT ? SMMU3_INVALIDATES_GPT : SMMU3_INVALIDATES_DPT;
}

bool pa_region_is_meant(const struct pa_region *region, const struct smmu3_invalidation *scope)
{
	const uint64_t first = region->first, last = first + low_bits(region->size_lg2);
	const uint64_t from = scope->addr, to = last_of(scope);

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
	if (scope->kind != kind_of(region) || scope->sec_sid != region->sec_sid ||
	    (region->leads_on && scope->leaf))
		return false;
	if (!scope->bytes)
		return true;
	return region->leads_on || region->granule ? from <= last && first <= to :
						     from <= first && last <= to;
}

/* What was kept before an age. */
static void forget(struct pa_cache *cache, const struct smmu3_invalidation *scope, uint64_t before)
{
	for (uint32_t i = 0; i < cache->sets.places; i++) {
		struct pa_place *place = &cache->place[i];

		if (place->age >= before || !pa_region_is_meant(&place->region, scope))
			continue;
		cache->counted[place->region.leads_on].removed += cache->counts && place->kept;
		place->kept = false;
	}
}

static bool means_regions(const struct pa_cache *cache, const struct smmu3_invalidation *scope)
{
	return scope->kind == cache->kind || scope->kind == SMMU3_INVALIDATES_ALL;
}

uint64_t pa_cache_announce(struct pa_cache *cache)
{
	return atomic_fetch_add_explicit(&cache->age, 1, memory_order_acq_rel) + 1;
}

void pa_cache_forget_older(struct pa_cache *cache, const struct smmu3_invalidation *scope,
			   uint64_t age)
{
	if (!means_regions(cache, scope))
		return;
	pthread_mutex_lock(&cache->lock);
	forget(cache, scope, age);
	pthread_mutex_unlock(&cache->lock);
}

void pa_cache_forget(struct pa_cache *cache, const struct smmu3_invalidation *scope)
{
	if (!means_regions(cache, scope))
		return;
	pthread_mutex_lock(&cache->lock);
	forget(cache, scope, pa_cache_announce(cache));
	pthread_mutex_unlock(&cache->lock);
}

void pa_cache_forget_all(struct pa_cache *cache)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	pa_cache_forget(cache, &everything);
	pthread_mutex_lock(&cache->lock);
	sets_restart(&cache->sets);
	pthread_mutex_unlock(&cache->lock);
}

/* ---- Statistics ---- */

void pa_cache_stats(struct pa_cache *cache, struct smmu3_cache_stats *said,
		    struct smmu3_cache_stats *tables)
{
	pthread_mutex_lock(&cache->lock);
	*said = cache->counted[false];
	*tables = cache->counted[true];
	pthread_mutex_unlock(&cache->lock);
}

void pa_cache_stats_reset(struct pa_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	memset(cache->counted, 0, sizeof(cache->counted));
	pthread_mutex_unlock(&cache->lock);
}
