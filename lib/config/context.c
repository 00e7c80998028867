/* SPDX-License-Identifier: MIT */
#include "config/context.h"

#include "config/amend.h"
#include "config/fetch.h"
#include "config/sizes.h"
#include "config/structures.h"
#include "mem/guard.h"

enum { CD_LG2 = 6, L1CD_LG2 = 3, CD_WORDS = 8 };

static struct fault select_with_ssid(const struct stream *stream, uint32_t ssid, uint32_t *index)
{
	if (!stream->stage1 || !stream->cdmax)
		return config_fault(C_BAD_SUBSTREAMID, WHY_SSID_UNUSED);
	if (ssid >> stream->cdmax)
		return config_fault(C_BAD_SUBSTREAMID, WHY_SSID_RANGE);
	if (ssid == 0 && stream->s1dss == STE_S1DSS_SUBSTREAM0)
		return config_fault(F_STREAM_DISABLED, WHY_S1DSS_SSID0);
	*index = ssid;
	return NO_FAULT;
}

struct fault substream_select(const struct stream *stream, struct substream substream, bool *skip,
			      uint32_t *index)
{
	*skip = !stream->stage1;
	*index = 0;
	if (substream.valid)
		return select_with_ssid(stream, substream.ssid, index);
	if (!stream->stage1 || !stream->cdmax || stream->s1dss == STE_S1DSS_SUBSTREAM0)
		return NO_FAULT;
	if (stream->s1dss != STE_S1DSS_BYPASS)
		return config_fault(F_STREAM_DISABLED, WHY_S1DSS_TERMINATE);
	*skip = true;
	return NO_FAULT;
}

/* Reads a structure that the stream addresses by IPA.  3.10.2.1, 7.3.10: an abort is F_CD_FETCH
 * with the PA of the read. */
static struct fault read_context(const struct mem_view *view, const struct stream *stream,
				 struct fetch *fetch, enum why aborted, uint64_t *word)
{
	struct s2_result s2;
	const struct fault fault = ipa_to_pa(view, &stream->stage2, fetch->ipa, SMMU3_CLASS_CD,
					     stream->context_attr, &s2);

	if (faulted(fault))
		return fault;
	fetch->has_ipa = stream->stage2.on;
	fetch->assured_only = s2.assured_only;
	fetch->read.at = s2.pa;
	fetch->read.attr = s2.attr;
	fetch->read.mecid = stream->mecid;
	fetch->read.mpam = stream->mpam;
	if (fetch_structure(view, fetch, word))
		return NO_FAULT;
	struct fault abort = config_fault(F_CD_FETCH, guarded_why(view, aborted));

	abort.addr = s2.pa.addr;
	return abort;
}

/* CDs and their tables are in the IPA space of the stream's Security state. */
static struct ipa own_ipa(const struct stream *stream, uint64_t addr)
{
	return (struct ipa){ addr, (enum smmu3_pas)stream_worlds[stream->world].sec_sid };
}

/* Is a table beyond OAS or IAS none?  Without stage 2 one that is not minded is cut to OAS, as any
 * IPA; with it an address beyond its input faults there.  3.4.3 notes 3, 4 */
static bool leaf_minded(const struct features *features, const struct stream *stream, uint64_t leaf)
{
	const struct out_of_bounds *choice = &features->out_of_bounds;

	return stream->stage2.on ? choice->l2ptr_minded && leaf >> features->ias_bits :
				   !choice->l2ptr_cut && leaf >> features->oas_bits;
}

static struct fault read_l1cd(const struct mem_view *view, const struct stream *stream,
			      uint32_t index, struct l1cd_found *found)
{
	struct fetch fetch = {
		.read = { .reason = SMMU3_REASON_L1CD },
		.words = 1,
		.input = index,
		.ipa = own_ipa(stream,
			       stream->context_ptr |
				       ((uint64_t)(index >> stream->cd_leaf_lg2) << L1CD_LG2)),
	};
	const struct fault fault = read_context(view, stream, &fetch, WHY_L1CD_FETCH, &found->word);

	found->assured = fetch.assured_only;
	return fault;
}

/* As read_l1cd, of what is kept first, valid or not, where everything is.  3.21.3 */
static COLD struct fault find_or_read_l1cd(const struct mem_view *view,
					   const struct features *features,
					   const struct stream *stream, uint32_t index,
					   struct l1cd_found *found)
{
	struct structure structure;

	structure.name = name_of_l1cd(stream->sid, features->sec_sid, index, stream->cd_leaf_lg2);
	structure.illegal = WHY_NONE;
	if (structure_find_for(view, STRUCTURE_CONTEXT, structure.name, &structure)) {
		*found = structure.l1cd;
		return NO_FAULT;
	}
	const struct fault fault = read_l1cd(view, stream, index, found);

	structure.l1cd = *found;
	if (!faulted(fault))
		structure_keep_for(view, STRUCTURE_CONTEXT, &structure);
	return fault;
}

/* The address of a CD in a two-level table. */
static struct fault locate_in_leaf(const struct mem_view *view, const struct features *features,
				   const struct stream *stream, uint32_t index,
				   struct cd_place *place)
{
	const bool kept = unlikely(view->structures) && view->structures->grows;
	struct l1cd_found found;
	const struct fault fault = kept ? find_or_read_l1cd(view, features, stream, index, &found) :
					  read_l1cd(view, stream, index, &found);
	const struct l1cd l1cd = { { found.word } };

	if (faulted(fault))
		return fault;
	if (!l1cd_get(&l1cd, L1CD_V))
		return config_fault(C_BAD_SUBSTREAMID, WHY_L1CD_V);
	const uint64_t leaf = align_down(l1cd_address(&l1cd, L1CD_L2PTR),
					 stream->cd_leaf_lg2 + CD_LG2);

	if (unlikely(leaf >> features->pointer_bits) && leaf_minded(features, stream, leaf))
		return config_fault(C_BAD_SUBSTREAMID, WHY_L1CD_L2PTR);
	place->ipa = leaf | (index & low_bits(stream->cd_leaf_lg2)) << CD_LG2;
	place->assured = found.assured;
	return NO_FAULT;
}

struct fault context_read(const struct mem_view *view, const struct features *features,
			  const struct stream *stream, uint32_t index, struct cd *cd,
			  struct cd_place *place)
{
	struct fetch fetch = {
		.read = { .reason = SMMU3_REASON_CD },
		.words = CD_WORDS,
		.input = index,
	};

	*place = (struct cd_place){ .ipa = stream->context_ptr | ((uint64_t)index << CD_LG2),
				    .assured = true };
	if (stream->cd_leaf_lg2) {
		const struct fault fault = locate_in_leaf(view, features, stream, index, place);

		if (faulted(fault))
			return fault;
	}
	fetch.ipa = own_ipa(stream, place->ipa);
	const struct fault fault = read_context(view, stream, &fetch, WHY_CD_FETCH, cd->word);

	place->at = fetch.read.at;
	place->assured = place->assured && fetch.assured_only;
	return fault;
}

/* One half's fields, by their place in the CD. */
struct half_fields {
	enum cd_field tsz, ir, orgn, sh, epd, tbi, had, e0pd, ttb;
};

static const struct half_fields half_fields[2] = {
	{ CD_T0SZ, CD_IR0, CD_OR0, CD_SH0, CD_EPD0, CD_TBI0, CD_HAD0, CD_E0PD0, CD_TTB0 },
	{ CD_T1SZ, CD_IR1, CD_OR1, CD_SH1, CD_EPD1, CD_TBI1, CD_HAD1, CD_E0PD1, CD_TTB1 },
};

/* And those of VMSAv9-128. */
static const struct {
	enum cd_field skl, disch;
} half_fields_128[2] = {
	{ CD_SKL0, CD_DISCH0 },
	{ CD_SKL1, CD_DISCH1 },
};

/* What CD.AA64 = 0 means without VMSAv9-128.  5.4 */
static bool is_lpae(const struct features *features, const struct cd *cd)
{
	return !cd_get(cd, CD_AA64) && !features->d128;
}

/* And with it.  5.4 */
static bool is_d128(const struct features *features, const struct cd *cd)
{
	return !cd_get(cd, CD_AA64) && features->d128;
}

/* Of VMSAv8-32 the size has three bits, and the output always 40.  5.4 T0SZ, IPS */
static unsigned half_input_bits(const struct cd *cd, enum cd_field tsz, bool lpae)
{
	const unsigned code = (unsigned)cd_get(cd, tsz);

	return lpae ? LPAE_VA_BITS - (code & 7) : 64 - code;
}

static unsigned half_granule(const struct cd *cd, unsigned upper)
{
	return upper ? tg1_granule((unsigned)cd_get(cd, CD_TG1)) :
		       tg0_granule((unsigned)cd_get(cd, CD_TG0));
}

/* Nothing disables the one table of a StreamWorld that has no other.  Of VMSAv9-128 DisCHn and SKLn
 * are where HADn and HWUn are in other formats, and E0PD is not its.  5.4 EPD0, E0PD0, 5.4.1 */
ALWAYS_INLINE struct table decode_half(const struct features *features,
				       const struct stream_world_facts *world, const struct cd *cd,
				       unsigned upper)
{
	const struct half_fields *fields = &half_fields[upper];

	const bool d128 = unlikely(is_d128(features, cd));
	const bool e0pd = features->e0pd && world->two_ranges && !d128;

	if (upper && !world->two_ranges)
		return (struct table){ .disabled = WHY_S1_ONE_RANGE };
	if (world->two_ranges && cd_get(cd, fields->epd))
		return (struct table){ .disabled = WHY_S1_EPD };
	const bool lpae = unlikely(is_lpae(features, cd));
	const unsigned granule_lg2 = lpae ? LPAE_GRANULE_LG2 : half_granule(cd, upper);
	const unsigned input_bits = half_input_bits(cd, fields->tsz, lpae);
	const unsigned output_bits = lpae ? LPAE_OUTPUT_BITS :
					    effective_output_bits(features,
								  (unsigned)cd_get(cd, CD_IPS));
	const int start = d128 ? d128_start_level(granule_lg2, input_bits,
						  (unsigned)cd_get(cd,
								   half_fields_128[upper].skl)) :
				 s1_start_level(granule_lg2, input_bits);
	const bool ds = !lpae && !d128 && effective_ds(features, cd_get(cd, CD_DS), granule_lg2);

	return (struct table){
		.walk = lpae ? lpae_walker(1, SMMU3_PAS_NS) :
			d128 ? d128_walker(1, granule_lg2, SMMU3_PAS_NS) :
			       stage1_walker(granule_lg2, ds, SMMU3_PAS_NS),
		.root = d128 ? d128_root(cd_address(cd, fields->ttb), granule_lg2, input_bits,
					 start) :
			       table_root(ttb_address(features, cd_address(cd, fields->ttb)),
					  input_bits - level_lg2(granule_lg2, start), output_bits),
		.attr = attr_walk((unsigned)cd_get(cd, fields->ir),
				  (unsigned)cd_get(cd, fields->orgn),
				  (unsigned)cd_get(cd, fields->sh)),
		.granule_lg2 = (uint8_t)granule_lg2,
		.input_bits = (uint8_t)input_bits,
		.output_bits = (uint8_t)output_bits,
		.start_level = (int8_t)start,
		.block_level = (int8_t)block_level(features, granule_lg2, ds),
		.big_endian = cd_get(cd, CD_ENDI) != 0,
		.ds = ds,
		.d128 = d128,
		.disch = d128 && cd_get(cd, half_fields_128[upper].disch),
		.sh = cd_get(cd, fields->sh) & 3,
		.tbi = !lpae && cd_get(cd, fields->tbi),
		.no_hierarchy = features->had && cd_get(cd, fields->had),
		.closed = e0pd && !lpae && cd_get(cd, fields->e0pd) ? PERM_UNPRIVILEGED : 0,
	};
}

/* PnCH is of VMSAv8-64, and no tables of VMSAv8-32 are Protected.  3.27.1, J1
 * AArch64.S1InitialTTWState */
static COLD void decode_hardening(const struct features *features, const struct stream *stream,
				  const struct cd *cd, struct stage1 *stage1)
{
	const unsigned checked = stream->stage2.top_levels;
	const bool lpae = is_lpae(features, cd);

	stage1->half[1].upper = true;
	stage1->half[0].assured = !lpae && checked & S2_TOP_LEVEL_0;
	stage1->half[1].assured = !lpae && checked & S2_TOP_LEVEL_1;
	stage1->half[0].pnch = stage1->half[1].pnch = cd_get(cd, CD_AA64) && cd_get(cd, CD_PNCH);
}

static struct regime regime_of(const struct features *features, const struct stream *stream,
			       const struct stream_world_facts *world, const struct cd *cd)
{
	const uint64_t asid_bits = low_bits(features->asid16 ? 16 : 8);

	return (struct regime){
		.vmid = world->vmids ? stream->stage2.regime.vmid : 0,
		.asid = (uint16_t)(cd_get(cd, CD_ASID) & (world->asids ? asid_bits : 0)),
		.aset = cd_get(cd, CD_ASET) != 0,
		.world = (uint8_t)stream->world,
	};
}

/* Of a stream that is not Non-secure, what differs: tables in its own space, of a Secure one by
 * NSCFG; leaves of a Realm hypervisor have an NS.  5.4 NSCFG0, 3.10.3, D8.4.6 */
static COLD void choose_space(const struct features *features, const struct stream *stream,
			      const struct cd *cd, unsigned upper, struct table *half)
{
	const enum smmu3_pas own = (enum smmu3_pas)features->sec_sid;

	half->pas = (uint8_t)pas_after(own, cd_get(cd, upper ? CD_NSCFG1 : CD_NSCFG0));
	half->walk = is_lpae(features, cd) ? lpae_walker(1, own) :
					     stage1_walker(half->granule_lg2, half->ds, own);
	if (half->d128)
		half->walk = d128_walker(1, half->granule_lg2, own);
	half->mec = features->mec;
	half->mecid = stream->mecid;
	if (stream->world == R_EL2 || stream->world == R_EL2_E2H)
		half->leaf_ns = (uint8_t)field_lsb(TTD_NS);
}

/* EL3 may have one region of 56 bits: there bit 55, whichever it is, leads to TTB0, and as
 * elsewhere those above are its copies.  3.4.1 */
static void share_bit_55(const struct stream_world_facts *world, struct stage1 *stage1)
{
	if (!world->two_ranges && stage1->half[0].input_bits > VA_HALF_BIT)
		stage1->half[1] = stage1->half[0];
}

/* Of VMSAv8-32, what differs beside the tables.  The sizes divide the addresses whether tables are
 * walked or not, as they do for a PE.  5.4, G5.5.5 */
static COLD void decode_lpae(const struct stream_world_facts *world, const struct cd *cd,
			     struct stage1 *stage1)
{
	stage1->lower_bits = (uint8_t)half_input_bits(cd, CD_T0SZ, true);
	stage1->upper_bits = world->two_ranges ? (uint8_t)half_input_bits(cd, CD_T1SZ, true) :
						 LPAE_VA_BITS;
	stage1->perm.lpae = true;
	stage1->perm.uwxn = cd_get(cd, CD_UWXN) != 0;
	stage1->perm.epan = false;
}

/* HD without HA is reserved, and acts as neither.  5.4 HA */
static void decode_updates(const struct features *features, const struct cd *cd,
			   struct stage1 *stage1)
{
	const bool accessed = cd_get(cd, CD_HA) != 0;
	const bool tables = accessed && features->httu == HTTU_TABLES;

	stage1->updates = (struct leaf_updates){ .accessed = accessed,
						 .of_refused = features->refused_accessed,
						 .dirty = accessed && cd_get(cd, CD_HD),
						 .tables = tables && cd_get(cd, CD_HAFT) };
	stage1->affd = stage1->affd && !accessed;
}

/* Of the client and of stage 1's tables.  17.2, 17.4 */
static COLD struct smmu3_mpam decode_label(const struct features *features,
					   const struct stream *stream, const struct cd *cd)
{
	const uint64_t partid = cd_get(cd, CD_PARTID);
	const struct label label = {
		stream->vms ? vms_partid(&stream->map, partid) : partid,
		cd_get(cd, CD_PMG),
		stream->mpam_ns,
	};

	return stream->s1mpam ? label_effective(features, label) : stream->mpam;
}

/* 3.26.1; with it PAN is as with EPAN.  VMSAv9-128 has no other permissions. */
static void decode_indirection(const struct features *features, const struct stream *stream,
			       const struct cd *cd, struct stage1 *stage1)
{
	stage1->aie = features->aie && cd_get(cd, CD_AIE);
	stage1->unusual |= stage1->aie;
	stage1->indirect = is_d128(features, cd) ||
			   (features->s1pi && stream->s1pie && cd_get(cd, CD_PIE));
	stage1->updates.indirect = stage1->indirect;
	stage1->codes = (struct s1_codes){ .privileged = cd->word[field_lsb(CD_PIIP0) / 64],
					   .unprivileged = cd->word[field_lsb(CD_PIIU0) / 64] };
}

void context_decode(const struct features *features, const struct stream *stream,
		    const struct cd *cd, struct context *context)
{
	const struct stream_world_facts *world = &stream_worlds[stream->world];

	*context = (struct context){
		.stage1 = {
			.regime = regime_of(features, stream, world, cd),
			.affd = cd_get(cd, CD_AFFD) != 0,
			.perm = {
				.two_privileges = world->two_ranges,
				.wxn = cd_get(cd, CD_WXN) != 0,
				.pan = cd_get(cd, CD_PAN) != 0,
				.epan = features->epan && cd_get(cd, CD_EPAN),
			},
			.mair = cd->word[3],
			.half = { decode_half(features, world, cd, 0),
				  decode_half(features, world, cd, 1) },
		},
		.a = cd_get(cd, CD_A) != 0,
		.r = cd_get(cd, CD_R) != 0,
		.s = cd_get(cd, CD_S) != 0,
	};
	if (unlikely(is_lpae(features, cd))) {
		decode_lpae(world, cd, &context->stage1);
	} else {
		if (features->httu)
			decode_updates(features, cd, &context->stage1);
		decode_indirection(features, stream, cd, &context->stage1);
	}
	if (unlikely(features->reserved.any)) {
		context->stage1.unusual = true;
		context->stage1.reserved_sh = features->reserved.s1_sh;
	}
	if (unlikely(features->mpam))
		context->stage1.mpam = decode_label(features, stream, cd);
	if (unlikely(features->the))
		decode_hardening(features, stream, cd, &context->stage1);
	if (likely(world->sec_sid == SMMU3_PAS_NS))
		return;
	choose_space(features, stream, cd, 0, &context->stage1.half[0]);
	choose_space(features, stream, cd, 1, &context->stage1.half[1]);
	share_bit_55(world, &context->stage1);
}

static struct fault fetch_context(const struct mem_view *view, const struct features *features,
				  const struct stream *stream, uint32_t index,
				  struct context *context)
{
	struct cd cd;
	struct cd_place place;
	const struct fault fault = context_read(view, features, stream, index, &cd, &place);

	if (faulted(fault))
		return fault;
	const enum why illegal = cd_still_illegal(features, stream, &cd);

	if (illegal != WHY_NONE)
		return config_fault(C_BAD_CD, illegal);
	context_decode(features, stream, &cd, context);
	context->stage1.assured = place.assured;
	return NO_FAULT;
}

/* As fetch_context, of what is kept first.  4.3.3 */
static COLD struct fault find_or_fetch(const struct mem_view *view, const struct features *features,
				       const struct stream *stream, uint32_t index,
				       struct context *context)
{
	struct structure structure;

	structure.name = (struct structure_name){ stream->sid, index, features->sec_sid };
	if (structure_find_for(view, STRUCTURE_CONTEXT, structure.name, &structure)) {
		*context = structure.context;
		return structure.illegal ? config_fault(C_BAD_CD, structure.illegal) : NO_FAULT;
	}
	const struct fault fault = fetch_context(view, features, stream, index, context);

	structure.context = *context;
	structure.illegal = fault.event == C_BAD_CD ? fault.why : WHY_NONE;
	if (!faulted(fault) || structure.illegal)
		structure_keep_for(view, STRUCTURE_CONTEXT, &structure);
	return fault;
}

struct fault context_fetch(const struct mem_view *view, const struct features *features,
			   const struct stream *stream, uint32_t index, struct context *context)
{
	return likely(!view->structures) ? fetch_context(view, features, stream, index, context) :
					   find_or_fetch(view, features, stream, index, context);
}
