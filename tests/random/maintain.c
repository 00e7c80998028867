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
	CMD_TLBI_EL2_ALL = 0x20,
	CMD_TLBI_EL2_ASID = 0x21,
	CMD_TLBI_EL2_VA = 0x22,
	CMD_TLBI_EL2_VAA = 0x23,
	CMD_TLBI_S12_VMALL = 0x28,
	CMD_TLBI_S2_IPA = 0x2a,
	CMD_TLBI_NSNH_ALL = 0x30,
	CMD_SYNC = 0x46,
	LEAF = 1,
};

/* One round of maintenance. */
struct round {
	struct world *world;
	struct software *software;
	struct remedy remedy;
	unsigned group_lg2;
};

/* ---- Structures ---- */

static void cfgi(const struct round *round, unsigned opcode, uint32_t sid, uint32_t ssid,
		 uint64_t word1)
{
	software_issue(round->software, (uint64_t)sid << 32 | (uint64_t)ssid << 12 | opcode, word1);
}

/* By stream, or by more.  4.3.1, 4.3.2, 4.3.6 */
static void cfgi_stream(const struct round *round, uint32_t sid, bool leaf)
{
	struct rng *rng = &round->world->rng;

	if (round->remedy.cfgi == CFGI_EVERY)
		cfgi(round, CMD_CFGI_STE_RANGE, (uint32_t)rng_next(rng), 0, 31);
	else if (round->remedy.cfgi == CFGI_RANGE)
		cfgi(round, CMD_CFGI_STE_RANGE, sid ^ rng_below(rng, 2), 0, rng_below(rng, 31));
	else
		cfgi(round, CMD_CFGI_STE, sid, 0, leaf);
}

/* 4.3.3, 4.3.4 */
static void cfgi_context(const struct round *round, const struct user *user, bool leaf)
{
	if (round->remedy.cfgi == CFGI_ONE)
		cfgi(round, CMD_CFGI_CD, user->sid, user->ssid, leaf);
	else if (round->remedy.cfgi == CFGI_CDS)
		cfgi(round, CMD_CFGI_CD_ALL, user->sid, 0, 0);
	else
		cfgi_stream(round, user->sid, round->remedy.cfgi_leaf);
}

/* ---- Translations ---- */

static void tlbi(const struct round *round, unsigned opcode, const struct user *user,
		 uint64_t range, uint64_t word1)
{
	software_issue(round->software,
		       (uint64_t)user->asid << 48 | (uint64_t)user->vmid << 32 | range | opcode,
		       word1);
}

/* A range of pages that ends with the first page of a block, or begins with its last: by one page
 * less it would miss the block.  4.4.1.1 */
static void tlbi_range(const struct round *round, unsigned opcode, const struct user *user,
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
static void tlbi_address(const struct round *round, unsigned opcode, const struct user *user,
			 uint64_t block, unsigned lg2, uint64_t word1)
{
	const uint64_t within = rng_bits(&round->world->rng, lg2) & ~mask_of(12);

	tlbi(round, opcode, user, 0, block | within | word1);
}

/* What a descriptor translates, with all that was changed with it. */
static unsigned origin_lg2(const struct round *round, const struct user *user)
{
	return user_block_lg2(user) + (user_is_table(user) ? 0 : round->group_lg2);
}

static void tlbi_by_address(const struct round *round, unsigned opcode, const struct user *user)
{
	const bool leaf = round->remedy.leaf && !user_is_table(user);
	const bool range = round->remedy.reach == BY_RANGE ||
			   round->remedy.reach == BY_RANGE_ANY_ASID;
	const unsigned lg2 = origin_lg2(round, user);
	const uint64_t block = aligned_down(user->input, lg2);

	if (user_is_table(user)) /* only what was translated through it is known to be there */
		(range ? tlbi_range : tlbi_address)(round, opcode, user,
						    aligned_down(user->input, user->granule_lg2),
						    user->granule_lg2, 0);
	else
		(range ? tlbi_range : tlbi_address)(round, opcode, user, block, lg2, leaf);
}

/* 4.4.2.7 to 4.4.2.10: EL2 has no VMID, and what is of EL1 does not reach it. */
static void tlbi_el2(const struct round *round, const struct user *user)
{
	switch (round->remedy.reach) {
	case BY_ADDRESS:
	case BY_RANGE:
		tlbi_by_address(round, CMD_TLBI_EL2_VA, user);
		break;
	case BY_ADDRESS_ANY_ASID:
	case BY_RANGE_ANY_ASID:
		tlbi_by_address(round, CMD_TLBI_EL2_VAA, user);
		break;
	case BY_ASID:
		tlbi(round, CMD_TLBI_EL2_ASID, user, 0, 0);
		break;
	default:
		tlbi(round, CMD_TLBI_EL2_ALL, user, 0, 0);
	}
}

/* 4.4.2 */
static void tlbi_stage1(const struct round *round, const struct user *user)
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
		tlbi(round, CMD_TLBI_S12_VMALL, user, 0, 0);
		break;
	default:
		tlbi(round, CMD_TLBI_NSNH_ALL, user, 0, 0);
	}
}

/* By IPA, then everything of stage 1 that may hold it.  4.4.3.1 */
static void tlbi_stage2(const struct round *round, const struct user *user)
{
	if (round->remedy.reach == BY_BOTH)
		tlbi(round, CMD_TLBI_S12_VMALL, user, 0, 0);
	else if (round->remedy.reach == BY_ALL)
		tlbi(round, CMD_TLBI_NSNH_ALL, user, 0, 0);
	else {
		tlbi_by_address(round, CMD_TLBI_S2_IPA, user);
		if (user->nested)
			tlbi(round, CMD_TLBI_NH_ALL, user, 0, 0);
	}
}

/* Everything of a VMID, of which there is one where stage 2 is, or of EL2. */
static void tlbi_vmid(const struct round *round, const struct user *user)
{
	if (user->world != OBVIOUS_EL1)
		tlbi(round, CMD_TLBI_EL2_ALL, user, 0, 0);
	else
		tlbi(round, round->world->traits.s2p ? CMD_TLBI_S12_VMALL : CMD_TLBI_NSNH_ALL, user,
		     0, 0);
}

/* All of an ASID, what is global too if there is any. */
static void tlbi_asid(const struct round *round, const struct user *user, bool global)
{
	const bool el2 = user->world != OBVIOUS_EL1;

	if (global || user->world == OBVIOUS_EL2)
		tlbi(round, el2 ? CMD_TLBI_EL2_ALL : CMD_TLBI_NH_ALL, user, 0, 0);
	else
		tlbi(round, el2 ? CMD_TLBI_EL2_ASID : CMD_TLBI_NH_ASID, user, 0, 0);
}

/* ---- Whom it concerns ---- */

/* By ASID what is global would stay.  Of streams that were given the same StreamID any may be the
 * one whose STE stands. */
static bool has_global(const struct world *world, const struct user *user)
{
	for (unsigned i = 0; i < world->streams; i++)
		if (world->stream[i].sid == user->sid && world->stream[i].shares)
			return true;
	return false;
}

/* Bits of a structure's word that translations may hold.  5.2, 5.4, 3.21.3 */
static uint64_t held_by_translations(const struct user *user)
{
	static const uint64_t of_ste[8] = {
		[1] = UINT64_C(1) << 25,                                   /* S2FWB */
		[2] = UINT64_C(0xffffffffffff0000) & ~(UINT64_C(3) << 57), /* but VMID, S2S, S2R */
		[3] = UINT64_MAX,                                          /* S2TTB */
	};
	static const uint64_t of_cd[8] = {
		/* but V, S, R, A, ASID */
		UINT64_C(0x0000ffffffffffff) & ~(UINT64_C(1) << 31 | UINT64_C(7) << 44), UINT64_MAX,
		UINT64_MAX, UINT64_MAX, /* TTB0, TTB1, MAIR */
	};

	return (user->reason == SMMU3_REASON_STE ? of_ste : of_cd)[user->part];
}

static bool translations_differ(const struct round *round, const struct user *user)
{
	uint64_t now;

	return !memory_read(&round->world->memory, user->pa, &now) ||
	       (now ^ user->value) & held_by_translations(user);
}

static void owe_stream(const struct round *round, const struct user *user)
{
	cfgi_stream(round, user->sid, round->remedy.cfgi_leaf);
	if (translations_differ(round, user))
		tlbi_vmid(round, user);
}

static void owe_context(const struct round *round, const struct user *user)
{
	cfgi_context(round, user, round->remedy.cfgi_leaf);
	if (translations_differ(round, user))
		tlbi_asid(round, user, has_global(round->world, user));
}

static void owe_stage2(const struct round *round, const struct user *user)
{
	tlbi_stage2(round, user);
	if (user->fault_class == SMMU3_CLASS_CD) /* it may stand elsewhere now */
		cfgi_context(round, user, false);
}

static void owe(struct round *round, const struct user *user)
{
	const struct remedy drawn = round->remedy;

	round->remedy = remedy_for(round->world, user, drawn);
	switch (user->reason) {
	case SMMU3_REASON_L1STD:
		cfgi_stream(round, user->sid, false);
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
		(user->world == OBVIOUS_EL1 ? tlbi_stage1 : tlbi_el2)(round, user);
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
		.reach = (enum reach)rng_below(rng, rng_chance(rng, 400) ? BY_ASID : TLB_REACHES),
		.leaf = rng_below(rng, 2),
		.cfgi = (enum cfgi)rng_below(rng, CFGI_REACHES),
		.cfgi_leaf = rng_below(rng, 2),
	};
}

struct remedy remedy_for(const struct world *world, const struct user *user, struct remedy remedy)
{
	const bool ril = world->setup.config.idr[3] >> 10 & 1;
	const bool stage1 = user->reason == SMMU3_REASON_S1_TTD;

	if (!ril && remedy.reach == BY_RANGE)
		remedy.reach = BY_ADDRESS;
	if (!ril && remedy.reach == BY_RANGE_ANY_ASID)
		remedy.reach = BY_ADDRESS_ANY_ASID;
	if (stage1 && remedy.reach == BY_ASID &&
	    (has_global(world, user) || user->world == OBVIOUS_EL2))
		remedy.reach = BY_VMID;
	if (remedy.reach == BY_BOTH && !world->traits.s2p)
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

void maintain(struct kept *kept, struct world *world, struct duel *duel, struct remedy remedy,
	      unsigned group_lg2)
{
	struct round round = { world, &duel->software, remedy, group_lg2 };

	if (!world->memory.touched)
		return;
	world->memory.touched = false;
	const unsigned fresh = part_stale(kept, &world->memory);
	const struct user *stale = &kept->user[fresh];

	for (unsigned i = 0; i < kept->users - fresh; i++)
		if (is_first(stale, i))
			owe(&round, &stale[i]);
	if (kept->users > fresh)
		software_issue(&duel->software, CMD_SYNC, 0);
	kept->users = fresh;
}

void maintain_all(struct kept *kept, struct world *world, struct duel *duel)
{
	const struct round round = { world, &duel->software, { .cfgi = CFGI_EVERY }, 0 };
	const struct user nobody = { 0 };

	cfgi_stream(&round, 0, false);
	tlbi(&round, CMD_TLBI_NSNH_ALL, &nobody, 0, 0);
	if (world->traits.hyp)
		tlbi(&round, CMD_TLBI_EL2_ALL, &nobody, 0, 0);
	software_issue(&duel->software, CMD_SYNC, 0);
	world->memory.touched = false;
	kept_clear(kept);
}
