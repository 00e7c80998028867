/* SPDX-License-Identifier: MIT */
/*
 * * Names for every bit: the vocabulary in which names_*.c describe each structure, and where
 * decoding finds them. A row takes its bits from the typed constant that the code uses, so that
 * the two cannot disagree.
 */
#ifndef SMMU_ARCH_NAMES_H
#define SMMU_ARCH_NAMES_H

#include "arch/field.h"
#include <smmu/decode.h>

/* Rows of a layout, from bit 0 up, without gap or overlap. */
#define NAMED(name, field) { name, (field) >> 9, (field) & 0x1ff, 0, NULL }
#define MEANS(name, field, meanings) { name, (field) >> 9, (field) & 0x1ff, 0, meanings }
#define ADDRESS(name, field) { name, (field) >> 9, (field) & 0x1ff, 1, NULL }
#define RES0(msb, lsb) { "RES0", msb, lsb, 0, NULL }
#define RES1(msb, lsb) { "RES1", msb, lsb, 0, NULL }
#define IMPDEF(msb, lsb) { "IMPDEF", msb, lsb, 0, NULL }
#define IGNORED(msb, lsb) { "IGNORED", msb, lsb, 0, NULL }

/* A structure in memory; a register at its offset; a register that stands many times, at the
 * offset of the first. */
#define LAYOUT(name, section, bits, rows) { name, section, bits, ARRAY_SIZE(rows), rows, 0 }
#define REGISTER(name, section, bits, rows) \
	{ "SMMU_" #name, section, bits, ARRAY_SIZE(rows), rows, REG_##name }
#define REGISTERS(name, section, bits, rows) \
	{ "SMMU_" #name "n", section, bits, ARRAY_SIZE(rows), rows, REG_##name }

/* The second form of a register whose FAULT bit chooses between two. */
#define FAULT_FORM(name, section, bits, rows) \
	{ "SMMU_" #name ".FAULT", section, bits, ARRAY_SIZE(rows), rows, REG_##name }

/* Meanings that many fields share. */
#define SH_MEANINGS "0=Non-shareable|1=reserved, as 0|2=Outer Shareable|3=Inner Shareable"
#define SIZE_MEANINGS \
	"0=32 bits|1=36 bits|2=40 bits|3=42 bits|4=44 bits|5=48 bits|6=52 bits|7=56 bits"
#define TG0_MEANINGS "0=4KB|1=64KB|2=16KB|3=reserved"
#define TG1_MEANINGS "0=reserved|1=16KB|2=4KB|3=64KB"
#define WALK_MEANINGS \
	"0=Non-cacheable|1=Write-Back, read- and write-allocate|2=Write-Through, read-allocate|" \
	"3=Write-Back, read-allocate"
#define CD_FETCH_MEANINGS \
	"0=Non-cacheable|1=Write-Back, read-allocate|2=Write-Through, read-allocate|" \
	"3=Write-Back, no allocate"
#define CR1_MEANINGS "0=Non-cacheable|1=Write-Back|2=Write-Through|3=reserved, as 0"
#define MEMATTR_MEANINGS \
	"0=Device-nGnRnE|1=Device-nGnRE|2=Device-nGRE|3=Device-GRE|4=reserved|5=Normal-NC|" \
	"6=Normal-iWT-oNC|7=Normal-iWB-oNC|8=reserved|9=Normal-iNC-oWT|10=Normal-WT|" \
	"11=Normal-iWB-oWT|12=reserved|" \
	"13=Normal-iNC-oWB|14=Normal-iWT-oWB|15=Normal-WB"
#define ALLOCCFG_MEANINGS \
	"0-7=incoming|8=no allocate|9=no allocate, transient|10=write-allocate|" \
	"11=write-allocate, transient|12=read-allocate|13=read-allocate, transient|" \
	"14=read- and write-allocate|15=read- and write-allocate, transient"
#define SHCFG_MEANINGS "0=Non-shareable|1=incoming|2=Outer Shareable|3=Inner Shareable"
#define PRIVCFG_MEANINGS "0=incoming|1=reserved, as 0|2=unprivileged|3=privileged"
#define INSTCFG_MEANINGS "0=incoming|1=reserved, as 0|2=data|3=instruction"
#define NSCFG_MEANINGS "0=incoming|1=check, or reserved|2=the stream's own space|3=Non-secure"
#define STALL_MODEL_MEANINGS "0=stall and terminate|1=terminate only|2=stall forced|3=reserved"
#define ERR_MEANINGS "0=CERROR_NONE|1=CERROR_ILL|2=CERROR_ABT|3=CERROR_ATC_INV_SYNC"

/* Layouts of one file. */
struct layouts {
	const struct smmu3_layout *layout;
	size_t count;
};

extern const struct layouts ste_layouts;
extern const struct layouts cd_layouts;
extern const struct layouts vms_layouts;
extern const struct layouts ttd_layouts;
extern const struct layouts gpt_layouts;
extern const struct layouts dpt_layouts;
extern const struct layouts cmd_layouts;
extern const struct layouts tlbi_layouts;
extern const struct layouts event_layouts;
extern const struct layouts id_register_layouts;
extern const struct layouts control_register_layouts;
extern const struct layouts queue_register_layouts;
extern const struct layouts rare_register_layouts;
extern const struct layouts pmcg_register_layouts;

/* Every layout, by place; NULL past the end. */
const struct smmu3_layout *layout_at(size_t index);

/* Every layout's own, by its name; NULL: there is none. */
const struct smmu3_layout *layout_named(const char *name);

/* Adds the bits of a layout without a name of their own, "RES0" or "IMPDEF", to bits: of words of
 * 64 bits. */
void bits_without_name(const struct smmu3_layout *layout, const char *kind, uint64_t *mask);

/* The name of a command by its opcode, of an event by its number; NULL where the architecture
 * has none. */
const char *command_name(unsigned opcode);
const char *event_name(unsigned number);

/* Registers that stand once per queue or page: the offset of the first like the one at offset;
 * others: offset itself. */
uint64_t first_of_array(uint64_t offset);

#endif
