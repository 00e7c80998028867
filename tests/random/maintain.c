/* SPDX-License-Identifier: MIT */
#include "maintain.h"

#include "invalidate.h"
#include "words.h"

/* ---- Whom it concerns ---- */

/* Bits of a structure's word that translations may hold.  5.2, 5.4, 3.21.3 */
static uint64_t held_by_translations(const struct user *user)
{
	static const uint64_t of_ste[8] = {
		[1] = UINT64_C(1) << 25,                                   /* S2FWB */
		[2] = UINT64_C(0xffffffffffff0000) & ~(UINT64_C(3) << 57), /* but VMID, S2S, S2R */
		[3] = UINT64_MAX,
		[4] = ~(UINT64_C(0xffff) << 16), /* but PARTID */
		[6] = UINT64_MAX,                /* S2TTB, S_S2* */
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
		tlbi_asid(round, user, user->global);
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
	case SMMU3_REASON_VMS:
		cfgi_stream(round, user->sec_sid, user->sid, round->remedy.cfgi_leaf);
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
static bool may_be_global(const struct user *user)
{
	return user->global && !(user->sec_sid == SMMU3_PAS_SECURE && user->ns);
}

struct remedy remedy_for(const struct world *world, const struct user *user, struct remedy remedy)
{
	const bool ril = world->setup.config.idr[3] >> 10 & 1;
	const bool stage1 = user->reason == SMMU3_REASON_S1_TTD;

	if (!ril && remedy.reach == BY_RANGE)
		remedy.reach = BY_ADDRESS;
	if (!ril && remedy.reach == BY_RANGE_ANY_ASID)
		remedy.reach = BY_ADDRESS_ANY_ASID;
	/* What would be global elsewhere: by ASID it goes all the same, half of the time */
	if (stage1 && remedy.leaf && user->global && !may_be_global(user))
		remedy.reach = BY_ASID;
	if (stage1 && remedy.reach == BY_ASID && (may_be_global(user) || has_no_asid(user)))
		remedy.reach = BY_VMID;
	if (remedy.reach == BY_BOTH && !world->state[user->sec_sid].s2p)
		remedy.reach = BY_ALL;
	if (!stage1 && remedy.reach == BY_RANGE_ANY_ASID)
		remedy.reach = BY_RANGE;
	if (!stage1 && remedy.reach < BY_BOTH && remedy.reach != BY_RANGE)
		remedy.reach = BY_ADDRESS;
	if (user->reason == SMMU3_REASON_STE || user->reason == SMMU3_REASON_L1STD ||
	    user->reason == SMMU3_REASON_VMS)
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
	       a->world == b->world && a->fault_class == b->fault_class && a->nested == b->nested &&
	       a->global == b->global;
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
	invalidate_done(&round);
	kept->users = fresh;
}

void maintain_all(struct kept *kept, struct world *world, struct duel *duel)
{
	struct round round = { .world = world,
			       .software = &duel->software,
			       .remedy = { .cfgi = CFGI_EVERY } };

	for (unsigned state = 0; state < STATES; state++) {
		if (world->state[state].there)
			invalidate_state(&round, state);
	}
	invalidate_done(&round);
	world->memory.touched = false;
	kept_clear(kept);
}
