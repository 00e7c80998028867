/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "progress.h"
#include "say.h"
#include "trace_file.h"
#include "trace_verb.h"

struct convert_args {
	struct trace_output output;
	const char *path;
};

static const char doc[] =
	"Writes a trace anew: of text, binary, and of binary, text, unless it is said.\v"
	"TRACE may be compressed; - is stdin.  Nothing is lost but how accesses are spelled: what no record says stays text in "
	"the binary trace.  FILE is there when it is whole.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim trace convert configs/nested.trace -o nested.smb\n"
	"  smmu-sim trace convert --text nested.smb\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct convert_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->output;
		return 0;
	case ARGP_KEY_ARG:
		if (args->path)
			argp_error(state, "one TRACE only");
		args->path = argument;
		return 0;
	case ARGP_KEY_END:
		if (!args->path)
			argp_error(state, "which TRACE?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Records need no text: one has no column. */
static int write_one(struct smmu3_trace *trace, struct smmu3_trace_writer *writer,
		     const struct smmu3_trace_op *op, bool says)
{
	const bool record = says && op->kind == SMMU3_TRACE_ACCESS && !op->who_column;
	const char *text = record ? NULL : smmu3_trace_text(trace);

	return says ? smmu3_trace_write(writer, op, text) :
		      smmu3_trace_write_remark(writer, smmu3_trace_line(trace), text);
}

/* code and op are the first line, since what it comes from decides where it goes. */
static enum status write_all(struct smmu3_trace *trace, struct trace_writing *writing, int code,
			     struct smmu3_trace_op *op, struct progress *progress)
{
	for (; code > 0; code = smmu3_trace_next_line(trace, op)) {
		const enum status status = trace_written(
			write_one(trace, writing->writer, op, code == 1));

		if (status)
			return status;
		progress_step(progress);
	}
	return status_of(code, STATUS_INPUT);
}

static enum status convert(const struct convert_args *args, struct smmu3_trace *trace,
			   struct progress *progress)
{
	struct trace_output to = args->output;
	struct trace_writing writing;
	struct smmu3_trace_op op;
	const int code = smmu3_trace_next_line(trace, &op);

	if (code < 0)
		return status_of(code, STATUS_INPUT);
	if (!to.kind)
		to.kind = smmu3_trace_form_of(trace)->binary ? TRACE_KIND_TEXT : TRACE_KIND_BINARY;
	if (!trace_writing_begin(&writing, &to, smmu3_trace_form_of(trace)->count))
		return STATUS_CANNOT;
	return trace_writing_end(&writing, write_all(trace, &writing, code, &op, progress));
}

enum status trace_convert(int argc, char **argv)
{
	static const struct argp_child children[] = { { &trace_output_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { NULL, parse, "TRACE", doc, children, NULL, NULL };
	struct convert_args args = { 0 };
	struct trace_file file;
	struct progress progress;

	parse_arguments(&argp, argc, argv, 0, &args);
	if (!trace_file_open(&file, args.path))
		return STATUS_INPUT;
	progress_begin(&progress, args.path, false);
	const enum status status = convert(&args, file.trace, &progress);

	progress_end(&progress);
	trace_file_close(&file);
	return status;
}
