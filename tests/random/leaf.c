/* SPDX-License-Identifier: MIT */
/* What stands in descriptors beside addresses: permissions that fit the access, everything else at
 * random.  DDI 0487 D8.3 */
#include "words.h"
#include "world.h"

/* Does a stage 1 leaf allow the access, by D8-65 and CD.PAN? */
static bool s1_allows(const struct tree *tree, unsigned ap, bool uxn, bool pxn,
		      const struct need *need)
{
	const bool user = ap & 1, writable = !(ap & 2);
	const bool can_write = writable && (need->privileged || user);

	if (tree->one_privilege) {
		if (need->instruction && !need->write && !need->atomic)
			return !uxn && !(tree->wxn && writable);
		return writable || !(need->write || need->atomic);
	}

	if (need->instruction && !need->write && !need->atomic && tree->lpae) {
		if (uxn || (need->privileged ? pxn || (tree->uwxn && user && writable) : !user))
			return false;
		return !(tree->wxn && can_write);
	}
	if (need->instruction && !need->write && !need->atomic) {
		if (need->privileged ? pxn || (user && writable) : uxn)
			return false;
		return !(tree->wxn && can_write);
	}
	if (need->privileged && tree->pan && (user || (tree->epan && !uxn)))
		return false;
	if (!need->privileged && !user)
		return false;
	return can_write || !(need->write || need->atomic);
}

/* AP[2:1] in bits 7:6, PXN 53, UXN 54: such as allow the access, or such as do not. */
static uint64_t s1_permissions(struct world *world, const struct tree *tree,
			       const struct need *need, bool allow)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 16; i++) {
		const unsigned pick = rng_chance(&world->rng, 250) ? 1 : rng_below(&world->rng, 16);
		const bool uxn = pick >> 2 & 1, pxn = pick >> 3 & 1;

		bits = (uint64_t)(pick & 3) << 6 | (uint64_t)pxn << 53 | (uint64_t)uxn << 54;
		if (s1_allows(tree, pick & 3, uxn, pxn, need) == allow)
			break;
	}
	return bits;
}

/* Does a leaf of these codes allow it?  3.26.1 */
static bool s1_codes_allow(const struct tree *tree, unsigned pi, const struct need *need)
{
	const unsigned p = (unsigned)(tree->base >> 3 * pi & 7);
	const unsigned u = tree->one_privilege ? p : (unsigned)(tree->overlay >> 3 * pi & 7);
	const unsigned code = need->privileged ? p : u;

	if (need->instruction && !need->write && !need->atomic)
		return code & 2;
	if (need->privileged && !tree->one_privilege && tree->pan && u)
		return false;
	return (need->write && !need->atomic) || need->atomic ? code & 4 : code & 1;
}

/* PIIndex and POIndex, and bit 7, which is nDirty or Dirty. */
struct indices {
	unsigned pi, po;
	bool seven;
};

/* nDirty as a rule 0. */
static struct indices s1_indices(struct world *world, const struct tree *tree,
				 const struct need *need, bool allow)
{
	struct rng *rng = &world->rng;
	struct indices indices = { 0 };

	for (unsigned i = 0; i < 48; i++) {
		indices.pi = rng_below(rng, 16);
		if (s1_codes_allow(tree, indices.pi, need) == allow)
			break;
	}
	indices.seven = rng_chance(rng, tree->dirty ? 400 : 80);
	return indices;
}

/* In bits 54, 53, 51, 6; 62:59 of stage 2; and 7. */
static uint64_t indices_in_place(struct indices indices)
{
	const uint64_t pi = indices.pi, po = indices.po;

	return (pi & 1) << 6 | (pi >> 1 & 1) << 51 | (pi >> 2) << 53 | po << 59 |
	       (uint64_t)indices.seven << 7;
}

/* S2AP and XN[1:0], D8-76 to D8-78: XNX or not, 0b00 lets all execute and 0b10 nobody. */
static bool s2_allows(const struct tree *tree, unsigned s2ap, unsigned xn, const struct need *need)
{
	if (need->atomic)
		return s2ap == 3;
	if (need->write)
		return s2ap & 2;
	if (!need->instruction)
		return s2ap & 1;
	if (tree->lpae && !(s2ap & 1))
		return false;
	return xn == 0 || xn == (need->privileged ? 3 : 1);
}

/* S2AP in bits 7:6, XN in bits 54:53. */
static uint64_t s2_permissions(struct world *world, const struct tree *tree,
			       const struct need *need, bool allow)
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 16; i++) {
		const unsigned pick = rng_chance(&world->rng, 250) ? 3 : rng_below(&world->rng, 16);

		bits = (uint64_t)(pick & 3) << 6 | (uint64_t)(pick >> 2) << 53;
		if (s2_allows(tree, pick & 3, pick >> 2, need) == allow)
			break;
	}
	return bits;
}

/* Does a code allow it?  What is to hold tables is read, as by a need of neither kind. */
static bool code_allows(unsigned code, const struct need *need)
{
	const bool mostly = code == 2 || code == 3 || code == 6 || code == 7;
	const bool reads = mostly || code >= 8, writes = code == 4 || code >= 12;

	if (need->atomic)
		return reads && writes;
	if (need->write)
		return writes;
	if (!need->instruction)
		return reads;
	return code >= 8 && code & (need->privileged ? 2u : 1u);
}

/* Bits 2 and 0 of codes that are MRO: TopLevel0, TopLevel1. */
static unsigned wanted_top(struct world *world, const struct tree *tree)
{
	static const uint8_t any[] = { 0, 1, 4, 5 };

	if (rng_chance(&world->rng, 250))
		return any[rng_below(&world->rng, sizeof(any))];
	return (tree->tl[0] ? 4 : 0) | (tree->tl[1] ? 1 : 0);
}

/* Is a page of these codes one for tables of an Assured translation: MRO, and what a walk may begin
 * with?  D8-83, D8-84 */
static bool suits_tables(const struct tree *tree, unsigned pi, unsigned po, unsigned top)
{
	const unsigned base = (unsigned)(tree->base >> 4 * pi & 15);
	const unsigned overlay = tree->overlaid ? (unsigned)(tree->overlay >> 4 * po & 15) : 15;
	const bool base_mro = (base & 8) == 0 && base & 2;
	const bool overlay_mro = (overlay & 8) == 0 && overlay & 2;
	const unsigned tops = (base_mro ? base : 0) | (overlay_mro ? overlay : 0);

	return (base_mro || base >= 12) && (overlay_mro || overlay >= 12) &&
	       (base_mro || overlay_mro) && (tops & 5) == top;
}

static bool indirectly_allowed(const struct tree *tree, unsigned pi, unsigned po,
			       const struct need *need)
{
	return code_allows(tree->base >> 4 * pi & 15, need) &&
	       (!tree->overlaid || code_allows(tree->overlay >> 4 * po & 15, need));
}

/* Of stage 2: walks may begin Assured. */
static bool begins_assured(const struct tree *tree)
{
	return tree->tl[0] || tree->tl[1];
}

/* Dirty as a rule 1. */
static struct indices s2_indices(struct world *world, const struct tree *tree,
				 const struct need *need, bool allow)
{
	struct rng *rng = &world->rng;
	const bool suited = begins_assured(tree) && need->table && allow && !rng_chance(rng, 100);
	const unsigned top = wanted_top(world, tree);
	struct indices indices = { 0 };

	for (unsigned i = 0; i < 48; i++) {
		indices.pi = suited ? rng_below(rng, 2) * rng_below(rng, 16) : rng_below(rng, 16);
		indices.po = rng_below(rng, 16);
		if (suited ? suits_tables(tree, indices.pi, indices.po, top) :
			     indirectly_allowed(tree, indices.pi, indices.po, need) == allow)
			break;
	}
	indices.seven = !rng_chance(rng, tree->dirty ? 400 : 80);
	return indices;
}

/* MemAttr for a table's page under S2PTW: seldom Device. */
static uint64_t s2_type(struct world *world, const struct tree *tree)
{
	static const uint8_t normal[] = { 5, 6, 7, 5, 9, 10, 11, 13, 14, 15 };

	if (tree->ptw && !rng_chance(&world->rng, 100))
		return normal[rng_below(&world->rng, sizeof(normal))];
	return rng_bits(&world->rng, 4);
}

/* NS, which stage 2 of a Realm stream has in bit 55, and AMEC in bit 63: with either it leads a CD
 * or a table nowhere, so they are seldom. */
static void choose_realm_bits(struct world *world, const struct tree *tree, uint64_t *bits)
{
	struct rng *rng = &world->rng;

	if (tree->stage == 2)
		put(bits, 55, 55, rng_chance(rng, 100));
	put(bits, 63, 63, rng_chance(rng, 30));
}

/* What hardware is to update: not accessed yet; and writable, but not written yet. */
static uint64_t fresh(struct world *world, const struct tree *tree, const struct plan *plan,
		      uint64_t bits)
{
	const uint64_t seven = UINT64_C(1) << 7, dbm = UINT64_C(1) << 51;
	const bool writable = tree->stage == 1 ? !(bits & seven) : bits & seven;

	if (tree->accessed && rng_chance(&world->rng, 300))
		put(&bits, 10, 10, 0);
	if (!tree->dirty || tree->indirect)
		return bits;
	if (plan->flaw == FLAW_PERMISSION && rng_chance(&world->rng, 800))
		bits &= ~dbm;
	else if (writable && rng_chance(&world->rng, 400))
		bits = (bits ^ seven) | dbm;
	return bits;
}

/* AssuredOnly of stage 2: CDs as a rule, tables seldom, data where a walk can begin Assured;
 * Protected of stage 1. */
static void choose_hardening(struct world *world, const struct tree *tree, const struct need *need,
			     struct ttd *ttd)
{
	const unsigned at = tree->d128 ? 114 - 64 : tree->stage == 1 ? 52 : 58;
	uint64_t *const word = tree->d128 ? &ttd->high : &ttd->low;
	const unsigned of_data = begins_assured(tree) ? 250 : 30;
	const unsigned often = need->cd ? 850 : need->table ? 80 : of_data;

	if (tree->assured_only || tree->protects)
		put(word, at, at, rng_chance(&world->rng, tree->stage == 1 ? 850 : often));
}

static uint64_t narrow_leaf(struct world *world, const struct tree *tree, const struct plan *plan)
{
	/* Attributes, SH and nG; 50, DBM, the bits for software and those above */
	const uint64_t others = UINT64_C(0xff8c000000000b3c);
	const uint64_t indirect = UINT64_C(0x78680000000000c0); /* 62:59, 54, 53, 51, 7, 6 */
	const uint64_t s1_indirect = UINT64_C(0x00680000000000c0);
	const bool allow = plan->flaw != FLAW_PERMISSION;
	uint64_t bits = rng_next(&world->rng) & others;

	if (tree->stage == 1 && tree->indirect)
		bits = (bits & ~s1_indirect) |
		       indices_in_place(s1_indices(world, tree, &plan->need, allow));
	else if (tree->stage == 1)
		bits |= s1_permissions(world, tree, &plan->need, allow);
	else {
		bits = tree->indirect ? (bits & ~indirect) |
						indices_in_place(s2_indices(world, tree,
									    &plan->need, allow)) :
					bits | s2_permissions(world, tree, &plan->need, allow);
		put(&bits, 5, 2, s2_type(world, tree));
	}
	put(&bits, 10, 10, plan->flaw != FLAW_AF);
	bits = fresh(world, tree, plan, bits);
	if (tree->sec_sid == SMMU3_PAS_REALM)
		choose_realm_bits(world, tree, &bits);
	if (tree->ds) /* bits 51:50 of an address stand there */
		put(&bits, 9, 8, 0);
	if (tree->mirrored)
		bits ^= MEMORY_OTHERWISE;
	return bits;
}

/* Of 16 bytes: everything but what means something at random.  nT is <6>; AMEC <108> and NS <127>
 * are seldom, as above.  D8.3.2 */
static struct ttd wide_leaf(struct world *world, const struct tree *tree, const struct plan *plan)
{
	struct rng *rng = &world->rng;
	const bool allow = plan->flaw != FLAW_PERMISSION, realm = tree->sec_sid == SMMU3_PAS_REALM;
	const struct indices indices = tree->stage == 1 ?
					       s1_indices(world, tree, &plan->need, allow) :
					       s2_indices(world, tree, &plan->need, allow);
	struct ttd ttd = { rng_next(rng) & UINT64_C(0xff00000000000f7e), rng_next(rng) };

	put(&ttd.high, 54, 51, indices.pi);
	put(&ttd.high, 60, 57, tree->stage == 1 ? rng_bits(rng, 4) : indices.po);
	put(&ttd.high, 47, 47, 0); /* Contiguous */
	if (tree->stage == 2 || !realm)
		put(&ttd.high, 63, 63, rng_chance(rng, tree->stage == 2 ? 100 : 300));
	if (realm)
		put(&ttd.high, 44, 44, rng_chance(rng, 30));
	put(&ttd.low, 7, 7, indices.seven);
	put(&ttd.low, 10, 10, plan->flaw != FLAW_AF);
	if (tree->stage == 2)
		put(&ttd.low, 5, 2, s2_type(world, tree));
	ttd.low = fresh(world, tree, plan, ttd.low);
	if (tree->mirrored)
		ttd.high ^= MEMORY_OTHERWISE;
	return ttd;
}

struct ttd leaf_bits(struct world *world, const struct tree *tree, const struct plan *plan)
{
	struct ttd ttd = tree->d128 ? wide_leaf(world, tree, plan) :
				      (struct ttd){ narrow_leaf(world, tree, plan), 0 };

	choose_hardening(world, tree, &plan->need, &ttd);
	return ttd;
}

/* nT <6>, AF <10>, DisCH <112>, Protected <114>, NSTable <127>. */
static struct ttd wide_table(struct world *world, const struct tree *tree)
{
	struct rng *rng = &world->rng;
	const bool noise = rng_chance(rng, 300);
	struct ttd ttd = { 0, 0 };

	if (noise) {
		ttd.low = rng_next(rng) & UINT64_C(0xff00000000000ffe);
		ttd.high = rng_next(rng) & UINT64_C(0x7fffffffffffffff);
	}
	put(&ttd.high, 48, 48, rng_chance(rng, 300));
	if (rng_chance(rng, 150))
		put(&ttd.high, 63, 63, 1);
	if (tree->protects)
		put(&ttd.high, 50, 50, rng_chance(rng, 930));
	if (tree->marked)
		put(&ttd.low, 10, 10, rng_chance(rng, 500));
	return ttd;
}

static uint64_t narrow_table(struct world *world, const struct tree *tree)
{
	const uint64_t ignored = UINT64_C(0x07f8000000000ffc), above = UINT64_C(0xf800000000000000);
	uint64_t bits = rng_chance(&world->rng, 300) ? rng_next(&world->rng) & ignored : 0;

	if (tree->stage == 2 || rng_chance(&world->rng, 60))
		bits |= rng_next(&world->rng) & above;
	if (rng_chance(&world->rng, 150)) /* NSTable */
		bits |= UINT64_C(1) << 63;
	if (tree->protects)
		put(&bits, 52, 52, rng_chance(&world->rng, 930));
	if (tree->marked)
		put(&bits, 10, 10, rng_chance(&world->rng, 500));
	if (tree->ds)
		put(&bits, 9, 8, 0);
	return bits;
}

struct ttd table_bits(struct world *world, const struct tree *tree)
{
	return tree->d128 ? wide_table(world, tree) : (struct ttd){ narrow_table(world, tree), 0 };
}
