/* SPDX-License-Identifier: MIT */
/* Stage 2 of VMSAv8-64 and VMSAv9-128, and what both stages have in common: D8.2, D8.3, 7.3.22; J1
 * AArch64.S2Translate, AArch64.S2Walk.  Of VMSAv8-32: G5.5; AArch32.S2Translate, AArch32.S2Walk. */
#include "obvious_state.h"

/* ---- Outputs ---- */

/* AArch64.OAOutOfRange of what StageOA gives: the bits below lsb are those of the input. */
bool obvious_output_fits(uint64_t base, uint64_t input, unsigned lsb, unsigned output_bits)
{
	return fits(base | (input & below(lsb)), output_bits);
}

/* ---- The walk ---- */

struct walk {
	struct obvious *o;
	const struct ipa_tree *tree;
	uint64_t ipa;
	bool ns; /* the IPA is of the Non-secure space */
	enum smmu3_fault_class fault_class;
	int level;
	bool barred;     /* translation hardening grants nothing */
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

static bool update(struct walk *walk, struct ttd descriptor, struct ttd after, bool table)
{
	static const unsigned where[] = {
		[SMMU3_CLASS_IN] = 1, [SMMU3_CLASS_CD] = 2, [SMMU3_CLASS_TT] = 3
	};
	struct obvious *o = walk->o;

	if (obvious_same(after, descriptor))
		return true;
	if (!obvious_write(o, SMMU3_REASON_S2_TTD, &walk->at, o->stream.big_endian, o->stream.d128,
			   after))
		return fault(walk, F_WALK_EABT, walk->level, walk->at.address);
	obvious_note_update(o, where[walk->fault_class], table, descriptor, after);
	return true;
}

/* One that aborts is a fault; one that wants an alternate MECID leads nowhere. */
static bool fetch(struct walk *walk, uint64_t entry, struct ttd *descriptor,
		  enum descriptor_type *type)
{
	struct obvious *o = walk->o;
	const struct stream *s = &o->stream;

	walk->at = (struct place){ .address = entry & below(o->oas),
				   .memory = s->walk,
				   .space = walk->tree->tables };
	if (!obvious_read_ttd(o, SMMU3_REASON_S2_TTD, &walk->at, s->big_endian, s->d128,
			      descriptor))
		return fault(walk, F_WALK_EABT, walk->level, walk->at.address);
	*type = obvious_descriptor_type(o, *descriptor, walk->tree->format, walk->level);
	if (*type == INVALID)
		obvious_note_reserved(o, 2, *descriptor, walk->tree->format);
	if (*type == INVALID ||
	    (*type == LEAF && obvious_wants_amec(o, obvious_ns(*descriptor, 2, s->d128),
						 obvious_amec(*descriptor, s->d128))))
		return fault_here(walk, F_TRANSLATION);
	return true;
}

/* Notes are about the output of the access, not about tables. */
static void note_skipped(const struct walk *walk, struct ttd table)
{
	const unsigned skipped = obvious_skipped(table, walk->tree->format);
	struct obvious_stage *stage = &walk->o->answer->notes.stage2;

	if (walk->fault_class == SMMU3_CLASS_IN)
		stage->skipped = (uint8_t)most(stage->skipped, skipped);
}

/* What is pointed at is in range if the descriptor of the input is; of the initial table that is a
 * fault of level 0. */
static bool descend(struct walk *walk, struct ttd *descriptor)
{
	struct obvious *o = walk->o;
	const struct stream *s = &o->stream;
	const struct ipa_tree *tree = walk->tree;
	const struct format format = tree->format;
	uint64_t entry = obvious_table_base(tree->ttb, format, tree->input_bits, tree->start_level,
					    s->output_bits);

	walk->level = tree->start_level;
	entry = obvious_entry(entry, walk->ipa, tree->input_bits, format, walk->level);
	if (!fits(entry, s->output_bits)) {
		obvious_note_initial(o, 2, format);
		return fault(walk, F_ADDR_SIZE, 0, walk->ipa);
	}
	for (;;) {
		const unsigned lsb = obvious_level_lsb(format, walk->level);
		enum descriptor_type type = INVALID;
		int next;

		if (!fetch(walk, entry, descriptor, &type))
			return false;
		if (type == LEAF)
			return obvious_output_fits(obvious_leaf_address(*descriptor, format, lsb),
						   walk->ipa, lsb, s->output_bits) ||
			       fault_here(walk, F_ADDR_SIZE);
		next = walk->level + 1 + (int)obvious_skipped(*descriptor, format);
		entry = obvious_entry(obvious_next_table(*descriptor, format), walk->ipa, lsb,
				      format, next);
		if (!fits(entry, s->output_bits)) {
			obvious_note_table(o, 2, *descriptor, format, s->output_bits);
			return fault_here(walk, F_ADDR_SIZE);
		}
		if (!update(walk, *descriptor, obvious_table_updated(o, 2, *descriptor), true))
			return false;
		note_skipped(walk, *descriptor);
		walk->level = next;
	}
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
static bool permitted_indirectly(const struct walk *walk, struct ttd leaf,
				 const struct place *place)
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
static bool hardened(struct walk *walk, struct ttd leaf, struct place *place)
{
	struct obvious *o = walk->o;
	const enum obvious_refusal by = obvious_check_hardening(o, walk->fault_class, leaf);
	const bool asks = walk->fault_class == SMMU3_CLASS_IN &&
			  (obvious_is_request(o) || obvious_is_prefetch(o));

	walk->barred = by != OBVIOUS_BY_NOBODY;
	if (walk->barred && asks)
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

static bool permitted(const struct walk *walk, struct ttd leaf, const struct place *place)
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
	stage->d128 = walk->o->stream.d128;
	stage->big_endian = walk->o->stream.big_endian;
	stage->granule_lg2 = (uint8_t)tree->format.granule;
	stage->input_bits = (uint8_t)tree->input_bits;
	stage->start_level = (int8_t)tree->start_level;
}

static void note_leaf(const struct walk *walk, struct ttd leaf)
{
	struct obvious_stage *stage = &walk->o->answer->notes.stage2;

	if (walk->fault_class != SMMU3_CLASS_IN)
		return;
	stage->leaf = true;
	stage->leaf_level = (int8_t)walk->level;
	stage->contiguous = obvious_contiguous(leaf, walk->o->stream.d128);
}

/* For a CD and a table that is read the access is a read, and its flags alone are of concern;
 * a table that is written makes its page dirty. */
static struct ttd updated(const struct walk *walk, struct ttd leaf, const struct place *place)
{
	struct obvious *o = walk->o;

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
	leaf.low |= UINT64_C(1) << 10;
	return leaf;
}

/* A structure that stands where none may: S2PTW, or outside Realm memory.  7.3.16 */
static bool misplaced(const struct walk *walk, const struct place *place)
{
	const struct obvious *o = walk->o;

	return walk->fault_class != SMMU3_CLASS_IN &&
	       ((bit(o->stream.word[2], 54) && place->memory.device) ||
		(o->realm && place->space != SMMU3_PAS_REALM));
}

/* What permissions refuse.  Of an atomic that they refuse the read alone of; the dirty state does
 * not come without the flag. */
static struct ttd after_refusal(const struct walk *walk, struct ttd leaf, const struct place *place)
{
	struct obvious *o = walk->o;
	const bool unread = walk->fault_class == SMMU3_CLASS_IN && o->write && o->read &&
			    bit(leaf.low, 10) && obvious_check(o, place->perm) == READ_DENIED;

	return misplaced(walk, place) ? leaf : obvious_refused(o, 2, leaf, unread);
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
	struct ttd leaf, after;
	unsigned lsb;

	/* AArch64.IPAIsOutOfRange */
	if (!fits(ipa, tree->input_bits))
		return fault(&walk, F_TRANSLATION, NO_LEVEL, ipa);
	note_begun(&walk);
	if (!descend(&walk, &leaf))
		return false;
	note_leaf(&walk, leaf);
	if (!bit(leaf.low, 10) && !bit(s->word[2], 53) &&
	    !obvious_updates(o, 2).ha) /* AF, S2AFFD */
		return fault_here(&walk, F_ACCESS);
	lsb = obvious_level_lsb(tree->format, walk.level);
	place->space = o->realm ? obvious_realm_space(obvious_ns(leaf, 2, s->d128)) : tree->output;
	place->span_lg2 = least(lsb, s->output_bits);
	place->address = obvious_leaf_address(leaf, tree->format, lsb) | (ipa & below(lsb));
	place->address &= below(o->oas); /* 40 bits of VMSAv8-32 may be more.  3.4 */
	place->perm = obvious_stage2_permissions(o, obvious_as_dirty(o, 2, leaf));
	place->memory = obvious_combine(o, memory, (unsigned)bits(leaf.low, 5, 2),
					tree->format.ds ? s->sh : (unsigned)bits(leaf.low, 9, 8));
	if (!hardened(&walk, leaf, place))
		return false;
	if (!permitted(&walk, leaf, place)) {
		(void)update(&walk, leaf, after_refusal(&walk, leaf, place), false);
		return false;
	}
	obvious_note_stage2(o, leaf);
	after = walk.barred ? leaf : updated(&walk, leaf, place);
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
