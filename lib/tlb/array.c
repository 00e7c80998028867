/* SPDX-License-Identifier: MIT */
#include "tlb/array.h"

#include <string.h>

_Static_assert(SETS_WAYS == 4, "marks of a set are one word");

bool tlb_array_init(struct tlb_array *array, uint32_t places, const struct forgotten *forgotten)
{
	*array = (struct tlb_array){ .forgotten = forgotten };
	if (!sets_init(&array->sets, places))
		return false;
	if (!places)
		return true;
	array->entry = calloc(places, sizeof(*array->entry));
	array->marks = calloc(places / array->sets.ways, sizeof(*array->marks));
	return array->entry && array->marks;
}

void tlb_array_free(struct tlb_array *array)
{
	sets_free(&array->sets);
	free(array->entry);
	free(array->marks);
	free(array->beside);
}

/* Of one that grows. */
enum { PLACES_MOST = 1 << 24 };

/* ---- Sets ---- */

/* Where something is, if it is. */
struct spot {
	uint32_t first; /* place */
	uint8_t mark;
};

ALWAYS_INLINE struct spot spot_of(const struct tlb_array *array, enum tlb_kind kind, uint16_t vmid,
				  uint64_t input, unsigned size_lg2)
{
	const uint64_t key = (input >> size_lg2 << 6 | size_lg2) ^ (uint64_t)vmid << 40 ^
			     (uint64_t)kind << 60;
	const uint8_t mark = (uint8_t)(sets_mix(key) >> 32);

	return (struct spot){ sets_first(&array->sets, key), mark ? mark : 1 };
}

ALWAYS_INLINE struct spot spot_of_tag(const struct tlb_array *array, const struct tlb_tag *tag)
{
	return spot_of(array, (enum tlb_kind)tag->kind, tag->regime.vmid, tag->input,
		       tag->size_lg2);
}

/* A smaller table has one set. */
ALWAYS_INLINE uint32_t *marks_of(const struct tlb_array *array, uint32_t place)
{
	return &array->marks[place / SETS_WAYS];
}

/* Bit 8 n + 7: way n has this mark.  A sum carries into that bit from all bits of a byte but none
 * beyond it. */
ALWAYS_INLINE uint32_t marked(uint32_t marks, uint8_t mark)
{
	const uint32_t lower = 0x7f7f7f7f, differs = marks ^ mark * UINT32_C(0x01010101);

	return ~(((differs & lower) + lower) | differs | lower);
}

ALWAYS_INLINE unsigned first_way(uint32_t ways)
{
	return (unsigned)__builtin_ctz(ways) / 8;
}

static void mark_place(struct tlb_array *array, uint32_t place, uint8_t mark)
{
	const unsigned lsb = place % SETS_WAYS * 8;
	uint32_t *marks = marks_of(array, place);

	*marks = (*marks & ~(UINT32_C(0xff) << lsb)) | (uint32_t)mark << lsb;
}

/* ---- What is there ---- */

static COLD bool outlives(struct tlb_array *array, struct tlb_entry *entry)
{
	const bool kept = entry->age >= forgotten_since(array->forgotten, &entry->tag);

	if (kept)
		entry->age = array->forgotten->newest;
	else
		entry->tag.kind = TLB_FREE;
	return kept;
}

/* Not forgotten with its regime; if it has been, its place is free now. */
ALWAYS_INLINE bool is_kept(struct tlb_array *array, struct tlb_entry *entry)
{
	return likely(entry->age >= array->forgotten->newest) || outlives(array, entry);
}

ALWAYS_INLINE struct tlb_entry *find_at(struct tlb_array *array, struct spot spot,
					const struct tlb_key *key, unsigned size_lg2)
{
	for (uint32_t ways = marked(*marks_of(array, spot.first), spot.mark); ways;
	     ways &= ways - 1) {
		struct tlb_entry *entry = &array->entry[spot.first + first_way(ways)];

		if (entry->tag.size_lg2 == size_lg2 &&
		    tag_translates(&entry->tag, key->kind, key->regime, key->input) &&
		    is_kept(array, entry))
			return entry;
	}
	return NULL;
}

/* The smallest of those that stand beside, from a size on, if it is smaller than `other`. */
static COLD struct tlb_entry *find_beside(struct tlb_array *array, const struct tlb_key *key,
					  unsigned from_lg2, struct tlb_entry *other)
{
	for (uint32_t i = 0; i < array->besides; i++) {
		struct tlb_entry *entry = &array->beside[i];

		if (entry->tag.size_lg2 >= from_lg2 &&
		    tag_translates(&entry->tag, key->kind, key->regime, key->input) &&
		    (!other || entry->tag.size_lg2 < other->tag.size_lg2))
			other = entry;
	}
	return other;
}

/* The smallest of one of these sizes: 1 << size_lg2. */
ALWAYS_INLINE struct tlb_entry *find_in_sets(struct tlb_array *array, const struct tlb_key *key,
					     uint64_t sizes)
{
	for (uint64_t left = array->held[key->kind].sizes & sizes; left; left &= left - 1) {
		const unsigned size_lg2 = (unsigned)__builtin_ctzll(left);
		const struct spot spot = spot_of(array, key->kind, key->regime->vmid, key->input,
						 size_lg2);
		struct tlb_entry *entry = find_at(array, spot, key, size_lg2);

		if (entry)
			return entry;
	}
	return NULL;
}

/* Without places there are no sizes either. */
struct tlb_entry *tlb_array_find(struct tlb_array *array, const struct tlb_key *key)
{
	struct tlb_entry *entry = find_in_sets(array, key, UINT64_MAX);

	return likely(!array->besides) ? entry : find_beside(array, key, 0, entry);
}

COLD struct tlb_entry *tlb_array_find_larger(struct tlb_array *array, const struct tlb_key *key,
					     unsigned size_lg2)
{
	struct tlb_entry *entry = find_in_sets(array, key, ~low_bits(size_lg2 + 1));

	return find_beside(array, key, size_lg2 + 1, entry);
}

/* ---- Keeping ---- */

static struct smmu3_cache_stats *counter_of(struct tlb_array *array, const struct tlb_tag *tag)
{
	const enum tlb_counted as = tag->both               ? TLB_COUNTS_BOTH :
				    tag->kind == TLB_STAGE1 ? TLB_COUNTS_STAGE1 :
							      TLB_COUNTS_STAGE2;

	return &array->counted[as];
}

static struct tlb_entry *free_place(struct tlb_array *array, uint32_t first)
{
	struct tlb_entry *entry = &array->entry[first], *free_place = NULL;

	for (uint32_t i = 0; i < array->sets.ways; i++)
		if (entry[i].tag.kind == TLB_FREE || !is_kept(array, &entry[i]))
			free_place = &entry[i];
	return free_place;
}

/* A place for a tag: where its translation stands already, a free one, or one whose turn it is. */
static struct tlb_entry *place_for(struct tlb_array *array, struct spot spot,
				   const struct tlb_tag *tag)
{
	const struct tlb_key key = { (enum tlb_kind)tag->kind, &tag->regime, tag->input };
	struct tlb_entry *same = find_at(array, spot, &key, tag->size_lg2);
	struct tlb_entry *place = same ? same : free_place(array, spot.first);

	return place ? place : &array->entry[spot.first + sets_victim(&array->sets, spot.first)];
}

/* What stood in its place was nothing, the same, or is no longer kept. */
static void count_fill(struct tlb_array *array, const struct tlb_tag *before,
		       const struct tlb_tag *tag)
{
	counter_of(array, tag)->fills++;
	if (before->kind != TLB_FREE &&
	    !(before->size_lg2 == tag->size_lg2 &&
	      tag_translates(before, (enum tlb_kind)tag->kind, &tag->regime, tag->input)))
		counter_of(array, before)->evictions++;
}

static void hold(struct tlb_held *held, const struct tlb_tag *tag)
{
	uint8_t *origin = &held[tag->kind].origin[tag->size_lg2];

	held[tag->kind].sizes |= UINT64_C(1) << tag->size_lg2;
	held[tag->kind].vmids |= tag->regime.vmid;
	if (*origin < tag->origin_lg2)
		*origin = tag->origin_lg2;
}

/* Does nobody have to go for it? */
static bool has_room(struct tlb_array *array, const struct tlb_entry *entry)
{
	const struct spot spot = spot_of_tag(array, &entry->tag);
	const struct tlb_key key = { (enum tlb_kind)entry->tag.kind, &entry->tag.regime,
				     entry->tag.input };

	return find_at(array, spot, &key, entry->tag.size_lg2) || free_place(array, spot.first);
}

static struct tlb_entry *same_beside(struct tlb_array *array, const struct tlb_entry *entry)
{
	const struct tlb_tag *tag = &entry->tag;

	for (uint32_t i = 0; i < array->besides; i++)
		if (array->beside[i].tag.size_lg2 == tag->size_lg2 &&
		    tag_translates(&array->beside[i].tag, (enum tlb_kind)tag->kind, &tag->regime,
				   tag->input))
			return &array->beside[i];
	return NULL;
}

static bool put_beside(struct tlb_array *array, const struct tlb_entry *entry)
{
	if (array->besides == array->room_beside) {
		const uint32_t room = array->room_beside ? 2 * array->room_beside : 64;
		struct tlb_entry *larger = realloc(array->beside, room * sizeof(*larger));

		if (!larger)
			return false;
		array->beside = larger;
		array->room_beside = room;
	}
	array->beside[array->besides++] = *entry;
	hold(array->held, &entry->tag);
	return true;
}

static bool put_beside_or_in(struct tlb_array *array, const struct tlb_entry *entry)
{
	if (!has_room(array, entry))
		return put_beside(array, entry);
	const struct spot spot = spot_of_tag(array, &entry->tag);
	struct tlb_entry *place = place_for(array, spot, &entry->tag);

	*place = *entry;
	mark_place(array, (uint32_t)(place - array->entry), spot.mark);
	hold(array->held, &entry->tag);
	return true;
}

/* All that is kept, in a table of twice as many places.  What differs in its ASID alone is of one
 * set, whatever the places.  false: there is no memory. */
static bool double_places(struct tlb_array *array)
{
	struct tlb_array larger;
	bool moved = tlb_array_init(&larger, 2 * array->sets.places, array->forgotten);

	larger.grows = true;
	for (uint32_t i = 0; moved && i < array->sets.places; i++) {
		struct tlb_entry *entry = &array->entry[i];

		if (entry->tag.kind != TLB_FREE && is_kept(array, entry))
			moved = put_beside_or_in(&larger, entry);
	}
	for (uint32_t i = 0; moved && i < array->besides; i++)
		moved = put_beside_or_in(&larger, &array->beside[i]);
	if (moved)
		memcpy(larger.counted, array->counted, sizeof(larger.counted));
	tlb_array_free(moved ? array : &larger);
	if (moved)
		*array = larger;
	return moved;
}

/* true: it stands beside. */
static COLD bool make_room(struct tlb_array *array, const struct tlb_entry *entry, bool counts)
{
	struct tlb_entry *same = same_beside(array, entry);

	if (same) {
		*same = *entry;
		return true;
	}
	if (has_room(array, entry))
		return false;
	if (array->besides >= array->sets.places / 8 && array->sets.places < PLACES_MOST)
		(void)double_places(array);
	if (has_room(array, entry) || !put_beside(array, entry))
		return false;
	if (counts)
		counter_of(array, &entry->tag)->fills++;
	return true;
}

void tlb_array_put(struct tlb_array *array, const struct tlb_entry *entry, bool counts)
{
	if (unlikely(array->grows) && make_room(array, entry, counts))
		return;
	const struct spot spot = spot_of_tag(array, &entry->tag);
	struct tlb_entry *place = place_for(array, spot, &entry->tag);

	if (counts)
		count_fill(array, &place->tag, &entry->tag);
	*place = *entry;
	mark_place(array, (uint32_t)(place - array->entry), spot.mark);
	hold(array->held, &entry->tag);
}

/* ---- Forgetting one by one ---- */

struct search {
	struct tlb_array *array;
	const struct smmu3_invalidation *scope;
	const struct tlb_forgetting *forgetting;
	uint64_t first, last; /* addresses */
	uint32_t probes;      /* that may still be done */
	bool counts;
};

static bool is_forgotten(const struct search *search, const struct tlb_entry *entry)
{
	return entry->age < search->forgetting->before &&
	       search->forgetting->meant(&entry->tag, search->scope);
}

static void drop(const struct search *search, struct tlb_entry *entry)
{
	if (search->counts)
		counter_of(search->array, &entry->tag)->removed++;
	entry->tag.kind = TLB_FREE;
}

/* Every place.  What may be there is known better then. */
static void search_all(const struct search *search)
{
	struct tlb_array *array = search->array;

	memset(array->held, 0, sizeof(array->held));
	for (uint32_t i = 0; i < array->sets.places; i++) {
		struct tlb_entry *entry = &array->entry[i];

		if (entry->tag.kind == TLB_FREE || !is_kept(array, entry))
			continue;
		if (is_forgotten(search, entry))
			drop(search, entry);
		else
			hold(array->held, &entry->tag);
	}
	for (uint32_t i = 0; i < array->besides; i++)
		hold(array->held, &array->beside[i].tag);
}

static void search_set(const struct search *search, struct spot spot)
{
	for (uint32_t ways = marked(*marks_of(search->array, spot.first), spot.mark); ways;
	     ways &= ways - 1) {
		struct tlb_entry *entry = &search->array->entry[spot.first + first_way(ways)];

		if (is_forgotten(search, entry))
			drop(search, entry);
	}
}

static bool kind_is_of(enum tlb_kind kind, const struct smmu3_invalidation *scope)
{
	return scope->kind == SMMU3_INVALIDATES_STAGES ||
	       (scope->kind == SMMU3_INVALIDATES_STAGE1) == (kind == TLB_STAGE1);
}

/* VMIDs that what is meant by address may have.  false: any. */
static bool vmids_of(const struct search *search, enum tlb_kind kind, uint16_t *vmid,
		     uint32_t *count)
{
	const struct smmu3_invalidation *scope = search->scope;
	const bool of_el1 = !scope->worlds || scope->worlds & SMMU3_WORLD_EL1;
	const bool of_others = scope->worlds & ~SMMU3_WORLD_EL1;

	*vmid = of_el1 && !scope->any_vmid ? scope->vmid : 0;
	*count = of_el1 && !scope->any_vmid ? scope->vmids : 1;
	if (!of_el1)
		return true;
	return scope->any_vmid ? !search->array->held[kind].vmids : !of_others;
}

/* As large as what it was cut from: it goes with that.  false: there are too many. */
static bool search_size(struct search *search, enum tlb_kind kind, uint16_t vmid, unsigned size_lg2)
{
	const unsigned origin_lg2 = search->array->held[kind].origin[size_lg2];
	const uint64_t from = align_down(search->first, origin_lg2) >> size_lg2;
	const uint64_t to = (search->last | low_bits(origin_lg2)) >> size_lg2;

	if (to - from >= search->probes)
		return false;
	search->probes -= (uint32_t)(to - from) + 1;
	for (uint64_t i = from; i <= to; i++)
		search_set(search, spot_of(search->array, kind, vmid, i << size_lg2, size_lg2));
	return true;
}

static bool search_sizes(struct search *search, enum tlb_kind kind, uint16_t vmid)
{
	for (uint64_t left = search->array->held[kind].sizes; left; left &= left - 1)
		if (!search_size(search, kind, vmid, (unsigned)__builtin_ctzll(left)))
			return false;
	return true;
}

static bool search_kind(struct search *search, enum tlb_kind kind)
{
	uint16_t vmid;
	uint32_t count;

	if (!kind_is_of(kind, search->scope) || !search->array->held[kind].sizes)
		return true;
	if (!vmids_of(search, kind, &vmid, &count))
		return false;
	for (uint32_t i = 0; i < count; i++)
		if (!search_sizes(search, kind, (uint16_t)(vmid + i)))
			return false;
	return true;
}

/* Where what has these addresses is.  false: there are as many sets to look at as there are, or
 * every address is meant. */
static bool search_addresses(struct search *search)
{
	const struct smmu3_invalidation *scope = search->scope;

	search->first = tlb_input(scope->addr);
	search->last = search->first + scope->bytes - 1;
	search->probes = search->array->sets.places / search->array->sets.ways;
	if (scope->kind == SMMU3_INVALIDATES_ALL || !scope->bytes || search->last < search->first ||
	    search->last >> 56)
		return false;
	for (enum tlb_kind kind = TLB_STAGE1; kind <= TLB_STAGE2_NS; kind++)
		if (!search_kind(search, kind))
			return false;
	return true;
}

/* Those that stand beside; those that stay close ranks. */
static void search_beside(const struct search *search)
{
	struct tlb_array *array = search->array;
	uint32_t left = 0;

	for (uint32_t i = 0; i < array->besides; i++) {
		struct tlb_entry *entry = &array->beside[i];

		if (is_forgotten(search, entry))
			drop(search, entry);
		else
			array->beside[left++] = *entry;
	}
	array->besides = left;
}

void tlb_array_forget(struct tlb_array *array, const struct tlb_forgetting *forgetting, bool counts)
{
	struct search search = { .array = array,
				 .scope = forgetting->scope,
				 .forgetting = forgetting,
				 .counts = counts };

	if (!array->sets.places)
		return;
	if (!search_addresses(&search))
		search_all(&search);
	search_beside(&search);
}
