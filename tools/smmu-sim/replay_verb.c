/* SPDX-License-Identifier: MIT */
/* replay: the verb, what it prints and counts. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "profiles.h"
#include "progress.h"
#include "replay.h"
#include "replay_capture.h"
#include "say.h"
#include "text.h"
#include "verb.h"
#include "view.h"

struct replay_args {
	struct common common;
	const char *session, *profile;
	struct caches_option caches;
	struct ports_option ports;
	uint64_t save_every; /* 0: never */
};

enum { SAVE_EVERY = 0x100, BATCH };

static const struct argp_option options[] = {
	{ "profile", 'p', "NAME", 0,
	  "The SMMU's identification registers (linux-session; of a capture, those of its registers.csv)",
	  0 },
	{ "caches", 'C', "N", 0,
	  "Keep translations, tables and structures, N of each kind (a power of two; 0, as a rule: none)",
	  0 },
	{ "ports", 'P', "N", 0,
	  "Accesses go through a port, which keeps N translations for each of 16 streams (a power of two)",
	  0 },
	{ "batch", BATCH, 0, 0,
	  "With --ports: accesses that follow each other are one batch, of up to 64, within a section",
	  0 },
	{ "save-every", SAVE_EVERY, "N", 0,
	  "Save the SMMU after each N records, and go on with another that has loaded what was saved",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Replays a recorded session, or the whole run of a capture, on an SMMU and compares all that it does.\v"
	"SESSION may be compressed; - is stdin.  A directory is a capture.  The first 20 differences are shown and all are counted; "
	"exit status 1 when there is one.\n"
	"\n"
	"Examples:\n"
	"  smmu-sim replay tests/data/linux-6.1-session/session.txt.gz\n"
	"  smmu-sim replay tests/data/linux-6.12-virt-16k\n"
	"  smmu-sim replay session.txt --profile generic-3.1 --json\n"
	"  smmu-sim replay session.txt --save-every 1000\n";

/* A decimal number from 1 on. */
static bool read_count(const char *text, uint64_t *count)
{
	*count = 0;
	for (; *text >= '0' && *text <= '9' && *count <= UINT32_MAX; text++)
		*count = 10 * *count + (uint64_t)(*text - '0');
	return *count && !*text;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct replay_args *args = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &args->common;
		return 0;
	case 'p':
		if (args->profile)
			argp_error(state, "one --profile only");
		args->profile = argument;
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
	case SAVE_EVERY:
		if (!read_count(argument, &args->save_every))
			argp_error(state, "--save-every %s: a decimal number from 1 on", argument);
		return 0;
	case ARGP_KEY_ARG:
		if (args->session)
			argp_error(state, "one SESSION only");
		args->session = argument;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which SESSION?");
		return EINVAL;
	case ARGP_KEY_END:
		ports_complete(state, &args->ports);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- Differences ---- */

enum { DIFFERENCES_SHOWN = 20 };

static const char *difference_name(const struct session_line *expected,
				   const struct session_line *came)
{
	if (!expected)
		return "additional";
	if (came)
		return "different";
	return expected->kind == SESSION_V ? "not covered" : "missing";
}

static void print_text(const char *file, unsigned number, const char *name, const char *expected,
		       const char *came)
{
	print_plain(stdout, file);
	printf(":%u: %s:", number, name);
	if (*expected)
		printf(" expected %s", expected);
	if (*came)
		printf("%s got %s", *expected ? ";" : "", came);
	putchar('\n');
}

static void print_json(const struct replay *replay, unsigned number, const char *name,
		       const char *expected, const char *came)
{
	json_object *row = json_new();

	json_text(row, "file", replay->file);
	json_number(row, "line", number);
	json_text(row, "difference", name);
	json_text(row, "expected", expected);
	json_text(row, "got", came);
	json_print_row(row, replay->different == 1);
}

static void show(const struct replay *replay, const struct session_line *expected,
		 const struct session_line *came)
{
	const unsigned number = expected ? expected->number : came->number;
	const char *name = difference_name(expected, came);
	char recorded[SESSION_TEXT] = "", replayed[SESSION_TEXT] = "";

	if (expected)
		session_text(expected, recorded, sizeof(recorded));
	if (came)
		session_text(came, replayed, sizeof(replayed));
	if (replay->json)
		print_json(replay, number, name, recorded, replayed);
	else
		print_text(replay->file, number, name, recorded, replayed);
}

void replay_report(void *context, const struct session_line *expected,
		   const struct session_line *came)
{
	struct replay *replay = context;
	struct replay_count *count = &replay->count[expected ? expected->kind : came->kind];

	if (expected && came && session_same(expected, came)) {
		count->equal += expected->kind != SESSION_V;
		count->covered += expected->kind == SESSION_V;
		return;
	}
	count->different++;
	if (replay->different++ < DIFFERENCES_SHOWN)
		show(replay, expected, came);
}

/* ---- The summary ---- */

static const char *const meanings[SESSION_KINDS] = {
	[SESSION_W] = "register writes", [SESSION_R] = "register reads",
	[SESSION_M] = "words of memory", [SESSION_D] = "memory writes of the SMMU",
	[SESSION_I] = "interrupts",      [SESSION_V] = "invalidations announced",
	[SESSION_T] = "accesses",
};

static json_object *kind_row(const struct replay *replay, enum session_kind kind)
{
	const struct replay_count *count = &replay->count[kind];
	const char letter[2] = { session_letter(kind), 0 };
	json_object *row = json_new();

	json_text(row, "kind", letter);
	json_text(row, "meaning", meanings[kind]);
	json_count(row, "lines", count->lines);
	json_count(row, "equal", count->equal);
	json_count(row, "covered", count->covered);
	json_count(row, "different", count->different);
	return row;
}

static json_object *summary_of(const struct replay *replay)
{
	json_object *summary = json_new(), *kinds = json_list();
	uint64_t lines = 0, equal = 0, covered = 0;

	for (unsigned kind = 0; kind < SESSION_KINDS; kind++) {
		json_append(kinds, kind_row(replay, (enum session_kind)kind));
		lines += replay->count[kind].lines;
		equal += replay->count[kind].equal;
		covered += replay->count[kind].covered;
	}
	json_add(summary, "kinds", kinds);
	json_count(summary, "lines", lines);
	json_count(summary, "equal", equal);
	json_count(summary, "covered", covered);
	json_count(summary, "different", replay->different);
	return summary;
}

static void end_json(const struct replay *replay, enum status status)
{
	json_object *rest = json_new();

	json_flag(rest, "complete", status <= STATUS_FINDING);
	json_add(rest, "summary", summary_of(replay));
	json_print_end(rest);
}

static void end_text(const struct replay *replay, enum status status)
{
	static const struct view_column columns[] = {
		{ "KIND", "kind", NULL, 0 },
		{ "MEANING", "meaning", NULL, 0 },
		{ "LINES", "lines", NULL, VIEW_RIGHT },
		{ "EQUAL", "equal", NULL, VIEW_RIGHT },
		{ "COVERED", "covered", NULL, VIEW_RIGHT },
		{ "DIFFERENT", "different", NULL, VIEW_RIGHT },
	};
	json_object *summary = summary_of(replay);

	if (replay->different > DIFFERENCES_SHOWN)
		printf("and %" PRIu64 " more\n", replay->different - DIFFERENCES_SHOWN);
	view_rows(json_array(summary, "kinds"), columns, sizeof(columns) / sizeof(columns[0]),
		  NULL);
	printf("%s R, D, I and T lines equal, %s V lines covered, %s different\n",
	       json_string(summary, "equal"), json_string(summary, "covered"),
	       json_string(summary, "different"));
	if (status > STATUS_FINDING)
		puts("incomplete: the input broke off, or could not be replayed");
	json_object_put(summary);
}

/* ---- The input ---- */

static enum status too_many(const struct session_line *line, const char *file)
{
	say_at(file, line->number, 1, "more than %d D, I and V lines between two W, R or T lines",
	       GAP_MOST);
	return STATUS_CANNOT;
}

/* A whole line has its end: without, it may be the first part of another. */
static enum status cut(const struct lines *lines)
{
	say_at(lines->name, lines->number, (unsigned)strlen(lines->line) + 1,
	       "the session is cut: its last line has no end");
	return STATUS_INPUT;
}

static enum status take_line(struct replay *replay, const struct lines *lines)
{
	struct session_line line;
	const int code = session_parse(lines, &line);

	if (code < 0)
		return status_of(code, STATUS_INPUT);
	if (lines->cut)
		return cut(lines);
	if (!code)
		return STATUS_OK;
	return replay_line(replay, &line) ? replay_recorded(replay) : too_many(&line, replay->file);
}

static enum status take_lines(struct replay *replay, struct lines *lines, struct progress *progress)
{
	int code;

	while ((code = lines_next(lines)) > 0 && !ferror(stdout)) {
		const enum status status = take_line(replay, lines);

		progress_step(progress);
		if (status)
			return status;
	}
	if (code < 0)
		return status_of(code, STATUS_INPUT);
	replay_end(replay);
	return replay->different ? STATUS_FINDING : STATUS_OK;
}

static enum status replay_session(struct replay *replay, struct progress *progress)
{
	struct lines *lines = lines_open(replay->file);

	if (!lines)
		return STATUS_INPUT;
	const enum status status = take_lines(replay, lines, progress);

	lines_close(lines);
	return status;
}

static enum status replay_input(struct replay *replay)
{
	struct progress progress;

	progress_begin(&progress, replay->file, false);
	const enum status status = is_capture(replay->file) ?
					   replay_capture(replay, replay->file, &progress) :
					   replay_session(replay, &progress);

	progress_end(&progress);
	return status;
}

static enum status replay_and_tell(struct replay *replay, const char *profile)
{
	if (replay->json) {
		json_object *answer = json_answer("replay");

		json_text(answer, "profile", profile);
		json_print_begin(answer, "differences");
	}
	const enum status status = replay_input(replay);

	replay_flush(replay);
	if (replay->json)
		end_json(replay, status);
	else
		end_text(replay, status);
	return status;
}

/* ---- The verb ---- */

/* The SMMU's configuration: of the profile named, of the capture, or of the recorded session. */
static enum status choose(const struct replay_args *args, const char **name,
			  struct smmu3_config *config)
{
	const bool capture = !args->profile && is_capture(args->session);
	const struct smmu3_profile *profile = profile_find(args->profile ? args->profile :
							   capture       ? "linux-capture" :
									   "linux-session");

	if (!profile)
		return STATUS_USAGE;
	*name = capture ? "registers.csv" : profile->name;
	*config = profile->config;
	if (capture) {
		const enum status status = capture_config(args->session, config);

		if (status)
			return status;
	}
	config->caches = args->caches.caches;
	return STATUS_OK;
}

enum status verb_replay(int argc, char **argv)
{
	static const struct argp_child children[] = { { &json_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "SESSION|DIRECTORY", doc, children,
					  NULL,    NULL };
	struct replay_args args = { 0 };
	struct smmu3_config config;
	const char *profile;

	parse_arguments(&argp, argc, argv, 0, &args);
	enum status status = choose(&args, &profile, &config);

	if (status)
		return status;
	struct replay replay = { .file = args.session,
				 .json = args.common.json,
				 .save_every = args.save_every,
				 .ports = args.ports };

	status = replay_begin(&replay, &config);
	if (!status)
		status = replay_and_tell(&replay, profile);
	replay_free(&replay);
	return status;
}
