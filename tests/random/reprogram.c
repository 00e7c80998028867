/* SPDX-License-Identifier: MIT */
#include "reprogram.h"

#include "maintain.h"
#include "words.h"

enum { SMMUEN = 1 << 0, ATSCHK = 1 << 4, SIF = 1 << 5 };                       /* CR0, S_CR0 */
enum { E2H = 1 << 0, RECINVSID = 1 << 1, PTM = 1 << 2, REC_CFG_ATS = 1 << 3 }; /* CR2 */

/* ---- What can be another ---- */

/* Of EL2 without E2H nothing has an ASID: what is kept is all contexts' then.  3.3.3 */
static bool may_lose_asids(const struct world *world, unsigned state)
{
	for (unsigned i = 0; i < world->streams; i++) {
		const struct stream *stream = &world->stream[i];

		if (world->kept && stream->sec_sid == state && stream->strw == 2 && !stream->shares)
			return false;
	}
	return true;
}

static bool is_possible(const struct world *world, unsigned state, enum reprogram_what what)
{
#define REPROGRAM_STATES(name, words, states, matters) states,
	static const uint8_t of[] = { REPROGRAM_WHATS(REPROGRAM_STATES) };

	if (!(of[what] >> state & 1))
		return false;
	if (what == REPROGRAM_E2H)
		return may_lose_asids(world, state);
	if (what == REPROGRAM_S2PII)
		return world->traits.s2pi;
	return true;
}

static bool draw(struct reprogramming *reprogramming, struct world *world)
{
	enum { TRIES = 8 };

	for (unsigned i = 0; i < TRIES; i++) {
		reprogramming->state = rng_below(&world->rng, STATES);
		reprogramming->what = (enum reprogram_what)rng_below(&world->rng, REPROGRAM_COUNT);
		if (world->setup.of[reprogramming->state].there &&
		    is_possible(world, reprogramming->state, reprogramming->what))
			return true;
	}
	return false;
}

/* ---- Making it another ---- */

/* That of queues is guarded by their own enables.  6.3.11 */
static void other_table_attr(struct world *world, struct registers *of)
{
	of->cr1 = (of->cr1 & 0x3f) | (uint32_t)(rng_bits(&world->rng, 6) << 6);
}

static void other_size(struct world *world, unsigned state)
{
	(void)(rng_chance(&world->rng, 500) || resize_stream_table(world, state));
}

static void make_other(const struct reprogramming *reprogramming, struct world *world)
{
	const unsigned state = reprogramming->state;
	struct registers *of = &world->setup.of[state];

	switch (reprogramming->what) {
	case REPROGRAM_TABLE:
		(void)move_stream_table(world, state);
		break;
	case REPROGRAM_SIZE:
		other_size(world, state);
		break;
	case REPROGRAM_TABLE_ATTR:
		other_table_attr(world, of);
		break;
	case REPROGRAM_E2H:
		of->cr2 ^= E2H;
		break;
	case REPROGRAM_RECINVSID:
		of->cr2 ^= RECINVSID;
		break;
	case REPROGRAM_PTM:
		of->cr2 ^= PTM;
		break;
	case REPROGRAM_REC_CFG_ATS:
		of->cr2 ^= REC_CFG_ATS;
		break;
	case REPROGRAM_ATSCHK:
		of->cr0 ^= ATSCHK;
		break;
	case REPROGRAM_SIF:
		of->cr0 ^= SIF;
		break;
	case REPROGRAM_S2PII:
		of->s2pii = choose_s2pii(world);
		break;
	case REPROGRAM_GMECID:
		world->setup.gmecid = (uint32_t)rng_bits(&world->rng, 16);
		break;
	default:
		break;
	}
}

/* ---- In turn ---- */

bool reprogram_begin(struct reprogramming *reprogramming, struct world *world, struct duel *duel)
{
	if (!draw(reprogramming, world))
		return false;
	const unsigned state = reprogramming->state;
	struct registers *of = &world->setup.of[state];

	of->cr0 &= ~(uint32_t)SMMUEN;
	if (reprogramming->what == REPROGRAM_GBPA)
		of->gbpa = choose_gbpa(&world->rng, state == SMMU3_PAS_SECURE);
	duel_program(duel, &world->setup, state);
	software_disable(&duel->software, state);
	software_gate(&duel->software, state);
	return true;
}

void reprogram_end(const struct reprogramming *reprogramming, struct kept *kept,
		   struct world *world, struct duel *duel)
{
	const unsigned state = reprogramming->state;

	make_other(reprogramming, world);
	duel_program(duel, &world->setup, state);
	software_program(&duel->software, state);
	maintain_all(kept, world, duel);
	world->setup.of[state].cr0 |= !rng_chance(&world->rng, 15);
	duel_program(duel, &world->setup, state);
	software_enable(&duel->software, state);
}
