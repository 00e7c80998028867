/* SPDX-License-Identifier: MIT */
/* Devices access memory while Root software edits their granule protection table, and switches
 * checks and accesses off and on.  6.3.112, 6.3.119 */
#include "keeping.h"
#include "rooted.h"
#include "run.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { DEVICES = 3, ROUNDS = 40 };

/* Of what may be done with TAKEN_AT. */
enum phase { GIVEN, BEING_TAKEN, TAKEN, BEING_GIVEN, PHASES };

#define TAKEN_AT (RAM_AT + 0x123000)

static struct {
	struct machine *m;
	atomic_bool stop;
	atomic_uint turn; /* modulo PHASES: enum phase */
	atomic_uint answers, strange, told;
} shared;

static bool is_strange(const struct smmu3_outcome *outcome, enum phase phase)
{
	if (phase == GIVEN)
		return outcome->verdict != SMMU3_OK || outcome->pa != TAKEN_AT ||
		       outcome->bytes != 4;
	return phase == TAKEN && outcome->verdict != SMMU3_ABORT;
}

/* What was taken away, or given, before it began is, if it still is. */
static void *run_device(void *context)
{
	(void)context;
	while (!atomic_load(&shared.stop)) {
		const unsigned turn = atomic_load(&shared.turn);
		const struct smmu3_outcome outcome = read_by(shared.m, 4, TAKEN_AT);

		if (is_strange(&outcome, turn % PHASES) && atomic_load(&shared.turn) == turn)
			atomic_fetch_add(&shared.strange, 1);
		atomic_fetch_add(&shared.answers, 1);
	}
	return NULL;
}

static void on_interrupt(void *context, enum smmu3_interrupt interrupt)
{
	(void)context;
	atomic_fetch_add(&shared.told, interrupt == SMMU3_INTERRUPT_GPF_FAR);
}

/* Memory is a RAM window in each PA space. */
static void prepare(uint32_t places)
{
	struct machine *m = rooted_machine();
	const struct smmu3_host host = { .size = sizeof(host), .interrupt = on_interrupt };

	keep_at_most(m, places);
	m->smmu = smmu3_create(&m->config, &host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_NS),
				       m->ram),
			 0);
	ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES, SMMU3_PAS_BIT(SMMU3_PAS_ROOT),
				       m->root),
			 0);
	open_queues(m);
	make_streams(m);
	start_root(m);
	set_reg(m, CR0, CMDQEN | SMMUEN);
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
		set_root64(shared.m, GPF_FAR, 0);
	}
	atomic_store(&shared.stop, true);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	ck_assert_uint_gt(atomic_load(&shared.told), 0);
	close_machine(shared.m);
}

/* The entry with the granule of TAKEN_AT. */
static void store_entry(struct machine *m, uint64_t entry)
{
	const uint64_t at = GRANULES_AT + (TAKEN_AT & (GB - 1)) / 0x10000 * 8;

	__atomic_store_n(root_ram_at(m, at), entry, __ATOMIC_RELEASE);
	set_root64(m, ROOT_TLBI, TAKEN_AT);
	set_root(m, ROOT_TLBI_CTRL, 1);
	while (root_reg(m, ROOT_TLBI_CTRL))
		sched_yield();
}

static void next_phase(void)
{
	atomic_fetch_add(&shared.turn, 1);
}

static void take_and_give(struct machine *m)
{
	next_phase();
	store_entry(m, ~UINT64_C(0xf000));
	next_phase();
	let_them_on();
	next_phase();
	store_entry(m, UINT64_MAX);
	next_phase();
	let_them_on();
}

/* RME-023: after an invalidation by PA nobody passes what was taken away, and nobody is refused
 * what was given */
START_TEST(after_an_invalidation_the_table_is_obeyed)
{
	static const uint32_t places[] = { 0, 1, 64 };

	race(places[_i], take_and_give);
}
END_TEST

static void set_enables(struct machine *m, uint32_t value)
{
	set_root(m, ROOT_CR0, value);
	while (root_reg(m, ROOT_CR0ACK) != value)
		sched_yield();
}

static void stop_and_go(struct machine *m)
{
	next_phase();
	set_enables(m, GPCEN);
	next_phase();
	let_them_on();
	next_phase();
	set_enables(m, ACCESSEN);
	set_enables(m, ACCESSEN | GPCEN);
	next_phase();
	let_them_on();
}

/* RME-004: after ACCESSEN = 0 is acknowledged nothing is let through that begins */
START_TEST(after_an_acknowledgement_the_enables_are_obeyed)
{
	race(_i ? 64 : 0, stop_and_go);
}
END_TEST

/* ---- Transactions that are long ---- */

/* What one that began before Root software asked does: it waits in its first read until another has
 * begun. */
static struct {
	atomic_bool reads, let_go;
	pthread_t first;
	uint64_t seen; /* inside the other, when the first is done */
} both;

static void wait_inside(struct machine *m, const struct happening *now)
{
	(void)m;
	if (now->kind != READS)
		return;
	atomic_store(&both.reads, true);
	while (!atomic_load(&both.let_go))
		sched_yield();
}

static void let_the_first_end(struct machine *m, const struct happening *now)
{
	if (now->kind != READS)
		return;
	m->inside = NULL;
	atomic_store(&both.let_go, true);
	pthread_join(both.first, NULL);
	both.seen = root_reg64(m, ROOT_CR0);
}

static void *run_first(void *context)
{
	(void)read_by(context, 4, TAKEN_AT);
	return NULL;
}

/* RME-003, RME-004: an Update waits for transactions that began before it, and for none that began
 * after it: devices that never rest do not keep it from being acknowledged */
START_TEST(an_update_waits_for_no_transaction_that_begins_after_it)
{
	const uint32_t before = _i ? ACCESSEN : ACCESSEN | GPCEN;
	const uint32_t after = before ^ GPCEN;
	struct machine *m = rooted_machine();
	struct smmu3_outcome outcome;

	m->config.caches = (struct smmu3_caches){ 0 };
	start_rooted_machine(m);
	make_streams(m);
	update_root(m, before);
	atomic_store(&both.reads, false);
	atomic_store(&both.let_go, false);
	m->inside = wait_inside;
	ck_assert_int_eq(pthread_create(&both.first, NULL, run_first, m), 0);
	while (!atomic_load(&both.reads))
		sched_yield();
	set_root(m, ROOT_CR0, after);
	ck_assert_uint_eq(root_reg64(m, ROOT_CR0), (uint64_t)before << 32 | after);
	m->inside = let_the_first_end;
	outcome = read_by(m, 4, TAKEN_AT);
	ck_assert_uint_eq(outcome.verdict, SMMU3_OK);
	ck_assert_uint_eq(both.seen, (uint64_t)after << 32 | after);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, after_an_invalidation_the_table_is_obeyed, 0, 3);
	tcase_add_loop_test(tests, after_an_acknowledgement_the_enables_are_obeyed, 0, 2);
	tcase_add_loop_test(tests, an_update_waits_for_no_transaction_that_begins_after_it, 0, 2);
}

int main(void)
{
	return run("root-threads", add);
}
