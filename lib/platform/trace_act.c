/* SPDX-License-Identifier: MIT */
/* The grammar of docs/trace.md: what software does between accesses. */
#include "platform/trace_line.h"

#include <smmu/decode.h>

#include <string.h>

static int nothing_more(struct trace_line *line)
{
	const struct trace_word word = trace_next(line);

	return word.length ? REFUSE(line, word, "nothing more is expected on the line: '%.*s'",
				    SHOWN(word)) :
			     1;
}

static const struct word width_words[] = { { "w32", 4 }, { "w64", 8 }, { NULL, 0 } };

/* Names of acts that are commands, which have no queue yet. */
static const struct word command_words[] = {
	{ "tlbi", 0 }, { "cfgi", 0 },     { "cfgi_ste", 0 }, { "cfgi_cd", 0 },    { "cfgi_all", 0 },
	{ "sync", 0 }, { "atc_inv", 0 },  { "resume", 0 },   { "stall_term", 0 }, { "prefetch", 0 },
	{ "dvm", 0 },  { "pri_resp", 0 }, { NULL, 0 },
};

static int parse_value(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word word = trace_next(line);

	return trace_number(line, word, op->size == 4 ? UINT32_MAX : UINT64_MAX, &op->value) ?
		       -SMMU3_E_FORMAT :
		       nothing_more(line);
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

static int parse_width(struct trace_line *line, struct trace_word word, struct smmu3_trace_op *op)
{
	uint64_t size;

	if (trace_choice(line, word, width_words, "width: w32 or w64", &size))
		return -SMMU3_E_FORMAT;
	op->size = (uint8_t)size;
	return 0;
}

static int parse_mmio(struct trace_line *line, struct smmu3_trace_op *op)
{
	const struct trace_word width = trace_next(line);
	struct trace_word where;

	op->kind = SMMU3_TRACE_MMIO_WRITE;
	if (parse_width(line, width, op))
		return -SMMU3_E_FORMAT;
	where = trace_next(line);
	op->address_column = trace_column(line, where);
	if (parse_register(line, where, &op->offset))
		return -SMMU3_E_FORMAT;
	if (op->offset % op->size)
		return REFUSE(line, where, "a write of %u bytes is not aligned at this offset",
			      (unsigned)op->size);
	return parse_value(line, op);
}

static int parse_memory(struct trace_line *line, struct trace_word width, struct smmu3_trace_op *op)
{
	struct trace_word where;

	op->kind = SMMU3_TRACE_MEM_WRITE;
	if (parse_width(line, width, op))
		return -SMMU3_E_FORMAT;
	where = trace_next(line);
	op->address_column = trace_column(line, where);
	if (trace_number(line, where, UINT64_MAX, &op->offset))
		return -SMMU3_E_FORMAT;
	if (op->offset % op->size)
		return REFUSE(line, where, "a word of %u bytes is aligned to its size",
			      (unsigned)op->size);
	return parse_value(line, op);
}

static int unknown_act(struct trace_line *line, struct trace_word word)
{
	static const struct word act_words[] = {
		{ "mmio", 0 }, { "w32", 0 }, { "w64", 0 }, { NULL, 0 }
	};
	char suggestion[80];

	if (word_find(command_words, word.text, word.length))
		return trace_refuse(
			line, -SMMU3_E_UNSUPPORTED, word,
			"'%.*s' is not built in this version: there is no Command queue",
			SHOWN(word));
	return REFUSE(line, word, "unknown act '%.*s': mmio, w32 or w64%s", SHOWN(word),
		      word_suggestion(act_words, word.text, word.length, suggestion,
				      sizeof(suggestion)));
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

int trace_act_parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	struct trace_word word = trace_next(line);

	if (take_prefix(word, op))
		word = trace_next(line);
	if (!word.length)
		return REFUSE(line, word, "an act is missing: mmio, w32 or w64");
	if (trace_is(word, "mmio"))
		return parse_mmio(line, op);
	return word_find(width_words, word.text, word.length) ? parse_memory(line, word, op) :
								unknown_act(line, word);
}
