/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "text.h"

enum { STEP = 1 << 14 }; /* lines between two looks at the clock */

void progress_begin(struct progress *progress, const char *file, bool quiet)
{
	*progress = (struct progress){ .file = file, .wanted = !quiet && isatty(STDERR_FILENO) };
	clock_gettime(CLOCK_MONOTONIC, &progress->begin);
}

static void show(struct progress *progress)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	const double seconds = (double)(now.tv_sec - progress->begin.tv_sec) +
			       (double)(now.tv_nsec - progress->begin.tv_nsec) / 1e9;

	if (seconds < 1)
		return;
	fputc('\r', stderr);
	print_plain(stderr, progress->file);
	fprintf(stderr, ": %" PRIu64 " lines, %.0f a second", progress->lines,
		(double)progress->lines / seconds);
	progress->shown = true;
}

void progress_step(struct progress *progress)
{
	if (++progress->lines % STEP == 0 && progress->wanted)
		show(progress);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
}
