/* SPDX-License-Identifier: MIT */
#include "config/structures.h"

#include <stdlib.h>
#include <string.h>

static void array_free(struct structure_array *array)
{
	sets_free(&array->sets);
	free(array->structure);
}

static bool array_init(struct structure_array *array, uint32_t places)
{
	array->structure = places ? calloc(places, sizeof(*array->structure)) : NULL;
	return sets_init(&array->sets, places) && (!places || array->structure);
}

static void free_arrays(struct structures *structures)
{
	for (unsigned kind = 0; kind < STRUCTURE_KINDS; kind++)
		array_free(&structures->array[kind]);
}

bool structures_init(struct structures *structures, const uint32_t places[STRUCTURE_KINDS])
{
	bool made = true;

	*structures = (struct structures){ .array = { { .structure = NULL } } };
	atomic_init(&structures->age, 0);
	for (unsigned kind = 0; kind < STRUCTURE_KINDS; kind++)
		made &= array_init(&structures->array[kind], places[kind]);
	if (made && !pthread_mutex_init(&structures->lock, NULL))
		return true;
	free_arrays(structures);
	return false;
}

void structures_free(struct structures *structures)
{
	free_arrays(structures);
	pthread_mutex_destroy(&structures->lock);
}

/* ---- One kind ---- */

static bool is_named(const struct structure *structure, struct structure_name name)
{
	return structure->kept && structure->name.sid == name.sid &&
	       structure->name.index == name.index && structure->name.sec_sid == name.sec_sid;
}

/* The first of the places where it may be. */
static struct structure *places_of(const struct structure_array *array, struct structure_name name)
{
	const uint64_t key = ((uint64_t)name.index << 32 | name.sid) ^ (uint64_t)name.sec_sid << 62;

	return &array->structure[sets_first(&array->sets, key)];
}

static const struct structure *find(const struct structure_array *array, struct structure_name name)
{
	if (!array->sets.places)
		return NULL;
	const struct structure *structure = places_of(array, name);

	for (uint32_t i = 0; i < array->sets.ways; i++)
		if (is_named(&structure[i], name))
			return &structure[i];
	return NULL;
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct structure *place_for(struct structure_array *array, struct structure_name name)
{
	struct structure *structure = places_of(array, name), *free_place = NULL;

	for (uint32_t i = 0; i < array->sets.ways; i++) {
		if (is_named(&structure[i], name))
			return &structure[i];
		if (!structure[i].kept)
			free_place = &structure[i];
	}
	if (free_place)
		return free_place;
	return &structure[sets_victim(&array->sets, (uint32_t)(structure - array->structure))];
}

static void count_lookup(struct structures *structures, enum structure_kind kind, bool hit)
{
	if (!structures->array[kind].sets.places)
		return;
	structures->counted[kind].lookups++;
	structures->counted[kind].hits += hit;
}

ALWAYS_INLINE bool look_up(struct structures *structures, enum structure_kind kind,
			   struct structure_name name, struct structure *found, bool counted)
{
	pthread_mutex_lock(&structures->lock);
	const struct structure *structure = find(&structures->array[kind], name);

	if (counted)
		count_lookup(structures, kind, structure != NULL);
	if (structure)
		*found = *structure;
	pthread_mutex_unlock(&structures->lock);
	return structure != NULL;
}

bool structure_find(struct structures *structures, enum structure_kind kind,
		    struct structure_name name, struct structure *found)
{
	return look_up(structures, kind, name, found, false);
}

bool structure_find_counted(struct structures *structures, enum structure_kind kind,
			    struct structure_name name, struct structure *found)
{
	return look_up(structures, kind, name, found, true);
}

static void count_fill(struct smmu3_cache_stats *counted, const struct structure *before,
		       struct structure_name name)
{
	counted->fills++;
	counted->evictions += before->kept && !is_named(before, name);
}

void structure_keep(struct structures *structures, uint64_t age, enum structure_kind kind,
		    const struct structure *structure)
{
	struct structure_array *array = &structures->array[kind];

	if (!array->sets.places)
		return;
	pthread_mutex_lock(&structures->lock);
	if (structures_age(structures) == age) {
		struct structure *place = place_for(array, structure->name);

		if (structures->counts)
			count_fill(&structures->counted[kind], place, structure->name);
		*place = *structure;
		place->kept = true;
	}
	pthread_mutex_unlock(&structures->lock);
}

/* ---- What an invalidation means ---- */

/* StreamIDs [sid, sid + count) of which the scope has one. */
static bool streams_are_meant(uint32_t sid, uint64_t count, const struct smmu3_invalidation *scope)
{
	return sid < scope->sid + scope->sids && scope->sid < sid + count;
}

/* CMD_CFGI_STE: the STE, the CDs reached through it, without Leaf the descriptors above.
 * CMD_CFGI_CD: CDs alone.  4.3.1 to 4.3.4 */
static bool is_meant(enum structure_kind kind, struct structure_name name,
		     const struct smmu3_invalidation *scope)
{
	const bool of_streams = scope->kind == SMMU3_INVALIDATES_STREAM;

	if (scope->kind == SMMU3_INVALIDATES_ALL)
		return true;
	if (name.sec_sid != scope->sec_sid)
		return false;
	switch (kind) {
	case STRUCTURE_L1STD:
		return of_streams && !scope->leaf &&
		       streams_are_meant(name.sid, UINT64_C(1) << name.index, scope);
	case STRUCTURE_STREAM:
		return of_streams && streams_are_meant(name.sid, 1, scope);
	default:
		return streams_are_meant(name.sid, 1, scope) &&
		       (of_streams || scope->any_ssid || scope->ssid == name.index);
	}
}

static void forget(struct structures *structures, enum structure_kind kind,
		   const struct smmu3_invalidation *scope)
{
	const struct structure_array *array = &structures->array[kind];

	for (uint32_t i = 0; i < array->sets.places; i++) {
		struct structure *structure = &array->structure[i];

		if (!is_meant(kind, structure->name, scope))
			continue;
		structures->counted[kind].removed += structures->counts && structure->kept;
		structure->kept = false;
	}
}

void structures_forget(struct structures *structures, const struct smmu3_invalidation *scope)
{
	if (scope->kind != SMMU3_INVALIDATES_STREAM && scope->kind != SMMU3_INVALIDATES_CONTEXT &&
	    scope->kind != SMMU3_INVALIDATES_ALL)
		return;
	pthread_mutex_lock(&structures->lock);
	atomic_fetch_add_explicit(&structures->age, 1, memory_order_acq_rel);
	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++)
		forget(structures, kind, scope);
	pthread_mutex_unlock(&structures->lock);
}

void structures_forget_all(struct structures *structures)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	structures_forget(structures, &everything);
}

/* ---- Statistics ---- */

void structures_stats(struct structures *structures, struct smmu3_cache_stats cache[SMMU3_CACHES])
{
	pthread_mutex_lock(&structures->lock);
	cache[SMMU3_CACHE_L1STD] = structures->counted[STRUCTURE_L1STD];
	cache[SMMU3_CACHE_STE] = structures->counted[STRUCTURE_STREAM];
	cache[SMMU3_CACHE_CD] = structures->counted[STRUCTURE_CONTEXT];
	pthread_mutex_unlock(&structures->lock);
}

void structures_stats_reset(struct structures *structures)
{
	pthread_mutex_lock(&structures->lock);
	memset(structures->counted, 0, sizeof(structures->counted));
	pthread_mutex_unlock(&structures->lock);
}
