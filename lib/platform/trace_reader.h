/* SPDX-License-Identifier: MIT */
/* A trace being read, between the files that do it. */
#ifndef SMMU_PLATFORM_TRACE_READER_H
#define SMMU_PLATFORM_TRACE_READER_H

#include "platform/trace_line.h"
#include "platform/trace_record.h"

enum { TRACE_BUFFER_BYTES = 64 * 1024 };

/* A line that says nothing: a remark.  What is said of it is its text. */
enum { TRACE_SAYS_NOTHING = 2 };

struct smmu3_trace {
	smmu3_read_fn *read;
	void *context;
	char *name;
	struct complaints complaints;
	unsigned line; /* number of the last one given out */
	int code;      /* the complaint that ended the reading, or 0 */
	bool at_end;   /* nothing more comes from read */
	/* 1, TRACE_SAYS_NOTHING, 0 at the end, or negative after a complaint; of the first call on.
	 */
	int (*next)(struct smmu3_trace *trace, struct smmu3_trace_op *op);
	struct trace_word last; /* the line given out, or NULL: an access's record */
	char text[TRACE_LINE_MOST + 1];
	/* binary */
	struct smmu3_trace_form form;
	struct trace_record record; /* the last one */
	struct trace_sum sum;
	uint64_t operations; /* given out */
	bool ended;          /* the end has been read */
	unsigned names;
	char (*master)[TRACE_NAME_BYTES]; /* by number, from 1 */
	size_t start, size;               /* what of buffer is not given out yet */
	char buffer[TRACE_BUFFER_BYTES];
};

/* Moves what is left to the front and reads on behind it.  0, or negative, and *why. */
int trace_refill(struct smmu3_trace *trace, const char **why);

/* Takes so many bytes of what is there. */
static inline void trace_take(struct smmu3_trace *trace, size_t bytes)
{
	trace->start += bytes;
	trace->size -= bytes;
}

/* Parses the text of line number trace->line + 1, which remains trace->last. */
int trace_text_line(struct smmu3_trace *trace, const char *text, size_t length,
		    struct smmu3_trace_op *op);

/* Does a binary trace begin so, as far as it goes? */
bool trace_binary_begins(const char *text, size_t size);

/* As next, of the header and what follows it. */
int trace_binary_next_first(struct smmu3_trace *trace, struct smmu3_trace_op *op);

/* The text of the last access's record. */
void trace_binary_text(const struct smmu3_trace *trace, char *text, size_t size);

#endif
