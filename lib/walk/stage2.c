/* SPDX-License-Identifier: MIT */
/* Stage 2: an IPA and what is wanted of it, to a PA. */
#include "walk/stage.h"

#include "arch/attr.h"
#include "arch/ttd.h"
#include "walk/attributes.h"
#include "walk/update.h"

struct question {
	struct ipa ipa;
	enum smmu3_fault_class fault_class;
	struct smmu3_attr attr;
	struct access access;
	/* Translation hardening */
	bool assured;       /* it is of an Assured translation, or need not be */
	uint16_t top_level; /* S2_TOP_LEVEL_0, S2_TOP_LEVEL_1: a walk begins there */
};

static struct fault stage2_fault(const struct question *question, enum event_number event,
				 enum why why, int level)
{
	return (struct fault){
		.why = why,
		.event = (uint8_t)event,
		.fault_class = (uint8_t)question->fault_class,
		.stage = 2,
		.level = (int8_t)level,
		.ipa_pas = (uint8_t)question->ipa.pas,
		.addr = question->ipa.addr,
	};
}

static const enum why denial[] = {
	[S2_DENIES_NOTHING] = WHY_S2_REALM_X, /* that is not the descriptor's permissions */
	[S2_DENIES_S2AP] = WHY_S2_S2AP,
	[S2_DENIES_XN] = WHY_S2_XN,
};

/* Stage 2 is off: the IPA is the PA, cut to the output size.  3.4 */
static struct s2_result passed_through(const struct stage2 *stage2, const struct question *question)
{
	return (struct s2_result){
		.pa = { question->ipa.addr & low_bits(stage2->oas_bits), question->ipa.pas },
		.attr = question->attr,
		.perm = PERM_ALL,
		.size_lg2 = NOT_TRANSLATED,
	};
}

/* ---- What a leaf says ---- */

/* As permissions have it. */
ALWAYS_INLINE uint64_t as_writable(const struct stage2 *stage2, const struct leaf *leaf)
{
	return leaf_as_writable(stage2->updates, 2, leaf->descriptor);
}

/* Of indirect permissions: clean, and hardware does not change that.  D8.5.2 */
static bool stays_clean(const struct stage2 *stage2, const struct leaf *leaf)
{
	return !stage2->updates.dirty && !ttd_get(leaf->descriptor, TTD_DIRTY);
}

/* What codes grant a client, or the walker of stage 1, whatever the dirty state. */
static unsigned codes_grant(const struct stage2 *stage2, const struct leaf *leaf, bool walker)
{
	const unsigned granted = s2_codes_grant(&stage2->codes, s2_indices_of(leaf->descriptor));

	return walker ? s2_walker_has(granted) : granted & PERM_ALL;
}

static COLD unsigned indirectly_granted(const struct stage2 *stage2, const struct leaf *leaf,
					bool walker)
{
	const unsigned perm = codes_grant(stage2, leaf, walker);

	return stays_clean(stage2, leaf) ? perm & ~(unsigned)PERM_WRITE : perm;
}

/* walker: to that of stage 1. */
ALWAYS_INLINE unsigned granted_to(const struct stage2 *stage2, const struct leaf *leaf, bool walker)
{
	unsigned perm;

	if (unlikely(stage2->indirect))
		perm = indirectly_granted(stage2, leaf, walker);
	else
		perm = perm_s2(as_writable(stage2, leaf), stage2->xnx);
	if (unlikely(stage2->lpae))
		perm = perm_s2_lpae(perm);
	return leaves_realm(stage2, leaf) ? perm & (PERM_ALL ^ PERM_EXECUTE) : perm;
}

unsigned stage2_grants(const struct stage2 *stage2, const struct leaf *leaf)
{
	return granted_to(stage2, leaf, false);
}

static bool of_walker(const struct question *question)
{
	return question->fault_class == SMMU3_CLASS_TT;
}

/* ---- Translation hardening, 3.27 ---- */

static bool refuses_top_level(const struct stage2 *stage2, unsigned top_level,
			      const struct leaf *leaf)
{
	const unsigned granted = stage2->indirect ?
					 s2_codes_grant(&stage2->codes,
							s2_indices_of(leaf->descriptor)) :
					 0;

	return top_level && s2_top_level_denies(granted, stage2->top_levels, top_level);
}

/* What comes before all permissions.  D8.15.5.1 */
static COLD enum why hardening_denies(const struct stage2 *stage2, const struct question *question,
				      const struct leaf *leaf)
{
	if (refuses_top_level(stage2, question->top_level, leaf))
		return WHY_S2_TOP_LEVEL;
	return !question->assured && is_assured_only(stage2, leaf) ? WHY_S2_ASSURED : WHY_NONE;
}

ALWAYS_INLINE enum why denied_at_once(const struct stage2 *stage2, const struct question *question,
				      const struct leaf *leaf)
{
	return unlikely(stage2->hardened) ? hardening_denies(stage2, question, leaf) : WHY_NONE;
}

/* What the client has in the end. */
ALWAYS_INLINE unsigned granted_to_client(const struct stage2 *stage2,
					 const struct question *question, const struct leaf *leaf)
{
	return denied_at_once(stage2, question, leaf) == WHY_NONE ? stage2_grants(stage2, leaf) : 0;
}

/* What hardening asks of where a structure is. */
static COLD void note_hardening(const struct stage2 *stage2, const struct leaf *leaf,
				struct s2_result *result)
{
	const struct s2_indices indices = s2_indices_of(leaf->descriptor);

	result->mostly_read = stage2->indirect &&
			      s2_is_mostly_read(s2_codes_grant(&stage2->codes, indices));
	result->assured_only = is_assured_only(stage2, leaf);
}

/* ---- */

bool stage2_accessible(const struct stage2 *stage2, const struct leaf *leaf)
{
	return ttd_get(leaf->descriptor, TTD_AF) || stage2->affd || stage2->updates.accessed;
}

/* With forced Write-Back 0b100 of three bits; else what is no Device, nor has an inner type. */
static bool is_reserved_memattr(const struct stage2 *stage2, unsigned memattr)
{
	return stage2->fwb ? (memattr & 7) == 4 : memattr && !(memattr & 3);
}

unsigned stage2_memattr(const struct stage2 *stage2, const struct leaf *leaf)
{
	const unsigned read = (unsigned)ttd_get(leaf->descriptor, TTD_MEMATTR);
	const unsigned memattr = stage2->mteperm ? attr_memattr_of_mteperm(read, stage2->fwb) :
						   read;

	return stage2->reserved_memattr && is_reserved_memattr(stage2, memattr) ?
		       stage2->reserved_memattr :
		       memattr;
}

unsigned stage2_sh(const struct stage2 *stage2, const struct leaf *leaf)
{
	const unsigned sh = (unsigned)ttd_get(leaf->descriptor, TTD_SH);

	return sh == 1 && stage2->reserved_sh ? stage2->reserved_sh : sh;
}

static COLD struct smmu3_attr unusual_attr(const struct stage2 *stage2,
					   const struct question *question, const struct leaf *leaf)
{
	return attr_combine(question->attr, stage2_memattr(stage2, leaf), stage2_sh(stage2, leaf),
			    stage2->fwb);
}

ALWAYS_INLINE struct smmu3_attr attr_of(const struct stage2 *stage2,
					const struct question *question, const struct leaf *leaf)
{
	return unlikely(stage2->unusual) ?
		       unusual_attr(stage2, question, leaf) :
		       attr_combine(question->attr,
				    (unsigned)ttd_get(leaf->descriptor, TTD_MEMATTR),
				    (unsigned)ttd_get(leaf->descriptor, TTD_SH), stage2->fwb);
}

/* perm: what it grants. */
static struct s2_result stage2_result(const struct stage2 *stage2, const struct question *question,
				      const struct leaf *leaf, unsigned perm)
{
	return (struct s2_result){
		.pa = { leaf->address | (question->ipa.addr & low_bits(leaf->size_lg2)),
			(enum smmu3_pas)leaf->pas },
		.attr = attr_of(stage2, question, leaf),
		.perm = (uint8_t)leaf_permits(stage2->updates, 2, leaf->descriptor, perm),
		.size_lg2 = leaf->size_lg2,
	};
}

/* ---- Walks ---- */

static struct fault stage2_walk(const struct mem_view *view, const struct stage2 *stage2,
				const struct table *table, const struct question *question,
				struct leaf *leaf)
{
	const struct walk_context context = {
		.view = view,
		.stage2 = stage2,
		.regime = &stage2->regime,
		.input = question->ipa.addr,
		.fault_class = question->fault_class,
		.ipa_pas = question->ipa.pas,
		.mpam = stage2->mpam,
		.tables = view->tlb ? TABLES_ARE_KEPT : 0,
	};
	const struct fault fault = table->walk(table, &context, leaf);

	if (faulted(fault))
		return fault;
	if (!stage2_accessible(stage2, leaf))
		return stage2_fault(question, F_ACCESS, WHY_S2_AF, leaf->level);
	return NO_FAULT;
}

/* ---- Hardware updates, 3.13 ---- */

/* Of a structure more counts than permissions. */
static bool refuses_structure(const struct stage2 *stage2, const struct question *question,
			      const struct leaf *leaf)
{
	const struct smmu3_attr attr = attr_of(stage2, question, leaf);

	return leaves_realm(stage2, leaf) || (stage2->ptw && mair_is_device(attr.mair));
}

static COLD uint64_t updated(const struct stage2 *stage2, const struct question *question,
			     const struct leaf *leaf)
{
	if (question->fault_class != SMMU3_CLASS_IN && refuses_structure(stage2, question, leaf))
		return leaf->descriptor;
	if (denied_at_once(stage2, question, leaf) != WHY_NONE)
		return leaf->descriptor;
	return leaf_updated(stage2->updates, 2, leaf->descriptor,
			    granted_to(stage2, leaf, of_walker(question)), &question->access);
}

struct asker {
	const struct stage2 *stage2;
	const struct question *question;
};

static COLD uint64_t updated_by(const void *by, const struct leaf *leaf)
{
	const struct asker *asker = by;

	return updated(asker->stage2, asker->question, leaf);
}

/* As stage2_walk, where each Access flag may be set. */
static COLD struct fault stage2_walk_and_update(const struct mem_view *view,
						const struct stage2 *stage2,
						const struct table *table,
						const struct question *question, struct leaf *leaf)
{
	struct ttd_place place;
	const struct asker asker = { stage2, question };
	const struct walk_context context = {
		.view = view,
		.stage2 = stage2,
		.regime = &stage2->regime,
		.input = question->ipa.addr,
		.fault_class = question->fault_class,
		.ipa_pas = question->ipa.pas,
		.mpam = stage2->mpam,
		.tables = tables_updated(view, stage2->updates),
		.place = &place,
	};

	return walk_and_update(&context, table, updated_by, &asker, leaf);
}

/* ---- */

ALWAYS_INLINE struct fault walk_of(const struct mem_view *view, const struct stage2 *stage2,
				   const struct table *table, const struct question *question,
				   struct leaf *leaf)
{
	return likely(!stage2->updates.accessed) ?
		       stage2_walk(view, stage2, table, question, leaf) :
		       stage2_walk_and_update(view, stage2, table, question, leaf);
}

/* What is to be updated is read again.  D8.5.2.1 */
ALWAYS_INLINE bool is_up_to_date(const struct stage2 *stage2, const struct question *question,
				 const struct leaf *leaf)
{
	return likely(!stage2->updates.accessed) ||
	       updated(stage2, question, leaf) == leaf->descriptor;
}

/* As stage2_walk, of what is kept first; what it finds is kept. */
static struct fault stage2_walk_or_find(const struct mem_view *view, const struct stage2 *stage2,
					const struct table *table, const struct question *question,
					struct leaf *leaf)
{
	const struct tlb_key key = { .kind = tlb_kind_of_ipa(&stage2->regime, question->ipa.pas),
				     .regime = &stage2->regime,
				     .input = question->ipa.addr };
	struct leaves leaves = { .combined = false };

	if (tlb_find_for(view, &key, TLB_COUNTS_STAGE2, &leaves) &&
	    is_up_to_date(stage2, question, &leaves.first)) {
		*leaf = leaves.first;
		return likely(!leaves.conflict) ?
			       NO_FAULT :
			       stage2_fault(question, F_TLB_CONFLICT, WHY_TLB_CONFLICT, LEVEL_NONE);
	}
	leaves.combined = false;
	const struct fault fault = walk_of(view, stage2, table, question, &leaves.first);

	if (!faulted(fault))
		tlb_keep_for(view, &key, &leaves);
	*leaf = leaves.first;
	return fault;
}

/* Range, walk and Access flag: everything but permission. */
static struct fault stage2_find(const struct mem_view *view, const struct stage2 *stage2,
				const struct question *question, struct leaf *leaf)
{
	const struct table *table = stage2_table(stage2, question->ipa.pas);

	if (question->ipa.addr >> table->input_bits)
		return stage2_fault(question, F_TRANSLATION, WHY_S2_RANGE, LEVEL_NONE);
	return likely(!view->tlb) ? walk_of(view, stage2, table, question, leaf) :
				    stage2_walk_or_find(view, stage2, table, question, leaf);
}

/* Of indirect permissions the dirty state is looked at last, and of clients' accesses alone the
 * space of a Realm stream's instructions after them.  3.26.2 */
static enum why indirectly_denied(const struct stage2 *stage2, const struct leaf *leaf, bool walker,
				  unsigned needs)
{
	const struct s2_indices indices = s2_indices_of(leaf->descriptor);
	const unsigned granted = codes_grant(stage2, leaf, walker);

	if (!(needs & ~granted))
		return needs & PERM_WRITE ? WHY_S2_DIRTY : WHY_S2_REALM_X;
	return s2_overlay_denies(&stage2->codes, indices, walker, needs) ? WHY_S2_OVERLAY :
									   WHY_S2_BASE;
}

/* What is not the descriptor's execution is, in VMSAv8-32, that it cannot be read. */
static COLD enum why denied(const struct stage2 *stage2, const struct leaf *leaf, unsigned needs)
{
	if (stage2->indirect)
		return indirectly_denied(stage2, leaf, false, needs);
	const enum s2_denial by = perm_s2_denied_by(as_writable(stage2, leaf), stage2->xnx, needs);

	return stage2->lpae && by == S2_DENIES_NOTHING ? WHY_S2_S2AP : denial[by];
}

/* Does an atomic lack its read permission alone?  A clean leaf is one that it may write to.
 * 13.1.1 */
static bool lacks_read(const struct stage2 *stage2, const struct leaf *leaf,
		       const struct access *access, unsigned missing)
{
	if (stage2->indirect)
		missing = access->needs & ~codes_grant(stage2, leaf, false);
	return access->atomic && missing && perm_missing_rnw(missing);
}

static COLD struct fault permission_fault(const struct stage2 *stage2,
					  const struct question *question, const struct leaf *leaf,
					  unsigned missing)
{
	const struct access *access = &question->access;
	const enum why at_once = denied_at_once(stage2, question, leaf);

	if (at_once != WHY_NONE)
		return stage2_fault(question, F_PERMISSION, at_once, leaf->level);
	struct fault fault = stage2_fault(question, F_PERMISSION,
					  denied(stage2, leaf, access->needs), leaf->level);

	fault.read_missing = lacks_read(stage2, leaf, access, missing);
	return fault;
}

struct fault stage2_translate(const struct mem_view *view, const struct stage2 *stage2,
			      struct ipa ipa, const struct access *access, struct smmu3_attr attr,
			      struct leaves *leaves, struct s2_result *result)
{
	const struct question question = { ipa, SMMU3_CLASS_IN, attr, *access, leaves->assured, 0 };
	struct fault fault = NO_FAULT;

	if (!stage2->on) {
		*result = passed_through(stage2, &question);
		return NO_FAULT;
	}
	const struct leaf *leaf = &leaves->second;
	const bool renewed = leaves->combined && !is_up_to_date(stage2, &question, leaf);

	if (!leaves->combined || unlikely(renewed))
		fault = stage2_find(view, stage2, &question, &leaves->second);
	if (faulted(fault))
		return fault;
	leaves->combined = true;
	const unsigned perm = granted_to_client(stage2, &question, leaf);
	const unsigned missing = access->needs & ~perm;

	*result = stage2_result(stage2, &question, leaf, perm);
	result->renewed = renewed;
	return likely(!missing) ? NO_FAULT : permission_fault(stage2, &question, leaf, missing);
}

bool stage2_of_leaf(const struct stage2 *stage2, struct ipa ipa, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s2_result *result)
{
	const struct question question = { .ipa = ipa,
					   .fault_class = SMMU3_CLASS_IN,
					   .attr = attr };

	*result = stage2_result(stage2, &question, leaf, stage2_grants(stage2, leaf));
	return ttd_get(leaf->descriptor, TTD_AF) || stage2->affd;
}

/* ---- Structures ---- */

ALWAYS_INLINE struct fault structure_fault(const struct question *question, enum why why, int level)
{
	struct fault fault = stage2_fault(question, F_PERMISSION, why, level);

	fault.ttd_write = question->access.write;
	return fault;
}

/* Device memory, and Realm streams' Non-secure memory, come before the dirty state.  3.26.2 */
static COLD struct fault refuse_structure(const struct stage2 *stage2,
					  const struct question *question, const struct leaf *leaf,
					  struct smmu3_attr attr)
{
	enum why why = WHY_S2_S2AP;

	if (stage2->indirect)
		why = indirectly_denied(stage2, leaf, of_walker(question), question->access.needs);

	if (why == WHY_S2_DIRTY && leaves_realm(stage2, leaf))
		why = WHY_S2_REALM_READ;
	else if (why == WHY_S2_DIRTY && stage2->ptw && mair_is_device(attr.mair))
		why = WHY_S2_PTW;
	return structure_fault(question, why, leaf->level);
}

ALWAYS_INLINE struct fault find_structure(const struct mem_view *view, const struct stage2 *stage2,
					  const struct question *question, struct s2_result *result)
{
	struct leaf leaf;

	if (!stage2->on) {
		*result = passed_through(stage2, question);
		return NO_FAULT;
	}
	const struct fault fault = stage2_find(view, stage2, question, &leaf);

	if (faulted(fault))
		return fault;
	*result = stage2_result(stage2, question, &leaf,
				granted_to(stage2, &leaf, of_walker(question)));
	if (unlikely(stage2->hardened)) {
		const enum why at_once = hardening_denies(stage2, question, &leaf);

		if (at_once != WHY_NONE)
			return structure_fault(question, at_once, leaf.level);
		note_hardening(stage2, &leaf, result);
	}
	if (question->access.needs & ~(unsigned)result->perm)
		return refuse_structure(stage2, question, &leaf, result->attr);
	if (leaves_realm(stage2, &leaf))
		return structure_fault(question, WHY_S2_REALM_READ, leaf.level);
	if (likely(!mair_is_device(result->attr.mair)))
		return NO_FAULT;
	if (stage2->ptw)
		return structure_fault(question, WHY_S2_PTW, leaf.level);
	if (stage2->ptwnnc)
		result->attr = (struct smmu3_attr){ MAIR_NORMAL_NC, SMMU3_OSH };
	return NO_FAULT;
}

/* Stage 2 grants both privileges the same. */
struct fault ipa_to_pa(const struct mem_view *view, const struct stage2 *stage2, struct ipa ipa,
		       enum smmu3_fault_class fault_class, struct smmu3_attr attr,
		       struct s2_result *result)
{
	const struct question question = {
		ipa, fault_class, attr, { .needs = SMMU3_PERM_UR }, .assured = true
	};

	return find_structure(view, stage2, &question, result);
}

COLD struct fault ipa_to_pa_of_lookup(const struct mem_view *view, const struct stage2 *stage2,
				      const struct ttd_lookup *lookup, struct smmu3_attr attr,
				      struct s2_result *result)
{
	const struct question question = {
		lookup->ipa,     SMMU3_CLASS_TT,    attr, { .needs = SMMU3_PERM_UR },
		lookup->assured, lookup->top_level,
	};

	return find_structure(view, stage2, &question, result);
}

/* Hardening was asked when it was read. */
COLD struct fault ipa_to_pa_for_update(const struct mem_view *view, const struct stage2 *stage2,
				       struct ipa ipa, struct smmu3_attr attr,
				       struct s2_result *result)
{
	const struct question question = {
		ipa,
		SMMU3_CLASS_TT,
		attr,
		{ .needs = SMMU3_PERM_UW, .dirties = SMMU3_PERM_UW, .write = true },
		.assured = true,
	};

	return find_structure(view, stage2, &question, result);
}
