/* SPDX-License-Identifier: MIT */
/* What has changed so that something kept is out of date: of all that it was made of, that which
 * the walk of memory as it stands still reads. */
#include "checking_report.h"

#include <stdlib.h>

/* ---- What memory as it stands leads to ---- */

static bool is_read(const struct version *version, const struct smmu3_step *step)
{
	return version->at.addr == step->pa && (uint8_t)version->at.pas == step->pas &&
	       version->reason == step->reason;
}

static void note_led(void *context, const struct smmu3_step *step)
{
	struct leads *leads = context;

	for (unsigned key = 0; key < leads->keys; key++)
		for (uint32_t i = 0; leads->to[key] && i < leads->of[key].count; i++)
			leads->to[key][i] |= is_read(&leads->of[key].version[i], step);
}

static struct leads *lead(struct smmu3 *smmu, const struct smmu3_txn *txn,
			  const struct blame *blame)
{
	struct leads *leads = calloc(1, sizeof(*leads));
	struct smmu3_outcome outcome;

	if (!leads)
		return NULL;
	leads->keys = blame->keys;
	for (unsigned key = 0; key < leads->keys; key++) {
		check_add_made_of(smmu, &blame->key[key], &leads->of[key]);
		leads->to[key] = calloc(leads->of[key].count + 1, sizeof(*leads->to[key]));
		if (!leads->to[key])
			check_miss(smmu->check, CHECK_NO_MEMORY);
	}
	check_look_up_afresh(smmu, txn, note_led, leads, &outcome);
	return leads;
}

static void leads_free(struct leads *leads)
{
	for (unsigned key = 0; key < leads->keys; key++) {
		free(leads->of[key].version);
		free(leads->to[key]);
	}
	free(leads);
}

/* ---- Which of it has changed ---- */

bool check_is_structure(const struct version *version)
{
	return version->reason <= SMMU3_REASON_CD;
}

/* How far a change explains something.  An STE or CD that was invalidated may be another although
 * what was found through it goes on as it was, and memory that nothing leads to may be anything. */
enum weight { IS_AS_IT_WAS, OF_WHAT_WAS_LEFT, OF_STRUCTURE, OF_DESCRIPTOR };

static enum weight weigh(struct smmu3 *smmu, const struct leads *leads, unsigned key, uint32_t i)
{
	const struct version *version = &leads->of[key].version[i];

	if (!check_differs(smmu, version))
		return IS_AS_IT_WAS;
	if (!leads->to[key] || !leads->to[key][i])
		return OF_WHAT_WAS_LEFT;
	return check_is_structure(version) ? OF_STRUCTURE : OF_DESCRIPTOR;
}

/* The first of what weighs most; and how much that is. */
static enum weight find_change(struct smmu3 *smmu, const struct leads *leads, struct blame *blame)
{
	enum weight most = IS_AS_IT_WAS;

	for (unsigned key = 0; key < leads->keys; key++)
		for (uint32_t i = 0; i < leads->of[key].count && most < OF_DESCRIPTOR; i++) {
			const enum weight weight = weigh(smmu, leads, key, i);

			if (weight <= most)
				continue;
			most = weight;
			blame->changed = true;
			blame->version = leads->of[key].version[i];
			blame->of_key = key;
		}
	return most;
}

void check_find_cause(struct smmu3 *smmu, const struct smmu3_txn *txn, struct blame *blame)
{
	struct leads *leads = lead(smmu, txn, blame);

	if (!leads) {
		check_miss(smmu->check, CHECK_NO_MEMORY);
		return;
	}
	if (find_change(smmu, leads, blame) <= OF_WHAT_WAS_LEFT)
		check_find_register(smmu, leads, blame);
	leads_free(leads);
}
