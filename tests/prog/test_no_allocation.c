/* SPDX-License-Identifier: MIT */
/* In steady state nothing is allocated, whatever is asked for: a million operations of every kind,
 * after some of each.  port.h, smmu.h */
#include "ported.h"
#include "run.h"
#include "stalls.h"

#include <check.h>
#include <stdlib.h>

/* ---- Counting ---- */

/* Volatile: a compiler knows malloc to change nothing of ours. */
static volatile struct {
	bool on;
	unsigned long calls;
} allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations.calls += allocations.on;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	allocations.calls += allocations.on;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *at, size_t size)
{
	allocations.calls += allocations.on;
	return __real_realloc(at, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	allocations.calls += allocations.on;
	return __real_aligned_alloc(alignment, size);
}

/* ---- Operations ---- */

enum { BATCH = 16, OPERATIONS = 1000000 };

static struct {
	struct ported p;
	uint64_t random;
	unsigned long hits, misses, events, stalls;
} run_of;

static unsigned chance(unsigned n)
{
	run_of.random = run_of.random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(run_of.random >> 33) % n;
}

/* Of streams that translate, bypass, stall, and have no legal STE; pages that are there or not. */
static struct smmu3_txn some_access(void)
{
	return (struct smmu3_txn){ .addr = PAGE(chance(5)),
				   .bytes = 4,
				   .sid = 1 + chance(chance(4) ? 3 : 7),
				   .flags = (uint16_t)(chance(8) << 1) };
}

static void note(const struct smmu3_outcome *outcome)
{
	run_of.events += outcome->recorded;
	run_of.stalls += outcome->verdict == SMMU3_STALLED;
}

static void translate_somehow(void)
{
	const struct smmu3_txn txn = some_access();
	const enum way way = txn.sid > SPACES ? BY_PORT : (enum way)chance(WAYS);
	const bool hit = smmu3_port_hit(run_of.p.port, &txn).word != 0;
	const struct smmu3_outcome outcome = outcome_of(&run_of.p, &txn, way);

	run_of.hits += hit;
	run_of.misses += !hit;
	note(&outcome);
}

static void translate_batch(void)
{
	struct smmu3_txn txn[BATCH];
	struct smmu3_outcome outcome[BATCH];

	for (unsigned i = 0; i < BATCH; i++)
		txn[i] = some_access();
	smmu3_port_translate_batch(run_of.p.port, txn, outcome, BATCH);
	for (unsigned i = 0; i < BATCH; i++)
		note(&outcome[i]);
}

static void invalidate_something(void)
{
	const struct command rows[] = { nh_va(3, 5, PAGE(1), 1),
					nh_asid(3, 5),
					nh_all(5),
					s2_ipa(4, PAGE(2), 1),
					cfgi_ste(1, 1),
					cfgi_cd(3, 0, 1),
					CFGI_ALL,
					NSNH_ALL,
					PREFETCH };

	submit_with_sync(run_of.p.m, rows[chance(COUNT(rows))]);
}

static void broadcast_something(void)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGES,
						  .vmid = 3,
						  .any_asid = 1 };

	(void)smmu3_broadcast_tlbi(run_of.p.m->smmu, &scope);
}

static void use_section(void)
{
	smmu3_port_begin(run_of.p.port);
	translate_batch();
	invalidate_something();
	smmu3_port_end(run_of.p.port);
}

static void look_at_registers(void)
{
	struct machine *m = run_of.p.m;

	set_reg(m, EVENTQ_CONS, reg(m, EVENTQ_PROD));
	(void)reg(m, CMDQ_CONS);
	(void)reg(m, GERROR);
}

static void change_registers(void)
{
	struct machine *m = run_of.p.m;

	submit(m, stall_term(6));
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	m->seen_count = 0;
}

static void operate(void)
{
	const unsigned what = chance(100);

	if (what < 60)
		translate_somehow();
	else if (what < 70)
		translate_batch();
	else if (what < 80)
		invalidate_something();
	else if (what < 82)
		broadcast_something();
	else if (what < 90)
		use_section();
	else if (what < 98)
		look_at_registers();
	else
		change_registers();
}

static void open_everything(bool window)
{
	struct machine *m = portable(64, window);

	m->config.idr[0] &= ~(UINT32_C(3) << 24); /* STALL_MODEL: both */
	m->config.idr[5] |= UINT32_C(64) << 16;   /* STALL_MAX */
	m->quiet = true;
	start_machine(m);
	run_of.p = open_ported(m);
	run_of.random = 1;
	make_stream(m, 6, S1_ONLY);
	put_ste(m, 7, ste_of(BYPASSES, 0));
}

/* port.h, smmu.h: none, in RAM windows and by callbacks */
START_TEST(a_million_operations_allocate_nothing)
{
	open_everything(_i);
	for (unsigned i = 0; i < 1000; i++)
		operate();
	run_of.hits = run_of.misses = run_of.events = run_of.stalls = 0;
	allocations.calls = 0;
	allocations.on = true;
	for (unsigned i = 0; i < OPERATIONS / 2; i++)
		operate();
	const unsigned long calls = allocations.calls;

	void *volatile one = malloc(1);

	free(one);
	allocations.on = false;
	ck_assert_uint_eq(allocations.calls, calls + 1); /* the count counts */
	ck_assert_uint_eq(calls, 0);
	ck_assert_uint_gt(run_of.hits, OPERATIONS / 50);
	ck_assert_uint_gt(run_of.misses, OPERATIONS / 50);
	ck_assert_uint_gt(run_of.events, OPERATIONS / 50);
	ck_assert_uint_gt(run_of.stalls, OPERATIONS / 500);
	close_ported(&run_of.p);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 280);
	tcase_add_loop_test(tests, a_million_operations_allocate_nothing, 0, 2);
}

int main(void)
{
	return run("no_allocation", add);
}
