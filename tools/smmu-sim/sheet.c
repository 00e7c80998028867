/* SPDX-License-Identifier: MIT */
#include "sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "say.h"
#include "text.h"

enum status sheet_complain(const struct sheet *sheet, const char *cell, const char *message)
{
	const struct smmu3_diagnostic diagnostic = {
		.file = sheet->lines->name,
		.line = sheet->lines->number ? sheet->lines->number : 1, /* of an empty file */
		.column = (unsigned)(cell ? (size_t)(cell - sheet->lines->line) :
					    strlen(sheet->source)) +
			  1,
		.length = cell ? (unsigned)strlen(cell) : 0,
		.code = -SMMU3_E_FORMAT,
		.message = message,
		.source = sheet->source,
	};

	say_diagnostic(NULL, &diagnostic);
	return STATUS_INPUT;
}

/* Cuts the line at commas; hand takes each cell with its place. */
static void cut(struct sheet *sheet, void (*hand)(struct sheet *sheet, int place, char *cell))
{
	char *rest = sheet->lines->line;

	memcpy(sheet->source, rest, strlen(rest) + 1);
	for (int place = 0; rest; place++) {
		char *cell = strsep(&rest, ",");

		hand(sheet, place, cell);
	}
}

static void name_column(struct sheet *sheet, int place, char *cell)
{
	for (unsigned column = 0; sheet->names[column]; column++)
		if (sheet->place[column] < 0 && !strcasecmp(cell, sheet->names[column]))
			sheet->place[column] = place;
}

static void take_cell(struct sheet *sheet, int place, char *cell)
{
	for (unsigned column = 0; sheet->names[column]; column++)
		if (sheet->place[column] == place)
			sheet->cell[column] = cell;
}

static bool needed(const struct sheet *sheet, unsigned column)
{
	return !(sheet->optional & 1u << column);
}

static enum status read_header(struct sheet *sheet)
{
	const int code = lines_next(sheet->lines);

	if (code < 0)
		return status_of(code, STATUS_INPUT);
	if (code > 0)
		cut(sheet, name_column);
	for (unsigned column = 0; sheet->names[column]; column++) {
		char message[80];

		if (sheet->place[column] >= 0 || !needed(sheet, column))
			continue;
		snprintf(message, sizeof(message), "the first line names no column '%s'",
			 sheet->names[column]);
		return sheet_complain(sheet, NULL, message);
	}
	return STATUS_OK;
}

enum status sheet_open(struct sheet *sheet, const char *path)
{
	sheet->source[0] = 0;
	for (unsigned column = 0; column < SHEET_COLUMNS; column++)
		sheet->place[column] = -1;
	sheet->lines = lines_open(path);
	return sheet->lines ? read_header(sheet) : STATUS_INPUT;
}

void sheet_close(struct sheet *sheet)
{
	if (sheet->lines)
		lines_close(sheet->lines);
	sheet->lines = NULL;
}

int sheet_next(struct sheet *sheet)
{
	int code;

	while ((code = lines_next(sheet->lines)) > 0 && !sheet->lines->line[0])
		;
	if (code <= 0)
		return code;
	memset(sheet->cell, 0, sizeof(sheet->cell));
	cut(sheet, take_cell);
	for (unsigned column = 0; sheet->names[column]; column++)
		if (!sheet->cell[column] && needed(sheet, column)) {
			sheet_complain(sheet, NULL, "the line ends before its last column");
			return -SMMU3_E_FORMAT;
		}
	return 1;
}

enum status sheet_number(const struct sheet *sheet, unsigned column, uint64_t max, uint64_t *value)
{
	char message[96];

	if (parse_number(sheet->cell[column], value) && *value <= max)
		return STATUS_OK;
	snprintf(message, sizeof(message), "%s is not a number up to 0x%" PRIx64,
		 sheet->names[column], max);
	return sheet_complain(sheet, sheet->cell[column], message);
}
