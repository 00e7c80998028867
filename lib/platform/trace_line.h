/* SPDX-License-Identifier: MIT */
/* One line of a trace, word by word. */
#ifndef SMMU_PLATFORM_TRACE_LINE_H
#define SMMU_PLATFORM_TRACE_LINE_H

#include "platform/diag.h"
#include "platform/words.h"

enum { TRACE_LINE_MOST = 4096 };

struct trace_word {
	const char *text;
	size_t length;
};

struct trace_line {
	struct source source; /* this line */
	struct complaints *complaints;
	unsigned number;
	const char *at, *end;
};

/* An operation with nothing said.  bytes is TRACE_OP_SAID, all but what it comes to; not known
 * where it is done, so that it is a call: what compilers make of so many bytes is slower. */
#define TRACE_OP_SAID offsetof(struct smmu3_trace_op, result)
void trace_op_clear(struct smmu3_trace_op *op, size_t bytes);

/* 1: *op is filled; 0: nothing on the line; negative after a complaint. */
int trace_line_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* An act: what stands behind the "!".  1, or negative after a complaint. */
int trace_act_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* The list behind "expect=".  0, or negative after a complaint. */
int trace_expect_parse(struct trace_line *line, struct trace_word list,
		       struct smmu3_expect *expect);

/* Who it is about: a StreamID, or a master and which of its StreamIDs, with a SubstreamID or not;
 * into op->txn and op->master.  0, or negative after a complaint. */
int trace_who_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* PR ...: what stands behind it.  1, or negative after a complaint. */
int trace_page_parse(struct trace_line *line, struct smmu3_trace_op *op);

/* A master's name, into op->master.  0, or negative after a complaint. */
int trace_master_parse(struct trace_line *line, struct trace_word name, struct smmu3_trace_op *op);

/* The next word; length 0 at the end of the line. */
struct trace_word trace_next(struct trace_line *line);

/* Where a word stands, from 1. */
unsigned trace_column(const struct trace_line *line, struct trace_word word);

/* A complaint about a word; returns code. */
__attribute__((format(printf, 4, 5))) int
trace_refuse(struct trace_line *line, int code, struct trace_word word, const char *format, ...);

#define REFUSE(line, word, ...) trace_refuse(line, -SMMU3_E_FORMAT, word, __VA_ARGS__)

/* A number up to max: 0, or negative after a complaint. */
int trace_number(struct trace_line *line, struct trace_word word, uint64_t max, uint64_t *value);

/* One of the words: 0, or negative after a complaint that calls it `what`. */
int trace_choice(struct trace_line *line, struct trace_word word, const struct word *words,
		 const char *what, uint64_t *value);

/* Cuts the word at the first separator: the part before it; *rest is what follows, length 0 and
 * text NULL if there is none. */
struct trace_word trace_cut(struct trace_word word, char separator, struct trace_word *rest);

static inline bool trace_is(struct trace_word word, const char *text)
{
	const struct word one[] = { { text, 0 }, { NULL, 0 } };

	return word_find(one, word.text, word.length) != NULL;
}

static inline bool trace_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* For "%.*s": a word as much as is worth showing. */
#define SHOWN(word) (int)((word).length < 48 ? (word).length : 48), (word).text

#endif
