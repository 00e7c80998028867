/* SPDX-License-Identifier: MIT */
/* Sizes of regions and outputs at both sides of each limit: S2T0SZ, what DS and S2DS do not change,
 * SMMUv3.0.  5.2, 5.4 */
#include "support/conf_world.h"

#define ROOT FREE_AREA /* empty, and aligned to 4MB: 16 tables of 64KB side by side */

/* Fields of the CD and STE that only this file changes */
enum {
	DS = AT(2, 58, 58),
	S2DS = AT(3, 3, 3),
};

/* Up to which S2T0SZ each S2SL0 of a granule is used here, from the longest walk down.  D8.2.8 to
 * D8.2.10 */
static const struct {
	uint8_t most, sl0;
} starts[3][4] = {
	[G4K] = { { 24, 2 }, { 33, 1 }, { 42, 0 }, { 63, 3 } },
	[G16K] = { { 27, 2 }, { 38, 1 }, { 63, 0 } },
	[G64K] = { { 21, 2 }, { 34, 1 }, { 63, 0 } },
};

static unsigned sl0_of(unsigned granule, unsigned t0sz)
{
	unsigned i = 0;

	while (starts[granule][i].most < t0sz)
		i++;
	return starts[granule][i].sl0;
}

/* Whatever is at address 0. */
static void expect_not_illegal(struct world *w)
{
	open_world(w);
	reach(w, 0, 0);
	ck_assert_msg(w->out.event != C_BAD_CD && w->out.event != C_BAD_STE, "%s",
		      smmu3_why(w->out.why)->name);
}

/* ---- Stage 2.  STE-30: 64 - S2T0SZ bits, all 6 bits of the field */

static void expect_region(unsigned granule, unsigned t0sz)
{
	const uint64_t end = BIT(64 - t0sz);
	struct world w = world(S2_ONLY);

	change(w.ste, S2TG, granule);
	change(w.ste, S2T0SZ, t0sz);
	change(w.ste, S2SL0, sl0_of(granule, t0sz));
	w.ste[3] = ROOT;
	reach(&w, end - 4, 0); /* is looked for in the table, where nothing is */
	ck_assert_uint_eq(w.out.event, F_TRANSLATION);
	ck_assert_uint_eq(w.out.fault_stage, 2);
	ck_assert_msg(w.out.fault_level != NO_WALK, "granule %u, S2T0SZ %u", granule, t0sz);
	if (t0sz > 12) { /* with 12 there is no larger IPA */
		expect_event(&w, end, 0, F_TRANSLATION, 2, NO_WALK);
		expect_record(&w, end, RNW | S2 | CLASS(2), end & ~UINT64_C(0xfff));
	}
	close_world(&w);
}

/* STE-30, STE-66 */
START_TEST(a_stage_2_region_ends_where_s2t0sz_says)
{
	const unsigned granule = (unsigned)_i;

	for (unsigned t0sz = granule == G64K ? 12 : 16; t0sz <= (granule == G64K ? 47 : 48); t0sz++)
		expect_region(granule, t0sz);
}
END_TEST

/* ---- IDR5.DS = 0: DS and S2DS are RES0 */

static const struct limit {
	unsigned config, granule;
	struct change bad;
	uint64_t good;
	const char *field;
} limits[] = {
	/* CD-21, CD-37, CD-41: 48 bits of input, and of the table's address */
	{ S1_ONLY, G4K, { T0SZ, 15 }, 16, "CD.T0SZ" },
	{ S1_ONLY, G16K, { T0SZ, 15 }, 16, "CD.T0SZ" },
	{ S1_ONLY, G64K, { T0SZ, 11 }, 12, "CD.T0SZ" },
	{ S1_ONLY, G4K, { AT(1, 48, 47), 2 }, 1, "CD.TTB0" },
	{ S1_ONLY, G16K, { AT(1, 48, 47), 2 }, 1, "CD.TTB0" },
	/* STE-35, STE-65, STE-66 */
	{ S2_ONLY, G4K, { S2T0SZ, 15 }, 16, "STE.S2T0SZ" },
	{ S2_ONLY, G16K, { S2T0SZ, 15 }, 16, "STE.S2T0SZ" },
	{ S2_ONLY, G64K, { S2T0SZ, 11 }, 12, "STE.S2T0SZ" },
	{ S2_ONLY, G4K, { AT(3, 48, 47), 2 }, 1, "STE.S2TTB" },
	{ S2_ONLY, G16K, { AT(3, 48, 47), 2 }, 1, "STE.S2TTB" },
};

static struct world limit_world(const struct limit *row, uint64_t value)
{
	struct world w = world(row->config);

	change(w.ste, S2TG, row->granule);
	change(w.ste, S2PS, 6);
	change(w.cd, TG0, row->granule);
	change(w.cd, IPS, 6);
	change(row->config == S1_ONLY ? w.cd : w.ste, row->bad.at, value);
	return w;
}

START_TEST(ds_and_s2ds_that_are_not_implemented_widen_nothing)
{
	const struct limit *row = &limits[_i / 2];
	struct world w = limit_world(row, row->bad.value);

	change(w.cd, DS, (unsigned)_i % 2);
	change(w.ste, S2DS, (unsigned)_i % 2);
	expect_error(&w, 0, 0, row->config == S1_ONLY ? C_BAD_CD : C_BAD_STE, 0);
	expect_because(&w, row->field);
	change(row->config == S1_ONLY ? w.cd : w.ste, row->bad.at, row->good);
	expect_not_illegal(&w);
	close_world(&w);
}
END_TEST

/* CD-21, STE-35: with DS it would be bits 51:50 of the output, and SH0 and S2SH0 the shareability
 */
START_TEST(without_ds_bits_9_and_8_of_a_page_are_its_shareability)
{
	const unsigned config = _i / 4 ? S2_ONLY : S1_ONLY, sh = (unsigned)_i % 4;
	struct world w = stream(config);

	set_field(word_at(&w, slot1(3)), 8, 2, sh);
	set_field(word_at(&w, slot2(3)), 8, 2, sh);
	set_field(&w.cd[0], 12, 2, SMMU3_ISH);
	set_field(&w.ste[2], 44, 2, SMMU3_ISH);
	change(w.cd, DS, 1);
	change(w.ste, S2DS, 1);
	expect_unchanged(&w, config);
	ck_assert_uint_eq(w.out.attr.sh, sh == 1 ? SMMU3_NSH : sh); /* 1 is reserved */
	close_world(&w);
}
END_TEST

/* ---- SMMUv3.0: libsmmu calls a size out of range ILLEGAL, as later revisions do */

static const struct {
	unsigned config, granule, bad, good, oas, sl0;
} sizes_30[] = {
	/* CD-39: 16 to 39 */
	{ S1_ONLY, G4K, 15, 16, OAS_48, 0 },
	{ S1_ONLY, G4K, 40, 39, OAS_48, 0 },
	{ S1_ONLY, G64K, 15, 16, OAS_48, 0 },
	{ S1_ONLY, G64K, 40, 39, OAS_48, 0 },
	{ S1_ONLY, G16K, 0, 16, OAS_44, 0 },
	{ S1_ONLY, G16K, 63, 39, OAS_44, 0 },
	/* STE-68: 64 - IAS to 39 */
	{ S2_ONLY, G4K, 15, 16, OAS_48, 2 },
	{ S2_ONLY, G4K, 40, 39, OAS_48, 0 },
	{ S2_ONLY, G4K, 23, 24, OAS_40, 1 },
	{ S2_ONLY, G64K, 15, 16, OAS_48, 2 },
	{ S2_ONLY, G64K, 19, 20, OAS_44, 2 },
	{ S2_ONLY, G16K, 40, 39, OAS_44, 0 },
};

START_TEST(in_smmuv3_0_a_size_out_of_range_is_illegal_and_the_limit_is_not)
{
	const bool stage1 = sizes_30[_i].config == S1_ONLY;
	struct world w = world(sizes_30[_i].config);

	make_version_30(&w);
	change_id(&w, OAS, sizes_30[_i].oas);
	change(w.ste, S2TG, sizes_30[_i].granule);
	change(w.ste, S2SL0, sizes_30[_i].sl0);
	change(w.cd, TG0, sizes_30[_i].granule);
	change(w.cd, T0SZ, sizes_30[_i].bad);
	change(w.ste, S2T0SZ, sizes_30[_i].bad);
	expect_error(&w, 0, 0, stage1 ? C_BAD_CD : C_BAD_STE, 0);
	expect_because(&w, stage1 ? "CD.T0SZ" : "STE.S2T0SZ");
	change(w.cd, T0SZ, sizes_30[_i].good);
	change(w.ste, S2T0SZ, sizes_30[_i].good);
	expect_not_illegal(&w);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_stage_2_region_ends_where_s2t0sz_says, 0, 3);
	tcase_add_loop_test(tests, ds_and_s2ds_that_are_not_implemented_widen_nothing, 0,
			    2 * ROWS(limits));
	tcase_add_loop_test(tests, without_ds_bits_9_and_8_of_a_page_are_its_shareability, 0, 8);
	tcase_add_loop_test(tests, in_smmuv3_0_a_size_out_of_range_is_illegal_and_the_limit_is_not,
			    0, ROWS(sizes_30));
}

int main(void)
{
	return run_suite("region-sizes", add);
}
