/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <smmu/adversity.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "machine.h"
#include "say.h"
#include "text.h"
#include "verb.h"

enum { BATCH = 0x100, CHECK, ADVERSITY, ADVERSITIES = 32 };

struct run_args {
	struct common common;
	struct caches_option caches;
	struct ports_option ports;
	const char *expect;
	char **traces;
	int count;
	bool strict, quiet, verbose, stats, check, silent;
	const char *adversity[ADVERSITIES];
	size_t adversities;
};

static const struct argp_option options[] = {
	{ "expect", 'e', "FILE", 0,
	  "A CSV of accesses and their answers: each is asked for.  The first line names the columns sid, ssid, addr, "
	  "rw, outcome and pa, in any order and among others",
	  0 },
	{ "strict", 's', 0, 0,
	  "An access without a complete expectation fails, and what a block of ! expect lines leaves out",
	  0 },
	{ "quiet", 'q', 0, 0, "Failures and the summary only", 0 },
	{ "verbose", 'v', 0, 0,
	  "What the SMMU does of its own accord, and the rows of --expect that agree, too", 0 },
	{ "caches", 'C', "N", 0,
	  "Keep translations, tables and structures, N of each kind (a power of two; 0: none), whatever CONFIG says",
	  0 },
	{ "ports", 'P', "N", 0,
	  "Accesses reach each SMMU through a port, which keeps N translations for each of 16 streams (a power of two)",
	  0 },
	{ "batch", BATCH, 0, 0, "With --ports: each access is a batch of its own, within a section",
	  0 },
	{ "stats", 'S', 0, 0, "Count what the SMMUs do, and print that, too", 0 },
	{ "check", CHECK, 0, 0,
	  "Keep everything until it is invalidated, and tell of each invalidation that is missing",
	  0 },
	{ "adversity", ADVERSITY, "WORD", 0,
	  "Ask it of every SMMU, besides what CONFIG asks: a number, by which all choices are made, NAME=ALTERNATIVE, "
	  "abort=REASON:NTH and so on (docs/adversity.md); may be given again",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Sends accesses through a machine and prints what becomes of each, then a summary.\v"
	"Without TRACE and --expect, the trace of CONFIG is run: NAME.trace beside NAME.yaml.  Traces come before the rows "
	"of --expect.  TRACE and FILE may be compressed; - is stdin.  Exit status 1 when an expectation fails.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim run -c configs/nested.yaml --strict\n"
	"  smmu-sim run -c configs/linux-6.1-virt-strict.yaml \\\n"
	"      --expect tests/data/linux-6.1-virt-strict/expected.csv\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct run_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 'e':
		if (args->expect)
			argp_error(state, "one --expect only");
		args->expect = argument;
		return 0;
	case 'C':
		take_caches(state, argument, &args->caches);
		return 0;
	case 'P':
		take_ports(state, argument, &args->ports);
		return 0;
	case BATCH:
		args->ports.batch = true;
		return 0;
	case 'S':
		args->stats = true;
		return 0;
	case CHECK:
		args->check = true;
		return 0;
	case ADVERSITY:
		if (args->adversities == ADVERSITIES)
			argp_error(state, "at most %d --adversity", ADVERSITIES);
		args->adversity[args->adversities++] = argument;
		return 0;
	case 's':
		args->strict = true;
		return 0;
	case 'q':
		args->quiet = true;
		return 0;
	case 'v':
		args->verbose = true;
		return 0;
	case ARGP_KEY_ARGS:
		args->traces = state->argv + state->next;
		args->count = state->argc - state->next;
		return 0;
	case ARGP_KEY_END:
		need_config(state, &args->common);
		ports_complete(state, &args->ports);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* NAME.trace beside NAME.yaml, to be freed; NULL after a complaint. */
static char *trace_beside(const char *config)
{
	const char *base = strrchr(config, '/');
	const char *dot = strrchr(base ? base : config, '.');
	const size_t stem = dot && dot != config ? (size_t)(dot - config) : strlen(config);
	char *path = NULL;

	if (!strcmp(config, "-")) {
		say_error(
			"a configuration from stdin has no trace beside it: name a TRACE or give --expect FILE");
		return NULL;
	}
	if (asprintf(&path, "%.*s.trace", (int)stem, config) < 0)
		out_of_memory();
	if (!access(path, F_OK))
		return path;
	say_error("%s has no trace beside it (%s): name a TRACE or give --expect FILE", config,
		  path);
	free(path);
	return NULL;
}

static enum status run_default(struct run *run, const struct run_args *args)
{
	run->beside = trace_beside(args->common.config);
	return run->beside ? run_trace(run, run->beside) : STATUS_USAGE;
}

static void print_heading(const char *name)
{
	print_plain(stdout, name);
	puts(":");
}

/* Rows that agree are seldom of interest. */
static enum status run_list(struct run *run, const struct run_args *args)
{
	const bool shown = run->shown;

	run->shown = args->verbose && shown;
	const enum status status = run_expected(run, args->expect);

	run->shown = shown;
	return status;
}

static enum status run_inputs(struct run *run, const struct run_args *args)
{
	enum status status = STATUS_OK;

	if (!args->count && !args->expect)
		return run_default(run, args);
	for (int i = 0; i < args->count && status <= STATUS_FINDING; i++) {
		if (args->count > 1 && run->shown && !run->json)
			print_heading(args->traces[i]);
		status = worse(status, run_trace(run, args->traces[i]));
	}
	if (args->expect && status <= STATUS_FINDING)
		status = worse(status, run_list(run, args));
	return status;
}

/* ---- What checkers find ---- */

/* The name of an SMMU, where there are several. */
static const char *run_name(const struct run *run, size_t smmu)
{
	return smmu3_machine_smmu(run->machine, 1) ? smmu3_machine_smmu_name(run->machine, smmu) :
						     NULL;
}

static void on_finding(void *context, size_t smmu, const struct smmu3_finding *finding)
{
	struct run *run = context;

	findings_add(run->findings, smmu, run_name(run, smmu), finding);
}

static bool is_checked(const struct smmu3_machine *machine)
{
	const struct smmu3_config *config;

	for (size_t i = 0; (config = smmu3_machine_smmu_config(machine, i)); i++)
		if (config->check == SMMU3_CHECK_ON)
			return true;
	return false;
}

static void listen_to_checkers(struct run *run)
{
	if (!is_checked(run->machine))
		return;
	run->findings = findings_new();
	smmu3_machine_on_finding(run->machine, on_finding, run);
}

/* ---- The end ---- */

static void end_json(const struct run *run, json_object *stats, enum status status)
{
	json_object *rest = json_new();

	json_flag(rest, "complete", status <= STATUS_FINDING);
	json_add(rest, "summary", tally_json(run->tally));
	if (stats)
		json_add(rest, "statistics", stats);
	if (run->findings)
		findings_json(run->findings, rest);
	json_print_end(rest);
}

static void end_text(const struct run *run, json_object *stats, enum status status)
{
	json_object *summary = tally_json(run->tally);

	tally_print(summary);
	json_object_put(summary);
	if (stats) {
		run_stats_print(stats);
		json_object_put(stats);
	}
	if (run->findings)
		findings_print(run->findings);
	if (status > STATUS_FINDING)
		puts("incomplete: the input broke off, or could not be carried out");
}

/* What checkers have found, with what commands have cost. */
static enum status end_findings(struct run *run)
{
	struct smmu3 *smmu;

	if (!run->findings)
		return STATUS_OK;
	for (size_t i = 0; (smmu = smmu3_machine_smmu(run->machine, i)); i++)
		findings_add_costs(run->findings, smmu, run_name(run, i));
	return findings_any(run->findings) ? STATUS_FINDING : STATUS_OK;
}

static enum status run_machine(struct run *run, const struct run_args *args)
{
	if (run->json)
		json_print_begin(json_answer("run"), "accesses");
	enum status status = run_inputs(run, args);

	status = worse(status, run_waiting(run));
	status = worse(status, end_findings(run));
	json_object *stats = args->stats ? run_stats(run) : NULL;

	if (run->json)
		end_json(run, stats, status);
	else
		end_text(run, stats, status);
	return status;
}

static void use_ports(struct smmu3_machine *machine, const struct ports_option *option)
{
	const struct smmu3_port_config config = ports_config(option);

	if (option->places && smmu3_machine_use_ports(machine, &config, option->batch))
		out_of_memory();
}

/* So that a run by a number can be looked into, and repeated in part. */
static void say_choices(struct smmu3_machine *machine)
{
	struct smmu3 *smmu;

	for (size_t i = 0; (smmu = smmu3_machine_smmu(machine, i)); i++) {
		char text[8192];

		(void)smmu3_adversity_text(smmu, text, sizeof(text));
		fprintf(stderr, "%s: adversity: %s\n", smmu3_machine_smmu_name(machine, i),
			*text ? text : "no choice is made otherwise");
	}
}

static struct smmu3_machine *load(const struct run_args *args, enum status *status)
{
	const struct smmu3_machine_options wanted = {
		.caches = args->caches.given ? &args->caches.caches : NULL,
		.streams = args->stats ? STREAMS_COUNTED : 0,
		.check = args->check ? SMMU3_CHECK_ON : SMMU3_CHECK_OFF,
		.adversities = args->adversities,
		.adversity = args->adversity,
	};

	return machine_load_with(args->common.config, wanted, status);
}

static void end_run(struct run *run)
{
	free(run->beside);
	tally_free(run->tally);
	smmu3_machine_free(run->machine);
	findings_free(run->findings);
}

enum status verb_run(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "[TRACE...]", doc, children, NULL, NULL };
	struct run_args args = { 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &args);
	struct smmu3_machine *machine = load(&args, &status);

	if (!machine)
		return status;
	if (args.adversities)
		say_choices(machine);
	use_ports(machine, &args.ports);
	struct run run = { .machine = machine,
			   .tally = tally_new(machine),
			   .json = args.common.json,
			   .strict = args.strict,
			   .verbose = args.verbose,
			   .shown = !args.quiet };

	listen_to_checkers(&run);
	status = run_machine(&run, &args);
	end_run(&run);
	return status;
}

/* ---- The verb check ---- */

enum status run_checked(const struct common *common, char **traces, int count)
{
	const struct run_args args = {
		.common = *common, .traces = traces, .count = count, .check = true
	};
	enum status status;
	struct smmu3_machine *machine = load(&args, &status);

	if (!machine)
		return status;
	struct run run = { .machine = machine, .tally = tally_new(machine), .silent = true };

	listen_to_checkers(&run);
	status = run_inputs(&run, &args);
	status = worse(status, end_findings(&run));
	findings_end(run.findings, common->json, status);
	end_run(&run);
	return status;
}
