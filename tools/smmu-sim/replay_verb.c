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
#include "replay_session.h"
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
	const char *recording;
	bool check, silent;
};

enum { SAVE_EVERY = 0x100, BATCH, RECORD, CHECK };

static const struct argp_option options[] = {
	{ "profile", 'p', "NAME", 0,
	  "The SMMU's identification registers, where the session does not say them (linux-session; of a capture, those of its registers.csv)",
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
	{ "record", RECORD, "FILE", 0,
	  "Write what this SMMU meets and does into FILE, as a session", 0 },
	{ "check", CHECK, 0, 0,
	  "Keep everything until it is invalidated, and tell of each invalidation that is missing",
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
	case RECORD:
		if (args->recording)
			argp_error(state, "one --record only");
		args->recording = argument;
		return 0;
	case CHECK:
		args->check = true;
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
		if (args->recording && args->ports.places)
			argp_error(state, "--record does not see what goes through --ports");
		if (args->check && (args->recording || args->save_every))
			argp_error(state, "--check goes with neither --record nor --save-every");
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
	if (replay->different++ < DIFFERENCES_SHOWN && !replay->silent)
		show(replay, expected, came);
}

/* ---- The summary ---- */

static const char *const meanings[SESSION_KINDS] = {
	[SESSION_C] = "configuration",
	[SESSION_W] = "register writes",
	[SESSION_R] = "register reads",
	[SESSION_M] = "words of memory",
	[SESSION_D] = "memory writes of the SMMU",
	[SESSION_I] = "interrupts",
	[SESSION_V] = "invalidations announced",
	[SESSION_T] = "accesses",
	[SESSION_E] = "events sent",
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

/* Sessions of old have no lines of these kinds. */
static bool is_absent(const struct replay *replay, unsigned kind)
{
	return (kind == SESSION_C || kind == SESSION_E) && !replay->count[kind].lines &&
	       !replay->count[kind].different;
}

static json_object *summary_of(const struct replay *replay)
{
	json_object *summary = json_new(), *kinds = json_list();
	uint64_t lines = 0, equal = 0, covered = 0;

	for (unsigned kind = 0; kind < SESSION_KINDS; kind++) {
		if (is_absent(replay, kind))
			continue;
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
	if (replay->findings)
		findings_json(replay->findings, rest);
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
	printf("%s R, D, I%s and T lines equal, %s V lines covered, %s different\n",
	       json_string(summary, "equal"), is_absent(replay, SESSION_E) ? "" : ", E",
	       json_string(summary, "covered"), json_string(summary, "different"));
	if (replay->findings)
		findings_print(replay->findings);
	if (status > STATUS_FINDING)
		puts("incomplete: the input broke off, or could not be replayed");
	json_object_put(summary);
}

/* ---- The input ---- */

static enum status replay_input(struct replay *replay, struct replay_session *session)
{
	struct progress progress;

	progress_begin(&progress, replay->file, false);
	const enum status status = is_capture(replay->file) ?
					   replay_capture(replay, replay->file, &progress) :
					   replay_session(replay, session, &progress);

	progress_end(&progress);
	return status;
}

/* What the checker has found, with what commands have cost. */
static enum status end_findings(struct replay *replay)
{
	if (!replay->findings)
		return STATUS_OK;
	findings_add_costs(replay->findings, replay->smmu, NULL);
	return findings_any(replay->findings) ? STATUS_FINDING : STATUS_OK;
}

/* For the verb check: that lines came otherwise is said, and no finding. */
static enum status replay_in_silence(struct replay *replay, struct replay_session *session)
{
	enum status status = replay_input(replay, session);

	replay_flush(replay);
	if (status <= STATUS_FINDING)
		status = STATUS_OK;
	if (replay->different)
		say_note("%" PRIu64
			 " lines came otherwise than recorded: smmu-sim replay --check shows them",
			 replay->different);
	status = worse(status, end_findings(replay));
	findings_end(replay->findings, replay->json, status);
	return status;
}

static enum status replay_and_tell(struct replay *replay, struct replay_session *session,
				   const char *profile)
{
	if (replay->silent)
		return replay_in_silence(replay, session);
	if (replay->json) {
		json_object *answer = json_answer("replay");

		json_text(answer, "profile", profile);
		json_print_begin(answer, "differences");
	}
	enum status status = replay_input(replay, session);

	replay_flush(replay);
	status = worse(status, end_findings(replay));
	if (replay->json)
		end_json(replay, status);
	else
		end_text(replay, status);
	return status;
}

/* ---- The verb ---- */

/* The SMMU's configuration: as the session says, or of the profile named, of the capture, or of
 * sessions that do not say. */
static enum status choose(const struct replay_args *args, const struct replay_session *session,
			  const char **name, struct smmu3_config *config)
{
	const bool capture = !args->profile && is_capture(args->session);
	const struct smmu3_profile *profile = profile_find(args->profile ? args->profile :
							   capture       ? "linux-capture" :
									   "linux-session");

	if (!profile)
		return STATUS_USAGE;
	*name = session->told ? "session" : capture ? "registers.csv" : profile->name;
	*config = session->told ? session->config : profile->config;
	if (capture) {
		const enum status status = capture_config(args->session, config);

		if (status)
			return status;
	}
	if (args->caches.given || !session->told)
		config->caches = args->caches.caches;
	if (args->check)
		config->check = SMMU3_CHECK_ON;
	return STATUS_OK;
}

static enum status replay_with(const struct replay_args *args, struct replay_session *session)
{
	struct smmu3_config config;
	const char *profile;
	enum status status = choose(args, session, &profile, &config);

	if (status)
		return status;
	struct replay replay = { .file = args->session,
				 .json = args->common.json,
				 .told = session->told,
				 .save_every = args->save_every,
				 .recording = args->recording,
				 .findings = args->check ? findings_new() : NULL,
				 .silent = args->silent,
				 .ports = args->ports };

	status = replay_begin(&replay, &config);
	if (!status)
		status = replay_and_tell(&replay, session, profile);
	status = worse(status, replay_record_end(&replay, status <= STATUS_FINDING));
	replay_free(&replay);
	findings_free(replay.findings);
	return status;
}

static enum status replay_any(const struct replay_args *args)
{
	struct replay_session session = { 0 };
	enum status status = is_capture(args->session) ?
				     STATUS_OK :
				     replay_session_open(&session, args->session, args->profile);

	if (status <= STATUS_FINDING)
		status = replay_with(args, &session);
	replay_session_close(&session);
	return status;
}

enum status verb_replay(int argc, char **argv)
{
	static const struct argp_child children[] = { { &json_argp, 0, NULL, 0 }, { 0 } };
	static const struct argp argp = { options, parse, "SESSION|DIRECTORY", doc, children,
					  NULL,    NULL };
	struct replay_args args = { 0 };

	parse_arguments(&argp, argc, argv, 0, &args);
	if (args.profile && !profile_find(args.profile))
		return STATUS_USAGE;
	return replay_any(&args);
}

enum status replay_checked(const char *session, const char *profile, bool json)
{
	const struct replay_args args = { .common.json = json,
					  .session = session,
					  .profile = profile,
					  .check = true,
					  .silent = true };

	if (profile && !profile_find(profile))
		return STATUS_USAGE;
	return replay_any(&args);
}
