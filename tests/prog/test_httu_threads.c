/* SPDX-License-Identifier: MIT */
/*
 * Devices write by translations that hardware marks, while an operating system cleans the same
 * descriptors by compare-and-swap, as 3.13 has it: it clears the Access flag, makes the page clean
 * and counts in bits that are software's own, then invalidates and waits.  No update of either is
 * lost: its count is what it counted, and a page that was written since it last looked is dirty, or
 * was when it was cleaned.
 *
 * HTTU_THREADS_SECONDS in the environment says for how long.
 */
#include "keeping.h"
#include "run.h"
#include "threaded.h"

#include <smmu/port.h>

#include <check.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEVICES = 2, STREAMS = 3, LEAVES = 4, PAGES = 4 };

#define AF (UINT64_C(1) << 10)
#define BIT7 (UINT64_C(1) << 7) /* AP[2], S2AP[1] */
#define DBM (UINT64_C(1) << 51)
#define COUNTER_LSB 55 /* software's own bits: 58:55, of stage 2 57:56 alone */

static const struct space spaces[STREAMS] = {
	{ 1, STAGE_1, 3, 5 },
	{ 2, STAGE_2, 4, 0 },
	{ 3, BOTH_STAGES, 5, 6 },
};

/* Whose descriptors, and of which stage. */
static const struct {
	unsigned stream, stage;
} leaves[LEAVES] = { { 0, 1 }, { 1, 2 }, { 2, 1 }, { 2, 2 } };

static struct {
	struct machine *m;
	atomic_bool stop;
	atomic_uint strange;
	atomic_ulong accesses[STREAMS][PAGES], writes[STREAMS][PAGES], cleaned, updates;
} shared;

/* ---- Memory ---- */

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	read_words(context, access, data);
	return SMMU3_MEM_OK;
}

static enum smmu3_mem_result on_swap(void *context, const struct smmu3_mem_access *access,
				     const uint64_t *expected, const uint64_t *desired,
				     uint64_t *found)
{
	*found = *expected;
	if (__atomic_compare_exchange_n(ram_at(context, access->pa), found, *desired, false,
					__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		atomic_fetch_add(&shared.updates, 1);
	return SMMU3_MEM_OK;
}

static void on_written(void *context, const struct smmu3_mem_access *access)
{
	(void)context;
	if (access->bytes == 8)
		atomic_fetch_add(&shared.updates, 1);
}

/* ---- Devices ---- */

/* An access within a section: what it is told, it has done when the section ends. */
static void access_once(struct smmu3_port *port, unsigned draw)
{
	const unsigned stream = draw % STREAMS, page = draw / 4 % PAGES;
	const bool write = draw / 16 % 2;
	const struct smmu3_txn txn = { .addr = PAGE(page),
				       .bytes = 4,
				       .sid = spaces[stream].sid,
				       .flags = write ? SMMU3_TXN_WRITE : 0 };
	struct smmu3_outcome outcome;

	smmu3_port_begin(port);
	const struct smmu3_hit hit = smmu3_port_hit(port, &txn);

	if (hit.word || smmu3_port_translate(port, &txn, &outcome) == SMMU3_OK) {
		if (write)
			atomic_fetch_add(&shared.writes[stream][page], 1);
		atomic_fetch_add(&shared.accesses[stream][page], 1);
	} else {
		atomic_fetch_add(&shared.strange, 1);
	}
	smmu3_port_end(port);
}

static void *run_device(void *context)
{
	struct smmu3_port *port = smmu3_port_open(shared.m->smmu, NULL, NULL);
	uint64_t random = (uintptr_t)context;

	while (!atomic_load(&shared.stop)) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		access_once(port, (unsigned)(random >> 33));
	}
	smmu3_port_close(port);
	return NULL;
}

/* ---- The operating system ---- */

struct page {
	uint64_t *descriptor;
	unsigned stage, stream, number;
	unsigned count;                 /* that it has put there */
	unsigned long accesses, writes; /* that it knew of when it looked last */
	bool was_accessed, was_dirty;   /* when it was cleaned since */
};

static unsigned counter_of(const struct page *page, uint64_t descriptor)
{
	return page->stage == 1 ? descriptor >> COUNTER_LSB & 15 :
				  descriptor >> (COUNTER_LSB + 1) & 3;
}

static uint64_t counting(const struct page *page, uint64_t descriptor)
{
	const unsigned lsb = page->stage == 1 ? COUNTER_LSB : COUNTER_LSB + 1;
	const uint64_t mask = (page->stage == 1 ? UINT64_C(15) : UINT64_C(3)) << lsb;

	return (descriptor & ~mask) | ((descriptor + (UINT64_C(1) << lsb)) & mask);
}

static bool is_dirty(const struct page *page, uint64_t descriptor)
{
	return !(descriptor & BIT7) == (page->stage == 1);
}

static uint64_t cleaned(const struct page *page, uint64_t descriptor)
{
	const uint64_t old = counting(page, descriptor) & ~AF;

	return page->stage == 1 ? old | BIT7 : old & ~BIT7;
}

static void strange(const struct page *page, const char *what)
{
	if (atomic_fetch_add(&shared.strange, 1) < 8)
		(void)fprintf(stderr, "stream %u, page %u, stage %u: %s\n", page->stream,
			      page->number, page->stage, what);
}

static void clean(struct page *page)
{
	uint64_t before = __atomic_load_n(page->descriptor, __ATOMIC_ACQUIRE);

	while (!__atomic_compare_exchange_n(page->descriptor, &before, cleaned(page, before), false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
		;
	if (counter_of(page, before) != page->count)
		strange(page, "its count has been changed");
	page->count = counter_of(page, counting(page, before));
	page->was_accessed = before & AF;
	page->was_dirty = is_dirty(page, before);
}

static void invalidate(const struct page *page)
{
	const struct space *space = &spaces[page->stream];
	struct machine *m = shared.m;

	queue_command(m, page->stage == 1 ? nh_asid(space->vmid, space->asid) :
					    s12_vmall(space->vmid));
	queue_command(m, SYNC_NONE);
	ring(m);
	while (reg(m, CMDQ_CONS) != m->prod)
		;
}

/* What began before CMD_SYNC is done. */
static void look(struct page *page)
{
	const unsigned long writes = atomic_load(&shared.writes[page->stream][page->number]);
	const unsigned long accesses = atomic_load(&shared.accesses[page->stream][page->number]);
	const uint64_t now = __atomic_load_n(page->descriptor, __ATOMIC_ACQUIRE);

	if (writes != page->writes && !page->was_dirty && !is_dirty(page, now))
		strange(page, "was written, and is clean");
	if (accesses != page->accesses && !page->was_accessed && !(now & AF))
		strange(page, "was accessed, and has no Access flag");
	page->writes = writes;
	page->accesses = accesses;
	atomic_fetch_add(&shared.cleaned, 1);
}

static void run_system(double seconds)
{
	struct page pages[LEAVES * PAGES];
	const double end = seconds_now() + seconds;

	for (unsigned i = 0; i < LEAVES * PAGES; i++) {
		const struct space *space = &spaces[leaves[i / PAGES].stream];
		const unsigned number = i % PAGES, stage = leaves[i / PAGES].stage;

		pages[i] = (struct page){
			.descriptor = ram_at(shared.m,
					     (stage == 1 ? table1(space, 3) : table2(space, 3)) +
						     8 * number),
			.stage = stage,
			.stream = leaves[i / PAGES].stream,
			.number = number,
		};
	}
	for (unsigned i = 0; seconds_now() < end; i = (i + 1) % (LEAVES * PAGES)) {
		clean(&pages[i]);
		invalidate(&pages[i]);
		look(&pages[i]);
	}
}

/* ---- */

static void prepare(uint32_t places, bool window)
{
	struct machine *m = shared.m = keeping(places);
	const struct smmu3_host host = { .size = sizeof(host),
					 .context = m,
					 .read = on_read,
					 .written = on_written,
					 .swap = on_swap };

	m->config.idr[0] |= 2 << 6; /* HTTU */
	if (places)
		m->config.caches.micro = m->config.caches.micro_streams = 16;
	make_behind(m, &host, window);
	for (unsigned i = 0; i < STREAMS; i++) {
		put_space(m, &spaces[i]);
		ram_at(m, STREAMS_AT + 64 * spaces[i].sid)[2] |= UINT64_C(3) << 55; /* S2HA, S2HD */
		if (spaces[i].config != STAGE_2)
			ram_at(m, cd_at(&spaces[i], 0))[0] |= UINT64_C(3) << 42; /* HD, HA */
		for (unsigned page = 0; page < PAGES; page++) {
			const uint64_t to = spaces[i].config == BOTH_STAGES ? PAGE(page) :
									      HERE + PAGE(page);

			if (spaces[i].config != STAGE_2)
				put_s1(m, &spaces[i], page, (s1_page(to) | DBM | BIT7) & ~AF);
			if (spaces[i].config != STAGE_1)
				put_s2(m, &spaces[i], page,
				       ((s2_page(HERE + PAGE(page)) | DBM) & ~BIT7) & ~AF);
		}
	}
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
}

/* HTTU-01, HTTU-02, HTTU-20, HTTU-21, CMD-SYNC-6 */
START_TEST(no_update_is_lost_of_devices_or_of_an_operating_system)
{
	pthread_t threads[DEVICES];

	memset(&shared, 0, sizeof(shared));
	prepare(behinds[_i].places, behinds[_i].window);
	start_devices(threads, DEVICES, run_device);
	run_system(seconds_of_each("HTTU_THREADS_SECONDS"));
	atomic_store(&shared.stop, true);
	join_all(threads, DEVICES);
	(void)printf("%u places, %s: %lu pages cleaned, %lu updates\n", behinds[_i].places,
		     behinds[_i].window ? "a window" : "callbacks", atomic_load(&shared.cleaned),
		     atomic_load(&shared.updates));
	(void)fflush(stdout);
	ck_assert_uint_eq(atomic_load(&shared.strange), 0);
	ck_assert_uint_gt(atomic_load(&shared.cleaned), 0);
	ck_assert_uint_gt(atomic_load(&shared.updates), 0);
	close_machine(shared.m);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, seconds_of_each("HTTU_THREADS_SECONDS") + 60);
	tcase_add_loop_test(tests, no_update_is_lost_of_devices_or_of_an_operating_system, 0,
			    BEHINDS);
}

int main(void)
{
	return run("httu_threads", add);
}
