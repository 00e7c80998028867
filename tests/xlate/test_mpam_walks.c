/* SPDX-License-Identifier: MIT */
/* Labels of MPAM on what walks do besides reading descriptors of 8 bytes: hardware updates, at
 * stage 1 behind stage 2 too, descriptors of VMSAv9-128, and the walks that list tables.  17.4 */
#include "d128_world.h"

#include <smmu/inspect.h>

#define VMS_AT (RAM_BASE + 0x2000)

enum { OF_STREAM = 0x12, OF_CD = 0x23, MAPPED = 0x21 };

/* The STE's PARTID is OF_STREAM, PMG 1; the CD's OF_CD, PMG 2, which as a virtual one, 3, stands
 * for MAPPED. */
static void want_labels(struct world *w)
{
	set_id(w, 3, 7, 1, 1);
	w->config.mpamidr = 0x000701ff;
	w->ste[1] |= BIT(26); /* S1MPAM */
	w->ste[4] = (uint64_t)OF_STREAM << 16;
	w->ste[5] = VMS_AT | 1;
	w->cd[5] = (uint64_t)OF_CD << 32 | UINT64_C(2) << 48;
	put(w, VMS_AT, (uint64_t)MAPPED << 48);
	w->behind_host = w->swaps = true;
}

static void expect_label(struct smmu3_mpam mpam, unsigned partid, unsigned pmg)
{
	ck_assert_uint_eq(mpam.partid, partid);
	ck_assert_uint_eq(mpam.pmg, pmg);
	ck_assert_uint_eq(mpam.space, SMMU3_PAS_NS);
}

/* All that were read for this reason. */
static unsigned expect_reads(const struct world *w, enum smmu3_reason reason, unsigned partid,
			     unsigned pmg)
{
	unsigned count = 0;

	ck_assert_uint_le(w->seen_count, SEEN_MAX);
	for (unsigned i = 0; i < w->seen_count; i++)
		if (w->seen[i].reason == reason) {
			expect_label(w->seen[i].mpam, partid, pmg);
			count++;
		}
	return count;
}

/* ---- Hardware updates ---- */

static struct world updating(bool d128, unsigned config)
{
	struct world w = d128 ? d128_world(config) : httu_world(config);

	want_labels(&w);
	w.cd[0] |= CD_HA;
	w.ste[2] |= S2HA;
	return w;
}

static void start(struct world *w, bool d128)
{
	if (d128)
		start_d128(w);
	else
		open_world(w);
}

static unsigned told;

static void expect_told(void *context, const struct smmu3_step *step)
{
	const struct smmu3_mpam *label = context;

	if (!step->updates)
		return;
	expect_label(step->mpam, label->partid, label->pmg);
	told++;
}

/* VMS-04, HTTU-01: an update is labelled as the read of what it updates, and told so */
START_TEST(an_update_is_labelled_as_its_descriptor)
{
	static const struct {
		unsigned config, stage;
		struct smmu3_mpam label;
	} ways[] = {
		{ S1_ONLY, 1, { OF_CD, 2, 0 } },
		{ S2_ONLY, 2, { OF_STREAM, 1, 0 } },
		{ NESTED, 1, { MAPPED, 2, 0 } },
		{ NESTED, 2, { OF_STREAM, 1, 0 } },
	};
	const bool d128 = _i & 1, first = ways[_i / 2].stage == 1;
	struct smmu3_mpam label = ways[_i / 2].label;
	struct world w = updating(d128, ways[_i / 2].config);
	const uint64_t leaf = first ? (d128 ? at1(3) : slot1(3)) : (d128 ? at2(3) : slot2(3));
	const uint64_t address = ways[_i / 2].config == S2_ONLY ? IPA_PAGE : VA;
	struct smmu3_txn txn = w.txn;
	struct smmu3_outcome out;

	put(&w, leaf, now(&w, leaf) & ~AF);
	start(&w, d128);
	txn.addr = address;
	told = 0;
	ck_assert_int_eq(smmu3_explain(w.smmu, &txn, &out, expect_told, &label), 0);
	ck_assert_uint_eq(told, 1);
	ck_assert_uint_eq(ask(&w, address, 0), SMMU3_OK);
	expect_label(w.out.mpam,
		     ways[_i / 2].config == S2_ONLY ? OF_STREAM :
		     ways[_i / 2].config == NESTED  ? MAPPED :
						      OF_CD,
		     ways[_i / 2].config == S2_ONLY ? 1 : 2);
	ck_assert_uint_eq(w.swap_count, 1);
	ck_assert_uint_eq(w.swapped.pa, leaf);
	ck_assert_uint_eq(w.swapped.bytes, d128 ? 16 : 8);
	expect_label(w.swapped.mpam, label.partid, label.pmg);
	ck_assert_uint_ne(now(&w, leaf) & AF, 0);
	close_world(&w);
}
END_TEST

/* VMS-04, D128-01: descriptors of either size, of walks that update and of those that do not */
START_TEST(descriptors_of_each_format_are_labelled)
{
	const bool d128 = _i & 1, updates = _i & 2;
	struct world w = updating(d128, NESTED);

	if (!updates) {
		w.cd[0] &= ~CD_HA;
		w.ste[2] &= ~S2HA;
	}
	start(&w, d128);
	ck_assert_uint_eq(ask(&w, VA, 0), SMMU3_OK);
	ck_assert_uint_eq(expect_reads(&w, SMMU3_REASON_S1_TTD, MAPPED, 2), d128 ? 5 : 4);
	ck_assert_uint_gt(expect_reads(&w, SMMU3_REASON_S2_TTD, OF_STREAM, 1), d128 ? 5 : 4);
	ck_assert_uint_eq(w.seen[w.seen_count - 1].bytes, d128 ? 16 : 8);
	close_world(&w);
}
END_TEST

/* ---- Lists ---- */

static int no_mapping(void *context, const struct smmu3_mapping *mapping)
{
	(void)context;
	(void)mapping;
	return 0;
}

static int no_reach(void *context, const struct smmu3_reach *reach)
{
	(void)context;
	(void)reach;
	return 0;
}

static int no_place(void *context, const struct smmu3_place *place)
{
	(void)context;
	(void)place;
	return 0;
}

static void start_list(struct world *w)
{
	open_world(w);
	ck_assert_uint_eq(w->seen_count, 0);
}

/* VMS-04: who lists mappings reads tables as the walker does */
START_TEST(mappings_are_read_with_the_labels_of_walks)
{
	struct world w = updating(false, NESTED);

	/* one table a level, all others empty */
	start_list(&w);
	for (unsigned stage = 1; stage <= 2; stage++) {
		w.seen_count = 0;
		ck_assert_int_eq(smmu3_inspect_mappings(w.smmu, SMMU3_PAS_NS, SID, 0, stage, 40,
							no_mapping, NULL),
				 -SMMU3_E_LIMIT);
		if (w.seen_count > SEEN_MAX)
			w.seen_count = SEEN_MAX;
		ck_assert_uint_eq(expect_reads(&w, SMMU3_REASON_S1_TTD, MAPPED, 2) != 0,
				  stage == 1);
		ck_assert_uint_gt(expect_reads(&w, SMMU3_REASON_S2_TTD, OF_STREAM, 1), 0);
	}
	close_world(&w);
}
END_TEST

/* The first that are read for each reason, of all that a stream reaches and where its tables are.
 */
static void expect_survey(unsigned config, unsigned partid, unsigned pmg)
{
	struct world w = updating(false, config);
	struct smmu3_txn who = w.txn;
	uint64_t budget = 40;

	start_list(&w);
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &who, &budget, no_reach, no_place, NULL),
			 -SMMU3_E_LIMIT);
	if (w.seen_count > SEEN_MAX)
		w.seen_count = SEEN_MAX;
	ck_assert_uint_eq(expect_reads(&w, SMMU3_REASON_S1_TTD, partid, pmg) != 0,
			  config != S2_ONLY);
	ck_assert_uint_eq(expect_reads(&w, SMMU3_REASON_S2_TTD, OF_STREAM, 1) != 0,
			  config != S1_ONLY);
	close_world(&w);
}

/* VMS-04: so does who asks what a stream reaches */
START_TEST(a_survey_reads_with_the_labels_of_walks)
{
	expect_survey(S1_ONLY, OF_CD, 2);
	expect_survey(S2_ONLY, 0, 0);
	expect_survey(NESTED, MAPPED, 2);
}
END_TEST

/* VMS-04: and of a stream whose stage 1 has no tables, where those of stage 2 are */
START_TEST(places_of_stage_2_are_read_with_the_label_of_the_stream)
{
	struct world w = updating(false, NESTED);
	struct smmu3_txn who = w.txn;
	uint64_t budget = 40;

	w.cd[0] |= BIT(14); /* EPD0 */
	start_list(&w);
	ck_assert_int_eq(smmu3_inspect_reach(w.smmu, &who, &budget, no_reach, no_place, NULL),
			 -SMMU3_E_LIMIT);
	ck_assert_uint_gt(expect_reads(&w, SMMU3_REASON_S2_TTD, OF_STREAM, 1), 16);
	close_world(&w);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, an_update_is_labelled_as_its_descriptor, 0, 8);
	tcase_add_loop_test(tests, descriptors_of_each_format_are_labelled, 0, 4);
	tcase_add_test(tests, mappings_are_read_with_the_labels_of_walks);
	tcase_add_test(tests, a_survey_reads_with_the_labels_of_walks);
	tcase_add_test(tests, places_of_stage_2_are_read_with_the_label_of_the_stream);
}

int main(void)
{
	return run_suite("mpam_walks", add_tests);
}
