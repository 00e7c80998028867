/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <unistd.h>

#include "progress.h"
#include "run.h"
#include "say.h"
#include "trace_file.h"

static enum status run_lines(struct run *run, struct progress *progress)
{
	enum status status = STATUS_OK;
	struct smmu3_trace_op op;
	int code;

	while ((code = smmu3_trace_next(run->trace, &op)) > 0 && !ferror(stdout)) {
		status = worse(status, run_line(run, &op));
		progress_step(progress);
		if (status > STATUS_FINDING)
			return status;
	}
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

enum status run_trace(struct run *run, const char *path)
{
	struct trace_file file;
	struct progress progress;

	run->file = path;
	if (!trace_file_open(&file, path))
		return STATUS_INPUT;
	run->trace = file.trace;
	progress_begin(&progress, path, run->shown && isatty(STDOUT_FILENO));
	const enum status read = run_lines(run, &progress);
	const enum status status = worse(read, run_settle(run));

	progress_end(&progress);
	run->trace = NULL;
	trace_file_close(&file);
	return status;
}
