/* SPDX-License-Identifier: MIT */
/*
 * What a translation costs when nothing is kept, and in the rows "kept" when all of it is: every
 * row verifies its answers, then times them.
 *
 * Times are per translation.  `fetches` is how many structures each one reads (Stream table entry,
 * Context descriptor, descriptors of both stages); rows of one page find them in the processor's
 * caches, rows of many pages mostly do not.
 */
#include "cbench.h"
#include "machine.h"
#include "rows.h"

#include <smmu/inspect.h>

#include <stdlib.h>
#include <time.h>

static const struct shape shapes[] = {
	{ "disabled", .pages = 1 },
	{ "bypass", .pages = 1, .enabled = 1 },
	{ "s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, 0, 0 },
	{ "s1_16k/1_page", 14, 0, 48, 1, 1, 0, 0, 0, 0 },
	{ "s1_64k/1_page", 16, 0, 48, 1, 1, 0, 0, 0, 0 },
	{ "s2_4k/1_page", 0, 12, 44, 1, 1, 0, 0, 0, 0 },
	{ "nested_4k_4k/1_page", 12, 12, 44, 1, 1, 0, 0, 0, 0 },
	{ "nested_64k_64k/1_page", 16, 16, 44, 1, 1, 0, 0, 0, 0 },
	{ "s1_4k/64K_pages", 12, 0, 48, 1, 1 << 16, 0, 0, 0, 0 },
	{ "s2_4k/64K_pages", 0, 12, 44, 1, 1 << 16, 0, 0, 0, 0 },
	{ "nested_4k_4k/64K_pages", 12, 12, 44, 1, 1 << 16, 0, 0, 0, 0 },
	{ "translated/full/64K_pages", 0, 12, 44, 1, 1 << 16, 0, 1, 0, 0 },
	{ "translated/dpt/1_page", 0, 12, 44, 1, 1, 0, 3, 0, 0 },
	{ "translated/dpt/64K_pages", 0, 12, 44, 1, 1 << 16, 0, 3, 0, 0 },
	{ "kept/bypass", .pages = 1, .enabled = 1, .kept = 64 },
	{ "kept/s1_4k/1_page", 12, 0, 48, 1, 1, 64, 0, 0, 0 },
	{ "kept/nested_4k_4k/1_page", 12, 12, 44, 1, 1, 64, 0, 0, 0 },
	{ "kept/s1_4k/64K_pages", 12, 0, 48, 1, 1 << 16, 1 << 17, 0, 0, 0 },
	{ "kept/nested_4k_4k/64K_pages", 12, 12, 44, 1, 1 << 16, 1 << 18, 0, 0, 0 },
	{ "kept/translated/full/1_page", 0, 12, 44, 1, 1, 64, 1, 0, 0 },
	{ "kept/translated/dpt/1_page", 0, 12, 44, 1, 1, 64, 3, 0, 0 },
	{ "kept/translated/dpt/64K_pages", 0, 12, 44, 1, 1 << 16, 1 << 18, 3, 0, 0 },
	/* the same, and statistics are asked for: what counting costs */
	{ "counted/disabled", .pages = 1, .counts = COUNTS_STATISTICS },
	{ "counted/s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, COUNTS_STATISTICS, 0 },
	{ "counted/nested_4k_4k/1_page", 12, 12, 44, 1, 1, 0, 0, COUNTS_STATISTICS, 0 },
	{ "counted/kept/s1_4k/1_page", 12, 0, 48, 1, 1, 64, 0, COUNTS_STATISTICS, 0 },
	/* and with performance monitors, disabled and enabled */
	{ "monitors_off/s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, HAS_MONITORS, 0 },
	{ "monitors/s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, COUNTS_MONITORS, 0 },
	{ "monitors/nested_4k_4k/1_page", 12, 12, 44, 1, 1, 0, 0, COUNTS_MONITORS, 0 },
	{ "monitors/kept/s1_4k/1_page", 12, 0, 48, 1, 1, 64, 0, COUNTS_MONITORS, 0 },
	/* with a Root interface: nothing is checked; everything is, against a table of granules */
	{ "unguarded/s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, 0, 1 },
	{ "guarded/bypass", .pages = 1, .enabled = 1, .guarded = 2 },
	{ "guarded/s1_4k/1_page", 12, 0, 48, 1, 1, 0, 0, 0, 2 },
	{ "guarded/nested_4k_4k/1_page", 12, 12, 44, 1, 1, 0, 0, 0, 2 },
	{ "guarded/kept/bypass", .pages = 1, .enabled = 1, .kept = 64, .guarded = 2 },
	{ "guarded/kept/s1_4k/1_page", 12, 0, 48, 1, 1, 64, 0, 0, 2 },
	{ "guarded/kept/s1_4k/64K_pages", 12, 0, 48, 1, 1 << 16, 1 << 17, 0, 0, 2 },
};

enum { BATCH = 64 };

static struct smmu3_txn access_to(const struct shape *shape, uint32_t index)
{
	return (struct smmu3_txn){ .addr = 0x40 + (shape->eats ? machine_output(shape, index) :
								 machine_input(shape, index)),
				   .bytes = 64,
				   .sid = MACHINE_SID,
				   .ats = shape->eats ? SMMU3_ATS_TRANSLATED : 0 };
}

/* Is every page sent where the tables say, and is what lies beyond the last refused? */
static bool verified(struct machine *machine)
{
	const struct shape *shape = machine->shape;
	struct smmu3_outcome outcome;

	for (uint32_t i = 0; i < shape->pages; i++) {
		const struct smmu3_txn txn = access_to(shape, i);

		if (smmu3_translate(machine->smmu, &txn, &outcome) != SMMU3_OK ||
		    outcome.pa != machine_output(shape, i) + 0x40)
			return false;
	}
	if ((!shape->s1_granule_lg2 && !shape->s2_granule_lg2) || shape->eats == 1)
		return true;
	const struct smmu3_txn beyond = access_to(shape, shape->pages * 2);

	return smmu3_translate(machine->smmu, &beyond, &outcome) == SMMU3_ABORT &&
	       outcome.event == (shape->eats ? 0x07 : 0x10);
}

static void count(void *context, const struct smmu3_step *step)
{
	unsigned *fetches = context;

	(void)step;
	++*fetches;
}

static double fetches_of(struct machine *machine)
{
	const struct smmu3_txn txn = access_to(machine->shape, 0);
	struct smmu3_outcome outcome;
	unsigned fetches = 0;

	(void)smmu3_explain(machine->smmu, &txn, &outcome, count, &fetches);
	return fetches;
}

/* The next page, in an order that neither processor nor tables can guess: a generator of full
 * period over 32 bits. */
static uint32_t next_page(uint32_t *random, uint32_t pages)
{
	*random = *random * 1664525u + 1013904223u;
	return (*random >> 8) & (pages - 1);
}

/* ---- What checks cost ---- */

enum { TIMES = 20000 };

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double time_of(struct machine *machine)
{
	struct smmu3_outcome outcome;
	uint32_t random = 1;
	const double began = now();

	for (unsigned i = 0; i < TIMES; i++) {
		const struct smmu3_txn txn = access_to(machine->shape,
						       next_page(&random, machine->shape->pages));

		(void)smmu3_translate(machine->smmu, &txn, &outcome);
	}
	return now() - began;
}

/* How many translations without checks one with them costs. */
static void compare(struct cbench_state *state, struct machine *machine)
{
	struct shape shape = *machine->shape;

	shape.guarded = 1;
	struct machine *unguarded = machine_create(&shape);

	if (unguarded && verified(unguarded)) {
		(void)time_of(machine);
		cbench_counter(state, "of_unguarded", time_of(machine) / time_of(unguarded));
	}
	machine_free(unguarded);
}

/* ---- A row ---- */

static void walk(struct cbench_state *state, void *context)
{
	struct machine *machine = machine_create(context);
	struct smmu3_outcome outcome;
	uint32_t random = 1;

	if (!machine || !verified(machine)) {
		cbench_fail(state, "the answers are wrong");
		machine_free(machine);
		return;
	}
	while (cbench_keep_running_batch(state, BATCH))
		for (unsigned i = 0; i < BATCH; i++) {
			const struct smmu3_txn txn = access_to(machine->shape,
							       next_page(&random,
									 machine->shape->pages));

			(void)smmu3_translate(machine->smmu, &txn, &outcome);
		}
	cbench_counter(state, "fetches", fetches_of(machine));
	if (machine->shape->guarded == 2)
		compare(state, machine);
	machine_free(machine);
}

void register_walks(void)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		cbench_register(shapes[i].name, walk, (void *)(uintptr_t)&shapes[i]);
}
