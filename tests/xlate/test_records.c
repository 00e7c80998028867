/* SPDX-License-Identifier: MIT */
/* Every translation fault, at each stage, class and level, with the exact 32 bytes of its record.
 */
#include "support/walk_world.h"

/* Ways to break a walk at one level. */
enum breakage { INVALID, TOO_FAR, NOT_ACCESSED, FORBIDDEN, ABORTED, BREAKAGES };

static const unsigned events[] = { F_TRANSLATION, F_ADDR_SIZE, F_ACCESS, F_PERMISSION,
				   F_WALK_EABT };

/* A block for level 1 or 2, a page for level 3, of stage 1 or 2. */
static uint64_t leaf(unsigned stage, int level)
{
	return (stage == 1 ? S1_PAGE : S2_PAGE) & ~(level < 3 ? UINT64_C(2) : 0);
}

static bool possible(enum breakage how, int level)
{
	return level > 0 || (how != NOT_ACCESSED && how != FORBIDDEN);
}

/* Breaks the descriptor at `slot`: outputs have 48 bits until TOO_FAR makes them 44. */
static void break_descriptor(struct world *w, uint64_t slot, unsigned stage, int level,
			     enum breakage how)
{
	w->behind_host = true;
	switch (how) {
	case INVALID:
		put(w, slot, 0);
		break;
	case TOO_FAR:
		set_field(stage == 1 ? &w->cd[0] : &w->ste[2], stage == 1 ? 32 : 48, 3, 4);
		*word_at(w, slot) |= BIT(44);
		break;
	case NOT_ACCESSED:
		put(w, slot, leaf(stage, level) & ~AF);
		break;
	case FORBIDDEN: /* stage 1: nothing for the unprivileged; stage 2: nothing */
		put(w, slot, leaf(stage, level) & ~(stage == 1 ? UINT64_C(0x40) : S2AP(3)));
		break;
	default:
		w->abort_at = slot;
		w->answer = SMMU3_MEM_ABORT;
		break;
	}
}

/* FLT-02, FLT-04, FLT-06, FLT-07, FLT-10, FLT-13, WALK-23, WALK-25, ADR-12, ORD-07: stage 1 alone,
 * then over stage 2 */
START_TEST(a_stage_1_fault_is_class_in_without_an_ipa_and_an_aborted_fetch_is_class_tt)
{
	const bool nested = _i >= 4 * BREAKAGES;
	const enum breakage how = (enum breakage)(_i / 4 % BREAKAGES);
	const int level = _i % 4;
	struct world w = world(nested ? NESTED : S1_ONLY);

	if (how == TOO_FAR) /* nothing else of the walk may be too far */
		put(&w, slot1(3), RAM_BASE | S1_PAGE);
	if (possible(how, level)) {
		break_descriptor(&w, slot1(level), 1, level, how);
		expect_event(&w, VA, 0, events[how], 1, level);
		expect_record(&w, VA, RNW | CLASS(how == ABORTED ? 1 : 2),
			      how == ABORTED ? slot1(level) : 0);
		ck_assert_uint_eq(w.out.fault_class,
				  how == ABORTED ? SMMU3_CLASS_TT : SMMU3_CLASS_IN);
		ck_assert_uint_eq(w.out.fault_addr, how == ABORTED ? slot1(level) : 0);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_S1);
	}
	close_world(&w);
}
END_TEST

static uint64_t class_word(unsigned class, enum breakage how)
{
	return CLASS(class) | (how == FORBIDDEN && class == SMMU3_CLASS_TT ? TTRNW : 0);
}

/* FLT-04, FLT-05, FLT-06, FLT-08, FLT-10, FLT-13, NEST-02, NEST-04, NEST-10, SUB-18, B26, B31: CD,
 * TT and IN in turn */
START_TEST(a_stage_2_fault_says_what_was_being_translated_and_its_ipa)
{
	const unsigned class = (unsigned)_i / (4 * BREAKAGES);
	const enum breakage how = (enum breakage)(_i / 4 % BREAKAGES);
	const int level = _i % 4;
	const uint64_t ipa = ipa_through(class);
	struct world w = nested_through(class);

	if (possible(how, level)) {
		break_descriptor(&w, slot2(level), 2, level, how);
		if (how == TOO_FAR && class == SMMU3_CLASS_IN && level < 3)
			put(&w, slot2(3), RAM_BASE | S2_PAGE);
		expect_event(&w, VA, 0, events[how], 2, level);
		expect_record(&w, VA, RNW | S2 | class_word(class, how),
			      how == ABORTED ? slot2(level) : ipa & ~UINT64_C(0xfff));
		ck_assert_uint_eq(w.out.fault_class, class);
		ck_assert_uint_eq(w.out.fault_addr, how == ABORTED ? slot2(level) : ipa);
	}
	close_world(&w);
}
END_TEST

/* FLT-08: stage 2 alone, CLASS IN */
START_TEST(a_fault_of_stage_2_alone_is_class_in_with_the_input_address_as_ipa)
{
	const enum breakage how = (enum breakage)(_i / 4);
	const int level = _i % 4;
	struct world w = world(S2_ONLY);

	if (possible(how, level)) {
		break_descriptor(&w, slot2(level), 2, level, how);
		expect_event(&w, IPA_PAGE | OFFSET, 0, events[how], 2, level);
		expect_record(&w, IPA_PAGE | OFFSET, RNW | S2 | CLASS(2),
			      how == ABORTED ? slot2(level) : IPA_PAGE);
		ck_assert_uint_eq(w.out.fault_addr,
				  how == ABORTED ? slot2(level) : IPA_PAGE | OFFSET);
		ck_assert_uint_eq(w.out.decider, SMMU3_BY_S2);
	}
	close_world(&w);
}
END_TEST

/* NEST-09, FLT-08, ADR-16: S2T0SZ 24 leaves 40 bits, and IPA_PAGE has 41 */
START_TEST(an_ipa_out_of_range_is_recorded_whole_for_every_class)
{
	const unsigned class = (unsigned)_i;
	struct world w = nested_through(class);

	set_field(&w.ste[2], 32, 6, 24);
	expect_event(&w, VA, 0, F_TRANSLATION, 2, NO_WALK);
	expect_record(&w, VA, RNW | S2 | CLASS(class), IPA_PAGE);
	ck_assert_uint_eq(w.out.fault_addr, ipa_through(class));
	close_world(&w);
}
END_TEST

/* How an access is presented, how the STE overrides it, and what a record shows of it. */
static const struct access_row {
	unsigned flags, class, privcfg, instcfg;
	uint64_t shown;
} accesses[] = {
	{ 0, SMMU3_CLASS_ORDINARY, 0, 0, RNW },
	{ SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, 0, 0, 0 },
	{ SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 0, 0, RNW | IND },
	{ SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ORDINARY, 0, 0, RNW | PNU },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, 0, 0, PNU },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 0, 0,
	  RNW | IND | PNU },
	{ SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 0, 0, 0 },
	{ 0, SMMU3_CLASS_ORDINARY, 1, 1, RNW },
	{ SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 1, 1,
	  RNW | IND | PNU },
	{ 0, SMMU3_CLASS_ORDINARY, 3, 0, RNW | PNU },
	{ SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ORDINARY, 2, 0, RNW },
	{ 0, SMMU3_CLASS_ORDINARY, 0, 3, RNW | IND },
	{ SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 0, 2, RNW },
	{ SMMU3_TXN_WRITE, SMMU3_CLASS_ORDINARY, 3, 3, PNU },
	{ SMMU3_TXN_WRITE | SMMU3_TXN_INSTRUCTION, SMMU3_CLASS_ORDINARY, 0, 3, 0 },
	{ 0, SMMU3_CLASS_ATOMIC, 0, 3, 0 },
	{ SMMU3_TXN_INSTRUCTION | SMMU3_TXN_PRIVILEGED, SMMU3_CLASS_ATOMIC, 0, 0, PNU },
	{ SMMU3_TXN_WRITE, SMMU3_CLASS_ATOMIC, 2, 0, 0 },
};

enum { ACCESSES = sizeof(accesses) / sizeof(accesses[0]) };

static void present(struct world *w, const struct access_row *row)
{
	set_field(&w->ste[1], 48, 2, row->privcfg);
	set_field(&w->ste[1], 50, 2, row->instcfg);
	w->txn.flags = (uint16_t)row->flags;
	w->txn.txn_class = (uint8_t)row->class;
}

/* FLT-09, PERM-01, PERM-21, PERM-32, B14: a fault of stage 1, of stage 2 for CD, TT, IN, and
 * aborted fetches of both */
START_TEST(a_record_shows_the_client_access_after_overrides)
{
	const struct access_row *row = &accesses[_i % ACCESSES];
	const unsigned kind = (unsigned)(_i / ACCESSES);
	struct world w = nested_through(kind < 3 ? kind : SMMU3_CLASS_IN);

	present(&w, row);
	if (row->shown & IND) /* nobody executes as privileged what the unprivileged may write */
		*word_at(&w, slot1(3)) |= BIT(7);
	if (kind < 3)
		put(&w, slot2(3), 0);
	else if (kind == 3)
		put(&w, slot1(3), 0);
	else
		break_descriptor(&w, kind == 4 ? slot1(2) : slot2(2), 0, 2, ABORTED);
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.event, kind < 4 ? F_TRANSLATION : F_WALK_EABT);
	ck_assert_uint_eq(w.out.record.word[1] & (PNU | IND | RNW), row->shown);
	ck_assert_uint_eq(w.out.instruction, (row->shown & IND) != 0);
	ck_assert_uint_eq(w.out.privileged, (row->shown & PNU) != 0);
	close_world(&w);
}
END_TEST

/* STE-24, B14: ATTR_PERMS_OVR = 0 */
START_TEST(overrides_that_are_not_implemented_leave_the_access_as_it_came)
{
	struct world w = world(S1_ONLY);

	set_id(&w, 1, 26, 1, 0);
	set_field(&w.ste[1], 48, 4, 0xf);
	put(&w, slot1(3), 0);
	expect_event(&w, VA, 0, F_TRANSLATION, 1, 3);
	expect_record(&w, VA, RNW | CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* FLT-03, FLT-04: SubstreamID 3 of a table of 4 */
START_TEST(a_record_carries_the_substream_when_there_is_one)
{
	struct world w = world(S1_ONLY);

	set_field(&w.ste[0], 59, 5, 2);
	w.ste[0] = (w.ste[0] & ~UINT64_C(0xfffffffffc0)) | CD_PAGE;
	memcpy(word_at(&w, CD_PAGE + 64 * 3), w.cd, sizeof(w.cd));
	put(&w, slot1(3), 0);
	w.txn.ssid = 3;
	expect_event(&w, VA, SMMU3_TXN_SSV | SMMU3_TXN_WRITE, F_TRANSLATION, 1, 3);
	ck_assert_uint_eq(w.out.record.word[0], F_TRANSLATION | BIT(11) | 3 << 12 | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1], CLASS(2));
	ck_assert_uint_eq(w.out.record.word[2], VA);
	ck_assert_uint_eq(w.out.record.word[3], 0);
	close_world(&w);
}
END_TEST

/* FLT-15, FLT-02: nothing but the stream, whatever the access */
START_TEST(configuration_errors_record_no_address_and_no_access)
{
	struct world w = world(S1_ONLY);

	if (_i == 0)
		w.cd[0] &= ~BIT(31);
	else
		w.ste[0] &= ~BIT(0);
	expect_event(&w, VA, SMMU3_TXN_PRIVILEGED | SMMU3_TXN_INSTRUCTION,
		     _i == 0 ? C_BAD_CD : C_BAD_STE, 0, NO_WALK);
	ck_assert_uint_eq(w.out.record.word[0], w.out.event | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1] | w.out.record.word[2] | w.out.record.word[3], 0);
	ck_assert_uint_eq(w.out.recorded, 1);
	close_world(&w);
}
END_TEST

/* FLT-15, FLT-02, 7.3.7: neither SSV nor SubstreamID; S1DSS 2 keeps SubstreamID 0, 0 wants one */
START_TEST(a_disabled_stream_records_nothing_but_the_stream)
{
	struct world w = world(S1_ONLY);

	set_field(&w.ste[0], 59, 5, 2);
	set_field(&w.ste[1], 0, 2, _i == 0 ? 2 : 0);
	ck_assert_uint_eq(ask(&w, VA, _i == 0 ? SMMU3_TXN_SSV : 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.record.word[0], 0x06 | SID << 32);
	ck_assert_uint_eq(w.out.record.word[1] | w.out.record.word[2] | w.out.record.word[3], 0);
	ck_assert_uint_eq(w.out.recorded, 1);
	close_world(&w);
}
END_TEST

/* STALL-01, STALL-03, FLT-01: CD.A and CD.R */
START_TEST(a_and_r_decide_how_a_stage_1_fault_ends_and_whether_it_is_recorded)
{
	static const unsigned faults[] = { INVALID, TOO_FAR, NOT_ACCESSED, FORBIDDEN };
	const bool abort = _i & 1, record = _i & 2;
	struct world w = world(S1_ONLY);

	set_field(&w.cd[0], 46, 1, abort);
	set_field(&w.cd[0], 45, 1, record);
	break_descriptor(&w, slot1(3), 1, 3, faults[_i / 4]);
	ck_assert_uint_eq(ask(&w, VA, 0), abort ? SMMU3_ABORT : SMMU3_RAZ_WI);
	ck_assert_uint_eq(w.out.event, events[faults[_i / 4]]);
	ck_assert_uint_eq(w.out.recorded, record);
	close_world(&w);
}
END_TEST

/* STE-38, STALL-02; SUB-18, on the IPA of a CD: a fault of stage 2 always aborts */
START_TEST(s2r_decides_whether_a_stage_2_fault_is_recorded)
{
	struct world w = nested_through((unsigned)_i / 2);

	w.cd[0] &= ~BIT(46);
	set_field(&w.ste[2], 58, 1, (unsigned)_i % 2);
	put(&w, slot2(3), 0);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_ABORT);
	ck_assert_uint_eq(w.out.recorded, (unsigned)_i % 2);
	close_world(&w);
}
END_TEST

/* 5.5, WALK-25: of a stage 1 or stage 2 descriptor, alone and nested */
START_TEST(an_aborted_fetch_aborts_and_is_recorded_whatever_a_r_and_s2r)
{
	static const struct {
		unsigned config, stage;
	} rows[] = { { S1_ONLY, 1 }, { S2_ONLY, 2 }, { NESTED, 1 }, { NESTED, 2 } };
	const unsigned config = rows[_i].config, stage = rows[_i].stage;
	struct world w = world(config);

	w.cd[0] &= ~(BIT(45) | BIT(46));
	w.ste[2] &= ~BIT(58);
	break_descriptor(&w, stage == 1 ? slot1(1) : slot2(2), stage, 1, ABORTED);
	expect_event(&w, config == S2_ONLY ? IPA_PAGE : VA, 0, F_WALK_EABT, stage,
		     stage == 1 ? 1 : 2);
	ck_assert_uint_eq(w.out.recorded, 1);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(
		tests, a_stage_1_fault_is_class_in_without_an_ipa_and_an_aborted_fetch_is_class_tt,
		0, 2 * 4 * BREAKAGES);
	tcase_add_loop_test(tests, a_stage_2_fault_says_what_was_being_translated_and_its_ipa, 0,
			    3 * 4 * BREAKAGES);
	tcase_add_loop_test(tests,
			    a_fault_of_stage_2_alone_is_class_in_with_the_input_address_as_ipa, 0,
			    4 * BREAKAGES);
	tcase_add_loop_test(tests, an_ipa_out_of_range_is_recorded_whole_for_every_class, 0, 3);
	tcase_add_loop_test(tests, a_record_shows_the_client_access_after_overrides, 0,
			    6 * ACCESSES);
	tcase_add_test(tests, overrides_that_are_not_implemented_leave_the_access_as_it_came);
	tcase_add_test(tests, a_record_carries_the_substream_when_there_is_one);
	tcase_add_loop_test(tests, a_disabled_stream_records_nothing_but_the_stream, 0, 2);
	tcase_add_loop_test(tests, configuration_errors_record_no_address_and_no_access, 0, 2);
	tcase_add_loop_test(tests,
			    a_and_r_decide_how_a_stage_1_fault_ends_and_whether_it_is_recorded, 0,
			    16);
	tcase_add_loop_test(tests, s2r_decides_whether_a_stage_2_fault_is_recorded, 0, 6);
	tcase_add_loop_test(tests, an_aborted_fetch_aborts_and_is_recorded_whatever_a_r_and_s2r, 0,
			    4);
}

int main(void)
{
	return run_suite("records", add);
}
