/* SPDX-License-Identifier: MIT */
/* The Stream table and its entries.  5.1, 5.2, 6.3.24, 6.3.25 */
#include "words.h"
#include "world.h"

enum { STE_LG2 = 6, L1STD_LG2 = 3, CONFIG_BYPASS = 4, CONFIG_S1 = 5, CONFIG_S2 = 6 };

static unsigned lesser(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* ---- The table ---- */

static void choose_table(struct world *world)
{
	static const uint8_t split[] = { 6, 8, 10 };
	struct state *state = &world->state[world->making];
	struct registers *of = &world->setup.of[world->making];
	struct rng *rng = &world->rng;
	const unsigned most = world->traits.sid_bits;
	const unsigned log2size = rng_chance(rng, 60) ? rng_below(rng, 33) :
							lesser(most, rng_from(rng, 2, 24));

	state->table_two_level = world->traits.two_level && rng_chance(rng, 600);
	state->table_split = split[rng_below(rng, 3)];
	state->table_log2size = log2size;
	of->strtab_base_cfg = log2size | state->table_split << 6 |
			      (uint32_t)state->table_two_level << 16;
	if (rng_chance(rng, 50)) /* a reserved SPLIT is 6 */
		of->strtab_base_cfg = (of->strtab_base_cfg & ~0x7c0u) | 7 << 6,
		state->table_split = 6;
}

static unsigned table_lg2(const struct world *world)
{
	const struct state *state = &world->state[world->making];
	const unsigned log2size = state->table_log2size, split = state->table_split;

	if (!state->table_two_level)
		return log2size + STE_LG2;
	return log2size > split + 3 ? log2size - split + L1STD_LG2 : STE_LG2;
}

static void choose_base(struct world *world)
{
	const unsigned oas = world->traits.oas_bits, lg2 = table_lg2(world);
	struct rng *rng = &world->rng;
	uint64_t base = aligned_down(rng_bits(rng, oas), lg2);
	uint64_t *strtab_base = &world->setup.of[world->making].strtab_base;

	/* Bits that the size or OAS ignores, and RA */
	*strtab_base = base | rng_bits(rng, 1) << 62;
	if (rng_chance(rng, 200))
		*strtab_base |= (rng_bits(rng, lg2) & ~UINT64_C(0x3f)) & mask_of(52);
	if (rng_chance(rng, 100))
		*strtab_base |= rng_bits(rng, 56) & ~mask_of(oas) & mask_of(52);
}

static uint64_t table_base(const struct world *world)
{
	return aligned_down(world->setup.of[world->making].strtab_base &
				    mask_of(world->traits.oas_bits),
			    table_lg2(world));
}

/* The L1STD of a StreamID, written if it is not there: a span that holds it, as a rule. */
static bool through_l1std(struct world *world, uint32_t sid, uint64_t *at)
{
	struct rng *rng = &world->rng;
	const unsigned split = world->state[world->making].table_split;
	const uint64_t index = sid & mask_of(split);
	const uint64_t pa = table_base(world) + ((uint64_t)(sid >> split) << L1STD_LG2);
	unsigned span = rng_from(rng, 1, split + 1);
	uint64_t l1std;

	while (span <= split && index >> (span - 1))
		span++;
	if (rng_chance(rng, 40))
		span = rng_below(rng, 32);
	if (!memory_written(&world->memory, pa, &l1std)) {
		l1std = aligned_down(rng_bits(rng, world->traits.oas_bits), 6) | span;
		if (rng_chance(rng, 200))
			l1std |= rng_bits(rng, 8) << 56 | rng_bits(rng, 1) << 5;
		if (rng_chance(rng, 10))
			l1std |= UINT64_C(1) << 55;
		memory_write(&world->memory, pa, l1std);
	}
	span = (unsigned)(l1std & 0x1f);
	if (span == 0 || span > split + 1 || index >> (span - 1))
		return false;
	*at = aligned_down(l1std & mask_of(56), STE_LG2 + span - 1) | index << STE_LG2;
	return true;
}

static bool stream_address(struct world *world, uint32_t sid, uint64_t *at)
{
	const struct state *state = &world->state[world->making];

	if ((uint64_t)sid >> lesser(state->table_log2size, world->traits.sid_bits))
		return false;
	if (state->table_two_level)
		return through_l1std(world, sid, at);
	*at = table_base(world) + ((uint64_t)sid << STE_LG2);
	return true;
}

/* ---- Entries ---- */

static unsigned choose_config(struct world *world)
{
	struct rng *rng = &world->rng;
	const struct traits *traits = &world->traits;
	const bool secure = world->making == SMMU3_PAS_SECURE;
	const unsigned draw = rng_below(rng, 1000);

	if (draw < 30)
		return rng_below(rng, 4);
	if (draw < (secure ? 150 : 80))
		return CONFIG_BYPASS;
	if (!traits->s1p || !world->state[world->making].s2p)
		return traits->s1p ? CONFIG_S1 : CONFIG_S2;
	return draw < (secure ? 400u : 380u) ? CONFIG_S1 :
	       draw < (secure ? 660u : 580u) ? CONFIG_S2 :
					       CONFIG_S1 | CONFIG_S2;
}

/* log2 of what S1ContextPtr points at. */
static unsigned context_table_lg2(const struct stream *stream)
{
	const unsigned cdmax = stream->cdmax, leaf = stream->leaf_lg2;

	if (!leaf)
		return cdmax + 6;
	return cdmax > leaf + 3 ? cdmax - leaf + 3 : 6;
}

static void choose_context_table(struct world *world, struct stream *stream, uint64_t *ste)
{
	static const uint8_t leaf[] = { 0, 6, 10, 0 };
	struct rng *rng = &world->rng;
	const struct traits *traits = &world->traits;
	unsigned fmt = rng_below(rng, 4);

	if (!traits->cd2l && (fmt == 1 || fmt == 2))
		fmt = 0;
	if (traits->ssid_bits && rng_chance(rng, 700))
		stream->cdmax = rng_from(rng, 1, traits->ssid_bits);
	stream->leaf_lg2 = stream->cdmax ? leaf[fmt] : 0;
	stream->s1dss = rng_below(rng, 4);
	put(ste, 5, 4, fmt);
	put(ste, 63, 59, traits->ssid_bits ? stream->cdmax : rng_below(rng, 32));
	put(ste, 65, 64, stream->s1dss);
}

static void choose_context_ptr(struct world *world, struct stream *stream, uint64_t *ste)
{
	const unsigned lg2 = context_table_lg2(stream);
	const struct tree space = { .stage = 1,
				    .granule_lg2 = 16,
				    .output_bits = (uint8_t)world->traits.oas_bits,
				    .under = stream->s2 };
	uint64_t low = rng_chance(&world->rng, 200) ? rng_bits(&world->rng, lg2) : 0;

	stream->context_ptr = random_output(world, &space, stream->sec_sid, lg2, false);
	/* As an IPA it may be beyond everything: stage 2 says so. */
	if (stream->s2[stream->sec_sid].there && rng_chance(&world->rng, 15))
		stream->context_ptr |= UINT64_C(1) << rng_from(&world->rng, 52, 55);
	put(ste, 55, 6, (stream->context_ptr | low) >> 6);
}

/* Of what is kept no two streams may have the same tags and other tables: EL2 has no VMID, and
 * without E2H no ASID. */
static bool strw_is_taken(const struct world *world, unsigned strw)
{
	for (unsigned i = 0; i < world->streams; i++)
		if (world->kept && world->stream[i].sec_sid == world->making &&
		    world->stream[i].strw == strw)
			return true;
	return false;
}

/* 0b10 is an EL2, 0b01 EL3. */
static unsigned choose_strw(struct world *world, const struct state *state)
{
	if (!state->el3 && !state->hyp)
		return 0;
	const unsigned strw = state->el3 && (!state->hyp || rng_chance(&world->rng, 250)) ? 1 : 2;

	return rng_chance(&world->rng, state->el3 ? 700 : 400) && !strw_is_taken(world, strw) ?
		       strw :
		       0;
}

/* STRW, as it is legal where it counts. */
static void choose_world(struct world *world, struct stream *stream, uint64_t *ste)
{
	const struct state *state = &world->state[world->making];
	const bool e2h = world->setup.of[world->making].cr2 & 1;
	const bool may = state->hyp || world->making == SMMU3_PAS_SECURE;
	const bool counts = may && stream->config == CONFIG_S1;

	stream->strw = counts ? choose_strw(world, state) : 0;
	if (counts || world->kept)
		put(ste, 95, 94, stream->strw);
	stream->one_range = stream->strw == 1 || (stream->strw == 2 && !e2h);
}

/* Secure streams of stage 1 alone all have the VMID 0: what is global would be of all of them. */
static bool may_share(const struct world *world, const struct stream *stream)
{
	const bool alone = stream->config == CONFIG_S1 && !stream->strw;

	return world->state[stream->sec_sid].s2p && !(stream->sec_sid == SMMU3_PAS_SECURE && alone);
}

static void choose_stage1(struct world *world, struct stream *stream, uint64_t *ste)
{
	choose_context_table(world, stream, ste);
	choose_context_ptr(world, stream, ste);
	put(ste, 71, 66, rng_bits(&world->rng, 6)); /* S1CIR, S1COR, S1CSH */
	stream->s1stalld = world->state[world->making].stall_model == STALL_AND_TERMINATE &&
			   rng_chance(&world->rng, 150);
	stream->s1pie = world->traits.s1pi && rng_chance(&world->rng, 700);
	if (world->traits.s1pi)
		put(ste, 88, 88, stream->s1pie);
	put(ste, 91, 91, stream->s1stalld);
	stream->shares = world->kept && (stream->one_range || (may_share(world, stream) &&
							       rng_chance(&world->rng, 400)));
}

/* MTCFG, MemAttr, ALLOCCFG, SHCFG, PRIVCFG, INSTCFG. */
static void choose_overrides(struct world *world, struct stream *stream, uint64_t *ste)
{
	struct rng *rng = &world->rng;

	stream->privcfg = rng_chance(rng, 600) ? 0 : rng_below(rng, 4);
	stream->instcfg = rng_chance(rng, 600) ? 0 : rng_below(rng, 4);
	stream->nscfg = rng_below(rng, 4);
	put(ste, 100, 96, rng_bits(rng, 5));
	put(ste, 104, 101, rng_chance(rng, 600) ? 0 : rng_bits(rng, 4));
	put(ste, 109, 108, rng_bits(rng, 2));
	put(ste, 113, 112, stream->privcfg);
	put(ste, 115, 114, stream->instcfg);
	put(ste, 111, 110, stream->nscfg);
	if (!(world->setup.config.idr[1] >> 26 & 1)) {
		stream->privcfg = 0;
		stream->instcfg = 0;
	}
}

/* EATS as S2S and the stages allow it.  5.2 */
static void choose_eats(struct world *world, struct stream *stream, uint64_t *ste)
{
	static const uint8_t with_split[] = { 0, 1, 1, 1, 2, 2, 2, 2, 3 };
	static const uint8_t full[] = { 0, 1, 1, 1, 1, 1, 1, 1, 3 };
	const bool s2 = (stream->config & CONFIG_S2) == CONFIG_S2;
	const bool split = stream->config == (CONFIG_S1 | CONFIG_S2) && !world->traits.ns1ats;
	const unsigned draw = rng_below(&world->rng, sizeof(full));

	if (!world->traits.ats || stream->sec_sid == SMMU3_PAS_SECURE)
		return;
	stream->eats = split ? with_split[draw] : full[draw];
	if (s2 && get(ste, 185, 185))
		stream->eats = draw ? 0 : 3;
	put(ste, 93, 92, stream->eats);
}

/* Random bits everywhere, or none; then what a legal STE must have. */
static void make_ste(struct world *world, struct stream *stream, uint64_t *ste)
{
	struct rng *rng = &world->rng;

	for (unsigned i = 0; i < 8; i++)
		ste[i] = rng_chance(rng, 500) ? rng_next(rng) : 0;
	stream->config = choose_config(world);
	put(ste, 0, 0, 1);
	put(ste, 3, 1, stream->config);
	choose_overrides(world, stream, ste);
	put(ste, 143, 128, make_tag(world, world->traits.vmid16 ? 16 : 8));
	if ((stream->config & CONFIG_S2) == CONFIG_S2 && !choose_s2(world, stream, ste))
		put(ste, 3, 1, stream->config = CONFIG_BYPASS);
	choose_world(world, stream, ste);
	if ((stream->config & CONFIG_S1) == CONFIG_S1)
		choose_stage1(world, stream, ste);
	choose_eats(world, stream, ste);
	choose_ste_labels(world, stream, ste);
	stream->dead = stream->config < CONFIG_BYPASS;
	if (rng_chance(rng, stream->s2[SMMU3_PAS_SECURE].there ? 140 : 100))
		stream->dead = break_ste(world, ste);
	else if (rng_chance(rng, 20)) {
		const uint64_t strw = get(ste, 95, 94);

		flip_but(world, ste, 143, 128);
		if (world->kept) { /* and whether it has a VMID */
			put(ste, 95, 94, strw);
			put(ste, 3, 1, stream->config);
		}
	}
}

static void make_stream(struct world *world, struct stream *stream, unsigned sec_sid)
{
	const unsigned sid_bits = lesser(world->state[sec_sid].table_log2size,
					 world->traits.sid_bits);
	uint64_t at, ste[8];

	world->making = sec_sid;
	*stream = (struct stream){ .sec_sid = (uint8_t)sec_sid,
				   .sid = (uint32_t)rng_bits(&world->rng, sid_bits) };
	stream->dead = true;
	if (!stream_address(world, stream->sid, &at) || memory_written(&world->memory, at, ste))
		return;
	if (!memory_has_page(&world->memory, at) && rng_chance(&world->rng, 15))
		return;
	make_ste(world, stream, ste);
	memory_write_words(&world->memory, at, ste, 8);
}

/* Of the states that there are the Non-secure one least often. */
static unsigned choose_state(struct world *world)
{
	const bool secure = world->state[SMMU3_PAS_SECURE].there;
	struct rng *rng = &world->rng;

	if (world->state[SMMU3_PAS_REALM].there && rng_chance(rng, secure ? 450 : 750))
		return SMMU3_PAS_REALM;
	return secure && rng_chance(rng, 750) ? SMMU3_PAS_SECURE : SMMU3_PAS_NS;
}

void make_streams(struct world *world)
{
	const bool many = setup_has_spaces(&world->setup);

	for (world->making = 0; world->making < STATES; world->making++) {
		choose_table(world);
		choose_base(world);
	}
	world->streams = rng_from(&world->rng, 3, many ? WORLD_STREAMS : WORLD_STREAMS - 2);
	for (unsigned i = 0; i < world->streams; i++)
		make_stream(world, &world->stream[i], choose_state(world));
}

/* ---- Moving ---- */

/* Where, in the table, what there is of a StreamID stands: an L1STD, or an STE. */
static uint64_t place_of(const struct state *state, uint32_t sid, unsigned *words)
{
	*words = state->table_two_level ? 1 : 8;
	return state->table_two_level ? (uint64_t)(sid >> state->table_split) << L1STD_LG2 :
					(uint64_t)sid << STE_LG2;
}

static bool is_of_state(const struct stream *stream, const struct world *world)
{
	return stream->sec_sid == world->making;
}

static bool is_free(const struct world *world, uint64_t base)
{
	const struct state *state = &world->state[world->making];
	uint64_t word;

	for (unsigned i = 0; i < world->streams; i++) {
		unsigned words;
		const uint64_t at = base + place_of(state, world->stream[i].sid, &words);

		for (unsigned n = 0; is_of_state(&world->stream[i], world) && n < words; n++)
			if (memory_written(&world->memory, at + 8 * n, &word))
				return false;
	}
	return true;
}

/* Another table holds what this one did; what is left is invalid. */
static void move_entries(struct world *world, uint64_t from, uint64_t to)
{
	struct memory *memory = &world->memory;

	for (unsigned i = 0; i < world->streams; i++) {
		unsigned words;
		const uint64_t at = place_of(&world->state[world->making], world->stream[i].sid,
					     &words);
		uint64_t word;

		for (unsigned n = 0; is_of_state(&world->stream[i], world) && n < words; n++)
			if (memory_written(memory, from + at + 8 * n, &word))
				memory_write(memory, to + at + 8 * n, word);
	}
	for (unsigned i = 0; i < world->streams; i++) {
		unsigned words;
		const uint64_t at = place_of(&world->state[world->making], world->stream[i].sid,
					     &words);
		uint64_t word;

		if (is_of_state(&world->stream[i], world) &&
		    memory_written(memory, from + at, &word))
			memory_write(memory, from + at, 0);
	}
}

bool move_stream_table(struct world *world, unsigned state)
{
	struct registers *of = &world->setup.of[state];
	const uint64_t before = of->strtab_base;

	world->making = state;
	const uint64_t from = table_base(world);

	choose_base(world);
	const uint64_t to = table_base(world);

	if (to == from || !is_free(world, to)) {
		of->strtab_base = before;
		return false;
	}
	move_entries(world, from, to);
	return true;
}

bool resize_stream_table(struct world *world, unsigned of_state)
{
	struct state *state = &world->state[of_state];
	struct registers *of = &world->setup.of[of_state];
	const unsigned before = state->table_log2size;

	world->making = of_state;
	const uint64_t base = table_base(world);

	state->table_log2size = rng_below(&world->rng, 2) ? before + 1 : before ? before - 1 : 0;
	if (state->table_log2size > 32 || table_base(world) != base) {
		state->table_log2size = before;
		return false;
	}
	of->strtab_base_cfg = (of->strtab_base_cfg & ~0x3fu) | state->table_log2size;
	return state->table_log2size != before;
}
