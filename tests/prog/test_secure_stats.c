/* SPDX-License-Identifier: MIT */
/* What is counted of two Security states: together, and single streams of each; performance
 * monitors see one. stats.h, 10.6 */
#include "counted.h"
#include "run.h"
#include "secure.h"

#include <check.h>

enum { C_BAD_STE = 0x04 };

/* Registers of performance monitors, 10.5: four counters of 32 bits, of all streams. */
enum { COUNTER = 0xc0000, EVTYPER = 0xb0400, SMR = 0xb0a00, CNTENSET = 0xb0c00, PM_CR = 0xb0e04 };
#define FOUR_32 (3u | 31u << 8 | 1u << 20)
enum { OF_TRANSACTIONS = 1, OF_CONFIG_MISSES = 3 };

static struct machine *counting(void)
{
	struct machine *m = secure_machine();

	m->config.statistics = 1;
	m->config.stats_streams = 8;
	m->config.pmcg_cfgr = FOUR_32;
	start_secure_machine(m);
	return m;
}

/* stats.h: figures of the whole SMMU are sums over the states; here transactions, faults, what
 * queues read and wrote, and lost records */
START_TEST(figures_are_of_both_states)
{
	struct machine *m = counting();

	m->quiet = true;
	for (unsigned i = 0; i < 10; i++)
		secure_fault(m, i % 8);
	for (unsigned i = 0; i < 9; i++)
		fault(m, i % 8);
	submit(m, sync_irq(DOORBELL, 1));
	submit_secure(m, PREFETCH);
	submit_secure(m, sync_irq(DOORBELL, 1));
	const struct smmu3_stats stats = stats_of(m);

	ck_assert_uint_eq(stats.transactions, 19);
	ck_assert_uint_eq(stats.verdicts[SMMU3_ABORT], 19);
	ck_assert_uint_eq(stats.faults[C_BAD_STE], 19);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_EVENTQ], 16);
	ck_assert_uint_eq(stats.events_lost, 3);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_CMDQ], 3);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_MSI], 2);
	smmu3_stats_reset(m->smmu);
	ck_assert_uint_eq(stats_of(m).events_lost, 0);
	close_machine(m);
}
END_TEST

/* stats.h, SEC-002: the Secure stream of a number is another than the Non-secure one */
START_TEST(each_state_has_rows_of_its_own)
{
	struct machine *m = counting();
	struct smmu3_stream_stats row;

	secure_fault(m, 1);
	secure_fault(m, 2);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 1, &row), -SMMU3_E_NOT_FOUND);
	fault(m, 1);
	secure_fault(m, 1);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 1, &row), 0);
	ck_assert_uint_eq(row.transactions, 1);
	ck_assert_uint_eq(row.sec_sid, SMMU3_PAS_NS);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_SECURE, 1, &row), 0);
	ck_assert_uint_eq(row.transactions, 2);
	ck_assert_uint_eq(row.faults, 2);
	ck_assert_uint_eq(row.sid, 1);
	ck_assert_uint_eq(row.sec_sid, SMMU3_PAS_SECURE);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 2, &row), -SMMU3_E_NOT_FOUND);
	ck_assert_uint_eq(stats_of(m).other_streams, 0);
	close_machine(m);
}
END_TEST

static int note_row(void *context, const struct smmu3_stream_stats *row)
{
	unsigned *const seen = context;

	ck_assert_uint_eq(row->transactions, row->sec_sid == SMMU3_PAS_SECURE ? 2 : 1);
	seen[row->sec_sid] |= 1u << row->sid;
	return 0;
}

/* stats.h */
START_TEST(all_rows_are_listed_with_their_state)
{
	struct machine *m = counting();
	unsigned seen[SMMU3_PAS_SECURE + 1] = { 0 };

	fault(m, 1);
	secure_fault(m, 1);
	secure_fault(m, 1);
	ck_assert_int_eq(smmu3_stats_streams(m->smmu, note_row, seen), 0);
	ck_assert_uint_eq(seen[SMMU3_PAS_NS], 2);
	ck_assert_uint_eq(seen[SMMU3_PAS_SECURE], 2);
	close_machine(m);
}
END_TEST

static void count_events(struct machine *m, unsigned counter, uint32_t event)
{
	set_reg(m, EVTYPER + 4 * counter, event | 1u << 29); /* FILTER_SID_SPAN */
	set_reg(m, SMR + 4 * counter, UINT32_MAX);
	set_reg64(m, CNTENSET, UINT64_C(3));
	set_reg(m, PM_CR, 1);
}

/* 10.6: performance monitors that do not support Secure state see Non-secure streams alone */
START_TEST(performance_monitors_see_non_secure_streams_alone)
{
	struct machine *m = counting();

	count_events(m, 0, OF_TRANSACTIONS);
	count_events(m, 1, OF_CONFIG_MISSES);
	secure_fault(m, 1);
	secure_fault(m, 2);
	ck_assert_uint_eq(reg(m, COUNTER), 0);
	ck_assert_uint_eq(reg(m, COUNTER + 4), 0);
	fault(m, 1);
	ck_assert_uint_eq(reg(m, COUNTER), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, figures_are_of_both_states);
	tcase_add_test(tests, each_state_has_rows_of_its_own);
	tcase_add_test(tests, all_rows_are_listed_with_their_state);
	tcase_add_test(tests, performance_monitors_see_non_secure_streams_alone);
}

int main(void)
{
	return run("secure-stats", add);
}
