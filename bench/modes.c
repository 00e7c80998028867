/* SPDX-License-Identifier: MIT */
#include "modes.h"

#include "cbench.h"
#include "timing.h"
#include "workloads.h"

#include <stdio.h>
#include <string.h>

static struct rows (*const files[])(void) = {
	workload_rows, port_rows, tlbi_rows, disturbed_rows,
#ifdef SMMU_SOURCE_DIR
	recorded_rows,
#endif
};

enum { FILES = sizeof(files) / sizeof(files[0]) };

/* Calls each with every row until one returns other than 0. */
static int each_row(int (*call)(const struct row *row, void *context), void *context)
{
	int code = 0;

	for (unsigned i = 0; i < FILES && !code; i++) {
		const struct rows rows = files[i]();

		for (unsigned n = 0; n < rows.count && !code; n++)
			code = call(&rows.row[n], context);
	}
	return code;
}

struct search {
	const char *name;
	const struct row *found;
};

static int compare_name(const struct row *row, void *context)
{
	struct search *search = context;

	if (strcmp(row->name, search->name) != 0)
		return 0;
	search->found = row;
	return 1;
}

const struct row *row_named(const char *name)
{
	struct search search = { name, NULL };

	if (!each_row(compare_name, &search))
		(void)fprintf(stderr, "%s: there is no such row\n", name);
	return search.found;
}

/* ---- Verified alone ---- */

static int verify_row(const struct row *row, void *context)
{
	struct bed bed;
	bool good = bed_open_small(&bed, row);

	(void)context;
	if (good) {
		good = bed_verified(&bed);
		bed_close(&bed);
	}
	return good ? 0 : 1;
}

int verify_rows(void)
{
	return each_row(verify_row, NULL);
}

/* ---- By Google Benchmark ---- */

static void run_row(struct cbench_state *state, void *context)
{
	enum { BATCH = 64 };
	struct bed bed;

	if (!bed_open(&bed, context)) {
		cbench_fail(state, "cannot be built");
		return;
	}
	if (bed_verified(&bed))
		while (cbench_keep_running_batch(state, BATCH))
			(void)bed.row->run(&bed, BATCH);
	else
		cbench_fail(state, "the answers are wrong");
	bed_close(&bed);
}

static int register_row(const struct row *row, void *context)
{
	(void)context;
	if (!row->times)
		cbench_register(row->name, run_row, (void *)(uintptr_t)row);
	return 0;
}

void register_rows(void)
{
	(void)each_row(register_row, NULL);
}
