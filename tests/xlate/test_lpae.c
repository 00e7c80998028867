/* SPDX-License-Identifier: MIT */
/* VMSAv8-32 tables at both stages: sizes, regions, levels, outputs, faults, and one format over the
 * other.  3.4, 5.2, 5.4, DDI 0487 G5.5 */
#include "lpae_world.h"

#include <smmu/decode.h>

#define BLOCK_PA UINT64_C(0xabc0000000)
#define TABLE_AT (RAM_BASE + 0x400000)

/* ---- Where a walk of stage 1 begins ---- */

static const struct {
	int level;
	unsigned index_bits; /* of the first table, which is as large and aligned to that */
	unsigned block_lg2;
} s1_starts[] = {
	{ 1, 2, 30 }, { 1, 1, 30 }, { 2, 9, 21 }, { 2, 8, 21 },
	{ 2, 7, 21 }, { 2, 6, 21 }, { 2, 5, 21 }, { 2, 4, 21 },
};

/* LPAE-01, CD-20: by T0SZ; the last address of the region is the last entry's, bits of TTB0 below
 * the size do not count, nor do T0SZ[5:3].  5.4, G5.5.7 */
START_TEST(a_walk_of_stage_1_begins_where_t0sz_says)
{
	const unsigned t0sz = (unsigned)_i, bytes_lg2 = s1_starts[_i].index_bits + 3;
	const uint64_t region = BIT(32 - t0sz), last = region - 0x1000 + OFFSET;
	const uint64_t entry = TABLE_AT + BIT(bytes_lg2) + BIT(bytes_lg2) - 8;
	struct world w = lpae_world(S1_ONLY);

	use_lpae_stage1(&w, t0sz | 0x28, 0);
	w.cd[1] = TABLE_AT + BIT(bytes_lg2) + (BIT(bytes_lg2) - 16);
	put(&w, entry, BLOCK_PA | S1_BLOCK);
	w.behind_host = true;
	expect_pa(&w, last, 0, BLOCK_PA | (last & (BIT(s1_starts[_i].block_lg2) - 1)));
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, entry);
	ck_assert_uint_eq(w.out.span, BIT(s1_starts[_i].block_lg2));
	put(&w, entry, 0);
	expect_event(&w, last, 0, F_TRANSLATION, 1, s1_starts[_i].level);
	close_world(&w);
}
END_TEST

/* ---- Which table has an address ---- */

enum half { LOW, HIGH, OUTSIDE };

static const struct {
	unsigned t0sz, t1sz;
	uint64_t va;
	enum half half;
} regions[] = {
	{ 0, 0, 0, LOW },
	{ 0, 0, HIGHEST, LOW },
	{ 0, 0, UINT64_C(0x100000000), OUTSIDE },
	{ 0, 0, UINT64_C(0x80000000000000), OUTSIDE },
	{ 0, 0, UINT64_C(0xffffffff80000000), OUTSIDE },
	{ 1, 0, UINT64_C(0x7fffffff), LOW },
	{ 1, 0, UINT64_C(0x80000000), HIGH },
	{ 1, 0, HIGHEST, HIGH },
	{ 1, 0, UINT64_C(0x100000000), OUTSIDE },
	{ 3, 0, UINT64_C(0x1fffffff), LOW },
	{ 3, 0, UINT64_C(0x20000000), HIGH },
	{ 0, 1, UINT64_C(0x7fffffff), LOW },
	{ 0, 1, UINT64_C(0x80000000), HIGH },
	{ 0, 1, UINT64_C(0x180000000), OUTSIDE },
	{ 0, 1, UINT64_C(0xffffffffffffffff), OUTSIDE },
	{ 0, 7, UINT64_C(0xfdffffff), LOW },
	{ 0, 7, UINT64_C(0xfe000000), HIGH },
	{ 1, 1, UINT64_C(0x7fffffff), LOW },
	{ 1, 1, UINT64_C(0x80000000), HIGH },
	{ 2, 2, UINT64_C(0x3fffffff), LOW },
	{ 2, 2, UINT64_C(0x40000000), OUTSIDE },
	{ 2, 2, UINT64_C(0xbfffffff), OUTSIDE },
	{ 2, 2, UINT64_C(0xc0000000), HIGH },
	{ 7, 1, UINT64_C(0x01ffffff), LOW },
	{ 7, 1, UINT64_C(0x02000000), OUTSIDE },
	{ 7, 1, UINT64_C(0x7fffffff), OUTSIDE },
	{ 7, 1, UINT64_C(0x80000000), HIGH },
	{ 7, 1, UINT64_C(0x180000000), OUTSIDE },
};

static struct world two_regions(unsigned t0sz, unsigned t1sz)
{
	struct world w = lpae_world(S1_ONLY);

	w.behind_host = true;
	w.txn.bytes = 1;
	use_lpae_stage1(&w, t0sz, t1sz);
	set_field(&w.cd[0], 30, 1, 0);
	w.cd[1] = TABLE_AT;
	w.cd[2] = TABLE_AT + 0x100000;
	return w;
}

static enum half half_taken(struct world *w, uint64_t va)
{
	ask(w, va, 0);
	ck_assert_uint_eq(w->out.event, F_TRANSLATION);
	ck_assert_uint_eq(w->out.fault_stage, 1);
	ck_assert_uint_eq(w->out.fault_class, SMMU3_CLASS_IN);
	ck_assert_uint_eq(w->out.record.word[2], va);
	if (w->out.fault_level == NO_WALK)
		return OUTSIDE;
	return w->seen[w->seen_count - 1].pa < TABLE_AT + 0x100000 ? LOW : HIGH;
}

/* ADR-10: T0SZ and T1SZ divide 32 bits; above them there is nothing.  3.4.1, table G5-2 */
START_TEST(t0sz_and_t1sz_divide_32_bits)
{
	struct world w = two_regions(regions[_i].t0sz, regions[_i].t1sz);

	ck_assert_int_eq(half_taken(&w, regions[_i].va), regions[_i].half);
	close_world(&w);
}
END_TEST

/* SW-06, ADR-10: EL2 has VMSAv8-32, and one region whatever T1SZ is; any-EL2-E2H has none of it.
 * 5.4 AA64 */
START_TEST(el2_has_one_region)
{
	struct world w = two_regions(1, 1);

	set_id(&w, 0, 9, 1, 1);
	w.ste[1] |= BIT(31);
	ck_assert_int_eq(half_taken(&w, 0x7fffffff), LOW);
	ck_assert_int_eq(half_taken(&w, 0x80000000), OUTSIDE);
	ck_assert_int_eq(half_taken(&w, HIGHEST), OUTSIDE);
	w.e2h = true;
	open_world(&w);
	expect_event(&w, 0, 0, C_BAD_CD, 0, NO_WALK);
	close_world(&w);
}
END_TEST

/* CD-12: EPD0 disables the walks of TTB0, not what T0SZ says of TTB1: libsmmu's choice.  5.4 EPD0
 */
START_TEST(the_size_of_a_disabled_table_divides_addresses_still)
{
	struct world w = two_regions(1, 0);

	set_field(&w.cd[0], 14, 1, 1);
	ck_assert_int_eq(half_taken(&w, 0x7fffffff), OUTSIDE);
	ck_assert_int_eq(half_taken(&w, 0x80000000), HIGH);
	close_world(&w);
}
END_TEST

/* LPAE-01: TTB0 has 4GB less the last 32MB, a block of 1GB has those too.  libsmmu's choice of
 * those that G5.5.5.1 has */
START_TEST(a_block_that_reaches_into_the_other_region_is_a_translation_fault)
{
	struct world w = two_regions(0, 7);

	put(&w, TABLE_AT + 8 * 2, BLOCK_PA | S1_BLOCK);
	put(&w, TABLE_AT + 8 * 3, BLOCK_PA | S1_BLOCK);
	expect_pa(&w, UINT64_C(0xbfffffff), 0, BLOCK_PA | 0x3fffffff);
	expect_event(&w, UINT64_C(0xc0000000), 0, F_TRANSLATION, 1, 1);
	ck_assert_str_eq(smmu3_why(w.out.why)->name, "s1-region");
	put(&w, TABLE_AT + 8 * 3, S1_TABLE(2) | TABLE);
	put(&w, S1_TABLE(2), BLOCK_PA | S1_BLOCK);
	expect_pa(&w, UINT64_C(0xc0000001), 0, BLOCK_PA | 1);
	close_world(&w);
}
END_TEST

/* Likewise from below: TTB1 has all but the first 512MB. */
START_TEST(a_block_that_begins_in_the_other_region_is_a_translation_fault)
{
	struct world w = two_regions(3, 0);

	put(&w, w.cd[2], BLOCK_PA | S1_BLOCK);
	put(&w, w.cd[2] + 8, BLOCK_PA | S1_BLOCK);
	expect_event(&w, UINT64_C(0x20000000), 0, F_TRANSLATION, 1, 1);
	expect_pa(&w, UINT64_C(0x40000000), 0, BLOCK_PA);
	close_world(&w);
}
END_TEST

/* ---- Outputs, and what is wrong with descriptors ---- */

/* LPAE-02, CD-13, CD-14: pages of 40 bits, whatever IPS says, which is 32 bits */
START_TEST(stage_1_puts_out_40_bits)
{
	struct world w = lpae_world(S1_ONLY);

	set_field(&w.cd[0], 32, 3, 0);
	expect_pa(&w, VA32, 0, PA40 | OFFSET);
	ck_assert_uint_eq(w.out.span, 0x1000);
	close_world(&w);
}
END_TEST

/* LPAE-02, ADR-15, ADR-12: bits 47:40 of a descriptor of any level, table or leaf */
START_TEST(an_address_beyond_40_bits_is_an_address_size_fault)
{
	const int level = 1 + _i % 3;
	const unsigned bit = _i < 3 ? 40 : 47;
	struct world w = lpae_world(S1_ONLY);

	put(&w, lpae_slot1(level), *word_at(&w, lpae_slot1(level)) | BIT(bit));
	expect_event(&w, VA32, 0, F_ADDR_SIZE, 1, level);
	close_world(&w);
	w = lpae_world(S2_ONLY);
	put(&w, lpae_slot2(level), *word_at(&w, lpae_slot2(level)) | BIT(bit));
	expect_event(&w, IPA40 | OFFSET, 0, F_ADDR_SIZE, 2, level);
	close_world(&w);
}
END_TEST

/* LPAE-02: valid, of a type that its level has, AF; with the level of each.  ORD-05 */
START_TEST(faults_of_descriptors_have_the_level_of_the_descriptor)
{
	const int level = 1 + _i;
	struct world w = lpae_world(S1_ONLY);

	w.behind_host = true;
	w.abort_at = lpae_slot1(level);
	w.answer = SMMU3_MEM_ABORT;
	expect_event(&w, VA32, 0, F_WALK_EABT, 1, level);
	w.abort_at = 0;
	put(&w, lpae_slot1(level), PA40 & ~UINT64_C(0x3fffffff));
	expect_event(&w, VA32, 0, F_TRANSLATION, 1, level);
	put(&w, lpae_slot1(level), 0x8000000000 | (S1_BLOCK & ~AF) | (level == 3 ? 2 : 0));
	expect_event(&w, VA32, 0, F_ACCESS, 1, level);
	put(&w, lpae_slot1(level), 0x8000000000 | S1_BLOCK | AP(2) | (level == 3 ? 2 : 0));
	expect_event(&w, VA32, SMMU3_TXN_WRITE, F_PERMISSION, 1, level);
	put(&w, lpae_slot1(3), PA40 | S1_BLOCK);
	if (level == 3)
		expect_event(&w, VA32, 0, F_TRANSLATION, 1, 3);
	close_world(&w);
}
END_TEST

/* ---- Stage 2 ---- */

static const struct {
	int t0sz;
	unsigned sl0;
	int level;
	unsigned resolved; /* bits at the start level, with tables side by side */
} s2_starts[] = {
	{ -8, 1, 1, 10 }, { -7, 1, 1, 9 },  { -6, 1, 1, 8 }, { -5, 1, 1, 7 }, { -4, 1, 1, 6 },
	{ -3, 1, 1, 5 },  { -2, 1, 1, 4 },  { -1, 1, 1, 3 }, { 0, 1, 1, 2 },  { 1, 1, 1, 1 },
	{ -2, 0, 2, 13 }, { -1, 0, 2, 12 }, { 0, 0, 2, 11 }, { 1, 0, 2, 10 }, { 2, 0, 2, 9 },
	{ 3, 0, 2, 8 },   { 4, 0, 2, 7 },   { 5, 0, 2, 6 },  { 6, 0, 2, 5 },  { 7, 0, 2, 4 },
};

/* S2-08, STE-30, STE-39: S2T0SZ has a sign, and its bits 5:4 do not count; the last entry, the
 * first address that is beyond; bits of S2TTB below the size do not count.  G5.5.7.2 */
START_TEST(a_walk_of_stage_2_begins_where_s2sl0_says)
{
	const unsigned block_lg2 = s2_starts[_i].level == 1 ? 30 : 21;
	const unsigned bytes_lg2 = s2_starts[_i].resolved + 3;
	const uint64_t end = BIT(32 - s2_starts[_i].t0sz), last = end - 0x1000 + OFFSET;
	const uint64_t entry = TABLE_AT + BIT(bytes_lg2) + BIT(bytes_lg2) - 8;
	struct world w = lpae_world(S2_ONLY);

	use_lpae_stage2(&w, (unsigned)s2_starts[_i].t0sz & 0xf, s2_starts[_i].sl0);
	set_field(&w.ste[2], 36, 2, 3);
	set_field(&w.ste[2], 46, 2, 3); /* S2TG */
	w.ste[3] = TABLE_AT + BIT(bytes_lg2) + (BIT(bytes_lg2) - 16);
	put(&w, entry, BLOCK_PA | S2_BLOCK);
	expect_pa(&w, last, 0, BLOCK_PA | (last & (BIT(block_lg2) - 1)));
	expect_event(&w, end, 0, F_TRANSLATION, 2, NO_WALK);
	put(&w, entry, 0);
	expect_event(&w, last, 0, F_TRANSLATION, 2, s2_starts[_i].level);
	close_world(&w);
}
END_TEST

static bool s2_is_legal(unsigned t0sz, unsigned sl0)
{
	for (unsigned i = 0; i < sizeof(s2_starts) / sizeof(*s2_starts); i++)
		if (((unsigned)s2_starts[i].t0sz & 0xf) == t0sz && s2_starts[i].sl0 == sl0)
			return true;
	return false;
}

/* S2-08, STE-69: every other pair of S2T0SZ and S2SL0 */
START_TEST(sizes_that_do_not_fit_their_start_level_are_illegal)
{
	const unsigned t0sz = (unsigned)_i & 0xf, sl0 = (unsigned)_i >> 4;
	struct world w = lpae_world(S2_ONLY);

	use_lpae_stage2(&w, t0sz, sl0);
	ask(&w, 0, 0);
	ck_assert_int_eq(w.out.event == C_BAD_STE, !s2_is_legal(t0sz, sl0));
	close_world(&w);
}
END_TEST

/* STE-33, STE-65, CD-41: tables below 2^40, whatever S2PS and IPS say */
START_TEST(a_table_beyond_40_bits_is_illegal)
{
	struct world w = lpae_world(S2_ONLY);

	set_field(&w.ste[2], 48, 3, 6);
	w.ste[3] = BIT(39);
	expect_event(&w, 0, 0, F_WALK_EABT, 2, 1);
	w.ste[3] = BIT(40);
	open_world(&w);
	expect_event(&w, 0, 0, C_BAD_STE, 0, NO_WALK);
	close_world(&w);
	w = lpae_world(S1_ONLY);
	set_field(&w.cd[0], 32, 3, 6);
	w.cd[1] = BIT(39);
	expect_event(&w, 0, 0, F_WALK_EABT, 1, 1);
	w.cd[1] = BIT(40);
	open_world(&w);
	expect_event(&w, 0, 0, C_BAD_CD, 0, NO_WALK);
	close_world(&w);
}
END_TEST

/* STE-60: without FWB S2FWB means nothing */
START_TEST(forced_write_back_is_illegal)
{
	struct world w = lpae_world(S2_ONLY);

	w.ste[1] |= BIT(25);
	expect_event(&w, IPA40, 0, C_BAD_STE, 0, NO_WALK);
	set_id(&w, 3, 8, 1, 0);
	open_world(&w);
	expect_pa(&w, IPA40 | OFFSET, 0, PA40 | OFFSET);
	close_world(&w);
}
END_TEST

/* ---- Both stages ---- */

/* CD-34, STE-34: 32 bits over 32, 32 over 64; 64 over 32 is not; SMMUs that have one of them */
START_TEST(a_32_bit_stage_1_goes_over_either_stage_2)
{
	struct world w = lpae_world(NESTED);
	const uint64_t ste2 = w.ste[2], cd0 = w.cd[0];

	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | S2_BLOCK);
	expect_pa(&w, VA32, 0, PA40 | OFFSET);
	w.cd[0] |= BIT(41);
	set_field(&w.cd[0], 0, 6, 32);
	open_world(&w);
	expect_event(&w, VA32, 0, C_BAD_CD, 0, NO_WALK);
	w.ste[2] |= BIT(51) | UINT64_C(5) << 48;
	open_world(&w);
	expect_pa(&w, VA32, 0, PA40 | OFFSET);
	w.cd[0] = cd0;
	open_world(&w);
	expect_pa(&w, VA32, 0, PA40 | OFFSET);
	TTF(LPAE);
	open_world(&w);
	expect_event(&w, VA32, 0, C_BAD_STE, 0, NO_WALK);
	w.ste[2] = ste2;
	open_world(&w);
	expect_pa(&w, VA32, 0, PA40 | OFFSET);
	TTF(V8);
	open_world(&w);
	expect_event(&w, VA32, 0, C_BAD_STE, 0, NO_WALK);
	w.ste[2] |= BIT(51) | UINT64_C(5) << 48;
	open_world(&w);
	expect_event(&w, VA32, 0, C_BAD_CD, 0, NO_WALK);
	close_world(&w);
}
END_TEST

/* NEST-01, NEST-09, STE-30: a table of stage 1 at an IPA that stage 2 does not have */
START_TEST(a_table_beyond_stage_2_is_a_fault_of_stage_2)
{
	struct world w = lpae_world(NESTED);

	use_lpae_stage2(&w, 0, 1); /* 4GB */
	put(&w, S2_TABLE(1) + 8 * 2, RAM_BASE | S2_BLOCK);
	put(&w, lpae_slot1(2), UINT64_C(0x100000000) | TABLE);
	expect_event(&w, VA32, 0, F_TRANSLATION, 2, NO_WALK);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_TT);
	ck_assert_uint_eq(w.out.record.word[3], UINT64_C(0x100000000));
	put(&w, lpae_slot1(2), S1_TABLE(3) | TABLE);
	put(&w, lpae_slot1(3), UINT64_C(0xff00000000) | S1_PAGE);
	expect_event(&w, VA32, 0, F_TRANSLATION, 2, NO_WALK);
	ck_assert_uint_eq(w.out.fault_class, SMMU3_CLASS_IN);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_walk_of_stage_1_begins_where_t0sz_says, 0, 8);
	tcase_add_loop_test(tests, t0sz_and_t1sz_divide_32_bits, 0,
			    sizeof(regions) / sizeof(*regions));
	tcase_add_test(tests, el2_has_one_region);
	tcase_add_test(tests, the_size_of_a_disabled_table_divides_addresses_still);
	tcase_add_test(tests, a_block_that_reaches_into_the_other_region_is_a_translation_fault);
	tcase_add_test(tests, a_block_that_begins_in_the_other_region_is_a_translation_fault);
	tcase_add_test(tests, stage_1_puts_out_40_bits);
	tcase_add_loop_test(tests, an_address_beyond_40_bits_is_an_address_size_fault, 0, 6);
	tcase_add_loop_test(tests, faults_of_descriptors_have_the_level_of_the_descriptor, 0, 3);
	tcase_add_loop_test(tests, a_walk_of_stage_2_begins_where_s2sl0_says, 0,
			    sizeof(s2_starts) / sizeof(*s2_starts));
	tcase_add_loop_test(tests, sizes_that_do_not_fit_their_start_level_are_illegal, 0, 64);
	tcase_add_test(tests, a_table_beyond_40_bits_is_illegal);
	tcase_add_test(tests, forced_write_back_is_illegal);
	tcase_add_test(tests, a_32_bit_stage_1_goes_over_either_stage_2);
	tcase_add_test(tests, a_table_beyond_stage_2_is_a_fault_of_stage_2);
}

int main(void)
{
	return run_suite("lpae", add);
}
