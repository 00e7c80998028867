/* SPDX-License-Identifier: MIT */
#include "lookups.h"

#include "xlate/translate.h"

/* One who was disabled meanwhile translates nothing.  6.3.37 */
void smmu_look_up(struct smmu3 *smmu, struct lookup *lookup)
{
	struct gate gate;
	struct world world = { .features = &smmu->features,
			       .gate = &gate,
			       .view = { .mem = &smmu->mem } };

	lookup->tlb_age = tlb_age(&smmu->tlb);
	if (smmu->keeps)
		view_what_is_kept(smmu, &world.view);
	gate_load(&smmu->gate, &gate);
	lookup->par = gate.smmuen ? atos_look_up(&world, &lookup->request) :
				    atos_ended(&lookup->request);
}

bool smmu_overtaken(struct smmu3 *smmu, const struct act *act)
{
	return act->kind == ACT_LOOK_UP && tlb_age(&smmu->tlb) != act->lookup.tlb_age;
}
