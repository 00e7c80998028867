/* SPDX-License-Identifier: MIT */
#include "edits.h"

#include "mistakes.h"
#include "words.h"

enum { STRUCTURE_WORDS = 8 };

/* ---- Which word ---- */

/* What is drawn first, so that what is seldom read is changed as well. */
struct wanted {
	uint8_t reason;
	bool table;
};

static struct wanted draw_wanted(struct world *world)
{
	static const struct wanted wanted[] = {
		{ SMMU3_REASON_L1STD, false },  { SMMU3_REASON_STE, false },
		{ SMMU3_REASON_L1CD, false },   { SMMU3_REASON_CD, false },
		{ SMMU3_REASON_S1_TTD, false }, { SMMU3_REASON_S1_TTD, false },
		{ SMMU3_REASON_S1_TTD, true },  { SMMU3_REASON_S1_TTD, true },
		{ SMMU3_REASON_S2_TTD, false }, { SMMU3_REASON_S2_TTD, false },
		{ SMMU3_REASON_S2_TTD, true },  { SMMU3_REASON_VMS, false },
	};

	return wanted[rng_below(&world->rng, sizeof(wanted) / sizeof(*wanted))];
}

static bool is_wanted(const struct user *user, struct wanted wanted)
{
	return user->reason == wanted.reason && !user->big && !user->high &&
	       (!user_is_ttd(user) || user_is_table(user) == wanted.table);
}

static const struct user *draw_user(const struct kept *kept, struct world *world)
{
	const struct wanted wanted = draw_wanted(world);
	const unsigned access = rng_chance(&world->rng, 600) ? kept->txns - 1 :
							       rng_below(&world->rng, kept->txns);
	const struct user *drawn = NULL;
	unsigned count = 0;

	for (unsigned i = 0; i < kept->users; i++) {
		const struct user *user = &kept->user[i];

		if (user->access == access && is_wanted(user, wanted) &&
		    !rng_below(&world->rng, ++count))
			drawn = user;
	}
	return drawn;
}

/* ---- Descriptors ---- */

static unsigned words_of(const struct user *user)
{
	return user->d128 ? 2 : 1;
}

static bool is_contiguous(const struct user *user, const struct memory *memory, uint64_t at)
{
	uint64_t low, high = 0;

	if (!memory_read(memory, at, &low) || !(low & 1))
		return false;
	if (user->d128)
		return memory_read(memory, at + 8, &high) && high >> 47 & 1;
	return low >> 52 & 1;
}

/* Entries of the contiguous group that a descriptor is one of, log2; 0: it is alone. */
static unsigned group_lg2(const struct user *user, const struct memory *memory)
{
	const unsigned lg2 = group_of_lg2(user->d128, user->granule_lg2, user->level);
	const uint64_t bytes = 8 * words_of(user);
	const uint64_t first = user->pa & ~((bytes << lg2) - 1);

	if (user->apart)
		return 0;
	for (unsigned i = 0; i < 1u << lg2; i++)
		if (!is_contiguous(user, memory, first + bytes * i))
			return 0;
	return lg2;
}

/* Protected, AssuredOnly */
static struct ttd hardening_change(const struct user *user)
{
	if (user->d128)
		return (struct ttd){ 0, UINT64_C(1) << (114 - 64) };
	if (user->reason == SMMU3_REASON_S2_TTD)
		return (struct ttd){ UINT64_C(1) << 58, 0 };
	return (struct ttd){ user->apart ? UINT64_C(1) << 52 : 0, 0 };
}

/* Bits of a leaf to turn over: permissions, attributes, an address, or nothing.  Of VMSAv9-128
 * PIIndex, AttrIndx or MemAttr, nDirty or Dirty, SH, POIndex. */
static struct ttd leaf_change(struct world *world, const struct user *user, unsigned group)
{
	static const uint8_t bit[] = { 6, 7, 53, 54, 2, 3, 4, 5, 8, 9 };
	static const uint8_t wide[] = { 115, 116, 117, 118, 2, 3, 4, 5, 7, 8, 9, 121, 122 };
	const unsigned lsb = user_block_lg2(user) + group;

	if (world->traits.the && rng_chance(&world->rng, 150))
		return hardening_change(user);
	if (lsb < 31 && rng_chance(&world->rng, 400))
		return (struct ttd){ UINT64_C(1) << rng_from(&world->rng, lsb, 31), 0 };
	if (rng_chance(&world->rng, 300))
		return (struct ttd){ 0, 0 };
	const unsigned drawn = user->d128 ? wide[rng_below(&world->rng, sizeof(wide))] :
					    bit[rng_below(&world->rng, sizeof(bit))];
	const uint64_t change = UINT64_C(1) << drawn % 64;

	return drawn < 64 ? (struct ttd){ change, 0 } : (struct ttd){ 0, change };
}

/* Stage 1: Protected, APTable, PXNTable, UXNTable, or DisCH; or another table, which is made when
 * it is used. */
static struct ttd table_change(struct world *world, const struct user *user)
{
	if (rng_chance(&world->rng, 650))
		return (struct ttd){ 0, 0 };
	if (world->traits.the && user->reason == SMMU3_REASON_S1_TTD &&
	    rng_chance(&world->rng, 250))
		return hardening_change(user);
	if (user->reason == SMMU3_REASON_S1_TTD && rng_chance(&world->rng, 500))
		return user->d128 ? (struct ttd){ 0, UINT64_C(1) << 48 } :
				    (struct ttd){ UINT64_C(1) << rng_from(&world->rng, 59, 62), 0 };
	return (struct ttd){ UINT64_C(1) << rng_from(&world->rng, user->granule_lg2, 31), 0 };
}

static void take_words(struct edit *edit, const struct memory *memory, uint64_t pa, unsigned words)
{
	edit->pa = pa;
	edit->words = words;
	for (unsigned i = 0; i < words; i++)
		(void)memory_read(memory, pa + 8 * i, &edit->now[i]);
}

/* All words of a group. */
static void take_group(struct edit *edit, const struct memory *memory, unsigned group)
{
	const unsigned words = words_of(&edit->user) << group;

	take_words(edit, memory, edit->user.pa & ~(8 * (uint64_t)words - 1), words);
}

static bool is_low(const struct edit *edit, unsigned word)
{
	return word % words_of(&edit->user) == 0;
}

static void edit_descriptor(struct edit *edit, struct world *world, unsigned group)
{
	const struct user *user = &edit->user;
	const bool table = user_is_table(user);
	const struct ttd change = table ? table_change(world, user) :
					  leaf_change(world, user, group);

	take_group(edit, &world->memory, group);
	for (unsigned i = 0; i < edit->words; i++) {
		if (is_low(edit, i))
			memory_write(&world->memory, edit->pa + 8 * i, edit->now[i] & ~UINT64_C(1));
		edit->now[i] ^= is_low(edit, i) ? change.low : change.high;
	}
	if (!table && rng_chance(&world->rng, 40)) /* it stays unmapped */
		edit->words = 0;
}

/* Permissions may change while they are in use.  D8.16.1 */
static void edit_permissions(struct edit *edit, struct world *world, unsigned group)
{
	static const uint8_t bit[] = { 6, 7, 53, 54 };
	const bool d128 = edit->user.d128;
	const uint64_t change = UINT64_C(1) << (d128 ? rng_from(&world->rng, 51, 54) :
						       bit[rng_below(&world->rng, sizeof(bit))]);

	take_group(edit, &world->memory, group);
	for (unsigned i = 0; i < edit->words; i++)
		if (is_low(edit, i) != d128)
			memory_write(&world->memory, edit->pa + 8 * i, edit->now[i] ^= change);
	edit->whole = true;
}

static unsigned edit_ttd(struct edit *edit, struct world *world)
{
	const struct user *user = &edit->user;
	const bool stage2 = user->reason == SMMU3_REASON_S2_TTD, table = user_is_table(user);
	const unsigned group = table ? 0 : group_lg2(user, &world->memory);

	edit->kind = (enum edit_kind)((table ? EDIT_TABLE : EDIT_LEAF) + stage2 + 2 * user->nested);
	if (!table && rng_chance(&world->rng, 300))
		edit_permissions(edit, world, group);
	else
		edit_descriptor(edit, world, group);
	return group;
}

/* ---- Structures ---- */

static void put_words(const struct edit *edit, struct world *world, const uint64_t *word)
{
	for (unsigned i = 0; i < edit->words; i++)
		memory_write(&world->memory, edit->pa + 8 * i, word[i]);
}

/* It says nothing for a while. */
static void edit_away(struct edit *edit, struct world *world, unsigned msb, unsigned lsb,
		      uint64_t value)
{
	uint64_t word[STRUCTURE_WORDS];

	for (unsigned i = 0; i < edit->words; i++)
		word[i] = edit->now[i];
	put(word, msb, lsb, value);
	put_words(edit, world, word);
}

static void edit_whole(struct edit *edit, struct world *world)
{
	put_words(edit, world, edit->now);
	edit->whole = true;
}

static struct stream *stream_of(struct world *world, const struct user *user)
{
	for (unsigned i = 0; i < world->streams; i++)
		if (world->stream[i].sid == user->sid && world->stream[i].sec_sid == user->sec_sid)
			return &world->stream[i];
	return NULL;
}

static void edit_overrides(struct edit *edit, struct world *world)
{
	struct stream *stream = stream_of(world, &edit->user);

	put(edit->now, 104, 96, rng_bits(&world->rng, 9));
	put(edit->now, 109, 108, rng_bits(&world->rng, 2));
	put(edit->now, 113, 112, rng_chance(&world->rng, 600) ? 0 : rng_below(&world->rng, 4));
	put(edit->now, 115, 114, rng_chance(&world->rng, 600) ? 0 : rng_below(&world->rng, 4));
	put(edit->now, 111, 110, rng_below(&world->rng, 4)); /* NSCFG */
	put(edit->now, 186, 186, rng_below(&world->rng, 2)); /* S2R */
	if (stream && world->setup.config.idr[1] >> 26 & 1) {
		stream->privcfg = (unsigned)get(edit->now, 113, 112);
		stream->instcfg = (unsigned)get(edit->now, 115, 114);
		stream->nscfg = (unsigned)get(edit->now, 111, 110);
	}
}

/* V = 0; abort, bypass; or CDs elsewhere, where there are none. */
static void edit_stream_away(struct edit *edit, struct world *world)
{
	const unsigned draw = rng_below(&world->rng, 3);

	if (draw == 0)
		edit_away(edit, world, 0, 0, 0);
	else if (draw == 1)
		edit_away(edit, world, 3, 1, rng_below(&world->rng, 2) * 4);
	else
		edit_away(edit, world, 55, 6, get(edit->now, 55, 6) ^ UINT64_C(1) << 20);
}

/* Off, or on again as S2S and the stages allow.  3.9.2 */
static void edit_eats(struct edit *edit, struct world *world)
{
	struct stream *stream = stream_of(world, &edit->user);
	const bool stage2 = get(edit->now, 2, 2), stalls = stage2 && get(edit->now, 185, 185);
	const bool off = get(edit->now, 93, 92) == 0 || get(edit->now, 93, 92) == 3;

	put(edit->now, 93, 92, off && !stalls);
	if (stream)
		stream->eats = (unsigned)get(edit->now, 93, 92);
}

/* What no translation is known to hold: the STE alone is owed.  17 */
static void edit_ste_labels(struct edit *edit, struct world *world)
{
	struct stream *stream = stream_of(world, &edit->user);

	edit->kind = EDIT_STE_LABELS;
	if (stream && stream->config == get(edit->now, 3, 1))
		choose_ste_labels(world, stream, edit->now);
	edit_whole(edit, world);
}

static void edit_vms(struct edit *edit, struct world *world)
{
	edit->kind = EDIT_VMS;
	take_words(edit, &world->memory, edit->user.pa - 8 * edit->user.part, STRUCTURE_WORDS);
	choose_vms(world, edit->user.sec_sid, rng_below(&world->rng, 2), edit->now);
	edit_whole(edit, world);
}

static void edit_ste(struct edit *edit, struct world *world)
{
	const bool ats = world->traits.ats && edit->user.sec_sid == SMMU3_PAS_NS;
	const unsigned draw = rng_below(&world->rng, ats ? 4 : 3);

	take_words(edit, &world->memory, edit->user.pa - 8 * edit->user.part, STRUCTURE_WORDS);
	if (world->traits.mpam && rng_chance(&world->rng, 250)) {
		edit_ste_labels(edit, world);
		return;
	}
	if (draw == 3) {
		edit->kind = EDIT_STE_EATS;
		edit_eats(edit, world);
		edit_whole(edit, world);
		return;
	}
	if (draw == 0) {
		edit->kind = EDIT_STE_REMOVED;
		edit_stream_away(edit, world);
		return;
	}
	if (draw == 1 && world->state[edit->user.sec_sid].s2p) {
		edit->kind = EDIT_STE_VMID;
		put(edit->now, 143, 128, make_tag(world, world->traits.vmid16 ? 16 : 8));
	} else {
		edit->kind = EDIT_STE_OVERRIDES;
		edit_overrides(edit, world);
	}
	edit_whole(edit, world);
}

/* A, R and S, as STALL_MODEL and TERM_MODEL allow them. */
static void edit_model(struct edit *edit, struct world *world)
{
	const struct stream *stream = stream_of(world, &edit->user);

	put(edit->now, 45, 45, !get(edit->now, 45, 45));
	if (!world->traits.term_model)
		put(edit->now, 46, 46, rng_below(&world->rng, 2));
	if (stream && !stream->s1stalld &&
	    world->state[edit->user.sec_sid].stall_model == STALL_AND_TERMINATE)
		put(edit->now, 44, 44, rng_below(&world->rng, 2));
}

static void edit_cd(struct edit *edit, struct world *world)
{
	const unsigned draw = rng_below(&world->rng, 3);
	const struct stream *stream = stream_of(world, &edit->user);

	take_words(edit, &world->memory, edit->user.pa - 8 * edit->user.part, STRUCTURE_WORDS);
	if (world->traits.mpam && stream && rng_chance(&world->rng, 250)) {
		edit->kind = EDIT_CD_LABELS;
		choose_cd_labels(world, stream, edit->now);
	} else if (draw == 0) {
		edit->kind = EDIT_CD_ASID;
		put(edit->now, 63, 48, make_tag(world, world->traits.asid16 ? 16 : 8));
	} else if (draw == 1 && !(stream && stream->shares)) {
		edit->kind = EDIT_CD_TYPES; /* in one byte of MAIR */
		edit->now[3] ^= rng_bits(&world->rng, 8) << 8 * rng_below(&world->rng, 8);
	} else {
		edit->kind = EDIT_CD_MODEL;
		edit_model(edit, world);
	}
	edit_whole(edit, world);
}

static void edit_l1std(struct edit *edit, struct world *world)
{
	edit->kind = EDIT_L1STD;
	take_words(edit, &world->memory, edit->user.pa, 1);
	edit_away(edit, world, 4, 0, 0); /* Span */
}

static void edit_l1cd(struct edit *edit, struct world *world)
{
	edit->kind = EDIT_L1CD;
	take_words(edit, &world->memory, edit->user.pa, 1);
	edit_away(edit, world, 0, 0, 0); /* V */
}

/* ---- A change ---- */

/* Its first half; the group, log2, of leaves that are changed. */
static unsigned change(struct edit *edit, struct world *world)
{
	switch (edit->user.reason) {
	case SMMU3_REASON_L1STD:
		edit_l1std(edit, world);
		return 0;
	case SMMU3_REASON_STE:
		edit_ste(edit, world);
		return 0;
	case SMMU3_REASON_VMS:
		edit_vms(edit, world);
		return 0;
	case SMMU3_REASON_L1CD:
		edit_l1cd(edit, world);
		return 0;
	case SMMU3_REASON_CD:
		edit_cd(edit, world);
		return 0;
	default:
		return edit_ttd(edit, world);
	}
}

/* As who has read it last saw it: the table that leads there may have been changed since. */
static bool is_apart_now(const struct kept *kept, uint64_t pa)
{
	bool apart = false;

	for (unsigned i = 0; i < kept->users; i++)
		if (kept->user[i].pa == pa)
			apart = kept->user[i].apart;
	return apart;
}

bool edit_begin(struct edit *edit, struct kept *kept, struct world *world, struct duel *duel)
{
	const struct user *user = kept->txns ? draw_user(kept, world) : NULL;

	if (!user || memory_full(&world->memory))
		return false;
	*edit = (struct edit){ .user = *user, .txn = kept->txn[user->access] };
	edit->user.apart = is_apart_now(kept, user->pa);
	edit->remedy = remedy_for(world, user, draw_remedy(world));
	edit->kept = user_is_kept(user, kept, duel);
	const unsigned group = change(edit, world);

	software_changes_eats(edit->kind == EDIT_STE_EATS);
	software_changes_labels(edit->kind == EDIT_STE_LABELS || edit->kind == EDIT_CD_LABELS ||
				edit->kind == EDIT_VMS);
	maintain(kept, world, duel, edit->remedy, group);
	software_changes_eats(false);
	software_changes_labels(false);
	return true;
}

void edit_end(struct edit *edit, struct kept *kept, struct world *world, struct duel *duel)
{
	if (edit->whole)
		return;
	put_words(edit, world, edit->now);
	maintain(kept, world, duel, edit->remedy, 0);
}

struct smmu3_txn edit_again(const struct edit *edit, struct world *world)
{
	struct smmu3_txn txn = edit->txn;

	txn.addr ^= rng_bits(&world->rng, 12);
	txn.bytes = 1;
	txn.cookie = rng_next(&world->rng);
	if (rng_chance(&world->rng, 200))
		txn.flags ^= SMMU3_TXN_WRITE;
	if (rng_chance(&world->rng, 800))
		txn.flags &= (uint16_t)~SMMU3_TXN_PROBE;
	return txn;
}
