/* SPDX-License-Identifier: MIT */
/* Devices that stall at once, and a driver that answers: no stall is lost, none ends twice. */
#include "run.h"
#include "stalls.h"
#include "support/cached.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { DEVICES = 3, ACCESSES = 300, PLACES = 4, COOKIES = DEVICES * ACCESSES };

/* Memory is a RAM window.  Of each access: how often it ended. */
struct shared {
	struct machine *m;
	struct smmu3 *smmu;
	atomic_uint ends[COOKIES], retries[COOKIES];
	atomic_uint total; /* ends */
	atomic_uint inside, strange, finished;
};

static void on_stall_ended(void *context, const struct smmu3_stall *stall)
{
	struct shared *shared = context;

	if (atomic_fetch_add(&shared->inside, 1) || stall->cookie >= COOKIES ||
	    stall->sid != 1 + stall->cookie / ACCESSES || stall->sec_sid != SMMU3_PAS_NS)
		atomic_fetch_add(&shared->strange, 1);
	atomic_fetch_add(stall->end == SMMU3_STALL_RETRY ? &shared->retries[stall->cookie] :
							   &shared->ends[stall->cookie],
			 1);
	atomic_fetch_add(&shared->total, 1);
	atomic_fetch_sub(&shared->inside, 1);
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
}

static void make(struct shared *shared)
{
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = shared,
					 .stall_ended = on_stall_ended };
	struct machine *m = stalling(PLACES);

	m->smmu = smmu3_create(&m->config, &host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	cached_made(&m->config);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       m->ram),
			 0);
	m->eventq_lg2 = 1; /* and is often full */
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	shared->m = m;
	shared->smmu = m->smmu;
}

/* ---- Devices ---- */

struct device {
	struct shared *shared;
	uint32_t sid;
};

/* Asks until the SMMU holds the access, or it need not be held; whether it is. */
static bool ask_for(const struct device *device, const struct smmu3_txn *txn)
{
	struct smmu3_outcome outcome;
	unsigned before;

	for (;;) {
		before = atomic_load(&device->shared->total);
		if (smmu3_translate(device->shared->smmu, txn, &outcome) != SMMU3_BUSY)
			return outcome.verdict == SMMU3_STALLED;
		/* room comes with the next end */
		while (atomic_load(&device->shared->total) == before)
			nap();
	}
}

/* One access after the other, each asked for until its wait ends with something else than a retry
 */
static void *run_device(void *context)
{
	const struct device *device = context;
	struct shared *shared = device->shared;

	for (unsigned i = 0; i < ACCESSES; i++) {
		const uint64_t cookie = (device->sid - 1) * ACCESSES + i;
		const struct smmu3_txn txn = {
			.addr = INPUT, .bytes = 4, .sid = device->sid, .cookie = cookie
		};
		unsigned asked = 0;

		while (!atomic_load(&shared->ends[cookie])) {
			if (atomic_load(&shared->retries[cookie]) < asked) {
				nap(); /* held */
				continue;
			}
			if (!ask_for(device, &txn))
				break;
			asked++;
		}
	}
	atomic_fetch_add(&shared->finished, 1);
	return NULL;
}

static void run_all(struct shared *shared, void (*drive)(struct shared *shared))
{
	struct device devices[DEVICES];
	pthread_t threads[DEVICES];

	for (uint32_t i = 0; i < DEVICES; i++) {
		devices[i] = (struct device){ shared, 1 + i };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_device, &devices[i]), 0);
	}
	while (atomic_load(&shared->finished) < DEVICES)
		drive(shared);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(threads[i], NULL);
	drive(shared);
}

/* ---- Drivers ---- */

/* Takes every record, and answers each stall: every third is retried. */
static void answer_records(struct shared *shared)
{
	struct machine *m = shared->m;
	const uint32_t prod = reg(m, EVENTQ_PROD);

	for (uint32_t i = reg(m, EVENTQ_CONS); i != prod; i = (i + 1) & ((2u << m->eventq_lg2) - 1))
		submit(m, resume(sid_of(m, i), stag_of(m, i), i % 3 ? ABORT : RETRY));
	set_reg(m, EVENTQ_CONS, prod);
}

/* STALL-04, STALL-09, STALL-17, STALL-19, STALL-21, EVTQ-004, EVTQ-009: three devices share four
 * places and two records; every access is in the end aborted by its own resume, once */
START_TEST(threads_that_stall_lose_nothing)
{
	struct shared *shared = calloc(1, sizeof(*shared));

	make(shared);
	run_all(shared, answer_records);
	for (unsigned i = 0; i < COOKIES; i++)
		ck_assert_uint_eq(atomic_load(&shared->ends[i]), 1);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
	ck_assert_uint_eq(reg(shared->m, GERROR), 0);
	ck_assert_uint_eq(reg(shared->m, EVENTQ_PROD), reg(shared->m, EVENTQ_CONS)); /* no OVFLG */
	close_machine(shared->m);
	free(shared);
}
END_TEST

/* Terminates streams, disables and enables, whatever stalls. */
static void terminate(struct shared *shared)
{
	struct machine *m = shared->m;

	for (uint32_t sid = 1; sid <= DEVICES; sid++)
		submit(m, stall_term(sid));
	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	while (reg(m, CR0ACK) & SMMUEN)
		nap();
	const unsigned total = atomic_load(&shared->total);

	nap(); /* acknowledged, nobody is left to end */
	if (atomic_load(&shared->total) != total)
		atomic_fetch_add(&shared->strange, 1);
	set_reg(m, CR0, CMDQEN | SMMUEN);
	nap();
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

/* CR-016, STALL-12, STALL-15, CMD-STALL-TERM: accesses race with what ends them all: whoever is
 * held is ended, once; whoever is not has passed */
START_TEST(threads_that_stall_while_all_is_terminated)
{
	struct shared *shared = calloc(1, sizeof(*shared));

	make(shared);
	run_all(shared, terminate);
	for (unsigned i = 0; i < COOKIES; i++)
		ck_assert_uint_le(atomic_load(&shared->ends[i]), 1);
	const unsigned total = atomic_load(&shared->total);

	set_reg(shared->m, CR0, 0); /* nobody is left */
	ck_assert_uint_eq(atomic_load(&shared->total), total);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
	close_machine(shared->m);
	free(shared);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, threads_that_stall_lose_nothing);
	tcase_add_test(tests, threads_that_stall_while_all_is_terminated);
}

int main(void)
{
	return run("stall-threads", add);
}
