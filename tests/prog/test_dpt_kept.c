/* SPDX-License-Identifier: MIT */
/*
 * What is kept of a Device Permission Table, and the commands that remove it.  Each test changes
 * the table under what is kept: what must go is gone, what need not go is still
 * there.  3.24.2, 3.24.5
 */
#include "keeping.h"
#include "permitted.h"
#include "run.h"

#include <check.h>

#define WRITE SMMU3_TXN_WRITE
#define GRANTED (GRANT_ANY | GRANT_W)
#define BOTH_PAGES (3 | GRANTED | UPPER(GRANTED))

static struct machine *dpt_keeping(void)
{
	struct machine *m = dpt_machine();

	keep_at_most(m, 64);
	start_dpt_machine(m);
	return m;
}

static bool passes(struct machine *m, uint64_t addr)
{
	return translated(m, addr, 0).verdict == SMMU3_OK;
}

/* DPT-09: both levels are kept, hence no more fetches; another page of the same Table costs one */
START_TEST(what_the_table_grants_is_kept)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	expect_passes(m, GB1, WRITE);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 2);
	expect_passes(m, GB1 + 0xffc, WRITE);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 2);
	expect_passes(m, GB1 + 0x1000, WRITE);
	ck_assert_uint_eq(count_for(m, SMMU3_REASON_DPT), 3);
	close_machine(m);
}
END_TEST

/* DPT-09: No Access and lookup faults are not kept; the permission to do it is seen at once.
 * 3.24.2 */
START_TEST(no_access_and_lookup_faults_are_not_kept)
{
	struct machine *m = dpt_keeping();

	put_level0(m, 4, 0);
	put_level0(m, 5, 2);
	put_level1(m, 1, 4);
	ck_assert(!passes(m, 4 * GB) && !passes(m, 5 * GB));
	ck_assert(!passes(m, GB1) && !passes(m, GB1 + 0x2000));
	put_level0(m, 4, 1 | GRANTED);
	put_level0(m, 5, 1 | GRANTED);
	put_level1(m, 0, BOTH_PAGES);
	put_level1(m, 1, BOTH_PAGES);
	ck_assert(passes(m, 4 * GB) && passes(m, 5 * GB));
	ck_assert(passes(m, GB1) && passes(m, GB1 + 0x2000));
	close_machine(m);
}
END_TEST

/* DPT-09: what is kept comes from the table, so that it may refuse, by VMID and by W.  Of a
 * Translation Request nothing is kept.  3.24.2.1 */
START_TEST(what_is_kept_refuses_as_the_table_did)
{
	struct machine *m = dpt_keeping();
	const struct smmu3_txn request = {
		.addr = GB1 + 0x2000, .bytes = 4, .sid = 1, .ats = SMMU3_ATS_REQUEST
	};
	struct smmu3_outcome outcome;

	put_level1(m, 0, 3 | GRANT_VMID(4) | UPPER(GRANT_VMID(3)));
	ck_assert(!passes(m, GB1) && passes(m, GB1 + 0x1000));
	put_level1(m, 0, BOTH_PAGES);
	expect_forbidden(m, GB1, 0, 0);
	expect_forbidden(m, GB1 + 0x1000, WRITE, 0);
	finish(m, dpti_all());
	expect_passes(m, GB1, WRITE);
	expect_passes(m, GB1 + 0x1000, WRITE);
	ck_assert_uint_eq(smmu3_translate(m->smmu, &request, &outcome), SMMU3_OK);
	expect_forbidden(m, GB1 + 0x2000, 0, 0);
	close_machine(m);
}
END_TEST

/* CMD-DPTI-ALL: every level of it */
START_TEST(dpti_all_removes_everything)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	put_level0(m, 2, 1 | GRANTED);
	ck_assert(passes(m, GB1) && passes(m, 2 * GB));
	put_level0(m, 1, 0);
	put_level0(m, 2, 0);
	ck_assert(passes(m, GB1) && passes(m, 2 * GB));
	finish(m, dpti_all());
	ck_assert(!passes(m, GB1) && !passes(m, 2 * GB));
	close_machine(m);
}
END_TEST

/* CMD-DPTI-2, CMDQ-017: TLBI and CFGI leave it be, so do those that CPUs broadcast; that a DPTI is
 * consumed is enough, before CMD_SYNC */
START_TEST(other_invalidations_leave_the_table_be)
{
	static const struct command others[] = {
		{ { 0x30, 0 } },
		{ { 0x28 | UINT64_C(3) << 32, 0 } },
		{ { 0x2a | UINT64_C(3) << 32, GB } },
		{ { 0x04, 31 } },
	};
	const struct smmu3_invalidation broadcast = { .kind = SMMU3_INVALIDATES_STAGES,
						      .any_asid = 1,
						      .any_vmid = 1 };
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	put_level1(m, 0, 0);
	for (int i = 0; i < COUNT(others); i++)
		finish(m, others[i]);
	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &broadcast), 0);
	ck_assert(passes(m, GB1));
	submit(m, dpti_all());
	ck_assert(!passes(m, GB1));
	close_machine(m);
}
END_TEST

/* DPT-09, CMD-DPTI-2: and a DPTI leaves STEs and translations be */
START_TEST(dpti_leaves_streams_and_translations_be)
{
	struct machine *m = dpt_keeping();
	const struct ste none = { { 0 } };

	ck_assert_uint_eq(reached(m, 1, GB1), GB1);
	put_descriptor(m, S2_TABLE_AT, 1, 0);
	put_ste(m, 1, none);
	finish(m, dpti_all());
	ck_assert_uint_eq(reached(m, 1, GB1), GB1);
	finish(m, NSNH_ALL);
	ck_assert_uint_eq(reached(m, 1, GB1), NOWHERE);
	close_machine(m);
}
END_TEST

/* CMD-DPTI-PA: a page by its address, and not its neighbours */
START_TEST(dpti_pa_removes_a_page)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 2, BOTH_PAGES);
	put_level1(m, 3, BOTH_PAGES);
	for (unsigned page = 4; page < 8; page++)
		ck_assert(passes(m, GB1 + 0x1000 * page));
	put_level1(m, 2, 0);
	put_level1(m, 3, 0);
	finish(m, dpti_pa(GB1 + 0x5000, 0, 1));
	ck_assert(passes(m, GB1 + 0x4000) && !passes(m, GB1 + 0x5000));
	ck_assert(passes(m, GB1 + 0x6000) && passes(m, GB1 + 0x7000));
	finish(m, dpti_pa(GB1 + 0x4000, 1, 1)); /* 16KB */
	for (unsigned page = 4; page < 8; page++)
		ck_assert(!passes(m, GB1 + 0x1000 * page));
	close_machine(m);
}
END_TEST

/* CMD-DPTI-PA: each SIZE, by a contiguous region or a block of it, which smaller ones leave be */
START_TEST(dpti_pa_removes_regions_up_to_its_size)
{
	/* SIZE, CFG.L0DPTSZ, Contig; 0: a block */
	static const struct {
		unsigned size, size_lg2, l0, contig;
	} rows[] = {
		{ 2, 16, 0, 1 }, { 3, 21, 0, 2 }, { 4, 25, 0, 3 }, { 5, 29, 0, 4 }, { 6, 30, 0, 5 },
		{ 6, 30, 0, 0 }, { 7, 34, 4, 0 }, { 8, 36, 6, 0 }, { 9, 39, 9, 0 },
	};
	struct machine *m = dpt_machine();
	const uint64_t size = UINT64_C(1) << rows[_i].size_lg2;
	const uint64_t at = rows[_i].size_lg2 <= 30 ? GB1 : size;
	const unsigned gb = 1; /* of level 0: the second descriptor */

	keep_at_most(m, 64);
	open_dpt_machine(m);
	set_reg(m, DPT_BASE_CFG, CFG_OF(2, 0, rows[_i].l0)); /* 40 bits */
	if (rows[_i].contig)
		put_level1(m, 0, 3 | GRANTED | CONTIGUOUS(rows[_i].contig));
	else
		put_level0(m, gb, 1 | GRANTED);
	update(m, CR0, ALL_CHECKED);
	ck_assert(passes(m, at));
	put_level1(m, 0, 0);
	put_level0(m, gb, LEVEL1_AT | 3);
	finish(m, dpti_pa(at, rows[_i].size - 1, 1));
	ck_assert(passes(m, at) && passes(m, at + size - 4));
	finish(m, dpti_pa(at + size, rows[_i].size, 1));
	ck_assert(passes(m, at));
	finish(m, dpti_pa(at, rows[_i].size, 1));
	ck_assert(!passes(m, at));
	close_machine(m);
}
END_TEST

/* CMD-DPTI-PA: with a reserved SIZE, or an address that is not aligned to it, nothing has to go,
 * and nothing does; low bits of the address, and those beyond OAS, do not count */
START_TEST(dpti_pa_wants_a_size_and_an_aligned_address)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	put_level1(m, 0, 0);
	for (unsigned size = 10; size < 16; size++)
		finish(m, dpti_pa(0, size, 0));
	finish(m, dpti_pa(GB1 + 0x1000, 1, 0));
	finish(m, dpti_pa(GB1 - 0x1000, 6, 0));
	ck_assert_uint_eq(count(m, INVALIDATES), 0);
	ck_assert(passes(m, GB1));
	finish(m, dpti_pa(GB1 | UINT64_C(0xf) << 52, 0, 1));
	ck_assert(!passes(m, GB1));
	close_machine(m);
}
END_TEST

/* CMD-DPTI-PA: without Leaf any address of its region removes a Table; with Leaf it stays */
START_TEST(dpti_pa_removes_tables_without_leaf)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	put_level0(m, 1, 1 | GRANT_VMID(7)); /* nobody's */
	finish(m, dpti_pa(GB1, 6, 1));
	ck_assert(passes(m, GB1));
	finish(m, dpti_pa(2 * GB, 6, 0));
	ck_assert(passes(m, GB1 + 0x1000));
	finish(m, dpti_pa(GB1 + 0x7000, 0, 0));
	ck_assert(passes(m, GB1)); /* pages are kept by themselves */
	ck_assert(!passes(m, GB1 + 0x2000));
	finish(m, dpti_pa(GB1, 6, 0));
	ck_assert(!passes(m, GB1) && !passes(m, GB1 + 0x1000));
	close_machine(m);
}
END_TEST

/* CMD-DPTI-PA, CMD-DPTI-ALL: what the host is told, at least so far as has to go */
START_TEST(the_host_is_told_what_is_invalidated)
{
	struct machine *m = dpt_keeping();

	submit(m, dpti_pa(GB1, 6, 1));
	const struct smmu3_invalidation *scope = &first(m, INVALIDATES)->scope;

	ck_assert_uint_eq(scope->kind, SMMU3_INVALIDATES_DPT);
	ck_assert_uint_eq(scope->sec_sid, SMMU3_PAS_NS);
	ck_assert_uint_eq(scope->addr, GB1);
	ck_assert_uint_eq(scope->bytes, GB);
	ck_assert_uint_eq(scope->leaf, 1);
	look_away(m);
	submit(m, dpti_all());
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.kind, SMMU3_INVALIDATES_DPT);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.bytes, 0);
	ck_assert_uint_eq(first(m, INVALIDATES)->scope.leaf, 0);
	close_machine(m);
}
END_TEST

/* CR-021, DPTI-004: with walks disabled what is kept of the last level answers still, a Table does
 * not lead on; once CMD_DPTI_ALL is complete nothing answers.  6.3.9 */
START_TEST(what_is_kept_outlives_walks)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	set_reg(m, DPT_BASE_CFG, UINT32_MAX);
	ck_assert(passes(m, GB1));
	expect_forbidden(m, GB1 + 0x1000, 0, (GB1 + 0x1000) | 0x01);
	finish(m, dpti_all());
	ck_assert(!passes(m, GB1));
	close_machine(m);
}
END_TEST

/* DPT-02: a Table that was kept for a region of another size leads nowhere */
START_TEST(a_table_of_another_size_does_not_lead_on)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	update(m, CR0, ALL_CHECKED & ~(unsigned)DPT_WALK_EN);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 4)); /* 16GB each: GB 1 is of the first */
	update(m, CR0, ALL_CHECKED);
	put_level0(m, 0, 1 | GRANT_ANY);
	ck_assert(passes(m, GB1 + 0x1000) && passes(m, GB1 + 0x2000));
	ck_assert_uint_eq(translated(m, GB1 + 0x2000, WRITE).verdict, SMMU3_ABORT);
	close_machine(m);
}
END_TEST

static void take_away_inside(struct machine *m, const struct happening *now)
{
	if (now->access.reason != SMMU3_REASON_DPT || now->access.pa != LEVEL1_AT)
		return;
	m->inside = NULL;
	put_level1(m, 0, 0);
	finish(m, dpti_all());
}

/* CMD-DPTI-ALL, CMD-SYNC-6: a lookup that has read it before the command may still pass, but keeps
 * nothing of it */
START_TEST(what_was_read_before_an_invalidation_is_not_kept)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	m->inside = take_away_inside;
	ck_assert(passes(m, GB1));
	ck_assert(m->inside == NULL);
	ck_assert(!passes(m, GB1));
	close_machine(m);
}
END_TEST

/* DPT-09: probes keep nothing; reset forgets everything */
START_TEST(probes_keep_nothing_and_reset_forgets)
{
	struct machine *m = dpt_keeping();

	put_level1(m, 0, BOTH_PAGES);
	ck_assert_uint_eq(translated(m, GB1, SMMU3_TXN_PROBE).verdict, SMMU3_OK);
	put_level1(m, 0, 0);
	ck_assert(!passes(m, GB1));
	put_level1(m, 0, BOTH_PAGES);
	ck_assert(passes(m, GB1));
	put_level1(m, 0, 0);
	smmu3_reset(m->smmu);
	m->prod = 0;
	open_queues(m);
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 0));
	update(m, CR0, ALL_CHECKED);
	ck_assert(!passes(m, GB1));
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_the_table_grants_is_kept);
	tcase_add_test(tests, no_access_and_lookup_faults_are_not_kept);
	tcase_add_test(tests, what_is_kept_refuses_as_the_table_did);
	tcase_add_test(tests, dpti_all_removes_everything);
	tcase_add_test(tests, other_invalidations_leave_the_table_be);
	tcase_add_test(tests, dpti_leaves_streams_and_translations_be);
	tcase_add_test(tests, dpti_pa_removes_a_page);
	tcase_add_loop_test(tests, dpti_pa_removes_regions_up_to_its_size, 0, 9);
	tcase_add_test(tests, dpti_pa_wants_a_size_and_an_aligned_address);
	tcase_add_test(tests, dpti_pa_removes_tables_without_leaf);
	tcase_add_test(tests, the_host_is_told_what_is_invalidated);
	tcase_add_test(tests, what_is_kept_outlives_walks);
	tcase_add_test(tests, a_table_of_another_size_does_not_lead_on);
	tcase_add_test(tests, what_was_read_before_an_invalidation_is_not_kept);
	tcase_add_test(tests, probes_keep_nothing_and_reset_forgets);
}

int main(void)
{
	return run("dpt_kept", add);
}
