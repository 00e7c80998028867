/* SPDX-License-Identifier: MIT */
/*
 * What a driver does, in one page: tables in memory, registers, then a device's accesses.
 *
 * tables.h writes what follows from a table (addresses, sizes, granule); what is policy, here V,
 * Config, A, R, MAIR, EPD1 and the memory attributes of walks, is put into the STE and CD by the
 * architecture's names.
 */
#include <smmu/decode.h>
#include <smmu/tables.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAM_BYTES = 1 << 20, SID = 8 };
#define RAM_BASE UINT64_C(0x80000000)

static _Alignas(4096) unsigned char ram[RAM_BYTES];
static uint64_t used;

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

/* On a little-endian host words stand in memory as they are. */
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

static void set(const char *structure, uint64_t *words, const char *field, uint64_t value)
{
	if (smmu3_field_set(words, smmu3_field(smmu3_layout(structure), field), value)) {
		(void)fprintf(stderr, "%s has no %s, or not so wide a one\n", structure, field);
		exit(1);
	}
}

/* VA 0x10000 to 0x13fff goes to PA 0x90000000, read and write; a page above that is read-only. */
static int build(struct smmu3_stream_table_shape *streams)
{
	const struct smmu3_builder builder = { NULL, allocate, read_word, write_word };
	const struct smmu3_s1_attributes rw = {
		.sh = SMMU3_ISH, .ap = 1, .af = 1, .ng = 1, .pxn = 1, .uxn = 1
	};
	const struct smmu3_s1_attributes ro = {
		.sh = SMMU3_ISH, .ap = 3, .af = 1, .ng = 1, .pxn = 1, .uxn = 1
	};
	const struct smmu3_map maps[] = {
		{ .input = 0x10000,
		  .output = 0x90000000,
		  .size = 0x4000,
		  .attributes = smmu3_s1_leaf(&rw) },
		{ .input = 0x14000,
		  .output = 0xa0000000,
		  .size = 0x1000,
		  .attributes = smmu3_s1_leaf(&ro) },
	};
	struct smmu3_table table = {
		.stage = 1, .granule_lg2 = 12, .input_bits = 39, .output_bits = 40
	};
	struct smmu3_cd_table contexts = { 0 };
	uint64_t ste[8] = { 0 }, cd[8] = { 0 };
	int code = smmu3_table_create(&builder, &table);

	for (size_t i = 0; !code && i < 2; i++)
		code = smmu3_table_map(&builder, &table, &maps[i]);
	if (code)
		return code;
	(void)smmu3_cd_stage1(cd, &table);
	set("CD", cd, "V", 1);
	set("CD", cd, "A", 1);        /* faults abort, */
	set("CD", cd, "R", 1);        /* and are recorded */
	set("CD", cd, "EPD1", 1);     /* there is no table for the upper half */
	set("CD", cd, "MAIR0", 0xff); /* AttrIndx 0: Normal Write-Back */
	set("CD", cd, "IR0", 1);      /* walks: Write-Back, Inner Shareable */
	set("CD", cd, "OR0", 1);
	set("CD", cd, "SH0", SMMU3_ISH);
	code = smmu3_cd_table_create(&builder, &contexts);
	code = code ? code : smmu3_cd_table_set(&builder, &contexts, 0, cd);
	if (code)
		return code;
	(void)smmu3_ste_cd_table(ste, &contexts);
	set("STE", ste, "V", 1);
	set("STE", ste, "Config", 5); /* stage 1 translates, stage 2 is passed by */
	set("STE", ste, "SHCFG", 1);
	code = smmu3_stream_table_create(&builder, streams);
	return code ? code : smmu3_stream_table_set(&builder, streams, SID, ste);
}

static void write_register(struct smmu3 *smmu, const char *name, unsigned size, uint64_t value)
{
	(void)smmu3_mmio_write(smmu, SMMU3_PAS_NS, smmu3_register_layout(name)->offset, size,
			       value);
}

static void enable(struct smmu3 *smmu, const struct smmu3_stream_table_shape *streams)
{
	uint64_t base;
	uint32_t config;

	smmu3_stream_table_registers(streams, &base, &config);
	write_register(smmu, "CR1", 4, 0xd75);
	write_register(smmu, "CR2", 4, 0x2); /* RECINVSID */
	write_register(smmu, "STRTAB_BASE", 8, base);
	write_register(smmu, "STRTAB_BASE_CFG", 4, config);
	write_register(smmu, "CR0", 4, 0x1); /* SMMUEN */
}

/* One access, told in a line. */
static int access_at(struct smmu3 *smmu, uint64_t addr, unsigned flags)
{
	const struct smmu3_txn txn = {
		.addr = addr, .bytes = 4, .sid = SID, .flags = (uint16_t)flags
	};
	struct smmu3_outcome outcome;
	char memory[48];

	(void)printf("%s %#8llx: ", flags & SMMU3_TXN_WRITE ? "write" : "read ",
		     (unsigned long long)addr);
	if (smmu3_translate(smmu, &txn, &outcome) == SMMU3_OK) {
		smmu3_attr_name(outcome.attr, memory, sizeof(memory));
		(void)printf("PA %#llx, %s\n", (unsigned long long)outcome.pa, memory);
	} else {
		const struct smmu3_rule *rule = smmu3_why(outcome.why);

		(void)printf("%s: %s (%s)\n", smmu3_event_name(outcome.event), rule->sentence,
			     rule->section);
	}
	return outcome.verdict == SMMU3_OK;
}

int main(void)
{
	struct smmu3_stream_table_shape streams = { .log2size = 4 };
	struct smmu3_config config;
	struct smmu3_error error = { 0 };
	struct smmu3 *smmu;

	if (smmu3_config_init(&config, "generic-3.1", &error) || build(&streams))
		return 1;
	smmu = smmu3_create(&config, NULL, &error);
	if (!smmu || smmu3_add_ram(smmu, RAM_BASE, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS), ram)) {
		(void)fprintf(stderr, "%s\n", error.text);
		return 1;
	}
	enable(smmu, &streams);
	const int as_meant = access_at(smmu, 0x12345, SMMU3_TXN_WRITE) &&
			     access_at(smmu, 0x14008, 0) &&
			     !access_at(smmu, 0x14008, SMMU3_TXN_WRITE) &&
			     !access_at(smmu, 0x20000, 0);

	smmu3_destroy(smmu);
	return as_meant ? 0 : 1;
}
