/* SPDX-License-Identifier: MIT */
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "machine.h"
#include "outcome.h"
#include "say.h"
#include "story.h"
#include "text.h"
#include "verb.h"

struct explain_args {
	struct common common;
	const char *smmu;
	char access[4096]; /* the words of ACCESS with spaces between them */
};

static const struct argp_option options[] = {
	{ "smmu", 'm', "NAME", 0,
	  "The SMMU that a StreamID given as a number is of; without it the first", 0 },
	{ 0 },
};

static const char doc[] =
	"Tells how one access is answered: registers, every structure fetched with its address and value, the fields "
	"that decided, and the outcome.\v"
	"ACCESS is written as in a trace: operation, master or StreamID[.SubstreamID], address, bytes, attributes.  "
	"Nothing in the machine changes.  Where an access crosses translations, its first part is told.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim explain -c configs/quickstart.yaml R nic 0x20000040 64\n"
	"  smmu-sim explain -c configs/quickstart.yaml --json 'W nic 0x20000040 4'\n";

static void add_word(struct argp_state *state, struct explain_args *args, const char *word)
{
	if (strlen(args->access) + strlen(word) + 2 > sizeof(args->access))
		argp_error(state, "ACCESS is too long");
	append(args->access, sizeof(args->access), "%s%s", args->access[0] ? " " : "", word);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct explain_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 'm':
		args->smmu = argument;
		return 0;
	case ARGP_KEY_ARG:
		add_word(state, args, argument);
		return 0;
	case ARGP_KEY_END:
		need_config(state, &args->common);
		if (!args->access[0])
			argp_error(state, "which ACCESS? For example: R 0x10 0x1000 64");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static enum status parse_access(const char *text, struct smmu3_trace_op *op)
{
	const int code = smmu3_trace_parse(text, "ACCESS", 1, op, say_diagnostic, NULL);

	if (code < 0)
		return status_of(code, STATUS_USAGE);
	if (code > 0 && op->kind == SMMU3_TRACE_ACCESS)
		return STATUS_OK;
	say_error("'%s' is no access", text);
	return STATUS_USAGE;
}

/* An access, and the SMMU that it goes to; NULL, SMMU3_NO_SMMU: its master is behind none. */
struct asked {
	struct smmu3_machine *machine;
	struct smmu3 *smmu;
	size_t index;
	struct smmu3_trace_op op;
	struct smmu3_outcome outcome;
};

/* That of its master; of a StreamID given as a number the one named, else the first. */
static bool find_smmu(struct asked *asked, const char *named)
{
	const struct smmu3_master *master = asked->op.master[0] ?
						    smmu3_machine_find(asked->machine,
								       asked->op.master) :
						    NULL;

	if (master)
		asked->index = master->smmu;
	asked->smmu = master ? smmu3_machine_smmu(asked->machine, asked->index) :
			       machine_smmu(asked->machine, named, &asked->index);
	return asked->smmu || (master && asked->index == SMMU3_NO_SMMU);
}

/* A master with an ATC, which keeps nothing yet, sends a Translation Request. */
static void make_request(struct smmu3_trace_op *op)
{
	op->txn.flags |= op->op == 'A' ? SMMU3_TXN_WRITE : 0;
	op->txn.ats = SMMU3_ATS_REQUEST;
	op->txn.txn_class = SMMU3_CLASS_ORDINARY;
	op->op = 'Q';
}

/* Lets the machine fill in what the master drives: as a probe, which changes nothing. */
static enum status complete(struct asked *asked)
{
	struct smmu3_trace_op *const op = &asked->op;
	struct smmu3_error error = { 0 };

	op->txn.flags |= SMMU3_TXN_PROBE;
	const int code = smmu3_machine_perform(asked->machine, op, &asked->outcome, &error);

	if (code >= 0 && op->atc)
		make_request(op);
	if (code >= 0)
		return STATUS_OK;
	say_error("%s", error.text);
	return status_of(code, STATUS_USAGE);
}

/* Whether the access, made for real, has its event recorded: a probe does not say.  The machine is
 * not used after it. */
static void learn_recorded(struct asked *asked)
{
	struct smmu3_trace_op real = asked->op;
	struct smmu3_outcome answer;
	struct smmu3_error error;

	real.txn.flags &= (uint16_t)~SMMU3_TXN_PROBE;
	if (smmu3_machine_perform(asked->machine, &real, &answer, &error) > 0)
		asked->outcome.recorded = answer.recorded;
}

static void print_json(const struct asked *asked, json_object *story)
{
	json_object *answer = json_answer("explain"), *end = outcome_json(&asked->outcome);

	guard_json(end, &asked->op.guard);
	json_add(answer, "access", access_json(asked->machine, &asked->op));
	json_add(answer, "outcome", end);
	json_add(answer, "story", story);
	json_print(answer);
}

static void print_text(const struct asked *asked, json_object *story)
{
	char access[ACCESS_TEXT], end[OUTCOME_TEXT];

	access_text(asked->machine, &asked->op, access, sizeof(access));
	outcome_text(&asked->outcome, end, sizeof(end));
	guard_text(&asked->op.guard, end, sizeof(end));
	puts(access);
	story_print(story);
	puts(end);
	json_object_put(story);
}

static void tell(struct asked *asked, bool json)
{
	json_object *story = json_list();

	if (asked->smmu) {
		story_registers(story, asked->smmu, &asked->op.txn);
		story_fetches(story, asked->smmu, &asked->op.txn, &asked->outcome);
	}
	smmu3_machine_guard(asked->machine, asked->index, &asked->op, &asked->outcome);
	if (asked->smmu)
		learn_recorded(asked);
	story_decision(story, &asked->op.txn, &asked->outcome);
	story_firewall(story, &asked->op.guard, &asked->outcome);
	if (json)
		print_json(asked, story);
	else
		print_text(asked, story);
}

static enum status explain(struct smmu3_machine *machine, const struct explain_args *args)
{
	struct asked asked = { .machine = machine };
	enum status status = parse_access(args->access, &asked.op);

	if (!status)
		status = complete(&asked);
	if (status)
		return status;
	if (!find_smmu(&asked, args->smmu))
		return STATUS_USAGE;
	tell(&asked, args->common.json);
	return STATUS_OK;
}

enum status verb_explain(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "ACCESS...", doc, children, NULL, NULL };
	struct explain_args args = { 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &args);
	struct smmu3_machine *machine = machine_load(args.common.config, NULL, NULL, &status);

	if (!machine)
		return status;
	status = explain(machine, &args);
	smmu3_machine_free(machine);
	return status;
}
