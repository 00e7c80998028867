/* SPDX-License-Identifier: MIT */
/* Lists of expected answers: a header line names the columns, every further line is one access of
 * one byte. */
#include <stdio.h>
#include <string.h>

#include "outcome.h"
#include "run.h"
#include "say.h"
#include "sheet.h"

enum column { SID, SSID, ADDR, RW, OUTCOME, PA };

static const char *const columns[] = { "sid", "ssid", "addr", "rw", "outcome", "pa", NULL };

static enum status read_txn(const struct sheet *sheet, struct smmu3_trace_op *op)
{
	const char *letter = sheet->cell[RW];
	uint64_t sid = 0, ssid = 0;
	enum status status = sheet_number(sheet, SID, UINT32_MAX, &sid);

	if (!status)
		status = sheet_number(sheet, ADDR, UINT64_MAX, &op->txn.addr);
	if (!status && sheet->cell[SSID] && *sheet->cell[SSID]) {
		status = sheet_number(sheet, SSID, 0xfffff, &ssid);
		op->txn.flags |= SMMU3_TXN_SSV;
	}
	if (status)
		return status;
	if (!letter[0] || letter[1] || !strchr("RWX", letter[0]))
		return sheet_complain(sheet, letter, "rw is not R, W or X");
	op->op = (uint8_t)letter[0];
	op->txn.flags |= letter[0] == 'W' ? SMMU3_TXN_WRITE :
			 letter[0] == 'X' ? SMMU3_TXN_INSTRUCTION :
					    0;
	op->txn.sid = (uint32_t)sid;
	op->txn.ssid = (uint32_t)ssid;
	op->txn.bytes = 1;
	return STATUS_OK;
}

static enum status read_expect(const struct sheet *sheet, struct smmu3_expect *expect)
{
	const char *outcome = sheet->cell[OUTCOME];

	*expect = (struct smmu3_expect){ .present = 1, .verdict = SMMU3_OK };
	if (!strcmp(outcome, "OK") || !strcmp(outcome, "BYPASS")) {
		expect->has_pa = 1;
		return sheet_number(sheet, PA, UINT64_MAX, &expect->pa);
	}
	expect->verdict = SMMU3_ABORT;
	expect->has_event = 1;
	expect->event = (uint8_t)event_named(outcome);
	if (!expect->event && strcmp(outcome, "ABORT") != 0)
		return sheet_complain(sheet, outcome,
				      "outcome is not OK, BYPASS, ABORT or the name of an event");
	return STATUS_OK;
}

static enum status read_row(struct sheet *sheet, struct smmu3_trace_op *op)
{
	memset(op, 0, sizeof(*op));
	op->kind = SMMU3_TRACE_ACCESS;
	op->line = sheet->lines->number;
	const enum status status = read_txn(sheet, op);

	return status ? status : read_expect(sheet, &op->expect);
}

static enum status run_rows(struct run *run, struct sheet *sheet)
{
	enum status status = STATUS_OK;
	struct smmu3_trace_op op;
	int code = 0;

	while (status <= STATUS_FINDING && !ferror(stdout) && (code = sheet_next(sheet)) > 0) {
		enum status row = read_row(sheet, &op);

		if (!row)
			row = run_line(run, &op);
		status = worse(status, row);
	}
	return worse(status, status_of(code < 0 ? code : 0, STATUS_INPUT));
}

enum status run_expected(struct run *run, const char *path)
{
	struct sheet sheet = { .names = columns, .optional = 1 << SSID };
	enum status status = sheet_open(&sheet, path);

	run->file = path;
	if (!status)
		status = run_rows(run, &sheet);
	sheet_close(&sheet);
	return status;
}
