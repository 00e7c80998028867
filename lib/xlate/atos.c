/* SPDX-License-Identifier: MIT */
#include "xlate/atos.h"

#include "arch/regs.h"
#include "arch/streamworld.h"
#include "base/bits.h"
#include "config/context.h"
#include "walk/attributes.h"
#include "xlate/ats.h"
#include "xlate/translate.h"

enum { PAGE_LG2 = 12 };

/* ---- ATOS_PAR ---- */

static uint64_t put(int field, uint64_t value)
{
	return value << field_lsb(field) & field_mask(field);
}

uint64_t atos_par(uint64_t address, unsigned size_lg2, struct smmu3_attr attr)
{
	const bool large = size_lg2 > PAGE_LG2;
	const uint64_t size = large ? UINT64_C(1) << (size_lg2 - 1) : 0;

	return (align_down(address, size_lg2) & field_mask(ATOS_PAR_ADDR)) | size |
	       put(ATOS_PAR_SIZE, large) | put(ATOS_PAR_SH, attr.sh) |
	       put(ATOS_PAR_ATTR, attr.mair);
}

static bool translation_related(const struct fault *fault)
{
	return fault->event >= F_TRANSLATION && fault->event <= F_PERMISSION;
}

/* A fault of stage 2, or an abort of its walk: all else is told without a reason.  9.1.4 */
static bool is_of_stage2(const struct fault *fault)
{
	return fault->stage == 2 && (translation_related(fault) || fault->event == F_WALK_EABT);
}

/* Of a request for stage 1 alone. */
static unsigned code_of_stage1(const struct fault *fault)
{
	if (!is_of_stage2(fault))
		return fault->event;
	return fault->fault_class == SMMU3_CLASS_CD ? F_CD_FETCH : F_WALK_EABT;
}

static unsigned reason_of_stage2(const struct fault *fault)
{
	const bool of_request = fault->event == ATOS_INV_REQ || fault->event == ATOS_INV_STAGE;

	return of_request || fault->stage == 1 ? ATOS_REASON_NONE : ATOS_REASON_IN;
}

static unsigned reason_of_both(const struct fault *fault)
{
	static const uint8_t reasons[] = { [SMMU3_CLASS_CD] = ATOS_REASON_CD,
					   [SMMU3_CLASS_TT] = ATOS_REASON_TT,
					   [SMMU3_CLASS_IN] = ATOS_REASON_IN };

	return is_of_stage2(fault) ? reasons[fault->fault_class] : ATOS_REASON_NONE;
}

static uint64_t fault_word(unsigned code, unsigned reason, uint64_t address)
{
	return put(ATOS_PAR_FAULT, 1) | put(ATOS_PAR_FAULTCODE, code) |
	       put(ATOS_PAR_REASON, reason) | (address & field_mask(ATOS_PAR_FADDR));
}

static bool shows_address(const struct fault *fault)
{
	return fault->stage == 2 && translation_related(fault);
}

uint64_t atos_par_of_fault(unsigned type, const struct fault *fault, unsigned oas_bits)
{
	const uint64_t address = shows_address(fault) ? fault->addr & low_bits(oas_bits) : 0;

	switch (type) {
	case ATOS_STAGE1:
		return fault_word(code_of_stage1(fault), ATOS_REASON_NONE, 0);
	case ATOS_STAGE2:
		return fault_word(fault->event, reason_of_stage2(fault), 0);
	default:
		return fault_word(fault->event, reason_of_both(fault), address);
	}
}

static bool is_code(unsigned code)
{
	return event_is_of_access(code) || code >= ATOS_INTERNAL_ERR;
}

static bool attr_fits(struct smmu3_attr attr)
{
	const struct smmu3_attr consistent = attr_consistent(attr);

	return consistent.mair == attr.mair && consistent.sh == attr.sh;
}

bool atos_par_fits(const struct features *features, bool one_vm, uint64_t par)
{
	const uint64_t address = par & field_mask(ATOS_PAR_ADDR);
	const struct smmu3_attr attr = { (uint8_t)reg_get(par, ATOS_PAR_ATTR),
					 (uint8_t)reg_get(par, ATOS_PAR_SH) };
	const uint64_t translated = field_mask(ATOS_PAR_ADDR) | field_mask(ATOS_PAR_SIZE) |
				    field_mask(ATOS_PAR_SH) | field_mask(ATOS_PAR_ATTR) |
				    (features->sec_sid == SMMU3_PAS_SECURE ?
					     field_mask(ATOS_PAR_NS) :
					     0);
	const uint64_t of_stage2 = field_mask(ATOS_PAR_REASON) | field_mask(ATOS_PAR_FADDR) |
				   (features->sec_sid == SMMU3_PAS_SECURE && features->sel2 ?
					    field_mask(ATOS_PAR_NSIPA) :
					    0);
	const uint64_t faulted = field_mask(ATOS_PAR_FAULT) | field_mask(ATOS_PAR_FAULTCODE) |
				 (one_vm ? 0 : of_stage2);

	if (address >> features->oas_bits)
		return false;
	if (reg_get(par, ATOS_PAR_FAULT))
		return !(par & ~faulted) && is_code((unsigned)reg_get(par, ATOS_PAR_FAULTCODE));
	return !(par & ~translated) && attr_fits(attr) && (address || !reg_get(par, ATOS_PAR_SIZE));
}

/* ---- The request ---- */

/* Decided before any structure is looked at.  9.1.3 */
static bool is_invalid(const struct features *features, const struct atos_request *request)
{
	return !request->type || (request->type & ATOS_STAGE1 && !features->s1p) ||
	       (request->type & ATOS_STAGE2 && !request->s2p) ||
	       (request->type == ATOS_STAGE2 && request->ssv) ||
	       (request->one_vm && request->type != ATOS_STAGE1);
}

/* Translations are tagged with a VMID where a stage makes some, but for those of EL2.  9.1.6 */
static bool is_foreign(const struct atos_request *request, const struct stream *stream)
{
	const bool tagged = (stream->stage1 || stream->stage2.on) &&
			    stream_worlds[stream->world].vmids;

	return request->one_vm && !(tagged && stream->stage2.regime.vmid == request->vmid);
}

/* A Secure stream, without Secure stage 2: as good as invalid.  9.1.5 */
static bool never_has_stage2(const struct features *features, const struct atos_request *request)
{
	return request->type & ATOS_STAGE2 && !features->s2p;
}

/* Config decides, and S1DSS does not.  9.1.3 */
static bool lacks_a_stage(const struct atos_request *request, const struct stream *stream)
{
	return (request->type & ATOS_STAGE1 && !stream->stage1) ||
	       (request->type & ATOS_STAGE2 && !stream->stage2.on);
}

static struct fault stream_asked(const struct world *world, const struct atos_request *request,
				 struct stream *stream)
{
	if (is_invalid(world->features, request))
		return config_fault((enum event_number)ATOS_INV_REQ, WHY_ATOS_REQUEST);
	if (never_has_stage2(world->features, request))
		return config_fault((enum event_number)ATOS_INV_STAGE, WHY_ATOS_STAGES);
	const struct fault fault = stream_fetch(&world->view, world->features,
						&world->gate->streams, request->sid, stream);

	if (faulted(fault))
		return fault;
	if (is_foreign(request, stream))
		return config_fault(C_BAD_STE, WHY_ATOS_VMID);
	if (lacks_a_stage(request, stream))
		return config_fault((enum event_number)ATOS_INV_STAGE, WHY_ATOS_STAGES);
	return NO_FAULT;
}

/* ---- The look-up ---- */

/* What comes in has no attributes of its own that could change those of a descriptor, and none of
 * the STE's overrides.  13.1 Table 13.5 */
static const struct smmu3_attr neutral = { SMMU3_ATTR_DEFAULT_MAIR, SMMU3_NSH };

/* No override of the STE changes it; of a write InD does not count.  6.3.39, 13.1 Table 13.4 */
static struct access access_of(const struct atos_request *request)
{
	return access_as(request->write, request->instruction, request->privileged, false);
}

/* Its last stage. */
struct found {
	uint64_t address;
	uint8_t pas; /* enum smmu3_pas */
	struct smmu3_attr attr;
	uint8_t size_lg2;
};

/* Of a Secure stream the request says in which space it is.  6.3.85 NS */
static struct ipa ipa_asked(const struct atos_request *request)
{
	return (struct ipa){ request->addr,
			     request->ns ? SMMU3_PAS_NS : (enum smmu3_pas)request->sec_sid };
}

static struct fault skip_stage1(const struct world *world, const struct atos_request *request,
				struct s1_result *s1)
{
	const struct access access = access_of(request);
	const struct fault fault = stage1_skip(world, ipa_asked(request), neutral, s1);

	return faulted(fault) ? fault : sif_check(world, &access, false, s1);
}

static struct fault through_stage1(const struct world *world, const struct atos_request *request,
				   const struct stream *stream, struct context *context,
				   struct s1_result *s1)
{
	const struct substream substream = { request->ssv, request->ssid };
	const struct access access = access_of(request);
	uint32_t index;
	bool skip;
	struct fault fault = substream_select(stream, substream, &skip, &index);

	if (faulted(fault))
		return fault;
	if (skip)
		return skip_stage1(world, request, s1);
	fault = context_fetch(&world->view, world->features, stream, index, context);
	if (faulted(fault))
		return fault;
	fault = stage1_translate(&world->view, &context->stage1, &stream->stage2, request->addr,
				 &access, neutral, s1);
	return faulted(fault) ? fault : sif_check(world, &access, true, s1);
}

static struct fault through_stage2(const struct world *world, const struct atos_request *request,
				   const struct stream *stream, struct s1_result *s1,
				   struct found *found)
{
	const struct access access = access_of(request);
	struct s2_result s2;
	const struct fault fault = stage2_translate(&world->view, &stream->stage2, s1->ipa, &access,
						    s1->attr, &s1->leaves, &s2);

	if (faulted(fault))
		return fault;
	s1->known = s1->known && !s2.renewed;
	found->address = s2.pa.addr;
	found->pas = (uint8_t)s2.pa.pas;
	found->attr = s2.attr;
	found->size_lg2 = s1->size_lg2 < s2.size_lg2 ? s1->size_lg2 : s2.size_lg2;
	return NO_FAULT;
}

/* What an access would keep is kept: of nested streams both stages together. */
static void keep(const struct world *world, const struct atos_request *request,
		 const struct stream *stream, const struct context *context,
		 const struct s1_result *s1)
{
	if (world->view.tlb && !s1->known && (!stream->stage2.on || s1->leaves.combined))
		stage1_keep(&world->view, &context->stage1, request->addr, &s1->leaves);
}

static struct fault look_up_stage1(const struct world *world, const struct atos_request *request,
				   const struct stream *stream, struct found *found)
{
	struct context context;
	struct s1_result s1;
	struct fault fault = through_stage1(world, request, stream, &context, &s1);

	if (faulted(fault))
		return fault;
	*found = (struct found){ s1.ipa.addr, (uint8_t)s1.ipa.pas, s1.attr, s1.size_lg2 };
	if (request->type == ATOS_BOTH)
		fault = through_stage2(world, request, stream, &s1, found);
	if (!faulted(fault))
		keep(world, request, stream, &context, &s1);
	return fault;
}

static struct fault look_up(const struct world *world, const struct atos_request *request,
			    struct found *found)
{
	struct stream stream;
	struct s1_result s1;
	struct fault fault = stream_asked(world, request, &stream);

	if (faulted(fault))
		return fault;
	if (request->type & ATOS_STAGE1)
		return look_up_stage1(world, request, &stream, found);
	fault = skip_stage1(world, request, &s1);
	return faulted(fault) ? fault : through_stage2(world, request, &stream, &s1, found);
}

/* Where nothing translates libsmmu gives the size of the smallest granule, and Normal Write-Back
 * memory.  9.1.3 */
static unsigned size_of(const struct world *world, const struct found *found)
{
	return found->size_lg2 == NOT_TRANSLATED ? ats_stu_lg2(world->features) : found->size_lg2;
}

/* Which the other groups do not say: theirs is Non-secure.  6.3.40, 6.3.86 */
static uint64_t space_of(const struct atos_request *request, const struct found *found)
{
	return put(ATOS_PAR_NS, request->secure_group && found->pas == SMMU3_PAS_NS);
}

/* Where an IPA is that is shown.  6.3.86 NSIPA */
static uint64_t space_of_fault(const struct atos_request *request, const struct fault *fault)
{
	const bool shown = request->type == ATOS_BOTH && shows_address(fault);

	return put(ATOS_PAR_NSIPA,
		   shown && request->sec_sid == SMMU3_PAS_SECURE && fault->ipa_pas == SMMU3_PAS_NS);
}

uint64_t atos_look_up(const struct world *world, const struct atos_request *request)
{
	struct found found;
	const struct fault fault = look_up(world, request, &found);

	if (faulted(fault))
		return atos_par_of_fault(request->type, &fault, world->features->oas_bits) |
		       space_of_fault(request, &fault);
	return atos_par(found.address, size_of(world, &found), found.attr) |
	       space_of(request, &found);
}

/* Whatever VATOS asks for, its REASON is 0.  6.3.102 */
uint64_t atos_ended(const struct atos_request *request)
{
	const struct fault fault = config_fault((enum event_number)ATOS_INTERNAL_ERR,
						WHY_ATOS_ENDED);

	return atos_par_of_fault(request->one_vm ? ATOS_STAGE1 : request->type, &fault, 0);
}
