/* SPDX-License-Identifier: MIT */
/* The procedure: 3.3, 7.3.22, chapter 13. */
#include "obvious.h"
#include "obvious_state.h"

#include <string.h>

enum { NO_CONFIG = 0xff, ALL_PERMISSIONS = 0x3f };

/* ---- Memory ---- */

/* The STE, what leads to it, and the VMS have that of the SMMU, all that is the stream's has the
 * STE's.  Of both as many bits count as there are.  6.3.161, 6.3.162, 18 */
static uint16_t mecid_of(const struct obvious *o, enum smmu3_reason reason)
{
	const bool global = reason == SMMU3_REASON_L1STD || reason == SMMU3_REASON_STE ||
			    reason == SMMU3_REASON_VMS;
	const uint64_t mecid = global ? o->machine->r_gmecid : bits(o->stream.word[4], 63, 48);

	if (!bit(o->machine->r_idr3, 16))
		return 0;
	return (uint16_t)(mecid & below((unsigned)bits(o->machine->r_mecidr, 3, 0) + 1));
}

/* Entries are in the Root space.  6.3.115, D9.1 */
static bool read_gpt(void *context, uint64_t at, uint64_t *entry)
{
	const struct obvious *o = context;
	const uint32_t cfg = o->machine->gpt_base_cfg;
	const struct memory memory = obvious_region((unsigned)bits(cfg, 9, 8),
						    (unsigned)bits(cfg, 11, 10),
						    (unsigned)bits(cfg, 13, 12));
	unsigned char data[8] = { 0 };
	const struct smmu3_mem_access access = {
		.pa = at,
		.bytes = 8,
		.pas = SMMU3_PAS_ROOT,
		.reason = SMMU3_REASON_GPT,
		.attr = obvious_attr(&memory),
		.mpam = o->asked,
	};

	if (!o->machine->read(o->machine->context, &access, data))
		return false;
	*entry = 0;
	for (unsigned n = 0; n < 8; n++)
		*entry |= (uint64_t)data[n] << 8 * n;
	return true;
}

/* Granule protection of an address; *region_lg2: what it is asked of passes as far as that.
 * 3.25 */
static bool passes_protection(struct obvious *o, unsigned reason, enum smmu3_pas space, uint64_t pa,
			      unsigned *region_lg2)
{
	const struct obvious_gpt gpt = {
		.idr5 = o->machine->idr5,
		.gpt_base = o->machine->gpt_base,
		.gpt_base_cfg = o->machine->gpt_base_cfg,
		.read = read_gpt,
		.context = o,
	};
	struct obvious_protection *note = &o->answer->notes.protection;

	*region_lg2 = 63;
	if (!o->machine->gpcen)
		return true;
	note->checked = true;
	note->reason = (uint8_t)reason;
	note->space = (uint8_t)space;
	note->pa = pa;
	o->asked = obvious_label_of(o, reason);
	note->last = obvious_gpc(&gpt, space, pa);
	*region_lg2 = least(note->last.size_lg2 ? note->last.size_lg2 : 63,
			    obvious_size_bits(bits(gpt.gpt_base_cfg, 2, 0))); /* PPS */
	return note->last.gpcf == OBVIOUS_GPCF_NONE;
}

bool obvious_passes(struct obvious *o, enum smmu3_reason reason, const struct place *place)
{
	unsigned region_lg2;

	o->protected = !passes_protection(o, reason, place->space, place->address, &region_lg2);
	return !o->protected;
}

/* Structures are little-endian, and so are descriptors where TTENDIAN = 10.  5 */
bool obvious_read(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		  unsigned words, uint64_t *word)
{
	unsigned char data[64] = { 0 };
	const struct smmu3_mem_access access = {
		.pa = place->address,
		.bytes = 8 * words,
		.pas = (uint8_t)place->space,
		.reason = (uint8_t)reason,
		.attr = obvious_attr(&place->memory),
		.mecid = place->space == SMMU3_PAS_REALM ? mecid_of(o, reason) : 0,
		.mpam = obvious_label_of(o, reason),
	};

	if (!obvious_passes(o, reason, place) ||
	    !o->machine->read(o->machine->context, &access, data))
		return false;
	for (unsigned i = 0; i < words; i++) {
		word[i] = 0;
		for (unsigned n = 0; n < 8; n++)
			word[i] |= (uint64_t)data[8 * i + n] << 8 * n;
	}
	return true;
}

/* ---- Secure and Realm streams ---- */

enum smmu3_pas obvious_own_space(const struct obvious *o)
{
	return o->realm ? SMMU3_PAS_REALM : o->secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

/* STE.NSCFG, S_GBPA.NSCFG, where IDR1.ATTR_PERMS_OVR has them count, which it need not for Realm
 * streams: 0b10 is the stream's own space, 0b11 is Non-secure, others leave what came.  5.2, 6.3.63
 */
static enum smmu3_pas untranslated_space(const struct obvious *o, uint64_t nscfg)
{
	bool ns = o->txn->flags & SMMU3_TXN_NS;

	o->answer->notes.nscfg = (uint8_t)nscfg;
	if ((o->realm || bit(o->machine->idr1, 26)) && bit(nscfg, 1))
		ns = bit(nscfg, 0);
	return ns ? SMMU3_PAS_NS : obvious_own_space(o);
}

bool obvious_sif_forbids(struct obvious *o, enum smmu3_pas space)
{
	const bool forbids = o->realm || (o->secure && bit(o->machine->s_cr0, 5));

	/* A request is granted what there is */
	if (!forbids || !o->instruction || space != SMMU3_PAS_NS || obvious_is_request(o))
		return false;
	o->answer->notes.left = o->realm;
	return true;
}

unsigned obvious_executable(const struct obvious *o, unsigned perm, enum smmu3_pas space)
{
	const bool none = o->realm && space == SMMU3_PAS_NS;

	return none ? perm & ~(unsigned)(SMMU3_PERM_PX | SMMU3_PERM_UX) : perm;
}

enum smmu3_pas obvious_realm_space(bool ns)
{
	return ns ? SMMU3_PAS_NS : SMMU3_PAS_REALM;
}

bool obvious_wants_amec(struct obvious *o, bool ns, bool amec)
{
	if (!o->realm || !bit(o->machine->r_idr3, 16) || ns || !amec)
		return false;
	o->answer->notes.amec = true;
	return true;
}

/* R_IDR3.XT, STE.NSCFG = 0b01. */
static bool checks_space(const struct obvious *o)
{
	return o->realm && bit(o->machine->r_idr3, 17) && bits(o->stream.word[1], 47, 46) == 1;
}

/* Input PAS: Non-secure, Realm, or unspecified.  3.9.4.3 */
static bool names_space(const struct obvious *o)
{
	return o->txn->flags & (SMMU3_TXN_NS | SMMU3_TXN_XT);
}

bool obvious_misplaced(struct obvious *o, enum smmu3_pas space)
{
	const bool ns = o->txn->flags & SMMU3_TXN_NS;

	if (!checks_space(o) || !names_space(o))
		return false;
	o->answer->notes.checked = true;
	return ns != (space == SMMU3_PAS_NS);
}

/* Likewise of the Realm programming interface, whose disabled state aborts, and which checks
 * Translated transactions always.  6.3.122 to 6.3.145 */
static struct obvious_machine realm_machine(const struct obvious_machine *machine)
{
	struct obvious_machine realm = *machine;

	realm.idr0 &= ~(3u << 24 | 1u << 10);
	realm.idr0 |= machine->r_idr0 & (3u << 24 | 1u << 10);
	realm.cr0 = machine->r_cr0 | 1u << 4;
	realm.cr1 = machine->r_cr1;
	realm.cr2 = machine->r_cr2;
	realm.s2pii = machine->r_s2pii;
	realm.gmpam = machine->r_gmpam;
	realm.gbpa = 1u << 20;
	realm.strtab_base_cfg = machine->r_strtab_base_cfg;
	realm.strtab_base = machine->r_strtab_base;
	return realm;
}

/* What is left of permissions where stage 1 puts out this space.  3.26 */
unsigned obvious_sif_keeps(const struct obvious *o, enum smmu3_pas space)
{
	const bool forbids = o->secure && space == SMMU3_PAS_NS && bit(o->machine->s_cr0, 5);

	return forbids ? ALL_PERMISSIONS & ~(unsigned)(SMMU3_PERM_PX | SMMU3_PERM_UX) :
			 ALL_PERMISSIONS;
}

/* Registers of the Secure programming interface stand where those of the other do, there is no
 * ATS, and stage 2 and EL2 come with S_IDR1.SEL2.  6.3.52 to 6.3.66, 3.9, 3.10.2.2 */
static struct obvious_machine secure_machine(const struct obvious_machine *machine)
{
	struct obvious_machine secure = *machine;

	secure.idr0 &= ~(3u << 24 | 1u << 10);
	secure.idr0 |= machine->s_idr0 & 3u << 24;
	secure.idr1 &= ~0x3fu;
	secure.idr1 |= machine->s_idr1 & 0x3f;
	secure.cr0 = machine->s_cr0;
	secure.cr1 = machine->s_cr1;
	secure.cr2 = machine->s_cr2;
	secure.s2pii = machine->s_s2pii;
	secure.gmpam = machine->s_gmpam;
	secure.gbpmpam = machine->s_gbpmpam;
	secure.gbpa = machine->s_gbpa;
	secure.strtab_base_cfg = machine->s_strtab_base_cfg;
	secure.strtab_base = machine->s_strtab_base;
	return secure;
}

/* EffectiveSMMU_IDR0_STALL_MODEL: where there is a Secure state, S_IDR0's, but for S_CR0.NSSTALLD.
 * 5.2.2, 6.3.57 */
static struct obvious_machine non_secure_machine(const struct obvious_machine *machine)
{
	struct obvious_machine seen = *machine;
	uint32_t model = (uint32_t)bits(machine->s_idr0, 25, 24);

	if (!bit(machine->s_idr1, 31))
		return seen;
	if (model == STALL_AND_TERMINATE && bit(machine->s_cr0, 9))
		model = TERMINATE_ONLY;
	seen.idr0 = (machine->idr0 & ~(3u << 24)) | model << 24;
	return seen;
}

/* ---- The access and what replaces its attributes, 13.1.1, 13.1.2, 13.1.4 ---- */

/* An atomic access reads and writes; what writes is data.  A Translation Request is a read. */
static void take_access(struct obvious *o)
{
	const bool atomic = o->txn->txn_class == SMMU3_CLASS_ATOMIC;
	const bool writes = !obvious_is_request(o) && o->txn->flags & SMMU3_TXN_WRITE;

	o->write = atomic || writes;
	o->read = atomic || !o->write;
	o->instruction = !o->write && o->txn->flags & SMMU3_TXN_INSTRUCTION;
	o->privileged = o->txn->flags & SMMU3_TXN_PRIVILEGED;
	if (obvious_is_special(o))
		obvious_take_class(o);
}

/* 0b10 replaces by 0, 0b11 by 1; 0b00 and 0b01 leave what came. */
static bool replaced(bool incoming, uint64_t code)
{
	return code & 2 ? code & 1 : incoming;
}

/* IDR1.ATTR_PERMS_OVR; INSTCFG is for reads. */
static void override_access(struct obvious *o, uint64_t privcfg, uint64_t instcfg)
{
	if (bit(o->machine->idr1, 26)) {
		o->privileged = replaced(o->privileged, privcfg);
		o->instruction = o->read && !o->write && replaced(o->instruction, instcfg);
	}
	o->answer->privileged = o->privileged;
	o->answer->instruction = o->instruction;
}

/* IDR1.ATTR_TYPES_OVR */
static struct memory override_memory(const struct obvious *o, const struct attribute_override *by)
{
	const struct memory input = obvious_input(o->txn);

	return bit(o->machine->idr1, 27) ? obvious_replace(by, input) : input;
}

static struct memory gbpa_memory(const struct obvious *o)
{
	const uint32_t gbpa = o->machine->gbpa;

	return override_memory(o, &(struct attribute_override){
					  .type = bit(gbpa, 4),
					  .memattr = (unsigned)bits(gbpa, 3, 0),
					  .alloc = (unsigned)bits(gbpa, 11, 8),
					  .sh = (unsigned)bits(gbpa, 13, 12),
				  });
}

static struct memory ste_memory(struct obvious *o)
{
	const uint64_t word = o->stream.word[1];
	const bool allocates = bit(word, 36) || !bits(word, 40, 37) ||
			       !obvious_chosen(o, OBVIOUS_CHOICE_ALLOCCFG);

	return override_memory(o, &(struct attribute_override){
					  .type = bit(word, 36),
					  .memattr = (unsigned)bits(word, 35, 32),
					  .alloc = allocates ? (unsigned)bits(word, 40, 37) : 0,
					  .sh = (unsigned)bits(word, 45, 44),
				  });
}

/* ---- Success ---- */

/* No event is recorded.  3.25.1, 3.25.2 */
static void stop(struct obvious *o)
{
	o->answer->verdict = obvious_is_request(o) ? SMMU3_CA :
			     obvious_is_hint(o)    ? SMMU3_NO_OP :
						     SMMU3_ABORT;
	o->answer->becomes = 0;
	o->answer->bytes = obvious_page(o);
	o->answer->span = 0;
}

/* te: of a Translation Request, SMMU3_ATS_TE or 0. */
static void leave(struct obvious *o, const struct place *place, uint64_t region, unsigned te)
{
	struct obvious_answer *answer = o->answer;
	const bool ipa = obvious_is_request(o) && obvious_ats_is_split(o);
	struct memory memory = place->memory;
	unsigned region_lg2 = 63;

	if (obvious_is_special(o) &&
	    !obvious_becomes(o, obvious_executable(o, place->perm, place->space))) {
		answer->span = 0;
		return;
	}
	const bool unchecked = obvious_is_request(o) && !ipa && !bit(o->machine->idr0, 30) &&
			       o->machine->gpcen && obvious_chosen(o, OBVIOUS_CHOICE_GPC_REQUEST);

	if (!ipa && !unchecked &&
	    !passes_protection(o, OBVIOUS_OUTPUT, place->space, place->address, &region_lg2)) {
		stop(o);
		return;
	}
	if (region > UINT64_C(1) << region_lg2)
		region = UINT64_C(1) << region_lg2;
	if (answer->span > region)
		answer->span = region;
	const uint64_t rest = region - (o->txn->addr & (region - 1));

	if (o->txn->flags & SMMU3_TXN_NO_SNOOP)
		memory = obvious_no_snoop(memory);
	answer->verdict = SMMU3_OK;
	answer->pa = place->address;
	answer->bytes = rest < o->txn->bytes ? rest : o->txn->bytes;
	answer->attr = obvious_attr(&memory);
	answer->pas = (uint8_t)place->space;
	answer->perm = (uint8_t)obvious_executable(o, place->perm, place->space);
	if (place->space == SMMU3_PAS_REALM && !obvious_is_request(o))
		answer->mecid = mecid_of(o, SMMU3_REASON_CD); /* the stream's */
	if (!obvious_is_request(o))
		answer->mpam = o->client;
	if (obvious_is_request(o))
		answer->ats = (uint8_t)(obvious_completion(o, answer->perm, &memory) | te);
}

/* Nothing translates: the address is the output, which ends at 2^OAS; it may be cut.  3.4 */
static void leave_untranslated(struct obvious *o, const struct memory *memory, enum smmu3_pas space)
{
	const struct place place = {
		.address = o->txn->addr & below(o->oas),
		.memory = *memory,
		.perm = obvious_sif_keeps(o, space),
		.space = space,
	};

	leave(o, &place, UINT64_C(1) << o->oas, 0);
}

static void leave_translated(struct obvious *o, const struct place *place, unsigned te)
{
	o->answer->span = UINT64_C(1) << place->span_lg2;
	leave(o, place, o->answer->span, te);
}

/* ---- SMMUEN = 0: 6.3.14, 3.4, 13.2 ---- */

static void global_bypass(struct obvious *o)
{
	const uint32_t gbpa = o->machine->gbpa;
	const struct memory memory = gbpa_memory(o);
	const enum smmu3_pas space = untranslated_space(o, bits(gbpa, 15, 14));

	obvious_label_by_register(o);
	override_access(o, bits(gbpa, 17, 16), bits(gbpa, 19, 18));
	if (bit(gbpa, 20) || !fits(o->txn->addr, o->oas) || obvious_sif_forbids(o, space))
		obvious_abort(o);
	else
		leave_untranslated(o, &memory, space);
}

/* ---- SMMUEN = 1 ---- */

/* C_BAD_SUBSTREAMID comes before F_STREAM_DISABLED.  5.2, 7.3.7, 7.3.9 */
static bool select_substream(struct obvious *o)
{
	struct stream *stream = &o->stream;
	const bool ssv = o->txn->flags & SMMU3_TXN_SSV;
	const bool substreams = bits(o->machine->idr1, 10, 6) != 0;
	const unsigned s1cdmax = (unsigned)bits(stream->word[0], 63, 59);
	const unsigned s1dss = (unsigned)bits(stream->word[1], 1, 0);

	if (!stream->stage1 || !substreams || s1cdmax == 0)
		return ssv ? obvious_configuration_error(o, C_BAD_SUBSTREAMID) : true;
	if (ssv && !fits(o->txn->ssid, s1cdmax))
		return obvious_configuration_error(o, C_BAD_SUBSTREAMID);
	if (ssv && s1dss == 2 && o->txn->ssid == 0)
		return obvious_configuration_error(o, F_STREAM_DISABLED);
	if (ssv || s1dss == 2)
		return true;
	if (s1dss != 1) /* 0b11 behaves as 0b00 */
		return obvious_configuration_error(o, F_STREAM_DISABLED);
	stream->stage1 = false; /* as though Config were 0b1x0 */
	o->answer->notes.skipped = true;
	return true;
}

/* A stage 1 that does not translate still checks: IAS, or OAS where the STE has none translate.
 * 3.4, 7.3.14 */
static bool pass_stage1(struct obvious *o, const struct memory *input, struct place *place)
{
	if (!fits(o->txn->addr, o->stream.config == 4 ? o->oas : obvious_ias(o)))
		return obvious_fault(o, &(struct fault){
						.event = F_ADDR_SIZE,
						.stage = 1,
						.fault_class = SMMU3_CLASS_IN,
						.level = NO_LEVEL,
						.bypass = true,
					});
	*place = (struct place){
		.address = o->txn->addr,
		.memory = *input,
		.span_lg2 = 63,
		.perm = ALL_PERMISSIONS,
		.space = untranslated_space(o, bits(o->stream.word[1], 47, 46)),
	};
	if (o->realm && o->stream.stage2) /* what is an IPA of a Realm stream is a Realm IPA */
		place->space = SMMU3_PAS_REALM;
	place->perm = obvious_sif_keeps(o, place->space);
	o->answer->notes.sif = obvious_sif_forbids(o, place->space);
	if (o->answer->notes.sif)
		return obvious_fault(o, &(struct fault){
						.event = F_PERMISSION,
						.stage = 1,
						.fault_class = SMMU3_CLASS_IN,
						.level = NO_LEVEL,
						.bypass = true,
					});
	return true;
}

static bool first_stage(struct obvious *o, const struct memory *input, struct place *place)
{
	if (!o->stream.stage1)
		return pass_stage1(o, input, place);
	if (!obvious_find_context(o))
		return false;
	o->answer->stages |= 1;
	return obvious_stage1(o, input, place);
}

static bool second_stage(struct obvious *o, struct place *place)
{
	const struct place ipa = *place;

	o->so_far = ipa.perm;
	o->ipa = ipa.address;
	if (!o->stream.stage2) {
		place->address &= below(o->oas);
		return true;
	}
	if (!obvious_stage2(o, ipa.address, ipa.space, SMMU3_CLASS_IN, &ipa.memory, place))
		return false;
	place->span_lg2 = least(place->span_lg2, ipa.span_lg2);
	place->perm &= ipa.perm;
	return true;
}

/* The last stage that is enabled is at fault.  3.9.4.3 */
static bool well_placed(struct obvious *o, const struct place *place, uint64_t ipa)
{
	const struct obvious_notes *notes = &o->answer->notes;
	const bool stage2 = o->stream.stage2;

	if (!obvious_misplaced(o, place->space))
		return true;
	return obvious_fault(o, &(struct fault){
					.event = F_PERMISSION,
					.stage = stage2 ? 2 : 1,
					.fault_class = SMMU3_CLASS_IN,
					.level = stage2 ? notes->stage2.leaf_level :
							  notes->stage1.leaf_level,
					.address = stage2 ? ipa : 0,
				});
}

/* ---- ATS ---- */

/* A PA passes as it is; bits above OAS abort it.  3.9.1.1 */
static void pass_translated(struct obvious *o)
{
	const struct memory input = obvious_input(o->txn);
	const enum smmu3_pas space = untranslated_space(o, bits(o->stream.word[1], 47, 46));

	if (!fits(o->txn->addr, o->oas))
		obvious_abort(o);
	else if (obvious_sif_forbids(o, space))
		obvious_configuration_error(o, F_TRANSL_FORBIDDEN);
	else
		leave_untranslated(o, &input, space);
}

/* IDR3.PASIDTT: a PASID is one of a substream that could translate.  It need not be there, but a
 * stream that disables traffic without one disables this.  3.9.1.3, 7.3.7 */
static bool substream_is_right(struct obvious *o)
{
	const bool stage1 = o->stream.stage1;

	if (!bit(o->machine->idr3, 16))
		return true;
	o->answer->notes.substream = true;
	if (!select_substream(o))
		return false;
	o->stream.stage1 = stage1; /* nothing has been passed by */
	o->answer->notes.skipped = false;
	if (!(o->txn->flags & SMMU3_TXN_SSV))
		return true;
	o->answer->stages = o->stream.stage2 ? 2 : 0;
	if (!obvious_find_context(o))
		return false;
	o->answer->stages = 0;
	return true;
}

/* With split-stage ATS it is an IPA: 13.6.3. */
static void pass_checked(struct obvious *o)
{
	const struct memory input = obvious_input(o->txn);
	struct place place;

	if (checks_space(o) && !names_space(o)) {
		o->answer->notes.unnamed = true;
		obvious_configuration_error(o, F_TRANSL_FORBIDDEN);
		return;
	}
	if (!substream_is_right(o) || !obvious_hint_enabled(o))
		return;
	if (!obvious_ats_is_split(o)) {
		pass_translated(o);
		return;
	}
	o->answer->stages = 2;
	if (pass_stage1(o, &input, &place) && second_stage(o, &place) &&
	    well_placed(o, &place, o->txn->addr))
		leave_translated(o, &place, 0);
}

static void note_skipped(struct obvious_notes *notes)
{
	if (notes->skipped && notes->ats == OBVIOUS_ATS_FULL_1)
		notes->ats = OBVIOUS_ATS_FULL_1_SKIPPED;
	if (notes->skipped && notes->ats == OBVIOUS_ATS_FULL_BOTH)
		notes->ats = OBVIOUS_ATS_FULL_BOTH_SKIPPED;
	if (notes->skipped && notes->ats == OBVIOUS_ATS_SPLIT)
		notes->ats = OBVIOUS_ATS_SPLIT_SKIPPED;
}

/* What stage 1 does not grant is not looked up in stage 2; what nothing translates goes as far as
 * there are addresses.  3.9.1.2, 13.6.3 to 13.6.5 */
static void complete(struct obvious *o, const struct memory *input)
{
	enum { EITHER = SMMU3_ATS_R | SMMU3_ATS_W };
	struct place place;
	uint64_t ipa;
	unsigned te;

	note_skipped(&o->answer->notes);
	if (!first_stage(o, input, &place))
		return;
	if (!o->stream.stage2) /* that of Realm IPAs is not known so far */
		place.perm = obvious_executable(o, place.perm, place.space);
	if (!(obvious_granted(o, place.perm) & EITHER)) {
		obvious_no_access(o, 1);
		return;
	}
	ipa = place.address;
	if (!second_stage(o, &place) || !well_placed(o, &place, ipa))
		return;
	place.perm = obvious_executable(o, place.perm, place.space);
	if (!(obvious_granted(o, place.perm) & EITHER)) {
		obvious_no_access(o, 2);
		return;
	}
	/* 3.9.4.2 */
	te = o->realm && bit(o->machine->r_idr3, 17) && place.space == SMMU3_PAS_REALM ?
		     SMMU3_ATS_TE :
		     0;
	if (obvious_ats_is_split(o)) {
		place.address = ipa;
		place.space = obvious_own_space(o);
	}
	if (o->answer->stages == 0)
		place.span_lg2 = o->oas;
	leave_translated(o, &place, te);
}

static void translate(struct obvious *o)
{
	struct memory input;
	struct place place;
	uint64_t ipa;

	if (!obvious_find_stream(o))
		return;
	if (o->stream.config < 4) { /* other fields are ignored, also the overrides.  5.2.1 */
		o->answer->notes.ats = OBVIOUS_ATS_ABORTS;
		override_access(o, 0, 0);
		obvious_abort(o);
		return;
	}
	obvious_label_by_stream(o);
	override_access(o, bits(o->stream.word[1], 49, 48), bits(o->stream.word[1], 51, 50));
	if (o->txn->ats && !obvious_ats_allowed(o))
		return;
	if (o->txn->ats == SMMU3_ATS_TRANSLATED) {
		pass_checked(o);
		return;
	}
	input = ste_memory(o);
	if (!select_substream(o))
		return;
	o->answer->stages = o->stream.stage2 ? 2 : 0;
	if (obvious_is_request(o)) {
		complete(o, &input);
		return;
	}
	if ((o->stream.stage1 || o->stream.stage2) && !obvious_hint_enabled(o))
		return;
	if (!first_stage(o, &input, &place))
		return;
	if (obvious_is_prefetch(o) && !o->stream.stage2) /* as above */
		place.perm = obvious_executable(o, place.perm, place.space);
	if (obvious_is_prefetch(o) && !obvious_prefetch_granted(o, place.perm)) {
		obvious_no_op(o, 1, o->answer->notes.stage1.leaf_level, 0);
		return;
	}
	ipa = place.address;
	if (!second_stage(o, &place))
		return;
	if (o->answer->stages == 0)
		leave_untranslated(o, &place.memory, place.space);
	else if (well_placed(o, &place, ipa))
		leave_translated(o, &place, 0);
}

/* CR0: SMMUEN, ATSCHK.  3.9.1.2, 3.9.1.3, 6.3.9.2 */
/* The caller's: of a Realm stream R_IDR0 says it. */
static bool asks_for_absent_ats(const struct obvious *o)
{
	return o->txn->ats && !bit(o->machine->idr0, 10);
}

static void translate_ats(struct obvious *o)
{
	if (!bit(o->machine->cr0, 0)) {
		obvious_ats_refused(o, OBVIOUS_ATS_DISABLED);
	} else if (o->txn->ats == SMMU3_ATS_TRANSLATED && !bit(o->machine->cr0, 4)) {
		o->answer->notes.ats = OBVIOUS_ATS_UNCHECKED;
		obvious_label_by_register(o);
		override_access(o, 0, 0);
		pass_translated(o);
	} else {
		translate(o);
	}
}

void obvious_translate(const struct obvious_machine *machine, const struct smmu3_txn *txn,
		       struct obvious_answer *answer)
{
	const bool secure = txn->sec_sid == SMMU3_PAS_SECURE;
	const bool realm = txn->sec_sid == SMMU3_PAS_REALM;
	const struct obvious_machine seen = secure ? secure_machine(machine) :
					    realm  ? realm_machine(machine) :
						     non_secure_machine(machine);
	const struct smmu3_txn driven = obvious_class_txn(txn);
	const struct smmu3_txn ats = obvious_ats_txn(machine, &driven);
	struct obvious o = {
		.machine = &seen,
		.secure = secure,
		.realm = realm,
		.txn = txn->ats ? &ats : &driven,
		.answer = answer,
		.minor = (unsigned)bits(machine->aidr, 3, 0),
		.oas = obvious_size_bits(bits(machine->idr5, 2, 0)),
	};

	memset(answer, 0, sizeof(*answer));
	answer->fault_level = NO_LEVEL;
	answer->notes.config = NO_CONFIG;
	answer->notes.secure = secure;
	answer->notes.realm = realm;
	answer->notes.beside = !secure && !realm && bit(machine->s_idr1, 31);
	if (asks_for_absent_ats(&o)) {
		answer->verdict = SMMU3_ERROR;
		return;
	}
	if (obvious_is_special(&o) && !obvious_class_begins(&o))
		return;
	take_access(&o);
	if (txn->ats)
		translate_ats(&o);
	else if (bit(seen.cr0, 0))
		translate(&o);
	else
		global_bypass(&o);
}

/* ---- Names ---- */

#define RULE_NAME(name, requirements) [OBVIOUS_##name] = #name,
#define RULE_REQUIREMENTS(name, requirements) [OBVIOUS_##name] = requirements,

const char *obvious_rule_name(enum obvious_rule rule)
{
	static const char *const name[OBVIOUS_RULES] = { [OBVIOUS_LEGAL] = "LEGAL",
							 OBVIOUS_STE_RULES(RULE_NAME)
								 OBVIOUS_CD_RULES(RULE_NAME) };

	return rule < OBVIOUS_RULES ? name[rule] : "";
}

const char *obvious_rule_requirements(enum obvious_rule rule)
{
	static const char *const requirements[OBVIOUS_RULES] = {
		[OBVIOUS_LEGAL] = "",
		OBVIOUS_STE_RULES(RULE_REQUIREMENTS) OBVIOUS_CD_RULES(RULE_REQUIREMENTS)
	};

	return rule < OBVIOUS_RULES ? requirements[rule] : "";
}
