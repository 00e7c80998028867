/* SPDX-License-Identifier: MIT */
/* Memory attributes of accesses that nothing translates: as they came, as GBPA or the STE has them.
 */
#include "passing.h"

static const struct attributes {
	uint8_t mair, sh; /* driven by the device */
	struct overrides overrides;
	uint8_t out_mair, out_sh;
} attributes[] = {
	/* SHCFG */
	{ 0xff, SMMU3_ISH, { .shcfg = 1 }, 0xff, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { .shcfg = 0 }, 0xff, SMMU3_NSH },
	{ 0xff, SMMU3_NSH, { .shcfg = 2 }, 0xff, SMMU3_OSH },
	{ 0xff, SMMU3_NSH, { .shcfg = 3 }, 0xff, SMMU3_ISH },
	/* MemAttr without MTCFG */
	{ 0xff, SMMU3_ISH, { .memattr = 5, .shcfg = 1 }, 0xff, SMMU3_ISH },
	/* every MemAttr: [3:2] outer, [1:0] inner */
	{ 0xff, SMMU3_ISH, { 1, 0x0, .shcfg = 1 }, 0x00, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x1, .shcfg = 1 }, 0x04, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x2, .shcfg = 3 }, 0x08, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x3, .shcfg = 0 }, 0x0c, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x4, .shcfg = 1 }, 0x00, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x5, .shcfg = 1 }, 0x44, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x6, .shcfg = 1 }, 0x4b, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0x7, .shcfg = 1 }, 0x4f, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0x8, .shcfg = 1 }, 0x00, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x9, .shcfg = 1 }, 0xb4, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xa, .shcfg = 1 }, 0xbb, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xb, .shcfg = 0 }, 0xbf, SMMU3_NSH },
	{ 0xff, SMMU3_ISH, { 1, 0xc, .shcfg = 1 }, 0x00, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0xd, .shcfg = 1 }, 0xf4, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xe, .shcfg = 1 }, 0xfb, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, .shcfg = 1 }, 0xff, SMMU3_ISH },
	/* ATTR-04: hints go with the access, and are RA WA where it had none */
	{ 0xaa, SMMU3_ISH, { 1, 0xf, .shcfg = 1 }, 0xee, SMMU3_ISH },
	{ 0x77, SMMU3_ISH, { 1, 0xa, .shcfg = 1 }, 0x33, SMMU3_ISH },
	{ 0x44, SMMU3_OSH, { 1, 0xf, .shcfg = 1 }, 0xff, SMMU3_OSH },
	/* and what was Device or iNC-oNC came as Outer Shareable.  13.1.1 */
	{ 0x44, SMMU3_ISH, { 1, 0xf, .shcfg = 1 }, 0xff, SMMU3_OSH },
	{ 0x04, SMMU3_NSH, { 1, 0xa, .shcfg = 1 }, 0xbb, SMMU3_OSH },
	{ 0x04, SMMU3_OSH, { 1, 0xa, .shcfg = 3 }, 0xbb, SMMU3_ISH },
	/* ALLOCCFG: 0b0xxx nothing, 0b1RWT; transient without allocation is not transient */
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0x7, .shcfg = 1 }, 0xff, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0x8, .shcfg = 1 }, 0xcc, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0x9, .shcfg = 1 }, 0xcc, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0xa, .shcfg = 1 }, 0xdd, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0xb, .shcfg = 1 }, 0x55, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0xc, .shcfg = 1 }, 0xee, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0xd, .shcfg = 1 }, 0x66, SMMU3_ISH },
	{ 0x44, SMMU3_ISH, { 1, 0xf, 0xe, .shcfg = 3 }, 0xff, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xf, 0xf, .shcfg = 1 }, 0x77, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xa, 0x8, .shcfg = 1 }, 0x88, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0xa, 0xd, .shcfg = 1 }, 0x22, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0x7, 0x8, .shcfg = 1 }, 0x4c, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 0, 0, 0xc, .shcfg = 1 }, 0xee, SMMU3_ISH },
	{ 0xff, SMMU3_ISH, { 1, 0x3, 0x8, .shcfg = 3 }, 0x0c, SMMU3_OSH },
	{ 0xff, SMMU3_ISH, { 1, 0x5, 0xf, .shcfg = 3 }, 0x44, SMMU3_OSH },
	/* ATTR-05, ATTR-21: what comes is made consistent too */
	{ 0x44, SMMU3_ISH, { .shcfg = 1 }, 0x44, SMMU3_OSH },
	{ 0x04, SMMU3_NSH, { .shcfg = 3 }, 0x04, SMMU3_OSH },
	{ 0x0c, SMMU3_NSH, { 0, 0, 0xf, .shcfg = 0 }, 0x0c, SMMU3_OSH },
	{ 0x66, SMMU3_NSH, { .shcfg = 1 }, 0x66, SMMU3_NSH },
};

/* ATTR-02, ATTR-03, ATTR-04, ATTR-05, ATTR-24, ATTR-25, ATTR-28, STE-12, STE-27, STE-28 */
START_TEST(overrides_replace_attributes_in_bypass_and_leave_them_consistent)
{
	const struct attributes *row = &attributes[_i / WAYS];
	const enum way way = (enum way)(_i % WAYS);
	struct world w = passing(way, row->overrides);

	open_passing(&w, way, row->overrides);
	w.txn.attr.mair = row->mair;
	w.txn.attr.sh = row->sh;
	expect_reaches(&w, ADDRESS, SMMU3_TXN_ATTR, ADDRESS);
	ck_assert_uint_eq(w.out.attr.mair, row->out_mair);
	ck_assert_uint_eq(w.out.attr.sh, row->out_sh);
	close_world(&w);
}
END_TEST

/* STE-24, 6.3.14: ATTR_TYPES_OVR = 0 */
START_TEST(type_overrides_that_are_not_implemented_are_ignored)
{
	const struct overrides all = { 1, 0, 0xf, 0, 0, 0 };
	const enum way way = (enum way)_i;
	struct world w = passing(way, all);

	change_id(&w, ATTR_TYPES_OVR, 0);
	open_passing(&w, way, all);
	w.txn.attr.mair = 0xee;
	w.txn.attr.sh = SMMU3_ISH;
	expect_reaches(&w, ADDRESS, SMMU3_TXN_ATTR, ADDRESS);
	ck_assert_uint_eq(w.out.attr.mair, 0xee);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_ISH);
	close_world(&w);
}
END_TEST

/* ATTR-01: attr counts only with its flag */
START_TEST(an_access_without_attributes_is_write_back_allocating_and_non_shareable)
{
	const enum way way = (enum way)_i;
	struct world w = passing(way, as_it_came);

	open_passing(&w, way, as_it_came);
	w.txn.attr.mair = 0;
	w.txn.attr.sh = SMMU3_OSH;
	expect_reaches(&w, ADDRESS, 0, ADDRESS);
	ck_assert_uint_eq(w.out.attr.mair, 0xff);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_NSH);
	close_world(&w);
}
END_TEST

/* A type that MAIR has without reserved encodings, with a shareability that it can have. */
static bool consistent(struct smmu3_attr attr)
{
	const unsigned outer = attr.mair >> 4, inner = attr.mair & 0xf;
	const bool device = outer == 0;

	if (device ? (inner & 3) != 0 : inner == 0)
		return false;
	if (device || attr.mair == 0x44)
		return attr.sh == SMMU3_OSH;
	return attr.sh == SMMU3_NSH || attr.sh == SMMU3_OSH || attr.sh == SMMU3_ISH;
}

/* ATTR-05, ATTR-21, 13.1.7: every byte, every shareability and more, with hints and types
 * overridden or not, and No_snoop */
START_TEST(whatever_a_device_drives_what_goes_on_is_consistent)
{
	static const struct overrides rows[] = {
		{ .shcfg = 1 },           { .shcfg = 0 },           { .shcfg = 3 },
		{ 0, 0, 0xf, 1, 0, 0 },   { 0, 0, 0x9, 2, 0, 0 },   { 1, 0xf, 0, 1, 0, 0 },
		{ 1, 0x7, 0x9, 1, 0, 0 }, { 1, 0x5, 0xf, 3, 0, 0 }, { 1, 0xb, 0, 0, 0, 0 },
	};
	struct world w = passing(BY_CONFIG, rows[_i / 2]);

	open_passing(&w, BY_CONFIG, rows[_i / 2]);
	for (unsigned mair = 0; mair < 256; mair++)
		for (unsigned sh = 0; sh < 256; sh += sh < 4 ? 1 : 251) {
			w.txn.attr = (struct smmu3_attr){ (uint8_t)mair, (uint8_t)sh };
			expect_reaches(&w, ADDRESS,
				       SMMU3_TXN_ATTR | (_i % 2 ? SMMU3_TXN_NO_SNOOP : 0), ADDRESS);
			ck_assert_msg(consistent(w.out.attr), "0x%02x, %u became 0x%02x, %u", mair,
				      sh, w.out.attr.mair, w.out.attr.sh);
		}
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, overrides_replace_attributes_in_bypass_and_leave_them_consistent,
			    0, WAYS * ROWS(attributes));
	tcase_add_loop_test(tests, type_overrides_that_are_not_implemented_are_ignored, 0, WAYS);
	tcase_add_loop_test(tests,
			    an_access_without_attributes_is_write_back_allocating_and_non_shareable,
			    0, WAYS);
	tcase_add_loop_test(tests, whatever_a_device_drives_what_goes_on_is_consistent, 0, 18);
}

int main(void)
{
	return run_suite("bypass-attributes", add);
}
