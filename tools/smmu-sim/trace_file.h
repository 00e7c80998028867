/* SPDX-License-Identifier: MIT */
/* Traces as files: text or binary, compressed or not, told by their content. */
#ifndef SMMU_SIM_TRACE_FILE_H
#define SMMU_SIM_TRACE_FILE_H

#include <argp.h>
#include <smmu/trace.h>
#include <stdbool.h>

#include "input.h"
#include "output.h"

/* Being read. */
struct trace_file {
	struct input *input;
	struct smmu3_trace *trace;
};

/* False after a complaint. */
bool trace_file_open(struct trace_file *file, const char *path);
void trace_file_close(struct trace_file *file);

/* What is to be written. */
enum trace_kind {
	TRACE_KIND_NONE, /* nothing was said */
	TRACE_KIND_TEXT,
	TRACE_KIND_BINARY, /* compressed */
	TRACE_KIND_PLAIN,  /* binary, not compressed */
};

struct trace_output {
	const char *path; /* NULL: stdout */
	enum trace_kind kind;
};

/* For struct argp.children: --text, --binary, --plain and -o; its input is a struct trace_output.
 */
extern const struct argp trace_output_argp;

/* Being written. */
struct trace_writing {
	struct output *output;
	struct smmu3_trace_writer *writer;
};

/* count: of operations, or 0.  False after a complaint. */
bool trace_writing_begin(struct trace_writing *writing, const struct trace_output *to,
			 uint64_t count);

/* What a writer has answered.  What output_write cannot do it has said itself. */
enum status trace_written(int code);

/* Ends it; with STATUS_OK all has been written, and it is whole.  The worse of status and what that
 * comes to. */
enum status trace_writing_end(struct trace_writing *writing, enum status status);

#endif
