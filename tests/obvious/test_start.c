/* SPDX-License-Identifier: MIT */
/* Where the obvious walker begins: every granule, TxSZ and S2SL0 by the rows of start-level.csv,
 * and every one that is no row is ILLEGAL. */
#include "obvious.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* ---- The rows ---- */

struct row {
	bool there;
	int level;
	uint64_t alignment;
};

/* The first index: has the SMMU DS, and is it wanted?  The last: {S2SL0_2, S2SL0}. */
static struct row stage1_row[2][3][64], stage2_row[2][3][64][8];

static unsigned granule_index(const char *name)
{
	return strcmp(name, "4K") == 0 ? 0 : strcmp(name, "16K") == 0 ? 1 : 2;
}

/* S2SL0_2 counts with DS and 4KB alone. */
static void take_stage2(struct row row, bool ds, unsigned granule, unsigned txsz, const char *sl0)
{
	const size_t digits = strlen(sl0);
	const unsigned low = (unsigned)((sl0[digits - 2] - '0') * 2 + sl0[digits - 1] - '0');
	const bool high = digits == 3 && sl0[0] == '1';

	stage2_row[ds][granule][txsz][low | (high ? 4 : 0)] = row;
	if (!ds || granule != 0)
		stage2_row[ds][granule][txsz][low | 4] = row;
}

/* Rows that do not need DS are there with it, too. */
static void take(const char *line)
{
	char granule[8], sl0[8] = "", stage[8], condition[64] = "";
	unsigned txsz, alignment;
	int level, at = 0;

	if (sscanf(line, "%7[^,],%u,%d,%n", granule, &txsz, &level, &at) != 3)
		return;
	if (line[at] != ',')
		ck_assert_int_eq(sscanf(line + at, "%7[^,]", sl0), 1);
	ck_assert_int_ge(sscanf(line + at + strlen(sl0), ",%7[^,],%*u,%*u,%*u,%*u,%u,%63[^\n]",
				stage, &alignment, condition),
			 2);
	const bool needs_ds = strstr(condition, "DS=1") && strcmp(granule, "64K") != 0;
	const struct row row = { true, level, alignment };
	const unsigned index = granule_index(granule);

	for (unsigned ds = needs_ds; ds < 2; ds++) {
		if (sl0[0] == 0)
			stage1_row[ds][index][txsz] = row;
		else
			take_stage2(row, ds, index, txsz, sl0);
	}
}

static void read_rows(void)
{
	FILE *file = fopen(SMMU_SOURCE_DIR "/tests/data/walk/start-level.csv", "r");
	char line[256];

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file))
		take(line);
	fclose(file);
}

/* ---- An SMMU with 52 bits and small tables, whose tables begin at the last address ---- */

#define TTB UINT64_C(0xffffffffffff0)

/* TTBs of 4 KB and 16 KB granules have 48 bits without DS. */
static uint64_t last_ttb(unsigned granule, bool ds)
{
	return granule == 2 || ds ? TTB : TTB >> 4 & ~UINT64_C(0xf);
}

struct world {
	uint64_t ste[8], cd[8];
	bool ds;
	uint64_t table; /* first descriptor read, which is aborted */
};

static bool read_world(void *context, const struct smmu3_mem_access *access, void *data)
{
	struct world *w = context;

	if (access->reason == SMMU3_REASON_STE)
		memcpy(data, w->ste, sizeof(w->ste));
	else if (access->reason == SMMU3_REASON_CD)
		memcpy(data, w->cd, sizeof(w->cd));
	else
		w->table = access->pa;
	return access->bytes == 64;
}

static struct obvious_answer go(struct world *w)
{
	const struct obvious_machine machine = {
		.idr0 = 0x3u | 2u << 2 | 2u << 21 | 1u << 24,
		.idr3 = 1u << 9,
		.idr5 = 6u | 7u << 4 | (w->ds ? 1u << 7 : 0) | 1u << 10,
		.aidr = 3,
		.cr0 = 1,
		.read = read_world,
		.context = w,
	};
	const struct smmu3_txn txn = { .bytes = 1 };
	struct obvious_answer answer;

	obvious_translate(&machine, &txn, &answer);
	return answer;
}

/* An output address has 52 bits, so tables are aligned to 64 bytes or more. */
static void check(const struct row *row, unsigned bad, uint64_t ttb, struct world *w)
{
	const struct obvious_answer answer = go(w);

	if (!row->there) {
		ck_assert_uint_eq(answer.event, bad);
		return;
	}
	ck_assert_uint_eq(answer.event, 0x0b);
	ck_assert_int_eq(answer.fault_level, row->level);
	ck_assert_uint_eq(w->table, ttb & ~((row->alignment < 64 ? 64 : row->alignment) - 1));
}

/* WALK-02, WALK-04, WALK-10, WALK4K-01, WALK16K-01, WALK64K-01, CD-20, CD-21, CD-37 */
START_TEST(stage_1_begins_where_the_rows_say)
{
	const unsigned tg0[3] = { 0, 2, 1 };
	const unsigned granule = (unsigned)_i / 64 % 3, t0sz = (unsigned)_i % 64;
	const bool ds = (unsigned)_i / 64 / 3;
	struct world w = {
		.ste = { 1 | 5 << 1, UINT64_C(1) << 44 },
		.cd = { t0sz | tg0[granule] << 6 | 1u << 30 | UINT64_C(1) << 31 |
				UINT64_C(6) << 32 | UINT64_C(1) << 41 | UINT64_C(1) << 46,
			last_ttb(granule, ds), (uint64_t)ds << 58 },
		.ds = ds,
	};
	struct row row;

	read_rows();
	row = stage1_row[ds][granule][t0sz];
	check(&row, 0x0a, last_ttb(granule, ds), &w);
}
END_TEST

/* S2-01, S2-02, S2-03, S2-04, S2-05, STE-35, STE-39, STE-66, STE-69 */
START_TEST(stage_2_begins_where_the_rows_say)
{
	const unsigned s2tg[3] = { 0, 2, 1 };
	const unsigned granule = (unsigned)_i / 64 % 3, s2t0sz = (unsigned)_i % 64;
	const bool ds = (unsigned)_i / 64 / 3;

	read_rows();
	for (unsigned sl0 = 0; sl0 < 8; sl0++) {
		struct world w = {
			.ste = { 1 | 6 << 1, UINT64_C(1) << 44,
				 (uint64_t)s2t0sz << 32 | (uint64_t)(sl0 & 3) << 38 |
					 (uint64_t)s2tg[granule] << 46 | UINT64_C(6) << 48 |
					 UINT64_C(1) << 51,
				 last_ttb(granule, ds) | (uint64_t)ds << 3 |
					 (uint64_t)(sl0 >> 2) << 2 },
			.ds = ds,
		};

		check(&stage2_row[ds][granule][s2t0sz][sl0], 0x04, last_ttb(granule, ds), &w);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("start");
	TCase *tests = tcase_create("tests");

	tcase_add_loop_test(tests, stage_1_begins_where_the_rows_say, 0, 2 * 3 * 64);
	tcase_add_loop_test(tests, stage_2_begins_where_the_rows_say, 0, 2 * 3 * 64);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
