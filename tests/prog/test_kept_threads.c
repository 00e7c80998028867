/* SPDX-License-Identifier: MIT */
/* Devices translate by caches while a driver edits tables and structures: once CMD_SYNC is
 * consumed, no access that begins then gets what was removed.  3.21.1, 3.21.3, 4.7.3 */
#include "keeping.h"
#include "run.h"

#include <check.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { DEVICES = 3, ROUNDS = 100, STREAMS = 4, PAGES = 3 };

/* Of each stream: the round whose translations are the oldest that may be seen. */
struct shared {
	struct machine *m;
	atomic_uint floor[STREAMS];
	atomic_bool stop;
	atomic_uint strange, answers;
};

static const struct space spaces[STREAMS] = {
	{ 1, STAGE_1, 3, 5 },
	{ 2, STAGE_2, 4, 0 },
	{ 3, BOTH_STAGES, 5, 6 },
	{ 4, STAGE_1, 6, 7 },
};

/* Output pages say the round, and the page of the input.  36 bits, or 32 of stage 2. */
static uint64_t output_of(unsigned round, unsigned page)
{
	return UINT64_C(0x10000000) + PAGE(round * 8 + page);
}

/* Software's stores: memory that the SMMU reads meanwhile. */
static void store(struct machine *m, uint64_t at, uint64_t value)
{
	__atomic_store_n(ram_at(m, at), value, __ATOMIC_RELEASE);
}

static void command(struct machine *m, struct command command)
{
	queue_command(m, command);
	ring(m);
}

static void sync_up(struct machine *m)
{
	command(m, SYNC_NONE);
	while (reg(m, CMDQ_CONS) != m->prod)
		;
}

/* ---- Devices ---- */

static void *run_device(void *context)
{
	struct shared *shared = context;

	for (unsigned n = 0; !atomic_load(&shared->stop); n++) {
		const unsigned stream = n % STREAMS, page = n / STREAMS % PAGES;
		const unsigned oldest = atomic_load(&shared->floor[stream]);
		const uint64_t pa = reached(shared->m, spaces[stream].sid, PAGE(page));

		if (pa == NOWHERE || pa < output_of(oldest, 0) || (pa >> 12) % 8 != page)
			atomic_fetch_add(&shared->strange, 1);
		atomic_fetch_add(&shared->answers, 1);
	}
	return NULL;
}

/* ---- The driver ---- */

/* Stage 1 by page, by another command in each round */
static void edit_stage1(struct machine *m, unsigned round)
{
	const struct space *space = &spaces[0];

	for (unsigned page = 0; page < PAGES; page++)
		store(m, table1(space, 3) + 8 * page, s1_page(output_of(round, page)));
	if (round % 4 == 0)
		command(m, ranged(nh_va(3, 5, 0, 1), 3, 0, 3));
	else if (round % 4 == 1)
		command(m, nh_asid(3, 5));
	else if (round % 4 == 2)
		command(m, nh_all(3));
	else
		for (unsigned page = 0; page < PAGES; page++)
			command(m, nh_vaa(3, PAGE(page), page & 1));
}

static void edit_stage2(struct machine *m, unsigned round)
{
	const struct space *space = &spaces[1];

	for (unsigned page = 0; page < PAGES; page++)
		store(m, table2(space, 3) + 8 * page, s2_page(output_of(round, page)));
	if (round % 2)
		command(m, s12_vmall(4));
	else
		for (unsigned page = 0; page < PAGES; page++)
			command(m, s2_ipa(4, PAGE(page), 1));
}

/* Stage 2 of both: what both made needs a command for stage 1, too */
static void edit_both(struct machine *m, unsigned round)
{
	const struct space *space = &spaces[2];

	for (unsigned page = 0; page < PAGES; page++)
		store(m, table2(space, 3) + 8 * page, s2_page(output_of(round, page)));
	command(m, ranged(s2_ipa(5, 0, 1), 7, 0, 3));
	command(m, nh_all(5));
}

/* Another table by the CD, and the table before is poisoned and used again: nothing of it may be
 * seen
 */
static void edit_cd(struct machine *m, unsigned round)
{
	const struct space *space = &spaces[3];
	const uint64_t table = RAM_AT + 0x600000 + 0x4000 * (uint64_t)(round % 2);

	store(m, table, to_table(table + 0x1000));
	store(m, table + 0x1000, to_table(table + 0x2000));
	for (unsigned page = 0; page < PAGES; page++)
		store(m, table + 0x2000 + 8 * page, s1_page(output_of(round, page)));
	store(m, cd_at(space, 0) + 8, table);
	command(m, round % 2 ? cfgi_cd(4, 0, 1) : cfgi_ste(4, 1));
	sync_up(m);
	command(m, nh_asid(6, 7));
}

/* Until devices have got on: they and the driver take turns, however few processors there are. */
static void let_them_on(struct shared *shared)
{
	const unsigned before = atomic_load(&shared->answers);

	while (atomic_load(&shared->answers) - before < DEVICES)
		sched_yield();
}

static void run_driver(struct shared *shared)
{
	static void (*const edits[STREAMS])(struct machine *, unsigned) = { edit_stage1,
									    edit_stage2, edit_both,
									    edit_cd };

	for (unsigned round = 1; round <= ROUNDS; round++)
		for (unsigned stream = 0; stream < STREAMS; stream++) {
			edits[stream](shared->m, round);
			sync_up(shared->m);
			atomic_store(&shared->floor[stream], round);
			if (stream == round % STREAMS)
				let_them_on(shared);
		}
}

/* Memory that others get at while it answers, so what it answers is often out of date. */
static atomic_uint reads;

static enum smmu3_mem_result on_read(void *context, const struct smmu3_mem_access *access,
				     void *data)
{
	struct machine *m = context;
	uint64_t *word = data;

	for (uint64_t i = 0; i < access->bytes / 8; i++)
		word[i] = __atomic_load_n(ram_at(m, access->pa + 8 * i), __ATOMIC_ACQUIRE);
	if (access->reason != SMMU3_REASON_CMDQ && atomic_fetch_add(&reads, 1) % 4 == 0)
		nanosleep(&(struct timespec){ .tv_nsec = 20000 }, NULL);
	return SMMU3_MEM_OK;
}

static void prepare(struct shared *shared, uint32_t places, bool window, uint32_t check)
{
	struct machine *m = keeping(places);
	const struct smmu3_host host = { .size = sizeof(host), .context = m, .read = on_read };

	m->config.check = check;
	m->smmu = smmu3_create(&m->config, &host, NULL);
	ck_assert_ptr_nonnull(m->smmu);
	if (window)
		ck_assert_int_eq(smmu3_add_ram(m->smmu, RAM_AT, RAM_BYTES,
					       SMMU3_PAS_BIT(SMMU3_PAS_NS), m->ram),
				 0);
	for (int i = 0; i < STREAMS; i++)
		put_space(m, &spaces[i]);
	for (unsigned page = 0; page < PAGES; page++) {
		put_s1(m, &spaces[0], page, s1_page(output_of(0, page)));
		put_s2(m, &spaces[1], page, s2_page(output_of(0, page)));
		put_s1(m, &spaces[2], page, s1_page(PAGE(page)));
		put_s2(m, &spaces[2], page, s2_page(output_of(0, page)));
		put_s1(m, &spaces[3], page, s1_page(output_of(0, page)));
	}
	open_queues(m);
	set_reg(m, CR0, CMDQEN | EVENTQEN | SMMUEN);
	shared->m = m;
}

/* TLB-35, TLB-11, CFG-02, CMD-SYNC-6, CMD-SYNC-7: in caches of no, of few and of many
 * places, and where all is kept until a CMD_SYNC completes */
START_TEST(after_a_sync_nobody_gets_what_was_removed)
{
	static const struct {
		uint32_t places;
		bool window; /* memory is a RAM window */
		uint32_t check;
	} rows[] = { { 0, false, SMMU3_CHECK_OFF },   { 1, false, SMMU3_CHECK_OFF },
		     { 2, false, SMMU3_CHECK_OFF },   { 64, false, SMMU3_CHECK_OFF },
		     { 2, true, SMMU3_CHECK_OFF },    { 64, true, SMMU3_CHECK_OFF },
		     { 0, false, SMMU3_CHECK_KEEPS }, { 0, true, SMMU3_CHECK_KEEPS } };
	struct shared *shared = calloc(1, sizeof(*shared));
	pthread_t threads[DEVICES];

	prepare(shared, rows[_i].places, rows[_i].window, rows[_i].check);
	for (unsigned i = 0; i < DEVICES; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, run_device, shared), 0);
	run_driver(shared);
	atomic_store(&shared->stop, true);
	for (unsigned i = 0; i < DEVICES; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&shared->strange), 0);
	for (int i = 0; i < STREAMS; i++)
		ck_assert_uint_eq(reached(shared->m, spaces[i].sid, PAGE(1)), output_of(ROUNDS, 1));
	close_machine(shared->m);
	free(shared);
}
END_TEST

static void add(TCase *tests)
{
	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, after_a_sync_nobody_gets_what_was_removed, 0, 8);
}

int main(void)
{
	return run("kept_threads", add);
}
