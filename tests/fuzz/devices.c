/* SPDX-License-Identifier: MIT */
/* What devices ask of an SMMU, and those who look into it. */
#include "devices.h"
#include "files.h"
#include "monitors.h"
#include "ports.h"

#include <smmu/inspect.h>

/* ---- Devices ---- */

/* Of three bits that say something else besides. */
static uint8_t ats_of(unsigned three)
{
	return three == 4 ? SMMU3_ATS_REQUEST :
	       three == 5 ? SMMU3_ATS_TRANSLATED :
			    SMMU3_ATS_UNTRANSLATED;
}

/* Ordinary accesses and atomics half of the time; some classes are of nobody. */
static uint8_t class_of(unsigned draw, unsigned more)
{
	return (uint8_t)(draw <= SMMU3_CLASS_ATOMIC ? draw :
						      SMMU3_CLASS_READ_CLEAN_INVALIDATE + more);
}

static struct smmu3_txn txn_of(const struct board *board, const struct step *step)
{
	const uint8_t *small = step->small;

	return (struct smmu3_txn){
		.addr = step->number[0],
		.bytes = step->number[1] + 1,
		.sid = small[0] < 0xf0 ? small[0] % 16 : (uint32_t)(step->number[2] >> 32),
		.ssid = (uint32_t)step->number[2] & 0x1fffff,
		.flags = (uint16_t)(small[1] | (small[2] & 1) << 8),
		.sec_sid = small[2] >> 6 == 3 ? small[2] >> 4 & 3 : (uint8_t)board_state(board),
		.txn_class = class_of(small[2] >> 1 & 3, (unsigned)(step->number[2] >> 20 & 15)),
		.attr = { (uint8_t)(step->number[2] >> 24), small[2] >> 3 & 3 },
		.ats = ats_of(small[2] >> 5),
		.reserved = small[2] >> 5 == 3,
	};
}

/* A record finds its way into a queue that takes some, or memory fails. */
static void must_be_written(const struct board *board, const struct view *before)
{
	if (!board->depth && !board->acted && board_takes_records(board, before))
		DEMAND(board->written.count || board->failed);
}

static void ask(struct board *board, struct smmu3_txn txn)
{
	const struct view before = board_look(board);
	struct smmu3_outcome outcome;

	board_fly(board, &txn);
	const enum smmu3_verdict verdict = ports_translate(board, &txn, &outcome);

	board_check_outcome(board, &txn, verdict, &outcome);
	board_count(board, &txn, &outcome);
	board_land(board, &txn, &outcome);
	if (!outcome.recorded)
		return;
	board_record(&board->recorded, &outcome.record);
	must_be_written(board, &before);
}

/* Of pages that follow each other. */
static void ask_at_once(struct board *board, const struct smmu3_txn *first)
{
	struct smmu3_txn txn[BATCH];
	struct smmu3_outcome outcome[BATCH];

	board->acted = true;
	for (unsigned i = 0; i < BATCH; i++) {
		txn[i] = *first;
		txn[i].addr += i * UINT64_C(0x1000);
		board_fly(board, &txn[i]);
	}
	ports_translate_batch(board, txn, outcome);
	for (unsigned i = BATCH; i-- > 0;) {
		board_check_outcome(board, &txn[i], (enum smmu3_verdict)outcome[i].verdict,
				    &outcome[i]);
		board_count(board, &txn[i], &outcome[i]);
		board_land(board, &txn[i], &outcome[i]);
		if (outcome[i].recorded)
			board_record(&board->recorded, &outcome[i].record);
	}
}

void device_translate(struct board *board, const struct step *step)
{
	const struct smmu3_txn txn = txn_of(board, step);

	if (ports_gather(board))
		ask_at_once(board, &txn);
	else
		ask(board, txn);
}

void device_handle(struct board *board, const struct step *step)
{
	const struct smmu3_txn like = txn_of(board, step);

	ports_handle(board, &like);
}

/* More faults than wait for a callback to return. */
void device_flood(struct board *board, const struct step *step)
{
	enum { FAULTS = 70 };

	for (unsigned i = 0; i < FAULTS && !board_spent(board); i++)
		ask(board, txn_of(board, step));
}

void device_retry_next(struct board *board)
{
	struct stalls *stalls = &board->stalls;

	if (stalls->waiting_count)
		ask(board, stalls->waiting[--stalls->waiting_count]);
}

void device_retry(struct board *board, const struct step *step)
{
	board->stalls.retries_inside = step->small[0] & 1;
	if (step->small[0] & 2)
		device_retry_next(board);
}

static void count_step(void *context, const struct smmu3_step *step)
{
	unsigned *const steps = context;

	DEMAND(step->words == 1 || step->words == 8);
	DEMAND(++*steps <= 64);
}

void device_explain(struct board *board, const struct step *step)
{
	const struct smmu3_txn txn = txn_of(board, step);
	struct smmu3_outcome outcome;
	unsigned steps = 0;
	const enum smmu3_verdict verdict = smmu3_explain(board->smmu, &txn, &outcome, count_step,
							 &steps);

	board_check_outcome(board, &txn, verdict, &outcome);
	DEMAND(!outcome.recorded);
}

/* ---- Endpoints ---- */

/* Of a group, or more than wait for a callback to return; some are not well-formed. */
void device_page(struct board *board, const struct step *step)
{
	enum { FLOOD_BIT = 1, FLOODS = 70, WILD = 0xf0 };
	const uint8_t *small = step->small;
	const bool wild = small[2] >= WILD;
	const struct smmu3_page_request request = {
		.addr = step->number[0],
		.sid = small[0] < WILD ? small[0] % 16 : (uint32_t)(step->number[2] >> 32),
		.ssid = (uint32_t)step->number[2] & (wild ? 0x1fffff : 0xfffff),
		.prgindex = (uint16_t)(step->number[1] & (wild ? 0xffff : 0x1ff)),
		.flags = (uint16_t)(small[1] & (wild ? 0xff : 0x3f)),
		.sec_sid = wild ? small[2] & 3 : 0,
	};
	const unsigned count = small[2] & FLOOD_BIT && !wild ? FLOODS : 1;

	for (unsigned i = 0; i < count && !board_spent(board); i++)
		board_request_page(board, &request);
}

/* One that waits, one that does not, one twice. */
void device_answer(struct board *board, const struct step *step)
{
	const struct endpoints *endpoints = &board->endpoints;
	const unsigned which = step->small[0] % TAGS_MOST;
	const uint64_t tag = which < endpoints->tags ? endpoints->tag[which] : step->number[0];
	const enum smmu3_atc_result result = (enum smmu3_atc_result)(step->small[1] & 3);

	board_answer(board, tag, result);
	if (step->small[2] & 1)
		board_answer(board, tag, result);
}

void device_manner(struct board *board, const struct step *step)
{
	board->endpoints.manner = step->small[0];
}

/* ---- What is live ---- */

static int any_stream(void *context, const struct smmu3_stream_entry *entry)
{
	(void)context, (void)entry;
	return 0;
}

static int any_context(void *context, const struct smmu3_context_entry *entry)
{
	(void)context, (void)entry;
	return 0;
}

static int any_mapping(void *context, const struct smmu3_mapping *mapping)
{
	(void)context, (void)mapping;
	return 0;
}

void device_inspect(struct board *board, const struct step *step)
{
	enum { BUDGET = 64 };
	const uint32_t sid = step->small[1] % 16;

	if (step->small[0] % 3 == 0)
		(void)smmu3_inspect_streams(board->smmu, board_state(board), BUDGET, any_stream,
					    NULL);
	if (step->small[0] % 3 == 1)
		(void)smmu3_inspect_contexts(board->smmu, board_state(board), sid, BUDGET,
					     any_context, NULL);
	if (step->small[0] % 3 == 2)
		(void)smmu3_inspect_mappings(board->smmu, board_state(board), sid, 0,
					     1 + step->small[2] % 2, BUDGET, any_mapping, NULL);
}
