/* SPDX-License-Identifier: MIT */
/* Traces: a text read piece by piece, given out line by line. */
#include "platform/trace_line.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_BYTES = 64 * 1024 };

struct smmu3_trace {
	smmu3_read_fn *read;
	void *context;
	char *name;
	struct complaints complaints;
	unsigned line;      /* number of the last one given out */
	int code;           /* the complaint that ended the reading, or 0 */
	bool at_end;        /* nothing more comes from read */
	size_t start, size; /* what of buffer is not given out yet */
	char buffer[BUFFER_BYTES];
};

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
	trace->complaints = (struct complaints){ .report = report, .context = report_context };
	return trace;
}

void smmu3_trace_close(struct smmu3_trace *trace)
{
	if (!trace)
		return;
	free(trace->name);
	free(trace);
}

/* Moves what is left to the front and reads on behind it.  0, or negative after a complaint. */
static int refill(struct smmu3_trace *trace)
{
	const struct source source = { .name = trace->name };
	const char *why = NULL;
	long count;

	memmove(trace->buffer, trace->buffer + trace->start, trace->size);
	trace->start = 0;
	count = trace->read(trace->context, trace->buffer + trace->size, BUFFER_BYTES - trace->size,
			    &why);
	if (count < 0) {
		complain(&trace->complaints, -SMMU3_E_IO,
			 (struct place){ &source, trace->line + 1, 0, 0 }, "%s",
			 why ? why : "cannot be read");
		return -SMMU3_E_IO;
	}
	trace->size += (size_t)count;
	trace->at_end = count == 0;
	return 0;
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
			return -1;
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

/* One line; 0 where it says nothing. */
static int next_line(struct smmu3_trace *trace, size_t length, struct smmu3_trace_op *op)
{
	struct trace_line line = {
		.source = { trace->name, trace->buffer + trace->start, length, trace->line },
		.complaints = &trace->complaints,
		.number = trace->line + 1,
	};
	const int code = parse(&line, op);
	const size_t used = length < trace->size ? length + 1 : length;

	trace->start += used;
	trace->size -= used;
	trace->line++;
	return code;
}

int smmu3_trace_next(struct smmu3_trace *trace, struct smmu3_trace_op *op)
{
	while (!trace->code) {
		const long length = whole_line(trace);
		int code;

		if (length < 0) {
			trace->code = -SMMU3_E_IO;
			break;
		}
		if (!length && !trace->size)
			return 0;
		code = next_line(trace, (size_t)length, op);
		if (code > 0)
			return 1;
		trace->code = code;
	}
	return trace->code;
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
