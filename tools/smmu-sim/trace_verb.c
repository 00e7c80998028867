/* SPDX-License-Identifier: MIT */
#include "trace_verb.h"

#include <errno.h>
#include <string.h>

static const struct act {
	const char *name;
	char *title;
	enum status (*run)(int argc, char **argv);
} acts[] = {
	{ "info", "smmu-sim trace info", trace_info },
	{ "convert", "smmu-sim trace convert", trace_convert },
	{ "gen", "smmu-sim trace gen", trace_gen },
};

static const char doc[] =
	"Looks at traces, converts them, makes them.\v"
	"Acts:\n"
	"  info     what is in a trace: its form, operations, streams, addresses\n"
	"  convert  text to binary, binary to text\n"
	"  gen      a trace of some kind: stream, stride, random, zipf, ring or interleaved\n"
	"\n"
	"`smmu-sim trace ACT --help' tells more.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim trace info configs/quickstart.trace\n"
	"  smmu-sim trace convert configs/quickstart.trace -o quickstart.smb\n";

struct command {
	const struct act *act;
	int first; /* index of the act in argv */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct command *command = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
			if (!strcmp(argument, acts[i].name))
				command->act = &acts[i];
		if (!command->act)
			argp_error(state, "no act '%s': info, convert or gen", argument);
		command->first = state->next - 1;
		state->next = state->argc; /* the rest is the act's */
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which act? info, convert or gen");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

enum status verb_trace(int argc, char **argv)
{
	static const struct argp argp = { .parser = parse,
					  .args_doc = "ACT [ARGUMENT...]",
					  .doc = doc };
	struct command command = { NULL, 0 };

	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &command);
	argv[command.first] = command.act->title;
	return command.act->run(argc - command.first, argv + command.first);
}
