/* SPDX-License-Identifier: MIT */
/* Hardware update of descriptors: 3.13, D8.5, 5.2 (S2HA, S2HD, S2HAFT), 5.4 (HA, HD, HAFT); J1
 * AArch64.S1Translate, AArch64.S1Walk, AArch64.S2Translate, AArch64.S2Walk,
 * AArch64.MemSwapTableDesc. */
#include "obvious_state.h"

enum { AF = 10, DBM = 51 };

/* IDR0.HTTU: 0b00 has neither, 0b01 not HD, and 0b11 alone HAFT.  HD alone is reserved, and acts as
 * none; VMSAv8-32 has no updates. */
struct updates obvious_updates(const struct obvious *o, unsigned stage)
{
	const bool lpae = stage == 1 ? o->context.lpae : o->stream.lpae;
	const bool ha = stage == 1 ? bit(o->context.word[0], 43) : bit(o->stream.word[2], 56);
	const bool hd = stage == 1 ? bit(o->context.word[0], 42) : bit(o->stream.word[2], 55);
	const bool haft = stage == 1 ? bit(o->context.word[1], 3) : bit(o->stream.word[2], 59);
	const unsigned httu = (unsigned)bits(o->machine->idr0, 7, 6);
	const bool there = httu != 0 && !lpae;

	return (struct updates){ .ha = there && ha,
				 .hd = there && ha && hd,
				 .haft = there && ha && haft && httu == 3 };
}

/* DBM, which indirect permissions do not have, and AP[2] = 1 or S2AP[1] = 0 */
bool obvious_is_clean(const struct obvious *o, unsigned stage, struct ttd leaf)
{
	o->answer->notes.keeps_dirty |= obvious_updates(o, stage).hd;
	const bool indirect = stage == 1 ? obvious_is_indirect1(o) : obvious_is_indirect(o);
	const bool may_be = indirect || bit(leaf.low, DBM);

	if (!obvious_updates(o, stage).hd || !may_be)
		return false;
	return stage == 1 ? bit(leaf.low, 7) : !bit(leaf.low, 7);
}

struct ttd obvious_as_dirty(const struct obvious *o, unsigned stage, struct ttd leaf)
{
	const uint64_t seven = UINT64_C(1) << 7;

	if (!obvious_is_clean(o, stage, leaf))
		return leaf;
	leaf.low = stage == 1 ? leaf.low & ~seven : leaf.low | seven;
	return leaf;
}

/* As long as it is clean nobody writes. */
unsigned obvious_now(const struct obvious *o, unsigned stage, struct ttd leaf, unsigned perm)
{
	const unsigned writes = SMMU3_PERM_UW | SMMU3_PERM_PW;

	return obvious_is_clean(o, stage, leaf) ? perm & ~writes : perm;
}

/* Does the access, or the one that a Translation Request announces with NW = 0, write? */
static bool writes(const struct obvious *o, unsigned perm)
{
	if (!obvious_is_request(o))
		return o->write;
	return o->txn->flags & SMMU3_TXN_WRITE && obvious_granted(o, perm) & SMMU3_ATS_W;
}

/* The leaf after an access that the stage refuses; unread: an atomic, for its read alone. */
struct ttd obvious_refused(struct obvious *o, unsigned stage, struct ttd leaf, bool unread)
{
	if (!obvious_updates(o, stage).ha)
		return leaf;
	if (unread && obvious_is_clean(o, stage, leaf) && obvious_chosen(o, OBVIOUS_CHOICE_UNREAD))
		leaf = obvious_as_dirty(o, stage, leaf);
	if (!bit(leaf.low, AF) && obvious_chosen(o, OBVIOUS_CHOICE_REFUSED))
		leaf.low |= UINT64_C(1) << AF;
	return leaf;
}

/* A request to which nothing is granted does not access.  3.13.7.1 */
struct ttd obvious_updated(struct obvious *o, unsigned stage, struct ttd leaf, unsigned perm)
{
	const bool request = obvious_is_request(o);

	if (!obvious_updates(o, stage).ha)
		return leaf;
	if ((request && !(obvious_granted(o, perm) & (SMMU3_ATS_R | SMMU3_ATS_W))) ||
	    (obvious_is_prefetch(o) && !obvious_prefetch_granted(o, perm)))
		return obvious_refused(o, stage, leaf, false);
	if (writes(o, perm))
		leaf = obvious_as_dirty(o, stage, leaf);
	leaf.low |= UINT64_C(1) << AF;
	return leaf;
}

struct ttd obvious_table_updated(const struct obvious *o, unsigned stage, struct ttd descriptor)
{
	if (obvious_updates(o, stage).haft)
		descriptor.low |= UINT64_C(1) << AF;
	return descriptor;
}

void obvious_note_update(struct obvious *o, unsigned where, bool table, struct ttd before,
			 struct ttd after)
{
	const uint64_t changed = before.low ^ after.low;
	const bool accessed = bit(changed, AF), dirty = bit(changed, 7);
	const unsigned of_leaf = 3 * where + (accessed && dirty ? 2u : dirty);

	o->answer->notes.updates |= 1u << (table ? OBVIOUS_UPDATES_OF_TABLES + where : of_leaf);
}

bool obvious_write(struct obvious *o, enum smmu3_reason reason, const struct place *place,
		   bool big_endian, bool d128, struct ttd descriptor)
{
	const bool swapped = big_endian && d128;
	const uint64_t word[2] = {
		obvious_descriptor(swapped ? descriptor.high : descriptor.low, big_endian),
		obvious_descriptor(swapped ? descriptor.low : descriptor.high, big_endian)
	};
	const struct smmu3_mem_access access = {
		.pa = place->address,
		.bytes = d128 ? 16 : 8,
		.pas = (uint8_t)place->space,
		.reason = (uint8_t)reason,
	};
	unsigned char data[16];

	for (unsigned n = 0; n < sizeof(data); n++)
		data[n] = (unsigned char)(word[n / 8] >> 8 * (n % 8));
	if (!obvious_passes(o, reason, place) || !o->machine->write)
		return false;
	if (o->txn->flags & SMMU3_TXN_PROBE)
		return true;
	return o->machine->write(o->machine->context, &access, data);
}
