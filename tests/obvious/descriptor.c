/* SPDX-License-Identifier: MIT */
/* Descriptors of VMSAv8-64, VMSAv8-32 and VMSAv9-128, where they are and what stands where in them:
 * D8.2, D8.3; J1 AArch64.DecodeDescriptorType, AArch64.NextTableBase, AArch64.S1LeafBase,
 * AArch64.S1StartLevel, AArch64.S1TTEntryAddress, AArch64.S2TTBaseAddress. */
#include "obvious_state.h"

/* Bits of one of 128; no field has some of both halves. */
static uint64_t wide(struct ttd descriptor, unsigned msb, unsigned lsb)
{
	return lsb < 64 ? bits(descriptor.low, msb, lsb) :
			  bits(descriptor.high, msb - 64, lsb - 64);
}

unsigned obvious_descriptor_lg2(struct format format)
{
	return format.d128 ? 4 : 3;
}

unsigned obvious_stride(struct format format)
{
	return format.granule - obvious_descriptor_lg2(format);
}

bool obvious_same(struct ttd a, struct ttd b)
{
	return a.low == b.low && a.high == b.high;
}

/* Big-endian, the first byte is bits <63:56>, or <127:120>. */
bool obvious_read_ttd(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		      bool big_endian, bool d128, struct ttd *descriptor)
{
	uint64_t word[2] = { 0, 0 };

	if (!obvious_read(o, reason, place, d128 ? 2 : 1, word))
		return false;
	for (unsigned i = 0; i < 2; i++)
		word[i] = obvious_descriptor(word[i], big_endian);
	*descriptor = big_endian && d128 ? (struct ttd){ word[1], word[0] } :
					   (struct ttd){ word[0], word[1] };
	return true;
}

/* ---- Tables ---- */

unsigned obvious_level_lsb(struct format format, int level)
{
	return format.granule + obvious_stride(format) * (unsigned)(3 - level);
}

/* As few levels as resolve the input; level -1, and of VMSAv9-128 level -2, may be one of them.
 * D8.2.8 to D8.2.11 */
int obvious_start_level(struct format format, unsigned input_bits, unsigned skipped)
{
	const int level = 3 - (int)((input_bits - 1 - format.granule) / obvious_stride(format));

	return format.d128 ? level + (int)skipped : level;
}

/* Aligned to the initial table: 64 bytes or more where an output address has 52 bits, 32 or more of
 * VMSAv9-128.  5.2 (S2TTB), 5.4 (TTB0) */
uint64_t obvious_table_base(uint64_t ttb, struct format format, unsigned input_bits,
			    int start_level, unsigned output_bits)
{
	const unsigned size = input_bits - obvious_level_lsb(format, start_level) +
			      obvious_descriptor_lg2(format);
	const unsigned smallest = format.d128 ? 5 : output_bits == 52 ? 6 : 0;

	return align(ttb, most(size, smallest));
}

/* Tables that are concatenated, and those that resolve levels which were skipped, are one. */
uint64_t obvious_entry(uint64_t table, uint64_t input, unsigned top, struct format format,
		       int level)
{
	const unsigned lsb = obvious_level_lsb(format, level);

	return table | bits(input, top - 1, lsb) << obvious_descriptor_lg2(format);
}

/* ---- Types ---- */

/* AArch64.BlockDescSupported */
static bool block_supported(const struct obvious *o, struct format format, int level)
{
	switch (format.granule) {
	case GRANULE_4K:
		return level == 2 || level == 1 || (level == 0 && format.ds);
	case GRANULE_16K:
		return level == 2 || (level == 1 && format.ds);
	default:
		return level == 2 || (level == 1 && o->oas >= 52);
	}
}

unsigned obvious_skipped(struct ttd descriptor, struct format format)
{
	return format.d128 ? (unsigned)wide(descriptor, 110, 109) : 0; /* SKL */
}

static enum descriptor_type wide_type(struct ttd descriptor, struct format format, int level)
{
	const unsigned skl = obvious_skipped(descriptor, format);

	if (format.granule != GRANULE_4K && skl == 3)
		return INVALID;
	if (level + (int)skl > 3)
		return INVALID;
	return level + (int)skl == 3 ? LEAF : TABLE;
}

enum descriptor_type obvious_descriptor_type(const struct obvious *o, struct ttd descriptor,
					     struct format format, int level)
{
	if (!bit(descriptor.low, 0))
		return INVALID;
	if (format.d128)
		return wide_type(descriptor, format, level);
	if (bit(descriptor.low, 1))
		return level == 3 ? LEAF : TABLE;
	return block_supported(o, format, level) ? LEAF : INVALID;
}

/* ---- Addresses ---- */

/* OA<51:48> of a 64 KB granule are descriptor<15:12>; with DS they are descriptor<9:8> and <49:48>;
 * of VMSAv9-128 <55:48> stand in place. */
uint64_t obvious_leaf_address(struct ttd descriptor, struct format format, unsigned lsb)
{
	uint64_t address = in_place(descriptor.low, 47, lsb);

	if (format.d128)
		address = in_place(descriptor.low, 55, lsb);
	else if (format.granule == GRANULE_64K)
		address |= bits(descriptor.low, 15, 12) << 48;
	else if (format.ds)
		address |= bits(descriptor.low, 9, 8) << 50 | bits(descriptor.low, 49, 48) << 48;
	return address;
}

uint64_t obvious_next_table(struct ttd descriptor, struct format format)
{
	const unsigned levels = 1 + obvious_skipped(descriptor, format);
	const unsigned size = obvious_stride(format) * levels + obvious_descriptor_lg2(format);

	return obvious_leaf_address(descriptor, format, format.d128 ? size : format.granule);
}

/* ---- Fields ---- */

unsigned obvious_pi_index(struct ttd leaf, bool d128)
{
	if (d128)
		return (unsigned)wide(leaf, 118, 115);
	return (unsigned)(bits(leaf.low, 54, 53) << 2 | bits(leaf.low, 51, 51) << 1 |
			  bits(leaf.low, 6, 6));
}

unsigned obvious_po_index(struct ttd leaf, bool d128)
{
	return (unsigned)(d128 ? wide(leaf, 124, 121) : bits(leaf.low, 62, 59));
}

bool obvious_attr_index_3(struct ttd leaf, bool d128)
{
	return bit(leaf.low, d128 ? 5 : 59);
}

bool obvious_ns(struct ttd leaf, unsigned stage, bool d128)
{
	if (d128)
		return wide(leaf, 127, 127);
	return bit(leaf.low, stage == 1 ? 5 : 55);
}

bool obvious_amec(struct ttd leaf, bool d128)
{
	return d128 ? wide(leaf, 108, 108) : bit(leaf.low, 63);
}

bool obvious_contiguous(struct ttd leaf, bool d128)
{
	return d128 ? wide(leaf, 111, 111) : bit(leaf.low, 52);
}

bool obvious_nstable(struct ttd table, bool d128)
{
	return d128 ? wide(table, 127, 127) : bit(table.low, 63);
}

/* ---- Notes ---- */

static void note(struct obvious *o, unsigned stage, enum obvious_d128_refusal refusal)
{
	o->answer->notes.d128_refusal[stage - 1] = (uint8_t)refusal;
}

void obvious_note_reserved(struct obvious *o, unsigned stage, struct ttd descriptor,
			   struct format format)
{
	if (format.d128 && bit(descriptor.low, 0))
		note(o, stage, OBVIOUS_D128_SKL);
}

void obvious_note_initial(struct obvious *o, unsigned stage, struct format format)
{
	if (format.d128)
		note(o, stage, OBVIOUS_D128_INITIAL);
}

void obvious_note_table(struct obvious *o, unsigned stage, struct ttd descriptor,
			struct format format, unsigned output_bits)
{
	if (format.d128 && fits(obvious_next_table(descriptor, format), output_bits))
		note(o, stage, OBVIOUS_D128_TABLE);
}
