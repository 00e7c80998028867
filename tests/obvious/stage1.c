/* SPDX-License-Identifier: MIT */
/* Stage 1 of VMSAv8-64 in the EL1, EL2 and EL2&0 translation regimes: D8.2, D8.3, 3.4, 7.3.22; J1
 * AArch64.S1Translate, AArch64.S1Walk.  Of VMSAv8-32: G5.5; AArch32.S1TranslateLD,
 * AArch32.S1WalkLD. */
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

static bool is_upper(const struct obvious *o, uint64_t va)
{
	if (!o->context.lpae)
		return bit(va, 55);
	return obvious_one_range(o) ? false : range_is_upper(&o->context, bits(va, 31, 0));
}

/* G5.5.5.1: a block that the other table's region has a part of; the library has it fault. */
static bool overlaps(const struct walk *walk)
{
	const struct obvious *o = walk->o;
	const unsigned lsb = obvious_level_lsb(walk->half->granule, walk->level);
	const uint64_t first = align(o->txn->addr, lsb), last = first | below(lsb);

	return o->context.lpae && !obvious_one_range(o) &&
	       range_is_upper(&o->context, first) != range_is_upper(&o->context, last);
}

/* S1StartLevel: as few levels as resolve the input; with DS level -1 may be one of them.  D8.2.8 to
 * D8.2.10 */
static int start_level(const struct half_space *half)
{
	const unsigned stride = half->granule - 3;

	return 3 - (int)((half->input_bits - 1 - half->granule) / stride);
}

/* Where the table is: those of Realm streams never leave Realm memory. */
static enum smmu3_pas space_of(const struct walk *walk)
{
	return walk->o->realm ? SMMU3_PAS_REALM : walk->secure ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

/* NS of a leaf: of Realm streams only hypervisors' have one. */
enum { NS = 5 };

static bool has_ns(const struct obvious *o)
{
	return o->realm && o->stream.world != OBVIOUS_EL1;
}

static bool read_descriptor(struct walk *walk, uint64_t address, uint64_t *descriptor)
{
	struct obvious *o = walk->o;
	struct place *place = &walk->place;

	walk->at = address;
	o->s1assured = walk->assured;
	o->toplevel = walk->level == start_level(walk->half);
	if (!obvious_physical(o, address, SMMU3_CLASS_TT, &walk->half->walk, space_of(walk), place))
		return false;
	o->answer->notes.leaf_read_ns = place->space == SMMU3_PAS_NS;
	if (!obvious_read(o, SMMU3_REASON_S1_TTD, place, 1, descriptor))
		return walk_abort(walk, place->address);
	*descriptor = obvious_descriptor(*descriptor, o->context.big_endian);
	return true;
}

/* Stage 2 is asked for the place of the descriptor again, now for a write.  3.13.5 */
static bool update(struct walk *walk, uint64_t *descriptor, uint64_t after, bool table)
{
	struct obvious *o = walk->o;
	bool found;

	if (after == *descriptor)
		return true;
	o->updating = true;
	o->toplevel = false; /* CreateAccDescTTEUpdate */
	found = obvious_physical(o, walk->at, SMMU3_CLASS_TT, &walk->half->walk, space_of(walk),
				 &walk->place);
	o->updating = false;
	o->answer->notes.updates |= (uint32_t)!found << (OBVIOUS_UPDATES_REFUSED + table);
	if (!found)
		return false;
	if (!obvious_write(o, SMMU3_REASON_S1_TTD, &walk->place, o->context.big_endian, after))
		return walk_abort(walk, walk->place.address);
	obvious_note_update(o, 0, table, *descriptor, after);
	*descriptor = after;
	return true;
}

static bool descend(struct walk *walk, uint64_t *descriptor)
{
	struct obvious *o = walk->o;
	const struct half_space *half = walk->half;
	const unsigned output_bits = o->context.output_bits;
	unsigned top = half->input_bits;
	uint64_t table = obvious_table_base(half->ttb, half->granule, half->input_bits, walk->level,
					    output_bits);

	for (; walk->level <= 3; walk->level++) {
		const unsigned lsb = obvious_level_lsb(half->granule, walk->level);
		const uint64_t address = table + 8 * bits(o->txn->addr, top - 1, lsb);
		enum descriptor_type type;

		if (!read_descriptor(walk, address, descriptor))
			return false;
		type = obvious_descriptor_type(o, *descriptor, half->granule, half->ds,
					       walk->level);
		if (type == INVALID)
			return fault(o, F_TRANSLATION, walk->level);
		const bool assured = obvious_stays_assured(o, walk->assured, *descriptor);

		if (type == LEAF && has_ns(o) && obvious_wants_amec(o, *descriptor, NS))
			return fault(o, F_TRANSLATION, walk->level);
		table = obvious_descriptor_address(*descriptor, half->granule, half->ds,
						   type == LEAF ? lsb : half->granule);
		if (!obvious_output_fits(table, o->txn->addr, type == LEAF ? lsb : 0, output_bits))
			return fault(o, F_ADDR_SIZE, walk->level);
		if (type == LEAF) {
			walk->leads_to_assured = assured;
			return true;
		}
		if (!update(walk, descriptor, obvious_table_updated(o, 1, *descriptor), true))
			return false;
		walk->assured = assured;
		walk->secure = walk->secure && !bit(*descriptor, 63); /* NSTable.  D8.4.6 */
		walk->hierarchy |= in_place(*descriptor, 63, 59);
		top = lsb;
	}
	return fault(o, F_TRANSLATION, 3); /* not reached: at level 3 nothing is a table */
}

static void note_codes(struct obvious *o, uint64_t leaf, enum check check)
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

static bool permitted(struct walk *walk, uint64_t *leaf, unsigned perm, enum smmu3_pas space)
{
	const enum check check = obvious_check(walk->o, perm);
	const bool dirty = check != ALLOWED && obvious_dirty_would_do(walk->o, *leaf);

	note_codes(walk->o, *leaf, check);

	if (check == ALLOWED &&
	    !update(walk, leaf, obvious_updated(walk->o, 1, *leaf, perm), false))
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
 * AttrIndx[3] is bit 59 of a VMSAv8-64 leaf, and indices above 7 mean the last byte.  5.4 */
static unsigned mair_attr(const struct obvious *o, uint64_t leaf)
{
	const struct context *context = &o->context;
	const bool extended = bit(o->machine->idr3, 23) && bit(context->word[2], 3) &&
			      !context->lpae;
	const unsigned index = extended && bit(leaf, 59) ? 7 : (unsigned)bits(leaf, 4, 2);

	return (unsigned)bits(context->word[3], 8 * index + 7, 8 * index);
}

static void note_begun(const struct walk *walk)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage1;

	stage->walked = true;
	stage->lpae = walk->o->context.lpae;
	stage->big_endian = walk->o->context.big_endian;
	stage->granule_lg2 = (uint8_t)walk->half->granule;
	stage->input_bits = (uint8_t)walk->half->input_bits;
	stage->start_level = (int8_t)walk->level;
}

static void note_leaf(const struct walk *walk, uint64_t leaf)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage1;

	walk->o->answer->notes.secure_leaf = walk->secure;
	stage->leaf = true;
	stage->leaf_level = (int8_t)walk->level;
	stage->contiguous = bit(leaf, 52) && !obvious_pnch(walk->o);
	walk->o->answer->notes.pnch = bit(leaf, 52) && obvious_pnch(walk->o);
}

static void output(const struct walk *walk, uint64_t leaf, const struct memory *input,
		   struct place *place)
{
	struct obvious *o = walk->o;
	const uint64_t hierarchy = walk->half->no_hierarchy ? 0 : walk->hierarchy;

	const unsigned lsb = obvious_level_lsb(walk->half->granule, walk->level);

	place->span_lg2 = least(lsb, o->context.output_bits);
	place->address = obvious_descriptor_address(leaf, walk->half->granule, walk->half->ds,
						    lsb) |
			 (o->txn->addr & below(lsb));
	if (o->realm)
		place->space = has_ns(o) ? obvious_realm_space(leaf, NS) : SMMU3_PAS_REALM;
	else
		place->space = walk->secure && !bit(leaf, NS) ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
	place->perm = obvious_stage1_permissions(o, obvious_as_dirty(o, 1, leaf), hierarchy);
	if (walk->half->e0pd) /* who may not look has no permission */
		place->perm &= SMMU3_PERM_PR | SMMU3_PERM_PW | SMMU3_PERM_PX;
	place->memory = obvious_stage1_memory(input, mair_attr(o, leaf),
					      walk->half->ds ? walk->half->sh :
							       (unsigned)bits(leaf, 9, 8));
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
	uint64_t leaf;

	o->answer->notes.stage1.upper = upper;
	note_range(o);
	/* AArch64.S1Translate: EPDx, E0PDx, AArch64.VAIsOutOfRange */
	if (walk.half->disabled || (walk.half->e0pd && !o->privileged) ||
	    (o->context.lpae ? lpae_out_of_range(o, o->txn->addr) :
			       out_of_range(o->txn->addr, walk.half)))
		return fault(o, F_TRANSLATION, NO_LEVEL);
	walk.secure = o->secure && !walk.half->ns;
	walk.level = start_level(walk.half);
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
	if (!bit(leaf, 10) && !bit(o->context.word[0], 35) && !obvious_updates(o, 1).ha)
		return fault(o, F_ACCESS, walk.level); /* AF, CD.AFFD */
	output(&walk, leaf, input, place);
	if (!permitted(&walk, &leaf, place->perm, place->space))
		return false;
	o->s1assured = walk.leads_to_assured;
	place->perm = obvious_now(o, 1, leaf, place->perm);
	place->perm &= obvious_sif_keeps(o, place->space);
	return true;
}
