/* SPDX-License-Identifier: MIT */
/* Random ID registers: sets that the architecture allows and this version builds. */
#include "words.h"
#include "world.h"

#include <stdlib.h>

unsigned size_of_code(unsigned code)
{
	static const uint8_t size[] = { 32, 36, 40, 42, 44, 48, 52, 56 };

	return size[code & 7];
}

unsigned effective_size(const struct traits *traits, unsigned code)
{
	const unsigned most = traits->minor == 0 ? 48 : traits->minor < 4 ? 52 : 56;
	unsigned size = size_of_code(code);

	size = size < most ? size : most;
	return size < traits->oas_bits ? size : traits->oas_bits;
}

/* Both stages as a rule, and with them EL2, which SMMUv3.2 then has. */
static void choose_stages(struct rng *rng, struct traits *traits)
{
	static const uint8_t minor[] = { 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 3 };
	const unsigned one = rng_below(rng, 2);

	traits->minor = minor[rng_below(rng, sizeof(minor))];
	traits->s1p = true;
	traits->s2p = true;
	if (!rng_chance(rng, 140))
		return;
	traits->s1p = one;
	traits->s2p = !one;
}

/* A Secure state, with a Stream table of the same size; with both stages it may have both of its
 * own, and EL2.  6.3.52, 6.3.53.  Beside it or alone a Realm state. */
static void choose_states(struct world *world)
{
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	const unsigned often = traits->minor >= 2 ? 500 : traits->minor == 1 ? 80 : 0;
	const bool there = traits->s1p && rng_chance(rng, often);
	const bool realm = traits->minor >= 3 && traits->s1p && traits->s2p && rng_chance(rng, 300);

	traits->sel2 = there && traits->s2p && traits->minor >= 2 &&
		       (realm || rng_chance(rng, 850));
	world->state[SMMU3_PAS_REALM] = (struct state){ .there = realm, .s2p = true, .hyp = true };
	world->state[SMMU3_PAS_NS] = (struct state){ .there = true, .s2p = traits->s2p };
	world->state[SMMU3_PAS_SECURE] = (struct state){
		.there = there, .s2p = traits->sel2, .hyp = traits->sel2, .el3 = there && !realm
	};
	for (unsigned state = 0; state < STATES; state++)
		world->setup.of[state].there = world->state[state].there;
}

static void choose_granules(struct rng *rng, struct traits *traits)
{
	const unsigned set = rng_chance(rng, 600) ? 7 : rng_from(rng, 1, 7);

	for (unsigned i = 0; i < GRANULES; i++)
		traits->granule[i] = set >> i & 1;
}

/* VMSAv8-32 needs 4KB; alone it has no Secure stage 2, and a Realm state has none of it. */
static void choose_formats(struct world *world)
{
	static const uint8_t endian[] = { 0, 0, 0, 2, 2, 2, 2, 3 };
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	const bool realm = world->state[SMMU3_PAS_REALM].there;

	traits->lpae = traits->granule[0] && !realm && !traits->d128 && rng_chance(rng, 450);
	traits->aa64 = !traits->lpae || world->state[SMMU3_PAS_SECURE].there ||
		       !rng_chance(rng, 120);
	/* Memory that is read in two ways is so bit by bit: struct tree's mirrored */
	traits->endian = setup_has_spaces(&world->setup) ? 2 : endian[rng_below(rng, 8)];
}

static unsigned choose_oas(struct rng *rng, const struct traits *traits)
{
	const bool wide = traits->ds || (traits->minor > 0 && traits->granule[2]);

	if (traits->sel2 && rng_chance(rng, 250)) /* where start levels depend on it */
		return rng_from(rng, 2, 3);
	if (traits->d128 && rng_chance(rng, 800))
		return traits->minor >= 4 ? 7 : 6;
	if (wide && rng_chance(rng, traits->ds ? 850 : 600))
		return 6;
	return rng_chance(rng, 300) ? 5 : rng_below(rng, 6);
}

/* The Access flag of tables is SMMUv3.3's.  2.9 */
static unsigned choose_httu(struct rng *rng, unsigned minor)
{
	if (!rng_chance(rng, 500))
		return 0;
	return minor >= 3 && rng_chance(rng, 500) ? 3 : rng_from(rng, 1, 2);
}

static uint32_t idr0(struct world *world)
{
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	struct state *state = &world->state[SMMU3_PAS_NS];
	static const uint8_t stall_model[] = { 0, 0, 0, 0, 0, 1, 1, 1, 2, 2 };
	uint64_t value = rng_next(rng) & 0x6030; /* COHACC, BTM, MSI, SEV */

	traits->httu = choose_httu(rng, traits->minor);
	traits->asid16 = rng_chance(rng, 600);
	traits->vmid16 = rng_chance(rng, 600);
	traits->cd2l = rng_chance(rng, 750);
	traits->term_model = rng_chance(rng, 250);
	state->hyp = traits->s1p && traits->s2p && (traits->minor >= 2 || rng_chance(rng, 500));
	state->stall_model = stall_model[rng_below(rng, sizeof(stall_model))];
	world->state[SMMU3_PAS_SECURE].stall_model = state->stall_model;
	traits->two_level = traits->sid_bits >= 7 || rng_chance(rng, 500);
	traits->ats = rng_chance(rng, 700);
	traits->ns1ats = traits->ats && traits->s1p && traits->s2p && rng_chance(rng, 150);
	put(&value, 0, 0, traits->s2p);
	put(&value, 1, 1, traits->s1p);
	put(&value, 2, 2, traits->lpae);
	put(&value, 3, 3, traits->aa64);
	put(&value, 7, 6, traits->httu);
	put(&value, 10, 10, traits->ats);
	put(&value, 11, 11, traits->ns1ats);
	put(&value, 9, 9, state->hyp);
	put(&value, 12, 12, traits->asid16);
	put(&value, 17, 17, traits->s2p && rng_chance(rng, 500)); /* VMW */
	put(&value, 18, 18, traits->vmid16);
	put(&value, 19, 19, traits->cd2l);
	put(&value, 22, 21, traits->endian);
	put(&value, 23, 23, traits->ats && traits->minor >= 2); /* ATSRECERR */
	put(&value, 25, 24, state->stall_model);
	put(&value, 26, 26, traits->term_model);
	put(&value, 28, 27, traits->two_level);
	return (uint32_t)value;
}

static uint32_t idr1(struct rng *rng, const struct traits *traits)
{
	uint64_t value = 0x01090000; /* queues of 2^8 and 2^9 entries */

	put(&value, 5, 0, traits->sid_bits);
	put(&value, 10, 6, traits->ssid_bits);
	put(&value, 26, 26, rng_chance(rng, 750)); /* ATTR_PERMS_OVR */
	put(&value, 27, 27, rng_chance(rng, 750)); /* ATTR_TYPES_OVR */
	return (uint32_t)value;
}

static uint32_t idr3(struct rng *rng, struct traits *traits)
{
	const bool first = traits->minor == 0, third = traits->minor >= 2;
	const bool fourth = traits->minor >= 3;
	uint64_t value = 0;

	traits->had = traits->s1p && (!first || rng_chance(rng, 500));
	traits->xnx = !first && (traits->s2p || rng_chance(rng, 500));
	traits->fwb = third || (!first && rng_chance(rng, 650));
	traits->stt = traits->sel2 || (!first && rng_chance(rng, 650));
	traits->e0pd = fourth || (third && rng_chance(rng, 500));
	put(&value, 2, 2, traits->had);
	put(&value, 3, 3, traits->had && !first && rng_chance(rng, 400)); /* PBHA */
	put(&value, 4, 4, traits->xnx);
	put(&value, 8, 8, traits->fwb);
	put(&value, 9, 9, traits->stt);
	put(&value, 10, 10, third || (!first && rng_chance(rng, 500)));   /* RIL */
	put(&value, 12, 11, first ? 0 : rng_from(rng, third ? 1 : 0, 2)); /* BBML */
	put(&value, 13, 13, traits->e0pd);
	put(&value, 14, 14,
	    traits->s2p && (fourth || (third && rng_chance(rng, 500)))); /* PTWNNC */
	const bool d128 = traits->d128, last = traits->minor >= 4;

	traits->s1pi = fourth && traits->s1p && (rng_chance(rng, 450) || d128);
	put(&value, 17, 17, fourth && (rng_chance(rng, 500) || last)); /* EPAN */
	put(&value, 18, 18, traits->s1pi);
	put(&value, 23, 23, fourth && traits->s1p && (rng_chance(rng, 500) || d128)); /* AIE */
	traits->epan = value >> 17 & 1;
	traits->s2pi = fourth && traits->s2p && (rng_chance(rng, 450) || d128);
	traits->s2po = traits->s2pi && (rng_chance(rng, 700) || d128);
	put(&value, 19, 19, traits->s2pi);
	put(&value, 20, 20, traits->s2po);
	traits->the = fourth && traits->s1p && (traits->s2pi || !traits->s2p) &&
		      rng_chance(rng, d128 ? 600 : 800);
	put(&value, 21, 21, traits->the);
	put(&value, 22, 22,
	    fourth && traits->s2p && (rng_chance(rng, 350) || d128 || last)); /* MTEPERM */
	traits->pasidtt = fourth && traits->ats && traits->ssid_bits && rng_chance(rng, 850);
	put(&value, 16, 16, traits->pasidtt);
	return (uint32_t)value;
}

static uint32_t idr5(struct world *world)
{
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	static const uint8_t stall_max[] = { 1, 1, 1, 2, 2, 3, 4, 100 };
	const bool wide = traits->minor > 0 && traits->granule[2] && rng_chance(rng, 600);

	/* LPA2, of SMMUv3.4, may be in the revision before; it needs VAs of 52 bits.  6.3.6 */
	traits->ds = traits->minor >= 3 && (traits->granule[0] || traits->granule[1]) &&
		     rng_chance(rng, 800);
	const unsigned oas = choose_oas(rng, traits);
	uint64_t value = oas;

	traits->oas_bits = size_of_code(oas);
	const bool widest = traits->d128 && (wide || traits->ds) && rng_chance(rng, 750);

	traits->va_bits = widest ? 56 : wide || traits->ds ? 52 : 48;
	for (unsigned i = 0; i < GRANULES; i++)
		put(&value, 4 + i, 4 + i, traits->granule[i]);
	put(&value, 7, 7, traits->ds);
	put(&value, 8, 8, traits->d128);
	put(&value, 11, 10, widest ? 2 : wide || traits->ds);
	if (world->state[SMMU3_PAS_NS].stall_model != TERMINATE_ONLY)
		put(&value, 31, 16, stall_max[rng_below(rng, sizeof(stall_max))]);
	return (uint32_t)value;
}

/* A Realm state of SMMUv3.3 with both stages, which has all that 2.7.1 demands. */
static void demand_realm(struct world *world)
{
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	struct setup *setup = &world->setup;
	struct smmu3_config *config = &setup->config;

	traits->ns1ats = false;
	traits->stt = traits->fwb = traits->had = traits->xnx = traits->e0pd = true;
	for (unsigned state = 0; state < STATES; state++)
		world->state[state].stall_model = TERMINATE_ONLY;
	config->idr[0] |= 1u << 30 | 1u << 4; /* RME_IMPL, COHACC */
	config->idr[0] &= ~(1u << 11);        /* NS1ATS */
	config->idr[0] = (config->idr[0] & ~(3u << 24)) | 1u << 24;
	config->idr[3] |= 1u << 2 | 1u << 4 | 1u << 8 | 1u << 9 | 1u << 13 | 1u << 14;
	config->idr[3] = (config->idr[3] & ~(3u << 11)) | 2u << 11; /* BBML */
	config->idr[5] &= 0xffff;                                   /* STALL_MAX */
	config->root_idr0 = 0x0080000f;
	config->r_idr[0] = 1u << 24 | (config->idr[0] & (1u << 10 | 1u << 13));
	config->r_idr[1] = 1u << 31;
	config->r_idr[3] = (uint32_t)rng_chance(rng, 700) << 16 |                 /* MEC */
			   (uint32_t)(traits->ats && rng_chance(rng, 700)) << 17; /* XT */
	config->r_mecidr = config->r_idr[3] >> 16 & 1 ? rng_below(rng, 16) : 0;
	setup->gmecid = (uint32_t)rng_bits(rng, 16);
}

/* Root registers, which a Realm state has and any other SMMUv3.3 may have; and a table. */
static void choose_root(struct world *world)
{
	enum { ROOT_IMPL = 1, BGPTM = 2, RGPTM = 4 };
	struct rng *rng = &world->rng;
	struct setup *setup = &world->setup;
	struct smmu3_config *config = &setup->config;

	setup->protection = (struct protection){ 0 };
	if (!config->root_idr0 && world->traits.minor >= 3 && rng_chance(rng, 300))
		config->root_idr0 = ROOT_IMPL | BGPTM | RGPTM;
	if (config->root_idr0 && rng_chance(rng, 500))
		setup->protection = choose_protection(rng, config->idr[5] & 7,
						      world->traits.granule);
}

/* VMSAv9-128 is of SMMUv3.4, and may be in the revision before; it needs both stages.  2.9, 6.3.6
 */
static void choose_d128(struct world *world)
{
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;

	traits->d128 = traits->minor == 3 && traits->s1p && traits->s2p && rng_chance(rng, 350);
	if (!traits->d128)
		return;
	traits->minor = rng_chance(rng, 700) ? 4 : 3;
	world->setup.config.aidr = traits->minor;
}

void make_features(struct world *world)
{
	static const uint8_t sid_bits[] = { 0, 3, 6, 7, 9, 16, 16, 16, 24, 32 };
	static const uint8_t ssid_bits[] = { 0, 1, 6, 8, 10, 16, 20, 20 };
	struct rng *rng = &world->rng;
	struct traits *traits = &world->traits;
	struct smmu3_config *config = &world->setup.config;

	if (smmu3_config_init(config, "generic-3.1", NULL))
		abort();
	*traits = (struct traits){ 0 };
	choose_stages(rng, traits);
	choose_granules(rng, traits);
	traits->sid_bits = sid_bits[rng_below(rng, sizeof(sid_bits))];
	traits->ssid_bits = ssid_bits[rng_below(rng, sizeof(ssid_bits))];
	config->aidr = traits->minor;
	choose_d128(world);
	choose_states(world);
	choose_formats(world);
	config->idr[0] = idr0(world);
	config->idr[1] = idr1(rng, traits);
	config->idr[3] = idr3(rng, traits);
	config->idr[5] = idr5(world);
	if (world->state[SMMU3_PAS_REALM].there)
		demand_realm(world);
	choose_root(world);
	choose_mpam(world);
	world->setup.waits = world->state[SMMU3_PAS_NS].stall_model == STALL_FORCED ||
			     rng_chance(rng, 800);
	if (!world->state[SMMU3_PAS_SECURE].there)
		return;
	config->s_idr[0] = world->state[SMMU3_PAS_SECURE].stall_model << 24;
	config->s_idr[1] = 1u << 31 | (uint32_t)traits->sel2 << 29 | traits->sid_bits;
}
