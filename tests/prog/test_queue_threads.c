/* SPDX-License-Identifier: MIT */
/* Queues that several threads use at once: no record and no command is lost or doubled. */
#include "driver.h"
#include "run.h"
#include "support/cached.h"

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

enum { DEVICES = 3, FAULTS = 400, COMMANDS = 600 };

/* A system without state of its own but these; memory is a RAM window. */
struct shared {
	struct machine *m;
	struct smmu3 *smmu;
	atomic_uint invalidations, interrupts;
	atomic_uint inside; /* callbacks of the queues at this moment */
	atomic_uint strange;
};

/* Callbacks take their time: others find one under way, and more records than can wait. */
static void enter(struct shared *shared)
{
	if (atomic_fetch_add(&shared->inside, 1))
		atomic_fetch_add(&shared->strange, 1);
	nanosleep(&(struct timespec){ .tv_nsec = 50000 }, NULL);
}

static void leave(struct shared *shared)
{
	atomic_fetch_sub(&shared->inside, 1);
}

static void on_invalidate(void *context, const struct smmu3_invalidation *scope)
{
	struct shared *shared = context;

	enter(shared);
	if (scope->sid != atomic_fetch_add(&shared->invalidations, 1))
		atomic_fetch_add(&shared->strange, 1);
	leave(shared);
}

static void on_written(void *context, const struct smmu3_mem_access *access)
{
	(void)access;
	enter(context);
	leave(context);
}

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	struct shared *shared = context;

	(void)interrupt;
	enter(shared);
	atomic_fetch_add(&shared->interrupts, 1);
	leave(shared);
}

static void make_machine(struct machine *m, const struct smmu3_host *host)
{
	m->smmu = smmu3_create(&m->config, host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	cached_made(&m->config);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       m->ram),
			 0);
	set_reg64(m, STRTAB_BASE, STREAMS_AT);
	set_reg(m, STRTAB_BASE_CFG, 3);
	set_reg64(m, CMDQ_BASE, COMMANDS_AT | m->cmdq_lg2);
	set_reg64(m, EVENTQ_BASE, EVENTS_AT | m->eventq_lg2);
	set_reg(m, IRQ_CTRL, EVENTQ_IRQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

static void make(struct shared *shared)
{
	const struct smmu3_host host = {
		.size = sizeof(host),
		.context = shared,
		.written = on_written,
		.interrupt = on_interrupt,
		.invalidate = on_invalidate,
	};

	shared->m = machine("linux-session");
	shared->m->cmdq_lg2 = 10;
	shared->m->eventq_lg2 = 11;
	make_machine(shared->m, &host);
	shared->smmu = shared->m->smmu;
}

/* A device, whose StreamID and address tell its accesses apart. */
struct device {
	struct shared *shared;
	uint32_t sid;
};

static void *run_device(void *context)
{
	const struct device *device = context;
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4, .sid = device->sid };
	struct smmu3_outcome outcome;

	for (unsigned i = 0; i < FAULTS; i++)
		if (smmu3_translate(device->shared->smmu, &txn, &outcome) != SMMU3_ABORT)
			atomic_fetch_add(&device->shared->strange, 1);
	return NULL;
}

static void run_driver(struct shared *shared)
{
	for (unsigned i = 0; i < COMMANDS; i++)
		submit(shared->m, (struct command){ { 0x03 | (uint64_t)i << 32, 0 } });
}

/* What one thread finds the other at work on is done when that one has returned. */
static void expect_everything(struct shared *shared)
{
	struct machine *m = shared->m;
	unsigned records[DEVICES] = { 0 };

	ck_assert_uint_eq(reg(m, CMDQ_CONS), COMMANDS);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), DEVICES * FAULTS);
	ck_assert_uint_eq(reg(m, GERROR), 0);
	ck_assert_uint_eq(atomic_load(&shared->invalidations), COMMANDS);
	ck_assert_uint_eq(atomic_load(&shared->interrupts), 1);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
	for (unsigned i = 0; i < DEVICES * FAULTS; i++) {
		const uint64_t word = *ram_at(m, event_at(m, i));

		ck_assert_uint_eq((uint32_t)word, 0x04);
		ck_assert_uint_lt(word >> 32, DEVICES);
		records[word >> 32]++;
	}
	for (unsigned i = 0; i < DEVICES; i++)
		ck_assert_uint_eq(records[i], FAULTS);
}

/* EVTQ-009, EVTQ-010, CMDQ-004, IRQ-002 */
START_TEST(threads_that_fault_and_submit_lose_nothing)
{
	struct shared shared = { 0 };
	struct device devices[DEVICES];
	pthread_t threads[DEVICES];

	make(&shared);
	for (uint32_t i = 0; i < DEVICES; i++) {
		devices[i] = (struct device){ &shared, i };
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_device, &devices[i]), 0);
	}
	run_driver(&shared);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(threads[i], NULL);
	expect_everything(&shared);
	close_machine(shared.m);
}
END_TEST

/* ---- A host that waits for its devices ---- */

/* The device is inside an access with more faults than can wait, and the host, told to invalidate,
 * waits for its end. */
struct standoff {
	struct smmu3 *smmu;
	pthread_mutex_t accesses;
	atomic_bool invalidating, entered, ended;
};

static void wait_for(atomic_bool *flag)
{
	while (!atomic_load(flag))
		nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void on_invalidate_wait(void *context, const struct smmu3_invalidation *scope)
{
	struct standoff *standoff = context;

	(void)scope;
	atomic_store(&standoff->invalidating, true);
	wait_for(&standoff->entered);
	pthread_mutex_lock(&standoff->accesses);
	atomic_store(&standoff->ended, true);
	pthread_mutex_unlock(&standoff->accesses);
}

enum { MORE_THAN_WAIT = 66 };

static void *run_burst(void *context)
{
	struct standoff *standoff = context;
	const struct smmu3_txn txn = { .addr = 0x1000, .bytes = 4, .sid = 1 };
	struct smmu3_outcome outcome;

	wait_for(&standoff->invalidating);
	pthread_mutex_lock(&standoff->accesses);
	atomic_store(&standoff->entered, true);
	for (unsigned i = 0; i < MORE_THAN_WAIT; i++)
		smmu3_translate(standoff->smmu, &txn, &outcome);
	pthread_mutex_unlock(&standoff->accesses);
	return NULL;
}

/* EVTQ-003, EVTQ-010: an access does not wait for a callback without end: its record is lost, and
 * that is told */
START_TEST(a_callback_may_wait_for_accesses)
{
	struct standoff standoff = { .accesses = PTHREAD_MUTEX_INITIALIZER };
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = &standoff,
					 .invalidate = on_invalidate_wait };
	struct machine *m = machine("linux-session");
	pthread_t device;

	m->eventq_lg2 = 11;
	make_machine(m, &host);
	standoff.smmu = m->smmu;
	ck_assert_int_eq(pthread_create(&device, NULL, run_burst, &standoff), 0);
	submit(m, CFGI_ALL);
	pthread_join(device, NULL);
	ck_assert(atomic_load(&standoff.ended));
	ck_assert_uint_eq(reg(m, CMDQ_CONS), 1);
	ck_assert_uint_eq(reg(m, EVENTQ_PROD), UINT32_C(1) << 31 | 64);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, threads_that_fault_and_submit_lose_nothing);
	tcase_add_test(tests, a_callback_may_wait_for_accesses);
}

int main(void)
{
	return run("queue-threads", add);
}
