/* SPDX-License-Identifier: MIT */
/*
 * Devices that are threads, each with a port of its own, while a driver takes their pages away.
 *
 * Each device translates and reads within sections of its port. The driver clears a descriptor,
 * invalidates it, and waits until CMDQ_CONS has passed the CMD_SYNC: no device uses the page any
 * more then, and it can be used for something else. What devices read is checked.
 */
#include <smmu/decode.h>
#include <smmu/port.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEVICES = 2, PAGES = 8, PAGE = 0x1000, LOG2_COMMANDS = 4, COMMANDS = 1 << LOG2_COMMANDS };
enum { STES_AT = 0, CD_AT = 0x1000, TABLES_AT = 0x2000, QUEUE_AT = 0x5000, PAGES_AT = 0x6000 };
enum { RAM_BYTES = PAGES_AT + PAGES * PAGE };
#define RAM_BASE UINT64_C(0x80000000)
#define OF_DEVICES UINT64_C(0x1111) /* what pages hold while they are the devices', */
#define REUSED UINT64_C(0x2222)     /* and afterwards */

/* The machine's memory: devices, the driver and the SMMU read and write it, 64 bits at a time. On a
 * little-endian host words stand there as they are. */
static _Alignas(4096) _Atomic uint64_t ram[RAM_BYTES / 8];
static struct smmu3 *smmu;
static atomic_uint at_work; /* devices */
static atomic_bool all_taken;

/* ---- Devices ---- */

struct device {
	uint32_t sid;
	unsigned long read, refused, wrong;
};

static void read_word(struct device *device, uint64_t pa)
{
	device->read++;
	device->wrong += ram[(pa - RAM_BASE) / 8] != OF_DEVICES;
}

static void take_outcome(struct device *device, const struct smmu3_outcome *outcome)
{
	if (outcome->verdict == SMMU3_OK)
		read_word(device, outcome->pa);
	else
		device->refused++;
}

static struct smmu3_txn read_of(const struct device *device, uint64_t addr)
{
	return (struct smmu3_txn){ .addr = addr, .bytes = 8, .sid = device->sid };
}

/* What the port has is enough for the access; else all of the outcome is asked for. */
static void read_by_port(struct device *device, struct smmu3_port *port, uint64_t addr)
{
	const struct smmu3_txn txn = read_of(device, addr);
	const struct smmu3_hit hit = smmu3_port_hit(port, &txn);
	struct smmu3_outcome outcome;

	if (hit.word) {
		read_word(device, hit.pa);
		return;
	}
	(void)smmu3_port_translate(port, &txn, &outcome);
	take_outcome(device, &outcome);
}

/* The same, of a device that has one stream and always knows which. */
static void read_by_handle(struct device *device, struct smmu3_stream *stream, uint64_t addr)
{
	const struct smmu3_hit hit = smmu3_stream_hit(stream, addr, 0);
	struct smmu3_outcome outcome;

	if (hit.word) {
		read_word(device, hit.pa);
		return;
	}
	const struct smmu3_txn txn = read_of(device, addr);

	(void)smmu3_stream_translate(stream, &txn, &outcome);
	take_outcome(device, &outcome);
}

/* All pages at once, as of a list of descriptors that a device works off. */
static void read_at_once(struct device *device, struct smmu3_port *port)
{
	struct smmu3_txn txn[PAGES];
	struct smmu3_outcome outcome[PAGES];

	for (unsigned i = 0; i < PAGES; i++)
		txn[i] = read_of(device, i * PAGE);
	smmu3_port_translate_batch(port, txn, outcome, PAGES);
	for (unsigned i = 0; i < PAGES; i++)
		take_outcome(device, &outcome[i]);
}

/* What is done between begin and end is done when a CMD_SYNC that comes meanwhile is consumed. So
 * sections should be short: the driver waits for them. */
static void work(struct device *device, struct smmu3_port *port, struct smmu3_stream *stream)
{
	smmu3_port_begin(port);
	for (unsigned i = 0; i < PAGES; i++) {
		read_by_port(device, port, i * PAGE);
		read_by_handle(device, stream, i * PAGE);
	}
	read_at_once(device, port);
	smmu3_port_end(port);
}

static void *run_device(void *argument)
{
	struct device *const device = argument;
	const struct smmu3_txn like = read_of(device, 0);
	struct smmu3_error error;
	struct smmu3_port *port = smmu3_port_open(smmu, NULL, &error);
	struct smmu3_stream *stream = port ? smmu3_stream_open(port, &like, &error) : NULL;

	if (!stream) {
		(void)fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	work(device, port, stream);
	at_work++;
	while (!all_taken)
		work(device, port, stream);
	work(device, port, stream);
	smmu3_port_close(port); /* and the handle */
	return NULL;
}

/* ---- The driver ---- */

static void set(const char *structure, uint64_t *words, const char *field, uint64_t value)
{
	if (smmu3_field_set(words, smmu3_field(smmu3_layout(structure), field), value)) {
		(void)fprintf(stderr, "%s has no %s, or not so wide a one\n", structure, field);
		exit(1);
	}
}

static void write_register(const char *name, uint64_t value)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);

	(void)smmu3_mmio_write(smmu, SMMU3_PAS_NS, layout->offset, layout->bits / 8u, value);
}

static uint64_t read_register(const char *name)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	uint64_t value = 0;

	(void)smmu3_mmio_read(smmu, SMMU3_PAS_NS, layout->offset, layout->bits / 8u, &value);
	return value;
}

static void put(unsigned offset, const uint64_t *words, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		ram[offset / 8 + i] = words[i];
}

/* It has been consumed when the write returns, unless it is a CMD_SYNC that finds a section open.
 */
static void submit(const uint64_t command[2])
{
	const uint64_t prod = read_register("CMDQ_PROD");

	put(QUEUE_AT + (unsigned)(prod % COMMANDS) * 16, command, 2);
	write_register("CMDQ_PROD", (prod + 1) % (2 * COMMANDS));
	while (read_register("CMDQ_CONS") != read_register("CMDQ_PROD"))
		(void)sched_yield();
}

static void take_page(unsigned page)
{
	uint64_t invalidate[2] = { 0 }, sync[2] = { 0 };

	ram[(TABLES_AT + 2 * PAGE) / 8 + page] = 0;
	set("CMD_TLBI_NH_VA", invalidate, "opcode", 0x12);
	set("CMD_TLBI_NH_VA", invalidate, "Leaf", 1);
	invalidate[1] |= page * UINT64_C(0x1000);
	submit(invalidate);
	set("CMD_SYNC", sync, "opcode", 0x46);
	submit(sync);
	ram[(PAGES_AT + page * PAGE) / 8] = REUSED; /* nobody reads this */
}

/* One STE for each device, one CD, tables of three levels, and pages from VA 0. */
static void write_tables(void)
{
	enum { TABLE = 3, LEAF = 0x743 }; /* AF, Inner Shareable, AP[1], AttrIndx 0, a page */
	uint64_t ste[8] = { 0 }, cd[8] = { 0 };

	set("STE", ste, "V", 1);
	set("STE", ste, "Config", 5); /* stage 1 translates */
	set("STE", ste, "S1ContextPtr", RAM_BASE + CD_AT);
	for (unsigned sid = 0; sid < DEVICES; sid++)
		put(STES_AT + sid * 64, ste, 8);
	set("CD", cd, "V", 1);
	set("CD", cd, "AA64", 1);
	set("CD", cd, "T0SZ", 25); /* VAs of 39 bits: a walk begins at level 1 */
	set("CD", cd, "IPS", 2);   /* outputs of 40 bits */
	set("CD", cd, "TTB0", RAM_BASE + TABLES_AT);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	set("CD", cd, "A", 1); /* faults abort; they are not recorded */
	put(CD_AT, cd, 8);
	ram[TABLES_AT / 8] = (RAM_BASE + TABLES_AT + PAGE) | TABLE;
	ram[(TABLES_AT + PAGE) / 8] = (RAM_BASE + TABLES_AT + 2 * PAGE) | TABLE;
	for (unsigned i = 0; i < PAGES; i++) {
		ram[(TABLES_AT + 2 * PAGE) / 8 + i] = (RAM_BASE + PAGES_AT + i * PAGE) | LEAF;
		ram[(PAGES_AT + i * PAGE) / 8] = OF_DEVICES;
	}
}

static void enable(void)
{
	write_register("CR1", 0xd75); /* Write-Back, Inner Shareable */
	write_register("STRTAB_BASE", RAM_BASE + STES_AT);
	write_register("STRTAB_BASE_CFG", 1); /* linear, 2^1 entries */
	write_register("CMDQ_BASE", (RAM_BASE + QUEUE_AT) | LOG2_COMMANDS);
	write_register("CR0", 0x9); /* CMDQEN, SMMUEN */
}

static struct smmu3 *create(void)
{
	struct smmu3_config config;
	struct smmu3_error error;

	if (smmu3_config_init(&config, "generic-3.1", &error))
		return NULL;
	config.caches.micro = 64; /* entries, for each */
	config.caches.micro_streams = 4;
	smmu = smmu3_create(&config, NULL, &error);
	if (!smmu)
		(void)fprintf(stderr, "%s\n", error.text);
	return smmu;
}

int main(void)
{
	struct device devices[DEVICES] = { { .sid = 0 }, { .sid = 1 } };
	pthread_t threads[DEVICES];
	int as_meant = 1;

	if (!create() || smmu3_add_ram(smmu, RAM_BASE, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS), ram))
		return 1;
	write_tables();
	enable();
	for (unsigned i = 0; i < DEVICES; i++)
		if (pthread_create(&threads[i], NULL, run_device, &devices[i]))
			return 1;
	while (at_work < DEVICES)
		(void)sched_yield();
	for (unsigned page = 0; page < PAGES; page++)
		take_page(page);
	all_taken = 1;
	for (unsigned i = 0; i < DEVICES; i++) {
		(void)pthread_join(threads[i], NULL);
		(void)printf("device %u: %lu reads, %lu refused\n", i, devices[i].read,
			     devices[i].refused);
		/* the first section reads every page three times, the last one none */
		as_meant &= devices[i].read >= 3 * PAGES && devices[i].refused >= 3 * PAGES &&
			    !devices[i].wrong;
	}
	smmu3_destroy(smmu); /* all ports are closed */
	return as_meant ? 0 : 1;
}
