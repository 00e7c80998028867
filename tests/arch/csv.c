/* SPDX-License-Identifier: MIT */
#include "csv.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

void csv_open(struct csv *csv, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/data/arch/%s", SMMU_SOURCE_DIR, name);
	csv->file = fopen(path, "r");
	ck_assert_msg(csv->file && fgets(csv->line, sizeof(csv->line), csv->file), "cannot read %s",
		      path);
}

bool csv_read(struct csv *csv)
{
	if (!fgets(csv->line, sizeof(csv->line), csv->file)) {
		fclose(csv->file);
		return false;
	}
	csv->line[strcspn(csv->line, "\r\n")] = '\0';

	char *at = csv->line;
	for (unsigned i = 0; i < CSV_COLUMNS; i++) {
		csv->column[i] = at;
		at += strcspn(at, ",");
		if (*at)
			*at++ = '\0';
	}
	return true;
}

unsigned csv_number(const struct csv *csv, unsigned column)
{
	char *end;
	unsigned long number = strtoul(csv->column[column], &end, 0);

	ck_assert_msg(end != csv->column[column] && *end == '\0', "not a number: %s",
		      csv->column[column]);
	return (unsigned)number;
}
