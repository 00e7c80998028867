/* SPDX-License-Identifier: MIT */
/* Indirect permissions and overlays of stage 2: 3.26.2, D8.4.2.2; J1 AArch64.S2ApplyOutputPerms,
 * AArch64.S2IndirectBasePermissions, AArch64.S2OverlayPermissions, AArch64.S2CheckPermissions. */
#include "obvious_state.h"

/* What a code says: S2AccessControls, as far as an SMMU has accesses. */
struct controls {
	bool r, w, px, ux, w_mmu;
};

static struct controls controls_of(unsigned code)
{
	switch (code) {
	case 2: /* MRO, and with what a walk may begin */
	case 3:
	case 6:
	case 7:
		return (struct controls){ .r = true, .w_mmu = true };
	case 4: /* WO */
		return (struct controls){ .w = true };
	case 0:
	case 1:
	case 5:
		return (struct controls){ .r = false };
	default: /* RO or RW, with uX and pX */
		return (struct controls){
			.r = true, .w = code & 4, .px = code & 2, .ux = code & 1, .w_mmu = code & 4
		};
	}
}

bool obvious_is_indirect(const struct obvious *o)
{
	return o->stream.d128 ||
	       (bit(o->machine->idr3, 19) && bit(o->stream.word[2], 60) && !o->stream.lpae);
}

static bool is_overlaid(const struct obvious *o)
{
	return bit(o->machine->idr3, 20) && bit(o->stream.word[2], 61);
}

static unsigned base_code(const struct obvious *o, struct ttd leaf)
{
	const unsigned index = obvious_pi_index(leaf, o->stream.d128);

	return (unsigned)(o->machine->s2pii >> 4 * index & 15);
}

static unsigned overlay_code(const struct obvious *o, struct ttd leaf)
{
	return (unsigned)(o->stream.word[7] >> 4 * obvious_po_index(leaf, o->stream.d128) & 15);
}

static struct controls base_of(const struct obvious *o, struct ttd leaf)
{
	return controls_of(base_code(o, leaf));
}

/* Without overlays it takes nothing away. */
static struct controls overlay_of(const struct obvious *o, struct ttd leaf)
{
	if (!is_overlaid(o))
		return (struct controls){ true, true, true, true, true };
	return controls_of(overlay_code(o, leaf));
}

/* Of a clean page nobody has a write, unless hardware marks it. */
unsigned obvious_indirect_permissions(const struct obvious *o, struct ttd leaf)
{
	const struct controls base = base_of(o, leaf), overlay = overlay_of(o, leaf);
	const bool r = base.r && overlay.r, dirty = bit(leaf.low, 7);
	const bool w = base.w && overlay.w && (dirty || obvious_updates(o, 2).hd);

	return (r ? SMMU3_PERM_UR | SMMU3_PERM_PR : 0u) | (w ? SMMU3_PERM_UW | SMMU3_PERM_PW : 0u) |
	       (base.ux && overlay.ux ? SMMU3_PERM_UX : 0u) |
	       (base.px && overlay.px ? SMMU3_PERM_PX : 0u);
}

static struct obvious_indirection refused(enum obvious_refusal by, bool read)
{
	return (struct obvious_indirection){ .by = by, .read = read };
}

static bool is_clean_for_good(const struct obvious *o, struct ttd leaf)
{
	return !obvious_updates(o, 2).hd && !bit(leaf.low, 7);
}

/* Accesses of stage 1's walker, and of CDs, which are reads. */
static struct obvious_indirection check_tables(struct obvious *o, struct ttd leaf,
					       const struct place *place)
{
	const struct controls base = base_of(o, leaf), overlay = overlay_of(o, leaf);
	const bool write = o->updating;

	if (!overlay.r || (write && !overlay.w_mmu))
		return refused(OBVIOUS_BY_OVERLAY, false);
	if (bit(o->stream.word[2], 54) && place->memory.device)
		return refused(OBVIOUS_BY_OTHERS, false);
	if (o->realm && place->space != SMMU3_PAS_REALM) {
		o->answer->notes.left = true;
		return refused(OBVIOUS_BY_OTHERS, false);
	}
	if (!base.r || (write && !base.w_mmu))
		return refused(OBVIOUS_BY_BASE, false);
	return refused(write && is_clean_for_good(o, leaf) ? OBVIOUS_BY_DIRTY : OBVIOUS_BY_NOBODY,
		       false);
}

/* Clients': write permission comes before read permission.  13.1.1 */
static struct obvious_indirection check_client(struct obvious *o, struct ttd leaf,
					       const struct place *place)
{
	const struct controls base = base_of(o, leaf), overlay = overlay_of(o, leaf);

	if (obvious_is_request(o))
		return refused(OBVIOUS_BY_NOBODY, false);
	if (obvious_class_lacks(o, obvious_indirect_permissions(o, leaf)))
		return refused(OBVIOUS_BY_BASE, false);
	if (o->write && !overlay.w)
		return refused(OBVIOUS_BY_OVERLAY, false);
	if (o->write && !base.w)
		return refused(OBVIOUS_BY_BASE, false);
	if (o->instruction) {
		if (o->privileged ? !overlay.px : !overlay.ux)
			return refused(OBVIOUS_BY_OVERLAY, false);
		if (o->privileged ? !base.px : !base.ux)
			return refused(OBVIOUS_BY_BASE, false);
		return refused(o->realm && obvious_sif_forbids(o, place->space) ?
				       OBVIOUS_BY_OTHERS :
				       OBVIOUS_BY_NOBODY,
			       false);
	}
	if (o->read && !overlay.r)
		return refused(OBVIOUS_BY_OVERLAY, o->write);
	if (o->read && !base.r)
		return refused(OBVIOUS_BY_BASE, o->write);
	return refused(o->write && is_clean_for_good(o, leaf) ? OBVIOUS_BY_DIRTY :
								OBVIOUS_BY_NOBODY,
		       false);
}

struct obvious_indirection obvious_check_indirect(struct obvious *o, enum smmu3_fault_class class,
						  struct ttd leaf, const struct place *place)
{
	struct obvious_notes *notes = &o->answer->notes;
	const struct obvious_indirection answer = class == SMMU3_CLASS_IN ?
							  check_client(o, leaf, place) :
							  check_tables(o, leaf, place);

	notes->indirect = true;
	notes->indirect_base = (uint8_t)base_code(o, leaf);
	notes->indirect_overlay = is_overlaid(o) ? (uint8_t)overlay_code(o, leaf) : 16;
	notes->indirect_by = (uint8_t)answer.by;
	notes->indirect_class = (uint8_t) class;
	return answer;
}

/* s2perms.<w,w_rcw,w_mmu> of both is 011; and top levels are of such alone.  D8-83, D8-84 */
struct obvious_mro obvious_mro(const struct obvious *o, struct ttd leaf)
{
	const struct controls base = base_of(o, leaf), overlay = overlay_of(o, leaf);
	const unsigned codes[2] = { base_code(o, leaf), overlay_code(o, leaf) };
	struct obvious_mro is = { .mro = false };

	if (!obvious_is_indirect(o) || (base.w && overlay.w) || !base.w_mmu || !overlay.w_mmu)
		return is;
	is.mro = true;
	for (unsigned i = 0; i < (is_overlaid(o) ? 2u : 1u); i++) {
		is.toplevel0 |= codes[i] == 6 || codes[i] == 7;
		is.toplevel1 |= codes[i] == 3 || codes[i] == 7;
	}
	return is;
}
