/* SPDX-License-Identifier: MIT */
/* Recordings of a program with threads: each act is a whole, and what comes out is a session. */
#include "recorded.h"
#include "support/suite.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 2000 };

/* Software: a TLBI_NSNH_ALL and a CMD_SYNC with a message at a time, and what has become of them.
 * The queue has 8 entries, its indexes 16 values. */
static void *drive(void *context)
{
	struct recorded *const r = context;
	unsigned prod = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		put_command(r, prod % 8, 0x30, i);
		put_command(r, prod % 8 + 1, (uint64_t)i << 32 | 0x1046, 0x4000);
		prod = (prod + 2) % 16;
		reg_write(r, 0x98, 4, prod);
		ck_assert_uint_eq(reg_read(r, 0x9c, 4), prod);
		reg_write(r, 0x100ac, 4, reg_read(r, 0x100a8, 4)); /* the Event queue is emptied */
	}
	return NULL;
}

/* A device, one access in four of which is of a stream beyond the table. */
static void *work(void *context)
{
	struct recorded *const r = context;

	for (unsigned i = 0; i < ROUNDS; i++) {
		const bool stray = i % 4 == 0;

		ck_assert_int_eq(access_at(r, stray ? 5 : 0, UINT64_C(0x1000) * i, 0),
				 stray ? SMMU3_ABORT : SMMU3_OK);
		ck_assert_int_eq(access_at(r, 0, 0, SMMU3_TXN_PROBE), SMMU3_OK);
	}
	return NULL;
}

static unsigned count_lines(const char *text, char letter)
{
	unsigned count = 0;

	for (const char *at = text; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		count += *at == letter;
	}
	return count;
}

/* What smmu-sim says of it, where it has been built beside: nothing may differ. */
static void expect_replay(const struct recorded *recorded)
{
	const char *const build = getenv("SMMU_BUILD_DIR");
	char session[] = "/tmp/session-XXXXXX", command[512], sim[256];
	const int file = mkstemp(session);

	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(write(file, recorded->out, recorded->size), (ssize_t)recorded->size);
	close(file);
	(void)snprintf(sim, sizeof(sim), "%s/tools/smmu-sim/smmu-sim", build ? build : ".");
	(void)snprintf(command, sizeof(command), "'%s' replay %s >%s.out 2>&1", sim, session,
		       session);
	const bool replayed = access(sim, X_OK) || !system(command);

	(void)snprintf(command, sizeof(command), "%s.out", session);
	(void)unlink(command);
	(void)unlink(session);
	ck_assert(replayed);
}

/* record.h: "Any thread; one at a time is let to the SMMU, with all that follows from it" */
START_TEST(acts_of_threads_are_recorded_one_behind_the_other)
{
	struct recorded *const r = recorded_new();
	pthread_t driver, devices[2];
	struct smmu3_error error;
	bool whole;

	let_stream_0_pass(r);
	recorded_begin(r);
	recorded_enable(r);
	ck_assert_int_eq(pthread_create(&driver, NULL, drive, r), 0);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&devices[i], NULL, work, r), 0);
	pthread_join(driver, NULL);
	for (unsigned i = 0; i < 2; i++)
		pthread_join(devices[i], NULL);
	ck_assert_msg(!recorded_close(r, &error), "%s", error.text);
	char *const text = recorded_text(r, &whole);

	ck_assert(whole);
	ck_assert_uint_eq(count_lines(text, 'T'), 2 * ROUNDS);
	ck_assert_uint_eq(count_lines(text, 'W'), 7 + 2 * ROUNDS);
	ck_assert_uint_ge(count_lines(text, 'R'), 2 * ROUNDS); /* and what parts acts */
	ck_assert_uint_eq(count_lines(text, 'I'), r->interrupts);
	expect_replay(r);
	free(text);
	recorded_free(r);
}
END_TEST

static void add(TCase *tests)
{
	tcase_add_test(tests, acts_of_threads_are_recorded_one_behind_the_other);
}

int main(void)
{
	return run_suite("recordings of threads", add);
}
