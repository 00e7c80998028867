/* SPDX-License-Identifier: MIT */
#include "lookups.h"

#include "checking.h"
#include "counting.h"
#include "guarding.h"

#include "xlate/translate.h"

/* What would be updated is not kept as if it had been.  9 */
static void inhibit_updates(struct mem_view *view, bool inhibits)
{
	view->updates = inhibits ? UPDATES_INHIBITED : UPDATES_DONE;
	view->keeps = view->keeps && !inhibits;
}

/* One who was disabled meanwhile translates nothing.  What is read for it counts, events 4 and 5;
 * it is no transaction, as it may be in none of events 1 to 3.  6.3.37, 10.3 */
void smmu_look_up(struct smmu3 *smmu, struct lookup *lookup)
{
	struct gate gate;
	struct tally tally;
	struct checked checked;
	struct guard guard;
	struct interface *interface = interface_of(smmu, lookup->request.sec_sid);
	struct world world = { .gate = &gate, .view = tallied_view(smmu, &tally) };

	lookup->request.s2p = smmu->interface[BANK_NS].features.s2p;
	lookup->tlb_age = tlb_age(&smmu->tlb);
	if (smmu->keeps)
		view_what_is_kept(smmu, &world.view);
	inhibit_updates(&world.view, lookup->request.inhibits);
	const struct tally *read = check_listen(smmu, SMMU3_KEPT_FOR_LOOKUP, &world.view, &checked,
						&tally);

	guard_view(smmu, &world.view, &guard);
	gate_load(&interface->gate, &gate);
	world.features = features_seen(interface, &gate);
	lookup->par = gate.smmuen ? atos_look_up(&world, &lookup->request) :
				    atos_ended(&lookup->request);
	smmu_report_guard(smmu, &guard);
	if (world.view.step)
		count_reads(smmu, lookup->request.sec_sid, lookup->request.sid, read);
	check_leave(smmu, &checked);
}

bool smmu_overtaken(struct smmu3 *smmu, const struct act *act)
{
	return act->kind == ACT_LOOK_UP && tlb_age(&smmu->tlb) != act->lookup.tlb_age;
}
