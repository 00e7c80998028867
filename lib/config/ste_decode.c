/* SPDX-License-Identifier: MIT */
/* What an STE that is legal says.  5.2 */
#include "config/stream.h"

#include "arch/dpt.h"
#include "config/sizes.h"
#include "config/structure_name.h"

/* Hints may be overridden of a type alone that is overridden, too.  5.2 ALLOCCFG */
static uint8_t allocations(const struct features *features, const struct ste *ste)
{
	return features->alloccfg_wants_mtcfg && !ste_get(ste, STE_MTCFG) ?
		       0 :
		       (uint8_t)ste_get(ste, STE_ALLOCCFG);
}

/* Where no override is implemented, or none is set, the fields mean "use incoming".  5.2 */
static struct attr_override type_override(const struct features *features, const struct ste *ste)
{
	if (!features->attr_types_ovr)
		return (struct attr_override){ .shcfg = STE_SHCFG_INCOMING };
	return (struct attr_override){
		.mtcfg = ste_get(ste, STE_MTCFG) != 0,
		.memattr = (uint8_t)ste_get(ste, STE_MEMATTR),
		.alloccfg = allocations(features, ste),
		.shcfg = (uint8_t)ste_get(ste, STE_SHCFG),
	};
}

/* log2 of the bytes that S1ContextPtr points at, whose low bits therefore do not count. 5.2
 * S1Fmt */
static unsigned context_table_lg2(unsigned cdmax, unsigned leaf_lg2)
{
	const unsigned cd_lg2 = 6, l1cd_lg2 = 3;

	if (!leaf_lg2)
		return cdmax + cd_lg2;
	const unsigned l1_lg2 = cdmax > leaf_lg2 ? cdmax - leaf_lg2 + l1cd_lg2 : l1cd_lg2;

	return l1_lg2 > cd_lg2 ? l1_lg2 : cd_lg2;
}

static void decode_stage1(const struct features *features, const struct ste *ste,
			  struct stream *stream)
{
	static const uint8_t leaf_lg2[] = { [STE_S1FMT_4K_L2] = CDS_OF_4K_LG2,
					    [STE_S1FMT_64K_L2] = CDS_OF_64K_LG2,
					    [STE_S1FMT_RESERVED] = 0 };

	stream->context_attr = attr_s1c((unsigned)ste_get(ste, STE_S1CIR),
					(unsigned)ste_get(ste, STE_S1COR),
					(unsigned)ste_get(ste, STE_S1CSH));
	stream->stalls_disabled = ste_get(ste, STE_S1STALLD) != 0;
	stream->s1pie = features->s1pi && ste_get(ste, STE_S1PIE);
	stream->context_ptr = ste_address(ste, STE_S1CONTEXTPTR);
	if (!features->ssidsize || !ste_get(ste, STE_S1CDMAX))
		return;
	stream->cdmax = (uint8_t)ste_get(ste, STE_S1CDMAX);
	stream->s1dss = (uint8_t)ste_get(ste, STE_S1DSS);
	stream->cd_leaf_lg2 = leaf_lg2[ste_get(ste, STE_S1FMT)];
	if (likely(!features->s1contextptr_joined))
		stream->context_ptr = align_down(stream->context_ptr,
						 context_table_lg2(stream->cdmax,
								   stream->cd_leaf_lg2));
}

/* What S2AA64 = 0 means without VMSAv9-128.  5.2 */
static bool is_lpae(const struct features *features, const struct ste *ste)
{
	return !ste_get(ste, STE_S2AA64) && !features->d128;
}

/* Of VMSAv8-32: 4KB, a size with a sign, 40 bits out.  5.2 S2T0SZ, S2SL0, S2TG, S2PS */
static COLD void decode_s2_lpae(const struct features *features, const struct ste *ste,
				struct stage2 *stage2)
{
	const unsigned input_bits = s2_lpae_input_bits((unsigned)ste_get(ste, STE_S2T0SZ));
	const int start = s2_lpae_start_level((unsigned)ste_get(ste, STE_S2SL0));
	struct table *table = &stage2->table;

	stage2->lpae = true;
	stage2->mteperm = false; /* 0b0100 is reserved, as J1 S2DecodeMemAttrs has it */
	table->walk = lpae_walker(2, SMMU3_PAS_NS);
	table->granule_lg2 = LPAE_GRANULE_LG2;
	table->input_bits = (uint8_t)input_bits;
	table->output_bits = LPAE_OUTPUT_BITS;
	table->start_level = (int8_t)start;
	table->block_level = (int8_t)block_level(features, LPAE_GRANULE_LG2, false);
	table->ds = false;
	table->root = table_root(ttb_address(features, ste_address(ste, STE_S2TTB)),
				 input_bits - level_lg2(LPAE_GRANULE_LG2, start), LPAE_OUTPUT_BITS);
}

/* What it means with it.  5.2 */
static bool is_d128(const struct features *features, const struct ste *ste)
{
	return !ste_get(ste, STE_S2AA64) && features->d128;
}

/* Of VMSAv9-128 a walk begins where the size says, but for what S2SKL skips.  5.2 */
static int start_level(const struct features *features, const struct ste *ste, unsigned granule_lg2,
		       unsigned input_bits)
{
	return unlikely(is_d128(features, ste)) ?
		       d128_start_level(granule_lg2, input_bits,
					(unsigned)ste_get(ste, STE_S2SKL)) :
		       s2_start_level(features, ste);
}

static struct table decode_s2_table(const struct features *features, const struct ste *ste)
{
	const unsigned granule_lg2 = tg0_granule((unsigned)ste_get(ste, STE_S2TG));
	const unsigned input_bits = 64 - (unsigned)ste_get(ste, STE_S2T0SZ);
	const unsigned output_bits = effective_output_bits(features,
							   (unsigned)ste_get(ste, STE_S2PS));
	const bool d128 = is_d128(features, ste);
	const int start = start_level(features, ste, granule_lg2, input_bits);
	const bool ds = !d128 && effective_ds(features, ste_get(ste, STE_S2DS), granule_lg2);

	return (struct table){
		.walk = unlikely(d128) ? d128_walker(2, granule_lg2, SMMU3_PAS_NS) :
					 stage2_walker(granule_lg2, ds, SMMU3_PAS_NS),
		.root = unlikely(d128) ?
				d128_root(ste_address(ste, STE_S2TTB), granule_lg2, input_bits,
					  start) :
				table_root(ttb_address(features, ste_address(ste, STE_S2TTB)),
					   input_bits - level_lg2(granule_lg2, start), output_bits),
		.attr = attr_walk((unsigned)ste_get(ste, STE_S2IR0),
				  (unsigned)ste_get(ste, STE_S2OR0),
				  (unsigned)ste_get(ste, STE_S2SH0)),
		.granule_lg2 = (uint8_t)granule_lg2,
		.input_bits = (uint8_t)input_bits,
		.output_bits = (uint8_t)output_bits,
		.start_level = (int8_t)start,
		.block_level = (int8_t)block_level(features, granule_lg2, ds),
		.big_endian = ste_get(ste, STE_S2ENDI) != 0,
		.ds = ds,
		.d128 = d128,
		.sh = ste_get(ste, STE_S2SH0) & 3,
	};
}

/* HD without HA is reserved, and acts as neither.  5.2 S2HA */
static struct leaf_updates decode_updates(const struct features *features, const struct ste *ste)
{
	const bool accessed = features->httu && ste_get(ste, STE_S2HA);

	const bool tables = accessed && features->httu == HTTU_TABLES;

	return (struct leaf_updates){ .accessed = accessed,
				      .of_refused = features->refused_accessed,
				      .by_unread = features->unread_dirty,
				      .dirty = accessed && ste_get(ste, STE_S2HD),
				      .tables = tables && ste_get(ste, STE_S2HAFT) };
}

/* S2POI counts with S2POE alone, which is ILLEGAL without indirection, and VMSAv9-128 has no other
 * permissions.  5.2 */
static void decode_s2_indirection(const struct features *features, const struct ste *ste,
				  struct stage2 *stage2)
{
	stage2->indirect = is_d128(features, ste) || (features->s2pi && ste_get(ste, STE_S2PIE));
	stage2->updates.indirect = stage2->indirect;
	if (likely(!stage2->indirect))
		return;
	stage2->codes.overlaid = features->s2po && ste_get(ste, STE_S2POE);
	stage2->codes.overlay = ste->word[field_lsb(STE_S2POI0) / 64];
}

/* Of VMSAv9-128 leaves are always AssuredOnly if their bit says so.  5.2 */
static void decode_hardening(const struct features *features, const struct ste *ste,
			     struct stage2 *stage2)
{
	if (likely(!features->the))
		return;
	stage2->assured_only = is_d128(features, ste) || ste_get(ste, STE_ASSUREDONLY);
	stage2->top_levels = (uint16_t)((ste_get(ste, STE_TL0) ? S2_TOP_LEVEL_0 : 0) |
					(ste_get(ste, STE_TL1) ? S2_TOP_LEVEL_1 : 0));
	stage2->hardened = stage2->assured_only || stage2->top_levels;
}

/* What reserved values of leaves mean.  D8.6.5 to D8.6.7 */
static COLD void decode_reserved(const struct features *features, struct stage2 *stage2)
{
	stage2->unusual = true;
	stage2->reserved_sh = features->reserved.s2_sh;
	stage2->reserved_memattr = stage2->fwb ? features->reserved.memattr_fwb :
						 features->reserved.memattr;
}

static void decode_stage2(const struct features *features, const struct ste *ste,
			  struct stream *stream)
{
	stream->s2r = ste_get(ste, STE_S2R) != 0;
	stream->s2s = ste_get(ste, STE_S2S) != 0;
	stream->stage2.on = true;
	stream->stage2.updates = decode_updates(features, ste);
	stream->stage2.affd = ste_get(ste, STE_S2AFFD) && !stream->stage2.updates.accessed;
	stream->stage2.fwb = features->fwb && ste_get(ste, STE_S2FWB);
	stream->stage2.ptw = stream->stage1 && ste_get(ste, STE_S2PTW);
	stream->stage2.ptwnnc = features->ptwnnc;
	stream->stage2.xnx = features->xnx;
	stream->stage2.mteperm = features->mteperm;
	stream->stage2.unusual = features->mteperm;
	if (unlikely(features->reserved.any))
		decode_reserved(features, &stream->stage2);
	stream->stage2.table = decode_s2_table(features, ste);
	decode_s2_indirection(features, ste, &stream->stage2);
	if (unlikely(is_lpae(features, ste)))
		decode_s2_lpae(features, ste, &stream->stage2);
	else
		decode_hardening(features, ste, &stream->stage2);
}

/* Without a Device Permission Table EATS 0b11 is reserved, and disables ATS.  5.2 */
static enum ste_eats decode_eats(const struct features *features, const struct ste *ste)
{
	const enum ste_eats eats = (enum ste_eats)ste_get(ste, STE_EATS);

	if (!features->ats || ste_get(ste, STE_CONFIG) == STE_CONFIG_BYPASS)
		return STE_EATS_DISABLED;
	return eats == STE_EATS_DPT && !features->dpt ? STE_EATS_DISABLED : eats;
}

static uint8_t decode_vmatch(const struct ste *ste)
{
	const uint64_t vmatch = ste_get(ste, STE_DPT_VMATCH);

	return vmatch == DPT_VMATCH_RESERVED ? DPT_VMATCH_VMID : (uint8_t)vmatch;
}

/* STRW counts where stage 1 stands alone; a legal one with stage 1 is EL1 or EL2.  5.2 STRW */
static enum stream_world decode_world(const struct features *features, bool e2h,
				      const struct ste *ste)
{
	if (!features->hyp || ste_get(ste, STE_CONFIG) != STE_CONFIG_S1 ||
	    ste_get(ste, STE_STRW) == STE_STRW_EL1)
		return NS_EL1;
	return e2h ? NS_EL2_E2H : NS_EL2;
}

static enum stream_world decode_secure_world(bool e2h, const struct ste *ste)
{
	static const uint8_t worlds[] = { [STE_STRW_EL1] = S_EL1,
					  [STE_STRW_EL3] = EL3,
					  [STE_STRW_EL2] = S_EL2,
					  [STE_STRW_RESERVED] = S_EL1 };
	const bool alone = ste_get(ste, STE_CONFIG) == STE_CONFIG_S1;
	const uint64_t strw = alone ? ste_get(ste, STE_STRW) : STE_STRW_EL1;

	return strw == STE_STRW_EL2 && e2h ? S_EL2_E2H : (enum stream_world)worlds[strw];
}

static enum stream_world decode_realm_world(bool e2h, const struct ste *ste)
{
	if (ste_get(ste, STE_CONFIG) != STE_CONFIG_S1 || ste_get(ste, STE_STRW) == STE_STRW_EL1)
		return R_EL1;
	return e2h ? R_EL2_E2H : R_EL2;
}

struct ste ste_for_secure_ipas(const struct ste *ste)
{
	static const enum ste_field of_secure[][2] = {
		{ STE_S2T0SZ, STE_S_S2T0SZ },   { STE_S2SL0, STE_S_S2SL0 },
		{ STE_S2SL0_2, STE_S_S2SL0_2 }, { STE_S2TG, STE_S_S2TG },
		{ STE_S2TTB, STE_S_S2TTB },     { STE_S2SKL, STE_S_S2SKL },
	};
	struct ste of = *ste;

	for (unsigned i = 0; i < ARRAY_SIZE(of_secure); i++) {
		const int to = (int)of_secure[i][0];
		uint64_t *word = &of.word[field_lsb(to) / 64];

		*word = (*word & ~field_mask(to)) | ste_get(ste, of_secure[i][1])
							    << field_lsb(to) % 64;
	}
	return of;
}

/* A tree of a Secure stream: whether its tables are Non-secure, and what it maps. */
static void choose_spaces(struct table *table, bool walk_ns, bool output_ns)
{
	table->walk = stage2_walker(table->granule_lg2, table->ds, SMMU3_PAS_SECURE);
	if (table->d128)
		table->walk = d128_walker(2, table->granule_lg2, SMMU3_PAS_SECURE);
	table->pas = walk_ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
	table->output_pas = output_ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
}

/* What is Non-secure once stays so: S2SW decides for all, S2SA for all that is mapped.  13.4.4 */
static void decode_secure_stage2(const struct features *features, const struct ste *ste,
				 struct stage2 *stage2)
{
	const struct ste of_secure = ste_for_secure_ipas(ste);
	const bool sw = ste_get(ste, STE_S2SW), sa = sw || ste_get(ste, STE_S2SA);
	const bool nsw = ste_get(ste, STE_S2NSW), nsa = nsw || sa || ste_get(ste, STE_S2NSA);

	stage2->secure = decode_s2_table(features, &of_secure);
	choose_spaces(&stage2->secure, sw, sa);
	choose_spaces(&stage2->table, nsw, nsa);
}

/* Of a Secure stream, what differs.  Stage 1 alone has the VMID 0.  3.10.2.2, 5.2 S2VMID, NSCFG */
static COLD void decode_secure(const struct features *features, bool e2h, const struct ste *ste,
			       struct stream *stream)
{
	stream->world = decode_secure_world(e2h, ste);
	stream->stage2.regime.world = S_EL1;
	if (stream->stage2.on)
		decode_secure_stage2(features, ste, &stream->stage2);
	else
		stream->stage2.regime.vmid = 0;
	if (features->attr_perms_ovr)
		stream->nscfg = (uint8_t)ste_get(ste, STE_NSCFG);
}

/* Without XT a check of the space is nothing.  5.2 NSCFG */
static uint8_t decode_realm_nscfg(const struct features *features, const struct ste *ste)
{
	const uint64_t nscfg = ste_get(ste, STE_NSCFG);

	return nscfg == STE_NSCFG_CHECK && !features->xt ? STE_NSCFG_INCOMING : (uint8_t)nscfg;
}

/* Of a Realm stream, what differs: one IPA space, and of stage 2 the leaves choose.  NSCFG is not
 * one of the fields of ATTR_PERMS_OVR.  3.10.3, 5.2, D8.3.1.2 */
static COLD void decode_realm(const struct features *features, bool e2h, const struct ste *ste,
			      struct stream *stream)
{
	struct table *table = &stream->stage2.table;

	stream->world = decode_realm_world(e2h, ste);
	stream->nscfg = decode_realm_nscfg(features, ste);
	stream->mecid = (uint16_t)(ste_get(ste, STE_MECID) & low_bits(features->mecid_bits));
	stream->stage2.regime.world = R_EL1;
	table->walk = stage2_walker(table->granule_lg2, table->ds, SMMU3_PAS_REALM);
	if (table->d128)
		table->walk = d128_walker(2, table->granule_lg2, SMMU3_PAS_REALM);
	table->pas = SMMU3_PAS_REALM;
	table->mecid = stream->mecid;
	table->leaf_ns = (uint8_t)field_lsb(TTD_S2NS);
	table->mec = features->mec;
}

/* S1MPAM is nothing where there is no stage 1.  17.2 */
static COLD void decode_labels(const struct features *features, const struct ste *ste,
			       struct stream *stream)
{
	const struct label label = { ste_get(ste, STE_PARTID), ste_get(ste, STE_PMG),
				     ste_get(ste, STE_MPAM_NS) };

	stream->mpam = label_effective(features, label);
	stream->mpam_ns = label.mpam_ns;
	stream->s1mpam = stream->stage1 && ste_get(ste, STE_S1MPAM);
	stream->vms = vms_enabled(features, ste);
	stream->stage2.mpam = stream->mpam;
}

void stream_decode(const struct features *features, bool e2h, const struct ste *ste,
		   struct stream *stream)
{
	const unsigned config = (unsigned)ste_get(ste, STE_CONFIG);

	*stream = (struct stream){ .abort = !(config & STE_CONFIG_PASS_BIT),
				   .ppar = ste_get(ste, STE_PPAR) != 0 };
	stream->stage2.oas_bits = features->oas_bits;
	if (features->s2p)
		stream->stage2.regime.vmid = (uint16_t)(ste_get(ste, STE_S2VMID) &
							low_bits(features->vmid16 ? 16 : 8));
	if (stream->abort)
		return;
	stream->eats = decode_eats(features, ste);
	stream->dpt_vmatch = decode_vmatch(ste);
	stream->dre = ste_get(ste, STE_DRE);
	stream->dcp = ste_get(ste, STE_DCP);
	stream->override = type_override(features, ste);
	if (features->attr_perms_ovr) {
		stream->privcfg = (uint8_t)ste_get(ste, STE_PRIVCFG);
		stream->instcfg = (uint8_t)ste_get(ste, STE_INSTCFG);
	}
	stream->stage1 = config & STE_CONFIG_S1_BIT;
	stream->world = decode_world(features, e2h, ste);
	if (stream->stage1)
		decode_stage1(features, ste, stream);
	if (config & STE_CONFIG_S2_BIT)
		decode_stage2(features, ste, stream);
	if (unlikely(features->mpam))
		decode_labels(features, ste, stream);
	if (unlikely(features->sec_sid == SMMU3_PAS_SECURE))
		decode_secure(features, e2h, ste, stream);
	else if (unlikely(features->sec_sid == SMMU3_PAS_REALM))
		decode_realm(features, e2h, ste, stream);
}
