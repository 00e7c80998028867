/* SPDX-License-Identifier: MIT */
/* Registers, and the configuration itself. */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "fields.h"
#include "json.h"
#include "machine.h"
#include "say.h"
#include "view.h"

/* The Realm pages as decode.h places them. */
enum { PAGE = 0x10000, VATOS_PAGE = 0x20000, REALM_PAGE = 0x40000 };

static uint64_t read_register(struct smmu3 *smmu, enum smmu3_pas from, uint64_t offset,
			      unsigned bits)
{
	uint64_t value = 0;

	smmu3_mmio_read(smmu, from, offset, bits / 8, &value);
	return value;
}

static uint64_t idr_field(struct smmu3 *smmu, const char *name, const char *field)
{
	const struct smmu3_layout *layout = smmu3_register_layout(name);
	const uint64_t value = read_register(smmu, SMMU3_PAS_NS, layout->offset, layout->bits);

	return smmu3_field_get(&value, smmu3_field(layout, field));
}

static bool starts(const struct smmu3_layout *layout, const char *text)
{
	return !strncmp(layout->name, text, strlen(text));
}

/* A register of pages 0 and 1, or of the VATOS page if there is one, that Non-secure software sees;
 * once, where there are two forms of it. */
static bool of_programmer(struct smmu3 *smmu, const struct smmu3_layout *layout)
{
	static const char *const others[] = { "SMMU_S_", "SMMU_R_", "SMMU_ROOT_", "SMMU_PMCG_",
					      "SMMU_CMDQP_" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (starts(layout, others[i]))
			return false;
	if (!starts(layout, "SMMU_") || strchr(layout->name, '.'))
		return false;
	return layout->offset < VATOS_PAGE ||
	       (starts(layout, "SMMU_VATOS_") && idr_field(smmu, "IDR0", "VATOS"));
}

/* Secure and Realm software have those of their own; the Secure VATOS page needs a Secure EL2. */
static bool of_interface(const struct dump *dump, const struct smmu3_layout *layout)
{
	if (dump->sec_sid == SMMU3_PAS_NS)
		return of_programmer(dump->smmu, layout);
	if (dump->sec_sid == SMMU3_PAS_REALM)
		return starts(layout, "SMMU_R_") && !strchr(layout->name, '.') &&
		       layout->offset < REALM_PAGE + 2 * PAGE;
	return machine_is_secure_register(layout->name) && !strchr(layout->name, '.') &&
	       layout->offset < PAGE;
}

/* Where it is: the optional pages are where ID registers say. */
static uint64_t place_of(const struct dump *dump, const struct smmu3_layout *layout)
{
	const uint64_t root_idr0 = dump->config->root_idr0;

	if (dump->sec_sid == SMMU3_PAS_REALM)
		return layout->offset - REALM_PAGE + VATOS_PAGE +
		       PAGE * field_get("SMMU_ROOT_IDR0", "BA_REALM", &root_idr0);
	if (layout->offset < VATOS_PAGE)
		return layout->offset;
	return layout->offset + PAGE * idr_field(dump->smmu, "IDR2", "BA_VATOS");
}

static int by_offset(const void *a, const void *b)
{
	const struct smmu3_layout *const *left = a, *const *right = b;

	return (*left)->offset < (*right)->offset ? -1 : (*left)->offset > (*right)->offset;
}

static json_object *register_row(const struct dump *dump, const struct smmu3_layout *layout)
{
	json_object *row = json_new();
	const uint64_t offset = place_of(dump, layout);
	const uint64_t value = read_register(dump->smmu, dump->sec_sid, offset, layout->bits);
	const struct smmu3_layout *form = fields_form(layout, value);
	char text[256];

	fields_set(form, &value, text, sizeof(text));
	json_hex(row, "offset", offset);
	json_text(row, "name", layout->name);
	json_hex(row, "value", value);
	json_text(row, "meaning", text);
	json_text(row, "section", layout->section);
	json_add(row, "fields", fields_all(form, &value));
	return row;
}

enum status dump_registers(const struct dump *dump)
{
	static const struct view_column columns[] = {
		{ "OFFSET", "offset", NULL, VIEW_RIGHT },
		{ "REGISTER", "name", NULL, 0 },
		{ "VALUE", "value", NULL, VIEW_RIGHT },
		{ "FIELDS THAT ARE NOT 0", "meaning", NULL, 0 },
	};
	json_object *rows = json_list();
	const struct smmu3_layout *layout, *order[256];
	size_t count = 0;

	for (size_t i = 0;
	     (layout = smmu3_layout_at(i)) && count < sizeof(order) / sizeof(order[0]); i++)
		if (of_interface(dump, layout))
			order[count++] = layout;
	qsort(order, count, sizeof(order[0]), by_offset);
	for (size_t i = 0; i < count; i++)
		json_append(rows, register_row(dump, order[i]));
	if (!dump->json) {
		view_rows(rows, columns, sizeof(columns) / sizeof(columns[0]), NULL);
		json_object_put(rows);
		return STATUS_OK;
	}
	json_object *answer = json_answer("dump");

	json_add(answer, "registers", rows);
	json_print(answer);
	return STATUS_OK;
}

static int write_text(void *context, const char *text, size_t size)
{
	return fwrite(text, 1, size, context) == size ? 0 : -SMMU3_E_IO;
}

static enum status print_yaml(const struct dump *dump, FILE *file)
{
	const int code = smmu3_machine_print(dump->machine, write_text, file);

	if (code == -SMMU3_E_MEMORY)
		out_of_memory();
	return code ? STATUS_CANNOT : STATUS_OK;
}

enum status dump_config(const struct dump *dump)
{
	char *text = NULL;
	size_t size = 0;

	if (!dump->json)
		return print_yaml(dump, stdout);
	FILE *file = open_memstream(&text, &size);

	if (!file || print_yaml(dump, file) || fclose(file))
		out_of_memory();
	json_object *answer = json_answer("dump");

	json_verbatim(answer, "config", text);
	json_print(answer);
	free(text);
	return STATUS_OK;
}
