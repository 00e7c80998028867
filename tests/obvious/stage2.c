/* SPDX-License-Identifier: MIT */
/* Stage 2 of VMSAv8-64, and what both stages have in common: D8.2, D8.3, 7.3.22; J1
 * AArch64.S2Translate, AArch64.S2Walk.  Of VMSAv8-32: G5.5; AArch32.S2Translate, AArch32.S2Walk. */
#include "obvious_state.h"

/* ---- Tables ---- */

unsigned obvious_level_lsb(unsigned granule, int level)
{
	return granule + (granule - 3) * (unsigned)(3 - level);
}

/* AArch64.S2TTBaseAddress: aligned to the initial table, 64 bytes or more where an output address
 * has 52 bits.  5.2 (S2TTB), 5.4 (TTB0) */
uint64_t obvious_table_base(uint64_t ttb, unsigned granule, unsigned input_bits, int start_level,
			    unsigned output_bits)
{
	const unsigned size = input_bits - obvious_level_lsb(granule, start_level) + 3;

	return align(ttb, output_bits == 52 ? most(size, 6) : size);
}

/* OA<51:48> of a 64 KB granule are descriptor<15:12>; with DS they are descriptor<9:8> and <49:48>.
 * AArch64.S2LeafBase, NextTableBase */
uint64_t obvious_descriptor_address(uint64_t descriptor, unsigned granule, bool ds, unsigned lsb)
{
	uint64_t address = in_place(descriptor, 47, lsb);

	if (granule == GRANULE_64K)
		address |= bits(descriptor, 15, 12) << 48;
	else if (ds)
		address |= bits(descriptor, 9, 8) << 50 | bits(descriptor, 49, 48) << 48;
	return address;
}

/* AArch64.OAOutOfRange of what StageOA gives: the bits below lsb are those of the input. */
bool obvious_output_fits(uint64_t base, uint64_t input, unsigned lsb, unsigned output_bits)
{
	return fits(base | (input & below(lsb)), output_bits);
}

/* AArch64.BlockDescSupported */
static bool block_supported(const struct obvious *o, unsigned granule, bool ds, int level)
{
	switch (granule) {
	case GRANULE_4K:
		return level == 2 || level == 1 || (level == 0 && ds);
	case GRANULE_16K:
		return level == 2 || (level == 1 && ds);
	default:
		return level == 2 || (level == 1 && o->oas >= 52);
	}
}

enum descriptor_type obvious_descriptor_type(const struct obvious *o, uint64_t descriptor,
					     unsigned granule, bool ds, int level)
{
	if (!bit(descriptor, 0))
		return INVALID;
	if (bit(descriptor, 1))
		return level == 3 ? LEAF : TABLE;
	return block_supported(o, granule, ds, level) ? LEAF : INVALID;
}

/* ---- The walk ---- */

struct walk {
	struct obvious *o;
	const struct ipa_tree *tree;
	uint64_t ipa;
	bool ns; /* the IPA is of the Non-secure space */
	enum smmu3_fault_class fault_class;
	int level;
	struct place at; /* of the descriptor that was read last */
};

static bool fault(const struct walk *walk, enum event event, int level, uint64_t address)
{
	return obvious_fault(walk->o, &(struct fault){
					      .event = event,
					      .stage = 2,
					      .fault_class = walk->fault_class,
					      .level = level,
					      .address = address,
					      .ns_ipa = walk->ns,
					      .updating = walk->o->updating,
				      });
}

static bool fault_here(const struct walk *walk, enum event event)
{
	return fault(walk, event, walk->level, walk->ipa);
}

static bool update(struct walk *walk, uint64_t descriptor, uint64_t after, bool table)
{
	static const unsigned where[] = {
		[SMMU3_CLASS_IN] = 1, [SMMU3_CLASS_CD] = 2, [SMMU3_CLASS_TT] = 3
	};
	struct obvious *o = walk->o;

	if (after == descriptor)
		return true;
	if (!obvious_write(o, SMMU3_REASON_S2_TTD, &walk->at, o->stream.big_endian, after))
		return fault(walk, F_WALK_EABT, walk->level, walk->at.address);
	obvious_note_update(o, where[walk->fault_class], table, descriptor, after);
	return true;
}

/* NS of a leaf, which Realm streams have.  D8.3.1.2 */
enum { NS = 55 };

static bool descend(struct walk *walk, uint64_t *descriptor)
{
	struct obvious *o = walk->o;
	const struct stream *s = &o->stream;
	const struct ipa_tree *tree = walk->tree;
	unsigned top = tree->input_bits; /* tables that are concatenated are one */
	uint64_t table = obvious_table_base(tree->ttb, tree->granule, tree->input_bits,
					    tree->start_level, s->output_bits);

	for (walk->level = tree->start_level; walk->level <= 3; walk->level++) {
		const unsigned lsb = obvious_level_lsb(tree->granule, walk->level);
		const uint64_t pa = (table + 8 * bits(walk->ipa, top - 1, lsb)) & below(o->oas);
		enum descriptor_type type;

		walk->at = (struct place){ .address = pa,
					   .memory = s->walk,
					   .space = tree->tables };
		if (!obvious_read(o, SMMU3_REASON_S2_TTD, &walk->at, 1, descriptor))
			return fault(walk, F_WALK_EABT, walk->level, pa);
		*descriptor = obvious_descriptor(*descriptor, s->big_endian);
		type = obvious_descriptor_type(o, *descriptor, tree->granule, tree->ds,
					       walk->level);
		if (type == INVALID)
			return fault_here(walk, F_TRANSLATION);
		if (type == LEAF && obvious_wants_amec(o, *descriptor, NS))
			return fault_here(walk, F_TRANSLATION);
		table = obvious_descriptor_address(*descriptor, tree->granule, tree->ds,
						   type == LEAF ? lsb : tree->granule);
		if (!obvious_output_fits(table, walk->ipa, type == LEAF ? lsb : 0, s->output_bits))
			return fault_here(walk, F_ADDR_SIZE);
		if (type == LEAF)
			return true;
		if (!update(walk, *descriptor, obvious_table_updated(o, 2, *descriptor), true))
			return false;
		top = lsb;
	}
	return fault_here(walk, F_TRANSLATION); /* not reached: at level 3 nothing is a table */
}

/* A table or CD of a stage 1 needs read permission, and with S2PTW no Device memory; that of a
 * Realm stream Realm memory.  7.3.16 */
static bool permitted_for_tables(const struct walk *walk, const struct place *place)
{
	struct obvious *o = walk->o;
	const bool s2ptw = bit(o->stream.word[2], 54);

	if ((s2ptw && place->memory.device) ||
	    !(place->perm & (o->updating ? SMMU3_PERM_PW : SMMU3_PERM_PR)))
		return fault_here(walk, F_PERMISSION);
	if (!o->realm || place->space == SMMU3_PAS_REALM)
		return true;
	o->answer->notes.left = true;
	return fault_here(walk, F_PERMISSION);
}

/* What of a table's or CD's page is refused, too. */
static bool permitted_indirectly(const struct walk *walk, uint64_t leaf, const struct place *place)
{
	const struct obvious_indirection answer = obvious_check_indirect(walk->o, walk->fault_class,
									 leaf, place);

	if (answer.by == OBVIOUS_BY_NOBODY)
		return true;
	return obvious_fault(walk->o, &(struct fault){
					      .event = F_PERMISSION,
					      .stage = 2,
					      .fault_class = walk->fault_class,
					      .level = walk->level,
					      .address = walk->ipa,
					      .ns_ipa = walk->ns,
					      .updating = walk->o->updating,
					      .read_denied = answer.read,
					      .overlay = answer.by == OBVIOUS_BY_OVERLAY,
					      .dirty = answer.by == OBVIOUS_BY_DIRTY,
				      });
}

/* Before all else that it may permit: 3.26.2, D8.15.5.1.  Whoever asks for no right in particular
 * is given none. */
static bool hardened(const struct walk *walk, uint64_t leaf, struct place *place)
{
	struct obvious *o = walk->o;
	const enum obvious_refusal by = obvious_check_hardening(o, walk->fault_class, leaf);
	const bool asks = walk->fault_class == SMMU3_CLASS_IN &&
			  (obvious_is_request(o) || obvious_is_prefetch(o));

	if (by != OBVIOUS_BY_NOBODY && asks)
		place->perm = 0;
	if (by == OBVIOUS_BY_NOBODY || asks)
		return true;
	return obvious_fault(walk->o, &(struct fault){
					      .event = F_PERMISSION,
					      .stage = 2,
					      .fault_class = walk->fault_class,
					      .level = walk->level,
					      .address = walk->ipa,
					      .ns_ipa = walk->ns,
					      .updating = walk->o->updating,
					      .assured_only = by == OBVIOUS_BY_ASSURED_ONLY,
				      });
}

static bool permitted(const struct walk *walk, uint64_t leaf, const struct place *place)
{
	enum check check;

	if (obvious_is_indirect(walk->o))
		return permitted_indirectly(walk, leaf, place);
	if (walk->fault_class != SMMU3_CLASS_IN)
		return permitted_for_tables(walk, place);
	check = obvious_check(walk->o, place->perm);
	if (check == ALLOWED && !(walk->o->realm && obvious_sif_forbids(walk->o, place->space)))
		return true;
	return obvious_fault(walk->o, &(struct fault){
					      .event = F_PERMISSION,
					      .stage = 2,
					      .fault_class = walk->fault_class,
					      .level = walk->level,
					      .address = walk->ipa,
					      .ns_ipa = walk->ns,
					      .read_denied = check == READ_DENIED,
				      });
}

/* Notes are about the output of the access, not about tables. */
static void note_begun(const struct walk *walk)
{
	const struct ipa_tree *tree = walk->tree;
	struct obvious_notes *notes = &walk->o->answer->notes;
	struct obvious_stage *stage = &notes->stage2;

	if (walk->fault_class != SMMU3_CLASS_IN)
		return;
	notes->ns_ipa = walk->ns;
	notes->s2_tables_ns = tree->tables == SMMU3_PAS_NS;
	stage->walked = true;
	stage->lpae = walk->o->stream.lpae;
	stage->big_endian = walk->o->stream.big_endian;
	stage->granule_lg2 = (uint8_t)tree->granule;
	stage->input_bits = (uint8_t)tree->input_bits;
	stage->start_level = (int8_t)tree->start_level;
}

static void note_leaf(const struct walk *walk, uint64_t leaf)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage2;

	if (walk->fault_class != SMMU3_CLASS_IN)
		return;
	stage->leaf = true;
	stage->leaf_level = (int8_t)walk->level;
	stage->contiguous = bit(leaf, 52);
}

/* For a CD and a table that is read the access is a read, and its flags alone are of concern;
 * a table that is written makes its page dirty. */
static uint64_t updated(const struct walk *walk, uint64_t leaf, const struct place *place)
{
	const struct obvious *o = walk->o;

	if (walk->fault_class == SMMU3_CLASS_IN)
		return obvious_updated(o, 2, leaf,
				       obvious_executable(o, place->perm, place->space) &
					       (obvious_is_request(o) || obvious_is_prefetch(o) ?
							o->so_far :
							~0u));
	if (!obvious_updates(o, 2).ha)
		return leaf;
	if (o->updating)
		leaf = obvious_as_dirty(o, 2, leaf);
	return leaf | UINT64_C(1) << 10;
}

bool obvious_stage2(struct obvious *o, uint64_t ipa, enum smmu3_pas space,
		    enum smmu3_fault_class fault_class, const struct memory *memory,
		    struct place *place)
{
	const struct stream *s = &o->stream;
	const struct ipa_tree *tree = &s->tree[space];
	struct walk walk = { .o = o,
			     .tree = tree,
			     .ipa = ipa,
			     .ns = space == SMMU3_PAS_NS,
			     .fault_class = fault_class };
	unsigned lsb;
	uint64_t leaf, after;

	/* AArch64.IPAIsOutOfRange */
	if (!fits(ipa, tree->input_bits))
		return fault(&walk, F_TRANSLATION, NO_LEVEL, ipa);
	note_begun(&walk);
	if (!descend(&walk, &leaf))
		return false;
	note_leaf(&walk, leaf);
	if (!bit(leaf, 10) && !bit(s->word[2], 53) && !obvious_updates(o, 2).ha) /* AF, S2AFFD */
		return fault_here(&walk, F_ACCESS);
	lsb = obvious_level_lsb(tree->granule, walk.level);
	place->space = o->realm ? obvious_realm_space(leaf, NS) : tree->output;
	place->span_lg2 = least(lsb, s->output_bits);
	place->address = obvious_descriptor_address(leaf, tree->granule, tree->ds, lsb) |
			 (ipa & below(lsb));
	place->address &= below(o->oas); /* 40 bits of VMSAv8-32 may be more.  3.4 */
	place->perm = obvious_stage2_permissions(o, obvious_as_dirty(o, 2, leaf));
	place->memory = obvious_combine(o, memory, (unsigned)bits(leaf, 5, 2),
					tree->ds ? s->sh : (unsigned)bits(leaf, 9, 8));
	if (!hardened(&walk, leaf, place) || !permitted(&walk, leaf, place))
		return false;
	obvious_note_stage2(o, leaf);
	after = updated(&walk, leaf, place);
	if (!update(&walk, leaf, after, false))
		return false;
	place->perm = obvious_now(o, 2, after, place->perm);
	return true;
}

/* S2PTW = 0 with IDR3.PTWNNC = 1: tables and CDs in Device memory are read as Normal Non-cacheable,
 * which is Outer Shareable.  5.2, 13.1.7 */
static void read_as_normal(const struct obvious *o, struct memory *memory)
{
	if (bit(o->machine->idr3, 14) && memory->device)
		*memory = obvious_consistent((struct memory){ .device = false });
}

bool obvious_physical(struct obvious *o, uint64_t address, enum smmu3_fault_class fault_class,
		      const struct memory *memory, enum smmu3_pas space, struct place *place)
{
	if (o->stream.stage2) {
		if (!obvious_stage2(o, address, space, fault_class, memory, place))
			return false;
		read_as_normal(o, &place->memory);
		return true;
	}
	*place = (struct place){ .address = address & below(o->oas),
				 .memory = *memory,
				 .space = space };
	return true;
}
