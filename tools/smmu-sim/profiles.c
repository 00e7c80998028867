/* SPDX-License-Identifier: MIT */
#include "profiles.h"

#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>

#include "fields.h"
#include "json.h"
#include "say.h"
#include "text.h"
#include "verb.h"
#include "view.h"

struct profiles_args {
	struct common common;
	const char *name;
};

static const char doc[] =
	"Lists the profiles, or tells the identification registers of one.\v"
	"A profile that advertises what this version has not built is refused, with the feature named.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim profiles\n"
	"  smmu-sim profiles generic-3.1 --json\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct profiles_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case ARGP_KEY_ARG:
		if (args->name)
			argp_error(state, "one profile only");
		args->name = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static json_object *profile_row(const struct smmu3_profile *profile)
{
	json_object *row = json_new();
	struct smmu3_error error = { 0 };
	const bool built = !smmu3_config_check(&profile->config, &error);

	json_text(row, "name", profile->name);
	json_flag(row, "built", built);
	json_text(row, "mark", built ? "built" : "refused");
	json_text(row, "summary", profile->summary);
	json_text(row, "refused", built ? "" : error.text);
	json_text(row, "section", built ? "" : error.section);
	return row;
}

static void list(bool json)
{
	static const struct view_column columns[] = {
		{ "PROFILE", "name", NULL, 0 },
		{ "STATE", "mark", NULL, 0 },
		{ "SUMMARY", "summary", NULL, 0 },
		{ "REFUSED FOR", "refused", NULL, 0 },
	};
	json_object *rows = json_list();
	const struct smmu3_profile *profile;

	for (size_t i = 0; (profile = smmu3_profile(i)); i++)
		json_append(rows, profile_row(profile));
	if (!json) {
		view_rows(rows, columns, sizeof(columns) / sizeof(columns[0]), NULL);
		json_object_put(rows);
		return;
	}
	json_object *answer = json_answer("profiles");

	json_add(answer, "profiles", rows);
	json_print(answer);
}

const struct smmu3_profile *profile_find(const char *name)
{
	const struct smmu3_profile *profile;
	const char *nearest = NULL;
	unsigned distance = SUGGEST_NONE;

	for (size_t i = 0; (profile = smmu3_profile(i)); i++) {
		if (!strcmp(profile->name, name))
			return profile;
		suggest(name, profile->name, &nearest, &distance);
	}
	if (nearest)
		say_error("no profile '%s'; did you mean '%s'?", name, nearest);
	else
		say_error("no profile '%s'; `smmu-sim profiles' lists them", name);
	return NULL;
}

static void add_register(json_object *rows, const char *name, uint32_t value)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	const uint64_t word = value;
	json_object *row = json_new();

	json_text(row, "name", name);
	json_hex(row, "value", value);
	json_text(row, "section", layout ? layout->section : "");
	if (layout)
		json_add(row, "fields", fields_all(layout, &word));
	json_append(rows, row);
}

static void add_bank(json_object *rows, const char *prefix, const uint32_t idr[7])
{
	for (unsigned i = 0; i < 7; i++) {
		char name[24];

		snprintf(name, sizeof(name), "%s%u", prefix, i);
		add_register(rows, name, idr[i]);
	}
}

/* The registers of the Secure and Realm interfaces only where there is one. */
static json_object *register_rows(const struct smmu3_config *config)
{
	json_object *rows = json_list();

	add_bank(rows, "SMMU_IDR", config->idr);
	add_register(rows, "SMMU_IIDR", config->iidr);
	add_register(rows, "SMMU_AIDR", config->aidr);
	if (config->s_idr[1])
		add_bank(rows, "SMMU_S_IDR", config->s_idr);
	if (config->r_idr[0] || config->r_idr[1])
		add_bank(rows, "SMMU_R_IDR", config->r_idr);
	if (config->root_idr0)
		add_register(rows, "SMMU_ROOT_IDR0", config->root_idr0);
	if (config->mpamidr)
		add_register(rows, "SMMU_MPAMIDR", config->mpamidr);
	if (config->s_mpamidr)
		add_register(rows, "SMMU_S_MPAMIDR", config->s_mpamidr);
	if (config->r_mpamidr)
		add_register(rows, "SMMU_R_MPAMIDR", config->r_mpamidr);
	if (config->r_mecidr)
		add_register(rows, "SMMU_R_MECIDR", config->r_mecidr);
	add_register(rows, "SMMU_GBPA", config->gbpa_reset);
	return rows;
}

static void print_text(json_object *profile)
{
	static const struct view_column columns[] = {
		{ "REGISTER", "name", NULL, VIEW_TREE }, { "BITS", "", "bits", 0 },
		{ "VALUE", "value", NULL, VIEW_RIGHT },  { "MEANING", "", "meaning", 0 },
		{ "SECTION", "section", NULL, 0 },
	};

	printf("%s: %s\n", json_string(profile, "name"), json_string(profile, "summary"));
	if (*json_string(profile, "refused"))
		printf("refused: %s\n", json_string(profile, "refused"));
	view_rows(json_array(profile, "registers"), columns, sizeof(columns) / sizeof(columns[0]),
		  "fields");
	json_object_put(profile);
}

static enum status show(const char *name, bool json)
{
	const struct smmu3_profile *profile = profile_find(name);

	if (!profile)
		return STATUS_USAGE;
	json_object *object = profile_row(profile);

	json_add(object, "registers", register_rows(&profile->config));
	if (!json) {
		print_text(object);
		return STATUS_OK;
	}
	json_object *answer = json_answer("profiles");

	json_add(answer, "profile", object);
	json_print(answer);
	return STATUS_OK;
}

enum status verb_profiles(int argc, char **argv)
{
	static const struct argp_child children[] = { { &json_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { NULL, parse, "[NAME]", doc, children, NULL, NULL };
	struct profiles_args args = { 0 };

	parse_arguments(&argp, argc, argv, 0, &args);
	if (args.name)
		return show(args.name, args.common.json);
	list(args.common.json);
	return STATUS_OK;
}
