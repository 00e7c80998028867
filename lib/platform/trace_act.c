/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what software does between accesses. */
#include "platform/trace_act.h"
#include "platform/trace_dvm.h"

#include <smmu/decode.h>

#include <string.h>

int trace_nothing_more(struct trace_line *line)
{
	const struct trace_word word = trace_next(line);

	return word.length ? REFUSE(line, word, "nothing more is expected on the line: '%.*s'",
				    SHOWN(word)) :
			     1;
}

/* The width in bytes, of a read with READ. */
enum { READ = 0x10 };

static const struct word width_words[] = {
	{ "w32", 4 }, { "w64", 8 }, { "r32", READ | 4 }, { "r64", READ | 8 }, { NULL, 0 },
};

int trace_consequence(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op)
{
	struct trace_word list;
	const struct trace_word name = trace_cut(word, '=', &list);
	struct smmu3_expect *const expect = trace_is(name, "busy") ? &op->busy : &op->expect;

	if (!list.text || (!trace_is(name, "expect") && !trace_is(name, "busy")))
		return 0;
	if (expect->present)
		return REFUSE(line, word, "'%.*s' is said already", SHOWN(name));
	return trace_expect_parse(line, list, expect) ? -SMMU3_E_FORMAT : 1;
}

int trace_consequences(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word word;

	while ((word = trace_next(line)).length) {
		const int code = trace_consequence(line, word, op);

		if (code < 0)
			return code;
		if (!code)
			return REFUSE(line, word, "nothing more is expected on the line: '%.*s'",
				      SHOWN(word));
	}
	return 1;
}

static uint64_t word_most(const struct smmu3_trace_op *op)
{
	return op->size == 4 ? UINT32_MAX : UINT64_MAX;
}

static int parse_value(struct trace_line *line, struct smmu3_trace_op *op)
{
	if (trace_number(line, trace_next(line), word_most(op), &op->value))
		return -SMMU3_E_FORMAT;
	return op->kind == SMMU3_TRACE_MMIO_WRITE ? trace_consequences(line, op) :
						    trace_nothing_more(line);
}

/* expect=VALUE[/MASK], or nothing. */
static int parse_read(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word list, mask;
	const struct trace_word word = trace_next(line);
	const struct trace_word name = trace_cut(word, '=', &list);
	const struct trace_word value = trace_cut(list, '/', &mask);

	if (!word.length)
		return 1;
	if (!trace_is(name, "expect") || !list.text)
		return REFUSE(line, word, "a read takes expect=VALUE[/MASK] and no more: '%.*s'",
			      SHOWN(word));
	op->mask = word_most(op);
	if (trace_number(line, value, word_most(op), &op->value) ||
	    (mask.text && trace_number(line, mask, word_most(op), &op->mask)))
		return -SMMU3_E_FORMAT;
	if (!op->mask)
		return REFUSE(line, mask, "a mask of 0 expects nothing");
	if (op->value & ~op->mask)
		return REFUSE(line, value, "'%.*s' has bits outside the mask", SHOWN(value));
	return trace_nothing_more(line);
}

static int unknown_register(struct trace_line *line, struct trace_word word)
{
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++) {
		if (!strncmp(layout->name, "SMMU_", 5))
			guess_offer(&guess, layout->name + 5);
	}
	return REFUSE(line, word, "there is no register '%.*s'%s", SHOWN(word),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

static int parse_register(struct trace_line *line, struct trace_word word, uint64_t *offset)
{
	const struct smmu3_layout *layout = NULL;
	char name[64];

	if (word.length && trace_is_digit(word.text[0]))
		return trace_number(line, word, UINT32_MAX, offset);
	if (word.length && word.length < sizeof(name)) {
		memcpy(name, word.text, word.length);
		name[word.length] = '\0';
		layout = smmu3_register_layout(name);
	}
	if (!layout)
		return word.length ? unknown_register(line, word) :
				     REFUSE(line, word, "a register is missing");
	*offset = layout->offset;
	return 0;
}

static int parse_width(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op,
		       bool *read)
{
	uint64_t size;

	if (trace_choice(line, word, width_words, "width: w32, w64, r32 or r64", &size))
		return -SMMU3_E_FORMAT;
	*read = size & READ;
	op->size = (uint8_t)(size & ~(uint64_t)READ);
	return 0;
}

static int parse_mmio(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word width = trace_next(line);
	struct trace_word where;
	bool read;

	if (parse_width(line, width, op, &read))
		return -SMMU3_E_FORMAT;
	op->kind = read ? SMMU3_TRACE_MMIO_READ : SMMU3_TRACE_MMIO_WRITE;
	where = trace_next(line);
	op->address_column = trace_column(line, where);
	if (parse_register(line, where, &op->offset))
		return -SMMU3_E_FORMAT;
	if (op->offset % op->size)
		return REFUSE(line, where, "a %s of %u bytes is not aligned at this offset",
			      read ? "read" : "write", (unsigned)op->size);
	return read ? parse_read(line, op) : parse_value(line, op);
}

static int parse_memory(struct trace_line *line, struct trace_word width, struct smmu3_trace_op *op)
{
	struct trace_word where;
	bool read;

	if (parse_width(line, width, op, &read))
		return -SMMU3_E_FORMAT;
	op->kind = read ? SMMU3_TRACE_MEM_READ : SMMU3_TRACE_MEM_WRITE;
	where = trace_next(line);
	op->address_column = trace_column(line, where);
	if (trace_number(line, where, UINT64_MAX, &op->offset))
		return -SMMU3_E_FORMAT;
	if (op->offset % op->size)
		return REFUSE(line, where, "a word of %u bytes is aligned to its size",
			      (unsigned)op->size);
	return read ? parse_read(line, op) : parse_value(line, op);
}

#define ACTS                                                                                     \
	"mmio, w32, w64, r32, r64, expect, recover, dvm, endpoint, direct, stats, adversity or " \
	"a command"

static int unknown_act(struct trace_line *line, struct trace_word word)
{
	static const char *const act_words[] = { "mmio",     "w32",    "w64",     "r32",
						 "r64",      "expect", "recover", "dvm",
						 "endpoint", "direct", "stats",   "adversity" };
	struct guess guess = { .text = word.text, .length = word.length };
	char suggestion[80];

	for (unsigned i = 0; i < sizeof(act_words) / sizeof(act_words[0]); i++)
		guess_offer(&guess, act_words[i]);
	trace_offer_commands(&guess);
	return REFUSE(line, word, "unknown act '%.*s': " ACTS "%s", SHOWN(word),
		      guess_text(&guess, suggestion, sizeof(suggestion)));
}

/* What other states than these have not, or not in this version. */
static int not_for(struct trace_line *line, struct trace_word word, bool all)
{
	return trace_refuse(line, -SMMU3_E_UNSUPPORTED, word, "'%.*s' is built for %s alone",
			    SHOWN(word),
			    all ? "the Non-secure, the Secure and the Realm state" :
				  "the Non-secure state");
}

static int parse_recover(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op)
{
	op->kind = SMMU3_TRACE_RECOVER;
	op->address_column = trace_column(line, word);
	return trace_nothing_more(line);
}

/* "secure:" and so on say in whose name. */
static bool take_prefix(struct trace_word word, struct smmu3_trace_op *op)
{
	const struct word *const pas = word.length && word.text[word.length - 1] == ':' ?
					       word_find(pas_words, word.text, word.length - 1) :
					       NULL;

	if (pas)
		op->pas = (uint8_t)pas->value;
	return pas != NULL;
}

struct act_row {
	const char *verb;
	int (*parse)(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op);
	unsigned others; /* that have it besides the Non-secure state: a mask of PA spaces */
};

static int parse_expect(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op)
{
	(void)verb;
	return trace_own_parse(line, op);
}

static int parse_dvm(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op)
{
	(void)verb;
	return trace_dvm_parse(line, op);
}

static int parse_endpoint(struct trace_line *line, struct trace_word verb,
			  struct smmu3_trace_op *op)
{
	(void)verb;
	return trace_endpoint_parse(line, op);
}

static int parse_stats(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op)
{
	(void)verb;
	return trace_stats_reset_parse(line, op);
}

/* Words as smmu3_adversity_ask takes them, which judges them when the act is carried out. */
static int parse_adversity(struct trace_line *line, struct trace_word verb,
			   struct smmu3_trace_op *op)
{
	struct trace_word word;
	size_t used = 0;

	op->kind = SMMU3_TRACE_ADVERSITY;
	op->address_column = trace_column(line, verb);
	while ((word = trace_next(line)).length) {
		if (word.length + (used ? 2 : 1) > sizeof(op->adversity) - used)
			return REFUSE(line, word, "no more than %zu characters are taken",
				      sizeof(op->adversity) - 1);
		if (used)
			op->adversity[used++] = ' ';
		memcpy(op->adversity + used, word.text, word.length);
		used += word.length;
		op->adversity[used] = '\0';
	}
	return used ? 1 : REFUSE(line, word, "what is to happen is missing");
}

/* expect=ok or abort, or nothing more. */
static int parse_direct_end(struct trace_line *line, struct smmu3_trace_op *op)
{
	static const struct word ends[] = { { "ok", SMMU3_OK },
					    { "abort", SMMU3_ABORT },
					    { NULL, 0 } };
	const struct trace_word word = trace_next(line);
	struct trace_word value;
	uint64_t verdict;

	if (!word.length)
		return 1;
	if (!trace_is(trace_cut(word, '=', &value), "expect"))
		return REFUSE(line, word, "'%.*s' is not expect=...", SHOWN(word));
	if (trace_choice(line, value, ends, "end of such an access: ok or abort", &verdict))
		return -SMMU3_E_FORMAT;
	op->answer_given = 1;
	op->answer = (uint8_t)verdict;
	return trace_nothing_more(line);
}

enum { DIRECT_MOST = 1 << 20 }; /* it is carried out granule by granule */

/* An access of a device without a StreamID: r or w, the address, how many bytes. */
static int parse_direct(struct trace_line *line, struct trace_word verb, struct smmu3_trace_op *op)
{
	static const struct word ways[] = { { "r", 0 }, { "w", SMMU3_TXN_WRITE }, { NULL, 0 } };
	struct trace_word word = trace_next(line);
	uint64_t flags;

	op->kind = SMMU3_TRACE_DIRECT;
	op->address_column = trace_column(line, verb);
	if (trace_choice(line, word, ways, "such access: r or w", &flags))
		return -SMMU3_E_FORMAT;
	op->txn.flags = (uint16_t)flags;
	if (trace_number(line, trace_next(line), UINT64_MAX, &op->txn.addr))
		return -SMMU3_E_FORMAT;
	word = trace_next(line);
	if (trace_number(line, word, DIRECT_MOST, &op->txn.bytes))
		return -SMMU3_E_FORMAT;
	if (!op->txn.bytes || op->txn.bytes - 1 > UINT64_MAX - op->txn.addr)
		return REFUSE(line, word, "at least a byte, and none past the end");
	return parse_direct_end(line, op);
}

static const struct act_row *act_named(struct trace_word verb)
{
	enum { REALM = SMMU3_PAS_BIT(SMMU3_PAS_REALM) };
	enum { SECURE = SMMU3_PAS_BIT(SMMU3_PAS_SECURE), ROOT = SMMU3_PAS_BIT(SMMU3_PAS_ROOT) };
	static const struct act_row rows[] = { { "expect", parse_expect, SECURE | REALM | ROOT },
					       { "recover", parse_recover, SECURE | REALM },
					       { "dvm", parse_dvm, SECURE | REALM },
					       { "endpoint", parse_endpoint, 0 },
					       { "direct", parse_direct, SECURE | REALM | ROOT },
					       { "stats", parse_stats, 0 },
					       { "adversity", parse_adversity, 0 } };

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (trace_is(verb, rows[i].verb))
			return &rows[i];
	}
	return NULL;
}

int trace_act_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word word = trace_next(line);
	const struct act_row *row;

	if (take_prefix(word, op))
		word = trace_next(line);
	if (!word.length)
		return REFUSE(line, word, "an act is missing: " ACTS);
	if (trace_is(word, "mmio"))
		return parse_mmio(line, op);
	if (word_find(width_words, word.text, word.length))
		return parse_memory(line, word, op);
	if (trace_is_command(word))
		return trace_command_parse(line, word, op);
	row = act_named(word);
	if (!row)
		return unknown_act(line, word);
	if (op->pas != SMMU3_PAS_NS && !(row->others & SMMU3_PAS_BIT(op->pas)))
		return not_for(line, word, row->others != 0);
	return row->parse(line, word, op);
}
