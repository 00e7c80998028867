/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "progress.h"
#include "say.h"
#include "text.h"
#include "trace_file.h"
#include "trace_verb.h"

enum { ACCESSES = 1024 };

enum gen_key { SEED = 's', COUNT = 'n', STREAMS = 0x100, APART, SPAN, STRIDE, PAGE, SLOTS, WRITES };

static const struct argp_option options[] = {
	{ "count", COUNT, "N", 0, "How many accesses, 1000 unless given", 0 },
	{ "seed", SEED, "N", 0,
	  "Where chance begins, 1 unless given: the same seed gives the same trace", 0 },
	{ "streams", STREAMS, "N", 0,
	  "The StreamID of each ACCESS and those behind it, 1 unless given", 0 },
	{ "apart", APART, "SIZE", 0, "How far apart their addresses are, 0 unless given", 0 },
	{ "span", SPAN, "SIZE", 0, "How much each reaches from its ADDRESS on, 1M unless given",
	  0 },
	{ "stride", STRIDE, "SIZE", 0, "stride: from one access to the next, 4K unless given", 0 },
	{ "page", PAGE, "SIZE", 0, "zipf: a page; ring: a buffer; 4K unless given", 0 },
	{ "slots", SLOTS, "N", 0, "ring: descriptors of 16 bytes, 256 unless given", 0 },
	{ "writes", WRITES, "PERCENT", 0, "Reads that become writes, 0 unless given; not of a ring",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Makes a trace: KIND is stream, stride, random, zipf, ring or interleaved.\v"
	"ACCESS is one as a trace has it, an argument each; the others are made of it: of its operation, its StreamID or master, "
	"its bytes and attributes, from its address on.  Several ACCESS take turns, or of random, zipf and interleaved "
	"are taken by chance.\n"
	"  stream       one behind the other, over and over\n"
	"  stride       --stride apart\n"
	"  random       anywhere in --span\n"
	"  zipf         in the nth page of --span as often as 1/n\n"
	"  ring         a descriptor is read, its buffer used, the descriptor written\n"
	"  interleaved  each streams, and whose turn it is chance says\n"
	"\n"
	"Examples:\n"
	"  smmu-sim trace gen random 'R 0 0 64' --streams 64 -n 1M --binary -o b.smb\n"
	"  smmu-sim trace gen ring 'W nic 0x10000000 64' --slots 8 --page 2K -n 24\n";

struct gen_args {
	struct trace_output output;
	struct pattern_shape shape;
	const char *kind;
	uint64_t count;
	struct smmu3_trace_op access[ACCESSES];
};

static uint64_t size_of(struct argp_state *state, const char *text)
{
	uint64_t value;

	if (!parse_size(text, &value))
		argp_error(state, "'%s' is no size: decimal or 0x, then perhaps K, M, G or T",
			   text);
	return value;
}

static void take_kind(struct argp_state *state, struct gen_args *args, const char *name)
{
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;
	const int kind = pattern_named(name);

	for (int i = 0; pattern_names[i]; i++)
		suggest(name, pattern_names[i], &nearest, &distance);
	if (kind < 0 && nearest)
		argp_error(state, "no kind '%s'; did you mean '%s'?", name, nearest);
	if (kind < 0)
		argp_error(state, "no kind '%s': stream, stride, random, zipf, ring or interleaved",
			   name);
	args->kind = name;
	args->shape.kind = (enum pattern_kind)kind;
}

/* What is wrong with it is said as of a line. */
static void take_access(struct argp_state *state, struct gen_args *args, const char *text)
{
	struct smmu3_trace_op *op = &args->access[args->shape.accesses];

	if (args->shape.accesses++ == ACCESSES)
		argp_error(state, "at most %d ACCESS", ACCESSES);
	if (smmu3_trace_parse(text, "ACCESS", 1, op, say_diagnostic, NULL) != 1)
		argp_error(state, "'%s' is no ACCESS", text);
}

static uint64_t *number_at(struct gen_args *args, int key)
{
	switch (key) {
	case COUNT:
		return &args->count;
	case SEED:
		return &args->shape.seed;
	case STREAMS:
		return &args->shape.streams;
	case APART:
		return &args->shape.apart;
	case SPAN:
		return &args->shape.span;
	case STRIDE:
		return &args->shape.stride;
	case PAGE:
		return &args->shape.page;
	case SLOTS:
		return &args->shape.slots;
	default:
		return NULL;
	}
}

static void finish(struct argp_state *state, struct gen_args *args)
{
	const char *wrong;

	if (!args->kind)
		argp_error(state, "which KIND?");
	if (!args->shape.accesses)
		argp_error(state, "which ACCESS?");
	args->shape.access = args->access;
	wrong = pattern_wrong(&args->shape);
	if (wrong)
		argp_error(state, "%s", wrong);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct gen_args *args = state->input;
	uint64_t *number = number_at(args, key);

	if (number) {
		*number = size_of(state, argument);
		return 0;
	}
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->output;
		return 0;
	case WRITES:
		args->shape.writes = (unsigned)(size_of(state, argument) % 1000);
		return 0;
	case ARGP_KEY_ARG:
		if (args->kind)
			take_access(state, args, argument);
		else
			take_kind(state, args, argument);
		return 0;
	case ARGP_KEY_END:
		finish(state, args);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum status write_all(const struct gen_args *args, struct smmu3_trace_writer *writer)
{
	struct pattern *pattern = pattern_new(&args->shape);
	struct progress progress;
	struct smmu3_trace_op op;
	int code = 0;

	progress_begin(&progress, args->kind, false);
	for (uint64_t i = 0; i < args->count && !code; i++) {
		pattern_next(pattern, &op);
		code = smmu3_trace_write(writer, &op, NULL);
		progress_step(&progress);
	}
	progress_end(&progress);
	pattern_free(pattern);
	return trace_written(code);
}

enum status trace_gen(int argc, char **argv)
{
	static const struct argp_child children[] = { { &trace_output_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "KIND ACCESS...", doc, children,
					  NULL,    NULL };
	static struct gen_args args = { .count = 1000,
					.shape = { .seed = 1,
						   .streams = 1,
						   .span = 1 << 20,
						   .stride = 4096,
						   .page = 4096,
						   .slots = 256 } };
	struct trace_writing writing;

	parse_arguments(&argp, argc, argv, 0, &args);
	if (!args.output.kind)
		args.output.kind = TRACE_KIND_TEXT;
	if (!trace_writing_begin(&writing, &args.output, args.count))
		return STATUS_CANNOT;
	return trace_writing_end(&writing, write_all(&args, writing.writer));
}
