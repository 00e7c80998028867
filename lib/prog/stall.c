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

/* ---- As bytes ---- */

static void save_list(const struct stalls *stalls, const struct stall_list *list,
		      struct blob_out *out)
{
	for (uint16_t stag = list->first; stag != STALL_NONE; stag = stalls->stall[stag].next)
		blob_put(out, stag, 2);
}

void stalls_save(const struct stalls *stalls, struct blob_out *out)
{
	blob_put(out, stalls->live, 2);
	for (uint16_t stag = 0; stag < stalls->most; stag++) {
		const struct stall *stall = &stalls->stall[stag];

		if (stall->state == STALL_FREE)
			continue;
		blob_put(out, stag, 2);
		blob_put(out, stall->state, 2);
		blob_put(out, stall->sid, 4);
		blob_put(out, stall->cookie, 8);
	}
	save_list(stalls, &stalls->unrecorded, out);
	save_list(stalls, &stalls->free, out);
}

/* The next of those that are live, whose STAGs ascend from `least`; the least of the one after. */
static unsigned load_stall(struct stalls *stalls, unsigned least, struct blob_in *in)
{
	const uint16_t stag = (uint16_t)blob_take(in, 2);
	const uint8_t state = (uint8_t)blob_take_within(in, 2, STALL_RECORDED);
	const uint32_t sid = (uint32_t)blob_take(in, 4);
	const uint64_t cookie = blob_take(in, 8);

	in->wrong |= stag < least || stag >= stalls->most || state == STALL_FREE;
	if (in->wrong)
		return least;
	take_out(stalls, &stalls->free, stag);
	stalls->stall[stag] = (struct stall){ .cookie = cookie, .sid = sid, .state = state };
	stalls->live++;
	if (state == STALL_UNRECORDED)
		append(stalls, &stalls->unrecorded, stag);
	return stag + 1u;
}

/* Is the list in this order? */
static bool listed(const struct stalls *stalls, const struct stall_list *list, struct blob_in in)
{
	for (uint16_t stag = list->first; stag != STALL_NONE; stag = stalls->stall[stag].next)
		if (blob_take(&in, 2) != stag)
			return false;
	return !in.wrong;
}

/* Puts a list of places in one state into the order of the bytes: each goes to its end.  Whatever
 * the bytes are, it stays a list; and if they name each place once, it is the one that they say. */
static void load_list(struct stalls *stalls, struct stall_list *list, enum stall_state state,
		      unsigned count, struct blob_in *in)
{
	const struct blob_in order = *in;

	for (unsigned i = 0; i < count && !in->wrong; i++) {
		const uint16_t stag = (uint16_t)blob_take(in, 2);

		in->wrong |= stag >= stalls->most || stalls->stall[stag].state != state;
		if (in->wrong)
			return;
		take_out(stalls, list, stag);
		append(stalls, list, stag);
	}
	in->wrong |= !listed(stalls, list, order);
}

static unsigned count_unrecorded(const struct stalls *stalls)
{
	unsigned count = 0;

	for (uint16_t stag = stalls->unrecorded.first; stag != STALL_NONE;
	     stag = stalls->stall[stag].next)
		count++;
	return count;
}

bool stalls_load(struct stalls *stalls, uint16_t most, struct blob_in *in)
{
	if (!stalls_init(stalls, most))
		return false;
	const unsigned live = (unsigned)blob_take_within(in, 2, most);
	unsigned least = 0;

	for (unsigned i = 0; i < live && !in->wrong; i++)
		least = load_stall(stalls, least, in);
	load_list(stalls, &stalls->unrecorded, STALL_UNRECORDED, count_unrecorded(stalls), in);
	load_list(stalls, &stalls->free, STALL_FREE, most - live, in);
	return true;
}
