/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "input.h"
#include "progress.h"
#include "run.h"
#include "say.h"

static enum status run_lines(struct run *run, struct smmu3_trace *trace, struct progress *progress)
{
	struct smmu3_trace_op op;
	enum status status = STATUS_OK;
	int code;

	while ((code = smmu3_trace_next(trace, &op)) > 0 && !ferror(stdout)) {
		status = worse(status, run_line(run, &op));
		progress_step(progress);
		if (status > STATUS_FINDING)
			return status;
	}
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

enum status run_trace(struct run *run, const char *path)
{
	const char *why = "unreadable";
	struct input *input = input_open(path, &why);

	run->file = path;
	if (!input) {
		say_at(path, 0, 0, "cannot be read: %s", why);
		return STATUS_INPUT;
	}
	struct smmu3_trace *trace = smmu3_trace_open(input_read, input, path, say_diagnostic, NULL);
	enum status status = STATUS_CANNOT;
	struct progress progress;

	if (trace) {
		progress_begin(&progress, path, run->shown && isatty(STDOUT_FILENO));
		status = run_lines(run, trace, &progress);
		progress_end(&progress);
		smmu3_trace_close(trace);
	} else {
		say_error("out of memory");
	}
	input_close(input);
	return status;
}
