/* SPDX-License-Identifier: MIT */
/* Every value of the fields that choose a granule and a translation regime, seen by what a
 * translation becomes. */
#include "support/conf_world.h"

#define UPPER                                                                               \
	UINT64_C(0xfffffffffe000000) /* the first address of a region of 25 bits at the top \
				      */

/* ---- Granules.  A region of 25 bits: 16KB and 64KB have one level, 4KB has two, so its first
 * descriptor is of a table where theirs is of a page. */

#define ROOT FREE_AREA
#define NEXT (FREE_AREA + 0x10000)
#define PAGE_4K (FREE_AREA + 0x20000)
#define IN_PAGE UINT64_C(0x128)

static void put_region(struct world *w, uint64_t page_bits)
{
	put(w, ROOT, NEXT | page_bits);
	put(w, NEXT, PAGE_4K | page_bits);
}

/* Implements the granules of a set: bit 0 4KB, bit 1 16KB, bit 2 64KB. */
static void implement(struct world *w, unsigned set)
{
	change_id(w, GRAN4K, set & 1);
	change_id(w, GRAN16K, set >> 1 & 1);
	change_id(w, GRAN64K, set >> 2 & 1);
	change_id(w, OAS, OAS_48);
	change_id(w, VAX, 0);
}

static bool implemented(unsigned set, unsigned page_lg2)
{
	return page_lg2 && set >> (page_lg2 - 12) / 2 & 1;
}

/* The page of an address is of 2^page_lg2 bytes, or its granule is refused: `event`, for the field.
 */
static void expect_granule(struct world *w, uint64_t address, unsigned set, unsigned page_lg2,
			   unsigned event, const char *field)
{
	if (implemented(set, page_lg2)) {
		expect_reaches(w, address, 0, (page_lg2 == 12 ? PAGE_4K : NEXT) | IN_PAGE);
		ck_assert_uint_eq(w->out.span, BIT(page_lg2));
	} else {
		expect_error(w, address, 0, event, 0);
		expect_because(w, field);
	}
}

static struct world halves_of_25_bits(void)
{
	struct world w = world(S1_ONLY);

	put_region(&w, S1_PAGE);
	w.cd[0] &= ~(BIT(14) | BIT(30)); /* EPD */
	change(w.cd, T0SZ, 39);
	change(w.cd, T1SZ, 39);
	w.cd[1] = w.cd[2] = ROOT;
	return w;
}

/* CD-07, CD-40: the other half has a granule that is there */
START_TEST(tg0_and_tg1_name_the_granule_of_their_half_each_in_its_own_encoding)
{
	static const uint8_t tg0[] = { 12, 16, 14, 0 }, tg1[] = { 0, 14, 12, 16 };
	static const uint8_t some_tg0[] = { 0, 0, 2, 0, 1, 0, 2, 0 },
			     some_tg1[] = { 0, 2, 1, 2, 3, 2, 1, 2 };
	const unsigned value = (unsigned)_i % 4, set = (unsigned)_i / 4 % 7 + 1;
	const bool upper = _i >= 28;
	struct world w = halves_of_25_bits();

	implement(&w, set);
	change(w.cd, TG0, upper ? some_tg0[set] : value);
	change(w.cd, TG1, upper ? value : some_tg1[set]);
	expect_granule(&w, (upper ? UPPER : 0) | IN_PAGE, set, upper ? tg1[value] : tg0[value],
		       C_BAD_CD, upper ? "CD.TG1" : "CD.TG0");
	close_world(&w);
}
END_TEST

/* STE-32, STE-64: S2SL0 0 is where each of them begins */
START_TEST(s2tg_names_the_granule_of_stage_2)
{
	static const uint8_t s2tg[] = { 12, 16, 14, 0 };
	const unsigned value = (unsigned)_i % 4, set = (unsigned)_i / 4 + 1;
	struct world w = world(S2_ONLY);

	put_region(&w, S2_PAGE);
	implement(&w, set);
	change(w.ste, S2T0SZ, 39);
	change(w.ste, S2SL0, 0);
	change(w.ste, S2TG, value);
	w.ste[3] = ROOT;
	expect_granule(&w, IN_PAGE, set, s2tg[value], C_BAD_STE, "STE.S2TG");
	close_world(&w);
}
END_TEST

/* ---- StreamWorld.  Without EL2 every Non-secure stream is of NS-EL1, whatever STRW and CR2.E2H
 * say. */

#define HIGH UINT64_C(0xfffff00000000000) /* T1SZ 20 */

/* Both halves go to NEAR_PA; the unprivileged may not. */
static struct world of_strw(unsigned config, unsigned strw)
{
	struct world w = stream(config);

	change(w.ste, STRW, strw);
	put(&w, slot1(3), (config == NESTED ? IPA_PAGE : NEAR_PAGE) | PAGE_BITS | AP(0));
	change(w.cd, T0SZ, 20);
	change(w.cd, T1SZ, 20);
	change(w.cd, TG1, 2);
	w.cd[0] &= ~BIT(30); /* EPD1 */
	w.cd[2] = w.cd[1];
	return w;
}

static void write_e2h(struct world *w)
{
	open_world(w);
	mmio(w, 0x20, 4, 0);
	mmio(w, 0x2c, 4, 3); /* CR2: RECINVSID, E2H */
	mmio(w, 0x20, 4, 0xd);
}

/* SW-01, SW-02, SW-05, STE-23: two tables, two privileges */
START_TEST(without_el2_a_stream_has_two_tables_and_two_privileges_whatever_strw_says)
{
	struct world w = of_strw(_i & 4 ? NESTED : S1_ONLY, _i & 3);

	write_e2h(&w);
	for (unsigned half = 0; half < 2; half++) {
		const uint64_t address = half ? HIGH | VA : VA;

		expect_reaches(&w, address, SMMU3_TXN_PRIVILEGED, NEAR_PA);
		expect_event(&w, address, 0, F_PERMISSION, 1, 3);
		expect_coherent(&w, address);
	}
	close_world(&w);
}
END_TEST

/* SW-05: an ASID of 8 bits, EPD */
START_TEST(without_el2_a_stream_has_asids_and_may_disable_either_table_whatever_strw_says)
{
	struct world w = of_strw(_i & 4 ? NESTED : S1_ONLY, _i & 3);

	w.cd[0] |= BIT(14);
	write_e2h(&w);
	expect_event(&w, VA, SMMU3_TXN_PRIVILEGED, F_TRANSLATION, 1, NO_WALK);
	expect_reaches(&w, HIGH | VA, SMMU3_TXN_PRIVILEGED, NEAR_PA);
	change_id(&w, ASID16, 0);
	change(w.cd, ASID, 0x100);
	write_e2h(&w);
	expect_error(&w, HIGH | VA, SMMU3_TXN_PRIVILEGED, C_BAD_CD, 0);
	expect_because(&w, "CD.ASID");
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests,
			    tg0_and_tg1_name_the_granule_of_their_half_each_in_its_own_encoding, 0,
			    56);
	tcase_add_loop_test(tests, s2tg_names_the_granule_of_stage_2, 0, 28);
	tcase_add_loop_test(
		tests, without_el2_a_stream_has_two_tables_and_two_privileges_whatever_strw_says, 0,
		8);
	tcase_add_loop_test(
		tests,
		without_el2_a_stream_has_asids_and_may_disable_either_table_whatever_strw_says, 0,
		8);
}

int main(void)
{
	return run_suite("small-fields", add);
}
