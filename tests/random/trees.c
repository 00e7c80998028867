/* SPDX-License-Identifier: MIT */
/* Random but legal shapes of translation tables, written into the fields of an STE or a CD.
 * 5.2, 5.4, DDI 0487 D8.2 */
#include "words.h"
#include "world.h"

static const uint8_t granule_lg2[GRANULES] = { 12, 14, 16 };

/* Size code of an output: large as a rule for stage 1, whose output stage 2 must take in. */
static unsigned size_code(struct rng *rng, unsigned large)
{
	return rng_chance(rng, large) ? rng_from(rng, 5, 7) : rng_below(rng, 8);
}

static unsigned any_granule(struct world *world)
{
	unsigned i;

	do
		i = rng_below(&world->rng, GRANULES);
	while (!world->traits.granule[i]);
	return i;
}

static unsigned smallest_tsz(const struct traits *traits, unsigned granule, bool ds,
			     unsigned address_bits)
{
	return (granule == 2 || ds) && address_bits > 48 && traits->minor > 0 ? 12 : 16;
}

static unsigned largest_tsz(const struct traits *traits, unsigned granule)
{
	return !traits->stt ? 39 : granule == 2 ? 47 : 48;
}

/* A base below 2^bits, a multiple of the table's size; what the size ignores is random. */
static uint64_t random_base(struct world *world, const struct tree *tree, unsigned size_lg2)
{
	return random_output(world, tree, tree->space, size_lg2, false);
}

static void set_root(struct world *world, struct tree *tree, uint64_t *word, unsigned lsb)
{
	const unsigned index = tree->input_bits - tree_lsb(tree, tree->start);
	const unsigned least = tree->d128 ? 5 : tree->output_bits == 52 ? 6 : 4;
	const unsigned size = index + ttd_lg2(tree);
	const unsigned lg2 = size > least ? size : least;
	uint64_t low = 0;

	tree->root = random_base(world, tree, lg2);
	if (rng_chance(&world->rng, 300))
		low = rng_bits(&world->rng, lg2);
	put(word, lsb + (tree->d128 ? 51 : 47), lsb, (tree->root | low) >> 4);
}

/* ---- Stage 2 ---- */

/* What all trees of a shape have in common. */
struct shape {
	bool ds, d128;
	unsigned granule, tsz;
	unsigned skipped; /* SKL, of VMSAv9-128 */
	int start;
};

/* Has it addresses of 52 bits, which those of 64KB have anyway? */
static bool shape_ds(const struct shape *shape)
{
	return shape->ds && !shape->d128 && shape->granule != 2;
}

/* ---- VMSAv9-128 ---- */

/* By the size, or further down.  D8.2.11.1 */
static int d128_start(unsigned granule, unsigned tsz, unsigned skipped)
{
	const unsigned g = granule_lg2[granule];

	return LAST_LEVEL - (int)((63 - tsz - g) / (g - 4)) + (int)skipped;
}

/* A granule and size, at least tsz `least`, that start at a level drawn beforehand, and levels to
 * skip. */
static void d128_shape(struct world *world, unsigned least, struct shape *shape)
{
	struct rng *rng = &world->rng;
	const int wanted = (int)rng_below(rng, 6) - 2;

	for (unsigned i = 0; i < 60; i++) {
		shape->granule = any_granule(world);
		shape->tsz = rng_from(rng, least, shape->granule == 2 ? 47 : 48);
		if (rng_chance(rng, 400)) /* large ones are few */
			shape->tsz = rng_from(rng, least, least + 3);
		shape->start = d128_start(shape->granule, shape->tsz, 0);
		shape->skipped = rng_chance(rng, 350) && shape->start < LAST_LEVEL ?
					 rng_from(rng, 1, (unsigned)(LAST_LEVEL - shape->start)) :
					 0;
		if (shape->skipped > 3)
			shape->skipped = 3;
		shape->start += (int)shape->skipped;
		if (shape->start == wanted)
			return;
	}
}

/* 5.2 S2T0SZ */
static unsigned least_s2_of_d128(const struct traits *traits)
{
	return traits->oas_bits > 56 ? 8 : 64 - traits->oas_bits;
}

/* 5.4 T0SZ */
static unsigned least_s1_of_d128(const struct traits *traits, const struct stream *stream)
{
	if (traits->va_bits == 56)
		return stream->strw == 1 ? 8 : 9;
	return traits->va_bits == 52 ? 12 : 16;
}

/* Does a size fit a start level?  From level -1 on.  DDI 0487 D8.2.2 */
static bool s2_fits(const struct traits *traits, const struct shape *shape)
{
	static const uint8_t oas_needed[GRANULES][5] = { { 99, 44, 0, 0, 0 },
							 { 99, 99, 42, 0, 0 },
							 { 99, 99, 44, 0, 0 } };
	const unsigned granule = shape->granule, g = granule_lg2[granule];
	const int start = shape->start;
	const struct tree like = { .granule_lg2 = granule_lg2[granule] };
	const unsigned least = tree_lsb(&like, start) + 1, bits = 64 - shape->tsz;
	const unsigned needed = oas_needed[granule][start + 1];
	const bool by_ds = shape_ds(shape) && needed == 99 && (granule == 0 || start == 0);
	const unsigned ias = traits->lpae && traits->oas_bits < 40 ? 40 : traits->oas_bits;

	return traits->oas_bits >= (by_ds ? 52 : needed) &&
	       !(granule == 0 && start == 3 && !traits->stt) && bits >= least &&
	       bits <= least + (g - 3 - 1) + 4 && bits <= ias;
}

/* S2SL0_2 and S2SL0 */
static unsigned s2_start_code(unsigned granule, int start)
{
	static const uint8_t code_4k[] = { 4, 2, 1, 0, 3 };

	return granule == 0 ? code_4k[start + 1] : (unsigned)(LAST_LEVEL - start);
}

/* A size for a granule and start level; false: none was found. */
static bool s2_size(struct world *world, struct shape *shape)
{
	const struct traits *traits = &world->traits;

	for (unsigned i = 0; i < 24; i++) {
		shape->tsz = rng_from(&world->rng,
				      smallest_tsz(traits, shape->granule, shape_ds(shape),
						   traits->oas_bits),
				      largest_tsz(traits, shape->granule));
		if (shape->start < 0 && rng_chance(&world->rng, 600)) /* a table of two lines */
			shape->tsz = 12;
		if (s2_fits(traits, shape))
			return true;
	}
	return false;
}

/* All three, such that they go together; start levels come up evenly, however few their sizes. */
static bool s2_shape(struct world *world, struct shape *shape)
{
	static const int8_t starts[] = { -1, -1, -1, 0, 0, 0, 1, 2, 3 }; /* few have the first */
	const unsigned first = shape->ds ? 0 : 3;

	if (shape->d128) {
		d128_shape(world, least_s2_of_d128(&world->traits), shape);
		return true;
	}
	for (unsigned i = 0; i < 16; i++) {
		shape->granule = any_granule(world);
		shape->start = starts[rng_from(&world->rng, first, sizeof(starts) - 1)];
		if (s2_size(world, shape))
			return true;
	}
	return false;
}

/* One tree, into the fields S2T0SZ, S2SL0, S2SL0_2, S2SKL, S2TG, S2TTB. */
static void choose_ipa_tree(struct world *world, struct shape shape, struct tree *tree,
			    uint64_t *ste)
{
	static const uint8_t tg[GRANULES] = { 0, 2, 1 };

	tree->there = true;
	tree->stage = 2;
	tree->ds = shape_ds(&shape);
	tree->d128 = shape.d128;
	tree->granule_lg2 = granule_lg2[shape.granule];
	tree->input_bits = (uint8_t)(64 - shape.tsz);
	tree->start = (int8_t)shape.start;
	put(ste, 165, 160, shape.tsz);
	if (shape.d128)
		put(ste, 254, 253, shape.skipped);
	else
		put(ste, 167, 166, s2_start_code(shape.granule, shape.start));
	if (tree->ds)
		put(ste, 194, 194, s2_start_code(shape.granule, shape.start) >> 2);
	put(ste, 175, 174, tg[shape.granule]);
	set_root(world, tree, ste, 196);
}

/* VMSAv8-32: a size of 25 to 40 bits, and the level or one of the levels that it fits. */
static void choose_lpae_tree(struct world *world, struct tree *tree, uint64_t *ste)
{
	const bool level_1 = rng_chance(&world->rng, 500);
	const unsigned bits = level_1 ? rng_from(&world->rng, 31, 40) :
					rng_from(&world->rng, 25, 34);

	tree->there = true;
	tree->stage = 2;
	tree->lpae = true;
	tree->granule_lg2 = 12;
	tree->input_bits = (uint8_t)bits;
	tree->output_bits = 40;
	tree->start = level_1 ? 1 : 2;
	put(ste, 163, 160, (32 - bits) & 0xf); /* S2T0SZ<5:4> and S2TG say nothing */
	put(ste, 167, 166, level_1);
	set_root(world, tree, ste, 196);
}

void swap_trees(uint64_t *ste)
{
	static const uint16_t fields[][2] = { { 160, 288 }, { 166, 294 }, { 174, 302 },
					      { 194, 386 }, { 196, 388 }, { 253, 445 } };
	static const uint8_t bits[] = { 6, 2, 2, 1, 52, 2 };

	for (unsigned i = 0; i < sizeof(bits); i++) {
		const unsigned a = fields[i][0], b = fields[i][1], top = bits[i] - 1u;
		const uint64_t value = get(ste, a + top, a);

		put(ste, a + top, a, get(ste, b + top, b));
		put(ste, b + top, b, value);
	}
}

/* S2SW, S2SA, S2NSW, S2NSA: half of the time everything is Secure. */
static void choose_spaces(struct rng *rng, uint64_t *ste)
{
	const unsigned often = rng_chance(rng, 500) ? 0 : 350;

	put(ste, 384, 384, rng_chance(rng, often));
	put(ste, 385, 385, rng_chance(rng, often));
	put(ste, 192, 192, rng_chance(rng, often));
	put(ste, 193, 193, rng_chance(rng, often));
}

static bool is_mirrored(const struct world *world, const struct stream *stream)
{
	return stream->sec_sid == SMMU3_PAS_NS && setup_has_spaces(&world->setup);
}

/* VMSAv8-32, where it may be: where it must be, or now and then. */
static bool takes_lpae(struct world *world, bool may, bool must)
{
	return world->traits.lpae && may && (must || rng_chance(&world->rng, 450));
}

/* HA, then HD, where there are such updates; HD alone is as none.  5.2, 5.4 */
static unsigned legal_updates(struct world *world)
{
	static const uint8_t both[] = { 0, 0, 0, 1, 2, 3, 3, 3 };
	struct rng *rng = &world->rng;

	switch (world->traits.httu) {
	case 0:
		return 0;
	case 1:
		return rng_chance(rng, 500) ? 2 : 0;
	default:
		return both[rng_below(rng, sizeof(both))];
	}
}

/* S2PIE, S2POE and S2POI; where overlays are, S2HWU is not. */
static void choose_indirection(struct world *world, const struct stream *stream, bool lpae,
			       struct tree *tree, uint64_t *ste)
{
	struct rng *rng = &world->rng;

	tree->indirect = tree->d128 || (world->traits.s2pi && !lpae && rng_chance(rng, 650));
	tree->overlaid = tree->indirect && world->traits.s2po && rng_chance(rng, 550);
	tree->base = world->setup.of[stream->sec_sid].s2pii;
	tree->overlay = rng_next(rng);
	for (unsigned i = 0; i < 64; i += 4)
		if ((tree->overlay >> i & 0xb) == 1) /* 1 and 5 are reserved */
			tree->overlay ^= UINT64_C(9) << i;
	if (world->traits.s2pi && !tree->d128) /* which says nothing there */
		put(ste, 188, 188, tree->indirect);
	if (world->traits.s2po)
		put(ste, 189, 189, tree->overlaid);
	if (!tree->overlaid)
		return;
	put(ste, 75, 72, 0);
	ste[7] = tree->overlay;
}

/* AssuredOnly, which says nothing of VMSAv9-128, TL0 and TL1; without MRO no walk begins where they
 * are checked. */
static void choose_hardening(struct world *world, bool lpae, struct tree *tree, uint64_t *ste)
{
	struct rng *rng = &world->rng;
	const unsigned often = tree->indirect ? 550 : 60;

	if (!world->traits.the || lpae)
		return;
	tree->assured_only = rng_chance(rng, 600);
	put(ste, 329, 329, tree->assured_only);
	tree->assured_only |= tree->d128;
	for (unsigned upper = 0; upper < 2; upper++) {
		tree->tl[upper] = rng_chance(rng, often);
		put(ste, 330 + upper, 330 + upper, tree->tl[upper]);
	}
}

/* HAFT, which means nothing before IDR0.HTTU = 3, and then goes with HA alone.  5.2, 5.4 */
static bool legal_haft(struct world *world, bool accessed)
{
	return (world->traits.httu < 3 || accessed) && rng_chance(&world->rng, 600);
}

bool choose_s2(struct world *world, struct stream *stream, uint64_t *ste)
{
	struct rng *rng = &world->rng;
	const bool lpae = takes_lpae(world, stream->sec_sid == SMMU3_PAS_NS, !world->traits.aa64);
	const bool d128 = world->traits.d128 && rng_chance(rng, 600);
	struct shape shape = { .ds = world->traits.ds && rng_chance(rng, 750), .d128 = d128 };

	if (!lpae && !s2_shape(world, &shape))
		return false;
	const unsigned code = size_code(rng, shape.start <= 0 ? 50 : 250);
	const unsigned updates = lpae ? 0 : legal_updates(world);
	const bool haft = legal_haft(world, updates & 2);
	struct tree common = {
		.output_bits = (uint8_t)effective_size(&world->traits, code),
		.ptw = rng_chance(rng, 200),
		.mirrored = is_mirrored(world, stream),
		.sec_sid = stream->sec_sid,
		.big = legal_endi(world),
		.accessed = updates & 2,
		.dirty = updates == 3,
		.marked = haft && world->traits.httu == 3,
		.d128 = d128,
	};
	struct tree *tree = &stream->s2[stream->sec_sid];

	choose_indirection(world, stream, lpae, &common, ste);
	choose_hardening(world, lpae, &common, ste);
	*tree = common;
	if (lpae)
		choose_lpae_tree(world, tree, ste);
	else
		choose_ipa_tree(world, shape, tree, ste);
	if (stream->sec_sid == SMMU3_PAS_SECURE) {
		struct shape other = { .ds = shape.ds, .d128 = d128 };

		swap_trees(ste);
		if (s2_shape(world, &other))
			shape = other;
		stream->s2[SMMU3_PAS_NS] = common;
		choose_ipa_tree(world, shape, &stream->s2[SMMU3_PAS_NS], ste);
		choose_spaces(rng, ste);
	}
	put(ste, 173, 168, rng_bits(rng, 6)); /* S2IR0, S2OR0, S2SH0 */
	put(ste, 178, 176, code);
	if (world->traits.ds)
		put(ste, 195, 195, shape.ds);
	put(ste, 179, 179, !lpae && !d128);       /* S2AA64 */
	put(ste, 180, 180, tree->big);            /* S2ENDI */
	put(ste, 181, 181, rng_chance(rng, 100)); /* S2AFFD */
	put(ste, 182, 182, tree->ptw);
	put(ste, 184, 183, updates);
	put(ste, 187, 187, haft);
	put(ste, 185, 185, legal_s(world));                                     /* S2S */
	put(ste, 186, 186, rng_chance(rng, 750));                               /* S2R */
	put(ste, 89, 89, rng_chance(rng, 400) && !(lpae && world->traits.fwb)); /* S2FWB */
	return true;
}

/* ---- Stage 1 ---- */

/* Where a half's fields stand in a CD. */
struct half_place {
	uint8_t tsz, tg, walk, epd, tbi, had, ttb;
	uint8_t code[GRANULES];
};

static const struct half_place half_place[2] = {
	{ 0, 6, 8, 14, 38, 65, 68, { 0, 2, 1 } },
	{ 16, 22, 24, 30, 39, 129, 132, { 2, 1, 3 } },
};

static int s1_start(unsigned granule, unsigned tsz)
{
	const unsigned g = granule_lg2[granule];

	return LAST_LEVEL - (int)((63 - tsz - g) / (g - 3));
}

/* A granule and size that start at a level drawn beforehand, for levels have sizes in unlike
 * numbers. */
static void s1_shape(struct world *world, struct shape *shape)
{
	const struct traits *traits = &world->traits;
	const int wanted = (int)rng_below(&world->rng, shape->ds ? 5 : 4) - shape->ds;

	for (unsigned i = 0; i < 60; i++) {
		shape->granule = any_granule(world);
		shape->tsz = rng_from(&world->rng,
				      smallest_tsz(traits, shape->granule, shape_ds(shape),
						   traits->va_bits),
				      largest_tsz(traits, shape->granule));
		shape->start = s1_start(shape->granule, shape->tsz);
		if (shape->start == wanted)
			return;
	}
}

static void choose_half(struct world *world, struct stream *stream, struct context *context,
			uint64_t *cd, bool upper, bool ds)
{
	const struct half_place *at = &half_place[upper];
	struct tree *tree = &context->half[upper];
	struct rng *rng = &world->rng;
	struct shape shape = { .ds = ds,
			       .tsz = rng_chance(rng, 400) ? 0 : rng_below(rng, 8),
			       .d128 = tree->d128 };
	const bool nscfg = rng_chance(rng, 250);

	tree->there = !rng_chance(rng, 150);
	if (stream->one_range)
		tree->there = !upper; /* whatever EPD says, and all that is of TTB1 */
	else
		put(cd, at->epd, at->epd, !tree->there);
	if (!tree->there)
		return;
	if (tree->d128)
		d128_shape(world, least_s1_of_d128(&world->traits, stream), &shape);
	else if (!tree->lpae)
		s1_shape(world, &shape);
	tree->stage = 1;
	tree->upper = upper;
	tree->global = stream->shares;
	tree->granule_lg2 = granule_lg2[shape.granule];
	tree->ds = !tree->lpae && shape_ds(&shape);
	tree->input_bits = (uint8_t)((tree->lpae ? 32 : 64) - shape.tsz);
	tree->start = (int8_t)(tree->d128 ? shape.start :
					    s1_start(shape.granule, 64u - tree->input_bits));
	tree->tbi = rng_chance(rng, 300);
	tree->under = stream->s2[stream->sec_sid].there ? stream->s2 : NULL;
	tree->mirrored = is_mirrored(world, stream);
	tree->sec_sid = stream->sec_sid;
	tree->space = (uint8_t)space_after(stream->sec_sid, nscfg);
	put(cd, at->ttb - 4u, at->ttb - 4u, nscfg);                    /* NSCFG0, NSCFG1 */
	put(cd, at->tsz + (tree->lpae ? 2u : 5u), at->tsz, shape.tsz); /* TG then says nothing */
	if (!tree->lpae)
		put(cd, at->tg + 1u, at->tg, at->code[shape.granule]);
	put(cd, at->walk + 5u, at->walk, rng_bits(rng, 6)); /* IR, OR, SH */
	put(cd, at->tbi, at->tbi, tree->tbi);
	put(cd, at->had, at->had, rng_chance(rng, 200));
	tree->e0pd = world->traits.e0pd && !stream->one_range && rng_chance(rng, 80);
	if (world->traits.e0pd && !stream->one_range) /* E0PD0, E0PD1 */
		put(cd, at->had + 1u, at->had + 1u, tree->e0pd);
	if (tree->d128) {
		tree->disch = get(cd, at->had, at->had);
		tree->e0pd = false; /* which says nothing */
		put(cd, at->ttb + 59u, at->ttb + 58u, shape.skipped);
	}
	if (tree->lpae) /* which says nothing, as TBI does */
		tree->e0pd = tree->tbi = false;
	set_root(world, tree, cd, at->ttb);
}

/* MAIR: types evenly, with any hints; some bytes at random. */
static uint64_t random_mair(struct rng *rng)
{
	static const uint8_t half[] = { 0x4, 0x4, 0x8, 0x0, 0xc, 0x4 };
	uint64_t mair = 0;

	for (unsigned i = 0; i < 8; i++) {
		unsigned outer = half[rng_below(rng, 6)], inner = half[rng_below(rng, 6)];

		outer |= outer == 4 && rng_chance(rng, 500) ? 0 : rng_below(rng, 4);
		inner |= inner == 4 && rng_chance(rng, 500) ? 0 : rng_below(rng, 4);
		if (rng_chance(rng, 300)) {
			outer = 0;
			inner = rng_below(rng, 4) << 2;
		}
		if (rng_chance(rng, 60))
			outer = rng_below(rng, 16);
		mair |= (uint64_t)(outer << 4 | inner) << 8 * i;
	}
	return mair;
}

/* A code that is not reserved; privileged: where the other side does not write it may execute. */
static uint64_t s1_code(struct rng *rng, bool may_execute)
{
	static const uint8_t codes[6] = { 0, 1, 5, 2, 3, 7 };

	return codes[rng_below(rng, may_execute ? 6 : 3)];
}

/* PIE, PIIU and PIIP */
static void choose_s1_indirection(struct world *world, const struct stream *stream,
				  struct context *context, uint64_t *cd)
{
	struct rng *rng = &world->rng;
	const struct tree *like = &context->half[0];
	const bool indirect = like->d128 || (stream->s1pie && !like->lpae && rng_chance(rng, 750));
	uint64_t p = 0, u = 0;

	for (unsigned i = 0; i < 16; i++) {
		const uint64_t user = s1_code(rng, true);

		u |= user << 3 * i;
		p |= s1_code(rng, like->one_privilege || !(user & 4)) << 3 * i;
	}
	if (stream->s1pie && !like->d128) /* which says nothing there */
		put(cd, 187, 187, indirect);
	if (!indirect)
		return;
	cd[6] = u;
	cd[7] = p;
	for (unsigned upper = 0; upper < 2; upper++) {
		context->half[upper].indirect = true;
		context->half[upper].base = p;
		context->half[upper].overlay = u;
	}
}

/* Not of an EL2 without E2H, nor without S1PIE. */
static bool takes_d128(struct world *world, const struct stream *stream)
{
	const bool el2 = stream->strw == 2 && stream->one_range;

	return world->traits.d128 && stream->s1pie && !el2 && rng_chance(&world->rng, 750);
}

void choose_s1(struct world *world, struct stream *stream, struct context *context, uint64_t *cd)
{
	struct rng *rng = &world->rng;
	const unsigned code = size_code(rng, 600);
	const bool wxn = rng_chance(rng, 200), pan = rng_chance(rng, 200);
	const struct tree *s2 = &stream->s2[stream->sec_sid];
	const bool e2h = world->setup.of[world->making].cr2 & 1;
	const bool may = stream->strw == 0 ||
			 (stream->strw == 2 && !e2h && world->making == SMMU3_PAS_NS);
	const bool lpae = takes_lpae(world, may, !world->traits.aa64 || s2->lpae);
	const bool big = legal_endi(world), uwxn = rng_chance(rng, 300);
	const bool ds = world->traits.ds && rng_chance(rng, 750);
	const bool d128 = takes_d128(world, stream);
	const unsigned updates = lpae ? (unsigned)rng_bits(rng, 2) : legal_updates(world);
	const bool haft = legal_haft(world, lpae || updates & 2);
	const bool pnch = world->traits.the && rng_chance(rng, s2->assured_only ? 850 : 400);

	for (unsigned upper = 0; upper < 2; upper++) {
		context->half[upper] = (struct tree){
			.output_bits = lpae ? 40 : (uint8_t)effective_size(&world->traits, code),
			.lpae = lpae,
			.big = big,
			.uwxn = uwxn,
			.wxn = wxn,
			.pan = pan,
			.epan = world->traits.epan && get(cd, 123, 123),
			.accessed = !lpae && updates & 2,
			.dirty = !lpae && updates == 3,
			.marked = !lpae && haft && world->traits.httu == 3,
			.one_privilege = stream->one_range,
			.protects = d128 ? world->traits.the : pnch && !lpae,
			.d128 = d128,
		};
		choose_half(world, stream, context, cd, upper, ds);
	}
	if (world->traits.ds)
		put(cd, 186, 186, ds);
	put(cd, 34, 32, code);
	put(cd, 15, 15, big);                  /* ENDI */
	put(cd, 31, 31, 1);                    /* V */
	put(cd, 35, 35, rng_chance(rng, 100)); /* AFFD */
	put(cd, 36, 36, wxn);
	put(cd, 37, 37, uwxn);
	put(cd, 40, 40, pan);
	put(cd, 41, 41, !lpae && !d128); /* AA64 */
	put(cd, 43, 42, updates);
	put(cd, 67, 67, haft);
	if (world->traits.the)
		put(cd, 122, 122, pnch);
	put(cd, 44, 44, !stream->s1stalld && legal_s(world));              /* S */
	put(cd, 45, 45, rng_chance(rng, 750));                             /* R */
	put(cd, 46, 46, world->traits.term_model || rng_chance(rng, 600)); /* A */
	put(cd, 63, 48, make_tag(world, world->traits.asid16 ? 16 : 8));
	cd[3] = random_mair(rng);
	choose_s1_indirection(world, stream, context, cd);
}
