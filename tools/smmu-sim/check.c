/* SPDX-License-Identifier: MIT */
/* check: invalidations that software has left out, in traces, sessions and captures. */
#include "replay.h"
#include "run.h"
#include "verb.h"

struct check_args {
	struct common common;
	const char *profile;
	char **inputs;
	int count;
};

static const struct argp_option options[] = {
	{ "profile", 'p', "NAME", 0,
	  "The identification registers of a session's or capture's SMMU, as for replay", 0 },
	{ 0 },
};

static const char doc[] =
	"Runs traces on a machine, or a recorded session or capture on an SMMU, that keeps everything until it is invalidated, and tells "
	"of each access that used what is not true any more: what changed, since when, and which commands were missing.\v"
	"Without TRACE the trace of CONFIG is checked: NAME.trace beside NAME.yaml.  Expectations are not judged.  Files may be "
	"compressed; - is stdin.  Exit status 1 when something is found.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim check -c configs/block-driver.yaml\n"
	"  smmu-sim check tests/data/linux-6.1-session/session.txt.gz\n";

static void complete(struct argp_state *state, const struct check_args *args)
{
	if (!args->common.config && args->count != 1)
		argp_error(state, "give -c CONFIG, or one SESSION or DIRECTORY");
	if (args->common.config && args->profile)
		argp_error(state, "--profile is of sessions and captures; CONFIG has its own");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct check_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 'p':
		if (args->profile)
			argp_error(state, "one --profile only");
		args->profile = argument;
		return 0;
	case ARGP_KEY_ARGS:
		args->inputs = state->argv + state->next;
		args->count = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		complete(state, args);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

enum status verb_check(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = {
		options, parse, "-c CONFIG [TRACE...]\nSESSION|DIRECTORY", doc, children, NULL, NULL
	};
	struct check_args args = { 0 };

	parse_arguments(&argp, argc, argv, 0, &args);
	return args.common.config ? run_checked(&args.common, args.inputs, args.count) :
				    replay_checked(args.inputs[0], args.profile, args.common.json);
}
