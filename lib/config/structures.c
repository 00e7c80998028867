/* SPDX-License-Identifier: MIT */
#include "config/structures.h"

#include "mem/watch.h"

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
	chains_free(&structures->of_streams);
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

static uint64_t stream_name(uint32_t sid)
{
	return UINT64_C(1) << 32 | sid; /* not 0 */
}

static COLD bool outlives(const struct structures *structures, enum structure_kind kind,
			  struct structure *structure)
{
	const struct structure_name *name = &structure->name;
	const uint64_t all = structures->forgotten.all[kind][name->sec_sid];
	const uint64_t own = kind != STRUCTURE_CONTEXT ?
				     0 :
				     floors_of(&structures->forgotten.contexts[name->sec_sid],
					       stream_name(name->sid));

	structure->kept = structure->age >= all && structure->age >= own;
	if (structure->kept)
		structure->age = structures->forgotten.newest;
	return structure->kept;
}

/* Not forgotten with others; if it has been, its place is free now. */
ALWAYS_INLINE bool is_kept(const struct structures *structures, enum structure_kind kind,
			   struct structure *structure)
{
	return structure->kept && (likely(structure->age >= structures->forgotten.newest) ||
				   outlives(structures, kind, structure));
}

static struct structure *find(const struct structures *structures, enum structure_kind kind,
			      struct structure_name name)
{
	const struct structure_array *array = &structures->array[kind];

	if (!array->sets.places)
		return NULL;
	struct structure *structure = places_of(array, name);

	for (uint32_t i = 0; i < array->sets.ways; i++)
		if (is_named(&structure[i], name) && is_kept(structures, kind, &structure[i]))
			return &structure[i];
	return NULL;
}

static struct structure *free_place(const struct structures *structures, enum structure_kind kind,
				    struct structure *structure)
{
	struct structure *free_place = NULL;

	for (uint32_t i = 0; i < structures->array[kind].sets.ways; i++)
		if (!is_kept(structures, kind, &structure[i]))
			free_place = &structure[i];
	return free_place;
}

/* Where it stands already, a free place, or one whose turn it is. */
static struct structure *place_for(struct structures *structures, enum structure_kind kind,
				   struct structure_name name)
{
	struct structure_array *array = &structures->array[kind];
	struct structure *first = places_of(array, name), *place = find(structures, kind, name);

	if (!place)
		place = free_place(structures, kind, first);
	if (place)
		return place;
	return &first[sets_victim(&array->sets, (uint32_t)(first - array->structure))];
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
	const struct structure *structure = find(structures, kind, name);

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

static struct watched watched_as(enum structure_kind kind, const struct structure_name *name)
{
	static const uint8_t kinds[] = {
		[STRUCTURE_L1STD] = SMMU3_KEPT_L1STD,
		[STRUCTURE_STREAM] = SMMU3_KEPT_STE,
		[STRUCTURE_CONTEXT] = SMMU3_KEPT_CD,
	};

	if (kind == STRUCTURE_CONTEXT && structure_is_l1cd(*name))
		return (struct watched){ SMMU3_KEPT_L1CD, name };
	return (struct watched){ kinds[kind], name };
}

bool structure_find_told(const struct mem_view *view, enum structure_kind kind,
			 struct structure_name name, struct structure *found)
{
	const struct watched watched = watched_as(kind, &name);

	return look_up(view->structures, kind, name, found, watch_counts(view->watch)) &&
	       watch_uses(view->watch, &watched);
}

static void count_fill(struct smmu3_cache_stats *counted, const struct structure *before,
		       struct structure_name name)
{
	counted->fills++;
	counted->evictions += before->kept && !is_named(before, name);
}

/* What may be there. */
static void hold(struct structures *structures, enum structure_kind kind,
		 struct structure_name name)
{
	if (kind == STRUCTURE_L1STD)
		structures->splits |= UINT64_C(1) << name.index;
	if (kind == STRUCTURE_CONTEXT)
		structures->indexes |= name.index;
}

static uint32_t hash_of_stream(uint32_t sid, uint8_t sec_sid)
{
	return (uint32_t)(sets_mix((uint64_t)sec_sid << 32 | sid) >> 32);
}

/* Of the place of a CD. */
static uint32_t number_of(const struct structures *structures, const struct structure *structure)
{
	return (uint32_t)(structure - structures->array[STRUCTURE_CONTEXT].structure) + 1;
}

/* A CD at a place where another may have stood. */
static void chain_to_stream(struct structures *structures, const struct structure *structure)
{
	const uint32_t number = number_of(structures, structure);

	chains_take(&structures->of_streams, number);
	structures->lost |= !chains_put(&structures->of_streams, number,
					hash_of_stream(structure->name.sid,
						       structure->name.sec_sid));
}

static void move_in(struct structures *structures, enum structure_kind kind,
		    const struct structure *structure)
{
	struct structure *place = place_for(structures, kind, structure->name);

	*place = *structure;
	if (kind == STRUCTURE_CONTEXT)
		chain_to_stream(structures, place);
}

/* All that is kept, in a table of twice as many places.  false: as sets_double. */
static bool double_places(struct structures *structures, enum structure_kind kind)
{
	struct structure_array *array = &structures->array[kind];
	struct structure *was = array->structure;
	struct sets were;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < array->sets.places; i++)
		kept += is_kept(structures, kind, &was[i]);
	struct structure *larger = sets_double(&array->sets, sizeof(*larger), kept, &were);

	if (!larger)
		return false;
	array->structure = larger;
	if (kind == STRUCTURE_CONTEXT)
		chains_free(&structures->of_streams);
	for (uint32_t i = 0; i < were.places; i++)
		if (was[i].kept)
			move_in(structures, kind, &was[i]);
	sets_free(&were);
	free(was);
	return true;
}

/* Somebody would have to go for it. */
static bool is_crowded(struct structures *structures, enum structure_kind kind,
		       struct structure_name name)
{
	return !find(structures, kind, name) &&
	       !free_place(structures, kind, places_of(&structures->array[kind], name));
}

static COLD void make_room(struct structures *structures, enum structure_kind kind,
			   struct structure_name name)
{
	while (is_crowded(structures, kind, name) && double_places(structures, kind))
		;
}

bool structure_keep(struct structures *structures, uint64_t age, enum structure_kind kind,
		    const struct structure *structure)
{
	if (!structures->array[kind].sets.places)
		return false;
	pthread_mutex_lock(&structures->lock);
	const bool holds = structures_age(structures) == age;

	if (holds) {
		if (structures->grows)
			make_room(structures, kind, structure->name);
		struct structure *place = place_for(structures, kind, structure->name);

		if (structures->counts)
			count_fill(&structures->counted[kind], place, structure->name);
		*place = *structure;
		place->kept = true;
		place->age = age;
		if (structures->grows && kind == STRUCTURE_CONTEXT)
			chain_to_stream(structures, place);
		hold(structures, kind, structure->name);
	}
	pthread_mutex_unlock(&structures->lock);
	return holds;
}

void structure_keep_for(const struct mem_view *view, enum structure_kind kind,
			const struct structure *structure)
{
	const struct watched watched = watched_as(kind, &structure->name);

	if (!view->keeps || !watch_may_keep(view->watch))
		return;
	if (structure->illegal && !view->structures->grows)
		return;
	if (structure_keep(view->structures, view->structures_age, kind, structure))
		watch_keeps(view->watch, &watched);
}

/* ---- Forgetting ---- */

/* If it was kept before an age. */
static void forget_one(struct structures *structures, enum structure_kind kind,
		       struct structure *structure, const struct smmu3_invalidation *scope,
		       uint64_t before)
{
	if (structure->age >= before || !structure_is_meant(kind, structure->name, scope))
		return;
	structures->counted[kind].removed += structures->counts && structure->kept;
	structure->kept = false;
	if (kind == STRUCTURE_CONTEXT)
		chains_take(&structures->of_streams, number_of(structures, structure));
}

/* Every place. */
static void search_all(struct structures *structures, enum structure_kind kind,
		       const struct smmu3_invalidation *scope, uint64_t before)
{
	const struct structure_array *array = &structures->array[kind];

	for (uint32_t i = 0; i < array->sets.places; i++)
		forget_one(structures, kind, &array->structure[i], scope, before);
}

static void search_one(struct structures *structures, enum structure_kind kind,
		       struct structure_name name, const struct smmu3_invalidation *scope,
		       uint64_t before)
{
	struct structure *structure = find(structures, kind, name);

	if (structure)
		forget_one(structures, kind, structure, scope, before);
}

/* Those of StreamIDs that are a multiple of 2^lg2, where such names may stand.  false: there are as
 * many of these as there are sets. */
static bool search_streams(struct structures *structures, enum structure_kind kind,
			   struct structure_name name, const struct smmu3_invalidation *scope,
			   uint64_t before)
{
	const struct sets *sets = &structures->array[kind].sets;
	const unsigned lg2 = kind == STRUCTURE_L1STD ? name.index : 0;
	const uint64_t first = (uint64_t)scope->sid >> lg2;
	const uint64_t last = (scope->sid + scope->sids - 1) >> lg2;

	if (!sets->places)
		return true;
	if (!scope->sids || last - first >= sets->places / sets->ways)
		return false;
	for (uint64_t i = first; i <= last; i++) {
		name.sid = (uint32_t)(i << lg2);
		search_one(structures, kind, name, scope, before);
	}
	return true;
}

static bool search_l1stds(struct structures *structures, struct structure_name name,
			  const struct smmu3_invalidation *scope, uint64_t before)
{
	for (uint64_t left = structures->splits; left; left &= left - 1) {
		name.index = (uint32_t)__builtin_ctzll(left);
		if (!search_streams(structures, STRUCTURE_L1STD, name, scope, before))
			return false;
	}
	return true;
}

static void search_chain(struct structures *structures, uint32_t hash,
			 const struct smmu3_invalidation *scope, uint64_t before)
{
	const struct structure_array *array = &structures->array[STRUCTURE_CONTEXT];
	const struct chains *chains = &structures->of_streams;

	for (uint32_t i = chains_first(chains, hash), after; i; i = after) {
		after = chains_after(chains, i);
		forget_one(structures, STRUCTURE_CONTEXT, &array->structure[i - 1], scope, before);
	}
}

/* All CDs of some streams, where each stands in the chain of its stream. */
static bool search_chains(struct structures *structures, const struct smmu3_invalidation *scope,
			  uint64_t before)
{
	if (structures->lost || scope->sids > structures->of_streams.heads)
		return false;
	for (uint64_t i = 0; i < scope->sids; i++)
		search_chain(structures, hash_of_stream((uint32_t)(scope->sid + i), scope->sec_sid),
			     scope, before);
	return true;
}

/* All CDs of some streams: the one that a stream without substreams has, or whatever it has. */
static bool forget_contexts(struct structures *structures, struct structure_name name,
			    const struct smmu3_invalidation *scope, uint64_t age)
{
	enum { STREAMS_MOST = 16 };

	if (structures->grows)
		return search_chains(structures, scope, age);
	if (!structures->indexes)
		return search_streams(structures, STRUCTURE_CONTEXT, name, scope, age);
	if (scope->sids > STREAMS_MOST)
		return false;
	for (uint64_t i = 0; i < scope->sids; i++)
		floors_raise(&structures->forgotten.contexts[scope->sec_sid],
			     stream_name((uint32_t)(scope->sid + i)), age);
	structures->forgotten.newest = age;
	return true;
}

/* A CD, and the L1CD above it, which is kept only where nothing has to go. */
static bool forget_context(struct structures *structures, const struct smmu3_invalidation *scope,
			   uint64_t age)
{
	const struct structure_name name = { .index = scope->ssid, .sec_sid = scope->sec_sid };
	bool found = search_streams(structures, STRUCTURE_CONTEXT, name, scope, age);

	for (unsigned i = 0; structures->grows && !scope->leaf && i < L1CD_SIZES; i++)
		found &= search_streams(structures, STRUCTURE_CONTEXT, name_of_l1cd_above(name, i),
					scope, age);
	return found;
}

/* false: it is to be looked for everywhere. */
static bool forget_named(struct structures *structures, enum structure_kind kind,
			 const struct smmu3_invalidation *scope, uint64_t age)
{
	const bool of_streams = scope->kind == SMMU3_INVALIDATES_STREAM;
	struct structure_name name = { .sec_sid = scope->sec_sid };

	if (kind == STRUCTURE_CONTEXT)
		return of_streams || scope->any_ssid ?
			       forget_contexts(structures, name, scope, age) :
			       forget_context(structures, scope, age);
	if (!of_streams)
		return true;
	return kind == STRUCTURE_L1STD ? search_l1stds(structures, name, scope, age) :
					 search_streams(structures, kind, name, scope, age);
}

static bool means_every_stream(const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_ALL ||
	       (scope->kind == SMMU3_INVALIDATES_STREAM && !scope->sid && scope->sids > UINT32_MAX);
}

/* By Security state. */
static void forget_states(struct structures *structures, enum structure_kind kind,
			  const struct smmu3_invalidation *scope, uint64_t age)
{
	for (uint8_t state = 0; state <= SMMU3_PAS_ROOT; state++)
		if (structure_is_meant(kind, (struct structure_name){ .sec_sid = state }, scope))
			structures->forgotten.all[kind][state] = age;
	structures->forgotten.newest = age;
}

/* One by one, of what was kept before an age, which no floor says. */
static void search(struct structures *structures, enum structure_kind kind,
		   const struct smmu3_invalidation *scope, uint64_t before)
{
	if (means_every_stream(scope) || !forget_named(structures, kind, scope, before))
		search_all(structures, kind, scope, before);
}

static void forget(struct structures *structures, enum structure_kind kind,
		   const struct smmu3_invalidation *scope, uint64_t age)
{
	if (structures->grows)
		search(structures, kind, scope, age);
	else if (structures->counts) /* what is removed must be seen */
		search_all(structures, kind, scope, age);
	else if (means_every_stream(scope))
		forget_states(structures, kind, scope, age);
	else if (!forget_named(structures, kind, scope, age))
		search_all(structures, kind, scope, age);
}

static bool has_places(const struct structures *structures)
{
	const struct structure_array *array = structures->array;

	return array[STRUCTURE_L1STD].sets.places | array[STRUCTURE_STREAM].sets.places |
	       array[STRUCTURE_CONTEXT].sets.places;
}

static bool means_structures(const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_STREAM ||
	       scope->kind == SMMU3_INVALIDATES_CONTEXT || scope->kind == SMMU3_INVALIDATES_ALL;
}

/* The lock keeps others from making them older, too. */
static uint64_t grow_older(struct structures *structures)
{
	const uint64_t age = structures_age(structures) + 1;

	atomic_store_explicit(&structures->age, age, memory_order_release);
	return age;
}

uint64_t structures_announce(struct structures *structures)
{
	pthread_mutex_lock(&structures->lock);
	const uint64_t age = grow_older(structures);

	pthread_mutex_unlock(&structures->lock);
	return age;
}

void structures_forget_older(struct structures *structures, const struct smmu3_invalidation *scope,
			     uint64_t age)
{
	if (!means_structures(scope))
		return;
	pthread_mutex_lock(&structures->lock);
	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++)
		search(structures, kind, scope, age);
	pthread_mutex_unlock(&structures->lock);
}

void structures_keep_everything(struct structures *structures)
{
	structures->grows = true;
}

void structures_forget(struct structures *structures, const struct smmu3_invalidation *scope)
{
	if (!means_structures(scope) || !has_places(structures))
		return;
	pthread_mutex_lock(&structures->lock);
	const uint64_t age = grow_older(structures);

	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++)
		forget(structures, kind, scope, age);
	pthread_mutex_unlock(&structures->lock);
}

void structures_forget_all(struct structures *structures)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	structures_forget(structures, &everything);
	pthread_mutex_lock(&structures->lock);
	for (enum structure_kind kind = 0; kind < STRUCTURE_KINDS; kind++)
		sets_restart(&structures->array[kind].sets);
	pthread_mutex_unlock(&structures->lock);
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
