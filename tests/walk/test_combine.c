/* SPDX-License-Identifier: MIT */
/*
 * Stage 2 combines: type by the table of the architecture, row by row; shareability; hints that
 * pass through; and forced Write-Back.
 */
#include "walk/attributes.h"
#include "combine_table.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>

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

static struct combine_row rows[COMBINE_ROWS];
static struct shareability_row shareability[SHAREABILITY_ROWS];

/* A row holds for every stage 1 of its type, whatever its hints, and all shareabilities. */
static unsigned check_row(const struct combine_row *row)
{
	unsigned checked = 0;

	for (unsigned n = 0; n < 1u << 12; n++) {
		const unsigned mair = n & 255, s1_sh = n >> 8 & 3, s2_sh = n >> 10;
		const struct meaning s1 = meaning_of((uint8_t)mair, s1_sh);

		if (!same_type(s1, row->s1))
			continue;
		if (!means(attr_combine(A(mair, s1_sh), row->memattr, s2_sh, row->fwb),
			   combined_by(row, s1, s2_sh)))
			ck_abort_msg("%s: S1 %#x SH %u, S2 SH %u", row->text, mair, s1_sh, s2_sh);
		checked++;
	}
	return checked;
}

/* ATTR-12, ATTR-13, ATTR-14, ATTR-15, ATTR-16, ATTR-17, ATTR-20, ATTR-21.  D8-97, D8-98, D8-100,
 * D8-101, D8.6.3 */
START_TEST(every_row_of_the_table_of_combinations_holds)
{
	unsigned defined = 0;

	read_combine_table(rows, shareability);
	for (unsigned i = 0; i < COMBINE_ROWS; i++) {
		if (rows[i].reserved)
			continue;
		ck_assert_uint_gt(check_row(&rows[i]), 0);
		defined++;
	}
	/* 13 types; 13 MemAttr values are defined without FWB, 7 with */
	ck_assert_uint_eq(defined, 13 * 13 + 13 * 7);
} END_TEST

/* ATTR-14.  D8-103; stage 2 is iWB-oWB, so the type is stage 1's, with FWB and without */
START_TEST(every_row_of_the_table_of_shareability_holds)
{
	read_combine_table(rows, shareability);
	for (unsigned i = 0; i < SHAREABILITY_ROWS; i++) {
		const struct shareability_row *row = &shareability[i];

		ck_assert_uint_eq(attr_combine(A(0xff, row->s1), 15, row->s2, false).sh,
				  row->result);
		ck_assert_uint_eq(attr_combine(A(0xff, row->s1), 7, row->s2, true).sh,
				  row->result);
	}
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

/* ATTR-12, ATTR-18: with MTEPERM, each MemAttr without FWB, and with; -1: Device-nGnRnE, whatever
 * stage 1 says */
START_TEST(encodings_without_tag_access_are_as_those_with)
{
	static const int8_t as[2][16] = {
		{ 0, 1, 2, 3, 15, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
		{ 0, 1, 2, 3, -1, 5, 6, 7, -1, -1, -1, -1, -1, -1, 6, 7 },
	};
	const bool fwb = _i;

	for (unsigned memattr = 0; memattr < 16; memattr++)
		for (unsigned mair = 0; mair < 256; mair++) {
			const unsigned seen = attr_memattr_of_mteperm(memattr, fwb);
			const struct smmu3_attr got = attr_combine(A(mair, 3), seen, 3, fwb);
			const int expected = as[fwb][memattr];

			ck_assert_uint_eq(got.mair,
					  expected < 0 ? 0x00 :
							 attr_combine(A(mair, 3), (unsigned)expected,
								      3, fwb)
								 .mair);
		}
}
END_TEST

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
	tcase_add_loop_test(tcase, encodings_without_tag_access_are_as_those_with, 0, 2);
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
