/* SPDX-License-Identifier: MIT */
#include "invalidate.h"

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
	/* in a Realm queue those of the first, of Realm streams */
	{ 0x20, 0x21, 0x22, 0x23, 0x28, 0x2a, 0x30 },
};

static const struct opcodes *opcodes_of(const struct user *user)
{
	return &opcodes[user->sec_sid];
}

/* ---- Structures ---- */

static void issue(struct round *round, unsigned queue, uint64_t word0, uint64_t word1)
{
	round->issued[queue] = true;
	software_issue(round->software, queue, word0, word1);
}

/* A queue whose commands reach a state: its own, or the Secure one, but not for Realm streams. */
static unsigned queue_for(const struct round *round, unsigned sec_sid)
{
	return round->by_secure && sec_sid != SMMU3_PAS_REALM ? SMMU3_PAS_SECURE : sec_sid;
}

/* SSec says whose stream it is.  4.1.6 */
static void cfgi(struct round *round, unsigned opcode, unsigned sec_sid, uint32_t sid,
		 uint32_t ssid, uint64_t word1)
{
	const uint64_t ssec = sec_sid == SMMU3_PAS_SECURE;

	issue(round, queue_for(round, sec_sid),
	      (uint64_t)sid << 32 | (uint64_t)ssid << 12 | ssec << 10 | opcode, word1);
}

/* Of the same span of two or more; but no StreamID that there is not.  4.1.7 */
static uint32_t neighbour(struct round *round, uint32_t sid)
{
	const uint32_t other = rng_below(&round->world->rng, 2);

	return round->world->traits.sid_bits ? sid ^ other : sid;
}

/* By stream, or by more.  4.3.1, 4.3.2, 4.3.6 */
void cfgi_stream(struct round *round, unsigned sec_sid, uint32_t sid, bool leaf)
{
	struct rng *rng = &round->world->rng;

	if (round->remedy.cfgi == CFGI_EVERY)
		cfgi(round, CMD_CFGI_STE_RANGE, sec_sid, (uint32_t)rng_next(rng), 0, 31);
	else if (round->remedy.cfgi == CFGI_RANGE)
		cfgi(round, CMD_CFGI_STE_RANGE, sec_sid, neighbour(round, sid), 0,
		     rng_below(rng, 31));
	else
		cfgi(round, CMD_CFGI_STE, sec_sid, sid, 0, leaf);
}

/* 4.3.3, 4.3.4 */
void cfgi_context(struct round *round, const struct user *user, bool leaf)
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
void tlbi_el2(struct round *round, const struct user *user)
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
void tlbi_el3(struct round *round, const struct user *user)
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
void tlbi_stage1(struct round *round, const struct user *user)
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
void tlbi_stage2(struct round *round, const struct user *user)
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
void tlbi_vmid(struct round *round, const struct user *user)
{
	const bool vmids = round->world->state[user->sec_sid].s2p;

	if (user->world != OBVIOUS_EL1)
		tlbi_every_of(round, user);
	else
		tlbi(round, vmids ? opcodes_of(user)->s12_vmall : every_of_el1(round, user), user,
		     0, 0);
}

bool has_no_asid(const struct user *user)
{
	return user->world == OBVIOUS_EL2 || user->world == OBVIOUS_EL3;
}

/* All of an ASID, what is global too if there is any. */
void tlbi_asid(struct round *round, const struct user *user, bool global)
{
	const bool el1 = user->world == OBVIOUS_EL1;

	if (!el1 && (global || has_no_asid(user)))
		tlbi_every_of(round, user);
	else if (global)
		tlbi(round, CMD_TLBI_NH_ALL, user, 0, 0);
	else
		tlbi(round, el1 ? CMD_TLBI_NH_ASID : opcodes_of(user)->el2_asid, user, 0, 0);
}

void invalidate_state(struct round *round, unsigned state)
{
	const struct user anybody = { .sec_sid = (uint8_t)state };

	cfgi_stream(round, state, 0, false);
	tlbi(round, every_of_el1(round, &anybody), &anybody, 0, 0);
	if (round->world->state[state].hyp)
		tlbi(round, opcodes[state].el2_all, &anybody, 0, 0);
	if (round->world->state[state].el3)
		tlbi(round, CMD_TLBI_EL3_ALL, &anybody, 0, 0);
}

void invalidate_done(struct round *round)
{
	for (unsigned queue = 0; queue < STATES; queue++)
		if (round->issued[queue])
			software_issue(round->software, queue, CMD_SYNC, 0);
}
