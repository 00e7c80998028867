/* SPDX-License-Identifier: MIT */
#include "prog/eventq.h"

#include "arch/event.h"
#include "prog/adversity.h"
#include "prog/fields.h"
#include "prog/interrupts.h"
#include "prog/queue_regs.h"
#include "prog/stalling.h"

bool eventq_takes(const struct work *work)
{
	return work->events < WORK_EVENTS;
}

/* The one that waits longest; false: what it told of is over. */
static bool take_event(struct work *work, struct smmu3_event *event)
{
	const struct record *record = &work->record[work->first_event];

	*event = record->event;
	work->first_event = (work->first_event + 1) % WORK_EVENTS;
	work->events--;
	work->ahead -= work->ahead != 0;
	return record_stands(work, record);
}

bool events_accepted(const struct prog *prog)
{
	return prog_get(prog, PROG_CR0, CR0_EVENTQEN) &&
	       !error_active(prog, REG_MASK(GERROR_EVENTQ_ABT_ERR));
}

static void await_turn(struct work *work, const struct smmu3_event *event)
{
	work->record[(work->first_event + work->events++) % WORK_EVENTS] = record_of(work, event);
}

static COLD void record_adversely(const struct prog *prog, struct work *work,
				  const struct smmu3_event *event)
{
	const struct smmu3_event record = adverse_record(work, event);

	if (!adverse_merges(prog, work, event))
		await_turn(work, &record);
}

void eventq_record(const struct prog *prog, struct work *work, const struct smmu3_event *event)
{
	if (unlikely(work->adversity) && events_accepted(prog))
		record_adversely(prog, work, event);
	else if (events_accepted(prog))
		await_turn(work, event);
	else
		work->events_lost++;
}

/* A record found the queue full: told once until software has acknowledged it.  7.4 */
static void overflow(struct prog *prog)
{
	const uint64_t flag = prog_get(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_OVFLG);

	if (flag == prog_get(prog, PROG_EVENTQ_CONS, EVENTQ_CONS_OVACKFLG))
		prog_put(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_OVFLG, !flag);
}

void eventq_lose(struct prog *prog, struct work *work)
{
	work->events_lost++;
	if (events_accepted(prog))
		overflow(prog);
}

static bool event_queue_full(const struct prog *prog, const struct features *features)
{
	const struct queue queue = queue_at(prog, &eventq_regs, features->eventqs);

	return unlikely(prog->adversity) ? adverse_queue_full(prog, &queue) : queue_full(&queue);
}

/* Is it told that one was lost?  An SMMU that produces nothing by contradicting indexes may say
 * nothing of it.  3.5.1 */
static bool loss_is_told(const struct prog *prog, const struct features *features)
{
	const struct queue queue = queue_at(prog, &eventq_regs, features->eventqs);

	return !(unlikely(prog->adversity) && adverse_silent(prog, &queue));
}

/* What finds the queue disabled, in error or full is lost, but for stalls; those that it was full
 * for do not overflow it.  7.2.1, 7.4 */
static bool finds_room(struct prog *prog, struct work *work, const struct features *features,
		       const struct smmu3_event *event)
{
	const bool accepted = events_accepted(prog);
	const bool full = event_queue_full(prog, features) ||
			  (unlikely(work->adversity) && accepted && adverse_events_full(work));

	if (accepted && !full)
		return true;
	if (keep_stall(work, event))
		return false;
	work->events_lost++;
	if (accepted && loss_is_told(prog, features))
		overflow(prog);
	return false;
}

bool next_event(struct prog *prog, struct work *work, const struct features *features,
		struct act *act)
{
	while (work->command_due ? work->ahead : work->events) {
		const struct queue queue = queue_at(prog, &eventq_regs, features->eventqs);
		struct smmu3_event event;

		if (!take_event(work, &event) || !finds_room(prog, work, features, &event))
			continue;
		*act = (struct act){ .kind = ACT_WRITE_EVENT,
				     .at = queue_entry_at(prog, &eventq_regs, &queue, queue.prod),
				     .attr = queue_attr(prog, &eventq_regs),
				     .event = event };
		return true;
	}
	return false;
}

bool next_retry(const struct prog *prog, struct work *work, const struct features *features,
		struct act *act)
{
	return events_accepted(prog) && !event_queue_full(prog, features) &&
	       next_stall_retry(work, act);
}

static void pass_entry(struct prog *prog, const struct queue *queue)
{
	prog_put(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_WR, queue_next(queue->prod, queue->size_lg2));
}

void event_done(struct prog *prog, struct work *work, const struct features *features,
		const struct act *act, bool ok)
{
	const struct queue queue = queue_at(prog, &eventq_regs, features->eventqs);

	if (!ok) {
		work->events_lost += !keep_stall(work, &act->event);
		report_error(prog, work, REG_MASK(GERROR_EVENTQ_ABT_ERR));
		if (CHOSEN(work, EVENTQ_ABORT)) /* it is known too late for PROD.  7.2.2 */
			pass_entry(prog, &queue);
		return;
	}
	stall_seen(work, &act->event);
	if (unlikely(work->adversity))
		work->adversity->bank[work->bank].last = act->event;
	pass_entry(prog, &queue);
	if (queue_empty(&queue) || features->interrupt_every_event)
		raise_interrupt(prog, work, SMMU3_INTERRUPT_EVENTQ);
}

void drop_events(struct work *work)
{
	while (work->events) {
		struct smmu3_event event;

		if (take_event(work, &event))
			work->events_lost += !keep_stall(work, &event);
	}
}
