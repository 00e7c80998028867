/* SPDX-License-Identifier: MIT */
/* Lists of expected answers: a header line names the columns, every further line is one access of
 * one byte. */
#include <inttypes.h>
#include <smmu/decode.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "input.h"
#include "run.h"
#include "say.h"
#include "text.h"

enum column { SID, SSID, ADDR, RW, OUTCOME, PA, COLUMNS };

static const char *const column_names[COLUMNS] = { "sid", "ssid", "addr", "rw", "outcome", "pa" };

struct sheet {
	struct lines *lines;
	char source[sizeof(((struct lines *)0)->line)]; /* the line, before it is cut up */
	int place[COLUMNS];  /* of a column in a line, from 0; -1: not there */
	char *cell[COLUMNS]; /* of the row at hand; NULL: the line ends before it */
};

/* A complaint about a cell, or, with NULL, about what the line does not have: at its end. */
static enum status complain(const struct sheet *sheet, const char *cell, const char *message)
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
	for (int column = 0; column < COLUMNS; column++)
		if (sheet->place[column] < 0 && !strcasecmp(cell, column_names[column]))
			sheet->place[column] = place;
}

static void take_cell(struct sheet *sheet, int place, char *cell)
{
	for (int column = 0; column < COLUMNS; column++)
		if (sheet->place[column] == place)
			sheet->cell[column] = cell;
}

static enum status read_header(struct sheet *sheet)
{
	const int code = lines_next(sheet->lines);

	for (int column = 0; column < COLUMNS; column++)
		sheet->place[column] = -1;
	if (code < 0)
		return status_of(code, STATUS_INPUT);
	if (code > 0)
		cut(sheet, name_column);
	for (int column = 0; column < COLUMNS; column++) {
		char message[80];

		if (sheet->place[column] >= 0 || column == SSID)
			continue;
		snprintf(message, sizeof(message), "the first line names no column '%s'",
			 column_names[column]);
		return complain(sheet, NULL, message);
	}
	return STATUS_OK;
}

/* A cell as a number up to max. */
static enum status read_number(const struct sheet *sheet, enum column column, uint64_t max,
			       uint64_t *value)
{
	char message[96];

	if (parse_number(sheet->cell[column], value) && *value <= max)
		return STATUS_OK;
	snprintf(message, sizeof(message), "%s is not a number up to 0x%" PRIx64,
		 column_names[column], max);
	return complain(sheet, sheet->cell[column], message);
}

static enum status read_txn(const struct sheet *sheet, struct smmu3_trace_op *op)
{
	const char *letter = sheet->cell[RW];
	uint64_t sid = 0, ssid = 0;
	enum status status = read_number(sheet, SID, UINT32_MAX, &sid);

	if (!status)
		status = read_number(sheet, ADDR, UINT64_MAX, &op->txn.addr);
	if (!status && sheet->cell[SSID] && *sheet->cell[SSID]) {
		status = read_number(sheet, SSID, 0xfffff, &ssid);
		op->txn.flags |= SMMU3_TXN_SSV;
	}
	if (status)
		return status;
	if (!letter[0] || letter[1] || !strchr("RWX", letter[0]))
		return complain(sheet, letter, "rw is not R, W or X");
	op->op = (uint8_t)letter[0];
	op->txn.flags |= letter[0] == 'W' ? SMMU3_TXN_WRITE :
			 letter[0] == 'X' ? SMMU3_TXN_INSTRUCTION :
					    0;
	op->txn.sid = (uint32_t)sid;
	op->txn.ssid = (uint32_t)ssid;
	op->txn.bytes = 1;
	return STATUS_OK;
}

static unsigned event_number(const char *name)
{
	for (unsigned number = 1; number < 256; number++)
		if (smmu3_event_layout(number) && !strcmp(name, smmu3_event_name(number)))
			return number;
	return 0;
}

static enum status read_expect(const struct sheet *sheet, struct smmu3_expect *expect)
{
	const char *outcome = sheet->cell[OUTCOME];

	*expect = (struct smmu3_expect){ .present = 1, .verdict = SMMU3_OK };
	if (!strcmp(outcome, "OK") || !strcmp(outcome, "BYPASS")) {
		expect->has_pa = 1;
		return read_number(sheet, PA, UINT64_MAX, &expect->pa);
	}
	expect->verdict = SMMU3_ABORT;
	expect->has_event = 1;
	expect->event = (uint8_t)event_number(outcome);
	if (!expect->event && strcmp(outcome, "ABORT") != 0)
		return complain(sheet, outcome,
				"outcome is not OK, BYPASS, ABORT or the name of an event");
	return STATUS_OK;
}

static enum status read_row(struct sheet *sheet, struct smmu3_trace_op *op)
{
	memset(op, 0, sizeof(*op));
	op->kind = SMMU3_TRACE_ACCESS;
	op->line = sheet->lines->number;
	memset(sheet->cell, 0, sizeof(sheet->cell));
	cut(sheet, take_cell);
	for (int column = 0; column < COLUMNS; column++)
		if (!sheet->cell[column] && column != SSID)
			return complain(sheet, NULL, "the line ends before its last column");
	const enum status status = read_txn(sheet, op);

	return status ? status : read_expect(sheet, &op->expect);
}

static enum status run_rows(struct run *run, struct sheet *sheet)
{
	enum status status = read_header(sheet);
	struct smmu3_trace_op op;
	int code = 0;

	while (status <= STATUS_FINDING && !ferror(stdout) &&
	       (code = lines_next(sheet->lines)) > 0) {
		if (!sheet->lines->line[0])
			continue;
		enum status row = read_row(sheet, &op);

		if (!row)
			row = run_line(run, &op);
		status = worse(status, row);
	}
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

enum status run_expected(struct run *run, const char *path)
{
	struct sheet sheet = { .lines = lines_open(path) };

	run->file = path;
	if (!sheet.lines)
		return STATUS_INPUT;
	const enum status status = run_rows(run, &sheet);

	lines_close(sheet.lines);
	return status;
}
