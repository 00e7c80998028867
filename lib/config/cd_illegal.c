/* SPDX-License-Identifier: MIT */
/* What makes a CD ILLEGAL: one line a rule.  5.4.2 */
#include "config/context.h"
#include "config/rule.h"
#include "config/sizes.h"

struct judged {
	const struct features *features;
	const struct stream *stream;
	const struct stream_world_facts *world;
	const struct cd *cd;
	bool lpae, v8, v9; /* 5.4 AA64 */
};

/* One half, TTB0 or TTB1, that is not disabled. */
struct half {
	unsigned granule_lg2, tsz, skl;
	uint64_t ttb;
	enum why wrong_size, wrong_granule, wrong_ttb;
};

static unsigned get(const struct judged *judged, enum cd_field field)
{
	return (unsigned)cd_get(judged->cd, field);
}

/* Of two ranges, EPD0 and EPD1; TTB0 that stands alone is always walked, and TTB1 never.  5.4
 * EPD0, 5.4.1 */
static bool is_walked(const struct judged *judged, unsigned half)
{
	if (!judged->world->two_ranges)
		return half == 0;
	return !get(judged, half ? CD_EPD1 : CD_EPD0);
}

static enum why fault_model_illegal(const struct judged *judged)
{
	const bool s = get(judged, CD_S);

	RULE(s && judged->stream->stalls_disabled, WHY_CD_STALLD);
	RULE(judged->features->term_model && !get(judged, CD_A), WHY_CD_A);
	RULE(s && judged->features->stall_model == STALLS_ABSENT, WHY_CD_S);
	RULE(!s && judged->features->stall_model == STALLS_FORCED, WHY_CD_S);
	return WHY_NONE;
}

static enum why format_illegal(const struct judged *judged)
{
	const struct features *features = judged->features;
	const bool walks = is_walked(judged, 0) || is_walked(judged, 1),
		   endi = get(judged, CD_ENDI);

	RULE(walks && features->ttendian == 2 && endi, WHY_CD_ENDI);
	RULE(walks && features->ttendian == 3 && !endi, WHY_CD_ENDI);
	RULE(judged->lpae && !(features->ttf_lpae && judged->world->lpae), WHY_CD_AA64);
	RULE(judged->v8 && !features->ttf_aa64, WHY_CD_AA64);
	RULE(judged->v8 && judged->stream->stage2.lpae, WHY_CD_AA64);
	return WHY_NONE;
}

static enum why update_illegal(const struct judged *judged)
{
	const unsigned httu = judged->features->httu;
	const bool ha = get(judged, CD_HA), hd = get(judged, CD_HD);

	if (judged->lpae)
		return WHY_NONE;
	RULE((ha || hd) && httu == 0, WHY_CD_HTTU);
	RULE(hd && httu == 1, WHY_CD_HTTU);
	RULE(httu == 3 && get(judged, CD_HAFT) && !ha, WHY_CD_HTTU);
	return WHY_NONE;
}

/* 5.4.2 CDTxSZInvalid.  SMMUv3.0 may clamp instead: libsmmu calls it ILLEGAL there too. */
static bool tsz_out_of_range(const struct judged *judged, const struct half *half)
{
	const struct features *features = judged->features;
	const bool wide = half->granule_lg2 == 16 || (features->ds && get(judged, CD_DS)) ||
			  judged->v9;
	const unsigned least_56 = judged->stream->world == EL3 ? 8 : 9;
	const unsigned least = judged->v9 && features->va_bits == 56 ? least_56 :
			       wide && features->va_bits >= 52       ? 12 :
								       16;

	return half->tsz < least ||
	       half->tsz > largest_tsz(features, judged->v9, half->granule_lg2);
}

static enum why half_illegal(const struct judged *judged, const struct half *half)
{
	const struct features *features = judged->features;
	const unsigned output_bits = judged->lpae ?
					     LPAE_OUTPUT_BITS :
					     effective_output_bits(features, get(judged, CD_IPS));
	const bool ds = judged->v9 || (features->ds && get(judged, CD_DS));

	if (!judged->lpae) {
		RULE(!has_granule(features, half->granule_lg2), half->wrong_granule);
		RULE(tsz_out_of_range(judged, half), half->wrong_size);
	}
	RULE(ttb_out_of_range(judged->v9 ? half->ttb : ttb_address(features, half->ttb),
			      half->granule_lg2, output_bits, ds || judged->lpae),
	     half->wrong_ttb);
	RULE(judged->v9 &&
		     d128_start_level(half->granule_lg2, 64 - half->tsz, half->skl) > LAST_LEVEL,
	     WHY_CD_D128);
	return WHY_NONE;
}

static enum why halves_illegal(const struct judged *judged)
{
	const struct half halves[2] = {
		{ tg0_granule(get(judged, CD_TG0)), get(judged, CD_T0SZ), get(judged, CD_SKL0),
		  cd_address(judged->cd, CD_TTB0), WHY_CD_T0SZ, WHY_CD_TG0, WHY_CD_TTB0 },
		{ tg1_granule(get(judged, CD_TG1)), get(judged, CD_T1SZ), get(judged, CD_SKL1),
		  cd_address(judged->cd, CD_TTB1), WHY_CD_T1SZ, WHY_CD_TG1, WHY_CD_TTB1 },
	};

	for (unsigned i = 0; i < 2; i++) {
		const enum why why = is_walked(judged, i) ? half_illegal(judged, &halves[i]) :
							    WHY_NONE;

		RULE(why, why);
	}
	return WHY_NONE;
}

/* Codes 0b100 and 0b110 are reserved, and what unprivileged accesses may write is not executable
 * when privileged.  PIIU counts where there are such. */
static bool indirection_reserved(const struct judged *judged)
{
	const uint64_t *word = judged->cd->word;

	for (unsigned i = 0; i < 16; i++) {
		const unsigned u = judged->world->two_ranges ?
					   (unsigned)bits(word[6], 3 * i + 2, 3 * i) :
					   0;
		const unsigned p = (unsigned)bits(word[7], 3 * i + 2, 3 * i);

		if (p == 4 || p == 6 || u == 4 || u == 6 || ((p & 2) && (u & 4)))
			return true;
	}
	return false;
}

static enum why indirection_illegal(const struct judged *judged)
{
	const bool direct = judged->v8 && judged->features->s1pi && judged->stream->s1pie &&
			    get(judged, CD_PIE);

	RULE(judged->v9 && !(judged->stream->s1pie && judged->world->d128), WHY_CD_D128);
	RULE((direct || judged->v9) && indirection_reserved(judged), WHY_CD_PIE);
	return WHY_NONE;
}

/* Where an implementation minds.  5 */
static COLD bool is_minded(const uint64_t *minded, const uint64_t *word)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < 8; i++)
		any |= word[i] & minded[i];
	return any;
}

enum why cd_illegal(const struct features *features, const struct stream *stream,
		    const struct cd *cd)
{
	const bool aa64 = cd_get(cd, CD_AA64);
	const struct judged judged = {
		.features = features,
		.stream = stream,
		.world = &stream_worlds[stream->world],
		.cd = cd,
		.lpae = !aa64 && !features->d128,
		.v8 = aa64,
		.v9 = !aa64 && features->d128,
	};
	enum why why;

	RULE(!cd_get(cd, CD_V), WHY_CD_V);
	RULE(unlikely(features->cd_minded) && is_minded(features->cd_minded, cd->word),
	     WHY_CD_UNDEFINED);
	why = fault_model_illegal(&judged);
	RULE(why, why);
	why = format_illegal(&judged);
	RULE(why, why);
	why = update_illegal(&judged);
	RULE(why, why);
	RULE(judged.world->asids && !features->asid16 && bits(cd->word[0], 63, 56), WHY_CD_ASID);
	why = halves_illegal(&judged);
	RULE(why, why);
	return indirection_illegal(&judged);
}
