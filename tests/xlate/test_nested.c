/* SPDX-License-Identifier: MIT */
/* Stage 1 over stage 2: everything with an IPA goes through stage 2, and the result is what both
 * say. */
#include "support/walk_world.h"

/* The accesses that the SMMU made for a reason, in order. */
static const struct smmu3_mem_access *nth_read(const struct world *w, unsigned reason, unsigned n)
{
	for (unsigned i = 0; i < w->seen_count; i++)
		if (w->seen[i].reason == reason && n-- == 0)
			return &w->seen[i];
	return NULL;
}

static unsigned count_reads(const struct world *w, unsigned reason)
{
	unsigned count = 0;

	while (nth_read(w, reason, count) != NULL)
		count++;
	return count;
}

/* NEST-01, STE-15, ORD-08: the CD and 4 tables go through a 1GB block, 2 reads each; the data
 * through 4 levels. */
START_TEST(cd_stage_1_descriptors_and_output_are_each_translated_by_stage_2)
{
	struct world w = world(NESTED);

	w.behind_host = true;
	without_caches(&w.config, "each descriptor that is used is read");
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.stages, 3);
	ck_assert_uint_eq(count_reads(&w, SMMU3_REASON_S2_TTD), 2 * 5 + 4);
	ck_assert_uint_eq(count_reads(&w, SMMU3_REASON_S1_TTD), 4);
	ck_assert_uint_eq(count_reads(&w, SMMU3_REASON_CD), 1);
	ck_assert_uint_eq(w.seen[0].reason, SMMU3_REASON_STE);
	ck_assert_uint_eq(w.seen[1].pa, S2_TABLE(0));
	ck_assert_uint_eq(w.seen[2].pa, S2_TABLE(1) + 16);
	ck_assert_uint_eq(w.seen[3].pa, CD_AT);
	ck_assert_uint_eq(w.seen[6].pa, slot1(0));
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, slot2(3));
	close_world(&w);
}
END_TEST

/* NEST-01: a page of IPA that lies elsewhere in memory */
START_TEST(a_structure_is_read_where_stage_2_puts_it)
{
	struct world w = nested_through((unsigned)_i);

	w.behind_host = true;
	expect_pa(&w, VA, 0, _i == SMMU3_CLASS_IN ? PA_PAGE | OFFSET : RAM_BASE | OFFSET);
	if (_i == SMMU3_CLASS_CD)
		ck_assert_uint_eq(nth_read(&w, SMMU3_REASON_CD, 0)->pa, CD_AT);
	if (_i == SMMU3_CLASS_TT)
		ck_assert_uint_eq(nth_read(&w, SMMU3_REASON_S1_TTD, 3)->pa, slot1(3));
	close_world(&w);
}
END_TEST

/* NEST-02, SUB-16, PERM-17, PERM-18: read permission is enough, whatever the access; execute-never
 * does not matter */
START_TEST(a_structure_needs_read_permission_and_nothing_else_at_stage_2)
{
	static const unsigned flags[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION,
					  SMMU3_TXN_PRIVILEGED,
					  SMMU3_TXN_PRIVILEGED | SMMU3_TXN_WRITE };
	const unsigned class = (unsigned)_i % 2;
	struct world w = nested_through(class);

	put(&w, slot2(3), ((*word_at(&w, slot2(3))) & ~S2AP(3)) | S2AP(1) | UINT64_C(2) << 53);
	expect_pa(&w, VA, flags[_i / 2], RAM_BASE | OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-02: write-only, and none */
START_TEST(a_structure_in_a_page_that_stage_2_does_not_let_read_is_a_permission_fault)
{
	const unsigned class = (unsigned)_i / 4;
	struct world w = nested_through(class);

	put(&w, slot2(3), (*word_at(&w, slot2(3)) & ~S2AP(3)) | S2AP(_i & 2));
	expect_event(&w, VA, _i & 1 ? SMMU3_TXN_WRITE : 0, F_PERMISSION, 2, 3);
	expect_record(&w, VA,
		      (_i & 1 ? 0 : RNW) | S2 | CLASS(class) |
			      (class == SMMU3_CLASS_TT ? TTRNW : 0),
		      IPA_PAGE);
	ck_assert_uint_eq(w.out.fault_addr, ipa_through(class));
	close_world(&w);
}
END_TEST

/* NEST-04, STE-36: S2AFFD does away with it */
START_TEST(a_page_with_af_clear_is_an_access_fault_at_stage_2_unless_s2affd)
{
	const unsigned class = (unsigned)_i / 2;
	struct world w = nested_through(class);

	*word_at(&w, slot2(3)) &= ~AF;
	set_field(&w.ste[2], 53, 1, (unsigned)_i % 2);
	if (_i % 2 == 0)
		expect_event(&w, VA, 0, F_ACCESS, 2, 3);
	else
		expect_pa(&w, VA, 0, (class == SMMU3_CLASS_IN ? PA_PAGE : RAM_BASE) | OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-06, NEST-07, ATTR-19: Device-nGnRnE to Device-GRE by MemAttr, with S2FWB by MemAttr[1:0] */
START_TEST(s2ptw_forbids_structures_in_device_memory)
{
	const unsigned class = (unsigned)_i / 16, memattr = (unsigned)_i / 4 % 4;
	const bool ptw = _i & 1, fwb = _i & 2;
	struct world w = nested_through(class);

	set_field(word_at(&w, slot2(3)), 2, 4, memattr);
	set_field(&w.ste[1], 25, 1, fwb);
	set_field(&w.ste[2], 54, 1, ptw);
	put(&w, S2_TABLE(1) + 16,
	    fwb ? (RAM_BASE | S2_BLOCK) & ~(UINT64_C(9) << 2) : RAM_BASE | S2_BLOCK);
	if (ptw) {
		expect_event(&w, VA, 0, F_PERMISSION, 2, 3);
		expect_record(&w, VA,
			      RNW | S2 | CLASS(class) | (class == SMMU3_CLASS_TT ? TTRNW : 0),
			      IPA_PAGE);
	} else {
		expect_pa(&w, VA, 0, RAM_BASE | OFFSET);
	}
	close_world(&w);
}
END_TEST

/* NEST-06: Normal Non-cacheable structures, and Device data, are no business of S2PTW */
START_TEST(s2ptw_does_not_forbid_normal_structures_or_device_data)
{
	struct world w = nested_through((unsigned)_i);

	w.ste[2] |= BIT(54);
	set_field(word_at(&w, slot2(3)), 2, 4, _i == SMMU3_CLASS_IN ? 0 : 5);
	expect_pa(&w, VA, 0, (_i == SMMU3_CLASS_IN ? PA_PAGE : RAM_BASE) | OFFSET);
	close_world(&w);
}
END_TEST

/* NEST-08 */
START_TEST(s2ptw_means_nothing_without_stage_1)
{
	struct world w = world(S2_ONLY);

	w.ste[2] |= BIT(54);
	set_field(word_at(&w, slot2(3)), 2, 4, 0);
	expect_pa(&w, IPA_PAGE, 0, PA_PAGE);
	close_world(&w);
}
END_TEST

/* NEST-11, NEST-13, ORD-09: the IPA of the output is unmapped, and nobody asks */
START_TEST(a_stage_1_fault_is_found_before_stage_2_of_the_output)
{
	static const uint64_t leaves[] = { IPA_PAGE | (S1_PAGE & ~AF),
					   IPA_PAGE | (S1_PAGE & ~UINT64_C(0x40)), 0 };
	static const unsigned found[] = { F_ACCESS, F_PERMISSION, F_TRANSLATION };
	struct world w = world(NESTED);

	w.behind_host = true;
	put(&w, slot1(3), leaves[_i]);
	put(&w, slot2(3), 0);
	expect_event(&w, VA, 0, found[_i], 1, 3);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pa, slot1(3));
	close_world(&w);
}
END_TEST

/* NEST-13, PERM-20, B3: rights of stage 1 (0 RW, 1 RO) and stage 2 (S2AP) */
START_TEST(an_access_needs_the_permission_of_both_stages)
{
	const unsigned s1_ro = (unsigned)_i / 4, s2ap = (unsigned)_i % 4;
	const unsigned s1_allows = s1_ro ? 1 : 3;
	struct world w = world(NESTED);

	put(&w, slot1(3), IPA_PAGE | S1_PAGE | (s1_ro ? BIT(7) : 0));
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(s2ap));
	for (unsigned write = 0; write < 2; write++) {
		const unsigned need = write ? 2 : 1;

		if ((s1_allows & s2ap & need) != 0)
			expect_pa(&w, VA, write ? SMMU3_TXN_WRITE : 0, PA_PAGE | OFFSET);
		else
			expect_event(&w, VA, write ? SMMU3_TXN_WRITE : 0, F_PERMISSION,
				     s1_allows & need ? 2 : 1, 3);
	}
	close_world(&w);
}
END_TEST

/* NEST-12, B6, B18: stage 1 leaf and stage 2 leaf sizes, by levels 1 to 3 of 4KB tables; twice, for
 * the second answer counts too */
START_TEST(the_answer_spans_the_smaller_leaf_and_is_a_pa)
{
	static const uint64_t size[] = { 0, BIT(30), BIT(21), BIT(12) };
	const int level1 = 1 + _i / 3, level2 = 1 + _i % 3;
	struct world w = world(NESTED);
	const uint64_t ipa = (IPA_PAGE & ~(size[level1] - 1)) | (VA & (size[level1] - 1));
	const uint64_t pa = PA_PAGE & ~(size[level2] - 1);

	put(&w, slot1(level1),
	    (IPA_PAGE & ~(size[level1] - 1)) | (level1 < 3 ? S1_BLOCK : S1_PAGE));
	put(&w, S2_TABLE(2) + 8 * (ipa >> 21 & 511), S2_TABLE(3) | TABLE);
	if (level2 > 1)
		put(&w, slot2(1), S2_TABLE(2) | TABLE);
	put(&w, S2_TABLE(level2) + 8 * (ipa >> (39 - 9 * level2) & 511),
	    pa | (level2 < 3 ? S2_BLOCK : S2_PAGE));
	expect_pa(&w, VA, 0, pa | (ipa & (size[level2] - 1)));
	ck_assert_uint_eq(w.out.span, size[level1 > level2 ? level1 : level2]);
	expect_pa(&w, VA, 0, pa | (ipa & (size[level2] - 1)));
	close_world(&w);
}
END_TEST

/* B6, NEST-12: 2MB at stage 1; the 4KB pages of stage 2 lie in reverse order; one is missing */
START_TEST(each_fragment_of_a_stage_1_block_goes_where_its_own_stage_2_page_says)
{
	struct world w = world(NESTED);
	const uint64_t block = IPA_PAGE & ~(BIT(21) - 1);

	put(&w, slot1(2), block | S1_BLOCK);
	for (uint64_t i = 0; i < 512; i++)
		put(&w, S2_TABLE(3) + 8 * i, (PA_PAGE + 0x1000 * (511 - i)) | S2_PAGE);
	put(&w, S2_TABLE(3) + 8 * 300, 0);
	for (uint64_t i = 0; i < 512; i += 25) {
		const uint64_t va = (VA & ~(BIT(21) - 1)) | i << 12 | 0x10;

		if (i == 300)
			expect_event(&w, va, 0, F_TRANSLATION, 2, 3);
		else
			expect_pa(&w, va, 0, PA_PAGE + 0x1000 * (511 - i) + 0x10);
	}
	close_world(&w);
}
END_TEST

/* B5, NEST-01: a 64KB level 3 table over 16 stage 2 pages of 4KB that lie apart; entry 512 k + 7 is
 * in page k */
START_TEST(a_64kb_stage_1_table_may_lie_on_scattered_stage_2_pages)
{
	const uint64_t ipa_table = IPA_PAGE &
				   ~UINT64_C(0xffff); /* 0x100c0c00000: level 3 indices 0 to 15 */
	struct world w = world(NESTED);

	set_field(&w.cd[0], 6, 2, G64K);
	w.cd[1] = S1_TABLE(1);
	put(&w, S1_TABLE(1), S1_TABLE(2) | TABLE);
	put(&w, S1_TABLE(2), ipa_table | TABLE);
	for (uint64_t k = 0; k < 16; k++) {
		const uint64_t page = RAM_BASE + 0x400000 + 0x3000 * (15 - k);

		put(&w, S2_TABLE(3) + 8 * k, page | S2_PAGE);
		put(&w, page + 8 * 7, (RAM_BASE & ~UINT64_C(0xffff)) | k << 16 | S1_PAGE);
	}
	for (uint64_t k = 0; k < 16; k++)
		expect_pa(&w, (512 * k + 7) << 16 | 0x42, 0, RAM_BASE | k << 16 | 0x42);
	close_world(&w);
}
END_TEST

/* B31: index 7 of a stage 1 table whose page stage 2 does not map, or whose descriptor aborts */
START_TEST(a_fault_on_a_descriptor_names_the_page_in_the_record_and_the_descriptor_to_the_caller)
{
	struct world w = nested_through(SMMU3_CLASS_TT);
	const uint64_t va = VA + 2 * 0x1000;

	put(&w, slot2(3), 0);
	expect_event(&w, va, 0, F_TRANSLATION, 2, 3);
	expect_record(&w, va, RNW | S2 | CLASS(1), IPA_PAGE);
	ck_assert_uint_eq(w.out.fault_addr, IPA_PAGE + 56);
	close_world(&w);
	w = nested_through(SMMU3_CLASS_TT);
	w.behind_host = true;
	w.abort_at = S1_TABLE(3) + 56;
	w.answer = SMMU3_MEM_ABORT;
	expect_event(&w, va, 0, F_WALK_EABT, 1, 3);
	expect_record(&w, va, RNW | CLASS(1), S1_TABLE(3) + 56);
	close_world(&w);
}
END_TEST

/* B19: identity of a bypassing stream, then a stream with ASID 0 and VMID 0 */
START_TEST(a_bypassing_stream_leaves_nothing_behind_for_asid_0_and_vmid_0)
{
	struct world w = world(NESTED);

	set_field(&w.ste[2], 0, 16, 0);
	set_field(&w.cd[0], 48, 16, 0);
	put(&w, RAM_BASE + 64 * 6, BIT(0) | BYPASS << 1);
	put(&w, RAM_BASE + 64 * 6 + 8, BIT(44));
	w.txn.sid = 6;
	expect_pa(&w, VA, 0, VA);
	ck_assert_uint_eq(w.out.stages, 0);
	ck_assert_uint_eq(w.out.span, 0);
	w.txn.sid = SID;
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	w.txn.sid = 6;
	expect_pa(&w, VA, 0, VA);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, cd_stage_1_descriptors_and_output_are_each_translated_by_stage_2);
	tcase_add_loop_test(tests, a_structure_is_read_where_stage_2_puts_it, 0, 3);
	tcase_add_loop_test(tests, a_structure_needs_read_permission_and_nothing_else_at_stage_2, 0,
			    10);
	tcase_add_loop_test(
		tests, a_structure_in_a_page_that_stage_2_does_not_let_read_is_a_permission_fault,
		0, 8);
	tcase_add_loop_test(tests, a_page_with_af_clear_is_an_access_fault_at_stage_2_unless_s2affd,
			    0, 6);
	tcase_add_loop_test(tests, s2ptw_forbids_structures_in_device_memory, 0, 32);
	tcase_add_loop_test(tests, s2ptw_does_not_forbid_normal_structures_or_device_data, 0, 3);
	tcase_add_test(tests, s2ptw_means_nothing_without_stage_1);
	tcase_add_loop_test(tests, a_stage_1_fault_is_found_before_stage_2_of_the_output, 0, 3);
	tcase_add_loop_test(tests, an_access_needs_the_permission_of_both_stages, 0, 8);
	tcase_add_loop_test(tests, the_answer_spans_the_smaller_leaf_and_is_a_pa, 0, 9);
	tcase_add_test(tests,
		       each_fragment_of_a_stage_1_block_goes_where_its_own_stage_2_page_says);
	tcase_add_test(tests, a_64kb_stage_1_table_may_lie_on_scattered_stage_2_pages);
	tcase_add_test(
		tests,
		a_fault_on_a_descriptor_names_the_page_in_the_record_and_the_descriptor_to_the_caller);
	tcase_add_test(tests, a_bypassing_stream_leaves_nothing_behind_for_asid_0_and_vmid_0);
}

int main(void)
{
	return run_suite("nested", add);
}
