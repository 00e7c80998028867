/* SPDX-License-Identifier: MIT */
/* CSV files: a header line names the columns, in any order and among others. */
#ifndef SMMU_SIM_SHEET_H
#define SMMU_SIM_SHEET_H

#include <stdint.h>

#include "input.h"
#include "status.h"

enum { SHEET_COLUMNS = 8 };

struct sheet {
	struct lines *lines;
	const char *const *names;  /* of the columns that count; NULL ends them */
	unsigned optional;         /* 1 << column: need not be there */
	int place[SHEET_COLUMNS];  /* of a column in a line, from 0; -1: not there */
	char *cell[SHEET_COLUMNS]; /* of the row at hand; NULL: the line ends before it */
	char source[sizeof(((struct lines *)0)->line)]; /* the line, before it is cut up */
};

/* Opens it and reads the header, as sheet->names and ->optional say.  STATUS_OK, or above after a
 * complaint.  sheet_close in either case. */
enum status sheet_open(struct sheet *sheet, const char *path);
void sheet_close(struct sheet *sheet);

/* The next row that is not empty: 1, 0 at the end, negative after a complaint. */
int sheet_next(struct sheet *sheet);

/* A complaint about a cell, or, with NULL, about what the line does not have: at its end. */
enum status sheet_complain(const struct sheet *sheet, const char *cell, const char *message);

/* A cell as a number up to max; STATUS_INPUT after a complaint. */
enum status sheet_number(const struct sheet *sheet, unsigned column, uint64_t max, uint64_t *value);

#endif
