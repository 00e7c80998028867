/* SPDX-License-Identifier: MIT */
/* Fields of structures and registers as JSON rows: name, bits, value, meaning, section. */
#ifndef SMMU_SIM_FIELDS_H
#define SMMU_SIM_FIELDS_H

#include <json-c/json.h>
#include <smmu/decode.h>

/* The value of a field by name; 0 where the layout has none of that name. */
uint64_t field_get(const char *layout, const char *name, const uint64_t *words);

/* One row.  msb and lsb count from bit 0 of the first word. */
json_object *field_row(const char *name, unsigned msb, unsigned lsb, uint64_t value,
		       const char *meaning, const char *section);

/* The row of a layout's field; section NULL means the layout's. */
json_object *field_of(const struct smmu3_layout *layout, const struct smmu3_field *field,
		      const uint64_t *words, const char *section);

/* Every field of a structure, from bit 0 up, in an array. */
json_object *fields_all(const struct smmu3_layout *layout, const uint64_t *words);

/* "SMMUEN=1 EVENTQEN=1": the fields that are not 0 and have a name of their own, into text. */
void fields_set(const struct smmu3_layout *layout, const uint64_t *words, char *text, size_t size);

/* The form that a register has with this value, where its FAULT bit chooses between two. */
const struct smmu3_layout *fields_form(const struct smmu3_layout *layout, uint64_t value);

/* Permissions as "rwx" of unprivileged accesses, and from text[4] on of privileged ones. */
void perms_text(unsigned perm, char text[8]);

/* Prints an array of rows as a table. */
void fields_print(json_object *rows);

#endif
