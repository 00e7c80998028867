/* SPDX-License-Identifier: MIT */
/*
 * Attributes of one source: every MAIR byte has a meaning; outputs are consistent; overrides and
 * stage 1 replace what they should and no more; No_snoop pulls down; structure fetches get what
 * their fields say.
 */
#include "walk/attributes.h"
#include "meaning.h"
#include "support/suite.h"

#include <check.h>
#include <stdlib.h>

#define CHECK_ATTR(attr, want_mair, want_sh)                    \
	do {                                                    \
		const struct smmu3_attr got_ = (attr);          \
		ck_assert_uint_eq(got_.mair, (want_mair));      \
		ck_assert_uint_eq(got_.sh, (want_sh));          \
	} while (0)

static struct smmu3_attr A(unsigned mair, unsigned sh)
{
	return (struct smmu3_attr){ (uint8_t)mair, (uint8_t)sh };
}

/* ATTR-08, ATTR-09, ATTR-10, ATTR-11, ATTR-21.  5.4 */
START_TEST(every_mair_byte_has_the_meaning_of_the_specification)
{
	/* Outer 0000: by inner half, whose low two bits, reserved or XS, change nothing. */
	static const uint8_t device[16] = { 0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8, 12, 12, 12, 12 };
	/* Other outer: inner 0000 is Write-Through transient with RW = 11. */
	static const uint8_t inner[16] = { 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	static const uint8_t sh_meant[4] = { SMMU3_NSH, SMMU3_NSH, SMMU3_OSH, SMMU3_ISH };

	for (unsigned byte = 0; byte < 256; byte++) {
		for (unsigned sh = 0; sh < 4; sh++) {
			const unsigned want =
				byte < 16 ? device[byte] : byte / 16 * 16 + inner[byte % 16];
			const bool osh = byte < 16 || want == 0x44;

			CHECK_ATTR(attr_from_mair((uint8_t)byte, sh), want,
				   osh ? SMMU3_OSH : sh_meant[sh]);
		}
	}
} END_TEST

/* ATTR-10: no tagging and no XS in an SMMU.  5.4, 3.23, 3.17.8 */
START_TEST(tagged_and_xs_encodings_follow_the_reserved_row)
{
	CHECK_ATTR(attr_from_mair(0xf0, 3), 0xf3, SMMU3_ISH);
	CHECK_ATTR(attr_from_mair(0x40, 3), 0x43, SMMU3_ISH); /* not iNC-oNC, so not OSH */
	CHECK_ATTR(attr_from_mair(0xa0, 0), 0xa3, SMMU3_NSH);
	CHECK_ATTR(attr_from_mair(0x01, 0), 0x00, SMMU3_OSH);
	CHECK_ATTR(attr_from_mair(0x0d, 0), 0x0c, SMMU3_OSH);
} END_TEST

/* ATTR-21.  13.1.7 */
START_TEST(any_attribute_of_a_device_is_made_consistent)
{
	for (unsigned byte = 0; byte < 256; byte++)
		for (unsigned sh = 0; sh < 256; sh++)
			if (!means(attr_consistent(A(byte, sh)), meaning_of((uint8_t)byte, sh % 4)))
				ck_abort_msg("mair %#x sh %u", byte, sh);
} END_TEST

/* Vectors by hand.  STE-27, STE-28, ATTR-02, ATTR-03, ATTR-04, ATTR-05.  5.2, 13.1.4 */
static const struct override_row {
	struct smmu3_attr in;
	struct attr_override override;
	struct smmu3_attr out;
} override_rows[] = {
	/* use incoming, all three */
	{ { 0xff, 3 }, { false, 0, 0, 1 }, { 0xff, 3 } },
	/* Non-shareable is not incoming */
	{ { 0xff, 3 }, { false, 0, 0, 0 }, { 0xff, 0 } },
	{ { 0xff, 0 }, { false, 0, 0, 2 }, { 0xff, 2 } },
	{ { 0xff, 0 }, { false, 0, 0, 3 }, { 0xff, 3 } },
	/* MemAttr without MTCFG is nothing */
	{ { 0xff, 3 }, { false, 5, 0, 1 }, { 0xff, 3 } },
	/* iWB-oWB becomes iWT-oNC: the inner hints are the incoming ones (RA, nWA, TR) */
	{ { 0xf6, 3 }, { true, 6, 0, 1 }, { 0x42, 3 } },
	/* Device and iNC-oNC to iWB-oWB: RA WA nTR, and what was Outer Shareable stays so */
	{ { 0x04, 2 }, { true, 15, 0, 1 }, { 0xff, 2 } },
	{ { 0x44, 2 }, { true, 15, 0, 3 }, { 0xff, 3 } },
	/* one level was cacheable, the other not: each goes its own way */
	{ { 0x4d, 3 }, { true, 15, 0, 1 }, { 0xfd, 3 } },
	/* ... unless ALLOCCFG says otherwise: R=1 W=0 T=1 */
	{ { 0x04, 2 }, { true, 15, 0xd, 0 }, { 0x66, 0 } },
	/* 0b1001 is no-allocate, therefore not transient */
	{ { 0xff, 3 }, { true, 10, 0x9, 1 }, { 0x88, 3 } },
	/* with MTCFG = 0 libsmmu lets ALLOCCFG act */
	{ { 0xff, 3 }, { false, 0, 0xa, 1 }, { 0xdd, 3 } },
	/* SHCFG and ALLOCCFG do nothing to Device, nor to iNC-oNC, incoming or replaced */
	{ { 0x08, 2 }, { false, 0, 0xf, 0 }, { 0x08, 2 } },
	{ { 0x44, 2 }, { false, 0, 0xf, 3 }, { 0x44, 2 } },
	{ { 0xff, 3 }, { true, 5, 0xf, 3 }, { 0x44, 2 } },
	{ { 0xff, 3 }, { true, 2, 0xf, 0 }, { 0x08, 2 } },
	/* reserved MemAttr values are Device-nGnRnE */
	{ { 0xff, 3 }, { true, 4, 0, 3 }, { 0x00, 2 } },
	{ { 0xff, 3 }, { true, 8, 0, 3 }, { 0x00, 2 } },
	{ { 0xff, 3 }, { true, 12, 0, 3 }, { 0x00, 2 } },
};

START_TEST(an_override_replaces_what_it_names_and_nothing_else)
{
	const struct override_row *row = &override_rows[_i];

	CHECK_ATTR(attr_override(row->in, &row->override), row->out.mair, row->out.sh);
} END_TEST

/* Half of STE.MemAttr: 01 NC, 10 WT, 11 WB; RA WA nTR for what was not cacheable.  13.1.4 */
static struct level overridden_level(struct level in, unsigned code)
{
	const bool hinted = in.cache == 'T' || in.cache == 'B';

	return (struct level){ "?NTB"[code], hinted ? in.ra : true, hinted ? in.wa : true,
			       hinted && in.tr };
}

static void force_hints(struct level *level, unsigned alloccfg)
{
	level->ra = alloccfg & 4;
	level->wa = alloccfg & 2;
	level->tr = alloccfg & 1;
}

static struct meaning overridden(struct meaning m, const struct attr_override *by)
{
	const unsigned outer = by->memattr / 4, inner = by->memattr % 4;

	if (by->mtcfg) {
		m.device = outer == 0 ? (int)inner : inner == 0 ? 0 : -1;
		m.outer = overridden_level(m.outer, outer);
		m.inner = overridden_level(m.inner, inner);
	}
	if (by->alloccfg & 8) {
		force_hints(&m.outer, by->alloccfg);
		force_hints(&m.inner, by->alloccfg);
	}
	if (by->shcfg != 1)
		m.sh = by->shcfg;
	return settled(m);
}

/* STE-27, STE-28, ATTR-02, ATTR-03, ATTR-04, ATTR-05, ATTR-21.  5.2, 6.3.14, 13.1.4 */
START_TEST(every_combination_of_overrides_is_that_of_the_specification)
{
	for (unsigned bits = 0; bits < 1u << 11; bits++) {
		const struct attr_override by = { .mtcfg = bits & 1,
						  .memattr = bits >> 1 & 15,
						  .alloccfg = bits >> 5 & 15,
						  .shcfg = bits >> 9 & 3 };

		for (unsigned in = 0; in < 1024; in++) {
			const struct meaning m = meaning_of((uint8_t)in, in >> 8);

			if (!means(attr_override(A(in & 255, in >> 8), &by), overridden(m, &by)))
				ck_abort_msg("in %#x overrides %#x", in, bits);
		}
	}
} END_TEST

/* ATTR-06, ATTR-07.  13.4.2 */
START_TEST(stage_1_replaces_type_and_shareability)
{
	CHECK_ATTR(attr_stage1(A(0xff, 3), 0x04, 0), 0x04, SMMU3_OSH);
	CHECK_ATTR(attr_stage1(A(0x00, 2), 0xff, 3), 0xff, SMMU3_ISH);
	CHECK_ATTR(attr_stage1(A(0xff, 3), 0xbb, 0), 0xbb, SMMU3_NSH);
	CHECK_ATTR(attr_stage1(A(0xff, 2), 0x44, 3), 0x44, SMMU3_OSH);
	/* hints: allocate only where both do, transient where either is */
	CHECK_ATTR(attr_stage1(A(0xee, 0), 0xff, 3), 0xee, SMMU3_ISH);
	CHECK_ATTR(attr_stage1(A(0x77, 0), 0xbb, 3), 0x33, SMMU3_ISH);
	CHECK_ATTR(attr_stage1(A(0xff, 0), 0x77, 3), 0x77, SMMU3_ISH);
	CHECK_ATTR(attr_stage1(A(0x66, 0), 0xdd, 3), 0xcc,
		   SMMU3_ISH); /* RA with WA: neither, so not transient */
	/* an input that is not cacheable has none to give */
	CHECK_ATTR(attr_stage1(A(0x44, 2), 0xde, 3), 0xde, SMMU3_ISH);
	CHECK_ATTR(attr_stage1(A(0x0c, 2), 0x6b, 0), 0x6b, SMMU3_NSH);
} END_TEST

static struct level hinted(struct level s1, struct level in)
{
	if (in.cache == 'N')
		return s1;
	return (struct level){ s1.cache, s1.ra && in.ra, s1.wa && in.wa, s1.tr || in.tr };
}

/* ATTR-06, ATTR-07, ATTR-21.  13.4.2 */
START_TEST(stage_1_combines_hints_level_by_level)
{
	for (unsigned n = 0; n < 1u << 18; n++) {
		const unsigned input = n & 255, mair = n >> 8 & 255, sh = n >> 16;
		const struct meaning in = meaning_of((uint8_t)input, 0);
		struct meaning want = meaning_of((uint8_t)mair, sh);

		want.outer = hinted(want.outer, in.outer);
		want.inner = hinted(want.inner, in.inner);
		if (!means(attr_stage1(A(input, 0), (uint8_t)mair, sh), settled(want)))
			ck_abort_msg("input %#x MAIR %#x SH %u", input, mair, sh);
	}
} END_TEST

/* ATTR-27.  13.6.1.1 */
START_TEST(no_snoop_pulls_normal_memory_down_and_leaves_device)
{
	for (unsigned mair = 0; mair < 256; mair++) {
		const struct smmu3_attr got = attr_no_snoop(A(mair, SMMU3_ISH));

		CHECK_ATTR(got, mair < 16 ? mair & 0xc : 0x44, SMMU3_OSH);
	}
} END_TEST

/* What a 2-bit cacheability means, for each of the four tables.  00 is NC in all. */
static const uint8_t walk_half[4] = { 0x4, 0xf, 0xa, 0xe };     /* NC; WB RA WA; WT RA; WB RA */
static const uint8_t s1c_half[4] = { 0x4, 0xe, 0xa,
				     0xc }; /* NC; WB RA; WT RA; WB; no WA: libsmmu's choice */
static const uint8_t table_half[4] = { 0x4, 0xc, 0x8, 0x4 };    /* NC; WB; WT; reserved as NC */
static const uint8_t table_ra_half[4] = { 0x4, 0xe, 0xa, 0x4 }; /* the same, STRTAB_BASE.RA = 1 */
static const uint8_t sh_meant[4] = { 0, 0, 2, 3 };

static void check_fetch(struct smmu3_attr got, const uint8_t half[4], unsigned inner,
			unsigned outer, unsigned sh)
{
	const unsigned want = half[outer] * 16u + half[inner];

	CHECK_ATTR(got, want, want == 0x44 ? 2 : sh_meant[sh]);
}

/* CD-08, STE-31, WALK-26; STE-17; CR-022, CR-023, CR-025.  5.2, 5.4, 6.3.11, 6.3.24, 13.8 */
START_TEST(structure_fetches_have_the_attributes_of_their_fields)
{
	for (unsigned n = 0; n < 64; n++) {
		const unsigned inner = n & 3, outer = n >> 2 & 3, sh = n >> 4;

		check_fetch(attr_walk(inner, outer, sh), walk_half, inner, outer, sh);
		check_fetch(attr_s1c(inner, outer, sh), s1c_half, inner, outer, sh);
		check_fetch(attr_table(inner, outer, sh, false), table_half, inner, outer, sh);
		check_fetch(attr_table(inner, outer, sh, true), table_ra_half, inner, outer, sh);
	}
} END_TEST

int main(void)
{
	Suite *suite = suite_create("attributes");
	TCase *tcase = tcase_create("one source");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, every_mair_byte_has_the_meaning_of_the_specification);
	tcase_add_test(tcase, tagged_and_xs_encodings_follow_the_reserved_row);
	tcase_add_test(tcase, any_attribute_of_a_device_is_made_consistent);
	tcase_add_loop_test(tcase, an_override_replaces_what_it_names_and_nothing_else, 0,
			    sizeof(override_rows) / sizeof(override_rows[0]));
	tcase_add_test(tcase, every_combination_of_overrides_is_that_of_the_specification);
	tcase_add_test(tcase, stage_1_replaces_type_and_shareability);
	tcase_add_test(tcase, stage_1_combines_hints_level_by_level);
	tcase_add_test(tcase, no_snoop_pulls_normal_memory_down_and_leaves_device);
	tcase_add_test(tcase, structure_fetches_have_the_attributes_of_their_fields);
	suite_add_tcase(suite, tcase);
	return run_checks(suite);
}
