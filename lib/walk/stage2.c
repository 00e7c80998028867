/* SPDX-License-Identifier: MIT */
/* Stage 2: an IPA and what is wanted of it, to a PA. */
#include "walk/stage.h"

#include "arch/attr.h"
#include "arch/ttd.h"
#include "walk/attributes.h"

struct question {
	struct ipa ipa;
	enum smmu3_fault_class fault_class;
	struct smmu3_attr attr;
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
	};
	const struct fault fault = table->walk(table, &context, leaf);

	if (faulted(fault))
		return fault;
	if (!ttd_get(leaf->descriptor, TTD_AF) && !stage2->affd)
		return stage2_fault(question, F_ACCESS, WHY_S2_AF, leaf->level);
	return NO_FAULT;
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

	if (tlb_find_for(view, &key, TLB_COUNTS_STAGE2, &leaves)) {
		*leaf = leaves.first;
		return NO_FAULT;
	}
	const struct fault fault = stage2_walk(view, stage2, table, question, &leaves.first);

	if (!faulted(fault) && view->keeps)
		tlb_keep(view->tlb, view->tlb_age, &key, &leaves);
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
	return likely(!view->tlb) ? stage2_walk(view, stage2, table, question, leaf) :
				    stage2_walk_or_find(view, stage2, table, question, leaf);
}

unsigned stage2_grants(const struct stage2 *stage2, const struct leaf *leaf)
{
	unsigned perm = perm_s2(leaf->descriptor, stage2->xnx);

	if (unlikely(stage2->lpae))
		perm = perm_s2_lpae(perm);
	return leaves_realm(stage2, leaf) ? perm & (PERM_ALL ^ PERM_EXECUTE) : perm;
}

static struct s2_result stage2_result(const struct stage2 *stage2, const struct question *question,
				      const struct leaf *leaf)
{
	return (struct s2_result){
		.pa = { leaf->address | (question->ipa.addr & low_bits(leaf->size_lg2)),
			(enum smmu3_pas)leaf->pas },
		.attr = attr_combine(question->attr,
				     (unsigned)ttd_get(leaf->descriptor, TTD_MEMATTR),
				     (unsigned)ttd_get(leaf->descriptor, TTD_SH), stage2->fwb),
		.perm = (uint8_t)stage2_grants(stage2, leaf),
		.size_lg2 = leaf->size_lg2,
	};
}

/* What is not the descriptor's execution is, in VMSAv8-32, that it cannot be read. */
static COLD enum why denied(const struct stage2 *stage2, const struct leaf *leaf, unsigned needs)
{
	const enum s2_denial by = perm_s2_denied_by(leaf->descriptor, stage2->xnx, needs);

	return stage2->lpae && by == S2_DENIES_NOTHING ? WHY_S2_S2AP : denial[by];
}

struct fault stage2_translate(const struct mem_view *view, const struct stage2 *stage2,
			      struct ipa ipa, const struct access *access, struct smmu3_attr attr,
			      struct leaves *leaves, struct s2_result *result)
{
	const struct question question = { ipa, SMMU3_CLASS_IN, attr };
	struct fault fault = NO_FAULT;

	if (!stage2->on) {
		*result = passed_through(stage2, &question);
		return NO_FAULT;
	}
	const struct leaf *leaf = &leaves->second;

	if (!leaves->combined)
		fault = stage2_find(view, stage2, &question, &leaves->second);
	if (faulted(fault))
		return fault;
	leaves->combined = true;
	*result = stage2_result(stage2, &question, leaf);
	const unsigned missing = access->needs & ~(unsigned)result->perm;

	if (likely(!missing))
		return NO_FAULT;
	fault = stage2_fault(&question, F_PERMISSION, denied(stage2, leaf, access->needs),
			     leaf->level);
	fault.read_missing = access->atomic && perm_missing_rnw(missing);
	return fault;
}

bool stage2_of_leaf(const struct stage2 *stage2, struct ipa ipa, const struct leaf *leaf,
		    struct smmu3_attr attr, struct s2_result *result)
{
	const struct question question = { ipa, SMMU3_CLASS_IN, attr };

	*result = stage2_result(stage2, &question, leaf);
	return ttd_get(leaf->descriptor, TTD_AF) || stage2->affd;
}

struct fault ipa_to_pa(const struct mem_view *view, const struct stage2 *stage2, struct ipa ipa,
		       enum smmu3_fault_class fault_class, struct smmu3_attr attr,
		       struct s2_result *result)
{
	const struct question question = { ipa, fault_class, attr };
	struct leaf leaf;

	if (!stage2->on) {
		*result = passed_through(stage2, &question);
		return NO_FAULT;
	}
	const struct fault fault = stage2_find(view, stage2, &question, &leaf);

	if (faulted(fault))
		return fault;
	*result = stage2_result(stage2, &question, &leaf);
	if (!(result->perm & PERM_READ))
		return stage2_fault(&question, F_PERMISSION, WHY_S2_S2AP, leaf.level);
	if (leaves_realm(stage2, &leaf))
		return stage2_fault(&question, F_PERMISSION, WHY_S2_REALM_READ, leaf.level);
	if (likely(!mair_is_device(result->attr.mair)))
		return NO_FAULT;
	if (stage2->ptw)
		return stage2_fault(&question, F_PERMISSION, WHY_S2_PTW, leaf.level);
	if (stage2->ptwnnc)
		result->attr = (struct smmu3_attr){ MAIR_NORMAL_NC, SMMU3_OSH };
	return NO_FAULT;
}
