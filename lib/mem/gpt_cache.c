/* SPDX-License-Identifier: MIT */
#include "mem/gpt_cache.h"

#include <stdlib.h>
#include <string.h>

bool gpt_cache_init(struct gpt_cache *cache, uint32_t places)
{
	*cache = (struct gpt_cache){ .place = NULL };
	atomic_init(&cache->age, 0);
	const bool sets_made = sets_init(&cache->sets, places);

	cache->place = places ? calloc(places, sizeof(*cache->place)) : NULL;
	if (sets_made && (!places || cache->place) && !pthread_mutex_init(&cache->lock, NULL))
		return true;
	sets_free(&cache->sets);
	free(cache->place);
	return false;
}

void gpt_cache_free(struct gpt_cache *cache)
{
	sets_free(&cache->sets);
	free(cache->place);
	pthread_mutex_destroy(&cache->lock);
}

static struct gpt_place *places_of(const struct gpt_cache *cache, uint64_t addr, unsigned size_lg2)
{
	return &cache->place[sets_first(&cache->sets, addr >> size_lg2 << 6 | size_lg2)];
}

/* A region of this size with the address, of one kind, in this place? */
static bool holds(const struct gpt_place *place, uint64_t addr, bool leads_on, unsigned size_lg2)
{
	const struct gpt_region *region = &place->region;

	return place->kept && region->leads_on == leads_on && region->size_lg2 == size_lg2 &&
	       region->first == align_down(addr, size_lg2);
}

static const struct gpt_region *find(const struct gpt_cache *cache, const struct gpt_key *key)
{
	for (uint64_t left = cache->sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);
		const struct gpt_place *place = places_of(cache, key->addr, size_lg2);

		for (uint32_t i = 0; i < cache->sets.ways; i++)
			if (holds(&place[i], key->addr, key->leads_on, size_lg2))
				return &place[i].region;
	}
	return NULL;
}

static void count_lookup(struct gpt_cache *cache, bool leads_on, bool hit)
{
	if (!cache->sets.places)
		return;
	cache->counted[leads_on].lookups++;
	cache->counted[leads_on].hits += hit;
}

bool gpt_cache_find(struct gpt_cache *cache, const struct gpt_key *key, struct gpt_region *found)
{
	pthread_mutex_lock(&cache->lock);
	const struct gpt_region *region = find(cache, key);

	if (key->counted)
		count_lookup(cache, key->leads_on, region != NULL);
	if (region)
		*found = *region;
	pthread_mutex_unlock(&cache->lock);
	return region != NULL;
}

static bool holds_same(const struct gpt_place *place, const struct gpt_region *region)
{
	return holds(place, region->first, region->leads_on, region->size_lg2);
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct gpt_place *place_for(struct gpt_cache *cache, const struct gpt_region *region)
{
	struct gpt_place *place = places_of(cache, region->first, region->size_lg2);
	struct gpt_place *free_place = NULL;

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
static void count_fill(struct gpt_cache *cache, const struct gpt_place *before,
		       const struct gpt_region *region)
{
	cache->counted[region->leads_on].fills++;
	cache->counted[before->region.leads_on].evictions += before->kept &&
							     !holds_same(before, region);
}

void gpt_cache_keep(struct gpt_cache *cache, uint64_t age, const struct gpt_region *region)
{
	if (!cache->sets.places)
		return;
	pthread_mutex_lock(&cache->lock);
	if (gpt_cache_age(cache) == age) {
		struct gpt_place *place = place_for(cache, region);

		if (cache->counts)
			count_fill(cache, place, region);
		*place = (struct gpt_place){ *region, true };
		cache->sizes |= UINT64_C(1) << region->size_lg2;
	}
	pthread_mutex_unlock(&cache->lock);
}

/* ---- What an invalidation means ---- */

/* Of a scope that has some; one that reaches past the last address ends there.  Too much may go,
 * but not too little. */
static uint64_t last_of(const struct smmu3_invalidation *scope)
{
	const uint64_t more = scope->bytes - 1;

	return more < ~scope->addr ? scope->addr + more : UINT64_MAX;
}

bool gpt_region_is_meant(const struct gpt_region *region, const struct smmu3_invalidation *scope)
{
	const uint64_t first = region->first, last = first + low_bits(region->size_lg2);
	const uint64_t from = scope->addr, to = last_of(scope);

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
	if (scope->kind != SMMU3_INVALIDATES_GPT || (region->leads_on && scope->leaf))
		return false;
	if (!scope->bytes)
		return true;
	return region->leads_on || region->granule ? from <= last && first <= to :
						     from <= first && last <= to;
}

static void forget(struct gpt_cache *cache, const struct smmu3_invalidation *scope)
{
	for (uint32_t i = 0; i < cache->sets.places; i++) {
		struct gpt_place *place = &cache->place[i];

		if (!gpt_region_is_meant(&place->region, scope))
			continue;
		cache->counted[place->region.leads_on].removed += cache->counts && place->kept;
		place->kept = false;
	}
}

void gpt_cache_forget(struct gpt_cache *cache, const struct smmu3_invalidation *scope)
{
	if (scope->kind != SMMU3_INVALIDATES_GPT && scope->kind != SMMU3_INVALIDATES_ALL)
		return;
	pthread_mutex_lock(&cache->lock);
	atomic_fetch_add_explicit(&cache->age, 1, memory_order_acq_rel);
	forget(cache, scope);
	pthread_mutex_unlock(&cache->lock);
}

void gpt_cache_forget_all(struct gpt_cache *cache)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	gpt_cache_forget(cache, &everything);
}

/* ---- Statistics ---- */

void gpt_cache_stats(struct gpt_cache *cache, struct smmu3_cache_stats stats[SMMU3_CACHES])
{
	pthread_mutex_lock(&cache->lock);
	stats[SMMU3_CACHE_GPT] = cache->counted[false];
	stats[SMMU3_CACHE_TABLES_GPT] = cache->counted[true];
	pthread_mutex_unlock(&cache->lock);
}

void gpt_cache_stats_reset(struct gpt_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	memset(cache->counted, 0, sizeof(cache->counted));
	pthread_mutex_unlock(&cache->lock);
}
