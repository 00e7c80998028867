/* SPDX-License-Identifier: MIT */
/*
 * Devices translate by every way, in and out of sections, while a driver edits tables and
 * structures and invalidates, and ports come and go.  Once CMD_SYNC is consumed, or a broadcast has
 * returned, no access, and no section, that begins then gets what was removed; and while a section
 * is open, no page is used again that it may still use.  3.21.1, 3.21.3, 4.7.3,
 * docs/concurrency.md
 *
 * PORT_THREADS_SECONDS in the environment says for how long; scripts/test-long says ten minutes.
 */
#include "ported.h"
#include "run.h"
#include "threaded.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEVICES = 4, STREAMS = 4, PAGES = 3, BATCH = 6, GENERATIONS = 1 << 12 };

static const struct space spaces[STREAMS] = {
	{ 1, STAGE_1, 3, 5 },
	{ 2, STAGE_2, 4, 0 },
	{ 3, BOTH_STAGES, 5, 6 },
	{ 4, STAGE_1, 6, 7 },
};

/* Of each stream: the generation whose translations are the oldest that may be seen, and the one
 * that is being made.  Pages of older ones are used again: they are stamped with REUSED. */
static struct {
	struct machine *m;
	atomic_uint floor[STREAMS], newest[STREAMS];
	atomic_bool stop;
	atomic_uint strange;
	atomic_ulong answers, sections, rounds, ports, batches;
} shared;

/* Output pages say the generation, and the page of the input: GENERATIONS of 8 pages each. */
static uint64_t output_of(unsigned generation, unsigned page)
{
	return UINT64_C(0x10000000) + PAGE(generation % GENERATIONS * 8 + page);
}

/* Who uses a page after it has been given back: what a device in a section may still use is not. */
static atomic_uint given_back[STREAMS];

static void strange(const char *what, unsigned stream, uint64_t pa, unsigned oldest)
{
	if (atomic_fetch_add(&shared.strange, 1) < 8)
		(void)fprintf(stderr, "%s: stream %u goes to %#llx, generation %u was removed\n",
			      what, stream, (unsigned long long)pa, oldest - 1);
}

/* How many generations after `oldest` a page is of; more than half of all: before. */
static bool is_old(uint64_t pa, unsigned oldest)
{
	const unsigned generation = (unsigned)((pa - output_of(0, 0)) >> 15);

	return (generation - oldest) % GENERATIONS > GENERATIONS / 2;
}

static void judge(const char *what, const struct smmu3_txn *txn, uint64_t pa, unsigned oldest)
{
	const unsigned stream = txn->sid - 1, page = (unsigned)(txn->addr >> 12);

	if (pa < output_of(0, 0) || pa >= output_of(GENERATIONS - 1, 8) || (pa >> 12) % 8 != page ||
	    is_old(pa, oldest))
		strange(what, stream, pa, oldest);
	atomic_fetch_add_explicit(&shared.answers, 1, memory_order_relaxed);
}

static uint64_t place_of(const struct smmu3_outcome *outcome)
{
	return outcome->verdict == SMMU3_OK ? outcome->pa : NOWHERE;
}

/* ---- Devices ---- */

struct device {
	struct smmu3_port *port;
	struct smmu3_stream *handle[STREAMS];
	uint64_t random;
};

static unsigned chance(struct device *device, unsigned n)
{
	device->random = device->random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned)(device->random >> 33) % n;
}

static struct smmu3_txn some_read(struct device *device)
{
	return (struct smmu3_txn){ .addr = PAGE(chance(device, PAGES)),
				   .bytes = 4,
				   .sid = 1 + chance(device, STREAMS) };
}

static void open_device(struct device *device)
{
	const struct smmu3_port_config config = { sizeof(config), 4u << chance(device, 3),
						  2u << chance(device, 2) };

	device->port = smmu3_port_open(shared.m->smmu, chance(device, 2) ? &config : NULL, NULL);
	for (uint32_t i = 0; i < STREAMS; i++) {
		const struct smmu3_txn like = { .bytes = 1, .sid = i + 1 };

		device->handle[i] = smmu3_stream_open(device->port, &like, NULL);
	}
	atomic_fetch_add_explicit(&shared.ports, 1, memory_order_relaxed);
}

/* One access, by some way: what has been removed before it begins, it does not get. */
static void access_once(struct device *device)
{
	const struct smmu3_txn txn = some_read(device);
	const unsigned oldest = atomic_load(&shared.floor[txn.sid - 1]);
	struct smmu3_outcome outcome;
	struct smmu3_hit hit;

	switch (chance(device, 5)) {
	case 0:
		(void)smmu3_translate(shared.m->smmu, &txn, &outcome);
		judge("no port", &txn, place_of(&outcome), oldest);
		return;
	case 1:
		(void)smmu3_port_translate(device->port, &txn, &outcome);
		judge("port", &txn, place_of(&outcome), oldest);
		return;
	case 2:
		(void)smmu3_stream_translate(device->handle[txn.sid - 1], &txn, &outcome);
		judge("handle", &txn, place_of(&outcome), oldest);
		return;
	case 3:
		hit = smmu3_port_hit(device->port, &txn);
		break;
	default:
		hit = smmu3_stream_hit(device->handle[txn.sid - 1], txn.addr, 0);
	}
	if (hit.word)
		judge("hit", &txn, hit.pa, oldest);
}

static void access_batch(struct device *device)
{
	struct smmu3_txn txn[BATCH];
	struct smmu3_outcome outcome[BATCH];
	unsigned oldest[BATCH];

	for (unsigned i = 0; i < BATCH; i++) {
		txn[i] = some_read(device);
		oldest[i] = atomic_load(&shared.floor[txn[i].sid - 1]);
	}
	smmu3_port_translate_batch(device->port, txn, outcome, BATCH);
	for (unsigned i = 0; i < BATCH; i++)
		judge("batch", &txn[i], place_of(&outcome[i]), oldest[i]);
	atomic_fetch_add_explicit(&shared.batches, 1, memory_order_relaxed);
}

/* In a section nothing is older than when it began, and what it got is not given back before it
 * ends. */
static void access_in_section(struct device *device)
{
	struct smmu3_txn txn[BATCH];
	struct smmu3_outcome outcome[BATCH];
	unsigned oldest[STREAMS], generation[BATCH];

	for (unsigned i = 0; i < STREAMS; i++)
		oldest[i] = atomic_load(&shared.floor[i]);
	smmu3_port_begin(device->port);
	for (unsigned i = 0; i < BATCH; i++) {
		txn[i] = some_read(device);
		if (chance(device, 2))
			(void)smmu3_port_translate(device->port, &txn[i], &outcome[i]);
		else
			(void)smmu3_stream_translate(device->handle[txn[i].sid - 1], &txn[i],
						     &outcome[i]);
		if (chance(device, 3) == 0)
			sched_yield();
		judge("section", &txn[i], place_of(&outcome[i]), oldest[txn[i].sid - 1]);
		generation[i] = (unsigned)((outcome[i].pa - output_of(0, 0)) >> 15);
	}
	for (unsigned i = 0; i < BATCH; i++) {
		const unsigned stream = txn[i].sid - 1;
		const unsigned back = atomic_load(&given_back[stream]);

		if (outcome[i].verdict == SMMU3_OK &&
		    (back - generation[i] - 1) % GENERATIONS < GENERATIONS / 2)
			strange("given back in a section", stream, outcome[i].pa, back);
	}
	smmu3_port_end(device->port);
	atomic_fetch_add_explicit(&shared.sections, 1, memory_order_relaxed);
}

static void *run_device(void *context)
{
	struct device device = { .random = (uintptr_t)context };

	open_device(&device);
	while (!atomic_load(&shared.stop)) {
		const unsigned what = chance(&device, 16);

		if (what < 10)
			access_once(&device);
		else if (what < 12)
			access_batch(&device);
		else
			access_in_section(&device);
		if (chance(&device, 500) == 0) {
			smmu3_port_close(device.port);
			open_device(&device);
		}
	}
	smmu3_port_close(device.port);
	return NULL;
}

/* Ports that nobody translates by, some of them closed in a section. */
static void *run_opener(void *context)
{
	struct smmu3_port *port[3] = { NULL };

	(void)context;
	for (unsigned n = 0; !atomic_load(&shared.stop); n++) {
		smmu3_port_close(port[n % 3]);
		port[n % 3] = smmu3_port_open(shared.m->smmu, NULL, NULL);
		smmu3_port_begin(port[n % 3]);
		sched_yield();
		if (n & 1)
			smmu3_port_end(port[n % 3]);
		atomic_fetch_add_explicit(&shared.ports, 1, memory_order_relaxed);
		smmu3_port_end(port[(n + 1) % 3] ? port[(n + 1) % 3] : port[n % 3]);
	}
	for (unsigned i = 0; i < 3; i++)
		smmu3_port_close(port[i]);
	return NULL;
}

/* ---- The driver ---- */

/* Memory that the SMMU reads meanwhile. */
static void store(uint64_t at, uint64_t value)
{
	__atomic_store_n(ram_at(shared.m, at), value, __ATOMIC_RELEASE);
}

static void command(struct command command)
{
	queue_command(shared.m, command);
	ring(shared.m);
}

static void sync_up(void)
{
	command(SYNC_NONE);
	while (reg(shared.m, CMDQ_CONS) != shared.m->prod)
		sched_yield();
}

static void put_generation(uint64_t table, unsigned generation, bool first)
{
	for (unsigned page = 0; page < PAGES; page++) {
		const uint64_t output = output_of(generation, page);

		store(table + 8 * page, first ? s1_page(output) : s2_page(output));
	}
}

static void edit_stage1(unsigned generation)
{
	put_generation(table1(&spaces[0], 3), generation, true);
	if (generation % 5 == 0)
		command(ranged(nh_va(3, 5, 0, 1), 3, 0, 3));
	else if (generation % 5 == 1)
		command(nh_asid(3, 5));
	else if (generation % 5 == 2)
		command(nh_all(3));
	else if (generation % 5 == 3)
		command(NSNH_ALL);
	else
		for (unsigned page = 0; page < PAGES; page++)
			command(nh_vaa(3, PAGE(page), page & 1));
}

static void edit_stage2(unsigned generation)
{
	put_generation(table2(&spaces[1], 3), generation, false);
	if (generation % 2)
		command(s12_vmall(4));
	else
		for (unsigned page = 0; page < PAGES; page++)
			command(s2_ipa(4, PAGE(page), 1));
}

static void edit_both(unsigned generation)
{
	put_generation(table2(&spaces[2], 3), generation, false);
	command(ranged(s2_ipa(5, 0, 1), 7, 0, 3));
	command(nh_all(5));
}

/* Another tree by the CD, and the one before is used again in the next round. */
static void edit_cd(unsigned generation)
{
	const uint64_t table = RAM_AT + 0x600000 + 0x4000 * (uint64_t)(generation % 2);

	store(table, to_table(table + 0x1000));
	store(table + 0x1000, to_table(table + 0x2000));
	put_generation(table + 0x2000, generation, true);
	store(cd_at(&spaces[3], 0) + 8, table);
	command(generation % 2 ? cfgi_cd(4, 0, 1) : cfgi_ste(4, 1));
	sync_up();
	command(nh_asid(6, 7));
}

static void (*const edits[STREAMS])(unsigned) = { edit_stage1, edit_stage2, edit_both, edit_cd };

/* By a broadcast: it counts when it returns, but waits for no section; CMD_SYNC does.  4.7.3 */
static void edit_by_broadcast(unsigned generation)
{
	const struct smmu3_invalidation scope = { .kind = SMMU3_INVALIDATES_STAGE1,
						  .vmid = 3,
						  .any_asid = 1,
						  .addr = 0,
						  .bytes = PAGE(generation % 2 ? PAGES : 0) };

	put_generation(table1(&spaces[0], 3), generation, true);
	ck_assert_int_eq(smmu3_broadcast_tlbi(shared.m->smmu, &scope), 0);
}

static void make_generation(unsigned stream, unsigned generation)
{
	const bool broadcast = stream == 0 && generation % 3 == 0;

	atomic_store(&shared.newest[stream], generation);
	(broadcast ? edit_by_broadcast : edits[stream])(generation);
	if (broadcast)
		atomic_store(&shared.floor[stream], generation);
	sync_up();
	atomic_store(&shared.floor[stream], generation);
	atomic_store(&given_back[stream], generation);
}

/* Devices and the driver take turns, however few processors there are. */
static void let_them_on(void)
{
	const unsigned long before = atomic_load(&shared.answers);

	while (atomic_load(&shared.answers) - before < DEVICES)
		sched_yield();
}

static void run_driver(double seconds)
{
	const double end = seconds_now() + seconds;

	for (unsigned generation = 1; seconds_now() < end; generation++) {
		for (unsigned stream = 0; stream < STREAMS; stream++)
			make_generation(stream, generation);
		let_them_on();
		atomic_fetch_add(&shared.rounds, 1);
	}
}

/* ---- The machine ---- */

/* Memory that others get at while it answers, so what it answers is often out of date. */
static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	static atomic_uint reads;

	read_words(context, access, data);
	if (access->reason != SMMU3_REASON_CMDQ && atomic_fetch_add(&reads, 1) % 4 == 0)
		nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
	return SMMU3_MEM_OK;
}

static void prepare(uint32_t places, bool window)
{
	struct machine *m = shared.m = portable(places, window);
	const struct smmu3_host host = { .size = sizeof(host), .context = m, .read = on_read };

	make_behind(m, &host, window);
	for (int i = 0; i < STREAMS; i++)
		put_space(m, &spaces[i]);
	put_generation(table1(&spaces[0], 3), 0, true);
	put_generation(table2(&spaces[1], 3), 0, false);
	for (unsigned page = 0; page < PAGES; page++)
		put_s1(m, &spaces[2], page, s1_page(PAGE(page)));
	put_generation(table2(&spaces[2], 3), 0, false);
	put_generation(table1(&spaces[3], 3), 0, true);
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

static void run_threads(double seconds)
{
	pthread_t threads[DEVICES + 1];

	start_devices(threads, DEVICES, run_device);
	ck_assert_int_eq(pthread_create(&threads[DEVICES], NULL, run_opener, NULL), 0);
	run_driver(seconds);
	atomic_store(&shared.stop, true);
	join_all(threads, DEVICES + 1);
}

/* TLB-35, TLB-36, TLB-11, CFG-02, CMD-SYNC-6, CMD-SYNC-7: behind caches of no, of few and of many
 * places, in RAM windows and by callbacks */
START_TEST(nobody_gets_what_was_removed_before_it_began)
{
	memset(&shared, 0, sizeof(shared));
	memset(&given_back, 0, sizeof(given_back));
	prepare(behinds[_i].places, behinds[_i].window);
	run_threads(seconds_of_each("PORT_THREADS_SECONDS"));
	(void)printf(
		"%u places, %s: %lu rounds, %lu answers, %lu sections, %lu batches, %lu ports\n",
		behinds[_i].places, behinds[_i].window ? "a window" : "callbacks",
		atomic_load(&shared.rounds), atomic_load(&shared.answers),
		atomic_load(&shared.sections), atomic_load(&shared.batches),
		atomic_load(&shared.ports));
	(void)fflush(stdout);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	ck_assert_uint_gt(atomic_load(&shared.rounds), 0);
	close_machine(shared.m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, seconds_of_each("PORT_THREADS_SECONDS") + 60);
	tcase_add_loop_test(tests, nobody_gets_what_was_removed_before_it_began, 0, BEHINDS);
}

int main(void)
{
	return run("port_threads", add);
}
