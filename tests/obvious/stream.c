/* SPDX-License-Identifier: MIT */
/* From StreamID to a legal STE: 3.3.1, 5.1, 5.2, 5.2.2, 6.3.24, 6.3.25. */
#include "obvious_state.h"

/* ---- Sizes ---- */

unsigned obvious_size_bits(uint64_t code)
{
	const unsigned size[8] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return size[code & 7];
}

/* Codes that a revision reserves act as its largest, and no size is larger than OAS. */
unsigned obvious_output_bits(const struct obvious *o, uint64_t code)
{
	const unsigned largest = o->minor == 0 ? 48 : o->minor < 4 ? 52 : 56;

	return least(least(obvious_size_bits(code), largest), o->oas);
}

bool obvious_has_lpae(const struct obvious *o)
{
	return bit(o->machine->idr0, 2);
}

bool obvious_has_aa64(const struct obvious *o)
{
	return bit(o->machine->idr0, 3);
}

/* 0b00 both, 0b10 little, 0b11 big */
bool obvious_has_endian(const struct obvious *o, bool big)
{
	const uint64_t ttendian = bits(o->machine->idr0, 22, 21);

	return ttendian == 0 || ttendian == (big ? 3 : 2);
}

unsigned obvious_ias(const struct obvious *o)
{
	return most(obvious_has_lpae(o) ? 40 : 0, obvious_has_aa64(o) ? o->oas : 0);
}

bool obvious_has_d128(const struct obvious *o)
{
	return bit(o->machine->idr5, 8);
}

uint64_t obvious_descriptor(uint64_t read, bool big_endian)
{
	uint64_t descriptor = 0;

	for (unsigned byte = 0; byte < 8; byte++)
		descriptor |= bits(read, 8 * byte + 7, 8 * byte) << 8 * (7 - byte);
	return big_endian ? descriptor : read;
}

/* GranuleSupported.  6.3.6: GRAN4K, GRAN16K, GRAN64K */
bool obvious_granule_implemented(const struct obvious *o, unsigned granule)
{
	const uint32_t idr5 = o->machine->idr5;

	return (granule == GRANULE_4K && bit(idr5, 4)) ||
	       (granule == GRANULE_16K && bit(idr5, 5)) || (granule == GRANULE_64K && bit(idr5, 6));
}

uint64_t obvious_ttb(const struct obvious *o, uint64_t word, bool d128)
{
	return in_place(word, d128 ? 55 : o->minor == 0 ? 47 : 51, 4);
}

bool obvious_ds(const struct obvious *o, bool field, unsigned granule)
{
	return bit(o->machine->idr5, 7) && field &&
	       (granule == GRANULE_4K || granule == GRANULE_16K);
}

bool obvious_ttb_illegal(uint64_t ttb, struct format format, unsigned output_bits)
{
	const bool longer = format.granule == GRANULE_64K || format.ds || format.d128;

	return !fits(ttb, output_bits) || (!longer && !fits(ttb, 48));
}

/* IDR3.STT, which VMSAv9-128 does not need: its tables are small by the text of T0SZ and S2T0SZ.
 * 5.2.2 STES2T0SZInvalid, 5.4.2 CDTxSZInvalid, 5.2, 5.4 */
unsigned obvious_largest_txsz(const struct obvious *o, struct format format)
{
	if (!bit(o->machine->idr3, 9) && !format.d128)
		return 39;
	return format.granule == GRANULE_4K || format.granule == GRANULE_16K ? 48 : 47;
}

/* ---- Where the STE is ---- */

/* CR1.TABLE_IC, TABLE_OC, TABLE_SH, and STRTAB_BASE.RA where that means something.  6.3.11, 6.3.24
 */
static struct half table_half(uint64_t code, bool read_allocate)
{
	const enum cacheability type[4] = { NON_CACHEABLE, WRITE_BACK, WRITE_THROUGH,
					    NON_CACHEABLE };

	return (struct half){ .type = type[code & 3], .ra = read_allocate };
}

static struct memory table_memory(const struct obvious_machine *machine)
{
	const bool read_allocate = bit(machine->strtab_base, 62);

	return obvious_consistent((struct memory){
		.inner = table_half(bits(machine->cr1, 7, 6), read_allocate),
		.outer = table_half(bits(machine->cr1, 9, 8), read_allocate),
		.sh = obvious_shareability((unsigned)bits(machine->cr1, 11, 10)),
	});
}

/* An address out of range is not fetched.  3.4.3 */
static bool fetch(struct obvious *o, enum smmu3_reason reason, uint64_t pa, unsigned words,
		  uint64_t *word)
{
	const struct place place = { .address = pa & below(o->oas),
				     .memory = table_memory(o->machine),
				     .space = obvious_own_space(o) };

	if (!fits(pa, o->oas) && !obvious_chosen(o, OBVIOUS_CHOICE_STE_ADDRESS))
		return obvious_fetch_error(o, F_STE_FETCH, pa);
	if (!obvious_read(o, reason, &place, words, word))
		return obvious_fetch_error(o, F_STE_FETCH, place.address);
	return true;
}

/* ADDR<55:6>, of which bits at and above OAS are RES0. */
static uint64_t table_base(const struct obvious *o, unsigned alignment)
{
	return align(in_place(o->machine->strtab_base, 55, 6) & below(o->oas), alignment);
}

static unsigned split_of(uint64_t code)
{
	return code == 8 || code == 10 ? (unsigned)code : 6;
}

/* 5.1, 7.3.3 */
static bool second_level(struct obvious *o, uint64_t l1std, unsigned split, uint64_t *ste)
{
	const uint64_t index = bits(o->txn->sid, split - 1, 0);
	const unsigned span = (unsigned)bits(l1std, 4, 0);

	if (span == 0 || span > 11 || span > split + 1 || !fits(index, span - 1))
		return obvious_configuration_error(o, C_BAD_STREAMID);
	*ste = align(in_place(l1std, 55, 6), 6 + span - 1) + 64 * index;
	return true;
}

static bool two_level(struct obvious *o, unsigned log2size, uint64_t *ste)
{
	const unsigned split = split_of(bits(o->machine->strtab_base_cfg, 10, 6));
	const unsigned table = log2size > split ? log2size - split + 3 : 0;
	const uint64_t base = table_base(o, most(6, table));
	uint64_t l1std;

	return fetch(o, SMMU3_REASON_L1STD, base + 8 * ((uint64_t)o->txn->sid >> split), 1,
		     &l1std) &&
	       second_level(o, l1std, split, ste);
}

/* Alignment is by LOG2SIZE as it was written, the range by what SIDSIZE leaves of it. */
static bool locate(struct obvious *o, uint64_t *ste)
{
	const struct obvious_machine *machine = o->machine;
	const unsigned log2size = (unsigned)bits(machine->strtab_base_cfg, 5, 0);
	const unsigned effective = least(log2size, (unsigned)bits(machine->idr1, 5, 0));
	const bool levels = bits(machine->idr0, 28, 27) != 0;

	if (!fits(o->txn->sid, effective))
		return obvious_configuration_error(o, C_BAD_STREAMID);
	if (levels && bits(machine->strtab_base_cfg, 17, 16) == 1)
		return two_level(o, log2size, ste);
	*ste = table_base(o, log2size + 6) + 64 * (uint64_t)o->txn->sid;
	return true;
}

/* ---- Fields ---- */

/* S2TG.  5.2 */
static unsigned granule_of(uint64_t tg)
{
	const unsigned granule[4] = { GRANULE_4K, GRANULE_64K, GRANULE_16K, GRANULE_NONE };

	return granule[tg & 3];
}

/* AArch64.S2StartLevel; what AArch64.S2InvalidSL finds reserved has no level. */
enum { RESERVED_LEVEL = -3 };

static int start_level(unsigned granule, bool ds, bool sl2, uint64_t sl0)
{
	const int with_4k[4] = { 2, 1, 0, 3 };
	const int with_larger[4] = { 3, 2, 1, RESERVED_LEVEL };

	if (granule == GRANULE_4K && ds && sl2)
		return sl0 == 0 ? -1 : RESERVED_LEVEL;
	if (granule == GRANULE_16K && ds && sl0 == 3)
		return 0;
	return granule == GRANULE_4K ? with_4k[sl0 & 3] : with_larger[sl0 & 3];
}

/* SMMUv3.0 may take a S2T0SZ out of range for the nearest.  5.2 */
static unsigned input_bits_of(struct obvious *o, unsigned s2t0sz)
{
	const unsigned smallest = 64 - obvious_ias(o), largest = 39;

	if (o->minor > 0 || (s2t0sz >= smallest && s2t0sz <= largest) ||
	    !obvious_chosen(o, OBVIOUS_CHOICE_S2T0SZ))
		return 64 - s2t0sz;
	return 64 - (s2t0sz < smallest ? smallest : largest);
}

/* S2T0SZ, S2SL0, S2TG; S2SL0_2 and S2TTB, which S_S2T0SZ, S_S2SL0, S_S2TG, S_S2SL0_2 and S_S2TTB
 * are like.  S2DS is of both.  Of VMSAv9-128 S2SKL and S_S2SKL say where a walk begins.  5.2 */
static struct ipa_tree decode_tree(struct obvious *o, bool d128, bool s2ds, uint64_t word,
				   uint64_t ttb)
{
	const unsigned granule = granule_of(bits(word, 47, 46));
	const unsigned input_bits = input_bits_of(o, (unsigned)bits(word, 37, 32));
	const struct format format = { .granule = granule,
				       .ds = !d128 && obvious_ds(o, s2ds, granule),
				       .d128 = d128 };
	const unsigned skl = (unsigned)bits(ttb, 62, 61);

	return (struct ipa_tree){
		.format = format,
		.input_bits = input_bits,
		.start_level = d128 ? obvious_start_level(format, input_bits, skl) :
				      start_level(granule, format.ds, bit(ttb, 2),
						  bits(word, 39, 38)),
		.ttb = obvious_ttb(o, ttb, d128),
	};
}

/* VMSAv8-32: AArch32.S2IASize, AArch32.S2StartLevel; S2T0SZ<3:0> is a signed number. */
static struct ipa_tree decode_lpae_tree(uint64_t word, uint64_t ttb)
{
	const unsigned size = (unsigned)bits(word, 34, 32);
	const uint64_t sl0 = bits(word, 39, 38);

	return (struct ipa_tree){
		.format.granule = GRANULE_4K,
		.input_bits = bit(word, 35) ? 32 + (8 - size) : 32 - size,
		.start_level = sl0 < 2 ? 2 - (int)sl0 : RESERVED_LEVEL,
		.ttb = ttb,
	};
}

static enum smmu3_pas space_of(bool ns)
{
	return ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE;
}

/* S2SW, S2SA, S2NSW, S2NSA.  AArch64.SS2InitialTTWState, AArch64.SS2OutputPASpace; 13.4 */
static void decode_spaces(struct stream *stream)
{
	const bool sw = bit(stream->word[6], 0), sa = bit(stream->word[6], 1);
	const bool nsw = bit(stream->word[3], 0), nsa = bit(stream->word[3], 1);

	stream->tree[SMMU3_PAS_SECURE].tables = space_of(sw);
	stream->tree[SMMU3_PAS_SECURE].output = space_of(sw || sa);
	stream->tree[SMMU3_PAS_NS].tables = space_of(nsw);
	stream->tree[SMMU3_PAS_NS].output = space_of(sw || sa || nsw || nsa);
}

static void decode_stage2(struct obvious *o, struct stream *stream)
{
	const uint64_t word = stream->word[2];
	const bool s2ds = bit(stream->word[3], 3);

	stream->lpae = !bit(word, 51) && !obvious_has_d128(o);
	stream->d128 = !bit(word, 51) && obvious_has_d128(o);
	stream->big_endian = bit(word, 52);
	stream->tree[SMMU3_PAS_NS] = decode_tree(o, stream->d128, s2ds, word, stream->word[3]);
	stream->tree[SMMU3_PAS_REALM] = stream->tree[SMMU3_PAS_NS]; /* of a Realm stream */
	stream->tree[SMMU3_PAS_REALM].tables = SMMU3_PAS_REALM;
	stream->tree[SMMU3_PAS_SECURE] = decode_tree(o, stream->d128, s2ds, stream->word[4],
						     stream->word[6]);
	if (o->secure)
		decode_spaces(stream);
	stream->output_bits = obvious_output_bits(o, bits(word, 50, 48));
	if (stream->lpae) {
		stream->tree[SMMU3_PAS_NS] = decode_lpae_tree(word, obvious_ttb(o, stream->word[3],
										false));
		stream->output_bits = 40;
	}
	stream->walk = obvious_region((unsigned)bits(word, 41, 40), (unsigned)bits(word, 43, 42),
				      (unsigned)bits(word, 45, 44));
	stream->sh = (unsigned)bits(word, 45, 44);
	stream->fwb = bit(o->machine->idr3, 8) && bit(stream->word[1], 25);
	stream->record = bit(word, 58);
	stream->stall = bit(word, 57);
}

/* ---- SteIllegal, 5.2.2, in its order ---- */

bool obvious_broken(struct obvious *o, enum obvious_rule rule)
{
	o->answer->notes.rule = (uint16_t)rule;
	return true;
}

/* Not IgnoreSTESTRW: there is an EL2, or EL3, and stage 1 stands alone. */
static bool strw_used(const struct obvious *o, const struct stream *stream)
{
	return (o->secure || o->realm || bit(o->machine->idr0, 9)) && bit(o->machine->idr0, 1) &&
	       stream->config == 5;
}

/* An IPA that is too large is for stage 2 to refuse, if nobody minds before; SMMUv3.0 may cut a PA.
 * 3.4.3 */
static bool pointer_illegal(struct obvious *o, const struct stream *stream)
{
	const uint64_t ptr = in_place(stream->word[0], 55, 6);

	if (stream->stage2)
		return !fits(ptr, obvious_ias(o)) &&
		       obvious_chosen(o, OBVIOUS_CHOICE_S1CONTEXTPTR_IAS);
	return !fits(ptr, o->oas) &&
	       !(o->minor == 0 && obvious_chosen(o, OBVIOUS_CHOICE_S1CONTEXTPTR_OAS));
}

static bool stage1_illegal(struct obvious *o, const struct stream *stream)
{
	const uint32_t idr0 = o->machine->idr0;
	const unsigned ssidsize = (unsigned)bits(o->machine->idr1, 10, 6);
	const unsigned s1cdmax = (unsigned)bits(stream->word[0], 63, 59);
	const unsigned s1fmt = (unsigned)bits(stream->word[0], 5, 4);

	if (bit(stream->word[1], 27) && obvious_stall_model(o) == TERMINATE_ONLY)
		return obvious_broken(o, OBVIOUS_STE_S1STALLD_ABSENT);
	if (bit(stream->word[1], 27) && obvious_stall_model(o) != STALL_AND_TERMINATE)
		return obvious_broken(o, OBVIOUS_STE_S1STALLD_FORCED);
	if (ssidsize != 0 && s1cdmax > ssidsize)
		return obvious_broken(o, OBVIOUS_STE_S1CDMAX);
	if (ssidsize != 0 && s1cdmax != 0 && !bit(idr0, 19) && (s1fmt == 1 || s1fmt == 2))
		return obvious_broken(o, OBVIOUS_STE_S1FMT);
	if (pointer_illegal(o, stream))
		return obvious_broken(o, OBVIOUS_STE_S1CONTEXTPTR);
	return false;
}

/* STES2T0SZInvalid */
static bool s2t0sz_invalid(const struct obvious *o, const struct ipa_tree *tree)
{
	const unsigned s2t0sz = 64 - tree->input_bits;
	const struct format format = tree->format;
	unsigned smallest = 64 - obvious_ias(o);

	if (format.d128)
		smallest = most(smallest, 8);
	else if (o->minor > 0)
		smallest = most(smallest, format.granule == GRANULE_64K || format.ds ? 12 : 16);
	return s2t0sz < smallest || s2t0sz > obvious_largest_txsz(o, format);
}

/* AArch64.S2InvalidSL: levels that a physical address of this size, or IDR3.STT, does not allow */
static bool level_beyond_size(const struct obvious *o, const struct ipa_tree *tree)
{
	switch (tree->format.granule) {
	case GRANULE_4K:
		return (tree->start_level == -1 && o->oas < 52) ||
		       (tree->start_level == 0 && o->oas < 44) ||
		       (tree->start_level == 3 && !bit(o->machine->idr3, 9));
	case GRANULE_16K:
		return (tree->start_level == 0 && o->oas < 52) ||
		       (tree->start_level == 1 && o->oas < 42);
	default:
		return tree->start_level == 1 && o->oas < 44;
	}
}

/* AArch64.S2InconsistentSL: the start level resolves 1 bit or more, with 16 tables or fewer. */
static bool level_inconsistent(const struct ipa_tree *tree)
{
	const unsigned stride = obvious_stride(tree->format);
	const unsigned fewest = obvious_level_lsb(tree->format, tree->start_level) + 1;

	return tree->input_bits < fewest || tree->input_bits > fewest + stride - 1 + 4;
}

/* The first rule of those for a tree that is broken, in their order, or WALK_RULES. */
enum walk_rule {
	TG_RESERVED,
	TG_UNIMPLEMENTED,
	TTB,
	T0SZ,
	SL0_RESERVED,
	SL0_OAS,
	SL0_INCONSISTENT,
	SKL,
	WALK_RULES,
};

/* What is left of them for VMSAv8-32. */
static enum walk_rule lpae_walk_broken(const struct ipa_tree *tree)
{
	if (!fits(tree->ttb, 40))
		return TTB;
	if (tree->start_level == RESERVED_LEVEL)
		return SL0_RESERVED;
	return level_inconsistent(tree) ? SL0_INCONSISTENT : WALK_RULES;
}

static enum walk_rule walk_broken(const struct obvious *o, const struct stream *stream,
				  const struct ipa_tree *tree)
{
	if (stream->lpae)
		return lpae_walk_broken(tree);
	if (tree->format.granule == GRANULE_NONE)
		return TG_RESERVED;
	if (!obvious_granule_implemented(o, tree->format.granule))
		return TG_UNIMPLEMENTED;
	if (obvious_ttb_illegal(tree->ttb, tree->format, stream->output_bits))
		return TTB;
	if (s2t0sz_invalid(o, tree))
		return T0SZ;
	if (stream->d128)
		return tree->start_level > 3 ? SKL : WALK_RULES;
	if (tree->start_level == RESERVED_LEVEL)
		return SL0_RESERVED;
	if (level_beyond_size(o, tree))
		return SL0_OAS;
	return level_inconsistent(tree) ? SL0_INCONSISTENT : WALK_RULES;
}

/* "Secure version of above 4 cases" */
static bool walk_illegal(struct obvious *o, const struct stream *stream, enum smmu3_pas space)
{
	static const enum obvious_rule rules[][WALK_RULES] = {
		{ OBVIOUS_STE_S2TG_RESERVED, OBVIOUS_STE_S2TG_UNIMPLEMENTED, OBVIOUS_STE_S2TTB,
		  OBVIOUS_STE_S2T0SZ, OBVIOUS_STE_S2SL0_RESERVED, OBVIOUS_STE_S2SL0_OAS,
		  OBVIOUS_STE_S2SL0_INCONSISTENT, OBVIOUS_STE_S2SKL },
		{ OBVIOUS_STE_S_S2TG_RESERVED, OBVIOUS_STE_S_S2TG_UNIMPLEMENTED,
		  OBVIOUS_STE_S_S2TTB, OBVIOUS_STE_S_S2T0SZ, OBVIOUS_STE_S_S2SL0_RESERVED,
		  OBVIOUS_STE_S_S2SL0_OAS, OBVIOUS_STE_S_S2SL0_INCONSISTENT, OBVIOUS_STE_S_S2SKL },
	};
	const enum walk_rule rule = walk_broken(o, stream, &stream->tree[space]);

	return rule != WALK_RULES && obvious_broken(o, rules[space][rule]);
}

/* IDR3.S2PO, S2POE */
static bool overlay_illegal(struct obvious *o, const struct stream *stream)
{
	if (!bit(o->machine->idr3, 20) || !bit(stream->word[2], 61))
		return false;
	if (!bit(stream->word[2], 60) && !stream->d128)
		return obvious_broken(o, OBVIOUS_STE_S2POE_DIRECT);
	if (bit(o->machine->idr3, 3) && bits(stream->word[1], 11, 8) != 0)
		return obvious_broken(o, OBVIOUS_STE_S2POE_PBHA);
	for (unsigned i = 0; i < 16; i++) {
		const unsigned code = (unsigned)(stream->word[7] >> 4 * i & 15);

		if (code == 1 || code == 5)
			return obvious_broken(o, OBVIOUS_STE_S2POI);
	}
	return false;
}

static bool stage2_illegal(struct obvious *o, const struct stream *stream)
{
	const uint64_t word = stream->word[2];

	if (stream->lpae && stream->fwb)
		return obvious_broken(o, OBVIOUS_STE_S2FWB);
	if (stream->stall && obvious_stall_model(o) == TERMINATE_ONLY)
		return obvious_broken(o, OBVIOUS_STE_S2S_ABSENT);
	if (!stream->stall && obvious_stall_model(o) == STALL_FORCED)
		return obvious_broken(o, OBVIOUS_STE_S2S_FORCED);
	if (stream->lpae ? !obvious_has_lpae(o) || o->secure || o->realm :
			   !stream->d128 && !obvious_has_aa64(o))
		return obvious_broken(o, OBVIOUS_STE_S2AA64);
	if ((bit(word, 56) || bit(word, 55)) && (stream->lpae || bits(o->machine->idr0, 7, 6) == 0))
		return obvious_broken(o, OBVIOUS_STE_S2HTTU);
	if (bit(word, 55) && bits(o->machine->idr0, 7, 6) == 1)
		return obvious_broken(o, OBVIOUS_STE_S2HTTU);
	if (bit(word, 59) && !bit(word, 56) && bits(o->machine->idr0, 7, 6) == 3)
		return obvious_broken(o, OBVIOUS_STE_S2HTTU);
	if (walk_illegal(o, stream, SMMU3_PAS_NS))
		return true;
	if (o->secure && walk_illegal(o, stream, SMMU3_PAS_SECURE))
		return true;
	if (!obvious_has_endian(o, stream->big_endian))
		return obvious_broken(o, OBVIOUS_STE_S2ENDI);
	if (bit(o->machine->idr3, 19) && bit(word, 60) && stream->lpae)
		return obvious_broken(o, OBVIOUS_STE_S2PIE);
	return overlay_illegal(o, stream);
}

/* IgnoreSTES2VMID: read for stage 1 alone, too, if there is a stage 2 in the SMMU; but not of a
 * Secure stream. */
static bool s2vmid_illegal(const struct obvious *o, const struct stream *stream)
{
	const uint32_t idr0 = o->machine->idr0;

	if (strw_used(o, stream) && (o->secure || bits(stream->word[1], 31, 30) != 0))
		return false;
	return stream->config != 4 && bit(idr0, 0) && !bit(idr0, 18) &&
	       bits(stream->word[2], 15, 8) != 0;
}

/* S_IDR1.SEL2: Secure EL2, and stage 2 of Secure streams. */
static bool has_secure_el2(const struct obvious *o)
{
	return bit(o->machine->s_idr1, 29);
}

/* IDR0.RME_IMPL, with which no stream is of EL3. */
static bool has_el3(const struct obvious *o)
{
	return !bit(o->machine->idr0, 30);
}

/* 0bx1 of a Non-secure or Realm stream; of a Secure one, 0b01 is EL3, and that or 0b10 may not be
 * there. */
static bool strw_illegal(const struct obvious *o, const struct stream *stream)
{
	const uint64_t strw = bits(stream->word[1], 31, 30);

	if (!strw_used(o, stream))
		return false;
	if (!o->secure)
		return bit(strw, 0);
	return strw == 3 || (strw == 2 && !has_secure_el2(o)) || (strw == 1 && !has_el3(o));
}

static bool illegal(struct obvious *o, const struct stream *stream)
{
	if (!bit(stream->word[0], 0))
		return obvious_broken(o, OBVIOUS_STE_V);
	if (stream->config < 4)
		return false;
	if (stream->stage1 && !bit(o->machine->idr0, 1))
		return obvious_broken(o, OBVIOUS_STE_S1P);
	if (stream->stage2 && (!bit(o->machine->idr0, 0) || (o->secure && !has_secure_el2(o))))
		return obvious_broken(o, OBVIOUS_STE_S2P);
	if (obvious_ats_illegal(o, stream))
		return true;
	if (strw_illegal(o, stream))
		return obvious_broken(o, OBVIOUS_STE_STRW);
	if (stream->stage1 && stage1_illegal(o, stream))
		return true;
	if (stream->stage2 && stage2_illegal(o, stream))
		return true;
	if (s2vmid_illegal(o, stream))
		return obvious_broken(o, OBVIOUS_STE_S2VMID);
	if (obvious_has_vms(o, stream) && !fits(obvious_vms_address(stream), o->oas))
		return obvious_broken(o, OBVIOUS_STE_VMSPTR);
	return false;
}

/* Where there is one it is read with the STE, and as that is, whether it is needed or not.  5.6 */
static bool find_vms(struct obvious *o)
{
	const uint64_t pa = obvious_vms_address(&o->stream);
	const struct place place = { .address = pa,
				     .memory = table_memory(o->machine),
				     .space = obvious_own_space(o) };

	if (!obvious_has_vms(o, &o->stream))
		return true;
	return obvious_read(o, SMMU3_REASON_VMS, &place, 8, o->stream.vms) ||
	       obvious_fetch_error(o, F_VMS_FETCH, pa);
}

/* STRW and CR2.E2H or S_CR2.E2H, by the tables of 5.2. */
static enum obvious_world world_of(const struct obvious *o, const struct stream *stream)
{
	if (!strw_used(o, stream) || bits(stream->word[1], 31, 30) == 0)
		return OBVIOUS_EL1;
	if (bits(stream->word[1], 31, 30) == 1)
		return OBVIOUS_EL3;
	return bit(o->machine->cr2, 0) ? OBVIOUS_EL2_E2H : OBVIOUS_EL2;
}

bool obvious_one_range(const struct obvious *o)
{
	return o->stream.world == OBVIOUS_EL2 || o->stream.world == OBVIOUS_EL3;
}

bool obvious_find_stream(struct obvious *o)
{
	struct stream *stream = &o->stream;
	uint64_t pa = 0;

	if (!locate(o, &pa) || !fetch(o, SMMU3_REASON_STE, pa, 8, stream->word))
		return false;
	stream->config = (unsigned)bits(stream->word[0], 3, 1);
	stream->stage1 = stream->config >= 4 && bit(stream->config, 0);
	stream->stage2 = stream->config >= 4 && bit(stream->config, 1);
	decode_stage2(o, stream);
	if (illegal(o, stream))
		return obvious_configuration_error(o, C_BAD_STE);
	if (!find_vms(o))
		return false;
	stream->world = world_of(o, stream);
	o->answer->notes.config = (uint8_t)stream->config;
	o->answer->notes.world = (uint8_t)stream->world;
	return true;
}
