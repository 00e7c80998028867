/* SPDX-License-Identifier: MIT */
#include "fields.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "json.h"
#include "text.h"
#include "view.h"

uint64_t field_get(const char *layout, const char *name, const uint64_t *words)
{
	const struct smmu3_layout *found = smmu3_layout(layout);
	const struct smmu3_field *field = found ? smmu3_field(found, name) : NULL;

	return field ? smmu3_field_get(words, field) : 0;
}

json_object *field_row(const char *name, unsigned msb, unsigned lsb, uint64_t value,
		       const char *meaning, const char *section)
{
	json_object *row = json_new();
	char bits[16];

	snprintf(bits, sizeof(bits), msb == lsb ? "[%u]" : "[%u:%u]", msb, lsb);
	json_text(row, "name", name);
	json_text(row, "bits", bits);
	json_hex(row, "value", value);
	json_text(row, "meaning", meaning);
	json_text(row, "section", section);
	return row;
}

json_object *field_of(const struct smmu3_layout *layout, const struct smmu3_field *field,
		      const uint64_t *words, const char *section)
{
	const uint64_t value = smmu3_field_get(words, field);
	char meaning[128] = "";

	smmu3_field_meaning(field, value, meaning, sizeof(meaning));
	return field_row(field->name, field->msb, field->lsb, value, meaning,
			 section ? section : layout->section);
}

json_object *fields_all(const struct smmu3_layout *layout, const uint64_t *words)
{
	json_object *rows = json_list();

	for (unsigned i = 0; i < layout->fields; i++)
		json_append(rows, field_of(layout, &layout->field[i], words, NULL));
	return rows;
}

const struct smmu3_layout *fields_form(const struct smmu3_layout *layout, uint64_t value)
{
	const struct smmu3_layout *other;
	char name[64];

	snprintf(name, sizeof(name), "%s.FAULT", layout->name);
	other = smmu3_register_layout(name);
	return other && value & 1 ? other : layout;
}

static bool unnamed(const struct smmu3_field *field)
{
	return !strcmp(field->name, "RES0") || !strcmp(field->name, "IMPDEF") ||
	       !strcmp(field->name, "IGNORED");
}

void fields_set(const struct smmu3_layout *layout, const uint64_t *words, char *text, size_t size)
{
	text[0] = 0;
	for (unsigned i = 0; i < layout->fields; i++) {
		const struct smmu3_field *field = &layout->field[i];
		const uint64_t value = smmu3_field_get(words, field);

		if (value && !unnamed(field))
			append(text, size, value < 10 ? "%s%s=%" PRIu64 : "%s%s=0x%" PRIx64,
			       *text ? " " : "", field->name, value);
	}
}

void fields_print(json_object *rows)
{
	static const struct view_column columns[] = {
		{ "FIELD", "name", NULL, 0 },
		{ "BITS", "bits", NULL, 0 },
		{ "VALUE", "value", NULL, VIEW_RIGHT },
		{ "MEANING", "meaning", NULL, 0 },
	};

	view_rows(rows, columns, sizeof(columns) / sizeof(columns[0]), NULL);
}

void perms_text(unsigned perm, char text[8])
{
	for (unsigned i = 0; i < 6; i++)
		text[i + (i >= 3)] = perm & 1u << i ? "rwxrwx"[i] : '-';
	text[3] = 0;
	text[7] = 0;
}
