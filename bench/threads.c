/* SPDX-License-Identifier: MIT */
/*
 * One thread, and two at a time, on the clock on the wall: only there can be seen how they wait for
 * each other.  The least of many short samples, which is of moments in which both had a processor.
 */
#include "modes.h"
#include "side.h"
#include "timing.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { TIMES = 1 << 16, ROUNDS = 500, SAMPLE_NS = 300000 };

#define MOST_NS 10e9

struct runner {
	struct bed *bed;
	double began, ended;
	uint64_t sum;
};

struct race {
	struct runner runner[2];
	unsigned times;
	atomic_uint round, ready, done;
	atomic_bool over;
};

/* Where the system would rather keep both threads on one processor. */
static void pin(unsigned number)
{
#ifdef __linux__
	const long processors = sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number % (unsigned)(processors > 0 ? processors : 1), &set);
	(void)pthread_setaffinity_np(pthread_self(), sizeof(set), &set);
#else
	(void)number;
#endif
}

static void go(struct race *race, struct runner *runner)
{
	runner->began = timing_wall();
	runner->sum = runner->bed->row->run(runner->bed, race->times);
	runner->ended = timing_wall();
}

static void wait_until(atomic_uint *count, unsigned value)
{
	for (unsigned spins = 1; atomic_load(count) != value; spins++)
		if (spins % 4096 == 0)
			(void)sched_yield();
}

/* Both begin when both are there. */
static void go_together(struct race *race, struct runner *runner)
{
	atomic_fetch_add(&race->ready, 1);
	wait_until(&race->ready, 2);
	go(race, runner);
	atomic_fetch_add(&race->done, 1);
}

static void *second(void *context)
{
	struct race *race = context;

	pin(1);
	for (unsigned round = 1;; round++) {
		wait_until(&race->round, round);
		if (atomic_load(&race->over))
			return NULL;
		go_together(race, &race->runner[1]);
	}
}

static double together(struct race *race)
{
	const struct runner *a = &race->runner[0], *b = &race->runner[1];

	atomic_store(&race->ready, 0);
	atomic_store(&race->done, 0);
	atomic_fetch_add(&race->round, 1);
	go_together(race, &race->runner[0]);
	wait_until(&race->done, 2);
	return (a->ended > b->ended ? a->ended : b->ended) -
	       (a->began < b->began ? a->began : b->began);
}

static double alone(struct race *race)
{
	go(race, &race->runner[0]);
	return race->runner[0].ended - race->runner[0].began;
}

static bool summed(struct runner *runner, unsigned times)
{
	return runner->sum == runner->bed->row->expected(runner->bed, times);
}

/* True: it took notably less than ever before. */
static bool lessens(double *least, double took)
{
	const double before = *least;

	*least = took < before ? took : before;
	return took < before * 0.99;
}

/* ns of one translation, by one thread and by two, until they have not fallen for long; false:
 * answers were wrong. */
static bool compare(struct race *race, double ns[2])
{
	const double end = timing_wall() + MOST_NS;
	bool good = true;

	ns[0] = ns[1] = 1e12;
	for (unsigned i = 0; i < ROUNDS && good && timing_wall() < end; i++) {
		if (lessens(&ns[0], alone(race) / race->times))
			i = 0;
		good &= summed(&race->runner[0], race->times);
		if (lessens(&ns[1], together(race) / race->times))
			i = 0;
		good &= summed(&race->runner[0], race->times) &&
			summed(&race->runner[1], race->times);
	}
	return good;
}

static void choose_times(struct race *race)
{
	for (race->times = 1024; race->times < TIMES; race->times *= 2) {
		const double took = alone(race);

		(void)summed(&race->runner[0], race->times);
		if (took >= SAMPLE_NS)
			return;
	}
}

static bool run_race(struct bed bed[2], double ns[2])
{
	struct race race = { .runner = { { .bed = &bed[0] }, { .bed = &bed[1] } } };
	pthread_t thread;

	choose_times(&race);
	if (pthread_create(&thread, NULL, second, &race))
		return false;
	const bool good = compare(&race, ns);

	atomic_store(&race.over, true);
	atomic_fetch_add(&race.round, 1);
	(void)pthread_join(thread, NULL);
	return good;
}

/* ---- Rows ---- */

/* What two threads do at a time, and what the second has for itself. */
static const struct racing {
	const char *name, *row;
	bool (*twin)(struct bed *bed);
	void (*end_twin)(struct bed *bed);
} racing[] = {
	{ "probe", "probe", NULL, NULL },
	{ "shared", "b/shared", NULL, NULL },
	{ "reference", "b/reference", NULL, NULL },
	{ "port", "b/hit", side_open, side_close },
};

static int time_racing(const struct racing *row)
{
	const struct row *named = row_named(row->row);
	struct bed bed[2];
	double ns[2];
	bool good;

	if (!named || !bed_open(&bed[0], named))
		return 1;
	good = bed_verified(&bed[0]);
	bed[1] = bed[0];
	bed[1].listed += LISTED / 2;
	bed[1].listed_checked += LISTED / 2;
	good = good && (!row->twin || row->twin(&bed[1])) && run_race(bed, ns);
	if (good)
		(void)printf(
			"time threads %s/1 %.4f\ntime threads %s/2 %.4f\nfact threads_%s %.3f\n",
			row->name, ns[0], row->name, ns[1], row->name, 2 * ns[0] / ns[1]);
	else
		(void)fprintf(stderr, "%s: two threads: the answers are wrong\n", row->row);
	if (good && row->end_twin)
		row->end_twin(&bed[1]);
	bed_close(&bed[0]);
	return good ? 0 : 1;
}

int time_threads(void)
{
	int code = 0;

	pin(0);
	for (unsigned i = 0; i < sizeof(racing) / sizeof(racing[0]); i++)
		code |= time_racing(&racing[i]);
	(void)fflush(stdout);
	return code;
}
