/* SPDX-License-Identifier: MIT */
/* What is counted, as stats.h says: of the whole SMMU, of caches and of StreamIDs. */
#include "counted.h"
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <smmu/stats.h>
#include <stdlib.h>
#include <string.h>

#define L1STDS_AT (RAM_AT + 0x180000)

/* Stage 1, stage 2, both; a stream table that is linear, one CD each, walks of levels 1 to 3. */
static const struct space one = { 1, STAGE_1, 3, 5 };
static const struct space two = { 2, STAGE_2, 3, 0 };
static const struct space three = { 3, BOTH_STAGES, 3, 7 };

static struct machine *counting(uint32_t places, uint32_t streams)
{
	struct machine *m = keeping(places);

	m->config.statistics = 1;
	m->config.stats_streams = streams;
	start_machine(m);
	put_space(m, &one);
	put_space(m, &two);
	put_space(m, &three);
	for (unsigned page = 0; page < 8; page++) {
		put_s1(m, &one, page, s1_page(HERE + PAGE(page)));
		put_s2(m, &two, page, s2_page(HERE + PAGE(page)));
		put_s1(m, &three, page, s1_page(PAGE(page)));
	}
	smmu3_stats_reset(m->smmu);
	return m;
}

static struct smmu3_stream_stats stream_of(struct machine *m, uint32_t sid)
{
	struct smmu3_stream_stats stats;

	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, sid, &stats), 0);
	ck_assert_uint_eq(stats.sid, sid);
	return stats;
}

/* stats.h: what a transaction reads, without caches.  Stage 1 behind stage 2 has an IPA of the CD,
 * of each of three descriptors and of the page itself: the first four are in a block, found at
 * level 1.  */
START_TEST(what_a_transaction_reads_is_counted_by_its_reason)
{
	static const struct {
		uint32_t sid;
		unsigned cds, s1_ttds, s2_ttds, s1_walks, s2_walks;
	} rows[] = {
		{ 1, 1, 3, 0, 1, 0 },
		{ 2, 0, 0, 3, 0, 1 },
		{ 3, 1, 3, 4 + 3, 1, 5 },
	};
	struct machine *m = counting(0, 8);

	ck_assert_uint_eq(reached(m, rows[_i].sid, PAGE(1)), HERE + PAGE(1));
	ck_assert_uint_eq(reached(m, rows[_i].sid, PAGE(2)), HERE + PAGE(2));
	const struct smmu3_stats stats = stats_of(m);
	const struct smmu3_stream_stats stream = stream_of(m, rows[_i].sid);

	ck_assert_uint_eq(stats.transactions, 2);
	ck_assert_uint_eq(stats.verdicts[SMMU3_OK], 2);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_STE], 2);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_CD], 2 * rows[_i].cds);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S1_TTD], 2 * rows[_i].s1_ttds);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S2_TTD], 2 * rows[_i].s2_ttds);
	ck_assert_uint_eq(stats.s1_walks, 2 * rows[_i].s1_walks);
	ck_assert_uint_eq(stats.s2_walks, 2 * rows[_i].s2_walks);
	ck_assert_uint_eq(stats.tlb_misses, 2);
	ck_assert_uint_eq(stats.config_misses, 2);
	ck_assert_uint_eq(stream.transactions, 2);
	ck_assert_uint_eq(stream.faults, 0);
	ck_assert_uint_eq(stream.tlb_misses, 2);
	ck_assert_uint_eq(stream.config_misses, 2);
	ck_assert_uint_eq(stream.table_accesses, 2 * (rows[_i].s1_ttds + rows[_i].s2_ttds));
	ck_assert_uint_eq(stream.config_accesses, 2 * (1 + rows[_i].cds));
	close_machine(m);
}
END_TEST

/* stats.h: what is found in caches is no miss */
START_TEST(what_is_kept_is_hit)
{
	struct machine *m = counting(16, 8);

	for (unsigned i = 0; i < 3; i++)
		(void)reached(m, 1, PAGE(1));
	(void)reached(m, 1, PAGE(2));
	expect_cache(m, SMMU3_CACHE_STE, 4, 3, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_CD, 4, 3, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 4, 2, 2, 0, 0);
	/* two walks; tables of levels 2 and 3, found by the second */
	expect_cache(m, SMMU3_CACHE_TABLES_STAGE1, 2, 1, 2, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE2, 0, 0, 0, 0, 0);
	const struct smmu3_stats stats = stats_of(m);

	ck_assert_uint_eq(stats.tlb.lookups, 4);
	ck_assert_uint_eq(stats.tlb.misses, 2);
	ck_assert_uint_eq(stats.tlb_misses, 2);
	ck_assert_uint_eq(stats.config_misses, 1);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S1_TTD], 3 + 1);
	close_machine(m);
}
END_TEST

/* stats.h: by stage.  Of both stages: the CD, three descriptors and the page have IPAs, of which
 * the first four are one block; with all of it kept a second access looks up nothing but itself. */
START_TEST(translations_are_counted_by_what_they_go_through)
{
	struct machine *m = counting(16, 8);

	(void)reached(m, 3, PAGE(1));
	expect_cache(m, SMMU3_CACHE_TLB_BOTH, 1, 0, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE2, 5, 3, 2, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 0, 0, 0, 0, 0);
	(void)reached(m, 3, PAGE(1));
	expect_cache(m, SMMU3_CACHE_TLB_BOTH, 2, 1, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE2, 5, 3, 2, 0, 0);
	close_machine(m);
}
END_TEST

/* stats.h: in a cache of one place each new thing puts another out */
START_TEST(what_goes_to_make_room_is_counted)
{
	struct machine *m = counting(1, 8);

	for (unsigned page = 1; page <= 3; page++)
		(void)reached(m, 1, PAGE(page));
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 3, 0, 3, 2, 0);
	(void)reached(m, 2, PAGE(1));
	expect_cache(m, SMMU3_CACHE_STE, 4, 2, 2, 1, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 3, 0, 3, 3, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE2, 1, 0, 1, 0, 0);
	close_machine(m);
}
END_TEST

/* stats.h: a level 1 descriptor is kept once, however many STEs below it are read by it */
START_TEST(a_level_1_descriptor_is_kept_once)
{
	struct machine *m = counting(16, 8);

	*ram_at(m, L1STDS_AT) = STREAMS_AT | 4; /* Span 4: 8 STEs */
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, L1STDS_AT);
	set_reg(m, STRTAB_BASE_CFG, 1 << 16 | 6 << 6 | 7);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	for (uint32_t sid = 1; sid <= 3; sid++)
		ck_assert_uint_eq(reached(m, sid, PAGE(1)), HERE + PAGE(1));
	expect_cache(m, SMMU3_CACHE_L1STD, 3, 2, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_STE, 3, 0, 3, 0, 0);
	close_machine(m);
}
END_TEST

/* stats.h: what an invalidation takes away; what is gone is not taken twice */
START_TEST(what_is_invalidated_is_counted_once)
{
	struct machine *m = counting(16, 8);

	(void)reached(m, 1, PAGE(1));
	(void)reached(m, 1, PAGE(2));
	for (unsigned i = 0; i < 2; i++)
		finish(m, nh_va(one.vmid, one.asid, PAGE(1), 1));
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 2, 0, 2, 0, 1);
	expect_cache(m, SMMU3_CACHE_TABLES_STAGE1, 2, 1, 2, 0, 0);
	finish(m, nh_asid(one.vmid, one.asid));
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 2, 0, 2, 0, 2);
	expect_cache(m, SMMU3_CACHE_TABLES_STAGE1, 2, 1, 2, 0, 2);
	finish(m, cfgi_ste(1, 1));
	finish(m, cfgi_ste(1, 1));
	expect_cache(m, SMMU3_CACHE_STE, 2, 1, 1, 0, 1);
	expect_cache(m, SMMU3_CACHE_CD, 2, 1, 1, 0, 1);
	ck_assert_uint_eq(stats_of(m).accesses[SMMU3_REASON_CMDQ], 10);
	close_machine(m);
}
END_TEST

/* stats.h: faults by event; records, and those that a full queue of 8 does not take */
START_TEST(faults_and_records_are_counted)
{
	struct machine *m = counting(0, 8);

	(void)reached(m, 1, PAGE(9));           /* not mapped */
	(void)reached(m, 4, PAGE(1));           /* V = 0 */
	(void)reached(m, 1, UINT64_C(1) << 40); /* beyond T0SZ: no table is read */
	const struct smmu3_stats stats = stats_of(m);

	ck_assert_uint_eq(stats.verdicts[SMMU3_ABORT], 3);
	ck_assert_uint_eq(stats.faults[0x10], 2); /* F_TRANSLATION */
	ck_assert_uint_eq(stats.faults[0x04], 1); /* C_BAD_STE */
	ck_assert_uint_eq(stats.tlb_misses, 1);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_EVENTQ], 3);
	ck_assert_uint_eq(stats.events_lost, 0);
	ck_assert_uint_eq(stream_of(m, 1).faults, 2);
	for (unsigned i = 3; i < 10; i++)
		fault(m, 4);
	ck_assert_uint_eq(stats_of(m).accesses[SMMU3_REASON_EVENTQ], 8);
	ck_assert_uint_eq(stats_of(m).events_lost, 2);
	ck_assert_uint_eq(stream_of(m, 4).faults, 8);
	close_machine(m);
}
END_TEST

/* stats.h: neither a probe nor an explanation nor a malformed transaction leaves a trace */
START_TEST(what_asks_without_effect_is_not_counted)
{
	const struct smmu3_txn malformed = { .addr = PAGE(1), .sid = 1 };
	struct smmu3_stats before, after;
	struct smmu3_outcome outcome;
	struct machine *m = counting(16, 8);

	(void)reached(m, 3, PAGE(1));
	before = stats_of(m);
	(void)would_reach(m, 3, PAGE(1));
	(void)would_reach(m, 3, PAGE(2));
	(void)would_reach(m, 1, PAGE(2));
	ck_assert_uint_eq(smmu3_translate(m->smmu, &malformed, &outcome), SMMU3_ERROR);
	after = stats_of(m);
	ck_assert_int_eq(memcmp(&before, &after, sizeof(before)), 0);
	close_machine(m);
}
END_TEST

/* stats.h: a hint without effect is no fault */
START_TEST(a_hint_without_effect_is_no_fault)
{
	struct machine *m = counting(0, 4);
	const struct smmu3_txn hint = {
		.addr = 0x1000, .bytes = 1, .sid = 0x1234, .txn_class = SMMU3_CLASS_PREFETCH
	};
	struct smmu3_outcome outcome;

	ck_assert_uint_eq(smmu3_translate(m->smmu, &hint, &outcome), SMMU3_NO_OP);
	ck_assert_uint_eq(stats_of(m).no_ops, 1);
	ck_assert_uint_eq(stats_of(m).transactions, 1);
	ck_assert_uint_eq(stats_of(m).faults[0], 0);
	ck_assert_uint_eq(stats_of(m).ats_requests, 0);
	ck_assert_uint_eq(stream_of(m, 0x1234).faults, 0);
	close_machine(m);
}
END_TEST

static int count_row(void *context, const struct smmu3_stream_stats *stats)
{
	unsigned *rows = context;

	ck_assert_uint_eq(stats->transactions, 1);
	ck_assert_uint_eq(stats->faults, 1);
	return ++*rows == 5 ? 42 : 0;
}

/* stats.h: of four rows all may be anybody's; who comes after them counts elsewhere, until a reset
 * gives them back */
START_TEST(rows_of_streams_do_not_grow)
{
	struct machine *m = counting(0, 4);
	struct smmu3_stream_stats stats;
	unsigned rows = 0;

	for (uint32_t n = 0; n < 7; n++)
		(void)read_by(m, UINT32_MAX - n * 0x01000000, 0);
	ck_assert_uint_eq(stats_of(m).other_streams, 3);
	ck_assert_uint_eq(stream_of(m, UINT32_MAX).transactions, 1);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, UINT32_MAX - 0x04000000, &stats),
			 -SMMU3_E_NOT_FOUND);
	ck_assert_int_eq(smmu3_stats_streams(m->smmu, count_row, &rows), 0);
	ck_assert_uint_eq(rows, 4);
	ck_assert_int_eq(smmu3_stats_streams(m->smmu, count_row, &rows), 42);
	smmu3_stats_reset(m->smmu);
	rows = 0;
	ck_assert_int_eq(smmu3_stats_streams(m->smmu, count_row, &rows), 0);
	ck_assert_uint_eq(rows, 0);
	(void)read_by(m, UINT32_MAX - 0x04000000, 0);
	ck_assert_uint_eq(stream_of(m, UINT32_MAX - 0x04000000).faults, 1);
	ck_assert_uint_eq(stats_of(m).transactions, 1);
	close_machine(m);
}
END_TEST

/* stats.h: who does not ask gets no figures, and none are kept */
START_TEST(nothing_is_counted_unless_it_is_asked_for)
{
	struct smmu3_stream_stats stream;
	struct smmu3_stats stats, zero;
	struct machine *m = keeping(16);

	memset(&zero, 0, sizeof(zero));
	memset(&stats, 0xff, sizeof(stats));
	start_machine(m);
	fault(m, 1);
	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), -SMMU3_E_UNSUPPORTED);
	ck_assert_int_eq(memcmp(&stats, &zero, sizeof(stats)), 0);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 1, &stream),
			 -SMMU3_E_UNSUPPORTED);
	ck_assert_int_eq(smmu3_stats_streams(m->smmu, NULL, NULL), -SMMU3_E_UNSUPPORTED);
	smmu3_stats_reset(m->smmu);
	close_machine(m);
}
END_TEST

/* stats.h: statistics are the host's: a reset of the SMMU and a load leave them */
START_TEST(reset_and_load_leave_statistics)
{
	struct machine *m = counting(16, 8);
	size_t size = 0;

	(void)reached(m, 1, PAGE(1));
	ck_assert_int_eq(smmu3_save(m->smmu, NULL, &size, NULL), 0);
	uint8_t *blob = malloc(size);

	ck_assert_int_eq(smmu3_save(m->smmu, blob, &size, NULL), 0);
	ck_assert_int_eq(smmu3_load(m->smmu, blob, size, NULL), 0);
	free(blob);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 1, 0, 1, 0, 1);
	smmu3_reset(m->smmu);
	ck_assert_uint_eq(stats_of(m).transactions, 1);
	ck_assert_uint_eq(stream_of(m, 1).transactions, 1);
	close_machine(m);
}
END_TEST

#define CONTIGUOUS (UINT64_C(1) << 52)

/* D8.7.1: sixteen pages of 4KB whose descriptors have the bit, and lie in order, are one
 * translation; each goes where its own descriptor says */
START_TEST(a_contiguous_group_is_one_translation_where_that_is_asked_for)
{
	struct machine *m = keeping(64);

	m->config.caches.contiguous = (uint32_t)_i;
	m->config.statistics = 1;
	start_machine(m);
	put_space(m, &one);
	for (unsigned page = 16; page < 32; page++)
		put_s1(m, &one, page, s1_page(HERE + PAGE(page)) | CONTIGUOUS);
	for (unsigned n = 0; n < 16; n++)
		ck_assert_uint_eq(reached(m, 1, PAGE(16 + (n * 5 + 3) % 16) + 8),
				  HERE + PAGE(16 + (n * 5 + 3) % 16) + 8);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 16, _i ? 15 : 0, _i ? 1 : 16, 0, 0);
	finish(m, nh_va(one.vmid, one.asid, PAGE(31), 1)); /* by any address in it, all of it */
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 16, _i ? 15 : 0, _i ? 1 : 16, 0, _i ? 1 : 16);
	close_machine(m);
}
END_TEST

/* D8.7.1: what does not lie in order is misprogrammed, and kept page by page */
START_TEST(a_group_that_is_out_of_order_is_not_one)
{
	struct machine *m = keeping(64);

	m->config.caches.contiguous = 1;
	m->config.statistics = 1;
	start_machine(m);
	put_space(m, &one);
	for (unsigned page = 16; page < 32; page++)
		put_s1(m, &one, page, s1_page(HERE + PAGE(page ^ 1)) | CONTIGUOUS);
	for (unsigned page = 16; page < 32; page++)
		ck_assert_uint_eq(reached(m, 1, PAGE(page)), HERE + PAGE(page ^ 1));
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 16, 0, 16, 0, 0);
	close_machine(m);
}
END_TEST

/* D8.7.1: of both stages the smaller counts: a group of stage 1 over single pages of stage 2 is
 * kept in pages, over a group in one */
START_TEST(of_two_stages_the_smaller_group_counts)
{
	struct machine *m = keeping(64);

	m->config.caches.contiguous = 1;
	m->config.statistics = 1;
	start_machine(m);
	put_space(m, &three);
	for (unsigned page = 16; page < 32; page++) {
		put_s1(m, &three, page, s1_page(PAGE(page + 32)) | CONTIGUOUS);
		put_s2(m, &three, page + 32, s2_page(HERE + PAGE(page)) | (_i ? CONTIGUOUS : 0));
	}
	for (unsigned page = 16; page < 32; page++)
		ck_assert_uint_eq(reached(m, 3, PAGE(page)), HERE + PAGE(page));
	expect_cache(m, SMMU3_CACHE_TLB_BOTH, 16, _i ? 15 : 0, _i ? 1 : 16, 0, 0);
	close_machine(m);
}
END_TEST

/* stats.h: each name once, each figure named but those of verdicts and events that there are not */
START_TEST(figures_have_names)
{
	const struct smmu3_figure *figure, *other;

	for (size_t i = 0; (figure = smmu3_stats_figure(i)); i++) {
		ck_assert_uint_le(figure->offset, sizeof(struct smmu3_stats) - 8);
		for (size_t n = 0; n < i && (other = smmu3_stats_figure(n)); n++) {
			ck_assert_str_ne(figure->name, other->name);
			ck_assert_uint_ne(figure->offset, other->offset);
		}
	}
	for (size_t i = 0; (figure = smmu3_stream_figure(i)); i++)
		ck_assert_uint_eq(figure->offset, 8 * (i + 1));
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_a_transaction_reads_is_counted_by_its_reason, 0, 3);
	tcase_add_test(tests, what_is_kept_is_hit);
	tcase_add_test(tests, translations_are_counted_by_what_they_go_through);
	tcase_add_test(tests, what_goes_to_make_room_is_counted);
	tcase_add_test(tests, a_level_1_descriptor_is_kept_once);
	tcase_add_test(tests, what_is_invalidated_is_counted_once);
	tcase_add_test(tests, faults_and_records_are_counted);
	tcase_add_test(tests, what_asks_without_effect_is_not_counted);
	tcase_add_test(tests, a_hint_without_effect_is_no_fault);
	tcase_add_test(tests, rows_of_streams_do_not_grow);
	tcase_add_test(tests, nothing_is_counted_unless_it_is_asked_for);
	tcase_add_test(tests, reset_and_load_leave_statistics);
	tcase_add_loop_test(tests, a_contiguous_group_is_one_translation_where_that_is_asked_for, 0,
			    2);
	tcase_add_test(tests, a_group_that_is_out_of_order_is_not_one);
	tcase_add_loop_test(tests, of_two_stages_the_smaller_group_counts, 0, 2);
	tcase_add_test(tests, figures_have_names);
}

int main(void)
{
	return run("stats", add);
}
