/* SPDX-License-Identifier: MIT */
/* Stalled transactions: each is held under a STAG of its own, and ends once.  3.12.2 */
#include "board.h"
#include "files.h"

enum { RESUME = 0x44, AC = 1 << 12, AB = 1 << 13 };

static unsigned stall_model(const struct board *board)
{
	return board->config.idr[0] >> 24 & 3;
}

static unsigned stall_max(const struct board *board)
{
	return board->config.idr[5] >> 16;
}

static bool stalls(const struct smmu3_event *record)
{
	const unsigned number = record->word[0] & 0xff;

	return number >= 0x10 && number <= 0x13 && record->word[1] >> 31 & 1;
}

static uint16_t stag_of(const struct smmu3_event *record)
{
	return (uint16_t)record->word[1];
}

/* ---- The lists ---- */

/* Where a STAG is among those that software has seen, or how many there are. */
static unsigned seen_at(const struct stalls *list, uint16_t stag)
{
	unsigned at = 0;

	while (at < list->seen_count && list->seen[at] != stag)
		at++;
	return at;
}

static unsigned held_at(const struct stalls *list, uint64_t cookie)
{
	unsigned at = 0;

	while (at < list->held_count && list->held[at].txn.cookie != cookie)
		at++;
	return at;
}

static struct flying *flying_of(struct stalls *list, uint64_t cookie)
{
	for (unsigned at = 0; at < list->flying_count; at++)
		if (list->flying[at].cookie == cookie)
			return &list->flying[at];
	return NULL;
}

static void wait_again(struct stalls *list, const struct smmu3_txn *txn)
{
	if (list->waiting_count < WAITING_MOST)
		list->waiting[list->waiting_count++] = *txn;
}

static void hold(struct board *board, const struct smmu3_txn *txn, uint16_t stag)
{
	struct stalls *const list = &board->stalls;

	for (unsigned i = 0; i < list->held_count; i++)
		DEMAND(list->held[i].stag != stag);
	DEMAND(list->held_count < stall_max(board));
	list->held[list->held_count++] = (struct held){ *txn, stag };
}

/* ---- Transactions ---- */

void board_fly(struct board *board, struct smmu3_txn *txn)
{
	struct stalls *const list = &board->stalls;

	txn->cookie = ++list->cookies;
	DEMAND(list->flying_count < sizeof(list->flying) / sizeof(list->flying[0]));
	list->flying[list->flying_count++] = (struct flying){ txn->cookie, false };
}

/* Some are stalled, and as many as may be: or one of them ended while this one asked. */
static void land_busy(struct board *board, const struct smmu3_txn *txn)
{
	DEMAND(stall_model(board) != 1);
	if (!board->depth && !board->acted)
		DEMAND(board->stalls.held_count == stall_max(board));
	if (!(txn->flags & SMMU3_TXN_PROBE))
		wait_again(&board->stalls, txn);
}

static void land_stalled(struct board *board, const struct smmu3_txn *txn,
			 const struct smmu3_outcome *outcome, bool ended)
{
	DEMAND(stalls(&outcome->record));
	DEMAND(stall_model(board) != 1);
	DEMAND(stall_model(board) == 2 || !(txn->flags & SMMU3_TXN_NO_STALL));
	if (txn->flags & SMMU3_TXN_PROBE) {
		DEMAND(!outcome->recorded && !stag_of(&outcome->record));
		return;
	}
	DEMAND(outcome->recorded);
	if (!ended)
		hold(board, txn, stag_of(&outcome->record));
}

void board_land(struct board *board, const struct smmu3_txn *txn,
		const struct smmu3_outcome *outcome)
{
	struct stalls *const list = &board->stalls;
	const bool ended = list->flying[--list->flying_count].ended;

	DEMAND(!ended || outcome->verdict == SMMU3_STALLED);
	if (outcome->verdict == SMMU3_BUSY)
		land_busy(board, txn);
	if (outcome->verdict == SMMU3_STALLED)
		land_stalled(board, txn, outcome, ended);
	else
		DEMAND(outcome->verdict == SMMU3_BUSY || !outcome->event ||
		       !stalls(&outcome->record) || stall_model(board) != 1);
}

void board_see_record(struct board *board, const struct smmu3_event *record)
{
	struct stalls *const list = &board->stalls;

	board_record(&board->written, record);
	if (!stalls(record))
		return;
	DEMAND(seen_at(list, stag_of(record)) == list->seen_count);
	DEMAND(list->seen_count < stall_max(board));
	list->seen[list->seen_count++] = stag_of(record);
}

/* ---- Ends ---- */

/* Is this what the last CMD_RESUME wants, as far as the board has seen it? */
static bool resumes(const struct board *board, const struct smmu3_stall *stall, uint64_t how)
{
	const uint64_t *command = board->command;

	if (!board->command_known || board->window[0] || board->window[1])
		return true;
	return (command[0] & 0xff) == RESUME && (command[0] >> 10 & 1) == stall->sec_sid &&
	       (command[0] & (AC | AB)) == how && command[0] >> 32 == stall->sid &&
	       (command[1] & 0xffff) == stall->stag;
}

/* A retry is software's wish, or that of an SMMU whose Event queue takes records again. */
static void check_end(const struct board *board, const struct view *now,
		      const struct smmu3_stall *stall, bool seen)
{
	DEMAND(stall->sec_sid == board_state(board) && stall->end <= SMMU3_STALL_RAZ_WI);
	if (!now)
		return;
	if (stall->end == SMMU3_STALL_RAZ_WI)
		DEMAND(seen && resumes(board, stall, 0) && !(board->config.idr[0] >> 26 & 1));
	if (stall->end == SMMU3_STALL_RETRY)
		DEMAND(seen ? resumes(board, stall, AC) || resumes(board, stall, AC | AB) :
			      board_takes_records(board, now));
}

void board_end_stall(struct board *board, const struct view *now, const struct smmu3_stall *stall)
{
	struct stalls *const list = &board->stalls;
	struct flying *const flying = flying_of(list, stall->cookie);
	const unsigned held = held_at(list, stall->cookie), seen = seen_at(list, stall->stag);

	check_end(board, now, stall, seen < list->seen_count);
	if (seen < list->seen_count)
		list->seen[seen] = list->seen[--list->seen_count];
	if (flying) {
		DEMAND(!flying->ended);
		flying->ended = true;
		return;
	}
	DEMAND(held < list->held_count);
	DEMAND(list->held[held].stag == stall->stag && list->held[held].txn.sid == stall->sid);
	if (stall->end == SMMU3_STALL_RETRY)
		wait_again(list, &list->held[held].txn);
	list->held[held] = list->held[--list->held_count];
}

/* Nothing is due: what is held is recorded, unless the queue takes no records; and where streams
 * do not translate, nothing is held. */
void board_check_stalls(const struct board *board, const struct view *now)
{
	const struct stalls *list = &board->stalls;

	DEMAND(!list->flying_count);
	DEMAND(list->held_count <= stall_max(board) && list->seen_count <= list->held_count);
	DEMAND(!list->held_count || now->cr0 & 1);
	if (!board_takes_records(board, now))
		return;
	for (unsigned i = 0; i < list->held_count; i++)
		DEMAND(seen_at(list, list->held[i].stag) < list->seen_count);
}
