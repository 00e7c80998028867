/* SPDX-License-Identifier: MIT */
#include "prog/cmdq.h"

#include "prog/adversity.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/priq.h"
#include "prog/queue_regs.h"
#include "prog/ranges.h"
#include "prog/stalling.h"

static uint32_t commands_waiting(const struct work *work, const struct queue *queue)
{
	return unlikely(work->adversity) ? adverse_waiting(work, queue) : queue_waiting(queue);
}

static bool command_waits(const struct prog *prog, const struct work *work,
			  const struct features *features)
{
	const struct queue queue = queue_at(prog, &cmdq_regs, features->cmdqs);

	return prog_get(prog, PROG_CR0, CR0_CMDQEN) &&
	       !error_active(prog, REG_MASK(GERROR_CMDQ_ERR)) && commands_waiting(work, &queue) &&
	       !(unlikely(work->adversity) && adverse_paused(work));
}

struct command_rules commands_of(const struct work *work, const struct features *features)
{
	struct command_rules rules = { work->bank, { [BANK_NS] = work->non_secure.features } };

	rules.of[work->bank] = features;
	return rules;
}

static enum command_effect effect_of(const struct work *work, const struct features *features)
{
	const struct command_rules rules = commands_of(work, features);

	return command_effect(&rules, &work->command);
}

/* A command that invalidates ATCs waits while as many are under way as may be. */
static bool announcement_can_go(const struct features *features, const struct work *work)
{
	return effect_of(work, features) != EFFECT_INVALIDATE_ATC || atc_room(&work->atcs);
}

void take_turns(const struct prog *prog, struct work *work, const struct features *features)
{
	const bool due = work->announce ? announcement_can_go(features, work) :
					  !work->syncing && command_waits(prog, work, features);

	if (due && !work->command_due) {
		work->ahead = work->events;
		work->pages_ahead = work->pages;
	}
	work->command_due = due;
}

bool next_command(const struct prog *prog, const struct work *work, const struct features *features,
		  struct act *act)
{
	const struct queue queue = queue_at(prog, &cmdq_regs, features->cmdqs);
	uint32_t index = queue.cons;

	if (work->announce || work->syncing || !command_waits(prog, work, features))
		return false;
	if (unlikely(work->adversity) && !adverse_reads(work, &queue, &index)) {
		*act = (struct act){ .kind = ACT_RECALL_COMMAND };
		return true;
	}
	*act = (struct act){ .kind = ACT_READ_COMMAND,
			     .at = queue_entry_at(prog, &cmdq_regs, &queue, index),
			     .attr = queue_attr(prog, &cmdq_regs) };
	return true;
}

static struct act invalidate_atc(struct work *work, const struct features *features)
{
	const struct command_rules rules = commands_of(work, features);
	struct act act = { .kind = ACT_INVALIDATE_ATC };

	act.atc = command_atc(&rules, &work->command);
	act.atc.tag = atc_begin(&work->atcs);
	return act;
}

struct command_controls controls_of(const struct prog *prog)
{
	return (struct command_controls){
		.vmw = (unsigned)prog_get(prog, PROG_CR0, CR0_VMW),
		.e2h = prog_get(prog, PROG_CR2, CR2_E2H),
	};
}

bool next_announcement(const struct prog *prog, struct work *work, const struct features *features,
		       struct act *act)
{
	if (!work->announce || !announcement_can_go(features, work))
		return false;
	if (effect_of(work, features) == EFFECT_INVALIDATE_ATC) {
		*act = invalidate_atc(work, features);
		return true;
	}
	const struct command_rules rules = commands_of(work, features);
	const bool own = command_target(&rules, &work->command) == work->bank;
	const struct command_controls controls = controls_of(own ? prog : work->non_secure.prog);

	*act = (struct act){ .kind = ACT_INVALIDATE,
			     .scope = command_scope(&rules, controls, &work->command) };
	return true;
}

/* The reason first, then the error; the command stays where it is.  7.1 */
static void stop_commands(struct prog *prog, struct work *work, enum cmdq_error error)
{
	if (unlikely(work->adversity))
		adverse_forget_commands(work);
	prog_put(prog, PROG_CMDQ_CONS, CMDQ_CONS_ERR, error);
	report_error(prog, work, REG_MASK(GERROR_CMDQ_ERR));
}

static void consume(struct prog *prog, struct work *work, const struct features *features)
{
	const struct queue queue = queue_at(prog, &cmdq_regs, features->cmdqs);

	prog_put(prog, PROG_CMDQ_CONS, CMDQ_CONS_RD, queue_next(queue.cons, queue.size_lg2));
	work->send_event |= queue_full(&queue); /* it no longer is.  4.1.2 */
	work->command_due = false;
	if (unlikely(work->adversity))
		adverse_consumes(work);
}

/* What a CMD_SYNC signals comes when it has been consumed.  4.7.3 */
static void complete_sync(struct prog *prog, struct work *work)
{
	const uint64_t signal = cmd_get(&work->command, CMD_SYNC_CS);

	if (signal == CMD_SYNC_SIG_IRQ)
		raise_interrupt(prog, work, SMMU3_INTERRUPT_CMD_SYNC);
	work->send_event |= signal == CMD_SYNC_SIG_SEV;
	work->synced = true;
}

/* It waits for what it finds under way, but not once one of them has timed out: the others go on,
 * and the CMD_SYNC that software has it followed by waits for them.  3.9.1.4, 4.7.3 */
static void try_sync(struct prog *prog, struct work *work, const struct features *features)
{
	const bool failed = unlikely(work->adversity) ? adverse_atc_fails(work) : work->atcs.failed;
	const bool late = unlikely(work->adversity) && adverse_sync_waits(work);

	work->syncing = !failed && (sections_hold(work->sections, &work->sections_awaited) ||
				    work->atcs.live || late);
	work->atcs.failed &= !failed;
	if (failed)
		stop_commands(prog, work, CERROR_ATC_INV_SYNC);
	if (failed)
		sections_end_wait(work->sections, &work->sections_awaited);
	if (failed || work->syncing)
		return;
	consume(prog, work, features);
	complete_sync(prog, work);
}

static void begin_sync(struct prog *prog, struct work *work, const struct features *features)
{
	sections_begin_wait(work->sections, &work->sections_awaited);
	if (unlikely(work->adversity))
		adverse_sync_begins(work);
	try_sync(prog, work, features);
}

void resume_sync(struct prog *prog, struct work *work, const struct features *features)
{
	if (unlikely(work->syncing))
		try_sync(prog, work, features);
}

bool atc_ended(struct prog *prog, struct work *work, const struct features *features, uint64_t tag,
	       enum smmu3_atc_result result)
{
	if (!atc_end(&work->atcs, tag, result))
		return false;
	if (work->syncing)
		try_sync(prog, work, features);
	return true;
}

void finish_termination(struct prog *prog, struct work *work, const struct features *features)
{
	if (!work->terminating || work->terminate.on)
		return;
	work->terminating = false;
	consume(prog, work, features);
}

static void execute(struct prog *prog, struct work *work, const struct features *features)
{
	const struct command_rules rules = commands_of(work, features);
	const enum bank target = command_target(&rules, &work->command);

	if (unlikely(rules.of[target]->out_of_range == OUT_OF_RANGE_IS_CUT))
		command_cut(rules.of[target], &work->command);
	switch (command_effect(&rules, &work->command)) {
	case EFFECT_ILLEGAL:
		stop_commands(prog, work, CERROR_ILL);
		return;
	case EFFECT_INVALIDATE:
		work->announce = true;
		return;
	case EFFECT_INVALIDATE_ATC:
		work->announce = prog_get(prog, PROG_CR0, CR0_SMMUEN);
		if (!work->announce)
			consume(prog, work, features);
		return;
	case EFFECT_ANSWER_PAGE:
		if (prog_get(prog, PROG_CR0, CR0_SMMUEN))
			respond_by_command(work, rules.of[target], &work->command);
		consume(prog, work, features);
		return;
	case EFFECT_SYNC:
		begin_sync(prog, work, features);
		return;
	case EFFECT_RESUME:
		resume_stall(work, features, &work->command, target);
		consume(prog, work, features);
		return;
	case EFFECT_TERMINATE:
		work->terminating = true;
		terminate_stalls(work, &work->command, target);
		finish_termination(prog, work, features);
		return;
	case EFFECT_NONE:
		consume(prog, work, features);
		return;
	}
}

/* The one whose turn it is has been read, as long ago as may be.  3.21.2, 7.1 */
void command_recalled(struct prog *prog, struct work *work, const struct features *features)
{
	const struct queue queue = queue_at(prog, &cmdq_regs, features->cmdqs);

	if (adverse_recall(work, queue.cons, &work->command))
		execute(prog, work, features);
	else
		stop_commands(prog, work, CERROR_ABT);
}

/* It is kept for its turn, which comes when all that may be have been read. */
static COLD void command_read_ahead(struct prog *prog, struct work *work,
				    const struct features *features, const struct act *act, bool ok)
{
	const struct queue queue = queue_at(prog, &cmdq_regs, features->cmdqs);
	uint32_t index;

	adverse_has_read(work, &act->cmd, ok);
	if (!adverse_reads(work, &queue, &index))
		command_recalled(prog, work, features);
}

void command_done(struct prog *prog, struct work *work, const struct features *features,
		  const struct act *act, bool ok)
{
	if (CHOSEN(work, CMDQ_FETCH)) {
		command_read_ahead(prog, work, features, act, ok);
		return;
	}
	if (!ok) {
		stop_commands(prog, work, CERROR_ABT);
		return;
	}
	work->command = act->cmd;
	execute(prog, work, features);
}

void announcement_done(struct prog *prog, struct work *work, const struct features *features)
{
	work->announce = false;
	consume(prog, work, features);
}
