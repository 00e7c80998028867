/* SPDX-License-Identifier: MIT */
/* Devices in threads of their own beside a driver: behind caches of no, of few and of many places,
 * in RAM windows and by callbacks, for as long as somebody says. */
#ifndef TESTS_PROG_THREADED_H
#define TESTS_PROG_THREADED_H

#include "driver.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct behind {
	uint32_t places;
	bool window; /* memory is a RAM window */
};

enum { BEHINDS = 4 };

extern const struct behind behinds[BEHINDS];

double seconds_now(void);
/* As many as this variable of the environment says for all, or half a second. */
double seconds_of_each(const char *variable);

/* Makes the SMMU of a machine that has its configuration. */
void make_behind(struct machine *m, const struct smmu3_host *host, bool window);
/* Each word whole: others write it meanwhile. */
void read_words(struct machine *m, const struct smmu3_mem_access *access, void *data);

/* Each is told its number, from 1, in place of a pointer. */
void start_devices(pthread_t *threads, unsigned count, void *(*run)(void *));
void join_all(const pthread_t *threads, unsigned count);

#endif
