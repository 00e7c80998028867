/* SPDX-License-Identifier: MIT */
/* Invalidations that would have removed more without their hints. */
#include "check/ledger.h"

static void pass_by(struct ledger *ledger, uint32_t number, void *context)
{
	struct kept_record *record = &ledger->record[number - 1];
	const struct meaning *meaning = context;

	record->passed_by |= !kept_key_is_meant(&record->key, meaning->scope, meaning->meant);
}

void ledger_pass_by(struct ledger *ledger, const struct meaning *meaning)
{
	struct smmu3_invalidation without = *meaning->scope;
	struct meaning wide = { &without, meaning->meant, meaning->moment }, own = *meaning;

	if (!without.hint_granule_lg2)
		return;
	without.hint_granule_lg2 = without.hint_level = 0;
	ledger_visit_meant(ledger, &wide, pass_by, &own);
}
