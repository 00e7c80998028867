/* SPDX-License-Identifier: MIT */
/* Instructions, which are the same on every run: valgrind --tool=callgrind --instr-atstart=no runs
 * `smmu-bench --counts`, which tells it what to count.  docs/performance.md takes the rows
 * "nothing" off. */
#include "modes.h"

#include <stdio.h>

#if defined(__has_include)
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define COUNTS 1
#endif
#endif

#ifdef COUNTS

enum { WARM = 1 << 16, COUNTED = 1 << 12 };

static const char *const counted[] = {
	"nothing/probe",  "probe",         "nothing/translate", "nothing/hit",
	"nothing/stream", "a/hit",         "a/stream",          "a/port",
	"a/shared",       "a/walks",       "a/reference",       "b/hit",
	"b/stream",       "b/port",        "b/shared",          "b/reference",
	"b_nested/hit",   "b_nested/port", "b_nested/shared",   "b_nested/walks",
	"c/port",         "c/batch",       "c/shared",          "c/walks",
	"d/port",         "d/batch",       "d/shared",          "d/walks",
};

static int count_row(const char *name)
{
	const struct row *row = row_named(name);
	struct bed bed;
	char text[80];

	if (!row || !bed_open(&bed, row))
		return 1;
	(void)row->run(&bed, WARM);
	CALLGRIND_START_INSTRUMENTATION;
	(void)row->run(&bed, COUNTED);
	CALLGRIND_STOP_INSTRUMENTATION;
	(void)snprintf(text, sizeof(text), "%s %d", name, COUNTED);
	CALLGRIND_DUMP_STATS_AT(text);
	bed_close(&bed);
	return 0;
}

int count_rows(void)
{
	int code = 0;

	for (unsigned i = 0; i < sizeof(counted) / sizeof(counted[0]); i++)
		code |= count_row(counted[i]);
	return code;
}

#else

int count_rows(void)
{
	(void)fprintf(stderr, "built without valgrind: nothing can be counted\n");
	return 1;
}

#endif
