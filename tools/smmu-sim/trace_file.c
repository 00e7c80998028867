/* SPDX-License-Identifier: MIT */
#include "trace_file.h"

#include "say.h"

bool trace_file_open(struct trace_file *file, const char *path)
{
	const char *why = "unreadable";

	file->input = input_open(path, &why);
	if (!file->input) {
		say_at(path, 0, 0, "cannot be read: %s", why);
		return false;
	}
	file->trace = smmu3_trace_open(input_read, file->input, path, say_diagnostic, NULL);
	if (!file->trace)
		out_of_memory();
	return true;
}

void trace_file_close(struct trace_file *file)
{
	smmu3_trace_close(file->trace);
	input_close(file->input);
}

/* ---- Writing ---- */

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Where it goes; - is stdout, as without", 0 },
	{ "text", 't', 0, 0, "Write text", 0 },
	{ "binary", 'b', 0, 0, "Write binary records, compressed with zstd", 0 },
	{ "plain", 'p', 0, 0, "Write binary records as they are", 0 },
	{ 0 },
};

static void take_kind(struct argp_state *state, struct trace_output *output, enum trace_kind kind)
{
	if (output->kind)
		argp_error(state, "one of --text, --binary and --plain only");
	output->kind = kind;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct trace_output *output = state->input;

	switch (key) {
	case 'o':
		if (output->path)
			argp_error(state, "one --output only");
		output->path = argument;
		return 0;
	case 't':
		take_kind(state, output, TRACE_KIND_TEXT);
		return 0;
	case 'b':
		take_kind(state, output, TRACE_KIND_BINARY);
		return 0;
	case 'p':
		take_kind(state, output, TRACE_KIND_PLAIN);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp trace_output_argp = { .options = options, .parser = parse };

bool trace_writing_begin(struct trace_writing *writing, const struct trace_output *to,
			 uint64_t count)
{
	writing->output = output_open(to->path ? to->path : "-", to->kind == TRACE_KIND_BINARY);
	if (!writing->output)
		return false;
	writing->writer = smmu3_trace_write_open(to->kind != TRACE_KIND_TEXT, count, output_write,
						 writing->output);
	if (!writing->writer)
		out_of_memory();
	return true;
}

enum status trace_written(int code)
{
	if (code == -SMMU3_E_MEMORY)
		out_of_memory();
	return code ? STATUS_CANNOT : STATUS_OK;
}

enum status trace_writing_end(struct trace_writing *writing, enum status status)
{
	if (status == STATUS_OK)
		status = trace_written(smmu3_trace_write_end(writing->writer));
	smmu3_trace_write_close(writing->writer);
	return worse(status, output_close(writing->output, status == STATUS_OK));
}
