/* SPDX-License-Identifier: MIT */
#include "drain.h"
#include "checking.h"
#include "counting.h"

#include "endpoints.h"
#include "guarding.h"
#include "lookups.h"
#include "prog/eventq.h"
#include "prog/fields.h"
#include "prog/gate.h"
#include "prog/interrupts.h"
#include "prog/stalling.h"

#include <errno.h>
#include <time.h>

/* ---- Acts, without the lock ---- */

static struct mem_read access_of(const struct act *act, enum smmu3_reason reason)
{
	return (struct mem_read){ act->at, reason, act->attr, act->mecid, act->mpam };
}

static bool read_command(const struct mem_view *view, struct act *act)
{
	const struct mem_read read = access_of(act, SMMU3_REASON_CMDQ);

	return guarded_read(view, &read, act->cmd.word, 2);
}

static bool write_event(const struct mem_view *view, const struct act *act)
{
	const struct mem_read write = access_of(act, SMMU3_REASON_EVENTQ);
	uint64_t word[4];

	for (unsigned i = 0; i < 4; i++)
		word[i] = to_le64(act->event.word[i]);
	return guarded_write(view, &write, OF_EVENT_QUEUE, word, sizeof(word));
}

/* Those of performance monitors are told as no queue's.  6.3.116 */
static bool write_message(const struct mem_view *view, const struct act *act)
{
	static const uint8_t origins[] = {
		[SMMU3_INTERRUPT_EVENTQ] = OF_EVENT_QUEUE_MESSAGE,
		[SMMU3_INTERRUPT_PRIQ] = OF_PRI_QUEUE_MESSAGE,
		[SMMU3_INTERRUPT_CMD_SYNC] = OF_SYNC_MESSAGE,
		[SMMU3_INTERRUPT_GERROR] = OF_ERROR_MESSAGE,
		[SMMU3_INTERRUPT_PMCG] = OF_OTHERS,
	};
	const struct mem_read write = access_of(act, SMMU3_REASON_MSI);
	const uint32_t data = to_le32(act->data);

	return guarded_write(view, &write, (enum guard_origin)origins[act->interrupt], &data,
			     sizeof(data));
}

static bool write_page(const struct mem_view *view, const struct act *act)
{
	const struct mem_read write = access_of(act, SMMU3_REASON_PRIQ);
	const uint64_t word[2] = { to_le64(act->page.word[0]), to_le64(act->page.word[1]) };

	return guarded_write(view, &write, OF_PRI_QUEUE, word, sizeof(word));
}

/* What the host calls an interrupt of an interface.  Those of performance monitors and of the Root
 * registers are no Security state's. */
static enum smmu3_interrupt interrupt_of(enum bank bank, enum smmu3_interrupt interrupt)
{
	static const enum smmu3_interrupt names[BANKS][SMMU3_INTERRUPT_GERROR + 1] = {
		[BANK_S] = {
			[SMMU3_INTERRUPT_EVENTQ] = SMMU3_INTERRUPT_S_EVENTQ,
			[SMMU3_INTERRUPT_CMD_SYNC] = SMMU3_INTERRUPT_S_CMD_SYNC,
			[SMMU3_INTERRUPT_GERROR] = SMMU3_INTERRUPT_S_GERROR,
		},
		[BANK_R] = {
			[SMMU3_INTERRUPT_EVENTQ] = SMMU3_INTERRUPT_R_EVENTQ,
			[SMMU3_INTERRUPT_PRIQ] = SMMU3_INTERRUPT_R_PRIQ,
			[SMMU3_INTERRUPT_CMD_SYNC] = SMMU3_INTERRUPT_R_CMD_SYNC,
			[SMMU3_INTERRUPT_GERROR] = SMMU3_INTERRUPT_R_GERROR,
		},
	};

	return bank == BANK_NS || interrupt > SMMU3_INTERRUPT_GERROR ? interrupt :
								       names[bank][interrupt];
}

/* No two interfaces name one to the host alike. */
static void invalidate_atc(const struct smmu3_host *host, const struct act *act)
{
	struct smmu3_atc_invalidation request = act->atc;

	request.tag |= (uint64_t)act->bank << ATC_TAG_BITS;
	host->atc_invalidate(host->context, &request);
}

static void forget(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	structures_forget(&smmu->structures, scope);
	pa_cache_forget(&smmu->dpt, scope);
	pa_cache_forget(&smmu->gpt, scope);
	tlb_forget_and_tell(&smmu->tlb, scope, tag_is_meant, &smmu->journal, false);
}

static void forget_checked(struct smmu3 *smmu, const struct smmu3_invalidation *scope)
{
	const uint64_t moment = check_moment(smmu);

	forget(smmu, scope);
	check_forgotten(smmu, scope, tag_is_meant, moment);
}

/* The command that is under way is nobody else's. */
static unsigned opcode_of(const struct smmu3 *smmu, const struct act *act)
{
	return (unsigned)cmd_get(&smmu->interface[act->bank].work.command, CMD_OPCODE);
}

/* By a command.  What a checker's SMMU keeps goes with the CMD_SYNC. */
static void forget_later(struct smmu3 *smmu, const struct act *act)
{
	check_command(smmu, opcode_of(smmu, act), &act->scope);
	check_invalidate(smmu, act->bank, &act->scope);
	journal_write(&smmu->journal, &act->scope);
}

static void invalidate(struct smmu3 *smmu, const struct act *act)
{
	const struct smmu3_host *host = &smmu->mem.host;

	if (likely(!smmu->check))
		forget(smmu, &act->scope);
	else if (act->kind == ACT_INVALIDATE && !act->of_root)
		forget_later(smmu, act);
	else
		forget_checked(smmu, &act->scope);
	if (host->invalidate)
		host->invalidate(host->context, &act->scope);
}

static bool perform(struct smmu3 *smmu, const struct mem_view *view, struct act *act)
{
	const struct smmu3_host *host = &smmu->mem.host;

	switch (act->kind) {
	case ACT_READ_COMMAND:
		return read_command(view, act);
	case ACT_WRITE_EVENT:
		return write_event(view, act);
	case ACT_WRITE_MSI:
		return write_message(view, act);
	case ACT_INVALIDATE_ALL:
	case ACT_INVALIDATE:
		invalidate(smmu, act);
		return true;
	case ACT_INVALIDATE_ATC:
		check_atc(smmu, act->bank, &act->atc);
		if (host->atc_invalidate)
			invalidate_atc(host, act);
		return host->atc_invalidate;
	case ACT_WRITE_PAGE:
		return write_page(view, act);
	case ACT_CHECK_PAGE:
		smmu_check_page(smmu, act->bank, &act->check);
		return true;
	case ACT_LOOK_UP:
		smmu_look_up(smmu, &act->lookup);
		return true;
	case ACT_ANSWER_PAGE:
		if (host->page_response)
			host->page_response(host->context, &act->response);
		return true;
	case ACT_PULSE:
		if (host->interrupt)
			host->interrupt(host->context, interrupt_of(act->bank, act->interrupt));
		return true;
	case ACT_SEND_EVENT:
		if (host->send_event)
			host->send_event(host->context);
		return true;
	case ACT_END_STALL:
		if (host->stall_ended)
			host->stall_ended(host->context, &act->stall);
		return true;
	case ACT_RECALL_COMMAND:
	case ACT_NONE:
		return true;
	}
	return true;
}

/* Checked as any access, what is read for it counted.  3.25.3 */
static bool perform_checked(struct smmu3 *smmu, struct guard *guard, struct act *act)
{
	struct tally tally;
	struct checked checked;
	struct mem_view view = tallied_view(smmu, &tally);
	const struct tally *read = check_listen(smmu, SMMU3_KEPT_FOR_ITSELF, &view, &checked,
						&tally);

	if (smmu->keeps)
		view_what_is_kept(smmu, &view);
	guard_view(smmu, &view, guard);
	const bool ok = perform(smmu, &view, act);

	if (view.step)
		count_protection(smmu, read);
	check_leave(smmu, &checked);
	return ok;
}

/* Of one that asks for more than memory those who do it look by themselves. */
static bool perform_guarded(struct smmu3 *smmu, struct guard *guard, struct act *act)
{
	const struct mem_view view = { .mem = &smmu->mem };

	guard->why = WHY_NONE;
	return likely(!smmu_guards(smmu)) ? perform(smmu, &view, act) :
					    perform_checked(smmu, guard, act);
}

/* ---- One thread at a time ---- */

/* A Secure request of ATOS for a Non-secure stream: both acknowledgements wait for it.  6.3.9.6 */
static void hold_for_other(struct smmu3 *smmu, const struct act *act)
{
	struct prog *const prog = &smmu->interface[BANK_NS].prog;

	if (act->kind == ACT_LOOK_UP && act->lookup.request.sec_sid != act->bank)
		prog_hold(prog, PROG_CR0, prog->held[PROG_CR0] | REG_MASK(CR0_SMMUEN));
}

/* Root software hears before anybody whose software hears of what was stopped. */
static bool next_act_of_root(struct smmu3 *smmu, struct act *act)
{
	struct gpc gpc;

	if (likely(!smmu->rooted))
		return false;
	gpc_load(&smmu->gpc, &gpc);
	return root_next(&smmu->root, &gpc, &smmu->interface[BANK_NS].features, act);
}

/* Messages of performance monitors, which have no MPAM, are labelled as that of a system is that
 * has nothing to say.  17.5 */
static struct smmu3_mpam label_of(const struct interface *interface, const struct act *act)
{
	static const struct smmu3_mpam nothing;

	return act->kind == ACT_WRITE_MSI && act->interrupt == SMMU3_INTERRUPT_PMCG ?
		       nothing :
		       global_label(&interface->prog, &interface->features);
}

/* Interfaces take turns: none waits for another's queues to be empty.  4.7.3 */
static bool next_act(struct smmu3 *smmu, struct act *act)
{
	if (next_act_of_root(smmu, act))
		return true;
	for (unsigned i = 1; i <= BANKS; i++) {
		const enum bank bank = (smmu->turn + i) % BANKS;
		struct interface *interface = &smmu->interface[bank];

		if (!interface->present || !work_next(&interface->prog, &interface->work,
						      smmu_features_now(smmu, bank), act))
			continue;
		smmu->turn = act->bank = bank;
		act->mecid = global_mecid(&interface->prog);
		act->mpam = label_of(interface, act);
		hold_for_other(smmu, act);
		return true;
	}
	return false;
}

static void end_act(struct smmu3 *smmu, const struct act *act, bool ok)
{
	struct interface *interface = &smmu->interface[act->bank];

	if (!act->of_root) {
		work_done(&interface->prog, &interface->work, smmu_features_now(smmu, act->bank),
			  act, ok);
		return;
	}
	root_done(&smmu->root, act);
	smmu_await_transactions(smmu);
}

/* Before software can see that it has been. */
static COLD void end_syncs(struct smmu3 *smmu)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		if (smmu->interface[bank].work.synced) {
			smmu->interface[bank].work.synced = false;
			check_synced(smmu, bank);
		}
}

bool smmu_do_act(struct smmu3 *smmu)
{
	struct guard guard;
	struct act act;

	if (!next_act(smmu, &act))
		return false;
	smmu->stuck = false;
	root_hold(&smmu->root, true);
	pthread_mutex_unlock(&smmu->lock);
	const bool ok = perform_guarded(smmu, &guard, &act);

	if (counters_on(smmu))
		count_act(smmu, &act);
	pthread_mutex_lock(&smmu->lock);
	root_hold(&smmu->root, false);
	if (guard.why)
		root_report(&smmu->root, &guard);
	end_act(smmu, &act, ok && !smmu_overtaken(smmu, &act));
	if (unlikely(smmu->check))
		end_syncs(smmu);
	pthread_cond_broadcast(&smmu->room);
	return true;
}

static void do_acts(struct smmu3 *smmu)
{
	smmu->draining = true;
	smmu->drainer = pthread_self();
	for (unsigned i = 0; i < DRAIN_MOST && smmu_do_act(smmu); i++)
		;
	smmu->draining = false;
	pthread_cond_broadcast(&smmu->room);
}

void smmu_drain_unlock(struct smmu3 *smmu)
{
	if (unlikely(smmu->check))
		end_syncs(smmu);
	if (!smmu->draining)
		do_acts(smmu);
	pthread_mutex_unlock(&smmu->lock);
}

/* Until the thread that does acts has done one, but no longer than PATIENCE: a callback may wait
 * for the very access that waits here, and does so for ever then. */
static void await_act(struct smmu3 *smmu)
{
	enum { PATIENCE = 1 }; /* seconds */
	struct timespec end = { 0 };

	(void)timespec_get(&end, TIME_UTC);
	end.tv_sec += PATIENCE;
	if (pthread_cond_timedwait(&smmu->room, &smmu->lock, &end) == ETIMEDOUT)
		smmu->stuck = true;
}

/* Room for an event: another thread makes some.  In a callback of this thread's own there is nobody
 * to wait for. */
static bool await_room(struct smmu3 *smmu, const struct work *work)
{
	while (!eventq_takes(work) && smmu->draining && !smmu->stuck &&
	       !pthread_equal(smmu->drainer, pthread_self()))
		await_act(smmu);
	return eventq_takes(work);
}

/* Walks of all tables are counted together: who waits for those of one waits for both.  Read by a
 * write, so that a walk that is not counted yet begins after it, and sees what was published. */
void smmu_await_walks(struct smmu3 *smmu)
{
	const bool walking = atomic_fetch_add(&smmu->dpt_walks, 0) != 0;

	for (enum bank bank = BANK_NS; bank < BANKS; bank++) {
		struct interface *interface = &smmu->interface[bank];

		if (interface->features.dpt)
			work_hold_walks(&interface->prog, &interface->work, walking);
	}
	if (!walking)
		atomic_store(&smmu->dpt_awaited, false);
}

void smmu_begin_walk(struct smmu3 *smmu)
{
	atomic_fetch_add(&smmu->dpt_walks, 1);
}

void smmu_end_walk(struct smmu3 *smmu)
{
	if (atomic_fetch_sub(&smmu->dpt_walks, 1) > 1 || !atomic_load(&smmu->dpt_awaited))
		return;
	pthread_mutex_lock(&smmu->lock);
	smmu_await_walks(smmu);
	pthread_mutex_unlock(&smmu->lock);
}

void smmu_report_dpt(struct smmu3 *smmu, struct interface *interface, uint64_t syndrome)
{
	pthread_mutex_lock(&smmu->lock);
	report_dpt_fault(&interface->prog, &interface->work, syndrome);
	smmu_drain_unlock(smmu);
}

void smmu_record(struct smmu3 *smmu, struct interface *interface, const struct smmu3_event *event)
{
	pthread_mutex_lock(&smmu->lock);
	if (await_room(smmu, &interface->work))
		eventq_record(&interface->prog, &interface->work, event);
	else
		eventq_lose(&interface->prog, &interface->work);
	smmu_drain_unlock(smmu);
}

enum smmu3_verdict smmu_stall(struct smmu3 *smmu, struct interface *interface,
			      const struct smmu3_txn *txn, struct smmu3_event *event)
{
	pthread_mutex_lock(&smmu->lock);
	const enum smmu3_verdict verdict = begin_stall(&interface->prog, &interface->work, txn,
						       event);

	smmu_drain_unlock(smmu);
	return verdict;
}

enum smmu3_verdict smmu_would_stall(struct smmu3 *smmu, const struct interface *interface)
{
	pthread_mutex_lock(&smmu->lock);
	const enum smmu3_verdict verdict = would_stall(&interface->prog, &interface->work);

	pthread_mutex_unlock(&smmu->lock);
	return verdict;
}

/* Those of one Security state, as act after act. */
static void end_stalls_of(struct smmu3 *smmu, enum bank bank)
{
	struct stall_search search = { .on = true, .all = true, .sec_sid = (uint8_t)bank };
	struct act act = { .kind = ACT_END_STALL, .bank = bank };

	while (end_any_stall(&smmu->stalls, &search, &act.stall))
		(void)perform(smmu, NULL, &act);
}

void smmu_end_stalls(struct smmu3 *smmu)
{
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		end_stalls_of(smmu, bank);
}
