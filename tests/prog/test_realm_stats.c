/* SPDX-License-Identifier: MIT */
/* What is counted of the Realm state: with that of the others, but for single streams and
 * performance monitors.  stats.h, 10.6 */
#include "counted.h"
#include "realm.h"
#include "run.h"

#include <check.h>

enum { C_BAD_STE = 0x04 };

/* Registers of performance monitors, 10.5: four counters of 32 bits, of all streams. */
enum { COUNTER = 0xc0000, EVTYPER = 0xb0400, SMR = 0xb0a00, CNTENSET = 0xb0c00, PM_CR = 0xb0e04 };
#define FOUR_32 (3u | 31u << 8 | 1u << 20)

static struct machine *counting(void)
{
	struct machine *m = realm_machine();

	m->config.idr[3] &= ~(1u << 5); /* PPS */
	m->config.statistics = 1;
	m->config.stats_streams = 8;
	m->config.pmcg_cfgr = FOUR_32;
	m->quiet = true;
	start_realm_machine(m);
	return m;
}

static void request_page(struct machine *m, unsigned flags)
{
	const struct smmu3_page_request page = { .addr = 0x7000,
						 .sid = 3,
						 .ssid = 5,
						 .flags = (uint16_t)flags,
						 .sec_sid = SMMU3_PAS_REALM };

	ck_assert_int_eq(smmu3_page_request(m->smmu, &page), 0);
}

/* stats.h: figures of the whole SMMU are sums over the states; here transactions, faults, what
 * queues read and wrote, and lost records */
START_TEST(figures_are_of_every_state)
{
	struct machine *m = counting();

	for (unsigned i = 0; i < 10; i++)
		realm_fault(m, i % 8);
	fault(m, 1);
	secure_fault(m, 1);
	submit_realm(m, PREFETCH);
	submit_realm(m, sync_irq(DOORBELL, 1));
	request_page(m, SMMU3_PAGE_READ);
	const struct smmu3_stats stats = stats_of(m);

	ck_assert_uint_eq(stats.transactions, 12);
	ck_assert_uint_eq(stats.faults[C_BAD_STE], 12);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_EVENTQ], 10);
	ck_assert_uint_eq(stats.events_lost, 2);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_CMDQ], 2);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_MSI], 1);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_PRIQ], 1);
	close_machine(m);
}
END_TEST

/* stats.h, 10.6: the Realm stream of a number has a row of its own, and its reads count there, also
 * of the STE that is read for an answer to its endpoint; performance monitors see Non-secure
 * streams alone */
START_TEST(rows_are_of_one_state_and_monitors_of_non_secure_streams)
{
	struct machine *m = counting();
	struct smmu3_stream_stats row;

	set_reg(m, EVTYPER, 1 | 1u << 29); /* transactions; FILTER_SID_SPAN */
	set_reg(m, SMR, UINT32_MAX);
	set_reg64(m, CNTENSET, 1);
	set_reg(m, PM_CR, 1);
	fault(m, 3);
	realm_fault(m, 3);
	for (unsigned i = 0; i < 4; i++)
		request_page(m, SMMU3_PAGE_READ);
	request_page(m, SMMU3_PAGE_SSV | SMMU3_PAGE_READ | SMMU3_PAGE_LAST);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, 3, &row), 0);
	ck_assert_uint_eq(row.transactions, 1);
	ck_assert_uint_eq(row.config_accesses, 1);
	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_REALM, 3, &row), 0);
	ck_assert_uint_eq(row.transactions, 1);
	ck_assert_uint_eq(row.config_accesses, 2);
	ck_assert_uint_eq(row.sec_sid, SMMU3_PAS_REALM);
	ck_assert_uint_eq(stats_of(m).accesses[SMMU3_REASON_STE], 3);
	ck_assert_uint_eq(stats_of(m).other_streams, 0);
	ck_assert_uint_eq(reg(m, COUNTER), 1);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, figures_are_of_every_state);
	tcase_add_test(tests, rows_are_of_one_state_and_monitors_of_non_secure_streams);
}

int main(void)
{
	return run("realm-stats", add);
}
