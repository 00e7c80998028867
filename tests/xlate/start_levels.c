/* SPDX-License-Identifier: MIT */
#include "start_levels.h"

#include <stdio.h>

struct start_row start_rows[START_ROWS];

static unsigned granule_named(const char *name)
{
	return strcmp(name, "4K") == 0 ? G4K : strcmp(name, "16K") == 0 ? G16K : G64K;
}

/* The largest NN of the "OAS>=NN" in a condition. */
static unsigned oas_condition(const char *text)
{
	unsigned most = 0;

	while ((text = strstr(text, "OAS>=")) != NULL) {
		const unsigned bits = (unsigned)strtoul(text += 5, NULL, 10);

		most = bits > most ? bits : most;
	}
	return most;
}

/* granule,TxSZ,start_level,SL0,stage,ia_bits,bits_resolved,tables,bytes,alignment,condition */
static struct start_row parse(char *line)
{
	char *cell[11];
	struct start_row row;

	line[strcspn(line, "\r\n")] = '\0';
	for (unsigned i = 0; i < 11; i++)
		cell[i] = strsep(&line, i < 10 ? "," : "");
	row.granule = granule_named(cell[0]);
	row.txsz = (unsigned)strtoul(cell[1], NULL, 10);
	row.level = (int)strtol(cell[2], NULL, 10);
	row.sl0 = cell[3][0] == '\0' ? NO_SL0 : (unsigned)strtoul(cell[3], NULL, 2);
	row.stage = strcmp(cell[4], "stage1") == 0 ? 1 : 2;
	row.input_bits = (unsigned)strtoul(cell[5], NULL, 10);
	row.resolved = (unsigned)strtoul(cell[6], NULL, 10);
	row.tables = (unsigned)strtoul(cell[7], NULL, 10);
	row.bytes = strtoull(cell[8], NULL, 10);
	row.align = strtoull(cell[9], NULL, 10);
	row.oas = oas_condition(cell[10]);
	row.wide = strstr(cell[10], "VAX") != NULL;
	row.stt = strstr(cell[10], "STT=1") != NULL;
	row.ds = strstr(cell[10], "DS=1") != NULL && row.granule != G64K;
	return row;
}

void read_start_rows(void)
{
	FILE *file = fopen(SMMU_SOURCE_DIR "/tests/data/walk/start-level.csv", "r");
	char line[256];

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), file)); /* the names of the columns */
	for (unsigned i = 0; i < START_ROWS; i++) {
		ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
		start_rows[i] = parse(line);
	}
	ck_assert_ptr_null(fgets(line, sizeof(line), file));
	fclose(file);
}

struct world start_world(unsigned stage, unsigned granule, unsigned txsz, unsigned sl0,
			 uint64_t ttb)
{
	struct world w = world(stage == 1 ? S1_ONLY : S2_ONLY);

	w.behind_host = true;
	set_field(&w.cd[0], 0, 6, txsz);
	set_field(&w.cd[0], 6, 2, granule);
	w.cd[1] = ttb;
	set_field(&w.ste[2], 32, 6, txsz);
	set_field(&w.ste[2], 38, 2, sl0);
	set_field(&w.ste[2], 46, 2, granule);
	w.ste[3] = ttb;
	return w;
}
