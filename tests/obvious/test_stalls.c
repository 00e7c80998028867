/* SPDX-License-Identifier: MIT */
/* The obvious walker on faults that stall, on cases worked by hand: 3.12, 5.5. */
#include "array.h"
#include "support/suite.h"

enum {
	F_TRANSLATION = 0x10,
	F_ADDR_SIZE = 0x11,
	F_ACCESS = 0x12,
	F_PERMISSION = 0x13,
	F_WALK_EABT = 0x0b,
	C_BAD_CD = 0x0a,
};

/* Bits of the record's second word: Stall, RnW, S2, CLASS.  7.3.13 */
#define STALL (UINT64_C(1) << 31)
#define RNW (UINT64_C(1) << 35)
#define S2 (UINT64_C(1) << 39)
#define TT (UINT64_C(1) << 40)
#define IN (UINT64_C(2) << 40)

#define CD_S (UINT64_C(1) << 44)
#define CD_R (UINT64_C(1) << 45)
#define CD_A (UINT64_C(1) << 46)
#define S2S (UINT64_C(1) << 57)
#define S2R (UINT64_C(1) << 58)
#define S1STALLD (UINT64_C(1) << 27)

enum { BOTH, NONE, FORCED }; /* IDR0.STALL_MODEL */

/* The host waits, for STALL_MAX = 2 at most. */
static void stalling(unsigned model)
{
	w.machine.idr0 = (w.machine.idr0 & ~(3u << 24)) | model << 24;
	w.machine.idr5 |= 2u << 16;
	w.machine.waits = true;
}

static void cd_word(uint64_t word)
{
	put(&w, CD_TABLE, word);
}

static void ste_word_2(uint64_t word)
{
	put(&w, STE + 16, word);
}

/* Both stages; the fault models of each are for the test to say. */
static void both_stages(unsigned model, uint64_t cd, uint64_t ste2)
{
	nested();
	stalling(model);
	cd_word(CD_WORD_0 | cd);
	ste_word_2(STE_WORD_2 | ste2);
}

static void ends(unsigned event, unsigned verdict, bool recorded, uint64_t word1)
{
	go();
	ck_assert_uint_eq(w.answer.event, event);
	ck_assert_uint_eq(w.answer.verdict, verdict);
	ck_assert_uint_eq(w.answer.recorded, recorded);
	ck_assert_uint_eq(w.answer.record.word[0], (uint64_t)SID << 32 | event);
	ck_assert_uint_eq(w.answer.record.word[1], word1);
}

static void stalls(unsigned event, uint64_t word1)
{
	ends(event, SMMU3_STALLED, true, word1 | STALL);
}

static void aborts(unsigned event, uint64_t word1)
{
	ends(event, SMMU3_ABORT, true, word1);
}

/* STALL-04, FLTI-004: in every combination of A and R. */
START_TEST(with_s_a_fault_stalls_and_is_recorded_whatever_a_and_r_say)
{
	const uint64_t ar = (uint64_t)_i << 45;

	stage1();
	stalling(BOTH);
	cd_word((CD_WORD_0 & ~(CD_A | CD_R)) | ar | CD_S);
	put(&w, L3_ENTRY, 0);
	stalls(F_TRANSLATION, IN | RNW);
	ck_assert_uint_eq(w.answer.record.word[2], VA);
	ck_assert_uint_eq(w.answer.record.word[3], 0);
	ck_assert_uint_eq(w.answer.bytes, 64);
	ck_assert_int_eq(w.answer.fault_level, 3);
}
END_TEST

/* FLTI-004: S2R = 0. */
START_TEST(with_s2s_a_fault_of_stage_2_is_recorded_whatever_s2r_says)
{
	both_stages(BOTH, 0, S2S);
	ste_word_2((STE_WORD_2 & ~S2R) | S2S);
	put(&w, L3_ENTRY, PAGE | UINT64_C(1) << 40);
	stalls(F_TRANSLATION, S2 | IN | RNW);
	ck_assert_uint_eq(w.answer.record.word[3], UINT64_C(1) << 40 | 0x7654000);
}
END_TEST

/* STALL-01, FLTI-001 */
START_TEST(four_events_stall_and_no_other)
{
	both_stages(BOTH, CD_S, S2S);
	put(&w, L2_ENTRY, 0);
	stalls(F_TRANSLATION, IN | RNW);
	put(&w, L2_ENTRY, UINT64_C(1) << 44 | 3);
	stalls(F_ADDR_SIZE, IN | RNW);
	put(&w, L2_ENTRY, L3 | 3);
	put(&w, L3_ENTRY, PAGE & ~UINT64_C(0x400));
	stalls(F_ACCESS, IN | RNW);
	put(&w, L3_ENTRY, PAGE & ~UINT64_C(0x40));
	stalls(F_PERMISSION, IN | RNW);
	w.aborting = L2_ENTRY;
	aborts(F_WALK_EABT, TT | RNW);
	w.aborting = S2_L1;
	aborts(F_WALK_EABT, S2 | RNW);
	w.aborting = UINT64_MAX;
	cd_word((CD_WORD_0 | CD_S) & ~(UINT64_C(1) << 31)); /* V */
	aborts(C_BAD_CD, 0);
}
END_TEST

/* One fault of each stage and class that both stages have. */
static void fault_of_cd(void)
{
	put(&w, S2_L1, BLOCK & ~UINT64_C(0x400));
}

static void fault_of_tt(void)
{
	put(&w, L1_ENTRY, UINT64_C(0x40000000) | 3);
}

static void fault_of_in(void)
{
	put(&w, L3_ENTRY, PAGE | UINT64_C(1) << 40);
}

static void fault_of_stage_1(void)
{
	put(&w, L3_ENTRY, 0);
}

static const struct {
	void (*make)(void);
	unsigned event, stage;
	uint64_t word1;
} faults[] = {
	{ fault_of_cd, F_ACCESS, 2, S2 | RNW },
	{ fault_of_tt, F_TRANSLATION, 2, S2 | TT | RNW },
	{ fault_of_in, F_TRANSLATION, 2, S2 | IN | RNW },
	{ fault_of_stage_1, F_TRANSLATION, 1, IN | RNW },
};

enum { FAULTS = sizeof(faults) / sizeof(*faults) };

/* STALL-02, FLTI-005: CD.S for stage 1, S2S for stage 2, each with the other at 0 and at 1. */
START_TEST(the_stage_at_fault_decides)
{
	for (unsigned i = 0; i < FAULTS; i++)
		for (unsigned s = 0; s < 4; s++) {
			const bool s1s = s & 1, s2s = s & 2;

			both_stages(BOTH, s1s ? CD_S : 0, s2s ? S2S : 0);
			faults[i].make();
			if (faults[i].stage == 1 ? s1s : s2s)
				stalls(faults[i].event, faults[i].word1);
			else
				aborts(faults[i].event, faults[i].word1);
		}
}
END_TEST

/* STALL-05, FLTI-006: an input of more than OAS bits, in a stream of stage 2 alone. */
START_TEST(an_address_too_large_for_a_stage_passed_by_never_stalls)
{
	both_stages(_i ? FORCED : BOTH, CD_S, S2S);
	ste(v_config(6), SHCFG_AND_S1C, (STE_WORD_2 & ~S2R) | S2S, S2_L1);
	w.txn.addr = UINT64_C(1) << 44;
	aborts(F_ADDR_SIZE, IN | RNW);
	ck_assert(w.answer.notes.model.forced);
}
END_TEST

/* STALL-22, FLTI-012: with A = 0, R = 0, which do not count. */
START_TEST(what_cannot_wait_aborts_and_is_recorded)
{
	stage1();
	stalling(BOTH);
	cd_word((CD_WORD_0 & ~(CD_A | CD_R)) | CD_S);
	put(&w, L3_ENTRY, 0);
	w.txn.flags = SMMU3_TXN_NO_STALL;
	aborts(F_TRANSLATION, IN | RNW);
	w.txn.flags = 0;
	stalls(F_TRANSLATION, IN | RNW);
	w.machine.waits = false;
	aborts(F_TRANSLATION, IN | RNW);
	w.machine.waits = true;
	w.machine.idr5 &= 0xffff;
	aborts(F_TRANSLATION, IN | RNW);
}
END_TEST

/* STALL-22, IDR-007 */
START_TEST(where_stalls_are_forced_nobody_is_asked_whether_it_can_wait)
{
	both_stages(FORCED, CD_S, S2S);
	w.txn.flags = SMMU3_TXN_NO_STALL;
	fault_of_in();
	stalls(F_TRANSLATION, S2 | IN | RNW);
	fault_of_stage_1();
	stalls(F_TRANSLATION, IN | RNW);
}
END_TEST

/* STALL-21, IDR-031: STALL_MAX is 2. */
START_TEST(no_more_stall_than_there_is_room_for)
{
	stage1();
	stalling(_i ? FORCED : BOTH);
	cd_word(CD_WORD_0 | CD_S);
	put(&w, L3_ENTRY, 0);
	w.machine.stalls = 1;
	stalls(F_TRANSLATION, IN | RNW);
	w.machine.stalls = 2;
	ends(F_TRANSLATION, SMMU3_BUSY, false, IN | RNW | STALL);
	put(&w, L3_ENTRY, PAGE); /* what does not fault goes on.  STALL-17 */
	go();
	ck_assert_uint_eq(w.answer.verdict, SMMU3_OK);
}
END_TEST

/* STALL-04 */
START_TEST(a_probe_says_that_it_would_stall)
{
	stage1();
	stalling(BOTH);
	cd_word(CD_WORD_0 | CD_S);
	put(&w, L3_ENTRY, 0);
	w.txn.flags = SMMU3_TXN_PROBE;
	ends(F_TRANSLATION, SMMU3_STALLED, false, IN | RNW | STALL);
	w.machine.stalls = 2;
	ends(F_TRANSLATION, SMMU3_BUSY, false, IN | RNW | STALL);
}
END_TEST

/* Which STEs and CDs are ILLEGAL, by STALL_MODEL: Config, S1STALLD, CD.S, S2S. */
static const struct {
	unsigned model, config;
	bool s1stalld, s, s2s;
	enum obvious_rule rule;
} rules[] = {
	/* STE-55, STE-22: S1STALLD, which stage 2 alone ignores */
	{ BOTH, 5, 1, 0, 0, OBVIOUS_LEGAL },
	{ NONE, 5, 1, 0, 0, OBVIOUS_STE_S1STALLD_ABSENT },
	{ FORCED, 5, 1, 1, 1, OBVIOUS_STE_S1STALLD_FORCED },
	{ NONE, 6, 1, 0, 0, OBVIOUS_LEGAL },
	{ FORCED, 6, 1, 0, 1, OBVIOUS_LEGAL },
	/* STE-61: S2S, which stage 1 alone ignores */
	{ BOTH, 7, 0, 0, 1, OBVIOUS_LEGAL },
	{ BOTH, 7, 0, 1, 0, OBVIOUS_LEGAL },
	{ NONE, 7, 0, 0, 1, OBVIOUS_STE_S2S_ABSENT },
	{ FORCED, 7, 0, 1, 0, OBVIOUS_STE_S2S_FORCED },
	{ NONE, 5, 0, 0, 1, OBVIOUS_LEGAL },
	{ FORCED, 5, 0, 1, 0, OBVIOUS_LEGAL },
	/* CD-29 */
	{ BOTH, 5, 1, 1, 0, OBVIOUS_CD_S_DISABLED },
	{ BOTH, 7, 1, 1, 1, OBVIOUS_CD_S_DISABLED },
	{ BOTH, 7, 1, 0, 1, OBVIOUS_LEGAL },
	/* CD-31 */
	{ NONE, 5, 0, 0, 0, OBVIOUS_LEGAL },
	{ NONE, 5, 0, 1, 0, OBVIOUS_CD_S_ABSENT },
	{ FORCED, 7, 0, 0, 1, OBVIOUS_CD_S_FORCED },
	{ FORCED, 7, 0, 1, 1, OBVIOUS_LEGAL },
};

enum { RULES = sizeof(rules) / sizeof(*rules) };

/* FLTI-007, STE-22, STE-55, STE-61, CD-29, CD-31 */
START_TEST(the_stall_model_makes_structures_illegal)
{
	both_stages(rules[_i].model, rules[_i].s ? CD_S : 0, 0);
	ste(v_config(rules[_i].config) | CD_TABLE,
	    SHCFG_AND_S1C | (rules[_i].s1stalld ? S1STALLD : 0),
	    STE_WORD_2 | (rules[_i].s2s ? S2S : 0), S2_L1);
	w.txn.addr = rules[_i].config == 6 ? 0x123 : VA; /* stage 2 maps the first GB */
	go();
	ck_assert_uint_eq(w.answer.notes.rule, rules[_i].rule);
	ck_assert_uint_eq(w.answer.verdict,
			  rules[_i].rule == OBVIOUS_LEGAL ? SMMU3_OK : SMMU3_ABORT);
	ck_assert_uint_eq(w.answer.recorded, rules[_i].rule != OBVIOUS_LEGAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stalls");
	TCase *tests = tcase_create("tests");

	tcase_add_loop_test(tests, with_s_a_fault_stalls_and_is_recorded_whatever_a_and_r_say, 0,
			    4);
	tcase_add_test(tests, with_s2s_a_fault_of_stage_2_is_recorded_whatever_s2r_says);
	tcase_add_test(tests, four_events_stall_and_no_other);
	tcase_add_test(tests, the_stage_at_fault_decides);
	tcase_add_loop_test(tests, an_address_too_large_for_a_stage_passed_by_never_stalls, 0, 2);
	tcase_add_test(tests, what_cannot_wait_aborts_and_is_recorded);
	tcase_add_test(tests, where_stalls_are_forced_nobody_is_asked_whether_it_can_wait);
	tcase_add_loop_test(tests, no_more_stall_than_there_is_room_for, 0, 2);
	tcase_add_test(tests, a_probe_says_that_it_would_stall);
	tcase_add_loop_test(tests, the_stall_model_makes_structures_illegal, 0, RULES);
	suite_add_tcase(suite, tests);
	return run_checks(suite);
}
