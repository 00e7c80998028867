/* SPDX-License-Identifier: MIT */
#include "xlate/translate.h"

#include "mem/guard.h"
#include "walk/attributes.h"
#include "xlate/ats.h"
#include "xlate/classes.h"

/* Of maintenance the shareability alone. */
static struct smmu3_attr driven_attr(const struct smmu3_txn *txn)
{
	return is_special(txn) && class_maintains(txn) ?
		       (struct smmu3_attr){ SMMU3_ATTR_DEFAULT_MAIR, txn->attr.sh } :
		       txn->attr;
}

struct smmu3_attr incoming_attr(const struct smmu3_txn *txn)
{
	if (txn->flags & SMMU3_TXN_ATTR)
		return attr_consistent(driven_attr(txn));
	return (struct smmu3_attr){ SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };
}

struct access access_after(const struct smmu3_txn *txn, unsigned privcfg, unsigned instcfg)
{
	const bool atomic = txn->txn_class == SMMU3_CLASS_ATOMIC;
	const bool instruction = instcfg == STE_INSTCFG_INSTRUCTION ||
				 (instcfg != STE_INSTCFG_DATA &&
				  txn->flags & SMMU3_TXN_INSTRUCTION);
	const bool privileged = privcfg == STE_PRIVCFG_PRIVILEGED ||
				(privcfg != STE_PRIVCFG_UNPRIVILEGED &&
				 txn->flags & SMMU3_TXN_PRIVILEGED);

	if (is_special(txn))
		return class_access(txn, instruction, privileged);
	return access_as(txn->flags & SMMU3_TXN_WRITE, instruction, privileged, atomic);
}

/* What a transaction means that nothing translates, or stage 2 of Secure IPAs alone: NSCFG, or the
 * NS that comes in; Non-secure streams have one space.  5.2 NSCFG, 13.4.4 */
static enum smmu3_pas incoming_pas(const struct world *world, const struct smmu3_txn *txn,
				   unsigned nscfg)
{
	const enum smmu3_pas own = (enum smmu3_pas)world->features->sec_sid;

	return nscfg == STE_NSCFG_NON_SECURE ||
			       (nscfg != STE_NSCFG_OWN && txn->flags & SMMU3_TXN_NS) ?
		       SMMU3_PAS_NS :
		       own;
}

/* What needs nothing, as a Translation Request does, is refused nothing. */
static bool sif_forbids(const struct world *world, const struct access *access, enum smmu3_pas pas)
{
	return world->gate->sif && access->needs & PERM_EXECUTE && pas == SMMU3_PAS_NS;
}

/* The rule by which it does. */
static enum why why_forbidden(const struct world *world)
{
	return world->features->sec_sid == SMMU3_PAS_REALM ? WHY_REALM_X : WHY_SIF;
}

unsigned sif_keeps(const struct world *world, enum smmu3_pas pas)
{
	return world->gate->sif && pas == SMMU3_PAS_NS ? PERM_ALL & ~PERM_EXECUTE : PERM_ALL;
}

static void pass(const struct smmu3_txn *txn, struct smmu3_attr attr,
		 struct translation *translation)
{
	translation->pa = (struct pa){ txn->addr, SMMU3_PAS_NS };
	translation->attr = outgoing_attr(txn, attr);
	translation->perm = PERM_ALL;
	translation->size_lg2 = NOT_TRANSLATED;
}

static bool has_spaces(const struct world *world)
{
	return unlikely(world->features->sec_sid != SMMU3_PAS_NS);
}

/* What passes is of a state that has more spaces than one. */
static COLD struct fault choose_space(const struct world *world, const struct smmu3_txn *txn,
				      unsigned nscfg, struct fault forbidden,
				      struct translation *translation)
{
	const enum smmu3_pas pas = incoming_pas(world, txn, nscfg);

	translation->pa.pas = pas;
	translation->perm = (uint8_t)sif_keeps(world, pas);
	return sif_forbids(world, &translation->access, pas) ? forbidden : NO_FAULT;
}

/* SMMUEN = 0: GBPA decides.  3.4, 6.3.9.6, 6.3.14, 6.3.63 */
static struct fault pass_disabled(const struct world *world, const struct smmu3_txn *txn,
				  struct translation *translation)
{
	const struct bypass *bypass = &world->gate->bypass;
	const struct attr_override override = { bypass->mtcfg, bypass->memattr, bypass->alloccfg,
						bypass->shcfg };

	translation->access = access_after(txn, bypass->privcfg, bypass->instcfg);
	translation->mpam = bypass->mpam;
	if (bypass->abort)
		return config_fault(EVENT_NONE, WHY_GBPA_ABORT);
	if (txn->addr >> world->features->oas_bits)
		return config_fault(EVENT_NONE, WHY_GBPA_SIZE);
	pass(txn, attr_override(incoming_attr(txn), &override), translation);
	if (has_spaces(world))
		return choose_space(world, txn, bypass->nscfg,
				    config_fault(EVENT_NONE, WHY_GBPA_SIF), translation);
	return NO_FAULT;
}

/* What a bypassed stage 1 cannot or may not put out is a fault of stage 1.  No CD says what is to
 * become of it, so it aborts and is recorded.  3.4, 3.12 */
static struct fault bypass_fault(enum event_number event, enum why why)
{
	struct fault fault = config_fault(event, why);

	fault.fault_class = SMMU3_CLASS_IN;
	fault.stage = 1;
	return fault;
}

/* Config 0b100: nothing translates.  5.2.1 */
static struct fault pass_stream(const struct world *world, const struct smmu3_txn *txn,
				const struct stream *stream, struct smmu3_attr attr,
				struct translation *translation)
{
	if (txn->addr >> world->features->oas_bits)
		return bypass_fault(F_ADDR_SIZE, WHY_BYPASS_SIZE);
	pass(txn, attr, translation);
	if (has_spaces(world))
		return choose_space(world, txn, stream->nscfg,
				    bypass_fault(F_PERMISSION, why_forbidden(world)), translation);
	return NO_FAULT;
}

struct fault stage1_skip(const struct world *world, struct ipa ipa, struct smmu3_attr attr,
			 struct s1_result *s1)
{
	if (ipa.addr >> world->features->ias_bits)
		return bypass_fault(F_ADDR_SIZE, WHY_S1_BYPASS_SIZE);
	s1->ipa = ipa;
	s1->attr = attr;
	s1->perm = PERM_ALL;
	s1->size_lg2 = NOT_TRANSLATED;
	s1->leaves.combined = false;
	s1->leaves.assured = false;
	s1->known = true; /* there is nothing to keep */
	return NO_FAULT;
}

struct ipa ipa_without_stage1(const struct world *world, const struct smmu3_txn *txn,
			      const struct stream *stream)
{
	const bool chooses = has_spaces(world);

	if (stream->stage2.on && unlikely(stream->world == R_EL1))
		return (struct ipa){ txn->addr, SMMU3_PAS_REALM };

	return (struct ipa){ txn->addr,
			     chooses ? incoming_pas(world, txn, stream->nscfg) : SMMU3_PAS_NS };
}

COLD struct fault sif_check(const struct world *world, const struct access *access, bool translated,
			    struct s1_result *s1)
{
	s1->perm &= (uint8_t)sif_keeps(world, s1->ipa.pas);
	if (!sif_forbids(world, access, s1->ipa.pas))
		return NO_FAULT;
	struct fault fault = bypass_fault(F_PERMISSION, why_forbidden(world));

	if (translated)
		fault.level = s1->leaves.first.level;
	return fault;
}

/* From here on stage 2 is in use, if it is on. */
static void enter_stage2(const struct stream *stream, struct translation *translation)
{
	translation->model[2] = (struct fault_model){ true, stream->s2r, stream->s2s };
	if (stream->stage2.on)
		translation->stages = STAGE2_BIT;
}

static struct fault through_stage1(const struct world *world, const struct smmu3_txn *txn,
				   struct path *path, struct smmu3_attr attr,
				   struct translation *translation)
{
	const struct stream *stream = &path->stream;
	const struct context *context = &path->context;

	if (!path->known) {
		const struct fault fault = context_fetch(&world->view, world->features, stream,
							 path->index, &path->context);

		if (faulted(fault))
			return fault;
	}
	translation->model[1] = (struct fault_model){ context->a, context->r, context->s };
	translation->stages |= STAGE1_BIT;
	translation->mpam = context->stage1.mpam;
	return stage1_translate(&world->view, &context->stage1, &stream->stage2, txn->addr,
				&translation->access, attr, &path->s1);
}

/* An access that names its space where the stream is to check it, and comes out in the other: a
 * fault of the last stage that translates.  3.9.4.3 */
static COLD struct fault check_space(const struct world *world, const struct smmu3_txn *txn,
				     const struct stream *stream, const struct s1_result *s1,
				     enum smmu3_pas pas)
{
	const bool ns = txn->flags & SMMU3_TXN_NS, named = ns || txn->flags & SMMU3_TXN_XT;
	struct fault fault = bypass_fault(F_PERMISSION, WHY_XT_SPACE);

	if (!world->features->xt || !named || ns == (pas == SMMU3_PAS_NS))
		return NO_FAULT;
	if (!stream->stage2.on) {
		fault.level = s1->leaves.first.level;
		return fault;
	}
	fault.why = WHY_S2_XT_SPACE;
	fault.stage = 2;
	fault.level = s1->leaves.second.level;
	fault.ipa_pas = (uint8_t)s1->ipa.pas;
	fault.addr = s1->ipa.addr;
	return fault;
}

/* What stage 1 does not grant, stage 2 is not asked for: of a request that says what it would do.
 * 3.13.7.1 */
static struct access access_behind(const struct access *access, unsigned perm)
{
	struct access behind = *access;

	behind.wants &= (uint8_t)perm;
	behind.dirties &= (uint8_t)perm;
	return behind;
}

static struct fault through_stage2(const struct world *world, const struct smmu3_txn *txn,
				   const struct stream *stream, struct s1_result *s1,
				   struct translation *translation)
{
	struct s2_result s2;
	const struct access access = access_behind(&translation->access, s1->perm);
	const struct fault fault = stage2_translate(&world->view, &stream->stage2, s1->ipa, &access,
						    s1->attr, &s1->leaves, &s2);

	if (faulted(fault))
		return fault;
	s1->known = s1->known && !s2.renewed;
	translation->pa = s2.pa;
	translation->attr = outgoing_attr(txn, s2.attr);
	translation->perm = s1->perm & s2.perm;
	translation->size_lg2 = s1->size_lg2 < s2.size_lg2 ? s1->size_lg2 : s2.size_lg2;
	return likely(stream->nscfg != STE_NSCFG_CHECK) ?
		       NO_FAULT :
		       check_space(world, txn, stream, s1, s2.pa.pas);
}

static struct substream substream_of(const struct smmu3_txn *txn)
{
	return (struct substream){ txn->flags & SMMU3_TXN_SSV, txn->ssid };
}

/* ---- ATS ---- */

/* A request is refused nothing by a stage: it is granted what there is.  In its records it is a
 * read.  Where it is granted write permission that it asked for, it is taken to write.  3.9.1.2,
 * 3.13.7.1 */
static struct access access_of(const struct smmu3_txn *txn, const struct stream *stream)
{
	if (likely(txn->ats != SMMU3_ATS_REQUEST))
		return access_after(txn, stream->privcfg, stream->instcfg);
	struct smmu3_txn asked = *txn;

	asked.flags &= (uint16_t)~SMMU3_TXN_WRITE;
	struct access access = access_after(&asked, stream->privcfg, stream->instcfg);

	access.needs = 0;
	access.wants = (uint8_t)ats_wants(access.privileged, stream->instcfg);
	access.dirties = txn->flags & SMMU3_TXN_WRITE ? access.wants & PERM_WRITE : 0;
	return access;
}

/* Is it said of a Translated transaction in which space its address is, where the stream is to
 * check it?  3.9.4.3 */
static bool names_no_space(const struct world *world, const struct smmu3_txn *txn,
			   const struct stream *stream)
{
	return unlikely(world->features->xt) && stream->nscfg == STE_NSCFG_CHECK &&
	       !(txn->flags & (SMMU3_TXN_XT | SMMU3_TXN_NS));
}

/* A Translated address is a PA, and keeps the attributes it comes with.  libsmmu does not cut one
 * that is too large, but aborts.  3.9.1.1, 13.1 Table 13.5, 13.6.3 */
static struct fault pass_translated(const struct world *world, const struct smmu3_txn *txn,
				    struct translation *translation)
{
	if (txn->addr >> world->features->oas_bits)
		return config_fault(EVENT_NONE, WHY_ATS_ADDRESS);
	pass(txn, incoming_attr(txn), translation);
	return NO_FAULT;
}

/* CR0.ATSCHK = 0: no STE is asked.  3.9.1.3 */
static struct fault pass_unchecked(const struct world *world, const struct smmu3_txn *txn,
				   struct translation *translation)
{
	translation->access = access_after(txn, STE_PRIVCFG_INCOMING, STE_INSTCFG_INCOMING);
	translation->mpam = world->gate->bypass.mpam;
	return pass_translated(world, txn, translation);
}

static struct fault realm_x_forbidden(void)
{
	return ats_refusal(SMMU3_ATS_TRANSLATED, WHY_ATS_REALM_X);
}

/* Full ATS: a Realm stream says by NSCFG in which space the address is.  3.9.1.3 */
static struct fault pass_full(const struct world *world, const struct smmu3_txn *txn,
			      const struct stream *stream, struct translation *translation)
{
	const struct fault fault = pass_translated(world, txn, translation);

	if (faulted(fault) || !has_spaces(world))
		return fault;
	return choose_space(world, txn, stream->nscfg, realm_x_forbidden(), translation);
}

/* What the DPT of Realm streams has chosen.  3.9.1.3, 3.9.4.3 */
static COLD struct fault check_permitted_space(const struct world *world,
					       const struct smmu3_txn *txn,
					       const struct stream *stream,
					       struct translation *translation)
{
	const enum smmu3_pas pas = translation->pa.pas;

	translation->perm &= (uint8_t)sif_keeps(world, pas);
	if (stream->nscfg == STE_NSCFG_CHECK &&
	    !(txn->flags & SMMU3_TXN_NS) == (pas == SMMU3_PAS_NS))
		return ats_refusal(SMMU3_ATS_TRANSLATED, WHY_DPT_SPACE);
	return sif_forbids(world, &translation->access, pas) ? realm_x_forbidden() : NO_FAULT;
}

/* The DPT decides, of the address alone, how far it reaches and whether it can be written.  3.24.1
 */
static struct fault pass_permitted(const struct world *world, const struct smmu3_txn *txn,
				   const struct stream *stream, struct translation *translation)
{
	enum { WRITES = SMMU3_PERM_UW | SMMU3_PERM_PW };
	const struct dpt_request request = { txn->addr, translation->access.write,
					     stream->stage2.regime.vmid, stream->dpt_vmatch,
					     stream->mpam };
	struct pa_region region;
	struct fault fault = pass_translated(world, txn, translation);

	if (faulted(fault))
		return fault;
	fault = dpt_check(&world->view, &world->gate->dpt, &request, &region);
	if (faulted(fault))
		return fault;
	translation->pa.pas = dpt_output((enum smmu3_pas)region.sec_sid, region.ac);
	translation->region_lg2 = region.size_lg2;
	if (!region.writable)
		translation->perm &= (uint8_t)~WRITES;
	return has_spaces(world) ? check_permitted_space(world, txn, stream, translation) :
				   NO_FAULT;
}

/* The substream of a Translated transaction: with IDR3.PASIDTT a PASID must lead to a legal CD,
 * which labels the access and does nothing else; and where the stream wants one, none is an error,
 * too.  3.9.1.3, 7.3.7, 7.3.9, 17.3 */
static struct fault check_substream(const struct world *world, const struct smmu3_txn *txn,
				    const struct stream *stream, struct translation *translation)
{
	const struct substream substream = substream_of(txn);
	struct context context;
	uint32_t index;
	bool skip;

	if (!world->features->pasidtt)
		return NO_FAULT;
	struct fault fault = substream_select(stream, substream, &skip, &index);

	if (faulted(fault) || !substream.valid)
		return fault;
	enter_stage2(stream, translation);
	fault = context_fetch(&world->view, world->features, stream, index, &context);
	if (faulted(fault))
		return fault;
	translation->stages = 0; /* of the access itself nothing is translated so far */
	translation->mpam = context.stage1.mpam;
	return NO_FAULT;
}

/* A Translated transaction of a stream that has ATS: split-stage ATS has stage 2 left to do. */
static struct fault pass_checked(const struct world *world, const struct smmu3_txn *txn,
				 const struct stream *stream, struct translation *translation)
{
	struct s1_result s1;

	if (names_no_space(world, txn, stream))
		return ats_refusal(SMMU3_ATS_TRANSLATED, WHY_ATS_XT);
	struct fault fault = check_substream(world, txn, stream, translation);

	if (is_special(txn) && !faulted(fault))
		fault = class_inhibited(txn, stream);
	if (faulted(fault))
		return fault;
	if (translation->eats == STE_EATS_DPT)
		return pass_permitted(world, txn, stream, translation);
	if (translation->eats != STE_EATS_SPLIT)
		return pass_full(world, txn, stream, translation);
	enter_stage2(stream, translation);
	const struct ipa ipa = { txn->addr, (enum smmu3_pas)world->features->sec_sid };

	fault = stage1_skip(world, ipa, incoming_attr(txn), &s1);
	s1.leaves.assured = true; /* AssuredOnly was for the request.  3.27.2 */
	return faulted(fault) ? fault : through_stage2(world, txn, stream, &s1, translation);
}

static unsigned grant(const struct smmu3_txn *txn, const struct stream *stream, unsigned perm,
		      const struct translation *translation)
{
	return ats_granted(txn, translation->access.privileged, stream->instcfg, perm);
}

/* 3.9.4.2 */
static bool is_te(const struct world *world, const struct translation *translation)
{
	return unlikely(world->features->xt) && translation->pa.pas == SMMU3_PAS_REALM;
}

static unsigned completion_of(const struct world *world, const struct smmu3_txn *txn,
			      const struct stream *stream, const struct translation *translation)
{
	const bool cxl_io = txn->flags & SMMU3_TXN_SOURCE_CXL &&
			    ats_needs_cxl_io(translation->eats, translation->attr);

	return grant(txn, stream, translation->perm, translation) |
	       (txn->flags & SMMU3_TXN_PRIVILEGED ? SMMU3_ATS_PRIV : 0u) |
	       (cxl_io ? SMMU3_ATS_CXL_IO : 0u) | (is_te(world, translation) ? SMMU3_ATS_TE : 0u);
}

/* What stage 1 does not grant is not looked up in stage 2.  Split-stage ATS puts out the IPA, with
 * what both stages grant; without translation the span is as large as it may be.  3.9.1.2, 13.6.3
 * to 13.6.5 */
static struct fault complete(const struct world *world, const struct smmu3_txn *txn,
			     const struct stream *stream, struct s1_result *s1,
			     struct translation *translation)
{
	enum { EITHER = SMMU3_ATS_R | SMMU3_ATS_W };

	if (!(grant(txn, stream, s1->perm, translation) & EITHER))
		return ats_no_access(1);
	const struct fault fault = through_stage2(world, txn, stream, s1, translation);

	if (faulted(fault))
		return fault;
	translation->granted = (uint8_t)completion_of(world, txn, stream, translation);
	if (!(translation->granted & EITHER))
		return ats_no_access(2);
	if (translation->eats == STE_EATS_SPLIT)
		translation->pa = (struct pa){ s1->ipa.addr, s1->ipa.pas };
	if (translation->size_lg2 == NOT_TRANSLATED)
		translation->size_lg2 = world->features->oas_bits;
	return NO_FAULT;
}

/* What wants something of a translation, and needs nothing of it: a Translation Request, or a
 * prefetch. */
static COLD struct fault wanting_through_stage2(const struct world *world,
						const struct smmu3_txn *txn,
						const struct stream *stream, struct s1_result *s1,
						struct translation *translation)
{
	if (txn->ats)
		return complete(world, txn, stream, s1, translation);
	return s1->perm & translation->access.wants ?
		       through_stage2(world, txn, stream, s1, translation) :
		       class_not_granted(s1);
}

/* ---- The whole ---- */

/* Of a stream that does not abort, and has ATS if it is asked for. */
static struct fault translate_stream(const struct world *world, const struct smmu3_txn *txn,
				     struct path *path, struct translation *translation)
{
	const struct stream *stream = &path->stream;
	struct s1_result *s1 = &path->s1;
	struct fault fault = NO_FAULT;

	if (!path->known)
		fault = substream_select(stream, substream_of(txn), &path->skip, &path->index);
	if (faulted(fault))
		return fault;
	enter_stage2(stream, translation);
	const struct smmu3_attr attr = attr_override(incoming_attr(txn), &stream->override);

	if (!stream->stage1 && !stream->stage2.on)
		return pass_stream(world, txn, stream, attr, translation);
	if (is_special(txn) && (!path->skip || stream->stage2.on))
		fault = class_inhibited(txn, stream);
	if (faulted(fault))
		return fault;
	fault = path->skip ? stage1_skip(world, ipa_without_stage1(world, txn, stream), attr, s1) :
			     through_stage1(world, txn, path, attr, translation);
	if (unlikely(world->gate->sif) && !faulted(fault))
		fault = sif_check(world, &translation->access, !path->skip, s1);
	if (faulted(fault))
		return fault;
	fault = unlikely(translation->access.wants) ?
			wanting_through_stage2(world, txn, stream, s1, translation) :
			through_stage2(world, txn, stream, s1, translation);
	if (unlikely(world->view.tlb) && !path->skip && !s1->known && !faulted(fault))
		stage1_keep(&world->view, &path->context.stage1, txn->addr, &s1->leaves);
	return fault;
}

/* Is no stream asked what becomes of it?  Secure streams have no ATS: that is said before anything
 * is looked at.  3.9.1.2, 3.9.1.3 */
static bool ats_without_streams(const struct world *world, const struct smmu3_txn *txn)
{
	return world->features->sec_sid == SMMU3_PAS_SECURE ||
	       (txn->ats == SMMU3_ATS_TRANSLATED && !world->gate->atschk);
}

static struct fault pass_without_streams(const struct world *world, const struct smmu3_txn *txn,
					 struct translation *translation)
{
	if (txn->ats && world->features->sec_sid == SMMU3_PAS_SECURE)
		return ats_refusal((enum smmu3_ats)txn->ats, WHY_ATS_SECURE);
	if (world->gate->smmuen)
		return pass_unchecked(world, txn, translation);
	return txn->ats ? ats_refusal((enum smmu3_ats)txn->ats, WHY_ATS_SMMUEN) :
			  pass_disabled(world, txn, translation);
}

struct fault output_check(const struct world *world, const struct smmu3_txn *txn,
			  struct translation *translation)
{
	const struct guarded access = { translation->pa, OF_CLIENT, translation->mpam };
	unsigned span_lg2;

	if (txn->ats == SMMU3_ATS_REQUEST &&
	    (translation->eats == STE_EATS_SPLIT || world->features->requests_unchecked))
		return NO_FAULT;
	if (!guard_passes(&world->view, &access, &span_lg2))
		return config_fault(EVENT_NONE, world->view.guard->why);
	translation->protected_lg2 = (uint8_t)span_lg2;
	return NO_FAULT;
}

struct fault translate(const struct world *world, const struct smmu3_txn *txn, struct path *path,
		       struct translation *translation)
{
	const struct gate *gate = world->gate;
	const struct stream *stream = &path->stream;
	struct fault fault = NO_FAULT;

	*translation = (struct translation){
		.model = { { true, true, false }, { true, true, false }, { true, true, false } }
	};
	if (is_special(txn))
		fault = class_begin(world->features, txn);
	if (faulted(fault))
		return fault;
	if (!gate->smmuen || (unlikely(txn->ats) && ats_without_streams(world, txn)))
		return pass_without_streams(world, txn, translation);
	if (!path->known)
		fault = stream_fetch(&world->view, world->features, &gate->streams, txn->sid,
				     &path->stream);
	if (faulted(fault))
		return fault;
	translation->access = access_of(txn, stream);
	translation->mpam = stream->mpam;
	if (stream->abort)
		return config_fault(EVENT_NONE, WHY_STE_ABORT);
	translation->eats = ats_effective(stream->eats, gate->atschk);
	if (txn->ats && translation->eats == STE_EATS_DISABLED)
		return ats_refusal((enum smmu3_ats)txn->ats, WHY_ATS_DISABLED);
	fault = txn->ats == SMMU3_ATS_TRANSLATED ? pass_checked(world, txn, stream, translation) :
						   translate_stream(world, txn, path, translation);
	if (unlikely(translation->pa.pas == SMMU3_PAS_REALM) && txn->ats != SMMU3_ATS_REQUEST)
		translation->mecid = stream->mecid;
	return fault;
}
