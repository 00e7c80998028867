/* SPDX-License-Identifier: MIT */
/* What the checker says of what it has found. */
#include "checking_report.h"

#include "arch/streamworld.h"
#include "check/remedy.h"

#include <stdlib.h>
#include <string.h>

/* In memory as it stands; the space that it was read from is let through, for it was. */
bool check_read_again(const struct smmu3 *smmu, const struct version *version, uint64_t *word)
{
	const struct mem_read read = { version->at, (enum smmu3_reason)version->reason,
				       version->attr, version->mecid, version->mpam };

	return version->words == 2 ? mem_read_pair(&smmu->mem, &read, word) :
				     mem_read(&smmu->mem, &read, word, version->words);
}

/* Under the lock. */
static bool add_version(struct versions *versions, const struct version *version)
{
	if (versions->count == versions->room) {
		const uint32_t room = versions->room ? 2 * versions->room : 32;
		struct version *larger = realloc(versions->version, room * sizeof(*larger));

		if (!larger)
			return false;
		versions->version = larger;
		versions->room = room;
	}
	versions->version[versions->count++] = *version;
	return true;
}

void check_add_made_of(struct smmu3 *smmu, const struct kept_key *key, struct versions *versions)
{
	struct check *check = smmu->check;

	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);

	for (uint32_t i = 0; number && i < ledger_record(&check->ledger, number)->count; i++)
		check->ledger.lost += !add_version(versions,
						   ledger_made_of(&check->ledger, number, i));
	pthread_mutex_unlock(&check->lock);
}

void check_add_read(struct smmu3 *smmu, const struct trail *trail, struct versions *versions)
{
	struct check *check = smmu->check;

	pthread_mutex_lock(&check->lock);
	for (unsigned i = 0; i < trail->items && trail_is_of(trail, &check->ledger); i++)
		if (!trail->item[i].used)
			check->ledger.lost += !add_version(versions,
							   ledger_version(&check->ledger,
									  trail->item[i].number));
	pthread_mutex_unlock(&check->lock);
}

bool check_differs(const struct smmu3 *smmu, const struct version *version)
{
	uint64_t word[8] = { 0 };

	return !check_read_again(smmu, version, word) ||
	       memcmp(word, version->word, version->words * sizeof(*word));
}

/* The first of what it was made of that is not what it was.  false: all of it is. */
bool check_has_changed(struct smmu3 *smmu, const struct kept_key *key, struct version *version)
{
	struct versions of = { .count = 0 };
	uint32_t i = 0;

	check_add_made_of(smmu, key, &of);
	while (i < of.count && !check_differs(smmu, &of.version[i]))
		i++;
	const bool changed = i < of.count;

	if (changed)
		*version = of.version[i];
	free(of.version);
	return changed;
}

/* ---- What is said of it ---- */

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
		kept->access = ledger_record(&check->ledger, number)->when.access;
		kept->cookie = ledger_record(&check->ledger, number)->when.cookie;
		kept->kept_for = ledger_record(&check->ledger, number)->when.kept_for;
		if (kept->pending == SMMU3_PENDING_NONE &&
		    ledger_record(&check->ledger, number)->passed_by)
			kept->pending = SMMU3_PENDING_HINT;
	}
	pthread_mutex_unlock(&check->lock);
}

static struct smmu3_kept say_kept(struct smmu3 *smmu, const struct kept_key *key, unsigned pending)
{
	struct smmu3_kept kept = { .kind = key->kind, .pending = (uint8_t)pending };

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
	case SMMU3_KEPT_ATC:
		kept.addr = key->atc.addr;
		kept.bytes = UINT64_C(1) << key->atc.size_lg2;
		kept.sid = key->atc.sid;
		kept.ssid = key->atc.ssid;
		kept.sec_sid = key->atc.sec_sid;
		break;
	default:
		kept.sid = key->name.sid;
		if (key->kind == SMMU3_KEPT_CD || key->kind == SMMU3_KEPT_L1CD)
			kept.ssid = structure_first_index(key->name);
		kept.sec_sid = key->name.sec_sid;
	}
	return kept;
}

struct smmu3_changed check_change(struct smmu3 *smmu, const struct version *version)
{
	struct smmu3_changed changed = { .words = 0 };
	uint64_t word[8] = { 0 };

	changed.pa = version->at.addr;
	changed.pas = (uint8_t)version->at.pas;
	changed.input = version->input;
	changed.reason = version->reason;
	changed.words = version->words;
	changed.level = version->level;
	changed.granule_lg2 = version->granule_lg2;
	changed.readable = check_read_again(smmu, version, word);
	for (unsigned i = 0; i < version->words; i++) {
		changed.was[i] = version_number(version, version->word, i);
		changed.now[i] = changed.readable ? version_number(version, word, i) : 0;
	}
	return changed;
}

static void tell(struct smmu3 *smmu, const struct kept_key *key, struct smmu3_finding *finding)
{
	const struct smmu3_host *host = &smmu->mem.host;

	pthread_mutex_lock(&smmu->check->lock);
	finding->cause = cause_number(&smmu->check->causes, key, &finding->changed,
				      &finding->changed_register);
	smmu->check->missed[CHECK_NO_MEMORY] += !finding->cause;
	pthread_mutex_unlock(&smmu->check->lock);
	if (host->finding)
		host->finding(host->context, finding);
}

/* Of what nothing is on its way for. */
static unsigned say_commands(const struct blame *blame, const uint8_t *pending,
			     struct smmu3_finding *finding)
{
	struct remedy_case what = { .changed = blame->changed || blame->reg.bytes,
				    .reason = blame->changed ?
						      (enum smmu3_reason)blame->version.reason :
						      SMMU3_REASON_STE,
				    .moved = blame->moved,
				    .freed = finding->freed_is != SMMU3_FREED_NONE };

	for (unsigned i = 0; i < blame->keys; i++)
		if (pending[i] == SMMU3_PENDING_NONE)
			what.key[what.keys++] = &blame->key[i];
	return remedies_of(&what, finding->command, &finding->more_commands);
}

void check_report(struct smmu3 *smmu, const struct smmu3_txn *txn, uint64_t access,
		  const struct smmu3_outcome *outcome, const struct smmu3_outcome *fresh,
		  const struct blame *blame)
{
	struct smmu3_finding finding = {
		.size = sizeof(finding),
		.kind = SMMU3_FINDING_STALE,
		.access = access,
		.txn = txn,
		.outcome = outcome,
		.fresh = fresh,
		.kepts = (uint8_t)(blame->keys < SMMU3_FINDING_KEPT ? blame->keys :
								      SMMU3_FINDING_KEPT),
		.changed_register = blame->reg,
	};
	uint8_t pending[REMEDY_KEYS];

	finding.more_kept = blame->keys - finding.kepts;
	if (blame->changed)
		finding.changed = check_change(smmu, &blame->version);
	if (blame->freed_is) {
		finding.kind = SMMU3_FINDING_FREED;
		finding.freed_is = (uint8_t)blame->freed_is;
		finding.freed = check_change(smmu, &blame->freed);
	}
	check_pending(smmu, blame, pending);
	for (unsigned i = 0; i < finding.kepts; i++)
		finding.kept[i] = say_kept(smmu, &blame->key[i], pending[i]);
	finding.commands = (uint8_t)say_commands(blame, pending, &finding);
	if (blame->changed)
		finding.breaks = (uint8_t)check_breaks(smmu, &blame->key[blame->of_key],
						       &finding.changed);
	tell(smmu, &blame->key[0], &finding);
}

void check_report_change(struct smmu3 *smmu, enum smmu3_finding_kind kind,
			 const struct kept_key *key, const struct smmu3_changed *change)
{
	struct smmu3_finding finding = {
		.size = sizeof(finding),
		.kind = (uint8_t)kind,
		.access = smmu3_check_accesses(smmu),
		.changed = *change,
		.breaks = (uint8_t)check_breaks(smmu, key, change),
		/* The command is under way */
		.kept = { say_kept(smmu, key, SMMU3_PENDING_NONE) },
		.kepts = 1,
	};

	tell(smmu, key, &finding);
}
