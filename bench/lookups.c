/* SPDX-License-Identifier: MIT */
/*
 * What a request of ATOS costs software: the address and RUN are written, RUN and the result are
 * read.  Every row verifies its answer, then times it.
 *
 * Times are per request.  `of_translate` is how many translations by smmu3_translate of the same
 * page one request costs.
 */
#include "cbench.h"
#include "machine.h"
#include "rows.h"

#include <time.h>

/* Registers, 6.3.37 to 6.3.40 */
enum { GATOS_CTRL = 0x100, GATOS_SID = 0x108, GATOS_ADDR = 0x110, GATOS_PAR = 0x118 };

static const struct shape shapes[] = {
	{ "atos/s1_4k", 12, 0, 48, 1, 1, 0, 0, 0, 0 },
	{ "atos/s2_4k", 0, 12, 44, 1, 1, 0, 0, 0, 0 },
	{ "atos/nested_4k_4k", 12, 12, 44, 1, 1, 0, 0, 0, 0 },
	{ "kept/atos/nested_4k_4k", 12, 12, 44, 1, 1, 64, 0, 0, 0 },
};

enum { BATCH = 64 };

/* ATOS_ADDR: a read, through the stages that there are. */
static uint64_t address_word(const struct shape *shape)
{
	const uint64_t stage1 = shape->s1_granule_lg2 != 0, stage2 = shape->s2_granule_lg2 != 0;

	return machine_input(shape, 0) | 1 << 8 | stage1 << 10 | stage2 << 11;
}

static void write_register(struct machine *machine, uint64_t offset, unsigned size, uint64_t value)
{
	(void)smmu3_mmio_write(machine->smmu, SMMU3_PAS_NS, offset, size, value);
}

static uint64_t read_register(struct machine *machine, uint64_t offset, unsigned size)
{
	uint64_t value;

	(void)smmu3_mmio_read(machine->smmu, SMMU3_PAS_NS, offset, size, &value);
	return value;
}

static uint64_t ask(struct machine *machine, uint64_t address)
{
	write_register(machine, GATOS_ADDR, 8, address);
	write_register(machine, GATOS_CTRL, 4, 1);
	while (read_register(machine, GATOS_CTRL, 4))
		;
	return read_register(machine, GATOS_PAR, 8);
}

/* 4KB of Write-Back memory: bits 55:12 are the address, and FAULT is 0. */
static bool verified(struct machine *machine)
{
	const uint64_t par = ask(machine, address_word(machine->shape));

	return !(par & 0x801) && par >> 56 == 0xff &&
	       (par & UINT64_C(0xfffffffffff000)) == machine_output(machine->shape, 0);
}

/* ---- The ratio ---- */

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

enum { TIMES = 20000 };

static double time_of_requests(struct machine *machine)
{
	const double began = now();

	for (unsigned i = 0; i < TIMES; i++)
		(void)ask(machine, address_word(machine->shape));
	return now() - began;
}

static double time_of_translations(struct machine *machine)
{
	const struct smmu3_txn txn = { .addr = machine_input(machine->shape, 0),
				       .bytes = 4,
				       .sid = MACHINE_SID };
	struct smmu3_outcome outcome;
	const double began = now();

	for (unsigned i = 0; i < TIMES; i++)
		(void)smmu3_translate(machine->smmu, &txn, &outcome);
	return now() - began;
}

/* ---- A row ---- */

static void look_up(struct cbench_state *state, void *context)
{
	struct machine *machine = machine_create(context);

	if (machine)
		write_register(machine, GATOS_SID, 8, MACHINE_SID);
	if (!machine || !verified(machine)) {
		cbench_fail(state, "the answers are wrong");
		machine_free(machine);
		return;
	}
	while (cbench_keep_running_batch(state, BATCH))
		for (unsigned i = 0; i < BATCH; i++)
			(void)ask(machine, address_word(machine->shape));
	cbench_counter(state, "of_translate",
		       time_of_requests(machine) / time_of_translations(machine));
	machine_free(machine);
}

void register_lookups(void)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		cbench_register(shapes[i].name, look_up, (void *)(uintptr_t)&shapes[i]);
}
