/* SPDX-License-Identifier: MIT */
#include "kept.h"

#include "words.h"

enum { STRUCTURE_WORDS = 8, ROOM = 256 };

void kept_clear(struct kept *kept)
{
	kept->users = 0;
	kept->txns = 0;
}

bool kept_takes(const struct kept *kept, unsigned accesses)
{
	return kept->users + ROOM * accesses <= KEPT_USERS &&
	       kept->txns + accesses <= KEPT_ACCESSES;
}

/* ---- Noting ---- */

struct noting {
	struct kept *kept;
	struct world *world;
	const struct smmu3_txn *txn;
	struct user whose; /* as far as structures have said */
	/* Of a Secure stream: what stage 1 puts out next is Non-secure; so is the table that is
	 * read */
	bool ns, table_ns;
	bool big[2]; /* by stage: its tables are big-endian */
	uint64_t cd; /* its first word */
	bool pnch;
	bool disch, table_disch; /* in the next table of VMSAv9-128, and in this one, nothing is
				    contiguous */
};

/* 5.2 STRW; of a legal STE. */
static uint8_t world_of(const struct world *world, unsigned sec_sid, const uint64_t *ste)
{
	const struct state *state = &world->state[sec_sid];
	const uint64_t strw = get(ste, 95, 94);

	if (!(state->hyp || state->el3) || get(ste, 3, 1) != 5 || strw == 0)
		return OBVIOUS_EL1;
	if (strw == 1)
		return OBVIOUS_EL3;
	return world->setup.of[sec_sid].cr2 & 1 ? OBVIOUS_EL2_E2H : OBVIOUS_EL2;
}

/* A Secure stream of stage 1 alone has the VMID 0, whatever S2VMID says.  5.2 */
static uint16_t vmid_of(const struct world *world, unsigned sec_sid, const uint64_t *ste)
{
	if (!world->state[sec_sid].s2p || (sec_sid == SMMU3_PAS_SECURE && !get(ste, 2, 2)))
		return 0;
	return (uint16_t)(get(ste, 143, 128) & mask_of(world->traits.vmid16 ? 16 : 8));
}

/* What comes in where stage 1 does not translate: NSCFG, or the NS that the device drives. */
static bool ns_without_stage1(const struct noting *noting, const uint64_t *ste)
{
	const uint64_t nscfg = get(ste, 111, 110);

	if (noting->world->setup.config.idr[1] >> 26 & 1 && nscfg > 1)
		return nscfg == 3;
	return noting->txn->flags & SMMU3_TXN_NS;
}

/* TTB1 by bit 55 of the address; of VMSAv8-32 by T0SZ, T1SZ and bits 31:25.  3.4.1, G5.5.5 */
static bool is_upper(const struct noting *noting)
{
	const uint64_t *cd = &noting->cd, va = noting->txn->addr;
	const unsigned t0sz = (unsigned)get(cd, 2, 0), t1sz = (unsigned)get(cd, 18, 16);

	if (noting->whose.world == OBVIOUS_EL3)
		return false;
	if (get(cd, 41, 41) || noting->world->traits.d128)
		return va >> 55 & 1;
	if (t0sz)
		return va >> (32 - t0sz);
	return t1sz && (va & mask_of(32)) >> (32 - t1sz) == mask_of(t1sz);
}

static bool is_ttd(const struct smmu3_step *step)
{
	return step->reason == SMMU3_REASON_S1_TTD || step->reason == SMMU3_REASON_S2_TTD;
}

/* Those of VMSAv9-128 have two words, and SKL in bits 110:109. */
static bool is_table(const struct smmu3_step *step)
{
	if (!is_ttd(step))
		return false;
	if (step->words == 2)
		return step->level + (int)(step->word[1] >> 45 & 3) < LAST_LEVEL;
	return step->level < LAST_LEVEL && step->word[0] & 2;
}

/* NSCFG0 or NSCFG1; then NSTable, and NS. */
static void follow_space(struct noting *noting, const struct smmu3_step *step)
{
	const bool upper = is_upper(noting), table = is_table(step);

	noting->table_ns = noting->ns;
	if (step->reason == SMMU3_REASON_STE)
		noting->ns = ns_without_stage1(noting, step->word);
	else if (step->reason == SMMU3_REASON_CD)
		noting->ns = step->word[upper ? 2 : 1] & 1;
	else if (step->reason == SMMU3_REASON_S1_TTD)
		noting->ns |= step->words == 2 ? step->word[1] >> 63 :
						 step->word[0] >> (table ? 63 : 5) & 1;
}

/* DisCH0 or DisCH1, then DisCH of tables: of VMSAv9-128 the leaves of the next table are no group.
 */
static void follow_groups(struct noting *noting, const struct smmu3_step *step)
{
	const bool wide = step->reason == SMMU3_REASON_S1_TTD && step->words == 2;

	noting->table_disch = noting->disch;
	if (step->reason == SMMU3_REASON_CD)
		noting->disch = step->word[is_upper(noting) ? 2 : 1] >> 1 & 1;
	else if (wide && is_table(step))
		noting->disch = step->word[1] >> 48 & 1;
}

/* The tags that a structure gives to all that comes after it. */
static void learn(struct noting *noting, const struct smmu3_step *step)
{
	const struct traits *traits = &noting->world->traits;
	struct user *whose = &noting->whose;

	if (step->reason == SMMU3_REASON_CD)
		noting->cd = step->word[0];
	follow_groups(noting, step);
	if (step->reason == SMMU3_REASON_CD)
		noting->pnch = traits->the && get(step->word, 122, 122) && get(step->word, 41, 41);
	follow_space(noting, step);

	if (step->reason == SMMU3_REASON_STE) {
		noting->big[1] = get(step->word, 180, 180);
		whose->vmid = vmid_of(noting->world, whose->sec_sid, step->word);
		whose->nested = get(step->word, 3, 1) == 7;
		whose->world = world_of(noting->world, whose->sec_sid, step->word);
	} else if (step->reason == SMMU3_REASON_CD) {
		noting->big[0] = get(step->word, 15, 15);
		whose->asid = (uint16_t)(get(step->word, 63, 48) &
					 mask_of(traits->asid16 ? 16 : 8));
	}
}

static bool is_big(const struct noting *noting, const struct smmu3_step *step)
{
	return (step->reason == SMMU3_REASON_S1_TTD && noting->big[0]) ||
	       (step->reason == SMMU3_REASON_S2_TTD && noting->big[1]);
}

/* A word as memory has it. */
static uint64_t value_of(const struct noting *noting, const struct smmu3_step *step, unsigned part)
{
	const bool big = is_big(noting, step);
	uint64_t word[STRUCTURE_WORDS];

	for (unsigned i = 0; i < step->words; i++) /* of a descriptor the last is the first */
		word[i] = big ? __builtin_bswap64(step->word[step->words - 1 - i]) : step->word[i];
	memory_seen(setup_has_spaces(&noting->world->setup), (enum smmu3_pas)step->pas,
		    (enum smmu3_reason)step->reason, word, step->words);
	return word[part];
}

static void add_user(struct noting *noting, const struct smmu3_step *step, unsigned part)
{
	struct kept *kept = noting->kept;
	struct user *user = &kept->user[kept->users++];

	*user = noting->whose;
	user->pa = step->pa + 8 * part;
	user->big = is_big(noting, step);
	user->apart = step->reason == SMMU3_REASON_S1_TTD &&
		      (noting->pnch || (step->words == 2 && noting->table_disch));
	user->d128 = is_ttd(step) && step->words == 2;
	user->high = user->d128 && part != user->big;
	user->table = is_table(step);
	user->value = value_of(noting, step, part);
	user->ns = step->pas == SMMU3_PAS_NS ||
		   (step->reason == SMMU3_REASON_S1_TTD && noting->table_ns);
	/* CDs are at Secure IPAs.  3.10.2.1 */
	user->ns_ipa = step->reason == SMMU3_REASON_S2_TTD && noting->ns &&
		       step->fault_class != SMMU3_CLASS_CD;
	user->input = step->input;
	user->reason = step->reason;
	user->part = (uint8_t)part;
	user->fault_class = step->fault_class;
	user->granule_lg2 = step->granule_lg2;
	user->level = step->level;
	memory_watch(&noting->world->memory, user->pa);
}

bool user_is_ttd(const struct user *user)
{
	return user->reason == SMMU3_REASON_S1_TTD || user->reason == SMMU3_REASON_S2_TTD;
}

static uint64_t descriptor_of(const struct user *user)
{
	return user->big ? __builtin_bswap64(user->value) : user->value;
}

bool user_is_table(const struct user *user)
{
	return user->table;
}

/* A table that leads back into itself is a page, too, and has no nG.  D8.16.2 */
static bool is_global_leaf(const struct user *user)
{
	enum { NG = 1 << 11 };

	return user->reason == SMMU3_REASON_S1_TTD && !user_is_table(user) && !user->high &&
	       !(descriptor_of(user) & NG);
}

/* Then what an access has read is not invalidated by ASID. */
static void note_global(struct kept *kept, unsigned first)
{
	bool global = false;

	for (unsigned i = first; i < kept->users; i++)
		global |= is_global_leaf(&kept->user[i]);
	for (unsigned i = first; i < kept->users; i++)
		kept->user[i].global = global;
}

/* Nobody keeps a descriptor that is not valid. */
static bool leads_on(const struct smmu3_step *step)
{
	return !step->aborted && !(is_ttd(step) && !(step->word[0] & 1));
}

static void note_step(void *context, const struct smmu3_step *step)
{
	struct noting *noting = context;

	if (step->reason == SMMU3_REASON_GPT || step->updates) /* reprotect.c; it is read, too */
		return;
	learn(noting, step);
	for (unsigned i = 0; i < step->words && leads_on(step); i++)
		if (noting->kept->users < KEPT_USERS)
			add_user(noting, step, i);
}

void kept_note(struct kept *kept, struct world *world, struct duel *duel,
	       const struct smmu3_txn *txn)
{
	struct noting noting = {
		.kept = kept,
		.world = world,
		.txn = txn,
		.whose = { .sid = txn->sid,
			   .sec_sid = txn->sec_sid,
			   .ssid = txn->flags & SMMU3_TXN_SSV ? txn->ssid : 0,
			   .access = (uint8_t)kept->txns },
	};
	struct smmu3_outcome outcome;
	const unsigned first = kept->users;

	kept->txn[kept->txns++] = *txn;
	(void)smmu3_explain(duel->software.smmu, txn, &outcome, note_step, &noting);
	note_global(kept, first);
}

/* Software owes nothing for what hardware has updated, but for a table that lies over a structure.
 * false: this is one. */
static bool follow_update(struct kept *kept, uint64_t pa, uint64_t after)
{
	bool descriptors = true;

	for (unsigned i = 0; i < kept->users; i++)
		if (kept->user[i].pa == pa && user_is_ttd(&kept->user[i]))
			kept->user[i].value = after;
		else if (kept->user[i].pa == pa)
			descriptors = false;
	return descriptors;
}

bool kept_follow(struct kept *kept, const struct duel *duel)
{
	const struct updates_made *made = &duel->library.made;
	bool descriptors = true;

	for (unsigned i = 0; i < made->count; i++)
		descriptors &= follow_update(kept, made->update[i].pa, made->update[i].after);
	return descriptors;
}

/* ---- Asking ---- */

unsigned user_block_lg2(const struct user *user)
{
	const struct tree like = { .granule_lg2 = user->granule_lg2, .d128 = user->d128 };

	return tree_lsb(&like, user->level);
}

bool user_is_stale(const struct user *user, const struct memory *memory)
{
	uint64_t value;

	return !memory_read(memory, user->pa, &value) || value != user->value;
}

static bool reads(const struct fetches *fetches, uint64_t pa)
{
	for (unsigned i = 0; i < fetches->count && i < DUEL_FETCHES; i++)
		if (pa - fetches->access[i].pa < fetches->access[i].bytes)
			return true;
	return false;
}

bool user_is_kept(const struct user *user, const struct kept *kept, struct duel *duel)
{
	struct smmu3_txn txn = kept->txn[user->access];
	struct smmu3_outcome outcome;

	txn.flags |= SMMU3_TXN_PROBE;
	duel->library.count = 0;
	return smmu3_translate(duel->software.smmu, &txn, &outcome) == SMMU3_OK &&
	       !reads(&duel->library, user->pa);
}
