/* SPDX-License-Identifier: MIT */
#include "audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"
#include "say.h"
#include "text.h"
#include "verb.h"

enum { LIMIT = 10000 };

struct audit_args {
	struct common common;
	const char *allow;
	const char **ns_only; /* ends with NULL */
	size_t ns_only_count;
	uint64_t limit;
};

static const struct argp_option options[] = {
	{ "allow", 'a', "FILE", 0,
	  "Findings that are accepted: a line each, RULE MASTER [FIRST-LAST]", 0 },
	{ "policy", 'p', "ns-only-for=MASTER", 0,
	  "What else is to be found: that MASTER reaches more than Non-secure memory", 0 },
	{ "limit", 'l', "N", 0, "Show at most N ranges and N findings, 10000 unless given", 0 },
	{ 0 },
};

static const char doc[] =
	"Says who can reach which memory, and what of it should not be.\v"
	"Exit status: 0 nothing was found that is not accepted, 1 something was, 2 wrong use or configuration, "
	"3 input unreadable, 4 not all was found.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim audit -c configs/trustzone-masters.yaml\n"
	"  smmu-sim audit -c configs/shared-ram.yaml --policy ns-only-for=sdhc --json\n";

static void add_ns_only(struct audit_args *args, const char *name)
{
	const char **const list = realloc(args->ns_only, (args->ns_only_count + 2) * sizeof(*list));

	if (!list)
		out_of_memory();
	list[args->ns_only_count++] = name;
	list[args->ns_only_count] = NULL;
	args->ns_only = list;
}

static void take_policy(struct argp_state *state, struct audit_args *args, const char *text)
{
	static const char key[] = "ns-only-for=";

	if (strncmp(text, key, sizeof(key) - 1) != 0 || !text[sizeof(key) - 1])
		argp_error(state, "--policy takes ns-only-for=MASTER, not '%s'", text);
	add_ns_only(args, text + sizeof(key) - 1);
}

static void take_limit(struct argp_state *state, struct audit_args *args, const char *text)
{
	if (!parse_number(text, &args->limit) || !args->limit || args->limit > 1000000)
		argp_error(state, "'%s' is not a number from 1 to 1000000", text);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct audit_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 'a':
		if (args->allow)
			argp_error(state, "one --allow only");
		args->allow = argument;
		return 0;
	case 'p':
		take_policy(state, args, argument);
		return 0;
	case 'l':
		take_limit(state, args, argument);
		return 0;
	case ARGP_KEY_END:
		need_config(state, &args->common);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void unknown_master(const struct smmu3_machine *machine, const char *const *name)
{
	const struct smmu3_master *master;
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	while (smmu3_machine_find(machine, *name))
		name++;
	for (size_t i = 0; (master = smmu3_machine_master(machine, i)); i++)
		suggest(*name, master->name, &nearest, &distance);
	say_error("no master '%s' in the configuration%s%s%s", *name,
		  nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static enum status show(const struct audit_args *args, struct smmu3_machine *machine,
			struct allow *allow)
{
	const struct smmu3_audit_options wanted = { .size = sizeof(wanted),
						    .ns_only = args->ns_only };
	int code;
	struct smmu3_audit *audit = smmu3_machine_audit(machine, &wanted, &code);

	if (!audit && code == -SMMU3_E_MEMORY)
		out_of_memory();
	if (!audit) {
		unknown_master(machine, args->ns_only);
		return STATUS_USAGE;
	}
	const struct audit_view view = { machine, audit, allow, args->limit, args->common.json };
	const enum status status = audit_show(&view);

	smmu3_audit_free(audit);
	return status;
}

static enum status with_machine(const struct audit_args *args, struct allow *allow)
{
	enum status status;
	struct smmu3_machine *machine = machine_load(args->common.config, NULL, NULL, &status);

	if (machine)
		status = show(args, machine, allow);
	smmu3_machine_free(machine);
	return status;
}

enum status verb_audit(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, NULL, doc, children, NULL, NULL };
	struct audit_args args = { .limit = LIMIT };
	enum status status = STATUS_OK;

	parse_arguments(&argp, argc, argv, 0, &args);
	struct allow *const allow = args.allow ? allow_read(args.allow, &status) : NULL;

	if (status == STATUS_OK)
		status = with_machine(&args, allow);
	allow_free(allow);
	free(args.ns_only);
	return status;
}
