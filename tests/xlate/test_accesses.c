/* SPDX-License-Identifier: MIT */
/* What an access is, for permissions: overridden, atomic, repeated, to memory of any type, with the
 * Access flag clear. */
#include "support/walk_world.h"

/* PERM-01, PERM-32, STE-25: the rights that PRIVCFG and INSTCFG leave, of AP 00 with UXN: "---rwx"
 */
START_TEST(overrides_decide_which_rights_an_access_needs)
{
	static const struct {
		unsigned privcfg, instcfg, flags;
		bool allowed;
	} rows[] = {
		{ 0, 0, 0, false },
		{ 3, 0, 0, true },
		{ 3, 0, SMMU3_TXN_WRITE, true },
		{ 2, 0, SMMU3_TXN_PRIVILEGED, false },
		{ 1, 1, SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, true },
		{ 3, 3, 0, true },
		{ 0, 3, 0, false },
	};
	struct world w = world(S1_ONLY);

	set_field(&w.ste[1], 48, 2, rows[_i].privcfg);
	set_field(&w.ste[1], 50, 2, rows[_i].instcfg);
	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(0) | UXN);
	ck_assert_uint_eq(ask(&w, VA, rows[_i].flags), rows[_i].allowed ? SMMU3_OK : SMMU3_ABORT);
	close_world(&w);
}
END_TEST

/* PERM-08, STE-25: execute-only, read as data, as an instruction, and as data that INSTCFG makes an
 * instruction */
START_TEST(instcfg_turns_reads_but_not_writes_into_instruction_accesses)
{
	struct world w = world(S1_ONLY);

	set_field(&w.ste[1], 50, 2, 3);
	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(0));
	expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.instruction, 1);
	expect_event(&w, VA, SMMU3_TXN_WRITE, F_PERMISSION, 1, 3);
	ck_assert_uint_eq(w.out.instruction, 0);
	close_world(&w);
	w = world(S1_ONLY);
	set_field(&w.ste[1], 50, 2, 2);
	put(&w, slot1(3), PA_PAGE | PAGE_BITS | AP(3) | UXN | PXN);
	expect_pa(&w, VA, SMMU3_TXN_INSTRUCTION, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.instruction, 0);
	close_world(&w);
}
END_TEST

/* STE-11, STE-25: with Config abort the STE's other fields are ignored, overrides and all */
START_TEST(an_access_that_its_stream_aborts_is_told_as_it_came)
{
	struct world w = world(ABORT_ALL);

	set_field(&w.ste[1], 48, 2, _i ? 2 : 3);
	set_field(&w.ste[1], 50, 2, _i ? 2 : 3);
	ck_assert_uint_eq(ask(&w, VA, _i ? SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED : 0),
			  SMMU3_ABORT);
	ck_assert_uint_eq(w.out.instruction, (unsigned)_i);
	ck_assert_uint_eq(w.out.privileged, (unsigned)_i);
	close_world(&w);
}
END_TEST

/* PERM-21, PERM-22, TXN-01: an atomic needs to read and to write at each stage */
START_TEST(an_atomic_shows_rnw_only_where_it_may_write_but_not_read)
{
	static const struct {
		unsigned s1_ap, s2ap, stage;
		uint64_t rnw;
	} rows[] = {
		{ 1, 3, 0, 0 }, { 3, 3, 1, 0 }, { 0, 3, 1, 0 },
		{ 1, 1, 2, 0 }, { 1, 0, 2, 0 }, { 1, 2, 2, RNW },
	};
	struct world w = world(NESTED);

	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	put(&w, slot1(3), IPA_PAGE | PAGE_BITS | AP(rows[_i].s1_ap));
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)) | S2AP(rows[_i].s2ap));
	if (rows[_i].stage == 0) {
		expect_pa(&w, VA, 0, PA_PAGE | OFFSET);
	} else {
		const bool s2 = rows[_i].stage == 2;

		expect_event(&w, VA, 0, F_PERMISSION, rows[_i].stage, 3);
		expect_record(&w, VA, rows[_i].rnw | CLASS(2) | (s2 ? S2 : 0), s2 ? IPA_PAGE : 0);
	}
	close_world(&w);
}
END_TEST

/* PERM-21: no other event of an atomic has RnW = 1; an atomic is data even when it says instruction
 */
START_TEST(an_atomic_is_a_data_write_in_every_other_record)
{
	struct world w = world(S1_ONLY);

	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	put(&w, slot1(3), PA_PAGE | (S1_PAGE & ~AF));
	expect_event(&w, VA, SMMU3_TXN_INSTRUCTION, F_ACCESS, 1, 3);
	expect_record(&w, VA, CLASS(2), 0);
	close_world(&w);
	w = world(S1_ONLY);
	w.txn.txn_class = SMMU3_CLASS_ATOMIC;
	*word_at(&w, slot1(3)) |= UXN | PXN;
	expect_pa(&w, VA, SMMU3_TXN_INSTRUCTION, PA_PAGE | OFFSET);
	ck_assert_uint_eq(w.out.instruction, 0);
	close_world(&w);
}
END_TEST

/* PERM-24: each Device type at stage 1 (AttrIndx 2 to 4 of the machine), and at stage 2 alone and
 * under stage 1; unaligned, as an instruction, atomic */
START_TEST(the_memory_type_never_forbids_an_access)
{
	static const struct {
		unsigned flags, class;
	} asked[] = {
		{ 0, SMMU3_CLASS_ORDINARY },
		{ SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY },
		{ SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY },
		{ 0, SMMU3_CLASS_ATOMIC },
	};
	const unsigned config = _i < 3 ? S1_ONLY : _i < 7 ? S2_ONLY : NESTED;
	struct world w = world(config);

	set_field(word_at(&w, slot1(3)), 2, 3, _i < 3 ? 2 + (unsigned)_i : 0);
	set_field(word_at(&w, slot2(3)), 2, 4, ((unsigned)_i - 3) % 4);
	w.txn.bytes = 8;
	for (unsigned n = 0; n < 4; n++) {
		w.txn.txn_class = (uint8_t)asked[n].class;
		expect_pa(&w, (config == S2_ONLY ? IPA_PAGE | OFFSET : VA) + 3, asked[n].flags,
			  PA_PAGE + OFFSET + 3);
		ck_assert_uint_lt(w.out.attr.mair, 0x10);
	}
	close_world(&w);
}
END_TEST

/* B2, B3, B20: the refusal after a success of another kind, and the success after the refusal */
START_TEST(permission_is_judged_on_every_access)
{
	struct world w = world(_i == 0 ? S1_ONLY : S2_ONLY);
	const uint64_t address = _i == 0 ? VA : IPA_PAGE | OFFSET;
	const unsigned good = _i == 0 ? 0 : SMMU3_TXN_WRITE, bad = good ^ SMMU3_TXN_WRITE;

	*word_at(&w, slot1(3)) |= BIT(7);
	put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(1)));
	for (unsigned turn = 0; turn < 2; turn++) {
		expect_pa(&w, address, good, PA_PAGE | OFFSET);
		expect_event(&w, address, bad, F_PERMISSION, _i == 0 ? 1 : 2, 3);
		expect_record(&w, address, (bad ? 0 : RNW) | CLASS(2) | (_i == 0 ? 0 : S2),
			      _i == 0 ? 0 : IPA_PAGE);
	}
	close_world(&w);
}
END_TEST

/* WALK-23, CD-15, STE-36 */
START_TEST(affd_and_s2affd_do_away_with_access_faults)
{
	const bool off = _i & 1;
	const unsigned stage = 1 + (unsigned)_i / 2 % 2;
	const int level = 1 + _i / 4;
	struct world w = world(stage == 1 ? S1_ONLY : S2_ONLY);

	set_field(&w.cd[0], 35, 1, off);
	set_field(&w.ste[2], 53, 1, off);
	put(&w, stage == 1 ? slot1(level) : slot2(level),
	    ((stage == 1 ? S1_PAGE : S2_PAGE) & ~(AF | (level < 3 ? 2 : 0))) | BIT(40));
	if (off)
		ck_assert_uint_eq(ask(&w, stage == 1 ? VA : IPA_PAGE, 0), SMMU3_OK);
	else
		expect_event(&w, stage == 1 ? VA : IPA_PAGE, 0, F_ACCESS, stage, level);
	close_world(&w);
}
END_TEST

/* WALK-23: nothing remembers the descriptor that faulted */
START_TEST(an_access_flag_that_software_sets_counts_at_once)
{
	struct world w = world(_i ? S2_ONLY : S1_ONLY);
	const uint64_t address = _i ? IPA_PAGE | OFFSET : VA, slot = _i ? slot2(3) : slot1(3);

	*word_at(&w, slot) &= ~AF;
	expect_event(&w, address, 0, F_ACCESS, _i ? 2 : 1, 3);
	expect_event(&w, address, 0, F_ACCESS, _i ? 2 : 1, 3);
	*word_at(&w, slot) |= AF;
	expect_pa(&w, address, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, overrides_decide_which_rights_an_access_needs, 0, 7);
	tcase_add_test(tests, instcfg_turns_reads_but_not_writes_into_instruction_accesses);
	tcase_add_loop_test(tests, an_access_that_its_stream_aborts_is_told_as_it_came, 0, 2);
	tcase_add_loop_test(tests, an_atomic_shows_rnw_only_where_it_may_write_but_not_read, 0, 6);
	tcase_add_test(tests, an_atomic_is_a_data_write_in_every_other_record);
	tcase_add_loop_test(tests, the_memory_type_never_forbids_an_access, 0, 11);
	tcase_add_loop_test(tests, permission_is_judged_on_every_access, 0, 2);
	tcase_add_loop_test(tests, affd_and_s2affd_do_away_with_access_faults, 0, 12);
	tcase_add_loop_test(tests, an_access_flag_that_software_sets_counts_at_once, 0, 2);
}

int main(void)
{
	return run_suite("accesses", add);
}
