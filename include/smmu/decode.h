/* SPDX-License-Identifier: MIT */
/* Names for everything the architecture encodes: structures, registers, events, attributes, and the
 * rules that decide.  All functions: any thread. */
#ifndef SMMU3_DECODE_H
#define SMMU3_DECODE_H

#include <smmu/smmu.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A field of a structure or register.  Bit numbers count from bit 0 of the first word, as the
 * architecture's diagrams do. */
struct smmu3_field {
	const char *name; /* the architecture's; "RES0", "RES1", "IMPDEF" or "IGNORED" for bits
			     without a name of their own */
	uint16_t msb, lsb;
	uint8_t address;      /* 1: the bits are those of an address, in place (read it with
				 smmu3_field_get) */
	const char *meanings; /* values in words, "0=abort|1-3=abort (reserved)|4=bypass|...", or
				 NULL */
};

/* A structure in memory, a command, an event record or a register. */
struct smmu3_layout {
	const char *name; /* "STE", "CD", "CMD_CFGI_STE", "F_TRANSLATION", "SMMU_CR0", ... */
	const char *section;
	uint16_t bits; /* 32, 64, 128, 256 or 512 */
	uint16_t fields;
	const struct smmu3_field *field; /* from bit 0 up, without gap or overlap */
	uint32_t offset; /* registers: from Page 0; optional pages as smmu3_register_at takes them;
			    otherwise 0 */
};

/* A layout by name (letter case ignored), or NULL.  Names: "STE", "CD", "L1STD", "L1CD", "VMS",
 * "TTD64_S1_TABLE", "TTD64_S1_LEAF", "TTD64_S2_TABLE", "TTD64_S2_LEAF", the same with "TTD128_",
 * "PRIQ_ENTRY", every command, event and register of the architecture, registers with "SMMU_".
 * smmu-sim decode prints the fields of each.  Any thread. */
SMMU3_API const struct smmu3_layout *smmu3_layout(const char *name);

/* The layouts in order, from 0; NULL past the end.  Any thread. */
SMMU3_API const struct smmu3_layout *smmu3_layout_at(size_t index);

/* The layout of a command by its opcode (bits 7:0 of the first word), or of an event by its number;
 * NULL if reserved. */
SMMU3_API const struct smmu3_layout *smmu3_command_layout(unsigned opcode);
SMMU3_API const struct smmu3_layout *smmu3_event_layout(unsigned number);

/* "F_TRANSLATION" and so on; "none" for 0, "reserved" for a number without a meaning. */
SMMU3_API const char *smmu3_event_name(unsigned number);

/* A register of the Non-secure, Secure, Realm or Root interface by the lower-case or upper-case
 * name, with or without "SMMU_". */
SMMU3_API const struct smmu3_layout *smmu3_register_layout(const char *name);
/* The register that begins at an offset from Page 0, or NULL.  Page 1 is at 0x10000; the optional
 * pages, whose place the architecture leaves open (6.1), are here at 0x20000 VATOS, 0x30000 Secure
 * VATOS, 0x40000 and 0x50000 Realm Pages 0 and 1, 0x60000, 0x70000 and 0x80000 Command queue
 * control (Non-secure, Secure, Realm), 0xa0000 Root, 0xb0000 and 0xc0000 Pages 0 and 1 of the
 * performance monitors. */
SMMU3_API const struct smmu3_layout *smmu3_register_at(uint64_t offset);

/* The value of a field in words (layout->bits / 64 words, or one word whose low half is a
 * 32-bit register). For an address field the bits stay where they are: field [55:6] reads as
 * an address.  0 where field is NULL. */
SMMU3_API uint64_t smmu3_field_get(const uint64_t *words, const struct smmu3_field *field);

/* Puts a value (of an address field: the address) into words; bits outside the field stay.  Returns
 * -SMMU3_E_ARGUMENT, and changes nothing, when the value does not fit or field is NULL, as of a
 * name that smmu3_field does not know. */
SMMU3_API int smmu3_field_set(uint64_t *words, const struct smmu3_field *field, uint64_t value);

/* What a value of this field means, copied NUL-terminated into text (at most size bytes); empty
 * where nothing is said. */
SMMU3_API void smmu3_field_meaning(const struct smmu3_field *field, uint64_t value, char *text,
				   size_t size);

/* A field of a layout by its name (letter case ignored), or NULL. */
SMMU3_API const struct smmu3_field *smmu3_field(const struct smmu3_layout *layout,
						const char *name);

/* The rule behind outcome.why: the structure and field that decided ("STE.S2T0SZ", or empty), one
 * sentence, its section. Never NULL; why 0 is "no fault".  Any thread. */
struct smmu3_rule {
	const char *name; /* stable identifier, "ste-s2t0sz-range" */
	const char *field;
	const char *sentence;
	const char *section;
};
SMMU3_API const struct smmu3_rule *smmu3_why(unsigned why);

/* "ns", "secure", "realm", "root"; "OK", "ABORT", ...; "nsh", "osh", "ish"; "CD", "TT", "IN";
 * "ordinary", "RCI", ..., as traces have them. Never NULL. */
SMMU3_API const char *smmu3_pas_name(unsigned pas);
SMMU3_API const char *smmu3_verdict_name(unsigned verdict);
SMMU3_API const char *smmu3_shareability_name(unsigned sh);
SMMU3_API const char *smmu3_fault_class_name(unsigned fault_class);
SMMU3_API const char *smmu3_class_name(unsigned txn_class);

/* Memory type in words, into text: "Device-nGnRE", "Normal-NC", "Normal-WB", or inner and outer
 * apart where they differ, "Normal-iWB-oNC"; hints follow where they are not read- and
 * write-allocate: "Normal-WB-RAnWA-TR".  text needs 48 bytes. */
SMMU3_API void smmu3_attr_name(struct smmu3_attr attr, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
