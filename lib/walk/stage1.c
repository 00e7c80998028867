/* SPDX-License-Identifier: MIT */
/* Stage 1: a VA and what is wanted of it, to an IPA. */
#include "walk/stage.h"

#include "arch/ttd.h"
#include "walk/attributes.h"
#include "walk/update.h"

static const enum why denial[] = {
	[S1_DENIES_NOTHING] = WHY_S1_AP,        [S1_DENIES_AP] = WHY_S1_AP,
	[S1_DENIES_APTABLE] = WHY_S1_APTABLE,   [S1_DENIES_UXN] = WHY_S1_UXN,
	[S1_DENIES_PXN] = WHY_S1_PXN,           [S1_DENIES_UXNTABLE] = WHY_S1_UXNTABLE,
	[S1_DENIES_PXNTABLE] = WHY_S1_PXNTABLE, [S1_DENIES_USER_WRITABLE] = WHY_S1_USER_WRITABLE,
	[S1_DENIES_WXN] = WHY_S1_WXN,           [S1_DENIES_PAN] = WHY_S1_PAN,
	[S1_DENIES_UWXN] = WHY_S1_UWXN,
};

/* Stage 1 faults are of class IN whatever level failed, and carry no IPA.  7.3.13 */
static struct fault stage1_fault(enum event_number event, enum why why, int level)
{
	return (struct fault){
		.why = why,
		.event = (uint8_t)event,
		.fault_class = SMMU3_CLASS_IN,
		.stage = 1,
		.level = (int8_t)level,
	};
}

/* A leaf as permissions have it. */
ALWAYS_INLINE uint64_t as_writable(const struct stage1 *stage1, const struct leaf *leaf)
{
	return leaf_as_writable(stage1->updates, 1, leaf->descriptor);
}

/* Of indirect permissions: clean, and hardware does not change that.  D8.5.2 */
static bool stays_clean(const struct stage1 *stage1, const struct leaf *leaf)
{
	return !stage1->updates.dirty && ttd_get(leaf->descriptor, TTD_NDIRTY);
}

static COLD unsigned indirectly_granted(const struct stage1 *stage1, const struct leaf *leaf)
{
	const unsigned perm = s1_codes_grant(&stage1->codes, s1_index_of(leaf->descriptor),
					     &stage1->perm);

	return stays_clean(stage1, leaf) ? perm & ~(unsigned)PERM_WRITE : perm;
}

/* What it grants, with the update that it may need. */
ALWAYS_INLINE unsigned perm_of(const struct stage1 *stage1, const struct leaf *leaf)
{
	if (unlikely(stage1->indirect))
		return indirectly_granted(stage1, leaf);
	return perm_s1(as_writable(stage1, leaf), leaf->hierarchy, &stage1->perm);
}

/* What of that it permits as it is. */
ALWAYS_INLINE unsigned permitted(const struct stage1 *stage1, const struct leaf *leaf,
				 unsigned perm)
{
	return leaf_permits(stage1->updates, 1, leaf->descriptor, perm);
}

/* The dirty state is looked at last. */
static enum why indirectly_denied(const struct stage1 *stage1, const struct leaf *leaf,
				  unsigned needs)
{
	const unsigned index = s1_index_of(leaf->descriptor);

	if (!(needs & ~s1_codes_grant(&stage1->codes, index, &stage1->perm)))
		return WHY_S1_DIRTY;
	return s1_pan_denies(&stage1->codes, index, &stage1->perm, needs) ? WHY_S1_PAN :
									    WHY_S1_BASE;
}

static enum why denied(const struct stage1 *stage1, const struct leaf *leaf, unsigned needs)
{
	if (stage1->indirect)
		return indirectly_denied(stage1, leaf, needs);
	return denial[perm_s1_denied_by(as_writable(stage1, leaf), leaf->hierarchy, &stage1->perm,
					needs)];
}

static COLD struct fault permission_fault(const struct stage1 *stage1, const struct leaf *leaf,
					  const struct access *access, unsigned missing)
{
	struct fault fault = stage1_fault(F_PERMISSION, denied(stage1, leaf, access->needs),
					  leaf->level);

	fault.read_missing = access->atomic && perm_missing_rnw(missing);
	return fault;
}

static struct tlb_key key_of(const struct stage1 *stage1, uint64_t va)
{
	return (struct tlb_key){ .kind = TLB_STAGE1,
				 .regime = &stage1->regime,
				 .input = tlb_input(va) };
}

/* libsmmu refuses a block of one region that reaches into the other.  G5.5.5.1 */
static bool leaves_region(const struct stage1 *stage1, const struct leaf *leaf, uint64_t va)
{
	return !lpae_within(stage1, lpae_is_upper(stage1, va), va, leaf->size_lg2);
}

/* Walk and Access flag.  Without its Access flag nothing is kept.  D8.16 */
static struct fault stage1_walk(const struct mem_view *view, const struct stage1 *stage1,
				const struct table *table, const struct stage2 *stage2, uint64_t va,
				struct leaf *leaf)
{
	const struct walk_context context = { .view = view,
					      .stage2 = stage2,
					      .regime = &stage1->regime,
					      .input = va,
					      .mpam = stage1->mpam,
					      .assured = stage1->assured,
					      .tables = view->tlb ? TABLES_ARE_KEPT : 0 };
	const struct fault fault = table->walk(table, &context, leaf);

	if (faulted(fault))
		return fault;
	if (unlikely(stage1->lower_bits) && leaves_region(stage1, leaf, va))
		return stage1_fault(F_TRANSLATION, WHY_S1_REGION, leaf->level);
	if (!stage1_accessible(stage1, leaf))
		return stage1_fault(F_ACCESS, WHY_S1_AF, leaf->level);
	return NO_FAULT;
}

/* ---- Hardware updates, 3.13 ---- */

static COLD uint64_t updated(const struct stage1 *stage1, const struct leaf *leaf,
			     const struct access *access)
{
	return leaf_updated(stage1->updates, 1, leaf->descriptor, perm_of(stage1, leaf), access);
}

struct asker {
	const struct stage1 *stage1;
	const struct access *access;
};

static COLD uint64_t updated_by(const void *by, const struct leaf *leaf)
{
	const struct asker *asker = by;

	return updated(asker->stage1, leaf, asker->access);
}

/* As stage1_walk, where each Access flag may be set. */
static COLD struct fault stage1_walk_and_update(const struct mem_view *view,
						const struct stage1 *stage1,
						const struct table *table,
						const struct stage2 *stage2, uint64_t va,
						const struct access *access, struct leaf *leaf)
{
	struct ttd_place place;
	const struct asker asker = { stage1, access };
	const struct walk_context context = { .view = view,
					      .stage2 = stage2,
					      .regime = &stage1->regime,
					      .input = va,
					      .mpam = stage1->mpam,
					      .assured = stage1->assured,
					      .tables = tables_updated(view, stage1->updates),
					      .place = &place };

	return walk_and_update(&context, table, updated_by, &asker, leaf);
}

/* ---- What is kept ---- */

static bool stage1_known(const struct mem_view *view, const struct stage1 *stage1,
			 const struct stage2 *stage2, uint64_t va, const struct access *access,
			 struct leaves *leaves)
{
	const struct tlb_key key = key_of(stage1, va);
	const struct leaf *leaf = &leaves->first;

	/* What is to be updated is read again.  D8.5.2.1 */
	return tlb_find_for(view, &key, stage2->on ? TLB_COUNTS_BOTH : TLB_COUNTS_STAGE1, leaves) &&
	       (likely(!stage1->updates.accessed) ||
		updated(stage1, leaf, access) == leaf->descriptor);
}

void stage1_keep(const struct mem_view *view, const struct stage1 *stage1, uint64_t va,
		 const struct leaves *leaves)
{
	const struct tlb_key key = key_of(stage1, va);

	tlb_keep_for(view, &key, leaves);
}

/* With AIE an index beyond 7 is as 7.  5.4 MAIR0 */
uint8_t stage1_mair(const struct stage1 *stage1, const struct leaf *leaf)
{
	const unsigned index = (unsigned)ttd_get(leaf->descriptor, TTD_ATTRINDX);
	const bool beyond = stage1->aie && ttd_get(leaf->descriptor, TTD_ATTRINDX3);

	return (uint8_t)(stage1->mair >> 8 * (beyond ? 7 : index));
}

unsigned stage1_sh(const struct stage1 *stage1, const struct leaf *leaf)
{
	const unsigned sh = (unsigned)ttd_get(leaf->descriptor, TTD_SH);

	return sh == 1 && stage1->reserved_sh ? stage1->reserved_sh : sh;
}

static COLD struct smmu3_attr unusual_attr(const struct stage1 *stage1, const struct leaf *leaf,
					   struct smmu3_attr attr)
{
	return attr_stage1(attr, stage1_mair(stage1, leaf), stage1_sh(stage1, leaf));
}

ALWAYS_INLINE struct smmu3_attr attr_of(const struct stage1 *stage1, const struct leaf *leaf,
					struct smmu3_attr attr)
{
	const unsigned index = (unsigned)ttd_get(leaf->descriptor, TTD_ATTRINDX);

	return unlikely(stage1->unusual) ? unusual_attr(stage1, leaf, attr) :
					   attr_stage1(attr, (uint8_t)(stage1->mair >> 8 * index),
						       (unsigned)ttd_get(leaf->descriptor, TTD_SH));
}

/* All but what it grants. */
ALWAYS_INLINE void result_of_leaf(const struct stage1 *stage1, const struct leaf *leaf, uint64_t va,
				  struct smmu3_attr attr, struct s1_result *result)
{
	result->ipa = (struct ipa){ leaf->address | (va & low_bits(leaf->size_lg2)),
				    (enum smmu3_pas)leaf->pas };
	result->attr = attr_of(stage1, leaf, attr);
	result->size_lg2 = leaf->size_lg2;
}

struct fault stage1_translate(const struct mem_view *view, const struct stage1 *stage1,
			      const struct stage2 *stage2, uint64_t va, const struct access *access,
			      struct smmu3_attr attr, struct s1_result *result)
{
	const struct table *table = &stage1->half[stage1_is_upper(stage1, va)];
	struct leaves *leaves = &result->leaves;
	const struct leaf *leaf = &leaves->first;

	if (table->disabled)
		return stage1_fault(F_TRANSLATION, (enum why)table->disabled, LEVEL_NONE);
	if (unlikely(table->closed) && !access->privileged)
		return stage1_fault(F_TRANSLATION, WHY_S1_E0PD, LEVEL_NONE);
	if (!stage1_in_range(stage1, table, va))
		return stage1_fault(F_TRANSLATION, WHY_S1_RANGE, LEVEL_NONE);
	result->known = unlikely(view->tlb) &&
			stage1_known(view, stage1, stage2, va, access, leaves);
	if (likely(!result->known)) {
		const struct fault fault = likely(!stage1->updates.accessed) ?
						   stage1_walk(view, stage1, table, stage2, va,
							       &leaves->first) :
						   stage1_walk_and_update(view, stage1, table,
									  stage2, va, access,
									  &leaves->first);

		if (faulted(fault))
			return fault;
		leaves->combined = false;
	} else if (unlikely(leaves->conflict)) {
		return stage1_fault(F_TLB_CONFLICT, WHY_TLB_CONFLICT, LEVEL_NONE);
	}
	leaves->assured = leaf->assured && stage1->assured;
	const unsigned perm = perm_of(stage1, leaf);
	const unsigned missing = access->needs & ~perm;

	if (unlikely(missing))
		return permission_fault(stage1, leaf, access, missing);
	result_of_leaf(stage1, leaf, va, attr, result);
	result->perm = (uint8_t)(permitted(stage1, leaf, perm) & ~table->closed);
	return NO_FAULT;
}

unsigned stage1_grants(const struct stage1 *stage1, const struct table *table,
		       const struct leaf *leaf)
{
	return perm_of(stage1, leaf) & ~(unsigned)table->closed;
}

bool stage1_accessible(const struct stage1 *stage1, const struct leaf *leaf)
{
	return ttd_get(leaf->descriptor, TTD_AF) || stage1->affd || stage1->updates.accessed;
}

bool stage1_of_leaf(const struct stage1 *stage1, const struct table *table, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s1_result *result)
{
	result_of_leaf(stage1, leaf, 0, attr, result);
	result->perm = (uint8_t)permitted(stage1, leaf, stage1_grants(stage1, table, leaf));
	return ttd_get(leaf->descriptor, TTD_AF) || stage1->affd;
}
