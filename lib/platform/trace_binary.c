/* SPDX-License-Identifier: MIT */
/* Binary traces, record by record. */
#include "platform/trace_reader.h"

#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int next_record(struct smmu3_trace *trace, struct smmu3_trace_op *op);

/* ---- What is wrong, and with which record ---- */

static int refuse(struct smmu3_trace *trace, int code, const char *sentence)
{
	const struct source source = { .name = trace->name };
	const struct place place = { .source = &source };

	if (trace->form.records)
		complain(&trace->complaints, code, place, "record %" PRIu64 ": %s",
			 trace->form.records, sentence);
	else
		complain(&trace->complaints, code, place, "the header: %s", sentence);
	return code;
}

static int malformed(struct smmu3_trace *trace, const char *sentence)
{
	return refuse(trace, -SMMU3_E_FORMAT, sentence);
}

/* Has so many bytes in the buffer: 0, or negative after a complaint. */
static int need(struct smmu3_trace *trace, size_t bytes)
{
	while (trace->size < bytes) {
		const char *why;

		if (trace->at_end)
			return refuse(trace, -SMMU3_E_IO, "the trace is cut");
		if (trace_refill(trace, &why))
			return refuse(trace, -SMMU3_E_IO, why);
	}
	return 0;
}

/* ---- The header ---- */

bool trace_binary_begins(const char *text, size_t size)
{
	const uint64_t magic = to_le64(TRACE_MAGIC);

	return !memcmp(text, &magic, size < sizeof(magic) ? size : sizeof(magic));
}

static uint64_t header(const uint64_t *word, enum header_field field)
{
	return field_value(word, (int)field);
}

/* Of another version only the version is known. */
static const char *header_is_wrong(const uint64_t *word)
{
	if (header(word, HEADER_VERSION) != TRACE_VERSION)
		return "this version reads binary traces of version 1 alone";
	if (header(word, HEADER_SUM) != sum_words(word, HEADER_WORDS - 1))
		return "it is damaged: its checksum is another";
	if (header(word, HEADER_BYTE_ORDER) != TRACE_BYTE_ORDER ||
	    header(word, HEADER_SIZE) != HEADER_BYTES ||
	    header(word, HEADER_RECORD_SIZE) != RECORD_BYTES ||
	    header(word, HEADER_BLOCK) != BLOCK_RECORDS || word[3] >> 32 || word[5] || word[6])
		return "it is not as version 1 has it";
	return NULL;
}

int trace_binary_next_first(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	uint64_t word[HEADER_WORDS];
	const char *wrong;

	trace->form.binary = 1;
	if (need(trace, sizeof(word)))
		return -SMMU3_E_IO;
	memcpy(word, trace->buffer + trace->start, sizeof(word));
	for (unsigned i = 0; i < HEADER_WORDS; i++)
		word[i] = from_le64(word[i]);
	trace->form.version = (uint32_t)header(word, HEADER_VERSION);
	wrong = header_is_wrong(word);
	if (wrong)
		return malformed(trace, wrong);
	trace->form.count = header(word, HEADER_COUNT);
	trace->master = calloc(TRACE_NAMES_MOST, sizeof(*trace->master));
	if (!trace->master)
		return refuse(trace, -SMMU3_E_MEMORY, "out of memory");
	trace_take(trace, sizeof(word));
	trace->next = next_record;
	return next_record(trace, op);
}

/* ---- Records that are no accesses ---- */

static uint64_t value(const struct smmu3_trace *trace, enum record_field field)
{
	return field_value(trace->record.word, (int)field);
}

/* Nothing but the fields that it has, a mask for each word. */
static bool only(const struct smmu3_trace *trace, uint64_t second, uint64_t fourth)
{
	const uint64_t *const word = trace->record.word;

	return !word[0] && !(word[1] & ~second) && !(word[2] & ~field_mask(RECORD_OP)) &&
	       !(word[3] & ~fourth);
}

static bool is_last_of_block(const struct smmu3_trace *trace)
{
	return trace->form.records % BLOCK_RECORDS == 0;
}

/* The text in the records behind this one, taken: NULL, after a complaint, if it is not as it
 * should be.  *code says which. */
static const char *behind(struct smmu3_trace *trace, size_t most, size_t *length, int *code)
{
	const uint64_t said = value(trace, RECORD_LENGTH);
	const unsigned records = said <= most ? records_of((size_t)said) : 0;
	const uint64_t left = BLOCK_RECORDS - 1 - trace->form.records % BLOCK_RECORDS;
	const char *text;

	*code = -SMMU3_E_FORMAT;
	if (said > most || records > left) {
		(void)malformed(trace, "a text longer than may be there");
		return NULL;
	}
	*length = (size_t)said;
	*code = need(trace, records * (size_t)RECORD_BYTES);
	if (*code)
		return NULL;
	text = trace->buffer + trace->start;
	for (unsigned i = 0; i < records; i++) {
		const struct trace_record part = record_load(text + i * (size_t)RECORD_BYTES);

		sum_record(&trace->sum, part.word);
	}
	for (size_t i = *length; i < records * (size_t)RECORD_BYTES; i++) {
		if (text[i]) {
			*code = malformed(trace, "something stands behind its text");
			return NULL;
		}
	}
	trace->form.records += records;
	trace_take(trace, records * (size_t)RECORD_BYTES);
	return text;
}

/* The empty lines before it. */
static int skip_lines(struct smmu3_trace *trace)
{
	const unsigned skip = (unsigned)value(trace, RECORD_SKIP);

	if (skip >= UINT_MAX - trace->line)
		return malformed(trace, "more lines than can be counted");
	trace->line += skip;
	return 0;
}

static int next_text(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	size_t length;
	const char *text;
	int code;

	if (!only(trace, field_mask(RECORD_LENGTH), field_mask(RECORD_SKIP)))
		return malformed(trace, "a text's record with more than its length");
	code = skip_lines(trace);
	if (code)
		return code;
	text = behind(trace, TRACE_LINE_MOST, &length, &code);
	if (!text)
		return code;
	code = trace_text_line(trace, text, length, op);
	trace->operations += code == 1;
	return code;
}

/* Names are numbered as they come. */
static int take_name(struct smmu3_trace *trace)
{
	size_t length;
	const char *text;
	int code;

	if (!only(trace, field_mask(RECORD_LENGTH), field_mask(RECORD_MASTER)) ||
	    value(trace, RECORD_MASTER) != trace->names + 1 || trace->names == TRACE_NAMES_MOST)
		return malformed(trace, "a name that is not the next");
	text = behind(trace, TRACE_NAME_BYTES - 1, &length, &code);
	if (!text)
		return code;
	if (!trace_is_name(text, length))
		return malformed(trace, "this is no master's name");
	memcpy(trace->master[trace->names++], text, length);
	return 0;
}

/* Of all that stands before it. */
static int check(struct smmu3_trace *trace)
{
	const uint64_t word2 = trace->record.word[2];

	if (value(trace, RECORD_RECORDS) != trace->form.records - 1 ||
	    value(trace, RECORD_COUNT) != trace->operations)
		return malformed(trace, "records are missing, or too many");
	if (value(trace, RECORD_SUM) != sum_words(trace->sum.lane, RECORD_WORDS))
		return malformed(trace, "damaged: the checksum of what stands before is another");
	return word2 & ~field_mask(RECORD_OP) ? malformed(trace, "a check that says more") : 0;
}

static int finish(struct smmu3_trace *trace)
{
	const char *why;

	if (trace->form.count && trace->form.count != trace->operations)
		return malformed(trace, "the header counts another number of accesses and acts");
	while (!trace->at_end && !trace->size) {
		if (trace_refill(trace, &why))
			return refuse(trace, -SMMU3_E_IO, why);
	}
	if (trace->size)
		return malformed(trace, "something follows the end");
	trace->ended = true;
	return 0;
}

static int take_pad(struct smmu3_trace *trace)
{
	return only(trace, 0, 0) ? 0 : malformed(trace, "padding that is not empty");
}

/* One that gives out nothing: 0, or negative after a complaint. */
static int take_other(struct smmu3_trace *trace, enum record_op kind)
{
	switch (kind) {
	case RECORD_PAD:
		return take_pad(trace);
	case RECORD_NAME:
		return take_name(trace);
	case RECORD_CHECK:
		return is_last_of_block(trace) ?
			       check(trace) :
			       malformed(trace, "a check that is no block's last");
	default:
		return malformed(trace, "this version knows no such record");
	}
}

/* ---- The next ---- */

static int next_access(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	const char *const wrong = trace_record_access(&trace->record, trace->names, op);
	const uint64_t master = value(trace, RECORD_MASTER);

	if (wrong)
		return malformed(trace, wrong);
	if (skip_lines(trace))
		return -SMMU3_E_FORMAT;
	if (master)
		memcpy(op->master, trace->master[master - 1], sizeof(op->master));
	op->line = ++trace->line;
	trace->operations++;
	return 1;
}

/* The record at hand.  Checks are no part of what they check. */
static int read_record(struct smmu3_trace *trace, enum record_op *kind)
{
	if (unlikely(trace->size < RECORD_BYTES)) {
		trace->form.records++;
		if (need(trace, RECORD_BYTES))
			return -SMMU3_E_IO;
		trace->form.records--;
	}
	trace->record = record_load(trace->buffer + trace->start);
	trace_take(trace, RECORD_BYTES);
	trace->form.records++;
	*kind = (enum record_op)value(trace, RECORD_OP);
	if (*kind < RECORD_CHECK)
		sum_record(&trace->sum, trace->record.word);
	return *kind < RECORD_CHECK && is_last_of_block(trace) ?
		       malformed(trace, "a block that does not end in a check") :
		       0;
}

static int next_record(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	enum record_op kind;
	int code;

	while (!trace->ended) {
		code = read_record(trace, &kind);
		if (code)
			return code;
		if (likely(kind - RECORD_ACCESS < ACCESS_ROWS))
			return next_access(trace, op);
		if (kind == RECORD_TEXT)
			return next_text(trace, op);
		code = kind == RECORD_END ? check(trace) : take_other(trace, kind);
		if (!code && kind == RECORD_END)
			code = finish(trace);
		if (code)
			return code;
	}
	return 0;
}

void trace_binary_text(const struct smmu3_trace *trace, char *text, size_t size)
{
	const uint64_t master = value(trace, RECORD_MASTER);
	struct smmu3_trace_op op;

	text[0] = '\0';
	if (value(trace, RECORD_OP) - RECORD_ACCESS >= ACCESS_ROWS ||
	    trace_record_access(&trace->record, trace->names, &op))
		return;
	if (master)
		memcpy(op.master, trace->master[master - 1], sizeof(op.master));
	smmu3_trace_access_text(&op, text, size);
}
