/* SPDX-License-Identifier: MIT */
/* Labels of MPAM, and the Virtual Machine Structures that some are read from.  5.6, 6.3.41 to
 * 6.3.43, 17 */
#include "words.h"
#include "world.h"

enum { NESTED = 7, VMS_WORDS = 8, VMS_PARTIDS = 32 };

/* ---- Which there are ---- */

static uint32_t choose_ids(struct rng *rng)
{
	static const uint16_t partid_max[] = { 0, 1, 5, 0x34, 0x3f, 0x1fe, 0x8000, 0xffff };
	static const uint8_t pmg_max[] = { 0, 1, 2, 5, 7, 0xff };

	return partid_max[rng_below(rng, 8)] | (uint32_t)pmg_max[rng_below(rng, sizeof(pmg_max))]
						       << 16;
}

/* MPAM of SMMUv3.2 may be in the revision before; Realm IDs are as many as Non-secure ones. */
void choose_mpam(struct world *world)
{
	enum { HAS_MPAM_NS = 1 << 25, IDS = 0xffffff };
	struct rng *rng = &world->rng;
	struct smmu3_config *config = &world->setup.config;
	const unsigned often = world->traits.minor >= 2 ? 600 : 150;

	world->traits.mpam = world->traits.minor >= 1 && rng_chance(rng, often);
	if (!world->traits.mpam)
		return;
	const uint32_t has_ns = rng_chance(rng, 700) ? HAS_MPAM_NS : 0;

	config->idr[3] |= 1u << 7;
	config->mpamidr = choose_ids(rng);
	if (world->state[SMMU3_PAS_SECURE].there)
		config->s_mpamidr = choose_ids(rng) | has_ns;
	if (world->state[SMMU3_PAS_REALM].there)
		config->r_mpamidr = config->mpamidr | has_ns;
}

static uint32_t own_ids(const struct world *world, unsigned state)
{
	const struct smmu3_config *config = &world->setup.config;
	const uint32_t ids[STATES] = { config->mpamidr, config->s_mpamidr, config->r_mpamidr };

	return ids[state];
}

static bool has_mpam_ns(const struct world *world, unsigned state)
{
	return own_ids(world, state) >> 25 & 1;
}

struct ids {
	unsigned partid_max, pmg_max;
};

static struct ids ids_of(const struct world *world, unsigned state, bool mpam_ns)
{
	const bool leaves = mpam_ns && has_mpam_ns(world, state);
	const uint32_t ids = leaves ? world->setup.config.mpamidr : own_ids(world, state);

	return (struct ids){ ids & 0xffff, ids >> 16 & 0xff };
}

/* One that there is as a rule, often the last; or any. */
static unsigned draw_id(struct rng *rng, unsigned max, unsigned bits)
{
	if (rng_chance(rng, 120))
		return (unsigned)rng_bits(rng, bits);
	if (rng_chance(rng, 150))
		return max + rng_below(rng, 2);
	return rng_below(rng, max + 1);
}

/* ---- Registers ---- */

/* Bits above those of the largest ID are RES0.  Of the larger ones that there is room for, some. */
static unsigned draw_within(struct rng *rng, unsigned max, unsigned bits)
{
	unsigned mask = 0;

	while (mask < max)
		mask = 2 * mask + 1;
	return mask > max && rng_chance(rng, 350) ? mask : draw_id(rng, max, bits) & mask;
}

uint32_t choose_label_register(struct world *world, unsigned state)
{
	struct rng *rng = &world->rng;
	const bool ns = has_mpam_ns(world, state) && rng_chance(rng, 400);
	const struct ids ids = ids_of(world, state, ns);

	if (!world->traits.mpam)
		return 0;
	return draw_within(rng, ids.partid_max, 16) | draw_within(rng, ids.pmg_max, 8) << 16 |
	       (uint32_t)ns << 24;
}

/* ---- Structures ---- */

void choose_vms(struct world *world, unsigned state, bool mpam_ns, uint64_t word[8])
{
	const struct ids ids = ids_of(world, state, mpam_ns);

	for (unsigned n = 0; n < VMS_PARTIDS; n++)
		put(word, 16 * n + 15, 16 * n, draw_id(&world->rng, ids.partid_max, 16));
}

static uint64_t vms_of_another(const struct world *world, const struct stream *stream)
{
	for (unsigned i = 0; i < world->streams; i++) {
		const struct stream *other = &world->stream[i];

		if (other != stream && other->sec_sid == stream->sec_sid && other->vms)
			return other->vms;
	}
	return 0;
}

static uint64_t fresh_page(struct world *world)
{
	uint64_t at = 0;

	for (unsigned i = 0; !at || (i < 4 && memory_has_page(&world->memory, at)); i++)
		at = aligned_down(rng_bits(&world->rng, world->traits.oas_bits), 12);
	return at;
}

/* A page where nothing is yet, as a rule; seldom one that does not exist. */
static void make_vms(struct world *world, struct stream *stream, bool mpam_ns)
{
	struct rng *rng = &world->rng;
	uint64_t word[VMS_WORDS] = { 0 }, at = 0;

	if (rng_chance(rng, 250))
		at = vms_of_another(world, stream);
	stream->vms = at ? at : fresh_page(world);
	at = stream->vms;
	if (memory_has_page(&world->memory, at) || rng_chance(rng, 40))
		return;
	choose_vms(world, stream->sec_sid, mpam_ns, word);
	memory_write_words(&world->memory, at, word, VMS_WORDS);
}

/* PARTID, PMG, MPAM_NS, S1MPAM; and a VMS where the CD's PARTID is virtual.  5.2 */
void choose_ste_labels(struct world *world, struct stream *stream, uint64_t *ste)
{
	struct rng *rng = &world->rng;
	const bool ns = rng_chance(rng, 350);
	const struct ids ids = ids_of(world, stream->sec_sid, ns);

	if (!world->traits.mpam)
		return;
	put(ste, 287, 272, draw_id(rng, ids.partid_max, 16));
	put(ste, 327, 320, draw_id(rng, ids.pmg_max, 8));
	put(ste, 328, 328, ns);
	put(ste, 90, 90, rng_chance(rng, 650));
	if (stream->config != NESTED || !get(ste, 90, 90))
		return;
	if (!stream->vms || rng_chance(rng, 200))
		make_vms(world, stream, ns);
	put(ste, 375, 332, stream->vms >> 12);
}

/* PARTID and PMG; a virtual one, of which 5 bits count, may be any.  5.4 */
void choose_cd_labels(struct world *world, const struct stream *stream, uint64_t *cd)
{
	struct rng *rng = &world->rng;
	const bool ns = rng_chance(rng, 500);
	const struct ids ids = ids_of(world, stream->sec_sid, ns);

	if (!world->traits.mpam)
		return;
	put(cd, 367, 352, draw_id(rng, ids.partid_max, 16));
	put(cd, 375, 368, draw_id(rng, ids.pmg_max, 8));
}
