/* SPDX-License-Identifier: MIT */
/* All that a stream reaches is told, as translating finds it, and a telling ends whatever the
 * tables say. */
#include "support/walk_granules.h"

#include <smmu/inspect.h>

enum { PLENTY = 1 << 20, ROWS = 64, KINDS = 6 };
enum { ALL = 0x3f };

struct rows {
	unsigned count, places, stop_after;
	struct smmu3_reach reach[ROWS];
	struct smmu3_place place[ROWS];
};

static int on_reach(void *context, const struct smmu3_reach *reach)
{
	struct rows *rows = context;

	ck_assert_uint_lt(rows->count, ROWS);
	rows->reach[rows->count] = *reach;
	return ++rows->count == rows->stop_after ? 42 : 0;
}

static int on_place(void *context, const struct smmu3_place *place)
{
	struct rows *rows = context;

	ck_assert_uint_lt(rows->places, ROWS);
	rows->place[rows->places++] = *place;
	return 0;
}

static int survey(struct world *w, struct rows *rows)
{
	uint64_t budget = PLENTY;

	return smmu3_inspect_reach(w->smmu, &w->txn, &budget, on_reach, on_place, rows);
}

/* Through both stages: index 9 of level 2 is a block of 2MB whose IPAs stage 2 maps in two pages,
 * one of them read-only. */
static struct world nested_block(void)
{
	struct world w = world(NESTED);

	put(&w, S1_TABLE(2) + 8 * 9, (IPA_PAGE & ~UINT64_C(0x1fffff)) | S1_BLOCK);
	put(&w, slot2(3) + 8, 0x5000 | (S2_PAGE ^ S2AP(2)));
	return w;
}

static void expect_reach(const struct smmu3_reach *reach, uint64_t input, uint64_t pa,
			 uint64_t size)
{
	ck_assert_uint_eq(reach->input, input);
	ck_assert_uint_eq(reach->pa, pa);
	ck_assert_uint_eq(reach->size, size);
	ck_assert_uint_eq(reach->pas, SMMU3_PAS_NS);
}

/* NEST-13, inspect.h: what both stages grant, piece by piece. */
START_TEST(a_block_behind_stage_2_is_told_piece_by_piece)
{
	struct world w = nested_block();
	struct rows rows = { 0 };
	const uint64_t block = (UINT64_C(2) << 39) + (UINT64_C(3) << 30) + (UINT64_C(9) << 21);
	const unsigned both = SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX | SMMU3_PERM_PR |
			      SMMU3_PERM_PW; /* what unprivileged accesses may write, privileged
						ones may not execute */

	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 3);
	expect_reach(&rows.reach[0], VA - OFFSET, PA_PAGE, 0x1000);
	expect_reach(&rows.reach[1], block + 0x7000, PA_PAGE, 0x1000);
	expect_reach(&rows.reach[2], block + 0x8000, 0x5000, 0x1000);
	ck_assert_uint_eq(rows.reach[0].perm, both);
	ck_assert_uint_eq(rows.reach[2].perm, both & ~(unsigned)(SMMU3_PERM_UW | SMMU3_PERM_PW));
	ck_assert_uint_eq(rows.reach[0].stages, 3);
	ck_assert_uint_eq(rows.reach[0].attr.mair, 0xff);
	ck_assert_uint_eq(rows.reach[0].attr.sh, SMMU3_ISH);
	close_world(&w);
}
END_TEST

/* D8.4.8: an access by it faults, unless AFFD says otherwise. */
START_TEST(a_leaf_without_its_access_flag_is_reached_by_nobody)
{
	for (unsigned affd = 0; affd < 2; affd++)
		for (unsigned stage = 1; stage <= 2; stage++) {
			struct world w = world(stage == 1 ? S1_ONLY : S2_ONLY);
			struct rows rows = { 0 };

			put(&w, stage == 1 ? slot1(3) : slot2(3),
			    PA_PAGE | ((stage == 1 ? S1_PAGE : S2_PAGE) ^ AF));
			w.cd[0] |= affd ? BIT(35) : 0;
			w.ste[2] |= affd ? BIT(53) : 0;
			open_world(&w);
			ck_assert_int_eq(survey(&w, &rows), 0);
			/* Stage 2 has two ways to all it maps, and RAM besides. */
			ck_assert_uint_eq(rows.count, stage * affd + (stage == 2 ? 2 : 0));
			close_world(&w);
		}
}
END_TEST

/* HTTU-01, HTTU-05, HTTU-06, inspect.h: what hardware would update lets accesses through; with HA
 * alone a clean page lets none write.  HD 42, HA 43; S2HD 55, S2HA 56 */
START_TEST(what_hardware_would_update_is_reached)
{
	const unsigned stage = (unsigned)_i % 2 + 1;
	const bool dirty = _i / 2, first = stage == 1;
	const unsigned writes = SMMU3_PERM_UW | SMMU3_PERM_PW;
	struct world w = world(first ? S1_ONLY : S2_ONLY);
	struct rows rows = { 0 };

	set_id(&w, 0, 6, 2, 2);
	w.cd[0] |= BIT(43) | (dirty ? BIT(42) : 0);
	w.ste[2] |= BIT(56) | (dirty ? BIT(55) : 0);
	put(&w, first ? slot1(3) : slot2(3),
	    PA_PAGE | BIT(51) | (first ? (S1_PAGE | BIT(7)) ^ AF : (S2_PAGE ^ BIT(7)) ^ AF));
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, first ? 1 : 4);
	ck_assert_uint_eq(rows.reach[rows.count - 1].pa, PA_PAGE);
	ck_assert_uint_eq(rows.reach[rows.count - 1].perm & writes, dirty ? writes : 0);
	close_world(&w);
}
END_TEST

/* HTTU-05, HTTU-06: the same behind both stages */
START_TEST(what_both_stages_would_update_is_reached)
{
	const unsigned writes = SMMU3_PERM_UW | SMMU3_PERM_PW;
	struct world w = world(NESTED);
	struct rows rows = { 0 };

	set_id(&w, 0, 6, 2, 2);
	w.cd[0] |= BIT(43) | BIT(42);
	w.ste[2] |= BIT(56) | BIT(55);
	put(&w, slot1(3), (IPA_PAGE | S1_PAGE | BIT(7) | BIT(51)) ^ AF);
	put(&w, slot2(3), (PA_PAGE | BIT(51) | (S2_PAGE ^ BIT(7))) ^ AF);
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_uint_eq(rows.reach[0].perm & writes, writes);
	ck_assert_uint_eq(w.written, 0);
	close_world(&w);
}
END_TEST

/* inspect.h: what a client may do; its accesses are judged as PRIVCFG makes them. */
START_TEST(permissions_are_those_of_the_client)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };

	put(&w, slot1(3), PA_PAGE | PAGE_BITS | UXN); /* AP = 0: privileged alone */
	w.ste[1] |= UINT64_C(2) << 48;                /* PRIVCFG: unprivileged */
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 0);
	w.ste[1] |= UINT64_C(3) << 48; /* privileged */
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_uint_eq(rows.reach[0].perm, ALL);
	close_world(&w);
}
END_TEST

START_TEST(what_nothing_translates_is_told_as_far_as_outputs_go)
{
	struct world w = world(BYPASS);
	struct rows rows = { 0 };

	w.txn.flags = SMMU3_TXN_ATTR;
	w.txn.attr = (struct smmu3_attr){ 0x44, SMMU3_OSH };
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 1);
	expect_reach(&rows.reach[0], 0, 0, BIT(52));
	ck_assert_uint_eq(rows.reach[0].perm, ALL);
	ck_assert_uint_eq(rows.reach[0].attr.mair, 0x44);
	ck_assert_uint_eq(rows.reach[0].stages, 0);
	close_world(&w);
}
END_TEST

/* inspect.h */
START_TEST(a_disabled_smmu_lets_through_what_gbpa_says)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };

	open_world(&w);
	mmio(&w, 0x20, 4, 0);                 /* SMMUEN */
	mmio(&w, 0x44, 4, BIT(31) | BIT(20)); /* GBPA: Update, ABORT */
	ck_assert_int_eq(survey(&w, &rows), -SMMU3_E_NOT_FOUND);
	mmio(&w, 0x44, 4,
	     BIT(31) | 1 << 12 | BIT(4) | 5); /* incoming; MTCFG, MemAttr: Non-cacheable */
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 1);
	expect_reach(&rows.reach[0], 0, 0, BIT(52));
	ck_assert_uint_eq(rows.reach[0].attr.mair, 0x44);
	close_world(&w);
}
END_TEST

START_TEST(a_stream_that_ends_everything_reaches_nothing)
{
	struct world w = world(ABORT_ALL);
	struct rows rows = { 0 };

	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), -SMMU3_E_NOT_FOUND);
	w.ste[0] = BIT(0) | S1_ONLY << 1 | CD_AT;
	w.cd[0] &= ~BIT(31); /* V */
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), -SMMU3_E_NOT_FOUND);
	w.txn.flags = SMMU3_TXN_SSV; /* of a stream that has no substreams */
	ck_assert_int_eq(survey(&w, &rows), -SMMU3_E_NOT_FOUND);
	w.txn.sec_sid = SMMU3_PAS_SECURE;
	ck_assert_int_eq(survey(&w, &rows), -SMMU3_E_UNSUPPORTED);
	ck_assert_uint_eq(rows.count, 0);
	close_world(&w);
}
END_TEST

static unsigned flags_of(unsigned kind)
{
	static const unsigned flags[] = { 0, SMMU3_TXN_WRITE, SMMU3_TXN_INSTRUCTION };

	return flags[kind % 3] | (kind >= 3 ? SMMU3_TXN_PRIVILEGED : 0u);
}

/* Every kind of access to the first and the last byte. */
static void expect_as_told(struct world *w, const struct smmu3_reach *reach)
{
	for (unsigned kind = 0; kind < KINDS; kind++)
		for (unsigned end = 0; end < 2; end++) {
			const uint64_t at = end ? reach->size - 8 : 0;
			const bool ok = ask(w, reach->input + at, flags_of(kind)) == SMMU3_OK;

			ck_assert_uint_eq(ok, reach->perm >> kind & 1);
			if (!ok)
				continue;
			ck_assert_uint_eq(w->out.pa, reach->pa + at);
			ck_assert_uint_eq(w->out.attr.mair, reach->attr.mair);
			ck_assert_uint_eq(w->out.attr.sh, reach->attr.sh);
		}
}

START_TEST(what_is_told_is_what_translating_finds)
{
	struct world w = nested_block();
	struct rows rows = { 0 };

	put(&w, S1_TABLE(3) + 8 * 6,
	    IPA_PAGE | (S1_PAGE ^ AP(3)) | UINT64_C(1) << 2);                  /* AttrIndx 1 */
	put(&w, S1_TABLE(3) + 8 * 7, IPA_PAGE | PAGE_BITS | UINT64_C(3) << 2); /* Device */
	put(&w, S1_TABLE(2) + 8 * 10, RAM_BASE | S1_BLOCK);
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 6);
	for (unsigned i = 0; i < rows.count; i++)
		expect_as_told(&w, &rows.reach[i]);
	ck_assert_uint_eq(ask(&w, rows.reach[5].input + rows.reach[5].size, 0), SMMU3_ABORT);
	close_world(&w);
}
END_TEST

/* inspect.h: a page and a block side by side, of each granule and stage. */
START_TEST(leaves_of_every_granule_are_told)
{
	const struct granule *g = granule_of(_i);
	const unsigned stage = stage_of(_i);
	struct world w = granule_world(g, stage, 5);
	struct rows rows = { 0 };
	const uint64_t page = g->input & ~(g->size[3] - 1);
	const uint64_t block = page - g->size[3] * (g->slot[3] / 8) + g->size[2];

	put(&w, slot_of(g, stage, 3), leaf_of(stage, 3) | UINT64_C(0x90000000));
	put(&w, table_of(stage, 3) + g->size[3] - 8, leaf_of(stage, 3)); /* the last of its table */
	put(&w, slot_of(g, stage, 2) + 8, leaf_of(stage, 2) | UINT64_C(0xa0000000));
	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	ck_assert_uint_eq(rows.count, 3);
	expect_reach(&rows.reach[0], page, UINT64_C(0x90000000), g->size[3]);
	expect_reach(&rows.reach[1], block - g->size[3], 0, g->size[3]);
	expect_reach(&rows.reach[2], block, UINT64_C(0xa0000000), g->size[2]);
	for (unsigned i = 0; i < rows.count; i++)
		expect_as_told(&w, &rows.reach[i]);
	close_world(&w);
}
END_TEST

/* inspect.h */
START_TEST(every_page_of_tables_is_told)
{
	struct world w = world(NESTED);
	struct rows rows = { 0 };

	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 0);
	/* Four of stage 1, then stage 2: two entries of level 0 have one table of level 1 */
	ck_assert_uint_eq(rows.places, 4 + 1 + 3 + 3);
	for (unsigned level = 0; level < 4; level++) {
		ck_assert_uint_eq(rows.place[level].pa, S1_TABLE(level));
		ck_assert_uint_eq(rows.place[level].bytes, 0x1000);
		ck_assert_uint_eq(rows.place[level].reason, SMMU3_REASON_S1_TTD);
	}
	ck_assert_uint_eq(rows.place[4].pa, S2_TABLE(0));
	ck_assert_uint_eq(rows.place[4].reason, SMMU3_REASON_S2_TTD);
	close_world(&w);
}
END_TEST

/* inspect.h */
START_TEST(a_telling_ends_when_it_is_told_to_or_the_budget_has_gone)
{
	struct world w = nested_block();
	struct rows rows = { .stop_after = 2 };
	uint64_t budget;

	open_world(&w);
	ck_assert_int_eq(survey(&w, &rows), 42);
	rows = (struct rows){ 0 };
	budget = 100;
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &w.txn, &budget, on_reach, NULL, &rows),
			 -SMMU3_E_LIMIT);
	ck_assert_uint_eq(budget, 0);
	ck_assert_uint_eq(rows.places, 0);
	/* Four tables of stage 1, and 512 pieces of the block: one answer of stage 2 for each page,
	 * and one for the page of VA */
	rows = (struct rows){ 0 };
	budget = 4 * 512 + 512 + 1 + 7;
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &w.txn, &budget, on_reach, NULL, &rows), 0);
	ck_assert_uint_eq(budget, 7);
	rows = (struct rows){ 0 };
	budget = 4 * 512 + 512;
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &w.txn, &budget, on_reach, NULL, &rows),
			 -SMMU3_E_LIMIT);
	close_world(&w);
}
END_TEST

/* inspect.h: stage 2 that maps nothing of a block of stage 1 is asked once, not for each page. */
START_TEST(a_hole_of_stage_2_costs_one_look)
{
	struct world w = world(NESTED);
	struct rows rows = { 0 };
	uint64_t budget = 4 * 512 + 2;

	put(&w, S1_TABLE(1) + 8 * 4, UINT64_C(0x7fc0000000) | S1_BLOCK); /* 1GB */
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &w.txn, &budget, on_reach, NULL, &rows), 0);
	ck_assert_uint_eq(budget, 0);
	ck_assert_uint_eq(rows.count, 1);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, a_block_behind_stage_2_is_told_piece_by_piece);
	tcase_add_test(tests, a_leaf_without_its_access_flag_is_reached_by_nobody);
	tcase_add_loop_test(tests, what_hardware_would_update_is_reached, 0, 4);
	tcase_add_test(tests, what_both_stages_would_update_is_reached);
	tcase_add_test(tests, permissions_are_those_of_the_client);
	tcase_add_test(tests, what_nothing_translates_is_told_as_far_as_outputs_go);
	tcase_add_test(tests, a_disabled_smmu_lets_through_what_gbpa_says);
	tcase_add_test(tests, a_stream_that_ends_everything_reaches_nothing);
	tcase_add_test(tests, what_is_told_is_what_translating_finds);
	tcase_add_loop_test(tests, leaves_of_every_granule_are_told, 0, CASES);
	tcase_add_test(tests, every_page_of_tables_is_told);
	tcase_add_test(tests, a_telling_ends_when_it_is_told_to_or_the_budget_has_gone);
	tcase_add_test(tests, a_hole_of_stage_2_costs_one_look);
}

int main(void)
{
	return run_suite("inspect_reach", add);
}
