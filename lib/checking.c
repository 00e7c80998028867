/* SPDX-License-Identifier: MIT */
#include "checking.h"

#include "check/remedy.h"
#include "prog/cmdq.h"
#include "prog/fields.h"
#include "prog/queue_regs.h"
#include "transactions.h"

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
	free(check->causes);
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
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		check->of[bank].count = 0;
	pthread_mutex_unlock(&check->lock);
}

/* ---- Invalidations wait ---- */

static void remove_now(struct smmu3 *smmu, const struct pending *pending)
{
	tlb_forget_older(&smmu->tlb, &pending->scope, pending->tlb_age);
	structures_forget_older(&smmu->structures, &pending->scope, pending->structures_age);
	pa_cache_forget_older(&smmu->dpt, &pending->scope, pending->dpt_age);
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
		remove_now(smmu, &list->pending[0]);
		memmove(&list->pending[0], &list->pending[1],
			--list->count * sizeof(list->pending[0]));
	}
	return &list->pending[list->count++];
}

void check_invalidate(struct smmu3 *smmu, enum bank queue, const struct smmu3_invalidation *scope)
{
	struct check *check = smmu->check;
	struct pending now = { *scope, tlb_announce(&smmu->tlb),
			       structures_announce(&smmu->structures),
			       pa_cache_announce(&smmu->dpt), 0 };

	pthread_mutex_lock(&check->lock);
	now.access = check->accesses;
	struct pending *pending = add_pending(smmu, &check->of[queue]);

	if (pending)
		*pending = now;
	else
		remove_now(smmu, &now);
	pthread_mutex_unlock(&check->lock);
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

/* ---- One access ---- */

/* In memory as it stands; the space that it was read from is let through, for it was. */
static bool read_again(const struct smmu3 *smmu, const struct version *version, uint64_t *word)
{
	const struct mem_read read = { version->at, (enum smmu3_reason)version->reason,
				       version->attr, version->mecid };

	return version->words == 2 ? mem_read_pair(&smmu->mem, &read, word) :
				     mem_read(&smmu->mem, &read, word, version->words);
}

static void note_step(struct checked *checked, const struct smmu3_step *step)
{
	const struct version as_read = { .at = { step->pa, (enum smmu3_pas)step->pas },
					 .attr = step->attr,
					 .mecid = step->mecid,
					 .reason = step->reason,
					 .words = step->words };
	struct check *check = checked->smmu->check;
	uint64_t word[8] = { 0 };

	if (step->aborted || (!step->updates && !read_again(checked->smmu, &as_read, word)))
		return;
	pthread_mutex_lock(&check->lock);
	checked->updates |= step->updates;
	if (step->updates)
		ledger_update(&check->ledger, step);
	else
		trail_read(&checked->trail, step, ledger_read(&check->ledger, step, word));
	pthread_mutex_unlock(&check->lock);
}

void check_step(void *context, const struct smmu3_step *step)
{
	struct checked *checked = context;

	tally_step(&checked->tally, step);
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
	if (checked->mets < TRAIL_ITEMS)
		memcpy(&checked->met[checked->mets++], &key, sizeof(key));
	pthread_mutex_lock(&check->lock);
	trail_use(&checked->trail, &key, ledger_find(&check->ledger, &key));
	pthread_mutex_unlock(&check->lock);
	return true;
}

static void keeps(struct watch *watch, const struct watched *watched)
{
	struct checked *checked = (struct checked *)watch;
	struct check *check = checked->smmu->check;
	const struct kept_key key = kept_key_of(watched);
	uint32_t made_of[MADE_OF_MOST];

	pthread_mutex_lock(&check->lock);
	const unsigned count = trail_makes(&checked->trail, &key, &check->ledger, made_of);

	ledger_keep(&check->ledger, &key, checked->access, checked->cookie, made_of, count);
	pthread_mutex_unlock(&check->lock);
}

static void start(struct smmu3 *smmu, struct checked *checked)
{
	checked->watch = (struct watch){ uses, keeps };
	checked->smmu = smmu;
	checked->tally = tally_new();
	checked->trail.items = 0;
	checked->hiddens = checked->mets = 0;
	checked->updates = false;
}

/* ---- What memory says ---- */

static void ignore_step(void *context, const struct smmu3_step *step)
{
	(void)context, (void)step;
}

/* Nothing that is kept, and no update, changes it. */
static void look_up_afresh(struct smmu3 *smmu, const struct smmu3_txn *txn,
			   struct smmu3_outcome *outcome)
{
	struct smmu3_txn probe = *txn;

	probe.flags |= SMMU3_TXN_PROBE;
	(void)smmu_translate(smmu, &probe, ignore_step, NULL, outcome);
}

void check_begin(struct smmu3 *smmu, const struct smmu3_txn *txn, struct checked *checked)
{
	struct check *check = smmu->check;

	start(smmu, checked);
	pthread_mutex_lock(&check->lock);
	checked->access = ++check->accesses;
	checked->cookie = txn->cookie;
	pthread_mutex_unlock(&check->lock);
	if (smmu->config.check == SMMU3_CHECK_ON)
		look_up_afresh(smmu, txn, &checked->fresh);
}

/* What an access would be answered with what is kept, but for what is hidden. */
static void look_up_again(struct smmu3 *smmu, const struct smmu3_txn *txn,
			  const struct kept_key *hidden, unsigned hiddens, struct checked *checked,
			  struct smmu3_outcome *outcome)
{
	struct smmu3_txn probe = *txn;

	probe.flags |= SMMU3_TXN_PROBE;
	start(smmu, checked);
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
	       a->mecid == b->mecid && a->fault_class == b->fault_class &&
	       a->fault_stage == b->fault_stage && a->fault_level == b->fault_level &&
	       a->fault_addr == b->fault_addr && a->instruction == b->instruction &&
	       a->privileged == b->privileged && a->ats == b->ats && a->becomes == b->becomes;
}

/* ---- What is out of date ---- */

/* What something kept was made of. */
struct made_of {
	struct version version[MADE_OF_MOST];
	unsigned count;
};

static void made_of(struct check *check, const struct kept_key *key, struct made_of *made_of)
{
	made_of->count = 0;
	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);

	if (number) {
		const struct kept_record *record = ledger_record(&check->ledger, number);

		for (uint32_t i = 0; i < record->count; i++)
			made_of->version[made_of->count++] = *ledger_version(
				&check->ledger, check->ledger.pool[record->made_of + i]);
	}
	pthread_mutex_unlock(&check->lock);
}

/* The first of what it was made of that is not what it was.  false: all of it is. */
static bool has_changed(struct smmu3 *smmu, const struct kept_key *key, struct version *version)
{
	struct made_of of;

	made_of(smmu->check, key, &of);
	for (unsigned i = 0; i < of.count; i++) {
		uint64_t word[8] = { 0 };

		*version = of.version[i];
		if (!read_again(smmu, version, word) ||
		    memcmp(word, version->word, version->words * sizeof(*word)))
			return true;
	}
	return false;
}

/* What is hidden, so that the access comes out as memory has it. */
struct blame {
	struct kept_key key[REMEDY_KEYS];
	unsigned keys;
	bool changed;           /* something did: */
	struct version version; /* the first of it */
};

/* Of what was met: the first that was made of something that has changed; or else the first. */
static const struct kept_key *next_suspect(struct smmu3 *smmu, const struct checked *checked)
{
	struct version version;

	for (unsigned i = 0; i < checked->mets; i++)
		if (has_changed(smmu, &checked->met[i], &version))
			return &checked->met[i];
	return checked->mets ? &checked->met[0] : NULL;
}

/* One after the other is hidden until the access comes out so.  false: it never does. */
static bool hide_suspects(struct smmu3 *smmu, const struct smmu3_txn *txn,
			  const struct smmu3_outcome *fresh, struct blame *blame)
{
	static const struct smmu3_outcome none = { .verdict = SMMU3_ERROR };
	struct smmu3_outcome outcome = none;
	struct checked checked;

	for (;;) {
		look_up_again(smmu, txn, blame->key, blame->keys, &checked, &outcome);
		if (same_outcome(&outcome, fresh))
			return blame->keys;
		const struct kept_key *suspect = next_suspect(smmu, &checked);

		if (!suspect || blame->keys == REMEDY_KEYS)
			return false;
		memcpy(&blame->key[blame->keys++], suspect, sizeof(*suspect));
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
		if (same_outcome(&outcome, fresh))
			*blame = less;
	}
}

static void find_change(struct smmu3 *smmu, struct blame *blame)
{
	for (unsigned i = 0; i < blame->keys && !blame->changed; i++)
		blame->changed = has_changed(smmu, &blame->key[i], &blame->version);
}

/* ---- What is said of it ---- */

/* Would this remove it?  older: what was kept before the scope was announced alone counts. */
static bool is_meant(const struct kept_key *key, const struct smmu3_invalidation *scope)
{
	switch (key->kind) {
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		return !(scope->leaf && key->kind == SMMU3_KEPT_TABLE) &&
		       tag_is_meant(&key->tag, scope);
	case SMMU3_KEPT_DPT:
	case SMMU3_KEPT_GPT:
		return pa_region_is_meant(&key->region, scope);
	default:
		return structure_is_meant(key->kind == SMMU3_KEPT_L1STD ? STRUCTURE_L1STD :
					  key->kind == SMMU3_KEPT_STE   ? STRUCTURE_STREAM :
									  STRUCTURE_CONTEXT,
					  key->name, scope);
	}
}

/* Since it was kept. */
static bool waits_for_sync(struct check *check, const struct kept_key *key)
{
	bool waits = false;

	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);
	const uint64_t access = number ? ledger_record(&check->ledger, number)->access : 0;

	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		for (uint32_t i = 0; i < check->of[bank].count; i++)
			waits |= access <= check->of[bank].pending[i].access &&
				 is_meant(key, &check->of[bank].pending[i].scope);
	pthread_mutex_unlock(&check->lock);
	return waits;
}

static bool command_means(const struct smmu3 *smmu, enum bank bank, const struct cmd *cmd,
			  const struct kept_key *key)
{
	const struct interface *interface = &smmu->interface[bank];
	struct command_rules rules = commands_of(&interface->work, &interface->features);

	if (command_effect(&rules, cmd) != EFFECT_INVALIDATE)
		return false;
	const struct prog *prog = &smmu->interface[command_target(&rules, cmd)].prog;
	const struct command_controls controls = {
		.vmw = (unsigned)prog_get(prog, PROG_CR0, CR0_VMW),
		.e2h = prog_get(prog, PROG_CR2, CR2_E2H),
	};
	const struct smmu3_invalidation scope = command_scope(&rules, controls, cmd);

	return is_meant(key, &scope);
}

/* Commands that stand in a queue, not consumed. */
struct waiting {
	struct pa at[256];
	struct smmu3_attr attr;
	uint16_t mecid;
	unsigned count;
};

static struct waiting waiting_in(struct smmu3 *smmu, enum bank bank)
{
	struct interface *interface = &smmu->interface[bank];
	struct waiting waiting = { .count = 0 };

	pthread_mutex_lock(&smmu->lock);
	struct queue queue = queue_at(&interface->prog, &cmdq_regs, interface->features.cmdqs);
	const uint32_t filled = queue_waiting(&queue);

	waiting.attr = queue_attr(&interface->prog, &cmdq_regs);
	for (; waiting.count < filled && waiting.count < 256; waiting.count++) {
		waiting.at[waiting.count] = queue_entry_at(&interface->prog, &cmdq_regs, &queue,
							   queue.cons);
		queue.cons = queue_next(queue.cons, queue.size_lg2);
	}
	pthread_mutex_unlock(&smmu->lock);
	return waiting;
}

static bool waits_in(struct smmu3 *smmu, enum bank bank, const struct kept_key *key)
{
	const struct waiting waiting = waiting_in(smmu, bank);

	for (unsigned i = 0; i < waiting.count; i++) {
		const struct mem_read read = { waiting.at[i], SMMU3_REASON_CMDQ, waiting.attr, 0 };
		struct cmd cmd;

		if (mem_read(&smmu->mem, &read, cmd.word, 2) &&
		    command_means(smmu, bank, &cmd, key))
			return true;
	}
	return false;
}

static enum smmu3_pending pending_of(struct smmu3 *smmu, const struct kept_key *key)
{
	if (waits_for_sync(smmu->check, key))
		return SMMU3_PENDING_SYNC;
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		if (smmu->interface[bank].present && waits_in(smmu, bank, key))
			return SMMU3_PENDING_QUEUED;
	return SMMU3_PENDING_NONE;
}

static void say_tag(const struct tlb_tag *tag, struct smmu3_kept *kept)
{
	const struct stream_world_facts *world = &stream_worlds[tag->regime.world];

	kept->addr = tag->input;
	kept->bytes = UINT64_C(1) << tag->size_lg2;
	kept->asid = tag->regime.asid;
	kept->vmid = tag->regime.vmid;
	kept->sec_sid = world->sec_sid;
	kept->world = world->bit;
	kept->stage = tag->kind == TLB_STAGE1 ? 1 : 2;
	kept->both = tag->both;
	kept->global = tag->global;
	kept->ipa_pas = tag->kind == TLB_STAGE2_NS ? SMMU3_PAS_NS : world->sec_sid;
}

static void say_when(struct check *check, const struct kept_key *key, struct smmu3_kept *kept)
{
	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);

	if (number) {
		kept->access = ledger_record(&check->ledger, number)->access;
		kept->cookie = ledger_record(&check->ledger, number)->cookie;
	}
	pthread_mutex_unlock(&check->lock);
}

static struct smmu3_kept say_kept(struct smmu3 *smmu, const struct kept_key *key)
{
	struct smmu3_kept kept = { .kind = key->kind, .pending = (uint8_t)pending_of(smmu, key) };

	say_when(smmu->check, key, &kept);
	switch (key->kind) {
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		say_tag(&key->tag, &kept);
		break;
	case SMMU3_KEPT_DPT:
	case SMMU3_KEPT_GPT:
		kept.addr = key->region.first;
		kept.bytes = UINT64_C(1) << key->region.size_lg2;
		kept.sec_sid = key->region.sec_sid;
		break;
	default:
		kept.sid = key->name.sid;
		kept.ssid = key->kind == SMMU3_KEPT_CD ? key->name.index : 0;
		kept.sec_sid = key->name.sec_sid;
	}
	return kept;
}

static struct smmu3_changed say_change(struct smmu3 *smmu, const struct version *version)
{
	struct smmu3_changed changed = { .words = 0 };
	uint64_t word[8] = { 0 };

	changed.pa = version->at.addr;
	changed.pas = (uint8_t)version->at.pas;
	changed.input = version->input;
	changed.reason = version->reason;
	changed.words = version->words;
	changed.level = version->level;
	changed.readable = read_again(smmu, version, word);
	for (unsigned i = 0; i < version->words; i++) {
		changed.was[i] = version_number(version, version->word, i);
		changed.now[i] = changed.readable ? version_number(version, word, i) : 0;
	}
	return changed;
}

/* What is the same mistake has one number: the structure that changed, or what was used, and what
 * kind of thing was kept of it. */
static uint64_t cause_of(struct check *check, const struct blame *blame,
			 const struct smmu3_changed *changed)
{
	const uint64_t about = changed->words ? changed->pa ^ (uint64_t)changed->pas << 60 :
						blame->key[0].name.sid;
	const uint64_t cause = about << 3 ^ blame->key[0].kind;

	for (uint32_t i = 0; i < check->cause_count; i++)
		if (check->causes[i] == cause)
			return i + 1;
	if (check->cause_count == check->cause_room) {
		const uint32_t room = check->cause_room ? 2 * check->cause_room : 64;
		uint64_t *larger = realloc(check->causes, room * sizeof(*larger));

		if (!larger)
			return UINT32_MAX;
		check->causes = larger;
		check->cause_room = room;
	}
	check->causes[check->cause_count] = cause;
	return ++check->cause_count;
}

/* Of what nothing is on its way for. */
static unsigned say_commands(struct smmu3 *smmu, const struct blame *blame,
			     struct smmu3_finding *finding)
{
	struct remedy_case what = { .changed = finding->changed.words != 0,
				    .reason = (enum smmu3_reason)finding->changed.reason };

	for (unsigned i = 0; i < blame->keys; i++)
		if (pending_of(smmu, &blame->key[i]) == SMMU3_PENDING_NONE)
			what.key[what.keys++] = &blame->key[i];
	return remedies_of(&what, finding->command);
}

static void report(struct smmu3 *smmu, const struct smmu3_txn *txn, uint64_t access,
		   const struct smmu3_outcome *outcome, const struct smmu3_outcome *fresh,
		   const struct blame *blame)
{
	const struct smmu3_host *host = &smmu->mem.host;
	struct smmu3_finding finding = {
		.size = sizeof(finding),
		.kind = SMMU3_FINDING_STALE,
		.access = access,
		.txn = txn,
		.outcome = outcome,
		.fresh = fresh,
		.kepts = (uint8_t)(blame->keys < SMMU3_FINDING_KEPT ? blame->keys :
								      SMMU3_FINDING_KEPT),
	};

	if (blame->changed)
		finding.changed = say_change(smmu, &blame->version);
	for (unsigned i = 0; i < finding.kepts; i++)
		finding.kept[i] = say_kept(smmu, &blame->key[i]);
	finding.commands = (uint8_t)say_commands(smmu, blame, &finding);
	pthread_mutex_lock(&smmu->check->lock);
	finding.cause = cause_of(smmu->check, blame, &finding.changed);
	pthread_mutex_unlock(&smmu->check->lock);
	if (host->finding)
		host->finding(host->context, &finding);
}

/* Of one that has changed memory itself, for it updated a descriptor that it should not have
 * reached: nothing can be asked again, and all that is out of date of what it used is said. */
static void blame_all(struct smmu3 *smmu, const struct checked *checked, struct blame *blame)
{
	struct version version;

	for (unsigned i = 0; i < checked->mets && blame->keys < REMEDY_KEYS; i++)
		if (has_changed(smmu, &checked->met[i], &version))
			memcpy(&blame->key[blame->keys++], &checked->met[i],
			       sizeof(checked->met[i]));
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
	if (same_outcome(outcome, &fresh) || !hide_suspects(smmu, txn, &fresh, blame))
		return false;
	acquit(smmu, txn, &fresh, blame);
	return true;
}

void check_end(struct smmu3 *smmu, const struct smmu3_txn *txn, const struct checked *checked,
	       const struct smmu3_outcome *outcome)
{
	struct blame blame = { .keys = 0 };

	if (smmu->config.check != SMMU3_CHECK_ON || !checked->mets ||
	    same_outcome(outcome, &checked->fresh) ||
	    !find_blame(smmu, txn, checked, outcome, &blame))
		return;
	find_change(smmu, &blame);
	report(smmu, txn, checked->access, outcome, &checked->fresh, &blame);
}
