/* SPDX-License-Identifier: MIT */
/* Translation hardening: 3.27, D8.2.7; J1 AArch64.S1InitialTTWState, AArch64.S1NextWalkStateTable,
 * AArch64.S2NextWalkStateLeaf, AArch64.S2CheckPermissions. */
#include "obvious_state.h"

/* IDR3.THE */
static bool has_the(const struct obvious *o)
{
	return bit(o->machine->idr3, 21) && o->stream.stage2 && !o->stream.lpae;
}

bool obvious_pnch(const struct obvious *o)
{
	return bit(o->machine->idr3, 21) && bit(o->context.word[1], 58) && !o->context.lpae &&
	       !o->context.d128;
}

/* protectedbit: bit 114 of VMSAv9-128 whatever PnCH says, bit 52 with PnCH. */
static bool is_protected(const struct obvious *o, struct ttd descriptor)
{
	return o->context.d128 ? bit(descriptor.high, 114 - 64) :
				 obvious_pnch(o) && bit(descriptor.low, 52);
}

/* STE.TL0, STE.TL1 */
static bool tl(const struct obvious *o, unsigned n)
{
	return has_the(o) && bit(o->stream.word[5], 10 + n);
}

/* Bit 58 of a leaf with STE.AssuredOnly; of VMSAv9-128 bit 114, whatever that says.  5.2 */
static bool is_assured_only(const struct obvious *o, struct ttd leaf)
{
	if (!has_the(o))
		return false;
	return o->stream.d128 ? bit(leaf.high, 114 - 64) :
				bit(o->stream.word[5], 9) && bit(leaf.low, 58);
}

/* A CD, or an L1CD, in other memory overrides it.  3.27.2.  AArch32.S1WalkLD has none of it. */
bool obvious_begins_assured(const struct obvious *o, bool upper)
{
	return tl(o, upper) && !o->context.lpae && o->cd_assured;
}

bool obvious_stays_assured(const struct obvious *o, bool assured, struct ttd descriptor)
{
	return assured && o->s2fs1mro && is_protected(o, descriptor);
}

void obvious_note_stage2(struct obvious *o, struct ttd leaf)
{
	o->s2fs1mro = obvious_mro(o, leaf).mro;
	o->s2assured = is_assured_only(o, leaf);
}

/* fault.toplevel of AArch64.S2CheckPermissions */
static bool top_level_refused(const struct obvious *o, struct ttd leaf)
{
	const struct obvious_mro is = obvious_mro(o, leaf);

	if (!o->upper)
		return (tl(o, 0) && !is.toplevel0) || (tl(o, 1) && is.toplevel1 && !is.toplevel0);
	return (tl(o, 1) && !is.toplevel1) || (tl(o, 0) && is.toplevel0 && !is.toplevel1);
}

static void note(struct obvious *o, enum smmu3_fault_class class, struct ttd leaf)
{
	const struct obvious_mro is = obvious_mro(o, leaf);
	struct obvious_notes *notes = &o->answer->notes;

	notes->hardened = true;
	notes->hardened_d128 = o->stream.d128;
	notes->top_levels[0] = tl(o, 0);
	notes->top_levels[1] = tl(o, 1);
	if (class == SMMU3_CLASS_TT && o->toplevel)
		notes->top_code = (uint8_t)(1 + 2 * is.toplevel0 + is.toplevel1);
	if (class != SMMU3_CLASS_IN)
		return;
	notes->assured_only = is_assured_only(o, leaf);
	notes->assured = o->s1assured;
}

/* CDs are read as they are, and a Translated access of split-stage ATS was asked for before. */
static enum obvious_refusal check(const struct obvious *o, enum smmu3_fault_class class,
				  struct ttd leaf)
{
	const bool translated = o->txn->ats == SMMU3_ATS_TRANSLATED && class == SMMU3_CLASS_IN;

	if (class == SMMU3_CLASS_TT && o->toplevel && top_level_refused(o, leaf))
		return OBVIOUS_BY_TOP_LEVEL;
	if (class != SMMU3_CLASS_CD && !translated && is_assured_only(o, leaf) && !o->s1assured)
		return OBVIOUS_BY_ASSURED_ONLY;
	return OBVIOUS_BY_NOBODY;
}

enum obvious_refusal obvious_check_hardening(struct obvious *o, enum smmu3_fault_class class,
					     struct ttd leaf)
{
	enum obvious_refusal by;

	if (!has_the(o))
		return OBVIOUS_BY_NOBODY;
	note(o, class, leaf);
	by = check(o, class, leaf);
	o->answer->notes.hardened_by = (uint8_t)by;
	o->answer->notes.hardened_class = (uint8_t) class;
	return by;
}
