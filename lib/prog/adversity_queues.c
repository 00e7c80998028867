/* SPDX-License-Identifier: MIT */
/* Queues that are full when they are not, commands that come early or late, records that say more
 * than they must. */
#include "prog/adversity.h"

#include "arch/event.h"
#include "prog/fields.h"
#include "prog/queue.h"

#include <string.h>

static struct adverse_bank *own(const struct work *work)
{
	return &work->adversity->bank[work->bank];
}

/* ---- Records ---- */

static bool take_one(uint32_t *left)
{
	const bool any = *left != 0;

	*left -= any;
	return any;
}

bool adverse_events_full(const struct work *work)
{
	return take_one(&own(work)->events_full);
}

bool adverse_pages_full(const struct work *work)
{
	return take_one(&own(work)->pages_full);
}

/* Events that come before an STE is found, whose MEV could forbid it. */
static bool may_always_be_merged(const struct smmu3_event *event)
{
	const uint64_t number = event_get(event, EVENT_NUMBER);

	return number == F_UUT || number == C_BAD_STREAMID || number == F_STE_FETCH ||
	       number == C_BAD_STE;
}

/* The last record is software's to read as long as the queue holds any. */
static bool last_is_there(const struct prog *prog)
{
	return prog_get(prog, PROG_EVENTQ_PROD, EVENTQ_PROD_WR) !=
	       prog_get(prog, PROG_EVENTQ_CONS, EVENTQ_CONS_RD);
}

bool adverse_merges(const struct prog *prog, const struct work *work,
		    const struct smmu3_event *event)
{
	const struct smmu3_event record = adverse_record(work, event);

	return CHOSEN(work, EVENT_MERGING) && may_always_be_merged(event) && last_is_there(prog) &&
	       !memcmp(&own(work)->last, &record, sizeof(record));
}

static bool is_of_a_stage(const struct smmu3_event *event)
{
	const uint64_t number = event_get(event, EVENT_NUMBER);

	return number >= F_TRANSLATION && number <= F_PERMISSION;
}

/* Of C_BAD_SUBSTREAMID SubstreamID always counts, the two before it have none.  7.3.7 to 7.3.9 */
static bool has_ssv(const struct smmu3_event *event)
{
	const uint64_t number = event_get(event, EVENT_NUMBER);

	return number < F_STREAM_DISABLED || number > C_BAD_SUBSTREAMID;
}

/* Always the same of the same event: those that are alike stay so. */
struct smmu3_event adverse_record(const struct work *work, const struct smmu3_event *event)
{
	const uint64_t any = scrambled(work->adversity->seed ^ event->word[0]);
	struct smmu3_event record = *event;

	if (CHOSEN(work, RECORD_SUBSTREAMID) && has_ssv(event) && !event_get(event, EVENT_SSV))
		event_put(&record, EVENT_SUBSTREAMID, any & low_bits(20));
	if (CHOSEN(work, RECORD_STAGE_1_IPA) && is_of_a_stage(event) && !event_get(event, EVENT_S2))
		record.word[3] |= any & field_mask(EVENT_IPA);
	return record;
}

uint8_t adverse_coalesced(const struct work *work)
{
	const unsigned sources = 1u << SMMU3_INTERRUPT_EVENTQ | 1u << SMMU3_INTERRUPT_PRIQ |
				 1u << SMMU3_INTERRUPT_GERROR | 1u << SMMU3_INTERRUPT_PMCG;

	return CHOSEN(work, INTERRUPT_COALESCING) ? (uint8_t)sources : 0;
}

/* ---- CMD_SYNC ---- */

void adverse_sync_begins(const struct work *work)
{
	const uint32_t sync = work->adversity->pace.sync;

	own(work)->sync_left = sync && sync != SMMU3_HELD ? sync + 1 : sync;
}

bool adverse_sync_waits(const struct work *work)
{
	const bool lost = work->atcs.failed && CHOSEN(work, ATC_TIMEOUT) == ATC_TIMEOUT_NEVER;

	return own(work)->sync_left || lost;
}

bool adverse_atc_fails(const struct work *work)
{
	switch (CHOSEN(work, ATC_TIMEOUT)) {
	case ATC_TIMEOUT_LATE:
		return work->atcs.failed && !work->atcs.live;
	case ATC_TIMEOUT_NEVER:
		return false;
	default:
		return work->atcs.failed;
	}
}

/* ---- Commands ---- */

bool adverse_paused(const struct work *work)
{
	return own(work)->cmdq_stopped ||
	       (work->adversity->pace.commands && !own(work)->commands_left);
}

void adverse_consumes(const struct work *work)
{
	(void)take_one(&own(work)->commands_left);
}

static struct ahead *place_of(const struct work *work, uint32_t index)
{
	return &own(work)->ahead[index % COMMANDS_AHEAD];
}

static bool is_there(const struct work *work, uint32_t index)
{
	const struct ahead *const ahead = place_of(work, index);

	return ahead->there && ahead->index == index;
}

bool adverse_reads(const struct work *work, const struct queue *queue, uint32_t *index)
{
	const uint32_t waiting = adverse_waiting(work, queue);
	const uint32_t most = CHOSEN(work, CMDQ_FETCH) ? COMMANDS_AHEAD : 1;

	*index = queue->cons;
	for (uint32_t i = 0; i < waiting && i < most; i++) {
		if (!is_there(work, *index)) {
			own(work)->fetching = *index;
			return true;
		}
		*index = queue_next(*index, queue->size_lg2);
	}
	return false;
}

void adverse_has_read(const struct work *work, const struct cmd *cmd, bool ok)
{
	const uint32_t index = own(work)->fetching;

	*place_of(work, index) = (struct ahead){ true, ok, index, *cmd };
}

bool adverse_recall(const struct work *work, uint32_t index, struct cmd *cmd)
{
	struct ahead *const ahead = place_of(work, index);
	const bool ok = is_there(work, index) && ahead->ok;

	*cmd = ahead->cmd;
	ahead->there = false;
	return ok;
}

void adverse_forget_commands(const struct work *work)
{
	memset(own(work)->ahead, 0, sizeof(own(work)->ahead));
}
