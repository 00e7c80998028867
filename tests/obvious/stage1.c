/* SPDX-License-Identifier: MIT */
/* Stage 1 of VMSAv8-64 and VMSAv9-128 in the EL1, EL2 and EL2&0 translation regimes: D8.2,
 * D8.3, 3.4, 7.3.22; J1 AArch64.S1Translate, AArch64.S1Walk.  Of VMSAv8-32: G5.5;
 * AArch32.S1TranslateLD, AArch32.S1WalkLD. */
#include "obvious_state.h"

struct walk {
	struct obvious *o;
	const struct half_space *half;
	int level;
	bool secure; /* the table is in Secure memory, and so may be what it leads to */
	bool assured, leads_to_assured; /* TTWState.s1assured: of the table, of the leaf */
	uint64_t hierarchy;             /* bits <63:59> of every table descriptor, ORed */
	uint64_t at;                    /* the address of the descriptor that was read last */
	struct place place;             /* where that is in memory */
};

/* The address at fault is InputAddr: stage 1 has no other.  7.3.13 */
static bool fault(struct obvious *o, enum event event, int level)
{
	return obvious_fault(o, &(struct fault){
					.event = event,
					.stage = 1,
					.fault_class = SMMU3_CLASS_IN,
					.level = level,
				});
}

/* External abort on a descriptor of stage 1 is of class TT.  7.3.12 */
static bool walk_abort(const struct walk *walk, uint64_t pa)
{
	return obvious_fault(walk->o, &(struct fault){
					      .event = F_WALK_EABT,
					      .stage = 1,
					      .fault_class = SMMU3_CLASS_TT,
					      .level = walk->level,
					      .address = pa,
				      });
}

/* AArch64.VAIsOutOfRange: the bits above the input range repeat bit 55, from AddrTop down. */
static bool out_of_range(uint64_t va, const struct half_space *half)
{
	const unsigned top = half->top_byte_ignore ? 55 : 63;
	const uint64_t above = bits(va, top, half->input_bits);

	return above != (bit(va, 55) ? below(top - half->input_bits + 1) : 0);
}

/* AArch32.GetVARange: TTB1 */
static bool range_is_upper(const struct context *context, uint64_t va)
{
	const unsigned lower = context->half[0].input_bits, upper = context->half[1].input_bits;
	const uint64_t upper_ones = below(32) & ~below(upper);

	if (upper == 32 && lower == 32)
		return false;
	if (upper == 32)
		return in_place(va, 31, lower) != 0;
	if (lower == 32)
		return in_place(va, 31, upper) == upper_ones;
	return in_place(va, 31, lower) != 0;
}

/* AArch32.VAIsOutOfRange; and no VA has more than 32 bits.  3.4.1 */
static bool lpae_out_of_range(const struct obvious *o, uint64_t va)
{
	const unsigned lower = o->context.half[0].input_bits, upper = o->context.half[1].input_bits;
	const uint64_t upper_ones = below(32) & ~below(upper);

	if (!fits(va, 32))
		return true;
	if (obvious_one_range(o))
		return !fits(va, lower);
	return lower != 32 && upper != 32 && !fits(va, lower) &&
	       in_place(va, 31, upper) != upper_ones;
}

/* EL3 may have one region of 56 bits, where bit 55 is one of the index.  3.4.1 */
static bool is_upper(const struct obvious *o, uint64_t va)
{
	const bool whole = obvious_one_range(o) && o->context.half[0].input_bits > 55;

	if (!o->context.lpae)
		return bit(va, 55) && !whole;
	return obvious_one_range(o) ? false : range_is_upper(&o->context, bits(va, 31, 0));
}

/* G5.5.5.1: a block that the other table's region has a part of; the library has it fault. */
static bool overlaps(const struct walk *walk)
{
	const struct obvious *o = walk->o;
	const unsigned lsb = obvious_level_lsb(walk->half->format, walk->level);
	const uint64_t first = align(o->txn->addr, lsb), last = first | below(lsb);

	return o->context.lpae && !obvious_one_range(o) &&
	       range_is_upper(&o->context, first) != range_is_upper(&o->context, last);
}

/* Where the table is: those of Realm streams never leave Realm memory. */
static enum smmu3_pas space_of(const struct walk *walk)
{
	return walk->o->realm ? SMMU3_PAS_REALM : walk->secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

/* Of Realm streams only hypervisors' leaves have an NS. */
static bool has_ns(const struct obvious *o)
{
	return o->realm && o->stream.world != OBVIOUS_EL1;
}

static bool read_descriptor(struct walk *walk, uint64_t address, struct ttd *descriptor)
{
	struct obvious *o = walk->o;
	struct place *place = &walk->place;

	walk->at = address;
	o->s1assured = walk->assured;
	o->toplevel = walk->level == obvious_start_level(walk->half->format, walk->half->input_bits,
							 walk->half->skipped);
	if (!obvious_physical(o, address, SMMU3_CLASS_TT, &walk->half->walk, space_of(walk), place))
		return false;
	o->answer->notes.leaf_read_ns = place->space == SMMU3_PAS_NS;
	return obvious_read_ttd(o, SMMU3_REASON_S1_TTD, place, o->context.big_endian,
				o->context.d128, descriptor) ||
	       walk_abort(walk, place->address);
}

/* Stage 2 is asked for the place of the descriptor again, now for a write.  3.13.5 */
static bool update(struct walk *walk, struct ttd *descriptor, struct ttd after, bool table)
{
	struct obvious *o = walk->o;
	bool found;

	if (obvious_same(after, *descriptor))
		return true;
	o->updating = true;
	o->toplevel = false; /* CreateAccDescTTEUpdate */
	found = obvious_physical(o, walk->at, SMMU3_CLASS_TT, &walk->half->walk, space_of(walk),
				 &walk->place);
	o->updating = false;
	o->answer->notes.updates |= (uint32_t)!found << (OBVIOUS_UPDATES_REFUSED + table);
	if (!found)
		return false;
	if (!obvious_write(o, SMMU3_REASON_S1_TTD, &walk->place, o->context.big_endian,
			   o->context.d128, after))
		return walk_abort(walk, walk->place.address);
	obvious_note_update(o, 0, table, *descriptor, after);
	*descriptor = after;
	return true;
}

static bool wants_amec(const struct walk *walk, struct ttd leaf)
{
	const bool d128 = walk->o->context.d128;

	return has_ns(walk->o) &&
	       obvious_wants_amec(walk->o, obvious_ns(leaf, 1, d128), obvious_amec(leaf, d128));
}

/* From a table descriptor to the table; VMSAv9-128 has no hierarchy.  D8.4.6, D8.4 */
static void enter(struct walk *walk, struct ttd descriptor)
{
	const bool d128 = walk->o->context.d128;
	const unsigned skipped = obvious_skipped(descriptor, walk->half->format);
	struct obvious_stage *stage = &walk->o->answer->notes.stage1;

	stage->skipped = (uint8_t)most(stage->skipped, skipped);
	walk->secure = walk->secure && !obvious_nstable(descriptor, d128);
	if (!d128)
		walk->hierarchy |= in_place(descriptor.low, 63, 59);
}

/* What is pointed at is in range if the descriptor of the input is; of the initial table that is a
 * fault of level 0. */
static bool descend(struct walk *walk, struct ttd *descriptor)
{
	struct obvious *o = walk->o;
	const struct half_space *half = walk->half;
	const struct format format = half->format;
	const unsigned output_bits = o->context.output_bits;
	uint64_t entry = obvious_table_base(half->ttb, format, half->input_bits, walk->level,
					    output_bits);

	entry = obvious_entry(entry, o->txn->addr, half->input_bits, format, walk->level);
	if (!fits(entry, output_bits)) {
		obvious_note_initial(o, 1, format);
		return fault(o, F_ADDR_SIZE, 0);
	}
	for (;;) {
		const unsigned lsb = obvious_level_lsb(format, walk->level);
		enum descriptor_type type;
		int next;

		if (!read_descriptor(walk, entry, descriptor))
			return false;
		type = obvious_descriptor_type(o, *descriptor, format, walk->level);
		if (type == INVALID)
			obvious_note_reserved(o, 1, *descriptor, format);
		if (type == INVALID || (type == LEAF && wants_amec(walk, *descriptor)))
			return fault(o, F_TRANSLATION, walk->level);
		const bool assured = obvious_stays_assured(o, walk->assured, *descriptor);

		if (type == LEAF) {
			walk->leads_to_assured = assured;
			return obvious_output_fits(obvious_leaf_address(*descriptor, format, lsb),
						   o->txn->addr, lsb, output_bits) ||
			       fault(o, F_ADDR_SIZE, walk->level);
		}
		next = walk->level + 1 + (int)obvious_skipped(*descriptor, format);
		entry = obvious_entry(obvious_next_table(*descriptor, format), o->txn->addr, lsb,
				      format, next);
		if (!fits(entry, output_bits)) {
			obvious_note_table(o, 1, *descriptor, format, output_bits);
			return fault(o, F_ADDR_SIZE, walk->level);
		}
		if (!update(walk, descriptor, obvious_table_updated(o, 1, *descriptor), true))
			return false;
		walk->assured = assured;
		enter(walk, *descriptor);
		walk->level = next;
	}
}

static void note_codes(struct obvious *o, struct ttd leaf, enum check check)
{
	const struct obvious_s1_codes code = obvious_codes1(o, leaf);
	struct obvious_notes *notes = &o->answer->notes;

	if (!obvious_is_indirect1(o))
		return;
	notes->indirect1 = true;
	notes->indirect1_p = (uint8_t)code.p;
	notes->indirect1_u = (uint8_t)code.u;
	notes->indirect1_by = check == ALLOWED                ? OBVIOUS_BY_NOBODY :
			      obvious_dirty_would_do(o, leaf) ? OBVIOUS_BY_DIRTY :
								OBVIOUS_BY_BASE;
}

static bool permitted(struct walk *walk, struct ttd *leaf, unsigned perm, enum smmu3_pas space)
{
	const enum check check = obvious_check(walk->o, perm);
	const bool dirty = check != ALLOWED && obvious_dirty_would_do(walk->o, *leaf);

	note_codes(walk->o, *leaf, check);

	if (!update(walk, leaf,
		    check == ALLOWED ? obvious_updated(walk->o, 1, *leaf, perm) :
				       obvious_refused(walk->o, 1, *leaf, false),
		    false))
		return false;
	walk->o->answer->notes.sif = check == ALLOWED && obvious_sif_forbids(walk->o, space);
	if (check == ALLOWED && !walk->o->answer->notes.sif)
		return true;
	return obvious_fault(walk->o, &(struct fault){
					      .event = F_PERMISSION,
					      .stage = 1,
					      .fault_class = SMMU3_CLASS_IN,
					      .level = walk->level,
					      .read_denied = check == READ_DENIED,
					      .dirty = dirty,
				      });
}

/* MAIR is words of 32 bits, MAIR0 and MAIR1, one after the other.  With IDR3.AIE and CD.AIE
 * AttrIndx[3] is bit 59 of a VMSAv8-64 leaf and bit 5 of a VMSAv9-128 one, and indices above 7 mean
 * the last byte.  5.4 */
static unsigned mair_attr(const struct obvious *o, struct ttd leaf)
{
	const struct context *context = &o->context;
	const bool extended = bit(o->machine->idr3, 23) && bit(context->word[2], 3) &&
			      !context->lpae;
	const bool high = extended && obvious_attr_index_3(leaf, context->d128);
	const unsigned index = high ? 7 : (unsigned)bits(leaf.low, 4, 2);

	return (unsigned)bits(context->word[3], 8 * index + 7, 8 * index);
}

static void note_begun(const struct walk *walk)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage1;

	stage->walked = true;
	stage->lpae = walk->o->context.lpae;
	stage->d128 = walk->o->context.d128;
	stage->big_endian = walk->o->context.big_endian;
	stage->granule_lg2 = (uint8_t)walk->half->format.granule;
	stage->input_bits = (uint8_t)walk->half->input_bits;
	stage->start_level = (int8_t)walk->level;
}

static void note_leaf(const struct walk *walk, struct ttd leaf)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage1;

	walk->o->answer->notes.secure_leaf = walk->secure;
	stage->leaf = true;
	stage->leaf_level = (int8_t)walk->level;
	stage->contiguous = obvious_contiguous(leaf, walk->o->context.d128) &&
			    !obvious_pnch(walk->o);
	walk->o->answer->notes.pnch = bit(leaf.low, 52) && obvious_pnch(walk->o);
}

static void output(const struct walk *walk, struct ttd leaf, const struct memory *input,
		   struct place *place)
{
	struct obvious *o = walk->o;
	const uint64_t hierarchy = walk->half->no_hierarchy ? 0 : walk->hierarchy;

	const struct format format = walk->half->format;
	const unsigned lsb = obvious_level_lsb(format, walk->level);
	const bool ns = obvious_ns(leaf, 1, format.d128);

	place->span_lg2 = least(lsb, o->context.output_bits);
	place->address = obvious_leaf_address(leaf, format, lsb) | (o->txn->addr & below(lsb));
	if (o->realm)
		place->space = has_ns(o) ? obvious_realm_space(ns) : SMMU3_PAS_REALM;
	else
		place->space = walk->secure && !ns ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
	place->perm = obvious_stage1_permissions(o, obvious_as_dirty(o, 1, leaf), hierarchy);
	if (walk->half->e0pd) /* who may not look has no permission */
		place->perm &= SMMU3_PERM_PR | SMMU3_PERM_PW | SMMU3_PERM_PX;
	place->memory = obvious_stage1_memory(o, input, mair_attr(o, leaf),
					      format.ds ? walk->half->sh :
							  (unsigned)bits(leaf.low, 9, 8));
}

static void note_range(struct obvious *o)
{
	const uint64_t va = o->txn->addr;

	if (o->context.lpae && lpae_out_of_range(o, va))
		o->answer->notes.lpae_refusal = fits(va, 32) ? OBVIOUS_LPAE_GAP :
							       OBVIOUS_LPAE_ABOVE;
}

bool obvious_stage1(struct obvious *o, const struct memory *input, struct place *place)
{
	const bool upper = is_upper(o, o->txn->addr);
	struct walk walk = { .o = o, .half = &o->context.half[upper] };
	struct ttd leaf;

	o->answer->notes.stage1.upper = upper;
	note_range(o);
	/* AArch64.S1Translate: EPDx, E0PDx, AArch64.VAIsOutOfRange */
	if (walk.half->disabled || (walk.half->e0pd && !o->privileged) ||
	    (o->context.lpae ? lpae_out_of_range(o, o->txn->addr) :
			       out_of_range(o->txn->addr, walk.half)))
		return fault(o, F_TRANSLATION, NO_LEVEL);
	walk.secure = o->secure && !walk.half->ns;
	walk.level = obvious_start_level(walk.half->format, walk.half->input_bits,
					 walk.half->skipped);
	o->upper = upper;
	walk.assured = obvious_begins_assured(o, upper);
	note_begun(&walk);
	if (!descend(&walk, &leaf))
		return false;
	note_leaf(&walk, leaf);
	if (overlaps(&walk)) {
		o->answer->notes.lpae_refusal = OBVIOUS_LPAE_OVERLAP;
		return fault(o, F_TRANSLATION, walk.level);
	}
	if (!bit(leaf.low, 10) && !bit(o->context.word[0], 35) && !obvious_updates(o, 1).ha)
		return fault(o, F_ACCESS, walk.level); /* AF, CD.AFFD */
	output(&walk, leaf, input, place);
	if (!permitted(&walk, &leaf, place->perm, place->space))
		return false;
	o->s1assured = walk.leads_to_assured;
	place->perm = obvious_now(o, 1, leaf, place->perm);
	place->perm &= obvious_sif_keeps(o, place->space);
	return true;
}
