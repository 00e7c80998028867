/* SPDX-License-Identifier: MIT */
#include "xlate/translate.h"

#include "config/context.h"
#include "config/stream.h"
#include "walk/attributes.h"

/* What the device drives, or what stands for it where it drives nothing.  13.1.3 */
static struct smmu3_attr incoming_attr(const struct smmu3_txn *txn)
{
	if (txn->flags & SMMU3_TXN_ATTR)
		return attr_consistent(txn->attr);
	return (struct smmu3_attr){ SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };
}

/* PRIVCFG and INSTCFG.  Writes and atomics are data whatever INSTCFG says.  5.2, 13.1.2 */
static struct access access_after(const struct smmu3_txn *txn, unsigned privcfg, unsigned instcfg)
{
	const bool atomic = txn->txn_class == SMMU3_CLASS_ATOMIC;
	const bool write = txn->flags & SMMU3_TXN_WRITE || atomic;
	const bool instruction = instcfg == STE_INSTCFG_INSTRUCTION ||
				 (instcfg != STE_INSTCFG_DATA &&
				  txn->flags & SMMU3_TXN_INSTRUCTION);
	const bool privileged = privcfg == STE_PRIVCFG_PRIVILEGED ||
				(privcfg != STE_PRIVCFG_UNPRIVILEGED &&
				 txn->flags & SMMU3_TXN_PRIVILEGED);

	return (struct access){
		.needs = (uint8_t)perm_needed(write, instruction, privileged, atomic),
		.write = write,
		.instruction = instruction && !write,
		.privileged = privileged,
		.atomic = atomic,
	};
}

/* No_snoop acts last, on what is about to leave.  13.6.1.1 */
static struct smmu3_attr outgoing_attr(const struct smmu3_txn *txn, struct smmu3_attr attr)
{
	return txn->flags & SMMU3_TXN_NO_SNOOP ? attr_no_snoop(attr) : attr;
}

static void pass(const struct smmu3_txn *txn, struct smmu3_attr attr,
		 struct translation *translation)
{
	translation->pa = (struct pa){ txn->addr, SMMU3_PAS_NS };
	translation->attr = outgoing_attr(txn, attr);
	translation->perm = PERM_ALL;
	translation->size_lg2 = NOT_TRANSLATED;
}

/* SMMUEN = 0: GBPA decides.  3.4, 6.3.9.6, 6.3.14 */
static struct fault pass_disabled(const struct world *world, const struct smmu3_txn *txn,
				  struct translation *translation)
{
	const struct bypass *bypass = &world->gate->bypass;
	const struct attr_override override = { bypass->mtcfg, bypass->memattr, bypass->alloccfg,
						bypass->shcfg };

	translation->access = access_after(txn, bypass->privcfg, bypass->instcfg);
	if (bypass->abort)
		return config_fault(EVENT_NONE, WHY_GBPA_ABORT);
	if (txn->addr >> world->features->oas_bits)
		return config_fault(EVENT_NONE, WHY_GBPA_SIZE);
	pass(txn, attr_override(incoming_attr(txn), &override), translation);
	return NO_FAULT;
}

/* An address that a bypassed stage 1 cannot put out is a fault of stage 1.  No CD says what is to
 * become of it, so it aborts and is recorded.  3.4, 3.12 */
static struct fault bypass_size_fault(enum why why)
{
	struct fault fault = config_fault(F_ADDR_SIZE, why);

	fault.fault_class = SMMU3_CLASS_IN;
	fault.stage = 1;
	return fault;
}

/* Config 0b100: nothing translates.  5.2.1 */
static struct fault pass_stream(const struct world *world, const struct smmu3_txn *txn,
				struct smmu3_attr attr, struct translation *translation)
{
	if (txn->addr >> world->features->oas_bits)
		return bypass_size_fault(WHY_BYPASS_SIZE);
	pass(txn, attr, translation);
	return NO_FAULT;
}

/* The IPA without stage 1: the address itself, if it is one. */
static struct fault skip_stage1(const struct world *world, const struct smmu3_txn *txn,
				struct smmu3_attr attr, struct s1_result *s1)
{
	if (txn->addr >> world->features->ias_bits)
		return bypass_size_fault(WHY_S1_BYPASS_SIZE);
	*s1 = (struct s1_result){ .ipa = { txn->addr, SMMU3_PAS_NS },
				  .attr = attr,
				  .perm = PERM_ALL,
				  .size_lg2 = NOT_TRANSLATED };
	return NO_FAULT;
}

static struct fault through_stage1(const struct world *world, const struct smmu3_txn *txn,
				   const struct stream *stream, uint32_t index,
				   struct smmu3_attr attr, struct translation *translation,
				   struct context *context, struct s1_result *s1)
{
	const struct fault fault = context_fetch(&world->view, world->features, stream, index,
						 context);

	if (faulted(fault))
		return fault;
	translation->model[1] = (struct fault_model){ context->a, context->r, context->s };
	translation->stages |= STAGE1_BIT;
	return stage1_translate(&world->view, &context->stage1, &stream->stage2, txn->addr,
				&translation->access, attr, s1);
}

static struct fault through_stage2(const struct world *world, const struct smmu3_txn *txn,
				   const struct stream *stream, struct s1_result *s1,
				   struct translation *translation)
{
	const struct leaf *known = s1->leaves.combined ? &s1->leaves.second : NULL;
	struct s2_result s2;
	const struct fault fault = stage2_translate(&world->view, &stream->stage2, s1->ipa, known,
						    &translation->access, s1->attr, &s2);

	if (faulted(fault))
		return fault;
	s1->leaves.combined = stream->stage2.on;
	s1->leaves.second = s2.leaf;
	translation->pa = s2.pa;
	translation->attr = outgoing_attr(txn, s2.attr);
	translation->perm = s1->perm & s2.perm;
	translation->size_lg2 = s1->size_lg2 < s2.size_lg2 ? s1->size_lg2 : s2.size_lg2;
	return NO_FAULT;
}

struct fault translate(const struct world *world, const struct smmu3_txn *txn,
		       struct translation *translation)
{
	const struct substream substream = { txn->flags & SMMU3_TXN_SSV, txn->ssid };
	struct stream stream;
	struct context context;
	struct s1_result s1;
	uint32_t index;
	bool skip;

	*translation = (struct translation){
		.model = { { true, true, false }, { true, true, false }, { true, true, false } }
	};
	if (!world->gate->smmuen)
		return pass_disabled(world, txn, translation);
	struct fault fault = stream_fetch(&world->view, world->features, &world->gate->streams,
					  txn->sid, &stream);

	if (faulted(fault))
		return fault;
	translation->access = access_after(txn, stream.privcfg, stream.instcfg);
	if (stream.abort)
		return config_fault(EVENT_NONE, WHY_STE_ABORT);
	fault = substream_select(&stream, substream, &skip, &index);
	if (faulted(fault))
		return fault;
	translation->model[2] = (struct fault_model){ true, stream.s2r, stream.s2s };
	if (stream.stage2.on)
		translation->stages = STAGE2_BIT;
	const struct smmu3_attr attr = attr_override(incoming_attr(txn), &stream.override);

	if (!stream.stage1 && !stream.stage2.on)
		return pass_stream(world, txn, attr, translation);
	fault = skip ? skip_stage1(world, txn, attr, &s1) :
		       through_stage1(world, txn, &stream, index, attr, translation, &context, &s1);
	if (faulted(fault))
		return fault;
	fault = through_stage2(world, txn, &stream, &s1, translation);
	if (unlikely(world->view.tlb) && !skip && !s1.known && !faulted(fault))
		stage1_keep(&world->view, &context.stage1, txn->addr, &s1.leaves);
	return fault;
}
