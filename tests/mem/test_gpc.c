/* SPDX-License-Identifier: MIT */
/* The granule protection check of a PA: what passes, what does not and why, and what is read. */
#include "gpt_world.h"
#include "support/suite.h"

#include <check.h>

#define GB UINT64_C(0x40000000)
#define NS SMMU3_PAS_NS
#define SECURE SMMU3_PAS_SECURE
#define REALM SMMU3_PAS_REALM
#define ROOT SMMU3_PAS_ROOT

/* ---- Whether there are checks ---- */

/* GPC-01, RME-002: without GPCEN every access passes, without ACCESSEN none does, first of all */
START_TEST(enables_decide_first)
{
	struct gpt_world w;

	gpt_world_open(&w);
	put_word(&w, L0_AT, 0x01);
	for (unsigned pas = 0; pas < 4; pas++) {
		w.registers.access = true;
		w.registers.checks = true;
		expect_denied(&w, (enum smmu3_pas)pas, 0x1000, 0);
		w.registers.checks = false;
		expect_pass(&w, (enum smmu3_pas)pas, 0x1000, 64);
		expect_pass(&w, (enum smmu3_pas)pas, UINT64_MAX, 64);
		w.registers.access = false;
		expect_denied(&w, (enum smmu3_pas)pas, 0x1000, 0);
		w.registers.checks = true;
		expect_denied(&w, (enum smmu3_pas)pas, UINT64_MAX, 0);
		ck_assert_uint_eq(w.reads, 0);
	}
	gpt_world_close(&w);
}
END_TEST

/* ---- What passes ---- */

/* GPC-02, GPC-03: a block of 1 GB, and a Table with contiguous entries and granules.  The span is
 * that of the entry. */
START_TEST(entries_of_both_levels_are_found)
{
	struct gpt_world w;

	gpt_world_open(&w);
	put_word(&w, L0_AT, 0x91);
	put_word(&w, L0_AT + 8, L1_AT | 3);
	put_word(&w, L1_AT, UINT64_C(0x9aaaaaaaaaaaaa8b)); /* 16 granules of 4 KB */
	put_word(&w, L1_AT + 8 * 0x40, 0x181);             /* 4 MB above */
	expect_pass(&w, NS, 0x3ffff000, 30);
	expect_denied(&w, SECURE, 0x3ffff000, 0);
	expect_pass(&w, REALM, GB, 12);
	expect_pass(&w, SECURE, GB + 0x1fff, 12);
	expect_pass(&w, ROOT, GB + 0x2000, 12);
	expect_pass(&w, NS, GB + 0xf000, 12);
	expect_denied(&w, NS, GB + 0xe000, 1);
	expect_denied(&w, NS, GB + 0x10000, 1);
	expect_pass(&w, SECURE, GB + 0x400000, 21);
	expect_denied(&w, ROOT, GB + 0x400000, 1);
	gpt_world_close(&w);
}
END_TEST

/* RME-014: a block denies for all of it */
START_TEST(what_is_denied_has_a_span_too)
{
	struct gpt_world w;

	gpt_world_open(&w);
	put_word(&w, L0_AT, 0xb1);
	put_word(&w, L0_AT + 8, L1_AT | 3);
	put_word(&w, L1_AT + 8 * 0x200, 0x2b1);
	ck_assert_uint_eq(checked(&w, NS, 0x1000).span_lg2, 30);
	ck_assert_uint_eq(checked(&w, NS, GB + 0x2000000).span_lg2, 25);
	ck_assert_uint_eq(checked(&w, NS, GB + 0x1000).span_lg2, 12);
	ck_assert_uint_eq(checked(&w, SECURE, UINT64_C(1) << 40).span_lg2, 40);
	gpt_world_close(&w);
}
END_TEST

/* GPC-02: an entry of 64 GB for 4 GB of PA: there is one, and beyond PPS it says nothing */
START_TEST(one_entry_may_be_larger_than_what_is_protected)
{
	struct gpt_world w;

	gpt_world_open(&w);
	w.registers.cfg = 0x603500;
	put_word(&w, L0_AT, 0x81);
	expect_pass(&w, SECURE, 0xfffff000, 32);
	ck_assert_uint_eq(w.read[0].pa, L0_AT);
	expect_denied(&w, SECURE, UINT64_C(0x100000000), 0);
	expect_pass(&w, NS, UINT64_C(0x100000000), 32);
	gpt_world_close(&w);
}
END_TEST

/* ---- Beyond PPS ---- */

/* GPC-06, RME-014: Non-secure passes, the others are denied at level 0, and nothing is read */
START_TEST(a_pa_beyond_pps_is_open_to_non_secure_alone)
{
	struct gpt_world w;

	gpt_world_open(&w);
	expect_pass(&w, NS, UINT64_C(1) << 40, 40);
	expect_pass(&w, NS, UINT64_C(0xffffff0000000000), 40);
	expect_denied(&w, SECURE, UINT64_C(1) << 40, 0);
	expect_denied(&w, REALM, UINT64_C(1) << 40, 0);
	expect_denied(&w, ROOT, UINT64_C(1) << 40, 0);
	ck_assert_uint_eq(w.reads, 0);
	expect_error(&w, NS, (UINT64_C(1) << 40) - 1, 3, 0);
	gpt_world_close(&w);
}
END_TEST

/* ---- Priority ---- */

/* What is wrong, from the highest priority to the lowest: each test adds the next above. */
static void deny_level_1(struct gpt_world *w)
{
	put_word(w, L0_AT, L1_AT | 3);
	put_word(w, L1_AT, 0x181);
}

static void spoil_level_1(struct gpt_world *w)
{
	put_word(w, L1_AT, 0x100000181);
}

static void abort_level_1(struct gpt_world *w)
{
	put_abort(w, L1_AT);
}

/* GPC-07: Table D9-2, from its end.  Each fault added hides those below it. */
START_TEST(the_fault_of_highest_priority_is_told)
{
	struct gpt_world w;

	gpt_world_open(&w);
	deny_level_1(&w);
	expect_denied(&w, REALM, 0x1000, 1);
	spoil_level_1(&w);
	expect_error(&w, REALM, 0x1000, 3, 1);
	abort_level_1(&w);
	expect_error(&w, REALM, 0x1000, 2, 1);
	put_word(&w, L0_AT, 0x81);
	expect_denied(&w, REALM, 0x1000, 0);
	put_word(&w, L0_AT, UINT64_C(0x10000000003));
	expect_error(&w, REALM, 0x1000, 4, 0);
	put_word(&w, L0_AT, UINT64_C(0x10000000013));
	expect_error(&w, REALM, 0x1000, 3, 0);
	put_abort(&w, L0_AT);
	expect_error(&w, REALM, 0x1000, 2, 0);
	ck_assert_uint_eq(w.reads, 1);
	w.registers.base |= UINT64_C(1) << 40;
	expect_error(&w, REALM, 0x1000, 1, 0);
	ck_assert_uint_eq(w.reads, 0);
	expect_denied(&w, REALM, UINT64_C(1) << 40, 0);
	expect_pass(&w, NS, UINT64_C(1) << 40, 40);
	w.registers.cfg |= 0xc000;
	expect_error(&w, REALM, UINT64_C(1) << 40, 0, 0);
	expect_error(&w, NS, UINT64_C(1) << 40, 0, 0);
	ck_assert_uint_eq(w.reads, 0);
	gpt_world_close(&w);
}
END_TEST

/* ---- What is read ---- */

/* RME-017, GPC-01: entries are read in the Root space with the attributes configured, 8 bytes each,
 * although the table permits no access to itself */
START_TEST(entries_are_read_in_root_space_unchecked)
{
	struct gpt_world w;

	gpt_world_open(&w);
	w.registers.cfg = 0x2a02;
	put_word(&w, L0_AT + 16, L1_AT | 3); /* of 2 to 3 GB, where the tables are */
	put_word(&w, L1_AT + 0x10, UINT64_C(0x9999999999999999));
	expect_pass(&w, NS, 2 * GB + 0x23000, 12);
	expect_denied(&w, ROOT, L0_AT, 1);
	expect_pass(&w, NS, 2 * GB + 0x23000, 12);
	ck_assert_uint_eq(w.reads, 2);
	ck_assert_uint_eq(w.read[0].pa, L0_AT + 16);
	ck_assert_uint_eq(w.read[1].pa, L1_AT + 0x10);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_uint_eq(w.read[i].pas, ROOT);
		ck_assert_uint_eq(w.read[i].bytes, 8);
		ck_assert_uint_eq(w.read[i].reason, SMMU3_REASON_GPT);
		ck_assert_uint_eq(w.read[i].attr.mair, 0xaa);
		ck_assert_uint_eq(w.read[i].attr.sh, SMMU3_OSH);
	}
	gpt_world_close(&w);
}
END_TEST

static struct smmu3_step told[4];
static unsigned told_count;

static void note(void *context, const struct smmu3_step *step)
{
	(void)context;
	ck_assert_uint_lt(told_count, 4);
	told[told_count++] = *step;
}

/* 3.25: each entry read is told, with its level and the PA that is checked */
START_TEST(each_entry_is_told)
{
	struct gpt_world w;

	gpt_world_open(&w);
	w.view.step = note;
	put_word(&w, L0_AT, L1_AT | 3);
	put_abort(&w, L1_AT + 8);
	expect_error(&w, SECURE, 0x12345, 2, 1);
	ck_assert_uint_eq(told_count, 2);
	ck_assert_uint_eq(told[0].pa, L0_AT);
	ck_assert_uint_eq(told[0].word[0], L1_AT | 3);
	ck_assert(!told[0].aborted && told[1].aborted);
	for (unsigned i = 0; i < 2; i++) {
		ck_assert_int_eq(told[i].level, (int)i);
		ck_assert_uint_eq(told[i].input, 0x12345);
		ck_assert_uint_eq(told[i].reason, SMMU3_REASON_GPT);
		ck_assert_uint_eq(told[i].words, 1);
		ck_assert_uint_eq(told[i].pas, ROOT);
		ck_assert_uint_eq(told[i].granule_lg2, 12);
	}
	gpt_world_close(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, enables_decide_first);
	tcase_add_test(tests, entries_of_both_levels_are_found);
	tcase_add_test(tests, what_is_denied_has_a_span_too);
	tcase_add_test(tests, one_entry_may_be_larger_than_what_is_protected);
	tcase_add_test(tests, a_pa_beyond_pps_is_open_to_non_secure_alone);
	tcase_add_test(tests, the_fault_of_highest_priority_is_told);
	tcase_add_test(tests, entries_are_read_in_root_space_unchecked);
	tcase_add_test(tests, each_entry_is_told);
}

int main(void)
{
	return run_suite("gpc", add);
}
