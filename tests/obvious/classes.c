/* SPDX-License-Identifier: MIT */
/* Destructive reads, directed cache prefetch and cache maintenance: 3.13.8, 3.22, 16.7.2; STE[76]
 * DRE, STE[81] DCP. */
#include "obvious_state.h"

/* Reads with clean and invalidate (RCI) and destructive ones (DR), writes with directed cache
 * prefetch (W-DCP) and prefetch without data (NW-DCP), destructive hints (DH). */
enum {
	RCI = SMMU3_CLASS_READ_CLEAN_INVALIDATE,
	DR = SMMU3_CLASS_DESTRUCTIVE_READ,
	W_DCP = SMMU3_CLASS_WRITE_PREFETCH,
	NW_DCP = SMMU3_CLASS_PREFETCH,
	DH = SMMU3_CLASS_DESTRUCTIVE_HINT,
};

bool obvious_is_special(const struct obvious *o)
{
	return o->txn->txn_class != SMMU3_CLASS_ORDINARY && o->txn->txn_class != SMMU3_CLASS_ATOMIC;
}

bool obvious_is_hint(const struct obvious *o)
{
	return o->txn->txn_class == NW_DCP || o->txn->txn_class == DH;
}

bool obvious_is_prefetch(const struct obvious *o)
{
	return o->txn->txn_class == NW_DCP;
}

static bool is_maintenance(unsigned txn_class)
{
	return txn_class == SMMU3_CLASS_CLEAN || txn_class == SMMU3_CLASS_CLEAN_INVALIDATE ||
	       txn_class == SMMU3_CLASS_CLEAN_TO_PERSISTENCE ||
	       txn_class == SMMU3_CLASS_INVALIDATE || txn_class == DH;
}

/* 16.7.2.3: its shareability is taken as it comes, whatever type stands beside it. */
struct smmu3_txn obvious_class_txn(const struct smmu3_txn *txn)
{
	struct smmu3_txn seen = *txn;

	if (is_maintenance(txn->txn_class))
		seen.attr.mair = SMMU3_ATTR_DEFAULT_MAIR;
	return seen;
}

/* Table 13.4.  What is always data instcfg does not make an instruction. */
void obvious_take_class(struct obvious *o)
{
	const bool data = o->txn->txn_class == W_DCP || o->txn->txn_class == NW_DCP;

	o->write = o->txn->txn_class == W_DCP;
	o->read = !o->write && o->txn->txn_class != NW_DCP;
	o->instruction = !data && o->txn->flags & SMMU3_TXN_INSTRUCTION;
}

static unsigned side(const struct obvious *o)
{
	return o->privileged ? SMMU3_PERM_PR | SMMU3_PERM_PW | SMMU3_PERM_PX :
			       SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX;
}

static bool may_write(const struct obvious *o, unsigned perm)
{
	return perm & (o->privileged ? SMMU3_PERM_PW : SMMU3_PERM_UW);
}

bool obvious_prefetch_granted(const struct obvious *o, unsigned perm)
{
	return perm & side(o);
}

/* Read or execute is looked at for all; DH needs to write, too. */
bool obvious_class_lacks(const struct obvious *o, unsigned perm)
{
	return o->txn->txn_class == DH && !may_write(o, perm);
}

/* A hint ends without effect, and without a fault. */
bool obvious_no_op(struct obvious *o, unsigned stage, int level, uint64_t address)
{
	o->answer->verdict = SMMU3_NO_OP;
	o->answer->fault_stage = (uint8_t)stage;
	o->answer->fault_level = (int8_t)level;
	o->answer->fault_addr = address;
	o->answer->bytes = stage ? obvious_page(o) : o->txn->bytes;
	return false;
}

/* Barriers, DVM messages, maintenance without an address; SMMUv3.0 has no maintenance, and converts
 * what it has: a hint into nothing. */
bool obvious_class_begins(struct obvious *o)
{
	const unsigned txn_class = o->txn->txn_class;

	if (txn_class > DH || (o->minor == 0 && is_maintenance(txn_class) && txn_class != DH))
		return obvious_abort(o);
	return o->minor == 0 && obvious_is_hint(o) ? obvious_no_op(o, 0, NO_LEVEL, 0) : true;
}

/* 5.2 DRE, DCP; of classes that have neither, 1. */
static bool enabled(const struct obvious *o)
{
	switch (o->txn->txn_class) {
	case DR:
	case SMMU3_CLASS_INVALIDATE:
	case DH:
		return bit(o->stream.word[1], 12);
	case W_DCP:
	case NW_DCP:
		return bit(o->stream.word[1], 17);
	default:
		return true;
	}
}

bool obvious_hint_enabled(struct obvious *o)
{
	if (!obvious_is_hint(o) || enabled(o))
		return true;
	return obvious_no_op(o, 0, NO_LEVEL, 0);
}

/* The stage that took away what it needs: of one that both leave too little, the second. */
static bool not_granted(struct obvious *o, bool by_stage1, uint64_t ipa)
{
	const struct obvious_notes *notes = &o->answer->notes;

	if (o->txn->ats)
		return obvious_no_op(o, 2, NO_LEVEL, o->txn->addr);
	if (by_stage1)
		return obvious_no_op(o, 1, notes->stage1.leaf_level, 0);
	return obvious_no_op(o, 2, notes->stage2.leaf_level, ipa);
}

/* As what it goes on: with what it needs to be itself, and the STE's leave where a stage translates
 * or a Translated transaction asks the STE; or, of a hint, whether. */
bool obvious_becomes(struct obvious *o, unsigned perm)
{
	const unsigned txn_class = o->txn->txn_class;
	const bool controlled = o->answer->stages || (o->txn->ats && o->eats);
	const bool itself = enabled(o) || !controlled;
	const bool s1 = o->answer->stages & 1;

	if (obvious_is_prefetch(o) && !obvious_prefetch_granted(o, perm))
		return not_granted(o, s1 && !obvious_prefetch_granted(o, o->so_far), o->ipa);
	if (txn_class == DH && !may_write(o, perm))
		return not_granted(o, s1 && !may_write(o, o->so_far), o->ipa);
	o->answer->becomes = (uint8_t)txn_class;
	if (txn_class == SMMU3_CLASS_INVALIDATE && !(itself && may_write(o, perm)))
		o->answer->becomes = SMMU3_CLASS_CLEAN_INVALIDATE;
	if (txn_class == DR && !(itself && may_write(o, perm)))
		o->answer->becomes = SMMU3_CLASS_ORDINARY;
	if (txn_class == W_DCP && !itself)
		o->answer->becomes = SMMU3_CLASS_ORDINARY;
	if (o->minor == 0)
		o->answer->becomes = SMMU3_CLASS_ORDINARY;
	return true;
}
