/* SPDX-License-Identifier: MIT */
#include "prog/stall.h"

#include <stdlib.h>

/* ---- Lists ---- */

static void append(struct stalls *stalls, struct stall_list *list, uint16_t stag)
{
	struct stall *stall = &stalls->stall[stag];

	stall->next = STALL_NONE;
	stall->before = list->last;
	if (list->last == STALL_NONE)
		list->first = stag;
	else
		stalls->stall[list->last].next = stag;
	list->last = stag;
}

static void take_out(struct stalls *stalls, struct stall_list *list, uint16_t stag)
{
	const struct stall *stall = &stalls->stall[stag];

	if (stall->before == STALL_NONE)
		list->first = stall->next;
	else
		stalls->stall[stall->before].next = stall->next;
	if (stall->next == STALL_NONE)
		list->last = stall->before;
	else
		stalls->stall[stall->next].before = stall->before;
}

/* ---- The table ---- */

bool stalls_init(struct stalls *stalls, uint16_t most)
{
	const struct stall_list none = { STALL_NONE, STALL_NONE };

	*stalls = (struct stalls){ .free = none, .unrecorded = none, .most = most };
	if (!most)
		return true;
	stalls->stall = calloc(most, sizeof(*stalls->stall));
	if (!stalls->stall)
		return false;
	for (uint16_t stag = 0; stag < most; stag++)
		append(stalls, &stalls->free, stag);
	return true;
}

void stalls_free(struct stalls *stalls)
{
	free(stalls->stall);
}

bool stall_begin(struct stalls *stalls, const struct smmu3_txn *txn, uint16_t *stag)
{
	*stag = stalls->free.first;
	if (*stag == STALL_NONE)
		return false;
	take_out(stalls, &stalls->free, *stag);
	stalls->stall[*stag] = (struct stall){ .cookie = txn->cookie,
					       .sid = txn->sid,
					       .state = STALL_COMMITTED };
	stalls->live++;
	return true;
}

void stall_recorded(struct stalls *stalls, uint16_t stag)
{
	stalls->stall[stag].state = STALL_RECORDED;
}

void stall_unrecorded(struct stalls *stalls, uint16_t stag)
{
	stalls->stall[stag].state = STALL_UNRECORDED;
	append(stalls, &stalls->unrecorded, stag);
}

bool stall_matches(const struct stalls *stalls, uint32_t sid, uint16_t stag)
{
	return stag < stalls->most && stalls->stall[stag].state == STALL_RECORDED &&
	       stalls->stall[stag].sid == sid;
}

struct smmu3_stall stall_finish(struct stalls *stalls, uint16_t stag, enum smmu3_stall_end end)
{
	struct stall *stall = &stalls->stall[stag];

	if (stall->state == STALL_UNRECORDED)
		take_out(stalls, &stalls->unrecorded, stag);
	stall->state = STALL_FREE;
	append(stalls, &stalls->free, stag);
	stalls->live--;
	return (struct smmu3_stall){ .cookie = stall->cookie,
				     .sid = stall->sid,
				     .stag = stag,
				     .sec_sid = SMMU3_PAS_NS,
				     .end = (uint8_t)end };
}

/* ---- Searches ---- */

static bool found(const struct stall *stall, const struct stall_search *search)
{
	return stall->state != STALL_FREE && (search->all || stall->sid == search->sid);
}

uint16_t stall_search(const struct stalls *stalls, struct stall_search *search)
{
	const unsigned left = stalls->live ? (unsigned)(stalls->most - search->at) : 0;
	const unsigned stretch = left < STALL_STRETCH ? left : STALL_STRETCH;

	for (unsigned i = 0; i < stretch; i++) {
		const uint16_t stag = search->at++;

		if (found(&stalls->stall[stag], search))
			return stag;
	}
	search->on = stretch < left;
	return STALL_NONE;
}
