/* SPDX-License-Identifier: MIT */
#include "timing.h"

#include <stddef.h>
#include <time.h>

#define MOST_NS 15e9

static double clock_ns(clockid_t clock)
{
	struct timespec time;

	(void)clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

double timing_thread(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

double timing_wall(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* What a sample costs in which nothing is done. */
static double of_nothing(void)
{
	double least = 1e9;

	for (unsigned i = 0; i < 100; i++) {
		const double began = timing_thread(), took = timing_thread() - began;

		least = took < least ? took : least;
	}
	return least;
}

static double run_checked(struct timed *timed, double nothing)
{
	const double began = timing_thread();
	const uint64_t answer = timed->run(timed->context, timed->times);
	const double took = timing_thread() - began;

	if (timed->expected)
		timed->wrong |= answer != timed->expected(timed->context, timed->times);
	return (took - nothing) / timed->times;
}

static void prepare(struct timed *timed)
{
	if (timed->prepare)
		timed->prepare(timed->context, timed->times);
	else
		(void)run_checked(timed, 0);
}

/* The least of some: one that was interrupted would let a sample be too short. */
static double sample_ns(struct timed *timed)
{
	enum { TRIES = 8 };
	double least = 1e12;

	for (unsigned i = 0; i < TRIES; i++) {
		const double ns = run_checked(timed, 0) * timed->times;

		least = ns < least ? ns : least;
	}
	return least;
}

static void choose_times(struct timed *timed)
{
	enum { LEAST_NS = 100000, LEAST = 64, MOST = 1 << 20 };

	if (timed->times)
		return;
	timed->times = LEAST;
	while (timed->times < MOST && sample_ns(timed) < LEAST_NS)
		timed->times *= 2;
}

/* True: it took notably less than ever before. */
static bool time_once(struct timed *timed, double nothing)
{
	prepare(timed);
	const double ns = run_checked(timed, nothing), before = timed->ns;

	timed->ns = ns < before ? ns : before;
	return ns < before * 0.99;
}

void timing_compare(struct timed *timed, unsigned count, unsigned rounds)
{
	const double nothing = of_nothing(), end = timing_wall() + MOST_NS;

	for (unsigned i = 0; i < count; i++) {
		choose_times(&timed[i]);
		timed[i].ns = 1e12;
	}
	for (unsigned round = 0; round < rounds && timing_wall() < end; round++)
		for (unsigned i = 0; i < count; i++)
			if (time_once(&timed[i], nothing))
				round = 0;
}
