/* SPDX-License-Identifier: MIT */
#include "checking.h"

#include "tlb/hint.h"

#include <stdlib.h>
#include <string.h>

bool check_init(struct smmu3 *smmu)
{
	struct check *check;

	smmu->check = NULL;
	if (!smmu->config.check)
		return true;
	check = calloc(1, sizeof(*check));
	if (!check || pthread_mutex_init(&check->lock, NULL)) {
		free(check);
		return false;
	}
	smmu->check = check;
	tlb_keep_everything(&smmu->tlb);
	structures_keep_everything(&smmu->structures);
	smmu->dpt.grows = smmu->gpt.grows = true;
	return true;
}

void check_free(struct smmu3 *smmu)
{
	struct check *check = smmu->check;

	if (!check)
		return;
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		free(check->of[bank].pending);
	ledger_free(&check->ledger);
	causes_free(&check->causes);
	users_free(&check->users);
	pthread_mutex_destroy(&check->lock);
	free(check);
}

void check_restart(struct smmu3 *smmu)
{
	struct check *check = smmu->check;

	if (!check)
		return;
	pthread_mutex_lock(&check->lock);
	ledger_free(&check->ledger);
	users_free(&check->users);
	memset(check->registers, 0, sizeof(check->registers));
	memset(check->cost, 0, sizeof(check->cost));
	memset(check->missed, 0, sizeof(check->missed));
	check->removed = check->moments;
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		check->of[bank].count = 0;
	pthread_mutex_unlock(&check->lock);
	check_registers(smmu);
}

void check_miss(struct check *check, enum check_missed what)
{
	pthread_mutex_lock(&check->lock);
	check->missed[what]++;
	pthread_mutex_unlock(&check->lock);
}

int smmu3_check_missed(struct smmu3 *smmu, struct smmu3_check_missed *missed)
{
	struct check *check = smmu->check;

	*missed = (struct smmu3_check_missed){ .size = sizeof(*missed) };
	if (!check)
		return -SMMU3_E_UNSUPPORTED;
	pthread_mutex_lock(&check->lock);
	missed->memory = check->ledger.lost + check->users.lost + check->missed[CHECK_NO_MEMORY];
	missed->hurried = check->missed[CHECK_HURRIED];
	missed->unexplained = check->missed[CHECK_UNEXPLAINED];
	pthread_mutex_unlock(&check->lock);
	return 0;
}

/* ---- Invalidations wait ---- */

static void remove_now(struct smmu3 *smmu, const struct pending *pending)
{
	smmu->check->removed = smmu->check->moments;
	if (pending->of_atc) {
		ledger_drop_atc(&smmu->check->ledger, &pending->atc, pending->moment);
		return;
	}
	tlb_forget_older(&smmu->tlb, &pending->scope, pending->tlb_age);
	structures_forget_older(&smmu->structures, &pending->scope, pending->structures_age);
	pa_cache_forget_older(&smmu->dpt, &pending->scope, pending->dpt_age);
	const struct meaning meaning = { &pending->scope, tag_must_go, pending->moment };

	ledger_remove(&smmu->check->ledger, &meaning);
}

uint64_t check_moment(struct smmu3 *smmu)
{
	struct check *check = smmu->check;

	pthread_mutex_lock(&check->lock);
	const uint64_t moment = check->moments;

	pthread_mutex_unlock(&check->lock);
	return moment;
}

void check_forgotten(struct smmu3 *smmu, const struct smmu3_invalidation *scope,
		     tag_meant_fn *meant, uint64_t moment)
{
	struct check *check = smmu->check;
	const struct meaning meaning = { scope, meant, moment };

	pthread_mutex_lock(&check->lock);
	check->removed = check->moments;
	ledger_remove(&check->ledger, &meaning);
	ledger_pass_by(&check->ledger, &meaning);
	pthread_mutex_unlock(&check->lock);
}

/* One more; where there are too many, or there is no memory, the first of them need wait no longer:
 * what is invalidated may go at any time. */
static struct pending *add_pending(struct smmu3 *smmu, struct pending_list *list)
{
	if (list->count == list->room && list->room < PENDING_MOST) {
		const uint32_t room = list->room ? 2 * list->room : 64;
		struct pending *larger = realloc(list->pending, room * sizeof(*larger));

		if (larger) {
			list->pending = larger;
			list->room = room;
		}
	}
	if (!list->room)
		return NULL;
	if (list->count == list->room) {
		smmu->check->missed[CHECK_HURRIED]++;
		remove_now(smmu, &list->pending[0]);
		memmove(&list->pending[0], &list->pending[1],
			--list->count * sizeof(list->pending[0]));
	}
	return &list->pending[list->count++];
}

static void wait(struct smmu3 *smmu, enum bank queue, struct pending *now)
{
	struct check *check = smmu->check;
	const struct meaning meaning = { &now->scope, tag_must_go, now->moment };

	pthread_mutex_lock(&check->lock);
	if (!now->of_atc)
		ledger_pass_by(&check->ledger, &meaning);
	struct pending *pending = add_pending(smmu, &check->of[queue]);

	if (pending) {
		*pending = *now;
	} else {
		check->missed[CHECK_HURRIED]++;
		remove_now(smmu, now);
	}
	pthread_mutex_unlock(&check->lock);
}

/* The moment is read first, and what is kept has its moment after it stands there: what a walk
 * keeps from then on is to stay known.  What stood there before, and is told of only now, is known
 * longer than it is there: nobody is misled by that. */
void check_invalidate(struct smmu3 *smmu, enum bank queue, const struct smmu3_invalidation *scope)
{
	struct pending now = { .scope = *scope, .moment = check_moment(smmu) };

	now.tlb_age = tlb_announce(&smmu->tlb);
	now.structures_age = structures_announce(&smmu->structures);
	now.dpt_age = pa_cache_announce(&smmu->dpt);
	wait(smmu, queue, &now);
}

void check_atc(struct smmu3 *smmu, enum bank queue, const struct smmu3_atc_invalidation *request)
{
	if (likely(!smmu->check))
		return;
	struct pending now = { .of_atc = true, .atc = *request, .moment = check_moment(smmu) };

	wait(smmu, queue, &now);
}

void check_atc_failed(struct smmu3 *smmu, enum bank queue, uint64_t tag)
{
	struct check *check = smmu->check;

	if (likely(!check))
		return;
	struct pending_list *list = &check->of[queue];
	uint32_t left = 0;

	pthread_mutex_lock(&check->lock);
	for (uint32_t i = 0; i < list->count; i++)
		if (!list->pending[i].of_atc || list->pending[i].atc.tag != tag)
			list->pending[left++] = list->pending[i];
	list->count = left;
	pthread_mutex_unlock(&check->lock);
}

static bool pending_means(const struct pending *pending, const struct kept_key *key)
{
	return pending->of_atc ? atc_is_meant(key, &pending->atc) :
				 kept_key_is_meant(key, &pending->scope, tag_must_go);
}

/* Since it was kept. */
bool check_waits_for_sync(const struct check *check, const struct kept_key *key)
{
	bool waits = false;
	const uint32_t number = ledger_find(&check->ledger, key);
	const uint64_t kept = number ? ledger_record(&check->ledger, number)->when.kept : 0;

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		for (uint32_t i = 0; i < check->of[bank].count; i++)
			waits |= kept <= check->of[bank].pending[i].moment &&
				 pending_means(&check->of[bank].pending[i], key);
	return waits;
}

void check_synced(struct smmu3 *smmu, enum bank queue)
{
	struct check *check = smmu->check;
	struct pending_list *list = &check->of[queue];

	pthread_mutex_lock(&check->lock);
	for (uint32_t i = 0; i < list->count; i++)
		remove_now(smmu, &list->pending[i]);
	list->count = 0;
	pthread_mutex_unlock(&check->lock);
}
