/* SPDX-License-Identifier: MIT */
/* Endpoints send Translated transactions while a driver edits their Device Permission Table, and
 * switches its walks off and on.  3.24.5, 6.3.9 */
#include "keeping.h"
#include "permitted.h"
#include "support/suite.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { DEVICES = 3, ROUNDS = 200 };

static struct {
	struct machine *m;
	atomic_bool stop, off; /* off: walks are, acknowledged */
	atomic_uint turn;      /* odd: page 0 is taken away */
	atomic_uint answers, strange;
} shared;

static void *run_device(void *context)
{
	(void)context;
	for (unsigned n = 0; !atomic_load(&shared.stop); n++) {
		const unsigned turn = atomic_load(&shared.turn);
		const struct smmu3_outcome outcome = translated(shared.m, GB1, 0);

		/* what was taken away before it began does not pass, if it is still so */
		if (turn % 2 && outcome.verdict == SMMU3_OK && atomic_load(&shared.turn) == turn)
			atomic_fetch_add(&shared.strange, 1);
		atomic_fetch_add(&shared.answers, 1);
	}
	return NULL;
}

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct machine *m = context;
	uint64_t *word = data;

	if (access->reason == SMMU3_REASON_DPT) {
		nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
		atomic_fetch_add(&shared.strange, atomic_load(&shared.off));
	}
	for (uint64_t i = 0; i < access->bytes / 8; i++)
		word[i] = __atomic_load_n(ram_at(m, access->pa + 8 * i), __ATOMIC_ACQUIRE);
	return SMMU3_MEM_OK;
}

/* Records are of no interest: there is no Event queue. */
static void prepare(uint32_t places)
{
	struct machine *m = dpt_machine();
	const struct smmu3_host host = { .size = sizeof(host), .context = m, .read = on_read };

	keep_at_most(m, places);
	m->smmu = smmu3_create(&m->config, &host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	open_queues(m);
	put_level0(m, 1, LEVEL1_AT | 3);
	put_level1(m, 0, 3 | GRANT_ANY | UPPER(GRANT_ANY));
	set_reg64(m, DPT_BASE, LEVEL0_AT);
	set_reg(m, DPT_BASE_CFG, CFG_OF(1, 0, 0));
	set_reg(m, CR0, CMDQEN | SMMUEN | ATSCHK | DPT_WALK_EN);
	shared.m = m;
}

static void let_them_on(void)
{
	const unsigned before = atomic_load(&shared.answers);

	while (atomic_load(&shared.answers) - before < DEVICES)
		sched_yield();
}

static void race(unsigned places, void (*round)(struct machine *m))
{
	pthread_t threads[DEVICES];

	atomic_store(&shared.stop, false);
	prepare(places);
	for (unsigned i = 0; i < DEVICES; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_device, NULL), 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		round(shared.m);
		let_them_on();
	}
	atomic_store(&shared.stop, true);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	close_machine(shared.m);
}

static void store_level1(struct machine *m, uint64_t descriptor)
{
	__atomic_store_n(ram_at(m, LEVEL1_AT), descriptor, __ATOMIC_RELEASE);
}

static void take_and_give(struct machine *m)
{
	store_level1(m, 2 | UPPER(GRANT_ANY));
	finish(m, dpti_pa(GB1, 0, 1));
	atomic_fetch_add(&shared.turn, 1);
	let_them_on();
	atomic_fetch_add(&shared.turn, 1);
	store_level1(m, 3 | GRANT_ANY | UPPER(GRANT_ANY));
}

/* CMD-DPTI-2, CMD-SYNC-6, DPT-09: what was removed comes back by no walk that was under way */
START_TEST(after_a_sync_nobody_passes_what_was_taken_away)
{
	static const uint32_t places[] = { 0, 1, 64 };

	race(places[_i], take_and_give);
}
END_TEST

static void switch_off_and_on(struct machine *m)
{
	set_reg(m, CR0, CMDQEN | SMMUEN | ATSCHK);
	while (reg(m, CR0ACK) & DPT_WALK_EN)
		sched_yield();
	atomic_store(&shared.off, true);
	let_them_on();
	atomic_store(&shared.off, false);
	update(m, CR0, CMDQEN | SMMUEN | ATSCHK | DPT_WALK_EN);
}

/* CR-021: once it is acknowledged, nothing of the table is fetched */
START_TEST(walks_that_are_acknowledged_as_disabled_fetch_nothing)
{
	race(0, switch_off_and_on);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("dpt_threads");
	TCase *tests = tcase_create("dpt_threads");

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, after_a_sync_nobody_passes_what_was_taken_away, 0, 3);
	tcase_add_test(tests, walks_that_are_acknowledged_as_disabled_fetch_nothing);
	return suite;
}

int main(void)
{
	return run_checks(suite());
}
