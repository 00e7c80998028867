/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <string.h>
#include <strings.h>

#include "fields.h"
#include "machine.h"
#include "say.h"
#include "text.h"
#include "verb.h"

struct dump_args {
	struct common common;
	const struct what *what;
	const char *smmu, *master;
	char given[10]; /* keys of the options that were given */
	struct dump dump;
};

static const struct what {
	const char *name;
	enum status (*dump)(const struct dump *dump);
	bool one_stream;     /* needs --sid or --master */
	const char *options; /* keys of those that apply */
} whats[] = {
	{ "stream-table", dump_streams, false, "luSR" },
	{ "cd", dump_contexts, true, "smluSR" },
	{ "tables", dump_mappings, true, "smbgluSR" },
	{ "regs", dump_registers, false, "uSR" },
	{ "config", dump_config, false, "" },
};

#define WHATS (sizeof(whats) / sizeof(whats[0]))

enum { LIMIT = 10000 };

static const struct argp_option options[] = {
	{ "sid", 's', "N", 0, "cd, tables: the StreamID", 0 },
	{ "master", 'm', "NAME", 0, "cd, tables: the master, in place of --sid", 0 },
	{ "ssid", 'b', "N", 0, "tables: the SubstreamID, 0 unless given", 0 },
	{ "stage", 'g', "1|2", 0, "tables: the stage; without it the first that is on", 0 },
	{ "limit", 'l', "N", 0, "stream-table, cd, tables: at most N rows, 10000 unless given", 0 },
	{ "smmu", 'u', "NAME", 0,
	  "All but config: the SMMU; without it the master's, else the first", 0 },
	{ "secure", 'S', 0, 0,
	  "All but config: the Secure programming interface, the Secure stream; without it the master's, else the "
	  "Non-secure one",
	  0 },
	{ "realm", 'R', 0, 0, "All but config: the Realm programming interface, the Realm stream",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Prints what is live in a machine.\v"
	"WHAT is stream-table, cd (the contexts of a stream), tables (the mappings of a stream), regs, or config (the "
	"configuration with every default written out).\n"
	"\n"
	"Examples:\n"
	"  smmu-sim dump -c configs/nested.yaml stream-table\n"
	"  smmu-sim dump -c configs/nested.yaml tables --sid 0x10 --stage 2 --limit 100\n";

static uint64_t number(struct argp_state *state, const char *text, uint64_t least, uint64_t most)
{
	uint64_t value = 0;

	if (!parse_number(text, &value) || value < least || value > most)
		argp_error(state, "'%s' is not a number from %llu to %llu", text,
			   (unsigned long long)least, (unsigned long long)most);
	return value;
}

static void set_what(struct argp_state *state, struct dump_args *args, const char *name)
{
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	if (args->what)
		argp_error(state, "one thing at a time: '%s' is too much", name);
	for (size_t i = 0; i < WHATS; i++) {
		suggest(name, whats[i].name, &nearest, &distance);
		if (!strcasecmp(name, whats[i].name))
			args->what = &whats[i];
	}
	if (!args->what && nearest)
		argp_error(state, "no '%s' to dump; did you mean '%s'?", name, nearest);
	if (!args->what)
		argp_error(state, "'%s' is not stream-table, cd, tables, regs or config", name);
}

static void check_options(struct argp_state *state, const struct dump_args *args)
{
	for (const struct argp_option *option = options; option->name; option++)
		if (strchr(args->given, option->key) && !strchr(args->what->options, option->key))
			argp_error(state, "--%s does not apply to %s", option->name,
				   args->what->name);
}

static void check(struct argp_state *state, const struct dump_args *args)
{
	need_config(state, &args->common);
	if (!args->what)
		argp_error(state, "dump what? stream-table, cd, tables, regs or config");
	check_options(state, args);
	if (args->what->one_stream && !args->dump.sid_given && !args->master)
		argp_error(state, "whose? Give --sid N or --master NAME");
	if (strchr(args->given, 'S') && strchr(args->given, 'R'))
		argp_error(state, "--secure or --realm, not both");
	if (args->dump.sec_sid && args->master)
		argp_error(state, "--%s or --master, not both: a master's stream is what it is",
			   args->dump.sec_sid == SMMU3_PAS_SECURE ? "secure" : "realm");
	if (args->dump.sid_given && args->master)
		argp_error(state, "--sid or --master, not both");
}

/* Notes that an option was given. */
static void note(struct dump_args *args, int key)
{
	for (const struct argp_option *option = options; option->name; option++)
		if (option->key == key && !strchr(args->given, key))
			args->given[strlen(args->given)] = (char)key;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct dump_args *args = state->input;
	struct dump *dump = &args->dump;

	note(args, key);
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 's':
		dump->sid = (uint32_t)number(state, argument, 0, UINT32_MAX);
		dump->sid_given = true;
		return 0;
	case 'm':
		args->master = argument;
		return 0;
	case 'b':
		dump->ssid = (uint32_t)number(state, argument, 0, 0xfffff);
		return 0;
	case 'g':
		dump->stage = (unsigned)number(state, argument, 1, 2);
		dump->stage_given = true;
		return 0;
	case 'l':
		dump->limit = number(state, argument, 1, UINT32_MAX);
		return 0;
	case 'u':
		args->smmu = argument;
		return 0;
	case 'S':
		dump->sec_sid = SMMU3_PAS_SECURE;
		return 0;
	case 'R':
		dump->sec_sid = SMMU3_PAS_REALM;
		return 0;
	case ARGP_KEY_ARG:
		set_what(state, args, argument);
		return 0;
	case ARGP_KEY_END:
		check(state, args);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct smmu3_master *named_master(const struct smmu3_machine *machine,
					       const char *name)
{
	const struct smmu3_master *master = smmu3_machine_find(machine, name);
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	if (master)
		return master;
	for (size_t i = 0; (master = smmu3_machine_master(machine, i)); i++)
		suggest(name, master->name, &nearest, &distance);
	if (nearest)
		say_error("no master '%s' in the configuration; did you mean '%s'?", name, nearest);
	else
		say_error("no master '%s' in the configuration", name);
	return NULL;
}

/* False after a complaint: it is behind no SMMU. */
static bool has_streams(const struct smmu3_master *master)
{
	if (master->smmu != SMMU3_NO_SMMU)
		return true;
	say_error("master '%s' is behind no SMMU: it has no stream", master->name);
	return false;
}

/* Is there the Security state that is meant?  False after a complaint. */
static bool has_state(const struct dump *dump)
{
	static const struct {
		const char *reg, *field, *name;
	} states[] = {
		[SMMU3_PAS_SECURE] = { "SMMU_S_IDR1", "SECURE_IMPL", "Secure" },
		[SMMU3_PAS_REALM] = { "SMMU_ROOT_IDR0", "REALM_IMPL", "Realm" },
	};
	const uint64_t ids[] = { [SMMU3_PAS_SECURE] = dump->config->s_idr[1],
				 [SMMU3_PAS_REALM] = dump->config->root_idr0 };
	const unsigned state = dump->sec_sid;

	if (state == SMMU3_PAS_NS || field_get(states[state].reg, states[state].field, &ids[state]))
		return true;
	say_error("the SMMU has no %s state", states[state].name);
	return false;
}

/* Finds the SMMU and stream meant.  False after a complaint. */
static bool settle(struct dump_args *args)
{
	struct dump *dump = &args->dump;
	const struct smmu3_master *master = NULL;
	size_t index = 0;

	if (args->master) {
		master = named_master(dump->machine, args->master);
		if (!master || !has_streams(master))
			return false;
		dump->sid = master->sid;
		dump->sid_given = true;
		dump->sec_sid = (enum smmu3_pas)master->sec_sid;
	}
	if (master && !args->smmu)
		index = master->smmu;
	dump->smmu = master && !args->smmu ? smmu3_machine_smmu(dump->machine, index) :
					     machine_smmu(dump->machine, args->smmu, &index);
	dump->config = dump->smmu ? smmu3_machine_smmu_config(dump->machine, index) : NULL;
	return dump->smmu && has_state(dump);
}

enum status verb_dump(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "WHAT", doc, children, NULL, NULL };
	struct dump_args args = { .dump = { .limit = LIMIT } };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &args);
	args.dump.json = args.common.json;
	args.dump.machine = machine_load(args.common.config, NULL, NULL, &status);
	if (!args.dump.machine)
		return status;
	status = settle(&args) ? args.what->dump(&args.dump) : STATUS_USAGE;
	smmu3_machine_free(args.dump.machine);
	return status;
}
