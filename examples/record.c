/* SPDX-License-Identifier: MIT */
/*
 * A program that records what its SMMU meets and does, so that somebody else can do it again:
 *
 *	example-record session.zst && smmu-sim replay session.zst
 *
 * Memory is the program's own, by callbacks, for the recorder cannot see RAM windows; registers and
 * accesses go through the recorder.  All else is as without one.  stage1.c has the tables
 *explained, queues.c the queues.
 */
#include <smmu/decode.h>
#include <smmu/record.h>
#include <smmu/tables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAM_BYTES = 1 << 20, SID = 3, LOG2_ENTRIES = 4, ENTRIES = 1 << LOG2_ENTRIES };
enum { COMMANDS_AT = 0x0, EVENTS_AT = 0x1000, MESSAGE_AT = 0x2000, TABLES_AT = 0x10000 };
#define RAM_BASE UINT64_C(0x80000000)

static _Alignas(4096) unsigned char ram[RAM_BYTES];
static uint64_t used = TABLES_AT;
static struct smmu3_record *record;
static struct smmu3 *smmu;

/* ---- The host: memory, and an interrupt that the driver looks at later ---- */

static unsigned pending;

static unsigned char *memory_at(uint64_t pa, uint64_t bytes)
{
	if (pa < RAM_BASE || pa - RAM_BASE > RAM_BYTES - bytes)
		return NULL;
	return &ram[pa - RAM_BASE];
}

static enum smmu3_mem_result host_read(void *context, const struct smmu3_mem_access *access,
				       void *data)
{
	const unsigned char *const from = memory_at(access->pa, access->bytes);

	(void)context;
	if (!from)
		return SMMU3_MEM_ABORT;
	memcpy(data, from, access->bytes);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result host_write(void *context, const struct smmu3_mem_access *access,
					const void *data)
{
	unsigned char *const to = memory_at(access->pa, access->bytes);

	(void)context;
	if (!to)
		return SMMU3_MEM_ABORT;
	memcpy(to, data, access->bytes);
	return SMMU3_MEM_OK;
}

static void interrupt(void *context, enum smmu3_interrupt which)
{
	(void)context;
	pending |= 1u << which;
}

/* ---- The driver's registers: through the recorder ---- */

static void write_register(const char *name, uint64_t value)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);

	(void)smmu3_record_mmio_write(record, smmu, SMMU3_PAS_NS, layout->offset, layout->bits / 8u,
				      value);
}

static uint64_t read_register(const char *name)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	uint64_t value = 0;

	(void)smmu3_record_mmio_read(record, smmu, SMMU3_PAS_NS, layout->offset, layout->bits / 8u,
				     &value);
	return value;
}

/* ---- Its commands ---- */

static void set(const char *structure, uint64_t *words, const char *field, uint64_t value)
{
	if (smmu3_field_set(words, smmu3_field(smmu3_layout(structure), field), value)) {
		(void)fprintf(stderr, "%s has no %s, or not so wide a one\n", structure, field);
		exit(1);
	}
}

static void submit(const uint64_t command[2])
{
	const uint64_t prod = read_register("CMDQ_PROD");

	memcpy(ram + COMMANDS_AT + 16 * (prod % ENTRIES), command, 16);
	write_register("CMDQ_PROD", (prod + 1) % (2 * ENTRIES));
}

/* Done when its message has come. */
static int synchronize(void)
{
	static uint32_t number;
	uint64_t command[2] = { 0 };
	uint32_t message;

	number++;
	set("CMD_SYNC", command, "opcode", 0x46);
	set("CMD_SYNC", command, "CS", 1);
	set("CMD_SYNC", command, "MSIData", number);
	set("CMD_SYNC", command, "MSIAddress", RAM_BASE + MESSAGE_AT);
	submit(command);
	memcpy(&message, ram + MESSAGE_AT, sizeof(message));
	return message == number;
}

static int invalidate_all(void)
{
	uint64_t command[2] = { 0 };

	set("CMD_CFGI_STE_RANGE", command, "opcode", 0x4);
	set("CMD_CFGI_STE_RANGE", command, "Range", 31);
	submit(command);
	command[0] = command[1] = 0;
	set("CMD_TLBI_NSNH_ALL", command, "opcode", 0x30);
	submit(command);
	return synchronize();
}

static int invalidate_page(uint64_t va)
{
	uint64_t command[2] = { 0 };

	set("CMD_TLBI_NH_VA", command, "opcode", 0x12);
	set("CMD_TLBI_NH_VA", command, "ASID", 1);
	set("CMD_TLBI_NH_VA", command, "Address", va);
	submit(command);
	return synchronize();
}

/* The events that have come since, of which none is looked at here. */
static unsigned take_events(void)
{
	const uint64_t prod = read_register("EVENTQ_PROD"), cons = read_register("EVENTQ_CONS");

	pending = 0;
	write_register("EVENTQ_CONS", prod);
	return (unsigned)((prod - cons) % (2 * ENTRIES));
}

/* ---- Its tables ---- */

static int allocate(void *context, uint64_t bytes, uint64_t *at)
{
	const uint64_t start = (used + bytes - 1) & ~(bytes - 1);

	(void)context;
	if (start + bytes > RAM_BYTES)
		return -SMMU3_E_MEMORY;
	used = start + bytes;
	*at = RAM_BASE + start;
	return 0;
}

static int read_word(void *context, uint64_t at, uint64_t *word)
{
	(void)context;
	memcpy(word, &ram[at - RAM_BASE], sizeof(*word));
	return 0;
}

static int write_word(void *context, uint64_t at, uint64_t word)
{
	(void)context;
	memcpy(&ram[at - RAM_BASE], &word, sizeof(word));
	return 0;
}

static const struct smmu3_builder builder = { NULL, allocate, read_word, write_word };
static struct smmu3_table table = {
	.stage = 1, .granule_lg2 = 12, .input_bits = 39, .output_bits = 44
};

static int map(uint64_t va, uint64_t pa, uint64_t bytes)
{
	const struct smmu3_s1_attributes rw = {
		.sh = SMMU3_ISH, .ap = 1, .af = 1, .ng = 1, .pxn = 1, .uxn = 1
	};
	const struct smmu3_map wanted = {
		.input = va, .output = pa, .size = bytes, .attributes = smmu3_s1_leaf(&rw)
	};

	return smmu3_table_map(&builder, &table, &wanted);
}

static int build(struct smmu3_stream_table_shape *streams)
{
	struct smmu3_cd_table contexts = { 0 };
	uint64_t ste[8] = { 0 }, cd[8] = { 0 };

	if (smmu3_table_create(&builder, &table) || map(0x10000, 0x90000000, 0x4000))
		return -1;
	(void)smmu3_cd_stage1(cd, &table);
	set("CD", cd, "V", 1);
	set("CD", cd, "A", 1);
	set("CD", cd, "R", 1);
	set("CD", cd, "ASID", 1);
	set("CD", cd, "EPD1", 1);
	set("CD", cd, "MAIR0", 0xff);
	if (smmu3_cd_table_create(&builder, &contexts) ||
	    smmu3_cd_table_set(&builder, &contexts, 0, cd))
		return -1;
	(void)smmu3_ste_cd_table(ste, &contexts);
	set("STE", ste, "V", 1);
	set("STE", ste, "Config", 5);
	set("STE", ste, "SHCFG", 1);
	return smmu3_stream_table_create(&builder, streams) ||
	       smmu3_stream_table_set(&builder, streams, SID, ste);
}

static int enable(const struct smmu3_stream_table_shape *streams)
{
	uint64_t base;
	uint32_t config;

	smmu3_stream_table_registers(streams, &base, &config);
	write_register("CR1", 0xd75);
	write_register("CR2", 0x2);
	write_register("STRTAB_BASE", base);
	write_register("STRTAB_BASE_CFG", config);
	write_register("CMDQ_BASE", (RAM_BASE + COMMANDS_AT) | LOG2_ENTRIES);
	write_register("EVENTQ_BASE", (RAM_BASE + EVENTS_AT) | LOG2_ENTRIES);
	write_register("IRQ_CTRL", 0x5);
	write_register("CR0", 0x8);
	if (!invalidate_all())
		return 0;
	write_register("CR0", 0xd);
	return read_register("CR0ACK") == 0xd;
}

/* ---- A device ---- */

static int access_at(uint32_t sid, uint64_t addr, unsigned flags)
{
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 64, .sid = sid, .flags = (uint16_t)flags
	};
	struct smmu3_outcome outcome;

	return smmu3_record_translate(record, smmu, &txn, &outcome) == SMMU3_OK;
}

/* Works, until software takes the page away; then it gets another. */
static int work(void)
{
	int good = access_at(SID, 0x10040, 0) && access_at(SID, 0x13fc0, SMMU3_TXN_WRITE) &&
		   !access_at(SID, 0x20000, 0) && !access_at(SID + 100, 0x10000, 0);

	good = good && pending && take_events() == 2;
	good = good && !smmu3_table_unmap(&builder, &table, 0x12000);
	good = good && invalidate_page(0x12000) && !access_at(SID, 0x12345, 0) &&
	       access_at(SID, 0x11345, 0);
	good = good && !map(0x12000, 0xa0000000, 0x1000) && invalidate_page(0x12000) &&
	       access_at(SID, 0x12345, 0);
	return good && take_events() == 1;
}

/* ---- The recording ---- */

static int write_file(void *context, const void *data, size_t size)
{
	return context && fwrite(data, 1, size, context) != size ? -1 : 0;
}

static int run(const struct smmu3_config *config)
{
	struct smmu3_stream_table_shape streams = { .log2size = 4 };
	int good;

	smmu = smmu3_create(config, smmu3_record_host(record), NULL);
	good = smmu != NULL && !build(&streams) && enable(&streams) && work();
	smmu3_destroy(smmu);
	return good;
}

int main(int argc, char **argv)
{
	const struct smmu3_host host = {
		.size = sizeof(host),
		.read = host_read,
		.write = host_write,
		.interrupt = interrupt,
	};
	FILE *const file = argc > 1 ? fopen(argv[1], "wb") : NULL;
	struct smmu3_error error = { 0 };
	struct smmu3_config config;
	int good;

	(void)smmu3_config_init(&config, "linux-session", &error);
	if (argc > 1 && !file)
		return perror(argv[1]), 1;
	record = smmu3_record_open(&config, &host, write_file, file, &error);
	good = record != NULL && run(&config);
	if (record && smmu3_record_close(record, &error))
		good = 0;
	if (*error.text)
		(void)fprintf(stderr, "%s\n", error.text);
	if (file && fclose(file))
		good = 0;
	return good ? 0 : 1;
}
