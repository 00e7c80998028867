/* SPDX-License-Identifier: MIT */
#include "adverse.h"

#include <smmu/adversity.h>

#include <stdlib.h>
#include <string.h>

enum { ALTERNATIVES = 2 };

static const struct {
	const char *name, *alternative[ALTERNATIVES];
} choice[OBVIOUS_CHOICE_COUNT] = {
#define ADVERSE_ROW(id, name, ...) { name, { __VA_ARGS__ } },
	OBVIOUS_CHOICES(ADVERSE_ROW)
};

/* Nothing of these comes of what this software does, or what shows is taken for anything
 * (software.c).  command-reserved-bits is not among them: it leaves tags where a command has none.
 */
static const char *const unseen[] = {
	"page-1-gaps=page-0",
	"page-0-queue-indexes=raz-wi",
	"register-access-size=raz-wi",
	"register-access-pair=one",
	"register-access-pair=raz-wi",
	"register-access-pair=abort",
	"register-reserved-bits=stored",
	"cr0-absent-features=res0",
	"s-init-while-enabled=ignored",
	"reset-values=unknown",
	"ptm-reset=set",
	"gbpa-reset=abort",
	"cr0-update=late",
	"cr0-update=acknowledged-late",
	"cr0-altered=cancelled",
	"cr0-altered=taken",
	"irq-ctrl-update=late",
	"guarded-writes=taken",
	"gbpa-update=late",
	"gbpa-altered=taken",
	"gbpa-without-update=taken",
	"gbpa-without-overrides=zero",
	"dormant-hint=given",
	"gerrorn-inactive=raised",
	"gerrorn-inactive=unnoticed",
	"kept-after-reset=kept",
	"kept-while-disabled=gone",
	"tlb-conflict=recorded",
	"cmdq-contradicting-indexes=stopped",
	"cmdq-contradicting-indexes=executed",
	"eventq-contradicting-indexes=written",
	"eventq-contradicting-indexes=nothing",
	"cmdq-err-without-error=stays",
	"command-out-of-range=void",
	"command-out-of-range=cut",
	"eventq-abort=passed",
	"resume-unrecorded=resumed",
	"resume-twice=second",
	"interrupt-coalescing=coalesced",
	"message-abort=unnoticed",
	"record-substreamid=unknown",
	"record-stage-1-ipa=unknown",
};

void adverse_draw(struct world *world)
{
	world->setup.adverse = true;
	for (unsigned i = 0; i < OBVIOUS_CHOICE_COUNT; i++) {
		const unsigned alternatives = choice[i].alternative[1] ? 2 : 1;
		const bool otherwise = rng_chance(&world->rng, 400);

		world->setup.chosen[i] = otherwise ?
						 (uint8_t)rng_from(&world->rng, 1, alternatives) :
						 0;
	}
	world->setup.unseen = rng_next(&world->rng);
}

void adverse_ask(struct setup *setup, struct smmu3 *smmu)
{
	for (unsigned i = 0; i < OBVIOUS_CHOICE_COUNT; i++) {
		const unsigned chosen = setup->chosen[i];
		int error;

		if (!chosen)
			continue;
		error = smmu3_adversity_choose(smmu, choice[i].name,
					       choice[i].alternative[chosen - 1], NULL);
		if (error == -SMMU3_E_INCONSISTENT)
			setup->chosen[i] = 0;
		else if (error)
			abort();
	}
	for (unsigned i = 0; i < sizeof(unseen) / sizeof(*unseen); i++) {
		const int error = setup->unseen >> i & 1 ?
					  smmu3_adversity_ask(smmu, unseen[i], NULL) :
					  0;

		if (error && error != -SMMU3_E_INCONSISTENT)
			abort();
	}
}

void adverse_draw_aborts(struct world *world)
{
	static const uint8_t reason[] = { SMMU3_REASON_L1STD,  SMMU3_REASON_STE,
					  SMMU3_REASON_L1CD,   SMMU3_REASON_CD,
					  SMMU3_REASON_S1_TTD, SMMU3_REASON_S2_TTD };
	struct rng *rng = &world->rng;

	world->setup.aborts = (struct aborts){
		.reasons = UINT32_C(1) << reason[rng_below(rng, sizeof(reason))] |
			   UINT32_C(1) << reason[rng_below(rng, sizeof(reason))],
		.first = rng_from(rng, 1, 16),
		.every = rng_from(rng, 3, 60),
		.poisoned = rng_below(rng, 2),
	};
}

void adverse_abort(const struct aborts *aborts, struct smmu3 *smmu)
{
	const struct smmu3_mem_rule rule = {
		.mischief = aborts->poisoned ? SMMU3_MISCHIEF_POISON : SMMU3_MISCHIEF_ABORT,
		.reasons = aborts->reasons,
		.first = aborts->first,
		.every = aborts->every,
	};

	if (smmu3_adversity_memory(smmu, &rule, NULL))
		abort();
}
