/* SPDX-License-Identifier: MIT */
/* Whether a change lacks a break-before-make, by what software has told the SMMU besides:
 * the STE or CD that a translation was made by says who may write, and how wide addresses are. */
#include "checking_report.h"

#include "check/changes.h"
#include "config/context.h"
#include "prog/gate.h"

#include <string.h>

bool check_structure_of(struct check *check, const struct kept_key *key, enum smmu3_reason reason,
			uint64_t *word)
{
	bool found = false;

	pthread_mutex_lock(&check->lock);
	const uint32_t number = ledger_find(&check->ledger, key);
	const struct kept_record *record = number ? ledger_record(&check->ledger, number) : NULL;

	for (uint32_t i = 0; record && i < record->count; i++) {
		const struct version *version = ledger_version(
			&check->ledger, check->ledger.pool[record->made_of + i]);

		if (version->reason != reason || version->words != 8)
			continue;
		memcpy(word, version->word, sizeof(version->word));
		found = true;
	}
	pthread_mutex_unlock(&check->lock);
	return found;
}

static struct stream_table streams_of(struct smmu3 *smmu, const struct interface *interface)
{
	pthread_mutex_lock(&smmu->lock);
	const struct gate gate = gate_from(&interface->prog, &interface->features);

	pthread_mutex_unlock(&smmu->lock);
	return gate.streams;
}

unsigned check_state_of(const struct kept_key *key)
{
	switch (key->kind) {
	case SMMU3_KEPT_TRANSLATION:
	case SMMU3_KEPT_TABLE:
		return stream_worlds[key->tag.regime.world].sec_sid;
	case SMMU3_KEPT_ATC:
		return key->atc.sec_sid;
	case SMMU3_KEPT_DPT:
	case SMMU3_KEPT_GPT:
		return key->region.sec_sid;
	default:
		return key->name.sec_sid;
	}
}

/* Of VMSAv9-128 nobody writes without them, and nothing is said. */
static void add_controls(struct smmu3 *smmu, const struct kept_key *key,
			 const struct smmu3_changed *change, struct change_rules *rules)
{
	const struct interface *interface = &smmu->interface[check_state_of(key)];
	const struct stream_table streams = streams_of(smmu, interface);
	struct stream stream;
	struct context context;
	struct ste ste;
	struct cd cd;

	if (!check_structure_of(smmu->check, key, SMMU3_REASON_STE, ste.word))
		return;
	stream_decode(&interface->features, streams.e2h, &ste, &stream);
	rules->s2 = stream.stage2.codes;
	rules->s2.base = streams.s2pii;
	rules->dirty = stream.stage2.updates.dirty;
	rules->indirect = stream.stage2.indirect;
	rules->ds = stream.stage2.table.ds || stream.stage2.secure.ds;
	if (change->reason == SMMU3_REASON_S2_TTD ||
	    !check_structure_of(smmu->check, key, SMMU3_REASON_CD, cd.word))
		return;
	context_decode(&interface->features, &stream, &cd, &context);
	rules->s1 = context.stage1.codes;
	rules->indirect = context.stage1.indirect;
	rules->aie = context.stage1.aie;
	rules->ds = context.stage1.half[0].ds || context.stage1.half[1].ds;
	rules->perm = context.stage1.perm;
	rules->dirty = context.stage1.updates.dirty;
}

enum smmu3_break check_breaks(struct smmu3 *smmu, const struct kept_key *key,
			      const struct smmu3_changed *change)
{
	const bool descriptor = change->reason == SMMU3_REASON_S1_TTD ||
				change->reason == SMMU3_REASON_S2_TTD;
	struct change_rules rules = { .bbml = smmu->interface[BANK_NS].features.bbml };

	if (descriptor)
		add_controls(smmu, key, change, &rules);
	return change_breaks(change, &rules);
}
