/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what endpoints do besides accesses. */
#include "platform/trace_act.h"

#include <inttypes.h>

static const struct word endpoint_words[] = {
	{ "answers", SMMU3_ENDPOINT_ANSWERS },
	{ "waits", SMMU3_ENDPOINT_WAITS },
	{ "times-out", SMMU3_ENDPOINT_TIMES_OUT },
	{ "on", SMMU3_ENDPOINT_ON },
	{ "off", SMMU3_ENDPOINT_OFF },
	{ NULL, 0 },
};

const char *trace_endpoint_name(unsigned act)
{
	const char *const name = word_name(endpoint_words, act);

	return name ? name : "?";
}

int trace_endpoint_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word name = trace_next(line);
	uint64_t act;

	op->kind = SMMU3_TRACE_ENDPOINT;
	op->who_column = op->address_column = trace_column(line, name);
	if (!name.length)
		return REFUSE(line, name, "a master is missing");
	if (trace_master_parse(line, name, op) ||
	    trace_choice(line, trace_next(line), endpoint_words,
			 "act of an endpoint: answers, waits, times-out, on or off", &act))
		return -SMMU3_E_FORMAT;
	op->endpoint = (uint8_t)act;
	return trace_nothing_more(line);
}

/* ---- Page requests ---- */

enum { PRGINDEX_MOST = 0x1ff };

static const struct word page_words[] = {
	{ "read", SMMU3_PAGE_READ },    { "write", SMMU3_PAGE_WRITE },
	{ "exec", SMMU3_PAGE_EXECUTE }, { "priv", SMMU3_PAGE_PRIVILEGED },
	{ "last", SMMU3_PAGE_LAST },    { NULL, 0 },
};

static int unknown_word(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (const struct word *page = page_words; page->name; page++)
		guess_offer(&guess, page->name);
	guess_offer(&guess, "prgindex");
	return REFUSE(
		line, word,
		"a page request has no '%.*s': read, write, exec, priv, last or prgindex=...%s",
		SHOWN(word), guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int take_prgindex(struct trace_line *line, struct trace_word word, struct trace_word value,
			 struct smmu3_page_request *page, bool *seen)
{
	uint64_t index;

	if (*seen)
		return REFUSE(line, word, "'%.*s' is said already", SHOWN(word));
	if (!value.text)
		return REFUSE(line, word, "'prgindex' takes a value: prgindex=...");
	if (trace_number(line, value, PRGINDEX_MOST, &index))
		return -SMMU3_E_FORMAT;
	*seen = true;
	page->prgindex = (uint16_t)index;
	return 0;
}

/* Execution and privilege are in the PASID, TLP prefix and all.  8 */
static int take_page_word(struct trace_line *line, struct trace_word word,
			  struct smmu3_page_request *page)
{
	const struct word *const found = word_find(page_words, word.text, word.length);

	if (!found)
		return unknown_word(line, word);
	if (page->flags & found->value)
		return REFUSE(line, word, "'%s' is said already", found->name);
	if (found->value & (SMMU3_PAGE_EXECUTE | SMMU3_PAGE_PRIVILEGED) &&
	    !(page->flags & SMMU3_PAGE_SSV))
		return REFUSE(line, word, "'%s' needs a SubstreamID, which is the PASID",
			      found->name);
	page->flags |= (uint16_t)found->value;
	return 0;
}

static int take_page_words(struct trace_line *line, struct smmu3_page_request *page, bool stop)
{
	struct trace_word word;
	bool indexed = false;

	while ((word = trace_next(line)).length) {
		struct trace_word value;
		const struct trace_word name = trace_cut(word, '=', &value);
		const int code = trace_is(name, "prgindex") ?
					 take_prgindex(line, word, value, page, &indexed) :
				 stop ? REFUSE(line, word, "a Stop Marker asks for nothing: '%.*s'",
					       SHOWN(word)) :
					take_page_word(line, word, page);

		if (code)
			return code;
	}
	return 1;
}

/* Stop Marker: L = 1, W = R = 0, with a PASID.  8 */
static int take_stop(struct trace_line *line, struct trace_word word,
		     struct smmu3_page_request *page)
{
	if (!(page->flags & SMMU3_PAGE_SSV))
		return REFUSE(line, word, "'stop' needs a SubstreamID, which is the PASID");
	page->flags |= SMMU3_PAGE_LAST;
	return take_page_words(line, page, true);
}

int trace_page_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct smmu3_page_request *const page = &op->page;
	struct trace_word where;

	op->kind = SMMU3_TRACE_PAGE_REQUEST;
	if (trace_who_parse(line, op))
		return -SMMU3_E_FORMAT;
	page->flags = op->txn.flags & SMMU3_TXN_SSV ? SMMU3_PAGE_SSV : 0;
	where = trace_next(line);
	op->address_column = trace_column(line, where);
	if (trace_is(where, "stop"))
		return take_stop(line, where, page);
	if (trace_number(line, where, UINT64_MAX, &page->addr))
		return -SMMU3_E_FORMAT;
	if (page->addr % 4096)
		return REFUSE(line, where, "a page begins at a multiple of 4K");
	op->txn.addr = page->addr;
	op->txn.bytes = 1;
	return take_page_words(line, page, false);
}

void trace_page_text(const struct smmu3_trace_op *op, char *text, size_t size)
{
	if (!op->master[0])
		trace_add(text, size, "PR 0x%" PRIx32, op->txn.sid);
	else if (op->txn.sid)
		trace_add(text, size, "PR %s+%" PRIu32, op->master, op->txn.sid);
	else
		trace_add(text, size, "PR %s", op->master);
	if (op->page.flags & SMMU3_PAGE_SSV)
		trace_add(text, size, ".%" PRIu32, op->txn.ssid);
	trace_add(text, size, " 0x%" PRIx64, op->page.addr);
	for (const struct word *word = page_words; word->name; word++) {
		if (op->page.flags & word->value)
			trace_add(text, size, " %s", word->name);
	}
	trace_add(text, size, " prgindex=%u", (unsigned)op->page.prgindex);
}
