/* SPDX-License-Identifier: MIT */
#include "prog/work.h"

#include "arch/event.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/queue.h"
#include "prog/stalling.h"
#include "walk/attributes.h"

/* ---- Queues, 3.5 ---- */

/* The registers of one. */
struct queue_regs {
	enum prog_register base, prod, cons;
	uint8_t entry_lg2;
};

static const struct queue_regs cmdq = { PROG_CMDQ_BASE, PROG_CMDQ_PROD, PROG_CMDQ_CONS, 4 };
static const struct queue_regs eventq = { PROG_EVENTQ_BASE, PROG_EVENTQ_PROD, PROG_EVENTQ_CONS, 5 };

static unsigned size_lg2(const struct prog *prog, const struct queue_regs *regs, unsigned most)
{
	const unsigned size = (unsigned)prog_get(prog, regs->base, QUEUE_BASE_LOG2SIZE);

	return size < most ? size : most;
}

static struct queue queue_at(const struct prog *prog, const struct queue_regs *regs, unsigned most)
{
	return queue_of(prog->value[regs->prod], prog->value[regs->cons],
			size_lg2(prog, regs, most));
}

/* The base is aligned to the size of the queue, 32 bytes at least, which the register's own bits
 * see to.  6.3.26 */
static struct pa entry_at(const struct prog *prog, const struct queue_regs *regs,
			  const struct queue *queue, uint32_t index)
{
	const uint64_t base = align_down(field_in_place(&prog->value[regs->base], QUEUE_BASE_ADDR),
					 queue->size_lg2 + regs->entry_lg2);

	return (struct pa){ base + (queue_entry(index, queue->size_lg2) << regs->entry_lg2),
			    SMMU3_PAS_NS };
}

/* CR1.QUEUE_*; the hint is RA of a queue that is read, WA of one that is written.  6.3.11, 13.8 */
static struct smmu3_attr queue_attr(const struct prog *prog, const struct queue_regs *regs)
{
	return attr_queue((unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_IC),
			  (unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_OC),
			  (unsigned)prog_get(prog, PROG_CR1, CR1_QUEUE_SH),
			  prog_get(prog, regs->base, QUEUE_BASE_RA), regs == &cmdq);
}

/* ---- The Event queue, 7.2 ---- */

bool work_takes_event(const struct work *work)
{
	return work->events < WORK_EVENTS;
}

static struct smmu3_event take_event(struct work *work)
{
	const struct smmu3_event event = work->event[work->first_event];

	work->first_event = (work->first_event + 1) % WORK_EVENTS;
	work->events--;
	work->ahead -= work->ahead != 0;
	return event;
}

static bool events_accepted(const struct prog *prog)
{
	return prog_get(prog, PROG_CR0, CR0_EVENTQEN) &&
	       !error_active(prog, REG_MASK(GERROR_EVENTQ_ABT_ERR));
}

void work_event(const struct prog *prog, struct work *work, const struct smmu3_event *event)
{
	if (events_accepted(prog))
		work->event[(work->first_event + work->events++) % WORK_EVENTS] = *event;
}

/* A record found the queue full: told once until software has acknowledged it.  7.4 */
static void overflow(struct prog *prog)
{
	const uint64_t flag = prog_get(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_OVFLG);

	if (flag == prog_get(prog, PROG_EVENTQ_CONS, EVENTQ_CONS_OVACKFLG))
		prog_put(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_OVFLG, !flag);
}

void work_lose_event(struct prog *prog)
{
	if (events_accepted(prog))
		overflow(prog);
}

static bool event_queue_full(const struct prog *prog, const struct features *features)
{
	const struct queue queue = queue_at(prog, &eventq, features->eventqs);

	return queue_full(&queue);
}

/* What finds the queue disabled, in error or full is lost, but for stalls; those that it was full
 * for do not overflow it.  7.2.1, 7.4 */
static bool finds_room(struct prog *prog, struct work *work, const struct features *features,
		       const struct smmu3_event *event)
{
	const bool accepted = events_accepted(prog);
	const bool full = event_queue_full(prog, features);

	if (accepted && !full)
		return true;
	if (!keep_stall(work, event) && accepted)
		overflow(prog);
	return false;
}

static bool next_event(struct prog *prog, struct work *work, const struct features *features,
		       struct act *act)
{
	while (work->command_due ? work->ahead : work->events) {
		const struct queue queue = queue_at(prog, &eventq, features->eventqs);
		const struct smmu3_event event = take_event(work);

		if (!event_get(&event, EVENT_NUMBER)) /* forgotten since */
			continue;
		if (!finds_room(prog, work, features, &event))
			continue;
		*act = (struct act){ .kind = ACT_WRITE_EVENT,
				     .at = entry_at(prog, &eventq, &queue, queue.prod),
				     .attr = queue_attr(prog, &eventq),
				     .event = event };
		return true;
	}
	return false;
}

/* Stalls that found no room are retried while there is some. */
static bool next_retry(const struct prog *prog, struct work *work, const struct features *features,
		       struct act *act)
{
	return events_accepted(prog) && !event_queue_full(prog, features) &&
	       next_stall_retry(work, act);
}

static void event_done(struct prog *prog, struct work *work, const struct features *features,
		       const struct act *act, bool ok)
{
	const struct queue queue = queue_at(prog, &eventq, features->eventqs);

	if (!ok) {
		(void)keep_stall(work, &act->event);
		report_error(prog, work, REG_MASK(GERROR_EVENTQ_ABT_ERR));
		return;
	}
	stall_seen(work, &act->event);
	prog_put(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_WR, queue_next(queue.prod, queue.size_lg2));
	if (queue_empty(&queue) || features->interrupt_every_event)
		raise_interrupt(prog, work, SMMU3_INTERRUPT_EVENTQ);
}

/* ---- The Command queue, 4.1, 7.1 ---- */

static bool command_waits(const struct prog *prog, const struct features *features)
{
	const struct queue queue = queue_at(prog, &cmdq, features->cmdqs);

	return prog_get(prog, PROG_CR0, CR0_CMDQEN) &&
	       !error_active(prog, REG_MASK(GERROR_CMDQ_ERR)) && queue_waiting(&queue);
}

/* Before a command come the records that wait when it is its turn, CMD_SYNC's promise, and no more:
 * faults without end do not keep it waiting.  4.7.3 */
static void take_turns(const struct prog *prog, struct work *work, const struct features *features)
{
	const bool due = work->announce || command_waits(prog, features);

	if (due && !work->command_due)
		work->ahead = work->events;
	work->command_due = due;
}

static bool next_command(const struct prog *prog, const struct features *features, struct act *act)
{
	const struct queue queue = queue_at(prog, &cmdq, features->cmdqs);

	if (!command_waits(prog, features))
		return false;
	*act = (struct act){ .kind = ACT_READ_COMMAND,
			     .at = entry_at(prog, &cmdq, &queue, queue.cons),
			     .attr = queue_attr(prog, &cmdq) };
	return true;
}

static bool next_announcement(const struct prog *prog, const struct work *work,
			      const struct features *features, struct act *act)
{
	if (!work->announce)
		return false;
	*act = (struct act){ .kind = ACT_INVALIDATE,
			     .scope = command_scope(features,
						    (unsigned)prog_get(prog, PROG_CR0, CR0_VMW),
						    &work->command) };
	return true;
}

/* The reason first, then the error; the command stays where it is.  7.1 */
static void stop_commands(struct prog *prog, struct work *work, enum cmdq_error error)
{
	prog_put(prog, PROG_CMDQ_CONS, CMDQ_CONS_ERR, error);
	report_error(prog, work, REG_MASK(GERROR_CMDQ_ERR));
}

static void consume(struct prog *prog, struct work *work, const struct features *features)
{
	const struct queue queue = queue_at(prog, &cmdq, features->cmdqs);

	prog_put(prog, PROG_CMDQ_CONS, CMDQ_CONS_RD, queue_next(queue.cons, queue.size_lg2));
	work->send_event |= queue_full(&queue); /* it no longer is.  4.1.2 */
	work->command_due = false;
}

/* What a CMD_SYNC signals comes when it has been consumed.  4.7.3 */
static void complete_sync(struct prog *prog, struct work *work)
{
	const uint64_t signal = cmd_get(&work->command, CMD_SYNC_CS);

	if (signal == CMD_SYNC_SIG_IRQ)
		raise_interrupt(prog, work, SMMU3_INTERRUPT_CMD_SYNC);
	work->send_event |= signal == CMD_SYNC_SIG_SEV;
}

/* CMD_STALL_TERM is consumed when it has found all there is.  4.7.2 */
static void finish_termination(struct prog *prog, struct work *work,
			       const struct features *features)
{
	if (!work->terminating || work->terminate.on)
		return;
	work->terminating = false;
	consume(prog, work, features);
}

static void execute(struct prog *prog, struct work *work, const struct features *features)
{
	switch (command_effect(features, &work->command)) {
	case EFFECT_ILLEGAL:
		stop_commands(prog, work, CERROR_ILL);
		return;
	case EFFECT_INVALIDATE:
		work->announce = true;
		return;
	case EFFECT_SYNC:
		consume(prog, work, features);
		complete_sync(prog, work);
		return;
	case EFFECT_RESUME:
		resume_stall(work, features, &work->command);
		consume(prog, work, features);
		return;
	case EFFECT_TERMINATE:
		work->terminating = true;
		terminate_stalls(work, &work->command);
		finish_termination(prog, work, features);
		return;
	case EFFECT_NONE:
		consume(prog, work, features);
		return;
	}
}

static void command_done(struct prog *prog, struct work *work, const struct features *features,
			 const struct act *act, bool ok)
{
	if (!ok) {
		stop_commands(prog, work, CERROR_ABT);
		return;
	}
	work->command = act->cmd;
	execute(prog, work, features);
}

/* ---- Transactions that stall, 3.12.2 ---- */

enum smmu3_verdict work_would_stall(const struct prog *prog, const struct work *work)
{
	if (!prog_get(prog, PROG_CR0, CR0_SMMUEN))
		return SMMU3_ABORT;
	return work->stalls.live < work->stalls.most ? SMMU3_STALLED : SMMU3_BUSY;
}

enum smmu3_verdict work_stall(struct prog *prog, struct work *work, const struct smmu3_txn *txn,
			      struct smmu3_event *event)
{
	const enum smmu3_verdict verdict = work_would_stall(prog, work);
	uint16_t stag;

	if (verdict != SMMU3_STALLED || !stall_begin(&work->stalls, txn, &stag))
		return verdict;
	event_put(event, EVENT_STAG, stag);
	prog_hold(prog, PROG_CR0, prog->held[PROG_CR0] | REG_MASK(CR0_SMMUEN));
	if (work_takes_event(work) && events_accepted(prog))
		work_event(prog, work, event);
	else
		(void)keep_stall(work, event);
	return verdict;
}

bool work_end_stall(struct work *work, struct smmu3_stall *stall)
{
	struct stall_search search = { .on = true, .all = true };
	uint16_t stag = STALL_NONE;

	while (search.on && stag == STALL_NONE)
		stag = stall_search(&work->stalls, &search);
	if (stag == STALL_NONE)
		return false;
	*stall = stall_finish(&work->stalls, stag, SMMU3_STALL_ABORT);
	return true;
}

bool work_init(struct work *work, uint16_t most)
{
	*work = (struct work){ 0 };
	return stalls_init(&work->stalls, most);
}

void work_free(struct work *work)
{
	stalls_free(&work->stalls);
}

void work_reset(struct work *work)
{
	*work = (struct work){ .stalls = work->stalls };
}

/* ---- What software switched off ---- */

static void drop_events(struct work *work)
{
	while (work->events) {
		const struct smmu3_event event = take_event(work);

		(void)keep_stall(work, &event);
	}
}

void work_registers_written(const struct prog *prog, struct work *work)
{
	drop_disabled_interrupts(prog, work);
	if (!prog_get(prog, PROG_CR0, CR0_EVENTQEN))
		drop_events(work);
	end_stalls_of_disabled(prog, work);
}

/* ---- The next act ---- */

/* While an act is in flight, or a transaction stalled, the enable that it happened under is not
 * acknowledged as gone.  6.3.9.3, 6.3.9.4, 6.3.9.6, 6.3.16 */
static void hold_for(struct prog *prog, const struct work *work, const struct act *act)
{
	uint64_t queues = 0, interrupt = 0;

	if (work->announce || work->terminating)
		queues |= REG_MASK(CR0_CMDQEN);
	if (stalls_hold_smmuen(work))
		queues |= REG_MASK(CR0_SMMUEN);
	if (act && (act->kind == ACT_READ_COMMAND || act->kind == ACT_INVALIDATE))
		queues |= REG_MASK(CR0_CMDQEN);
	if (act && act->kind == ACT_WRITE_EVENT)
		queues |= REG_MASK(CR0_EVENTQEN);
	if (act && (act->kind == ACT_WRITE_MSI || act->kind == ACT_PULSE))
		interrupt = interrupt_enable(act->interrupt);
	prog_hold(prog, PROG_CR0, queues);
	prog_hold(prog, PROG_IRQ_CTRL, interrupt);
}

bool work_next(struct prog *prog, struct work *work, const struct features *features,
	       struct act *act)
{
	take_turns(prog, work, features);
	const bool found = next_message(prog, work, features, act) ||
			   next_pulse(work, features, act) ||
			   next_send_event(work, features, act) ||
			   next_stall_end(work, act) ||
			   next_event(prog, work, features, act) ||
			   next_announcement(prog, work, features, act) ||
			   next_command(prog, features, act) ||
			   next_retry(prog, work, features, act);

	if (found)
		hold_for(prog, work, act);
	return found;
}

void work_done(struct prog *prog, struct work *work, const struct features *features,
	       const struct act *act, bool ok)
{
	switch (act->kind) {
	case ACT_READ_COMMAND:
		command_done(prog, work, features, act, ok);
		break;
	case ACT_INVALIDATE:
		work->announce = false;
		consume(prog, work, features);
		break;
	case ACT_WRITE_EVENT:
		event_done(prog, work, features, act, ok);
		break;
	case ACT_WRITE_MSI:
		if (!ok)
			report_aborted_message(prog, work, act->interrupt);
		break;
	case ACT_END_STALL:
	case ACT_NONE:
		finish_termination(prog, work, features);
		break;
	case ACT_PULSE:
	case ACT_SEND_EVENT:
		break;
	}
	hold_for(prog, work, NULL);
}
