/* SPDX-License-Identifier: MIT */
#include "prog/stalling.h"

#include "arch/event.h"
#include "prog/adversity.h"
#include "prog/eventq.h"
#include "prog/fields.h"

static uint16_t stag_of(const struct smmu3_event *event)
{
	return (uint16_t)event_get(event, EVENT_STAG);
}

/* ---- Their records ---- */

bool keep_stall(struct work *work, const struct smmu3_event *event)
{
	if (!event_stalls(event))
		return false;
	stall_unrecorded(work->stalls, stag_of(event));
	return true;
}

void stall_seen(struct work *work, const struct smmu3_event *event)
{
	if (event_stalls(event))
		stall_recorded(work->stalls, stag_of(event));
}

struct record record_of(const struct work *work, const struct smmu3_event *event)
{
	struct record record = { .event = *event };

	if (event_stalls(event))
		record.turn = work->stalls->stall[stag_of(event)].turn;
	return record;
}

/* A transaction that is over is not told of: its STAG may be another's by now. */
bool record_stands(const struct work *work, const struct record *record)
{
	if (!event_get(&record->event, EVENT_NUMBER))
		return false;
	return !event_stalls(&record->event) ||
	       stall_awaits_record(work->stalls, stag_of(&record->event), record->turn);
}

/* ---- Their beginning ---- */

enum smmu3_verdict would_stall(const struct prog *prog, const struct work *work)
{
	if (!prog_get(prog, PROG_CR0, CR0_SMMUEN))
		return SMMU3_ABORT;
	return work->stalls->live < work->stalls->most ? SMMU3_STALLED : SMMU3_BUSY;
}

enum smmu3_verdict begin_stall(struct prog *prog, struct work *work, const struct smmu3_txn *txn,
			       struct smmu3_event *event)
{
	const enum smmu3_verdict verdict = would_stall(prog, work);
	uint16_t stag;

	if (verdict != SMMU3_STALLED || !stall_begin(work->stalls, txn, &stag))
		return verdict;
	event_put(event, EVENT_STAG, stag);
	prog_hold(prog, PROG_CR0, prog->held[PROG_CR0] | REG_MASK(CR0_SMMUEN));
	if (eventq_takes(work) && events_accepted(prog))
		eventq_record(prog, work, event);
	else
		(void)keep_stall(work, event);
	return verdict;
}

/* ---- Their ends ---- */

static struct act end_of(struct work *work, uint16_t stag, enum smmu3_stall_end end)
{
	return (struct act){ .kind = ACT_END_STALL,
			     .stall = stall_finish(work->stalls, stag, end) };
}

static enum smmu3_stall_end resumed_how(const struct features *features, const struct cmd *cmd)
{
	if (cmd_get(cmd, CMD_RESUME_AC))
		return SMMU3_STALL_RETRY;
	return cmd_get(cmd, CMD_RESUME_AB) || features->term_model ? SMMU3_STALL_ABORT :
								     SMMU3_STALL_RAZ_WI;
}

struct smmu3_stall resumed_by(const struct features *features, const struct cmd *cmd,
			      enum bank target, uint64_t cookie)
{
	return (struct smmu3_stall){
		.cookie = cookie,
		.sid = (uint32_t)cmd_get(cmd, CMD_STREAMID),
		.stag = (uint16_t)cmd_get(cmd, CMD_STAG),
		.sec_sid = (uint8_t)target,
		.end = (uint8_t)resumed_how(features, cmd),
	};
}

/* Without its record, or twice, if that is asked for.  4.7.1 */
static bool is_resumable(const struct work *work, enum stall_state state)
{
	switch (state) {
	case STALL_FREE:
		return false;
	case STALL_COMMITTED:
	case STALL_UNRECORDED:
		return CHOSEN(work, RESUME_UNRECORDED);
	case STALL_RECORDED:
		return true;
	case STALL_MARKED:
		return CHOSEN(work, RESUME_TWICE);
	}
	return false;
}

void resume_stall(struct work *work, const struct features *features, const struct cmd *cmd,
		  enum bank target)
{
	struct stalls *stalls = work->stalls;
	const uint16_t stag = (uint16_t)cmd_get(cmd, CMD_STAG);

	if (!is_resumable(work,
			  stall_named(stalls, target, (uint32_t)cmd_get(cmd, CMD_STREAMID), stag)))
		return;
	if (CHOSEN(work, RESUME_TWICE)) {
		stall_mark(stalls, stag, resumed_how(features, cmd));
		return;
	}
	stalls->resumed = true;
	stalls->resumer = work->bank;
	stalls->resume = stall_finish(stalls, stag, resumed_how(features, cmd));
}

void terminate_stalls(struct work *work, const struct cmd *cmd, enum bank target)
{
	work->terminate = (struct stall_search){
		.on = work->stalls->live_of[target] != 0,
		.sec_sid = (uint8_t)target,
		.sid = (uint32_t)cmd_get(cmd, CMD_STREAMID),
	};
}

static bool resumes(const struct work *work)
{
	return work->stalls->resumed && work->stalls->resume.sec_sid == work->bank;
}

/* A transaction that has been resumed but not yet retried does not go on without translation:
 * SMMUEN ends its wait, too.  3.12.2.2 */
static void abort_retry(struct work *work)
{
	struct smmu3_stall *resume = &work->stalls->resume;

	if (resumes(work) && resume->end == SMMU3_STALL_RETRY)
		resume->end = SMMU3_STALL_ABORT;
}

void end_stalls_of_disabled(const struct prog *prog, struct work *work)
{
	if (prog_get(prog, PROG_CR0, CR0_SMMUEN))
		return;
	abort_retry(work);
	if (work->stalls->live_of[work->bank] && !work->disable.on)
		work->disable = (struct stall_search){ .on = true,
						       .all = true,
						       .sec_sid = (uint8_t)work->bank };
}

/* Whosever it is, it comes before another command. */
static bool next_resume(struct work *work, struct act *act)
{
	const bool due = work->stalls->resumed;

	if (due)
		*act = (struct act){ .kind = ACT_END_STALL, .stall = work->stalls->resume };
	work->stalls->resumed = false;
	return due;
}

/* A stretch in which nothing was found is an act, too: it counts for what a call may do. */
static bool next_termination(struct work *work, struct stall_search *search, struct act *act)
{
	if (!search->on)
		return false;
	const uint16_t stag = stall_search(work->stalls, search);

	*act = stag == STALL_NONE ? (struct act){ .kind = ACT_NONE } :
				    end_of(work, stag, SMMU3_STALL_ABORT);
	return true;
}

bool next_stall_end(struct work *work, struct act *act)
{
	return next_resume(work, act) || next_termination(work, &work->disable, act) ||
	       next_termination(work, &work->terminate, act);
}

bool next_stall_retry(struct work *work, struct act *act)
{
	const uint16_t stag = work->stalls->unrecorded[work->bank].first;

	if (stag == STALL_NONE)
		return false;
	*act = end_of(work, stag, SMMU3_STALL_RETRY);
	return true;
}

bool next_marked_stall(struct work *work, struct act *act)
{
	const uint16_t stag = stall_marked(work->stalls, work->bank);

	if (stag == STALL_NONE)
		return false;
	*act = end_of(work, stag, (enum smmu3_stall_end)work->stalls->stall[stag].end);
	return true;
}

bool stalls_hold_smmuen(const struct work *work)
{
	return work->stalls->live_of[work->bank] || resumes(work) || work->disable.on;
}

/* A resume of which the host has not been told: what it would retry has ended, too. */
static bool end_resumed(struct stalls *stalls, struct smmu3_stall *stall)
{
	const bool due = stalls->resumed;

	*stall = stalls->resume;
	stall->end = SMMU3_STALL_ABORT;
	stalls->resumed = false;
	return due;
}

bool end_any_stall(struct stalls *stalls, struct stall_search *search, struct smmu3_stall *stall)
{
	uint16_t stag = STALL_NONE;

	if (end_resumed(stalls, stall))
		return true;
	while (search->on && stag == STALL_NONE)
		stag = stall_search(stalls, search);
	if (stag == STALL_NONE)
		return false;
	*stall = stall_finish(stalls, stag, SMMU3_STALL_ABORT);
	return true;
}
