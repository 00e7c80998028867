/* SPDX-License-Identifier: MIT */
#include "replay_session.h"

#include <stdio.h>
#include <string.h>

#include "say.h"

/* ---- Lines ---- */

/* A whole line has its end: without, it may be the first part of another. */
static enum status cut(const struct lines *lines)
{
	say_at(lines->name, lines->number, (unsigned)strlen(lines->line) + 1,
	       "the session is cut: its last line has no end");
	return STATUS_INPUT;
}

/* The next line that says something.  False: there is none, because of what *status says. */
static bool next_line(struct lines *lines, struct session_line *line, enum status *status)
{
	int code;

	while ((code = lines_next(lines)) > 0) {
		code = session_parse(lines, line);
		if (code < 0)
			break;
		*status = lines->cut ? cut(lines) : STATUS_OK;
		if (code || *status)
			return !*status;
	}
	*status = code ? status_of(code, STATUS_INPUT) : STATUS_OK;
	return false;
}

/* ---- What the SMMU was ---- */

static enum status refuse(const struct lines *lines, enum status status, const char *why)
{
	say_at(lines->name, lines->number, 1, "%s", why);
	return status;
}

static void set_member(struct smmu3_config *config, const struct session_line *line)
{
	const struct smmu3_record_member *member = smmu3_record_member((size_t)line->at);
	const uint32_t value = (uint32_t)line->value;

	memcpy((char *)config + member->offset, &value, sizeof(value));
}

static enum status take_member(struct replay_session *session, const char *profile)
{
	const struct session_line *line = &session->next;
	const uint64_t bit = UINT64_C(1) << line->at;

	if (profile)
		return refuse(session->lines, STATUS_USAGE,
			      "the session says what its SMMU was: it takes no --profile");
	if (session->members & bit)
		return refuse(session->lines, STATUS_INPUT, "this member has been said");
	session->told = true;
	session->members |= bit;
	session->count++;
	set_member(&session->config, line);
	return STATUS_OK;
}

static enum status read_members(struct replay_session *session, const char *profile)
{
	enum status status;

	session->config.size = sizeof(session->config);
	while (next_line(session->lines, &session->next, &status)) {
		if (session->next.kind != SESSION_C) {
			session->has_next = true;
			return STATUS_OK;
		}
		status = take_member(session, profile);
		if (status)
			return status;
	}
	return status;
}

enum status replay_session_open(struct replay_session *session, const char *path,
				const char *profile)
{
	session->lines = lines_open(path);
	session->status = session->lines ? read_members(session, profile) : STATUS_INPUT;
	return session->status == STATUS_USAGE ? STATUS_USAGE : STATUS_OK;
}

void replay_session_close(struct replay_session *session)
{
	if (session->lines)
		lines_close(session->lines);
}

/* ---- What it met and did ---- */

static enum status too_many(const struct session_line *line, const char *file)
{
	say_at(file, line->number, 1,
	       "more than %d D, I, E and V lines between two W, R or T lines", GAP_MOST);
	return STATUS_CANNOT;
}

static enum status take_line(struct replay *replay, const struct lines *lines,
			     const struct session_line *line)
{
	if (line->kind == SESSION_C)
		return refuse(lines, STATUS_INPUT, "C lines stand before all others");
	return replay_line(replay, line) ? replay_recorded(replay) : too_many(line, replay->file);
}

enum status replay_session(struct replay *replay, struct replay_session *session,
			   struct progress *progress)
{
	enum status status = session->status;
	bool has_line = session->has_next;

	replay->count[SESSION_C].lines = session->count;
	while (has_line && !ferror(stdout)) {
		status = take_line(replay, session->lines, &session->next);
		progress_step(progress);
		if (status)
			return status;
		has_line = next_line(session->lines, &session->next, &status);
	}
	if (status)
		return status;
	replay_end(replay);
	return replay->different ? STATUS_FINDING : STATUS_OK;
}
