/* SPDX-License-Identifier: MIT */
/* One access of the checker's: what it uses and what is kept of it, and, where it comes out
 * otherwise than memory has it, what is to blame. */
#include "checking_report.h"
#include "transactions.h"

#include <stdlib.h>
#include <string.h>

/* ---- One access ---- */

static void note_step(struct checked *checked, const struct smmu3_step *step)
{
	const struct version as_read = { .at = { step->pa, (enum smmu3_pas)step->pas },
					 .attr = step->attr,
					 .mecid = step->mecid,
					 .mpam = step->mpam,
					 .reason = step->reason,
					 .words = step->words };
	struct check *check = checked->smmu->check;
	uint64_t word[8] = { 0 };

	if (step->aborted || (!step->updates && !check_read_again(checked->smmu, &as_read, word)))
		return;
	pthread_mutex_lock(&check->lock);
	if (step->updates) {
		checked->updates = true;
		checked->updated = as_read.at;
		ledger_update(&check->ledger, step);
	} else {
		check->ledger.lost += !trail_read(&checked->trail, &check->ledger, step,
						  ledger_read(&check->ledger, step, word));
	}
	pthread_mutex_unlock(&check->lock);
}

void check_step(void *context, const struct smmu3_step *step)
{
	struct checked *checked = context;

	tally_step(&checked->tally, step);
	if (checked->looks)
		note_step(checked, step);
}

static bool is_hidden(const struct checked *checked, const struct kept_key *key)
{
	for (unsigned i = 0; i < checked->hiddens; i++)
		if (!memcmp(&checked->hidden[i], key, sizeof(*key)))
			return true;
	return false;
}

static bool uses(struct watch *watch, const struct watched *watched)
{
	struct checked *checked = (struct checked *)watch;
	struct check *check = checked->smmu->check;
	const struct kept_key key = kept_key_of(watched);

	if (is_hidden(checked, &key))
		return false;
	pthread_mutex_lock(&check->lock);
	if (ledger_room((void **)&checked->met, &checked->met_room, checked->mets + 1,
			sizeof(*checked->met)))
		memcpy(&checked->met[checked->mets++], &key, sizeof(key));
	else
		check->ledger.lost++;
	check->ledger.lost += !trail_use(&checked->trail, &check->ledger, &key,
					 ledger_find(&check->ledger, &key));
	watch->made_of_removed |= check_waits_for_sync(check, &key);
	pthread_mutex_unlock(&check->lock);
	return true;
}

static void keeps(struct watch *watch, const struct watched *watched)
{
	struct checked *checked = (struct checked *)watch;
	struct check *check = checked->smmu->check;
	const struct kept_key key = kept_key_of(watched);
	struct kept_when when = checked->now;

	pthread_mutex_lock(&check->lock);
	trail_makes(&checked->trail, &key, &check->ledger);
	when.kept = ++check->moments;
	ledger_keep(&check->ledger, &key, &when);
	pthread_mutex_unlock(&check->lock);
}

static void start(struct smmu3 *smmu, struct checked *checked)
{
	checked->watch = (struct watch){ .uses = uses, .keeps = keeps };
	checked->smmu = smmu;
	checked->looks = smmu->config.check == SMMU3_CHECK_ON;
	checked->tally = tally_new();
	checked->trail = (struct trail){ .items = 0 };
	checked->met = NULL;
	checked->hiddens = 0;
	checked->mets = checked->met_room = 0;
	checked->updates = false;
}

static void leave(struct checked *checked)
{
	struct check *check = checked->smmu->check;

	pthread_mutex_lock(&check->lock);
	trail_free(&checked->trail, &check->ledger);
	pthread_mutex_unlock(&check->lock);
	free(checked->met);
}

void check_leave(struct smmu3 *smmu, struct checked *checked)
{
	if (unlikely(smmu->check))
		leave(checked);
}

/* ---- What memory says ---- */

void check_ignore_step(void *context, const struct smmu3_step *step)
{
	(void)context, (void)step;
}

void check_look_up_afresh(struct smmu3 *smmu, const struct smmu3_txn *txn, smmu3_step_fn *step,
			  void *context, struct smmu3_outcome *outcome)
{
	struct smmu3_txn probe = *txn;

	probe.flags |= SMMU3_TXN_PROBE;
	(void)smmu_translate(smmu, &probe, step, context, outcome);
}

static void look_up_afresh(struct smmu3 *smmu, const struct smmu3_txn *txn,
			   struct smmu3_outcome *outcome)
{
	check_look_up_afresh(smmu, txn, check_ignore_step, NULL, outcome);
}

/* An access, as memory leads it. */
struct led {
	struct check *check;
	const struct smmu3_txn *txn;
};

static void note_user(void *context, const struct smmu3_step *step)
{
	const struct led *led = context;

	if (step->updates)
		return;
	pthread_mutex_lock(&led->check->lock);
	users_note(&led->check->users, step, led->txn);
	pthread_mutex_unlock(&led->check->lock);
}

void check_begin(struct smmu3 *smmu, const struct smmu3_txn *txn, struct checked *checked)
{
	struct check *check = smmu->check;

	start(smmu, checked);
	pthread_mutex_lock(&check->lock);
	checked->now = (struct kept_when){ .moment = ++check->moments,
					   .access = ++check->accesses,
					   .cookie = txn->cookie,
					   .kept = check->moments,
					   .kept_for = SMMU3_KEPT_FOR_ACCESS };
	pthread_mutex_unlock(&check->lock);
	if (checked->looks)
		check_look_up_afresh(smmu, txn, note_user, &(struct led){ check, txn },
				     &checked->fresh);
}

/* ---- Others ---- */

struct tally *check_listen(struct smmu3 *smmu, enum smmu3_kept_for kept_for, struct mem_view *view,
			   struct checked *checked, struct tally *tally)
{
	struct check *check = smmu->check;

	if (likely(!check))
		return tally;
	start(smmu, checked);
	checked->watch.uncounted = !view->step;
	pthread_mutex_lock(&check->lock);
	checked->now = (struct kept_when){ .moment = ++check->moments,
					   .access = check->accesses,
					   .kept = check->moments,
					   .kept_for = (uint8_t)kept_for };
	pthread_mutex_unlock(&check->lock);
	view->step = check_step;
	view->step_context = checked;
	view->watch = &checked->watch;
	return &checked->tally;
}

/* ---- What is to blame ---- */

/* What an access would be answered with what is kept, but for what is hidden. */
static void look_up_again(struct smmu3 *smmu, const struct smmu3_txn *txn,
			  const struct kept_key *hidden, unsigned hiddens, struct checked *checked,
			  struct smmu3_outcome *outcome)
{
	struct smmu3_txn probe = *txn;

	probe.flags |= SMMU3_TXN_PROBE;
	start(smmu, checked);
	checked->watch.uncounted = true;
	checked->hidden = hidden;
	checked->hiddens = hiddens;
	smmu_translate_watched(smmu, &probe, checked, outcome);
}

/* Whether there is room for it to stall is no matter of what is kept. */
static unsigned verdict_seen(const struct smmu3_outcome *outcome)
{
	return outcome->verdict == SMMU3_BUSY ? SMMU3_STALLED : outcome->verdict;
}

/* Of what the device sees, and software is told.  How far an answer reaches, and what it would
 * permit to others, may differ by what is kept. */
static bool same_outcome(const struct smmu3_outcome *a, const struct smmu3_outcome *b)
{
	return verdict_seen(a) == verdict_seen(b) && a->event == b->event && a->pa == b->pa &&
	       a->pas == b->pas && a->attr.mair == b->attr.mair && a->attr.sh == b->attr.sh &&
	       a->mecid == b->mecid && a->mpam.partid == b->mpam.partid &&
	       a->mpam.pmg == b->mpam.pmg && a->mpam.space == b->mpam.space &&
	       a->fault_class == b->fault_class && a->fault_stage == b->fault_stage &&
	       a->fault_level == b->fault_level && a->fault_addr == b->fault_addr &&
	       a->instruction == b->instruction && a->privileged == b->privileged &&
	       a->ats == b->ats && a->becomes == b->becomes;
}

/* A translation that was clean when it was kept need not know that another access has made its page
 * dirty: a Translation Request is not given what only that permits, nor does an access stay what
 * only that lets it be.  3.13, 3.22 */
static bool lacks_what_dirty_permits(const struct smmu3_outcome *outcome,
				     const struct smmu3_outcome *fresh)
{
	struct smmu3_outcome knowing = *outcome;

	knowing.ats |= fresh->ats & SMMU3_ATS_W;
	knowing.becomes = fresh->becomes;
	return same_outcome(&knowing, fresh);
}

/* ---- What is out of date ---- */

/* Of what was met: the first that was made of something that has changed; or else the first. */
static const struct kept_key *next_suspect(struct smmu3 *smmu, const struct checked *checked)
{
	struct version version;

	for (unsigned i = 0; i < checked->mets; i++)
		if (check_has_changed(smmu, &checked->met[i], &version))
			return &checked->met[i];
	return checked->mets ? &checked->met[0] : NULL;
}

/* One after the other is hidden until the access comes out so.  false: it never does. */
static bool hide_suspects(struct smmu3 *smmu, const struct smmu3_txn *txn,
			  const struct smmu3_outcome *fresh, struct blame *blame)
{
	static const struct smmu3_outcome none = { .verdict = SMMU3_ERROR };
	struct smmu3_outcome outcome = none;

	for (;;) {
		struct checked checked;

		look_up_again(smmu, txn, blame->key, blame->keys, &checked, &outcome);
		const bool same = same_outcome(&outcome, fresh);
		const struct kept_key *suspect = same ? NULL : next_suspect(smmu, &checked);
		const bool more = suspect && blame->keys < REMEDY_KEYS;

		if (more)
			memcpy(&blame->key[blame->keys++], suspect, sizeof(*suspect));
		leave(&checked);
		if (!more)
			return same && blame->keys;
	}
}

/* Those without which it comes out so all the same are none. */
static void acquit(struct smmu3 *smmu, const struct smmu3_txn *txn,
		   const struct smmu3_outcome *fresh, struct blame *blame)
{
	struct smmu3_outcome outcome;
	struct checked checked;

	for (unsigned i = blame->keys; i-- > 0 && blame->keys > 1;) {
		struct blame less = *blame;

		memmove(&less.key[i], &less.key[i + 1], (--less.keys - i) * sizeof(less.key[0]));
		look_up_again(smmu, txn, less.key, less.keys, &checked, &outcome);
		leave(&checked);
		if (same_outcome(&outcome, fresh))
			*blame = less;
	}
}

/* Of one that has changed memory itself, for it updated a descriptor that it should not have
 * reached: nothing can be asked again, and all that is out of date of what it used is said. */
static void blame_all(struct smmu3 *smmu, const struct checked *checked, struct blame *blame)
{
	struct version version;

	for (unsigned i = 0; i < checked->mets && blame->keys < REMEDY_KEYS; i++)
		if (check_has_changed(smmu, &checked->met[i], &version))
			memcpy(&blame->key[blame->keys++], &checked->met[i],
			       sizeof(checked->met[i]));
}

/* Has hardware updated something that was used, and software changed nothing of it? */
static bool is_updated_alone(struct smmu3 *smmu, const struct checked *checked)
{
	struct check *check = smmu->check;
	struct version version;
	bool updated = false;

	pthread_mutex_lock(&check->lock);
	for (uint32_t i = 0; i < checked->mets && !updated; i++)
		updated = ledger_was_updated(&check->ledger, &checked->met[i]);
	pthread_mutex_unlock(&check->lock);
	for (uint32_t i = 0; i < checked->mets && updated; i++)
		updated = !check_has_changed(smmu, &checked->met[i], &version);
	return updated;
}

/* Is it as it was when an access began?  What nobody knows of may be of what was removed since, if
 * anything was. */
static bool is_as_it_was(const struct check *check, const struct kept_key *key,
			 const struct kept_when *began)
{
	const uint32_t number = ledger_find(&check->ledger, key);
	const struct kept_record *record = number ? ledger_record(&check->ledger, number) : NULL;

	if (!record)
		return check->removed < began->moment;
	return record->live &&
	       (record->when.kept <= began->moment || record->when.moment == began->moment);
}

/* Is all that an access has used what it was then?  What was removed meanwhile explains nothing any
 * more. */
static bool all_is_there(const struct checked *checked)
{
	struct check *check = checked->smmu->check;
	bool there = true;

	pthread_mutex_lock(&check->lock);
	for (uint32_t i = 0; i < checked->mets && there; i++)
		there = is_as_it_was(check, &checked->met[i], &checked->now);
	pthread_mutex_unlock(&check->lock);
	return there;
}

/* false: memory has changed meanwhile, and nothing is wrong; or nothing that is kept is to blame.
 */
static bool find_blame(struct smmu3 *smmu, const struct smmu3_txn *txn,
		       const struct checked *checked, const struct smmu3_outcome *outcome,
		       struct blame *blame)
{
	struct smmu3_outcome fresh;

	if (checked->updates) {
		blame_all(smmu, checked, blame);
		return blame->keys;
	}
	look_up_afresh(smmu, txn, &fresh);
	if (same_outcome(outcome, &fresh) ||
	    (lacks_what_dirty_permits(outcome, &fresh) && is_updated_alone(smmu, checked)))
		return false;
	if (!hide_suspects(smmu, txn, &fresh, blame)) {
		if (all_is_there(checked))
			check_miss(smmu->check, CHECK_UNEXPLAINED);
		return false;
	}
	acquit(smmu, txn, &fresh, blame);
	return true;
}

void check_end(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
	       const struct smmu3_outcome *outcome)
{
	struct blame blame = { .keys = 0 };

	if (!checked->looks)
		return;
	if (txn->ats)
		check_ats(smmu, txn, checked, outcome);
	if (!checked->mets || same_outcome(outcome, &checked->fresh) ||
	    !find_blame(smmu, txn, checked, outcome, &blame))
		return;
	check_find_cause(smmu, txn, &blame);
	check_find_freed(smmu, txn, checked, &blame);
	check_report(smmu, txn, checked->now.access, outcome, &checked->fresh, &blame);
}
