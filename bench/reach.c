/* SPDX-License-Identifier: MIT */
/*
 * What it costs to be told all that a stream reaches, as an audit is: every row verifies each
 * mapping, then times them.
 *
 * Times are per mapping.  `of_translate` is how many translations by smmu3_translate, of the same
 * pages in the same order, one mapping costs.
 */
#include "cbench.h"
#include "machine.h"
#include "rows.h"

#include <smmu/inspect.h>

#include <time.h>

static const struct shape shapes[] = {
	{ "reach/s1_4k/64K_pages", 12, 0, 48, 1, 1 << 16, 0, 0, 0, 0 },
	{ "reach/s2_4k/64K_pages", 0, 12, 44, 1, 1 << 16, 0, 0, 0, 0 },
	{ "reach/nested_4k_4k/64K_pages", 12, 12, 44, 1, 1 << 16, 0, 0, 0, 0 },
};

struct tally {
	const struct shape *shape;
	uint32_t count;
	bool wrong;
};

static int on_reach(void *context, const struct smmu3_reach *reach)
{
	struct tally *tally = context;

	tally->wrong |= tally->count >= tally->shape->pages ||
			reach->input != machine_input(tally->shape, tally->count) ||
			reach->pa != machine_output(tally->shape, tally->count) ||
			reach->size != 0x1000;
	tally->count++;
	return 0;
}

/* True: every page was told, in order, where it goes. */
static bool tell(const struct machine *machine)
{
	const struct smmu3_txn who = { .bytes = 1, .sid = MACHINE_SID };
	struct tally tally = { .shape = machine->shape };
	uint64_t budget = UINT64_C(1) << 30;

	return !smmu3_inspect_reach(machine->smmu, &who, &budget, on_reach, NULL, &tally) &&
	       !tally.wrong && tally.count == machine->shape->pages;
}

/* ---- The ratio ---- */

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double time_of_tellings(const struct machine *machine)
{
	const double began = now();

	for (unsigned i = 0; i < 4; i++)
		(void)tell(machine);
	return now() - began;
}

static double time_of_translations(const struct machine *machine)
{
	struct smmu3_outcome outcome;
	const double began = now();

	for (unsigned i = 0; i < 4; i++)
		for (uint32_t page = 0; page < machine->shape->pages; page++) {
			const struct smmu3_txn txn = { .addr = machine_input(machine->shape, page),
						       .bytes = 4,
						       .sid = MACHINE_SID };

			(void)smmu3_translate(machine->smmu, &txn, &outcome);
		}
	return now() - began;
}

/* ---- A row ---- */

static void reach(struct cbench_state *state, void *context)
{
	struct machine *machine = machine_create(context);

	if (!machine || !tell(machine)) {
		cbench_fail(state, "the answers are wrong");
		machine_free(machine);
		return;
	}
	while (cbench_keep_running_batch(state, machine->shape->pages))
		(void)tell(machine);
	cbench_counter(state, "of_translate",
		       time_of_tellings(machine) / time_of_translations(machine));
	machine_free(machine);
}

void register_reach(void)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		cbench_register(shapes[i].name, reach, (void *)(uintptr_t)&shapes[i]);
}
