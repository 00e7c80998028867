/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "progress.h"
#include "say.h"
#include "text.h"
#include "trace_file.h"
#include "trace_verb.h"
#include "view.h"

enum { STREAMS = 4096, SLOTS = 2 * STREAMS, OPS = 20, ACCESSES = OPS - 2 };

/* Of some accesses. */
struct range {
	uint64_t count, bytes;
	uint64_t first, last; /* addresses, where there is an access */
};

struct stream {
	char master[64];
	uint32_t sid; /* of a master which of its StreamIDs, from 0 */
	struct range range;
};

struct info {
	struct range all, rest; /* rest: of streams that the table has no room for */
	struct range op[OPS];   /* in order of op_name */
	unsigned streams;
	uint16_t slot[SLOTS]; /* 1 + index into stream, or 0 */
	struct stream stream[STREAMS];
};

/* Letters of accesses, then page requests and acts. */
static const char letters[ACCESSES + 1] = "RWXAQTCDSNcipIHBVM";

static const char *op_name(unsigned number)
{
	return number < ACCESSES  ? smmu3_trace_op_name((unsigned char)letters[number]) :
	       number == ACCESSES ? "PR" :
				    "!";
}

/* ---- Counting ---- */

static void add(struct range *range, const struct smmu3_txn *txn)
{
	const uint64_t last = txn->addr + (txn->bytes - 1);

	if (!range->count || txn->addr < range->first)
		range->first = txn->addr;
	if (!range->count || last > range->last)
		range->last = last;
	range->count++;
	range->bytes += txn->bytes;
}

static bool is(const struct stream *stream, const struct smmu3_trace_op *op)
{
	return stream->sid == op->txn.sid && !strcmp(stream->master, op->master);
}

static uint32_t hash_of(const struct smmu3_trace_op *op)
{
	uint32_t hash = op->txn.sid * UINT32_C(0x9e3779b1);

	for (const char *at = op->master; *at; at++)
		hash = (hash ^ (unsigned char)*at) * UINT32_C(0x01000193);
	return hash ^ hash >> 15;
}

static struct range *range_of(struct info *info, const struct smmu3_trace_op *op)
{
	for (unsigned i = hash_of(op) % SLOTS;; i = (i + 1) % SLOTS) {
		uint16_t *slot = &info->slot[i];

		if (*slot && is(&info->stream[*slot - 1], op))
			return &info->stream[*slot - 1].range;
		if (*slot)
			continue;
		if (info->streams == STREAMS)
			return &info->rest;
		struct stream *stream = &info->stream[info->streams++];

		*slot = (uint16_t)info->streams;
		memcpy(stream->master, op->master, sizeof(stream->master));
		stream->sid = op->txn.sid;
		return &stream->range;
	}
}

static void count(struct info *info, const struct smmu3_trace_op *op)
{
	if (op->kind != SMMU3_TRACE_ACCESS) {
		info->op[ACCESSES + (op->kind != SMMU3_TRACE_PAGE_REQUEST)].count++;
		return;
	}
	add(&info->all, &op->txn);
	add(&info->op[strchr(letters, op->op) - letters], &op->txn);
	add(range_of(info, op), &op->txn);
}

/* ---- Telling ---- */

static void json_range(json_object *row, const struct range *range)
{
	json_count(row, "accesses", range->count);
	json_count(row, "bytes", range->bytes);
	if (range->count) {
		json_hex(row, "first", range->first);
		json_hex(row, "last", range->last);
	}
}

static json_object *op_rows(const struct info *info)
{
	json_object *rows = json_list();

	for (unsigned i = 0; i < OPS; i++) {
		json_object *row;

		if (!info->op[i].count)
			continue;
		row = json_new();
		json_text(row, "op", op_name(i));
		json_count(row, "count", info->op[i].count);
		json_count(row, "bytes", info->op[i].bytes);
		json_append(rows, row);
	}
	return rows;
}

static int by_name(const void *a, const void *b)
{
	const struct stream *left = a, *right = b;
	const int order = strcmp(left->master, right->master);

	return order ? order : (left->sid > right->sid) - (left->sid < right->sid);
}

static json_object *stream_row(const char *master, const char *who, const struct range *range)
{
	json_object *row = json_new();

	json_text(row, "who", who);
	if (*master)
		json_text(row, "master", master);
	json_range(row, range);
	return row;
}

static json_object *stream_rows(struct info *info)
{
	json_object *rows = json_list();
	char who[80];

	qsort(info->stream, info->streams, sizeof(info->stream[0]), by_name);
	for (unsigned i = 0; i < info->streams; i++) {
		const struct stream *stream = &info->stream[i];

		if (!stream->master[0])
			snprintf(who, sizeof(who), "0x%" PRIx32, stream->sid);
		else if (stream->sid)
			snprintf(who, sizeof(who), "%s+%" PRIu32, stream->master, stream->sid);
		else
			snprintf(who, sizeof(who), "%s", stream->master);
		json_append(rows, stream_row(stream->master, who, &stream->range));
	}
	if (info->rest.count)
		json_append(rows, stream_row("", "further", &info->rest));
	return rows;
}

static json_object *answer_of(struct info *info, const char *path, struct smmu3_trace *trace,
			      bool complete)
{
	const struct smmu3_trace_form *form = smmu3_trace_form_of(trace);
	json_object *answer = json_answer("trace"), *total = json_new();

	json_text(answer, "trace", path);
	json_text(answer, "form", form->binary ? "binary" : "text");
	if (form->binary) {
		json_count(answer, "version", form->version);
		json_count(answer, "records", form->records);
	}
	if (form->count)
		json_count(answer, "count", form->count);
	json_count(answer, "lines", smmu3_trace_line(trace));
	json_flag(answer, "complete", complete);
	json_range(total, &info->all);
	json_add(answer, "total", total);
	json_add(answer, "operations", op_rows(info));
	json_add(answer, "streams", stream_rows(info));
	return answer;
}

static void print_text(json_object *answer, const struct smmu3_trace_form *form, bool complete)
{
	static const struct view_column ops[] = {
		{ "OP", "op", NULL, 0 },
		{ "COUNT", "count", NULL, VIEW_RIGHT },
		{ "BYTES", "bytes", NULL, VIEW_RIGHT },
	};
	static const struct view_column streams[] = {
		{ "WHO", "who", NULL, 0 },
		{ "ACCESSES", "accesses", NULL, VIEW_RIGHT },
		{ "BYTES", "bytes", NULL, VIEW_RIGHT },
		{ "FIRST", "first", NULL, VIEW_RIGHT },
		{ "LAST", "last", NULL, VIEW_RIGHT },
	};
	json_object *total = json_object_object_get(answer, "total");

	print_plain(stdout, json_string(answer, "trace"));
	if (form->binary)
		printf(": binary, version %s, %s records of 32 bytes for",
		       json_string(answer, "version"), json_string(answer, "records"));
	else
		printf(": text,");
	printf(" %s lines", json_string(answer, "lines"));
	if (form->count)
		printf(", %s accesses and acts by its header", json_string(answer, "count"));
	putchar('\n');
	view_rows(json_array(answer, "operations"), ops, sizeof(ops) / sizeof(ops[0]), NULL);
	view_rows(json_array(answer, "streams"), streams, sizeof(streams) / sizeof(streams[0]),
		  NULL);
	printf("%s accesses of %s bytes", json_string(total, "accesses"),
	       json_string(total, "bytes"));
	if (*json_string(total, "first"))
		printf(", from %s to %s", json_string(total, "first"), json_string(total, "last"));
	puts(complete ? "" : "; incomplete: the input broke off");
}

/* ---- The act ---- */

struct info_args {
	struct common common;
	const char *path;
};

static const char doc[] = "Says what is in a trace: its form, operations, streams and addresses.\v"
			  "TRACE is text or binary, and may be compressed; - is stdin.\n"
			  "\n"
			  "Examples:\n"
			  "  smmu-sim trace info configs/nested.trace\n"
			  "  smmu-sim trace info nested.smb --json\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct info_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
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

static enum status read_all(struct info *info, struct smmu3_trace *trace, const char *path)
{
	struct progress progress;
	struct smmu3_trace_op op;
	int code;

	progress_begin(&progress, path, false);
	while ((code = smmu3_trace_next(trace, &op)) > 0) {
		count(info, &op);
		progress_step(&progress);
	}
	progress_end(&progress);
	return status_of(code, STATUS_INPUT);
}

enum status trace_info(int argc, char **argv)
{
	static const struct argp_child children[] = { { &json_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { NULL, parse, "TRACE", doc, children, NULL, NULL };
	struct info_args args = { 0 };
	struct trace_file file;

	parse_arguments(&argp, argc, argv, 0, &args);
	if (!trace_file_open(&file, args.path))
		return STATUS_INPUT;
	struct info *info = calloc(1, sizeof(*info));

	if (!info)
		out_of_memory();
	const enum status status = read_all(info, file.trace, args.path);
	json_object *answer = answer_of(info, args.path, file.trace, !status);

	if (args.common.json) {
		json_print(answer);
	} else {
		print_text(answer, smmu3_trace_form_of(file.trace), !status);
		json_object_put(answer);
	}
	free(info);
	trace_file_close(&file);
	return status;
}
