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

	*stalls = (struct stalls){ .free = none, .unrecorded = { none, none, none }, .most = most };
	if (!most)
		return true;
	stalls->stall = calloc(most, sizeof(*stalls->stall));
	if (!stalls->stall)
		return false;
	stalls_reset(stalls);
	return true;
}

void stalls_reset(struct stalls *stalls)
{
	stalls->free = (struct stall_list){ STALL_NONE, STALL_NONE };
	for (uint16_t stag = 0; stag < stalls->most; stag++)
		append(stalls, &stalls->free, stag);
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
					       .turn = (uint16_t)(stalls->stall[*stag].turn + 1),
					       .sec_sid = txn->sec_sid,
					       .state = STALL_COMMITTED };
	stalls->live++;
	stalls->live_of[txn->sec_sid]++;
	return true;
}

void stall_recorded(struct stalls *stalls, uint16_t stag)
{
	stalls->stall[stag].state = STALL_RECORDED;
}

void stall_unrecorded(struct stalls *stalls, uint16_t stag)
{
	struct stall *stall = &stalls->stall[stag];

	stall->state = STALL_UNRECORDED;
	append(stalls, &stalls->unrecorded[stall->sec_sid], stag);
}

static bool is_of(const struct stall *stall, enum bank bank, uint32_t sid)
{
	return stall->sec_sid == bank && stall->sid == sid;
}

enum stall_state stall_named(const struct stalls *stalls, enum bank bank, uint32_t sid,
			     uint16_t stag)
{
	return stag < stalls->most && is_of(&stalls->stall[stag], bank, sid) ?
		       (enum stall_state)stalls->stall[stag].state :
		       STALL_FREE;
}

void stall_mark(struct stalls *stalls, uint16_t stag, enum smmu3_stall_end end)
{
	struct stall *stall = &stalls->stall[stag];

	if (stall->state == STALL_UNRECORDED)
		take_out(stalls, &stalls->unrecorded[stall->sec_sid], stag);
	if (stall->state != STALL_MARKED)
		stalls->marked++;
	stall->state = STALL_MARKED;
	stall->end = (uint8_t)end;
}

uint16_t stall_marked(const struct stalls *stalls, enum bank bank)
{
	for (uint16_t stag = 0; stalls->marked && stag < stalls->most; stag++)
		if (stalls->stall[stag].state == STALL_MARKED &&
		    stalls->stall[stag].sec_sid == bank)
			return stag;
	return STALL_NONE;
}

bool stall_awaits_record(const struct stalls *stalls, uint16_t stag, uint16_t turn)
{
	const struct stall *stall = &stalls->stall[stag];

	return stall->state == STALL_COMMITTED && stall->turn == turn;
}

struct smmu3_stall stall_finish(struct stalls *stalls, uint16_t stag, enum smmu3_stall_end end)
{
	struct stall *stall = &stalls->stall[stag];

	if (stall->state == STALL_UNRECORDED)
		take_out(stalls, &stalls->unrecorded[stall->sec_sid], stag);
	if (stall->state == STALL_MARKED)
		stalls->marked--;
	stall->state = STALL_FREE;
	append(stalls, &stalls->free, stag);
	stalls->live--;
	stalls->live_of[stall->sec_sid]--;
	return (struct smmu3_stall){ .cookie = stall->cookie,
				     .sid = stall->sid,
				     .stag = stag,
				     .sec_sid = stall->sec_sid,
				     .end = (uint8_t)end };
}

/* ---- Searches ---- */

static bool found(const struct stall *stall, const struct stall_search *search)
{
	return stall->state != STALL_FREE && stall->sec_sid == search->sec_sid &&
	       (search->all || stall->sid == search->sid);
}

uint16_t stall_search(const struct stalls *stalls, struct stall_search *search)
{
	const unsigned left = stalls->live_of[search->sec_sid] ?
				      (unsigned)(stalls->most - search->at) :
				      0;
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
		blob_put(out, stall->state, 1);
		blob_put(out, stall->sec_sid, 1);
		blob_put(out, stall->sid, 4);
		blob_put(out, stall->cookie, 8);
	}
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		save_list(stalls, &stalls->unrecorded[bank], out);
	save_list(stalls, &stalls->free, out);
}

/* The next of those that are live, whose STAGs ascend from `least`; the least of the one after. */
static unsigned load_stall(struct stalls *stalls, unsigned least, struct blob_in *in)
{
	const uint16_t stag = (uint16_t)blob_take(in, 2);
	const uint8_t state = (uint8_t)blob_take_within(in, 1, STALL_RECORDED);
	const uint8_t sec_sid = (uint8_t)blob_take_within(in, 1, BANKS - 1);
	const uint32_t sid = (uint32_t)blob_take(in, 4);
	const uint64_t cookie = blob_take(in, 8);

	in->wrong |= stag < least || stag >= stalls->most || state == STALL_FREE;
	if (in->wrong)
		return least;
	take_out(stalls, &stalls->free, stag);
	stalls->stall[stag] = (struct stall){
		.cookie = cookie, .sid = sid, .sec_sid = sec_sid, .state = state
	};
	stalls->live++;
	stalls->live_of[sec_sid]++;
	if (state == STALL_UNRECORDED)
		append(stalls, &stalls->unrecorded[sec_sid], stag);
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

static bool belongs(const struct stalls *stalls, const struct stall_list *list, uint16_t stag)
{
	const struct stall *stall = &stalls->stall[stag];

	return list == &stalls->free ? stall->state == STALL_FREE :
				       stall->state == STALL_UNRECORDED &&
					       list == &stalls->unrecorded[stall->sec_sid];
}

static unsigned length(const struct stalls *stalls, const struct stall_list *list)
{
	unsigned count = 0;

	for (uint16_t stag = list->first; stag != STALL_NONE; stag = stalls->stall[stag].next)
		count++;
	return count;
}

/* Puts a list into the order of the bytes: each place goes to its end.  Whatever the bytes are, it
 * stays a list; and if they name each place once, it is the one that they say. */
static void load_list(struct stalls *stalls, struct stall_list *list, struct blob_in *in)
{
	const struct blob_in order = *in;
	const unsigned count = length(stalls, list);

	for (unsigned i = 0; i < count && !in->wrong; i++) {
		const uint16_t stag = (uint16_t)blob_take(in, 2);

		in->wrong |= stag >= stalls->most || !belongs(stalls, list, stag);
		if (in->wrong)
			return;
		take_out(stalls, list, stag);
		append(stalls, list, stag);
	}
	in->wrong |= !listed(stalls, list, order);
}

bool stalls_load(struct stalls *stalls, uint16_t most, struct blob_in *in)
{
	const struct stalls due = *stalls;

	if (!stalls_init(stalls, most))
		return false;
	stalls->resumed = due.resumed;
	stalls->resume = due.resume;
	stalls->resumer = due.resumer;
	const unsigned live = (unsigned)blob_take_within(in, 2, most);
	unsigned least = 0;

	for (unsigned i = 0; i < live && !in->wrong; i++)
		least = load_stall(stalls, least, in);
	for (enum bank bank = BANK_NS; bank < BANKS; bank++)
		load_list(stalls, &stalls->unrecorded[bank], in);
	load_list(stalls, &stalls->free, in);
	return true;
}
