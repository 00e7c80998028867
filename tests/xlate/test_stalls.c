/* SPDX-License-Identifier: MIT */
/* Which faults stall: 3.12, 5.5.  What becomes of those that do is the queues' affair. */
#include "support/walk_world.h"

enum { STALL_AND_TERMINATE = 0, STALL_FORCED = 2 };

enum { CD_S = 44, CD_R = 45, CD_A = 46, STE_S2S = 57, STE_S2R = 58 };

#define STALL BIT(31)

/* What wait is for the host, and there is room for one; faults neither abort nor are recorded if
 * they do not stall. */
static void make_stalling(struct world *w, unsigned model)
{
	w->waits = true;
	set_id(w, 0, 24, 2, model);
	set_id(w, 5, 16, 16, 1);
	w->cd[0] &= ~(BIT(CD_A) | BIT(CD_R));
	w->ste[2] &= ~BIT(STE_S2R);
}

static struct world stalling(unsigned config, bool s, bool s2s)
{
	struct world w = world(config);

	make_stalling(&w, STALL_AND_TERMINATE);
	set_field(&w.cd[0], CD_S, 1, s);
	set_field(&w.ste[2], STE_S2S, 1, s2s);
	return w;
}

static void expect_end(struct world *w, uint64_t address, unsigned flags, unsigned verdict,
		       bool recorded)
{
	ck_assert_uint_eq(ask(w, address, flags), verdict);
	ck_assert_uint_eq(w->out.verdict, verdict);
	ck_assert_uint_eq(w->out.recorded, recorded);
	ck_assert_uint_eq((w->out.record.word[1] & STALL) != 0, verdict == SMMU3_STALLED);
	close_world(w);
}

/* STALL-04, FLTI-004, FLTI-001: each of the four, with A = 0 and R = 0 */
START_TEST(with_s_each_fault_of_translation_stalls_and_is_recorded)
{
	static const struct {
		unsigned event;
		uint64_t leaf;
	} rows[] = {
		{ F_TRANSLATION, 0 },
		{ F_ADDR_SIZE, BIT(47) | S1_PAGE }, /* IPS 44 bits */
		{ F_ACCESS, RAM_BASE | (S1_PAGE & ~BIT(10)) },
		{ F_PERMISSION, RAM_BASE | (S1_PAGE & ~BIT(6)) }, /* nothing unprivileged */
	};
	struct world w = stalling(S1_ONLY, true, false);

	set_field(&w.cd[0], 32, 3, 4);
	put(&w, slot1(3), rows[_i].leaf);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_STALLED);
	ck_assert_uint_eq(w.out.event, rows[_i].event);
	ck_assert_uint_eq(w.out.recorded, 1);
	ck_assert(w.out.record.word[1] & STALL);
	close_world(&w);
}
END_TEST

/* STALL-02, FLTI-005: CD.S is stage 1's, whatever S2S */
START_TEST(a_fault_of_stage_1_obeys_s_alone)
{
	const bool s = _i & 1;
	struct world w = stalling(NESTED, s, _i & 2);

	put(&w, slot1(3), 0);
	expect_end(&w, VA, 0, s ? SMMU3_STALLED : SMMU3_RAZ_WI, s);
}
END_TEST

/* STALL-02, FLTI-005: S2S is stage 2's, whatever CD.S, in each class */
START_TEST(a_fault_of_stage_2_obeys_s2s_alone)
{
	const bool s2s = _i & 1;
	struct world w = nested_through((unsigned)_i / 4);

	make_stalling(&w, STALL_AND_TERMINATE);
	set_field(&w.cd[0], CD_S, 1, _i & 2);
	set_field(&w.ste[2], STE_S2S, 1, s2s);
	if (_i / 4 == SMMU3_CLASS_CD) /* the CD is read where stage 2 maps it */
		memcpy(word_at(&w, CD_AT), w.cd, sizeof(w.cd));
	put(&w, slot2(3), 0);
	expect_end(&w, VA, 0, s2s ? SMMU3_STALLED : SMMU3_ABORT, s2s);
}
END_TEST

/* STALL-01, WALK-25: S and S2S are for faults of translation */
START_TEST(an_aborted_walk_never_stalls)
{
	struct world w = stalling(NESTED, true, true);

	w.behind_host = true;
	w.answer = SMMU3_MEM_ABORT;
	w.abort_at = _i ? slot1(1) : slot2(2);
	expect_end(&w, VA, 0, SMMU3_ABORT, true);
}
END_TEST

/* STALL-05, FLTI-006, ADR-03 */
START_TEST(an_address_too_large_for_a_stage_passed_by_never_stalls)
{
	struct world w = stalling(S2_ONLY, true, true);

	expect_end(&w, BIT(52), 0, SMMU3_ABORT, true);
}
END_TEST

/* STALL-22, FLTI-012: the client, or any, for the host has no stall_ended */
START_TEST(what_cannot_wait_aborts_and_is_recorded_whatever_a_and_r_say)
{
	const bool client = _i & 1, nested = _i & 2;
	struct world w = stalling(nested ? NESTED : S1_ONLY, !nested, nested);

	w.waits = client;
	put(&w, nested ? slot2(3) : slot1(3), 0);
	expect_end(&w, VA, client ? SMMU3_TXN_NO_STALL : 0, SMMU3_ABORT, true);
}
END_TEST

/* STALL-22, IDR-007 */
START_TEST(a_client_that_cannot_wait_stalls_where_stalls_are_forced)
{
	struct world w = stalling(S1_ONLY, true, false);

	set_id(&w, 0, 24, 2, STALL_FORCED);
	put(&w, slot1(3), 0);
	expect_end(&w, VA, SMMU3_TXN_NO_STALL, SMMU3_STALLED, true);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, with_s_each_fault_of_translation_stalls_and_is_recorded, 0, 4);
	tcase_add_loop_test(tests, a_fault_of_stage_1_obeys_s_alone, 0, 4);
	tcase_add_loop_test(tests, a_fault_of_stage_2_obeys_s2s_alone, 0, 12);
	tcase_add_loop_test(tests, an_aborted_walk_never_stalls, 0, 2);
	tcase_add_test(tests, an_address_too_large_for_a_stage_passed_by_never_stalls);
	tcase_add_loop_test(tests, what_cannot_wait_aborts_and_is_recorded_whatever_a_and_r_say, 0,
			    4);
	tcase_add_test(tests, a_client_that_cannot_wait_stalls_where_stalls_are_forced);
}

int main(void)
{
	return run_suite("stalls", add);
}
