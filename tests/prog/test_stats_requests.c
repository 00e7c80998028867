/* SPDX-License-Identifier: MIT */
/* What is counted, by statistics and by performance monitors, of requests of ATOS and of lookups of
 * the Device Permission Table.  stats.h, 10.3 */
#include "atos.h"
#include "counted.h"
#include "keeping.h"
#include "permitted.h"
#include "run.h"
#include "support/cached.h"

#include <check.h>
#include <smmu/stats.h>

/* The group's pages are at 0xb0000 and 0xc0000.  10.5.1 */
enum { EVTYPER0 = 0xb0400, SMR0 = 0xb0a00, CNTENSET = 0xb0c00, PMCR = 0xb0e04, EVCNTR0 = 0xc0000 };

/* Eight counters of 32 bits, for events 0 to 7 of all StreamIDs. */
#define EIGHT_32 (7u | 31u << 8 | 1u << 20)
#define SPAN (1u << 29)
#define BOTH_PAGES (3 | GRANT_ANY | UPPER(GRANT_ANY))

static void ask_for_counting(struct machine *m)
{
	m->config.statistics = 1;
	m->config.stats_streams = 8;
	m->config.pmcg_cfgr = EIGHT_32;
}

static void count_events(struct machine *m)
{
	for (unsigned n = 0; n < 8; n++) {
		set_reg(m, EVTYPER0 + 4 * n, n | SPAN);
		set_reg(m, SMR0 + 4 * n, UINT32_MAX);
	}
	set_reg64(m, CNTENSET, 0xff);
	set_reg(m, PMCR, 1);
}

static void expect_events(struct machine *m, const uint32_t events[8])
{
	for (unsigned n = 0; n < 8; n++)
		ck_assert_msg(reg(m, EVCNTR0 + 4 * n) == events[n], "event %u: %u, not %u", n,
			      reg(m, EVCNTR0 + 4 * n), events[n]);
}

/* ---- ATOS ---- */

/* 10.3, stats.h: an STE, a CD and one descriptor of each walk.  Of both stages the CD, the
 * descriptor of stage 1 and the address have IPAs.  It is no transaction: events 4 and 5 count what
 * is read, and the clock; 1 to 3 do not.  A StreamID has its row of a transaction before. */
START_TEST(what_atos_reads_is_counted)
{
	static const struct {
		uint32_t sid;
		uint64_t addr;
		unsigned cds, s1_ttds, s2_ttds, s2_walks;
	} rows[] = {
		{ 1, STAGE1_OF(0x1000), 1, 1, 0, 0 },
		{ 2, STAGE2_OF(GB), 0, 0, 1, 1 },
		{ 3, BOTH_OF(0x1000), 1, 1, 3, 3 },
	};
	struct machine *m = machine("generic-3.1");
	struct smmu3_stream_stats row;

	without_caches(&m->config, "what is read is counted");
	m->config.idr[0] |= 1 << 15; /* ATOS */
	ask_for_counting(m);
	start_machine(m);
	put_atos_streams(m);
	smmu3_stats_reset(m->smmu);
	(void)read_by(m, rows[_i].sid, UINT64_C(1) << 40); /* beyond the tables */
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, rows[_i].sid, &row), 0);
	const struct smmu3_stats before = stats_of(m);
	const uint64_t config = row.config_accesses, tables = row.table_accesses;
	const unsigned ttds = rows[_i].s1_ttds + rows[_i].s2_ttds, structures = 1 + rows[_i].cds;
	const uint32_t events[8] = { ttds + structures, 0, 0, 0, ttds, structures, 0, 0 };

	count_events(m);
	ck_assert(!(par_of(m, &gatos, rows[_i].sid, rows[_i].addr) & 1));
	expect_events(m, events);
	const struct smmu3_stats after = stats_of(m);

	ck_assert_uint_eq(after.transactions, before.transactions);
	ck_assert_uint_eq(after.accesses[SMMU3_REASON_STE], before.accesses[SMMU3_REASON_STE] + 1);
	ck_assert_uint_eq(after.accesses[SMMU3_REASON_CD],
			  before.accesses[SMMU3_REASON_CD] + rows[_i].cds);
	ck_assert_uint_eq(after.accesses[SMMU3_REASON_S1_TTD],
			  before.accesses[SMMU3_REASON_S1_TTD] + rows[_i].s1_ttds);
	ck_assert_uint_eq(after.accesses[SMMU3_REASON_S2_TTD],
			  before.accesses[SMMU3_REASON_S2_TTD] + rows[_i].s2_ttds);
	ck_assert_uint_eq(after.s1_walks, before.s1_walks + rows[_i].s1_ttds);
	ck_assert_uint_eq(after.s2_walks, before.s2_walks + rows[_i].s2_walks);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, rows[_i].sid, &row), 0);
	ck_assert_uint_eq(row.transactions, 1);
	ck_assert_uint_eq(row.config_accesses, config + structures);
	ck_assert_uint_eq(row.table_accesses, tables + ttds);
	close_machine(m);
}
END_TEST

/* stats.h: a request is one more who looks up */
START_TEST(what_atos_looks_up_is_counted)
{
	struct machine *m = machine("generic-3.1");

	m->config.idr[0] |= 1 << 15;
	ask_for_counting(m);
	keep_at_most(m, 16);
	start_machine(m);
	put_atos_streams(m);
	smmu3_stats_reset(m->smmu);
	for (unsigned n = 0; n < 3; n++)
		(void)par_of(m, &gatos, 1, STAGE1_OF(0x1000));
	expect_cache(m, SMMU3_CACHE_STE, 3, 2, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_CD, 3, 2, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_TLB_STAGE1, 3, 2, 1, 0, 0);
	close_machine(m);
}
END_TEST

/* ---- The Device Permission Table ---- */

static struct machine *permitting(uint32_t places)
{
	struct machine *m = dpt_machine();

	ask_for_counting(m);
	if (places)
		keep_at_most(m, places);
	else
		without_caches(&m->config, "what is read is counted");
	start_dpt_machine(m);
	for (unsigned pair = 0; pair < 4; pair++)
		put_level1(m, pair, BOTH_PAGES);
	count_events(m);
	smmu3_stats_reset(m->smmu);
	return m;
}

/* 10.3, stats.h: lookups of the DPT are events 2 and 4; the STE is event 5, as any.  Two that pass,
 * by two descriptors each; one that level 0 refuses.  They are no walks of translation tables. */
START_TEST(what_the_dpt_is_asked_is_counted)
{
	static const uint32_t events[8] = { 3 + 3 + 5, 3, 3, 3, 5, 3, 0, 3 };
	struct machine *m = permitting(0);
	struct smmu3_stream_stats row;

	expect_passes(m, GB1, 0);
	expect_passes(m, GB1, 0);
	(void)translated(m, 4 * GB, 0);
	expect_events(m, events);
	const struct smmu3_stats stats = stats_of(m);

	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_DPT], 5);
	ck_assert_uint_eq(stats.s1_walks, 0);
	ck_assert_uint_eq(stats.s2_walks, 0);
	ck_assert_uint_eq(stats.tlb_misses, 3);
	ck_assert_uint_eq(stats.ats_translated, 3);
	ck_assert_uint_eq(stats.faults[F_TRANSL_FORBIDDEN], 1);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 1, &row), 0);
	ck_assert_uint_eq(row.table_accesses, 5);
	ck_assert_uint_eq(row.tlb_misses, 3);
	close_machine(m);
}
END_TEST

/* stats.h: granules and the Table above them, looked up where no granule is found; of what is kept
 * nothing is read, event 2 is of who reads */
START_TEST(what_is_kept_of_the_dpt_is_hit)
{
	static const uint32_t events[8] = { 4 + 1 + 3, 4, 2, 1, 3, 1, 0, 4 };
	struct machine *m = permitting(16);

	for (unsigned n = 0; n < 3; n++)
		expect_passes(m, GB1, 0);
	expect_passes(m, GB1 + 0x1000, 0);
	expect_events(m, events);
	expect_cache(m, SMMU3_CACHE_DPT, 4, 2, 2, 0, 0);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 2, 1, 1, 0, 0);
	ck_assert_uint_eq(stats_of(m).tlb_misses, 2);
	ck_assert_uint_eq(stats_of(m).tlb.lookups, 0);
	(void)translated(m, GB1, SMMU3_TXN_PROBE);
	(void)translated(m, GB1 + 0x2000, SMMU3_TXN_PROBE);
	expect_cache(m, SMMU3_CACHE_DPT, 4, 2, 2, 0, 0);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 2, 1, 1, 0, 0);
	smmu3_stats_reset(m->smmu);
	expect_cache(m, SMMU3_CACHE_DPT, 0, 0, 0, 0, 0);
	close_machine(m);
}
END_TEST

/* stats.h: of one place a Table makes room for a granule, and that for a Table */
START_TEST(what_goes_to_make_room_in_the_dpt_is_counted)
{
	struct machine *m = permitting(1);

	expect_passes(m, GB1, 0);
	expect_cache(m, SMMU3_CACHE_DPT, 1, 0, 1, 0, 0);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 1, 0, 1, 1, 0);
	expect_passes(m, GB1 + 0x1000, 0);
	expect_cache(m, SMMU3_CACHE_DPT, 2, 0, 2, 1, 0);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 2, 0, 2, 2, 0);
	close_machine(m);
}
END_TEST

/* stats.h: what an invalidation takes away, once */
START_TEST(what_is_invalidated_of_the_dpt_is_counted_once)
{
	struct machine *m = permitting(16);

	expect_passes(m, GB1, 0);
	expect_passes(m, GB1 + 0x1000, 0);
	for (unsigned n = 0; n < 2; n++)
		finish(m, dpti_pa(GB1, 0, 1));
	expect_cache(m, SMMU3_CACHE_DPT, 2, 0, 2, 0, 1);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 2, 1, 1, 0, 0);
	for (unsigned n = 0; n < 2; n++)
		finish(m, dpti_all());
	expect_cache(m, SMMU3_CACHE_DPT, 2, 0, 2, 0, 2);
	expect_cache(m, SMMU3_CACHE_TABLES_DPT, 2, 1, 1, 0, 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_loop_test(tests, what_atos_reads_is_counted, 0, 3);
	tcase_add_test(tests, what_atos_looks_up_is_counted);
	tcase_add_test(tests, what_the_dpt_is_asked_is_counted);
	tcase_add_test(tests, what_is_kept_of_the_dpt_is_hit);
	tcase_add_test(tests, what_goes_to_make_room_in_the_dpt_is_counted);
	tcase_add_test(tests, what_is_invalidated_of_the_dpt_is_counted_once);
}

int main(void)
{
	return run("stats_requests", add);
}
