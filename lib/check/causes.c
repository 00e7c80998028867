/* SPDX-License-Identifier: MIT */
#include "check/causes.h"

#include <stdlib.h>

void causes_free(struct causes *causes)
{
	free(causes->slot);
	*causes = (struct causes){ .count = 0 };
}

static uint64_t what_of(const struct kept_key *key, const struct smmu3_changed *changed,
			const struct smmu3_changed_register *changed_register)
{
	const uint64_t place[2] = { changed->pa, changed->pas };
	const uint64_t reg[3] = { changed_register->offset, changed_register->sec_sid, 1 };

	if (changed->words)
		return ledger_hash(place, sizeof(place));
	return changed_register->bytes ? ledger_hash(reg, sizeof(reg)) :
					 ledger_hash(key, sizeof(*key));
}

static struct cause *slot_of(const struct causes *causes, uint64_t what)
{
	const uint32_t mask = causes->slots - 1;
	uint32_t at = (uint32_t)what & mask;

	while (causes->slot[at].number && causes->slot[at].what != what)
		at = (at + 1) & mask;
	return &causes->slot[at];
}

/* At most half of the slots are taken. */
static bool make_room(struct causes *causes)
{
	const uint32_t slots = causes->slots ? 2 * causes->slots : 64;
	struct causes larger = { calloc(slots, sizeof(*larger.slot)), slots, causes->count };

	if (!larger.slot)
		return false;
	for (uint32_t i = 0; i < causes->slots; i++)
		if (causes->slot[i].number)
			*slot_of(&larger, causes->slot[i].what) = causes->slot[i];
	free(causes->slot);
	*causes = larger;
	return true;
}

uint32_t cause_number(struct causes *causes, const struct kept_key *key,
		      const struct smmu3_changed *changed,
		      const struct smmu3_changed_register *changed_register)
{
	const uint64_t what = what_of(key, changed, changed_register);

	if (2 * (causes->count + 1) > causes->slots && !make_room(causes))
		return 0;
	struct cause *cause = slot_of(causes, what);

	if (!cause->number)
		*cause = (struct cause){ what, ++causes->count };
	return cause->number;
}
