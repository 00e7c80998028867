/* SPDX-License-Identifier: MIT */
/* Many threads translate while others read figures and write registers: what is counted is what was
 * done, to the last one.  stats.h, chapter 10 */
#include "monitored.h"
#include "run.h"

#include <check.h>
#include <pthread.h>
#include <smmu/stats.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { DEVICES = 4, ROUNDS = 10000, DONE = DEVICES * ROUNDS, NO_STREAM = 4, C_BAD_STE = 4 };
#define TRANSACTIONS (1u | SPAN)
enum { STE_OF_EACH = 3 };

/* So near its end that counter 1 overflows once on the way. */
#define NEAR_THE_END (UINT32_MAX - DONE)

struct shared {
	struct machine *m;
	atomic_bool stop;
	atomic_uint strange;
};

/* A read of each stream: stage 1, stage 2, and one whose STE has V = 0. */
static void *run_device(void *context)
{
	struct shared *shared = context;

	for (unsigned n = 0; n < ROUNDS; n++) {
		const uint64_t page = PAGE(n % 8);
		const bool right = reached(shared->m, 1, page) == HERE + page &&
				   reached(shared->m, 2, page) == HERE + page &&
				   reached(shared->m, NO_STREAM, page) == NOWHERE;

		atomic_fetch_add(&shared->strange, !right);
	}
	return NULL;
}

/* Figures do not fall, and registers of the group are written meanwhile. */
static void *run_onlooker(void *context)
{
	struct shared *shared = context;
	uint64_t before = 0;

	while (!atomic_load(&shared->stop)) {
		struct smmu3_stats stats;

		(void)smmu3_stats_read(shared->m->smmu, &stats);
		atomic_fetch_add(&shared->strange, stats.transactions < before);
		before = stats.transactions;
		set_reg(shared->m, PM_IRQ_CTRL, before & 1);
		set_reg(shared->m, SMR0 + 4 * 7, (uint32_t)before); /* counter 7 is disabled */
	}
	return NULL;
}

static void run_all(struct shared *shared)
{
	pthread_t device[DEVICES], onlooker;

	ck_assert_int_eq(pthread_create(&onlooker, NULL, run_onlooker, shared), 0);
	for (unsigned i = 0; i < DEVICES; i++)
		ck_assert_int_eq(pthread_create(&device[i], NULL, run_device, shared), 0);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(device[i], NULL);
	atomic_store(&shared->stop, true);
	pthread_join(onlooker, NULL);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
}

/* Memory is a RAM window: the host's callbacks are not asked by many at once. */
static struct shared prepare(uint32_t places)
{
	struct machine *m = keeping(places);

	m->windows = m->quiet = true;
	m->config.stats_streams = 4;
	start_monitored(m, EIGHT_32);
	set_up(m, 0, TRANSACTIONS, ALL_STREAMS);
	set_up(m, 1, TRANSACTIONS, ALL_STREAMS);
	set_up(m, 2, TRANSACTIONS, 2);
	set_reg(m, EVTYPER0 + 4 * 2, 1); /* of StreamID 2 alone */
	set_reg(m, P1 + 4 * 1, NEAR_THE_END);
	set_reg64(m, OVSCLR, UINT64_MAX);
	return (struct shared){ .m = m };
}

static void expect_row(struct machine *m, uint32_t sid, uint64_t faults)
{
	struct smmu3_stream_stats row;

	ck_assert_int_eq(smmu3_stats_stream(m->smmu, SMMU3_PAS_NS, sid, &row), 0);
	ck_assert_uint_eq(row.transactions, DONE);
	ck_assert_uint_eq(row.faults, faults);
}

/* stats.h, 10.3, 10.4.1, 10.5.2.18: each transaction counts once, in the figures of the SMMU, of
 * its StreamID, and in every counter that is for it; a record is written or lost; what is looked up
 * is found or read.  A counter that wraps overflows once. */
START_TEST(what_is_counted_is_what_was_done)
{
	struct shared shared = prepare(_i ? 16 : 0);
	struct machine *m = shared.m;
	struct smmu3_stats stats;

	run_all(&shared);
	ck_assert_int_eq(smmu3_stats_read(m->smmu, &stats), 0);
	ck_assert_uint_eq(stats.transactions, 3 * DONE);
	ck_assert_uint_eq(stats.verdicts[SMMU3_OK], 2 * DONE);
	ck_assert_uint_eq(stats.verdicts[SMMU3_ABORT], DONE);
	ck_assert_uint_eq(stats.faults[C_BAD_STE], DONE);
	ck_assert_uint_eq(stats.accesses[SMMU3_REASON_EVENTQ] + stats.events_lost, DONE);
	if (!_i) {
		ck_assert_uint_eq(stats.accesses[SMMU3_REASON_STE], STE_OF_EACH * DONE);
		ck_assert_uint_eq(stats.accesses[SMMU3_REASON_CD], DONE);
		ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S1_TTD], 3 * DONE);
		ck_assert_uint_eq(stats.accesses[SMMU3_REASON_S2_TTD], 3 * DONE);
	} else {
		ck_assert_uint_eq(stats.cache[SMMU3_CACHE_STE].lookups, STE_OF_EACH * DONE);
		ck_assert_uint_eq(stats.cache[SMMU3_CACHE_STE].misses,
				  stats.accesses[SMMU3_REASON_STE]);
		ck_assert_uint_eq(stats.cache[SMMU3_CACHE_CD].lookups, DONE);
		ck_assert_uint_eq(stats.tlb.lookups, 2 * DONE);
		ck_assert_uint_eq(stats.tlb_misses, stats.tlb.misses);
	}
	expect_row(m, 1, 0);
	expect_row(m, 2, 0);
	expect_row(m, NO_STREAM, DONE);
	ck_assert_uint_eq(counter(m, 0), 3 * DONE);
	ck_assert_uint_eq(counter(m, 1), (uint32_t)(NEAR_THE_END + 3u * DONE));
	ck_assert_uint_eq(counter(m, 2), DONE);
	ck_assert_uint_eq(reg64(m, OVSSET), 2);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, what_is_counted_is_what_was_done, 0, 2);
}

int main(void)
{
	return run("stats-threads", add);
}
