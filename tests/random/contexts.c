/* SPDX-License-Identifier: MIT */
/* Context descriptors, made when an access first asks for one.  5.3, 5.4 */
#include "words.h"
#include "world.h"

enum { CD_LG2 = 6, L1CD_LG2 = 3 };

/* How stage 2 is to map the page of a CD: with a flaw now and then. */
static struct plan context_plan(struct world *world, const struct tree *tree)
{
	static const struct need read = { .cd = true };

	if (!tree->there)
		return (struct plan){ 0 };
	if (!rng_chance(&world->rng, 150))
		return easy_plan(world, tree, &read);
	struct plan plan = flawed_plan(world, tree, &read);

	if (plan.leaf_level == 0 && rng_chance(&world->rng, 300)) /* rare in blocks of 512GB */
		plan.flaw = FLAW_AF;
	return plan;
}

/* An address for a leaf table of CDs: in the space before stage 2. */
static uint64_t leaf_address(struct world *world, struct stream *stream, unsigned lg2)
{
	const unsigned beyond = world->traits.oas_bits;
	const struct tree space = { .stage = 1,
				    .granule_lg2 = 16,
				    .output_bits = (uint8_t)world->traits.oas_bits,
				    .under = stream->s2 };
	uint64_t address = random_output(world, &space, stream->sec_sid, lg2,
					 rng_chance(&world->rng, 300));

	if (rng_chance(&world->rng, 30) && beyond < 56)
		address |= UINT64_C(1) << rng_from(&world->rng, beyond, 55);
	return address;
}

/* The address of a CD behind an L1CD, which is written if it is not there; false: no way. */
static bool through_l1cd(struct world *world, struct stream *stream, uint32_t index,
			 uint64_t *address)
{
	const uint64_t at = stream->context_ptr +
			    ((uint64_t)(index >> stream->leaf_lg2) << L1CD_LG2);
	const struct plan plan = context_plan(world, &stream->s2[stream->sec_sid]);
	uint64_t pa, l1cd;

	if (!reach(world, stream->s2, own_spot(stream, at), &plan, &pa))
		return false;
	if (!memory_written(&world->memory, pa, &l1cd)) {
		const bool valid = !rng_chance(&world->rng, 50);

		l1cd = leaf_address(world, stream, stream->leaf_lg2 + CD_LG2) | valid;
		if (rng_chance(&world->rng, 300))
			l1cd |= rng_bits(&world->rng, 11) << 1 | rng_bits(&world->rng, 8) << 56;
		memory_write(&world->memory, pa, l1cd);
	}
	*address = aligned_down(l1cd & mask_of(56), stream->leaf_lg2 + CD_LG2) |
		   (index & mask_of(stream->leaf_lg2)) << CD_LG2;
	return l1cd & 1;
}

static bool context_address(struct world *world, struct stream *stream, uint32_t index,
			    uint64_t *pa)
{
	uint64_t address = stream->context_ptr + ((uint64_t)index << CD_LG2);
	const struct plan plan = context_plan(world, &stream->s2[stream->sec_sid]);

	if (stream->leaf_lg2 && !through_l1cd(world, stream, index, &address))
		return false;
	return reach(world, stream->s2, own_spot(stream, address), &plan, pa);
}

/* A stream that may not stall, and a CD that has it stall. */
static bool break_stalld(uint64_t *cd)
{
	put(cd, 44, 44, 1);
	return true;
}

/* A 64-bit stage 1 on a 32-bit stage 2.  5.4 AA64 */
static bool break_format(uint64_t *cd)
{
	put(cd, 41, 41, 1);
	return true;
}

static bool break_context(struct world *world, const struct stream *stream, uint64_t *cd)
{
	if (stream->s2[stream->sec_sid].lpae && world->traits.aa64 && rng_chance(&world->rng, 500))
		return break_format(cd);
	return stream->s1stalld ? break_stalld(cd) : break_cd(world, cd);
}

/* VMSAv9-128 in an EL2 without E2H, which has none. */
static bool breaks_el2(struct world *world, const struct stream *stream, uint64_t *cd)
{
	if (!world->traits.d128 || stream->strw != 2 || !stream->one_range || !stream->s1pie ||
	    !rng_chance(&world->rng, 150))
		return false;
	put(cd, 41, 41, 0);
	return true;
}

/* Random bits everywhere, or none, then what a legal CD must have. */
static void make_cd(struct world *world, struct stream *stream, struct context *context,
		    uint64_t *cd)
{
	for (unsigned i = 0; i < 8; i++)
		cd[i] = rng_chance(&world->rng, 500) ? rng_next(&world->rng) : 0;
	choose_s1(world, stream, context, cd);
	choose_cd_labels(world, stream, cd);
	context->dead = breaks_el2(world, stream, cd);
	if (stream->shares || context->dead)
		return;
	if (rng_chance(&world->rng, 80))
		context->dead = break_context(world, stream, cd);
	else if (rng_chance(&world->rng, 20)) {
		const uint64_t nscfg0 = get(cd, 64, 64), nscfg1 = get(cd, 128, 128);

		flip_but(world, cd, 63, 48);
		put(cd, 64, 64, nscfg0); /* where its tables are thought to be */
		put(cd, 128, 128, nscfg1);
	}
}

/* Another ASID for the tables of a context that there is. */
static bool share_cd(struct world *world, const struct stream *stream, struct context *context,
		     uint64_t *cd)
{
	const struct context *like = stream->context;

	while (stream->shares && like < context && like->dead)
		like++;
	if (!stream->shares || like == context)
		return false;
	for (unsigned i = 0; i < 8; i++)
		(void)memory_read(&world->memory, like->pa + 8 * i, &cd[i]);
	put(cd, 63, 48, make_tag(world, world->traits.asid16 ? 16 : 8));
	choose_cd_labels(world, stream, cd);
	for (unsigned upper = 0; upper < 2; upper++)
		context->half[upper] = like->half[upper];
	return true;
}

static struct context *known_context(struct stream *stream, uint32_t index)
{
	for (unsigned i = 0; i < stream->contexts; i++)
		if (stream->context[i].index == index)
			return &stream->context[i];
	return NULL;
}

struct context *context_at(struct world *world, struct stream *stream, uint32_t index)
{
	struct context *context = known_context(stream, index);
	uint64_t cd[8], pa;

	if (context || stream->contexts == STREAM_CONTEXTS)
		return context;
	context = &stream->context[stream->contexts++];
	*context = (struct context){ .index = index, .dead = true };
	if (!context_address(world, stream, index, &pa))
		return context;
	if (!memory_has_page(&world->memory, pa) && rng_chance(&world->rng, 30))
		return context;
	context->dead = false;
	context->pa = pa;
	if (!share_cd(world, stream, context, cd))
		make_cd(world, stream, context, cd);
	memory_write_words(&world->memory, pa, cd, 8);
	return context;
}
