/* SPDX-License-Identifier: MIT */
/*
 * What the programming interface costs: commands, events, stalls, register accesses.  Every row
 * verifies what came of it, then times it.
 *
 * Times are per command, event, stall or access.  Rows stand beside `queue/reference`, a lock taken
 * and given back around the copy of one command, which is the least that one entry of a queue
 * shared by threads can cost: a row is so many times that.
 */
#include "cbench.h"
#include "rows.h"

#include <smmu/smmu.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Registers, 6.2 */
enum {
	CR0 = 0x20,
	STRTAB_BASE = 0x80,
	STRTAB_BASE_CFG = 0x88,
	CMDQ_BASE = 0x90,
	CMDQ_PROD = 0x98,
	CMDQ_CONS = 0x9c,
	EVENTQ_BASE = 0xa0,
	EVENTQ_PROD = 0x100a8,
	EVENTQ_CONS = 0x100ac,
};

/* Memory: one STE, a stage 2 table without entries, two queues of 2^QUEUE_LG2 */
enum {
	STE_AT = 0,
	TABLE_AT = 0x1000,
	COMMANDS_AT = 0x4000,
	EVENTS_AT = 0x8000,
	RAM_BYTES = 0x10000,
	QUEUE_LG2 = 8,
	INDEX_MASK = (2 << QUEUE_LG2) - 1,
	ENTRY_MASK = (1 << QUEUE_LG2) - 1,
};

#define RAM_AT UINT64_C(0x80000000)

/* Commands: opcodes and fields of chapter 4 */
#define TLBI_NH_VA UINT64_C(0x12)
#define RESUME UINT64_C(0x44)
#define SYNC UINT64_C(0x46)
#define ABORTED (UINT64_C(1) << 13) /* CMD_RESUME: Ac = 0, Ab = 1 */

struct bed {
	struct smmu3 *smmu;
	unsigned char *ram;
	uint32_t prod, cons; /* the driver's own: of the Command queue, of the Event queue */
	uint64_t ended;      /* stalls that are over */
};

/* A row: what is repeated, how many things one repetition does, and what else it needs. */
struct row {
	const char *name;
	void (*repeat)(struct bed *bed, unsigned times);
	unsigned times;
	uint8_t stalls; /* S2S = 1 */
	uint8_t cr0;
	uint8_t commands; /* it consumes commands */
	uint8_t events;   /* it records events */
};

static uint32_t read_register(struct bed *bed, uint64_t offset)
{
	uint64_t value;

	(void)smmu3_mmio_read(bed->smmu, SMMU3_PAS_NS, offset, 4, &value);
	return (uint32_t)value;
}

static void write_register(struct bed *bed, uint64_t offset, uint64_t value)
{
	(void)smmu3_mmio_write(bed->smmu, SMMU3_PAS_NS, offset, 4, value);
}

static void put(struct bed *bed, uint64_t at, uint64_t value)
{
	memcpy(bed->ram + at, &value, sizeof(value));
}

static void queue(struct bed *bed, uint64_t low, uint64_t high)
{
	const uint64_t at = COMMANDS_AT + 16 * (bed->prod & ENTRY_MASK);

	put(bed, at, low);
	put(bed, at + 8, high);
	bed->prod = (bed->prod + 1) & INDEX_MASK;
}

/* Rings the doorbell, and polls as a driver does. */
static void ring(struct bed *bed)
{
	write_register(bed, CMDQ_PROD, bed->prod);
	while (read_register(bed, CMDQ_CONS) != bed->prod)
		;
}

/* Takes what is in the Event queue; the StreamID and STAG of the last come back. */
static uint64_t take_events(struct bed *bed)
{
	uint64_t word = 0;

	bed->cons = read_register(bed, EVENTQ_PROD);
	memcpy(&word, bed->ram + EVENTS_AT + 32 * ((bed->cons - 1) & ENTRY_MASK) + 8, sizeof(word));
	write_register(bed, EVENTQ_CONS, bed->cons);
	return word;
}

static enum smmu3_verdict access_once(struct bed *bed)
{
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4 };
	struct smmu3_outcome outcome;

	return smmu3_translate(bed->smmu, &txn, &outcome);
}

/* ---- What is repeated ---- */

static void synchronise_each(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i += 2) {
		queue(bed, TLBI_NH_VA, 0x1000);
		queue(bed, SYNC, 0);
		ring(bed);
	}
}

static void synchronise_at_end(struct bed *bed, unsigned times)
{
	for (unsigned i = 1; i < times; i++)
		queue(bed, TLBI_NH_VA, 0x1000);
	queue(bed, SYNC, 0);
	ring(bed);
}

static void record(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)access_once(bed);
	(void)take_events(bed);
}

static void fault(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)access_once(bed);
}

static void stall(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		(void)access_once(bed);
		queue(bed, RESUME | ABORTED, take_events(bed) & 0xffff);
		ring(bed);
	}
}

static void look(struct bed *bed, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		(void)read_register(bed, CR0);
}

enum { SMMUEN = 1, EVENTQEN = 4, CMDQEN = 8 };

static const struct row rows[] = {
	{ "queue/tlbi_each_with_sync", synchronise_each, 64, 0, CMDQEN, 1, 0 },
	{ "queue/tlbis_with_one_sync", synchronise_at_end, 64, 0, CMDQEN, 1, 0 },
	{ "queue/fault_unrecorded", fault, 64, 0, SMMUEN, 0, 0 },
	{ "queue/fault_recorded", record, 64, 0, SMMUEN | EVENTQEN, 0, 1 },
	{ "queue/stall_and_resume", stall, 8, 1, SMMUEN | EVENTQEN | CMDQEN, 1, 1 },
	{ "queue/register_read", look, 64, 0, 0, 0, 0 },
};

/* ---- The machine ---- */

static void count_end(void *context, const struct smmu3_stall *ended)
{
	struct bed *bed = context;

	bed->ended += ended->end == SMMU3_STALL_ABORT;
}

/* STE: V, stage 2 alone, T0SZ 32, SL0 1, AA64, a table without entries, R and S as wanted.  5.2 */
static void put_stream(struct bed *bed, bool stalls)
{
	put(bed, STE_AT, 1 | 6 << 1);
	put(bed, STE_AT + 8, UINT64_C(1) << 44);
	put(bed, STE_AT + 16,
	    UINT64_C(32) << 32 | UINT64_C(1) << 38 | UINT64_C(5) << 48 | UINT64_C(1) << 51 |
		    (uint64_t)stalls << 57 | UINT64_C(1) << 58);
	put(bed, STE_AT + 24, RAM_AT + TABLE_AT);
}

static struct smmu3 *create(struct bed *bed)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = bed,
					 .stall_ended = count_end };
	struct smmu3_config config;

	if (smmu3_config_init(&config, "generic-3.1", NULL))
		return NULL;
	config.idr[0] &= ~0x3000000u; /* STALL_MODEL: both */
	config.idr[5] |= 16u << 16;   /* STALL_MAX */
	return smmu3_create(&config, &host, NULL);
}

static void close_bed(struct bed *bed)
{
	smmu3_destroy(bed->smmu);
	free(bed->ram);
}

static bool open_bed(struct bed *bed, const struct row *row)
{
	*bed = (struct bed){ .ram = aligned_alloc(4096, RAM_BYTES) };
	bed->smmu = create(bed);
	if (!bed->ram || !bed->smmu ||
	    smmu3_add_ram(bed->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_ALL, bed->ram)) {
		close_bed(bed);
		return false;
	}
	memset(bed->ram, 0, RAM_BYTES);
	put_stream(bed, row->stalls);
	(void)smmu3_mmio_write(bed->smmu, SMMU3_PAS_NS, STRTAB_BASE, 8, RAM_AT + STE_AT);
	(void)smmu3_mmio_write(bed->smmu, SMMU3_PAS_NS, CMDQ_BASE, 8,
			       (RAM_AT + COMMANDS_AT) | QUEUE_LG2);
	(void)smmu3_mmio_write(bed->smmu, SMMU3_PAS_NS, EVENTQ_BASE, 8,
			       (RAM_AT + EVENTS_AT) | QUEUE_LG2);
	write_register(bed, CR0, row->cr0);
	return true;
}

/* Does one repetition move the indexes as far as it should, and end what it stalls? */
static bool verified(struct bed *bed, const struct row *row)
{
	const bool waits = row->stalls, faults = row->cr0 & SMMUEN;

	if (faults && access_once(bed) != (waits ? SMMU3_STALLED : SMMU3_ABORT))
		return false;
	if (waits) {
		queue(bed, RESUME | ABORTED, take_events(bed) & 0xffff);
		ring(bed);
	}
	const uint32_t consumed = read_register(bed, CMDQ_CONS);
	const uint32_t recorded = read_register(bed, EVENTQ_PROD);

	row->repeat(bed, row->times);
	return read_register(bed, CMDQ_CONS) - consumed == (row->commands ? row->times : 0) &&
	       read_register(bed, EVENTQ_PROD) - recorded == (row->events ? row->times : 0) &&
	       bed->ended == (waits ? row->times + 1 : 0);
}

static void time_row(struct cbench_state *state, void *context)
{
	const struct row *row = context;
	struct bed bed;

	if (!open_bed(&bed, row)) {
		cbench_fail(state, "cannot be built");
		return;
	}
	if (verified(&bed, row))
		while (cbench_keep_running_batch(state, row->times))
			row->repeat(&bed, row->times);
	else
		cbench_fail(state, "the answers are wrong");
	close_bed(&bed);
}

/* ---- The reference ---- */

static void time_reference(struct cbench_state *state, void *context)
{
	enum { BATCH = 64 };
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	const volatile uint64_t *entry = context;
	volatile uint64_t copy[2];

	while (cbench_keep_running_batch(state, BATCH))
		for (unsigned i = 0; i < BATCH; i++) {
			pthread_mutex_lock(&lock);
			copy[0] = entry[0];
			copy[1] = entry[1];
			pthread_mutex_unlock(&lock);
		}
	(void)copy;
}

void register_queues(void)
{
	static uint64_t entry[2];

	cbench_register("queue/reference", time_reference, entry);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cbench_register(rows[i].name, time_row, (void *)(uintptr_t)&rows[i]);
}
