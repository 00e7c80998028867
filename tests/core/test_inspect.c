/* SPDX-License-Identifier: MIT */
/* What is live can be listed, in order, and a listing ends whatever the tables say. */
#include "support/walk_granules.h"

#include <smmu/adversity.h>
#include <smmu/decode.h>
#include <smmu/inspect.h>

enum { PLENTY = 1 << 20, ROWS = 16 };

struct rows {
	unsigned count, stop_after;
	struct smmu3_stream_entry stream[ROWS];
	struct smmu3_context_entry context[ROWS];
	struct smmu3_mapping mapping[ROWS];
	struct smmu3_step step[ROWS];
};

static int next(struct rows *rows)
{
	ck_assert_uint_lt(rows->count, ROWS);
	return ++rows->count == rows->stop_after ? 42 : 0;
}

static int on_stream(void *context, const struct smmu3_stream_entry *entry)
{
	struct rows *rows = context;

	rows->stream[rows->count] = *entry;
	return next(rows);
}

static int on_context(void *context, const struct smmu3_context_entry *entry)
{
	struct rows *rows = context;

	rows->context[rows->count] = *entry;
	return next(rows);
}

static int on_mapping(void *context, const struct smmu3_mapping *mapping)
{
	struct rows *rows = context;

	rows->mapping[rows->count] = *mapping;
	return next(rows);
}

static void on_step(void *context, const struct smmu3_step *step)
{
	struct rows *rows = context;

	rows->step[rows->count] = *step;
	(void)next(rows);
}

static int count_mapping(void *context, const struct smmu3_mapping *mapping)
{
	unsigned *count = context;

	(void)mapping;
	++*count;
	return 0;
}

START_TEST(the_streams_whose_ste_is_valid_are_listed_in_order)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };

	put(&w, RAM_BASE + 64 * 2, 0xd); /* V, Config 0b110: S2T0SZ 0 is ILLEGAL */
	put(&w, RAM_BASE + 64 * 63, 1);  /* V, abort */
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_NS, PLENTY, on_stream, &rows), 0);
	ck_assert_uint_eq(rows.count, 3);
	ck_assert_uint_eq(rows.stream[0].sid, 2);
	ck_assert_uint_ne(rows.stream[0].why, 0);
	ck_assert_uint_eq(rows.stream[1].sid, SID);
	ck_assert_uint_eq(rows.stream[1].pa, STE_AT);
	ck_assert_mem_eq(rows.stream[1].word, w.ste, sizeof(w.ste));
	ck_assert_uint_eq(rows.stream[1].why, 0);
	ck_assert_uint_eq(rows.stream[2].sid, 63);
	close_world(&w);
}
END_TEST

START_TEST(a_two_level_table_is_listed_past_its_gaps)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };
	struct smmu3_stream_table table;
	const uint64_t level1 = RAM_BASE + 0x3000, leaf = RAM_BASE + 0x4000;

	put(&w, level1 + 8 * 0, RAM_BASE | 7); /* Span 7: 64 STEs, those of the linear table */
	put(&w, level1 + 8 * 2, leaf | 2);     /* Span 2: StreamIDs 128 and 129 */
	put(&w, leaf, 1);
	put(&w, leaf + 64 * 2, 1); /* beyond the span */
	open_world(&w);
	mmio(&w, 0x20, 4, 0);
	mmio(&w, 0x80, 8, level1);
	mmio(&w, 0x88, 4, 1 << 16 | 6 << 6 | 8); /* two levels, SPLIT 6, 256 StreamIDs */
	mmio(&w, 0x20, 4, 1);
	ck_assert_int_eq(smmu3_inspect_stream_table(w.smmu, SMMU3_PAS_NS, &table), 0);
	ck_assert_uint_eq(table.base, level1);
	ck_assert_uint_eq(table.two_level, 1);
	ck_assert_uint_eq(table.log2size, 8);
	ck_assert_uint_eq(table.split, 6);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_NS, PLENTY, on_stream, &rows), 0);
	ck_assert_uint_eq(rows.count, 2);
	ck_assert_uint_eq(rows.stream[0].sid, SID);
	ck_assert_uint_eq(rows.stream[1].sid, 128);
	close_world(&w);
}
END_TEST

START_TEST(a_callback_may_stop_a_listing_and_a_budget_does)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { .stop_after = 1 };

	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_NS, PLENTY, on_stream, &rows), 42);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_NS, 5, on_stream, &rows),
			 -SMMU3_E_LIMIT);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_SECURE, 5, on_stream, &rows),
			 -SMMU3_E_UNSUPPORTED);
	mmio(&w, 0x20, 4, 0);
	ck_assert_int_eq(smmu3_inspect_streams(w.smmu, SMMU3_PAS_NS, 5, on_stream, &rows),
			 -SMMU3_E_NOT_FOUND);
	close_world(&w);
}
END_TEST

START_TEST(the_contexts_of_a_stream_are_listed)
{
	struct world w = world(NESTED);
	struct rows rows = { 0 };

	w.ste[0] = BIT(0) | NESTED << 1 | CD_PAGE |
		   UINT64_C(2) << 59;       /* linear, four CDs; CD_AT is the second */
	put(&w, CD_PAGE + 64 * 3, BIT(31)); /* V, AA64 = 0: ILLEGAL here */
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_contexts(w.smmu, SMMU3_PAS_NS, SID, PLENTY, on_context,
						&rows),
			 0);
	ck_assert_uint_eq(rows.count, 2);
	ck_assert_uint_eq(rows.context[0].ssid, 1);
	ck_assert_uint_eq(rows.context[0].has_ipa, 1);
	ck_assert_uint_eq(rows.context[0].ipa, CD_AT);
	ck_assert_uint_eq(rows.context[0].pa, CD_AT);
	ck_assert_uint_eq(rows.context[0].why, 0);
	ck_assert_uint_eq(rows.context[1].ssid, 3);
	ck_assert_uint_ne(rows.context[1].why, 0);
	close_world(&w);
}
END_TEST

START_TEST(an_absent_leaf_of_contexts_costs_one_look)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };
	const uint64_t level1 = RAM_BASE + 0x20000, leaf = RAM_BASE + 0x30000;

	w.ste[0] = BIT(0) | S1_ONLY << 1 | 1 << 4 | level1 |
		   UINT64_C(20) << 59; /* 2^14 leaves of 64 */
	put(&w, level1 + 8 * 16383, leaf | 1);
	memcpy(word_at(&w, leaf + 64 * 63), w.cd, sizeof(w.cd));
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_contexts(w.smmu, SMMU3_PAS_NS, SID, 16383 + 64, on_context,
						&rows),
			 0);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_uint_eq(rows.context[0].ssid, 0xfffff);
	close_world(&w);
}
END_TEST

START_TEST(every_leaf_of_a_stage_is_listed_with_what_it_grants)
{
	struct world w = world(NESTED);
	struct rows rows = { 0 };

	put(&w, S1_TABLE(2) + 8 * 9,
	    (UINT64_C(0x40000000) | S1_BLOCK) ^ AF ^ S2AP(2)); /* 2 MB, AF 0, AP[2] 1 */
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, PLENTY, on_mapping,
						&rows),
			 0);
	ck_assert_uint_eq(rows.count, 2);
	ck_assert_uint_eq(rows.mapping[0].input, VA - OFFSET);
	ck_assert_uint_eq(rows.mapping[0].output, IPA_PAGE);
	ck_assert_uint_eq(rows.mapping[0].size, 0x1000);
	ck_assert_uint_eq(rows.mapping[0].descriptor_pa, slot1(3));
	ck_assert_uint_eq(rows.mapping[0].perm, SMMU3_PERM_UR | SMMU3_PERM_UW | SMMU3_PERM_UX |
							SMMU3_PERM_PR | SMMU3_PERM_PW);
	ck_assert_uint_eq(rows.mapping[0].attr.mair, 0xff);
	ck_assert_uint_eq(rows.mapping[0].attr.sh, SMMU3_ISH);
	ck_assert_uint_eq(rows.mapping[0].global, 0);
	/* Level 0 index 2, level 1 index 3, level 2 index 9 */
	ck_assert_uint_eq(rows.mapping[1].input,
			  (UINT64_C(2) << 39) + (UINT64_C(3) << 30) + (UINT64_C(9) << 21));
	ck_assert_uint_eq(rows.mapping[1].size, 0x200000);
	ck_assert_uint_eq(rows.mapping[1].accessed, 0);
	ck_assert_uint_eq(rows.mapping[1].perm & (SMMU3_PERM_UW | SMMU3_PERM_PW), 0);
	rows.count = 0;
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 2, PLENTY, on_mapping,
						&rows),
			 0);
	ck_assert_uint_eq(rows.count, 4); /* entries 0 and 2 of level 0 share one table of level 1,
					     with two leaves below */
	ck_assert_uint_eq(rows.mapping[0].input, RAM_BASE);
	ck_assert_uint_eq(rows.mapping[0].size, 0x40000000);
	ck_assert_uint_eq(rows.mapping[2].input, (UINT64_C(2) << 39) + RAM_BASE);
	ck_assert_uint_eq(rows.mapping[3].input, IPA_PAGE);
	ck_assert_uint_eq(rows.mapping[3].output, PA_PAGE);
	ck_assert_uint_eq(rows.mapping[3].stage, 2);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 1, 1, PLENTY, on_mapping,
						&rows),
			 -SMMU3_E_NOT_FOUND);
	close_world(&w);
}
END_TEST

/* SW-05, TLB-04: in EL2 there is TTB0 alone, whatever stands in TTB1 and its EPD; nG and users say
 * nothing there */
START_TEST(mappings_of_el2_are_those_of_one_table)
{
	for (unsigned e2h = 0; e2h < 2; e2h++) {
		struct world w = world(S1_ONLY);
		struct rows rows = { 0 };

		w.config.idr[0] |= 1u << 9; /* Hyp */
		w.e2h = e2h;
		w.ste[1] |= UINT64_C(2) << 30;                     /* STRW */
		w.cd[0] &= ~BIT(30);                               /* EPD1 */
		w.cd[0] |= UINT64_C(16) << 16 | UINT64_C(2) << 22; /* T1SZ, TG1 */
		w.cd[2] = w.cd[1];
		put(&w, slot1(3), PA_PAGE | (PAGE_BITS & ~BIT(11)));
		open_world(&w);
		ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, PLENTY,
							on_mapping, &rows),
				 0);
		ck_assert_uint_eq(rows.count, e2h ? 2 : 1);
		ck_assert_uint_eq(rows.mapping[0].input, VA - OFFSET);
		ck_assert_uint_eq(rows.mapping[0].global, e2h);
		ck_assert_uint_eq(rows.mapping[0].perm & SMMU3_PERM_UW, e2h ? 0 : SMMU3_PERM_UW);
		close_world(&w);
	}
}
END_TEST

/* A block of 4TB, and outputs of 32 bits: what lies beyond them faults. */
START_TEST(a_block_is_listed_as_far_as_outputs_go)
{
	const struct granule *g = &granules[2];
	const unsigned stage = 1 + (unsigned)_i;
	struct world w = granule_world(g, stage, 0);
	struct rows rows = { 0 };

	put(&w, slot_of(g, stage, 1), leaf_of(stage, 1));
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, stage, PLENTY,
						on_mapping, &rows),
			 0);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_uint_eq(rows.mapping[0].input, UINT64_C(2) << 42);
	ck_assert_uint_eq(rows.mapping[0].output, 0);
	ck_assert_uint_eq(rows.mapping[0].size, BIT(32));
	close_world(&w);
}
END_TEST

START_TEST(the_upper_half_is_listed_with_its_sign)
{
	struct world w = world(S1_ONLY);
	struct rows rows = { 0 };

	w.cd[0] = (w.cd[0] & ~(BIT(30) | UINT64_C(0x3fff) << 16)) | BIT(14) | 16 << 16 |
		  2 << 22; /* EPD0; T1SZ 16, TG1 4KB */
	w.cd[2] = S1_TABLE(0);
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, PLENTY, on_mapping,
						&rows),
			 0);
	ck_assert_uint_eq(rows.count, 1);
	ck_assert_uint_eq(rows.mapping[0].input, UINT64_C(0xffff000000000000) | (VA - OFFSET));
	expect_pa(&w, UINT64_C(0xffff000000000000) | VA, 0, PA_PAGE | OFFSET);
	close_world(&w);
}
END_TEST

START_TEST(tables_that_point_at_themselves_end_with_the_budget)
{
	struct world w = world(S1_ONLY);
	unsigned count = 0;

	for (unsigned i = 0; i < 512; i++)
		put(&w, S1_TABLE(0) + 8 * i, S1_TABLE(0) | TABLE);
	open_world(&w);
	ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, 1, 100000,
						count_mapping, &count),
			 -SMMU3_E_LIMIT);
	ck_assert_uint_gt(count, 1000);
	close_world(&w);
}
END_TEST

START_TEST(each_structure_of_an_access_is_told_in_the_order_fetched)
{
	struct world w = world(NESTED);
	struct rows rows = { 0 };
	struct smmu3_txn txn = w.txn;
	struct smmu3_outcome outcome;
	/* STE; stage 2 of the CD (block at level 1), CD; stage 1 level 0 behind its own stage 2
	 * walk */
	static const struct {
		uint8_t reason, fault_class;
		int8_t level;
	} expected[] = {
		{ SMMU3_REASON_STE, 0, NO_WALK },
		{ SMMU3_REASON_S2_TTD, SMMU3_CLASS_CD, 0 },
		{ SMMU3_REASON_S2_TTD, SMMU3_CLASS_CD, 1 },
		{ SMMU3_REASON_CD, 0, NO_WALK },
		{ SMMU3_REASON_S2_TTD, SMMU3_CLASS_TT, 0 },
		{ SMMU3_REASON_S2_TTD, SMMU3_CLASS_TT, 1 },
		{ SMMU3_REASON_S1_TTD, SMMU3_CLASS_IN, 0 },
	};

	txn.addr = VA;
	put(&w, slot1(0), 0); /* ends there */
	open_world(&w);
	ck_assert_uint_eq(smmu3_explain(w.smmu, &txn, &outcome, on_step, &rows), SMMU3_ABORT);
	ck_assert_uint_eq(outcome.event, F_TRANSLATION);
	ck_assert_uint_eq(outcome.recorded, 0);
	ck_assert_uint_eq(rows.count, 7);
	for (unsigned i = 0; i < 7; i++) {
		ck_assert_uint_eq(rows.step[i].reason, expected[i].reason);
		ck_assert_int_eq(rows.step[i].level, expected[i].level);
		if (rows.step[i].reason == SMMU3_REASON_S2_TTD)
			ck_assert_uint_eq(rows.step[i].fault_class, expected[i].fault_class);
	}
	ck_assert_uint_eq(rows.step[0].pa, STE_AT);
	ck_assert_uint_eq(rows.step[0].words, 8);
	ck_assert_mem_eq(rows.step[0].word, w.ste, sizeof(w.ste));
	ck_assert_uint_eq(rows.step[0].input, SID);
	ck_assert_uint_eq(rows.step[2].word[0], RAM_BASE | S2_BLOCK);
	ck_assert_uint_eq(rows.step[2].input, CD_AT);
	ck_assert_uint_eq(rows.step[3].ipa, CD_AT);
	ck_assert_uint_eq(rows.step[6].has_ipa, 1);
	ck_assert_uint_eq(rows.step[6].ipa, slot1(0));
	ck_assert_uint_eq(rows.step[6].input, VA);
	ck_assert_uint_eq(rows.step[6].granule_lg2, 12);
	close_world(&w);
}
END_TEST

/* How stream SID, or its context, is told to be: by the field that is to blame, or "". */
static const char *judged(struct world *w, bool context)
{
	struct rows rows = { .stop_after = context ? 1 : 2 }; /* it has a neighbour before it */

	if (context)
		(void)smmu3_inspect_contexts(w->smmu, SMMU3_PAS_NS, SID, 1, on_context, &rows);
	else
		(void)smmu3_inspect_streams(w->smmu, SMMU3_PAS_NS, PLENTY, on_stream, &rows);
	ck_assert_uint_eq(rows.count, rows.stop_after);
	ck_assert_mem_eq(context ? rows.context[0].word : rows.stream[1].word,
			 context ? w->cd : w->ste, sizeof(w->cd)); /* as it stands */
	const unsigned why = context ? rows.context[0].why : rows.stream[1].why;

	return why ? smmu3_why(why)->field : "";
}

/* STE-68, CD-39, STE-20: what is taken for another structure is told to be what that is */
START_TEST(what_is_taken_otherwise_is_judged_so)
{
	static const struct {
		unsigned config, at;
		uint64_t bits, value;
		const char *word, *before, *after;
	} rows[] = {
		{ S2_ONLY, 2, UINT64_C(0x3f) << 32, UINT64_C(15) << 32, "s2t0sz-range=nearest",
		  "STE.S2T0SZ", "" },
		{ S2_ONLY, 1, 0, UINT64_C(1) << 13, "ste-cont-mismatch=recorded", "", "STE.CONT" },
		{ S1_ONLY, 0, 0x3f, 15, "cd-tsz-range=nearest", "CD.T0SZ", "" },
	};
	const bool context = rows[_i].config == S1_ONLY;
	struct world w = world(rows[_i].config);
	uint64_t *const word = context ? &w.cd[0] : &w.ste[rows[_i].at];

	make_version_30(&w);
	*word = (*word & ~rows[_i].bits) | rows[_i].value;
	open_world(&w);
	put(&w, RAM_BASE + 64 * (SID - 1), 1); /* V, abort */
	ck_assert_str_eq(judged(&w, context), rows[_i].before);
	ck_assert_int_eq(smmu3_adversity_ask(w.smmu, rows[_i].word, NULL), 0);
	ck_assert_str_eq(judged(&w, context), rows[_i].after);
	close_world(&w);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, the_streams_whose_ste_is_valid_are_listed_in_order);
	tcase_add_test(tests, a_two_level_table_is_listed_past_its_gaps);
	tcase_add_test(tests, a_callback_may_stop_a_listing_and_a_budget_does);
	tcase_add_test(tests, the_contexts_of_a_stream_are_listed);
	tcase_add_test(tests, an_absent_leaf_of_contexts_costs_one_look);
	tcase_add_test(tests, every_leaf_of_a_stage_is_listed_with_what_it_grants);
	tcase_add_test(tests, mappings_of_el2_are_those_of_one_table);
	tcase_add_loop_test(tests, a_block_is_listed_as_far_as_outputs_go, 0, 2);
	tcase_add_test(tests, the_upper_half_is_listed_with_its_sign);
	tcase_add_test(tests, tables_that_point_at_themselves_end_with_the_budget);
	tcase_add_test(tests, each_structure_of_an_access_is_told_in_the_order_fetched);
	tcase_add_loop_test(tests, what_is_taken_otherwise_is_judged_so, 0, 3);
}

int main(void)
{
	return run_suite("inspect", add);
}
