/* SPDX-License-Identifier: MIT */
/* Stage 2 of Secure streams: two IPA spaces, a tree for each, and the PA spaces of all that is read
 * and mapped.  3.10.2.2, 13.4.4 */
#include "secure_stage2.h"

/* ---- Spaces */

/* Is it a descriptor of the tree of Non-secure IPAs? */
static bool of_ns_tree(const struct smmu3_mem_access *seen)
{
	return seen->pa >= S2_TABLE(true, 0);
}

/* All that was read, by what the STE says; stage 1 tables are at Non-secure IPAs from a level on.
 */
static void expect_spaces(const struct secure_world *w, unsigned spaces, int ns_from_level)
{
	int level = 0;

	for (unsigned i = 0; i < w->seen_count; i++) {
		const struct smmu3_mem_access *seen = &w->seen[i];
		bool ns = false;

		if (seen->reason == SMMU3_REASON_S2_TTD)
			ns = walk_is_ns(spaces, of_ns_tree(seen));
		else if (seen->reason == SMMU3_REASON_CD)
			ns = output_is_ns(spaces, false);
		else if (seen->reason == SMMU3_REASON_S1_TTD)
			ns = output_is_ns(spaces, level++ >= ns_from_level);
		ck_assert_msg(seen->pas == (ns ? SMMU3_PAS_NS : SMMU3_PAS_SECURE),
			      "read %u of %d at 0x%llx", i, seen->reason,
			      (unsigned long long)seen->pa);
	}
}

/* NS-08, NS-10, NS-11, NS-12, SEC-012, SEC-013, STE-40: all S2SW, S2SA, S2NSW, S2NSA, and NS of
 * the leaf; CD and tables of stage 1 are Secure IPAs, and behind host's tables 3 + 4 * 3 + 4 reads
 */
START_TEST(the_output_of_stage_1_chooses_the_tree_and_the_ste_the_spaces)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS;
	const bool ns_ipa = _i / ALL_BITS;
	struct secure_world w = secure_stage2(NESTED, spaces);

	for (enum smmu3_pas pas = NS; pas <= S; pas++)
		put(&w, pas, slot1(3), IPA_PAGE | PAGE | (ns_ipa ? NS_LEAF : 0));
	expect_mapped(&w, VA, 0, spaces, ns_ipa);
	ck_assert_uint_eq(w.seen_count, 1 + 3 + 4 * 3 + 4);
	expect_spaces(&w, spaces, 4);
	drop(&w);
}
END_TEST

/* NS-13: NSCFG0 or NSTable put tables of stage 1 at Non-secure IPAs, which are those of S2TTB */
START_TEST(tables_of_stage_1_are_where_nscfg_and_nstable_say)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS;
	const int from_level = _i / ALL_BITS;
	struct secure_world w = secure_stage2(NESTED, spaces);

	if (from_level == 0)
		w.cd[S][1] |= BIT(0);
	memcpy(word_at(&w, NS, CD_AT), w.cd[S], sizeof(w.cd[S]));
	for (enum smmu3_pas pas = NS; pas <= S && from_level; pas++)
		*word_at(&w, pas, slot1(from_level - 1)) |= NSTABLE;
	expect_mapped(&w, VA, 0, spaces, true);
	expect_spaces(&w, spaces, from_level);
	drop(&w);
}
END_TEST

/* NS-09, STE-26: NSCFG (incoming, reserved, Secure, Non-secure), and the incoming attribute, where
 * stage 1 is off, or S1DSS skips it */
START_TEST(without_stage_1_nscfg_chooses_the_tree)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS, nscfg = (unsigned)_i / ALL_BITS % 4;
	const unsigned flags = _i / ALL_BITS / 4 % 2 ? SMMU3_TXN_NS : 0;
	const bool skipped = _i / ALL_BITS / 8;
	const bool ns_ipa = nscfg == 3 || (nscfg < 2 && flags);
	struct secure_world w = secure_stage2(skipped ? NESTED : S2_ONLY, spaces);

	set_field(&w.ste[S][1], 46, 2, nscfg);
	if (skipped) {
		set_field(&w.ste[S][0], 59, 5, 5); /* S1CDMax */
		set_field(&w.ste[S][1], 0, 2, 1);  /* S1DSS */
	}
	expect_mapped(&w, IPA_PAGE | OFFSET, flags, spaces, ns_ipa);
	ck_assert_uint_eq(w.seen_count, 1 + 4);
	expect_spaces(&w, spaces, 0);
	drop(&w);
}
END_TEST

/* NS-08: with stage 2 off each IPA is a PA of its space */
START_TEST(without_stage_2_an_ipa_is_a_pa_of_its_space)
{
	struct secure_world w = secure_stage2(S1_ONLY, (unsigned)_i);

	put(&w, S, slot1(3), PA_PAGE | PAGE);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, S);
	put(&w, S, slot1(3), PA_PAGE | PAGE | NS_LEAF);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, NS);
	drop(&w);
}
END_TEST

/* NS-15, SW-03: S-EL2 and S-EL2-E2H have stage 1 alone, which begins where NSCFG0 says */
START_TEST(secure_el2_has_the_spaces_of_stage_1)
{
	struct secure_world w = secure_stage2(S1_ONLY, 0);
	const bool ns = _i & 1;

	set_field(&w.ste[S][1], 30, 2, STRW_EL2);
	w.gate[S].streams.e2h = _i >> 1;
	w.cd[S][1] |= ns ? BIT(0) : 0;
	put(&w, NS, slot1(3), PA_PAGE | PAGE);
	put(&w, S, slot1(3), PA_PAGE | PAGE);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, ns ? NS : S);
	expect_read(&w, 2, SMMU3_REASON_S1_TTD, slot1(0), ns ? NS : S);
	put(&w, S, slot1(3), PA_PAGE | PAGE | NS_LEAF);
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET, NS);
	drop(&w);
}
END_TEST

/* ---- Sizes */

/* S2-07, STE-40: S_S2T0SZ 25, S_S2SL0 1: 39 bits from level 1; Non-secure IPAs keep 48 bits */
START_TEST(each_tree_has_its_own_size_and_start)
{
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	w.ste[S][4] = UINT64_C(25) << 32 | UINT64_C(1) << 38;
	w.ste[S][6] = S2_TABLE(false, 1);
	expect_pa(&w, RAM_BASE | 0x128, 0, RAM_BASE | 0x128, S);
	ck_assert_uint_eq(w.seen_count, 2);
	expect_fault(&w, IPA_PAGE, 0, F_TRANSLATION, WHY_S2_RANGE);
	expect_mapped(&w, IPA_PAGE | OFFSET, SMMU3_TXN_NS, 0, true);
	drop(&w);
}
END_TEST

/* S2-07: S_S2TG 2: 16KB tables; IPA 0x80000000 has indices 0 0 of levels 1, 2 with 64 there, so
 * that S_S2T0SZ 20 (44 bits), S_S2SL0 2 is level 1: entry 0, then entry 64, a block of 32MB */
START_TEST(each_tree_has_its_own_granule)
{
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	w.ste[S][4] = UINT64_C(20) << 32 | UINT64_C(2) << 38 | UINT64_C(2) << 46;
	w.ste[S][6] = RAM_BASE + 0x30000;
	put(&w, S, RAM_BASE + 0x30000, (RAM_BASE + 0x34000) | TABLE);
	put(&w, S, RAM_BASE + 0x34000 + 8 * 64, UINT64_C(0x4000000) | S2_BLOCK);
	expect_pa(&w, RAM_BASE | 0x128, 0, 0x4000128, S);
	ck_assert_uint_eq(w.out.size_lg2, 25);
	expect_mapped(&w, IPA_PAGE | OFFSET, SMMU3_TXN_NS, 0, true);
	drop(&w);
}
END_TEST

/* ---- Faults */

/* What is wrong with the last descriptor of a tree. */
static const struct {
	uint64_t descriptor;
	unsigned event;
} faults[] = {
	{ 0, F_TRANSLATION },
	{ BIT(40) | (S2_PAGE & ~BIT(10)), F_ACCESS },
	{ BIT(40) | (S2_PAGE & ~(UINT64_C(3) << 6)), F_PERMISSION },
};

/* EVT-006, FLT-12: NSIPA, bit 102, of a fault of stage 2: the tree that was asked.  S2 is bit 103
 */
START_TEST(a_stage_2_fault_says_which_ipa_space_it_is_of)
{
	const bool ns_ipa = _i & 1;
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	put(&w, S, slot2(ns_ipa, 3), faults[_i / 2].descriptor);
	ck_assert_uint_eq(ask(&w, IPA_PAGE | OFFSET, ns_ipa ? SMMU3_TXN_NS : 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, faults[_i / 2].event);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 2 | ns_ipa);
	ck_assert_uint_eq(w.record.word[3], IPA_PAGE);
	ck_assert_uint_eq(ask(&w, IPA_PAGE | OFFSET, ns_ipa ? 0 : SMMU3_TXN_NS), SMMU3_OK);
	drop(&w);
}
END_TEST

/* EVT-006: an abort of a stage 2 descriptor; an address that is too large, S2PS 0: 32 bits */
START_TEST(aborts_and_sizes_of_stage_2_have_nsipa_too)
{
	const bool ns_ipa = _i & 1;
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	w.abort_at = slot2(ns_ipa, 2);
	ck_assert_uint_eq(ask(&w, IPA_PAGE, ns_ipa ? SMMU3_TXN_NS : 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, F_WALK_EABT);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 2 | ns_ipa);
	w.abort_at = 0;
	set_field(&w.ste[S][2], 48, 3, 0);
	ck_assert_uint_eq(ask(&w, IPA_PAGE, ns_ipa ? SMMU3_TXN_NS : 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, F_ADDR_SIZE);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 2 | ns_ipa);
	drop(&w);
}
END_TEST

/* EVT-006, NS-12, NS-13: of the CD it is a Secure IPA; of tables what NSCFG0 says.  CLASS CD 0, TT
 * 1 */
START_TEST(faults_of_structures_have_the_space_of_their_ipa)
{
	const bool of_table = _i & 1, ns_ipa = _i >> 1 && of_table;
	struct secure_world w = secure_stage2(NESTED, 0);

	w.cd[S][1] |= _i >> 1 ? BIT(0) : 0;
	if (of_table)
		w.cd[S][1] = (w.cd[S][1] & 0xfff) | UINT64_C(0x40000000);
	else
		set_field(&w.ste[S][0], 6, 50, UINT64_C(0x40000000) >> 6);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, F_TRANSLATION);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 2 | ns_ipa);
	ck_assert_uint_eq(w.record.word[1] >> 40 & 3, of_table);
	drop(&w);
}
END_TEST

/* EVT-006, FLT-12: stage 1 has none, whatever space it came to; nor has a Non-secure stream */
START_TEST(other_faults_have_no_nsipa)
{
	struct secure_world w = secure_stage2(NESTED, 0);

	w.cd[S][1] |= BIT(0);
	put(&w, S, slot1(3), 0);
	expect_fault(&w, VA, 0, F_TRANSLATION, WHY_S1_INVALID);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 0);
	memcpy(w.ste[NS], w.ste[S], sizeof(w.ste[S]));
	set_field(&w.ste[NS][0], 1, 3, S2_ONLY);
	put(&w, NS, slot2(true, 3), 0);
	w.txn.sec_sid = SMMU3_PAS_NS;
	expect_fault(&w, IPA_PAGE, 0, F_TRANSLATION, WHY_S2_INVALID);
	ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 2);
	drop(&w);
}
END_TEST

/* NS-12: an abort of a CD that is read where S2SA says: F_CD_FETCH with its PA */
START_TEST(a_cd_is_fetched_in_the_space_of_s2sa)
{
	struct secure_world w = secure_stage2(NESTED, (unsigned)_i ? SA : 0);

	w.abort_at = CD_AT;
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.fault.event, F_CD_FETCH);
	ck_assert_uint_eq(w.record.word[3], CD_AT);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].pas, _i ? SMMU3_PAS_NS : SMMU3_PAS_SECURE);
	drop(&w);
}
END_TEST

/* ---- SIF */

/* SEC-007, PERM-15: the space of the IPA counts, not that of the PA */
START_TEST(sif_asks_for_the_space_that_stage_1_puts_out)
{
	const unsigned spaces = (unsigned)_i % ALL_BITS;
	const bool ns_ipa = _i / ALL_BITS;
	struct secure_world w = secure_stage2(S2_ONLY, spaces);

	w.gate[S].sif = true;
	w.txn.flags = SMMU3_TXN_INSTRUCTION;
	if (ns_ipa) {
		expect_fault(&w, IPA_PAGE, SMMU3_TXN_NS, F_PERMISSION, WHY_SIF);
		ck_assert(w.response.record && w.fault.stage == 1);
		ck_assert_uint_eq(w.record.word[1] >> 38 & 3, 0);
	} else {
		expect_mapped(&w, IPA_PAGE | OFFSET, 0, spaces, false);
	}
	drop(&w);
}
END_TEST

/* STE-35, WALK64K-05, WALK-13: one S2DS for both trees; 4KB has bits 51:50 in 9:8 and 49:48 in
 * place, and 64KB beside it, whose root is 0x30000 into memory, bits 51:48 in 15:12 */
START_TEST(s2ds_counts_for_each_tree_by_its_granule)
{
	const uint64_t table = RAM_BASE + 0x30000;
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	w.features[S].ds = true;
	w.features[S].oas_bits = w.features[S].ias_bits = 52;
	set_field(&w.ste[S][2], 48, 3, 6);
	w.ste[S][3] |= BIT(3);
	set_field(&w.ste[S][4], 46, 2, 1);
	put(&w, S, slot2(true, 3), UINT64_C(0x1123400000200) | (S2_PAGE & ~UINT64_C(0x300)));
	put(&w, S, S2_TABLE(false, 0) & ~UINT64_C(0xffff), table | TABLE);
	put(&w, S, table + 8 * 0x806, UINT64_C(0x40000000d000) | S2_BLOCK);
	w.ste[S][6] = S2_TABLE(false, 0) & ~UINT64_C(0xffff);
	expect_pa(&w, IPA_PAGE | OFFSET, SMMU3_TXN_NS, UINT64_C(0x9123400000128), S);
	expect_pa(&w, IPA_PAGE | OFFSET, 0, UINT64_C(0xd400000c07128), S);
	drop(&w);
}
END_TEST

/* S2-01, STE-05: S_S2SL0_2 is bit 386, and of Secure IPAs alone */
START_TEST(each_tree_has_its_own_high_bit_of_the_start_level)
{
	struct secure_world w = secure_stage2(S2_ONLY, 0);

	w.features[S].ds = true;
	w.features[S].oas_bits = w.features[S].ias_bits = 52;
	set_field(&w.ste[S][2], 48, 3, 6);
	w.ste[S][3] |= BIT(3);
	w.ste[S][4] = 12; /* in bits 37:32, with S_S2SL0 0 */
	w.ste[S][4] <<= 32;
	w.ste[S][6] = (RAM_BASE + 0x30000) | BIT(2);
	put(&w, S, RAM_BASE + 0x30000, S2_TABLE(false, 0) | TABLE);
	put(&w, S, slot2(false, 3), UINT64_C(0x123400000000) | (S2_PAGE & ~UINT64_C(0x300)));
	put(&w, S, slot2(true, 3), UINT64_C(0x567800000000) | (S2_PAGE & ~UINT64_C(0x300)));
	expect_pa(&w, IPA_PAGE | OFFSET, 0, UINT64_C(0x123400000128), S);
	expect_pa(&w, IPA_PAGE | OFFSET, SMMU3_TXN_NS, UINT64_C(0x567800000128), S);
	drop(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, the_output_of_stage_1_chooses_the_tree_and_the_ste_the_spaces, 0,
			    2 * ALL_BITS);
	tcase_add_loop_test(tests, tables_of_stage_1_are_where_nscfg_and_nstable_say, 0,
			    4 * ALL_BITS);
	tcase_add_loop_test(tests, without_stage_1_nscfg_chooses_the_tree, 0, 16 * ALL_BITS);
	tcase_add_loop_test(tests, without_stage_2_an_ipa_is_a_pa_of_its_space, 0, ALL_BITS);
	tcase_add_loop_test(tests, secure_el2_has_the_spaces_of_stage_1, 0, 4);
	tcase_add_test(tests, each_tree_has_its_own_size_and_start);
	tcase_add_test(tests, each_tree_has_its_own_granule);
	tcase_add_test(tests, s2ds_counts_for_each_tree_by_its_granule);
	tcase_add_test(tests, each_tree_has_its_own_high_bit_of_the_start_level);
	tcase_add_loop_test(tests, a_stage_2_fault_says_which_ipa_space_it_is_of, 0, 6);
	tcase_add_loop_test(tests, aborts_and_sizes_of_stage_2_have_nsipa_too, 0, 2);
	tcase_add_loop_test(tests, faults_of_structures_have_the_space_of_their_ipa, 0, 4);
	tcase_add_test(tests, other_faults_have_no_nsipa);
	tcase_add_loop_test(tests, a_cd_is_fetched_in_the_space_of_s2sa, 0, 2);
	tcase_add_loop_test(tests, sif_asks_for_the_space_that_stage_1_puts_out, 0, 2 * ALL_BITS);
}

int main(void)
{
	return run_suite("secure stage 2", add);
}
