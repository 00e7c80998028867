/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "json.h"
#include "machine.h"
#include "text.h"
#include "verb.h"

static const char doc[] = "Builds the machine of a configuration and says what is wrong with it.\v"
			  "Complaints name file, line and column, at most 20 of them.\n"
			  "\n"
			  "Examples:\n"
			  "  smmu-sim validate -c configs/quickstart.yaml\n"
			  "  smmu-sim validate -c soc.yaml --json\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct common *common = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = common;
		return 0;
	case ARGP_KEY_END:
		need_config(state, common);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void count(const struct smmu3_machine *machine, size_t *smmus, size_t *masters)
{
	for (*smmus = 0; smmu3_machine_smmu_name(machine, *smmus);)
		++*smmus;
	for (*masters = 0; smmu3_machine_master(machine, *masters);)
		++*masters;
}

static void print_json(const char *config, bool ok, json_object *complaints)
{
	json_object *answer = json_answer("validate");

	json_text(answer, "config", config);
	json_flag(answer, "ok", ok);
	json_add(answer, "complaints", complaints);
	json_print(answer);
}

static void print_text(const char *config, const struct smmu3_machine *machine)
{
	size_t smmus, masters;

	count(machine, &smmus, &masters);
	print_plain(stdout, config);
	printf(": ok: %zu SMMU%s, %zu master%s\n", smmus, smmus == 1 ? "" : "s", masters,
	       masters == 1 ? "" : "s");
}

enum status verb_validate(int argc, char **argv)
{
	static const struct argp_child children[] = { { &config_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { NULL, parse, NULL, doc, children, NULL, NULL };
	struct common common = { 0 };
	enum status status;

	parse_arguments(&argp, argc, argv, 0, &common);
	json_object *complaints = json_list();
	struct smmu3_machine *machine = machine_load(common.config, NULL, complaints, &status);

	if (common.json)
		print_json(common.config, machine, complaints);
	else
		json_object_put(complaints);
	if (machine && !common.json)
		print_text(common.config, machine);
	smmu3_machine_free(machine);
	return status;
}
