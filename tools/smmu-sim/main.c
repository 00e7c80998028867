/* SPDX-License-Identifier: MIT */
/* smmu-sim: an SMMUv3 on the command line.  Each verb is a row; docs/smmu-sim.md. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "say.h"
#include "text.h"
#include "verb.h"

static const struct verb {
	const char *name;
	char *title;
	enum status (*run)(int argc, char **argv);
} verbs[] = {
	{ "run", "smmu-sim run", verb_run },
	{ "replay", "smmu-sim replay", verb_replay },
	{ "check", "smmu-sim check", verb_check },
	{ "trace", "smmu-sim trace", verb_trace },
	{ "explain", "smmu-sim explain", verb_explain },
	{ "decode", "smmu-sim decode", verb_decode },
	{ "dump", "smmu-sim dump", verb_dump },
	{ "audit", "smmu-sim audit", verb_audit },
	{ "validate", "smmu-sim validate", verb_validate },
	{ "profiles", "smmu-sim profiles", verb_profiles },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* libc looks for it by name. */
__attribute__((visibility("default"))) const char *argp_program_version = "smmu-sim " SMMU_VERSION;

static const char doc[] =
	"An Arm SMMUv3 on the command line.\v"
	"Verbs:\n"
	"  run       accesses through a machine: outcomes, faults, a summary\n"
	"  replay    a recorded session: all that the SMMU did must come again\n"
	"  check     invalidations that are missing, too narrow or not complete\n"
	"  trace     what is in a trace; text to binary and back; traces made by rule\n"
	"  explain   one access, step by step: every fetch, the fields that decided\n"
	"  decode    a structure, command, event record or register, field by field\n"
	"  dump      a machine's streams, contexts, mappings, registers, configuration\n"
	"  audit     who can reach which memory, and what of it should not be\n"
	"  validate  a configuration, without running it\n"
	"  profiles  the identification registers a configuration can start from\n"
	"\n"
	"`smmu-sim VERB --help' tells more.  Exit status: 0 as expected, 1 an expectation failed or something was found, 2 wrong use or "
	"configuration, 3 input unreadable, malformed or cut, 4 not supported or output not written.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim run -c configs/quickstart.yaml\n"
	"  smmu-sim explain -c configs/quickstart.yaml R nic 0x20000040 64\n";

struct command {
	const struct verb *verb;
	int first; /* index of the verb in argv */
};

static void pick(struct argp_state *state, const char *name, struct command *command)
{
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	for (size_t i = 0; i < VERBS; i++) {
		suggest(name, verbs[i].name, &nearest, &distance);
		if (!strcmp(name, verbs[i].name))
			command->verb = &verbs[i];
	}
	if (!command->verb && nearest)
		argp_error(state, "no verb '%s'; did you mean '%s'?", name, nearest);
	if (!command->verb)
		argp_error(state, "no verb '%s'", name);
	command->first = state->next - 1;
	state->next = state->argc; /* the rest is the verb's */
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_ARG:
		pick(state, argument, state->input);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(
			state,
			"which verb? run, replay, check, trace, explain, decode, dump, audit, validate or profiles");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool answered; /* a verb came to its end */

/* Output that was lost is an error, also where argp itself ends the program.  libarchive ends it
 * with 1, which is ours to give, where memory ends. */
static void at_end(int status, void *unused)
{
	const int lost = ferror(stdout);

	(void)unused;
	if (status == STATUS_FINDING && !answered)
		say_error("out of memory");
	else if (!fflush(stdout) && !lost)
		return;
	else
		say_error("the output could not be written");
	_exit(STATUS_CANNOT);
}

int main(int argc, char **argv)
{
	const struct argp argp = { .parser = parse, .args_doc = "VERB [ARGUMENT...]", .doc = doc };
	struct command command = { NULL, 0 };

	argp_err_exit_status = STATUS_USAGE;
	signal(SIGPIPE, SIG_IGN);
	on_exit(at_end, NULL);
	parse_arguments(&argp, argc, argv, ARGP_IN_ORDER, &command);
	argv[command.first] = command.verb->title;
	const enum status status = command.verb->run(argc - command.first, argv + command.first);

	answered = true;
	return (int)status;
}
