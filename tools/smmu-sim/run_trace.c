/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "input.h"
#include "progress.h"
#include "run.h"
#include "say.h"

/* One line, which stays where it is until the next, for complaints. */
static enum status run_text(struct run *run, const struct lines *lines)
{
	struct smmu3_trace_op op;
	const int code = smmu3_trace_parse(lines->line, run->file, lines->number, &op,
					   say_diagnostic, NULL);

	run->source = lines->line;
	if (code <= 0)
		return status_of(code, STATUS_INPUT);
	return run_line(run, &op);
}

static enum status run_lines(struct run *run, struct lines *lines, struct progress *progress)
{
	enum status status = STATUS_OK;
	int code;

	while ((code = lines_next(lines)) > 0 && !ferror(stdout)) {
		status = worse(status, run_text(run, lines));
		progress_step(progress);
		if (status > STATUS_FINDING)
			return status;
	}
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

enum status run_trace(struct run *run, const char *path)
{
	struct lines *lines = lines_open(path);
	struct progress progress;

	run->file = path;
	if (!lines)
		return STATUS_INPUT;
	progress_begin(&progress, path, run->shown && isatty(STDOUT_FILENO));
	const enum status read = run_lines(run, lines, &progress);
	const enum status status = worse(read, run_settle(run));

	progress_end(&progress);
	run->source = NULL;
	lines_close(lines);
	return status;
}
