/* SPDX-License-Identifier: MIT */
/*
 * Stage 2 combines: type by the table of the architecture, row by row; shareability; hints that
 * pass through; and forced Write-Back.
 */
#include "walk/attributes.h"
#include "meaning.h"
#include "support/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct smmu3_attr A(unsigned mair, unsigned sh)
{
	return (struct smmu3_attr){ (uint8_t)mair, (uint8_t)sh };
}

/* ATTR-22, the examples of 13.1.5.1: a first attribute, a descriptor, and their result. */
static const struct example {
	struct smmu3_attr s1;
	uint8_t s2_memattr, s2_sh;
	struct smmu3_attr result;
} examples[] = {
	/* iWB/RAWAnTR-oNC-ISH + Device-nGnRE = Device-nGnRE */
	{ { 0x4f, SMMU3_ISH }, 1, 3, { 0x04, SMMU3_OSH } },
	/* Device-nGnRE + Device-nGnRnE = Device-nGnRnE */
	{ { 0x04, SMMU3_OSH }, 0, 3, { 0x00, SMMU3_OSH } },
	/* iWB/RAWAnTR-oNC-ISH + iWT-oWT-OSH = iWT/RAWAnTR-oNC-OSH */
	{ { 0x4f, SMMU3_ISH }, 10, 2, { 0x4b, SMMU3_OSH } },
};

START_TEST(the_examples_of_the_specification_come_out)
{
	const struct example *e = &examples[_i];
	const struct smmu3_attr got = attr_combine(e->s1, e->s2_memattr, e->s2_sh, false);

	ck_assert_uint_eq(got.mair, e->result.mair);
	ck_assert_uint_eq(got.sh, e->result.sh);
} END_TEST

/* One line of the table of combinations. */
struct row {
	char fwb[8], s1[24], s2[8], result[24], sh[8];
};

static FILE *open_table(void)
{
	FILE *file = fopen(SMMU_SOURCE_DIR "/tests/data/walk/s1s2-attr-combine.csv", "r");

	ck_assert_ptr_nonnull(file);
	return file;
}

/* The next row of the table; a reserved result has no shareability. */
static bool next_row(FILE *file, struct row *row)
{
	char line[160];

	while (fgets(line, sizeof(line), file)) {
		row->sh[0] = '\0';
		if (line[0] != '#' && line[0] != 's') {
			const int n = sscanf(line, "%7[^,],%23[^,],%7[^,],%23[^,],%7[^\n]",
					     row->fwb, row->s1, row->s2, row->result, row->sh);

			ck_assert_int_ge(n, 4);
			return true;
		}
	}
	fclose(file);
	return false;
}

/* "Device-nGnRE" or "Normal-iWT-oNC", hints RA WA nTR. */
static struct meaning named(const char *name)
{
	static const char *const device[] = { "nGnRnE", "nGnRE", "nGRE", "GRE" };
	struct meaning m = { .device = -1 };
	char inner, outer;

	for (int i = 0; i < 4; i++)
		if (strncmp(name, "Device-", 7) == 0 && strcmp(name + 7, device[i]) == 0)
			return settled((struct meaning){ .device = i });
	/* the second letters of NC, WT, WB */
	ck_assert_int_eq(sscanf(name, "Normal-i%*1s%c-o%*1s%c", &inner, &outer), 2);
	m.inner = (struct level){ inner == 'C' ? 'N' : inner, true, true, false };
	m.outer = (struct level){ outer == 'C' ? 'N' : outer, true, true, false };
	return settled(m);
}

static unsigned named_sh(const char *name)
{
	return name[0] == 'N' ? SMMU3_NSH : name[0] == 'O' ? SMMU3_OSH : SMMU3_ISH;
}

/* D8-103 */
static unsigned stronger_sh(unsigned s1, unsigned s2)
{
	if (s1 == SMMU3_OSH || s2 == SMMU3_OSH)
		return SMMU3_OSH;
	return s1 == SMMU3_ISH || s2 == SMMU3_ISH ? SMMU3_ISH : SMMU3_NSH;
}

/* The hints of a level: stage 1's if it was cacheable, else RA WA nTR.  D8.6.3 */
static struct level passed(struct level result, struct level s1)
{
	if (result.cache == 'N')
		return result;
	if (s1.cache == 'N')
		return (struct level){ result.cache, true, true, false };
	return (struct level){ result.cache, s1.ra, s1.wa, s1.tr };
}

static bool same_type(struct meaning a, struct meaning b)
{
	return a.device == b.device && a.outer.cache == b.outer.cache &&
	       a.inner.cache == b.inner.cache;
}

/* A row holds for every stage 1 of its type, whatever its hints, and all shareabilities. */
static unsigned check_row(const struct row *row)
{
	const struct meaning s1_type = named(row->s1), result = named(row->result);
	const unsigned s2 = (unsigned)strtoul(row->s2, NULL, 2);
	unsigned checked = 0;

	for (unsigned n = 0; n < 1u << 12; n++) {
		const unsigned mair = n & 255, s1_sh = n >> 8 & 3, s2_sh = n >> 10;
		const struct meaning s1 = meaning_of((uint8_t)mair, s1_sh);
		struct meaning want = result;

		if (!same_type(s1, s1_type))
			continue;
		want.outer = passed(result.outer, s1.outer);
		want.inner = passed(result.inner, s1.inner);
		want.sh = row->sh[0] == 'S' ? stronger_sh(s1.sh, s2_sh == 1 ? 0 : s2_sh)
					    : named_sh(row->sh);
		if (!means(attr_combine(A(mair, s1_sh), s2, s2_sh, row->fwb[0] == '1'), want))
			ck_abort_msg("%s + %s (FWB %s): S1 %#x SH %u, S2 SH %u", row->s1, row->s2,
				     row->fwb, mair, s1_sh, s2_sh);
		checked++;
	}
	return checked;
}

/* ATTR-12 to ATTR-17, ATTR-20, ATTR-21.  D8-97, D8-98, D8-100, D8-101, D8.6.3 */
START_TEST(every_row_of_the_table_of_combinations_holds)
{
	FILE *file = open_table();
	unsigned rows = 0;
	struct row row;

	while (next_row(file, &row)) {
		if (row.fwb[0] == 'a' || strcmp(row.result, "Reserved") == 0)
			continue;
		ck_assert_uint_gt(check_row(&row), 0);
		rows++;
	}
	/* 13 types; 13 MemAttr values are defined without FWB, 7 with */
	ck_assert_uint_eq(rows, 13 * 13 + 13 * 7);
} END_TEST

/* ATTR-14.  D8-103; stage 2 is iWB-oWB, so the type is stage 1's, with FWB and without */
START_TEST(every_row_of_the_table_of_shareability_holds)
{
	FILE *file = open_table();
	unsigned rows = 0;
	struct row row;

	while (next_row(file, &row)) {
		if (row.fwb[0] != 'a')
			continue;
		const struct smmu3_attr s1 = A(0xff, named_sh(row.s1));

		ck_assert_uint_eq(attr_combine(s1, 15, named_sh(row.s2), false).sh,
				  named_sh(row.sh));
		ck_assert_uint_eq(attr_combine(s1, 7, named_sh(row.s2), true).sh, named_sh(row.sh));
		rows++;
	}
	ck_assert_uint_eq(rows, 9);
} END_TEST

/* ATTR-12: libsmmu's choice among the constrained behaviours.  D8-96, D8-101 */
START_TEST(reserved_stage_2_types_are_the_strongest_device)
{
	for (unsigned mair = 0; mair < 256; mair++) {
		for (unsigned memattr = 4; memattr < 16; memattr += 4) {
			const struct smmu3_attr got = attr_combine(A(mair, 0), memattr, 0, false);

			ck_assert_uint_eq(got.mair, 0x00);
			ck_assert_uint_eq(got.sh, SMMU3_OSH);
		}
		ck_assert_uint_eq(attr_combine(A(mair, 0), 4, 0, true).mair, 0x00);
	}
} END_TEST

/* ATTR-18: without MTEPERM bit 3 of MemAttr is RES0 under FWB, and ignored.  D8.6.6 */
START_TEST(forced_write_back_ignores_the_upper_bit_of_the_type)
{
	for (unsigned mair = 0; mair < 256; mair++) {
		const struct smmu3_attr s1 = A(mair, 3);

		for (unsigned memattr = 0; memattr < 8; memattr++) {
			const struct smmu3_attr low = attr_combine(s1, memattr, 3, true);
			const struct smmu3_attr high = attr_combine(s1, memattr | 8, 3, true);

			ck_assert_uint_eq(low.mair, high.mair);
			ck_assert_uint_eq(low.sh, high.sh);
		}
	}
} END_TEST

/* ATTR-15, ATTR-17, ATTR-19: by hand.  D8.6.3, D8.6.6 */
static const struct example forced[] = {
	{ { 0x00, SMMU3_OSH }, 6, 0, { 0xff, SMMU3_OSH } }, /* Device: came in as OSH, RA WA nTR */
	{ { 0x44, SMMU3_OSH }, 6, 3, { 0xff, SMMU3_OSH } },
	{ { 0xaa, SMMU3_NSH }, 6, 3, { 0xee, SMMU3_ISH } }, /* Write-Through's hints stay */
	{ { 0x24, SMMU3_ISH }, 6, 0, { 0x6f, SMMU3_ISH } }, /* outer transient RA; inner had none */
	{ { 0x88, SMMU3_ISH }, 6, 0, { 0xcc, SMMU3_ISH } }, /* no-allocate stays no-allocate */
	{ { 0x66, SMMU3_NSH }, 7, 0, { 0x66, SMMU3_NSH } },
	{ { 0xff, SMMU3_NSH }, 5, 0, { 0x44, SMMU3_OSH } },
	{ { 0x0c, SMMU3_OSH }, 5, 0, { 0x0c, SMMU3_OSH } },
	{ { 0xff, SMMU3_NSH }, 3, 0, { 0x0c, SMMU3_OSH } },
	{ { 0x08, SMMU3_OSH }, 1, 0, { 0x04, SMMU3_OSH } },
	{ { 0x04, SMMU3_OSH }, 2, 0, { 0x04, SMMU3_OSH } },
};

START_TEST(forced_write_back_decides_by_its_own_table)
{
	const struct example *e = &forced[_i];
	const struct smmu3_attr got = attr_combine(e->s1, e->s2_memattr, e->s2_sh, true);

	ck_assert_uint_eq(got.mair, e->result.mair);
	ck_assert_uint_eq(got.sh, e->result.sh);
} END_TEST

/* ATTR-27: after forced Write-Back.  13.6.1.1 */
START_TEST(no_snoop_wins_over_forced_write_back)
{
	const struct smmu3_attr got = attr_no_snoop(attr_combine(A(0x00, 2), 6, 3, true));

	ck_assert_uint_eq(got.mair, 0x44);
	ck_assert_uint_eq(got.sh, SMMU3_OSH);
} END_TEST

int main(void)
{
	Suite *suite = suite_create("combine");
	TCase *tcase = tcase_create("stage 2");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, the_examples_of_the_specification_come_out, 0,
			    sizeof(examples) / sizeof(examples[0]));
	tcase_add_test(tcase, every_row_of_the_table_of_combinations_holds);
	tcase_add_test(tcase, every_row_of_the_table_of_shareability_holds);
	tcase_add_test(tcase, reserved_stage_2_types_are_the_strongest_device);
	tcase_add_test(tcase, forced_write_back_ignores_the_upper_bit_of_the_type);
	tcase_add_loop_test(tcase, forced_write_back_decides_by_its_own_table, 0,
			    sizeof(forced) / sizeof(forced[0]));
	tcase_add_test(tcase, no_snoop_wins_over_forced_write_back);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
