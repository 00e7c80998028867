/* SPDX-License-Identifier: MIT */
/* From SubstreamID to a legal CD: 5.2 (S1DSS, S1Fmt, S1CDMax), 5.3, 5.4, 5.4.2, 7.3.9. */
#include "obvious_state.h"

/* ---- Where the CD is ---- */

static struct half cd_half(uint64_t code)
{
	const struct half half[4] = {
		{ NON_CACHEABLE, false, false, false },
		{ WRITE_BACK, true, false, false },
		{ WRITE_THROUGH, true, false, false },
		{ WRITE_BACK, false, false, false },
	};

	return half[code & 3];
}

/* STE.S1CIR, S1COR, S1CSH: a CD is only read, so nothing allocates on a write.  5.2 */
static struct memory cd_memory(const struct stream *stream)
{
	const uint64_t word = stream->word[1];

	return obvious_consistent((struct memory){
		.inner = cd_half(bits(word, 3, 2)),
		.outer = cd_half(bits(word, 5, 4)),
		.sh = obvious_shareability((unsigned)bits(word, 7, 6)),
	});
}

static bool fetch(struct obvious *o, enum smmu3_reason reason, uint64_t address, unsigned words,
		  uint64_t *word)
{
	const struct memory memory = cd_memory(&o->stream);
	struct place place;

	if (!obvious_physical(o, address, SMMU3_CLASS_CD, &memory, obvious_own_space(o), &place))
		return false;
	o->cd_assured = o->cd_assured && o->s2assured;
	if (!obvious_read(o, reason, &place, words, word))
		return obvious_fetch_error(o, F_CD_FETCH, place.address);
	return true;
}

/* How many SubstreamID bits select a CD: 0 where there is one CD.  5.2 */
static unsigned substream_bits(const struct obvious *o)
{
	const bool substreams = bits(o->machine->idr1, 10, 6) != 0;

	return substreams ? (unsigned)bits(o->stream.word[0], 63, 59) : 0;
}

/* The bits of S1ContextPtr that the size of the table leaves no meaning are taken as zero, or they
 * say where in it.  5.2 S1Fmt */
static uint64_t entry_of(struct obvious *o, uint64_t ptr, unsigned table_lg2, uint64_t offset)
{
	if (ptr == align(ptr, table_lg2) || !obvious_chosen(o, OBVIOUS_CHOICE_S1CONTEXTPTR_LOW))
		return align(ptr, table_lg2) + offset;
	return ptr | offset;
}

/* Stage 2 refuses an IPA that is too large, if nobody minds before; SMMUv3.0 may cut a PA.  3.4.3
 */
static bool l2ptr_illegal(struct obvious *o, uint64_t l2ptr)
{
	if (o->stream.stage2)
		return !fits(l2ptr, obvious_ias(o)) && obvious_chosen(o, OBVIOUS_CHOICE_L2PTR_IAS);
	return !fits(l2ptr, o->oas) &&
	       !(o->minor == 0 && obvious_chosen(o, OBVIOUS_CHOICE_L2PTR_OAS));
}

static bool two_level(struct obvious *o, uint64_t ptr, uint64_t index, unsigned leaf_bits,
		      uint64_t *cd)
{
	const unsigned substream = substream_bits(o);
	const unsigned table = substream > leaf_bits ? substream - leaf_bits + 3 : 0;
	uint64_t l1cd, l2ptr;

	ptr = entry_of(o, ptr, most(6, table), 8 * (index >> leaf_bits));
	if (!fetch(o, SMMU3_REASON_L1CD, ptr, 1, &l1cd))
		return false;
	l2ptr = align(in_place(l1cd, 55, 12), leaf_bits + 6);
	if (!bit(l1cd, 0) || l2ptr_illegal(o, in_place(l1cd, 55, 12)))
		return obvious_configuration_error(o, C_BAD_SUBSTREAMID);
	*cd = l2ptr + 64 * bits(index, leaf_bits - 1, 0);
	return true;
}

static bool locate(struct obvious *o, uint64_t *cd)
{
	const uint64_t ptr = in_place(o->stream.word[0], 55, 6);
	const unsigned substream = substream_bits(o);
	const bool ssv = o->txn->flags & SMMU3_TXN_SSV;
	const uint64_t index = ssv ? o->txn->ssid : 0;

	if (substream == 0) {
		*cd = ptr;
		return true;
	}
	switch (bits(o->stream.word[0], 5, 4)) {
	case 1:
		return two_level(o, ptr, index, 6, cd);
	case 2:
		return two_level(o, ptr, index, 10, cd);
	default:
		*cd = entry_of(o, ptr, substream + 6, 64 * index);
		return true;
	}
}

/* ---- Fields ---- */

/* TG0, and TG1, which is coded otherwise.  5.4 */
static unsigned granule_of(unsigned half, uint64_t tg)
{
	const unsigned granule[2][4] = {
		{ GRANULE_4K, GRANULE_64K, GRANULE_16K, GRANULE_NONE },
		{ GRANULE_NONE, GRANULE_16K, GRANULE_4K, GRANULE_64K },
	};

	return granule[half][tg & 3];
}

/* SMMUv3.0 may take a T0SZ or T1SZ out of range for the nearest.  5.4 */
static unsigned size_of(struct obvious *o, const struct context *context, unsigned txsz)
{
	const unsigned smallest = 16, largest = 39;

	if (o->minor > 0 || context->lpae || (txsz >= smallest && txsz <= largest) ||
	    !obvious_chosen(o, OBVIOUS_CHOICE_TSZ))
		return txsz;
	return txsz < smallest ? smallest : largest;
}

/* The fields of TTB1 are 16 bits, or one word, above those of TTB0. */
static void decode_half(struct obvious *o, const struct context *context, unsigned n,
			struct half_space *half)
{
	const uint64_t word = bits(context->word[0], 16 * n + 15, 16 * n);
	const uint64_t ttb_word = context->word[1 + n];

	/* EPD0 and EPD1 are 0 for any-EL2, whose TTB1 is not there all the same */
	half->disabled = obvious_one_range(o) ? n == 1 : bit(word, 14);
	half->format.granule = granule_of(n, bits(word, 7, 6));
	half->format.d128 = context->d128;
	half->input_bits = 64 - size_of(o, context, (unsigned)bits(word, 5, 0));
	half->format.ds = !context->d128 &&
			  obvious_ds(o, bit(context->word[2], 58), half->format.granule);
	half->sh = (unsigned)bits(word, 13, 12);
	half->skipped = context->d128 ? (unsigned)bits(ttb_word, 63, 62) : 0;
	half->ttb = obvious_ttb(o, ttb_word, context->d128);
	half->walk = obvious_region((unsigned)bits(word, 9, 8), (unsigned)bits(word, 11, 10),
				    (unsigned)bits(word, 13, 12));
	half->ns = bit(ttb_word, 0); /* NSCFG0, NSCFG1 */
	half->top_byte_ignore = bit(context->word[0], 38 + n);
	half->no_hierarchy = bit(o->machine->idr3, 2) && bit(ttb_word, 1);
	half->e0pd = bit(o->machine->idr3, 13) && bit(ttb_word, 2) && !obvious_one_range(o) &&
		     !context->d128;
	if (!context->lpae)
		return;
	/* AArch32.S1IASize; TG, DS, TBI and E0PD are not of VMSAv8-32 */
	half->format.granule = GRANULE_4K;
	half->input_bits = 32 - (unsigned)bits(word, 2, 0);
	half->format.ds = half->top_byte_ignore = half->e0pd = false;
}

static void decode(struct obvious *o, struct context *context)
{
	const uint64_t word = context->word[0];

	context->lpae = !bit(word, 41) && !obvious_has_d128(o);
	context->d128 = !bit(word, 41) && obvious_has_d128(o);
	context->big_endian = bit(word, 15);
	context->output_bits = context->lpae ? 40 : obvious_output_bits(o, bits(word, 34, 32));
	context->abort = bit(word, 46);
	context->record = bit(word, 45);
	context->stall = bit(word, 44);
	decode_half(o, context, 0, &context->half[0]);
	decode_half(o, context, 1, &context->half[1]);
}

/* ---- CdIllegal, 5.4.2, in its order ---- */

/* CDTxSZInvalid.  IDR5.VAX is RES0 in SMMUv3.0.  6.3.6 */
static bool txsz_invalid(const struct obvious *o, const struct half_space *half)
{
	const uint64_t vax = o->minor > 0 ? bits(o->machine->idr5, 11, 10) : 0;
	const struct format format = half->format;
	const bool long_input = format.granule == GRANULE_64K || format.ds || format.d128;
	const unsigned longest = o->stream.world == OBVIOUS_EL3 ? 8 : 9;
	const unsigned smallest = vax == 2 && format.d128 ? longest :
				  vax != 0 && long_input  ? 12 :
							    16;
	const unsigned txsz = 64 - half->input_bits;

	return txsz < smallest || txsz > obvious_largest_txsz(o, format);
}

static bool half_illegal(struct obvious *o, const struct context *context, unsigned n)
{
	const struct half_space *half = &context->half[n];

	if (half->disabled)
		return false;
	if (context->lpae)
		return fits(half->ttb, 40) ?
			       false :
			       obvious_broken(o, n ? OBVIOUS_CD_TTB1 : OBVIOUS_CD_TTB0);
	if (half->format.granule == GRANULE_NONE)
		return obvious_broken(o, n ? OBVIOUS_CD_TG1_RESERVED : OBVIOUS_CD_TG0_RESERVED);
	if (!obvious_granule_implemented(o, half->format.granule))
		return obvious_broken(o, n ? OBVIOUS_CD_TG1_UNIMPLEMENTED :
					     OBVIOUS_CD_TG0_UNIMPLEMENTED);
	if (obvious_ttb_illegal(half->ttb, half->format, context->output_bits))
		return obvious_broken(o, n ? OBVIOUS_CD_TTB1 : OBVIOUS_CD_TTB0);
	return false;
}

static bool tables_illegal(struct obvious *o, const struct context *context)
{
	const struct half_space *half = context->half;

	if (!context->lpae && !half[0].disabled && txsz_invalid(o, &half[0]))
		return obvious_broken(o, OBVIOUS_CD_T0SZ);
	if (!context->lpae && !half[1].disabled && txsz_invalid(o, &half[1]))
		return obvious_broken(o, OBVIOUS_CD_T1SZ);
	return half_illegal(o, context, 0) || half_illegal(o, context, 1);
}

/* STE.S1STALLD, IDR0.TERM_MODEL, IDR0.STALL_MODEL. */
static bool fault_model_illegal(struct obvious *o, const struct context *context)
{
	if (bit(o->stream.word[1], 27) && context->stall)
		return obvious_broken(o, OBVIOUS_CD_S_DISABLED);
	if (bit(o->machine->idr0, 26) && !context->abort)
		return obvious_broken(o, OBVIOUS_CD_A);
	if (context->stall && obvious_stall_model(o) == TERMINATE_ONLY)
		return obvious_broken(o, OBVIOUS_CD_S_ABSENT);
	if (!context->stall && obvious_stall_model(o) == STALL_FORCED)
		return obvious_broken(o, OBVIOUS_CD_S_FORCED);
	return false;
}

/* Not of EL3, any-EL2-E2H and S-EL2.  5.4 AA64 */
static bool lpae_allowed(const struct obvious *o)
{
	const enum obvious_world world = o->stream.world;

	return obvious_has_lpae(o) &&
	       (world == OBVIOUS_EL1 || (world == OBVIOUS_EL2 && !o->secure));
}

/* STE.S1PIE, StreamWorld, SKLx. */
static bool d128_illegal(struct obvious *o, const struct context *context)
{
	if (!context->d128)
		return false;
	if (!bit(o->stream.word[1], 24))
		return obvious_broken(o, OBVIOUS_CD_D128_S1PIE);
	if (o->stream.world == OBVIOUS_EL2)
		return obvious_broken(o, OBVIOUS_CD_D128_EL2);
	for (unsigned n = 0; n < 2; n++) {
		const struct half_space *half = &context->half[n];

		if (!half->disabled &&
		    obvious_start_level(half->format, half->input_bits, half->skipped) > 3)
			return obvious_broken(o, OBVIOUS_CD_D128_SKL);
	}
	return false;
}

static bool illegal(struct obvious *o, const struct context *context)
{
	const uint32_t idr0 = o->machine->idr0;
	const uint64_t word = context->word[0];
	const bool walks = !context->half[0].disabled || !context->half[1].disabled;

	if (!bit(word, 31))
		return obvious_broken(o, OBVIOUS_CD_V);
	if (fault_model_illegal(o, context))
		return true;
	if (walks && !obvious_has_endian(o, context->big_endian))
		return obvious_broken(o, OBVIOUS_CD_ENDI);
	if (context->lpae ? !lpae_allowed(o) : !context->d128 && !obvious_has_aa64(o))
		return obvious_broken(o, OBVIOUS_CD_AA64);
	if (!context->lpae && o->stream.stage2 && o->stream.lpae)
		return obvious_broken(o, OBVIOUS_CD_AA64_OVER_LPAE);
	if (!context->lpae && (bit(word, 43) || bit(word, 42)) && bits(idr0, 7, 6) == 0)
		return obvious_broken(o, OBVIOUS_CD_HTTU);
	if (!context->lpae && bit(word, 42) && bits(idr0, 7, 6) == 1)
		return obvious_broken(o, OBVIOUS_CD_HTTU);
	if (!context->lpae && bit(context->word[1], 3) && !bit(word, 43) && bits(idr0, 7, 6) == 3)
		return obvious_broken(o, OBVIOUS_CD_HTTU);
	if (!obvious_one_range(o) && !bit(idr0, 12) && bits(word, 63, 56) != 0)
		return obvious_broken(o, OBVIOUS_CD_ASID);
	if (tables_illegal(o, context) || d128_illegal(o, context))
		return true;
	if (obvious_is_indirect1(o) && obvious_codes1_illegal(o, context))
		return obvious_broken(o, OBVIOUS_CD_PIE);
	return false;
}

bool obvious_find_context(struct obvious *o)
{
	struct context *context = &o->context;
	uint64_t address = 0;

	o->cd_assured = true;
	if (!locate(o, &address) || !fetch(o, SMMU3_REASON_CD, address, 8, context->word))
		return false;
	decode(o, context);
	if (illegal(o, context))
		return obvious_configuration_error(o, C_BAD_CD);
	obvious_label_by_context(o);
	return true;
}
