/* SPDX-License-Identifier: MIT */
/* What an invalidation is about, looked at when it comes: what has changed of it, and whether it
 * may change so; and what it costs. */
#include "checking_report.h"

#include "check/changes.h"
#include "tlb/hint.h"

#include <stdlib.h>
#include <string.h>

/* A structure that something was made of which is meant, looked at once. */
struct look {
	uint32_t number;
	struct kept_key key; /* the first that is made of it */
	struct version version;
	bool changed;
};

struct looks {
	struct look *look;
	uint32_t count, room;
	uint64_t lost; /* for there was no memory */
	uint32_t era;  /* the ledger's */
};

static void add_look(struct looks *looks, struct ledger *ledger, uint32_t number,
		     const struct kept_key *key)
{
	if (looks->count == looks->room) {
		const uint32_t room = looks->room ? 2 * looks->room : 64;
		struct look *larger = realloc(looks->look, room * sizeof(*larger));

		if (!larger) {
			looks->lost++;
			return;
		}
		looks->look = larger;
		looks->room = room;
	}
	struct look *look = &looks->look[looks->count++];

	ledger_hold(ledger, number);
	look->number = number;
	look->changed = false;
	look->version = *ledger_version(ledger, number);
	memcpy(&look->key, key, sizeof(*key));
}

static void look_for_one(struct ledger *ledger, uint32_t number, void *context)
{
	const struct kept_record *record = ledger_record(ledger, number);
	struct looks *looks = context;

	for (uint32_t i = 0; i < record->count; i++) {
		const uint32_t made_of = ledger->pool[record->made_of + i];
		struct version *version = &ledger->version[made_of - 1];

		if (version->visit != ledger->visits)
			add_look(looks, ledger, made_of, &record->key);
		version->visit = ledger->visits;
		version->changed = false;
	}
}

/* Under the lock. */
static void look_for(struct ledger *ledger, const struct meaning *meaning, struct looks *looks)
{
	ledger->visits++;
	looks->era = ledger->era;
	ledger_visit_meant(ledger, meaning, look_for_one, looks);
}

/* Of a translation descriptors of its own stage count, of a structure itself. */
static bool is_own(const struct look *look)
{
	switch (look->version.reason) {
	case SMMU3_REASON_STE:
		return look->key.kind == SMMU3_KEPT_STE;
	case SMMU3_REASON_CD:
		return look->key.kind == SMMU3_KEPT_CD;
	case SMMU3_REASON_S1_TTD:
	case SMMU3_REASON_S2_TTD:
		return look->key.kind == SMMU3_KEPT_TRANSLATION ||
		       look->key.kind == SMMU3_KEPT_TABLE;
	default:
		return false;
	}
}

static void judge(struct smmu3 *smmu, const struct look *look)
{
	const struct smmu3_changed change = check_change(smmu, &look->version);

	if (!is_own(look))
		return;
	if (check_breaks(smmu, &look->key, &change))
		check_report_change(smmu, SMMU3_FINDING_NO_BREAK, &look->key, &change);
	if (change_tears(&change))
		check_report_change(smmu, SMMU3_FINDING_TORN, &look->key, &change);
}

/* Without the lock: memory is the host's. */
static void look_at(struct smmu3 *smmu, struct looks *looks)
{
	for (uint32_t i = 0; i < looks->count; i++) {
		struct look *look = &looks->look[i];
		uint64_t word[8] = { 0 };

		look->changed = !check_read_again(smmu, &look->version, word) ||
				memcmp(word, look->version.word,
				       look->version.words * sizeof(*word));
		if (look->changed)
			judge(smmu, look);
	}
}

static bool has_changed(const struct ledger *ledger, const struct kept_record *record)
{
	for (uint32_t i = 0; i < record->count; i++)
		if (ledger_version(ledger, ledger->pool[record->made_of + i])->changed)
			return true;
	return false;
}

/* By the first of the commands before a CMD_SYNC: the others find it gone, as far as they know. */
static void add_one_cost(struct ledger *ledger, uint32_t number, void *context)
{
	struct kept_record *record = &ledger->record[number - 1];
	struct smmu3_check_cost *cost = context;

	if (record->going)
		return;
	record->going = true;
	cost->removed++;
	cost->changed += has_changed(ledger, record);
}

/* Under the lock. */
static void add_cost(struct ledger *ledger, const struct meaning *meaning,
		     const struct looks *looks, struct smmu3_check_cost *cost)
{
	cost->commands++;
	if (looks->era != ledger->era)
		return;
	for (uint32_t i = 0; i < looks->count; i++)
		ledger->version[looks->look[i].number - 1].changed = looks->look[i].changed;
	ledger_visit_meant(ledger, meaning, add_one_cost, cost);
	for (uint32_t i = 0; i < looks->count; i++)
		ledger_release(ledger, looks->look[i].number);
}

void check_command(struct smmu3 *smmu, unsigned opcode, const struct smmu3_invalidation *scope)
{
	struct check *check = smmu->check;
	struct meaning meaning = { scope, tag_must_go, 0 };
	struct looks looks = { .look = NULL };

	if (smmu->config.check != SMMU3_CHECK_ON)
		return;
	pthread_mutex_lock(&check->lock);
	meaning.moment = check->moments;
	look_for(&check->ledger, &meaning, &looks);
	check->missed[CHECK_NO_MEMORY] += looks.lost;
	pthread_mutex_unlock(&check->lock);
	look_at(smmu, &looks);
	pthread_mutex_lock(&check->lock);
	add_cost(&check->ledger, &meaning, &looks, &check->cost[opcode & 0xff]);
	pthread_mutex_unlock(&check->lock);
	free(looks.look);
}

uint64_t smmu3_check_accesses(struct smmu3 *smmu)
{
	struct check *check = smmu->check;
	uint64_t accesses = 0;

	if (smmu->config.check == SMMU3_CHECK_ON) {
		pthread_mutex_lock(&check->lock);
		accesses = check->accesses;
		pthread_mutex_unlock(&check->lock);
	}
	return accesses;
}

int smmu3_check_cost(struct smmu3 *smmu, unsigned opcode, struct smmu3_check_cost *cost)
{
	struct check *check = smmu->check;

	*cost = (struct smmu3_check_cost){ .commands = 0 };
	if (!check)
		return -SMMU3_E_UNSUPPORTED;
	if (opcode > 0xff)
		return -SMMU3_E_ARGUMENT;
	pthread_mutex_lock(&check->lock);
	*cost = check->cost[opcode];
	pthread_mutex_unlock(&check->lock);
	return 0;
}
