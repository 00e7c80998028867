/* SPDX-License-Identifier: MIT */
/* What makes an STE ILLEGAL: one line a rule.  5.2.2; where that and the field's own text differ,
 * the comment says so. */
#include "arch/attr.h"
#include "arch/dpt.h"
#include "config/rule.h"
#include "config/sizes.h"
#include "config/stream.h"
#include "walk/fault.h"

/* The STE under judgement, with what several rules ask. */
struct judged {
	const struct features *features;
	const struct ste *ste;
	unsigned config;
	bool lpae, v8, v9; /* stage 2 format.  5.2 S2AA64 */
};

ALWAYS_INLINE struct judged judged_of(const struct features *features, const struct ste *ste)
{
	const bool aa64 = ste_get(ste, STE_S2AA64);

	return (struct judged){
		.features = features,
		.ste = ste,
		.config = (unsigned)ste_get(ste, STE_CONFIG),
		.lpae = !aa64 && !features->d128,
		.v8 = aa64,
		.v9 = !aa64 && features->d128,
	};
}

static unsigned get(const struct judged *judged, enum ste_field field)
{
	return (unsigned)ste_get(judged->ste, field);
}

ALWAYS_INLINE bool is_secure(const struct judged *judged)
{
	return judged->features->sec_sid == SMMU3_PAS_SECURE;
}

ALWAYS_INLINE bool is_realm(const struct judged *judged)
{
	return judged->features->sec_sid == SMMU3_PAS_REALM;
}

/* STRW is used by stage 1 alone; of Non-secure streams where there is an EL2.  5.2.2 IgnoreSTESTRW
 */
static bool strw_used(const struct judged *judged)
{
	return judged->config == STE_CONFIG_S1 && judged->features->s1p &&
	       (judged->features->hyp || judged->features->sec_sid != SMMU3_PAS_NS);
}

/* Of a world that is not EL1's. */
static COLD bool world_absent(const struct features *features, uint64_t strw)
{
	switch (strw) {
	case STE_STRW_EL2:
		return !features->hyp && features->sec_sid != SMMU3_PAS_REALM;
	case STE_STRW_EL3:
		return !features->el3;
	default:
		return true;
	}
}

/* 5.2.2 IgnoreSTES2VMID */
static bool s2vmid_used(const struct judged *judged)
{
	return judged->features->s2p && !(judged->config == STE_CONFIG_S1 && is_secure(judged)) &&
	       !(strw_used(judged) && get(judged, STE_STRW) != STE_STRW_EL1);
}

static enum why ats_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const unsigned eats = get(judged, STE_EATS);
	const bool s2s = get(judged, STE_S2S), s2 = judged->config & STE_CONFIG_S2_BIT;

	if (!features->ats)
		return WHY_NONE;
	RULE(eats == STE_EATS_SPLIT &&
		     (judged->config != STE_CONFIG_NESTED || s2s || features->ns1ats),
	     WHY_STE_EATS_SPLIT);
	RULE(eats == STE_EATS_FULL && s2s && (s2 || features->eats_s2s_minded), WHY_STE_EATS_STALL);
	RULE(eats == STE_EATS_DPT && features->dpt && strw_used(judged) &&
		     get(judged, STE_STRW) != STE_STRW_EL1,
	     WHY_STE_EATS_DPT);
	RULE(eats == STE_EATS_DPT && features->dpt && is_realm(judged) &&
		     get(judged, STE_DPT_VMATCH) != DPT_VMATCH_VMID,
	     WHY_STE_DPT_VMATCH);
	/* The field's text; 5.2.2 leaves it out. */
	RULE(eats == STE_EATS_DPT && features->dpt && s2 && s2s, WHY_STE_EATS_DPT);
	return WHY_NONE;
}

/* Beyond OAS, without stage 2: one that is not minded is cut to OAS, as any IPA.  Beyond IAS, with
 * it: else it is left to stage 2, which faults it.  3.4.3 notes 1, 2 */
static bool pointer_minded(const struct judged *judged)
{
	const struct features *features = judged->features;
	const uint64_t pointer = ste_address(judged->ste, STE_S1CONTEXTPTR);

	return judged->config == STE_CONFIG_S1 ?
		       !features->out_of_bounds.s1contextptr_cut && pointer >> features->oas_bits :
		       features->out_of_bounds.s1contextptr_minded && pointer >> features->ias_bits;
}

static enum why stage1_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const unsigned cdmax = get(judged, STE_S1CDMAX), fmt = get(judged, STE_S1FMT);

	RULE(get(judged, STE_S1STALLD) && features->stall_model != STALLS_ALLOWED,
	     WHY_STE_S1STALLD);
	RULE(features->ssidsize && cdmax > features->ssidsize, WHY_STE_S1CDMAX);
	RULE(features->ssidsize && cdmax && !features->cd2l &&
		     (fmt == STE_S1FMT_4K_L2 || fmt == STE_S1FMT_64K_L2),
	     WHY_STE_S1FMT);
	RULE(unlikely(ste_address(judged->ste, STE_S1CONTEXTPTR) >> features->pointer_bits) &&
		     pointer_minded(judged),
	     WHY_STE_S1CONTEXTPTR);
	return WHY_NONE;
}

/* SMMUv3.0 may take the nearest size instead: libsmmu calls it ILLEGAL there too.  5.2 */
static bool s2t0sz_out_of_range(const struct judged *judged, unsigned granule_lg2)
{
	const struct features *features = judged->features;
	const unsigned t0sz = get(judged, STE_S2T0SZ);
	const bool wide = granule_lg2 == 16 || (features->ds && get(judged, STE_S2DS));
	const unsigned floor = features->minor == 0 ? 0 : judged->v9 ? 8 : wide ? 12 : 16;
	const unsigned ias = 64u - features->ias_bits;

	return t0sz < (floor > ias ? floor : ias) ||
	       t0sz > largest_tsz(features, judged->v9, granule_lg2);
}

/* By {SL0_2, SL0}, of 4KB: the first bit counts with DS alone. */
static int start_level_4k(bool stt, bool ds, unsigned sl2, unsigned sl0)
{
	static const int8_t level[] = { 2, 1, 0, 3, -1, LEVEL_NONE, LEVEL_NONE, LEVEL_NONE };

	return sl0 == 3 && !stt ? LEVEL_NONE : level[(ds ? sl2 << 2 : 0) | sl0];
}

unsigned s2_lpae_input_bits(unsigned t0sz)
{
	const int size = (int)(t0sz & 7) - (int)(t0sz & 8);

	return (unsigned)((int)LPAE_VA_BITS - size);
}

int s2_start_level(const struct features *features, const struct ste *ste)
{
	const unsigned granule_lg2 = tg0_granule((unsigned)ste_get(ste, STE_S2TG));
	const unsigned sl0 = (unsigned)ste_get(ste, STE_S2SL0);
	const bool ds = effective_ds(features, ste_get(ste, STE_S2DS), granule_lg2);

	if (granule_lg2 == 12)
		return start_level_4k(features->stt, ds, (unsigned)ste_get(ste, STE_S2SL0_2), sl0);
	/* 0b11 is level 0 of a 16KB granule with DS, and reserved otherwise */
	return sl0 == 3 && !ds ? LEVEL_NONE : LAST_LEVEL - (int)sl0;
}

/* Levels that need an output size of at least this.  J1 AArch64.S2InvalidSL */
static unsigned oas_needed(unsigned granule_lg2, int level)
{
	if (granule_lg2 == 12)
		return level < 0 ? 52 : level == 0 ? 44 : 0;
	return level < 1 ? 52 : level > 1 ? 0 : granule_lg2 == 14 ? 42 : 44;
}

/* A size must need the start level, and not more than 16 tables of it side by side. D8.2.2 */
static bool size_fits(unsigned granule_lg2, int level, unsigned input_bits)
{
	const unsigned least = level_lg2(granule_lg2, level) + 1;

	return input_bits >= least && input_bits <= least + (granule_lg2 - DESCRIPTOR_LG2 - 1) + 4;
}

/* 5.2.1 */
static bool s2_inconsistent(const struct judged *judged, unsigned granule_lg2)
{
	const int level = s2_start_level(judged->features, judged->ste);
	const unsigned input_bits = 64 - get(judged, STE_S2T0SZ);

	if (level == LEVEL_NONE || judged->features->oas_bits < oas_needed(granule_lg2, level))
		return true;
	return !size_fits(granule_lg2, level, input_bits);
}

static bool overlay_reserved(const struct ste *ste)
{
	for (unsigned i = 0; i < 16; i++) {
		const uint64_t poi = bits(ste->word[7], 4 * i + 3, 4 * i);

		if (poi == 1 || poi == 5)
			return true;
	}
	return false;
}

static enum why overlay_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;

	if (!features->s2po || !get(judged, STE_S2POE))
		return WHY_NONE;
	RULE(!get(judged, STE_S2PIE) && !judged->v9, WHY_STE_S2POE);
	RULE(features->pbha && bits(judged->ste->word[1], 11, 8), WHY_STE_S2POE);
	RULE(overlay_reserved(judged->ste), WHY_STE_S2POE);
	return WHY_NONE;
}

static enum why s2_update_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const bool ha = get(judged, STE_S2HA), hd = get(judged, STE_S2HD);

	RULE((ha || hd) && (judged->lpae || features->httu == 0), WHY_STE_S2HTTU);
	RULE(hd && features->httu == 1, WHY_STE_S2HTTU);
	RULE(get(judged, STE_S2HAFT) && !ha && features->httu == 3, WHY_STE_S2HTTU);
	return WHY_NONE;
}

ALWAYS_INLINE enum why s2_table_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const unsigned granule_lg2 = tg0_granule(get(judged, STE_S2TG));
	const unsigned output_bits = effective_output_bits(features, get(judged, STE_S2PS));
	const bool ds = judged->v9 || (features->ds && get(judged, STE_S2DS));
	const uint64_t ttb = ste_address(judged->ste, STE_S2TTB);

	RULE(!has_granule(features, granule_lg2), WHY_STE_S2TG);
	RULE(ttb_out_of_range(judged->v9 ? ttb : ttb_address(features, ttb), granule_lg2,
			      output_bits, ds),
	     WHY_STE_S2TTB);
	RULE(s2t0sz_out_of_range(judged, granule_lg2), WHY_STE_S2T0SZ);
	RULE(judged->v8 && s2_inconsistent(judged, granule_lg2), WHY_STE_S2SL0);
	RULE(judged->v9 && d128_start_level(granule_lg2, 64 - get(judged, STE_S2T0SZ),
					    get(judged, STE_S2SKL)) > LAST_LEVEL,
	     WHY_STE_S2SKL);
	return WHY_NONE;
}

/* In VMSAv8-32 S2SL0 0b1x is reserved, and all sizes are in range.  5.2, G5.5.7.2 */
static COLD enum why s2_lpae_table_illegal(const struct judged *judged)
{
	const unsigned sl0 = get(judged, STE_S2SL0);
	const int level = s2_lpae_start_level(sl0);

	RULE(ttb_address(judged->features, ste_address(judged->ste, STE_S2TTB)) >> LPAE_OUTPUT_BITS,
	     WHY_STE_S2TTB);
	RULE(sl0 > 1, WHY_STE_S2SL0);
	RULE(!size_fits(LPAE_GRANULE_LG2, level, s2_lpae_input_bits(get(judged, STE_S2T0SZ))),
	     WHY_STE_S2SL0);
	return WHY_NONE;
}

/* The same rules by the fields of Secure IPAs. */
static COLD enum why s2_secure_table_illegal(const struct features *features, const struct ste *ste)
{
	static const uint8_t of_secure[WHY_COUNT] = {
		[WHY_STE_S2TG] = WHY_STE_S_S2TG,     [WHY_STE_S2TTB] = WHY_STE_S_S2TTB,
		[WHY_STE_S2T0SZ] = WHY_STE_S_S2T0SZ, [WHY_STE_S2SL0] = WHY_STE_S_S2SL0,
		[WHY_STE_S2SKL] = WHY_STE_S_S2SKL,
	};
	const struct ste secure = ste_for_secure_ipas(ste);
	const struct judged judged = judged_of(features, &secure);

	return (enum why)of_secure[s2_table_illegal(&judged)];
}

static enum why stage2_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const bool s2s = get(judged, STE_S2S), endi = get(judged, STE_S2ENDI);
	enum why why;

	RULE(judged->lpae && features->fwb && get(judged, STE_S2FWB), WHY_STE_S2FWB);
	RULE(s2s && features->stall_model == STALLS_ABSENT, WHY_STE_S2S);
	RULE(!s2s && features->stall_model == STALLS_FORCED, WHY_STE_S2S);
	RULE(judged->lpae && !features->ttf_lpae, WHY_STE_S2AA64);
	RULE(judged->v8 && !features->ttf_aa64, WHY_STE_S2AA64);
	RULE(judged->lpae && features->sec_sid != SMMU3_PAS_NS, WHY_STE_S2AA64);
	why = s2_update_illegal(judged);
	RULE(why, why);
	why = unlikely(judged->lpae) ? s2_lpae_table_illegal(judged) : s2_table_illegal(judged);
	RULE(why, why);
	why = unlikely(is_secure(judged)) ? s2_secure_table_illegal(features, judged->ste) :
					    WHY_NONE;
	RULE(why, why);
	RULE(features->ttendian == 2 && endi, WHY_STE_S2ENDI);
	RULE(features->ttendian == 3 && !endi, WHY_STE_S2ENDI);
	RULE(features->s2pi && get(judged, STE_S2PIE) && judged->lpae, WHY_STE_S2PIE);
	return overlay_illegal(judged);
}

/* Where an implementation minds.  5 */
static COLD bool is_minded(const uint64_t *minded, const uint64_t *word)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < 8; i++)
		any |= word[i] & minded[i];
	return any;
}

enum why ste_illegal(const struct features *features, const struct ste *ste)
{
	const struct judged judged = judged_of(features, ste);
	const bool s1 = judged.config & STE_CONFIG_S1_BIT, s2 = judged.config & STE_CONFIG_S2_BIT;
	enum why why;

	RULE(!ste_get(ste, STE_V), WHY_STE_V);
	RULE(unlikely(features->ste_minded) && is_minded(features->ste_minded, ste->word),
	     WHY_STE_UNDEFINED);
	if (judged.config <= STE_CONFIG_BYPASS) /* nothing else counts.  5.2.1 */
		return WHY_NONE;
	RULE(s1 && !features->s1p, WHY_STE_S1P);
	RULE(s2 && !features->s2p, WHY_STE_S2P);
	why = ats_illegal(&judged);
	RULE(why, why);
	RULE(strw_used(&judged) && ste_get(ste, STE_STRW) != STE_STRW_EL1 &&
		     world_absent(features, ste_get(ste, STE_STRW)),
	     WHY_STE_STRW);
	why = s1 ? stage1_illegal(&judged) : WHY_NONE;
	RULE(why, why);
	why = s2 ? stage2_illegal(&judged) : WHY_NONE;
	RULE(why, why);
	RULE(s2vmid_used(&judged) && !features->vmid16 && bits(ste->word[2], 15, 8),
	     WHY_STE_S2VMID);
	RULE(vms_enabled(features, ste) && ste_address(ste, STE_VMSPTR) >> features->oas_bits,
	     WHY_STE_VMSPTR);
	return WHY_NONE;
}
