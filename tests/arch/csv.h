/* SPDX-License-Identifier: MIT */
/* Rows of tests/data/arch: comma-separated, a heading first, no quotes. */
#ifndef SMMU_TESTS_ARCH_CSV_H
#define SMMU_TESTS_ARCH_CSV_H

#include <stdbool.h>
#include <stdio.h>

enum {
	CSV_COLUMNS = 5,
};

struct csv {
	FILE *file;
	char line[256];
	const char *column[CSV_COLUMNS]; /* of the row read last; empty where the row has fewer */
};

/* Opens a file of tests/data/arch and passes over its heading.  A failure fails the test. */
void csv_open(struct csv *csv, const char *name);

/* Reads a row; false at the end, with the file closed. */
bool csv_read(struct csv *csv);

/* A column as a number, decimal or 0x. */
unsigned csv_number(const struct csv *csv, unsigned column);

#endif
