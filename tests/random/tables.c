/* SPDX-License-Identifier: MIT */
/* Translation tables, made where accesses lead: each descriptor that is asked for and not there
 * yet is written as the access plans it.  DDI 0487 D8.2, D8.3 */
#include "words.h"
#include "world.h"

int random_level(struct rng *rng, const struct tree *tree)
{
	return tree->start + (int)rng_below(rng, (unsigned)(LAST_LEVEL - tree->start) + 1);
}

/* Bits of an output address: as many as the effective output size has and descriptors can say. */
static unsigned reach_bits(const struct tree *tree)
{
	const unsigned sayable = sayable_bits(tree);

	return tree->output_bits < sayable ? tree->output_bits : sayable;
}

static uint64_t known_input(struct world *world, const struct tree *tree)
{
	return tree->input[rng_below(&world->rng, tree->inputs)];
}

static void remember_input(struct world *world, struct tree *tree, uint64_t input)
{
	if (tree->inputs < TREE_INPUTS)
		tree->input[tree->inputs++] = input;
	else
		tree->input[rng_below(&world->rng, TREE_INPUTS)] = input;
}

/* Near a known address: the same down to a random level, or to some bits below it. */
static uint64_t near(struct world *world, const struct tree *tree, uint64_t known)
{
	const int level = random_level(&world->rng, tree);
	const unsigned lsb = tree_lsb(tree, level);
	const unsigned low = lsb + rng_below(&world->rng, 4);

	return aligned_down(known, low) | rng_bits(&world->rng, low < 64 ? low : 63);
}

static uint64_t input_in_region(struct world *world, const struct tree *tree, bool fresh)
{
	if (!fresh && tree->inputs && rng_chance(&world->rng, 650))
		return near(world, tree, known_input(world, tree)) & mask_of(tree->input_bits);
	return rng_bits(&world->rng, tree->input_bits);
}

/* The part of a VA above the region: what the half says, with anything in the byte that TBI has
 * ignored. */
static uint64_t extended(struct world *world, const struct tree *tree, uint64_t input)
{
	if (tree->stage == 1 && tree->upper)
		input |= ~mask_of(tree->input_bits) & mask_of(tree->lpae ? 32 : 64);
	if (tree->stage == 1 && tree->input_bits > 55 && input >> 55 & 1) /* EL3's */
		input |= ~mask_of(56);
	if (tree->stage == 1 && tree->tbi)
		input = (input & mask_of(56)) | rng_bits(&world->rng, 8) << 56;
	return input;
}

/* The largest blocks may be larger than what stage 2 translates: half of the time stay within. */
static uint64_t within_stage2(struct world *world, const struct tree *tree, uint64_t input)
{
	const unsigned block = tree_lsb(tree, (tree->ds || tree->d128) && tree->granule_lg2 == 12 ?
						      0 :
						      1);

	if (!tree->under)
		return input;
	const unsigned bits = tree->under[tree->space].input_bits;

	if (bits >= block || rng_chance(&world->rng, 500))
		return input;
	return input & ~(mask_of(block) & ~mask_of(bits));
}

uint64_t random_input(struct world *world, struct tree *tree, bool fresh)
{
	const uint64_t input = within_stage2(world, tree, input_in_region(world, tree, fresh));

	remember_input(world, tree, input);
	return extended(world, tree, input);
}

uint64_t random_output(struct world *world, const struct tree *tree, unsigned space, unsigned lg2,
		       bool fresh)
{
	const struct tree *under = tree->under ? &tree->under[space] : NULL;
	struct rng *rng = &world->rng;
	unsigned bits = reach_bits(tree);
	uint64_t output;

	if (under && under->there) {
		if (bits > under->input_bits && !rng_chance(rng, 20))
			bits = under->input_bits;
		output = rng_chance(rng, 950) ? input_in_region(world, under, fresh) :
						rng_bits(rng, bits);
	} else
		output = rng_bits(rng, rng_chance(rng, 300) && bits > 32 ? 32 : bits);
	return aligned_down(output & mask_of(bits), lg2);
}

/* An address just too large for the output size, if a descriptor can say one. */
static uint64_t oversized(struct world *world, const struct tree *tree, uint64_t address)
{
	const unsigned sayable = sayable_bits(tree);

	if (tree->output_bits >= sayable)
		return address;
	return address | UINT64_C(1) << rng_from(&world->rng, tree->output_bits, sayable - 1);
}

unsigned space_after(unsigned space, bool ns)
{
	return ns && space != SMMU3_PAS_REALM ? SMMU3_PAS_NS : space;
}

struct spot own_spot(const struct stream *stream, uint64_t at)
{
	return (struct spot){ at, stream->sec_sid };
}

/* A place where a descriptor is to stand. */
struct place {
	uint64_t pa;
	unsigned space; /* of the table, before stage 2 */
	int level;
	unsigned lsb; /* of the level */
	bool disch;   /* no leaf of its table is contiguous */
	uint64_t index;
};

static bool group_is_free(const struct world *world, uint64_t first, unsigned count)
{
	uint64_t value;

	for (unsigned i = 0; i < count; i++)
		if (memory_written(&world->memory, first + 8 * i, &value))
			return false;
	return true;
}

static unsigned group_lg2(const struct tree *tree, const struct place *place)
{
	return place->disch ? 0 : group_of_lg2(tree->d128, tree->granule_lg2, place->level);
}

/* All descriptors of a group, alike but for their addresses, where none of them is there. */
static void write_group(struct world *world, const struct tree *tree, const struct place *place,
			struct ttd ttd, uint64_t output)
{
	const unsigned lg2 = group_lg2(tree, place);
	const uint64_t first = aligned_down(place->pa, lg2 + ttd_lg2(tree));
	const uint64_t base = aligned_down(output, place->lsb + lg2);

	ttd_make_contiguous(tree, &ttd);
	for (uint64_t i = 0; i < UINT64_C(1) << lg2; i++) {
		const uint64_t at = address_field(tree, base + (i << place->lsb));

		ttd_write(world, tree, first + (i << ttd_lg2(tree)),
			  (struct ttd){ ttd.low | at, ttd.high });
	}
}

static bool place_has_group(const struct world *world, const struct tree *tree,
			    const struct place *place)
{
	const unsigned lg2 = group_lg2(tree, place) + ttd_lg2(tree);

	return group_lg2(tree, place) &&
	       group_is_free(world, aligned_down(place->pa, lg2), 1u << (lg2 - 3));
}

/* What a Secure stream reads from Non-secure memory is not, whatever nG says.  3.17.1 */
static bool never_global(const struct tree *tree, unsigned space)
{
	return tree->sec_sid == SMMU3_PAS_SECURE && !tree->under && space == SMMU3_PAS_NS;
}

/* Of 8 bytes by bits 1:0, of 16 by SKL. */
static void make_leaf(const struct tree *tree, int level, struct ttd *ttd)
{
	if (tree->d128)
		ttd_skip(ttd, (unsigned)(LAST_LEVEL - level));
	ttd->low |= level == LAST_LEVEL && !tree->d128 ? 3 : 1;
}

/* Whatever that makes of it. */
static void turn_one_over(struct world *world, const struct tree *tree, struct ttd *ttd)
{
	const unsigned bit = rng_below(&world->rng, tree->d128 ? 128 : 64);

	*(bit < 64 ? &ttd->low : &ttd->high) ^= UINT64_C(1) << bit % 64;
}

/* Address bits below a block, which are RES0. */
static uint64_t below_block(struct world *world, const struct tree *tree, unsigned lsb)
{
	const uint64_t below = rng_bits(&world->rng, lsb) & ~mask_of(tree->granule_lg2);

	return tree->d128 ? below : below & ~UINT64_C(0xf000);
}

static void write_leaf(struct world *world, const struct tree *tree, const struct plan *plan,
		       const struct place *place)
{
	const bool here = plan->flaw_level == place->level;
	struct ttd ttd = leaf_bits(world, tree, plan);
	const bool local = world->kept && tree->stage == 1 && !tree->global &&
			   !never_global(tree, place->space);
	const unsigned space = space_after(place->space, ttd_ns(tree, ttd));
	uint64_t output = random_output(world, tree, space, place->lsb, plan->fresh);

	make_leaf(tree, place->level, &ttd);
	if (local) /* nG: tables of other ASIDs differ */
		put(&ttd.low, 11, 11, 1);
	if (plan->flaw == FLAW_SIZE && here)
		output = oversized(world, tree, output);
	else if (plan->contiguous && place_has_group(world, tree, place)) {
		write_group(world, tree, place, ttd, output);
		return;
	} else if (plan->contiguous && !group_lg2(tree, place))
		ttd_make_contiguous(tree, &ttd);
	if (place->level < LAST_LEVEL && rng_chance(&world->rng, 200))
		ttd.low |= below_block(world, tree, place->lsb);
	ttd.low |= address_field(tree, output);
	if (rng_chance(&world->rng, 15))
		turn_one_over(world, tree, &ttd);
	if (local)
		put(&ttd.low, 11, 11, 1); /* whatever that has made of it */
	ttd_write(world, tree, place->pa, ttd);
}

/* Levels that a table is to skip: as a rule those that the plan has no use for. */
static unsigned choose_skipped(struct world *world, const struct tree *tree,
			       const struct plan *plan, int level)
{
	const int room = LAST_LEVEL - 1 - level, to_leaf = plan->leaf_level - 1 - level;
	int most = (int)most_skipped(tree);

	most = most < room ? most : room;
	if (most <= 0 || !rng_chance(&world->rng, 350))
		return 0;
	if (to_leaf > 0 && to_leaf < most && rng_chance(&world->rng, 600))
		most = to_leaf;
	return rng_from(&world->rng, 1, (unsigned)most);
}

static void write_table(struct world *world, const struct tree *tree, const struct plan *plan,
			const struct place *place)
{
	const unsigned skipped = tree->d128 ? choose_skipped(world, tree, plan, place->level) : 0;
	const bool fresh = plan->under && plan->under_level == place->level + 1 + (int)skipped;
	struct ttd ttd = table_bits(world, tree);
	const unsigned space = space_after(place->space, ttd_nstable(tree, ttd));
	uint64_t next = random_output(world, tree, space, next_table_lg2(tree, skipped), fresh);

	if (plan->flaw == FLAW_SIZE && plan->flaw_level == place->level)
		next = oversized(world, tree, next);
	if (tree->d128)
		ttd_skip(&ttd, skipped);
	ttd.low |= address_field(tree, next) | (tree->d128 ? 1 : 3);
	ttd_write(world, tree, place->pa, ttd);
}

/* A descriptor of 16 bytes that skips beyond the last level, or more than there may be skipped. */
static struct ttd skipping_too_far(struct world *world, const struct tree *tree, int level)
{
	struct ttd ttd = { rng_next(&world->rng) | 1, rng_next(&world->rng) };

	ttd_skip(&ttd, level > 1 ? rng_from(&world->rng, 4 - (unsigned)level, 3) : 3);
	if (level <= 0 && tree->granule_lg2 == 12)
		ttd.low &= ~UINT64_C(1);
	return ttd;
}

/* Something that is no descriptor of its level: invalid, or a block where none can be. */
static void write_flawed(struct world *world, const struct tree *tree, const struct plan *plan,
			 const struct place *place)
{
	const uint64_t noise = aligned_down(rng_next(&world->rng), 2);
	const struct ttd ttd = { noise | (plan->flaw == FLAW_TYPE ? 1 :
								    rng_below(&world->rng, 2) << 1),
				 tree->d128 ? rng_next(&world->rng) : 0 };

	ttd_write(world, tree, place->pa,
		  tree->d128 && plan->flaw == FLAW_TYPE ?
			  skipping_too_far(world, tree, place->level) :
			  ttd);
}

static void write_descriptor(struct world *world, const struct tree *tree, const struct plan *plan,
			     const struct place *place)
{
	const bool here = plan->flaw_level == place->level;
	const bool block = place->level >= block_level(&world->traits, tree);
	const bool typed = place->level == LAST_LEVEL || !block || tree->d128;

	if (here && (plan->flaw == FLAW_INVALID || (plan->flaw == FLAW_TYPE && typed)))
		write_flawed(world, tree, plan, place);
	else if (place->level == LAST_LEVEL || (block && place->level >= plan->leaf_level))
		write_leaf(world, tree, plan, place);
	else
		write_table(world, tree, plan, place);
}

/* A level of a tree; `often` in a thousand the first, for that is where the rest is rare. */
static int any_level(struct world *world, const struct tree *tree, unsigned often)
{
	if (rng_chance(&world->rng, often))
		return tree->start;
	return random_level(&world->rng, tree);
}

struct plan easy_plan(struct world *world, const struct tree *tree, const struct need *need)
{
	return (struct plan){
		.leaf_level = any_level(world, tree, 200),
		.contiguous = rng_chance(&world->rng, 250),
		.need = *need,
	};
}

struct plan flawed_plan(struct world *world, const struct tree *tree, const struct need *need)
{
	/* What seldom finds its place is tried more often. */
	static const uint8_t flaw[] = { FLAW_INVALID, FLAW_TYPE,       FLAW_SIZE, FLAW_SIZE,
					FLAW_SIZE,    FLAW_HOLE,       FLAW_HOLE, FLAW_HOLE,
					FLAW_AF,      FLAW_PERMISSION, FLAW_RANGE };
	struct plan plan = easy_plan(world, tree, need);

	plan.flaw = flaw[rng_below(&world->rng, sizeof(flaw))];
	if (tree->start < 0 && rng_chance(&world->rng, 300))
		plan.flaw = FLAW_HOLE;
	/* a hole in a table of a few entries must come before them */
	plan.flaw_level = any_level(world, tree,
				    plan.flaw == FLAW_HOLE && tree->start < 0 ? 700 : 350);
	return plan;
}

bool reach(struct world *world, struct tree *under, struct spot spot, const struct plan *plan,
	   uint64_t *pa)
{
	static const struct need read = { .table = true };
	struct tree *tree = under ? &under[spot.space] : NULL;
	struct spot output = spot;
	bool reached = true;

	if (tree && tree->there) {
		const struct plan easy = easy_plan(world, tree, &read);

		reached = install(world, tree, spot.at, plan ? plan : &easy, &output);
	}
	*pa = output.at & mask_of(world->traits.oas_bits); /* 40 bits of VMSAv8-32 may be more */
	return reached;
}

/* A descriptor that cannot be read: its page is left out or, where that is there, its line is
 * poisoned; not if something else stands in it. */
static bool make_hole(struct world *world, uint64_t pa)
{
	const uint64_t line = aligned_down(pa, MEMORY_LINE_LG2);

	if (!memory_has_page(&world->memory, pa))
		return true;
	if (!group_is_free(world, line, 8))
		return false;
	memory_poison(&world->memory, line);
	return true;
}

/* DisCH of a table descriptor, which stage 1 alone has. */
static bool is_disch(const struct tree *tree, struct ttd ttd)
{
	return tree->d128 && tree->stage == 1 && ttd.high >> 48 & 1;
}

bool install(struct world *world, struct tree *tree, uint64_t input, const struct plan *plan,
	     struct spot *output)
{
	uint64_t base = tree->root;
	unsigned space = tree->space;
	unsigned top = tree->input_bits;
	bool disch = tree->disch;
	struct ttd ttd;

	if (tree->stage == 2 && input >> tree->input_bits)
		return false;
	for (int level = tree->start; level <= LAST_LEVEL && !memory_full(&world->memory);) {
		const unsigned lsb = tree_lsb(tree, level);
		struct place place = { .space = space, .level = level, .lsb = lsb, .disch = disch };

		place.index = get(&input, top - 1, lsb);
		if (!reach(world, tree->under,
			   (struct spot){ base + (place.index << ttd_lg2(tree)), space },
			   level == plan->under_level ? plan->under : NULL, &place.pa))
			return false;
		if (plan->flaw == FLAW_HOLE && plan->flaw_level == level &&
		    make_hole(world, place.pa))
			return false;
		if (!ttd_written(world, tree, place.pa, &ttd)) {
			write_descriptor(world, tree, plan, &place);
			(void)ttd_written(world, tree, place.pa, &ttd);
		}
		if (!(ttd.low & 1))
			return false;
		if (ttd_is_table(tree, ttd, level)) {
			base = address_of(tree, ttd, next_table_lg2(tree, ttd_skips(tree, ttd)));
			top = lsb;
			space = space_after(space, ttd_nstable(tree, ttd));
			disch = is_disch(tree, ttd);
			level += 1 + (int)ttd_skips(tree, ttd);
			continue;
		}
		output->at = address_of(tree, ttd, lsb) | (input & mask_of(lsb));
		output->space = space_after(space, ttd_ns(tree, ttd));
		return ttd_is_leaf(&world->traits, tree, ttd, level);
	}
	return false;
}
