/* SPDX-License-Identifier: MIT */
/* One broken rule in a structure that was legal: a row each.  5.2.2, 5.4.2 */
#include "words.h"
#include "world.h"

#include <stddef.h>

enum { CONFIG = 1, STAGE1_BIT = 1, STAGE2_BIT = 2 };

/* Breaks its rule; false: it cannot be broken here. */
typedef bool break_fn(struct world *world, uint64_t *word);

static bool s1(const uint64_t *ste)
{
	return get(ste, 1, 1);
}

static bool s2(const uint64_t *ste)
{
	return get(ste, 2, 2);
}

static unsigned any_above(struct rng *rng, unsigned first, unsigned last)
{
	return rng_from(rng, first, last);
}

/* ---- STE ---- */

static bool ste_v(struct world *world, uint64_t *ste)
{
	(void)world;
	put(ste, 0, 0, 0);
	return true;
}

static bool ste_stage_missing(struct world *world, uint64_t *ste)
{
	if (world->traits.s1p && world->state[world->making].s2p)
		return false;
	put(ste, 3, 1, world->traits.s1p ? 6 : 5);
	return true;
}

static bool ste_strw(struct world *world, uint64_t *ste)
{
	const struct state *state = &world->state[world->making];

	put(ste, 95, 94, state->el3 ? (state->hyp ? 3 : 2) : rng_chance(&world->rng, 500) ? 1 : 3);
	return (state->hyp || state->el3) && s1(ste) && !s2(ste);
}

static bool ste_s1stalld(struct world *world, uint64_t *ste)
{
	put(ste, 91, 91, 1);
	return s1(ste) && world->state[world->making].stall_model != STALL_AND_TERMINATE;
}

static bool ste_s1cdmax(struct world *world, uint64_t *ste)
{
	if (!world->traits.ssid_bits)
		return false;
	put(ste, 63, 59, any_above(&world->rng, world->traits.ssid_bits + 1, 31));
	return s1(ste);
}

static bool ste_s1fmt(struct world *world, uint64_t *ste)
{
	if (world->traits.cd2l || !world->traits.ssid_bits)
		return false;
	put(ste, 5, 4, rng_from(&world->rng, 1, 2));
	put(ste, 63, 59, rng_from(&world->rng, 1, world->traits.ssid_bits));
	return s1(ste);
}

static bool ste_s1contextptr(struct world *world, uint64_t *ste)
{
	const unsigned bit = any_above(&world->rng, world->traits.oas_bits, 55);

	put(ste, bit, bit, 1);
	return s1(ste);
}

static bool ste_s2s(struct world *world, uint64_t *ste)
{
	put(ste, 185, 185, !get(ste, 185, 185));
	return s2(ste) && world->state[world->making].stall_model != STALL_AND_TERMINATE;
}

static bool ste_s2aa64(struct world *world, uint64_t *ste)
{
	const bool aa64 = !get(ste, 179, 179);

	put(ste, 179, 179, aa64);
	if (aa64)
		return s2(ste) && !world->traits.aa64;
	return s2(ste) && (!world->traits.lpae || world->making != SMMU3_PAS_NS);
}

static bool ste_s2fwb(struct world *world, uint64_t *ste)
{
	put(ste, 89, 89, 1);
	return s2(ste) && !get(ste, 179, 179) && world->traits.fwb;
}

static bool ste_s2httu(struct world *world, uint64_t *ste)
{
	if (world->traits.httu == 3 && s2(ste) && !get(ste, 184, 184)) {
		put(ste, 187, 187, 1);
		return true;
	}
	const bool dirty = world->traits.httu == 1 && get(ste, 179, 179);

	put(ste, 184, 183,
	    dirty ? rng_below(&world->rng, 2) << 1 | 1 : rng_from(&world->rng, 1, 3));
	return s2(ste) && (world->traits.httu < 2 || !get(ste, 179, 179));
}

static bool ste_s2tg_reserved(struct world *world, uint64_t *ste)
{
	(void)world;
	put(ste, 175, 174, 3);
	return s2(ste) && get(ste, 179, 179);
}

/* A granule that is not implemented, by its code. */
static bool missing_granule(struct world *world, const uint8_t code[GRANULES], uint64_t *tg)
{
	for (unsigned i = 0; i < 8; i++) {
		const unsigned granule = rng_below(&world->rng, GRANULES);

		*tg = code[granule];
		if (!world->traits.granule[granule])
			return true;
	}
	return false;
}

static bool ste_s2tg_unimplemented(struct world *world, uint64_t *ste)
{
	static const uint8_t code[GRANULES] = { 0, 2, 1 };
	uint64_t tg;

	if (!missing_granule(world, code, &tg))
		return false;
	put(ste, 175, 174, tg);
	return s2(ste) && get(ste, 179, 179);
}

/* A bit of a table base that the output size, or the granule, does not have. */
static bool base_beyond(struct world *world, uint64_t *word, unsigned lsb, unsigned code, bool lpae)
{
	const unsigned most = world->traits.minor == 0 ? 48 : world->traits.d128 ? 56 : 52;
	const unsigned size = lpae ? 40 : effective_size(&world->traits, code);

	if (size >= most)
		return false;
	const unsigned bit = lsb + any_above(&world->rng, size, most - 1) - 4;

	put(word, bit, bit, 1);
	return true;
}

static bool ste_s2ttb(struct world *world, uint64_t *ste)
{
	return s2(ste) && base_beyond(world, ste, 196, (unsigned)get(ste, 178, 176),
				      !get(ste, 179, 179) && !world->traits.d128);
}

static bool ste_s2t0sz(struct world *world, uint64_t *ste)
{
	const unsigned most = world->traits.lpae && world->traits.oas_bits < 40 ?
				      40 :
				      world->traits.oas_bits;
	const unsigned least = 64 - most;
	const unsigned tsz = rng_chance(&world->rng, 500) ? rng_below(&world->rng, least) :
							    rng_from(&world->rng, 40, 63);

	put(ste, 165, 160, tsz);
	return s2(ste) && get(ste, 179, 179);
}

static bool ste_s2sl0_reserved(struct world *world, uint64_t *ste)
{
	if (get(ste, 179, 179) && get(ste, 175, 174) == 0 && world->traits.ds) {
		put(ste, 195, 194, 3);
		put(ste, 167, 166, rng_from(&world->rng, 1, 3));
		return s2(ste);
	}
	if (get(ste, 179, 179) && get(ste, 175, 174) == 0 && world->traits.stt)
		return false;
	put(ste, 195, 195, 0); /* S2DS gives 16KB a level 0 */
	put(ste, 167, 166, 3);
	return s2(ste);
}

/* A start level that OAS is too small for, with a size that would fit it.  DDI 0487 D8.2.2 */
static bool ste_s2sl0_oas(struct world *world, uint64_t *ste)
{
	const unsigned oas = world->traits.oas_bits;
	const unsigned tg = (unsigned)get(ste, 175, 174);

	if (!s2(ste) || !get(ste, 179, 179) || (tg == 0 && (oas < 40 || oas >= 44)) ||
	    (tg == 2 && oas != 40) || tg == 1)
		return false;
	put(ste, 165, 160, 64 - oas);
	put(ste, 167, 166, 2);
	return true;
}

static bool ste_s2sl0(struct world *world, uint64_t *ste)
{
	const uint64_t before = get(ste, 167, 166);

	put(ste, 167, 166, rng_below(&world->rng, 3));
	put(ste, 165, 160, rng_from(&world->rng, 64 - world->traits.oas_bits, 39));
	return s2(ste) && get(ste, 167, 166) != before;
}

/* Of VMSAv8-32: level 1 for too few bits, or level 2 for too many. */
static bool ste_s2sl0_lpae(struct world *world, uint64_t *ste)
{
	const bool level_1 = rng_below(&world->rng, 2);

	put(ste, 167, 166, level_1);
	put(ste, 163, 160, level_1 ? rng_from(&world->rng, 2, 7) : rng_from(&world->rng, 8, 13));
	return s2(ste) && !get(ste, 179, 179);
}

/* Beyond the last level.  Of VMSAv9-128 */
static bool ste_s2skl(struct world *world, uint64_t *ste)
{
	const unsigned skl = rng_from(&world->rng, 1, 3);

	put(ste, 165, 160, rng_from(&world->rng, 40 - 6 * (skl - 1), 47));
	put(ste, 254, 253, skl);
	return world->traits.d128 && s2(ste) && !get(ste, 179, 179);
}

static bool ste_s2endi(struct world *world, uint64_t *ste)
{
	put(ste, 180, 180, !get(ste, 180, 180));
	return s2(ste) && world->traits.endian;
}

static bool ste_s2pie(struct world *world, uint64_t *ste)
{
	put(ste, 188, 188, 1);
	return world->traits.s2pi && s2(ste) && !get(ste, 179, 179);
}

/* S2POE without S2PIE; with S2HWU, where there is PBHA; with a reserved code. */
static bool ste_s2poe(struct world *world, uint64_t *ste)
{
	const bool pbha = world->setup.config.idr[3] >> 3 & 1;
	const unsigned how = pbha && rng_chance(&world->rng, 500) ? 2 : rng_below(&world->rng, 2);
	const unsigned i = rng_below(&world->rng, 16);

	put(ste, 189, 189, 1);
	put(ste, 188, 188, how != 0);
	put(ste, 75, 72, how == 2 ? rng_from(&world->rng, 1, 15) : 0);
	if (how == 1)
		put(ste, 448 + 4 * i + 3, 448 + 4 * i, rng_below(&world->rng, 2) ? 1 : 5);
	return world->traits.s2po && s2(ste);
}

static bool ste_s2vmid(struct world *world, uint64_t *ste)
{
	if (world->traits.vmid16 || !world->state[world->making].s2p)
		return false;
	put(ste, 143, 136, rng_from(&world->rng, 1, 255));
	return s2(ste) || (s1(ste) && world->making == SMMU3_PAS_NS);
}

/* Of both stages with S1MPAM, where there are PARTIDs in the space that is chosen. */
static bool ste_vmsptr(struct world *world, uint64_t *ste)
{
	const unsigned bit = 320 + any_above(&world->rng, world->traits.oas_bits, 55);

	put(ste, bit, bit, 1);
	return world->traits.mpam && s1(ste) && s2(ste) && get(ste, 90, 90);
}

static bool has_ats(const struct world *world)
{
	return world->traits.ats && world->making == SMMU3_PAS_NS;
}

/* Of Config 0b100 EATS is ignored. */
static bool ste_eats_split(struct world *world, uint64_t *ste)
{
	put(ste, 93, 92, 2);
	return has_ats(world) && (s1(ste) || s2(ste)) &&
	       (!s1(ste) || !s2(ste) || world->traits.ns1ats || get(ste, 185, 185));
}

static bool ste_eats_stall(struct world *world, uint64_t *ste)
{
	put(ste, 93, 92, 1);
	put(ste, 185, 185, 1);
	return has_ats(world) && s2(ste);
}

/* One of the rules for a tree, of the tree of Secure IPAs. */
static bool ste_secure_tree(struct world *world, uint64_t *ste)
{
	static break_fn *const of_tree[] = { ste_s2tg_reserved,
					     ste_s2tg_unimplemented,
					     ste_s2tg_unimplemented,
					     ste_s2ttb,
					     ste_s2t0sz,
					     ste_s2sl0_reserved,
					     ste_s2sl0_reserved,
					     ste_s2sl0_oas,
					     ste_s2sl0_oas,
					     ste_s2sl0_oas,
					     ste_s2sl0_oas,
					     ste_s2sl0,
					     ste_s2sl0,
					     ste_s2skl,
					     ste_s2skl };
	const unsigned draw = rng_below(&world->rng, sizeof(of_tree) / sizeof(*of_tree));
	bool broken;

	swap_trees(ste);
	broken = of_tree[draw](world, ste);
	swap_trees(ste);
	return broken && world->making == SMMU3_PAS_SECURE;
}

static break_fn *const ste_breaks[] = {
	ste_v,
	ste_eats_split,
	ste_eats_stall,
	ste_stage_missing,
	ste_strw,
	ste_s1stalld,
	ste_s1cdmax,
	ste_s1fmt,
	ste_s1contextptr,
	ste_s2s,
	ste_s2aa64,
	ste_s2fwb,
	ste_s2httu,
	ste_s2tg_reserved,
	ste_s2tg_unimplemented,
	ste_s2ttb,
	ste_s2t0sz,
	ste_s2sl0_reserved,
	ste_s2sl0_oas,
	ste_s2sl0,
	ste_s2sl0_lpae,
	ste_s2skl,
	ste_s2skl,
	ste_s2endi,
	ste_s2vmid,
	ste_vmsptr,
	ste_s2pie,
	ste_s2poe,
	ste_s2poe,
};

/* ---- CD ---- */

static bool cd_v(struct world *world, uint64_t *cd)
{
	(void)world;
	put(cd, 31, 31, 0);
	return true;
}

static bool cd_s(struct world *world, uint64_t *cd)
{
	put(cd, 44, 44, !get(cd, 44, 44));
	return world->state[world->making].stall_model != STALL_AND_TERMINATE;
}

static bool cd_a(struct world *world, uint64_t *cd)
{
	put(cd, 46, 46, 0);
	return world->traits.term_model;
}

static bool cd_endi(struct world *world, uint64_t *cd)
{
	put(cd, 15, 15, !get(cd, 15, 15));
	return world->traits.endian && (!get(cd, 14, 14) || !get(cd, 30, 30));
}

static bool cd_aa64(struct world *world, uint64_t *cd)
{
	const bool aa64 = !get(cd, 41, 41);

	put(cd, 41, 41, aa64);
	return aa64 ? !world->traits.aa64 : !world->traits.lpae;
}

static bool cd_httu(struct world *world, uint64_t *cd)
{
	if (world->traits.httu == 3 && get(cd, 41, 41) && !get(cd, 43, 43)) {
		put(cd, 67, 67, 1);
		return true;
	}
	const bool dirty = world->traits.httu == 1;

	put(cd, 43, 42, dirty ? rng_below(&world->rng, 2) << 1 | 1 : rng_from(&world->rng, 1, 3));
	return get(cd, 41, 41) && world->traits.httu < 2;
}

static bool cd_asid(struct world *world, uint64_t *cd)
{
	if (world->traits.asid16)
		return false;
	put(cd, 63, 56, rng_from(&world->rng, 1, 255));
	return true;
}

/* The first bit of a half's fields TxSZ, TGx and EPDx; an enabled half is drawn. */
static bool enabled_half(struct world *world, const uint64_t *cd, bool *upper)
{
	*upper = rng_below(&world->rng, 2);
	return !get(cd, *upper ? 30 : 14, *upper ? 30 : 14);
}

static bool cd_tsz(struct world *world, uint64_t *cd)
{
	const unsigned tsz = rng_chance(&world->rng, 500) ? rng_below(&world->rng, 12) :
							    rng_from(&world->rng, 49, 63);
	bool upper;

	if (!enabled_half(world, cd, &upper))
		return false;
	put(cd, upper ? 21 : 5, upper ? 16 : 0, tsz);
	return get(cd, 41, 41);
}

static bool cd_tg_reserved(struct world *world, uint64_t *cd)
{
	bool upper;

	if (!enabled_half(world, cd, &upper))
		return false;
	put(cd, upper ? 23 : 7, upper ? 22 : 6, upper ? 0 : 3);
	return get(cd, 41, 41);
}

static bool cd_tg_unimplemented(struct world *world, uint64_t *cd)
{
	static const uint8_t code[2][GRANULES] = { { 0, 2, 1 }, { 2, 1, 3 } };
	uint64_t tg;
	bool upper;

	if (!enabled_half(world, cd, &upper) || !missing_granule(world, code[upper], &tg))
		return false;
	put(cd, upper ? 23 : 7, upper ? 22 : 6, tg);
	return get(cd, 41, 41);
}

static bool cd_ttb(struct world *world, uint64_t *cd)
{
	bool upper;

	return enabled_half(world, cd, &upper) &&
	       base_beyond(world, cd, upper ? 132 : 68, (unsigned)get(cd, 34, 32),
			   !get(cd, 41, 41) && !world->traits.d128);
}

/* Reserved codes; what the privileged side executes and the other writes.  5.4.2 */
static bool cd_pie(struct world *world, uint64_t *cd)
{
	const unsigned at = 3 * rng_below(&world->rng, 16);
	const uint64_t code = rng_chance(&world->rng, 500) ? 4 : 6;

	if (rng_chance(&world->rng, 300)) {
		put(&cd[6], at + 2, at, 5);
		put(&cd[7], at + 2, at, 3);
	} else
		put(&cd[rng_chance(&world->rng, 500) ? 6 : 7], at + 2, at, code);
	return world->traits.s1pi && get(cd, 187, 187) && get(cd, 41, 41);
}

/* Beyond the last level.  Of VMSAv9-128 */
static bool cd_skl(struct world *world, uint64_t *cd)
{
	const unsigned skl = rng_from(&world->rng, 1, 3);
	bool upper;

	if (!enabled_half(world, cd, &upper))
		return false;
	put(cd, upper ? 21 : 5, upper ? 16 : 0, rng_from(&world->rng, 40 - 6 * (skl - 1), 47));
	put(cd, upper ? 191 : 127, upper ? 190 : 126, skl);
	return world->traits.d128 && !get(cd, 41, 41);
}

/* VMSAv9-128 where it must not be. */
static bool cd_d128(struct world *world, uint64_t *cd)
{
	put(cd, 41, 41, 0);
	return world->traits.d128;
}

static break_fn *const cd_breaks[] = {
	cd_v,    cd_s,    cd_a,   cd_endi,        cd_aa64,
	cd_httu, cd_asid, cd_tsz, cd_tg_reserved, cd_tg_unimplemented,
	cd_ttb,  cd_pie,  cd_pie, cd_skl,         cd_d128,
};

/* ---- Drawing one ---- */

static void copy(uint64_t *to, const uint64_t *from)
{
	for (unsigned i = 0; i < 8; i++)
		to[i] = from[i];
}

static bool break_one(struct world *world, break_fn *const *fn, unsigned count, uint64_t *word)
{
	uint64_t broken[8];

	for (unsigned i = 0; i < 12; i++) {
		copy(broken, word);
		if (!fn[rng_below(&world->rng, count)](world, broken))
			continue;
		copy(word, broken);
		return true;
	}
	return false;
}

bool break_ste(struct world *world, uint64_t *ste)
{
	static break_fn *const of_secure[] = { ste_secure_tree };

	if (world->making == SMMU3_PAS_SECURE && s2(ste) && rng_chance(&world->rng, 700) &&
	    break_one(world, of_secure, 1, ste))
		return true;
	return break_one(world, ste_breaks, sizeof(ste_breaks) / sizeof(*ste_breaks), ste);
}

bool break_cd(struct world *world, uint64_t *cd)
{
	return break_one(world, cd_breaks, sizeof(cd_breaks) / sizeof(*cd_breaks), cd);
}

bool legal_endi(struct world *world)
{
	return world->traits.endian == 3 ||
	       (world->traits.endian == 0 && rng_chance(&world->rng, 500));
}

bool legal_s(struct world *world)
{
	const unsigned model = world->state[world->making].stall_model;

	return model == STALL_FORCED ||
	       (model == STALL_AND_TERMINATE && rng_chance(&world->rng, 500));
}

void flip_bits(struct world *world, uint64_t *word, unsigned words)
{
	for (unsigned i = rng_from(&world->rng, 1, 3); i > 0; i--)
		word[rng_below(&world->rng, words)] ^= UINT64_C(1) << rng_below(&world->rng, 64);
}

void flip_but(struct world *world, uint64_t *word, unsigned msb, unsigned lsb)
{
	const uint64_t tag = get(word, msb, lsb);

	flip_bits(world, word, 8);
	if (world->kept)
		put(word, msb, lsb, tag);
}
