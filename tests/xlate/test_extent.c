/* SPDX-License-Identifier: MIT */
/* How far one answer reaches, what a probe says, and what the caller may not ask. */
#include "support/walk_world.h"

static void expect_bytes(struct world *w, uint64_t address, uint64_t asked, uint64_t bytes)
{
	w->txn.bytes = asked;
	ask(w, address, 0);
	ck_assert_uint_eq(w->out.bytes, bytes);
}

/* B29 */
START_TEST(an_answer_ends_with_its_page_and_the_caller_goes_on_with_the_rest)
{
	struct world w = world(S1_ONLY);
	const uint64_t page = VA - OFFSET;

	put(&w, slot1(3) + 8, (PA_PAGE + 0x7000) | S1_PAGE);
	expect_bytes(&w, page, 0xfff, 0xfff);
	expect_bytes(&w, page, 0x1000, 0x1000);
	expect_bytes(&w, page, 0x1001, 0x1000);
	expect_bytes(&w, VA, 0x1000, 0x1000 - OFFSET);
	expect_bytes(&w, page + 0xfff, 2, 1);
	expect_pa(&w, page + 0xfff, 0, PA_PAGE + 0xfff);
	expect_pa(&w, page + 0x1000, 0, PA_PAGE + 0x7000);
	close_world(&w);
}
END_TEST

/* B29: two pages that are not mapped, and the second alone */
START_TEST(each_page_of_a_crossing_access_faults_for_itself)
{
	struct world w = world(S1_ONLY);
	const uint64_t page = VA - OFFSET;

	w.txn.bytes = 0x1001;
	expect_pa(&w, page, 0, PA_PAGE);
	ck_assert_uint_eq(w.out.bytes, 0x1000);
	w.txn.bytes = 1;
	expect_event(&w, page + 0x1000, 0, F_TRANSLATION, 1, 3);
	expect_record(&w, page + 0x1000, RNW | CLASS(2), 0);
	w.txn.bytes = 0x1800;
	expect_event(&w, page + 0x1ff0, 0, F_TRANSLATION, 1, 3);
	ck_assert_uint_eq(w.out.bytes, 0x10);
	expect_record(&w, page + 0x1ff0, RNW | CLASS(2), 0);
	close_world(&w);
}
END_TEST

/* A 2MB block of stage 1, alone, then over 4KB pages of stage 2.  NEST-12 */
START_TEST(an_answer_ends_with_the_smaller_of_both_leaves)
{
	const bool nested = _i;
	struct world w = world(nested ? NESTED : S1_ONLY);

	put(&w, slot1(2), (nested ? IPA_PAGE & ~(BIT(21) - 1) : BIT(40)) | S1_BLOCK);
	put(&w, S2_TABLE(3) + 8 * 5, PA_PAGE | S2_PAGE);
	expect_bytes(&w, VA, BIT(30), nested ? 0x1000 - OFFSET : BIT(21) - (VA & (BIT(21) - 1)));
	ck_assert_uint_eq(w.out.verdict, SMMU3_OK);
	ck_assert_uint_eq(w.out.span, nested ? 0x1000 : BIT(21));
	close_world(&w);
}
END_TEST

/* The situations a probe is compared in. */
enum situation { TRANSLATED, S1_FAULT, S2_FAULT, WALK_ABORT, BAD_CONTEXT, RAZ, SITUATIONS };

static struct world situation(enum situation which)
{
	struct world w = world(NESTED);

	w.behind_host = true;
	if (which == S1_FAULT || which == RAZ)
		put(&w, slot1(3), IPA_PAGE | (S1_PAGE & ~AF));
	if (which == S2_FAULT)
		put(&w, slot2(3), PA_PAGE | (S2_PAGE & ~S2AP(3)));
	if (which == WALK_ABORT)
		w.abort_at = slot1(2);
	if (which == BAD_CONTEXT)
		w.cd[0] &= ~BIT(31);
	if (which == RAZ)
		w.cd[0] &= ~BIT(46);
	w.answer = SMMU3_MEM_ABORT;
	return w;
}

START_TEST(a_probe_gives_the_same_answer_and_records_nothing)
{
	struct world w = situation((enum situation)_i);
	struct smmu3_outcome real;

	ask(&w, VA, 0);
	real = w.out;
	for (unsigned turn = 0; turn < 2; turn++) {
		ask(&w, VA, SMMU3_TXN_PROBE);
		ck_assert_uint_eq(w.out.verdict, real.verdict);
		ck_assert_uint_eq(w.out.pa, real.pa);
		ck_assert_uint_eq(w.out.bytes, real.bytes);
		ck_assert_uint_eq(w.out.span, real.span);
		ck_assert_uint_eq(w.out.perm, real.perm);
		ck_assert_uint_eq(w.out.stages, real.stages);
		ck_assert_uint_eq(w.out.attr.mair, real.attr.mair);
		ck_assert_uint_eq(w.out.attr.sh, real.attr.sh);
		ck_assert_uint_eq(w.out.why, real.why);
		ck_assert_uint_eq(w.out.event, real.event);
		ck_assert_uint_eq(w.out.fault_stage, real.fault_stage);
		ck_assert_uint_eq(w.out.fault_class, real.fault_class);
		ck_assert_int_eq(w.out.fault_level, real.fault_level);
		ck_assert_uint_eq(w.out.fault_addr, real.fault_addr);
		ck_assert_mem_eq(&w.out.record, &real.record, sizeof(real.record));
		ck_assert_uint_eq(w.out.recorded, 0);
	}
	ask(&w, VA, 0);
	ck_assert_uint_eq(w.out.recorded, real.recorded);
	ck_assert_uint_eq(real.recorded, _i != TRANSLATED);
	close_world(&w);
}
END_TEST

/* Bytes and addresses, PA spaces, substreams and classes out of their domain */
static const struct smmu3_txn mistakes[] = {
	{ .addr = VA, .bytes = 0, .sid = SID },
	{ .addr = UINT64_MAX, .bytes = 2, .sid = SID },
	{ .addr = 1, .bytes = UINT64_MAX, .sid = SID, .txn_class = 200 },
	{ .addr = VA, .bytes = 4, .sid = SID, .sec_sid = SMMU3_PAS_SECURE },
	{ .addr = VA, .bytes = 4, .sid = SID, .sec_sid = SMMU3_PAS_REALM },
	{ .addr = VA, .bytes = 4, .sid = SID, .sec_sid = 200 },
	{ .addr = VA, .bytes = 4, .sid = SID, .ssid = 1 << 20, .flags = SMMU3_TXN_SSV },
	{ .addr = VA, .bytes = 4, .sid = SID, .txn_class = 255 },
};

START_TEST(what_no_device_can_ask_is_the_caller_s_error)
{
	struct world w = world(S1_ONLY);

	w.behind_host = true;
	open_world(&w);
	ck_assert_uint_eq(smmu3_translate(w.smmu, &mistakes[_i], &w.out), SMMU3_ERROR);
	ck_assert_uint_eq(w.out.verdict, SMMU3_ERROR);
	ck_assert_uint_eq(w.out.decider, SMMU3_BY_CALLER);
	ck_assert_uint_ne(w.out.why, 0);
	ck_assert_uint_eq(w.out.event, 0);
	ck_assert_uint_eq(w.out.recorded, 0);
	ck_assert_uint_eq(w.seen_count, 0);
	close_world(&w);
}
END_TEST

/* The last byte of the address space is one that may be asked for. */
START_TEST(an_access_may_reach_the_end_of_the_address_space)
{
	struct world w = world(S1_ONLY);

	w.txn.bytes = 2;
	expect_event(&w, UINT64_MAX - 1, 0, F_TRANSLATION, 1, NO_WALK);
	ck_assert_uint_eq(w.out.bytes, 2);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, an_answer_ends_with_its_page_and_the_caller_goes_on_with_the_rest);
	tcase_add_test(tests, each_page_of_a_crossing_access_faults_for_itself);
	tcase_add_loop_test(tests, an_answer_ends_with_the_smaller_of_both_leaves, 0, 2);
	tcase_add_loop_test(tests, a_probe_gives_the_same_answer_and_records_nothing, 0,
			    SITUATIONS);
	tcase_add_loop_test(tests, what_no_device_can_ask_is_the_caller_s_error, 0, 8);
	tcase_add_test(tests, an_access_may_reach_the_end_of_the_address_space);
}

int main(void)
{
	return run_suite("extent", add);
}
