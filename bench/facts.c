/* SPDX-License-Identifier: MIT */
/* What is no time: what a port is made of, and that nothing is allocated once it is open. */
#include "allocations.h"
#include "modes.h"
#include "side.h"

#include <stdio.h>

enum { ACCESSES = 1 << 20 };

/* Rows that together do all that is done in steady state. */
static const char *const steady[] = {
	"b/hit", "b/port", "b/shared", "b/tlbi_va/port", "b/tlbi_asid/hit", "faults/shared",
};

static uint64_t allocated_by(const struct row *row, struct bed *bed)
{
	const uint64_t before = allocations_now().count;

	(void)row->run(bed, ACCESSES);
	return allocations_now().count - before;
}

static int count_allocations(void)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < sizeof(steady) / sizeof(steady[0]); i++) {
		const struct row *row = row_named(steady[i]);
		struct bed bed;

		if (!row || !bed_open(&bed, row))
			return 1;
		count += allocated_by(row, &bed);
		bed_close(&bed);
	}
	(void)printf("fact allocations %llu\n", (unsigned long long)count);
	return 0;
}

/* What a port takes that knows 64 streams. */
static int measure_port(void)
{
	const struct row *row = row_named("b/shared");
	struct bed bed;

	if (!row || !bed_open(&bed, row))
		return 1;
	const uint64_t before = allocations_now().bytes;
	const bool opened = side_open(&bed);
	const uint64_t taken = allocations_now().bytes - before;

	side_close(&bed);
	bed_close(&bed);
	(void)printf("fact hot_bytes %llu\n", (unsigned long long)taken);
	return opened ? 0 : 1;
}

int tell_facts(void)
{
	return allocations_known() ? count_allocations() | measure_port() : 0;
}
