/* SPDX-License-Identifier: MIT */
/*
 * * Every bit of every structure has one name; names and bits are those of the architecture,
 * which tests/data/arch repeats; every register stands where it must and every number names what
 * it must.
 */
#include "csv.h"
#include "support/suite.h"
#include <check.h>
#include <smmu/decode.h>
#include <stdlib.h>
#include <string.h>

/* ---- Tiling ---- */

static void check_field(const struct smmu3_layout *layout, const struct smmu3_field *field,
			unsigned expected_lsb)
{
	ck_assert_msg(field->name && field->name[0], "%s has a field without a name", layout->name);
	ck_assert_msg(field->lsb == expected_lsb, "%s.%s begins at bit %u, not %u", layout->name,
		      field->name, field->lsb, expected_lsb);
	ck_assert_msg(field->msb >= field->lsb, "%s.%s ends before it begins", layout->name,
		      field->name);
	ck_assert_msg(field->lsb / 64 == field->msb / 64, "%s.%s crosses a word", layout->name,
		      field->name);
}

START_TEST(fields_tile_every_layout)
{
	const struct smmu3_layout *layout;
	size_t count;

	for (count = 0; (layout = smmu3_layout_at(count)); count++) {
		unsigned next = 0;

		for (unsigned i = 0; i < layout->fields; i++) {
			check_field(layout, &layout->field[i], next);
			next = layout->field[i].msb + 1u;
		}
		ck_assert_msg(next == layout->bits, "%s ends at bit %u of %u", layout->name, next,
			      layout->bits);
	}
	/* STE, L1STD, CD, L1CD; VMS; 8 descriptors; 4 entries each of granule protection and device
	 * permission tables; 35 commands; 19 events, those the implementation defines, and PRI; 187
	 * registers and 4 second forms; 23 registers of performance monitors */
	ck_assert_uint_eq(count, 4 + 1 + 8 + 4 + 4 + 35 + 21 + 187 + 4 + 23);
} END_TEST

START_TEST(names_of_layouts_differ)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++)
		ck_assert_msg(smmu3_layout(layout->name) == layout, "%s twice", layout->name);
} END_TEST

/* Fields have names of their own, or one of the four words for bits without. */
START_TEST(names_of_fields_differ_within_a_layout)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++) {
		for (unsigned k = 0; k < layout->fields; k++) {
			const char *name = layout->field[k].name;

			if (strcmp(name, "RES0") && strcmp(name, "RES1") &&
			    strcmp(name, "IMPDEF") && strcmp(name, "IGNORED"))
				ck_assert_msg(smmu3_field(layout, name) == &layout->field[k],
					      "%s.%s twice", layout->name, name);
		}
	}
} END_TEST

START_TEST(meanings_fit_their_fields)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++) {
		for (unsigned k = 0; k < layout->fields; k++) {
			const struct smmu3_field *field = &layout->field[k];
			unsigned width = field->msb - field->lsb + 1u;

			for (const char *at = field->meanings; at; at = strchr(at, '|')) {
				char *end;
				unsigned long number;

				at += *at == '|';
				number = strtoul(at, &end, 10);
				if (*end == '-')
					number = strtoul(end + 1, &end, 10);
				ck_assert_msg(end != at && *end == '=' && end[1] && end[1] != '|' &&
						      number >> width == 0,
					      "%s.%s: %s", layout->name, field->name, at);
			}
		}
	}
} END_TEST

/* ---- Against the tables ---- */

static const char *const files[] = { "structures.csv", "commands.csv", "events.csv",
				     "register-fields.csv" };

static const struct smmu3_field *field_at(const struct smmu3_layout *layout, unsigned lsb)
{
	for (unsigned i = 0; i < layout->fields; i++) {
		if (layout->field[i].lsb == lsb)
			return &layout->field[i];
	}
	return NULL;
}

/* STE-01, STE-02, STE-03, STE-04, STE-05, STE-06, STE-07, STE-08, CD-01, CD-02, CD-03, CD-04,
 * CD-05, CD-06, L1STD-01, WALK-15, WALK-16, WALK-17, CMD-001, CMD-002, EVT-001, EVT-002, EVT-003,
 * PRIQ-003, IDR-001, IDR-014, IDR-019, IDR-026, IDR-033, IDR-034, IDR-035, IDR-037, IDR-038,
 * IDR-041, IDR-043, IDR-044 */
START_TEST(every_row_of_the_tables_is_a_field)
{
	struct csv csv;

	csv_open(&csv, files[_i]);
	while (csv_read(&csv)) {
		const struct smmu3_layout *layout = smmu3_layout(csv.column[0]);
		ck_assert_msg(layout != NULL, "no layout %s", csv.column[0]);

		const struct smmu3_field *field = field_at(layout, csv_number(&csv, 3));
		ck_assert_msg(field && strcmp(field->name, csv.column[1]) == 0 &&
				      field->msb == csv_number(&csv, 2),
			      "%s.%s is not [%s:%s]", csv.column[0], csv.column[1], csv.column[2],
			      csv.column[3]);
	}
} END_TEST

static bool is_row(const char *layout, const struct smmu3_field *field)
{
	bool found = false;
	struct csv csv;

	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		csv_open(&csv, files[i]);
		while (csv_read(&csv))
			found |= strcmp(csv.column[0], layout) == 0 &&
				 strcmp(csv.column[1], field->name) == 0 &&
				 csv_number(&csv, 2) == field->msb &&
				 csv_number(&csv, 3) == field->lsb;
	}
	return found;
}

/* What the tables do not hold: protection tables, queues that share the form of another, and the
 * CoreSight identification scheme (6.3.170). */
static bool is_beyond_the_tables(const struct smmu3_layout *layout)
{
	return strncmp(layout->name, "GPT_", 4) == 0 || strncmp(layout->name, "DPT_", 4) == 0 ||
	       strncmp(layout->name, "SMMU_PIDR", 9) == 0 ||
	       strncmp(layout->name, "SMMU_CIDR", 9) == 0 ||
	       strncmp(layout->name, "SMMU_S_ECMDQ", 12) == 0 ||
	       strncmp(layout->name, "SMMU_R_ECMDQ", 12) == 0;
}

START_TEST(every_named_field_is_a_row_of_the_tables)
{
	const struct smmu3_layout *layout;

	for (size_t i = 0; (layout = smmu3_layout_at(i)); i++) {
		for (unsigned k = 0; k < layout->fields && !is_beyond_the_tables(layout); k++) {
			const struct smmu3_field *field = &layout->field[k];

			if (strcmp(field->name, "RES0") && strcmp(field->name, "IMPDEF"))
				ck_assert_msg(is_row(layout->name, field),
					      "%s.%s [%u:%u] is no row", layout->name, field->name,
					      field->msb, field->lsb);
		}
	}
} END_TEST

static unsigned page_offset(const char *page)
{
	static const struct {
		const char *name;
		unsigned offset;
	} pages[] = {
		{ "PAGE0", 0 },          { "PAGE0(S)", 0 },      { "PAGE1", 0x10000 },
		{ "VATOS", 0x20000 },    { "S_VATOS", 0x30000 }, { "R_PAGE0", 0x40000 },
		{ "R_PAGE1", 0x50000 },  { "CMDQCP", 0x60000 },  { "S_CMDQCP", 0x70000 },
		{ "R_CMDQCP", 0x80000 }, { "ROOT", 0xa0000 },
		{ "PMCG0", 0xb0000 },    { "PMCG1", 0xc0000 },
	};

	for (unsigned i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(pages[i].name, page) == 0)
			return pages[i].offset;
	}
	ck_abort_msg("no page %s", page);
}

/* REG-002, and the offsets of 6.2 */
START_TEST(every_register_stands_at_its_offset)
{
	unsigned rows = 0, registers = 0;
	struct csv csv;

	csv_open(&csv, "registers.csv");
	for (; csv_read(&csv); rows++) {
		const struct smmu3_layout *layout = smmu3_register_layout(csv.column[0]);
		ck_assert_msg(layout != NULL, "no register %s", csv.column[0]);

		unsigned offset = page_offset(csv.column[1]) + csv_number(&csv, 2);
		ck_assert_msg(layout->offset == offset && smmu3_register_at(offset) == layout,
			      "%s is not at %#x", csv.column[0], offset);
		ck_assert_uint_eq(layout->bits, csv_number(&csv, 3));
		ck_assert_str_eq(layout->section, csv.column[4]);
	}
	for (size_t i = 0; smmu3_layout_at(i); i++)
		registers += strncmp(smmu3_layout_at(i)->name, "SMMU_", 5) == 0;
	/* and the second forms of GATOS_PAR, S_GATOS_PAR, VATOS_PAR, S_VATOS_PAR */
	ck_assert_uint_eq(registers, rows + 4);
} END_TEST

static bool is_number_of(const char *prefix, unsigned number)
{
	bool found = false;
	struct csv csv;

	csv_open(&csv, "numbers.csv");
	while (csv_read(&csv))
		found |= (strncmp(csv.column[0], "CMD_", 4) == 0) == (prefix[0] == 'C') &&
			 csv_number(&csv, 1) == number;
	return found;
}

/* CMD-001, EVT-001 */
START_TEST(every_number_names_its_command_or_event)
{
	struct csv csv;

	csv_open(&csv, "numbers.csv");
	while (csv_read(&csv)) {
		unsigned number = csv_number(&csv, 1);
		const struct smmu3_layout *layout = strncmp(csv.column[0], "CMD_", 4) == 0
							    ? smmu3_command_layout(number)
							    : smmu3_event_layout(number);

		ck_assert_msg(layout && strcmp(layout->name, csv.column[0]) == 0, "%s",
			      csv.column[0]);
	}
} END_TEST

START_TEST(other_numbers_name_nothing)
{
	for (unsigned number = 0; number < 0x200; number++) {
		if (!is_number_of("CMD", number))
			ck_assert_msg(!smmu3_command_layout(number), "command %#x", number);
		if (!is_number_of("EVT", number) && (number < 0xe0 || number > 0xef))
			ck_assert_msg(!smmu3_event_layout(number), "event %#x", number);
	}
} END_TEST

int main(void)
{
	Suite *suite = suite_create("layouts");
	TCase *tiling = tcase_create("tiling");
	TCase *tables = tcase_create("tables");

	tcase_add_test(tiling, fields_tile_every_layout);
	tcase_add_test(tiling, names_of_layouts_differ);
	tcase_add_test(tiling, names_of_fields_differ_within_a_layout);
	tcase_add_test(tiling, meanings_fit_their_fields);
	tcase_set_timeout(tables, 60);
	tcase_add_loop_test(tables, every_row_of_the_tables_is_a_field, 0, 4);
	tcase_add_test(tables, every_named_field_is_a_row_of_the_tables);
	tcase_add_test(tables, every_register_stands_at_its_offset);
	tcase_add_test(tables, every_number_names_its_command_or_event);
	tcase_add_test(tables, other_numbers_name_nothing);
	suite_add_tcase(suite, tiling);
	suite_add_tcase(suite, tables);
	return run_checks(suite);
}
