/* SPDX-License-Identifier: MIT */
/* Rows that are compared with each other, and so timed in turns. */
#include "modes.h"
#include "timing.h"

#include <stdio.h>
#include <string.h>

enum { ROWS_MOST = 10, ROUNDS = 300 };

struct group {
	const char *name;
	const char *row[ROWS_MOST];
};

static const struct group groups[] = {
	{ "one",
	  { "probe", "nothing/probe", "nothing/translate", "a/hit", "a/hit_described", "a/stream",
	    "a/port", "a/shared", "a/walks", "a/reference" } },
	{ "many",
	  { "probe", "a/hit", "b/hit", "b/stream", "b/port", "b/shared", "b/walks",
	    "b/reference" } },
	{ "nested",
	  { "probe", "b/hit", "b_nested/hit", "b_nested/stream", "b_nested/port", "b_nested/shared",
	    "b_nested/walks", "b_nested/reference" } },
	{ "misses", { "probe", "c/port", "c/batch", "c/shared", "c/walks", "c/reference" } },
	{ "nested_misses", { "probe", "d/port", "d/batch", "d/shared", "d/walks", "d/reference" } },
	{ "blocks", { "probe", "e/port", "e/batch", "e/shared", "e/walks", "e/reference" } },
#ifdef SMMU_SOURCE_DIR
	{ "recorded",
	  { "probe", "linux_6.1/port", "linux_6.1/shared", "linux_6.1/walks", "linux_6.12/port",
	    "linux_6.12/shared", "linux_6.12/walks" } },
#endif
	{ "tlbi_va",
	  { "probe", "tlbi_unheard", "tlbi_va/1K", "tlbi_va/64K", "tlbi_va/64K/port",
	    "tlbi_none/64K/port" } },
	{ "tlbi_asid",
	  { "probe", "tlbi_unheard", "tlbi_asid/1K", "tlbi_asid/64K", "tlbi_asid/64K/port",
	    "tlbi_none/64K/port" } },
	{ "tlbi_vmid",
	  { "probe", "tlbi_unheard", "tlbi_vmid/1K", "tlbi_vmid/64K", "tlbi_vmid/64K/port",
	    "tlbi_none/64K/port" } },
	{ "tlbi_all",
	  { "probe", "tlbi_unheard", "tlbi_all/1K", "tlbi_all/64K", "tlbi_all/64K/port",
	    "tlbi_none/64K/port" } },
	{ "disturbed",
	  { "probe", "b/hit", "b/tlbi_va/hit", "b/tlbi_asid/hit", "b/port", "b/tlbi_va/port",
	    "b/shared", "b/tlbi_va/shared", "b/tlbi_asid/shared" } },
	{ "streams",
	  { "probe", "streams/kept", "streams/missed", "streams/port", "streams/walks" } },
	{ "faults", { "probe", "faults/shared", "faults/port" } },
};

/* ---- A group ---- */

struct running {
	struct bed bed[ROWS_MOST];
	struct timed timed[ROWS_MOST];
	unsigned count;
};

static uint64_t run(void *context, unsigned times)
{
	struct bed *bed = context;

	return bed->row->run(bed, times);
}

static uint64_t expected(void *context, unsigned times)
{
	struct bed *bed = context;

	return bed->row->expected(bed, times);
}

static void prepare(void *context, unsigned times)
{
	struct bed *bed = context;

	bed->row->prepare(bed, times);
}

static bool open_row(struct running *running, const char *name)
{
	const struct row *row = row_named(name);
	struct bed *bed = &running->bed[running->count];

	if (!row || !bed_open(bed, row))
		return false;
	running->timed[running->count++] = (struct timed){ .context = bed,
							   .run = run,
							   .expected = row->expected ? expected :
										       NULL,
							   .prepare = row->prepare ? prepare : NULL,
							   .times = row->times };
	return bed_verified(bed);
}

static bool open_rows(struct running *running, const struct group *group)
{
	for (unsigned i = 0; i < ROWS_MOST && group->row[i]; i++)
		if (!open_row(running, group->row[i]))
			return false;
	return true;
}

static int tell(const struct running *running, const struct group *group)
{
	int code = 0;

	for (unsigned i = 0; i < running->count; i++) {
		if (running->timed[i].wrong) {
			(void)fprintf(stderr, "%s: answers were wrong when they were timed\n",
				      group->row[i]);
			code = 1;
		}
		(void)printf("time %s %s %.4f\n", group->name, group->row[i], running->timed[i].ns);
	}
	(void)fflush(stdout);
	return code;
}

static int time_group(const struct group *group)
{
	static struct running running;
	int code = 1;

	running = (struct running){ .count = 0 };
	if (open_rows(&running, group)) {
		timing_compare(running.timed, running.count, ROUNDS);
		code = tell(&running, group);
	}
	for (unsigned i = 0; i < running.count; i++)
		bed_close(&running.bed[i]);
	return code;
}

int time_groups(const char *named)
{
	int code = 0;

	for (unsigned i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (!named || strcmp(named, groups[i].name) == 0)
			code |= time_group(&groups[i]);
	return code;
}
