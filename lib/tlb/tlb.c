/* SPDX-License-Identifier: MIT */
#include "tlb/tlb.h"

#include "arch/ttd.h"
#include "tlb/hint.h"

#include <string.h>

bool tlb_init(struct tlb *tlb, uint32_t leaves, uint32_t tables)
{
	const bool leaves_made = tlb_array_init(&tlb->leaves, leaves, &tlb->forgotten);
	const bool tables_made = tlb_array_init(&tlb->tables, tables, &tlb->forgotten);

	memset(&tlb->forgotten, 0, sizeof(tlb->forgotten));
	atomic_init(&tlb->age, 0);
	tlb->counts = tlb->exact = tlb->contiguous = tlb->conflicts = false;
	if (leaves_made && tables_made && !pthread_mutex_init(&tlb->lock, NULL))
		return true;
	tlb_array_free(&tlb->leaves);
	tlb_array_free(&tlb->tables);
	return false;
}

void tlb_free(struct tlb *tlb)
{
	tlb_array_free(&tlb->leaves);
	tlb_array_free(&tlb->tables);
	pthread_mutex_destroy(&tlb->lock);
}

static void count_lookup(struct tlb_array *array, enum tlb_counted as, bool hit)
{
	if (!array->sets.places)
		return;
	array->counted[as].lookups++;
	array->counted[as].hits += hit;
}

/* As what it is counted; TLB_COUNTED: as nothing. */
ALWAYS_INLINE bool look_up(struct tlb *tlb, struct tlb_array *array, const struct tlb_key *key,
			   enum tlb_counted as, struct tlb_entry *found)
{
	pthread_mutex_lock(&tlb->lock);
	const struct tlb_entry *entry = tlb_array_find(array, key);

	if (as != TLB_COUNTED)
		count_lookup(array, as, entry != NULL);
	if (entry)
		*found = *entry;
	pthread_mutex_unlock(&tlb->lock);
	return entry != NULL;
}

/* Of a contiguous group one page or block is kept.  The others lie as it does, so that a leaf of
 * this input differs from it in the bits of its address that name a page of the group.  D8.7.1 */
static void move_to(struct leaf *leaf, const struct tlb_tag *tag, uint64_t input)
{
	const uint64_t within = low_bits(tag->size_lg2) & ~low_bits(leaf->size_lg2);

	leaf->address = (leaf->address & ~within) | (input & within);
}

static void move_within(struct leaves *leaves, const struct tlb_tag *tag, uint64_t input)
{
	move_to(&leaves->first, tag, input);
	if (leaves->combined)
		move_to(&leaves->second, tag, input);
}

/* ---- Conflicts ---- */

/* A page has none.  Of VMSAv9-128 it is not kept: such a leaf passes for one that has it. */
static bool has_nt(const struct leaf *leaf)
{
	enum { PAGES = 3 };

	return leaf->d128 || (leaf->level < PAGES && ttd_get(leaf->descriptor, TTD_NT));
}

/* Has a stage been given another size by a procedure that BBML 1 does not cover?  What has nT
 * conflicts with nothing, nor does what differs in its Contiguous bit alone.  3.21.1.2 */
static bool resized(const struct leaf *smaller, const struct leaf *larger)
{
	return larger->block_lg2 != smaller->block_lg2 && !has_nt(larger) && !has_nt(smaller);
}

/* Of one input.  3.21.1.1 to 3.21.1.3 */
static bool contradict(unsigned bbml, const struct leaves *smaller, const struct leaves *larger)
{
	if (bbml != 1)
		return bbml == 0;
	return resized(&smaller->first, &larger->first) ||
	       (smaller->combined && larger->combined &&
		resized(&smaller->second, &larger->second));
}

/* Of what is kept together now: another thread may have removed what was found. */
static COLD bool in_conflict(struct tlb *tlb, const struct tlb_key *key)
{
	bool conflict = false;

	pthread_mutex_lock(&tlb->lock);
	const struct tlb_entry *smallest = tlb_array_find(&tlb->leaves, key);

	for (const struct tlb_entry *other = smallest; other && !conflict;) {
		other = tlb_array_find_larger(&tlb->leaves, key, other->tag.size_lg2);
		conflict = other && contradict(tlb->bbml, &smallest->leaves, &other->leaves);
	}
	pthread_mutex_unlock(&tlb->lock);
	return conflict;
}

void tlb_tell_conflicts(struct tlb *tlb, bool tell, unsigned bbml)
{
	tlb->conflicts = tell;
	tlb->bbml = (uint8_t)bbml;
}

/* ---- Looking up ---- */

ALWAYS_INLINE bool find_leaves(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
			       struct leaves *leaves, struct tlb_tag *tag)
{
	struct tlb_entry entry;

	if (!look_up(tlb, &tlb->leaves, key, as, &entry))
		return false;
	*leaves = entry.leaves;
	if (tag)
		*tag = entry.tag;
	if (unlikely(tlb->contiguous))
		move_within(leaves, &entry.tag, key->input);
	if (unlikely(tlb->conflicts))
		leaves->conflict = in_conflict(tlb, key);
	return true;
}

bool tlb_find(struct tlb *tlb, const struct tlb_key *key, struct leaves *leaves)
{
	return find_leaves(tlb, key, TLB_COUNTED, leaves, NULL);
}

bool tlb_find_counted(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
		      struct leaves *leaves, struct tlb_tag *tag)
{
	return find_leaves(tlb, key, as, leaves, tag);
}

ALWAYS_INLINE bool find_table(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
			      struct table_found *table, struct tlb_tag *tag)
{
	struct tlb_entry entry;

	if (!look_up(tlb, &tlb->tables, key, as, &entry))
		return false;
	*table = entry.table;
	if (tag)
		*tag = entry.tag;
	return true;
}

bool tlb_find_table(struct tlb *tlb, const struct tlb_key *key, struct table_found *table)
{
	return find_table(tlb, key, TLB_COUNTED, table, NULL);
}

bool tlb_find_table_counted(struct tlb *tlb, const struct tlb_key *key, enum tlb_counted as,
			    struct table_found *table, struct tlb_tag *tag)
{
	return find_table(tlb, key, as, table, tag);
}

/* Puts an entry where it belongs, if it is still true. */
static bool keep(struct tlb *tlb, struct tlb_array *array, const struct tlb_entry *entry)
{
	if (!array->sets.places)
		return false;
	pthread_mutex_lock(&tlb->lock);
	const bool holds = tlb_age(tlb) == entry->age;

	if (holds)
		tlb_array_put(array, entry, tlb->counts);
	pthread_mutex_unlock(&tlb->lock);
	return holds;
}

/* log2 of how many blocks or pages of a size make up a contiguous group.  D8.7.1 */
static unsigned contiguous_lg2(unsigned block_lg2)
{
	switch (block_lg2) {
	case 12: /* 4KB: level 3, 2, 1 */
	case 21:
	case 30:
		return 4;
	case 14: /* 16KB: level 3 */
		return 7;
	case 36: /* 16KB with DS: level 1; 4KB with DS: level 0; 64KB: level 1; the bit is RES0 */
	case 39:
	case 42:
		return 0;
	default: /* 16KB: level 2; 64KB: level 3, 2 */
		return 5;
	}
}

/* Likewise of VMSAv9-128, where blocks of 256MB are of level 1 with 4KB, and of level 2 with 64KB.
 * D8-105 */
static unsigned contiguous128_lg2(unsigned block_lg2, int level)
{
	switch (block_lg2) {
	case 36: /* 4KB: level 0; 64KB: level 1; the bit is RES0 */
	case 40:
		return 0;
	case 14: /* 16KB: level 3 */
		return 6;
	case 28:
		return level == 1 ? 2 : 6;
	case 34: /* 16KB: level 1 */
		return 2;
	default: /* 4KB: level 3, 2; 16KB: level 2; 64KB: level 3 */
		return 4;
	}
}

static unsigned joined_lg2(const struct leaf *leaf)
{
	return unlikely(leaf->d128) ? contiguous128_lg2(leaf->block_lg2, leaf->level) :
				      contiguous_lg2(leaf->block_lg2);
}

unsigned tlb_origin_lg2(const struct leaf *leaf)
{
	const bool group = ttd_get(leaf->descriptor, TTD_CONTIGUOUS);

	return leaf->block_lg2 + (group ? joined_lg2(leaf) : 0);
}

/* As far as one translation reaches: a contiguous group, if it is used as one, its outputs are
 * where the bit says that they are, neither they nor its inputs are too large, and its flags are no
 * hardware's.  D8.5.5, D8.7.1, D8.7.1.2, D8.7.1.3 */
static unsigned reach_lg2(const struct tlb *tlb, const struct leaf *leaf, uint64_t input)
{
	const unsigned group_lg2 = tlb_origin_lg2(leaf);
	const uint64_t within = low_bits(group_lg2) & ~low_bits(leaf->size_lg2);

	const bool is_one = tlb->contiguous && !leaf->alone && group_lg2 <= leaf->output_bits &&
			    group_lg2 <= leaf->input_bits && !((leaf->address ^ input) & within);

	return is_one ? group_lg2 : leaf->size_lg2;
}

/* What both stages map alike. */
static unsigned size_of(const struct tlb *tlb, const struct leaves *leaves, uint64_t input)
{
	const uint64_t ipa = leaves->first.address | (input & low_bits(leaves->first.size_lg2));
	const unsigned first = reach_lg2(tlb, &leaves->first, input);
	const unsigned second = leaves->combined ? reach_lg2(tlb, &leaves->second, ipa) : first;

	return second < first ? second : first;
}

/* Of every ASID?  Not what a Secure stream has from Non-secure memory.  3.17.1 */
struct tlb_tag tlb_tag_of(const struct tlb *tlb, const struct tlb_key *key,
			  const struct leaves *leaves)
{
	const unsigned size_lg2 = size_of(tlb, leaves, key->input);

	return (struct tlb_tag){
		.input = align_down(key->input, size_lg2),
		.regime = *key->regime,
		.kind = (uint8_t)key->kind,
		.size_lg2 = (uint8_t)size_lg2,
		.origin_lg2 = (uint8_t)tlb_origin_lg2(&leaves->first),
		.global = key->kind == TLB_STAGE1 && stream_worlds[key->regime->world].asids &&
			  !ttd_get(leaves->first.descriptor, TTD_NG) &&
			  leaves->first.read_from == stream_worlds[key->regime->world].sec_sid,
		.both = leaves->combined,
		.maps_lg2 = leaves->first.block_lg2,
		.level = leaves->first.level,
		.d128 = leaves->first.d128,
	};
}

bool tlb_keep(struct tlb *tlb, uint64_t age, const struct tlb_key *key, const struct leaves *leaves)
{
	struct tlb_entry entry = { .tag = tlb_tag_of(tlb, key, leaves),
				   .age = age,
				   .leaves = *leaves };

	entry.leaves.first.read_at = entry.leaves.second.read_at = 0;
	entry.leaves.conflict = false;
	return keep(tlb, &tlb->leaves, &entry);
}

/* Tables count as not global.  D8.16.3.1 */
struct tlb_tag tlb_tag_of_table(const struct tlb_key *key, unsigned size_lg2,
				const struct table_found *table)
{
	return (struct tlb_tag){
		.input = align_down(key->input, size_lg2),
		.regime = *key->regime,
		.kind = (uint8_t)key->kind,
		.size_lg2 = (uint8_t)size_lg2,
		.origin_lg2 = (uint8_t)size_lg2,
		.maps_lg2 = (uint8_t)size_lg2,
		.granule_lg2 = table->granule_lg2,
		.d128 = table->d128,
	};
}

bool tlb_keep_table(struct tlb *tlb, uint64_t age, const struct tlb_key *key, unsigned size_lg2,
		    const struct table_found *table)
{
	const struct tlb_entry entry = { .tag = tlb_tag_of_table(key, size_lg2, table),
					 .age = age,
					 .table = *table };

	return keep(tlb, &tlb->tables, &entry);
}

static bool means_translations(const struct smmu3_invalidation *scope)
{
	return scope->kind <= SMMU3_INVALIDATES_STAGES || scope->kind == SMMU3_INVALIDATES_ALL;
}

/* The lock keeps others from making it older, too. */
static uint64_t grow_older(struct tlb *tlb)
{
	const uint64_t age = atomic_load_explicit(&tlb->age, memory_order_relaxed) + 1;

	atomic_store_explicit(&tlb->age, age, memory_order_release);
	return age;
}

static NOINLINE void forget_one_by_one(struct tlb *tlb, const struct tlb_forgetting *forgetting)
{
	tlb_array_forget(&tlb->leaves, forgetting, tlb->counts);
	if (!forgetting->scope->leaf)
		tlb_array_forget(&tlb->tables, forgetting, tlb->counts);
}

/* What is counted as removed must have been seen. */
ALWAYS_INLINE void forget(struct tlb *tlb, const struct smmu3_invalidation *scope,
			  tag_meant_fn *meant)
{
	const uint64_t age = grow_older(tlb);

	if (tlb->counts | tlb->exact || !forgotten_note(&tlb->forgotten, scope, meant, age))
		forget_one_by_one(tlb, &(struct tlb_forgetting){ scope, meant, age });
}

void tlb_forget(struct tlb *tlb, const struct smmu3_invalidation *scope, tag_meant_fn *meant)
{
	if (!means_translations(scope))
		return;
	pthread_mutex_lock(&tlb->lock);
	forget(tlb, scope, meant);
	pthread_mutex_unlock(&tlb->lock);
}

void tlb_forget_and_tell(struct tlb *tlb, const struct smmu3_invalidation *scope,
			 tag_meant_fn *meant, struct journal *journal, bool broadcast)
{
	pthread_mutex_lock(&tlb->lock);
	if (means_translations(scope))
		forget(tlb, scope, meant);
	journal_append(journal, scope, broadcast);
	pthread_mutex_unlock(&tlb->lock);
}

uint64_t tlb_announce(struct tlb *tlb)
{
	pthread_mutex_lock(&tlb->lock);
	const uint64_t age = grow_older(tlb);

	pthread_mutex_unlock(&tlb->lock);
	return age;
}

void tlb_forget_older(struct tlb *tlb, const struct smmu3_invalidation *scope, uint64_t age)
{
	const struct tlb_forgetting forgetting = { scope, tag_must_go, age };

	if (!means_translations(scope))
		return;
	pthread_mutex_lock(&tlb->lock);
	forget_one_by_one(tlb, &forgetting);
	pthread_mutex_unlock(&tlb->lock);
}

void tlb_keep_everything(struct tlb *tlb)
{
	tlb->exact = true;
	tlb->leaves.grows = tlb->leaves.sets.places != 0;
	tlb->tables.grows = tlb->tables.sets.places != 0;
}

void tlb_forget_all(struct tlb *tlb)
{
	const struct smmu3_invalidation everything = { .kind = SMMU3_INVALIDATES_ALL };

	tlb_forget(tlb, &everything, tag_is_meant);
	pthread_mutex_lock(&tlb->lock);
	sets_restart(&tlb->leaves.sets);
	sets_restart(&tlb->tables.sets);
	pthread_mutex_unlock(&tlb->lock);
}

/* ---- Statistics ---- */

void tlb_stats(struct tlb *tlb, struct smmu3_cache_stats cache[SMMU3_CACHES])
{
	pthread_mutex_lock(&tlb->lock);
	cache[SMMU3_CACHE_TLB_STAGE1] = tlb->leaves.counted[TLB_COUNTS_STAGE1];
	cache[SMMU3_CACHE_TLB_STAGE2] = tlb->leaves.counted[TLB_COUNTS_STAGE2];
	cache[SMMU3_CACHE_TLB_BOTH] = tlb->leaves.counted[TLB_COUNTS_BOTH];
	cache[SMMU3_CACHE_TABLES_STAGE1] = tlb->tables.counted[TLB_COUNTS_STAGE1];
	cache[SMMU3_CACHE_TABLES_STAGE2] = tlb->tables.counted[TLB_COUNTS_STAGE2];
	pthread_mutex_unlock(&tlb->lock);
}

void tlb_stats_reset(struct tlb *tlb)
{
	pthread_mutex_lock(&tlb->lock);
	memset(tlb->leaves.counted, 0, sizeof(tlb->leaves.counted));
	memset(tlb->tables.counted, 0, sizeof(tlb->tables.counted));
	pthread_mutex_unlock(&tlb->lock);
}
