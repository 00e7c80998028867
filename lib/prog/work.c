/* SPDX-License-Identifier: MIT */
#include "prog/work.h"

#include "prog/adversity.h"
#include "prog/atos.h"
#include "prog/cmdq.h"
#include "prog/eventq.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/priq.h"
#include "prog/stalling.h"

void work_reset(struct work *work)
{
	struct atcs atcs = work->atcs;

	sections_end_wait(work->sections, &work->sections_awaited);
	atc_forget(&atcs);
	*work = (struct work){ .bank = work->bank,
			       .non_secure = work->non_secure,
			       .stalls = work->stalls,
			       .sections = work->sections,
			       .atcs = atcs,
			       .events_lost = work->events_lost,
			       .adversity = work->adversity };
}

/* ---- What software switched off ---- */

void work_registers_written(struct prog *prog, struct work *work)
{
	drop_disabled_interrupts(prog, work);
	if (!prog_get(prog, PROG_CR0, CR0_EVENTQEN))
		drop_events(work);
	if (unlikely(work->adversity))
		adverse_written(prog, work);
	end_stalls_of_disabled(prog, work);
	end_lookups_of_disabled(prog, work);
}

/* ---- The next act ---- */

/* While an act is in flight, or a transaction stalled, the enable that it happened under is not
 * acknowledged as gone.  6.3.9.3, 6.3.9.4, 6.3.9.6, 6.3.16 */
static void hold_for(struct prog *prog, const struct work *work, const struct act *act)
{
	uint64_t queues = 0, interrupt = 0;
	const bool monitors = act && act->interrupt == SMMU3_INTERRUPT_PMCG;

	if (work->announce || work->terminating || work->syncing)
		queues |= REG_MASK(CR0_CMDQEN);
	if (stalls_hold_smmuen(work))
		queues |= REG_MASK(CR0_SMMUEN);
	if (work->walking)
		queues |= REG_MASK(CR0_DPT_WALK_EN);
	if (act && (act->kind == ACT_READ_COMMAND || act->kind == ACT_RECALL_COMMAND ||
		    act->kind == ACT_INVALIDATE || act->kind == ACT_INVALIDATE_ATC))
		queues |= REG_MASK(CR0_CMDQEN);
	if (act && act->kind == ACT_WRITE_EVENT)
		queues |= REG_MASK(CR0_EVENTQEN);
	if (act && act->kind == ACT_WRITE_PAGE) /* SMMUEN = 0 disables it, too */
		queues |= REG_MASK(CR0_PRIQEN) | REG_MASK(CR0_SMMUEN);
	if (act && act->kind == ACT_LOOK_UP)
		queues |= REG_MASK(CR0_SMMUEN);
	if (act && (act->kind == ACT_WRITE_MSI || act->kind == ACT_PULSE))
		interrupt = interrupt_enable(act->interrupt);
	prog_hold(prog, PROG_CR0, queues);
	prog_hold(prog, PROG_IRQ_CTRL, monitors ? 0 : interrupt);
	prog_hold(prog, PROG_PMCG_IRQ_CTRL, monitors ? interrupt : 0);
}

void work_hold(struct prog *prog, const struct work *work)
{
	hold_for(prog, work, NULL);
}

void work_hold_walks(struct prog *prog, struct work *work, bool walking)
{
	const uint64_t walks = REG_MASK(CR0_DPT_WALK_EN);
	const uint64_t others = prog->held[PROG_CR0] & ~walks;

	work->walking = walking;
	prog_hold(prog, PROG_CR0, walking ? others | walks : others);
}

/* Everything that is kept goes, before anything else is done.  6.3.62 */
static bool next_initialization(struct prog *prog, struct act *act)
{
	*act = (struct act){ .kind = ACT_INVALIDATE_ALL,
			     .scope = { .kind = SMMU3_INVALIDATES_ALL,
					.any_asid = 1,
					.any_vmid = 1,
					.any_ssid = 1,
					.worlds = UINT8_MAX } };
	if (!prog_get(prog, PROG_INIT, S_INIT_INV_ALL))
		return false;
	prog_begin_init(prog);
	return true;
}

/* Those that have been put off are due when nothing else is. */
static bool next_put_off(const struct prog *prog, struct work *work,
			 const struct features *features, struct act *act)
{
	if (likely(!work->put_off))
		return false;
	work->put_off = 0;
	return next_message(prog, work, features, act) || next_pulse(work, features, act);
}

bool work_next(struct prog *prog, struct work *work, const struct features *features,
	       struct act *act)
{
	if (unlikely(work->adversity))
		work->put_off = adverse_coalesced(work);
	resume_sync(prog, work, features);
	/* Requests of ATOS and the rest take turns, too: neither waits for ever for the other. */
	take_turns(prog, work, features);
	const bool found = next_initialization(prog, act) ||
			   (!work->looked_up && next_lookup(prog, work, act)) ||
			   next_message(prog, work, features, act) ||
			   next_pulse(work, features, act) ||
			   next_send_event(work, features, act) || next_stall_end(work, act) ||
			   next_response(work, act) || next_page(prog, work, features, act) ||
			   next_event(prog, work, features, act) ||
			   next_announcement(prog, work, features, act) ||
			   next_command(prog, work, features, act) ||
			   next_retry(prog, work, features, act) || next_marked_stall(work, act) ||
			   next_lookup(prog, work, act) || next_put_off(prog, work, features, act);

	work->looked_up = found && act->kind == ACT_LOOK_UP;
	hold_for(prog, work, found ? act : NULL);
	return found;
}

void work_done(struct prog *prog, struct work *work, const struct features *features,
	       const struct act *act, bool ok)
{
	switch (act->kind) {
	case ACT_INVALIDATE_ALL:
		prog_end_init(prog);
		break;
	case ACT_READ_COMMAND:
		command_done(prog, work, features, act, ok);
		break;
	case ACT_RECALL_COMMAND:
		command_recalled(prog, work, features);
		break;
	case ACT_INVALIDATE:
		announcement_done(prog, work, features);
		break;
	case ACT_INVALIDATE_ATC:
		if (!ok) /* nobody has an ATC */
			(void)atc_end(&work->atcs, act->atc.tag, SMMU3_ATC_DONE);
		announcement_done(prog, work, features);
		break;
	case ACT_WRITE_EVENT:
		event_done(prog, work, features, act, ok);
		break;
	case ACT_WRITE_PAGE:
		page_done(prog, work, features, act, ok);
		break;
	case ACT_CHECK_PAGE:
		page_checked(prog, work, act);
		break;
	case ACT_WRITE_MSI:
		if (!ok)
			report_aborted_message(prog, work, act->interrupt);
		break;
	case ACT_LOOK_UP:
		lookup_done(prog, work, act, ok);
		break;
	case ACT_END_STALL:
	case ACT_NONE:
		finish_termination(prog, work, features);
		break;
	case ACT_PULSE:
	case ACT_SEND_EVENT:
	case ACT_ANSWER_PAGE:
		break;
	}
	work_hold(prog, work);
}
