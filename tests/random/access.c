/* SPDX-License-Identifier: MIT */
/* The next access of a machine: who, where, and what is to go wrong on its way. */
#include "words.h"
#include "world.h"

#include <stdlib.h>

static bool has_s1(const struct stream *stream)
{
	return stream->config == 5 || stream->config == 7;
}

/* ---- What the device drives ---- */

/* What is kept of a clean page may not know that it has become dirty: then a hint is dropped that
 * the obvious walker lets through. */
static void choose_class(struct rng *rng, bool kept, struct smmu3_txn *txn)
{
	txn->txn_class = (uint8_t)rng_from(rng, SMMU3_CLASS_READ_CLEAN_INVALIDATE,
					   rng_chance(rng, 50) ? SMMU3_CLASS_MAINTENANCE :
								 SMMU3_CLASS_DESTRUCTIVE_HINT);
	if (kept && (txn->txn_class == SMMU3_CLASS_PREFETCH ||
		     txn->txn_class == SMMU3_CLASS_DESTRUCTIVE_HINT))
		txn->txn_class = SMMU3_CLASS_INVALIDATE;
}

static void choose_kind(struct rng *rng, bool kept, struct smmu3_txn *txn)
{
	const unsigned kind = rng_below(rng, 100);

	if (rng_chance(rng, 52))
		choose_class(rng, kept, txn);
	else if (kind >= 45 && kind < 75)
		txn->flags |= SMMU3_TXN_WRITE;
	else if (kind >= 75 && kind < 90)
		txn->flags |= SMMU3_TXN_INSTRUCTION;
	else if (kind >= 90)
		txn->txn_class = SMMU3_CLASS_ATOMIC;
	if (rng_chance(rng, 400))
		txn->flags |= SMMU3_TXN_PRIVILEGED;
	if (rng_chance(rng, 30)) /* InD of a write, NS of a Non-secure stream: without meaning */
		txn->flags |= SMMU3_TXN_INSTRUCTION | SMMU3_TXN_NS;
	if (rng_chance(rng, 50))
		txn->flags |= SMMU3_TXN_NO_SNOOP;
	if (rng_chance(rng, 80))
		txn->flags |= SMMU3_TXN_PROBE;
	if (rng_chance(rng, 150))
		txn->flags |= SMMU3_TXN_NO_STALL;
	if (rng_chance(rng, 400))
		txn->flags |= SMMU3_TXN_NS;
	txn->cookie = rng_next(rng);
}

/* The types of Normal and Device memory evenly, with any hints; sometimes any byte. */
static void choose_attr(struct rng *rng, struct smmu3_txn *txn)
{
	static const uint8_t half[] = { 0x4, 0x8, 0xc };

	if (rng_chance(rng, 300))
		return;
	txn->flags |= SMMU3_TXN_ATTR;
	txn->attr.sh = (uint8_t)rng_below(rng, 4);
	txn->attr.mair = (uint8_t)(half[rng_below(rng, 3)] << 4 | half[rng_below(rng, 3)]);
	if (rng_chance(rng, 300))
		txn->attr.mair = (uint8_t)(rng_below(rng, 4) << 2);
	else if (rng_chance(rng, 500))
		txn->attr.mair |= (uint8_t)(rng_next(rng) & 0x33);
	if (rng_chance(rng, 50))
		txn->attr.mair = (uint8_t)rng_next(rng);
}

static struct need need_of(const struct stream *stream, const struct smmu3_txn *txn)
{
	const unsigned priv = stream->privcfg, inst = stream->instcfg;

	return (struct need){
		.write = txn->flags & SMMU3_TXN_WRITE ||
			 txn->txn_class == SMMU3_CLASS_WRITE_PREFETCH,
		.atomic = txn->txn_class == SMMU3_CLASS_ATOMIC,
		.instruction = inst > 1 ? inst == 3 : txn->flags & SMMU3_TXN_INSTRUCTION,
		.privileged = priv > 1 ? priv == 3 : txn->flags & SMMU3_TXN_PRIVILEGED,
	};
}

/* Would the stream serve it?  EATS = 0b10 needs ATSCHK. */
static bool has_ats(const struct world *world, const struct stream *stream)
{
	return !stream->dead && stream->config > 4 &&
	       (stream->eats == 1 ||
		(stream->eats == 2 && (stream->sec_sid == SMMU3_PAS_REALM ||
				       world->setup.of[SMMU3_PAS_NS].cr0 >> 4 & 1)));
}

/* A Translation Request, or a Translated transaction. */
static void choose_ats(struct world *world, const struct stream *stream, struct smmu3_txn *txn)
{
	struct rng *rng = &world->rng;

	if (stream->sec_sid == SMMU3_PAS_SECURE || !world->traits.ats ||
	    !rng_chance(rng, has_ats(world, stream) ? 470 : 60))
		return;
	txn->ats = rng_chance(rng, 560) ? SMMU3_ATS_REQUEST : SMMU3_ATS_TRANSLATED;
	if (txn->ats == SMMU3_ATS_TRANSLATED)
		return;
	txn->txn_class = SMMU3_CLASS_ORDINARY;
	if (rng_chance(rng, 300))
		txn->flags |= SMMU3_TXN_SOURCE_CXL;
	if (rng_chance(rng, 400))
		txn->flags |= SMMU3_TXN_INSTRUCTION;
	if (rng_chance(rng, 300))
		txn->flags |= SMMU3_TXN_WRITE;
}

/* ---- Who ---- */

static struct stream *choose_stream(struct world *world)
{
	struct stream *stream = NULL;

	for (unsigned i = 0; i < 4; i++) {
		stream = &world->stream[rng_below(&world->rng, world->streams)];
		if (!stream->dead || rng_chance(&world->rng, 70))
			break;
	}
	return stream;
}

/* A StreamID of nobody: beyond the table, or without an entry. */
static uint32_t stray_sid(struct world *world)
{
	struct rng *rng = &world->rng;
	const uint32_t known = world->stream[rng_below(rng, world->streams)].sid;

	return rng_chance(rng, 500) ? known ^ (uint32_t)rng_bits(rng, rng_below(rng, 12)) :
				      (uint32_t)rng_bits(rng, rng_below(rng, 33));
}

/* A SubstreamID, in most cases one that the stream has a CD for. */
static void choose_ssid(struct world *world, const struct stream *stream, struct smmu3_txn *txn)
{
	static const uint16_t with_ssid[] = { 960, 600, 700, 960 }; /* by S1DSS */
	const bool substreams = has_s1(stream) && stream->cdmax;
	struct rng *rng = &world->rng;

	unsigned often = substreams ? with_ssid[stream->s1dss] : 15;

	if (txn->ats == SMMU3_ATS_REQUEST && stream->s1dss == 1)
		often /= 3;
	if (txn->ats == SMMU3_ATS_TRANSLATED && world->traits.pasidtt && !substreams)
		often = 300;
	if (!rng_chance(rng, often))
		return;
	txn->flags |= SMMU3_TXN_SSV;
	txn->ssid = (uint32_t)rng_bits(rng, substreams ? stream->cdmax : 20);
	if (stream->contexts && rng_chance(rng, 850))
		txn->ssid = stream->context[rng_below(rng, stream->contexts)].index;
	if (rng_chance(rng, 20))
		txn->ssid = (uint32_t)rng_bits(rng, 20);
}

/* The context that a transaction means, or NULL: none, or none that it comes through. */
static struct context *context_of(struct world *world, struct stream *stream,
				  const struct smmu3_txn *txn)
{
	struct context *context;

	if (txn->ssid >> stream->cdmax)
		return NULL;
	context = context_at(world, stream, txn->flags & SMMU3_TXN_SSV ? txn->ssid : 0);
	return context && !context->dead ? context : NULL;
}

/* ---- Where, and what goes wrong ---- */

/* Bits above the region that do not go with its half. */
static uint64_t out_of_range(struct world *world, const struct tree *tree, uint64_t input)
{
	const unsigned top = tree->tbi ? 55 : 63;

	if (tree->input_bits > top)
		return input;
	return input ^ UINT64_C(1) << rng_from(&world->rng, tree->input_bits, top);
}

/* Stage 2 of the address that the transaction puts out, or puts in. */
static void prepare_s2(struct world *world, struct stream *stream, struct spot ipa,
		       const struct need *need, bool flawed)
{
	struct tree *tree = &stream->s2[ipa.space];
	const struct plan plan = flawed ? flawed_plan(world, tree, need) :
					  easy_plan(world, tree, need);
	struct spot pa;

	if (tree->there)
		(void)install(world, tree, ipa.at, &plan, &pa);
}

/* A descriptor of stage 1 that stage 2 keeps from it. */
static struct plan flawed_under(struct world *world, const struct tree *s2)
{
	static const struct need read = { .table = true };
	struct plan under = flawed_plan(world, s2, &read);

	/* What is rare of IPAs of either space, in blocks of 512GB, and in the few entries of level
	 * -1 */
	if ((s2->sec_sid == SMMU3_PAS_SECURE || s2->ds) && rng_chance(&world->rng, 150))
		under.flaw = FLAW_AF;
	else if (s2->start < 0 && rng_chance(&world->rng, 500)) {
		under.flaw = rng_chance(&world->rng, 500) ? FLAW_HOLE : FLAW_SIZE;
		under.flaw_level = s2->start;
	}
	return under;
}

static uint64_t prepare_s1(struct world *world, struct stream *stream, struct context *context,
			   const struct need *need)
{
	struct rng *rng = &world->rng;
	bool upper = rng_below(rng, 2);

	const struct tree *first = &context->half[upper];

	if ((!first->there || (first->e0pd && !need->privileged)) && !rng_chance(rng, 100))
		upper = !upper;
	struct tree *tree = &context->half[upper];

	if (!tree->there)
		return tree->lpae ? rng_bits(rng, 32) : rng_bits(rng, 55) | (uint64_t)upper << 55;
	const bool secure = stream->sec_sid == SMMU3_PAS_SECURE;
	const bool flawed = rng_chance(rng, 90), below = rng_chance(rng, secure ? 330 : 160);
	const bool in_table = below && rng_chance(rng, secure ? 600 : 500);
	const uint64_t input = random_input(world, tree, flawed || below);
	struct plan plan = flawed ? flawed_plan(world, tree, need) : easy_plan(world, tree, need);
	struct tree *s2 = &stream->s2[tree->space];
	struct plan under;
	struct spot ipa;

	plan.fresh = below;

	if (plan.flaw == FLAW_RANGE)
		return out_of_range(world, tree, input);
	if (s2->there && in_table) {
		under = flawed_under(world, s2);
		plan.under = &under;
		plan.under_level = random_level(rng, tree);
	}
	if (install(world, tree, input & mask_of(tree->input_bits), &plan, &ipa))
		prepare_s2(world, stream, ipa, need, below && !in_table);
	return input;
}

/* NSCFG where it counts, or the NS that comes in; IPAs of Realm streams are Realm IPAs. */
static unsigned untranslated_space(const struct world *world, const struct stream *stream,
				   const struct smmu3_txn *txn)
{
	const bool counts = world->setup.config.idr[1] >> 26 & 1 && stream->nscfg > 1;
	const bool ns = counts ? stream->nscfg == 3 : txn->flags & SMMU3_TXN_NS;

	return ns && stream->sec_sid != SMMU3_PAS_REALM ? SMMU3_PAS_NS : stream->sec_sid;
}

/* An address for a stream without stage 1: an IPA, or a PA, mostly within what there is. */
static uint64_t prepare_bypass(struct world *world, struct stream *stream,
			       const struct smmu3_txn *txn, bool translated)
{
	const struct need need = need_of(stream, txn);
	const unsigned oas = world->traits.oas_bits, space = untranslated_space(world, stream, txn);
	struct tree *s2 = &stream->s2[space];
	const bool flawed = rng_chance(&world->rng, 100);
	uint64_t input = rng_bits(&world->rng, oas);

	if (s2->there)
		input = random_input(world, s2, flawed);
	if (rng_chance(&world->rng, translated ? 60 : 30)) {
		const unsigned bit = rng_from(&world->rng, s2->there ? s2->input_bits : oas, 63);

		input |= UINT64_C(1) << (bit < 64 ? bit : 63);
	}
	prepare_s2(world, stream, (struct spot){ input, space }, &need, flawed);
	return input;
}

static uint64_t choose_address(struct world *world, struct stream *stream,
			       const struct smmu3_txn *txn)
{
	const struct need need = need_of(stream, txn);
	const bool translated = txn->ats == SMMU3_ATS_TRANSLATED;
	const bool skips = stream->cdmax && !(txn->flags & SMMU3_TXN_SSV) && stream->s1dss == 1;
	struct context *context;

	if (!has_s1(stream) || skips || translated)
		return prepare_bypass(world, stream, txn, translated);
	context = context_of(world, stream, txn);
	return context ? prepare_s1(world, stream, context, &need) :
			 rng_bits(&world->rng, world->traits.oas_bits);
}

static void choose_bytes(struct rng *rng, struct smmu3_txn *txn)
{
	txn->bytes = UINT64_C(1) + rng_bits(rng, rng_below(rng, 16));
	if (rng_chance(rng, 10))
		txn->bytes += rng_bits(rng, 40);
	if (txn->bytes - 1 > UINT64_MAX - txn->addr)
		txn->bytes = UINT64_MAX - txn->addr + 1 ? UINT64_MAX - txn->addr + 1 : 1;
}

void world_access(struct world *world, struct smmu3_txn *txn)
{
	struct stream *stream = choose_stream(world);

	*txn = (struct smmu3_txn){ .sid = stream->sid, .sec_sid = stream->sec_sid };
	world->making = stream->sec_sid;
	choose_kind(&world->rng, world->kept, txn);
	if (stream->sec_sid == SMMU3_PAS_REALM && rng_chance(&world->rng, 400))
		txn->flags |= SMMU3_TXN_XT;
	choose_ats(world, stream, txn);
	choose_attr(&world->rng, txn);
	choose_ssid(world, stream, txn);
	txn->addr = choose_address(world, stream, txn);
	if (rng_chance(&world->rng, 30))
		txn->sid = stray_sid(world);
	choose_bytes(&world->rng, txn);
}

/* ---- The machine ---- */

static uint64_t noise_seed(struct rng *rng)
{
	return rng_chance(rng, 100) ? rng_next(rng) | 1 : 0;
}

uint64_t make_tag(struct world *world, unsigned bits)
{
	const uint64_t random = rng_bits(&world->rng, bits);

	return world->kept ? world->tags++ & ((1u << bits) - 1) : random;
}

/* GBPA: all but Update; NSCFG is of S_GBPA. */
uint32_t choose_gbpa(struct rng *rng, bool secure)
{
	const uint32_t abort = rng_chance(rng, 200);

	return ((uint32_t)rng_next(rng) & (secure ? 0x000fff1f : 0x000f3f1f)) | abort << 20;
}

uint64_t choose_s2pii(struct world *world)
{
	const uint64_t s2pii = world->traits.s2pi ? rng_next(&world->rng) : 0;

	if (world->traits.the && rng_chance(&world->rng, 700)) /* every MRO is among them */
		return (s2pii & ~UINT64_C(0xffff)) | 0x3627;
	return s2pii;
}

/* CR0 and CR2: ATSCHK, REC_CFG_ATS are of the Non-secure and the Realm state, SIF and NSSTALLD of
 * the Secure one. */
static void choose_registers(struct world *world, unsigned state)
{
	struct rng *rng = &world->rng;
	struct registers *of = &world->setup.of[state];
	const bool secure = state == SMMU3_PAS_SECURE;
	const bool no_stalls = world->state[state].stall_model == STALL_AND_TERMINATE &&
			       rng_chance(rng, 150);

	of->cr0 = !rng_chance(rng, 15);
	of->cr0 |= (uint32_t)rng_chance(rng, secure ? 400 : 700) << (secure ? 5 : 4);
	of->cr1 = (uint32_t)rng_bits(rng, 12);
	of->cr2 = (uint32_t)rng_chance(rng, 700) << 1 |              /* RECINVSID */
		  (uint32_t)(!secure && rng_chance(rng, 500)) << 3 | /* REC_CFG_ATS */
		  (uint32_t)rng_chance(rng, 500);                    /* E2H */
	of->gbpa = choose_gbpa(rng, secure);
	of->s2pii = choose_s2pii(world);
	of->gmpam = choose_label_register(world, state);
	of->gbpmpam = state == SMMU3_PAS_REALM ? 0 : choose_label_register(world, state);
	if (!secure || !of->there || !no_stalls)
		return;
	of->cr0 |= 1u << 9;
	world->state[SMMU3_PAS_NS].stall_model = TERMINATE_ONLY;
}

/* Windows show no other spaces, nor are they asked about granule protection. */
static void choose_windows(struct world *world)
{
	static const uint8_t sizes[] = { 12, 12, 12, 14, 14, 16, 0, 0 };
	const unsigned size_lg2 = sizes[rng_below(&world->rng, sizeof(sizes))];

	if (setup_has_spaces(&world->setup) || world->setup.config.root_idr0)
		return;
	world->setup.window_lg2 = size_lg2;
	world->memory.windows.size_lg2 = size_lg2;
}

void world_make(struct world *world, uint64_t seed, uint32_t kept, bool ports)
{
	world->rng = (struct rng){ seed };
	world->kept = kept;
	world->tags = 1; /* 0 is the VMID of those that have none */
	memory_clear(&world->memory, noise_seed(&world->rng), 0);
	make_features(world);
	world->setup.config.caches = (struct smmu3_caches){ kept, kept, kept, kept, kept,
							    0,    kept, 0,    kept, kept ? 4 : 0 };
	for (unsigned state = 0; state < STATES; state++)
		choose_registers(world, state);
	if (ports)
		choose_windows(world);
	make_streams(world);
}
