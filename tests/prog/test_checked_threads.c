/* SPDX-License-Identifier: MIT */
/* The checker, smmu/check.h, beside devices in threads of their own: what it knows is known by one
 * at a time. */
#include "keeping.h"
#include "run.h"
#include "threaded.h"

#include <check.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

enum { DEVICES = 2, ROUNDS = 48, PAGES = 4, ON = CMDQEN | EVENTQEN | SMMUEN };

#define OTHER_STREAMS (RAM_AT + 0x600000)

static const struct space ONE = { 1, STAGE_1, 3, 5 };

static struct machine *m;
static atomic_bool stop;
static atomic_uint findings;

static void on_finding(void *context, const struct smmu3_finding *finding)
{
	char text[2048];

	(void)context;
	ck_assert_uint_lt(smmu3_finding_text(finding, text, sizeof(text)), sizeof(text));
	atomic_fetch_add(&findings, 1);
}

static void *run_device(void *number)
{
	for (uintptr_t n = (uintptr_t)number; !atomic_load(&stop); n++)
		(void)reached(m, 1, PAGE(n % PAGES));
	return NULL;
}

static void store(uint64_t at, uint64_t value)
{
	__atomic_store_n(ram_at(m, at), value, __ATOMIC_RELEASE);
}

static void put_page(unsigned page, uint64_t descriptor)
{
	store(table1(&ONE, 3) + 8 * (uint64_t)page, descriptor);
}

static void sync_up(struct command command)
{
	submit(m, command);
	submit(m, SYNC_NONE);
	while (reg(m, CMDQ_CONS) != m->prod)
		;
}

/* Devices go on meanwhile. */
static void let_devices_go_on(void)
{
	enum { ACCESSES = 6 };
	const uint64_t before = smmu3_check_accesses(m->smmu);

	while (smmu3_check_accesses(m->smmu) < before + ACCESSES)
		sched_yield();
}

/* A page goes and comes, the table above it too, and the Stream table moves, or says the same. */
static void edit(unsigned round)
{
	const uint64_t streams = round % 16 ? OTHER_STREAMS : STREAMS_AT;

	put_page(round % PAGES, 0);
	let_devices_go_on();
	sync_up(nh_va(3, 5, PAGE(round % PAGES), 1));
	put_page(round % PAGES, s1_page(HERE + PAGE(round)));
	store(table1(&ONE, 2), 0);
	let_devices_go_on();
	sync_up(nh_asid(3, 5));
	store(table1(&ONE, 2), to_table(table1(&ONE, 3)));
	if (round % 8)
		return;
	set_reg(m, CR0, CMDQEN | EVENTQEN);
	set_reg64(m, STRTAB_BASE, streams);
	set_reg(m, CR0, ON);
	let_devices_go_on();
	sync_up(CFGI_ALL);
}

/* CMD-SYNC-2, check.h: when all has been invalidated that there was nothing is out of date, however
 * much was while it changed under those who used it. */
START_TEST(what_is_checked_while_it_changes)
{
	const struct smmu3_host host = { .size = sizeof(host), .finding = on_finding };
	struct smmu3_check_missed missed;
	pthread_t threads[DEVICES];

	m = keeping(0);
	m->config.check = SMMU3_CHECK_ON;
	m->quiet = m->windows = true;
	make_behind(m, &host, true);
	open_queues(m);
	put_space(m, &ONE);
	memcpy(ram_at(m, OTHER_STREAMS + 64), ram_at(m, STREAMS_AT + 64), 64);
	update(m, CR0, ON);
	start_devices(threads, DEVICES, run_device);
	for (unsigned round = 0; round < ROUNDS; round++)
		edit(round);
	atomic_store(&stop, true);
	join_all(threads, DEVICES);
	sync_up(NSNH_ALL);
	ck_assert_uint_gt(atomic_exchange(&findings, 0), 0);
	for (unsigned round = ROUNDS - PAGES; round < ROUNDS; round++)
		ck_assert_uint_eq(reached(m, 1, PAGE(round % PAGES)), HERE + PAGE(round));
	ck_assert_uint_eq(atomic_load(&findings), 0);
	ck_assert_int_eq(smmu3_check_missed(m->smmu, &missed), 0);
	ck_assert_uint_eq(missed.memory, 0);
	ck_assert_uint_eq(missed.hurried, 0);
	close_machine(m);
}
END_TEST

/* ---- CPUs broadcast ---- */

static void broadcast(unsigned page)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
						  .asid = ONE.asid,
						  .vmid = ONE.vmid,
						  .vmids = 1,
						  .addr = PAGE(page),
						  .bytes = 0x1000 };

	ck_assert_int_eq(smmu3_broadcast_tlbi(m->smmu, &scope), 0);
}

static void *run_cpu(void *number)
{
	for (uintptr_t n = (uintptr_t)number; !atomic_load(&stop); n++)
		broadcast(n % PAGES);
	return NULL;
}

/* TLB-35, check.h: a broadcast meets fills of devices: whatever is kept when all is over is known,
 * so that its use, when it is out of date, is found. */
START_TEST(what_is_kept_beside_broadcasts_is_known)
{
	enum { TURNS = 8, CPUS = 1 };
	const struct smmu3_host host = { .size = sizeof(host), .finding = on_finding };
	struct smmu3_check_missed missed;
	pthread_t threads[DEVICES + CPUS];

	m = keeping(0);
	m->config.check = SMMU3_CHECK_ON;
	m->config.idr[0] |= 1u << 5; /* BTM */
	m->quiet = m->windows = true;
	make_behind(m, &host, true);
	open_queues(m);
	put_space(m, &ONE);
	set_reg(m, CR2, 0); /* PTM */
	update(m, CR0, ON);
	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (unsigned page = 0; page < PAGES; page++) {
			put_page(page, s1_page(HERE + PAGE(page)));
			broadcast(page);
		}
		atomic_store(&stop, false);
		start_devices(threads, DEVICES, run_device);
		start_devices(&threads[DEVICES], CPUS, run_cpu);
		let_devices_go_on();
		let_devices_go_on();
		atomic_store(&stop, true);
		join_all(threads, DEVICES + CPUS);
		atomic_store(&findings, 0);
		for (unsigned page = 0; page < PAGES; page++) {
			ck_assert_uint_eq(reached(m, 1, PAGE(page)), HERE + PAGE(page));
			put_page(page, 0);
			ck_assert_uint_eq(reached(m, 1, PAGE(page)), HERE + PAGE(page));
		}
		ck_assert_uint_eq(atomic_load(&findings), PAGES);
	}
	ck_assert_int_eq(smmu3_check_missed(m->smmu, &missed), 0);
	ck_assert_uint_eq(missed.memory, 0);
	ck_assert_uint_eq(missed.unexplained, 0);
	close_machine(m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, what_is_checked_while_it_changes);
	tcase_add_test(tests, what_is_kept_beside_broadcasts_is_known);
}

int main(void)
{
	return run("checked_threads", add);
}
