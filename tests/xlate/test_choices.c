/* SPDX-License-Identifier: MIT */
/* Choices of docs/choices.md that accesses show: what is cached, reserved attributes, events, and
 * what a device may present. */
#include "support/conf_world.h"

#define SSV SMMU3_TXN_SSV
#define OTHER_PAGE UINT64_C(0xa0000000)
#define L1STD_AT FREE_AREA
#define L1CD_AT (FREE_AREA + 0x1000)

/* Both stages, and two levels of Stream table and of CDs; the CD is that of SubstreamID 1. */
static struct world deep_world(void)
{
	struct world w = world(NESTED);

	w.ste[0] = BIT(0) | NESTED << 1 | 1 << 4 | L1CD_AT | UINT64_C(6) << 59;
	put(&w, L1STD_AT, RAM_BASE | 7);
	put(&w, L1CD_AT, CD_PAGE | 1);
	w.txn.ssid = 1;
	w.txn.flags = SSV;
	return w;
}

/* STRTAB_BASE_CFG: two levels, SPLIT 6, LOG2SIZE 16 */
static void open_deep_world(struct world *w)
{
	open_world(w);
	use_stream_table(w, L1STD_AT, (uint32_t)BIT(16) | 6 << 6 | 16);
}

/* ---- Reading and caching ---- */

static const struct {
	uint64_t at, valid; /* the structure, and the field that makes it valid */
	unsigned event, stage;
	int level;
} changed[] = {
	{ L1STD_AT, 0x1f, C_BAD_STREAMID, 0, NO_WALK },
	{ STE_AT, 1, C_BAD_STE, 0, NO_WALK },
	{ L1CD_AT, 1, C_BAD_SUBSTREAMID, 0, NO_WALK },
	{ CD_AT, BIT(31), C_BAD_CD, 0, NO_WALK },
	{ S1_TABLE(0) + 8 * 2, 1, F_TRANSLATION, 1, 0 },
	{ S1_TABLE(1) + 8 * 3, 1, F_TRANSLATION, 1, 1 },
	{ S1_TABLE(2) + 8 * 4, 1, F_TRANSLATION, 1, 2 },
	{ S1_TABLE(3) + 8 * 5, 1, F_TRANSLATION, 1, 3 },
	{ S2_TABLE(0) + 8 * 2, 1, F_TRANSLATION, 2, 0 },
	{ S2_TABLE(1) + 8 * 3, 1, F_TRANSLATION, 2, 1 },
	{ S2_TABLE(2) + 8 * 6, 1, F_TRANSLATION, 2, 2 },
	{ S2_TABLE(3) + 8 * 7, 1, F_TRANSLATION, 2, 3 },
};

/* TLB-11, CFG-02, RST-004: without a command, in either direction, though all of it may be cached
 */
START_TEST(a_change_of_a_structure_is_seen_by_the_next_access)
{
	struct world w = deep_world();

	open_deep_world(&w);

	const uint64_t whole = *word_at(&w, changed[_i].at);

	for (unsigned turn = 0; turn < 2; turn++) {
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		put(&w, changed[_i].at, whole & ~changed[_i].valid);
		expect_event(&w, VA, 0, changed[_i].event, changed[_i].stage, changed[_i].level);
		put(&w, changed[_i].at, whole);
	}
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

/* CD-09: EPD0 forbids walks, and would let a TLB answer.  5.4.1.1 */
START_TEST(a_disabled_half_translates_nothing_that_it_once_translated)
{
	struct world w = world(S1_ONLY);

	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	*word_at(&w, CD_AT) |= BIT(14);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, NO_WALK);
	close_world(&w);
}
END_TEST

/* BBM-01: a table becomes a block and a table again, at every level of break-before-make */
START_TEST(a_leaf_may_change_its_size_at_once)
{
	struct world w = world(S1_ONLY);

	set_id(&w, 3, 11, 2, (uint32_t)_i);
	for (unsigned turn = 0; turn < 2; turn++) {
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		put(&w, slot1(2), OTHER_PAGE | S1_BLOCK);
		expect_pa(&w, VA, 0, OTHER_PAGE | 0x5128);
		put(&w, slot1(2), S1_TABLE(3) | TABLE);
	}
	close_world(&w);
}
END_TEST

/* STE-09, 3.21.3: one access each, as large as the structure */
START_TEST(a_structure_is_read_in_one_access_of_its_size)
{
	static const uint8_t bytes[] = {
		[SMMU3_REASON_L1STD] = 8, [SMMU3_REASON_STE] = 64,   [SMMU3_REASON_L1CD] = 8,
		[SMMU3_REASON_CD] = 64,   [SMMU3_REASON_S1_TTD] = 8, [SMMU3_REASON_S2_TTD] = 8,
	};
	struct world w = deep_world();
	unsigned seen = 0;

	w.behind_host = true;
	without_caches(&w.config, "each descriptor that is used is read");
	open_deep_world(&w);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	for (unsigned i = 0; i < w.seen_count; i++) {
		ck_assert_uint_eq(w.seen[i].bytes, bytes[w.seen[i].reason]);
		seen |= 1u << w.seen[i].reason;
	}
	ck_assert_uint_eq(seen, 0x3f);
	/* Nothing is read ahead: 4 structures and 4 descriptors of stage 1; for L1CD, CD and the 4
	 * two of stage 2 each, for the output four. */
	ck_assert_uint_eq(w.seen_count, 4 + 4 + 6 * 2 + 4);
	close_world(&w);
}
END_TEST

/* ---- Translation tables ---- */

/* WALK-20, D8.7.1.1: of 16 entries that Contiguous joins, each speaks for itself: 5 and 7 have it,
 * 6 has not, 8 is not valid; the outputs are out of step, and 7 is read-only. */
START_TEST(entries_of_a_contiguous_group_that_differ_are_each_used_as_they_stand)
{
	struct world w = world(S1_ONLY);

	*word_at(&w, slot1(3)) |= BIT(52);
	put(&w, slot1(3) + 8, OTHER_PAGE | S1_PAGE);
	put(&w, slot1(3) + 16, RAM_BASE | S1_PAGE | BIT(52) | AP(3));
	for (unsigned turn = 0; turn < 2; turn++) {
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
		expect_pa(&w, VA + 0x1000, 0, OTHER_PAGE | OFFSET);
		expect_pa(&w, VA + 0x2000, 0, RAM_BASE | OFFSET);
		expect_event(&w, VA + 0x2000, SMMU3_TXN_WRITE, F_PERMISSION, 1, 3);
		expect_event(&w, VA + 0x3000, 0, F_TRANSLATION, 1, 3);
	}
	close_world(&w);
}
END_TEST

/* ATTR-29: bits 62:59 of every leaf, with HAD0 and every HWU bit set */
START_TEST(page_based_hardware_attributes_do_nothing)
{
	const unsigned config = S1_ONLY + (unsigned)_i;
	struct world w = stream(config);

	set_id(&w, 3, 3, 1, 1); /* PBHA */
	set_field(&w.cd[1], 60, 4, 0xf);
	w.cd[1] |= BIT(1); /* HAD0 */
	set_field(&w.ste[1], 8, 4, 0xf);
	expect_pa(&w, input_of(config), 0, NEAR_PA);

	const struct smmu3_outcome without = w.out;

	*word_at(&w, slot1(3)) |= UINT64_C(0xf) << 59;
	*word_at(&w, slot2(3)) |= UINT64_C(0xf) << 59;
	expect_pa(&w, input_of(config), 0, NEAR_PA);
	ck_assert_uint_eq(w.out.attr.mair, without.attr.mair);
	ck_assert_uint_eq(w.out.attr.sh, without.attr.sh);
	ck_assert_uint_eq(w.out.perm, without.perm);
	close_world(&w);
}
END_TEST

/* ---- Permissions ---- */

/* PERM-21: stage 2 lets write and not read.  SMMUv3.0 leaves RnW open. */
START_TEST(an_atomic_that_may_write_but_not_read_says_read_in_smmuv3_0_too)
{
	struct world w = world(S2_ONLY);

	make_version_30(&w);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(2));
	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	expect_event(&w, IPA_PAGE | OFFSET, 0, F_PERMISSION, 2, 3);
	expect_record(&w, IPA_PAGE | OFFSET, RNW | S2 | CLASS(2), IPA_PAGE);
	close_world(&w);
}
END_TEST

/* ---- Attributes ---- */

/* ATTR-14, D8.6.2: stage 1 says Device-nGnRnE or Non-cacheable, and Non-shareable; stage 2 forces
 * Write-Back and says Non-shareable. */
START_TEST(device_and_non_cacheable_memory_enters_stage_2_as_outer_shareable)
{
	const uint64_t index = _i ? 2 : 1, not_shareable = ~(UINT64_C(3) << 8);
	struct world w = world(NESTED);

	w.ste[1] |= BIT(25); /* S2FWB */
	put(&w, slot1(3), IPA_PAGE | (S1_PAGE & not_shareable) | index << 2);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & not_shareable & ~UINT64_C(0x3c)) | 6 << 2);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.attr.mair, 0xff);
	ck_assert_uint_eq(w.out.attr.sh, SMMU3_OSH);
	close_world(&w);
}
END_TEST

/* ---- Events ---- */

/* FLT-20, STE-19, MEV-001: with MEV set too, and where no STE could say */
START_TEST(equal_events_are_recorded_one_by_one)
{
	struct world w = world(S1_ONLY);

	change(w.ste, MEV, 1);
	if (_i)
		change(w.ste, STE_V, 0);
	else
		put(&w, slot1(3), 0);
	for (unsigned turn = 0; turn < 3; turn++) {
		expect_event(&w, VA, 0, _i ? C_BAD_STE : F_TRANSLATION, !_i, _i ? NO_WALK : 3);
		ck_assert_uint_eq(w.out.recorded, 1);
	}
	close_world(&w);
}
END_TEST

/* EVT-004, FLT-03: UNKNOWN where SSV is 0 */
START_TEST(a_record_without_ssv_has_substreamid_0)
{
	struct world w = world(S1_ONLY);

	w.txn.ssid = 0xabcde;
	put(&w, slot1(3), 0);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, 3);
	expect_record(&w, VA, RNW | CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* ---- Transactions ---- */

/* SUB-04, 3.9: SSIDSIZE 2; SubstreamID 5 is not taken for 1. */
START_TEST(a_substreamid_is_not_cut_to_its_size)
{
	struct world w = world(S1_ONLY);

	change_id(&w, SSIDSIZE, 2);
	w.ste[0] = BIT(0) | S1_ONLY << 1 | CD_PAGE | UINT64_C(2) << 59;
	w.txn.ssid = 1;
	expect_pa(&w, VA, SSV, PA_PAGE | OFFSET);
	w.txn.ssid = 5;
	expect_error(&w, VA, SSV, C_BAD_SUBSTREAMID, 0);
	ck_assert_uint_eq(w.out.record.word[0], UINT64_C(0x500005008));
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, a_change_of_a_structure_is_seen_by_the_next_access, 0,
			    ROWS(changed));
	tcase_add_test(tests, a_disabled_half_translates_nothing_that_it_once_translated);
	tcase_add_loop_test(tests, a_leaf_may_change_its_size_at_once, 0, 3);
	tcase_add_test(tests, a_structure_is_read_in_one_access_of_its_size);
	tcase_add_test(tests,
		       entries_of_a_contiguous_group_that_differ_are_each_used_as_they_stand);
	tcase_add_loop_test(tests, page_based_hardware_attributes_do_nothing, 0, 3);
	tcase_add_test(tests, an_atomic_that_may_write_but_not_read_says_read_in_smmuv3_0_too);
	tcase_add_loop_test(tests,
			    device_and_non_cacheable_memory_enters_stage_2_as_outer_shareable, 0,
			    2);
	tcase_add_loop_test(tests, equal_events_are_recorded_one_by_one, 0, 2);
	tcase_add_test(tests, a_record_without_ssv_has_substreamid_0);
	tcase_add_test(tests, a_substreamid_is_not_cut_to_its_size);
}

int main(void)
{
	return run_suite("choices", add);
}
