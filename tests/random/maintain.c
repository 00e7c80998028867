/* SPDX-License-Identifier: MIT */
#include "maintain.h"

#include "words.h"

/* 4.3, 4.4, 4.7.3 */
enum {
	CMD_CFGI_STE = 0x03,
	CMD_CFGI_STE_RANGE = 0x04,
	CMD_CFGI_CD = 0x05,
	CMD_CFGI_CD_ALL = 0x06,
	CMD_TLBI_NH_ALL = 0x10,
	CMD_TLBI_NH_ASID = 0x11,
	CMD_TLBI_NH_VA = 0x12,
	CMD_TLBI_NH_VAA = 0x13,
	CMD_TLBI_EL3_ALL = 0x18,
	CMD_TLBI_EL3_VA = 0x1a,
	CMD_SYNC = 0x46,
	NS_IPA = 2, /* of CMD_TLBI_S_S2_IPA */
};

/* What there is for each Security state, with opcodes of its own. */
struct opcodes {
	uint8_t el2_all, el2_asid, el2_va, el2_vaa, s12_vmall, s2_ipa, nh_every;
};

static const struct opcodes opcodes[STATES] = {
	/* CMD_TLBI_EL2_*, S12_VMALL, S2_IPA, NSNH_ALL */
	{ 0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x30 },
	/* CMD_TLBI_S_EL2_*, S_S12_VMALL, S_S2_IPA, SNH_ALL */
	{ 0x50, 0x51, 0x52, 0x53, 0x58, 0x5a, 0x60 },
};

static const struct opcodes *opcodes_of(const struct user *user)
{
	return &opcodes[user->sec_sid];
}

/* One round of maintenance. */
struct round {
	struct world *world;
	struct software *software;
	struct remedy remedy;
	unsigned group_lg2;
	bool by_secure;      /* the Secure queue's commands are taken where they do */
	bool issued[STATES]; /* queues whose commands a CMD_SYNC is to follow */
};

/* ---- Structures ---- */

static void issue(struct round *round, unsigned queue, uint64_t word0, uint64_t word1)
{
	round->issued[queue] = true;
	software_issue(round->software, queue, word0, word1);
}

/* A queue whose commands reach a state: its own, or the Secure one. */
static unsigned queue_for(const struct round *round, unsigned sec_sid)
{
	return round->by_secure ? SMMU3_PAS_SECURE : sec_sid;
}

/* SSec says whose stream it is.  4.1.6 */
static void cfgi(struct round *round, unsigned opcode, unsigned sec_sid, uint32_t sid,
		 uint32_t ssid, uint64_t word1)
{
	const uint64_t ssec = sec_sid == SMMU3_PAS_SECURE;

	issue(round, queue_for(round, sec_sid),
	      (uint64_t)sid << 32 | (uint64_t)ssid << 12 | ssec << 10 | opcode, word1);
}

/* By stream, or by more.  4.3.1, 4.3.2, 4.3.6 */
static void cfgi_stream(struct round *round, unsigned sec_sid, uint32_t sid, bool leaf)
{
	struct rng *rng = &round->world->rng;

	if (round->remedy.cfgi == CFGI_EVERY)
		cfgi(round, CMD_CFGI_STE_RANGE, sec_sid, (uint32_t)rng_next(rng), 0, 31);
	else if (round->remedy.cfgi == CFGI_RANGE)
		cfgi(round, CMD_CFGI_STE_RANGE, sec_sid, sid ^ rng_below(rng, 2), 0,
		     rng_below(rng, 31));
	else
		cfgi(round, CMD_CFGI_STE, sec_sid, sid, 0, leaf);
}

/* 4.3.3, 4.3.4 */
static void cfgi_context(struct round *round, const struct user *user, bool leaf)
{
	if (round->remedy.cfgi == CFGI_ONE)
		cfgi(round, CMD_CFGI_CD, user->sec_sid, user->sid, user->ssid, leaf);
	else if (round->remedy.cfgi == CFGI_CDS)
		cfgi(round, CMD_CFGI_CD_ALL, user->sec_sid, user->sid, 0, 0);
	else
		cfgi_stream(round, user->sec_sid, user->sid, round->remedy.cfgi_leaf);
}

/* ---- Translations ---- */

/* CMD_TLBI_NH_* are of the queue's own state, the others of one state from either queue.  4.4.2 */
static void tlbi(struct round *round, unsigned opcode, const struct user *user, uint64_t range,
		 uint64_t word1)
{
	const bool own = opcode >= CMD_TLBI_NH_ALL && opcode <= CMD_TLBI_NH_VAA;

	issue(round, own ? user->sec_sid : queue_for(round, user->sec_sid),
	      (uint64_t)user->asid << 48 | (uint64_t)user->vmid << 32 | range | opcode, word1);
}

/* A range of pages that ends with the first page of a block, or begins with its last: by one page
 * less it would miss the block.  4.4.1.1 */
static void tlbi_range(struct round *round, unsigned opcode, const struct user *user,
		       uint64_t block, unsigned lg2, uint64_t word1)
{
	struct rng *rng = &round->world->rng;
	const unsigned page_lg2 = user->granule_lg2, tg = (page_lg2 - 12) / 2 + 1;
	const unsigned scale = rng_below(rng, 3), num = rng_from(rng, scale == 0, 31);
	const uint64_t before = (((uint64_t)(num + 1) << scale) - 1) << page_lg2;
	const uint64_t last = block + (mask_of(lg2) & ~mask_of(page_lg2));
	const bool fits = (block & mask_of(48)) >= before;
	const uint64_t from = fits && rng_chance(rng, 700) ? block - before : last;

	tlbi(round, opcode, user, (uint64_t)num << 12 | (uint64_t)scale << 20,
	     from | tg << 10 | word1);
}

/* Any address of the block will do. */
static void tlbi_address(struct round *round, unsigned opcode, const struct user *user,
			 uint64_t block, unsigned lg2, uint64_t word1)
{
	const uint64_t within = rng_bits(&round->world->rng, lg2) & ~mask_of(12);

	tlbi(round, opcode, user, 0, block | within | word1);
}

/* What a descriptor translates, with all that was changed with it. */
static unsigned origin_lg2(struct round *round, const struct user *user)
{
	return user_block_lg2(user) + (user_is_table(user) ? 0 : round->group_lg2);
}

static void tlbi_by_address(struct round *round, unsigned opcode, const struct user *user)
{
	const bool leaf = round->remedy.leaf && !user_is_table(user);
	const bool range = round->remedy.reach == BY_RANGE ||
			   round->remedy.reach == BY_RANGE_ANY_ASID;
	const unsigned lg2 = origin_lg2(round, user);
	const uint64_t block = aligned_down(user->input, lg2);

	const uint64_t ns = user->ns_ipa ? NS_IPA : 0;

	if (user_is_table(user)) /* only what was translated through it is known to be there */
		(range ? tlbi_range : tlbi_address)(round, opcode, user,
						    aligned_down(user->input, user->granule_lg2),
						    user->granule_lg2, ns);
	else
		(range ? tlbi_range : tlbi_address)(round, opcode, user, block, lg2, ns | leaf);
}

/* 4.4.2.7 to 4.4.2.14: EL2 has no VMID, and what is of EL1 does not reach it. */
static void tlbi_el2(struct round *round, const struct user *user)
{
	const struct opcodes *of = opcodes_of(user);

	switch (round->remedy.reach) {
	case BY_ADDRESS:
	case BY_RANGE:
		tlbi_by_address(round, of->el2_va, user);
		break;
	case BY_ADDRESS_ANY_ASID:
	case BY_RANGE_ANY_ASID:
		tlbi_by_address(round, of->el2_vaa, user);
		break;
	case BY_ASID:
		tlbi(round, of->el2_asid, user, 0, 0);
		break;
	default:
		tlbi(round, of->el2_all, user, 0, 0);
	}
}

/* 4.4.2.5, 4.4.2.6 */
static void tlbi_el3(struct round *round, const struct user *user)
{
	if (round->remedy.reach < BY_ASID)
		tlbi_by_address(round, CMD_TLBI_EL3_VA, user);
	else
		tlbi(round, CMD_TLBI_EL3_ALL, user, 0, 0);
}

/* All VMIDs; without Secure stage 2 there are none, and no command of its own.  4.4.2.1, 4.4.4.2 */
static unsigned every_of_el1(const struct round *round, const struct user *user)
{
	const bool none = user->sec_sid == SMMU3_PAS_SECURE &&
			  !round->world->state[user->sec_sid].s2p;

	return none ? CMD_TLBI_NH_ALL : opcodes_of(user)->nh_every;
}

/* 4.4.2 */
static void tlbi_stage1(struct round *round, const struct user *user)
{
	switch (round->remedy.reach) {
	case BY_ADDRESS:
	case BY_RANGE:
		tlbi_by_address(round, CMD_TLBI_NH_VA, user);
		break;
	case BY_ADDRESS_ANY_ASID:
	case BY_RANGE_ANY_ASID:
		tlbi_by_address(round, CMD_TLBI_NH_VAA, user);
		break;
	case BY_ASID:
		tlbi(round, CMD_TLBI_NH_ASID, user, 0, 0);
		break;
	case BY_VMID:
		tlbi(round, CMD_TLBI_NH_ALL, user, 0, 0);
		break;
	case BY_BOTH:
		tlbi(round, opcodes_of(user)->s12_vmall, user, 0, 0);
		break;
	default:
		tlbi(round, every_of_el1(round, user), user, 0, 0);
	}
}

/* By IPA, then everything of stage 1 that may hold it.  4.4.3.1 */
static void tlbi_stage2(struct round *round, const struct user *user)
{
	const struct opcodes *of = opcodes_of(user);

	if (round->remedy.reach == BY_BOTH)
		tlbi(round, of->s12_vmall, user, 0, 0);
	else if (round->remedy.reach == BY_ALL)
		tlbi(round, of->nh_every, user, 0, 0);
	else {
		tlbi_by_address(round, of->s2_ipa, user);
		if (user->nested)
			tlbi(round, CMD_TLBI_NH_ALL, user, 0, 0);
	}
}

/* Everything of EL2, or of EL3. */
static void tlbi_every_of(struct round *round, const struct user *user)
{
	const bool el3 = user->world == OBVIOUS_EL3;

	tlbi(round, el3 ? CMD_TLBI_EL3_ALL : opcodes_of(user)->el2_all, user, 0, 0);
}

/* Everything of a VMID, of which there is one where stage 2 is, or of EL2. */
static void tlbi_vmid(struct round *round, const struct user *user)
{
	const bool vmids = round->world->state[user->sec_sid].s2p;

	if (user->world != OBVIOUS_EL1)
		tlbi_every_of(round, user);
	else
		tlbi(round, vmids ? opcodes_of(user)->s12_vmall : every_of_el1(round, user), user,
		     0, 0);
}

static bool has_no_asid(const struct user *user)
{
	return user->world == OBVIOUS_EL2 || user->world == OBVIOUS_EL3;
}

/* All of an ASID, what is global too if there is any. */
static void tlbi_asid(struct round *round, const struct user *user, bool global)
{
	const bool el1 = user->world == OBVIOUS_EL1;

	if (!el1 && (global || has_no_asid(user)))
		tlbi_every_of(round, user);
	else if (global)
		tlbi(round, CMD_TLBI_NH_ALL, user, 0, 0);
	else
		tlbi(round, el1 ? CMD_TLBI_NH_ASID : opcodes_of(user)->el2_asid, user, 0, 0);
}

/* ---- Whom it concerns ---- */

/* By ASID what is global would stay.  Of streams that were given the same StreamID any may be the
 * one whose STE stands. */
static bool has_global(const struct world *world, const struct user *user)
{
	for (unsigned i = 0; i < world->streams; i++)
		if (world->stream[i].sid == user->sid &&
		    world->stream[i].sec_sid == user->sec_sid && world->stream[i].shares)
			return true;
	return false;
}

/* Bits of a structure's word that translations may hold.  5.2, 5.4, 3.21.3 */
static uint64_t held_by_translations(const struct user *user)
{
	static const uint64_t of_ste[8] = {
		[1] = UINT64_C(1) << 25,                                   /* S2FWB */
		[2] = UINT64_C(0xffffffffffff0000) & ~(UINT64_C(3) << 57), /* but VMID, S2S, S2R */
		[3] = UINT64_MAX,
		[4] = UINT64_MAX,
		[6] = UINT64_MAX, /* S2TTB, S_S2* */
	};
	static const uint64_t of_cd[8] = {
		/* but V, S, R, A, ASID */
		UINT64_C(0x0000ffffffffffff) & ~(UINT64_C(1) << 31 | UINT64_C(7) << 44), UINT64_MAX,
		UINT64_MAX, UINT64_MAX, /* TTB0, TTB1, MAIR */
	};

	return (user->reason == SMMU3_REASON_STE ? of_ste : of_cd)[user->part];
}

static bool translations_differ(struct round *round, const struct user *user)
{
	uint64_t now;

	return !memory_read(&round->world->memory, user->pa, &now) ||
	       (now ^ user->value) & held_by_translations(user);
}

static void owe_stream(struct round *round, const struct user *user)
{
	cfgi_stream(round, user->sec_sid, user->sid, round->remedy.cfgi_leaf);
	if (translations_differ(round, user))
		tlbi_vmid(round, user);
}

static void owe_context(struct round *round, const struct user *user)
{
	cfgi_context(round, user, round->remedy.cfgi_leaf);
	if (translations_differ(round, user))
		tlbi_asid(round, user, has_global(round->world, user));
}

static void owe_stage2(struct round *round, const struct user *user)
{
	tlbi_stage2(round, user);
	if (user->fault_class == SMMU3_CLASS_CD) /* it may stand elsewhere now */
		cfgi_context(round, user, false);
}

static void owe(struct round *round, const struct user *user)
{
	const struct remedy drawn = round->remedy;

	round->remedy = remedy_for(round->world, user, drawn);
	round->by_secure = round->world->state[SMMU3_PAS_SECURE].there &&
			   rng_chance(&round->world->rng, 500);
	switch (user->reason) {
	case SMMU3_REASON_L1STD:
		cfgi_stream(round, user->sec_sid, user->sid, false);
		break;
	case SMMU3_REASON_STE:
		owe_stream(round, user);
		break;
	case SMMU3_REASON_L1CD:
		cfgi_context(round, user, false);
		break;
	case SMMU3_REASON_CD:
		owe_context(round, user);
		break;
	case SMMU3_REASON_S1_TTD:
		(user->world == OBVIOUS_EL1 ? tlbi_stage1 :
		 user->world == OBVIOUS_EL3 ? tlbi_el3 :
					      tlbi_el2)(round, user);
		break;
	default:
		owe_stage2(round, user);
	}
	round->remedy = drawn;
}

struct remedy draw_remedy(struct world *world)
{
	struct rng *rng = &world->rng;

	return (struct remedy){
		.reach = (enum reach)rng_below(rng, rng_chance(rng, 280) ? BY_ASID : TLB_REACHES),
		.leaf = rng_below(rng, 2),
		.cfgi = (enum cfgi)rng_below(rng, CFGI_REACHES),
		.cfgi_leaf = rng_below(rng, 2),
	};
}

/* What is read from Non-secure memory for a Secure stream is not global.  3.17.1 */
static bool may_be_global(const struct world *world, const struct user *user)
{
	return has_global(world, user) && !(user->sec_sid == SMMU3_PAS_SECURE && user->ns);
}

struct remedy remedy_for(const struct world *world, const struct user *user, struct remedy remedy)
{
	const bool ril = world->setup.config.idr[3] >> 10 & 1;
	const bool stage1 = user->reason == SMMU3_REASON_S1_TTD;

	if (!ril && remedy.reach == BY_RANGE)
		remedy.reach = BY_ADDRESS;
	if (!ril && remedy.reach == BY_RANGE_ANY_ASID)
		remedy.reach = BY_ADDRESS_ANY_ASID;
	if (stage1 && remedy.reach == BY_ASID && (may_be_global(world, user) || has_no_asid(user)))
		remedy.reach = BY_VMID;
	if (remedy.reach == BY_BOTH && !world->state[user->sec_sid].s2p)
		remedy.reach = BY_ALL;
	if (!stage1 && remedy.reach == BY_RANGE_ANY_ASID)
		remedy.reach = BY_RANGE;
	if (!stage1 && remedy.reach < BY_BOTH && remedy.reach != BY_RANGE)
		remedy.reach = BY_ADDRESS;
	if (user->reason == SMMU3_REASON_STE || user->reason == SMMU3_REASON_L1STD)
		remedy.cfgi = remedy.cfgi < CFGI_RANGE ? CFGI_ONE : remedy.cfgi;
	return remedy;
}

/* ---- All of it ---- */

/* Is it served by what another of this round was?  A word may be a table's and, where a tree leads
 * back into itself, a page's too. */
static bool same_need(const struct user *a, const struct user *b)
{
	return a->reason == b->reason && a->pa == b->pa && a->input == b->input &&
	       a->level == b->level && a->granule_lg2 == b->granule_lg2 && a->sid == b->sid &&
	       a->sec_sid == b->sec_sid && a->ns_ipa == b->ns_ipa && a->ns == b->ns &&
	       a->ssid == b->ssid && a->vmid == b->vmid && a->asid == b->asid &&
	       a->world == b->world && a->fault_class == b->fault_class && a->nested == b->nested;
}

static bool is_first(const struct user *stale, unsigned index)
{
	for (unsigned i = 0; i < index; i++)
		if (same_need(&stale[i], &stale[index]))
			return false;
	return true;
}

/* Moves those that are out of date behind the others: how many are not. */
static unsigned part_stale(struct kept *kept, const struct memory *memory)
{
	unsigned fresh = 0;

	for (unsigned i = 0; i < kept->users; i++)
		if (!user_is_stale(&kept->user[i], memory)) {
			const struct user user = kept->user[i];

			kept->user[i] = kept->user[fresh];
			kept->user[fresh++] = user;
		}
	return fresh;
}

static void finish(struct round *round)
{
	for (unsigned queue = 0; queue < STATES; queue++)
		if (round->issued[queue])
			software_issue(round->software, queue, CMD_SYNC, 0);
}

void maintain(struct kept *kept, struct world *world, struct duel *duel, struct remedy remedy,
	      unsigned group_lg2)
{
	struct round round = { .world = world,
			       .software = &duel->software,
			       .remedy = remedy,
			       .group_lg2 = group_lg2 };

	if (!world->memory.touched)
		return;
	world->memory.touched = false;
	const unsigned fresh = part_stale(kept, &world->memory);
	const struct user *stale = &kept->user[fresh];

	for (unsigned i = 0; i < kept->users - fresh; i++)
		if (is_first(stale, i))
			owe(&round, &stale[i]);
	finish(&round);
	kept->users = fresh;
}

void maintain_all(struct kept *kept, struct world *world, struct duel *duel)
{
	struct round round = { .world = world,
			       .software = &duel->software,
			       .remedy = { .cfgi = CFGI_EVERY } };

	for (unsigned state = 0; state < STATES; state++) {
		const struct user anybody = { .sec_sid = (uint8_t)state };

		if (!world->state[state].there)
			continue;
		cfgi_stream(&round, state, 0, false);
		tlbi(&round, every_of_el1(&round, &anybody), &anybody, 0, 0);
		if (world->state[state].hyp)
			tlbi(&round, opcodes[state].el2_all, &anybody, 0, 0);
		if (world->state[state].el3)
			tlbi(&round, CMD_TLBI_EL3_ALL, &anybody, 0, 0);
	}
	finish(&round);
	world->memory.touched = false;
	kept_clear(kept);
}
