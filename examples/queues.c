/* SPDX-License-Identifier: MIT */
/*
 * The other half of a driver, and a device that can wait: queues, interrupts, stalls.
 *
 * The device's first access finds nothing mapped and stalls. The driver hears the Event queue's
 * interrupt, reads the record in memory, maps what is missing, and resumes the access: CMD_RESUME.
 * stage1.c has the tables; here they are one STE, one CD and one table, written by hand.
 */
#include <smmu/decode.h>
#include <smmu/tables.h>

#include <stdio.h>
#include <stdlib.h>

enum { SID = 0, LOG2_ENTRIES = 4, ENTRIES = 1 << LOG2_ENTRIES, MISSES = 2 };
enum { STE_AT = 0x0, CD_AT = 0x1000, TABLE_AT = 0x2000, COMMANDS_AT = 0x3000, EVENTS_AT = 0x4000 };
enum { RAM_BYTES = 0x5000 }; /* queues are aligned to their size, or the SMMU takes them to be */
#define RAM_BASE UINT64_C(0x80000000)
#define BLOCK_PA UINT64_C(0x40000000)

/* The machine's memory. On a little-endian host words stand there as they are. */
static _Alignas(4096) uint64_t ram[RAM_BYTES / 8];
static struct smmu3 *smmu;

static uint64_t *word_at(unsigned offset)
{
	return &ram[offset / 8];
}

static void set(const char *structure, uint64_t *words, const char *field, uint64_t value)
{
	if (smmu3_field_set(words, smmu3_field(smmu3_layout(structure), field), value)) {
		(void)fprintf(stderr, "%s has no %s, or not so wide a one\n", structure, field);
		exit(1);
	}
}

static uint64_t get(const char *structure, const uint64_t *words, const char *field)
{
	return smmu3_field_get(words, smmu3_field(smmu3_layout(structure), field));
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

/* ---- The device: accesses that can wait, and one that cannot ---- */

static unsigned finished, aborted;

static void access_at(uint64_t addr, unsigned flags)
{
	/* The cookie is what the device knows the access by: here, where it went. */
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 8, .sid = SID, .flags = (uint16_t)flags, .cookie = addr
	};
	struct smmu3_outcome outcome;
	const enum smmu3_verdict verdict = smmu3_translate(smmu, &txn, &outcome);

	finished += verdict == SMMU3_OK;
	aborted += verdict == SMMU3_ABORT;
	(void)printf("device: %#llx: %s", (unsigned long long)addr, smmu3_verdict_name(verdict));
	if (verdict == SMMU3_OK)
		(void)printf(", PA %#llx", (unsigned long long)outcome.pa);
	(void)printf("\n");
}

/* The wait is over. This may come before the smmu3_translate that stalled has returned, for who
 * handles interrupts in the callback resumes there. */
static void stall_ended(void *context, const struct smmu3_stall *stall)
{
	(void)context;
	if (stall->end == SMMU3_STALL_RETRY) {
		access_at(stall->cookie, 0);
		return;
	}
	aborted++;
	(void)printf("device: %#llx: terminated\n", (unsigned long long)stall->cookie);
}

/* ---- The driver ---- */

static unsigned pending; /* a bit for each interrupt */

/* An emulator sets a line of its interrupt controller here; the driver's handler runs later. */
static void interrupt(void *context, enum smmu3_interrupt which)
{
	(void)context;
	pending |= 1u << which;
}

/* Puts a command into the queue. Indexes have one bit more than the queue's: it tells a full queue
 * from an empty one. Unless the queue is stopped by an error, the command has been consumed when
 * smmu3_mmio_write returns; so this one is never full. */
static void submit(const uint64_t command[2])
{
	const uint64_t prod = read_register("CMDQ_PROD");
	uint64_t *slot = word_at(COMMANDS_AT) + prod % ENTRIES * 2;

	slot[0] = command[0];
	slot[1] = command[1];
	write_register("CMDQ_PROD", (prod + 1) % (ENTRIES * 2));
}

static void sync(void)
{
	uint64_t command[2] = { 0 };

	set("CMD_SYNC", command, "opcode", 0x46);
	submit(command);
}

static void resume(uint64_t stag, int retry)
{
	uint64_t command[2] = { 0 };

	set("CMD_RESUME", command, "opcode", 0x44);
	set("CMD_RESUME", command, "StreamID", SID);
	set("CMD_RESUME", command, "STAG", stag);
	set("CMD_RESUME", command, "Ac", (uint64_t)retry); /* 1: retry; 0: terminate, */
	set("CMD_RESUME", command, "Ab", 1);               /* with an abort */
	submit(command);
	sync();
}

/* Maps 1 GB: a block. */
static void map(uint64_t va)
{
	const struct smmu3_s1_attributes rw = { .sh = SMMU3_ISH, .ap = 1, .af = 1, .ng = 1 };

	word_at(TABLE_AT)[va >> 30] = BLOCK_PA | smmu3_s1_leaf(&rw) | 1; /* Type 0, Valid 1 */
}

/* All records have the fields that are read here at the same place, so far as they have them. */
static void handle_event(const uint64_t record[4])
{
	const uint64_t addr = get("F_TRANSLATION", record, "InputAddr");
	const int known = addr >> 30 == 0;

	(void)printf("driver: %s at %#llx, Stall=%u\n", smmu3_event_name(record[0] & 0xff),
		     (unsigned long long)addr, (unsigned)get("F_TRANSLATION", record, "Stall"));
	if (!get("F_TRANSLATION", record, "Stall"))
		return;
	if (known)
		map(addr);
	resume(get("F_TRANSLATION", record, "STAG"), known);
}

static void handle_events(void)
{
	uint64_t cons = read_register("EVENTQ_CONS");

	while (cons != read_register("EVENTQ_PROD")) {
		handle_event(word_at(EVENTS_AT) + cons % ENTRIES * 4);
		cons = (cons + 1) % (ENTRIES * 2);
		write_register("EVENTQ_CONS", cons);
	}
}

/* A command that is ILLEGAL stops the queue. CMD_SYNC takes its place, then GERRORN acknowledges
 * the error, and the queue goes on. 7.1 */
static void handle_error(void)
{
	const uint64_t cons = read_register("CMDQ_CONS");
	uint64_t *slot = word_at(COMMANDS_AT) + cons % ENTRIES * 2;

	(void)printf("driver: command %#llx: CMDQ_CONS.ERR is %llu\n", (unsigned long long)slot[0],
		     (unsigned long long)get("SMMU_CMDQ_CONS", &cons, "ERR"));
	slot[0] = 0x46;
	slot[1] = 0;
	write_register("GERRORN", read_register("GERROR"));
}

static void handle_interrupts(void)
{
	const unsigned now = pending;

	pending = 0;
	if (now & 1u << SMMU3_INTERRUPT_EVENTQ)
		handle_events();
	if (now & 1u << SMMU3_INTERRUPT_GERROR)
		handle_error();
}

static void write_tables(void)
{
	uint64_t *ste = word_at(STE_AT), *cd = word_at(CD_AT);

	set("STE", ste, "V", 1);
	set("STE", ste, "Config", 5); /* stage 1 translates */
	set("STE", ste, "S1ContextPtr", RAM_BASE + CD_AT);
	set("CD", cd, "V", 1);
	set("CD", cd, "AA64", 1);
	set("CD", cd, "T0SZ", 25); /* VAs of 39 bits: a walk begins at level 1 */
	set("CD", cd, "IPS", 2);   /* outputs of 40 bits */
	set("CD", cd, "TTB0", RAM_BASE + TABLE_AT);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	set("CD", cd, "S", 1); /* faults stall, unless the client cannot; */
	set("CD", cd, "A", 1); /* those that do not stall abort, */
	set("CD", cd, "R", 1); /* and are recorded */
}

static void enable(void)
{
	write_register("CR1", 0xd75); /* Write-Back, Inner Shareable */
	write_register("STRTAB_BASE", RAM_BASE + STE_AT);
	write_register("STRTAB_BASE_CFG", 0); /* linear, 2^0 entries */
	write_register("CMDQ_BASE", (RAM_BASE + COMMANDS_AT) | LOG2_ENTRIES);
	write_register("EVENTQ_BASE", (RAM_BASE + EVENTS_AT) | LOG2_ENTRIES);
	write_register("IRQ_CTRL", 0x5); /* EVENTQ_IRQEN, GERROR_IRQEN */
	write_register("CR0", 0xd);      /* CMDQEN, EVENTQEN, SMMUEN */
}

static struct smmu3 *create(void)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .interrupt = interrupt,
					 .stall_ended = stall_ended };
	struct smmu3_config config;
	struct smmu3_error error;
	uint64_t idr0, idr5;

	if (smmu3_config_init(&config, "generic-3.1", &error))
		return NULL;
	idr0 = config.idr[0];
	idr5 = config.idr[5];
	set("SMMU_IDR0", &idr0, "STALL_MODEL", 0); /* stalls are for software to choose, */
	set("SMMU_IDR5", &idr5, "STALL_MAX", 8);   /* eight at a time */
	config.idr[0] = (uint32_t)idr0;
	config.idr[5] = (uint32_t)idr5;
	smmu = smmu3_create(&config, &host, &error);
	if (!smmu)
		(void)fprintf(stderr, "%s\n", error.text);
	return smmu;
}

int main(void)
{
	const uint64_t illegal[2] = { 0xff, 0 };

	if (!create() || smmu3_add_ram(smmu, RAM_BASE, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS), ram))
		return 1;
	write_tables();
	enable();
	access_at(0x40000000, SMMU3_TXN_NO_STALL); /* aborts at once, and is recorded */
	access_at(0x1000, 0);                      /* stalls, and is resumed */
	access_at(0x40001000, 0);                  /* stalls, and is terminated */
	submit(illegal); /* stops the queue: what is submitted now waits for handle_error */
	while (pending)
		handle_interrupts();
	const int as_meant = finished == 1 && aborted == MISSES &&
			     read_register("CMDQ_CONS") == read_register("CMDQ_PROD");

	smmu3_destroy(smmu);
	return as_meant ? 0 : 1;
}
