/* SPDX-License-Identifier: MIT */
/*
 * What an invalidation costs beside caches that are full: every row sees first that what is meant
 * goes, then times.
 *
 * Times are per invalidation, as a CPU broadcasts it (`invalidate`) or as a command in a queue
 * (`command`), with caches of 64K places.  Of a broadcast `own` is what the caches take, in
 * nanoseconds: less what one takes that the SMMU does not listen to, CR2.PTM = 1, and less a lock
 * taken and given back; of a command it is all.  `of_1K` is how many times that of caches of 1K
 * places it is, `of_probe` how many times that of finding a number in a hash table which the
 * processor has at hand.
 */
#include "cbench.h"
#include "machine.h"
#include "rows.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Registers, 6.2 */
enum { CR0 = 0x20, CR2 = 0x2c, CMDQ_BASE = 0x90, CMDQ_PROD = 0x98, CMDQ_CONS = 0x9c };
enum { PTM = 1 << 2, CMDQEN = 8, SMMUEN = 1 };

enum { LARGE = 1 << 16, SMALL = 1 << 10, BATCH = 64 };

/* A row: what goes, and what is repeated, which means nothing that is kept: it stays full. */
struct row {
	const char *name;
	struct smmu3_invalidation meant;
	/* what changes from one to the next */
	uint8_t asids, vmids, pages;
	uint8_t s2; /* 1: of stage 2 alone */
	/* a command in the queue, less its StreamID; 0: a broadcast */
	uint64_t command;
	uint64_t more;
};

#define PAGE 0x1000
#define STAGE1 .kind = SMMU3_INVALIDATES_STAGE1, .vmids = 1
#define STAGES .kind = SMMU3_INVALIDATES_STAGES, .vmids = 1
#define STAGE2 .kind = SMMU3_INVALIDATES_STAGE2, .vmids = 1

/* CMD_CFGI_STE, CMD_CFGI_CD, CMD_CFGI_CD_ALL: chapter 4 */
#define CFGI_STE UINT64_C(0x3)
#define CFGI_CD UINT64_C(0x5)
#define CFGI_CD_ALL UINT64_C(0x6)
#define SYNC UINT64_C(0x46)

static const struct row rows[] = {
	{ "invalidate/asid", { STAGE1 }, .asids = 1 },
	{ "invalidate/vmid", { STAGE1, .any_asid = 1 }, .vmids = 1 },
	{ "invalidate/vmid_both", { STAGES, .any_asid = 1 }, .vmids = 1 },
	{ "invalidate/all", { STAGES, .any_asid = 1, .any_vmid = 1 }, .asids = 0 },
	{ "invalidate/va", { STAGE1, .bytes = PAGE }, .asids = 1, .pages = 1 },
	{ "invalidate/va_leaf", { STAGE1, .bytes = PAGE, .leaf = 1 }, .asids = 1, .pages = 1 },
	{ "invalidate/16_pages", { STAGE1, .bytes = 16 * PAGE }, .asids = 1, .pages = 1 },
	{ "invalidate/ipa",
	  { STAGE2, .bytes = PAGE, .any_asid = 1 },
	  .vmids = 1,
	  .pages = 1,
	  .s2 = 1 },
	{ "command/cfgi_ste", .command = CFGI_STE, .more = 1 },
	{ "command/cfgi_cd", .command = CFGI_CD, .more = 1 },
	{ "command/cfgi_cd_all", .command = CFGI_CD_ALL },
};

/* ---- A machine whose caches are full ---- */

struct bed {
	struct machine *machine;
	const struct row *row;
	struct shape shape;
	uint64_t commands; /* bytes of RAM before the Command queue */
	uint32_t prod;
};

static void write_register(struct bed *bed, uint64_t offset, unsigned size, uint64_t value)
{
	(void)smmu3_mmio_write(bed->machine->smmu, SMMU3_PAS_NS, offset, size, value);
}

static uint32_t read_register(struct bed *bed, uint64_t offset)
{
	uint64_t value;

	(void)smmu3_mmio_read(bed->machine->smmu, SMMU3_PAS_NS, offset, 4, &value);
	return (uint32_t)value;
}

static bool arrives(struct bed *bed, uint32_t page)
{
	const struct smmu3_txn txn = { .addr = machine_input(&bed->shape, page),
				       .bytes = 64,
				       .sid = MACHINE_SID };
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->machine->smmu, &txn, &outcome) == SMMU3_OK &&
	       outcome.pa == machine_output(&bed->shape, page);
}

static bool fill(struct bed *bed)
{
	bool all = true;

	for (uint32_t page = 0; page < bed->shape.pages; page++)
		all &= arrives(bed, page);
	return all;
}

enum { QUEUE_LG2 = 8, INDEX_MASK = (2 << QUEUE_LG2) - 1, ENTRY_MASK = (1 << QUEUE_LG2) - 1 };
#define RAM_AT UINT64_C(0x80000000)

static void open_queue(struct bed *bed)
{
	bed->commands = (bed->machine->used + 0xffff) & ~UINT64_C(0xffff);
	write_register(bed, CMDQ_BASE, 8, (RAM_AT + bed->commands) | QUEUE_LG2);
	write_register(bed, CR0, 4, SMMUEN | CMDQEN);
}

static void close_bed(struct bed *bed)
{
	machine_free(bed->machine);
}

static bool open_bed(struct bed *bed, const struct row *row, uint32_t places)
{
	*bed = (struct bed){ .row = row,
			     .shape = { .name = row->name,
					.s1_granule_lg2 = row->s2 ? 0 : 12,
					.s2_granule_lg2 = row->s2 ? 12 : 0,
					.input_bits = row->s2 ? 44 : 48,
					.enabled = 1,
					.pages = places,
					.kept = places } };
	bed->machine = machine_create(&bed->shape);
	if (!bed->machine)
		return false;
	open_queue(bed);
	return fill(bed);
}

/* ---- Invalidations ---- */

static void queue(struct bed *bed, uint64_t low, uint64_t high)
{
	const uint64_t word[2] = { low, high };

	memcpy(bed->machine->ram + bed->commands + 16 * (bed->prod & ENTRY_MASK), word,
	       sizeof(word));
	bed->prod = (bed->prod + 1) & INDEX_MASK;
}

static void ring(struct bed *bed)
{
	write_register(bed, CMDQ_PROD, 4, bed->prod);
	while (read_register(bed, CMDQ_CONS) != bed->prod)
		;
}

/* What stays as it is but for the number that is next. */
static struct smmu3_invalidation scope_of(const struct row *row, uint32_t number,
					  const struct shape *shape)
{
	struct smmu3_invalidation scope = row->meant;
	const uint32_t page = number * 2654435761u & (shape->pages - 1);

	if (row->asids)
		scope.asid = (uint16_t)(1 + number % 8);
	if (row->vmids)
		scope.vmid = (uint16_t)(1 + number % 8);
	if (row->pages)
		scope.addr = machine_input(shape, page);
	return scope;
}

static void repeat_broadcasts(struct bed *bed, uint32_t times)
{
	for (uint32_t i = 0; i < times; i++) {
		const struct smmu3_invalidation scope = scope_of(bed->row, i, &bed->shape);

		(void)smmu3_broadcast_tlbi(bed->machine->smmu, &scope);
	}
}

/* Of StreamIDs that none of what is kept is of. */
static void repeat_commands(struct bed *bed, uint32_t times)
{
	for (uint32_t i = 0; i < times; i += BATCH) {
		for (uint32_t j = 1; j < BATCH; j++)
			queue(bed, bed->row->command | (uint64_t)(16 + j) << 32, bed->row->more);
		queue(bed, SYNC, 0);
		ring(bed);
	}
}

static void repeat(struct bed *bed, uint32_t times)
{
	if (bed->row->command)
		repeat_commands(bed, times);
	else
		repeat_broadcasts(bed, times);
}

/* ---- What is meant goes ---- */

/* The last descriptor on the way of page 0. */
static uint64_t *descriptor_of(struct bed *bed)
{
	const uint64_t output = machine_output(&bed->shape, 0);
	uint64_t *const word = (uint64_t *)(void *)bed->machine->ram;

	for (uint64_t i = 0; i < bed->machine->used / sizeof(*word); i++)
		if ((word[i] & UINT64_C(0xfffffffff003)) == (output | 3))
			return &word[i];
	return NULL;
}

static void invalidate_meant(struct bed *bed)
{
	struct smmu3_invalidation scope = bed->row->meant;

	scope.addr = bed->row->pages ? machine_input(&bed->shape, 0) : 0;
	(void)smmu3_broadcast_tlbi(bed->machine->smmu, &scope);
}

/* A page is kept, whatever its descriptor becomes, until an invalidation means it. */
static bool verified(struct bed *bed)
{
	uint64_t *const word = descriptor_of(bed);

	if (!word || !arrives(bed, 0))
		return false;
	const uint64_t descriptor = *word;

	*word = 0;
	repeat(bed, BATCH);
	const bool stays = arrives(bed, 0) || (bed->row->meant.any_vmid && !bed->row->pages);

	invalidate_meant(bed);
	const bool goes = bed->row->command || !arrives(bed, 0);

	*word = descriptor;
	return stays && goes && fill(bed);
}

/* ---- Figures, in nanoseconds ---- */

enum { TIMES = 1024, TRIES = 100 };

static double now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void lock(struct bed *bed)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	(void)bed;
	for (unsigned i = 0; i < TIMES; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
}

/* A table of 256 numbers, which all are found. */
static void probe(struct bed *bed)
{
	static volatile uint64_t table[256];
	static volatile uint64_t sum;
	uint64_t found = 0;

	(void)bed;
	for (uint64_t i = 0; i < TIMES; i++)
		found += table[(i * UINT64_C(0x9e3779b97f4a7c15)) >> 56] == i;
	sum = found;
	(void)sum;
}

static void invalidate_often(struct bed *bed)
{
	repeat(bed, TIMES);
}

/* The least of many tries, as other programs run, too. */
static double least_of(void (*what)(struct bed *bed), struct bed *bed)
{
	double least = 0;

	what(bed);
	for (unsigned i = 0; i < TRIES; i++) {
		const double began = now();

		what(bed);
		const double took = (now() - began) / TIMES;

		least = !i || took < least ? took : least;
	}
	return least;
}

/* CR2 is written while the SMMU is disabled.  6.3.12 */
static void listen(struct bed *bed, bool listens)
{
	write_register(bed, CR0, 4, 0);
	write_register(bed, CR2, 4, listens ? 0 : PTM);
	write_register(bed, CR0, 4, SMMUEN | CMDQEN);
}

/* Of a command there is nothing to compare it with. */
static double own(struct bed *bed)
{
	const double all = least_of(invalidate_often, bed);

	if (bed->row->command)
		return all;
	listen(bed, false);
	const double unheard = least_of(invalidate_often, bed);

	listen(bed, true);
	return all - unheard - least_of(lock, bed);
}

static void compare(struct cbench_state *state, struct bed *bed)
{
	const double large = own(bed);
	struct bed small;

	if (open_bed(&small, bed->row, SMALL))
		cbench_counter(state, "of_1K", large / own(&small));
	close_bed(&small);
	cbench_counter(state, "own", large);
	cbench_counter(state, "of_probe", large / least_of(probe, bed));
}

/* ---- A row ---- */

static void invalidate(struct cbench_state *state, void *context)
{
	struct bed bed;

	if (!open_bed(&bed, context, LARGE) || !verified(&bed)) {
		cbench_fail(state, "the answers are wrong");
		close_bed(&bed);
		return;
	}
	while (cbench_keep_running_batch(state, BATCH))
		repeat(&bed, BATCH);
	compare(state, &bed);
	close_bed(&bed);
}

void register_invalidations(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cbench_register(rows[i].name, invalidate, (void *)(uintptr_t)&rows[i]);
}
