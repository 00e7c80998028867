/* SPDX-License-Identifier: MIT */
/* Software and devices of two Security states at once: no record and no command of either is lost
 * or doubled, and each state's come in order. */
#include "run.h"
#include "secure.h"
#include "support/cached.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS = 400, COMMANDS = 600, THREADS = 4 };

/* Memory is a RAM window in each PA space. */
struct shared {
	struct machine *m;
	struct smmu3 *smmu;
	atomic_uint invalidations[2]; /* by SEC_SID */
	atomic_uint all;              /* of INV_ALL */
	atomic_uint inside, strange;
};

/* Each state's commands name StreamIDs in ascending order; one callback at a time. */
static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct shared *shared = context;

	if (atomic_fetch_add(&shared->inside, 1))
		atomic_fetch_add(&shared->strange, 1);
	if (scope->kind == SMMU3_INVALIDATES_ALL)
		atomic_fetch_add(&shared->all, 1);
	else if (scope->sid != atomic_fetch_add(&shared->invalidations[scope->sec_sid], 1))
		atomic_fetch_add(&shared->strange, 1);
	atomic_fetch_sub(&shared->inside, 1);
}

static void add_memory(struct machine *m)
{
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       m->ram),
			 0);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_SECURE),
				       m->secure),
			 0);
}

static struct shared *make(void)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = shared,
					 .invalidate = on_invalidate };
	struct machine *m = secure_machine();

	m->cmdq_lg2 = 4;
	m->eventq_lg2 = 10;
	m->smmu = smmu3_create(&m->config, &host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	cached_made(&m->config);
	add_memory(m);
	open_queues(m);
	open_secure_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	shared->m = m;
	shared->smmu = m->smmu;
	return shared;
}

static void *run_device(void *context)
{
	const struct shared *shared = context;

	for (unsigned i = 0; i < FAULTS; i++)
		fault(shared->m, i % 8);
	return NULL;
}

static void *run_secure_device(void *context)
{
	const struct shared *shared = context;

	for (unsigned i = 0; i < FAULTS; i++)
		secure_fault(shared->m, i % 8);
	return NULL;
}

static struct command cfgi_ste(unsigned n, uint64_t ssec)
{
	return (struct command){ { 0x03 | ssec | (uint64_t)n << 32, 1 } };
}

static void *run_driver(void *context)
{
	struct machine *m = ((const struct shared *)context)->m;

	for (unsigned i = 0; i < COMMANDS; i++) {
		submit(m, cfgi_ste(i, 0));
		while (reg(m, CMDQ_CONS) != m->prod)
			;
	}
	return NULL;
}

/* And invalidates all, and forbids and allows stalls that nobody makes. */
static void *run_secure_driver(void *context)
{
	struct machine *m = ((const struct shared *)context)->m;

	for (unsigned i = 0; i < COMMANDS; i++) {
		if (i % 16 == 0)
			set_secure(m, S_INIT, 1);
		set_secure(m, CR0, CMDQEN | EVENTQEN | SMMUEN | (i & 8 ? NSSTALLD : 0));
		submit_secure(m, cfgi_ste(i, SSEC));
		while (secure_reg(m, CMDQ_CONS) != m->s_prod || secure_reg(m, S_INIT))
			;
	}
	return NULL;
}

/* As many of each StreamID as there were. */
static void expect_records(const uint64_t *records)
{
	unsigned of[8] = { 0 };

	for (unsigned i = 0; i < FAULTS; i++) {
		ck_assert_uint_eq(records[4 * i] & 0xff, 4); /* C_BAD_STE */
		of[records[4 * i] >> 32 & 7]++;
	}
	for (unsigned i = 0; i < 8; i++)
		ck_assert_uint_eq(of[i], FAULTS / 8);
}

/* SEC-010, SEC-019, Q-018, CMDQ-004, EVTQ-004, GBP-010 */
START_TEST(two_states_work_at_once)
{
	void *(*const runs[THREADS])(void *) = { run_device, run_secure_device, run_driver,
						 run_secure_driver };
	struct shared *shared = make();
	struct machine *m = shared->m;
	pthread_t threads[THREADS];

	for (unsigned i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, runs[i], shared), 0);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
	ck_assert_uint_eq(atomic_load(&shared->invalidations[SMMU3_PAS_NS]), COMMANDS);
	ck_assert_uint_eq(atomic_load(&shared->invalidations[SMMU3_PAS_SECURE]), COMMANDS);
	ck_assert_uint_eq(atomic_load(&shared->all), (COMMANDS + 15) / 16);
	ck_assert_uint_eq(reg(m, GERROR) | secure_reg(m, GERROR), 0);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), FAULTS);
	ck_assert_uint_eq(secure_reg(m, S_EVENTQ_PROD), FAULTS);
	expect_records(ram_at(m, EVENTS_AT));
	expect_records(secure_at(m, EVENTS_AT));
	close_machine(m);
	free(shared);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, two_states_work_at_once);
}

int main(void)
{
	return run("secure-threads", add);
}
