/* SPDX-License-Identifier: MIT */
/* Structures whose table was taken away, while the SMMU still used what it had read there, or where
 * to find it. */
#include "checking_report.h"

#include "check/below.h"

#include <stdlib.h>

enum use { USE_UNKNOWN, USE_NONE, USE_SOME };

/* What an access has used and read, and which of it the walk of memory as it stands reads, too. */
struct reaching {
	struct versions of;
	/* So many of it are of structures that are kept, and of all that is kept; the others were
	 * read */
	uint32_t structures, kept;
	bool *reached;
	uint8_t *use; /* enum use: of the table that it is of */
	bool moved;   /* a register says that tables that were found by it are elsewhere */
};

static bool is_read_by(const struct version *version, const struct smmu3_step *step)
{
	return version->at.addr == step->pa && (uint8_t)version->at.pas == step->pas &&
	       version->reason == step->reason && version->level == step->level;
}

static void note_reached(void *context, const struct smmu3_step *step)
{
	struct reaching *reaching = context;

	for (uint32_t i = 0; i < reaching->of.count; i++)
		reaching->reached[i] |= is_read_by(&reaching->of.version[i], step);
}

/* Does memory lead there no more because a register leads elsewhere? */
static bool is_left(const struct reaching *reaching, uint32_t i)
{
	const unsigned reason = reaching->of.version[i].reason;

	return reaching->moved && !reaching->reached[i] &&
	       (reason == SMMU3_REASON_L1STD || reason == SMMU3_REASON_STE ||
		reason == SMMU3_REASON_DPT || reason == SMMU3_REASON_GPT);
}

/* How it hangs on something that has changed, as far as that is known: the closest. */
static enum below hangs(struct smmu3 *smmu, const struct reaching *reaching, uint32_t number)
{
	const struct version *version = &reaching->of.version[number];
	enum below most = is_left(reaching, number) ? BELOW_ALONE : NOT_BELOW;

	for (uint32_t i = 0; i < reaching->kept && most < BELOW_ALONE; i++) {
		const enum below below = version_below(&reaching->of.version[i], version);

		if (below > most &&
		    (is_left(reaching, i) || check_differs(smmu, &reaching->of.version[i])))
			most = below;
	}
	return most;
}

static bool was_updated(const struct checked *checked, const struct version *version)
{
	return checked->updates && checked->updated.addr == version->at.addr &&
	       checked->updated.pas == version->at.pas;
}

/* An STE or CD through which something else was found, and which need not be kept any more itself:
 * its memory may be another's. */
static bool is_by_the_way(const struct reaching *reaching, uint32_t i)
{
	return i >= reaching->structures && i < reaching->kept &&
	       check_is_structure(&reaching->of.version[i]);
}

/* What was read but may be found through others, too, need not be freed: a stream that has other
 * tables now has left its old ones, which may still be somebody's. */
static enum smmu3_freed freed_by(struct smmu3 *smmu, const struct checked *checked,
				 const struct reaching *reaching, uint32_t i)
{
	const struct version *version = &reaching->of.version[i];
	const enum below below = reaching->reached[i] ? NOT_BELOW : hangs(smmu, reaching, i);

	if (!below || is_by_the_way(reaching, i))
		return SMMU3_FREED_NONE;
	if (i < reaching->kept)
		return check_differs(smmu, version) ? SMMU3_FREED_CHANGED : SMMU3_FREED_NONE;
	if (below != BELOW_ALONE)
		return SMMU3_FREED_NONE;
	return was_updated(checked, version) ? SMMU3_FREED_WRITTEN : SMMU3_FREED_READ;
}

/* ---- Whose it is now ---- */

/* Is an access led to this table? */
struct seeking {
	struct table_place place;
	bool found;
};

static void seek(void *context, const struct smmu3_step *step)
{
	struct seeking *seeking = context;
	const struct table_place place = place_of_step(step);

	seeking->found |= same_table(&place, &seeking->place);
}

static unsigned users_known(struct check *check, const struct table_place *place,
			    struct table_user user[TABLE_USERS])
{
	pthread_mutex_lock(&check->lock);
	const unsigned count = users_of(&check->users, place, user);

	pthread_mutex_unlock(&check->lock);
	return count;
}

/* Those who were led to a table before are asked whether they still are: whose it still is, it was
 * not freed.  Of whom nobody knows any more, it is taken for somebody's. */
static enum use use_of(struct smmu3 *smmu, const struct table_place *place)
{
	struct seeking seeking = { *place, false };
	struct table_user user[TABLE_USERS];
	const unsigned users = users_known(smmu->check, place, user);
	struct smmu3_outcome outcome;

	if (users == USERS_UNKNOWN)
		return USE_SOME;
	for (unsigned n = 0; n < users && !seeking.found; n++)
		check_look_up_afresh(smmu, &user[n].txn, seek, &seeking, &outcome);
	return seeking.found ? USE_SOME : USE_NONE;
}

/* Each table is asked about once. */
static bool is_in_use(struct smmu3 *smmu, const struct reaching *reaching, uint32_t i)
{
	const struct table_place place = place_of_version(&reaching->of.version[i]);

	for (uint32_t j = 0; j < i && !reaching->use[i]; j++) {
		const struct table_place other = place_of_version(&reaching->of.version[j]);

		if (reaching->use[j] && same_table(&place, &other))
			reaching->use[i] = reaching->use[j];
	}
	if (!reaching->use[i])
		reaching->use[i] = (uint8_t)use_of(smmu, &place);
	return reaching->use[i] == USE_SOME;
}

/* The first of what weighs most. */
static void weigh(struct smmu3 *smmu, const struct checked *checked,
		  const struct reaching *reaching, struct blame *blame)
{
	for (uint32_t i = 0; i < reaching->of.count; i++) {
		const enum smmu3_freed is = freed_by(smmu, checked, reaching, i);

		if (is <= blame->freed_is || is_in_use(smmu, reaching, i))
			continue;
		blame->freed_is = is;
		blame->freed = reaching->of.version[i];
	}
}

static bool is_of_structure(const struct kept_key *key)
{
	return key->kind <= SMMU3_KEPT_CD || key->kind == SMMU3_KEPT_L1CD;
}

static void add_made_of(struct smmu3 *smmu, const struct blame *blame, bool structures,
			struct versions *of)
{
	for (unsigned i = 0; i < blame->keys; i++)
		if (is_of_structure(&blame->key[i]) == structures)
			check_add_made_of(smmu, &blame->key[i], of);
}

void check_find_freed(struct smmu3 *smmu, const struct smmu3_txn *txn,
		      const struct checked *checked, struct blame *blame)
{
	struct reaching reaching = { .kept = 0, .moved = blame->moved };
	struct smmu3_outcome outcome;

	add_made_of(smmu, blame, true, &reaching.of);
	reaching.structures = reaching.of.count;
	add_made_of(smmu, blame, false, &reaching.of);
	reaching.kept = reaching.of.count;
	check_add_read(smmu, &checked->trail, &reaching.of);
	reaching.reached = calloc(reaching.of.count + 1, sizeof(*reaching.reached));
	reaching.use = calloc(reaching.of.count + 1, sizeof(*reaching.use));
	if (reaching.reached && reaching.use) {
		check_look_up_afresh(smmu, txn, note_reached, &reaching, &outcome);
		weigh(smmu, checked, &reaching, blame);
	} else {
		check_miss(smmu->check, CHECK_NO_MEMORY);
	}
	free(reaching.reached);
	free(reaching.use);
	free(reaching.of.version);
}
