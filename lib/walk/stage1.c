/* SPDX-License-Identifier: MIT */
/* Stage 1: a VA and what is wanted of it, to an IPA. */
#include "walk/stage.h"

#include "arch/ttd.h"
#include "walk/attributes.h"

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

static COLD struct fault permission_fault(const struct stage1 *stage1, const struct leaf *leaf,
					  const struct access *access, unsigned missing)
{
	const enum s1_denial by = perm_s1_denied_by(leaf->descriptor, leaf->hierarchy,
						    &stage1->perm, access->needs);
	struct fault fault = stage1_fault(F_PERMISSION, denial[by], leaf->level);

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
	const struct walk_context context = {
		.view = view, .stage2 = stage2, .regime = &stage1->regime, .input = va
	};
	const struct fault fault = table->walk(table, &context, leaf);

	if (faulted(fault))
		return fault;
	if (unlikely(stage1->lower_bits) && leaves_region(stage1, leaf, va))
		return stage1_fault(F_TRANSLATION, WHY_S1_REGION, leaf->level);
	if (!ttd_get(leaf->descriptor, TTD_AF) && !stage1->affd)
		return stage1_fault(F_ACCESS, WHY_S1_AF, leaf->level);
	return NO_FAULT;
}

static bool stage1_known(const struct mem_view *view, const struct stage1 *stage1,
			 const struct stage2 *stage2, uint64_t va, struct leaves *leaves)
{
	const struct tlb_key key = key_of(stage1, va);

	return tlb_find_for(view, &key, stage2->on ? TLB_COUNTS_BOTH : TLB_COUNTS_STAGE1, leaves);
}

void stage1_keep(const struct mem_view *view, const struct stage1 *stage1, uint64_t va,
		 const struct leaves *leaves)
{
	const struct tlb_key key = key_of(stage1, va);

	if (view->keeps)
		tlb_keep(view->tlb, view->tlb_age, &key, leaves);
}

/* All but what it grants. */
ALWAYS_INLINE void result_of_leaf(const struct stage1 *stage1, const struct leaf *leaf, uint64_t va,
				  struct smmu3_attr attr, struct s1_result *result)
{
	const unsigned index = (unsigned)ttd_get(leaf->descriptor, TTD_ATTRINDX);

	result->ipa = (struct ipa){ leaf->address | (va & low_bits(leaf->size_lg2)),
				    (enum smmu3_pas)leaf->pas };
	result->attr = attr_stage1(attr, (uint8_t)(stage1->mair >> 8 * index),
				   (unsigned)ttd_get(leaf->descriptor, TTD_SH));
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
	result->known = unlikely(view->tlb) && stage1_known(view, stage1, stage2, va, leaves);
	if (likely(!result->known)) {
		const struct fault fault = stage1_walk(view, stage1, table, stage2, va,
						       &leaves->first);

		if (faulted(fault))
			return fault;
		leaves->combined = false;
	}
	const unsigned perm = perm_s1(leaf->descriptor, leaf->hierarchy, &stage1->perm);
	const unsigned missing = access->needs & ~perm;

	if (unlikely(missing))
		return permission_fault(stage1, leaf, access, missing);
	result_of_leaf(stage1, leaf, va, attr, result);
	result->perm = (uint8_t)(perm & ~table->closed);
	return NO_FAULT;
}

unsigned stage1_grants(const struct stage1 *stage1, const struct table *table,
		       const struct leaf *leaf)
{
	return perm_s1(leaf->descriptor, leaf->hierarchy, &stage1->perm) & ~(unsigned)table->closed;
}

bool stage1_of_leaf(const struct stage1 *stage1, const struct table *table, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s1_result *result)
{
	result_of_leaf(stage1, leaf, 0, attr, result);
	result->perm = (uint8_t)stage1_grants(stage1, table, leaf);
	return ttd_get(leaf->descriptor, TTD_AF) || stage1->affd;
}
