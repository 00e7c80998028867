/* SPDX-License-Identifier: MIT */
/* What endpoints are sent: ATS invalidations, each with a tag that is answered once, and answers to
 * page requests, each of which is written, answered or, where it may be, dropped.  3.9.1.4, 8 */
#include "board.h"
#include "files.h"

#include <string.h>

#define BIT(n) (UINT64_C(1) << (n))

enum { ATC_INV = 0x40, PRI_RESP = 0x41, ATS = 10, PRI = 16 };

static bool has(const struct board *board, unsigned bit)
{
	return board->config.idr[0] >> bit & 1;
}

static bool has_substreams(const struct board *board)
{
	return board->config.idr[1] >> 6 & 31;
}

/* Has the board seen every command? */
static bool sees_commands(const struct board *board)
{
	return board->command_known && !board->window[0] && !board->window[1];
}

/* ---- ATS invalidations ---- */

static unsigned place_of(const struct endpoints *endpoints, uint64_t tag)
{
	unsigned i = 0;

	while (i < endpoints->tags && endpoints->tag[i] != tag)
		i++;
	return i;
}

static bool is_waiting(const struct endpoints *endpoints, uint64_t tag)
{
	return place_of(endpoints, tag) < endpoints->tags;
}

void board_answer(struct board *board, uint64_t tag, enum smmu3_atc_result result)
{
	struct endpoints *const endpoints = &board->endpoints;
	const bool waiting = is_waiting(endpoints, tag);

	if (waiting)
		endpoints->tag[place_of(endpoints, tag)] = endpoints->tag[--endpoints->tags];
	DEMAND(smmu3_atc_complete(board->smmu, tag, result) == (waiting ? 0 : -SMMU3_E_NOT_FOUND));
}

static void check_invalidation(const struct board *board,
			       const struct smmu3_atc_invalidation *request)
{
	const uint64_t bytes = request->bytes;

	DEMAND(has(board, ATS) && request->sec_sid == SMMU3_PAS_NS);
	DEMAND(!bytes || (bytes >= 4096 && !(bytes & (bytes - 1)) && !(request->addr % bytes)));
	DEMAND(bytes || !request->addr);
	DEMAND(request->ssv <= has_substreams(board) && request->global <= request->ssv);
	DEMAND(request->ssid < 1u << 20 && (request->ssv || !request->ssid));
	if (sees_commands(board))
		DEMAND((board->command[0] & 0xff) == ATC_INV &&
		       board->command[0] >> 32 == request->sid);
}

void board_see_invalidation(struct board *board, const struct smmu3_atc_invalidation *request)
{
	struct endpoints *const endpoints = &board->endpoints;

	check_invalidation(board, request);
	DEMAND(request->tag > endpoints->last_tag && endpoints->tags < TAGS_MOST);
	endpoints->last_tag = request->tag;
	endpoints->tag[endpoints->tags++] = request->tag;
	if (endpoints->manner & 1)
		board_answer(board, request->tag,
			     endpoints->manner & 2 ? SMMU3_ATC_TIMED_OUT : SMMU3_ATC_DONE);
}

/* ---- Page requests ---- */

enum { KNOWN_FLAGS = 0x3f, SSV_BIT = 63, LAST_BIT = 62, W_BIT = 61, R_BIT = 60 };

static bool flag(const struct smmu3_page_request *request, unsigned which)
{
	return request->flags & which;
}

/* As it stands in the queue.  8 */
static struct page_entry entry_of(const struct board *board,
				  const struct smmu3_page_request *request)
{
	const uint64_t ssv = has_substreams(board) && flag(request, SMMU3_PAGE_SSV);
	struct page_entry entry = { { request->sid, request->prgindex } };

	entry.word[0] |= ssv << SSV_BIT | (ssv ? (uint64_t)request->ssid << 32 : 0);
	entry.word[0] |= (ssv & flag(request, SMMU3_PAGE_PRIVILEGED)) << 58;
	entry.word[0] |= (ssv & flag(request, SMMU3_PAGE_EXECUTE)) << 59;
	entry.word[0] |= (uint64_t)flag(request, SMMU3_PAGE_READ) << R_BIT;
	entry.word[0] |= (uint64_t)flag(request, SMMU3_PAGE_WRITE) << W_BIT;
	entry.word[0] |= (uint64_t)flag(request, SMMU3_PAGE_LAST) << LAST_BIT;
	entry.word[1] |= request->addr & ~UINT64_C(0xfff);
	return entry;
}

static bool is_stop_marker(const struct page_entry *entry)
{
	return entry->word[0] >> R_BIT == 12; /* SSV, L */
}

/* In overflow what is not the last of its group is dropped, and Stop Markers whenever.  8.1, 8.2 */
static bool may_be_dropped(const struct page_entry *entry)
{
	return !(entry->word[0] >> LAST_BIT & 1) || is_stop_marker(entry);
}

/* What stands before it has been dropped. */
static void take_through(struct endpoints *endpoints, unsigned at)
{
	for (unsigned i = 0; i < at; i++)
		DEMAND(may_be_dropped(&endpoints->page[i]) || endpoints->unsure);
	endpoints->pages -= at + 1;
	memmove(endpoints->page, &endpoints->page[at + 1],
		endpoints->pages * sizeof(endpoints->page[0]));
}

static void keep(struct endpoints *endpoints, const struct page_entry *entry)
{
	if (endpoints->pages == PAGES_MOST) {
		endpoints->unsure = true;
		take_through(endpoints, 0);
	}
	endpoints->page[endpoints->pages++] = *entry;
}

static int expected_of(const struct board *board, const struct smmu3_page_request *request)
{
	if (!has(board, PRI) || request->sec_sid != SMMU3_PAS_NS)
		return -SMMU3_E_UNSUPPORTED;
	return request->flags & ~KNOWN_FLAGS || request->prgindex > 511 || request->ssid >> 20 ?
		       -SMMU3_E_ARGUMENT :
		       0;
}

/* It may be written or answered before the call returns, so it is kept first.  Only one made inside
 * a callback may be held back, be it of an act or of a table that an act reads. */
void board_request_page(struct board *board, const struct smmu3_page_request *request)
{
	enum { HELD_BACK = 64 };
	struct endpoints *const endpoints = &board->endpoints;
	const int expected = expected_of(board, request);
	const struct page_entry entry = entry_of(board, request);
	int code;

	if (!expected)
		keep(endpoints, &entry);
	code = smmu3_page_request(board->smmu, request);
	if (code != -SMMU3_E_LIMIT) {
		DEMAND(code == expected);
		return;
	}
	DEMAND(!expected && board->depth && endpoints->pages > HELD_BACK);
	endpoints->pages--;
}

void board_see_page(struct board *board, const void *written)
{
	struct endpoints *const endpoints = &board->endpoints;
	unsigned at = 0;

	while (at < endpoints->pages &&
	       memcmp(&endpoints->page[at], written, sizeof(endpoints->page[at])) != 0)
		at++;
	DEMAND(at < endpoints->pages || endpoints->unsure);
	if (at < endpoints->pages)
		take_through(endpoints, at);
}

/* A request that overflow takes is answered if it is the last of its group, mostly with Success;
 * one whose write failed, or that the queue does not take at all, in any case.  8.1, 8.2 */
static bool answers_page(const struct smmu3_page_response *response, const struct page_entry *entry)
{
	const bool same_pasid = !response->ssv ||
				(entry->word[0] >> SSV_BIT &&
				 (entry->word[0] >> 32 & 0xfffff) == response->ssid);

	return (uint32_t)entry->word[0] == response->sid &&
	       (entry->word[1] & 0x1ff) == response->prgindex && same_pasid &&
	       !is_stop_marker(entry) &&
	       (response->code == SMMU3_PAGE_FAILURE || !may_be_dropped(entry));
}

/* Where one is that this answers, from a place on, or how many there are. */
static unsigned answered_at(const struct endpoints *endpoints,
			    const struct smmu3_page_response *response, unsigned from)
{
	while (from < endpoints->pages && !answers_page(response, &endpoints->page[from]))
		from++;
	return from;
}

/* 4.5.2 */
static bool is_command(const struct board *board, const struct smmu3_page_response *response)
{
	static const uint8_t code[] = { SMMU3_PAGE_FAILURE, SMMU3_PAGE_INVALID, SMMU3_PAGE_SUCCESS,
					0xff };
	const uint64_t *const command = board->command;

	if (!sees_commands(board))
		return true;
	return (command[0] & 0xff) == PRI_RESP && command[0] >> 32 == response->sid &&
	       (command[1] & 0x1ff) == response->prgindex &&
	       code[command[1] >> 12 & 3] == response->code;
}

static void check_response(const struct board *board, const struct smmu3_page_response *response)
{
	DEMAND(has(board, PRI) && response->sec_sid == SMMU3_PAS_NS);
	DEMAND(response->code == SMMU3_PAGE_SUCCESS || response->code == SMMU3_PAGE_INVALID ||
	       response->code == SMMU3_PAGE_FAILURE);
	DEMAND(response->ssv <= has_substreams(board) && response->prgindex <= 511);
	DEMAND(response->ssid < 1u << 20 && (response->ssv || !response->ssid));
}

/* Software's, or the SMMU's own to the next request that may be meant. */
void board_see_response(struct board *board, const struct smmu3_page_response *response)
{
	struct endpoints *const endpoints = &board->endpoints;
	const bool command = is_command(board, response);
	const unsigned at = answered_at(endpoints, response, 0);

	check_response(board, response);
	DEMAND(command || at < endpoints->pages || endpoints->unsure);
	if (at == endpoints->pages)
		return;
	endpoints->unsure |= command;
	if (command)
		return;
	DEMAND(response->code != SMMU3_PAGE_INVALID);
	if (may_be_dropped(&endpoints->page[at])) /* it may have been: then another is meant */
		endpoints->unsure |= answered_at(endpoints, response, at + 1) < endpoints->pages;
	take_through(endpoints, at);
}

/* ---- A step ---- */

/* Nothing is due: what is left has been dropped. */
void board_check_endpoints(struct board *board)
{
	struct endpoints *const endpoints = &board->endpoints;

	for (unsigned i = 0; i < endpoints->pages; i++)
		DEMAND(may_be_dropped(&endpoints->page[i]) || endpoints->unsure);
	endpoints->pages = 0;
	endpoints->unsure = false;
}

void board_forget_endpoints(struct board *board)
{
	board->endpoints.tags = 0;
	board->endpoints.pages = 0;
}
