/* SPDX-License-Identifier: MIT */
/* Structures whose table was taken away, while the SMMU still used what it had read there, or where
 * to find it. */
#include "checking_report.h"

#include "check/below.h"

#include <stdlib.h>

/* What an access has used and read, and which of it the walk of memory as it stands reads, too. */
struct reaching {
	struct versions of;
	uint32_t kept; /* so many of it are of what is kept, the others were read */
	bool *reached;
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

/* How it hangs on something that has changed, as far as that is known: the closest. */
static enum below hangs(struct smmu3 *smmu, const struct reaching *reaching,
			const struct version *version)
{
	enum below most = NOT_BELOW;

	for (uint32_t i = 0; i < reaching->kept && most < BELOW_ALONE; i++) {
		const enum below below = version_below(&reaching->of.version[i], version);

		if (below > most && check_differs(smmu, &reaching->of.version[i]))
			most = below;
	}
	return most;
}

static bool was_updated(const struct checked *checked, const struct version *version)
{
	return checked->updates && checked->updated.addr == version->at.addr &&
	       checked->updated.pas == version->at.pas;
}

/* What was read but may be found through others, too, need not be freed: a stream that has other
 * tables now has left its old ones, which may still be somebody's. */
static enum smmu3_freed freed_by(struct smmu3 *smmu, const struct checked *checked,
				 const struct reaching *reaching, uint32_t i)
{
	const struct version *version = &reaching->of.version[i];
	const enum below below = reaching->reached[i] ? NOT_BELOW : hangs(smmu, reaching, version);

	if (!below)
		return SMMU3_FREED_NONE;
	if (i < reaching->kept)
		return check_differs(smmu, version) ? SMMU3_FREED_CHANGED : SMMU3_FREED_NONE;
	if (below != BELOW_ALONE)
		return SMMU3_FREED_NONE;
	return was_updated(checked, version) ? SMMU3_FREED_WRITTEN : SMMU3_FREED_READ;
}

/* The first of what weighs most. */
static void weigh(struct smmu3 *smmu, const struct checked *checked,
		  const struct reaching *reaching, struct blame *blame)
{
	for (uint32_t i = 0; i < reaching->of.count; i++) {
		const enum smmu3_freed is = freed_by(smmu, checked, reaching, i);

		if (is <= blame->freed_is)
			continue;
		blame->freed_is = is;
		blame->freed = reaching->of.version[i];
	}
}

void check_find_freed(struct smmu3 *smmu, const struct smmu3_txn *txn,
		      const struct checked *checked, struct blame *blame)
{
	struct reaching reaching = { .kept = 0 };
	struct smmu3_outcome outcome;

	for (unsigned i = 0; i < blame->keys; i++)
		check_add_made_of(smmu, &blame->key[i], &reaching.of);
	reaching.kept = reaching.of.count;
	check_add_read(smmu, &checked->trail, &reaching.of);
	reaching.reached = calloc(reaching.of.count + 1, sizeof(*reaching.reached));
	if (reaching.reached) {
		check_look_up_afresh(smmu, txn, note_reached, &reaching, &outcome);
		weigh(smmu, checked, &reaching, blame);
	} else {
		check_miss(smmu->check, CHECK_NO_MEMORY);
	}
	free(reaching.reached);
	free(reaching.of.version);
}
