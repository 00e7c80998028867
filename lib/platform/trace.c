/* SPDX-License-Identifier: MIT */
/* Traces: a text read piece by piece, given out line by line. */
#include "platform/trace_reader.h"

#include <stdlib.h>
#include <string.h>

static int next_first(struct smmu3_trace *trace, struct smmu3_trace_op *op);

struct smmu3_trace *smmu3_trace_open(smmu3_read_fn *read, void *read_context, const char *name,
				     smmu3_diagnostic_fn *report, void *report_context)
{
	struct smmu3_trace *const trace = calloc(1, sizeof(*trace));

	if (!trace)
		return NULL;
	trace->name = strdup(name ? name : "");
	if (!trace->name) {
		free(trace);
		return NULL;
	}
	trace->read = read;
	trace->context = read_context;
	trace->next = next_first;
	trace->complaints = (struct complaints){ .report = report, .context = report_context };
	return trace;
}

void smmu3_trace_close(struct smmu3_trace *trace)
{
	if (!trace)
		return;
	free(trace->master);
	free(trace->name);
	free(trace);
}

int trace_refill(struct smmu3_trace *trace, const char **why)
{
	long count;

	*why = NULL;
	memmove(trace->buffer, trace->buffer + trace->start, trace->size);
	trace->start = 0;
	count = trace->read(trace->context, trace->buffer + trace->size,
			    TRACE_BUFFER_BYTES - trace->size, why);
	if (count < 0) {
		*why = *why ? *why : "cannot be read";
		return -SMMU3_E_IO;
	}
	trace->size += (size_t)count;
	trace->at_end = count == 0;
	return 0;
}

/* ---- Text ---- */

static int refill(struct smmu3_trace *trace)
{
	const struct source source = { .name = trace->name };
	const char *why;
	const int code = trace_refill(trace, &why);

	if (code)
		complain(&trace->complaints, code, (struct place){ &source, trace->line + 1, 1, 0 },
			 "%s", why);
	return code;
}

/* Reads until the buffer holds a whole line, its longest allowed length, or the rest.  The line's
 * length, or negative. */
static long whole_line(struct smmu3_trace *trace)
{
	for (;;) {
		const char *const text = trace->buffer + trace->start;
		const char *const end = memchr(text, '\n', trace->size);

		if (end)
			return (long)(end - text);
		if (trace->at_end || trace->size > TRACE_LINE_MOST + 1)
			return (long)trace->size;
		if (refill(trace))
			return -SMMU3_E_IO;
	}
}

static int parse(struct trace_line *line, struct smmu3_trace_op *op)
{
	const size_t length = line->source.size;

	if (length && line->source.text[length - 1] == '\r')
		line->source.size--;
	line->at = line->source.text;
	line->end = line->source.text + line->source.size;
	if (line->source.size <= TRACE_LINE_MOST)
		return trace_line_parse(line, op);
	line->source.size = TRACE_LINE_MOST;
	return trace_refuse(line, -SMMU3_E_FORMAT, (struct trace_word){ line->at, 0 },
			    "the line has more than 4096 bytes: is this a trace?");
}

int trace_text_line(struct smmu3_trace *trace, const char *text, size_t length,
		    struct smmu3_trace_op *op)
{
	struct trace_line line = {
		.source = { trace->name, text, length, trace->line },
		.complaints = &trace->complaints,
		.number = trace->line + 1,
	};
	const int code = parse(&line, op);

	trace->last = (struct trace_word){ text, line.source.size };
	trace->line++;
	return code ? code : TRACE_SAYS_NOTHING;
}

static int next_text(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	const long length = whole_line(trace);
	const char *const text = trace->buffer + trace->start;

	if (length < 0)
		return (int)length;
	if (!length && !trace->size)
		return 0;
	trace_take(trace, (size_t)length < trace->size ? (size_t)length + 1 : (size_t)length);
	return trace_text_line(trace, text, (size_t)length, op);
}

/* ---- Either ---- */

/* Reads as far as it takes to tell, since a text may come slowly. */
static int next_first(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	while (!trace->at_end && trace->size < sizeof(uint64_t) &&
	       trace_binary_begins(trace->buffer, trace->size)) {
		if (refill(trace))
			return -SMMU3_E_IO;
	}
	trace->next = trace->size && trace_binary_begins(trace->buffer, trace->size) ?
			      trace_binary_next_first :
			      next_text;
	return trace->next(trace, op);
}

int smmu3_trace_next_line(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	int code = trace->code;

	if (code)
		return code;
	trace->last.text = NULL;
	code = trace->next(trace, op);
	if (code < 0)
		trace->code = code;
	return code;
}

int smmu3_trace_next(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	int code;

	do
		code = smmu3_trace_next_line(trace, op);
	while (code == TRACE_SAYS_NOTHING);
	return code;
}

const char *smmu3_trace_text(struct smmu3_trace *trace)
{
	const size_t length = trace->last.length;

	if (!trace->last.text) {
		trace_binary_text(trace, trace->text, sizeof(trace->text));
		return trace->text;
	}
	memcpy(trace->text, trace->last.text, length);
	trace->text[length] = '\0';
	return trace->text;
}

unsigned smmu3_trace_line(const struct smmu3_trace *trace)
{
	return trace->line;
}

const struct smmu3_trace_form *smmu3_trace_form_of(const struct smmu3_trace *trace)
{
	return &trace->form;
}

int smmu3_trace_parse(const char *text, const char *name, unsigned number,
		      struct smmu3_trace_op *op, smmu3_diagnostic_fn *report, void *report_context)
{
	struct complaints complaints = { .report = report, .context = report_context };
	const size_t length = strlen(text);
	struct trace_line line = {
		.source = { name ? name : "", text, length, number ? number - 1 : 0 },
		.complaints = &complaints,
		.number = number ? number : 1,
	};

	if (length && text[length - 1] == '\n')
		line.source.size--;
	return parse(&line, op);
}
